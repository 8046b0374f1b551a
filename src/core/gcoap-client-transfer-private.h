/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-client-exchange-private.h"

G_BEGIN_DECLS

/* What becomes of a request whose body, or whose response's body, goes in blocks (RFC 7959). */

/* Sends the request, or the first block of it. FALSE: there are too many peers. */
gboolean gcoap_client_transfer_begin     (GCoapClient            *client,
                                          GCoapClientExchange    *exchange,
                                          const GCoapAddress     *remote,
                                          gint64                  now);
/* A response. Gives the one to be told of, which is another if it has come in blocks; NULL if the
 * transfer goes on or has failed, and then the exchange may be gone. Takes over the response. */
GCoapMessage *gcoap_client_transfer_take (GCoapClient            *client,
                                          GCoapClientExchange    *exchange,
                                          const GCoapArrival     *arrival,
                                          GCoapMessage           *response,
                                          gint64                  now);
/* Whether a response shows one of several blocks, and the application wants them all. */
gboolean gcoap_client_transfer_is_partial (GCoapClientExchange   *exchange,
                                          GCoapMessage           *response);
/* Whether parts of bodies can be told of and asked for with such a request. */
gboolean gcoap_client_transfer_can_stream (GCoapClientExchange   *exchange);
/* Fetches the rest of a notification for the exchange that observes. FALSE: it cannot be. */
gboolean gcoap_client_transfer_fetch     (GCoapClient            *client,
                                          GCoapClientExchange    *observing,
                                          GCoapMessage           *notification,
                                          gint64                  now);
void     gcoap_client_transfer_supply    (GCoapClient            *client,
                                          GCoapClientExchange    *exchange,
                                          GBytes                 *part,
                                          gsize                   offset,
                                          gboolean                is_last,
                                          gint64                  now);
void     gcoap_client_transfer_continue  (GCoapClient            *client,
                                          GCoapClientExchange    *exchange,
                                          gint64                  now);

G_END_DECLS
