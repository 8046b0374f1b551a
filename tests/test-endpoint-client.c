/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define ACK GCOAP_MESSAGE_TYPE_ACK
#define RST GCOAP_MESSAGE_TYPE_RST

#define CONTENT GCOAP_CODE_CONTENT

/* The URI of a port on which nobody listens. */
static char *
make_refused_uri (guint *out_port)
{
  g_autoptr (Peer) peer = peer_new ("127.0.0.1");

  if (out_port != NULL)
    *out_port = peer->port;

  return g_strdup_printf ("coap://127.0.0.1:%u/", peer->port);
}

static void
test_get_blocking (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_server_uri (fixture, "/temp");
  g_autofree char *id = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  answer_with (fixture->server, "request::/temp", "21.5");
  gcoap_endpoint_set_timeout (fixture->client, 60);
  id = gcoap_endpoint_get (fixture->client, uri, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "");
  text = gcoap_endpoint_dup_response_text (fixture->client);
  g_assert_cmpstr (text, ==, "21.5");
  g_assert_cmpstr (gcoap_endpoint_get_response_code (fixture->client), ==, "2.05");
  g_assert_cmpuint (fixture->requests.n, ==, 1);
  g_assert_cmpint (fixture->requests.code, ==, 0);
  g_assert_cmpstr (fixture->requests.description, ==, "");
}

static void
test_get_error_response (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_server_uri (fixture, "/none");
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_timeout (fixture->client, 60);
  id = gcoap_endpoint_get (fixture->client, uri, &error);
  g_assert_null (id);
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_ERROR_RESPONSE);
  g_assert_cmpstr (error->message, ==, "4.04 Not Found");
  g_assert_cmpstr (gcoap_endpoint_get_response_code (fixture->client), ==, "4.04");
  g_assert_cmpuint (fixture->requests.n, ==, 1);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_ERROR_RESPONSE);
  g_assert_cmpstr (fixture->requests.description, ==, "4.04 Not Found");
}

static void
check_settled_cb (GCoapEndpoint *endpoint,
                  GCoapRequest  *request,
                  int            code,
                  const char    *description,
                  gpointer       user_data)
{
  g_assert_cmpstr (gcoap_endpoint_get_response_code (endpoint), ==, "2.05");
  g_assert_nonnull (gcoap_request_get_response (request));
  g_assert_cmpuint (count_pending (endpoint), ==, 0);
  count_cb (user_data);
}

static void
test_get_by_id (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;
  g_autoptr (GCoapRequest) pending = NULL;
  guint n_checks = 0;

  g_test_summary ("First the properties, then the record, and the signal last");
  g_signal_connect (fixture->client, "request-complete", G_CALLBACK (check_settled_cb), &n_checks);
  id = ask (fixture->client, uri);
  pending = get_pending (fixture->client, 0);
  g_assert_cmpstr (gcoap_request_get_request_id (pending), ==, id);
  peer_answer_with (fixture->peer, "hi");
  wait_until (n_checks == 1);
  g_assert_true (fixture->requests.request == pending);
}

/* What each method puts on the wire, when all that can be set is. */
typedef struct
{
  const char *name;
  guint       method;
  const char *options;
  const char *payload;
} MethodRow;

#define BARE_OPTIONS "41aa71614162"
#define FULL_OPTIONS "41aa716111323162"

static const MethodRow method_rows[] = {
  { "get", GCOAP_METHOD_GET, BARE_OPTIONS, "" },
  { "post", GCOAP_METHOD_POST, FULL_OPTIONS, "data" },
  { "put", GCOAP_METHOD_PUT, FULL_OPTIONS, "data" },
  { "delete", GCOAP_METHOD_DELETE, BARE_OPTIONS, "" },
  { "fetch", GCOAP_METHOD_FETCH, FULL_OPTIONS, "data" },
  { "patch", GCOAP_METHOD_PATCH, FULL_OPTIONS, "data" },
  { "ipatch", GCOAP_METHOD_IPATCH, FULL_OPTIONS, "data" },
  { "unnamed", 31, FULL_OPTIONS, "data" },
};

static char *
ask_by_method (GCoapEndpoint  *endpoint,
               const char     *uri,
               guint           method,
               GError        **error)
{
  switch (method)
    {
    case GCOAP_METHOD_GET:
      return gcoap_endpoint_get (endpoint, uri, error);

    case GCOAP_METHOD_POST:
      return gcoap_endpoint_post (endpoint, uri, error);

    case GCOAP_METHOD_PUT:
      return gcoap_endpoint_put (endpoint, uri, error);

    case GCOAP_METHOD_DELETE:
      return gcoap_endpoint_delete (endpoint, uri, error);

    case GCOAP_METHOD_FETCH:
      return gcoap_endpoint_fetch (endpoint, uri, error);

    case GCOAP_METHOD_PATCH:
      return gcoap_endpoint_patch (endpoint, uri, error);

    case GCOAP_METHOD_IPATCH:
      return gcoap_endpoint_ipatch (endpoint, uri, error);

    default:
      return gcoap_endpoint_send_custom_request (endpoint, uri, method, error);
    }
}

static void
set_request_fields (GCoapEndpoint *endpoint)
{
  g_autoptr (GBytes) etag = g_bytes_new ("\xaa", 1);

  gcoap_endpoint_set_request_etag (endpoint, etag);
  gcoap_endpoint_set_request_content_format (endpoint, 50);
  gcoap_endpoint_set_request_text (endpoint, "data");
}

static void
test_method (gconstpointer data)
{
  const MethodRow *row = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/a?b");
  g_autoptr (Datagram) datagram = NULL;
  g_autofree char *id = NULL;

  set_request_fields (fixture->client);
  id = ask_by_method (fixture->client, uri, row->method, NULL);
  g_assert_nonnull (id);
  datagram = peer_expect (fixture->peer, CON, row->method, row->payload);
  g_assert_cmpuint (datagram->token_length, ==, 4);
  g_assert_cmpstr (datagram->options, ==, row->options);
}

static void
test_method_custom_same (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (Datagram) datagram = NULL;
  g_autofree char *id = NULL;

  set_request_fields (fixture->client);
  id = gcoap_endpoint_send_custom_request (fixture->client, uri, GCOAP_METHOD_GET, NULL);
  datagram = peer_expect (fixture->peer, CON, GCOAP_METHOD_GET, "");
  g_assert_cmpstr (datagram->options, ==, "41aa");
}

static void
test_method_out_of_range (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GError) error = NULL;

  g_assert_null (gcoap_endpoint_send_custom_request (fixture->client, uri, 32, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
  g_assert_nonnull (strstr (error->message, "0 to 31"));
}

static void
test_fields_stay (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");

  g_test_summary ("What is set for one request is sent with the next too");
  configure (fixture->client, "NStart=2");
  set_request_fields (fixture->client);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *id = gcoap_endpoint_post (fixture->client, uri, NULL);
      g_autoptr (Datagram) datagram = peer_expect (fixture->peer, CON, GCOAP_METHOD_POST, "data");

      g_assert_nonnull (id);
      g_assert_cmpstr (datagram->options, ==, "41aa8132");
    }
}

static void
test_request_options (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/a");
  g_autoptr (GCoapOption) accept = gcoap_option_new (GCOAP_OPTION_NUMBER_ACCEPT, "60");
  g_autoptr (GCoapOption) match = gcoap_option_new (GCOAP_OPTION_NUMBER_IF_MATCH, "beef");
  g_autofree char *id = NULL;
  g_autoptr (Datagram) datagram = NULL;

  g_list_store_append (gcoap_endpoint_get_request_options (fixture->client), accept);
  g_list_store_append (gcoap_endpoint_get_request_options (fixture->client), match);
  id = ask (fixture->client, uri);
  datagram = peer_take (fixture->peer);
  g_assert_cmpstr (datagram->options, ==, "12beefa161613c");
}

/* Options that must not go out, and what the error says. */
typedef struct
{
  const char *name;
  guint       number;
  const char *value;
  const char *hint;
} OptionRow;

static const OptionRow bad_options[] = {
  { "not-a-number", GCOAP_OPTION_NUMBER_MAX_AGE, "soon", "0 to 4294967295" },
  { "too-large", GCOAP_OPTION_NUMBER_ACCEPT, "65536", "0 to 2" },
  { "not-hexadecimal", GCOAP_OPTION_NUMBER_ETAG, "xy", "hexadecimal" },
  { "odd", GCOAP_OPTION_NUMBER_ETAG, "123", "hexadecimal" },
  { "too-long", GCOAP_OPTION_NUMBER_ETAG, "010203040506070809", "1 to 8" },
  { "too-short", GCOAP_OPTION_NUMBER_URI_HOST, "", "1 to 255" },
};

static void
test_bad_option (gconstpointer data)
{
  const OptionRow *row = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GCoapOption) option = gcoap_option_new (row->number, row->value);
  g_autoptr (GError) error = NULL;

  g_list_store_append (gcoap_endpoint_get_request_options (fixture->client), option);
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_OPTION);
  g_assert_nonnull (strstr (error->message, row->hint));
  expect_silence (fixture->peer);
}

static void
test_option_twice (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GCoapOption) option = gcoap_option_new (GCOAP_OPTION_NUMBER_ACCEPT, "0");
  g_autoptr (GError) error = NULL;

  g_list_store_append (gcoap_endpoint_get_request_options (fixture->client), option);
  g_list_store_append (gcoap_endpoint_get_request_options (fixture->client), option);
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_OPTION);
}

static const char *const bad_uris[] = {
  "", "temp", "http://127.0.0.1/", "coap:", "coap://", "coap:///temp", "coap://127.0.0.1:port/",
  "coap://127.0.0.1:65536/", "coap://127.0.0.1/#part", "coap://[::1/", "coap://127.0.0.1/%zz",
};

static void
test_bad_uri (gconstpointer data)
{
  const char *const *uri = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (gcoap_endpoint_get (fixture->client, *uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_URI);
  settle ();
  g_assert_cmpuint (fixture->requests.n, ==, 0);
  g_assert_cmpuint (count_pending (fixture->client), ==, 0);
}

static void
test_non_confirmable (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;
  g_autoptr (Datagram) datagram = NULL;

  gcoap_endpoint_set_use_confirmable_messages (fixture->client, FALSE);
  id = ask (fixture->client, uri);
  datagram = peer_expect (fixture->peer, NON, GCOAP_METHOD_GET, "");
  peer_answer (fixture->peer, datagram, NON, CONTENT, "hi");
  wait_until (fixture->requests.n == 1);
  g_assert_cmpint (fixture->requests.code, ==, 0);
}

static void
test_separate_response (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (Datagram) datagram = NULL;
  g_autoptr (Datagram) acknowledgement = NULL;

  g_test_summary ("RFC 7252 section 5.2.2");
  begin_get (fixture->client, uri);
  datagram = peer_take (fixture->peer);
  peer_answer_empty (fixture->peer, datagram, ACK);
  settle ();
  g_assert_cmpuint (count_pending (fixture->client), ==, 1);
  peer_answer (fixture->peer, datagram, CON, CONTENT, "late");
  acknowledgement = peer_expect (fixture->peer, ACK, GCOAP_CODE_EMPTY, "");
  g_assert_cmpuint (acknowledgement->message_id, ==, 0x7000);
  wait_until (fixture->requests.n == 1);
  g_assert_cmpint (fixture->requests.code, ==, 0);
}

static void
reset_cb (Peer           *peer,
          const Datagram *datagram,
          gpointer        user_data)
{
  peer_answer_empty (peer, datagram, RST);
}

static void
test_ping (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/ignored");
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("RFC 7252 section 4.3");
  fixture->peer->func = reset_cb;
  gcoap_endpoint_set_timeout (fixture->client, 60);
  set_request_fields (fixture->client);
  id = gcoap_endpoint_send_custom_request (fixture->client, uri, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "");
  g_assert_cmpint (fixture->requests.code, ==, 0);
}

static void
test_ping_wire (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/ignored");
  g_autofree char *id = NULL;
  g_autoptr (Datagram) datagram = NULL;

  set_request_fields (fixture->client);
  id = gcoap_endpoint_send_custom_request (fixture->client, uri, 0, NULL);
  datagram = peer_expect (fixture->peer, CON, GCOAP_CODE_EMPTY, "");
  g_assert_cmpuint (datagram->token_length, ==, 0);
  g_assert_cmpstr (datagram->options, ==, "");
}

static void
test_reset (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GError) error = NULL;

  fixture->peer->func = reset_cb;
  gcoap_endpoint_set_timeout (fixture->client, 60);
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_RESET);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_RESET);
}

static void
test_silent_peer (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_timeout (fixture->client, 60);
  configure (fixture->client, "AckTimeout=0.01");
  configure (fixture->client, "MaxRetransmit=1");
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_TIMED_OUT);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_TIMED_OUT);
  g_assert_cmpstr (gcoap_endpoint_get_response_code (fixture->client), ==, "");
}

static void
acknowledge_cb (Peer           *peer,
                const Datagram *datagram,
                gpointer        user_data)
{
  peer_answer_empty (peer, datagram, ACK);
}

static void
test_acknowledging_peer (gconstpointer data)
{
  const char *configuration = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GError) error = NULL;

  g_test_summary ("An acknowledgement without a response does not stop the timeout");
  fixture->peer->func = acknowledge_cb;
  gcoap_endpoint_set_timeout (fixture->client, 1);
  configure (fixture->client, configuration);
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_TIMED_OUT);
}

static void
test_refused (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = make_refused_uri (NULL);
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_timeout (fixture->client, 60);
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_REJECTED);
  g_assert_nonnull (strstr (error->message, uri));
}

static void
test_refused_alone (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *refused_uri = make_refused_uri (NULL);
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *refused_id = NULL;
  g_autoptr (Datagram) datagram = NULL;

  g_test_summary ("What ICMP says of one peer concerns no other");
  begin_get (fixture->client, uri);
  refused_id = ask (fixture->client, refused_uri);
  wait_until (fixture->requests.n == 1);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_REJECTED);
  g_assert_cmpstr (gcoap_request_get_request_id (fixture->requests.request), ==, refused_id);
  datagram = peer_take (fixture->peer);
  peer_answer (fixture->peer, datagram, ACK, CONTENT, "hi");
  wait_until (fixture->requests.n == 2);
  g_assert_cmpint (fixture->requests.code, ==, 0);
}

static void
test_refused_then_back (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapEndpoint) server = gcoap_endpoint_new ();
  g_autofree char *uri = NULL;
  guint port;
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  uri = make_refused_uri (&port);
  id = ask (fixture->client, uri);
  wait_until (fixture->requests.n == 1);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_REJECTED);

  gcoap_endpoint_set_local_host (server, "127.0.0.1");
  gcoap_endpoint_set_local_port (server, port);
  answer_with (server, "request", "back");
  g_assert_true (gcoap_endpoint_start_listening (server, &error));
  g_free (id);
  id = ask (fixture->client, uri);
  wait_until (fixture->requests.n == 2);
  g_assert_cmpint (fixture->requests.code, ==, 0);
}

static void
test_cancel (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = ask (fixture->client, uri);
  g_autoptr (GError) error = NULL;

  g_assert_true (gcoap_endpoint_cancel_request (fixture->client, id, &error));
  g_assert_cmpuint (fixture->requests.n, ==, 1);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_CANCELED);
  g_assert_cmpuint (count_pending (fixture->client), ==, 0);
  g_assert_false (gcoap_endpoint_cancel_request (fixture->client, id, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_REQUEST_ID);
}

static void
test_cancel_late_response (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = ask (fixture->client, uri);
  g_autoptr (Datagram) datagram = peer_take (fixture->peer);
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("A response that nobody waits for any more is rejected, RFC 7252 section 4.2");
  gcoap_endpoint_cancel_request (fixture->client, id, NULL);
  peer_answer (fixture->peer, datagram, CON, CONTENT, "late");
  answer = peer_expect (fixture->peer, RST, GCOAP_CODE_EMPTY, "");
  g_assert_cmpuint (fixture->requests.n, ==, 1);
}

static const char *const bad_ids[] = { "", "0", "1", "-1", "x", "18446744073709551616" };

static void
test_cancel_unknown (gconstpointer data)
{
  const char *const *id = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (gcoap_endpoint_cancel_request (fixture->client, *id, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_REQUEST_ID);
}

static gboolean
cancel_idle_cb (gpointer user_data)
{
  Fixture *fixture = user_data;
  gboolean is_canceled = gcoap_endpoint_cancel_request (fixture->client, "1", NULL);

  g_assert_true (is_canceled);

  return G_SOURCE_REMOVE;
}

static void
test_cancel_blocking (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A request that is waited for can be cancelled by who has seen its id");
  gcoap_endpoint_set_timeout (fixture->client, 60);
  g_idle_add (cancel_idle_cb, fixture);
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_CANCELED);
  g_assert_cmpuint (fixture->requests.n, ==, 1);
}

static void
test_wrong_mode (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GError) error = NULL;

  g_assert_null (gcoap_endpoint_get (fixture->server, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
  g_assert_nonnull (strstr (error->message, "DualRole"));
}

static void
test_dual_role (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;
  g_autoptr (Datagram) datagram = NULL;

  g_test_summary ("One socket serves and asks");
  configure (fixture->server, "DualRole=True");
  id = ask (fixture->server, uri);
  datagram = peer_take (fixture->peer);
  g_assert_cmpuint (datagram->port, ==, gcoap_endpoint_get_local_port (fixture->server));
}

static void
get_again_cb (GCoapEndpoint *endpoint,
              GCoapRequest  *request,
              int            code,
              const char    *description,
              guint         *n_left)
{
  g_autofree char *id = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (*n_left == 0)
    return;

  --*n_left;
  gcoap_endpoint_set_timeout (endpoint, 60);
  id = gcoap_endpoint_get (endpoint, gcoap_request_get_uri (request), &error);
  g_assert_no_error (error);
  text = gcoap_endpoint_dup_response_text (endpoint);
  g_assert_cmpstr (text, ==, "hi");
}

static void
test_nested (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;
  guint n_left = 5;

  g_test_summary ("A handler may ask and wait itself");
  peer_answer_with (fixture->peer, "hi");
  g_signal_connect (fixture->client, "request-complete", G_CALLBACK (get_again_cb), &n_left);
  id = ask (fixture->client, uri);
  wait_until (fixture->requests.n == 6);
  g_assert_cmpuint (fixture->peer->n_received, ==, 6);
}

static void
shutdown_cb (GCoapEndpoint *endpoint)
{
  gcoap_endpoint_shutdown (endpoint, NULL);
}

static void
test_shutdown_while_sending (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;

  g_test_summary ("A handler of notify may end what is only beginning");
  g_signal_connect (fixture->client, "notify::local-port", G_CALLBACK (shutdown_cb), NULL);
  id = gcoap_endpoint_get (fixture->client, uri, NULL);
  settle ();
  g_assert_cmpuint (fixture->requests.n, ==, 1);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_CANCELED);
  g_assert_cmpuint (count_pending (fixture->client), ==, 0);
}

static gboolean
set_flag_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
test_do_events (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  gboolean is_done = FALSE;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Handles what is ready, and returns where nothing is");
  g_idle_add (set_flag_cb, &is_done);
  g_assert_true (gcoap_endpoint_do_events (endpoint, &error));
  g_assert_true (is_done);
  g_assert_true (gcoap_endpoint_do_events (endpoint, &error));
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-client/" path, function)

#define ADD_ROWS(path, rows, get_name, function)                                       \
  G_STMT_START {                                                                       \
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)                                    \
      {                                                                                \
        g_autofree char *row_path = NULL;                                              \
                                                                                       \
        row_path = g_strdup_printf ("/facade/endpoint-client/" path "/%s", get_name);  \
        g_test_add_data_func (row_path, &rows[i], function);                           \
      }                                                                                \
  } G_STMT_END

static void
add_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_uris); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-client/bad-uri/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (path, &bad_uris[i], test_bad_uri);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad_ids); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-client/cancel/unknown/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (path, &bad_ids[i], test_cancel_unknown);
    }
  ADD_ROWS ("method", method_rows, method_rows[i].name, test_method);
  ADD_ROWS ("bad-option", bad_options, bad_options[i].name, test_bad_option);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_rows ();
  ADD ("get/blocking", test_get_blocking);
  ADD ("get/error-response", test_get_error_response);
  ADD ("get/by-id", test_get_by_id);
  ADD ("method/custom-same", test_method_custom_same);
  ADD ("method/out-of-range", test_method_out_of_range);
  ADD ("request-fields/stay", test_fields_stay);
  ADD ("request-fields/options", test_request_options);
  ADD ("bad-option/twice", test_option_twice);
  ADD ("non-confirmable", test_non_confirmable);
  ADD ("separate-response", test_separate_response);
  ADD ("ping", test_ping);
  ADD ("ping/wire", test_ping_wire);
  ADD ("reset", test_reset);
  ADD ("silent-peer", test_silent_peer);
  g_test_add_data_func ("/facade/endpoint-client/acknowledging-peer", "AbsoluteTimeout=False",
                        test_acknowledging_peer);
  g_test_add_data_func ("/facade/endpoint-client/acknowledging-peer/deadline",
                        "AbsoluteTimeout=True", test_acknowledging_peer);
  ADD ("refused", test_refused);
  ADD ("refused/alone", test_refused_alone);
  ADD ("refused/then-back", test_refused_then_back);
  ADD ("cancel", test_cancel);
  ADD ("cancel/late-response", test_cancel_late_response);
  ADD ("cancel/blocking", test_cancel_blocking);
  ADD ("wrong-mode", test_wrong_mode);
  ADD ("dual-role", test_dual_role);
  ADD ("nested", test_nested);
  ADD ("shutdown-while-sending", test_shutdown_while_sending);
  ADD ("do-events", test_do_events);

  return g_test_run ();
}
