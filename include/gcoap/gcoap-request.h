/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOAP_INSIDE) && !defined (GCOAP_COMPILATION)
#error "Only <gcoap/gcoap.h> can be included directly."
#endif

#include <gcoap/gcoap-message.h>
#include <gcoap/gcoap-types.h>

G_BEGIN_DECLS

#define GCOAP_TYPE_REQUEST (gcoap_request_get_type ())

GCOAP_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GCoapRequest, gcoap_request, GCOAP, REQUEST, GObject)

GCOAP_AVAILABLE_IN_ALL
gboolean      gcoap_request_get_accept         (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
void          gcoap_request_set_accept         (GCoapRequest *self,
                                                gboolean      accept);
GCOAP_AVAILABLE_IN_ALL
int           gcoap_request_get_content_format (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
const char   *gcoap_request_get_destination_address (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
GBytes       *gcoap_request_get_etag           (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
guint         gcoap_request_get_method         (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
GListModel   *gcoap_request_get_options        (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
GBytes       *gcoap_request_get_payload        (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
const char   *gcoap_request_get_remote_host    (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
guint         gcoap_request_get_remote_port    (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
const char   *gcoap_request_get_request_id     (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
GCoapMessage *gcoap_request_get_response       (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
gboolean      gcoap_request_get_send_response  (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
void          gcoap_request_set_send_response  (GCoapRequest *self,
                                                gboolean      send_response);
GCOAP_AVAILABLE_IN_ALL
char         *gcoap_request_dup_text           (GCoapRequest *self) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
const char   *gcoap_request_get_token          (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
GBytes       *gcoap_request_get_token_bytes    (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
gint64        gcoap_request_get_upload_size    (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
GOutputStream *gcoap_request_get_upload_stream (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
void          gcoap_request_set_upload_stream  (GCoapRequest *self,
                                                GOutputStream *upload_stream);
GCOAP_AVAILABLE_IN_ALL
gboolean      gcoap_request_set_upload_file    (GCoapRequest  *self,
                                                GFile         *file,
                                                GError       **error);
GCOAP_AVAILABLE_IN_ALL
const char   *gcoap_request_get_uri            (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
const char   *gcoap_request_get_uri_host       (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
const char   *gcoap_request_get_uri_path       (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
guint         gcoap_request_get_uri_port       (GCoapRequest *self);
GCOAP_AVAILABLE_IN_ALL
const char   *gcoap_request_get_uri_query      (GCoapRequest *self);

GCOAP_AVAILABLE_IN_ALL
const char   *gcoap_request_validate           (GCoapRequest *self,
                                                GBytes       *etag);

G_END_DECLS
