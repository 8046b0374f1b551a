/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-events-private.h"
#include "core/gcoap-exchanges-private.h"
#include "core/gcoap-message-layer-private.h"

G_BEGIN_DECLS

/* How long a request may take, on top of what RFC 7252 section 4.8 says of messages. */
typedef struct
{
  gint64   timeout;     /* microseconds; 0: as long as the protocol allows */
  gboolean is_deadline; /* else each datagram of the exchange starts it anew */
} GCoapPatience;

/* Which bodies of an exchange are streams, whose parts go by events and answers to them. */
typedef struct
{
  gboolean sends;
  gint64   size;     /* of the body that is sent; -1: unknown */
  gboolean receives;
} GCoapStreaming;

typedef struct _GCoapClientExchange GCoapClientExchange;

/* The requests that wait for their responses (RFC 7252 sections 5.2 and 5.3). */
typedef struct
{
  const GCoapParameters *parameters;
  GCoapDeadlines        *deadlines;
  GCoapRandom           *random;
  GCoapEvents           *events;
  GCoapExchanges        *exchanges;
  GCoapMessageLayer     *messages;
  GHashTable            *by_token; /* (element-type GCoapClientExchange) by token and peer */
  guint                  n_multicast;
  guint64                seed;
} GCoapClient;

void     gcoap_client_init         (GCoapClient           *self,
                                    const GCoapParameters *parameters,
                                    GCoapDeadlines        *deadlines,
                                    GCoapRandom           *random,
                                    GCoapEvents           *events,
                                    GCoapExchanges        *exchanges,
                                    GCoapMessageLayer     *messages);
void     gcoap_client_clear        (GCoapClient           *self);

/* Sends a request, or a ping, and returns its id; 0 with an errno in *out_errno if it cannot.
 * @streaming is NULL for whole bodies. */
guint64  gcoap_client_submit       (GCoapClient           *self,
                                    const GCoapAddress    *remote,
                                    GCoapMessage          *message,
                                    const GCoapPatience   *patience,
                                    const GCoapStreaming  *streaming,
                                    gint64                 now,
                                    int                   *out_errno);
void     gcoap_client_receive      (GCoapClient           *self,
                                    const GCoapArrival    *arrival,
                                    gint64                 now);
void     gcoap_client_acknowledged (GCoapClient           *self,
                                    GCoapExchange         *exchange,
                                    gint64                 now);
void     gcoap_client_reset        (GCoapClient           *self,
                                    GCoapExchange         *exchange,
                                    gint64                 now);
/* A timer of the request is due: it has taken too long, or is to be registered again. */
void     gcoap_client_expire       (GCoapClient           *self,
                                    GCoapExchange         *exchange,
                                    gint64                 now);
void     gcoap_client_fail         (GCoapClient           *self,
                                    GCoapExchange         *exchange,
                                    GCoapError             error,
                                    int                    errno_value,
                                    gint64                 now);
/* Forgets a request without an event. */
void     gcoap_client_cancel       (GCoapClient           *self,
                                    GCoapExchange         *exchange,
                                    gint64                 now);
/* The next part of a body that is sent as a stream. */
void     gcoap_client_supply       (GCoapClient           *self,
                                    GCoapExchange         *exchange,
                                    GBytes                *part,
                                    gsize                  offset,
                                    gboolean               is_last,
                                    gint64                 now);
/* The part of a body that is received as a stream has been taken. */
void     gcoap_client_continue     (GCoapClient           *self,
                                    GCoapExchange         *exchange,
                                    gint64                 now);
gboolean gcoap_client_is_ping      (const GCoapExchange   *exchange);
GCoapExchange *gcoap_client_get_timer_owner (GCoapTimer   *timer);

G_END_DECLS
