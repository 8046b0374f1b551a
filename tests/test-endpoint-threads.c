/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* Endpoints on main contexts of their own, and several on one. */

#define N_ENDPOINTS 20

/* A thread that runs a server on a context of its own. */
typedef struct
{
  GMainContext  *context;
  GMainLoop     *loop;
  GThread       *thread;
  GCoapEndpoint *server; /* (owned) made and dropped by the thread */
  GThread       *handler_thread;
  guint          port;
  gboolean       is_ready;
  GMutex         mutex;
  GCond          cond;
} Worker;

static void
answer_in_thread_cb (GCoapEndpoint *endpoint,
                     GCoapRequest  *request,
                     Worker        *worker)
{
  worker->handler_thread = g_thread_self ();
  gcoap_endpoint_set_response_text (endpoint, "from a thread");
}

static gpointer
run_worker (gpointer data)
{
  Worker *self = data;

  g_main_context_push_thread_default (self->context);
  self->server = listener_new ();
  g_signal_connect (self->server, "request", G_CALLBACK (answer_in_thread_cb), self);
  self->port = gcoap_endpoint_get_local_port (self->server);

  g_mutex_lock (&self->mutex);
  self->is_ready = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);

  g_main_loop_run (self->loop);
  g_clear_object (&self->server);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

static Worker *
worker_new (void)
{
  Worker *self = g_new0 (Worker, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("worker", run_worker, self);

  g_mutex_lock (&self->mutex);
  while (!self->is_ready)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);

  return self;
}

static void
worker_free (Worker *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  /* Not g_main_context_invoke(), which may run the function here before the loop runs there. */
  g_source_set_callback (source, quit_cb, self->loop, NULL);
  g_source_attach (source, self->context);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Worker, worker_free)

static void
test_worker (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Worker) worker = worker_new ();
  g_autofree char *uri = g_strdup_printf ("coap://127.0.0.1:%u/", worker->port);
  g_autofree char *text = NULL;
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An endpoint lives on the context of its construction");
  gcoap_endpoint_set_timeout (fixture->client, 60);
  id = gcoap_endpoint_get (fixture->client, uri, &error);
  g_assert_no_error (error);
  text = gcoap_endpoint_dup_response_text (fixture->client);
  g_assert_cmpstr (text, ==, "from a thread");
  g_assert_true (worker->handler_thread == worker->thread);
}

static void
test_wrong_thread (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Worker) worker = worker_new ();
  g_autofree char *uri = g_strdup_printf ("coap://127.0.0.1:%u/", worker->port);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Another thread than the one that runs the context cannot wait");
  begin_get (fixture->client, uri);
  wait_until (fixture->requests.n == 1);
  g_assert_false (gcoap_endpoint_do_events (worker->server, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
}

/* A client in the context of the worker, which only that thread runs. */
typedef struct
{
  GCoapEndpoint *client;
  GMutex         mutex;
  GCond          cond;
  gboolean       is_done;
} Job;

static gboolean
make_client_cb (gpointer data)
{
  Job *job = data;

  g_mutex_lock (&job->mutex);
  if (job->client == NULL)
    job->client = gcoap_endpoint_new ();
  else
    g_clear_object (&job->client);
  job->is_done = TRUE;
  g_cond_signal (&job->cond);
  g_mutex_unlock (&job->mutex);

  return G_SOURCE_REMOVE;
}

static void
run_in_worker (Worker      *worker,
               GSourceFunc  function,
               Job         *job)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  job->is_done = FALSE;
  g_source_set_callback (source, function, job, NULL);
  g_source_attach (source, worker->context);
  g_mutex_lock (&job->mutex);
  while (!job->is_done)
    g_cond_wait (&job->cond, &job->mutex);
  g_mutex_unlock (&job->mutex);
}

static void
test_wrong_thread_get (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Worker) worker = worker_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  Job job = { 0 };
  g_autoptr (GError) error = NULL;

  g_mutex_init (&job.mutex);
  g_cond_init (&job.cond);
  run_in_worker (worker, make_client_cb, &job);
  g_assert_null (gcoap_endpoint_get (job.client, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
  g_assert_nonnull (strstr (error->message, "thread"));
  run_in_worker (worker, make_client_cb, &job);
  g_mutex_clear (&job.mutex);
  g_cond_clear (&job.cond);
}

static void
test_own_context (void)
{
  g_autoptr (Worker) worker = worker_new ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GCoapEndpoint) client = NULL;
  g_autofree char *uri = g_strdup_printf ("coap://127.0.0.1:%u/", worker->port);
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Who waits iterates the endpoint's context, and not the default one");
  g_main_context_push_thread_default (context);
  client = gcoap_endpoint_new ();
  g_main_context_pop_thread_default (context);
  id = gcoap_endpoint_get (client, uri, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "");
}

static void
test_several (void)
{
  GCoapEndpoint *servers[N_ENDPOINTS];
  GCoapEndpoint *clients[N_ENDPOINTS];
  Completions completions[N_ENDPOINTS] = { 0 };

  g_test_summary ("Endpoints that share a context do not mix up anything");
  for (guint i = 0; i < N_ENDPOINTS; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      servers[i] = listener_new ();
      answer_with (servers[i], "request", text);
      clients[i] = gcoap_endpoint_new ();
      gcoap_endpoint_set_timeout (clients[i], 0);
      completions_watch (&completions[i], clients[i], "request-complete");
    }
  for (guint i = 0; i < N_ENDPOINTS; i++)
    {
      g_autofree char *uri = g_strdup_printf ("coap://127.0.0.1:%u/",
                                              gcoap_endpoint_get_local_port (servers[i]));

      begin_get (clients[i], uri);
    }
  for (guint i = 0; i < N_ENDPOINTS; i++)
    {
      g_autofree char *expected = g_strdup_printf ("%u", i);
      g_autofree char *text = NULL;

      wait_until (completions[i].n == 1);
      text = gcoap_endpoint_dup_response_text (clients[i]);
      g_assert_cmpstr (text, ==, expected);
      completions_clear (&completions[i]);
      drop_endpoint (&clients[i]);
      drop_endpoint (&servers[i]);
    }
}

static void
get_elsewhere_cb (GCoapEndpoint *server,
                  GCoapRequest  *request,
                  Fixture       *fixture)
{
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_timeout (fixture->client, 60);
  id = gcoap_endpoint_get (fixture->client, uri, &error);
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_TIMED_OUT);
  gcoap_endpoint_set_response_text (server, "after all");
}

static void
test_blocking_elsewhere (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) question = NULL;
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("A handler may wait with another endpoint than its own");
  configure (fixture->client, "AckTimeout=0.001");
  configure (fixture->client, "MaxRetransmit=0");
  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (get_elsewhere_cb), fixture);
  peer_ask (fixture, "40 01 1234 b161");
  question = peer_expect (fixture->peer, GCOAP_MESSAGE_TYPE_CON, GCOAP_METHOD_GET, "");
  answer = peer_expect (fixture->peer, GCOAP_MESSAGE_TYPE_ACK, GCOAP_CODE_CONTENT, "after all");
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-threads/" path, function)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("worker", test_worker);
  ADD ("wrong-thread/do-events", test_wrong_thread);
  ADD ("wrong-thread/get", test_wrong_thread_get);
  ADD ("own-context", test_own_context);
  ADD ("several", test_several);
  ADD ("blocking-elsewhere", test_blocking_elsewhere);

  return g_test_run ();
}
