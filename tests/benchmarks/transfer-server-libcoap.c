/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bodies of 1 MiB both ways; libcoap sends and joins the blocks. */

#include "libcoap-common.h"
#include "server-common.h"
#include "transfer-body.h"

static void
get_cb (coap_resource_t     *resource,
        coap_session_t      *session,
        const coap_pdu_t    *request,
        const coap_string_t *query,
        coap_pdu_t          *response)
{
  GBytes *body = coap_resource_get_userdata (resource);
  gsize length;
  const guint8 *data = g_bytes_get_data (body, &length);

  coap_pdu_set_code (response, COAP_RESPONSE_CODE_CONTENT);
  if (!coap_add_data_large_response (resource, session, request, response, query,
                                     COAP_MEDIATYPE_APPLICATION_OCTET_STREAM, -1, 0, length, data,
                                     NULL, NULL))
    g_error ("Cannot respond");
}

static void
put_cb (coap_resource_t     *resource,
        coap_session_t      *session,
        const coap_pdu_t    *request,
        const coap_string_t *query,
        coap_pdu_t          *response)
{
  const guint8 *data = NULL;
  gsize length = 0;
  gsize offset, total;
  gboolean is_right;

  coap_get_data_large (request, &length, &data, &offset, &total);
  is_right = transfer_body_is_right (data, length);
  coap_pdu_set_code (response, is_right ? COAP_RESPONSE_CODE_CHANGED
                                        : COAP_RESPONSE_CODE_BAD_REQUEST);
}

int
main (int    argc,
      char **argv)
{
  guint port;
  coap_context_t *context = libcoap_listen (server_parse_port (argc, argv), &port);
  coap_resource_t *resource = coap_resource_init (coap_make_str_const (TRANSFER_PATH), 0);

  coap_context_set_block_mode (context, COAP_BLOCK_USE_LIBCOAP | COAP_BLOCK_SINGLE_BODY);
  coap_resource_set_userdata (resource, transfer_body_new ());
  coap_register_request_handler (resource, COAP_REQUEST_GET, get_cb);
  coap_register_request_handler (resource, COAP_REQUEST_PUT, put_cb);
  coap_add_resource (context, resource);

  server_announce (port);
  libcoap_run (context);
  return 1;
}
