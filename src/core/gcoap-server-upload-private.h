/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-server-exchange-private.h"

G_BEGIN_DECLS

/* A request with Block1 has come (RFC 7959 section 2.5): it is answered, or made a part of an
 * upload, or passed on. */
void gcoap_server_receive_block1 (GCoapServer         *self,
                                  GCoapServerExchange *exchange,
                                  const GCoapFrame    *request,
                                  gint64               now);

G_END_DECLS
