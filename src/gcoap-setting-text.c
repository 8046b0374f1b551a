/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-settings-private.h"

/* What a setting is, in words, for the page of the documentation and for user interfaces. */

const char *
gcoap_setting_get_type_name (const GCoapSetting *setting)
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

char *
gcoap_setting_make_range (const GCoapSetting *setting)
{
  if (gcoap_setting_is_read_only (setting))
    return g_strdup ("read only");
  if (setting->words != NULL)
    return g_strjoinv (", ", (char **) setting->words);
  if (setting->type != GCOAP_SETTING_BOOLEAN && setting->maximum > 0)
    return g_strdup_printf ("%.10g to %.10g", setting->minimum, setting->maximum);

  return g_strdup ("");
}

char *
gcoap_setting_make_default (const GCoapSetting *setting)
{
  GCoapSettings defaults;
  char *value;

  if (setting->type == GCOAP_SETTING_PROPERTY)
    return g_strdup (setting->maximum > 0 ? "0" : "");
  if (setting->type == GCOAP_SETTING_DESTINATION)
    return g_strdup ("");

  gcoap_settings_init (&defaults);
  value = gcoap_settings_read (&defaults, setting);
  gcoap_settings_clear (&defaults);

  return value;
}
