/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* Responses that are put off, and what becomes of those that are sent later. */

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define ACK GCOAP_MESSAGE_TYPE_ACK
#define RST GCOAP_MESSAGE_TYPE_RST

#define CONTENT     GCOAP_CODE_CONTENT
#define EMPTY       GCOAP_CODE_EMPTY
#define UNAVAILABLE GCOAP_CODE_SERVICE_UNAVAILABLE

/* What the peer asks; the Message ID and the token tell the requests apart. */
#define CON_GET_A "42 01 1234 aabb b161"
#define CON_GET_B "42 01 1235 aabc b162"

static void
test_deferred (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapRequest) request = NULL;
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("In time, the answer rides on the acknowledgement all the same");
  configure (fixture->server, "PiggybackDelay=3600");
  g_signal_connect (fixture->server, "request", G_CALLBACK (defer_cb), NULL);
  peer_ask (fixture, CON_GET_A);
  wait_until (count_pending (fixture->server) == 1);
  expect_silence (fixture->peer);
  request = get_pending (fixture->server, 0);
  gcoap_endpoint_set_response_text (fixture->server, "later");
  assert_responds (fixture->server, gcoap_request_get_request_id (request));
  g_assert_cmpuint (count_pending (fixture->server), ==, 0);
  answer = peer_expect (fixture->peer, ACK, CONTENT, "later");
  g_assert_cmpuint (fixture->responses.n, ==, 1);
  g_assert_true (fixture->responses.request == request);
}

static void
test_separate (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = defer_acknowledged (fixture);
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("A confirmable answer is over when it has arrived, RFC 7252 section 5.2.2");
  gcoap_endpoint_set_response_text (fixture->server, "later");
  assert_responds (fixture->server, id);
  answer = peer_expect (fixture->peer, CON, CONTENT, "later");
  g_assert_true (datagram_token_is (answer, "aabb"));
  g_assert_cmpuint (fixture->responses.n, ==, 0);
  peer_answer_empty (fixture->peer, answer, ACK);
  wait_until (fixture->responses.n == 1);
  g_assert_cmpint (fixture->responses.code, ==, 0);
}

static void
test_separate_non (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = defer_acknowledged (fixture);
  g_autoptr (Datagram) answer = NULL;

  gcoap_endpoint_set_use_confirmable_messages (fixture->server, FALSE);
  gcoap_endpoint_set_response_text (fixture->server, "later");
  assert_responds (fixture->server, id);
  g_assert_cmpuint (fixture->responses.n, ==, 1);
  answer = peer_expect (fixture->peer, NON, CONTENT, "later");
}

static void
test_separate_reset (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = defer_acknowledged (fixture);
  g_autoptr (Datagram) answer = NULL;

  gcoap_endpoint_set_response_text (fixture->server, "later");
  assert_responds (fixture->server, id);
  answer = peer_take (fixture->peer);
  peer_answer_empty (fixture->peer, answer, RST);
  wait_until (fixture->responses.n == 1);
  g_assert_cmpint (fixture->responses.code, ==, GCOAP_ERROR_RESET);
}

static void
test_separate_silent (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = defer_acknowledged (fixture);

  configure (fixture->server, "AckTimeout=0.001");
  configure (fixture->server, "MaxRetransmit=2");
  gcoap_endpoint_set_response_text (fixture->server, "later");
  assert_responds (fixture->server, id);
  wait_until (fixture->responses.n == 1);
  g_assert_cmpint (fixture->responses.code, ==, GCOAP_ERROR_TIMED_OUT);
  wait_until (fixture->peer->n_received == 1 + 3);
}

static void
test_separate_refused (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = defer_acknowledged (fixture);

  g_test_summary ("A peer that is gone is noticed by ICMP");
  g_socket_close (fixture->peer->socket, NULL);
  gcoap_endpoint_set_response_text (fixture->server, "later");
  assert_responds (fixture->server, id);
  wait_until (fixture->responses.n == 1);
  g_assert_cmpint (fixture->responses.code, ==, GCOAP_ERROR_REJECTED);
}

static void
acknowledge_cb (Peer           *peer,
                const Datagram *datagram,
                gpointer        user_data)
{
  peer_answer_empty (peer, datagram, ACK);
}

static void
test_separate_blocking (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = defer_acknowledged (fixture);

  g_test_summary ("With a timeout it waits for the acknowledgement");
  fixture->peer->func = acknowledge_cb;
  gcoap_endpoint_set_timeout (fixture->server, 60);
  gcoap_endpoint_set_response_text (fixture->server, "later");
  assert_responds (fixture->server, id);
  g_assert_cmpuint (fixture->responses.n, ==, 1);
  g_assert_cmpint (fixture->responses.code, ==, 0);
}

static gboolean
send_other_cb (gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GCoapRequest) request = get_pending (fixture->server, 0);

  gcoap_endpoint_set_timeout (fixture->server, 0);
  assert_responds (fixture->server, gcoap_request_get_request_id (request));

  return G_SOURCE_REMOVE;
}

static void
test_separate_blocking_silent (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = defer_acknowledged (fixture);
  g_autoptr (Datagram) acknowledgement = NULL;
  g_autoptr (Datagram) first = NULL;
  g_autoptr (Datagram) second = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("When the timeout has passed, the answer that NSTART held back goes out");
  configure (fixture->server, "AckTimeout=3600");
  g_signal_connect (fixture->server, "request::/b", G_CALLBACK (defer_cb), NULL);
  peer_ask (fixture, CON_GET_B);
  acknowledgement = peer_expect (fixture->peer, ACK, EMPTY, "");
  gcoap_endpoint_set_timeout (fixture->server, 1);
  gcoap_endpoint_set_response_text (fixture->server, "later");
  g_idle_add (send_other_cb, fixture);
  g_assert_false (gcoap_endpoint_send_response (fixture->server, id, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_TIMED_OUT);
  g_assert_cmpuint (fixture->responses.n, ==, 1);
  g_assert_cmpint (fixture->responses.code, ==, GCOAP_ERROR_TIMED_OUT);
  first = peer_take (fixture->peer);
  g_assert_true (datagram_token_is (first, "aabb"));
  second = peer_take (fixture->peer);
  g_assert_true (datagram_token_is (second, "aabc"));
}

static void
test_send_response_bad (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = defer_acknowledged (fixture);
  g_autoptr (GError) error = NULL;

  g_test_summary ("After an error the request is still pending");
  gcoap_endpoint_set_response_code (fixture->server, "9.99");
  g_assert_false (gcoap_endpoint_send_response (fixture->server, id, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_RESPONSE_CODE);
  g_assert_cmpuint (count_pending (fixture->server), ==, 1);
  gcoap_endpoint_set_response_code (fixture->server, "2.04");
  assert_responds (fixture->server, id);
}

static void
test_send_response_twice (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = defer_acknowledged (fixture);
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_response_code (fixture->server, "2.04");
  assert_responds (fixture->server, id);
  g_assert_false (gcoap_endpoint_send_response (fixture->server, id, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_REQUEST_ID);
}

static void
test_send_response_wrong_mode (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = ask (fixture->client, uri);
  g_autoptr (GError) error = NULL;

  g_assert_false (gcoap_endpoint_send_response (fixture->client, id, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
}

static void
answer_myself_cb (GCoapEndpoint *endpoint,
                  GCoapRequest  *request,
                  gpointer       user_data)
{
  gcoap_endpoint_set_response_text (endpoint, "myself");
  assert_responds (endpoint, gcoap_request_get_request_id (request));
  gcoap_endpoint_set_response_text (endpoint, "too late");
}

static void
test_send_response_in_handler (gconstpointer data)
{
  guint timeout = GPOINTER_TO_UINT (data);
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("A handler may answer itself, and that is the one answer");
  gcoap_endpoint_set_timeout (fixture->server, timeout);
  g_signal_connect (fixture->server, "request", G_CALLBACK (answer_myself_cb), NULL);
  peer_ask (fixture, CON_GET_A);
  answer = peer_expect (fixture->peer, ACK, CONTENT, "myself");
  expect_silence (fixture->peer);
  g_assert_cmpuint (fixture->responses.n, ==, 1);
  g_assert_cmpuint (fixture->errors.n, ==, 0);
}

static void
cancel_myself_cb (GCoapEndpoint *endpoint,
                  GCoapRequest  *request,
                  gpointer       user_data)
{
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_response_text (endpoint, "never");
  gcoap_endpoint_cancel_request (endpoint, gcoap_request_get_request_id (request), &error);
  g_assert_no_error (error);
}

static void
test_cancel_in_handler (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  g_signal_connect (fixture->server, "request", G_CALLBACK (cancel_myself_cb), NULL);
  peer_ask (fixture, CON_GET_A);
  wait_until (fixture->responses.n == 1);
  g_assert_cmpint (fixture->responses.code, ==, GCOAP_ERROR_CANCELED);
  expect_silence (fixture->peer);
  g_assert_cmpuint (fixture->responses.n, ==, 1);
  g_assert_cmpuint (fixture->errors.n, ==, 0);
}

static void
test_cancel_deferred (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = defer_acknowledged (fixture);
  g_autoptr (GError) error = NULL;

  g_test_summary ("The peer gets no answer");
  g_assert_true (gcoap_endpoint_cancel_request (fixture->server, id, &error));
  g_assert_cmpuint (fixture->responses.n, ==, 1);
  g_assert_cmpint (fixture->responses.code, ==, GCOAP_ERROR_CANCELED);
  g_assert_cmpuint (count_pending (fixture->server), ==, 0);
  expect_silence (fixture->peer);
  g_assert_false (gcoap_endpoint_send_response (fixture->server, id, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_REQUEST_ID);
}

/* Takes so long that the peer has been told of the failure. */
static void
dawdle_cb (GCoapEndpoint *endpoint,
           GCoapRequest  *request,
           Fixture       *fixture)
{
  gcoap_endpoint_set_response_text (endpoint, "too late");
  while (fixture->peer->n_received < 2)
    gcoap_endpoint_do_events (endpoint, NULL);
}

static void
test_handler_too_slow (gconstpointer data)
{
  gboolean is_deferred = GPOINTER_TO_INT (data);
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) acknowledgement = NULL;
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("The request ends once, as 5.03, though its handler comes to an end later");
  configure (fixture->server, "PiggybackDelay=0");
  configure (fixture->server, "ResponseTimeout=0.001");
  g_signal_connect (fixture->server, "request", G_CALLBACK (dawdle_cb), fixture);
  if (is_deferred)
    g_signal_connect (fixture->server, "request", G_CALLBACK (defer_cb), NULL);
  peer_ask (fixture, CON_GET_A);
  acknowledgement = peer_expect (fixture->peer, ACK, EMPTY, "");
  answer = peer_take (fixture->peer);
  g_assert_cmpuint (answer->code, ==, UNAVAILABLE);
  expect_silence (fixture->peer);
  g_assert_cmpuint (fixture->responses.n, ==, 1);
  g_assert_cmpint (fixture->responses.code, ==, GCOAP_ERROR_TIMED_OUT);
  g_assert_cmpuint (count_pending (fixture->server), ==, 0);
  gcoap_endpoint_stop_listening (fixture->server, NULL);
  g_assert_cmpuint (gcoap_endpoint_get_local_port (fixture->server), ==, 0);
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-deferred/" path, function)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("in-time", test_deferred);
  ADD ("separate", test_separate);
  ADD ("separate/non", test_separate_non);
  ADD ("separate/reset", test_separate_reset);
  ADD ("separate/silent", test_separate_silent);
  ADD ("separate/refused", test_separate_refused);
  ADD ("separate/blocking", test_separate_blocking);
  ADD ("separate/blocking-silent", test_separate_blocking_silent);
  ADD ("send-response/bad", test_send_response_bad);
  ADD ("send-response/twice", test_send_response_twice);
  ADD ("send-response/wrong-mode", test_send_response_wrong_mode);
  g_test_add_data_func ("/facade/endpoint-deferred/send-response/in-handler",
                        GUINT_TO_POINTER (0), test_send_response_in_handler);
  g_test_add_data_func ("/facade/endpoint-deferred/send-response/in-handler-blocking",
                        GUINT_TO_POINTER (60), test_send_response_in_handler);
  ADD ("cancel/in-handler", test_cancel_in_handler);
  ADD ("cancel/deferred", test_cancel_deferred);
  g_test_add_data_func ("/facade/endpoint-deferred/handler-too-slow",
                        GINT_TO_POINTER (FALSE), test_handler_too_slow);
  g_test_add_data_func ("/facade/endpoint-deferred/handler-too-slow/deferred",
                        GINT_TO_POINTER (TRUE), test_handler_too_slow);

  return g_test_run ();
}
