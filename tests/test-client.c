/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "core-fixture.h"

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define ACK GCOAP_MESSAGE_TYPE_ACK
#define RST GCOAP_MESSAGE_TYPE_RST

#define EXCHANGE_LIFETIME (247 * SECOND)
#define MAX_RTT           (202 * SECOND)
#define MAX_TRANSMIT_WAIT (93 * SECOND)

/* A Message ID of the peer's. */
#define THEIRS 0x0102

static SentMessage *
submit (CoreFixture *fixture,
        guint64     *out_id)
{
  *out_id = core_fixture_submit (fixture, 2, TRUE);

  return core_fixture_expect_sent (fixture, CON, GET);
}

/* How one is told that it has come, and that nothing is left of it. */
static void
expect_response (CoreFixture *fixture,
                 guint64      id)
{
  GCoapEvent event = core_fixture_expect_event (fixture, GCOAP_EVENT_RESPONSE);
  GCoapAddress remote = core_address (2);

  g_assert_cmpuint (event.id, ==, id);
  g_assert_cmpuint (gcoap_message_get_code (event.message), ==, CONTENT);
  g_assert_true (gcoap_address_equal (&event.remote, &remote));
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, 1000 * SECOND);
  core_fixture_expect_no_event (fixture);
  core_fixture_expect_silence (fixture);
  g_assert_cmpint (gcoap_engine_get_next_deadline (fixture->engine), ==, GCOAP_NO_DEADLINE);
}

static void
test_piggybacked (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;
  g_autoptr (SentMessage) sent = submit (fixture, &id);

  g_test_summary ("A response comes on the acknowledgement, RFC 7252 section 5.2.1");
  core_fixture_reply (fixture, sent, ACK, CONTENT, sent->frame.message_id);
  core_fixture_expect_silence (fixture);
  expect_response (fixture, id);
}

static void
test_separate (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;
  g_autoptr (SentMessage) sent = submit (fixture, &id);

  g_test_summary ("A response comes after the acknowledgement, RFC 7252 section 5.2.2");
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  core_fixture_advance (fixture, 100 * SECOND);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
  core_fixture_reply (fixture, sent, CON, CONTENT, THEIRS);
  core_fixture_expect_bytes (fixture, 2, "60 00 0102");
  expect_response (fixture, id);
}

static void
test_separate_non (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;
  g_autoptr (SentMessage) sent = submit (fixture, &id);

  g_test_summary ("A Non-confirmable response is not acknowledged, RFC 7252 section 5.2.3");
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  core_fixture_reply (fixture, sent, NON, CONTENT, THEIRS);
  core_fixture_expect_silence (fixture);
  expect_response (fixture, id);
}

static void
test_response_before_ack (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;
  g_autoptr (SentMessage) sent = submit (fixture, &id);

  g_test_summary ("A response that overtakes the acknowledgement stops retransmission, "
                  "RFC 7252 section 5.2.2");
  core_fixture_reply (fixture, sent, CON, CONTENT, THEIRS);
  core_fixture_expect_bytes (fixture, 2, "60 00 0102");
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  expect_response (fixture, id);
}

static void
test_duplicate_response (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;
  g_autoptr (SentMessage) sent = submit (fixture, &id);

  g_test_summary ("A response that comes again is acknowledged again and delivered once, "
                  "RFC 7252 section 4.5");
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  for (guint i = 0; i < 3; i++)
    {
      core_fixture_reply (fixture, sent, CON, CONTENT, THEIRS);
      core_fixture_expect_bytes (fixture, 2, "60 00 0102");
      core_fixture_expect_silence (fixture);
    }
  expect_response (fixture, id);
}

static void
test_response_after_lifetime (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;
  g_autoptr (SentMessage) sent = submit (fixture, &id);

  g_test_summary ("After EXCHANGE_LIFETIME the Message ID is that of another message, "
                  "RFC 7252 sections 4.5 and 5.3.2");
  core_fixture_reply (fixture, sent, CON, CONTENT, THEIRS);
  core_fixture_expect_bytes (fixture, 2, "60 00 0102");
  core_fixture_advance (fixture, EXCHANGE_LIFETIME);
  core_fixture_reply (fixture, sent, CON, CONTENT, THEIRS);
  core_fixture_expect_bytes (fixture, 2, "70 00 0102");
}

static void
test_duplicate_non_response (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;
  g_autoptr (SentMessage) sent = submit (fixture, &id);

  g_test_summary ("A Non-confirmable response that comes again is ignored, RFC 7252 section 4.5");
  core_fixture_reply (fixture, sent, NON, CONTENT, THEIRS);
  core_fixture_reply (fixture, sent, NON, CONTENT, THEIRS);
  core_fixture_expect_silence (fixture);
  expect_response (fixture, id);
}

static void
test_non_request (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_submit (fixture, 2, FALSE);
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (fixture, NON, GET);

  g_test_summary ("A Confirmable response to a Non-confirmable request is fine, "
                  "RFC 7252 section 5.2.3");
  core_fixture_reply (fixture, sent, CON, CONTENT, THEIRS);
  core_fixture_expect_bytes (fixture, 2, "60 00 0102");
  expect_response (fixture, id);
}

static void
test_non_request_acknowledged (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_submit (fixture, 2, FALSE);
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (fixture, NON, GET);

  g_test_summary ("An acknowledgement of a Non-confirmable message means nothing, "
                  "RFC 7252 section 4.3");
  core_fixture_reply (fixture, sent, ACK, CONTENT, sent->frame.message_id);
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
  core_fixture_reply (fixture, sent, NON, CONTENT, THEIRS);
  expect_response (fixture, id);
}

static void
test_silence_after_ack (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;
  g_autoptr (SentMessage) sent = submit (fixture, &id);

  g_test_summary ("A peer that acknowledges and then is silent does not keep the request for ever");
  core_fixture_advance (fixture, SECOND);
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  core_fixture_advance (fixture, EXCHANGE_LIFETIME - 1);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, 1);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
  core_fixture_expect_silence (fixture);
}

static void
test_silence_after_non (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_submit (fixture, 2, FALSE);

  g_test_summary ("A Non-confirmable request ends after MAX_RTT, RFC 7252 section 4.8.2");
  core_fixture_advance (fixture, MAX_RTT - 1);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, 1);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
}

static guint64
submit_patiently (CoreFixture *fixture,
                  gint64       timeout,
                  gboolean     is_deadline)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  GCoapAddress remote = core_address (2);

  return core_fixture_submit_to (fixture, &remote, message, timeout, is_deadline);
}

static void
test_inactivity (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = submit_patiently (fixture, 10 * SECOND, FALSE);
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (fixture, CON, GET);

  g_test_summary ("A timeout starts anew with each datagram of the exchange");
  core_fixture_advance (fixture, 9 * SECOND);
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  core_fixture_advance (fixture, 10 * SECOND - 1);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, 1);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
}

static void
test_deadline (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = submit_patiently (fixture, 10 * SECOND, TRUE);
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (fixture, CON, GET);

  g_test_summary ("A deadline stays where it is, whatever comes");
  core_fixture_advance (fixture, 9 * SECOND);
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  core_fixture_advance (fixture, SECOND - 1);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, 1);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
}

static void
test_long_timeout (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = submit_patiently (fixture, 3600 * SECOND, FALSE);

  g_test_summary ("Patience does not outlast the retransmissions, RFC 7252 section 4.2");
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
}

static void
test_reset (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;
  g_autoptr (SentMessage) sent = submit (fixture, &id);

  g_test_summary ("A Reset ends the request, RFC 7252 section 4.2");
  core_fixture_reply (fixture, sent, RST, 0, sent->frame.message_id);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_RESET);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
}

static void
test_reset_of_non (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_submit (fixture, 2, FALSE);
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (fixture, NON, GET);

  g_test_summary ("A Reset ends a Non-confirmable request too, RFC 7252 section 4.3");
  core_fixture_reply (fixture, sent, RST, 0, sent->frame.message_id);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_RESET);
}

/* What must not be taken for the response. */
static void
assert_unmoved (CoreFixture *fixture,
                SentMessage *sent,
                guint64      id)
{
  core_fixture_expect_no_event (fixture);
  core_fixture_reply (fixture, sent, ACK, CONTENT, sent->frame.message_id);
  expect_response (fixture, id);
}

static void
test_token_mismatch (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;
  g_autoptr (SentMessage) sent = submit (fixture, &id);
  GCoapFrame frame = { .type = ACK, .code = CONTENT, .message_id = sent->frame.message_id };

  g_test_summary ("A piggybacked response with another token is none, RFC 7252 section 5.3.2");
  frame.token = sent->frame.token;
  frame.token_length = sent->frame.token_length - 1;
  core_fixture_receive_frame (fixture, 2, &frame);
  frame.token = (const guint8 *) "\x00\x01\x02\x03";
  frame.token_length = 4;
  core_fixture_receive_frame (fixture, 2, &frame);
  core_fixture_expect_silence (fixture);
  assert_unmoved (fixture, sent, id);
}

static void
test_ack_of_another (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id, other_id;
  g_autoptr (SentMessage) sent = submit (fixture, &id);
  g_autoptr (SentMessage) other = NULL;

  g_test_summary ("A piggybacked response must fit by Message ID and token, "
                  "RFC 7252 section 5.3.2");
  other_id = core_fixture_submit (fixture, 2, FALSE);
  other = core_fixture_expect_sent (fixture, NON, GET);
  core_fixture_reply (fixture, other, ACK, CONTENT, sent->frame.message_id);
  core_fixture_expect_no_event (fixture);
  core_fixture_cancel (fixture, other_id);
  assert_unmoved (fixture, sent, id);
}

static void
test_other_address (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;
  g_autoptr (SentMessage) sent = submit (fixture, &id);
  GCoapFrame frame = sent->frame;

  g_test_summary ("A response from another address is none, RFC 7252 section 5.3.2");
  frame.code = CONTENT;
  frame.type = ACK;
  core_fixture_receive_frame (fixture, 3, &frame);
  frame.type = NON;
  core_fixture_receive_frame (fixture, 3, &frame);
  core_fixture_expect_silence (fixture);
  frame.type = CON;
  frame.message_id = THEIRS;
  core_fixture_receive_frame (fixture, 3, &frame);
  core_fixture_expect_bytes (fixture, 3, "70 00 0102");
  assert_unmoved (fixture, sent, id);
}

static void
test_other_address_empty (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id;
  g_autoptr (SentMessage) sent = submit (fixture, &id);
  GCoapFrame frame = { .type = ACK, .message_id = sent->frame.message_id };

  g_test_summary ("An acknowledgement or Reset from another address is none, "
                  "RFC 7252 section 4.4");
  core_fixture_receive_frame (fixture, 3, &frame);
  frame.type = RST;
  core_fixture_receive_frame (fixture, 3, &frame);
  assert_unmoved (fixture, sent, id);
}

static void
test_same_token_two_peers (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) token = g_bytes_new_static ("\x01", 1);
  guint64 ids[2];
  SentMessage *sent[2];

  g_test_summary ("Equal tokens towards two peers are told apart, RFC 7252 section 5.3.1");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
      GCoapAddress remote = core_address (2 + i);

      g_assert_true (gcoap_message_set_token (message, token, NULL));
      ids[i] = core_fixture_submit_to (fixture, &remote, message, 0, FALSE);
      sent[i] = core_fixture_expect_sent (fixture, CON, GET);
      g_assert_cmpmem (sent[i]->frame.token, sent[i]->frame.token_length, "\x01", 1);
    }
  for (guint i = 2; i > 0; i--)
    {
      core_fixture_reply (fixture, sent[i - 1], NON, CONTENT, THEIRS);
      g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_RESPONSE).id, ==,
                        ids[i - 1]);
      sent_message_free (sent[i - 1]);
    }
}

static void
test_same_token_again (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) token = g_bytes_new_static ("", 0);
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  GCoapAddress remote = core_address (2);
  GCoapPatience patience = { 0 };
  guint64 id;
  int error;

  g_test_summary ("A token in use towards a peer cannot be used again, RFC 7252 section 5.3.1");
  g_assert_true (gcoap_message_set_token (message, token, NULL));
  id = core_fixture_submit_to (fixture, &remote, message, 0, FALSE);
  g_assert_cmpuint (gcoap_engine_submit (fixture->engine, &remote, message, &patience, NULL,
                                         fixture->now, &error), ==, 0);
  g_assert_cmpint (error, ==, EEXIST);
  core_fixture_cancel (fixture, id);
  g_assert_cmpuint (core_fixture_submit_to (fixture, &remote, message, 0, FALSE), !=, 0);
}

static void
test_tokens_differ (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GHashTable) used = g_hash_table_new (NULL, NULL);

  g_test_summary ("Tokens are random and have 32 bits at least, RFC 7252 section 5.3.1");
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (SentMessage) sent = NULL;
      guint32 word;

      core_fixture_submit (fixture, 2, FALSE);
      sent = core_fixture_expect_sent (fixture, NON, GET);
      g_assert_cmpuint (sent->frame.token_length, >=, 4);
      memcpy (&word, sent->frame.token, sizeof word);
      g_assert_true (g_hash_table_add (used, GUINT_TO_POINTER (word)));
    }
}

static guint64
ping (CoreFixture *fixture)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (0);
  GCoapAddress remote = core_address (2);

  return core_fixture_submit_to (fixture, &remote, message, 0, FALSE);
}

typedef struct
{
  const char       *path;
  GCoapMessageType  type;
  guint8            code;
} Pong;

/* node-coap takes an empty message for a request, and answers it. */
static const Pong pongs[] = {
  { "/core/client/ping/reset", RST, 0 },
  { "/core/client/ping/acknowledged", ACK, 0 },
  { "/core/client/ping/answered", ACK, CONTENT },
};

static void
test_ping (gconstpointer data)
{
  const Pong *pong = data;
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = ping (fixture);
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (fixture, CON, 0);
  GCoapEvent event;

  g_test_summary ("A ping is an empty message, and any answer to it is a life sign, "
                  "RFC 7252 section 4.3");
  g_assert_cmpuint (sent->length, ==, 4);
  core_fixture_reply (fixture, sent, pong->type, pong->code, sent->frame.message_id);
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_RESPONSE);
  g_assert_cmpuint (event.id, ==, id);
  g_assert_cmpuint (gcoap_message_get_code (event.message), ==, 0);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
}

static void
test_ping_unanswered (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = ping (fixture);

  g_test_summary ("A ping is repeated, and given up like any message, RFC 7252 section 4.2");
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 5);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
}

/* The states that a request can be cancelled in. */
typedef enum
{
  CANCEL_HELD_UP,
  CANCEL_SENT,
  CANCEL_REPEATED,
  CANCEL_ACKNOWLEDGED,
  CANCEL_NON,
  CANCEL_PING,
} CancelState;

static guint64
bring_to_state (CoreFixture   *fixture,
                CancelState    state,
                SentMessage  **out_sent)
{
  guint64 id = state == CANCEL_PING ? ping (fixture)
                                    : core_fixture_submit (fixture, 2, state != CANCEL_NON);

  *out_sent = core_fixture_pop_sent (fixture);
  if (state == CANCEL_HELD_UP)
    id = core_fixture_submit (fixture, 2, TRUE);
  else if (state == CANCEL_REPEATED)
    core_fixture_advance (fixture, 10 * SECOND);
  else if (state == CANCEL_ACKNOWLEDGED)
    core_fixture_reply (fixture, *out_sent, ACK, 0, (*out_sent)->frame.message_id);

  return id;
}

static void
test_cancel (gconstpointer data)
{
  const CancelState *state = data;
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) sent = NULL;
  guint64 id = bring_to_state (fixture, *state, &sent);
  GCoapMessageType late_types[] = { ACK, RST, NON };

  g_test_summary ("A cancelled request is over in silence, and what comes late is ignored");
  core_fixture_drop_sent (fixture);
  g_assert_true (core_fixture_cancel (fixture, id));
  g_assert_false (core_fixture_cancel (fixture, id));
  if (*state == CANCEL_HELD_UP)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (late_types); i++)
    core_fixture_reply (fixture, sent, late_types[i], late_types[i] == RST ? 0 : CONTENT,
                        sent->frame.message_id);
  core_fixture_expect_silence (fixture);
  core_fixture_reply (fixture, sent, CON, CONTENT, THEIRS);
  core_fixture_expect_bytes (fixture, 2, "70 00 0102");
  core_fixture_advance (fixture, 1000 * SECOND);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
}

static void
add_rows (void)
{
  static const char *const state_names[] = {
    "held-up", "sent", "repeated", "acknowledged", "non", "ping",
  };
  static const CancelState states[] = {
    CANCEL_HELD_UP, CANCEL_SENT, CANCEL_REPEATED, CANCEL_ACKNOWLEDGED, CANCEL_NON, CANCEL_PING,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree char *path = g_strconcat ("/core/client/cancel/", state_names[i], NULL);

      g_test_add_data_func (path, &states[i], test_cancel);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (pongs); i++)
    g_test_add_data_func (pongs[i].path, &pongs[i], test_ping);
}

#define ADD(path, test) g_test_add_func ("/core/client/" path, test)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("response/piggybacked", test_piggybacked);
  ADD ("response/separate", test_separate);
  ADD ("response/separate-non", test_separate_non);
  ADD ("response/before-ack", test_response_before_ack);
  ADD ("response/duplicate", test_duplicate_response);
  ADD ("response/after-lifetime", test_response_after_lifetime);
  ADD ("response/duplicate-non", test_duplicate_non_response);
  ADD ("non/confirmable-response", test_non_request);
  ADD ("non/acknowledged", test_non_request_acknowledged);
  ADD ("timeout/after-ack", test_silence_after_ack);
  ADD ("timeout/after-non", test_silence_after_non);
  ADD ("timeout/inactivity", test_inactivity);
  ADD ("timeout/deadline", test_deadline);
  ADD ("timeout/long", test_long_timeout);
  ADD ("reset/con", test_reset);
  ADD ("reset/non", test_reset_of_non);
  ADD ("match/token", test_token_mismatch);
  ADD ("match/ack-of-another", test_ack_of_another);
  ADD ("match/address", test_other_address);
  ADD ("match/address-empty", test_other_address_empty);
  ADD ("match/same-token-two-peers", test_same_token_two_peers);
  ADD ("token/in-use", test_same_token_again);
  ADD ("token/random", test_tokens_differ);
  ADD ("ping/unanswered", test_ping_unanswered);
  add_rows ();

  return g_test_run ();
}
