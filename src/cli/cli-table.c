/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli-table.h"

/* Texts side by side and one below the other, for a terminal of some width. */

static void
append_blanks (GString *text,
               guint    n_blanks)
{
  g_string_append_printf (text, "%*s", (int) n_blanks, "");
}

/* printf() would count bytes. */
void
cli_table_append_cell (GString    *text,
                       const char *cell,
                       guint       width)
{
  guint length = g_utf8_strlen (cell, -1);

  g_string_append (text, cell);
  append_blanks (text, width > length ? width - length : 0);
}

/* Breaks a text into lines. The first begins at a column where the line has got to, the others are
 * indented. */
void
cli_table_append_text (GString    *text,
                       const char *words,
                       guint       column,
                       guint       indent,
                       guint       width)
{
  g_auto (GStrv) parts = g_strsplit (words, " ", -1);
  gboolean is_first = TRUE;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      guint length = g_utf8_strlen (parts[i], -1);

      if (!is_first && column + 1 + length > width)
        {
          g_string_append_c (text, '\n');
          append_blanks (text, indent);
          column = indent;
        }
      else if (!is_first)
        {
          g_string_append_c (text, ' ');
          column++;
        }
      g_string_append (text, parts[i]);
      column += length;
      is_first = FALSE;
    }
  g_string_append_c (text, '\n');
}
