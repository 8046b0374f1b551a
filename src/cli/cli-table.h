/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void  cli_table_append_cell (GString    *text,
                             const char *cell,
                             guint       width);
void  cli_table_append_text (GString    *text,
                             const char *words,
                             guint       column,
                             guint       indent,
                             guint       width);

G_END_DECLS
