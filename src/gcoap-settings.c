/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-settings-private.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#include "gcoap-code-page-private.h"
#include "transport/gcoap-udp-transport-private.h"

static gpointer
get_field (const GCoapSettings *self,
           const GCoapSetting  *setting)
{
  return (guint8 *) self + setting->offset;
}

void
gcoap_settings_init (GCoapSettings *self)
{
  *self = (GCoapSettings) {
    .code_page = GCOAP_CODE_PAGE_UTF_8,
    .explicit_cancel = TRUE,
    .firewall_data = g_strdup (""),
    .log_level = GCOAP_LOG_LEVEL_INFO,
    .mask_sensitive = TRUE,
    .max_packet_size = GCOAP_UDP_MAX_PACKET_SIZE,
  };
  gcoap_parameters_init (&self->protocol);
}

void
gcoap_settings_clear (GCoapSettings *self)
{
  g_clear_pointer (&self->firewall_data, g_free);
}

static char *
format_number (double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.10g", number));
}

static char *
format_duration (gint64 microseconds)
{
  return format_number ((double) microseconds / G_USEC_PER_SEC);
}

char *
gcoap_settings_read (const GCoapSettings *self,
                     const GCoapSetting  *setting)
{
  gpointer field = get_field (self, setting);

  switch (setting->type)
    {
    case GCOAP_SETTING_BOOLEAN:
      return g_strdup (*(gboolean *) field ? "True" : "False");

    case GCOAP_SETTING_BUFFER:
    case GCOAP_SETTING_COUNT:
    case GCOAP_SETTING_POWER:
      return g_strdup_printf ("%u", *(guint *) field);

    case GCOAP_SETTING_SIZE:
      return g_strdup_printf ("%" G_GSIZE_FORMAT, *(gsize *) field);

    case GCOAP_SETTING_FACTOR:
      return format_number (*(double *) field);

    case GCOAP_SETTING_DURATION:
      return format_duration (*(gint64 *) field);

    case GCOAP_SETTING_DERIVED:
      return format_duration (setting->derive (&self->protocol));

    case GCOAP_SETTING_TEXT:
      return g_strdup (setting->text);

    case GCOAP_SETTING_STRING:
      return g_strdup (*(char **) field);

    case GCOAP_SETTING_CHOICE:
      return g_strdup (setting->words[*(guint *) field]);

    case GCOAP_SETTING_CODE_PAGE:
      return gcoap_code_page_format (*(guint32 *) field);

    case GCOAP_SETTING_RESET:
      return g_strdup ("False");

    case GCOAP_SETTING_DESTINATION:
    case GCOAP_SETTING_PROPERTY:
    default:
      g_return_val_if_reached (NULL);
    }
}

static gboolean
parse_boolean (const char *value,
               gboolean   *out_boolean)
{
  static const char *const words[2][3] = { { "False", "0", "No" }, { "True", "1", "Yes" } };

  for (guint truth = 0; truth < 2; truth++)
    for (guint i = 0; i < 3; i++)
      if (g_ascii_strcasecmp (value, words[truth][i]) == 0)
        {
          *out_boolean = truth;
          return TRUE;
        }

  return FALSE;
}

static gboolean
parse_number (const GCoapSetting *setting,
              const char         *value,
              double             *out_number)
{
  char *end;
  double number = g_ascii_strtod (value, &end);

  if (end == value || *end != '\0' || !isfinite (number) ||
      number < setting->minimum || number > setting->maximum)
    return FALSE;

  *out_number = number;

  return TRUE;
}

static gboolean
read_boolean (const GCoapSetting  *setting,
              const char          *value,
              gboolean            *out_boolean,
              GError             **error)
{
  if (parse_boolean (value, out_boolean))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("\"%s\" is no value of the setting %s: it must be True or False, 1 or 0, "
                 "Yes or No"), value, setting->name);

  return FALSE;
}

static gboolean
fits (const GCoapSetting *setting,
      double              number)
{
  switch (setting->type)
    {
    case GCOAP_SETTING_BUFFER:
    case GCOAP_SETTING_COUNT:
    case GCOAP_SETTING_SIZE:
      return number == (gint64) number;

    case GCOAP_SETTING_POWER:
      return number == (guint) number && ((guint) number & ((guint) number - 1)) == 0;

    default:
      return TRUE;
    }
}

/* Each kind of number has a message of its own, for its words to agree in every language. */
void
gcoap_setting_set_number_error (const GCoapSetting  *setting,
                                const char          *value,
                                GError             **error)
{
  g_autofree char *minimum = format_number (setting->minimum);
  g_autofree char *maximum = format_number (setting->maximum);

  switch (setting->type)
    {
    case GCOAP_SETTING_POWER:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _("\"%s\" is no value of the setting %s: it must be a power of two from %s "
                     "to %s"), value, setting->name, minimum, maximum);
      break;

    case GCOAP_SETTING_DURATION:
    case GCOAP_SETTING_FACTOR:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _("\"%s\" is no value of the setting %s: it must be a number from %s to %s"),
                   value, setting->name, minimum, maximum);
      break;

    default:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _("\"%s\" is no value of the setting %s: it must be a whole number from %s "
                     "to %s"), value, setting->name, minimum, maximum);
    }
}

static gboolean
write_number (GCoapSettings       *self,
              const GCoapSetting  *setting,
              const char          *value,
              GError             **error)
{
  gpointer field = get_field (self, setting);
  double number;

  if (!parse_number (setting, value, &number) || !fits (setting, number))
    {
      gcoap_setting_set_number_error (setting, value, error);
      return FALSE;
    }

  switch (setting->type)
    {
    case GCOAP_SETTING_SIZE:
      *(gsize *) field = number;
      break;

    case GCOAP_SETTING_DURATION:
      *(gint64 *) field = number * G_USEC_PER_SEC + 0.5;
      break;

    case GCOAP_SETTING_FACTOR:
      *(double *) field = number;
      break;

    default:
      *(guint *) field = number;
    }

  return TRUE;
}

static void
write_string (GCoapSettings      *self,
              const GCoapSetting *setting,
              const char         *value)
{
  char **field = get_field (self, setting);

  g_free (*field);
  *field = g_strdup (value);
}

static gboolean
parse_choice (const GCoapSetting *setting,
              const char         *value,
              guint              *out_choice)
{
  guint n_words = g_strv_length ((char **) setting->words);
  guint64 number;

  for (guint i = 0; i < n_words; i++)
    if (g_ascii_strcasecmp (value, setting->words[i]) == 0)
      {
        *out_choice = i;
        return TRUE;
      }

  if (!g_ascii_string_to_unsigned (value, 10, 0, n_words - 1, &number, NULL))
    return FALSE;

  *out_choice = number;

  return TRUE;
}

static gboolean
write_choice (GCoapSettings       *self,
              const GCoapSetting  *setting,
              const char          *value,
              GError             **error)
{
  g_autofree char *words = NULL;

  if (parse_choice (setting, value, get_field (self, setting)))
    return TRUE;

  words = g_strjoinv (", ", (char **) setting->words);
  /* Translators: the third is a list of words. */
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("\"%s\" is no value of the setting %s: it must be one of %s, or its place among "
                 "them from 0 to %u"), value, setting->name, words,
               g_strv_length ((char **) setting->words) - 1);

  return FALSE;
}

static gboolean
write_code_page (GCoapSettings       *self,
                 const GCoapSetting  *setting,
                 const char          *value,
                 GError             **error)
{
  guint32 *field = get_field (self, setting);
  guint32 code_page;

  if (gcoap_code_page_parse (value, &code_page) && gcoap_code_page_is_available (code_page))
    {
      *field = code_page;
      return TRUE;
    }

  /* Translators: the third is a list of numbers. */
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("\"%s\" is no value of the setting %s: on this system it must be one of %s"),
               value, setting->name, gcoap_code_page_list ());

  return FALSE;
}

static void
write_default (GCoapSettings      *self,
               const GCoapSetting *setting)
{
  GCoapSettings defaults;
  g_autofree char *value = NULL;

  gcoap_settings_init (&defaults);
  value = gcoap_settings_read (&defaults, setting);
  if (setting->type == GCOAP_SETTING_STRING)
    write_string (self, setting, value);
  else
    gcoap_settings_write (self, setting, value, NULL);
  gcoap_settings_clear (&defaults);
}

static void
reset_timing (GCoapSettings *self)
{
  gsize n_settings;
  const GCoapSetting *settings = gcoap_setting_get_all (&n_settings);

  for (gsize i = 0; i < n_settings; i++)
    if (settings[i].is_timing)
      write_default (self, &settings[i]);
}

static gboolean
write_reset (GCoapSettings       *self,
             const GCoapSetting  *setting,
             const char          *value,
             GError             **error)
{
  gboolean is_reset;

  if (!read_boolean (setting, value, &is_reset, error))
    return FALSE;

  if (is_reset)
    reset_timing (self);

  return TRUE;
}

gboolean
gcoap_settings_write (GCoapSettings       *self,
                      const GCoapSetting  *setting,
                      const char          *value,
                      GError             **error)
{
  if (*value == '\0')
    {
      write_default (self, setting);
      return TRUE;
    }

  switch (setting->type)
    {
    case GCOAP_SETTING_BOOLEAN:
      return read_boolean (setting, value, get_field (self, setting), error);

    case GCOAP_SETTING_STRING:
      write_string (self, setting, value);
      return TRUE;

    case GCOAP_SETTING_CHOICE:
      return write_choice (self, setting, value, error);

    case GCOAP_SETTING_CODE_PAGE:
      return write_code_page (self, setting, value, error);

    case GCOAP_SETTING_RESET:
      return write_reset (self, setting, value, error);

    default:
      return write_number (self, setting, value, error);
    }
}
