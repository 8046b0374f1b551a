/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gcoap/gcoap.h>
#include <glib-unix.h>
#include <locale.h>

#include "progress.h"

#define OCTET_STREAM 42

static gboolean
interrupt_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
complain (guint code)
{
  g_autofree char *number = gcoap_code_to_string (code);
  const char *name = gcoap_code_get_name (code);

  g_printerr ("%s %s\n", number, name != NULL ? name : "");
}

static void
end_cb (GObject      *client,
        GAsyncResult *result,
        gpointer      out_result)
{
  g_set_object ((GAsyncResult **) out_result, result);
}

/* Puts a file of any size: put FILE URI */
int
main (int argc, char **argv)
{
  g_autoptr (GCoapEndpoint) client = gcoap_endpoint_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GFile) file = argc == 3 ? g_file_new_for_path (argv[1]) : NULL;
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GCoapMessage) response = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (argc != 3)
    {
      g_printerr ("Usage: %s FILE URI\n", argv[0]);
      return 2;
    }

  stream = g_file_read (file, NULL, &error);
  if (stream != NULL)
    {
      g_unix_signal_add (SIGINT, interrupt_cb, cancellable);
      gcoap_endpoint_upload_async (client, argv[2], G_INPUT_STREAM (stream), OCTET_STREAM,
                                   cancellable, progress_show, NULL, NULL, end_cb, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      progress_end ();
      response = gcoap_endpoint_upload_finish (client, result, &error);
    }

  if (error != NULL)
    g_printerr ("%s\n", error->message);
  else if (gcoap_message_get_code (response) >> 5 != 2)
    complain (gcoap_message_get_code (response));
  else
    return 0;
  return 1;
}
