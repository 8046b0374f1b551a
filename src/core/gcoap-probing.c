/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-probing-private.h"

GCoapProbing *
gcoap_probing_new (GCoapPeer *peer)
{
  GCoapProbing *self = g_new0 (GCoapProbing, 1);

  self->timer.kind = GCOAP_TIMER_PROBING;
  self->peer = peer;
  g_queue_init (&self->waiting);

  return self;
}

/* When the average since the first is down to PROBING_RATE, if this much has been sent then. */
static gint64
get_paid_time (const GCoapProbing    *self,
               const GCoapParameters *parameters,
               gsize                  n_bytes)
{
  gint64 rate = parameters->probing_rate;

  return self->since + ((gint64) n_bytes * G_USEC_PER_SEC + rate - 1) / rate;
}

/* RFC 7252 section 4.7: an endpoint that does not respond is sent PROBING_RATE bytes a second on
 * average. For as long as the repetitions of a Confirmable message take it may just be slow. */
gint64
gcoap_probing_get_due (const GCoapProbing    *self,
                       const GCoapParameters *parameters,
                       gsize                  length,
                       gint64                 now)
{
  if (parameters->probing_rate == 0 || self->n_bytes == 0 ||
      now - self->since < gcoap_parameters_get_max_transmit_wait (parameters))
    return now;

  return get_paid_time (self, parameters, self->n_bytes + length);
}

gboolean
gcoap_probing_is_owed (const GCoapProbing    *self,
                       const GCoapParameters *parameters,
                       gint64                 now)
{
  if (parameters->probing_rate == 0 || self->n_bytes == 0)
    return FALSE;

  return now - self->since < gcoap_parameters_get_max_transmit_wait (parameters) ||
         now < get_paid_time (self, parameters, self->n_bytes);
}
