/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-endpoint-private.h"

#include <glib/gi18n-lib.h>

#include "gcoap/gcoap-error.h"

/* The server half of observing (RFC 7641): new states for those who have registered. */

void
gcoap_endpoint_notify_unregistered (GCoapEndpoint *self,
                                    GCoapEvent    *event)
{
  g_autoptr (GCoapRequest) registration = NULL;

  if (!gcoap_endpoint_has_handler (self, GCOAP_ENDPOINT_SIGNAL_UNREGISTERED, 0))
    return;

  registration = gcoap_request_new_blank ();
  gcoap_request_fill_incoming (registration, ++self->last_serial, event->id, event->message,
                               &event->remote, &event->local);
  gcoap_endpoint_emit_request (self, GCOAP_ENDPOINT_SIGNAL_UNREGISTERED, 0, registration);
}

/**
 * gcoap_endpoint_send_notification:
 * @self: the endpoint
 * @uri: the URI that is observed, just as [property@Request:uri] of the registration says it
 * @error: return location for an error
 *
 * Sends what the `Response*` properties hold to all who observe the URI.
 *
 * A code that is not of class 2 is the last notification, and ends every observation of the URI.
 * With [property@Endpoint:use-confirmable-messages] each notification is repeated until it is
 * acknowledged; while one is not, only the latest state waits to follow it (RFC 7641
 * section 4.5). Many observers get it over several iterations of the main context. It is a success
 * if nobody observes the URI.
 *
 * Fails with %GCOAP_ERROR_WRONG_MODE if the endpoint is not listening, with
 * %GCOAP_ERROR_INVALID_RESPONSE_CODE or %GCOAP_ERROR_INVALID_OPTION.
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
  GCoapOptions options;
  GCoapFrame state;
  gboolean is_made;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);
  g_return_val_if_fail (uri != NULL, FALSE);

  if (!self->listening)
    {
      g_set_error_literal (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                           _("A notification can be sent only while the endpoint is listening"));
      return FALSE;
    }

  gcoap_options_init (&options);
  is_made = gcoap_endpoint_make_response (self, &options, &state, error);
  if (is_made)
    gcoap_driver_notify (self->driver, uri, &state, self->use_confirmable_messages);
  gcoap_options_clear (&options);
  gcoap_driver_pump (self->driver);

  return is_made;
}
