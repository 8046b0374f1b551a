/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "codec/gcoap-message-private.h"

G_BEGIN_DECLS

/* What the Request* or the Response* properties hold: either what a program has set, or a message
 * that was received, whose parts are made when they are asked for. */
typedef struct
{
  GCoapMessage *message; /* (owned) (nullable) that the values are read from */
  char         *code;    /* (owned) (nullable) */
  int           content_format;
  GBytes       *data;    /* (owned) (nullable) */
  GInputStream *stream;  /* (owned) (nullable) in place of the data, of a response to be sent */
  GBytes       *etag;    /* (owned) (nullable) */
  GListStore   *options; /* (owned) (nullable) made when asked for, and the same ever after */
} GCoapFields;

void        gcoap_fields_init               (GCoapFields   *self);
/* Back to nothing set. The options list stays the same object. */
void        gcoap_fields_reset              (GCoapFields   *self);
void        gcoap_fields_clear              (GCoapFields   *self);
void        gcoap_fields_set_message        (GCoapFields   *self,
                                             GCoapMessage  *message);
/* Takes over the values of another; the options list stays the same object. */
void        gcoap_fields_copy               (GCoapFields   *self,
                                             GCoapFields   *other);

const char *gcoap_fields_get_code           (GCoapFields   *self);
int         gcoap_fields_get_content_format (GCoapFields   *self);
GBytes     *gcoap_fields_get_data           (GCoapFields   *self);
GBytes     *gcoap_fields_get_etag           (GCoapFields   *self);
GListStore *gcoap_fields_get_options        (GCoapFields   *self);

/* Each says whether the value has changed. */
gboolean    gcoap_fields_set_stream         (GCoapFields   *self,
                                             GInputStream  *stream);
gboolean    gcoap_fields_set_code           (GCoapFields   *self,
                                             const char    *code);
gboolean    gcoap_fields_set_content_format (GCoapFields   *self,
                                             int            content_format);
gboolean    gcoap_fields_set_data           (GCoapFields   *self,
                                             GBytes        *data);
gboolean    gcoap_fields_set_etag           (GCoapFields   *self,
                                             GBytes        *etag);

/* The Location-* options among the options, as gcoap_message_dup_location() and
 * gcoap_message_set_location() have them. */
char       *gcoap_fields_dup_location       (GCoapFields   *self,
                                             const char    *base_uri);
gboolean    gcoap_fields_set_location       (GCoapFields   *self,
                                             const char    *location,
                                             GError       **error);

/* Adds the ETag, the Content-Format unless @is_bare, and the options; what was received and not
 * touched since is not for sending. GCOAP_ERROR_INVALID_OPTION. */
gboolean    gcoap_fields_write_options      (GCoapFields   *self,
                                             gboolean       is_bare,
                                             GCoapOptions  *options,
                                             GError       **error);

G_END_DECLS
