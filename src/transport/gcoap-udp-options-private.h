/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "transport/gcoap-udp-socket-private.h"

G_BEGIN_DECLS

/* What has to be said before the socket is bound. FALSE leaves the reason in errno. */
gboolean gcoap_udp_options_prepare     (const GCoapUdpOptions *self,
                                        GCoapUdpSocket        *socket);
/* What can be said at any time, and as often as it changes. FALSE leaves the reason in errno. */
gboolean gcoap_udp_options_apply       (const GCoapUdpOptions *self,
                                        GCoapUdpSocket        *socket);
/* How many bytes the kernel has granted to a queue of the socket: SO_RCVBUF or SO_SNDBUF. */
guint    gcoap_udp_options_read_buffer (const GCoapUdpSocket  *socket,
                                        int                    name);

G_END_DECLS
