/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/gcoap-message-private.h"

#include <string.h>

#include "gcoap/gcoap-option-number.h"

/**
 * gcoap_message_dup_location:
 * @self: the message, a response
 * @base_uri: (nullable): the URI of the request, to have an absolute URI; %NULL to have one that is
 *   relative to it
 *
 * Where the resource is that a response tells of, such as one that a POST has created: the
 * Location-Path and Location-Query options as a URI (RFC 7252 section 5.10.7).
 *
 * Without @base_uri it is a path and perhaps a query, such as `/sensors/7?x=1`, percent-encoded.
 * With it, it can be passed to [method@Endpoint.get]. Where the request went to a multicast
 * address, the base needs in its place the address that the response came from (section 8.2).
 *
 * A location with a segment "." or "..", which must not be sent, counts as none, and so does one
 * with the options 128, 132, 136 and 140, which change its meaning in a way that is not known.
 *
 * Returns: (transfer full) (nullable): the URI; %NULL if there is none
 *
 * Since: 1.0
 */
char *
gcoap_message_dup_location (GCoapMessage *self,
                            const char   *base_uri)
{
  GCoapOptions *options;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (base_uri == NULL || strstr (base_uri, "://") != NULL, NULL);

  options = gcoap_message_get_options (self);

  return gcoap_uri_compose_location (base_uri, options->data, options->length);
}

/**
 * gcoap_message_set_location:
 * @self: a message that is not sealed
 * @location: (nullable): an absolute path, a query or both, percent-encoded as in a URI; %NULL for
 *   none
 * @error: return location for an error
 *
 * Puts Location-Path and Location-Query options in the place of those that are there.
 *
 * Fails with %GCOAP_ERROR_INVALID_URI.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_message_set_location (GCoapMessage  *self,
                            const char    *location,
                            GError       **error)
{
  GCoapOptions *options;
  GCoapOptions parsed;
  gboolean is_valid;

  g_return_val_if_fail (self != NULL && !gcoap_message_is_sealed (self), FALSE);

  options = gcoap_message_get_options (self);
  gcoap_options_init (&parsed);
  is_valid = location == NULL || gcoap_uri_decompose_location (location, &parsed, error);
  if (is_valid)
    {
      gcoap_options_remove (options, GCOAP_OPTION_NUMBER_LOCATION_PATH);
      gcoap_options_remove (options, GCOAP_OPTION_NUMBER_LOCATION_QUERY);
      gcoap_options_add_all (options, &parsed);
    }
  gcoap_options_clear (&parsed);

  return is_valid;
}
