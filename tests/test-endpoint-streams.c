/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "transfer-fixture.h"

/* The server half of streams: the upload signal, and response-stream. */

#define CHANGED        GCOAP_CODE_CHANGED
#define CONTENT        GCOAP_CODE_CONTENT
#define INTERNAL_ERROR GCOAP_CODE_INTERNAL_SERVER_ERROR

#define LARGE    50000
#define TOO_MUCH (17 * 1024 * 1024)

/* What the handlers of the server do, and what they have seen. */
typedef struct
{
  GOutputStream *upload_stream; /* (nullable) to be given */
  const char    *upload_code;   /* (nullable) to be set */
  gint64         upload_size;
  guint          n_uploads;
  void         (*upload_func) (GCoapEndpoint *endpoint);
  guint          n_requests;
  GOutputStream *seen_stream;
  gboolean       has_payload;
  GInputStream  *response_stream;
  const char    *response_code;
} Handlers;

static void
upload_cb (GCoapEndpoint *endpoint,
           GCoapRequest  *request,
           Handlers      *self)
{
  g_assert_null (gcoap_request_get_payload (request));
  self->n_uploads++;
  self->upload_size = gcoap_request_get_upload_size (request);
  gcoap_request_set_upload_stream (request, self->upload_stream);
  gcoap_endpoint_set_response_code (endpoint, self->upload_code);
  if (self->upload_func != NULL)
    self->upload_func (endpoint);
}

static void
request_cb (GCoapEndpoint *endpoint,
            GCoapRequest  *request,
            Handlers      *self)
{
  self->n_requests++;
  self->seen_stream = gcoap_request_get_upload_stream (request);
  self->has_payload = gcoap_request_get_payload (request) != NULL;
  g_assert_null (gcoap_endpoint_get_response_stream (endpoint));
  gcoap_endpoint_set_response_stream (endpoint, self->response_stream);
  gcoap_endpoint_set_response_code (endpoint, self->response_code != NULL ? self->response_code
                                                                          : "2.04");
}

static char *
serve (Fixture  *fixture,
       Handlers *handlers)
{
  g_signal_connect (fixture->server, "upload::/a", G_CALLBACK (upload_cb), handlers);
  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (request_cb), handlers);

  return fixture_server_uri (fixture, "/a");
}

static void
expect_error (Fixture *fixture,
              int      code,
              guint    n)
{
  settle ();
  g_assert_cmpuint (fixture->errors.n, ==, n);
  if (n > 0)
    g_assert_cmpint (fixture->errors.code, ==, code);
}

/* Uploads */

static void
test_upload (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestOutput) stream = test_output_new ();
  Handlers handlers = { .upload_stream = G_OUTPUT_STREAM (stream) };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (GInputStream) input = make_seekable (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  configure (fixture->server, "MaxBodySize=100");
  upload (transfer, fixture->client, uri, input);
  transfer_expect (transfer, CHANGED);
  test_output_check (stream, LARGE);
  g_assert_true (stream->is_closed);
  g_assert_false (stream->is_discarded);
  g_assert_cmpuint (handlers.n_uploads, ==, 1);
  g_assert_cmpint (handlers.upload_size, ==, LARGE);
  g_assert_cmpuint (handlers.n_requests, ==, 1);
  g_assert_true (handlers.seen_stream == G_OUTPUT_STREAM (stream));
  g_assert_false (handlers.has_payload);
  expect_error (fixture, 0, 0);
}

static void
test_upload_unknown_size (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestOutput) stream = test_output_new ();
  Handlers handlers = { .upload_stream = G_OUTPUT_STREAM (stream) };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (TestInput) input = test_input_new (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  upload (transfer, fixture->client, uri, input);
  transfer_expect (transfer, CHANGED);
  test_output_check (stream, LARGE);
  g_assert_cmpint (handlers.upload_size, ==, -1);
}

static void
test_upload_collected (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  Handlers handlers = { .upload_stream = NULL };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (GInputStream) input = make_seekable (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  upload (transfer, fixture->client, uri, input);
  transfer_expect (transfer, CHANGED);
  g_assert_cmpuint (handlers.n_uploads, ==, 1);
  g_assert_true (handlers.has_payload);
  g_assert_null (handlers.seen_stream);
}

static void
test_upload_small (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  Handlers handlers = { .upload_stream = NULL };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (GInputStream) input = make_seekable (1024);
  g_autoptr (Transfer) transfer = transfer_new ();

  g_test_summary ("What fits into a block comes with the request");
  upload (transfer, fixture->client, uri, input);
  transfer_expect (transfer, CHANGED);
  g_assert_cmpuint (handlers.n_uploads, ==, 0);
  g_assert_true (handlers.has_payload);
}

static void
test_upload_refused (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestOutput) stream = test_output_new ();
  Handlers handlers = { .upload_stream = G_OUTPUT_STREAM (stream), .upload_code = "4.03" };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (GInputStream) input = make_seekable (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  upload (transfer, fixture->client, uri, input);
  transfer_expect (transfer, GCOAP_CODE_FORBIDDEN);
  g_assert_cmpuint (handlers.n_requests, ==, 0);
  g_assert_cmpuint (stream->n_writes, ==, 0);
  g_assert_true (stream->is_discarded);
  g_assert_cmpstr (gcoap_endpoint_get_response_code (fixture->server), ==, "");
  expect_error (fixture, 0, 0);
}

static void
test_upload_refused_badly (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  Handlers handlers = { .upload_code = "forbidden" };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (GInputStream) input = make_seekable (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  g_test_summary ("A code that is none does not let it in");
  upload (transfer, fixture->client, uri, input);
  transfer_expect (transfer, INTERNAL_ERROR);
  g_assert_cmpuint (handlers.n_requests, ==, 0);
  expect_error (fixture, GCOAP_ERROR_INVALID_RESPONSE_CODE, 1);
}

static void
test_upload_without_request (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestOutput) stream = test_output_new ();
  Handlers handlers = { .upload_stream = G_OUTPUT_STREAM (stream) };
  g_autofree char *uri = fixture_server_uri (fixture, "/a");
  g_autoptr (GInputStream) input = make_seekable (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  g_test_summary ("Nothing is left of what nobody wants to know of");
  g_signal_connect (fixture->server, "upload::/a", G_CALLBACK (upload_cb), &handlers);
  upload (transfer, fixture->client, uri, input);
  transfer_expect (transfer, GCOAP_CODE_NOT_FOUND);
  g_assert_cmpuint (G_OBJECT (stream)->ref_count, ==, 1);
}

static void
test_uploads_at_once (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (TestOutput) other_stream = test_output_new ();
  Handlers handlers = { .upload_stream = G_OUTPUT_STREAM (stream) };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (GInputStream) input = make_seekable (LARGE);
  g_autoptr (GInputStream) other_input = make_seekable (LARGE / 2);
  g_autoptr (Transfer) transfer = transfer_new ();
  g_autoptr (Transfer) other = transfer_new ();

  g_test_summary ("To the same resource, told apart by Request-Tag");
  stream->pace = STREAM_HELD;
  upload (transfer, fixture->client, uri, input);
  wait_until (test_output_is_busy (stream));
  handlers.upload_stream = G_OUTPUT_STREAM (other_stream);
  upload (other, fixture->client, uri, other_input);
  transfer_expect (other, CHANGED);
  stream->pace = STREAM_READY;
  test_output_release (stream);
  transfer_expect (transfer, CHANGED);
  test_output_check (stream, LARGE);
  test_output_check (other_stream, LARGE / 2);
}

static void
expect_upload_fails (TestOutput *stream)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  Handlers handlers = { .upload_stream = G_OUTPUT_STREAM (stream) };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (GInputStream) input = make_seekable (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  upload (transfer, fixture->client, uri, input);
  transfer_expect (transfer, INTERNAL_ERROR);
  g_assert_cmpuint (handlers.n_requests, ==, 0);
  g_assert_true (stream->is_closed);
  expect_error (fixture, GCOAP_ERROR_REJECTED, 1);
  g_assert_cmpstr (fixture->errors.description, ==, "The disk is full");
}

static void
test_write_fails (gconstpointer data)
{
  g_autoptr (TestOutput) stream = test_output_new ();

  stream->fails_at = GPOINTER_TO_SIZE (data);
  expect_upload_fails (stream);
  g_assert_true (stream->is_discarded);
}

static void
test_flush_fails (void)
{
  g_autoptr (TestOutput) stream = test_output_new ();

  stream->fails_to_flush = TRUE;
  expect_upload_fails (stream);
  g_assert_true (stream->is_discarded);
}

static void
test_close_fails (void)
{
  g_autoptr (TestOutput) stream = test_output_new ();

  stream->fails_to_close = TRUE;
  expect_upload_fails (stream);
}

typedef void (*EndFunc) (GCoapEndpoint *endpoint);

static void
stop (GCoapEndpoint *endpoint)
{
  gcoap_endpoint_stop_listening (endpoint, NULL);
}

static void
shut_down (GCoapEndpoint *endpoint)
{
  gcoap_endpoint_shutdown (endpoint, NULL);
}

static void
reset (GCoapEndpoint *endpoint)
{
  gcoap_endpoint_reset (endpoint, NULL);
}

static void
dispose (GCoapEndpoint *endpoint)
{
  g_object_run_dispose (G_OBJECT (endpoint));
}

/* What ends the server while an upload is under way. */
typedef struct
{
  const char *name;
  EndFunc     func;
  StreamPace  pace;
} End;

static const End ends[] = {
  { "stop", stop, STREAM_HELD },
  { "stop-while-blocked", stop, STREAM_BLOCKED },
  { "shutdown", shut_down, STREAM_HELD },
  { "shutdown-while-blocked", shut_down, STREAM_BLOCKED },
  { "reset", reset, STREAM_HELD },
  { "dispose", dispose, STREAM_HELD },
  { "dispose-while-blocked", dispose, STREAM_BLOCKED },
};

static void
test_upload_ended (gconstpointer data)
{
  const End *end = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestOutput) stream = test_output_new ();
  Handlers handlers = { .upload_stream = G_OUTPUT_STREAM (stream) };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (GInputStream) input = make_seekable (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  stream->pace = end->pace;
  upload (transfer, fixture->client, uri, input);
  wait_until (test_output_is_busy (stream));
  end->func (fixture->server);
  if (end->pace == STREAM_BLOCKED)
    test_output_release (stream);
  transfer_expect (transfer, GCOAP_CODE_SERVICE_UNAVAILABLE);
  wait_until (stream->is_closed);
  g_assert_true (stream->is_discarded);
  g_assert_cmpuint (handlers.n_requests, ==, 0);
  g_assert_cmpuint (fixture->errors.n, ==, 0);
}

static void
test_upload_ended_by_handler (gconstpointer data)
{
  const End *end = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestOutput) stream = test_output_new ();
  Handlers handlers = { .upload_stream = G_OUTPUT_STREAM (stream), .upload_func = end->func };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (GInputStream) input = make_seekable (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  upload (transfer, fixture->client, uri, input);
  wait_until (stream->is_closed);
  g_assert_true (stream->is_discarded);
  g_assert_cmpuint (stream->n_writes, ==, 0);
  g_cancellable_cancel (transfer->cancellable);
  transfer_finish (transfer);
}

static Transfer *awaited;

static void
wait_for_end (GCoapEndpoint *endpoint)
{
  wait_until (awaited->n_ends > 0);
}

static void
test_upload_over_in_handler (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestOutput) stream = test_output_new ();
  Handlers handlers = { .upload_stream = G_OUTPUT_STREAM (stream), .upload_func = wait_for_end };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (GInputStream) input = make_seekable (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  g_test_summary ("A handler that iterates the context for too long");
  configure (fixture->server, "ResponseTimeout=0.001");
  awaited = transfer;
  upload (transfer, fixture->client, uri, input);
  transfer_expect (transfer, GCOAP_CODE_SERVICE_UNAVAILABLE);
  wait_until (stream->is_closed);
  settle ();
  g_assert_true (stream->is_discarded);
  g_assert_cmpuint (stream->n_writes, ==, 0);
  g_assert_cmpuint (G_OBJECT (stream)->ref_count, ==, 1);
}

/* Files */

typedef struct
{
  char  *folder;
  char  *path;
  GFile *file;
} Place;

static Place *
place_new (const char *text)
{
  Place *self = g_new0 (Place, 1);
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("gcoap-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "file", NULL);
  self->file = g_file_new_for_path (self->path);
  if (text != NULL)
    g_file_set_contents (self->path, text, -1, &error);
  g_assert_no_error (error);

  return self;
}

static guint
count_files (Place *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
place_free (Place *self)
{
  g_unlink (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_object_unref (self->file);
  g_free (self->path);
  g_free (self->folder);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Place, place_free)

static void
check_file (Place      *self,
            const void *data,
            gsize       length)
{
  g_autofree char *contents = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (self->path, &contents, &size, NULL));
  g_assert_cmpmem (contents, size, data, length);
}

static void
replace_cb (GCoapEndpoint *endpoint,
            GCoapRequest  *request,
            Place         *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) stream =
    g_file_replace (place->file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error);

  g_assert_no_error (error);
  gcoap_request_set_upload_stream (request, G_OUTPUT_STREAM (stream));
}

static void
take_file_cb (GCoapEndpoint *endpoint,
              GCoapRequest  *request,
              Place         *place)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (gcoap_request_set_upload_file (request, place->file, &error));
  g_assert_no_error (error);
}

/* Two ways of a handler to have a file replaced. */
typedef struct
{
  const char *name;
  GCallback   upload_cb;
} Way;

static const Way ways[] = {
  { "by-stream", G_CALLBACK (replace_cb) },
  { "by-file", G_CALLBACK (take_file_cb) },
};

static void
test_file_replaced (gconstpointer data)
{
  const Way *way = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Place) place = place_new ("old");
  g_autofree char *uri = fixture_server_uri (fixture, "/a");
  g_autoptr (GInputStream) input = make_seekable (LARGE);
  g_autoptr (GBytes) body = make_body (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();
  Handlers handlers = { .n_requests = 0 };

  g_signal_connect (fixture->server, "upload::/a", way->upload_cb, place);
  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (request_cb), &handlers);
  upload (transfer, fixture->client, uri, input);
  transfer_expect (transfer, CHANGED);
  check_file (place, g_bytes_get_data (body, NULL), LARGE);
}

static void
break_upload (Fixture   *fixture,
              Place     *place,
              GCallback  callback)
{
  g_autofree char *uri = fixture_server_uri (fixture, "/a");
  g_autoptr (TestInput) input = test_input_new (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();
  guint n_before = count_files (place);

  configure (fixture->server, "TransferTimeout=0.5");
  g_signal_connect (fixture->server, "upload::/a", callback, place);
  input->pace = STREAM_HELD;
  upload (transfer, fixture->client, uri, input);
  for (guint i = 0; i < 8; i++)
    {
      wait_until (test_input_is_busy (input));
      test_input_release (input);
    }
  wait_until (test_input_is_busy (input));
  g_assert_cmpuint (count_files (place), ==, n_before + 1);
  g_cancellable_cancel (transfer->cancellable);
  transfer_finish (transfer);
  while (count_files (place) > n_before)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_file_kept (gconstpointer data)
{
  const Way *way = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Place) place = place_new ("old");

  g_test_summary ("The client disappears in the midst of it");
  break_upload (fixture, place, way->upload_cb);
  check_file (place, "old", 3);
}

static void
test_file_never_partial (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Place) place = place_new (NULL);

  g_test_summary ("What was not there before is not there either if the client disappears");
  break_upload (fixture, place, G_CALLBACK (take_file_cb));
}

static void
test_file_refused (void)
{
  g_autoptr (Place) place = place_new ("old");
  g_autoptr (GFile) folder = g_file_new_for_path (place->folder);
  g_autoptr (GCoapRequest) request = g_object_new (GCOAP_TYPE_REQUEST, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (gcoap_request_set_upload_file (request, folder, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_assert_null (gcoap_request_get_upload_stream (request));
}

static void
serve_file_cb (GCoapEndpoint *endpoint,
               GCoapRequest  *request,
               Place         *place)
{
  g_autoptr (GError) error = NULL;

  if (!gcoap_endpoint_set_response_file (endpoint, place->file, &error))
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
      g_assert_null (gcoap_endpoint_get_response_stream (endpoint));
      gcoap_endpoint_set_response_code (endpoint, "4.04");
    }
}

static GBytes *
get_file (Fixture    *fixture,
          const char *uri,
          guint       code)
{
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  download (transfer, fixture->client, uri, stream);
  transfer_expect (transfer, code);
  if (code == CONTENT)
    test_output_check (stream, LARGE);

  return gcoap_message_dup_option (transfer->response, GCOAP_OPTION_NUMBER_ETAG);
}

static void
test_file_served (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Place) place = place_new ("");
  g_autofree char *uri = fixture_server_uri (fixture, "/a");
  g_autoptr (GBytes) body = make_body (LARGE);
  g_autoptr (GBytes) etag = NULL;
  g_autoptr (GBytes) same_etag = NULL;
  g_autoptr (GBytes) no_etag = NULL;

  g_assert_true (g_file_set_contents (place->path, g_bytes_get_data (body, NULL), LARGE, NULL));
  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (serve_file_cb), place);
  etag = get_file (fixture, uri, CONTENT);
  same_etag = get_file (fixture, uri, CONTENT);
  g_assert_nonnull (etag);
  g_assert_true (g_bytes_equal (etag, same_etag));

  g_assert_cmpint (g_unlink (place->path), ==, 0);
  no_etag = get_file (fixture, uri, GCOAP_CODE_NOT_FOUND);
  g_assert_null (no_etag);
  g_assert_true (g_file_set_contents (place->path, "", 0, NULL));
}

/* Responses */

typedef struct
{
  const char *name;
  gsize       size;
  gboolean    is_seekable;
} Body;

static const Body bodies[] = {
  { "empty", 0, TRUE },
  { "empty-of-unknown-size", 0, FALSE },
  { "a-byte", 1, FALSE },
  { "a-block", 1024, TRUE },
  { "a-block-of-unknown-size", 1024, FALSE },
  { "more-than-a-block", 1025, FALSE },
  { "a-part", 4096, FALSE },
  { "large", LARGE, TRUE },
  { "large-of-unknown-size", LARGE, FALSE },
};

static void
test_response (gconstpointer data)
{
  const Body *body = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestInput) input = test_input_new (body->size);
  Handlers handlers = { .response_stream = G_INPUT_STREAM (input), .response_code = "2.05" };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  input->is_seekable = body->is_seekable;
  download (transfer, fixture->client, uri, output);
  transfer_expect (transfer, CONTENT);
  test_output_check (output, body->size);
  g_assert_cmpuint (handlers.n_requests, ==, 1);
  wait_until (input->is_closed);
  g_assert_null (gcoap_endpoint_get_response_stream (fixture->server));
  settle ();
  g_assert_cmpuint (G_OBJECT (input)->ref_count, ==, 1);
  expect_error (fixture, 0, 0);
}

static void
test_response_fails (gconstpointer data)
{
  gsize where = GPOINTER_TO_SIZE (data);
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestInput) input = test_input_new (LARGE);
  Handlers handlers = { .response_stream = G_INPUT_STREAM (input), .response_code = "2.05" };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  input->fails_at = where;
  download (transfer, fixture->client, uri, output);
  transfer_finish (transfer);
  g_assert_no_error (transfer->error);
  g_assert_cmpuint (gcoap_message_get_code (transfer->response), ==,
                    where == 0 ? INTERNAL_ERROR : GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  expect_error (fixture, GCOAP_ERROR_REJECTED, 1);
  g_assert_cmpstr (fixture->errors.description, ==, "The disk is full");
  wait_until (input->is_closed);
}

static void
test_response_given_up (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestInput) input = test_input_new (LARGE);
  Handlers handlers = { .response_stream = G_INPUT_STREAM (input), .response_code = "2.05" };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  configure (fixture->server, "TransferTimeout=0.5");
  output->pace = STREAM_HELD;
  download (transfer, fixture->client, uri, output);
  wait_until (test_output_is_busy (output));
  g_assert_false (input->is_closed);
  g_cancellable_cancel (transfer->cancellable);
  transfer_finish (transfer);
  wait_until (input->is_closed);
}

static void
lower_caps_cb (GCoapEndpoint *endpoint)
{
  configure (endpoint, "MaxTransfers=1");
  configure (endpoint, "TransferCacheSize=0");
  configure (endpoint, "CacheSize=0");
  configure (endpoint, "MaxPeers=1");
}

static void
test_caps_lowered (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (TestInput) source = test_input_new (LARGE);
  Handlers handlers = {
    .upload_stream = G_OUTPUT_STREAM (stream),
    .response_stream = G_INPUT_STREAM (source),
  };
  g_autofree char *uri = NULL;
  g_autoptr (GInputStream) input = make_seekable (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  g_test_summary ("In a handler too: the transfer that it is for goes on");
  g_signal_connect (fixture->server, "upload::/a", G_CALLBACK (lower_caps_cb), NULL);
  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (lower_caps_cb), NULL);
  uri = serve (fixture, &handlers);
  upload (transfer, fixture->client, uri, input);
  transfer_expect (transfer, CHANGED);
  test_output_check (stream, LARGE);
}

static void
test_timeout_lowered (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestInput) input = test_input_new (LARGE);
  Handlers handlers = { .response_stream = G_INPUT_STREAM (input), .response_code = "2.05" };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  g_test_summary ("A client that has disappeared is given up at once with a shorter timeout");
  output->pace = STREAM_HELD;
  download (transfer, fixture->client, uri, output);
  wait_until (test_output_is_busy (output));
  g_cancellable_cancel (transfer->cancellable);
  transfer_finish (transfer);
  g_assert_false (input->is_closed);
  configure (fixture->server, "TransferTimeout=0.01");
  wait_until (input->is_closed);
}

static void
test_response_later (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestInput) input = test_input_new (LARGE);
  g_autofree char *uri = fixture_server_uri (fixture, "/a");
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();
  g_autoptr (GCoapRequest) request = NULL;

  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (defer_cb), NULL);
  download (transfer, fixture->client, uri, output);
  wait_until (count_pending (fixture->server) == 1);
  request = get_pending (fixture->server, 0);
  gcoap_endpoint_set_response_stream (fixture->server, G_INPUT_STREAM (input));
  assert_responds (fixture->server, gcoap_request_get_request_id (request));
  g_assert_null (gcoap_endpoint_get_response_stream (fixture->server));
  transfer_expect (transfer, CONTENT);
  test_output_check (output, LARGE);
  g_assert_cmpuint (fixture->responses.n, ==, 1);
}

static void
test_response_valid (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestInput) input = test_input_new (LARGE);
  Handlers handlers = { .response_stream = G_INPUT_STREAM (input), .response_code = "2.03" };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  g_test_summary ("RFC 7252 section 5.9.1.3: a 2.03 has no payload");
  download (transfer, fixture->client, uri, output);
  transfer_expect (transfer, GCOAP_CODE_VALID);
  g_assert_cmpuint (output->data->len, ==, 0);
  g_assert_cmpuint (input->n_reads, ==, 0);
  g_assert_null (gcoap_endpoint_get_response_stream (fixture->server));
}

static void
test_response_ended (gconstpointer data)
{
  const End *end = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestInput) input = test_input_new (LARGE);
  Handlers handlers = { .response_stream = G_INPUT_STREAM (input), .response_code = "2.05" };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  input->pace = end->pace;
  download (transfer, fixture->client, uri, output);
  wait_until (test_input_is_busy (input));
  end->func (fixture->server);
  if (test_input_is_busy (input))
    test_input_release (input);
  wait_until (input->is_closed);
  settle ();
  g_assert_cmpuint (G_OBJECT (input)->ref_count, ==, 1);
  g_assert_cmpint (transfer->so_far, ==, end->func == stop ? 1024 : 0);
  g_cancellable_cancel (transfer->cancellable);
  transfer_finish (transfer);
}

/* The bytes of a GET of a block of /a. */
static void
ask_for_block (Fixture *fixture,
               guint    number)
{
  g_autofree char *hex = g_strdup_printf ("52 01 %04x aa%02x b1 61 c2 %04x", 0x1000 + number,
                                          number, number << 4 | 6);

  peer_ask (fixture, hex);
}

static void
test_other_block_wanted (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestInput) input = test_input_new (LARGE);
  Handlers handlers = { .response_stream = G_INPUT_STREAM (input), .response_code = "2.05" };
  g_autoptr (Datagram) first = NULL;
  g_autoptr (Datagram) other = NULL;

  g_test_summary ("A client that asks for other blocks while the stream is being read");
  g_free (serve (fixture, &handlers));
  input->is_seekable = TRUE;
  input->pace = STREAM_HELD;
  peer_ask (fixture, "52 01 1000 aa00 b1 61");
  wait_until (test_input_is_busy (input));
  test_input_release (input);
  first = peer_take (fixture->peer);
  g_assert_cmpuint (first->code, ==, CONTENT);
  ask_for_block (fixture, 16);
  wait_until (test_input_is_busy (input));
  ask_for_block (fixture, 32);
  ask_for_block (fixture, 40);
  settle ();
  test_input_release (input);
  wait_until (test_input_is_busy (input));
  test_input_release (input);
  other = peer_take (fixture->peer);
  g_assert_cmpuint (other->code, ==, CONTENT);
  g_assert_true (datagram_token_is (other, "aa28"));
  expect_silence (fixture->peer);
}

static void
test_cannot_go_back (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestInput) input = test_input_new (LARGE);
  Handlers handlers = { .response_stream = G_INPUT_STREAM (input), .response_code = "2.05" };
  g_autoptr (Datagram) first = NULL;
  g_autoptr (Datagram) other = NULL;

  g_free (serve (fixture, &handlers));
  peer_ask (fixture, "52 01 1000 aa00 b1 61");
  first = peer_take (fixture->peer);
  g_assert_cmpuint (first->code, ==, CONTENT);
  ask_for_block (fixture, 32);
  other = peer_take (fixture->peer);
  g_assert_cmpuint (other->code, ==, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  expect_error (fixture, GCOAP_ERROR_REJECTED, 1);
  wait_until (input->is_closed);
}

/* Larger than 2^20 blocks */

static void
expect_too_large (Fixture  *fixture,
                  Handlers *handlers)
{
  g_autofree char *uri = serve (fixture, handlers);
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  configure (fixture->server, "BlockSize=16");
  download (transfer, fixture->client, uri, output);
  transfer_expect (transfer, INTERNAL_ERROR);
  expect_error (fixture, GCOAP_ERROR_REJECTED, 1);
  g_assert_nonnull (strstr (fixture->errors.description, "17825792"));
}

static void
test_stream_too_large (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestInput) input = test_input_new (TOO_MUCH);
  Handlers handlers = { .response_stream = G_INPUT_STREAM (input), .response_code = "2.05" };

  input->is_seekable = TRUE;
  expect_too_large (fixture, &handlers);
  g_assert_null (gcoap_endpoint_get_response_stream (fixture->server));
}

static void
set_too_much_cb (GCoapEndpoint *endpoint)
{
  g_autoptr (GBytes) body = make_body (TOO_MUCH);

  gcoap_endpoint_set_response_data (endpoint, body);
}

static void
test_data_too_large (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  Handlers handlers = { .response_code = "2.05" };

  g_signal_connect_after (fixture->server, "request::/a", G_CALLBACK (set_too_much_cb), NULL);
  expect_too_large (fixture, &handlers);
}

static void
test_too_large_later (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = defer_acknowledged (fixture);
  g_autoptr (TestInput) input = test_input_new (TOO_MUCH);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other_error = NULL;

  g_test_summary ("Then the request is still pending");
  configure (fixture->server, "BlockSize=16");
  set_too_much_cb (fixture->server);
  g_assert_false (gcoap_endpoint_send_response (fixture->server, id, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  gcoap_endpoint_set_response_data (fixture->server, NULL);
  input->is_seekable = TRUE;
  gcoap_endpoint_set_response_stream (fixture->server, G_INPUT_STREAM (input));
  g_assert_false (gcoap_endpoint_send_response (fixture->server, id, &other_error));
  g_assert_error (other_error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_assert_false (input->is_closed);
  g_assert_true (gcoap_endpoint_get_response_stream (fixture->server) == G_INPUT_STREAM (input));
  gcoap_endpoint_set_response_stream (fixture->server, NULL);
  gcoap_endpoint_set_response_text (fixture->server, "less");
  assert_responds (fixture->server, id);
}

/* Observing */

static void
accept_cb (GCoapEndpoint *endpoint,
           GCoapRequest  *request,
           GInputStream  *stream)
{
  gcoap_request_set_accept (request, TRUE);
  gcoap_endpoint_set_response_stream (endpoint, stream);
}

static void
test_registration (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestInput) input = test_input_new (20);
  g_autofree char *uri = fixture_server_uri (fixture, "/a");
  g_autoptr (Datagram) answer = NULL;
  g_autoptr (Datagram) notification = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The answer to a registration has a stream, but a notification has none");
  g_signal_connect (fixture->server, "register::/a", G_CALLBACK (accept_cb), input);
  peer_ask (fixture, "52 01 1000 aabb 60 51 61");
  answer = peer_take (fixture->peer);
  g_assert_cmpuint (answer->code, ==, CONTENT);
  g_assert_cmpuint (g_list_model_get_n_items (gcoap_endpoint_get_observers (fixture->server)), ==,
                    1);

  gcoap_endpoint_set_response_stream (fixture->server, G_INPUT_STREAM (input));
  g_assert_false (gcoap_endpoint_send_notification (fixture->server, uri, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  expect_silence (fixture->peer);
  gcoap_endpoint_set_response_stream (fixture->server, NULL);
  gcoap_endpoint_set_response_text (fixture->server, "news");
  g_assert_true (gcoap_endpoint_send_notification (fixture->server, uri, NULL));
  notification = peer_take (fixture->peer);
  g_assert_cmpstr (notification->payload, ==, "news");
}

/* The property */

static void
test_property (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (TestInput) input = test_input_new (1);
  g_autoptr (GInputStream) value = NULL;
  guint n_notified = 0;

  g_signal_connect_swapped (endpoint, "notify::response-stream", G_CALLBACK (count_cb),
                            &n_notified);
  g_object_set (endpoint, "response-stream", input, NULL);
  g_object_set (endpoint, "response-stream", input, NULL);
  g_object_get (endpoint, "response-stream", &value, NULL);
  g_assert_true (value == G_INPUT_STREAM (input));
  g_assert_cmpuint (n_notified, ==, 1);
  gcoap_endpoint_reset (endpoint, NULL);
  g_assert_null (gcoap_endpoint_get_response_stream (endpoint));
  g_assert_cmpuint (n_notified, ==, 2);
}

static gboolean has_ended;

static void
nest_cb (GCoapEndpoint *endpoint,
         GCoapRequest  *request,
         GInputStream  *stream)
{
  gcoap_endpoint_set_response_stream (endpoint, stream);
  wait_until (has_ended);
  g_assert_true (gcoap_endpoint_get_response_stream (endpoint) == stream);
}

static void
test_nested (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestInput) outer = test_input_new (LARGE);
  g_autoptr (TestInput) inner = test_input_new (LARGE / 2);
  Handlers handlers = { .response_stream = G_INPUT_STREAM (inner), .response_code = "2.05" };
  g_autofree char *uri = serve (fixture, &handlers);
  g_autofree char *outer_uri = fixture_server_uri (fixture, "/b");
  g_autoptr (TestOutput) outer_output = test_output_new ();
  g_autoptr (TestOutput) inner_output = test_output_new ();
  g_autoptr (Transfer) outer_transfer = transfer_new ();
  g_autoptr (Transfer) inner_transfer = transfer_new ();

  g_test_summary ("What an outer handler has set is its own again when an inner one is done");
  has_ended = FALSE;
  configure (fixture->client, "NStart=2");
  g_signal_connect (fixture->server, "request::/b", G_CALLBACK (nest_cb), outer);
  g_signal_connect_swapped (fixture->server, "request::/a", G_CALLBACK (count_cb), &has_ended);
  download (outer_transfer, fixture->client, outer_uri, outer_output);
  download (inner_transfer, fixture->client, uri, inner_output);
  transfer_expect (outer_transfer, CONTENT);
  transfer_expect (inner_transfer, CONTENT);
  test_output_check (outer_output, LARGE);
  test_output_check (inner_output, LARGE / 2);
}

/* A test for each row of a table. */
#define ADD_ALL(folder, table, func)                                                            \
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)                                              \
    {                                                                                           \
      g_autofree char *path = g_strdup_printf ("/endpoint/streams/" folder "/%s",               \
                                               table[i].name);                                  \
                                                                                                \
      g_test_add_data_func (path, &table[i], func);                                             \
    }

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add_func ("/endpoint/streams/" path, func)
#define ADD_DATA(path, data, func) g_test_add_data_func ("/endpoint/streams/" path, data, func)
  ADD ("upload/stream", test_upload);
  ADD ("upload/unknown-size", test_upload_unknown_size);
  ADD ("upload/collected", test_upload_collected);
  ADD ("upload/small", test_upload_small);
  ADD ("upload/refused", test_upload_refused);
  ADD ("upload/refused-badly", test_upload_refused_badly);
  ADD ("upload/without-request", test_upload_without_request);
  ADD ("upload/two-at-once", test_uploads_at_once);
  ADD_DATA ("upload/write-fails/at-once", GSIZE_TO_POINTER (0), test_write_fails);
  ADD_DATA ("upload/write-fails/midway", GSIZE_TO_POINTER (20000), test_write_fails);
  ADD_DATA ("upload/write-fails/at-the-end", GSIZE_TO_POINTER (LARGE - 1), test_write_fails);
  ADD ("upload/flush-fails", test_flush_fails);
  ADD ("upload/close-fails", test_close_fails);
  ADD_ALL ("upload/ended", ends, test_upload_ended);
  ADD_ALL ("upload/ended-by-handler", ends, test_upload_ended_by_handler);
  ADD ("upload/over-in-handler", test_upload_over_in_handler);
  ADD_ALL ("file/replaced", ways, test_file_replaced);
  ADD_ALL ("file/kept", ways, test_file_kept);
  ADD ("file/never-partial", test_file_never_partial);
  ADD ("file/refused", test_file_refused);
  ADD ("file/served", test_file_served);
  ADD_ALL ("response", bodies, test_response);
  ADD_DATA ("response/fails/at-once", GSIZE_TO_POINTER (0), test_response_fails);
  ADD_DATA ("response/fails/midway", GSIZE_TO_POINTER (20000), test_response_fails);
  ADD ("response/given-up", test_response_given_up);
  ADD ("response/timeout-lowered", test_timeout_lowered);
  ADD ("caps-lowered", test_caps_lowered);
  ADD ("response/later", test_response_later);
  ADD ("response/valid", test_response_valid);
  ADD_ALL ("response/ended", ends, test_response_ended);
  ADD ("response/other-block-wanted", test_other_block_wanted);
  ADD ("response/cannot-go-back", test_cannot_go_back);
  ADD ("too-large/stream", test_stream_too_large);
  ADD ("too-large/data", test_data_too_large);
  ADD ("too-large/later", test_too_large_later);
  ADD ("registration", test_registration);
  ADD ("property", test_property);
  ADD ("nested", test_nested);
#undef ADD_DATA
#undef ADD

  return g_test_run ();
}
