/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a response goes that is not for the standard output. */
typedef struct
{
  GFile         *file;   /* (owned) */
  GFile         *part;   /* (owned) (nullable) what becomes the file when all is there */
  GOutputStream *stream; /* (owned) */
} CliTarget;

gboolean cli_target_open   (CliTarget           *self,
                            const char          *name,
                            GError             **error);
gboolean cli_target_commit (CliTarget           *self,
                            GError             **error);
void     cli_target_clear  (CliTarget           *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliTarget, cli_target_clear)

G_END_DECLS
