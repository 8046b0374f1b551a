/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOAP_INSIDE) && !defined (GCOAP_COMPILATION)
#error "Only <gcoap/gcoap.h> can be included directly."
#endif

#include <gcoap/gcoap-types.h>

G_BEGIN_DECLS

#define GCOAP_TYPE_OBSERVER (gcoap_observer_get_type ())

GCOAP_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GCoapObserver, gcoap_observer, GCOAP, OBSERVER, GObject)

GCOAP_AVAILABLE_IN_ALL
GDateTime  *gcoap_observer_get_last_acknowledged (GCoapObserver *self);
GCOAP_AVAILABLE_IN_ALL
const char *gcoap_observer_get_remote_host       (GCoapObserver *self);
GCOAP_AVAILABLE_IN_ALL
guint       gcoap_observer_get_remote_port       (GCoapObserver *self);
GCOAP_AVAILABLE_IN_ALL
GDateTime  *gcoap_observer_get_since             (GCoapObserver *self);
GCOAP_AVAILABLE_IN_ALL
const char *gcoap_observer_get_token             (GCoapObserver *self);
GCOAP_AVAILABLE_IN_ALL
const char *gcoap_observer_get_uri               (GCoapObserver *self);
GCOAP_AVAILABLE_IN_ALL
void        gcoap_observer_cancel                (GCoapObserver *self);

G_END_DECLS
