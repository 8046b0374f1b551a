/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-server-exchange-private.h"
#include "gcoap/gcoap-code.h"

G_BEGIN_DECLS

/* The observer that the endpoint and the token of a request already stand for. */
GCoapObserverEntry *gcoap_server_find_observer      (GCoapServer         *self,
                                                GCoapServerExchange *exchange);
/* The observer that the request has made, unless another has made it its own since. */
GCoapObserverEntry *gcoap_server_get_observer       (GCoapServer         *self,
                                                GCoapServerExchange *exchange);
void           gcoap_server_remove_observer    (GCoapServer         *self,
                                                GCoapObserverEntry       *observer,
                                                gint64               now);

/* Answers with the options that the exchange makes necessary, and a payload that fits. */
void           gcoap_server_answer             (GCoapServer         *self,
                                                GCoapServerExchange *exchange,
                                                const GCoapFrame    *response,
                                                gboolean             is_confirmable,
                                                gint64               now);
/* Answers a request without the application. */
void           gcoap_server_refuse             (GCoapServer         *self,
                                                GCoapServerExchange *exchange,
                                                GCoapCode            code,
                                                const char          *diagnostic,
                                                gint64               now);
/* Asks the peer to come again when the application has less to do. */
void           gcoap_server_refuse_for_now     (GCoapServer         *self,
                                                GCoapServerExchange *exchange,
                                                gint64               now);
/* Hands a request to the application, unless that has too many. @upload is the id of its body that
 * came as a stream, or 0. Takes over the request. */
void           gcoap_server_pass_on            (GCoapServer         *self,
                                                GCoapServerExchange *exchange,
                                                GCoapMessage        *request,
                                                guint64              upload,
                                                gint64               now);
gboolean       gcoap_server_is_busy            (const GCoapServer   *self);

/* The exchange waits until the application has done something about the body. */
void           gcoap_server_park               (GCoapServer         *self,
                                                GCoapServerExchange *exchange,
                                                GCoapBody           *body,
                                                gint64               now);
/* The exchange that waits, which does so no more; or NULL. */
GCoapServerExchange *gcoap_server_unpark       (GCoapServer         *self,
                                                GCoapBody           *body);
/* Takes away a body that will not be complete: says so where somebody would wait for it. */
void           gcoap_server_drop_body          (GCoapServer         *self,
                                                GCoapBody           *body,
                                                gint64               now);
/* Takes away a body that is complete, or whose end the application knows. */
void           gcoap_server_finish_body        (GCoapServer         *self,
                                                GCoapBody           *body,
                                                gint64               now);
/* Takes away whatever the key belongs to. */
void           gcoap_server_drop_key           (GCoapServer         *self,
                                                const GCoapBodyKey  *key,
                                                gint64               now);
/* Takes away what is above the caps; but not @kept. */
void           gcoap_server_make_room          (GCoapServer         *self,
                                                const GCoapBody     *kept,
                                                gint64               now);

G_END_DECLS
