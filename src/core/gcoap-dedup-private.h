/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-datagram-private.h"
#include "core/gcoap-deadlines-private.h"
#include "core/gcoap-packet-private.h"
#include "core/gcoap-parameters-private.h"

G_BEGIN_DECLS

/* What a duplicate gets. */
typedef enum
{
  GCOAP_REPLY_PENDING, /* nothing yet: the answer is being made */
  GCOAP_REPLY_SILENCE,
  GCOAP_REPLY_ACK,
  GCOAP_REPLY_RST,
  GCOAP_REPLY_PACKET,
} GCoapReply;

/* A message that was received and the reply that went out (RFC 7252 section 4.5). */
typedef struct _GCoapDedupEntry GCoapDedupEntry;

struct _GCoapDedupEntry
{
  GCoapAddress remote;
  GCoapAddress local;
  guint16      message_id;
  GCoapReply   reply;
  guint        hash;
  guint32      content; /* a keyed hash of the datagram */
  gint64       expires;
  GCoapPacket *packet; /* (owned) (nullable) */
  GList        link;   /* in the order of settling */
};

/* The messages of the last EXCHANGE_LIFETIME. Those that are being answered are as many as the
 * application has requests; the others are capped in bytes, and the oldest go first. */
typedef struct
{
  const GCoapParameters *parameters;
  GCoapDeadlines        *deadlines;
  GHashTable            *entries; /* (element-type GCoapDedupEntry) */
  GQueue                 settled;
  gsize                  n_bytes;
  guint64                seed;
  GCoapTimer             timer;
} GCoapDedup;

void             gcoap_dedup_init     (GCoapDedup            *self,
                                       const GCoapParameters *parameters,
                                       GCoapDeadlines        *deadlines,
                                       guint64                seed);
void             gcoap_dedup_clear    (GCoapDedup            *self);
GCoapDedupEntry *gcoap_dedup_lookup   (GCoapDedup            *self,
                                       const GCoapDatagram   *datagram,
                                       guint16                message_id,
                                       gint64                 now);
GCoapDedupEntry *gcoap_dedup_add      (GCoapDedup            *self,
                                       const GCoapDatagram   *datagram,
                                       guint16                message_id,
                                       gint64                 expires);
/* Fixes the reply. From then on the entry may be evicted, and must not be used any more. */
void             gcoap_dedup_settle   (GCoapDedup            *self,
                                       GCoapDedupEntry       *entry,
                                       GCoapReply             reply,
                                       GCoapPacket           *packet);
/* Drops a message that was not settled: a duplicate of it will be new again. */
void             gcoap_dedup_forget   (GCoapDedup            *self,
                                       GCoapDedupEntry       *entry);
/* Has the oldest go until the others are within the cap. */
void             gcoap_dedup_evict    (GCoapDedup            *self);
void             gcoap_dedup_expire   (GCoapDedup            *self,
                                       gint64                 now);

G_END_DECLS
