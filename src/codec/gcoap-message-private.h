/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcoap/gcoap-message.h"

#include "codec/gcoap-frame-private.h"
#include "codec/gcoap-options-private.h"
#include "codec/gcoap-uri-private.h"

G_BEGIN_DECLS

GCoapMessage         *gcoap_message_new_from_frame (const GCoapFrame *frame);
/* A message like @self that can be edited and sent. */
GCoapMessage         *gcoap_message_copy           (GCoapMessage     *self);
void                  gcoap_message_seal           (GCoapMessage     *self);
void                  gcoap_message_get_frame      (GCoapMessage     *self,
                                                    GCoapFrame       *out_frame);
gboolean              gcoap_message_has_token      (GCoapMessage     *self);
void                  gcoap_message_assign_token   (GCoapMessage     *self,
                                                    const guint8     *token,
                                                    gsize             length);
void                  gcoap_message_assign_payload (GCoapMessage  *self,
                                                    GBytes        *payload);
gboolean              gcoap_message_has_option     (GCoapMessage     *self,
                                                    guint             number);
GCoapOptions         *gcoap_message_get_options    (GCoapMessage     *self);
const GCoapUriTarget *gcoap_message_get_target     (GCoapMessage     *self);

/* RFC 7252 section 5.4.3 and 5.4.5: whether an option of this length may stand in a message that
 * has @n_present of it already. The error is GCOAP_ERROR_INVALID_OPTION. */
gboolean              gcoap_option_check           (guint             number,
                                                    gsize             length,
                                                    guint             n_present,
                                                    GError          **error);

G_END_DECLS
