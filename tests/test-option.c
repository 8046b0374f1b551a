/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gcoap/gcoap.h>

#include "hex.h"

#define STRING GCOAP_OPTION_VALUE_TYPE_STRING
#define UINT   GCOAP_OPTION_VALUE_TYPE_UINT
#define BINARY GCOAP_OPTION_VALUE_TYPE_BINARY

/* The registered options that the reference lists, with their types and properties (RFC 7252
 * table 4). */
typedef struct
{
  guint                number;
  const char          *name;
  GCoapOptionValueType value_type;
  gboolean             critical;
  gboolean             unsafe;
  gboolean             no_cache_key;
} KnownRow;

static const KnownRow known_rows[] = {
  { 1, "If-Match", BINARY, TRUE, FALSE, FALSE },
  { 3, "Uri-Host", STRING, TRUE, TRUE, FALSE },
  { 4, "ETag", BINARY, FALSE, FALSE, FALSE },
  { 5, "If-None-Match", BINARY, TRUE, FALSE, FALSE },
  { 6, "Observe", UINT, FALSE, TRUE, FALSE },
  { 7, "Uri-Port", UINT, TRUE, TRUE, FALSE },
  { 8, "Location-Path", STRING, FALSE, FALSE, FALSE },
  { 11, "Uri-Path", STRING, TRUE, TRUE, FALSE },
  { 12, "Content-Format", UINT, FALSE, FALSE, FALSE },
  { 14, "Max-Age", UINT, FALSE, TRUE, FALSE },
  { 15, "Uri-Query", STRING, TRUE, TRUE, FALSE },
  { 17, "Accept", UINT, TRUE, FALSE, FALSE },
  { 20, "Location-Query", STRING, FALSE, FALSE, FALSE },
  { 23, "Block2", UINT, TRUE, TRUE, FALSE },
  { 27, "Block1", UINT, TRUE, TRUE, FALSE },
  { 35, "Proxy-Uri", STRING, TRUE, TRUE, FALSE },
  { 39, "Proxy-Scheme", STRING, TRUE, TRUE, FALSE },
  { 60, "Size1", UINT, FALSE, FALSE, TRUE },
};

static void
test_known (gconstpointer data)
{
  const KnownRow *row = data;
  g_autoptr (GCoapOption) option = gcoap_option_new (row->number, "");

  g_assert_cmpuint (gcoap_option_get_number (option), ==, row->number);
  g_assert_cmpstr (gcoap_option_get_name (option), ==, row->name);
  g_assert_cmpint (gcoap_option_get_value_type (option), ==, row->value_type);
  g_assert_cmpint (gcoap_option_get_critical (option), ==, row->critical);
  g_assert_cmpint (gcoap_option_get_unsafe (option), ==, row->unsafe);
  g_assert_cmpint (gcoap_option_get_no_cache_key (option), ==, row->no_cache_key);
}

static void
test_default (void)
{
  g_autoptr (GCoapOption) option = g_object_new (GCOAP_TYPE_OPTION, NULL);

  g_assert_cmpuint (gcoap_option_get_number (option), ==, 0);
  g_assert_cmpstr (gcoap_option_get_value (option), ==, "");
  g_assert_cmpint (gcoap_option_get_value_type (option), ==, STRING);
  g_assert_null (gcoap_option_get_name (option));
  g_assert_false (gcoap_option_get_critical (option));
  g_assert_false (gcoap_option_get_unsafe (option));
  g_assert_false (gcoap_option_get_no_cache_key (option));
}

static void
test_unregistered (void)
{
  g_autoptr (GCoapOption) option = gcoap_option_new (65535, "text");

  g_test_summary ("What a number says of itself needs no registry, RFC 7252 section 5.4.6");
  g_assert_null (gcoap_option_get_name (option));
  g_assert_cmpint (gcoap_option_get_value_type (option), ==, STRING);
  g_assert_true (gcoap_option_get_critical (option));
  g_assert_true (gcoap_option_get_unsafe (option));
  g_assert_false (gcoap_option_get_no_cache_key (option));
}

/* A value as text and on the wire. */
typedef struct
{
  const char           *name;
  GCoapOptionValueType  value_type;
  const char           *value;
  const char           *hex; /* (nullable) no value of this type */
} ValueRow;

static const ValueRow value_rows[] = {
  { "string", STRING, "temp", "74656d70" },
  { "string-empty", STRING, "", "" },
  { "string-utf8", STRING, "\xc3\xa4", "c3a4" },
  { "uint-0", UINT, "0", "" },
  { "uint-1", UINT, "1", "01" },
  { "uint-255", UINT, "255", "ff" },
  { "uint-256", UINT, "256", "0100" },
  { "uint-65536", UINT, "65536", "010000" },
  { "uint-largest", UINT, "4294967295", "ffffffff" },
  { "uint-too-large", UINT, "4294967296", NULL },
  { "uint-negative", UINT, "-1", NULL },
  { "uint-signed", UINT, "+1", NULL },
  { "uint-space", UINT, " 1", NULL },
  { "uint-hexadecimal", UINT, "0x10", NULL },
  { "uint-empty", UINT, "", NULL },
  { "uint-text", UINT, "ten", NULL },
  { "binary", BINARY, "00ff10", "00ff10" },
  { "binary-empty", BINARY, "", "" },
  { "binary-upper", BINARY, "AbCd", "abcd" },
  { "binary-odd", BINARY, "abc", NULL },
  { "binary-text", BINARY, "zz", NULL },
  { "binary-prefix", BINARY, "0xab", NULL },
};

static void
test_value (gconstpointer data)
{
  const ValueRow *row = data;
  g_autoptr (GCoapOption) option = g_object_new (GCOAP_TYPE_OPTION, "value-type", row->value_type,
                                                 "value", row->value, NULL);
  g_autoptr (GBytes) bytes = gcoap_option_dup_bytes (option);
  g_autoptr (GBytes) expected = row->hex != NULL ? hex_to_bytes (row->hex) : NULL;

  if (expected == NULL)
    g_assert_null (bytes);
  else
    g_assert_true (g_bytes_equal (bytes, expected));
}

/* Bytes from the wire, and how they are shown. */
typedef struct
{
  const char           *name;
  guint                 number;
  const char           *hex;
  GCoapOptionValueType  value_type;
  const char           *value;
} BytesRow;

static const BytesRow bytes_rows[] = {
  { "string", GCOAP_OPTION_NUMBER_URI_PATH, "74656d70", STRING, "temp" },
  { "string-empty", GCOAP_OPTION_NUMBER_URI_PATH, "", STRING, "" },
  { "string-not-utf8", GCOAP_OPTION_NUMBER_URI_PATH, "ff", BINARY, "ff" },
  { "string-with-nul", GCOAP_OPTION_NUMBER_URI_PATH, "610062", BINARY, "610062" },
  { "uint", GCOAP_OPTION_NUMBER_MAX_AGE, "0100", UINT, "256" },
  { "uint-empty", GCOAP_OPTION_NUMBER_MAX_AGE, "", UINT, "0" },
  { "uint-too-long", GCOAP_OPTION_NUMBER_MAX_AGE, "0100000000", BINARY, "0100000000" },
  { "opaque", GCOAP_OPTION_NUMBER_ETAG, "00ff", BINARY, "00ff" },
  { "empty", GCOAP_OPTION_NUMBER_IF_NONE_MATCH, "", BINARY, "" },
  { "unregistered", 65000, "6869", BINARY, "6869" },
};

static void
test_bytes (gconstpointer data)
{
  const BytesRow *row = data;
  g_autoptr (GBytes) bytes = hex_to_bytes (row->hex);
  g_autoptr (GCoapOption) option = gcoap_option_new_from_bytes (row->number, bytes);
  g_autoptr (GBytes) back = gcoap_option_dup_bytes (option);

  g_assert_cmpint (gcoap_option_get_value_type (option), ==, row->value_type);
  g_assert_cmpstr (gcoap_option_get_value (option), ==, row->value);
  g_assert_true (g_bytes_equal (back, bytes));
}

static void
test_bytes_null (void)
{
  g_autoptr (GCoapOption) option = gcoap_option_new_from_bytes (GCOAP_OPTION_NUMBER_ETAG, NULL);

  g_assert_cmpstr (gcoap_option_get_value (option), ==, "");
}

static void
test_set_bytes (void)
{
  g_autoptr (GCoapOption) option = gcoap_option_new (GCOAP_OPTION_NUMBER_MAX_AGE, "1");
  g_autoptr (GBytes) number = hex_to_bytes ("0100");
  g_autoptr (GBytes) too_long = hex_to_bytes ("0100000000");

  g_test_summary ("What the type cannot express makes the option a binary one");
  g_object_set (option, "bytes", number, NULL);
  g_assert_cmpstr (gcoap_option_get_value (option), ==, "256");
  gcoap_option_set_bytes (option, too_long);
  g_assert_cmpint (gcoap_option_get_value_type (option), ==, BINARY);
  g_assert_cmpstr (gcoap_option_get_value (option), ==, "0100000000");
  gcoap_option_set_bytes (option, NULL);
  g_assert_cmpstr (gcoap_option_get_value (option), ==, "");
}

static void
test_number_sets_type (void)
{
  g_autoptr (GCoapOption) option = gcoap_option_new (65000, "1");

  gcoap_option_set_number (option, GCOAP_OPTION_NUMBER_MAX_AGE);
  g_assert_cmpint (gcoap_option_get_value_type (option), ==, UINT);
  gcoap_option_set_number (option, 65000);
  g_assert_cmpint (gcoap_option_get_value_type (option), ==, UINT);
  g_assert_cmpstr (gcoap_option_get_value (option), ==, "1");
}

static void
count_cb (guint *n)
{
  ++*n;
}

static void
watch (GCoapOption *option,
       const char  *property,
       guint       *n)
{
  g_autofree char *signal = g_strdup_printf ("notify::%s", property);

  g_signal_connect_swapped (option, signal, G_CALLBACK (count_cb), n);
}

static void
test_notify (void)
{
  g_autoptr (GCoapOption) option = gcoap_option_new (GCOAP_OPTION_NUMBER_ETAG, "01");
  guint n_number = 0, n_type = 0, n_value = 0, n_bytes = 0;

  g_test_summary ("Once for a change, and not without one");
  watch (option, "number", &n_number);
  watch (option, "value-type", &n_type);
  watch (option, "value", &n_value);
  watch (option, "bytes", &n_bytes);
  gcoap_option_set_value (option, "01");
  gcoap_option_set_number (option, GCOAP_OPTION_NUMBER_ETAG);
  gcoap_option_set_value_type (option, BINARY);
  g_assert_cmpuint (n_number + n_type + n_value + n_bytes, ==, 0);
  gcoap_option_set_value (option, "02");
  g_assert_cmpuint (n_value, ==, 1);
  g_assert_cmpuint (n_bytes, ==, 1);
  gcoap_option_set_number (option, GCOAP_OPTION_NUMBER_MAX_AGE);
  g_assert_cmpuint (n_number, ==, 1);
  g_assert_cmpuint (n_type, ==, 1);
}

static void
test_notify_number_only (void)
{
  g_autoptr (GCoapOption) option = gcoap_option_new (GCOAP_OPTION_NUMBER_MAX_AGE, "1");
  guint n_critical = 0, n_unsafe = 0, n_no_cache_key = 0, n_name = 0;

  g_test_summary ("From Max-Age to Size1: neither is critical, and the rest is different");
  watch (option, "critical", &n_critical);
  watch (option, "unsafe", &n_unsafe);
  watch (option, "no-cache-key", &n_no_cache_key);
  watch (option, "name", &n_name);
  gcoap_option_set_number (option, GCOAP_OPTION_NUMBER_SIZE1);
  g_assert_cmpuint (n_critical, ==, 0);
  g_assert_cmpuint (n_unsafe, ==, 1);
  g_assert_cmpuint (n_no_cache_key, ==, 1);
  g_assert_cmpuint (n_name, ==, 1);
}

static void
test_properties (void)
{
  g_autoptr (GCoapOption) option = g_object_new (GCOAP_TYPE_OPTION,
                                                 "number", GCOAP_OPTION_NUMBER_MAX_AGE,
                                                 "value", "60", NULL);
  g_autofree char *name = NULL;
  g_autofree char *value = NULL;
  g_autoptr (GBytes) bytes = NULL;
  guint number;
  gboolean critical, unsafe, no_cache_key;
  GCoapOptionValueType value_type;

  g_object_get (option, "name", &name, "value", &value, "bytes", &bytes, "number", &number,
                "critical", &critical, "unsafe", &unsafe, "no-cache-key", &no_cache_key,
                "value-type", &value_type, NULL);
  g_assert_cmpstr (name, ==, "Max-Age");
  g_assert_cmpstr (value, ==, "60");
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 1);
  g_assert_cmpuint (number, ==, 14);
  g_assert_false (critical);
  g_assert_true (unsafe);
  g_assert_false (no_cache_key);
  g_assert_cmpint (value_type, ==, UINT);
}

static void
test_random_bytes (void)
{
  GRand *random = g_rand_new_with_seed (1);

  g_test_summary ("Whatever the number and the bytes, they come back as they were");
  for (guint i = 0; i < 10000; i++)
    {
      guint number = g_rand_int_range (random, 0, i % 2 == 0 ? 64 : 65536);
      guint8 data[16];
      guint length = g_rand_int_range (random, 0, sizeof data);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GBytes) back = NULL;
      g_autoptr (GCoapOption) option = NULL;

      for (guint j = 0; j < length; j++)
        data[j] = g_rand_int (random);
      /* An unsigned integer has one form only, without zeros in front. */
      if (length > 0 && data[0] == 0)
        data[0] = 1;
      bytes = g_bytes_new (data, length);
      option = gcoap_option_new_from_bytes (number, bytes);
      back = gcoap_option_dup_bytes (option);
      g_assert_true (g_bytes_equal (back, bytes));
    }
  g_rand_free (random);
}

#define ADD(path, function) g_test_add_func ("/facade/option/" path, function)

static void
add_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/facade/option/known/%s", known_rows[i].name);

      g_test_add_data_func (path, &known_rows[i], test_known);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (value_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/facade/option/value/%s", value_rows[i].name);

      g_test_add_data_func (path, &value_rows[i], test_value);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bytes_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/facade/option/bytes/%s", bytes_rows[i].name);

      g_test_add_data_func (path, &bytes_rows[i], test_bytes);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_rows ();
  ADD ("default", test_default);
  ADD ("unregistered", test_unregistered);
  ADD ("bytes/null", test_bytes_null);
  ADD ("set-bytes", test_set_bytes);
  ADD ("number-sets-type", test_number_sets_type);
  ADD ("notify", test_notify);
  ADD ("notify/number-only", test_notify_number_only);
  ADD ("properties", test_properties);
  ADD ("random-bytes", test_random_bytes);

  return g_test_run ();
}
