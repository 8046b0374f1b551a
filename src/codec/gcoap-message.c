/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/gcoap-message-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "codec/gcoap-option-def-private.h"
#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-content-format.h"
#include "gcoap/gcoap-error.h"

/**
 * GCoapMessage:
 *
 * A CoAP message: a code, options and a payload (RFC 7252 section 3).
 *
 * A program builds one, fills it and gives it to [method@Endpoint.send_async]; from then on it is
 * sealed and must not be changed. The messages that come back are sealed from the start.
 * References may be held and dropped from any thread.
 *
 * Since: 1.0
 */

struct _GCoapMessage
{
  gatomicrefcount  ref_count;
  guint8           code;
  guint8           token_length;
  guint16          message_id;
  GCoapMessageType type;
  gboolean         has_token;
  gboolean         sealed;
  guint8           token[GCOAP_TOKEN_LENGTH_MAX];
  GCoapUriTarget   target;
  GCoapOptions     options;
  GBytes          *payload;        /* (owned) (nullable) made from the received one when asked */
  gsize            payload_length; /* of the payload that was received */
  guint8           received_payload[];
};

static GCoapMessage *
message_alloc (guint code,
               gsize payload_length)
{
  GCoapMessage *self = g_slice_alloc (sizeof (GCoapMessage) + payload_length);

  memset (self, 0, sizeof (GCoapMessage));
  g_atomic_ref_count_init (&self->ref_count);
  self->code = code;
  self->payload_length = payload_length;
  gcoap_options_init (&self->options);

  return self;
}

static void
message_free (GCoapMessage *self)
{
  gcoap_uri_target_clear (&self->target);
  gcoap_options_clear (&self->options);
  g_clear_pointer (&self->payload, g_bytes_unref);
  g_slice_free1 (sizeof (GCoapMessage) + self->payload_length, self);
}

static gboolean
is_editable (GCoapMessage *self)
{
  return self != NULL && !self->sealed;
}

static gboolean
find_option (GCoapMessage    *self,
             guint            number,
             GCoapOptionIter *iter)
{
  gcoap_option_iter_init (iter, self->options.data, self->options.length);

  return gcoap_option_iter_find (iter, number);
}

static guint
count_option (GCoapMessage *self,
              guint         number)
{
  GCoapOptionIter iter;
  guint n_present = 0;

  gcoap_option_iter_init (&iter, self->options.data, self->options.length);
  while (gcoap_option_iter_next (&iter))
    n_present += iter.number == number;

  return n_present;
}

static gboolean
add_option (GCoapMessage  *self,
            guint          number,
            gconstpointer  value,
            gsize          length,
            GError       **error)
{
  if (!gcoap_option_check (number, length, count_option (self, number), error))
    return FALSE;

  gcoap_options_add (&self->options, number, value, length);

  return TRUE;
}

gboolean
gcoap_option_check (guint    number,
                    gsize    length,
                    guint    n_present,
                    GError **error)
{
  const GCoapOptionDef *def = gcoap_option_def_lookup (number);

  if (number > GCOAP_OPTION_NUMBER_MAX)
    {
      g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_OPTION,
                   _("%u is not an option number: it must be 0 to 65535"), number);
      return FALSE;
    }

  if (length > GCOAP_OPTION_LENGTH_MAX)
    {
      g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_OPTION,
                   _("The value of option %u has %zu bytes: at most %d fit"),
                   number, length, GCOAP_OPTION_LENGTH_MAX);
      return FALSE;
    }

  if (def == NULL)
    return TRUE;

  if (length < def->min_length || length > def->max_length)
    {
      g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_OPTION,
                   g_dngettext (GETTEXT_PACKAGE,
                                "The value of option %s has %zu byte: it must have %u to %u",
                                "The value of option %s has %zu bytes: it must have %u to %u",
                                length),
                   def->name, length, def->min_length, def->max_length);
      return FALSE;
    }

  if (n_present > 0 && !def->repeatable)
    {
      g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_OPTION,
                   _("Option %s may stand in a message only once"), def->name);
      return FALSE;
    }

  return TRUE;
}

/**
 * gcoap_message_new:
 * @code: the code, 0 to 255
 *
 * Makes an empty message without a destination.
 *
 * Returns: (transfer full): the message
 *
 * Since: 1.0
 */
GCoapMessage *
gcoap_message_new (guint code)
{
  g_return_val_if_fail (code <= 255, NULL);

  return message_alloc (code, 0);
}

/**
 * gcoap_message_new_request:
 * @method: the method code, 1 to 31 as in [enum@Method], or 0 for a ping
 * @uri: the resource, such as `coap://host:port/path?query`
 * @error: return location for an error
 *
 * Makes a request, with the options that the URI decomposes to (RFC 7252 section 6.4).
 *
 * The path and the query of the URI become Uri-Path and Uri-Query options; a host name becomes
 * Uri-Host, an IP literal does not. The request is confirmable. A ping (method 0, RFC 7252
 * section 4.3) uses the host and the port of the URI only.
 *
 * Fails with %GCOAP_ERROR_INVALID_URI.
 *
 * Returns: (transfer full): the request, or %NULL with @error set
 *
 * Since: 1.0
 */
GCoapMessage *
gcoap_message_new_request (guint        method,
                           const char  *uri,
                           GError     **error)
{
  g_autoptr (GCoapMessage) self = NULL;

  g_return_val_if_fail (method <= 31, NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  self = message_alloc (method, 0);
  if (!gcoap_uri_decompose (uri, &self->target, &self->options, error))
    return NULL;
  if (method == GCOAP_CODE_EMPTY)
    gcoap_options_clear (&self->options);

  return g_steal_pointer (&self);
}

/* A received message: what the frame shows is copied. */
GCoapMessage *
gcoap_message_new_from_frame (const GCoapFrame *frame)
{
  GCoapMessage *self = message_alloc (frame->code, frame->payload_length);

  self->type = frame->type;
  self->message_id = frame->message_id;
  self->has_token = TRUE;
  self->token_length = frame->token_length;
  memcpy (self->token, frame->token, frame->token_length);
  gcoap_options_set_wire (&self->options, frame->options, frame->options_length);
  if (frame->payload_length > 0)
    memcpy (self->received_payload, frame->payload, frame->payload_length);
  self->sealed = TRUE;

  return self;
}

GCoapMessage *
gcoap_message_copy (GCoapMessage *self)
{
  GCoapMessage *copy = message_alloc (self->code, 0);

  copy->type = self->type;
  if (self->has_token)
    gcoap_message_assign_token (copy, self->token, self->token_length);
  copy->target = self->target;
  copy->target.host = g_strdup (self->target.host);
  gcoap_options_set_wire (&copy->options, self->options.data, self->options.length);
  gcoap_message_set_payload (copy, gcoap_message_get_payload (self));

  return copy;
}

/**
 * gcoap_message_ref:
 * @self: the message
 *
 * Adds a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
GCoapMessage *
gcoap_message_ref (GCoapMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * gcoap_message_unref:
 * @self: (transfer full): the message
 *
 * Drops a reference; the last one frees the message.
 *
 * Since: 1.0
 */
void
gcoap_message_unref (GCoapMessage *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    message_free (self);
}

/**
 * gcoap_message_is_sealed:
 * @self: the message
 *
 * Whether the message has been sent or received, and must not be changed any more.
 *
 * Returns: %TRUE if it is sealed
 *
 * Since: 1.0
 */
gboolean
gcoap_message_is_sealed (GCoapMessage *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->sealed;
}

void
gcoap_message_seal (GCoapMessage *self)
{
  self->sealed = TRUE;
}

/**
 * gcoap_message_get_code:
 * @self: the message
 *
 * The method or response code, as in [enum@Method] and [enum@Code].
 *
 * Returns: the code, 0 to 255
 *
 * Since: 1.0
 */
guint
gcoap_message_get_code (GCoapMessage *self)
{
  g_return_val_if_fail (self != NULL, GCOAP_CODE_EMPTY);

  return self->code;
}

/**
 * gcoap_message_dup_uri:
 * @self: the message
 *
 * The URI that a request goes to, composed from its destination and its options
 * (RFC 7252 section 6.5).
 *
 * Returns: (transfer full) (nullable): the URI; %NULL if the message has no destination
 *
 * Since: 1.0
 */
char *
gcoap_message_dup_uri (GCoapMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->target.host == NULL)
    return NULL;

  return gcoap_uri_compose (self->target.host, self->target.port,
                            self->options.data, self->options.length);
}

/**
 * gcoap_message_get_confirmable:
 * @self: the message
 *
 * Whether the message is sent as a Confirmable one, or was received as one
 * (RFC 7252 section 2.1).
 *
 * Returns: %TRUE if it is confirmable
 *
 * Since: 1.0
 */
gboolean
gcoap_message_get_confirmable (GCoapMessage *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->type == GCOAP_MESSAGE_TYPE_CON;
}

/**
 * gcoap_message_set_confirmable:
 * @self: a message that is not sealed
 * @confirmable: whether to repeat it until it is acknowledged
 *
 * Chooses between a Confirmable message (the default) and a Non-confirmable one.
 *
 * A request to a multicast address is always Non-confirmable (RFC 7252 section 8.1).
 *
 * Since: 1.0
 */
void
gcoap_message_set_confirmable (GCoapMessage *self,
                               gboolean      confirmable)
{
  g_return_if_fail (is_editable (self));

  self->type = confirmable ? GCOAP_MESSAGE_TYPE_CON : GCOAP_MESSAGE_TYPE_NON;
}

gboolean
gcoap_message_has_token (GCoapMessage *self)
{
  return self->has_token;
}

/**
 * gcoap_message_dup_token:
 * @self: the message
 *
 * The token that was received, or that [method@Message.set_token] has set.
 *
 * Returns: (transfer full) (nullable): the token, 0 to 8 bytes; %NULL where the endpoint chooses
 *
 * Since: 1.0
 */
GBytes *
gcoap_message_dup_token (GCoapMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->has_token ? g_bytes_new (self->token, self->token_length) : NULL;
}

/**
 * gcoap_message_set_token:
 * @self: a message that is not sealed
 * @token: (nullable): 0 to 8 bytes; %NULL to have a random one chosen
 * @error: return location for an error
 *
 * Sends the request with a token of the caller's choice (RFC 7252 section 5.3.1).
 *
 * Tokens guard against forged responses, so a random one, the default, is the better choice.
 *
 * Fails with %GCOAP_ERROR_INVALID_OPTION if the token is longer than 8 bytes.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_message_set_token (GCoapMessage  *self,
                         GBytes        *token,
                         GError       **error)
{
  gsize length = 0;
  gconstpointer bytes = token != NULL ? g_bytes_get_data (token, &length) : NULL;

  g_return_val_if_fail (is_editable (self), FALSE);

  if (length > GCOAP_TOKEN_LENGTH_MAX)
    {
      g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_OPTION,
                   _("The token has %zu bytes: at most %d are allowed"),
                   length, GCOAP_TOKEN_LENGTH_MAX);
      return FALSE;
    }

  gcoap_message_assign_token (self, bytes, length);
  self->has_token = token != NULL;

  return TRUE;
}

void
gcoap_message_assign_token (GCoapMessage *self,
                            const guint8 *token,
                            gsize         length)
{
  self->has_token = TRUE;
  self->token_length = length;
  if (length > 0)
    memcpy (self->token, token, length);
}

/**
 * gcoap_message_get_payload:
 * @self: the message
 *
 * The payload.
 *
 * Returns: (transfer none) (nullable): the bytes; %NULL if there are none
 *
 * Since: 1.0
 */
GBytes *
gcoap_message_get_payload (GCoapMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->payload == NULL && self->payload_length > 0)
    self->payload = g_bytes_new (self->received_payload, self->payload_length);

  return self->payload;
}

/**
 * gcoap_message_set_payload:
 * @self: a message that is not sealed
 * @payload: (nullable): the bytes; %NULL for none
 *
 * Sets the payload.
 *
 * Since: 1.0
 */
void
gcoap_message_set_payload (GCoapMessage *self,
                           GBytes       *payload)
{
  g_return_if_fail (is_editable (self));

  gcoap_message_assign_payload (self, payload);
}

void
gcoap_message_assign_payload (GCoapMessage *self,
                              GBytes       *payload)
{
  if (payload != NULL)
    g_bytes_ref (payload);
  g_clear_pointer (&self->payload, g_bytes_unref);
  if (payload != NULL && g_bytes_get_size (payload) == 0)
    g_clear_pointer (&payload, g_bytes_unref);
  self->payload = payload;
}

/**
 * gcoap_message_dup_text:
 * @self: the message
 *
 * The payload as text.
 *
 * Returns: (transfer full) (nullable): the text, "" where there is no payload; %NULL if the
 *   payload is not UTF-8
 *
 * Since: 1.0
 */
char *
gcoap_message_dup_text (GCoapMessage *self)
{
  GCoapFrame frame;

  g_return_val_if_fail (self != NULL, NULL);

  gcoap_message_get_frame (self, &frame);
  if (!g_utf8_validate_len ((const char *) frame.payload, frame.payload_length, NULL))
    return NULL;

  return g_strndup ((const char *) frame.payload, frame.payload_length);
}

/**
 * gcoap_message_set_text:
 * @self: a message that is not sealed
 * @text: (nullable): UTF-8 text; %NULL for none
 *
 * Sets the payload to the bytes of a text. The Content-Format is left as it is.
 *
 * Since: 1.0
 */
void
gcoap_message_set_text (GCoapMessage *self,
                        const char   *text)
{
  g_autoptr (GBytes) payload = NULL;

  g_return_if_fail (is_editable (self));

  payload = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;
  gcoap_message_set_payload (self, payload);
}

/**
 * gcoap_message_get_content_format:
 * @self: the message
 *
 * What the payload is, a number of the CoAP Content-Formats registry.
 *
 * Returns: 0 to 65535, or %GCOAP_CONTENT_FORMAT_NONE
 *
 * Since: 1.0
 */
int
gcoap_message_get_content_format (GCoapMessage *self)
{
  guint value;

  if (!gcoap_message_get_uint_option (self, GCOAP_OPTION_NUMBER_CONTENT_FORMAT, &value) ||
      value > G_MAXUINT16)
    return GCOAP_CONTENT_FORMAT_NONE;

  return value;
}

/**
 * gcoap_message_set_content_format:
 * @self: a message that is not sealed
 * @content_format: 0 to 65535, or %GCOAP_CONTENT_FORMAT_NONE
 *
 * Says what the payload is (RFC 7252 section 5.10.3).
 *
 * Since: 1.0
 */
void
gcoap_message_set_content_format (GCoapMessage *self,
                                  int           content_format)
{
  g_return_if_fail (is_editable (self));
  g_return_if_fail (content_format >= GCOAP_CONTENT_FORMAT_NONE &&
                    content_format <= G_MAXUINT16);

  gcoap_options_remove (&self->options, GCOAP_OPTION_NUMBER_CONTENT_FORMAT);
  if (content_format != GCOAP_CONTENT_FORMAT_NONE)
    gcoap_options_add_uint (&self->options, GCOAP_OPTION_NUMBER_CONTENT_FORMAT, content_format);
}

/**
 * gcoap_message_add_option:
 * @self: a message that is not sealed
 * @number: the option number, 0 to 65535, such as those of [enum@OptionNumber]
 * @value: (nullable): the bytes; %NULL for an empty value
 * @error: return location for an error
 *
 * Adds an option behind those of the same number (RFC 7252 section 5.4).
 *
 * Fails with %GCOAP_ERROR_INVALID_OPTION if the value does not have the length that the option's
 * definition asks for, or if the option may not be repeated and is there already.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_message_add_option (GCoapMessage  *self,
                          guint          number,
                          GBytes        *value,
                          GError       **error)
{
  gsize length = 0;
  gconstpointer bytes = value != NULL ? g_bytes_get_data (value, &length) : NULL;

  g_return_val_if_fail (is_editable (self), FALSE);

  return add_option (self, number, bytes, length, error);
}

/**
 * gcoap_message_add_uint_option:
 * @self: a message that is not sealed
 * @number: the option number, 0 to 65535
 * @value: the value, sent in as few bytes as it needs (RFC 7252 section 3.2)
 * @error: return location for an error
 *
 * Adds an option of an unsigned integer, as [method@Message.add_option] does.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_message_add_uint_option (GCoapMessage  *self,
                               guint          number,
                               guint          value,
                               GError       **error)
{
  guint8 bytes[4];
  gsize length = gcoap_option_encode_uint (value, bytes);

  g_return_val_if_fail (is_editable (self), FALSE);

  return add_option (self, number, bytes, length, error);
}

/**
 * gcoap_message_add_string_option:
 * @self: a message that is not sealed
 * @number: the option number, 0 to 65535
 * @value: the text
 * @error: return location for an error
 *
 * Adds an option of a text, as [method@Message.add_option] does.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_message_add_string_option (GCoapMessage  *self,
                                 guint          number,
                                 const char    *value,
                                 GError       **error)
{
  g_return_val_if_fail (is_editable (self), FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  return add_option (self, number, value, strlen (value), error);
}

/**
 * gcoap_message_remove_option:
 * @self: a message that is not sealed
 * @number: the option number
 *
 * Removes every option of the number.
 *
 * Returns: how many there were
 *
 * Since: 1.0
 */
guint
gcoap_message_remove_option (GCoapMessage *self,
                             guint         number)
{
  g_return_val_if_fail (is_editable (self), 0);

  return gcoap_options_remove (&self->options, number);
}

/**
 * gcoap_message_dup_option:
 * @self: the message
 * @number: the option number
 *
 * The value of the first option of the number.
 *
 * Returns: (transfer full) (nullable): the bytes; %NULL if there is none
 *
 * Since: 1.0
 */
GBytes *
gcoap_message_dup_option (GCoapMessage *self,
                          guint         number)
{
  GCoapOptionIter iter;

  g_return_val_if_fail (self != NULL, NULL);

  return find_option (self, number, &iter) ? g_bytes_new (iter.value, iter.length) : NULL;
}

/**
 * gcoap_message_get_uint_option:
 * @self: the message
 * @number: the option number
 * @out_value: (out) (optional): return location for the value
 *
 * The value of the first option of the number as an unsigned integer.
 *
 * Returns: %TRUE if there is one, of at most 4 bytes
 *
 * Since: 1.0
 */
gboolean
gcoap_message_get_uint_option (GCoapMessage *self,
                               guint         number,
                               guint        *out_value)
{
  GCoapOptionIter iter;
  guint32 value;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!find_option (self, number, &iter) ||
      !gcoap_option_decode_uint (iter.value, iter.length, &value))
    return FALSE;

  if (out_value != NULL)
    *out_value = value;

  return TRUE;
}

/**
 * gcoap_message_dup_string_option:
 * @self: the message
 * @number: the option number
 *
 * The value of the first option of the number as text.
 *
 * Returns: (transfer full) (nullable): the text; %NULL if there is none or it is not UTF-8
 *
 * Since: 1.0
 */
char *
gcoap_message_dup_string_option (GCoapMessage *self,
                                 guint         number)
{
  GCoapOptionIter iter;

  g_return_val_if_fail (self != NULL, NULL);

  if (!find_option (self, number, &iter) ||
      !g_utf8_validate_len ((const char *) iter.value, iter.length, NULL))
    return NULL;

  return g_strndup ((const char *) iter.value, iter.length);
}

gboolean
gcoap_message_has_option (GCoapMessage *self,
                          guint         number)
{
  return gcoap_options_have (&self->options, number);
}

GCoapOptions *
gcoap_message_get_options (GCoapMessage *self)
{
  return &self->options;
}

const GCoapUriTarget *
gcoap_message_get_target (GCoapMessage *self)
{
  return &self->target;
}

/* A view of the message, good as long as it lives and is not changed. */
void
gcoap_message_get_frame (GCoapMessage *self,
                         GCoapFrame   *out_frame)
{
  *out_frame = (GCoapFrame) {
    .type = self->type,
    .code = self->code,
    .message_id = self->message_id,
    .token = self->token,
    .token_length = self->token_length,
    .options = self->options.data,
    .options_length = self->options.length,
    .payload = self->received_payload,
    .payload_length = self->payload_length,
  };

  if (self->payload != NULL)
    out_frame->payload = g_bytes_get_data (self->payload, &out_frame->payload_length);
}
