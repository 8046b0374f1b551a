/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "udp-peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "codec/gcoap-address-private.h"

Fault send_fault;
Fault receive_fault;
gboolean has_no_ipv6;

static gboolean
is_due (Fault *fault)
{
  if (fault->count == 0)
    return FALSE;

  fault->count--;
  errno = fault->error;
  return TRUE;
}

int
socket (int domain,
        int type,
        int protocol)
{
  if (has_no_ipv6 && domain == AF_INET6)
    {
      errno = EAFNOSUPPORT;
      return -1;
    }

  return syscall (SYS_socket, domain, type, protocol);
}

int
sendmmsg (int             fd,
          struct mmsghdr *messages,
          unsigned int    n_messages,
          int             flags)
{
  if (is_due (&send_fault))
    return -1;

  return syscall (SYS_sendmmsg, fd, messages, n_messages, flags);
}

int
recvmmsg (int              fd,
          struct mmsghdr  *messages,
          unsigned int     n_messages,
          int              flags,
          struct timespec *timeout)
{
  if ((flags & MSG_ERRQUEUE) == 0 && is_due (&receive_fault))
    return -1;

  return syscall (SYS_recvmmsg, fd, messages, n_messages, flags, timeout);
}

static void
received_clear (gpointer data)
{
  g_bytes_unref (((Received *) data)->data);
}

static void
peer_take (Peer                *self,
           const GCoapDatagram *datagram)
{
  Received received = {
    .remote = datagram->remote,
    .local = datagram->local,
    .data = g_bytes_new (datagram->data, datagram->length),
    .error = datagram->error,
  };

  g_array_append_val (self->received, received);
}

void
peer_ready_cb (gpointer user_data)
{
  Peer *self = user_data;
  const GCoapDatagram *datagrams;
  guint n;

  self->n_wakeups++;
  while ((n = gcoap_udp_transport_receive (self->transport, &datagrams)) > 0)
    {
      for (guint i = 0; i < n; i++)
        peer_take (self, &datagrams[i]);

      if (self->is_echo)
        g_assert_cmpuint (gcoap_udp_transport_send (self->transport, datagrams, n), ==, n);
    }
}

Peer *
peer_new (GMainContext *context)
{
  Peer *self = g_new0 (Peer, 1);

  self->context = g_main_context_ref (context);
  self->transport = gcoap_udp_transport_new (context, peer_ready_cb, self);
  self->received = g_array_new (FALSE, FALSE, sizeof (Received));
  g_array_set_clear_func (self->received, received_clear);
  return self;
}

void
peer_free (Peer *self)
{
  gcoap_udp_transport_free (self->transport);
  g_array_unref (self->received);
  g_main_context_unref (self->context);
  g_free (self);
}

GCoapAddress
make_address (const char *host,
              guint16     port)
{
  struct sockaddr_in ipv4 = { .sin_family = AF_INET, .sin_port = g_htons (port) };
  struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6, .sin6_port = g_htons (port) };
  GCoapAddress address = { 0 };

  if (inet_pton (AF_INET, host, &ipv4.sin_addr) == 1)
    gcoap_address_from_sockaddr (&address, (const struct sockaddr *) &ipv4);
  else if (inet_pton (AF_INET6, host, &ipv6.sin6_addr) == 1)
    gcoap_address_from_sockaddr (&address, (const struct sockaddr *) &ipv6);
  else
    g_assert_not_reached ();

  return address;
}

/* A datagram with @text in it, which has to stay. */
GCoapDatagram
make_datagram (const char *host,
               guint16     port,
               const char *text)
{
  return (GCoapDatagram) {
    .remote = make_address (host, port),
    .data = (const guint8 *) text,
    .length = strlen (text),
  };
}

guint16
peer_get_port (Peer *self)
{
  GCoapAddress local;

  g_assert_true (gcoap_udp_transport_get_local (self->transport, &local));
  return local.port;
}

Peer *
peer_new_bound (GMainContext   *context,
                const char     *host,
                GCoapUdpFamily  family)
{
  Peer *self = peer_new (context);
  GCoapAddress local = make_address (host, 0);
  GError *error = NULL;

  gcoap_udp_transport_bind (self->transport, &local, family, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (peer_get_port (self), !=, 0);
  return self;
}

void
peer_send (Peer       *self,
           const char *host,
           guint16     port,
           const char *text)
{
  GCoapDatagram datagram = make_datagram (host, port, text);

  g_assert_cmpuint (gcoap_udp_transport_send (self->transport, &datagram, 1), ==, 1);
}

void
peer_wait (Peer  *self,
           guint  n_received)
{
  while (self->received->len < n_received)
    g_main_context_iteration (self->context, TRUE);

  g_assert_cmpuint (self->received->len, ==, n_received);
}

void
assert_address (const GCoapAddress *address,
                const char         *host,
                guint16             port)
{
  g_autofree char *actual = gcoap_address_get_host (address);

  g_assert_cmpstr (actual, ==, host);
  g_assert_cmpuint (address->port, ==, port);
}

void
peer_assert_received (Peer       *self,
                      guint       index,
                      const char *host,
                      guint16     port,
                      const char *text,
                      int         error)
{
  Received *received = &g_array_index (self->received, Received, index);
  gsize length;
  gconstpointer data = g_bytes_get_data (received->data, &length);

  assert_address (&received->remote, host, port);
  g_assert_cmpmem (data, length, text, strlen (text));
  g_assert_cmpint (received->error, ==, error);
}
