/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "simulator.h"

#include <string.h>

#include "gcoap/gcoap-code.h"

#define SECOND      ((gint64) G_USEC_PER_SEC)
#define MILLISECOND G_TIME_SPAN_MILLISECOND

#define EXCHANGE_LIFETIME (247 * SECOND)
#define MAX_LATENCY       (100 * SECOND)
#define MAX_RTT           (202 * SECOND)
#define MAX_TRANSMIT_WAIT (93 * SECOND)

/* The longest that a confirmable request can take: acknowledged at the last moment, and then no
 * response. */
#define MAX_SEPARATE      (MAX_TRANSMIT_WAIT + EXCHANGE_LIFETIME)

/* A request tells its number in as many bytes, so that a truncated one shows. */
#define NUMBER_LENGTH 8

#define SERVER    0
#define N_CLIENTS 8

typedef struct
{
  const char    *name;
  guint          n_exchanges;
  gboolean       is_non;       /* the requests */
  gboolean       is_burst;     /* all at once; else each client sends the next when one has ended */
  gboolean       answers_non;  /* what is answered late */
  gint64         max_slowness; /* how long the application may take to answer */
  gint64         killed_at;    /* when the server ends */
  gint64         max_duration; /* of an exchange; 0: it may queue up for as long as it likes */
  SimulatorLink  link;
} Scenario;

typedef struct
{
  gint64 submitted;
  guint  n_handled;
  guint  n_ended;
} Exchange;

typedef struct
{
  const Scenario *scenario;
  Simulator      *simulator;
  Exchange       *exchanges;   /* (owned) by number */
  guint           n_submitted;
  GHashTable     *numbers;     /* of the requests under way, by node and id */
  GHashTable     *payloads;    /* (element-type GBytes) of the requests not answered, by id */
  guint           n_requests;  /* at the server, and how many of them have ended there */
  guint           n_answered;
  guint           n_succeeded;
  guint           n_damaged;
  guint           n_failed;
  gint64          last_end;
  guint64         trace;
} Run;

static guint64 *
make_key (guint   node,
          guint64 id)
{
  guint64 key = (guint64) node << 56 | id;

  return g_memdup2 (&key, sizeof key);
}

static void
submit_next (Run   *run,
             guint  node)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_METHOD_POST);
  guint number = run->n_submitted++;
  g_autofree char *text = g_strdup_printf ("%0*x", NUMBER_LENGTH, number);
  guint64 id;

  run->exchanges[number].submitted = simulator_get_now (run->simulator);
  gcoap_message_set_confirmable (message, !run->scenario->is_non);
  g_assert_true (gcoap_message_add_string_option (message, 11, "number", NULL));
  gcoap_message_set_text (message, text);
  id = simulator_submit (run->simulator, node, SERVER, message);
  g_hash_table_insert (run->numbers, make_key (node, id), GUINT_TO_POINTER (number));
}

/* FALSE: the payload is not what was sent. */
static gboolean
read_number (Run          *run,
             GCoapMessage *message,
             guint        *out_number)
{
  g_autofree char *text = gcoap_message_dup_text (message);

  if (text == NULL || strlen (text) != NUMBER_LENGTH)
    {
      g_assert_cmpfloat (run->scenario->link.truncation, >, 0);
      return FALSE;
    }

  *out_number = g_ascii_strtoull (text, NULL, 16);
  g_assert_cmpuint (*out_number, <, run->n_submitted);

  return TRUE;
}

static void
answer (Simulator *simulator,
        guint      node,
        guint64    id,
        gpointer   user_data)
{
  Run *run = user_data;
  g_autoptr (GBytes) payload = NULL;
  g_autofree guint64 *key = NULL;

  g_assert_true (g_hash_table_steal_extended (run->payloads, &id, (gpointer *) &key,
                                              (gpointer *) &payload));
  g_assert_true (simulator_respond (simulator, node, id, payload, !run->scenario->answers_non));
}

static void
handle_request (Run              *run,
                const GCoapEvent *event)
{
  gint64 slowness = run->scenario->max_slowness;
  GBytes *payload = gcoap_message_get_payload (event->message);
  guint number;

  run->n_requests++;
  if (read_number (run, event->message, &number))
    g_assert_cmpuint (++run->exchanges[number].n_handled, ==, 1);

  g_hash_table_insert (run->payloads, make_key (0, event->id),
                       payload != NULL ? g_bytes_ref (payload) : g_bytes_new (NULL, 0));
  if (slowness == 0)
    answer (run->simulator, SERVER, event->id, run);
  else
    simulator_call_later (run->simulator,
                          slowness * g_rand_double (simulator_get_random (run->simulator)),
                          answer, SERVER, event->id);
}

static void
handle_success (Run              *run,
                guint             number,
                const GCoapEvent *event)
{
  guint answered_number;

  g_assert_cmpuint (gcoap_message_get_code (event->message), ==, GCOAP_CODE_CONTENT);
  if (read_number (run, event->message, &answered_number))
    {
      g_assert_cmpuint (answered_number, ==, number);
      g_assert_cmpuint (run->exchanges[number].n_handled, ==, 1);
      run->n_succeeded++;
    }
  else
    run->n_damaged++;
}

static void
handle_failure (Run              *run,
                const GCoapEvent *event)
{
  run->n_failed++;
  /* What arrives truncated may be taken for malformed, and be reset. */
  if (event->error != GCOAP_ERROR_RESET || run->scenario->link.truncation == 0)
    g_assert_cmpint (event->error, ==, GCOAP_ERROR_TIMED_OUT);
}

static void
handle_end (Run              *run,
            guint             node,
            const GCoapEvent *event)
{
  g_autofree guint64 *key = make_key (node, event->id);
  gpointer value;
  Exchange *exchange;

  g_assert_true (g_hash_table_lookup_extended (run->numbers, key, NULL, &value));
  g_hash_table_remove (run->numbers, key);
  exchange = &run->exchanges[GPOINTER_TO_UINT (value)];
  g_assert_cmpuint (++exchange->n_ended, ==, 1);

  run->last_end = simulator_get_now (run->simulator);
  if (run->scenario->max_duration > 0)
    g_assert_cmpint (run->last_end - exchange->submitted, <=, run->scenario->max_duration);

  if (event->kind == GCOAP_EVENT_RESPONSE)
    handle_success (run, GPOINTER_TO_UINT (value), event);
  else
    handle_failure (run, event);
  if (!run->scenario->is_burst && run->n_submitted < run->scenario->n_exchanges)
    submit_next (run, node);
}

static void
handle_event (Simulator        *simulator,
              guint             node,
              const GCoapEvent *event,
              gpointer          user_data)
{
  Run *run = user_data;

  if (event->kind == GCOAP_EVENT_MALFORMED)
    g_assert_cmpfloat (run->scenario->link.truncation, >, 0);
  else if (node != SERVER)
    handle_end (run, node, event);
  else if (event->kind == GCOAP_EVENT_REQUEST)
    handle_request (run, event);
  else
    run->n_answered++;
}

static void
kill_server (Simulator *simulator,
             guint      node,
             guint64    id,
             gpointer   user_data)
{
  Run *run = user_data;

  simulator_kill_node (simulator, node);
  g_hash_table_remove_all (run->payloads);
}

static void
set_up (Run            *run,
        const Scenario *scenario,
        guint32         seed)
{
  GCoapParameters parameters;

  *run = (Run) {
    .scenario = scenario,
    .simulator = simulator_new (seed, handle_event, run),
    .exchanges = g_new0 (Exchange, scenario->n_exchanges),
    .numbers = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
    .payloads = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                       (GDestroyNotify) g_bytes_unref),
  };
  gcoap_parameters_init (&parameters);
  for (guint node = 0; node <= N_CLIENTS; node++)
    {
      simulator_add_node (run->simulator, &parameters);
      simulator_set_link (run->simulator, node, scenario->link);
    }
}

static void
tear_down (Run *run)
{
  g_hash_table_unref (run->numbers);
  g_hash_table_unref (run->payloads);
  g_free (run->exchanges);
  simulator_free (run->simulator);
}

static void
submit_first (Run *run)
{
  guint n_first = run->scenario->is_burst ? run->scenario->n_exchanges : N_CLIENTS;

  for (guint i = 0; i < n_first; i++)
    submit_next (run, 1 + i % N_CLIENTS);
  if (run->scenario->killed_at > 0)
    simulator_call_later (run->simulator, run->scenario->killed_at, kill_server, SERVER, 0);
}

/* What holds of every run. That it comes to its end at all means that no queue and no timer is
 * left; the last ones are those of the duplicates, which are dropped in strides. */
static void
check_invariants (Run *run)
{
  for (guint i = 0; i < run->scenario->n_exchanges; i++)
    g_assert_cmpuint (run->exchanges[i].n_ended, ==, 1);
  g_assert_cmpuint (run->n_succeeded + run->n_damaged + run->n_failed, ==,
                    run->scenario->n_exchanges);
  if (run->scenario->killed_at == 0)
    g_assert_cmpuint (run->n_answered, ==, run->n_requests);
  g_assert_cmpuint (g_hash_table_size (run->numbers), ==, 0);
  g_assert_cmpuint (g_hash_table_size (run->payloads), ==, 0);
}

static void
run_scenario (Run            *run,
              const Scenario *scenario,
              guint32         seed)
{
  set_up (run, scenario, seed);
  submit_first (run);
  simulator_run (run->simulator, GCOAP_NO_DEADLINE);
  check_invariants (run);
  run->trace = simulator_get_trace (run->simulator);
}

static void
report (Run *run)
{
  g_test_message ("%u exchanges: %u succeeded, %u damaged, %u failed, %" G_GUINT64_FORMAT
                  " datagrams, %" G_GINT64_FORMAT " s",
                  run->scenario->n_exchanges, run->n_succeeded, run->n_damaged, run->n_failed,
                  simulator_get_n_carried (run->simulator), run->last_end / SECOND);
}

#define NEAR .min_delay = 10 * MILLISECOND, .max_delay = 100 * MILLISECOND

static const Scenario clean = {
  .name = "clean", .n_exchanges = 10000, .max_duration = SECOND,
  .link = { NEAR },
};

static const Scenario lossy = {
  .name = "loss", .n_exchanges = 10000, .max_duration = MAX_TRANSMIT_WAIT,
  .link = { NEAR, .loss = 0.3 },
};

static const Scenario killed = {
  .name = "killed", .n_exchanges = 2000, .max_duration = MAX_TRANSMIT_WAIT,
  .killed_at = 20 * SECOND,
  .link = { NEAR },
};

static const Scenario everything = {
  .name = "everything", .n_exchanges = 2000, .max_duration = MAX_SEPARATE,
  .max_slowness = 3 * SECOND,
  .link = { .max_delay = 5 * SECOND, .loss = 0.2, .duplication = 0.2, .truncation = 0.05 },
};

static const Scenario scenarios[] = {
  {
    .name = "duplication", .n_exchanges = 2000, .max_duration = MAX_TRANSMIT_WAIT,
    .link = { NEAR, .duplication = 0.9 },
  },
  {
    .name = "duplication-and-loss", .n_exchanges = 2000, .max_duration = MAX_TRANSMIT_WAIT,
    .link = { NEAR, .duplication = 0.5, .loss = 0.3 },
  },
  {
    .name = "reordering", .n_exchanges = 2000, .is_burst = TRUE,
    .link = { .max_delay = 10 * SECOND, .duplication = 0.3 },
  },
  {
    .name = "latency", .n_exchanges = 2000, .max_duration = MAX_TRANSMIT_WAIT,
    .link = { .max_delay = MAX_LATENCY },
  },
  {
    .name = "latency-and-duplication", .n_exchanges = 2000, .max_duration = MAX_TRANSMIT_WAIT,
    .link = { .max_delay = MAX_LATENCY, .duplication = 0.5, .loss = 0.1 },
  },
  {
    .name = "truncation", .n_exchanges = 2000, .max_duration = MAX_TRANSMIT_WAIT,
    .link = { NEAR, .truncation = 0.2 },
  },
  {
    .name = "slow", .n_exchanges = 2000, .max_duration = MAX_SEPARATE,
    .max_slowness = 60 * SECOND,
    .link = { NEAR, .loss = 0.3 },
  },
  {
    .name = "slow-non", .n_exchanges = 2000, .max_duration = MAX_SEPARATE,
    .max_slowness = 10 * SECOND, .answers_non = TRUE,
    .link = { NEAR, .loss = 0.3 },
  },
  {
    .name = "slow-and-latency", .n_exchanges = 2000, .max_duration = MAX_SEPARATE,
    .max_slowness = 100 * MILLISECOND,
    .link = { .max_delay = 30 * SECOND, .duplication = 0.3, .loss = 0.1 },
  },
  {
    .name = "non", .n_exchanges = 2000, .max_duration = MAX_RTT, .is_non = TRUE,
    .link = { NEAR, .loss = 0.3, .duplication = 0.3 },
  },
  {
    .name = "burst", .n_exchanges = 4000, .is_burst = TRUE,
    .link = { NEAR, .loss = 0.1 },
  },
  {
    .name = "slow-burst", .n_exchanges = 2000, .is_burst = TRUE, .max_slowness = SECOND,
    .link = { NEAR, .loss = 0.1, .duplication = 0.1 },
  },
};

static void
test_scenario (gconstpointer data)
{
  Run run;

  g_test_summary ("Whatever a network does, each request ends once, with its own response or "
                  "none, and is handled once at most, RFC 7252 sections 4.2 and 4.5");
  run_scenario (&run, data, 1);
  report (&run);
  g_assert_cmpuint (run.n_succeeded, >, 0);
  tear_down (&run);
}

static void
test_clean (void)
{
  Run run;

  g_test_summary ("On a good network each exchange is two datagrams, RFC 7252 section 5.2.1");
  run_scenario (&run, &clean, 2);
  report (&run);
  g_assert_cmpuint (run.n_succeeded, ==, clean.n_exchanges);
  g_assert_cmpuint (simulator_get_n_carried (run.simulator), ==, 2 * clean.n_exchanges);
  tear_down (&run);
}

/* A request goes out up to 1 + MAX_RETRANSMIT = 5 times. One copy brings the response if it gets
 * through and what it sets off gets back: 0.7 * 0.7. The server answers every copy that it gets,
 * the first by handling it and the others by replaying that reply, and no round trip is as long
 * as the wait for it. So what becomes of one copy does not depend on the others, and the
 * probability of a success is that of at least one in five, 1 - (1 - 0.49)^5 = 0.9655, exactly;
 * that the client stops at the first success takes nothing away. Without the replay the server
 * would answer the first copy only, and it would be (1 - 0.3^5) * 0.7 = 0.698. */
static void
test_loss (void)
{
  const double n = lossy.n_exchanges;
  const double failure = 0.51 * 0.51 * 0.51 * 0.51 * 0.51;
  const double variance = n * (1 - failure) * failure;
  double deviation;
  Run run;

  g_test_summary ("With 30 % loss each way as many exchanges succeed as must, and the others end "
                  "in 704 by MAX_TRANSMIT_WAIT, RFC 7252 sections 4.2 and 4.8.2");
  run_scenario (&run, &lossy, 3);
  report (&run);
  deviation = run.n_succeeded - n * (1 - failure);
  g_assert_cmpfloat (deviation * deviation, <, 3 * 3 * variance);
  g_assert_cmpuint (run.n_failed, >, 0);
  tear_down (&run);
}

static void
test_killed (void)
{
  Run run;

  g_test_summary ("When a server ends, all requests to it end too, RFC 7252 section 4.2");
  run_scenario (&run, &killed, 4);
  report (&run);
  g_assert_cmpuint (run.n_succeeded, >, 100);
  g_assert_cmpuint (run.n_failed, >, 100);
  tear_down (&run);
}

static void
test_rest (void)
{
  Run run;

  g_test_summary ("After EXCHANGE_LIFETIME nothing is left that wakes anybody, "
                  "RFC 7252 section 4.8.2");
  run_scenario (&run, &lossy, 5);
  g_assert_cmpint (simulator_get_now (run.simulator), <=,
                   run.last_end + EXCHANGE_LIFETIME + 11 * SECOND);
  tear_down (&run);
}

static void
test_repeatable (void)
{
  Run first, second, other;

  g_test_summary ("The same seed gives the same run, and another one another");
  run_scenario (&first, &everything, 6);
  run_scenario (&second, &everything, 6);
  run_scenario (&other, &everything, 7);
  g_assert_cmpuint (first.trace, ==, second.trace);
  g_assert_cmpuint (first.n_succeeded, ==, second.n_succeeded);
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
  scenario.n_exchanges = 100;
  for (guint32 seed = 100; seed < 200; seed++)
    {
      Run run;

      run_scenario (&run, &scenario, seed);
      tear_down (&run);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/simulator/clean", test_clean);
  g_test_add_func ("/core/simulator/loss", test_loss);
  g_test_add_func ("/core/simulator/killed", test_killed);
  g_test_add_func ("/core/simulator/rest", test_rest);
  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      g_autofree char *path = g_strconcat ("/core/simulator/", scenarios[i].name, NULL);

      g_test_add_data_func (path, &scenarios[i], test_scenario);
    }
  g_test_add_func ("/core/simulator/repeatable", test_repeatable);
  g_test_add_func ("/core/simulator/many-seeds", test_many_seeds);

  return g_test_run ();
}
