/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "progress.h"

#include <string.h>
#include <unistd.h>

#define WIDTH 30

static char *shown;

void
progress_show (goffset  so_far,
               goffset  total,
               gpointer user_data)
{
  g_autofree char *size = g_format_size (so_far);
  g_autofree char *whole = g_format_size (MAX (total, 0));
  g_autofree char *line = NULL;
  char bar[WIDTH + 1] = "";

  if (total > 0)
    {
      memset (bar, '#', WIDTH * so_far / total);
      line = g_strdup_printf ("[%-*s] %3d %%  %s of %s", WIDTH, bar, (int) (100 * so_far / total),
                              size, whole);
    }
  else
    line = g_steal_pointer (&size);

  if (!isatty (STDERR_FILENO) || g_strcmp0 (line, shown) == 0)
    return;
  g_printerr ("\r\033[K%s", line);
  g_free (shown);
  shown = g_steal_pointer (&line);
}

void
progress_end (void)
{
  if (shown != NULL)
    g_printerr ("\n");
  g_clear_pointer (&shown, g_free);
}
