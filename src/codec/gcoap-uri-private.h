/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "gcoap-options-private.h"

G_BEGIN_DECLS

/* Where a request goes. The path and the query of a URI are options and are not kept here. */
typedef struct
{
  char    *host;          /* (owned) lower case, decoded, without brackets, with %zone */
  guint16  port;
  gboolean is_ip_literal;
} GCoapUriTarget;

void     gcoap_uri_target_clear (GCoapUriTarget *self);

/* RFC 7252 section 6.4: fills @out_target and adds the Uri-* options. On failure both are
 * untouched and the error is GCOAP_ERROR_INVALID_URI with the URI in its message. */
gboolean gcoap_uri_decompose    (const char      *uri,
                                 GCoapUriTarget  *out_target,
                                 GCoapOptions    *options,
                                 GError         **error);

/* RFC 7252 section 5.10.7: adds the Location-* options of an absolute path, a query or both. On
 * failure @options is untouched and the error is GCOAP_ERROR_INVALID_URI. */
gboolean gcoap_uri_decompose_location (const char    *location,
                                       GCoapOptions  *options,
                                       GError       **error);

/* RFC 7252 section 6.5. @host and @port are used where Uri-Host or Uri-Port are absent; a host
 * with a colon is bracketed. The parts are percent-encoded: path starts with "/", and query is
 * NULL where there is no Uri-Query, else without the "?". */
char    *gcoap_uri_compose       (const char   *host,
                                  guint         port,
                                  const guint8 *options,
                                  gsize         options_length);
char    *gcoap_uri_compose_path  (const guint8 *options,
                                  gsize         options_length);
char    *gcoap_uri_compose_query (const guint8 *options,
                                  gsize         options_length);

/* RFC 7252 section 5.10.7: what the Location-* options say, resolved against @base_uri, or relative
 * to the host without one. NULL where they say nothing, or what must not be followed. */
char    *gcoap_uri_compose_location (const char   *base_uri,
                                     const guint8 *options,
                                     gsize         options_length);

/* The path as gcoap_uri_compose_path() gives it, written to @buffer without allocating; FALSE if
 * it does not fit. */
gboolean gcoap_uri_write_path    (const guint8 *options,
                                  gsize         options_length,
                                  char         *buffer,
                                  gsize         size);

G_END_DECLS
