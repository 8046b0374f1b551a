/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gcoap/gcoap.h>

G_BEGIN_DECLS

typedef struct _PlugtestResources PlugtestResources;

PlugtestResources *plugtest_resources_new   (guint              separate_delay,
                                             guint              observe_interval);
void               plugtest_resources_free  (PlugtestResources *self);
void               plugtest_resources_serve (PlugtestResources *self,
                                             GCoapEndpoint     *endpoint);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugtestResources, plugtest_resources_free)

G_END_DECLS
