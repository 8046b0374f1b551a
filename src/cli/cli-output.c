/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli-output.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli-command.h"
#include "cli-terminal.h"

/* What becomes of a response on the standard output, or as an error. */

gboolean
cli_is_success (GCoapMessage *response)
{
  return gcoap_message_get_code (response) >> 5 == 2;
}

static char *
format_code (GCoapMessage *response)
{
  guint code = gcoap_message_get_code (response);
  const char *name = gcoap_code_get_name (code);
  g_autofree char *number = gcoap_code_to_string (code);

  return name != NULL ? g_strdup_printf ("%s %s", number, name) : g_steal_pointer (&number);
}

static const char *
get_media_type (GCoapOption *option)
{
  if (gcoap_option_get_number (option) != GCOAP_OPTION_NUMBER_CONTENT_FORMAT ||
      gcoap_option_get_value_type (option) != GCOAP_OPTION_VALUE_TYPE_UINT)
    return NULL;

  return gcoap_content_format_get_media_type (
    g_ascii_strtoll (gcoap_option_get_value (option), NULL, 10));
}

/* In the form that the option --option takes. */
static void
append_option (GString     *text,
               GCoapOption *option)
{
  const char *name = gcoap_option_get_name (option);
  const char *media_type = get_media_type (option);
  g_autofree char *value = cli_make_printable (gcoap_option_get_value (option), -1);

  if (name != NULL)
    g_string_append_printf (text, "%s: ", name);
  else
    g_string_append_printf (text, "%u: ", gcoap_option_get_number (option));
  if (gcoap_option_get_value_type (option) == GCOAP_OPTION_VALUE_TYPE_BINARY && *value != '\0')
    g_string_append (text, "0x");
  g_string_append (text, value);
  if (media_type != NULL)
    g_string_append_printf (text, " (%s)", media_type);
  g_string_append_c (text, '\n');
}

static gsize
get_payload_size (GCoapMessage *response)
{
  GBytes *payload = gcoap_message_get_payload (response);

  return payload != NULL ? g_bytes_get_size (payload) : 0;
}

static gboolean
print_text (const char  *text,
            GError     **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return cli_write (bytes, error);
}

/* The code and the options. */
gboolean
cli_print_head (GCoapMessage  *response,
                GError       **error)
{
  g_autofree char *code = format_code (response);
  g_autoptr (GListModel) options = gcoap_message_list_options (response);
  guint n_options = g_list_model_get_n_items (options);
  g_autoptr (GString) text = g_string_new (code);

  g_string_append_c (text, '\n');
  for (guint i = 0; i < n_options; i++)
    {
      g_autoptr (GCoapOption) option = g_list_model_get_item (options, i);

      append_option (text, option);
    }

  return print_text (text->str, error);
}

static gboolean
ends_line (GCoapMessage *response)
{
  gsize length;
  const char *data = g_bytes_get_data (gcoap_message_get_payload (response), &length);

  return data[length - 1] == '\n';
}

/* Byte for byte; but on a terminal what follows begins on a line of its own. */
static gboolean
print_payload (GCoapMessage  *response,
               gboolean       needs_line,
               GError       **error)
{
  if (get_payload_size (response) == 0)
    return TRUE;

  return cli_write (gcoap_message_get_payload (response), error) &&
         (!needs_line || ends_line (response) || print_text ("\n", error));
}

/* That something has been done is worth a line to somebody who looks on. */
static gboolean
print_done (GCoapMessage  *response,
            GError       **error)
{
  g_autofree char *code = format_code (response);
  g_autofree char *location = gcoap_message_dup_location (response, NULL);
  g_autofree char *printable = location != NULL ? cli_make_printable (location, -1) : NULL;
  g_autofree char *line = printable != NULL ? g_strdup_printf ("%s %s\n", code, printable)
                                            : g_strdup_printf ("%s\n", code);

  return print_text (line, error);
}

static gboolean
print_with_head (GCoapMessage  *response,
                 GError       **error)
{
  return cli_print_head (response, error) &&
         (get_payload_size (response) == 0 || print_text ("\n", error));
}

gboolean
cli_print_response (const CliArguments  *arguments,
                    GCoapMessage        *response,
                    GError             **error)
{
  if (arguments->shows_head && !print_with_head (response, error))
    return FALSE;

  if (!arguments->shows_head && get_payload_size (response) == 0 && cli_is_terminal ())
    return print_done (response, error) && cli_flush (error);

  return print_payload (response, cli_is_terminal (), error) && cli_flush (error);
}

/* A line each, wherever it goes. */
gboolean
cli_print_notification (const CliArguments  *arguments,
                        GCoapMessage        *state,
                        GError             **error)
{
  if (arguments->shows_head && !print_with_head (state, error))
    return FALSE;

  return print_payload (state, TRUE, error) &&
         (!(arguments->shows_head || get_payload_size (state) == 0) || print_text ("\n", error)) &&
         cli_flush (error);
}

/* Gives the exit status. A reader that has gone away knows. */
int
cli_fail_to_write (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return CLI_STATUS_SIGNAL + SIGPIPE;

  cli_complain (_("Cannot write: %s"), error->message);

  return CLI_STATUS_FAILURE;
}

/* A GPrintFunc. GLib's own forgets what is in the way, and g_option_context_parse() ends the
 * program when it has shown the help. */
void
cli_print_cb (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *shown = cli_convert (text);

  if (!print_text (shown, &error) || !cli_flush (&error))
    exit (cli_fail_to_write (error));
}

/* A payload without a content format is a text that says more (RFC 7252 section 5.5.2). */
static char *
make_diagnostic (GCoapMessage *response)
{
  int format = gcoap_message_get_content_format (response);
  const char *media_type = gcoap_content_format_get_media_type (format);
  gsize length = get_payload_size (response);
  g_autofree char *size = NULL;

  if (length == 0)
    return NULL;

  if (format == GCOAP_CONTENT_FORMAT_NONE || (media_type != NULL &&
                                              g_str_has_prefix (media_type, "text/")))
    return cli_make_printable (g_bytes_get_data (gcoap_message_get_payload (response), NULL),
                               length);

  size = g_format_size (length);

  return media_type != NULL ? g_strdup_printf ("%s, %s", media_type, size)
                            : g_strdup_printf (_("content format %d, %s"), format, size);
}

/* An error response is told on the standard error; with --include it is on the standard output as
 * well, as it came. */
int
cli_print_refusal (const CliArguments *arguments,
                   GCoapMessage       *response)
{
  g_autofree char *code = format_code (response);
  g_autofree char *diagnostic = make_diagnostic (response);
  g_autoptr (GError) error = NULL;

  if (arguments->shows_head && !cli_print_response (arguments, response, &error))
    return cli_fail_to_write (error);

  if (diagnostic != NULL)
    cli_complain ("%s: %s", code, diagnostic);
  else
    cli_complain ("%s", code);

  return CLI_STATUS_ERROR_RESPONSE;
}
