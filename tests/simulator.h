/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-engine-private.h"

G_BEGIN_DECLS

/* Engines joined by links that lose, repeat, delay and cut what they carry, under a clock that
 * jumps from one happening to the next. All chance comes from one seed, so that a run can be had
 * again; its trace is a hash of every datagram and event with its time. */
typedef struct _Simulator Simulator;

/* What becomes of the datagrams in one direction. Those that are delayed differently overtake one
 * another. */
typedef struct
{
  double loss;        /* probabilities */
  double duplication;
  double truncation;
  gint64 min_delay;   /* microseconds */
  gint64 max_delay;
} SimulatorLink;

/* An event of a node's engine. The message is the simulator's; calls back are welcome. */
typedef void (*SimulatorEventFunc) (Simulator        *simulator,
                                    guint             node,
                                    const GCoapEvent *event,
                                    gpointer          user_data);
typedef void (*SimulatorCallFunc)  (Simulator        *simulator,
                                    guint             node,
                                    guint64           id,
                                    gpointer          user_data);

Simulator *simulator_new           (guint32                seed,
                                    SimulatorEventFunc     event_func,
                                    gpointer               user_data);
void       simulator_free          (Simulator             *self);

/* Nodes count from 0. */
guint      simulator_add_node      (Simulator             *self,
                                    const GCoapParameters *parameters);
/* Ends a node with all that its engine knows; what is sent to it from then on is lost. */
void       simulator_kill_node     (Simulator             *self,
                                    guint                  node);
/* Starts it anew with its address, knowing nothing of before. What is on its way to it arrives. */
void       simulator_restart_node  (Simulator             *self,
                                    guint                  node,
                                    const GCoapParameters *parameters);
/* For all datagrams to @node that set out from now on. */
void       simulator_set_link      (Simulator             *self,
                                    guint                  node,
                                    SimulatorLink          link);

gint64     simulator_get_now       (Simulator             *self);
/* For what has no function here. Call it from a callback for this very node: what comes of it is
 * carried when that returns. NULL once the node is killed. */
GCoapEngine *simulator_get_engine  (Simulator             *self,
                                    guint                  node);
const GCoapAddress *simulator_get_address (Simulator      *self,
                                    guint                  node);
guint64    simulator_get_trace     (Simulator             *self);
guint64    simulator_get_n_carried (Simulator             *self);
GRand     *simulator_get_random    (Simulator             *self);

/* From a callback or between runs. */
guint64    simulator_submit        (Simulator             *self,
                                    guint                  node,
                                    guint                  server,
                                    GCoapMessage          *message);
gboolean   simulator_respond       (Simulator             *self,
                                    guint                  node,
                                    guint64                id,
                                    GBytes                *payload,
                                    gboolean               is_confirmable);
gboolean   simulator_observe       (Simulator             *self,
                                    guint                  node,
                                    guint64                id,
                                    GCoapMessage          *request,
                                    const char            *uri);
gboolean   simulator_notify        (Simulator             *self,
                                    guint                  node,
                                    const char            *uri,
                                    guint8                 code,
                                    GBytes                *payload,
                                    gboolean               is_confirmable);
gboolean   simulator_cancel        (Simulator             *self,
                                    guint                  node,
                                    guint64                id);
/* Calls @func with @node and @id after @delay. */
void       simulator_call_later    (Simulator             *self,
                                    gint64                 delay,
                                    SimulatorCallFunc      func,
                                    guint                  node,
                                    guint64                id);

/* Lets the time go by until nothing will happen any more, or until @end. */
void       simulator_run           (Simulator             *self,
                                    gint64                 end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Simulator, simulator_free)

G_END_DECLS
