/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The client on libcoap: a session for each transfer, in libcoap's own loop. */

#include "libcoap-common.h"
#include "transfer-body.h"
#include "transfer-load.h"

#include <arpa/inet.h>

static coap_context_t *context;
static GPtrArray *sessions;
static const TransferJob *current;
static guint n_open;

static coap_response_t
response_cb (coap_session_t   *session,
             const coap_pdu_t *sent,
             const coap_pdu_t *received,
             const coap_mid_t  mid)
{
  coap_pdu_code_t code = coap_pdu_get_code (received);
  const guint8 *data = NULL;
  gsize length = 0;
  gsize offset, total;

  coap_get_data_large (received, &length, &data, &offset, &total);
  if (current->is_put ? code != COAP_RESPONSE_CODE_CHANGED
                      : code != COAP_RESPONSE_CODE_CONTENT ||
                        !transfer_body_is_right (data, length))
    g_error ("The response is wrong");
  n_open--;
  return COAP_RESPONSE_OK;
}

static void
nack_cb (coap_session_t          *session,
         const coap_pdu_t        *sent,
         const coap_nack_reason_t reason,
         const coap_mid_t         mid)
{
  g_error ("There is no response");
}

static coap_session_t *
open_session (guint port)
{
  coap_address_t remote;
  coap_session_t *session;

  coap_address_init (&remote);
  remote.size = sizeof remote.addr.sin;
  remote.addr.sin.sin_family = AF_INET;
  remote.addr.sin.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  remote.addr.sin.sin_port = htons (port);
  session = coap_new_client_session (context, NULL, &remote, COAP_PROTO_UDP);
  if (session == NULL)
    g_error ("Cannot open a session");
  return session;
}

static coap_pdu_t *
make_request (coap_session_t    *session,
              const TransferJob *job)
{
  coap_pdu_t *request = coap_new_pdu (COAP_MESSAGE_CON,
                                      job->is_put ? COAP_REQUEST_CODE_PUT : COAP_REQUEST_CODE_GET,
                                      session);
  guint8 token[8];
  gsize token_length;
  gsize length;
  const guint8 *data = g_bytes_get_data (job->body, &length);

  coap_session_new_token (session, &token_length, token);
  if (request == NULL || !coap_add_token (request, token_length, token) ||
      !coap_add_option (request, COAP_OPTION_URI_PATH, strlen (TRANSFER_PATH),
                        (const guint8 *) TRANSFER_PATH))
    g_error ("Cannot make a request");
  if (job->is_put &&
      !coap_add_data_large_request (session, request, length, data, NULL, NULL))
    g_error ("Cannot add the body");
  return request;
}

static void
send_one (const TransferJob *job)
{
  coap_session_t *session = open_session (job->port);

  if (coap_send (session, make_request (session, job)) == COAP_INVALID_MID)
    g_error ("Cannot send");
  g_ptr_array_add (sessions, session);
}

static void
transfer (const TransferJob *job)
{
  current = job;
  n_open = job->n_clients;
  for (guint i = 0; i < job->n_clients; i++)
    send_one (job);
  while (n_open > 0)
    coap_io_process (context, COAP_IO_WAIT);
}

static void
cleanup (const TransferJob *job)
{
  g_ptr_array_set_size (sessions, 0);
}

int
main (int    argc,
      char **argv)
{
  context = libcoap_new ();
  coap_context_set_block_mode (context, COAP_BLOCK_USE_LIBCOAP | COAP_BLOCK_SINGLE_BODY);
  coap_register_response_handler (context, response_cb);
  coap_register_nack_handler (context, nack_cb);
  sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) coap_session_release);
  return transfer_load_main (argc, argv, transfer, cleanup);
}
