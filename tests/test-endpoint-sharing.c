/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

#include <sys/socket.h>

#include "socket-inspector.h"

/* The setting ShareLocalPort. */

/* So many clients that all of them being led to one listener is out of the question. */
#define N_CLIENTS 48

typedef struct
{
  const char *name;
  const char *host;
  const char *format;
} HostRow;

static const HostRow host_rows[] = {
  { "ipv4", "127.0.0.1", "coap://127.0.0.1:PORT/" },
  { "ipv6", "::1", "coap://[::1]:PORT/" },
};

static gboolean
skip (const HostRow *row)
{
  return strchr (row->host, ':') != NULL && skip_without_ipv6 ();
}

static GCoapEndpoint *
make_sharer (const char *host,
             guint       port,
             const char *text)
{
  GCoapEndpoint *endpoint = gcoap_endpoint_new ();

  configure (endpoint, "ShareLocalPort=True");
  gcoap_endpoint_set_local_host (endpoint, host);
  gcoap_endpoint_set_local_port (endpoint, port);
  answer_with (endpoint, "request", text);

  return endpoint;
}

static void
start (GCoapEndpoint *endpoint)
{
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_start_listening (endpoint, &error);
  g_assert_no_error (error);
}

static char *
make_uri (const HostRow *row,
          guint          port)
{
  g_auto (GStrv) parts = g_strsplit (row->format, "PORT", 2);
  g_autofree char *text = g_strdup_printf ("%u", port);

  return g_strjoinv (text, parts);
}

/* Asks from so many ports, twice from each, and counts who answers what. */
static GHashTable *
ask_all (const HostRow *row,
         guint          port)
{
  GHashTable *answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *uri = make_uri (row, port);

  for (guint i = 0; i < N_CLIENTS; i++)
    {
      g_autoptr (GCoapEndpoint) client = gcoap_endpoint_new ();
      g_autofree char *first = NULL;
      g_autofree char *second = NULL;

      g_free (gcoap_endpoint_get (client, uri, NULL));
      first = gcoap_endpoint_dup_response_text (client);
      g_free (gcoap_endpoint_get (client, uri, NULL));
      second = gcoap_endpoint_dup_response_text (client);
      g_assert_cmpstr (first, ==, second);
      g_hash_table_add (answers, g_steal_pointer (&first));
    }

  return answers;
}

static void
test_endpoints (gconstpointer data)
{
  const HostRow *row = data;
  g_autoptr (GCoapEndpoint) one = NULL;
  g_autoptr (GCoapEndpoint) two = NULL;
  g_autoptr (GHashTable) answers = NULL;
  guint port;

  if (skip (row))
    return;

  g_test_summary ("Both serve, and each client stays with one of them");
  one = make_sharer (row->host, 0, "one");
  start (one);
  port = gcoap_endpoint_get_local_port (one);
  g_assert_cmpint (get_option (find_socket (port), SOL_SOCKET, SO_REUSEPORT), ==, TRUE);
  two = make_sharer (row->host, port, "two");
  start (two);
  answers = ask_all (row, port);
  g_assert_cmpuint (g_hash_table_size (answers), ==, 2);
  g_assert_true (g_hash_table_contains (answers, "one"));
  g_assert_true (g_hash_table_contains (answers, "two"));
}

/* Which of two share the port. */
typedef struct
{
  const char *name;
  const char *first;
  const char *second;
} PairRow;

static const PairRow pair_rows[] = {
  { "neither", "ShareLocalPort=False", "ShareLocalPort=False" },
  { "first", "ShareLocalPort=True", "ShareLocalPort=False" },
  { "second", "ShareLocalPort=False", "ShareLocalPort=True" },
};

static void
test_unwilling (gconstpointer data)
{
  const PairRow *row = data;
  g_autoptr (GCoapEndpoint) one = make_sharer ("127.0.0.1", 0, "one");
  g_autoptr (GCoapEndpoint) two = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Both must say so");
  configure (one, row->first);
  start (one);
  two = make_sharer ("127.0.0.1", gcoap_endpoint_get_local_port (one), "two");
  configure (two, row->second);
  g_assert_false (gcoap_endpoint_start_listening (two, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

/* A listener of another thread. */
typedef struct
{
  const HostRow *row;
  guint          port;
  GMainContext  *context;
  GMainLoop     *loop;
  GMutex         mutex;
  GCond          cond;
  gboolean       is_listening;
} ThreadListener;

static gpointer
listen_in_thread (gpointer data)
{
  ThreadListener *self = data;
  g_autoptr (GCoapEndpoint) endpoint = NULL;

  g_main_context_push_thread_default (self->context);
  endpoint = make_sharer (self->row->host, self->port, "thread");
  start (endpoint);
  g_mutex_lock (&self->mutex);
  self->is_listening = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_main_loop_run (self->loop);
  g_clear_object (&endpoint);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

static void
test_threads (gconstpointer data)
{
  const HostRow *row = data;
  g_autoptr (GCoapEndpoint) one = NULL;
  g_autoptr (GHashTable) answers = NULL;
  ThreadListener listener = { .row = row };
  GThread *thread;

  if (skip (row))
    return;

  one = make_sharer (row->host, 0, "one");
  start (one);
  listener.port = gcoap_endpoint_get_local_port (one);
  listener.context = g_main_context_new ();
  listener.loop = g_main_loop_new (listener.context, FALSE);
  g_mutex_init (&listener.mutex);
  g_cond_init (&listener.cond);
  thread = g_thread_new ("listener", listen_in_thread, &listener);
  g_mutex_lock (&listener.mutex);
  while (!listener.is_listening)
    g_cond_wait (&listener.cond, &listener.mutex);
  g_mutex_unlock (&listener.mutex);

  answers = ask_all (row, listener.port);
  g_assert_cmpuint (g_hash_table_size (answers), ==, 2);
  g_assert_true (g_hash_table_contains (answers, "thread"));

  g_main_loop_quit (listener.loop);
  g_thread_join (thread);
  g_main_loop_unref (listener.loop);
  g_main_context_unref (listener.context);
  g_mutex_clear (&listener.mutex);
  g_cond_clear (&listener.cond);
}

static GSubprocess *
start_process (const HostRow *row,
               guint          port)
{
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "sharing-endpoint", NULL);
  g_autofree char *port_text = g_strdup_printf ("%u", port);
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_new (
    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
    program, row->host, port_text, NULL);
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;

  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (output), FALSE);
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (line, ==, "listening");

  return process;
}

static void
test_processes (gconstpointer data)
{
  const HostRow *row = data;
  g_autoptr (GCoapEndpoint) one = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GHashTable) answers = NULL;
  guint port;

  if (skip (row))
    return;

  one = make_sharer (row->host, 0, "one");
  start (one);
  port = gcoap_endpoint_get_local_port (one);
  process = start_process (row, port);
  answers = ask_all (row, port);
  g_assert_cmpuint (g_hash_table_size (answers), ==, 2);
  g_assert_true (g_hash_table_contains (answers, "one"));
  g_assert_true (g_hash_table_contains (answers, g_subprocess_get_identifier (process)));

  g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
}

static void
test_clients (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapEndpoint) other = NULL;
  g_autoptr (Peer) other_peer = peer_new ("127.0.0.1");
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *other_uri = make_uri (&host_rows[0], other_peer->port);
  Completions completions = { 0 };

  g_test_summary ("Clients that share a port and are connected get their own answers");
  configure (fixture->client, "ShareLocalPort=True");
  configure (fixture->client, "UseConnection=True");
  peer_answer_with (fixture->peer, "one");
  begin_get (fixture->client, uri);
  wait_until (fixture->requests.n == 1);
  other = make_sharer ("", gcoap_endpoint_get_local_port (fixture->client), "");
  gcoap_endpoint_set_timeout (other, 0);
  configure (other, "UseConnection=True");
  completions_watch (&completions, other, "request-complete");
  peer_answer_with (other_peer, "two");
  begin_get (other, other_uri);
  wait_until (completions.n == 1);
  g_assert_cmpint (completions.code, ==, 0);
  g_assert_cmpuint (gcoap_endpoint_get_local_port (other), ==,
                    gcoap_endpoint_get_local_port (fixture->client));
  for (guint i = 2; i < 8; i++)
    {
      begin_get (fixture->client, uri);
      wait_until (fixture->requests.n == i);
      g_assert_cmpint (fixture->requests.code, ==, 0);
      begin_get (other, other_uri);
      wait_until (completions.n == i);
      g_assert_cmpint (completions.code, ==, 0);
    }
  completions_clear (&completions);
}

static void
add_for_hosts (const char    *test,
               GTestDataFunc  function)
{
  for (guint i = 0; i < G_N_ELEMENTS (host_rows); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-sharing/%s/%s", test, host_rows[i].name);

      g_test_add_data_func (path, &host_rows[i], function);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_for_hosts ("endpoints", test_endpoints);
  add_for_hosts ("threads", test_threads);
  add_for_hosts ("processes", test_processes);
  for (guint i = 0; i < G_N_ELEMENTS (pair_rows); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-sharing/unwilling/%s", pair_rows[i].name);

      g_test_add_data_func (path, &pair_rows[i], test_unwilling);
    }

  g_test_add_func ("/facade/endpoint-sharing/clients", test_clients);

  return g_test_run ();
}
