/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The smallest GCoap server: one handler of the `request` signal. */

#include "server-common.h"

#include <gcoap/gcoap.h>

static void
request_cb (GCoapEndpoint *endpoint,
            GCoapRequest  *request,
            gpointer       user_data)
{
  gcoap_endpoint_set_response_code (endpoint, "2.05");
  gcoap_endpoint_set_response_text (endpoint, SERVER_TEXT);
}

int
main (int    argc,
      char **argv)
{
  guint16 port = server_parse_port (argc, argv);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_local_host (endpoint, "127.0.0.1");
  gcoap_endpoint_set_local_port (endpoint, port);
  g_signal_connect (endpoint, "request", G_CALLBACK (request_cb), NULL);
  if (!gcoap_endpoint_start_listening (endpoint, &error))
    g_error ("Cannot listen on port %u: %s", port, error->message);

  server_announce (gcoap_endpoint_get_local_port (endpoint));
  g_main_loop_run (loop);
  return 0;
}
