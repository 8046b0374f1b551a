/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/gcoap-block-private.h"

#define SZX_MASK 0x07
#define MORE     0x08

GCoapBlockVerdict
gcoap_block_find (const GCoapFrame *frame,
                  guint             option_number,
                  GCoapBlock       *out_block)
{
  GCoapOptionIter option;
  guint32 value;

  gcoap_option_iter_init (&option, frame->options, frame->options_length);
  if (!gcoap_option_iter_find (&option, option_number))
    return GCOAP_BLOCK_ABSENT;
  if (!gcoap_option_decode_uint (option.value, option.length, &value) ||
      value >> 4 > GCOAP_BLOCK_NUMBER_MAX || (value & SZX_MASK) > GCOAP_BLOCK_SZX_MAX)
    return GCOAP_BLOCK_INVALID;

  *out_block = (GCoapBlock) {
    .number = value >> 4,
    .szx = value & SZX_MASK,
    .more = (value & MORE) != 0,
  };

  return GCOAP_BLOCK_VALID;
}

void
gcoap_block_add (const GCoapBlock *self,
                 guint             option_number,
                 GCoapOptions     *options)
{
  gcoap_options_add_uint (options, option_number,
                          self->number << 4 | (self->more ? MORE : 0) | self->szx);
}

guint8
gcoap_block_get_szx (gsize size)
{
  guint8 szx = 0;

  while (szx < GCOAP_BLOCK_SZX_MAX && gcoap_block_size (szx + 1) <= size)
    szx++;

  return szx;
}
