/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a timer is for; the engine sends a due one to the part that armed it. */
typedef enum
{
  GCOAP_TIMER_TRANSMISSION, /* a message to repeat or to give up */
  GCOAP_TIMER_PEER,         /* Message IDs of a peer have become free */
  GCOAP_TIMER_PROBING,      /* a request to a silent peer may be sent */
  GCOAP_TIMER_DEDUP,        /* replies that no duplicate can ask for any more */
  GCOAP_TIMER_CLIENT,       /* a request that waits for its response */
  GCOAP_TIMER_SERVER,       /* a request that waits for the application */
  GCOAP_TIMER_NOTIFIER,     /* observers that wait for a new state */
  GCOAP_TIMER_BODIES,       /* block-wise transfers that peers have given up */
} GCoapTimerKind;

/* Embedded in the struct that it belongs to. */
typedef struct
{
  gint64         deadline;
  guint          position; /* in the heap, from 1; 0 while it is not armed */
  GCoapTimerKind kind;
} GCoapTimer;

#define GCOAP_NO_DEADLINE G_MAXINT64

/* All timers of an engine in one binary heap. */
typedef struct
{
  GPtrArray *heap; /* (element-type GCoapTimer) */
} GCoapDeadlines;

void        gcoap_deadlines_init     (GCoapDeadlines       *self);
void        gcoap_deadlines_clear    (GCoapDeadlines       *self);
void        gcoap_deadlines_arm      (GCoapDeadlines       *self,
                                      GCoapTimer           *timer,
                                      gint64                deadline);
void        gcoap_deadlines_disarm   (GCoapDeadlines       *self,
                                      GCoapTimer           *timer);
gint64      gcoap_deadlines_get_next (const GCoapDeadlines *self);
GCoapTimer *gcoap_deadlines_pop_due  (GCoapDeadlines       *self,
                                      gint64                now);

G_END_DECLS
