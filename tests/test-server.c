/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "core-fixture.h"
#include "gcoap/gcoap-code.h"

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define ACK GCOAP_MESSAGE_TYPE_ACK
#define RST GCOAP_MESSAGE_TYPE_RST

#define MILLISECOND       G_TIME_SPAN_MILLISECOND
#define EXCHANGE_LIFETIME (247 * SECOND)
#define NON_LIFETIME      (145 * SECOND)
#define MAX_TRANSMIT_WAIT (93 * SECOND)
#define RESPONSE_TIMEOUT  (120 * SECOND)

#define CON_GET "42 01 1234 aabb"
#define NON_GET "52 01 1234 aabb"

static void
test_piggybacked (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_request (fixture, 2, CON_GET);

  g_test_summary ("An answer in time rides on the acknowledgement, RFC 7252 section 5.2.1");
  core_fixture_expect_silence (fixture);
  core_fixture_advance (fixture, 50 * MILLISECOND - 1);
  g_assert_true (core_fixture_respond (fixture, id, CONTENT, TRUE));
  core_fixture_expect_bytes (fixture, 2, "62 45 1234 aabb");
  core_fixture_expect_silence (fixture);
  core_fixture_expect_told (fixture, id);
}

static void
test_request_event (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapAddress remote = core_address (2), local = core_address (1);
  GCoapEvent event;

  g_test_summary ("The application gets all of the request, RFC 7252 section 5.1");
  core_fixture_receive (fixture, 2, "42 02 1234 aabb b161 1132 ff 6869");
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  g_assert_cmpuint (gcoap_message_get_code (event.message), ==, 2);
  g_assert_cmpuint (g_bytes_get_size (gcoap_message_get_payload (event.message)), ==, 2);
  g_assert_true (gcoap_address_equal (&event.remote, &remote));
  g_assert_true (gcoap_address_equal (&event.local, &local));
}

static void
test_response_content (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_request (fixture, 2, "48 01 1234 0102030405060708");
  GCoapFrame response = {
    .code = CONTENT,
    .options = (const guint8 *) "\xc0",
    .options_length = 1,
    .payload = (const guint8 *) "hi",
    .payload_length = 2,
  };

  g_test_summary ("The answer has the token of the request, RFC 7252 section 5.3.1");
  gcoap_engine_respond (fixture->engine, id, &response, NULL, FALSE, fixture->now);
  core_fixture_expect_bytes (fixture, 2, "68 45 1234 0102030405060708 c0 ff 6869");
}

/* The ways that an answer can leave. */
typedef struct
{
  const char *name;
  const char *request;
  gint64      delay;
  gboolean    is_confirmable;
} WayRow;

static const WayRow way_rows[] = {
  { "piggybacked", CON_GET, 0, FALSE },
  { "separate", CON_GET, SECOND, TRUE },
  { "separate-non", CON_GET, SECOND, FALSE },
  { "non", NON_GET, 0, FALSE },
};

static void
test_local_address (gconstpointer data)
{
  const WayRow *row = data;
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_request (fixture, 2, row->request);
  GCoapAddress local = core_address (1);
  SentMessage *sent;

  g_test_summary ("An answer leaves from the address that was asked");
  core_fixture_advance (fixture, row->delay);
  core_fixture_respond (fixture, id, CONTENT, row->is_confirmable);
  core_fixture_receive (fixture, 2, row->request);
  while ((sent = core_fixture_pop_sent (fixture)) != NULL)
    {
      g_assert_true (gcoap_address_equal (&sent->local, &local));
      sent_message_free (sent);
    }
}

static void
test_early_acknowledgement (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_request (fixture, 2, CON_GET);

  g_test_summary ("A slow application is covered by an empty acknowledgement, "
                  "RFC 7252 section 5.2.2");
  core_fixture_advance (fixture, 50 * MILLISECOND - 1);
  core_fixture_expect_silence (fixture);
  core_fixture_advance (fixture, 1);
  core_fixture_expect_bytes (fixture, 2, "60 00 1234");
  core_fixture_advance (fixture, 10 * SECOND);
  core_fixture_expect_silence (fixture);
  g_assert_true (core_fixture_respond (fixture, id, CONTENT, TRUE));
}

static void
test_non (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_request (fixture, 2, NON_GET);
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("A Non-confirmable request gets no acknowledgement, and a Non-confirmable "
                  "answer, RFC 7252 sections 4.3 and 5.2.3");
  core_fixture_advance (fixture, 10 * SECOND);
  core_fixture_expect_silence (fixture);
  g_assert_true (core_fixture_respond (fixture, id, CONTENT, TRUE));
  sent = core_fixture_expect_sent (fixture, NON, CONTENT);
  g_assert_cmpmem (sent->frame.token, sent->frame.token_length, "\xaa\xbb", 2);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_told (fixture, id);
}

static void
test_duplicate_while_handled (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_request (fixture, 2, CON_GET);

  g_test_summary ("A duplicate of what is being handled is not handled, RFC 7252 section 4.5");
  core_fixture_receive (fixture, 2, CON_GET);
  core_fixture_expect_silence (fixture);
  core_fixture_advance (fixture, 50 * MILLISECOND);
  core_fixture_expect_bytes (fixture, 2, "60 00 1234");
  core_fixture_receive (fixture, 2, CON_GET);
  core_fixture_expect_bytes (fixture, 2, "60 00 1234");
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
  g_assert_true (core_fixture_respond (fixture, id, CONTENT, FALSE));
}

static void
test_duplicate_of_answered (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_request (fixture, 2, CON_GET);

  g_test_summary ("A duplicate gets the same acknowledgement, RFC 7252 section 4.5");
  core_fixture_respond (fixture, id, CONTENT, FALSE);
  core_fixture_expect_bytes (fixture, 2, "62 45 1234 aabb");
  core_fixture_expect_told (fixture, id);
  core_fixture_advance (fixture, EXCHANGE_LIFETIME - 1);
  core_fixture_receive (fixture, 2, CON_GET);
  core_fixture_expect_bytes (fixture, 2, "62 45 1234 aabb");
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);

  core_fixture_advance (fixture, 1);
  g_assert_cmpuint (core_fixture_receive_request (fixture, 2, CON_GET), !=, id);
}

static void
test_duplicate_non (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_request (fixture, 2, NON_GET);
  g_autoptr (SentMessage) sent = NULL, again = NULL;

  g_test_summary ("A duplicate Non-confirmable request is handled once, and answered alike, "
                  "RFC 7252 section 4.5");
  core_fixture_receive (fixture, 2, NON_GET);
  core_fixture_expect_silence (fixture);
  core_fixture_respond (fixture, id, CONTENT, FALSE);
  sent = core_fixture_expect_sent (fixture, NON, CONTENT);
  core_fixture_expect_told (fixture, id);
  core_fixture_advance (fixture, NON_LIFETIME - 1);
  core_fixture_receive (fixture, 2, NON_GET);
  again = core_fixture_expect_sent (fixture, NON, CONTENT);
  g_assert_cmpmem (sent->data, sent->length, again->data, again->length);
  core_fixture_expect_no_event (fixture);

  core_fixture_advance (fixture, 1);
  core_fixture_receive_request (fixture, 2, NON_GET);
}

static void
test_duplicate_without_cache (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;
  guint64 id;

  g_test_summary ("What cache_size has no room for is handled again");
  gcoap_parameters_init (&parameters);
  parameters.cache_size = 0;
  fixture = core_fixture_new_with (&parameters);
  id = core_fixture_receive_request (fixture, 2, CON_GET);
  core_fixture_receive (fixture, 2, CON_GET);
  core_fixture_expect_no_event (fixture);
  core_fixture_respond (fixture, id, CONTENT, FALSE);
  core_fixture_expect_told (fixture, id);
  g_assert_cmpuint (core_fixture_receive_request (fixture, 2, CON_GET), !=, id);
}

static void
test_two_peers (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 first = core_fixture_receive_request (fixture, 2, CON_GET);
  guint64 second = core_fixture_receive_request (fixture, 3, CON_GET);

  g_test_summary ("Equal Message IDs and tokens of two peers are two requests, "
                  "RFC 7252 section 4.4");
  g_assert_true (core_fixture_respond (fixture, second, GCOAP_CODE_NOT_FOUND, FALSE));
  core_fixture_expect_bytes (fixture, 3, "62 84 1234 aabb");
  g_assert_true (core_fixture_respond (fixture, first, CONTENT, FALSE));
  core_fixture_expect_bytes (fixture, 2, "62 45 1234 aabb");
  core_fixture_receive (fixture, 3, CON_GET);
  core_fixture_expect_bytes (fixture, 3, "62 84 1234 aabb");
}

static void
test_respond_once (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 separate = core_fixture_receive_slowly (fixture);
  guint64 piggybacked = core_fixture_receive_request (fixture, 3, CON_GET);
  guint64 client = core_fixture_submit (fixture, 4, TRUE);

  g_test_summary ("A request has one answer, RFC 7252 section 5.2");
  core_fixture_drop_sent (fixture);
  g_assert_true (core_fixture_respond (fixture, separate, CONTENT, TRUE));
  g_assert_false (core_fixture_respond (fixture, separate, CONTENT, TRUE));
  g_assert_true (core_fixture_respond (fixture, piggybacked, CONTENT, FALSE));
  g_assert_false (core_fixture_respond (fixture, piggybacked, CONTENT, FALSE));
  g_assert_false (core_fixture_respond (fixture, client, CONTENT, FALSE));
  g_assert_false (core_fixture_respond (fixture, 0, CONTENT, FALSE));
}

static void
test_response_timeout (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_slowly (fixture);
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("For an application that never answers goes a 5.03, RFC 7252 section 5.9.3.4");
  core_fixture_advance (fixture, RESPONSE_TIMEOUT - 1);
  core_fixture_expect_silence (fixture);
  core_fixture_advance (fixture, 1);
  sent = core_fixture_expect_sent (fixture, NON, GCOAP_CODE_SERVICE_UNAVAILABLE);
  g_assert_cmpmem (sent->frame.token, sent->frame.token_length, "\xaa\xbb", 2);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
  core_fixture_expect_no_event (fixture);
  g_assert_false (core_fixture_respond (fixture, id, CONTENT, TRUE));
}

static void
test_response_timeout_non (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_request (fixture, 2, NON_GET);
  g_autoptr (SentMessage) sent = NULL, again = NULL;

  g_test_summary ("A Non-confirmable request gets the 5.03 too, RFC 7252 section 5.9.3.4");
  core_fixture_advance (fixture, RESPONSE_TIMEOUT);
  sent = core_fixture_expect_sent (fixture, NON, GCOAP_CODE_SERVICE_UNAVAILABLE);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
  core_fixture_receive (fixture, 2, NON_GET);
  again = core_fixture_expect_sent (fixture, NON, GCOAP_CODE_SERVICE_UNAVAILABLE);
  core_fixture_expect_no_event (fixture);
}

static void
test_no_server (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;

  g_test_summary ("One who is no server rejects requests, RFC 7252 sections 4.2 and 4.3");
  gcoap_parameters_init (&parameters);
  parameters.serves_requests = FALSE;
  fixture = core_fixture_new_with (&parameters);
  for (guint i = 0; i < 2; i++)
    {
      core_fixture_receive (fixture, 2, CON_GET);
      core_fixture_expect_bytes (fixture, 2, "70 00 1234");
      core_fixture_receive (fixture, 3, NON_GET);
      core_fixture_expect_silence (fixture);
    }
  core_fixture_expect_no_event (fixture);
}

static void
test_too_many_requests (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;
  g_autoptr (SentMessage) sent = NULL, again = NULL;
  guint64 id;

  g_test_summary ("max_pending_requests is kept by a 5.03, RFC 7252 section 5.9.3.4");
  gcoap_parameters_init (&parameters);
  parameters.max_pending_requests = 2;
  fixture = core_fixture_new_with (&parameters);
  id = core_fixture_receive_request (fixture, 2, CON_GET);
  core_fixture_receive_request (fixture, 3, CON_GET);
  core_fixture_receive (fixture, 4, CON_GET);
  sent = core_fixture_expect_sent (fixture, ACK, GCOAP_CODE_SERVICE_UNAVAILABLE);
  core_fixture_receive (fixture, 5, NON_GET);
  again = core_fixture_expect_sent (fixture, NON, GCOAP_CODE_SERVICE_UNAVAILABLE);
  core_fixture_expect_no_event (fixture);

  core_fixture_respond (fixture, id, CONTENT, FALSE);
  core_fixture_expect_told (fixture, id);
  core_fixture_receive_request (fixture, 6, CON_GET);
}

static void
test_too_many_peers (void)
{
  GCoapParameters parameters;
  g_autoptr (CoreFixture) fixture = NULL;
  GCoapEvent event;
  guint64 id;

  g_test_summary ("Where max_peers leaves no Message ID for an answer, that is said");
  gcoap_parameters_init (&parameters);
  parameters.max_peers = 1;
  fixture = core_fixture_new_with (&parameters);
  core_fixture_submit (fixture, 3, TRUE);
  core_fixture_drop_sent (fixture);
  id = core_fixture_receive_request (fixture, 5, NON_GET);
  g_assert_true (core_fixture_respond (fixture, id, CONTENT, FALSE));
  core_fixture_expect_silence (fixture);
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_FAILED);
  g_assert_cmpuint (event.id, ==, id);
  g_assert_cmpint (event.errno_value, ==, ENOBUFS);

  id = core_fixture_receive_slowly (fixture);
  g_assert_true (core_fixture_respond (fixture, id, CONTENT, TRUE));
  core_fixture_expect_silence (fixture);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_REJECTED);
}

static void
test_cancel_received (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_request (fixture, 2, CON_GET);

  g_test_summary ("A request that is cancelled gets no answer, and is not handled again");
  g_assert_true (core_fixture_cancel (fixture, id));
  g_assert_false (core_fixture_cancel (fixture, id));
  g_assert_false (core_fixture_respond (fixture, id, CONTENT, FALSE));
  core_fixture_receive (fixture, 2, CON_GET);
  core_fixture_advance (fixture, EXCHANGE_LIFETIME);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
  g_assert_cmpuint (core_fixture_receive_request (fixture, 2, CON_GET), !=, id);
}

static void
test_cancel_acknowledged (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_slowly (fixture);

  g_test_summary ("What was acknowledged stays acknowledged when it is cancelled");
  g_assert_true (core_fixture_cancel (fixture, id));
  core_fixture_receive (fixture, 2, CON_GET);
  core_fixture_expect_bytes (fixture, 2, "60 00 1234");
  core_fixture_advance (fixture, RESPONSE_TIMEOUT);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
}

static void
test_cancel_sending (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_slowly (fixture);
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("A cancelled answer is not repeated, and what comes late is ignored");
  core_fixture_respond (fixture, id, CONTENT, TRUE);
  sent = core_fixture_expect_sent (fixture, CON, CONTENT);
  g_assert_true (core_fixture_cancel (fixture, id));
  core_fixture_advance (fixture, MAX_TRANSMIT_WAIT);
  core_fixture_reply (fixture, sent, ACK, 0, sent->frame.message_id);
  core_fixture_reply (fixture, sent, RST, 0, sent->frame.message_id);
  core_fixture_return (fixture, sent, ECONNREFUSED);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
}

static void
test_cancel_non (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_request (fixture, 2, NON_GET);

  g_test_summary ("A Non-confirmable request that is cancelled is not handled again");
  g_assert_true (core_fixture_cancel (fixture, id));
  core_fixture_receive (fixture, 2, NON_GET);
  core_fixture_advance (fixture, RESPONSE_TIMEOUT);
  core_fixture_expect_silence (fixture);
  core_fixture_expect_no_event (fixture);
}

#define ADD(path, test) g_test_add_func ("/core/server/" path, test)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("request-event", test_request_event);
  ADD ("respond/piggybacked", test_piggybacked);
  ADD ("respond/content", test_response_content);
  for (gsize i = 0; i < G_N_ELEMENTS (way_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/core/server/local-address/", way_rows[i].name, NULL);

      g_test_add_data_func (path, &way_rows[i], test_local_address);
    }
  ADD ("respond/early-acknowledgement", test_early_acknowledgement);
  ADD ("respond/non", test_non);
  ADD ("respond/once", test_respond_once);
  ADD ("duplicate/while-handled", test_duplicate_while_handled);
  ADD ("duplicate/of-answered", test_duplicate_of_answered);
  ADD ("duplicate/non", test_duplicate_non);
  ADD ("duplicate/without-cache", test_duplicate_without_cache);
  ADD ("two-peers", test_two_peers);
  ADD ("response-timeout/con", test_response_timeout);
  ADD ("response-timeout/non", test_response_timeout_non);
  ADD ("no-server", test_no_server);
  ADD ("too-many/requests", test_too_many_requests);
  ADD ("too-many/peers", test_too_many_peers);
  ADD ("cancel/received", test_cancel_received);
  ADD ("cancel/acknowledged", test_cancel_acknowledged);
  ADD ("cancel/sending", test_cancel_sending);
  ADD ("cancel/non", test_cancel_non);

  return g_test_run ();
}
