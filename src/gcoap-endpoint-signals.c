/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-endpoint-private.h"

#include "gcoap/gcoap-enum-types.h"
#include "gcoap/gcoap-error.h"

/* The signals of the endpoint, and how each is emitted. */

static guint signals[GCOAP_ENDPOINT_SIGNAL_UPLOAD + 1];

gboolean
gcoap_endpoint_has_handler (GCoapEndpoint       *self,
                            GCoapEndpointSignal  signal,
                            GQuark               detail)
{
  return g_signal_has_handler_pending (self, signals[signal], detail, FALSE);
}

/* Trouble of sockets and resolvers has no number of its own. */
static int
get_error_code (const GError *error)
{
  return error->domain == GCOAP_ERROR ? error->code : GCOAP_ERROR_REJECTED;
}

void
gcoap_endpoint_emit_error (GCoapEndpoint *self,
                           const GError  *error)
{
  gcoap_endpoint_log (self, GCOAP_LOG_LEVEL_INFO, "%s", error->message);
  g_signal_emit (self, signals[GCOAP_ENDPOINT_SIGNAL_ERROR], 0,
                 get_error_code (error), error->message);
}

void
gcoap_endpoint_emit_notification (GCoapEndpoint     *self,
                                  GCoapNotification *notification)
{
  g_signal_emit (self, signals[GCOAP_ENDPOINT_SIGNAL_NOTIFICATION], 0, notification);
}

void
gcoap_endpoint_emit_request (GCoapEndpoint       *self,
                             GCoapEndpointSignal  signal,
                             GQuark               path,
                             GCoapRequest        *request)
{
  g_signal_emit (self, signals[signal], path, request);
}

void
gcoap_endpoint_emit_complete (GCoapEndpoint       *self,
                              GCoapEndpointSignal  signal,
                              GCoapRequest        *request,
                              const GError        *error)
{
  g_signal_emit (self, signals[signal], 0, request,
                 error != NULL ? get_error_code (error) : 0,
                 error != NULL ? error->message : "");
}

/* Who sets G_MESSAGES_DEBUG cannot change the program, and wants to see the messages. */
gboolean
gcoap_endpoint_logs_messages (GCoapEndpoint *self)
{
  return self->settings.log_level >= GCOAP_LOG_LEVEL_VERBOSE ||
         (self->settings.log_level > GCOAP_LOG_LEVEL_NONE &&
          !g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN));
}

void
gcoap_endpoint_log (GCoapEndpoint *self,
                    GCoapLogLevel  level,
                    const char    *format,
                    ...)
{
  gboolean has_handler;
  g_autofree char *line = NULL;
  va_list args;

  if (self->settings.log_level == GCOAP_LOG_LEVEL_NONE)
    return;

  has_handler = gcoap_endpoint_has_handler (self, GCOAP_ENDPOINT_SIGNAL_LOG, 0);
  if (has_handler ? level > self->settings.log_level
                  : g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    return;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);

  if (self->settings.mask_sensitive)
    {
      g_autofree char *bare = g_steal_pointer (&line);

      line = gcoap_log_mask_uris (bare);
    }

  if (has_handler)
    g_signal_emit (self, signals[GCOAP_ENDPOINT_SIGNAL_LOG], 0, level, line);
  else
    g_debug ("%s", line);
}

void
gcoap_endpoint_install_signals (GObjectClass *object_class)
{
  GType type = G_OBJECT_CLASS_TYPE (object_class);

  /**
   * GCoapEndpoint::error:
   * @self: the endpoint
   * @code: a number of [error@Error]
   * @description: what happened
   *
   * Emitted for what goes wrong and belongs to no request of this endpoint: a datagram that is
   * malformed, or larger than the setting `MaxPacketSize`; a response that could not be made of
   * what a handler set, or is too large to be sent; a text that has no counterpart in the
   * `CodePage`.
   *
   * Since: 1.0
   */
  signals[GCOAP_ENDPOINT_SIGNAL_ERROR] =
    g_signal_new ("error", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING);

  /**
   * GCoapEndpoint::log:
   * @self: the endpoint
   * @level: how detailed the message is
   * @message: the message
   *
   * Emitted for each log message up to the level of the setting `LogLevel`.
   *
   * Without a handler they go to GLib's log as debug messages of the domain `GCoap`, which
   * `G_MESSAGES_DEBUG=GCoap` in the environment shows, and with them a line for each message sent
   * or received, unless `LogLevel` is 0.
   *
   * Since: 1.0
   */
  signals[GCOAP_ENDPOINT_SIGNAL_LOG] =
    g_signal_new ("log", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, GCOAP_TYPE_LOG_LEVEL, G_TYPE_STRING);

  /**
   * GCoapEndpoint::notification:
   * @self: the endpoint
   * @notification: which resource it is about
   *
   * Emitted for each new state of a resource that [method@Endpoint.start_observing] observes, the
   * first one included. The `Response*` properties hold the state.
   *
   * States may overtake each other: see [property@Notification:is-latest]. A handler may set
   * [property@Notification:stop-observing].
   *
   * Since: 1.0
   */
  signals[GCOAP_ENDPOINT_SIGNAL_NOTIFICATION] =
    g_signal_new ("notification", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, GCOAP_TYPE_NOTIFICATION);

  /**
   * GCoapEndpoint::register:
   * @self: the endpoint
   * @request: the registration
   *
   * Emitted in place of [signal@Endpoint::request] for a request that asks to observe its resource
   * (RFC 7641 section 4.1). The detail is the path.
   *
   * A handler sets the `Response*` properties as for any request, and [property@Request:accept] to
   * %TRUE if it will tell of new states with [method@Endpoint.send_notification], or where the
   * request is a FETCH, with [method@Endpoint.send_notification_for]. The response is sent in both
   * cases. Where nobody listens to this signal, the registration comes as a request.
   *
   * Since: 1.0
   */
  signals[GCOAP_ENDPOINT_SIGNAL_REGISTER] =
    g_signal_new ("register", type, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, GCOAP_TYPE_REQUEST);

  /**
   * GCoapEndpoint::request:
   * @self: the endpoint
   * @request: the request
   *
   * Emitted for each request that comes while the endpoint is listening.
   *
   * The detail is the path, as in `request::/sensors/temperature`; a handler without a detail gets
   * all requests. A path that nobody handles is answered 4.04.
   *
   * The `Request*` properties hold the request, and the `Response*` properties are empty. What they
   * hold when the handlers have returned is the response: data without a code is 2.05, and nothing
   * at all is answered 5.01, with an [signal@Endpoint::error]. Then they are empty again.
   *
   * A handler that needs time sets [property@Request:send-response] to %FALSE, and calls
   * [method@Endpoint.send_response] later.
   *
   * Since: 1.0
   */
  signals[GCOAP_ENDPOINT_SIGNAL_REQUEST] =
    g_signal_new ("request", type, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, GCOAP_TYPE_REQUEST);

  /**
   * GCoapEndpoint::request-complete:
   * @self: the endpoint
   * @request: the request
   * @error_code: 0 where a response of class 2 came; else a number of [error@Error]
   * @error_description: what went wrong, of %GCOAP_ERROR_ERROR_RESPONSE the response code; "" where
   *   all went well
   *
   * Emitted when a request of [method@Endpoint.get] or its kin is over, once for each, after the
   * `Response*` properties are set.
   *
   * Trouble of sockets or of name resolution is told as %GCOAP_ERROR_REJECTED, with the message of
   * the system.
   *
   * Since: 1.0
   */
  signals[GCOAP_ENDPOINT_SIGNAL_REQUEST_COMPLETE] =
    g_signal_new ("request-complete", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, GCOAP_TYPE_REQUEST, G_TYPE_INT, G_TYPE_STRING);

  /**
   * GCoapEndpoint::response-complete:
   * @self: the endpoint
   * @request: the request that was answered
   * @error_code: 0 where the response has left or, if it is confirmable, has arrived; else a number
   *   of [error@Error]
   * @error_description: what went wrong; "" where all went well
   *
   * Emitted when the response to a request is over, once for each.
   *
   * Since: 1.0
   */
  signals[GCOAP_ENDPOINT_SIGNAL_RESPONSE_COMPLETE] =
    g_signal_new ("response-complete", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, GCOAP_TYPE_REQUEST, G_TYPE_INT, G_TYPE_STRING);

  /**
   * GCoapEndpoint::unregistered:
   * @self: the endpoint
   * @request: the registration of the observer
   *
   * Emitted when an observer is gone: it has said so, has rejected or not acknowledged a
   * notification, or the endpoint has ended the observation.
   *
   * Since: 1.0
   */
  signals[GCOAP_ENDPOINT_SIGNAL_UNREGISTERED] =
    g_signal_new ("unregistered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, GCOAP_TYPE_REQUEST);

  /**
   * GCoapEndpoint::upload:
   * @self: the endpoint
   * @request: the request whose body is to come, with all but that
   *
   * Emitted when the first of several blocks of a request's body has come (RFC 7959 section 2.5).
   * The detail is the path.
   *
   * A handler that wants the body as a stream sets [property@Request:upload-stream], and each block
   * is written there as it comes. When all is written and the stream is closed,
   * [signal@Endpoint::request] follows with the same stream and without a payload. If the upload
   * fails, or the endpoint stops listening, the stream is closed as one that was cancelled.
   * [method@Request.set_upload_file] sets one to a file, which then is as it was, or not there.
   * `MaxBodySize` does not matter then.
   *
   * A handler that sets [property@Endpoint:response-code] refuses the upload with it, before more
   * than a block has been sent. Where no handler does either, the body is gathered and comes with
   * the request. So does one that fits into a block, for which this is not emitted.
   *
   * Since: 1.0
   */
  signals[GCOAP_ENDPOINT_SIGNAL_UPLOAD] =
    g_signal_new ("upload", type, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, GCOAP_TYPE_REQUEST);
}
