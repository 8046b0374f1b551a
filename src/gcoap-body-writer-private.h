/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Writes a body that is received as a stream. */
typedef struct _GCoapBodyWriter GCoapBodyWriter;

/* There is room for the next part; or an error. */
typedef void (*GCoapBodyWriteFunc) (gpointer      owner,
                                    const GError *error);

/* @func is called in @context, or from write() itself, until the writer is freed. */
GCoapBodyWriter *gcoap_body_writer_new      (GOutputStream      *stream,
                                             GMainContext       *context,
                                             GCoapBodyWriteFunc  func,
                                             gpointer            owner);
/* Nothing more is told. If it is to be discarded the stream is closed as one that was cancelled,
 * after what is under way. */
void             gcoap_body_writer_free     (GCoapBodyWriter    *self,
                                             gboolean            discards);
GOutputStream   *gcoap_body_writer_get_stream (GCoapBodyWriter  *self);
/* After the last part, all is written, and the stream is closed if @closes. */
void             gcoap_body_writer_write    (GCoapBodyWriter    *self,
                                             gconstpointer       data,
                                             gsize               length,
                                             gboolean            is_last,
                                             gboolean            closes);
/* Ends a write early. FALSE: none is under way, and so nothing will be told of it. */
gboolean         gcoap_body_writer_cancel   (GCoapBodyWriter    *self);

G_END_DECLS
