/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/gcoap-dedup-private.h"

#include "core-fixture.h"

#define LIFETIME (247 * SECOND)

typedef struct
{
  GCoapParameters parameters;
  GCoapDeadlines  deadlines;
  GCoapDedup      dedup;
} Table;

static void
table_init (Table *table)
{
  gcoap_parameters_init (&table->parameters);
  gcoap_deadlines_init (&table->deadlines);
  gcoap_dedup_init (&table->dedup, &table->parameters, &table->deadlines, 42);
}

static void
table_clear (Table *table)
{
  gcoap_dedup_clear (&table->dedup);
  g_assert_cmpint (gcoap_deadlines_get_next (&table->deadlines), ==, GCOAP_NO_DEADLINE);
  gcoap_deadlines_clear (&table->deadlines);
}

static GCoapDedupEntry *
lookup (Table   *table,
        guint    host,
        guint16  message_id,
        gint64   now)
{
  GCoapDatagram datagram = { .remote = core_address (host), .local = core_address (1) };

  return gcoap_dedup_lookup (&table->dedup, &datagram, message_id, now);
}

static GCoapDedupEntry *
add (Table   *table,
     guint    host,
     guint16  message_id,
     gint64   expires)
{
  GCoapDatagram datagram = { .remote = core_address (host), .local = core_address (1) };

  return gcoap_dedup_add (&table->dedup, &datagram, message_id, expires);
}

static void
settle (Table           *table,
        GCoapDedupEntry *entry)
{
  GCoapFrame frame = { .code = CONTENT };
  g_autoptr (GCoapPacket) packet = gcoap_packet_new (&frame);

  gcoap_dedup_settle (&table->dedup, entry, GCOAP_REPLY_PACKET, packet);
}

static void
test_key (void)
{
  Table table;
  GCoapDedupEntry *entry;

  g_test_summary ("A duplicate has the same source and Message ID, RFC 7252 section 4.5");
  table_init (&table);
  entry = add (&table, 2, 100, LIFETIME);
  g_assert_true (lookup (&table, 2, 100, 0) == entry);
  g_assert_null (lookup (&table, 3, 100, 0));
  g_assert_null (lookup (&table, 2, 101, 0));
  table_clear (&table);
}

static void
test_destination (void)
{
  GCoapDatagram datagram = { .remote = core_address (2), .local = core_group_address () };
  Table table;

  g_test_summary ("What went to a group and to one of it are two messages, RFC 7252 section 8.1");
  table_init (&table);
  add (&table, 2, 100, LIFETIME);
  g_assert_null (gcoap_dedup_lookup (&table.dedup, &datagram, 100, 0));
  table_clear (&table);
}

static void
test_content (void)
{
  static const guint8 one[] = "one and the same Message ID";
  static const guint8 other[] = "one and the same message id";
  GCoapDatagram datagram = {
    .remote = core_address (2), .local = core_address (1), .data = one, .length = sizeof one,
  };
  GCoapDedupEntry *first, *second;
  Table table;

  g_test_summary ("A Message ID that is used for something new makes no duplicate of it");
  table_init (&table);
  first = gcoap_dedup_add (&table.dedup, &datagram, 100, LIFETIME);
  g_assert_true (gcoap_dedup_lookup (&table.dedup, &datagram, 100, 0) == first);
  datagram.data = other;
  g_assert_null (gcoap_dedup_lookup (&table.dedup, &datagram, 100, 0));
  second = gcoap_dedup_add (&table.dedup, &datagram, 100, LIFETIME);
  datagram.length--;
  g_assert_null (gcoap_dedup_lookup (&table.dedup, &datagram, 100, 0));
  datagram.data = one;
  datagram.length = sizeof one;
  g_assert_true (gcoap_dedup_lookup (&table.dedup, &datagram, 100, 0) == first);
  settle (&table, first);
  settle (&table, second);
  table_clear (&table);
}

static void
test_forget (void)
{
  Table table;

  g_test_summary ("What is forgotten leaves nothing behind");
  table_init (&table);
  gcoap_dedup_forget (&table.dedup, add (&table, 2, 100, LIFETIME));
  g_assert_null (lookup (&table, 2, 100, 0));
  g_assert_cmpuint (table.dedup.n_bytes, ==, 0);
  g_assert_cmpint (gcoap_deadlines_get_next (&table.deadlines), ==, GCOAP_NO_DEADLINE);
  table_clear (&table);
}

static void
test_lifetime (void)
{
  Table table;

  g_test_summary ("After its lifetime a Message ID is new again, RFC 7252 section 4.5");
  table_init (&table);
  settle (&table, add (&table, 2, 100, LIFETIME));
  g_assert_nonnull (lookup (&table, 2, 100, LIFETIME - 1));
  g_assert_null (lookup (&table, 2, 100, LIFETIME));
  g_assert_cmpuint (table.dedup.n_bytes, ==, 0);
  table_clear (&table);
}

static void
test_pending_stays (void)
{
  Table table;
  GCoapDedupEntry *entry;

  g_test_summary ("What is still being answered is remembered however long it takes");
  table_init (&table);
  entry = add (&table, 2, 100, LIFETIME);
  gcoap_dedup_expire (&table.dedup, 10 * LIFETIME);
  g_assert_true (lookup (&table, 2, 100, 10 * LIFETIME) == entry);
  g_assert_cmpint (entry->reply, ==, GCOAP_REPLY_PENDING);
  table_clear (&table);
}

static void
test_reply (void)
{
  Table table;
  GCoapDedupEntry *entry;

  g_test_summary ("The reply is kept with the message, RFC 7252 section 4.5");
  table_init (&table);
  settle (&table, add (&table, 2, 100, LIFETIME));
  entry = lookup (&table, 2, 100, 0);
  g_assert_cmpint (entry->reply, ==, GCOAP_REPLY_PACKET);
  g_assert_cmpuint (entry->packet->ref_count, ==, 1);
  table_clear (&table);
}

static void
test_expire (void)
{
  Table table;

  g_test_summary ("What has expired goes without anybody asking, and then nothing wakes up");
  table_init (&table);
  for (guint16 i = 0; i < 100; i++)
    settle (&table, add (&table, 2, i, LIFETIME + i * SECOND));

  while (gcoap_deadlines_get_next (&table.deadlines) != GCOAP_NO_DEADLINE)
    {
      gint64 now = gcoap_deadlines_get_next (&table.deadlines);

      g_assert_cmpint (now, <=, LIFETIME + 110 * SECOND);
      g_assert_true (gcoap_deadlines_pop_due (&table.deadlines, now) == &table.dedup.timer);
      gcoap_dedup_expire (&table.dedup, now);
    }
  g_assert_cmpuint (g_hash_table_size (table.dedup.entries), ==, 0);
  table_clear (&table);
}

static void
test_cap (void)
{
  Table table;
  guint n_kept = 0;

  g_test_summary ("Replies are kept up to cache_size bytes, and the oldest go first");
  table_init (&table);
  table.parameters.cache_size = 2000;
  for (guint16 i = 0; i < 100; i++)
    {
      settle (&table, add (&table, 2, i, LIFETIME));
      g_assert_cmpuint (table.dedup.n_bytes, <=, 2000);
    }

  for (guint16 i = 0; i < 100; i++)
    n_kept += lookup (&table, 2, i, 0) != NULL;
  g_assert_cmpuint (n_kept, >, 5);
  g_assert_cmpuint (n_kept, ==, g_hash_table_size (table.dedup.entries));
  for (guint16 i = 100 - n_kept; i < 100; i++)
    g_assert_nonnull (lookup (&table, 2, i, 0));
  table_clear (&table);
}

static void
test_no_cache (void)
{
  Table table;

  g_test_summary ("With a cache_size of 0 nothing is kept, and what is pending still is");
  table_init (&table);
  table.parameters.cache_size = 0;
  add (&table, 2, 1, LIFETIME);
  settle (&table, add (&table, 2, 2, LIFETIME));
  g_assert_nonnull (lookup (&table, 2, 1, 0));
  g_assert_null (lookup (&table, 2, 2, 0));
  table_clear (&table);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/dedup/key", test_key);
  g_test_add_func ("/core/dedup/destination", test_destination);
  g_test_add_func ("/core/dedup/content", test_content);
  g_test_add_func ("/core/dedup/forget", test_forget);
  g_test_add_func ("/core/dedup/lifetime", test_lifetime);
  g_test_add_func ("/core/dedup/pending-stays", test_pending_stays);
  g_test_add_func ("/core/dedup/reply", test_reply);
  g_test_add_func ("/core/dedup/expire", test_expire);
  g_test_add_func ("/core/dedup/cap", test_cap);
  g_test_add_func ("/core/dedup/no-cache", test_no_cache);

  return g_test_run ();
}
