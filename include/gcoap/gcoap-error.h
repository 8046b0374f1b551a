/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOAP_INSIDE) && !defined (GCOAP_COMPILATION)
#error "Only <gcoap/gcoap.h> can be included directly."
#endif

#include <gcoap/gcoap-types.h>

G_BEGIN_DECLS

/**
 * GCOAP_ERROR:
 *
 * The error domain of GCoap; its codes are those of [error@Error].
 *
 * Since: 1.0
 */
#define GCOAP_ERROR (gcoap_error_quark ())

/**
 * GCoapError:
 * @GCOAP_ERROR_INVALID_URI: The URI does not parse, or names no resource a request can go to.
 * @GCOAP_ERROR_INVALID_OPTION: An option does not fit its definition.
 * @GCOAP_ERROR_INVALID_BLOCK: A block-wise transfer broke.
 * @GCOAP_ERROR_MALFORMED_MESSAGE: A datagram is no CoAP message.
 * @GCOAP_ERROR_TIMED_OUT: No acknowledgement or response came in time.
 * @GCOAP_ERROR_REJECTED: The remote host says that nobody listens there.
 * @GCOAP_ERROR_INVALID_REQUEST_ID: No pending request has this id.
 * @GCOAP_ERROR_INVALID_RESPONSE_CODE: The text is no response code such as "2.05".
 * @GCOAP_ERROR_RESET: The peer answered with a Reset message.
 * @GCOAP_ERROR_ERROR_RESPONSE: A response came, and its code is not of class 2.
 * @GCOAP_ERROR_NOT_OBSERVABLE: The URI cannot be observed, or is not being observed.
 * @GCOAP_ERROR_CANCELED: The request was cancelled.
 * @GCOAP_ERROR_WRONG_MODE: The call does not fit what the endpoint is doing now.
 *
 * What can go wrong with CoAP itself. Trouble with sockets or name resolution stays in
 * [error@Gio.IOErrorEnum] and [error@Gio.ResolverError].
 *
 * Since: 1.0
 */
typedef enum
{
  GCOAP_ERROR_INVALID_URI = 700,
  GCOAP_ERROR_INVALID_OPTION = 701,
  GCOAP_ERROR_INVALID_BLOCK = 702,
  GCOAP_ERROR_MALFORMED_MESSAGE = 703,
  GCOAP_ERROR_TIMED_OUT = 704,
  GCOAP_ERROR_REJECTED = 705,
  GCOAP_ERROR_INVALID_REQUEST_ID = 706,
  GCOAP_ERROR_INVALID_RESPONSE_CODE = 707,
  GCOAP_ERROR_RESET = 708,
  GCOAP_ERROR_ERROR_RESPONSE = 709,
  GCOAP_ERROR_NOT_OBSERVABLE = 710,
  GCOAP_ERROR_CANCELED = 711,
  GCOAP_ERROR_WRONG_MODE = 712,
} GCoapError;

GCOAP_AVAILABLE_IN_ALL
GQuark gcoap_error_quark (void);

G_END_DECLS
