/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gcoap/gcoap-code.h"

#include "gcoap/gcoap-error.h"

typedef struct
{
  guint       code;
  const char *text;
  const char *name; /* (nullable) */
} CodeRow;

static const CodeRow code_rows[] = {
  { 0, "0.00", "Empty" },
  { 1, "0.01", "GET" },
  { 5, "0.05", "FETCH" },
  { 6, "0.06", "PATCH" },
  { 7, "0.07", "iPATCH" },
  { 8, "0.08", NULL },
  { 31, "0.31", NULL },
  { 32, "1.00", NULL },
  { 64, "2.00", NULL },
  { 65, "2.01", "Created" },
  { 69, "2.05", "Content" },
  { 95, "2.31", "Continue" },
  { 96, "3.00", NULL },
  { 128, "4.00", "Bad Request" },
  { 132, "4.04", "Not Found" },
  { 135, "4.07", NULL },
  { 137, "4.09", "Conflict" },
  { 143, "4.15", "Unsupported Content-Format" },
  { 150, "4.22", "Unprocessable Entity" },
  { 157, "4.29", "Too Many Requests" },
  { 160, "5.00", "Internal Server Error" },
  { 168, "5.08", "Hop Limit Reached" },
  { 169, "5.09", NULL },
  { 225, "7.01", NULL },
  { 255, "7.31", NULL },
};

static const char *const bad_texts[] = {
  "", "2", "2.", ".05", "2.5", "2.055", "2,05", "205", "2.05 ", " 2.05", "2.05 Content", "-2.05",
  "+2.05", "2.-5", "2.0x", "0x2.05", "8.00", "9.99", "2.32", "2.99", "12.05", "GET", "\uff12.05",
};

static void
test_to_string (gconstpointer data)
{
  const CodeRow *row = data;
  g_autofree char *text = gcoap_code_to_string (row->code);

  g_test_summary ("A code is written as class and detail, RFC 7252 section 3");
  g_assert_cmpstr (text, ==, row->text);
}

static void
test_from_string (gconstpointer data)
{
  const CodeRow *row = data;
  g_autoptr (GError) error = NULL;
  guint code = 1000;

  g_test_summary ("What is written can be read, RFC 7252 section 3");
  g_assert_true (gcoap_code_from_string (row->text, &code, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (code, ==, row->code);
}

static void
test_name (gconstpointer data)
{
  const CodeRow *row = data;

  g_test_summary ("Registered codes have a name, RFC 7252 section 12.1");
  g_assert_cmpstr (gcoap_code_get_name (row->code), ==, row->name);
}

static void
test_round_trip (void)
{
  g_test_summary ("Every code survives being written and read, RFC 7252 section 3");
  for (guint code = 0; code <= 255; code++)
    {
      g_autofree char *text = gcoap_code_to_string (code);
      guint read_code = 1000;

      g_assert_true (gcoap_code_from_string (text, &read_code, NULL));
      g_assert_cmpuint (read_code, ==, code);
    }
}

static void
test_refuses (gconstpointer data)
{
  const char *text = data;
  g_autoptr (GError) error = NULL;
  guint code = 1000;

  g_test_summary ("Text in any other form is refused, RFC 7252 section 12.1");
  g_assert_false (gcoap_code_from_string (text, &code, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_RESPONSE_CODE);
  g_assert_nonnull (g_strstr_len (error->message, -1, text));
  g_assert_cmpuint (code, ==, 1000);
}

static void
test_only_checks (void)
{
  g_test_summary ("Text can be checked without asking for the code");
  g_assert_true (gcoap_code_from_string ("2.05", NULL, NULL));
  g_assert_false (gcoap_code_from_string ("2.5", NULL, NULL));
}

static void
test_name_of_no_code (void)
{
  g_test_summary ("Numbers beyond the codes have no name");
  g_assert_null (gcoap_code_get_name (256));
  g_assert_null (gcoap_code_get_name (G_MAXUINT));
}

static void
test_error_domain (void)
{
  g_test_summary ("Bindings find the error domain by the string of its quark");
  g_assert_cmpstr (g_quark_to_string (GCOAP_ERROR), ==, "gcoap-error-quark");
}

static void
add_row (const char    *case_name,
         const char    *row_name,
         gconstpointer  row,
         GTestDataFunc  func)
{
  g_autofree char *path = g_strdup_printf ("/codec/code/%s/%s", case_name, row_name);

  g_test_add_data_func (path, row, func);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (code_rows); i++)
    {
      add_row ("to-string", code_rows[i].text, &code_rows[i], test_to_string);
      add_row ("from-string", code_rows[i].text, &code_rows[i], test_from_string);
      add_row ("name", code_rows[i].text, &code_rows[i], test_name);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad_texts); i++)
    {
      g_autofree char *row_name = g_strdup_printf ("%" G_GSIZE_FORMAT, i);

      add_row ("refuses", row_name, bad_texts[i], test_refuses);
    }
  g_test_add_func ("/codec/code/round-trip", test_round_trip);
  g_test_add_func ("/codec/code/only-checks", test_only_checks);
  g_test_add_func ("/codec/code/name-of-no-code", test_name_of_no_code);
  g_test_add_func ("/codec/code/error-domain", test_error_domain);

  return g_test_run ();
}
