/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Sockets of many clients of one server on 127.0.0.1. */

/* Allows the process as many beside what it needs itself; ends the program if that cannot be. */
void client_socket_allow (guint   n_clients);
/* A socket of the @client's own, connected to the server: from @first_address (host order) on, a
 * few thousand share one. @flags are those of socket(). */
int  client_socket_open  (guint32 first_address,
                          guint   client,
                          guint16 port,
                          int     flags);
