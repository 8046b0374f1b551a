/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The smallest libcoap server: one resource, libcoap's own loop, nothing logged. */

#include "libcoap-common.h"
#include "server-common.h"

static void
get_cb (coap_resource_t     *resource,
        coap_session_t      *session,
        const coap_pdu_t    *request,
        const coap_string_t *query,
        coap_pdu_t          *response)
{
  libcoap_respond (response);
}

int
main (int    argc,
      char **argv)
{
  guint port;
  coap_context_t *context = libcoap_listen (server_parse_port (argc, argv), &port);
  coap_resource_t *resource = coap_resource_init (coap_make_str_const (SERVER_PATH), 0);

  coap_register_request_handler (resource, COAP_REQUEST_GET, get_cb);
  coap_add_resource (context, resource);

  server_announce (port);
  libcoap_run (context);
  return 1;
}
