/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* The observers property, which is a list of GCoapObserver. */

#define N_MANY 200

/* What items-changed has told: a list that is kept in step by it alone. */
typedef struct
{
  GListModel *list;
  GPtrArray  *tokens; /* (element-type utf8) */
  guint       n;
  guint       position; /* of the latest change, as what follows */
  guint       n_removed;
  guint       n_added;
} Mirror;

static GCoapObserver *
get_observer (GCoapEndpoint *endpoint,
              guint          position)
{
  return g_list_model_get_item (gcoap_endpoint_get_observers (endpoint), position);
}

static guint
count_observers (GCoapEndpoint *endpoint)
{
  return g_list_model_get_n_items (gcoap_endpoint_get_observers (endpoint));
}

static void
assert_same (Mirror *mirror)
{
  g_assert_cmpuint (g_list_model_get_n_items (mirror->list), ==, mirror->tokens->len);
  for (guint i = 0; i < mirror->tokens->len; i++)
    {
      g_autoptr (GCoapObserver) observer = g_list_model_get_item (mirror->list, i);

      g_assert_cmpstr (gcoap_observer_get_token (observer), ==,
                       g_ptr_array_index (mirror->tokens, i));
    }
}

static void
items_changed_cb (GListModel *list,
                  guint       position,
                  guint       n_removed,
                  guint       n_added,
                  Mirror     *mirror)
{
  mirror->n++;
  mirror->position = position;
  mirror->n_removed = n_removed;
  mirror->n_added = n_added;

  for (guint i = 0; i < n_removed; i++)
    g_ptr_array_remove_index (mirror->tokens, position);
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr (GCoapObserver) observer = g_list_model_get_item (list, position + i);

      g_ptr_array_insert (mirror->tokens, position + i,
                          g_strdup (gcoap_observer_get_token (observer)));
    }
  assert_same (mirror);
}

static Mirror *
mirror_new (GCoapEndpoint *endpoint)
{
  Mirror *self = g_new0 (Mirror, 1);

  self->list = g_object_ref (gcoap_endpoint_get_observers (endpoint));
  self->tokens = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (self->list, "items-changed", G_CALLBACK (items_changed_cb), self);

  return self;
}

static void
mirror_free (Mirror *self)
{
  g_signal_handlers_disconnect_by_data (self->list, self);
  g_object_unref (self->list);
  g_ptr_array_unref (self->tokens);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mirror, mirror_free)

static void
assert_change (Mirror *mirror,
               guint   position,
               guint   n_removed,
               guint   n_added)
{
  g_assert_cmpuint (mirror->n, ==, 1);
  g_assert_cmpuint (mirror->position, ==, position);
  g_assert_cmpuint (mirror->n_removed, ==, n_removed);
  g_assert_cmpuint (mirror->n_added, ==, n_added);
  mirror->n = 0;
}

static void
register_cb (GCoapEndpoint *endpoint,
             GCoapRequest  *registration,
             const char    *code)
{
  gcoap_request_set_accept (registration, TRUE);
  gcoap_endpoint_set_response_code (endpoint, code);
  gcoap_endpoint_set_response_text (endpoint, "1");
}

static Fixture *
site_new (const char *code)
{
  Fixture *fixture = fixture_new ();

  g_signal_connect (fixture->server, "register", G_CALLBACK (register_cb), (gpointer) code);
  answer_with (fixture->server, "request", "plain");

  return fixture;
}

/* A GET with the Observe option (0 or 1), a token of one byte and a path of one letter. */
static void
send_observe (Fixture *fixture,
              guint    observe,
              guint    token,
              char     path)
{
  static guint16 message_id;
  g_autofree char *hex = NULL;
  g_autoptr (Datagram) answer = NULL;

  hex = g_strdup_printf ("4101%04x%02x%s51%02x", ++message_id, token,
                         observe == 0 ? "60" : "6101", path);
  peer_ask (fixture, hex);
  answer = peer_take (fixture->peer);
  g_assert_cmpint (answer->type, ==, GCOAP_MESSAGE_TYPE_ACK);
  settle ();
}

static void
add (Fixture *fixture,
     guint    token,
     char     path)
{
  send_observe (fixture, 0, token, path);
}

static void
drop (Fixture *fixture,
      guint    token)
{
  send_observe (fixture, 1, token, 'a');
}

static void
notify (Fixture    *fixture,
        const char *code)
{
  g_autofree char *uri = fixture_server_uri (fixture, "/a");
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_response_code (fixture->server, code);
  gcoap_endpoint_set_response_text (fixture->server, "2");
  gcoap_endpoint_send_notification (fixture->server, uri, &error);
  g_assert_no_error (error);
}

static void
test_empty (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  GListModel *list = gcoap_endpoint_get_observers (endpoint);
  g_autoptr (GListModel) property = NULL;

  g_object_get (endpoint, "observers", &property, NULL);
  g_assert_true (list == property);
  g_assert_true (g_list_model_get_item_type (list) == GCOAP_TYPE_OBSERVER);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);
  g_assert_null (g_list_model_get_item (list, 0));
}

static void
test_positions (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autoptr (Mirror) mirror = mirror_new (fixture->server);

  g_test_summary ("In the order of the registrations, and told of one at a time");
  add (fixture, 0xa1, 'a');
  assert_change (mirror, 0, 0, 1);
  add (fixture, 0xa2, 'a');
  assert_change (mirror, 1, 0, 1);
  add (fixture, 0xa3, 'b');
  assert_change (mirror, 2, 0, 1);

  drop (fixture, 0xa2);
  assert_change (mirror, 1, 1, 0);
  drop (fixture, 0xa1);
  assert_change (mirror, 0, 1, 0);
  drop (fixture, 0xa3);
  assert_change (mirror, 0, 1, 0);
  g_assert_cmpuint (count_observers (fixture->server), ==, 0);
}

static void
test_late (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  const char *const tokens[] = { "b3", "b1", "b2" };

  g_test_summary ("Who comes late to the list finds those that are there, in their order");
  add (fixture, 0xb0, 'a');
  add (fixture, 0xb3, 'a');
  add (fixture, 0xb1, 'b');
  add (fixture, 0xb2, 'a');
  drop (fixture, 0xb0);

  g_assert_cmpuint (count_observers (fixture->server), ==, G_N_ELEMENTS (tokens));
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    {
      g_autoptr (GCoapObserver) observer = get_observer (fixture->server, i);

      g_assert_cmpstr (gcoap_observer_get_token (observer), ==, tokens[i]);
    }
}

static void
ask_for_list_cb (GCoapEndpoint *endpoint,
                 GCoapRequest  *request,
                 guint         *out_n)
{
  *out_n = count_observers (endpoint);
}

static void
test_asked_for_in_handler (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autoptr (Datagram) last = NULL;
  guint n_observers = G_MAXUINT;

  g_test_summary ("A list that is made while some are about to be told of is right");
  add (fixture, 1, 'a');
  add (fixture, 2, 'b');
  g_signal_connect (fixture->server, "unregistered", G_CALLBACK (ask_for_list_cb), &n_observers);
  notify (fixture, "4.04");
  last = peer_expect (fixture->peer, GCOAP_MESSAGE_TYPE_CON, GCOAP_CODE_NOT_FOUND, "2");
  g_assert_cmpuint (n_observers, ==, 1);
  drop (fixture, 2);
  g_assert_cmpuint (n_observers, ==, 0);
  add (fixture, 2, 'a');
  g_assert_cmpuint (count_observers (fixture->server), ==, 1);
}

static void
test_properties (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autofree char *uri = fixture_server_uri (fixture, "/a");
  g_autoptr (GDateTime) before = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) after = NULL;
  g_autoptr (GDateTime) since = NULL;
  g_autoptr (GDateTime) acknowledged = NULL;
  g_autoptr (GCoapObserver) observer = NULL;
  g_autofree char *host = NULL;
  g_autofree char *token = NULL;
  g_autofree char *observed = NULL;
  guint port;

  add (fixture, 0x0a, 'a');
  after = g_date_time_new_now_utc ();
  observer = get_observer (fixture->server, 0);
  g_object_get (observer, "remote-host", &host, "remote-port", &port, "token", &token,
                "uri", &observed, "since", &since, "last-acknowledged", &acknowledged, NULL);

  g_assert_cmpstr (host, ==, "127.0.0.1");
  g_assert_cmpuint (port, ==, fixture->peer->port);
  g_assert_cmpstr (token, ==, "0a");
  g_assert_cmpstr (observed, ==, uri);
  g_assert_null (acknowledged);
  /* The two clocks may drift apart by a little. */
  g_assert_cmpint (g_date_time_difference (since, before), >, -G_TIME_SPAN_SECOND);
  g_assert_cmpint (g_date_time_difference (after, since), >, -G_TIME_SPAN_SECOND);
  g_assert_true (gcoap_observer_get_since (observer) == since);
}

static void
test_last_acknowledged (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autoptr (GCoapObserver) observer = NULL;
  g_autoptr (GDateTime) first = NULL;

  add (fixture, 1, 'a');
  observer = get_observer (fixture->server, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (Datagram) notification = NULL;

      notify (fixture, "2.05");
      notification = peer_expect (fixture->peer, GCOAP_MESSAGE_TYPE_CON, GCOAP_CODE_CONTENT, "2");
      g_assert_true (gcoap_observer_get_last_acknowledged (observer) == first);
      peer_answer_empty (fixture->peer, notification, GCOAP_MESSAGE_TYPE_ACK);
      wait_until (gcoap_observer_get_last_acknowledged (observer) != first);
      g_clear_pointer (&first, g_date_time_unref);
      first = g_date_time_ref (gcoap_observer_get_last_acknowledged (observer));
      g_assert_cmpint (g_date_time_difference (first, gcoap_observer_get_since (observer)), >=, 0);
    }
}

static void
test_same_object (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  GCoapObserver *observer, *again;
  gpointer weak;

  g_test_summary ("An object is the same while somebody holds it, and the list does not");
  add (fixture, 1, 'a');
  observer = get_observer (fixture->server, 0);
  again = get_observer (fixture->server, 0);
  g_assert_true (observer == again);

  weak = observer;
  g_object_add_weak_pointer (weak, &weak);
  g_object_unref (again);
  g_assert_nonnull (weak);
  g_object_unref (observer);
  g_assert_null (weak);

  observer = get_observer (fixture->server, 0);
  g_assert_cmpstr (gcoap_observer_get_token (observer), ==, "01");
  g_object_unref (observer);
}

static void
test_renewed (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autoptr (Mirror) mirror = NULL;
  g_autoptr (GCoapObserver) observer = NULL;
  g_autoptr (GCoapObserver) again = NULL;

  g_test_summary ("Who registers again stays what and where it is");
  add (fixture, 1, 'a');
  add (fixture, 2, 'a');
  mirror = mirror_new (fixture->server);
  observer = get_observer (fixture->server, 0);
  add (fixture, 1, 'a');
  g_assert_cmpuint (mirror->n, ==, 0);
  again = get_observer (fixture->server, 0);
  g_assert_true (observer == again);
}

static void
test_other_uri (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autoptr (Mirror) mirror = mirror_new (fixture->server);
  g_autoptr (GCoapObserver) first = NULL;
  g_autoptr (GCoapObserver) last = NULL;

  g_test_summary ("The same token for another URI is another observer");
  add (fixture, 1, 'a');
  add (fixture, 2, 'a');
  first = get_observer (fixture->server, 0);
  add (fixture, 1, 'b');
  g_assert_cmpuint (mirror->n, ==, 4);
  last = get_observer (fixture->server, 1);
  g_assert_true (first != last);
  g_assert_true (g_str_has_suffix (gcoap_observer_get_uri (first), "/a"));
  g_assert_true (g_str_has_suffix (gcoap_observer_get_uri (last), "/b"));
}

static void
test_refused (void)
{
  g_autoptr (Fixture) fixture = site_new ("4.03");
  g_autoptr (Mirror) mirror = mirror_new (fixture->server);

  g_test_summary ("A registration that is accepted and answered by an error leaves nothing");
  add (fixture, 1, 'a');
  g_assert_cmpuint (count_observers (fixture->server), ==, 0);
  g_assert_cmpuint (mirror->tokens->len, ==, 0);
}

static void
test_last_state (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autoptr (Mirror) mirror = mirror_new (fixture->server);
  g_autoptr (GCoapObserver) other = NULL;

  g_test_summary ("Several that go at once are told of one by one; items are there until then");
  for (guint i = 0; i < 10; i++)
    add (fixture, i, i == 4 ? 'b' : 'a');
  mirror->n = 0;
  notify (fixture, "4.04");
  wait_until (mirror->tokens->len == 1);
  g_assert_cmpuint (mirror->n, ==, 9);
  other = get_observer (fixture->server, 0);
  g_assert_cmpstr (gcoap_observer_get_token (other), ==, "04");
}

static void
test_gone (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autoptr (GCoapObserver) observer = NULL;

  g_test_summary ("An object outlives what it stands for");
  add (fixture, 1, 'a');
  observer = get_observer (fixture->server, 0);
  drop (fixture, 1);
  add (fixture, 1, 'a');
  g_assert_cmpstr (gcoap_observer_get_token (observer), ==, "01");
  g_assert_cmpstr (gcoap_observer_get_remote_host (observer), ==, "127.0.0.1");
  g_assert_nonnull (gcoap_observer_get_since (observer));
  g_assert_null (gcoap_observer_get_last_acknowledged (observer));
  gcoap_observer_cancel (observer);
  g_assert_cmpuint (count_observers (fixture->server), ==, 1);
}

static void
test_cancel (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autoptr (Mirror) mirror = mirror_new (fixture->server);
  g_autoptr (GCoapObserver) observer = NULL;
  guint n_unregistered = 0;

  g_signal_connect_swapped (fixture->server, "unregistered", G_CALLBACK (count_cb),
                            &n_unregistered);
  add (fixture, 1, 'a');
  add (fixture, 2, 'a');
  mirror->n = 0;
  observer = get_observer (fixture->server, 0);
  gcoap_observer_cancel (observer);
  assert_change (mirror, 0, 1, 0);
  g_assert_cmpuint (n_unregistered, ==, 1);
  gcoap_observer_cancel (observer);
  g_assert_cmpuint (n_unregistered, ==, 1);

  drop (fixture, 2);
  notify (fixture, "2.05");
  expect_silence (fixture->peer);
}

static void
cancel_first_cb (GListModel *list,
                 guint       position,
                 guint       n_removed,
                 guint       n_added,
                 gpointer    user_data)
{
  g_autoptr (GCoapObserver) first = g_list_model_get_item (list, 0);

  if (first != NULL)
    gcoap_observer_cancel (first);
}

static void
test_cancel_in_handler (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autoptr (Mirror) mirror = mirror_new (fixture->server);

  g_test_summary ("Who is told of a change may cause the next");
  for (guint i = 0; i < 5; i++)
    add (fixture, i, 'a');
  g_signal_connect (gcoap_endpoint_get_observers (fixture->server), "items-changed",
                    G_CALLBACK (cancel_first_cb), NULL);
  drop (fixture, 3);
  g_assert_cmpuint (mirror->tokens->len, ==, 0);
}

static void
shutdown_cb (GListModel    *list,
             guint          position,
             guint          n_removed,
             guint          n_added,
             GCoapEndpoint *endpoint)
{
  gcoap_endpoint_shutdown (endpoint, NULL);
}

static void
test_shutdown (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autoptr (Mirror) mirror = mirror_new (fixture->server);

  for (guint i = 0; i < 5; i++)
    add (fixture, i, 'a');
  mirror->n = 0;
  gcoap_endpoint_shutdown (fixture->server, NULL);
  g_assert_cmpuint (mirror->n, ==, 5);
  g_assert_cmpuint (mirror->tokens->len, ==, 0);
}

static void
test_shutdown_in_handler (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autoptr (Mirror) mirror = mirror_new (fixture->server);
  g_autoptr (GCoapObserver) observer = NULL;

  for (guint i = 0; i < 5; i++)
    add (fixture, i, 'a');
  g_signal_connect (mirror->list, "items-changed", G_CALLBACK (shutdown_cb), fixture->server);
  observer = get_observer (fixture->server, 2);
  gcoap_observer_cancel (observer);
  g_assert_cmpuint (mirror->tokens->len, ==, 0);
}

static void
test_outlives (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autoptr (Mirror) mirror = mirror_new (fixture->server);
  g_autoptr (GCoapObserver) observer = NULL;

  g_test_summary ("The list and its objects outlive the endpoint");
  add (fixture, 1, 'a');
  observer = get_observer (fixture->server, 0);
  drop_endpoint (&fixture->server);
  g_assert_cmpuint (g_list_model_get_n_items (mirror->list), ==, 0);
  g_assert_null (g_list_model_get_item (mirror->list, 0));
  g_assert_null (gcoap_observer_get_last_acknowledged (observer));
  gcoap_observer_cancel (observer);
}

static void
test_many (void)
{
  g_autoptr (Fixture) fixture = site_new ("2.05");
  g_autoptr (Mirror) mirror = mirror_new (fixture->server);
  GRand *random = g_rand_new_with_seed (1);

  g_test_summary ("In any order, and with some of the objects held, the list stays in step");
  for (guint i = 0; i < N_MANY; i++)
    add (fixture, i, "ab"[i % 2]);
  while (mirror->tokens->len > 0)
    {
      guint position = g_rand_int_range (random, 0, mirror->tokens->len);
      g_autoptr (GCoapObserver) observer = g_list_model_get_item (mirror->list, position);
      g_autoptr (GCoapObserver) next = g_list_model_get_item (mirror->list, position + 1);
      g_autoptr (GCoapObserver) moved = NULL;

      gcoap_observer_cancel (observer);
      moved = g_list_model_get_item (mirror->list, position);
      g_assert_true (moved == next);
    }
  g_rand_free (random);
}

#define ADD(path, function) g_test_add_func ("/facade/observer-list/" path, function)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("empty", test_empty);
  ADD ("positions", test_positions);
  ADD ("late", test_late);
  ADD ("asked-for-in-handler", test_asked_for_in_handler);
  ADD ("properties", test_properties);
  ADD ("last-acknowledged", test_last_acknowledged);
  ADD ("same-object", test_same_object);
  ADD ("renewed", test_renewed);
  ADD ("other-uri", test_other_uri);
  ADD ("refused", test_refused);
  ADD ("last-state", test_last_state);
  ADD ("gone", test_gone);
  ADD ("cancel", test_cancel);
  ADD ("cancel-in-handler", test_cancel_in_handler);
  ADD ("shutdown", test_shutdown);
  ADD ("shutdown-in-handler", test_shutdown_in_handler);
  ADD ("outlives", test_outlives);
  ADD ("many", test_many);

  return g_test_run ();
}
