/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-bodies-private.h"
#include "core/gcoap-events-private.h"
#include "core/gcoap-observers-private.h"

G_BEGIN_DECLS

/* Brings new states to those who observe them (RFC 7641 sections 4.2 to 4.5). A fan-out is done in
 * slices, each with a datagram to a number of observers, so that other work goes on between. */
typedef struct
{
  const GCoapParameters *parameters;
  GCoapDeadlines        *deadlines;
  GCoapOutbox           *outbox;
  GCoapEvents           *events;
  GCoapMessageLayer     *messages;
  GCoapObservers        *observers;
  GCoapBodies           *bodies;
  GQueue                 work; /* (element-type GCoapObserved) that not all have the state of */
  GCoapTimer             timer;
} GCoapNotifier;

void     gcoap_notifier_init         (GCoapNotifier         *self,
                                      const GCoapParameters *parameters,
                                      GCoapDeadlines        *deadlines,
                                      GCoapOutbox           *outbox,
                                      GCoapEvents           *events,
                                      GCoapMessageLayer     *messages,
                                      GCoapObservers        *observers,
                                      GCoapBodies           *bodies);

void     gcoap_notifier_clear        (GCoapNotifier         *self);

/* Takes the code, options and payload of @state, or @body in place of that, as the new state of the
 * URI. One that is not of class 2 is the last. FALSE: nobody observes it. */
gboolean gcoap_notifier_notify       (GCoapNotifier         *self,
                                      const char            *uri,
                                      const GCoapFrame      *state,
                                      GBytes                *body,
                                      gboolean               is_confirmable,
                                      gint64                 now);
/* Does a slice of what is left. */
void     gcoap_notifier_work         (GCoapNotifier         *self,
                                      gint64                 now);
/* As gcoap_observers_add(), and says so. */
GCoapObserverEntry *
         gcoap_notifier_add          (GCoapNotifier         *self,
                                      const GCoapAddress    *remote,
                                      const GCoapAddress    *local,
                                      const GCoapFrame      *registration,
                                      const char            *uri,
                                      gint64                 now);
/* Who has registered again is alive, and the response takes the place of what is on its way. */
void     gcoap_notifier_renew        (GCoapNotifier         *self,
                                      GCoapObserverEntry    *observer,
                                      gint64                 now);
/* The response to the registration has gone out; from now on notifications may follow. */
void     gcoap_notifier_activate     (GCoapNotifier         *self,
                                      GCoapObserverEntry    *observer,
                                      gint64                 now);
void     gcoap_notifier_acknowledged (GCoapNotifier         *self,
                                      GCoapObserverEntry    *observer,
                                      gint64                 now);
/* Repeats a notification whose timer is due, or in its place sends what is newer. */
void     gcoap_notifier_repeat       (GCoapNotifier         *self,
                                      GCoapObserverEntry    *observer,
                                      gint64                 now);
/* Ends an observation, and says so if it had not ended before. */
void     gcoap_notifier_remove       (GCoapNotifier         *self,
                                      GCoapObserverEntry    *observer,
                                      gint64                 now);
/* Ends every observation, and says so. */
void     gcoap_notifier_remove_all   (GCoapNotifier         *self,
                                      gint64                 now);
/* Ends an observation and says nothing. */
void     gcoap_notifier_discard      (GCoapNotifier         *self,
                                      GCoapObserverEntry    *observer,
                                      gint64                 now);

G_END_DECLS
