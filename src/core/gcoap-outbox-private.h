/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-datagram-private.h"
#include "core/gcoap-packet-private.h"

G_BEGIN_DECLS

/* The datagrams that wait to leave, in order. What does not fit is lost, as a network may. */
typedef struct
{
  GArray *datagrams; /* (element-type GCoapDatagram) */
  GArray *contents;  /* the bytes of each: a packet, or an empty message in place */
  guint   first;
  guint64 n_lost;
} GCoapOutbox;

#define GCOAP_OUTBOX_MAX 65536

void  gcoap_outbox_init       (GCoapOutbox          *self);
void  gcoap_outbox_clear      (GCoapOutbox          *self);
void  gcoap_outbox_add_packet (GCoapOutbox          *self,
                               const GCoapAddress   *remote,
                               const GCoapAddress   *local,
                               GCoapPacket          *packet);
void  gcoap_outbox_add_empty  (GCoapOutbox          *self,
                               const GCoapAddress   *remote,
                               const GCoapAddress   *local,
                               GCoapMessageType      type,
                               guint16               message_id);
guint gcoap_outbox_peek       (GCoapOutbox          *self,
                               const GCoapDatagram **out_datagrams);
/* Takes away the first, and says how many bytes they had. */
gsize gcoap_outbox_drop       (GCoapOutbox          *self,
                               guint                 n_datagrams);

G_END_DECLS
