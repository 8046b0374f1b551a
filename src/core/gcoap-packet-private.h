/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-frame-private.h"

G_BEGIN_DECLS

/* An encoded message that is kept to be sent again: by retransmission, to a duplicate, or from
 * the outbox. Counted references, one thread. */
typedef struct
{
  guint  ref_count;
  gsize  length;
  guint8 data[];
} GCoapPacket;

GCoapPacket *gcoap_packet_new            (const GCoapFrame  *frame);
GCoapPacket *gcoap_packet_ref            (GCoapPacket       *self);
void         gcoap_packet_unref          (GCoapPacket       *self);
guint16      gcoap_packet_get_message_id (const GCoapPacket *self);
void         gcoap_packet_set_message_id (GCoapPacket       *self,
                                          guint16            message_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GCoapPacket, gcoap_packet_unref)

G_END_DECLS
