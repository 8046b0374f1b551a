/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-client-exchange-private.h"

G_BEGIN_DECLS

/* What becomes of a request that registers as an observer, or deregisters (RFC 7641 section 3). */

/* A response to it, or a notification. Takes over the response. */
void     gcoap_observing_receive        (GCoapClient         *client,
                                         GCoapClientExchange *exchange,
                                         const GCoapArrival  *arrival,
                                         GCoapMessage        *response,
                                         gint64               now);
/* The rest of a notification has been fetched, or could not be. Takes over the event's message. */
void     gcoap_observing_take_rest      (GCoapClient         *client,
                                         GCoapClientExchange *exchange,
                                         GCoapEvent          *event,
                                         gint64               now);
/* No news has come for longer than there should. */
void     gcoap_observing_register_again (GCoapClient         *client,
                                         GCoapClientExchange *exchange,
                                         gint64               now);
/* A server that cannot be reached may come back. FALSE: there is nothing to wait for. */
gboolean gcoap_observing_try_later      (GCoapClient         *client,
                                         GCoapClientExchange *exchange,
                                         GCoapError           error,
                                         gint64               now);

G_END_DECLS
