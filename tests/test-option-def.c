/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "codec/gcoap-option-def-private.h"

typedef struct
{
  guint             number;
  const char       *name;
  GCoapOptionFormat format;
  guint             min_length;
  guint             max_length;
  gboolean          repeatable;
} DefRow;

#define EMPTY  GCOAP_OPTION_FORMAT_EMPTY
#define OPAQUE GCOAP_OPTION_FORMAT_OPAQUE
#define STRING GCOAP_OPTION_FORMAT_STRING
#define UINT   GCOAP_OPTION_FORMAT_UINT

/* As printed in RFC 7252 table 4, RFC 7641, RFC 7959, RFC 7967, RFC 8613, RFC 8768, RFC 9175,
 * RFC 9177 and RFC 9668. */
static const DefRow def_rows[] = {
  { 1, "If-Match", OPAQUE, 0, 8, TRUE },
  { 3, "Uri-Host", STRING, 1, 255, FALSE },
  { 4, "ETag", OPAQUE, 1, 8, TRUE },
  { 5, "If-None-Match", EMPTY, 0, 0, FALSE },
  { 6, "Observe", UINT, 0, 3, FALSE },
  { 7, "Uri-Port", UINT, 0, 2, FALSE },
  { 8, "Location-Path", STRING, 0, 255, TRUE },
  { 9, "OSCORE", OPAQUE, 0, 255, FALSE },
  { 11, "Uri-Path", STRING, 0, 255, TRUE },
  { 12, "Content-Format", UINT, 0, 2, FALSE },
  { 14, "Max-Age", UINT, 0, 4, FALSE },
  { 15, "Uri-Query", STRING, 0, 255, TRUE },
  { 16, "Hop-Limit", UINT, 1, 1, FALSE },
  { 17, "Accept", UINT, 0, 2, FALSE },
  { 19, "Q-Block1", UINT, 0, 3, FALSE },
  { 20, "Location-Query", STRING, 0, 255, TRUE },
  { 21, "EDHOC", EMPTY, 0, 0, FALSE },
  { 23, "Block2", UINT, 0, 3, FALSE },
  { 27, "Block1", UINT, 0, 3, FALSE },
  { 28, "Size2", UINT, 0, 4, FALSE },
  { 31, "Q-Block2", UINT, 0, 3, TRUE },
  { 35, "Proxy-Uri", STRING, 1, 1034, FALSE },
  { 39, "Proxy-Scheme", STRING, 1, 255, FALSE },
  { 60, "Size1", UINT, 0, 4, FALSE },
  { 252, "Echo", OPAQUE, 1, 40, FALSE },
  { 258, "No-Response", UINT, 0, 1, FALSE },
  { 292, "Request-Tag", OPAQUE, 0, 8, TRUE },
  { 2049, "OCF-Accept-Content-Format-Version", UINT, 2, 2, FALSE },
  { 2053, "OCF-Content-Format-Version", UINT, 2, 2, FALSE },
};

typedef struct
{
  guint    number;
  gboolean is_critical;
  gboolean is_unsafe;
  gboolean is_no_cache_key;
} PropertyRow;

/* The columns C, U and N of RFC 7252 table 4. */
static const PropertyRow property_rows[] = {
  { 1, TRUE, FALSE, FALSE },
  { 3, TRUE, TRUE, FALSE },
  { 4, FALSE, FALSE, FALSE },
  { 14, FALSE, TRUE, FALSE },
  { 17, TRUE, FALSE, FALSE },
  { 20, FALSE, FALSE, FALSE },
  { 28, FALSE, FALSE, TRUE },
  { 35, TRUE, TRUE, FALSE },
  { 60, FALSE, FALSE, TRUE },
  { 252, FALSE, FALSE, TRUE },
  { 65535, TRUE, TRUE, FALSE },
};

static const guint unknown_numbers[] = {
  0, 2, 10, 13, 59, 61, 63, 64, 127, 129, 141, 234, 253, 293, 2048, 2057, 65000, 65535, 65536,
  G_MAXUINT,
};

static const char *const unknown_names[] = {
  "", " ", "Uri", "Uri-Pat", "Uri-Paths", "Uri Path", " Uri-Path", "Reserved", "11", "\xff",
};

static void
test_lookup (gconstpointer data)
{
  const DefRow *row = data;
  const GCoapOptionDef *def = gcoap_option_def_lookup (row->number);

  g_test_summary ("An option is defined as its RFC says, RFC 7252 section 5.10");
  g_assert_nonnull (def);
  g_assert_cmpuint (def->number, ==, row->number);
  g_assert_cmpstr (def->name, ==, row->name);
  g_assert_cmpint (def->format, ==, row->format);
  g_assert_cmpuint (def->min_length, ==, row->min_length);
  g_assert_cmpuint (def->max_length, ==, row->max_length);
  g_assert_cmpint (def->repeatable, ==, row->repeatable);
}

static void
test_properties (gconstpointer data)
{
  const PropertyRow *row = data;

  g_test_summary ("The number says how to treat the option, RFC 7252 section 5.4.6");
  g_assert_cmpint (gcoap_option_number_is_critical (row->number), ==, row->is_critical);
  g_assert_cmpint (gcoap_option_number_is_unsafe (row->number), ==, row->is_unsafe);
  g_assert_cmpint (gcoap_option_number_is_no_cache_key (row->number), ==, row->is_no_cache_key);
}

static void
test_unknown_number (gconstpointer data)
{
  const guint *number = data;

  g_test_summary ("A number that is not registered has no definition, RFC 7252 section 12.2");
  g_assert_null (gcoap_option_def_lookup (*number));
  g_assert_null (gcoap_option_number_get_name (*number));
}

static void
test_unknown_name (gconstpointer data)
{
  const char *name = data;

  g_test_summary ("A name that is not registered has no number, RFC 7252 section 12.2");
  g_assert_null (gcoap_option_def_lookup_by_name (name));
  g_assert_cmpint (gcoap_option_number_from_name (name), ==, -1);
}

static void
test_name_in_any_case (void)
{
  g_test_summary ("Names are found in any case");
  g_assert_cmpint (gcoap_option_number_from_name ("uri-path"), ==, 11);
  g_assert_cmpint (gcoap_option_number_from_name ("ETAG"), ==, 4);
}

static void
test_every_row_is_found (void)
{
  guint n_defs = 0;
  const GCoapOptionDef *defs = gcoap_option_def_get_all (&n_defs);

  g_test_summary ("Each definition is found by its number and by its name");
  g_assert_cmpuint (n_defs, >=, G_N_ELEMENTS (def_rows));
  for (guint i = 0; i < n_defs; i++)
    {
      g_assert_true (gcoap_option_def_lookup (defs[i].number) == &defs[i]);
      g_assert_true (gcoap_option_def_lookup_by_name (defs[i].name) == &defs[i]);
      g_assert_cmpstr (gcoap_option_number_get_name (defs[i].number), ==, defs[i].name);
      g_assert_cmpint (gcoap_option_number_from_name (defs[i].name), ==, defs[i].number);
    }
}

static void
test_nothing_else_is_found (void)
{
  guint n_defs = 0;
  guint n_found = 0;

  g_test_summary ("No number but those defined is found");
  gcoap_option_def_get_all (&n_defs);
  for (guint number = 0; number <= G_MAXUINT16; number++)
    n_found += gcoap_option_def_lookup (number) != NULL;
  g_assert_cmpuint (n_found, ==, n_defs);
}

static void
test_rows_are_sound (void)
{
  guint n_defs = 0;
  const GCoapOptionDef *defs = gcoap_option_def_get_all (&n_defs);

  g_test_summary ("The definitions are sorted and their lengths fit their format");
  for (guint i = 0; i < n_defs; i++)
    {
      if (i > 0)
        g_assert_cmpuint (defs[i - 1].number, <, defs[i].number);
      g_assert_cmpuint (defs[i].min_length, <=, defs[i].max_length);
      if (defs[i].format == UINT)
        g_assert_cmpuint (defs[i].max_length, <=, 4);
      if (defs[i].format == EMPTY)
        g_assert_cmpuint (defs[i].max_length, ==, 0);
    }
}

static void
add_row (const char    *case_name,
         const char    *row_name,
         gconstpointer  row,
         GTestDataFunc  func)
{
  g_autofree char *path = g_strdup_printf ("/codec/option-def/%s/%s", case_name, row_name);

  g_test_add_data_func (path, row, func);
}

static void
add_number_row (const char    *case_name,
                guint          number,
                gconstpointer  row,
                GTestDataFunc  func)
{
  g_autofree char *row_name = g_strdup_printf ("%u", number);

  add_row (case_name, row_name, row, func);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (def_rows); i++)
    add_row ("lookup", def_rows[i].name, &def_rows[i], test_lookup);
  for (gsize i = 0; i < G_N_ELEMENTS (property_rows); i++)
    add_number_row ("properties", property_rows[i].number, &property_rows[i], test_properties);
  for (gsize i = 0; i < G_N_ELEMENTS (unknown_numbers); i++)
    add_number_row ("unknown-number", unknown_numbers[i], &unknown_numbers[i],
                    test_unknown_number);
  for (gsize i = 0; i < G_N_ELEMENTS (unknown_names); i++)
    add_number_row ("unknown-name", i, unknown_names[i], test_unknown_name);
  g_test_add_func ("/codec/option-def/name-in-any-case", test_name_in_any_case);
  g_test_add_func ("/codec/option-def/every-row-is-found", test_every_row_is_found);
  g_test_add_func ("/codec/option-def/nothing-else-is-found", test_nothing_else_is_found);
  g_test_add_func ("/codec/option-def/rows-are-sound", test_rows_are_sound);

  return g_test_run ();
}
