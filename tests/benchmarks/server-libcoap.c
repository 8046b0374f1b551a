/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The smallest libcoap server: one resource, libcoap's own loop, nothing logged. */

#include "server-common.h"

#include <arpa/inet.h>
#include <coap3/coap.h>
#include <string.h>

static void
get_cb (coap_resource_t     *resource,
        coap_session_t      *session,
        const coap_pdu_t    *request,
        const coap_string_t *query,
        coap_pdu_t          *response)
{
  coap_pdu_set_code (response, COAP_RESPONSE_CODE_CONTENT);
  coap_add_data (response, strlen (SERVER_TEXT), (const uint8_t *) SERVER_TEXT);
}

static coap_endpoint_t *
listen_on (coap_context_t *context,
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

int
main (int    argc,
      char **argv)
{
  guint16 port = server_parse_port (argc, argv);
  coap_context_t *context;
  coap_endpoint_t *endpoint;
  coap_resource_t *resource;

  coap_startup ();
  /* Emergencies only; the name of this level differs between versions of libcoap. */
  coap_set_log_level (0);
  context = coap_new_context (NULL);
  endpoint = context != NULL ? listen_on (context, port) : NULL;
  if (endpoint == NULL)
    g_error ("Cannot listen on port %u", port);
  resource = coap_resource_init (coap_make_str_const (SERVER_PATH), 0);
  coap_register_request_handler (resource, COAP_REQUEST_GET, get_cb);
  coap_add_resource (context, resource);

  server_announce (get_port (endpoint));
  while (coap_io_process (context, COAP_IO_WAIT) >= 0)
    ;
  return 1;
}
