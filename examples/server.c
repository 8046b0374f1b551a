/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gcoap/gcoap.h>

static void
request_cb (GCoapEndpoint *server,
            GCoapRequest  *request,
            GString       *temperature)
{
  g_autofree char *text = gcoap_request_dup_text (request);

  if (gcoap_request_get_method (request) == GCOAP_METHOD_GET)
    gcoap_endpoint_set_response_text (server, temperature->str);
  else if (gcoap_request_get_method (request) == GCOAP_METHOD_PUT && text != NULL)
    {
      g_string_assign (temperature, text);
      gcoap_endpoint_set_response_code (server, "2.04");
    }
  else
    gcoap_endpoint_set_response_code (server, "4.05");
}

int
main (int argc, char **argv)
{
  g_autoptr (GCoapEndpoint) server = gcoap_endpoint_new ();
  g_autoptr (GString) temperature = g_string_new ("21.5");
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_local_port (server, argc > 1 ? atoi (argv[1]) : GCOAP_DEFAULT_PORT);
  g_signal_connect (server, "request::/temperature", G_CALLBACK (request_cb), temperature);
  if (gcoap_endpoint_start_listening (server, &error))
    g_print ("Listening on port %u\n", gcoap_endpoint_get_local_port (server));
  else
    g_printerr ("%s\n", error->message);

  while (gcoap_endpoint_get_listening (server))
    g_main_context_iteration (NULL, TRUE);
  return error == NULL ? 0 : 1;
}
