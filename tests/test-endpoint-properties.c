/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* What the peer asks; the Message ID and the token tell the requests apart. */
#define CON_GET_A  "42 01 1234 aabb b161"
#define CON_GET_B  "42 01 1235 aabc b162"
#define CON_POST_A "42 02 1238 aabf 41ee 7161 10 ff 6869"

/* A writable property with two values. */
typedef struct
{
  const char *name;
  GType       type;
  gint64      values[2];
} PropertyRow;

static PropertyRow property_rows[] = {
  { "local-host", G_TYPE_STRING, { 1, 2 } },
  { "local-port", G_TYPE_UINT, { 1, 2 } },
  { "request-content-format", G_TYPE_INT, { 0, 65535 } },
  { "response-content-format", G_TYPE_INT, { 0, 65535 } },
  { "response-code", G_TYPE_STRING, { 1, 2 } },
  { "timeout", G_TYPE_UINT, { 1, 0 } },
  { "use-confirmable-messages", G_TYPE_BOOLEAN, { FALSE, TRUE } },
};

static void
set_property (GCoapEndpoint     *endpoint,
              const PropertyRow *row,
              guint              which)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, row->values[which]);

  if (row->type == G_TYPE_STRING)
    g_object_set (endpoint, row->name, text, NULL);
  else
    g_object_set (endpoint, row->name, (int) row->values[which], NULL);
}

static void
test_notify (gconstpointer data)
{
  const PropertyRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autofree char *signal = g_strdup_printf ("notify::%s", row->name);
  guint n = 0;

  g_signal_connect_swapped (endpoint, signal, G_CALLBACK (count_cb), &n);
  set_property (endpoint, row, 0);
  g_assert_cmpuint (n, ==, 1);
  set_property (endpoint, row, 0);
  g_assert_cmpuint (n, ==, 1);
  set_property (endpoint, row, 1);
  g_assert_cmpuint (n, ==, 2);
}

static const char *const bytes_properties[] = {
  "request-data", "request-etag", "response-data", "response-etag",
};

static void
test_notify_bytes (gconstpointer data)
{
  const char *const *name = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autofree char *signal = g_strdup_printf ("notify::%s", *name);
  g_autoptr (GBytes) one = g_bytes_new ("a", 1);
  g_autoptr (GBytes) same = g_bytes_new ("a", 1);
  g_autoptr (GBytes) read = NULL;
  guint n = 0;

  g_signal_connect_swapped (endpoint, signal, G_CALLBACK (count_cb), &n);
  g_object_set (endpoint, *name, NULL, NULL);
  g_assert_cmpuint (n, ==, 0);
  g_object_set (endpoint, *name, one, NULL);
  g_object_set (endpoint, *name, same, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_object_get (endpoint, *name, &read, NULL);
  g_assert_true (g_bytes_equal (read, one));
  g_object_set (endpoint, *name, NULL, NULL);
  g_assert_cmpuint (n, ==, 2);
}

static void
test_notify_response (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  const char *const payloads[] = { "a", "a", "b" };
  guint n_data = 0, n_code = 0, n_format = 0;

  g_test_summary ("A response tells of what is other than before");
  g_signal_connect_swapped (fixture->client, "notify::response-data",
                            G_CALLBACK (count_cb), &n_data);
  g_signal_connect_swapped (fixture->client, "notify::response-code",
                            G_CALLBACK (count_cb), &n_code);
  g_signal_connect_swapped (fixture->client, "notify::response-content-format",
                            G_CALLBACK (count_cb), &n_format);
  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    {
      g_autofree char *id = NULL;

      peer_answer_with (fixture->peer, payloads[i]);
      id = ask (fixture->client, uri);
      wait_until (fixture->requests.n == i + 1);
    }
  g_assert_cmpuint (n_data, ==, 2);
  g_assert_cmpuint (n_code, ==, 1);
  g_assert_cmpuint (n_format, ==, 0);
}

static void
test_text_not_utf8 (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GBytes) data = g_bytes_new ("\xff", 1);

  gcoap_endpoint_set_response_data (endpoint, data);
  g_assert_null (gcoap_endpoint_dup_response_text (endpoint));
}

static void
test_text_empty (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autofree char *text = gcoap_endpoint_dup_request_text (endpoint);

  g_assert_cmpstr (text, ==, "");
  gcoap_endpoint_set_request_text (endpoint, "x");
  gcoap_endpoint_set_request_text (endpoint, NULL);
  g_assert_null (gcoap_endpoint_get_request_data (endpoint));
}

static void
set_code_cb (GCoapEndpoint *endpoint)
{
  gcoap_endpoint_set_response_code (endpoint, "2.04");
}

static void
test_notify_request (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  guint n_data = 0, n_code = 0;

  g_test_summary ("Tells of what is other than before; a response goes when it is sent");
  g_signal_connect_swapped (fixture->server, "notify::request-data",
                            G_CALLBACK (count_cb), &n_data);
  g_signal_connect_swapped (fixture->server, "notify::response-code",
                            G_CALLBACK (count_cb), &n_code);
  g_signal_connect (fixture->server, "request", G_CALLBACK (set_code_cb), NULL);
  peer_ask (fixture, CON_POST_A);
  peer_ask (fixture, CON_GET_A);
  peer_ask (fixture, CON_GET_B);
  wait_until (fixture->peer->n_received == 3);
  g_assert_cmpuint (n_data, ==, 2);
  g_assert_cmpuint (n_code, ==, 6);
  g_assert_cmpstr (gcoap_endpoint_get_response_code (fixture->server), ==, "");
}

static void
test_default_properties (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();

  g_assert_false (gcoap_endpoint_get_listening (endpoint));
  g_assert_cmpstr (gcoap_endpoint_get_local_host (endpoint), ==, "");
  g_assert_cmpuint (gcoap_endpoint_get_local_port (endpoint), ==, 0);
  g_assert_cmpuint (count_pending (endpoint), ==, 0);
  g_assert_cmpint (gcoap_endpoint_get_request_content_format (endpoint), ==, -1);
  g_assert_null (gcoap_endpoint_get_request_data (endpoint));
  g_assert_null (gcoap_endpoint_get_request_etag (endpoint));
  g_assert_cmpstr (gcoap_endpoint_get_response_code (endpoint), ==, "");
  g_assert_cmpint (gcoap_endpoint_get_response_content_format (endpoint), ==, -1);
  g_assert_null (gcoap_endpoint_get_response_data (endpoint));
  g_assert_null (gcoap_endpoint_get_response_etag (endpoint));
  g_assert_cmpuint (gcoap_endpoint_get_timeout (endpoint), ==, 60);
  g_assert_true (gcoap_endpoint_get_use_confirmable_messages (endpoint));
}

static void
test_reset_properties (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GCoapEndpoint) fresh = gcoap_endpoint_new ();
  g_autoptr (GCoapOption) option = gcoap_option_new (GCOAP_OPTION_NUMBER_MAX_AGE, "1");
  GListStore *options = gcoap_endpoint_get_request_options (endpoint);

  g_test_summary ("Every property is as it is at first");
  g_object_set (endpoint, "local-host", "127.0.0.1", "local-port", 5683, "timeout", 1,
                "use-confirmable-messages", FALSE, "request-content-format", 1,
                "response-content-format", 2, "response-code", "2.05", NULL);
  gcoap_endpoint_set_request_text (endpoint, "a");
  gcoap_endpoint_set_response_text (endpoint, "b");
  g_list_store_append (options, option);
  g_assert_true (gcoap_endpoint_reset (endpoint, NULL));

  g_assert_cmpstr (gcoap_endpoint_get_local_host (endpoint), ==, "");
  g_assert_cmpuint (gcoap_endpoint_get_local_port (endpoint), ==, 0);
  g_assert_cmpuint (gcoap_endpoint_get_timeout (endpoint), ==, gcoap_endpoint_get_timeout (fresh));
  g_assert_true (gcoap_endpoint_get_use_confirmable_messages (endpoint));
  g_assert_cmpint (gcoap_endpoint_get_request_content_format (endpoint), ==, -1);
  g_assert_cmpint (gcoap_endpoint_get_response_content_format (endpoint), ==, -1);
  g_assert_cmpstr (gcoap_endpoint_get_response_code (endpoint), ==, "");
  g_assert_null (gcoap_endpoint_get_request_data (endpoint));
  g_assert_null (gcoap_endpoint_get_response_data (endpoint));
  g_assert_true (options == gcoap_endpoint_get_request_options (endpoint));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (options)), ==, 0);
}

static void
fill_response (GCoapEndpoint *endpoint)
{
  g_autoptr (GBytes) etag = g_bytes_new_static ("e", 1);
  g_autoptr (GCoapOption) option = gcoap_option_new (GCOAP_OPTION_NUMBER_MAX_AGE, "1");

  gcoap_endpoint_set_response_code (endpoint, "2.05");
  gcoap_endpoint_set_response_content_format (endpoint, 0);
  gcoap_endpoint_set_response_text (endpoint, "a");
  gcoap_endpoint_set_response_etag (endpoint, etag);
  g_list_store_append (gcoap_endpoint_get_response_options (endpoint), option);
}

static void
assert_no_response (GCoapEndpoint *endpoint)
{
  GListModel *options = G_LIST_MODEL (gcoap_endpoint_get_response_options (endpoint));

  g_assert_cmpstr (gcoap_endpoint_get_response_code (endpoint), ==, "");
  g_assert_cmpint (gcoap_endpoint_get_response_content_format (endpoint), ==, -1);
  g_assert_null (gcoap_endpoint_get_response_data (endpoint));
  g_assert_null (gcoap_endpoint_get_response_etag (endpoint));
  g_assert_null (gcoap_endpoint_get_response_stream (endpoint));
  g_assert_cmpuint (g_list_model_get_n_items (options), ==, 0);
}

static void
test_clear_response (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GInputStream) stream = g_memory_input_stream_new ();

  gcoap_endpoint_set_request_text (endpoint, "q");
  fill_response (endpoint);
  gcoap_endpoint_clear_response (endpoint);
  assert_no_response (endpoint);
  gcoap_endpoint_set_response_stream (endpoint, stream);
  gcoap_endpoint_clear_response (endpoint);
  assert_no_response (endpoint);
  g_assert_nonnull (gcoap_endpoint_get_request_data (endpoint));
}

static void
test_clear_response_notify (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  guint n = 0;

  g_test_summary ("Tells of what was there, and of that only once");
  gcoap_endpoint_set_response_code (endpoint, "2.05");
  gcoap_endpoint_set_response_text (endpoint, "a");
  g_signal_connect_swapped (endpoint, "notify", G_CALLBACK (count_cb), &n);
  gcoap_endpoint_clear_response (endpoint);
  g_assert_cmpuint (n, ==, 2);
  gcoap_endpoint_clear_response (endpoint);
  g_assert_cmpuint (n, ==, 2);
}

static void
test_options_outlive (void)
{
  GCoapEndpoint *endpoint = gcoap_endpoint_new ();
  g_autoptr (GListStore) options = g_object_ref (gcoap_endpoint_get_response_options (endpoint));
  guint n = 0;

  g_test_summary ("An endpoint that is freed tells nobody so, as some languages free it where no "
                  "handler can run");
  fill_response (endpoint);
  g_signal_connect_swapped (options, "items-changed", G_CALLBACK (count_cb), &n);
  g_object_unref (endpoint);
  g_assert_cmpuint (n, ==, 0);
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-properties/" path, function)

static void
add_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (property_rows); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-properties/notify/%s", property_rows[i].name);

      g_test_add_data_func (path, &property_rows[i], test_notify);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bytes_properties); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-properties/notify/%s", bytes_properties[i]);

      g_test_add_data_func (path, &bytes_properties[i], test_notify_bytes);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_rows ();
  ADD ("clear-response", test_clear_response);
  ADD ("clear-response/notify", test_clear_response_notify);
  ADD ("options-outlive", test_options_outlive);
  ADD ("notify/response", test_notify_response);
  ADD ("text/not-utf8", test_text_not_utf8);
  ADD ("text/empty", test_text_empty);
  ADD ("notify/request", test_notify_request);
  ADD ("reset", test_reset_properties);
  ADD ("default", test_default_properties);

  return g_test_run ();
}
