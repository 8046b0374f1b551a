/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Bodies whose content is known, so that both ends can tell a wrong one. */

#define TRANSFER_PATH "body"
#define TRANSFER_SIZE (1024 * 1024)

/* On GCoap only: bodies as streams, of the size that the query says, and how many bytes the server
 * has allocated, as a text. */
#define STREAM_PATH "stream"
#define MEMORY_PATH "memory"

/* A body of TRANSFER_SIZE. */
GBytes        *transfer_body_new      (void);
gboolean       transfer_body_is_right (const guint8  *data,
                                       gsize          length);

/* Bodies of any size that nobody holds: made while they are read, compared while they are written.
 * Writing what is wrong is an error. */
GInputStream  *transfer_source_new    (goffset        size);
GOutputStream *transfer_sink_new      (void);
goffset        transfer_sink_get_size (GOutputStream *sink);
