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

/* When the pause is over that the latest takes at PROBING_RATE. */
static gint64
get_pause_end (const GCoapProbing    *self,
               const GCoapParameters *parameters)
{
  gint64 rate = parameters->probing_rate;

  return self->latest + ((gint64) self->length * G_USEC_PER_SEC + rate - 1) / rate;
}

/* RFC 7252 section 4.7: an endpoint that does not respond is sent PROBING_RATE bytes a second on
 * average. For as long as the repetitions of a Confirmable message take it may just be slow. What
 * was sent by then does not count, or a server that comes back after an hour of many requests would
 * be left alone for days. */
gint64
gcoap_probing_get_due (const GCoapProbing    *self,
                       const GCoapParameters *parameters,
                       gint64                 now)
{
  if (parameters->probing_rate == 0 || self->length == 0 ||
      now - self->since < gcoap_parameters_get_max_transmit_wait (parameters))
    return now;

  return get_pause_end (self, parameters);
}

gboolean
gcoap_probing_is_owed (const GCoapProbing    *self,
                       const GCoapParameters *parameters,
                       gint64                 now)
{
  return parameters->probing_rate != 0 && self->length != 0 &&
         now < get_pause_end (self, parameters);
}
