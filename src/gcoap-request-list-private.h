/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "gcoap-request-private.h"

G_BEGIN_DECLS

#define GCOAP_TYPE_REQUEST_LIST (gcoap_request_list_get_type ())

/* The pending requests: a list model that finds a request by its id and removes it in
 * logarithmic time. */
G_DECLARE_FINAL_TYPE (GCoapRequestList, gcoap_request_list, GCOAP, REQUEST_LIST, GObject)

GCoapRequestList *gcoap_request_list_new    (void);
void              gcoap_request_list_add    (GCoapRequestList *self,
                                             GCoapRequest     *request);
gboolean          gcoap_request_list_remove (GCoapRequestList *self,
                                             GCoapRequest     *request);
GCoapRequest     *gcoap_request_list_lookup (GCoapRequestList *self,
                                             guint64           serial);

G_END_DECLS
