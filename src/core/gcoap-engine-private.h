/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-client-private.h"
#include "core/gcoap-server-private.h"

G_BEGIN_DECLS

/* The protocol as a machine without I/O: datagrams and requests go in with the time, datagrams and
 * events come out. Times are monotonic, in microseconds. Nothing here calls its user back. */
typedef struct _GCoapEngine GCoapEngine;

GCoapEngine *gcoap_engine_new             (const GCoapParameters *parameters,
                                           GRand                 *random);
void         gcoap_engine_free            (GCoapEngine           *self);

/* The parameters; what is changed here holds from the next message on, */
GCoapParameters *gcoap_engine_get_parameters (GCoapEngine        *self);
/* and with this for what waits or is kept already too. */
void         gcoap_engine_apply_parameters (GCoapEngine          *self,
                                            gint64                now);

/* A datagram has come, or one of ours has come back undeliverable. */
void         gcoap_engine_receive         (GCoapEngine           *self,
                                           const GCoapDatagram   *datagram,
                                           gint64                 now);
/* Sends a request, or a ping if its code is 0; 0 with an errno if it cannot. Seals the message.
 * @streaming is NULL where the bodies are whole. */
guint64      gcoap_engine_submit          (GCoapEngine           *self,
                                           const GCoapAddress    *remote,
                                           GCoapMessage          *message,
                                           const GCoapPatience   *patience,
                                           const GCoapStreaming  *streaming,
                                           gint64                 now,
                                           int                   *out_errno);
/* Makes the sender of a request an observer of the URI, from its response on. FALSE: it asks for no
 * such thing, or there are too many. */
gboolean     gcoap_engine_observe         (GCoapEngine           *self,
                                           guint64                id,
                                           GCoapMessage          *request,
                                           const char            *uri,
                                           gint64                 now);
/* Sends the code and options of @state to all who observe the URI, with the body, or where that is
 * NULL with the payload of @state. FALSE: nobody does. */
gboolean     gcoap_engine_notify          (GCoapEngine           *self,
                                           const char            *uri,
                                           const GCoapFrame      *state,
                                           GBytes                *body,
                                           gboolean               is_confirmable,
                                           gint64                 now);
/* Ends all that clients observe here; an event tells of each. */
void         gcoap_engine_unregister_all  (GCoapEngine           *self,
                                           gint64                 now);
/* Ends what an observer observes, with an event. FALSE: there is none. */
gboolean     gcoap_engine_unregister      (GCoapEngine           *self,
                                           const GCoapObserverKey *key,
                                           gint64                 now);
/* FALSE: there is no such observer. */
gboolean     gcoap_engine_get_observer    (GCoapEngine           *self,
                                           const GCoapObserverKey *key,
                                           GCoapObserverInfo     *out_info);
/* All observers, in the order they have registered. (element-type GCoapObserverInfo) */
GArray      *gcoap_engine_list_observers  (GCoapEngine           *self);
/* What is observed. (element-type utf8) */
GPtrArray   *gcoap_engine_list_observed_uris (GCoapEngine        *self);
/* Answers a request with the code and options of @response and with the body, which goes in blocks
 * if it is large; without a body with the payload of @response, which does not. In place of a body
 * that has more than 2^20 blocks a 5.00 is sent. FALSE: there is no such request, or it has its
 * answer. */
gboolean     gcoap_engine_respond         (GCoapEngine           *self,
                                           guint64                id,
                                           const GCoapFrame      *response,
                                           GBytes                *body,
                                           gboolean               is_confirmable,
                                           gint64                 now);
/* The same with a body that is supplied in parts; @size may be -1. Returns the id of the body that
 * PART_WANTED asks for, or 0. */
guint64      gcoap_engine_respond_with_stream (GCoapEngine       *self,
                                           guint64                id,
                                           const GCoapFrame      *response,
                                           gint64                 size,
                                           gboolean               is_confirmable,
                                           gint64                 now);
/* Gives the part that was asked for: at least as much as the event says, or up to the end of the
 * body. An empty one that is not the last says that the body cannot be read any further. */
void         gcoap_engine_supply          (GCoapEngine           *self,
                                           guint64                id,
                                           GBytes                *part,
                                           gsize                  offset,
                                           gboolean               is_last,
                                           gint64                 now);
/* A part has been taken, and the next may come. To the id of an UPLOAD: its body is wanted as a
 * stream, of which that was the first part. */
void         gcoap_engine_continue        (GCoapEngine           *self,
                                           guint64                id,
                                           gint64                 now);
/* The body of an UPLOAD is wanted as a whole, with the request. */
void         gcoap_engine_collect         (GCoapEngine           *self,
                                           guint64                id,
                                           gint64                 now);
/* Ends an upload with an answer of this code. */
void         gcoap_engine_refuse          (GCoapEngine           *self,
                                           guint64                id,
                                           guint8                 code,
                                           gint64                 now);
/* Forgets an exchange; no event of it follows. FALSE: there is none of this id. */
gboolean     gcoap_engine_cancel          (GCoapEngine           *self,
                                           guint64                id,
                                           gint64                 now);
/* Does what is due. */
void         gcoap_engine_expire          (GCoapEngine           *self,
                                           gint64                 now);
gint64       gcoap_engine_get_next_deadline (GCoapEngine         *self);

gboolean     gcoap_engine_pop_event       (GCoapEngine           *self,
                                           GCoapEvent            *out_event);
/* The datagrams to send, in order; drop() takes away as many as have been sent. */
guint        gcoap_engine_peek_datagrams  (GCoapEngine           *self,
                                           const GCoapDatagram  **out_datagrams);
void         gcoap_engine_drop_datagrams  (GCoapEngine           *self,
                                           guint                  n_datagrams);

/* What it has done since it was made, and how much it holds now. */
void         gcoap_engine_count           (GCoapEngine           *self,
                                           GCoapCounters         *out_counters);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GCoapEngine, gcoap_engine_free)

G_END_DECLS
