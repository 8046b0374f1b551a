/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-call-streams-private.h"

#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-content-format.h"
#include "gcoap/gcoap-option-number.h"

/* The client half of streams: bodies of any size that are never in memory as a whole. */

gboolean
gcoap_endpoint_transfer_part (GCoapEndpoint *self,
                              GCoapEvent    *event)
{
  g_autoptr (GCoapCall) call = gcoap_endpoint_client_find_call (self, event->id);

  if (call == NULL)
    return FALSE;

  gcoap_call_streams_take (call, event);

  return TRUE;
}

gboolean
gcoap_endpoint_transfer_wanted (GCoapEndpoint *self,
                                GCoapEvent    *event)
{
  g_autoptr (GCoapCall) call = gcoap_endpoint_client_find_call (self, event->id);

  if (call == NULL)
    return FALSE;

  gcoap_call_streams_give (call, event);

  return TRUE;
}

/* NULL: the task has its error. */
static GCoapMessage *
make_message (GCoapEndpoint *self,
              GTask         *task,
              guint          method,
              const char    *uri)
{
  GCoapMessage *message = NULL;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return NULL;

  if (gcoap_endpoint_client_check_mode (self, &error))
    message = gcoap_message_new_request (method, uri, &error);
  if (message == NULL)
    g_task_return_error (task, error);

  return message;
}

/* Without a message it is over already. */
static void
run (GCoapEndpoint         *self,
     GTask                 *task,
     GCoapMessage          *message,
     GInputStream          *input,
     GOutputStream         *output,
     GFileProgressCallback  progress_callback,
     gpointer               progress_data,
     GDestroyNotify         progress_destroy)
{
  g_autoptr (GCoapCall) call = NULL;

  if (message == NULL)
    {
      if (progress_destroy != NULL)
        progress_destroy (progress_data);
      return;
    }

  call = gcoap_call_new (self, message);
  call->streams = gcoap_call_streams_new (call, input, output, progress_callback, progress_data,
                                          progress_destroy);
  gcoap_endpoint_client_run (self, call, task);
}

/**
 * gcoap_endpoint_download_async:
 * @self: the endpoint
 * @uri: the resource, `coap://host:port/path?query`
 * @stream: where the body is written
 * @cancellable: (nullable): what may cancel it
 * @progress_callback: (nullable) (scope notified) (closure progress_data)
 *   (destroy progress_destroy):
 *   told of each block: bytes so far, and the size of the whole or -1
 * @progress_data: data for @progress_callback
 * @progress_destroy: (nullable): frees @progress_data
 * @callback: (scope async) (closure user_data): called when it is over
 * @user_data: data for @callback
 *
 * Gets a resource of any size and writes it to a stream, block by block (RFC 7959 section 2.4).
 *
 * However large the body, no more than a few blocks of it are in memory: the next one is asked for
 * when there is room. So a slow stream slows the transfer down. The size is known if the server
 * tells it. `MaxBodySize` does not matter here.
 *
 * The stream is flushed at the end, and not closed. Only the body of a response of class 2 is
 * written; if the representation changes under way, the transfer fails, since what is written
 * cannot be taken back. What was written by then stays. To leave a file as it was if the download
 * fails, write to one of another name, and move it when all is there.
 *
 * The end is told when nothing is being written any more, so that the stream can be closed.
 *
 * Since: 1.0
 */
void
gcoap_endpoint_download_async (GCoapEndpoint         *self,
                               const char            *uri,
                               GOutputStream         *stream,
                               GCancellable          *cancellable,
                               GFileProgressCallback  progress_callback,
                               gpointer               progress_data,
                               GDestroyNotify         progress_destroy,
                               GAsyncReadyCallback    callback,
                               gpointer               user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GCoapMessage) message = NULL;

  g_return_if_fail (GCOAP_IS_ENDPOINT (self));
  g_return_if_fail (uri != NULL);
  g_return_if_fail (G_IS_OUTPUT_STREAM (stream));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, gcoap_endpoint_download_async);
  message = make_message (self, task, GCOAP_METHOD_GET, uri);
  if (message != NULL)
    gcoap_message_add_uint_option (message, GCOAP_OPTION_NUMBER_SIZE2, 0, NULL);
  run (self, task, message, NULL, stream, progress_callback, progress_data, progress_destroy);
}

/**
 * gcoap_endpoint_download_finish:
 * @self: the endpoint
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Gives the result of [method@Endpoint.download_async]: the response, whose code tells whether the
 * resource was there. Its payload is in the stream; that of an error response is in the message.
 *
 * Fails with %GCOAP_ERROR_INVALID_URI or %GCOAP_ERROR_INVALID_BLOCK (the blocks do not fit
 * together), with an error of the stream, and as [method@Endpoint.send_finish] does.
 *
 * Returns: (transfer full): the response, or %NULL with @error set
 *
 * Since: 1.0
 */
GCoapMessage *
gcoap_endpoint_download_finish (GCoapEndpoint  *self,
                                GAsyncResult   *result,
                                GError        **error)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * gcoap_endpoint_upload_async:
 * @self: the endpoint
 * @uri: the resource, `coap://host:port/path?query`
 * @stream: where the body is read from
 * @content_format: the Content-Format of the body, -1 to 65535, where -1 is none
 * @cancellable: (nullable): what may cancel it
 * @progress_callback: (nullable) (scope notified) (closure progress_data)
 *   (destroy progress_destroy):
 *   told of what has arrived: bytes so far, and the size of the whole or -1
 * @progress_data: data for @progress_callback
 * @progress_destroy: (nullable): frees @progress_data
 * @callback: (scope async) (closure user_data): called when it is over
 * @user_data: data for @callback
 *
 * Puts a body of any size that is read from a stream, block by block (RFC 7959 section 2.5).
 *
 * However large the body, no more than a few blocks of it are in memory: the stream is read as the
 * server takes the blocks. It is read from where it is to its end, and not closed. The server is
 * told the size if the stream can seek; and only then can the transfer begin anew with smaller
 * blocks once it is past the first few.
 *
 * The end is told when nothing is being read any more, so that the stream can be closed.
 *
 * Since: 1.0
 */
void
gcoap_endpoint_upload_async (GCoapEndpoint         *self,
                             const char            *uri,
                             GInputStream          *stream,
                             int                    content_format,
                             GCancellable          *cancellable,
                             GFileProgressCallback  progress_callback,
                             gpointer               progress_data,
                             GDestroyNotify         progress_destroy,
                             GAsyncReadyCallback    callback,
                             gpointer               user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GCoapMessage) message = NULL;

  g_return_if_fail (GCOAP_IS_ENDPOINT (self));
  g_return_if_fail (uri != NULL);
  g_return_if_fail (G_IS_INPUT_STREAM (stream));
  g_return_if_fail (content_format >= GCOAP_CONTENT_FORMAT_NONE && content_format <= G_MAXUINT16);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, gcoap_endpoint_upload_async);
  message = make_message (self, task, GCOAP_METHOD_PUT, uri);
  if (message != NULL)
    gcoap_message_set_content_format (message, content_format);
  run (self, task, message, stream, NULL, progress_callback, progress_data, progress_destroy);
}

/**
 * gcoap_endpoint_upload_finish:
 * @self: the endpoint
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Gives the result of [method@Endpoint.upload_async]: the response, whose code tells whether the
 * server has accepted the body.
 *
 * Fails with %GCOAP_ERROR_INVALID_URI or %GCOAP_ERROR_INVALID_BLOCK (the server loses the thread),
 * with %G_IO_ERROR_MESSAGE_TOO_LARGE (`BlockSize` limits a body to 2^20 blocks), with an error of
 * the stream, and as [method@Endpoint.send_finish] does.
 *
 * Returns: (transfer full): the response, or %NULL with @error set
 *
 * Since: 1.0
 */
GCoapMessage *
gcoap_endpoint_upload_finish (GCoapEndpoint  *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
