/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "core-fixture.h"

#define CON GCOAP_MESSAGE_TYPE_CON
#define ACK GCOAP_MESSAGE_TYPE_ACK

#define N_HOSTS           5
#define N_RANDOM_STEPS    100000
#define N_RANDOM_LOOPS    20000
#define DATAGRAM_SIZE_MAX 48

static void
test_idle (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("An engine that has nothing to do wakes nobody");
  g_assert_cmpint (gcoap_engine_get_next_deadline (fixture->engine), ==, GCOAP_NO_DEADLINE);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
  gcoap_engine_drop_datagrams (fixture->engine, 0);
}

static void
test_free_nothing (void)
{
  g_test_summary ("No engine can be freed");
  gcoap_engine_free (NULL);
}

static void
test_seals (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  GCoapAddress remote = core_address (2);

  g_test_summary ("A message that was submitted is sealed");
  core_fixture_submit_to (fixture, &remote, message, 0, FALSE);
  g_assert_true (gcoap_message_is_sealed (message));
}

static void
test_resubmit (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  GCoapAddress remote = core_address (2);
  guint64 id = core_fixture_submit_to (fixture, &remote, message, 0, FALSE);

  g_test_summary ("One message can be submitted again, with another token");
  g_assert_cmpuint (core_fixture_submit_to (fixture, &remote, message, 0, FALSE), !=, id);
}

static void
test_both_roles (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) request = NULL;
  g_autoptr (SentMessage) response = NULL;
  GCoapFrame theirs = { .type = CON, .code = GET };
  guint64 ours_id = core_fixture_submit (fixture, 2, TRUE);
  guint64 theirs_id;

  g_test_summary ("Our Message IDs and those of a peer do not meet, RFC 7252 section 4.4");
  request = core_fixture_expect_sent (fixture, CON, GET);
  theirs.message_id = request->frame.message_id;
  theirs.token = request->frame.token;
  theirs.token_length = request->frame.token_length;
  core_fixture_receive_frame (fixture, 2, &theirs);
  theirs_id = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST).id;

  core_fixture_reply (fixture, request, ACK, CONTENT, request->frame.message_id);
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_RESPONSE).id, ==, ours_id);
  g_assert_true (core_fixture_respond (fixture, theirs_id, CONTENT, FALSE));
  response = core_fixture_expect_sent (fixture, ACK, CONTENT);
}

/* What an engine can be in the middle of. */
static void
begin_client_states (CoreFixture *fixture)
{
  g_autoptr (GCoapMessage) ping = gcoap_message_new (0);
  g_autoptr (GCoapMessage) request = gcoap_message_new (GET);
  g_autoptr (SentMessage) sent = NULL;
  GCoapAddress remote = core_address (9), group = core_group_address ();

  core_fixture_submit (fixture, 8, TRUE);
  sent = core_fixture_expect_sent (fixture, CON, GET);
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  core_fixture_submit (fixture, 7, TRUE);
  core_fixture_submit (fixture, 7, TRUE);
  core_fixture_submit (fixture, 7, FALSE);
  core_fixture_submit_to (fixture, &remote, ping, 0, FALSE);
  core_fixture_submit_to (fixture, &group, request, 0, FALSE);
  g_clear_pointer (&sent, sent_message_free);
  core_fixture_drop_sent (fixture);
  core_fixture_submit (fixture, 6, TRUE);
  sent = core_fixture_expect_sent (fixture, CON, GET);
  core_fixture_reply (fixture, sent, CON, CONTENT, 1);
}

static guint64
receive_request (CoreFixture *fixture,
                 guint        host)
{
  core_fixture_receive (fixture, host, "41 01 1234 aa ff 6869");

  return core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST).id;
}

static void
begin_server_states (CoreFixture *fixture)
{
  guint64 confirmable = receive_request (fixture, 2);
  guint64 non_confirmable = receive_request (fixture, 3);
  guint64 delayed;

  receive_request (fixture, 4);
  core_fixture_advance (fixture, SECOND);
  core_fixture_respond (fixture, confirmable, CONTENT, TRUE);
  core_fixture_respond (fixture, non_confirmable, CONTENT, FALSE);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);

  core_fixture_receive_group (fixture, 5, "51 01 1234 aa");
  delayed = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST).id;
  core_fixture_respond (fixture, delayed, CONTENT, FALSE);
  core_fixture_drop_sent (fixture);
  core_fixture_receive (fixture, 2, "41 01 1235 aa ff 6869");
  core_fixture_receive (fixture, 2, "51 01 1236 aa ff 6869");
}

static void
test_free_in_any_state (void)
{
  g_test_summary ("An engine gives back everything, whatever it is in the middle of");
  for (gint64 wait = 0; wait < 300 * SECOND; wait += 7 * SECOND)
    {
      g_autoptr (CoreFixture) fixture = core_fixture_new ();

      begin_server_states (fixture);
      begin_client_states (fixture);
      core_fixture_advance (fixture, wait);
    }
}

static void
test_all_comes_to_an_end (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("Left alone, an engine gets to where it waits for nothing");
  begin_server_states (fixture);
  begin_client_states (fixture);
  core_fixture_advance (fixture, 1000 * SECOND);
  g_assert_cmpint (gcoap_engine_get_next_deadline (fixture->engine), ==, GCOAP_NO_DEADLINE);
}

static gsize
make_datagram (guint8 *datagram,
               GRand  *random)
{
  static const guint8 codes[] = { 0, 0, 1, 2, 69, 69, 132, 32, 225 };
  gsize length = g_rand_int_range (random, 4, DATAGRAM_SIZE_MAX);

  for (gsize i = 0; i < length; i++)
    datagram[i] = g_rand_int (random);
  if (g_rand_int_range (random, 0, 10) == 0)
    return length;

  /* Nearly right: the version, a token that fits, few Message IDs. */
  datagram[0] = (datagram[0] & 0x31) | 0x40;
  datagram[1] = codes[g_rand_int_range (random, 0, G_N_ELEMENTS (codes))];
  datagram[2] = 0;
  datagram[3] &= 0x0f;
  length = datagram[1] == 0 ? 4 : 4 + (datagram[0] & 0x0f);
  if (datagram[1] != 0 && g_rand_boolean (random))
    {
      static const guint8 options[] = { 0xb1, 'a', 0x11, 0x32, 0xd0, 0x00, 0xff, 'p' };

      memcpy (datagram + length, options, sizeof options);
      length += g_rand_int_range (random, 0, sizeof options + 1);
    }

  return length;
}

/* Hands all that one engine has sent to another, and says how much that was. */
static guint
carry (CoreFixture *from,
       guint        from_host,
       CoreFixture *to)
{
  const GCoapDatagram *datagrams;
  guint n_datagrams = gcoap_engine_peek_datagrams (from->engine, &datagrams);

  for (guint i = 0; i < n_datagrams; i++)
    {
      GCoapDatagram arrival = datagrams[i];

      arrival.remote = core_address (from_host);
      gcoap_engine_receive (to->engine, &arrival, to->now);
    }
  gcoap_engine_drop_datagrams (from->engine, n_datagrams);

  return n_datagrams;
}

static void
drop_events (CoreFixture *fixture)
{
  GCoapEvent event;

  while (gcoap_engine_pop_event (fixture->engine, &event))
    g_clear_pointer (&event.message, gcoap_message_unref);
}

static void
test_no_loops (void)
{
  g_autoptr (CoreFixture) one = core_fixture_new ();
  g_autoptr (CoreFixture) other = core_fixture_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  g_test_summary ("Nothing that one engine says makes another answer for ever, "
                  "RFC 7252 section 4.2");
  for (guint i = 0; i < N_RANDOM_LOOPS; i++)
    {
      guint8 bytes[DATAGRAM_SIZE_MAX + 8];
      GCoapDatagram datagram = { .remote = core_address (2), .data = bytes };
      guint n_rounds = 0;

      datagram.length = make_datagram (bytes, random);
      gcoap_engine_receive (one->engine, &datagram, one->now);
      while (carry (one, 1, other) + carry (other, 2, one) > 0)
        g_assert_cmpuint (++n_rounds, <=, 2);
      drop_events (one);
      drop_events (other);
    }
}

/* One engine under random attack, and what has become of its requests. */
typedef struct
{
  CoreFixture *fixture;
  GRand       *random;
  GHashTable  *open;   /* (element-type guint64) requests that have not ended */
  GArray      *to_do;  /* (element-type guint64) requests of peers */
} Attack;

static void
take_events (Attack *attack)
{
  GCoapEvent event;

  while (gcoap_engine_pop_event (attack->fixture->engine, &event))
    {
      if (event.kind == GCOAP_EVENT_REQUEST)
        g_array_append_val (attack->to_do, event.id);
      else if (event.kind == GCOAP_EVENT_RESPONSE)
        g_assert_true (g_hash_table_remove (attack->open, &event.id));
      else if (event.kind == GCOAP_EVENT_FAILED)
        g_hash_table_remove (attack->open, &event.id);
      g_clear_pointer (&event.message, gcoap_message_unref);
    }
}

static void
receive_random (Attack *attack)
{
  guint8 bytes[DATAGRAM_SIZE_MAX + 8];
  gsize length = make_datagram (bytes, attack->random);
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  GCoapDatagram datagram = {
    .remote = core_address (2 + g_rand_int_range (attack->random, 0, N_HOSTS)),
    .data = copy,
    .length = length,
  };
  const GCoapDatagram *sent;
  guint n_before = gcoap_engine_peek_datagrams (attack->fixture->engine, &sent);

  datagram.local = g_rand_boolean (attack->random) ? core_address (1) : core_group_address ();
  if (g_rand_int_range (attack->random, 0, 20) == 0)
    datagram.error = ECONNREFUSED;
  gcoap_engine_receive (attack->fixture->engine, &datagram, attack->fixture->now);

  /* Each datagram costs one in return at most. */
  g_assert_cmpuint (gcoap_engine_peek_datagrams (attack->fixture->engine, &sent), <=,
                    n_before + 1 + g_hash_table_size (attack->open));
}

static void
act_randomly (Attack *attack)
{
  CoreFixture *fixture = attack->fixture;
  guint64 id;

  switch (g_rand_int_range (attack->random, 0, 4))
    {
    case 0:
      id = core_fixture_submit (fixture, 2 + g_rand_int_range (attack->random, 0, N_HOSTS),
                                g_rand_boolean (attack->random));
      g_hash_table_add (attack->open, g_memdup2 (&id, sizeof id));
      break;

    case 1:
      core_fixture_advance (fixture, g_rand_int_range (attack->random, 0, 2000000));
      break;

    default:
      if (attack->to_do->len == 0)
        break;
      id = g_array_index (attack->to_do, guint64, attack->to_do->len - 1);
      g_array_set_size (attack->to_do, attack->to_do->len - 1);
      if (g_rand_int_range (attack->random, 0, 10) == 0)
        core_fixture_cancel (fixture, id);
      else
        core_fixture_respond (fixture, id, CONTENT, g_rand_boolean (attack->random));
    }
}

/* Whatever goes in, only messages come out. */
static void
check_sent (CoreFixture *fixture)
{
  SentMessage *sent;

  while ((sent = core_fixture_pop_sent (fixture)) != NULL)
    sent_message_free (sent);
}

static void
test_random_attack (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (12);
  g_autoptr (GHashTable) open = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GArray) to_do = g_array_new (FALSE, FALSE, sizeof (guint64));
  Attack attack = { fixture, random, open, to_do };

  g_test_summary ("Whatever peers send, each request ends once, and all comes to rest");
  for (guint i = 0; i < N_RANDOM_STEPS; i++)
    {
      if (g_rand_int_range (random, 0, 4) > 0)
        receive_random (&attack);
      else
        act_randomly (&attack);
      take_events (&attack);
      check_sent (fixture);
    }

  core_fixture_advance (fixture, 1000000 * SECOND);
  take_events (&attack);
  g_assert_cmpuint (g_hash_table_size (open), ==, 0);
  g_assert_cmpint (gcoap_engine_get_next_deadline (fixture->engine), ==, GCOAP_NO_DEADLINE);
}

static void
test_repeatable (void)
{
  g_autoptr (CoreFixture) one = core_fixture_new ();
  g_autoptr (CoreFixture) other = core_fixture_new ();

  g_test_summary ("Engines with the same seed do the same");
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (SentMessage) first = NULL, second = NULL;

      core_fixture_submit (one, 2 + i % 50, FALSE);
      core_fixture_submit (other, 2 + i % 50, FALSE);
      first = core_fixture_pop_sent (one);
      second = core_fixture_pop_sent (other);
      g_assert_cmpmem (first->data, first->length, second->data, second->length);
    }
}

static void
return_oversized (CoreFixture       *fixture,
                  const SentMessage *sent)
{
  GCoapDatagram datagram = {
    .remote = sent->remote,
    .local = sent->local,
    .data = sent->data,
    .length = MIN (sent->length, 16),
    .error = EMSGSIZE,
    .original_length = 4711,
  };

  gcoap_engine_receive (fixture->engine, &datagram, fixture->now);
}

static void
test_oversized_request (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) sent = NULL;
  guint64 id = core_fixture_submit (fixture, 7, TRUE);
  GCoapEvent event;

  g_test_summary ("The failure says how long the datagram was");
  sent = core_fixture_pop_sent (fixture);
  return_oversized (fixture, sent);
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_FAILED);
  g_assert_cmpuint (event.id, ==, id);
  g_assert_cmpint (event.errno_value, ==, EMSGSIZE);
  g_assert_cmpint (event.size, ==, 4711);
  core_fixture_expect_no_event (fixture);
}

static void
test_oversized_acknowledgement (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) sent = NULL;
  guint64 id;
  GCoapEvent event;

  g_test_summary ("Nobody waits for it, so it is told by itself");
  core_fixture_receive (fixture, 2, "41 01 1234 aa");
  id = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST).id;
  core_fixture_respond (fixture, id, CONTENT, TRUE);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  sent = core_fixture_pop_sent (fixture);
  return_oversized (fixture, sent);
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_UNDELIVERABLE);
  g_assert_cmpint (event.errno_value, ==, EMSGSIZE);
  g_assert_cmpint (event.size, ==, 4711);
  g_assert_true (gcoap_address_equal (&event.remote, &sent->remote));
  core_fixture_expect_no_event (fixture);
}

#define ADD(path, test) g_test_add_func ("/core/engine/" path, test)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("idle", test_idle);
  ADD ("seals", test_seals);
  ADD ("resubmit", test_resubmit);
  ADD ("both-roles", test_both_roles);
  ADD ("repeatable", test_repeatable);
  ADD ("free/nothing", test_free_nothing);
  ADD ("free/in-any-state", test_free_in_any_state);
  ADD ("all-comes-to-an-end", test_all_comes_to_an_end);
  ADD ("no-loops", test_no_loops);
  ADD ("oversized/request", test_oversized_request);
  ADD ("oversized/acknowledgement", test_oversized_acknowledgement);
  ADD ("random-attack", test_random_attack);

  return g_test_run ();
}
