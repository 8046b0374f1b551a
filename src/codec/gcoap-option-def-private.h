/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "gcoap/gcoap-option-number.h"

G_BEGIN_DECLS

typedef enum
{
  GCOAP_OPTION_FORMAT_OPAQUE,
  GCOAP_OPTION_FORMAT_EMPTY,
  GCOAP_OPTION_FORMAT_UINT,
  GCOAP_OPTION_FORMAT_STRING,
} GCoapOptionFormat;

/* A row of the option registry (RFC 7252 section 12.2): lengths are those of the value in bytes. */
typedef struct
{
  guint16           number;
  guint16           min_length;
  guint16           max_length;
  GCoapOptionFormat format;
  gboolean          repeatable;
  const char       *name;
} GCoapOptionDef;

const GCoapOptionDef *gcoap_option_def_lookup         (guint       number);
const GCoapOptionDef *gcoap_option_def_lookup_by_name (const char *name);
const GCoapOptionDef *gcoap_option_def_get_all        (guint      *out_n_defs);

/* RFC 7252 section 5.4.6: an option number says by its bits how to treat the option. */
static inline gboolean
gcoap_option_number_is_critical (guint number)
{
  return (number & 0x01) != 0;
}

static inline gboolean
gcoap_option_number_is_unsafe (guint number)
{
  return (number & 0x02) != 0;
}

static inline gboolean
gcoap_option_number_is_no_cache_key (guint number)
{
  return (number & 0x1e) == 0x1c;
}

G_END_DECLS
