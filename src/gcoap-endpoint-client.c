/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-call-private.h"

#include <glib/gi18n-lib.h>

#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-error.h"

/* The client half of the endpoint: the methods that make requests, and the end of each. */

gboolean
gcoap_endpoint_client_check_mode (GCoapEndpoint  *self,
                                  GError        **error)
{
  if (!gcoap_endpoint_check_not_ending (self, error))
    return FALSE;

  if (!self->listening || self->settings.dual_role)
    return TRUE;

  g_set_error_literal (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                       _("No request can be sent while the endpoint is listening, unless the "
                         "setting DualRole is True"));

  return FALSE;
}

static gboolean
check_method (guint    method,
              GError **error)
{
  if (method <= 31)
    return TRUE;

  g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
               _("%u is not a method code: it must be 0 to 31"), method);

  return FALSE;
}

/* RFC 7252 section 5.8: GET and DELETE have no payload, and so no Content-Format. */
static gboolean
is_bare_method (guint method)
{
  return method == GCOAP_METHOD_GET || method == GCOAP_METHOD_DELETE ||
         method == GCOAP_CODE_EMPTY;
}

GCoapMessage *
gcoap_endpoint_client_make_message (GCoapEndpoint  *self,
                                    const char     *uri,
                                    guint           method,
                                    GError        **error)
{
  g_autoptr (GCoapMessage) message = NULL;
  gboolean is_bare = is_bare_method (method);

  if (!gcoap_endpoint_client_check_mode (self, error) || !check_method (method, error))
    return NULL;

  message = gcoap_message_new_request (method, uri, error);
  if (message == NULL)
    return NULL;

  gcoap_message_set_confirmable (message, self->use_confirmable_messages);
  if (method == GCOAP_CODE_EMPTY)
    return g_steal_pointer (&message);

  if (!gcoap_fields_write_options (&self->request_fields, is_bare,
                                   gcoap_message_get_options (message), error))
    return NULL;
  if (!is_bare && self->request_fields.message == NULL)
    gcoap_message_set_payload (message, gcoap_fields_get_data (&self->request_fields));

  return g_steal_pointer (&message);
}

/* FALSE with an error if the call is over by then, and has failed. */
static gboolean
wait_until (GCoapEndpoint   *self,
            GCoapCall       *call,
            const gboolean  *is_reached,
            GError         **error)
{
  gcoap_driver_run_until (self->driver, is_reached);
  if (call->error == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (call->error));

  return FALSE;
}

char *
gcoap_endpoint_client_send (GCoapEndpoint  *self,
                            GCoapMessage   *message,
                            const char     *observed_uri,
                            GError        **error)
{
  g_autoptr (GCoapEndpoint) endpoint = g_object_ref (self);
  g_autoptr (GCoapCall) call = NULL;
  gboolean is_blocking = self->timeout > 0;
  gboolean resolves_first = self->settings.delay_host_resolution;

  if ((is_blocking || resolves_first) && !gcoap_endpoint_check_thread (self, error))
    return NULL;

  call = gcoap_call_new (self, message);
  call->request = gcoap_request_new_outgoing (++self->last_serial, message);
  call->observed_uri = g_strdup (observed_uri);
  call->patience.timeout = (gint64) self->timeout * G_USEC_PER_SEC;
  call->patience.is_deadline = self->settings.absolute_timeout;
  if (!gcoap_call_start (call, error))
    return NULL;

  if (is_blocking)
    return wait_until (endpoint, call, &call->is_done, error) ? g_strdup ("") : NULL;

  if (resolves_first && !wait_until (endpoint, call, &call->is_resolved, error))
    return NULL;

  if (!call->is_done)
    gcoap_request_list_add (endpoint->pending_requests, call->request);
  gcoap_driver_pump (endpoint->driver);

  return g_strdup (gcoap_request_get_request_id (call->request));
}

static char *
make_request (GCoapEndpoint  *self,
              const char     *uri,
              guint           method,
              GError        **error)
{
  g_autoptr (GCoapMessage) message =
    gcoap_endpoint_client_make_message (self, uri, method, error);

  return message != NULL ? gcoap_endpoint_client_send (self, message, NULL, error) : NULL;
}

/* The table of calls, each of which it holds a reference to. */
GHashTable *
gcoap_endpoint_client_make_calls (void)
{
  return g_hash_table_new_full (NULL, NULL, (GDestroyNotify) gcoap_call_unref, NULL);
}

GCoapCall *
gcoap_endpoint_client_find_call (GCoapEndpoint *self,
                                 guint64        exchange_id)
{
  GCoapCall *call = g_hash_table_lookup (self->calls_by_id, &exchange_id);

  return call != NULL ? gcoap_call_ref (call) : NULL;
}

static void
log_failure (GCoapEndpoint *self,
             GCoapCall     *call,
             const GError  *error)
{
  g_autofree char *name = gcoap_call_dup_name (call);

  gcoap_endpoint_log (self, GCOAP_LOG_LEVEL_INFO, "Request to %s failed: %s",
                      name, error->message);
}

void
gcoap_endpoint_client_response (GCoapEndpoint *self,
                                GCoapEvent    *event)
{
  g_autoptr (GCoapCall) call = gcoap_endpoint_client_find_call (self, event->id);

  if (call == NULL)
    return;

  if (call->request != NULL)
    gcoap_request_set_remote (call->request, &event->remote);
  gcoap_call_succeed (call, event->message);
}

gboolean
gcoap_endpoint_client_failed (GCoapEndpoint *self,
                              GCoapEvent    *event)
{
  g_autoptr (GCoapCall) call = gcoap_endpoint_client_find_call (self, event->id);
  g_autofree char *name = NULL;
  GError *error;

  if (call == NULL)
    return FALSE;

  if (event->error == GCOAP_ERROR_REJECTED && gcoap_call_try_next (call))
    return TRUE;

  name = gcoap_call_dup_name (call);
  error = gcoap_endpoint_make_error (event, name);
  log_failure (self, call, error);
  gcoap_call_fail (call, error);

  return TRUE;
}

static void
cancel_call (GCoapCall *call)
{
  g_autofree char *name = gcoap_call_dup_name (call);

  gcoap_call_fail (call, gcoap_endpoint_make_canceled (name));
}

static gboolean
has_serial (gpointer key,
            gpointer value,
            gpointer user_data)
{
  GCoapCall *call = key;

  return call->request != NULL && !call->is_established &&
         gcoap_request_get_serial (call->request) == *(guint64 *) user_data;
}

gboolean
gcoap_endpoint_client_cancel (GCoapEndpoint *self,
                              guint64        serial)
{
  GCoapCall *call = g_hash_table_find (self->calls, has_serial, &serial);

  if (call == NULL)
    return FALSE;

  cancel_call (call);

  return TRUE;
}

void
gcoap_endpoint_client_cancel_all (GCoapEndpoint *self)
{
  GHashTableIter iter;
  gpointer call;

  /* Each one may lead to anything, so the table is begun anew. */
  for (;;)
    {
      g_hash_table_iter_init (&iter, self->calls);
      if (!g_hash_table_iter_next (&iter, &call, NULL))
        break;
      cancel_call (call);
    }
}

/**
 * gcoap_endpoint_get:
 * @self: the endpoint
 * @uri: the resource, `coap://host:port/path?query`
 * @error: return location for an error
 *
 * Sends a GET request (RFC 7252 section 5.8.1), with [property@Endpoint:request-etag] and
 * [property@Endpoint:request-options].
 *
 * With a [property@Endpoint:timeout] above 0 it waits for the response, while the endpoint's main
 * context is iterated so that timers, other sources and the user interface go on. The response is
 * then in the `Response*` properties. With 0 it returns an id at once, and
 * [property@Endpoint:pending-requests] has a record until [signal@Endpoint::request-complete]
 * tells the end.
 *
 * In every case the signal comes last, after the properties are set and the record is gone.
 *
 * Fails with %GCOAP_ERROR_INVALID_URI, %GCOAP_ERROR_INVALID_OPTION, %GCOAP_ERROR_WRONG_MODE, or if
 * it waits with %GCOAP_ERROR_TIMED_OUT, %GCOAP_ERROR_REJECTED, %GCOAP_ERROR_RESET,
 * %GCOAP_ERROR_ERROR_RESPONSE (whose message is the response code, such as "4.04 Not Found"; the
 * `Response*` properties are set), %GCOAP_ERROR_CANCELED, or with an error of
 * [error@Gio.IOErrorEnum] or [error@Gio.ResolverError].
 *
 * Returns: (transfer full): the id of the request, "" where it has waited; %NULL with @error set
 *
 * Since: 1.0
 */
char *
gcoap_endpoint_get (GCoapEndpoint  *self,
                    const char     *uri,
                    GError        **error)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  return make_request (self, uri, GCOAP_METHOD_GET, error);
}

/**
 * gcoap_endpoint_delete:
 * @self: the endpoint
 * @uri: the resource, `coap://host:port/path?query`
 * @error: return location for an error
 *
 * Sends a DELETE request (RFC 7252 section 5.8.4), as [method@Endpoint.get] does.
 *
 * Returns: (transfer full): the id of the request, "" where it has waited; %NULL with @error set
 *
 * Since: 1.0
 */
char *
gcoap_endpoint_delete (GCoapEndpoint  *self,
                       const char     *uri,
                       GError        **error)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  return make_request (self, uri, GCOAP_METHOD_DELETE, error);
}

/**
 * gcoap_endpoint_post:
 * @self: the endpoint
 * @uri: the resource, `coap://host:port/path?query`
 * @error: return location for an error
 *
 * Sends a POST request (RFC 7252 section 5.8.2) with [property@Endpoint:request-data] and
 * [property@Endpoint:request-content-format], and otherwise as [method@Endpoint.get] does.
 *
 * Returns: (transfer full): the id of the request, "" where it has waited; %NULL with @error set
 *
 * Since: 1.0
 */
char *
gcoap_endpoint_post (GCoapEndpoint  *self,
                     const char     *uri,
                     GError        **error)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  return make_request (self, uri, GCOAP_METHOD_POST, error);
}

/**
 * gcoap_endpoint_put:
 * @self: the endpoint
 * @uri: the resource, `coap://host:port/path?query`
 * @error: return location for an error
 *
 * Sends a PUT request (RFC 7252 section 5.8.3) with [property@Endpoint:request-data] and
 * [property@Endpoint:request-content-format], and otherwise as [method@Endpoint.get] does.
 *
 * Returns: (transfer full): the id of the request, "" where it has waited; %NULL with @error set
 *
 * Since: 1.0
 */
char *
gcoap_endpoint_put (GCoapEndpoint  *self,
                    const char     *uri,
                    GError        **error)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  return make_request (self, uri, GCOAP_METHOD_PUT, error);
}

/**
 * gcoap_endpoint_fetch:
 * @self: the endpoint
 * @uri: the resource, `coap://host:port/path?query`
 * @error: return location for an error
 *
 * Sends a FETCH request (RFC 8132 section 2), which reads the part of a resource that
 * [property@Endpoint:request-data] describes; [property@Endpoint:request-content-format] says in
 * which way. Otherwise it does as [method@Endpoint.get] does.
 *
 * Returns: (transfer full): the id of the request, "" where it has waited; %NULL with @error set
 *
 * Since: 1.0
 */
char *
gcoap_endpoint_fetch (GCoapEndpoint  *self,
                      const char     *uri,
                      GError        **error)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  return make_request (self, uri, GCOAP_METHOD_FETCH, error);
}

/**
 * gcoap_endpoint_patch:
 * @self: the endpoint
 * @uri: the resource, `coap://host:port/path?query`
 * @error: return location for an error
 *
 * Sends a PATCH request (RFC 8132 section 3), which makes the changes to a resource that
 * [property@Endpoint:request-data] describes; [property@Endpoint:request-content-format] says in
 * which way, such as 51 for "application/json-patch+json". Otherwise it does as
 * [method@Endpoint.get] does.
 *
 * If the same changes can be made twice with the effect of once, [method@Endpoint.ipatch] tells the
 * server so.
 *
 * Returns: (transfer full): the id of the request, "" where it has waited; %NULL with @error set
 *
 * Since: 1.0
 */
char *
gcoap_endpoint_patch (GCoapEndpoint  *self,
                      const char     *uri,
                      GError        **error)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  return make_request (self, uri, GCOAP_METHOD_PATCH, error);
}

/**
 * gcoap_endpoint_ipatch:
 * @self: the endpoint
 * @uri: the resource, `coap://host:port/path?query`
 * @error: return location for an error
 *
 * Sends an iPATCH request (RFC 8132 section 3), a PATCH that is idempotent, such as one of
 * Content-Format 52, "application/merge-patch+json". Otherwise it does as
 * [method@Endpoint.patch] does.
 *
 * Returns: (transfer full): the id of the request, "" where it has waited; %NULL with @error set
 *
 * Since: 1.0
 */
char *
gcoap_endpoint_ipatch (GCoapEndpoint  *self,
                       const char     *uri,
                       GError        **error)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  return make_request (self, uri, GCOAP_METHOD_IPATCH, error);
}

/**
 * gcoap_endpoint_send_custom_request:
 * @self: the endpoint
 * @uri: the resource, `coap://host:port/path?query`
 * @method: the method code, 0 to 31, such as those of [enum@Method]
 * @error: return location for an error
 *
 * Sends a request of any method, with [property@Endpoint:request-data] and
 * [property@Endpoint:request-content-format] unless it is a GET or DELETE, and otherwise as
 * [method@Endpoint.get] does.
 *
 * Method 0 is a ping (RFC 7252 section 4.3): an empty message to the host of the URI. It completes
 * without an error when the peer shows that it is alive.
 *
 * Fails with %GCOAP_ERROR_WRONG_MODE too if @method is above 31.
 *
 * Returns: (transfer full): the id of the request, "" where it has waited; %NULL with @error set
 *
 * Since: 1.0
 */
char *
gcoap_endpoint_send_custom_request (GCoapEndpoint  *self,
                                    const char     *uri,
                                    guint           method,
                                    GError        **error)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  return make_request (self, uri, method, error);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  GCoapCall *call = user_data;
  g_autoptr (GCoapEndpoint) endpoint = g_object_ref (call->endpoint);
  GError *error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  gcoap_call_fail (call, error);
  gcoap_driver_pump (endpoint->driver);

  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (GCoapCall    *call,
                   GCancellable *cancellable)
{
  if (cancellable == NULL || call->is_done)
    return;

  call->cancel_source = g_cancellable_source_new (cancellable);
  g_source_set_static_name (call->cancel_source, "GCoap cancellation");
  g_source_set_callback (call->cancel_source, G_SOURCE_FUNC (cancelled_cb), call, NULL);
  g_source_attach (call->cancel_source, gcoap_driver_get_context (call->endpoint->driver));
}

gboolean
gcoap_endpoint_client_check_message (GCoapEndpoint  *self,
                                     GCoapMessage   *message,
                                     GError        **error)
{
  if (!gcoap_endpoint_client_check_mode (self, error))
    return FALSE;

  if (gcoap_message_is_sealed (message))
    {
      g_set_error_literal (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                           _("The message has been sent already: each request needs its own"));
      return FALSE;
    }

  if (gcoap_message_get_target (message)->host == NULL ||
      gcoap_message_get_code (message) > 31)
    {
      g_set_error_literal (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                           _("The message is no request: it has no destination"));
      return FALSE;
    }

  return TRUE;
}

void
gcoap_endpoint_client_run (GCoapEndpoint *self,
                           GCoapCall     *call,
                           GTask         *task)
{
  GError *error = NULL;

  call->task = g_object_ref (task);
  if (!gcoap_call_start (call, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  watch_cancellable (call, g_task_get_cancellable (task));
  gcoap_driver_pump (self->driver);
}

/**
 * gcoap_endpoint_send_async:
 * @self: the endpoint
 * @message: the request, from [ctor@Message.new_request]; it is sealed
 * @cancellable: (nullable): what may cancel the request
 * @callback: (scope async) (closure user_data): called when the request is over
 * @user_data: data for @callback
 *
 * Sends a request, and leaves the `Request*` and `Response*` properties alone: for programs that
 * have many requests going at once.
 *
 * Neither [property@Endpoint:timeout] nor [property@Endpoint:use-confirmable-messages] matter here.
 * The request waits as long as the protocol's timing allows (RFC 7252 section 4.8).
 *
 * The first response ends it, whatever its Observe option: [method@Endpoint.observe_message] is
 * there to observe.
 *
 * Since: 1.0
 */
void
gcoap_endpoint_send_async (GCoapEndpoint       *self,
                           GCoapMessage        *message,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GCoapCall) call = NULL;
  GError *error = NULL;

  g_return_if_fail (GCOAP_IS_ENDPOINT (self));
  g_return_if_fail (message != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, gcoap_endpoint_send_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (!gcoap_endpoint_client_check_message (self, message, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  call = gcoap_call_new (self, message);
  gcoap_endpoint_client_run (self, call, task);
}

/**
 * gcoap_endpoint_send_finish:
 * @self: the endpoint
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Endpoint.send_async]. A response of class 4 or 5 is a result like any other.
 *
 * Fails with %GCOAP_ERROR_TIMED_OUT, %GCOAP_ERROR_REJECTED, %GCOAP_ERROR_RESET,
 * %GCOAP_ERROR_INVALID_OPTION, %GCOAP_ERROR_INVALID_BLOCK, %GCOAP_ERROR_CANCELED (by
 * [method@Endpoint.shutdown]), %GCOAP_ERROR_WRONG_MODE, or with an error of
 * [error@Gio.IOErrorEnum] (%G_IO_ERROR_CANCELLED by the cancellable) or [error@Gio.ResolverError].
 *
 * Returns: (transfer full): the response, or %NULL with @error set
 *
 * Since: 1.0
 */
GCoapMessage *
gcoap_endpoint_send_finish (GCoapEndpoint  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
