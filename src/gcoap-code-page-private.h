/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GCOAP_CODE_PAGE_UTF_8 65001

/* Whether the system can convert texts of that code page. */
gboolean    gcoap_code_page_is_available (guint32        code_page);
/* The code pages that it can convert, for a sentence. */
const char *gcoap_code_page_list         (void);
/* Reads a number: decimal, with any zeros before it, or hexadecimal after "0x". */
gboolean    gcoap_code_page_parse        (const char    *text,
                                          guint32       *out_code_page);
char       *gcoap_code_page_format       (guint32        code_page);
/* NULL with a GConvertError where the code page lacks a character of the text. */
GBytes     *gcoap_code_page_encode       (guint32        code_page,
                                          const char    *text,
                                          GError       **error);
/* NULL where the bytes are no text of the code page. */
char       *gcoap_code_page_decode       (guint32        code_page,
                                          const char    *bytes,
                                          gsize          length);

G_END_DECLS
