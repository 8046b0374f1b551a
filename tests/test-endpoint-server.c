/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define ACK GCOAP_MESSAGE_TYPE_ACK
#define RST GCOAP_MESSAGE_TYPE_RST

#define CONTENT         GCOAP_CODE_CONTENT
#define EMPTY           GCOAP_CODE_EMPTY
#define NOT_FOUND       GCOAP_CODE_NOT_FOUND
#define NOT_IMPLEMENTED GCOAP_CODE_NOT_IMPLEMENTED

/* What the peer asks; the Message ID and the token tell the requests apart. */
#define CON_GET_A   "42 01 1234 aabb b161"
#define CON_GET_B   "42 01 1235 aabc b162"
#define NON_GET_A   "52 01 1237 aabe b161"
#define CON_POST_A  "42 02 1238 aabf 41ee 7161 10 ff 6869"
#define CON_GET     "42 01 1239 aac0"
#define CON_GET_PCT "42 01 123a aac1 b3 61 20 2f"

static void
set_response_cb (GCoapEndpoint *endpoint,
                 GCoapRequest  *request,
                 const char    *code)
{
  gcoap_endpoint_set_response_code (endpoint, code);
}

static void
set_code_only (Fixture    *fixture,
               const char *signal,
               const char *code)
{
  g_signal_connect (fixture->server, signal, G_CALLBACK (set_response_cb), (gpointer) code);
}

static void
do_nothing_cb (void)
{
}

static void
test_piggybacked (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("Data without a code is 2.05, on the acknowledgement");
  answer_with (fixture->server, "request::/a", "hi");
  peer_ask (fixture, CON_GET_A);
  answer = peer_expect (fixture->peer, ACK, CONTENT, "hi");
  g_assert_cmpuint (answer->message_id, ==, 0x1234);
  g_assert_true (datagram_token_is (answer, "aabb"));
  wait_until (fixture->responses.n == 1);
  g_assert_cmpint (fixture->responses.code, ==, 0);
}

static void
test_non (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  answer_with (fixture->server, "request", "hi");
  peer_ask (fixture, NON_GET_A);
  answer = peer_expect (fixture->peer, NON, CONTENT, "hi");
  g_assert_true (datagram_token_is (answer, "aabe"));
}

static void
test_code_only (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  set_code_only (fixture, "request", "2.04");
  peer_ask (fixture, CON_POST_A);
  answer = peer_expect (fixture->peer, ACK, GCOAP_CODE_CHANGED, "");
}

static void
test_nothing_set (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("Success is never guessed");
  g_signal_connect (fixture->server, "request", G_CALLBACK (do_nothing_cb), NULL);
  peer_ask (fixture, CON_GET_A);
  answer = peer_expect (fixture->peer, ACK, NOT_IMPLEMENTED, "");
  g_assert_cmpuint (fixture->errors.n, ==, 1);
  g_assert_cmpint (fixture->errors.code, ==, GCOAP_ERROR_INVALID_RESPONSE_CODE);
}

static const char *const bad_codes[] = { "2", "2.5", "2.32", "8.00", "0.01", "1.00", "Content" };

static void
test_bad_code (gconstpointer data)
{
  const char *const *code = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  set_code_only (fixture, "request", *code);
  peer_ask (fixture, CON_GET_A);
  answer = peer_expect (fixture->peer, ACK, GCOAP_CODE_INTERNAL_SERVER_ERROR, "");
  g_assert_cmpuint (fixture->errors.n, ==, 1);
  g_assert_cmpint (fixture->errors.code, ==, GCOAP_ERROR_INVALID_RESPONSE_CODE);
  g_assert_nonnull (strstr (fixture->errors.description, "c.dd"));
}

static void
set_bad_option_cb (GCoapEndpoint *endpoint)
{
  g_autoptr (GCoapOption) option = gcoap_option_new (GCOAP_OPTION_NUMBER_MAX_AGE, "soon");

  gcoap_endpoint_set_response_text (endpoint, "hi");
  g_list_store_append (gcoap_endpoint_get_response_options (endpoint), option);
}

static void
test_bad_option (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_signal_connect (fixture->server, "request", G_CALLBACK (set_bad_option_cb), NULL);
  peer_ask (fixture, CON_GET_A);
  answer = peer_expect (fixture->peer, ACK, GCOAP_CODE_INTERNAL_SERVER_ERROR, "");
  g_assert_cmpint (fixture->errors.code, ==, GCOAP_ERROR_INVALID_OPTION);
}

static void
set_all_cb (GCoapEndpoint *endpoint)
{
  g_autoptr (GCoapOption) option = gcoap_option_new (GCOAP_OPTION_NUMBER_MAX_AGE, "5");
  g_autoptr (GBytes) etag = g_bytes_new ("\x01", 1);

  gcoap_endpoint_set_response_code (endpoint, "2.05");
  gcoap_endpoint_set_response_content_format (endpoint, 50);
  gcoap_endpoint_set_response_etag (endpoint, etag);
  gcoap_endpoint_set_response_text (endpoint, "{}");
  g_list_store_append (gcoap_endpoint_get_response_options (endpoint), option);
}

static void
test_all_set (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_signal_connect (fixture->server, "request", G_CALLBACK (set_all_cb), NULL);
  peer_ask (fixture, CON_GET_A);
  answer = peer_expect (fixture->peer, ACK, CONTENT, "{}");
  g_assert_cmpstr (answer->options, ==, "410181322105");
}

/* Where a handler is connected, what is asked, and what comes of it. */
typedef struct
{
  const char *name;
  const char *signal;
  const char *request;
  guint       code;
} PathRow;

static const PathRow path_rows[] = {
  { "same", "request::/a", CON_GET_A, CONTENT },
  { "other", "request::/b", CON_GET_A, NOT_FOUND },
  { "catch-all", "request", CON_GET_A, CONTENT },
  { "root", "request::/", CON_GET, CONTENT },
  { "root-is-no-prefix", "request::/", CON_GET_A, NOT_FOUND },
  { "percent-encoded", "request::/a%20%2F", CON_GET_PCT, CONTENT },
  { "other-signal", "error", CON_GET_A, NOT_FOUND },
};

static void
test_path (gconstpointer data)
{
  const PathRow *row = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  answer_with (fixture->server, row->signal, "hi");
  peer_ask (fixture, row->request);
  answer = peer_expect (fixture->peer, ACK, row->code, row->code == CONTENT ? "hi" : "");
}

static void
test_path_no_quark (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("A peer cannot make the table of quarks grow");
  answer_with (fixture->server, "request", "hi");
  peer_ask (fixture, "42 01 1234 aabb bd 03 6e6f2d717561726b2d66726f6d2d7065");
  answer = peer_expect (fixture->peer, ACK, CONTENT, "hi");
  g_assert_cmpuint (g_quark_try_string ("/no-quark-from-pe"), ==, 0);
}

static void
test_path_both (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;
  guint n = 0;

  g_test_summary ("A catch-all runs for a path that has its own handler too");
  answer_with (fixture->server, "request::/a", "hi");
  g_signal_connect_swapped (fixture->server, "request", G_CALLBACK (count_cb), &n);
  peer_ask (fixture, CON_GET_A);
  answer = peer_expect (fixture->peer, ACK, CONTENT, "hi");
  g_assert_cmpuint (n, ==, 1);
}

static void
test_path_long (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GString) hex = g_string_new ("42 01 1234 aabb");
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("A path of whatever length reaches a catch-all");
  for (guint i = 0; i < 400; i++)
    g_string_append (hex, i == 0 ? "b4ffffffff" : "04ffffffff");
  answer_with (fixture->server, "request", "hi");
  peer_ask (fixture, hex->str);
  answer = peer_expect (fixture->peer, ACK, CONTENT, "hi");
}

static void
check_fields_cb (GCoapEndpoint *endpoint,
                 GCoapRequest  *request,
                 guint         *n)
{
  g_autofree char *text = gcoap_endpoint_dup_request_text (endpoint);
  GListModel *options = G_LIST_MODEL (gcoap_endpoint_get_request_options (endpoint));

  g_assert_cmpstr (text, ==, "hi");
  g_assert_cmpint (gcoap_endpoint_get_request_content_format (endpoint), ==, 0);
  g_assert_cmpuint (g_bytes_get_size (gcoap_endpoint_get_request_etag (endpoint)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (options), ==, 3);
  gcoap_endpoint_set_response_code (endpoint, "2.04");
  count_cb (n);
}

static void
test_request_fields (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;
  guint n = 0;

  g_test_summary ("The Request* properties show the request");
  g_signal_connect (fixture->server, "request", G_CALLBACK (check_fields_cb), &n);
  peer_ask (fixture, CON_POST_A);
  answer = peer_take (fixture->peer);
  g_assert_cmpuint (n, ==, 1);
}

static void
check_cleared_cb (GCoapEndpoint *endpoint,
                  GCoapRequest  *request,
                  guint         *n)
{
  GListModel *options = G_LIST_MODEL (gcoap_endpoint_get_response_options (endpoint));

  g_assert_cmpstr (gcoap_endpoint_get_response_code (endpoint), ==, "");
  g_assert_cmpint (gcoap_endpoint_get_response_content_format (endpoint), ==, -1);
  g_assert_null (gcoap_endpoint_get_response_data (endpoint));
  g_assert_null (gcoap_endpoint_get_response_etag (endpoint));
  g_assert_cmpuint (g_list_model_get_n_items (options), ==, 0);
  count_cb (n);
}

static void
test_isolation (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) first = NULL;
  g_autoptr (Datagram) second = NULL;
  guint n = 0;

  g_test_summary ("What was set for one client is gone when the next one asks");
  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (set_all_cb), NULL);
  g_signal_connect (fixture->server, "request::/b", G_CALLBACK (check_cleared_cb), &n);
  peer_ask (fixture, CON_GET_A);
  peer_ask (fixture, CON_GET_B);
  first = peer_expect (fixture->peer, ACK, CONTENT, "{}");
  second = peer_expect (fixture->peer, ACK, NOT_IMPLEMENTED, "");
  g_assert_cmpstr (second->options, ==, "");
  g_assert_cmpuint (n, ==, 1);
}

static void
test_isolation_deferred (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("Nor does what was set in vain for one that is put off reach another");
  configure (fixture->server, "PiggybackDelay=3600");
  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (set_all_cb), NULL);
  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (defer_cb), NULL);
  g_signal_connect (fixture->server, "request::/b", G_CALLBACK (do_nothing_cb), NULL);
  peer_ask (fixture, CON_GET_A);
  peer_ask (fixture, CON_GET_B);
  answer = peer_expect (fixture->peer, ACK, NOT_IMPLEMENTED, "");
  g_assert_cmpstr (answer->options, ==, "");
}

/* The handler of /a, which waits until the peer has had the answer to /b. */
static void
wait_inside_cb (GCoapEndpoint *endpoint,
                GCoapRequest  *request,
                Fixture       *fixture)
{
  g_autofree char *text = NULL;

  gcoap_endpoint_set_response_text (endpoint, "for a");
  gcoap_endpoint_set_response_content_format (endpoint, 0);
  peer_ask (fixture, CON_GET_B);
  while (fixture->peer->n_received == 0)
    gcoap_endpoint_do_events (endpoint, NULL);

  text = gcoap_endpoint_dup_request_text (endpoint);
  g_assert_cmpstr (text, ==, "hi");
  g_assert_cmpint (gcoap_endpoint_get_response_content_format (endpoint), ==, 0);
}

static void
test_isolation_nested (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) inner = NULL;
  g_autoptr (Datagram) outer = NULL;
  guint n = 0;

  g_test_summary ("Where handlers nest, each finds what is its own, before and after");
  configure (fixture->server, "PiggybackDelay=3600");
  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (wait_inside_cb), fixture);
  g_signal_connect (fixture->server, "request::/b", G_CALLBACK (check_cleared_cb), &n);
  set_code_only (fixture, "request::/b", "2.02");
  peer_ask (fixture, CON_POST_A);
  inner = peer_expect (fixture->peer, ACK, GCOAP_CODE_DELETED, "");
  outer = peer_expect (fixture->peer, ACK, CONTENT, "for a");
  g_assert_cmpstr (inner->options, ==, "");
  g_assert_cmpstr (outer->options, ==, "c0");
  g_assert_cmpuint (n, ==, 1);
}

/* Asks the peer, and then waits until another request has been handled. */
static void
ask_and_wait_cb (GCoapEndpoint *endpoint,
                 GCoapRequest  *request,
                 Fixture       *fixture)
{
  GListModel *options = G_LIST_MODEL (gcoap_endpoint_get_response_options (endpoint));
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = gcoap_endpoint_get (endpoint, uri, NULL);

  wait_inside_cb (endpoint, request, fixture);
  g_assert_cmpstr (id, ==, "");
  g_assert_cmpuint (g_list_model_get_n_items (options), ==, 1);
}

static void
answer_with_option_cb (Peer           *peer,
                       const Datagram *datagram,
                       gpointer        user_data)
{
  g_autofree char *hex = g_strdup_printf ("64 45 %04x %02x%02x%02x%02x c0 ff 6869",
                                          datagram->message_id,
                                          datagram->token[0], datagram->token[1],
                                          datagram->token[2], datagram->token[3]);

  if (datagram->type != CON)
    return;

  peer_send (peer, datagram->host, datagram->port, hex);
  peer->n_received = 0;
}

static void
test_isolation_options (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  g_test_summary ("A response that a handler has got is the same after another request");
  configure (fixture->server, "DualRole=True");
  configure (fixture->server, "PiggybackDelay=3600");
  gcoap_endpoint_set_timeout (fixture->server, 60);
  fixture->peer->func = answer_with_option_cb;
  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (ask_and_wait_cb), fixture);
  answer_with (fixture->server, "request::/b", "hi");
  peer_ask (fixture, CON_POST_A);
  wait_until (fixture->responses.n == 2);
}

static void
relay_cb (GCoapEndpoint *endpoint,
          GCoapRequest  *request,
          const char    *uri)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = gcoap_endpoint_get (endpoint, uri, &error);
  g_autofree char *text = gcoap_endpoint_dup_response_text (endpoint);

  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "");
  gcoap_endpoint_set_response_code (endpoint, "2.04");
  gcoap_endpoint_set_response_text (endpoint, text);
}

static void
test_nested_get (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_server_uri (fixture, "/b");
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("With DualRole a handler may ask and wait, even its own endpoint");
  configure (fixture->server, "DualRole=True");
  configure (fixture->server, "PiggybackDelay=3600");
  gcoap_endpoint_set_timeout (fixture->server, 60);
  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (relay_cb), uri);
  answer_with (fixture->server, "request::/b", "from b");
  peer_ask (fixture, CON_GET_A);
  answer = peer_expect (fixture->peer, ACK, GCOAP_CODE_CHANGED, "from b");
}

static void
get_only_cb (GCoapEndpoint *endpoint,
             GCoapRequest  *request,
             const char    *uri)
{
  g_autofree char *id = gcoap_endpoint_get (endpoint, uri, NULL);

  g_assert_nonnull (id);
}

static void
test_nested_get_is_no_answer (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_server_uri (fixture, "/b");
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("A response that was got is no response that was set");
  configure (fixture->server, "DualRole=True");
  configure (fixture->server, "PiggybackDelay=3600");
  gcoap_endpoint_set_timeout (fixture->server, 60);
  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (get_only_cb), uri);
  answer_with (fixture->server, "request::/b", "secret");
  peer_ask (fixture, CON_GET_A);
  answer = peer_expect (fixture->peer, ACK, NOT_IMPLEMENTED, "");
}

/* Several requests, which all are there when the first one is handled. */
static void
ask_at_once (Fixture *fixture,
             guint    n_requests)
{
  for (guint i = 0; i < n_requests; i++)
    {
      g_autofree char *hex = g_strdup_printf ("42 01 %04x %04x b161", i, i);

      peer_ask (fixture, hex);
    }
}

static void
iterate_cb (GCoapEndpoint *endpoint,
            GCoapRequest  *request,
            Fixture       *fixture)
{
  gcoap_endpoint_set_response_text (endpoint, gcoap_request_get_token (request));
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
do_events_cb (GCoapEndpoint *endpoint,
              GCoapRequest  *request,
              Fixture       *fixture)
{
  gcoap_endpoint_set_response_text (endpoint, gcoap_request_get_token (request));
  gcoap_endpoint_do_events (endpoint, NULL);
}

static void
test_batch (gconstpointer data)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  guint n = 0;

  g_test_summary ("Each gets its own answer, though its handler has others handled meanwhile");
  configure (fixture->server, "PiggybackDelay=3600");
  g_signal_connect_swapped (fixture->server, "request", G_CALLBACK (count_cb), &n);
  g_signal_connect (fixture->server, "request", G_CALLBACK (data), fixture);
  ask_at_once (fixture, 30);
  for (guint i = 0; i < 30; i++)
    {
      g_autoptr (Datagram) answer = peer_take (fixture->peer);

      g_assert_cmpuint (answer->code, ==, CONTENT);
      g_assert_true (datagram_token_is (answer, answer->payload));
    }
  expect_silence (fixture->peer);
  g_assert_cmpuint (n, ==, 30);
}

static void
shutdown_cb (GCoapEndpoint *endpoint)
{
  gcoap_endpoint_shutdown (endpoint, NULL);
}

static void
test_batch_shutdown (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  guint n = 0;

  g_test_summary ("What came after the request that ends everything is not handled");
  g_signal_connect_swapped (fixture->server, "request", G_CALLBACK (count_cb), &n);
  g_signal_connect (fixture->server, "request", G_CALLBACK (shutdown_cb), NULL);
  ask_at_once (fixture, 30);
  wait_until (n > 0);
  expect_silence (fixture->peer);
  g_assert_cmpuint (n, ==, 1);
}

static void
test_duplicate (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  guint n = 0;

  g_test_summary ("The handler runs once, and the same answer goes again");
  answer_with (fixture->server, "request", "hi");
  g_signal_connect_swapped (fixture->server, "request", G_CALLBACK (count_cb), &n);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (Datagram) answer = NULL;

      peer_ask (fixture, CON_GET_A);
      answer = peer_expect (fixture->peer, ACK, CONTENT, "hi");
    }
  g_assert_cmpuint (n, ==, 1);
}

static void
test_malformed (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("RFC 7252 section 4.2");
  peer_ask (fixture, "49 01 1234 010203040506070809");
  answer = peer_expect (fixture->peer, RST, EMPTY, "");
  wait_until (fixture->errors.n == 1);
  g_assert_cmpint (fixture->errors.code, ==, GCOAP_ERROR_MALFORMED_MESSAGE);
}

static void
test_client_rejects (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (Datagram) request = NULL;
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("Who is only a client serves nobody");
  begin_get (fixture->client, uri);
  request = peer_take (fixture->peer);
  answer_with (fixture->client, "request", "hi");
  peer_send (fixture->peer, "127.0.0.1", request->port, CON_GET_A);
  answer = peer_expect (fixture->peer, RST, EMPTY, "");
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-server/" path, function)

static void
add_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_codes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/facade/endpoint-server/bad-code/%s", bad_codes[i]);

      g_test_add_data_func (path, &bad_codes[i], test_bad_code);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (path_rows); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-server/path/%s", path_rows[i].name);

      g_test_add_data_func (path, &path_rows[i], test_path);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_rows ();
  ADD ("piggybacked", test_piggybacked);
  ADD ("non", test_non);
  ADD ("code-only", test_code_only);
  ADD ("nothing-set", test_nothing_set);
  ADD ("bad-option", test_bad_option);
  ADD ("all-set", test_all_set);
  ADD ("path/no-quark", test_path_no_quark);
  ADD ("path/both", test_path_both);
  ADD ("path/long", test_path_long);
  ADD ("request-fields", test_request_fields);
  ADD ("isolation", test_isolation);
  ADD ("isolation/deferred", test_isolation_deferred);
  ADD ("isolation/nested", test_isolation_nested);
  ADD ("isolation/options", test_isolation_options);
  ADD ("nested-get", test_nested_get);
  ADD ("nested-get/is-no-answer", test_nested_get_is_no_answer);
  g_test_add_data_func ("/facade/endpoint-server/batch/iterate", iterate_cb, test_batch);
  g_test_add_data_func ("/facade/endpoint-server/batch/do-events", do_events_cb, test_batch);
  ADD ("batch/shutdown", test_batch_shutdown);
  ADD ("duplicate", test_duplicate);
  ADD ("malformed", test_malformed);
  ADD ("client-rejects", test_client_rejects);

  return g_test_run ();
}
