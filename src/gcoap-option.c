/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-option-private.h"

#include <glib/gi18n-lib.h>

#include "codec/gcoap-option-def-private.h"
#include "gcoap/gcoap-enum-types.h"
#include "gcoap/gcoap-error.h"

/**
 * GCoapOption:
 *
 * An option of a request or a response (RFC 7252 section 5.4).
 *
 * The value is a text whose form the [property@Option:value-type] says; the bytes that go on the
 * wire are [property@Option:bytes]. A text that is no value of its type is noticed when the option
 * is sent, with %GCOAP_ERROR_INVALID_OPTION.
 *
 * Since: 1.0
 */
struct _GCoapOption
{
  GObject               parent_instance;
  guint                 number;
  GCoapOptionValueType  value_type;
  char                 *value; /* (owned) */
};

typedef enum
{
  PROP_BYTES = 1,
  PROP_CRITICAL,
  PROP_NAME,
  PROP_NO_CACHE_KEY,
  PROP_NUMBER,
  PROP_UNSAFE,
  PROP_VALUE,
  PROP_VALUE_TYPE,
} GCoapOptionProperty;

static GParamSpec *properties[PROP_VALUE_TYPE + 1];

G_DEFINE_FINAL_TYPE (GCoapOption, gcoap_option, G_TYPE_OBJECT)

static GCoapOptionValueType
get_registered_type (guint                number,
                     GCoapOptionValueType otherwise)
{
  const GCoapOptionDef *def = gcoap_option_def_lookup (number);

  if (def == NULL)
    return otherwise;

  switch (def->format)
    {
    case GCOAP_OPTION_FORMAT_STRING:
      return GCOAP_OPTION_VALUE_TYPE_STRING;

    case GCOAP_OPTION_FORMAT_UINT:
      return GCOAP_OPTION_VALUE_TYPE_UINT;

    case GCOAP_OPTION_FORMAT_EMPTY:
    case GCOAP_OPTION_FORMAT_OPAQUE:
    default:
      return GCOAP_OPTION_VALUE_TYPE_BINARY;
    }
}

static char *
format_hex (const guint8 *bytes,
            gsize         length)
{
  GString *text = g_string_sized_new (2 * length);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", bytes[i]);

  return g_string_free (text, FALSE);
}

static GBytes *
parse_hex (const char *text)
{
  gsize length = strlen (text) / 2;
  g_autofree guint8 *bytes = g_malloc (length + 1);

  if (strlen (text) % 2 != 0)
    return NULL;

  for (gsize i = 0; i < 2 * length; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return NULL;
      bytes[i / 2] = i % 2 == 0 ? digit << 4 : bytes[i / 2] | digit;
    }

  return g_bytes_new_take (g_steal_pointer (&bytes), length);
}

static GBytes *
parse_uint (const char *text)
{
  guint8 bytes[4];
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &number, NULL))
    return NULL;

  return g_bytes_new (bytes, gcoap_option_encode_uint (number, bytes));
}

static GBytes *
parse_value (GCoapOption *self)
{
  switch (self->value_type)
    {
    case GCOAP_OPTION_VALUE_TYPE_UINT:
      return parse_uint (self->value);

    case GCOAP_OPTION_VALUE_TYPE_BINARY:
      return parse_hex (self->value);

    case GCOAP_OPTION_VALUE_TYPE_STRING:
    default:
      return g_bytes_new (self->value, strlen (self->value));
    }
}

static void
take_value (GCoapOption          *self,
            GCoapOptionValueType  value_type,
            char                 *value)
{
  if (self->value_type != value_type)
    {
      self->value_type = value_type;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE_TYPE]);
    }
  g_free (self->value);
  self->value = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BYTES]);
}

/* Tells of what the number means, as far as it is something else than with the old one. */
static void
notify_traits (GCoapOption *self,
               guint        old_number)
{
  guint number = self->number;

  if (gcoap_option_number_is_critical (number) != gcoap_option_number_is_critical (old_number))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CRITICAL]);
  if (gcoap_option_number_is_unsafe (number) != gcoap_option_number_is_unsafe (old_number))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNSAFE]);
  if (gcoap_option_number_is_no_cache_key (number) !=
      gcoap_option_number_is_no_cache_key (old_number))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NO_CACHE_KEY]);
  if (g_strcmp0 (gcoap_option_number_get_name (number),
                 gcoap_option_number_get_name (old_number)) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/* The text of bytes that came from the wire; what the option's type cannot express is binary. */
static char *
format_value (GCoapOptionValueType *value_type,
              const guint8         *bytes,
              gsize                 length)
{
  guint32 number;

  if (*value_type == GCOAP_OPTION_VALUE_TYPE_STRING &&
      g_utf8_validate_len ((const char *) bytes, length, NULL))
    return length > 0 ? g_strndup ((const char *) bytes, length) : g_strdup ("");
  if (*value_type == GCOAP_OPTION_VALUE_TYPE_UINT &&
      gcoap_option_decode_uint (bytes, length, &number))
    return g_strdup_printf ("%u", number);

  *value_type = GCOAP_OPTION_VALUE_TYPE_BINARY;

  return format_hex (bytes, length);
}

static void
gcoap_option_finalize (GObject *object)
{
  GCoapOption *self = GCOAP_OPTION (object);

  g_clear_pointer (&self->value, g_free);

  G_OBJECT_CLASS (gcoap_option_parent_class)->finalize (object);
}

static void
gcoap_option_get_property (GObject    *object,
                           guint       property_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  GCoapOption *self = GCOAP_OPTION (object);

  switch ((GCoapOptionProperty) property_id)
    {
    case PROP_BYTES:
      g_value_take_boxed (value, gcoap_option_dup_bytes (self));
      break;

    case PROP_CRITICAL:
      g_value_set_boolean (value, gcoap_option_get_critical (self));
      break;

    case PROP_NAME:
      g_value_set_string (value, gcoap_option_get_name (self));
      break;

    case PROP_NO_CACHE_KEY:
      g_value_set_boolean (value, gcoap_option_get_no_cache_key (self));
      break;

    case PROP_NUMBER:
      g_value_set_uint (value, gcoap_option_get_number (self));
      break;

    case PROP_UNSAFE:
      g_value_set_boolean (value, gcoap_option_get_unsafe (self));
      break;

    case PROP_VALUE:
      g_value_set_string (value, gcoap_option_get_value (self));
      break;

    case PROP_VALUE_TYPE:
      g_value_set_enum (value, gcoap_option_get_value_type (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
gcoap_option_set_property (GObject      *object,
                           guint         property_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  GCoapOption *self = GCOAP_OPTION (object);

  switch ((GCoapOptionProperty) property_id)
    {
    case PROP_BYTES:
      gcoap_option_set_bytes (self, g_value_get_boxed (value));
      break;

    case PROP_NUMBER:
      gcoap_option_set_number (self, g_value_get_uint (value));
      break;

    case PROP_VALUE:
      gcoap_option_set_value (self, g_value_get_string (value));
      break;

    case PROP_VALUE_TYPE:
      gcoap_option_set_value_type (self, g_value_get_enum (value));
      break;

    case PROP_CRITICAL:
    case PROP_NAME:
    case PROP_NO_CACHE_KEY:
    case PROP_UNSAFE:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
gcoap_option_class_init (GCoapOptionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = gcoap_option_finalize;
  object_class->get_property = gcoap_option_get_property;
  object_class->set_property = gcoap_option_set_property;

  /**
   * GCoapOption:bytes: (getter dup_bytes) (setter set_bytes)
   *
   * The value as it goes on the wire; %NULL while the text is no value of its type.
   *
   * Since: 1.0
   */
  properties[PROP_BYTES] =
    g_param_spec_boxed ("bytes", NULL, NULL, G_TYPE_BYTES,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapOption:critical: (getter get_critical)
   *
   * Whether a receiver that does not know the option must refuse the message
   * (RFC 7252 section 5.4.1).
   *
   * Since: 1.0
   */
  properties[PROP_CRITICAL] =
    g_param_spec_boolean ("critical", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapOption:name: (getter get_name)
   *
   * The registered name, such as "Uri-Path"; %NULL for an unregistered number.
   *
   * Since: 1.0
   */
  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapOption:no-cache-key: (getter get_no_cache_key)
   *
   * Whether the option is left out of a cache key (RFC 7252 section 5.4.2).
   *
   * Since: 1.0
   */
  properties[PROP_NO_CACHE_KEY] =
    g_param_spec_boolean ("no-cache-key", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapOption:number: (getter get_number) (setter set_number)
   *
   * The option number, 0 to 65535.
   *
   * Setting a registered number sets [property@Option:value-type] too.
   *
   * Since: 1.0
   */
  properties[PROP_NUMBER] =
    g_param_spec_uint ("number", NULL, NULL, 0, GCOAP_OPTION_NUMBER_MAX, 0,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapOption:unsafe: (getter get_unsafe)
   *
   * Whether a proxy that does not know the option must not forward it
   * (RFC 7252 section 5.4.2).
   *
   * Since: 1.0
   */
  properties[PROP_UNSAFE] =
    g_param_spec_boolean ("unsafe", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapOption:value: (getter get_value) (setter set_value)
   *
   * The value as text, in the form that [property@Option:value-type] says.
   *
   * Since: 1.0
   */
  properties[PROP_VALUE] =
    g_param_spec_string ("value", NULL, NULL, "",
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapOption:value-type: (getter get_value_type) (setter set_value_type)
   *
   * The form of [property@Option:value].
   *
   * Since: 1.0
   */
  properties[PROP_VALUE_TYPE] =
    g_param_spec_enum ("value-type", NULL, NULL,
                       GCOAP_TYPE_OPTION_VALUE_TYPE, GCOAP_OPTION_VALUE_TYPE_STRING,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
gcoap_option_init (GCoapOption *self)
{
  self->value = g_strdup ("");
}

/**
 * gcoap_option_new:
 * @number: the option number, 0 to 65535
 * @value: the value, in the form that the number's registered type asks for; a string for an
 *   unregistered number
 *
 * Makes an option.
 *
 * Returns: (transfer full): the option
 *
 * Since: 1.0
 */
GCoapOption *
gcoap_option_new (guint       number,
                  const char *value)
{
  return g_object_new (GCOAP_TYPE_OPTION, "number", number, "value", value, NULL);
}

/**
 * gcoap_option_new_from_bytes:
 * @number: the option number, 0 to 65535
 * @bytes: (nullable): the value as it goes on the wire; %NULL for an empty one
 *
 * Makes an option from bytes. An unregistered number gives a binary value.
 *
 * Returns: (transfer full): the option
 *
 * Since: 1.0
 */
GCoapOption *
gcoap_option_new_from_bytes (guint   number,
                             GBytes *bytes)
{
  gsize length = 0;
  gconstpointer value = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  g_return_val_if_fail (number <= GCOAP_OPTION_NUMBER_MAX, NULL);

  return gcoap_option_new_from_wire (number, value, length);
}

GCoapOption *
gcoap_option_new_from_wire (guint         number,
                            gconstpointer value,
                            gsize         length)
{
  GCoapOption *self = g_object_new (GCOAP_TYPE_OPTION, NULL);

  self->number = number;
  self->value_type = get_registered_type (number, GCOAP_OPTION_VALUE_TYPE_BINARY);
  g_free (self->value);
  self->value = format_value (&self->value_type, value, length);

  return self;
}

/**
 * gcoap_option_dup_bytes: (get-property bytes)
 * @self: the option
 *
 * The value as it goes on the wire.
 *
 * Returns: (transfer full) (nullable): the bytes; %NULL while the text is no value of its type
 *
 * Since: 1.0
 */
GBytes *
gcoap_option_dup_bytes (GCoapOption *self)
{
  g_return_val_if_fail (GCOAP_IS_OPTION (self), NULL);

  return parse_value (self);
}

/**
 * gcoap_option_set_bytes: (set-property bytes)
 * @self: the option
 * @bytes: (nullable): the value as it goes on the wire; %NULL for an empty one
 *
 * Sets the value from bytes. What the type cannot express makes the option a binary one.
 *
 * Since: 1.0
 */
void
gcoap_option_set_bytes (GCoapOption *self,
                        GBytes      *bytes)
{
  gsize length = 0;
  gconstpointer data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  GCoapOptionValueType value_type;
  char *value;

  g_return_if_fail (GCOAP_IS_OPTION (self));

  value_type = self->value_type;
  value = format_value (&value_type, data, length);
  if (value_type == self->value_type && g_str_equal (value, self->value))
    g_free (value);
  else
    take_value (self, value_type, value);
}

/**
 * gcoap_option_get_critical: (get-property critical)
 * @self: the option
 *
 * Whether a receiver that does not know the option must refuse the message.
 *
 * Returns: %TRUE if it is critical
 *
 * Since: 1.0
 */
gboolean
gcoap_option_get_critical (GCoapOption *self)
{
  g_return_val_if_fail (GCOAP_IS_OPTION (self), FALSE);

  return gcoap_option_number_is_critical (self->number);
}

/**
 * gcoap_option_get_name: (get-property name)
 * @self: the option
 *
 * The registered name.
 *
 * Returns: (nullable): the name, such as "Uri-Path"; %NULL for an unregistered number
 *
 * Since: 1.0
 */
const char *
gcoap_option_get_name (GCoapOption *self)
{
  g_return_val_if_fail (GCOAP_IS_OPTION (self), NULL);

  return gcoap_option_number_get_name (self->number);
}

/**
 * gcoap_option_get_no_cache_key: (get-property no-cache-key)
 * @self: the option
 *
 * Whether the option is left out of a cache key.
 *
 * Returns: %TRUE if it is
 *
 * Since: 1.0
 */
gboolean
gcoap_option_get_no_cache_key (GCoapOption *self)
{
  g_return_val_if_fail (GCOAP_IS_OPTION (self), FALSE);

  return gcoap_option_number_is_no_cache_key (self->number);
}

/**
 * gcoap_option_get_number: (get-property number)
 * @self: the option
 *
 * The option number.
 *
 * Returns: 0 to 65535
 *
 * Since: 1.0
 */
guint
gcoap_option_get_number (GCoapOption *self)
{
  g_return_val_if_fail (GCOAP_IS_OPTION (self), 0);

  return self->number;
}

/**
 * gcoap_option_set_number: (set-property number)
 * @self: the option
 * @number: 0 to 65535
 *
 * Sets the number, and the type of the value if the number is registered.
 *
 * Since: 1.0
 */
void
gcoap_option_set_number (GCoapOption *self,
                         guint        number)
{
  guint old_number;

  g_return_if_fail (GCOAP_IS_OPTION (self));
  g_return_if_fail (number <= GCOAP_OPTION_NUMBER_MAX);

  if (self->number == number)
    return;

  g_object_freeze_notify (G_OBJECT (self));
  old_number = self->number;
  self->number = number;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NUMBER]);
  gcoap_option_set_value_type (self, get_registered_type (number, self->value_type));
  notify_traits (self, old_number);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * gcoap_option_get_unsafe: (get-property unsafe)
 * @self: the option
 *
 * Whether a proxy that does not know the option must not forward it.
 *
 * Returns: %TRUE if it is unsafe
 *
 * Since: 1.0
 */
gboolean
gcoap_option_get_unsafe (GCoapOption *self)
{
  g_return_val_if_fail (GCOAP_IS_OPTION (self), FALSE);

  return gcoap_option_number_is_unsafe (self->number);
}

/**
 * gcoap_option_get_value: (get-property value)
 * @self: the option
 *
 * The value as text.
 *
 * Returns: the text
 *
 * Since: 1.0
 */
const char *
gcoap_option_get_value (GCoapOption *self)
{
  g_return_val_if_fail (GCOAP_IS_OPTION (self), NULL);

  return self->value;
}

/**
 * gcoap_option_set_value: (set-property value)
 * @self: the option
 * @value: (nullable): the text, in the form that [property@Option:value-type] says; %NULL for ""
 *
 * Sets the value.
 *
 * Since: 1.0
 */
void
gcoap_option_set_value (GCoapOption *self,
                        const char  *value)
{
  g_return_if_fail (GCOAP_IS_OPTION (self));

  if (value == NULL)
    value = "";
  if (g_str_equal (self->value, value))
    return;

  take_value (self, self->value_type, g_strdup (value));
}

/**
 * gcoap_option_get_value_type: (get-property value-type)
 * @self: the option
 *
 * The form of the value's text.
 *
 * Returns: the type
 *
 * Since: 1.0
 */
GCoapOptionValueType
gcoap_option_get_value_type (GCoapOption *self)
{
  g_return_val_if_fail (GCOAP_IS_OPTION (self), GCOAP_OPTION_VALUE_TYPE_STRING);

  return self->value_type;
}

/**
 * gcoap_option_set_value_type: (set-property value-type)
 * @self: the option
 * @value_type: the form of the value's text
 *
 * Says how the value's text is to be read. The text is left as it is.
 *
 * Since: 1.0
 */
void
gcoap_option_set_value_type (GCoapOption          *self,
                             GCoapOptionValueType  value_type)
{
  g_return_if_fail (GCOAP_IS_OPTION (self));

  if (self->value_type == value_type)
    return;

  self->value_type = value_type;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE_TYPE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BYTES]);
}

GBytes *
gcoap_option_encode (GCoapOption  *self,
                     GError      **error)
{
  GBytes *bytes = parse_value (self);

  if (bytes != NULL)
    return bytes;

  if (self->value_type == GCOAP_OPTION_VALUE_TYPE_UINT)
    g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_OPTION,
                 _("The value \"%s\" of option %u is not an unsigned integer: it must be 0 to "
                   "4294967295"), self->value, self->number);
  else
    g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_OPTION,
                 _("The value \"%s\" of option %u is not binary: it must be pairs of "
                   "hexadecimal digits"), self->value, self->number);

  return NULL;
}

void
gcoap_option_list_decode (GListStore   *list,
                          const guint8 *wire,
                          gsize         length)
{
  GCoapOptionIter iter;

  gcoap_option_iter_init (&iter, wire, length);
  while (gcoap_option_iter_next (&iter))
    {
      g_autoptr (GCoapOption) option =
        gcoap_option_new_from_wire (iter.number, iter.value, iter.length);

      g_list_store_append (list, option);
    }
}
