/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap/gcoap-content-format.h"

#include <stdlib.h>

typedef struct
{
  guint16     number;
  const char *media_type;
} ContentFormat;

/* The IANA "CoAP Content-Formats" registry as of July 2026, by number. */
static const ContentFormat content_formats[] = {
  { 0, "text/plain; charset=utf-8" },
  { 16, "application/cose; cose-type=\"cose-encrypt0\"" },
  { 17, "application/cose; cose-type=\"cose-mac0\"" },
  { 18, "application/cose; cose-type=\"cose-sign1\"" },
  { 19, "application/ace+cbor" },
  { 21, "image/gif" },
  { 22, "image/jpeg" },
  { 23, "image/png" },
  { 40, "application/link-format" },
  { 41, "application/xml" },
  { 42, "application/octet-stream" },
  { 47, "application/exi" },
  { 50, "application/json" },
  { 51, "application/json-patch+json" },
  { 52, "application/merge-patch+json" },
  { 60, "application/cbor" },
  { 61, "application/cwt" },
  { 62, "application/multipart-core" },
  { 63, "application/cbor-seq" },
  { 64, "application/edhoc+cbor-seq" },
  { 65, "application/cid-edhoc+cbor-seq" },
  { 96, "application/cose; cose-type=\"cose-encrypt\"" },
  { 97, "application/cose; cose-type=\"cose-mac\"" },
  { 98, "application/cose; cose-type=\"cose-sign\"" },
  { 101, "application/cose-key" },
  { 102, "application/cose-key-set" },
  { 110, "application/senml+json" },
  { 111, "application/sensml+json" },
  { 112, "application/senml+cbor" },
  { 113, "application/sensml+cbor" },
  { 114, "application/senml-exi" },
  { 115, "application/sensml-exi" },
  { 140, "application/yang-data+cbor; id=sid" },
  { 256, "application/coap-group+json" },
  { 257, "application/concise-problem-details+cbor" },
  { 258, "application/swid+cbor" },
  { 259, "application/pkixcmp" },
  { 260, "application/yang-sid+json" },
  { 261, "application/ace-groupcomm+cbor" },
  { 262, "application/ace-trl+cbor" },
  { 263, "application/eat+cwt" },
  { 264, "application/eat+jwt" },
  { 265, "application/eat-bun+cbor" },
  { 266, "application/eat-bun+json" },
  { 267, "application/eat-ucs+cbor" },
  { 268, "application/eat-ucs+json" },
  { 269, "application/coap-eap" },
  { 270, "application/suit-report+cose" },
  { 271, "application/dots+cbor" },
  { 272, "application/missing-blocks+cbor-seq" },
  { 273, "application/cmw+cbor" },
  { 274, "application/cmw+json" },
  { 275, "application/cmw+cose" },
  { 276, "application/cmw+jws" },
  { 277, "application/scitt-statement+cose" },
  { 278, "application/scitt-receipt+cose" },
  { 279, "application/statuslist+cwt" },
  { 280, "application/pkcs7-mime; smime-type=server-generated-key" },
  { 281, "application/pkcs7-mime; smime-type=certs-only" },
  { 284, "application/pkcs8" },
  { 285, "application/csrattrs" },
  { 286, "application/pkcs10" },
  { 287, "application/pkix-cert" },
  { 290, "application/aif+cbor" },
  { 291, "application/aif+json" },
  { 292, "application/aif+cbor; toid=CRI-local-part" },
  { 293, "application/sd-cwt" },
  { 294, "application/kb+cwt" },
  { 295, "application/measured-component+cbor" },
  { 296, "application/measured-component+json" },
  { 297, "application/aif+cbor; toid=oscore-gname; tperm=oscore-gperm" },
  { 298, "application/aif+json; toid=oscore-gname; tperm=oscore-gperm" },
  { 310, "application/senml+xml" },
  { 311, "application/sensml+xml" },
  { 320, "application/senml-etch+json" },
  { 322, "application/senml-etch+cbor" },
  { 340, "application/yang-data+cbor" },
  { 341, "application/yang-data+cbor; id=name" },
  { 432, "application/td+json" },
  { 433, "application/tm+json" },
  { 434, "application/sdf+json" },
  { 553, "application/dns-message" },
  { 601, "application/uccs+cbor" },
  { 836, "application/voucher+cose" },
  { 10000, "application/vnd.ocf+cbor" },
  { 10001, "application/oscore" },
  { 10002, "application/javascript" },
  { 10003, "application/eat+cwt; eat_profile=\"tag:psacertified.org,2023:psa#tfm\"" },
  { 10004, "application/eat+cwt; eat_profile=\"tag:psacertified.org,2019:psa#legacy\"" },
  { 10005, "application/eat+cwt; eat_profile=2.16.840.1.113741.1.16.1" },
  { 10006, "application/vnd.oms.cellular-cose-content+cbor" },
  { 10007, "application/syslog-msg" },
  { 10570, "application/toc+cbor" },
  { 10571, "application/ce+cbor" },
  { 10572, "application/toc+cbor; profile=2.16.840.1.113741.1.16.1" },
  { 10573, "application/ce+cbor; profile=2.16.840.1.113741.1.16.1" },
  { 11050, "application/json@deflate" },
  { 11060, "application/cbor@deflate" },
  { 11542, "application/vnd.oma.lwm2m+tlv" },
  { 11543, "application/vnd.oma.lwm2m+json" },
  { 11544, "application/vnd.oma.lwm2m+cbor" },
  { 12000, "text/plain; charset=utf-8@zstd" },
  { 12041, "application/xml@zstd" },
  { 12050, "application/json@zstd" },
  { 20000, "text/css" },
  { 20001, "application/vnd.as207960.vas.config+jer" },
  { 20002, "application/vnd.as207960.vas.config+uper" },
  { 20003, "application/vnd.as207960.vas.tap+jer" },
  { 20004, "application/vnd.as207960.vas.tap+uper" },
  { 30000, "image/svg+xml" },
};

static int
compare_number (gconstpointer key,
                gconstpointer row)
{
  const int *number = key;
  const ContentFormat *format = row;

  return *number - format->number;
}

static gboolean
is_delimiter (char c)
{
  return c == '\0' || c == ';' || c == '=' || c == '@';
}

/* Blanks next to a delimiter say nothing, and neither do the quotes of a value. */
static const char *
skip_insignificant (const char *text,
                    char        previous)
{
  const char *next = text;

  while (g_ascii_isspace (*next) || *next == '"')
    next++;

  return is_delimiter (previous) || is_delimiter (*next) ? next : text;
}

static gboolean
is_same_media_type (const char *a,
                    const char *b)
{
  char previous = '\0';

  do
    {
      a = skip_insignificant (a, previous);
      b = skip_insignificant (b, previous);
      if (g_ascii_tolower (*a) != g_ascii_tolower (*b))
        return FALSE;

      previous = *a++;
      b++;
    }
  while (previous != '\0');

  return TRUE;
}

/**
 * gcoap_content_format_get_media_type:
 * @content_format: a Content-Format number, or %GCOAP_CONTENT_FORMAT_NONE
 *
 * Gets the media type that a Content-Format number stands for, such as "application/json" for 50.
 *
 * Parameters are part of it, as in "text/plain; charset=utf-8" for 0. Where the registry names a
 * content coding, the coding follows behind an at sign, as in `application/json@deflate` for
 * 11050; this is the Content-Format-String of RFC 9193.
 *
 * Returns: (transfer none) (nullable): the media type, or %NULL if the number is not in the IANA
 *   registry "CoAP Content-Formats" (RFC 7252 section 12.3)
 *
 * Since: 1.0
 */
const char *
gcoap_content_format_get_media_type (int content_format)
{
  const ContentFormat *format;

  /* Keeps the subtraction in compare_number() from overflowing. */
  if (content_format < 0 || content_format > G_MAXUINT16)
    return NULL;

  format = bsearch (&content_format, content_formats, G_N_ELEMENTS (content_formats),
                    sizeof content_formats[0], compare_number);

  return format != NULL ? format->media_type : NULL;
}

/**
 * gcoap_content_format_from_media_type:
 * @media_type: a media type, in the form of [func@content_format_get_media_type]
 *
 * Gets the Content-Format number that stands for a media type, such as 50 for "application/json".
 *
 * Upper and lower case, spaces around the ";" before a parameter, and quotes around its value
 * make no difference. "text/plain" alone is taken as UTF-8, which CoAP has a number for. Other
 * parameters must be those of the registry, in its order.
 *
 * Returns: the number, from 0 to 65535, or %GCOAP_CONTENT_FORMAT_NONE if the IANA registry
 *   "CoAP Content-Formats" has none for @media_type
 *
 * Since: 1.0
 */
int
gcoap_content_format_from_media_type (const char *media_type)
{
  g_return_val_if_fail (media_type != NULL, GCOAP_CONTENT_FORMAT_NONE);

  if (is_same_media_type (media_type, "text/plain"))
    return 0;

  for (gsize i = 0; i < G_N_ELEMENTS (content_formats); i++)
    {
      if (is_same_media_type (media_type, content_formats[i].media_type))
        return content_formats[i].number;
    }

  return GCOAP_CONTENT_FORMAT_NONE;
}
