/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers that peers see but must not be able to foresee: tokens, Message IDs, back-off
 * (RFC 7252 sections 4.4, 5.3.1 and 11.4). SHA-256 over a secret and a counter, so that no number
 * of them tells the next; the GRand gives the secret only, because its own output would. */
typedef struct
{
  guint32 secret[8];
  guint64 counter;
  guint8  pool[32];
  gsize   n_left;
} GCoapRandom;

void    gcoap_random_init       (GCoapRandom *self,
                                 GRand       *seed);
void    gcoap_random_get_bytes  (GCoapRandom *self,
                                 guint8      *out_bytes,
                                 gsize        length);
guint64 gcoap_random_get_uint64 (GCoapRandom *self);
gint64  gcoap_random_get_range  (GCoapRandom *self,
                                 gint64       begin,
                                 gint64       end);

G_END_DECLS
