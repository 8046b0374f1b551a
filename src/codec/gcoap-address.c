/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/gcoap-address-private.h"

#include <arpa/inet.h>
#include <string.h>

#define IPV4_OFFSET 12

/* gcoap_address_equal() and hash functions look at the bytes. */
G_STATIC_ASSERT (sizeof (GCoapAddress) == 24);

static const guint8 ipv4_prefix[IPV4_OFFSET] = {
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff,
};

/* Says whether the address means nothing without its interface, or goes out on it (RFC 4007). */
static gboolean
is_scoped (const guint8 ip[16])
{
  gboolean is_link_local = ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80;
  gboolean is_multicast = ip[0] == 0xff;

  return is_link_local || is_multicast;
}

static void
set_ipv4 (GCoapAddress             *self,
          const struct sockaddr_in *sockaddr)
{
  memcpy (self->ip, ipv4_prefix, IPV4_OFFSET);
  memcpy (self->ip + IPV4_OFFSET, &sockaddr->sin_addr, sizeof sockaddr->sin_addr);
  self->scope_id = 0;
  self->port = g_ntohs (sockaddr->sin_port);
  self->reserved = 0;
}

static void
set_ipv6 (GCoapAddress              *self,
          const struct sockaddr_in6 *sockaddr)
{
  memcpy (self->ip, &sockaddr->sin6_addr, sizeof self->ip);
  self->scope_id = is_scoped (self->ip) ? sockaddr->sin6_scope_id : 0;
  self->port = g_ntohs (sockaddr->sin6_port);
  self->reserved = 0;
}

/* Takes over an AF_INET or AF_INET6 address. Others leave @self as it was and return FALSE. */
gboolean
gcoap_address_from_sockaddr (GCoapAddress          *self,
                             const struct sockaddr *sockaddr)
{
  switch (sockaddr->sa_family)
    {
    case AF_INET:
      set_ipv4 (self, (const struct sockaddr_in *) sockaddr);
      return TRUE;
    case AF_INET6:
      set_ipv6 (self, (const struct sockaddr_in6 *) sockaddr);
      return TRUE;
    default:
      return FALSE;
    }
}

/* Fills @out_sockaddr and returns how many bytes of it count. An IPv4 address is IPv4-mapped if
 * @as_ipv6 is set, for use with an IPv6 socket; an IPv6 address has one form only. */
socklen_t
gcoap_address_to_sockaddr (const GCoapAddress      *self,
                           gboolean                 as_ipv6,
                           struct sockaddr_storage *out_sockaddr)
{
  struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *) out_sockaddr;
  struct sockaddr_in *ipv4 = (struct sockaddr_in *) out_sockaddr;

  if (as_ipv6 || !gcoap_address_is_ipv4 (self))
    {
      memset (ipv6, 0, sizeof *ipv6);
      ipv6->sin6_family = AF_INET6;
      ipv6->sin6_port = g_htons (self->port);
      ipv6->sin6_scope_id = self->scope_id;
      memcpy (&ipv6->sin6_addr, self->ip, sizeof ipv6->sin6_addr);
      return sizeof *ipv6;
    }

  memset (ipv4, 0, sizeof *ipv4);
  ipv4->sin_family = AF_INET;
  ipv4->sin_port = g_htons (self->port);
  memcpy (&ipv4->sin_addr, self->ip + IPV4_OFFSET, sizeof ipv4->sin_addr);
  return sizeof *ipv4;
}

/* Compares the port and the interface too. */
gboolean
gcoap_address_equal (const GCoapAddress *self,
                     const GCoapAddress *other)
{
  return memcmp (self, other, sizeof *self) == 0;
}

gboolean
gcoap_address_is_ipv4 (const GCoapAddress *self)
{
  return memcmp (self->ip, ipv4_prefix, IPV4_OFFSET) == 0;
}

gboolean
gcoap_address_is_multicast (const GCoapAddress *self)
{
  if (gcoap_address_is_ipv4 (self))
    return (self->ip[IPV4_OFFSET] & 0xf0) == 0xe0;

  return self->ip[0] == 0xff;
}

/* Says whether several may be behind the address: a multicast one, or the IPv4 broadcast. */
gboolean
gcoap_address_is_group (const GCoapAddress *self)
{
  static const guint8 broadcast[4] = { 255, 255, 255, 255 };

  return gcoap_address_is_multicast (self) ||
         (gcoap_address_is_ipv4 (self) &&
          memcmp (self->ip + IPV4_OFFSET, broadcast, sizeof broadcast) == 0);
}

/* Says whether this is the any-address of either family, whatever the port. */
gboolean
gcoap_address_is_unspecified (const GCoapAddress *self)
{
  static const guint8 zeros[16];

  if (gcoap_address_is_ipv4 (self))
    return memcmp (self->ip + IPV4_OFFSET, zeros, sizeof self->ip - IPV4_OFFSET) == 0;

  return memcmp (self->ip, zeros, sizeof zeros) == 0;
}

/* Writes the address as text, without the port: "192.0.2.1", "2001:db8::1" (RFC 5952) or
 * "fe80::1%2", where the interface is a number because to name it would take a system call. */
char *
gcoap_address_get_host (const GCoapAddress *self)
{
  char text[INET6_ADDRSTRLEN];

  if (gcoap_address_is_ipv4 (self))
    inet_ntop (AF_INET, self->ip + IPV4_OFFSET, text, sizeof text);
  else
    inet_ntop (AF_INET6, self->ip, text, sizeof text);

  if (self->scope_id != 0)
    return g_strdup_printf ("%s%%%u", text, self->scope_id);

  return g_strdup (text);
}
