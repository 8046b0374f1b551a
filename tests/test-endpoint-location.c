/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

#define ACK GCOAP_MESSAGE_TYPE_ACK

#define CON_POST_A "40 02 1234 b161"

static void
assert_location (GCoapEndpoint *endpoint,
                 const char    *base_uri,
                 const char    *location)
{
  g_autofree char *actual = gcoap_endpoint_dup_response_location (endpoint, base_uri);

  g_assert_cmpstr (actual, ==, location);
}

static void
created_cb (GCoapEndpoint *endpoint)
{
  g_autoptr (GCoapOption) max_age = gcoap_option_new (GCOAP_OPTION_NUMBER_MAX_AGE, "9");

  assert_location (endpoint, NULL, NULL);
  g_list_store_append (gcoap_endpoint_get_response_options (endpoint), max_age);
  g_assert_true (gcoap_endpoint_set_response_location (endpoint, "/x/y?z", NULL));
  assert_location (endpoint, NULL, "/x/y?z");
  g_assert_true (gcoap_endpoint_set_response_location (endpoint, "/b/c%20d?e", NULL));
  gcoap_endpoint_set_response_code (endpoint, "2.01");
}

static void
test_sent (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("A server says where the new resource is, RFC 7252 section 5.8.2");
  g_signal_connect (fixture->server, "request", G_CALLBACK (created_cb), NULL);
  peer_ask (fixture, CON_POST_A);
  answer = peer_expect (fixture->peer, ACK, GCOAP_CODE_CREATED, "");
  g_assert_cmpstr (answer->options, ==, "8162" "03632064" "6109" "6165");

  g_clear_pointer (&answer, datagram_free);
  peer_ask (fixture, "40 02 1235 b161");
  answer = peer_expect (fixture->peer, ACK, GCOAP_CODE_CREATED, "");
  g_assert_cmpuint (fixture->errors.n, ==, 0);
}

static void
test_received (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_server_uri (fixture, "/a?b");
  g_autofree char *location = fixture_server_uri (fixture, "/b/c%20d?e");
  g_autofree char *id = NULL;

  g_test_summary ("A client is told where the new resource is, RFC 7252 section 5.10.7");
  g_signal_connect (fixture->server, "request", G_CALLBACK (created_cb), NULL);
  gcoap_endpoint_set_timeout (fixture->client, 30);
  assert_location (fixture->client, uri, NULL);
  id = gcoap_endpoint_post (fixture->client, uri, NULL);
  g_assert_nonnull (id);
  assert_location (fixture->client, NULL, "/b/c%20d?e");
  assert_location (fixture->client, uri, location);
}

static void
test_refused (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (gcoap_endpoint_set_response_location (endpoint, "/a", NULL));
  g_assert_false (gcoap_endpoint_set_response_location (endpoint, "b", &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_URI);
  assert_location (endpoint, NULL, "/a");
  g_assert_true (gcoap_endpoint_set_response_location (endpoint, NULL, NULL));
  assert_location (endpoint, NULL, NULL);
}

/* What a program puts into the list need not make sense. */
static void
test_bad_options (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  GListStore *options = gcoap_endpoint_get_response_options (endpoint);
  g_autoptr (GCoapOption) dots = gcoap_option_new (GCOAP_OPTION_NUMBER_LOCATION_PATH, "..");
  g_autoptr (GCoapOption) max_age = gcoap_option_new (GCOAP_OPTION_NUMBER_MAX_AGE, "soon");

  g_list_store_append (options, dots);
  assert_location (endpoint, NULL, NULL);
  g_assert_true (gcoap_endpoint_set_response_location (endpoint, "/a", NULL));
  assert_location (endpoint, NULL, "/a");
  g_list_store_append (options, max_age);
  assert_location (endpoint, NULL, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/facade/endpoint-location/sent", test_sent);
  g_test_add_func ("/facade/endpoint-location/received", test_received);
  g_test_add_func ("/facade/endpoint-location/refused", test_refused);
  g_test_add_func ("/facade/endpoint-location/bad-options", test_bad_options);

  return g_test_run ();
}
