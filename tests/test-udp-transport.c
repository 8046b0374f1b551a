/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/gcoap-address-private.h"
#include "transport/gcoap-udp-transport-private.h"
#include "udp-peer.h"

#define IPV4 GCOAP_UDP_FAMILY_IPV4
#define IPV6 GCOAP_UDP_FAMILY_IPV6
#define DUAL GCOAP_UDP_FAMILY_DUAL

/* A port on which nobody listens. */
static guint16
find_closed_port (const char     *host,
                  GCoapUdpFamily  family)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) peer = peer_new_bound (context, host, family);

  return peer_get_port (peer);
}

/* Containers often have no IPv6, not even for loopback. */
static gboolean
skip_without_ipv6 (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) peer = peer_new (context);
  GCoapAddress local = make_address ("::1", 0);

  if (gcoap_udp_transport_bind (peer->transport, &local, IPV6, NULL))
    return FALSE;

  g_test_skip ("There is no IPv6 here");
  return TRUE;
}

/* Where a server and a client are bound, and the address at which the one asks the other. */
typedef struct
{
  const char     *server_host;
  GCoapUdpFamily  server_family;
  const char     *client_host;
  GCoapUdpFamily  client_family;
  const char     *asked_host;
} Pair;

static Peer *
pair_new_server (const Pair   *self,
                 GMainContext *context)
{
  return peer_new_bound (context, self->server_host, self->server_family);
}

static Peer *
pair_new_client (const Pair   *self,
                 GMainContext *context)
{
  return peer_new_bound (context, self->client_host, self->client_family);
}

static gboolean
pair_is_ipv6 (const Pair *self)
{
  return strchr (self->asked_host, ':') != NULL;
}

static const Pair echo_ipv4 = { "127.0.0.1", IPV4, "0.0.0.0", IPV4, "127.0.0.1" };
static const Pair echo_ipv6 = { "::1", IPV6, "::", IPV6, "::1" };
static const Pair echo_dual_ipv4 = { "::", DUAL, "0.0.0.0", IPV4, "127.0.0.1" };
static const Pair echo_dual_ipv6 = { "::", DUAL, "::", IPV6, "::1" };
static const Pair echo_from_dual = { "127.0.0.1", DUAL, "::", DUAL, "127.0.0.1" };
static const Pair source_ipv4 = { "0.0.0.0", IPV4, "127.0.0.1", IPV4, "127.0.0.2" };
static const Pair source_dual = { "::", DUAL, "127.0.0.1", IPV4, "127.0.0.2" };
static const Pair source_dual_both = { "::", DUAL, "::", DUAL, "127.0.0.3" };

/* Replies leave from the address that was asked. */
static void
test_echo (gconstpointer user_data)
{
  const Pair *pair = user_data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) server = NULL;
  g_autoptr (Peer) client = NULL;
  Received *request;

  if (pair_is_ipv6 (pair) && skip_without_ipv6 ())
    return;

  server = pair_new_server (pair, context);
  client = pair_new_client (pair, context);
  server->is_echo = TRUE;
  peer_send (client, pair->asked_host, peer_get_port (server), "ping");
  peer_wait (client, 1);

  g_assert_cmpuint (server->received->len, ==, 1);
  request = &g_array_index (server->received, Received, 0);
  assert_address (&request->local, pair->asked_host, peer_get_port (server));
  g_assert_cmpuint (request->local.scope_id, ==, 0);
  g_assert_cmpuint (request->remote.port, ==, peer_get_port (client));
  peer_assert_received (client, 0, pair->asked_host, peer_get_port (server), "ping", 0);
}

static void
test_echo_empty (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) server = peer_new_bound (context, "127.0.0.1", IPV4);
  g_autoptr (Peer) client = peer_new_bound (context, "127.0.0.1", IPV4);

  server->is_echo = TRUE;
  peer_send (client, "127.0.0.1", peer_get_port (server), "");
  peer_wait (client, 1);
  peer_assert_received (client, 0, "127.0.0.1", peer_get_port (server), "", 0);
}

/* What was sent to a network's broadcast address is recognizable and is answered from another. */
static void
test_source_broadcast (gconstpointer user_data)
{
  GCoapUdpFamily family = GPOINTER_TO_INT (user_data);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) server = peer_new_bound (context, family == DUAL ? "::" : "0.0.0.0", family);
  GCoapAddress broadcast = make_address ("127.255.255.255", peer_get_port (server));
  struct sockaddr_storage sockaddr;
  socklen_t length = gcoap_address_to_sockaddr (&broadcast, FALSE, &sockaddr);
  int fd = socket (AF_INET, SOCK_DGRAM, 0);

  g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_BROADCAST, &(int) { TRUE }, sizeof (int)), ==, 0);
  g_assert_cmpint (sendto (fd, "ping", 4, 0, (const struct sockaddr *) &sockaddr, length), ==, 4);
  close (fd);
  peer_wait (server, 1);
  assert_address (&g_array_index (server->received, Received, 0).local,
                  "255.255.255.255",
                  peer_get_port (server));
}

/* A group or the broadcast address cannot be a source, RFC 1122 section 3.2.1.3; the answer must
 * leave all the same. */
static void
test_source_impossible (gconstpointer user_data)
{
  const char *asked_host = user_data;
  gboolean is_ipv6 = strchr (asked_host, ':') != NULL;
  const char *host = is_ipv6 ? "::1" : "127.0.0.1";
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) server = peer_new_bound (context, "::", DUAL);
  g_autoptr (Peer) client = NULL;
  GCoapDatagram answer;

  if (is_ipv6 && skip_without_ipv6 ())
    return;

  client = peer_new_bound (context, host, is_ipv6 ? IPV6 : IPV4);
  answer = make_datagram (host, peer_get_port (client), "answer");
  answer.local = make_address (asked_host, peer_get_port (server));
  answer.local.scope_id = 1; /* the loopback interface */
  g_assert_cmpuint (gcoap_udp_transport_send (server->transport, &answer, 1), ==, 1);
  peer_wait (client, 1);
  peer_assert_received (client, 0, host, peer_get_port (server), "answer", 0);
}

static void
test_bind_port_taken (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) first = peer_new_bound (context, "127.0.0.1", IPV4);
  g_autoptr (Peer) second = peer_new (context);
  GCoapAddress local = make_address ("127.0.0.1", peer_get_port (first));
  g_autofree char *message = g_strdup_printf ("Cannot listen on 127.0.0.1 port %u: %s",
                                              local.port,
                                              g_strerror (EADDRINUSE));
  g_autoptr (GError) error = NULL;

  g_assert_false (gcoap_udp_transport_bind (second->transport, &local, DUAL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_false (gcoap_udp_transport_is_open (second->transport));
  g_assert_false (gcoap_udp_transport_get_local (second->transport, &local));
}

static void
test_bind_wrong_family (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) peer = peer_new (context);
  GCoapAddress local = make_address ("127.0.0.1", 0);
  g_autoptr (GError) error = NULL;

  g_assert_false (gcoap_udp_transport_bind (peer->transport, &local, IPV6, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_bind_without_ipv6 (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) peer = NULL;
  GCoapAddress remote = make_address ("::1", 5683);
  GCoapAddress local;
  g_autoptr (GError) error = NULL;

  has_no_ipv6 = TRUE;
  peer = peer_new_bound (context, "::", DUAL);
  g_assert_false (gcoap_udp_transport_ensure (peer->transport, &remote, NULL, &error));
  has_no_ipv6 = FALSE;

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_true (gcoap_udp_transport_get_local (peer->transport, &local));
  assert_address (&local, "0.0.0.0", local.port);
}

static void
test_ensure_second_family (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) client = peer_new (context);
  g_autoptr (Peer) server4 = peer_new_bound (context, "127.0.0.1", IPV4);
  g_autoptr (Peer) server = NULL;
  GCoapAddress remote = make_address ("::1", 5683);
  GCoapAddress remote4 = make_address ("127.0.0.1", 5683);
  g_autoptr (GError) error = NULL;

  if (skip_without_ipv6 ())
    return;

  server = peer_new_bound (context, "::1", IPV6);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (gcoap_udp_transport_ensure (client->transport, &remote4, NULL, &error));
      g_assert_no_error (error);
      g_assert_true (gcoap_udp_transport_ensure (client->transport, &remote, NULL, &error));
      g_assert_no_error (error);
    }

  server->is_echo = server4->is_echo = TRUE;
  peer_send (client, "::1", peer_get_port (server), "six");
  peer_wait (client, 1);
  peer_send (client, "127.0.0.1", peer_get_port (server4), "four");
  peer_wait (client, 2);
  peer_assert_received (client, 0, "::1", peer_get_port (server), "six", 0);
  peer_assert_received (client, 1, "127.0.0.1", peer_get_port (server4), "four", 0);
  g_assert_cmpuint (g_array_index (server->received, Received, 0).remote.port,
                    ==,
                    g_array_index (server4->received, Received, 0).remote.port);
}

static void
test_ensure_port_taken (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) client = peer_new_bound (context, "127.0.0.1", IPV4);
  g_autoptr (Peer) other = peer_new (context);
  GCoapAddress taken = make_address ("::", peer_get_port (client));
  GCoapAddress remote = make_address ("::1", 5683);
  g_autoptr (GError) error = NULL;

  if (skip_without_ipv6 ())
    return;

  gcoap_udp_transport_bind (other->transport, &taken, IPV6, &error);
  g_assert_no_error (error);

  g_assert_false (gcoap_udp_transport_ensure (client->transport, &remote, &taken, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_clear_error (&error);

  g_assert_true (gcoap_udp_transport_ensure (client->transport, &remote, NULL, &error));
  g_assert_no_error (error);
}

static const Pair refused_ipv4 = { "127.0.0.1", IPV4, "0.0.0.0", IPV4, "127.0.0.1" };
static const Pair refused_ipv4_bound = { "127.0.0.1", IPV4, "127.0.0.1", IPV4, "127.0.0.1" };
static const Pair refused_ipv6 = { "::1", IPV6, "::", IPV6, "::1" };
static const Pair refused_dual = { "127.0.0.1", IPV4, "::", DUAL, "127.0.0.1" };

/* Each datagram that nobody wanted comes back for itself, and none of the others suffers. */
static void
test_refused (gconstpointer user_data)
{
  const Pair *pair = user_data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) server = NULL;
  g_autoptr (Peer) client = NULL;
  GCoapDatagram datagrams[10];
  guint16 closed_port;
  guint16 open_port;
  guint n_errors = 0;

  if (pair_is_ipv6 (pair) && skip_without_ipv6 ())
    return;

  server = pair_new_server (pair, context);
  client = pair_new_client (pair, context);
  closed_port = find_closed_port (pair->server_host, pair->server_family);
  open_port = peer_get_port (server);
  server->is_echo = TRUE;
  for (guint i = 0; i < 10; i += 2)
    {
      datagrams[i] = make_datagram (pair->asked_host, closed_port, "lost");
      datagrams[i + 1] = make_datagram (pair->asked_host, open_port, "found");
    }

  g_assert_cmpuint (gcoap_udp_transport_send (client->transport, datagrams, 10), ==, 10);
  peer_wait (client, 10);

  for (guint i = 0; i < 10; i++)
    {
      gboolean is_error = g_array_index (client->received, Received, i).error != 0;

      n_errors += is_error;
      peer_assert_received (client, i, pair->asked_host,
                            is_error ? closed_port : open_port,
                            is_error ? "lost" : "found",
                            is_error ? ECONNREFUSED : 0);
    }

  g_assert_cmpuint (n_errors, ==, 5);
  g_assert_false (g_main_context_pending (context));
}

/* An error without an entry in the queue must neither hide what has arrived nor keep us busy. */
static void
test_refused_without_entry (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) peer = peer_new_bound (context, "127.0.0.1", IPV4);

  peer_send (peer, "127.0.0.1", peer_get_port (peer), "to myself");
  receive_fault = (Fault) { .error = ECONNREFUSED, .count = 1 };
  peer_wait (peer, 1);
  peer_assert_received (peer, 0, "127.0.0.1", peer_get_port (peer), "to myself", 0);

  peer_send (peer, "127.0.0.1", peer_get_port (peer), "again");
  receive_fault = (Fault) { .error = ECONNREFUSED, .count = 100 };
  g_assert_true (g_main_context_iteration (context, TRUE));
  g_assert_cmpuint (receive_fault.count, >, 50);
  g_assert_cmpuint (peer->received->len, ==, 1);

  receive_fault.count = 0;
  peer_wait (peer, 2);
}

static void
test_send_batch (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) server = peer_new_bound (context, "::", DUAL);
  g_autoptr (Peer) client = peer_new_bound (context, "127.0.0.1", IPV4);
  GCoapAddress remote = make_address ("127.0.0.1", peer_get_port (server));
  GCoapDatagram datagrams[200];
  guint8 numbers[200];

  server->is_echo = TRUE;
  for (guint i = 0; i < 200; i++)
    {
      numbers[i] = i;
      datagrams[i] = (GCoapDatagram) { .remote = remote, .data = &numbers[i], .length = 1 };
    }

  g_assert_cmpuint (gcoap_udp_transport_send (client->transport, datagrams, 200), ==, 200);
  peer_wait (client, 200);
  for (guint i = 0; i < 200; i++)
    {
      GBytes *data = g_array_index (client->received, Received, i).data;

      g_assert_cmpmem (g_bytes_get_data (data, NULL), g_bytes_get_size (data), &numbers[i], 1);
    }
}

/* The datagram that is too large comes back, cut short, and the others around it arrive. */
static void
test_send_oversize (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) server = peer_new_bound (context, "127.0.0.1", IPV4);
  g_autoptr (Peer) client = peer_new_bound (context, "0.0.0.0", IPV4);
  GCoapAddress remote = make_address ("127.0.0.1", peer_get_port (server));
  g_autofree guint8 *data = g_malloc0 (65535);
  GCoapDatagram datagrams[] = {
    { .remote = remote, .data = data, .length = 10 },
    { .remote = remote, .data = data, .length = 65508 },
    { .remote = remote, .data = data, .length = 65507 },
    { .remote = remote, .data = data, .length = 65535 },
    { .remote = remote, .data = data, .length = 30 },
  };
  const gsize arriving[] = { 10, 65507, 30 };

  memset (data, 'x', 65535);
  g_assert_cmpuint (gcoap_udp_transport_send (client->transport, datagrams, 5), ==, 5);
  peer_wait (server, 3);
  peer_wait (client, 2);

  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (g_bytes_get_size (g_array_index (server->received, Received, i).data),
                      ==,
                      arriving[i]);

  for (guint i = 0; i < 2; i++)
    {
      Received *received = &g_array_index (client->received, Received, i);

      g_assert_cmpint (received->error, ==, EMSGSIZE);
      g_assert_true (gcoap_address_equal (&received->remote, &remote));
      g_assert_cmpmem (g_bytes_get_data (received->data, NULL),
                       g_bytes_get_size (received->data),
                       data,
                       GCOAP_UDP_REFUSED_SIZE);
    }
}

static void
test_send_without_route (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) peer = peer_new_bound (context, "127.0.0.1", IPV4);

  for (guint i = 0; i < 3; i++)
    peer_send (peer, "::1", 5683, "nowhere");
  peer_wait (peer, 3);
  peer_assert_received (peer, 0, "::1", 5683, "nowhere", ENETUNREACH);

  /* What is remembered of a flood is bounded. */
  for (guint i = 0; i < 3 * GCOAP_UDP_BATCH; i++)
    peer_send (peer, "::1", 5683, "nowhere");
  peer_wait (peer, 3 + GCOAP_UDP_BATCH);
  g_assert_false (g_main_context_pending (context));
}

static void
test_send_queue_full (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) server = peer_new_bound (context, "127.0.0.1", IPV4);
  g_autoptr (Peer) client = peer_new_bound (context, "127.0.0.1", IPV4);
  GCoapDatagram datagram = make_datagram ("127.0.0.1", peer_get_port (server), "ping");

  send_fault = (Fault) { .error = EAGAIN, .count = 1 };
  g_assert_cmpuint (gcoap_udp_transport_send (client->transport, &datagram, 1), ==, 0);

  while (client->n_wakeups == 0)
    g_main_context_iteration (context, TRUE);

  g_assert_false (g_main_context_pending (context));
  g_assert_cmpuint (client->received->len, ==, 0);
  g_assert_cmpuint (gcoap_udp_transport_send (client->transport, &datagram, 1), ==, 1);
  peer_wait (server, 1);
}

/* A device's queue that overflows loses a datagram like any router on the way. */
static void
test_send_queue_lost (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) server = peer_new_bound (context, "127.0.0.1", IPV4);
  g_autoptr (Peer) client = peer_new_bound (context, "127.0.0.1", IPV4);

  send_fault = (Fault) { .error = ENOBUFS, .count = 1 };
  peer_send (client, "127.0.0.1", peer_get_port (server), "lost");
  peer_send (client, "127.0.0.1", peer_get_port (server), "found");
  peer_wait (server, 1);
  peer_assert_received (server, 0, "127.0.0.1", peer_get_port (client), "found", 0);
  g_assert_false (g_main_context_pending (context));
  g_assert_cmpuint (client->n_wakeups, ==, 0);
}

static void
free_ready_cb (gpointer user_data)
{
  g_clear_pointer ((GCoapUdpTransport **) user_data, gcoap_udp_transport_free);
}

static void
test_source_free_in_ready (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) sender = peer_new_bound (context, "127.0.0.1", IPV4);
  GCoapUdpTransport *transport = gcoap_udp_transport_new (context, free_ready_cb, &transport);
  GCoapAddress local = make_address ("127.0.0.1", 0);
  g_autoptr (GError) error = NULL;

  gcoap_udp_transport_bind (transport, &local, IPV4, &error);
  g_assert_no_error (error);
  g_assert_true (gcoap_udp_transport_get_local (transport, &local));

  peer_send (sender, "127.0.0.1", local.port, "die");
  while (transport != NULL)
    g_main_context_iteration (context, TRUE);

  g_assert_false (g_main_context_pending (context));
}

static void
recurse_ready_cb (gpointer user_data)
{
  Peer *self = user_data;

  peer_ready_cb (self);
  if (self->received->len > 1)
    return;

  peer_send (self, "127.0.0.1", peer_get_port (self), "second");
  peer_wait (self, 2);
}

static void
test_source_recurse (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) peer = peer_new (context);
  GCoapAddress local = make_address ("127.0.0.1", 0);
  g_autoptr (GError) error = NULL;

  gcoap_udp_transport_free (peer->transport);
  peer->transport = gcoap_udp_transport_new (context, recurse_ready_cb, peer);
  gcoap_udp_transport_bind (peer->transport, &local, IPV4, &error);
  g_assert_no_error (error);

  peer_send (peer, "127.0.0.1", peer_get_port (peer), "first");
  g_assert_true (g_main_context_iteration (context, TRUE));
  g_assert_cmpuint (peer->received->len, ==, 2);
}

static void
test_source_idle (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Peer) peer = peer_new_bound (context, "::", DUAL);

  g_assert_false (g_main_context_iteration (context, FALSE));
  peer_send (peer, "127.0.0.1", peer_get_port (peer), "once");
  peer_wait (peer, 1);
  g_assert_false (g_main_context_iteration (context, FALSE));
  g_assert_cmpuint (peer->n_wakeups, ==, 1);
}

#define PATH "/transport/udp/"

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func (PATH "echo/ipv4", &echo_ipv4, test_echo);
  g_test_add_data_func (PATH "echo/ipv6", &echo_ipv6, test_echo);
  g_test_add_data_func (PATH "echo/dual-ipv4", &echo_dual_ipv4, test_echo);
  g_test_add_data_func (PATH "echo/dual-ipv6", &echo_dual_ipv6, test_echo);
  g_test_add_data_func (PATH "echo/from-dual", &echo_from_dual, test_echo);
  g_test_add_func (PATH "echo/empty", test_echo_empty);
  g_test_add_data_func (PATH "source/ipv4", &source_ipv4, test_echo);
  g_test_add_data_func (PATH "source/dual", &source_dual, test_echo);
  g_test_add_data_func (PATH "source/dual-both", &source_dual_both, test_echo);
  g_test_add_data_func (PATH "source/broadcast", GINT_TO_POINTER (IPV4), test_source_broadcast);
  g_test_add_data_func (PATH "source/broadcast-dual", GINT_TO_POINTER (DUAL),
                        test_source_broadcast);
  g_test_add_data_func (PATH "source/group-ipv4", "224.0.1.187", test_source_impossible);
  g_test_add_data_func (PATH "source/group-ipv6", "ff02::fd", test_source_impossible);
  g_test_add_data_func (PATH "source/limited-broadcast", "255.255.255.255", test_source_impossible);
  g_test_add_func (PATH "bind/port-taken", test_bind_port_taken);
  g_test_add_func (PATH "bind/wrong-family", test_bind_wrong_family);
  g_test_add_func (PATH "bind/without-ipv6", test_bind_without_ipv6);
  g_test_add_func (PATH "ensure/second-family", test_ensure_second_family);
  g_test_add_func (PATH "ensure/port-taken", test_ensure_port_taken);
  g_test_add_data_func (PATH "refused/ipv4", &refused_ipv4, test_refused);
  g_test_add_data_func (PATH "refused/ipv4-bound", &refused_ipv4_bound, test_refused);
  g_test_add_data_func (PATH "refused/ipv6", &refused_ipv6, test_refused);
  g_test_add_data_func (PATH "refused/dual", &refused_dual, test_refused);
  g_test_add_func (PATH "refused/without-entry", test_refused_without_entry);
  g_test_add_func (PATH "send/batch", test_send_batch);
  g_test_add_func (PATH "send/oversize", test_send_oversize);
  g_test_add_func (PATH "send/without-route", test_send_without_route);
  g_test_add_func (PATH "send/queue-full", test_send_queue_full);
  g_test_add_func (PATH "send/queue-lost", test_send_queue_lost);
  g_test_add_func (PATH "loop/free-in-ready", test_source_free_in_ready);
  g_test_add_func (PATH "loop/recurse", test_source_recurse);
  g_test_add_func (PATH "loop/idle", test_source_idle);

  return g_test_run ();
}
