/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "core-fixture.h"

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define ACK GCOAP_MESSAGE_TYPE_ACK
#define RST GCOAP_MESSAGE_TYPE_RST

#define MAX_TRANSMIT_WAIT (93 * SECOND)

/* A datagram that no request or response comes of. */
typedef struct
{
  const char *name;
  const char *received;
  const char *reply; /* (nullable) NULL: silence */
  gboolean    is_malformed;
} RejectRow;

static const RejectRow reject_rows[] = {
  { "nothing", "", NULL, TRUE },
  { "three-bytes", "40 01 00", NULL, TRUE },
  { "version-0", "00 01 0001", NULL, TRUE },
  { "version-2", "80 01 0001", NULL, TRUE },
  { "version-3", "c0 00 0001", NULL, TRUE },

  { "con/token-of-9", "49 01 0001 010203040506070809", "70 00 0001", TRUE },
  { "con/token-of-15", "4f 01 0001 0102030405060708090a0b0c0d0e0f", "70 00 0001", TRUE },
  { "con/token-cut", "44 01 0001 010203", "70 00 0001", TRUE },
  { "con/marker-without-payload", "40 01 0001 ff", "70 00 0001", TRUE },
  { "con/delta-15", "40 01 0001 f0", "70 00 0001", TRUE },
  { "con/length-15", "40 01 0001 1f", "70 00 0001", TRUE },
  { "con/number-65536", "40 01 0001 e0fef3", "70 00 0001", TRUE },
  { "con/option-cut", "40 01 0001 b561", "70 00 0001", TRUE },
  { "con/empty-with-token", "41 00 0001 aa", "70 00 0001", TRUE },
  { "con/empty-with-bytes", "40 00 0001 00", "70 00 0001", TRUE },
  { "con/empty-with-payload", "40 00 0001 ff61", "70 00 0001", TRUE },
  { "con/class-1", "40 20 0001", "70 00 0001", TRUE },
  { "con/class-3", "40 60 0001", "70 00 0001", TRUE },
  { "con/class-6", "40 c1 0001", "70 00 0001", TRUE },
  { "con/class-7", "40 e1 0001", "70 00 0001", TRUE },
  { "con/ping", "40 00 0001", "70 00 0001", FALSE },
  { "con/unexpected-response", "41 45 0001 aa", "70 00 0001", FALSE },
  { "con/unexpected-notification", "41 45 0001 aa 6105", "70 00 0001", FALSE },

  { "non/token-of-9", "59 01 0001 010203040506070809", NULL, TRUE },
  { "non/marker-without-payload", "50 01 0001 ff", NULL, TRUE },
  { "non/delta-15", "50 01 0001 f0", NULL, TRUE },
  { "non/empty-with-bytes", "50 00 0001 00", NULL, TRUE },
  { "non/class-1", "50 20 0001", NULL, TRUE },
  { "non/class-7", "50 e1 0001", NULL, TRUE },
  { "non/empty", "50 00 0001", NULL, FALSE },
  { "non/unexpected-response", "51 45 0001 aa", NULL, FALSE },
  { "non/unexpected-notification", "51 45 0001 aa 6105", "70 00 0001", FALSE },

  { "ack/malformed", "69 45 0001 010203040506070809", NULL, TRUE },
  { "ack/empty-with-bytes", "60 00 0001 00", NULL, TRUE },
  { "ack/unknown", "60 00 0001", NULL, FALSE },
  { "ack/unexpected-response", "61 45 0001 aa", NULL, FALSE },
  { "ack/request", "60 01 0001", NULL, FALSE },
  { "ack/class-7", "60 e1 0001", NULL, FALSE },

  { "rst/malformed", "7f 45 0001", NULL, TRUE },
  { "rst/empty-with-bytes", "70 00 0001 00", NULL, TRUE },
  { "rst/unknown", "70 00 0001", NULL, FALSE },
  { "rst/request", "70 01 0001", NULL, TRUE },
  { "rst/response", "71 45 0001 aa", NULL, TRUE },
};

static void
test_reject (gconstpointer data)
{
  const RejectRow *row = data;
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("A Confirmable message or a notification is rejected by a Reset, all others by "
                  "silence, RFC 7252 sections 4.2 and 4.3 and RFC 7641 section 3.6");
  core_fixture_receive (fixture, 2, row->received);
  if (row->reply != NULL)
    core_fixture_expect_bytes (fixture, 2, row->reply);
  core_fixture_expect_silence (fixture);
  if (row->is_malformed)
    core_fixture_expect_event (fixture, GCOAP_EVENT_MALFORMED);
  core_fixture_expect_no_event (fixture);
  g_assert_cmpint (gcoap_engine_get_next_deadline (fixture->engine), ==, GCOAP_NO_DEADLINE);
}

static void
test_retransmission_times (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) first = NULL;
  gint64 sent_at = fixture->now;
  gint64 timeout, expected;

  g_test_summary ("The first timeout is ACK_TIMEOUT to 1.5 times that, then it doubles, "
                  "RFC 7252 section 4.2");
  core_fixture_submit (fixture, 2, TRUE);
  first = core_fixture_expect_sent (fixture, CON, GET);
  timeout = gcoap_engine_get_next_deadline (fixture->engine) - sent_at;
  g_assert_cmpint (timeout, >=, 2 * SECOND);
  g_assert_cmpint (timeout, <=, 3 * SECOND);

  expected = sent_at;
  for (guint n = 0; n < 4; n++)
    {
      g_autoptr (SentMessage) again = NULL;

      expected += timeout << n;
      g_assert_cmpint (gcoap_engine_get_next_deadline (fixture->engine), ==, expected);
      core_fixture_advance (fixture, expected - fixture->now - 1);
      core_fixture_expect_silence (fixture);
      core_fixture_advance (fixture, 1);
      again = core_fixture_expect_sent (fixture, CON, GET);
      g_assert_cmpmem (again->data, again->length, first->data, first->length);
    }
  g_assert_cmpint (expected - sent_at, <=, 45 * SECOND);
}

static void
test_gives_up (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;

  g_test_summary ("After MAX_RETRANSMIT it is given up, by MAX_TRANSMIT_WAIT, "
                  "RFC 7252 sections 4.2 and 4.8.2");
  id = core_fixture_submit (fixture, 2, TRUE);
  core_fixture_advance (fixture, 62 * SECOND - 1);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT - 62 * SECOND + 1);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 5);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
  core_fixture_expect_no_event (fixture);
  g_assert_cmpint (gcoap_engine_get_next_deadline (fixture->engine), ==, GCOAP_NO_DEADLINE);
}

static void
test_timeout_is_random (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  gint64 lowest = G_MAXINT64, highest = 0, sum = 0;

  g_test_summary ("The first timeout is spread over its whole range, RFC 7252 section 4.2");
  for (guint i = 0; i < 1000; i++)
    {
      guint64 id = core_fixture_submit (fixture, 2, TRUE);
      gint64 timeout = gcoap_engine_get_next_deadline (fixture->engine) - fixture->now;

      lowest = MIN (lowest, timeout);
      highest = MAX (highest, timeout);
      sum += timeout;
      core_fixture_cancel (fixture, id);
    }
  g_assert_cmpint (lowest, <, 2 * SECOND + SECOND / 50);
  g_assert_cmpint (highest, >, 3 * SECOND - SECOND / 50);
  g_assert_cmpint (ABS (sum / 1000 - 5 * SECOND / 2), <, SECOND / 20);
}

static void
test_parameters (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;
  guint64 id;

  g_test_summary ("Times and counts follow the parameters, RFC 7252 section 4.8.1");
  gcoap_parameters_init (&parameters);
  parameters.ack_timeout = SECOND;
  parameters.ack_random_factor = 1;
  parameters.max_retransmit = 1;
  fixture = core_fixture_new_with (&parameters);
  id = core_fixture_submit (fixture, 2, TRUE);
  core_fixture_advance (fixture, 3 * SECOND - 1);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 2);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, 1);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
}

static void
test_parameters_changed_later (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;

  g_test_summary ("Changed parameters hold from the next message on, RFC 7252 section 4.8.1");
  gcoap_engine_get_parameters (fixture->engine)->max_retransmit = 0;
  id = core_fixture_submit (fixture, 2, TRUE);
  core_fixture_advance (fixture, 3 * SECOND);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
}

static void
test_derived_parameters (void)
{
  GCoapParameters parameters;

  g_test_summary ("The derived times are those of RFC 7252 table 3");
  gcoap_parameters_init (&parameters);
  g_assert_cmpint (gcoap_parameters_get_max_transmit_span (&parameters), ==, 45 * SECOND);
  g_assert_cmpint (gcoap_parameters_get_max_transmit_wait (&parameters), ==, 93 * SECOND);
  g_assert_cmpint (gcoap_parameters_get_processing_delay (&parameters), ==, 2 * SECOND);
  g_assert_cmpint (gcoap_parameters_get_max_rtt (&parameters), ==, 202 * SECOND);
  g_assert_cmpint (gcoap_parameters_get_exchange_lifetime (&parameters), ==, 247 * SECOND);
  g_assert_cmpint (gcoap_parameters_get_non_lifetime (&parameters), ==, 145 * SECOND);
}

static void
test_non_is_sent_once (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("A Non-confirmable message is not repeated, RFC 7252 section 4.3");
  core_fixture_submit (fixture, 2, FALSE);
  core_fixture_advance (fixture, 1000 * SECOND);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
}

static void
test_nstart (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) first = NULL, second = NULL, third = NULL;

  g_test_summary ("One outstanding message a peer, and the others in order, "
                  "RFC 7252 section 4.7");
  for (guint i = 0; i < 3; i++)
    core_fixture_submit (fixture, 2, TRUE);
  first = core_fixture_expect_sent (fixture, CON, GET);
  core_fixture_expect_silence (fixture);

  core_fixture_reply (fixture, first, ACK, CONTENT, first->frame.message_id);
  second = core_fixture_expect_sent (fixture, CON, GET);
  core_fixture_expect_silence (fixture);
  core_fixture_reply (fixture, second, ACK, 0, second->frame.message_id);
  third = core_fixture_expect_sent (fixture, CON, GET);
  core_fixture_expect_silence (fixture);
}

static void
test_nstart_of_each_peer (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("A peer that is silent holds up no other, RFC 7252 section 4.7");
  for (guint host = 2; host < 7; host++)
    core_fixture_submit (fixture, host, TRUE);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 5);
}

static void
test_nstart_larger (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;

  g_test_summary ("NSTART messages may be outstanding, RFC 7252 section 4.7");
  gcoap_parameters_init (&parameters);
  parameters.nstart = 3;
  fixture = core_fixture_new_with (&parameters);
  for (guint i = 0; i < 5; i++)
    core_fixture_submit (fixture, 2, TRUE);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 3);
}

static void
test_nstart_after_failure (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 first = core_fixture_submit (fixture, 2, TRUE);
  guint64 second = core_fixture_submit (fixture, 2, TRUE);

  g_test_summary ("What waited goes on when the one before it fails, RFC 7252 section 4.7");
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_expect_failure (fixture, first, GCOAP_ERROR_TIMED_OUT);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_expect_failure (fixture, second, GCOAP_ERROR_TIMED_OUT);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 10);
}

static void
test_nstart_and_cancel (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 first = core_fixture_submit (fixture, 2, TRUE);
  guint64 second = core_fixture_submit (fixture, 2, TRUE);

  g_test_summary ("A cancelled message that waited is not sent, RFC 7252 section 4.7");
  core_fixture_submit (fixture, 2, TRUE);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
  g_assert_true (core_fixture_cancel (fixture, second));
  core_fixture_expect_silence (fixture);
  g_assert_true (core_fixture_cancel (fixture, first));
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
}

static void
test_non_passes_nstart (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) con = NULL, non = NULL;

  g_test_summary ("NSTART does not hold up Non-confirmable messages, RFC 7252 section 4.7");
  core_fixture_submit (fixture, 2, TRUE);
  core_fixture_submit (fixture, 2, TRUE);
  core_fixture_submit (fixture, 2, FALSE);
  con = core_fixture_expect_sent (fixture, CON, GET);
  non = core_fixture_expect_sent (fixture, NON, GET);
  core_fixture_expect_silence (fixture);
}

static void
test_message_ids_differ (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GHashTable) used = g_hash_table_new (NULL, NULL);

  g_test_summary ("All messages to a peer have their own Message ID, RFC 7252 section 4.4");
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (SentMessage) sent = NULL;

      core_fixture_submit (fixture, 2, FALSE);
      sent = core_fixture_expect_sent (fixture, NON, GET);
      g_assert_true (g_hash_table_add (used, GUINT_TO_POINTER (sent->frame.message_id)));
    }
}

/* Submits until Message IDs run out; the messages that have left, by Message ID. */
static guint
submit_many (CoreFixture *fixture,
             guint        n_messages,
             guint8      *n_uses)
{
  guint n_sent = 0;

  gcoap_engine_get_parameters (fixture->engine)->probing_rate = 0;
  for (guint i = 0; i < n_messages; i++)
    {
      g_autoptr (SentMessage) sent = NULL;

      core_fixture_submit (fixture, 2, FALSE);
      sent = core_fixture_pop_sent (fixture);
      if (sent == NULL)
        continue;

      n_uses[sent->frame.message_id]++;
      n_sent++;
    }

  return n_sent;
}

static void
test_message_ids_run_out (void)
{
  g_autofree guint8 *n_uses = g_new0 (guint8, 65536);
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint n_sent;

  g_test_summary ("Without a free Message ID a message waits for one, RFC 7252 section 4.4");
  n_sent = submit_many (fixture, 65536 + 10, n_uses);
  g_assert_cmpuint (n_sent, >, 65536 * 15 / 16);
  for (guint i = 0; i < 65536; i++)
    g_assert_cmpuint (n_uses[i], <=, 1);

  core_fixture_advance (fixture, 145 * SECOND - 1);
  core_fixture_expect_silence (fixture);
  core_fixture_advance (fixture, 1);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 65536 + 10 - n_sent);
}

/* Goes once round all Message IDs. */
static guint64
submit_with_message_id (CoreFixture *fixture,
                        guint16      message_id)
{
  gcoap_engine_get_parameters (fixture->engine)->probing_rate = 0;
  for (;;)
    {
      guint64 id = core_fixture_submit (fixture, 2, FALSE);
      g_autoptr (SentMessage) sent = core_fixture_pop_sent (fixture);

      if (sent != NULL && sent->frame.message_id == message_id)
        return id;

      core_fixture_cancel (fixture, id);
      if (sent == NULL)
        core_fixture_advance (fixture, 145 * SECOND);
    }
}

static void
test_message_id_outlived (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  g_autoptr (SentMessage) sent = NULL;
  GCoapAddress remote = core_address (2);
  guint64 old_id, new_id;

  g_test_summary ("A request that outlives its Message ID leaves it to the next, "
                  "RFC 7252 section 4.4");
  gcoap_message_set_confirmable (message, FALSE);
  old_id = core_fixture_submit_to (fixture, &remote, message, 3600 * SECOND, FALSE);
  sent = core_fixture_expect_sent (fixture, NON, GET);
  new_id = submit_with_message_id (fixture, sent->frame.message_id);
  g_assert_true (core_fixture_cancel (fixture, old_id));
  core_fixture_reply (fixture, sent, RST, 0, sent->frame.message_id);
  core_fixture_expect_failure (fixture, new_id, GCOAP_ERROR_RESET);
}

static void
test_too_many_peers (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  GCoapAddress remote = core_address (4);
  GCoapPatience patience = { 0 };
  guint64 id;
  int error;

  g_test_summary ("max_peers is kept by refusing to send, while all of them are in use");
  gcoap_parameters_init (&parameters);
  parameters.max_peers = 2;
  fixture = core_fixture_new_with (&parameters);
  id = core_fixture_submit (fixture, 2, TRUE);
  core_fixture_submit (fixture, 3, TRUE);
  g_assert_cmpuint (gcoap_engine_submit (fixture->engine, &remote, message, &patience, NULL,
                                         fixture->now, &error), ==, 0);
  g_assert_cmpint (error, ==, ENOBUFS);
  core_fixture_expect_no_event (fixture);

  core_fixture_cancel (fixture, id);
  g_assert_cmpuint (core_fixture_submit (fixture, 4, TRUE), !=, 0);
}

static void
test_undeliverable (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) first = NULL, second = NULL, third = NULL;
  guint64 id = core_fixture_submit (fixture, 2, TRUE);
  guint64 non_id = core_fixture_submit (fixture, 2, FALSE);
  GCoapEvent event;

  g_test_summary ("An ICMP error ends the request that it is about, and no other, "
                  "RFC 7252 section 4.2");
  first = core_fixture_expect_sent (fixture, CON, GET);
  second = core_fixture_expect_sent (fixture, NON, GET);
  core_fixture_return (fixture, second, ECONNREFUSED);
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_FAILED);
  g_assert_cmpuint (event.id, ==, non_id);
  g_assert_cmpint (event.error, ==, GCOAP_ERROR_REJECTED);
  g_assert_cmpint (event.errno_value, ==, ECONNREFUSED);
  core_fixture_expect_no_event (fixture);
  core_fixture_reply (fixture, first, ACK, CONTENT, first->frame.message_id);
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_RESPONSE).id, ==, id);

  core_fixture_submit (fixture, 2, TRUE);
  third = core_fixture_expect_sent (fixture, CON, GET);
  core_fixture_reply (fixture, third, ACK, CONTENT, third->frame.message_id);
  core_fixture_expect_event (fixture, GCOAP_EVENT_RESPONSE);
}

static void
test_undeliverable_reply (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) request = NULL, reply = NULL;
  GCoapFrame ping = { .type = CON };

  g_test_summary ("An ICMP error for a reply does not meet our message of the same Message ID, "
                  "RFC 7252 section 4.2");
  core_fixture_submit (fixture, 2, TRUE);
  request = core_fixture_expect_sent (fixture, CON, GET);
  ping.message_id = request->frame.message_id;
  core_fixture_receive_frame (fixture, 2, &ping);
  reply = core_fixture_expect_sent (fixture, RST, 0);
  core_fixture_return (fixture, reply, ECONNREFUSED);
  core_fixture_expect_no_event (fixture);
}

static void
test_undeliverable_unknown (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) request = NULL;
  SentMessage empty = { .remote = core_address (2) };

  g_test_summary ("An ICMP error for what is over is ignored, RFC 7252 section 4.2");
  core_fixture_cancel (fixture, core_fixture_submit (fixture, 2, TRUE));
  request = core_fixture_expect_sent (fixture, CON, GET);
  core_fixture_return (fixture, request, ECONNREFUSED);
  core_fixture_return (fixture, &empty, ECONNREFUSED);
  core_fixture_expect_no_event (fixture);
}

static void
add_reject_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reject_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/core/message-layer/reject/%s",
                                               reject_rows[i].name);

      g_test_add_data_func (path, &reject_rows[i], test_reject);
    }
}

#define ADD(path, test) g_test_add_func ("/core/message-layer/" path, test)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_reject_rows ();
  ADD ("retransmit/times", test_retransmission_times);
  ADD ("retransmit/gives-up", test_gives_up);
  ADD ("retransmit/timeout-is-random", test_timeout_is_random);
  ADD ("retransmit/not-non", test_non_is_sent_once);
  ADD ("parameters/changed", test_parameters);
  ADD ("parameters/changed-later", test_parameters_changed_later);
  ADD ("parameters/derived", test_derived_parameters);
  ADD ("nstart/in-order", test_nstart);
  ADD ("nstart/of-each-peer", test_nstart_of_each_peer);
  ADD ("nstart/larger", test_nstart_larger);
  ADD ("nstart/after-failure", test_nstart_after_failure);
  ADD ("nstart/cancel", test_nstart_and_cancel);
  ADD ("nstart/not-non", test_non_passes_nstart);
  ADD ("message-id/differ", test_message_ids_differ);
  ADD ("message-id/run-out", test_message_ids_run_out);
  ADD ("message-id/outlived", test_message_id_outlived);
  ADD ("peers/too-many", test_too_many_peers);
  ADD ("undeliverable/request", test_undeliverable);
  ADD ("undeliverable/reply", test_undeliverable_reply);
  ADD ("undeliverable/unknown", test_undeliverable_unknown);

  return g_test_run ();
}
