/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "server-common.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

guint16
server_parse_port (int    argc,
                   char **argv)
{
  g_autoptr (GError) error = NULL;
  guint64 port;

  if (argc != 2)
    {
      g_printerr ("Usage: %s PORT (0: the system chooses)\n", argv[0]);
      exit (2);
    }
  if (!g_ascii_string_to_unsigned (argv[1], 10, 0, G_MAXUINT16, &port, &error))
    {
      g_printerr ("%s\n", error->message);
      exit (2);
    }
  return port;
}

/* A thread, not a source: the loops measured then watch nothing but their sockets. */
static gpointer
end_with_stdin (gpointer data)
{
  char bytes[64];

  while (read (STDIN_FILENO, bytes, sizeof bytes) > 0)
    ;
  _exit (0);
}

void
server_announce (guint port)
{
  printf ("%u\n", port);
  fflush (stdout);
  g_thread_unref (g_thread_new ("stdin", end_with_stdin, NULL));
}
