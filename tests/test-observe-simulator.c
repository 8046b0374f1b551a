/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "simulator.h"

#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-option-number.h"

#define SECOND      ((gint64) G_USEC_PER_SEC)
#define MILLISECOND G_TIME_SPAN_MILLISECOND
#define MINUTE      (60 * SECOND)

#define SERVER      0
#define N_CLIENTS   12
#define N_RESOURCES 3

/* The numbers are taken from the clock in milliseconds: at that time they wrap. */
#define WRAP ((G_GINT64_CONSTANT (1) << 24) * MILLISECOND)

/* How long the states have changed when they rest, and how long after that all must be well: no
 * state is fresh for so long, and every message that is lost has been given up and sent anew more
 * than once. */
#define REST     (10 * MINUTE)
#define RECOVERY (40 * MINUTE)

typedef struct
{
  const char    *name;
  gint64         begin;         /* on the clock */
  gint64         interval;      /* the longest between two states of a resource */
  double         confirmable;   /* how many of the notifications are */
  gint64         max_slowness;  /* how long the server may take to answer a registration */
  guint          n_crashes;     /* of clients, which start anew and know nothing */
  guint          n_kills;       /* of clients, for ever */
  guint          n_restarts;    /* of the server */
  gboolean       registers_non;
  gboolean       ends_in_error; /* the last state of each resource */
  gsize          state_size;    /* of each state at least; large ones go in blocks of any size */
  SimulatorLink  link;
} Scenario;

typedef enum
{
  CLIENT_OBSERVING,
  CLIENT_GONE,    /* and it knows it */
  CLIENT_CRASHED, /* and has started anew, and observes no more */
  CLIENT_KILLED,
} ClientState;

typedef struct
{
  ClientState state;
  guint64     id;
  guint       latest; /* the latest state that it has got */
} Client;

/* A request that the application has not answered yet. */
typedef struct
{
  guint64 id;
  guint   state;
} Pending;

typedef struct
{
  const Scenario  *scenario;
  GCoapParameters  parameters;
  Simulator       *simulator;
  Client           clients[N_CLIENTS + 1]; /* by node */
  guint            states[N_RESOURCES];
  GArray          *pending;      /* (element-type Pending) */
  GHashTable      *observers;    /* the server's, by address and token as text */
  guint            server_life;  /* counts its restarts */
  guint            n_notified;
  guint            n_latest;
  guint            n_overtaken;
  guint            n_stale;
  guint            n_unregistered;
  guint64          trace;
} Run;

static guint
get_resource (guint node)
{
  return node % N_RESOURCES;
}

static char *
make_uri (guint resource)
{
  return g_strdup_printf ("coap://server/%u", resource);
}

/* Its number, and as much more as there is to be, of which no piece is found in another. */
static GBytes *
make_payload (Run   *run,
              guint  state)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%u", state);
  for (guint i = 0; text->len < run->scenario->state_size; i++)
    g_string_append_printf (text, " %u.%u", state, i);

  return g_string_free_to_bytes (text);
}

static double
draw (Run *run)
{
  return g_rand_double (simulator_get_random (run->simulator));
}

static void
start_observing (Run   *run,
                 guint  node)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_METHOD_GET);
  g_autofree char *name = g_strdup_printf ("%u", get_resource (node));

  gcoap_message_set_confirmable (message, !run->scenario->registers_non);
  gcoap_message_add_uint_option (message, GCOAP_OPTION_NUMBER_OBSERVE, 0, NULL);
  gcoap_message_add_string_option (message, GCOAP_OPTION_NUMBER_URI_PATH, name, NULL);
  run->clients[node] = (Client) {
    .state = CLIENT_OBSERVING,
    .id = simulator_submit (run->simulator, node, SERVER, message),
  };
}

/* The user of a client that could not register, or whose observation has failed, tries again. */
static void
start_again (Simulator *simulator,
             guint      node,
             guint64    id,
             gpointer   user_data)
{
  Run *run = user_data;

  if (run->clients[node].state == CLIENT_GONE)
    start_observing (run, node);
}

static void
handle_notification (Run              *run,
                     Client           *client,
                     const GCoapEvent *event)
{
  g_autofree char *text = gcoap_message_dup_text (event->message);
  guint state = g_ascii_strtoull (text, NULL, 10);
  g_autoptr (GBytes) expected = make_payload (run, state);

  g_assert_cmpuint (event->id, ==, client->id);
  g_assert_true (g_bytes_equal (gcoap_message_get_payload (event->message), expected));
  run->n_latest += event->is_latest;
  run->n_overtaken += !event->is_latest;
  if (event->is_latest)
    {
      g_assert_cmpuint (state, >=, client->latest);
      client->latest = state;
    }
  if (event->is_last)
    client->state = CLIENT_GONE;
}

static void
handle_client (Run              *run,
               guint             node,
               const GCoapEvent *event)
{
  Client *client = &run->clients[node];

  switch (event->kind)
    {
    case GCOAP_EVENT_NOTIFICATION:
      handle_notification (run, client, event);
      break;

    case GCOAP_EVENT_STALE:
      run->n_stale++;
      break;

    case GCOAP_EVENT_RESPONSE:
    case GCOAP_EVENT_FAILED:
      g_assert_cmpuint (event->id, ==, client->id);
      client->state = CLIENT_GONE;
      simulator_call_later (run->simulator, SECOND, start_again, node, 0);
      break;

    default:
      g_assert_not_reached ();
    }
}

/* An observer by which the server's idea of it can be told. */
static char *
make_key (const GCoapEvent *event)
{
  GCoapFrame frame;
  GString *key = g_string_new (NULL);

  gcoap_message_get_frame (event->message, &frame);
  g_string_printf (key, "%u-", event->remote.ip[15]);
  for (guint i = 0; i < frame.token_length; i++)
    g_string_append_printf (key, "%02x", frame.token[i]);

  return g_string_free (key, FALSE);
}

static void
answer (Simulator *simulator,
        guint      node,
        guint64    id,
        gpointer   user_data)
{
  Run *run = user_data;
  guint i;

  for (i = 0; i < run->pending->len; i++)
    if (g_array_index (run->pending, Pending, i).id == id)
      break;

  /* The server may have been started anew meanwhile. */
  if (i < run->pending->len)
    {
      g_autoptr (GBytes) payload =
        make_payload (run, g_array_index (run->pending, Pending, i).state);

      g_array_remove_index (run->pending, i);
      simulator_respond (simulator, node, id, payload, TRUE);
    }
}

/* The state is that of when the request came, however late it is told. What is no registration asks
 * for the rest of a large state that the engine has no longer. */
static void
handle_request (Run              *run,
                const GCoapEvent *event)
{
  guint resource = get_resource (event->remote.ip[15]);
  g_autofree char *uri = make_uri (resource);
  Pending pending = { .id = event->id, .state = run->states[resource] };

  g_assert_true (event->is_registration || run->scenario->state_size > 0);
  if (event->is_registration)
    {
      g_assert_true (simulator_observe (run->simulator, SERVER, event->id, event->message, uri));
      g_hash_table_add (run->observers, make_key (event));
    }
  g_array_append_val (run->pending, pending);
  if (run->scenario->max_slowness > 0)
    simulator_call_later (run->simulator, run->scenario->max_slowness * draw (run), answer,
                          SERVER, event->id);
  else
    answer (run->simulator, SERVER, event->id, run);
}

static void
handle_event (Simulator        *simulator,
              guint             node,
              const GCoapEvent *event,
              gpointer          user_data)
{
  Run *run = user_data;
  g_autofree char *key = NULL;

  if (node != SERVER)
    handle_client (run, node, event);
  else if (event->kind == GCOAP_EVENT_REQUEST)
    handle_request (run, event);
  else if (event->kind == GCOAP_EVENT_UNREGISTERED)
    {
      key = make_key (event);
      g_assert_true (g_hash_table_remove (run->observers, key));
      run->n_unregistered++;
    }
}

static void
tell_state (Run    *run,
            guint   resource,
            guint8  code)
{
  g_autofree char *uri = make_uri (resource);
  g_autoptr (GBytes) payload = make_payload (run, ++run->states[resource]);

  run->n_notified += simulator_notify (run->simulator, SERVER, uri, code, payload,
                                       draw (run) < run->scenario->confirmable);
}

static gboolean
is_at_rest (Run *run)
{
  return simulator_get_now (run->simulator) >= run->scenario->begin + REST;
}

static void
change (Simulator *simulator,
        guint      node,
        guint64    resource,
        gpointer   user_data)
{
  Run *run = user_data;

  if (is_at_rest (run))
    return;

  tell_state (run, resource, GCOAP_CODE_CONTENT);
  simulator_call_later (simulator, run->scenario->interval * draw (run), change, SERVER,
                        resource);
}

static void
restart_server (Simulator *simulator,
                guint      node,
                guint64    id,
                gpointer   user_data)
{
  Run *run = user_data;

  run->server_life++;
  g_array_set_size (run->pending, 0);
  g_hash_table_remove_all (run->observers);
  simulator_restart_node (simulator, SERVER, &run->parameters);
}

static void
crash_client (Simulator *simulator,
              guint      node,
              guint64    id,
              gpointer   user_data)
{
  Run *run = user_data;

  run->clients[node].state = CLIENT_CRASHED;
  simulator_restart_node (simulator, node, &run->parameters);
}

static void
kill_client (Simulator *simulator,
             guint      node,
             guint64    id,
             gpointer   user_data)
{
  Run *run = user_data;

  run->clients[node].state = CLIENT_KILLED;
  simulator_kill_node (simulator, node);
}

static void
set_up (Run            *run,
        const Scenario *scenario,
        guint32         seed)
{
  *run = (Run) {
    .scenario = scenario,
    .simulator = simulator_new (seed, handle_event, run),
    .pending = g_array_new (FALSE, FALSE, sizeof (Pending)),
    .observers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
  };
  gcoap_parameters_init (&run->parameters);
  for (guint node = 0; node <= N_CLIENTS; node++)
    {
      GCoapParameters parameters = run->parameters;

      if (scenario->state_size > 0)
        parameters.block_size = 1024 >> node % 7;
      simulator_add_node (run->simulator, &parameters);
      simulator_set_link (run->simulator, node, scenario->link);
    }
}

static void
tear_down (Run *run)
{
  g_array_unref (run->pending);
  g_hash_table_unref (run->observers);
  simulator_free (run->simulator);
}

static void
begin (Run *run)
{
  const Scenario *scenario = run->scenario;

  simulator_run (run->simulator, scenario->begin);
  for (guint node = 1; node <= N_CLIENTS; node++)
    start_observing (run, node);
  for (guint resource = 0; resource < N_RESOURCES; resource++)
    simulator_call_later (run->simulator, 0, change, SERVER, resource);
  for (guint i = 0; i < scenario->n_restarts; i++)
    simulator_call_later (run->simulator, REST * draw (run), restart_server, SERVER, 0);
  for (guint i = 0; i < scenario->n_crashes; i++)
    simulator_call_later (run->simulator, REST * draw (run), crash_client, 1 + i, 0);
  for (guint i = 0; i < scenario->n_kills; i++)
    simulator_call_later (run->simulator, REST * draw (run), kill_client, N_CLIENTS - i, 0);
}

/* Every client has the last state, or knows that it observes no more. */
static void
check_clients (Run *run)
{
  for (guint node = 1; node <= N_CLIENTS; node++)
    {
      const Client *client = &run->clients[node];

      if (run->scenario->ends_in_error)
        g_assert_cmpint (client->state, !=, CLIENT_OBSERVING);
      else if (client->state != CLIENT_CRASHED && client->state != CLIENT_KILLED)
        {
          g_assert_cmpint (client->state, ==, CLIENT_OBSERVING);
          g_assert_cmpuint (client->latest, ==, run->states[get_resource (node)]);
        }
    }
}

/* After a notification that must be acknowledged the server knows of all who have gone. */
static void
check_server (Run *run)
{
  guint n_observing = 0;

  for (guint node = 1; node <= N_CLIENTS; node++)
    n_observing += run->clients[node].state == CLIENT_OBSERVING;
  g_assert_cmpuint (g_hash_table_size (run->observers), ==, n_observing);
}

/* The last state of all, which must be acknowledged. */
static void
tell_last_states (Run *run)
{
  for (guint resource = 0; resource < N_RESOURCES; resource++)
    {
      g_autofree char *uri = make_uri (resource);
      g_autoptr (GBytes) payload = make_payload (run, ++run->states[resource]);

      simulator_notify (run->simulator, SERVER, uri, GCOAP_CODE_CONTENT, payload, TRUE);
    }
}

static void
run_scenario (Run            *run,
              const Scenario *scenario,
              guint32         seed)
{
  set_up (run, scenario, seed);
  begin (run);
  simulator_run (run->simulator, scenario->begin + REST);
  if (scenario->ends_in_error)
    for (guint resource = 0; resource < N_RESOURCES; resource++)
      tell_state (run, resource, GCOAP_CODE_NOT_FOUND);
  simulator_run (run->simulator, scenario->begin + REST + RECOVERY);
  check_clients (run);

  for (guint node = 0; node <= N_CLIENTS; node++)
    simulator_set_link (run->simulator, node, (SimulatorLink) { .min_delay = MILLISECOND });
  simulator_run (run->simulator, simulator_get_now (run->simulator) + 10 * MINUTE);
  tell_last_states (run);
  simulator_run (run->simulator, simulator_get_now (run->simulator) + 10 * MINUTE);
  check_clients (run);
  check_server (run);
  run->trace = simulator_get_trace (run->simulator);
}

static void
report (Run *run)
{
  g_test_message ("%u states told; %u latest, %u overtaken, %u stale, %u unregistered; %"
                  G_GUINT64_FORMAT " datagrams",
                  run->n_notified, run->n_latest, run->n_overtaken, run->n_stale,
                  run->n_unregistered, simulator_get_n_carried (run->simulator));
}

#define NEAR .min_delay = 10 * MILLISECOND, .max_delay = 100 * MILLISECOND

static const Scenario clean = {
  .name = "clean", .begin = SECOND, .interval = 4 * SECOND,
  .link = { .min_delay = 50 * MILLISECOND, .max_delay = 50 * MILLISECOND },
};

static const Scenario wrap = {
  .name = "wrap", .begin = WRAP - SECOND / 2, .interval = SECOND, .confirmable = 0.2,
  .link = { .max_delay = 3 * SECOND, .loss = 0.1, .duplication = 0.1 },
};

static const Scenario restarted = {
  .name = "server-restart", .begin = SECOND, .interval = 4 * SECOND, .confirmable = 0.2,
  .n_restarts = 3,
  .link = { NEAR },
};

static const Scenario crashed = {
  .name = "client-crash", .begin = SECOND, .interval = 4 * SECOND, .confirmable = 0.2,
  .n_crashes = 4, .n_kills = 2,
  .link = { NEAR },
};

static const Scenario in_error = {
  .name = "ends-in-error", .begin = SECOND, .interval = 4 * SECOND, .confirmable = 1,
  .ends_in_error = TRUE,
  .link = { NEAR },
};

static const Scenario everything = {
  .name = "everything", .begin = WRAP - MINUTE, .interval = 5 * SECOND, .confirmable = 0.3,
  .max_slowness = 3 * SECOND, .n_crashes = 2, .n_kills = 2, .n_restarts = 2,
  .link = { .max_delay = 5 * SECOND, .loss = 0.2, .duplication = 0.2 },
};

static const Scenario scenarios[] = {
  {
    .name = "loss-con", .begin = SECOND, .interval = 4 * SECOND, .confirmable = 1,
    .link = { NEAR, .loss = 0.3 },
  },
  {
    .name = "loss-non", .begin = SECOND, .interval = 4 * SECOND,
    .link = { NEAR, .loss = 0.3 },
  },
  {
    .name = "loss-mixed", .begin = SECOND, .interval = 4 * SECOND, .confirmable = 0.3,
    .link = { NEAR, .loss = 0.3 },
  },
  {
    .name = "duplication", .begin = SECOND, .interval = 2 * SECOND, .confirmable = 0.3,
    .link = { NEAR, .duplication = 0.9 },
  },
  {
    .name = "reordering-con", .begin = SECOND, .interval = SECOND, .confirmable = 1,
    .link = { .max_delay = 10 * SECOND, .duplication = 0.3 },
  },
  {
    .name = "reordering-non", .begin = SECOND, .interval = SECOND,
    .link = { .max_delay = 10 * SECOND, .duplication = 0.3 },
  },
  {
    .name = "slow-changes", .begin = SECOND, .interval = 5 * MINUTE, .confirmable = 0.5,
    .link = { NEAR, .loss = 0.3 },
  },
  {
    .name = "slow-answers", .begin = SECOND, .interval = SECOND, .confirmable = 0.5,
    .max_slowness = 10 * SECOND,
    .link = { .max_delay = 3 * SECOND, .loss = 0.2 },
  },
  {
    .name = "registers-non", .begin = SECOND, .interval = 20 * SECOND, .confirmable = 0.2,
    .registers_non = TRUE,
    .link = { NEAR, .loss = 0.2, .duplication = 0.2 },
  },
  {
    .name = "crashes", .begin = SECOND, .interval = 4 * SECOND,
    .n_crashes = 4, .n_kills = 4,
    .link = { NEAR, .loss = 0.2 },
  },
  {
    .name = "restarts", .begin = SECOND, .interval = 20 * SECOND, .confirmable = 0.5,
    .max_slowness = SECOND, .n_restarts = 5,
    .link = { .max_delay = 2 * SECOND, .loss = 0.2 },
  },
  {
    .name = "large", .begin = SECOND, .interval = 30 * SECOND, .confirmable = 0.3,
    .state_size = 3000,
    .link = { NEAR },
  },
  {
    .name = "large-fast", .begin = SECOND, .interval = 2 * SECOND, .confirmable = 0.3,
    .state_size = 1500,
    .link = { NEAR },
  },
  {
    .name = "large-slow-answers", .begin = SECOND, .interval = 10 * SECOND, .confirmable = 0.3,
    .max_slowness = 3 * SECOND, .state_size = 1500,
    .link = { NEAR, .duplication = 0.3 },
  },
  {
    .name = "large-loss", .begin = SECOND, .interval = 20 * SECOND, .confirmable = 0.3,
    .state_size = 1500,
    .link = { NEAR, .loss = 0.1, .duplication = 0.1 },
  },
  {
    .name = "large-reordering", .begin = SECOND, .interval = 60 * SECOND, .confirmable = 0.5,
    .state_size = 1100,
    .link = { .max_delay = 3 * SECOND, .duplication = 0.3 },
  },
  {
    .name = "large-crashes", .begin = SECOND, .interval = 20 * SECOND, .confirmable = 0.3,
    .n_crashes = 4, .n_kills = 4, .n_restarts = 3, .state_size = 1500,
    .link = { NEAR, .loss = 0.05 },
  },
  {
    .name = "large-error", .begin = SECOND, .interval = 20 * SECOND, .confirmable = 1,
    .ends_in_error = TRUE, .state_size = 1500,
    .link = { NEAR },
  },
};

static void
test_scenario (gconstpointer data)
{
  Run run;

  g_test_summary ("Whatever a network does, in the end each observer has the last state, "
                  "RFC 7641 section 1.3");
  run_scenario (&run, data, 1);
  report (&run);
  g_assert_cmpuint (run.n_latest, >, N_CLIENTS);
  tear_down (&run);
}

static void
test_clean (void)
{
  Run run;

  g_test_summary ("On a good network every state comes to all, in order");
  run_scenario (&run, &clean, 2);
  report (&run);
  g_assert_cmpuint (run.n_overtaken, ==, 0);
  g_assert_cmpuint (run.n_unregistered, ==, 0);
  g_assert_cmpuint (run.n_latest, >, (run.n_notified - N_RESOURCES) * N_CLIENTS / N_RESOURCES);
  tear_down (&run);
}

static void
test_wrap (void)
{
  Run run;

  g_test_summary ("When the numbers wrap, the later ones are still the latest, "
                  "RFC 7641 section 3.4");
  run_scenario (&run, &wrap, 3);
  report (&run);
  g_assert_cmpuint (run.n_notified, >, 1000);
  g_assert_cmpuint (run.n_overtaken, >, 100);
  tear_down (&run);
}

static void
test_restarted (void)
{
  Run run;

  g_test_summary ("After a restart of the server its observers find back by themselves, "
                  "RFC 7641 section 3.3.1");
  run_scenario (&run, &restarted, 4);
  report (&run);
  g_assert_cmpuint (run.server_life, ==, restarted.n_restarts);
  g_assert_cmpuint (run.n_stale, >=, N_CLIENTS);
  tear_down (&run);
}

static void
test_crashed (void)
{
  Run run;

  g_test_summary ("A client that knows nothing of an observation ends it, and one that is gone is "
                  "noticed, RFC 7641 sections 3.6 and 4.5");
  run_scenario (&run, &crashed, 5);
  report (&run);
  g_assert_cmpuint (run.n_unregistered, ==, crashed.n_crashes + crashed.n_kills);
  tear_down (&run);
}

static void
test_in_error (void)
{
  Run run;

  g_test_summary ("After an error nobody observes any more, and all know it, "
                  "RFC 7641 section 4.2");
  run_scenario (&run, &in_error, 6);
  report (&run);
  g_assert_cmpuint (run.n_unregistered, ==, N_CLIENTS);
  tear_down (&run);
}

static void
test_repeatable (void)
{
  Run first, second, other;

  g_test_summary ("The same seed gives the same run, and another one another");
  run_scenario (&first, &everything, 7);
  run_scenario (&second, &everything, 7);
  run_scenario (&other, &everything, 8);
  g_assert_cmpuint (first.trace, ==, second.trace);
  g_assert_cmpuint (first.n_latest, ==, second.n_latest);
  g_assert_cmpuint (first.trace, !=, other.trace);
  tear_down (&first);
  tear_down (&second);
  tear_down (&other);
}

static void
test_many_seeds (void)
{
  Scenario scenario = everything;

  g_test_summary ("What holds of one run holds of others");
  for (guint32 seed = 100; seed < 130; seed++)
    {
      Run run;

      scenario.state_size = seed % 3 == 0 ? 1100 : 0;
      run_scenario (&run, &scenario, seed);
      tear_down (&run);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/observe-simulator/clean", test_clean);
  g_test_add_func ("/core/observe-simulator/wrap", test_wrap);
  g_test_add_func ("/core/observe-simulator/server-restart", test_restarted);
  g_test_add_func ("/core/observe-simulator/client-crash", test_crashed);
  g_test_add_func ("/core/observe-simulator/ends-in-error", test_in_error);
  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      g_autofree char *path = g_strconcat ("/core/observe-simulator/", scenarios[i].name, NULL);

      g_test_add_data_func (path, &scenarios[i], test_scenario);
    }
  g_test_add_func ("/core/observe-simulator/repeatable", test_repeatable);
  g_test_add_func ("/core/observe-simulator/many-seeds", test_many_seeds);

  return g_test_run ();
}
