/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-parameters-private.h"

void
gcoap_parameters_init (GCoapParameters *self)
{
  *self = (GCoapParameters) {
    .ack_timeout = 2 * G_USEC_PER_SEC,
    .ack_random_factor = 1.5,
    .max_retransmit = 4,
    .nstart = 1,
    .probing_rate = 1,
    .max_latency = 100 * G_USEC_PER_SEC,
    .default_leisure = 5 * G_USEC_PER_SEC,
    .piggyback_delay = 50 * G_TIME_SPAN_MILLISECOND,
    .response_timeout = 120 * G_USEC_PER_SEC,
    .cache_size = 32 * 1024 * 1024,
    .max_peers = 65536,
    .max_pending_requests = 65536,
    .max_observers = 32768,
    .max_observers_per_peer = 256,
    .reregister_delay = 5 * G_USEC_PER_SEC,
    .confirmable_interval = 20,
    .block_size = 1024,
    .max_body_size = 16 * 1024 * 1024,
    .max_transfers = 4096,
    .transfer_cache_size = 64 * 1024 * 1024,
    .transfer_timeout = 247 * G_USEC_PER_SEC, /* EXCHANGE_LIFETIME (RFC 7959 section 2.5) */
    .reregisters = TRUE,
    .serves_requests = TRUE,
  };
}

gint64
gcoap_parameters_get_max_transmit_span (const GCoapParameters *self)
{
  return self->ack_timeout * ((G_GINT64_CONSTANT (1) << self->max_retransmit) - 1) *
         self->ack_random_factor;
}

gint64
gcoap_parameters_get_max_transmit_wait (const GCoapParameters *self)
{
  return self->ack_timeout * ((G_GINT64_CONSTANT (2) << self->max_retransmit) - 1) *
         self->ack_random_factor;
}

gint64
gcoap_parameters_get_processing_delay (const GCoapParameters *self)
{
  return self->ack_timeout;
}

gint64
gcoap_parameters_get_max_rtt (const GCoapParameters *self)
{
  return 2 * self->max_latency + gcoap_parameters_get_processing_delay (self);
}

gint64
gcoap_parameters_get_exchange_lifetime (const GCoapParameters *self)
{
  return gcoap_parameters_get_max_transmit_span (self) + gcoap_parameters_get_max_rtt (self);
}

gint64
gcoap_parameters_get_non_lifetime (const GCoapParameters *self)
{
  return gcoap_parameters_get_max_transmit_span (self) + self->max_latency;
}
