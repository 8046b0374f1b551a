/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "cli-command.h"
#include "cli-output.h"
#include "cli-request.h"
#include "cli-terminal.h"

#define GOODBYE_TIME 2000 /* milliseconds that a server has to hear that it is over */

typedef struct
{
  const CliArguments *arguments;
  CliSession         *session;
  GCoapObservation   *observation;
  GCoapMessage       *shown;   /* (owned) (nullable) the latest state that was printed */
  guint               n_shown;
  gboolean            is_over;
  int                 status;
} Watch;

static void
end (Watch *self,
     int    status)
{
  self->is_over = TRUE;
  self->status = status;
}

/* What the observation knows of the response. */
static GCoapMessage *
make_state (GCoapObservation *observation)
{
  guint code = GCOAP_CODE_EMPTY;
  GBytes *etag = gcoap_observation_get_etag (observation);
  GCoapMessage *state;

  gcoap_code_from_string (gcoap_observation_get_code (observation), &code, NULL);
  state = gcoap_message_new (code);
  if (etag != NULL)
    gcoap_message_add_option (state, GCOAP_OPTION_NUMBER_ETAG, etag, NULL);
  if (gcoap_observation_get_state (observation) == GCOAP_OBSERVATION_STATE_ACTIVE)
    gcoap_message_add_uint_option (state, GCOAP_OPTION_NUMBER_OBSERVE,
                                   gcoap_observation_get_sequence (observation), NULL);
  gcoap_message_set_content_format (state, gcoap_observation_get_content_format (observation));
  gcoap_message_set_payload (state, gcoap_observation_get_data (observation));

  return state;
}

static gboolean
is_same_payload (GBytes *a,
                 GBytes *b)
{
  return a == b || (a != NULL && b != NULL && g_bytes_equal (a, b));
}

static guint
get_sequence (GCoapMessage *state)
{
  guint sequence = 0;

  gcoap_message_get_uint_option (state, GCOAP_OPTION_NUMBER_OBSERVE, &sequence);

  return sequence;
}

/* A state is told by each property that has changed, when all of them have. */
static gboolean
was_shown (Watch        *self,
           GCoapMessage *state)
{
  return self->shown != NULL &&
         get_sequence (self->shown) == get_sequence (state) &&
         gcoap_message_get_code (self->shown) == gcoap_message_get_code (state) &&
         is_same_payload (gcoap_message_get_payload (self->shown),
                          gcoap_message_get_payload (state));
}

static void
show (Watch        *self,
      GCoapMessage *state)
{
  g_autoptr (GError) error = NULL;

  if (was_shown (self, state))
    return;

  g_clear_pointer (&self->shown, gcoap_message_unref);
  self->shown = gcoap_message_ref (state);
  self->n_shown++;
  if (!cli_print_notification (self->arguments, state, &error))
    end (self, cli_fail_to_write (error));
}

static void
end_at_count (Watch *self)
{
  if (!self->is_over && self->n_shown == self->arguments->count)
    end (self, CLI_STATUS_SUCCESS);
}

/* The server has answered, and will not tell of anything more. */
static void
finish (Watch        *self,
        GCoapMessage *state)
{
  const char *uri = gcoap_observation_get_uri (self->observation);
  gboolean had_begun = self->n_shown > 0;

  if (!cli_is_success (state))
    {
      end (self, cli_print_refusal (self->arguments, state));
      return;
    }

  show (self, state);
  if (had_begun)
    end_at_count (self);
  if (self->is_over)
    return;

  if (had_begun)
    cli_complain (_("The server has ended the observation of %s"), uri);
  else
    cli_complain (_("The server does not let %s be observed"), uri);
  end (self, CLI_STATUS_FAILURE);
}

static void
changed_cb (GCoapObservation *observation,
            GParamSpec       *pspec,
            gpointer          user_data)
{
  Watch *self = user_data;
  g_autoptr (GCoapMessage) state = make_state (observation);

  if (self->is_over)
    return;

  switch (gcoap_observation_get_state (observation))
    {
    case GCOAP_OBSERVATION_STATE_ACTIVE:
      cli_session_in_time (self->session);
      show (self, state);
      end_at_count (self);
      break;

    case GCOAP_OBSERVATION_STATE_ENDED:
      finish (self, state);
      break;

    case GCOAP_OBSERVATION_STATE_FAILED:
      end (self, cli_session_fail (self->session, gcoap_observation_get_uri (observation),
                                   gcoap_observation_get_error (observation)));
      break;

    case GCOAP_OBSERVATION_STATE_PENDING:
    case GCOAP_OBSERVATION_STATE_STALE:
    default:
      break;
    }
}

static gboolean
give_up_cb (gpointer is_late)
{
  *(gboolean *) is_late = TRUE;

  return G_SOURCE_REMOVE;
}

static guint64
count_requests (GCoapEndpoint *endpoint)
{
  guint64 n_requests;

  g_object_get (gcoap_endpoint_get_statistics (endpoint), "requests-made", &n_requests, NULL);

  return n_requests;
}

/* Has the server forget the observer, and waits until it has said so. */
static void
say_goodbye (Watch *self)
{
  gboolean is_late = FALSE;
  guint timer = g_timeout_add (GOODBYE_TIME, give_up_cb, &is_late);

  gcoap_observation_cancel (self->observation);
  while (!is_late && count_requests (self->session->endpoint) > 0)
    g_main_context_iteration (NULL, TRUE);
  if (!is_late)
    g_source_remove (timer);
}

static void
watch (Watch *self)
{
  gulong handler = g_signal_connect (self->observation, "notify", G_CALLBACK (changed_cb), self);

  while (!self->is_over && !g_cancellable_is_cancelled (self->session->cancellable))
    g_main_context_iteration (NULL, TRUE);

  g_signal_handler_disconnect (self->observation, handler);
  if (self->n_shown > 0)
    say_goodbye (self);
}

int
cli_observe_run (const CliCommand *command,
                 CliArguments     *arguments)
{
  g_auto (CliSession) session = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GCoapMessage) request = cli_make_request (command, arguments, &error);
  g_autoptr (GCoapObservation) observation = NULL;
  g_autoptr (GCoapMessage) shown = NULL;
  Watch self = { arguments, &session };

  if (request == NULL || !cli_session_open (&session, arguments, &error))
    return cli_refuse_usage (command, error);

  cli_session_start (&session, arguments->timeout);
  observation = gcoap_endpoint_observe_message (session.endpoint, request, &error);
  if (observation == NULL)
    {
      g_autofree char *uri = gcoap_message_dup_uri (request);

      return cli_session_fail (&session, uri, error);
    }

  self.observation = observation;
  watch (&self);
  shown = self.shown;
  if (self.is_over)
    return self.status;

  /* To end it by a signal is as good as any other end, once it has begun. */
  return self.n_shown > 0 ? CLI_STATUS_SUCCESS
         : cli_session_fail (&session, gcoap_observation_get_uri (observation), NULL);
}
