/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/gcoap-peers-private.h"

#include "core-fixture.h"

#define LIFETIME (247 * SECOND)
#define BLOCK    (65536 / GCOAP_MESSAGE_ID_BLOCKS)

typedef struct
{
  GCoapParameters parameters;
  GCoapDeadlines  deadlines;
  GCoapRandom     random;
  GCoapPeers      peers;
} Table;

static void
table_init (Table *table)
{
  g_autoptr (GRand) seed = g_rand_new_with_seed (6);

  gcoap_parameters_init (&table->parameters);
  gcoap_deadlines_init (&table->deadlines);
  gcoap_random_init (&table->random, seed);
  gcoap_peers_init (&table->peers, &table->parameters, &table->deadlines, &table->random, 42);
}

static void
table_clear (Table *table)
{
  gcoap_peers_clear (&table->peers);
  gcoap_deadlines_clear (&table->deadlines);
}

static GCoapPeer *
acquire (Table  *table,
         guint   host,
         gint64  now)
{
  GCoapAddress address = core_address (host);

  return gcoap_peers_acquire (&table->peers, &address, now);
}

static void
release (Table     *table,
         GCoapPeer *peer,
         gint64     now)
{
  gcoap_peers_release (&table->peers, peer, now);
}

static void
use (Table  *table,
     guint   host,
     gint64  now)
{
  release (table, acquire (table, host, now), now);
}

static guint
count (Table *table)
{
  return g_hash_table_size (table->peers.by_address);
}

static void
test_same_peer (void)
{
  Table table;
  GCoapPeer *peer, *other;

  g_test_summary ("An address is one peer, in use or idle");
  table_init (&table);
  peer = acquire (&table, 2, 0);
  other = acquire (&table, 3, 0);
  g_assert_true (other != peer);
  g_assert_true (acquire (&table, 2, 0) == peer);
  release (&table, peer, 0);
  release (&table, peer, 0);
  g_assert_true (acquire (&table, 2, SECOND) == peer);
  release (&table, peer, SECOND);
  release (&table, other, SECOND);
  g_assert_cmpuint (count (&table), ==, 2);
  table_clear (&table);
}

static void
test_lookup (void)
{
  GCoapAddress address = core_address (2), other = core_address (3);
  Table table;
  GCoapPeer *peer;

  g_test_summary ("A peer that is only looked up is not made, and not used");
  table_init (&table);
  g_assert_null (gcoap_peers_lookup (&table.peers, &address));
  peer = acquire (&table, 2, 0);
  g_assert_true (gcoap_peers_lookup (&table.peers, &address) == peer);
  g_assert_null (gcoap_peers_lookup (&table.peers, &other));
  release (&table, peer, 0);
  g_assert_true (gcoap_peers_lookup (&table.peers, &address) == peer);
  use (&table, 3, LIFETIME);
  g_assert_null (gcoap_peers_lookup (&table.peers, &address));
  table_clear (&table);
}

static void
test_longest_idle_goes (void)
{
  Table table;
  GCoapPeer *kept, *other;

  g_test_summary ("When there are too many peers, the one that was idle longest goes");
  table_init (&table);
  table.parameters.max_peers = 3;
  kept = acquire (&table, 2, 0);
  use (&table, 3, 1);
  use (&table, 4, 2);
  use (&table, 3, 3);
  other = acquire (&table, 3, 3);
  release (&table, other, 3);
  use (&table, 5, 4);
  g_assert_cmpuint (count (&table), ==, 3);
  g_assert_true (acquire (&table, 3, 5) == other);
  g_assert_true (acquire (&table, 2, 5) == kept);
  release (&table, other, 5);
  release (&table, kept, 5);
  release (&table, kept, 5);
  table_clear (&table);
}

static void
test_cap (void)
{
  Table table;
  GCoapPeer *first, *second;

  g_test_summary ("A peer in use never goes, even if there is no place for another");
  table_init (&table);
  table.parameters.max_peers = 2;
  first = acquire (&table, 2, 0);
  second = acquire (&table, 3, 0);
  g_assert_null (acquire (&table, 4, 10 * LIFETIME));
  release (&table, second, 10 * LIFETIME);
  use (&table, 4, 10 * LIFETIME);
  release (&table, first, 10 * LIFETIME);
  table_clear (&table);
}

static void
test_idle (void)
{
  Table table;

  g_test_summary ("A peer that was idle for EXCHANGE_LIFETIME is forgotten, RFC 7252 section 4.4");
  table_init (&table);
  use (&table, 2, 0);
  use (&table, 3, LIFETIME - 1);
  g_assert_cmpuint (count (&table), ==, 2);
  use (&table, 4, LIFETIME);
  g_assert_cmpuint (count (&table), ==, 2);
  table_clear (&table);
}

static void
test_random_start (void)
{
  Table table;
  g_autoptr (GHashTable) starts = g_hash_table_new (NULL, NULL);

  g_test_summary ("The first Message ID is random, RFC 7252 section 4.4");
  table_init (&table);
  for (guint host = 2; host < 102; host++)
    {
      GCoapPeer *peer = acquire (&table, host, 0);

      g_hash_table_add (starts, GUINT_TO_POINTER (peer->next_message_id));
      release (&table, peer, 0);
    }
  g_assert_cmpuint (g_hash_table_size (starts), >, 95);
  table_clear (&table);
}

/* Takes Message IDs until there are none; says how many there were. */
static guint
take_all (GCoapPeer *peer,
          gint64     lifetime,
          gint64     now,
          gint64    *free_at)
{
  guint16 message_id;
  guint n_taken = 0;

  for (; gcoap_peer_take_message_id (peer, lifetime, now, &message_id); n_taken++)
    {
      g_assert_cmpint (free_at[message_id], <=, now);
      free_at[message_id] = now + lifetime;
    }

  return n_taken;
}

static void
test_exhaustion (void)
{
  g_autofree gint64 *free_at = g_new0 (gint64, 65536);
  Table table;
  GCoapPeer *peer;
  guint n_taken;

  g_test_summary ("No Message ID is used twice in its lifetime, RFC 7252 section 4.4");
  table_init (&table);
  peer = acquire (&table, 2, 0);
  n_taken = take_all (peer, LIFETIME, SECOND, free_at);
  g_assert_cmpuint (n_taken, >, 65536 - BLOCK);
  g_assert_cmpuint (n_taken, <=, 65536);
  g_assert_cmpint (gcoap_peer_get_message_id_free_time (peer), ==, SECOND + LIFETIME);
  g_assert_cmpuint (take_all (peer, LIFETIME, LIFETIME, free_at), ==, 0);
  g_assert_cmpuint (take_all (peer, LIFETIME, SECOND + LIFETIME, free_at), ==, 65536);
  release (&table, peer, LIFETIME);
  table_clear (&table);
}

static void
test_random_use (void)
{
  g_autofree gint64 *free_at = g_new0 (gint64, 65536);
  g_autoptr (GRand) random = g_rand_new_with_seed (8);
  Table table;
  GCoapPeer *peer;
  gint64 now = 0;

  g_test_summary ("Whatever is sent when, no Message ID comes back too early, RFC 7252 4.4");
  table_init (&table);
  peer = acquire (&table, 2, 0);
  for (guint i = 0; i < 500000; i++)
    {
      gint64 lifetime = g_rand_boolean (random) ? LIFETIME : 145 * SECOND;
      guint16 message_id;

      if (gcoap_peer_take_message_id (peer, lifetime, now, &message_id))
        {
          g_assert_cmpint (free_at[message_id], <=, now);
          free_at[message_id] = now + lifetime;
          now += g_rand_int_range (random, 0, 2000);
        }
      else
        {
          g_assert_cmpint (gcoap_peer_get_message_id_free_time (peer), >, now);
          now = gcoap_peer_get_message_id_free_time (peer);
        }
    }
  release (&table, peer, now);
  table_clear (&table);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/peers/same-peer", test_same_peer);
  g_test_add_func ("/core/peers/lookup", test_lookup);
  g_test_add_func ("/core/peers/longest-idle-goes", test_longest_idle_goes);
  g_test_add_func ("/core/peers/cap", test_cap);
  g_test_add_func ("/core/peers/idle", test_idle);
  g_test_add_func ("/core/peers/random-start", test_random_start);
  g_test_add_func ("/core/peers/exhaustion", test_exhaustion);
  g_test_add_func ("/core/peers/random-use", test_random_use);

  return g_test_run ();
}
