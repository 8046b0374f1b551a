/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-request-private.h"

#include <string.h>

#include "codec/gcoap-message-private.h"
#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-option-number.h"

/* Conditional requests and validation: RFC 7252 sections 5.10.8 and 5.6.2. */

static gboolean
is_same (const GCoapOptionIter *option,
         GBytes                *etag)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (etag, &length);

  return option->length == length && (length == 0 || memcmp (option->value, bytes, length) == 0);
}

static gboolean
has_etag (const GCoapOptions *options,
          GBytes             *etag)
{
  GCoapOptionIter iter;

  gcoap_option_iter_init (&iter, options->data, options->length);
  while (gcoap_option_iter_find (&iter, GCOAP_OPTION_NUMBER_ETAG))
    if (is_same (&iter, etag))
      return TRUE;

  return FALSE;
}

/* An empty If-Match stands for whatever is there. */
static gboolean
has_match (const GCoapOptions *options,
           GBytes             *etag)
{
  GCoapOptionIter iter;

  gcoap_option_iter_init (&iter, options->data, options->length);
  while (gcoap_option_iter_find (&iter, GCOAP_OPTION_NUMBER_IF_MATCH))
    if (iter.length == 0 || is_same (&iter, etag))
      return TRUE;

  return FALSE;
}

static gboolean
meets_conditions (const GCoapOptions *options,
                  GBytes             *etag)
{
  if (etag == NULL)
    return !gcoap_options_have (options, GCOAP_OPTION_NUMBER_IF_MATCH);

  return !gcoap_options_have (options, GCOAP_OPTION_NUMBER_IF_NONE_MATCH) &&
         (!gcoap_options_have (options, GCOAP_OPTION_NUMBER_IF_MATCH) ||
          has_match (options, etag));
}

static gboolean
is_read (guint method)
{
  return method == GCOAP_METHOD_GET || method == GCOAP_METHOD_FETCH;
}

/**
 * gcoap_request_validate:
 * @self: the request
 * @etag: (nullable): the ETag of what the resource is now; empty if it is there and has no ETag;
 *   %NULL if there is no such resource
 *
 * Says whether the request is answered by a code alone: "4.12" if it asks for a condition that does
 * not hold (If-Match and If-None-Match, RFC 7252 section 5.10.8), "2.03" if it is a GET or FETCH by
 * a client that has this representation already (ETag, section 5.10.6.2).
 *
 * A handler asks before it does anything:
 *
 * ```python
 * endpoint.props.response_etag = etag
 * code = request.validate(etag)
 * if code:
 *     endpoint.props.response_code = code
 *     return
 * ```
 *
 * A 2.03 needs [property@Endpoint:response-etag], which tells the client which of the
 * representations it has is the one (section 5.9.1.3).
 *
 * Returns: (transfer none) (nullable): the response code; %NULL if the request is to be handled
 *
 * Since: 1.0
 */
const char *
gcoap_request_validate (GCoapRequest *self,
                        GBytes       *etag)
{
  const GCoapOptions *options;

  g_return_val_if_fail (GCOAP_IS_REQUEST (self), NULL);

  options = gcoap_message_get_options (gcoap_request_get_message (self));
  if (!meets_conditions (options, etag))
    return "4.12";

  if (etag != NULL && g_bytes_get_size (etag) > 0 && is_read (gcoap_request_get_method (self)) &&
      has_etag (options, etag))
    return "2.03";

  return NULL;
}
