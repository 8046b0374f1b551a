/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "block-peer.h"

#define BLOCK2 GCOAP_OPTION_NUMBER_BLOCK2
#define SIZE2  GCOAP_OPTION_NUMBER_SIZE2
#define URI    "coap://h/r"

static GCoapEvent
expect_request (CoreFixture *fixture)
{
  return core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
}

/* A request that the application answers with the body. */
static void
answer_get (CoreFixture *fixture,
            guint        host,
            guint        block2,
            GBytes      *body)
{
  block_peer_get (fixture, host, block2);
  block_peer_respond (fixture, expect_request (fixture).id, CONTENT, body);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
}

static void
expect_slice (CoreFixture *fixture,
              guint        block,
              GBytes      *body,
              gsize        offset)
{
  g_autoptr (SentMessage) sent = block_peer_expect (fixture, CONTENT, BLOCK2, block);

  block_peer_assert_slice (sent, body, offset);
  if (block & 8)
    g_assert_cmpuint (sent->frame.payload_length, ==, 16 << (block & 7));
}

static void
test_blocks (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (2500);
  g_autofree char *etag = NULL;
  guint32 size;

  g_test_summary ("A large response goes block by block, RFC 7959 section 2.4");
  answer_get (fixture, 2, 0, body);
  for (guint number = 0; number < 3; number++)
    {
      guint block = BLOCK (number, number < 2, 6);
      g_autoptr (SentMessage) sent = NULL;
      g_autofree char *other_etag = NULL;

      if (number > 0)
        block_peer_get (fixture, 2, BLOCK (number, 0, 6));
      sent = block_peer_expect (fixture, CONTENT, BLOCK2, block);
      block_peer_assert_slice (sent, body, number * 1024);
      g_assert_cmpuint (sent->frame.payload_length, ==, MIN (1024, 2500 - number * 1024));
      g_assert_cmpint (block_peer_find_uint (sent, SIZE2, &size), ==, number == 0);
      other_etag = block_peer_dup_etag (sent);
      if (number == 0)
        etag = g_strdup (other_etag);
      g_assert_cmpuint (strlen (etag), ==, 16);
      g_assert_cmpstr (other_etag, ==, etag);
    }
  g_assert_cmpuint (size, ==, 2500);
  core_fixture_expect_no_event (fixture);
}

static void
test_small (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (1024);
  g_autoptr (SentMessage) sent = NULL;
  guint32 size;

  g_test_summary ("A body of one block needs no option, unless blocks were asked for");
  answer_get (fixture, 2, 0, body);
  sent = block_peer_expect (fixture, CONTENT, BLOCK2, 0);
  g_assert_null (block_peer_dup_etag (sent));
  g_assert_false (block_peer_find_uint (sent, SIZE2, &size));
  answer_get (fixture, 2, BLOCK (0, 0, 6), body);
  expect_slice (fixture, BLOCK (0, 0, 6), body, 0);
}

static void
test_empty (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("A response without a body has no block");
  answer_get (fixture, 2, BLOCK (0, 0, 6), NULL);
  sent = block_peer_expect (fixture, CONTENT, BLOCK2, 0);
  g_assert_cmpuint (sent->frame.payload_length, ==, 0);
}

static void
test_small_blocks (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (100);

  g_test_summary ("The client can ask for smaller blocks, RFC 7959 section 2.4");
  answer_get (fixture, 2, BLOCK (0, 0, 1), body);
  expect_slice (fixture, BLOCK (0, 1, 1), body, 0);
  block_peer_get (fixture, 2, BLOCK (1, 0, 1));
  expect_slice (fixture, BLOCK (1, 1, 1), body, 32);
  block_peer_get (fixture, 2, BLOCK (4, 0, 0));
  expect_slice (fixture, BLOCK (4, 1, 0), body, 64);
}

static void
test_large_blocks (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new_with_block_size (64);
  g_autoptr (GBytes) body = block_peer_make_body (1000);

  g_test_summary ("Blocks larger than ours are not sent, but the place is kept");
  answer_get (fixture, 2, BLOCK (0, 0, 6), body);
  expect_slice (fixture, BLOCK (0, 1, 2), body, 0);
  block_peer_get (fixture, 2, BLOCK (1, 0, 4));
  expect_slice (fixture, BLOCK (4, 1, 2), body, 256);
  block_peer_get (fixture, 2, BLOCK (15, 0, 2));
  expect_slice (fixture, BLOCK (15, 0, 2), body, 960);
}

static void
test_any_order (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (100);
  static const guint numbers[] = { 3, 1, 5, 1, 2 };

  g_test_summary ("Blocks can be asked for in any order, RFC 7959 section 2.4");
  answer_get (fixture, 2, BLOCK (0, 0, 0), body);
  core_fixture_drop_sent (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      block_peer_get (fixture, 2, BLOCK (numbers[i], 0, 0));
      expect_slice (fixture, BLOCK (numbers[i], 1, 0), body, numbers[i] * 16);
    }
  core_fixture_expect_no_event (fixture);
}

static void
test_duplicates (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (40);

  g_test_summary ("A duplicate of any request is answered as it was, RFC 7252 section 4.5");
  for (guint number = 0; number < 3; number++)
    for (guint i = 0; i < 2; i++)
      {
        fixture->n_received = number;
        if (number == 0 && i == 0)
          answer_get (fixture, 2, BLOCK (0, 0, 0), body);
        else
          block_peer_get (fixture, 2, BLOCK (number, 0, 0));
        expect_slice (fixture, BLOCK (number, number < 2, 0), body, number * 16);
      }
  core_fixture_expect_no_event (fixture);
}

static void
test_beyond (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (32);

  g_test_summary ("There is no block beyond the end");
  answer_get (fixture, 2, BLOCK (0, 0, 0), body);
  core_fixture_drop_sent (fixture);
  block_peer_get (fixture, 2, BLOCK (2, 0, 0));
  block_peer_expect_code (fixture, GCOAP_CODE_BAD_REQUEST);
  block_peer_get (fixture, 2, BLOCK (0xfffff, 0, 6));
  block_peer_expect_code (fixture, GCOAP_CODE_BAD_REQUEST);
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  expect_slice (fixture, BLOCK (1, 0, 0), body, 16);
}

static void
test_number_does_not_fit (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new_with_block_size (16);
  g_autoptr (GBytes) body = block_peer_make_body (64);

  g_test_summary ("A place that has no number in our size is beyond the end");
  block_peer_get (fixture, 2, BLOCK (0xfffff, 0, 6));
  block_peer_respond (fixture, expect_request (fixture).id, CONTENT, body);
  block_peer_expect_code (fixture, GCOAP_CODE_BAD_REQUEST);
}

static void
test_reserved_size (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("The reserved size is an error, RFC 7959 section 2.2");
  block_peer_get (fixture, 2, BLOCK (0, 0, 7));
  block_peer_expect_code (fixture, GCOAP_CODE_BAD_REQUEST);
  core_fixture_expect_no_event (fixture);
}

static void
test_fresh (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) old = block_peer_make_body (64);
  g_autoptr (GBytes) body = g_bytes_new_static ("abcdefghijklmnopqrst", 20);

  g_test_summary ("Block 0 is always of what is there now");
  answer_get (fixture, 2, BLOCK (0, 0, 0), old);
  core_fixture_drop_sent (fixture);
  answer_get (fixture, 2, BLOCK (0, 0, 0), body);
  expect_slice (fixture, BLOCK (0, 1, 0), body, 0);
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  expect_slice (fixture, BLOCK (1, 0, 0), body, 16);
}

static void
test_no_entry (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);
  BlockRequest request = { .code = GCOAP_METHOD_POST, .block2 = BLOCK (2, 0, 0) };

  g_test_summary ("What was not kept is asked of the application, if that is safe");
  answer_get (fixture, 2, BLOCK (2, 0, 0), body);
  expect_slice (fixture, BLOCK (2, 1, 0), body, 32);
  block_peer_get (fixture, 2, BLOCK (3, 0, 0));
  expect_slice (fixture, BLOCK (3, 0, 0), body, 48);
  core_fixture_expect_no_event (fixture);

  block_peer_send (fixture, 2, &request);
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  core_fixture_expect_no_event (fixture);
}

static void
test_error_without_entry (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) text = g_bytes_new_static ("There is no such thing here", 27);
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("An error answers the request, whatever block that asks for");
  block_peer_get (fixture, 2, BLOCK (2, 0, 2));
  block_peer_respond (fixture, expect_request (fixture).id, GCOAP_CODE_NOT_FOUND, text);
  sent = block_peer_expect (fixture, GCOAP_CODE_NOT_FOUND, BLOCK2, BLOCK (0, 0, 2));
  block_peer_assert_slice (sent, text, 0);
}

static void
test_large_error (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) text = block_peer_make_body (1500);
  g_autoptr (SentMessage) first = NULL, second = NULL;

  g_test_summary ("An error can have a large body too");
  block_peer_get (fixture, 2, 0);
  block_peer_respond (fixture, expect_request (fixture).id, GCOAP_CODE_NOT_FOUND, text);
  first = block_peer_expect (fixture, GCOAP_CODE_NOT_FOUND, BLOCK2, BLOCK (0, 1, 6));
  block_peer_get (fixture, 2, BLOCK (1, 0, 6));
  second = block_peer_expect (fixture, GCOAP_CODE_NOT_FOUND, BLOCK2, BLOCK (1, 0, 6));
  block_peer_assert_slice (second, text, 1024);
}

static char *
dup_etag_of (guint       content_format,
             const char *own,
             GBytes     *body)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) sent = NULL;
  GCoapFrame response = { .code = CONTENT };
  GCoapOptions options;

  gcoap_options_init (&options);
  if (own != NULL)
    gcoap_options_add (&options, GCOAP_OPTION_NUMBER_ETAG, own, strlen (own));
  gcoap_options_add_uint (&options, GCOAP_OPTION_NUMBER_CONTENT_FORMAT, content_format);
  response.options = options.data;
  response.options_length = options.length;
  block_peer_get (fixture, 2, 0);
  gcoap_engine_respond (fixture->engine, expect_request (fixture).id, &response, body, TRUE,
                        fixture->now);
  gcoap_options_clear (&options);
  sent = core_fixture_pop_sent (fixture);

  return block_peer_dup_etag (sent);
}

static void
test_etag (void)
{
  g_autoptr (GBytes) body = block_peer_make_body (2000);
  g_autoptr (GBytes) other = block_peer_make_body (2001);
  g_autofree char *etag = dup_etag_of (50, NULL, body);
  g_autofree char *again = dup_etag_of (50, NULL, body);
  g_autofree char *of_other_format = dup_etag_of (60, NULL, body);
  g_autofree char *of_other_body = dup_etag_of (50, NULL, other);
  g_autofree char *own = dup_etag_of (50, "ab", body);

  g_test_summary ("The ETag is that of the application, or else says what the body is");
  g_assert_cmpstr (etag, ==, again);
  g_assert_cmpstr (etag, !=, of_other_format);
  g_assert_cmpstr (etag, !=, of_other_body);
  g_assert_cmpstr (own, ==, "6162");
}

static void
test_size2 (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (64);
  BlockRequest request = { .block2 = BLOCK (1, 0, 0), .wants_size2 = TRUE };
  g_autoptr (SentMessage) sent = NULL;
  guint32 size;

  g_test_summary ("Size2 is told whenever it is asked for, RFC 7959 section 4");
  answer_get (fixture, 2, BLOCK (0, 0, 0), body);
  core_fixture_drop_sent (fixture);
  block_peer_send (fixture, 2, &request);
  sent = block_peer_expect (fixture, CONTENT, BLOCK2, BLOCK (1, 1, 0));
  g_assert_true (block_peer_find_uint (sent, SIZE2, &size));
  g_assert_cmpuint (size, ==, 64);
}

static void
test_after_upload (gconstpointer data)
{
  guint8 code = GPOINTER_TO_UINT (data);
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) upload = block_peer_make_body (20);
  g_autoptr (GBytes) body = block_peer_make_body (50);
  g_autoptr (SentMessage) sent = NULL;
  guint32 block1;

  g_test_summary ("Request and response can both go in blocks, RFC 7959 section 2.7");
  for (guint number = 0; number < 2; number++)
    {
      guint block = BLOCK (number, number < 1, 0);
      g_autoptr (GBytes) payload = block_peer_cut (upload, block);
      BlockRequest request = {
        .code = code, .block1 = block, .payload = payload, .tag = "1",
        .content_format = 1 + 50, .block2 = number == 1 ? BLOCK (0, 0, 1) : 0,
      };

      block_peer_send (fixture, 2, &request);
      if (number == 0)
        gcoap_engine_collect (fixture->engine,
                              core_fixture_expect_event (fixture, GCOAP_EVENT_UPLOAD).id,
                              fixture->now);
      core_fixture_drop_sent (fixture);
    }
  block_peer_respond (fixture, expect_request (fixture).id, CONTENT, body);
  sent = block_peer_expect (fixture, CONTENT, BLOCK2, BLOCK (0, 1, 1));
  g_assert_true (block_peer_find_uint (sent, GCOAP_OPTION_NUMBER_BLOCK1, &block1));
  g_assert_cmphex (block1, ==, 1 << 4);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);

  block_peer_send (fixture, 2, &(BlockRequest) {
    .code = code, .block2 = BLOCK (1, 0, 1),
  });
  expect_slice (fixture, BLOCK (1, 0, 1), body, 32);
  core_fixture_expect_no_event (fixture);
}

static void
test_fetch (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) query = g_bytes_new_static ("q", 1);
  g_autoptr (GBytes) other = g_bytes_new_static ("o", 1);
  g_autoptr (GBytes) body = block_peer_make_body (50);
  BlockRequest request = {
    .code = GCOAP_METHOD_FETCH, .payload = query, .block2 = BLOCK (0, 0, 0),
  };

  g_test_summary ("What a FETCH asks for is in its payload, RFC 8132 section 2.1");
  block_peer_send (fixture, 2, &request);
  block_peer_respond (fixture, expect_request (fixture).id, CONTENT, body);
  core_fixture_drop_sent (fixture);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  request.block2 = BLOCK (1, 0, 0);
  block_peer_send (fixture, 2, &request);
  expect_slice (fixture, BLOCK (1, 1, 0), body, 16);
  request.payload = other;
  block_peer_send (fixture, 2, &request);
  expect_request (fixture);
}

static void
test_too_large (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new_with_block_size (16);
  g_autoptr (GBytes) body = block_peer_make_body ((16 << 20) + 1);

  g_test_summary ("A body that has more blocks than there are numbers cannot be sent");
  answer_get (fixture, 2, 0, body);
  block_peer_expect_code (fixture, GCOAP_CODE_INTERNAL_SERVER_ERROR);
}

static void
test_group (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (50);
  BlockRequest request = {
    .type = GCOAP_MESSAGE_TYPE_NON, .block2 = BLOCK (0, 0, 1), .goes_to_group = TRUE,
  };

  g_test_summary ("A group is asked for block 0 only, RFC 7959 section 2.8");
  block_peer_send (fixture, 2, &request);
  block_peer_respond (fixture, expect_request (fixture).id, CONTENT, body);
  core_fixture_advance (fixture, 5 * SECOND);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  expect_slice (fixture, BLOCK (0, 1, 1), body, 0);
  block_peer_get (fixture, 2, BLOCK (1, 0, 1));
  expect_slice (fixture, BLOCK (1, 0, 1), body, 32);

  request.block2 = BLOCK (1, 0, 1);
  block_peer_send (fixture, 2, &request);
  core_fixture_expect_no_event (fixture);
  core_fixture_expect_silence (fixture);
}

static void
test_endpoints (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (50);

  g_test_summary ("What one client was answered is not shown to another");
  answer_get (fixture, 2, BLOCK (0, 0, 0), body);
  core_fixture_drop_sent (fixture);
  block_peer_get (fixture, 3, BLOCK (1, 0, 0));
  expect_request (fixture);
}

static void
test_expiry (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (50);

  g_test_summary ("A response that is not asked for any more is dropped");
  answer_get (fixture, 2, BLOCK (0, 0, 0), body);
  core_fixture_drop_sent (fixture);
  core_fixture_advance (fixture, 92 * SECOND);
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  expect_slice (fixture, BLOCK (1, 1, 0), body, 16);
  core_fixture_advance (fixture, 247 * SECOND);
  block_peer_get (fixture, 2, BLOCK (2, 0, 0));
  expect_request (fixture);
}

static void
test_eviction (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;
  g_autoptr (GBytes) body = block_peer_make_body (50 * 1024);

  g_test_summary ("Above the cap the response that was idle for longest goes");
  gcoap_parameters_init (&parameters);
  parameters.transfer_cache_size = 120 * 1024;
  fixture = core_fixture_new_with (&parameters);
  for (guint host = 2; host < 5; host++)
    {
      g_autoptr (GBytes) copy = g_bytes_new (g_bytes_get_data (body, NULL), 50 * 1024);

      answer_get (fixture, host, 0, copy);
    }
  core_fixture_drop_sent (fixture);
  block_peer_get (fixture, 2, BLOCK (1, 0, 6));
  expect_request (fixture);
  block_peer_get (fixture, 3, BLOCK (1, 0, 6));
  expect_slice (fixture, BLOCK (1, 1, 6), body, 1024);
}

static void
register_observer (CoreFixture *fixture,
                   guint        host,
                   guint        block2,
                   GBytes      *body)
{
  BlockRequest request = { .observe = 1, .block2 = block2 };
  GCoapEvent event;

  block_peer_send (fixture, host, &request);
  event = expect_request (fixture);
  g_assert_true (core_fixture_observe (fixture, &event, URI));
  block_peer_respond (fixture, event.id, CONTENT, body);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
}

static void
notify (CoreFixture *fixture,
        guint8       code,
        GBytes      *body)
{
  GCoapFrame state = { .code = code };

  g_assert_true (gcoap_engine_notify (fixture->engine, URI, &state, body, FALSE, fixture->now));
  core_fixture_advance (fixture, 0);
}

static void
expect_notification (CoreFixture *fixture,
                     guint        block,
                     GBytes      *body)
{
  g_autoptr (SentMessage) sent = block_peer_expect (fixture, CONTENT, BLOCK2, block);
  g_autofree char *etag = block_peer_dup_etag (sent);
  guint32 value;

  g_assert_true (sent_message_get_observe (sent, &value));
  g_assert_true (block_peer_find_uint (sent, SIZE2, &value));
  g_assert_cmpuint (value, ==, g_bytes_get_size (body));
  g_assert_nonnull (etag);
  block_peer_assert_slice (sent, body, 0);
}

static void
test_registration (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (1500);

  g_test_summary ("The answer to a registration can be large, RFC 7959 section 2.6");
  register_observer (fixture, 2, 0, body);
  expect_notification (fixture, BLOCK (0, 1, 6), body);
  block_peer_get (fixture, 2, BLOCK (1, 0, 6));
  expect_slice (fixture, BLOCK (1, 0, 6), body, 1024);
  core_fixture_expect_no_event (fixture);
}

static void
test_notification (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (1500);
  g_autoptr (GBytes) small = block_peer_make_body (5);

  g_test_summary ("A large notification is its first block, RFC 7959 section 2.6");
  register_observer (fixture, 2, 0, NULL);
  register_observer (fixture, 3, BLOCK (0, 0, 4), NULL);
  core_fixture_drop_sent (fixture);
  notify (fixture, CONTENT, body);
  expect_notification (fixture, BLOCK (0, 1, 6), body);
  expect_notification (fixture, BLOCK (0, 1, 4), body);
  block_peer_get (fixture, 2, BLOCK (1, 0, 6));
  expect_slice (fixture, BLOCK (1, 0, 6), body, 1024);
  block_peer_get (fixture, 3, BLOCK (5, 0, 4));
  expect_slice (fixture, BLOCK (5, 0, 4), body, 1280);
  core_fixture_expect_no_event (fixture);

  notify (fixture, CONTENT, small);
  for (guint host = 2; host < 4; host++)
    {
      g_autoptr (SentMessage) notification = block_peer_expect (fixture, CONTENT, BLOCK2, 0);

      block_peer_assert_slice (notification, small, 0);
      g_assert_cmpuint (notification->frame.payload_length, ==, 5);
    }
}

static void
test_newer_notification (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) old = block_peer_make_body (3000);
  g_autoptr (GBytes) body = block_peer_make_body (2000);

  g_test_summary ("Blocks are of the state that was sent last, RFC 7959 section 2.6");
  register_observer (fixture, 2, 0, old);
  expect_notification (fixture, BLOCK (0, 1, 6), old);
  notify (fixture, CONTENT, body);
  expect_notification (fixture, BLOCK (0, 1, 6), body);
  block_peer_get (fixture, 2, BLOCK (1, 0, 6));
  expect_slice (fixture, BLOCK (1, 0, 6), body, 1024);
}

static void
test_observer_stays (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (1500);
  BlockRequest request = { .block2 = BLOCK (1, 0, 6), .observe = 1 };

  g_test_summary ("Who asks for later blocks is an observer as before, RFC 7959 section 2.6");
  register_observer (fixture, 2, 0, NULL);
  core_fixture_drop_sent (fixture);
  fixture->n_received = 0;
  request.message_id = 1;
  block_peer_send (fixture, 2, &request);
  g_assert_false (expect_request (fixture).is_registration);
  request.observe = 0;
  block_peer_send (fixture, 2, &request);
  block_peer_respond (fixture, expect_request (fixture).id, CONTENT, body);
  core_fixture_drop_sent (fixture);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  core_fixture_expect_no_event (fixture);
  notify (fixture, CONTENT, body);
  expect_notification (fixture, BLOCK (0, 1, 6), body);
}

static void
test_many_observers (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;
  g_autoptr (GBytes) body = block_peer_make_body (1500);
  g_autoptr (GBytes) kept = block_peer_make_body (2500);

  g_test_summary ("States for observers take no other transfer's place");
  gcoap_parameters_init (&parameters);
  parameters.max_transfers = 3;
  fixture = core_fixture_new_with (&parameters);
  answer_get (fixture, 100, 0, kept);
  for (guint host = 2; host < 8; host++)
    register_observer (fixture, host, 0, NULL);
  core_fixture_drop_sent (fixture);
  notify (fixture, CONTENT, body);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 6);
  block_peer_get (fixture, 100, BLOCK (1, 0, 6));
  expect_slice (fixture, BLOCK (1, 1, 6), kept, 1024);
  block_peer_get (fixture, 3, BLOCK (1, 0, 6));
  expect_slice (fixture, BLOCK (1, 0, 6), body, 1024);
  block_peer_get (fixture, 7, BLOCK (1, 0, 6));
  expect_request (fixture);
}

static void
test_last_state (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) text = block_peer_make_body (1500);
  g_autoptr (SentMessage) first = NULL, second = NULL;
  guint32 observe;

  g_test_summary ("The last state can be large");
  register_observer (fixture, 2, 0, NULL);
  core_fixture_drop_sent (fixture);
  notify (fixture, GCOAP_CODE_NOT_FOUND, text);
  core_fixture_expect_event (fixture, GCOAP_EVENT_UNREGISTERED);
  first = block_peer_expect (fixture, GCOAP_CODE_NOT_FOUND, BLOCK2, BLOCK (0, 1, 6));
  g_assert_false (sent_message_get_observe (first, &observe));
  block_peer_get (fixture, 2, BLOCK (1, 0, 6));
  second = block_peer_expect (fixture, GCOAP_CODE_NOT_FOUND, BLOCK2, BLOCK (1, 0, 6));
  block_peer_assert_slice (second, text, 1024);
}

#define ADD(path, test) g_test_add_func ("/core/server-blocks/" path, test)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("blocks", test_blocks);
  ADD ("small", test_small);
  ADD ("empty", test_empty);
  ADD ("small-blocks", test_small_blocks);
  ADD ("large-blocks", test_large_blocks);
  ADD ("any-order", test_any_order);
  ADD ("duplicates", test_duplicates);
  ADD ("beyond", test_beyond);
  ADD ("number-does-not-fit", test_number_does_not_fit);
  ADD ("reserved-size", test_reserved_size);
  ADD ("fresh", test_fresh);
  ADD ("no-entry", test_no_entry);
  ADD ("no-entry/error", test_error_without_entry);
  ADD ("large-error", test_large_error);
  ADD ("etag", test_etag);
  ADD ("size2", test_size2);
  g_test_add_data_func ("/core/server-blocks/after-upload/post",
                        GUINT_TO_POINTER (GCOAP_METHOD_POST), test_after_upload);
  g_test_add_data_func ("/core/server-blocks/after-upload/fetch",
                        GUINT_TO_POINTER (GCOAP_METHOD_FETCH), test_after_upload);
  ADD ("fetch", test_fetch);
  ADD ("too-large", test_too_large);
  ADD ("group", test_group);
  ADD ("endpoints", test_endpoints);
  ADD ("expiry", test_expiry);
  ADD ("eviction", test_eviction);
  ADD ("observe/registration", test_registration);
  ADD ("observe/notification", test_notification);
  ADD ("observe/newer", test_newer_notification);
  ADD ("observe/observer-stays", test_observer_stays);
  ADD ("observe/many", test_many_observers);
  ADD ("observe/last-state", test_last_state);

  return g_test_run ();
}
