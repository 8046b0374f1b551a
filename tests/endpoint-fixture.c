/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "hex.h"

#define WATCHDOG_SECONDS 60

static gboolean
watchdog_cb (gpointer user_data)
{
  g_error ("%s does not come to an end", g_test_get_path ());

  return G_SOURCE_REMOVE;
}

void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, watchdog_cb, NULL);
  self->server = listener_new ();
  self->client = gcoap_endpoint_new ();
  gcoap_endpoint_set_timeout (self->client, 0);
  self->peer = peer_new ("127.0.0.1");
  completions_watch (&self->requests, self->client, "request-complete");
  completions_watch (&self->responses, self->server, "response-complete");
  completions_watch (&self->errors, self->server, "error");

  return self;
}

void
fixture_free (Fixture *self)
{
  completions_clear (&self->requests);
  completions_clear (&self->responses);
  completions_clear (&self->errors);
  drop_endpoint (&self->client);
  drop_endpoint (&self->server);
  completions_clear (&self->requests);
  completions_clear (&self->responses);
  peer_free (self->peer);
  g_source_remove (self->watchdog);
  g_free (self);
}

static char *
make_uri (guint       port,
          const char *path)
{
  return g_strdup_printf ("coap://127.0.0.1:%u%s", port, path);
}

char *
fixture_server_uri (Fixture    *self,
                    const char *path)
{
  return make_uri (gcoap_endpoint_get_local_port (self->server), path);
}

char *
fixture_peer_uri (Fixture    *self,
                  const char *path)
{
  return make_uri (self->peer->port, path);
}

GCoapEndpoint *
listener_new (void)
{
  GCoapEndpoint *endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_local_host (endpoint, "127.0.0.1");
  gcoap_endpoint_set_timeout (endpoint, 0);
  gcoap_endpoint_start_listening (endpoint, &error);
  g_assert_no_error (error);

  return endpoint;
}

/* What has been told to tasks and idle sources may hold a reference until it has been told. */
void
drop_endpoint (GCoapEndpoint **endpoint)
{
  gpointer left = *endpoint;

  if (left == NULL)
    return;

  g_object_add_weak_pointer (left, &left);
  g_clear_object (endpoint);
  wait_until (left == NULL);
}

void
configure (GCoapEndpoint *endpoint,
           const char    *configuration)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *value = gcoap_endpoint_config (endpoint, configuration, &error);

  g_assert_no_error (error);
  g_assert_nonnull (value);
}

char *
read_config (GCoapEndpoint *endpoint,
             const char    *configuration)
{
  g_autoptr (GError) error = NULL;
  char *value = gcoap_endpoint_config (endpoint, configuration, &error);

  g_assert_no_error (error);

  return value;
}

void
assert_config (GCoapEndpoint *endpoint,
               const char    *configuration,
               const char    *expected)
{
  g_autofree char *value = read_config (endpoint, configuration);

  g_assert_cmpstr (value, ==, expected);
}

GCoapConfigSetting *
find_config_setting (GCoapEndpoint *endpoint,
                     const char    *name)
{
  GListModel *settings = gcoap_endpoint_get_config_settings (endpoint);

  for (guint i = 0; i < g_list_model_get_n_items (settings); i++)
    {
      g_autoptr (GCoapConfigSetting) setting = g_list_model_get_item (settings, i);

      if (g_str_equal (gcoap_config_setting_get_name (setting), name))
        return g_steal_pointer (&setting);
    }

  g_assert_not_reached ();
}

char *
make_file (const char *content)
{
  g_autoptr (GError) error = NULL;
  char *name;
  int fd = g_file_open_tmp ("gcoap-XXXXXX", &name, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (name, content, -1, &error);
  g_assert_no_error (error);

  return name;
}

void
remove_file (char *name)
{
  g_unlink (name);
  g_free (name);
}

char *
ask (GCoapEndpoint *endpoint,
     const char    *uri)
{
  g_autoptr (GError) error = NULL;
  char *id = gcoap_endpoint_get (endpoint, uri, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (id, !=, "");

  return id;
}

void
begin_get (GCoapEndpoint *endpoint,
           const char    *uri)
{
  g_free (ask (endpoint, uri));
}

guint
count_pending (GCoapEndpoint *endpoint)
{
  return g_list_model_get_n_items (gcoap_endpoint_get_pending_requests (endpoint));
}

GCoapRequest *
get_pending (GCoapEndpoint *endpoint,
             guint          position)
{
  return g_list_model_get_item (gcoap_endpoint_get_pending_requests (endpoint), position);
}

static void
answer_cb (GCoapEndpoint *endpoint,
           GCoapRequest  *request,
           const char    *text)
{
  gcoap_endpoint_set_response_text (endpoint, text);
}

static void
free_text (gpointer  text,
           GClosure *closure)
{
  g_free (text);
}

void
answer_with (GCoapEndpoint *endpoint,
             const char    *signal,
             const char    *text)
{
  g_signal_connect_data (endpoint, signal, G_CALLBACK (answer_cb), g_strdup (text), free_text,
                         0);
}

void
defer_cb (GCoapEndpoint *endpoint,
          GCoapRequest  *request,
          gpointer       user_data)
{
  gcoap_request_set_send_response (request, FALSE);
}

void
count_cb (guint *n)
{
  ++*n;
}

static void
note_completion (Completions *self,
                 int          code,
                 const char  *description)
{
  self->n++;
  self->code = code;
  g_free (self->description);
  self->description = g_strdup (description);
}

static void
complete_cb (GCoapEndpoint *endpoint,
             GCoapRequest  *request,
             int            code,
             const char    *description,
             Completions   *self)
{
  note_completion (self, code, description);
  g_set_object (&self->request, request);
}

static void
error_cb (GCoapEndpoint *endpoint,
          int            code,
          const char    *description,
          Completions   *self)
{
  note_completion (self, code, description);
}

void
completions_watch (Completions   *self,
                   GCoapEndpoint *endpoint,
                   const char    *signal)
{
  g_signal_connect (endpoint, signal,
                    g_str_equal (signal, "error") ? G_CALLBACK (error_cb)
                                                  : G_CALLBACK (complete_cb), self);
}

void
completions_clear (Completions *self)
{
  self->n = 0;
  self->code = 0;
  g_clear_pointer (&self->description, g_free);
  g_clear_object (&self->request);
}

/* Where the payload begins, or NULL if there is none. */
static const guint8 *
find_payload (const guint8 *options,
              const guint8 *end)
{
  while (options < end && *options != 0xff)
    {
      guint delta = *options >> 4;
      guint length = *options & 0x0f;
      const guint8 *value = options + 1;

      g_assert_cmpuint (delta, <, 14);
      g_assert_cmpuint (length, <, 14);
      if (delta == 13)
        value++;
      if (length == 13)
        length += *value++;
      options = value + length;
    }

  return options < end ? options + 1 : NULL;
}

static Datagram *
datagram_new (GSocketAddress *address,
              const guint8   *bytes,
              gsize           length)
{
  Datagram *self = g_new0 (Datagram, 1);
  GInetSocketAddress *inet_address = G_INET_SOCKET_ADDRESS (address);
  const guint8 *end = bytes + length;
  const guint8 *options, *payload, *options_end;
  GString *hex = g_string_new (NULL);

  g_assert_cmpuint (length, >=, 4);
  g_assert_cmpuint (bytes[0] >> 6, ==, 1);
  self->host = g_inet_address_to_string (g_inet_socket_address_get_address (inet_address));
  self->port = g_inet_socket_address_get_port (inet_address);
  self->type = bytes[0] >> 4 & 3;
  self->token_length = bytes[0] & 0x0f;
  self->code = bytes[1];
  self->message_id = bytes[2] << 8 | bytes[3];
  g_assert_cmpuint (self->token_length, <=, sizeof self->token);
  memcpy (self->token, bytes + 4, self->token_length);

  options = bytes + 4 + self->token_length;
  payload = find_payload (options, end);
  options_end = payload != NULL ? payload - 1 : end;
  for (const guint8 *byte = options; byte < options_end; byte++)
    g_string_append_printf (hex, "%02x", *byte);
  self->options = g_string_free (hex, FALSE);
  self->payload = payload != NULL ? g_strndup ((const char *) payload, end - payload)
                                  : g_strdup ("");

  return self;
}

void
datagram_free (Datagram *self)
{
  g_free (self->host);
  g_free (self->options);
  g_free (self->payload);
  g_free (self);
}

gboolean
datagram_token_is (const Datagram *self,
                   const char     *hex)
{
  g_autoptr (GBytes) expected = hex_to_bytes (hex);
  g_autoptr (GBytes) token = g_bytes_new (self->token, self->token_length);

  return g_bytes_equal (expected, token);
}

static gboolean
peer_readable_cb (GSocket      *socket,
                  GIOCondition  condition,
                  gpointer      user_data)
{
  Peer *self = user_data;
  g_autoptr (GSocketAddress) address = NULL;
  guint8 bytes[2048];
  gssize length = g_socket_receive_from (socket, &address, (char *) bytes, sizeof bytes,
                                         NULL, NULL);
  Datagram *datagram;

  if (length < 0)
    return G_SOURCE_CONTINUE;

  datagram = datagram_new (address, bytes, length);
  self->n_received++;
  if (self->func == NULL)
    {
      g_queue_push_tail (&self->received, datagram);
      return G_SOURCE_CONTINUE;
    }

  self->func (self, datagram, self->user_data);
  datagram_free (datagram);

  return G_SOURCE_CONTINUE;
}

Peer *
peer_new (const char *host)
{
  Peer *self = g_new0 (Peer, 1);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string (host, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->socket = g_socket_new (g_socket_address_get_family (any), G_SOCKET_TYPE_DATAGRAM,
                               G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (self->socket, FALSE);
  g_socket_bind (self->socket, any, FALSE, &error);
  g_assert_no_error (error);
  bound = g_socket_get_local_address (self->socket, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  self->next_message_id = 0x7000;

  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (peer_readable_cb), self, NULL);
  g_source_set_can_recurse (self->source, TRUE);
  g_source_attach (self->source, NULL);

  return self;
}

void
peer_free (Peer *self)
{
  if (self == NULL)
    return;

  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_queue_clear_full (&self->received, (GDestroyNotify) datagram_free);
  g_object_unref (self->socket);
  g_free (self->payload);
  g_free (self);
}

static void
send_bytes (Peer         *self,
            const char   *host,
            guint         port,
            gconstpointer bytes,
            gsize         length)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host, port);
  g_autoptr (GError) error = NULL;

  g_socket_send_to (self->socket, address, bytes, length, NULL, &error);
  g_assert_no_error (error);
}

void
peer_send (Peer       *self,
           const char *host,
           guint       port,
           const char *hex)
{
  g_autoptr (GBytes) bytes = hex_to_bytes (hex);
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  send_bytes (self, host, port, data, length);
}

void
peer_ask (Fixture    *fixture,
          const char *hex)
{
  peer_send (fixture->peer, "127.0.0.1", gcoap_endpoint_get_local_port (fixture->server), hex);
}

static void
send_answer (Peer             *self,
             const Datagram   *datagram,
             GCoapMessageType  type,
             guint             code,
             guint             token_length,
             const char       *payload)
{
  guint16 message_id = type == GCOAP_MESSAGE_TYPE_ACK || type == GCOAP_MESSAGE_TYPE_RST
                       ? datagram->message_id : self->next_message_id++;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 head[4] = { 0x40 | type << 4 | token_length, code, message_id >> 8, message_id & 0xff };

  g_byte_array_append (bytes, head, sizeof head);
  g_byte_array_append (bytes, datagram->token, token_length);
  if (*payload != '\0')
    {
      g_byte_array_append (bytes, (const guint8 *) "\xff", 1);
      g_byte_array_append (bytes, (const guint8 *) payload, strlen (payload));
    }
  send_bytes (self, datagram->host, datagram->port, bytes->data, bytes->len);
}

void
peer_answer (Peer             *self,
             const Datagram   *datagram,
             GCoapMessageType  type,
             guint             code,
             const char       *payload)
{
  send_answer (self, datagram, type, code, datagram->token_length, payload);
}

void
peer_answer_empty (Peer             *self,
                   const Datagram   *datagram,
                   GCoapMessageType  type)
{
  send_answer (self, datagram, type, GCOAP_CODE_EMPTY, 0, "");
}

Datagram *
peer_take (Peer *self)
{
  wait_until (!g_queue_is_empty (&self->received));

  return g_queue_pop_head (&self->received);
}

Datagram *
peer_expect (Peer             *self,
             GCoapMessageType  type,
             guint             code,
             const char       *payload)
{
  Datagram *datagram = peer_take (self);

  g_assert_cmpint (datagram->type, ==, type);
  g_assert_cmpuint (datagram->code, ==, code);
  g_assert_cmpstr (datagram->payload, ==, payload);

  return datagram;
}

void
expect_silence (Peer *self)
{
  settle ();
  g_assert_true (g_queue_is_empty (&self->received));
}

static void
echo_cb (Peer           *self,
         const Datagram *datagram,
         gpointer        user_data)
{
  peer_answer (self, datagram, GCOAP_MESSAGE_TYPE_ACK, GCOAP_CODE_CONTENT, self->payload);
}

void
peer_answer_with (Peer       *self,
                  const char *payload)
{
  g_free (self->payload);
  self->payload = g_strdup (payload);
  self->func = echo_cb;
}

char *
defer_acknowledged (Fixture *fixture)
{
  g_autoptr (Datagram) acknowledgement = NULL;
  g_autoptr (GCoapRequest) request = NULL;

  configure (fixture->server, "PiggybackDelay=0");
  g_signal_connect (fixture->server, "request::/a", G_CALLBACK (defer_cb), NULL);
  peer_ask (fixture, "42 01 1234 aabb b161");
  acknowledgement = peer_expect (fixture->peer, GCOAP_MESSAGE_TYPE_ACK, GCOAP_CODE_EMPTY, "");
  request = get_pending (fixture->server, 0);

  return g_strdup (gcoap_request_get_request_id (request));
}

void
assert_responds (GCoapEndpoint *endpoint,
                 const char    *id)
{
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_send_response (endpoint, id, &error);
  g_assert_no_error (error);
}

gboolean
skip_without_ipv6 (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_DATAGRAM,
                                             G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("::1", 0);

  if (socket != NULL && g_socket_bind (socket, address, FALSE, NULL))
    return FALSE;

  g_test_skip ("There is no IPv6 here");

  return TRUE;
}
