/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-block-private.h"

G_BEGIN_DECLS

/* A part of a body that is to be sent in blocks: all of it, or what is there of a stream. */
typedef struct
{
  GBytes  *bytes;   /* (owned) (nullable) NULL is an empty body */
  gsize    offset;  /* of the part in the body */
  gboolean is_last; /* the body ends where the part does */
  gint64   size;    /* of the body; -1: unknown */
} GCoapWindow;

void     gcoap_window_init_whole (GCoapWindow       *self,
                                  GBytes            *body);
/* Begins with nothing, of a body whose parts are to come. */
void     gcoap_window_init_empty (GCoapWindow       *self,
                                  gint64             size);
void     gcoap_window_clear      (GCoapWindow       *self);
/* Puts another part in the place of this. */
void     gcoap_window_move       (GCoapWindow       *self,
                                  GBytes            *bytes,
                                  gsize              offset,
                                  gboolean           is_last);
/* Whether a block of this place and size can be made of it, and told whether more follow. */
gboolean gcoap_window_covers     (const GCoapWindow *self,
                                  gsize              offset,
                                  gsize              size);
/* The block of this place and size, which is covered. FALSE: it is beyond the end of the body. */
gboolean gcoap_window_slice      (const GCoapWindow *self,
                                  gsize              offset,
                                  gsize              size,
                                  const guint8     **out_data,
                                  gsize             *out_length,
                                  gboolean          *out_more);

G_END_DECLS
