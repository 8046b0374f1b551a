/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-server-upload-private.h"

#include "codec/gcoap-option-def-private.h"
#include "core/gcoap-server-answer-private.h"

/* A block that has come. */
typedef struct
{
  GCoapServerExchange *exchange;
  const GCoapFrame    *request;
  gsize                offset;
  gboolean             more;
} Block;

static void
go_on (GCoapServer         *self,
       GCoapServerExchange *exchange,
       gint64               now)
{
  GCoapFrame response = { .code = GCOAP_CODE_CONTINUE };

  gcoap_server_answer (self, exchange, &response, TRUE, now);
}

/* An answer that is about the transfer, and not about the block. */
static void
refuse (GCoapServer *self,
        const Block *block,
        GCoapCode    code,
        const char  *diagnostic,
        gint64       now)
{
  block->exchange->has_block1 = FALSE;
  gcoap_server_refuse (self, block->exchange, code, diagnostic, now);
}

/* RFC 7959 section 2.9.3: with what would not be too large. */
static void
refuse_size (GCoapServer         *self,
             GCoapServerExchange *exchange,
             gint64               now)
{
  GCoapFrame response = { .code = GCOAP_CODE_REQUEST_ENTITY_TOO_LARGE };
  GCoapOptions options;

  gcoap_options_init (&options);
  gcoap_options_add_uint (&options, GCOAP_OPTION_NUMBER_SIZE1,
                          MIN (self->parameters->max_body_size, G_MAXUINT32));
  response.options = options.data;
  response.options_length = options.length;
  exchange->has_block1 = FALSE;
  gcoap_server_answer (self, exchange, &response, FALSE, now);
  gcoap_options_clear (&options);
}

/* The request as the application gets it: what was about one block is gone, and the Observe option
 * counts where it is in @last. */
static GCoapMessage *
make_request (const GCoapOptions *first,
              const GCoapFrame   *last,
              GBytes             *body)
{
  GCoapFrame frame = *last;
  GCoapOptions options;
  GCoapMessage *message;
  guint32 value;

  gcoap_options_init (&options);
  gcoap_options_set_wire (&options, first->data, first->length);
  if (gcoap_frame_find_uint (last, GCOAP_OPTION_NUMBER_OBSERVE, &value))
    gcoap_options_add_uint (&options, GCOAP_OPTION_NUMBER_OBSERVE, value);
  frame.options = options.data;
  frame.options_length = options.length;
  frame.payload_length = 0;
  message = gcoap_message_new_from_frame (&frame);
  if (body != NULL)
    gcoap_message_assign_payload (message, body);
  gcoap_options_clear (&options);

  return message;
}

/* A body of one block is a request like any other. */
static void
take_single (GCoapServer *self,
             const Block *block,
             gint64       now)
{
  g_autoptr (GCoapContent) content = gcoap_content_new (block->request, NULL);
  g_autoptr (GBytes) body = g_bytes_new (block->request->payload, block->request->payload_length);

  gcoap_server_pass_on (self, block->exchange,
                        make_request (&content->options, block->request, body), 0, now);
}

/* RFC 7959 section 2.5: a first block begins anew, whatever was there. */
static void
take_first (GCoapServer  *self,
            const Block  *block,
            GCoapBodyKey *key,
            gint64        now)
{
  g_autoptr (GCoapContent) content = gcoap_content_new (block->request, NULL);
  GCoapBody *body = gcoap_bodies_add (self->bodies, key, content, now);
  guint32 announced;

  body->announced = gcoap_frame_find_uint (block->request, GCOAP_OPTION_NUMBER_SIZE1, &announced)
                    ? (gint64) announced
                    : -1;
  gcoap_bodies_append (self->bodies, body, block->request->payload,
                       block->request->payload_length);
  gcoap_server_park (self, block->exchange, body, now);
  gcoap_events_push (self->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_UPLOAD,
    .id = body->base.id,
    .message = gcoap_message_new_from_frame (block->request),
    .remote = block->exchange->remote,
    .local = block->exchange->local,
    .size = body->announced,
  });
  gcoap_server_make_room (self, body, now);
}

/* Whether the block is the one that waits for the application, sent once more. */
static gboolean
is_parked (const GCoapBody *body,
           const Block     *block)
{
  return body->parked != 0 && block->offset == body->offset &&
         block->offset + block->request->payload_length == body->length &&
         block->more == !body->is_whole;
}

static gboolean
is_first_again (const GCoapBody *body,
                const Block     *block)
{
  return body->state == GCOAP_BODY_OFFERED && is_parked (body, block) &&
         memcmp (g_ptr_array_index (body->chunks, 0), block->request->payload, body->length) == 0;
}

/* For the request that follows on the last block. The others leave no trace: the upload knows what
 * has come. */
static void
keep_block (const Block *block)
{
  block->exchange->is_transient = block->more;
  block->exchange->request = gcoap_message_new_from_frame (block->request);
}

/* The new exchange waits instead of the one before, which the peer has given up. */
static void
replace_parked (GCoapServer *self,
                GCoapBody   *body,
                const Block *block,
                gint64       now)
{
  GCoapServerExchange *old = gcoap_server_unpark (self, body);

  if (old != NULL)
    gcoap_server_exchange_remove (old, self, now);
  if (body->state == GCOAP_BODY_STREAMING)
    keep_block (block);
  gcoap_server_park (self, block->exchange, body, now);
}

static void
begin (GCoapServer  *self,
       const Block  *block,
       GCoapBodyKey *key,
       gint64        now)
{
  GCoapBody *body = gcoap_bodies_lookup (self->bodies, key);

  if (body != NULL && block->more && is_first_again (body, block))
    {
      replace_parked (self, body, block, now);
      return;
    }

  gcoap_server_drop_key (self, key, now);
  if (block->more)
    take_first (self, block, key, now);
  else if (block->request->payload_length > self->parameters->max_body_size)
    refuse_size (self, block->exchange, now);
  else
    take_single (self, block, now);
}

static void
finish_collected (GCoapServer *self,
                  GCoapBody   *body,
                  const Block *block,
                  gint64       now)
{
  g_autoptr (GBytes) bytes = gcoap_bodies_take_data (self->bodies, body);
  GCoapMessage *request = make_request (&body->content->options, block->request, bytes);

  gcoap_server_finish_body (self, body, now);
  gcoap_server_pass_on (self, block->exchange, request, 0, now);
}

static void
collect_next (GCoapServer *self,
              GCoapBody   *body,
              const Block *block,
              gint64       now)
{
  gcoap_bodies_append (self->bodies, body, block->request->payload,
                       block->request->payload_length);
  gcoap_server_make_room (self, body, now);
  if (!block->more)
    {
      finish_collected (self, body, block, now);
      return;
    }

  block->exchange->is_transient = TRUE;
  go_on (self, block->exchange, now);
}

static void
stream_next (GCoapServer *self,
             GCoapBody   *body,
             const Block *block,
             gint64       now)
{
  /* With the last part the application makes what it has written good. */
  if (!block->more && gcoap_server_is_busy (self))
    {
      gcoap_server_drop_body (self, body, now);
      block->exchange->has_block1 = FALSE;
      gcoap_server_refuse_for_now (self, block->exchange, now);
      return;
    }

  body->length += block->request->payload_length;
  body->is_whole = !block->more;
  keep_block (block);
  gcoap_server_park (self, block->exchange, body, now);
  gcoap_events_push (self->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_PART,
    .id = body->base.id,
    .message = gcoap_message_ref (block->exchange->request),
    .remote = block->exchange->remote,
    .local = block->exchange->local,
    .offset = block->offset,
    .size = -1,
    .is_last = body->is_whole,
  });
}

static void
take_next (GCoapServer *self,
           GCoapBody   *body,
           const Block *block,
           gint64       now)
{
  /* The block before is still with the application: it comes too early, and will come again. */
  if (body->parked != 0)
    {
      gcoap_server_exchange_forget (block->exchange, self, now);
      return;
    }

  body->offset = block->offset;
  if (body->state == GCOAP_BODY_STREAMING)
    stream_next (self, body, block, now);
  else
    collect_next (self, body, block, now);
}

/* RFC 7959 section 2.5: what does not follow on what is there makes the upload useless. */
static void
go_on_with (GCoapServer        *self,
            const Block        *block,
            const GCoapBodyKey *key,
            gint64              now)
{
  GCoapBody *body = gcoap_bodies_lookup (self->bodies, key);
  gsize end = block->offset + block->request->payload_length;

  if (body == NULL)
    {
      refuse (self, block, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE, "There is no such upload", now);
      return;
    }

  gcoap_bodies_touch (self->bodies, body, now);
  if (is_parked (body, block))
    replace_parked (self, body, block, now);
  else if (block->offset < body->length && end <= body->length && block->more)
    {
      block->exchange->is_transient = TRUE;
      go_on (self, block->exchange, now);
    }
  else if (block->offset != body->length)
    {
      gcoap_server_drop_body (self, body, now);
      refuse (self, block, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE, "A block is missing", now);
    }
  else if (body->state == GCOAP_BODY_COLLECTING && end > self->parameters->max_body_size)
    {
      gcoap_server_drop_body (self, body, now);
      refuse_size (self, block->exchange, now);
    }
  else
    take_next (self, body, block, now);
}

/* RFC 7959 section 2.2: all blocks but the last have the size that the option says. */
static gboolean
fits (const Block *block)
{
  gsize size = gcoap_block_size (block->exchange->block1.szx);
  gsize length = block->request->payload_length;

  return block->more ? length == size : length <= size;
}

void
gcoap_server_receive_block1 (GCoapServer         *self,
                             GCoapServerExchange *exchange,
                             const GCoapFrame    *request,
                             gint64               now)
{
  Block block = {
    .exchange = exchange,
    .request = request,
    .offset = gcoap_block_offset (&exchange->block1),
    .more = exchange->block1.more,
  };
  GCoapBodyKey key;

  if (exchange->is_multicast)
    {
      gcoap_server_exchange_remove (exchange, self, now);
      return;
    }
  if (!fits (&block))
    {
      refuse (self, &block, GCOAP_CODE_BAD_REQUEST, "The payload does not fill the block", now);
      return;
    }

  gcoap_body_key_init (&key, self->bodies, TRUE, &exchange->remote, request);
  if (exchange->block1.number == 0)
    begin (self, &block, &key, now);
  else
    go_on_with (self, &block, &key, now);
  gcoap_body_key_clear (&key);
}

static GCoapBody *
get_upload (GCoapExchange *exchange)
{
  GCoapBody *body = (GCoapBody *) exchange;

  return body->state != GCOAP_BODY_RESPONSE && body->parked != 0 ? body : NULL;
}

void
gcoap_server_collect (GCoapServer   *self,
                      GCoapExchange *exchange,
                      gint64         now)
{
  GCoapBody *body = get_upload (exchange);
  gint64 max_size = self->parameters->max_body_size;

  if (body == NULL || body->state != GCOAP_BODY_OFFERED)
    return;

  if (MAX ((gint64) body->length, body->announced) > max_size)
    {
      GCoapServerExchange *parked = gcoap_server_unpark (self, body);

      gcoap_server_finish_body (self, body, now);
      refuse_size (self, parked, now);
      return;
    }

  body->state = GCOAP_BODY_COLLECTING;
  gcoap_bodies_touch (self->bodies, body, now);
  go_on (self, gcoap_server_unpark (self, body), now);
}

static void
finish_streamed (GCoapServer *self,
                 GCoapBody   *body,
                 gint64       now)
{
  GCoapServerExchange *exchange = gcoap_server_unpark (self, body);
  g_autoptr (GCoapMessage) last = g_steal_pointer (&exchange->request);
  guint64 id = body->base.id;
  GCoapMessage *request;
  GCoapFrame frame;

  gcoap_message_get_frame (last, &frame);
  request = make_request (&body->content->options, &frame, NULL);
  if (gcoap_server_is_busy (self))
    gcoap_server_drop_body (self, body, now);
  else
    gcoap_server_finish_body (self, body, now);
  gcoap_server_pass_on (self, exchange, request, id, now);
}

void
gcoap_server_continue (GCoapServer   *self,
                       GCoapExchange *exchange,
                       gint64         now)
{
  GCoapBody *body = get_upload (exchange);

  if (body == NULL)
    return;

  gcoap_bodies_touch (self->bodies, body, now);
  if (body->is_whole)
    {
      finish_streamed (self, body, now);
      return;
    }

  if (body->state == GCOAP_BODY_OFFERED)
    g_bytes_unref (gcoap_bodies_take_data (self->bodies, body));
  body->state = GCOAP_BODY_STREAMING;
  go_on (self, gcoap_server_unpark (self, body), now);
}

void
gcoap_server_refuse_upload (GCoapServer   *self,
                            GCoapExchange *exchange,
                            guint8         code,
                            gint64         now)
{
  GCoapBody *body = (GCoapBody *) exchange;
  GCoapServerExchange *parked;
  GCoapFrame response = { .code = code };

  if (body->state == GCOAP_BODY_RESPONSE)
    return;

  parked = gcoap_server_unpark (self, body);
  gcoap_server_finish_body (self, body, now);
  if (parked != NULL)
    gcoap_server_answer (self, parked, &response, FALSE, now);
}
