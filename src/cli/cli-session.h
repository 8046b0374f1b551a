/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-arguments.h"

G_BEGIN_DECLS

/* An endpoint, and what may end the wait for an answer: a signal, or the time. */
typedef struct
{
  GCoapEndpoint *endpoint;     /* (owned) */
  GCancellable  *cancellable;  /* (owned) cancelled by a signal or by the timeout */
  guint          sources[3];   /* of the signals */
  guint          timer;        /* of the timeout */
  int            signal;       /* the one that came, or 0 */
  gboolean       is_late;
} CliSession;

gboolean cli_configure        (GCoapEndpoint       *endpoint,
                               const CliArguments  *arguments,
                               GError             **error);

gboolean cli_session_open     (CliSession          *self,
                               const CliArguments  *arguments,
                               GError             **error);
void     cli_session_start    (CliSession          *self,
                               guint                timeout);
void     cli_session_stop     (CliSession          *self);
void     cli_session_close    (CliSession          *self);
void     cli_session_in_time  (CliSession          *self);
void     cli_session_wait     (CliSession          *self,
                               GAsyncResult       **result);
int      cli_session_fail     (CliSession          *self,
                               const char          *uri,
                               const GError        *error);

/* A GAsyncReadyCallback, for a GAsyncResult to wait for. */
void     cli_session_ready_cb (GObject             *source,
                               GAsyncResult        *result,
                               gpointer             out_result);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliSession, cli_session_close)

G_END_DECLS
