/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli-command.h"

#include <glib/gi18n.h>

#define REQUEST (CLI_ENTRIES_ENDPOINT | CLI_ENTRIES_REQUEST)
#define BARE    (REQUEST | CLI_ENTRIES_OUTPUT)
#define FULL    (BARE | CLI_ENTRIES_BODY)

/* In the order of the help. */
static const CliCommand commands[] = {
  { "get", N_("URI"), 1, 1, BARE, GCOAP_METHOD_GET, cli_request_run,
    N_("Read a resource"),
    .examples = "  gcoap get localhost/.well-known/core\n"
                "  gcoap get -a json -i 'coap://[::1]:5683/sensors?room=2'\n"
                "  gcoap get -o firmware.bin -p device.example/firmware" },
  { "put", N_("URI [PAYLOAD]"), 1, 2, FULL, GCOAP_METHOD_PUT, cli_request_run,
    N_("Set a resource, or create it"),
    .examples = "  gcoap put localhost/temperature 21.5\n"
                "  gcoap put -t json -f state.json localhost/state\n"
                "  gcoap put -f firmware.bin -p device.example/firmware\n"
                "  gcoap put localhost/offset -- -5" },
  { "post", N_("URI [PAYLOAD]"), 1, 2, FULL, GCOAP_METHOD_POST, cli_request_run,
    N_("Have a resource process the payload"),
    .examples = "  gcoap post localhost/sensors 'name=kitchen'\n"
                "  gcoap post -f - localhost/log < events" },
  { "delete", N_("URI"), 1, 1, BARE, GCOAP_METHOD_DELETE, cli_request_run,
    N_("Delete a resource"),
    .examples = "  gcoap delete localhost/sensors/7" },
  { "fetch", N_("URI [PAYLOAD]"), 1, 2, FULL, GCOAP_METHOD_FETCH, cli_request_run,
    N_("Read the part of a resource that the payload describes"),
    .examples = "  gcoap fetch -t json localhost/sensors '[\"temperature\"]'" },
  { "patch", N_("URI [PAYLOAD]"), 1, 2, FULL, GCOAP_METHOD_PATCH, cli_request_run,
    N_("Change a resource as the payload describes"),
    .examples = "  gcoap patch -t json-patch+json -f changes.json localhost/state" },
  { "ipatch", N_("URI [PAYLOAD]"), 1, 2, FULL, GCOAP_METHOD_IPATCH, cli_request_run,
    N_("Change a resource, where twice is the same as once"),
    .examples = "  gcoap ipatch -t merge-patch+json localhost/state '{\"on\": true}'" },
  { "observe", N_("URI"), 1, 1, REQUEST | CLI_ENTRIES_COUNT, GCOAP_METHOD_GET, cli_observe_run,
    N_("Print each new state of a resource until Ctrl-C"),
    .note = N_("--timeout is for the first state; -i shows ETag, Observe and Content-Format."),
    .examples = "  gcoap observe localhost/temperature\n"
                "  gcoap observe --count 1 -T 10 localhost/temperature" },
  { "ping", N_("URI"), 1, 1, CLI_ENTRIES_ENDPOINT, GCOAP_CODE_EMPTY, cli_ping_run,
    N_("Check whether a host speaks CoAP"),
    .examples = "  gcoap ping -T 2 device.example" },
  { "config", N_("[NAME]"), 0, 1, CLI_ENTRIES_CONFIG, GCOAP_CODE_EMPTY, cli_config_run,
    N_("Show the settings that --config changes"),
    .note = N_("Without NAME and --list there is a line for each setting."),
    .examples = "  gcoap config --list\n"
                "  gcoap config AckTimeout\n"
                "  gcoap config -c AckTimeout=3 ExchangeLifetime" },
};

const CliCommand *
cli_command_get_all (guint *out_n_commands)
{
  *out_n_commands = G_N_ELEMENTS (commands);

  return commands;
}

const CliCommand *
cli_command_lookup (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];

  return NULL;
}
