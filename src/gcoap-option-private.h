/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "gcoap/gcoap-option.h"

#include "codec/gcoap-options-private.h"

G_BEGIN_DECLS

GCoapOption *gcoap_option_new_from_wire (guint          number,
                                         gconstpointer  value,
                                         gsize          length);
/* The value as it goes on the wire; GCOAP_ERROR_INVALID_OPTION if the text is no such value. */
GBytes      *gcoap_option_encode        (GCoapOption   *self,
                                         GError       **error);
/* Appends an option object for each encoded option to the list. */
void         gcoap_option_list_decode   (GListStore    *list,
                                         const guint8  *wire,
                                         gsize          length);

G_END_DECLS
