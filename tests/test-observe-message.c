/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* Observing with a request of one's own: gcoap_endpoint_observe_message(), and queries that are
 * observed by FETCH (RFC 8132 section 2.4). */

#define JSON 50
#define CBOR 60

/* A server that answers each query with itself, and the registrations it got. */
typedef struct
{
  Fixture   *fixture;
  char      *uri;
  GPtrArray *registrations; /* (element-type GCoapRequest) */
  GPtrArray *unregistered;  /* (element-type GCoapRequest) */
} Site;

static void
register_cb (GCoapEndpoint *endpoint,
             GCoapRequest  *registration,
             Site          *site)
{
  g_autofree char *text = gcoap_request_dup_text (registration);

  g_ptr_array_add (site->registrations, g_object_ref (registration));
  gcoap_request_set_accept (registration, TRUE);
  gcoap_endpoint_set_response_text (endpoint, text);
}

static void
unregistered_cb (GCoapEndpoint *endpoint,
                 GCoapRequest  *registration,
                 Site          *site)
{
  g_ptr_array_add (site->unregistered, g_object_ref (registration));
}

static Site *
site_new (void)
{
  Site *self = g_new0 (Site, 1);

  self->fixture = fixture_new ();
  self->uri = fixture_server_uri (self->fixture, "/a");
  self->registrations = g_ptr_array_new_with_free_func (g_object_unref);
  self->unregistered = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (self->fixture->server, "register", G_CALLBACK (register_cb), self);
  g_signal_connect (self->fixture->server, "unregistered", G_CALLBACK (unregistered_cb), self);
  answer_with (self->fixture->server, "request", "bye");

  return self;
}

static void
site_free (Site *self)
{
  g_signal_handlers_disconnect_by_data (self->fixture->server, self);
  fixture_free (self->fixture);
  g_ptr_array_unref (self->registrations);
  g_ptr_array_unref (self->unregistered);
  g_free (self->uri);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Site, site_free)

static GCoapObservation *
begin (Site         *site,
       GCoapMessage *message)
{
  g_autoptr (GError) error = NULL;
  GCoapObservation *observation =
    gcoap_endpoint_observe_message (site->fixture->client, message, &error);

  g_assert_no_error (error);
  wait_until (gcoap_observation_get_state (observation) == GCOAP_OBSERVATION_STATE_ACTIVE);

  return observation;
}

static GCoapObservation *
observe (Site       *site,
         GCoapMethod method,
         int         content_format,
         const char *query)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new_request (method, site->uri, NULL);

  gcoap_message_set_content_format (message, content_format);
  gcoap_message_set_text (message, query);

  return begin (site, message);
}

static void
tell (Site       *site,
      guint       registration,
      const char *text)
{
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_response_text (site->fixture->server, text);
  gcoap_endpoint_send_notification_for (site->fixture->server,
                                        g_ptr_array_index (site->registrations, registration),
                                        &error);
  g_assert_no_error (error);
}

static void
wait_for_text (GCoapObservation *observation,
               const char       *text)
{
  wait_until (g_strcmp0 (gcoap_observation_get_text (observation), text) == 0);
}

static void
test_fetch (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GCoapObservation) observation = observe (site, GCOAP_METHOD_FETCH, JSON, "[1]");
  GCoapRequest *registration = g_ptr_array_index (site->registrations, 0);
  g_autofree char *text = gcoap_request_dup_text (registration);

  g_assert_cmpstr (text, ==, "[1]");
  g_assert_cmpuint (gcoap_request_get_method (registration), ==, GCOAP_METHOD_FETCH);
  g_assert_cmpint (gcoap_request_get_content_format (registration), ==, JSON);
  g_assert_cmpstr (gcoap_observation_get_uri (observation), ==, site->uri);
  g_assert_cmpstr (gcoap_observation_get_text (observation), ==, "[1]");
  tell (site, 0, "new");
  wait_for_text (observation, "new");
}

static void
test_unregistered (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GCoapObservation) observation = observe (site, GCOAP_METHOD_FETCH, JSON, "[1]");
  g_autofree char *text = NULL;
  GCoapRequest *registration;

  g_test_summary ("The end is told by the registration, with what it asks for");
  gcoap_observation_cancel (observation);
  wait_until (site->unregistered->len == 1);
  registration = g_ptr_array_index (site->unregistered, 0);
  text = gcoap_request_dup_text (registration);
  g_assert_cmpstr (text, ==, "[1]");
  g_assert_cmpint (gcoap_request_get_content_format (registration), ==, JSON);
  g_assert_cmpstr (gcoap_request_get_uri (registration), ==, site->uri);
  settle ();
}

static void
test_apart (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GCoapObservation) get = observe (site, GCOAP_METHOD_GET, -1, "");
  g_autoptr (GCoapObservation) one = observe (site, GCOAP_METHOD_FETCH, JSON, "[1]");
  g_autoptr (GCoapObservation) two = observe (site, GCOAP_METHOD_FETCH, JSON, "[2]");
  g_autoptr (GCoapObservation) cbor = observe (site, GCOAP_METHOD_FETCH, CBOR, "[1]");
  g_autoptr (GCoapObservation) bare = observe (site, GCOAP_METHOD_FETCH, -1, "");
  GCoapObservation *all[] = { get, one, two, cbor, bare };

  g_test_summary ("Each query has states of its own");
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *text = g_strdup_printf ("result %u", i);

      tell (site, i, text);
      wait_for_text (all[i], text);
    }
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *text = g_strdup_printf ("result %u", i);

      g_assert_cmpstr (gcoap_observation_get_text (all[i]), ==, text);
    }
}

static void
test_together (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GCoapObservation) one = observe (site, GCOAP_METHOD_FETCH, JSON, "[1]");
  g_autoptr (GCoapObservation) other = observe (site, GCOAP_METHOD_FETCH, JSON, "[1]");

  g_test_summary ("Those who ask the same are told together");
  tell (site, 1, "news");
  wait_for_text (one, "news");
  wait_for_text (other, "news");

  gcoap_endpoint_set_response_code (site->fixture->server, "4.04");
  tell (site, 0, "gone");
  wait_until (site->unregistered->len == 2);
  wait_for_text (other, "gone");
  g_assert_cmpint (gcoap_observation_get_state (other), ==, GCOAP_OBSERVATION_STATE_ENDED);
}

static void
test_by_uri (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GCoapObservation) fetch = observe (site, GCOAP_METHOD_FETCH, JSON, "[1]");
  g_autoptr (GCoapObservation) get = observe (site, GCOAP_METHOD_GET, -1, "");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A notification for the URI is for those who observe it by GET");
  gcoap_endpoint_set_response_text (site->fixture->server, "all of it");
  gcoap_endpoint_send_notification (site->fixture->server, site->uri, &error);
  g_assert_no_error (error);
  wait_for_text (get, "all of it");
  tell (site, 0, "a part");
  wait_for_text (fetch, "a part");
  g_assert_cmpuint (gcoap_observation_get_sequence (fetch), ==,
                    gcoap_observation_get_sequence (get) + 1);
}

static void
test_listed (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GCoapObservation) observation = observe (site, GCOAP_METHOD_FETCH, JSON, "[1]");
  GListModel *observers = gcoap_endpoint_get_observers (site->fixture->server);
  g_autoptr (GCoapObserver) observer = g_list_model_get_item (observers, 0);

  g_assert_cmpuint (g_list_model_get_n_items (observers), ==, 1);
  g_assert_cmpstr (gcoap_observer_get_uri (observer), ==, site->uri);
  g_assert_cmpstr (gcoap_observation_get_uri (observation), ==, site->uri);
}

static void
test_get (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GCoapMessage) message =
    gcoap_message_new_request (GCOAP_METHOD_GET, site->uri, NULL);
  g_autoptr (GCoapObservation) observation = NULL;

  g_test_summary ("A GET does as well, and the Observe option is not the caller's");
  gcoap_message_add_uint_option (message, GCOAP_OPTION_NUMBER_OBSERVE, 1, NULL);
  gcoap_message_add_uint_option (message, GCOAP_OPTION_NUMBER_ACCEPT, JSON, NULL);
  observation = begin (site, message);
  g_assert_true (gcoap_message_is_sealed (message));
  tell (site, 0, "new");
  wait_for_text (observation, "new");
}

static void
assert_refused (GCoapEndpoint *endpoint,
                GCoapMessage  *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (gcoap_endpoint_observe_message (endpoint, message, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
}

static void
test_wrong_message (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GCoapMessage) post = gcoap_message_new_request (GCOAP_METHOD_POST, site->uri, NULL);
  g_autoptr (GCoapMessage) response = gcoap_message_new (GCOAP_CODE_CONTENT);
  g_autoptr (GCoapMessage) get = gcoap_message_new_request (GCOAP_METHOD_GET, site->uri, NULL);
  g_autoptr (GCoapObservation) observation = NULL;

  assert_refused (site->fixture->client, post);
  g_assert_false (gcoap_message_is_sealed (post));
  assert_refused (site->fixture->client, response);
  assert_refused (site->fixture->server, get);
  observation = begin (site, get);
  assert_refused (site->fixture->client, get);
}

static void
test_not_listening (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GCoapObservation) observation = observe (site, GCOAP_METHOD_FETCH, JSON, "[1]");
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_stop_listening (site->fixture->server, NULL);
  gcoap_endpoint_set_response_text (site->fixture->server, "late");
  g_assert_false (gcoap_endpoint_send_notification_for (
    site->fixture->server, g_ptr_array_index (site->registrations, 0), &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
  g_assert_cmpstr (gcoap_observation_get_text (observation), ==, "[1]");
}

#define ADD(path, function) g_test_add_func ("/facade/observe-message/" path, function)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("fetch", test_fetch);
  ADD ("unregistered", test_unregistered);
  ADD ("apart", test_apart);
  ADD ("together", test_together);
  ADD ("by-uri", test_by_uri);
  ADD ("listed", test_listed);
  ADD ("get", test_get);
  ADD ("wrong-message", test_wrong_message);
  ADD ("not-listening", test_not_listening);

  return g_test_run ();
}
