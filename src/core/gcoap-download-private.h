/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-message-private.h"
#include "core/gcoap-transfer-private.h"

G_BEGIN_DECLS

/* The body of a response that comes in blocks (RFC 7959 section 2.4). */
typedef struct
{
  GCoapMessage *head;        /* (owned) (nullable) the first block's message */
  GByteArray   *body;        /* (owned) (nullable) what has come; NULL: it is a stream */
  gsize         received;
  gsize         max_size;
  guint8        szx;         /* of the next block */
  guint         n_restarts;
  gboolean      can_restart; /* the request may be made anew */
} GCoapDownload;

GCoapDownload       *gcoap_download_new        (gsize                max_size,
                                                gsize                block_size,
                                                gboolean             can_restart,
                                                gboolean             is_stream);
void                 gcoap_download_free       (GCoapDownload       *self);

/* Whether a response brings an earlier block than the one that is asked for. */
gboolean             gcoap_download_is_past    (const GCoapDownload *self,
                                                const GCoapFrame    *response);
/* A response to a request for a block. DONE: there is no other. It is the end of the body, or what
 * has come instead of it; finish() tells. */
GCoapTransferVerdict gcoap_download_take       (GCoapDownload       *self,
                                                GCoapMessage        *response);
/* Whether @response, which take() has found good, is a part of the body. */
gboolean             gcoap_download_has_part   (const GCoapDownload *self);
/* Adds the option that asks for the next block. FALSE: its number is too large. */
gboolean             gcoap_download_ask        (const GCoapDownload *self,
                                                GCoapOptions        *options);
/* The response with its whole body; a stream's is without one. */
GCoapMessage        *gcoap_download_finish     (GCoapDownload       *self,
                                                GCoapMessage        *last);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GCoapDownload, gcoap_download_free)

G_END_DECLS
