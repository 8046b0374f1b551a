/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli-session.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>

#include "cli-command.h"
#include "cli-terminal.h"

/* After the first signal the program ends in order, after a second one at once: what is not
 * watched any more has its effect of old. */
static gboolean
end_by_signal (CliSession *self,
               guint       i,
               int         signal)
{
  self->sources[i] = 0;
  self->signal = signal;
  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

static gboolean
interrupted_cb (gpointer user_data)
{
  return end_by_signal (user_data, 0, SIGINT);
}

static gboolean
terminated_cb (gpointer user_data)
{
  return end_by_signal (user_data, 1, SIGTERM);
}

static gboolean
hung_up_cb (gpointer user_data)
{
  return end_by_signal (user_data, 2, SIGHUP);
}

/* What nohup or a shell has had ignored stays so. */
static gboolean
is_ignored (int signal)
{
  struct sigaction action;

  return sigaction (signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static void
watch_signal (CliSession  *self,
              guint        i,
              int          signal,
              GSourceFunc  callback)
{
  if (!is_ignored (signal))
    self->sources[i] = g_unix_signal_add (signal, callback, self);
}

static gboolean
timed_out_cb (gpointer user_data)
{
  CliSession *self = user_data;

  self->timer = 0;
  self->is_late = TRUE;
  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

static void
log_cb (GCoapEndpoint *endpoint,
        GCoapLogLevel  level,
        const char    *message,
        gpointer       user_data)
{
  cli_progress_end ();
  g_printerr ("%s\n", message);
}

static gboolean
change_settings (GCoapEndpoint      *endpoint,
                 const char *const  *settings,
                 GError            **error)
{
  for (guint i = 0; settings != NULL && settings[i] != NULL; i++)
    {
      g_autofree char *value = NULL;

      if (strchr (settings[i], '=') == NULL)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("\"%s\" changes no setting: it must be NAME=VALUE"), settings[i]);
          return FALSE;
        }

      value = gcoap_endpoint_config (endpoint, settings[i], error);
      if (value == NULL)
        return FALSE;
    }

  return TRUE;
}

/* What is left in the dark by default is what the user wants to see. */
static void
set_verbosity (GCoapEndpoint *endpoint,
               guint          verbosity)
{
  static const char *const levels[][3] = {
    { "LogLevel=0", NULL },
    { "LogLevel=2", NULL },
    { "LogLevel=3", "MaskSensitive=False", NULL },
  };

  change_settings (endpoint, levels[MIN (verbosity, G_N_ELEMENTS (levels) - 1)], NULL);
}

/* The command line has the last word, and the file one before it. */
gboolean
cli_configure (GCoapEndpoint       *endpoint,
               const CliArguments  *arguments,
               GError             **error)
{
  if (arguments->settings_file != NULL &&
      !gcoap_endpoint_load_config_file (endpoint, arguments->settings_file, error))
    return FALSE;

  if (arguments->verbosity > 0)
    set_verbosity (endpoint, arguments->verbosity);

  return change_settings (endpoint, (const char *const *) arguments->settings, error);
}

gboolean
cli_session_open (CliSession          *self,
                  const CliArguments  *arguments,
                  GError             **error)
{
  *self = (CliSession) {
    .endpoint = gcoap_endpoint_new (),
    .cancellable = g_cancellable_new (),
  };
  g_signal_connect (self->endpoint, "log", G_CALLBACK (log_cb), NULL);
  set_verbosity (self->endpoint, 0);
  if (!cli_configure (self->endpoint, arguments, error))
    return FALSE;

  /* Where nobody reads the output any more, writing tells, and an observation can be ended. */
  signal (SIGPIPE, SIG_IGN);

  return TRUE;
}

/* From here on the main context runs, and signals and the timeout cancel what is under way. To open
 * a pipe can take for ever: before, a signal has its effect of old. */
void
cli_session_start (CliSession *self,
                   guint       timeout)
{
  watch_signal (self, 0, SIGINT, interrupted_cb);
  watch_signal (self, 1, SIGTERM, terminated_cb);
  watch_signal (self, 2, SIGHUP, hung_up_cb);
  if (timeout > 0)
    self->timer = g_timeout_add (timeout, timed_out_cb, self);
}

/* The main context does not run any more, and signals have their effect of old. */
void
cli_session_stop (CliSession *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->sources); i++)
    g_clear_handle_id (&self->sources[i], g_source_remove);
  cli_session_in_time (self);
}

void
cli_session_close (CliSession *self)
{
  cli_session_stop (self);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->endpoint);
}

/* The timeout is over with. */
void
cli_session_in_time (CliSession *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
}

void
cli_session_ready_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      out_result)
{
  g_set_object ((GAsyncResult **) out_result, result);
}

void
cli_session_wait (CliSession    *self,
                  GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  cli_progress_end ();
}

/* Says why there is no answer, and gives the exit status for that. Who has pressed Ctrl-C knows. */
int
cli_session_fail (CliSession   *self,
                  const char   *uri,
                  const GError *error)
{
  if (self->signal != 0)
    return CLI_STATUS_SIGNAL + self->signal;

  if (self->is_late)
    cli_complain (_("%s: not finished within the time of --timeout"), uri);
  else
    cli_complain ("%s", error->message);

  return CLI_STATUS_FAILURE;
}
