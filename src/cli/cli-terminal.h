/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void     cli_complain        (const char *format,
                              ...) G_GNUC_PRINTF (1, 2);
char    *cli_make_printable  (const char *text,
                              gssize      length);
char    *cli_convert         (const char *text);
guint    cli_get_width       (void);
gboolean cli_is_terminal     (void);
gboolean cli_write           (GBytes     *bytes,
                              GError    **error);
gboolean cli_flush           (GError    **error);

void     cli_progress_cb     (goffset     so_far,
                              goffset     total,
                              gpointer    user_data);
void     cli_progress_end    (void);

G_END_DECLS
