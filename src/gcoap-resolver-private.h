/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "codec/gcoap-address-private.h"

G_BEGIN_DECLS

/* Reads an IP literal, with a %zone where the address has one. */
gboolean gcoap_resolver_parse_literal (const char           *host,
                                       guint                 port,
                                       GCoapAddress         *out_address);

/* Looks a host name up without blocking; the callback comes from @context. */
void     gcoap_resolver_lookup_async  (const char           *host,
                                       GMainContext         *context,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
/* An array of at least one GCoapAddress, those of the preferred family first. */
GArray  *gcoap_resolver_lookup_finish (GResolver            *resolver,
                                       GAsyncResult         *result,
                                       guint                 port,
                                       gboolean              prefer_ipv6,
                                       GError              **error);

G_END_DECLS
