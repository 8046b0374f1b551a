/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gcoap/gcoap.h>
#include <glib-unix.h>
#include <unistd.h>

/* A server that says its port and then has nothing to do, until its input ends; test-idle.py
 * watches that it does nothing. */

static void
request_cb (GCoapEndpoint *endpoint,
            GCoapRequest  *request,
            gpointer       user_data)
{
  gcoap_endpoint_set_response_text (endpoint, "hi");
}

static gboolean
input_cb (int           fd,
          GIOCondition  condition,
          gpointer      user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_local_host (endpoint, "127.0.0.1");
  g_signal_connect (endpoint, "request", G_CALLBACK (request_cb), NULL);
  if (!gcoap_endpoint_start_listening (endpoint, &error))
    g_error ("%s", error->message);

  g_print ("%u\n", gcoap_endpoint_get_local_port (endpoint));
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, input_cb, loop);
  g_main_loop_run (loop);

  return 0;
}
