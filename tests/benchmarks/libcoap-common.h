/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <coap3/coap.h>
#include <glib.h>

/* What the programs on libcoap share. */

/* A context that logs nothing; the other one listens on 127.0.0.1. They end the program if they
 * cannot be had. */
coap_context_t *libcoap_new     (void);
coap_context_t *libcoap_listen  (guint16         port,
                                 guint          *out_port);
void            libcoap_respond (coap_pdu_t     *response);
/* Runs libcoap's own loop. */
void            libcoap_run     (coap_context_t *context);
