/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap/gcoap-code.h"

#include <glib/gi18n-lib.h>

#include "gcoap/gcoap-error.h"

#define CODE_MAX    255
#define DETAIL_BITS 5
#define DETAIL_MAX  31
#define CLASS_MAX   7

/* The names of the "CoAP Method Codes" and "CoAP Response Codes" registries. */
static const char *const code_names[] = {
  [GCOAP_CODE_EMPTY] = "Empty",
  [GCOAP_METHOD_GET] = "GET",
  [GCOAP_METHOD_POST] = "POST",
  [GCOAP_METHOD_PUT] = "PUT",
  [GCOAP_METHOD_DELETE] = "DELETE",
  [GCOAP_METHOD_FETCH] = "FETCH",
  [GCOAP_METHOD_PATCH] = "PATCH",
  [GCOAP_METHOD_IPATCH] = "iPATCH",
  [GCOAP_CODE_CREATED] = "Created",
  [GCOAP_CODE_DELETED] = "Deleted",
  [GCOAP_CODE_VALID] = "Valid",
  [GCOAP_CODE_CHANGED] = "Changed",
  [GCOAP_CODE_CONTENT] = "Content",
  [GCOAP_CODE_CONTINUE] = "Continue",
  [GCOAP_CODE_BAD_REQUEST] = "Bad Request",
  [GCOAP_CODE_UNAUTHORIZED] = "Unauthorized",
  [GCOAP_CODE_BAD_OPTION] = "Bad Option",
  [GCOAP_CODE_FORBIDDEN] = "Forbidden",
  [GCOAP_CODE_NOT_FOUND] = "Not Found",
  [GCOAP_CODE_METHOD_NOT_ALLOWED] = "Method Not Allowed",
  [GCOAP_CODE_NOT_ACCEPTABLE] = "Not Acceptable",
  [GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE] = "Request Entity Incomplete",
  [GCOAP_CODE_CONFLICT] = "Conflict",
  [GCOAP_CODE_PRECONDITION_FAILED] = "Precondition Failed",
  [GCOAP_CODE_REQUEST_ENTITY_TOO_LARGE] = "Request Entity Too Large",
  [GCOAP_CODE_UNSUPPORTED_CONTENT_FORMAT] = "Unsupported Content-Format",
  [GCOAP_CODE_UNPROCESSABLE_ENTITY] = "Unprocessable Entity",
  [GCOAP_CODE_TOO_MANY_REQUESTS] = "Too Many Requests",
  [GCOAP_CODE_INTERNAL_SERVER_ERROR] = "Internal Server Error",
  [GCOAP_CODE_NOT_IMPLEMENTED] = "Not Implemented",
  [GCOAP_CODE_BAD_GATEWAY] = "Bad Gateway",
  [GCOAP_CODE_SERVICE_UNAVAILABLE] = "Service Unavailable",
  [GCOAP_CODE_GATEWAY_TIMEOUT] = "Gateway Timeout",
  [GCOAP_CODE_PROXYING_NOT_SUPPORTED] = "Proxying Not Supported",
  [GCOAP_CODE_HOP_LIMIT_REACHED] = "Hop Limit Reached",
};

/**
 * gcoap_code_to_string:
 * @code: a code, from 0 to 255
 *
 * Writes a code in the form that CoAP texts use, such as "2.05" for %GCOAP_CODE_CONTENT.
 *
 * The digit before the point is the class, the two behind it are the detail (RFC 7252
 * section 3). Codes without a registered meaning are written too.
 *
 * Returns: (transfer full): the code as text
 *
 * Since: 1.0
 */
char *
gcoap_code_to_string (guint code)
{
  g_return_val_if_fail (code <= CODE_MAX, NULL);

  return g_strdup_printf ("%u.%02u", code >> DETAIL_BITS, code & DETAIL_MAX);
}

/**
 * gcoap_code_from_string:
 * @text: a code as text, such as "2.05"
 * @out_code: (out) (optional): where to put the code, from 0 to 255
 * @error: return location for an error
 *
 * Reads what [func@Code.to_string] writes: a class from 0 to 7, a point, and a detail of two
 * digits from 00 to 31.
 *
 * Nothing may precede or follow. The code need not have a registered meaning. On failure
 * @out_code is left as it was.
 *
 * Returns: %TRUE, or %FALSE with %GCOAP_ERROR_INVALID_RESPONSE_CODE if @text is no code
 *
 * Since: 1.0
 */
gboolean
gcoap_code_from_string (const char *text,
                        guint      *out_code,
                        GError    **error)
{
  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (g_ascii_isdigit (text[0]) && text[1] == '.' &&
      g_ascii_isdigit (text[2]) && g_ascii_isdigit (text[3]) && text[4] == '\0')
    {
      guint class = text[0] - '0';
      guint detail = 10 * (text[2] - '0') + (text[3] - '0');

      if (class <= CLASS_MAX && detail <= DETAIL_MAX)
        {
          if (out_code != NULL)
            *out_code = class << DETAIL_BITS | detail;
          return TRUE;
        }
    }

  g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_RESPONSE_CODE,
               _("\"%s\" is not a code: a class from 0 to 7, a point and a detail from 00 to 31 "
                 "are needed, as in \"2.05\""),
               text);
  return FALSE;
}

/**
 * gcoap_code_get_name:
 * @code: a code
 *
 * Gets the name of a code in the IANA registries, such as "Not Found" for 4.04 or "GET" for 0.01.
 *
 * The name is not translated.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if @code has none
 *
 * Since: 1.0
 */
const char *
gcoap_code_get_name (guint code)
{
  return code < G_N_ELEMENTS (code_names) ? code_names[code] : NULL;
}
