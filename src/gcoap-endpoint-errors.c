/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-endpoint-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "gcoap/gcoap-error.h"

/* What the engine's failures are called to a person. */

static gboolean
is_unreachable (int errno_value)
{
  switch (errno_value)
    {
    case ECONNREFUSED:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETDOWN:
    case ENETUNREACH:
    case ENOPROTOOPT:
      return TRUE;

    default:
      return FALSE;
    }
}

/* What does not fit into a datagram of the path, or of this endpoint. */
static GError *
make_size_error (const GCoapEvent *event,
                 const char       *what)
{
  guint size = event->size;

  if (event->errno_value == EMSGSIZE)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                        _("%s: a datagram of %u bytes is too large to go there in one piece"),
                        what, size);

  return g_error_new (GCOAP_ERROR, event->error,
                      _("%s sent a datagram of %u bytes, which is more than MaxPacketSize allows"),
                      what, size);
}

static gboolean
is_about_size (const GCoapEvent *event)
{
  return event->size > 0 &&
         (event->errno_value == EMSGSIZE || event->kind == GCOAP_EVENT_MALFORMED);
}

static GError *
make_system_error (int         errno_value,
                   const char *what)
{
  if (is_unreachable (errno_value))
    return g_error_new (GCOAP_ERROR, GCOAP_ERROR_REJECTED,
                        "%s: %s", what, g_strerror (errno_value));

  return g_error_new (G_IO_ERROR, g_io_error_from_errno (errno_value),
                      "%s: %s", what, g_strerror (errno_value));
}

GError *
gcoap_endpoint_make_error (const GCoapEvent *event,
                           const char       *what)
{
  if (is_about_size (event))
    return make_size_error (event, what);
  if (event->errno_value != 0)
    return make_system_error (event->errno_value, what);

  switch (event->error)
    {
    case GCOAP_ERROR_TIMED_OUT:
      return g_error_new (GCOAP_ERROR, event->error, _("%s did not answer in time"), what);

    case GCOAP_ERROR_RESET:
      return g_error_new (GCOAP_ERROR, event->error, _("%s answered with a Reset message"), what);

    case GCOAP_ERROR_INVALID_OPTION:
      return g_error_new (GCOAP_ERROR, event->error,
                          _("%s answered with a critical option that is not supported or not "
                            "valid"), what);

    case GCOAP_ERROR_INVALID_BLOCK:
      return g_error_new (GCOAP_ERROR, event->error,
                          _("%s: the blocks of the body do not fit together, or it is too large"),
                          what);

    case GCOAP_ERROR_MALFORMED_MESSAGE:
      return g_error_new (GCOAP_ERROR, event->error, _("%s sent a malformed message"), what);

    default:
      return g_error_new (GCOAP_ERROR, event->error, _("%s cannot be reached"), what);
    }
}

GError *
gcoap_endpoint_make_canceled (const char *what)
{
  return g_error_new (GCOAP_ERROR, GCOAP_ERROR_CANCELED, _("%s: the request was cancelled"), what);
}
