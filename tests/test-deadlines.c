/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/gcoap-deadlines-private.h"

#define N_TIMERS     100
#define N_OPERATIONS 50000
#define TIME_MAX     1000

static void
test_empty (void)
{
  GCoapDeadlines deadlines;

  g_test_summary ("Without timers there is no deadline, and an idle engine wakes nobody");
  gcoap_deadlines_init (&deadlines);
  g_assert_cmpint (gcoap_deadlines_get_next (&deadlines), ==, GCOAP_NO_DEADLINE);
  g_assert_null (gcoap_deadlines_pop_due (&deadlines, G_MAXINT64 - 1));
  gcoap_deadlines_clear (&deadlines);
}

static void
test_order (void)
{
  GCoapDeadlines deadlines;
  GCoapTimer timers[3] = { 0 };

  g_test_summary ("The earliest comes first");
  gcoap_deadlines_init (&deadlines);
  gcoap_deadlines_arm (&deadlines, &timers[0], 30);
  gcoap_deadlines_arm (&deadlines, &timers[1], 10);
  gcoap_deadlines_arm (&deadlines, &timers[2], 20);
  g_assert_cmpint (gcoap_deadlines_get_next (&deadlines), ==, 10);
  g_assert_true (gcoap_deadlines_pop_due (&deadlines, 30) == &timers[1]);
  g_assert_true (gcoap_deadlines_pop_due (&deadlines, 30) == &timers[2]);
  g_assert_true (gcoap_deadlines_pop_due (&deadlines, 30) == &timers[0]);
  g_assert_null (gcoap_deadlines_pop_due (&deadlines, 30));
  gcoap_deadlines_clear (&deadlines);
}

static void
test_due (void)
{
  GCoapDeadlines deadlines;
  GCoapTimer timer = { 0 };

  g_test_summary ("A timer is due at its deadline, and not before");
  gcoap_deadlines_init (&deadlines);
  gcoap_deadlines_arm (&deadlines, &timer, 10);
  g_assert_null (gcoap_deadlines_pop_due (&deadlines, 9));
  g_assert_cmpuint (timer.position, !=, 0);
  g_assert_true (gcoap_deadlines_pop_due (&deadlines, 10) == &timer);
  g_assert_cmpuint (timer.position, ==, 0);
  gcoap_deadlines_clear (&deadlines);
}

static void
test_move (void)
{
  GCoapDeadlines deadlines;
  GCoapTimer timers[2] = { 0 };

  g_test_summary ("Arming a timer again moves it, both ways");
  gcoap_deadlines_init (&deadlines);
  gcoap_deadlines_arm (&deadlines, &timers[0], 10);
  gcoap_deadlines_arm (&deadlines, &timers[1], 20);
  gcoap_deadlines_arm (&deadlines, &timers[0], 30);
  g_assert_cmpint (gcoap_deadlines_get_next (&deadlines), ==, 20);
  gcoap_deadlines_arm (&deadlines, &timers[0], 5);
  g_assert_cmpint (gcoap_deadlines_get_next (&deadlines), ==, 5);
  gcoap_deadlines_clear (&deadlines);
}

static void
test_disarm (void)
{
  GCoapDeadlines deadlines;
  GCoapTimer timers[2] = { 0 };

  g_test_summary ("A timer that is not armed can be disarmed");
  gcoap_deadlines_init (&deadlines);
  gcoap_deadlines_disarm (&deadlines, &timers[0]);
  gcoap_deadlines_arm (&deadlines, &timers[0], 10);
  gcoap_deadlines_arm (&deadlines, &timers[1], 20);
  gcoap_deadlines_disarm (&deadlines, &timers[0]);
  gcoap_deadlines_disarm (&deadlines, &timers[0]);
  g_assert_true (gcoap_deadlines_pop_due (&deadlines, 20) == &timers[1]);
  g_assert_cmpint (gcoap_deadlines_get_next (&deadlines), ==, GCOAP_NO_DEADLINE);
  gcoap_deadlines_clear (&deadlines);
}

/* Over an array instead of a heap. */
static gint64
find_earliest (const GCoapTimer *timers)
{
  gint64 earliest = GCOAP_NO_DEADLINE;

  for (guint i = 0; i < N_TIMERS; i++)
    {
      if (timers[i].position != 0)
        earliest = MIN (earliest, timers[i].deadline);
    }

  return earliest;
}

static void
test_random_operations (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  GCoapDeadlines deadlines;
  GCoapTimer timers[N_TIMERS] = { 0 };

  g_test_summary ("Any sequence of arming and disarming leaves the earliest first");
  gcoap_deadlines_init (&deadlines);
  for (guint i = 0; i < N_OPERATIONS; i++)
    {
      GCoapTimer *timer = &timers[g_rand_int_range (random, 0, N_TIMERS)];
      gint64 time = g_rand_int_range (random, 0, TIME_MAX);
      int operation = g_rand_int_range (random, 0, 10);
      GCoapTimer *due;

      if (operation < 6)
        gcoap_deadlines_arm (&deadlines, timer, time);
      else if (operation < 9)
        gcoap_deadlines_disarm (&deadlines, timer);
      else if ((due = gcoap_deadlines_pop_due (&deadlines, time)) != NULL)
        g_assert_cmpint (due->deadline, <=, find_earliest (timers));
      g_assert_cmpint (gcoap_deadlines_get_next (&deadlines), ==, find_earliest (timers));
    }
  gcoap_deadlines_clear (&deadlines);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/deadlines/empty", test_empty);
  g_test_add_func ("/core/deadlines/order", test_order);
  g_test_add_func ("/core/deadlines/due", test_due);
  g_test_add_func ("/core/deadlines/move", test_move);
  g_test_add_func ("/core/deadlines/disarm", test_disarm);
  g_test_add_func ("/core/deadlines/random-operations", test_random_operations);

  return g_test_run ();
}
