/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-datagram-private.h"
#include "codec/gcoap-message-private.h"
#include "gcoap/gcoap-error.h"

G_BEGIN_DECLS

typedef enum
{
  GCOAP_EVENT_REQUEST,      /* message, remote, local: to be answered by id */
  GCOAP_EVENT_RESPONSE,     /* message, remote: the request has got it, and is over */
  GCOAP_EVENT_SENT,         /* the response has left or, if confirmable, arrived */
  GCOAP_EVENT_FAILED,       /* error: the request or the response is over without success */
  GCOAP_EVENT_MALFORMED,    /* remote: a datagram that was no use; id is 0. Its size, if it was
                               dropped for that */
  GCOAP_EVENT_UNDELIVERABLE, /* remote, errno_value, size: a datagram that cannot be sent, and that
                               no exchange waits for; id is 0 */
  GCOAP_EVENT_REGISTERED,   /* remote, token: there is a new observer */
  GCOAP_EVENT_UNREGISTERED, /* message, remote, local, token: it has gone; the message is the
                               registration */
  GCOAP_EVENT_NOTIFICATION, /* message, remote: of a request that observes, which goes on unless
                               is_last */
  GCOAP_EVENT_STALE,        /* a request that observes has had no news for longer than it should */
  GCOAP_EVENT_UPLOAD,       /* message, remote, local: the first block of a request; id is that of
                               the upload, to be told to collect() or continue() */
  GCOAP_EVENT_PART,         /* message, offset, size, is_last: a block of a body that is received as
                               a stream; continue() asks for the next */
  GCOAP_EVENT_PART_WANTED,  /* offset, size: of a body that is sent as a stream; supply() gives at
                               least as much of it as the size, which shows whether more follows */
  GCOAP_EVENT_BODY_OVER,    /* an upload that is not collected will not be complete, or a response
                               that is a stream is no longer needed */
} GCoapEventKind;

/* What the engine tells the one who drives it. */
typedef struct
{
  GCoapEventKind  kind;
  guint64         id;
  GCoapMessage   *message; /* (owned) (nullable) */
  GCoapAddress    remote;
  GCoapAddress    local;
  GCoapError      error;
  int             errno_value; /* of the system, where that is the cause; else 0 */
  guint64         upload;          /* of a request: its body has come as a stream of this id */
  gsize           offset;          /* of a part in the body */
  gint64          size;            /* of the body, as far as it is known, else -1; or that the part
                                      which is wanted must have at least, unless it is the last; or
                                      of a datagram that is too long, else 0 */
  guint8          token_length; /* of an observer */
  guint8          token[GCOAP_TOKEN_LENGTH_MAX];
  gboolean        is_registration; /* of a request: it asks to be registered as an observer */
  gboolean        is_latest;       /* of a notification: no newer one has come before */
  gboolean        is_last;         /* of a notification or a part: no other one will come */
} GCoapEvent;

typedef struct
{
  GArray *array; /* (element-type GCoapEvent) */
  guint   first;
} GCoapEvents;

void     gcoap_events_init  (GCoapEvents *self);
void     gcoap_events_clear (GCoapEvents *self);
void     gcoap_events_push  (GCoapEvents *self,
                             GCoapEvent   event);
/* Says of the failure that was pushed last, if it is that of the exchange, how long the datagram
 * was that could not be sent. */
void     gcoap_events_note_size (GCoapEvents *self,
                             guint64      id,
                             gint64       size);
gboolean gcoap_events_pop   (GCoapEvents *self,
                             GCoapEvent  *out_event);

G_END_DECLS
