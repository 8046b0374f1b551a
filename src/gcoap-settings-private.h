/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "core/gcoap-parameters-private.h"
#include "gcoap/gcoap-types.h"

G_BEGIN_DECLS

/* What config() sets, but for what are properties too. */
typedef struct
{
  GCoapParameters protocol;
  gboolean        absolute_timeout;
  gboolean        dual_role;
  gboolean        explicit_cancel;
  gboolean        use_ipv6;
  guint           log_level;
} GCoapSettings;

typedef enum
{
  GCOAP_SETTING_BOOLEAN,
  GCOAP_SETTING_COUNT,    /* guint */
  GCOAP_SETTING_POWER,    /* guint, a power of two */
  GCOAP_SETTING_SIZE,     /* gsize, bytes */
  GCOAP_SETTING_FACTOR,   /* double */
  GCOAP_SETTING_DURATION, /* gint64 microseconds; seconds as text */
  GCOAP_SETTING_DERIVED,  /* a duration that follows from the others */
  GCOAP_SETTING_PROPERTY, /* the endpoint's property of that name */
  GCOAP_SETTING_TEXT,     /* a fixed text */
} GCoapSettingType;

/* A row of the table that everything about a setting comes from. */
typedef struct
{
  const char       *name;
  GCoapSettingType  type;
  double            minimum;
  double            maximum;
  gsize             offset;   /* in GCoapSettings */
  gint64          (*derive) (const GCoapParameters *parameters);
  const char       *text;     /* of a fixed text; the name of a property */
  gboolean          is_fixed_while_open;
  const char       *description;
} GCoapSetting;

void                gcoap_settings_init   (GCoapSettings       *self);
const GCoapSetting *gcoap_setting_get_all (gsize               *out_n_settings);
const GCoapSetting *gcoap_setting_lookup  (const char          *name,
                                           GError             **error);
gboolean            gcoap_setting_is_read_only (const GCoapSetting *setting);
char               *gcoap_settings_read   (const GCoapSettings *self,
                                           const GCoapSetting  *setting);
/* An empty @value stands for the default. Errors are G_IO_ERROR_INVALID_ARGUMENT. */
gboolean            gcoap_settings_write  (GCoapSettings       *self,
                                           const GCoapSetting  *setting,
                                           const char          *value,
                                           GError             **error);

G_END_DECLS
