/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "codec/gcoap-frame-private.h"

#include <string.h>

#include "codec/gcoap-message-private.h"
#include "hex.h"

#define N_RANDOM_DATAGRAMS 200000
#define RANDOM_LENGTH_MAX  64

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define ACK GCOAP_MESSAGE_TYPE_ACK
#define RST GCOAP_MESSAGE_TYPE_RST

/* A valid datagram, and what it says. */
typedef struct
{
  const char       *name;
  const char       *datagram;
  GCoapMessageType  type;
  guint8            code;
  guint16           message_id;
  const char       *token;
  const char       *options;
  const char       *payload;
} ValidRow;

static const ValidRow valid_rows[] = {
  { "ping", "40 00 0001", CON, 0, 1, "", "", "" },
  { "empty-ack", "60 00 ffff", ACK, 0, 65535, "", "", "" },
  { "reset", "70 00 1234", RST, 0, 0x1234, "", "", "" },
  { "empty-non", "50 00 1234", NON, 0, 0x1234, "", "", "" },
  { "get", "40 01 7d34 bb 74656d7065726174757265", CON, 1, 0x7d34, "",
    "bb 74656d7065726174757265", "" },
  { "content", "60 45 7d34 ff 32322e332043", ACK, 69, 0x7d34, "", "", "32322e332043" },
  { "token-of-one", "41 01 7d35 20 bb 74656d7065726174757265", CON, 1, 0x7d35, "20",
    "bb 74656d7065726174757265", "" },
  { "token-of-eight", "58 45 0000 0102030405060708", NON, 69, 0, "0102030405060708", "", "" },
  { "everything", "52 02 0102 aabb b161 01 62 ff 63", NON, 2, 0x0102, "aabb", "b161 01 62",
    "63" },
  { "marker-in-payload", "40 02 0001 ff ff", CON, 2, 1, "", "", "ff" },
  { "marker-in-option", "40 01 0001 b1ff", CON, 1, 1, "", "b1ff", "" },
  { "marker-in-token", "42 01 0001 ffff", CON, 1, 1, "ffff", "", "" },
  { "reserved-class", "40 21 0001", CON, 33, 1, "", "", "" },
  { "last-code", "40 ff 0001", CON, 255, 1, "", "", "" },
};

/* What is no message, but has a header to answer to. */
static const char *const malformed_datagrams[] = {
  "49 01 0001 010203040506070809",                     /* TKL 9-15 */
  "4a 01 0001 0102030405060708090a",
  "4f 01 0001 0102030405060708090a0b0c0d0e0f",
  "49 01 0001",
  "41 01 0001",                                        /* the token is missing, or part of it */
  "48 01 0001 01020304050607",
  "41 00 0001 20",                                     /* empty, and yet something follows */
  "40 00 0001 ff",
  "40 00 0001 b161",
  "40 00 0001 00",
  "60 00 0001 ff 61",
  "70 00 0001 00",
  "41 00 0001",
  "40 01 0001 ff",                                     /* a marker without a payload */
  "40 01 0001 b161 ff",
  "42 01 0001 aabb ff",
  "40 01 0001 f0",                                     /* options that do not fit */
  "40 01 0001 0f",
  "40 01 0001 bb 74",
  "40 01 0001 e0 fef3",
  "40 01 0001 b161 d0",
};

/* What is nothing to answer to. */
static const char *const foreign_datagrams[] = {
  "", "40", "4001", "400100", "00 01 0001", "80 01 0001", "c0 01 0001", "3f 01 0001",
  "ff ff ffff ff", "80 00 0001",
};

static GCoapFrameVerdict
parse_copy (GCoapFrame *frame,
            GBytes     *bytes,
            guint8    **out_copy)
{
  gsize length = g_bytes_get_size (bytes);

  *out_copy = length > 0 ? g_memdup2 (g_bytes_get_data (bytes, NULL), length) : g_malloc (1);

  return gcoap_frame_parse (frame, *out_copy, length);
}

static void
assert_hex (gconstpointer  data,
            gsize          length,
            const char    *hex)
{
  g_autoptr (GBytes) expected = hex_to_bytes (hex);

  g_assert_cmpmem (data, length, g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

static void
test_parse (gconstpointer data)
{
  const ValidRow *row = data;
  g_autoptr (GBytes) bytes = hex_to_bytes (row->datagram);
  g_autofree guint8 *copy = NULL;
  GCoapFrame frame;

  g_test_summary ("Each part of a message is found, RFC 7252 section 3");
  g_assert_cmpint (parse_copy (&frame, bytes, &copy), ==, GCOAP_FRAME_VALID);
  g_assert_cmpint (frame.type, ==, row->type);
  g_assert_cmpuint (frame.code, ==, row->code);
  g_assert_cmpuint (frame.message_id, ==, row->message_id);
  assert_hex (frame.token, frame.token_length, row->token);
  assert_hex (frame.options, frame.options_length, row->options);
  assert_hex (frame.payload, frame.payload_length, row->payload);
}

static void
test_write (gconstpointer data)
{
  const ValidRow *row = data;
  g_autoptr (GBytes) token = hex_to_bytes (row->token);
  g_autoptr (GBytes) options = hex_to_bytes (row->options);
  g_autoptr (GBytes) payload = hex_to_bytes (row->payload);
  guint8 written[64];
  GCoapFrame frame = {
    .type = row->type,
    .code = row->code,
    .message_id = row->message_id,
    .token = g_bytes_get_data (token, NULL),
    .token_length = g_bytes_get_size (token),
    .options = g_bytes_get_data (options, NULL),
    .options_length = g_bytes_get_size (options),
    .payload = g_bytes_get_data (payload, NULL),
    .payload_length = g_bytes_get_size (payload),
  };
  gsize size = gcoap_frame_get_size (&frame);

  g_test_summary ("A message is written as it is read, RFC 7252 section 3");
  g_assert_cmpuint (gcoap_frame_write (&frame, written, sizeof written), ==, size);
  assert_hex (written, size, row->datagram);
}

static void
test_capacity (gconstpointer data)
{
  const ValidRow *row = data;
  g_autoptr (GBytes) bytes = hex_to_bytes (row->datagram);
  gsize size = g_bytes_get_size (bytes);
  g_autofree guint8 *copy = NULL;
  g_autofree guint8 *written = g_malloc (size);
  GCoapFrame frame;

  g_test_summary ("Nothing is written where there is no room for it");
  g_assert_cmpint (parse_copy (&frame, bytes, &copy), ==, GCOAP_FRAME_VALID);
  memset (written, 0x55, size);
  g_assert_cmpuint (gcoap_frame_write (&frame, written, size - 1), ==, 0);
  g_assert_cmpuint (written[0], ==, 0x55);
  g_assert_cmpuint (gcoap_frame_write (&frame, written, size), ==, size);
}

static void
test_malformed (gconstpointer data)
{
  g_autoptr (GBytes) bytes = hex_to_bytes (data);
  const guint8 *wire = g_bytes_get_data (bytes, NULL);
  g_autofree guint8 *copy = NULL;
  GCoapFrame frame;

  g_test_summary ("A message format error is found, RFC 7252 sections 3 and 4.1");
  g_assert_cmpint (parse_copy (&frame, bytes, &copy), ==, GCOAP_FRAME_MALFORMED);
  g_assert_cmpint (frame.type, ==, wire[0] >> 4 & 3);
  g_assert_cmpuint (frame.code, ==, wire[1]);
  g_assert_cmpuint (frame.message_id, ==, wire[2] << 8 | wire[3]);
}

static void
test_foreign (gconstpointer data)
{
  g_autoptr (GBytes) bytes = hex_to_bytes (data);
  g_autofree guint8 *copy = NULL;
  GCoapFrame frame;

  g_test_summary ("Other versions, and what is too short, are ignored, RFC 7252 section 3");
  g_assert_cmpint (parse_copy (&frame, bytes, &copy), ==, GCOAP_FRAME_FOREIGN);
}

static void
test_options_length (void)
{
  gsize length = 65804;
  gsize size = 4 + 5 + length;
  g_autofree guint8 *datagram = g_malloc0 (size);
  GCoapFrame frame;

  g_test_summary ("The longest option there can be is read, RFC 7252 section 3.1");
  memcpy (datagram, "\x40\x01\x00\x01\xee\x00\x00\xff\xff", 9);
  g_assert_cmpint (gcoap_frame_parse (&frame, datagram, size), ==, GCOAP_FRAME_VALID);
  g_assert_cmpuint (frame.options_length, ==, size - 4);
  g_assert_cmpint (gcoap_frame_parse (&frame, datagram, size - 1), ==, GCOAP_FRAME_MALFORMED);
}

static void
test_prefixes (void)
{
  g_autoptr (GBytes) bytes = hex_to_bytes (
    "54 02 0102 aabbccdd d20a 6162 0163 dd ed 00 6162636465666768696a6b6c6d ff 7061796c6f6164");
  gsize length = g_bytes_get_size (bytes);

  g_test_summary ("A datagram that was cut anywhere is read within its bounds");
  for (gsize cut = 0; cut <= length; cut++)
    {
      g_autofree guint8 *copy = g_malloc (MAX (cut, 1));
      GCoapFrame frame;

      memcpy (copy, g_bytes_get_data (bytes, NULL), cut);
      if (gcoap_frame_parse (&frame, copy, cut) == GCOAP_FRAME_VALID)
        g_assert_cmpuint (gcoap_frame_get_size (&frame), ==, cut);
      else
        g_assert_cmpuint (cut, <, length);
    }
}

/* What parses must mean the same after it was taken apart and put together again. */
static void
assert_round_trip (const GCoapFrame *frame,
                   const guint8     *datagram,
                   gsize             length)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new_from_frame (frame);
  g_autofree guint8 *written = g_malloc (length);
  GCoapFrame copy;

  gcoap_message_get_frame (message, &copy);
  copy.message_id = frame->message_id;
  g_assert_cmpuint (gcoap_frame_write (&copy, written, length), ==, length);
  g_assert_cmpmem (written, length, datagram, length);
}

static void
assert_harmless (const guint8 *bytes,
                 gsize         length)
{
  g_autofree guint8 *datagram = g_malloc (MAX (length, 1));
  GCoapFrame frame;

  memcpy (datagram, bytes, length);
  if (gcoap_frame_parse (&frame, datagram, length) == GCOAP_FRAME_VALID)
    assert_round_trip (&frame, datagram, length);
}

static void
test_random_bytes (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  guint8 datagram[RANDOM_LENGTH_MAX];

  g_test_summary ("No bytes do any harm, and what parses is understood");
  for (guint i = 0; i < N_RANDOM_DATAGRAMS; i++)
    {
      gsize length = g_rand_int_range (random, 0, sizeof datagram + 1);

      for (gsize j = 0; j < length; j++)
        datagram[j] = g_rand_int (random);
      /* Of the right version, or three in four would end there. */
      datagram[0] = (datagram[0] & 0x3f) | 0x40;
      assert_harmless (datagram, length);
    }
}

static gsize
mutate (guint8 *datagram,
        gsize   length,
        GRand  *random)
{
  gsize at = g_rand_int_range (random, 0, length);

  switch (g_rand_int_range (random, 0, 4))
    {
    case 0:
      datagram[at] ^= 1 << g_rand_int_range (random, 0, 8);
      return length;

    case 1:
      datagram[at] = g_rand_int (random);
      return length;

    case 2:
      return MAX (at, 1);

    default:
      datagram[length] = g_rand_int (random);
      return length + 1;
    }
}

static void
test_mutated (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  guint8 datagram[RANDOM_LENGTH_MAX];

  g_test_summary ("Nothing that is nearly a message does any harm");
  for (guint i = 0; i < N_RANDOM_DATAGRAMS; i++)
    {
      const ValidRow *row = &valid_rows[i % G_N_ELEMENTS (valid_rows)];
      g_autoptr (GBytes) bytes = hex_to_bytes (row->datagram);
      gsize length = g_bytes_get_size (bytes);

      memcpy (datagram, g_bytes_get_data (bytes, NULL), length);
      for (guint n = g_rand_int_range (random, 1, 6); n > 0; n--)
        length = mutate (datagram, length, random);
      assert_harmless (datagram, length);
    }
}

static void
add_rows (const char        *name,
          const char *const *rows,
          gsize              n_rows,
          GTestDataFunc      test)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      const char *row_name = rows[i][0] != '\0' ? rows[i] : "nothing";
      g_autofree char *path = g_strdup_printf ("/codec/frame/%s/%s", name, row_name);

      g_test_add_data_func (path, rows[i], test);
    }
}

static void
add_valid_rows (const char    *name,
                GTestDataFunc  test)
{
  for (gsize i = 0; i < G_N_ELEMENTS (valid_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/frame/%s/%s", name, valid_rows[i].name);

      g_test_add_data_func (path, &valid_rows[i], test);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_valid_rows ("parse", test_parse);
  add_valid_rows ("write", test_write);
  add_valid_rows ("capacity", test_capacity);
  add_rows ("malformed", malformed_datagrams, G_N_ELEMENTS (malformed_datagrams),
            test_malformed);
  add_rows ("foreign", foreign_datagrams, G_N_ELEMENTS (foreign_datagrams), test_foreign);
  g_test_add_func ("/codec/frame/longest-option", test_options_length);
  g_test_add_func ("/codec/frame/prefixes", test_prefixes);
  g_test_add_func ("/codec/frame/random-bytes", test_random_bytes);
  g_test_add_func ("/codec/frame/mutated", test_mutated);

  return g_test_run ();
}
