/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"
#include "hex.h"

#define ACK GCOAP_MESSAGE_TYPE_ACK

/* A request about a resource as it is, and the code that answers it, if one does. */
typedef struct
{
  const char *name;
  const char *request; /* code, Message ID and options */
  const char *etag;    /* hexadecimal; NULL where there is no such resource */
  const char *code;
} ValidateRow;

#define GET    "40 01 1234 "
#define PUT    "40 03 1234 "
#define DELETE "40 04 1234 "
#define FETCH  "40 05 1234 "
#define PATCH  "40 06 1234 "

static const ValidateRow validate_rows[] = {
  { "bare", GET, "aa", NULL },
  { "bare-nothing-there", GET, NULL, NULL },
  { "bare-no-etag", GET, "", NULL },

  { "etag", GET "41aa", "aa", "2.03" },
  { "etag-other", GET "41aa", "ab", NULL },
  { "etag-prefix", GET "42aabb", "aa", NULL },
  { "etag-leading-zero", GET "4200aa", "aa", NULL },
  { "etag-third", GET "41aa 01bb 02cc00", "cc00", "2.03" },
  { "etag-none-of-three", GET "41aa 01bb 02cc00", "cc", NULL },
  { "etag-8-bytes", GET "48 0102030405060708", "0102030405060708", "2.03" },
  { "etag-of-zeros", GET "4200 00", "0000", "2.03" },
  { "etag-no-etag", GET "41aa", "", NULL },
  { "etag-nothing-there", GET "41aa", NULL, NULL },
  { "etag-empty-is-ignored", GET "40", "", NULL },
  { "etag-long-is-ignored", GET "49 010203040506070809", "010203040506070809", NULL },
  { "etag-in-fetch", FETCH "41aa", "aa", "2.03" },
  { "etag-in-put", PUT "41aa", "aa", NULL },

  { "if-match", PUT "11aa", "aa", NULL },
  { "if-match-other", PUT "11aa", "ab", "4.12" },
  { "if-match-nothing-there", PUT "11aa", NULL, "4.12" },
  { "if-match-no-etag", PUT "11aa", "", "4.12" },
  { "if-match-second", PUT "11aa 01bb", "bb", NULL },
  { "if-match-none-of-eight", PUT "11aa 01bb 01cc 01dd 01ee 01ff 0100 0101", "02", "4.12" },
  { "if-match-8-bytes", PUT "18 0102030405060708", "0102030405060708", NULL },
  { "if-match-8-bytes-other", PUT "18 0102030405060708", "0102030405060709", "4.12" },
  { "if-match-empty", PUT "10", "aa", NULL },
  { "if-match-empty-no-etag", PUT "10", "", NULL },
  { "if-match-empty-nothing-there", PUT "10", NULL, "4.12" },
  { "if-match-empty-and-other", PUT "11aa 00", "bb", NULL },
  { "if-match-delete", DELETE "11aa", "bb", "4.12" },
  { "if-match-patch", PATCH "11aa", "bb", "4.12" },
  { "if-match-get", GET "11aa", "bb", "4.12" },

  { "if-none-match", PUT "50", NULL, NULL },
  { "if-none-match-there", PUT "50", "aa", "4.12" },
  { "if-none-match-no-etag", PUT "50", "", "4.12" },
  { "both-there", PUT "10 40", "aa", "4.12" },
  { "both-nothing-there", PUT "10 40", NULL, "4.12" },

  { "condition-before-etag", GET "11aa 31bb", "bb", "4.12" },
  { "condition-and-etag", GET "11aa 31aa", "aa", "2.03" },
  { "if-none-match-before-etag", GET "41aa 10", "aa", "4.12" },
};

static void
validate_cb (GCoapEndpoint     *endpoint,
             GCoapRequest      *request,
             const ValidateRow *row)
{
  g_autoptr (GBytes) etag = row->etag != NULL ? hex_to_bytes (row->etag) : NULL;

  g_assert_cmpstr (gcoap_request_validate (request, etag), ==, row->code);
  gcoap_endpoint_set_response_code (endpoint, "2.02");
}

static void
test_validate (gconstpointer data)
{
  const ValidateRow *row = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("Conditions and ETags answer a request, RFC 7252 sections 5.10.6.2 and 5.10.8");
  g_signal_connect (fixture->server, "request", G_CALLBACK (validate_cb), (gpointer) row);
  peer_ask (fixture, row->request);
  answer = peer_expect (fixture->peer, ACK, GCOAP_CODE_DELETED, "");
}

/* Sets everything that goes with a 2.05 before it asks whether that is needed. */
static void
answer_cb (GCoapEndpoint *endpoint,
           GCoapRequest  *request)
{
  g_autoptr (GBytes) etag = g_bytes_new ("\xaa", 1);

  gcoap_endpoint_set_response_etag (endpoint, etag);
  gcoap_endpoint_set_response_text (endpoint, "state");
  gcoap_endpoint_set_response_code (endpoint, gcoap_request_validate (request, etag));
}

static void
test_valid (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("A 2.03 has an ETag and no payload, RFC 7252 section 5.9.1.3");
  g_signal_connect (fixture->server, "request", G_CALLBACK (answer_cb), NULL);
  peer_ask (fixture, "40 01 1234 42bbbb 01aa");
  answer = peer_expect (fixture->peer, ACK, GCOAP_CODE_VALID, "");
  g_assert_cmpstr (answer->options, ==, "41aa");
  g_assert_cmpuint (fixture->errors.n, ==, 0);
}

static void
test_not_valid (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("A client that knows other ETags gets the payload, RFC 7252 section 5.6.2");
  g_signal_connect (fixture->server, "request", G_CALLBACK (answer_cb), NULL);
  peer_ask (fixture, "40 01 1234 42bbbb 01cc");
  answer = peer_expect (fixture->peer, ACK, GCOAP_CODE_CONTENT, "state");
  g_assert_cmpstr (answer->options, ==, "41aa");
}

/* What a handler is never asked, because the options are not as they must be. */
static const char *const bad_requests[] = {
  PUT "19 010203040506070809", /* If-Match with 9 bytes */
  PUT "51 aa",                 /* If-None-Match with a value */
  PUT "50 00",                 /* If-None-Match twice */
};

static void
test_bad_option (gconstpointer data)
{
  const char *const *request = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Datagram) answer = NULL;

  g_test_summary ("A condition that cannot be read is refused, RFC 7252 section 5.4");
  answer_with (fixture->server, "request", "no");
  peer_ask (fixture, *request);
  answer = peer_take (fixture->peer);
  g_assert_cmpuint (answer->code, ==, GCOAP_CODE_BAD_OPTION);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (validate_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/facade/request-validate/%s",
                                               validate_rows[i].name);

      g_test_add_data_func (path, &validate_rows[i], test_validate);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad_requests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/facade/request-validate/bad-option/%"
                                               G_GSIZE_FORMAT, i);

      g_test_add_data_func (path, &bad_requests[i], test_bad_option);
    }
  g_test_add_func ("/facade/request-validate/valid", test_valid);
  g_test_add_func ("/facade/request-validate/not-valid", test_not_valid);

  return g_test_run ();
}
