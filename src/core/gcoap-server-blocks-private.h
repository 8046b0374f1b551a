/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-server-exchange-private.h"

G_BEGIN_DECLS

/* Answers with a body, or the block of it that was asked for; then the rest is kept. */
void     gcoap_server_answer_with_body (GCoapServer         *self,
                                        GCoapServerExchange *exchange,
                                        const GCoapFrame    *response,
                                        GBytes              *body,
                                        gboolean             is_confirmable,
                                        gint64               now);
/* A request with Block2 has come (RFC 7959 section 2.4). FALSE: it is for the application. */
gboolean gcoap_server_serve_block      (GCoapServer         *self,
                                        GCoapServerExchange *exchange,
                                        const GCoapFrame    *request,
                                        gint64               now);

G_END_DECLS
