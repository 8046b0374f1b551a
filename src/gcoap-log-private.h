/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "codec/gcoap-datagram-private.h"

G_BEGIN_DECLS

/* A line for each datagram: direction, peer, type, code, Message ID, token, options and payload. */
char **gcoap_log_describe (const GCoapDatagram *datagrams,
                           guint                n_datagrams,
                           gboolean             is_outgoing,
                           gboolean             with_payload);

G_END_DECLS
