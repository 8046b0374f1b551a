/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "gcoap-driver-private.h"

G_BEGIN_DECLS

#define GCOAP_TYPE_OBSERVER_LIST (gcoap_observer_list_get_type ())

/* The observers of a server, in the order they have registered. There may be very many, so each has
 * an object only while somebody holds it. Finds one by position or by key, and removes it, in
 * logarithmic time. */
G_DECLARE_FINAL_TYPE (GCoapObserverList, gcoap_observer_list, GCOAP, OBSERVER_LIST, GObject)

/* With the observers that there are already. */
GCoapObserverList *gcoap_observer_list_new    (GCoapDriver            *driver);
/* It is known by now, or may have gone again. */
void               gcoap_observer_list_add    (GCoapObserverList      *self,
                                               const GCoapObserverKey *key);
void               gcoap_observer_list_remove (GCoapObserverList      *self,
                                               const GCoapObserverKey *key);
/* Empties the list for good, before the driver goes. */
void               gcoap_observer_list_close  (GCoapObserverList      *self);

G_END_DECLS
