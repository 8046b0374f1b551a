/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "cli-command.h"
#include "cli-request.h"

int
cli_ping_run (const CliCommand *command,
              CliArguments     *arguments)
{
  g_auto (CliSession) session = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GCoapMessage) request = cli_make_request (command, arguments, &error);
  g_autoptr (GCoapMessage) response = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *uri = NULL;
  gint64 start;

  if (request == NULL || !cli_session_open (&session, arguments, &error))
    return cli_refuse_usage (command, error);

  cli_session_start (&session, arguments->timeout);
  uri = gcoap_message_dup_uri (request);
  start = g_get_monotonic_time ();
  gcoap_endpoint_send_async (session.endpoint, request, session.cancellable,
                             cli_session_ready_cb, &result);
  cli_session_wait (&session, &result);
  response = gcoap_endpoint_send_finish (session.endpoint, result, &error);
  if (response == NULL)
    return cli_session_fail (&session, uri, error);

  cli_session_stop (&session);
  g_print (_("%s answered after %.2f ms\n"), uri,
           (g_get_monotonic_time () - start) / 1000.0);

  return CLI_STATUS_SUCCESS;
}
