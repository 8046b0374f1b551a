/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/gcoap-options-private.h"

#include <string.h>

#define PAYLOAD_MARKER     0xff
#define HEADER_LENGTH_MAX  5
#define EXTENDED_BY_ONE    13
#define EXTENDED_BY_TWO    14
#define EXTENDED_ONE_BASE  13
#define EXTENDED_TWO_BASE  269

static gsize
get_extension_length (gsize value)
{
  return value < EXTENDED_ONE_BASE ? 0 : value < EXTENDED_TWO_BASE ? 1 : 2;
}

static guint8
get_nibble (gsize value)
{
  return value < EXTENDED_ONE_BASE ? value
         : value < EXTENDED_TWO_BASE ? EXTENDED_BY_ONE
                                     : EXTENDED_BY_TWO;
}

static guint8 *
write_extension (guint8 *out,
                 gsize   value)
{
  if (value >= EXTENDED_TWO_BASE)
    {
      value -= EXTENDED_TWO_BASE;
      *out++ = value >> 8;
      *out++ = value & 0xff;
    }
  else if (value >= EXTENDED_ONE_BASE)
    *out++ = value - EXTENDED_ONE_BASE;

  return out;
}

static gsize
get_header_length (guint delta,
                   gsize length)
{
  return 1 + get_extension_length (delta) + get_extension_length (length);
}

static guint8 *
write_header (guint8 *out,
              guint   delta,
              gsize   length)
{
  *out++ = get_nibble (delta) << 4 | get_nibble (length);
  out = write_extension (out, delta);

  return write_extension (out, length);
}

static gsize
get_free_space (const GCoapOptions *self)
{
  return self->capacity - self->length;
}

static void
reserve (GCoapOptions *self,
         gsize         needed)
{
  gsize capacity;

  if (get_free_space (self) >= needed)
    return;

  capacity = MAX (self->capacity * 2, self->length + needed);
  if (self->data == self->inline_data)
    {
      self->data = g_malloc (capacity);
      memcpy (self->data, self->inline_data, self->length);
    }
  else
    self->data = g_realloc (self->data, capacity);
  self->capacity = capacity;
}

/* Replaces @n_removed bytes at @offset by room for @n_added, which must have been reserved. */
static guint8 *
splice (GCoapOptions *self,
        gsize         offset,
        gsize         n_removed,
        gsize         n_added)
{
  guint8 *at = self->data + offset;

  memmove (at + n_added, at + n_removed, self->length - offset - n_removed);
  self->length = self->length - n_removed + n_added;

  return at;
}

static void
append (GCoapOptions *self,
        guint         number,
        gconstpointer value,
        gsize         length)
{
  guint8 *out = self->data + self->length;

  out = write_header (out, number - self->last_number, length);
  if (length > 0)
    memcpy (out, value, length);
  self->length = out + length - self->data;
  self->last_number = number;
}

static void
insert (GCoapOptions *self,
        guint         number,
        gconstpointer value,
        gsize         length)
{
  GCoapOptionIter iter;
  guint previous = 0;
  gsize offset = 0;
  gsize old_header, new_header, next_header;
  guint8 *out;

  gcoap_option_iter_init (&iter, self->data, self->length);
  while (gcoap_option_iter_next (&iter) && iter.number <= number)
    {
      previous = iter.number;
      offset = iter.next - self->data;
    }

  /* The option that follows is now counted from the new one. */
  old_header = iter.value - (self->data + offset);
  new_header = get_header_length (number - previous, length);
  next_header = get_header_length (iter.number - number, iter.length);

  out = splice (self, offset, old_header, new_header + length + next_header);
  out = write_header (out, number - previous, length);
  if (length > 0)
    memcpy (out, value, length);
  write_header (out + length, iter.number - number, iter.length);
}

void
gcoap_options_init (GCoapOptions *self)
{
  self->data = self->inline_data;
  self->length = 0;
  self->capacity = sizeof self->inline_data;
  self->last_number = 0;
}

void
gcoap_options_clear (GCoapOptions *self)
{
  if (self->data != self->inline_data)
    g_free (self->data);
  gcoap_options_init (self);
}

/* Takes over options that gcoap_frame_parse() found valid. */
void
gcoap_options_set_wire (GCoapOptions *self,
                        const guint8 *wire,
                        gsize         length)
{
  GCoapOptionIter iter;

  self->length = 0;
  self->last_number = 0;
  if (length == 0)
    return;

  reserve (self, length);
  memcpy (self->data, wire, length);
  self->length = length;

  gcoap_option_iter_init (&iter, wire, length);
  while (gcoap_option_iter_next (&iter))
    self->last_number = iter.number;
}

/* Adds an option behind those of the same number. The value is copied. */
void
gcoap_options_add (GCoapOptions *self,
                   guint         number,
                   gconstpointer value,
                   gsize         length)
{
  g_assert (number <= GCOAP_OPTION_NUMBER_MAX && length <= GCOAP_OPTION_LENGTH_MAX);

  reserve (self, 2 * HEADER_LENGTH_MAX + length);
  if (number >= self->last_number)
    append (self, number, value, length);
  else
    insert (self, number, value, length);
}

void
gcoap_options_add_uint (GCoapOptions *self,
                        guint         number,
                        guint32       value)
{
  guint8 bytes[4];
  gsize length = gcoap_option_encode_uint (value, bytes);

  gcoap_options_add (self, number, bytes, length);
}

void
gcoap_options_add_all (GCoapOptions       *self,
                       const GCoapOptions *other)
{
  GCoapOptionIter iter;

  gcoap_option_iter_init (&iter, other->data, other->length);
  while (gcoap_option_iter_next (&iter))
    gcoap_options_add (self, iter.number, iter.value, iter.length);
}

/* Removes every option of the number and says how many there were. */
guint
gcoap_options_remove (GCoapOptions *self,
                      guint         number)
{
  GCoapOptionIter iter;
  guint n_removed = 0;
  guint previous = 0;
  gsize start = 0;
  guint8 header[HEADER_LENGTH_MAX];
  gsize header_length;

  gcoap_option_iter_init (&iter, self->data, self->length);
  while (gcoap_option_iter_next (&iter) && iter.number <= number)
    {
      if (iter.number == number)
        n_removed++;
      else
        {
          previous = iter.number;
          start = iter.next - self->data;
        }
    }
  if (n_removed == 0)
    return 0;

  if (self->last_number == number)
    {
      self->length = start;
      self->last_number = previous;
      return n_removed;
    }

  reserve (self, HEADER_LENGTH_MAX);
  header_length = write_header (header, iter.number - previous, iter.length) - header;
  memcpy (splice (self, start, iter.value - self->data - start, header_length),
          header, header_length);

  return n_removed;
}

void
gcoap_option_iter_init (GCoapOptionIter *iter,
                        const guint8    *wire,
                        gsize            length)
{
  static const guint8 nothing[1];

  /* So that "nothing" is a place too: NULL is the mark of an option that does not parse. */
  iter->next = wire != NULL ? wire : nothing;
  iter->end = iter->next + length;
  iter->value = NULL;
  iter->length = 0;
  iter->number = 0;
}

/* Reads what follows a nibble of 13 or 14 (RFC 7252 section 3.1). */
static gboolean
read_extension (const guint8 **next,
                const guint8  *end,
                guint          nibble,
                gsize         *out_value)
{
  const guint8 *bytes = *next;

  if (nibble < EXTENDED_BY_ONE)
    *out_value = nibble;
  else if (nibble == EXTENDED_BY_ONE && end - bytes >= 1)
    {
      *out_value = bytes[0] + EXTENDED_ONE_BASE;
      *next = bytes + 1;
    }
  else if (nibble == EXTENDED_BY_TWO && end - bytes >= 2)
    {
      *out_value = ((gsize) bytes[0] << 8 | bytes[1]) + EXTENDED_TWO_BASE;
      *next = bytes + 2;
    }
  else
    return FALSE;

  return TRUE;
}

gboolean
gcoap_option_iter_next (GCoapOptionIter *iter)
{
  const guint8 *next = iter->next;
  gsize delta, length;
  guint8 nibbles;

  if (next == NULL || next == iter->end || *next == PAYLOAD_MARKER)
    return FALSE;

  nibbles = *next++;
  if (!read_extension (&next, iter->end, nibbles >> 4, &delta) ||
      !read_extension (&next, iter->end, nibbles & 0x0f, &length) ||
      iter->number + delta > GCOAP_OPTION_NUMBER_MAX ||
      length > (gsize) (iter->end - next))
    {
      iter->next = NULL;
      return FALSE;
    }

  iter->number += delta;
  iter->value = next;
  iter->length = length;
  iter->next = next + length;

  return TRUE;
}

/* Goes on to the next option of the number, skipping smaller ones. */
gboolean
gcoap_option_iter_find (GCoapOptionIter *iter,
                        guint            number)
{
  while (gcoap_option_iter_next (iter))
    {
      if (iter->number == number)
        return TRUE;
      if (iter->number > number)
        return FALSE;
    }

  return FALSE;
}

gboolean
gcoap_options_have (const GCoapOptions *self,
                    guint               number)
{
  GCoapOptionIter iter;

  gcoap_option_iter_init (&iter, self->data, self->length);

  return gcoap_option_iter_find (&iter, number);
}

gboolean
gcoap_option_iter_is_valid (const GCoapOptionIter *iter)
{
  return iter->next != NULL;
}

/* RFC 7252 section 3.2: leading zero bytes are allowed in what others send. */
gboolean
gcoap_option_decode_uint (const guint8 *value,
                          gsize         length,
                          guint32      *out_value)
{
  guint32 number = 0;

  if (length > 4)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    number = number << 8 | value[i];
  *out_value = number;

  return TRUE;
}

gsize
gcoap_option_encode_uint (guint32 value,
                          guint8  out_value[4])
{
  gsize length = 0;

  for (guint shift = 32; shift > 0; shift -= 8)
    {
      guint8 byte = value >> (shift - 8);

      if (length > 0 || byte != 0)
        out_value[length++] = byte;
    }

  return length;
}
