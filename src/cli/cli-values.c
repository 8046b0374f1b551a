/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli-values.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* What users write, and what it means: URIs, numbers, formats and options. */

#define MAX_TIMEOUT 86400 /* seconds */

/* Whether it is a host, with a port or without: "host", "host:5683", "[::1]:5683". */
static gboolean
is_authority (const char *text,
              gsize       length)
{
  const char *colon = memchr (text, ':', length);

  if (length == 0)
    return FALSE;
  if (*text == '[' || colon == NULL)
    return TRUE;

  for (const char *c = colon + 1; c < text + length; c++)
    if (!g_ascii_isdigit (*c))
      return FALSE;

  return colon + 1 < text + length;
}

/* What is not ASCII in an IRI (RFC 3987 section 3.1). In a host it stays, for the resolver to make
 * of it what it is. */
static void
append_encoded (GString    *uri,
                const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    {
      if ((guchar) *c < 0x80)
        g_string_append_c (uri, *c);
      else
        g_string_append_printf (uri, "%%%02X", (guchar) *c);
    }
}

/* Puts the scheme in front of what can only be a host and a path. Whatever else is no URI stays as
 * it is, for the error to show what was written. */
char *
cli_complete_uri (const char *text)
{
  const char *scheme_end = strstr (text, "://");
  gsize n_before = scheme_end != NULL && scheme_end == text + strcspn (text, ":/?#")
                   ? scheme_end + strlen ("://") - text : 0;
  gsize host_end = n_before + strcspn (text + n_before, "/?#");
  GString *uri = g_string_new (n_before == 0 && is_authority (text, host_end) ? "coap://" : "");

  g_string_append_len (uri, text, host_end);
  append_encoded (uri, text + host_end);

  return g_string_free (uri, FALSE);
}

gboolean
cli_parse_count (const char  *text,
                 guint       *out_count,
                 GError     **error)
{
  guint64 count;

  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &count, NULL))
    {
      *out_count = count;
      return TRUE;
    }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("\"%s\" is no count: it must be a whole number from 1 to %d"), text, G_MAXINT);

  return FALSE;
}

gboolean
cli_parse_timeout (const char  *text,
                   guint       *out_milliseconds,
                   GError     **error)
{
  char *end;
  double seconds = g_ascii_strtod (text, &end);

  if (end > text && *end == '\0' && isfinite (seconds) &&
      seconds >= 0.001 && seconds <= MAX_TIMEOUT)
    {
      *out_milliseconds = seconds * 1000 + 0.5;
      return TRUE;
    }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("\"%s\" is no timeout: it must be a number of seconds from 0.001 to %d"),
               text, MAX_TIMEOUT);

  return FALSE;
}

/* "json" is short for "application/json". */
static int
find_format (const char *text)
{
  g_autofree char *media_type = NULL;

  if (strchr (text, '/') != NULL)
    return gcoap_content_format_from_media_type (text);

  media_type = g_strconcat ("application/", text, NULL);

  return gcoap_content_format_from_media_type (media_type);
}

gboolean
cli_parse_format (const char  *text,
                  int         *out_format,
                  GError     **error)
{
  guint64 number;
  int format = g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &number, NULL)
               ? (int) number : find_format (text);

  if (format != GCOAP_CONTENT_FORMAT_NONE)
    {
      *out_format = format;
      return TRUE;
    }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("\"%s\" is no content format: it must be a number from 0 to 65535, or a media "
                 "type that has one, such as \"text/plain\", \"application/json\" or \"json\""),
               text);

  return FALSE;
}

/* The names that the reserved numbers have say nothing. */
static char *
list_option_names (void)
{
  GString *names = g_string_new (NULL);

  for (guint number = 0; number <= G_MAXUINT16; number++)
    {
      const char *name = gcoap_option_number_get_name (number);

      if (name != NULL && !g_str_has_prefix (name, "Reserved-"))
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
    }

  return g_string_free (names, FALSE);
}

static gboolean
parse_option_number (const char  *text,
                     guint       *out_number,
                     GError     **error)
{
  guint64 number;
  int registered = gcoap_option_number_from_name (text);
  g_autofree char *names = NULL;

  if (registered >= 0)
    {
      *out_number = registered;
      return TRUE;
    }

  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &number, NULL))
    {
      *out_number = number;
      return TRUE;
    }

  names = list_option_names ();
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("There is no option \"%s\". It must be a number from 0 to 65535, or one of: %s"),
               text, names);

  return FALSE;
}

static gboolean
check_option_value (GCoapOption  *option,
                    const char   *text,
                    GError      **error)
{
  g_autoptr (GBytes) bytes = gcoap_option_dup_bytes (option);

  if (bytes != NULL)
    return TRUE;

  if (gcoap_option_get_value_type (option) == GCOAP_OPTION_VALUE_TYPE_UINT)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("The value of \"%s\" must be a whole number from 0 to 4294967295"), text);
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("The value of \"%s\" must be pairs of hexadecimal digits, such as 0x12ab"),
                 text);

  return FALSE;
}

/* Bytes are written in hexadecimal, which "0x" tells from a text where both are possible. */
static GCoapOption *
make_option (guint       number,
             const char *value)
{
  GCoapOption *option = gcoap_option_new (number, value);
  gboolean has_prefix = g_ascii_strncasecmp (value, "0x", 2) == 0;

  if (gcoap_option_get_name (option) == NULL && has_prefix)
    gcoap_option_set_value_type (option, GCOAP_OPTION_VALUE_TYPE_BINARY);
  if (gcoap_option_get_value_type (option) == GCOAP_OPTION_VALUE_TYPE_BINARY && has_prefix)
    gcoap_option_set_value (option, value + 2);

  return option;
}

static gboolean
is_format (guint number)
{
  return number == GCOAP_OPTION_NUMBER_ACCEPT || number == GCOAP_OPTION_NUMBER_CONTENT_FORMAT;
}

/* "NAME=VALUE" or "NUMBER=VALUE"; an option without a value needs no "=". */
GCoapOption *
cli_parse_option (const char  *text,
                  GError     **error)
{
  g_auto (GStrv) parts = g_strsplit (text, "=", 2);
  g_autoptr (GCoapOption) option = NULL;
  g_autofree char *format_text = NULL;
  const char *value = parts[0] != NULL && parts[1] != NULL ? parts[1] : "";
  guint number;
  int format;

  if (!parse_option_number (parts[0] != NULL ? parts[0] : "", &number, error))
    return NULL;

  if (is_format (number))
    {
      if (!cli_parse_format (value, &format, error))
        return NULL;
      value = format_text = g_strdup_printf ("%d", format);
    }

  option = make_option (number, value);
  if (!check_option_value (option, text, error))
    return NULL;

  return g_steal_pointer (&option);
}
