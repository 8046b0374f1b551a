/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gcoap/gcoap.h>

G_BEGIN_DECLS

char        *cli_complete_uri   (const char *text);
gboolean     cli_parse_count    (const char *text,
                                 guint      *out_count,
                                 GError    **error);
gboolean     cli_parse_format   (const char *text,
                                 int        *out_format,
                                 GError    **error);
GCoapOption *cli_parse_option   (const char *text,
                                 GError    **error);
gboolean     cli_parse_timeout  (const char *text,
                                 guint      *out_milliseconds,
                                 GError    **error);

G_END_DECLS
