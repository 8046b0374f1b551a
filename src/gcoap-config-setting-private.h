/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcoap/gcoap-config-setting.h"

#include "gcoap-endpoint-private.h"

G_BEGIN_DECLS

/* Every setting of the endpoint, which it does not keep alive. */
GListStore *gcoap_config_setting_list_all (GCoapEndpoint      *endpoint);
/* Tells of the value if it has changed. */
void        gcoap_config_setting_update   (GCoapConfigSetting *self);

G_END_DECLS
