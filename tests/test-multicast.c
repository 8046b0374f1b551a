/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "core-fixture.h"
#include "gcoap/gcoap-code.h"
#include "hex.h"

#define NON GCOAP_MESSAGE_TYPE_NON
#define RST GCOAP_MESSAGE_TYPE_RST

#define LEISURE          (5 * SECOND)
#define MAX_RTT          (202 * SECOND)
#define RESPONSE_TIMEOUT (120 * SECOND)

#define GROUP_GET "52 01 1234 aabb"

static guint64
receive (CoreFixture *fixture)
{
  core_fixture_receive_group (fixture, 2, GROUP_GET);

  return core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST).id;
}

/* What must get no answer when it was sent to a group. */
static const char *const silent_datagrams[] = {
  "40 00 0001",           /* ping */
  "50 00 0001",
  "42 01 0001 aabb",      /* Confirmable request */
  "49 01 0001",           /* malformed */
  "59 01 0001",
  "40 01 0001 ff",
  "40 20 0001",           /* reserved class */
  "50 e1 0001",
  "42 45 0001 aabb",      /* unexpected response */
  "52 45 0001 aabb",
  "52 01 0001 aabb d00c", /* critical option that nobody knows */
  "52 01 0001 aabb d11661",
};

static void
test_silence (gconstpointer data)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent event;

  g_test_summary ("A multicast gets no Reset and no error, RFC 7252 sections 8.1 and 8.2");
  core_fixture_receive_group (fixture, 2, data);
  core_fixture_advance (fixture, 1000 * SECOND);
  core_fixture_expect_silence (fixture);
  while (gcoap_engine_pop_event (fixture->engine, &event))
    g_assert_cmpint (event.kind, ==, GCOAP_EVENT_MALFORMED);
}

static void
test_broadcast (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) bytes = hex_to_bytes ("52 01 0001 aabb d00c");
  GCoapDatagram datagram = {
    .remote = core_address (2),
    .local.ip = { [10] = 0xff, 0xff, 255, 255, 255, 255 },
    .data = g_bytes_get_data (bytes, NULL),
    .length = g_bytes_get_size (bytes),
  };

  g_test_summary ("A broadcast gets no error either, RFC 7252 section 8");
  gcoap_engine_receive (fixture->engine, &datagram, fixture->now);
  core_fixture_advance (fixture, LEISURE);
  core_fixture_expect_silence (fixture);
}

static void
test_leisure (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = receive (fixture);
  g_autoptr (SentMessage) sent = NULL;
  gint64 deadline;

  g_test_summary ("An answer to a multicast waits for a random part of the leisure, "
                  "RFC 7252 section 8.2");
  g_assert_true (core_fixture_respond (fixture, id, CONTENT, TRUE));
  g_assert_false (core_fixture_respond (fixture, id, CONTENT, TRUE));
  core_fixture_expect_no_event (fixture);
  deadline = gcoap_engine_get_next_deadline (fixture->engine);
  core_fixture_advance (fixture, deadline - fixture->now - 1);
  core_fixture_expect_silence (fixture);
  core_fixture_advance (fixture, 1);
  sent = core_fixture_expect_sent (fixture, NON, CONTENT);
  g_assert_cmpmem (sent->frame.token, sent->frame.token_length, "\xaa\xbb", 2);
  g_assert_cmpuint (sent->remote.ip[15], ==, 2);
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_SENT).id, ==, id);
}

static void
test_leisure_is_random (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  gint64 lowest = G_MAXINT64, highest = 0;

  g_test_summary ("Answers are spread over DEFAULT_LEISURE, RFC 7252 section 8.2");
  for (guint i = 0; i < 1000; i++)
    {
      gint64 delay;

      core_fixture_receive_group (fixture, 2 + i, GROUP_GET);
      core_fixture_respond (fixture,
                            core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST).id,
                            CONTENT, FALSE);
      delay = gcoap_engine_get_next_deadline (fixture->engine) - fixture->now;
      lowest = MIN (lowest, delay);
      highest = MAX (highest, delay);
      core_fixture_advance (fixture, LEISURE);
      g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
      core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
    }
  g_assert_cmpint (lowest, <, LEISURE / 50);
  g_assert_cmpint (highest, >, LEISURE - LEISURE / 50);
  g_assert_cmpint (highest, <=, LEISURE);
}

static void
test_error_response (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = receive (fixture);

  g_test_summary ("An error is not sent to who asked a group, RFC 7252 section 8.2");
  g_assert_true (core_fixture_respond (fixture, id, GCOAP_CODE_NOT_FOUND, FALSE));
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_SENT).id, ==, id);
  core_fixture_advance (fixture, LEISURE);
  core_fixture_expect_silence (fixture);
}

static void
test_response_timeout (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = receive (fixture);

  g_test_summary ("An application that never answers a multicast says nothing, "
                  "RFC 7252 section 8.2");
  core_fixture_advance (fixture, RESPONSE_TIMEOUT + LEISURE);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
  core_fixture_expect_no_event (fixture);
  core_fixture_expect_silence (fixture);
}

static void
test_duplicate (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = receive (fixture);

  g_test_summary ("A duplicate of a multicast is handled once, and not answered again, "
                  "RFC 7252 section 4.5");
  core_fixture_receive_group (fixture, 2, GROUP_GET);
  core_fixture_respond (fixture, id, CONTENT, FALSE);
  core_fixture_receive_group (fixture, 2, GROUP_GET);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, LEISURE);
  core_fixture_receive_group (fixture, 2, GROUP_GET);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
  core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
  core_fixture_expect_no_event (fixture);
}

static void
test_cancel_in_leisure (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = receive (fixture);

  g_test_summary ("An answer that waits for its leisure can be cancelled");
  core_fixture_respond (fixture, id, CONTENT, FALSE);
  g_assert_true (core_fixture_cancel (fixture, id));
  core_fixture_advance (fixture, LEISURE);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
}

static guint64
submit_to_group (CoreFixture *fixture)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  GCoapAddress group = core_group_address ();

  return core_fixture_submit_to (fixture, &group, message, 0, FALSE);
}

/* As one of the group. */
static void
answer (CoreFixture      *fixture,
        SentMessage      *sent,
        guint             host,
        GCoapMessageType  type)
{
  GCoapFrame frame = {
    .type = type,
    .code = CONTENT,
    .message_id = 0x0102,
    .token = sent->frame.token,
    .token_length = sent->frame.token_length,
  };

  core_fixture_receive_frame (fixture, host, &frame);
}

static void
test_request (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = submit_to_group (fixture);
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (fixture, NON, GET);
  GCoapAddress remote = core_address (7);
  GCoapEvent event;

  g_test_summary ("A multicast request is Non-confirmable, and its answer matches by token from "
                  "any address, RFC 7252 sections 8.1 and 8.2");
  answer (fixture, sent, 7, NON);
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_RESPONSE);
  g_assert_cmpuint (event.id, ==, id);
  g_assert_true (gcoap_address_equal (&event.remote, &remote));
}

static void
test_other_token (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = submit_to_group (fixture);
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (fixture, NON, GET);
  GCoapFrame frame = {
    .type = NON,
    .code = CONTENT,
    .message_id = sent->frame.message_id,
    .token = (const guint8 *) "none",
    .token_length = 4,
  };

  g_test_summary ("An answer to a multicast must have its token, RFC 7252 section 8.2");
  core_fixture_receive_frame (fixture, 7, &frame);
  core_fixture_expect_no_event (fixture);
  answer (fixture, sent, 7, NON);
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_RESPONSE).id, ==, id);
}

static void
test_no_answer (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = submit_to_group (fixture);

  g_test_summary ("A multicast request is sent once, and ends after MAX_RTT, "
                  "RFC 7252 section 4.8.2");
  core_fixture_advance (fixture, MAX_RTT - 1);
  core_fixture_expect_no_event (fixture);
  core_fixture_advance (fixture, 1);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
}

static void
test_reset (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = submit_to_group (fixture);
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (fixture, NON, GET);
  GCoapFrame reset = { .type = RST, .message_id = sent->frame.message_id };

  g_test_summary ("One of a group does not end the request for all, RFC 7252 section 8.1");
  core_fixture_receive_frame (fixture, 7, &reset);
  core_fixture_expect_no_event (fixture);
  answer (fixture, sent, 8, NON);
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_RESPONSE).id, ==, id);
}

static void
test_bad_answer (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = submit_to_group (fixture);
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (fixture, NON, GET);
  GCoapFrame bad = sent->frame;

  g_test_summary ("An answer that is not understood leaves the others their chance, "
                  "RFC 7252 section 8.2");
  bad.code = CONTENT;
  bad.options = (const guint8 *) "\xd0\x0c";
  bad.options_length = 2;
  core_fixture_receive_frame (fixture, 7, &bad);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
  answer (fixture, sent, 8, NON);
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_RESPONSE).id, ==, id);
}

static void
test_late_answers (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = submit_to_group (fixture);
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (fixture, NON, GET);

  g_test_summary ("The answers of others of the group are not reset, RFC 7252 section 8.2");
  core_fixture_cancel (fixture, id);
  for (guint host = 3; host < 6; host++)
    answer (fixture, sent, host, NON);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
}

static void
test_ping (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GCoapMessage) message = gcoap_message_new (0);
  GCoapAddress group = core_group_address ();
  GCoapPatience patience = { 0 };
  int error;

  g_test_summary ("A ping is Confirmable and cannot go to a group, RFC 7252 section 8.1");
  g_assert_cmpuint (gcoap_engine_submit (fixture->engine, &group, message, &patience, NULL,
                                         fixture->now, &error), ==, 0);
  g_assert_cmpint (error, ==, EINVAL);
  core_fixture_expect_silence (fixture);
}

#define ADD(path, test) g_test_add_func ("/core/multicast/" path, test)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (silent_datagrams); i++)
    {
      g_autofree char *path = g_strconcat ("/core/multicast/silence/", silent_datagrams[i], NULL);

      g_test_add_data_func (path, silent_datagrams[i], test_silence);
    }
  ADD ("server/broadcast", test_broadcast);
  ADD ("server/leisure", test_leisure);
  ADD ("server/leisure-is-random", test_leisure_is_random);
  ADD ("server/error-response", test_error_response);
  ADD ("server/response-timeout", test_response_timeout);
  ADD ("server/duplicate", test_duplicate);
  ADD ("server/cancel-in-leisure", test_cancel_in_leisure);
  ADD ("client/request", test_request);
  ADD ("client/other-token", test_other_token);
  ADD ("client/no-answer", test_no_answer);
  ADD ("client/reset", test_reset);
  ADD ("client/bad-answer", test_bad_answer);
  ADD ("client/late-answers", test_late_answers);
  ADD ("client/ping", test_ping);

  return g_test_run ();
}
