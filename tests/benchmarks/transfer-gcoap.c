/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The client on GCoap: an endpoint for each transfer, all in one main loop. */

#include "transfer-body.h"
#include "transfer-load.h"

#include <gcoap/gcoap.h>

static GPtrArray *endpoints;
static guint n_open;

static void
check (const TransferJob *job,
       GCoapMessage      *response)
{
  GBytes *payload = gcoap_message_get_payload (response);
  gsize length = 0;
  gconstpointer data = payload != NULL ? g_bytes_get_data (payload, &length) : NULL;
  guint code = gcoap_message_get_code (response);

  if (job->is_put ? code != GCOAP_CODE_CHANGED
                  : code != GCOAP_CODE_CONTENT || !transfer_body_is_right (data, length))
    g_error ("The response is wrong");
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCoapMessage) response = gcoap_endpoint_send_finish (GCOAP_ENDPOINT (source), result,
                                                                  &error);

  if (response == NULL)
    g_error ("%s", error->message);
  check (user_data, response);
  n_open--;
}

static void
send_one (const TransferJob *job)
{
  GCoapEndpoint *endpoint = gcoap_endpoint_new ();
  g_autofree char *uri = g_strdup_printf ("coap://127.0.0.1:%u/" TRANSFER_PATH, job->port);
  g_autoptr (GError) error = NULL;
  g_autoptr (GCoapMessage) request = NULL;

  request = gcoap_message_new_request (job->is_put ? GCOAP_METHOD_PUT : GCOAP_METHOD_GET, uri,
                                       &error);
  if (request == NULL)
    g_error ("%s", error->message);
  if (job->is_put)
    gcoap_message_set_payload (request, job->body);
  gcoap_endpoint_send_async (endpoint, request, NULL, sent_cb, (gpointer) job);
  g_ptr_array_add (endpoints, endpoint);
}

static void
transfer (const TransferJob *job)
{
  n_open = job->n_clients;
  for (guint i = 0; i < job->n_clients; i++)
    send_one (job);
  while (n_open > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
cleanup (const TransferJob *job)
{
  g_ptr_array_set_size (endpoints, 0);
}

int
main (int    argc,
      char **argv)
{
  endpoints = g_ptr_array_new_with_free_func (g_object_unref);
  return transfer_load_main (argc, argv, transfer, cleanup);
}
