/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GCOAP_ROLE_CLIENT,
  GCOAP_ROLE_SERVER,
  GCOAP_ROLE_OBSERVER, /* somebody that this server notifies */
  GCOAP_ROLE_BODY,     /* an upload to this server, or a response of it, in blocks */
} GCoapRole;

/* What every exchange starts with. */
typedef struct
{
  guint64   id; /* never 0, and never used again for another */
  GCoapRole role;
} GCoapExchange;

/* The exchanges by id: an index into an array and a count that tells its users apart. */
typedef struct
{
  GArray *slots;
  guint   first_free; /* from 1; 0: none */
} GCoapExchanges;

void           gcoap_exchanges_init   (GCoapExchanges *self);
void           gcoap_exchanges_clear  (GCoapExchanges *self);
void           gcoap_exchanges_add    (GCoapExchanges *self,
                                       GCoapExchange  *exchange);
void           gcoap_exchanges_remove (GCoapExchanges *self,
                                       GCoapExchange  *exchange);
GCoapExchange *gcoap_exchanges_lookup (GCoapExchanges *self,
                                       guint64         id);
/* Any exchange that is left, for taking down all of them; NULL if there is none. */
GCoapExchange *gcoap_exchanges_get_any (GCoapExchanges *self);

G_END_DECLS
