/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-endpoint-private.h"

#include <glib/gi18n-lib.h>

#include "gcoap/gcoap-content-format.h"
#include "gcoap/gcoap-enum-types.h"
#include "gcoap/gcoap-error.h"

#define DEFAULT_TIMEOUT    60
#define MAXIMUM_TIMEOUT    (G_MAXINT / 1000)
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

static GParamSpec *properties[GCOAP_ENDPOINT_PROP_USE_CONFIRMABLE_MESSAGES + 1];
static guint notify_signal;

G_DEFINE_FINAL_TYPE (GCoapEndpoint, gcoap_endpoint, G_TYPE_OBJECT)

/* Whether anybody wants to know of changes, which with each request are many. */
gboolean
gcoap_endpoint_is_watched (GCoapEndpoint *self)
{
  return g_signal_handler_find (self, G_SIGNAL_MATCH_ID, notify_signal, 0, NULL, NULL, NULL) != 0;
}

void
gcoap_endpoint_notify (GCoapEndpoint         *self,
                       GCoapEndpointProperty  property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* Of a property that is a setting too. */
static void
notify_setting (GCoapEndpoint         *self,
                GCoapEndpointProperty  property)
{
  g_autoptr (GCoapEndpoint) endpoint = g_object_ref (self);

  gcoap_endpoint_notify (endpoint, property);
  gcoap_endpoint_update_config_settings (endpoint);
}

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
  gboolean is_other_socket = self->bound_port != port;

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
  gcoap_endpoint_update_bound (self);
  self->is_draining = FALSE;
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
gcoap_endpoint_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  GCoapEndpoint *self = GCOAP_ENDPOINT (object);

  switch ((GCoapEndpointProperty) property_id)
    {
    case GCOAP_ENDPOINT_PROP_LISTENING:
      g_value_set_boolean (value, gcoap_endpoint_get_listening (self));
      break;

    case GCOAP_ENDPOINT_PROP_LOCAL_HOST:
      g_value_set_string (value, gcoap_endpoint_get_local_host (self));
      break;

    case GCOAP_ENDPOINT_PROP_LOCAL_PORT:
      g_value_set_uint (value, gcoap_endpoint_get_local_port (self));
      break;

    case GCOAP_ENDPOINT_PROP_OBSERVERS:
      g_value_set_object (value, gcoap_endpoint_get_observers (self));
      break;

    case GCOAP_ENDPOINT_PROP_PENDING_REQUESTS:
      g_value_set_object (value, gcoap_endpoint_get_pending_requests (self));
      break;

    case GCOAP_ENDPOINT_PROP_REQUEST_CONTENT_FORMAT:
      g_value_set_int (value, gcoap_endpoint_get_request_content_format (self));
      break;

    case GCOAP_ENDPOINT_PROP_REQUEST_DATA:
      g_value_set_boxed (value, gcoap_endpoint_get_request_data (self));
      break;

    case GCOAP_ENDPOINT_PROP_REQUEST_ETAG:
      g_value_set_boxed (value, gcoap_endpoint_get_request_etag (self));
      break;

    case GCOAP_ENDPOINT_PROP_REQUEST_OPTIONS:
      g_value_set_object (value, gcoap_endpoint_get_request_options (self));
      break;

    case GCOAP_ENDPOINT_PROP_RESPONSE_CODE:
      g_value_set_string (value, gcoap_endpoint_get_response_code (self));
      break;

    case GCOAP_ENDPOINT_PROP_RESPONSE_CONTENT_FORMAT:
      g_value_set_int (value, gcoap_endpoint_get_response_content_format (self));
      break;

    case GCOAP_ENDPOINT_PROP_RESPONSE_DATA:
      g_value_set_boxed (value, gcoap_endpoint_get_response_data (self));
      break;

    case GCOAP_ENDPOINT_PROP_RESPONSE_ETAG:
      g_value_set_boxed (value, gcoap_endpoint_get_response_etag (self));
      break;

    case GCOAP_ENDPOINT_PROP_RESPONSE_OPTIONS:
      g_value_set_object (value, gcoap_endpoint_get_response_options (self));
      break;

    case GCOAP_ENDPOINT_PROP_RESPONSE_STREAM:
      g_value_set_object (value, gcoap_endpoint_get_response_stream (self));
      break;

    case GCOAP_ENDPOINT_PROP_STATISTICS:
      g_value_set_object (value, gcoap_endpoint_get_statistics (self));
      break;

    case GCOAP_ENDPOINT_PROP_TIMEOUT:
      g_value_set_uint (value, gcoap_endpoint_get_timeout (self));
      break;

    case GCOAP_ENDPOINT_PROP_USE_CONFIRMABLE_MESSAGES:
      g_value_set_boolean (value, gcoap_endpoint_get_use_confirmable_messages (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
gcoap_endpoint_set_property (GObject      *object,
                             guint         property_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  GCoapEndpoint *self = GCOAP_ENDPOINT (object);

  switch ((GCoapEndpointProperty) property_id)
    {
    case GCOAP_ENDPOINT_PROP_LOCAL_HOST:
      gcoap_endpoint_set_local_host (self, g_value_get_string (value));
      break;

    case GCOAP_ENDPOINT_PROP_LOCAL_PORT:
      gcoap_endpoint_set_local_port (self, g_value_get_uint (value));
      break;

    case GCOAP_ENDPOINT_PROP_REQUEST_CONTENT_FORMAT:
      gcoap_endpoint_set_request_content_format (self, g_value_get_int (value));
      break;

    case GCOAP_ENDPOINT_PROP_REQUEST_DATA:
      gcoap_endpoint_set_request_data (self, g_value_get_boxed (value));
      break;

    case GCOAP_ENDPOINT_PROP_REQUEST_ETAG:
      gcoap_endpoint_set_request_etag (self, g_value_get_boxed (value));
      break;

    case GCOAP_ENDPOINT_PROP_RESPONSE_CODE:
      gcoap_endpoint_set_response_code (self, g_value_get_string (value));
      break;

    case GCOAP_ENDPOINT_PROP_RESPONSE_CONTENT_FORMAT:
      gcoap_endpoint_set_response_content_format (self, g_value_get_int (value));
      break;

    case GCOAP_ENDPOINT_PROP_RESPONSE_DATA:
      gcoap_endpoint_set_response_data (self, g_value_get_boxed (value));
      break;

    case GCOAP_ENDPOINT_PROP_RESPONSE_ETAG:
      gcoap_endpoint_set_response_etag (self, g_value_get_boxed (value));
      break;

    case GCOAP_ENDPOINT_PROP_RESPONSE_STREAM:
      gcoap_endpoint_set_response_stream (self, g_value_get_object (value));
      break;

    case GCOAP_ENDPOINT_PROP_TIMEOUT:
      gcoap_endpoint_set_timeout (self, g_value_get_uint (value));
      break;

    case GCOAP_ENDPOINT_PROP_USE_CONFIRMABLE_MESSAGES:
      gcoap_endpoint_set_use_confirmable_messages (self, g_value_get_boolean (value));
      break;

    case GCOAP_ENDPOINT_PROP_LISTENING:
    case GCOAP_ENDPOINT_PROP_OBSERVERS:
    case GCOAP_ENDPOINT_PROP_PENDING_REQUESTS:
    case GCOAP_ENDPOINT_PROP_REQUEST_OPTIONS:
    case GCOAP_ENDPOINT_PROP_RESPONSE_OPTIONS:
    case GCOAP_ENDPOINT_PROP_STATISTICS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  /**
   * GCoapEndpoint:listening: (getter get_listening)
   *
   * Whether the endpoint serves requests.
   *
   * Changed by [method@Endpoint.start_listening] and [method@Endpoint.stop_listening] only.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_LISTENING] =
    g_param_spec_boolean ("listening", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:local-host: (getter get_local_host) (setter set_local_host)
   *
   * The IP address of this machine to send from and to listen on; "" for any.
   *
   * While a socket is open it reads back the address that is bound. It cannot be changed while
   * listening.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_LOCAL_HOST] =
    g_param_spec_string ("local-host", NULL, NULL, "",
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:local-port: (getter get_local_port) (setter set_local_port)
   *
   * The UDP port to send from and to listen on, 0 to 65535; 0 has the system choose one.
   *
   * While a socket is open it reads back the port that is bound. It cannot be changed while
   * listening.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_LOCAL_PORT] =
    g_param_spec_uint ("local-port", NULL, NULL, 0, G_MAXUINT16, 0,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:observers: (getter get_observers)
   *
   * The clients that observe resources of this endpoint, a list of [class@Observer] in the order
   * they have registered.
   *
   * It costs nothing before it is first asked for, and later makes an object only of what is looked
   * at, so that it can be very long.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_OBSERVERS] =
    g_param_spec_object ("observers", NULL, NULL, G_TYPE_LIST_MODEL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:pending-requests: (getter get_pending_requests)
   *
   * The requests that are not over, a list of [class@Request].
   *
   * In client mode these are the requests that were made with a [property@Endpoint:timeout] of 0
   * and have no response yet; in server mode those whose response was put off.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_PENDING_REQUESTS] =
    g_param_spec_object ("pending-requests", NULL, NULL, G_TYPE_LIST_MODEL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:request-content-format: (getter get_request_content_format) (setter set_request_content_format)
   *
   * The Content-Format of the requests to send, -1 to 65535, where -1 sends none; in server mode
   * that of the latest request.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_REQUEST_CONTENT_FORMAT] =
    g_param_spec_int ("request-content-format", NULL, NULL, -1, G_MAXUINT16, -1,
                      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:request-data: (getter get_request_data) (setter set_request_data)
   *
   * The payload of the requests to send with POST, PUT and other methods that have one; in server
   * mode that of the latest request.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_REQUEST_DATA] =
    g_param_spec_boxed ("request-data", NULL, NULL, G_TYPE_BYTES,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:request-etag: (getter get_request_etag) (setter set_request_etag)
   *
   * The ETag of the requests to send, 1 to 8 bytes; in server mode that of the latest request.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_REQUEST_ETAG] =
    g_param_spec_boxed ("request-etag", NULL, NULL, G_TYPE_BYTES,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:request-options: (getter get_request_options)
   *
   * More options of the requests to send, a list of [class@Option] to be changed in place; in
   * server mode all options of the latest request.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_REQUEST_OPTIONS] =
    g_param_spec_object ("request-options", NULL, NULL, G_TYPE_LIST_STORE,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:response-code: (getter get_response_code) (setter set_response_code)
   *
   * The code of the response, such as "2.05": c.dd with c from 2 to 7 and dd from 00 to 31.
   *
   * In client mode that of the latest response, in server mode that of the responses to send. It
   * is "" while there is none.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_RESPONSE_CODE] =
    g_param_spec_string ("response-code", NULL, NULL, "",
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:response-content-format: (getter get_response_content_format) (setter set_response_content_format)
   *
   * The Content-Format of the latest response, -1 to 65535; in server mode that of the responses
   * to send, where -1 sends none.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_RESPONSE_CONTENT_FORMAT] =
    g_param_spec_int ("response-content-format", NULL, NULL, -1, G_MAXUINT16, -1,
                      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:response-data: (getter get_response_data) (setter set_response_data)
   *
   * The payload of the latest response; in server mode that of the responses to send.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_RESPONSE_DATA] =
    g_param_spec_boxed ("response-data", NULL, NULL, G_TYPE_BYTES,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:response-etag: (getter get_response_etag) (setter set_response_etag)
   *
   * The ETag of the latest response, 1 to 8 bytes; in server mode that of the responses to send.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_RESPONSE_ETAG] =
    g_param_spec_boxed ("response-etag", NULL, NULL, G_TYPE_BYTES,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:response-options: (getter get_response_options)
   *
   * All options of the latest response, a list of [class@Option]; in server mode more options of
   * the responses to send, to be changed in place.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_RESPONSE_OPTIONS] =
    g_param_spec_object ("response-options", NULL, NULL, G_TYPE_LIST_STORE,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:response-stream: (getter get_response_stream) (setter set_response_stream)
   *
   * Where the body of the next response is read from, in place of
   * [property@Endpoint:response-data]. It is always %NULL in client mode.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_RESPONSE_STREAM] =
    g_param_spec_object ("response-stream", NULL, NULL, G_TYPE_INPUT_STREAM,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:statistics: (getter get_statistics)
   *
   * What the endpoint has sent, received and dropped, and how much its tables hold.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_STATISTICS] =
    g_param_spec_object ("statistics", NULL, NULL, GCOAP_TYPE_STATISTICS,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:timeout: (getter get_timeout) (setter set_timeout)
   *
   * How many seconds a method waits for a response, 0 to 2147483; 0 has it return at once.
   *
   * The limit is to inactivity: each datagram of the exchange starts it anew. With the setting
   * `AbsoluteTimeout` it is a deadline.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_TIMEOUT] =
    g_param_spec_uint ("timeout", NULL, NULL, 0, MAXIMUM_TIMEOUT, DEFAULT_TIMEOUT,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapEndpoint:use-confirmable-messages: (getter get_use_confirmable_messages) (setter set_use_confirmable_messages)
   *
   * Whether requests, and responses that follow separately, are sent as Confirmable messages (RFC
   * 7252 section 2.1). Of those that are not, a peer that is silent gets no more than the setting
   * `ProbingRate` allows; further ones wait in line.
   *
   * Since: 1.0
   */
  properties[GCOAP_ENDPOINT_PROP_USE_CONFIRMABLE_MESSAGES] =
    g_param_spec_boolean ("use-confirmable-messages", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
gcoap_endpoint_class_init (GCoapEndpointClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = gcoap_endpoint_dispose;
  object_class->finalize = gcoap_endpoint_finalize;
  object_class->get_property = gcoap_endpoint_get_property;
  object_class->set_property = gcoap_endpoint_set_property;

  install_properties (object_class);
  gcoap_endpoint_install_signals (object_class);
  notify_signal = g_signal_lookup ("notify", G_TYPE_OBJECT);
}

static void
gcoap_endpoint_init (GCoapEndpoint *self)
{
  gcoap_settings_init (&self->settings);
  self->local_host = g_strdup ("");
  self->timeout = DEFAULT_TIMEOUT;
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
 * gcoap_endpoint_get_listening: (get-property listening)
 * @self: the endpoint
 *
 * Whether the endpoint serves requests.
 *
 * Changed by [method@Endpoint.start_listening] and [method@Endpoint.stop_listening] only.
 *
 * Returns: %TRUE if it listens
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_get_listening (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);

  return self->listening;
}

/**
 * gcoap_endpoint_get_local_host: (get-property local-host)
 * @self: the endpoint
 *
 * The IP address of this machine to send from and to listen on; "" for any.
 *
 * While a socket is open it reads back the address that is bound. It cannot be changed while
 * listening.
 *
 * Returns: the address
 *
 * Since: 1.0
 */
const char *
gcoap_endpoint_get_local_host (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  return self->bound_host != NULL ? self->bound_host : self->local_host;
}

/**
 * gcoap_endpoint_set_local_host: (set-property local-host)
 * @self: the endpoint
 * @local_host: (nullable): an IP address of this machine, with %zone where it has one; %NULL or
 *   "" for any
 *
 * Sets [property@Endpoint:local-host].
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_local_host (GCoapEndpoint *self,
                               const char    *local_host)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));
  g_return_if_fail (!self->listening);

  if (local_host == NULL)
    local_host = "";
  if (g_str_equal (self->local_host, local_host))
    return;

  g_free (self->local_host);
  self->local_host = g_strdup (local_host);
  gcoap_endpoint_leave_socket (self);
  notify_setting (self, GCOAP_ENDPOINT_PROP_LOCAL_HOST);
}

/**
 * gcoap_endpoint_get_local_port: (get-property local-port)
 * @self: the endpoint
 *
 * The UDP port to send from and to listen on, 0 to 65535; 0 has the system choose one.
 *
 * While a socket is open it reads back the port that is bound. It cannot be changed while
 * listening.
 *
 * Returns: the port
 *
 * Since: 1.0
 */
guint
gcoap_endpoint_get_local_port (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), 0);

  return self->bound_port != 0 ? self->bound_port : self->local_port;
}

/**
 * gcoap_endpoint_set_local_port: (set-property local-port)
 * @self: the endpoint
 * @local_port: the port; 0 has the system choose one
 *
 * Sets [property@Endpoint:local-port].
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_local_port (GCoapEndpoint *self,
                               guint          local_port)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));
  g_return_if_fail (!self->listening);
  g_return_if_fail (local_port <= G_MAXUINT16);

  if (self->local_port == local_port)
    return;

  self->local_port = local_port;
  gcoap_endpoint_leave_socket (self);
  notify_setting (self, GCOAP_ENDPOINT_PROP_LOCAL_PORT);
}

/**
 * gcoap_endpoint_get_observers: (get-property observers)
 * @self: the endpoint
 *
 * The clients that observe resources of this endpoint, a list of [class@Observer] in the order they
 * have registered.
 *
 * One comes with the registration that was accepted, even before its response is sent, and goes
 * just before [signal@Endpoint::unregistered].
 *
 * Returns: (transfer none): the list, always the same
 *
 * Since: 1.0
 */
GListModel *
gcoap_endpoint_get_observers (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  if (self->observers == NULL)
    self->observers = gcoap_observer_list_new (self->driver);

  return G_LIST_MODEL (self->observers);
}

/**
 * gcoap_endpoint_get_pending_requests: (get-property pending-requests)
 * @self: the endpoint
 *
 * The requests that are not over, a list of [class@Request].
 *
 * In client mode these are the requests that were made with a [property@Endpoint:timeout] of 0
 * and have no response yet; in server mode those whose response was put off.
 *
 * Returns: (transfer none): the list, always the same
 *
 * Since: 1.0
 */
GListModel *
gcoap_endpoint_get_pending_requests (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  return G_LIST_MODEL (self->pending_requests);
}

static void
update_statistics (gpointer owner)
{
  GCoapEndpoint *self = owner;

  gcoap_statistics_update (self->statistics);
}

/**
 * gcoap_endpoint_get_statistics: (get-property statistics)
 * @self: the endpoint
 *
 * What the endpoint has sent, received and dropped, and how much its tables hold.
 *
 * Returns: (transfer none): the object, always the same
 *
 * Since: 1.0
 */
GCoapStatistics *
gcoap_endpoint_get_statistics (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  if (self->statistics == NULL)
    {
      self->statistics = gcoap_statistics_new (self->driver);
      gcoap_driver_set_watch (self->driver, update_statistics);
    }

  return self->statistics;
}

/**
 * gcoap_endpoint_get_timeout: (get-property timeout)
 * @self: the endpoint
 *
 * How many seconds a method waits for a response, 0 to 2147483; 0 has it return at once.
 *
 * The limit is to inactivity: each datagram of the exchange starts it anew. With the setting
 * `AbsoluteTimeout` it is a deadline.
 *
 * Returns: the seconds
 *
 * Since: 1.0
 */
guint
gcoap_endpoint_get_timeout (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), 0);

  return self->timeout;
}

/**
 * gcoap_endpoint_set_timeout: (set-property timeout)
 * @self: the endpoint
 * @timeout: seconds; 0 has methods return at once
 *
 * Sets [property@Endpoint:timeout].
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_timeout (GCoapEndpoint *self,
                            guint          timeout)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));
  g_return_if_fail (timeout <= MAXIMUM_TIMEOUT);

  if (self->timeout == timeout)
    return;

  self->timeout = timeout;
  gcoap_endpoint_notify (self, GCOAP_ENDPOINT_PROP_TIMEOUT);
}

/**
 * gcoap_endpoint_get_use_confirmable_messages: (get-property use-confirmable-messages)
 * @self: the endpoint
 *
 * Whether requests, and responses that follow separately, are sent as Confirmable messages (RFC
 * 7252 section 2.1).
 *
 * Returns: %TRUE if they are
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_get_use_confirmable_messages (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);

  return self->use_confirmable_messages;
}

/**
 * gcoap_endpoint_set_use_confirmable_messages: (set-property use-confirmable-messages)
 * @self: the endpoint
 * @use_confirmable_messages: whether to
 *
 * Sets [property@Endpoint:use-confirmable-messages].
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_use_confirmable_messages (GCoapEndpoint *self,
                                             gboolean       use_confirmable_messages)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));

  use_confirmable_messages = !!use_confirmable_messages;
  if (self->use_confirmable_messages == use_confirmable_messages)
    return;

  self->use_confirmable_messages = use_confirmable_messages;
  gcoap_endpoint_notify (self, GCOAP_ENDPOINT_PROP_USE_CONFIRMABLE_MESSAGES);
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
  gcoap_endpoint_set_timeout (self, DEFAULT_TIMEOUT);
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
