/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "codec/gcoap-block-private.h"

#include "gcoap/gcoap-option-number.h"

#define BLOCK2 GCOAP_OPTION_NUMBER_BLOCK2

/* The value as bytes, and what it says. */
typedef struct
{
  const char        *name;
  const char        *value;
  gsize              length;
  GCoapBlockVerdict  verdict;
  guint32            number;
  guint8             szx;
  gboolean           more;
} Row;

static const Row rows[] = {
  { "empty", "", 0, GCOAP_BLOCK_VALID, 0, 0, FALSE },
  { "zero", "\x00", 1, GCOAP_BLOCK_VALID, 0, 0, FALSE },
  { "size-1024", "\x06", 1, GCOAP_BLOCK_VALID, 0, 6, FALSE },
  { "size-reserved", "\x07", 1, GCOAP_BLOCK_INVALID },
  { "size-reserved-more", "\x1f", 1, GCOAP_BLOCK_INVALID },
  { "more", "\x0e", 1, GCOAP_BLOCK_VALID, 0, 6, TRUE },
  { "number-15", "\xf2", 1, GCOAP_BLOCK_VALID, 15, 2, FALSE },
  { "number-16", "\x01\x0a", 2, GCOAP_BLOCK_VALID, 16, 2, TRUE },
  { "number-4096", "\x01\x00\x06", 3, GCOAP_BLOCK_VALID, 4096, 6, FALSE },
  { "number-last", "\xff\xff\xfe", 3, GCOAP_BLOCK_VALID, GCOAP_BLOCK_NUMBER_MAX, 6, TRUE },
  { "leading-zeros", "\x00\x00\x16", 3, GCOAP_BLOCK_VALID, 1, 6, FALSE },
  { "four-bytes", "\x00\x00\x00\x16", 4, GCOAP_BLOCK_VALID, 1, 6, FALSE },
  { "number-too-large", "\x01\x00\x00\x06", 4, GCOAP_BLOCK_INVALID },
  { "five-bytes", "\x00\x00\x00\x00\x06", 5, GCOAP_BLOCK_INVALID },
};

static GCoapBlockVerdict
find (GCoapOptions *options,
      GCoapBlock   *block)
{
  GCoapFrame frame = { .options = options->data, .options_length = options->length };

  return gcoap_block_find (&frame, BLOCK2, block);
}

static void
test_find (gconstpointer data)
{
  const Row *row = data;
  GCoapOptions options;
  GCoapBlock block;

  g_test_summary ("Number, more and size are in one value, RFC 7959 section 2.2");
  gcoap_options_init (&options);
  gcoap_options_add (&options, BLOCK2, row->value, row->length);
  g_assert_cmpint (find (&options, &block), ==, row->verdict);
  if (row->verdict == GCOAP_BLOCK_VALID)
    {
      g_assert_cmpuint (block.number, ==, row->number);
      g_assert_cmpuint (block.szx, ==, row->szx);
      g_assert_cmpint (block.more, ==, row->more);
    }
  gcoap_options_clear (&options);
}

static void
test_absent (void)
{
  GCoapOptions options;
  GCoapBlock block;

  g_test_summary ("A message need not have the option");
  gcoap_options_init (&options);
  g_assert_cmpint (find (&options, &block), ==, GCOAP_BLOCK_ABSENT);
  gcoap_options_add_uint (&options, GCOAP_OPTION_NUMBER_BLOCK1, 6);
  g_assert_cmpint (find (&options, &block), ==, GCOAP_BLOCK_ABSENT);
  gcoap_options_clear (&options);
}

static void
test_add (void)
{
  GCoapBlock block = { .number = GCOAP_BLOCK_NUMBER_MAX, .szx = 4, .more = TRUE };
  GCoapBlock found;
  GCoapOptions options;

  g_test_summary ("What is written is read again");
  gcoap_options_init (&options);
  gcoap_block_add (&block, BLOCK2, &options);
  g_assert_cmpint (find (&options, &found), ==, GCOAP_BLOCK_VALID);
  g_assert_cmpuint (found.number, ==, block.number);
  g_assert_cmpuint (found.szx, ==, block.szx);
  g_assert_true (found.more);
  g_assert_cmpuint (gcoap_block_offset (&found), ==, (gsize) GCOAP_BLOCK_NUMBER_MAX * 256);
  gcoap_options_clear (&options);
}

static void
test_size (void)
{
  g_test_summary ("A size that is between two is the smaller one");
  g_assert_cmpuint (gcoap_block_get_szx (16), ==, 0);
  g_assert_cmpuint (gcoap_block_get_szx (31), ==, 0);
  g_assert_cmpuint (gcoap_block_get_szx (32), ==, 1);
  g_assert_cmpuint (gcoap_block_get_szx (1023), ==, 5);
  g_assert_cmpuint (gcoap_block_get_szx (1024), ==, 6);
  g_assert_cmpuint (gcoap_block_get_szx (65536), ==, 6);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/codec/block/find/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_find);
    }
  g_test_add_func ("/codec/block/absent", test_absent);
  g_test_add_func ("/codec/block/add", test_add);
  g_test_add_func ("/codec/block/size", test_size);

  return g_test_run ();
}
