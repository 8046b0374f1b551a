/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Writes the page of the settings from their table. */

#include "config.h"

#include "gcoap-settings-private.h"

static void
print_row (const GCoapSetting *setting)
{
  g_autofree char *range = gcoap_setting_make_range (setting);
  g_autofree char *value = gcoap_setting_make_default (setting);

  g_print ("| **%s** | %s | %s | %s | %s%s |\n", setting->name,
           gcoap_setting_get_type_name (setting), range,
           setting->type == GCOAP_SETTING_TEXT ? "" : value, setting->description,
           setting->is_fixed_while_open
           ? " Not to be changed while listening, or while requests are pending." : "");
}

int
main (void)
{
  gsize n_settings;
  const GCoapSetting *settings = gcoap_setting_get_all (&n_settings);

  g_print ("Title: Settings\n\n# Settings\n\n"
           "What [method@GCoap.Endpoint.config] reads and changes: `config(\"NAME\")` gives the "
           "value, `config(\"NAME=VALUE\")` sets it, `config(\"NAME=\")` sets the default. Names "
           "and the words for a boolean (True, False, Yes, No, 1, 0) may be in any letter case. "
           "Times are in seconds and may have decimals.\n\n"
           "| setting | value | range | default | what it does |\n|---|---|---|---|---|\n");
  for (gsize i = 0; i < n_settings; i++)
    print_row (&settings[i]);

  return 0;
}
