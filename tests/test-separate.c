/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "core-fixture.h"

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define ACK GCOAP_MESSAGE_TYPE_ACK
#define RST GCOAP_MESSAGE_TYPE_RST

#define MAX_TRANSMIT_WAIT (93 * SECOND)

#define CON_GET "42 01 1234 aabb"

static void
test_confirmable (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_slowly (fixture);
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("After the acknowledgement the answer is a message of its own, "
                  "RFC 7252 section 5.2.2");
  g_assert_true (core_fixture_respond (fixture, id, CONTENT, TRUE));
  sent = core_fixture_expect_sent (fixture, CON, CONTENT);
  g_assert_cmpmem (sent->frame.token, sent->frame.token_length, "\xaa\xbb", 2);
  core_fixture_expect_no_event (fixture);
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  core_fixture_expect_told (fixture, id);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_expect_silence (fixture);
}

static void
test_non (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_slowly (fixture);
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("A separate answer may be Non-confirmable, RFC 7252 section 5.2.3");
  g_assert_true (core_fixture_respond (fixture, id, CONTENT, FALSE));
  sent = core_fixture_expect_sent (fixture, NON, CONTENT);
  g_assert_cmpmem (sent->frame.token, sent->frame.token_length, "\xaa\xbb", 2);
  core_fixture_expect_told (fixture, id);
}

static void
test_acknowledged_with_content (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_slowly (fixture);
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("Any matching acknowledgement stops an answer, whatever response it carries, "
                  "RFC 7252 section 5.2.2");
  core_fixture_respond (fixture, id, CONTENT, TRUE);
  sent = core_fixture_expect_sent (fixture, CON, CONTENT);
  core_fixture_reply (fixture, sent, ACK, CONTENT, sent->frame.message_id);
  core_fixture_expect_told (fixture, id);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_expect_silence (fixture);
}

static void
test_unacknowledged (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_slowly (fixture);

  g_test_summary ("A separate answer is repeated, and given up in the end, "
                  "RFC 7252 section 4.2");
  core_fixture_respond (fixture, id, CONTENT, TRUE);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 5);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
  core_fixture_expect_no_event (fixture);
}

static void
test_reset (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_slowly (fixture);
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("A Reset ends a separate answer, RFC 7252 section 5.2.2");
  core_fixture_respond (fixture, id, CONTENT, TRUE);
  sent = core_fixture_expect_sent (fixture, CON, CONTENT);
  core_fixture_reply (fixture, sent, RST, 0, sent->frame.message_id);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_RESET);
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_expect_silence (fixture);
}

static void
test_undeliverable (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_slowly (fixture);
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("An ICMP error ends a separate answer, RFC 7252 section 4.2");
  core_fixture_respond (fixture, id, CONTENT, TRUE);
  sent = core_fixture_expect_sent (fixture, CON, CONTENT);
  core_fixture_return (fixture, sent, ECONNREFUSED);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_REJECTED);
}

static void
test_nstart (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 first = core_fixture_receive_request (fixture, 2, CON_GET);
  guint64 second = core_fixture_receive_request (fixture, 2, "40 01 1235");
  g_autoptr (SentMessage) sent = NULL, next = NULL;

  g_test_summary ("NSTART holds up separate answers too, RFC 7252 section 4.7");
  core_fixture_advance (fixture, SECOND);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 2);
  core_fixture_respond (fixture, first, CONTENT, TRUE);
  core_fixture_respond (fixture, second, CONTENT, TRUE);
  sent = core_fixture_expect_sent (fixture, CON, CONTENT);
  core_fixture_expect_silence (fixture);
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  next = core_fixture_expect_sent (fixture, CON, CONTENT);
}

static void
test_duplicate (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_slowly (fixture);
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("A duplicate gets an empty acknowledgement again, before and after the answer, "
                  "RFC 7252 section 5.2.2");
  core_fixture_respond (fixture, id, CONTENT, TRUE);
  sent = core_fixture_expect_sent (fixture, CON, CONTENT);
  core_fixture_receive (fixture, 2, CON_GET);
  core_fixture_expect_bytes (fixture, 2, "60 00 1234");
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  core_fixture_expect_told (fixture, id);
  core_fixture_receive (fixture, 2, CON_GET);
  core_fixture_expect_bytes (fixture, 2, "60 00 1234");
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
}

#define ADD(path, test) g_test_add_func ("/core/separate/" path, test)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("confirmable", test_confirmable);
  ADD ("non", test_non);
  ADD ("acknowledged-with-content", test_acknowledged_with_content);
  ADD ("unacknowledged", test_unacknowledged);
  ADD ("reset", test_reset);
  ADD ("undeliverable", test_undeliverable);
  ADD ("nstart", test_nstart);
  ADD ("duplicate", test_duplicate);

  return g_test_run ();
}
