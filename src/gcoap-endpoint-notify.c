/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-endpoint-private.h"

#include <glib/gi18n-lib.h>

#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-error.h"

/* The server half of observing (RFC 7641): new states for those who have registered. */

static void
update_checksum (GChecksum    *checksum,
                 GCoapMessage *message)
{
  gint32 content_format = GINT32_TO_BE (gcoap_message_get_content_format (message));
  GCoapFrame frame;

  gcoap_message_get_frame (message, &frame);
  g_checksum_update (checksum, (const guchar *) &content_format, sizeof content_format);
  g_checksum_update (checksum, frame.payload, frame.payload_length);
}

/* What those have in common who get the same states: the URI, and of a FETCH what it asks for (RFC
 * 8132 section 2.4). The URI of a request has no fragment, so neither is taken for the other. */
char *
gcoap_endpoint_notify_make_topic (GCoapRequest *registration)
{
  GCoapMessage *message = gcoap_request_get_message (registration);
  const char *uri = gcoap_request_get_uri (registration);
  g_autoptr (GChecksum) checksum = NULL;

  if (gcoap_message_get_code (message) != GCOAP_METHOD_FETCH)
    return g_strdup (uri);

  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  update_checksum (checksum, message);

  return g_strconcat (uri, "#", g_checksum_get_string (checksum), NULL);
}

static GCoapObserverKey
get_key (const GCoapEvent *event)
{
  GCoapObserverKey key = { .remote = event->remote, .token_length = event->token_length };

  memcpy (key.token, event->token, sizeof key.token);

  return key;
}

void
gcoap_endpoint_notify_registered (GCoapEndpoint *self,
                                  GCoapEvent    *event)
{
  GCoapObserverKey key = get_key (event);

  if (self->observers != NULL)
    gcoap_observer_list_add (self->observers, &key);
}

void
gcoap_endpoint_notify_unregistered (GCoapEndpoint *self,
                                    GCoapEvent    *event)
{
  g_autoptr (GCoapRequest) registration = NULL;
  GCoapObserverKey key = get_key (event);

  if (self->observers != NULL)
    gcoap_observer_list_remove (self->observers, &key);
  if (!gcoap_endpoint_has_handler (self, GCOAP_ENDPOINT_SIGNAL_UNREGISTERED, 0))
    return;

  registration = gcoap_request_new_blank ();
  gcoap_request_fill_incoming (registration, ++self->last_serial, event->id, event->message,
                               &event->remote, &event->local);
  gcoap_endpoint_emit_request (self, GCOAP_ENDPOINT_SIGNAL_UNREGISTERED, 0, registration);
}

/* Each observer would have to read the stream, and at a pace of his own. */
static gboolean
check_can_notify (GCoapEndpoint  *self,
                  GError        **error)
{
  if (!self->listening)
    g_set_error_literal (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                         _("A notification can be sent only while the endpoint is listening"));
  else if (self->response_fields.stream != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _("A notification cannot have its body from a stream: set response-data "
                           "in place of response-stream"));
  else
    return TRUE;

  return FALSE;
}

/* Whatever the host is called there. The topics of queries end otherwise. */
static gboolean
has_path (const char *topic,
          const char *path)
{
  const char *authority = strstr (topic, "://");
  const char *topic_path = authority != NULL ? strchr (authority + 3, '/') : NULL;

  return topic_path != NULL && g_str_equal (topic_path, path);
}

static void
notify_path (GCoapEndpoint    *self,
             const char       *path,
             const GCoapFrame *state,
             GBytes           *body)
{
  g_autoptr (GPtrArray) uris = gcoap_driver_list_observed_uris (self->driver);

  for (guint i = 0; i < uris->len; i++)
    if (has_path (uris->pdata[i], path))
      gcoap_driver_notify (self->driver, uris->pdata[i], state, body,
                           self->use_confirmable_messages);
}

static gboolean
send_state (GCoapEndpoint  *self,
            const char     *topic,
            GError        **error)
{
  GCoapOptions options;
  GCoapFrame state;
  GBytes *body;
  gboolean is_made;

  if (!check_can_notify (self, error))
    return FALSE;

  gcoap_options_init (&options);
  is_made = gcoap_endpoint_make_response (self, &options, &state, &body, error);
  if (is_made && *topic == '/')
    notify_path (self, topic, &state, body);
  else if (is_made)
    gcoap_driver_notify (self->driver, topic, &state, body, self->use_confirmable_messages);
  gcoap_options_clear (&options);
  gcoap_driver_pump (self->driver);

  return is_made;
}

/**
 * gcoap_endpoint_send_notification:
 * @self: the endpoint
 * @uri: what is observed: a path such as `/temperature`, with the query that may follow it, or a
 *   URI just as [property@Request:uri] of the registration says it
 * @error: return location for an error
 *
 * Sends what the `Response*` properties hold to all who observe it by GET; of a path, whatever name
 * or address of this host they have asked for, which takes time for each URI that is observed.
 * Those who observe it by FETCH, each with a query of his own, get theirs by
 * [method@Endpoint.send_notification_for].
 *
 * A code that is not of class 2 is the last notification, and ends every such observation.
 * With [property@Endpoint:use-confirmable-messages] each notification is repeated until it is
 * acknowledged; while one is not, only the latest state waits to follow it (RFC 7641
 * section 4.5). Many observers get it over several iterations of the main context. It is a success
 * if nobody observes it.
 *
 * Fails with %GCOAP_ERROR_WRONG_MODE if the endpoint is not listening, with
 * %GCOAP_ERROR_INVALID_RESPONSE_CODE or %GCOAP_ERROR_INVALID_OPTION, with %G_IO_ERROR_NOT_SUPPORTED
 * if [property@Endpoint:response-stream] is set, or with %G_IO_ERROR_MESSAGE_TOO_LARGE.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_send_notification (GCoapEndpoint  *self,
                                  const char     *uri,
                                  GError        **error)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);
  g_return_val_if_fail (uri != NULL, FALSE);

  return send_state (self, uri, error);
}

/**
 * gcoap_endpoint_send_notification_for:
 * @self: the endpoint
 * @registration: a request to observe, from [signal@Endpoint::register]
 * @error: return location for an error
 *
 * Sends what the `Response*` properties hold to all who have asked for the same thing: the same URI
 * by GET, or by FETCH with the same payload and Content-Format (RFC 8132 section 2.4).
 *
 * A server that lets queries be observed keeps a registration of each, and when the result changes
 * makes the response of what that asks for. It may forget the query when
 * [signal@Endpoint::unregistered] has told of the last who has asked for it.
 *
 * In all else this is [method@Endpoint.send_notification], and fails in the same way.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_send_notification_for (GCoapEndpoint  *self,
                                      GCoapRequest   *registration,
                                      GError        **error)
{
  g_autofree char *topic = NULL;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);
  g_return_val_if_fail (GCOAP_IS_REQUEST (registration), FALSE);

  topic = gcoap_endpoint_notify_make_topic (registration);

  return send_state (self, topic, error);
}
