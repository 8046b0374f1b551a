/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* To begin to listen, and to stop. */

#define CON GCOAP_MESSAGE_TYPE_CON
#define ACK GCOAP_MESSAGE_TYPE_ACK
#define RST GCOAP_MESSAGE_TYPE_RST

#define CONTENT GCOAP_CODE_CONTENT
#define EMPTY   GCOAP_CODE_EMPTY

/* What the peer asks; the Message ID and the token tell the requests apart. */
#define CON_GET_A "42 01 1234 aabb b161"
#define CON_GET_B "42 01 1235 aabc b162"
#define NON_GET_A "52 01 1237 aabe b161"

static void
test_listening (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;
  guint n_listening = 0, n_port = 0;

  g_signal_connect_swapped (endpoint, "notify::listening", G_CALLBACK (count_cb), &n_listening);
  g_signal_connect_swapped (endpoint, "notify::local-port", G_CALLBACK (count_cb), &n_port);
  gcoap_endpoint_set_local_host (endpoint, "127.0.0.1");
  g_assert_false (gcoap_endpoint_get_listening (endpoint));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (gcoap_endpoint_start_listening (endpoint, &error));
      g_assert_true (gcoap_endpoint_get_listening (endpoint));
      g_assert_cmpuint (gcoap_endpoint_get_local_port (endpoint), !=, 0);
      g_assert_cmpuint (n_listening, ==, 1);
      g_assert_cmpuint (n_port, ==, 1);
    }
  g_assert_true (gcoap_endpoint_stop_listening (endpoint, &error));
  g_assert_false (gcoap_endpoint_get_listening (endpoint));
  g_assert_cmpuint (gcoap_endpoint_get_local_port (endpoint), ==, 0);
  g_assert_cmpuint (n_listening, ==, 2);
  g_assert_cmpuint (n_port, ==, 2);
}

static void
test_stop_twice (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (gcoap_endpoint_stop_listening (fixture->server, &error));
  g_assert_false (gcoap_endpoint_stop_listening (fixture->server, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
}

static void
test_start_again (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (Datagram) answer = NULL;

  answer_with (fixture->server, "request", "hi");
  g_assert_true (gcoap_endpoint_stop_listening (fixture->server, &error));
  g_assert_true (gcoap_endpoint_start_listening (fixture->server, &error));
  peer_ask (fixture, CON_GET_A);
  answer = peer_expect (fixture->peer, ACK, CONTENT, "hi");
}

static void
test_port_taken (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("The endpoint is as usable as before");
  gcoap_endpoint_set_local_host (endpoint, "127.0.0.1");
  gcoap_endpoint_set_local_port (endpoint, gcoap_endpoint_get_local_port (fixture->server));
  g_assert_false (gcoap_endpoint_start_listening (endpoint, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_false (gcoap_endpoint_get_listening (endpoint));
  g_clear_error (&error);
  gcoap_endpoint_set_local_port (endpoint, 0);
  g_assert_true (gcoap_endpoint_start_listening (endpoint, &error));
}

static void
test_start_while_asking (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = ask (fixture->client, uri);
  g_autoptr (GError) error = NULL;

  g_assert_false (gcoap_endpoint_start_listening (fixture->client, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
  g_assert_true (gcoap_endpoint_cancel_request (fixture->client, id, NULL));
  g_clear_error (&error);
  g_assert_true (gcoap_endpoint_start_listening (fixture->client, &error));
}

static void
test_drain (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  guint port = gcoap_endpoint_get_local_port (fixture->server);
  g_autofree char *id = defer_acknowledged (fixture);
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("What is pending may still be answered, and then the socket is closed");
  gcoap_endpoint_stop_listening (fixture->server, NULL);
  g_assert_false (gcoap_endpoint_get_listening (fixture->server));
  g_assert_cmpuint (gcoap_endpoint_get_local_port (fixture->server), ==, port);
  gcoap_endpoint_set_response_text (fixture->server, "later");
  assert_responds (fixture->server, id);
  answer = peer_expect (fixture->peer, CON, CONTENT, "later");
  g_assert_cmpuint (answer->port, ==, port);
  g_assert_cmpuint (gcoap_endpoint_get_local_port (fixture->server), ==, port);
  peer_answer_empty (fixture->peer, answer, ACK);
  wait_until (fixture->responses.n == 1);
  g_assert_cmpuint (gcoap_endpoint_get_local_port (fixture->server), ==, 0);
}

static void
test_drain_rejects (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;
  guint n = 0;

  g_test_summary ("Nothing new is taken: a Reset for what is confirmable, silence for what is not");
  g_free (defer_acknowledged (fixture));
  g_signal_connect_swapped (fixture->server, "request", G_CALLBACK (count_cb), &n);
  gcoap_endpoint_stop_listening (fixture->server, NULL);
  peer_ask (fixture, NON_GET_A);
  peer_ask (fixture, CON_GET_B);
  answer = peer_expect (fixture->peer, RST, EMPTY, "");
  g_assert_cmpuint (answer->message_id, ==, 0x1235);
  expect_silence (fixture->peer);
  g_assert_cmpuint (n, ==, 0);
}

static void
test_drain_cancel (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = defer_acknowledged (fixture);

  gcoap_endpoint_stop_listening (fixture->server, NULL);
  g_assert_true (gcoap_endpoint_cancel_request (fixture->server, id, NULL));
  g_assert_cmpuint (gcoap_endpoint_get_local_port (fixture->server), ==, 0);
}

static void
test_drain_start_again (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  guint port = gcoap_endpoint_get_local_port (fixture->server);
  g_autofree char *id = defer_acknowledged (fixture);
  g_autoptr (Datagram) answer = NULL;
  g_autoptr (Datagram) late_answer = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Goes on with the socket and the requests that were left");
  answer_with (fixture->server, "request::/b", "hi");
  gcoap_endpoint_stop_listening (fixture->server, NULL);
  g_assert_true (gcoap_endpoint_start_listening (fixture->server, &error));
  g_assert_cmpuint (gcoap_endpoint_get_local_port (fixture->server), ==, port);
  peer_ask (fixture, CON_GET_B);
  answer = peer_expect (fixture->peer, ACK, CONTENT, "hi");
  gcoap_endpoint_set_response_text (fixture->server, "later");
  assert_responds (fixture->server, id);
  late_answer = peer_expect (fixture->peer, CON, CONTENT, "later");
  peer_answer_empty (fixture->peer, late_answer, ACK);
  wait_until (fixture->responses.n == 2);
  g_assert_cmpuint (gcoap_endpoint_get_local_port (fixture->server), ==, port);
}

static void
stop_cb (GCoapEndpoint *endpoint)
{
  gcoap_endpoint_set_response_text (endpoint, "bye");
  gcoap_endpoint_stop_listening (endpoint, NULL);
}

static void
test_stop_in_handler (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("The request that stopped the server is answered");
  g_signal_connect (fixture->server, "request", G_CALLBACK (stop_cb), NULL);
  peer_ask (fixture, CON_GET_A);
  answer = peer_expect (fixture->peer, ACK, CONTENT, "bye");
  g_assert_cmpuint (gcoap_endpoint_get_local_port (fixture->server), ==, 0);
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-listening/" path, function)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("start", test_listening);
  ADD ("stop-twice", test_stop_twice);
  ADD ("start-again", test_start_again);
  ADD ("port-taken", test_port_taken);
  ADD ("while-asking", test_start_while_asking);
  ADD ("drain", test_drain);
  ADD ("drain/rejects", test_drain_rejects);
  ADD ("drain/cancel", test_drain_cancel);
  ADD ("drain/start-again", test_drain_start_again);
  ADD ("stop-in-handler", test_stop_in_handler);

  return g_test_run ();
}
