/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core-fixture.h"
#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-content-format.h"
#include "gcoap/gcoap-option-number.h"
#include "hex.h"

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define ACK GCOAP_MESSAGE_TYPE_ACK

typedef struct
{
  const char *name;
  const char *options;
  guint8      code; /* of the refusal; 0: the request is delivered */
} RequestRow;

static const RequestRow request_rows[] = {
  { "none", "", 0 },
  { "uri", "3168 7216 33 4161 0162 4171", 0 },
  { "if-match-repeated", "1161 0162", 0 },
  { "if-none-match", "50", 0 },
  { "accept", "d10432", 0 },
  { "elective-unknown", "e1fcdb61", 0 },
  { "elective-too-long", "49000102030405060708", 0 },
  { "elective-repeated", "c132 013c", 0 },
  { "critical-unknown", "d00c", GCOAP_CODE_BAD_OPTION },
  { "critical-unknown-large", "e1fcdc61", GCOAP_CODE_BAD_OPTION },
  { "critical-known-but-not-here", "9161", GCOAP_CODE_BAD_OPTION },
  { "critical-after-elective", "c132 d000", GCOAP_CODE_BAD_OPTION },
  { "accept-repeated", "d10432 013c", GCOAP_CODE_BAD_OPTION },
  { "accept-too-long", "d304000032", GCOAP_CODE_BAD_OPTION },
  { "uri-host-repeated", "3161 0162", GCOAP_CODE_BAD_OPTION },
  { "uri-host-empty", "30", GCOAP_CODE_BAD_OPTION },
  { "uri-port-too-long", "73001633", GCOAP_CODE_BAD_OPTION },
  { "if-match-too-long", "19010203040506070809", GCOAP_CODE_BAD_OPTION },
  { "if-none-match-too-long", "5100", GCOAP_CODE_BAD_OPTION },
  { "proxy-uri", "d11661", GCOAP_CODE_PROXYING_NOT_SUPPORTED },
  { "proxy-scheme", "d11a61", GCOAP_CODE_PROXYING_NOT_SUPPORTED },
};

static void
receive_request (CoreFixture      *fixture,
                 GCoapMessageType  type,
                 const char       *options)
{
  g_autofree char *hex = g_strconcat (type == CON ? "41" : "51", "01 0001 aa", options, NULL);

  core_fixture_receive (fixture, 2, hex);
}

/* RFC 7252 section 5.5.2: the payload of an error says why, and is short. */
static void
assert_refusal (const SentMessage *sent,
                guint8             code)
{
  g_assert_cmpint (sent->frame.code, ==, code);
  g_assert_cmpmem (sent->frame.token, sent->frame.token_length, "\xaa", 1);
  g_assert_cmpuint (sent->frame.payload_length, >, 0);
  g_assert_cmpuint (sent->frame.payload_length, <, 64);
  g_assert_true (g_utf8_validate_len ((const char *) sent->frame.payload,
                                      sent->frame.payload_length, NULL));
}

static void
test_request (const RequestRow *row,
              GCoapMessageType  type,
              GCoapMessageType  reply_type)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (SentMessage) sent = NULL;

  receive_request (fixture, type, row->options);
  if (row->code == 0)
    {
      core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
      return;
    }

  sent = core_fixture_expect_sent (fixture, reply_type, row->code);
  assert_refusal (sent, row->code);
  core_fixture_expect_no_event (fixture);
  receive_request (fixture, type, row->options);
  g_assert_cmpuint (core_fixture_drop_sent (fixture), ==, 1);
}

static void
test_confirmable_request (gconstpointer data)
{
  g_test_summary ("A critical option that is not understood makes a 4.02, RFC 7252 section 5.4.1");
  test_request (data, CON, ACK);
}

static void
test_non_confirmable_request (gconstpointer data)
{
  g_test_summary ("A Non-confirmable request gets its 4.02 too, RFC 7252 section 5.4.1");
  test_request (data, NON, NON);
}

static void
test_oversized_content_format (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent event;

  g_test_summary ("An ill-sized elective option is as if absent, RFC 7252 section 5.4.3");
  receive_request (fixture, CON, "b161 13 000032 2132 ff 78");
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  g_assert_cmpint (gcoap_message_get_content_format (event.message), ==,
                   GCOAP_CONTENT_FORMAT_NONE);
  g_assert_null (gcoap_message_dup_option (event.message, GCOAP_OPTION_NUMBER_CONTENT_FORMAT));
  g_assert_true (gcoap_message_get_uint_option (event.message, GCOAP_OPTION_NUMBER_MAX_AGE, NULL));
  g_assert_cmpuint (g_bytes_get_size (gcoap_message_get_payload (event.message)), ==, 1);
}

static void
test_repeated_content_format (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  GCoapEvent event;

  g_test_summary ("Of a repeated elective option the first counts, RFC 7252 section 5.4.5");
  receive_request (fixture, CON, "c132 013c");
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  g_assert_cmpint (gcoap_message_get_content_format (event.message), ==, 50);
  g_assert_cmpuint (gcoap_options_remove (gcoap_message_get_options (event.message),
                                          GCOAP_OPTION_NUMBER_CONTENT_FORMAT), ==, 1);
}

static void
test_unknown_elective_is_kept (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GBytes) value = NULL;
  GCoapEvent event;

  g_test_summary ("The application sees elective options that the engine does not know");
  receive_request (fixture, CON, "e1fcdb61");
  event = core_fixture_expect_event (fixture, GCOAP_EVENT_REQUEST);
  value = gcoap_message_dup_option (event.message, 65000);
  g_assert_nonnull (value);
}

/* Submits a request and receives a response with options. */
static guint64
receive_response (CoreFixture      *fixture,
                  GCoapMessageType  type,
                  const char       *options)
{
  guint64 id = core_fixture_submit (fixture, 2, TRUE);
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (fixture, CON, GET);
  g_autoptr (GBytes) bytes = hex_to_bytes (options);
  GCoapFrame response = {
    .type = type,
    .code = CONTENT,
    .message_id = type == ACK ? sent->frame.message_id : 0x0102,
    .token = sent->frame.token,
    .token_length = sent->frame.token_length,
    .options = g_bytes_get_data (bytes, NULL),
    .options_length = g_bytes_get_size (bytes),
  };

  core_fixture_receive_frame (fixture, 2, &response);

  return id;
}

/* Options that nobody can understand in a response, or must not. */
static const char *const bad_response_options[] = {
  "d00c", "3161", "d11661", "d11a61", "d10432 013c",
};

static void
test_confirmable_response (gconstpointer data)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = receive_response (fixture, CON, data);

  g_test_summary ("A Confirmable response that is not understood is reset, "
                  "RFC 7252 section 5.4.1");
  core_fixture_expect_bytes (fixture, 2, "70 00 0102");
  core_fixture_expect_silence (fixture);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_INVALID_OPTION);
}

static void
test_piggybacked_response (gconstpointer data)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = receive_response (fixture, ACK, data);

  g_test_summary ("A piggybacked response that is not understood is ignored in silence, "
                  "RFC 7252 sections 4.2 and 5.4.1");
  core_fixture_expect_silence (fixture);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_INVALID_OPTION);
}

static void
test_non_confirmable_response (gconstpointer data)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = receive_response (fixture, NON, data);

  g_test_summary ("A Non-confirmable response that is not understood is ignored in silence, "
                  "RFC 7252 sections 4.3 and 5.4.1");
  core_fixture_expect_silence (fixture);
  core_fixture_expect_failure (fixture, id, GCOAP_ERROR_INVALID_OPTION);
}

static void
test_repeated_etag_response (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = receive_response (fixture, ACK, "4101 0102");
  GCoapEvent event = core_fixture_expect_event (fixture, GCOAP_EVENT_RESPONSE);

  g_test_summary ("A response has one ETag, RFC 7252 section 5.10.6.1");
  g_assert_cmpuint (event.id, ==, id);
  g_assert_cmpuint (gcoap_options_remove (gcoap_message_get_options (event.message),
                                          GCOAP_OPTION_NUMBER_ETAG), ==, 1);
}

static void
test_whole_body_response (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  guint64 id = receive_response (fixture, ACK, "d10a06");

  g_test_summary ("A block that is all of a body is a response, RFC 7959 section 2.2");
  g_assert_cmpuint (core_fixture_expect_event (fixture, GCOAP_EVENT_RESPONSE).id, ==, id);
}

static void
add_response_row (const char    *type,
                  const char    *options,
                  GTestDataFunc  test)
{
  g_autofree char *path = g_strdup_printf ("/core/option-policy/response/%s/%s", type, options);

  g_test_add_data_func (path, options, test);
}

static void
add_response_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_response_options); i++)
    {
      add_response_row ("con", bad_response_options[i], test_confirmable_response);
      add_response_row ("ack", bad_response_options[i], test_piggybacked_response);
      add_response_row ("non", bad_response_options[i], test_non_confirmable_response);
    }
}

static void
add_request_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (request_rows); i++)
    {
      const RequestRow *row = &request_rows[i];
      g_autofree char *con = g_strconcat ("/core/option-policy/con/", row->name, NULL);
      g_autofree char *non = g_strconcat ("/core/option-policy/non/", row->name, NULL);

      g_test_add_data_func (con, row, test_confirmable_request);
      g_test_add_data_func (non, row, test_non_confirmable_request);
    }
}

#define ADD(path, test) g_test_add_func ("/core/option-policy/" path, test)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_request_rows ();
  ADD ("elective/oversized-content-format", test_oversized_content_format);
  ADD ("elective/repeated-content-format", test_repeated_content_format);
  ADD ("elective/unknown-is-kept", test_unknown_elective_is_kept);
  add_response_rows ();
  ADD ("response/repeated-etag", test_repeated_etag_response);
  ADD ("response/whole-body", test_whole_body_response);

  return g_test_run ();
}
