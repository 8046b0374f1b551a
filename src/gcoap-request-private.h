/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcoap/gcoap-request.h"

#include "codec/gcoap-address-private.h"

G_BEGIN_DECLS

GCoapRequest *gcoap_request_new_blank     (void);
/* Makes a request a blank again that gcoap_request_fill_incoming() may be called on. FALSE: somebody
 * else knows it, and it must stay what it is. */
gboolean      gcoap_request_blank         (GCoapRequest       *self);
void          gcoap_request_fill_incoming (GCoapRequest       *self,
                                           guint64             serial,
                                           guint64             exchange_id,
                                           GCoapMessage       *message,
                                           const GCoapAddress *remote,
                                           const GCoapAddress *local);
GCoapRequest *gcoap_request_new_outgoing  (guint64             serial,
                                           GCoapMessage       *message);
guint64       gcoap_request_get_serial    (GCoapRequest       *self);
guint64       gcoap_request_get_exchange  (GCoapRequest       *self);
GCoapMessage *gcoap_request_get_message   (GCoapRequest       *self);
void          gcoap_request_set_remote    (GCoapRequest       *self,
                                           const GCoapAddress *remote);
void          gcoap_request_set_upload_size (GCoapRequest     *self,
                                           gint64              upload_size);
void          gcoap_request_take_response (GCoapRequest       *self,
                                           GCoapMessage       *response);
/* The number in a request id; 0 if the text is none. */
guint64       gcoap_request_parse_id      (const char         *id);

G_END_DECLS
