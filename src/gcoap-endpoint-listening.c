/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-endpoint-private.h"

#include <glib/gi18n-lib.h>

#include "gcoap/gcoap-error.h"

/* Where the endpoint listens, and since when. */

void
gcoap_endpoint_set_listening (GCoapEndpoint *self,
                              gboolean       listening)
{
  self->listening = listening;
  if (!listening)
    {
      gcoap_driver_unregister_all (self->driver);
      gcoap_endpoint_streams_stop (self);
    }
  gcoap_endpoint_apply_settings (self);
  gcoap_endpoint_notify (self, GCOAP_ENDPOINT_PROP_LISTENING);
}

/* Whether the socket must stay, because of requests that are not over. */
static gboolean
check_idle (GCoapEndpoint  *self,
            GError        **error)
{
  guint n_calls = g_hash_table_size (self->calls);

  if (!gcoap_endpoint_check_not_ending (self, error))
    return FALSE;

  if (n_calls == 0)
    return TRUE;

  g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
               g_dngettext (GETTEXT_PACKAGE,
                            "The endpoint cannot begin to listen while %u request is pending",
                            "The endpoint cannot begin to listen while %u requests are pending",
                            n_calls), n_calls);

  return FALSE;
}

/**
 * gcoap_endpoint_start_listening:
 * @self: the endpoint
 * @error: return location for an error
 *
 * Opens a socket on [property@Endpoint:local-host] and [property@Endpoint:local-port], and begins
 * to serve requests. With a local-port of 0 the system chooses one, which the property then shows.
 *
 * Where local-host is empty it listens on all IPv4 addresses, and with the setting `UseIPv6` on all
 * IPv6 addresses too. It is a success if the endpoint is listening already.
 *
 * Fails with %GCOAP_ERROR_WRONG_MODE while requests of its own are pending, or with an error of
 * [error@Gio.IOErrorEnum], such as %G_IO_ERROR_ADDRESS_IN_USE for a port that is taken.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_start_listening (GCoapEndpoint  *self,
                                GError        **error)
{
  g_autoptr (GCoapEndpoint) endpoint = NULL;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);

  endpoint = g_object_ref (self);
  if (self->listening)
    return TRUE;

  /* What stop_listening() left open for requests that wait is taken up again. */
  if (!check_idle (self, error) ||
      (!self->is_draining && !gcoap_endpoint_open_to_listen (self, error)))
    return FALSE;

  g_object_freeze_notify (G_OBJECT (self));
  self->is_draining = FALSE;
  gcoap_endpoint_set_listening (self, TRUE);
  gcoap_endpoint_update_bound (self);
  g_object_thaw_notify (G_OBJECT (self));
  gcoap_endpoint_log (self, GCOAP_LOG_LEVEL_INFO, "Listening on %s port %u",
                      self->bound_host, self->bound_port);

  return TRUE;
}

/**
 * gcoap_endpoint_stop_listening:
 * @self: the endpoint
 * @error: return location for an error
 *
 * Takes no more requests, and ends what is observed and what is under way in blocks. Requests that
 * are pending may still be answered, and the socket is closed when the last one is over;
 * [method@Endpoint.shutdown] cuts them off.
 *
 * Fails with %GCOAP_ERROR_WRONG_MODE if the endpoint is not listening.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_stop_listening (GCoapEndpoint  *self,
                               GError        **error)
{
  g_autoptr (GCoapEndpoint) endpoint = NULL;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);

  if (!self->listening)
    {
      g_set_error_literal (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                           _("The endpoint is not listening"));
      return FALSE;
    }

  endpoint = g_object_ref (self);
  self->is_draining = TRUE;
  gcoap_endpoint_set_listening (self, FALSE);
  gcoap_endpoint_log (self, GCOAP_LOG_LEVEL_INFO, "Stopped listening");
  gcoap_endpoint_close_if_unused (self);
  gcoap_driver_pump (self->driver);

  return TRUE;
}
