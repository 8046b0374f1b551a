/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOAP_INSIDE) && !defined (GCOAP_COMPILATION)
#error "Only <gcoap/gcoap.h> can be included directly."
#endif

#include <gcoap/gcoap-types.h>

G_BEGIN_DECLS

#define GCOAP_TYPE_CONFIG_SETTING (gcoap_config_setting_get_type ())

GCOAP_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GCoapConfigSetting, gcoap_config_setting, GCOAP, CONFIG_SETTING, GObject)

GCOAP_AVAILABLE_IN_ALL
const char *gcoap_config_setting_get_default_value (GCoapConfigSetting *self);
GCOAP_AVAILABLE_IN_ALL
const char *gcoap_config_setting_get_description   (GCoapConfigSetting *self);
GCOAP_AVAILABLE_IN_ALL
const char *gcoap_config_setting_get_name          (GCoapConfigSetting *self);
GCOAP_AVAILABLE_IN_ALL
const char *gcoap_config_setting_get_range         (GCoapConfigSetting *self);
GCOAP_AVAILABLE_IN_ALL
gboolean    gcoap_config_setting_get_read_only     (GCoapConfigSetting *self);
GCOAP_AVAILABLE_IN_ALL
const char *gcoap_config_setting_get_value         (GCoapConfigSetting *self);
GCOAP_AVAILABLE_IN_ALL
const char *gcoap_config_setting_get_value_type    (GCoapConfigSetting *self);

GCOAP_AVAILABLE_IN_ALL
gboolean    gcoap_config_setting_change            (GCoapConfigSetting *self,
                                                    const char         *value,
                                                    GError            **error);

G_END_DECLS
