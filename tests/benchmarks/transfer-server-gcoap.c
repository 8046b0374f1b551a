/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bodies of 1 MiB both ways, whole, and of any size as streams. */

#include "gcoap-common.h"
#include "server-common.h"
#include "transfer-body.h"

#include <malloc.h>

static void
respond (GCoapEndpoint *endpoint,
         gboolean       is_right)
{
  gcoap_endpoint_set_response_code (endpoint, is_right ? "2.04" : "4.00");
}

static void
body_cb (GCoapEndpoint *endpoint,
         GCoapRequest  *request,
         gpointer       body)
{
  GBytes *payload = gcoap_request_get_payload (request);
  gconstpointer data;
  gsize length;

  if (gcoap_request_get_method (request) == GCOAP_METHOD_GET)
    {
      gcoap_endpoint_set_response_data (endpoint, body);
      return;
    }

  data = g_bytes_get_data (payload, &length);
  respond (endpoint, transfer_body_is_right (data, length));
}

static void
upload_cb (GCoapEndpoint *endpoint,
           GCoapRequest  *request,
           gpointer       user_data)
{
  g_autoptr (GOutputStream) sink = transfer_sink_new ();

  gcoap_request_set_upload_stream (request, sink);
}

/* The query is the size. */
static void
stream_cb (GCoapEndpoint *endpoint,
           GCoapRequest  *request,
           gpointer       user_data)
{
  GOutputStream *sink = gcoap_request_get_upload_stream (request);
  const char *query = gcoap_request_get_uri_query (request);
  goffset size = query != NULL ? g_ascii_strtoll (query, NULL, 10) : 0;
  g_autoptr (GInputStream) source = NULL;

  if (gcoap_request_get_method (request) == GCOAP_METHOD_GET)
    {
      source = transfer_source_new (size);
      gcoap_endpoint_set_response_stream (endpoint, source);
      return;
    }

  respond (endpoint, sink != NULL && transfer_sink_get_size (sink) == size);
}

/* What is allocated, whether or not the rest of the heap has gone back to the system. */
static void
memory_cb (GCoapEndpoint *endpoint,
           GCoapRequest  *request,
           gpointer       user_data)
{
  struct mallinfo2 info = mallinfo2 ();
  g_autofree char *text = g_strdup_printf ("%zu", info.uordblks + info.hblkhd);

  gcoap_endpoint_set_response_text (endpoint, text);
}

int
main (int    argc,
      char **argv)
{
  guint16 port = server_parse_port (MIN (argc, 2), argv);
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GBytes) body = transfer_body_new ();

  for (int i = 2; i < argc; i++)
    gcoap_common_configure (endpoint, argv[i]);
  g_signal_connect (endpoint, "request::/" TRANSFER_PATH, G_CALLBACK (body_cb), body);
  g_signal_connect (endpoint, "upload::/" STREAM_PATH, G_CALLBACK (upload_cb), NULL);
  g_signal_connect (endpoint, "request::/" STREAM_PATH, G_CALLBACK (stream_cb), NULL);
  g_signal_connect (endpoint, "request::/" MEMORY_PATH, G_CALLBACK (memory_cb), NULL);
  gcoap_common_serve (endpoint, port);
}
