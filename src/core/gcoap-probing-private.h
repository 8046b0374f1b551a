/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-deadlines-private.h"
#include "core/gcoap-parameters-private.h"

G_BEGIN_DECLS

typedef struct _GCoapPeer GCoapPeer;

/* The Non-confirmable requests to a peer from which nothing has come since. Most peers are never
 * sent any, and have no such struct. */
typedef struct
{
  GCoapTimer  timer;   /* for the first that waits */
  GCoapPeer  *peer;
  gint64      since;   /* when the first was sent, if there is a latest */
  gint64      latest;  /* when the latest was sent */
  gsize       length;  /* of the latest; 0 if there is none */
  GQueue      waiting; /* transmissions that PROBING_RATE or the Message IDs hold up */
} GCoapProbing;

GCoapProbing *gcoap_probing_new     (GCoapPeer             *peer);

/* When one more may be sent; not later than @now: at once. */
gint64        gcoap_probing_get_due (const GCoapProbing    *self,
                                     const GCoapParameters *parameters,
                                     gint64                 now);
/* Whether the latest has the next one wait, should the peer be silent. */
gboolean      gcoap_probing_is_owed (const GCoapProbing    *self,
                                     const GCoapParameters *parameters,
                                     gint64                 now);

G_END_DECLS
