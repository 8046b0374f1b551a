/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "block-peer.h"

#define BLOCK2 GCOAP_OPTION_NUMBER_BLOCK2

/* A request that is answered with a stream; the first part is wanted then. */
static guint64
answer_get (CoreFixture *fixture,
            guint        block2,
            gint64       size)
{
  GCoapFrame response = { .code = CONTENT };
  GCoapEvent request;
  guint64 id;

  block_peer_get (fixture, 2, block2);
  request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  id = gcoap_engine_respond_with_stream (fixture->engine, request.id, &response, size, TRUE,
                                         fixture->now);
  g_assert_cmpuint (id, !=, 0);
  core_fixture_expect_silence (fixture);

  return id;
}

static void
expect_wanted (CoreFixture *fixture,
               guint64      id,
               gsize        offset)
{
  GCoapEvent event = core_fixture_expect_event (fixture, GCOAP_EVENT_PART_WANTED);

  g_assert_cmpuint (event.id, ==, id);
  g_assert_cmpuint (event.offset, ==, offset);
}

static void
supply (CoreFixture *fixture,
        guint64      id,
        GBytes      *body,
        gsize        offset,
        gsize        length)
{
  gsize size = g_bytes_get_size (body);
  gsize end = MIN (offset + length, size);
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (body, offset, end - offset);

  gcoap_engine_supply (fixture->engine, id, part, offset, end == size, fixture->now);
}

static void
expect_slice (CoreFixture *fixture,
              guint        block,
              GBytes      *body,
              gsize        offset)
{
  g_autoptr (SentMessage) sent = block_peer_expect (fixture, CONTENT, BLOCK2, block);

  block_peer_assert_slice (sent, body, offset);
}

static void
expect_over (CoreFixture *fixture,
             guint64      id)
{
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_BODY_OVER).id, ==, id);
  core_fixture_expect_no_event (fixture);
}

static void
expect_sent (CoreFixture *fixture)
{
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
}

/* The stream has answered its request, with a block of 16 bytes. */
static guint64
begin (CoreFixture *fixture,
       GBytes      *body)
{
  guint64 id = answer_get (fixture, BLOCK (0, 0, 0), -1);

  expect_wanted (fixture, id, 0);
  supply (fixture, id, body, 0, 17);
  expect_slice (fixture, BLOCK (0, 1, 0), body, 0);
  expect_sent (fixture);

  return id;
}

static void
test_parts (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (2500);
  guint64 id = answer_get (fixture, 0, 2500);
  g_autoptr (SentMessage) first = NULL;
  guint32 size;

  g_test_summary ("A stream is read part by part, as its blocks are asked for");
  expect_wanted (fixture, id, 0);
  supply (fixture, id, body, 0, 1025);
  first = block_peer_expect (fixture, CONTENT, BLOCK2, BLOCK (0, 1, 6));
  g_assert_true (block_peer_find_uint (first, GCOAP_OPTION_NUMBER_SIZE2, &size));
  g_assert_cmpuint (size, ==, 2500);
  expect_sent (fixture);
  core_fixture_expect_no_event (fixture);

  block_peer_get (fixture, 2, BLOCK (1, 0, 6));
  expect_wanted (fixture, id, 1024);
  supply (fixture, id, body, 1024, 1025);
  expect_slice (fixture, BLOCK (1, 1, 6), body, 1024);
  block_peer_get (fixture, 2, BLOCK (2, 0, 6));
  expect_wanted (fixture, id, 2048);
  supply (fixture, id, body, 2048, 1025);
  expect_slice (fixture, BLOCK (2, 0, 6), body, 2048);
  expect_over (fixture, id);
}

static void
test_large_part (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  guint64 id = answer_get (fixture, BLOCK (0, 0, 0), -1);

  g_test_summary ("A part can hold several blocks");
  expect_wanted (fixture, id, 0);
  supply (fixture, id, body, 0, 40);
  expect_slice (fixture, BLOCK (0, 1, 0), body, 0);
  expect_sent (fixture);
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  expect_slice (fixture, BLOCK (1, 1, 0), body, 16);
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  expect_slice (fixture, BLOCK (1, 1, 0), body, 16);
  block_peer_get (fixture, 2, BLOCK (2, 0, 0));
  expect_wanted (fixture, id, 32);
}

static void
test_small (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  guint64 id = answer_get (fixture, 0, -1);

  g_test_summary ("A stream that fits into one block is one message");
  expect_wanted (fixture, id, 0);
  supply (fixture, id, body, 0, 100);
  expect_slice (fixture, 0, body, 0);
  expect_sent (fixture);
  expect_over (fixture, id);
}

static void
test_empty (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = answer_get (fixture, 0, -1);

  g_test_summary ("A stream can be empty");
  expect_wanted (fixture, id, 0);
  gcoap_engine_supply (fixture->engine, id, NULL, 0, TRUE, fixture->now);
  block_peer_expect_code (fixture, CONTENT);
  expect_sent (fixture);
  expect_over (fixture, id);
}

static void
test_short_part (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  guint64 id = answer_get (fixture, BLOCK (0, 0, 0), -1);

  g_test_summary ("A part that is too short is asked for again");
  expect_wanted (fixture, id, 0);
  supply (fixture, id, body, 0, 16);
  core_fixture_expect_silence (fixture);
  expect_wanted (fixture, id, 0);
  supply (fixture, id, body, 0, 17);
  expect_slice (fixture, BLOCK (0, 1, 0), body, 0);
}

static void
test_unasked (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  guint64 id = answer_get (fixture, BLOCK (0, 0, 0), -1);

  g_test_summary ("A part that nobody has asked for is dropped");
  expect_wanted (fixture, id, 0);
  supply (fixture, id, body, 16, 17);
  supply (fixture, id + 1, body, 0, 17);
  core_fixture_expect_silence (fixture);
  supply (fixture, id, body, 0, 17);
  expect_slice (fixture, BLOCK (0, 1, 0), body, 0);
  supply (fixture, id, body, 16, 17);
  core_fixture_expect_silence (fixture);
}

static void
test_unreadable (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = answer_get (fixture, 0, -1);

  g_test_summary ("A stream that cannot be read is an error of the server");
  expect_wanted (fixture, id, 0);
  gcoap_engine_supply (fixture->engine, id, NULL, 0, FALSE, fixture->now);
  block_peer_expect_code (fixture, GCOAP_CODE_INTERNAL_SERVER_ERROR);
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_BODY_OVER).id, ==, id);
  expect_sent (fixture);
}

static void
test_unreadable_later (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  guint64 id = begin (fixture, body);

  g_test_summary ("A stream that cannot be read any further is incomplete");
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  expect_wanted (fixture, id, 16);
  gcoap_engine_supply (fixture->engine, id, NULL, 16, FALSE, fixture->now);
  block_peer_expect_code (fixture, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  expect_over (fixture, id);
}

static void
test_late (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (body, 32, 28);
  guint64 id = begin (fixture, body);

  g_test_summary ("A request that was long on its way does not end a stream that cannot go back");
  block_peer_get (fixture, 2, BLOCK (2, 0, 0));
  expect_wanted (fixture, id, 32);
  gcoap_engine_supply (fixture->engine, id, part, 32, TRUE, fixture->now);
  block_peer_expect_code (fixture, GCOAP_CODE_CONTENT);
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  expect_wanted (fixture, id, 16);
  gcoap_engine_supply (fixture->engine, id, NULL, 16, FALSE, fixture->now);
  core_fixture_expect_silence (fixture);
  block_peer_get (fixture, 2, BLOCK (3, 0, 0));
  block_peer_expect_code (fixture, GCOAP_CODE_CONTENT);
  expect_over (fixture, id);
}

static void
test_beyond (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  guint64 id = begin (fixture, body);

  g_test_summary ("A stream has no block beyond its end");
  block_peer_get (fixture, 2, BLOCK (9, 0, 0));
  expect_wanted (fixture, id, 144);
  gcoap_engine_supply (fixture->engine, id, NULL, 144, TRUE, fixture->now);
  block_peer_expect_code (fixture, GCOAP_CODE_BAD_REQUEST);
}

static void
test_beyond_known (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  guint64 id = answer_get (fixture, BLOCK (0, 0, 0), 60);

  g_test_summary ("Of a stream of known size nothing is asked that it does not have");
  expect_wanted (fixture, id, 0);
  supply (fixture, id, body, 0, 17);
  expect_slice (fixture, BLOCK (0, 1, 0), body, 0);
  expect_sent (fixture);
  block_peer_get (fixture, 2, BLOCK (4, 0, 0));
  block_peer_expect_code (fixture, GCOAP_CODE_BAD_REQUEST);
  core_fixture_expect_no_event (fixture);
}

static void
test_asked_again (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  g_autoptr (SentMessage) sent = NULL;
  guint64 id = begin (fixture, body);

  g_test_summary ("A block that is asked for again while it is read is read once");
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  expect_wanted (fixture, id, 16);
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  core_fixture_expect_no_event (fixture);
  supply (fixture, id, body, 16, 17);
  sent = block_peer_expect (fixture, CONTENT, BLOCK2, BLOCK (1, 1, 0));
  g_assert_cmpuint (sent->frame.message_id, ==, 3);
  core_fixture_expect_silence (fixture);

  block_peer_get (fixture, 2, BLOCK (2, 0, 0));
  expect_wanted (fixture, id, 32);
  block_peer_get (fixture, 2, BLOCK (3, 0, 0));
  expect_wanted (fixture, id, 48);
  supply (fixture, id, body, 32, 17);
  core_fixture_expect_silence (fixture);
  supply (fixture, id, body, 48, 17);
  expect_slice (fixture, BLOCK (3, 0, 0), body, 48);
  expect_over (fixture, id);
}

static void
test_asked_before_answer (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  guint64 id = answer_get (fixture, BLOCK (0, 0, 0), -1);

  g_test_summary ("Who asks for a later block too early has to ask once more");
  expect_wanted (fixture, id, 0);
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  core_fixture_expect_no_event (fixture);
  supply (fixture, id, body, 0, 17);
  expect_slice (fixture, BLOCK (0, 1, 0), body, 0);
  expect_sent (fixture);
  fixture->n_received--;
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  expect_wanted (fixture, id, 16);
}

static void
test_begins_later (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  guint64 id = answer_get (fixture, BLOCK (2, 0, 0), -1);

  g_test_summary ("A stream is read from the block that is asked for");
  expect_wanted (fixture, id, 32);
  supply (fixture, id, body, 32, 17);
  expect_slice (fixture, BLOCK (2, 1, 0), body, 32);
}

static void
test_answered_once (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapFrame response = { .code = CONTENT };
  guint64 request;

  g_test_summary ("A request has one answer, be it a stream");
  block_peer_get (fixture, 2, 0);
  request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST).id;
  g_assert_cmpuint (gcoap_engine_respond_with_stream (fixture->engine, request, &response, -1,
                                                      TRUE, fixture->now), !=, 0);
  g_assert_cmpuint (gcoap_engine_respond_with_stream (fixture->engine, request, &response, -1,
                                                      TRUE, fixture->now), ==, 0);
  g_assert_false (core_fixture_respond (fixture, request, CONTENT, TRUE));
  g_assert_cmpuint (gcoap_engine_respond_with_stream (fixture->engine, request + 1, &response, -1,
                                                      TRUE, fixture->now), ==, 0);
}

static void
test_too_large (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapFrame response = { .code = CONTENT };
  GCoapEvent request;

  g_test_summary ("A stream that has more blocks than there are numbers cannot be sent");
  block_peer_get (fixture, 2, BLOCK (0, 0, 0));
  request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  g_assert_cmpuint (gcoap_engine_respond_with_stream (fixture->engine, request.id, &response,
                                                      (16 << 20) + 1, TRUE, fixture->now), ==, 0);
  block_peer_expect_code (fixture, GCOAP_CODE_INTERNAL_SERVER_ERROR);
  expect_sent (fixture);
}

static void
test_slow (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  g_autoptr (SentMessage) first = NULL, second = NULL;
  guint64 id = answer_get (fixture, BLOCK (0, 0, 0), -1);

  g_test_summary ("A part that takes a while comes separately, RFC 7252 section 5.2.2");
  expect_wanted (fixture, id, 0);
  core_fixture_advance (fixture, SECOND);
  block_peer_expect_code (fixture, 0);
  supply (fixture, id, body, 0, 17);
  first = core_fixture_expect_sent (fixture, GCOAP_MESSAGE_TYPE_CON, CONTENT);
  core_fixture_expect_no_event (fixture);
  core_fixture_reply (fixture, first, GCOAP_MESSAGE_TYPE_ACK, 0, first->frame.message_id);
  expect_sent (fixture);

  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  expect_wanted (fixture, id, 16);
  core_fixture_advance (fixture, SECOND);
  block_peer_expect_code (fixture, 0);
  supply (fixture, id, body, 16, 17);
  second = core_fixture_expect_sent (fixture, GCOAP_MESSAGE_TYPE_CON, CONTENT);
  core_fixture_reply (fixture, second, GCOAP_MESSAGE_TYPE_ACK, 0, second->frame.message_id);
  core_fixture_expect_no_event (fixture);
}

static void
test_never_supplied (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  guint64 id = answer_get (fixture, BLOCK (0, 0, 0), -1);

  g_test_summary ("An application that gives no part in time has failed");
  expect_wanted (fixture, id, 0);
  core_fixture_advance (fixture, 121 * SECOND);
  core_fixture_expect_event (fixture, GCOAP_EVENT_FAILED);
  expect_over (fixture, id);
  block_peer_expect_code (fixture, 0);
  block_peer_expect_code (fixture, GCOAP_CODE_SERVICE_UNAVAILABLE);

  id = begin (fixture, body);
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  expect_wanted (fixture, id, 16);
  core_fixture_advance (fixture, 121 * SECOND);
  expect_over (fixture, id);
  block_peer_expect_code (fixture, 0);
  block_peer_expect_code (fixture, GCOAP_CODE_SERVICE_UNAVAILABLE);
}

static void
test_expiry (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  guint64 id = begin (fixture, body);

  g_test_summary ("A stream that is not asked for any more is over");
  core_fixture_advance (fixture, 246 * SECOND);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, SECOND);
  expect_over (fixture, id);
}

static void
test_anew (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  guint64 id = begin (fixture, body);

  g_test_summary ("Block 0 ends the stream that was there before");
  block_peer_get (fixture, 2, BLOCK (0, 0, 0));
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_BODY_OVER).id, ==, id);
  core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
}

static void
test_canceled (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  guint64 id = begin (fixture, body);
  GCoapFrame response = { .code = CONTENT };
  guint64 request;

  g_test_summary ("A stream goes with its request, and can be forgotten");
  g_assert_true (core_fixture_cancel (fixture, id));
  core_fixture_expect_no_event (fixture);

  block_peer_get (fixture, 2, 0);
  request = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST).id;
  id = gcoap_engine_respond_with_stream (fixture->engine, request, &response, -1, TRUE,
                                         fixture->now);
  expect_wanted (fixture, id, 0);
  g_assert_true (core_fixture_cancel (fixture, request));
  expect_over (fixture, id);
  core_fixture_expect_silence (fixture);
}

static void
test_observed (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);
  g_autoptr (SentMessage) sent = NULL;
  BlockRequest request = { .observe = 1, .block2 = BLOCK (0, 0, 0) };
  GCoapFrame response = { .code = CONTENT };
  GCoapEvent event;
  guint32 observe;
  guint64 id;

  g_test_summary ("The answer to a registration can be a stream");
  block_peer_send (fixture, 2, &request);
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  g_assert_true (core_fixture_observe (fixture, &event, "coap://h/r"));
  id = gcoap_engine_respond_with_stream (fixture->engine, event.id, &response, -1, TRUE,
                                         fixture->now);
  expect_wanted (fixture, id, 0);
  supply (fixture, id, body, 0, 17);
  sent = block_peer_expect (fixture, CONTENT, BLOCK2, BLOCK (0, 1, 0));
  g_assert_true (sent_message_get_observe (sent, &observe));
  expect_sent (fixture);
  g_assert_true (gcoap_engine_notify (fixture->engine, "coap://h/r", &response, body, FALSE,
                                      fixture->now));
  core_fixture_advance (fixture, 0);
  block_peer_expect_code (fixture, CONTENT);
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  expect_wanted (fixture, id, 16);
}

static void
test_engine_ends (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) body = block_peer_make_body (60);

  g_test_summary ("An engine that ends in the midst of streams leaves nothing behind");
  begin (fixture, body);
  block_peer_get (fixture, 2, BLOCK (1, 0, 0));
  block_peer_send (fixture, 2, &(BlockRequest) { .observe = 1 });
}

#define ADD(path, test) g_test_add_func ("/core/server-streams/" path, test)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("parts", test_parts);
  ADD ("large-part", test_large_part);
  ADD ("small", test_small);
  ADD ("empty", test_empty);
  ADD ("short-part", test_short_part);
  ADD ("unasked", test_unasked);
  ADD ("unreadable", test_unreadable);
  ADD ("unreadable/later", test_unreadable_later);
  ADD ("beyond", test_beyond);
  ADD ("asked-again", test_asked_again);
  ADD ("asked-before-answer", test_asked_before_answer);
  ADD ("begins-later", test_begins_later);
  ADD ("answered-once", test_answered_once);
  ADD ("too-large", test_too_large);
  ADD ("slow", test_slow);
  ADD ("never-supplied", test_never_supplied);
  ADD ("late", test_late);
  ADD ("beyond-known", test_beyond_known);
  ADD ("expiry", test_expiry);
  ADD ("anew", test_anew);
  ADD ("canceled", test_canceled);
  ADD ("observed", test_observed);
  ADD ("engine-ends", test_engine_ends);

  return g_test_run ();
}
