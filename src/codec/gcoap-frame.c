/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/gcoap-frame-private.h"

#include <string.h>

#include "codec/gcoap-options-private.h"

#define VERSION        1
#define PAYLOAD_MARKER 0xff

static void
parse_header (GCoapFrame   *self,
              const guint8 *data)
{
  *self = (GCoapFrame) {
    .type = data[0] >> 4 & 0x03,
    .token_length = data[0] & 0x0f,
    .code = data[1],
    .message_id = data[2] << 8 | data[3],
    .token = data + GCOAP_HEADER_LENGTH,
  };
}

static gboolean
parse_options_and_payload (GCoapFrame   *self,
                           const guint8 *data,
                           gsize         length)
{
  GCoapOptionIter iter;

  gcoap_option_iter_init (&iter, data, length);
  while (gcoap_option_iter_next (&iter))
    ;
  if (!gcoap_option_iter_is_valid (&iter))
    return FALSE;

  self->options = data;
  self->options_length = iter.next - data;
  if (iter.next == iter.end)
    return TRUE;

  self->payload = iter.next + 1;
  self->payload_length = iter.end - self->payload;

  return self->payload_length > 0;
}

/* Reads a datagram in place (RFC 7252 section 3). @data must outlive @self. */
GCoapFrameVerdict
gcoap_frame_parse (GCoapFrame   *self,
                   const guint8 *data,
                   gsize         length)
{
  gsize offset;

  if (length < GCOAP_HEADER_LENGTH || data[0] >> 6 != VERSION)
    return GCOAP_FRAME_FOREIGN;

  parse_header (self, data);
  offset = GCOAP_HEADER_LENGTH + self->token_length;
  if (self->token_length > GCOAP_TOKEN_LENGTH_MAX || offset > length)
    return GCOAP_FRAME_MALFORMED;

  /* RFC 7252 section 4.1: an empty message is its header and nothing else. */
  if (self->code == 0)
    return length == GCOAP_HEADER_LENGTH ? GCOAP_FRAME_VALID : GCOAP_FRAME_MALFORMED;

  if (!parse_options_and_payload (self, data + offset, length - offset))
    return GCOAP_FRAME_MALFORMED;

  return GCOAP_FRAME_VALID;
}

gsize
gcoap_frame_get_size (const GCoapFrame *self)
{
  return GCOAP_HEADER_LENGTH + self->token_length + self->options_length +
         (self->payload_length > 0 ? 1 + self->payload_length : 0);
}

static guint8 *
write_bytes (guint8       *out,
             gconstpointer bytes,
             gsize         length)
{
  if (length > 0)
    memcpy (out, bytes, length);

  return out + length;
}

/* Writes the message and returns its size; 0 if it is larger than @capacity. */
gsize
gcoap_frame_write (const GCoapFrame *self,
                   guint8           *data,
                   gsize             capacity)
{
  gsize size = gcoap_frame_get_size (self);
  guint8 *out = data;

  if (size > capacity)
    return 0;

  *out++ = VERSION << 6 | self->type << 4 | self->token_length;
  *out++ = self->code;
  *out++ = self->message_id >> 8;
  *out++ = self->message_id & 0xff;
  out = write_bytes (out, self->token, self->token_length);
  out = write_bytes (out, self->options, self->options_length);
  if (self->payload_length > 0)
    {
      *out++ = PAYLOAD_MARKER;
      write_bytes (out, self->payload, self->payload_length);
    }

  return size;
}
