/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcoap/gcoap-observation.h"

#include "gcoap-call-private.h"

G_BEGIN_DECLS

GCoapObservation *gcoap_observation_new        (const char       *uri);
/* The call must tell by fail() or a last take_state() when it is over. */
void              gcoap_observation_begin      (GCoapObservation *self,
                                                GCoapEndpoint    *endpoint,
                                                GCoapCall        *call);
void              gcoap_observation_take_state (GCoapObservation *self,
                                                GCoapMessage     *message,
                                                gboolean          is_last);
/* Forgets the call. */
void              gcoap_observation_let_go     (GCoapObservation *self);
void              gcoap_observation_set_stale  (GCoapObservation *self);
void              gcoap_observation_fail       (GCoapObservation *self,
                                                const GError     *error);

G_END_DECLS
