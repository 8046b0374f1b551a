/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Transfers of 1 MiB, timed: what the clients on GCoap and on libcoap have in common. */

typedef struct
{
  guint    port;      /* of the server on 127.0.0.1 */
  gboolean is_put;    /* else a GET */
  guint    n_clients; /* that do it at once, each from a port of its own */
  GBytes  *body;
} TransferJob;

/* Does it once, from new ports, and returns when the last one has its answer. A wrong one ends the
 * program. */
typedef void (*TransferFunc) (const TransferJob *job);

/* @cleanup closes what @transfer has opened; no time is taken of that. */
int transfer_load_main (int            argc,
                        char         **argv,
                        TransferFunc   transfer,
                        TransferFunc   cleanup);
