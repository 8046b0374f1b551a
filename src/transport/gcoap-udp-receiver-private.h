/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "transport/gcoap-udp-socket-private.h"

G_BEGIN_DECLS

/* Room for one batch of datagrams, which the sockets of a transport take turns to fill. */
typedef struct _GCoapUdpReceiver GCoapUdpReceiver;

GCoapUdpReceiver *gcoap_udp_receiver_new     (void);
void              gcoap_udp_receiver_free    (GCoapUdpReceiver     *self);
guint             gcoap_udp_receiver_receive (GCoapUdpReceiver     *self,
                                              GCoapUdpSocket       *socket,
                                              const GCoapDatagram **out_datagrams);
void              gcoap_udp_receiver_set_max_packet_size (GCoapUdpReceiver *self,
                                              guint                 size);
guint             gcoap_udp_receiver_take_oversized (GCoapUdpReceiver *self,
                                              const GCoapUdpOversized **out_oversized);

G_END_DECLS
