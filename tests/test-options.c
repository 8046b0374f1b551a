/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "codec/gcoap-options-private.h"

#include <string.h>

#include "hex.h"

#define N_RANDOM_OPERATIONS 20000
#define MODEL_MAX           40

/* One option and the bytes that come before its value. */
typedef struct
{
  guint       number;
  gsize       length;
  const char *header;
} HeaderRow;

static const HeaderRow header_rows[] = {
  { 0, 0, "00" },
  { 1, 12, "1c" },
  { 12, 0, "c0" },
  { 12, 13, "cd 00" },
  { 13, 0, "d0 00" },
  { 13, 13, "dd 00 00" },
  { 268, 12, "dc ff" },
  { 268, 268, "dd ff ff" },
  { 269, 0, "e0 0000" },
  { 269, 269, "ee 0000 0000" },
  { 270, 268, "ed 0001 ff" },
  { 65535, 65804, "ee fef2 ffff" },
};

/* Two options without values: the second alone, and with the first inserted before it. */
typedef struct
{
  guint       first;
  guint       second;
  const char *alone;
  const char *both;
} InsertRow;

static const InsertRow insert_rows[] = {
  { 0, 12, "c0", "00 c0" },
  { 1, 12, "c0", "10 b0" },
  { 1, 13, "d000", "10 c0" },
  { 1, 14, "d001", "10 d000" },
  { 12, 24, "d00b", "c0 c0" },
  { 12, 25, "d00c", "c0 d000" },
  { 13, 269, "e00000", "d000 d0f3" },
  { 1, 269, "e00000", "10 d0ff" },
  { 1, 270, "e00001", "10 e00000" },
  { 269, 270, "e00001", "e00000 10" },
  { 269, 281, "e0000c", "e00000 c0" },
  { 269, 282, "e0000d", "e00000 d000" },
  { 268, 65535, "e0fef2", "d0ff e0fde6" },
};

/* RFC 7252 section 3.1: what must be processed as a message format error. */
static const char *const bad_sequences[] = {
  "f0",                /* delta 15 without being the payload marker */
  "0f",                /* length 15 */
  "1f 00",
  "f1 ff",
  "d0",                /* the extension is missing, or a part of it */
  "0d",
  "dd 00",
  "e0",
  "e0 00",
  "0e 00",
  "ee 0000 00",
  "11",                /* the value is missing, or a part of it */
  "1c 0102030405060708090a0b",
  "0d 00 0102030405060708090a0b0c",
  "0e 0000",
  "e0 ffff",           /* number 65804 */
  "e0 fef3",           /* number 65536 */
  "e0 fef2 10",        /* number 65535, and one more */
  "e0 ff00 e0 ff00",
  "10 00 20 f8",       /* good ones first */
};

typedef struct
{
  guint32     value;
  const char *bytes;
} UintRow;

static const UintRow uint_rows[] = {
  { 0, "" },
  { 1, "01" },
  { 255, "ff" },
  { 256, "0100" },
  { 65535, "ffff" },
  { 65536, "010000" },
  { 16777215, "ffffff" },
  { 16777216, "01000000" },
  { G_MAXUINT32, "ffffffff" },
};

static void
assert_wire (const GCoapOptions *options,
             const char         *hex)
{
  g_autoptr (GBytes) expected = hex_to_bytes (hex);

  g_assert_cmpmem (options->data, options->length, g_bytes_get_data (expected, NULL),
                   g_bytes_get_size (expected));
}

static void
test_header (gconstpointer data)
{
  const HeaderRow *row = data;
  g_autoptr (GBytes) header = hex_to_bytes (row->header);
  g_autofree guint8 *value = g_malloc0 (row->length + 1);
  GCoapOptions options;
  GCoapOptionIter iter;

  g_test_summary ("Delta and length take as few bytes as they need, RFC 7252 section 3.1");
  gcoap_options_init (&options);
  gcoap_options_add (&options, row->number, value, row->length);

  g_assert_cmpuint (options.length, ==, g_bytes_get_size (header) + row->length);
  g_assert_cmpmem (options.data, g_bytes_get_size (header),
                   g_bytes_get_data (header, NULL), g_bytes_get_size (header));
  gcoap_option_iter_init (&iter, options.data, options.length);
  g_assert_true (gcoap_option_iter_next (&iter));
  g_assert_cmpuint (iter.number, ==, row->number);
  g_assert_cmpuint (iter.length, ==, row->length);
  g_assert_false (gcoap_option_iter_next (&iter));
  g_assert_true (gcoap_option_iter_is_valid (&iter));

  gcoap_options_clear (&options);
}

static void
test_insert (gconstpointer data)
{
  const InsertRow *row = data;
  GCoapOptions options;

  g_test_summary ("The option behind a new one is counted from that, RFC 7252 section 3.1");
  gcoap_options_init (&options);
  gcoap_options_add (&options, row->second, NULL, 0);
  assert_wire (&options, row->alone);
  gcoap_options_add (&options, row->first, NULL, 0);
  assert_wire (&options, row->both);
  gcoap_options_clear (&options);
}

static void
test_remove (gconstpointer data)
{
  const InsertRow *row = data;
  GCoapOptions options;

  g_test_summary ("The option behind a removed one is counted anew, RFC 7252 section 3.1");
  gcoap_options_init (&options);
  gcoap_options_add (&options, row->first, NULL, 0);
  gcoap_options_add (&options, row->second, NULL, 0);
  assert_wire (&options, row->both);
  g_assert_cmpuint (gcoap_options_remove (&options, row->first), ==, 1);
  assert_wire (&options, row->alone);
  gcoap_options_clear (&options);
}

static void
test_remove_last (gconstpointer data)
{
  const InsertRow *row = data;
  g_autoptr (GBytes) both = hex_to_bytes (row->both);
  GCoapOptions options;

  g_test_summary ("What was the last option can be put back, RFC 7252 section 3.1");
  gcoap_options_init (&options);
  gcoap_options_set_wire (&options, g_bytes_get_data (both, NULL), g_bytes_get_size (both));
  g_assert_cmpuint (gcoap_options_remove (&options, row->second), ==, 1);
  g_assert_cmpuint (options.last_number, ==, row->first);
  gcoap_options_add (&options, row->second, NULL, 0);
  assert_wire (&options, row->both);
  gcoap_options_clear (&options);
}

static void
test_bad_sequence (gconstpointer data)
{
  g_autoptr (GBytes) bytes = hex_to_bytes (data);
  gsize length = g_bytes_get_size (bytes);
  g_autofree guint8 *wire = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
  GCoapOptionIter iter;

  g_test_summary ("What does not fit its encoding is found, RFC 7252 section 3.1");
  gcoap_option_iter_init (&iter, wire, length);
  while (gcoap_option_iter_next (&iter))
    ;
  g_assert_false (gcoap_option_iter_is_valid (&iter));
  g_assert_false (gcoap_option_iter_next (&iter));
}

static void
test_uint (gconstpointer data)
{
  const UintRow *row = data;
  g_autoptr (GBytes) bytes = hex_to_bytes (row->bytes);
  gsize size = g_bytes_get_size (bytes);
  guint8 encoded[4];
  guint32 value;

  g_test_summary ("An integer has no leading zero bytes, RFC 7252 section 3.2");
  g_assert_cmpmem (encoded, gcoap_option_encode_uint (row->value, encoded),
                   g_bytes_get_data (bytes, NULL), size);
  g_assert_true (gcoap_option_decode_uint (encoded, size, &value));
  g_assert_cmpuint (value, ==, row->value);
}

static void
test_uint_leading_zeros (void)
{
  const guint8 bytes[5] = { 0, 0, 0, 42, 1 };
  guint32 value = 7;

  g_test_summary ("Leading zero bytes are taken from others, RFC 7252 section 3.2");
  g_assert_true (gcoap_option_decode_uint (bytes, 4, &value));
  g_assert_cmpuint (value, ==, 42);
  g_assert_false (gcoap_option_decode_uint (bytes, 5, &value));
  g_assert_cmpuint (value, ==, 42);
}

static void
test_order (void)
{
  GCoapOptions options;

  g_test_summary ("Options are sorted, equal numbers in order of adding, RFC 7252 section 3.1");
  gcoap_options_init (&options);
  gcoap_options_add (&options, 15, "q", 1);
  gcoap_options_add (&options, 11, "a", 1);
  gcoap_options_add (&options, 3, "h", 1);
  gcoap_options_add (&options, 11, "b", 1);
  assert_wire (&options, "3168 8161 0162 4171");
  g_assert_cmpuint (gcoap_options_remove (&options, 11), ==, 2);
  assert_wire (&options, "3168 c171");
  g_assert_cmpuint (gcoap_options_remove (&options, 11), ==, 0);
  g_assert_cmpuint (gcoap_options_remove (&options, 15), ==, 1);
  assert_wire (&options, "3168");
  gcoap_options_clear (&options);
}

static void
test_many (void)
{
  GCoapOptions options;
  GCoapOptionIter iter;
  guint n_found = 0;

  g_test_summary ("There is no limit to how many options a message has, RFC 7252 section 5.4.5");
  gcoap_options_init (&options);
  for (guint i = 0; i < 1000; i++)
    gcoap_options_add (&options, 11, &i, sizeof i);

  gcoap_option_iter_init (&iter, options.data, options.length);
  for (; gcoap_option_iter_next (&iter); n_found++)
    g_assert_cmpmem (iter.value, iter.length, &n_found, sizeof n_found);
  g_assert_cmpuint (n_found, ==, 1000);
  g_assert_cmpuint (gcoap_options_remove (&options, 11), ==, 1000);
  g_assert_cmpuint (options.length, ==, 0);
  gcoap_options_clear (&options);
}

static void
test_find (void)
{
  g_autoptr (GBytes) wire = hex_to_bytes ("3168 8161 0162 4171 ff 1171");
  GCoapOptionIter iter;

  g_test_summary ("A search stops at the payload marker, RFC 7252 section 3");
  gcoap_option_iter_init (&iter, g_bytes_get_data (wire, NULL), g_bytes_get_size (wire));
  g_assert_true (gcoap_option_iter_find (&iter, 11));
  g_assert_cmpmem (iter.value, iter.length, "a", 1);
  g_assert_true (gcoap_option_iter_find (&iter, 11));
  g_assert_cmpmem (iter.value, iter.length, "b", 1);
  g_assert_false (gcoap_option_iter_find (&iter, 16));
  g_assert_true (gcoap_option_iter_is_valid (&iter));

  gcoap_option_iter_init (&iter, g_bytes_get_data (wire, NULL), g_bytes_get_size (wire));
  g_assert_false (gcoap_option_iter_find (&iter, 4));
}

/* The naive model: an array of options, each with a value of one repeated byte. */
typedef struct
{
  guint  number;
  gsize  length;
  guint8 byte;
} ModelOption;

static guint
random_number (GRand *random)
{
  static const guint edges[] = { 0, 1, 11, 12, 13, 14, 25, 26, 268, 269, 270, 281, 538, 65535 };

  if (g_rand_boolean (random))
    return edges[g_rand_int_range (random, 0, G_N_ELEMENTS (edges))];

  return g_rand_int_range (random, 0, 700);
}

static gsize
random_length (GRand *random)
{
  static const gsize edges[] = { 0, 1, 12, 13, 268, 269, 700 };

  return edges[g_rand_int_range (random, 0, G_N_ELEMENTS (edges))];
}

static void
model_add (GArray      *model,
           ModelOption  option)
{
  guint i = 0;

  while (i < model->len && g_array_index (model, ModelOption, i).number <= option.number)
    i++;
  g_array_insert_val (model, i, option);
}

static guint
model_remove (GArray *model,
              guint   number)
{
  guint n_removed = 0;

  for (guint i = model->len; i > 0; i--)
    {
      if (g_array_index (model, ModelOption, i - 1).number != number)
        continue;

      g_array_remove_index (model, i - 1);
      n_removed++;
    }

  return n_removed;
}

static void
assert_like_model (const GCoapOptions *options,
                   GArray             *model)
{
  GCoapOptionIter iter;
  guint i = 0;

  gcoap_option_iter_init (&iter, options->data, options->length);
  for (; gcoap_option_iter_next (&iter); i++)
    {
      const ModelOption *expected = &g_array_index (model, ModelOption, i);

      g_assert_cmpuint (i, <, model->len);
      g_assert_cmpuint (iter.number, ==, expected->number);
      g_assert_cmpuint (iter.length, ==, expected->length);
      if (iter.length > 0)
        g_assert_true (iter.value[0] == expected->byte &&
                       iter.value[iter.length - 1] == expected->byte);
    }
  g_assert_true (gcoap_option_iter_is_valid (&iter));
  g_assert_true (iter.next == iter.end);
  g_assert_cmpuint (i, ==, model->len);
}

static void
add_random (GCoapOptions *options,
            GArray       *model,
            GRand        *random)
{
  guint8 value[700];
  ModelOption option = {
    .number = random_number (random),
    .length = random_length (random),
    .byte = g_rand_int (random),
  };

  memset (value, option.byte, sizeof value);
  gcoap_options_add (options, option.number, value, option.length);
  model_add (model, option);
}

static void
remove_random (GCoapOptions *options,
               GArray       *model,
               GRand        *random)
{
  guint number = random_number (random);

  if (model->len > 0 && g_rand_boolean (random))
    number = g_array_index (model, ModelOption, g_rand_int_range (random, 0, model->len)).number;
  g_assert_cmpuint (gcoap_options_remove (options, number), ==, model_remove (model, number));
}

static void
test_random_operations (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GArray) model = g_array_new (FALSE, FALSE, sizeof (ModelOption));
  GCoapOptions options;

  g_test_summary ("Any sequence of adding and removing leaves what a plain list would have");
  gcoap_options_init (&options);
  for (guint i = 0; i < N_RANDOM_OPERATIONS; i++)
    {
      if (model->len < MODEL_MAX && g_rand_int_range (random, 0, 5) < 3)
        add_random (&options, model, random);
      else
        remove_random (&options, model, random);
      assert_like_model (&options, model);
    }
  gcoap_options_clear (&options);
}

static void
add_insert_row (const char      *name,
                const InsertRow *row,
                GTestDataFunc    test)
{
  g_autofree char *path = g_strdup_printf ("/codec/options/%s/%u-before-%u",
                                           name, row->first, row->second);

  g_test_add_data_func (path, row, test);
}

static void
add_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (header_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/options/header/%u-%" G_GSIZE_FORMAT,
                                               header_rows[i].number, header_rows[i].length);

      g_test_add_data_func (path, &header_rows[i], test_header);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (insert_rows); i++)
    {
      add_insert_row ("insert", &insert_rows[i], test_insert);
      add_insert_row ("remove", &insert_rows[i], test_remove);
      add_insert_row ("remove-last", &insert_rows[i], test_remove_last);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad_sequences); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/options/bad/%s", bad_sequences[i]);

      g_test_add_data_func (path, bad_sequences[i], test_bad_sequence);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (uint_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/options/uint/%u", uint_rows[i].value);

      g_test_add_data_func (path, &uint_rows[i], test_uint);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_rows ();
  g_test_add_func ("/codec/options/uint/leading-zeros", test_uint_leading_zeros);
  g_test_add_func ("/codec/options/order", test_order);
  g_test_add_func ("/codec/options/many", test_many);
  g_test_add_func ("/codec/options/find", test_find);
  g_test_add_func ("/codec/options/random-operations", test_random_operations);

  return g_test_run ();
}
