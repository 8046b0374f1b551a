/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "transport/gcoap-udp-transport-private.h"

G_BEGIN_DECLS

/* A bound, non-blocking UDP socket whose ICMP errors are kept in its error queue. One that is
 * bound to the wildcard address also tells which address a datagram was sent to. */
typedef struct
{
  int          fd;
  GCoapAddress local;
  gboolean     carries_ipv4;
  gboolean     carries_ipv6; /* and speaks struct sockaddr_in6, to IPv4 peers too */
  gboolean     is_wildcard;
  gboolean     is_connected; /* to the peer, and hears of nobody else */
  GCoapAddress peer;

  int          original_receive_buffer; /* what the kernel said at first; 0: it is so still */
  int          original_send_buffer;

  gpointer     tag;          /* of the fd in the transport's source */
  gboolean     has_errors;   /* the error queue is to be read first */
} GCoapUdpSocket;

GCoapUdpSocket *gcoap_udp_socket_open    (const GCoapAddress     *local,
                                          GCoapUdpFamily          family,
                                          const GCoapUdpOptions  *options,
                                          GError                **error);
gboolean        gcoap_udp_socket_connect (GCoapUdpSocket         *self,
                                          const GCoapAddress     *remote,
                                          const GCoapUdpOptions  *options,
                                          GError                **error);
void            gcoap_udp_socket_close   (GCoapUdpSocket         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GCoapUdpSocket, gcoap_udp_socket_close)

G_END_DECLS
