/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-config-setting-private.h"

#include <glib/gi18n-lib.h>

#include "gcoap/gcoap-error.h"

/* The endpoint's config(): a thin layer over the table of settings. */

static void
log_datagram_cb (gpointer    owner,
                 const char *line)
{
  gcoap_endpoint_log (owner, GCOAP_LOG_LEVEL_VERBOSE, "%s", line);
}

/* Makes the settings hold for what runs already. */
void
gcoap_endpoint_apply_settings (GCoapEndpoint *self)
{
  gboolean logs_messages = gcoap_endpoint_logs_messages (self);
  GCoapLogDetail detail = {
    .with_payload = self->settings.log_level >= GCOAP_LOG_LEVEL_DEBUG,
    .is_masked = self->settings.mask_sensitive,
  };

  self->settings.protocol.serves_requests = self->listening;
  gcoap_driver_set_parameters (self->driver, &self->settings.protocol);
  gcoap_driver_set_log (self->driver, logs_messages ? log_datagram_cb : NULL, detail);
  gcoap_endpoint_apply_socket_settings (self);
}

static char *
read_property (GCoapEndpoint      *self,
               const GCoapSetting *setting)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) text = G_VALUE_INIT;

  g_value_init (&text, G_TYPE_STRING);
  g_object_get_property (G_OBJECT (self), setting->text, &value);
  g_value_transform (&value, &text);

  return g_value_dup_string (&text);
}

static GParamSpec *
find_property (GCoapEndpoint      *self,
               const GCoapSetting *setting)
{
  return g_object_class_find_property (G_OBJECT_GET_CLASS (self), setting->text);
}

static gboolean
parse_property (const GCoapSetting  *setting,
                const char          *value,
                guint64             *out_number,
                GError             **error)
{
  if (g_ascii_string_to_unsigned (*value != '\0' ? value : "0", 10, setting->minimum,
                                  setting->maximum, out_number, NULL))
    return TRUE;

  gcoap_setting_set_number_error (setting, value, error);

  return FALSE;
}

gboolean
gcoap_endpoint_check_property (GCoapEndpoint       *self,
                               const GCoapSetting  *setting,
                               const char          *value,
                               GError             **error)
{
  guint64 number;

  return find_property (self, setting)->value_type == G_TYPE_STRING ||
         parse_property (setting, value, &number, error);
}

static gboolean
write_property (GCoapEndpoint       *self,
                const GCoapSetting  *setting,
                const char          *value,
                GError             **error)
{
  guint64 number;

  if (find_property (self, setting)->value_type == G_TYPE_STRING)
    {
      g_object_set (self, setting->text, value, NULL);
      return TRUE;
    }

  if (!parse_property (setting, value, &number, error))
    return FALSE;

  g_object_set (self, setting->text, (guint) number, NULL);

  return TRUE;
}

/* Errors quote it, whatever is expected. */
static gboolean
check_text (const GCoapSetting  *setting,
            const char          *value,
            GError             **error)
{
  if (g_utf8_validate (value, -1, NULL))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("The value of the setting %s must be UTF-8 text"), setting->name);

  return FALSE;
}

gboolean
gcoap_endpoint_check_setting (GCoapEndpoint       *self,
                              const GCoapSetting  *setting,
                              GError             **error)
{
  if (gcoap_setting_is_read_only (setting))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   _("The setting %s can only be read"), setting->name);
      return FALSE;
    }

  if (setting->is_fixed_while_open && self->listening)
    {
      g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                   _("%s cannot be changed while listening"), setting->name);
      return FALSE;
    }

  if (setting->is_fixed_while_open &&
      (self->is_draining || g_hash_table_size (self->calls) > 0))
    {
      g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                   _("%s cannot be changed while requests are pending"), setting->name);
      return FALSE;
    }

  return TRUE;
}

/* What the kernel has granted, if a socket is open; else what it will be asked for. */
static char *
read_buffer (GCoapEndpoint      *self,
             const GCoapSetting *setting)
{
  guint sizes[2];

  if (!gcoap_driver_get_buffers (self->driver, &sizes[0], &sizes[1]))
    return gcoap_settings_read (&self->settings, setting);

  return g_strdup_printf ("%u", setting->offset == G_STRUCT_OFFSET (GCoapSettings, in_buffer_size)
                                ? sizes[0] : sizes[1]);
}

static char *
read_destination (GCoapEndpoint *self)
{
  GCoapAddress destination;

  if (!gcoap_driver_get_destination (self->driver, &destination))
    return g_strdup ("");

  return gcoap_address_get_host (&destination);
}

char *
gcoap_endpoint_read_setting (GCoapEndpoint      *self,
                             const GCoapSetting *setting)
{
  switch (setting->type)
    {
    case GCOAP_SETTING_BUFFER:
      return read_buffer (self, setting);

    case GCOAP_SETTING_DESTINATION:
      return read_destination (self);

    case GCOAP_SETTING_PROPERTY:
      return read_property (self, setting);

    default:
      return gcoap_settings_read (&self->settings, setting);
    }
}

/* Those that follow from one that was changed change too. */
void
gcoap_endpoint_update_config_settings (GCoapEndpoint *self)
{
  g_autoptr (GListModel) list = NULL;

  if (self->config_settings == NULL)
    return;

  list = g_object_ref (G_LIST_MODEL (self->config_settings));
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (GCoapConfigSetting) setting = g_list_model_get_item (list, i);

      gcoap_config_setting_update (setting);
    }
}

static gboolean
write_value (GCoapEndpoint       *self,
             const GCoapSetting  *setting,
             const char          *value,
             GError             **error)
{
  if (setting->type == GCOAP_SETTING_PROPERTY)
    return write_property (self, setting, value, error);

  if (!gcoap_settings_write (&self->settings, setting, value, error))
    return FALSE;

  gcoap_endpoint_apply_settings (self);
  if (setting->is_fixed_while_open)
    gcoap_endpoint_leave_socket (self);

  return TRUE;
}

gboolean
gcoap_endpoint_write_setting (GCoapEndpoint       *self,
                              const GCoapSetting  *setting,
                              const char          *value,
                              GError             **error)
{
  g_autoptr (GCoapEndpoint) endpoint = g_object_ref (self);

  if (!gcoap_endpoint_check_setting (self, setting, error) ||
      !check_text (setting, value, error) ||
      !write_value (self, setting, value, error))
    return FALSE;

  gcoap_endpoint_update_config_settings (endpoint);
  gcoap_driver_pump (endpoint->driver);

  return TRUE;
}

/**
 * gcoap_endpoint_config:
 * @self: the endpoint
 * @configuration: `NAME` to read a setting, or `NAME=VALUE` to change it
 * @error: return location for an error
 *
 * Reads or changes a setting.
 *
 * Names, and the words for a boolean (True, False, Yes, No, 1, 0), may be in any letter case. Times
 * are in seconds and may have decimals. `NAME=` sets the default. A change holds from the next
 * message on, and for what waits in line or is kept, for a running endpoint too.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT for an unknown name or a value that is not allowed, with
 * %G_IO_ERROR_PERMISSION_DENIED for a setting that can only be read, and with
 * %GCOAP_ERROR_WRONG_MODE for one that cannot be changed while listening or while requests are
 * pending; each message says what is allowed.
 *
 * Returns: (transfer full): the setting's value, after the change if there is one; %NULL with
 *   @error set
 *
 * Since: 1.0
 */
char *
gcoap_endpoint_config (GCoapEndpoint  *self,
                       const char     *configuration,
                       GError        **error)
{
  g_autoptr (GCoapEndpoint) endpoint = NULL;
  const GCoapSetting *setting;
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (configuration != NULL, NULL);

  endpoint = g_object_ref (self);
  parts = g_strsplit (configuration, "=", 2);
  setting = gcoap_setting_lookup (parts[0] != NULL ? g_strstrip (parts[0]) : "", error);
  if (setting == NULL)
    return NULL;

  if (parts[1] != NULL &&
      !gcoap_endpoint_write_setting (self, setting, g_strstrip (parts[1]), error))
    return NULL;

  return gcoap_endpoint_read_setting (self, setting);
}

/**
 * gcoap_endpoint_get_config_settings:
 * @self: the endpoint
 *
 * All settings, a list of [class@ConfigSetting] by name, for a user interface to show.
 *
 * Returns: (transfer none): the list, always the same
 *
 * Since: 1.0
 */
GListModel *
gcoap_endpoint_get_config_settings (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  if (self->config_settings == NULL)
    self->config_settings = gcoap_config_setting_list_all (self);

  return G_LIST_MODEL (self->config_settings);
}
