/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-dedup-private.h"

#include "core/gcoap-hash-private.h"

/* What an entry costs beside its packet: itself, and its place in the hash table. */
#define ENTRY_BYTES (sizeof (GCoapDedupEntry) + 3 * sizeof (gpointer))

/* Expired entries are dropped in strides, so that a quiet endpoint is not woken for each. */
#define EXPIRY_STRIDE (10 * G_USEC_PER_SEC)

static guint
entry_hash (gconstpointer key)
{
  return ((const GCoapDedupEntry *) key)->hash;
}

static gboolean
entry_equal (gconstpointer a,
             gconstpointer b)
{
  const GCoapDedupEntry *one = a;
  const GCoapDedupEntry *other = b;

  return one->hash == other->hash &&
         one->message_id == other->message_id &&
         one->content == other->content &&
         gcoap_address_equal (&one->remote, &other->remote) &&
         gcoap_address_equal (&one->local, &other->local);
}

/* Some peers use a Message ID for something new before its time, in long transfers above all. That
 * is told from a duplicate by all that was sent. */
static void
entry_init (GCoapDedupEntry     *entry,
            GCoapDedup          *self,
            const GCoapDatagram *datagram,
            guint16              message_id)
{
  guint64 hash;

  *entry = (GCoapDedupEntry) {
    .remote = datagram->remote,
    .local = datagram->local,
    .message_id = message_id,
    .content = gcoap_hash_finish (gcoap_hash_bytes (self->seed, datagram->data,
                                                    datagram->length)),
  };
  hash = gcoap_hash_address (self->seed, &datagram->remote);
  entry->hash = gcoap_hash_finish (gcoap_hash_word (hash, (guint64) entry->content << 16 |
                                                          message_id));
}

static gsize
get_entry_bytes (const GCoapDedupEntry *entry)
{
  return ENTRY_BYTES + (entry->packet != NULL ? sizeof (GCoapPacket) + entry->packet->length : 0);
}

static void
remove_entry (GCoapDedup      *self,
              GCoapDedupEntry *entry)
{
  g_hash_table_remove (self->entries, entry);
  if (entry->reply != GCOAP_REPLY_PENDING)
    {
      g_queue_unlink (&self->settled, &entry->link);
      self->n_bytes -= get_entry_bytes (entry);
    }
  g_clear_pointer (&entry->packet, gcoap_packet_unref);
  g_slice_free (GCoapDedupEntry, entry);
}

static GCoapDedupEntry *
get_oldest (GCoapDedup *self)
{
  return g_queue_peek_head (&self->settled);
}

void
gcoap_dedup_evict (GCoapDedup *self)
{
  while (self->n_bytes > self->parameters->cache_size && get_oldest (self) != NULL)
    remove_entry (self, get_oldest (self));
}

void
gcoap_dedup_init (GCoapDedup            *self,
                  const GCoapParameters *parameters,
                  GCoapDeadlines        *deadlines,
                  guint64                seed)
{
  *self = (GCoapDedup) {
    .parameters = parameters,
    .deadlines = deadlines,
    .entries = g_hash_table_new (entry_hash, entry_equal),
    .settled = G_QUEUE_INIT,
    .seed = seed,
    .timer = { .kind = GCOAP_TIMER_DEDUP },
  };
}

void
gcoap_dedup_clear (GCoapDedup *self)
{
  GHashTableIter iter;
  GCoapDedupEntry *entry;

  gcoap_deadlines_disarm (self->deadlines, &self->timer);
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, (gpointer *) &entry, NULL))
    {
      g_clear_pointer (&entry->packet, gcoap_packet_unref);
      g_slice_free (GCoapDedupEntry, entry);
    }
  g_clear_pointer (&self->entries, g_hash_table_unref);
}

GCoapDedupEntry *
gcoap_dedup_lookup (GCoapDedup          *self,
                    const GCoapDatagram *datagram,
                    guint16              message_id,
                    gint64               now)
{
  GCoapDedupEntry key;
  GCoapDedupEntry *entry;

  entry_init (&key, self, datagram, message_id);
  entry = g_hash_table_lookup (self->entries, &key);

  /* After its lifetime the peer may use the Message ID for something new. */
  if (entry != NULL && entry->expires <= now && entry->reply != GCOAP_REPLY_PENDING)
    {
      remove_entry (self, entry);
      return NULL;
    }

  return entry;
}

/* Remembers a message that gcoap_dedup_lookup() did not find. */
GCoapDedupEntry *
gcoap_dedup_add (GCoapDedup          *self,
                 const GCoapDatagram *datagram,
                 guint16              message_id,
                 gint64               expires)
{
  GCoapDedupEntry *entry = g_slice_new (GCoapDedupEntry);

  entry_init (entry, self, datagram, message_id);
  entry->expires = expires;
  entry->link.data = entry;
  g_hash_table_add (self->entries, entry);

  return entry;
}

void
gcoap_dedup_settle (GCoapDedup      *self,
                    GCoapDedupEntry *entry,
                    GCoapReply       reply,
                    GCoapPacket     *packet)
{
  entry->reply = reply;
  entry->packet = packet != NULL ? gcoap_packet_ref (packet) : NULL;
  self->n_bytes += get_entry_bytes (entry);
  g_queue_push_tail_link (&self->settled, &entry->link);
  if (self->timer.position == 0)
    gcoap_deadlines_arm (self->deadlines, &self->timer, entry->expires + EXPIRY_STRIDE);

  gcoap_dedup_evict (self);
}

void
gcoap_dedup_forget (GCoapDedup      *self,
                    GCoapDedupEntry *entry)
{
  remove_entry (self, entry);
}

/* The oldest need not be the first to expire, but none stays for much longer than it must. */
void
gcoap_dedup_expire (GCoapDedup *self,
                    gint64      now)
{
  while (get_oldest (self) != NULL && get_oldest (self)->expires <= now)
    remove_entry (self, get_oldest (self));

  if (get_oldest (self) != NULL)
    gcoap_deadlines_arm (self->deadlines, &self->timer,
                         get_oldest (self)->expires + EXPIRY_STRIDE);
}
