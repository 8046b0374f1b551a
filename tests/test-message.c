/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "codec/gcoap-message-private.h"

#include <string.h>

#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-content-format.h"
#include "gcoap/gcoap-error.h"
#include "gcoap/gcoap-option-number.h"
#include "hex.h"

static GBytes *
zeros (gsize length)
{
  return g_bytes_new_take (g_malloc0 (length), length);
}

static void
assert_bytes (GBytes     *bytes,
              const char *text)
{
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static GCoapMessage *
receive (const char *hex)
{
  g_autoptr (GBytes) bytes = hex_to_bytes (hex);
  GCoapFrame frame;

  g_assert_cmpint (gcoap_frame_parse (&frame, g_bytes_get_data (bytes, NULL),
                                      g_bytes_get_size (bytes)), ==, GCOAP_FRAME_VALID);

  return gcoap_message_new_from_frame (&frame);
}

static void
test_new (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_CODE_CONTENT);

  g_test_summary ("A new message has a code, and is Confirmable until told otherwise");
  g_assert_cmpuint (gcoap_message_get_code (message), ==, GCOAP_CODE_CONTENT);
  g_assert_true (gcoap_message_get_confirmable (message));
  g_assert_false (gcoap_message_is_sealed (message));
  g_assert_null (gcoap_message_dup_token (message));
  g_assert_null (gcoap_message_get_payload (message));
  g_assert_null (gcoap_message_dup_uri (message));
  g_assert_cmpint (gcoap_message_get_content_format (message), ==, GCOAP_CONTENT_FORMAT_NONE);
}

static void
test_confirmable (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_METHOD_GET);

  g_test_summary ("A request may be Non-confirmable, RFC 7252 section 4.3");
  gcoap_message_set_confirmable (message, FALSE);
  g_assert_false (gcoap_message_get_confirmable (message));
  gcoap_message_set_confirmable (message, TRUE);
  g_assert_true (gcoap_message_get_confirmable (message));
}

static void
test_received (void)
{
  g_autoptr (GCoapMessage) message = receive ("52 45 0102 aabb c0 2178 ff 6869");
  g_autoptr (GBytes) token = gcoap_message_dup_token (message);
  g_autofree char *text = gcoap_message_dup_text (message);

  g_test_summary ("A received message keeps all of the datagram, RFC 7252 section 3");
  g_assert_cmpuint (gcoap_message_get_code (message), ==, GCOAP_CODE_CONTENT);
  g_assert_false (gcoap_message_get_confirmable (message));
  g_assert_true (gcoap_message_is_sealed (message));
  assert_bytes (token, "\xaa\xbb");
  g_assert_cmpint (gcoap_message_get_content_format (message), ==, 0);
  g_assert_cmpstr (text, ==, "hi");
  assert_bytes (gcoap_message_get_payload (message), "hi");
  g_assert_true (gcoap_message_get_payload (message) == gcoap_message_get_payload (message));
}

static void
test_sealed (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_METHOD_GET);

  g_test_summary ("A message that was sent cannot be changed");
  gcoap_message_seal (message);
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*is_editable*");
  gcoap_message_set_text (message, "late");
  g_test_assert_expected_messages ();
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*is_editable*");
  g_assert_false (gcoap_message_add_uint_option (message, 6, 0, NULL));
  g_test_assert_expected_messages ();
  g_assert_null (gcoap_message_get_payload (message));
}

static void
test_token (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_METHOD_GET);
  g_autoptr (GBytes) longest = zeros (8);
  g_autoptr (GBytes) empty = zeros (0);
  g_autoptr (GBytes) token = NULL;

  g_test_summary ("A token has 0 to 8 bytes, and none is not an empty one, RFC 7252 section 5.3.1");
  g_assert_true (gcoap_message_set_token (message, longest, NULL));
  g_assert_true (gcoap_message_has_token (message));
  g_assert_true (gcoap_message_set_token (message, empty, NULL));
  token = gcoap_message_dup_token (message);
  g_assert_true (g_bytes_equal (token, empty));
  g_assert_true (gcoap_message_set_token (message, NULL, NULL));
  g_assert_false (gcoap_message_has_token (message));
}

static void
test_token_too_long (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_METHOD_GET);
  g_autoptr (GBytes) token = zeros (9);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A token of 9 bytes is refused, RFC 7252 section 3");
  g_assert_false (gcoap_message_set_token (message, token, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_OPTION);
  g_assert_false (gcoap_message_has_token (message));
}

static void
test_payload (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_CODE_CONTENT);
  g_autoptr (GBytes) empty = zeros (0);
  g_autoptr (GBytes) binary = g_bytes_new_static ("\xff\xfe", 2);

  g_test_summary ("A payload of no bytes is no payload, RFC 7252 section 3");
  gcoap_message_set_text (message, "hot");
  assert_bytes (gcoap_message_get_payload (message), "hot");
  gcoap_message_set_payload (message, gcoap_message_get_payload (message));
  assert_bytes (gcoap_message_get_payload (message), "hot");
  gcoap_message_set_payload (message, empty);
  g_assert_null (gcoap_message_get_payload (message));
  gcoap_message_set_payload (message, binary);
  g_assert_null (gcoap_message_dup_text (message));
  gcoap_message_set_text (message, NULL);
  g_assert_null (gcoap_message_get_payload (message));
}

static void
test_text_of_nothing (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_CODE_CONTENT);
  g_autofree char *text = gcoap_message_dup_text (message);

  g_test_summary ("No payload reads as an empty text");
  g_assert_cmpstr (text, ==, "");
}

static void
test_content_format (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_CODE_CONTENT);

  g_test_summary ("There is one Content-Format at most, RFC 7252 section 5.10.3");
  gcoap_message_set_content_format (message, 50);
  gcoap_message_set_content_format (message, 65535);
  g_assert_cmpint (gcoap_message_get_content_format (message), ==, 65535);
  g_assert_cmpuint (gcoap_message_remove_option (message, GCOAP_OPTION_NUMBER_CONTENT_FORMAT),
                    ==, 1);
  gcoap_message_set_content_format (message, 0);
  gcoap_message_set_content_format (message, GCOAP_CONTENT_FORMAT_NONE);
  g_assert_cmpint (gcoap_message_get_content_format (message), ==, GCOAP_CONTENT_FORMAT_NONE);
}

static void
test_oversized_content_format (void)
{
  g_autoptr (GCoapMessage) three_bytes = receive ("60 45 0001 c3010000");
  g_autoptr (GCoapMessage) five_bytes = receive ("60 45 0001 c50000000032");

  g_test_summary ("A Content-Format of more than 2 bytes is none, RFC 7252 section 5.4.3");
  g_assert_cmpint (gcoap_message_get_content_format (three_bytes), ==,
                   GCOAP_CONTENT_FORMAT_NONE);
  g_assert_cmpint (gcoap_message_get_content_format (five_bytes), ==, GCOAP_CONTENT_FORMAT_NONE);
}

/* An option of a length that its definition allows, or not. */
typedef struct
{
  const char *name;
  guint       number;
  gsize       length;
  gboolean    fits;
} LengthRow;

static const LengthRow length_rows[] = {
  { "uri-host-empty", GCOAP_OPTION_NUMBER_URI_HOST, 0, FALSE },
  { "uri-host-shortest", GCOAP_OPTION_NUMBER_URI_HOST, 1, TRUE },
  { "uri-path-empty", GCOAP_OPTION_NUMBER_URI_PATH, 0, TRUE },
  { "uri-path-longest", GCOAP_OPTION_NUMBER_URI_PATH, 255, TRUE },
  { "uri-path-too-long", GCOAP_OPTION_NUMBER_URI_PATH, 256, FALSE },
  { "etag-empty", GCOAP_OPTION_NUMBER_ETAG, 0, FALSE },
  { "etag-longest", GCOAP_OPTION_NUMBER_ETAG, 8, TRUE },
  { "etag-too-long", GCOAP_OPTION_NUMBER_ETAG, 9, FALSE },
  { "if-none-match", GCOAP_OPTION_NUMBER_IF_NONE_MATCH, 0, TRUE },
  { "if-none-match-too-long", GCOAP_OPTION_NUMBER_IF_NONE_MATCH, 1, FALSE },
  { "content-format-too-long", GCOAP_OPTION_NUMBER_CONTENT_FORMAT, 3, FALSE },
  { "unknown", 65000, 1000, TRUE },
  { "longest", 65000, 65804, TRUE },
  { "too-long", 65000, 65805, FALSE },
  { "last-number", 65535, 0, TRUE },
  { "no-number", 65536, 0, FALSE },
};

static void
test_option_length (gconstpointer data)
{
  const LengthRow *row = data;
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_METHOD_GET);
  g_autoptr (GBytes) value = zeros (row->length);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An option has a length that its definition allows, RFC 7252 section 5.4.3");
  g_assert_cmpint (gcoap_message_add_option (message, row->number, value, &error), ==, row->fits);
  if (row->fits)
    g_assert_no_error (error);
  else
    g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_OPTION);
  g_assert_cmpuint (gcoap_message_remove_option (message, row->number), ==, row->fits);
}

static void
test_repeated_option (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_METHOD_GET);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Only some options may be repeated, RFC 7252 section 5.4.5");
  g_assert_true (gcoap_message_add_string_option (message, 11, "a", NULL));
  g_assert_true (gcoap_message_add_string_option (message, 11, "b", NULL));
  g_assert_true (gcoap_message_add_uint_option (message, 17, 50, NULL));
  g_assert_false (gcoap_message_add_uint_option (message, 17, 60, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_OPTION);
  g_assert_cmpuint (gcoap_message_remove_option (message, 17), ==, 1);
  g_assert_cmpuint (gcoap_message_remove_option (message, 11), ==, 2);
}

static void
test_read_options (void)
{
  g_autoptr (GCoapMessage) message = receive ("40 01 0001 3168 8161 02ff80 63000102 b50000000000");
  g_autofree char *path = gcoap_message_dup_string_option (message, 11);
  g_autoptr (GBytes) host = gcoap_message_dup_option (message, 3);
  guint value = 7;

  g_test_summary ("The first option of a number is read in the form asked for");
  g_assert_cmpstr (path, ==, "a");
  assert_bytes (host, "h");
  g_assert_true (gcoap_message_get_uint_option (message, 17, &value));
  g_assert_cmpuint (value, ==, 0x0102);
  g_assert_false (gcoap_message_get_uint_option (message, 28, &value));
  g_assert_false (gcoap_message_get_uint_option (message, 60, &value));
  g_assert_cmpuint (value, ==, 0x0102);
  g_assert_null (gcoap_message_dup_option (message, 60));
  g_assert_null (gcoap_message_dup_string_option (message, 60));
}

static void
test_option_not_utf8 (void)
{
  g_autoptr (GCoapMessage) message = receive ("40 01 0001 b2ff80");

  g_test_summary ("A value that is not UTF-8 is no text, RFC 7252 section 3.2");
  g_assert_null (gcoap_message_dup_string_option (message, 11));
}

static void
test_frame (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (2);
  g_autoptr (GBytes) token = g_bytes_new_static ("\x01\x02", 2);
  GCoapFrame frame;
  guint8 written[32];

  g_test_summary ("A message is seen as it will be sent, RFC 7252 section 3");
  gcoap_message_set_confirmable (message, FALSE);
  g_assert_true (gcoap_message_set_token (message, token, NULL));
  g_assert_true (gcoap_message_add_string_option (message, 15, "q", NULL));
  g_assert_true (gcoap_message_add_string_option (message, 11, "p", NULL));
  gcoap_message_set_text (message, "x");

  gcoap_message_get_frame (message, &frame);
  g_assert_cmpmem (written, gcoap_frame_write (&frame, written, sizeof written),
                   "\x52\x02\x00\x00\x01\x02\xb1p\x41q\xffx", 12);
}

static void
test_many_options (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_METHOD_GET);
  GCoapFrame frame;
  g_autoptr (GCoapMessage) copy = NULL;

  g_test_summary ("More than a handful of options is fine, RFC 7252 section 5.4.5");
  for (guint i = 0; i < 40; i++)
    g_assert_true (gcoap_message_add_string_option (message, 11, "segment", NULL));
  gcoap_message_get_frame (message, &frame);
  copy = gcoap_message_new_from_frame (&frame);
  g_assert_cmpuint (gcoap_options_remove (gcoap_message_get_options (copy), 11), ==, 40);
}

static void
test_new_request (void)
{
  g_autoptr (GCoapMessage) message =
    gcoap_message_new_request (GCOAP_METHOD_PUT, "coap://[2001:db8::1]:1234/a/b?c=d", NULL);
  g_autofree char *uri = gcoap_message_dup_uri (message);
  g_autofree char *path = gcoap_message_dup_string_option (message, GCOAP_OPTION_NUMBER_URI_PATH);

  g_test_summary ("A request has the options of its URI, RFC 7252 section 6.4");
  g_assert_cmpuint (gcoap_message_get_code (message), ==, GCOAP_METHOD_PUT);
  g_assert_true (gcoap_message_get_confirmable (message));
  g_assert_cmpstr (path, ==, "a");
  g_assert_cmpstr (uri, ==, "coap://[2001:db8::1]:1234/a/b?c=d");
  g_assert_cmpuint (gcoap_message_get_target (message)->port, ==, 1234);
}

static void
test_new_ping (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new_request (0, "coap://host/path", NULL);

  g_test_summary ("A ping has a destination and is otherwise empty, RFC 7252 section 4.3");
  g_assert_cmpstr (gcoap_message_get_target (message)->host, ==, "host");
  g_assert_cmpuint (gcoap_message_get_options (message)->length, ==, 0);
}

static void
test_new_request_bad_uri (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A URI that names no resource makes no request, RFC 7252 section 6.4");
  g_assert_null (gcoap_message_new_request (GCOAP_METHOD_GET, "no uri", &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_URI);
}

static void
assert_location (GCoapMessage *message,
                 const char   *base_uri,
                 const char   *location)
{
  g_autofree char *actual = gcoap_message_dup_location (message, base_uri);

  g_assert_cmpstr (actual, ==, location);
}

static void
test_location (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_CODE_CREATED);

  g_test_summary ("A location is relative to the request, RFC 7252 section 5.10.7");
  assert_location (message, NULL, NULL);
  g_assert_true (gcoap_message_set_location (message, "/sensors/7?x=1", NULL));
  assert_location (message, NULL, "/sensors/7?x=1");
  assert_location (message, "coap://h/sensors", "coap://h/sensors/7?x=1");
}

static void
test_location_replaced (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_CODE_CREATED);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A location takes the place of the one before, unless it is refused");
  g_assert_true (gcoap_message_add_uint_option (message, GCOAP_OPTION_NUMBER_MAX_AGE, 9, NULL));
  g_assert_true (gcoap_message_set_location (message, "/a/b?c", NULL));
  g_assert_true (gcoap_message_set_location (message, "/d", NULL));
  assert_location (message, NULL, "/d");
  g_assert_false (gcoap_message_set_location (message, "e", &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_URI);
  assert_location (message, NULL, "/d");
  g_assert_true (gcoap_message_set_location (message, NULL, NULL));
  assert_location (message, NULL, NULL);
  g_assert_true (gcoap_message_get_uint_option (message, GCOAP_OPTION_NUMBER_MAX_AGE, NULL));
}

static void
test_reference (void)
{
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_METHOD_GET);
  GCoapMessage *other = gcoap_message_ref (message);

  g_test_summary ("A message lives as long as its last reference");
  g_assert_true (other == message);
  gcoap_message_unref (other);
  g_assert_cmpuint (gcoap_message_get_code (message), ==, GCOAP_METHOD_GET);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/codec/message/new", test_new);
  g_test_add_func ("/codec/message/new-request", test_new_request);
  g_test_add_func ("/codec/message/new-ping", test_new_ping);
  g_test_add_func ("/codec/message/new-request-bad-uri", test_new_request_bad_uri);
  g_test_add_func ("/codec/message/reference", test_reference);
  g_test_add_func ("/codec/message/confirmable", test_confirmable);
  g_test_add_func ("/codec/message/received", test_received);
  g_test_add_func ("/codec/message/sealed", test_sealed);
  g_test_add_func ("/codec/message/token", test_token);
  g_test_add_func ("/codec/message/token-too-long", test_token_too_long);
  g_test_add_func ("/codec/message/payload", test_payload);
  g_test_add_func ("/codec/message/text-of-nothing", test_text_of_nothing);
  g_test_add_func ("/codec/message/content-format", test_content_format);
  g_test_add_func ("/codec/message/oversized-content-format", test_oversized_content_format);
  for (gsize i = 0; i < G_N_ELEMENTS (length_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/codec/message/option-length/%s",
                                               length_rows[i].name);

      g_test_add_data_func (path, &length_rows[i], test_option_length);
    }
  g_test_add_func ("/codec/message/repeated-option", test_repeated_option);
  g_test_add_func ("/codec/message/read-options", test_read_options);
  g_test_add_func ("/codec/message/option-not-utf8", test_option_not_utf8);
  g_test_add_func ("/codec/message/location", test_location);
  g_test_add_func ("/codec/message/location-replaced", test_location_replaced);
  g_test_add_func ("/codec/message/frame", test_frame);
  g_test_add_func ("/codec/message/many-options", test_many_options);

  return g_test_run ();
}
