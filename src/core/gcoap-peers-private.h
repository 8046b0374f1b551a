/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-address-private.h"
#include "core/gcoap-deadlines-private.h"
#include "core/gcoap-parameters-private.h"
#include "core/gcoap-probing-private.h"
#include "core/gcoap-random-private.h"

G_BEGIN_DECLS

#define GCOAP_MESSAGE_ID_BLOCKS 16

/* Somebody we send messages of our own to, as opposed to acknowledgements. Every observer has one,
 * so this is kept small. */
struct _GCoapPeer
{
  GCoapAddress  address;
  guint         hash;
  guint         n_users;
  GQueue        waiting;       /* transmissions that NSTART or the Message IDs hold up */
  GCoapTimer    timer;         /* for Message IDs */
  gint64        last_used;
  GList         idle_link;
  guint         n_observers;
  guint16       n_outstanding; /* Confirmable messages that wait for their acknowledgement */
  guint16       next_message_id;
  gint64        block_free_at; /* when the block of the next Message ID may be used again */
  gint64       *free_at;       /* (owned) (nullable) that of every block, once there is a second */
  GCoapProbing *probing;       /* (owned) (nullable) from the first Non-confirmable request on */
};

/* The peers; when there are too many, those that have been idle longest go. */
typedef struct
{
  const GCoapParameters *parameters;
  GCoapDeadlines        *deadlines;
  GCoapRandom           *random;
  GHashTable            *by_address; /* (element-type GCoapPeer) */
  GQueue                 idle;
  guint                  n_probed; /* those from which nothing has come since such a request */
  guint64                seed;
} GCoapPeers;

void       gcoap_peers_init                    (GCoapPeers            *self,
                                                const GCoapParameters *parameters,
                                                GCoapDeadlines        *deadlines,
                                                GCoapRandom           *random,
                                                guint64                seed);
void       gcoap_peers_clear                   (GCoapPeers            *self);
/* Finds the peer if it is in use or idle, and leaves it so. */
GCoapPeer *gcoap_peers_lookup                  (GCoapPeers            *self,
                                                const GCoapAddress    *address);
GCoapPeer *gcoap_peers_acquire                 (GCoapPeers            *self,
                                                const GCoapAddress    *address,
                                                gint64                 now);
void       gcoap_peers_release                 (GCoapPeers            *self,
                                                GCoapPeer             *peer,
                                                gint64                 now);

/* Has the longest idle go until the others are within the cap, or all are in use. */
void       gcoap_peers_evict                   (GCoapPeers            *self);
/* A Non-confirmable request has been sent to the peer; it has its probing by then. */
void       gcoap_peers_note_probe              (GCoapPeers            *self,
                                                GCoapPeer             *peer,
                                                gsize                  length,
                                                gint64                 now);
/* Something has come from there. The peer if it was sent such requests before, or NULL. */
GCoapPeer *gcoap_peers_note_heard              (GCoapPeers            *self,
                                                const GCoapAddress    *address);

gboolean   gcoap_peer_take_message_id          (GCoapPeer             *self,
                                                gint64                 lifetime,
                                                gint64                 now,
                                                guint16               *out_message_id);
gint64     gcoap_peer_get_message_id_free_time (const GCoapPeer       *self);

G_END_DECLS
