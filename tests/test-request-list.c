/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* The pending-requests property, which is the list. */

/* What items-changed has told. */
typedef struct
{
  guint n;
  guint position;
  guint n_removed;
  guint n_added;
  guint n_items;
} Change;

static void
items_changed_cb (GListModel *list,
                  guint       position,
                  guint       n_removed,
                  guint       n_added,
                  Change     *change)
{
  change->n++;
  change->position = position;
  change->n_removed = n_removed;
  change->n_added = n_added;
  change->n_items = g_list_model_get_n_items (list);
}

static void
watch (GCoapEndpoint *endpoint,
       Change        *change)
{
  g_signal_connect (gcoap_endpoint_get_pending_requests (endpoint), "items-changed",
                    G_CALLBACK (items_changed_cb), change);
}

static void
assert_change (Change *change,
               guint   position,
               guint   n_removed,
               guint   n_added,
               guint   n_items)
{
  g_assert_cmpuint (change->n, ==, 1);
  g_assert_cmpuint (change->position, ==, position);
  g_assert_cmpuint (change->n_removed, ==, n_removed);
  g_assert_cmpuint (change->n_added, ==, n_added);
  g_assert_cmpuint (change->n_items, ==, n_items);
  change->n = 0;
}

static void
assert_ids (GCoapEndpoint     *endpoint,
            const char *const *ids,
            guint              n_ids)
{
  g_assert_cmpuint (count_pending (endpoint), ==, n_ids);
  for (guint i = 0; i < n_ids; i++)
    {
      g_autoptr (GCoapRequest) request = get_pending (endpoint, i);

      g_assert_cmpstr (gcoap_request_get_request_id (request), ==, ids[i]);
    }
}

static void
test_empty (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  GListModel *list = gcoap_endpoint_get_pending_requests (endpoint);

  g_assert_true (g_list_model_get_item_type (list) == GCOAP_TYPE_REQUEST);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);
  g_assert_null (g_list_model_get_item (list, 0));
  g_assert_true (list == gcoap_endpoint_get_pending_requests (endpoint));
}

static void
test_positions (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  Change change = { 0 };

  g_test_summary ("In the order of the calls, and told of one at a time");
  watch (fixture->client, &change);
  first = ask (fixture->client, uri);
  assert_change (&change, 0, 0, 1, 1);
  second = ask (fixture->client, uri);
  assert_change (&change, 1, 0, 1, 2);
  third = ask (fixture->client, uri);
  assert_change (&change, 2, 0, 1, 3);
  assert_ids (fixture->client, (const char *[]) { first, second, third }, 3);
  g_assert_null (g_list_model_get_item (gcoap_endpoint_get_pending_requests (fixture->client), 3));

  gcoap_endpoint_cancel_request (fixture->client, second, NULL);
  assert_change (&change, 1, 1, 0, 2);
  assert_ids (fixture->client, (const char *[]) { first, third }, 2);
  gcoap_endpoint_cancel_request (fixture->client, first, NULL);
  assert_change (&change, 0, 1, 0, 1);
  gcoap_endpoint_cancel_request (fixture->client, third, NULL);
  assert_change (&change, 0, 1, 0, 0);
}

static void
test_response (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;
  Change change = { 0 };

  peer_answer_with (fixture->peer, "hi");
  id = ask (fixture->client, uri);
  watch (fixture->client, &change);
  wait_until (fixture->requests.n == 1);
  assert_change (&change, 0, 1, 0, 0);
}

static void
test_blocking (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;
  Change change = { 0 };

  g_test_summary ("Who waits has no record");
  watch (fixture->client, &change);
  peer_answer_with (fixture->peer, "hi");
  gcoap_endpoint_set_timeout (fixture->client, 60);
  id = gcoap_endpoint_get (fixture->client, uri, NULL);
  g_assert_cmpstr (id, ==, "");
  g_assert_cmpuint (change.n, ==, 0);
}

static void
test_server (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapRequest) request = NULL;
  Change change = { 0 };

  g_test_summary ("In server mode, those whose answer was put off");
  configure (fixture->server, "PiggybackDelay=3600");
  watch (fixture->server, &change);
  answer_with (fixture->server, "request::/a", "hi");
  g_signal_connect (fixture->server, "request::/b", G_CALLBACK (defer_cb), NULL);
  peer_ask (fixture, "42 01 1234 aabb b161");
  wait_until (fixture->responses.n == 1);
  g_assert_cmpuint (change.n, ==, 0);
  peer_ask (fixture, "42 01 1235 aabc b162");
  wait_until (change.n == 1);
  assert_change (&change, 0, 0, 1, 1);
  request = get_pending (fixture->server, 0);
  gcoap_endpoint_set_response_text (fixture->server, "later");
  gcoap_endpoint_send_response (fixture->server, gcoap_request_get_request_id (request), NULL);
  assert_change (&change, 0, 1, 0, 0);
}

static void
test_outlives (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = ask (fixture->client, uri);
  g_autoptr (GCoapRequest) request = get_pending (fixture->client, 0);
  g_autoptr (GListModel) list =
    g_object_ref (gcoap_endpoint_get_pending_requests (fixture->client));

  g_test_summary ("The list and its requests may be kept longer than the endpoint");
  completions_clear (&fixture->requests);
  g_signal_handlers_disconnect_by_data (fixture->client, &fixture->requests);
  drop_endpoint (&fixture->client);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);
  g_assert_cmpstr (gcoap_request_get_request_id (request), ==, id);
  g_assert_cmpstr (gcoap_request_get_uri (request), ==, uri);
}

static void
cancel_added_cb (GListModel    *list,
                 guint          position,
                 guint          n_removed,
                 guint          n_added,
                 GCoapEndpoint *endpoint)
{
  g_autoptr (GCoapRequest) request = g_list_model_get_item (list, position);

  if (n_added > 0)
    gcoap_endpoint_cancel_request (endpoint, gcoap_request_get_request_id (request), NULL);
}

static void
test_cancel_in_handler (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;

  g_test_summary ("Who is told of a new record may end it");
  g_signal_connect (gcoap_endpoint_get_pending_requests (fixture->client), "items-changed",
                    G_CALLBACK (cancel_added_cb), fixture->client);
  id = ask (fixture->client, uri);
  g_assert_cmpuint (fixture->requests.n, ==, 1);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_CANCELED);
  g_assert_cmpuint (count_pending (fixture->client), ==, 0);
}

static void
test_many (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  GRand *random = g_rand_new_with_seed (1);

  g_test_summary ("Those that are taken out in any order leave the others in theirs");
  for (guint i = 0; i < 200; i++)
    begin_get (fixture->client, uri);
  while (count_pending (fixture->client) > 0)
    {
      guint position = g_rand_int_range (random, 0, count_pending (fixture->client));
      g_autoptr (GCoapRequest) request = get_pending (fixture->client, position);
      g_autoptr (GCoapRequest) next = get_pending (fixture->client, position + 1);
      g_autoptr (GCoapRequest) moved = NULL;

      gcoap_endpoint_cancel_request (fixture->client, gcoap_request_get_request_id (request),
                                     NULL);
      moved = get_pending (fixture->client, position);
      g_assert_true (moved == next);
    }
  g_rand_free (random);
}

#define ADD(path, function) g_test_add_func ("/facade/request-list/" path, function)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("empty", test_empty);
  ADD ("positions", test_positions);
  ADD ("response", test_response);
  ADD ("blocking", test_blocking);
  ADD ("server", test_server);
  ADD ("outlives", test_outlives);
  ADD ("cancel-in-handler", test_cancel_in_handler);
  ADD ("many", test_many);

  return g_test_run ();
}
