/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-message-private.h"

G_BEGIN_DECLS

typedef enum
{
  GCOAP_OPTIONS_FINE,
  GCOAP_OPTIONS_UNTIDY,  /* with elective ones that must be taken as absent */
  GCOAP_OPTIONS_BAD,     /* with a critical one that is unknown, repeated or ill-sized */
  GCOAP_OPTIONS_PROXY,   /* meant for a proxy */
} GCoapOptionsVerdict;

/* RFC 7252 section 5.4: what the options of a received message make of it. *out_number is the
 * option that decided. */
GCoapOptionsVerdict gcoap_option_policy_check (const GCoapFrame *frame,
                                               guint            *out_number);
/* The message without the elective options that must be taken as absent. */
GCoapMessage       *gcoap_option_policy_tidy  (const GCoapFrame *frame);

G_END_DECLS
