/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcoap/gcoap-notification.h"

G_BEGIN_DECLS

/* A last notification always stops the observing. */
GCoapNotification *gcoap_notification_new (const char *uri,
                                           gboolean    is_latest,
                                           gboolean    is_last);

G_END_DECLS
