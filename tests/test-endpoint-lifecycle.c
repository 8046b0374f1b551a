/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

#include <string.h>

/* An endpoint is brought into each state it can be in, and is then ended in each way there is.
 * Every operation that was going on must end exactly once, and nothing of it may be left. */

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define ACK GCOAP_MESSAGE_TYPE_ACK

#define EMPTY   GCOAP_CODE_EMPTY
#define CONTENT GCOAP_CODE_CONTENT

#define CON_GET_A "42 01 1234 aabb b161"

typedef struct _Life Life;
typedef struct _State State;
typedef struct _Way Way;

/* A way to end an endpoint. */
struct _Way
{
  const char *name;
  void      (*end) (Life *life);
  gboolean    leaves_usable;
};

/* A state to be ended in. Where somebody waits inside of the endpoint, enter() returns when that is
 * over, and the way has been gone in between. */
struct _State
{
  const char *name;
  void      (*enter) (Life *life);
  guint       n_requests;  /* request-complete signals to come */
  guint       n_responses; /* response-complete signals to come */
  guint       n_tasks;     /* callbacks to come */
  gboolean    is_held;     /* somebody inside has a reference, so that unref() ends nothing */
};

struct _Life
{
  const State   *state;
  const Way     *way;
  GCoapEndpoint *endpoint; /* (nullable) */
  gpointer       left;     /* the endpoint, while it exists */
  Peer          *peer;
  GCancellable  *cancellable;
  guint          watchdog;
  gboolean       has_ended;
  guint          n_requests;
  guint          n_responses;
  guint          n_tasks;
};

static void
end (Life *life)
{
  g_assert_false (life->has_ended);
  life->has_ended = TRUE;
  life->way->end (life);
}

static void
end_by_unref (Life *life)
{
  g_clear_object (&life->endpoint);
}

static void
end_by_dispose (Life *life)
{
  g_object_run_dispose (G_OBJECT (life->endpoint));
}

static void
end_by_dispose_and_unref (Life *life)
{
  GCoapEndpoint *endpoint = g_steal_pointer (&life->endpoint);

  g_object_run_dispose (G_OBJECT (endpoint));
  g_object_unref (endpoint);
}

static void
end_by_shutdown (Life *life)
{
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_shutdown (life->endpoint, &error);
  g_assert_no_error (error);
}

static void
end_by_reset (Life *life)
{
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_reset (life->endpoint, &error);
  g_assert_no_error (error);
}

static void
end_by_two_shutdowns (Life *life)
{
  end_by_shutdown (life);
  end_by_shutdown (life);
}

static const Way ways[] = {
  { "unref", end_by_unref, FALSE },
  { "dispose", end_by_dispose, TRUE },
  { "dispose-and-unref", end_by_dispose_and_unref, FALSE },
  { "shutdown", end_by_shutdown, TRUE },
  { "shutdown-twice", end_by_two_shutdowns, TRUE },
  { "reset", end_by_reset, TRUE },
};

static char *
get_peer_uri (Life *life)
{
  return g_strdup_printf ("coap://127.0.0.1:%u/", life->peer->port);
}

static void
begin_request (Life *life)
{
  g_autofree char *uri = get_peer_uri (life);

  begin_get (life->endpoint, uri);
}

static void
task_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Life *life = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCoapMessage) response = NULL;

  response = gcoap_endpoint_send_finish (GCOAP_ENDPOINT (source), result, &error);
  g_assert_true ((response == NULL) == (error != NULL));
  life->n_tasks++;
}

static void
begin_send (Life         *life,
            const char   *uri,
            GCancellable *cancellable)
{
  g_autoptr (GCoapMessage) message =
    gcoap_message_new_request (GCOAP_METHOD_GET, uri, NULL);

  gcoap_endpoint_send_async (life->endpoint, message, cancellable, task_done_cb, life);
}

static void
listen (Life *life)
{
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_local_host (life->endpoint, "127.0.0.1");
  gcoap_endpoint_start_listening (life->endpoint, &error);
  g_assert_no_error (error);
}

static void
ask_endpoint (Life       *life,
              const char *hex)
{
  peer_send (life->peer, "127.0.0.1", gcoap_endpoint_get_local_port (life->endpoint), hex);
}

static void
enter_idle (Life *life)
{
}

static void
enter_listening (Life *life)
{
  listen (life);
}

static void
enter_after_request (Life *life)
{
  peer_answer_with (life->peer, "hi");
  begin_request (life);
  wait_until (life->n_requests == 1);
}

/* Nothing answers there, but a look-up of any name goes by a thread, and takes its time. */
static void
enter_resolving (Life *life)
{
  begin_get (life->endpoint, "coap://localhost:9/");
}

static void
enter_in_flight (Life *life)
{
  g_autoptr (Datagram) datagram = NULL;

  begin_request (life);
  datagram = peer_take (life->peer);
}

static void
enter_non_in_flight (Life *life)
{
  gcoap_endpoint_set_use_confirmable_messages (life->endpoint, FALSE);
  enter_in_flight (life);
}

static void
enter_ping (Life *life)
{
  g_autofree char *uri = get_peer_uri (life);

  g_free (gcoap_endpoint_send_custom_request (life->endpoint, uri, 0, NULL));
}

static void
enter_acknowledged (Life *life)
{
  g_autoptr (Datagram) datagram = NULL;

  begin_request (life);
  datagram = peer_take (life->peer);
  peer_answer_empty (life->peer, datagram, ACK);
  settle ();
}

static void
enter_in_line (Life *life)
{
  enter_in_flight (life);
  begin_request (life);
  begin_request (life);
}

static void
end_and_answer_cb (Peer           *peer,
                   const Datagram *datagram,
                   gpointer        user_data)
{
  end (user_data);
  peer_answer (peer, datagram, ACK, CONTENT, "hi");
}

static void
enter_blocking (Life *life)
{
  g_autofree char *uri = get_peer_uri (life);
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_timeout (life->endpoint, 60);
  life->peer->func = end_and_answer_cb;
  life->peer->user_data = life;
  id = gcoap_endpoint_get (life->endpoint, uri, &error);
  if (life->way->end == end_by_unref)
    g_assert_no_error (error);
  else
    g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_CANCELED);
}

static void
end_in_handler_cb (GCoapEndpoint *endpoint,
                   gpointer       parameter,
                   Life          *life)
{
  if (!life->has_ended)
    end (life);
}

static void
end_on_completion_cb (GCoapEndpoint *endpoint,
                      GCoapRequest  *request,
                      int            code,
                      const char    *description,
                      Life          *life)
{
  end_in_handler_cb (endpoint, request, life);
}

static void
enter_completing (Life *life)
{
  g_signal_connect (life->endpoint, "request-complete", G_CALLBACK (end_on_completion_cb), life);
  peer_answer_with (life->peer, "hi");
  begin_request (life);
  begin_request (life);
  wait_until (life->has_ended);
}

static void
enter_task_done (Life *life)
{
  g_autofree char *uri = get_peer_uri (life);

  peer_answer_with (life->peer, "hi");
  begin_send (life, uri, NULL);
  wait_until (life->n_tasks == 1);
}

static void
enter_sending (Life *life)
{
  g_autofree char *uri = get_peer_uri (life);

  begin_send (life, uri, NULL);
}

static void
enter_sending_cancellable (Life *life)
{
  g_autofree char *uri = get_peer_uri (life);

  begin_send (life, uri, life->cancellable);
}

static void
enter_sending_cancelled (Life *life)
{
  enter_sending_cancellable (life);
  g_cancellable_cancel (life->cancellable);
}

static void
enter_sending_by_name (Life *life)
{
  g_autofree char *uri = g_strdup_printf ("coap://localhost:%u/", life->peer->port);

  begin_send (life, uri, life->cancellable);
}

static void
set_text_cb (GCoapEndpoint *endpoint)
{
  gcoap_endpoint_set_response_text (endpoint, "hi");
}

static void
enter_handling (Life *life)
{
  g_signal_connect (life->endpoint, "request", G_CALLBACK (set_text_cb), NULL);
  g_signal_connect (life->endpoint, "request", G_CALLBACK (end_in_handler_cb), life);
  listen (life);
  ask_endpoint (life, CON_GET_A);
  wait_until (life->has_ended);
}

static void
enter_handling_deferred (Life *life)
{
  g_signal_connect (life->endpoint, "request", G_CALLBACK (defer_cb), NULL);
  enter_handling (life);
}

/* The handler waits for the peer, who ends the endpoint. */
static void
get_inside_cb (GCoapEndpoint *endpoint,
               GCoapRequest  *request,
               Life          *life)
{
  g_autofree char *uri = get_peer_uri (life);
  g_autofree char *id = NULL;

  gcoap_endpoint_set_timeout (endpoint, 60);
  id = gcoap_endpoint_get (endpoint, uri, NULL);
  g_assert_true (life->has_ended);
  gcoap_endpoint_set_response_text (endpoint, "hi");
}

static void
end_on_question_cb (Peer           *peer,
                    const Datagram *datagram,
                    gpointer        user_data)
{
  if (datagram->type == CON)
    end_and_answer_cb (peer, datagram, user_data);
}

static void
enter_nested (Life *life)
{
  configure (life->endpoint, "DualRole=True");
  configure (life->endpoint, "PiggybackDelay=3600");
  g_signal_connect (life->endpoint, "request", G_CALLBACK (get_inside_cb), life);
  listen (life);
  life->peer->func = end_on_question_cb;
  life->peer->user_data = life;
  ask_endpoint (life, CON_GET_A);
  wait_until (life->n_requests == 1 && life->n_responses == 1);
}

static void
enter_deferred (Life *life)
{
  configure (life->endpoint, "PiggybackDelay=3600");
  g_signal_connect (life->endpoint, "request", G_CALLBACK (defer_cb), NULL);
  listen (life);
  ask_endpoint (life, CON_GET_A);
  ask_endpoint (life, "42 01 1235 aabc b162");
  wait_until (count_pending (life->endpoint) == 2);
}

static void
enter_deferred_draining (Life *life)
{
  enter_deferred (life);
  gcoap_endpoint_stop_listening (life->endpoint, NULL);
}

static void
begin_deferred (Life *life)
{
  g_autoptr (Datagram) acknowledgement = NULL;

  configure (life->endpoint, "PiggybackDelay=0");
  g_signal_connect (life->endpoint, "request", G_CALLBACK (defer_cb), NULL);
  listen (life);
  ask_endpoint (life, CON_GET_A);
  acknowledgement = peer_expect (life->peer, ACK, EMPTY, "");
}

static void
respond (Life    *life,
         GError **error)
{
  g_autoptr (GCoapRequest) request = get_pending (life->endpoint, 0);

  gcoap_endpoint_set_response_text (life->endpoint, "later");
  gcoap_endpoint_send_response (life->endpoint, gcoap_request_get_request_id (request), error);
}

static void
enter_unacknowledged (Life *life)
{
  g_autoptr (Datagram) answer = NULL;
  g_autoptr (GError) error = NULL;

  begin_deferred (life);
  respond (life, &error);
  g_assert_no_error (error);
  answer = peer_expect (life->peer, CON, CONTENT, "later");
}

static void
end_and_acknowledge_cb (Peer           *peer,
                        const Datagram *datagram,
                        gpointer        user_data)
{
  end (user_data);
  peer_answer_empty (peer, datagram, ACK);
}

static void
enter_responding (Life *life)
{
  g_autoptr (GError) error = NULL;

  begin_deferred (life);
  gcoap_endpoint_set_timeout (life->endpoint, 60);
  life->peer->func = end_and_acknowledge_cb;
  life->peer->user_data = life;
  respond (life, &error);
  if (life->way->end == end_by_unref)
    g_assert_no_error (error);
  else
    g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_CANCELED);
}

static gboolean
end_idle_cb (gpointer user_data)
{
  end (user_data);

  return G_SOURCE_REMOVE;
}

static void
enter_doing_events (Life *life)
{
  g_idle_add (end_idle_cb, life);
  g_assert_true (gcoap_endpoint_do_events (life->endpoint, NULL));
}

static const State states[] = {
  { "idle", enter_idle, 0, 0, 0, FALSE },
  { "listening", enter_listening, 0, 0, 0, FALSE },
  { "after-request", enter_after_request, 1, 0, 0, FALSE },
  { "resolving", enter_resolving, 1, 0, 0, FALSE },
  { "in-flight", enter_in_flight, 1, 0, 0, FALSE },
  { "non-in-flight", enter_non_in_flight, 1, 0, 0, FALSE },
  { "ping", enter_ping, 1, 0, 0, FALSE },
  { "acknowledged", enter_acknowledged, 1, 0, 0, FALSE },
  { "in-line", enter_in_line, 3, 0, 0, FALSE },
  { "blocking", enter_blocking, 1, 0, 0, TRUE },
  { "completing", enter_completing, 2, 0, 0, FALSE },
  { "task-done", enter_task_done, 0, 0, 1, FALSE },
  { "sending", enter_sending, 0, 0, 1, TRUE },
  { "sending-cancellable", enter_sending_cancellable, 0, 0, 1, TRUE },
  { "sending-cancelled", enter_sending_cancelled, 0, 0, 1, TRUE },
  { "sending-by-name", enter_sending_by_name, 0, 0, 1, TRUE },
  { "handling", enter_handling, 0, 1, 0, TRUE },
  { "handling-deferred", enter_handling_deferred, 0, 1, 0, FALSE },
  { "nested", enter_nested, 1, 1, 0, TRUE },
  { "deferred", enter_deferred, 0, 2, 0, FALSE },
  { "deferred-draining", enter_deferred_draining, 0, 2, 0, FALSE },
  { "unacknowledged", enter_unacknowledged, 0, 1, 0, FALSE },
  { "responding", enter_responding, 0, 1, 0, TRUE },
  { "doing-events", enter_doing_events, 0, 0, 0, FALSE },
};

static gboolean
watchdog_cb (gpointer user_data)
{
  g_error ("%s does not come to an end", g_test_get_path ());

  return G_SOURCE_REMOVE;
}

static void
note_left_cb (gpointer  user_data,
              GObject  *gone)
{
  Life *life = user_data;

  life->left = NULL;
}

static Life *
life_new (const State *state,
          const Way   *way)
{
  Life *life = g_new0 (Life, 1);

  life->state = state;
  life->way = way;
  life->watchdog = g_timeout_add_seconds (60, watchdog_cb, NULL);
  life->cancellable = g_cancellable_new ();
  life->peer = peer_new ("127.0.0.1");
  life->endpoint = gcoap_endpoint_new ();
  life->left = life->endpoint;
  g_object_weak_ref (G_OBJECT (life->endpoint), note_left_cb, life);
  gcoap_endpoint_set_timeout (life->endpoint, 0);
  g_signal_connect_swapped (life->endpoint, "request-complete",
                            G_CALLBACK (count_cb), &life->n_requests);
  g_signal_connect_swapped (life->endpoint, "response-complete",
                            G_CALLBACK (count_cb), &life->n_responses);

  return life;
}

static void
life_free (Life *life)
{
  g_clear_object (&life->endpoint);
  wait_until (life->left == NULL);
  g_source_remove (life->watchdog);
  peer_free (life->peer);
  g_object_unref (life->cancellable);
  g_free (life);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Life, life_free)

static gboolean
is_over (Life *life)
{
  return life->n_requests >= life->state->n_requests &&
         life->n_responses >= life->state->n_responses &&
         life->n_tasks >= life->state->n_tasks;
}

static void
assert_exactly_once (Life *life)
{
  settle ();
  g_assert_cmpuint (life->n_requests, ==, life->state->n_requests);
  g_assert_cmpuint (life->n_responses, ==, life->state->n_responses);
  g_assert_cmpuint (life->n_tasks, ==, life->state->n_tasks);
}

static void
answer_request_cb (Peer           *peer,
                   const Datagram *datagram,
                   gpointer        user_data)
{
  if (datagram->code == GCOAP_METHOD_GET)
    peer_answer (peer, datagram, datagram->type == CON ? ACK : NON, CONTENT, "hi");
}

static void
assert_usable (Life *life)
{
  g_autofree char *uri = get_peer_uri (life);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  g_assert_false (gcoap_endpoint_get_listening (life->endpoint));
  g_assert_cmpuint (count_pending (life->endpoint), ==, 0);
  gcoap_endpoint_set_timeout (life->endpoint, 60);
  id = gcoap_endpoint_get (life->endpoint, uri, &error);
  g_assert_no_error (error);
  listen (life);
}

static void
run (const State *state,
     const Way   *way)
{
  g_autoptr (Life) life = life_new (state, way);
  gboolean is_held;

  state->enter (life);
  if (!life->has_ended)
    end (life);
  is_held = state->is_held && way->end == end_by_unref;
  if (!is_held && state->n_tasks == 0)
    g_assert_true (is_over (life));

  /* What was handed to the peer before may be answered still. */
  life->peer->func = answer_request_cb;
  while (is_held && !g_queue_is_empty (&life->peer->received))
    {
      g_autoptr (Datagram) datagram = peer_take (life->peer);

      answer_request_cb (life->peer, datagram, NULL);
    }
  wait_until (is_over (life));
  assert_exactly_once (life);
  if (way->leaves_usable)
    assert_usable (life);
  else
    wait_until (life->left == NULL);
}

static void
test_life (gconstpointer data)
{
  gsize which = GPOINTER_TO_SIZE (data);

  run (&states[which / G_N_ELEMENTS (ways)], &ways[which % G_N_ELEMENTS (ways)]);
}

static void
ask_again_cb (GCoapEndpoint *endpoint,
              GCoapRequest  *request,
              int            code,
              const char    *description,
              GError       **error)
{
  g_autofree char *id = NULL;

  g_clear_error (error);
  id = gcoap_endpoint_get (endpoint, gcoap_request_get_uri (request), error);
}

static void
test_never_gives_up (gconstpointer data)
{
  const Way *way = data;
  g_autoptr (Life) life = life_new (&states[0], way);
  GError *error = NULL;

  g_test_summary ("A handler that asks again whatever comes does not keep the end from coming");
  g_signal_connect (life->endpoint, "request-complete", G_CALLBACK (ask_again_cb), &error);
  begin_request (life);
  end (life);
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
  g_clear_error (&error);
  g_assert_cmpuint (life->n_requests, ==, 1);
  if (life->endpoint != NULL)
    g_signal_handlers_disconnect_by_func (life->endpoint, ask_again_cb, &error);
}

static void
listen_again_cb (GCoapEndpoint *endpoint,
                 GCoapRequest  *request,
                 int            code,
                 const char    *description,
                 GError       **error)
{
  gcoap_endpoint_start_listening (endpoint, error);
}

static void
test_listen_while_ending (void)
{
  g_autoptr (Life) life = life_new (&states[0], &ways[3]);
  GError *error = NULL;

  enter_deferred_draining (life);
  gcoap_endpoint_start_listening (life->endpoint, NULL);
  g_signal_connect (life->endpoint, "response-complete", G_CALLBACK (listen_again_cb), &error);
  gcoap_endpoint_cancel_request (life->endpoint, "1", NULL);
  g_assert_no_error (error);
  end (life);
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
  g_clear_error (&error);
  g_assert_false (gcoap_endpoint_get_listening (life->endpoint));
  g_assert_cmpuint (gcoap_endpoint_get_local_port (life->endpoint), ==, 0);
}

static void
listen_on_notify_cb (GCoapEndpoint *endpoint,
                     GParamSpec    *pspec,
                     guint         *n_left)
{
  if (gcoap_endpoint_get_listening (endpoint) || *n_left == 0)
    return;

  --*n_left;
  g_assert_true (gcoap_endpoint_start_listening (endpoint, NULL));
}

/* The socket goes after the property has told so. */
static void
test_listen_on_close (void)
{
  g_autoptr (Life) life = life_new (&states[0], &ways[0]);
  g_autoptr (Datagram) answer = NULL;
  guint n_left = 1;

  g_test_summary ("Who is told that the socket is gone may have it listen again");
  listen (life);
  g_signal_connect (life->endpoint, "notify::local-port", G_CALLBACK (listen_on_notify_cb),
                    &n_left);
  g_assert_true (gcoap_endpoint_stop_listening (life->endpoint, NULL));
  g_assert_cmpuint (n_left, ==, 0);
  g_assert_cmpuint (gcoap_endpoint_get_local_port (life->endpoint), !=, 0);
  ask_endpoint (life, CON_GET_A);
  answer = peer_expect (life->peer, ACK, GCOAP_CODE_NOT_FOUND, "");
}

static void
test_listen_on_notify (void)
{
  g_autoptr (Life) life = life_new (&states[0], &ways[3]);
  g_autoptr (Datagram) answer = NULL;
  guint n_left = 1;

  g_test_summary ("Who is told that it listens no more may have it listen again");
  listen (life);
  g_signal_connect (life->endpoint, "notify::listening", G_CALLBACK (listen_on_notify_cb), &n_left);
  end (life);
  g_assert_true (gcoap_endpoint_get_listening (life->endpoint));
  g_assert_cmpuint (gcoap_endpoint_get_local_port (life->endpoint), !=, 0);
  ask_endpoint (life, CON_GET_A);
  answer = peer_expect (life->peer, ACK, GCOAP_CODE_NOT_FOUND, "");
}

static void
stop_cb (GCoapEndpoint *endpoint)
{
  if (gcoap_endpoint_get_listening (endpoint))
    gcoap_endpoint_shutdown (endpoint, NULL);
}

static void
test_shutdown_while_starting (gconstpointer data)
{
  g_autoptr (Life) life = life_new (&states[0], &ways[0]);

  g_test_summary ("Who is told that it listens may end that at once");
  g_signal_connect (life->endpoint, data, G_CALLBACK (stop_cb), NULL);
  gcoap_endpoint_set_local_host (life->endpoint, "127.0.0.1");
  gcoap_endpoint_start_listening (life->endpoint, NULL);
  g_assert_false (gcoap_endpoint_get_listening (life->endpoint));
  g_assert_cmpuint (gcoap_endpoint_get_local_port (life->endpoint), ==, 0);
}

static void
test_shutdown_by_setting (void)
{
  g_autoptr (Life) life = life_new (&states[0], &ways[0]);
  g_autoptr (GCoapConfigSetting) setting = find_config_setting (life->endpoint, "LocalPort");

  g_test_summary ("So may who is told of the setting");
  g_signal_connect_object (setting, "notify::value", G_CALLBACK (stop_cb), life->endpoint,
                           G_CONNECT_SWAPPED);
  listen (life);
  g_assert_false (gcoap_endpoint_get_listening (life->endpoint));
  g_assert_cmpuint (gcoap_endpoint_get_local_port (life->endpoint), ==, 0);
}

/* What somebody is told of, and drops the endpoint for. */
typedef struct
{
  const char *name;
  const char *setting; /* (nullable) its value; or else a property of the endpoint */
  const char *signal;
  void      (*change) (GCoapEndpoint *endpoint);
} Drop;

static void
drop_cb (Life *life)
{
  g_clear_object (&life->endpoint);
}

static void
change_setting (GCoapEndpoint *endpoint)
{
  g_autofree char *value = gcoap_endpoint_config (endpoint, "AckTimeout=3", NULL);

  g_assert_cmpstr (value, ==, "3");
}

static void
change_port_setting (GCoapEndpoint *endpoint)
{
  g_autofree char *value = gcoap_endpoint_config (endpoint, "LocalPort=40000", NULL);

  g_assert_cmpstr (value, ==, "40000");
}

static void
load_settings (GCoapEndpoint *endpoint)
{
  char *name = make_file ("[GCoap]\nAckTimeout=3\nNStart=2\n");

  g_assert_true (gcoap_endpoint_load_config_file (endpoint, name, NULL));
  remove_file (name);
}

static void
change_port (GCoapEndpoint *endpoint)
{
  gcoap_endpoint_set_local_port (endpoint, 40000);
}

static void
clear_response (GCoapEndpoint *endpoint)
{
  gcoap_endpoint_clear_response (endpoint);
}

static const Drop drops[] = {
  { "setting", "AckTimeout", "notify::value", change_setting },
  { "setting-of-property", NULL, "notify::local-port", change_port_setting },
  { "file", "AckTimeout", "notify::value", load_settings },
  { "property", NULL, "notify::local-port", change_port },
  { "property-as-setting", "LocalPort", "notify::value", change_port },
  { "response", NULL, "notify::response-code", clear_response },
};

static void
test_dropped (gconstpointer data)
{
  const Drop *drop = data;
  g_autoptr (Life) life = life_new (&states[0], &ways[0]);
  g_autoptr (GCoapConfigSetting) setting =
    drop->setting != NULL ? find_config_setting (life->endpoint, drop->setting) : NULL;

  g_test_summary ("Who is told of a change may let the endpoint go");
  gcoap_endpoint_set_response_code (life->endpoint, "2.05");
  g_signal_connect_swapped (setting != NULL ? (gpointer) setting : life->endpoint, drop->signal,
                            G_CALLBACK (drop_cb), life);
  drop->change (life->endpoint);
  g_assert_null (life->endpoint);
  g_assert_null (life->left);
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-lifecycle/" path, function)

static void
add_drops (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (drops); i++)
    {
      g_autofree char *path = g_strconcat ("/facade/endpoint-lifecycle/dropped/", drops[i].name,
                                           NULL);

      g_test_add_data_func (path, &drops[i], test_dropped);
    }
}

static void
add_lives (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states) * G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *path = g_strdup_printf ("/facade/endpoint-lifecycle/%s/%s",
                                               states[i / G_N_ELEMENTS (ways)].name,
                                               ways[i % G_N_ELEMENTS (ways)].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_life);
    }
}

static void
add_never_gives_up (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-lifecycle/never-gives-up/%s", ways[i].name);

      g_test_add_data_func (path, &ways[i], test_never_gives_up);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_lives ();
  add_never_gives_up ();
  ADD ("listen-while-ending", test_listen_while_ending);
  ADD ("listen-on-notify", test_listen_on_notify);
  ADD ("listen-on-close", test_listen_on_close);
  g_test_add_data_func ("/facade/endpoint-lifecycle/shutdown-while-starting/listening",
                        "notify::listening", test_shutdown_while_starting);
  g_test_add_data_func ("/facade/endpoint-lifecycle/shutdown-while-starting/local-port",
                        "notify::local-port", test_shutdown_while_starting);
  g_test_add_data_func ("/facade/endpoint-lifecycle/shutdown-while-starting/log",
                        "log", test_shutdown_while_starting);
  ADD ("shutdown-while-starting/setting", test_shutdown_by_setting);
  add_drops ();

  return g_test_run ();
}
