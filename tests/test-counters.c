/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "core-fixture.h"

#include "gcoap/gcoap-code.h"

#define RST GCOAP_MESSAGE_TYPE_RST

static GCoapCounters
count (CoreFixture *fixture)
{
  GCoapCounters counters;

  gcoap_engine_count (fixture->engine, &counters);

  return counters;
}

static void
test_nothing (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapCounters nothing = { .peers = 0 };
  GCoapCounters counters = count (fixture);

  g_test_summary ("An engine that has done nothing says so");
  g_assert_cmpmem (&counters, sizeof counters, &nothing, sizeof nothing);
}

static void
test_datagrams (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_request (fixture, 2, "41 01 0001 aa");

  g_test_summary ("Datagrams are counted with their bytes");
  core_fixture_respond (fixture, id, GCOAP_CODE_CONTENT, FALSE);
  g_assert_cmpuint (count (fixture).requests_served, ==, 0);
  core_fixture_drop_sent (fixture);

  g_assert_cmpuint (count (fixture).datagrams_received, ==, 1);
  g_assert_cmpuint (count (fixture).bytes_received, ==, 5);
  g_assert_cmpuint (count (fixture).datagrams_sent, ==, 1);
  g_assert_cmpuint (count (fixture).bytes_sent, ==, 5);
}

static void
test_served (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_receive_request (fixture, 2, "41 01 0001 aa");

  g_test_summary ("A request counts while the application has it");
  g_assert_cmpuint (count (fixture).requests_served, ==, 1);
  g_assert_cmpuint (count (fixture).cached_replies, ==, 1);
  core_fixture_respond (fixture, id, GCOAP_CODE_CONTENT, FALSE);
  g_assert_cmpuint (count (fixture).requests_served, ==, 0);
  g_assert_cmpuint (count (fixture).cached_replies, ==, 1);
  g_assert_cmpuint (count (fixture).cached_bytes, >, 0);
  core_fixture_drop_sent (fixture);
  core_fixture_advance (fixture, 300 * SECOND);
  g_assert_cmpuint (count (fixture).cached_replies, ==, 0);
  g_assert_cmpuint (count (fixture).cached_bytes, ==, 0);
}

static void
test_duplicate (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("What comes again is counted, RFC 7252 section 4.5");
  core_fixture_receive_request (fixture, 2, "41 01 0001 aa");
  core_fixture_receive (fixture, 2, "41 01 0001 aa");
  core_fixture_receive (fixture, 2, "41 01 0001 aa");
  g_assert_cmpuint (count (fixture).duplicates, ==, 2);
  g_assert_cmpuint (count (fixture).datagrams_received, ==, 3);
}

static void
test_transmissions (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 ids[5];

  g_test_summary ("Those that NSTART or PROBING_RATE hold up are counted, RFC 7252 section 4.7");
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = core_fixture_submit (fixture, 2, TRUE);
  for (guint i = 0; i < 100; i++)
    core_fixture_cancel (fixture, core_fixture_submit (fixture, 3, FALSE));
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 101);
  g_assert_cmpuint (count (fixture).transmissions, ==, 5);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    core_fixture_cancel (fixture, ids[i]);
  g_assert_cmpuint (count (fixture).transmissions, ==, 0);

  core_fixture_advance (fixture, 93 * SECOND);
  core_fixture_cancel (fixture, core_fixture_submit (fixture, 3, FALSE));
  core_fixture_drop_sent (fixture);
  core_fixture_submit (fixture, 3, FALSE);
  core_fixture_expect_silence (fixture);
  g_assert_cmpuint (count (fixture).transmissions, ==, 1);
}

static void
test_caps_lowered (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapParameters *parameters = gcoap_engine_get_parameters (fixture->engine);
  guint64 cached;

  g_test_summary ("Lower caps of what is kept hold at once");
  for (guint host = 2; host < 12; host++)
    {
      guint64 id = core_fixture_receive_request (fixture, host, "40 01 0001");

      g_assert_true (core_fixture_respond (fixture, id, CONTENT, TRUE));
      core_fixture_expect_event (fixture, GCOAP_EVENT_SENT);
      core_fixture_cancel (fixture, core_fixture_submit (fixture, host, TRUE));
    }
  core_fixture_submit (fixture, 2, TRUE);
  cached = count (fixture).cached_bytes;
  g_assert_cmpuint (count (fixture).cached_replies, ==, 10);
  g_assert_cmpuint (count (fixture).peers, ==, 10);

  parameters->cache_size = cached / 2;
  parameters->max_peers = 3;
  gcoap_engine_apply_parameters (fixture->engine, fixture->now);
  g_assert_cmpuint (count (fixture).cached_replies, ==, 5);
  g_assert_cmpuint (count (fixture).peers, ==, 3);

  parameters->cache_size = 0;
  parameters->max_peers = 1;
  gcoap_engine_apply_parameters (fixture->engine, fixture->now);
  g_assert_cmpuint (count (fixture).cached_bytes, ==, 0);
  g_assert_cmpuint (count (fixture).peers, ==, 1);
  g_assert_cmpuint (count (fixture).transmissions, ==, 1);
}

static void
test_retransmission (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_submit (fixture, 2, TRUE);

  g_test_summary ("Repetitions and the end of them are counted, RFC 7252 section 4.2");
  g_assert_cmpuint (count (fixture).requests_made, ==, 1);
  g_assert_cmpuint (count (fixture).transmissions, ==, 1);
  g_assert_cmpuint (count (fixture).peers, ==, 1);
  core_fixture_advance (fixture, 100 * SECOND);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_TIMED_OUT);
  g_assert_cmpuint (count (fixture).retransmissions, ==, 4);
  g_assert_cmpuint (count (fixture).given_up, ==, 1);
  g_assert_cmpuint (count (fixture).requests_made, ==, 0);
  g_assert_cmpuint (count (fixture).transmissions, ==, 0);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 5);
  g_assert_cmpuint (count (fixture).datagrams_sent, ==, 5);
}

static void
test_resets (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_submit (fixture, 2, TRUE);
  g_autoptr (SentMessage) sent = core_fixture_pop_sent (fixture);

  g_test_summary ("Resets are counted both ways");
  core_fixture_reply (fixture, sent, RST, 0, sent->frame.message_id);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_RESET);
  g_assert_cmpuint (count (fixture).resets_received, ==, 1);
  g_assert_cmpuint (count (fixture).resets_sent, ==, 0);

  core_fixture_receive (fixture, 2, "40 00 0001");
  core_fixture_expect_bytes (fixture, 2, "70 00 0001");
  g_assert_cmpuint (count (fixture).resets_sent, ==, 1);
}

static void
test_drops (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("What is dropped is counted by its cause");
  core_fixture_receive (fixture, 2, "40");
  core_fixture_expect_event (fixture, GCOAP_EVENT_MALFORMED);
  g_assert_cmpuint (count (fixture).malformed, ==, 1);

  core_fixture_receive (fixture, 2, "60 00 1234");
  g_assert_cmpuint (count (fixture).unexpected, ==, 1);
  core_fixture_receive (fixture, 2, "51 45 0002 aa");
  g_assert_cmpuint (count (fixture).unexpected, ==, 2);
  g_assert_cmpuint (count (fixture).malformed, ==, 1);
}

static void
test_undeliverable (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = core_fixture_submit (fixture, 2, TRUE);
  g_autoptr (SentMessage) sent = core_fixture_pop_sent (fixture);

  g_test_summary ("What comes back is counted, and not as received");
  core_fixture_return (fixture, sent, ECONNREFUSED);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_REJECTED);
  g_assert_cmpuint (count (fixture).undeliverable, ==, 1);
  g_assert_cmpuint (count (fixture).datagrams_received, ==, 0);
}

static void
test_refused (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("Requests above the cap are counted");
  gcoap_engine_get_parameters (fixture->engine)->max_pending_requests = 1;
  core_fixture_receive_request (fixture, 2, "41 01 0001 aa");
  core_fixture_receive (fixture, 2, "41 01 0002 ab");
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
  g_assert_cmpuint (count (fixture).refused, ==, 1);
  g_assert_cmpuint (count (fixture).requests_served, ==, 1);
}

static void
test_observers (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("Observers are counted while there are any");
  core_fixture_add_observer (fixture, 2, 1, "coap://a/b");
  core_fixture_add_observer (fixture, 3, 1, "coap://a/b");
  g_assert_cmpuint (count (fixture).observers, ==, 2);
  gcoap_engine_unregister_all (fixture->engine, fixture->now);
  g_assert_cmpuint (count (fixture).observers, ==, 0);
}

static void
test_transfers (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent event;

  g_test_summary ("Uploads are counted until the peer has given up");
  /* PUT with Block1 0/1/16 */
  core_fixture_receive (fixture, 2, "40 03 0001 d10e 08 ff 000102030405060708090a0b0c0d0e0f");
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_UPLOAD);
  gcoap_engine_collect (fixture->engine, event.id, fixture->now);
  g_assert_cmpuint (count (fixture).transfers, ==, 1);
  g_assert_cmpuint (count (fixture).transfer_bytes, >=, 16);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
  core_fixture_advance (fixture, 248 * SECOND);
  g_assert_cmpuint (count (fixture).transfers, ==, 0);
  g_assert_cmpuint (count (fixture).transfer_bytes, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/counters/nothing", test_nothing);
  g_test_add_func ("/core/counters/datagrams", test_datagrams);
  g_test_add_func ("/core/counters/served", test_served);
  g_test_add_func ("/core/counters/duplicate", test_duplicate);
  g_test_add_func ("/core/counters/caps-lowered", test_caps_lowered);
  g_test_add_func ("/core/counters/transmissions", test_transmissions);
  g_test_add_func ("/core/counters/retransmission", test_retransmission);
  g_test_add_func ("/core/counters/resets", test_resets);
  g_test_add_func ("/core/counters/drops", test_drops);
  g_test_add_func ("/core/counters/undeliverable", test_undeliverable);
  g_test_add_func ("/core/counters/refused", test_refused);
  g_test_add_func ("/core/counters/observers", test_observers);
  g_test_add_func ("/core/counters/transfers", test_transfers);

  return g_test_run ();
}
