/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOAP_INSIDE) && !defined (GCOAP_COMPILATION)
#error "Only <gcoap/gcoap.h> can be included directly."
#endif

#include <glib-object.h>
#include <gcoap/gcoap-version.h>

G_BEGIN_DECLS

/**
 * GCoapMessageType:
 * @GCOAP_MESSAGE_TYPE_CON: Confirmable: repeated until it is acknowledged or reset.
 * @GCOAP_MESSAGE_TYPE_NON: Non-confirmable: sent once.
 * @GCOAP_MESSAGE_TYPE_ACK: Acknowledgement of a Confirmable message.
 * @GCOAP_MESSAGE_TYPE_RST: Reset: the receiver has no use for the message.
 *
 * The four message types of RFC 7252 section 3.
 *
 * Since: 1.0
 */
typedef enum
{
  GCOAP_MESSAGE_TYPE_CON = 0,
  GCOAP_MESSAGE_TYPE_NON = 1,
  GCOAP_MESSAGE_TYPE_ACK = 2,
  GCOAP_MESSAGE_TYPE_RST = 3,
} GCoapMessageType;

/**
 * GCoapLogLevel:
 * @GCOAP_LOG_LEVEL_NONE: Nothing is logged.
 * @GCOAP_LOG_LEVEL_INFO: What happens to the endpoint: listening, failures.
 * @GCOAP_LOG_LEVEL_VERBOSE: A line for each message sent or received.
 * @GCOAP_LOG_LEVEL_DEBUG: Everything, payloads included.
 *
 * How much the [signal@Endpoint::log] signal tells, set by the `LogLevel` setting.
 *
 * Since: 1.0
 */
typedef enum
{
  GCOAP_LOG_LEVEL_NONE = 0,
  GCOAP_LOG_LEVEL_INFO = 1,
  GCOAP_LOG_LEVEL_VERBOSE = 2,
  GCOAP_LOG_LEVEL_DEBUG = 3,
} GCoapLogLevel;

/**
 * GCOAP_DEFAULT_PORT:
 *
 * The UDP port of the `coap` URI scheme (RFC 7252 section 6.1).
 *
 * Since: 1.0
 */
#define GCOAP_DEFAULT_PORT 5683

G_END_DECLS
