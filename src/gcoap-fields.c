/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-fields-private.h"

#include "gcoap-option-private.h"
#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-content-format.h"
#include "gcoap/gcoap-option-number.h"

static gboolean
is_same_bytes (GBytes *one,
               GBytes *other)
{
  if (one == NULL || other == NULL)
    return one == other;

  return g_bytes_equal (one, other);
}

static void
replace_bytes (GBytes **place,
               GBytes  *bytes)
{
  GBytes *old = *place;

  *place = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  if (old != NULL)
    g_bytes_unref (old);
}

static void
fill_options (GCoapFields *self)
{
  GCoapOptions *options = gcoap_message_get_options (self->message);

  gcoap_option_list_decode (self->options, options->data, options->length);
}

/* Turns what is read from a message into values of its own, so that one of them can be set. */
static void
detach (GCoapFields *self)
{
  if (self->message == NULL)
    return;

  gcoap_fields_get_code (self);
  self->content_format = gcoap_fields_get_content_format (self);
  replace_bytes (&self->data, gcoap_fields_get_data (self));
  gcoap_fields_get_etag (self);
  gcoap_fields_get_options (self);
  g_clear_pointer (&self->message, gcoap_message_unref);
}

void
gcoap_fields_init (GCoapFields *self)
{
  *self = (GCoapFields) { .content_format = GCOAP_CONTENT_FORMAT_NONE };
}

void
gcoap_fields_reset (GCoapFields *self)
{
  g_clear_pointer (&self->message, gcoap_message_unref);
  g_clear_pointer (&self->code, g_free);
  self->content_format = GCOAP_CONTENT_FORMAT_NONE;
  g_clear_pointer (&self->data, g_bytes_unref);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->etag, g_bytes_unref);
  if (self->options != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->options)) > 0)
    g_list_store_remove_all (self->options);
}

void
gcoap_fields_clear (GCoapFields *self)
{
  g_clear_object (&self->options);
  gcoap_fields_reset (self);
}

void
gcoap_fields_set_message (GCoapFields  *self,
                          GCoapMessage *message)
{
  gcoap_fields_reset (self);
  self->message = gcoap_message_ref (message);
  if (self->options != NULL)
    fill_options (self);
}

static void
copy_options (GCoapFields *self,
              GListModel  *options)
{
  guint n_items = g_list_model_get_n_items (options);

  if (self->options == NULL)
    self->options = g_list_store_new (GCOAP_TYPE_OPTION);

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (GObject) option = g_list_model_get_object (options, i);

      g_list_store_append (self->options, option);
    }
}

void
gcoap_fields_copy (GCoapFields *self,
                   GCoapFields *other)
{
  gcoap_fields_reset (self);
  self->message = other->message != NULL ? gcoap_message_ref (other->message) : NULL;
  self->code = g_strdup (other->code);
  self->content_format = other->content_format;
  replace_bytes (&self->data, other->data);
  g_set_object (&self->stream, other->stream);
  replace_bytes (&self->etag, other->etag);
  if (other->options != NULL)
    copy_options (self, G_LIST_MODEL (other->options));
  else if (self->options != NULL && self->message != NULL)
    fill_options (self);
}

const char *
gcoap_fields_get_code (GCoapFields *self)
{
  if (self->message != NULL && self->code == NULL)
    self->code = gcoap_code_to_string (gcoap_message_get_code (self->message));

  return self->code != NULL ? self->code : "";
}

int
gcoap_fields_get_content_format (GCoapFields *self)
{
  return self->message != NULL ? gcoap_message_get_content_format (self->message)
                               : self->content_format;
}

GBytes *
gcoap_fields_get_data (GCoapFields *self)
{
  return self->message != NULL ? gcoap_message_get_payload (self->message) : self->data;
}

GBytes *
gcoap_fields_get_etag (GCoapFields *self)
{
  if (self->message != NULL && self->etag == NULL)
    self->etag = gcoap_message_dup_option (self->message, GCOAP_OPTION_NUMBER_ETAG);

  return self->etag;
}

GListStore *
gcoap_fields_get_options (GCoapFields *self)
{
  if (self->options == NULL)
    {
      self->options = g_list_store_new (GCOAP_TYPE_OPTION);
      if (self->message != NULL)
        fill_options (self);
    }

  return self->options;
}

gboolean
gcoap_fields_set_code (GCoapFields *self,
                       const char  *code)
{
  if (g_str_equal (gcoap_fields_get_code (self), code))
    return FALSE;

  detach (self);
  g_free (self->code);
  self->code = g_strdup (code);

  return TRUE;
}

gboolean
gcoap_fields_set_content_format (GCoapFields *self,
                                 int          content_format)
{
  if (gcoap_fields_get_content_format (self) == content_format)
    return FALSE;

  detach (self);
  self->content_format = content_format;

  return TRUE;
}

gboolean
gcoap_fields_set_data (GCoapFields *self,
                       GBytes      *data)
{
  if (is_same_bytes (gcoap_fields_get_data (self), data))
    return FALSE;

  detach (self);
  replace_bytes (&self->data, data);

  return TRUE;
}

gboolean
gcoap_fields_set_stream (GCoapFields  *self,
                         GInputStream *stream)
{
  if (self->stream == stream)
    return FALSE;

  detach (self);

  return g_set_object (&self->stream, stream);
}

gboolean
gcoap_fields_set_etag (GCoapFields *self,
                       GBytes      *etag)
{
  if (is_same_bytes (gcoap_fields_get_etag (self), etag))
    return FALSE;

  detach (self);
  replace_bytes (&self->etag, etag);

  return TRUE;
}

static gboolean
write_option (GCoapOptions   *options,
              guint          number,
              GBytes        *value,
              GError        **error)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (value, &length);

  if (!gcoap_option_check (number, length, gcoap_options_have (options, number), error))
    return FALSE;

  gcoap_options_add (options, number, bytes, length);

  return TRUE;
}

static gboolean
write_option_list (GListModel    *list,
                   GCoapOptions  *options,
                   GError       **error)
{
  guint n_items = g_list_model_get_n_items (list);

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (GCoapOption) option = g_list_model_get_item (list, i);
      g_autoptr (GBytes) value = gcoap_option_encode (option, error);

      if (value == NULL ||
          !write_option (options, gcoap_option_get_number (option), value, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
gcoap_fields_write_options (GCoapFields   *self,
                            gboolean       is_bare,
                            GCoapOptions  *options,
                            GError       **error)
{
  if (self->message != NULL)
    return TRUE;

  if (self->etag != NULL && g_bytes_get_size (self->etag) > 0 &&
      !write_option (options, GCOAP_OPTION_NUMBER_ETAG, self->etag, error))
    return FALSE;

  if (!is_bare && self->content_format != GCOAP_CONTENT_FORMAT_NONE)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_CONTENT_FORMAT, self->content_format);

  return self->options == NULL ||
         write_option_list (G_LIST_MODEL (self->options), options, error);
}

char *
gcoap_fields_dup_location (GCoapFields *self,
                           const char  *base_uri)
{
  GCoapOptions options;
  char *location = NULL;

  if (self->message != NULL)
    return gcoap_message_dup_location (self->message, base_uri);
  if (self->options == NULL)
    return NULL;

  gcoap_options_init (&options);
  if (write_option_list (G_LIST_MODEL (self->options), &options, NULL))
    location = gcoap_uri_compose_location (base_uri, options.data, options.length);
  gcoap_options_clear (&options);

  return location;
}

static void
remove_location (GListStore *list)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (list)); i > 0; i--)
    {
      g_autoptr (GCoapOption) option = g_list_model_get_item (G_LIST_MODEL (list), i - 1);
      guint number = gcoap_option_get_number (option);

      if (number == GCOAP_OPTION_NUMBER_LOCATION_PATH ||
          number == GCOAP_OPTION_NUMBER_LOCATION_QUERY)
        g_list_store_remove (list, i - 1);
    }
}

gboolean
gcoap_fields_set_location (GCoapFields  *self,
                           const char   *location,
                           GError      **error)
{
  GCoapOptions parsed;
  gboolean is_valid;

  gcoap_options_init (&parsed);
  is_valid = location == NULL || gcoap_uri_decompose_location (location, &parsed, error);
  if (is_valid)
    {
      GListStore *list = gcoap_fields_get_options (self);

      detach (self);
      remove_location (list);
      gcoap_option_list_decode (list, parsed.data, parsed.length);
    }
  gcoap_options_clear (&parsed);

  return is_valid;
}
