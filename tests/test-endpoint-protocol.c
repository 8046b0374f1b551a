/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* What the settings of the protocol do. */

#define ACK GCOAP_MESSAGE_TYPE_ACK

#define CON_GET_A "42 01 1234 aabb b161"
#define CON_GET_B "42 01 1235 aabc b162"

static const char *const repeats[] = { "0", "1", "3" };

static void
test_max_retransmit (gconstpointer data)
{
  const char *const *max_retransmit = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *configuration = g_strdup_printf ("MaxRetransmit=%s", *max_retransmit);
  g_autofree char *id = NULL;

  g_test_summary ("A silent peer gets the message, and then as often again");
  configure (fixture->client, "AckTimeout=0.001");
  configure (fixture->client, configuration);
  id = ask (fixture->client, uri);
  wait_until (fixture->requests.n == 1);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_TIMED_OUT);
  settle ();
  g_assert_cmpuint (fixture->peer->n_received, ==,
                    1 + g_ascii_strtoull (*max_retransmit, NULL, 10));
}

static void
test_retransmission_is_same (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;
  g_autoptr (Datagram) first = NULL;
  g_autoptr (Datagram) second = NULL;

  configure (fixture->client, "AckTimeout=0.001");
  id = ask (fixture->client, uri);
  first = peer_take (fixture->peer);
  second = peer_take (fixture->peer);
  g_assert_cmpuint (first->message_id, ==, second->message_id);
  g_assert_cmpmem (first->token, first->token_length, second->token, second->token_length);
}

static void
test_nstart (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (Datagram) datagram = NULL;

  g_test_summary ("RFC 7252 section 4.7");
  configure (fixture->client, "NStart=2");
  for (guint i = 0; i < 5; i++)
    begin_get (fixture->client, uri);
  wait_until (fixture->peer->n_received == 2);
  settle ();
  g_assert_cmpuint (fixture->peer->n_received, ==, 2);
  datagram = peer_take (fixture->peer);
  peer_answer_empty (fixture->peer, datagram, ACK);
  wait_until (fixture->peer->n_received == 3);
  settle ();
  g_assert_cmpuint (fixture->peer->n_received, ==, 3);
}

static void
test_nstart_raised (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");

  g_test_summary ("What waits goes at once");
  for (guint i = 0; i < 5; i++)
    begin_get (fixture->client, uri);
  wait_until (fixture->peer->n_received == 1);
  configure (fixture->client, "NStart=4");
  wait_until (fixture->peer->n_received == 4);
}

static guint64
count_transmissions (GCoapEndpoint *endpoint)
{
  guint64 n;

  g_object_get (gcoap_endpoint_get_statistics (endpoint), "transmissions", &n, NULL);

  return n;
}

/* A peer that has not answered the first request for MaxTransmitWait, which is a millisecond. */
static Fixture *
fixture_with_silent_peer (void)
{
  Fixture *fixture = fixture_new ();
  g_autofree char *peer_uri = fixture_peer_uri (fixture, "/");
  gint64 silent;

  gcoap_endpoint_set_use_confirmable_messages (fixture->client, FALSE);
  configure (fixture->client, "AckTimeout=0.001");
  configure (fixture->client, "AckRandomFactor=1");
  configure (fixture->client, "MaxRetransmit=0");
  begin_get (fixture->client, peer_uri);
  wait_until (fixture->peer->n_received == 1);
  silent = g_get_monotonic_time () + 1000;
  while (g_get_monotonic_time () < silent)
    settle ();

  for (guint i = 0; i < 3; i++)
    begin_get (fixture->client, peer_uri);
  settle ();
  g_assert_cmpuint (fixture->peer->n_received, ==, 1);
  g_assert_cmpuint (count_transmissions (fixture->client), ==, 4);

  return fixture;
}

static void
test_probing_rate (void)
{
  g_autoptr (Fixture) fixture = fixture_with_silent_peer ();
  g_autoptr (Datagram) datagram = NULL;

  g_test_summary ("Non-confirmable requests wait for a peer that is silent, "
                  "RFC 7252 section 4.7");
  datagram = peer_take (fixture->peer);
  peer_answer (fixture->peer, datagram, GCOAP_MESSAGE_TYPE_NON, GCOAP_CODE_CONTENT, "hi");
  wait_until (fixture->requests.n == 1);
  wait_until (fixture->peer->n_received == 4);
}

static void
test_probing_rate_lifted (void)
{
  g_autoptr (Fixture) fixture = fixture_with_silent_peer ();

  g_test_summary ("They go at once when there is no limit any more");
  configure (fixture->client, "ProbingRate=0");
  wait_until (fixture->peer->n_received == 4);
}

static void
test_piggyback_delay_none (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) acknowledgement = NULL;

  configure (fixture->server, "PiggybackDelay=0");
  g_signal_connect (fixture->server, "request", G_CALLBACK (defer_cb), NULL);
  peer_ask (fixture, CON_GET_A);
  acknowledgement = peer_expect (fixture->peer, ACK, GCOAP_CODE_EMPTY, "");
}

static void
test_piggyback_delay_none_prompt (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("An answer of the handler's is never too late for it");
  configure (fixture->server, "PiggybackDelay=0");
  answer_with (fixture->server, "request", "hi");
  peer_ask (fixture, CON_GET_A);
  answer = peer_expect (fixture->peer, ACK, GCOAP_CODE_CONTENT, "hi");
}

/* How often the handler runs for the same request. */
typedef struct
{
  const char *name;
  const char *configuration;
  guint       n_handled;
} CacheRow;

static const CacheRow cache_rows[] = {
  { "none", "CacheSize=0", 3 },
  { "default", "CacheSize=", 1 },
};

static void
test_cache_size (gconstpointer data)
{
  const CacheRow *row = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  guint n = 0;

  configure (fixture->server, row->configuration);
  answer_with (fixture->server, "request", "hi");
  g_signal_connect_swapped (fixture->server, "request", G_CALLBACK (count_cb), &n);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (Datagram) answer = NULL;

      peer_ask (fixture, CON_GET_A);
      answer = peer_expect (fixture->peer, ACK, GCOAP_CODE_CONTENT, "hi");
    }
  g_assert_cmpuint (n, ==, row->n_handled);
}

static void
test_response_timeout (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) acknowledgement = NULL;
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("A request that is never answered ends as 5.03, and the record goes");
  configure (fixture->server, "PiggybackDelay=0");
  configure (fixture->server, "ResponseTimeout=0.001");
  g_signal_connect (fixture->server, "request", G_CALLBACK (defer_cb), NULL);
  peer_ask (fixture, CON_GET_A);
  acknowledgement = peer_expect (fixture->peer, ACK, GCOAP_CODE_EMPTY, "");
  answer = peer_take (fixture->peer);
  g_assert_cmpuint (answer->code, ==, GCOAP_CODE_SERVICE_UNAVAILABLE);
  g_assert_true (datagram_token_is (answer, "aabb"));
  wait_until (fixture->responses.n == 1);
  g_assert_cmpint (fixture->responses.code, ==, GCOAP_ERROR_TIMED_OUT);
  g_assert_cmpuint (count_pending (fixture->server), ==, 0);
}

static void
test_max_pending_requests (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  configure (fixture->server, "PiggybackDelay=3600");
  configure (fixture->server, "MaxPendingRequests=1");
  g_signal_connect (fixture->server, "request", G_CALLBACK (defer_cb), NULL);
  peer_ask (fixture, CON_GET_A);
  peer_ask (fixture, CON_GET_B);
  answer = peer_take (fixture->peer);
  g_assert_cmpuint (answer->code, ==, GCOAP_CODE_SERVICE_UNAVAILABLE);
  g_assert_true (datagram_token_is (answer, "aabc"));
  g_assert_cmpuint (count_pending (fixture->server), ==, 1);
}

static void
test_max_peers (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Peer) other = peer_new ("127.0.0.1");
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *other_uri = g_strdup_printf ("coap://127.0.0.1:%u/", other->port);
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A peer that is being talked to does not go");
  configure (fixture->client, "MaxPeers=1");
  id = ask (fixture->client, uri);
  g_assert_null (gcoap_endpoint_get (fixture->client, other_uri, &error));
  g_assert_nonnull (error);
  gcoap_endpoint_cancel_request (fixture->client, id, NULL);
  g_free (id);
  id = ask (fixture->client, other_uri);
}

static void
test_default_leisure (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapEndpoint) server = gcoap_endpoint_new ();
  g_autoptr (Datagram) answer = NULL;
  guint n_requests = 0;
  guint port;

  g_test_summary ("A broadcast is answered in the course of it, RFC 7252 section 8.2");
  gcoap_endpoint_set_timeout (server, 0);
  answer_with (server, "request", "hi");
  g_signal_connect_swapped (server, "request", G_CALLBACK (count_cb), &n_requests);
  g_assert_true (gcoap_endpoint_start_listening (server, NULL));
  port = gcoap_endpoint_get_local_port (server);
  g_socket_set_broadcast (fixture->peer->socket, TRUE);
  configure (server, "DefaultLeisure=3600");
  peer_send (fixture->peer, "127.255.255.255", port, "51 01 0001 aa");
  wait_until (n_requests == 1);
  configure (server, "DefaultLeisure=0");
  peer_send (fixture->peer, "127.255.255.255", port, "51 01 0002 bb");
  answer = peer_take (fixture->peer);
  g_assert_cmpuint (answer->token[0], ==, 0xbb);
  settle ();
  g_assert_cmpuint (fixture->peer->n_received, ==, 1);
}

/* What becomes of an upload when another one begins. */
typedef struct
{
  const char *name;
  const char *configuration;
  guint       code;
} TransferRow;

static const TransferRow transfer_rows[] = {
  { "default", "MaxTransfers=", GCOAP_CODE_CONTINUE },
  { "one", "MaxTransfers=1", GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE },
  { "two", "MaxTransfers=2", GCOAP_CODE_CONTINUE },
  { "no-bytes", "TransferCacheSize=0", GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE },
  { "many-bytes", "TransferCacheSize=10000", GCOAP_CODE_CONTINUE },
};

static void
upload_block (Fixture    *fixture,
              const char *head,
              guint       code)
{
  g_autofree char *hex = g_strconcat (head, " ff 61616161616161616161616161616161", NULL);
  g_autoptr (Datagram) answer = NULL;

  peer_ask (fixture, hex);
  answer = peer_take (fixture->peer);
  g_assert_cmpuint (answer->code, ==, code);
}

static void
test_transfers (gconstpointer data)
{
  const TransferRow *row = data;
  g_autoptr (Fixture) fixture = fixture_new ();

  g_test_summary ("The one that was idle for longest is given up, RFC 7959 section 2.9.2");
  configure (fixture->server, row->configuration);
  answer_with (fixture->server, "request", "hi");
  upload_block (fixture, "40 03 0001 b161 d103 08", GCOAP_CODE_CONTINUE);
  upload_block (fixture, "40 03 0002 b162 d103 08", GCOAP_CODE_CONTINUE);
  upload_block (fixture, "40 03 0003 b161 d103 18", row->code);
}

static void
test_while_running (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");

  g_test_summary ("A change holds from the next message on");
  configure (fixture->client, "AckTimeout=0.001");
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *configuration = g_strdup_printf ("MaxRetransmit=%u", i);
      g_autofree char *id = NULL;

      configure (fixture->client, configuration);
      fixture->peer->n_received = 0;
      id = ask (fixture->client, uri);
      wait_until (fixture->requests.n == i + 1);
      settle ();
      g_assert_cmpuint (fixture->peer->n_received, ==, i + 1);
    }
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-protocol/" path, function)

static void
add_row (const char    *test,
         const char    *name,
         gconstpointer  row,
         GTestDataFunc  function)
{
  g_autofree char *path = g_strdup_printf ("/facade/endpoint-protocol/%s/%s", test, name);

  g_test_add_data_func (path, row, function);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (repeats); i++)
    add_row ("max-retransmit", repeats[i], &repeats[i], test_max_retransmit);
  for (gsize i = 0; i < G_N_ELEMENTS (cache_rows); i++)
    add_row ("cache-size", cache_rows[i].name, &cache_rows[i], test_cache_size);

  ADD ("retransmission-is-same", test_retransmission_is_same);
  ADD ("default-leisure", test_default_leisure);
  for (gsize i = 0; i < G_N_ELEMENTS (transfer_rows); i++)
    add_row ("transfers", transfer_rows[i].name, &transfer_rows[i], test_transfers);
  ADD ("nstart", test_nstart);
  ADD ("nstart/raised", test_nstart_raised);
  ADD ("probing-rate", test_probing_rate);
  ADD ("probing-rate/lifted", test_probing_rate_lifted);
  ADD ("piggyback-delay/none", test_piggyback_delay_none);
  ADD ("piggyback-delay/none-prompt", test_piggyback_delay_none_prompt);
  ADD ("response-timeout", test_response_timeout);
  ADD ("max-pending-requests", test_max_pending_requests);
  ADD ("max-peers", test_max_peers);
  ADD ("while-running", test_while_running);

  return g_test_run ();
}
