/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Reads a body that is sent as a stream, a few blocks at a time. */
typedef struct _GCoapBodyReader GCoapBodyReader;

/* The part that was asked for, good until the next; or NULL with an error. */
typedef void (*GCoapBodyReadFunc) (gpointer      owner,
                                   GBytes       *part,
                                   gsize         offset,
                                   gboolean      is_last,
                                   const GError *error);

/* @func is called in @context, or from read() itself, until the reader is freed. A part is never
 * smaller than @part_size unless it is the last. */
GCoapBodyReader *gcoap_body_reader_new      (GInputStream      *stream,
                                             GMainContext      *context,
                                             gsize              part_size,
                                             GCoapBodyReadFunc  func,
                                             gpointer           owner);
/* Nothing more is told. Closing it, if that is wanted, comes after a read that is under way. */
void             gcoap_body_reader_free     (GCoapBodyReader   *self,
                                             gboolean           closes);
/* Of the body; -1: the stream cannot tell. */
gint64           gcoap_body_reader_get_size (GCoapBodyReader   *self);
/* From @offset on. What was read before can be read again if the stream can seek. If something is
 * being read, this takes the place of it. */
void             gcoap_body_reader_read     (GCoapBodyReader   *self,
                                             gsize              offset);
gboolean         gcoap_body_reader_is_reading (GCoapBodyReader *self);
/* Ends a read early. FALSE: none is under way, and so nothing will be told of it. */
gboolean         gcoap_body_reader_cancel   (GCoapBodyReader   *self);

G_END_DECLS
