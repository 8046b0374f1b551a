/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which notification is the latest, although they may overtake each other (RFC 7641
 * section 3.4). */
typedef struct
{
  gboolean is_known;
  guint32  sequence; /* of the latest so far, 24 bits */
  gint64   received; /* when it came */
} GCoapFreshness;

void     gcoap_freshness_set      (GCoapFreshness       *self,
                                   guint32               sequence,
                                   gint64                now);
gboolean gcoap_freshness_is_newer (const GCoapFreshness *self,
                                   guint32               sequence,
                                   gint64                now);

G_END_DECLS
