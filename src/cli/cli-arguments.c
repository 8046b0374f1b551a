/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli-arguments.h"

#include <glib/gi18n.h>

#include "cli-command.h"
#include "cli-values.h"

/* The options and operands of a command line. Each value is checked as it is met, and is taken as
 * the bytes that it has: what a locale makes of those is no reason to refuse it. */

void
cli_arguments_init (CliArguments *self)
{
  *self = (CliArguments) {
    .content_format = GCOAP_CONTENT_FORMAT_NONE,
    .options = g_ptr_array_new_with_free_func (g_object_unref),
  };
}

void
cli_arguments_clear (CliArguments *self)
{
  g_clear_pointer (&self->input, g_free);
  g_clear_pointer (&self->output, g_free);
  g_clear_pointer (&self->settings, g_strfreev);
  g_clear_pointer (&self->settings_file, g_free);
  g_clear_pointer (&self->options, g_ptr_array_unref);
  g_clear_pointer (&self->operands, g_strfreev);
}

static gboolean
accept_cb (const char *name,
           const char *value,
           gpointer    data,
           GError    **error)
{
  CliArguments *self = data;
  g_autofree char *number = NULL;
  int format;

  if (!cli_parse_format (value, &format, error))
    return FALSE;

  number = g_strdup_printf ("%d", format);
  g_ptr_array_add (self->options, gcoap_option_new (GCOAP_OPTION_NUMBER_ACCEPT, number));

  return TRUE;
}

static gboolean
option_cb (const char *name,
           const char *value,
           gpointer    data,
           GError    **error)
{
  CliArguments *self = data;
  GCoapOption *option = cli_parse_option (value, error);

  if (option == NULL)
    return FALSE;

  g_ptr_array_add (self->options, option);

  return TRUE;
}

static gboolean
format_cb (const char *name,
           const char *value,
           gpointer    data,
           GError    **error)
{
  return cli_parse_format (value, &((CliArguments *) data)->content_format, error);
}

static gboolean
count_cb (const char *name,
          const char *value,
          gpointer    data,
          GError    **error)
{
  return cli_parse_count (value, &((CliArguments *) data)->count, error);
}

static gboolean
timeout_cb (const char *name,
            const char *value,
            gpointer    data,
            GError    **error)
{
  return cli_parse_timeout (value, &((CliArguments *) data)->timeout, error);
}

static gboolean
verbose_cb (const char *name,
            const char *value,
            gpointer    data,
            GError    **error)
{
  ((CliArguments *) data)->verbosity++;

  return TRUE;
}

static void
add_request_entries (CliArguments *self,
                     GOptionGroup *group)
{
  const GOptionEntry entries[] = {
    { "accept", 'a', G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, accept_cb,
      N_("Ask for a content format: a number, or like json"), N_("FORMAT") },
    { "option", 'O', G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, option_cb,
      N_("Send an option: Uri-Query=a=1, or 65000=0x12ab"), N_("NAME=VALUE") },
    { "non-confirmable", 'n', 0, G_OPTION_ARG_NONE, &self->is_non_confirmable,
      N_("Send the request once, and do not repeat it"), NULL },
    { "include", 'i', 0, G_OPTION_ARG_NONE, &self->shows_head,
      N_("Print the code and the options of the response"), NULL },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
}

static void
add_body_entries (CliArguments *self,
                  GOptionGroup *group)
{
  const GOptionEntry entries[] = {
    { "file", 'f', 0, G_OPTION_ARG_FILENAME, &self->input,
      N_("Take the payload from a file, or - for stdin"), N_("FILE") },
    { "format", 't', G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, format_cb,
      N_("Say what the payload is: a number, or like json"), N_("FORMAT") },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
}

static void
add_output_entries (CliArguments *self,
                    GOptionGroup *group)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output,
      N_("Write to a file, which is kept if anything fails"), N_("FILE") },
    { "progress", 'p', 0, G_OPTION_ARG_NONE, &self->has_progress,
      N_("Show how far it is when sending or saving files"), NULL },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
}

static void
add_count_entries (CliArguments *self,
                   GOptionGroup *group)
{
  const GOptionEntry entries[] = {
    { "count", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, count_cb,
      N_("End after so many notifications"), N_("NUMBER") },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
}

static void
add_endpoint_entries (CliArguments *self,
                      GOptionGroup *group)
{
  const GOptionEntry entries[] = {
    { "timeout", 'T', G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, timeout_cb,
      N_("Give up after this time"), N_("SECONDS") },
    { "config", 'c', 0, G_OPTION_ARG_FILENAME_ARRAY, &self->settings,
      N_("Change a setting, see: gcoap config --list"), N_("NAME=VALUE") },
    { "config-file", 0, 0, G_OPTION_ARG_FILENAME, &self->settings_file,
      N_("Take settings from a key file"), N_("FILE") },
    { "verbose", 'v', G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, verbose_cb,
      N_("Show messages on stderr; twice, all of each"), NULL },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
}

static void
add_config_entries (CliArguments *self,
                    GOptionGroup *group)
{
  const GOptionEntry entries[] = {
    { "list", 'l', 0, G_OPTION_ARG_NONE, &self->is_listing,
      N_("Tell what each setting does, and what it may be"), NULL },
    { "config", 'c', 0, G_OPTION_ARG_FILENAME_ARRAY, &self->settings,
      N_("Change a setting first"), N_("NAME=VALUE") },
    { "file", 'f', 0, G_OPTION_ARG_FILENAME, &self->settings_file,
      N_("Take settings from a key file first"), N_("FILE") },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
}

static char *
make_description (const CliCommand *command)
{
  const char *examples = _("Examples:");

  return command->note != NULL
         ? g_strdup_printf ("%s\n\n%s\n%s", _(command->note), examples, command->examples)
         : g_strdup_printf ("%s\n%s", examples, command->examples);
}

static GOptionContext *
make_context (CliArguments     *self,
              const CliCommand *command)
{
  static const struct
  {
    CliEntries entries;
    void     (*add) (CliArguments *self, GOptionGroup *group);
  } parts[] = {
    { CLI_ENTRIES_BODY, add_body_entries },
    { CLI_ENTRIES_OUTPUT, add_output_entries },
    { CLI_ENTRIES_COUNT, add_count_entries },
    { CLI_ENTRIES_REQUEST, add_request_entries },
    { CLI_ENTRIES_ENDPOINT, add_endpoint_entries },
    { CLI_ENTRIES_CONFIG, add_config_entries },
  };
  const GOptionEntry operands[] = {
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->operands, NULL, NULL },
    { NULL },
  };
  GOptionContext *context = g_option_context_new (_(command->operands));
  GOptionGroup *group = g_option_group_new (NULL, NULL, NULL, self, NULL);
  g_autofree char *description = make_description (command);

  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (command->entries & parts[i].entries)
      parts[i].add (self, group);
  g_option_group_add_entries (group, operands);

  g_option_context_set_main_group (context, group);
  g_option_context_set_summary (context, _(command->summary));
  g_option_context_set_description (context, description);

  return context;
}

static gboolean
check_operands (CliArguments      *self,
                const CliCommand  *command,
                GError           **error)
{
  self->n_operands = self->operands != NULL ? g_strv_length (self->operands) : 0;

  if (self->n_operands < command->n_required)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 _("An argument is missing; it should be: gcoap %s %s"),
                 command->name, _(command->operands));
  else if (self->n_operands > command->n_allowed)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 _("\"%s\" is one argument too many; it should be: gcoap %s %s"),
                 self->operands[command->n_allowed], command->name, _(command->operands));
  else
    return TRUE;

  return FALSE;
}

gboolean
cli_arguments_parse (CliArguments      *self,
                     const CliCommand  *command,
                     int                argc,
                     char             **argv,
                     GError           **error)
{
  g_autoptr (GOptionContext) context = make_context (self, command);

  return g_option_context_parse (context, &argc, &argv, error) &&
         check_operands (self, command, error);
}

char *
cli_arguments_help (const CliCommand *command)
{
  g_auto (CliArguments) arguments;
  g_autoptr (GOptionContext) context = NULL;

  cli_arguments_init (&arguments);
  context = make_context (&arguments, command);

  return g_option_context_get_help (context, TRUE, NULL);
}
