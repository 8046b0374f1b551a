/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/gcoap-uri-private.h"

#include <string.h>

#include "codec/gcoap-uri-part-private.h"
#include "gcoap/gcoap-option-number.h"
#include "gcoap/gcoap-types.h"

#define PREFIX   "coap://"
#define PORT_MAX 65535

/* Text that never outgrows its buffer. */
typedef struct
{
  char    *text;
  gsize    size;
  gsize    length;
  gboolean is_cut;
} Writer;

static inline void
put (Writer *writer,
     char    c)
{
  if (writer->length < writer->size)
    writer->text[writer->length++] = c;
  else
    writer->is_cut = TRUE;
}

static void
put_text (Writer     *writer,
          const char *text)
{
  while (*text != '\0')
    put (writer, *text++);
}

static void
put_encoded (Writer       *writer,
             gconstpointer value,
             gsize         length,
             GCoapUriPlace place)
{
  static const char digits[] = "0123456789ABCDEF";
  const guint8 *bytes = value;

  for (gsize i = 0; i < length; i++)
    {
      if (G_LIKELY (gcoap_uri_places[bytes[i]] & place))
        put (writer, bytes[i]);
      else
        {
          put (writer, '%');
          put (writer, digits[bytes[i] >> 4]);
          put (writer, digits[bytes[i] & 0x0f]);
        }
    }
}

static inline void
put_path (Writer       *writer,
          guint         number,
          const guint8 *options,
          gsize         options_length)
{
  GCoapOptionIter iter;
  gboolean is_root = TRUE;

  gcoap_option_iter_init (&iter, options, options_length);
  while (gcoap_option_iter_next (&iter) && iter.number <= number)
    {
      if (iter.number != number)
        continue;

      put (writer, '/');
      put_encoded (writer, iter.value, iter.length, GCOAP_URI_IN_SEGMENT);
      is_root = FALSE;
    }

  if (is_root)
    put (writer, '/');
}

/* Returns whether there is a query. */
static gboolean
put_query (Writer       *writer,
           const char   *prefix,
           guint         number,
           const guint8 *options,
           gsize         options_length)
{
  GCoapOptionIter iter;
  gboolean has_query = FALSE;

  gcoap_option_iter_init (&iter, options, options_length);
  while (gcoap_option_iter_find (&iter, number))
    {
      put_text (writer, has_query ? "&" : prefix);
      put_encoded (writer, iter.value, iter.length, GCOAP_URI_IN_ARGUMENT);
      has_query = TRUE;
    }

  return has_query;
}

static void
put_host (Writer     *writer,
          const char *host,
          gsize       length)
{
  gboolean is_bracketed = length >= 2 && host[0] == '[' && host[length - 1] == ']';
  GCoapUriPart rest = { host + is_bracketed, length - 2 * is_bracketed };
  GCoapUriPart address;

  gcoap_uri_part_next (&rest, '%', &address);
  if (!gcoap_uri_part_is_ipv6 (address))
    {
      put_encoded (writer, host, length, GCOAP_URI_IN_HOST);
      return;
    }

  put (writer, '[');
  put_encoded (writer, address.text, address.length, GCOAP_URI_IN_SEGMENT);
  if (rest.text != NULL)
    {
      put_text (writer, "%25");
      put_encoded (writer, rest.text, rest.length, GCOAP_URI_IN_ZONE);
    }
  put (writer, ']');
}

/* Puts the host and the port of the options, or those given where the options have none that
 * makes sense. */
static void
put_authority (Writer       *writer,
               const char   *host,
               guint         port,
               const guint8 *options,
               gsize         options_length)
{
  GCoapOptionIter iter;
  gsize host_length = strlen (host);
  char text[sizeof ":65535"];
  guint32 value;

  gcoap_option_iter_init (&iter, options, options_length);
  if (gcoap_option_iter_find (&iter, GCOAP_OPTION_NUMBER_URI_HOST) && iter.length > 0)
    {
      host = (const char *) iter.value;
      host_length = iter.length;
    }
  put_host (writer, host, host_length);

  gcoap_option_iter_init (&iter, options, options_length);
  if (gcoap_option_iter_find (&iter, GCOAP_OPTION_NUMBER_URI_PORT) &&
      gcoap_option_decode_uint (iter.value, iter.length, &value) &&
      value > 0 && value <= PORT_MAX)
    port = value;
  if (port != GCOAP_DEFAULT_PORT)
    {
      g_snprintf (text, sizeof text, ":%u", port);
      put_text (writer, text);
    }
}

/* An encoded option has a byte at least before its value, and a byte of a value becomes three
 * characters at most. So this is room for all of them, a path of "/" and the end. */
static gsize
get_text_size (gsize options_length)
{
  return 3 * options_length + sizeof "/";
}

char *
gcoap_uri_compose (const char   *host,
                   guint         port,
                   const guint8 *options,
                   gsize         options_length)
{
  gsize size = strlen (PREFIX) + 3 * strlen (host) + strlen ("[]:65535") +
               get_text_size (options_length);
  char *text = g_malloc (size);
  Writer writer = { text, size, 0, FALSE };

  put_text (&writer, PREFIX);
  put_authority (&writer, host, port, options, options_length);
  put_path (&writer, GCOAP_OPTION_NUMBER_URI_PATH, options, options_length);
  put_query (&writer, "?", GCOAP_OPTION_NUMBER_URI_QUERY, options, options_length);
  put (&writer, '\0');

  return text;
}

char *
gcoap_uri_compose_path (const guint8 *options,
                        gsize         options_length)
{
  gsize size = get_text_size (options_length);
  char *text = g_malloc (size);

  gcoap_uri_write_path (options, options_length, text, size);

  return text;
}

char *
gcoap_uri_compose_query (const guint8 *options,
                         gsize         options_length)
{
  gsize size = get_text_size (options_length);
  g_autofree char *text = g_malloc (size);
  Writer writer = { text, size, 0, FALSE };

  if (!put_query (&writer, "", GCOAP_OPTION_NUMBER_URI_QUERY, options, options_length))
    return NULL;

  put (&writer, '\0');

  return g_steal_pointer (&text);
}

static gboolean
is_dots (const GCoapOptionIter *option)
{
  return (option->length == 1 || option->length == 2) &&
         memcmp (option->value, "..", option->length) == 0;
}

/* A path with a segment "." or "..", or with Location-* options that are yet to be defined, must
 * not be guessed at. */
static gboolean
has_location (const guint8 *options,
              gsize         options_length)
{
  GCoapOptionIter iter;
  gboolean is_found = FALSE;

  gcoap_option_iter_init (&iter, options, options_length);
  while (gcoap_option_iter_next (&iter))
    switch (iter.number)
      {
      case GCOAP_OPTION_NUMBER_LOCATION_PATH:
        if (is_dots (&iter))
          return FALSE;
        is_found = TRUE;
        break;

      case GCOAP_OPTION_NUMBER_LOCATION_QUERY:
        is_found = TRUE;
        break;

      case 128:
      case 132:
      case 136:
      case 140:
        return FALSE;
      }

  return is_found;
}

/* The scheme and the authority of a URI. */
static gsize
get_origin_length (const char *uri)
{
  const char *authority = strstr (uri, "://");

  if (authority == NULL)
    return 0;

  authority += strlen ("://");

  return authority + strcspn (authority, "/?#") - uri;
}

/* Without an origin, a path that starts with "//" would name a host (RFC 3986 section 4.2). */
static gboolean
looks_like_host (const guint8 *options,
                 gsize         options_length)
{
  GCoapOptionIter iter;

  gcoap_option_iter_init (&iter, options, options_length);

  return gcoap_option_iter_find (&iter, GCOAP_OPTION_NUMBER_LOCATION_PATH) && iter.length == 0 &&
         gcoap_option_iter_find (&iter, GCOAP_OPTION_NUMBER_LOCATION_PATH);
}

char *
gcoap_uri_compose_location (const char   *base_uri,
                            const guint8 *options,
                            gsize         options_length)
{
  gsize origin_length = base_uri != NULL ? get_origin_length (base_uri) : 0;
  gsize size = origin_length + strlen ("/.") + get_text_size (options_length);
  char *text;
  Writer writer;

  if (!has_location (options, options_length))
    return NULL;

  text = g_malloc (size);
  writer = (Writer) { text, size, 0, FALSE };
  for (gsize i = 0; i < origin_length; i++)
    put (&writer, base_uri[i]);
  if (origin_length == 0 && looks_like_host (options, options_length))
    put_text (&writer, "/.");
  put_path (&writer, GCOAP_OPTION_NUMBER_LOCATION_PATH, options, options_length);
  put_query (&writer, "?", GCOAP_OPTION_NUMBER_LOCATION_QUERY, options, options_length);
  put (&writer, '\0');

  return text;
}

gboolean
gcoap_uri_write_path (const guint8 *options,
                      gsize         options_length,
                      char         *buffer,
                      gsize         size)
{
  Writer writer = { buffer, size, 0, FALSE };

  put_path (&writer, GCOAP_OPTION_NUMBER_URI_PATH, options, options_length);
  put (&writer, '\0');

  return !writer.is_cut;
}
