/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcoap/gcoap-request.h"

#include "codec/gcoap-address-private.h"

G_BEGIN_DECLS

typedef enum
{
  GCOAP_REQUEST_PROP_ACCEPT = 1,
  GCOAP_REQUEST_PROP_CONTENT_FORMAT,
  GCOAP_REQUEST_PROP_DESTINATION_ADDRESS,
  GCOAP_REQUEST_PROP_ETAG,
  GCOAP_REQUEST_PROP_METHOD,
  GCOAP_REQUEST_PROP_OPTIONS,
  GCOAP_REQUEST_PROP_PAYLOAD,
  GCOAP_REQUEST_PROP_REMOTE_HOST,
  GCOAP_REQUEST_PROP_REMOTE_PORT,
  GCOAP_REQUEST_PROP_REQUEST_ID,
  GCOAP_REQUEST_PROP_RESPONSE,
  GCOAP_REQUEST_PROP_SEND_RESPONSE,
  GCOAP_REQUEST_PROP_TOKEN,
  GCOAP_REQUEST_PROP_TOKEN_BYTES,
  GCOAP_REQUEST_PROP_UPLOAD_SIZE,
  GCOAP_REQUEST_PROP_UPLOAD_STREAM,
  GCOAP_REQUEST_PROP_URI,
  GCOAP_REQUEST_PROP_URI_HOST,
  GCOAP_REQUEST_PROP_URI_PATH,
  GCOAP_REQUEST_PROP_URI_PORT,
  GCOAP_REQUEST_PROP_URI_QUERY,
} GCoapRequestProperty;

/* gcoap-request-properties.c */
void          gcoap_request_install_properties (GObjectClass       *object_class);
gboolean      gcoap_request_is_watched    (GCoapRequest         *self);
void          gcoap_request_notify        (GCoapRequest         *self,
                                           GCoapRequestProperty  property);

/* gcoap-request.c */
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
