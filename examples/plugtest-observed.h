/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gcoap/gcoap.h>

G_BEGIN_DECLS

/* The URIs that one resource was ever observed by, and its place at an endpoint. */
typedef struct _PlugtestObserved PlugtestObserved;

/* What answers a request for the resource, registrations too. */
typedef void (*PlugtestHandleFunc) (GCoapEndpoint *endpoint,
                                    GCoapRequest  *request,
                                    gpointer       resource);

PlugtestObserved *plugtest_observed_new    (void);
void              plugtest_observed_free   (PlugtestObserved   *self);

/* The endpoint must be shut down when the resource is freed. */
void              plugtest_observed_serve  (PlugtestObserved   *self,
                                            GCoapEndpoint      *endpoint,
                                            const char         *path,
                                            gboolean            is_observable,
                                            PlugtestHandleFunc  handle,
                                            gpointer            resource);
/* Sends the Response* properties to all who observe the resource, and clears them. */
void              plugtest_observed_notify (PlugtestObserved   *self,
                                            GCoapEndpoint      *endpoint);

/* Outside of a handler the Response* properties may still hold the response to some request. */
void              plugtest_clear_response  (GCoapEndpoint      *endpoint);

G_END_DECLS
