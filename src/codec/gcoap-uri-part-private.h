/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A stretch of a URI; not terminated. */
typedef struct
{
  const char *text; /* (nullable) where the URI has no such part */
  gsize       length;
} GCoapUriPart;

/* Where a character may stand for itself (RFC 3986 section 2). An argument is what is between
 * the "&" of a query. */
typedef enum
{
  GCOAP_URI_IN_ZONE = 1 << 0,
  GCOAP_URI_IN_HOST = 1 << 1,
  GCOAP_URI_IN_SEGMENT = 1 << 2,
  GCOAP_URI_IN_PATH = 1 << 3,
  GCOAP_URI_IN_ARGUMENT = 1 << 4,
  GCOAP_URI_IN_QUERY = 1 << 5,
} GCoapUriPlace;

extern const guint8 gcoap_uri_places[256];

gboolean gcoap_uri_part_next    (GCoapUriPart *rest,
                                 char          separator,
                                 GCoapUriPart *out_part);
gboolean gcoap_uri_part_is_ipv6 (GCoapUriPart  self);

G_END_DECLS
