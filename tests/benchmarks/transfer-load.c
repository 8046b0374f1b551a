/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "transfer-load.h"

#include "process.h"
#include "transfer-body.h"

#include <unistd.h>

#define MAX_TRANSFERS 1000
#define MAX_CLIENTS   64

/* Of one transfer, or the middle ones of several: seconds. */
typedef struct
{
  gdouble elapsed;
  gdouble client_cpu;
  gdouble server_cpu;
} Cost;

static gint opt_port;
static gint opt_pid;
static gint opt_clients = 1;
static gint opt_transfers = 5;

static GOptionEntry entries[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &opt_port, "Port of the server on 127.0.0.1", "N" },
  { "pid", 0, 0, G_OPTION_ARG_INT, &opt_pid, "Process of the server", "N" },
  { "clients", 0, 0, G_OPTION_ARG_INT, &opt_clients, "Transfers at once", "N" },
  { "transfers", 0, 0, G_OPTION_ARG_INT, &opt_transfers, "How often, of each method", "N" },
  { NULL }
};

static Cost
measure (const TransferJob *job,
         TransferFunc       transfer,
         TransferFunc       cleanup)
{
  gdouble client_cpu = process_get_cpu (getpid ());
  gdouble server_cpu = process_get_cpu (opt_pid);
  gint64 start = g_get_monotonic_time ();
  Cost cost;

  transfer (job);
  cost.elapsed = (g_get_monotonic_time () - start) / (gdouble) G_USEC_PER_SEC;
  cost.client_cpu = process_get_cpu (getpid ()) - client_cpu;
  cost.server_cpu = process_get_cpu (opt_pid) - server_cpu;
  cleanup (job);
  return cost;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  gdouble one = ((const Cost *) a)->elapsed;
  gdouble other = ((const Cost *) b)->elapsed;

  return (one > other) - (one < other);
}

/* Once for what the first transfer of a process needs, and then as often as counts. */
static void
measure_method (const char   *name,
                TransferJob  *job,
                TransferFunc  transfer,
                TransferFunc  cleanup)
{
  g_autofree Cost *costs = g_new0 (Cost, opt_transfers);
  const Cost *middle = &costs[opt_transfers / 2];

  measure (job, transfer, cleanup);
  for (int i = 0; i < opt_transfers; i++)
    costs[i] = measure (job, transfer, cleanup);
  qsort (costs, opt_transfers, sizeof *costs, compare);
  g_print ("%s=%.6f %s_client=%.6f %s_server=%.6f\n", name, middle->elapsed, name,
           middle->client_cpu, name, middle->server_cpu);
}

static gboolean
check_options (void)
{
  return opt_port > 0 && opt_port <= G_MAXUINT16 && opt_pid > 0 && opt_clients > 0 &&
         opt_clients <= MAX_CLIENTS && opt_transfers > 0 && opt_transfers <= MAX_TRANSFERS;
}

int
transfer_load_main (int            argc,
                    char         **argv,
                    TransferFunc   transfer,
                    TransferFunc   cleanup)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- transfers of 1 MiB");
  g_autoptr (GBytes) body = transfer_body_new ();
  g_autoptr (GError) error = NULL;
  TransferJob job = { .body = body };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (!check_options ())
    {
      g_printerr ("An option is missing or out of range; see --help\n");
      return 2;
    }

  job.port = opt_port;
  job.n_clients = opt_clients;
  measure_method ("get", &job, transfer, cleanup);
  job.is_put = TRUE;
  measure_method ("put", &job, transfer, cleanup);
  return 0;
}
