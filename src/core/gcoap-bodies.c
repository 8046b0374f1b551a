/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-bodies-private.h"

#include "codec/gcoap-option-def-private.h"
#include "core/gcoap-hash-private.h"
#include "gcoap/gcoap-code.h"

/* What an entry costs beside its key and its body: itself, and its place in the hash table. */
#define ENTRY_BYTES (sizeof (GCoapBody) + 3 * sizeof (gpointer))

/* All bodies grow by pieces of this size, so that those of one that goes serve another: the heap
 * gets no holes beside what is counted. */
#define CHUNK_SIZE  1024
/* With its place in the array, which may be half empty, and what the heap keeps beside it. */
#define CHUNK_BYTES (CHUNK_SIZE + 4 * sizeof (gpointer))

static guint
body_hash (gconstpointer key)
{
  return ((const GCoapBody *) key)->key.hash;
}

/* RFC 9175 section 3.3: a tag that both have sets transfers apart. Clients need not repeat it when
 * they ask for the blocks of a response. */
static gboolean
tags_match (const GCoapBodyKey *one,
            const GCoapBodyKey *other)
{
  return one->tag_length < 0 || other->tag_length < 0 ||
         (one->tag_length == other->tag_length &&
          memcmp (one->tag, other->tag, one->tag_length) == 0);
}

static gboolean
body_equal (gconstpointer a,
            gconstpointer b)
{
  const GCoapBodyKey *one = &((const GCoapBody *) a)->key;
  const GCoapBodyKey *other = &((const GCoapBody *) b)->key;

  return one->hash == other->hash &&
         one->is_upload == other->is_upload &&
         one->length == other->length &&
         memcmp (one->bytes, other->bytes, one->length) == 0 &&
         gcoap_address_equal (&one->remote, &other->remote) &&
         tags_match (one, other);
}

/* RFC 7959 section 2.5 and RFC 9175 section 3: what sets one upload apart from another. */
static gboolean
is_in_upload_key (guint number)
{
  return number != GCOAP_OPTION_NUMBER_BLOCK1 && number != GCOAP_OPTION_NUMBER_BLOCK2 &&
         number != GCOAP_OPTION_NUMBER_OBSERVE && number != GCOAP_OPTION_NUMBER_IF_NONE_MATCH &&
         !gcoap_option_number_is_no_cache_key (number);
}

/* Of later requests no more is expected than what names the resource and the representation. */
static gboolean
is_in_response_key (guint number)
{
  return number == GCOAP_OPTION_NUMBER_URI_HOST || number == GCOAP_OPTION_NUMBER_URI_PORT ||
         number == GCOAP_OPTION_NUMBER_URI_PATH || number == GCOAP_OPTION_NUMBER_URI_QUERY ||
         number == GCOAP_OPTION_NUMBER_ACCEPT;
}

static void
note_tag (GCoapBodyKey          *self,
          const GCoapOptionIter *option)
{
  if (self->tag_length >= 0 || option->length > sizeof self->tag)
    return;

  self->tag_length = option->length;
  if (option->length > 0)
    memcpy (self->tag, option->value, option->length);
}

static void
choose_options (GCoapBodyKey     *self,
                const GCoapFrame *request,
                GCoapOptions     *options)
{
  GCoapOptionIter option;

  gcoap_option_iter_init (&option, request->options, request->options_length);
  while (gcoap_option_iter_next (&option))
    {
      if (self->is_upload ? is_in_upload_key (option.number) : is_in_response_key (option.number))
        gcoap_options_add (options, option.number, option.value, option.length);
      else if (option.number == GCOAP_OPTION_NUMBER_REQUEST_TAG)
        note_tag (self, &option);
    }
}

/* RFC 8132 section 2.1: the payload of a FETCH says what is asked for. */
static gsize
get_payload_length (const GCoapBodyKey *self,
                    const GCoapFrame   *request)
{
  return !self->is_upload && request->code == GCOAP_METHOD_FETCH ? request->payload_length : 0;
}

void
gcoap_body_key_init (GCoapBodyKey       *self,
                     const GCoapBodies  *bodies,
                     gboolean            is_upload,
                     const GCoapAddress *remote,
                     const GCoapFrame   *request)
{
  GCoapOptions options;
  gsize payload_length;
  guint64 hash;

  *self = (GCoapBodyKey) { .remote = *remote, .is_upload = is_upload, .tag_length = -1 };
  gcoap_options_init (&options);
  choose_options (self, request, &options);
  payload_length = get_payload_length (self, request);

  self->length = 1 + options.length + (payload_length > 0 ? 1 + payload_length : 0);
  self->bytes = g_malloc (self->length);
  self->bytes[0] = request->code;
  memcpy (self->bytes + 1, options.data, options.length);
  if (payload_length > 0)
    {
      self->bytes[1 + options.length] = 0xff;
      memcpy (self->bytes + 2 + options.length, request->payload, payload_length);
    }
  gcoap_options_clear (&options);

  hash = gcoap_hash_address (gcoap_hash_word (bodies->seed, is_upload), remote);
  self->hash = gcoap_hash_finish (gcoap_hash_bytes (hash, self->bytes, self->length));
}

void
gcoap_body_key_clear (GCoapBodyKey *self)
{
  g_clear_pointer (&self->bytes, g_free);
}

void
gcoap_bodies_init (GCoapBodies           *self,
                   const GCoapParameters *parameters,
                   GCoapDeadlines        *deadlines,
                   GCoapExchanges        *exchanges,
                   guint64                seed)
{
  *self = (GCoapBodies) {
    .parameters = parameters,
    .deadlines = deadlines,
    .exchanges = exchanges,
    .entries = g_hash_table_new (body_hash, body_equal),
    .by_use = G_QUEUE_INIT,
    .seed = seed,
    .timer = { .kind = GCOAP_TIMER_BODIES },
  };
}

void
gcoap_bodies_clear (GCoapBodies *self)
{
  g_clear_pointer (&self->entries, g_hash_table_unref);
}

GCoapBody *
gcoap_bodies_lookup (GCoapBodies        *self,
                     const GCoapBodyKey *key)
{
  GCoapBody probe;

  if (g_hash_table_size (self->entries) == 0)
    return NULL;

  probe.key = *key;

  return g_hash_table_lookup (self->entries, &probe);
}

static void
set_bytes (GCoapBodies *self,
           GCoapBody   *body,
           gsize        n_bytes)
{
  self->n_bytes += n_bytes - body->n_bytes;
  body->n_bytes = n_bytes;
}

static gsize
get_bytes (const GCoapBody *body)
{
  return ENTRY_BYTES + body->key.length + body->capacity / CHUNK_SIZE * CHUNK_BYTES +
         (body->is_stream && body->window.bytes != NULL ? g_bytes_get_size (body->window.bytes)
                                                        : 0);
}

static gint64
get_expiry (const GCoapBodies *self,
            const GCoapBody   *body)
{
  return body->last_used + self->parameters->transfer_timeout;
}

GCoapBody *
gcoap_bodies_add (GCoapBodies  *self,
                  GCoapBodyKey *key,
                  GCoapContent *content,
                  gint64        now)
{
  GCoapBody *body = g_slice_new0 (GCoapBody);

  body->base.role = GCOAP_ROLE_BODY;
  body->key = *key;
  key->bytes = NULL;
  body->state = body->key.is_upload ? GCOAP_BODY_OFFERED : GCOAP_BODY_RESPONSE;
  body->content = gcoap_content_ref (content);
  body->link.data = body;
  if (content->n_entries++ == 0)
    self->n_bytes += gcoap_content_get_bytes (content);
  set_bytes (self, body, get_bytes (body));

  gcoap_exchanges_add (self->exchanges, &body->base);
  g_hash_table_add (self->entries, body);
  g_queue_push_tail_link (&self->by_use, &body->link);
  body->last_used = now;
  if (self->timer.position == 0)
    gcoap_deadlines_arm (self->deadlines, &self->timer, get_expiry (self, body));

  return body;
}

void
gcoap_bodies_remove (GCoapBodies *self,
                     GCoapBody   *body)
{
  g_hash_table_remove (self->entries, body);
  g_queue_unlink (&self->by_use, &body->link);
  gcoap_exchanges_remove (self->exchanges, &body->base);
  set_bytes (self, body, 0);
  if (--body->content->n_entries == 0)
    self->n_bytes -= gcoap_content_get_bytes (body->content);
  gcoap_content_unref (body->content);
  gcoap_window_clear (&body->window);
  gcoap_body_key_clear (&body->key);
  g_clear_pointer (&body->chunks, g_ptr_array_unref);
  g_slice_free (GCoapBody, body);

  if (g_queue_is_empty (&self->by_use))
    gcoap_deadlines_disarm (self->deadlines, &self->timer);
}

void
gcoap_bodies_touch (GCoapBodies *self,
                    GCoapBody   *body,
                    gint64       now)
{
  body->last_used = now;
  g_queue_unlink (&self->by_use, &body->link);
  g_queue_push_tail_link (&self->by_use, &body->link);
}

gboolean
gcoap_bodies_has_room (const GCoapBodies  *self,
                       const GCoapContent *content)
{
  gsize n_bytes = content->n_entries == 0 ? gcoap_content_get_bytes (content) : 0;

  return self->by_use.length < self->parameters->max_transfers &&
         self->n_bytes + ENTRY_BYTES + n_bytes <= self->parameters->transfer_cache_size;
}

GCoapBody *
gcoap_bodies_get_excess (const GCoapBodies *self,
                         const GCoapBody   *kept)
{
  GList *oldest = self->by_use.head;

  if (self->by_use.length <= self->parameters->max_transfers &&
      self->n_bytes <= self->parameters->transfer_cache_size)
    return NULL;

  if (oldest != NULL && oldest->data == kept)
    oldest = oldest->next;

  return oldest != NULL ? oldest->data : NULL;
}

/* What waits for the application is not idle: that has a limit of its own. */
GCoapBody *
gcoap_bodies_get_expired (GCoapBodies *self,
                          gint64       now)
{
  GCoapBody *oldest;

  while ((oldest = g_queue_peek_head (&self->by_use)) != NULL && get_expiry (self, oldest) <= now)
    {
      if (oldest->parked == 0)
        return oldest;
      gcoap_bodies_touch (self, oldest, now);
    }

  if (oldest != NULL)
    gcoap_deadlines_arm (self->deadlines, &self->timer, get_expiry (self, oldest));

  return NULL;
}

/* The timer rings for the one that was idle for longest, or too early; never too late. */
void
gcoap_bodies_apply_timeout (GCoapBodies *self)
{
  GCoapBody *oldest = g_queue_peek_head (&self->by_use);

  if (oldest != NULL)
    gcoap_deadlines_arm (self->deadlines, &self->timer, get_expiry (self, oldest));
}

/* Grows with what has come, whatever the peer has announced. */
static void
add_chunk (GCoapBodies *self,
           GCoapBody   *body)
{
  if (body->chunks == NULL)
    body->chunks = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (body->chunks, g_malloc (CHUNK_SIZE));
  body->capacity += CHUNK_SIZE;
  set_bytes (self, body, get_bytes (body));
}

void
gcoap_bodies_append (GCoapBodies  *self,
                     GCoapBody    *body,
                     const guint8 *data,
                     gsize         length)
{
  while (length > 0)
    {
      gsize room = body->capacity - body->length;
      gsize n = MIN (length, room);

      if (room == 0)
        {
          add_chunk (self, body);
          continue;
        }

      memcpy ((guint8 *) g_ptr_array_index (body->chunks, body->chunks->len - 1) +
              (CHUNK_SIZE - room), data, n);
      body->length += n;
      data += n;
      length -= n;
    }
}

/* Each piece goes as soon as it has been copied, so that the body is not there twice. */
GBytes *
gcoap_bodies_take_data (GCoapBodies *self,
                        GCoapBody   *body)
{
  guint8 *data = g_malloc (body->length);

  for (gsize done = 0; done < body->length; done += CHUNK_SIZE)
    {
      guint8 **chunk = (guint8 **) &body->chunks->pdata[done / CHUNK_SIZE];

      memcpy (data + done, *chunk, MIN (CHUNK_SIZE, body->length - done));
      g_clear_pointer (chunk, g_free);
    }
  g_clear_pointer (&body->chunks, g_ptr_array_unref);
  body->capacity = 0;
  set_bytes (self, body, get_bytes (body));

  return g_bytes_new_take (data, body->length);
}

void
gcoap_bodies_move_window (GCoapBodies *self,
                          GCoapBody   *body,
                          GBytes      *part,
                          gsize        offset,
                          gboolean     is_last)
{
  gcoap_window_move (&body->window, part, offset, is_last);
  set_bytes (self, body, get_bytes (body));
}
