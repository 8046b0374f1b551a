/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-observers-private.h"

#include "core/gcoap-hash-private.h"

#define SEQUENCE_MASK 0xffffff

static guint
token_hash (gconstpointer key)
{
  return ((const GCoapObserverEntry *) key)->token_hash;
}

static gboolean
token_equal (gconstpointer a,
             gconstpointer b)
{
  const GCoapObserverEntry *one = a;
  const GCoapObserverEntry *other = b;

  return one->token_length == other->token_length &&
         memcmp (one->token, other->token, sizeof one->token) == 0 &&
         one->peer == other->peer;
}

static guint
message_id_hash (gconstpointer key)
{
  return ((const GCoapObserverEntry *) key)->message_id_hash;
}

static gboolean
message_id_equal (gconstpointer a,
                  gconstpointer b)
{
  const GCoapObserverEntry *one = a;
  const GCoapObserverEntry *other = b;

  return one->message_id == other->message_id && one->peer == other->peer;
}

static guint
hash_token (GCoapObservers           *self,
            const GCoapObserverEntry *observer)
{
  guint64 hash = gcoap_hash_word (self->seed, observer->peer->hash);
  guint64 word;

  memcpy (&word, observer->token, sizeof word);

  return gcoap_hash_finish (gcoap_hash_word (hash, word + observer->token_length));
}

static guint
hash_message_id (GCoapObservers           *self,
                 const GCoapObserverEntry *observer)
{
  guint64 hash = gcoap_hash_word (self->seed, observer->peer->hash);

  return gcoap_hash_finish (gcoap_hash_word (hash, observer->message_id));
}

static void
set_token (GCoapObservers     *self,
           GCoapObserverEntry *observer,
           const GCoapFrame   *frame)
{
  observer->token_length = frame->token_length;
  if (frame->token_length > 0)
    memcpy (observer->token, frame->token, frame->token_length);
  observer->token_hash = hash_token (self, observer);
}

/* RFC 7641 section 3.4 lets the numbers start anywhere. From the clock they go on where they were
 * when a server has been started anew, unless its states came faster than the milliseconds. */
static void
start_counting (GCoapObservers *self,
                gint64          now)
{
  if (!self->is_counting)
    self->sequence = now / G_TIME_SPAN_MILLISECOND & SEQUENCE_MASK;
  self->is_counting = TRUE;
}

/* A new one has the number of the latest state there was of anything: those who register and go
 * cannot push the numbers ahead. */
static GCoapObserved *
obtain_observed (GCoapObservers *self,
                 const char     *uri,
                 gint64          now)
{
  GCoapObserved *observed = gcoap_observers_lookup (self, uri);

  if (observed != NULL)
    return observed;

  start_counting (self, now);
  observed = g_new0 (GCoapObserved, 1);
  observed->uri = g_strdup (uri);
  observed->sequence = self->sequence;
  g_queue_init (&observed->observers);
  g_hash_table_insert (self->by_uri, observed->uri, observed);

  return observed;
}

void
gcoap_observers_init (GCoapObservers        *self,
                      const GCoapParameters *parameters,
                      GCoapExchanges        *exchanges,
                      GCoapPeers            *peers,
                      GCoapRandom           *random)
{
  *self = (GCoapObservers) {
    .parameters = parameters,
    .exchanges = exchanges,
    .peers = peers,
    .by_uri = g_hash_table_new (g_str_hash, g_str_equal),
    .by_token = g_hash_table_new (token_hash, token_equal),
    .by_message_id = g_hash_table_new (message_id_hash, message_id_equal),
    .seed = gcoap_random_get_uint64 (random),
  };
}

/* Every observer has been freed by then. */
void
gcoap_observers_clear (GCoapObservers *self)
{
  g_clear_pointer (&self->by_uri, g_hash_table_unref);
  g_clear_pointer (&self->by_token, g_hash_table_unref);
  g_clear_pointer (&self->by_message_id, g_hash_table_unref);
}

static gboolean
has_room (GCoapObservers  *self,
          const GCoapPeer *peer)
{
  return g_hash_table_size (self->by_token) < self->parameters->max_observers &&
         peer->n_observers < self->parameters->max_observers_per_peer;
}

/* With a copy of what is needed to make the registration anew. */
static GCoapObserverEntry *
entry_new (const GCoapFrame *registration)
{
  GCoapObserverEntry *entry = g_malloc0 (sizeof (GCoapObserverEntry) +
                                         registration->options_length +
                                         registration->payload_length);

  entry->code = registration->code;
  entry->options_length = registration->options_length;
  entry->payload_length = registration->payload_length;
  memcpy (entry->registration, registration->options, registration->options_length);
  if (registration->payload_length > 0)
    memcpy (entry->registration + registration->options_length, registration->payload,
            registration->payload_length);

  return entry;
}

GCoapObserverEntry *
gcoap_observers_add (GCoapObservers     *self,
                     const GCoapAddress *remote,
                     const GCoapAddress *local,
                     const GCoapFrame   *registration,
                     const char         *uri,
                     gint64              now)
{
  GCoapPeer *peer = gcoap_peers_acquire (self->peers, remote, now);
  GCoapObserverEntry *observer;

  if (peer == NULL)
    return NULL;

  if (!has_room (self, peer) || registration->options_length > G_MAXUINT16 ||
      registration->payload_length > G_MAXUINT16)
    {
      gcoap_peers_release (self->peers, peer, now);
      return NULL;
    }

  observer = entry_new (registration);
  observer->base.role = GCOAP_ROLE_OBSERVER;
  observer->peer = peer;
  observer->local = *local;
  observer->registered = now;
  observer->is_pending = TRUE;
  set_token (self, observer, registration);

  observer->observed = obtain_observed (self, uri, now);
  observer->sequence = observer->observed->sequence;
  observer->visited = observer->sequence;
  observer->link.data = observer;
  g_queue_push_tail_link (&observer->observed->observers, &observer->link);
  peer->n_observers++;
  g_hash_table_add (self->by_token, observer);
  gcoap_exchanges_add (self->exchanges, &observer->base);

  return observer;
}

void
gcoap_observers_renew (GCoapObservers     *self,
                       GCoapObserverEntry *observer)
{
  gcoap_exchanges_remove (self->exchanges, &observer->base);
  gcoap_exchanges_add (self->exchanges, &observer->base);
  observer->sequence = observer->observed->sequence;
  observer->is_pending = TRUE;
}

GCoapObserverEntry *
gcoap_observers_find (GCoapObservers     *self,
                      const GCoapAddress *remote,
                      const GCoapFrame   *frame)
{
  GCoapObserverEntry key = { .peer = gcoap_peers_lookup (self->peers, remote) };

  if (key.peer == NULL)
    return NULL;

  set_token (self, &key, frame);

  return g_hash_table_lookup (self->by_token, &key);
}

GCoapObserverEntry *
gcoap_observers_find_message_id (GCoapObservers     *self,
                                 const GCoapAddress *remote,
                                 guint16             message_id)
{
  GCoapObserverEntry key = {
    .peer = gcoap_peers_lookup (self->peers, remote),
    .message_id = message_id,
  };

  if (key.peer == NULL)
    return NULL;

  key.message_id_hash = hash_message_id (self, &key);

  return g_hash_table_lookup (self->by_message_id, &key);
}

static void
forget_message_id (GCoapObservers     *self,
                   GCoapObserverEntry *observer)
{
  if (observer->has_message_id &&
      g_hash_table_lookup (self->by_message_id, observer) == observer)
    g_hash_table_remove (self->by_message_id, observer);
  observer->has_message_id = FALSE;
}

/* Only the latest one is remembered: a Reset to an older one would be about what is past. */
void
gcoap_observers_set_message_id (GCoapObservers     *self,
                                GCoapObserverEntry *observer,
                                guint16             message_id)
{
  forget_message_id (self, observer);
  observer->message_id = message_id;
  observer->message_id_hash = hash_message_id (self, observer);
  observer->has_message_id = TRUE;
  g_hash_table_add (self->by_message_id, observer);
}

GCoapObserved *
gcoap_observers_lookup (GCoapObservers *self,
                        const char     *uri)
{
  return g_hash_table_lookup (self->by_uri, uri);
}

void
gcoap_observed_set_content (GCoapObserved *self,
                            GCoapContent  *content)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->encoded); i++)
    {
      GCoapEncodedState *encoded = g_steal_pointer (&self->encoded[i]);

      if (encoded == NULL)
        continue;
      gcoap_packet_unref (encoded->packet);
      g_slice_free (GCoapEncodedState, encoded);
    }

  g_clear_pointer (&self->content, gcoap_content_unref);
  self->content = content != NULL ? gcoap_content_ref (content) : NULL;
}

void
gcoap_observers_close (GCoapObservers *self,
                       GCoapObserved  *observed)
{
  if (gcoap_observers_lookup (self, observed->uri) == observed)
    g_hash_table_remove (self->by_uri, observed->uri);
}

guint32
gcoap_observers_next_sequence (GCoapObservers *self)
{
  self->sequence = (self->sequence + 1) & SEQUENCE_MASK;

  return self->sequence;
}

void
gcoap_observers_detach (GCoapObservers     *self,
                        GCoapObserverEntry *observer)
{
  GCoapObserved *observed = g_steal_pointer (&observer->observed);

  if (observed == NULL)
    return;

  g_queue_unlink (&observed->observers, &observer->link);
  g_hash_table_remove (self->by_token, observer);
  forget_message_id (self, observer);
  observer->peer->n_observers--;
  gcoap_observers_drop_if_unused (self, observed);
}

void
gcoap_observers_free (GCoapObservers     *self,
                      GCoapObserverEntry *observer,
                      gint64              now)
{
  gcoap_observers_detach (self, observer);
  gcoap_exchanges_remove (self->exchanges, &observer->base);
  gcoap_peers_release (self->peers, observer->peer, now);
  g_free (observer);
}

void
gcoap_observers_drop_if_unused (GCoapObservers *self,
                                GCoapObserved  *observed)
{
  if (!g_queue_is_empty (&observed->observers) || observed->work_link.data != NULL)
    return;

  gcoap_observers_close (self, observed);
  gcoap_observed_set_content (observed, NULL);
  g_free (observed->uri);
  g_free (observed);
}

static int
compare_registered (gconstpointer a,
                    gconstpointer b)
{
  gint64 one = ((const GCoapObserverInfo *) a)->registered;
  gint64 other = ((const GCoapObserverInfo *) b)->registered;

  return (one > other) - (one < other);
}

GArray *
gcoap_observers_list (GCoapObservers *self)
{
  guint n_observers = g_hash_table_size (self->by_token);
  GArray *list = g_array_sized_new (FALSE, FALSE, sizeof (GCoapObserverInfo), n_observers);
  GHashTableIter iter;
  gpointer observer;

  g_hash_table_iter_init (&iter, self->by_token);
  while (g_hash_table_iter_next (&iter, &observer, NULL))
    {
      GCoapObserverInfo info;

      gcoap_observer_entry_get_info (observer, &info);
      g_array_append_val (list, info);
    }
  g_array_sort (list, compare_registered);

  return list;
}

GPtrArray *
gcoap_observers_list_uris (GCoapObservers *self)
{
  GPtrArray *uris = g_ptr_array_new_full (g_hash_table_size (self->by_uri), g_free);
  GHashTableIter iter;
  gpointer observed;

  g_hash_table_iter_init (&iter, self->by_uri);
  while (g_hash_table_iter_next (&iter, NULL, &observed))
    g_ptr_array_add (uris, g_strdup (((GCoapObserved *) observed)->uri));

  return uris;
}

void
gcoap_observer_entry_get_info (const GCoapObserverEntry *self,
                               GCoapObserverInfo        *out_info)
{
  *out_info = (GCoapObserverInfo) {
    .key.remote = self->peer->address,
    .key.token_length = self->token_length,
    .uri = self->observed->uri,
    .registered = self->registered,
    .acknowledged = self->acknowledged,
  };
  memcpy (out_info->key.token, self->token, sizeof self->token);
}

GCoapMessage *
gcoap_observer_entry_make_registration (const GCoapObserverEntry *self)
{
  GCoapFrame frame = {
    .code = self->code,
    .token = self->token,
    .token_length = self->token_length,
    .options = self->registration,
    .options_length = self->options_length,
    .payload = self->registration + self->options_length,
    .payload_length = self->payload_length,
  };

  return gcoap_message_new_from_frame (&frame);
}
