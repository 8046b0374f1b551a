/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/gcoap-exchanges-private.h"

#define N_EXCHANGES  50
#define N_OPERATIONS 20000

static void
test_lookup (void)
{
  GCoapExchanges exchanges;
  GCoapExchange one = { 0 }, other = { 0 };

  g_test_summary ("An exchange is found by its id while it lasts");
  gcoap_exchanges_init (&exchanges);
  gcoap_exchanges_add (&exchanges, &one);
  gcoap_exchanges_add (&exchanges, &other);
  g_assert_cmpuint (one.id, !=, 0);
  g_assert_cmpuint (one.id, !=, other.id);
  g_assert_true (gcoap_exchanges_lookup (&exchanges, one.id) == &one);
  g_assert_true (gcoap_exchanges_lookup (&exchanges, other.id) == &other);
  gcoap_exchanges_remove (&exchanges, &one);
  g_assert_null (gcoap_exchanges_lookup (&exchanges, one.id));
  gcoap_exchanges_clear (&exchanges);
}

static void
test_no_such_id (void)
{
  static const guint64 ids[] = { 0, 1, 2, G_MAXUINT32, G_MAXUINT64, G_GUINT64_CONSTANT (1) << 32 };
  GCoapExchanges exchanges;
  GCoapExchange exchange = { 0 };

  g_test_summary ("An id that was never given out finds nothing");
  gcoap_exchanges_init (&exchanges);
  gcoap_exchanges_add (&exchanges, &exchange);
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_null (gcoap_exchanges_lookup (&exchanges, ids[i]));
  gcoap_exchanges_clear (&exchanges);
}

static void
test_never_again (void)
{
  GCoapExchanges exchanges;
  GCoapExchange exchange = { 0 };
  guint64 first;

  g_test_summary ("An id is never used again");
  gcoap_exchanges_init (&exchanges);
  gcoap_exchanges_add (&exchanges, &exchange);
  first = exchange.id;
  gcoap_exchanges_remove (&exchanges, &exchange);
  gcoap_exchanges_add (&exchanges, &exchange);
  g_assert_cmpuint (exchange.id, !=, first);
  g_assert_null (gcoap_exchanges_lookup (&exchanges, first));
  gcoap_exchanges_clear (&exchanges);
}

static void
test_take_down (void)
{
  GCoapExchanges exchanges;
  GCoapExchange all[N_EXCHANGES] = { 0 };
  GCoapExchange *exchange;
  guint n_found = 0;

  g_test_summary ("All exchanges can be found without their ids");
  gcoap_exchanges_init (&exchanges);
  for (guint i = 0; i < N_EXCHANGES; i++)
    gcoap_exchanges_add (&exchanges, &all[i]);
  for (guint i = 0; i < N_EXCHANGES; i += 3)
    gcoap_exchanges_remove (&exchanges, &all[i]);

  for (; (exchange = gcoap_exchanges_get_any (&exchanges)) != NULL; n_found++)
    gcoap_exchanges_remove (&exchanges, exchange);
  g_assert_cmpuint (n_found, ==, 33);
  gcoap_exchanges_add (&exchanges, &all[0]);
  g_assert_true (gcoap_exchanges_lookup (&exchanges, all[0].id) == &all[0]);
  gcoap_exchanges_clear (&exchanges);
}

static void
test_random_operations (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  g_autoptr (GHashTable) used = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GCoapExchanges exchanges;
  GCoapExchange all[N_EXCHANGES] = { 0 };
  gboolean is_in[N_EXCHANGES] = { FALSE };

  g_test_summary ("Any sequence of adding and removing finds just what is there");
  gcoap_exchanges_init (&exchanges);
  for (guint i = 0; i < N_OPERATIONS; i++)
    {
      guint n = g_rand_int_range (random, 0, N_EXCHANGES);

      if (is_in[n])
        gcoap_exchanges_remove (&exchanges, &all[n]);
      else
        {
          gcoap_exchanges_add (&exchanges, &all[n]);
          g_assert_true (g_hash_table_add (used, g_memdup2 (&all[n].id, sizeof all[n].id)));
        }
      is_in[n] = !is_in[n];
      g_assert_true (gcoap_exchanges_lookup (&exchanges, all[n].id) ==
                     (is_in[n] ? &all[n] : NULL));
    }
  gcoap_exchanges_clear (&exchanges);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/exchanges/lookup", test_lookup);
  g_test_add_func ("/core/exchanges/no-such-id", test_no_such_id);
  g_test_add_func ("/core/exchanges/never-again", test_never_again);
  g_test_add_func ("/core/exchanges/take-down", test_take_down);
  g_test_add_func ("/core/exchanges/random-operations", test_random_operations);

  return g_test_run ();
}
