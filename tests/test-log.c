/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* The lines of the log signal. */

#define CON GCOAP_MESSAGE_TYPE_CON
#define ACK GCOAP_MESSAGE_TYPE_ACK

static void
log_cb (GCoapEndpoint *endpoint,
        GCoapLogLevel  level,
        const char    *message,
        GPtrArray     *lines)
{
  g_ptr_array_add (lines, g_strdup_printf ("%d %s", level, message));
}

static GPtrArray *
watch_log (GCoapEndpoint *endpoint,
           const char    *configuration)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  configure (endpoint, configuration);
  g_signal_connect (endpoint, "log", G_CALLBACK (log_cb), lines);

  return lines;
}

/* In @expected "PORT" stands for the port of the peer. */
static void
assert_line (Fixture    *fixture,
             GPtrArray  *lines,
             guint       which,
             const char *expected)
{
  g_auto (GStrv) parts = g_strsplit (expected, "PORT", -1);
  g_autofree char *port = g_strdup_printf ("%u", fixture->peer->port);
  g_autofree char *line = g_strjoinv (port, parts);

  g_assert_cmpuint (which, <, lines->len);
  g_assert_cmpstr (g_ptr_array_index (lines, which), ==, line);
}

/* A datagram to the server, and the line that tells of it. */
typedef struct
{
  const char *name;
  const char *hex;
  const char *line;
} LineRow;

static const LineRow line_rows[] = {
  { "con", "40 01 1234", "2 <- 127.0.0.1:PORT CON 0.01 GET, MID 4660" },
  { "non", "50 03 0001", "2 <- 127.0.0.1:PORT NON 0.03 PUT, MID 1" },
  { "ack", "60 00 ffff", "2 <- 127.0.0.1:PORT ACK 0.00 Empty, MID 65535" },
  { "rst", "70 00 0000", "2 <- 127.0.0.1:PORT RST 0.00 Empty, MID 0" },
  { "response", "60 45 1234", "2 <- 127.0.0.1:PORT ACK 2.05 Content, MID 4660" },
  { "unnamed-code", "40 1f 1234", "2 <- 127.0.0.1:PORT CON 0.31, MID 4660" },
  { "token", "42 01 1234 0aff", "2 <- 127.0.0.1:PORT CON 0.01 GET, MID 4660, token 0aff" },
  { "options", "40 01 1234 b161 1100", "2 <- 127.0.0.1:PORT CON 0.01 GET, MID 4660, Uri-Path: a, "
    "Content-Format: 0" },
  { "unnamed-option", "40 01 1234 e1 fd00 61", "2 <- 127.0.0.1:PORT CON 0.01 GET, MID 4660, "
    "65037: 61" },
  { "escaped-option", "40 01 1234 b3 0a2262", "2 <- 127.0.0.1:PORT CON 0.01 GET, MID 4660, "
    "Uri-Path: \\n\\\"b" },
  { "payload", "40 02 1234 ff 6869", "2 <- 127.0.0.1:PORT CON 0.02 POST, MID 4660, 2 bytes" },
  { "malformed", "49 01 1234 010203040506070809",
    "2 <- 127.0.0.1:PORT 13 bytes that are no CoAP message" },
  { "foreign", "00 01 02", "2 <- 127.0.0.1:PORT 3 bytes that are no CoAP message" },
};

static const LineRow debug_rows[] = {
  { "text", "40 02 1234 ff 6869", "2 <- 127.0.0.1:PORT CON 0.02 POST, MID 4660, 2 bytes: hi" },
  { "escaped", "40 02 1234 ff 0d0a1b", "2 <- 127.0.0.1:PORT CON 0.02 POST, MID 4660, 3 bytes: "
    "\\r\\n\\033" },
  { "binary", "40 02 1234 ff ff00", "2 <- 127.0.0.1:PORT CON 0.02 POST, MID 4660, 2 bytes: ff00" },
  { "no-payload", "40 02 1234", "2 <- 127.0.0.1:PORT CON 0.02 POST, MID 4660" },
};

static const LineRow masked_rows[] = {
  { "payload", "40 02 1234 ff 6869", "2 <- 127.0.0.1:PORT CON 0.02 POST, MID 4660, 2 bytes: ****" },
  { "token", "42 01 1234 0aff", "2 <- 127.0.0.1:PORT CON 0.01 GET, MID 4660, token ****" },
  { "query", "40 01 1234 d5 02 703d736563", "2 <- 127.0.0.1:PORT CON 0.01 GET, MID 4660, "
    "Uri-Query: p=****" },
  { "query-without-key", "40 01 1234 d3 02 736563", "2 <- 127.0.0.1:PORT CON 0.01 GET, MID 4660, "
    "Uri-Query: ****" },
  { "location-query", "60 41 1234 d5 07 703d736563", "2 <- 127.0.0.1:PORT ACK 2.01 Created, "
    "MID 4660, Location-Query: p=****" },
  { "proxy-uri", "40 01 1234 dd 16 00 636f61703a2f2f612f3f733d31",
    "2 <- 127.0.0.1:PORT CON 0.01 GET, MID 4660, Proxy-Uri: coap://a/?****" },
  { "path", "40 01 1234 b161", "2 <- 127.0.0.1:PORT CON 0.01 GET, MID 4660, Uri-Path: a" },
};

static void
test_line (Fixture       *fixture,
           const LineRow *row,
           const char    *configuration)
{
  g_autoptr (GPtrArray) lines = watch_log (fixture->server, configuration);

  peer_ask (fixture, row->hex);
  wait_until (lines->len > 0);
  assert_line (fixture, lines, 0, row->line);
  g_signal_handlers_disconnect_by_data (fixture->server, lines);
}

static void
test_verbose (gconstpointer data)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  configure (fixture->server, "MaskSensitive=False");
  test_line (fixture, data, "LogLevel=2");
}

static void
test_debug (gconstpointer data)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  configure (fixture->server, "MaskSensitive=False");
  test_line (fixture, data, "LogLevel=3");
}

static void
test_masked (gconstpointer data)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  g_test_summary ("As it is by default");
  test_line (fixture, data, "LogLevel=3");
}

static void
test_outgoing (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) lines = watch_log (fixture->server, "LogLevel=3");
  g_autoptr (Datagram) answer = NULL;

  configure (fixture->server, "MaskSensitive=False");
  answer_with (fixture->server, "request", "21.5");
  peer_ask (fixture, "42 01 1234 aabb");
  answer = peer_take (fixture->peer);
  g_assert_cmpuint (lines->len, ==, 2);
  assert_line (fixture, lines, 1, "2 -> 127.0.0.1:PORT ACK 2.05 Content, MID 4660, token aabb, "
                                  "4 bytes: 21.5");
}

static void
test_undeliverable (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) lines = watch_log (fixture->client, "LogLevel=2");
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = NULL;

  g_socket_close (fixture->peer->socket, NULL);
  id = ask (fixture->client, uri);
  wait_until (fixture->requests.n == 1);
  g_assert_cmpuint (lines->len, ==, 3);
  assert_line (fixture, lines, 1, "2 <- 127.0.0.1:PORT undeliverable: Connection refused");
  g_assert_true (g_str_has_prefix (g_ptr_array_index (lines, 2), "1 Request to coap://127.0.0.1:"));
}

/* Whether the query of a request that fails is shown. */
typedef struct
{
  const char *name;
  const char *configuration;
  const char *line;
} FailureRow;

static const FailureRow failure_rows[] = {
  { "masked", "MaskSensitive=True",
    "1 Request to coap://127.0.0.1:PORT/a?**** failed: coap://127.0.0.1:PORT/a?****: "
    "Connection refused" },
  { "bare", "MaskSensitive=False",
    "1 Request to coap://127.0.0.1:PORT/a?key=secret failed: "
    "coap://127.0.0.1:PORT/a?key=secret: Connection refused" },
};

static void
test_failure (gconstpointer data)
{
  const FailureRow *row = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) lines = watch_log (fixture->client, row->configuration);
  g_autofree char *uri = fixture_peer_uri (fixture, "/a?key=secret");
  g_autofree char *id = NULL;

  g_socket_close (fixture->peer->socket, NULL);
  id = ask (fixture->client, uri);
  wait_until (fixture->requests.n == 1);
  g_assert_cmpuint (lines->len, ==, 1);
  assert_line (fixture, lines, 0, row->line);
}

static void
test_ipv6 (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) lines = watch_log (fixture->client, "LogLevel=2");
  g_autofree char *id = gcoap_endpoint_get (fixture->client, "coap://[::1]:9/", NULL);

  if (id == NULL)
    {
      g_test_skip ("There is no IPv6 here");
      return;
    }

  wait_until (lines->len > 0);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (lines, 0),
                                   "2 -> [::1]:9 CON 0.01 GET, MID "));
  gcoap_endpoint_shutdown (fixture->client, NULL);
}

static void
test_listening (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GPtrArray) lines = watch_log (endpoint, "LogLevel=1");
  g_autofree char *expected = NULL;

  gcoap_endpoint_set_local_host (endpoint, "127.0.0.1");
  g_assert_true (gcoap_endpoint_start_listening (endpoint, NULL));
  expected = g_strdup_printf ("1 Listening on 127.0.0.1 port %u",
                              gcoap_endpoint_get_local_port (endpoint));
  g_assert_true (gcoap_endpoint_stop_listening (endpoint, NULL));
  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (lines, 0), ==, expected);
  g_assert_cmpstr (g_ptr_array_index (lines, 1), ==, "1 Stopped listening");
}

/* How many lines one answered request makes. */
typedef struct
{
  const char *name;
  const char *configuration;
  guint       n_lines;
} LevelRow;

static const LevelRow level_rows[] = {
  { "none", "LogLevel=0", 0 },
  { "info", "LogLevel=1", 0 },
  { "verbose", "LogLevel=2", 2 },
  { "debug", "LogLevel=3", 2 },
};

static void
test_level (gconstpointer data)
{
  const LevelRow *row = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) lines = watch_log (fixture->server, row->configuration);
  g_autoptr (Datagram) answer = NULL;

  answer_with (fixture->server, "request", "hi");
  peer_ask (fixture, "40 01 1234");
  answer = peer_take (fixture->peer);
  settle ();
  g_assert_cmpuint (lines->len, ==, row->n_lines);
}

static void
test_level_none_hides_errors (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) lines = watch_log (fixture->server, "LogLevel=0");

  peer_ask (fixture, "49 01 1234 010203040506070809");
  wait_until (fixture->errors.n == 1);
  g_assert_cmpuint (lines->len, ==, 0);
  configure (fixture->server, "LogLevel=1");
  peer_ask (fixture, "49 01 1234 010203040506070809");
  wait_until (fixture->errors.n == 2);
  g_assert_cmpuint (lines->len, ==, 1);
}

/* What is seen of an answered request without touching the program. */
typedef struct
{
  const char *name;
  const char *domains; /* of G_MESSAGES_DEBUG */
  const char *configuration;
  gboolean    has_handler;
  gboolean    is_seen;
} EnvironmentRow;

static const EnvironmentRow environment_rows[] = {
  { "named", "Other GCoap", "LogLevel=", FALSE, TRUE },
  { "all", "all", "LogLevel=", FALSE, TRUE },
  { "verbose", "GCoap", "LogLevel=2", FALSE, TRUE },
  { "other", "Other", "LogLevel=", FALSE, FALSE },
  { "none", "", "LogLevel=3", FALSE, FALSE },
  { "no-log", "GCoap", "LogLevel=0", FALSE, FALSE },
  { "handler", "GCoap", "LogLevel=2", TRUE, FALSE },
  { "handler-of-less", "GCoap", "LogLevel=1", TRUE, FALSE },
};

static void
serve_once (const EnvironmentRow *row)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  configure (fixture->server, row->configuration);
  if (row->has_handler)
    g_signal_connect (fixture->server, "log", G_CALLBACK (log_cb), lines);
  answer_with (fixture->server, "request", "hi");
  peer_ask (fixture, "40 01 1234");
  answer = peer_take (fixture->peer);
  settle ();
  g_assert_cmpuint (lines->len, ==, row->has_handler && strchr (row->configuration, '2') ? 2 : 0);
  g_signal_handlers_disconnect_by_data (fixture->server, lines);
}

static void
test_environment (gconstpointer data)
{
  const EnvironmentRow *row = data;

  if (g_test_subprocess ())
    {
      serve_once (row);
      return;
    }

  g_test_summary ("Without a handler, G_MESSAGES_DEBUG shows each message");
  g_setenv ("G_MESSAGES_DEBUG", row->domains, TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  g_unsetenv ("G_MESSAGES_DEBUG");
  g_test_trap_assert_passed ();
  if (row->is_seen)
    g_test_trap_assert_stdout ("*<- 127.0.0.1:* CON 0.01 GET, MID 4660*"
                               "-> 127.0.0.1:* ACK 2.05 Content, MID 4660*");
  else
    g_test_trap_assert_stdout_unmatched ("*127.0.0.1:*");
}

static void
shutdown_cb (GCoapEndpoint *endpoint)
{
  configure (endpoint, "LogLevel=0");
  gcoap_endpoint_shutdown (endpoint, NULL);
}

static void
test_shutdown_in_handler (gconstpointer data)
{
  gboolean is_client = GPOINTER_TO_INT (data);
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  GCoapEndpoint *endpoint = is_client ? fixture->client : fixture->server;

  g_test_summary ("Who is told of a datagram may end everything");
  configure (endpoint, "LogLevel=3");
  answer_with (fixture->server, "request", "hi");
  g_signal_connect (endpoint, "log", G_CALLBACK (shutdown_cb), NULL);
  if (is_client)
    begin_get (endpoint, uri);
  else
    peer_ask (fixture, "40 01 1234");
  wait_until (gcoap_endpoint_get_local_port (endpoint) == 0);
  settle ();
  if (is_client)
    g_assert_cmpuint (fixture->requests.n, ==, 1);
}

static void
test_shutdown_on_failure (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = ask (fixture->client, uri);

  g_test_summary ("Who is told that a request fails may end it first");
  g_signal_connect (fixture->client, "log", G_CALLBACK (shutdown_cb), NULL);
  g_socket_close (fixture->peer->socket, NULL);
  g_free (id);
  configure (fixture->client, "NStart=2");
  id = ask (fixture->client, uri);
  wait_until (fixture->requests.n == 2);
  settle ();
  g_assert_cmpuint (fixture->requests.n, ==, 2);
  g_assert_cmpint (fixture->requests.code, ==, GCOAP_ERROR_CANCELED);
}

#define ADD(path, function) g_test_add_func ("/facade/log/" path, function)

static void
add_lines (const char    *test,
           const LineRow *rows,
           gsize          n_rows,
           GTestDataFunc  function)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *path = g_strdup_printf ("/facade/log/%s/%s", test, rows[i].name);

      g_test_add_data_func (path, &rows[i], function);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_lines ("line", line_rows, G_N_ELEMENTS (line_rows), test_verbose);
  add_lines ("masked", masked_rows, G_N_ELEMENTS (masked_rows), test_masked);
  for (gsize i = 0; i < G_N_ELEMENTS (failure_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/facade/log/failure/%s", failure_rows[i].name);

      g_test_add_data_func (path, &failure_rows[i], test_failure);
    }
  add_lines ("payload", debug_rows, G_N_ELEMENTS (debug_rows), test_debug);
  for (gsize i = 0; i < G_N_ELEMENTS (level_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/facade/log/level/%s", level_rows[i].name);

      g_test_add_data_func (path, &level_rows[i], test_level);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (environment_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/facade/log/environment/", environment_rows[i].name,
                                           NULL);

      g_test_add_data_func (path, &environment_rows[i], test_environment);
    }
  ADD ("outgoing", test_outgoing);
  ADD ("undeliverable", test_undeliverable);
  ADD ("ipv6", test_ipv6);
  ADD ("listening", test_listening);
  ADD ("level/none-hides-errors", test_level_none_hides_errors);
  g_test_add_data_func ("/facade/log/shutdown-in-handler/client", GINT_TO_POINTER (TRUE),
                        test_shutdown_in_handler);
  g_test_add_data_func ("/facade/log/shutdown-in-handler/server", GINT_TO_POINTER (FALSE),
                        test_shutdown_in_handler);
  ADD ("shutdown-on-failure", test_shutdown_on_failure);

  return g_test_run ();
}
