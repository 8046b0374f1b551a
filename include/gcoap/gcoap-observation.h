/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOAP_INSIDE) && !defined (GCOAP_COMPILATION)
#error "Only <gcoap/gcoap.h> can be included directly."
#endif

#include <gcoap/gcoap-types.h>

G_BEGIN_DECLS

/**
 * GCoapObservationState:
 * @GCOAP_OBSERVATION_STATE_PENDING: The registration has not been answered yet.
 * @GCOAP_OBSERVATION_STATE_ACTIVE: The server tells of each new state.
 * @GCOAP_OBSERVATION_STATE_STALE: No news has come for longer than the latest state is valid; the
 *   registration is being renewed.
 * @GCOAP_OBSERVATION_STATE_ENDED: The server does not observe the resource (any more), or
 *   [method@Observation.cancel] was called. The values are the last that came.
 * @GCOAP_OBSERVATION_STATE_FAILED: There was no answer; [property@Observation:error] says why.
 *
 * Where an observation stands.
 *
 * Since: 1.0
 */
typedef enum
{
  GCOAP_OBSERVATION_STATE_PENDING,
  GCOAP_OBSERVATION_STATE_ACTIVE,
  GCOAP_OBSERVATION_STATE_STALE,
  GCOAP_OBSERVATION_STATE_ENDED,
  GCOAP_OBSERVATION_STATE_FAILED,
} GCoapObservationState;

#define GCOAP_TYPE_OBSERVATION (gcoap_observation_get_type ())

GCOAP_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GCoapObservation, gcoap_observation, GCOAP, OBSERVATION, GObject)

GCOAP_AVAILABLE_IN_ALL
const char            *gcoap_observation_get_code           (GCoapObservation *self);
GCOAP_AVAILABLE_IN_ALL
int                    gcoap_observation_get_content_format (GCoapObservation *self);
GCOAP_AVAILABLE_IN_ALL
GBytes                *gcoap_observation_get_data           (GCoapObservation *self);
GCOAP_AVAILABLE_IN_ALL
const GError          *gcoap_observation_get_error          (GCoapObservation *self);
GCOAP_AVAILABLE_IN_ALL
GBytes                *gcoap_observation_get_etag           (GCoapObservation *self);
GCOAP_AVAILABLE_IN_ALL
guint                  gcoap_observation_get_sequence       (GCoapObservation *self);
GCOAP_AVAILABLE_IN_ALL
GCoapObservationState  gcoap_observation_get_state          (GCoapObservation *self);
GCOAP_AVAILABLE_IN_ALL
const char            *gcoap_observation_get_text           (GCoapObservation *self);
GCOAP_AVAILABLE_IN_ALL
const char            *gcoap_observation_get_uri            (GCoapObservation *self);
GCOAP_AVAILABLE_IN_ALL
void                   gcoap_observation_cancel             (GCoapObservation *self);

G_END_DECLS
