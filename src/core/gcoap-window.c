/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-window-private.h"

static gsize
get_length (const GCoapWindow *self)
{
  return self->bytes != NULL ? g_bytes_get_size (self->bytes) : 0;
}

void
gcoap_window_init_whole (GCoapWindow *self,
                         GBytes      *body)
{
  *self = (GCoapWindow) { .bytes = body != NULL ? g_bytes_ref (body) : NULL, .is_last = TRUE };
  self->size = get_length (self);
}

void
gcoap_window_init_empty (GCoapWindow *self,
                         gint64       size)
{
  *self = (GCoapWindow) { .size = size };
}

void
gcoap_window_clear (GCoapWindow *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
}

void
gcoap_window_move (GCoapWindow *self,
                   GBytes      *bytes,
                   gsize        offset,
                   gboolean     is_last)
{
  gcoap_window_clear (self);
  self->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  self->offset = offset;
  self->is_last = is_last;
  if (is_last)
    self->size = offset + get_length (self);
}

gboolean
gcoap_window_covers (const GCoapWindow *self,
                     gsize              offset,
                     gsize              size)
{
  return offset >= self->offset &&
         (self->is_last || offset + size < self->offset + get_length (self));
}

gboolean
gcoap_window_slice (const GCoapWindow  *self,
                    gsize               offset,
                    gsize               size,
                    const guint8      **out_data,
                    gsize              *out_length,
                    gboolean           *out_more)
{
  static const guint8 nothing[1];
  gsize start = offset - self->offset;
  gsize length = get_length (self);
  const guint8 *data = length > 0 ? g_bytes_get_data (self->bytes, NULL) : nothing;

  /* An empty body has one block, which is empty. */
  if (start > length || (start == length && offset > 0))
    return FALSE;

  *out_data = data + start;
  *out_length = MIN (size, length - start);
  *out_more = !self->is_last || start + *out_length < length;

  return TRUE;
}
