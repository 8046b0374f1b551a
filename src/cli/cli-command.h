/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-arguments.h"

G_BEGIN_DECLS

/* How the program ends; a signal adds its number to 128. */
typedef enum
{
  CLI_STATUS_SUCCESS = 0,
  CLI_STATUS_FAILURE = 1,
  CLI_STATUS_USAGE = 2,
  CLI_STATUS_ERROR_RESPONSE = 3,
} CliStatus;

#define CLI_STATUS_SIGNAL 128

struct _CliCommand
{
  const char *name;
  const char *operands;    /* as the usage line shows them */
  guint       n_required;
  guint       n_allowed;
  CliEntries  entries;
  guint       method;      /* what a request has */
  int       (*run) (const CliCommand *command,
                    CliArguments     *arguments);
  const char *summary;
  const char *note;        /* (nullable) */
  const char *examples;    /* not translated */
};

const CliCommand *cli_command_get_all (guint            *out_n_commands);
const CliCommand *cli_command_lookup  (const char       *name);

int               cli_config_run      (const CliCommand *command,
                                       CliArguments     *arguments);
int               cli_observe_run     (const CliCommand *command,
                                       CliArguments     *arguments);
int               cli_ping_run        (const CliCommand *command,
                                       CliArguments     *arguments);
int               cli_request_run     (const CliCommand *command,
                                       CliArguments     *arguments);

G_END_DECLS
