/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "core-fixture.h"

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define ACK GCOAP_MESSAGE_TYPE_ACK
#define RST GCOAP_MESSAGE_TYPE_RST

#define MILLISECOND       G_TIME_SPAN_MILLISECOND
#define MAX_TRANSMIT_WAIT (93 * SECOND)

#define NOT_FOUND 132

#define URI   "coap://server/r"
#define OTHER "coap://server/s"

#define TOKEN 0xaa

/* How many messages a state brings forth. */
static guint
count_observers (CoreFixture *fixture,
                 const char  *uri)
{
  core_fixture_notify (fixture, uri, CONTENT, FALSE);

  return core_fixture_drop_sent (fixture);
}

/* The answer to a registration that made no observer. */
static void
expect_plain_answer (CoreFixture      *fixture,
                     GCoapMessageType  type,
                     guint8            code)
{
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (fixture, type, code);
  guint32 observe;

  g_assert_false (sent_message_get_observe (sent, &observe));
}

static guint32
get_observe (const SentMessage *sent)
{
  guint32 observe;

  g_assert_true (sent_message_get_observe (sent, &observe));

  return observe;
}

static void
test_accepted (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("Who registers gets the state, and from then on each that follows, "
                  "RFC 7641 section 1.2");
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 1);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 1);
  g_assert_cmpuint (count_observers (fixture, OTHER), ==, 0);
}

static void
test_accepted_non (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = core_fixture_receive_observe (fixture, 2, NON, TOKEN, 0);
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("A registration may be Non-confirmable, RFC 7641 section 3.1");
  g_assert_true (core_fixture_observe (fixture, &request, URI));
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  sent = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 1);
}

static void
test_not_accepted (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);

  g_test_summary ("A registration that is not accepted is answered as a plain GET, "
                  "RFC 7641 section 4.1");
  g_assert_true (request.is_registration);
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  expect_plain_answer (fixture, ACK, CONTENT);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 0);
}

static void
test_error (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);

  g_test_summary ("Who gets an error is no observer, even if the registration was accepted, "
                  "RFC 7641 section 4.1");
  g_assert_true (core_fixture_observe (fixture, &request, URI));
  core_fixture_respond (fixture, request.id, NOT_FOUND, TRUE);
  expect_plain_answer (fixture, ACK, NOT_FOUND);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 0);
}

static void
test_option_of_application (void)
{
  const guint8 options[] = { 0x41, 0x01, 0x21, 0x63, 0x61, 0x3c }; /* ETag, Observe 99, Format */
  GCoapFrame response = { .code = CONTENT, .options = options, .options_length = sizeof options };
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request;

  g_test_summary ("The Observe option is the engine's, RFC 7641 section 4.2");
  request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);
  gcoap_engine_respond (fixture->engine, request.id, &response, NULL, TRUE, fixture->now);
  core_fixture_expect_bytes (fixture, 2, "61 45 0001 aa 4101 813c");

  /* 1,000,000 ms: the clock of the fixture. */
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);
  g_assert_true (core_fixture_observe (fixture, &request, URI));
  gcoap_engine_respond (fixture->engine, request.id, &response, NULL, TRUE, fixture->now);
  core_fixture_expect_bytes (fixture, 2, "61 45 0002 aa 4101 230f4240 613c");
}

typedef struct
{
  const char *name;
  const char *request;
  gboolean    is_registration;
} RequestRow;

static const RequestRow request_rows[] = {
  { "get", "41 01 0001 aa 60", TRUE },
  { "fetch", "41 05 0001 aa 60", TRUE },
  { "empty-token", "40 01 0001 60", TRUE },
  { "zero-in-three-bytes", "41 01 0001 aa 63000000", TRUE },
  { "post", "41 02 0001 aa 60", FALSE },
  { "put", "41 03 0001 aa 60", FALSE },
  { "no-option", "41 01 0001 aa", FALSE },
  { "deregister", "41 01 0001 aa 6101", FALSE },
  { "two", "41 01 0001 aa 6102", FALSE },
  { "zero-in-four-bytes", "41 01 0001 aa 6400000000", FALSE },
  { "deregister-and-register", "41 01 0001 aa 6101 00", FALSE },
};

static void
test_request (gconstpointer data)
{
  const RequestRow *row = data;
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request;

  g_test_summary ("Only a GET or FETCH with Observe 0 is a registration, else the option is as if "
                  "absent, RFC 7641 section 2");
  core_fixture_receive (fixture, 2, row->request);
  request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  g_assert_cmpint (request.is_registration, ==, row->is_registration);
  g_assert_cmpint (core_fixture_observe (fixture, &request, URI), ==, row->is_registration);
}

static void
test_group (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request;

  g_test_summary ("A request to a group registers nobody, RFC 7641 section 6");
  core_fixture_receive_group (fixture, 2, "51 01 0001 aa 60");
  request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  g_assert_false (request.is_registration);
  g_assert_false (core_fixture_observe (fixture, &request, URI));
}

static void
test_duplicate (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);
  g_autoptr (SentMessage) first = NULL, second = NULL;

  g_test_summary ("A registration that comes again gets the same answer, RFC 7252 section 4.5");
  g_assert_true (core_fixture_observe (fixture, &request, URI));
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  first = core_fixture_expect_notification (fixture, ACK, 2, TOKEN);
  core_fixture_notify (fixture, URI, CONTENT, FALSE);
  core_fixture_drop_sent (fixture);
  core_fixture_receive (fixture, 2, "41 01 0001 aa 6100 5172");
  second = core_fixture_expect_notification (fixture, ACK, 2, TOKEN);
  g_assert_cmpmem (first->data, first->length, second->data, second->length);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 1);
}

static void
test_too_late (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);

  g_test_summary ("A registration can be accepted until it is answered, and not after");
  core_fixture_advance (fixture, SECOND);
  core_fixture_drop_sent (fixture);
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  expect_plain_answer (fixture, CON, CONTENT);
  g_assert_false (core_fixture_observe (fixture, &request, URI));
  g_assert_cmpuint (count_observers (fixture, URI), ==, 0);
}

static void
test_unknown (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GCoapMessage) request = gcoap_message_new (GET);
  guint64 id = core_fixture_submit (fixture, 2, TRUE);

  g_test_summary ("Nobody observes by a request that is none");
  g_assert_false (gcoap_engine_observe (fixture->engine, 0, request, URI, fixture->now));
  g_assert_false (gcoap_engine_observe (fixture->engine, id, request, URI, fixture->now));
  g_assert_false (gcoap_engine_observe (fixture->engine, 12345, request, URI, fixture->now));
}

/* A registration that was accepted, and acknowledged without an answer. */
static GCoapEvent
register_slowly (CoreFixture *fixture)
{
  GCoapEvent request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);
  g_autoptr (SentMessage) sent = NULL;

  g_assert_true (core_fixture_observe (fixture, &request, URI));
  core_fixture_advance (fixture, SECOND);
  sent = core_fixture_expect_sent (fixture, ACK, 0);

  return request;
}

static void
test_separate (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = register_slowly (fixture);
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("The answer to a registration may be separate, RFC 7641 section 4.1");
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  sent = core_fixture_expect_notification (fixture, CON, 2, TOKEN);
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  core_fixture_expect_no_event (fixture);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 1);
}

static void
test_separate_unacknowledged (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = register_slowly (fixture);

  g_test_summary ("Whom the answer does not reach is no observer, RFC 7641 section 4.5");
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 5);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  core_fixture_expect_failure (fixture, request.id, GCOAP_ERROR_TIMED_OUT);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 0);
}

static void
test_separate_reset (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = register_slowly (fixture);
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("Who rejects the answer is no observer, RFC 7641 section 4.5");
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  sent = core_fixture_expect_notification (fixture, CON, 2, TOKEN);
  core_fixture_reply (fixture, sent, RST, 0, sent->frame.message_id);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  core_fixture_expect_failure (fixture, request.id, GCOAP_ERROR_RESET);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 0);
}

static void
test_never_answered (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = register_slowly (fixture);

  g_test_summary ("A registration that the application does not answer ends as 5.03");
  core_fixture_advance (fixture, 120 * SECOND);
  core_fixture_expect_failure (fixture, request.id, GCOAP_ERROR_TIMED_OUT);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 0);
}

static void
test_cancelled (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = register_slowly (fixture);

  g_test_summary ("A registration that is cancelled makes no observer");
  g_assert_true (core_fixture_cancel (fixture, request.id));
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  core_fixture_expect_no_event (fixture);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 0);
}

static void
test_state_before_answer (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = register_slowly (fixture);
  g_autoptr (SentMessage) answer = NULL, notification = NULL;

  g_test_summary ("A state of before the answer comes after it, with a higher number, "
                  "RFC 7641 sections 4.1 and 4.4");
  g_assert_true (core_fixture_notify (fixture, URI, CONTENT, FALSE));
  core_fixture_expect_silence (fixture);
  core_fixture_respond (fixture, request.id, CONTENT, FALSE);
  answer = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  notification = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  core_fixture_expect_silence (fixture);
  g_assert_cmpuint (get_observe (notification), ==, get_observe (answer) + 1);
}

static void
test_last_state_before_answer (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = register_slowly (fixture);
  g_autoptr (SentMessage) answer = NULL;

  g_test_summary ("So does the last state");
  g_assert_true (core_fixture_notify (fixture, URI, NOT_FOUND, FALSE));
  core_fixture_respond (fixture, request.id, CONTENT, FALSE);
  answer = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  expect_plain_answer (fixture, NON, NOT_FOUND);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
}

static void
test_no_message_id_for_answer (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = register_slowly (fixture);
  guint n_sent = 0;

  g_test_summary ("An answer that cannot be sent makes no observer, RFC 7252 section 4.4");
  while (n_sent < 65536)
    {
      core_fixture_submit (fixture, 2, FALSE);
      if (core_fixture_drop_sent (fixture) == 0)
        break;
      n_sent++;
    }
  g_assert_cmpuint (n_sent, >, 60000);
  core_fixture_respond (fixture, request.id, CONTENT, FALSE);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  core_fixture_expect_failure (fixture, request.id, GCOAP_ERROR_REJECTED);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 0);
}

static void
test_again (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("The same token again is the same observer, RFC 7641 section 4.1");
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  core_fixture_expect_no_event (fixture);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 1);
}

static void
test_again_other_uri (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request;

  g_test_summary ("The same token for another URI takes the place of the first, "
                  "RFC 7641 section 4.1");
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);
  g_assert_true (core_fixture_observe (fixture, &request, OTHER));
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  core_fixture_drop_sent (fixture);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 0);
  g_assert_cmpuint (count_observers (fixture, OTHER), ==, 1);
}

static void
test_again_not_accepted (gconstpointer data)
{
  const guint8 *code = data;
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request;

  g_test_summary ("A plain answer to the same token says that it is over, "
                  "RFC 7641 sections 3.2 and 4.1");
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);
  if (*code == NOT_FOUND)
    g_assert_true (core_fixture_observe (fixture, &request, URI));
  core_fixture_respond (fixture, request.id, *code, TRUE);
  expect_plain_answer (fixture, ACK, *code);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 0);
}

static void
test_again_too_many_requests (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("A refusal without the application says so too, RFC 7641 section 3.2");
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  gcoap_engine_get_parameters (fixture->engine)->max_pending_requests = 0;
  core_fixture_receive (fixture, 2, "41 01 0002 aa 60 5172");
  sent = core_fixture_expect_sent (fixture, ACK, 163);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 0);
}

static void
test_again_while_notified (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) sent = NULL, answer = NULL;
  GCoapEvent request;

  g_test_summary ("Who registers again is not given up, and the answer takes the place of a "
                  "notification on its way, RFC 7641 section 4.5.2");
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  core_fixture_notify (fixture, URI, CONTENT, TRUE);
  sent = core_fixture_expect_notification (fixture, CON, 2, TOKEN);
  core_fixture_advance (fixture, 40 * SECOND);
  core_fixture_drop_sent (fixture);
  request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);
  g_assert_true (core_fixture_observe (fixture, &request, URI));
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
  core_fixture_respond (fixture, request.id, CONTENT, FALSE);
  answer = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  g_assert_cmpuint (get_observe (answer), ==, get_observe (sent));
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  core_fixture_expect_no_event (fixture);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 1);
}

static void
test_again_and_first_fails (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent first = register_slowly (fixture);

  g_test_summary ("A registration that fails does not take back a later one");
  core_fixture_respond (fixture, first.id, CONTENT, TRUE);
  core_fixture_drop_sent (fixture);
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_drop_sent (fixture);
  core_fixture_expect_failure (fixture, first.id, GCOAP_ERROR_TIMED_OUT);
  core_fixture_expect_no_event (fixture);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 1);
}

static void
test_again_and_first_answered (gconstpointer data)
{
  const guint8 *code = data;
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent first = register_slowly (fixture);
  GCoapEvent second = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);

  g_test_summary ("Nor does one that is answered late, whatever the answer");
  g_assert_true (core_fixture_observe (fixture, &second, URI));
  core_fixture_respond (fixture, first.id, *code, FALSE);
  core_fixture_notify (fixture, URI, CONTENT, FALSE);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
  core_fixture_respond (fixture, second.id, CONTENT, TRUE);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 2);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  core_fixture_expect_no_event (fixture);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 1);
}

static void
test_local_address (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) sent = NULL;
  const guint8 request[] = { 0x41, GET, 0x12, 0x34, TOKEN, 0x60 };
  GCoapDatagram datagram = {
    .remote = core_address (2),
    .local = core_address (77),
    .data = request,
    .length = sizeof request,
  };
  GCoapEvent event;

  g_test_summary ("Notifications leave from the address that was asked last");
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  gcoap_engine_receive (fixture->engine, &datagram, fixture->now);
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  g_assert_true (core_fixture_observe (fixture, &event, URI));
  core_fixture_respond (fixture, event.id, CONTENT, TRUE);
  core_fixture_drop_sent (fixture);
  core_fixture_notify (fixture, URI, CONTENT, FALSE);
  sent = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  g_assert_true (gcoap_address_equal (&sent->local, &datagram.local));
}

static void
leave (CoreFixture *fixture,
       guint        host,
       guint8       token)
{
  GCoapEvent event;

  core_fixture_receive_frame (fixture, host, &(GCoapFrame) {
    .type = NON,
    .code = GET,
    .message_id = 0x9999,
    .token = &token,
    .token_length = 1,
    .options = (const guint8 *) "\x61\x01",
    .options_length = 2,
  });
  core_fixture_expect_unregistered (fixture, host, token);
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  core_fixture_respond (fixture, event.id, CONTENT, TRUE);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  core_fixture_drop_sent (fixture);
}

static void
test_two_tokens (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("Two tokens of one endpoint are two observers, RFC 7641 section 4.1");
  core_fixture_add_observer (fixture, 2, 0xaa, URI);
  core_fixture_add_observer (fixture, 2, 0xbb, URI);
  core_fixture_add_observer (fixture, 2, 0xcc, OTHER);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 2);
  g_assert_cmpuint (count_observers (fixture, OTHER), ==, 1);
}

static void
test_two_endpoints (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("One token of two endpoints is two observers, RFC 7641 section 4.1");
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  core_fixture_add_observer (fixture, 3, TOKEN, URI);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 2);
  leave (fixture, 3, TOKEN);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 1);
}

static void
test_token_lengths (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  const char *const requests[] = {
    "40 01 0001 60", "41 01 0002 00 60", "42 01 0003 0000 60", "48 01 0004 0000000000000000 60",
  };

  g_test_summary ("Tokens that differ in length are different, RFC 7252 section 5.3.1");
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      GCoapEvent request;

      core_fixture_receive (fixture, 2, requests[i]);
      request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
      g_assert_true (core_fixture_observe (fixture, &request, URI));
      core_fixture_respond (fixture, request.id, CONTENT, TRUE);
      core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
    }
  core_fixture_drop_sent (fixture);
  g_assert_cmpuint (count_observers (fixture, URI), ==, G_N_ELEMENTS (requests));
}

static void
expect_over_the_cap (CoreFixture *fixture,
                     guint        host,
                     guint8       token)
{
  GCoapEvent request = core_fixture_receive_observe (fixture, host, CON, token, 0);

  g_assert_false (core_fixture_observe (fixture, &request, URI));
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  expect_plain_answer (fixture, ACK, CONTENT);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
}

static void
test_cap (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;

  g_test_summary ("Above max_observers a registration is a plain GET, RFC 7641 section 4.1");
  gcoap_parameters_init (&parameters);
  parameters.max_observers = 2;
  fixture = core_fixture_new_with (&parameters);
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  core_fixture_add_observer (fixture, 3, TOKEN, URI);
  expect_over_the_cap (fixture, 4, TOKEN);
  core_fixture_add_observer (fixture, 3, TOKEN, URI);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 2);
  leave (fixture, 3, TOKEN);
  core_fixture_add_observer (fixture, 4, TOKEN, URI);
}

static void
test_cap_per_peer (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;

  g_test_summary ("Above max_observers_per_peer too, and other peers are not concerned");
  gcoap_parameters_init (&parameters);
  parameters.max_observers_per_peer = 2;
  fixture = core_fixture_new_with (&parameters);
  core_fixture_add_observer (fixture, 2, 0xaa, URI);
  core_fixture_add_observer (fixture, 2, 0xbb, URI);
  expect_over_the_cap (fixture, 2, 0xcc);
  core_fixture_add_observer (fixture, 3, 0xcc, URI);
  core_fixture_add_observer (fixture, 2, 0xbb, URI);
  leave (fixture, 2, 0xaa);
  core_fixture_add_observer (fixture, 2, 0xcc, URI);
}

static void
test_cap_of_peers (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;

  g_test_summary ("Where max_peers leaves no room, a registration is a plain GET");
  gcoap_parameters_init (&parameters);
  parameters.max_peers = 1;
  fixture = core_fixture_new_with (&parameters);
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  expect_over_the_cap (fixture, 3, TOKEN);
  leave (fixture, 2, TOKEN);
  core_fixture_add_observer (fixture, 3, TOKEN, URI);
}

static void
test_caps_leave_peers (void)
{
  GCoapParameters parameters;

  g_test_summary ("Observers alone cannot take all the places of peers");
  gcoap_parameters_init (&parameters);
  g_assert_cmpuint (parameters.max_observers, <, parameters.max_peers);
}

static void
test_deregister (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapFrame deregistration = {
    .type = CON,
    .code = GET,
    .message_id = 0x9999,
    .token = (const guint8 *) "\xaa",
    .token_length = 1,
    .options = (const guint8 *) "\x61\x01",
    .options_length = 2,
  };
  GCoapEvent request;

  g_test_summary ("Observe 1 ends an observation and is answered as a plain GET, "
                  "RFC 7641 sections 3.6 and 4.1");
  core_fixture_add_observer (fixture, 2, 0xaa, URI);
  core_fixture_add_observer (fixture, 2, 0xbb, URI);
  core_fixture_receive_frame (fixture, 2, &deregistration);
  core_fixture_expect_unregistered (fixture, 2, 0xaa);
  request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  g_assert_false (request.is_registration);
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  expect_plain_answer (fixture, ACK, CONTENT);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 1);
}

static void
test_deregister_unknown (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request;

  g_test_summary ("Observe 1 of nobody is a plain GET, RFC 7641 section 4.1");
  core_fixture_add_observer (fixture, 3, TOKEN, URI);
  request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 1);
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  expect_plain_answer (fixture, ACK, CONTENT);
  g_assert_cmpuint (count_observers (fixture, URI), ==, 1);
}

static void
test_unregistered (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapAddress remote = core_address (2), local = core_address (1);
  GCoapEvent request, event;
  GCoapFrame registered, told;

  g_test_summary ("Who has gone is told by the registration: code, token and options");
  core_fixture_receive (fixture, 2, "45 05 0001 0102030405 60 56 73656e736f72 43 613d31");
  request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  g_assert_true (core_fixture_observe (fixture, &request, URI));
  core_fixture_respond (fixture, request.id, NOT_FOUND, TRUE);
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_UNREGISTERED);
  g_assert_cmpuint (event.id, !=, request.id);
  g_assert_true (gcoap_address_equal (&event.remote, &remote));
  g_assert_true (gcoap_address_equal (&event.local, &local));
  gcoap_message_get_frame (request.message, &registered);
  gcoap_message_get_frame (event.message, &told);
  g_assert_cmpuint (told.code, ==, registered.code);
  g_assert_cmpmem (told.token, told.token_length, registered.token, registered.token_length);
  g_assert_cmpmem (told.options, told.options_length, registered.options,
                   registered.options_length);
}

typedef struct
{
  const char *name;
  const char *request;
  const char *payload;
} PayloadRow;

static const PayloadRow payload_rows[] = {
  { "fetch", "41 05 0001 aa 60 62 0032 ff 7175657279", "query" },
  { "fetch-without", "41 05 0001 aa 60", "" },
  { "get", "41 01 0001 aa 60 ff 78", "x" },
};

static void
test_unregistered_payload (gconstpointer data)
{
  const PayloadRow *row = data;
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request, event;
  GCoapFrame registered, told;

  g_test_summary ("What was asked for is told again too, RFC 8132 section 2.4");
  core_fixture_receive (fixture, 2, row->request);
  request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  g_assert_true (core_fixture_observe (fixture, &request, URI));
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  gcoap_engine_unregister_all (fixture->engine, fixture->now);

  event = core_fixture_expect_event (fixture, GCOAP_EVENT_UNREGISTERED);
  gcoap_message_get_frame (request.message, &registered);
  gcoap_message_get_frame (event.message, &told);
  g_assert_cmpuint (told.code, ==, registered.code);
  g_assert_cmpmem (told.options, told.options_length, registered.options,
                   registered.options_length);
  g_assert_cmpmem (told.payload, told.payload_length, row->payload, strlen (row->payload));
}

static void
test_sequence_from_clock (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (CoreFixture) again = core_fixture_new ();
  g_autoptr (SentMessage) before = NULL, after = NULL;

  g_test_summary ("A server that is started anew goes on with higher numbers, "
                  "RFC 7641 section 4.4");
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  for (guint i = 0; i < 10; i++)
    {
      core_fixture_drop_sent (fixture);
      core_fixture_notify (fixture, URI, CONTENT, FALSE);
    }
  before = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  again->now = fixture->now + SECOND;
  core_fixture_add_observer (again, 2, TOKEN, URI);
  core_fixture_notify (again, URI, CONTENT, FALSE);
  after = core_fixture_expect_notification (again, NON, 2, TOKEN);
  g_assert_cmpuint (get_observe (after), >, get_observe (before));
}

static void
test_sequence_unmoved (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) first = NULL, second = NULL;

  g_test_summary ("Those who register and go do not push the numbers ahead, "
                  "RFC 7641 section 4.4");
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  core_fixture_notify (fixture, URI, CONTENT, FALSE);
  first = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *uri = g_strdup_printf (OTHER "?%u", i);

      core_fixture_add_observer (fixture, 3, TOKEN, uri);
      core_fixture_advance (fixture, 300 * SECOND);
      leave (fixture, 3, TOKEN);
    }
  core_fixture_notify (fixture, URI, CONTENT, FALSE);
  second = core_fixture_expect_notification (fixture, NON, 2, TOKEN);
  g_assert_cmpuint (get_observe (second), ==, get_observe (first) + 1);
}

static GCoapObserverKey
make_key (guint  host,
          guint8 token)
{
  return (GCoapObserverKey) {
    .remote = core_address (host),
    .token_length = sizeof token,
    .token = { token },
  };
}

static void
assert_key (const GCoapObserverKey *key,
            guint                   host,
            guint8                  token)
{
  GCoapAddress remote = core_address (host);

  g_assert_true (gcoap_address_equal (&key->remote, &remote));
  g_assert_cmpmem (key->token, key->token_length, &token, sizeof token);
}

static void
test_registered (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapAddress remote = core_address (2);
  guint8 token = TOKEN;
  GCoapEvent request, event;

  g_test_summary ("A new observer is told of, before its response; one that renews is not");
  for (guint i = 0; i < 2; i++)
    {
      request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);
      g_assert_true (core_fixture_observe (fixture, &request, URI));
      if (i == 0)
        {
          event = core_fixture_expect_event (fixture, GCOAP_EVENT_REGISTERED);
          g_assert_true (gcoap_address_equal (&event.remote, &remote));
          g_assert_cmpmem (event.token, event.token_length, &token, sizeof token);
        }
      g_assert_false (gcoap_engine_pop_event (fixture->engine, &event));
      core_fixture_respond (fixture, request.id, CONTENT, TRUE);
      core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
    }
}

static void
test_list (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GArray) list = NULL;
  gint64 begin = fixture->now;

  g_test_summary ("In the order they have registered");
  for (guint i = 0; i < 20; i++)
    {
      core_fixture_add_observer (fixture, 2 + i % 3, i, i % 2 ? URI : OTHER);
      core_fixture_advance (fixture, SECOND);
    }
  list = gcoap_engine_list_observers (fixture->engine);
  g_assert_cmpuint (list->len, ==, 20);
  for (guint i = 0; i < 20; i++)
    {
      const GCoapObserverInfo *info = &g_array_index (list, GCoapObserverInfo, i);

      assert_key (&info->key, 2 + i % 3, i);
      g_assert_cmpstr (info->uri, ==, i % 2 ? URI : OTHER);
      g_assert_cmpint (info->registered, ==, begin + i * SECOND);
      g_assert_cmpint (info->acknowledged, ==, 0);
    }
}

static void
test_info (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapObserverKey key = make_key (2, TOKEN), unknown = make_key (3, TOKEN);
  g_autoptr (SentMessage) sent = NULL;
  GCoapObserverInfo info;
  gint64 begin = fixture->now;

  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  core_fixture_advance (fixture, SECOND);
  core_fixture_notify (fixture, URI, CONTENT, TRUE);
  sent = core_fixture_expect_notification (fixture, CON, 2, TOKEN);
  g_assert_true (gcoap_engine_get_observer (fixture->engine, &key, &info));
  g_assert_cmpint (info.acknowledged, ==, 0);
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  g_assert_true (gcoap_engine_get_observer (fixture->engine, &key, &info));
  assert_key (&info.key, 2, TOKEN);
  g_assert_cmpint (info.registered, ==, begin);
  g_assert_cmpint (info.acknowledged, ==, fixture->now);
  g_assert_false (gcoap_engine_get_observer (fixture->engine, &unknown, &info));
}

static void
test_unregister (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapObserverKey key = make_key (2, TOKEN), unknown = make_key (2, TOKEN + 1);

  g_test_summary ("An observer that is removed is told of, and gets nothing from then on");
  core_fixture_add_observer (fixture, 2, TOKEN, URI);
  core_fixture_notify (fixture, URI, CONTENT, TRUE);
  core_fixture_drop_sent (fixture);
  g_assert_false (gcoap_engine_unregister (fixture->engine, &unknown, fixture->now));
  g_assert_true (gcoap_engine_unregister (fixture->engine, &key, fixture->now));
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
  g_assert_false (gcoap_engine_unregister (fixture->engine, &key, fixture->now));
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
}

static void
test_unregister_pending (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent request = core_fixture_receive_observe (fixture, 2, CON, TOKEN, 0);
  GCoapObserverKey key = make_key (2, TOKEN);

  g_test_summary ("Before the response has gone out, that is then a plain one");
  g_assert_true (core_fixture_observe (fixture, &request, URI));
  g_assert_true (gcoap_engine_unregister (fixture->engine, &key, fixture->now));
  core_fixture_respond (fixture, request.id, CONTENT, TRUE);
  expect_plain_answer (fixture, ACK, CONTENT);
  core_fixture_expect_unregistered (fixture, 2, TOKEN);
}

static void
test_free (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("An engine that is freed leaves nothing of its observers behind");
  core_fixture_add_observer (fixture, 2, 0xaa, URI);
  core_fixture_add_observer (fixture, 2, 0xbb, OTHER);
  register_slowly (fixture);
}

#define ADD(path, test) g_test_add_func ("/core/observers/" path, test)

int
main (int    argc,
      char **argv)
{
  static const guint8 content = CONTENT, not_found = NOT_FOUND;

  g_test_init (&argc, &argv, NULL);

  ADD ("accepted/con", test_accepted);
  ADD ("accepted/non", test_accepted_non);
  ADD ("accepted/error", test_error);
  ADD ("accepted/too-late", test_too_late);
  ADD ("accepted/unknown", test_unknown);
  ADD ("not-accepted", test_not_accepted);
  ADD ("option-of-application", test_option_of_application);
  ADD ("duplicate", test_duplicate);
  ADD ("local-address", test_local_address);
  for (gsize i = 0; i < G_N_ELEMENTS (request_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/core/observers/request/", request_rows[i].name, NULL);

      g_test_add_data_func (path, &request_rows[i], test_request);
    }
  ADD ("request/group", test_group);
  ADD ("separate/acknowledged", test_separate);
  ADD ("separate/unacknowledged", test_separate_unacknowledged);
  ADD ("separate/reset", test_separate_reset);
  ADD ("separate/never-answered", test_never_answered);
  ADD ("separate/cancelled", test_cancelled);
  ADD ("separate/state-before-answer", test_state_before_answer);
  ADD ("separate/last-state-before-answer", test_last_state_before_answer);
  ADD ("separate/no-message-id", test_no_message_id_for_answer);
  ADD ("again/same-uri", test_again);
  ADD ("again/other-uri", test_again_other_uri);
  ADD ("again/too-many-requests", test_again_too_many_requests);
  ADD ("again/while-notified", test_again_while_notified);
  ADD ("again/first-fails", test_again_and_first_fails);
  g_test_add_data_func ("/core/observers/again/first-answered", &content,
                        test_again_and_first_answered);
  g_test_add_data_func ("/core/observers/again/first-answered-by-error", &not_found,
                        test_again_and_first_answered);
  g_test_add_data_func ("/core/observers/again/not-accepted", &content, test_again_not_accepted);
  g_test_add_data_func ("/core/observers/again/error", &not_found, test_again_not_accepted);
  ADD ("two-tokens", test_two_tokens);
  ADD ("two-endpoints", test_two_endpoints);
  ADD ("token-lengths", test_token_lengths);
  ADD ("cap/all", test_cap);
  ADD ("cap/per-peer", test_cap_per_peer);
  ADD ("cap/of-peers", test_cap_of_peers);
  ADD ("cap/leaves-peers", test_caps_leave_peers);
  ADD ("deregister/known", test_deregister);
  ADD ("deregister/unknown", test_deregister_unknown);
  ADD ("unregistered/registration", test_unregistered);
  for (gsize i = 0; i < G_N_ELEMENTS (payload_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/core/observers/unregistered/payload/",
                                           payload_rows[i].name, NULL);

      g_test_add_data_func (path, &payload_rows[i], test_unregistered_payload);
    }
  ADD ("registered", test_registered);
  ADD ("list", test_list);
  ADD ("info", test_info);
  ADD ("unregister/known", test_unregister);
  ADD ("unregister/pending", test_unregister_pending);
  ADD ("sequence/from-clock", test_sequence_from_clock);
  ADD ("sequence/unmoved", test_sequence_unmoved);
  ADD ("free", test_free);

  return g_test_run ();
}
