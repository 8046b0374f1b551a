/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-transfer-private.h"
#include "core/gcoap-window-private.h"

G_BEGIN_DECLS

#define GCOAP_REQUEST_TAG_LENGTH 4

/* The body of a request of ours on its way in blocks (RFC 7959 section 2.5). */
typedef struct
{
  GCoapWindow window;
  gsize       offset; /* of the block that is on its way, or is the next */
  gsize       length; /* of the block that is on its way */
  gboolean    more;   /* whether others follow that one */
  guint8      szx;
  guint8      tag[GCOAP_REQUEST_TAG_LENGTH]; /* its Request-Tag (RFC 9175) */
} GCoapUpload;

/* Takes over what the window holds. */
GCoapUpload         *gcoap_upload_new        (const GCoapWindow *window,
                                              gsize              block_size);
void                 gcoap_upload_free       (GCoapUpload       *self);

/* Whether the next block is there. */
gboolean             gcoap_upload_is_ready   (const GCoapUpload *self);
/* Adds the block's options to those of the request, and gives its payload. FALSE: the number of the
 * block is too large. */
gboolean             gcoap_upload_make_block (GCoapUpload       *self,
                                              GCoapOptions      *options,
                                              const guint8     **out_payload,
                                              gsize             *out_length);
/* Makes the options those of a request for a block of the response, which has no body. FALSE: the
 * body went in one message, and the options stay as they are. */
gboolean             gcoap_upload_mark_ask   (const GCoapUpload *self,
                                              GCoapOptions      *options);
/* Whether a response is about an earlier block than the one that is on its way. */
gboolean             gcoap_upload_is_past    (const GCoapUpload *self,
                                              const GCoapFrame  *response);
/* The response to a block. DONE: it is the one to the whole request. */
GCoapTransferVerdict gcoap_upload_take       (GCoapUpload       *self,
                                              const GCoapFrame  *response);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GCoapUpload, gcoap_upload_free)

G_END_DECLS
