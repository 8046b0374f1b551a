/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the kernel knows of the sockets of this process. */

/* The UDP socket that is bound to a port, which must be there. */
int      find_socket         (guint16     port);
int      get_option          (int         fd,
                              int         level,
                              int         name);
/* The address that it is connected to; NULL if it is not. */
char    *dup_peer_host       (int         fd);
/* A UDP socket on @host, and on a port that the system chooses unless @port is one. */
int      open_udp            (const char *host,
                              guint16     port);
guint16  get_port            (int         fd);
void     send_udp            (int         fd,
                              const char *host,
                              guint16     port,
                              const char *hex);

G_END_DECLS
