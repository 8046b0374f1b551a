/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/gcoap-bodies-private.h"

#include "core-fixture.h"

#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-option-number.h"

#define TIMEOUT (247 * SECOND)

typedef struct
{
  GCoapParameters parameters;
  GCoapDeadlines  deadlines;
  GCoapExchanges  exchanges;
  GCoapBodies     bodies;
} Table;

static void
table_init (Table *table)
{
  gcoap_parameters_init (&table->parameters);
  gcoap_deadlines_init (&table->deadlines);
  gcoap_exchanges_init (&table->exchanges);
  gcoap_bodies_init (&table->bodies, &table->parameters, &table->deadlines, &table->exchanges, 42);
}

static void
table_clear (Table *table)
{
  GCoapBody *body;

  while ((body = g_queue_peek_head (&table->bodies.by_use)) != NULL)
    gcoap_bodies_remove (&table->bodies, body);
  g_assert_cmpuint (table->bodies.n_bytes, ==, 0);
  g_assert_cmpint (gcoap_deadlines_get_next (&table->deadlines), ==, GCOAP_NO_DEADLINE);
  gcoap_bodies_clear (&table->bodies);
  gcoap_exchanges_clear (&table->exchanges);
  gcoap_deadlines_clear (&table->deadlines);
}

static void
make_key (Table        *table,
          GCoapBodyKey *key,
          guint         host,
          gboolean      is_upload,
          guint8        code,
          GCoapOptions *options,
          const char   *payload)
{
  GCoapAddress remote = core_address (host);
  GCoapFrame frame = {
    .code = code,
    .options = options->data,
    .options_length = options->length,
    .payload = (const guint8 *) payload,
    .payload_length = payload != NULL ? strlen (payload) : 0,
  };

  gcoap_body_key_init (key, &table->bodies, is_upload, &remote, &frame);
}

static GCoapBody *
add_sized (Table    *table,
           guint     host,
           gboolean  is_upload,
           gsize     size,
           gint64    now)
{
  g_autofree guint8 *data = g_malloc0 (size);
  g_autoptr (GBytes) bytes = is_upload ? NULL : g_bytes_new_take (g_steal_pointer (&data), size);
  GCoapFrame frame = { .code = CONTENT };
  g_autoptr (GCoapContent) content = gcoap_content_new (&frame, bytes);
  GCoapOptions options;
  GCoapBodyKey key;
  GCoapBody *body;

  gcoap_options_init (&options);
  make_key (table, &key, host, is_upload, GCOAP_METHOD_PUT, &options, NULL);
  body = gcoap_bodies_add (&table->bodies, &key, content, now);
  if (is_upload)
    gcoap_bodies_append (&table->bodies, body, data, size);
  else
    gcoap_window_init_whole (&body->window, bytes);

  return body;
}

/* Pairs of requests, and whether they belong to one transfer. */
typedef struct
{
  const char *name;
  gboolean    is_upload;
  guint8      code;
  guint       option;  /* that the first has and the second has not; 0: none */
  const char *payload; /* of the second, if the first has "a" */
  gboolean    is_same;
} KeyRow;

static const KeyRow key_rows[] = {
  { "upload/same", TRUE, GCOAP_METHOD_PUT, 0, NULL, TRUE },
  { "upload/payload", TRUE, GCOAP_METHOD_PUT, 0, "b", TRUE },
  { "upload/fetch-payload", TRUE, GCOAP_METHOD_FETCH, 0, "b", TRUE },
  { "upload/uri-query", TRUE, GCOAP_METHOD_PUT, GCOAP_OPTION_NUMBER_URI_QUERY, NULL, FALSE },
  { "upload/content-format", TRUE, GCOAP_METHOD_PUT, GCOAP_OPTION_NUMBER_CONTENT_FORMAT, NULL,
    FALSE },
  { "upload/request-tag", TRUE, GCOAP_METHOD_PUT, GCOAP_OPTION_NUMBER_REQUEST_TAG, NULL, FALSE },
  { "upload/if-none-match", TRUE, GCOAP_METHOD_PUT, GCOAP_OPTION_NUMBER_IF_NONE_MATCH, NULL,
    TRUE },
  { "upload/size1", TRUE, GCOAP_METHOD_PUT, GCOAP_OPTION_NUMBER_SIZE1, NULL, TRUE },
  { "upload/observe", TRUE, GCOAP_METHOD_FETCH, GCOAP_OPTION_NUMBER_OBSERVE, NULL, TRUE },
  { "upload/block2", TRUE, GCOAP_METHOD_PUT, GCOAP_OPTION_NUMBER_BLOCK2, NULL, TRUE },
  { "response/same", FALSE, GCOAP_METHOD_GET, 0, NULL, TRUE },
  { "response/payload", FALSE, GCOAP_METHOD_POST, 0, "b", TRUE },
  { "response/fetch-payload", FALSE, GCOAP_METHOD_FETCH, 0, "b", FALSE },
  { "response/fetch-no-payload", FALSE, GCOAP_METHOD_FETCH, 0, "", FALSE },
  { "response/fetch-same-payload", FALSE, GCOAP_METHOD_FETCH, 0, "a", TRUE },
  { "response/uri-path", FALSE, GCOAP_METHOD_GET, GCOAP_OPTION_NUMBER_URI_PATH, NULL, FALSE },
  { "response/accept", FALSE, GCOAP_METHOD_GET, GCOAP_OPTION_NUMBER_ACCEPT, NULL, FALSE },
  { "response/etag", FALSE, GCOAP_METHOD_GET, GCOAP_OPTION_NUMBER_ETAG, NULL, TRUE },
  { "response/content-format", FALSE, GCOAP_METHOD_POST, GCOAP_OPTION_NUMBER_CONTENT_FORMAT, NULL,
    TRUE },
  { "response/request-tag", FALSE, GCOAP_METHOD_POST, GCOAP_OPTION_NUMBER_REQUEST_TAG, NULL,
    TRUE },
};

static void
test_key (gconstpointer data)
{
  const KeyRow *row = data;
  GCoapFrame frame = { .code = row->code };
  g_autoptr (GCoapContent) content = gcoap_content_new (&frame, NULL);
  GCoapOptions options;
  GCoapBodyKey key;
  GCoapBody *body;
  Table table;

  g_test_summary ("Which requests are of one transfer, RFC 7959 sections 2.4 and 2.5");
  table_init (&table);
  gcoap_options_init (&options);
  gcoap_options_add (&options, GCOAP_OPTION_NUMBER_URI_PATH, "r", 1);
  if (row->option != 0)
    gcoap_options_add (&options, row->option, "1", 1);
  make_key (&table, &key, 2, row->is_upload, row->code, &options,
            row->payload != NULL ? "a" : NULL);
  body = gcoap_bodies_add (&table.bodies, &key, content, 0);

  if (row->option != 0)
    gcoap_options_remove (&options, row->option);
  if (row->option == GCOAP_OPTION_NUMBER_URI_PATH)
    gcoap_options_add (&options, GCOAP_OPTION_NUMBER_URI_PATH, "s", 1);
  make_key (&table, &key, 2, row->is_upload, row->code, &options, row->payload);
  g_assert_true (gcoap_bodies_lookup (&table.bodies, &key) == (row->is_same ? body : NULL));
  gcoap_body_key_clear (&key);
  gcoap_options_clear (&options);
  table_clear (&table);
}

static void
test_request_tags (void)
{
  GCoapFrame frame = { .code = CONTENT };
  g_autoptr (GCoapContent) content = gcoap_content_new (&frame, NULL);
  GCoapOptions options;
  GCoapBodyKey key;
  GCoapBody *bodies[2];
  Table table;

  g_test_summary ("Two Request-Tags set two responses apart, RFC 9175 section 3.3");
  table_init (&table);
  gcoap_options_init (&options);
  for (guint i = 0; i < 2; i++)
    {
      gcoap_options_remove (&options, GCOAP_OPTION_NUMBER_REQUEST_TAG);
      gcoap_options_add (&options, GCOAP_OPTION_NUMBER_REQUEST_TAG, i == 0 ? "1" : "2", 1);
      make_key (&table, &key, 2, FALSE, GCOAP_METHOD_POST, &options, NULL);
      g_assert_null (gcoap_bodies_lookup (&table.bodies, &key));
      bodies[i] = gcoap_bodies_add (&table.bodies, &key, content, 0);
    }
  make_key (&table, &key, 2, FALSE, GCOAP_METHOD_POST, &options, NULL);
  g_assert_true (gcoap_bodies_lookup (&table.bodies, &key) == bodies[1]);
  gcoap_bodies_remove (&table.bodies, bodies[1]);
  g_assert_null (gcoap_bodies_lookup (&table.bodies, &key));
  gcoap_body_key_clear (&key);
  gcoap_options_clear (&options);
  table_clear (&table);
}

static void
test_endpoints (void)
{
  GCoapOptions options;
  GCoapBodyKey key;
  GCoapBody *body;
  Table table;

  g_test_summary ("A transfer is of one endpoint and one direction");
  table_init (&table);
  gcoap_options_init (&options);
  body = add_sized (&table, 2, TRUE, 16, 0);
  make_key (&table, &key, 2, TRUE, GCOAP_METHOD_PUT, &options, NULL);
  g_assert_true (gcoap_bodies_lookup (&table.bodies, &key) == body);
  gcoap_body_key_clear (&key);
  make_key (&table, &key, 3, TRUE, GCOAP_METHOD_PUT, &options, NULL);
  g_assert_null (gcoap_bodies_lookup (&table.bodies, &key));
  gcoap_body_key_clear (&key);
  make_key (&table, &key, 2, FALSE, GCOAP_METHOD_PUT, &options, NULL);
  g_assert_null (gcoap_bodies_lookup (&table.bodies, &key));
  gcoap_body_key_clear (&key);
  table_clear (&table);
}

static void
test_upload_bytes (void)
{
  g_autofree guint8 *data = g_malloc0 (5000);
  g_autoptr (GBytes) bytes = NULL;
  GCoapBody *body;
  gsize n_empty, n_chunk;
  Table table;

  g_test_summary ("An upload counts with what is allocated for it");
  table_init (&table);
  body = add_sized (&table, 2, TRUE, 0, 0);
  n_empty = table.bodies.n_bytes;
  gcoap_bodies_append (&table.bodies, body, data, 16);
  n_chunk = table.bodies.n_bytes - n_empty;
  g_assert_cmpuint (n_chunk, >, 1024);
  g_assert_cmpuint (n_chunk, <, 1100);
  gcoap_bodies_append (&table.bodies, body, data, 1024);
  g_assert_cmpuint (table.bodies.n_bytes, ==, n_empty + 2 * n_chunk);
  gcoap_bodies_append (&table.bodies, body, data, 5000);
  g_assert_cmpuint (table.bodies.n_bytes, ==, n_empty + 6 * n_chunk);
  g_assert_cmpuint (body->length, ==, 6040);
  g_assert_cmpuint (body->capacity, >=, 6040);

  bytes = gcoap_bodies_take_data (&table.bodies, body);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 6040);
  g_assert_cmpuint (table.bodies.n_bytes, ==, n_empty);
  table_clear (&table);
}

static void
test_shared_content (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (10000), 10000);
  GCoapFrame frame = { .code = CONTENT };
  g_autoptr (GCoapContent) content = gcoap_content_new (&frame, bytes);
  GCoapOptions options;
  Table table;

  g_test_summary ("A body that several entries hold is counted once");
  table_init (&table);
  gcoap_options_init (&options);
  for (guint host = 2; host < 12; host++)
    {
      GCoapBodyKey key;

      make_key (&table, &key, host, FALSE, GET, &options, NULL);
      gcoap_bodies_add (&table.bodies, &key, content, 0);
    }
  g_assert_cmpuint (table.bodies.n_bytes, >, 10000);
  g_assert_cmpuint (table.bodies.n_bytes, <, 20000);
  table_clear (&table);
  g_assert_cmpuint (content->n_entries, ==, 0);
}

/* Takes away what is too much, as the server does. */
static void
evict (Table     *table,
       GCoapBody *kept)
{
  GCoapBody *body;

  while ((body = gcoap_bodies_get_excess (&table->bodies, kept)) != NULL)
    gcoap_bodies_remove (&table->bodies, body);
}

static void
test_number_cap (void)
{
  GCoapBody *first, *second, *third;
  guint64 second_id;
  Table table;

  g_test_summary ("Above the cap, what was idle for longest goes");
  table_init (&table);
  table.parameters.max_transfers = 2;
  first = add_sized (&table, 2, TRUE, 16, 0);
  second = add_sized (&table, 3, TRUE, 16, 1);
  second_id = second->base.id;
  gcoap_bodies_touch (&table.bodies, first, 2);
  g_assert_null (gcoap_bodies_get_excess (&table.bodies, NULL));
  third = add_sized (&table, 4, TRUE, 16, 3);
  evict (&table, third);
  g_assert_null (gcoap_exchanges_lookup (&table.exchanges, second_id));
  g_assert_cmpuint (table.bodies.by_use.length, ==, 2);
  table_clear (&table);
}

static void
test_byte_cap (void)
{
  Table table;

  g_test_summary ("A thousand uploads that stall stay below the cap");
  table_init (&table);
  table.parameters.transfer_cache_size = 100 * 1024;
  for (guint host = 2; host < 1002; host++)
    {
      GCoapBody *body = add_sized (&table, host, TRUE, 1024, host);

      evict (&table, body);
      g_assert_cmpuint (table.bodies.n_bytes, <=, 100 * 1024);
    }
  g_assert_cmpuint (table.bodies.by_use.length, >, 50);
  table_clear (&table);
}

static void
test_large_one (void)
{
  GCoapFrame frame = { .code = CONTENT };
  g_autoptr (GCoapContent) small = gcoap_content_new (&frame, NULL);
  GCoapBody *body;
  Table table;

  g_test_summary ("One that is above the cap by itself is there alone");
  table_init (&table);
  table.parameters.transfer_cache_size = 1024;
  add_sized (&table, 2, TRUE, 16, 0);
  body = add_sized (&table, 3, FALSE, 5000, 1);
  evict (&table, body);
  g_assert_true (g_queue_peek_head (&table.bodies.by_use) == body);
  g_assert_cmpuint (table.bodies.by_use.length, ==, 1);
  g_assert_false (gcoap_bodies_has_room (&table.bodies, small));
  table_clear (&table);
}

static void
test_expiry (void)
{
  GCoapBody *first, *second;
  Table table;

  g_test_summary ("What was idle for too long goes, in the order of use");
  table_init (&table);
  first = add_sized (&table, 2, TRUE, 16, 0);
  second = add_sized (&table, 3, TRUE, 16, 1 * SECOND);
  g_assert_cmpint (gcoap_deadlines_get_next (&table.deadlines), ==, TIMEOUT);
  gcoap_bodies_touch (&table.bodies, first, 2 * SECOND);

  gcoap_deadlines_pop_due (&table.deadlines, TIMEOUT);
  g_assert_null (gcoap_bodies_get_expired (&table.bodies, TIMEOUT));
  g_assert_cmpint (gcoap_deadlines_get_next (&table.deadlines), ==, TIMEOUT + SECOND);
  g_assert_true (gcoap_bodies_get_expired (&table.bodies, TIMEOUT + SECOND) == second);
  gcoap_bodies_remove (&table.bodies, second);
  g_assert_null (gcoap_bodies_get_expired (&table.bodies, TIMEOUT + SECOND));
  g_assert_cmpint (gcoap_deadlines_get_next (&table.deadlines), ==, TIMEOUT + 2 * SECOND);
  table_clear (&table);
}

static void
test_parked_stays (void)
{
  GCoapBody *body;
  Table table;

  g_test_summary ("What waits for the application is not idle");
  table_init (&table);
  body = add_sized (&table, 2, TRUE, 16, 0);
  body->parked = 1;
  g_assert_null (gcoap_bodies_get_expired (&table.bodies, TIMEOUT));
  g_assert_cmpint (gcoap_deadlines_get_next (&table.deadlines), ==, 2 * TIMEOUT);
  body->parked = 0;
  g_assert_true (gcoap_bodies_get_expired (&table.bodies, 2 * TIMEOUT) == body);
  table_clear (&table);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (key_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/core/bodies/key/", key_rows[i].name, NULL);

      g_test_add_data_func (path, &key_rows[i], test_key);
    }
  g_test_add_func ("/core/bodies/request-tags", test_request_tags);
  g_test_add_func ("/core/bodies/endpoints", test_endpoints);
  g_test_add_func ("/core/bodies/upload-bytes", test_upload_bytes);
  g_test_add_func ("/core/bodies/shared-content", test_shared_content);
  g_test_add_func ("/core/bodies/number-cap", test_number_cap);
  g_test_add_func ("/core/bodies/byte-cap", test_byte_cap);
  g_test_add_func ("/core/bodies/large-one", test_large_one);
  g_test_add_func ("/core/bodies/expiry", test_expiry);
  g_test_add_func ("/core/bodies/parked-stays", test_parked_stays);

  return g_test_run ();
}
