/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcoap/gcoap-observer.h"

#include "gcoap-driver-private.h"

G_BEGIN_DECLS

/* @uri is a GRefString. */
GCoapObserver *gcoap_observer_new    (GCoapDriver            *driver,
                                      const GCoapObserverKey *key,
                                      gint64                  registered,
                                      char                   *uri);
/* It has ended, and the driver may go. */
void           gcoap_observer_let_go (GCoapObserver          *self);

G_END_DECLS
