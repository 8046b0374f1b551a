/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-call-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "gcoap-call-streams-private.h"
#include "gcoap-observation-private.h"
#include "gcoap-resolver-private.h"
#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-error.h"

static const gboolean legal_edges[4][4] = {
  [GCOAP_CALL_NEW] = { FALSE, TRUE, TRUE, TRUE },
  [GCOAP_CALL_RESOLVING] = { FALSE, FALSE, TRUE, TRUE },
  [GCOAP_CALL_SENT] = { FALSE, FALSE, TRUE, TRUE },
};

static void
set_state (GCoapCall      *self,
           GCoapCallState  state)
{
  g_assert (legal_edges[self->state][state]);

  self->state = state;
  self->is_resolved = state > GCOAP_CALL_RESOLVING;
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
call_clear (gpointer data)
{
  GCoapCall *self = data;

  g_clear_pointer (&self->message, gcoap_message_unref);
  g_clear_pointer (&self->addresses, g_array_unref);
  g_clear_object (&self->request);
  g_clear_object (&self->task);
  g_clear_pointer (&self->streams, gcoap_call_streams_free);
  g_clear_pointer (&self->late_response, gcoap_message_unref);
  g_clear_error (&self->late_error);
  g_clear_pointer (&self->observed_uri, g_free);
  g_clear_error (&self->error);
}

GCoapCall *
gcoap_call_new (GCoapEndpoint *endpoint,
                GCoapMessage  *message)
{
  GCoapCall *self = g_rc_box_new0 (GCoapCall);

  self->endpoint = endpoint;
  self->message = gcoap_message_ref (message);

  return self;
}

GCoapCall *
gcoap_call_ref (GCoapCall *self)
{
  return g_rc_box_acquire (self);
}

void
gcoap_call_unref (GCoapCall *self)
{
  g_rc_box_release_full (self, call_clear);
}

char *
gcoap_call_dup_name (GCoapCall *self)
{
  return gcoap_message_dup_uri (self->message);
}

/* Makes the call known to nobody any more. */
static void
retire (GCoapCall *self)
{
  GCoapEndpoint *endpoint = self->endpoint;

  set_state (self, GCOAP_CALL_DONE);
  clear_source (&self->resolve_timer);
  clear_source (&self->cancel_source);
  if (self->resolving != NULL)
    g_cancellable_cancel (self->resolving);
  g_clear_object (&self->resolving);
  if (self->exchange_id != 0)
    {
      gcoap_driver_cancel (endpoint->driver, self->exchange_id);
      g_hash_table_remove (endpoint->calls_by_id, &self->exchange_id);
    }
  g_hash_table_remove (endpoint->calls, self);
}

static GError *
make_submit_error (GCoapCall *self,
                   int        errno_value)
{
  g_autofree char *name = gcoap_call_dup_name (self);

  if (errno_value == EMSGSIZE)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                        _("Cannot send to %s: the body has more than 2^20 blocks of BlockSize"),
                        name);

  return g_error_new (G_IO_ERROR, g_io_error_from_errno (errno_value),
                      _("Cannot send to %s: %s"), name, g_strerror (errno_value));
}

/* Name resolution, and addresses that have refused, count towards a deadline too. */
static GCoapPatience
get_patience (GCoapCall *self)
{
  GCoapPatience patience = self->patience;

  if (patience.timeout > 0 && patience.is_deadline)
    patience.timeout = MAX (1, self->started + patience.timeout - g_get_monotonic_time ());

  return patience;
}

static GCoapStreaming
get_streaming (GCoapCall *self)
{
  const GCoapCallStreams *streams = self->streams;

  if (streams == NULL)
    return (GCoapStreaming) { .sends = FALSE };

  return (GCoapStreaming) {
    .sends = streams->reader != NULL,
    .size = streams->size,
    .receives = streams->writer != NULL,
  };
}

static gboolean
send_to (GCoapCall           *self,
         const GCoapAddress  *remote,
         GError             **error)
{
  GCoapEndpoint *endpoint = self->endpoint;
  GCoapPatience patience = get_patience (self);
  GCoapStreaming streaming = get_streaming (self);
  int errno_value;

  if (!gcoap_endpoint_open_to_send (endpoint, remote, error))
    return FALSE;

  self->exchange_id = gcoap_driver_submit (endpoint->driver, remote, self->message,
                                           &patience, &streaming, &errno_value);
  if (self->exchange_id == 0)
    {
      g_propagate_error (error, make_submit_error (self, errno_value));
      return FALSE;
    }

  set_state (self, GCOAP_CALL_SENT);
  g_hash_table_insert (endpoint->calls_by_id,
                       g_memdup2 (&self->exchange_id, sizeof self->exchange_id), self);

  /* Who hears of these may end the call. */
  if (self->request != NULL)
    gcoap_request_set_remote (self->request, remote);
  gcoap_endpoint_update_bound (endpoint);

  return TRUE;
}

/* What has been written to a stream cannot be taken back. */
static gboolean
can_begin_anew (GCoapCall *self)
{
  return self->streams == NULL || !self->streams->has_moved;
}

gboolean
gcoap_call_try_next (GCoapCall *self)
{
  if (!can_begin_anew (self))
    return FALSE;

  if (self->exchange_id != 0)
    g_hash_table_remove (self->endpoint->calls_by_id, &self->exchange_id);
  self->exchange_id = 0;

  while (self->addresses != NULL && self->next_address < self->addresses->len)
    {
      const GCoapAddress *address =
        &g_array_index (self->addresses, GCoapAddress, self->next_address++);

      if (send_to (self, address, NULL))
        return TRUE;
    }

  return FALSE;
}

/* Sends to the first address; the error is that of the first, which is the preferred one. */
static void
send_to_host (GCoapCall *self)
{
  GError *error = NULL;
  const GCoapAddress *first = &g_array_index (self->addresses, GCoapAddress, 0);

  self->next_address = 1;
  if (send_to (self, first, &error))
    return;

  if (gcoap_call_try_next (self))
    g_clear_error (&error);
  else
    gcoap_call_fail (self, error);
}

static void
resolved_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GCoapCall) self = user_data;
  g_autoptr (GCoapEndpoint) endpoint = NULL;
  GError *error = NULL;
  GArray *addresses = gcoap_resolver_lookup_finish (
    G_RESOLVER (source), result, gcoap_message_get_target (self->message)->port,
    self->state == GCOAP_CALL_RESOLVING && self->endpoint->settings.use_ipv6, &error);

  if (self->state != GCOAP_CALL_RESOLVING)
    {
      g_clear_pointer (&addresses, g_array_unref);
      g_clear_error (&error);
      return;
    }

  endpoint = g_object_ref (self->endpoint);
  clear_source (&self->resolve_timer);
  if (addresses == NULL)
    {
      gcoap_call_fail (self, error);
      return;
    }

  self->addresses = addresses;
  send_to_host (self);
  gcoap_driver_pump (endpoint->driver);
}

static gboolean
resolve_timed_out_cb (gpointer user_data)
{
  GCoapCall *self = user_data;

  gcoap_call_fail (self, g_error_new (GCOAP_ERROR, GCOAP_ERROR_TIMED_OUT,
                                      _("Looking up the host \"%s\" took too long"),
                                      gcoap_message_get_target (self->message)->host));

  return G_SOURCE_REMOVE;
}

static void
resolve (GCoapCall *self)
{
  GMainContext *context = gcoap_driver_get_context (self->endpoint->driver);

  set_state (self, GCOAP_CALL_RESOLVING);
  self->resolving = g_cancellable_new ();
  if (self->patience.timeout > 0)
    {
      self->resolve_timer = g_timeout_source_new (self->patience.timeout / 1000);
      g_source_set_static_name (self->resolve_timer, "GCoap name resolution");
      g_source_set_callback (self->resolve_timer, resolve_timed_out_cb, self, NULL);
      g_source_attach (self->resolve_timer, context);
    }
  gcoap_resolver_lookup_async (gcoap_message_get_target (self->message)->host, context,
                               self->resolving, resolved_cb, gcoap_call_ref (self));
}

gboolean
gcoap_call_start (GCoapCall  *self,
                  GError    **error)
{
  const GCoapUriTarget *target = gcoap_message_get_target (self->message);
  GCoapAddress remote;

  self->started = g_get_monotonic_time ();
  g_hash_table_add (self->endpoint->calls, gcoap_call_ref (self));
  gcoap_message_seal (self->message);
  if (!gcoap_resolver_parse_literal (target->host, target->port, &remote))
    {
      resolve (self);
      return TRUE;
    }

  if (send_to (self, &remote, error))
    return TRUE;

  retire (self);

  return FALSE;
}

static void
report_to_task (GCoapCall    *self,
                GCoapMessage *response,
                GError       *error)
{
  if (error != NULL)
    g_task_return_error (self->task, error);
  else
    g_task_return_pointer (self->task, gcoap_message_ref (response),
                           (GDestroyNotify) gcoap_message_unref);
}

/* In the order of the reference: the Response* properties, the record, and the signal last. */
static void
report_to_endpoint (GCoapCall    *self,
                    GCoapMessage *response,
                    GError       *error)
{
  GCoapEndpoint *endpoint = self->endpoint;

  if (response != NULL)
    {
      gcoap_request_take_response (self->request, gcoap_message_ref (response));
      gcoap_endpoint_fill_fields (endpoint, &endpoint->response_fields, response);
    }
  gcoap_request_list_remove (endpoint->pending_requests, self->request);

  self->error = error;
  gcoap_endpoint_emit_complete (endpoint, GCOAP_ENDPOINT_SIGNAL_REQUEST_COMPLETE,
                                self->request, error);
}

static void
report_to_observation (GCoapCall    *self,
                       GCoapMessage *response,
                       GError       *error)
{
  g_autoptr (GCoapObservation) observation = g_object_ref (self->observation);
  g_autoptr (GError) failure = error;

  self->observation = NULL;
  if (response != NULL)
    gcoap_observation_take_state (observation, response, TRUE);
  else
    gcoap_observation_fail (observation, failure);
}

/* An observation that had begun was done with start_observing() long ago. */
static void
report_lost (GCoapCall *self,
             GError    *error)
{
  g_autoptr (GError) failure = error;

  if (failure != NULL)
    gcoap_endpoint_emit_error (self->endpoint, failure);
}

static void
report (GCoapCall    *self,
        GCoapMessage *response,
        GError       *error)
{
  if (self->task != NULL)
    report_to_task (self, response, error);
  else if (self->observation != NULL)
    report_to_observation (self, response, error);
  else if (self->request != NULL && !self->is_established)
    report_to_endpoint (self, response, error);
  else if (self->is_established)
    report_lost (self, error);
  else
    g_clear_error (&error);
}

/* Who is told may close the streams, which cannot be while something is being read or written. */
static void
report_later (GCoapCall    *self,
              GCoapMessage *response,
              GError       *error)
{
  self->late_response = response != NULL ? gcoap_message_ref (response) : NULL;
  self->late_error = error;
  gcoap_call_ref (self);
}

void
gcoap_call_streams_freed (GCoapCall *self)
{
  report (self, self->late_response, g_steal_pointer (&self->late_error));
  gcoap_call_unref (self);
}

static void
finish (GCoapCall    *self,
        GCoapMessage *response,
        GError       *error)
{
  g_autoptr (GCoapEndpoint) endpoint = NULL;
  g_autoptr (GCoapCall) call = NULL;

  /* What was told on the way to the end may have ended it. */
  if (self->state == GCOAP_CALL_DONE)
    {
      g_clear_error (&error);
      return;
    }

  endpoint = g_object_ref (self->endpoint);
  call = gcoap_call_ref (self);
  retire (self);
  self->is_done = TRUE;
  if (self->streams != NULL && gcoap_call_streams_cancel (self->streams))
    report_later (self, response, error);
  else
    report (self, response, error);
  gcoap_endpoint_close_if_unused (endpoint);
}

static GError *
check_response (GCoapMessage *response)
{
  guint code = gcoap_message_get_code (response);
  const char *name = gcoap_code_get_name (code);
  g_autofree char *number = gcoap_code_to_string (code);

  /* The answer to a ping is empty. */
  if (code >> 5 == 2 || code == GCOAP_CODE_EMPTY)
    return NULL;

  return g_error_new (GCOAP_ERROR, GCOAP_ERROR_ERROR_RESPONSE,
                      name != NULL ? "%s %s" : "%s", number, name);
}

void
gcoap_call_succeed (GCoapCall    *self,
                    GCoapMessage *response)
{
  if (self->streams != NULL)
    gcoap_call_streams_finish (self, response);
  finish (self, response, self->request != NULL ? check_response (response) : NULL);
}

/* Takes over the error. */
void
gcoap_call_fail (GCoapCall *self,
                 GError    *error)
{
  finish (self, NULL, error);
}

void
gcoap_call_end (GCoapCall *self)
{
  g_autoptr (GCoapEndpoint) endpoint = g_object_ref (self->endpoint);
  g_autoptr (GCoapCall) call = gcoap_call_ref (self);

  if (self->state == GCOAP_CALL_DONE)
    return;

  retire (call);
  call->is_done = TRUE;
  call->observation = NULL;
  gcoap_endpoint_close_if_unused (endpoint);
}
