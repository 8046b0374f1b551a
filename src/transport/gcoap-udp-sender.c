/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/gcoap-udp-sender-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "codec/gcoap-address-private.h"

/* A send that fails may have been told the fate of an earlier datagram: the kernel hands a pending
 * ICMP error to whatever call comes next, once. What fails so many times in a row fails for
 * reasons of its own. */
#define MAX_ATTEMPTS 4

typedef union
{
  struct cmsghdr align;
  guint8         bytes[CMSG_SPACE (sizeof (struct in6_pktinfo))];
} Control;

typedef struct
{
  GCoapDatagram datagrams[GCOAP_UDP_BATCH];
  guint8        data[GCOAP_UDP_BATCH][GCOAP_UDP_REFUSED_SIZE];
  guint         n;
} Refused;

struct _GCoapUdpSender
{
  struct mmsghdr          messages[GCOAP_UDP_BATCH];
  struct iovec            vectors[GCOAP_UDP_BATCH];
  struct sockaddr_storage names[GCOAP_UDP_BATCH];
  Control                 controls[GCOAP_UDP_BATCH];

  /* One list is filled while the other is being read. */
  Refused                 refused[2];
  guint                   filling;
};

static gboolean
is_broadcast (const GCoapAddress *address)
{
  const guint32 broadcast = INADDR_BROADCAST;

  return gcoap_address_is_ipv4 (address) && memcmp (address->ip + 12, &broadcast, 4) == 0;
}

static gboolean
can_be_source (const GCoapAddress *address)
{
  return !gcoap_address_is_unspecified (address) &&
         !gcoap_address_is_multicast (address) &&
         !is_broadcast (address);
}

static void
write_control (struct msghdr *header,
               int            level,
               int            type,
               gconstpointer  info,
               gsize          size)
{
  struct cmsghdr *control = header->msg_control;

  header->msg_controllen = CMSG_SPACE (size);
  control->cmsg_level = level;
  control->cmsg_type = type;
  control->cmsg_len = CMSG_LEN (size);
  memcpy (CMSG_DATA (control), info, size);
}

static void
write_ipv4_source (struct msghdr      *header,
                   const GCoapAddress *source)
{
  struct in_pktinfo info = { .ipi_ifindex = source->scope_id };

  if (can_be_source (source))
    memcpy (&info.ipi_spec_dst, source->ip + 12, sizeof info.ipi_spec_dst);

  write_control (header, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
}

/* For IPv4 peers the kernel wants an IPv4-mapped address here, be it that of any interface. */
static void
write_ipv6_source (struct msghdr      *header,
                   const GCoapAddress *source)
{
  struct in6_pktinfo info = { .ipi6_ifindex = source->scope_id };

  if (can_be_source (source))
    memcpy (&info.ipi6_addr, source->ip, sizeof info.ipi6_addr);
  else if (gcoap_address_is_ipv4 (source))
    memset (info.ipi6_addr.s6_addr + 10, 0xff, 2);

  write_control (header, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
}

/* An answer leaves from the address that was asked or, where that was a group, through the
 * interface by which the question came. */
static void
write_source (struct msghdr        *header,
              const GCoapUdpSocket *socket,
              const GCoapDatagram  *datagram)
{
  const GCoapAddress *source = &datagram->local;

  header->msg_controllen = 0;
  if (!socket->is_wildcard ||
      (!can_be_source (source) && source->scope_id == 0) ||
      gcoap_address_is_ipv4 (source) != gcoap_address_is_ipv4 (&datagram->remote))
    return;

  if (socket->carries_ipv6)
    write_ipv6_source (header, source);
  else
    write_ipv4_source (header, source);
}

/* The kernel knows the way to the peer of a connected socket; without a name it need not look. */
static void
write_message (GCoapUdpSender       *self,
               guint                 index,
               const GCoapUdpSocket *socket,
               const GCoapDatagram  *datagram)
{
  struct msghdr *header = &self->messages[index].msg_hdr;

  self->vectors[index].iov_base = (gpointer) datagram->data;
  self->vectors[index].iov_len = datagram->length;
  if (socket->is_connected && gcoap_address_equal (&datagram->remote, &socket->peer))
    header->msg_namelen = 0;
  else
    header->msg_namelen = gcoap_address_to_sockaddr (&datagram->remote,
                                                     socket->carries_ipv6,
                                                     &self->names[index]);
  write_source (header, socket, datagram);
}

/* No memory, or no room in the queue of the device, which no poll() would wait for: the datagram
 * is lost as any other may be. */
static gboolean
is_loss (int error_number)
{
  return error_number == ENOBUFS || error_number == ENOMEM;
}

/**
 * gcoap_udp_sender_send:
 * @self: a sender
 * @socket: the socket that carries them all
 * @datagrams: (array length=n_datagrams): the datagrams
 * @n_datagrams: how many there are, up to %GCOAP_UDP_BATCH
 *
 * Sends one batch. A datagram that the kernel refuses is counted as taken and does not stop
 * the others.
 *
 * Returns: how many were taken; fewer means that the socket has no room for more
 */
guint
gcoap_udp_sender_send (GCoapUdpSender       *self,
                       const GCoapUdpSocket *socket,
                       const GCoapDatagram  *datagrams,
                       guint                 n_datagrams)
{
  guint n_taken = 0;
  guint n_attempts = 0;

  g_return_val_if_fail (n_datagrams <= GCOAP_UDP_BATCH, 0);

  for (guint i = 0; i < n_datagrams; i++)
    write_message (self, i, socket, &datagrams[i]);

  while (n_taken < n_datagrams)
    {
      int n_sent = sendmmsg (socket->fd,
                             self->messages + n_taken,
                             n_datagrams - n_taken,
                             MSG_DONTWAIT);

      if (n_sent < 0 && errno == EAGAIN)
        break;

      if (n_sent >= 0)
        n_taken += n_sent;
      else if (is_loss (errno))
        n_taken++;
      else if (++n_attempts < MAX_ATTEMPTS)
        continue;
      else
        gcoap_udp_sender_refuse (self, &datagrams[n_taken++], errno);

      n_attempts = 0;
    }

  return n_taken;
}

/**
 * gcoap_udp_sender_refuse:
 * @self: a sender
 * @datagram: a datagram that cannot be sent
 * @error_number: the reason, an `errno`
 *
 * Remembers the addresses and the beginning of the datagram. Beyond a batch of them it is lost
 * without a word.
 */
void
gcoap_udp_sender_refuse (GCoapUdpSender      *self,
                         const GCoapDatagram *datagram,
                         int                  error_number)
{
  Refused *refused = &self->refused[self->filling];
  GCoapDatagram *copy;
  guint8 *data;

  if (refused->n == GCOAP_UDP_BATCH)
    return;

  copy = &refused->datagrams[refused->n];
  data = refused->data[refused->n];
  refused->n++;

  *copy = *datagram;
  copy->data = data;
  copy->length = MIN (datagram->length, GCOAP_UDP_REFUSED_SIZE);
  copy->original_length = datagram->length;
  copy->error = error_number;
  if (copy->length > 0)
    memcpy (data, datagram->data, copy->length);
}

/**
 * gcoap_udp_sender_has_refused:
 * @self: a sender
 *
 * Says whether there are refused datagrams to be taken.
 *
 * Returns: %TRUE if there are
 */
gboolean
gcoap_udp_sender_has_refused (GCoapUdpSender *self)
{
  return self->refused[self->filling].n > 0;
}

/**
 * gcoap_udp_sender_take_refused:
 * @self: a sender
 * @out_datagrams: (out) (array) (transfer none): the datagrams, good until the next call
 *
 * Takes the datagrams that were refused since the last call.
 *
 * Returns: how many there are
 */
guint
gcoap_udp_sender_take_refused (GCoapUdpSender       *self,
                               const GCoapDatagram **out_datagrams)
{
  Refused *refused = &self->refused[self->filling];

  if (refused->n == 0)
    return 0;

  self->filling = 1 - self->filling;
  self->refused[self->filling].n = 0;
  *out_datagrams = refused->datagrams;
  return refused->n;
}

/**
 * gcoap_udp_sender_new:
 *
 * Creates a sender.
 *
 * Returns: (transfer full): a sender
 */
GCoapUdpSender *
gcoap_udp_sender_new (void)
{
  GCoapUdpSender *self = g_new0 (GCoapUdpSender, 1);

  for (guint i = 0; i < GCOAP_UDP_BATCH; i++)
    {
      struct msghdr *header = &self->messages[i].msg_hdr;

      header->msg_name = &self->names[i];
      header->msg_iov = &self->vectors[i];
      header->msg_iovlen = 1;
      header->msg_control = &self->controls[i];
    }

  return self;
}

/**
 * gcoap_udp_sender_free:
 * @self: (transfer full) (nullable): a sender
 *
 * Frees the sender.
 */
void
gcoap_udp_sender_free (GCoapUdpSender *self)
{
  g_free (self);
}
