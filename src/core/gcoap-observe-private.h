/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-message-private.h"

G_BEGIN_DECLS

/* The values of the Observe option in a request (RFC 7641 section 2). */
#define GCOAP_OBSERVE_VALUE_REGISTER   0
#define GCOAP_OBSERVE_VALUE_DEREGISTER 1

/* What a request has to do with observing (RFC 7641 section 2). */
typedef enum
{
  GCOAP_OBSERVE_NOT,
  GCOAP_OBSERVE_REGISTER,
  GCOAP_OBSERVE_DEREGISTER,
} GCoapObserve;

GCoapObserve gcoap_observe_of_request      (GCoapMessage     *request);
/* Whether a response says that its receiver observes. */
gboolean     gcoap_observe_is_notification (const GCoapFrame *frame);

G_END_DECLS
