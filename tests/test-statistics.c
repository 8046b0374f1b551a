/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

static guint64
read_number (GCoapStatistics *statistics,
             const char      *name)
{
  guint64 number;

  g_object_get (statistics, name, &number, NULL);

  return number;
}

static void
ask_once (Fixture *fixture)
{
  g_autofree char *uri = fixture_server_uri (fixture, "/a");

  begin_get (fixture->client, uri);
  wait_until (fixture->requests.n == 1);
}

static void
test_values (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  GCoapStatistics *client = gcoap_endpoint_get_statistics (fixture->client);
  GCoapStatistics *server = gcoap_endpoint_get_statistics (fixture->server);

  g_test_summary ("Both ends count the same datagrams, with nobody watching");
  answer_with (fixture->server, "request", "21.5");
  g_assert_cmpuint (read_number (client, "datagrams-sent"), ==, 0);
  ask_once (fixture);
  g_assert_cmpuint (read_number (client, "datagrams-sent"), ==, 1);
  g_assert_cmpuint (read_number (client, "datagrams-received"), ==, 1);
  g_assert_cmpuint (read_number (client, "bytes-sent"), ==,
                    read_number (server, "bytes-received"));
  g_assert_cmpuint (read_number (client, "bytes-received"), ==,
                    read_number (server, "bytes-sent"));
  g_assert_true (gcoap_endpoint_get_statistics (fixture->client) == client);
}

static void
count_notify_cb (guint *n)
{
  (*n)++;
}

static void
test_notify (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  GCoapStatistics *statistics = gcoap_endpoint_get_statistics (fixture->client);
  guint n_sent = 0;
  guint n_duplicates = 0;

  g_test_summary ("Who watches is told of what has changed, and of nothing else");
  answer_with (fixture->server, "request", "21.5");
  g_signal_connect_swapped (statistics, "notify::datagrams-sent",
                            G_CALLBACK (count_notify_cb), &n_sent);
  g_signal_connect_swapped (statistics, "notify::duplicates",
                            G_CALLBACK (count_notify_cb), &n_duplicates);
  ask_once (fixture);
  g_assert_cmpuint (n_sent, ==, 1);
  g_assert_cmpuint (n_duplicates, ==, 0);
}

static void
ask_again_cb (GCoapEndpoint *endpoint)
{
  g_signal_handlers_disconnect_by_data (gcoap_endpoint_get_statistics (endpoint), endpoint);
  gcoap_endpoint_reset (endpoint, NULL);
}

static void
test_reentrant (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  g_test_summary ("A handler may end everything");
  answer_with (fixture->server, "request", "21.5");
  g_signal_connect_swapped (gcoap_endpoint_get_statistics (fixture->client), "notify",
                            G_CALLBACK (ask_again_cb), fixture->client);
  ask_once (fixture);
}

static void
test_outlives (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GCoapStatistics) statistics =
    g_object_ref (gcoap_endpoint_get_statistics (fixture->client));

  g_test_summary ("The values stay when the endpoint has gone");
  answer_with (fixture->server, "request", "21.5");
  ask_once (fixture);
  completions_clear (&fixture->requests);
  drop_endpoint (&fixture->client);
  g_assert_cmpuint (read_number (statistics, "datagrams-received"), ==, 1);
  g_assert_cmpuint (read_number (statistics, "requests-made"), ==, 0);
}

static void
test_properties (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  GCoapStatistics *statistics = gcoap_endpoint_get_statistics (endpoint);
  guint n_pspecs;
  g_autofree GParamSpec **pspecs =
    g_object_class_list_properties (G_OBJECT_GET_CLASS (statistics), &n_pspecs);

  g_test_summary ("Every property is a number that is 0 at first");
  g_assert_cmpuint (n_pspecs, ==, 23);
  for (guint i = 0; i < n_pspecs; i++)
    g_assert_cmpuint (read_number (statistics, pspecs[i]->name), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/facade/statistics/values", test_values);
  g_test_add_func ("/facade/statistics/notify", test_notify);
  g_test_add_func ("/facade/statistics/reentrant", test_reentrant);
  g_test_add_func ("/facade/statistics/outlives", test_outlives);
  g_test_add_func ("/facade/statistics/properties", test_properties);

  return g_test_run ();
}
