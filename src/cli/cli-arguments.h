/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gcoap/gcoap.h>

G_BEGIN_DECLS

typedef struct _CliCommand CliCommand;

/* Which options a command has. */
typedef enum
{
  CLI_ENTRIES_ENDPOINT = 1 << 0,
  CLI_ENTRIES_REQUEST = 1 << 1,
  CLI_ENTRIES_BODY = 1 << 2,
  CLI_ENTRIES_OUTPUT = 1 << 3,
  CLI_ENTRIES_COUNT = 1 << 4,
  CLI_ENTRIES_CONFIG = 1 << 5,
} CliEntries;

typedef struct
{
  gboolean   has_progress;
  gboolean   is_listing;
  gboolean   is_non_confirmable;
  gboolean   shows_head;
  char      *input;            /* (owned) (nullable) */
  char      *output;           /* (owned) (nullable) */
  char     **settings;         /* (owned) (nullable) */
  char      *settings_file;    /* (owned) (nullable) */
  GPtrArray *options;          /* (owned) (element-type GCoapOption) */
  int        content_format;
  guint      count;            /* 0 for no end */
  guint      timeout;          /* milliseconds; 0 for as long as the protocol waits */
  guint      verbosity;
  char     **operands;         /* (owned) (nullable) */
  guint      n_operands;
} CliArguments;

void     cli_arguments_init  (CliArguments     *self);
void     cli_arguments_clear (CliArguments     *self);
gboolean cli_arguments_parse (CliArguments     *self,
                              const CliCommand *command,
                              int               argc,
                              char            **argv,
                              GError          **error);
char    *cli_arguments_help  (const CliCommand *command);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliArguments, cli_arguments_clear)

G_END_DECLS
