/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A stream to a file that is there when the stream has been closed, and as it was before until
 * then. Closed as one that was cancelled, or never, it leaves no trace. */
#define GCOAP_TYPE_UPLOAD_FILE (gcoap_upload_file_get_type ())
G_DECLARE_FINAL_TYPE (GCoapUploadFile, gcoap_upload_file, GCOAP, UPLOAD_FILE, GFilterOutputStream)

GOutputStream *gcoap_upload_file_new (GFile   *file,
                                      GError **error);

G_END_DECLS
