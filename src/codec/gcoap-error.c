/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap/gcoap-error.h"

#ifdef ENABLE_NLS
#include <libintl.h>

static void bind_text_domain (void) __attribute__ ((constructor));

/* Any function may be the first that fails, so the texts are bound when the library is loaded. That
 * is done here because nothing refers to such a function: in a file of its own it would be left out
 * of a program that links with a static library. */
static void
bind_text_domain (void)
{
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
}
#endif

/**
 * gcoap_error_quark:
 *
 * Gets the error domain that [error@Error] codes are reported under.
 *
 * Returns: the quark of the string `gcoap-error-quark`
 *
 * Since: 1.0
 */
G_DEFINE_QUARK (gcoap-error-quark, gcoap_error)
