/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-endpoint-private.h"

#include <string.h>

/* The settings in a key file, so that a deployment can keep its tuning there. */

#define GROUP "GCoap"

/* Whether a line of the file sets the key. */
static gboolean
is_key_line (const char *line,
             const char *key)
{
  gsize length = strlen (key);

  return strncmp (line, key, length) == 0 &&
         line[length + strspn (line + length, " \t")] == '=';
}

/* GKeyFile does not tell: the line of a key in our group, from 1; of several, the last. */
static guint
find_line (const char *contents,
           const char *key)
{
  g_auto (GStrv) lines = g_strsplit (contents, "\n", -1);
  gboolean is_in_group = FALSE;
  guint last = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strchug (lines[i]);

      if (*line == '[')
        is_in_group = g_str_has_prefix (line, "[" GROUP "]");
      else if (is_in_group && is_key_line (line, key))
        last = i + 1;
    }

  return last;
}

/* What GKeyFile quotes in an error may be bytes that are no text. */
static void
pass_on (GError     **error,
         GError      *failure,
         const char  *prefix)
{
  g_autofree char *message = g_utf8_make_valid (failure->message, -1);

  g_set_error (error, failure->domain, failure->code, "%s%s", prefix, message);
  g_error_free (failure);
}

/* GKeyFile may return something beside an error. */
static char *
read_value (GKeyFile    *file,
            const char  *key,
            GError     **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *value = g_key_file_get_string (file, GROUP, key, &failure);

  if (failure == NULL)
    return g_strstrip (g_steal_pointer (&value));

  pass_on (error, g_steal_pointer (&failure), "");

  return NULL;
}

static gboolean
check_key (GCoapEndpoint  *self,
           GCoapSettings  *scratch,
           const char     *key,
           const char     *value,
           GError        **error)
{
  const GCoapSetting *setting = gcoap_setting_lookup (key, error);

  if (setting == NULL || !gcoap_endpoint_check_setting (self, setting, error))
    return FALSE;

  return setting->type == GCOAP_SETTING_PROPERTY
         ? gcoap_endpoint_check_property (self, setting, value, error)
         : gcoap_settings_write (scratch, setting, value, error);
}

/* All is checked before anything is changed. */
static gboolean
check_file (GCoapEndpoint  *self,
            GKeyFile       *file,
            char          **keys,
            const char     *shown_name,
            const char     *contents,
            GError        **error)
{
  GCoapSettings scratch;
  gboolean is_good = TRUE;

  gcoap_settings_init (&scratch);
  for (guint i = 0; is_good && keys[i] != NULL; i++)
    {
      g_autofree char *value = read_value (file, keys[i], error);

      is_good = value != NULL && check_key (self, &scratch, keys[i], value, error);
      if (!is_good)
        g_prefix_error (error, "%s:%u: ", shown_name, find_line (contents, keys[i]));
    }
  gcoap_settings_clear (&scratch);

  return is_good;
}

static gboolean
apply_file (GCoapEndpoint  *self,
            GKeyFile       *file,
            char          **keys,
            GError        **error)
{
  g_autoptr (GCoapEndpoint) endpoint = g_object_ref (self);

  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_autofree char *value = read_value (file, keys[i], NULL);

      if (!gcoap_endpoint_write_setting (endpoint, gcoap_setting_lookup (keys[i], NULL), value,
                                         error))
        return FALSE;
    }

  return TRUE;
}

/**
 * gcoap_endpoint_load_config_file:
 * @self: the endpoint
 * @filename: (type filename): the file
 * @error: return location for an error
 *
 * Changes the settings that stand in the group `[GCoap]` of a key file, as
 * [method@Endpoint.config] does, a line each: `AckTimeout=3`.
 *
 * Other groups are left alone, so that a program can keep settings of its own in the same file.
 * Nothing is changed if one line is wrong.
 *
 * Fails as [method@Endpoint.config] does, where the message begins with the file and the line, and
 * with an error of [error@GLib.FileError] or [error@GLib.KeyFileError], such as
 * %G_KEY_FILE_ERROR_GROUP_NOT_FOUND where there is no such group.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_load_config_file (GCoapEndpoint  *self,
                                 const char     *filename,
                                 GError        **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) failure = NULL;
  g_autofree char *shown_name = NULL;
  g_autofree char *contents = NULL;
  g_auto (GStrv) keys = NULL;
  gsize length;

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);
  g_return_val_if_fail (filename != NULL, FALSE);

  if (!g_file_get_contents (filename, &contents, &length, error))
    return FALSE;

  shown_name = g_filename_display_name (filename);
  if (!g_key_file_load_from_data (file, contents, length, G_KEY_FILE_KEEP_TRANSLATIONS, &failure) ||
      (keys = g_key_file_get_keys (file, GROUP, NULL, &failure)) == NULL)
    {
      g_autofree char *prefix = g_strconcat (shown_name, ": ", NULL);

      pass_on (error, g_steal_pointer (&failure), prefix);
      return FALSE;
    }

  return check_file (self, file, keys, shown_name, contents, error) &&
         apply_file (self, file, keys, error);
}

/* What it was set to, which for an address is not always what it reads back. */
static char *
read_set_value (GCoapEndpoint      *self,
                const GCoapSetting *setting)
{
  if (setting->type != GCOAP_SETTING_PROPERTY)
    return gcoap_settings_read (&self->settings, setting);

  return setting->maximum > 0 ? g_strdup_printf ("%u", self->local_port)
                              : g_strdup (self->local_host);
}

static void
save_setting (GCoapEndpoint      *self,
              const GCoapSetting *setting,
              GKeyFile           *file)
{
  g_autofree char *value = NULL;
  g_autofree char *default_value = NULL;

  if (gcoap_setting_is_read_only (setting) || setting->type == GCOAP_SETTING_RESET)
    return;

  value = read_set_value (self, setting);
  default_value = gcoap_setting_make_default (setting);
  if (!g_str_equal (value, default_value))
    g_key_file_set_string (file, GROUP, setting->name, value);
}

/* Leaves the comments. A group is there in any case, for a file without one cannot be loaded. */
static void
empty_group (GKeyFile *file)
{
  g_auto (GStrv) keys = NULL;

  g_key_file_set_string (file, GROUP, "any", "");
  keys = g_key_file_get_keys (file, GROUP, NULL, NULL);
  for (guint i = 0; keys[i] != NULL; i++)
    g_key_file_remove_key (file, GROUP, keys[i], NULL);
}

/**
 * gcoap_endpoint_save_config:
 * @self: the endpoint
 * @filename: (type filename): the file
 * @error: return location for an error
 *
 * Writes the settings that are not at their defaults to a key file, from which
 * [method@Endpoint.load_config_file] brings them back.
 *
 * Other groups of the file are kept, and comments. Nothing else that stood in the group `[GCoap]`
 * stays there.
 *
 * Fails with an error of [error@GLib.FileError] or [error@GLib.KeyFileError].
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_save_config (GCoapEndpoint  *self,
                            const char     *filename,
                            GError        **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) failure = NULL;
  gsize n_settings;
  const GCoapSetting *settings = gcoap_setting_get_all (&n_settings);

  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);
  g_return_val_if_fail (filename != NULL, FALSE);

  if (!g_key_file_load_from_file (file, filename,
                                  G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS,
                                  &failure) &&
      !g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_autofree char *shown_name = g_filename_display_name (filename);
      g_autofree char *prefix = g_strconcat (shown_name, ": ", NULL);

      pass_on (error, g_steal_pointer (&failure), prefix);
      return FALSE;
    }

  empty_group (file);
  for (gsize i = 0; i < n_settings; i++)
    save_setting (self, &settings[i], file);

  return g_key_file_save_to_file (file, filename, error);
}
