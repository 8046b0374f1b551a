/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-packet-private.h"

GCoapPacket *
gcoap_packet_new (const GCoapFrame *frame)
{
  gsize size = gcoap_frame_get_size (frame);
  GCoapPacket *self = g_slice_alloc (sizeof (GCoapPacket) + size);

  self->ref_count = 1;
  self->length = gcoap_frame_write (frame, self->data, size);

  return self;
}

GCoapPacket *
gcoap_packet_ref (GCoapPacket *self)
{
  self->ref_count++;

  return self;
}

void
gcoap_packet_unref (GCoapPacket *self)
{
  if (--self->ref_count == 0)
    g_slice_free1 (sizeof (GCoapPacket) + self->length, self);
}

guint16
gcoap_packet_get_message_id (const GCoapPacket *self)
{
  return self->data[2] << 8 | self->data[3];
}

/* Only before it is first sent. */
void
gcoap_packet_set_message_id (GCoapPacket *self,
                             guint16      message_id)
{
  self->data[2] = message_id >> 8;
  self->data[3] = message_id & 0xff;
}
