/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-server-blocks-private.h"

#include "codec/gcoap-option-def-private.h"
#include "core/gcoap-server-answer-private.h"

static guint8
get_szx (GCoapServer               *self,
         const GCoapServerExchange *exchange)
{
  guint8 szx = gcoap_block_get_szx (self->parameters->block_size);

  return exchange->has_block2 ? MIN (szx, exchange->block2.szx) : szx;
}

/* The block that is asked for. An error of the application's is about all of the request, so it
 * begins with its first. */
static GCoapSlice
get_slice (GCoapServer               *self,
           const GCoapServerExchange *exchange,
           const GCoapContent        *content)
{
  return (GCoapSlice) {
    .offset = exchange->has_block2 && (content->code >> 5 == 2 || !exchange->is_told)
              ? gcoap_block_offset (&exchange->block2) : 0,
    .szx = get_szx (self, exchange),
    .is_told = exchange->has_block2,
    .wants_size = exchange->wants_size,
  };
}

static void
answer_failure (GCoapServer         *self,
                GCoapServerExchange *exchange,
                GCoapCode            code,
                const char          *diagnostic,
                gboolean             is_confirmable,
                gint64               now)
{
  GCoapFrame response = {
    .code = code,
    .payload = (const guint8 *) diagnostic,
    .payload_length = strlen (diagnostic),
  };

  gcoap_server_answer (self, exchange, &response, is_confirmable, now);
}

/* Says whether there is more of the body to be asked for. */
static gboolean
answer_with_slice (GCoapServer         *self,
                   GCoapServerExchange *exchange,
                   GCoapContent        *content,
                   const GCoapWindow   *window,
                   gboolean             is_confirmable,
                   gint64               now)
{
  GCoapSlice slice = get_slice (self, exchange, content);
  GCoapFrame frame = { .code = content->code };
  GCoapOptions options;

  if (!gcoap_slice_find (&slice, window))
    {
      answer_failure (self, exchange, GCOAP_CODE_BAD_REQUEST, "There is no such block",
                      is_confirmable, now);
      return TRUE;
    }

  gcoap_options_init (&options);
  gcoap_options_set_wire (&options, content->options.data, content->options.length);
  gcoap_slice_add_options (&slice, window, &options);
  frame.options = options.data;
  frame.options_length = options.length;
  frame.payload = slice.data;
  frame.payload_length = slice.length;
  gcoap_server_answer (self, exchange, &frame, is_confirmable, now);
  gcoap_options_clear (&options);

  return slice.more;
}

/* RFC 7959 section 2.7: what was uploaded is not sent again with the requests for the response. */
static void
init_key (GCoapServer               *self,
          const GCoapServerExchange *exchange,
          GCoapBodyKey              *key)
{
  GCoapFrame request;

  gcoap_message_get_frame (exchange->request, &request);
  if (exchange->has_block1)
    request.payload_length = 0;
  gcoap_body_key_init (key, self->bodies, FALSE, &exchange->remote, &request);
}

/* Keeps what is more than one block, before the first of them is sent. */
static GCoapBody *
keep (GCoapServer         *self,
      GCoapServerExchange *exchange,
      GCoapContent        *content,
      gint64               now)
{
  GCoapBodyKey key;
  GCoapBody *body;

  init_key (self, exchange, &key);
  gcoap_server_drop_key (self, &key, now);
  body = gcoap_bodies_add (self->bodies, &key, content, now);
  if (content->body != NULL)
    gcoap_window_init_whole (&body->window, content->body);

  return body;
}

static void
answer_in_blocks (GCoapServer         *self,
                  GCoapServerExchange *exchange,
                  GCoapContent        *content,
                  gboolean             is_confirmable,
                  gint64               now)
{
  guint8 szx = get_szx (self, exchange);
  gsize size = g_bytes_get_size (content->body);
  GCoapWindow window;
  GCoapBody *body = NULL;

  if (!gcoap_block_can_reach (szx, size))
    {
      answer_failure (self, exchange, GCOAP_CODE_INTERNAL_SERVER_ERROR, "Too large for blocks",
                      is_confirmable, now);
      return;
    }

  if (size > gcoap_block_size (szx))
    {
      gcoap_content_tag (content);
      body = keep (self, exchange, content, now);
    }

  gcoap_window_init_whole (&window, content->body);
  if (!answer_with_slice (self, exchange, content, &window, is_confirmable, now) && body != NULL)
    gcoap_server_finish_body (self, body, now);
  else if (body != NULL)
    gcoap_server_make_room (self, body, now);
  gcoap_window_clear (&window);
}

void
gcoap_server_answer_with_body (GCoapServer         *self,
                               GCoapServerExchange *exchange,
                               const GCoapFrame    *response,
                               GBytes              *body,
                               gboolean             is_confirmable,
                               gint64               now)
{
  gsize length = body != NULL ? g_bytes_get_size (body) : 0;
  g_autoptr (GCoapContent) content = NULL;
  GCoapFrame frame = *response;

  if (length == 0 ||
      (!exchange->has_block2 && length <= gcoap_block_size (get_szx (self, exchange))))
    {
      if (length > 0)
        frame.payload = g_bytes_get_data (body, &frame.payload_length);
      gcoap_server_answer (self, exchange, &frame, is_confirmable, now);
      return;
    }

  content = gcoap_content_new (response, body);
  answer_in_blocks (self, exchange, content, is_confirmable, now);
}

static void
want_part (GCoapServer *self,
           GCoapBody   *body,
           gsize        offset,
           guint8       szx)
{
  body->offset = offset;
  gcoap_events_push (self->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_PART_WANTED,
    .id = body->base.id,
    .remote = body->key.remote,
    .offset = offset,
    .size = gcoap_block_size (szx) + 1,
  });
}

guint64
gcoap_server_respond_with_stream (GCoapServer      *self,
                                  GCoapExchange    *base,
                                  const GCoapFrame *response,
                                  gint64            size,
                                  gboolean          is_confirmable,
                                  gint64            now)
{
  GCoapServerExchange *exchange = (GCoapServerExchange *) base;
  g_autoptr (GCoapContent) content = NULL;
  GCoapSlice slice;
  GCoapBody *body;

  if (!exchange->is_told || exchange->body != 0 ||
      !gcoap_server_exchange_awaits_answer (exchange))
    return 0;

  content = gcoap_content_new (response, NULL);
  slice = get_slice (self, exchange, content);
  if (!gcoap_block_can_reach (slice.szx, size))
    {
      answer_failure (self, exchange, GCOAP_CODE_INTERNAL_SERVER_ERROR, "Too large for blocks",
                      is_confirmable, now);
      return 0;
    }

  gcoap_content_tag_stream (content, self->random);
  body = keep (self, exchange, content, now);
  body->is_stream = TRUE;
  gcoap_window_init_empty (&body->window, size);
  exchange->is_confirmable = is_confirmable;
  gcoap_server_park (self, exchange, body, now);
  want_part (self, body, slice.offset, slice.szx);
  gcoap_server_make_room (self, body, now);

  return body->base.id;
}

/* Answers with what there is. Only the request that the application was told depends on whether it
 * wanted its answer confirmed. */
static void
serve (GCoapServer         *self,
       GCoapBody           *body,
       GCoapServerExchange *exchange,
       gint64               now)
{
  guint64 id = body->base.id;
  g_autoptr (GCoapContent) content = gcoap_content_ref (body->content);
  gboolean is_confirmable = exchange->is_told ? exchange->is_confirmable : TRUE;

  gcoap_bodies_touch (self->bodies, body, now);
  if (!answer_with_slice (self, exchange, content, &body->window, is_confirmable, now) &&
      gcoap_exchanges_lookup (self->exchanges, id) != NULL)
    gcoap_server_finish_body (self, body, now);
}

static gboolean
covers (GCoapServer               *self,
        const GCoapBody           *body,
        const GCoapServerExchange *exchange)
{
  GCoapSlice slice = get_slice (self, exchange, body->content);

  return gcoap_window_covers (&body->window, slice.offset, gcoap_block_size (slice.szx));
}

/* Waits for a part of a stream. Who asks for another while the application has not even answered
 * the request itself will have to ask once more. */
static void
await_part (GCoapServer         *self,
            GCoapBody           *body,
            GCoapServerExchange *exchange,
            gint64               now)
{
  GCoapSlice slice = get_slice (self, exchange, body->content);
  GCoapServerExchange *old =
    (GCoapServerExchange *) gcoap_exchanges_lookup (self->exchanges, body->parked);

  if (old != NULL && old->is_told)
    {
      gcoap_server_exchange_forget (exchange, self, now);
      return;
    }

  if (old != NULL)
    gcoap_server_exchange_remove (gcoap_server_unpark (self, body), self, now);
  gcoap_bodies_touch (self->bodies, body, now);
  gcoap_server_park (self, exchange, body, now);
  if (old == NULL || body->offset != slice.offset)
    want_part (self, body, slice.offset, slice.szx);
}

/* Not every stream can be asked what is beyond its end. */
static gboolean
is_beyond (const GCoapBody  *body,
           const GCoapSlice *slice)
{
  return slice->offset > 0 && body->window.size >= 0 &&
         slice->offset >= (gsize) body->window.size;
}

/* A block in the midst is answered in the same way again, so it need not be remembered. */
static void
serve_from (GCoapServer         *self,
            GCoapBody           *body,
            GCoapServerExchange *exchange,
            gint64               now)
{
  GCoapSlice slice = get_slice (self, exchange, body->content);

  if (is_beyond (body, &slice))
    {
      answer_failure (self, exchange, GCOAP_CODE_BAD_REQUEST, "There is no such block", TRUE, now);
      return;
    }
  if (!covers (self, body, exchange))
    {
      exchange->is_transient = TRUE;
      await_part (self, body, exchange, now);
      return;
    }

  exchange->is_transient = gcoap_slice_find (&slice, &body->window) && slice.more;
  serve (self, body, exchange, now);
}

/* A FETCH without a payload is what is left of one that went in blocks: it no longer says what is
 * asked for. */
static gboolean
can_be_answered_anew (const GCoapFrame *request)
{
  return request->code == GCOAP_METHOD_GET ||
         (request->code == GCOAP_METHOD_FETCH && request->payload_length > 0);
}

gboolean
gcoap_server_serve_block (GCoapServer         *self,
                          GCoapServerExchange *exchange,
                          const GCoapFrame    *request,
                          gint64               now)
{
  gboolean is_first = exchange->block2.number == 0;
  GCoapBodyKey key;
  GCoapBody *body;

  if (exchange->is_multicast && !is_first)
    {
      gcoap_server_exchange_remove (exchange, self, now);
      return TRUE;
    }

  gcoap_body_key_init (&key, self->bodies, FALSE, &exchange->remote, request);
  if (is_first)
    gcoap_server_drop_key (self, &key, now);
  body = gcoap_bodies_lookup (self->bodies, &key);
  gcoap_body_key_clear (&key);

  if (body != NULL)
    serve_from (self, body, exchange, now);
  else if (!is_first && !can_be_answered_anew (request))
    gcoap_server_refuse (self, exchange, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE,
                         "There is no such response", now);
  else
    return FALSE;

  return TRUE;
}

/* What is past may have been asked for by a request that was long on its way, and the peer has gone
 * on since. */
static void
fail_part (GCoapServer *self,
           GCoapBody   *body,
           gint64       now)
{
  if (body->offset < body->window.offset)
    gcoap_server_exchange_forget (gcoap_server_unpark (self, body), self, now);
  else
    gcoap_server_drop_body (self, body, now);
}

void
gcoap_server_supply (GCoapServer   *self,
                     GCoapExchange *base,
                     GBytes        *part,
                     gsize          offset,
                     gboolean       is_last,
                     gint64         now)
{
  GCoapBody *body = (GCoapBody *) base;
  guint64 id = base->id;
  gboolean is_empty = part == NULL || g_bytes_get_size (part) == 0;
  GCoapServerExchange *exchange;

  if (!body->is_stream || body->parked == 0 || offset != body->offset)
    return;

  if (is_empty && !is_last)
    {
      fail_part (self, body, now);
      return;
    }

  exchange = (GCoapServerExchange *) gcoap_exchanges_lookup (self->exchanges, body->parked);
  gcoap_bodies_move_window (self->bodies, body, part, offset, is_last);
  if (covers (self, body, exchange))
    serve (self, body, gcoap_server_unpark (self, body), now);
  else
    want_part (self, body, offset, get_szx (self, exchange));
  gcoap_server_make_room (self, (GCoapBody *) gcoap_exchanges_lookup (self->exchanges, id), now);
}
