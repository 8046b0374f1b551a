/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gcoap/gcoap.h>
#include <locale.h>

/* Sends one request and prints the response: client METHOD URI [TEXT] */
int
main (int argc, char **argv)
{
  g_autoptr (GCoapEndpoint) client = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL, *text = NULL;
  const char *method = argc > 2 ? argv[1] : "";

  setlocale (LC_ALL, ""); /* for errors in the user's language */
  if (argc > 3)
    {
      gcoap_endpoint_set_request_content_format (client, 0); /* text/plain */
      gcoap_endpoint_set_request_text (client, argv[3]);
    }

  if (g_str_equal (method, "get"))
    id = gcoap_endpoint_get (client, argv[2], &error);
  else if (g_str_equal (method, "post"))
    id = gcoap_endpoint_post (client, argv[2], &error);
  else if (g_str_equal (method, "put"))
    id = gcoap_endpoint_put (client, argv[2], &error);
  else if (g_str_equal (method, "delete"))
    id = gcoap_endpoint_delete (client, argv[2], &error);
  else
    g_printerr ("Usage: %s get|post|put|delete URI [TEXT]\n", argv[0]);

  if (error != NULL)
    g_printerr ("%s\n", error->message);
  if (id == NULL)
    return error != NULL ? 1 : 2;
  text = gcoap_endpoint_dup_response_text (client);
  g_print ("%s %s\n", gcoap_endpoint_get_response_code (client), text != NULL ? text : "");
  return 0;
}
