/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-request-private.h"

#include "codec/gcoap-message-private.h"
#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-content-format.h"
#include "gcoap/gcoap-option-number.h"
#include "gcoap/gcoap-option.h"
#include "gcoap-upload-file-private.h"

/**
 * GCoapRequest:
 *
 * A request, as the client that sends it and the server that handles it see it.
 *
 * Requests come from the signals of [class@Endpoint] and from
 * [property@Endpoint:pending-requests]. All they tell is computed when it is asked for.
 *
 * Since: 1.0
 */
struct _GCoapRequest
{
  GObject       parent_instance;
  guint64       serial;
  guint64       exchange_id; /* of the engine; 0 for a request that was sent */
  GCoapMessage *message;     /* (owned) */
  GCoapMessage *response;    /* (owned) (nullable) */
  GCoapAddress  remote;
  GCoapAddress  local;
  gboolean      send_response;
  gboolean      accept;
  GOutputStream *upload_stream; /* (owned) (nullable) */
  gint64        upload_size;

  /* (owned) (nullable) made when asked for */
  GBytes       *etag;
  GListModel   *options;
  char         *destination_address;
  char         *remote_host;
  char         *request_id;
  char         *token;
  GBytes       *token_bytes;
  char         *uri;
  char         *uri_host;
  char         *uri_path;
  char         *uri_query;
};

G_DEFINE_FINAL_TYPE (GCoapRequest, gcoap_request, G_TYPE_OBJECT)

static gboolean
is_outgoing (GCoapRequest *self)
{
  return self->exchange_id == 0;
}

/* A binding can construct a request that nobody has made: that is an empty one. */
static GCoapMessage *
peek_message (GCoapRequest *self)
{
  if (self->message == NULL)
    self->message = gcoap_message_new (GCOAP_CODE_EMPTY);

  return self->message;
}

static gboolean
find_option (GCoapRequest    *self,
             guint            number,
             GCoapOptionIter *iter)
{
  GCoapOptions *options = gcoap_message_get_options (peek_message (self));

  gcoap_option_iter_init (iter, options->data, options->length);

  return gcoap_option_iter_find (iter, number);
}

/* The host and port that stand for an absent Uri-Host and Uri-Port (RFC 7252 section 5.10.1). */
static char *
dup_default_host (GCoapRequest *self)
{
  const char *host;

  if (!is_outgoing (self))
    return gcoap_address_get_host (&self->local);

  host = gcoap_message_get_target (peek_message (self))->host;

  return g_strdup (host != NULL ? host : "");
}

static guint
get_default_port (GCoapRequest *self)
{
  return is_outgoing (self) ? gcoap_message_get_target (peek_message (self))->port
                            : self->local.port;
}

static void
clear (GCoapRequest *self)
{
  g_clear_pointer (&self->message, gcoap_message_unref);
  g_clear_pointer (&self->response, gcoap_message_unref);
  g_clear_pointer (&self->etag, g_bytes_unref);
  g_clear_object (&self->options);
  g_clear_object (&self->upload_stream);
  g_clear_pointer (&self->destination_address, g_free);
  g_clear_pointer (&self->remote_host, g_free);
  g_clear_pointer (&self->request_id, g_free);
  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->token_bytes, g_bytes_unref);
  g_clear_pointer (&self->uri, g_free);
  g_clear_pointer (&self->uri_host, g_free);
  g_clear_pointer (&self->uri_path, g_free);
  g_clear_pointer (&self->uri_query, g_free);
}

static void
gcoap_request_finalize (GObject *object)
{
  clear (GCOAP_REQUEST (object));

  G_OBJECT_CLASS (gcoap_request_parent_class)->finalize (object);
}

static void
gcoap_request_class_init (GCoapRequestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = gcoap_request_finalize;

  gcoap_request_install_properties (object_class);
}

static void
gcoap_request_init (GCoapRequest *self)
{
  self->send_response = TRUE;
  self->upload_size = -1;
}

GCoapRequest *
gcoap_request_new_blank (void)
{
  return g_object_new (GCOAP_TYPE_REQUEST, NULL);
}

void
gcoap_request_fill_incoming (GCoapRequest       *self,
                             guint64             serial,
                             guint64             exchange_id,
                             GCoapMessage       *message,
                             const GCoapAddress *remote,
                             const GCoapAddress *local)
{
  self->serial = serial;
  self->exchange_id = exchange_id;
  self->message = gcoap_message_ref (message);
  self->remote = *remote;
  self->local = *local;
}

/* No reference but the caller's, nothing attached (data, weak references, bindings), no handler. */
static gboolean
is_unknown_to_others (GCoapRequest *self)
{
  GObject *object = G_OBJECT (self);

  return g_atomic_int_get (&object->ref_count) == 1 && object->qdata == NULL &&
         !gcoap_request_is_watched (self);
}

/* To make and to free an object costs more than all else that is done for most requests. */
gboolean
gcoap_request_blank (GCoapRequest *self)
{
  if (!is_unknown_to_others (self))
    return FALSE;

  clear (self);
  self->send_response = TRUE;
  self->upload_size = -1;
  self->accept = FALSE;

  return TRUE;
}

GCoapRequest *
gcoap_request_new_outgoing (guint64       serial,
                            GCoapMessage *message)
{
  GCoapRequest *self = g_object_new (GCOAP_TYPE_REQUEST, NULL);

  self->serial = serial;
  self->message = gcoap_message_ref (message);

  return self;
}

/**
 * gcoap_request_get_accept: (get-property accept)
 * @self: the request
 *
 * Whether the peer is registered as an observer of the resource.
 *
 * Returns: %TRUE if it is
 *
 * Since: 1.0
 */
gboolean
gcoap_request_get_accept (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), FALSE);

  return self->accept;
}

/**
 * gcoap_request_set_accept: (set-property accept)
 * @self: the request
 * @accept: whether to register the peer as an observer
 *
 * Lets a handler of [signal@Endpoint::register] accept the registration.
 *
 * Since: 1.0
 */
void
gcoap_request_set_accept (GCoapRequest *self,
                          gboolean      accept)
{
  g_return_if_fail (GCOAP_IS_REQUEST (self));

  accept = !!accept;
  if (self->accept == accept)
    return;

  self->accept = accept;
  gcoap_request_notify (self, GCOAP_REQUEST_PROP_ACCEPT);
}

/**
 * gcoap_request_get_content_format: (get-property content-format)
 * @self: the request
 *
 * What the payload is, a number of the CoAP Content-Formats registry; -1 where it is not said.
 *
 * Returns: -1 to 65535
 *
 * Since: 1.0
 */
int
gcoap_request_get_content_format (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), GCOAP_CONTENT_FORMAT_NONE);

  return gcoap_message_get_content_format (peek_message (self));
}

/**
 * gcoap_request_get_destination_address: (get-property destination-address)
 * @self: the request
 *
 * The IP address that a request that was received had been sent to: one of this machine or of a
 * group, or 255.255.255.255 for a broadcast. It is "" for a request of one's own.
 *
 * Returns: the address
 *
 * Since: 1.0
 */
const char *
gcoap_request_get_destination_address (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  if (is_outgoing (self))
    return "";

  if (self->destination_address == NULL)
    self->destination_address = gcoap_address_get_host (&self->local);

  return self->destination_address;
}

/**
 * gcoap_request_get_etag: (get-property etag)
 * @self: the request
 *
 * The value of the first ETag option (RFC 7252 section 5.10.6); %NULL if there is none.
 *
 * Returns: (transfer none) (nullable): the 1 to 8 bytes
 *
 * Since: 1.0
 */
GBytes *
gcoap_request_get_etag (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  if (self->etag == NULL)
    self->etag = gcoap_message_dup_option (peek_message (self), GCOAP_OPTION_NUMBER_ETAG);

  return self->etag;
}

/**
 * gcoap_request_get_method: (get-property method)
 * @self: the request
 *
 * The method code, 1 to 31 as in [enum@Method], or 0 for a ping.
 *
 * Returns: 0 to 31
 *
 * Since: 1.0
 */
guint
gcoap_request_get_method (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), 0);

  return gcoap_message_get_code (peek_message (self));
}

/**
 * gcoap_request_get_options: (get-property options)
 * @self: the request
 *
 * The options, a list of [class@Option] that does not change.
 *
 * Returns: (transfer none): the list
 *
 * Since: 1.0
 */
GListModel *
gcoap_request_get_options (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  if (self->options == NULL)
    self->options = gcoap_message_list_options (peek_message (self));

  return self->options;
}

/**
 * gcoap_request_get_payload: (get-property payload)
 * @self: the request
 *
 * The payload; %NULL if there is none.
 *
 * Returns: (transfer none) (nullable): the bytes
 *
 * Since: 1.0
 */
GBytes *
gcoap_request_get_payload (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  return gcoap_message_get_payload (peek_message (self));
}

/**
 * gcoap_request_get_remote_host: (get-property remote-host)
 * @self: the request
 *
 * The IP address of the peer; of a request that has not been sent yet, the host of its URI.
 *
 * Returns: the address
 *
 * Since: 1.0
 */
const char *
gcoap_request_get_remote_host (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  if (self->remote_host == NULL)
    self->remote_host = self->remote.port != 0 ? gcoap_address_get_host (&self->remote)
                                               : dup_default_host (self);

  return self->remote_host;
}

/**
 * gcoap_request_get_remote_port: (get-property remote-port)
 * @self: the request
 *
 * The UDP port of the peer.
 *
 * Returns: 1 to 65535
 *
 * Since: 1.0
 */
guint
gcoap_request_get_remote_port (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), 0);

  return self->remote.port != 0 ? self->remote.port : get_default_port (self);
}

/**
 * gcoap_request_get_request_id: (get-property request-id)
 * @self: the request
 *
 * The id by which [method@Endpoint.cancel_request] and [method@Endpoint.send_response] know
 * the request.
 *
 * Returns: the id
 *
 * Since: 1.0
 */
const char *
gcoap_request_get_request_id (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  if (self->request_id == NULL)
    self->request_id = g_strdup_printf ("%" G_GUINT64_FORMAT, self->serial);

  return self->request_id;
}

/**
 * gcoap_request_get_response: (get-property response)
 * @self: the request
 *
 * The response to a request that was sent, once there is one.
 *
 * Returns: (transfer none) (nullable): the response; %NULL while there is none
 *
 * Since: 1.0
 */
GCoapMessage *
gcoap_request_get_response (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  return self->response;
}

/**
 * gcoap_request_get_send_response: (get-property send-response)
 * @self: the request
 *
 * Whether the response is sent when the handlers of [signal@Endpoint::request] have returned.
 *
 * A handler that needs more time sets it to %FALSE and calls [method@Endpoint.send_response]
 * later.
 *
 * Returns: %TRUE if it is
 *
 * Since: 1.0
 */
gboolean
gcoap_request_get_send_response (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), FALSE);

  return self->send_response;
}

/**
 * gcoap_request_set_send_response: (set-property send-response)
 * @self: the request
 * @send_response: whether to send the response when the handlers have returned
 *
 * Lets a handler of [signal@Endpoint::request] put off the response.
 *
 * Since: 1.0
 */
void
gcoap_request_set_send_response (GCoapRequest *self,
                                 gboolean      send_response)
{
  g_return_if_fail (GCOAP_IS_REQUEST (self));

  send_response = !!send_response;
  if (self->send_response == send_response)
    return;

  self->send_response = send_response;
  gcoap_request_notify (self, GCOAP_REQUEST_PROP_SEND_RESPONSE);
}

/**
 * gcoap_request_dup_text:
 * @self: the request
 *
 * The payload as text.
 *
 * Returns: (transfer full) (nullable): the text, "" where there is no payload; %NULL if the
 *   payload is not UTF-8
 *
 * Since: 1.0
 */
char *
gcoap_request_dup_text (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  return gcoap_message_dup_text (peek_message (self));
}

/**
 * gcoap_request_get_token: (get-property token)
 * @self: the request
 *
 * The token as hexadecimal digits.
 *
 * Returns: the text, "" for an empty token
 *
 * Since: 1.0
 */
const char *
gcoap_request_get_token (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  if (self->token == NULL)
    {
      g_autoptr (GCoapOption) hex =
        gcoap_option_new_from_bytes (0, gcoap_request_get_token_bytes (self));

      self->token = g_strdup (gcoap_option_get_value (hex));
    }

  return self->token;
}

/**
 * gcoap_request_get_token_bytes: (get-property token-bytes)
 * @self: the request
 *
 * The token (RFC 7252 section 5.3.1).
 *
 * Returns: (transfer none): the 0 to 8 bytes
 *
 * Since: 1.0
 */
GBytes *
gcoap_request_get_token_bytes (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  if (self->token_bytes == NULL)
    self->token_bytes = gcoap_message_dup_token (peek_message (self));
  if (self->token_bytes == NULL)
    self->token_bytes = g_bytes_new (NULL, 0);

  return self->token_bytes;
}

/**
 * gcoap_request_get_upload_size: (get-property upload-size)
 * @self: the request
 *
 * How many bytes the body has that is to come.
 *
 * Returns: the number; -1 where the client does not tell
 *
 * Since: 1.0
 */
gint64
gcoap_request_get_upload_size (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), -1);

  return self->upload_size;
}

void
gcoap_request_set_upload_size (GCoapRequest *self,
                               gint64        upload_size)
{
  self->upload_size = upload_size;
}

/**
 * gcoap_request_get_upload_stream: (get-property upload-stream)
 * @self: the request
 *
 * Where the body goes, or has gone.
 *
 * Returns: (transfer none) (nullable): the stream; %NULL where the body comes with the request
 *
 * Since: 1.0
 */
GOutputStream *
gcoap_request_get_upload_stream (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  return self->upload_stream;
}

/**
 * gcoap_request_set_upload_stream: (set-property upload-stream)
 * @self: the request
 * @upload_stream: (nullable): where to write the body; %NULL to have it with the request
 *
 * Sets [property@Request:upload-stream]. It matters in a handler of [signal@Endpoint::upload].
 *
 * Since: 1.0
 */
void
gcoap_request_set_upload_stream (GCoapRequest  *self,
                                 GOutputStream *upload_stream)
{
  g_return_if_fail (GCOAP_IS_REQUEST (self));
  g_return_if_fail (upload_stream == NULL || G_IS_OUTPUT_STREAM (upload_stream));

  if (g_set_object (&self->upload_stream, upload_stream))
    gcoap_request_notify (self, GCOAP_REQUEST_PROP_UPLOAD_STREAM);
}

/**
 * gcoap_request_set_upload_file:
 * @self: the request
 * @file: where the body is to be
 * @error: return location for an error
 *
 * Sets [property@Request:upload-stream] to one that makes or replaces a file.
 *
 * It is written under another name in the same folder, which begins with a dot, and renamed when
 * all is there, before [signal@Endpoint::request] is emitted. So @file is always a whole body: an
 * upload that fails leaves it as it was, or not there. A file that is replaced hands its
 * permissions on; a symbolic link is replaced itself.
 *
 * Fails with an error of [error@Gio.IOErrorEnum], such as %G_IO_ERROR_PERMISSION_DENIED, and
 * leaves the property alone.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_request_set_upload_file (GCoapRequest  *self,
                               GFile         *file,
                               GError       **error)
{
  g_autoptr (GOutputStream) stream = NULL;

  g_return_val_if_fail (GCOAP_IS_REQUEST (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  stream = gcoap_upload_file_new (file, error);
  if (stream == NULL)
    return FALSE;

  gcoap_request_set_upload_stream (self, stream);

  return TRUE;
}

/**
 * gcoap_request_get_uri: (get-property uri)
 * @self: the request
 *
 * The URI of the resource, composed as RFC 7252 section 6.5 says.
 *
 * Returns: the URI
 *
 * Since: 1.0
 */
const char *
gcoap_request_get_uri (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  if (self->uri == NULL)
    {
      GCoapOptions *options = gcoap_message_get_options (peek_message (self));
      g_autofree char *host = dup_default_host (self);

      self->uri = gcoap_uri_compose (host, get_default_port (self),
                                     options->data, options->length);
    }

  return self->uri;
}

/**
 * gcoap_request_get_uri_host: (get-property uri-host)
 * @self: the request
 *
 * The host of the URI: the Uri-Host option, or the IP address that was asked.
 *
 * Returns: the host, without brackets
 *
 * Since: 1.0
 */
const char *
gcoap_request_get_uri_host (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  if (self->uri_host == NULL)
    self->uri_host = gcoap_message_dup_string_option (peek_message (self),
                                                      GCOAP_OPTION_NUMBER_URI_HOST);
  if (self->uri_host == NULL)
    self->uri_host = dup_default_host (self);

  return self->uri_host;
}

/**
 * gcoap_request_get_uri_path: (get-property uri-path)
 * @self: the request
 *
 * The path of the URI, percent-encoded, from "/".
 *
 * Returns: the path
 *
 * Since: 1.0
 */
const char *
gcoap_request_get_uri_path (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  if (self->uri_path == NULL)
    {
      GCoapOptions *options = gcoap_message_get_options (peek_message (self));

      self->uri_path = gcoap_uri_compose_path (options->data, options->length);
    }

  return self->uri_path;
}

/**
 * gcoap_request_get_uri_port: (get-property uri-port)
 * @self: the request
 *
 * The port of the URI.
 *
 * Returns: 1 to 65535
 *
 * Since: 1.0
 */
guint
gcoap_request_get_uri_port (GCoapRequest *self)
{
  GCoapOptionIter iter;
  guint32 port;

  g_return_val_if_fail (GCOAP_IS_REQUEST (self), 0);

  if (find_option (self, GCOAP_OPTION_NUMBER_URI_PORT, &iter) &&
      gcoap_option_decode_uint (iter.value, iter.length, &port) && port != 0)
    return port;

  return get_default_port (self);
}

/**
 * gcoap_request_get_uri_query: (get-property uri-query)
 * @self: the request
 *
 * The query of the URI, percent-encoded, without "?"; "" if there is none.
 *
 * Returns: the query
 *
 * Since: 1.0
 */
const char *
gcoap_request_get_uri_query (GCoapRequest *self)
{
  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  if (self->uri_query == NULL)
    {
      GCoapOptions *options = gcoap_message_get_options (peek_message (self));

      self->uri_query = gcoap_uri_compose_query (options->data, options->length);
    }

  return self->uri_query != NULL ? self->uri_query : "";
}

guint64
gcoap_request_get_serial (GCoapRequest *self)
{
  return self->serial;
}

guint64
gcoap_request_get_exchange (GCoapRequest *self)
{
  return self->exchange_id;
}

GCoapMessage *
gcoap_request_get_message (GCoapRequest *self)
{
  return peek_message (self);
}

/* Before it was sent, the request may have been asked for the token that it did not have yet. */
static void
forget_token (GCoapRequest *self)
{
  if (self->token_bytes == NULL || g_bytes_get_size (self->token_bytes) > 0)
    return;

  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->token_bytes, g_bytes_unref);
  gcoap_request_notify (self, GCOAP_REQUEST_PROP_TOKEN);
  gcoap_request_notify (self, GCOAP_REQUEST_PROP_TOKEN_BYTES);
}

void
gcoap_request_set_remote (GCoapRequest       *self,
                          const GCoapAddress *remote)
{
  if (gcoap_address_equal (&self->remote, remote))
    return;

  g_object_freeze_notify (G_OBJECT (self));
  self->remote = *remote;
  g_clear_pointer (&self->remote_host, g_free);
  gcoap_request_notify (self, GCOAP_REQUEST_PROP_REMOTE_HOST);
  gcoap_request_notify (self, GCOAP_REQUEST_PROP_REMOTE_PORT);
  forget_token (self);
  g_object_thaw_notify (G_OBJECT (self));
}

/* Takes over the reference to @response. */
void
gcoap_request_take_response (GCoapRequest *self,
                             GCoapMessage *response)
{
  self->response = response;
  gcoap_request_notify (self, GCOAP_REQUEST_PROP_RESPONSE);
}

guint64
gcoap_request_parse_id (const char *id)
{
  guint64 serial;

  return g_ascii_string_to_unsigned (id, 10, 1, G_MAXUINT64, &serial, NULL) ? serial : 0;
}
