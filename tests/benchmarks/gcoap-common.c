/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gcoap-common.h"

#include "server-common.h"

void
gcoap_common_configure (GCoapEndpoint *endpoint,
                        const char    *setting)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *value = gcoap_endpoint_config (endpoint, setting, &error);

  if (value == NULL)
    g_error ("%s", error->message);
}

void
gcoap_common_serve (GCoapEndpoint *endpoint,
                    guint16        port)
{
  GMainLoop *loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_local_host (endpoint, "127.0.0.1");
  gcoap_endpoint_set_local_port (endpoint, port);
  if (!gcoap_endpoint_start_listening (endpoint, &error))
    g_error ("Cannot listen on port %u: %s", port, error->message);

  server_announce (gcoap_endpoint_get_local_port (endpoint));
  for (;;)
    g_main_loop_run (loop);
}
