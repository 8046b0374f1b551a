/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

#include <unistd.h>

#include "socket-inspector.h"

/* The setting UseConnection. */

#define ACK GCOAP_MESSAGE_TYPE_ACK
#define RST GCOAP_MESSAGE_TYPE_RST
#define PING "40 00 1234"

static int
find_socket_of (GCoapEndpoint *endpoint)
{
  return find_socket (gcoap_endpoint_get_local_port (endpoint));
}

static void
assert_connected_to (GCoapEndpoint *endpoint,
                     const char    *host)
{
  g_autofree char *peer = dup_peer_host (find_socket_of (endpoint));

  g_assert_cmpstr (peer, ==, host);
}

/* A host to talk to, and another one. */
typedef struct
{
  const char *name;
  const char *host;
  const char *format; /* of a URI with its port */
} HostRow;

static const HostRow host_rows[] = {
  { "ipv4", "127.0.0.1", "coap://127.0.0.1:PORT/" },
  { "ipv6", "::1", "coap://[::1]:PORT/" },
};

static char *
make_uri (const char *format,
          guint       port)
{
  g_auto (GStrv) parts = g_strsplit (format, "PORT", 2);
  g_autofree char *text = g_strdup_printf ("%u", port);

  return g_strjoinv (text, parts);
}

static void
test_connected (gconstpointer data)
{
  const HostRow *row = data;
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (Peer) peer = NULL;
  g_autoptr (Datagram) request = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *id = NULL;

  if (strchr (row->host, ':') != NULL && skip_without_ipv6 ())
    return;

  g_test_summary ("The socket is connected, and LocalHost is the address that leads there");
  fixture = fixture_new ();
  peer = peer_new (row->host);
  uri = make_uri (row->format, peer->port);
  configure (fixture->client, "UseConnection=True");
  id = ask (fixture->client, uri);
  assert_connected_to (fixture->client, row->host);
  g_assert_cmpstr (gcoap_endpoint_get_local_host (fixture->client), ==, row->host);
  request = peer_take (peer);
  peer_answer (peer, request, ACK, GCOAP_CODE_CONTENT, "hi");
  wait_until (fixture->requests.n == 1);
  g_assert_cmpint (fixture->requests.code, ==, 0);
}

/* Who a stranger gets an answer from. */
static void
test_stranger (gconstpointer data)
{
  gboolean is_connected = GPOINTER_TO_INT (data);
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Peer) stranger = peer_new ("127.0.0.1");
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;
  g_autoptr (Datagram) request = NULL;
  g_autoptr (Datagram) reset = NULL;

  g_test_summary ("Nobody else is heard, and with UseConnection=False everybody is");
  configure (fixture->client, is_connected ? "UseConnection=True" : "UseConnection=False");
  id = ask (fixture->client, uri);
  request = peer_take (fixture->peer);
  peer_send (stranger, "127.0.0.1", gcoap_endpoint_get_local_port (fixture->client), PING);
  peer_send (fixture->peer, "127.0.0.1", gcoap_endpoint_get_local_port (fixture->client), PING);
  reset = peer_expect (fixture->peer, RST, GCOAP_CODE_EMPTY, "");
  settle ();
  g_assert_cmpuint (stranger->n_received, ==, is_connected ? 0 : 1);
}

static void
test_second_host_pending (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Peer) other = peer_new ("127.0.0.2");
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *other_uri = make_uri ("coap://127.0.0.2:PORT/", other->port);
  g_autofree char *id = NULL;
  g_autofree char *expected = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A request to another host is an error while one is pending");
  configure (fixture->client, "UseConnection=True");
  id = ask (fixture->client, uri);
  g_assert_null (gcoap_endpoint_get (fixture->client, other_uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
  expected = g_strdup_printf ("The setting UseConnection is True, and requests to 127.0.0.1 "
                              "port %u are pending", fixture->peer->port);
  g_assert_cmpstr (error->message, ==, expected);
  assert_connected_to (fixture->client, "127.0.0.1");
  g_assert_cmpuint (count_pending (fixture->client), ==, 1);
}

static void
test_second_host_idle (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Peer) other = peer_new ("127.0.0.2");
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *other_uri = make_uri ("coap://127.0.0.2:PORT/", other->port);

  g_test_summary ("When none is pending it connects anew");
  configure (fixture->client, "UseConnection=True");
  peer_answer_with (fixture->peer, "one");
  peer_answer_with (other, "two");
  for (guint i = 0; i < 4; i++)
    {
      begin_get (fixture->client, i % 2 == 0 ? uri : other_uri);
      assert_connected_to (fixture->client, i % 2 == 0 ? "127.0.0.1" : "127.0.0.2");
      wait_until (fixture->requests.n == i + 1);
      g_assert_cmpint (fixture->requests.code, ==, 0);
    }
}

static void
test_other_family (void)
{
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (Peer) other = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *other_uri = NULL;

  if (skip_without_ipv6 ())
    return;

  fixture = fixture_new ();
  other = peer_new ("::1");
  uri = fixture_peer_uri (fixture, "/");
  other_uri = make_uri ("coap://[::1]:PORT/", other->port);
  configure (fixture->client, "UseConnection=True");
  peer_answer_with (fixture->peer, "one");
  peer_answer_with (other, "two");
  begin_get (fixture->client, uri);
  wait_until (fixture->requests.n == 1);
  begin_get (fixture->client, other_uri);
  assert_connected_to (fixture->client, "::1");
  wait_until (fixture->requests.n == 2);
  g_assert_cmpint (fixture->requests.code, ==, 0);
}

static void
test_local (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Peer) other = peer_new ("127.0.0.2");
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *other_uri = make_uri ("coap://127.0.0.2:PORT/", other->port);
  int spare = open_udp ("127.0.0.9", 0);
  guint16 port = get_port (spare);
  g_autoptr (Datagram) first = NULL;
  g_autoptr (Datagram) second = NULL;

  g_test_summary ("local-host and local-port hold for each connection");
  close (spare);
  configure (fixture->client, "UseConnection=True");
  gcoap_endpoint_set_local_host (fixture->client, "127.0.0.9");
  gcoap_endpoint_set_local_port (fixture->client, port);
  begin_get (fixture->client, uri);
  first = peer_take (fixture->peer);
  g_assert_cmpstr (first->host, ==, "127.0.0.9");
  g_assert_cmpuint (first->port, ==, port);
  peer_answer (fixture->peer, first, ACK, GCOAP_CODE_CONTENT, "");
  wait_until (fixture->requests.n == 1);
  begin_get (fixture->client, other_uri);
  second = peer_take (other);
  g_assert_cmpstr (second->host, ==, "127.0.0.9");
  g_assert_cmpuint (second->port, ==, port);
}

static void
test_refused (gconstpointer data)
{
  const HostRow *row = data;
  g_autoptr (Fixture) fixture = NULL;
  g_autofree char *uri = NULL;
  int fd;

  if (strchr (row->host, ':') != NULL && skip_without_ipv6 ())
    return;

  g_test_summary ("ICMP ends the request, and the socket is good for the next one");
  fixture = fixture_new ();
  fd = open_udp (row->host, 0);
  uri = make_uri (row->format, get_port (fd));
  close (fd);
  configure (fixture->client, "UseConnection=True");
  for (guint i = 0; i < 3; i++)
    {
      begin_get (fixture->client, uri);
      wait_until (fixture->requests.n == i + 1);
      g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_REJECTED);
    }
}

static void
test_group (gconstpointer data)
{
  const char *uri = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  configure (fixture->client, "UseConnection=True");
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_dual_role (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *peer_host = NULL;
  g_autofree char *server_uri = NULL;

  g_test_summary ("Who listens hears everybody");
  gcoap_endpoint_stop_listening (fixture->server, NULL);
  configure (fixture->server, "UseConnection=True");
  configure (fixture->server, "DualRole=True");
  g_assert_true (gcoap_endpoint_start_listening (fixture->server, NULL));
  answer_with (fixture->server, "request", "hi");
  begin_get (fixture->server, uri);
  peer_host = dup_peer_host (find_socket_of (fixture->server));
  g_assert_null (peer_host);
  server_uri = fixture_server_uri (fixture, "/");
  begin_get (fixture->client, server_uri);
  wait_until (fixture->requests.n == 1);
  g_assert_cmpint (fixture->requests.code, ==, 0);
}

static void
test_unset (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *peer_host = NULL;

  g_test_summary ("What was connected is not, after the setting is False");
  configure (fixture->client, "UseConnection=True");
  peer_answer_with (fixture->peer, "hi");
  begin_get (fixture->client, uri);
  wait_until (fixture->requests.n == 1);
  configure (fixture->client, "UseConnection=False");
  begin_get (fixture->client, uri);
  peer_host = dup_peer_host (find_socket_of (fixture->client));
  g_assert_null (peer_host);
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-connection/" path, function)

static void
add_for_hosts (const char    *test,
               GTestDataFunc  function)
{
  for (guint i = 0; i < G_N_ELEMENTS (host_rows); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-connection/%s/%s", test, host_rows[i].name);

      g_test_add_data_func (path, &host_rows[i], function);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_for_hosts ("connected", test_connected);
  g_test_add_data_func ("/facade/endpoint-connection/stranger/true", GINT_TO_POINTER (TRUE),
                        test_stranger);
  g_test_add_data_func ("/facade/endpoint-connection/stranger/false", GINT_TO_POINTER (FALSE),
                        test_stranger);
  ADD ("second-host/pending", test_second_host_pending);
  ADD ("second-host/idle", test_second_host_idle);
  ADD ("second-host/other-family", test_other_family);
  ADD ("local", test_local);
  add_for_hosts ("refused", test_refused);
  g_test_add_data_func ("/facade/endpoint-connection/group/ipv4", "coap://224.0.1.187/",
                        test_group);
  g_test_add_data_func ("/facade/endpoint-connection/group/ipv6", "coap://[ff02::fd]/",
                        test_group);
  ADD ("dual-role", test_dual_role);
  ADD ("unset", test_unset);

  return g_test_run ();
}
