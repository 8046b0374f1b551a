/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* The setting AbsoluteTimeout, with a transfer that goes on and on. */

#define TIMEOUT  1    /* seconds */
#define PATIENCE 2000 /* milliseconds */

#define TEST_TYPE_ENDLESS_STREAM (test_endless_stream_get_type ())

G_DECLARE_FINAL_TYPE (TestEndlessStream, test_endless_stream, TEST, ENDLESS_STREAM, GInputStream)

struct _TestEndlessStream
{
  GInputStream parent_instance;
};

G_DEFINE_FINAL_TYPE (TestEndlessStream, test_endless_stream, G_TYPE_INPUT_STREAM)

static gssize
read_endless (GInputStream  *stream,
              void          *buffer,
              gsize          count,
              GCancellable  *cancellable,
              GError       **error)
{
  memset (buffer, 'x', count);

  return count;
}

static gboolean
close_endless (GInputStream  *stream,
               GCancellable  *cancellable,
               GError       **error)
{
  return TRUE;
}

static void
test_endless_stream_class_init (TestEndlessStreamClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = read_endless;
  G_INPUT_STREAM_CLASS (klass)->close_fn = close_endless;
}

static void
test_endless_stream_init (TestEndlessStream *self)
{
}

static void
answer_endlessly_cb (GCoapEndpoint *endpoint)
{
  g_autoptr (GInputStream) stream = g_object_new (TEST_TYPE_ENDLESS_STREAM, NULL);

  gcoap_endpoint_set_response_stream (endpoint, stream);
}

static gboolean
shut_down_cb (gpointer user_data)
{
  gcoap_endpoint_shutdown (user_data, NULL);

  return G_SOURCE_REMOVE;
}

static void
begin_transfer (Fixture    *fixture,
                const char *configuration)
{
  configure (fixture->client, "BlockSize=16");
  /* It can take more than 65536 blocks, and their Message IDs are to be free again in time. */
  configure (fixture->client, "AckTimeout=0.5");
  configure (fixture->client, "MaxRetransmit=1");
  configure (fixture->client, "MaxLatency=0.01");
  configure (fixture->client, configuration);
  gcoap_endpoint_set_timeout (fixture->client, TIMEOUT);
  g_signal_connect (fixture->server, "request", G_CALLBACK (answer_endlessly_cb), NULL);
}

static void
test_deadline (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_server_uri (fixture, "/");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A deadline ends it, though each block comes in time");
  begin_transfer (fixture, "AbsoluteTimeout=True");
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_TIMED_OUT);
}

static void
test_inactivity (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_server_uri (fixture, "/");
  g_autoptr (GError) error = NULL;

  g_test_summary ("While blocks come there is no inactivity, so that it is still going on later");
  begin_transfer (fixture, "AbsoluteTimeout=False");
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
