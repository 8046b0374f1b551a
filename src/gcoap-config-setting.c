/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-config-setting-private.h"

#include <glib/gi18n-lib.h>

#include "gcoap/gcoap-error.h"

/**
 * GCoapConfigSetting:
 *
 * A setting of an endpoint, with all that a user interface shows of it.
 *
 * They come from [method@Endpoint.get_config_settings]. [property@ConfigSetting:value] tells its
 * changes when [method@Endpoint.config] has made them, those that follow from another setting
 * too. After the endpoint is gone it stays as it was.
 *
 * Since: 1.0
 */
struct _GCoapConfigSetting
{
  GObject             parent_instance;
  const GCoapSetting *setting;
  GCoapEndpoint      *endpoint; /* (weak) (nullable) */
  char               *value;    /* (owned) as last told */
  char               *default_value; /* (owned) */
  char               *range;    /* (owned) */
};

typedef enum
{
  PROP_DEFAULT_VALUE = 1,
  PROP_DESCRIPTION,
  PROP_NAME,
  PROP_RANGE,
  PROP_READ_ONLY,
  PROP_VALUE,
  PROP_VALUE_TYPE,
} GCoapConfigSettingProperty;

static GParamSpec *properties[PROP_VALUE_TYPE + 1];

G_DEFINE_FINAL_TYPE (GCoapConfigSetting, gcoap_config_setting, G_TYPE_OBJECT)

static void
gcoap_config_setting_finalize (GObject *object)
{
  GCoapConfigSetting *self = GCOAP_CONFIG_SETTING (object);

  g_clear_weak_pointer (&self->endpoint);
  g_clear_pointer (&self->value, g_free);
  g_clear_pointer (&self->default_value, g_free);
  g_clear_pointer (&self->range, g_free);

  G_OBJECT_CLASS (gcoap_config_setting_parent_class)->finalize (object);
}

static void
gcoap_config_setting_get_property (GObject    *object,
                                   guint       property_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  GCoapConfigSetting *self = GCOAP_CONFIG_SETTING (object);

  switch ((GCoapConfigSettingProperty) property_id)
    {
    case PROP_DEFAULT_VALUE:
      g_value_set_string (value, gcoap_config_setting_get_default_value (self));
      break;

    case PROP_DESCRIPTION:
      g_value_set_string (value, gcoap_config_setting_get_description (self));
      break;

    case PROP_NAME:
      g_value_set_string (value, gcoap_config_setting_get_name (self));
      break;

    case PROP_RANGE:
      g_value_set_string (value, gcoap_config_setting_get_range (self));
      break;

    case PROP_READ_ONLY:
      g_value_set_boolean (value, gcoap_config_setting_get_read_only (self));
      break;

    case PROP_VALUE:
      g_value_set_string (value, gcoap_config_setting_get_value (self));
      break;

    case PROP_VALUE_TYPE:
      g_value_set_string (value, gcoap_config_setting_get_value_type (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
gcoap_config_setting_class_init (GCoapConfigSettingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = gcoap_config_setting_finalize;
  object_class->get_property = gcoap_config_setting_get_property;

  /**
   * GCoapConfigSetting:default-value: (getter get_default_value)
   *
   * What the value is at first.
   *
   * Since: 1.0
   */
  properties[PROP_DEFAULT_VALUE] =
    g_param_spec_string ("default-value", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapConfigSetting:description: (getter get_description)
   *
   * What the setting does, in English.
   *
   * Since: 1.0
   */
  properties[PROP_DESCRIPTION] =
    g_param_spec_string ("description", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapConfigSetting:name: (getter get_name)
   *
   * The name, as [method@Endpoint.config] takes it.
   *
   * Since: 1.0
   */
  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapConfigSetting:range: (getter get_range)
   *
   * What the value may be: "16 to 1024", words with commas between them, "read only", or ""
   * for whatever the type allows.
   *
   * Since: 1.0
   */
  properties[PROP_RANGE] =
    g_param_spec_string ("range", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapConfigSetting:read-only: (getter get_read_only)
   *
   * Whether it cannot be changed.
   *
   * Since: 1.0
   */
  properties[PROP_READ_ONLY] =
    g_param_spec_boolean ("read-only", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapConfigSetting:value: (getter get_value)
   *
   * The value now, as [method@Endpoint.config] gives it. It tells its changes, but for those of
   * `DestinationAddress`, which come with datagrams.
   *
   * Since: 1.0
   */
  properties[PROP_VALUE] =
    g_param_spec_string ("value", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapConfigSetting:value-type: (getter get_value_type)
   *
   * What kind of value it is, in English: "whole number", "seconds", "True or False".
   *
   * Since: 1.0
   */
  properties[PROP_VALUE_TYPE] =
    g_param_spec_string ("value-type", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
gcoap_config_setting_init (GCoapConfigSetting *self)
{
}

static GCoapConfigSetting *
config_setting_new (GCoapEndpoint      *endpoint,
                    const GCoapSetting *setting)
{
  GCoapConfigSetting *self = g_object_new (GCOAP_TYPE_CONFIG_SETTING, NULL);

  self->setting = setting;
  g_set_weak_pointer (&self->endpoint, endpoint);
  self->value = gcoap_endpoint_read_setting (endpoint, setting);
  self->default_value = gcoap_setting_make_default (setting);
  self->range = gcoap_setting_make_range (setting);

  return self;
}

GListStore *
gcoap_config_setting_list_all (GCoapEndpoint *endpoint)
{
  GListStore *list = g_list_store_new (GCOAP_TYPE_CONFIG_SETTING);
  gsize n_settings;
  const GCoapSetting *settings = gcoap_setting_get_all (&n_settings);

  for (gsize i = 0; i < n_settings; i++)
    {
      g_autoptr (GCoapConfigSetting) setting = config_setting_new (endpoint, &settings[i]);

      g_list_store_append (list, setting);
    }

  return list;
}

static gboolean
read_value (GCoapConfigSetting *self)
{
  g_autofree char *value = NULL;

  if (self->endpoint == NULL)
    return FALSE;

  value = gcoap_endpoint_read_setting (self->endpoint, self->setting);
  if (g_str_equal (value, self->value))
    return FALSE;

  g_free (self->value);
  self->value = g_steal_pointer (&value);

  return TRUE;
}

void
gcoap_config_setting_update (GCoapConfigSetting *self)
{
  if (read_value (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE]);
}

/**
 * gcoap_config_setting_get_default_value: (get-property default-value)
 * @self: the setting
 *
 * What the value is at first.
 *
 * Returns: the value
 *
 * Since: 1.0
 */
const char *
gcoap_config_setting_get_default_value (GCoapConfigSetting *self)
{
  g_return_val_if_fail (GCOAP_IS_CONFIG_SETTING (self), NULL);

  return self->default_value;
}

/**
 * gcoap_config_setting_get_description: (get-property description)
 * @self: the setting
 *
 * What the setting does, in English.
 *
 * Returns: the text
 *
 * Since: 1.0
 */
const char *
gcoap_config_setting_get_description (GCoapConfigSetting *self)
{
  g_return_val_if_fail (GCOAP_IS_CONFIG_SETTING (self), NULL);

  return self->setting->description;
}

/**
 * gcoap_config_setting_get_name: (get-property name)
 * @self: the setting
 *
 * The name, as [method@Endpoint.config] takes it.
 *
 * Returns: the name
 *
 * Since: 1.0
 */
const char *
gcoap_config_setting_get_name (GCoapConfigSetting *self)
{
  g_return_val_if_fail (GCOAP_IS_CONFIG_SETTING (self), NULL);

  return self->setting->name;
}

/**
 * gcoap_config_setting_get_range: (get-property range)
 * @self: the setting
 *
 * What the value may be: see [property@ConfigSetting:range].
 *
 * Returns: the text
 *
 * Since: 1.0
 */
const char *
gcoap_config_setting_get_range (GCoapConfigSetting *self)
{
  g_return_val_if_fail (GCOAP_IS_CONFIG_SETTING (self), NULL);

  return self->range;
}

/**
 * gcoap_config_setting_get_read_only: (get-property read-only)
 * @self: the setting
 *
 * Whether it cannot be changed.
 *
 * Returns: %TRUE if so
 *
 * Since: 1.0
 */
gboolean
gcoap_config_setting_get_read_only (GCoapConfigSetting *self)
{
  g_return_val_if_fail (GCOAP_IS_CONFIG_SETTING (self), FALSE);

  return gcoap_setting_is_read_only (self->setting);
}

/**
 * gcoap_config_setting_get_value: (get-property value)
 * @self: the setting
 *
 * The value now, as [method@Endpoint.config] gives it.
 *
 * Returns: the value, good until it changes
 *
 * Since: 1.0
 */
const char *
gcoap_config_setting_get_value (GCoapConfigSetting *self)
{
  g_return_val_if_fail (GCOAP_IS_CONFIG_SETTING (self), NULL);

  gcoap_config_setting_update (self);

  return self->value;
}

/**
 * gcoap_config_setting_get_value_type: (get-property value-type)
 * @self: the setting
 *
 * What kind of value it is: see [property@ConfigSetting:value-type].
 *
 * Returns: the text
 *
 * Since: 1.0
 */
const char *
gcoap_config_setting_get_value_type (GCoapConfigSetting *self)
{
  g_return_val_if_fail (GCOAP_IS_CONFIG_SETTING (self), NULL);

  return gcoap_setting_get_type_name (self->setting);
}

/**
 * gcoap_config_setting_change:
 * @self: the setting
 * @value: the value; "" for the default
 * @error: return location for an error
 *
 * Changes the setting, as [method@Endpoint.config] does, and fails as that does; with
 * %GCOAP_ERROR_WRONG_MODE too if the endpoint is gone.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_config_setting_change (GCoapConfigSetting  *self,
                             const char          *value,
                             GError             **error)
{
  g_autofree char *configuration = NULL;
  g_autofree char *result = NULL;

  g_return_val_if_fail (GCOAP_IS_CONFIG_SETTING (self), FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (self->endpoint == NULL)
    {
      g_set_error_literal (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                           _("The endpoint of the setting is gone"));
      return FALSE;
    }

  configuration = g_strconcat (self->setting->name, "=", value, NULL);
  result = gcoap_endpoint_config (self->endpoint, configuration, error);

  return result != NULL;
}
