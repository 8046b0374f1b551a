/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "core-fixture.h"

/* PROBING_RATE: what a peer from which nothing comes is sent at most (RFC 7252 section 4.7). */

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define RST GCOAP_MESSAGE_TYPE_RST

#define MAX_TRANSMIT_WAIT (93 * SECOND)
/* The header and the token. */
#define LENGTH            8
#define PAUSE             (LENGTH * SECOND)
#define N_FIRST           20

static CoreFixture *
fixture_with_rate (guint rate)
{
  GCoapParameters parameters;

  gcoap_parameters_init (&parameters);
  parameters.probing_rate = rate;

  return core_fixture_new_with (&parameters);
}

static guint64
submit (CoreFixture *fixture,
        guint        host)
{
  return core_fixture_submit (fixture, host, FALSE);
}

static void
expect_sent (CoreFixture *fixture,
             guint        n_messages)
{
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, n_messages);
}

/* Nothing until the time, and then this many. */
static void
expect_sent_after (CoreFixture *fixture,
                   gint64       interval,
                   guint        n_messages)
{
  core_fixture_advance (fixture, interval - 1);
  core_fixture_expect_silence (fixture);
  core_fixture_advance (fixture, 1);
  expect_sent (fixture, n_messages);
}

static guint64
submit_large (CoreFixture *fixture,
              guint        host)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  g_autoptr (GBytes) payload = g_bytes_new_take (g_malloc0 (1000), 1000);
  GCoapAddress remote = core_address (host);

  gcoap_message_set_confirmable (message, FALSE);
  gcoap_message_set_payload (message, payload);

  return core_fixture_submit_to (fixture, &remote, message, 3600 * SECOND, FALSE);
}

/* Sends the peer many, lets it become silent, and sends it what it may get then. */
static void
make_silent (CoreFixture *fixture,
             guint        host)
{
  for (guint i = 0; i < N_FIRST; i++)
    core_fixture_cancel (fixture, submit (fixture, host));
  expect_sent (fixture, N_FIRST);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_cancel (fixture, submit (fixture, host));
  expect_sent (fixture, 1);
}

static void
test_until_silent (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("For MAX_TRANSMIT_WAIT a peer may just be slow");
  for (guint i = 0; i < N_FIRST; i++)
    submit (fixture, 2);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT - 1);
  submit (fixture, 2);
  expect_sent (fixture, N_FIRST + 1);
  core_fixture_advance (fixture, 1);
  submit (fixture, 2);
  core_fixture_expect_silence (fixture);
}

static void
test_pause (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("Of what waits each one goes, in order, when the one before is within the rate");
  make_silent (fixture, 2);
  submit (fixture, 2);
  submit (fixture, 2);
  expect_sent_after (fixture, PAUSE, 1);
  expect_sent_after (fixture, PAUSE, 1);
  core_fixture_advance (fixture, 100 * SECOND);
  expect_sent (fixture, 0);
}

static void
test_within_rate (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("Who asks seldom never waits");
  for (guint i = 0; i < 100; i++)
    {
      submit (fixture, 2);
      expect_sent (fixture, 1);
      core_fixture_advance (fixture, (LENGTH + 1) * SECOND);
    }
}

static void
test_exact_rate (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_rate (3);
  gint64 due = (PAUSE + 2) / 3;

  g_test_summary ("The interval is rounded up");
  gcoap_engine_get_parameters (fixture->engine)->ack_timeout = 1000;
  submit (fixture, 2);
  expect_sent (fixture, 1);
  core_fixture_advance (fixture, SECOND);
  submit (fixture, 2);
  expect_sent_after (fixture, due - SECOND, 1);
}

static void
test_not_con (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("Confirmable messages neither wait for it nor count");
  make_silent (fixture, 2);
  submit (fixture, 2);
  core_fixture_cancel (fixture, core_fixture_submit (fixture, 2, TRUE));
  core_fixture_cancel (fixture, core_fixture_submit (fixture, 2, TRUE));
  expect_sent (fixture, 2);
  expect_sent_after (fixture, PAUSE, 1);
}

static void
test_both_lines (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) non = NULL;
  guint64 first, second;

  g_test_summary ("What NSTART holds up and what the rate does are not in each other's way");
  make_silent (fixture, 2);
  first = core_fixture_submit (fixture, 2, TRUE);
  submit (fixture, 2);
  second = core_fixture_submit (fixture, 2, TRUE);
  expect_sent (fixture, 1);
  core_fixture_cancel (fixture, first);
  expect_sent (fixture, 1);
  core_fixture_cancel (fixture, second);
  core_fixture_advance (fixture, PAUSE);
  non = core_fixture_expect_sent (fixture, NON, GET);
  core_fixture_expect_silence (fixture);
}

static void
test_not_multicast (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapAddress group = core_group_address ();

  g_test_summary ("Requests to a group do not wait");
  for (guint i = 0; i < 2 * N_FIRST; i++)
    {
      g_autoptr (GCoapMessage) message = gcoap_message_new (GET);

      core_fixture_submit_to (fixture, &group, message, 3600 * SECOND, FALSE);
      expect_sent (fixture, 1);
      core_fixture_advance (fixture, MAX_TRANSMIT_WAIT / N_FIRST);
    }
}

static void
test_not_notifications (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("Notifications do not wait, and do not count");
  gcoap_engine_get_parameters (fixture->engine)->confirmable_interval = 1000;
  core_fixture_add_observer (fixture, 2, 1, "coap://h/r");
  for (guint i = 0; i < 2 * N_FIRST; i++)
    {
      core_fixture_notify (fixture, "coap://h/r", CONTENT, FALSE);
      expect_sent (fixture, 1);
      core_fixture_advance (fixture, MAX_TRANSMIT_WAIT / N_FIRST);
    }
  submit (fixture, 2);
  expect_sent (fixture, 1);
}

static void
test_other_peer (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("A peer that is silent holds up no other, and none speaks for it");
  make_silent (fixture, 2);
  submit (fixture, 2);
  submit (fixture, 3);
  expect_sent (fixture, 1);
  core_fixture_receive (fixture, 3, "70 00 0001");
  core_fixture_expect_silence (fixture);
}

/* Whatever a peer sends, it is there. */
typedef struct
{
  const char *name;
  const char *received;
  guint       n_replies;
} HeardRow;

static const HeardRow heard_rows[] = {
  { "ping", "40 00 0001", 1 },
  { "reset", "70 00 0001", 0 },
  { "acknowledgement", "60 00 0001", 0 },
  { "late-response", "51 45 0001 aa", 0 },
  { "malformed", "40", 0 },
};

static void
test_heard (gconstpointer data)
{
  const HeardRow *row = data;
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("Any datagram from the peer lets go what waits, and begins anew");
  make_silent (fixture, 2);
  for (guint i = 0; i < N_FIRST; i++)
    submit (fixture, 2);
  core_fixture_expect_silence (fixture);
  core_fixture_receive (fixture, 2, row->received);
  expect_sent (fixture, N_FIRST + row->n_replies);

  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT - 1);
  submit (fixture, 2);
  expect_sent (fixture, 1);
  core_fixture_advance (fixture, 1);
  submit (fixture, 2);
  core_fixture_expect_silence (fixture);
}

static void
test_responsive (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("A peer that responds is asked as often as anybody likes");
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (SentMessage) sent = NULL;

      submit (fixture, 2);
      sent = core_fixture_expect_sent (fixture, NON, GET);
      core_fixture_advance (fixture, SECOND);
      core_fixture_reply (fixture, sent, NON, CONTENT, i);
      core_fixture_expect_event (fixture, GCOAP_EVENT_RESPONSE);
    }
  g_assert_cmpint (gcoap_engine_get_next_deadline (fixture->engine), ==, GCOAP_NO_DEADLINE);
}

static void
test_undeliverable (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) sent = NULL;
  guint64 id;

  g_test_summary ("An ICMP error is no datagram of the peer's");
  id = submit (fixture, 2);
  sent = core_fixture_expect_sent (fixture, NON, GET);
  make_silent (fixture, 2);
  submit (fixture, 2);
  core_fixture_return (fixture, sent, EHOSTUNREACH);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_REJECTED);
  core_fixture_expect_silence (fixture);
}

static void
test_cancel (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 first, second, third;

  g_test_summary ("One that is cancelled while it waits is not sent and does not count");
  make_silent (fixture, 2);
  first = submit (fixture, 2);
  second = submit (fixture, 2);
  third = submit (fixture, 2);
  core_fixture_cancel (fixture, second);
  core_fixture_cancel (fixture, first);
  expect_sent_after (fixture, PAUSE, 1);
  core_fixture_cancel (fixture, third);

  core_fixture_cancel (fixture, submit (fixture, 2));
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
  g_assert_cmpint (gcoap_engine_get_next_deadline (fixture->engine), ==, GCOAP_NO_DEADLINE);
}

static void
test_timeout (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  GCoapAddress remote = core_address (2);
  guint64 id;

  g_test_summary ("The caller's timeout ends one that waits with 704");
  make_silent (fixture, 2);
  gcoap_message_set_confirmable (message, FALSE);
  id = core_fixture_submit_to (fixture, &remote, message, 5 * SECOND, FALSE);
  core_fixture_advance (fixture, 5 * SECOND - 1);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, 1);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
  core_fixture_expect_silence (fixture);
  g_assert_cmpint (gcoap_engine_get_next_deadline (fixture->engine), ==, GCOAP_NO_DEADLINE);
}

static void
test_protocol_timeout (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;

  g_test_summary ("Without one, MAX_RTT ends it as it does any other");
  make_silent (fixture, 2);
  submit_large (fixture, 2);
  id = submit (fixture, 2);
  expect_sent_after (fixture, PAUSE, 1);
  core_fixture_advance (fixture, 202 * SECOND - PAUSE);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
  core_fixture_expect_silence (fixture);
}

static void
set_rate (CoreFixture *fixture,
          guint        rate)
{
  gcoap_engine_get_parameters (fixture->engine)->probing_rate = rate;
  gcoap_engine_apply_parameters (fixture->engine, fixture->now);
}

static void
test_no_limit (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_rate (0);

  g_test_summary ("A rate of 0 limits nothing");
  make_silent (fixture, 2);
  for (guint i = 0; i < 100; i++)
    submit (fixture, 2);
  expect_sent (fixture, 100);
}

static void
test_limit_lifted (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("What waits goes when the limit is lifted, and counts when there is one again");
  make_silent (fixture, 2);
  for (guint i = 0; i < N_FIRST; i++)
    submit (fixture, 2);
  set_rate (fixture, 0);
  expect_sent (fixture, N_FIRST);
  set_rate (fixture, 1);
  submit (fixture, 2);
  expect_sent_after (fixture, PAUSE, 1);
}

static void
test_rate_changed (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("What waits does so anew when the rate is changed");
  make_silent (fixture, 2);
  for (guint i = 0; i < 3; i++)
    submit (fixture, 2);
  core_fixture_advance (fixture, PAUSE / 2 - 1);
  core_fixture_expect_silence (fixture);
  set_rate (fixture, 2);
  expect_sent_after (fixture, 1, 1);
  core_fixture_advance (fixture, PAUSE / 4);
  set_rate (fixture, 1);
  expect_sent_after (fixture, 3 * PAUSE / 4, 1);
  core_fixture_advance (fixture, PAUSE / 2);
  set_rate (fixture, 4);
  expect_sent (fixture, 1);
}

static void
test_wait_changed (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("So it is when the time is that a peer may be silent");
  make_silent (fixture, 2);
  submit (fixture, 2);
  core_fixture_expect_silence (fixture);
  gcoap_engine_get_parameters (fixture->engine)->max_retransmit = 5;
  gcoap_engine_apply_parameters (fixture->engine, fixture->now);
  expect_sent (fixture, 1);
}

static void
test_nstart_changed (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("What NSTART holds up goes when it is raised");
  for (guint i = 0; i < 5; i++)
    core_fixture_submit (fixture, 2, TRUE);
  expect_sent (fixture, 1);
  gcoap_engine_get_parameters (fixture->engine)->nstart = 4;
  gcoap_engine_apply_parameters (fixture->engine, fixture->now);
  expect_sent (fixture, 3);
}

static void
test_evicted (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;

  g_test_summary ("A peer for which there is no place begins anew");
  gcoap_parameters_init (&parameters);
  parameters.max_peers = 1;
  fixture = core_fixture_new_with (&parameters);
  make_silent (fixture, 2);
  core_fixture_cancel (fixture, submit (fixture, 3));
  expect_sent (fixture, 1);
  submit (fixture, 2);
  expect_sent (fixture, 1);
  core_fixture_receive (fixture, 3, "70 00 0001");
  core_fixture_receive (fixture, 2, "70 00 0001");
}

static void
test_kept (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("One that was sent too much is not forgotten for being idle");
  make_silent (fixture, 2);
  core_fixture_advance (fixture, PAUSE);
  core_fixture_cancel (fixture, submit_large (fixture, 2));
  expect_sent (fixture, 1);
  core_fixture_advance (fixture, 500 * SECOND);
  core_fixture_cancel (fixture, submit (fixture, 3));
  expect_sent (fixture, 1);
  core_fixture_cancel (fixture, submit (fixture, 2));
  core_fixture_expect_silence (fixture);

  core_fixture_advance (fixture, 1000 * SECOND);
  core_fixture_cancel (fixture, submit (fixture, 4));
  expect_sent (fixture, 1);
  core_fixture_cancel (fixture, submit (fixture, 2));
  expect_sent (fixture, 1);
}

static void
test_engine_goes (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("An engine may go while requests wait");
  make_silent (fixture, 2);
  for (guint i = 0; i < N_FIRST; i++)
    submit (fixture, 2);
  core_fixture_expect_silence (fixture);
}

/* When the next may go, the first having been sent at time 0. */
typedef struct
{
  const char *name;
  guint       rate;
  gsize       length;
  gint64      latest;
  gint64      now;
  gint64      due;
} DueRow;

static const DueRow due_rows[] = {
  { "nothing-sent", 1, 0, 0, MAX_TRANSMIT_WAIT, MAX_TRANSMIT_WAIT },
  { "not-silent", 1, 1000, 0, MAX_TRANSMIT_WAIT - 1, MAX_TRANSMIT_WAIT - 1 },
  { "silent", 1, 1000, 0, MAX_TRANSMIT_WAIT, 1000 * SECOND },
  { "sent-later", 1, 1000, 50 * SECOND, MAX_TRANSMIT_WAIT, 1050 * SECOND },
  { "no-limit", 0, 1000, 0, MAX_TRANSMIT_WAIT, MAX_TRANSMIT_WAIT },
  { "rate", 7, 1000, 0, MAX_TRANSMIT_WAIT, 1000 * SECOND / 7 + 1 },
  { "largest-rate", G_MAXINT32, 1000, 0, MAX_TRANSMIT_WAIT, 1 },
  { "largest", 1, 65535, 0, MAX_TRANSMIT_WAIT, 65535 * SECOND },
};

static void
test_due (gconstpointer data)
{
  const DueRow *row = data;
  GCoapProbing probing = { .length = row->length, .latest = row->latest };
  GCoapParameters parameters;

  gcoap_parameters_init (&parameters);
  parameters.probing_rate = row->rate;
  g_assert_cmpint (gcoap_probing_get_due (&probing, &parameters, row->now), ==, row->due);
}

#define ADD(path, test) g_test_add_func ("/core/probing/" path, test)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("until-silent", test_until_silent);
  ADD ("pause", test_pause);
  ADD ("within-rate", test_within_rate);
  ADD ("exact-rate", test_exact_rate);
  ADD ("not/con", test_not_con);
  ADD ("not/nstart", test_both_lines);
  ADD ("not/multicast", test_not_multicast);
  ADD ("not/notifications", test_not_notifications);
  ADD ("not/other-peer", test_other_peer);
  for (gsize i = 0; i < G_N_ELEMENTS (heard_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/core/probing/heard/", heard_rows[i].name, NULL);

      g_test_add_data_func (path, &heard_rows[i], test_heard);
    }
  ADD ("heard/responses", test_responsive);
  ADD ("heard/not-icmp", test_undeliverable);
  ADD ("ends/cancel", test_cancel);
  ADD ("ends/timeout", test_timeout);
  ADD ("ends/max-rtt", test_protocol_timeout);
  ADD ("ends/engine", test_engine_goes);
  ADD ("changed/no-limit", test_no_limit);
  ADD ("changed/lifted", test_limit_lifted);
  ADD ("changed/rate", test_rate_changed);
  ADD ("changed/wait", test_wait_changed);
  ADD ("changed/nstart", test_nstart_changed);
  ADD ("peers/evicted", test_evicted);
  ADD ("peers/kept", test_kept);
  for (gsize i = 0; i < G_N_ELEMENTS (due_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/core/probing/due/", due_rows[i].name, NULL);

      g_test_add_data_func (path, &due_rows[i], test_due);
    }

  return g_test_run ();
}
