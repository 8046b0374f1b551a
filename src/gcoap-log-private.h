/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "codec/gcoap-datagram-private.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean with_payload;
  gboolean is_masked; /* what could be a secret is not shown: tokens, queries and payloads */
} GCoapLogDetail;

/* A line for each datagram: direction, peer, type, code, Message ID, token, options and payload. */
char **gcoap_log_describe (const GCoapDatagram *datagrams,
                           guint                n_datagrams,
                           gboolean             is_outgoing,
                           GCoapLogDetail       detail);
/* Puts **** in the place of the queries of the URIs in a text. */
char  *gcoap_log_mask_uris (const char          *text);

G_END_DECLS
