/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

#include "hex.h"

/* The setting CodePage. */

/* All identifiers of the reference, those for Mac OS too. */
static const char *const identifiers[] = {
  "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "21", "30",
  "037", "437", "500", "708", "709", "710", "720", "737", "775", "850", "852", "855", "857", "858",
  "860", "861", "862", "863", "864", "865", "866", "869", "870", "874", "875", "932", "936", "949",
  "950", "1026", "1047", "1140", "1141", "1142", "1143", "1144", "1145", "1146", "1147", "1148",
  "1149", "1200", "1201", "1250", "1251", "1252", "1253", "1254", "1255", "1256", "1257", "1258",
  "1361", "10000", "10001", "10002", "10003", "10004", "10005", "10006", "10007", "10008", "10010",
  "10017", "10021", "10029", "10079", "10081", "10082", "12000", "12001", "20000", "20001", "20002",
  "20003", "20004", "20005", "20105", "20106", "20107", "20108", "20127", "20261", "20269", "20273",
  "20277", "20278", "20280", "20284", "20285", "20290", "20297", "20420", "20423", "20424", "20833",
  "20838", "20866", "20871", "20880", "20905", "20924", "20932", "20936", "21025", "21027", "21866",
  "28591", "28592", "28593", "28594", "28595", "28596", "28597", "28598", "28599", "28605", "29001",
  "38598", "50220", "50221", "50222", "50225", "50227", "50229", "50930", "50931", "50933", "50935",
  "50936", "50937", "50939", "51932", "51936", "51949", "51950", "52936", "54936", "57002", "57003",
  "57004", "57005", "57006", "57007", "57008", "57009", "57010", "57011", "65000", "65001",
  "0x90000100", "0x94000100", "0x8c000100", "0x98000100", "0x9c000100", "65536",
};

static const char *
strip_zeros (const char *identifier)
{
  return g_str_has_prefix (identifier, "0x") ? identifier : identifier + strspn (identifier, "0");
}

/* Each one converts, or is an error that names those that do. */
static void
test_identifier (gconstpointer data)
{
  const char *const *identifier = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autofree char *configuration = g_strdup_printf ("CodePage=%s", *identifier);
  g_autofree char *value = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  value = gcoap_endpoint_config (endpoint, configuration, &error);
  if (value == NULL)
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, *identifier));
      g_assert_nonnull (strstr (error->message, "on this system it must be one of "));
      g_assert_nonnull (strstr (error->message, ", 65001"));
      return;
    }

  g_assert_cmpstr (value, ==, strip_zeros (*identifier));
  gcoap_endpoint_set_request_text (endpoint, "123");
  text = gcoap_endpoint_dup_request_text (endpoint);
  g_assert_cmpstr (text, ==, "123");
}

/* A text and its bytes. */
typedef struct
{
  const char *code_page;
  const char *text;
  const char *hex;
} TextRow;

static const TextRow text_rows[] = {
  { "5", "\303\251", "e9" },
  { "10", "A", NULL }, /* in the order of this machine's bytes, with a mark in front */
  { "30", "\303\251", "8e" },
  { "037", "Ab1", "c182f1" },
  { "437", "\303\251", "82" },
  { "850", "\303\230", "9d" },
  { "866", "\320\226", "86" },
  { "932", "\343\201\202", "82a0" },
  { "936", "\344\275\240", "c4e3" },
  { "949", "\352\260\200", "b0a1" },
  { "950", "\344\275\240", "a741" },
  { "1140", "\342\202\254", "9f" },
  { "1200", "A\342\202\254", "4100ac20" },
  { "1201", "A\342\202\254", "004120ac" },
  { "1251", "\320\226", "c6" },
  { "1252", "\342\202\254", "80" },
  { "1253", "\316\251", "d9" },
  { "12000", "A", "41000000" },
  { "12001", "A", "00000041" },
  { "20106", "\303\244", "7b" },
  { "20127", "A", "41" },
  { "20866", "\320\226", "f6" },
  { "28591", "\303\251", "e9" },
  { "28605", "\342\202\254", "a4" },
  { "50220", "\343\201\202", "1b2442" "2422" "1b2842" },
  { "51932", "\343\201\202", "a4a2" },
  { "54936", "\342\202\254", "a2e3" },
  { "65000", "\303\251", "2b414f6b2d" },
  { "65001", "\303\251", "c3a9" },
  { "0x94000100", "A", "4100" },
  { "0x9C000100", "A", "41000000" },
};

static void
set_code_page (GCoapEndpoint *endpoint,
               const char    *code_page)
{
  g_autofree char *configuration = g_strdup_printf ("CodePage=%s", code_page);

  configure (endpoint, configuration);
}

static void
assert_data (GBytes     *data,
             const char *hex)
{
  g_autoptr (GBytes) expected = hex_to_bytes (hex);

  g_assert_cmpmem (g_bytes_get_data (data, NULL), g_bytes_get_size (data),
                   g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

static void
test_text (gconstpointer data)
{
  const TextRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autofree char *request_text = NULL;
  g_autofree char *response_text = NULL;

  set_code_page (endpoint, row->code_page);
  gcoap_endpoint_set_request_text (endpoint, row->text);
  gcoap_endpoint_set_response_text (endpoint, row->text);
  if (row->hex != NULL)
    {
      assert_data (gcoap_endpoint_get_request_data (endpoint), row->hex);
      assert_data (gcoap_endpoint_get_response_data (endpoint), row->hex);
    }
  request_text = gcoap_endpoint_dup_request_text (endpoint);
  response_text = gcoap_endpoint_dup_response_text (endpoint);
  g_assert_cmpstr (request_text, ==, row->text);
  g_assert_cmpstr (response_text, ==, row->text);
}

static void
test_no_counterpart (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  Completions errors = { 0 };

  g_test_summary ("Where a character has no bytes, there are no data and an error");
  completions_watch (&errors, endpoint, "error");
  set_code_page (endpoint, "1252");
  gcoap_endpoint_set_request_text (endpoint, "fine");
  g_assert_cmpuint (errors.n, ==, 0);
  gcoap_endpoint_set_request_text (endpoint, "\320\226");
  g_assert_cmpuint (errors.n, ==, 1);
  g_assert_true (g_str_has_prefix (errors.description,
                                   "The text cannot be converted to the CodePage: "));
  g_assert_null (gcoap_endpoint_get_request_data (endpoint));
  completions_clear (&errors);
}

/* Bytes that are no text of a code page. */
typedef struct
{
  const char *name;
  const char *code_page;
  const char *hex;
} BytesRow;

static const BytesRow bytes_rows[] = {
  { "unassigned", "1252", "81" },
  { "half", "932", "82" },
  { "odd", "1200", "410042" },
  { "nul", "1252", "410042" },
  { "wide-nul", "1200", "4100000042 00" },
  { "not-ascii", "20127", "80" },
  { "utf-8", "65001", "ff" },
};

static void
test_no_text (gconstpointer data)
{
  const BytesRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GBytes) bytes = hex_to_bytes (row->hex);

  set_code_page (endpoint, row->code_page);
  gcoap_endpoint_set_request_data (endpoint, bytes);
  g_assert_null (gcoap_endpoint_dup_request_text (endpoint));
}

static void
test_no_data (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autofree char *text = NULL;

  set_code_page (endpoint, "932");
  gcoap_endpoint_set_request_text (endpoint, NULL);
  g_assert_null (gcoap_endpoint_get_request_data (endpoint));
  text = gcoap_endpoint_dup_request_text (endpoint);
  g_assert_cmpstr (text, ==, "");
}

static void
test_on_the_wire (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_server_uri (fixture, "/");
  g_autofree char *text = NULL;
  g_autofree char *id = NULL;

  g_test_summary ("A server with one code page, and a client with the same");
  set_code_page (fixture->server, "1252");
  set_code_page (fixture->client, "1252");
  answer_with (fixture->server, "request", "21 \302\260C");
  id = ask (fixture->client, uri);
  wait_until (fixture->requests.n == 1);
  assert_data (gcoap_endpoint_get_response_data (fixture->client), "3231 20b0 43");
  text = gcoap_endpoint_dup_response_text (fixture->client);
  g_assert_cmpstr (text, ==, "21 \302\260C");
}

static const char *const bad_values[] = {
  "x", "-1", "1252x", "0x", "UTF-8", "4294967296", "1 252", "65002", "0",
};

static void
test_bad_value (gconstpointer data)
{
  const char *const *value = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autofree char *configuration = g_strdup_printf ("CodePage=%s", *value);
  g_autofree char *code_page = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (gcoap_endpoint_config (endpoint, configuration, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "on this system it must be one of "));
  code_page = gcoap_endpoint_config (endpoint, "CodePage", NULL);
  g_assert_cmpstr (code_page, ==, "65001");
}

static void
add_row (const char    *test,
         const char    *name,
         gconstpointer  row,
         GTestDataFunc  function)
{
  g_autofree char *path = g_strdup_printf ("/facade/code-page/%s/%s", test, name);

  g_test_add_data_func (path, row, function);
}

#define ADD(path, function) g_test_add_func ("/facade/code-page/" path, function)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (identifiers); i++)
    add_row ("identifier", identifiers[i], &identifiers[i], test_identifier);
  for (gsize i = 0; i < G_N_ELEMENTS (text_rows); i++)
    add_row ("text", text_rows[i].code_page, &text_rows[i], test_text);
  for (gsize i = 0; i < G_N_ELEMENTS (bytes_rows); i++)
    add_row ("no-text", bytes_rows[i].name, &bytes_rows[i], test_no_text);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_values); i++)
    add_row ("bad-value", bad_values[i], &bad_values[i], test_bad_value);
  ADD ("no-counterpart", test_no_counterpart);
  ADD ("no-data", test_no_data);
  ADD ("on-the-wire", test_on_the_wire);

  return g_test_run ();
}
