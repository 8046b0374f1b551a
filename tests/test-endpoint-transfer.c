/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "transfer-fixture.h"

#include <string.h>

/* download_async() and upload_async(): bodies of any size that go through streams. */

#define CHANGED  GCOAP_CODE_CHANGED
#define CONTENT  GCOAP_CODE_CONTENT
#define CONTINUE GCOAP_CODE_CONTINUE

#define LARGE 50000

/* How much is gathered before it is written. */
#define BUFFER_SIZE (16 * 1024)

#define BLOCK1 27
#define BLOCK2 23

static void
serve_body_cb (GCoapEndpoint *endpoint,
               GCoapRequest  *request,
               gpointer       size)
{
  g_autoptr (GBytes) body = make_body (GPOINTER_TO_SIZE (size));

  gcoap_endpoint_set_response_data (endpoint, body);
  gcoap_endpoint_set_response_code (endpoint, "2.05");
}

static void
check_body_cb (GCoapEndpoint *endpoint,
               GCoapRequest  *request,
               gpointer       size)
{
  g_autoptr (GBytes) body = make_body (GPOINTER_TO_SIZE (size));
  GBytes *payload = gcoap_request_get_payload (request);

  if (payload != NULL)
    g_assert_true (g_bytes_equal (payload, body));
  else
    g_assert_cmpuint (g_bytes_get_size (body), ==, 0);
  g_assert_cmpint (gcoap_request_get_content_format (request), ==, 42);
  gcoap_endpoint_set_response_code (endpoint, "2.04");
}

static char *
serve (Fixture   *fixture,
       GCallback  callback,
       gsize      size)
{
  g_signal_connect (fixture->server, "request::/a", callback, GSIZE_TO_POINTER (size));

  return fixture_server_uri (fixture, "/a");
}

/* Answers with a block of an upload or of a download. */
static void
answer_block (Peer           *peer,
              const Datagram *datagram,
              guint           code,
              guint           option,
              guint           number,
              gboolean        more,
              guint           szx,
              gsize           length)
{
  guint value = number << 4 | more << 3 | szx;
  g_autoptr (GString) hex = g_string_new (NULL);

  g_string_append_printf (hex, "6%x %02x %04x ", datagram->token_length, code,
                          datagram->message_id);
  for (guint i = 0; i < datagram->token_length; i++)
    g_string_append_printf (hex, "%02x", datagram->token[i]);
  g_string_append_printf (hex, value > 0xff ? " d2 %02x %04x " : " d1 %02x %02x ", option - 13,
                          value);
  if (length > 0)
    g_string_append (hex, "ff ");
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x",
                            (guint) ((number * (gsize) (16 << szx) + i) % 251));
  peer_send (peer, datagram->host, datagram->port, hex->str);
}

typedef struct
{
  const char *name;
  gsize       size;
} Size;

static const Size sizes[] = {
  { "nothing", 0 },
  { "a-byte", 1 },
  { "a-block", 1024 },
  { "more-than-a-block", 1025 },
  { "a-part", 4096 },
  { "a-buffer", BUFFER_SIZE },
  { "large", LARGE },
};

static void
test_download (gconstpointer data)
{
  const Size *size = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (serve_body_cb), size->size);
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  download (transfer, fixture->client, uri, stream);
  transfer_expect (transfer, CONTENT);
  test_output_check (stream, size->size);
  g_assert_cmpuint (stream->n_flushes, ==, 1);
  g_assert_false (stream->is_closed);
  g_assert_null (gcoap_message_get_payload (transfer->response));
  g_assert_false (transfer->goes_back);
  g_assert_cmpint (transfer->so_far, ==, size->size);
  g_assert_cmpint (transfer->total, ==, size->size);
}

static void
test_download_larger_than_settings (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (serve_body_cb), LARGE);
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  configure (fixture->client, "MaxBodySize=100");
  configure (fixture->client, "BlockSize=64");
  download (transfer, fixture->client, uri, stream);
  transfer_expect (transfer, CONTENT);
  test_output_check (stream, LARGE);
}

static void
test_download_error_response (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_server_uri (fixture, "/none");
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  download (transfer, fixture->client, uri, stream);
  transfer_expect (transfer, GCOAP_CODE_NOT_FOUND);
  g_assert_cmpuint (stream->n_writes, ==, 0);
  g_assert_cmpuint (transfer->n_progress, ==, 0);
}

static void
refuse_at_length_cb (GCoapEndpoint *endpoint)
{
  g_autoptr (GBytes) body = make_body (LARGE);

  gcoap_endpoint_set_response_data (endpoint, body);
  gcoap_endpoint_set_response_code (endpoint, "5.00");
}

static void
test_download_long_error (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (refuse_at_length_cb), 0);
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  g_test_summary ("Not even a block of an error is written");
  download (transfer, fixture->client, uri, stream);
  transfer_expect (transfer, GCOAP_CODE_INTERNAL_SERVER_ERROR);
  g_assert_cmpuint (stream->data->len, ==, 0);
}

static void
test_upload (gconstpointer data)
{
  const Size *size = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (check_body_cb), size->size);
  g_autoptr (GInputStream) stream = make_seekable (size->size);
  g_autoptr (Transfer) transfer = transfer_new ();

  upload (transfer, fixture->client, uri, stream);
  transfer_expect (transfer, CHANGED);
  g_assert_false (g_input_stream_is_closed (stream));
  g_assert_false (transfer->goes_back);
  g_assert_cmpint (transfer->so_far, ==, size->size);
  g_assert_cmpint (transfer->total, ==, size->size);
}

static void
test_upload_unknown_size (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (check_body_cb), LARGE);
  g_autoptr (TestInput) stream = test_input_new (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  stream->pace = STREAM_HELD;
  stream->max_read = 700;
  upload (transfer, fixture->client, uri, stream);
  g_assert_cmpint (transfer->total, ==, -1);
  while (transfer->n_ends == 0)
    {
      wait_until (transfer->n_ends > 0 || test_input_is_busy (stream));
      if (test_input_is_busy (stream))
        test_input_release (stream);
    }
  transfer_expect (transfer, CHANGED);
  g_assert_false (transfer->goes_back);
  g_assert_cmpint (transfer->total, ==, LARGE);
}

static void
test_upload_refused (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_server_uri (fixture, "/none");
  g_autoptr (GInputStream) stream = make_seekable (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  configure (fixture->server, "MaxBodySize=20000");
  upload (transfer, fixture->client, uri, stream);
  transfer_expect (transfer, GCOAP_CODE_REQUEST_ENTITY_TOO_LARGE);
  g_assert_cmpint (transfer->so_far, <, LARGE);
}

static void
test_upload_too_large (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/a");
  g_autoptr (GInputStream) stream = make_seekable (16 * 1024 * 1024 + 1);
  g_autoptr (Transfer) transfer = transfer_new ();

  g_test_summary ("RFC 7959 section 2.2: there are 2^20 blocks");
  configure (fixture->client, "BlockSize=16");
  upload (transfer, fixture->client, uri, stream);
  transfer_finish (transfer);
  g_assert_error (transfer->error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  expect_silence (fixture->peer);
}

static void
test_bad_uri (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (TestInput) input = test_input_new (1);
  g_autoptr (Transfer) one = transfer_new ();
  g_autoptr (Transfer) other = transfer_new ();

  download (one, fixture->client, "http://127.0.0.1/", output);
  upload (other, fixture->client, "http://127.0.0.1/", input);
  transfer_finish (one);
  transfer_finish (other);
  g_assert_error (one->error, GCOAP_ERROR, GCOAP_ERROR_INVALID_URI);
  g_assert_error (other->error, GCOAP_ERROR, GCOAP_ERROR_INVALID_URI);
}

static void
test_wrong_mode (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  download (transfer, fixture->server, uri, output);
  transfer_finish (transfer);
  g_assert_error (transfer->error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
}

static void
test_silent_peer (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (GInputStream) input = make_seekable (LARGE);
  g_autoptr (Transfer) one = transfer_new ();
  g_autoptr (Transfer) other = transfer_new ();

  configure (fixture->client, "AckTimeout=0.001");
  configure (fixture->client, "MaxRetransmit=1");
  download (one, fixture->client, uri, output);
  upload (other, fixture->client, uri, input);
  transfer_finish (one);
  transfer_finish (other);
  g_assert_error (one->error, GCOAP_ERROR, GCOAP_ERROR_TIMED_OUT);
  g_assert_error (other->error, GCOAP_ERROR, GCOAP_ERROR_TIMED_OUT);
}

/* What ends a transfer from outside. */
typedef enum
{
  CANCEL,
  SHUT_DOWN,
  RESET,
  DISPOSE,
} End;

static void
end_by (End            end,
        GCoapEndpoint *client,
        Transfer      *transfer)
{
  switch (end)
    {
    case CANCEL:
      g_cancellable_cancel (transfer->cancellable);
      break;

    case SHUT_DOWN:
      gcoap_endpoint_shutdown (client, NULL);
      break;

    case RESET:
      gcoap_endpoint_reset (client, NULL);
      break;

    case DISPOSE:
    default:
      g_object_run_dispose (G_OBJECT (client));
    }
}

static void
expect_ended (End       end,
              Transfer *transfer)
{
  transfer_finish (transfer);
  if (end == CANCEL)
    g_assert_error (transfer->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  else
    g_assert_error (transfer->error, GCOAP_ERROR, GCOAP_ERROR_CANCELED);
}

static void
test_cancelled_before (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (TestInput) input = test_input_new (LARGE);
  g_autoptr (Transfer) one = transfer_new ();
  g_autoptr (Transfer) other = transfer_new ();

  g_cancellable_cancel (one->cancellable);
  g_cancellable_cancel (other->cancellable);
  download (one, fixture->client, uri, output);
  upload (other, fixture->client, uri, input);
  expect_ended (CANCEL, one);
  expect_ended (CANCEL, other);
  expect_silence (fixture->peer);
  g_assert_cmpuint (input->n_reads, ==, 0);
}

static void
test_ended_on_its_way (gconstpointer data)
{
  End end = GPOINTER_TO_INT (data);
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (TestInput) input = test_input_new (LARGE);
  g_autoptr (Transfer) one = transfer_new ();
  g_autoptr (Transfer) other = transfer_new ();

  configure (fixture->client, "NStart=2");
  download (one, fixture->client, uri, output);
  upload (other, fixture->client, uri, input);
  wait_until (fixture->peer->n_received == 2);
  end_by (end, fixture->client, one);
  end_by (end, fixture->client, other);
  expect_ended (end, one);
  expect_ended (end, other);
}

/* What ends it while a stream is at work, and how that is. */
typedef struct
{
  const char *name;
  End         end;
  StreamPace  pace;
} Interruption;

static const Interruption interruptions[] = {
  { "cancel", CANCEL, STREAM_HELD },
  { "cancel-while-blocked", CANCEL, STREAM_BLOCKED },
  { "shutdown", SHUT_DOWN, STREAM_HELD },
  { "shutdown-while-blocked", SHUT_DOWN, STREAM_BLOCKED },
  { "reset", RESET, STREAM_HELD },
  { "dispose", DISPOSE, STREAM_HELD },
  { "dispose-while-blocked", DISPOSE, STREAM_BLOCKED },
};

static void
test_ended_while_writing (gconstpointer data)
{
  const Interruption *interruption = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (serve_body_cb), LARGE);
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  g_test_summary ("The end is told when the stream can be closed");
  stream->pace = interruption->pace;
  download (transfer, fixture->client, uri, stream);
  wait_until (test_output_is_busy (stream));
  end_by (interruption->end, fixture->client, transfer);
  if (interruption->pace == STREAM_BLOCKED)
    {
      settle ();
      g_assert_cmpuint (transfer->n_ends, ==, 0);
      test_output_release (stream);
    }
  expect_ended (interruption->end, transfer);
  g_assert_true (g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, NULL));
}

static void
test_ended_while_reading (gconstpointer data)
{
  const Interruption *interruption = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (check_body_cb), LARGE);
  g_autoptr (TestInput) stream = test_input_new (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  stream->pace = interruption->pace;
  upload (transfer, fixture->client, uri, stream);
  wait_until (test_input_is_busy (stream));
  test_input_release (stream);
  wait_until (transfer->so_far > 0 && test_input_is_busy (stream));
  end_by (interruption->end, fixture->client, transfer);
  if (interruption->pace == STREAM_BLOCKED)
    {
      settle ();
      g_assert_cmpuint (transfer->n_ends, ==, 0);
      test_input_release (stream);
    }
  expect_ended (interruption->end, transfer);
  g_assert_true (g_input_stream_close (G_INPUT_STREAM (stream), NULL, NULL));
}

static void
test_ended_by_progress (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (serve_body_cb), LARGE);
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  transfer->to_shut_down = fixture->client;
  download (transfer, fixture->client, uri, stream);
  expect_ended (SHUT_DOWN, transfer);
  g_assert_cmpuint (transfer->n_progress, ==, 1);
}

static void
test_cancelled_after (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (serve_body_cb), LARGE);
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  download (transfer, fixture->client, uri, stream);
  transfer_expect (transfer, CONTENT);
  g_cancellable_cancel (transfer->cancellable);
  transfer_expect (transfer, CONTENT);
}

static void
test_write_fails (gconstpointer data)
{
  gsize where = GPOINTER_TO_SIZE (data);
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (serve_body_cb), LARGE);
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  stream->fails_at = where;
  download (transfer, fixture->client, uri, stream);
  transfer_finish (transfer);
  g_assert_error (transfer->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_flush_fails (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (serve_body_cb), LARGE);
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  stream->fails_to_flush = TRUE;
  download (transfer, fixture->client, uri, stream);
  transfer_finish (transfer);
  g_assert_error (transfer->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_closed_stream (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (serve_body_cb), LARGE);
  g_autoptr (TestOutput) output = test_output_new ();
  g_autoptr (TestInput) input = test_input_new (LARGE);
  g_autoptr (Transfer) one = transfer_new ();
  g_autoptr (Transfer) other = transfer_new ();

  g_output_stream_close (G_OUTPUT_STREAM (output), NULL, NULL);
  g_input_stream_close (G_INPUT_STREAM (input), NULL, NULL);
  download (one, fixture->client, uri, output);
  upload (other, fixture->client, uri, input);
  transfer_finish (one);
  transfer_finish (other);
  g_assert_error (one->error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_error (other->error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_read_fails (gconstpointer data)
{
  gsize where = GPOINTER_TO_SIZE (data);
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (check_body_cb), LARGE);
  g_autoptr (TestInput) stream = test_input_new (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  stream->fails_at = where;
  upload (transfer, fixture->client, uri, stream);
  transfer_finish (transfer);
  g_assert_error (transfer->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
serve_next_state_cb (GCoapEndpoint *endpoint,
                     GCoapRequest  *request,
                     guint8        *n_requests)
{
  g_autoptr (GBytes) etag = NULL;

  serve_body_cb (endpoint, request, GSIZE_TO_POINTER (LARGE));
  ++*n_requests;
  etag = g_bytes_new (n_requests, 1);
  gcoap_endpoint_set_response_etag (endpoint, etag);
}

static void
test_representation_changes (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  guint8 n_requests = 0;
  g_autofree char *uri = fixture_server_uri (fixture, "/a");
  g_autofree char *other_uri = fixture_server_uri (fixture, "/b");
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (TestOutput) other_stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();
  g_autoptr (Transfer) other = transfer_new ();

  g_test_summary ("RFC 7959 section 2.4: another ETag ends what cannot be taken back");
  configure (fixture->server, "MaxTransfers=1");
  g_signal_connect (fixture->server, "request", G_CALLBACK (serve_next_state_cb), &n_requests);
  stream->pace = STREAM_HELD;
  download (transfer, fixture->client, uri, stream);
  wait_until (test_output_is_busy (stream));
  download (other, fixture->client, other_uri, other_stream);
  transfer_expect (other, CONTENT);
  test_output_release (stream);
  transfer_finish (transfer);
  g_assert_error (transfer->error, GCOAP_ERROR, GCOAP_ERROR_INVALID_BLOCK);
  g_assert_cmpuint (n_requests, ==, 3);
  g_assert_cmpuint (stream->data->len, ==, BUFFER_SIZE);
}

static void
send_block_cb (Peer           *peer,
               const Datagram *datagram,
               gpointer        user_data)
{
  answer_block (peer, datagram, CONTENT, BLOCK2, peer->n_received - 1, TRUE, 6, 1024);
}

static void
test_back_pressure (gconstpointer data)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();

  g_test_summary ("No more is asked for than there is room for");
  fixture->peer->func = send_block_cb;
  stream->pace = GPOINTER_TO_INT (data);
  download (transfer, fixture->client, uri, stream);
  for (guint i = 1; i < 4; i++)
    {
      wait_until (test_output_is_busy (stream));
      settle ();
      g_assert_cmpuint (fixture->peer->n_received, ==, i * BUFFER_SIZE / 1024);
      g_assert_cmpint (transfer->so_far, ==, i * BUFFER_SIZE);
      g_assert_cmpint (transfer->total, ==, -1);
      test_output_release (stream);
    }
  wait_until (test_output_is_busy (stream));
  g_cancellable_cancel (transfer->cancellable);
  if (stream->pace == STREAM_BLOCKED)
    test_output_release (stream);
  expect_ended (CANCEL, transfer);
}

/* A server that takes an upload, and after some blocks wants them smaller. */
typedef struct
{
  const char *name;
  gboolean    is_seekable;
  guint       n_before; /* blocks that it takes before */
  gboolean    succeeds;
} Hint;

static const Hint hints[] = {
  { "seekable/at-once", TRUE, 0, TRUE },
  { "seekable/late", TRUE, 20, TRUE },
  { "not-seekable/at-once", FALSE, 0, TRUE },
  { "not-seekable/in-the-first-part", FALSE, 2, TRUE },
  { "not-seekable/late", FALSE, 20, FALSE },
};

static void
take_block_cb (Peer           *peer,
               const Datagram *datagram,
               gpointer        user_data)
{
  const Hint *hint = user_data;
  guint n_blocks = peer->n_received - 1;
  guint n_small;

  if (n_blocks < hint->n_before)
    answer_block (peer, datagram, CONTINUE, BLOCK1, n_blocks, TRUE, 6, 0);
  else if (n_blocks == hint->n_before)
    answer_block (peer, datagram, GCOAP_CODE_REQUEST_ENTITY_TOO_LARGE, BLOCK1, n_blocks, FALSE, 4,
                  0);
  else
    {
      n_small = n_blocks - hint->n_before - 1;
      if ((n_small + 1) * 256 < LARGE)
        answer_block (peer, datagram, CONTINUE, BLOCK1, n_small, TRUE, 4, 0);
      else
        answer_block (peer, datagram, CHANGED, BLOCK1, n_small, FALSE, 4, 0);
    }
}

static void
test_smaller_blocks (gconstpointer data)
{
  const Hint *hint = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (TestInput) stream = test_input_new (LARGE);
  g_autoptr (Transfer) transfer = transfer_new ();

  g_test_summary ("RFC 7959 section 2.9.3: 4.13 with a smaller size");
  fixture->peer->func = take_block_cb;
  fixture->peer->user_data = (gpointer) hint;
  stream->is_seekable = hint->is_seekable;
  upload (transfer, fixture->client, uri, stream);
  if (hint->succeeds)
    {
      transfer_expect (transfer, CHANGED);
      g_assert_cmpuint (fixture->peer->n_received, ==, hint->n_before + 1 + (LARGE + 255) / 256);
    }
  else
    {
      transfer_finish (transfer);
      g_assert_error (transfer->error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
    }
}

static void
test_nested_progress (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (serve_body_cb), LARGE);
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();
  g_autoptr (Transfer) other = transfer_new ();
  g_autoptr (TestOutput) other_stream = test_output_new ();

  transfer->nests = TRUE;
  other->nests = TRUE;
  configure (fixture->client, "NStart=2");
  download (transfer, fixture->client, uri, stream);
  download (other, fixture->client, uri, other_stream);
  transfer_expect (transfer, CONTENT);
  transfer_expect (other, CONTENT);
  test_output_check (stream, LARGE);
  test_output_check (other_stream, LARGE);
}

static void
dropped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GCoapEndpoint **client = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCoapMessage) response =
    gcoap_endpoint_download_finish (GCOAP_ENDPOINT (source), result, &error);

  g_assert_no_error (error);
  g_assert_nonnull (response);
  g_clear_object (client);
}

static void
test_dropped (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = serve (fixture, G_CALLBACK (serve_body_cb), LARGE);
  g_autoptr (TestOutput) stream = test_output_new ();
  gpointer left = fixture->client;

  g_test_summary ("The last reference goes when the transfer is over");
  g_object_add_weak_pointer (left, &left);
  gcoap_endpoint_download_async (fixture->client, uri, G_OUTPUT_STREAM (stream), NULL, NULL, NULL,
                                 NULL, dropped_cb, &fixture->client);
  wait_until (left == NULL);
  test_output_check (stream, LARGE);
}

static void
test_own_context (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (TestOutput) stream = test_output_new ();
  g_autoptr (Transfer) transfer = transfer_new ();
  g_autoptr (GCoapEndpoint) server = NULL;
  g_autoptr (GCoapEndpoint) client = NULL;
  g_autofree char *uri = NULL;

  g_test_summary ("The streams work on the endpoint's context, and on no other");
  g_main_context_push_thread_default (context);
  server = listener_new ();
  client = gcoap_endpoint_new ();
  uri = g_strdup_printf ("coap://127.0.0.1:%u/a", gcoap_endpoint_get_local_port (server));
  g_signal_connect (server, "request::/a", G_CALLBACK (serve_body_cb), GSIZE_TO_POINTER (LARGE));
  stream->pace = STREAM_BLOCKED;
  download (transfer, client, uri, stream);
  g_main_context_pop_thread_default (context);
  while (transfer->n_ends == 0)
    {
      g_main_context_iteration (context, TRUE);
      if (test_output_is_busy (stream))
        test_output_release (stream);
    }
  g_assert_no_error (transfer->error);
  test_output_check (stream, LARGE);
  g_clear_object (&client);
  g_clear_object (&server);
  while (g_main_context_iteration (context, FALSE))
    continue;
}

/* A test for each row of a table. */
#define ADD_ALL(folder, table, func)                                                            \
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)                                              \
    {                                                                                           \
      g_autofree char *path = g_strdup_printf ("/endpoint/transfer/" folder "/%s",              \
                                               table[i].name);                                  \
                                                                                                \
      g_test_add_data_func (path, &table[i], func);                                             \
    }

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add_func ("/endpoint/transfer/" path, func)
#define ADD_DATA(path, data, func) g_test_add_data_func ("/endpoint/transfer/" path, data, func)
  ADD_ALL ("download", sizes, test_download);
  ADD ("download/larger-than-settings", test_download_larger_than_settings);
  ADD ("download/error-response", test_download_error_response);
  ADD ("download/long-error", test_download_long_error);
  ADD ("download/representation-changes", test_representation_changes);
  ADD_ALL ("upload", sizes, test_upload);
  ADD ("upload/unknown-size", test_upload_unknown_size);
  ADD ("upload/refused", test_upload_refused);
  ADD ("upload/too-large", test_upload_too_large);
  ADD_ALL ("upload/smaller-blocks", hints, test_smaller_blocks);
  ADD ("bad-uri", test_bad_uri);
  ADD ("wrong-mode", test_wrong_mode);
  ADD ("silent-peer", test_silent_peer);
  ADD ("ended/before", test_cancelled_before);
  ADD_DATA ("ended/on-its-way/cancel", GINT_TO_POINTER (CANCEL), test_ended_on_its_way);
  ADD_DATA ("ended/on-its-way/shutdown", GINT_TO_POINTER (SHUT_DOWN), test_ended_on_its_way);
  ADD_DATA ("ended/on-its-way/dispose", GINT_TO_POINTER (DISPOSE), test_ended_on_its_way);
  ADD_ALL ("ended/while-writing", interruptions, test_ended_while_writing);
  ADD_ALL ("ended/while-reading", interruptions, test_ended_while_reading);
  ADD ("ended/by-progress", test_ended_by_progress);
  ADD ("ended/after", test_cancelled_after);
  ADD_DATA ("write-fails/at-once", GSIZE_TO_POINTER (0), test_write_fails);
  ADD_DATA ("write-fails/midway", GSIZE_TO_POINTER (20000), test_write_fails);
  ADD_DATA ("write-fails/at-the-end", GSIZE_TO_POINTER (LARGE - 1), test_write_fails);
  ADD ("write-fails/to-flush", test_flush_fails);
  ADD ("closed-stream", test_closed_stream);
  ADD_DATA ("read-fails/at-once", GSIZE_TO_POINTER (0), test_read_fails);
  ADD_DATA ("read-fails/midway", GSIZE_TO_POINTER (20000), test_read_fails);
  ADD_DATA ("back-pressure/held", GINT_TO_POINTER (STREAM_HELD), test_back_pressure);
  ADD_DATA ("back-pressure/blocked", GINT_TO_POINTER (STREAM_BLOCKED), test_back_pressure);
  ADD ("nested-progress", test_nested_progress);
  ADD ("dropped", test_dropped);
  ADD ("own-context", test_own_context);
#undef ADD_DATA
#undef ADD

  return g_test_run ();
}
