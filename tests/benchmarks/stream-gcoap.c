/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* One upload and one download as streams, larger than anybody would hold in memory; tells how far
 * the resident memory of either side grew meanwhile. */

#include "gcoap-common.h"
#include "process.h"
#include "transfer-body.h"

#include <unistd.h>

#define MEBIBYTE       (1024 * 1024)
#define MAX_MEBIBYTES  1024
/* Has all in place that any transfer needs, code and threads among it. */
#define WARM_UP_SIZE   MEBIBYTE
#define SAMPLE_SIZE    MEBIBYTE

typedef struct
{
  int     pid;
  gint64  before; /* bytes that were resident */
  gint64  most;
} Memory;

typedef struct
{
  GCoapEndpoint *endpoint;
  char          *uri;
  goffset        size;
  goffset        next_sample;
  Memory         client;
  Memory         server;
  gint64         started;
  gdouble        elapsed;
  GCoapMessage  *response; /* NULL until it has come */
} Transfer;

typedef void (*TransferFunc) (Transfer *transfer);

static gint opt_port;
static gint opt_pid;
static gint opt_mebibytes = 100;
static char **opt_settings;

static GOptionEntry entries[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &opt_port, "Port of the server on 127.0.0.1", "N" },
  { "pid", 0, 0, G_OPTION_ARG_INT, &opt_pid, "Process of the server", "N" },
  { "mebibytes", 0, 0, G_OPTION_ARG_INT, &opt_mebibytes, "Size of either body", "N" },
  { "setting", 0, 0, G_OPTION_ARG_STRING_ARRAY, &opt_settings, "Setting of the client", "K=V" },
  { NULL }
};

static void
memory_sample (Memory *self)
{
  self->most = MAX (self->most, process_get_memory (self->pid));
}

static void
memory_begin (Memory *self,
              int     pid)
{
  self->pid = pid;
  self->before = process_get_memory (pid);
  self->most = self->before;
}

static void
sample (Transfer *transfer)
{
  memory_sample (&transfer->client);
  memory_sample (&transfer->server);
}

static void
progress_cb (goffset  done,
             goffset  total,
             gpointer user_data)
{
  Transfer *transfer = user_data;

  if (done < transfer->next_sample)
    return;
  transfer->next_sample = done + SAMPLE_SIZE;
  sample (transfer);
}

static void
end (Transfer     *transfer,
     GCoapMessage *response,
     guint         code,
     GError       *error)
{
  if (response == NULL)
    g_error ("%s", error->message);
  if (gcoap_message_get_code (response) != code)
    g_error ("The response is wrong");
  transfer->response = response;
}

static void
uploaded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  GCoapMessage *response = gcoap_endpoint_upload_finish (GCOAP_ENDPOINT (source), result, &error);

  end (user_data, response, GCOAP_CODE_CHANGED, error);
}

static void
downloaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  GCoapMessage *response = gcoap_endpoint_download_finish (GCOAP_ENDPOINT (source), result,
                                                           &error);

  end (user_data, response, GCOAP_CODE_CONTENT, error);
}

static void
await (Transfer *transfer)
{
  while (transfer->response == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
upload (Transfer *transfer)
{
  g_autoptr (GInputStream) source = transfer_source_new (transfer->size);

  gcoap_endpoint_upload_async (transfer->endpoint, transfer->uri, source, -1, NULL, progress_cb,
                               transfer, NULL, uploaded_cb, transfer);
  await (transfer);
}

static void
download (Transfer *transfer)
{
  g_autoptr (GOutputStream) sink = transfer_sink_new ();

  gcoap_endpoint_download_async (transfer->endpoint, transfer->uri, sink, NULL, progress_cb,
                                 transfer, NULL, downloaded_cb, transfer);
  await (transfer);
  if (transfer_sink_get_size (sink) != transfer->size)
    g_error ("The body is not complete");
}

/* From a port of its own. */
static void
run (Transfer     *transfer,
     TransferFunc  func,
     goffset       size)
{
  *transfer = (Transfer) { .endpoint = gcoap_endpoint_new (), .size = size };
  for (char **setting = opt_settings; setting != NULL && *setting != NULL; setting++)
    gcoap_common_configure (transfer->endpoint, *setting);
  transfer->uri = g_strdup_printf ("coap://127.0.0.1:%d/" STREAM_PATH "?%" G_GOFFSET_FORMAT,
                                   opt_port, size);
  memory_begin (&transfer->client, getpid ());
  memory_begin (&transfer->server, opt_pid);
  transfer->started = g_get_monotonic_time ();
  func (transfer);
  transfer->elapsed = (g_get_monotonic_time () - transfer->started) / (gdouble) G_USEC_PER_SEC;
  sample (transfer);

  g_clear_pointer (&transfer->response, gcoap_message_unref);
  g_clear_object (&transfer->endpoint);
  g_clear_pointer (&transfer->uri, g_free);
}

static void
measure (const char   *name,
         TransferFunc  func)
{
  Transfer transfer;

  run (&transfer, func, (goffset) opt_mebibytes * MEBIBYTE);
  g_print ("%s=%.3f %s_client=%.0f %s_server=%.0f\n", name, transfer.elapsed, name,
           (gdouble) (transfer.client.most - transfer.client.before), name,
           (gdouble) (transfer.server.most - transfer.server.before));
}

static gboolean
check_options (void)
{
  return opt_port > 0 && opt_port <= G_MAXUINT16 && opt_pid > 0 && opt_mebibytes > 0 &&
         opt_mebibytes <= MAX_MEBIBYTES;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- large bodies as streams");
  g_autoptr (GError) error = NULL;
  Transfer warm_up;

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

  run (&warm_up, upload, WARM_UP_SIZE);
  run (&warm_up, download, WARM_UP_SIZE);
  measure ("upload", upload);
  measure ("download", download);
  return 0;
}
