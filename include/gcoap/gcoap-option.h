/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOAP_INSIDE) && !defined (GCOAP_COMPILATION)
#error "Only <gcoap/gcoap.h> can be included directly."
#endif

#include <gcoap/gcoap-types.h>

G_BEGIN_DECLS

/**
 * GCoapOptionValueType:
 * @GCOAP_OPTION_VALUE_TYPE_STRING: The value is the text itself.
 * @GCOAP_OPTION_VALUE_TYPE_UINT: The value is an unsigned integer, 0 to 4294967295, in decimal.
 * @GCOAP_OPTION_VALUE_TYPE_BINARY: The value is bytes, as pairs of hexadecimal digits.
 *
 * How the text of an option's value is to be read.
 *
 * Since: 1.0
 */
typedef enum
{
  GCOAP_OPTION_VALUE_TYPE_STRING = 0,
  GCOAP_OPTION_VALUE_TYPE_UINT = 1,
  GCOAP_OPTION_VALUE_TYPE_BINARY = 2,
} GCoapOptionValueType;

#define GCOAP_TYPE_OPTION (gcoap_option_get_type ())

GCOAP_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GCoapOption, gcoap_option, GCOAP, OPTION, GObject)

GCOAP_AVAILABLE_IN_ALL
GCoapOption          *gcoap_option_new              (guint                 number,
                                                     const char           *value);
GCOAP_AVAILABLE_IN_ALL
GCoapOption          *gcoap_option_new_from_bytes   (guint                 number,
                                                     GBytes               *bytes);
GCOAP_AVAILABLE_IN_ALL
GBytes               *gcoap_option_dup_bytes        (GCoapOption          *self) G_GNUC_WARN_UNUSED_RESULT;
GCOAP_AVAILABLE_IN_ALL
void                  gcoap_option_set_bytes        (GCoapOption          *self,
                                                     GBytes               *bytes);
GCOAP_AVAILABLE_IN_ALL
gboolean              gcoap_option_get_critical     (GCoapOption          *self);
GCOAP_AVAILABLE_IN_ALL
const char           *gcoap_option_get_name         (GCoapOption          *self);
GCOAP_AVAILABLE_IN_ALL
gboolean              gcoap_option_get_no_cache_key (GCoapOption          *self);
GCOAP_AVAILABLE_IN_ALL
guint                 gcoap_option_get_number       (GCoapOption          *self);
GCOAP_AVAILABLE_IN_ALL
void                  gcoap_option_set_number       (GCoapOption          *self,
                                                     guint                 number);
GCOAP_AVAILABLE_IN_ALL
gboolean              gcoap_option_get_unsafe       (GCoapOption          *self);
GCOAP_AVAILABLE_IN_ALL
const char           *gcoap_option_get_value        (GCoapOption          *self);
GCOAP_AVAILABLE_IN_ALL
void                  gcoap_option_set_value        (GCoapOption          *self,
                                                     const char           *value);
GCOAP_AVAILABLE_IN_ALL
GCoapOptionValueType  gcoap_option_get_value_type   (GCoapOption          *self);
GCOAP_AVAILABLE_IN_ALL
void                  gcoap_option_set_value_type   (GCoapOption          *self,
                                                     GCoapOptionValueType  value_type);

G_END_DECLS
