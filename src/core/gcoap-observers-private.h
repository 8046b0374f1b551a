/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-message-private.h"
#include "core/gcoap-content-private.h"
#include "core/gcoap-exchanges-private.h"
#include "core/gcoap-message-layer-private.h"

G_BEGIN_DECLS

typedef struct _GCoapObserverEntry GCoapObserverEntry;

/* A state in the form that it is sent in, but for header and token. */
typedef struct
{
  GCoapPacket *packet; /* (owned) */
  GCoapFrame   frame;  /* a view of it */
  gboolean     more;   /* it is the first block only */
} GCoapEncodedState;

/* A URI that is observed, and its latest state. After the last one it is closed: it is no longer
 * found, and lives on until all its observers have got that. */
typedef struct
{
  char        *uri;       /* (owned) */
  GQueue       observers; /* (element-type GCoapObserverEntry) those that lag behind come first */
  guint32      sequence;  /* of the latest state, 24 bits */
  GCoapContent *content;  /* (owned) (nullable) the state */
  /* (owned) (nullable) encoded when first sent; by the size of blocks, whole ones at the end */
  GCoapEncodedState *encoded[GCOAP_BLOCK_SZX_MAX + 2];
  gboolean     is_confirmable;
  GList        work_link; /* in the notifier's queue, if data is set */
} GCoapObserved;

/* Somebody who has registered: an endpoint and a token (RFC 7641 section 4.1). There may be very
 * many, so this is kept small. When it has ended, its last notification may live on. */
struct _GCoapObserverEntry
{
  GCoapExchange      base;
  GCoapPeer         *peer;
  GCoapAddress       local;
  GCoapObserved     *observed;     /* (nullable) NULL when it has ended */
  GCoapTransmission *transmission; /* (nullable) of a notification that is confirmable */
  GList              link;
  gint64             registered;
  gint64             acknowledged; /* 0: none of the notifications yet */
  guint32            sequence;     /* of the latest state that was sent */
  guint32            visited;      /* of the latest fan-out that came by */
  guint32            n_unconfirmed;
  guint              token_hash;
  guint              message_id_hash;
  guint16            message_id;   /* of the latest notification that is not confirmable */
  guint16            options_length;
  guint16            payload_length;
  guint8             has_message_id : 1;
  guint8             is_pending : 1; /* the response to the registration has not gone out yet */
  guint8             szx : 3;        /* the size of blocks that the registration has asked for */
  guint8             code;
  guint8             token_length;
  guint8             token[GCOAP_TOKEN_LENGTH_MAX];
  guint8             registration[]; /* its options, encoded, and its payload */
};

/* Which observer: there is one at most of an endpoint and a token. */
typedef struct
{
  GCoapAddress remote;
  guint8       token_length;
  guint8       token[GCOAP_TOKEN_LENGTH_MAX];
} GCoapObserverKey;

/* What can be told of an observer. */
typedef struct
{
  GCoapObserverKey  key;
  const char       *uri; /* (not owned) to be copied at once */
  gint64            registered;
  gint64            acknowledged; /* 0: none of the notifications yet */
} GCoapObserverInfo;

/* Who observes what. Each table has a cap; a registration above it is none. */
typedef struct
{
  const GCoapParameters *parameters;
  GCoapExchanges        *exchanges;
  GCoapPeers            *peers;
  GHashTable            *by_uri;        /* (element-type utf8 GCoapObserved) */
  GHashTable            *by_token;      /* (element-type GCoapObserverEntry) and peer */
  GHashTable            *by_message_id; /* (element-type GCoapObserverEntry) and peer */
  guint32                sequence;      /* one for all, so that it never falls back */
  gboolean               is_counting;
  guint64                seed;
} GCoapObservers;

void                gcoap_observers_init                   (GCoapObservers           *self,
                                                            const GCoapParameters    *parameters,
                                                            GCoapExchanges           *exchanges,
                                                            GCoapPeers               *peers,
                                                            GCoapRandom              *random);
void                gcoap_observers_clear                  (GCoapObservers           *self);

/* Registers the sender of a request, who gets nothing while the observer is pending; one with its
 * token must have been removed before. NULL: there are too many. */
GCoapObserverEntry *gcoap_observers_add                    (GCoapObservers           *self,
                                                            const GCoapAddress       *remote,
                                                            const GCoapAddress       *local,
                                                            const GCoapFrame         *registration,
                                                            const char               *uri,
                                                            gint64                    now);
/* Makes the observer that of another registration: it is pending, and has a new id. */
void                gcoap_observers_renew                  (GCoapObservers           *self,
                                                            GCoapObserverEntry       *observer);
GCoapObserverEntry *gcoap_observers_find                   (GCoapObservers           *self,
                                                            const GCoapAddress       *remote,
                                                            const GCoapFrame         *frame);
GCoapObserverEntry *gcoap_observers_find_message_id        (GCoapObservers           *self,
                                                            const GCoapAddress       *remote,
                                                            guint16                   message_id);
void                gcoap_observers_set_message_id         (GCoapObservers           *self,
                                                            GCoapObserverEntry       *observer,
                                                            guint16                   message_id);
GCoapObserved      *gcoap_observers_lookup                 (GCoapObservers           *self,
                                                            const char               *uri);
/* Another state, or none. */
void                gcoap_observed_set_content             (GCoapObserved            *observed,
                                                            GCoapContent             *content);
/* After a last state, the URI can be observed anew. */
void                gcoap_observers_close                  (GCoapObservers           *self,
                                                            GCoapObserved            *observed);
/* The next number of the Observe option (RFC 7641 section 3.4). */
guint32             gcoap_observers_next_sequence          (GCoapObservers           *self);
/* Takes the observer out of every table; it stays until free(). */
void                gcoap_observers_detach                 (GCoapObservers           *self,
                                                            GCoapObserverEntry       *observer);
void                gcoap_observers_free                   (GCoapObservers           *self,
                                                            GCoapObserverEntry       *observer,
                                                            gint64                    now);
/* Frees what nobody observes and no work is left for. */
void                gcoap_observers_drop_if_unused         (GCoapObservers           *self,
                                                            GCoapObserved            *observed);
/* All of them, in the order they have registered (element-type GCoapObserverInfo). */
GArray             *gcoap_observers_list                   (GCoapObservers           *self);
/* What is observed (element-type utf8). */
GPtrArray          *gcoap_observers_list_uris              (GCoapObservers           *self);
void                gcoap_observer_entry_get_info          (const GCoapObserverEntry *self,
                                                            GCoapObserverInfo        *out_info);
/* The request that it has registered with, made anew. */
GCoapMessage       *gcoap_observer_entry_make_registration (const GCoapObserverEntry *self);

G_END_DECLS
