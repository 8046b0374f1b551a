/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A resource that anybody may observe, and a POST that brings its state to all who do. */

#include "libcoap-common.h"
#include "server-common.h"

static coap_resource_t *observed;

static void
get_cb (coap_resource_t     *resource,
        coap_session_t      *session,
        const coap_pdu_t    *request,
        const coap_string_t *query,
        coap_pdu_t          *response)
{
  libcoap_respond (response);
}

/* The user data of the resource that was asked for is the type of the notifications. */
static void
fan_out_cb (coap_resource_t     *resource,
            coap_session_t      *session,
            const coap_pdu_t    *request,
            const coap_string_t *query,
            coap_pdu_t          *response)
{
  coap_resource_set_mode (observed, GPOINTER_TO_INT (coap_resource_get_userdata (resource)));
  coap_resource_notify_observers (observed, NULL);
  coap_pdu_set_code (response, COAP_RESPONSE_CODE_CHANGED);
}

static void
add_fan_out (coap_context_t *context,
             const char     *path,
             int             mode)
{
  coap_resource_t *resource = coap_resource_init (coap_make_str_const (path), 0);

  coap_resource_set_userdata (resource, GINT_TO_POINTER (mode));
  coap_register_request_handler (resource, COAP_REQUEST_POST, fan_out_cb);
  coap_add_resource (context, resource);
}

int
main (int    argc,
      char **argv)
{
  guint port;
  coap_context_t *context = libcoap_listen (server_parse_port (argc, argv), &port);

  /* Else every sixth of the others would be Confirmable. */
  observed = coap_resource_init (coap_make_str_const (SERVER_PATH),
                                 COAP_RESOURCE_FLAGS_NOTIFY_NON_ALWAYS);
  coap_resource_set_get_observable (observed, 1);
  coap_register_request_handler (observed, COAP_REQUEST_GET, get_cb);
  coap_add_resource (context, observed);
  add_fan_out (context, SERVER_PATH_NON, COAP_RESOURCE_FLAGS_NOTIFY_NON);
  add_fan_out (context, SERVER_PATH_CON, COAP_RESOURCE_FLAGS_NOTIFY_CON);

  server_announce (port);
  libcoap_run (context);
  return 1;
}
