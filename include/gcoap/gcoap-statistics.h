/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOAP_INSIDE) && !defined (GCOAP_COMPILATION)
#error "Only <gcoap/gcoap.h> can be included directly."
#endif

#include <gcoap/gcoap-types.h>

G_BEGIN_DECLS

#define GCOAP_TYPE_STATISTICS (gcoap_statistics_get_type ())

GCOAP_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GCoapStatistics, gcoap_statistics, GCOAP, STATISTICS, GObject)

G_END_DECLS
