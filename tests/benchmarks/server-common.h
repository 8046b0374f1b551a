/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* What the measured servers share, so that they differ in the serving alone. */

#define SERVER_PATH "bench"
#define SERVER_TEXT "21.5"

/* A POST to these has every observer notified, Non-confirmable or Confirmable. */
#define SERVER_PATH_NON "non"
#define SERVER_PATH_CON "con"

/* The port given as the only argument; ends the program where there is none. */
guint16 server_parse_port (int     argc,
                           char  **argv);
/* Tells the bound port on standard output, and from now on the process ends when standard input
 * does, so that no server outlives who started it. */
void    server_announce   (guint   port);
