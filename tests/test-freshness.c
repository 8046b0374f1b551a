/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/gcoap-freshness-private.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

#define LAST 0xffffffu
#define HALF (1u << 23)

typedef struct
{
  const char *name;
  guint32     latest;
  guint32     sequence;
  gint64      interval; /* between the two */
  gboolean    is_newer;
} Row;

static const Row rows[] = {
  { "next", 5, 6, 0, TRUE },
  { "previous", 6, 5, 0, FALSE },
  { "equal", 5, 5, 0, FALSE },
  { "gap", 5, 5000, 0, TRUE },
  { "zero-after-zero", 0, 0, 0, FALSE },
  { "one-after-zero", 0, 1, 0, TRUE },

  { "wrap", LAST, 0, 0, TRUE },
  { "wrap-with-gap", LAST - 10, 10, 0, TRUE },
  { "before-the-wrap", 0, LAST, 0, FALSE },
  { "far-before-the-wrap", 10, LAST - 10, 0, FALSE },

  { "just-under-half-ahead", 100, 100 + HALF - 1, 0, TRUE },
  { "half-ahead", 100, 100 + HALF, 0, FALSE },
  { "just-over-half-ahead", 100, 100 + HALF + 1, 0, FALSE },
  { "just-under-half-behind", 100 + HALF - 1, 100, 0, FALSE },
  { "half-behind", 100 + HALF, 100, 0, FALSE },
  { "just-over-half-behind", 100 + HALF + 1, 100, 0, TRUE },

  { "previous-at-128-s", 6, 5, 128 * SECOND, FALSE },
  { "previous-after-128-s", 6, 5, 128 * SECOND + 1, TRUE },
  { "equal-at-128-s", 5, 5, 128 * SECOND, FALSE },
  { "equal-after-128-s", 5, 5, 128 * SECOND + 1, TRUE },
  { "half-ahead-after-128-s", 0, HALF, 129 * SECOND, TRUE },
  { "next-after-128-s", 5, 6, 129 * SECOND, TRUE },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  GCoapFreshness freshness = { 0 };

  g_test_summary ("Which of two notifications is the newer, RFC 7641 section 3.4");
  gcoap_freshness_set (&freshness, row->latest, 7 * SECOND);
  g_assert_cmpint (gcoap_freshness_is_newer (&freshness, row->sequence,
                                             7 * SECOND + row->interval), ==, row->is_newer);
}

static void
test_first (gconstpointer data)
{
  const guint32 *sequence = data;
  GCoapFreshness freshness = { 0 };

  g_test_summary ("The first notification is the latest, whatever its number, "
                  "RFC 7641 section 3.4");
  g_assert_true (gcoap_freshness_is_newer (&freshness, *sequence, 0));
  gcoap_freshness_set (&freshness, *sequence, 0);
  g_assert_false (gcoap_freshness_is_newer (&freshness, *sequence, 0));
}

static void
test_all_round (void)
{
  GCoapFreshness freshness = { 0 };
  guint32 sequence = 0;

  g_test_summary ("Numbers that go up stay newer through any number of wraps, "
                  "RFC 7641 section 3.4");
  gcoap_freshness_set (&freshness, sequence, 0);
  for (guint i = 0; i < 1000; i++)
    {
      guint32 next = (sequence + 1 + i * 8000) & LAST;

      g_assert_true (gcoap_freshness_is_newer (&freshness, next, 0));
      gcoap_freshness_set (&freshness, next, 0);
      g_assert_false (gcoap_freshness_is_newer (&freshness, sequence, 0));
      sequence = next;
    }
}

int
main (int    argc,
      char **argv)
{
  static const guint32 zero = 0, last = LAST;

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/core/freshness/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_data_func ("/core/freshness/first/zero", &zero, test_first);
  g_test_add_data_func ("/core/freshness/first/last", &last, test_first);
  g_test_add_func ("/core/freshness/all-round", test_all_round);

  return g_test_run ();
}
