/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gcoap/gcoap.h>
#include <glib-unix.h>
#include <locale.h>

#include "progress.h"

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

/* Gets a resource of any size into a file, which changes only when all is there: get URI FILE */
int
main (int argc, char **argv)
{
  g_autoptr (GCoapEndpoint) client = gcoap_endpoint_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GFile) file = argc == 3 ? g_file_new_for_path (argv[2]) : NULL;
  g_autofree char *part_name = argc == 3 ? g_strconcat (argv[2], ".part", NULL) : NULL;
  g_autoptr (GFile) part = part_name != NULL ? g_file_new_for_path (part_name) : NULL;
  g_autoptr (GFileOutputStream) stream = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GCoapMessage) response = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (argc != 3)
    {
      g_printerr ("Usage: %s URI FILE\n", argv[0]);
      return 2;
    }

  stream = g_file_replace (part, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error);
  if (stream == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  g_unix_signal_add (SIGINT, interrupt_cb, cancellable);
  gcoap_endpoint_download_async (client, argv[1], G_OUTPUT_STREAM (stream), cancellable,
                                 progress_show, NULL, NULL, end_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  progress_end ();

  response = gcoap_endpoint_download_finish (client, result, &error);
  if (response != NULL && gcoap_message_get_code (response) >> 5 == 2 &&
      g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, &error) &&
      g_file_move (part, file, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error))
    return 0;

  g_file_delete (part, NULL, NULL);
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  else
    complain (gcoap_message_get_code (response));
  return 1;
}
