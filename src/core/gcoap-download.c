/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-download-private.h"

#include "codec/gcoap-block-private.h"
#include "gcoap/gcoap-option-number.h"

/* A representation that changes faster than it can be read is not to keep us at it for ever. */
#define MAX_RESTARTS 4

GCoapDownload *
gcoap_download_new (gsize    max_size,
                    gsize    block_size,
                    gboolean can_restart,
                    gboolean is_stream)
{
  GCoapDownload *self = g_new0 (GCoapDownload, 1);

  self->max_size = max_size;
  self->szx = gcoap_block_get_szx (block_size);
  self->can_restart = can_restart && !is_stream;
  self->body = is_stream ? NULL : g_byte_array_new ();

  return self;
}

void
gcoap_download_free (GCoapDownload *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->head, gcoap_message_unref);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_free (self);
}

static gboolean
is_too_large (const GCoapDownload *self,
              GCoapMessage        *response,
              gsize                length)
{
  guint announced = 0;

  gcoap_message_get_uint_option (response, GCOAP_OPTION_NUMBER_SIZE2, &announced);

  return announced > self->max_size || length > self->max_size - self->received;
}

/* The option's M says that the payload is a full block; the last one may be of any size. */
static GCoapTransferVerdict
take_block (GCoapDownload    *self,
            GCoapMessage     *response,
            const GCoapFrame *frame,
            const GCoapBlock *block)
{
  if (gcoap_block_offset (block) != self->received ||
      (block->more && frame->payload_length != gcoap_block_size (block->szx)) ||
      is_too_large (self, response, frame->payload_length))
    return GCOAP_TRANSFER_BROKEN;

  if (self->head == NULL)
    self->head = gcoap_message_ref (response);
  if (self->body != NULL)
    g_byte_array_append (self->body, frame->payload, frame->payload_length);
  self->received += frame->payload_length;
  self->szx = MIN (self->szx, block->szx);

  return block->more ? GCOAP_TRANSFER_GOES_ON : GCOAP_TRANSFER_DONE;
}

/* RFC 7959 section 2.3: all of a body is of one format, also where it is not said of each block. */
static gboolean
has_same_format (GCoapMessage *a,
                 GCoapMessage *b)
{
  guint one;
  guint other;

  return !gcoap_message_get_uint_option (a, GCOAP_OPTION_NUMBER_CONTENT_FORMAT, &one) ||
         !gcoap_message_get_uint_option (b, GCOAP_OPTION_NUMBER_CONTENT_FORMAT, &other) ||
         one == other;
}

static gboolean
has_same_etag (GCoapMessage *a,
               GCoapMessage *b)
{
  g_autoptr (GBytes) one = gcoap_message_dup_option (a, GCOAP_OPTION_NUMBER_ETAG);
  g_autoptr (GBytes) other = gcoap_message_dup_option (b, GCOAP_OPTION_NUMBER_ETAG);

  return one != NULL && other != NULL ? g_bytes_equal (one, other) : one == other;
}

static void
forget (GCoapDownload *self)
{
  g_clear_pointer (&self->head, gcoap_message_unref);
  if (self->body != NULL)
    g_byte_array_set_size (self->body, 0);
  self->received = 0;
}

static GCoapTransferVerdict
restart (GCoapDownload *self)
{
  if (!self->can_restart || self->n_restarts == MAX_RESTARTS)
    return GCOAP_TRANSFER_BROKEN;

  self->n_restarts++;
  forget (self);

  return GCOAP_TRANSFER_GOES_ON;
}

gboolean
gcoap_download_is_past (const GCoapDownload *self,
                        const GCoapFrame    *response)
{
  GCoapBlock block;

  return self->head != NULL &&
         gcoap_block_find (response, GCOAP_OPTION_NUMBER_BLOCK2, &block) == GCOAP_BLOCK_VALID &&
         gcoap_block_offset (&block) < self->received;
}

/* Blocks with one ETag are of one representation, also where a server that has made something
 * says so of the first alone. */
static gboolean
has_same_code (GCoapMessage *a,
               GCoapMessage *b)
{
  return gcoap_message_get_code (a) == gcoap_message_get_code (b) ||
         (gcoap_message_get_code (b) >> 5 == 2 &&
          gcoap_message_has_option (a, GCOAP_OPTION_NUMBER_ETAG) &&
          gcoap_message_has_option (b, GCOAP_OPTION_NUMBER_BLOCK2));
}

static GCoapTransferVerdict
take_first (GCoapDownload    *self,
            GCoapMessage     *response,
            const GCoapFrame *frame)
{
  GCoapBlock block;
  GCoapBlockVerdict verdict = gcoap_block_find (frame, GCOAP_OPTION_NUMBER_BLOCK2, &block);

  /* What a stream is for is not an error's text. */
  if (self->body == NULL && frame->code >> 5 != 2)
    return GCOAP_TRANSFER_DONE;
  if (verdict == GCOAP_BLOCK_INVALID)
    return GCOAP_TRANSFER_BROKEN;
  if (verdict == GCOAP_BLOCK_ABSENT)
    block = (GCoapBlock) { .number = 0 };

  return take_block (self, response, frame, &block);
}

static GCoapTransferVerdict
take_next (GCoapDownload    *self,
           GCoapMessage     *response,
           const GCoapFrame *frame)
{
  GCoapBlock block;
  gboolean is_same_code = has_same_code (self->head, response);

  if (!is_same_code && frame->code >> 5 != 2)
    {
      forget (self);
      return GCOAP_TRANSFER_DONE;
    }
  if (!is_same_code || !has_same_etag (self->head, response) ||
      !has_same_format (self->head, response))
    return restart (self);
  if (gcoap_block_find (frame, GCOAP_OPTION_NUMBER_BLOCK2, &block) != GCOAP_BLOCK_VALID)
    return GCOAP_TRANSFER_BROKEN;

  return take_block (self, response, frame, &block);
}

GCoapTransferVerdict
gcoap_download_take (GCoapDownload *self,
                     GCoapMessage  *response)
{
  GCoapFrame frame;

  gcoap_message_get_frame (response, &frame);

  return self->head == NULL ? take_first (self, response, &frame)
                            : take_next (self, response, &frame);
}

gboolean
gcoap_download_has_part (const GCoapDownload *self)
{
  return self->head != NULL;
}

gboolean
gcoap_download_ask (const GCoapDownload *self,
                    GCoapOptions        *options)
{
  gsize number = self->received / gcoap_block_size (self->szx);
  GCoapBlock block = { .number = number, .szx = self->szx };

  if (number > GCOAP_BLOCK_NUMBER_MAX)
    return FALSE;

  gcoap_block_add (&block, GCOAP_OPTION_NUMBER_BLOCK2, options);

  return TRUE;
}

/* Of the first block's message all but the place of the block holds for the whole. */
static GCoapMessage *
join (GCoapDownload *self)
{
  GCoapFrame frame;
  GCoapMessage *whole;
  g_autoptr (GBytes) body = NULL;

  gcoap_message_get_frame (self->head, &frame);
  frame.payload_length = 0;
  whole = gcoap_message_new_from_frame (&frame);
  gcoap_options_remove (gcoap_message_get_options (whole), GCOAP_OPTION_NUMBER_BLOCK2);
  if (self->body != NULL)
    body = g_byte_array_free_to_bytes (g_steal_pointer (&self->body));
  gcoap_message_assign_payload (whole, body);

  return whole;
}

GCoapMessage *
gcoap_download_finish (GCoapDownload *self,
                       GCoapMessage  *last)
{
  return self->head != NULL ? join (self) : gcoap_message_ref (last);
}
