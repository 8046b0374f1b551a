/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-request-private.h"

/* The properties of a request. gcoap-request.c has what they tell. */

static GParamSpec *properties[GCOAP_REQUEST_PROP_URI_QUERY + 1];
static guint notify_signal;

gboolean
gcoap_request_is_watched (GCoapRequest *self)
{
  return g_signal_handler_find (self, G_SIGNAL_MATCH_ID, notify_signal, 0, NULL, NULL, NULL) != 0;
}

void
gcoap_request_notify (GCoapRequest         *self,
                      GCoapRequestProperty  property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
gcoap_request_get_property (GObject    *object,
                            guint       property_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  GCoapRequest *self = GCOAP_REQUEST (object);

  switch ((GCoapRequestProperty) property_id)
    {
    case GCOAP_REQUEST_PROP_ACCEPT:
      g_value_set_boolean (value, gcoap_request_get_accept (self));
      break;

    case GCOAP_REQUEST_PROP_CONTENT_FORMAT:
      g_value_set_int (value, gcoap_request_get_content_format (self));
      break;

    case GCOAP_REQUEST_PROP_DESTINATION_ADDRESS:
      g_value_set_string (value, gcoap_request_get_destination_address (self));
      break;

    case GCOAP_REQUEST_PROP_ETAG:
      g_value_set_boxed (value, gcoap_request_get_etag (self));
      break;

    case GCOAP_REQUEST_PROP_METHOD:
      g_value_set_uint (value, gcoap_request_get_method (self));
      break;

    case GCOAP_REQUEST_PROP_OPTIONS:
      g_value_set_object (value, gcoap_request_get_options (self));
      break;

    case GCOAP_REQUEST_PROP_PAYLOAD:
      g_value_set_boxed (value, gcoap_request_get_payload (self));
      break;

    case GCOAP_REQUEST_PROP_REMOTE_HOST:
      g_value_set_string (value, gcoap_request_get_remote_host (self));
      break;

    case GCOAP_REQUEST_PROP_REMOTE_PORT:
      g_value_set_uint (value, gcoap_request_get_remote_port (self));
      break;

    case GCOAP_REQUEST_PROP_REQUEST_ID:
      g_value_set_string (value, gcoap_request_get_request_id (self));
      break;

    case GCOAP_REQUEST_PROP_RESPONSE:
      g_value_set_boxed (value, gcoap_request_get_response (self));
      break;

    case GCOAP_REQUEST_PROP_SEND_RESPONSE:
      g_value_set_boolean (value, gcoap_request_get_send_response (self));
      break;

    case GCOAP_REQUEST_PROP_TOKEN:
      g_value_set_string (value, gcoap_request_get_token (self));
      break;

    case GCOAP_REQUEST_PROP_TOKEN_BYTES:
      g_value_set_boxed (value, gcoap_request_get_token_bytes (self));
      break;

    case GCOAP_REQUEST_PROP_UPLOAD_SIZE:
      g_value_set_int64 (value, gcoap_request_get_upload_size (self));
      break;

    case GCOAP_REQUEST_PROP_UPLOAD_STREAM:
      g_value_set_object (value, gcoap_request_get_upload_stream (self));
      break;

    case GCOAP_REQUEST_PROP_URI:
      g_value_set_string (value, gcoap_request_get_uri (self));
      break;

    case GCOAP_REQUEST_PROP_URI_HOST:
      g_value_set_string (value, gcoap_request_get_uri_host (self));
      break;

    case GCOAP_REQUEST_PROP_URI_PATH:
      g_value_set_string (value, gcoap_request_get_uri_path (self));
      break;

    case GCOAP_REQUEST_PROP_URI_PORT:
      g_value_set_uint (value, gcoap_request_get_uri_port (self));
      break;

    case GCOAP_REQUEST_PROP_URI_QUERY:
      g_value_set_string (value, gcoap_request_get_uri_query (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
gcoap_request_set_property (GObject      *object,
                            guint         property_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  GCoapRequest *self = GCOAP_REQUEST (object);

  if (property_id == GCOAP_REQUEST_PROP_ACCEPT)
    gcoap_request_set_accept (self, g_value_get_boolean (value));
  else if (property_id == GCOAP_REQUEST_PROP_SEND_RESPONSE)
    gcoap_request_set_send_response (self, g_value_get_boolean (value));
  else if (property_id == GCOAP_REQUEST_PROP_UPLOAD_STREAM)
    gcoap_request_set_upload_stream (self, g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
}

void
gcoap_request_install_properties (GObjectClass *object_class)
{
  object_class->get_property = gcoap_request_get_property;
  object_class->set_property = gcoap_request_set_property;

  /**
   * GCoapRequest:accept: (getter get_accept) (setter set_accept)
   *
   * Whether the peer is registered as an observer of the resource. A handler of
   * [signal@Endpoint::register] sets it to %TRUE.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_ACCEPT] =
    g_param_spec_boolean ("accept", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:content-format: (getter get_content_format)
   *
   * What the payload is, a number of the CoAP Content-Formats registry; -1 where it is not
   * said.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_CONTENT_FORMAT] =
    g_param_spec_int ("content-format", NULL, NULL, -1, G_MAXUINT16, -1,
                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:destination-address: (getter get_destination_address)
   *
   * The IP address that a request that was received had been sent to: one of this machine or of a
   * group, or 255.255.255.255 for a broadcast. It is "" for a request of one's own.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_DESTINATION_ADDRESS] =
    g_param_spec_string ("destination-address", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:etag: (getter get_etag)
   *
   * The value of the first ETag option (RFC 7252 section 5.10.6); %NULL if there is none.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_ETAG] =
    g_param_spec_boxed ("etag", NULL, NULL, G_TYPE_BYTES,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:method: (getter get_method)
   *
   * The method code, 1 to 31 as in [enum@Method], or 0 for a ping.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_METHOD] =
    g_param_spec_uint ("method", NULL, NULL, 0, 31, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:options: (getter get_options)
   *
   * The options, a list of [class@Option] that does not change.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_OPTIONS] =
    g_param_spec_object ("options", NULL, NULL, G_TYPE_LIST_MODEL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:payload: (getter get_payload)
   *
   * The payload; %NULL if there is none.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_PAYLOAD] =
    g_param_spec_boxed ("payload", NULL, NULL, G_TYPE_BYTES,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:remote-host: (getter get_remote_host)
   *
   * The IP address of the peer; of a request that has not been sent yet, the host of its
   * URI.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_REMOTE_HOST] =
    g_param_spec_string ("remote-host", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:remote-port: (getter get_remote_port)
   *
   * The UDP port of the peer.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_REMOTE_PORT] =
    g_param_spec_uint ("remote-port", NULL, NULL, 0, G_MAXUINT16, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:request-id: (getter get_request_id)
   *
   * The id by which [method@Endpoint.cancel_request] and [method@Endpoint.send_response]
   * know the request.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_REQUEST_ID] =
    g_param_spec_string ("request-id", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:response: (getter get_response)
   *
   * The response to a request that was sent, once there is one.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_RESPONSE] =
    g_param_spec_boxed ("response", NULL, NULL, GCOAP_TYPE_MESSAGE,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:send-response: (getter get_send_response) (setter set_send_response)
   *
   * Whether the response is sent when the handlers of [signal@Endpoint::request] have
   * returned.
   *
   * A handler that needs more time sets it to %FALSE and calls
   * [method@Endpoint.send_response] later.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_SEND_RESPONSE] =
    g_param_spec_boolean ("send-response", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:token: (getter get_token)
   *
   * The token as hexadecimal digits.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_TOKEN] =
    g_param_spec_string ("token", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:token-bytes: (getter get_token_bytes)
   *
   * The token (RFC 7252 section 5.3.1).
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_TOKEN_BYTES] =
    g_param_spec_boxed ("token-bytes", NULL, NULL, G_TYPE_BYTES,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:upload-size: (getter get_upload_size)
   *
   * How many bytes the body has that comes after [signal@Endpoint::upload], as the client tells by
   * Size1 (RFC 7959 section 4); -1 where it does not.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_UPLOAD_SIZE] =
    g_param_spec_int64 ("upload-size", NULL, NULL, -1, G_MAXINT64, -1,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:upload-stream: (getter get_upload_stream) (setter set_upload_stream)
   *
   * Where the body is written to that comes after [signal@Endpoint::upload].
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_UPLOAD_STREAM] =
    g_param_spec_object ("upload-stream", NULL, NULL, G_TYPE_OUTPUT_STREAM,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:uri: (getter get_uri)
   *
   * The URI of the resource, composed as RFC 7252 section 6.5 says.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_URI] =
    g_param_spec_string ("uri", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:uri-host: (getter get_uri_host)
   *
   * The host of the URI: the Uri-Host option, or the IP address that was asked.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_URI_HOST] =
    g_param_spec_string ("uri-host", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:uri-path: (getter get_uri_path)
   *
   * The path of the URI, percent-encoded, from "/".
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_URI_PATH] =
    g_param_spec_string ("uri-path", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:uri-port: (getter get_uri_port)
   *
   * The port of the URI.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_URI_PORT] =
    g_param_spec_uint ("uri-port", NULL, NULL, 0, G_MAXUINT16, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapRequest:uri-query: (getter get_uri_query)
   *
   * The query of the URI, percent-encoded, without "?"; "" if there is none.
   *
   * Since: 1.0
   */
  properties[GCOAP_REQUEST_PROP_URI_QUERY] =
    g_param_spec_string ("uri-query", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  notify_signal = g_signal_lookup ("notify", G_TYPE_OBJECT);
}
