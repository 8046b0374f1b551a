/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "codec/gcoap-uri-private.h"

#include <string.h>

#include "gcoap/gcoap-error.h"
#include "gcoap/gcoap-option-number.h"

#define A64  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A255 A64 A64 A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A256 A64 A64 A64 A64

typedef struct
{
  const char *name;
  const char *uri;
  const char *host;
  guint16     port;
  gboolean    is_ip_literal;
  const char *options; /* each as "number=value ", bytes that do not print as \xHH */
} DecomposeRow;

static const DecomposeRow decompose_rows[] = {
  { "no-path", "coap://h", "h", 5683, FALSE, "3=h " },
  { "root", "coap://h/", "h", 5683, FALSE, "3=h " },
  { "path", "coap://h/a/b", "h", 5683, FALSE, "3=h 11=a 11=b " },
  { "empty-segments", "coap://h/a//b/", "h", 5683, FALSE, "3=h 11=a 11= 11=b 11= " },
  { "two-slashes", "coap://h//", "h", 5683, FALSE, "3=h 11= 11= " },
  { "encoded-slash", "coap://h/a%2Fb", "h", 5683, FALSE, "3=h 11=a/b " },
  { "encoded-utf8", "coap://h/%C3%A4%c3%b6", "h", 5683, FALSE, "3=h 11=\\xc3\\xa4\\xc3\\xb6 " },
  { "plain-utf8", "coap://h/\xc3\xa4", "h", 5683, FALSE, "3=h 11=\\xc3\\xa4 " },
  { "encoded-zero", "coap://h/a%00b", "h", 5683, FALSE, "3=h 11=a\\x00b " },
  { "encoded-percent", "coap://h/%2541", "h", 5683, FALSE, "3=h 11=%41 " },
  { "plus-stays", "coap://h/a+b?c+d", "h", 5683, FALSE, "3=h 11=a+b 15=c+d " },
  { "segment-characters", "coap://h/-._~!$&'()*+,;=:@", "h", 5683, FALSE,
    "3=h 11=-._~!$&'()*+,;=:@ " },
  { "query", "coap://h?a=1&b", "h", 5683, FALSE, "3=h 15=a=1 15=b " },
  { "path-and-query", "coap://h/p?a", "h", 5683, FALSE, "3=h 11=p 15=a " },
  { "empty-query", "coap://h/?", "h", 5683, FALSE, "3=h 15= " },
  { "empty-arguments", "coap://h?&a&", "h", 5683, FALSE, "3=h 15= 15=a 15= " },
  { "query-characters", "coap://h?a/b?c:@", "h", 5683, FALSE, "3=h 15=a/b?c:@ " },
  { "encoded-ampersand", "coap://h?a%26b&c", "h", 5683, FALSE, "3=h 15=a&b 15=c " },
  { "dots-in-query", "coap://h?../.", "h", 5683, FALSE, "3=h 15=../. " },
  { "dot", "coap://h/a/./b", "h", 5683, FALSE, "3=h 11=a 11=b " },
  { "dots", "coap://h/a/../b", "h", 5683, FALSE, "3=h 11=b " },
  { "last-dot", "coap://h/a/.", "h", 5683, FALSE, "3=h 11=a 11= " },
  { "last-dots", "coap://h/a/b/..", "h", 5683, FALSE, "3=h 11=a 11= " },
  { "dots-to-root", "coap://h/a/..", "h", 5683, FALSE, "3=h " },
  { "dots-above-root", "coap://h/../../a", "h", 5683, FALSE, "3=h 11=a " },
  { "encoded-dots", "coap://h/a/%2e%2E/.%2e/%2E/b", "h", 5683, FALSE, "3=h 11=b " },
  { "three-dots", "coap://h/.../..a/.b", "h", 5683, FALSE, "3=h 11=... 11=..a 11=.b " },
  { "rfc3986-5.2.4", "coap://h/a/b/c/./../../g", "h", 5683, FALSE, "3=h 11=a 11=g " },
  { "longest-segment", "coap://h/" A255, "h", 5683, FALSE, "3=h 11=" A255 " " },
  { "longest-argument", "coap://h?" A255, "h", 5683, FALSE, "3=h 15=" A255 " " },
  { "longest-host", "coap://" A255, A255, 5683, FALSE, "3=" A255 " " },
  { "port", "coap://h:61616/a", "h", 61616, FALSE, "3=h 11=a " },
  { "default-port", "coap://h:5683", "h", 5683, FALSE, "3=h " },
  { "empty-port", "coap://h:/a", "h", 5683, FALSE, "3=h 11=a " },
  { "padded-port", "coap://h:000001", "h", 1, FALSE, "3=h " },
  { "largest-port", "coap://h:65535?q", "h", 65535, FALSE, "3=h 15=q " },
  { "scheme-case", "CoAP://h/A", "h", 5683, FALSE, "3=h 11=A " },
  { "host-case", "coap://EXAMPLE.Com/A", "example.com", 5683, FALSE, "3=example.com 11=A " },
  { "host-encoded", "coap://b%C3%BCcher", "b\xc3\xbc" "cher", 5683, FALSE,
    "3=b\\xc3\\xbccher " },
  { "host-lower-case-first", "coap://X%41", "xA", 5683, FALSE, "3=xA " },
  { "ipv4", "coap://192.0.2.1/a", "192.0.2.1", 5683, TRUE, "11=a " },
  { "ipv4-like-name", "coap://192.0.2.01", "192.0.2.01", 5683, FALSE, "3=192.0.2.01 " },
  { "ipv4-short-name", "coap://192.2", "192.2", 5683, FALSE, "3=192.2 " },
  { "ipv6", "coap://[2001:DB8::1]/a", "2001:db8::1", 5683, TRUE, "11=a " },
  { "ipv6-port", "coap://[::1]:1234", "::1", 1234, TRUE, "" },
  { "ipv6-empty-port", "coap://[::1]:", "::1", 5683, TRUE, "" },
  { "ipv6-mapped", "coap://[::ffff:192.0.2.1]", "::ffff:192.0.2.1", 5683, TRUE, "" },
  { "zone", "coap://[FE80::1%25Eth0]/a", "fe80::1%Eth0", 5683, TRUE, "11=a " },
  { "zone-as-people-write", "coap://[fe80::1%eth0]:1", "fe80::1%eth0", 1, TRUE, "" },
  { "zone-number", "coap://[fe80::1%252]", "fe80::1%2", 5683, TRUE, "" },
  { "zone-encoded", "coap://[fe80::1%25a%2Db]", "fe80::1%a-b", 5683, TRUE, "" },
};

typedef struct
{
  const char *name;
  const char *uri;
  const char *reason; /* what the error message says */
} RefuseRow;

static const RefuseRow refuse_rows[] = {
  { "empty", "", "does not start with" },
  { "relative", "/a/b", "does not start with" },
  { "no-scheme", "h/a", "does not start with" },
  { "network-path", "//h/a", "does not start with" },
  { "no-slashes", "coap:h", "does not start with" },
  { "one-slash", "coap:/h", "does not start with" },
  { "leading-space", " coap://h", "its scheme is" },
  { "http", "http://x/", "its scheme is \"http\", and only \"coap\" is supported" },
  { "coaps", "coaps://h", "its scheme is \"coaps\"" },
  { "coap-tcp", "coap+tcp://h", "its scheme is \"coap+tcp\"" },
  { "short-scheme", "coa://h", "its scheme is \"coa\"" },
  { "empty-scheme", "://h", "its scheme is \"\"" },
  { "fragment", "coap://h/a#f", "fragment" },
  { "empty-fragment", "coap://h/a?q#", "fragment" },
  { "user", "coap://u@h", "user information" },
  { "user-and-password", "coap://u:p@h", "user information" },
  { "empty-user", "coap://@h", "user information" },
  { "no-host", "coap://", "no host" },
  { "no-host-but-path", "coap:///a", "no host" },
  { "no-host-but-port", "coap://:5683", "no host" },
  { "port-0", "coap://h:0", "its port is \"0\", and a number from 1 to 65535 is needed" },
  { "port-65536", "coap://h:65536", "its port is \"65536\"" },
  { "port-huge", "coap://h:42949672961", "its port is \"42949672961\"" },
  { "port-signed", "coap://h:-1", "its port is \"-1\"" },
  { "port-plus", "coap://h:+1", "its port is \"+1\"" },
  { "port-space", "coap://h: 1", "its port is \" 1\"" },
  { "port-hex", "coap://h:0x1", "its port is \"0x1\"" },
  { "port-name", "coap://h:coap", "its port is \"coap\"" },
  { "bare-ipv6", "coap://::1", "its port is" },
  { "percent-alone", "coap://h/%", "without two hexadecimal digits" },
  { "percent-cut", "coap://h/%4", "without two hexadecimal digits" },
  { "percent-cut-by-slash", "coap://h/%4/a", "without two hexadecimal digits" },
  { "percent-no-hex", "coap://h/%zz", "without two hexadecimal digits" },
  { "percent-removed", "coap://h/%zz/..", "without two hexadecimal digits" },
  { "percent-in-query", "coap://h?%", "without two hexadecimal digits" },
  { "percent-in-host", "coap://h%", "without two hexadecimal digits" },
  { "not-utf8", "coap://h/%FF", "not UTF-8" },
  { "not-utf8-plain", "coap://h/\xff", "not UTF-8" },
  { "not-utf8-cut", "coap://h/%C3/%A4", "not UTF-8" },
  { "not-utf8-after-zero", "coap://h/%00%FF", "not UTF-8" },
  { "not-utf8-overlong", "coap://h/%C0%AF", "not UTF-8" },
  { "not-utf8-query", "coap://h?%80", "not UTF-8" },
  { "not-utf8-host", "coap://h%FF", "not UTF-8" },
  { "space", "coap://h/a b", "must be percent-encoded" },
  { "newline", "coap://h/a\n", "must be percent-encoded" },
  { "quote", "coap://h/\"", "must be percent-encoded" },
  { "brackets", "coap://h/a[1]", "must be percent-encoded" },
  { "backslash", "coap://h\\a", "must be percent-encoded" },
  { "space-in-query", "coap://h?a b", "must be percent-encoded" },
  { "space-in-host", "coap://a b", "must be percent-encoded" },
  { "zero-in-host", "coap://h%00x", "zero byte" },
  { "long-segment", "coap://h/a/" A256, "is longer than 255 bytes" },
  { "long-argument", "coap://h?a&" A256, "is longer than 255 bytes" },
  { "long-host", "coap://" A256, "is longer than 255 bytes" },
  { "open-bracket", "coap://[::1", "closing bracket" },
  { "only-bracket", "coap://[", "closing bracket" },
  { "after-bracket", "coap://[::1]x", "after the closing bracket" },
  { "empty-brackets", "coap://[]", "not an IPv6 address" },
  { "ipv4-in-brackets", "coap://[192.0.2.1]", "not an IPv6 address" },
  { "name-in-brackets", "coap://[h]", "not an IPv6 address" },
  { "ipv-future", "coap://[v1.a]", "not an IPv6 address" },
  { "ipv6-too-long", "coap://[1:2:3:4:5:6:7:8:9]", "not an IPv6 address" },
  { "ipv6-far-too-long", "coap://[" A255 "]", "not an IPv6 address" },
  { "zone-alone", "coap://[%25eth0]", "not an IPv6 address" },
  { "zone-empty", "coap://[fe80::1%]", "no valid zone" },
  { "zone-empty-encoded", "coap://[fe80::1%25]", "no valid zone" },
  { "zone-zero", "coap://[fe80::1%25a%00]", "no valid zone" },
  { "zone-characters", "coap://[fe80::1%25a b]", "must be percent-encoded" },
};

typedef struct
{
  const char *name;
  const char *host;
  guint       port;
  const char *options; /* each as number, "=", value and a space; bytes as \xHH */
  const char *uri;
} ComposeRow;

static const ComposeRow compose_rows[] = {
  { "nothing", "h", 5683, "", "coap://h/" },
  { "port", "h", 1234, "", "coap://h:1234/" },
  { "uri-host", "192.0.2.1", 5683, "3=h ", "coap://h/" },
  { "uri-host-empty", "192.0.2.1", 5683, "3= ", "coap://192.0.2.1/" },
  { "uri-host-not-ascii", "x", 5683, "3=b\\xc3\\xbccher ", "coap://b%C3%BCcher/" },
  { "uri-host-hostile", "x", 5683, "3=a/b\\x00?c@d ", "coap://a%2Fb%00%3Fc%40d/" },
  { "uri-host-colon", "x", 5683, "3=a:1 ", "coap://a%3A1/" },
  { "uri-host-ipv6", "x", 5683, "3=::1 ", "coap://[::1]/" },
  { "uri-host-bracketed", "x", 5683, "3=[::1] ", "coap://[::1]/" },
  { "uri-host-empty-brackets", "x", 5683, "3=[] ", "coap://%5B%5D/" },
  { "uri-host-twice", "x", 5683, "3=a 3=b ", "coap://a/" },
  { "ipv6", "2001:db8::1", 5683, "", "coap://[2001:db8::1]/" },
  { "ipv6-port", "::1", 1, "11=a ", "coap://[::1]:1/a" },
  { "zone", "fe80::1%2", 5683, "", "coap://[fe80::1%252]/" },
  { "zone-odd", "fe80::1%a/b", 5683, "", "coap://[fe80::1%25a%2Fb]/" },
  { "uri-port", "h", 5683, "7=\\x16\\x34 ", "coap://h:5684/" },
  { "uri-port-default", "h", 1234, "7=\\x16\\x33 ", "coap://h/" },
  { "uri-port-padded", "h", 1234, "7=\\x00\\x16\\x33 ", "coap://h/" },
  { "uri-port-zero", "h", 1234, "7= ", "coap://h:1234/" },
  { "uri-port-too-large", "h", 1234, "7=\\x01\\x00\\x00 ", "coap://h:1234/" },
  { "uri-port-too-long", "h", 1234, "7=\\x00\\x00\\x00\\x00\\x01 ", "coap://h:1234/" },
  { "path", "h", 5683, "11=a 11= 11=b 11= ", "coap://h/a//b/" },
  { "path-one-empty", "h", 5683, "11= ", "coap://h/" },
  { "path-slash", "h", 5683, "11=a/b ", "coap://h/a%2Fb" },
  { "path-unreserved", "h", 5683, "11=-._~!$&'()*+,;=:@ ", "coap://h/-._~!$&'()*+,;=:@" },
  { "path-reserved", "h", 5683, "11=?#[]%\"<>\\x5c^`{|} ",
    "coap://h/%3F%23%5B%5D%25%22%3C%3E%5C%5E%60%7B%7C%7D" },
  { "path-bytes", "h", 5683, "11=\\x00\\xff\\x7f\\x0a ", "coap://h/%00%FF%7F%0A" },
  { "query", "h", 5683, "15=a=1 15=b ", "coap://h/?a=1&b" },
  { "query-empty", "h", 5683, "15= ", "coap://h/?" },
  { "query-characters", "h", 5683, "15=a/b?c:@ ", "coap://h/?a/b?c:@" },
  { "query-ampersand", "h", 5683, "15=a&b ", "coap://h/?a%26b" },
  { "query-bytes", "h", 5683, "15=#\\x00\\xff ", "coap://h/?%23%00%FF" },
  { "others-between", "h", 5683, "1=x 6=y 11=a 12=z 15=q 17=w 60=v ", "coap://h/a?q" },
};

/* URIs in the normal form of RFC 7252 section 6.3, which come back as they were. */
static const char *const normal_uris[] = {
  "coap://h/",
  "coap://example.com/a/b?c=1&d",
  "coap://example.com:1234/a//b/",
  "coap://h/a%2Fb/%C3%A4%00?x%26y&?/",
  "coap://192.0.2.1/a",
  "coap://[2001:db8::1]/a",
  "coap://[fe80::1%25eth0]:61616/",
  "coap://b%C3%BCcher/",
};

typedef struct
{
  const char *name;
  const char *location;
  const char *options;
  const char *composed; /* NULL where it is as @location */
} LocationRow;

static const LocationRow location_rows[] = {
  { "path", "/sensors/7", "8=sensors 8=7 ", NULL },
  { "path-and-query", "/sensors/7?x=1&y", "8=sensors 8=7 20=x=1 20=y ", NULL },
  { "query", "?x=1", "20=x=1 ", "/?x=1" },
  { "empty-query", "?", "20= ", "/?" },
  { "root", "/", "8= ", NULL },
  { "root-and-query", "/?x", "8= 20=x ", NULL },
  { "empty-segments", "/a//b/", "8=a 8= 8=b 8= ", NULL },
  { "encoded", "/a%2Fb%20c?d%26e", "8=a/b\\x20c 20=d&e ", NULL },
  { "encoded-needlessly", "/%61", "8=a ", "/a" },
  { "utf8", "/\xc3\xa4", "8=\\xc3\\xa4 ", "/%C3%A4" },
  { "dots", "/a/./b/../c", "8=a 8=c ", "/a/c" },
  { "encoded-dots", "/a/%2e%2E/b", "8=b ", "/b" },
  { "empty-first-segment", "/.//h/a", "8= 8=h 8=a ", NULL },
  { "three-dots", "/...", "8=... ", NULL },
  { "colon", "/a:b", "8=a:b ", NULL },
  { "longest-segment", "/" A255 "?" A255, "8=" A255 " 20=" A255 " ", NULL },
};

static const RefuseRow location_refuse_rows[] = {
  { "empty", "", "starts with" },
  { "relative", "a/b", "starts with" },
  { "uri", "coap://h/a", "starts with" },
  { "host", "//h/a", "names a host" },
  { "fragment", "/a#b", "must be percent-encoded" },
  { "fragment-in-query", "?a#b", "must be percent-encoded" },
  { "space", "/a b", "must be percent-encoded" },
  { "percent", "/a?%", "without two hexadecimal digits" },
  { "not-utf8", "/%FF", "not UTF-8" },
  { "long-segment", "/a/" A256, "is longer than 255 bytes" },
  { "long-argument", "/a?" A256, "is longer than 255 bytes" },
};

/* What others may send. */
typedef struct
{
  const char *name;
  const char *base_uri;
  const char *options;
  const char *location;
} ResolveRow;

static const ResolveRow resolve_rows[] = {
  { "nothing", NULL, "", NULL },
  { "nothing-with-base", "coap://h/a", "4=e 11=a 15=q ", NULL },
  { "others", NULL, "4=e 8=a 11=x 12=* 15=y 20=q 60=z ", "/a?q" },
  { "bytes", NULL, "8=\\x00\\xff 20=\\x00&\\xff ", "/%00%FF?%00%26%FF" },
  { "dot", NULL, "8=a 8=. ", NULL },
  { "dots", NULL, "8=.. 8=a ", NULL },
  { "dots-with-base", "coap://h/", "8=.. ", NULL },
  { "zero-and-dot", NULL, "8=.\\x00 ", "/.%00" },
  { "dots-in-segment", NULL, "8=../.. ", "/..%2F.." },
  { "dots-in-query", NULL, "8=a 20=.. ", "/a?.." },
  { "reserved-128", NULL, "8=a 128=x ", NULL },
  { "reserved-132", NULL, "20=a 132= ", NULL },
  { "reserved-136", NULL, "8=a 136=x ", NULL },
  { "reserved-140", NULL, "8=a 140=x ", NULL },
  { "reserved-alone", NULL, "128=x ", NULL },
  { "host", NULL, "8= 8=evil ", "/.//evil" },
  { "host-with-base", "coap://h/a", "8= 8=evil ", "coap://h//evil" },
  { "slash", NULL, "8=/evil ", "/%2Fevil" },
  { "base", "coap://h:1/a/b?c", "8=d 20=e ", "coap://h:1/d?e" },
  { "base-without-path", "coap://h", "8=d ", "coap://h/d" },
  { "base-with-query", "coap://h?a/b", "8=d ", "coap://h/d" },
  { "base-ipv6", "coap://[fe80::1%25eth0]:1/a", "20=e ", "coap://[fe80::1%25eth0]:1/?e" },
};

static char *
describe (const GCoapOptions *options)
{
  GString *text = g_string_new (NULL);
  GCoapOptionIter iter;

  gcoap_option_iter_init (&iter, options->data, options->length);
  while (gcoap_option_iter_next (&iter))
    {
      g_string_append_printf (text, "%u=", iter.number);
      for (gsize i = 0; i < iter.length; i++)
        g_string_append_printf (text, g_ascii_isgraph (iter.value[i]) ? "%c" : "\\x%02x",
                                iter.value[i]);
      g_string_append_c (text, ' ');
    }

  return g_string_free (text, FALSE);
}

/* The inverse of describe(). */
static void
add_described (GCoapOptions *options,
               const char   *text)
{
  while (*text != '\0')
    {
      g_autoptr (GString) value = g_string_new (NULL);
      char *end;
      guint number = g_ascii_strtoull (text, &end, 10);

      g_assert_cmpint (*end, ==, '=');
      for (text = end + 1; *text != ' '; text++)
        {
          if (g_str_has_prefix (text, "\\x"))
            {
              g_string_append_c (value, g_ascii_xdigit_value (text[2]) << 4 |
                                        g_ascii_xdigit_value (text[3]));
              text += 3;
            }
          else
            g_string_append_c (value, *text);
        }
      gcoap_options_add (options, number, value->str, value->len);
      text++;
    }
}

static void
test_decompose (gconstpointer data)
{
  const DecomposeRow *row = data;
  GCoapUriTarget target = { 0 };
  GCoapOptions options;
  g_autoptr (GError) error = NULL;
  g_autofree char *description = NULL;

  g_test_summary ("A URI becomes a target and options, RFC 7252 section 6.4");
  gcoap_options_init (&options);
  g_assert_true (gcoap_uri_decompose (row->uri, &target, &options, &error));
  g_assert_no_error (error);

  description = describe (&options);
  g_assert_cmpstr (target.host, ==, row->host);
  g_assert_cmpuint (target.port, ==, row->port);
  g_assert_cmpint (target.is_ip_literal, ==, row->is_ip_literal);
  g_assert_cmpstr (description, ==, row->options);

  gcoap_uri_target_clear (&target);
  gcoap_options_clear (&options);
}

static void
test_refuses (gconstpointer data)
{
  const RefuseRow *row = data;
  GCoapUriTarget target = { 0 };
  GCoapOptions options;
  g_autoptr (GError) error = NULL;
  g_autofree char *description = NULL;

  g_test_summary ("What is no coap URI is refused and changes nothing, RFC 7252 section 6.4");
  gcoap_options_init (&options);
  gcoap_options_add (&options, GCOAP_OPTION_NUMBER_ACCEPT, "2", 1);
  g_assert_false (gcoap_uri_decompose (row->uri, &target, &options, &error));

  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_URI);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_nonnull (strstr (error->message, row->reason));
  if (g_utf8_validate (row->uri, -1, NULL))
    g_assert_nonnull (strstr (error->message, row->uri));

  description = describe (&options);
  g_assert_cmpstr (description, ==, "17=2 ");
  g_assert_null (target.host);

  gcoap_options_clear (&options);
}

static void
test_decompose_adds (void)
{
  GCoapUriTarget target = { 0 };
  GCoapOptions options;
  g_autofree char *description = NULL;

  g_test_summary ("Options that are there already stay");
  gcoap_options_init (&options);
  add_described (&options, "4=e 17=2 ");
  g_assert_true (gcoap_uri_decompose ("coap://h/a?q", &target, &options, NULL));

  description = describe (&options);
  g_assert_cmpstr (description, ==, "3=h 4=e 11=a 15=q 17=2 ");

  gcoap_uri_target_clear (&target);
  gcoap_options_clear (&options);
}

static void
test_many_segments (void)
{
  g_autoptr (GString) uri = g_string_new ("coap://h");
  GCoapUriTarget target = { 0 };
  GCoapOptions options;
  g_autofree char *composed = NULL;

  g_test_summary ("A URI may have any number of segments, RFC 7252 section 5.10.1");
  for (guint i = 0; i < 10000; i++)
    g_string_append (uri, "/a/b/..");
  for (guint i = 0; i < 10000; i++)
    g_string_append (uri, "/..");
  g_string_append (uri, "/c");

  gcoap_options_init (&options);
  g_assert_true (gcoap_uri_decompose (uri->str, &target, &options, NULL));
  composed = gcoap_uri_compose_path (options.data, options.length);
  g_assert_cmpstr (composed, ==, "/c");

  gcoap_uri_target_clear (&target);
  gcoap_options_clear (&options);
}

static void
test_compose (gconstpointer data)
{
  const ComposeRow *row = data;
  GCoapOptions options;
  g_autofree char *uri = NULL;

  g_test_summary ("Options become a URI, whatever is in them, RFC 7252 section 6.5");
  gcoap_options_init (&options);
  add_described (&options, row->options);
  uri = gcoap_uri_compose (row->host, row->port, options.data, options.length);
  g_assert_cmpstr (uri, ==, row->uri);

  gcoap_options_clear (&options);
}

static void
test_compose_parts (gconstpointer data)
{
  const ComposeRow *row = data;
  const char *expected_query = strchr (row->uri, '?');
  g_autofree char *expected_path = NULL;
  g_autofree char *path = NULL;
  g_autofree char *query = NULL;
  GCoapOptions options;

  g_test_summary ("Path and query are those of the URI, RFC 7252 section 6.5");
  expected_path = g_strdup (strchr (row->uri + strlen ("coap://"), '/'));
  if (expected_query != NULL)
    *strchr (expected_path, '?') = '\0';

  gcoap_options_init (&options);
  add_described (&options, row->options);
  path = gcoap_uri_compose_path (options.data, options.length);
  query = gcoap_uri_compose_query (options.data, options.length);
  g_assert_cmpstr (path, ==, expected_path);
  g_assert_cmpstr (query, ==, expected_query != NULL ? expected_query + 1 : NULL);

  gcoap_options_clear (&options);
}

static void
test_write_path (gconstpointer data)
{
  const ComposeRow *row = data;
  g_autofree char *path = NULL;
  GCoapOptions options;
  gsize size;

  g_test_summary ("The path is written if it fits with its end, and never beyond the buffer");
  gcoap_options_init (&options);
  add_described (&options, row->options);
  path = gcoap_uri_compose_path (options.data, options.length);
  size = strlen (path) + 1;

  for (gsize i = 0; i <= size; i++)
    {
      /* Of that very size, so that the address sanitizer sees a write beyond it. */
      g_autofree char *buffer = g_malloc (i);

      g_assert_cmpint (gcoap_uri_write_path (options.data, options.length, buffer, i), ==,
                       i == size);
      if (i == size)
        g_assert_cmpstr (buffer, ==, path);
    }

  gcoap_options_clear (&options);
}

static void
test_compose_worst_case (void)
{
  GCoapOptions options;
  g_autofree char *uri = NULL;
  guint8 value[255];

  g_test_summary ("The text is at most three times as long as the options, RFC 7252 section 6.5");
  memset (value, 0xff, sizeof value);
  gcoap_options_init (&options);
  gcoap_options_add (&options, GCOAP_OPTION_NUMBER_URI_HOST, value, sizeof value);
  for (guint i = 0; i < 120; i++)
    {
      gcoap_options_add (&options, GCOAP_OPTION_NUMBER_URI_PATH, value, sizeof value);
      gcoap_options_add (&options, GCOAP_OPTION_NUMBER_URI_QUERY, value, sizeof value);
      gcoap_options_add (&options, GCOAP_OPTION_NUMBER_URI_PATH, value, 0);
    }

  uri = gcoap_uri_compose ("h", 1, options.data, options.length);
  g_assert_cmpuint (strlen (uri), ==,
                    strlen ("coap://:1") + 3 * 255 + 120 * (1 + 3 * 255) * 2 + 120);

  gcoap_options_clear (&options);
}

static void
test_round_trip (gconstpointer data)
{
  const char *uri = data;
  GCoapUriTarget target = { 0 };
  GCoapOptions options;
  g_autofree char *composed = NULL;

  g_test_summary ("A URI in normal form survives, RFC 7252 section 6.3");
  gcoap_options_init (&options);
  g_assert_true (gcoap_uri_decompose (uri, &target, &options, NULL));
  composed = gcoap_uri_compose (target.host, target.port, options.data, options.length);
  g_assert_cmpstr (composed, ==, uri);

  gcoap_uri_target_clear (&target);
  gcoap_options_clear (&options);
}

static void
test_location (gconstpointer data)
{
  const LocationRow *row = data;
  GCoapOptions options;
  g_autoptr (GError) error = NULL;
  g_autofree char *description = NULL;
  g_autofree char *composed = NULL;

  g_test_summary ("A location becomes options and comes back, RFC 7252 section 5.10.7");
  gcoap_options_init (&options);
  g_assert_true (gcoap_uri_decompose_location (row->location, &options, &error));
  g_assert_no_error (error);

  description = describe (&options);
  g_assert_cmpstr (description, ==, row->options);
  composed = gcoap_uri_compose_location (NULL, options.data, options.length);
  g_assert_cmpstr (composed, ==, row->composed != NULL ? row->composed : row->location);

  gcoap_options_clear (&options);
}

static void
test_location_refused (gconstpointer data)
{
  const RefuseRow *row = data;
  GCoapOptions options;
  g_autoptr (GError) error = NULL;

  g_test_summary ("What is no location is refused and changes nothing, RFC 7252 section 5.10.7");
  gcoap_options_init (&options);
  g_assert_false (gcoap_uri_decompose_location (row->uri, &options, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_URI);
  g_assert_nonnull (strstr (error->message, row->reason));
  g_assert_cmpuint (options.length, ==, 0);

  gcoap_options_clear (&options);
}

static void
test_location_resolved (gconstpointer data)
{
  const ResolveRow *row = data;
  GCoapOptions options;
  g_autofree char *location = NULL;

  g_test_summary ("A location is made of what may stand in one, RFC 7252 section 5.10.7");
  gcoap_options_init (&options);
  add_described (&options, row->options);
  location = gcoap_uri_compose_location (row->base_uri, options.data, options.length);
  g_assert_cmpstr (location, ==, row->location);

  gcoap_options_clear (&options);
}

static void
test_location_worst_case (void)
{
  GCoapOptions options;
  g_autofree char *location = NULL;
  guint8 value[255];

  g_test_summary ("A location has room for whatever its options hold");
  memset (value, 0xff, sizeof value);
  gcoap_options_init (&options);
  gcoap_options_add (&options, GCOAP_OPTION_NUMBER_LOCATION_PATH, value, 0);
  for (guint i = 0; i < 120; i++)
    {
      gcoap_options_add (&options, GCOAP_OPTION_NUMBER_LOCATION_PATH, value, sizeof value);
      gcoap_options_add (&options, GCOAP_OPTION_NUMBER_LOCATION_QUERY, value, sizeof value);
    }

  location = gcoap_uri_compose_location (NULL, options.data, options.length);
  g_assert_cmpuint (strlen (location), ==, strlen ("/./") + 120 * (1 + 3 * 255) * 2);

  gcoap_options_clear (&options);
}

static void
test_random_options (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7252);

  g_test_summary ("What is composed of any valid UTF-8 decomposes to it, RFC 7252 section 6");
  for (guint round = 0; round < 2000; round++)
    {
      GCoapUriTarget target = { 0 };
      GCoapOptions options, again;
      g_autofree char *uri = NULL;
      g_autofree char *description = NULL;
      g_autofree char *description_again = NULL;

      gcoap_options_init (&options);
      gcoap_options_init (&again);
      add_described (&options, "3=h ");
      for (guint i = g_rand_int_range (random, 1, 6); i > 0; i--)
        {
          guint32 bits = g_rand_int (random);
          char value[] = { 'x', bits & 0x7f, bits >> 8 & 0x7f };

          gcoap_options_add (&options, g_rand_boolean (random) ? 11 : 15, value, sizeof value);
        }

      uri = gcoap_uri_compose ("h", 5683, options.data, options.length);
      g_assert_true (gcoap_uri_decompose (uri, &target, &again, NULL));
      description = describe (&options);
      description_again = describe (&again);
      g_assert_cmpstr (description_again, ==, description);

      gcoap_uri_target_clear (&target);
      gcoap_options_clear (&options);
      gcoap_options_clear (&again);
    }
}

static void
test_random_text (void)
{
  static const char pieces[] = "/?#[]@:%.&=a0F\xc3\xa4\xff \\";
  g_autoptr (GRand) random = g_rand_new_with_seed (3986);

  g_test_summary ("Any text is either taken or refused with a reason");
  for (guint round = 0; round < 20000; round++)
    {
      char uri[40] = "coap://";
      GCoapUriTarget target = { 0 };
      GCoapOptions options;
      g_autoptr (GError) error = NULL;
      gsize length = strlen (uri) + g_rand_int_range (random, 0, 32);

      for (gsize i = strlen (uri); i < length; i++)
        uri[i] = pieces[g_rand_int_range (random, 0, sizeof pieces - 1)];

      gcoap_options_init (&options);
      if (gcoap_uri_decompose (uri, &target, &options, &error))
        g_assert_no_error (error);
      else
        g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_URI);

      gcoap_uri_target_clear (&target);
      gcoap_options_clear (&options);
    }
}

static void
add_row (const char    *case_name,
         const char    *row_name,
         gconstpointer  row,
         GTestDataFunc  func)
{
  g_autofree char *path = g_strdup_printf ("/codec/uri/%s/%s", case_name, row_name);

  g_test_add_data_func (path, row, func);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (decompose_rows); i++)
    add_row ("decompose", decompose_rows[i].name, &decompose_rows[i], test_decompose);
  for (gsize i = 0; i < G_N_ELEMENTS (refuse_rows); i++)
    add_row ("refuses", refuse_rows[i].name, &refuse_rows[i], test_refuses);
  for (gsize i = 0; i < G_N_ELEMENTS (compose_rows); i++)
    {
      add_row ("compose", compose_rows[i].name, &compose_rows[i], test_compose);
      add_row ("compose-parts", compose_rows[i].name, &compose_rows[i], test_compose_parts);
      add_row ("write-path", compose_rows[i].name, &compose_rows[i], test_write_path);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (location_rows); i++)
    add_row ("location", location_rows[i].name, &location_rows[i], test_location);
  for (gsize i = 0; i < G_N_ELEMENTS (location_refuse_rows); i++)
    add_row ("location-refused", location_refuse_rows[i].name, &location_refuse_rows[i],
             test_location_refused);
  for (gsize i = 0; i < G_N_ELEMENTS (resolve_rows); i++)
    add_row ("location-resolved", resolve_rows[i].name, &resolve_rows[i], test_location_resolved);
  for (gsize i = 0; i < G_N_ELEMENTS (normal_uris); i++)
    {
      g_autofree char *row_name = g_strdup_printf ("%" G_GSIZE_FORMAT, i);

      add_row ("round-trip", row_name, normal_uris[i], test_round_trip);
    }
  g_test_add_func ("/codec/uri/decompose-adds", test_decompose_adds);
  g_test_add_func ("/codec/uri/many-segments", test_many_segments);
  g_test_add_func ("/codec/uri/compose-worst-case", test_compose_worst_case);
  g_test_add_func ("/codec/uri/location-worst-case", test_location_worst_case);
  g_test_add_func ("/codec/uri/random-options", test_random_options);
  g_test_add_func ("/codec/uri/random-text", test_random_text);

  return g_test_run ();
}
