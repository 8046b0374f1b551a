/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-peers-private.h"

#include "core/gcoap-hash-private.h"

#define BLOCK_SIZE (65536 / GCOAP_MESSAGE_ID_BLOCKS)

static guint
peer_hash (gconstpointer key)
{
  return ((const GCoapPeer *) key)->hash;
}

static gboolean
peer_equal (gconstpointer a,
            gconstpointer b)
{
  return gcoap_address_equal (&((const GCoapPeer *) a)->address,
                              &((const GCoapPeer *) b)->address);
}

static void
peer_free (GCoapPeers *self,
           GCoapPeer  *peer)
{
  gcoap_deadlines_disarm (self->deadlines, &peer->timer);
  if (peer->probing != NULL)
    {
      self->n_probed -= peer->probing->length > 0;
      gcoap_deadlines_disarm (self->deadlines, &peer->probing->timer);
    }
  g_free (peer->probing);
  g_free (peer->free_at);
  g_free (peer);
}

static void
drop_oldest (GCoapPeers *self)
{
  GCoapPeer *peer = g_queue_pop_head_link (&self->idle)->data;

  g_hash_table_remove (self->by_address, peer);
  peer_free (self, peer);
}

static gboolean
is_full (const GCoapPeers *self)
{
  return g_hash_table_size (self->by_address) >= self->parameters->max_peers;
}

static void
keep_oldest (GCoapPeers *self,
             gint64      now)
{
  GList *link = g_queue_pop_head_link (&self->idle);

  ((GCoapPeer *) link->data)->last_used = now;
  g_queue_push_tail_link (&self->idle, link);
}

/* A peer that was idle for EXCHANGE_LIFETIME has no Message ID left that could be mistaken, and
 * starts anew like any other. One that was sent too much stays, or it would be sent that again. */
static void
drop_idle (GCoapPeers *self,
           gint64      now)
{
  gint64 lifetime = gcoap_parameters_get_exchange_lifetime (self->parameters);
  GCoapPeer *oldest;

  while ((oldest = g_queue_peek_head (&self->idle)) != NULL &&
         (oldest->last_used + lifetime <= now || is_full (self)))
    {
      if (!is_full (self) && oldest->probing != NULL &&
          gcoap_probing_is_owed (oldest->probing, self->parameters, now))
        keep_oldest (self, now);
      else
        drop_oldest (self);
    }
}

static guint
hash_address (GCoapPeers         *self,
              const GCoapAddress *address)
{
  return gcoap_hash_finish (gcoap_hash_address (self->seed, address));
}

static GCoapPeer *
peer_new (GCoapPeers         *self,
          const GCoapAddress *address)
{
  GCoapPeer *peer = g_new0 (GCoapPeer, 1);

  peer->address = *address;
  peer->hash = hash_address (self, address);
  peer->timer.kind = GCOAP_TIMER_PEER;
  peer->idle_link.data = peer;
  peer->next_message_id = gcoap_random_get_range (self->random, 0, G_MAXUINT16);
  g_queue_init (&peer->waiting);
  g_hash_table_add (self->by_address, peer);

  return peer;
}

void
gcoap_peers_init (GCoapPeers            *self,
                  const GCoapParameters *parameters,
                  GCoapDeadlines        *deadlines,
                  GCoapRandom           *random,
                  guint64                seed)
{
  *self = (GCoapPeers) {
    .parameters = parameters,
    .deadlines = deadlines,
    .random = random,
    .by_address = g_hash_table_new (peer_hash, peer_equal),
    .idle = G_QUEUE_INIT,
    .seed = seed,
  };
}

/* Every user has released its peer by then. */
void
gcoap_peers_clear (GCoapPeers *self)
{
  while (!g_queue_is_empty (&self->idle))
    drop_oldest (self);
  g_clear_pointer (&self->by_address, g_hash_table_unref);
}

GCoapPeer *
gcoap_peers_lookup (GCoapPeers         *self,
                    const GCoapAddress *address)
{
  GCoapPeer key = { .address = *address, .hash = hash_address (self, address) };

  return g_hash_table_lookup (self->by_address, &key);
}

/* Finds or makes the peer, and counts a user of it; NULL if there are too many peers. */
GCoapPeer *
gcoap_peers_acquire (GCoapPeers         *self,
                     const GCoapAddress *address,
                     gint64              now)
{
  GCoapPeer *peer = gcoap_peers_lookup (self, address);

  if (peer == NULL)
    {
      drop_idle (self, now);
      if (is_full (self))
        return NULL;
      peer = peer_new (self, address);
    }
  else if (peer->n_users == 0)
    g_queue_unlink (&self->idle, &peer->idle_link);
  peer->n_users++;

  return peer;
}

void
gcoap_peers_release (GCoapPeers *self,
                     GCoapPeer  *peer,
                     gint64      now)
{
  if (--peer->n_users > 0)
    return;

  peer->last_used = now;
  g_queue_push_tail_link (&self->idle, &peer->idle_link);
}

void
gcoap_peers_evict (GCoapPeers *self)
{
  while (g_hash_table_size (self->by_address) > self->parameters->max_peers &&
         !g_queue_is_empty (&self->idle))
    drop_oldest (self);
}

void
gcoap_peers_note_probe (GCoapPeers *self,
                        GCoapPeer  *peer,
                        gsize       length,
                        gint64      now)
{
  GCoapProbing *probing = peer->probing;

  if (probing->length == 0)
    {
      probing->since = now;
      self->n_probed++;
    }
  probing->latest = now;
  probing->length = length;
}

GCoapPeer *
gcoap_peers_note_heard (GCoapPeers         *self,
                        const GCoapAddress *address)
{
  GCoapPeer *peer = self->n_probed > 0 ? gcoap_peers_lookup (self, address) : NULL;

  if (peer == NULL || peer->probing == NULL || peer->probing->length == 0)
    return NULL;

  peer->probing->length = 0;
  self->n_probed--;

  return peer;
}

/* Most peers never get beyond the block that their first Message ID is in. */
static void
begin_block (GCoapPeer *self,
             guint      block)
{
  if (self->free_at == NULL)
    self->free_at = g_new0 (gint64, GCOAP_MESSAGE_ID_BLOCKS);
  self->free_at[(block - 1) % GCOAP_MESSAGE_ID_BLOCKS] = self->block_free_at;
  self->block_free_at = self->free_at[block];
}

/* Takes a Message ID that no message of its lifetime has (RFC 7252 section 4.4). They are taken in
 * order, so it is enough to know of each block when its latest one runs out. */
gboolean
gcoap_peer_take_message_id (GCoapPeer *self,
                            gint64     lifetime,
                            gint64     now,
                            guint16   *out_message_id)
{
  guint16 message_id = self->next_message_id;

  if (message_id % BLOCK_SIZE == 0 && self->block_free_at > now)
    return FALSE;

  self->block_free_at = MAX (self->block_free_at, now + lifetime);
  self->next_message_id++;
  if (self->next_message_id % BLOCK_SIZE == 0)
    begin_block (self, self->next_message_id / BLOCK_SIZE);
  *out_message_id = message_id;

  return TRUE;
}

gint64
gcoap_peer_get_message_id_free_time (const GCoapPeer *self)
{
  return self->block_free_at;
}
