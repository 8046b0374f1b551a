/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A sequence of options in the form they have on the wire (RFC 7252 section 3.1): delta, length,
 * value. It is always sorted and always valid, so reading it cannot fail and sending it is one
 * copy. Short ones live in the struct itself. */
typedef struct
{
  guint8 *data; /* (owned) unless it is @inline_data */
  gsize   length;
  gsize   capacity;
  guint   last_number;
  guint8  inline_data[48];
} GCoapOptions;

/* A cursor over encoded options, bounds-checked at every read. The fields number, value and length
 * are those of the option that the latest gcoap_option_iter_next() stopped at. */
typedef struct
{
  const guint8 *next; /* NULL after an option that does not parse */
  const guint8 *end;
  const guint8 *value;
  gsize         length;
  guint         number;
} GCoapOptionIter;

#define GCOAP_OPTION_NUMBER_MAX 65535
#define GCOAP_OPTION_LENGTH_MAX 65804

void     gcoap_options_init     (GCoapOptions       *self);
void     gcoap_options_clear    (GCoapOptions       *self);
void     gcoap_options_set_wire (GCoapOptions       *self,
                                 const guint8       *wire,
                                 gsize               length);
void     gcoap_options_add      (GCoapOptions       *self,
                                 guint               number,
                                 gconstpointer       value,
                                 gsize               length);
void     gcoap_options_add_uint (GCoapOptions       *self,
                                 guint               number,
                                 guint32             value);
void     gcoap_options_add_all  (GCoapOptions       *self,
                                 const GCoapOptions *other);
guint    gcoap_options_remove   (GCoapOptions       *self,
                                 guint               number);
gboolean gcoap_options_have     (const GCoapOptions *self,
                                 guint               number);

/* gcoap_option_iter_next() stops at the end, before a payload marker, and at the first option that
 * does not fit its encoding; gcoap_option_iter_is_valid() tells the last from the others. */
void     gcoap_option_iter_init     (GCoapOptionIter       *iter,
                                     const guint8          *wire,
                                     gsize                  length);
gboolean gcoap_option_iter_next     (GCoapOptionIter       *iter);
gboolean gcoap_option_iter_find     (GCoapOptionIter       *iter,
                                     guint                  number);
gboolean gcoap_option_iter_is_valid (const GCoapOptionIter *iter);

gboolean gcoap_option_decode_uint (const guint8 *value,
                                   gsize         length,
                                   guint32      *out_value);
gsize    gcoap_option_encode_uint (guint32       value,
                                   guint8        out_value[4]);

G_END_DECLS
