/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-events-private.h"

void
gcoap_events_init (GCoapEvents *self)
{
  self->array = g_array_new (FALSE, FALSE, sizeof (GCoapEvent));
  self->first = 0;
}

void
gcoap_events_clear (GCoapEvents *self)
{
  GCoapEvent event;

  while (gcoap_events_pop (self, &event))
    g_clear_pointer (&event.message, gcoap_message_unref);
  g_clear_pointer (&self->array, g_array_unref);
}

/* Takes over the event's message. */
void
gcoap_events_push (GCoapEvents *self,
                   GCoapEvent   event)
{
  g_array_append_val (self->array, event);
}

void
gcoap_events_note_size (GCoapEvents *self,
                        guint64      id,
                        gint64       size)
{
  GCoapEvent *last;

  if (self->first == self->array->len)
    return;

  last = &g_array_index (self->array, GCoapEvent, self->array->len - 1);
  if (last->kind == GCOAP_EVENT_FAILED && last->id == id)
    last->size = size;
}

/* Hands over the event's message. */
gboolean
gcoap_events_pop (GCoapEvents *self,
                  GCoapEvent  *out_event)
{
  if (self->first == self->array->len)
    {
      g_array_set_size (self->array, 0);
      self->first = 0;
      return FALSE;
    }

  *out_event = g_array_index (self->array, GCoapEvent, self->first++);

  return TRUE;
}
