/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "transport/gcoap-udp-socket-private.h"

G_BEGIN_DECLS

/* Sends batches, and remembers the datagrams that the kernel refused until somebody asks. */
typedef struct _GCoapUdpSender GCoapUdpSender;

GCoapUdpSender *gcoap_udp_sender_new           (void);
void            gcoap_udp_sender_free          (GCoapUdpSender       *self);
guint           gcoap_udp_sender_send          (GCoapUdpSender       *self,
                                                const GCoapUdpSocket *socket,
                                                const GCoapDatagram  *datagrams,
                                                guint                 n_datagrams);
void            gcoap_udp_sender_refuse        (GCoapUdpSender       *self,
                                                const GCoapDatagram  *datagram,
                                                int                   error_number);
gboolean        gcoap_udp_sender_has_refused   (GCoapUdpSender       *self);
guint           gcoap_udp_sender_take_refused  (GCoapUdpSender       *self,
                                                const GCoapDatagram **out_datagrams);

G_END_DECLS
