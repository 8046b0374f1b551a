/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "block-peer.h"

#define BLOCK1 GCOAP_OPTION_NUMBER_BLOCK1
#define CON    GCOAP_MESSAGE_TYPE_CON
#define ACK    GCOAP_MESSAGE_TYPE_ACK
#define NON    GCOAP_MESSAGE_TYPE_NON

#define TIMEOUT (247 * SECOND)

/* Begins an upload, and leaves the server's answer to the application. */
static guint64
begin_put (CoreFixture *fixture,
           guint        host,
           GBytes      *body,
           guint        block)
{
  block_peer_put (fixture, host, body, block);

  return core_fixture_expect_event (fixture, GCOAP_EVENT_UPLOAD).id;
}

static void
collect (CoreFixture *fixture,
         guint64      id)
{
  gcoap_engine_collect (fixture->engine, id, fixture->now);
}

static void
go_on (CoreFixture *fixture,
       guint64      id)
{
  gcoap_engine_continue (fixture->engine, id, fixture->now);
}

/* Begins an upload that is collected. */
static void
begin_collected (CoreFixture *fixture,
                 guint        host,
                 GBytes      *body,
                 guint        block)
{
  collect (fixture, begin_put (fixture, host, body, block));
  block_peer_expect_continue (fixture, block);
}

static guint64
begin_streamed (CoreFixture *fixture,
                GBytes      *body,
                guint        block)
{
  guint64 id = begin_put (fixture, 2, body, block);

  go_on (fixture, id);
  block_peer_expect_continue (fixture, block);

  return id;
}

static void
expect_over (CoreFixture *fixture,
             guint64      id)
{
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_BODY_OVER).id, ==, id);
}

static void
assert_body (const GCoapEvent *event,
             GBytes           *body)
{
  g_assert_true (g_bytes_equal (gcoap_message_get_payload (event->message), body));
}

static void
test_collected (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (2500);
  g_autoptr (SentMessage) sent = NULL;
  GCoapEvent event;

  g_test_summary ("Blocks become one request with a whole body, RFC 7959 section 2.5");
  begin_collected (fixture, 2, body, BLOCK (0, 1, 6));
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 6));
  block_peer_expect_continue (fixture, BLOCK (1, 1, 6));
  core_fixture_expect_no_event (fixture);
  block_peer_put (fixture, 2, body, BLOCK (2, 0, 6));

  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  assert_body (&event, body);
  g_assert_cmpuint (event.upload, ==, 0);
  g_assert_cmpuint (gcoap_message_get_code (event.message), ==, GCOAP_METHOD_PUT);
  g_assert_false (gcoap_message_get_uint_option (event.message, BLOCK1, NULL));
  block_peer_respond (fixture, event.id, GCOAP_CODE_CHANGED, NULL);
  sent = block_peer_expect (fixture, GCOAP_CODE_CHANGED, BLOCK1, BLOCK (2, 0, 6));
  g_assert_cmpint (sent->frame.type, ==, ACK);
  g_assert_cmpmem (sent->frame.token, sent->frame.token_length, "\x00\x03", 2);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  core_fixture_expect_no_event (fixture);
}

static void
test_offer (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) block = block_peer_make_body (64);
  BlockRequest request = { .block1 = BLOCK (0, 1, 2), .payload = block, .size1 = 1 + 1000 };
  GCoapAddress remote = core_address (2), local = core_address (1);
  GCoapEvent event;

  g_test_summary ("The application sees the first block, and decides");
  block_peer_send (fixture, 2, &request);
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_UPLOAD);
  assert_body (&event, block);
  g_assert_cmpint (event.size, ==, 1000);
  g_assert_true (gcoap_address_equal (&event.remote, &remote));
  g_assert_true (gcoap_address_equal (&event.local, &local));
  core_fixture_expect_silence (fixture);
}

static void
test_options (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (32);
  g_autoptr (GBytes) first = block_peer_cut (body, BLOCK (0, 1, 0));
  g_autoptr (GBytes) last = block_peer_cut (body, BLOCK (1, 0, 0));
  BlockRequest request = {
    .block1 = BLOCK (0, 1, 0), .payload = first, .size1 = 1 + 32, .content_format = 1 + 50,
    .if_none_match = TRUE,
  };
  g_autoptr (GBytes) if_none_match = NULL;
  GCoapEvent event;

  g_test_summary ("If-None-Match of the first block is kept, RFC 7959 section 2.10");
  block_peer_send (fixture, 2, &request);
  collect (fixture, core_fixture_expect_event (fixture, GCOAP_EVENT_UPLOAD).id);
  block_peer_expect_continue (fixture, request.block1);

  request.block1 = BLOCK (1, 0, 0);
  request.payload = last;
  request.if_none_match = FALSE;
  request.size1 = 0;
  block_peer_send (fixture, 2, &request);
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  assert_body (&event, body);
  if_none_match = gcoap_message_dup_option (event.message, GCOAP_OPTION_NUMBER_IF_NONE_MATCH);
  g_assert_nonnull (if_none_match);
  g_assert_cmpint (gcoap_message_get_content_format (event.message), ==, 50);
  g_assert_false (gcoap_message_get_uint_option (event.message, GCOAP_OPTION_NUMBER_SIZE1, NULL));
}

static void
test_single (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (20);
  g_autoptr (SentMessage) sent = NULL;
  GCoapEvent event;

  g_test_summary ("A body of one block is a request at once, RFC 7959 section 2.3");
  block_peer_put (fixture, 2, body, BLOCK (0, 0, 1));
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  assert_body (&event, body);
  block_peer_respond (fixture, event.id, GCOAP_CODE_CHANGED, NULL);
  sent = block_peer_expect (fixture, GCOAP_CODE_CHANGED, BLOCK1, BLOCK (0, 0, 1));
}

static void
test_empty (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  BlockRequest request = { .block1 = BLOCK (0, 0, 0) };

  g_test_summary ("A body of one block can be empty");
  block_peer_send (fixture, 2, &request);
  g_assert_null (gcoap_message_get_payload (
    core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST).message));
}

static void
test_smaller_blocks (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new_with_block_size (64);
  g_autoptr (GBytes) body = block_peer_make_body (200);
  GCoapEvent event;

  g_test_summary ("The server can ask for smaller blocks, RFC 7959 section 2.3");
  collect (fixture, begin_put (fixture, 2, body, BLOCK (0, 1, 3)));
  block_peer_expect_continue (fixture, BLOCK (0, 1, 2));
  block_peer_put (fixture, 2, body, BLOCK (2, 1, 2));
  block_peer_expect_continue (fixture, BLOCK (2, 1, 2));
  block_peer_put (fixture, 2, body, BLOCK (3, 0, 2));
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  assert_body (&event, body);
}

static void
test_lost_answer (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (48);
  GCoapEvent event;

  g_test_summary ("An earlier block is answered once more, and changes nothing");
  begin_collected (fixture, 2, body, BLOCK (0, 1, 0));
  for (guint i = 0; i < 3; i++)
    {
      block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
      block_peer_expect_continue (fixture, BLOCK (1, 1, 0));
    }
  block_peer_put (fixture, 2, body, BLOCK (2, 0, 0));
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  assert_body (&event, body);
}

static void
test_duplicates (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (48);
  guint16 message_id;

  g_test_summary ("A duplicate of any block is answered as it was, RFC 7252 section 4.5");
  begin_collected (fixture, 2, body, BLOCK (0, 1, 0));
  fixture->n_received--;
  block_peer_put (fixture, 2, body, BLOCK (0, 1, 0));
  block_peer_expect_continue (fixture, BLOCK (0, 1, 0));
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  block_peer_expect_continue (fixture, BLOCK (1, 1, 0));
  fixture->n_received--;
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  block_peer_expect_continue (fixture, BLOCK (1, 1, 0));

  block_peer_put (fixture, 2, body, BLOCK (2, 0, 0));
  message_id = fixture->n_received;
  block_peer_respond (fixture, core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST).id,
                      GCOAP_CODE_CHANGED, NULL);
  block_peer_expect_code (fixture, GCOAP_CODE_CHANGED);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  fixture->n_received = message_id - 1;
  block_peer_put (fixture, 2, body, BLOCK (2, 0, 0));
  block_peer_expect_code (fixture, GCOAP_CODE_CHANGED);
  core_fixture_expect_no_event (fixture);
}

static void
test_gap (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);

  g_test_summary ("A gap ends the upload, RFC 7959 section 2.5");
  begin_collected (fixture, 2, body, BLOCK (0, 1, 0));
  block_peer_put (fixture, 2, body, BLOCK (2, 1, 0));
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  core_fixture_expect_no_event (fixture);
}

static void
test_half_overlap (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);

  g_test_summary ("A block that is half known does not fit");
  begin_collected (fixture, 2, body, BLOCK (0, 1, 0));
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  block_peer_expect_continue (fixture, BLOCK (1, 1, 0));
  block_peer_put (fixture, 2, body, BLOCK (2, 1, 0));
  block_peer_expect_continue (fixture, BLOCK (2, 1, 0));
  block_peer_put (fixture, 2, body, BLOCK (1, 0, 1));
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  core_fixture_expect_no_event (fixture);
}

static void
test_no_beginning (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);

  g_test_summary ("An upload begins with block 0, RFC 7959 section 2.5");
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  block_peer_put (fixture, 2, body, BLOCK (3, 0, 0));
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  core_fixture_expect_no_event (fixture);
}

static void
test_other_content_format (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (32);
  g_autoptr (GBytes) last = block_peer_cut (body, BLOCK (1, 0, 0));
  BlockRequest request = { .block1 = BLOCK (1, 0, 0), .payload = last, .content_format = 1 };

  g_test_summary ("Blocks of two formats are no body, RFC 7959 section 2.9.2");
  begin_collected (fixture, 2, body, BLOCK (0, 1, 0));
  block_peer_send (fixture, 2, &request);
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  core_fixture_expect_no_event (fixture);
}

static void
test_request_tags (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) first = block_peer_make_body (16);
  g_autoptr (GBytes) last = block_peer_make_body (2);
  const char *tags[] = { "1", "2", NULL };

  g_test_summary ("Uploads with other Request-Tags go side by side, RFC 9175 section 3.3");
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      BlockRequest request = { .block1 = BLOCK (0, 1, 0), .payload = first, .tag = tags[i] };

      block_peer_send (fixture, 2, &request);
      collect (fixture, core_fixture_expect_event (fixture, GCOAP_EVENT_UPLOAD).id);
      block_peer_expect_continue (fixture, request.block1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      BlockRequest request = { .block1 = BLOCK (1, 0, 0), .payload = last, .tag = tags[i] };

      block_peer_send (fixture, 2, &request);
      core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
    }
}

static void
test_anew (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) old = block_peer_make_body (32);
  g_autoptr (GBytes) body = g_bytes_new_static ("abcdefghijklmnopqrst", 20);
  GCoapEvent event;

  g_test_summary ("Block 0 begins the upload anew, RFC 7959 section 2.5");
  begin_collected (fixture, 2, old, BLOCK (0, 1, 0));
  begin_collected (fixture, 2, body, BLOCK (0, 1, 0));
  block_peer_put (fixture, 2, body, BLOCK (1, 0, 0));
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  assert_body (&event, body);
}

/* Requests with a block that is no good. */
typedef struct
{
  const char *name;
  guint       block1;
  gsize       length;
  guint8      code;
} BadRow;

static const BadRow bad_rows[] = {
  { "short", BLOCK (0, 1, 1), 31, GCOAP_CODE_BAD_REQUEST },
  { "long", BLOCK (0, 1, 1), 33, GCOAP_CODE_BAD_REQUEST },
  { "empty", BLOCK (0, 1, 1), 0, GCOAP_CODE_BAD_REQUEST },
  { "last-long", BLOCK (0, 0, 1), 33, GCOAP_CODE_BAD_REQUEST },
  { "reserved-size", BLOCK (0, 1, 7), 2048, GCOAP_CODE_BAD_REQUEST },
  { "reserved-size-last", BLOCK (0, 0, 7), 16, GCOAP_CODE_BAD_REQUEST },
  { "far-away", BLOCK (0xfffff, 1, 6), 1024, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE },
};

static void
test_bad_block (gconstpointer data)
{
  const BadRow *row = data;
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) payload = block_peer_make_body (row->length);
  BlockRequest request = { .block1 = row->block1, .payload = payload };

  g_test_summary ("A block must have the size that it says, RFC 7959 section 2.2");
  block_peer_send (fixture, 2, &request);
  block_peer_expect_code (fixture, row->code);
  core_fixture_expect_no_event (fixture);
}

static void
test_bad_block_in_the_midst (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (40);
  g_autoptr (GBytes) payload = block_peer_make_body (8);
  BlockRequest request = { .block1 = BLOCK (1, 1, 0), .payload = payload };
  GCoapEvent event;

  g_test_summary ("A block that is no good leaves the upload alone");
  begin_collected (fixture, 2, body, BLOCK (0, 1, 0));
  block_peer_send (fixture, 2, &request);
  block_peer_expect_code (fixture, GCOAP_CODE_BAD_REQUEST);
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  block_peer_expect_continue (fixture, BLOCK (1, 1, 0));
  block_peer_put (fixture, 2, body, BLOCK (2, 0, 0));
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  assert_body (&event, body);
}

static void
test_long_option (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("A block option that is too long is not understood, RFC 7252 section 5.4.3");
  core_fixture_receive (fixture, 2, "40 03 0001 d40e 00000008 ff 00");
  block_peer_expect_code (fixture, GCOAP_CODE_BAD_OPTION);
}

static CoreFixture *
fixture_with_max_body_size (gsize size)
{
  GCoapParameters parameters;

  gcoap_parameters_init (&parameters);
  parameters.max_body_size = size;

  return core_fixture_new_with (&parameters);
}

static void
expect_too_large (CoreFixture *fixture,
                  guint        size)
{
  g_autoptr (SentMessage) sent =
    block_peer_expect (fixture, GCOAP_CODE_REQUEST_ENTITY_TOO_LARGE, BLOCK1, 0);
  guint32 value;

  g_assert_true (block_peer_find_uint (sent, GCOAP_OPTION_NUMBER_SIZE1, &value));
  g_assert_cmpuint (value, ==, size);
}

static void
test_announced_too_large (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_max_body_size (1000);
  g_autoptr (GBytes) payload = block_peer_make_body (16);
  BlockRequest request = { .block1 = BLOCK (0, 1, 0), .payload = payload, .size1 = 1 + 1001 };

  g_test_summary ("What is announced as too large is refused at once, RFC 7959 section 2.9.3");
  block_peer_send (fixture, 2, &request);
  collect (fixture, core_fixture_expect_event (fixture, GCOAP_EVENT_UPLOAD).id);
  expect_too_large (fixture, 1000);
  request.size1 = G_MAXUINT32;
  block_peer_send (fixture, 2, &request);
  collect (fixture, core_fixture_expect_event (fixture, GCOAP_EVENT_UPLOAD).id);
  expect_too_large (fixture, 1000);
  core_fixture_expect_no_event (fixture);
}

static void
test_stream_of_any_size (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_max_body_size (20);
  g_autoptr (GBytes) body = block_peer_make_body (64);

  g_test_summary ("A body that is not kept may be of any size");
  begin_streamed (fixture, body, BLOCK (0, 1, 0));
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  go_on (fixture, core_fixture_expect_event (fixture, GCOAP_EVENT_PART).id);
  block_peer_expect_continue (fixture, BLOCK (1, 1, 0));
}

static void
test_grown_too_large (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_max_body_size (40);
  g_autoptr (GBytes) body = block_peer_make_body (64);

  g_test_summary ("What grows too large is refused, and dropped, RFC 7959 section 2.9.3");
  begin_collected (fixture, 2, body, BLOCK (0, 1, 0));
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  block_peer_expect_continue (fixture, BLOCK (1, 1, 0));
  block_peer_put (fixture, 2, body, BLOCK (2, 1, 0));
  expect_too_large (fixture, 40);
  block_peer_put (fixture, 2, body, BLOCK (2, 1, 0));
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  core_fixture_expect_no_event (fixture);
}

static void
test_single_too_large (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_max_body_size (40);
  g_autoptr (GBytes) body = block_peer_make_body (64);

  g_test_summary ("One block can be too large too");
  block_peer_put (fixture, 2, body, BLOCK (0, 0, 2));
  expect_too_large (fixture, 40);
  core_fixture_expect_no_event (fixture);
}

static void
test_streamed (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (40);
  g_autoptr (GBytes) second = block_peer_cut (body, BLOCK (1, 1, 0));
  g_autoptr (SentMessage) sent = NULL;
  guint64 id = begin_streamed (fixture, body, BLOCK (0, 1, 0));
  GCoapEvent event;

  g_test_summary ("As a stream, the application sets the pace block by block");
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_PART);
  g_assert_cmpuint (event.id, ==, id);
  g_assert_cmpuint (event.offset, ==, 16);
  g_assert_false (event.is_last);
  assert_body (&event, second);
  core_fixture_expect_silence (fixture);
  go_on (fixture, id);
  block_peer_expect_continue (fixture, BLOCK (1, 1, 0));

  block_peer_put (fixture, 2, body, BLOCK (2, 0, 0));
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_PART);
  g_assert_cmpuint (event.offset, ==, 32);
  g_assert_true (event.is_last);
  core_fixture_expect_no_event (fixture);
  go_on (fixture, id);
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  g_assert_cmpuint (event.upload, ==, id);
  g_assert_null (gcoap_message_get_payload (event.message));
  block_peer_respond (fixture, event.id, GCOAP_CODE_CREATED, NULL);
  sent = block_peer_expect (fixture, GCOAP_CODE_CREATED, BLOCK1, BLOCK (2, 0, 0));
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  core_fixture_expect_no_event (fixture);
}

static void
test_streamed_slowly (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (32);
  g_autoptr (SentMessage) sent = NULL;
  guint64 id = begin_streamed (fixture, body, BLOCK (0, 1, 0));
  guint64 request;

  g_test_summary ("A part that takes a while is answered separately, RFC 7252 section 5.2.2");
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  core_fixture_expect_event (fixture, GCOAP_EVENT_PART);
  core_fixture_advance (fixture, SECOND);
  block_peer_expect_code (fixture, 0);
  go_on (fixture, id);
  sent = block_peer_expect (fixture, GCOAP_CODE_CONTINUE, BLOCK1, BLOCK (1, 1, 0));
  g_assert_cmpint (sent->frame.type, ==, CON);
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  core_fixture_expect_no_event (fixture);

  block_peer_put (fixture, 2, body, BLOCK (2, 0, 0));
  core_fixture_expect_event (fixture, GCOAP_EVENT_PART);
  core_fixture_advance (fixture, SECOND);
  block_peer_expect_code (fixture, 0);
  go_on (fixture, id);
  request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST).id;
  block_peer_respond (fixture, request, GCOAP_CODE_CHANGED, NULL);
  block_peer_expect_code (fixture, GCOAP_CODE_CHANGED);
}

static void
test_impatient_peer (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);
  guint64 id = begin_streamed (fixture, body, BLOCK (0, 1, 0));

  g_test_summary ("A block that comes while one waits is not lost, and not taken twice");
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  core_fixture_expect_event (fixture, GCOAP_EVENT_PART);
  block_peer_put (fixture, 2, body, BLOCK (2, 1, 0));
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  core_fixture_expect_no_event (fixture);
  core_fixture_expect_silence (fixture);
  go_on (fixture, id);
  block_peer_expect_continue (fixture, BLOCK (1, 1, 0));
  fixture->n_received = 2;
  block_peer_put (fixture, 2, body, BLOCK (2, 1, 0));
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_PART).offset, ==, 32);
}

static void
test_last_part_again (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (20);
  g_autoptr (SentMessage) sent = NULL;
  guint64 id = begin_streamed (fixture, body, BLOCK (0, 1, 0));
  guint64 request;

  g_test_summary ("The last block that is sent again, with another Message ID, is the same");
  block_peer_put (fixture, 2, body, BLOCK (1, 0, 0));
  core_fixture_expect_event (fixture, GCOAP_EVENT_PART);
  block_peer_put (fixture, 2, body, BLOCK (1, 0, 0));
  core_fixture_expect_no_event (fixture);
  go_on (fixture, id);
  request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST).id;
  block_peer_respond (fixture, request, GCOAP_CODE_CHANGED, NULL);
  sent = block_peer_expect (fixture, GCOAP_CODE_CHANGED, BLOCK1, BLOCK (1, 0, 0));
  g_assert_cmpmem (sent->frame.token, sent->frame.token_length, "\x00\x03", 2);
  core_fixture_expect_silence (fixture);
}

static void
test_first_block_again (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (20);
  g_autoptr (SentMessage) sent = NULL;
  guint64 id = begin_put (fixture, 2, body, BLOCK (0, 1, 0));

  g_test_summary ("The first block that is sent again, with another Message ID, is offered once");
  block_peer_put (fixture, 2, body, BLOCK (0, 1, 0));
  core_fixture_expect_no_event (fixture);
  core_fixture_expect_silence (fixture);
  collect (fixture, id);
  sent = block_peer_expect (fixture, GCOAP_CODE_CONTINUE, BLOCK1, BLOCK (0, 1, 0));
  g_assert_cmpuint (sent->frame.message_id, ==, 2);
  core_fixture_expect_silence (fixture);
}

static void
test_streamed_anew (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);
  guint64 id = begin_streamed (fixture, body, BLOCK (0, 1, 0));

  g_test_summary ("An upload that another takes the place of is over");
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  core_fixture_expect_event (fixture, GCOAP_EVENT_PART);
  block_peer_put (fixture, 2, body, BLOCK (0, 1, 0));
  expect_over (fixture, id);
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_UPLOAD).id, !=, id);
  go_on (fixture, id);
  collect (fixture, id);
  gcoap_engine_refuse (fixture->engine, id, GCOAP_CODE_FORBIDDEN, fixture->now);
  core_fixture_expect_silence (fixture);
}

static void
test_streamed_gap (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);
  guint64 id = begin_streamed (fixture, body, BLOCK (0, 1, 0));

  g_test_summary ("A stream with a gap is over");
  block_peer_put (fixture, 2, body, BLOCK (2, 1, 0));
  expect_over (fixture, id);
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
}

static void
test_refused (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);
  guint64 id = begin_put (fixture, 2, body, BLOCK (0, 1, 0));

  g_test_summary ("The application can refuse an upload before it has come");
  gcoap_engine_refuse (fixture->engine, id, GCOAP_CODE_NOT_FOUND, fixture->now);
  block_peer_expect_code (fixture, GCOAP_CODE_NOT_FOUND);
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  core_fixture_expect_no_event (fixture);
}

static void
test_refused_in_the_midst (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);
  guint64 id = begin_streamed (fixture, body, BLOCK (0, 1, 0));

  g_test_summary ("The application can refuse a stream that it cannot take any more");
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  core_fixture_expect_event (fixture, GCOAP_EVENT_PART);
  gcoap_engine_refuse (fixture->engine, id, GCOAP_CODE_INTERNAL_SERVER_ERROR, fixture->now);
  block_peer_expect_code (fixture, GCOAP_CODE_INTERNAL_SERVER_ERROR);
  core_fixture_expect_no_event (fixture);
}

static void
test_canceled (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);
  guint64 id = begin_put (fixture, 2, body, BLOCK (0, 1, 0));

  g_test_summary ("The application can forget an upload");
  g_assert_true (core_fixture_cancel (fixture, id));
  g_assert_false (core_fixture_cancel (fixture, id));
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
}

static void
test_no_decision (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);
  guint64 id = begin_put (fixture, 2, body, BLOCK (0, 1, 0));

  g_test_summary ("An application that does not decide in time has refused");
  core_fixture_advance (fixture, 119 * SECOND);
  block_peer_expect_code (fixture, 0);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, 2 * SECOND);
  expect_over (fixture, id);
  block_peer_expect_code (fixture, GCOAP_CODE_SERVICE_UNAVAILABLE);
  core_fixture_expect_no_event (fixture);
}

static void
test_expiry (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);
  guint64 id = begin_streamed (fixture, body, BLOCK (0, 1, 0));

  g_test_summary ("An upload that does not go on is dropped");
  begin_collected (fixture, 3, body, BLOCK (0, 1, 0));
  core_fixture_advance (fixture, TIMEOUT - SECOND);
  block_peer_put (fixture, 3, body, BLOCK (1, 1, 0));
  block_peer_expect_continue (fixture, BLOCK (1, 1, 0));
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, SECOND);
  expect_over (fixture, id);
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  core_fixture_advance (fixture, TIMEOUT - 2 * SECOND);
  block_peer_put (fixture, 3, body, BLOCK (2, 1, 0));
  block_peer_expect_continue (fixture, BLOCK (2, 1, 0));
  core_fixture_advance (fixture, 1000 * SECOND);
  g_assert_cmpint (gcoap_engine_get_next_deadline (fixture->engine), ==, GCOAP_NO_DEADLINE);
}

static void
test_timeout_changed (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapParameters *parameters = gcoap_engine_get_parameters (fixture->engine);
  g_autoptr (GBytes) body = block_peer_make_body (64);
  guint64 first = begin_streamed (fixture, body, BLOCK (0, 1, 0));
  guint64 second;

  g_test_summary ("A changed timeout holds for the uploads under way and for those that follow");
  core_fixture_advance (fixture, 10 * SECOND);
  parameters->transfer_timeout = 20 * SECOND;
  gcoap_engine_apply_parameters (fixture->engine, fixture->now);
  core_fixture_advance (fixture, 10 * SECOND - 1);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, 1);
  expect_over (fixture, first);

  second = begin_streamed (fixture, body, BLOCK (0, 1, 0));
  core_fixture_advance (fixture, SECOND);
  parameters->transfer_timeout = 40 * SECOND;
  gcoap_engine_apply_parameters (fixture->engine, fixture->now);
  core_fixture_advance (fixture, 39 * SECOND - 1);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, 1);
  expect_over (fixture, second);
}

static void
test_cap_lowered (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);
  guint64 id = begin_streamed (fixture, body, BLOCK (0, 1, 0));

  g_test_summary ("A lower cap holds at once: the oldest upload goes");
  begin_collected (fixture, 3, body, BLOCK (0, 1, 0));
  gcoap_engine_get_parameters (fixture->engine)->max_transfers = 1;
  gcoap_engine_apply_parameters (fixture->engine, fixture->now);
  expect_over (fixture, id);
  core_fixture_expect_no_event (fixture);
  block_peer_put (fixture, 3, body, BLOCK (1, 1, 0));
  block_peer_expect_continue (fixture, BLOCK (1, 1, 0));
}

/* Less time than has passed already. */
static void
test_timeout_passed (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);
  guint64 first = begin_streamed (fixture, body, BLOCK (0, 1, 0));

  g_test_summary ("A timeout that is over when it is set ends the upload at once");
  core_fixture_advance (fixture, 10 * SECOND);
  begin_collected (fixture, 3, body, BLOCK (0, 1, 0));
  gcoap_engine_get_parameters (fixture->engine)->transfer_timeout = SECOND;
  gcoap_engine_apply_parameters (fixture->engine, fixture->now);
  core_fixture_advance (fixture, 0);
  expect_over (fixture, first);
  block_peer_put (fixture, 3, body, BLOCK (1, 1, 0));
  block_peer_expect_continue (fixture, BLOCK (1, 1, 0));
  core_fixture_advance (fixture, SECOND);
  block_peer_put (fixture, 3, body, BLOCK (2, 1, 0));
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
}

static void
test_eviction (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;
  g_autoptr (GBytes) body = block_peer_make_body (64);
  guint64 id;

  g_test_summary ("Above the cap the upload that was idle for longest goes");
  gcoap_parameters_init (&parameters);
  parameters.max_transfers = 2;
  fixture = core_fixture_new_with (&parameters);
  id = begin_put (fixture, 2, body, BLOCK (0, 1, 0));
  begin_collected (fixture, 3, body, BLOCK (0, 1, 0));
  block_peer_put (fixture, 4, body, BLOCK (0, 1, 0));
  core_fixture_expect_event (fixture, GCOAP_EVENT_UPLOAD);
  expect_over (fixture, id);
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  block_peer_put (fixture, 3, body, BLOCK (1, 1, 0));
  block_peer_expect_continue (fixture, BLOCK (1, 1, 0));
}

static void
test_many_stalled (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;
  g_autoptr (GBytes) body = block_peer_make_body (2048);
  guint n_left = 0;

  g_test_summary ("A thousand uploads that stall leave room for no more than the cap");
  gcoap_parameters_init (&parameters);
  parameters.transfer_cache_size = 100 * 1024;
  fixture = core_fixture_new_with (&parameters);
  for (guint host = 2; host < 1002; host++)
    begin_collected (fixture, host, body, BLOCK (0, 1, 6));

  for (guint host = 1001; host >= 2; host--)
    {
      block_peer_put (fixture, host, body, BLOCK (1, 0, 6));
      if (core_fixture_drop_sent (fixture) > 0)
        break;
      core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
      n_left++;
    }
  g_assert_cmpuint (n_left, >, 50);
  g_assert_cmpuint (n_left, <=, 100);
}

static void
test_group (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) payload = block_peer_make_body (16);
  BlockRequest request = {
    .type = NON, .block1 = BLOCK (0, 1, 0), .payload = payload, .goes_to_group = TRUE,
  };

  g_test_summary ("Nothing is uploaded to a group, RFC 7959 section 2.8");
  block_peer_send (fixture, 2, &request);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, 10 * SECOND);
  core_fixture_expect_silence (fixture);
}

static void
test_non_confirmable (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (48);

  g_test_summary ("Blocks that are Non-confirmable are answered alike, RFC 7959 section 3.2");
  for (guint number = 0; number < 3; number++)
    {
      guint block = BLOCK (number, number < 2, 0);
      g_autoptr (GBytes) payload = block_peer_cut (body, block);
      g_autoptr (SentMessage) sent = NULL;
      BlockRequest request = { .type = NON, .block1 = block, .payload = payload };
      GCoapEvent event;

      block_peer_send (fixture, 2, &request);
      if (number == 0)
        collect (fixture, core_fixture_expect_event (fixture, GCOAP_EVENT_UPLOAD).id);
      if (number == 2)
        {
          event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
          assert_body (&event, body);
          block_peer_respond (fixture, event.id, GCOAP_CODE_CONTINUE, NULL);
        }
      sent = core_fixture_expect_sent (fixture, NON, GCOAP_CODE_CONTINUE);
    }
}

static CoreFixture *
fixture_with_one_request (void)
{
  GCoapParameters parameters;

  gcoap_parameters_init (&parameters);
  parameters.max_pending_requests = 1;

  return core_fixture_new_with (&parameters);
}

static void
test_pending_cap (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_one_request ();
  g_autoptr (GBytes) body = block_peer_make_body (20);
  guint64 id;

  g_test_summary ("An upload is no request until it is complete, and its last part is not given "
                  "away if it cannot become one");
  begin_collected (fixture, 3, body, BLOCK (0, 1, 0));
  id = begin_streamed (fixture, body, BLOCK (0, 1, 0));
  block_peer_get (fixture, 2, 0);
  core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);

  block_peer_put (fixture, 3, body, BLOCK (1, 0, 0));
  block_peer_expect_code (fixture, GCOAP_CODE_SERVICE_UNAVAILABLE);
  block_peer_put (fixture, 2, body, BLOCK (1, 0, 0));
  expect_over (fixture, id);
  block_peer_expect_code (fixture, GCOAP_CODE_SERVICE_UNAVAILABLE);
  core_fixture_expect_no_event (fixture);
}

static void
test_pending_cap_late (void)
{
  g_autoptr (CoreFixture) fixture = fixture_with_one_request ();
  g_autoptr (GBytes) body = block_peer_make_body (20);
  guint64 id = begin_streamed (fixture, body, BLOCK (0, 1, 0));

  g_test_summary ("While the last part is being written another request may take the place");
  block_peer_put (fixture, 2, body, BLOCK (1, 0, 0));
  core_fixture_expect_event (fixture, GCOAP_EVENT_PART);
  block_peer_get (fixture, 2, 0);
  core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  go_on (fixture, id);
  expect_over (fixture, id);
  block_peer_expect_code (fixture, GCOAP_CODE_SERVICE_UNAVAILABLE);
  core_fixture_expect_no_event (fixture);
}

static void
test_fetch_observe (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (20);
  g_autoptr (SentMessage) sent = NULL;
  GCoapEvent event;
  guint32 observe;

  g_test_summary ("A registration can have a body in blocks");
  for (guint number = 0; number < 2; number++)
    {
      guint block = BLOCK (number, number < 1, 0);
      g_autoptr (GBytes) payload = block_peer_cut (body, block);
      BlockRequest request = {
        .code = GCOAP_METHOD_FETCH, .block1 = block, .payload = payload, .observe = 1,
      };

      block_peer_send (fixture, 2, &request);
      if (number == 0)
        collect (fixture, core_fixture_expect_event (fixture, GCOAP_EVENT_UPLOAD).id);
      core_fixture_drop_sent (fixture);
    }
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  g_assert_true (event.is_registration);
  assert_body (&event, body);
  g_assert_true (core_fixture_observe (fixture, &event, "coap://h/r"));
  block_peer_respond (fixture, event.id, CONTENT, body);
  sent = block_peer_expect (fixture, CONTENT, BLOCK1, BLOCK (1, 0, 0));
  g_assert_true (sent_message_get_observe (sent, &observe));
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
}

static void
test_engine_ends (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);

  g_test_summary ("An engine that ends in the midst of uploads leaves nothing behind");
  begin_collected (fixture, 3, body, BLOCK (0, 1, 0));
  begin_put (fixture, 4, body, BLOCK (0, 1, 0));
  begin_streamed (fixture, body, BLOCK (0, 1, 0));
  block_peer_put (fixture, 2, body, BLOCK (1, 1, 0));
}

#define ADD(path, test) g_test_add_func ("/core/server-upload/" path, test)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("collected", test_collected);
  ADD ("offer", test_offer);
  ADD ("options", test_options);
  ADD ("single", test_single);
  ADD ("empty", test_empty);
  ADD ("smaller-blocks", test_smaller_blocks);
  ADD ("lost-answer", test_lost_answer);
  ADD ("duplicates", test_duplicates);
  ADD ("gap", test_gap);
  ADD ("half-overlap", test_half_overlap);
  ADD ("no-beginning", test_no_beginning);
  ADD ("other-content-format", test_other_content_format);
  ADD ("request-tags", test_request_tags);
  ADD ("anew", test_anew);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/core/server-upload/bad-block/", bad_rows[i].name,
                                           NULL);

      g_test_add_data_func (path, &bad_rows[i], test_bad_block);
    }
  ADD ("bad-block/in-the-midst", test_bad_block_in_the_midst);
  ADD ("bad-block/long-option", test_long_option);
  ADD ("too-large/announced", test_announced_too_large);
  ADD ("too-large/grown", test_grown_too_large);
  ADD ("too-large/single", test_single_too_large);
  ADD ("too-large/stream", test_stream_of_any_size);
  ADD ("stream", test_streamed);
  ADD ("stream/slowly", test_streamed_slowly);
  ADD ("stream/impatient-peer", test_impatient_peer);
  ADD ("stream/last-part-again", test_last_part_again);
  ADD ("stream/first-block-again", test_first_block_again);
  ADD ("stream/anew", test_streamed_anew);
  ADD ("stream/gap", test_streamed_gap);
  ADD ("refused", test_refused);
  ADD ("refused/in-the-midst", test_refused_in_the_midst);
  ADD ("canceled", test_canceled);
  ADD ("no-decision", test_no_decision);
  ADD ("expiry", test_expiry);
  ADD ("cap-lowered", test_cap_lowered);
  ADD ("expiry/changed", test_timeout_changed);
  ADD ("expiry/passed", test_timeout_passed);
  ADD ("eviction", test_eviction);
  ADD ("many-stalled", test_many_stalled);
  ADD ("group", test_group);
  ADD ("non-confirmable", test_non_confirmable);
  ADD ("pending-cap", test_pending_cap);
  ADD ("pending-cap/late", test_pending_cap_late);
  ADD ("fetch-observe", test_fetch_observe);
  ADD ("engine-ends", test_engine_ends);

  return g_test_run ();
}
