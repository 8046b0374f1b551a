/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-frame-private.h"
#include "codec/gcoap-options-private.h"

G_BEGIN_DECLS

#define GCOAP_BLOCK_NUMBER_MAX ((1u << 20) - 1)
#define GCOAP_BLOCK_SZX_MAX    6
#define GCOAP_BLOCK_SIZE_MAX   1024

/* The value of a Block1 or Block2 option (RFC 7959 section 2.2). */
typedef struct
{
  guint32  number;
  guint8   szx;  /* the size is 2 to the power of this and 4 */
  gboolean more; /* blocks follow */
} GCoapBlock;

typedef enum
{
  GCOAP_BLOCK_ABSENT,
  GCOAP_BLOCK_VALID,
  GCOAP_BLOCK_INVALID, /* too long, or of the reserved size */
} GCoapBlockVerdict;

/* The first option of the number in a message. */
GCoapBlockVerdict gcoap_block_find     (const GCoapFrame *frame,
                                        guint             option_number,
                                        GCoapBlock       *out_block);
void              gcoap_block_add      (const GCoapBlock *self,
                                        guint             option_number,
                                        GCoapOptions     *options);

/* The largest size exponent whose block is not larger than @size, which is at least 16. */
guint8            gcoap_block_get_szx  (gsize             size);

static inline gsize
gcoap_block_size (guint8 szx)
{
  return (gsize) 16 << szx;
}

static inline gsize
gcoap_block_offset (const GCoapBlock *self)
{
  return self->number * gcoap_block_size (self->szx);
}

G_END_DECLS
