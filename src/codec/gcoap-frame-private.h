/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "gcoap/gcoap-types.h"

G_BEGIN_DECLS

#define GCOAP_TOKEN_LENGTH_MAX 8
#define GCOAP_HEADER_LENGTH    4

/* One CoAP message over UDP (RFC 7252 section 3) as a view: every pointer leads into the datagram
 * it was read from, or to what will be written. */
typedef struct
{
  GCoapMessageType type;
  guint8           code;
  guint8           token_length;
  guint16          message_id;
  const guint8    *token;
  const guint8    *options; /* encoded, without the payload marker */
  gsize            options_length;
  const guint8    *payload;
  gsize            payload_length;
} GCoapFrame;

typedef enum
{
  GCOAP_FRAME_VALID,
  GCOAP_FRAME_MALFORMED, /* type, code and message_id are readable, and say whom to reset */
  GCOAP_FRAME_FOREIGN,   /* too short or of another version: no CoAP message to be answered */
} GCoapFrameVerdict;

GCoapFrameVerdict gcoap_frame_parse    (GCoapFrame       *self,
                                        const guint8     *data,
                                        gsize             length);
gsize             gcoap_frame_get_size (const GCoapFrame *self);
gsize             gcoap_frame_write    (const GCoapFrame *self,
                                        guint8           *data,
                                        gsize             capacity);

G_END_DECLS
