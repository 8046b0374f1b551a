/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/gcoap-udp-transport-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "codec/gcoap-address-private.h"
#include "transport/gcoap-udp-options-private.h"
#include "transport/gcoap-udp-receiver-private.h"
#include "transport/gcoap-udp-sender-private.h"
#include "transport/gcoap-udp-socket-private.h"

struct _GCoapUdpTransport
{
  GCoapUdpReadyFunc  ready;
  gpointer           user_data;
  GCoapUdpOptions    options;

  GSource           *source;     /* (owned) */
  GCoapUdpReceiver  *receiver;   /* (owned) */
  GCoapUdpSender    *sender;     /* (owned) */

  GCoapUdpSocket    *sockets[2]; /* (owned) in the order they were opened */
  guint              n_sockets;
  guint              turn;       /* of the socket that was read last */
  GCoapUdpSocket    *ipv4;       /* (nullable) the one that carries IPv4 */
  GCoapUdpSocket    *ipv6;       /* (nullable) the one that carries IPv6 */
};

typedef struct
{
  GSource            parent;
  GCoapUdpTransport *transport;
} TransportSource;

static void
note_events (GCoapUdpTransport *self,
             GCoapUdpSocket    *socket)
{
  GIOCondition condition = g_source_query_unix_fd (self->source, socket->tag);

  if (condition & G_IO_ERR)
    socket->has_errors = TRUE;
  if (condition & G_IO_OUT)
    g_source_modify_unix_fd (self->source, socket->tag, G_IO_IN);
}

/* The ready function comes last, because it may free the transport. */
static gboolean
transport_source_dispatch (GSource     *source,
                           GSourceFunc  callback,
                           gpointer     user_data)
{
  GCoapUdpTransport *self = ((TransportSource *) source)->transport;

  for (guint i = 0; i < self->n_sockets; i++)
    note_events (self, self->sockets[i]);

  g_source_set_ready_time (source, -1);
  self->ready (self->user_data);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs transport_source_funcs = {
  .dispatch = transport_source_dispatch,
};

static GSource *
create_source (GCoapUdpTransport *self,
               GMainContext      *context)
{
  GSource *source = g_source_new (&transport_source_funcs, sizeof (TransportSource));

  ((TransportSource *) source)->transport = self;
  g_source_set_static_name (source, "GCoap UDP transport");
  g_source_set_can_recurse (source, TRUE);
  g_source_attach (source, context);
  return source;
}

static void
add_socket (GCoapUdpTransport *self,
            GCoapUdpSocket    *socket)
{
  socket->tag = g_source_add_unix_fd (self->source, socket->fd, G_IO_IN);
  self->sockets[self->n_sockets++] = socket;

  if (self->ipv4 == NULL && socket->carries_ipv4)
    self->ipv4 = socket;
  if (self->ipv6 == NULL && socket->carries_ipv6)
    self->ipv6 = socket;
}

static GCoapUdpSocket *
get_route_to (GCoapUdpTransport  *self,
              const GCoapAddress *remote)
{
  return gcoap_address_is_ipv4 (remote) ? self->ipv4 : self->ipv6;
}

static GCoapUdpSocket *
get_route (GCoapUdpTransport   *self,
           const GCoapDatagram *datagram)
{
  return get_route_to (self, &datagram->remote);
}

/* How many datagrams, from the first on, go by @socket in one batch. */
static guint
count_run (GCoapUdpTransport    *self,
           const GCoapUdpSocket *socket,
           const GCoapDatagram  *datagrams,
           guint                 n_datagrams)
{
  guint max = MIN (n_datagrams, GCOAP_UDP_BATCH);
  guint n = 1;

  while (n < max && get_route (self, &datagrams[n]) == socket)
    n++;

  return n;
}

static guint
send_run (GCoapUdpTransport   *self,
          GCoapUdpSocket      *socket,
          const GCoapDatagram *datagrams,
          guint                n_datagrams)
{
  guint n_taken;

  if (socket == NULL)
    {
      for (guint i = 0; i < n_datagrams; i++)
        gcoap_udp_sender_refuse (self->sender, &datagrams[i], ENETUNREACH);
      return n_datagrams;
    }

  n_taken = gcoap_udp_sender_send (self->sender, socket, datagrams, n_datagrams);
  if (n_taken < n_datagrams)
    g_source_modify_unix_fd (self->source, socket->tag, G_IO_IN | G_IO_OUT);

  return n_taken;
}

/**
 * gcoap_udp_transport_new:
 * @context: (nullable): where to wait, or %NULL for the default context
 * @ready: what to call when there is something to receive or room to send
 * @user_data: what to call it with
 *
 * Creates a transport without sockets.
 *
 * Returns: (transfer full): a transport
 */
GCoapUdpTransport *
gcoap_udp_transport_new (GMainContext      *context,
                         GCoapUdpReadyFunc  ready,
                         gpointer           user_data)
{
  GCoapUdpTransport *self;

  g_return_val_if_fail (ready != NULL, NULL);

  self = g_new0 (GCoapUdpTransport, 1);
  self->ready = ready;
  self->user_data = user_data;
  self->options.max_packet_size = GCOAP_UDP_MAX_PACKET_SIZE;
  self->receiver = gcoap_udp_receiver_new ();
  self->sender = gcoap_udp_sender_new ();
  self->source = create_source (self, context);
  return self;
}

/**
 * gcoap_udp_transport_free:
 * @self: (transfer full) (nullable): a transport
 *
 * Closes the sockets and frees the transport. The ready function is not called any more; it may
 * be what calls this.
 */
void
gcoap_udp_transport_free (GCoapUdpTransport *self)
{
  if (self == NULL)
    return;

  g_source_destroy (self->source);
  g_source_unref (self->source);
  for (guint i = 0; i < self->n_sockets; i++)
    gcoap_udp_socket_close (self->sockets[i]);

  gcoap_udp_receiver_free (self->receiver);
  gcoap_udp_sender_free (self->sender);
  g_free (self);
}

/**
 * gcoap_udp_transport_set_options:
 * @self: a transport
 * @options: how to treat datagrams from now on
 *
 * Sets the options of the sockets that are open and of those that will be. `shares_port` is only
 * for the latter.
 */
void
gcoap_udp_transport_set_options (GCoapUdpTransport     *self,
                                 const GCoapUdpOptions *options)
{
  g_return_if_fail (options->max_packet_size >= GCOAP_UDP_REFUSED_SIZE);
  g_return_if_fail (options->max_packet_size <= GCOAP_UDP_MAX_PACKET_SIZE);
  g_return_if_fail (options->dscp <= GCOAP_UDP_MAX_DSCP);
  g_return_if_fail (options->priority <= GCOAP_UDP_MAX_PRIORITY);

  if (memcmp (&self->options, options, sizeof *options) == 0)
    return;

  self->options = *options;
  gcoap_udp_receiver_set_max_packet_size (self->receiver, options->max_packet_size);
  for (guint i = 0; i < self->n_sockets; i++)
    if (!gcoap_udp_options_apply (options, self->sockets[i]))
      g_debug ("Not all options of a socket could be changed: %s", g_strerror (errno));
}

/**
 * gcoap_udp_transport_bind:
 * @self: a transport that has no socket for @family yet
 * @local: the address to bind to; with port 0 the system chooses one
 * @family: what the socket has to carry
 * @error: return location for a #GError
 *
 * Opens a socket. A specific @local decides between IPv4 and IPv6 where @family allows both.
 *
 * Returns: %TRUE on success
 */
gboolean
gcoap_udp_transport_bind (GCoapUdpTransport   *self,
                          const GCoapAddress  *local,
                          GCoapUdpFamily       family,
                          GError             **error)
{
  GCoapUdpSocket *socket;

  g_return_val_if_fail (self->n_sockets < G_N_ELEMENTS (self->sockets), FALSE);
  g_return_val_if_fail (family != GCOAP_UDP_FAMILY_IPV4 || self->ipv4 == NULL, FALSE);
  g_return_val_if_fail (family == GCOAP_UDP_FAMILY_IPV4 || self->ipv6 == NULL, FALSE);

  socket = gcoap_udp_socket_open (local, family, &self->options, error);
  if (socket == NULL)
    return FALSE;

  add_socket (self, socket);
  return TRUE;
}

/**
 * gcoap_udp_transport_ensure:
 * @self: a transport
 * @remote: where datagrams are to go
 * @local: (nullable): the address to bind a new socket to, or %NULL for any
 * @error: return location for a #GError
 *
 * Opens a socket that can send to @remote, unless there is one. A port that @local names is
 * insisted on; otherwise the port of the transport's other socket is tried first, so that peers
 * know both by one number.
 *
 * Returns: %TRUE if there is a socket that can send to @remote
 */
gboolean
gcoap_udp_transport_ensure (GCoapUdpTransport   *self,
                            const GCoapAddress  *remote,
                            const GCoapAddress  *local,
                            GError             **error)
{
  gboolean is_ipv4 = gcoap_address_is_ipv4 (remote);
  GCoapUdpFamily family = is_ipv4 ? GCOAP_UDP_FAMILY_IPV4 : GCOAP_UDP_FAMILY_IPV6;
  GCoapAddress address = { 0 };
  GCoapAddress shared;

  if (get_route_to (self, remote) != NULL)
    return TRUE;

  if (local != NULL)
    address = *local;

  shared = address;
  if (address.port == 0 && self->n_sockets > 0)
    shared.port = self->sockets[0]->local.port;

  if (shared.port != address.port && gcoap_udp_transport_bind (self, &shared, family, NULL))
    return TRUE;

  return gcoap_udp_transport_bind (self, &address, family, error);
}

/**
 * gcoap_udp_transport_connect:
 * @self: a transport that has a socket for the family of @remote
 * @remote: the only one to hear
 * @error: return location for a #GError
 *
 * Connects the socket, unless it is connected to @remote already.
 *
 * Returns: %TRUE on success
 */
gboolean
gcoap_udp_transport_connect (GCoapUdpTransport   *self,
                             const GCoapAddress  *remote,
                             GError             **error)
{
  GCoapUdpSocket *socket = get_route_to (self, remote);

  g_return_val_if_fail (socket != NULL, FALSE);

  if (socket->is_connected && gcoap_address_equal (&socket->peer, remote))
    return TRUE;

  g_return_val_if_fail (!socket->is_connected, FALSE);

  return gcoap_udp_socket_connect (socket, remote, &self->options, error);
}

/**
 * gcoap_udp_transport_get_peer:
 * @self: a transport
 * @out_peer: (out): whom it is connected to
 *
 * Says whom the transport is connected to.
 *
 * Returns: %FALSE if it is not
 */
gboolean
gcoap_udp_transport_get_peer (GCoapUdpTransport *self,
                              GCoapAddress      *out_peer)
{
  for (guint i = 0; i < self->n_sockets; i++)
    if (self->sockets[i]->is_connected)
      {
        *out_peer = self->sockets[i]->peer;
        return TRUE;
      }

  return FALSE;
}

/**
 * gcoap_udp_transport_get_buffers:
 * @self: a transport
 * @out_receive: (out): the bytes that may wait to be received
 * @out_send: (out): the bytes that may wait to be sent
 *
 * Gets what the kernel has granted to the socket that was opened first.
 *
 * Returns: %FALSE if there is none
 */
gboolean
gcoap_udp_transport_get_buffers (GCoapUdpTransport *self,
                                 guint             *out_receive,
                                 guint             *out_send)
{
  if (self->n_sockets == 0)
    return FALSE;

  *out_receive = gcoap_udp_options_read_buffer (self->sockets[0], SO_RCVBUF);
  *out_send = gcoap_udp_options_read_buffer (self->sockets[0], SO_SNDBUF);

  return TRUE;
}

/**
 * gcoap_udp_transport_is_open:
 * @self: a transport
 *
 * Says whether the transport has a socket.
 *
 * Returns: %TRUE if it has
 */
gboolean
gcoap_udp_transport_is_open (GCoapUdpTransport *self)
{
  return self->n_sockets > 0;
}

/**
 * gcoap_udp_transport_get_local:
 * @self: a transport
 * @out_local: (out): the bound address and port
 *
 * Gets the address of the socket that was opened first.
 *
 * Returns: %FALSE if there is none
 */
gboolean
gcoap_udp_transport_get_local (GCoapUdpTransport *self,
                               GCoapAddress      *out_local)
{
  if (self->n_sockets == 0)
    return FALSE;

  *out_local = self->sockets[0]->local;
  return TRUE;
}

/**
 * gcoap_udp_transport_receive:
 * @self: a transport
 * @out_datagrams: (out) (array) (transfer none): the datagrams, good until the next call
 *
 * Receives a batch without waiting. The sockets take turns, so that neither can starve the other.
 *
 * Returns: how many datagrams there are, 0 if nothing is left for now
 */
guint
gcoap_udp_transport_receive (GCoapUdpTransport    *self,
                             const GCoapDatagram **out_datagrams)
{
  guint n = gcoap_udp_sender_take_refused (self->sender, out_datagrams);

  for (guint i = 0; i < self->n_sockets && n == 0; i++)
    {
      self->turn = (self->turn + 1) % self->n_sockets;
      n = gcoap_udp_receiver_receive (self->receiver, self->sockets[self->turn], out_datagrams);
    }

  return n;
}

/**
 * gcoap_udp_transport_take_oversized:
 * @self: a transport
 * @out_oversized: (out) (array) (transfer none): who has sent how much, good until the next
 *   gcoap_udp_transport_receive()
 *
 * Takes the notes of the datagrams that gcoap_udp_transport_receive() has dropped since it was last
 * called, because they were too long.
 *
 * Returns: how many there are
 */
guint
gcoap_udp_transport_take_oversized (GCoapUdpTransport        *self,
                                    const GCoapUdpOversized **out_oversized)
{
  return gcoap_udp_receiver_take_oversized (self->receiver, out_oversized);
}

/**
 * gcoap_udp_transport_send:
 * @self: a transport
 * @datagrams: (array length=n_datagrams): the datagrams
 * @n_datagrams: how many there are
 *
 * Sends without waiting. Datagrams that cannot be sent are taken too and come back from
 * gcoap_udp_transport_receive(), for which the ready function is called.
 *
 * Returns: how many were taken; fewer means that the ready function will be called when there is
 *   room for more
 */
guint
gcoap_udp_transport_send (GCoapUdpTransport   *self,
                          const GCoapDatagram *datagrams,
                          guint                n_datagrams)
{
  guint n_taken = 0;
  gboolean has_room = TRUE;

  while (n_taken < n_datagrams && has_room)
    {
      const GCoapDatagram *first = &datagrams[n_taken];
      GCoapUdpSocket *socket = get_route (self, first);
      guint n_run = count_run (self, socket, first, n_datagrams - n_taken);
      guint n_run_taken = send_run (self, socket, first, n_run);

      has_room = n_run_taken == n_run;
      n_taken += n_run_taken;
    }

  if (gcoap_udp_sender_has_refused (self->sender))
    g_source_set_ready_time (self->source, 0);

  return n_taken;
}
