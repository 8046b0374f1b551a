/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap/gcoap-error.h"

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
