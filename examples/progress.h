/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A line on the terminal that shows how far a transfer is, for get.c and put.c. */
void progress_show (goffset  so_far,
                    goffset  total,
                    gpointer user_data);
void progress_end  (void);
