/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/gcoap-udp-options-private.h"

#include <netinet/in.h>
#include <sys/socket.h>

/* The two bits below the DSCP are the network's, for congestion notification (RFC 3168). */
#define DSCP_SHIFT 2

typedef struct
{
  int level;
  int name;
  int value;
} SocketOption;

static gboolean
set_options (int                 fd,
             const SocketOption *options,
             gsize               n_options)
{
  for (gsize i = 0; i < n_options; i++)
    {
      const SocketOption *option = &options[i];

      if (setsockopt (fd, option->level, option->name, &option->value, sizeof (int)) < 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
prepare_ipv4 (GCoapUdpSocket *socket)
{
  const SocketOption options[] = {
    { IPPROTO_IP, IP_RECVERR, TRUE },
  };

  return set_options (socket->fd, options, G_N_ELEMENTS (options));
}

static gboolean
prepare_ipv6 (GCoapUdpSocket *socket)
{
  const SocketOption options[] = {
    { IPPROTO_IPV6, IPV6_V6ONLY, !socket->carries_ipv4 },
    { IPPROTO_IPV6, IPV6_RECVERR, TRUE },
  };

  return set_options (socket->fd, options, G_N_ELEMENTS (options));
}

/* SO_REUSEADDR would share the port as well, but with whoever asks: another user's program too
 * could take the datagrams away. SO_REUSEPORT shares among the sockets of one user that all want
 * it, and has each peer stay with one of them. */
static gboolean
prepare_sharing (GCoapUdpSocket *socket)
{
  const SocketOption options[] = {
    { SOL_SOCKET, SO_REUSEPORT, TRUE },
  };

  return set_options (socket->fd, options, G_N_ELEMENTS (options));
}

gboolean
gcoap_udp_options_prepare (const GCoapUdpOptions *self,
                           GCoapUdpSocket        *socket)
{
  return (!socket->carries_ipv4 || prepare_ipv4 (socket)) &&
         (!socket->carries_ipv6 || prepare_ipv6 (socket)) &&
         (!self->shares_port || prepare_sharing (socket));
}

static gboolean
wants_destination (const GCoapUdpOptions *self,
                   const GCoapUdpSocket  *socket)
{
  return socket->is_wildcard || self->captures_destination;
}

/* Linux sets the flag on what UDP sends unless it is told not to. */
static gboolean
apply_ipv4 (const GCoapUdpOptions *self,
            GCoapUdpSocket        *socket)
{
  const SocketOption options[] = {
    { IPPROTO_IP, IP_PKTINFO, wants_destination (self, socket) },
    { IPPROTO_IP, IP_MTU_DISCOVER, self->dont_fragment ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT },
    { IPPROTO_IP, IP_TOS, self->dscp << DSCP_SHIFT },
  };

  return set_options (socket->fd, options, G_N_ELEMENTS (options));
}

/* There is no such flag in IPv6: only the sender fragments, and here it is told whether to. */
static gboolean
apply_ipv6 (const GCoapUdpOptions *self,
            GCoapUdpSocket        *socket)
{
  const SocketOption options[] = {
    { IPPROTO_IPV6, IPV6_RECVPKTINFO, wants_destination (self, socket) },
    { IPPROTO_IPV6, IPV6_MTU_DISCOVER,
      self->dont_fragment ? IPV6_PMTUDISC_DO : IPV6_PMTUDISC_DONT },
    { IPPROTO_IPV6, IPV6_TCLASS, self->dscp << DSCP_SHIFT },
  };

  return set_options (socket->fd, options, G_N_ELEMENTS (options));
}

/* IP_TOS chooses a priority of its own, so this comes after it. */
static gboolean
apply_priority (const GCoapUdpOptions *self,
                GCoapUdpSocket        *socket)
{
  const SocketOption options[] = {
    { SOL_SOCKET, SO_PRIORITY, self->priority },
  };

  return set_options (socket->fd, options, G_N_ELEMENTS (options));
}

static int
read_size (const GCoapUdpSocket *socket,
           int                   name)
{
  int size = 0;
  socklen_t length = sizeof size;

  getsockopt (socket->fd, SOL_SOCKET, name, &size, &length);

  return size;
}

/* @size 0 stands for what the socket had at first, which is @original once that was changed. */
static gboolean
apply_buffer (GCoapUdpSocket *socket,
              int             name,
              guint           size,
              int            *original)
{
  int value = size;

  if (size == 0 && *original == 0)
    return TRUE;

  if (*original == 0)
    *original = read_size (socket, name);
  if (size == 0)
    value = *original / 2;

  return setsockopt (socket->fd, SOL_SOCKET, name, &value, sizeof value) == 0;
}

gboolean
gcoap_udp_options_apply (const GCoapUdpOptions *self,
                         GCoapUdpSocket        *socket)
{
  return (!socket->carries_ipv4 || apply_ipv4 (self, socket)) &&
         (!socket->carries_ipv6 || apply_ipv6 (self, socket)) &&
         apply_priority (self, socket) &&
         apply_buffer (socket, SO_RCVBUF, self->receive_buffer, &socket->original_receive_buffer) &&
         apply_buffer (socket, SO_SNDBUF, self->send_buffer, &socket->original_send_buffer);
}

/* The kernel takes twice what is asked for, for its own records, and tells that sum. */
guint
gcoap_udp_options_read_buffer (const GCoapUdpSocket *socket,
                               int                   name)
{
  return read_size (socket, name) / 2;
}
