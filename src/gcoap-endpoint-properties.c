/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-endpoint-private.h"

/* The properties of the endpoint. Those of requests and responses are set and read in
 * gcoap-endpoint-fields.c. */

#define MAXIMUM_TIMEOUT (G_MAXINT / 1000)

static GParamSpec *properties[GCOAP_ENDPOINT_PROP_USE_CONFIRMABLE_MESSAGES + 1];
static guint notify_signal;

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
  gcoap_endpoint_notify (self, property);
  gcoap_endpoint_update_config_settings (self);
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

void
gcoap_endpoint_install_properties (GObjectClass *object_class)
{
  object_class->get_property = gcoap_endpoint_get_property;
  object_class->set_property = gcoap_endpoint_set_property;

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
    g_param_spec_uint ("timeout", NULL, NULL, 0, MAXIMUM_TIMEOUT, GCOAP_ENDPOINT_DEFAULT_TIMEOUT,
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
  notify_signal = g_signal_lookup ("notify", G_TYPE_OBJECT);
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
  g_autoptr (GCoapEndpoint) endpoint = NULL;

  g_return_if_fail (GCOAP_IS_ENDPOINT (self));
  g_return_if_fail (!self->listening);

  if (local_host == NULL)
    local_host = "";
  if (g_str_equal (self->local_host, local_host))
    return;

  endpoint = g_object_ref (self);
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
  g_autoptr (GCoapEndpoint) endpoint = NULL;

  g_return_if_fail (GCOAP_IS_ENDPOINT (self));
  g_return_if_fail (!self->listening);
  g_return_if_fail (local_port <= G_MAXUINT16);

  if (self->local_port == local_port)
    return;

  endpoint = g_object_ref (self);
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
