/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* send_async(), for programs that have many requests going at once. */

#define ACK GCOAP_MESSAGE_TYPE_ACK

#define CONTENT   GCOAP_CODE_CONTENT
#define NOT_FOUND GCOAP_CODE_NOT_FOUND

#define N_BURST 1000

/* What has become of a send_async(). */
typedef struct
{
  guint         n;
  GCoapMessage *response;
  GError       *error;
} Result;

static void
result_clear (Result *self)
{
  g_clear_pointer (&self->response, gcoap_message_unref);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static void
sent_cb (GObject      *source,
         GAsyncResult *async_result,
         gpointer      user_data)
{
  Result *result = user_data;

  result->n++;
  result->response = gcoap_endpoint_send_finish (GCOAP_ENDPOINT (source), async_result,
                                                 &result->error);
}

static GCoapMessage *
make_get (const char *uri)
{
  g_autoptr (GError) error = NULL;
  GCoapMessage *message = gcoap_message_new_request (GCOAP_METHOD_GET, uri, &error);

  g_assert_no_error (error);

  return message;
}

static void
send_get (GCoapEndpoint *endpoint,
          const char    *uri,
          GCancellable  *cancellable,
          Result        *result)
{
  g_autoptr (GCoapMessage) message = make_get (uri);

  gcoap_endpoint_send_async (endpoint, message, cancellable, sent_cb, result);
}

static void
shutdown_cb (GCoapEndpoint *endpoint)
{
  gcoap_endpoint_shutdown (endpoint, NULL);
}

static void
test_result (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_auto (Result) result = { 0 };
  g_autofree char *text = NULL;

  peer_answer_with (fixture->peer, "hi");
  send_get (fixture->client, uri, NULL, &result);
  wait_until (result.n == 1);
  g_assert_no_error (result.error);
  text = gcoap_message_dup_text (result.response);
  g_assert_cmpstr (text, ==, "hi");
}

static void
test_alone (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_auto (Result) result = { 0 };

  g_test_summary ("The properties, the records and the signals are those of others");
  gcoap_endpoint_set_request_content_format (fixture->client, 50);
  send_get (fixture->client, uri, NULL, &result);
  g_assert_cmpuint (count_pending (fixture->client), ==, 0);
  peer_answer_with (fixture->peer, "hi");
  wait_until (result.n == 1);
  g_assert_cmpstr (gcoap_endpoint_get_response_code (fixture->client), ==, "");
  g_assert_cmpint (gcoap_endpoint_get_request_content_format (fixture->client), ==, 50);
  g_assert_cmpuint (fixture->requests.n, ==, 0);
}

static void
test_error_response (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_server_uri (fixture, "/none");
  g_auto (Result) result = { 0 };

  g_test_summary ("Is a result");
  send_get (fixture->client, uri, NULL, &result);
  wait_until (result.n == 1);
  g_assert_no_error (result.error);
  g_assert_cmpuint (gcoap_message_get_code (result.response), ==, NOT_FOUND);
}

static void
test_twice (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GCoapMessage) message = make_get (uri);
  g_auto (Result) one = { 0 };
  g_auto (Result) other = { 0 };

  peer_answer_with (fixture->peer, "hi");
  gcoap_endpoint_send_async (fixture->client, message, NULL, sent_cb, &one);
  gcoap_endpoint_send_async (fixture->client, message, NULL, sent_cb, &other);
  wait_until (one.n == 1 && other.n == 1);
  g_assert_no_error (one.error);
  g_assert_error (other.error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
}

static void
test_no_request (gconstpointer data)
{
  guint code = GPOINTER_TO_UINT (data);
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapMessage) message = gcoap_message_new (code);
  g_auto (Result) result = { 0 };

  gcoap_endpoint_send_async (fixture->client, message, NULL, sent_cb, &result);
  wait_until (result.n == 1);
  g_assert_error (result.error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
}

static void
test_wrong_mode (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_auto (Result) result = { 0 };

  send_get (fixture->server, uri, NULL, &result);
  wait_until (result.n == 1);
  g_assert_error (result.error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
}

static void
test_same_token (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GBytes) token = g_bytes_new ("same", 4);
  Result results[2] = { 0 };

  g_test_summary ("RFC 7252 section 5.3.1: a token is used once at a time");
  configure (fixture->client, "NStart=2");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GCoapMessage) message = make_get (uri);

      g_assert_true (gcoap_message_set_token (message, token, NULL));
      gcoap_endpoint_send_async (fixture->client, message, NULL, sent_cb, &results[i]);
    }
  peer_answer_with (fixture->peer, "hi");
  wait_until (results[0].n == 1 && results[1].n == 1);
  g_assert_no_error (results[0].error);
  g_assert_error (results[1].error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  result_clear (&results[0]);
  result_clear (&results[1]);
}

static void
test_cancel (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Result) result = { 0 };

  send_get (fixture->client, uri, cancellable, &result);
  g_cancellable_cancel (cancellable);
  wait_until (result.n == 1);
  g_assert_error (result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancelled_before (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Result) result = { 0 };

  g_cancellable_cancel (cancellable);
  send_get (fixture->client, uri, cancellable, &result);
  wait_until (result.n == 1);
  g_assert_error (result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  expect_silence (fixture->peer);
}

static void
test_cancel_frees_line (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (Datagram) first = NULL;
  g_autoptr (Datagram) second = NULL;
  g_auto (Result) one = { 0 };
  g_auto (Result) other = { 0 };

  g_test_summary ("What NSTART held back goes out when the one before it is cancelled");
  configure (fixture->client, "AckTimeout=3600");
  send_get (fixture->client, uri, cancellable, &one);
  send_get (fixture->client, uri, NULL, &other);
  first = peer_take (fixture->peer);
  g_cancellable_cancel (cancellable);
  second = peer_take (fixture->peer);
  g_assert_cmpuint (second->message_id, !=, first->message_id);
  peer_answer (fixture->peer, second, ACK, CONTENT, "hi");
  wait_until (other.n == 1);
  g_assert_no_error (other.error);
}

static void
test_shutdown_while_sending (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_auto (Result) result = { 0 };

  g_signal_connect (fixture->client, "notify::local-port", G_CALLBACK (shutdown_cb), NULL);
  send_get (fixture->client, uri, NULL, &result);
  wait_until (result.n == 1);
  g_assert_error (result.error, GCOAP_ERROR, GCOAP_ERROR_CANCELED);
}

static void
test_burst (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_server_uri (fixture, "/temp");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree Result *results = g_new0 (Result, N_BURST);
  guint n_cancelled = 0;

  g_test_summary ("Each of very many ends once, half of them by a cancellable");
  configure (fixture->client, "NStart=16");
  answer_with (fixture->server, "request", "21.5");
  for (guint i = 0; i < N_BURST; i++)
    send_get (fixture->client, uri, i % 2 == 0 ? cancellable : NULL, &results[i]);
  g_cancellable_cancel (cancellable);

  for (guint i = 0; i < N_BURST; i++)
    {
      wait_until (results[i].n == 1);
      if (g_error_matches (results[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        n_cancelled++;
      else
        g_assert_no_error (results[i].error);
    }
  settle ();
  for (guint i = 0; i < N_BURST; i++)
    {
      g_assert_cmpuint (results[i].n, ==, 1);
      result_clear (&results[i]);
    }
  g_assert_cmpuint (n_cancelled, ==, N_BURST / 2);
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-send/" path, function)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("result", test_result);
  ADD ("alone", test_alone);
  ADD ("error-response", test_error_response);
  ADD ("twice", test_twice);
  g_test_add_data_func ("/facade/endpoint-send/no-destination",
                        GUINT_TO_POINTER (GCOAP_METHOD_GET), test_no_request);
  g_test_add_data_func ("/facade/endpoint-send/no-request",
                        GUINT_TO_POINTER (GCOAP_CODE_CONTENT), test_no_request);
  ADD ("wrong-mode", test_wrong_mode);
  ADD ("same-token", test_same_token);
  ADD ("cancel", test_cancel);
  ADD ("cancelled-before", test_cancelled_before);
  ADD ("cancel-frees-line", test_cancel_frees_line);
  ADD ("shutdown-while-sending", test_shutdown_while_sending);
  ADD ("burst", test_burst);

  return g_test_run ();
}
