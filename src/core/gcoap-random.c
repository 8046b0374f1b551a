/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-random-private.h"

#include <string.h>

static void
refill (GCoapRandom *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  self->counter++;
  self->n_left = sizeof self->pool;
  g_checksum_update (checksum, (const guchar *) self->secret, sizeof self->secret);
  g_checksum_update (checksum, (const guchar *) &self->counter, sizeof self->counter);
  g_checksum_get_digest (checksum, self->pool, &self->n_left);
}

void
gcoap_random_init (GCoapRandom *self,
                   GRand       *seed)
{
  memset (self, 0, sizeof *self);
  for (gsize i = 0; i < G_N_ELEMENTS (self->secret); i++)
    self->secret[i] = g_rand_int (seed);
}

void
gcoap_random_get_bytes (GCoapRandom *self,
                        guint8      *out_bytes,
                        gsize        length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (self->n_left == 0)
        refill (self);
      out_bytes[i] = self->pool[--self->n_left];
    }
}

guint64
gcoap_random_get_uint64 (GCoapRandom *self)
{
  guint64 number;

  gcoap_random_get_bytes (self, (guint8 *) &number, sizeof number);

  return number;
}

/* A number from @begin to @end, both included. */
gint64
gcoap_random_get_range (GCoapRandom *self,
                        gint64       begin,
                        gint64       end)
{
  return begin + gcoap_random_get_uint64 (self) % (guint64) (end - begin + 1);
}
