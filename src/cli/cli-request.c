/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli-request.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cli-command.h"
#include "cli-output.h"
#include "cli-target.h"
#include "cli-terminal.h"
#include "cli-values.h"

/* The commands that send one request. */

typedef struct
{
  const CliCommand   *command;
  const CliArguments *arguments;
  CliSession         *session;
  GCoapMessage       *request;
  GInputStream       *input;  /* (nullable) */
  CliTarget          *target;
  GOutputStream      *sink;   /* (nullable) where a download can go: the target, or what is piped */
} Request;

/* Says what is wrong with the command line, and gives the exit status for that. */
int
cli_refuse_usage (const CliCommand *command,
                  const GError     *error)
{
  cli_complain ("%s", error->message);
  if (error->domain == G_OPTION_ERROR)
    g_printerr (_("\"gcoap %s --help\" tells what is possible.\n"), command->name);

  return CLI_STATUS_USAGE;
}

static gboolean
add_options (GCoapMessage  *request,
             CliArguments  *arguments,
             GError       **error)
{
  for (guint i = 0; i < arguments->options->len; i++)
    {
      GCoapOption *option = g_ptr_array_index (arguments->options, i);
      g_autoptr (GBytes) value = gcoap_option_dup_bytes (option);

      if (!gcoap_message_add_option (request, gcoap_option_get_number (option), value, error))
        return FALSE;
    }

  return arguments->content_format == GCOAP_CONTENT_FORMAT_NONE ||
         gcoap_message_add_uint_option (request, GCOAP_OPTION_NUMBER_CONTENT_FORMAT,
                                        arguments->content_format, error);
}

GCoapMessage *
cli_make_request (const CliCommand  *command,
                  CliArguments      *arguments,
                  GError           **error)
{
  g_autofree char *uri = cli_complete_uri (arguments->operands[0]);
  g_autoptr (GCoapMessage) request = gcoap_message_new_request (command->method, uri, error);
  const char *payload = arguments->n_operands > 1 ? arguments->operands[1] : NULL;

  if (request == NULL || !add_options (request, arguments, error))
    return NULL;

  if (payload != NULL && arguments->input != NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           _("There are two payloads: it must be an argument or --file"));
      return NULL;
    }

  if (payload != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (payload, strlen (payload));

      gcoap_message_set_payload (request, bytes);
    }
  gcoap_message_set_confirmable (request, !arguments->is_non_confirmable);

  return g_steal_pointer (&request);
}

/* What blocks is polled, so that reading can be cancelled. */
static GInputStream *
open_special (const char  *name,
              GError     **error)
{
  int fd = g_open (name, O_RDONLY | O_CLOEXEC, 0);
  int errno_value = errno;

  if (fd >= 0)
    return g_unix_input_stream_new (fd, TRUE);

  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno_value),
                       g_strerror (errno_value));

  return NULL;
}

static GInputStream *
open_input (const char  *name,
            GError     **error)
{
  g_autoptr (GFile) file = NULL;

  if (g_str_equal (name, "-"))
    return g_unix_input_stream_new (STDIN_FILENO, FALSE);

  file = g_file_new_for_path (name);
  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_SPECIAL)
    return open_special (name, error);

  return G_INPUT_STREAM (g_file_read (file, NULL, error));
}

/* Streams are for requests that consist of a URI and a body. */
static gboolean
can_stream (const Request *self)
{
  return self->arguments->options->len == 0 && !self->arguments->is_non_confirmable;
}

static gboolean
is_upload (const Request *self)
{
  return self->command->method == GCOAP_METHOD_PUT && self->input != NULL && can_stream (self);
}

static gboolean
is_download (const Request *self)
{
  return self->command->method == GCOAP_METHOD_GET && self->sink != NULL && can_stream (self);
}

static gboolean
load_input (const Request  *self,
            GError        **error)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) payload = NULL;

  g_output_stream_splice_async (memory, self->input, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, self->session->cancellable,
                                cli_session_ready_cb, &result);
  cli_session_wait (self->session, &result);
  if (g_output_stream_splice_finish (memory, result, error) < 0)
    return FALSE;

  payload = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  gcoap_message_set_payload (self->request, payload);

  return TRUE;
}

static GCoapMessage *
send_whole (const Request  *self,
            GError        **error)
{
  CliSession *session = self->session;
  g_autoptr (GAsyncResult) result = NULL;

  if (self->input != NULL && !load_input (self, error))
    return NULL;

  gcoap_endpoint_send_async (session->endpoint, self->request, session->cancellable,
                             cli_session_ready_cb, &result);
  cli_session_wait (session, &result);

  return gcoap_endpoint_send_finish (session->endpoint, result, error);
}

static GFileProgressCallback
get_progress (const Request *self)
{
  return self->arguments->has_progress ? cli_progress_cb : NULL;
}

static GCoapMessage *
upload (const Request  *self,
        const char     *uri,
        GError        **error)
{
  CliSession *session = self->session;
  g_autoptr (GAsyncResult) result = NULL;

  gcoap_endpoint_upload_async (session->endpoint, uri, self->input,
                               self->arguments->content_format, session->cancellable,
                               get_progress (self), NULL, NULL, cli_session_ready_cb, &result);
  cli_session_wait (session, &result);

  return gcoap_endpoint_upload_finish (session->endpoint, result, error);
}

static GCoapMessage *
download (const Request  *self,
          const char     *uri,
          GError        **error)
{
  CliSession *session = self->session;
  g_autoptr (GAsyncResult) result = NULL;

  gcoap_endpoint_download_async (session->endpoint, uri, self->sink,
                                 session->cancellable, get_progress (self), NULL, NULL,
                                 cli_session_ready_cb, &result);
  cli_session_wait (session, &result);

  return gcoap_endpoint_download_finish (session->endpoint, result, error);
}

/* A 2.03 says that what the file has is still good. What was downloaded is in the file, and not in
 * the response. */
static gboolean
save (const Request  *self,
      GCoapMessage   *response,
      GError        **error)
{
  GBytes *payload = gcoap_message_get_payload (response);
  gsize length = 0;
  gconstpointer data = payload != NULL ? g_bytes_get_data (payload, &length) : NULL;

  if (gcoap_message_get_code (response) == GCOAP_CODE_VALID)
    return TRUE;

  return (length == 0 || g_output_stream_write_all (self->target->stream, data, length, NULL,
                                                    NULL, error)) &&
         cli_target_commit (self->target, error);
}

/* The exchange is over, and to write may take for ever. What is not saved now will not be. */
static void
end_exchange (const Request *self)
{
  cli_target_clear (self->target);
  cli_session_stop (self->session);
}

static int
deliver_to_target (const Request *self,
                   GCoapMessage  *response)
{
  g_autoptr (GError) error = NULL;

  if (self->target->part == NULL)
    cli_session_stop (self->session);
  if (!save (self, response, &error))
    return cli_fail_to_write (error);

  end_exchange (self);
  if (self->arguments->shows_head && !(cli_print_head (response, &error) && cli_flush (&error)))
    return cli_fail_to_write (error);

  return CLI_STATUS_SUCCESS;
}

static int
deliver (const Request *self,
         GCoapMessage  *response)
{
  g_autoptr (GError) error = NULL;

  if (cli_is_success (response) && self->target->stream != NULL)
    return deliver_to_target (self, response);

  end_exchange (self);
  if (!cli_is_success (response))
    return cli_print_refusal (self->arguments, response);

  return cli_print_response (self->arguments, response, &error)
         ? CLI_STATUS_SUCCESS : cli_fail_to_write (error);
}

static int
fail (const Request *self,
      const char    *uri,
      const GError  *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return cli_fail_to_write (error);

  return cli_session_fail (self->session, uri, error);
}

static int
run (const Request *self)
{
  g_autofree char *uri = gcoap_message_dup_uri (self->request);
  g_autoptr (GError) error = NULL;
  g_autoptr (GCoapMessage) response =
    is_upload (self) ? upload (self, uri, &error)
    : is_download (self) ? download (self, uri, &error)
    : send_whole (self, &error);

  if (response == NULL)
    return fail (self, uri, error);

  return deliver (self, response);
}

/* A terminal shows what is complete, with an end of its last line. */
static GOutputStream *
open_sink (const CliArguments *arguments,
           CliTarget          *target)
{
  if (target->stream != NULL)
    return g_object_ref (target->stream);

  return arguments->shows_head || cli_is_terminal ()
         ? NULL : g_unix_output_stream_new (STDOUT_FILENO, FALSE);
}

static int
fail_to_open (const char   *name,
              const GError *error)
{
  cli_complain (_("Cannot open \"%s\": %s"), name, error->message);

  return CLI_STATUS_FAILURE;
}

int
cli_request_run (const CliCommand *command,
                 CliArguments     *arguments)
{
  g_auto (CliSession) session = { NULL };
  g_auto (CliTarget) target = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GCoapMessage) request = cli_make_request (command, arguments, &error);
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GOutputStream) sink = NULL;

  if (request == NULL || !cli_session_open (&session, arguments, &error))
    return cli_refuse_usage (command, error);

  if (arguments->input != NULL &&
      (input = open_input (arguments->input, &error)) == NULL)
    return fail_to_open (arguments->input, error);
  if (arguments->output != NULL && !cli_target_open (&target, arguments->output, &error))
    return fail_to_open (arguments->output, error);

  cli_session_start (&session, arguments->timeout);
  sink = open_sink (arguments, &target);

  return run (&(Request) { command, arguments, &session, request, input, &target, sink });
}
