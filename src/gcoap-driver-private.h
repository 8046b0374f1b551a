/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "core/gcoap-engine-private.h"
#include "gcoap-log-private.h"
#include "transport/gcoap-udp-transport-private.h"

G_BEGIN_DECLS

/* What runs an engine on a main context: its transport, its clock, and the pump between them.
 *
 * Datagrams are received in batches and handed to the engine; then the pump hands out the events
 * one at a time, sends what has to be sent in batches, and arms one timer. Every public call ends
 * in the pump, which returns at once while it is running already, so that handlers may call
 * anything. */
typedef struct _GCoapDriver GCoapDriver;

/* The owner is alive as long as this runs. */
typedef void (*GCoapDriverEventFunc)    (gpointer              owner,
                                         GCoapEvent           *event);
/* Gets a line for each datagram, at a time when it may call anything. */
typedef void (*GCoapDriverLogFunc)      (gpointer              owner,
                                         const char           *line);

typedef void (*GCoapDriverWatchFunc)    (gpointer              owner);

GCoapDriver       *gcoap_driver_new            (GObject               *owner,
                                                const GCoapParameters *parameters,
                                                GCoapDriverEventFunc   event_func);
void               gcoap_driver_free           (GCoapDriver           *self);
GMainContext      *gcoap_driver_get_context    (GCoapDriver           *self);
GCoapUdpTransport *gcoap_driver_get_transport  (GCoapDriver           *self);
/* The address that is bound; FALSE while no socket is open. */
gboolean           gcoap_driver_get_local      (GCoapDriver           *self,
                                                GCoapAddress          *out_local);
void               gcoap_driver_set_parameters (GCoapDriver           *self,
                                                const GCoapParameters *parameters);
/* For the sockets that are open, and those that will be. */
void               gcoap_driver_set_options    (GCoapDriver           *self,
                                                const GCoapUdpOptions *options);
/* The address that the latest datagram was sent to; FALSE if none has come while the options
 * say to capture it. */
gboolean           gcoap_driver_get_destination (GCoapDriver          *self,
                                                GCoapAddress          *out_destination);
/* What the kernel has granted; FALSE while no socket is open. */
gboolean           gcoap_driver_get_buffers    (GCoapDriver           *self,
                                                guint                 *out_receive,
                                                guint                 *out_send);
/* Has each datagram logged, or with NULL none. */
void               gcoap_driver_set_log        (GCoapDriver           *self,
                                                GCoapDriverLogFunc     log_func,
                                                GCoapLogDetail         detail);
/* Closes the sockets. The engine goes on, so that what it still tells can be heard. */
void               gcoap_driver_close          (GCoapDriver           *self);

guint64            gcoap_driver_submit         (GCoapDriver           *self,
                                                const GCoapAddress    *remote,
                                                GCoapMessage          *message,
                                                const GCoapPatience   *patience,
                                                const GCoapStreaming  *streaming,
                                                int                   *out_errno);
void               gcoap_driver_supply         (GCoapDriver           *self,
                                                guint64                id,
                                                GBytes                *part,
                                                gsize                  offset,
                                                gboolean               is_last);
void               gcoap_driver_continue       (GCoapDriver           *self,
                                                guint64                id);
gboolean           gcoap_driver_respond        (GCoapDriver           *self,
                                                guint64                id,
                                                const GCoapFrame      *response,
                                                GBytes                *body,
                                                gboolean               is_confirmable);
void               gcoap_driver_collect        (GCoapDriver           *self,
                                                guint64                id);
guint64            gcoap_driver_respond_with_stream (GCoapDriver      *self,
                                                guint64                id,
                                                const GCoapFrame      *response,
                                                gint64                 size,
                                                gboolean               is_confirmable);
void               gcoap_driver_refuse         (GCoapDriver           *self,
                                                guint64                id,
                                                guint8                 code);
gboolean           gcoap_driver_observe        (GCoapDriver           *self,
                                                guint64                id,
                                                GCoapMessage          *request,
                                                const char            *uri);
gboolean           gcoap_driver_notify         (GCoapDriver           *self,
                                                const char            *uri,
                                                const GCoapFrame      *state,
                                                GBytes                *body,
                                                gboolean               is_confirmable);
gboolean           gcoap_driver_get_observer   (GCoapDriver           *self,
                                                const GCoapObserverKey *key,
                                                GCoapObserverInfo     *out_info);
GArray            *gcoap_driver_list_observers (GCoapDriver           *self);
GPtrArray         *gcoap_driver_list_observed_uris (GCoapDriver       *self);
void               gcoap_driver_unregister     (GCoapDriver           *self,
                                                const GCoapObserverKey *key);
void               gcoap_driver_unregister_all (GCoapDriver           *self);
void               gcoap_driver_cancel         (GCoapDriver           *self,
                                                guint64                id);
void               gcoap_driver_pump           (GCoapDriver           *self);
/* Calls @func with the owner whenever the pump has done what there was to do; NULL: nobody. */
void               gcoap_driver_set_watch      (GCoapDriver           *self,
                                                GCoapDriverWatchFunc   func);
void               gcoap_driver_count          (GCoapDriver           *self,
                                                GCoapCounters         *out_counters);
/* Iterates the context until *@is_done, from within a handler too. */
void               gcoap_driver_run_until      (GCoapDriver           *self,
                                                const gboolean        *is_done);
/* Iterates the context once: what is ready, or what comes within @max_wait milliseconds. */
void               gcoap_driver_run_once       (GCoapDriver           *self,
                                                guint                  max_wait);

G_END_DECLS
