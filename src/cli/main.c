/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "cli-command.h"
#include "cli-output.h"
#include "cli-request.h"
#include "cli-terminal.h"

#define NAME_WIDTH 11

static void
append_command (GString    *text,
                const char *name,
                const char *summary)
{
  g_string_append_printf (text, "  %-*s%s\n", NAME_WIDTH, name, summary);
}

static char *
make_help (void)
{
  guint n_commands;
  const CliCommand *commands = cli_command_get_all (&n_commands);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s\n  gcoap %s\n\n%s\n", _("Usage:"), _("COMMAND [OPTION…] …"),
                          _("Commands:"));
  for (guint i = 0; i < n_commands; i++)
    append_command (text, commands[i].name, _(commands[i].summary));
  append_command (text, "help", _("Show this, or all about a command: gcoap help get"));
  append_command (text, "--version", _("Show the version"));

  g_string_append_printf (text, "\n%s\n%s\n  gcoap get localhost/.well-known/core\n",
                          _("A URI is written as coap://host:5683/path?query, or without coap://."),
                          _("What does a server have? Ask it:"));

  return g_string_free (text, FALSE);
}

static int
refuse_command (const char *name)
{
  guint n_commands;
  const CliCommand *commands = cli_command_get_all (&n_commands);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < n_commands; i++)
    g_string_append_printf (names, "%s, ", commands[i].name);
  g_string_append (names, "help");
  cli_complain (_("There is no command \"%s\". There are: %s"), name, names->str);

  return CLI_STATUS_USAGE;
}

static void
set_name (const CliCommand *command)
{
  g_autofree char *name = g_strconcat ("gcoap ", command->name, NULL);

  g_set_prgname (name);
}

static int
show_help (const char *name)
{
  const CliCommand *command = name != NULL ? cli_command_lookup (name) : NULL;
  g_autofree char *text = NULL;

  if (name != NULL && command == NULL && !g_str_equal (name, "help"))
    return refuse_command (name);

  if (command != NULL)
    set_name (command);
  text = command != NULL ? cli_arguments_help (command) : make_help ();
  g_print ("%s", text);

  return CLI_STATUS_SUCCESS;
}

static int
run_command (const CliCommand *command,
             int               argc,
             char            **argv)
{
  g_auto (CliArguments) arguments;
  g_autoptr (GError) error = NULL;

  cli_arguments_init (&arguments);
  set_name (command);
  if (!cli_arguments_parse (&arguments, command, argc, argv, &error))
    return cli_refuse_usage (command, error);

  return command->run (command, &arguments);
}

static gboolean
is_one_of (const char        *text,
           const char *const *words)
{
  return g_strv_contains (words, text);
}

static int
dispatch (int    argc,
          char **argv)
{
  static const char *const help[] = { "help", "--help", "-h", NULL };
  static const char *const version[] = { "version", "--version", "-V", NULL };
  const CliCommand *command = cli_command_lookup (argv[1]);

  if (command != NULL)
    return run_command (command, argc - 1, argv + 1);
  if (is_one_of (argv[1], help))
    return show_help (argv[2]);
  if (!is_one_of (argv[1], version))
    return refuse_command (argv[1]);

  g_print ("gcoap %s\n", PACKAGE_VERSION);

  return CLI_STATUS_SUCCESS;
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *help = NULL;

  setlocale (LC_ALL, "");
  textdomain (GETTEXT_PACKAGE); /* that of the library, which has bound it */
  g_set_print_handler (cli_print_cb);

  if (argc > 1)
    return dispatch (argc, argv);

  help = make_help ();
  g_printerr ("%s", help);

  return CLI_STATUS_USAGE;
}
