/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The smallest GCoap server: one handler of the `request` signal. */

#include "gcoap-common.h"
#include "server-common.h"

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
  guint16 port = server_parse_port (MIN (argc, 2), argv);
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();

  for (int i = 2; i < argc; i++)
    gcoap_common_configure (endpoint, argv[i]);
  g_signal_connect (endpoint, "request", G_CALLBACK (request_cb), NULL);
  gcoap_common_serve (endpoint, port);
}
