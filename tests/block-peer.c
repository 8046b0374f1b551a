/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "block-peer.h"

#include "codec/gcoap-block-private.h"

#define VALUE_MASK 0xffffff

GBytes *
block_peer_make_body (gsize size)
{
  guint8 *data = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    data[i] = i * 7 ^ i >> 8;

  return g_bytes_new_take (data, size);
}

GBytes *
block_peer_cut (GBytes *body,
                guint   block)
{
  gsize size = 16 << (block & 7);
  gsize offset = ((block & VALUE_MASK) >> 4) * size;

  return g_bytes_new_from_bytes (body, offset, MIN (size, g_bytes_get_size (body) - offset));
}

static void
add_options (const BlockRequest *request,
             GCoapOptions       *options)
{
  if (request->if_none_match)
    gcoap_options_add (options, GCOAP_OPTION_NUMBER_IF_NONE_MATCH, NULL, 0);
  if (request->observe > 0)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_OBSERVE, request->observe - 1);
  gcoap_options_add (options, GCOAP_OPTION_NUMBER_URI_PATH, "r", 1);
  if (request->content_format > 0)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_CONTENT_FORMAT,
                            request->content_format - 1);
  if (request->block2 != 0)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_BLOCK2, request->block2 & VALUE_MASK);
  if (request->block1 != 0)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_BLOCK1, request->block1 & VALUE_MASK);
  if (request->wants_size2)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_SIZE2, 0);
  if (request->size1 > 0)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_SIZE1, request->size1 - 1);
  if (request->tag != NULL)
    gcoap_options_add (options, GCOAP_OPTION_NUMBER_REQUEST_TAG, request->tag,
                       strlen (request->tag));
}

void
block_peer_send (CoreFixture        *fixture,
                 guint               host,
                 const BlockRequest *request)
{
  guint16 message_id = request->message_id != 0 ? request->message_id : ++fixture->n_received;
  guint8 token[] = { message_id >> 8, message_id & 0xff };
  GCoapOptions options;
  GCoapFrame frame = {
    .type = request->type,
    .code = request->code != 0 ? request->code : request->block1 != 0 ? GCOAP_METHOD_PUT : GET,
    .message_id = message_id,
    .token = token,
    .token_length = sizeof token,
  };

  gcoap_options_init (&options);
  add_options (request, &options);
  frame.options = options.data;
  frame.options_length = options.length;
  if (request->payload != NULL)
    frame.payload = g_bytes_get_data (request->payload, &frame.payload_length);
  if (request->goes_to_group)
    core_fixture_receive_frame_of_group (fixture, host, &frame);
  else
    core_fixture_receive_frame (fixture, host, &frame);
  gcoap_options_clear (&options);
}

void
block_peer_put (CoreFixture *fixture,
                guint        host,
                GBytes      *body,
                guint        block)
{
  g_autoptr (GBytes) payload = block_peer_cut (body, block);
  BlockRequest request = { .block1 = block, .payload = payload };

  block_peer_send (fixture, host, &request);
}

void
block_peer_get (CoreFixture *fixture,
                guint        host,
                guint        block2)
{
  BlockRequest request = { .block2 = block2 };

  block_peer_send (fixture, host, &request);
}

gboolean
block_peer_find_uint (const SentMessage *sent,
                      guint              number,
                      guint32           *out_value)
{
  GCoapOptionIter option;

  gcoap_option_iter_init (&option, sent->frame.options, sent->frame.options_length);

  return gcoap_option_iter_find (&option, number) &&
         gcoap_option_decode_uint (option.value, option.length, out_value);
}

char *
block_peer_dup_etag (const SentMessage *sent)
{
  GString *digits = g_string_new (NULL);
  GCoapOptionIter option;

  gcoap_option_iter_init (&option, sent->frame.options, sent->frame.options_length);
  if (!gcoap_option_iter_find (&option, GCOAP_OPTION_NUMBER_ETAG))
    {
      g_string_free (digits, TRUE);
      return NULL;
    }

  for (gsize i = 0; i < option.length; i++)
    g_string_append_printf (digits, "%02x", option.value[i]);

  return g_string_free (digits, FALSE);
}

SentMessage *
block_peer_expect (CoreFixture *fixture,
                   guint8       code,
                   guint        option_number,
                   guint        block)
{
  SentMessage *sent = core_fixture_pop_sent (fixture);
  guint32 value = 0;

  g_assert_nonnull (sent);
  g_assert_cmpint (sent->frame.code, ==, code);
  g_assert_cmpint (block_peer_find_uint (sent, option_number, &value), ==, block != 0);
  g_assert_cmphex (value, ==, block & VALUE_MASK);

  return sent;
}

void
block_peer_expect_code (CoreFixture *fixture,
                        guint8       code)
{
  g_autoptr (SentMessage) sent = core_fixture_pop_sent (fixture);

  g_assert_nonnull (sent);
  g_assert_cmpint (sent->frame.code, ==, code);
}

void
block_peer_expect_continue (CoreFixture *fixture,
                            guint        block)
{
  g_autoptr (SentMessage) sent = block_peer_expect (fixture, GCOAP_CODE_CONTINUE,
                                                    GCOAP_OPTION_NUMBER_BLOCK1, block);

  g_assert_cmpuint (sent->frame.payload_length, ==, 0);
}

void
block_peer_assert_slice (const SentMessage *sent,
                         GBytes            *body,
                         gsize              offset)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (body, &size);

  g_assert_cmpuint (offset + sent->frame.payload_length, <=, size);
  g_assert_cmpmem (sent->frame.payload, sent->frame.payload_length, data + offset,
                   sent->frame.payload_length);
}

void
block_peer_respond (CoreFixture *fixture,
                    guint64      id,
                    guint8       code,
                    GBytes      *body)
{
  GCoapFrame response = { .code = code };

  g_assert_true (gcoap_engine_respond (fixture->engine, id, &response, body, TRUE, fixture->now));
}
