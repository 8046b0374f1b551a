/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "block-run.h"

#include "gcoap/gcoap-code.h"

#define SECOND      ((gint64) G_USEC_PER_SEC)
#define MILLISECOND G_TIME_SPAN_MILLISECOND

#define NEAR .min_delay = 10 * MILLISECOND, .max_delay = 100 * MILLISECOND

#define N_SEEDS 500

/* What can happen to a transfer that is not kept by the server to its end. */
#define MAY_BE_EVICTED (MAY_BREAK | MAY_TIME_OUT | MAY_GET_4_08 | MAY_GET_5_00)

static const BlockScenario everything = {
  .name = "everything", .method = GCOAP_METHOD_POST, .n_transfers = 60, .n_clients = 4,
  .n_at_once = 2, .max_size = 5000, .streams = ALL_STREAMS, .max_slowness = 2 * SECOND,
  .max_part_delay = 2 * SECOND, .breakage = 0.001, .n_restarts = 2, .n_crashes = 2,
  .max_transfers = 8,
  .may = MAY_BE_EVICTED | MAY_BE_RESET | MAY_GET_5_03,
  .link = { .max_delay = 5 * SECOND, .loss = 0.1, .duplication = 0.2 },
};

/* On these networks every transfer has to succeed. */
static const BlockScenario good[] = {
  {
    .name = "upload-16-16", .method = GCOAP_METHOD_PUT, .n_transfers = 10, .n_clients = 2,
    .n_at_once = 1, .max_size = 70000, .client_block = 16, .server_block = 16,
    .link = { NEAR },
  },
  {
    .name = "upload-64-1024", .method = GCOAP_METHOD_PUT, .n_transfers = 20, .n_clients = 2,
    .n_at_once = 1, .max_size = 70000, .client_block = 64, .server_block = 1024,
    .link = { NEAR },
  },
  {
    .name = "upload-1024-64", .method = GCOAP_METHOD_PUT, .n_transfers = 20, .n_clients = 2,
    .n_at_once = 1, .max_size = 70000, .client_block = 1024, .server_block = 64,
    .link = { NEAR },
  },
  {
    .name = "upload-1024-1024", .method = GCOAP_METHOD_PUT, .n_transfers = 50, .n_clients = 5,
    .n_at_once = 2, .max_size = 70000, .client_block = 1024, .server_block = 1024,
    .link = { NEAR },
  },
  {
    .name = "download-16-16", .method = GCOAP_METHOD_GET, .n_transfers = 10, .n_clients = 2,
    .n_at_once = 1, .max_size = 70000, .client_block = 16, .server_block = 16,
    .link = { NEAR },
  },
  {
    .name = "download-64-1024", .method = GCOAP_METHOD_GET, .n_transfers = 20, .n_clients = 2,
    .n_at_once = 1, .max_size = 70000, .client_block = 64, .server_block = 1024,
    .link = { NEAR },
  },
  {
    .name = "download-1024-64", .method = GCOAP_METHOD_GET, .n_transfers = 20, .n_clients = 2,
    .n_at_once = 1, .max_size = 70000, .client_block = 1024, .server_block = 64,
    .link = { NEAR },
  },
  {
    .name = "download-1024-1024", .method = GCOAP_METHOD_GET, .n_transfers = 50, .n_clients = 5,
    .n_at_once = 2, .max_size = 70000, .client_block = 1024, .server_block = 1024,
    .link = { NEAR },
  },
  {
    .name = "two-way", .method = GCOAP_METHOD_POST, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 1, .max_size = 70000, .server_block = 256,
    .link = { NEAR },
  },
  {
    .name = "fetch", .method = GCOAP_METHOD_FETCH, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .server_block = 128,
    .link = { NEAR },
  },
  {
    .name = "non", .method = GCOAP_METHOD_POST, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .is_non = TRUE,
    .link = { NEAR, .duplication = 0.3 },
  },
  {
    .name = "duplication", .method = GCOAP_METHOD_POST, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .server_block = 512,
    .link = { NEAR, .duplication = 0.9 },
  },
  {
    .name = "slow", .method = GCOAP_METHOD_POST, .n_transfers = 50, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .max_slowness = 20 * SECOND, .max_part_delay = 10 * SECOND,
    .link = { NEAR, .duplication = 0.2 },
  },
  {
    .name = "one-uri-clients", .method = GCOAP_METHOD_POST, .n_transfers = 60, .n_clients = 20,
    .n_at_once = 1, .min_size = 16, .max_size = 5000, .has_one_uri = TRUE,
    .link = { NEAR },
  },
  {
    .name = "one-uri-uploads", .method = GCOAP_METHOD_PUT, .n_transfers = 60, .n_clients = 2,
    .n_at_once = 20, .min_size = 16, .max_size = 70000, .has_one_uri = TRUE,
    .link = { NEAR },
  },
  {
    .name = "one-uri-tags", .method = GCOAP_METHOD_POST, .n_transfers = 100, .n_clients = 2,
    .n_at_once = 10, .min_size = 1025, .max_size = 5000, .has_one_uri = TRUE,
    .link = { NEAR },
  },
  {
    .name = "one-uri-downloads", .method = GCOAP_METHOD_GET, .n_transfers = 60, .n_clients = 3,
    .n_at_once = 10, .min_size = 5000, .max_size = 5000, .has_one_uri = TRUE,
    .link = { NEAR },
  },
  {
    .name = "streams", .method = GCOAP_METHOD_POST, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .streams = ALL_STREAMS, .max_part_delay = 500 * MILLISECOND,
    .link = { NEAR },
  },
  {
    .name = "streams-fetch", .method = GCOAP_METHOD_FETCH, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .streams = ALL_STREAMS, .max_part_delay = 500 * MILLISECOND,
    .link = { NEAR },
  },
  {
    .name = "streams-large", .method = GCOAP_METHOD_POST, .n_transfers = 20, .n_clients = 2,
    .n_at_once = 2, .min_size = 70000, .max_size = 70000, .client_block = 1024,
    .streams = ALL_STREAMS, .max_part_delay = 10 * MILLISECOND,
    .link = { NEAR },
  },
  {
    .name = "streams-up", .method = GCOAP_METHOD_PUT, .n_transfers = 60, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .streams = ALL_STREAMS, .server_block = 64,
    .max_part_delay = 5 * SECOND,
    .link = { NEAR },
  },
  {
    .name = "streams-down", .method = GCOAP_METHOD_GET, .n_transfers = 60, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .streams = ALL_STREAMS, .server_block = 64,
    .max_part_delay = 5 * SECOND,
    .link = { NEAR },
  },
};

/* On these some transfers fail, and some must not. */
static const BlockScenario bad[] = {
  {
    .name = "loss-up", .method = GCOAP_METHOD_PUT, .n_transfers = 200, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .may = MAY_TIME_OUT,
    .link = { NEAR, .loss = 0.2 },
  },
  {
    .name = "loss-down", .method = GCOAP_METHOD_GET, .n_transfers = 200, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .may = MAY_TIME_OUT | MAY_BREAK,
    .link = { NEAR, .loss = 0.2 },
  },
  {
    .name = "loss-and-duplication", .method = GCOAP_METHOD_POST, .n_transfers = 200,
    .n_clients = 4, .n_at_once = 2, .max_size = 5000, .may = MAY_TIME_OUT | MAY_GET_4_08,
    .link = { NEAR, .loss = 0.2, .duplication = 0.5 },
  },
  {
    .name = "loss-streams-up", .method = GCOAP_METHOD_PUT, .n_transfers = 200, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .streams = ALL_STREAMS,
    .max_part_delay = 100 * MILLISECOND, .may = MAY_TIME_OUT,
    .link = { NEAR, .loss = 0.2, .duplication = 0.2 },
  },
  {
    .name = "loss-streams-down", .method = GCOAP_METHOD_GET, .n_transfers = 200, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .streams = ALL_STREAMS, .max_part_delay = SECOND,
    .may = MAY_TIME_OUT | MAY_BREAK,
    .link = { NEAR, .loss = 0.2, .duplication = 0.2 },
  },
  {
    .name = "loss-non", .method = GCOAP_METHOD_POST, .n_transfers = 200, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .is_non = TRUE, .answers_non = TRUE, .may = MAY_TIME_OUT,
    .link = { NEAR, .loss = 0.02, .duplication = 0.2 },
  },
  {
    .name = "reordering-up", .method = GCOAP_METHOD_PUT, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 4, .max_size = 5000, .may = MAY_TIME_OUT | MAY_GET_4_08,
    .link = { .max_delay = 10 * SECOND, .duplication = 0.3 },
  },
  {
    .name = "reordering-down", .method = GCOAP_METHOD_GET, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 4, .max_size = 5000, .may = MAY_TIME_OUT | MAY_BREAK,
    .link = { .max_delay = 10 * SECOND, .duplication = 0.3 },
  },
  {
    .name = "latency", .method = GCOAP_METHOD_POST, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 1, .max_size = 1025, .may = MAY_TIME_OUT | MAY_GET_4_08,
    .link = { .max_delay = 40 * SECOND, .duplication = 0.3, .loss = 0.05 },
  },
  {
    .name = "truncation", .method = GCOAP_METHOD_POST, .n_transfers = 200, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000,
    .may = MAY_BE_EVICTED | MAY_BE_RESET | MAY_GET_4_00 | MAY_GET_4_04,
    .link = { NEAR, .truncation = 0.05 },
  },
  {
    .name = "changes", .method = GCOAP_METHOD_GET, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 4, .max_size = 5000, .has_one_uri = TRUE, .changes = TRUE,
    .max_slowness = SECOND, .may = MAY_BREAK | MAY_GET_4_00,
    .link = { NEAR },
  },
  {
    .name = "changes-and-loss", .method = GCOAP_METHOD_GET, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 4, .max_size = 5000, .has_one_uri = TRUE, .changes = TRUE,
    .streams = ALL_STREAMS, .max_part_delay = SECOND,
    .may = MAY_BREAK | MAY_TIME_OUT | MAY_GET_4_00 | MAY_GET_4_08 | MAY_GET_5_00,
    .link = { NEAR, .loss = 0.1, .duplication = 0.2 },
  },
  {
    .name = "one-uri-two-way", .method = GCOAP_METHOD_POST, .n_transfers = 100, .n_clients = 2,
    .n_at_once = 10, .min_size = 16, .max_size = 5000, .has_one_uri = TRUE,
    .may = MAY_BREAK | MAY_GET_4_00 | MAY_GET_4_08,
    .link = { NEAR },
  },
  {
    .name = "server-restarts", .method = GCOAP_METHOD_POST, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .client_block = 64, .n_restarts = 5,
    .may = MAY_BREAK | MAY_TIME_OUT | MAY_GET_4_08,
    .link = { NEAR },
  },
  {
    .name = "server-restarts-down", .method = GCOAP_METHOD_GET, .n_transfers = 100,
    .n_clients = 4, .n_at_once = 2, .max_size = 5000, .client_block = 64, .n_restarts = 5,
    .streams = CLIENT_RECEIVES | SERVER_SENDS, .max_part_delay = 100 * MILLISECOND,
    .may = MAY_BREAK | MAY_TIME_OUT,
    .link = { NEAR },
  },
  {
    .name = "client-crashes", .method = GCOAP_METHOD_POST, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .client_block = 64, .n_crashes = 10,
    .streams = ALL_STREAMS, .max_part_delay = 100 * MILLISECOND,
    .link = { NEAR },
  },
  {
    .name = "few-transfers", .method = GCOAP_METHOD_POST, .n_transfers = 100, .n_clients = 8,
    .n_at_once = 2, .max_size = 5000, .max_transfers = 6, .streams = ALL_STREAMS,
    .max_part_delay = 200 * MILLISECOND, .may = MAY_BE_EVICTED,
    .link = { NEAR },
  },
  {
    .name = "few-transfers-down", .method = GCOAP_METHOD_GET, .n_transfers = 100, .n_clients = 8,
    .n_at_once = 2, .max_size = 5000, .max_transfers = 6, .streams = SERVER_SENDS,
    .max_part_delay = 200 * MILLISECOND, .may = MAY_BREAK | MAY_GET_5_00 | MAY_GET_4_08,
    .link = { NEAR },
  },
  {
    .name = "small-cache", .method = GCOAP_METHOD_POST, .n_transfers = 100, .n_clients = 8,
    .n_at_once = 2, .max_size = 70000, .transfer_cache_size = 200000,
    .client_block = 1024, .may = MAY_BE_EVICTED,
    .link = { NEAR },
  },
  {
    .name = "fetch-small-cache", .method = GCOAP_METHOD_FETCH, .n_transfers = 100,
    .n_clients = 8, .n_at_once = 2, .max_size = 5000, .transfer_cache_size = 20000,
    .may = MAY_BE_EVICTED,
    .link = { NEAR },
  },
  {
    .name = "slow-streams", .method = GCOAP_METHOD_POST, .n_transfers = 60, .n_clients = 4,
    .n_at_once = 1, .max_size = 1025, .client_block = 64, .streams = ALL_STREAMS,
    .max_part_delay = 150 * SECOND, .may = MAY_BE_EVICTED | MAY_GET_5_03,
    .link = { NEAR },
  },
  {
    .name = "breakage", .method = GCOAP_METHOD_POST, .n_transfers = 100, .n_clients = 4,
    .n_at_once = 2, .max_size = 5000, .client_block = 64, .streams = ALL_STREAMS,
    .max_part_delay = 100 * MILLISECOND, .breakage = 0.01,
    .may = MAY_BREAK | MAY_GET_5_00 | MAY_GET_5_03 | MAY_GET_4_08,
    .link = { NEAR },
  },
};

static void
test_good (gconstpointer data)
{
  const BlockScenario *scenario = data;
  BlockRun run;

  g_test_summary ("Bodies of any size arrive whole in blocks of any size, "
                  "RFC 7959 sections 2.4 to 2.8");
  block_run_scenario (&run, scenario, 1);
  block_run_report (&run);
  g_assert_cmpuint (run.n_succeeded, ==, scenario->n_transfers);
  block_run_tear_down (&run);
}

static void
test_bad (gconstpointer data)
{
  const BlockScenario *scenario = data;
  BlockRun run;

  g_test_summary ("Whatever happens, a body arrives whole or not at all, and once, "
                  "RFC 7959 sections 2.4 and 2.5");
  block_run_scenario (&run, scenario, 1);
  block_run_report (&run);
  g_assert_cmpuint (run.n_succeeded, >, scenario->n_transfers / 10);
  block_run_tear_down (&run);
}

/* Of every ten bodies two are. */
static void
test_too_large (void)
{
  BlockScenario scenario = {
    .method = GCOAP_METHOD_PUT, .n_transfers = 50, .n_clients = 2, .n_at_once = 2,
    .max_size = 70000, .max_body_size = 4000, .client_block = 256,
    .may = MAY_GET_4_13 | MAY_BREAK,
    .link = { NEAR },
  };
  BlockRun run;

  g_test_summary ("What is too large is refused, unless it is a stream, and the rest is not, "
                  "RFC 7959 section 2.9.3");
  block_run_scenario (&run, &scenario, 1);
  g_assert_cmpuint (run.n_refused, ==, 10);
  g_assert_cmpuint (run.n_succeeded, ==, 40);
  block_run_tear_down (&run);

  scenario.streams = SERVER_RECEIVES;
  block_run_scenario (&run, &scenario, 2);
  g_assert_cmpuint (run.n_refused, >, 0);
  g_assert_cmpuint (run.n_succeeded, >, 40);
  block_run_tear_down (&run);

  scenario.method = GCOAP_METHOD_GET;
  scenario.streams = SERVER_SENDS;
  block_run_scenario (&run, &scenario, 3);
  g_assert_cmpuint (run.n_failed, ==, 10);
  g_assert_cmpuint (run.n_succeeded, ==, 40);
  block_run_tear_down (&run);
}

static void
test_repeatable (void)
{
  BlockRun first, second, other;

  g_test_summary ("The same seed gives the same run, and another one another");
  block_run_scenario (&first, &everything, 7);
  block_run_scenario (&second, &everything, 7);
  block_run_scenario (&other, &everything, 8);
  g_assert_cmpuint (first.trace, ==, second.trace);
  g_assert_cmpuint (first.n_succeeded, ==, second.n_succeeded);
  g_assert_cmpuint (first.trace, !=, other.trace);
  block_run_tear_down (&first);
  block_run_tear_down (&second);
  block_run_tear_down (&other);
}

static guint
choose (GRand *random,
        guint  n)
{
  return g_rand_int_range (random, 0, n);
}

static void
choose_application (GRand         *random,
                    BlockScenario *scenario)
{
  static const guint8 methods[] = {
    GCOAP_METHOD_GET, GCOAP_METHOD_POST, GCOAP_METHOD_PUT, GCOAP_METHOD_FETCH,
  };

  scenario->method = methods[choose (random, G_N_ELEMENTS (methods))];
  scenario->n_at_once = 1 + choose (random, 4);
  scenario->has_one_uri = choose (random, 2);
  scenario->min_size = scenario->has_one_uri ? 16 : 0;
  scenario->client_block = choose (random, 2) * (16 << choose (random, 7));
  scenario->server_block = choose (random, 2) * (16 << choose (random, 7));
  scenario->is_non = choose (random, 3) == 0;
  scenario->answers_non = choose (random, 3) == 0;
  scenario->changes = choose (random, 2);
  scenario->streams = choose (random, ALL_STREAMS + 1);
  scenario->breakage = choose (random, 2) * 0.002;
  scenario->max_slowness = choose (random, 3) * SECOND;
  scenario->max_part_delay = choose (random, 3) * SECOND;
}

static void
choose_trouble (GRand         *random,
                BlockScenario *scenario)
{
  scenario->n_restarts = choose (random, 3);
  scenario->n_crashes = choose (random, 3);
  scenario->max_transfers = choose (random, 3) * 4;
  scenario->transfer_cache_size = choose (random, 2) * 20000;
  scenario->link = (SimulatorLink) {
    .max_delay = choose (random, 8) * SECOND,
    .loss = choose (random, 3) * 0.1,
    .duplication = choose (random, 3) * 0.2,
  };
}

static void
test_many_seeds (void)
{
  BlockScenario scenario = { .n_transfers = 30, .n_clients = 3, .max_size = 5000 };

  g_test_summary ("What holds of one run holds of others");
  scenario.may = MAY_BE_EVICTED | MAY_BE_RESET | MAY_GET_4_00 | MAY_GET_5_03;
  for (guint32 seed = 1000; seed < 1000 + N_SEEDS; seed++)
    {
      GRand *random = g_rand_new_with_seed (seed);
      BlockRun run;

      choose_application (random, &scenario);
      choose_trouble (random, &scenario);
      g_rand_free (random);
      g_test_message ("seed %u", seed);
      block_run_scenario (&run, &scenario, seed);
      block_run_tear_down (&run);
    }
}

static void
add_scenarios (const BlockScenario *scenarios,
               gsize                n_scenarios,
               GTestDataFunc        func)
{
  for (gsize i = 0; i < n_scenarios; i++)
    {
      g_autofree char *path = g_strconcat ("/core/block-simulator/", scenarios[i].name, NULL);

      g_test_add_data_func (path, &scenarios[i], func);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_scenarios (good, G_N_ELEMENTS (good), test_good);
  add_scenarios (bad, G_N_ELEMENTS (bad), test_bad);
  g_test_add_func ("/core/block-simulator/too-large", test_too_large);
  g_test_add_func ("/core/block-simulator/repeatable", test_repeatable);
  g_test_add_func ("/core/block-simulator/many-seeds", test_many_seeds);

  return g_test_run ();
}
