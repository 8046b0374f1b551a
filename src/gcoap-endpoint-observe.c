/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-call-private.h"
#include "gcoap-notification-private.h"
#include "gcoap-observation-private.h"

#include <glib/gi18n-lib.h>

#include "core/gcoap-observe-private.h"
#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-error.h"
#include "gcoap/gcoap-option-number.h"

/* The client half of observing (RFC 7641): resources that are watched, and how that ends. */

static void
set_observe (GCoapMessage *message,
             guint         value)
{
  gcoap_message_remove_option (message, GCOAP_OPTION_NUMBER_OBSERVE);
  gcoap_options_add_uint (gcoap_message_get_options (message), GCOAP_OPTION_NUMBER_OBSERVE, value);
}

/* What it takes to have the server forget the observer: the registration with another number in its
 * Observe option, and the same token (section 3.6). */
static GCoapMessage *
make_deregistration (GCoapCall *call)
{
  GCoapMessage *message = gcoap_message_copy (call->message);

  set_observe (message, GCOAP_OBSERVE_VALUE_DEREGISTER);

  return message;
}

/* Ends a call that observes and tells nobody, but for the server. */
void
gcoap_endpoint_observe_stop (GCoapEndpoint *self,
                             GCoapCall     *call)
{
  g_autoptr (GCoapMessage) message = make_deregistration (call);
  g_autoptr (GCoapCall) goodbye = NULL;
  gboolean was_sent = call->exchange_id != 0;

  gcoap_call_end (call);
  if (!self->settings.explicit_cancel || !was_sent || self->is_ending)
    return;

  goodbye = gcoap_call_new (self, message);
  gcoap_call_start (goodbye, NULL);
  gcoap_driver_pump (self->driver);
}

static void
notify_observation (GCoapCall  *call,
                    GCoapEvent *event)
{
  g_autoptr (GCoapObservation) observation = g_object_ref (call->observation);

  if (event->is_last)
    gcoap_call_succeed (call, event->message);
  else if (event->is_latest)
    gcoap_observation_take_state (observation, event->message, FALSE);
}

static void
notify_endpoint (GCoapEndpoint *self,
                 GCoapCall     *call,
                 GCoapEvent    *event)
{
  g_autoptr (GCoapNotification) notification =
    gcoap_notification_new (call->observed_uri, event->is_latest, event->is_last);

  call->is_established = TRUE;
  call->is_done = TRUE;
  gcoap_endpoint_fill_fields (self, &self->response_fields, event->message);
  gcoap_request_list_remove (self->pending_requests, call->request);
  if (event->is_last)
    gcoap_call_end (call);

  gcoap_endpoint_emit_notification (self, notification);
  if (gcoap_notification_get_stop_observing (notification) && call->state != GCOAP_CALL_DONE)
    gcoap_endpoint_observe_stop (self, call);
}

void
gcoap_endpoint_observe_notified (GCoapEndpoint *self,
                                 GCoapEvent    *event)
{
  g_autoptr (GCoapCall) call = gcoap_endpoint_client_find_call (self, event->id);

  if (call == NULL)
    return;

  if (call->observation != NULL)
    notify_observation (call, event);
  else if (call->observed_uri != NULL)
    notify_endpoint (self, call, event);
  else
    gcoap_call_succeed (call, event->message);
}

void
gcoap_endpoint_observe_stale (GCoapEndpoint *self,
                              GCoapEvent    *event)
{
  g_autoptr (GCoapCall) call = gcoap_endpoint_client_find_call (self, event->id);

  if (call == NULL)
    return;

  gcoap_endpoint_log (self, GCOAP_LOG_LEVEL_INFO, "No news of %s: registering again",
                      call->observed_uri);
  if (call->observation != NULL)
    gcoap_observation_set_stale (call->observation);
}

static gboolean
observes (gpointer key,
          gpointer value,
          gpointer user_data)
{
  GCoapCall *call = key;

  return call->observation == NULL && g_strcmp0 (call->observed_uri, user_data) == 0;
}

static GCoapMessage *
make_registration (GCoapEndpoint  *self,
                   const char     *uri,
                   GError        **error)
{
  GCoapMessage *message = gcoap_endpoint_client_make_message (self, uri, GCOAP_METHOD_GET, error);

  if (message != NULL && !gcoap_message_add_uint_option (message, GCOAP_OPTION_NUMBER_OBSERVE,
                                                         GCOAP_OBSERVE_VALUE_REGISTER, error))
    g_clear_pointer (&message, gcoap_message_unref);

  return message;
}

/**
 * gcoap_endpoint_start_observing:
 * @self: the endpoint
 * @uri: the resource, `coap://host:port/path?query`
 * @error: return location for an error
 *
 * Registers as an observer of a resource (RFC 7641 section 3.1), and otherwise does what
 * [method@Endpoint.get] does.
 *
 * If the server accepts, [signal@Endpoint::notification] is emitted in place of
 * [signal@Endpoint::request-complete], now with the first state and then with each new one, until
 * [method@Endpoint.stop_observing], or until the server ends it. If it does not, the request
 * completes as any other.
 *
 * When no news has come for longer than the latest state is valid (Max-Age), the endpoint registers
 * again, after a restart of the server too; see the settings `Reregister` and `ReregisterDelay`.
 *
 * Fails as [method@Endpoint.get] does.
 *
 * Returns: (transfer full): the id of the request, "" where it has waited; %NULL with @error set
 *
 * Since: 1.0
 */
char *
gcoap_endpoint_start_observing (GCoapEndpoint  *self,
                                const char     *uri,
                                GError        **error)
{
  g_autoptr (GCoapMessage) message = NULL;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  message = make_registration (self, uri, error);
  if (message == NULL)
    return NULL;

  return gcoap_endpoint_client_send (self, message, uri, error);
}

/**
 * gcoap_endpoint_stop_observing:
 * @self: the endpoint
 * @uri: the URI that [method@Endpoint.start_observing] was called with
 * @error: return location for an error
 *
 * Stops observing a resource: a GET with an Observe option of 1 (RFC 7641 section 3.6) that waits,
 * or completes, as one of [method@Endpoint.get] does.
 *
 * With the setting `ExplicitCancel` off nothing is sent; the server learns of it when its next
 * notification is rejected.
 *
 * Fails with %GCOAP_ERROR_NOT_OBSERVABLE if the URI is not being observed, and as
 * [method@Endpoint.get] does.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_stop_observing (GCoapEndpoint  *self,
                               const char     *uri,
                               GError        **error)
{
  g_autoptr (GCoapMessage) message = NULL;
  g_autofree char *id = NULL;
  GCoapCall *call;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);
  g_return_val_if_fail (uri != NULL, FALSE);

  if (!gcoap_endpoint_client_check_mode (self, error))
    return FALSE;

  call = g_hash_table_find (self->calls, observes, (gpointer) uri);
  if (call == NULL)
    {
      g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_NOT_OBSERVABLE,
                   _("\"%s\" is not being observed"), uri);
      return FALSE;
    }

  message = make_deregistration (call);
  if (call->is_established)
    gcoap_call_end (call);
  else
    gcoap_call_fail (call, gcoap_endpoint_make_canceled (uri));
  if (!self->settings.explicit_cancel)
    return TRUE;

  id = gcoap_endpoint_client_send (self, message, NULL, error);

  return id != NULL;
}

static GCoapObservation *
begin_observation (GCoapEndpoint  *self,
                   GCoapMessage   *message,
                   const char     *uri,
                   GError        **error)
{
  g_autoptr (GCoapCall) call = NULL;
  g_autoptr (GCoapObservation) observation = NULL;

  set_observe (message, GCOAP_OBSERVE_VALUE_REGISTER);
  observation = gcoap_observation_new (uri);
  call = gcoap_call_new (self, message);
  call->observation = observation;
  call->observed_uri = g_strdup (uri);
  gcoap_observation_begin (observation, self, call);
  if (!gcoap_call_start (call, error))
    {
      gcoap_observation_let_go (observation);
      return NULL;
    }

  gcoap_driver_pump (self->driver);

  return g_steal_pointer (&observation);
}

/**
 * gcoap_endpoint_observe:
 * @self: the endpoint
 * @uri: the resource, `coap://host:port/path?query`
 * @error: return location for an error
 *
 * Observes a resource (RFC 7641) as an object of its own, whose properties hold the latest state
 * and can be bound to. The `Request*` and `Response*` properties are left alone.
 *
 * What goes wrong later is told by [property@Observation:state].
 *
 * Fails with %GCOAP_ERROR_INVALID_URI, %GCOAP_ERROR_WRONG_MODE, or an error of
 * [error@Gio.IOErrorEnum].
 *
 * Returns: (transfer full): the observation, or %NULL with @error set
 *
 * Since: 1.0
 */
GCoapObservation *
gcoap_endpoint_observe (GCoapEndpoint  *self,
                        const char     *uri,
                        GError        **error)
{
  g_autoptr (GCoapMessage) message = NULL;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  if (!gcoap_endpoint_client_check_mode (self, error))
    return NULL;

  message = gcoap_message_new_request (GCOAP_METHOD_GET, uri, error);
  if (message == NULL)
    return NULL;

  return begin_observation (self, message, uri, error);
}

static gboolean
check_method (GCoapMessage  *request,
              GError       **error)
{
  guint method = gcoap_message_get_code (request);

  if (method == GCOAP_METHOD_GET || method == GCOAP_METHOD_FETCH)
    return TRUE;

  g_set_error_literal (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                       _("Only a GET or a FETCH can observe a resource"));

  return FALSE;
}

/**
 * gcoap_endpoint_observe_message:
 * @self: the endpoint
 * @request: a GET or FETCH from [ctor@Message.new_request]; it is sealed
 * @error: return location for an error
 *
 * Observes a resource as [method@Endpoint.observe] does, with a request that has options of its
 * own: an Accept, say, or as a FETCH a payload, so that the result of a query is observed (RFC 8132
 * section 2.4).
 *
 * The Observe option need not be set. The request is sent again just as it is when the registration
 * is to be renewed, and with another Observe option to end it.
 *
 * Fails as [method@Endpoint.observe] does, and with %GCOAP_ERROR_WRONG_MODE if @request is of
 * another method or has been sent already.
 *
 * Returns: (transfer full): the observation, or %NULL with @error set
 *
 * Since: 1.0
 */
GCoapObservation *
gcoap_endpoint_observe_message (GCoapEndpoint  *self,
                                GCoapMessage   *request,
                                GError        **error)
{
  g_autofree char *uri = NULL;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (request != NULL, NULL);

  if (!gcoap_endpoint_client_check_message (self, request, error) ||
      !check_method (request, error))
    return NULL;

  uri = gcoap_message_dup_uri (request);

  return begin_observation (self, request, uri, error);
}
