/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gcoap/gcoap.h>

G_BEGIN_DECLS

typedef struct _PlugtestLarge PlugtestLarge;

PlugtestLarge *plugtest_large_new          (guint          observe_interval);
void           plugtest_large_free         (PlugtestLarge *self);
void           plugtest_large_serve        (PlugtestLarge *self,
                                            GCoapEndpoint *endpoint);
void           plugtest_large_append_links (GString       *links);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugtestLarge, plugtest_large_free)

G_END_DECLS
