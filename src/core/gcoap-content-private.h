/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-block-private.h"
#include "core/gcoap-random-private.h"
#include "core/gcoap-window-private.h"

G_BEGIN_DECLS

/* What all blocks of a body have in common: a code, the options that are not of one block alone,
 * and the body, unless it is a stream. Many may hold the same one. */
typedef struct
{
  guint         ref_count;
  guint         n_entries; /* of the table of bodies, which counts it once */
  guint8        code;
  GCoapOptions  options;
  GBytes       *body;      /* (owned) (nullable) */
} GCoapContent;

GCoapContent *gcoap_content_new             (const GCoapFrame   *frame,
                                             GBytes             *body);
GCoapContent *gcoap_content_ref             (GCoapContent       *self);
void          gcoap_content_unref           (GCoapContent       *self);
gsize         gcoap_content_get_bytes       (const GCoapContent *self);
/* RFC 7959 section 2.4: an ETag keeps apart the blocks of different bodies. These give it one if
 * it has none: the same for the same body at any time, or, where that is not known, a new one. */
void          gcoap_content_tag             (GCoapContent       *self);
void          gcoap_content_tag_stream      (GCoapContent       *self,
                                             GCoapRandom        *random);

/* The option with this number in a frame. */
gboolean      gcoap_frame_find_uint         (const GCoapFrame   *frame,
                                             guint               number,
                                             guint32            *out_value);

/* A block of a body, as it is asked for and as it is found. */
typedef struct
{
  gsize         offset;
  guint8        szx;
  gboolean      is_told;     /* the request has asked for blocks */
  gboolean      wants_size;

  const guint8 *data;
  gsize         length;
  gboolean      more;
} GCoapSlice;

/* Finds the block. FALSE: it is beyond the end. */
gboolean      gcoap_slice_find              (GCoapSlice         *self,
                                             const GCoapWindow  *window);
/* Adds Block2 and Size2, as far as they are needed, to the options of its message. */
void          gcoap_slice_add_options       (const GCoapSlice   *self,
                                             const GCoapWindow  *window,
                                             GCoapOptions       *options);

/* RFC 7959 section 2.2: whether the numbers of blocks of this size reach the end of a body. */
static inline gboolean
gcoap_block_can_reach (guint8 szx,
                       gint64 size)
{
  return size <= (gint64) ((GCOAP_BLOCK_NUMBER_MAX + (gint64) 1) * gcoap_block_size (szx));
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GCoapContent, gcoap_content_unref)

G_END_DECLS
