/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

#define ACK GCOAP_MESSAGE_TYPE_ACK
#define CON GCOAP_MESSAGE_TYPE_CON

/* What a request says of its URI. "PORT" stands for the port of the server or the peer. */
typedef struct
{
  const char *name;
  const char *request; /* a URI, or the bytes after the Message ID and an empty token */
  const char *uri;
  const char *host;
  const char *path;
  const char *query;
} UriRow;

static const UriRow outgoing_rows[] = {
  { "root", "coap://127.0.0.1:PORT", "coap://127.0.0.1:PORT/", "127.0.0.1", "/", "" },
  { "slash", "coap://127.0.0.1:PORT/", "coap://127.0.0.1:PORT/", "127.0.0.1", "/", "" },
  { "path", "coap://127.0.0.1:PORT/a/b", "coap://127.0.0.1:PORT/a/b", "127.0.0.1", "/a/b", "" },
  { "empty-segments", "coap://127.0.0.1:PORT//a/", "coap://127.0.0.1:PORT//a/", "127.0.0.1",
    "//a/", "" },
  { "query", "coap://127.0.0.1:PORT/?a=1&b", "coap://127.0.0.1:PORT/?a=1&b", "127.0.0.1", "/",
    "a=1&b" },
  { "normalised", "COAP://127.0.0.1:PORT/%61?%62%26", "coap://127.0.0.1:PORT/a?b%26",
    "127.0.0.1", "/a", "b%26" },
  { "encoded", "coap://127.0.0.1:PORT/a%2Fb%20c", "coap://127.0.0.1:PORT/a%2Fb%20c", "127.0.0.1",
    "/a%2Fb%20c", "" },
  { "utf8", "coap://127.0.0.1:PORT/%C3%A4", "coap://127.0.0.1:PORT/%C3%A4", "127.0.0.1",
    "/%C3%A4", "" },
  { "host-name", "coap://localhost:PORT/a", "coap://localhost:PORT/a", "localhost", "/a", "" },
};

static const UriRow incoming_rows[] = {
  { "root", "", "coap://127.0.0.1:PORT/", "127.0.0.1", "/", "" },
  { "path", "b161 0162", "coap://127.0.0.1:PORT/a/b", "127.0.0.1", "/a/b", "" },
  { "slash-in-segment", "b1 2f", "coap://127.0.0.1:PORT/%2F", "127.0.0.1", "/%2F", "" },
  { "empty-segment", "b0", "coap://127.0.0.1:PORT/", "127.0.0.1", "/", "" },
  { "query", "d1 02 61 03 623d63", "coap://127.0.0.1:PORT/?a&b=c", "127.0.0.1", "/", "a&b=c" },
  { "ampersand-in-query", "d1 02 26", "coap://127.0.0.1:PORT/?%26", "127.0.0.1", "/", "%26" },
  { "host", "32 6162", "coap://ab:PORT/", "ab", "/", "" },
  { "host-ipv6", "33 3a3a31", "coap://[::1]:PORT/", "::1", "/", "" },
  { "not-utf8", "b1 ff", "coap://127.0.0.1:PORT/%FF", "127.0.0.1", "/%FF", "" },
};

static char *
replace_port (const char *text,
              guint       port)
{
  g_auto (GStrv) parts = g_strsplit (text, "PORT", -1);
  g_autofree char *number = g_strdup_printf ("%u", port);

  return g_strjoinv (number, parts);
}

static void
assert_uri (GCoapRequest *request,
            const UriRow *row,
            guint         port)
{
  g_autofree char *uri = replace_port (row->uri, port);

  /* Twice, because what was computed is kept. */
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpstr (gcoap_request_get_uri (request), ==, uri);
      g_assert_cmpstr (gcoap_request_get_uri_host (request), ==, row->host);
      g_assert_cmpuint (gcoap_request_get_uri_port (request), ==, port);
      g_assert_cmpstr (gcoap_request_get_uri_path (request), ==, row->path);
      g_assert_cmpstr (gcoap_request_get_uri_query (request), ==, row->query);
    }
}

static void
test_outgoing_uri (gconstpointer data)
{
  const UriRow *row = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = replace_port (row->request, fixture->peer->port);
  g_autoptr (GCoapRequest) request = NULL;

  begin_get (fixture->client, uri);
  request = get_pending (fixture->client, 0);
  assert_uri (request, row, fixture->peer->port);
}

static void
keep_cb (GCoapEndpoint *endpoint,
         GCoapRequest  *request,
         GCoapRequest **kept)
{
  g_assert_null (*kept);
  *kept = g_object_ref (request);
  gcoap_endpoint_set_response_code (endpoint, "2.05");
}

/* Has the server handle a request, and gives it. */
static GCoapRequest *
receive (Fixture    *fixture,
         const char *hex)
{
  GCoapRequest *request = NULL;
  g_autoptr (Datagram) answer = NULL;

  g_signal_connect (fixture->server, "request", G_CALLBACK (keep_cb), &request);
  peer_ask (fixture, hex);
  answer = peer_take (fixture->peer);
  g_assert_nonnull (request);

  return request;
}

static void
test_incoming_uri (gconstpointer data)
{
  const UriRow *row = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *hex = g_strdup_printf ("40 01 1234 %s", row->request);
  g_autoptr (GCoapRequest) request = receive (fixture, hex);

  assert_uri (request, row, gcoap_endpoint_get_local_port (fixture->server));
}

static void
test_incoming_uri_port (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapRequest) request = receive (fixture, "40 01 1234 72 1633");

  g_test_summary ("The default port is not said");
  g_assert_cmpuint (gcoap_request_get_uri_port (request), ==, 5683);
  g_assert_cmpstr (gcoap_request_get_uri (request), ==, "coap://127.0.0.1/");
}

static void
test_incoming (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapRequest) request = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GCoapOption) option = NULL;

  request = receive (fixture, "42 02 1234 aabb 41ee 7161 11 32 ff 6869");
  text = gcoap_request_dup_text (request);
  g_assert_cmpuint (gcoap_request_get_method (request), ==, GCOAP_METHOD_POST);
  g_assert_cmpstr (text, ==, "hi");
  g_assert_cmpuint (g_bytes_get_size (gcoap_request_get_payload (request)), ==, 2);
  g_assert_cmpint (gcoap_request_get_content_format (request), ==, 50);
  g_assert_cmpuint (g_bytes_get_size (gcoap_request_get_etag (request)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (gcoap_request_get_options (request)), ==, 3);
  option = g_list_model_get_item (gcoap_request_get_options (request), 1);
  g_assert_cmpstr (gcoap_option_get_name (option), ==, "Uri-Path");
  g_assert_cmpstr (gcoap_option_get_value (option), ==, "a");
  g_assert_cmpstr (gcoap_request_get_token (request), ==, "aabb");
  g_assert_cmpuint (g_bytes_get_size (gcoap_request_get_token_bytes (request)), ==, 2);
  g_assert_cmpstr (gcoap_request_get_remote_host (request), ==, "127.0.0.1");
  g_assert_cmpuint (gcoap_request_get_remote_port (request), ==, fixture->peer->port);
  g_assert_null (gcoap_request_get_response (request));
  g_assert_true (gcoap_request_get_send_response (request));
}

static void
test_incoming_bare (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapRequest) request = receive (fixture, "40 1f 1234");
  g_autofree char *text = gcoap_request_dup_text (request);

  g_test_summary ("What is not there");
  g_assert_cmpuint (gcoap_request_get_method (request), ==, 31);
  g_assert_null (gcoap_request_get_payload (request));
  g_assert_cmpstr (text, ==, "");
  g_assert_cmpint (gcoap_request_get_content_format (request), ==, -1);
  g_assert_null (gcoap_request_get_etag (request));
  g_assert_cmpuint (g_list_model_get_n_items (gcoap_request_get_options (request)), ==, 0);
  g_assert_cmpstr (gcoap_request_get_token (request), ==, "");
  g_assert_cmpuint (g_bytes_get_size (gcoap_request_get_token_bytes (request)), ==, 0);
}

static void
test_incoming_token (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapRequest) request = receive (fixture, "48 01 1234 00010203040506ff");

  g_assert_cmpstr (gcoap_request_get_token (request), ==, "00010203040506ff");
}

static void
test_incoming_binary (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapRequest) request = receive (fixture, "40 02 1234 ff ff00");

  g_assert_null (gcoap_request_dup_text (request));
  g_assert_cmpuint (g_bytes_get_size (gcoap_request_get_payload (request)), ==, 2);
}

static void
test_incoming_ids (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapRequest) first = receive (fixture, "40 01 1234");
  g_autoptr (GCoapRequest) second = NULL;

  g_test_summary ("Every request has an id of its own");
  g_signal_handlers_disconnect_matched (fixture->server, G_SIGNAL_MATCH_FUNC, 0, 0, NULL,
                                        keep_cb, NULL);
  second = receive (fixture, "40 01 1235");
  g_assert_cmpstr (gcoap_request_get_request_id (first), !=,
                   gcoap_request_get_request_id (second));
}

/* What a handler does with a request that it does not keep, and how often that was seen later. */
typedef struct
{
  gpointer request; /* weak */
  guint    n_handled;
  guint    n_notified;
} Acquaintance;

static void
attach_cb (GCoapEndpoint *endpoint,
           GCoapRequest  *request,
           Acquaintance  *self)
{
  g_assert_null (g_object_get_data (G_OBJECT (request), "test-request"));
  g_assert_true (gcoap_request_get_send_response (request));
  gcoap_endpoint_set_response_text (endpoint, gcoap_request_get_uri_path (request));
  if (self->n_handled++ > 0)
    {
      gcoap_request_set_send_response (request, FALSE);
      gcoap_request_set_send_response (request, TRUE);
      return;
    }

  self->request = request;
  g_object_add_weak_pointer (G_OBJECT (request), &self->request);
  g_object_set_data (G_OBJECT (request), "test-request", self);
  g_signal_connect_swapped (request, "notify", G_CALLBACK (count_cb), &self->n_notified);
}

static void
test_incoming_attached (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) first = NULL;
  g_autoptr (Datagram) second = NULL;
  Acquaintance acquaintance = { 0 };

  g_test_summary ("What is attached to one request is not there at another");
  g_signal_handlers_disconnect_by_data (fixture->server, &fixture->responses);
  g_signal_connect (fixture->server, "request", G_CALLBACK (attach_cb), &acquaintance);
  peer_ask (fixture, "40 01 1234 b161");
  first = peer_expect (fixture->peer, ACK, GCOAP_CODE_CONTENT, "/a");
  g_assert_null (acquaintance.request);
  peer_ask (fixture, "40 01 1235 b162");
  second = peer_expect (fixture->peer, ACK, GCOAP_CODE_CONTENT, "/b");
  g_assert_cmpuint (acquaintance.n_notified, ==, 0);
}

static void
answer_with_path_cb (GCoapEndpoint *endpoint,
                     GCoapRequest  *request,
                     gpointer       user_data)
{
  g_autofree char *text = NULL;

  g_assert_true (gcoap_request_get_send_response (request));
  text = g_strdup_printf ("%s?%s %s %u", gcoap_request_get_uri_path (request),
                          gcoap_request_get_uri_query (request),
                          gcoap_request_get_token (request),
                          g_list_model_get_n_items (gcoap_request_get_options (request)));
  gcoap_endpoint_set_response_text (endpoint, text);
}

static void
test_incoming_sequence (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) first = NULL;
  g_autoptr (Datagram) second = NULL;
  g_autoptr (Datagram) third = NULL;

  g_test_summary ("Each tells of itself, when nobody keeps the one before");
  g_signal_handlers_disconnect_by_data (fixture->server, &fixture->responses);
  g_signal_connect (fixture->server, "request", G_CALLBACK (answer_with_path_cb), NULL);
  peer_ask (fixture, "42 01 1234 aabb b161 4162");
  peer_ask (fixture, "41 01 1235 cc b162");
  first = peer_expect (fixture->peer, ACK, GCOAP_CODE_CONTENT, "/a?b aabb 2");
  second = peer_expect (fixture->peer, ACK, GCOAP_CODE_CONTENT, "/b? cc 1");
  peer_ask (fixture, "40 01 1236");
  third = peer_expect (fixture->peer, ACK, GCOAP_CODE_CONTENT, "/?  0");
}

static void
test_incoming_ipv6 (void)
{
  g_autoptr (GCoapEndpoint) server = gcoap_endpoint_new ();
  g_autoptr (GCoapRequest) request = NULL;
  g_autoptr (Peer) peer = NULL;
  g_autofree char *uri = NULL;

  gcoap_endpoint_set_local_host (server, "::1");
  if (!gcoap_endpoint_start_listening (server, NULL))
    {
      g_test_skip ("There is no IPv6 here");
      return;
    }

  peer = peer_new ("::1");
  g_signal_connect (server, "request", G_CALLBACK (keep_cb), &request);
  peer_send (peer, "::1", gcoap_endpoint_get_local_port (server), "40 01 1234");
  wait_until (request != NULL);
  uri = g_strdup_printf ("coap://[::1]:%u/", gcoap_endpoint_get_local_port (server));
  g_assert_cmpstr (gcoap_request_get_uri (request), ==, uri);
  g_assert_cmpstr (gcoap_request_get_uri_host (request), ==, "::1");
  g_assert_cmpstr (gcoap_request_get_remote_host (request), ==, "::1");
}

static void
test_outgoing (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/a");
  g_autofree char *id = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GCoapRequest) request = NULL;
  g_autoptr (Datagram) datagram = NULL;

  gcoap_endpoint_set_request_text (fixture->client, "hi");
  gcoap_endpoint_set_request_content_format (fixture->client, 50);
  id = gcoap_endpoint_post (fixture->client, uri, NULL);
  request = get_pending (fixture->client, 0);
  datagram = peer_take (fixture->peer);
  text = gcoap_request_dup_text (request);
  g_assert_cmpuint (gcoap_request_get_method (request), ==, GCOAP_METHOD_POST);
  g_assert_cmpstr (gcoap_request_get_request_id (request), ==, id);
  g_assert_cmpstr (text, ==, "hi");
  g_assert_cmpint (gcoap_request_get_content_format (request), ==, 50);
  g_assert_cmpuint (g_list_model_get_n_items (gcoap_request_get_options (request)), ==, 2);
  g_assert_true (datagram_token_is (datagram, gcoap_request_get_token (request)));
  g_assert_cmpstr (gcoap_request_get_remote_host (request), ==, "127.0.0.1");
  g_assert_cmpuint (gcoap_request_get_remote_port (request), ==, fixture->peer->port);
}

static void
test_response (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GCoapRequest) request = NULL;
  g_autofree char *text = NULL;
  guint n = 0;

  begin_get (fixture->client, uri);
  request = get_pending (fixture->client, 0);
  g_signal_connect_swapped (request, "notify::response", G_CALLBACK (count_cb), &n);
  g_assert_null (gcoap_request_get_response (request));
  peer_answer_with (fixture->peer, "hi");
  wait_until (fixture->requests.n == 1);
  text = gcoap_message_dup_text (gcoap_request_get_response (request));
  g_assert_cmpstr (text, ==, "hi");
  g_assert_cmpuint (n, ==, 1);
}

static void
test_ping (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/a?b");
  g_autofree char *id = gcoap_endpoint_send_custom_request (fixture->client, uri, 0, NULL);
  g_autoptr (GCoapRequest) request = get_pending (fixture->client, 0);
  g_autofree char *root = fixture_peer_uri (fixture, "/");

  g_assert_nonnull (id);
  g_assert_cmpuint (gcoap_request_get_method (request), ==, 0);
  g_assert_cmpstr (gcoap_request_get_uri (request), ==, root);
  g_assert_cmpstr (gcoap_request_get_token (request), ==, "");
}

static void
test_send_response_notify (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapRequest) request = receive (fixture, "40 01 1234");
  guint n = 0;

  g_signal_connect_swapped (request, "notify::send-response", G_CALLBACK (count_cb), &n);
  gcoap_request_set_send_response (request, TRUE);
  g_assert_cmpuint (n, ==, 0);
  g_object_set (request, "send-response", FALSE, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_assert_false (gcoap_request_get_send_response (request));
}

static void
test_remote_notify (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GCoapRequest) request = NULL;
  guint n = 0;

  g_test_summary ("A response from whom was asked changes nothing");
  begin_get (fixture->client, uri);
  request = get_pending (fixture->client, 0);
  g_signal_connect_swapped (request, "notify::remote-host", G_CALLBACK (count_cb), &n);
  g_signal_connect_swapped (request, "notify::remote-port", G_CALLBACK (count_cb), &n);
  peer_answer_with (fixture->peer, "hi");
  wait_until (fixture->requests.n == 1);
  g_assert_cmpuint (n, ==, 0);
}

static void
test_properties (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapRequest) request = receive (fixture, "42 02 1234 aabb b161 ff 6869");
  GObjectClass *klass = G_OBJECT_GET_CLASS (request);
  guint n_pspecs;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (klass, &n_pspecs);

  g_test_summary ("Every property can be read");
  for (guint i = 0; i < n_pspecs; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (request), pspecs[i]->name, &value);
      g_assert_true (G_VALUE_HOLDS (&value, pspecs[i]->value_type));
    }
  g_assert_cmpuint (n_pspecs, ==, 21);
}

static void
test_made_by_nobody (void)
{
  g_autoptr (GCoapRequest) request = g_object_new (GCOAP_TYPE_REQUEST, NULL);
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  g_test_summary ("A binding can construct a request, which is an empty one");
  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (request), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (request), pspecs[i]->name, &value);
    }
  g_assert_cmpuint (gcoap_request_get_method (request), ==, 0);
  g_assert_cmpstr (gcoap_request_get_remote_host (request), ==, "");
  g_assert_cmpstr (gcoap_request_get_uri_path (request), ==, "/");
  g_assert_null (gcoap_request_get_payload (request));
  g_assert_null (gcoap_request_validate (request, NULL));
}

#define ADD(path, function) g_test_add_func ("/facade/request/" path, function)

static void
add_rows (const char    *test,
          const UriRow  *rows,
          gsize          n_rows,
          GTestDataFunc  function)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *path = g_strdup_printf ("/facade/request/%s/%s", test, rows[i].name);

      g_test_add_data_func (path, &rows[i], function);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_rows ("outgoing-uri", outgoing_rows, G_N_ELEMENTS (outgoing_rows), test_outgoing_uri);
  add_rows ("incoming-uri", incoming_rows, G_N_ELEMENTS (incoming_rows), test_incoming_uri);
  ADD ("incoming-uri/port", test_incoming_uri_port);
  ADD ("incoming", test_incoming);
  ADD ("incoming/bare", test_incoming_bare);
  ADD ("incoming/token", test_incoming_token);
  ADD ("incoming/binary", test_incoming_binary);
  ADD ("incoming/ids", test_incoming_ids);
  ADD ("incoming/attached", test_incoming_attached);
  ADD ("incoming/sequence", test_incoming_sequence);
  ADD ("incoming/ipv6", test_incoming_ipv6);
  ADD ("outgoing", test_outgoing);
  ADD ("outgoing/response", test_response);
  ADD ("outgoing/ping", test_ping);
  ADD ("notify/send-response", test_send_response_notify);
  ADD ("notify/remote", test_remote_notify);
  ADD ("properties", test_properties);
  ADD ("properties/made-by-nobody", test_made_by_nobody);

  return g_test_run ();
}
