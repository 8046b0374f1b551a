/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-content-private.h"

#include "codec/gcoap-option-def-private.h"
#include "core/gcoap-hash-private.h"

#define ETAG_LENGTH 8
#define TAG_KEY     G_GUINT64_CONSTANT (0x2545f4914f6cdd1d)

/* Takes over the code and the options of @frame; not its payload. */
GCoapContent *
gcoap_content_new (const GCoapFrame *frame,
                   GBytes           *body)
{
  GCoapContent *self = g_slice_new (GCoapContent);

  self->ref_count = 1;
  self->n_entries = 0;
  self->code = frame->code;
  self->body = body != NULL ? g_bytes_ref (body) : NULL;
  gcoap_options_init (&self->options);
  gcoap_options_set_wire (&self->options, frame->options, frame->options_length);
  gcoap_options_remove (&self->options, GCOAP_OPTION_NUMBER_OBSERVE);
  gcoap_options_remove (&self->options, GCOAP_OPTION_NUMBER_BLOCK2);
  gcoap_options_remove (&self->options, GCOAP_OPTION_NUMBER_BLOCK1);
  gcoap_options_remove (&self->options, GCOAP_OPTION_NUMBER_SIZE2);
  gcoap_options_remove (&self->options, GCOAP_OPTION_NUMBER_SIZE1);

  return self;
}

GCoapContent *
gcoap_content_ref (GCoapContent *self)
{
  self->ref_count++;

  return self;
}

void
gcoap_content_unref (GCoapContent *self)
{
  if (--self->ref_count > 0)
    return;

  gcoap_options_clear (&self->options);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_slice_free (GCoapContent, self);
}

gsize
gcoap_content_get_bytes (const GCoapContent *self)
{
  return sizeof (GCoapContent) + self->options.length +
         (self->body != NULL ? g_bytes_get_size (self->body) : 0);
}

static gboolean
find_option (const GCoapContent *self,
             guint               number,
             GCoapOptionIter    *iter)
{
  gcoap_option_iter_init (iter, self->options.data, self->options.length);

  return gcoap_option_iter_find (iter, number);
}

/* Without a key, so that a server that is started anew gives the same. It need only tell states of
 * one resource apart; who could make two of them collide on purpose has the content in hand. */
void
gcoap_content_tag (GCoapContent *self)
{
  GCoapOptionIter option;
  guint8 etag[ETAG_LENGTH];
  guint64 hash = TAG_KEY;
  gsize length = 0;
  gconstpointer data = self->body != NULL ? g_bytes_get_data (self->body, &length) : NULL;

  if (find_option (self, GCOAP_OPTION_NUMBER_ETAG, &option))
    return;

  if (find_option (self, GCOAP_OPTION_NUMBER_CONTENT_FORMAT, &option))
    hash = gcoap_hash_bytes (hash, option.value, option.length);
  hash = GUINT64_TO_BE (gcoap_hash_bytes (hash, data, length));
  memcpy (etag, &hash, sizeof etag);
  gcoap_options_add (&self->options, GCOAP_OPTION_NUMBER_ETAG, etag, sizeof etag);
}

void
gcoap_content_tag_stream (GCoapContent *self,
                          GCoapRandom  *random)
{
  GCoapOptionIter option;
  guint8 etag[ETAG_LENGTH];

  if (find_option (self, GCOAP_OPTION_NUMBER_ETAG, &option))
    return;

  gcoap_random_get_bytes (random, etag, sizeof etag);
  gcoap_options_add (&self->options, GCOAP_OPTION_NUMBER_ETAG, etag, sizeof etag);
}

gboolean
gcoap_frame_find_uint (const GCoapFrame *frame,
                       guint             number,
                       guint32          *out_value)
{
  GCoapOptionIter option;

  gcoap_option_iter_init (&option, frame->options, frame->options_length);

  return gcoap_option_iter_find (&option, number) &&
         gcoap_option_decode_uint (option.value, option.length, out_value);
}

gboolean
gcoap_slice_find (GCoapSlice        *self,
                  const GCoapWindow *window)
{
  gsize size = gcoap_block_size (self->szx);

  return self->offset / size <= GCOAP_BLOCK_NUMBER_MAX &&
         gcoap_window_slice (window, self->offset, size, &self->data, &self->length, &self->more);
}

void
gcoap_slice_add_options (const GCoapSlice  *self,
                         const GCoapWindow *window,
                         GCoapOptions      *options)
{
  GCoapBlock block = {
    .number = self->offset / gcoap_block_size (self->szx),
    .szx = self->szx,
    .more = self->more,
  };

  if (self->more || self->is_told)
    gcoap_block_add (&block, GCOAP_OPTION_NUMBER_BLOCK2, options);
  /* RFC 7959 section 4: in the first block a hint, and in others if they ask for it. */
  if (window->size >= 0 && window->size <= G_MAXUINT32 &&
      (self->wants_size || (self->more && self->offset == 0)))
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_SIZE2, window->size);
}
