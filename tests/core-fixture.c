/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core-fixture.h"

#include "hex.h"

#include "gcoap/gcoap-option-number.h"

/* Far from 0, so that an interval cannot pass for a time. */
#define START (1000 * SECOND)

GCoapAddress
core_address (guint host)
{
  return (GCoapAddress) {
    .ip = { 0x20, 0x01, 0x0d, 0xb8, [13] = host >> 16, [14] = host >> 8, [15] = host },
    .port = GCOAP_DEFAULT_PORT,
  };
}

/* RFC 7252 section 12.8: all CoAP nodes, site-local. */
GCoapAddress
core_group_address (void)
{
  return (GCoapAddress) { .ip = { 0xff, 0x05, [15] = 0xfd }, .port = GCOAP_DEFAULT_PORT };
}

CoreFixture *
core_fixture_new (void)
{
  GCoapParameters parameters;

  gcoap_parameters_init (&parameters);

  return core_fixture_new_with (&parameters);
}

CoreFixture *
core_fixture_new_with (const GCoapParameters *parameters)
{
  CoreFixture *self = g_new0 (CoreFixture, 1);
  g_autoptr (GRand) random = g_rand_new_with_seed (7252);

  self->engine = gcoap_engine_new (parameters, random);
  self->now = START;
  self->kept = g_ptr_array_new_with_free_func ((GDestroyNotify) gcoap_message_unref);

  return self;
}

CoreFixture *
core_fixture_new_with_block_size (guint block_size)
{
  GCoapParameters parameters;

  gcoap_parameters_init (&parameters);
  parameters.block_size = block_size;

  return core_fixture_new_with (&parameters);
}

void
core_fixture_free (CoreFixture *self)
{
  gcoap_engine_free (self->engine);
  g_ptr_array_unref (self->kept);
  g_free (self);
}

void
core_fixture_advance (CoreFixture *self,
                      gint64       interval)
{
  gint64 end = self->now + interval;
  gint64 deadline;

  while ((deadline = gcoap_engine_get_next_deadline (self->engine)) <= end)
    {
      self->now = MAX (self->now, deadline);
      gcoap_engine_expire (self->engine, self->now);
    }
  self->now = end;
}

/* From the heap and of the exact size, so that a sanitizer sees a read beyond the end. */
static void
receive_bytes (CoreFixture        *self,
               guint               host,
               const GCoapAddress *local,
               gconstpointer       bytes,
               gsize               length)
{
  g_autofree guint8 *data = g_memdup2 (bytes, length);
  GCoapDatagram datagram = {
    .remote = core_address (host),
    .local = *local,
    .data = data,
    .length = length,
  };

  gcoap_engine_receive (self->engine, &datagram, self->now);
}

static void
receive_hex (CoreFixture        *self,
             guint               host,
             const GCoapAddress *local,
             const char         *hex)
{
  g_autoptr (GBytes) bytes = hex_to_bytes (hex);

  receive_bytes (self, host, local, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

void
core_fixture_receive (CoreFixture *self,
                      guint        host,
                      const char  *hex)
{
  GCoapAddress local = core_address (1);

  receive_hex (self, host, &local, hex);
}

void
core_fixture_receive_group (CoreFixture *self,
                            guint        host,
                            const char  *hex)
{
  GCoapAddress local = core_group_address ();

  receive_hex (self, host, &local, hex);
}

static void
receive_frame (CoreFixture        *self,
               guint               host,
               const GCoapAddress *local,
               const GCoapFrame   *frame)
{
  gsize size = gcoap_frame_get_size (frame);
  g_autofree guint8 *data = g_malloc (size);

  gcoap_frame_write (frame, data, size);
  receive_bytes (self, host, local, data, size);
}

void
core_fixture_receive_frame (CoreFixture      *self,
                            guint             host,
                            const GCoapFrame *frame)
{
  GCoapAddress local = core_address (1);

  receive_frame (self, host, &local, frame);
}

void
core_fixture_receive_frame_of_group (CoreFixture      *self,
                                     guint             host,
                                     const GCoapFrame *frame)
{
  GCoapAddress local = core_group_address ();

  receive_frame (self, host, &local, frame);
}

void
core_fixture_reply (CoreFixture       *self,
                    const SentMessage *sent,
                    GCoapMessageType   type,
                    guint8             code,
                    guint16            message_id)
{
  GCoapFrame frame = { .type = type, .code = code, .message_id = message_id };

  if (code != 0)
    {
      frame.token = sent->frame.token;
      frame.token_length = sent->frame.token_length;
    }
  core_fixture_receive_frame (self, sent->remote.ip[15], &frame);
}

void
core_fixture_return (CoreFixture       *self,
                     const SentMessage *sent,
                     int                error)
{
  GCoapDatagram datagram = {
    .remote = sent->remote,
    .local = sent->local,
    .data = sent->data,
    .length = sent->length,
    .error = error,
  };

  gcoap_engine_receive (self->engine, &datagram, self->now);
}

guint64
core_fixture_submit_to (CoreFixture        *self,
                        const GCoapAddress *remote,
                        GCoapMessage       *message,
                        gint64              timeout,
                        gboolean            is_deadline)
{
  GCoapPatience patience = { .timeout = timeout, .is_deadline = is_deadline };
  int error = -1;
  guint64 id = gcoap_engine_submit (self->engine, remote, message, &patience, NULL, self->now,
                                    &error);

  g_assert_cmpint (id != 0, ==, error == 0);

  return id;
}

guint64
core_fixture_submit (CoreFixture *self,
                     guint        host,
                     gboolean     is_confirmable)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  GCoapAddress remote = core_address (host);

  gcoap_message_set_confirmable (message, is_confirmable);

  return core_fixture_submit_to (self, &remote, message, 0, FALSE);
}

gboolean
core_fixture_respond (CoreFixture *self,
                      guint64      id,
                      guint8       code,
                      gboolean     is_confirmable)
{
  GCoapFrame frame = { .code = code };

  return gcoap_engine_respond (self->engine, id, &frame, NULL, is_confirmable, self->now);
}

gboolean
core_fixture_cancel (CoreFixture *self,
                     guint64      id)
{
  return gcoap_engine_cancel (self->engine, id, self->now);
}

guint64
core_fixture_submit_observe (CoreFixture *self,
                             guint        host,
                             gboolean     is_confirmable,
                             guint        observe)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  GCoapAddress remote = core_address (host);

  gcoap_message_set_confirmable (message, is_confirmable);
  g_assert_true (gcoap_message_add_uint_option (message, GCOAP_OPTION_NUMBER_OBSERVE, observe,
                                                NULL));

  return core_fixture_submit_to (self, &remote, message, 0, FALSE);
}

GCoapEvent
core_fixture_receive_observe (CoreFixture      *self,
                              guint             host,
                              GCoapMessageType  type,
                              guint8            token,
                              guint             observe)
{
  guint8 options[] = { 0x61, observe, 0x51, 'r' };
  GCoapFrame frame = {
    .type = type,
    .code = GET,
    .token = &token,
    .token_length = sizeof token,
    .message_id = ++self->n_received,
    .options = options,
    .options_length = sizeof options,
  };

  core_fixture_receive_frame (self, host, &frame);

  return core_fixture_expect_event (self, GCOAP_EVENT_REQUEST);
}

gboolean
core_fixture_observe (CoreFixture      *self,
                      const GCoapEvent *request,
                      const char       *uri)
{
  return gcoap_engine_observe (self->engine, request->id, request->message, uri, self->now);
}

void
core_fixture_add_observer (CoreFixture *self,
                           guint        host,
                           guint8       token,
                           const char  *uri)
{
  GCoapEvent request =
    core_fixture_receive_observe (self, host, GCOAP_MESSAGE_TYPE_CON, token, 0);
  g_autoptr (SentMessage) sent = NULL;

  g_assert_true (request.is_registration);
  g_assert_true (core_fixture_observe (self, &request, uri));
  g_assert_true (core_fixture_respond (self, request.id, CONTENT, TRUE));
  sent = core_fixture_expect_notification (self, GCOAP_MESSAGE_TYPE_ACK, host, token);
  core_fixture_expect_event (self, GCOAP_EVENT_SENT);
}

gboolean
core_fixture_notify (CoreFixture *self,
                     const char  *uri,
                     guint8       code,
                     gboolean     is_confirmable)
{
  GCoapFrame state = { .code = code };
  gboolean is_observed = gcoap_engine_notify (self->engine, uri, &state, NULL, is_confirmable,
                                              self->now);

  core_fixture_advance (self, 0);

  return is_observed;
}

void
core_fixture_expect_unregistered (CoreFixture *self,
                                  guint        host,
                                  guint8       token)
{
  GCoapEvent event = core_fixture_expect_event (self, GCOAP_EVENT_UNREGISTERED);
  GCoapAddress remote = core_address (host);
  GCoapFrame frame;

  gcoap_message_get_frame (event.message, &frame);
  g_assert_true (gcoap_address_equal (&event.remote, &remote));
  g_assert_cmpmem (frame.token, frame.token_length, &token, sizeof token);
}

SentMessage *
core_fixture_pop_sent (CoreFixture *self)
{
  const GCoapDatagram *datagrams;
  SentMessage *sent;

  if (gcoap_engine_peek_datagrams (self->engine, &datagrams) == 0)
    return NULL;

  sent = g_new0 (SentMessage, 1);
  sent->remote = datagrams[0].remote;
  sent->local = datagrams[0].local;
  sent->length = datagrams[0].length;
  sent->data = g_memdup2 (datagrams[0].data, sent->length);
  g_assert_cmpint (gcoap_frame_parse (&sent->frame, sent->data, sent->length), ==,
                   GCOAP_FRAME_VALID);
  gcoap_engine_drop_datagrams (self->engine, 1);

  return sent;
}

SentMessage *
core_fixture_expect_sent (CoreFixture      *self,
                          GCoapMessageType  type,
                          guint8            code)
{
  SentMessage *sent = core_fixture_pop_sent (self);

  g_assert_nonnull (sent);
  g_assert_cmpint (sent->frame.type, ==, type);
  g_assert_cmpint (sent->frame.code, ==, code);

  return sent;
}

SentMessage *
core_fixture_expect_notification (CoreFixture      *self,
                                  GCoapMessageType  type,
                                  guint             host,
                                  guint8            token)
{
  SentMessage *sent = core_fixture_expect_sent (self, type, CONTENT);
  GCoapAddress remote = core_address (host);
  guint32 observe;

  g_assert_true (gcoap_address_equal (&sent->remote, &remote));
  g_assert_cmpmem (sent->frame.token, sent->frame.token_length, &token, sizeof token);
  g_assert_true (sent_message_get_observe (sent, &observe));

  return sent;
}

void
core_fixture_expect_bytes (CoreFixture *self,
                           guint        host,
                           const char  *hex)
{
  g_autoptr (SentMessage) sent = core_fixture_pop_sent (self);
  g_autoptr (GBytes) bytes = hex_to_bytes (hex);
  GCoapAddress remote = core_address (host);

  g_assert_nonnull (sent);
  g_assert_cmpmem (sent->data, sent->length, g_bytes_get_data (bytes, NULL),
                   g_bytes_get_size (bytes));
  g_assert_true (gcoap_address_equal (&sent->remote, &remote));
}

void
core_fixture_expect_silence (CoreFixture *self)
{
  const GCoapDatagram *datagrams;

  g_assert_cmpuint (gcoap_engine_peek_datagrams (self->engine, &datagrams), ==, 0);
}

/* That an observer has come is news to few tests: to the others it is as if it were not said. */
static gboolean
pop_event (CoreFixture *self,
           gboolean     with_registered,
           GCoapEvent  *out_event)
{
  while (gcoap_engine_pop_event (self->engine, out_event))
    if (with_registered || out_event->kind != GCOAP_EVENT_REGISTERED)
      return TRUE;

  return FALSE;
}

GCoapEvent
core_fixture_expect_event (CoreFixture    *self,
                           GCoapEventKind  kind)
{
  GCoapEvent event;

  g_assert_true (pop_event (self, kind == GCOAP_EVENT_REGISTERED, &event));
  if (event.message != NULL)
    g_ptr_array_add (self->kept, event.message);
  g_assert_cmpint (event.kind, ==, kind);

  return event;
}

void
core_fixture_expect_failure (CoreFixture *self,
                             guint64      id,
                             GCoapError   error)
{
  GCoapEvent event = core_fixture_expect_event (self, GCOAP_EVENT_FAILED);

  g_assert_cmpuint (event.id, ==, id);
  g_assert_cmpint (event.error, ==, error);
}

void
core_fixture_expect_no_event (CoreFixture *self)
{
  GCoapEvent event;

  g_assert_false (pop_event (self, FALSE, &event));
}

guint64
core_fixture_receive_request (CoreFixture *self,
                              guint        host,
                              const char  *hex)
{
  core_fixture_receive (self, host, hex);

  return core_fixture_expect_event (self, GCOAP_EVENT_REQUEST).id;
}

guint64
core_fixture_receive_slowly (CoreFixture *self)
{
  guint64 id = core_fixture_receive_request (self, 2, "42 01 1234 aabb");

  core_fixture_advance (self, 50 * G_TIME_SPAN_MILLISECOND);
  core_fixture_expect_bytes (self, 2, "60 00 1234");

  return id;
}

void
core_fixture_expect_told (CoreFixture *self,
                          guint64      id)
{
  g_assert_cmpuint (core_fixture_expect_event (self, GCOAP_EVENT_SENT).id, ==, id);
  core_fixture_expect_no_event (self);
}

/* Says how many there were. */
guint
core_fixture_drop_sent (CoreFixture *self)
{
  const GCoapDatagram *datagrams;
  guint n_datagrams = gcoap_engine_peek_datagrams (self->engine, &datagrams);

  gcoap_engine_drop_datagrams (self->engine, n_datagrams);

  return n_datagrams;
}

gboolean
sent_message_get_observe (const SentMessage *self,
                          guint32           *out_observe)
{
  GCoapOptionIter option;

  gcoap_option_iter_init (&option, self->frame.options, self->frame.options_length);

  return gcoap_option_iter_find (&option, GCOAP_OPTION_NUMBER_OBSERVE) &&
         gcoap_option_decode_uint (option.value, option.length, out_observe);
}

void
sent_message_free (SentMessage *self)
{
  g_free (self->data);
  g_free (self);
}
