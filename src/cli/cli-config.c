/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli-command.h"
#include "cli-request.h"
#include "cli-table.h"
#include "cli-terminal.h"

#define GAP         2  /* between columns */
#define INDENT      4  /* of what is below a row */
#define VALUE_WIDTH 12 /* a longer value goes below */

static gboolean
fits (const char *value)
{
  return g_utf8_strlen (value, -1) <= VALUE_WIDTH - GAP;
}

static char *
describe_allowed (GCoapConfigSetting *setting)
{
  const char *type = gcoap_config_setting_get_value_type (setting);
  const char *range = gcoap_config_setting_get_range (setting);

  if (gcoap_config_setting_get_read_only (setting))
    return g_strdup (_("read only"));
  if (*range == '\0')
    return g_strdup (type);

  /* Words say by themselves what they are. */
  return strchr (range, ',') != NULL ? g_strdup (range) : g_strdup_printf ("%s, %s", type, range);
}

static void
append_below (GString    *table,
              const char *words,
              guint       width)
{
  g_string_append_printf (table, "%*s", INDENT, "");
  cli_table_append_text (table, words, INDENT, INDENT, width);
}

static void
append_row (GString    *table,
            const char *name,
            const char *value,
            const char *default_value,
            const char *allowed,
            guint       name_width,
            guint       width)
{
  guint column = name_width + 2 * VALUE_WIDTH;

  cli_table_append_cell (table, name, name_width);
  cli_table_append_cell (table, value, VALUE_WIDTH);
  cli_table_append_cell (table, default_value, VALUE_WIDTH);
  cli_table_append_text (table, allowed, column, column, width);
}

static void
append_setting (GString            *table,
                GCoapConfigSetting *setting,
                guint               name_width,
                guint               width)
{
  const char *value = gcoap_config_setting_get_value (setting);
  const char *default_value = gcoap_config_setting_get_default_value (setting);
  g_autofree char *allowed = describe_allowed (setting);

  append_row (table, gcoap_config_setting_get_name (setting),
              fits (value) ? value : "", fits (default_value) ? default_value : "",
              allowed, name_width, width);
  if (!fits (value))
    append_below (table, value, width);
  append_below (table, gcoap_config_setting_get_description (setting), width);
}

static guint
find_name_width (GListModel *settings)
{
  guint n_settings = g_list_model_get_n_items (settings);
  guint width = 0;

  for (guint i = 0; i < n_settings; i++)
    {
      g_autoptr (GCoapConfigSetting) setting = g_list_model_get_item (settings, i);

      width = MAX (width, strlen (gcoap_config_setting_get_name (setting)));
    }

  return width + GAP;
}

static char *
make_table (GCoapEndpoint *endpoint)
{
  GListModel *settings = gcoap_endpoint_get_config_settings (endpoint);
  guint n_settings = g_list_model_get_n_items (settings);
  guint name_width = find_name_width (settings);
  guint width = cli_get_width ();
  GString *table = g_string_new (NULL);

  append_row (table, _("NAME"), _("VALUE"), _("DEFAULT"), _("ALLOWED"), name_width, width);
  for (guint i = 0; i < n_settings; i++)
    {
      g_autoptr (GCoapConfigSetting) setting = g_list_model_get_item (settings, i);

      append_setting (table, setting, name_width, width);
    }

  return g_string_free (table, FALSE);
}

static char *
make_lines (GCoapEndpoint *endpoint)
{
  GListModel *settings = gcoap_endpoint_get_config_settings (endpoint);
  guint n_settings = g_list_model_get_n_items (settings);
  GString *lines = g_string_new (NULL);

  for (guint i = 0; i < n_settings; i++)
    {
      g_autoptr (GCoapConfigSetting) setting = g_list_model_get_item (settings, i);

      g_string_append_printf (lines, "%s=%s\n", gcoap_config_setting_get_name (setting),
                              gcoap_config_setting_get_value (setting));
    }

  return g_string_free (lines, FALSE);
}

/* A change would not outlive the command. */
static char *
read_setting (GCoapEndpoint  *endpoint,
              const char     *name,
              GError        **error)
{
  g_autofree char *value = NULL;

  if (strchr (name, '=') != NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("\"%s\" is no name of a setting: a change for one command is made by its "
                     "option --config"), name);
      return NULL;
    }

  value = gcoap_endpoint_config (endpoint, name, error);

  return value != NULL ? g_strconcat (value, "\n", NULL) : NULL;
}

static char *
make_text (GCoapEndpoint       *endpoint,
           const CliArguments  *arguments,
           GError             **error)
{
  if (arguments->n_operands > 0 && arguments->is_listing)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   _("--list shows all settings: \"%s\" has no place beside it"),
                   arguments->operands[0]);
      return NULL;
    }

  if (arguments->n_operands > 0)
    return read_setting (endpoint, arguments->operands[0], error);

  return arguments->is_listing ? make_table (endpoint) : make_lines (endpoint);
}

int
cli_config_run (const CliCommand *command,
                CliArguments     *arguments)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!cli_configure (endpoint, arguments, &error) ||
      (text = make_text (endpoint, arguments, &error)) == NULL)
    return cli_refuse_usage (command, error);

  g_print ("%s", text);

  return CLI_STATUS_SUCCESS;
}
