/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-address-private.h"
#include "core/gcoap-content-private.h"
#include "core/gcoap-deadlines-private.h"
#include "core/gcoap-exchanges-private.h"
#include "core/gcoap-parameters-private.h"

G_BEGIN_DECLS

#define GCOAP_REQUEST_TAG_LENGTH_MAX 8

typedef enum
{
  GCOAP_BODY_OFFERED,    /* an upload whose first block the application has been shown */
  GCOAP_BODY_COLLECTING, /* an upload that is kept here until it is whole */
  GCOAP_BODY_STREAMING,  /* an upload that the application gets block by block */
  GCOAP_BODY_RESPONSE,   /* a response whose later blocks may be asked for */
} GCoapBodyState;

/* What the requests of one transfer have in common. */
typedef struct
{
  GCoapAddress  remote;
  gboolean      is_upload;
  guint         hash;
  guint8       *bytes;      /* (owned) method and options, and the payload where that counts */
  gsize         length;
  int           tag_length; /* of the Request-Tag; -1: there is none */
  guint8        tag[GCOAP_REQUEST_TAG_LENGTH_MAX];
} GCoapBodyKey;

/* An upload that is not complete, or a response that was not sent to its end. */
typedef struct
{
  GCoapExchange   base;
  GCoapBodyKey    key;
  GCoapBodyState  state;
  GCoapContent   *content;  /* (owned) of an upload: the method and options of its first request */
  GList           link;     /* those that were used latest are at the tail */
  gint64          last_used;
  gsize           n_bytes;  /* of its own that are counted, without the content */
  guint64         parked;   /* the exchange that waits for the application; or 0 */

  GPtrArray      *chunks;   /* (owned) (nullable) all of one size */
  gsize           capacity;
  gsize           length;   /* of an upload, as far as it has come */
  gsize           offset;   /* of an upload: where its latest block began; else, what is wanted */
  gboolean        is_whole; /* its last block has come */
  gint64          announced; /* the size that an upload is to have; -1: unknown */

  GCoapWindow     window;   /* of a response */
  gboolean        is_stream;
} GCoapBody;

/* The transfers of peers in blocks (RFC 7959 sections 2.4 and 2.5), capped in number and in bytes;
 * the one that was idle for longest goes first. */
typedef struct
{
  const GCoapParameters *parameters;
  GCoapDeadlines        *deadlines;
  GCoapExchanges        *exchanges;
  GHashTable            *entries; /* (element-type GCoapBody) */
  GQueue                 by_use;
  gsize                  n_bytes;
  guint64                seed;
  GCoapTimer             timer;
} GCoapBodies;

void       gcoap_bodies_init        (GCoapBodies           *self,
                                     const GCoapParameters *parameters,
                                     GCoapDeadlines        *deadlines,
                                     GCoapExchanges        *exchanges,
                                     guint64                seed);
/* Every entry has been removed by then. */
void       gcoap_bodies_clear       (GCoapBodies           *self);

void       gcoap_body_key_init      (GCoapBodyKey          *self,
                                     const GCoapBodies     *bodies,
                                     gboolean               is_upload,
                                     const GCoapAddress    *remote,
                                     const GCoapFrame      *request);
void       gcoap_body_key_clear     (GCoapBodyKey          *self);

GCoapBody *gcoap_bodies_lookup      (GCoapBodies           *self,
                                     const GCoapBodyKey    *key);
/* Adds what lookup() did not find. Takes over the key. */
GCoapBody *gcoap_bodies_add         (GCoapBodies           *self,
                                     GCoapBodyKey          *key,
                                     GCoapContent          *content,
                                     gint64                 now);
void       gcoap_bodies_remove      (GCoapBodies           *self,
                                     GCoapBody             *body);
void       gcoap_bodies_touch       (GCoapBodies           *self,
                                     GCoapBody             *body,
                                     gint64                 now);
/* Whether one more, that holds the content, would be within the caps. */
gboolean   gcoap_bodies_has_room    (const GCoapBodies     *self,
                                     const GCoapContent    *content);
/* The one that has to go for the caps to be met; but never @kept. */
GCoapBody *gcoap_bodies_get_excess  (const GCoapBodies     *self,
                                     const GCoapBody       *kept);
/* One that has expired, while there is any; then the timer is armed for the next. */
GCoapBody *gcoap_bodies_get_expired (GCoapBodies           *self,
                                     gint64                 now);
/* To be called after a change of how long a transfer may be idle. */
void       gcoap_bodies_apply_timeout (GCoapBodies         *self);

/* Joins a block to an upload. */
void       gcoap_bodies_append      (GCoapBodies           *self,
                                     GCoapBody             *body,
                                     const guint8          *data,
                                     gsize                  length);
/* What was joined, as bytes; nothing is left. */
GBytes    *gcoap_bodies_take_data   (GCoapBodies           *self,
                                     GCoapBody             *body);
/* Puts another part of a stream in place of the one that was there. */
void       gcoap_bodies_move_window (GCoapBodies           *self,
                                     GCoapBody             *body,
                                     GBytes                *part,
                                     gsize                  offset,
                                     gboolean               is_last);

G_END_DECLS
