/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-endpoint-private.h"

#include <glib/gi18n-lib.h>

#include "gcoap/gcoap-error.h"

#define DO_EVENTS_MAX_WAIT 50 /* milliseconds */

/**
 * GCoapEndpoint:
 *
 * A CoAP endpoint (RFC 7252): a client, a server, or with the setting `DualRole` both at once.
 *
 * As a client it sends requests with [method@Endpoint.get] and its kin. They wait for the response,
 * or with a [property@Endpoint:timeout] of 0 return an id and tell the end by
 * [signal@Endpoint::request-complete]. [method@Endpoint.send_async] is for programs that have many
 * requests going at once.
 *
 * As a server it emits [signal@Endpoint::request] for each request after
 * [method@Endpoint.start_listening]; what the handler sets in the `Response*` properties is the
 * response.
 *
 * An endpoint lives on the thread-default main context of its construction: everything happens
 * while that is iterated, and it must be used from that thread only.
 *
 * Since: 1.0
 */

G_DEFINE_FINAL_TYPE (GCoapEndpoint, gcoap_endpoint, G_TYPE_OBJECT)

gboolean
gcoap_endpoint_check_thread (GCoapEndpoint  *self,
                             GError        **error)
{
  GMainContext *context = gcoap_driver_get_context (self->driver);

  if (g_main_context_acquire (context))
    {
      g_main_context_release (context);
      return TRUE;
    }

  g_set_error_literal (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                       _("The endpoint's main context runs in another thread, and only that one "
                         "may wait"));

  return FALSE;
}

gboolean
gcoap_endpoint_check_not_ending (GCoapEndpoint  *self,
                                 GError        **error)
{
  if (!self->is_ending)
    return TRUE;

  g_set_error_literal (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                       _("The endpoint is being shut down, and nothing can begin before it is"));

  return FALSE;
}

static void
set_bound (GCoapEndpoint *self,
           char          *host,
           guint          port)
{
  g_autoptr (GCoapEndpoint) endpoint = g_object_ref (self);
  g_autofree char *old_host = g_strdup (gcoap_endpoint_get_local_host (self));
  guint old_port = gcoap_endpoint_get_local_port (self);
  gboolean is_other_socket = self->bound_port != port ||
                             g_strcmp0 (self->bound_host, host) != 0;

  g_free (self->bound_host);
  self->bound_host = host;
  self->bound_port = port;

  if (!g_str_equal (old_host, gcoap_endpoint_get_local_host (self)))
    gcoap_endpoint_notify (self, GCOAP_ENDPOINT_PROP_LOCAL_HOST);
  if (old_port != gcoap_endpoint_get_local_port (self))
    gcoap_endpoint_notify (self, GCOAP_ENDPOINT_PROP_LOCAL_PORT);
  if (is_other_socket)
    gcoap_endpoint_update_config_settings (endpoint);
}

void
gcoap_endpoint_update_bound (GCoapEndpoint *self)
{
  GCoapAddress local;

  if (gcoap_driver_get_local (self->driver, &local))
    set_bound (self, gcoap_address_get_host (&local), local.port);
  else
    set_bound (self, NULL, 0);
}

static gboolean
is_in_use (GCoapEndpoint *self)
{
  return self->listening || self->handling != NULL ||
         g_hash_table_size (self->served) > 0 || g_hash_table_size (self->calls) > 0 ||
         g_hash_table_size (self->outgoing) > 0;
}

static void
close_socket (GCoapEndpoint *self)
{
  gcoap_endpoint_streams_end_all (self);
  gcoap_driver_close (self->driver);
  self->is_draining = FALSE;
  gcoap_endpoint_update_bound (self);
}

/* The last one of those that stop_listening() left over closes the door. */
void
gcoap_endpoint_close_if_unused (GCoapEndpoint *self)
{
  if (self->is_draining && !is_in_use (self))
    close_socket (self);
}

/* A client's socket that is at another address than it is now told to be. */
void
gcoap_endpoint_leave_socket (GCoapEndpoint *self)
{
  if (!is_in_use (self))
    close_socket (self);
}

/* Of a datagram that belongs to no request. */
static void
handle_stray (GCoapEndpoint *self,
              GCoapEvent    *event)
{
  g_autofree char *host = gcoap_address_get_host (&event->remote);
  g_autoptr (GError) error = gcoap_endpoint_make_error (event, host);

  gcoap_endpoint_emit_error (self, error);
}

static void
handle_event (gpointer    owner,
              GCoapEvent *event)
{
  GCoapEndpoint *self = owner;

  switch (event->kind)
    {
    case GCOAP_EVENT_REQUEST:
      gcoap_endpoint_server_request (self, event);
      break;

    case GCOAP_EVENT_RESPONSE:
      gcoap_endpoint_client_response (self, event);
      break;

    case GCOAP_EVENT_SENT:
      gcoap_endpoint_server_sent (self, event);
      break;

    case GCOAP_EVENT_FAILED:
      if (!gcoap_endpoint_client_failed (self, event))
        gcoap_endpoint_server_failed (self, event);
      break;

    case GCOAP_EVENT_REGISTERED:
      gcoap_endpoint_notify_registered (self, event);
      break;

    case GCOAP_EVENT_UNREGISTERED:
      gcoap_endpoint_notify_unregistered (self, event);
      break;

    case GCOAP_EVENT_NOTIFICATION:
      gcoap_endpoint_observe_notified (self, event);
      break;

    case GCOAP_EVENT_STALE:
      gcoap_endpoint_observe_stale (self, event);
      break;

    case GCOAP_EVENT_PART:
      if (!gcoap_endpoint_transfer_part (self, event))
        gcoap_endpoint_streams_part (self, event);
      break;

    case GCOAP_EVENT_PART_WANTED:
      if (!gcoap_endpoint_transfer_wanted (self, event))
        gcoap_endpoint_streams_wanted (self, event);
      break;

    case GCOAP_EVENT_MALFORMED:
    case GCOAP_EVENT_UNDELIVERABLE:
      handle_stray (self, event);
      break;

    case GCOAP_EVENT_UPLOAD:
      gcoap_endpoint_streams_upload (self, event);
      break;

    case GCOAP_EVENT_BODY_OVER:
      gcoap_endpoint_streams_over (self, event);
      break;

    default:
      g_assert_not_reached ();
    }
}

/* Handlers are told of each end, and one that tries again whatever fails would have no end. */
static void
end_all (GCoapEndpoint *self)
{
  gboolean was_ending = self->is_ending;

  g_object_freeze_notify (G_OBJECT (self));
  self->is_ending = TRUE;
  if (self->listening)
    {
      self->is_draining = TRUE;
      gcoap_endpoint_set_listening (self, FALSE);
    }
  gcoap_endpoint_client_cancel_all (self);
  gcoap_endpoint_server_cancel_all (self);
  close_socket (self);
  gcoap_driver_pump (self->driver);
  self->is_ending = was_ending;
  g_object_thaw_notify (G_OBJECT (self));
}

static void
gcoap_endpoint_dispose (GObject *object)
{
  GCoapEndpoint *self = GCOAP_ENDPOINT (object);

  end_all (self);

  G_OBJECT_CLASS (gcoap_endpoint_parent_class)->dispose (object);
}

static void
gcoap_endpoint_finalize (GObject *object)
{
  GCoapEndpoint *self = GCOAP_ENDPOINT (object);

  if (self->observers != NULL)
    gcoap_observer_list_close (self->observers);
  g_clear_object (&self->observers);
  if (self->statistics != NULL)
    gcoap_statistics_end (self->statistics);
  g_clear_object (&self->statistics);
  g_clear_object (&self->config_settings);
  g_clear_pointer (&self->driver, gcoap_driver_free);
  g_clear_pointer (&self->calls, g_hash_table_unref);
  g_clear_pointer (&self->calls_by_id, g_hash_table_unref);
  g_clear_pointer (&self->served, g_hash_table_unref);
  g_clear_pointer (&self->incoming, g_hash_table_unref);
  g_clear_pointer (&self->outgoing, g_hash_table_unref);
  g_clear_object (&self->pending_requests);
  g_clear_object (&self->blank_request);
  gcoap_fields_clear (&self->request_fields);
  gcoap_fields_clear (&self->response_fields);
  gcoap_settings_clear (&self->settings);
  g_clear_pointer (&self->local_host, g_free);
  g_clear_pointer (&self->bound_host, g_free);

  G_OBJECT_CLASS (gcoap_endpoint_parent_class)->finalize (object);
}

static void
gcoap_endpoint_class_init (GCoapEndpointClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = gcoap_endpoint_dispose;
  object_class->finalize = gcoap_endpoint_finalize;

  gcoap_endpoint_install_properties (object_class);
  gcoap_endpoint_install_signals (object_class);
}

static void
gcoap_endpoint_init (GCoapEndpoint *self)
{
  gcoap_settings_init (&self->settings);
  self->local_host = g_strdup ("");
  self->timeout = GCOAP_ENDPOINT_DEFAULT_TIMEOUT;
  self->use_confirmable_messages = TRUE;
  gcoap_fields_init (&self->request_fields);
  gcoap_fields_init (&self->response_fields);
  self->pending_requests = gcoap_request_list_new ();
  self->calls = gcoap_endpoint_client_make_calls ();
  self->calls_by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->served = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  self->incoming = gcoap_endpoint_streams_make_incoming ();
  self->outgoing = gcoap_endpoint_streams_make_outgoing ();
  self->driver = gcoap_driver_new (G_OBJECT (self), &self->settings.protocol, handle_event);
  gcoap_endpoint_apply_settings (self);
}

/**
 * gcoap_endpoint_new:
 *
 * Makes an endpoint on the thread-default main context. It opens no socket until it is needed.
 *
 * Returns: (transfer full): the endpoint
 *
 * Since: 1.0
 */
GCoapEndpoint *
gcoap_endpoint_new (void)
{
  return g_object_new (GCOAP_TYPE_ENDPOINT, NULL);
}

/**
 * gcoap_endpoint_cancel_request:
 * @self: the endpoint
 * @request_id: the id of a pending request
 * @error: return location for an error
 *
 * Ends a request. One that was sent completes with %GCOAP_ERROR_CANCELED; one that was received is
 * dropped, so that the peer gets no answer, and [signal@Endpoint::response-complete] tells the same
 * error.
 *
 * Fails with %GCOAP_ERROR_INVALID_REQUEST_ID.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_cancel_request (GCoapEndpoint  *self,
                               const char     *request_id,
                               GError        **error)
{
  g_autoptr (GCoapEndpoint) endpoint = NULL;
  guint64 serial;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);
  g_return_val_if_fail (request_id != NULL, FALSE);

  endpoint = g_object_ref (self);
  serial = gcoap_request_parse_id (request_id);
  if (serial != 0 && (gcoap_endpoint_client_cancel (self, serial) ||
                      gcoap_endpoint_server_cancel (self, serial)))
    {
      gcoap_driver_pump (self->driver);
      return TRUE;
    }

  g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_REQUEST_ID,
               _("No pending request has the id \"%s\""), request_id);

  return FALSE;
}

/**
 * gcoap_endpoint_do_events:
 * @self: the endpoint
 * @error: return location for an error
 *
 * Iterates the endpoint's main context once: handles what is ready, or waits for it for 50
 * milliseconds at most. Programs that run a main loop have no need of it.
 *
 * Fails with %GCOAP_ERROR_WRONG_MODE if the context runs in another thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_do_events (GCoapEndpoint  *self,
                          GError        **error)
{
  g_autoptr (GCoapEndpoint) endpoint = NULL;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);

  if (!gcoap_endpoint_check_thread (self, error))
    return FALSE;

  endpoint = g_object_ref (self);
  gcoap_driver_run_once (endpoint->driver, DO_EVENTS_MAX_WAIT);

  return TRUE;
}

/**
 * gcoap_endpoint_reset:
 * @self: the endpoint
 * @error: return location for an error
 *
 * Ends all that is going on, as [method@Endpoint.shutdown] does, and sets every property and every
 * setting to its default.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_reset (GCoapEndpoint  *self,
                      GError        **error)
{
  g_autoptr (GCoapEndpoint) endpoint = NULL;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);

  endpoint = g_object_ref (self);
  end_all (self);
  gcoap_settings_clear (&self->settings);
  gcoap_settings_init (&self->settings);
  gcoap_endpoint_apply_settings (self);
  gcoap_endpoint_set_local_host (self, "");
  gcoap_endpoint_set_local_port (self, 0);
  gcoap_endpoint_set_timeout (self, GCOAP_ENDPOINT_DEFAULT_TIMEOUT);
  gcoap_endpoint_set_use_confirmable_messages (self, TRUE);
  gcoap_endpoint_fill_fields (self, &self->request_fields, NULL);
  gcoap_endpoint_fill_fields (self, &self->response_fields, NULL);
  gcoap_endpoint_update_config_settings (self);

  return TRUE;
}

/**
 * gcoap_endpoint_shutdown:
 * @self: the endpoint
 * @error: return location for an error
 *
 * Stops listening and drops everything: requests that were sent complete with
 * %GCOAP_ERROR_CANCELED, those that were received are not answered any more, and the socket is
 * closed. The endpoint can be used again.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_shutdown (GCoapEndpoint  *self,
                         GError        **error)
{
  g_autoptr (GCoapEndpoint) endpoint = NULL;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);

  endpoint = g_object_ref (self);
  end_all (self);

  return TRUE;
}
