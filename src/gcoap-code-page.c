/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-code-page-private.h"

#include <string.h>

/* Numbers from here on are read and written in hexadecimal digits. */
#define FIRST_HEXADECIMAL 0x10001

typedef struct
{
  guint32     number;
  const char *charsets[2]; /* its names in one iconv or another; none: nobody is known to have it */
} CodePage;

/* All that the reference lists, in the order of their numbers. Those up to 30 and those in
 * hexadecimal digits are the ones that it has for Mac OS. */
static const CodePage code_pages[] = {
  { 1, { "US-ASCII" } },
  { 2, { "NEXTSTEP" } },
  { 3, { "EUC-JP" } },
  { 4, { "UTF-8" } },
  { 5, { "ISO-8859-1" } },
  { 6, { NULL } },
  { 7, { NULL } },
  { 8, { "SHIFT_JIS" } },
  { 9, { "ISO-8859-2" } },
  { 10, { "UTF-16" } },
  { 11, { "CP1251" } },
  { 12, { "CP1252" } },
  { 13, { "CP1253" } },
  { 14, { "CP1254" } },
  { 15, { "CP1250" } },
  { 21, { "ISO-2022-JP" } },
  { 30, { "MACINTOSH" } },
  { 37, { "IBM037" } },
  { 437, { "IBM437" } },
  { 500, { "IBM500" } },
  { 708, { "ASMO-708" } },
  { 709, { "ASMO_449" } },
  { 710, { NULL } },
  { 720, { "CP720" } },
  { 737, { "CP737" } },
  { 775, { "CP775" } },
  { 850, { "IBM850" } },
  { 852, { "IBM852" } },
  { 855, { "IBM855" } },
  { 857, { "IBM857" } },
  { 858, { "CP858" } },
  { 860, { "IBM860" } },
  { 861, { "IBM861" } },
  { 862, { "IBM862" } },
  { 863, { "IBM863" } },
  { 864, { "IBM864" } },
  { 865, { "IBM865" } },
  { 866, { "IBM866" } },
  { 869, { "IBM869" } },
  { 870, { "IBM870" } },
  { 874, { "CP874" } },
  { 875, { "CP875" } },
  { 932, { "CP932" } },
  { 936, { "CP936" } },
  { 949, { "CP949" } },
  { 950, { "CP950" } },
  { 1026, { "IBM1026" } },
  { 1047, { "IBM1047" } },
  { 1140, { "IBM1140" } },
  { 1141, { "IBM1141" } },
  { 1142, { "IBM1142" } },
  { 1143, { "IBM1143" } },
  { 1144, { "IBM1144" } },
  { 1145, { "IBM1145" } },
  { 1146, { "IBM1146" } },
  { 1147, { "IBM1147" } },
  { 1148, { "IBM1148" } },
  { 1149, { "IBM1149" } },
  { 1200, { "UTF-16LE" } },
  { 1201, { "UTF-16BE" } },
  { 1250, { "CP1250" } },
  { 1251, { "CP1251" } },
  { 1252, { "CP1252" } },
  { 1253, { "CP1253" } },
  { 1254, { "CP1254" } },
  { 1255, { "CP1255" } },
  { 1256, { "CP1256" } },
  { 1257, { "CP1257" } },
  { 1258, { "CP1258" } },
  { 1361, { "JOHAB" } },
  { 10000, { "MACINTOSH" } },
  { 10001, { "MACJAPANESE" } },
  { 10002, { "MACTRADITIONAL", "MACCHINESETRAD" } },
  { 10003, { "MACKOREAN" } },
  { 10004, { "MACARABIC" } },
  { 10005, { "MACHEBREW" } },
  { 10006, { "MACGREEK" } },
  { 10007, { "MAC-CYRILLIC", "MACCYRILLIC" } },
  { 10008, { "MACSIMPLIFIED", "MACCHINESESIMP" } },
  { 10010, { "MACROMANIA" } },
  { 10017, { "MAC-UK", "MACUKRAINE" } },
  { 10021, { "MACTHAI" } },
  { 10029, { "MAC-CENTRALEUROPE", "MACCENTRALEUROPE" } },
  { 10079, { "MAC-IS", "MACICELAND" } },
  { 10081, { "MACTURKISH" } },
  { 10082, { "MACCROATIAN" } },
  { 12000, { "UTF-32LE" } },
  { 12001, { "UTF-32BE" } },
  { 20000, { NULL } },
  { 20001, { NULL } },
  { 20002, { NULL } },
  { 20003, { NULL } },
  { 20004, { NULL } },
  { 20005, { NULL } },
  { 20105, { "ISO_646.IRV:1991" } },
  { 20106, { "DIN_66003" } },
  { 20107, { "SEN_850200_B" } },
  { 20108, { "NS_4551-1" } },
  { 20127, { "US-ASCII" } },
  { 20261, { "T.61-8BIT" } },
  { 20269, { "ISO_6937" } },
  { 20273, { "IBM273" } },
  { 20277, { "IBM277" } },
  { 20278, { "IBM278" } },
  { 20280, { "IBM280" } },
  { 20284, { "IBM284" } },
  { 20285, { "IBM285" } },
  { 20290, { "IBM290" } },
  { 20297, { "IBM297" } },
  { 20420, { "IBM420" } },
  { 20423, { "IBM423" } },
  { 20424, { "IBM424" } },
  { 20833, { "IBM833" } },
  { 20838, { "IBM838" } },
  { 20866, { "KOI8-R" } },
  { 20871, { "IBM871" } },
  { 20880, { "IBM880" } },
  { 20905, { "IBM905" } },
  { 20924, { "IBM924" } },
  { 20932, { "EUC-JP" } },
  { 20936, { "GB2312" } },
  { 21025, { "IBM1025", "CP1025" } },
  { 21027, { "IBM1027" } },
  { 21866, { "KOI8-U" } },
  { 28591, { "ISO-8859-1" } },
  { 28592, { "ISO-8859-2" } },
  { 28593, { "ISO-8859-3" } },
  { 28594, { "ISO-8859-4" } },
  { 28595, { "ISO-8859-5" } },
  { 28596, { "ISO-8859-6" } },
  { 28597, { "ISO-8859-7" } },
  { 28598, { "ISO-8859-8" } },
  { 28599, { "ISO-8859-9" } },
  { 28605, { "ISO-8859-15" } },
  { 29001, { NULL } },
  { 38598, { "ISO-8859-8" } },
  { 50220, { "ISO-2022-JP" } },
  { 50221, { "CP50221", "ISO-2022-JP-3" } },
  { 50222, { "CP50222" } },
  { 50225, { "ISO-2022-KR" } },
  { 50227, { "ISO-2022-CN" } },
  { 50229, { "ISO-2022-CN-EXT" } },
  { 50930, { "IBM930" } },
  { 50931, { "IBM931" } },
  { 50933, { "IBM933" } },
  { 50935, { "IBM935" } },
  { 50936, { NULL } },
  { 50937, { "IBM937" } },
  { 50939, { "IBM939" } },
  { 51932, { "EUC-JP" } },
  { 51936, { "EUC-CN" } },
  { 51949, { "EUC-KR" } },
  { 51950, { "EUC-TW" } },
  { 52936, { "HZ-GB-2312" } },
  { 54936, { "GB18030" } },
  { 57002, { NULL } },
  { 57003, { NULL } },
  { 57004, { NULL } },
  { 57005, { NULL } },
  { 57006, { NULL } },
  { 57007, { NULL } },
  { 57008, { NULL } },
  { 57009, { NULL } },
  { 57010, { NULL } },
  { 57011, { NULL } },
  { 65000, { "UTF-7" } },
  { 65001, { "UTF-8" } },
  { 65536, { NULL } },
  { 0x8c000100, { "UTF-32" } },
  { 0x90000100, { "UTF-16BE" } },
  { 0x94000100, { "UTF-16LE" } },
  { 0x98000100, { "UTF-32BE" } },
  { 0x9c000100, { "UTF-32LE" } },
};

static const CodePage *
find (guint32 number)
{
  for (gsize i = 0; i < G_N_ELEMENTS (code_pages); i++)
    if (code_pages[i].number == number)
      return &code_pages[i];

  return NULL;
}

static gboolean
has_converter (const char *charset)
{
  GIConv converter = g_iconv_open ("UTF-8", charset);

  if (converter == (GIConv) -1)
    return FALSE;

  g_iconv_close (converter);

  return TRUE;
}

/* The name that the system's iconv knows the code page by; NULL if it does not. */
static const char *
find_charset (guint32 number)
{
  const CodePage *code_page = find (number);

  for (gsize i = 0; code_page != NULL && i < G_N_ELEMENTS (code_page->charsets); i++)
    if (code_page->charsets[i] != NULL && has_converter (code_page->charsets[i]))
      return code_page->charsets[i];

  return NULL;
}

gboolean
gcoap_code_page_is_available (guint32 code_page)
{
  return find_charset (code_page) != NULL;
}

static gpointer
make_list (gpointer user_data)
{
  GString *list = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (code_pages); i++)
    if (gcoap_code_page_is_available (code_pages[i].number))
      {
        g_autofree char *number = gcoap_code_page_format (code_pages[i].number);

        g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", number);
      }

  return g_string_free (list, FALSE);
}

const char *
gcoap_code_page_list (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, make_list, NULL);
}

gboolean
gcoap_code_page_parse (const char *text,
                       guint32    *out_code_page)
{
  gboolean is_hexadecimal = g_ascii_strncasecmp (text, "0x", 2) == 0;
  guint64 number;

  if (!g_ascii_string_to_unsigned (is_hexadecimal ? text + 2 : text, is_hexadecimal ? 16 : 10,
                                   0, G_MAXUINT32, &number, NULL))
    return FALSE;

  *out_code_page = number;

  return TRUE;
}

char *
gcoap_code_page_format (guint32 code_page)
{
  return g_strdup_printf (code_page >= FIRST_HEXADECIMAL ? "0x%08x" : "%u", code_page);
}

GBytes *
gcoap_code_page_encode (guint32      code_page,
                        const char  *text,
                        GError     **error)
{
  gsize length;
  char *bytes;

  if (code_page == GCOAP_CODE_PAGE_UTF_8)
    return g_bytes_new (text, strlen (text));

  bytes = g_convert (text, -1, find_charset (code_page), "UTF-8", NULL, &length, error);

  return bytes != NULL ? g_bytes_new_take (bytes, length) : NULL;
}

static char *
decode_utf8 (const char *bytes,
             gsize       length)
{
  return g_utf8_validate_len (bytes, length, NULL) ? g_strndup (bytes, length) : NULL;
}

char *
gcoap_code_page_decode (guint32     code_page,
                        const char *bytes,
                        gsize       length)
{
  g_autofree char *text = NULL;
  gsize text_length;

  if (code_page == GCOAP_CODE_PAGE_UTF_8)
    return decode_utf8 (bytes, length);

  text = g_convert (bytes, length, "UTF-8", find_charset (code_page), NULL, &text_length, NULL);

  return text != NULL && strlen (text) == text_length ? g_steal_pointer (&text) : NULL;
}
