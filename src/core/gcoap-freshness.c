/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-freshness-private.h"

#define HALF_OF_THE_NUMBERS (1 << 23)
#define WINDOW              (128 * G_USEC_PER_SEC)

void
gcoap_freshness_set (GCoapFreshness *self,
                     guint32         sequence,
                     gint64          now)
{
  self->is_known = TRUE;
  self->sequence = sequence;
  self->received = now;
}

gboolean
gcoap_freshness_is_newer (const GCoapFreshness *self,
                          guint32               sequence,
                          gint64                now)
{
  guint32 latest = self->sequence;

  if (!self->is_known || now > self->received + WINDOW)
    return TRUE;

  return latest < sequence ? sequence - latest < HALF_OF_THE_NUMBERS
                           : latest - sequence > HALF_OF_THE_NUMBERS;
}
