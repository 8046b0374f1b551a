/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gcoap/gcoap.h>

/* What the programs on GCoap share. */

/* Both end the program if they cannot. */
void gcoap_common_configure (GCoapEndpoint *endpoint,
                             const char    *setting);
/* Listens on 127.0.0.1, and runs until standard input ends. */
void gcoap_common_serve     (GCoapEndpoint *endpoint,
                             guint16        port) G_GNUC_NORETURN;
