/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli-terminal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Both outputs, and what is different about them where they are a terminal. */

#define DEFAULT_WIDTH 80
#define MIN_WIDTH     60
#define BAR_WIDTH     30

static char *shown; /* the line of the progress that is there */

void
cli_complain (const char *format,
              ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  cli_progress_end ();
  g_printerr ("gcoap: %s\n", text);
}

/* What came from afar must not steer the terminal. */
char *
cli_make_printable (const char *text,
                    gssize      length)
{
  g_autofree char *valid = g_utf8_make_valid (text, length);
  GString *printable = g_string_new (NULL);

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (g_unichar_iscntrl (character))
        g_string_append_printf (printable, character == '\n' ? "\\n" : "\\x%02x", character);
      else
        g_string_append_unichar (printable, character);
    }

  return g_string_free (printable, FALSE);
}

/* In the character set of the locale, as far as it has the characters. */
char *
cli_convert (const char *text)
{
  const char *charset;
  char *converted;

  if (g_get_console_charset (&charset))
    return g_strdup (text);

  converted = g_convert_with_fallback (text, -1, charset, "UTF-8", "?", NULL, NULL, NULL);

  return converted != NULL ? converted : g_strdup (text);
}

gboolean
cli_is_terminal (void)
{
  return isatty (STDOUT_FILENO);
}

guint
cli_get_width (void)
{
  struct winsize size = { 0 };

  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return DEFAULT_WIDTH;

  return MAX (size.ws_col, MIN_WIDTH);
}

static gboolean
check_output (gboolean   is_good,
              GError   **error)
{
  int errno_value = errno;

  if (is_good)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno_value),
                       g_strerror (errno_value));

  return FALSE;
}

gboolean
cli_write (GBytes  *bytes,
           GError **error)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  return check_output (length == 0 || fwrite (data, 1, length, stdout) == length, error);
}

gboolean
cli_flush (GError **error)
{
  return check_output (fflush (stdout) == 0, error);
}

static char *
format_progress (goffset so_far,
                 goffset total)
{
  g_autofree char *size = g_format_size (so_far);
  g_autofree char *whole = NULL;
  char bar[BAR_WIDTH + 1] = "";

  if (total <= 0)
    return g_steal_pointer (&size);

  whole = g_format_size (total);
  memset (bar, '#', BAR_WIDTH * MIN (so_far, total) / total);

  return g_strdup_printf ("[%-*s] %3d %%  %s / %s", BAR_WIDTH, bar, (int) (100 * so_far / total),
                          size, whole);
}

/* A GFileProgressCallback. */
void
cli_progress_cb (goffset  so_far,
                 goffset  total,
                 gpointer user_data)
{
  g_autofree char *line = format_progress (so_far, total);

  if (!isatty (STDERR_FILENO) || g_strcmp0 (line, shown) == 0)
    return;

  g_printerr ("\r\033[K%s", line);
  g_free (shown);
  shown = g_steal_pointer (&line);
}

void
cli_progress_end (void)
{
  if (shown != NULL)
    g_printerr ("\n");
  g_clear_pointer (&shown, g_free);
}
