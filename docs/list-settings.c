/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Writes the page of the settings from their table. */

#include "config.h"

#include "gcoap-settings-private.h"

static const char *
get_type_name (const GCoapSetting *setting)
{
  switch (setting->type)
    {
    case GCOAP_SETTING_BOOLEAN:
    case GCOAP_SETTING_RESET:
      return "True or False";

    case GCOAP_SETTING_CHOICE:
      return "word or its place among them";

    case GCOAP_SETTING_COUNT:
    case GCOAP_SETTING_CODE_PAGE:
      return "whole number";

    case GCOAP_SETTING_POWER:
      return "power of two";

    case GCOAP_SETTING_BUFFER:
    case GCOAP_SETTING_SIZE:
      return "bytes";

    case GCOAP_SETTING_FACTOR:
      return "number";

    case GCOAP_SETTING_DURATION:
    case GCOAP_SETTING_DERIVED:
      return "seconds";

    case GCOAP_SETTING_PROPERTY:
      return setting->maximum > 0 ? "whole number" : "text";

    case GCOAP_SETTING_TEXT:
    default:
      return "text";
    }
}

static void
print_words (const char *const *words)
{
  g_autofree char *list = g_strjoinv (", ", (char **) words);

  g_print ("%s", list);
}

static void
print_range (const GCoapSetting *setting)
{
  if (gcoap_setting_is_read_only (setting))
    g_print ("read only");
  else if (setting->words != NULL)
    print_words (setting->words);
  else if (setting->type != GCOAP_SETTING_BOOLEAN && setting->maximum > 0)
    g_print ("%.10g to %.10g", setting->minimum, setting->maximum);
}

static void
print_default (const GCoapSettings *defaults,
               const GCoapSetting  *setting)
{
  g_autofree char *value = NULL;

  if (setting->type == GCOAP_SETTING_PROPERTY)
    value = g_strdup (setting->maximum > 0 ? "0" : "");
  else if (setting->type == GCOAP_SETTING_TEXT || setting->type == GCOAP_SETTING_DESTINATION)
    value = g_strdup ("");
  else
    value = gcoap_settings_read (defaults, setting);
  g_print ("%s", value);
}

int
main (void)
{
  GCoapSettings defaults;
  gsize n_settings;
  const GCoapSetting *settings = gcoap_setting_get_all (&n_settings);

  gcoap_settings_init (&defaults);
  g_print ("Title: Settings\n\n# Settings\n\n"
           "What [method@GCoap.Endpoint.config] reads and changes: `config(\"NAME\")` gives the "
           "value, `config(\"NAME=VALUE\")` sets it, `config(\"NAME=\")` sets the default. Names "
           "and the words for a boolean (True, False, Yes, No, 1, 0) may be in any letter case. "
           "Times are in seconds and may have decimals.\n\n"
           "| setting | value | range | default | what it does |\n|---|---|---|---|---|\n");
  for (gsize i = 0; i < n_settings; i++)
    {
      g_print ("| **%s** | %s | ", settings[i].name, get_type_name (&settings[i]));
      print_range (&settings[i]);
      g_print (" | ");
      print_default (&defaults, &settings[i]);
      g_print (" | %s%s |\n", settings[i].description,
               settings[i].is_fixed_while_open
               ? " Not to be changed while listening, or while requests are pending." : "");
    }

  return 0;
}
