/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* The setting AbsoluteTimeout, with a transfer that goes on and on. */

#define TIMEOUT     1 /* seconds */
#define PATIENCE    2000
#define BODY_LENGTH (8 * 1024 * 1024)

static void
answer_at_length_cb (GCoapEndpoint *endpoint,
                     GCoapRequest  *request,
                     GBytes        *body)
{
  gcoap_endpoint_set_response_data (endpoint, body);
}

static gboolean
shut_down_cb (gpointer user_data)
{
  gcoap_endpoint_shutdown (user_data, NULL);

  return G_SOURCE_REMOVE;
}

static void
begin_transfer (Fixture    *fixture,
                const char *configuration,
                GBytes     *body)
{
  configure (fixture->client, "BlockSize=16");
  configure (fixture->client, configuration);
  gcoap_endpoint_set_timeout (fixture->client, TIMEOUT);
  g_signal_connect (fixture->server, "request", G_CALLBACK (answer_at_length_cb), body);
}

static void
test_deadline (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GBytes) body = g_bytes_new_take (g_malloc0 (BODY_LENGTH), BODY_LENGTH);
  g_autofree char *uri = fixture_server_uri (fixture, "/");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A deadline ends it, though each block comes in time");
  begin_transfer (fixture, "AbsoluteTimeout=True", body);
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_TIMED_OUT);
}

static void
test_inactivity (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GBytes) body = g_bytes_new_take (g_malloc0 (BODY_LENGTH), BODY_LENGTH);
  g_autofree char *uri = fixture_server_uri (fixture, "/");
  g_autoptr (GError) error = NULL;

  g_test_summary ("While blocks come there is no inactivity, so that it is still going on later");
  begin_transfer (fixture, "AbsoluteTimeout=False", body);
  g_timeout_add (PATIENCE, shut_down_cb, fixture->client);
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_CANCELED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/facade/endpoint-timeout/deadline", test_deadline);
  g_test_add_func ("/facade/endpoint-timeout/inactivity", test_inactivity);

  return g_test_run ();
}
