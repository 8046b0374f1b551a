/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "core/gcoap-parameters-private.h"
#include "gcoap/gcoap-types.h"

G_BEGIN_DECLS

/* What the traffic of an endpoint is (the setting QOSTrafficType). */
typedef enum
{
  GCOAP_QOS_BEST_EFFORT,
  GCOAP_QOS_BACKGROUND,
  GCOAP_QOS_EXCELLENT_EFFORT,
  GCOAP_QOS_AUDIO_VIDEO,
  GCOAP_QOS_VOICE,
  GCOAP_QOS_CONTROL,
} GCoapQosTrafficType;

/* What config() sets, but for what are properties too. */
typedef struct
{
  GCoapParameters protocol;
  gboolean        absolute_timeout;
  gboolean        capture_ip_packet_info;
  guint32         code_page;
  gboolean        delay_host_resolution;
  gboolean        dont_fragment;
  gboolean        dual_role;
  gboolean        explicit_cancel;
  char           *firewall_data;          /* (owned) */
  guint           in_buffer_size;
  guint           log_level;
  gboolean        mask_sensitive;
  guint           max_packet_size;
  guint           out_buffer_size;
  guint           qos_dscp_value;
  guint           qos_traffic_type;       /* a GCoapQosTrafficType */
  gboolean        share_local_port;
  gboolean        use_connection;
  gboolean        use_internal_security_api;
  gboolean        use_ipv6;
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
  GCOAP_SETTING_STRING,   /* char *, any text */
  GCOAP_SETTING_CHOICE,   /* guint, the position of a word in a list; as that or as the number */
  GCOAP_SETTING_CODE_PAGE, /* guint32 */
  GCOAP_SETTING_BUFFER,   /* guint, bytes; read from the socket while one is open */
  GCOAP_SETTING_DESTINATION, /* where the latest datagram went */
  GCOAP_SETTING_RESET,    /* sets the defaults of those that are timing */
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
  const char *const *words;   /* of a choice, with NULL at the end */
  gboolean          is_fixed_while_open;
  gboolean          is_timing;
  const char       *description;
} GCoapSetting;

void                gcoap_settings_init   (GCoapSettings       *self);
void                gcoap_settings_clear  (GCoapSettings       *self);
const GCoapSetting *gcoap_setting_get_all (gsize               *out_n_settings);
const GCoapSetting *gcoap_setting_lookup  (const char          *name,
                                           GError             **error);
gboolean            gcoap_setting_is_read_only (const GCoapSetting *setting);
/* That @value is not a number, or not one that the setting can have. */
void                gcoap_setting_set_number_error (const GCoapSetting  *setting,
                                                    const char          *value,
                                                    GError             **error);

/* gcoap-setting-text.c */
const char         *gcoap_setting_get_type_name (const GCoapSetting *setting);
/* What it may be; "" for anything. */
char               *gcoap_setting_make_range   (const GCoapSetting  *setting);
char               *gcoap_setting_make_default (const GCoapSetting  *setting);

char               *gcoap_settings_read   (const GCoapSettings *self,
                                           const GCoapSetting  *setting);
/* An empty @value stands for the default. Errors are G_IO_ERROR_INVALID_ARGUMENT. */
gboolean            gcoap_settings_write  (GCoapSettings       *self,
                                           const GCoapSetting  *setting,
                                           const char          *value,
                                           GError             **error);

G_END_DECLS
