/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/gcoap-window-private.h"

static void
assert_slice (const GCoapWindow *window,
              gsize              offset,
              gsize              size,
              const char        *text,
              gboolean           more)
{
  const guint8 *data;
  gsize length;
  gboolean has_more;

  g_assert_true (gcoap_window_covers (window, offset, size));
  g_assert_true (gcoap_window_slice (window, offset, size, &data, &length, &has_more));
  g_assert_cmpmem (data, length, text, strlen (text));
  g_assert_cmpint (has_more, ==, more);
}

static void
assert_beyond (const GCoapWindow *window,
               gsize              offset)
{
  const guint8 *data;
  gsize length;
  gboolean more;

  g_assert_true (gcoap_window_covers (window, offset, 4));
  g_assert_false (gcoap_window_slice (window, offset, 4, &data, &length, &more));
}

static void
test_whole (void)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("abcdefghij", 10);
  GCoapWindow window;

  g_test_summary ("Of a whole body every block can be cut");
  gcoap_window_init_whole (&window, body);
  g_assert_cmpint (window.size, ==, 10);
  assert_slice (&window, 0, 4, "abcd", TRUE);
  assert_slice (&window, 4, 4, "efgh", TRUE);
  assert_slice (&window, 8, 4, "ij", FALSE);
  assert_slice (&window, 0, 16, "abcdefghij", FALSE);
  assert_beyond (&window, 12);
  assert_beyond (&window, G_MAXSIZE);
  gcoap_window_clear (&window);
}

static void
test_full_last_block (void)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("abcdefgh", 8);
  GCoapWindow window;

  g_test_summary ("A last block that is full has none after it");
  gcoap_window_init_whole (&window, body);
  assert_slice (&window, 4, 4, "efgh", FALSE);
  assert_beyond (&window, 8);
  gcoap_window_clear (&window);
}

static void
test_empty_body (void)
{
  GCoapWindow window;

  g_test_summary ("An empty body has one block, which is empty");
  gcoap_window_init_whole (&window, NULL);
  assert_slice (&window, 0, 4, "", FALSE);
  assert_beyond (&window, 4);
  gcoap_window_clear (&window);
}

static void
test_stream (void)
{
  g_autoptr (GBytes) first = g_bytes_new_static ("abcdef", 6);
  g_autoptr (GBytes) last = g_bytes_new_static ("ef", 2);
  GCoapWindow window;

  g_test_summary ("A part shows whether more follows only if it goes beyond the block");
  gcoap_window_init_empty (&window, -1);
  g_assert_false (gcoap_window_covers (&window, 0, 4));
  gcoap_window_move (&window, first, 0, FALSE);
  assert_slice (&window, 0, 4, "abcd", TRUE);
  g_assert_false (gcoap_window_covers (&window, 0, 6));
  g_assert_false (gcoap_window_covers (&window, 4, 4));
  g_assert_cmpint (window.size, ==, -1);

  gcoap_window_move (&window, last, 4, TRUE);
  assert_slice (&window, 4, 4, "ef", FALSE);
  g_assert_false (gcoap_window_covers (&window, 0, 4));
  assert_beyond (&window, 8);
  g_assert_cmpint (window.size, ==, 6);
  gcoap_window_clear (&window);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/window/whole", test_whole);
  g_test_add_func ("/core/window/full-last-block", test_full_last_block);
  g_test_add_func ("/core/window/empty-body", test_empty_body);
  g_test_add_func ("/core/window/stream", test_stream);

  return g_test_run ();
}
