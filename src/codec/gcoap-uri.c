/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/gcoap-uri-private.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "codec/gcoap-uri-part-private.h"
#include "gcoap/gcoap-error.h"
#include "gcoap/gcoap-option-number.h"
#include "gcoap/gcoap-types.h"

#define SCHEME          "coap"
#define PART_LENGTH_MAX 255
#define PORT_MAX        65535
/* How much of a part that is too long an error message shows. */
#define PART_EXCERPT    24

/* g_uri_split() is not used here: it repairs what RFC 7252 section 6.4 wants refused (spaces,
 * control characters), and it refuses the "[fe80::1%eth0]" that people write. */

typedef struct
{
  GCoapUriPart host;
  GCoapUriPart port;
  GCoapUriPart path;
  GCoapUriPart query;
  gboolean     is_bracketed;
} UriParts;

static gboolean fail (GError    **error,
                      const char *uri,
                      const char *format,
                      ...) G_GNUC_PRINTF (3, 4);

static gboolean
fail (GError    **error,
      const char *uri,
      const char *format,
      ...)
{
  g_autofree char *reason = NULL;
  g_autofree char *message = NULL;
  g_autofree char *valid_message = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);

  /* Translators: the second is a clause that says what is wrong, such as "it has no host". */
  message = g_strdup_printf (_("URI \"%s\" is not valid: %s"), uri, reason);
  valid_message = g_utf8_make_valid (message, -1);
  g_set_error_literal (error, GCOAP_ERROR, GCOAP_ERROR_INVALID_URI, valid_message);

  return FALSE;
}

/* Splits what follows the authority. */
static void
split_path_and_query (const char   *text,
                      GCoapUriPart *out_path,
                      GCoapUriPart *out_query)
{
  gsize path_length = strcspn (text, "?");

  *out_path = (GCoapUriPart) { text, path_length };
  *out_query = (GCoapUriPart) { NULL, 0 };
  if (text[path_length] == '?')
    *out_query = (GCoapUriPart) { text + path_length + 1, strlen (text + path_length + 1) };
}

static gboolean
split_authority (const char    *uri,
                 GCoapUriPart   authority,
                 UriParts      *out_parts,
                 GError       **error)
{
  const char *end = authority.text + authority.length;
  const char *host = authority.text;
  const char *host_end;
  const char *rest;

  if (memchr (authority.text, '@', authority.length) != NULL)
    return fail (error, uri, _("it has user information, which CoAP does not know"));

  out_parts->is_bracketed = authority.length > 0 && *host == '[';
  if (out_parts->is_bracketed)
    {
      host++;
      host_end = memchr (host, ']', end - host);
      if (host_end == NULL)
        return fail (error, uri, _("its host lacks the closing bracket"));
      rest = host_end + 1;
    }
  else
    {
      rest = memchr (host, ':', authority.length);
      if (rest == NULL)
        rest = end;
      host_end = rest;
    }

  if (rest < end && *rest != ':')
    return fail (error, uri, _("its host goes on after the closing bracket"));

  out_parts->host = (GCoapUriPart) { host, host_end - host };
  if (rest < end)
    out_parts->port = (GCoapUriPart) { rest + 1, end - rest - 1 };

  return TRUE;
}

/* RFC 7252 section 6.4, steps 1 to 4: an absolute "coap" URI without a fragment. @out_parts comes
 * in zeroed. */
static gboolean
split_uri (const char  *uri,
           UriParts    *out_parts,
           GError     **error)
{
  gsize scheme_length = strcspn (uri, ":/?#");
  const char *authority;
  GCoapUriPart authority_part;

  if (!g_str_has_prefix (uri + scheme_length, "://"))
    return fail (error, uri, _("it does not start with \"%s\""), SCHEME "://");
  if (scheme_length != strlen (SCHEME) || g_ascii_strncasecmp (uri, SCHEME, scheme_length) != 0)
    return fail (error, uri, _("its scheme is \"%.*s\", and only \"%s\" is supported"),
                 (int) scheme_length, uri, SCHEME);
  if (strchr (uri, '#') != NULL)
    return fail (error, uri, _("it has a fragment, which CoAP does not send"));

  authority = uri + scheme_length + strlen ("://");
  authority_part = (GCoapUriPart) { authority, strcspn (authority, "/?") };
  split_path_and_query (authority + authority_part.length, &out_parts->path, &out_parts->query);

  return split_authority (uri, authority_part, out_parts, error);
}

static gboolean
is_utf8 (const char *text,
         gsize       length)
{
  const char *end = text + length;

  /* U+0000 is UTF-8 as well, but g_utf8_validate() stops there. */
  while (text <= end)
    {
      if (!g_utf8_validate (text, -1, NULL))
        return FALSE;
      text += strlen (text) + 1;
    }

  return TRUE;
}

/* What is not ASCII is let through, so that an IRI (RFC 3987) can be given as it is. */
static gboolean
check_characters (const char    *uri,
                  GCoapUriPart   part,
                  GCoapUriPlace  place,
                  GError       **error)
{
  for (gsize i = 0; i < part.length; i++)
    {
      const char *at = part.text + i;

      if (*at == '%')
        {
          if (part.length - i < 3 || !g_ascii_isxdigit (at[1]) || !g_ascii_isxdigit (at[2]))
            return fail (error, uri, _("\"%.*s\" has a \"%%\" without two hexadecimal digits"),
                         (int) part.length, part.text);
        }
      else if ((*at & 0x80) == 0 && (gcoap_uri_places[(guint8) *at] & place) == 0)
        return fail (error, uri, _("\"%.*s\" has a character that must be percent-encoded"),
                     (int) part.length, part.text);
    }

  return TRUE;
}

/* Resolves the percent-encodings, which have been checked, and terminates the text. */
static gboolean
decode_part (const char    *uri,
             GCoapUriPart   part,
             char           out_text[PART_LENGTH_MAX + 1],
             gsize         *out_length,
             GError       **error)
{
  gsize length = 0;

  for (gsize i = 0; i < part.length; i++)
    {
      const char *at = part.text + i;

      if (length == PART_LENGTH_MAX)
        return fail (error, uri, _("\"%.*s...\" is longer than %d bytes"),
                     PART_EXCERPT, part.text, PART_LENGTH_MAX);

      if (*at == '%')
        {
          out_text[length++] = g_ascii_xdigit_value (at[1]) << 4 | g_ascii_xdigit_value (at[2]);
          i += 2;
        }
      else
        out_text[length++] = *at;
    }
  out_text[length] = '\0';

  if (!is_utf8 (out_text, length))
    return fail (error, uri, _("\"%.*s\" is not UTF-8"), (int) part.length, part.text);

  *out_length = length;
  return TRUE;
}

/* What is between the brackets: an IPv6 address, with the zone of RFC 6874 ("%25eth0") or as
 * people write it ("%eth0"). */
static char *
parse_ip_literal (const char    *uri,
                  GCoapUriPart   part,
                  GError       **error)
{
  g_autofree char *address = NULL;
  char zone[PART_LENGTH_MAX + 1];
  gsize zone_length;
  GCoapUriPart rest = part;
  GCoapUriPart head;

  gcoap_uri_part_next (&rest, '%', &head);
  if (!gcoap_uri_part_is_ipv6 (head))
    {
      fail (error, uri, _("\"%.*s\" is not an IPv6 address"), (int) head.length, head.text);
      return NULL;
    }

  address = g_ascii_strdown (head.text, head.length);
  if (rest.text == NULL)
    return g_steal_pointer (&address);

  if (rest.length >= 2 && memcmp (rest.text, "25", 2) == 0)
    rest = (GCoapUriPart) { rest.text + 2, rest.length - 2 };
  if (!check_characters (uri, rest, GCOAP_URI_IN_ZONE, error) ||
      !decode_part (uri, rest, zone, &zone_length, error))
    return NULL;
  if (zone_length == 0 || strlen (zone) != zone_length)
    {
      fail (error, uri, _("\"%.*s\" has no valid zone"), (int) part.length, part.text);
      return NULL;
    }

  return g_strdup_printf ("%s%%%s", address, zone);
}

/* A name or an IPv4 address. */
static char *
parse_name (const char    *uri,
            GCoapUriPart   part,
            GError       **error)
{
  /* Lower case comes before the decoding in section 6.4 step 5, so "%41" stays an "A". */
  g_autofree char *lower = g_ascii_strdown (part.text, part.length);
  GCoapUriPart lower_part = { lower, part.length };
  char name[PART_LENGTH_MAX + 1];
  gsize length;

  if (!check_characters (uri, lower_part, GCOAP_URI_IN_HOST, error) ||
      !decode_part (uri, lower_part, name, &length, error))
    return NULL;
  if (length == 0 || strlen (name) != length)
    {
      fail (error, uri, length == 0 ? _("it has no host") : _("its host has a zero byte"));
      return NULL;
    }

  return g_strdup (name);
}

/* Without a number @out_port stays as it is. */
static gboolean
parse_port (const char    *uri,
            GCoapUriPart   part,
            guint16       *out_port,
            GError       **error)
{
  guint port = 0;

  if (part.length == 0)
    return TRUE;

  for (gsize i = 0; i < part.length && port <= PORT_MAX; i++)
    port = g_ascii_isdigit (part.text[i]) ? 10 * port + (part.text[i] - '0') : PORT_MAX + 1;
  if (port == 0 || port > PORT_MAX)
    return fail (error, uri, _("its port is \"%.*s\", and a number from 1 to %d is needed"),
                 (int) part.length, part.text, PORT_MAX);

  *out_port = port;
  return TRUE;
}

static gboolean
parse_target (const char      *uri,
              const UriParts  *parts,
              GCoapUriTarget  *out_target,
              GError         **error)
{
  struct in_addr ignored;
  guint16 port = GCOAP_DEFAULT_PORT;
  char *host;

  if (!parse_port (uri, parts->port, &port, error))
    return FALSE;

  host = parts->is_bracketed ? parse_ip_literal (uri, parts->host, error)
                             : parse_name (uri, parts->host, error);
  if (host == NULL)
    return FALSE;

  out_target->host = host;
  out_target->port = port;
  out_target->is_ip_literal = parts->is_bracketed || inet_pton (AF_INET, host, &ignored) == 1;

  return TRUE;
}

static gboolean
add_part (const char    *uri,
          GCoapUriPart   part,
          guint          number,
          GCoapOptions  *options,
          GError       **error)
{
  char text[PART_LENGTH_MAX + 1];
  gsize length;

  if (!decode_part (uri, part, text, &length, error))
    return FALSE;

  gcoap_options_add (options, number, text, length);

  return TRUE;
}

/* Says whether a segment is made of @n_dots dots, encoded or not: RFC 7252 section 5.10.1 keeps
 * both forms out of Uri-Path. */
static gboolean
is_dot_segment (GCoapUriPart segment,
                guint        n_dots)
{
  guint n = 0;

  while (segment.length > 0)
    {
      gboolean is_encoded = segment.length >= 3 &&
                            g_ascii_strncasecmp (segment.text, "%2e", 3) == 0;
      gsize step = is_encoded ? 3 : 1;

      if (!is_encoded && *segment.text != '.')
        return FALSE;
      segment = (GCoapUriPart) { segment.text + step, segment.length - step };
      n++;
    }

  return n == n_dots;
}

/* Removes the dot segments (RFC 3986 section 5.2.4) of a path that starts with a slash. */
static GArray *
split_path (GCoapUriPart path)
{
  GArray *segments = g_array_new (FALSE, FALSE, sizeof (GCoapUriPart));
  GCoapUriPart rest = { path.text + 1, path.length - 1 };
  GCoapUriPart segment;

  while (gcoap_uri_part_next (&rest, '/', &segment))
    {
      gboolean is_parent = is_dot_segment (segment, 2);
      gboolean is_last = rest.text == NULL;

      if (!is_parent && !is_dot_segment (segment, 1))
        {
          g_array_append_val (segments, segment);
          continue;
        }

      if (is_parent && segments->len > 0)
        g_array_set_size (segments, segments->len - 1);
      if (is_last)
        g_array_append_val (segments, ((GCoapUriPart) { segment.text, 0 }));
    }

  return segments;
}

/* The path "/" is no Uri-Path option, but it takes an empty Location-Path to say that a resource is
 * there. */
static gboolean
add_path (const char    *uri,
          GCoapUriPart   path,
          guint          number,
          GCoapOptions  *options,
          GError       **error)
{
  g_autoptr (GArray) segments = NULL;

  if (path.length == 0)
    return TRUE;
  if (!check_characters (uri, path, GCOAP_URI_IN_PATH, error))
    return FALSE;

  segments = split_path (path);
  if (number == GCOAP_OPTION_NUMBER_URI_PATH && segments->len == 1 &&
      g_array_index (segments, GCoapUriPart, 0).length == 0)
    return TRUE;

  for (guint i = 0; i < segments->len; i++)
    {
      GCoapUriPart segment = g_array_index (segments, GCoapUriPart, i);

      if (!add_part (uri, segment, number, options, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_query (const char    *uri,
           GCoapUriPart   query,
           guint          number,
           GCoapOptions  *options,
           GError       **error)
{
  GCoapUriPart argument;

  if (!check_characters (uri, query, GCOAP_URI_IN_QUERY, error))
    return FALSE;

  while (gcoap_uri_part_next (&query, '&', &argument))
    {
      if (!add_part (uri, argument, number, options, error))
        return FALSE;
    }

  return TRUE;
}

void
gcoap_uri_target_clear (GCoapUriTarget *self)
{
  g_clear_pointer (&self->host, g_free);
  self->port = 0;
  self->is_ip_literal = FALSE;
}

gboolean
gcoap_uri_decompose (const char      *uri,
                     GCoapUriTarget  *out_target,
                     GCoapOptions    *options,
                     GError         **error)
{
  GCoapUriTarget target = { 0 };
  GCoapOptions parsed;
  UriParts parts = { 0 };
  gboolean is_valid;

  if (!split_uri (uri, &parts, error) || !parse_target (uri, &parts, &target, error))
    return FALSE;

  gcoap_options_init (&parsed);
  if (!target.is_ip_literal)
    gcoap_options_add (&parsed, GCOAP_OPTION_NUMBER_URI_HOST, target.host, strlen (target.host));
  is_valid = add_path (uri, parts.path, GCOAP_OPTION_NUMBER_URI_PATH, &parsed, error) &&
             add_query (uri, parts.query, GCOAP_OPTION_NUMBER_URI_QUERY, &parsed, error);

  if (is_valid)
    {
      *out_target = target;
      gcoap_options_add_all (options, &parsed);
    }
  else
    gcoap_uri_target_clear (&target);
  gcoap_options_clear (&parsed);

  return is_valid;
}

gboolean
gcoap_uri_decompose_location (const char    *location,
                              GCoapOptions  *options,
                              GError       **error)
{
  GCoapUriPart path, query;
  GCoapOptions parsed;
  gboolean is_valid;

  if (*location != '/' && *location != '?')
    return fail (error, location, _("a location starts with \"/\" or \"?\""));
  if (g_str_has_prefix (location, "//"))
    return fail (error, location, _("it names a host, and a location is on the server itself"));

  split_path_and_query (location, &path, &query);
  gcoap_options_init (&parsed);
  is_valid = add_path (location, path, GCOAP_OPTION_NUMBER_LOCATION_PATH, &parsed, error) &&
             add_query (location, query, GCOAP_OPTION_NUMBER_LOCATION_QUERY, &parsed, error);
  if (is_valid)
    gcoap_options_add_all (options, &parsed);
  gcoap_options_clear (&parsed);

  return is_valid;
}
