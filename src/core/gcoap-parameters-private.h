/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The protocol's parameters (RFC 7252 section 4.8) and the caps of the tables that peers can grow.
 * Times are in microseconds. */
typedef struct
{
  gint64 ack_timeout;
  double ack_random_factor;
  guint  max_retransmit;
  guint  nstart;
  guint  probing_rate;     /* bytes a second; 0: no limit */
  gint64 max_latency;
  gint64 default_leisure;
  gint64 piggyback_delay;  /* how long an answer may take and still ride on the acknowledgement */
  gint64 response_timeout; /* how long the application may take to answer */
  gsize  cache_size;       /* bytes of replies kept for duplicates */
  guint  max_peers;
  guint  max_pending_requests;
  guint  max_observers;
  guint  max_observers_per_peer;
  gint64 reregister_delay;     /* after which a client that hears nothing registers again */
  guint  confirmable_interval; /* every how many notifications one is confirmable at least */
  guint  block_size;           /* the preferred one, a power of two from 16 to 1024 */
  gsize  max_body_size;        /* of what is received in blocks */
  guint  max_transfers;        /* of peers that are under way, and the bytes they may take */
  gsize  transfer_cache_size;
  gint64 transfer_timeout;     /* after which a peer has given up */

  gboolean reregisters;     /* whether it does so at all */
  gboolean serves_requests; /* else a request is rejected, as by one who is only a client */
} GCoapParameters;

void   gcoap_parameters_init                   (GCoapParameters       *self);

/* RFC 7252 section 4.8.2: the values that follow from the others. */
gint64 gcoap_parameters_get_max_transmit_span  (const GCoapParameters *self);
gint64 gcoap_parameters_get_max_transmit_wait  (const GCoapParameters *self);
gint64 gcoap_parameters_get_processing_delay   (const GCoapParameters *self);
gint64 gcoap_parameters_get_max_rtt            (const GCoapParameters *self);
gint64 gcoap_parameters_get_exchange_lifetime  (const GCoapParameters *self);
gint64 gcoap_parameters_get_non_lifetime       (const GCoapParameters *self);

G_END_DECLS
