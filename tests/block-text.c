/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "block-text.h"

#include <stdio.h>
#include <stdlib.h>

#include "gcoap/gcoap-option-number.h"

typedef struct
{
  const char *name;
  guint       number;
} UintWord;

static const UintWord uint_words[] = {
  { "obs:", GCOAP_OPTION_NUMBER_OBSERVE },
  { "cf:", GCOAP_OPTION_NUMBER_CONTENT_FORMAT },
  { "age:", GCOAP_OPTION_NUMBER_MAX_AGE },
  { "size1:", GCOAP_OPTION_NUMBER_SIZE1 },
  { "size2:", GCOAP_OPTION_NUMBER_SIZE2 },
};

static const char *const methods[] = { "", "GET", "POST", "PUT", "DELETE", "FETCH" };

GBytes *
block_text_body (gsize offset,
                 gsize length)
{
  guint8 *data = g_malloc (MAX (length, 1));

  for (gsize i = 0; i < length; i++)
    data[i] = (offset + i) * 7 + (offset + i) / 251;

  return g_bytes_new_take (data, length);
}

static guint8
parse_code (const char *word)
{
  for (guint i = 1; i < G_N_ELEMENTS (methods); i++)
    {
      if (g_str_equal (word, methods[i]))
        return i;
    }
  g_assert_true (g_ascii_isdigit (word[0]) && word[1] == '.');

  return atoi (word) << 5 | atoi (word + 2);
}

/* "2:1/0/64"; a size of 2048 is the reserved one. */
static void
parse_block (BlockText  *self,
             const char *word)
{
  guint number;
  guint more;
  guint size;

  g_assert_cmpint (sscanf (word + 2, "%u/%u/%u", &number, &more, &size), ==, 3);
  gcoap_options_add_uint (&self->options, word[0] == '1' ? GCOAP_OPTION_NUMBER_BLOCK1
                                                         : GCOAP_OPTION_NUMBER_BLOCK2,
                          number << 4 | more << 3 | (g_bit_storage (size) - 5));
  if ((word[0] == '2') == (self->code >> 5 != 0))
    self->offset = (gsize) number * size;
}

static void
parse_uint (BlockText  *self,
            const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (uint_words); i++)
    {
      const UintWord *known = &uint_words[i];

      if (g_str_has_prefix (word, known->name))
        {
          guint64 value = g_ascii_strtoull (word + strlen (known->name), NULL, 10);

          gcoap_options_add_uint (&self->options, known->number, value);
          return;
        }
    }
  g_error ("No such word: %s", word);
}

static void
parse_word (BlockText  *self,
            const char *word)
{
  if (g_str_equal (word, "non"))
    self->is_non = TRUE;
  else if (g_str_has_prefix (word, "1:") || g_str_has_prefix (word, "2:"))
    parse_block (self, word);
  else if (g_str_has_prefix (word, "etag:"))
    gcoap_options_add (&self->options, GCOAP_OPTION_NUMBER_ETAG, word + 5, strlen (word + 5));
  else if (g_str_equal (word, "inm"))
    gcoap_options_add (&self->options, GCOAP_OPTION_NUMBER_IF_NONE_MATCH, "", 0);
  else if (word[0] == '+')
    self->payload = block_text_body (self->offset, atoi (word + 1));
  else
    parse_uint (self, word);
}

void
block_text_init (BlockText  *self,
                 const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  *self = (BlockText) { .code = parse_code (words[0]) };
  gcoap_options_init (&self->options);
  for (guint i = 1; words[i] != NULL; i++)
    parse_word (self, words[i]);
}

void
block_text_clear (BlockText *self)
{
  gcoap_options_clear (&self->options);
  g_clear_pointer (&self->payload, g_bytes_unref);
}

void
block_text_get_frame (const BlockText *self,
                      GCoapFrame      *out_frame)
{
  *out_frame = (GCoapFrame) {
    .type = self->is_non ? GCOAP_MESSAGE_TYPE_NON : GCOAP_MESSAGE_TYPE_CON,
    .code = self->code,
    .options = self->options.data,
    .options_length = self->options.length,
  };
  if (self->payload != NULL)
    out_frame->payload = g_bytes_get_data (self->payload, &out_frame->payload_length);
}

static void
describe_code (const GCoapFrame *frame,
               GString          *text)
{
  if (frame->code < G_N_ELEMENTS (methods))
    g_string_append (text, methods[frame->code]);
  else
    g_string_append_printf (text, "%u.%02u", frame->code >> 5, frame->code & 31);
  if (frame->type == GCOAP_MESSAGE_TYPE_NON && frame->code >> 5 == 0)
    g_string_append (text, " non");
}

static void
describe_uint (const GCoapOptionIter *option,
               guint32                value,
               GString               *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (uint_words); i++)
    {
      if (uint_words[i].number == option->number)
        {
          g_string_append_printf (text, " %s%u", uint_words[i].name, value);
          return;
        }
    }
  g_string_append_printf (text, " option:%u", option->number);
}

static void
describe_option (const GCoapOptionIter *option,
                 GString               *text)
{
  guint32 value = 0;

  gcoap_option_decode_uint (option->value, option->length, &value);
  switch (option->number)
    {
    case GCOAP_OPTION_NUMBER_IF_NONE_MATCH:
      g_string_append (text, " inm");
      break;

    case GCOAP_OPTION_NUMBER_ETAG:
      g_string_append_printf (text, " etag:%.*s", (int) option->length, option->value);
      break;

    case GCOAP_OPTION_NUMBER_BLOCK1:
    case GCOAP_OPTION_NUMBER_BLOCK2:
      g_string_append_printf (text, " %c:%u/%u/%u",
                              option->number == GCOAP_OPTION_NUMBER_BLOCK1 ? '1' : '2',
                              value >> 4, value >> 3 & 1, 16 << (value & 7));
      break;

    case GCOAP_OPTION_NUMBER_REQUEST_TAG:
      g_string_append (text, " tag");
      break;

    default:
      describe_uint (option, value, text);
    }
}

static gsize
get_offset (const GCoapFrame *frame)
{
  guint number = frame->code >> 5 == 0 ? GCOAP_OPTION_NUMBER_BLOCK1 : GCOAP_OPTION_NUMBER_BLOCK2;
  GCoapOptionIter option;
  guint32 value;

  gcoap_option_iter_init (&option, frame->options, frame->options_length);
  if (!gcoap_option_iter_find (&option, number))
    return 0;

  g_assert_true (gcoap_option_decode_uint (option.value, option.length, &value));

  return (gsize) (value >> 4) << ((value & 7) + 4);
}

char *
block_text_describe (const GCoapFrame *frame)
{
  GString *text = g_string_new (NULL);
  GCoapOptionIter option;

  describe_code (frame, text);
  gcoap_option_iter_init (&option, frame->options, frame->options_length);
  while (gcoap_option_iter_next (&option))
    describe_option (&option, text);
  if (frame->payload_length > 0)
    {
      g_autoptr (GBytes) body = block_text_body (get_offset (frame), frame->payload_length);

      g_assert_cmpmem (frame->payload, frame->payload_length, g_bytes_get_data (body, NULL),
                       g_bytes_get_size (body));
      g_string_append_printf (text, " +%" G_GSIZE_FORMAT, frame->payload_length);
    }

  return g_string_free (text, FALSE);
}
