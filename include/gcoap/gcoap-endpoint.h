/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOAP_INSIDE) && !defined (GCOAP_COMPILATION)
#error "Only <gcoap/gcoap.h> can be included directly."
#endif

#include <gcoap/gcoap-message.h>
#include <gcoap/gcoap-observation.h>
#include <gcoap/gcoap-request.h>
#include <gcoap/gcoap-statistics.h>
#include <gcoap/gcoap-types.h>

G_BEGIN_DECLS

#define GCOAP_TYPE_ENDPOINT (gcoap_endpoint_get_type ())

GCOAP_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GCoapEndpoint, gcoap_endpoint, GCOAP, ENDPOINT, GObject)

GCOAP_AVAILABLE_IN_ALL
GCoapEndpoint *gcoap_endpoint_new                          (void);

GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_get_listening                (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
const char    *gcoap_endpoint_get_local_host               (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_local_host               (GCoapEndpoint *self,
                                                            const char    *local_host);
GCOAP_AVAILABLE_IN_ALL
guint          gcoap_endpoint_get_local_port               (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_local_port               (GCoapEndpoint *self,
                                                            guint          local_port);
GCOAP_AVAILABLE_IN_ALL
GListModel    *gcoap_endpoint_get_observers                (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
GListModel    *gcoap_endpoint_get_pending_requests         (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
int            gcoap_endpoint_get_request_content_format   (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_request_content_format   (GCoapEndpoint *self,
                                                            int            content_format);
GCOAP_AVAILABLE_IN_ALL
GBytes        *gcoap_endpoint_get_request_data             (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_request_data             (GCoapEndpoint *self,
                                                            GBytes        *data);
GCOAP_AVAILABLE_IN_ALL
GBytes        *gcoap_endpoint_get_request_etag             (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_request_etag             (GCoapEndpoint *self,
                                                            GBytes        *etag);
GCOAP_AVAILABLE_IN_ALL
GListStore    *gcoap_endpoint_get_request_options          (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
char          *gcoap_endpoint_dup_request_text             (GCoapEndpoint *self) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_request_text             (GCoapEndpoint *self,
                                                            const char    *text);
GCOAP_AVAILABLE_IN_ALL
const char    *gcoap_endpoint_get_response_code            (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_response_code            (GCoapEndpoint *self,
                                                            const char    *code);
GCOAP_AVAILABLE_IN_ALL
int            gcoap_endpoint_get_response_content_format  (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_response_content_format  (GCoapEndpoint *self,
                                                            int            content_format);
GCOAP_AVAILABLE_IN_ALL
GBytes        *gcoap_endpoint_get_response_data            (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_response_data            (GCoapEndpoint *self,
                                                            GBytes        *data);
GCOAP_AVAILABLE_IN_ALL
GBytes        *gcoap_endpoint_get_response_etag            (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_response_etag            (GCoapEndpoint *self,
                                                            GBytes        *etag);
GCOAP_AVAILABLE_IN_ALL
GListStore    *gcoap_endpoint_get_response_options         (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_set_response_file            (GCoapEndpoint *self,
                                                            GFile         *file,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
GInputStream  *gcoap_endpoint_get_response_stream          (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_response_stream          (GCoapEndpoint *self,
                                                            GInputStream  *response_stream);
GCOAP_AVAILABLE_IN_ALL
char          *gcoap_endpoint_dup_response_location        (GCoapEndpoint *self,
                                                            const char    *base_uri) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_set_response_location        (GCoapEndpoint *self,
                                                            const char    *location,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
char          *gcoap_endpoint_dup_response_text            (GCoapEndpoint *self) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_response_text            (GCoapEndpoint *self,
                                                            const char    *text);
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_clear_response               (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
GCoapStatistics *gcoap_endpoint_get_statistics             (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
guint          gcoap_endpoint_get_timeout                  (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_timeout                  (GCoapEndpoint *self,
                                                            guint          timeout);
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_get_use_confirmable_messages (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_set_use_confirmable_messages (GCoapEndpoint *self,
                                                            gboolean       use_confirmable_messages);

GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_cancel_request               (GCoapEndpoint *self,
                                                            const char    *request_id,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
char          *gcoap_endpoint_config                       (GCoapEndpoint *self,
                                                            const char    *configuration,
                                                            GError       **error) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
GListModel    *gcoap_endpoint_get_config_settings          (GCoapEndpoint *self);
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_load_config_file             (GCoapEndpoint *self,
                                                            const char    *filename,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_save_config                  (GCoapEndpoint *self,
                                                            const char    *filename,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
char          *gcoap_endpoint_delete                       (GCoapEndpoint *self,
                                                            const char    *uri,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_do_events                    (GCoapEndpoint *self,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
char          *gcoap_endpoint_fetch                        (GCoapEndpoint *self,
                                                            const char    *uri,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
char          *gcoap_endpoint_get                          (GCoapEndpoint *self,
                                                            const char    *uri,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
char          *gcoap_endpoint_ipatch                       (GCoapEndpoint *self,
                                                            const char    *uri,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
char          *gcoap_endpoint_patch                        (GCoapEndpoint *self,
                                                            const char    *uri,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
char          *gcoap_endpoint_post                         (GCoapEndpoint *self,
                                                            const char    *uri,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
char          *gcoap_endpoint_put                          (GCoapEndpoint *self,
                                                            const char    *uri,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_reset                        (GCoapEndpoint *self,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
char          *gcoap_endpoint_send_custom_request          (GCoapEndpoint *self,
                                                            const char    *uri,
                                                            guint          method,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_send_notification            (GCoapEndpoint *self,
                                                            const char    *uri,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_send_notification_for        (GCoapEndpoint *self,
                                                            GCoapRequest  *registration,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_send_response                (GCoapEndpoint *self,
                                                            const char    *request_id,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_shutdown                     (GCoapEndpoint *self,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_start_listening              (GCoapEndpoint *self,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
char          *gcoap_endpoint_start_observing              (GCoapEndpoint *self,
                                                            const char    *uri,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_stop_listening               (GCoapEndpoint *self,
                                                            GError       **error);
GCOAP_AVAILABLE_IN_ALL
gboolean       gcoap_endpoint_stop_observing               (GCoapEndpoint *self,
                                                            const char    *uri,
                                                            GError       **error);

GCOAP_AVAILABLE_IN_ALL
GCoapObservation *gcoap_endpoint_observe                    (GCoapEndpoint *self,
                                                            const char    *uri,
                                                            GError       **error) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
GCoapObservation *gcoap_endpoint_observe_message            (GCoapEndpoint *self,
                                                            GCoapMessage  *request,
                                                            GError       **error) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_send_async                   (GCoapEndpoint      *self,
                                                            GCoapMessage       *message,
                                                            GCancellable       *cancellable,
                                                            GAsyncReadyCallback callback,
                                                            gpointer            user_data);
GCOAP_AVAILABLE_IN_ALL
GCoapMessage  *gcoap_endpoint_send_finish                  (GCoapEndpoint *self,
                                                            GAsyncResult  *result,
                                                            GError       **error) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_download_async               (GCoapEndpoint        *self,
                                                            const char           *uri,
                                                            GOutputStream        *stream,
                                                            GCancellable         *cancellable,
                                                            GFileProgressCallback progress_callback,
                                                            gpointer              progress_data,
                                                            GDestroyNotify        progress_destroy,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
GCOAP_AVAILABLE_IN_ALL
GCoapMessage  *gcoap_endpoint_download_finish              (GCoapEndpoint *self,
                                                            GAsyncResult  *result,
                                                            GError       **error) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
void           gcoap_endpoint_upload_async                 (GCoapEndpoint        *self,
                                                            const char           *uri,
                                                            GInputStream         *stream,
                                                            int                   content_format,
                                                            GCancellable         *cancellable,
                                                            GFileProgressCallback progress_callback,
                                                            gpointer              progress_data,
                                                            GDestroyNotify        progress_destroy,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
GCOAP_AVAILABLE_IN_ALL
GCoapMessage  *gcoap_endpoint_upload_finish                (GCoapEndpoint *self,
                                                            GAsyncResult  *result,
                                                            GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
