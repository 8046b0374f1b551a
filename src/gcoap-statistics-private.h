/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcoap/gcoap-statistics.h"

#include "gcoap-driver-private.h"

G_BEGIN_DECLS

GCoapStatistics *gcoap_statistics_new    (GCoapDriver     *driver);
/* Tells of changes, if anybody wants to know. */
void             gcoap_statistics_update (GCoapStatistics *self);
/* The driver goes, and the values stay as they are. */
void             gcoap_statistics_end    (GCoapStatistics *self);

G_END_DECLS
