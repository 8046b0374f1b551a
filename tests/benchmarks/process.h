/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* What a process uses, as another may read it. */

/* Bytes that are resident. */
gint64  process_get_memory (int pid);
/* Seconds of CPU so far, of all threads. */
gdouble process_get_cpu    (int pid);
