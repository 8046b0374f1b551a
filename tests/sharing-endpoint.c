/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Listens on a port that it shares, says so, and answers with its process id: sharing-endpoint
 * HOST PORT. Ends when its standard input does. */

#include <gcoap/gcoap.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
request_cb (GCoapEndpoint *endpoint,
            GCoapRequest  *request,
            const char    *text)
{
  gcoap_endpoint_set_response_text (endpoint, text);
}

static gboolean
input_cb (GIOChannel   *channel,
          GIOCondition  condition,
          gpointer      loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (STDIN_FILENO);
  g_autofree char *text = g_strdup_printf ("%d", getpid ());
  g_autofree char *value = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 3)
    return EXIT_FAILURE;

  value = gcoap_endpoint_config (endpoint, "ShareLocalPort=True", &error);
  gcoap_endpoint_set_local_host (endpoint, argv[1]);
  gcoap_endpoint_set_local_port (endpoint, atoi (argv[2]));
  g_signal_connect (endpoint, "request", G_CALLBACK (request_cb), text);
  if (value == NULL || !gcoap_endpoint_start_listening (endpoint, &error))
    g_error ("%s", error->message);

  g_io_add_watch (input, G_IO_IN | G_IO_HUP, input_cb, loop);
  printf ("listening\n");
  fflush (stdout);
  g_main_loop_run (loop);

  return EXIT_SUCCESS;
}
