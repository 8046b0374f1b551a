/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "codec/gcoap-datagram-private.h"

G_BEGIN_DECLS

/* Datagrams over UDP, in batches. One transport has up to one IPv4 and one IPv6 socket, which one
 * GSource on the given context waits for; an IPv6 socket may be dual-stack and then carries IPv4
 * too. It knows routes, and nothing of what the datagrams say. */
typedef struct _GCoapUdpTransport GCoapUdpTransport;

/* Called from the context when datagrams can be received or, after gcoap_udp_transport_send()
 * has left some, sent. May free the transport, and may iterate the context. */
typedef void (*GCoapUdpReadyFunc) (gpointer user_data);

typedef enum
{
  GCOAP_UDP_FAMILY_IPV4,
  GCOAP_UDP_FAMILY_IPV6, /* and no IPv4-mapped addresses */
  GCOAP_UDP_FAMILY_DUAL, /* IPv6 and IPv4; IPv4 alone on a kernel without IPv6 */
} GCoapUdpFamily;

#define GCOAP_UDP_BATCH           64
#define GCOAP_UDP_MAX_PACKET_SIZE 65535
#define GCOAP_UDP_REFUSED_SIZE    64 /* how much comes back of a datagram that send() failed on */
#define GCOAP_UDP_MAX_DSCP        63
#define GCOAP_UDP_MAX_PRIORITY    6  /* the highest that is not the administrator's */

/* How the sockets treat datagrams. */
typedef struct
{
  guint    max_packet_size;      /* at least GCOAP_UDP_REFUSED_SIZE; longer ones are not received */
  guint    receive_buffer;       /* bytes of the kernel's queues; 0: as the system has them */
  guint    send_buffer;
  guint    dscp;                 /* what routers go by (RFC 2474) */
  guint    priority;             /* what the queues of this machine go by */
  gboolean captures_destination; /* asks for the address a datagram was sent to even where it can
                                    only be one */
  gboolean dont_fragment;        /* datagrams that do not fit come back with EMSGSIZE */
  gboolean shares_port;          /* with other sockets that do; as long as the socket is not open */
} GCoapUdpOptions;

/* A datagram that was longer than max_packet_size. */
typedef struct
{
  GCoapAddress remote;
  gsize        size;
} GCoapUdpOversized;

GCoapUdpTransport *gcoap_udp_transport_new         (GMainContext         *context,
                                                    GCoapUdpReadyFunc     ready,
                                                    gpointer              user_data);
void               gcoap_udp_transport_free        (GCoapUdpTransport    *self);

/* Holds for sockets that are open, but for shares_port, and for those that will be. */
void               gcoap_udp_transport_set_options (GCoapUdpTransport     *self,
                                                    const GCoapUdpOptions *options);
/* Opens a socket bound to @local (its port 0: the system chooses) of @family. Errors are
 * G_IO_ERROR and name the address and, if it is not 0, the port. */
gboolean           gcoap_udp_transport_bind        (GCoapUdpTransport    *self,
                                                    const GCoapAddress   *local,
                                                    GCoapUdpFamily        family,
                                                    GError              **error);
/* Makes sure there is a socket that can send to @remote: opens one bound to @local, or to the
 * wildcard address where @local is NULL. Where @local names no port it is that of the transport's
 * other socket, if it has one and that port is free, else one that the system chooses. */
gboolean           gcoap_udp_transport_ensure      (GCoapUdpTransport    *self,
                                                    const GCoapAddress   *remote,
                                                    const GCoapAddress   *local,
                                                    GError              **error);
/* Has the socket for the family of @remote receive from @remote only. There must be one. */
gboolean           gcoap_udp_transport_connect     (GCoapUdpTransport    *self,
                                                    const GCoapAddress   *remote,
                                                    GError              **error);
/* Whom the transport is connected to; FALSE if it is not. */
gboolean           gcoap_udp_transport_get_peer    (GCoapUdpTransport    *self,
                                                    GCoapAddress         *out_peer);
/* The sizes of the queues that the kernel has granted to the first socket; FALSE if there is
 * none. */
gboolean           gcoap_udp_transport_get_buffers (GCoapUdpTransport    *self,
                                                    guint                *out_receive,
                                                    guint                *out_send);
gboolean           gcoap_udp_transport_is_open     (GCoapUdpTransport    *self);
/* The bound address of the first socket that was opened; FALSE if there is none. */
gboolean           gcoap_udp_transport_get_local   (GCoapUdpTransport    *self,
                                                    GCoapAddress         *out_local);

/* Receives what is there, up to GCOAP_UDP_BATCH datagrams, without waiting; the datagrams of ours
 * that could not be delivered (ICMP errors from the socket's error queue, and those that send()
 * failed on) come this way too, with their error set and their data cut short. @local is the
 * address that was asked, which may be a multicast group or the broadcast address (of whatever
 * network, as 255.255.255.255). The array is the transport's and good until the next call.
 * 0: nothing is left for now. Who stops before that is woken again, and under load should stop
 * after a few batches, or no other source would ever have its turn. */
guint              gcoap_udp_transport_receive     (GCoapUdpTransport    *self,
                                                    const GCoapDatagram **out_datagrams);
/* Takes the notes of the datagrams that were too long for the latest receive(); good until the
 * next one. */
guint              gcoap_udp_transport_take_oversized (GCoapUdpTransport *self,
                                                    const GCoapUdpOversized **out_oversized);
/* Sends up to @n_datagrams and returns how many were taken. Fewer means that the kernel's queue is
 * full: the ready function is called when it has room. */
guint              gcoap_udp_transport_send        (GCoapUdpTransport    *self,
                                                    const GCoapDatagram  *datagrams,
                                                    guint                 n_datagrams);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GCoapUdpTransport, gcoap_udp_transport_free)

G_END_DECLS
