/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOAP_INSIDE) && !defined (GCOAP_COMPILATION)
#error "Only <gcoap/gcoap.h> can be included directly."
#endif

#include <gcoap/gcoap-types.h>

G_BEGIN_DECLS

/**
 * GCOAP_CONTENT_FORMAT_NONE:
 *
 * No Content-Format option: the value of the content-format properties when unset.
 *
 * Since: 1.0
 */
#define GCOAP_CONTENT_FORMAT_NONE (-1)

GCOAP_AVAILABLE_IN_ALL
const char *gcoap_content_format_get_media_type  (int         content_format);
GCOAP_AVAILABLE_IN_ALL
int         gcoap_content_format_from_media_type (const char *media_type);

G_END_DECLS
