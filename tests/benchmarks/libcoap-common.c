/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libcoap-common.h"

#include "server-common.h"

#include <arpa/inet.h>
#include <string.h>

static coap_endpoint_t *
open_endpoint (coap_context_t *context,
               guint16         port)
{
  coap_address_t local;

  coap_address_init (&local);
  local.size = sizeof local.addr.sin;
  local.addr.sin.sin_family = AF_INET;
  local.addr.sin.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  local.addr.sin.sin_port = htons (port);
  return coap_new_endpoint (context, &local, COAP_PROTO_UDP);
}

/* The text "127.0.0.1:5683 UDP" is the only public way to the port that the system chose. */
static guint
get_port (const coap_endpoint_t *endpoint)
{
  const char *colon = strrchr (coap_endpoint_str (endpoint), ':');

  return colon != NULL ? (guint) g_ascii_strtoull (colon + 1, NULL, 10) : 0;
}

coap_context_t *
libcoap_new (void)
{
  coap_context_t *context;

  coap_startup ();
  /* Emergencies only; the name of this level differs between versions of libcoap. */
  coap_set_log_level (0);
  context = coap_new_context (NULL);
  if (context == NULL)
    g_error ("libcoap does not start");
  return context;
}

coap_context_t *
libcoap_listen (guint16  port,
                guint   *out_port)
{
  coap_context_t *context = libcoap_new ();
  coap_endpoint_t *endpoint = open_endpoint (context, port);

  if (endpoint == NULL)
    g_error ("Cannot listen on port %u", port);

  *out_port = get_port (endpoint);
  return context;
}

void
libcoap_respond (coap_pdu_t *response)
{
  coap_pdu_set_code (response, COAP_RESPONSE_CODE_CONTENT);
  coap_add_data (response, strlen (SERVER_TEXT), (const uint8_t *) SERVER_TEXT);
}

void
libcoap_run (coap_context_t *context)
{
  while (coap_io_process (context, COAP_IO_WAIT) >= 0)
    ;
}
