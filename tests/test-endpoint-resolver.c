/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* Host names, with a resolver that answers what the test says, when the test says it. */

#define TEST_TYPE_RESOLVER (test_resolver_get_type ())

G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

struct _TestResolver
{
  GResolver  parent_instance;
  GQueue     tasks; /* (element-type GTask) of those who wait */
  GResolver *replaced;
};

G_DEFINE_FINAL_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static void
free_addresses (gpointer addresses)
{
  g_resolver_free_addresses (addresses);
}

static void
lookup_async (GResolver           *resolver,
              const char          *host,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  GTask *task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_set_source_tag (task, lookup_async);
  g_task_set_task_data (task, g_strdup (host), g_free);
  g_queue_push_tail (&TEST_RESOLVER (resolver)->tasks, task);
}

static GList *
lookup_finish (GResolver     *resolver,
               GAsyncResult  *result,
               GError       **error)
{
  g_assert_true (g_task_is_valid (result, resolver));

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  G_RESOLVER_CLASS (klass)->lookup_by_name_async = lookup_async;
  G_RESOLVER_CLASS (klass)->lookup_by_name_finish = lookup_finish;
}

static void
test_resolver_init (TestResolver *self)
{
}

static TestResolver *
resolver_install (void)
{
  TestResolver *self = g_object_new (TEST_TYPE_RESOLVER, NULL);

  self->replaced = g_resolver_get_default ();
  g_resolver_set_default (G_RESOLVER (self));

  return self;
}

/* Puts back the resolver that there was. */
static void
resolver_remove (TestResolver *self)
{
  g_assert_true (g_queue_is_empty (&self->tasks));
  g_resolver_set_default (self->replaced);
  g_clear_object (&self->replaced);
  g_object_unref (self);
}

static GTask *
take_task (TestResolver *self)
{
  wait_until (!g_queue_is_empty (&self->tasks));

  return g_queue_pop_head (&self->tasks);
}

/* Answers the one who has waited longest. */
static void
resolver_answer (TestResolver *self,
                 const char   *address,
                 const char   *other)
{
  g_autoptr (GTask) task = take_task (self);
  GList *addresses = g_list_append (NULL, g_inet_address_new_from_string (address));

  if (other != NULL)
    addresses = g_list_append (addresses, g_inet_address_new_from_string (other));
  g_task_return_pointer (task, addresses, free_addresses);
}

static void
resolver_fail (TestResolver *self)
{
  g_autoptr (GTask) task = take_task (self);

  g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
                           "Nobody knows that host");
}

static char *
make_uri (guint port)
{
  return g_strdup_printf ("coap://sensor.example:%u/a", port);
}

static void
test_late (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);
  g_autofree char *literal_uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;
  g_autofree char *literal_id = NULL;

  g_test_summary ("While a name is looked up, other requests go on");
  peer_answer_with (fixture->peer, "hi");
  id = ask (fixture->client, uri);
  literal_id = ask (fixture->client, literal_uri);
  wait_until (fixture->requests.n == 1);
  g_assert_cmpstr (gcoap_request_get_request_id (fixture->requests.request), ==, literal_id);
  resolver_answer (resolver, "127.0.0.1", NULL);
  wait_until (fixture->requests.n == 2);
  g_assert_cmpint (fixture->requests.code, ==, 0);
  resolver_remove (resolver);
}

static void
test_uri_host (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);
  g_autoptr (Datagram) datagram = NULL;

  g_test_summary ("The name goes along, RFC 7252 section 6.4");
  begin_get (fixture->client, uri);
  resolver_answer (resolver, "127.0.0.1", NULL);
  datagram = peer_take (fixture->peer);
  g_assert_cmpstr (datagram->options, ==, "3d0173656e736f722e6578616d706c658161");
  resolver_remove (resolver);
}

static void
test_record (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);
  g_autoptr (GCoapRequest) request = NULL;
  g_autoptr (Datagram) datagram = NULL;
  guint n_host = 0, n_token = 0;

  g_test_summary ("What is known only when the request goes out is told then");
  begin_get (fixture->client, uri);
  request = get_pending (fixture->client, 0);
  g_assert_cmpstr (gcoap_request_get_remote_host (request), ==, "sensor.example");
  g_assert_cmpstr (gcoap_request_get_token (request), ==, "");
  g_assert_cmpuint (g_bytes_get_size (gcoap_request_get_token_bytes (request)), ==, 0);
  g_signal_connect_swapped (request, "notify::remote-host", G_CALLBACK (count_cb), &n_host);
  g_signal_connect_swapped (request, "notify::token", G_CALLBACK (count_cb), &n_token);
  resolver_answer (resolver, "127.0.0.1", NULL);
  datagram = peer_take (fixture->peer);
  g_assert_cmpstr (gcoap_request_get_remote_host (request), ==, "127.0.0.1");
  g_assert_cmpstr (gcoap_request_get_uri_host (request), ==, "sensor.example");
  g_assert_true (datagram_token_is (datagram, gcoap_request_get_token (request)));
  g_assert_cmpuint (g_bytes_get_size (gcoap_request_get_token_bytes (request)), ==, 4);
  g_assert_cmpuint (n_host, ==, 1);
  g_assert_cmpuint (n_token, ==, 1);
  resolver_remove (resolver);
}

static void
test_failure (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);

  begin_get (fixture->client, uri);
  resolver_fail (resolver);
  wait_until (fixture->requests.n == 1);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_REJECTED);
  g_assert_cmpstr (fixture->requests.description, ==, "Nobody knows that host");
  g_assert_cmpuint (count_pending (fixture->client), ==, 0);
  resolver_remove (resolver);
}

static gboolean
fail_cb (gpointer user_data)
{
  resolver_fail (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_failure_blocking (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);
  g_autoptr (GError) error = NULL;

  g_test_summary ("The error is the resolver's own");
  gcoap_endpoint_set_timeout (fixture->client, 60);
  g_idle_add (fail_cb, resolver);
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
  g_assert_cmpuint (fixture->requests.n, ==, 1);
  resolver_remove (resolver);
}

static void
test_timeout (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A resolver that does not answer does not stop the timeout");
  gcoap_endpoint_set_timeout (fixture->client, 1);
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (error->message, "sensor.example"));
  resolver_answer (resolver, "127.0.0.1", NULL);
  expect_silence (fixture->peer);
  g_assert_cmpuint (fixture->requests.n, ==, 1);
  resolver_remove (resolver);
}

static void
test_cancel (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);
  g_autofree char *id = ask (fixture->client, uri);
  g_autoptr (GTask) task = take_task (resolver);

  g_test_summary ("The look-up is cancelled too, and its answer comes too late");
  gcoap_endpoint_cancel_request (fixture->client, id, NULL);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_CANCELED);
  g_assert_true (g_cancellable_is_cancelled (g_task_get_cancellable (task)));
  g_task_return_pointer (task, g_list_append (NULL, g_inet_address_new_from_string ("127.0.0.1")),
                         free_addresses);
  expect_silence (fixture->peer);
  g_assert_cmpuint (fixture->requests.n, ==, 1);
  resolver_remove (resolver);
}

static void
test_endpoint_gone (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);

  g_test_summary ("The answer may come when the endpoint is no more");
  begin_get (fixture->client, uri);
  drop_endpoint (&fixture->client);
  g_assert_cmpuint (fixture->requests.n, ==, 1);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_CANCELED);
  resolver_answer (resolver, "127.0.0.1", NULL);
  expect_silence (fixture->peer);
  resolver_remove (resolver);
}

static void
test_replaced (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  TestResolver *other = NULL;
  g_autofree char *uri = make_uri (fixture->peer->port);

  g_test_summary ("The program may set another resolver while one is at work");
  begin_get (fixture->client, uri);
  other = resolver_install ();
  peer_answer_with (fixture->peer, "hi");
  resolver_answer (resolver, "127.0.0.1", NULL);
  wait_until (fixture->requests.n == 1);
  g_assert_cmpint (fixture->requests.code, ==, 0);
  g_assert_cmpuint (fixture->peer->n_received, ==, 1);
  resolver_remove (other);
  resolver_remove (resolver);
}

static void
test_next_address (gconstpointer data)
{
  const char *configuration = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);
  g_autoptr (Datagram) datagram = NULL;

  g_test_summary ("Where the first address refuses, the next one is asked");
  configure (fixture->client, configuration);
  begin_get (fixture->client, uri);
  resolver_answer (resolver, "127.0.0.9", "127.0.0.1");
  datagram = peer_take (fixture->peer);
  peer_answer (fixture->peer, datagram, GCOAP_MESSAGE_TYPE_ACK, GCOAP_CODE_CONTENT, "hi");
  wait_until (fixture->requests.n == 1);
  g_assert_cmpint (fixture->requests.code, ==, 0);
  g_assert_cmpstr (gcoap_request_get_remote_host (fixture->requests.request), ==, "127.0.0.1");
  resolver_remove (resolver);
}

static void
test_no_address_left (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);

  begin_get (fixture->client, uri);
  resolver_answer (resolver, "127.0.0.8", "127.0.0.9");
  wait_until (fixture->requests.n == 1);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_REJECTED);
  g_assert_cmpuint (count_pending (fixture->client), ==, 0);
  resolver_remove (resolver);
}

/* Answers with the first block of a body, and hears no more. */
static void
send_block_and_go_cb (Peer           *peer,
                      const Datagram *datagram,
                      gpointer        user_data)
{
  g_autoptr (GString) hex = g_string_new (NULL);

  g_string_append_printf (hex, "6%x 45 %04x ", datagram->token_length, datagram->message_id);
  for (guint i = 0; i < datagram->token_length; i++)
    g_string_append_printf (hex, "%02x", datagram->token[i]);
  g_string_append (hex, " d1 0a 08 ff 000102030405060708090a0b0c0d0e0f");
  peer_send (peer, datagram->host, datagram->port, hex->str);
  g_socket_close (peer->socket, NULL);
  g_source_destroy (peer->source);
}

static void
downloaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  GError **out_error = user_data;

  g_assert_null (gcoap_endpoint_download_finish (GCOAP_ENDPOINT (source), result, out_error));
}

static void
test_not_the_next_address (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);
  g_autoptr (GSocketAddress) address =
    g_inet_socket_address_new_from_string ("127.0.0.2", fixture->peer->port);
  g_autoptr (GSocket) other = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
                                            G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("A body of which a part is in the stream is not begun anew");
  g_socket_bind (other, address, FALSE, &error);
  g_assert_no_error (error);
  fixture->peer->func = send_block_and_go_cb;
  gcoap_endpoint_download_async (fixture->client, uri, stream, NULL, NULL, NULL, NULL,
                                 downloaded_cb, &error);
  resolver_answer (resolver, "127.0.0.1", "127.0.0.2");
  wait_until (error != NULL || (g_socket_condition_check (other, G_IO_IN) & G_IO_IN) != 0);
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_REJECTED);
  resolver_remove (resolver);
}

/* Which of the two addresses of a host is asked. */
typedef struct
{
  const char *name;
  const char *configuration;
  const char *host;
} FamilyRow;

static const FamilyRow family_rows[] = {
  { "default", "UseIPv6=False", "127.0.0.1" },
  { "ipv6", "UseIPv6=True", "::1" },
};

static void
test_family (gconstpointer data)
{
  const FamilyRow *row = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (9);
  g_autofree char *id = NULL;
  g_autoptr (GCoapRequest) request = NULL;

  configure (fixture->client, row->configuration);
  id = ask (fixture->client, uri);
  request = get_pending (fixture->client, 0);
  resolver_answer (resolver, "::1", "127.0.0.1");
  wait_until (g_strcmp0 (gcoap_request_get_remote_host (request), "sensor.example") != 0);
  g_assert_cmpstr (gcoap_request_get_remote_host (request), ==, row->host);
  gcoap_endpoint_shutdown (fixture->client, NULL);
  resolver_remove (resolver);
}

static void
shutdown_cb (GCoapEndpoint *endpoint)
{
  gcoap_endpoint_shutdown (endpoint, NULL);
}

static void
test_shutdown_while_sending (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);

  begin_get (fixture->client, uri);
  g_signal_connect (fixture->client, "notify::local-port", G_CALLBACK (shutdown_cb), NULL);
  resolver_answer (resolver, "127.0.0.1", NULL);
  wait_until (fixture->requests.n == 1);
  settle ();
  g_assert_cmpuint (fixture->requests.n, ==, 1);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_CANCELED);
  resolver_remove (resolver);
}

static gboolean
answer_cb (gpointer user_data)
{
  resolver_answer (user_data, "127.0.0.1", NULL);

  return G_SOURCE_REMOVE;
}

static gboolean
shut_down_cb (gpointer user_data)
{
  gcoap_endpoint_shutdown (user_data, NULL);

  return G_SOURCE_REMOVE;
}

/* Whether the address is known when the method has returned. */
typedef struct
{
  const char *name;
  const char *configuration;
  const char *remote_host;
} DelayRow;

static const DelayRow delay_rows[] = {
  { "false", "DelayHostResolution=False", "sensor.example" },
  { "true", "DelayHostResolution=True", "127.0.0.1" },
};

static void
test_delay (gconstpointer data)
{
  const DelayRow *row = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);
  g_autofree char *id = NULL;
  g_autoptr (GCoapRequest) request = NULL;

  configure (fixture->client, row->configuration);
  peer_answer_with (fixture->peer, "hi");
  g_idle_add (answer_cb, resolver);
  id = ask (fixture->client, uri);
  request = get_pending (fixture->client, 0);
  g_assert_cmpstr (gcoap_request_get_remote_host (request), ==, row->remote_host);
  wait_until (fixture->requests.n == 1);
  g_assert_cmpint (fixture->requests.code, ==, 0);
  g_assert_cmpstr (gcoap_request_get_remote_host (request), ==, "127.0.0.1");
  resolver_remove (resolver);
}

static void
test_delay_failure (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);
  g_autoptr (GError) error = NULL;

  g_test_summary ("As with a method that waits, the end is told and the method fails");
  configure (fixture->client, "DelayHostResolution=True");
  g_idle_add (fail_cb, resolver);
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
  g_assert_cmpuint (fixture->requests.n, ==, 1);
  g_assert_cmpuint (count_pending (fixture->client), ==, 0);
  resolver_remove (resolver);
}

static void
test_delay_shutdown (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TestResolver *resolver = resolver_install ();
  g_autofree char *uri = make_uri (fixture->peer->port);
  g_autoptr (GError) error = NULL;

  configure (fixture->client, "DelayHostResolution=True");
  g_idle_add (shut_down_cb, fixture->client);
  g_assert_null (gcoap_endpoint_get (fixture->client, uri, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_CANCELED);
  resolver_answer (resolver, "127.0.0.1", NULL);
  settle ();
  g_assert_cmpuint (fixture->requests.n, ==, 1);
  g_assert_cmpuint (fixture->peer->n_received, ==, 0);
  resolver_remove (resolver);
}

static void
test_delay_literal (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;

  g_test_summary ("There is nothing to be looked up, and nothing to wait for");
  configure (fixture->client, "DelayHostResolution=True");
  id = ask (fixture->client, uri);
  g_assert_cmpuint (count_pending (fixture->client), ==, 1);
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-resolver/" path, function)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("late", test_late);
  ADD ("uri-host", test_uri_host);
  ADD ("record", test_record);
  ADD ("failure", test_failure);
  ADD ("failure/blocking", test_failure_blocking);
  ADD ("timeout", test_timeout);
  ADD ("cancel", test_cancel);
  ADD ("endpoint-gone", test_endpoint_gone);
  ADD ("replaced", test_replaced);
  g_test_add_data_func ("/facade/endpoint-resolver/next-address", "UseConnection=False",
                        test_next_address);
  g_test_add_data_func ("/facade/endpoint-resolver/next-address/connected", "UseConnection=True",
                        test_next_address);
  ADD ("no-address-left", test_no_address_left);
  ADD ("not-the-next-address", test_not_the_next_address);
  for (gsize i = 0; i < G_N_ELEMENTS (family_rows); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-resolver/family/%s", family_rows[i].name);

      g_test_add_data_func (path, &family_rows[i], test_family);
    }
  for (guint i = 0; i < G_N_ELEMENTS (delay_rows); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-resolver/delay/%s", delay_rows[i].name);

      g_test_add_data_func (path, &delay_rows[i], test_delay);
    }
  ADD ("delay/failure", test_delay_failure);
  ADD ("delay/shutdown", test_delay_shutdown);
  ADD ("delay/literal", test_delay_literal);
  ADD ("shutdown-while-sending", test_shutdown_while_sending);

  return g_test_run ();
}
