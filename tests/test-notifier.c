/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "core-fixture.h"

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define ACK GCOAP_MESSAGE_TYPE_ACK
#define RST GCOAP_MESSAGE_TYPE_RST

#define MAX_TRANSMIT_WAIT (93 * SECOND)
#define NON_LIFETIME      (145 * SECOND)
#define DAY               (24 * 60 * 60 * SECOND)

#define NOT_FOUND 132

#define URI   "coap://server/r"
#define OTHER "coap://server/s"

#define TOKEN 0xaa

/* How many observers a slice of a fan-out comes by. */
#define SLICE 256

static guint32
get_observe (const SentMessage *sent)
{
  guint32 observe;

  g_assert_true (sent_message_get_observe (sent, &observe));

  return observe;
}

static void
acknowledge (CoreFixture       *fixture,
             const SentMessage *sent)
{
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
}

static void
reset (CoreFixture       *fixture,
       const SentMessage *sent)
{
  core_fixture_reply (fixture, sent, RST, 0, sent->frame.message_id);
}

/* Tells a state that a test knows again by its payload. */
static void
notify_text (CoreFixture *fixture,
             const char  *text,
             gboolean     is_confirmable)
{
  GCoapFrame state = {
    .code = CONTENT,
    .payload = (const guint8 *) text,
    .payload_length = strlen (text),
  };

  g_assert_true (gcoap_engine_notify (fixture->engine, URI, &state, NULL, is_confirmable,
                                      fixture->now));
  core_fixture_advance (fixture, 0);
}

static SentMessage *
expect_text (CoreFixture      *fixture,
             GCoapMessageType  type,
             guint             host,
             const char       *text)
{
  SentMessage *sent = core_fixture_expect_notification (fixture, type, host, TOKEN);

  g_assert_cmpmem (sent->frame.payload, sent->frame.payload_length, text, strlen (text));

  return sent;
}

/* The last notification: it has no Observe option. */
static SentMessage *
expect_last (CoreFixture      *fixture,
             GCoapMessageType  type)
{
  SentMessage *sent = core_fixture_expect_sent (fixture, type, NOT_FOUND);
  guint32 observe;

  g_assert_false (sent_message_get_observe (sent, &observe));

  return sent;
}

/* That nothing is left of any observer. */
static void
expect_nobody (CoreFixture *fixture)
{
  g_assert_false (core_fixture_notify (fixture, URI, CONTENT, TRUE));
  core_fixture_advance (fixture, 1000 * SECOND);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
  g_assert_cmpint (gcoap_engine_get_next_deadline (fixture->engine), ==, GCOAP_NO_DEADLINE);
}

static CoreFixture *
fixture_with_observer (void)
{
  CoreFixture *fixture = core_fixture_new ();

  core_fixture_add_observer (fixture, 2, TOKEN, URI);

  return fixture;
}

static void
test_state (void)
{
  const guint8 options[] = { 0x41, 0x01, 0x23, 0x01, 0x02, 0x03, 0x61, 0x3c, 0x21, 0x05 };
  GCoapFrame state = {
    .type = CON,
    .code = CONTENT,
    .token = (const guint8 *) "\xff",
    .token_length = 1,
    .message_id = 0x1234,
    .options = options,
    .options_length = sizeof options,
    .payload = (const guint8 *) "21.5",
    .payload_length = 4,
  };
  const guint8 expected[] = {
    0x51, CONTENT, 0, 0, TOKEN, 0x41, 0x01, 0x23, 0x0f, 0x42, 0x41, 0x61, 0x3c, 0x21, 0x05,
    0xff, '2', '1', '.', '5',
  };
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) sent = NULL;
  GCoapAddress local = core_address (1);

  g_test_summary ("A notification has the state's code, options and payload, the observer's token, "
                  "and a number, RFC 7641 section 4.2");
  g_assert_true (gcoap_engine_notify (fixture->engine, URI, &state, NULL, FALSE, fixture->now));
  core_fixture_advance (fixture, 0);
  sent = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  g_assert_true (gcoap_address_equal (&sent->local, &local));
  memset (sent->data + 2, 0, 2);
  g_assert_cmpmem (sent->data, sent->length, expected, sizeof expected);
}

static void
test_nobody (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("A state that nobody observes goes to nobody");
  expect_nobody (fixture);
}

static void
test_type (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) non = NULL, con = NULL;

  g_test_summary ("A notification is confirmable if that is asked for, RFC 7641 section 4.5");
  core_fixture_notify (fixture, URI, CONTENT, FALSE);
  non = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  core_fixture_notify (fixture, URI, CONTENT, TRUE);
  con = core_fixture_expect_notification (fixture, CON, 2, TOKEN);
  acknowledge (fixture, con);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
}

static void
test_confirmable_interval (gconstpointer data)
{
  const guint *interval = data;
  guint expected = MAX (*interval, 1);
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();

  g_test_summary ("One of so many notifications is confirmable whatever is asked for, "
                  "RFC 7641 section 4.5");
  gcoap_engine_get_parameters (fixture->engine)->confirmable_interval = *interval;
  for (guint i = 1; i <= 5 * expected; i++)
    {
      g_autoptr (SentMessage) sent = NULL;

      core_fixture_notify (fixture, URI, CONTENT, FALSE);
      sent = core_fixture_expect_notification (fixture, i % expected == 0 ? CON : NON, 2, TOKEN);
      if (sent->frame.type == CON)
        acknowledge (fixture, sent);
    }
}

static void
test_daily (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();

  g_test_summary ("A notification is confirmable at least every 24 hours, RFC 7641 section 4.5");
  for (guint day = 0; day < 3; day++)
    {
      g_autoptr (SentMessage) early = NULL, due = NULL;

      core_fixture_advance (fixture, DAY - 2 * SECOND);
      core_fixture_notify (fixture, URI, CONTENT, FALSE);
      early = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
      core_fixture_advance (fixture, 2 * SECOND);
      core_fixture_notify (fixture, URI, CONTENT, FALSE);
      due = core_fixture_expect_notification (fixture, CON, 2, TOKEN);
      acknowledge (fixture, due);
    }
}

static void
test_sequence (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint32 previous;

  g_test_summary ("The numbers go up, across the wrap at 2^24, RFC 7641 section 4.4");
  fixture->now = (G_GINT64_CONSTANT (1) << 24) * G_TIME_SPAN_MILLISECOND -
                 3 * G_TIME_SPAN_MILLISECOND;
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  previous = 0xfffffd;
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (SentMessage) sent = NULL;

      core_fixture_notify (fixture, URI, CONTENT, FALSE);
      sent = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
      g_assert_cmpuint (get_observe (sent), ==, (previous + 1) & 0xffffff);
      previous = get_observe (sent);
    }
  g_assert_cmpuint (previous, ==, 3);
}

static void
test_replaced (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) first = NULL, second = NULL;

  g_test_summary ("While a notification is unacknowledged, states replace one another, "
                  "RFC 7641 section 4.5.2");
  notify_text (fixture, "1", TRUE);
  first = expect_text (fixture, CON, 2, "1");
  notify_text (fixture, "2", TRUE);
  notify_text (fixture, "3", FALSE);
  notify_text (fixture, "4", FALSE);
  core_fixture_expect_silence (fixture);
  acknowledge (fixture, first);
  second = expect_text (fixture, NON, 2, "4");
  g_assert_cmpuint (second->frame.message_id, !=, first->frame.message_id);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_expect_silence (fixture);
}

static void
test_replaced_on_time_out (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) first = NULL, second = NULL, third = NULL;
  gint64 begin = fixture->now;

  g_test_summary ("When its time is out, the latest state goes out in its place, with a Message ID "
                  "of its own, RFC 7641 section 4.5.2");
  notify_text (fixture, "1", TRUE);
  first = expect_text (fixture, CON, 2, "1");
  notify_text (fixture, "2", TRUE);
  notify_text (fixture, "3", TRUE);
  core_fixture_advance (fixture, 3 * SECOND);
  second = expect_text (fixture, CON, 2, "3");
  core_fixture_expect_silence (fixture);
  g_assert_cmpuint (second->frame.message_id, !=, first->frame.message_id);
  g_assert_cmpuint (get_observe (second), ==, get_observe (first) + 2);

  core_fixture_advance (fixture, begin + 9 * SECOND - fixture->now);
  third = expect_text (fixture, CON, 2, "3");
  g_assert_cmpmem (third->data, third->length, second->data, second->length);

  acknowledge (fixture, first);
  core_fixture_advance (fixture, begin + 21 * SECOND - fixture->now);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
  acknowledge (fixture, second);
  acknowledge (fixture, first);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
}

static void
test_replaced_and_given_up (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  guint n_sent = 0;

  g_test_summary ("Newer states do not give an observer more time, RFC 7641 section 4.5.2");
  for (guint i = 0; i < 93; i++)
    {
      core_fixture_notify (fixture, URI, CONTENT, TRUE);
      n_sent += core_fixture_drop_sent (fixture);
      core_fixture_advance (fixture, SECOND);
    }
  n_sent += core_fixture_drop_sent (fixture);
  g_assert_cmpuint (n_sent, ==, 5);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  expect_nobody (fixture);
}

static void
test_replaced_while_held_up (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) request = NULL, sent = NULL;

  g_test_summary ("States replace one another too while NSTART holds them up, "
                  "RFC 7641 section 4.5.1");
  core_fixture_submit (fixture, 2, TRUE);
  request = core_fixture_expect_sent (fixture, CON, GET);
  notify_text (fixture, "1", TRUE);
  notify_text (fixture, "2", TRUE);
  core_fixture_expect_silence (fixture);
  core_fixture_reply (fixture, request, ACK, CONTENT, request->frame.message_id);
  sent = expect_text (fixture, CON, 2, "2");
  acknowledge (fixture, sent);
  core_fixture_expect_silence (fixture);
}

static void
test_slow_observer (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) slow = NULL;

  g_test_summary ("An observer that does not acknowledge holds up nobody else, "
                  "RFC 7641 section 4.5.2");
  core_fixture_add_observer (fixture, 3, TOKEN, URI);
  notify_text (fixture, "0", TRUE);
  slow = expect_text (fixture, CON, 2, "0");
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (SentMessage) sent = core_fixture_expect_notification (fixture, CON, 3, TOKEN);

      acknowledge (fixture, sent);
      core_fixture_expect_silence (fixture);
      notify_text (fixture, "1", TRUE);
    }
}

static void
test_reset_con (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("A Reset to a confirmable notification ends the observation, "
                  "RFC 7641 section 4.5");
  core_fixture_notify (fixture, URI, CONTENT, TRUE);
  sent = core_fixture_expect_notification (fixture, CON, 2, TOKEN);
  reset (fixture, sent);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  expect_nobody (fixture);
}

static void
test_reset_non (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("A Reset to a Non-confirmable notification too, RFC 7641 section 4.5");
  core_fixture_notify (fixture, URI, CONTENT, FALSE);
  sent = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  reset (fixture, sent);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  reset (fixture, sent);
  expect_nobody (fixture);
}

static void
test_reset_of_one_of_two (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) first = NULL, second = NULL, left = NULL;

  g_test_summary ("A Reset ends the observation that the notification was of, and no other");
  core_fixture_add_observer (fixture, 2, 0xbb, URI);
  core_fixture_notify (fixture, URI, CONTENT, FALSE);
  first = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  second = core_fixture_expect_notification (fixture, NON, 2, 0xbb);
  reset (fixture, second);
  core_fixture_expect_unregistered (fixture, 2, 0xbb);
  core_fixture_expect_no_event (fixture);
  core_fixture_notify (fixture, URI, CONTENT, FALSE);
  left = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  core_fixture_expect_silence (fixture);
}

static void
test_reset_from_another (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("A Reset from another endpoint ends nothing, RFC 7252 section 4.2");
  core_fixture_notify (fixture, URI, CONTENT, FALSE);
  sent = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  sent->remote = core_address (3);
  reset (fixture, sent);
  core_fixture_expect_no_event (fixture);
  g_assert_true (core_fixture_notify (fixture, URI, CONTENT, FALSE));
}

static void
test_given_up (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();

  g_test_summary ("Who does not acknowledge is given up like anybody, RFC 7641 section 4.5");
  core_fixture_notify (fixture, URI, CONTENT, TRUE);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 5);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  expect_nobody (fixture);
}

static void
test_undeliverable (gconstpointer data)
{
  const GCoapMessageType *type = data;
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("An ICMP error for a notification ends the observation, RFC 7252 section 4.2");
  core_fixture_notify (fixture, URI, CONTENT, *type == CON);
  sent = core_fixture_expect_notification (fixture, *type, 2, TOKEN);
  core_fixture_return (fixture, sent, ECONNREFUSED);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  expect_nobody (fixture);
}

static void
test_undeliverable_acknowledgement (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("An ICMP error for an acknowledgement is not one for the notification that has "
                  "the same Message ID by chance");
  core_fixture_notify (fixture, URI, CONTENT, FALSE);
  sent = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  sent->data[0] |= ACK << 4;
  core_fixture_return (fixture, sent, ECONNREFUSED);
  core_fixture_expect_no_event (fixture);
}

static void
test_deregistered_while_sending (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  GCoapEvent request;

  g_test_summary ("Observe 1 stops a notification on its way, RFC 7641 section 4.1");
  core_fixture_notify (fixture, URI, CONTENT, TRUE);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
  core_fixture_receive (fixture, 2, "51 01 9999 aa 6101");
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  core_fixture_respond (fixture, request.id, CONTENT, FALSE);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
  expect_nobody (fixture);
}

static void
test_last (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("A notification of an error is the last, and has no Observe option, "
                  "RFC 7641 section 4.2");
  g_assert_true (core_fixture_notify (fixture, URI, NOT_FOUND, FALSE));
  sent = expect_last (fixture, NON);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  expect_nobody (fixture);
}

static void
test_last_confirmable (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("It is repeated until it is acknowledged, though the observer has gone");
  g_assert_true (core_fixture_notify (fixture, URI, NOT_FOUND, TRUE));
  sent = expect_last (fixture, CON);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  core_fixture_advance (fixture, 3 * SECOND);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
  acknowledge (fixture, sent);
  expect_nobody (fixture);
}

static void
test_last_unacknowledged (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();

  g_test_summary ("It is given up in silence");
  g_assert_true (core_fixture_notify (fixture, URI, NOT_FOUND, TRUE));
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 5);
  expect_nobody (fixture);
}

static void
test_last_replaces (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) first = NULL, again = NULL;

  g_test_summary ("It replaces an unacknowledged one like any other, RFC 7641 section 4.5.2");
  core_fixture_notify (fixture, URI, CONTENT, TRUE);
  first = core_fixture_expect_notification (fixture, CON, 2, TOKEN);
  core_fixture_notify (fixture, URI, NOT_FOUND, TRUE);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, 3 * SECOND);
  again = expect_last (fixture, CON);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  acknowledge (fixture, again);
  expect_nobody (fixture);
}

static void
test_last_is_final (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  GCoapFrame gone = { .code = NOT_FOUND }, back = { .code = CONTENT };
  g_autoptr (SentMessage) last = NULL, sent = NULL;

  g_test_summary ("A state after the last is for those who register anew, even before all have "
                  "got the last, RFC 7641 section 4.2");
  gcoap_engine_notify (fixture->engine, URI, &gone, NULL, FALSE, fixture->now);
  core_fixture_add_observer (fixture, 3, TOKEN, URI);
  gcoap_engine_notify (fixture->engine, URI, &back, NULL, FALSE, fixture->now);
  core_fixture_advance (fixture, 0);
  last = expect_last (fixture, NON);
  sent = core_fixture_expect_notification (fixture, NON, 3, TOKEN);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  core_fixture_expect_no_event (fixture);
}

static void
test_last_and_again (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  GCoapFrame gone = { .code = NOT_FOUND };
  GCoapEvent request;
  g_autoptr (SentMessage) answer = NULL, sent = NULL;

  g_test_summary ("Who registers again before the last has come to him stays");
  gcoap_engine_notify (fixture->engine, URI, &gone, NULL, FALSE, fixture->now);
  request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);
  g_assert_true (core_fixture_observe (fixture, &request, URI));
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  answer = core_fixture_expect_notification (fixture, ACK, 2, TOKEN);
  core_fixture_advance (fixture, SECOND);
  core_fixture_expect_silence (fixture);
  g_assert_true (core_fixture_notify (fixture, URI, CONTENT, FALSE));
  sent = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
}

/* Takes Message IDs of host 2 until there are none. */
static void
exhaust_message_ids (CoreFixture *fixture)
{
  gcoap_engine_get_parameters (fixture->engine)->probing_rate = 0;
  do
    core_fixture_submit (fixture, 2, FALSE);
  while (core_fixture_drop_sent (fixture) > 0);
}

static void
test_no_message_id (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) request = NULL, sent = NULL;

  g_test_summary ("Without a Message ID the latest state waits for one, RFC 7252 section 4.4");
  exhaust_message_ids (fixture);
  notify_text (fixture, "1", FALSE);
  notify_text (fixture, "2", FALSE);
  core_fixture_expect_silence (fixture);
  core_fixture_advance (fixture, NON_LIFETIME);
  request = core_fixture_expect_sent (fixture, NON, GET);
  sent = expect_text (fixture, CON, 2, "2");
  core_fixture_expect_silence (fixture);
}

static void
test_no_message_id_to_replace (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  g_autoptr (SentMessage) first = NULL, again = NULL;

  g_test_summary ("Nor can it take the place of another then, RFC 7252 section 4.4");
  notify_text (fixture, "1", TRUE);
  first = expect_text (fixture, CON, 2, "1");
  exhaust_message_ids (fixture);
  notify_text (fixture, "2", TRUE);
  core_fixture_advance (fixture, 3 * SECOND);
  again = expect_text (fixture, CON, 2, "1");
  g_assert_cmpmem (again->data, again->length, first->data, first->length);
}

/* A peer of its own each, from number 2 on. */
static void
add_observers (CoreFixture *fixture,
               guint        n_observers,
               const char  *uri)
{
  for (guint i = 0; i < n_observers; i++)
    core_fixture_add_observer (fixture, 2 + i, TOKEN, uri);
}

static void
notify_later (CoreFixture *fixture,
              const char  *uri)
{
  GCoapFrame state = { .code = CONTENT };

  g_assert_true (gcoap_engine_notify (fixture->engine, uri, &state, NULL, FALSE, fixture->now));
}

/* Does what is due, once, as an event loop does. */
static void
turn (CoreFixture *fixture)
{
  fixture->now = MAX (fixture->now, gcoap_engine_get_next_deadline (fixture->engine));
  gcoap_engine_expire (fixture->engine, fixture->now);
}

static void
test_slices (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  gint64 begin;
  guint n_left = 1000;

  g_test_summary ("A fan-out is done in slices, and what else is due comes between");
  add_observers (fixture, n_left, URI);
  begin = fixture->now;
  notify_later (fixture, URI);
  core_fixture_expect_silence (fixture);
  while (n_left > 0)
    {
      guint n_expected = MIN (n_left, SLICE);

      turn (fixture);
      g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, n_expected);
      n_left -= n_expected;
    }
  g_assert_cmpint (fixture->now, <, begin + SECOND);
  core_fixture_advance (fixture, SECOND);
  core_fixture_expect_silence (fixture);
}

static void
test_newer_state_in_fan_out (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("A newer state in a fan-out goes on from where that is, and reaches all");
  add_observers (fixture, 400, URI);
  notify_text (fixture, "1", FALSE);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, SLICE);
  notify_later (fixture, URI);
  for (guint i = 0; i < 400; i++)
    {
      g_autoptr (SentMessage) sent = NULL;

      if (i % SLICE == 0)
        turn (fixture);
      sent = core_fixture_expect_notification (fixture, NON, 2 + (SLICE + i) % 400, TOKEN);
      g_assert_cmpuint (sent->frame.payload_length, ==, 0);
    }
  core_fixture_advance (fixture, SECOND);
  core_fixture_expect_silence (fixture);
}

static void
test_fast_states (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autofree guint *n_got = g_new0 (guint, 2002);

  g_test_summary ("When states come faster than a fan-out ends, each observer has its turn");
  add_observers (fixture, 2000, URI);
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (SentMessage) sent = NULL;

      notify_later (fixture, URI);
      turn (fixture);
      while ((sent = core_fixture_pop_sent (fixture)) != NULL)
        {
          n_got[sent->remote.ip[14] << 8 | sent->remote.ip[15]]++;
          g_clear_pointer (&sent, sent_message_free);
        }
    }
  for (guint i = 2; i < 2002; i++)
    g_assert_cmpuint (n_got[i], >=, 100 * SLICE / 2000);
}

static void
test_fast_states_of_another (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint n_turns = 0;

  g_test_summary ("Nor do the states of one URI keep those of another waiting");
  add_observers (fixture, 1000, URI);
  core_fixture_add_observer (fixture, 2000, TOKEN, OTHER);
  notify_later (fixture, URI);
  notify_later (fixture, OTHER);
  for (gboolean is_found = FALSE; !is_found; n_turns++)
    {
      g_autoptr (SentMessage) sent = NULL;

      turn (fixture);
      notify_later (fixture, URI);
      while (!is_found && (sent = core_fixture_pop_sent (fixture)) != NULL)
        {
          is_found = (sent->remote.ip[14] << 8 | sent->remote.ip[15]) == 2000;
          g_clear_pointer (&sent, sent_message_free);
        }
      g_assert_cmpuint (n_turns, <, 3);
    }
}

static void
test_gone_in_fan_out (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("Observers come and go in a fan-out");
  add_observers (fixture, 300, URI);
  notify_text (fixture, "1", FALSE);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, SLICE);

  /* Two that have it, two that have not, and a new one that needs it not. */
  for (guint host = 2 + SLICE - 2; host < 2 + SLICE + 2; host++)
    {
      GCoapEvent request;

      core_fixture_receive_frame (fixture, host, &(GCoapFrame) {
        .type = NON,
        .code = GET,
        .token = (const guint8 *) "\xaa",
        .token_length = 1,
        .options = (const guint8 *) "\x61\x01",
        .options_length = 2,
      });
      core_fixture_expect_unregistered (fixture, host, TOKEN);
      request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
      core_fixture_cancel (fixture, request.id);
    }
  core_fixture_add_observer (fixture, 1000, TOKEN, URI);
  turn (fixture);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 300 - SLICE - 2);
  core_fixture_advance (fixture, SECOND);
  core_fixture_expect_silence (fixture);
  notify_later (fixture, URI);
  core_fixture_advance (fixture, SECOND);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 300 - 4 + 1);
}

static void
test_all_gone_in_fan_out (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();
  GCoapEvent request;

  g_test_summary ("A fan-out may find that nobody is left");
  notify_later (fixture, URI);
  core_fixture_receive (fixture, 2, "51 01 9999 aa 6101");
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  core_fixture_cancel (fixture, request.id);
  core_fixture_advance (fixture, SECOND);
  expect_nobody (fixture);
}

static void
test_rest (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_observer ();

  g_test_summary ("An observer that has the latest state wakes nobody");
  core_fixture_notify (fixture, URI, CONTENT, FALSE);
  core_fixture_drop_sent (fixture);
  core_fixture_advance (fixture, 300 * SECOND);
  g_assert_cmpint (gcoap_engine_get_next_deadline (fixture->engine), ==, GCOAP_NO_DEADLINE);
}

static void
test_free (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapFrame gone = { .code = NOT_FOUND };

  g_test_summary ("An engine that is freed leaves nothing behind, whatever its notifications are "
                  "doing");
  add_observers (fixture, 600, URI);
  core_fixture_add_observer (fixture, 2, 0xbb, OTHER);
  core_fixture_add_observer (fixture, 2, 0xcc, OTHER "?last");
  core_fixture_notify (fixture, OTHER "?last", NOT_FOUND, TRUE);
  core_fixture_notify (fixture, OTHER, CONTENT, TRUE);
  core_fixture_notify (fixture, URI, CONTENT, TRUE);
  notify_later (fixture, OTHER);
  gcoap_engine_notify (fixture->engine, URI, &gone, NULL, TRUE, fixture->now);
}

#define ADD(path, test) g_test_add_func ("/core/notifier/" path, test)

int
main (int    argc,
      char **argv)
{
  static const guint intervals[] = { 0, 1, 2, 20 };
  static const GCoapMessageType con = CON, non = NON;

  g_test_init (&argc, &argv, NULL);

  ADD ("state", test_state);
  ADD ("nobody", test_nobody);
  ADD ("type", test_type);
  for (gsize i = 0; i < G_N_ELEMENTS (intervals); i++)
    {
      g_autofree char *path = g_strdup_printf ("/core/notifier/confirmable-every/%u",
                                               intervals[i]);

      g_test_add_data_func (path, &intervals[i], test_confirmable_interval);
    }
  ADD ("confirmable-every/day", test_daily);
  ADD ("sequence", test_sequence);
  ADD ("replaced/on-acknowledgement", test_replaced);
  ADD ("replaced/on-time-out", test_replaced_on_time_out);
  ADD ("replaced/given-up", test_replaced_and_given_up);
  ADD ("replaced/held-up", test_replaced_while_held_up);
  ADD ("slow-observer", test_slow_observer);
  ADD ("reset/con", test_reset_con);
  ADD ("reset/non", test_reset_non);
  ADD ("reset/one-of-two", test_reset_of_one_of_two);
  ADD ("reset/from-another", test_reset_from_another);
  ADD ("given-up", test_given_up);
  g_test_add_data_func ("/core/notifier/undeliverable/con", &con, test_undeliverable);
  g_test_add_data_func ("/core/notifier/undeliverable/non", &non, test_undeliverable);
  ADD ("undeliverable/acknowledgement", test_undeliverable_acknowledgement);
  ADD ("deregistered-while-sending", test_deregistered_while_sending);
  ADD ("last/non", test_last);
  ADD ("last/con", test_last_confirmable);
  ADD ("last/unacknowledged", test_last_unacknowledged);
  ADD ("last/replaces", test_last_replaces);
  ADD ("last/is-final", test_last_is_final);
  ADD ("last/registered-again", test_last_and_again);
  ADD ("no-message-id/new", test_no_message_id);
  ADD ("no-message-id/replace", test_no_message_id_to_replace);
  ADD ("fan-out/slices", test_slices);
  ADD ("fan-out/newer-state", test_newer_state_in_fan_out);
  ADD ("fan-out/fast-states", test_fast_states);
  ADD ("fan-out/fast-states-of-another", test_fast_states_of_another);
  ADD ("fan-out/some-gone", test_gone_in_fan_out);
  ADD ("fan-out/all-gone", test_all_gone_in_fan_out);
  ADD ("rest", test_rest);
  ADD ("free", test_free);

  return g_test_run ();
}
