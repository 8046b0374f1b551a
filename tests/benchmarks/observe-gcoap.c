/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A resource that anybody may observe, and a POST that brings its state to all who do. */

#include "gcoap-common.h"
#include "server-common.h"

static char *observed_uri; /* as the first registration says it */

static void
register_cb (GCoapEndpoint *endpoint,
             GCoapRequest  *request,
             gpointer       user_data)
{
  if (observed_uri == NULL)
    observed_uri = g_strdup (gcoap_request_get_uri (request));
  gcoap_request_set_accept (request, TRUE);
  gcoap_endpoint_set_response_text (endpoint, SERVER_TEXT);
}

static void
get_cb (GCoapEndpoint *endpoint,
        GCoapRequest  *request,
        gpointer       user_data)
{
  gcoap_endpoint_set_response_text (endpoint, SERVER_TEXT);
}

static void
fan_out_cb (GCoapEndpoint *endpoint,
            GCoapRequest  *request,
            gpointer       user_data)
{
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_use_confirmable_messages (endpoint, GPOINTER_TO_INT (user_data));
  gcoap_endpoint_set_response_text (endpoint, SERVER_TEXT);
  if (observed_uri != NULL &&
      !gcoap_endpoint_send_notification (endpoint, observed_uri, &error))
    g_error ("Cannot notify: %s", error->message);

  gcoap_endpoint_set_response_data (endpoint, NULL);
  gcoap_endpoint_set_response_code (endpoint, "2.04");
}

int
main (int    argc,
      char **argv)
{
  guint16 port = server_parse_port (MIN (argc, 2), argv);
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();

  for (int i = 2; i < argc; i++)
    gcoap_common_configure (endpoint, argv[i]);
  g_signal_connect (endpoint, "register::/" SERVER_PATH, G_CALLBACK (register_cb), NULL);
  g_signal_connect (endpoint, "request::/" SERVER_PATH, G_CALLBACK (get_cb), NULL);
  g_signal_connect (endpoint, "request::/" SERVER_PATH_NON, G_CALLBACK (fan_out_cb),
                    GINT_TO_POINTER (FALSE));
  g_signal_connect (endpoint, "request::/" SERVER_PATH_CON, G_CALLBACK (fan_out_cb),
                    GINT_TO_POINTER (TRUE));
  gcoap_common_serve (endpoint, port);
}
