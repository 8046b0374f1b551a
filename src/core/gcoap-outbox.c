/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-outbox-private.h"

typedef struct
{
  GCoapPacket *packet; /* (owned) (nullable) */
  guint8       empty[GCOAP_HEADER_LENGTH];
} Contents;

static Contents *
get_contents (GCoapOutbox *self,
              guint        index)
{
  return &g_array_index (self->contents, Contents, index);
}

static Contents *
add_datagram (GCoapOutbox        *self,
              const GCoapAddress *remote,
              const GCoapAddress *local)
{
  GCoapDatagram datagram = { .remote = *remote, .local = *local };
  Contents contents = { .packet = NULL };

  if (self->datagrams->len - self->first >= GCOAP_OUTBOX_MAX)
    {
      self->n_lost++;
      return NULL;
    }

  g_array_append_val (self->datagrams, datagram);
  g_array_append_val (self->contents, contents);

  return get_contents (self, self->contents->len - 1);
}

void
gcoap_outbox_init (GCoapOutbox *self)
{
  self->datagrams = g_array_new (FALSE, FALSE, sizeof (GCoapDatagram));
  self->contents = g_array_new (FALSE, FALSE, sizeof (Contents));
  self->first = 0;
  self->n_lost = 0;
}

void
gcoap_outbox_clear (GCoapOutbox *self)
{
  gcoap_outbox_drop (self, self->datagrams->len - self->first);
  g_clear_pointer (&self->datagrams, g_array_unref);
  g_clear_pointer (&self->contents, g_array_unref);
}

void
gcoap_outbox_add_packet (GCoapOutbox        *self,
                         const GCoapAddress *remote,
                         const GCoapAddress *local,
                         GCoapPacket        *packet)
{
  Contents *contents = add_datagram (self, remote, local);

  if (contents != NULL)
    contents->packet = gcoap_packet_ref (packet);
}

void
gcoap_outbox_add_empty (GCoapOutbox        *self,
                        const GCoapAddress *remote,
                        const GCoapAddress *local,
                        GCoapMessageType    type,
                        guint16             message_id)
{
  GCoapFrame frame = { .type = type, .message_id = message_id };
  Contents *contents = add_datagram (self, remote, local);

  if (contents != NULL)
    gcoap_frame_write (&frame, contents->empty, sizeof contents->empty);
}

static gsize
get_length (const Contents *contents)
{
  return contents->packet != NULL ? contents->packet->length : sizeof contents->empty;
}

/* The datagrams that wait; the array is good until the next call that changes the outbox. */
guint
gcoap_outbox_peek (GCoapOutbox          *self,
                   const GCoapDatagram **out_datagrams)
{
  GCoapDatagram *datagrams = (GCoapDatagram *) self->datagrams->data;

  for (guint i = self->first; i < self->datagrams->len; i++)
    {
      Contents *contents = get_contents (self, i);

      datagrams[i].data = contents->packet != NULL ? contents->packet->data : contents->empty;
      datagrams[i].length = get_length (contents);
    }
  *out_datagrams = datagrams != NULL ? datagrams + self->first : NULL;

  return self->datagrams->len - self->first;
}

/* Gives back what lies before the first, so rarely that each one is moved about once. */
static void
compact (GCoapOutbox *self)
{
  if (self->first < self->datagrams->len - self->first || self->first == 0)
    return;

  g_array_remove_range (self->datagrams, 0, self->first);
  g_array_remove_range (self->contents, 0, self->first);
  self->first = 0;
}

gsize
gcoap_outbox_drop (GCoapOutbox *self,
                   guint        n_datagrams)
{
  gsize n_bytes = 0;

  for (guint i = 0; i < n_datagrams; i++)
    {
      Contents *contents = get_contents (self, self->first++);

      n_bytes += get_length (contents);
      g_clear_pointer (&contents->packet, gcoap_packet_unref);
    }
  compact (self);

  return n_bytes;
}
