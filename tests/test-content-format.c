/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gcoap/gcoap-content-format.h"

typedef struct
{
  const char *name;
  int         content_format;
  const char *media_type; /* (nullable) */
} FormatRow;

static const FormatRow registry_rows[] = {
  { "first", 0, "text/plain; charset=utf-8" },
  { "quoted-parameter", 16, "application/cose; cose-type=\"cose-encrypt0\"" },
  { "link-format", 40, "application/link-format" },
  { "json", 50, "application/json" },
  { "json-patch", 51, "application/json-patch+json" },
  { "merge-patch", 52, "application/merge-patch+json" },
  { "cbor", 60, "application/cbor" },
  { "senml", 110, "application/senml+json" },
  { "id-sid", 140, "application/yang-data+cbor; id=sid" },
  { "id-none", 340, "application/yang-data+cbor" },
  { "id-name", 341, "application/yang-data+cbor; id=name" },
  { "two-parameters", 297, "application/aif+cbor; toid=oscore-gname; tperm=oscore-gperm" },
  { "profile", 10003, "application/eat+cwt; eat_profile=\"tag:psacertified.org,2023:psa#tfm\"" },
  { "deflate", 11050, "application/json@deflate" },
  { "lwm2m", 11542, "application/vnd.oma.lwm2m+tlv" },
  { "zstd", 12000, "text/plain; charset=utf-8@zstd" },
  { "last", 30000, "image/svg+xml" },
};

static const FormatRow unknown_number_rows[] = {
  { "none", GCOAP_CONTENT_FORMAT_NONE, NULL },
  { "minimum", G_MININT, NULL },
  { "unassigned", 1, NULL },
  { "gap", 282, NULL },
  { "reserved", 1542, NULL },
  { "documentation", 64999, NULL },
  { "experimental", 65000, NULL },
  { "largest", 65535, NULL },
  { "too-large", 65536, NULL },
  { "wrapped-json", 65586, NULL },
  { "maximum", G_MAXINT, NULL },
};

static const FormatRow spelling_rows[] = {
  { "upper-case", 50, "APPLICATION/JSON" },
  { "no-space", 0, "text/plain;charset=utf-8" },
  { "many-spaces", 0, "text/plain \t;  charset=UTF-8" },
  { "around", 60, "  application/cbor\n" },
  { "no-charset", 0, "text/plain" },
  { "unquoted", 17, "application/cose;cose-type=cose-mac0" },
  { "quoted", 0, "text/plain; charset=\"utf-8\"" },
  { "coding", 11060, "application/cbor@DEFLATE" },
  { "coding-after-quotes", 12000, "text/plain;charset=\"utf-8\"@zstd" },
};

static const FormatRow unknown_text_rows[] = {
  { "empty", -1, "" },
  { "blank", -1, "  " },
  { "number", -1, "50" },
  { "prefix", -1, "application/jso" },
  { "longer", -1, "application/json5" },
  { "extra-parameter", -1, "application/json; charset=utf-8" },
  { "missing-parameter", -1, "application/cose" },
  { "other-charset", -1, "text/plain; charset=latin1" },
  { "unknown-coding", -1, "application/cbor@gzip" },
  { "inner-space", -1, "application/ json" },
  { "inner-quote", -1, "appli\"cation/json" },
  { "only-delimiters", -1, ";=@" },
  { "not-utf8", -1, "\xff\xfe" },
};

static void
test_media_type (gconstpointer data)
{
  const FormatRow *row = data;

  g_test_summary ("A registered number has a media type, RFC 7252 section 12.3");
  g_assert_cmpstr (gcoap_content_format_get_media_type (row->content_format), ==,
                   row->media_type);
}

static void
test_number (gconstpointer data)
{
  const FormatRow *row = data;

  g_test_summary ("A media type is looked up as it may be spelled, RFC 9110 section 8.3.1");
  g_assert_cmpint (gcoap_content_format_from_media_type (row->media_type), ==,
                   row->content_format);
}

static void
test_round_trip (void)
{
  guint n_known = 0;

  g_test_summary ("Every number of the registry is found by number and by text");
  for (int number = 0; number <= G_MAXUINT16; number++)
    {
      const char *media_type = gcoap_content_format_get_media_type (number);

      if (media_type == NULL)
        continue;

      g_assert_cmpint (gcoap_content_format_from_media_type (media_type), ==, number);
      n_known++;
    }
  g_assert_cmpuint (n_known, ==, 110);
}

static void
add_row (const char      *case_name,
         const FormatRow *row,
         GTestDataFunc    func)
{
  g_autofree char *path = g_strdup_printf ("/codec/content-format/%s/%s", case_name, row->name);

  g_test_add_data_func (path, row, func);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (registry_rows); i++)
    {
      add_row ("media-type", &registry_rows[i], test_media_type);
      add_row ("number", &registry_rows[i], test_number);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (unknown_number_rows); i++)
    add_row ("unknown-number", &unknown_number_rows[i], test_media_type);
  for (gsize i = 0; i < G_N_ELEMENTS (spelling_rows); i++)
    add_row ("spelling", &spelling_rows[i], test_number);
  for (gsize i = 0; i < G_N_ELEMENTS (unknown_text_rows); i++)
    add_row ("unknown-text", &unknown_text_rows[i], test_number);
  g_test_add_func ("/codec/content-format/round-trip", test_round_trip);

  return g_test_run ();
}
