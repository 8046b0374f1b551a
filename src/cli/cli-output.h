/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-arguments.h"

G_BEGIN_DECLS

gboolean cli_is_success         (GCoapMessage        *response);
gboolean cli_print_head         (GCoapMessage        *response,
                                 GError             **error);
gboolean cli_print_response     (const CliArguments  *arguments,
                                 GCoapMessage        *response,
                                 GError             **error);
gboolean cli_print_notification (const CliArguments  *arguments,
                                 GCoapMessage        *state,
                                 GError             **error);
int      cli_print_refusal      (const CliArguments  *arguments,
                                 GCoapMessage        *response);
int      cli_fail_to_write      (const GError        *error);
void     cli_print_cb           (const char          *text);

G_END_DECLS
