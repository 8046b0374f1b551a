/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-bodies-private.h"
#include "core/gcoap-events-private.h"
#include "core/gcoap-exchanges-private.h"
#include "core/gcoap-message-layer-private.h"
#include "core/gcoap-notifier-private.h"

G_BEGIN_DECLS

/* The requests that wait for the application, and its responses until they have arrived
 * (RFC 7252 sections 5.2 and 5.3). */
typedef struct
{
  const GCoapParameters *parameters;
  GCoapDeadlines        *deadlines;
  GCoapRandom           *random;
  GCoapEvents           *events;
  GCoapExchanges        *exchanges;
  GCoapMessageLayer     *messages;
  GCoapObservers        *observers;
  GCoapNotifier         *notifier;
  GCoapBodies           *bodies;
  guint                  n_told; /* the requests that the application has, or had */
} GCoapServer;

void           gcoap_server_init            (GCoapServer           *self,
                                             const GCoapParameters *parameters,
                                             GCoapDeadlines        *deadlines,
                                             GCoapRandom           *random,
                                             GCoapEvents           *events,
                                             GCoapExchanges        *exchanges,
                                             GCoapMessageLayer     *messages,
                                             GCoapObservers        *observers,
                                             GCoapNotifier         *notifier,
                                             GCoapBodies           *bodies);

void           gcoap_server_receive         (GCoapServer           *self,
                                             const GCoapArrival    *arrival,
                                             gint64                 now);
/* Registers the sender of a request as an observer of the URI, if the response is one of success.
 * @registration is the request. FALSE: it asks for no such thing, it has its answer, or there are
 * too many. */
gboolean       gcoap_server_observe         (GCoapServer           *self,
                                             GCoapExchange         *exchange,
                                             const GCoapFrame      *registration,
                                             const char            *uri,
                                             gint64                 now);
/* Answers a request with the code and options of @response, and with the body, or where that is
 * NULL with the payload of @response. FALSE: it has its answer already. */
gboolean       gcoap_server_respond         (GCoapServer           *self,
                                             GCoapExchange         *exchange,
                                             const GCoapFrame      *response,
                                             GBytes                *body,
                                             gboolean               is_confirmable,
                                             gint64                 now);
/* The same with a body that comes in parts. Returns its id, or 0. */
guint64        gcoap_server_respond_with_stream (GCoapServer       *self,
                                             GCoapExchange         *exchange,
                                             const GCoapFrame      *response,
                                             gint64                 size,
                                             gboolean               is_confirmable,
                                             gint64                 now);
/* The exchange of these is a body: see gcoap_engine_supply() and what follows there. */
void           gcoap_server_supply          (GCoapServer           *self,
                                             GCoapExchange         *exchange,
                                             GBytes                *part,
                                             gsize                  offset,
                                             gboolean               is_last,
                                             gint64                 now);
void           gcoap_server_continue        (GCoapServer           *self,
                                             GCoapExchange         *exchange,
                                             gint64                 now);
void           gcoap_server_collect         (GCoapServer           *self,
                                             GCoapExchange         *exchange,
                                             gint64                 now);
void           gcoap_server_refuse_upload   (GCoapServer           *self,
                                             GCoapExchange         *exchange,
                                             guint8                 code,
                                             gint64                 now);
void           gcoap_server_cancel_body     (GCoapServer           *self,
                                             GCoapExchange         *exchange,
                                             gint64                 now);
void           gcoap_server_expire_bodies   (GCoapServer           *self,
                                             gint64                 now);
/* After a change of the parameters: has what is under way meet them. */
void           gcoap_server_apply_parameters (GCoapServer          *self,
                                              gint64                now);
void           gcoap_server_acknowledged    (GCoapServer           *self,
                                             GCoapExchange         *exchange,
                                             gint64                 now);
void           gcoap_server_fail            (GCoapServer           *self,
                                             GCoapExchange         *exchange,
                                             GCoapError             error,
                                             int                    errno_value,
                                             gint64                 now);
/* Forgets a request, or gives up its response, without an event of it. The observer that it has
 * made goes with it. */
void           gcoap_server_cancel          (GCoapServer           *self,
                                             GCoapExchange         *exchange,
                                             gint64                 now);
void           gcoap_server_expire          (GCoapServer           *self,
                                             GCoapExchange         *exchange,
                                             gint64                 now);
GCoapExchange *gcoap_server_get_timer_owner (GCoapTimer            *timer);

G_END_DECLS
