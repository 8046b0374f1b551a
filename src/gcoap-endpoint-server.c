/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-endpoint-private.h"

#include <glib/gi18n-lib.h>

#include "codec/gcoap-block-private.h"
#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-error.h"

/* The server half of the endpoint: requests that have come, and what becomes of their responses. */

/* Longer paths have no handler of their own. */
#define PATH_MAX_LENGTH 1024

struct _GCoapHandling
{
  GCoapHandling *outer;    /* (nullable) */
  GCoapRequest  *request;
  gboolean       is_over;  /* answered or cancelled by the handler itself */
};

/* Somebody who waits until a response has arrived. */
struct _GCoapWait
{
  GCoapWait *outer;       /* (nullable) */
  guint64    exchange_id;
  gboolean   is_done;
  GError    *error;       /* (owned) (nullable) */
};

static void
respond_with_code (GCoapEndpoint *self,
                   guint64        exchange_id,
                   GCoapCode      code)
{
  GCoapFrame response = { .code = code };

  gcoap_driver_respond (self->driver, exchange_id, &response, NULL, FALSE);
}

GQuark
gcoap_endpoint_find_path (GCoapMessage *message)
{
  GCoapOptions *options = gcoap_message_get_options (message);
  char path[PATH_MAX_LENGTH];

  if (!gcoap_uri_write_path (options->data, options->length, path, sizeof path))
    return 0;

  return g_quark_try_string (path);
}

gboolean
gcoap_endpoint_listens_to (GCoapEndpoint       *self,
                           GCoapEndpointSignal  signal,
                           GQuark               path)
{
  return gcoap_endpoint_has_handler (self, signal, 0) ||
         (path != 0 && gcoap_endpoint_has_handler (self, signal, path));
}

/* A registration that nobody listens to is a request like any other. */
static gboolean
choose_signal (GCoapEndpoint       *self,
               gboolean             is_registration,
               GQuark               path,
               GCoapEndpointSignal *out_signal)
{
  *out_signal = GCOAP_ENDPOINT_SIGNAL_REGISTER;
  if (is_registration && gcoap_endpoint_listens_to (self, *out_signal, path))
    return TRUE;

  *out_signal = GCOAP_ENDPOINT_SIGNAL_REQUEST;

  return gcoap_endpoint_listens_to (self, *out_signal, path);
}

static gboolean
has_response (GCoapEndpoint *self)
{
  GCoapFields *fields = &self->response_fields;

  return fields->message == NULL &&
         (*gcoap_fields_get_code (fields) != '\0' || fields->data != NULL ||
          fields->stream != NULL);
}

gboolean
gcoap_endpoint_parse_response_code (const char  *text,
                                    guint       *out_code,
                                    GError     **error)
{
  if (gcoap_code_from_string (text, out_code, NULL) && *out_code >> 5 >= 2)
    return TRUE;

  g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_RESPONSE_CODE,
               _("\"%s\" is not a response code: it must be c.dd, with c from 2 to 7 and dd from "
                 "00 to 31"), text);

  return FALSE;
}

/* The response code that the Response* properties stand for; success is never guessed. */
static gboolean
get_response_code (GCoapEndpoint  *self,
                   guint          *out_code,
                   GError        **error)
{
  const char *text = gcoap_fields_get_code (&self->response_fields);

  if (!has_response (self))
    {
      g_set_error_literal (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_RESPONSE_CODE,
                           _("No response was set: response-code and response-data are both "
                             "empty"));
      return FALSE;
    }

  if (*text == '\0')
    {
      *out_code = GCOAP_CODE_CONTENT;
      return TRUE;
    }

  return gcoap_endpoint_parse_response_code (text, out_code, error);
}

/* RFC 7959 section 2.2: the number of a block has 20 bits. */
gboolean
gcoap_endpoint_check_size (GCoapEndpoint  *self,
                           gint64          size,
                           GError        **error)
{
  guint block_size = self->settings.protocol.block_size;
  gint64 maximum = (gint64) (GCOAP_BLOCK_NUMBER_MAX + 1) * block_size;

  if (size <= maximum)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
               _("The body has %lld bytes: at most %lld can be sent in blocks of %u"),
               (long long) size, (long long) maximum, block_size);

  return FALSE;
}

/* RFC 7252 section 5.9.1.3: the client has the payload of a 2.03 already. */
static gboolean
has_body (const GCoapFrame *response)
{
  return response->code != GCOAP_CODE_VALID;
}

gboolean
gcoap_endpoint_make_response (GCoapEndpoint  *self,
                              GCoapOptions   *options,
                              GCoapFrame     *out_response,
                              GBytes        **out_body,
                              GError        **error)
{
  guint code;

  if (!get_response_code (self, &code, error) ||
      !gcoap_fields_write_options (&self->response_fields, FALSE, options, error))
    return FALSE;

  *out_response = (GCoapFrame) {
    .code = code,
    .options = options->data,
    .options_length = options->length,
  };
  *out_body = has_body (out_response) ? gcoap_fields_get_data (&self->response_fields) : NULL;

  return *out_body == NULL ||
         gcoap_endpoint_check_size (self, g_bytes_get_size (*out_body), error);
}

/* Answers with what the Response* properties hold. */
static gboolean
respond (GCoapEndpoint  *self,
         GCoapRequest   *request,
         GError        **error)
{
  GCoapOptions options;
  GCoapFrame response;
  GBytes *body;
  gboolean is_made;

  gcoap_options_init (&options);
  is_made = gcoap_endpoint_make_response (self, &options, &response, &body, error);
  if (is_made && self->response_fields.stream != NULL && has_body (&response))
    is_made = gcoap_endpoint_streams_respond (self, gcoap_request_get_exchange (request),
                                              &response, error);
  else if (is_made)
    gcoap_driver_respond (self->driver, gcoap_request_get_exchange (request), &response, body,
                          self->use_confirmable_messages);
  gcoap_options_clear (&options);

  return is_made;
}

static void
remember (GCoapEndpoint *self,
          GCoapRequest  *request)
{
  guint64 exchange_id = gcoap_request_get_exchange (request);

  if (g_hash_table_contains (self->served, &exchange_id))
    return;

  g_hash_table_insert (self->served, g_memdup2 (&exchange_id, sizeof exchange_id),
                       g_object_ref (request));
}

/* Forgets the request and gives the reference to it; NULL if nobody remembers it. */
static GCoapRequest *
forget (GCoapEndpoint *self,
        guint64        exchange_id)
{
  gpointer key, request;

  if (!g_hash_table_steal_extended (self->served, &exchange_id, &key, &request))
    return NULL;

  g_free (key);
  gcoap_request_list_remove (self->pending_requests, request);

  return request;
}

static gboolean
wants_completion (GCoapEndpoint *self)
{
  return gcoap_endpoint_has_handler (self, GCOAP_ENDPOINT_SIGNAL_RESPONSE_COMPLETE, 0);
}

static void
finish_handling (GCoapEndpoint *self,
                 GCoapRequest  *request)
{
  g_autoptr (GError) error = NULL;

  if (!gcoap_request_get_send_response (request))
    {
      remember (self, request);
      gcoap_request_list_add (self->pending_requests, request);
      return;
    }

  if (wants_completion (self))
    remember (self, request);
  if (!respond (self, request, &error))
    respond_with_code (self, gcoap_request_get_exchange (request),
                       has_response (self) ? GCOAP_CODE_INTERNAL_SERVER_ERROR
                                           : GCOAP_CODE_NOT_IMPLEMENTED);
  gcoap_endpoint_fill_fields (self, &self->response_fields, NULL);
  if (error != NULL)
    gcoap_endpoint_emit_error (self, error);
}

static void
register_observer (GCoapEndpoint *self,
                   GCoapRequest  *request)
{
  g_autofree char *topic = NULL;

  if (!self->listening || !gcoap_request_get_accept (request))
    return;

  topic = gcoap_endpoint_notify_make_topic (request);
  gcoap_driver_observe (self->driver, gcoap_request_get_exchange (request),
                        gcoap_request_get_message (request), topic);
}

/* What a handler sets for one client must not reach another, so each emission begins with an empty
 * response, and nothing is left of one that was sent. */
static void
handle (GCoapEndpoint       *self,
        GCoapEndpointSignal  signal,
        GQuark               path,
        GCoapRequest        *request)
{
  GCoapHandling handling = { .outer = self->handling, .request = request };

  self->handling = &handling;
  gcoap_endpoint_fill_for_request (self, gcoap_request_get_message (request));

  gcoap_endpoint_emit_request (self, signal, path, request);
  if (!handling.is_over && signal == GCOAP_ENDPOINT_SIGNAL_REGISTER)
    register_observer (self, request);
  if (!handling.is_over)
    finish_handling (self, request);

  self->handling = handling.outer;
  gcoap_endpoint_close_if_unused (self);
}

/* Where one handler runs while another waits, the outer one gets back what was its own. */
static void
handle_inside (GCoapEndpoint       *self,
               GCoapEndpointSignal  signal,
               GQuark               path,
               GCoapRequest        *request)
{
  GCoapFields saved[2];

  gcoap_endpoint_save_all_fields (self, saved);
  handle (self, signal, path, request);
  gcoap_endpoint_restore_all_fields (self, saved);
}

static GCoapRequest *
take_blank_request (GCoapEndpoint *self)
{
  return self->blank_request != NULL ? g_steal_pointer (&self->blank_request)
                                     : gcoap_request_new_blank ();
}

static void
drop_request (GCoapEndpoint *self,
              GCoapRequest  *request)
{
  if (self->blank_request == NULL && gcoap_request_blank (request))
    self->blank_request = request;
  else
    g_object_unref (request);
}

void
gcoap_endpoint_server_request (GCoapEndpoint *self,
                               GCoapEvent    *event)
{
  GCoapEndpointSignal signal;
  GQuark path;
  GCoapRequest *request;

  /* It may have waited in the queue while a handler stopped the endpoint. */
  if (!self->listening)
    {
      gcoap_endpoint_streams_forget (self, event->upload);
      gcoap_driver_cancel (self->driver, event->id);
      return;
    }

  path = gcoap_endpoint_find_path (event->message);
  if (!choose_signal (self, event->is_registration, path, &signal))
    {
      gcoap_endpoint_streams_forget (self, event->upload);
      respond_with_code (self, event->id, GCOAP_CODE_NOT_FOUND);
      return;
    }

  request = take_blank_request (self);
  gcoap_request_fill_incoming (request, ++self->last_serial, event->id, event->message,
                               &event->remote, &event->local);
  if (event->upload != 0)
    gcoap_endpoint_streams_claim (self, event->upload, request);
  if (self->handling != NULL)
    handle_inside (self, signal, path, request);
  else
    handle (self, signal, path, request);
  drop_request (self, request);
}

static void
end_waits (GCoapEndpoint *self,
           guint64        exchange_id,
           const GError  *error)
{
  for (GCoapWait *wait = self->waits; wait != NULL; wait = wait->outer)
    if (wait->exchange_id == exchange_id && !wait->is_done)
      {
        wait->is_done = TRUE;
        wait->error = error != NULL ? g_error_copy (error) : NULL;
      }
}

static void
complete (GCoapEndpoint *self,
          guint64        exchange_id,
          const GError  *error)
{
  g_autoptr (GCoapEndpoint) endpoint = NULL;
  g_autoptr (GCoapRequest) request = forget (self, exchange_id);

  if (request == NULL)
    return;

  endpoint = g_object_ref (self);
  if (error != NULL)
    gcoap_endpoint_log (self, GCOAP_LOG_LEVEL_INFO, "Response to %s failed: %s",
                        gcoap_request_get_remote_host (request), error->message);
  gcoap_endpoint_emit_complete (self, GCOAP_ENDPOINT_SIGNAL_RESPONSE_COMPLETE, request, error);
  end_waits (self, exchange_id, error);
  gcoap_endpoint_close_if_unused (self);
}

void
gcoap_endpoint_server_sent (GCoapEndpoint *self,
                            GCoapEvent    *event)
{
  complete (self, event->id, NULL);
}

static GCoapHandling *
find_handling (GCoapEndpoint *self,
               guint64        serial)
{
  GCoapHandling *handling = self->handling;

  while (handling != NULL && gcoap_request_get_serial (handling->request) != serial)
    handling = handling->outer;

  return handling != NULL && !handling->is_over ? handling : NULL;
}

static GCoapRequest *
find_request (GCoapEndpoint *self,
              guint64        serial)
{
  GCoapHandling *handling = find_handling (self, serial);
  GCoapRequest *request;

  if (handling != NULL)
    return handling->request;

  request = gcoap_request_list_lookup (self->pending_requests, serial);

  return request != NULL && gcoap_request_get_exchange (request) != 0 ? request : NULL;
}

static void
end_handling (GCoapEndpoint *self,
              GCoapRequest  *request)
{
  GCoapHandling *handling = find_handling (self, gcoap_request_get_serial (request));

  if (handling != NULL)
    handling->is_over = TRUE;
}

/* A request that is remembered, or that a handler has had for so long that it has failed. */
static GCoapRequest *
find_failed (GCoapEndpoint *self,
             guint64        exchange_id)
{
  GCoapHandling *handling = self->handling;

  while (handling != NULL &&
         (handling->is_over || gcoap_request_get_exchange (handling->request) != exchange_id))
    handling = handling->outer;

  return handling != NULL ? handling->request : g_hash_table_lookup (self->served, &exchange_id);
}

void
gcoap_endpoint_server_failed (GCoapEndpoint *self,
                              GCoapEvent    *event)
{
  GCoapRequest *request = find_failed (self, event->id);
  g_autoptr (GError) error = NULL;

  if (request == NULL)
    return;

  error = gcoap_endpoint_make_error (event, gcoap_request_get_remote_host (request));
  remember (self, request);
  end_handling (self, request);
  complete (self, event->id, error);
}

/* Ends what is to become of the request, and takes over the error. */
static void
abandon (GCoapEndpoint *self,
         GCoapRequest  *request,
         GError        *error)
{
  guint64 exchange_id = gcoap_request_get_exchange (request);

  remember (self, request);
  end_handling (self, request);
  gcoap_driver_cancel (self->driver, exchange_id);
  complete (self, exchange_id, error);
  g_error_free (error);
}

static void
cancel (GCoapEndpoint *self,
        GCoapRequest  *request)
{
  abandon (self, request, gcoap_endpoint_make_canceled (gcoap_request_get_remote_host (request)));
}

gboolean
gcoap_endpoint_server_cancel (GCoapEndpoint *self,
                              guint64        serial)
{
  GCoapRequest *request = find_request (self, serial);

  if (request == NULL)
    return FALSE;

  cancel (self, request);

  return TRUE;
}

void
gcoap_endpoint_server_cancel_all (GCoapEndpoint *self)
{
  GHashTableIter iter;
  gpointer request;

  for (GCoapHandling *handling = self->handling; handling != NULL; handling = handling->outer)
    if (!handling->is_over)
      cancel (self, handling->request);

  /* Each one may lead to anything, so the table is begun anew. */
  for (;;)
    {
      g_hash_table_iter_init (&iter, self->served);
      if (!g_hash_table_iter_next (&iter, NULL, &request))
        break;
      cancel (self, request);
    }
}

typedef struct
{
  GCoapEndpoint *endpoint;
  guint64        exchange_id;
} Deadline;

static gboolean
wait_timed_out_cb (gpointer user_data)
{
  Deadline *deadline = user_data;
  GCoapRequest *request = g_hash_table_lookup (deadline->endpoint->served,
                                               &deadline->exchange_id);

  if (request == NULL)
    return G_SOURCE_REMOVE;

  abandon (deadline->endpoint, request,
           g_error_new (GCOAP_ERROR, GCOAP_ERROR_TIMED_OUT,
                        _("The response to %s was not acknowledged in time"),
                        gcoap_request_get_remote_host (request)));
  gcoap_driver_pump (deadline->endpoint->driver);

  return G_SOURCE_REMOVE;
}

/* Waits until the response has arrived, or the timeout has passed. */
static gboolean
wait_for_response (GCoapEndpoint  *self,
                   guint64         exchange_id,
                   GError        **error)
{
  g_autoptr (GCoapEndpoint) endpoint = g_object_ref (self);
  g_autoptr (GSource) timer = g_timeout_source_new_seconds (endpoint->timeout);
  GCoapWait wait = { .outer = endpoint->waits, .exchange_id = exchange_id };
  Deadline deadline = { .endpoint = endpoint, .exchange_id = exchange_id };

  endpoint->waits = &wait;
  g_source_set_static_name (timer, "GCoap response");
  g_source_set_callback (timer, wait_timed_out_cb, &deadline, NULL);
  g_source_attach (timer, gcoap_driver_get_context (endpoint->driver));

  gcoap_driver_run_until (endpoint->driver, &wait.is_done);

  g_source_destroy (timer);
  endpoint->waits = wait.outer;
  if (wait.error == NULL)
    return TRUE;

  g_propagate_error (error, wait.error);

  return FALSE;
}

static gboolean
set_unknown_request (GCoapEndpoint  *self,
                     const char     *request_id,
                     GError        **error)
{
  if (!self->listening)
    g_set_error_literal (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                         _("A response can be sent only while the endpoint is listening"));
  else
    g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_REQUEST_ID,
                 _("No pending request has the id \"%s\""), request_id);

  return FALSE;
}

/**
 * gcoap_endpoint_send_response:
 * @self: the endpoint
 * @request_id: the id of a request whose response was put off
 * @error: return location for an error
 *
 * Answers a request with what the `Response*` properties hold now.
 *
 * The request's record leaves [property@Endpoint:pending-requests]. The response rides on the
 * acknowledgement of a Confirmable request while that has not gone out (see the setting
 * `PiggybackDelay`), and else follows separately: confirmable if
 * [property@Endpoint:use-confirmable-messages] says so (RFC 7252 section 5.2). The answer to a
 * Non-confirmable request is Non-confirmable.
 *
 * With a [property@Endpoint:timeout] above 0 it waits until a confirmable response has been
 * acknowledged, while the endpoint's main context is iterated. [signal@Endpoint::response-complete]
 * tells the end in every case.
 *
 * Fails with %GCOAP_ERROR_WRONG_MODE, %GCOAP_ERROR_INVALID_REQUEST_ID,
 * %GCOAP_ERROR_INVALID_RESPONSE_CODE, %GCOAP_ERROR_INVALID_OPTION or
 * %G_IO_ERROR_MESSAGE_TOO_LARGE (`BlockSize` limits a body to 2^20 blocks), and then the request is
 * still pending; or if it waits with %GCOAP_ERROR_TIMED_OUT, %GCOAP_ERROR_RESET,
 * %GCOAP_ERROR_REJECTED or %GCOAP_ERROR_CANCELED.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_send_response (GCoapEndpoint  *self,
                              const char     *request_id,
                              GError        **error)
{
  GCoapRequest *request;
  guint64 exchange_id;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);
  g_return_val_if_fail (request_id != NULL, FALSE);

  request = find_request (self, gcoap_request_parse_id (request_id));
  if (request == NULL)
    return set_unknown_request (self, request_id, error);
  if (self->timeout > 0 && !gcoap_endpoint_check_thread (self, error))
    return FALSE;
  if (!respond (self, request, error))
    return FALSE;

  exchange_id = gcoap_request_get_exchange (request);
  remember (self, request);
  end_handling (self, request);
  gcoap_request_list_remove (self->pending_requests, request);
  if (self->timeout > 0)
    return wait_for_response (self, exchange_id, error);

  gcoap_driver_pump (self->driver);

  return TRUE;
}
