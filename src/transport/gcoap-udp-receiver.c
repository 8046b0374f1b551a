/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/gcoap-udp-receiver-private.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "codec/gcoap-address-private.h"

/* One slot holds any UDP datagram; of its memory only what a datagram fills is ever touched. The
 * slots lie a little more than 64 KiB apart, because first bytes that are a power of two apart
 * would all compete for the same few lines of the processor's cache. */
#define SLOT_STRIDE (GCOAP_UDP_MAX_PACKET_SIZE + 1 + 2 * 64)

/* An IPv4 datagram on a dual-stack socket brings both kinds of packet info, and the error queue an
 * extended error on top, which ends with the address of who reported it. */
#define CONTROL_SIZE                                                            \
  (CMSG_SPACE (sizeof (struct in_pktinfo)) +                                    \
   CMSG_SPACE (sizeof (struct in6_pktinfo)) +                                   \
   CMSG_SPACE (sizeof (struct sock_extended_err) + sizeof (struct sockaddr_in6)))

/* How often a pending error may turn a system call down before we give up: each refusal takes one
 * error away, but the network can bring the next at once. */
#define MAX_ATTEMPTS 4

typedef union
{
  struct sockaddr     any;
  struct sockaddr_in  ipv4;
  struct sockaddr_in6 ipv6;
} Name;

typedef union
{
  struct cmsghdr align;
  guint8         bytes[CONTROL_SIZE];
} Control;

struct _GCoapUdpReceiver
{
  struct mmsghdr messages[GCOAP_UDP_BATCH];
  struct iovec   vectors[GCOAP_UDP_BATCH];
  Name           names[GCOAP_UDP_BATCH];
  Control        controls[GCOAP_UDP_BATCH];
  GCoapDatagram  datagrams[GCOAP_UDP_BATCH];
  guint8        *slots;   /* (owned) */
  guint          n_dirty; /* messages whose lengths the kernel has overwritten */

  GCoapUdpOversized oversized[GCOAP_UDP_BATCH];
  guint             n_oversized;
};

static void
reset_message (GCoapUdpReceiver *self,
               guint             index)
{
  struct msghdr *header = &self->messages[index].msg_hdr;

  header->msg_namelen = sizeof (Name);
  header->msg_controllen = sizeof (Control);
}

static int
read_batch (GCoapUdpReceiver *self,
            int               fd,
            int               flags)
{
  int n;

  for (guint i = 0; i < self->n_dirty; i++)
    reset_message (self, i);

  /* With MSG_TRUNC the length is that of the datagram, even where less of it is received. */
  n = recvmmsg (fd, self->messages, GCOAP_UDP_BATCH, flags | MSG_DONTWAIT | MSG_TRUNC, NULL);
  self->n_dirty = MAX (n, 0);
  return n;
}

static void
set_ipv4_address (GCoapAddress   *address,
                  struct in_addr  ipv4)
{
  memset (address->ip, 0, 10);
  memset (address->ip + 10, 0xff, 2);
  memcpy (address->ip + 12, &ipv4, 4);
}

static gboolean
is_link_local (const GCoapAddress *address)
{
  return address->ip[0] == 0xfe && (address->ip[1] & 0xc0) == 0x80;
}

static void
set_interface (GCoapAddress *address,
               guint         interface)
{
  if (is_link_local (address) || gcoap_address_is_multicast (address))
    address->scope_id = interface;
}

/* The broadcast address of a network looks like any other. The kernel tells them apart by naming
 * another address to answer from; they are folded into the one broadcast address everybody knows.
 * The error queue names none. */
static void
read_ipv4_info (GCoapAddress         *local,
                const struct cmsghdr *control)
{
  struct in_pktinfo info;

  memcpy (&info, CMSG_DATA (control), sizeof info);
  if (info.ipi_spec_dst.s_addr != info.ipi_addr.s_addr &&
      info.ipi_spec_dst.s_addr != INADDR_ANY &&
      !IN_MULTICAST (g_ntohl (info.ipi_addr.s_addr)))
    info.ipi_addr.s_addr = INADDR_BROADCAST;

  set_ipv4_address (local, info.ipi_addr);
  set_interface (local, info.ipi_ifindex);
}

static void
read_ipv6_info (GCoapAddress         *local,
                const struct cmsghdr *control)
{
  struct in6_pktinfo info;

  memcpy (&info, CMSG_DATA (control), sizeof info);
  memcpy (local->ip, &info.ipi6_addr, sizeof local->ip);
  set_interface (local, info.ipi6_ifindex);
}

/* An error that ICMP brought back for good, else 0. Not among these are the errors of this host,
 * which send() has returned already, and "too big": the kernel has learnt the size of the path
 * from that and will fragment, so the datagram was merely lost and may be sent again. */
static int
read_error (const struct cmsghdr *control)
{
  struct sock_extended_err info;

  memcpy (&info, CMSG_DATA (control), sizeof info);
  if (info.ee_origin != SO_EE_ORIGIN_ICMP && info.ee_origin != SO_EE_ORIGIN_ICMP6)
    return 0;

  return info.ee_errno == EMSGSIZE ? 0 : (int) info.ee_errno;
}

static void
read_control (GCoapDatagram        *datagram,
              const struct cmsghdr *control)
{
  if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO)
    read_ipv6_info (&datagram->local, control);
  else if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO)
    read_ipv4_info (&datagram->local, control);
  else if ((control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_RECVERR) ||
           (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_RECVERR))
    datagram->error = read_error (control);
}

static gboolean
read_datagram (GCoapDatagram        *datagram,
               struct mmsghdr       *message,
               const GCoapUdpSocket *socket)
{
  struct msghdr *header = &message->msg_hdr;

  datagram->local = socket->local;
  datagram->data = header->msg_iov->iov_base;
  datagram->length = message->msg_len;
  datagram->error = 0;

  for (struct cmsghdr *control = CMSG_FIRSTHDR (header);
       control != NULL;
       control = CMSG_NXTHDR (header, control))
    read_control (datagram, control);

  return gcoap_address_from_sockaddr (&datagram->remote, header->msg_name);
}

/* Of a datagram of ours that came back, the beginning will do; of one from a peer it will not. */
static gboolean
is_wanted (const GCoapDatagram *datagram,
           int                  flags)
{
  if (flags & MSG_ERRQUEUE)
    return datagram->error != 0;

  return (flags & MSG_TRUNC) == 0;
}

static void
note_oversized (GCoapUdpReceiver    *self,
                const GCoapDatagram *datagram)
{
  if (self->n_oversized == G_N_ELEMENTS (self->oversized))
    return;

  self->oversized[self->n_oversized++] = (GCoapUdpOversized) {
    .remote = datagram->remote,
    .size = datagram->length,
  };
}

static guint
collect (GCoapUdpReceiver     *self,
         const GCoapUdpSocket *socket,
         guint                 n_messages)
{
  guint n = 0;

  for (guint i = 0; i < n_messages; i++)
    {
      struct mmsghdr *message = &self->messages[i];
      int flags = message->msg_hdr.msg_flags;

      if (!read_datagram (&self->datagrams[n], message, socket))
        continue;

      if (is_wanted (&self->datagrams[n], flags))
        n++;
      else if ((flags & MSG_ERRQUEUE) == 0)
        note_oversized (self, &self->datagrams[n]);
    }

  return n;
}

/* An error can outlive its entry in the queue, or find no room in it. It must be taken off the
 * socket then, or poll() would report it for ever. */
static void
clear_pending_error (GCoapUdpSocket *socket)
{
  int error_number;
  socklen_t length = sizeof error_number;

  getsockopt (socket->fd, SOL_SOCKET, SO_ERROR, &error_number, &length);
}

static guint
receive_errors (GCoapUdpReceiver *self,
                GCoapUdpSocket   *socket)
{
  int n_messages = read_batch (self, socket->fd, MSG_ERRQUEUE);

  socket->has_errors = n_messages == GCOAP_UDP_BATCH;
  if (!socket->has_errors)
    clear_pending_error (socket);

  return collect (self, socket, MAX (n_messages, 0));
}

static guint
receive_arrivals (GCoapUdpReceiver *self,
                  GCoapUdpSocket   *socket)
{
  int n_messages = read_batch (self, socket->fd, 0);

  if (n_messages < 0)
    {
      socket->has_errors = errno != EAGAIN;
      return 0;
    }

  return collect (self, socket, n_messages);
}

/**
 * gcoap_udp_receiver_receive:
 * @self: a receiver
 * @socket: the socket to read
 * @out_datagrams: (out) (array) (transfer none): the datagrams, good until the next call
 *
 * Reads one batch: the datagrams that ICMP returned if there are any, else those that arrived.
 *
 * Returns: how many there are, 0 if nothing is left for now
 */
guint
gcoap_udp_receiver_receive (GCoapUdpReceiver     *self,
                            GCoapUdpSocket       *socket,
                            const GCoapDatagram **out_datagrams)
{
  guint n = 0;

  self->n_oversized = 0;
  if (socket->has_errors)
    n = receive_errors (self, socket);
  if (n == 0)
    n = receive_arrivals (self, socket);

  for (guint i = 1; i < MAX_ATTEMPTS && n == 0 && socket->has_errors; i++)
    {
      n = receive_errors (self, socket);
      if (n == 0)
        n = receive_arrivals (self, socket);
    }

  *out_datagrams = self->datagrams;
  return n;
}

/**
 * gcoap_udp_receiver_set_max_packet_size:
 * @self: a receiver
 * @size: how many bytes of a datagram are received at most
 *
 * Sets from which size on datagrams are dropped and noted.
 */
void
gcoap_udp_receiver_set_max_packet_size (GCoapUdpReceiver *self,
                                        guint             size)
{
  for (guint i = 0; i < GCOAP_UDP_BATCH; i++)
    self->vectors[i].iov_len = size;
}

/**
 * gcoap_udp_receiver_take_oversized:
 * @self: a receiver
 * @out_oversized: (out) (array) (transfer none): who has sent how much, good until the next batch
 *
 * Takes the notes of the datagrams that the latest batch had no room for.
 *
 * Returns: how many there are
 */
guint
gcoap_udp_receiver_take_oversized (GCoapUdpReceiver         *self,
                                   const GCoapUdpOversized **out_oversized)
{
  guint n = self->n_oversized;

  self->n_oversized = 0;
  *out_oversized = self->oversized;

  return n;
}

/**
 * gcoap_udp_receiver_new:
 *
 * Creates a receiver with room for one batch.
 *
 * Returns: (transfer full): a receiver
 */
GCoapUdpReceiver *
gcoap_udp_receiver_new (void)
{
  GCoapUdpReceiver *self = g_new0 (GCoapUdpReceiver, 1);

  self->slots = g_malloc ((gsize) GCOAP_UDP_BATCH * SLOT_STRIDE);
  for (guint i = 0; i < GCOAP_UDP_BATCH; i++)
    {
      struct msghdr *header = &self->messages[i].msg_hdr;

      self->vectors[i].iov_base = self->slots + (gsize) i * SLOT_STRIDE;
      self->vectors[i].iov_len = GCOAP_UDP_MAX_PACKET_SIZE;
      header->msg_name = &self->names[i];
      header->msg_iov = &self->vectors[i];
      header->msg_iovlen = 1;
      header->msg_control = &self->controls[i];
      reset_message (self, i);
    }

  return self;
}

/**
 * gcoap_udp_receiver_free:
 * @self: (transfer full) (nullable): a receiver
 *
 * Frees the receiver and the datagrams it holds.
 */
void
gcoap_udp_receiver_free (GCoapUdpReceiver *self)
{
  if (self == NULL)
    return;

  g_free (self->slots);
  g_free (self);
}
