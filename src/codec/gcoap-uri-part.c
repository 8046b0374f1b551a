/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/gcoap-uri-part-private.h"

#include <arpa/inet.h>
#include <string.h>

#define IN_PATHS   (GCOAP_URI_IN_SEGMENT | GCOAP_URI_IN_PATH)
#define IN_QUERIES (GCOAP_URI_IN_ARGUMENT | GCOAP_URI_IN_QUERY)
#define UNRESERVED (GCOAP_URI_IN_ZONE | GCOAP_URI_IN_HOST | IN_PATHS | IN_QUERIES)
#define SUB_DELIM  (GCOAP_URI_IN_HOST | IN_PATHS | IN_QUERIES)

/* The GCoapUriPlace bits of each byte. */
const guint8 gcoap_uri_places[256] = {
  ['0' ... '9'] = UNRESERVED,
  ['A' ... 'Z'] = UNRESERVED,
  ['a' ... 'z'] = UNRESERVED,
  ['-'] = UNRESERVED,
  ['.'] = UNRESERVED,
  ['_'] = UNRESERVED,
  ['~'] = UNRESERVED,
  ['!'] = SUB_DELIM,
  ['$'] = SUB_DELIM,
  ['\''] = SUB_DELIM,
  ['('] = SUB_DELIM,
  [')'] = SUB_DELIM,
  ['*'] = SUB_DELIM,
  ['+'] = SUB_DELIM,
  [','] = SUB_DELIM,
  [';'] = SUB_DELIM,
  ['='] = SUB_DELIM,
  ['&'] = GCOAP_URI_IN_HOST | IN_PATHS | GCOAP_URI_IN_QUERY,
  [':'] = IN_PATHS | IN_QUERIES,
  ['@'] = IN_PATHS | IN_QUERIES,
  ['/'] = GCOAP_URI_IN_PATH | IN_QUERIES,
  ['?'] = IN_QUERIES,
};

/* Takes the part up to the separator, or all of it, off @rest, whose text is NULL after the
 * last one. */
gboolean
gcoap_uri_part_next (GCoapUriPart *rest,
                     char          separator,
                     GCoapUriPart *out_part)
{
  const char *end;

  if (rest->text == NULL)
    return FALSE;

  *out_part = *rest;
  end = memchr (rest->text, separator, rest->length);
  if (end == NULL)
    {
      *rest = (GCoapUriPart) { NULL, 0 };
      return TRUE;
    }

  out_part->length = end - rest->text;
  rest->length -= out_part->length + 1;
  rest->text = end + 1;

  return TRUE;
}

/* Says whether this is an IPv6 address without brackets and zone. */
gboolean
gcoap_uri_part_is_ipv6 (GCoapUriPart self)
{
  char address[INET6_ADDRSTRLEN];
  struct in6_addr ignored;

  if (self.length >= sizeof address || memchr (self.text, '\0', self.length) != NULL)
    return FALSE;

  memcpy (address, self.text, self.length);
  address[self.length] = '\0';

  return inet_pton (AF_INET6, address, &ignored) == 1;
}
