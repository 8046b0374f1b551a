/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process.h"

#include <string.h>
#include <time.h>

/* Its resident pages as the kernel counts them now; the figure in `status` may lag behind. */
gint64
process_get_memory (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/smaps_rollup", pid);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  const char *rss;

  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);
  rss = strstr (text, "\nRss:");
  if (rss == NULL)
    g_error ("%s does not tell the resident memory", path);
  return g_ascii_strtoll (rss + strlen ("\nRss:"), NULL, 10) * 1024;
}

gdouble
process_get_cpu (int pid)
{
  struct timespec used;
  clockid_t clock;

  if (clock_getcpuclockid (pid, &clock) != 0 || clock_gettime (clock, &used) != 0)
    g_error ("There is no process %d", pid);
  return used.tv_sec + used.tv_nsec / 1e9;
}
