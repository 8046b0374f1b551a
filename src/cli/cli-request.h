/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-session.h"

G_BEGIN_DECLS

GCoapMessage *cli_make_request (const CliCommand  *command,
                                CliArguments      *arguments,
                                GError           **error);
int           cli_refuse_usage (const CliCommand  *command,
                                const GError      *error);

G_END_DECLS
