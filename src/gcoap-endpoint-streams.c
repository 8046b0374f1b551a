/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-endpoint-private.h"

#include "gcoap-body-reader-private.h"
#include "gcoap-body-writer-private.h"
#include "gcoap/gcoap-code.h"

/* The server half of streams: uploads that go to one, and responses that come from one. */

#define ETAG_LENGTH 8

/* The body of a request on its way to a stream. */
typedef struct
{
  GCoapEndpoint   *endpoint; /* (not owned) */
  guint64          id;
  GCoapBodyWriter *writer;   /* (owned) (nullable) until the handlers have decided */
} GCoapIncoming;

/* The body of a response on its way from a stream. */
typedef struct
{
  GCoapEndpoint   *endpoint; /* (not owned) */
  guint64          id;
  GCoapBodyReader *reader;   /* (owned) */
} GCoapOutgoing;

static void
incoming_free (gpointer data)
{
  GCoapIncoming *incoming = data;

  gcoap_body_writer_free (incoming->writer, TRUE);
  g_free (incoming);
}

static void
outgoing_free (gpointer data)
{
  GCoapOutgoing *outgoing = data;

  gcoap_body_reader_free (outgoing->reader, TRUE);
  g_free (outgoing);
}

GHashTable *
gcoap_endpoint_streams_make_incoming (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, incoming_free);
}

GHashTable *
gcoap_endpoint_streams_make_outgoing (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, outgoing_free);
}

static void
report (GCoapEndpoint *self,
        const GError  *error)
{
  g_autoptr (GCoapEndpoint) endpoint = g_object_ref (self);

  gcoap_endpoint_emit_error (endpoint, error);
  gcoap_driver_pump (endpoint->driver);
}

/* A stream that cannot be written ends the upload, whose client is not to blame. */
static void
written_cb (gpointer      owner,
            const GError *error)
{
  GCoapIncoming *incoming = owner;
  GCoapEndpoint *self = incoming->endpoint;
  guint64 id = incoming->id;

  if (error == NULL)
    {
      gcoap_driver_continue (self->driver, id);
      gcoap_driver_pump (self->driver);
      return;
    }

  g_hash_table_remove (self->incoming, &id);
  gcoap_driver_refuse (self->driver, id, GCOAP_CODE_INTERNAL_SERVER_ERROR);
  report (self, error);
}

/* Who has stopped listening can serve no more blocks than that one. */
static void
supply (GCoapEndpoint *self,
        guint64        id,
        GBytes        *part,
        gsize          offset,
        gboolean       is_last)
{
  g_autoptr (GCoapEndpoint) endpoint = g_object_ref (self);

  gcoap_driver_supply (endpoint->driver, id, part, offset, is_last);
  gcoap_driver_pump (endpoint->driver);
  if (endpoint->listening)
    return;

  gcoap_driver_cancel (endpoint->driver, id);
  g_hash_table_remove (endpoint->outgoing, &id);
  gcoap_endpoint_close_if_unused (endpoint);
}

static void
read_cb (gpointer      owner,
         GBytes       *part,
         gsize         offset,
         gboolean      is_last,
         const GError *error)
{
  GCoapOutgoing *outgoing = owner;
  GCoapEndpoint *self = outgoing->endpoint;

  if (error == NULL)
    {
      supply (self, outgoing->id, part, offset, is_last);
      return;
    }

  gcoap_driver_supply (self->driver, outgoing->id, NULL, offset, FALSE);
  report (self, error);
}

static void
write_part (GCoapIncoming *incoming,
            GCoapMessage  *message,
            gboolean       is_last)
{
  GBytes *payload = gcoap_message_get_payload (message);
  gsize length = 0;
  gconstpointer data = payload != NULL ? g_bytes_get_data (payload, &length) : NULL;

  gcoap_body_writer_write (incoming->writer, data, length, is_last, TRUE);
}

static void
begin (GCoapIncoming *incoming,
       GCoapEvent    *event,
       GOutputStream *stream)
{
  GMainContext *context = gcoap_driver_get_context (incoming->endpoint->driver);

  incoming->writer = gcoap_body_writer_new (stream, context, written_cb, incoming);
  write_part (incoming, event->message, FALSE);
}

/* Closes a stream that was given for a body that does not come. */
static void
discard (GCoapEndpoint *self,
         GOutputStream *stream)
{
  GMainContext *context = gcoap_driver_get_context (self->driver);

  gcoap_body_writer_free (gcoap_body_writer_new (stream, context, NULL, NULL), TRUE);
}

/* The upload may end while handlers are told of it, if one of them iterates the context. */
static void
expect (GCoapEndpoint *self,
        guint64        id)
{
  GCoapIncoming *incoming = g_new0 (GCoapIncoming, 1);

  incoming->endpoint = self;
  incoming->id = id;
  g_hash_table_insert (self->incoming, &incoming->id, incoming);
}

/* The request as its handlers see it before its body has come. */
static GCoapMessage *
make_head (GCoapMessage *message)
{
  GCoapFrame frame;

  gcoap_message_get_frame (message, &frame);
  frame.payload_length = 0;

  return gcoap_message_new_from_frame (&frame);
}

/* A code that is none is no consent. */
static guint
get_refusal (GCoapEndpoint  *self,
             GError        **error)
{
  const char *text = gcoap_fields_get_code (&self->response_fields);
  guint code;

  if (*text == '\0')
    return 0;

  return gcoap_endpoint_parse_response_code (text, &code, error)
         ? code
         : GCOAP_CODE_INTERNAL_SERVER_ERROR;
}

/* What the handlers have decided: a code to refuse with, a stream, or neither. */
static guint
offer (GCoapEndpoint  *self,
       GCoapEvent     *event,
       GQuark          path,
       GOutputStream **out_stream)
{
  g_autoptr (GCoapMessage) head = make_head (event->message);
  g_autoptr (GCoapRequest) request = gcoap_request_new_blank ();
  g_autoptr (GError) error = NULL;
  GCoapFields saved[2];
  guint refusal;

  gcoap_request_fill_incoming (request, ++self->last_serial, event->id, head, &event->remote,
                               &event->local);
  gcoap_request_set_upload_size (request, event->size);
  gcoap_endpoint_save_all_fields (self, saved);
  gcoap_endpoint_fill_for_request (self, head);

  gcoap_endpoint_emit_request (self, GCOAP_ENDPOINT_SIGNAL_UPLOAD, path, request);
  refusal = get_refusal (self, &error);
  *out_stream = gcoap_request_get_upload_stream (request);
  if (*out_stream != NULL)
    g_object_ref (*out_stream);

  gcoap_endpoint_restore_all_fields (self, saved);
  if (error != NULL)
    gcoap_endpoint_emit_error (self, error);

  return refusal;
}

static void
ask_handlers (GCoapEndpoint *self,
              GCoapEvent    *event,
              GQuark         path)
{
  g_autoptr (GOutputStream) stream = NULL;
  GCoapIncoming *incoming;
  guint refusal;

  expect (self, event->id);
  refusal = offer (self, event, path, &stream);
  incoming = g_hash_table_lookup (self->incoming, &event->id);
  if (incoming != NULL && refusal == 0 && stream != NULL)
    {
      begin (incoming, event, stream);
      return;
    }

  if (stream != NULL)
    discard (self, stream);
  g_hash_table_remove (self->incoming, &event->id);
  if (refusal != 0)
    gcoap_driver_refuse (self->driver, event->id, refusal);
  else
    gcoap_driver_collect (self->driver, event->id);
}

void
gcoap_endpoint_streams_upload (GCoapEndpoint *self,
                               GCoapEvent    *event)
{
  GQuark path = gcoap_endpoint_find_path (event->message);

  if (!self->listening)
    gcoap_driver_refuse (self->driver, event->id, GCOAP_CODE_SERVICE_UNAVAILABLE);
  else if (gcoap_endpoint_listens_to (self, GCOAP_ENDPOINT_SIGNAL_UPLOAD, path))
    ask_handlers (self, event, path);
  else
    gcoap_driver_collect (self->driver, event->id);
}

void
gcoap_endpoint_streams_part (GCoapEndpoint *self,
                             GCoapEvent    *event)
{
  GCoapIncoming *incoming = g_hash_table_lookup (self->incoming, &event->id);

  if (incoming != NULL && incoming->writer != NULL)
    write_part (incoming, event->message, event->is_last);
}

void
gcoap_endpoint_streams_claim (GCoapEndpoint *self,
                              guint64        upload,
                              GCoapRequest  *request)
{
  GCoapIncoming *incoming = g_hash_table_lookup (self->incoming, &upload);

  if (incoming == NULL)
    return;

  gcoap_request_set_upload_stream (request, gcoap_body_writer_get_stream (incoming->writer));
  g_hash_table_steal (self->incoming, &upload);
  gcoap_body_writer_free (incoming->writer, FALSE);
  g_free (incoming);
}

void
gcoap_endpoint_streams_forget (GCoapEndpoint *self,
                               guint64        upload)
{
  g_hash_table_remove (self->incoming, &upload);
}

/* The stream is that of the Response* properties, and no other response can have it too. */
gboolean
gcoap_endpoint_streams_respond (GCoapEndpoint     *self,
                                guint64            exchange_id,
                                const GCoapFrame  *response,
                                GError           **error)
{
  GCoapOutgoing *outgoing = g_new0 (GCoapOutgoing, 1);
  gint64 size;

  outgoing->endpoint = self;
  outgoing->reader =
    gcoap_body_reader_new (self->response_fields.stream, gcoap_driver_get_context (self->driver),
                           4 * self->settings.protocol.block_size, read_cb, outgoing);
  size = gcoap_body_reader_get_size (outgoing->reader);
  if (!gcoap_endpoint_check_size (self, size, error))
    {
      gcoap_body_reader_free (outgoing->reader, FALSE);
      g_free (outgoing);
      return FALSE;
    }

  gcoap_endpoint_set_response_stream (self, NULL);
  outgoing->id = gcoap_driver_respond_with_stream (self->driver, exchange_id, response, size,
                                                   self->use_confirmable_messages);
  if (outgoing->id != 0)
    g_hash_table_insert (self->outgoing, &outgoing->id, outgoing);
  else
    outgoing_free (outgoing);

  return TRUE;
}

void
gcoap_endpoint_streams_wanted (GCoapEndpoint *self,
                               GCoapEvent    *event)
{
  GCoapOutgoing *outgoing = g_hash_table_lookup (self->outgoing, &event->id);

  if (outgoing != NULL)
    gcoap_body_reader_read (outgoing->reader, event->offset);
  else
    gcoap_driver_supply (self->driver, event->id, NULL, event->offset, FALSE);
}

void
gcoap_endpoint_streams_over (GCoapEndpoint *self,
                             GCoapEvent    *event)
{
  g_hash_table_remove (self->incoming, &event->id);
  g_hash_table_remove (self->outgoing, &event->id);
  gcoap_endpoint_close_if_unused (self);
}

static gboolean
refuse (gpointer key,
        gpointer value,
        gpointer user_data)
{
  GCoapIncoming *incoming = value;

  gcoap_driver_refuse (incoming->endpoint->driver, incoming->id, GCOAP_CODE_SERVICE_UNAVAILABLE);

  return TRUE;
}

static gboolean
end (gpointer key,
     gpointer value,
     gpointer user_data)
{
  GCoapOutgoing *outgoing = value;

  gcoap_driver_cancel (outgoing->endpoint->driver, outgoing->id);

  return TRUE;
}

static gboolean
end_if_idle (gpointer key,
             gpointer value,
             gpointer user_data)
{
  GCoapOutgoing *outgoing = value;

  return !gcoap_body_reader_is_reading (outgoing->reader) && end (key, value, user_data);
}

/* What is being read is for requests that have come already. */
void
gcoap_endpoint_streams_stop (GCoapEndpoint *self)
{
  g_hash_table_foreach_remove (self->incoming, refuse, NULL);
  g_hash_table_foreach_remove (self->outgoing, end_if_idle, NULL);
}

void
gcoap_endpoint_streams_end_all (GCoapEndpoint *self)
{
  g_hash_table_foreach_remove (self->incoming, refuse, NULL);
  g_hash_table_foreach_remove (self->outgoing, end, NULL);
}

/**
 * gcoap_endpoint_get_response_stream: (get-property response-stream)
 * @self: the endpoint
 *
 * Where the body of the next response is read from.
 *
 * Returns: (transfer none) (nullable): the stream; %NULL where the body is
 *   [property@Endpoint:response-data]
 *
 * Since: 1.0
 */
GInputStream *
gcoap_endpoint_get_response_stream (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  return self->response_fields.stream;
}

/**
 * gcoap_endpoint_set_response_stream: (set-property response-stream)
 * @self: the endpoint
 * @response_stream: (nullable): where to read the body from; %NULL for
 *   [property@Endpoint:response-data]
 *
 * Has the body of the next response read from a stream, from where it is to its end, as the client
 * asks for the blocks (RFC 7959 section 2.4).
 *
 * However large the body, no more than a few blocks of it are in memory. The client can go back,
 * and is told the size if it asks, only if the stream can seek. The stream is closed when the last
 * block has been sent, or when the client has given up (see the setting `TransferTimeout`).
 *
 * What has an ETag should have it set, so that the client notices if the blocks come to be of two
 * transfers. A notification cannot have a stream.
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_response_stream (GCoapEndpoint *self,
                                    GInputStream  *response_stream)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));
  g_return_if_fail (response_stream == NULL || G_IS_INPUT_STREAM (response_stream));

  if (gcoap_fields_set_stream (&self->response_fields, response_stream))
    gcoap_endpoint_notify (self, GCOAP_ENDPOINT_PROP_RESPONSE_STREAM);
}

/* An opaque name for this state of a file, from what the file system tells of it. */
static GBytes *
make_etag (GFileInputStream *stream)
{
  g_autoptr (GFileInfo) info =
    g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_ETAG_VALUE ","
                                            G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, NULL);
  const char *tag = info != NULL ? g_file_info_get_etag (info) : NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  goffset size;

  if (tag == NULL)
    return NULL;

  size = g_file_info_get_size (info);
  g_checksum_update (checksum, (const guchar *) tag, -1);
  g_checksum_update (checksum, (const guchar *) &size, sizeof size);
  g_checksum_get_digest (checksum, digest, &length);

  return g_bytes_new (digest, ETAG_LENGTH);
}

/**
 * gcoap_endpoint_set_response_file:
 * @self: the endpoint
 * @file: the file
 * @error: return location for an error
 *
 * Opens a file and sets [property@Endpoint:response-stream] to it, and
 * [property@Endpoint:response-etag] to a name for its present state.
 *
 * Fails with an error of [error@Gio.IOErrorEnum], such as %G_IO_ERROR_NOT_FOUND.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_set_response_file (GCoapEndpoint  *self,
                                  GFile          *file,
                                  GError        **error)
{
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GBytes) etag = NULL;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  stream = g_file_read (file, NULL, error);
  if (stream == NULL)
    return FALSE;

  etag = make_etag (stream);
  gcoap_endpoint_set_response_stream (self, G_INPUT_STREAM (stream));
  gcoap_endpoint_set_response_etag (self, etag);

  return TRUE;
}
