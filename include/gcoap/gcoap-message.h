/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOAP_INSIDE) && !defined (GCOAP_COMPILATION)
#error "Only <gcoap/gcoap.h> can be included directly."
#endif

#include <gio/gio.h>
#include <gcoap/gcoap-types.h>

G_BEGIN_DECLS

#define GCOAP_TYPE_MESSAGE (gcoap_message_get_type ())

typedef struct _GCoapMessage GCoapMessage;

GCOAP_AVAILABLE_IN_ALL
GType         gcoap_message_get_type           (void) G_GNUC_CONST;
GCOAP_AVAILABLE_IN_ALL
GCoapMessage *gcoap_message_new                (guint          code);
GCOAP_AVAILABLE_IN_ALL
GCoapMessage *gcoap_message_new_request        (guint          method,
                                                const char    *uri,
                                                GError       **error) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
GCoapMessage *gcoap_message_ref                (GCoapMessage  *self);
GCOAP_AVAILABLE_IN_ALL
void          gcoap_message_unref              (GCoapMessage  *self);
GCOAP_AVAILABLE_IN_ALL
gboolean      gcoap_message_is_sealed          (GCoapMessage  *self);
GCOAP_AVAILABLE_IN_ALL
guint         gcoap_message_get_code           (GCoapMessage  *self);
GCOAP_AVAILABLE_IN_ALL
char         *gcoap_message_dup_uri            (GCoapMessage  *self) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
gboolean      gcoap_message_get_confirmable    (GCoapMessage  *self);
GCOAP_AVAILABLE_IN_ALL
void          gcoap_message_set_confirmable    (GCoapMessage  *self,
                                                gboolean       confirmable);
GCOAP_AVAILABLE_IN_ALL
GBytes       *gcoap_message_dup_token          (GCoapMessage  *self) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
gboolean      gcoap_message_set_token          (GCoapMessage  *self,
                                                GBytes        *token,
                                                GError       **error);
GCOAP_AVAILABLE_IN_ALL
GBytes       *gcoap_message_get_payload        (GCoapMessage  *self);
GCOAP_AVAILABLE_IN_ALL
void          gcoap_message_set_payload        (GCoapMessage  *self,
                                                GBytes        *payload);
GCOAP_AVAILABLE_IN_ALL
char         *gcoap_message_dup_text           (GCoapMessage  *self) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
void          gcoap_message_set_text           (GCoapMessage  *self,
                                                const char    *text);
GCOAP_AVAILABLE_IN_ALL
int           gcoap_message_get_content_format (GCoapMessage  *self);
GCOAP_AVAILABLE_IN_ALL
void          gcoap_message_set_content_format (GCoapMessage  *self,
                                                int            content_format);
GCOAP_AVAILABLE_IN_ALL
char         *gcoap_message_dup_location       (GCoapMessage  *self,
                                                const char    *base_uri) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
gboolean      gcoap_message_set_location       (GCoapMessage  *self,
                                                const char    *location,
                                                GError       **error);
GCOAP_AVAILABLE_IN_ALL
gboolean      gcoap_message_add_option         (GCoapMessage  *self,
                                                guint          number,
                                                GBytes        *value,
                                                GError       **error);
GCOAP_AVAILABLE_IN_ALL
gboolean      gcoap_message_add_uint_option    (GCoapMessage  *self,
                                                guint          number,
                                                guint          value,
                                                GError       **error);
GCOAP_AVAILABLE_IN_ALL
gboolean      gcoap_message_add_string_option  (GCoapMessage  *self,
                                                guint          number,
                                                const char    *value,
                                                GError       **error);
GCOAP_AVAILABLE_IN_ALL
guint         gcoap_message_remove_option      (GCoapMessage  *self,
                                                guint          number);
GCOAP_AVAILABLE_IN_ALL
GBytes       *gcoap_message_dup_option         (GCoapMessage  *self,
                                                guint          number) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
gboolean      gcoap_message_get_uint_option    (GCoapMessage  *self,
                                                guint          number,
                                                guint         *out_value);
GCOAP_AVAILABLE_IN_ALL
char         *gcoap_message_dup_string_option  (GCoapMessage  *self,
                                                guint          number) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
GListModel   *gcoap_message_list_options       (GCoapMessage  *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GCoapMessage, gcoap_message_unref)

G_END_DECLS
