/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOAP_INSIDE) && !defined (GCOAP_COMPILATION)
#error "Only <gcoap/gcoap.h> can be included directly."
#endif

#include <gcoap/gcoap-types.h>

G_BEGIN_DECLS

#define GCOAP_TYPE_NOTIFICATION (gcoap_notification_get_type ())

GCOAP_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GCoapNotification, gcoap_notification, GCOAP, NOTIFICATION, GObject)

GCOAP_AVAILABLE_IN_ALL
gboolean    gcoap_notification_get_is_latest      (GCoapNotification *self);
GCOAP_AVAILABLE_IN_ALL
gboolean    gcoap_notification_get_stop_observing (GCoapNotification *self);
GCOAP_AVAILABLE_IN_ALL
void        gcoap_notification_set_stop_observing (GCoapNotification *self,
                                                   gboolean           stop_observing);
GCOAP_AVAILABLE_IN_ALL
const char *gcoap_notification_get_uri            (GCoapNotification *self);

G_END_DECLS
