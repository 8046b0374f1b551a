/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* The addresses that an endpoint sends from and listens on. */

#define ACK GCOAP_MESSAGE_TYPE_ACK

#define CONTENT GCOAP_CODE_CONTENT

/* What the peer asks; the Message ID and the token tell the requests apart. */
#define CON_GET_A "42 01 1234 aabb b161"

static void
test_local_read_back (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;
  g_autoptr (Datagram) datagram = NULL;

  g_assert_cmpuint (gcoap_endpoint_get_local_port (fixture->client), ==, 0);
  id = ask (fixture->client, uri);
  datagram = peer_take (fixture->peer);
  g_assert_cmpuint (gcoap_endpoint_get_local_port (fixture->client), ==, datagram->port);
  gcoap_endpoint_shutdown (fixture->client, NULL);
  g_assert_cmpuint (gcoap_endpoint_get_local_port (fixture->client), ==, 0);
  g_assert_cmpstr (gcoap_endpoint_get_local_host (fixture->client), ==, "");
}

static void
test_local_host (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;
  g_autoptr (Datagram) datagram = NULL;

  gcoap_endpoint_set_local_host (fixture->client, "127.0.0.2");
  id = ask (fixture->client, uri);
  datagram = peer_take (fixture->peer);
  g_assert_cmpstr (datagram->host, ==, "127.0.0.2");
}

static void
test_local_change (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");

  g_test_summary ("An idle client moves to the address that it is told");
  peer_answer_with (fixture->peer, "hi");
  for (guint i = 2; i <= 3; i++)
    {
      g_autofree char *host = g_strdup_printf ("127.0.0.%u", i);
      g_autofree char *id = NULL;

      gcoap_endpoint_set_local_host (fixture->client, host);
      g_assert_cmpstr (gcoap_endpoint_get_local_host (fixture->client), ==, host);
      g_assert_cmpuint (gcoap_endpoint_get_local_port (fixture->client), ==, 0);
      id = ask (fixture->client, uri);
      wait_until (fixture->requests.n == i - 1);
      g_assert_cmpint (fixture->requests.code, ==, 0);
    }
}

static void
test_local_bad (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_local_host (fixture->client, "no address");
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "no address"));
  g_assert_cmpuint (count_pending (fixture->client), ==, 0);
}

static void
test_ipv6_literal (void)
{
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (Peer) peer = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *id = NULL;

  g_test_summary ("Needs no setting");
  if (skip_without_ipv6 ())
    return;

  fixture = fixture_new ();
  peer = peer_new ("::1");
  peer_answer_with (peer, "six");
  uri = g_strdup_printf ("coap://[::1]:%u/", peer->port);
  id = ask (fixture->client, uri);
  wait_until (fixture->requests.n == 1);
  g_assert_cmpint (fixture->requests.code, ==, 0);
  g_assert_cmpstr (gcoap_request_get_remote_host (fixture->requests.request), ==, "::1");
}

static void
test_both_families (void)
{
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (Peer) peer = NULL;
  g_autofree char *uri_4 = NULL;
  g_autofree char *uri_6 = NULL;
  g_autofree char *id_4 = NULL;
  g_autofree char *id_6 = NULL;

  if (skip_without_ipv6 ())
    return;

  fixture = fixture_new ();
  peer = peer_new ("::1");
  peer_answer_with (peer, "six");
  peer_answer_with (fixture->peer, "four");
  uri_4 = fixture_peer_uri (fixture, "/");
  uri_6 = g_strdup_printf ("coap://[::1]:%u/", peer->port);
  id_4 = ask (fixture->client, uri_4);
  id_6 = ask (fixture->client, uri_6);
  wait_until (fixture->requests.n == 2);
  g_assert_cmpint (fixture->requests.code, ==, 0);
}

static void
test_bad_local_host (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_local_host (endpoint, "localhost.invalid");
  g_assert_false (gcoap_endpoint_start_listening (endpoint, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "localhost.invalid"));
}

static void
test_foreign_local_host (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("An address of some other machine");
  gcoap_endpoint_set_local_host (endpoint, "203.0.113.1");
  g_assert_false (gcoap_endpoint_start_listening (endpoint, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == G_IO_ERROR);
}

/* What a server on every address is asked at. */
typedef struct
{
  const char *name;
  const char *use_ipv6;
  const char *peer_host;
  const char *host;
  const char *bound_host;
} WildcardRow;

static const WildcardRow wildcard_rows[] = {
  { "ipv4", "UseIPv6=False", "127.0.0.1", "127.0.0.2", "0.0.0.0" },
  { "dual-stack-ipv4", "UseIPv6=True", "127.0.0.1", "127.0.0.2", "::" },
  { "dual-stack-ipv6", "UseIPv6=True", "::1", "::1", "::" },
};

static void
test_wildcard (gconstpointer data)
{
  const WildcardRow *row = data;
  g_autoptr (GCoapEndpoint) server = NULL;
  g_autoptr (Peer) peer = NULL;
  g_autoptr (Datagram) answer = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The answer comes from the address that was asked");
  if (g_str_equal (row->bound_host, "::") && skip_without_ipv6 ())
    return;

  server = gcoap_endpoint_new ();
  configure (server, row->use_ipv6);
  answer_with (server, "request", "hi");
  g_assert_true (gcoap_endpoint_start_listening (server, &error));
  g_assert_cmpstr (gcoap_endpoint_get_local_host (server), ==, row->bound_host);
  peer = peer_new (row->peer_host);
  peer_send (peer, row->host, gcoap_endpoint_get_local_port (server), CON_GET_A);
  answer = peer_expect (peer, ACK, CONTENT, "hi");
  g_assert_cmpstr (answer->host, ==, row->host);
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-address/" path, function)

static void
add_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wildcard_rows); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-address/wildcard/%s", wildcard_rows[i].name);

      g_test_add_data_func (path, &wildcard_rows[i], test_wildcard);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_rows ();
  ADD ("local/read-back", test_local_read_back);
  ADD ("local/host", test_local_host);
  ADD ("local/change", test_local_change);
  ADD ("local/bad", test_local_bad);
  ADD ("ipv6/literal", test_ipv6_literal);
  ADD ("ipv6/both-families", test_both_families);
  ADD ("listening/bad-host", test_bad_local_host);
  ADD ("listening/foreign-host", test_foreign_local_host);

  return g_test_run ();
}
