/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-upload-private.h"

#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-option-number.h"

GCoapUpload *
gcoap_upload_new (const GCoapWindow *window,
                  gsize              block_size)
{
  GCoapUpload *self = g_new0 (GCoapUpload, 1);

  self->window = *window;
  self->szx = gcoap_block_get_szx (block_size);

  return self;
}

void
gcoap_upload_free (GCoapUpload *self)
{
  if (self == NULL)
    return;

  gcoap_window_clear (&self->window);
  g_free (self);
}

gboolean
gcoap_upload_is_ready (const GCoapUpload *self)
{
  return gcoap_window_covers (&self->window, self->offset, gcoap_block_size (self->szx));
}

static void
add_size (const GCoapUpload *self,
          GCoapOptions      *options)
{
  if (self->window.size < 0 || self->window.size > G_MAXUINT32)
    return;

  gcoap_options_remove (options, GCOAP_OPTION_NUMBER_SIZE1);
  gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_SIZE1, self->window.size);
}

/* A body of one block goes as any payload does. */
static gboolean
is_split (const GCoapUpload *self)
{
  return self->more || self->offset > 0;
}

static void
add_tag (const GCoapUpload *self,
         GCoapOptions      *options)
{
  gcoap_options_add (options, GCOAP_OPTION_NUMBER_REQUEST_TAG, self->tag, sizeof self->tag);
}

gboolean
gcoap_upload_make_block (GCoapUpload   *self,
                         GCoapOptions  *options,
                         const guint8 **out_payload,
                         gsize         *out_length)
{
  gsize size = gcoap_block_size (self->szx);
  gsize number = self->offset / size;
  GCoapBlock block = { .number = number, .szx = self->szx };

  if (number > GCOAP_BLOCK_NUMBER_MAX ||
      !gcoap_window_slice (&self->window, self->offset, size, out_payload, out_length,
                           &self->more))
    return FALSE;

  self->length = *out_length;
  if (!is_split (self))
    return TRUE;

  block.more = self->more;
  gcoap_block_add (&block, GCOAP_OPTION_NUMBER_BLOCK1, options);
  add_tag (self, options);
  if (self->offset == 0)
    add_size (self, options);
  else
    gcoap_options_remove (options, GCOAP_OPTION_NUMBER_IF_NONE_MATCH); /* RFC 7959 section 2.10 */

  return TRUE;
}

gboolean
gcoap_upload_mark_ask (const GCoapUpload *self,
                       GCoapOptions      *options)
{
  if (!is_split (self))
    return FALSE;

  gcoap_options_remove (options, GCOAP_OPTION_NUMBER_IF_NONE_MATCH);
  add_tag (self, options);

  return TRUE;
}

/* RFC 7959 section 2.9.3: a hint to try a smaller size, which can come only so often. */
static gboolean
is_hint (const GCoapUpload *self,
         guint8             code,
         const GCoapBlock  *block)
{
  gboolean is_of_use = is_split (self) || self->length > gcoap_block_size (block->szx);

  return code == GCOAP_CODE_REQUEST_ENTITY_TOO_LARGE && block->szx < self->szx && is_of_use;
}

/* The number may be counted in the size that was sent or in the one that is asked for. */
static gboolean
acknowledges (const GCoapUpload *self,
              const GCoapBlock  *block)
{
  return block->number == self->offset / gcoap_block_size (self->szx) ||
         gcoap_block_offset (block) == self->offset;
}

gboolean
gcoap_upload_is_past (const GCoapUpload *self,
                      const GCoapFrame  *response)
{
  GCoapBlock block;

  return response->code >> 5 == 2 &&
         gcoap_block_find (response, GCOAP_OPTION_NUMBER_BLOCK1, &block) == GCOAP_BLOCK_VALID &&
         gcoap_block_offset (&block) < self->offset && !acknowledges (self, &block);
}

static GCoapTransferVerdict
move_on (GCoapUpload      *self,
         const GCoapBlock *block)
{
  if (!self->more || !acknowledges (self, block))
    return GCOAP_TRANSFER_BROKEN;

  self->offset += self->length;
  self->szx = MIN (self->szx, block->szx);

  return GCOAP_TRANSFER_GOES_ON;
}

GCoapTransferVerdict
gcoap_upload_take (GCoapUpload      *self,
                   const GCoapFrame *response)
{
  GCoapBlock block;
  GCoapBlockVerdict verdict =
    gcoap_block_find (response, GCOAP_OPTION_NUMBER_BLOCK1, &block);
  gboolean is_success = response->code >> 5 == 2;

  if (verdict == GCOAP_BLOCK_VALID && is_hint (self, response->code, &block))
    {
      self->offset = 0;
      self->szx = block.szx;
      return GCOAP_TRANSFER_GOES_ON;
    }
  if (!is_success)
    return GCOAP_TRANSFER_DONE;
  if (verdict == GCOAP_BLOCK_VALID &&
      (self->more || block.more || response->code == GCOAP_CODE_CONTINUE))
    return move_on (self, &block);

  /* Success before the end, or an end that is none: the server does not know the option. */
  return verdict == GCOAP_BLOCK_INVALID || self->more || response->code == GCOAP_CODE_CONTINUE
         ? GCOAP_TRANSFER_BROKEN
         : GCOAP_TRANSFER_DONE;
}
