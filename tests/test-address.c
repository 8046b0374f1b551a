/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "codec/gcoap-address-private.h"

#include <arpa/inet.h>
#include <string.h>

typedef struct
{
  const char *name;
  const char *text;     /* what is given */
  guint32     scope_id; /* what is given */
  const char *host;     /* what is made of it */
  gboolean    is_ipv4;
  gboolean    is_multicast;
  gboolean    is_unspecified;
} AddressRow;

static const AddressRow address_rows[] = {
  { "ipv4", "192.0.2.1", 0, "192.0.2.1", TRUE, FALSE, FALSE },
  { "ipv4-any", "0.0.0.0", 0, "0.0.0.0", TRUE, FALSE, TRUE },
  { "ipv4-loopback", "127.0.0.1", 0, "127.0.0.1", TRUE, FALSE, FALSE },
  { "ipv4-below-multicast", "223.255.255.255", 0, "223.255.255.255", TRUE, FALSE, FALSE },
  { "ipv4-multicast", "224.0.1.187", 0, "224.0.1.187", TRUE, TRUE, FALSE },
  { "ipv4-last-multicast", "239.255.255.255", 0, "239.255.255.255", TRUE, TRUE, FALSE },
  { "ipv4-above-multicast", "240.0.0.0", 0, "240.0.0.0", TRUE, FALSE, FALSE },
  { "ipv4-broadcast", "255.255.255.255", 0, "255.255.255.255", TRUE, FALSE, FALSE },
  { "mapped", "::ffff:192.0.2.1", 0, "192.0.2.1", TRUE, FALSE, FALSE },
  { "mapped-any", "::ffff:0.0.0.0", 0, "0.0.0.0", TRUE, FALSE, TRUE },
  { "mapped-multicast", "::ffff:224.0.1.187", 0, "224.0.1.187", TRUE, TRUE, FALSE },
  { "mapped-with-scope", "::ffff:192.0.2.1", 7, "192.0.2.1", TRUE, FALSE, FALSE },
  { "ipv6", "2001:db8::1", 0, "2001:db8::1", FALSE, FALSE, FALSE },
  { "ipv6-long", "2001:DB8:0:0:1:0:0:1", 0, "2001:db8::1:0:0:1", FALSE, FALSE, FALSE },
  { "ipv6-any", "::", 0, "::", FALSE, FALSE, TRUE },
  { "ipv6-loopback", "::1", 0, "::1", FALSE, FALSE, FALSE },
  { "ipv6-multicast", "ff02::fd", 3, "ff02::fd%3", FALSE, TRUE, FALSE },
  { "ipv6-site-multicast", "ff05::fd", 0, "ff05::fd", FALSE, TRUE, FALSE },
  { "ipv6-below-multicast", "fe00::1", 0, "fe00::1", FALSE, FALSE, FALSE },
  { "link-local", "fe80::1", 2, "fe80::1%2", FALSE, FALSE, FALSE },
  { "link-local-without-scope", "fe80::1", 0, "fe80::1", FALSE, FALSE, FALSE },
  { "largest-scope", "febf::1", G_MAXUINT32, "febf::1%4294967295", FALSE, FALSE, FALSE },
  { "global-with-scope", "2001:db8::1", 2, "2001:db8::1", FALSE, FALSE, FALSE },
};

static void
fill (struct sockaddr_storage *sockaddr,
      const char              *text,
      guint16                  port,
      guint32                  scope_id)
{
  struct sockaddr_in *ipv4 = (struct sockaddr_in *) sockaddr;
  struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *) sockaddr;

  /* What the system leaves in the padding must not matter. */
  memset (sockaddr, 0xa5, sizeof *sockaddr);
  if (inet_pton (AF_INET, text, &ipv4->sin_addr) == 1)
    {
      ipv4->sin_family = AF_INET;
      ipv4->sin_port = g_htons (port);
      return;
    }

  g_assert_cmpint (inet_pton (AF_INET6, text, &ipv6->sin6_addr), ==, 1);
  ipv6->sin6_family = AF_INET6;
  ipv6->sin6_port = g_htons (port);
  ipv6->sin6_scope_id = scope_id;
}

static GCoapAddress
make_address (const char *text,
              guint16     port,
              guint32     scope_id)
{
  struct sockaddr_storage sockaddr;
  GCoapAddress address;

  memset (&address, 0x5a, sizeof address);
  fill (&sockaddr, text, port, scope_id);
  g_assert_true (gcoap_address_from_sockaddr (&address, (struct sockaddr *) &sockaddr));

  return address;
}

static void
test_host (gconstpointer data)
{
  const AddressRow *row = data;
  GCoapAddress address = make_address (row->text, 5683, row->scope_id);
  g_autofree char *host = gcoap_address_get_host (&address);

  g_test_summary ("An address is written without brackets and port, RFC 5952 section 4");
  g_assert_cmpstr (host, ==, row->host);
  g_assert_cmpuint (address.port, ==, 5683);
}

static void
test_kind (gconstpointer data)
{
  const AddressRow *row = data;
  GCoapAddress address = make_address (row->text, 5683, row->scope_id);

  g_test_summary ("The kinds that need care are told apart, RFC 7252 section 8");
  g_assert_cmpint (gcoap_address_is_ipv4 (&address), ==, row->is_ipv4);
  g_assert_cmpint (gcoap_address_is_multicast (&address), ==, row->is_multicast);
  g_assert_cmpint (gcoap_address_is_unspecified (&address), ==, row->is_unspecified);
}

static void
test_group (void)
{
  GCoapAddress broadcast = make_address ("255.255.255.255", 5683, 0);
  GCoapAddress multicast = make_address ("ff02::fd", 5683, 3);
  GCoapAddress host = make_address ("192.0.2.1", 5683, 0);

  g_test_summary ("Several may be behind a multicast or a broadcast address, RFC 7252 section 8");
  g_assert_true (gcoap_address_is_group (&broadcast));
  g_assert_true (gcoap_address_is_group (&multicast));
  g_assert_false (gcoap_address_is_group (&host));
}

static void
check_round_trip (const AddressRow *row,
                  gboolean          as_ipv6,
                  int               family)
{
  GCoapAddress address = make_address (row->text, 61616, row->scope_id);
  GCoapAddress again;
  struct sockaddr_storage sockaddr;
  socklen_t length = gcoap_address_to_sockaddr (&address, as_ipv6, &sockaddr);

  g_assert_cmpint (sockaddr.ss_family, ==, family);
  g_assert_cmpuint (length, ==, family == AF_INET ? sizeof (struct sockaddr_in)
                                                  : sizeof (struct sockaddr_in6));
  g_assert_true (gcoap_address_from_sockaddr (&again, (struct sockaddr *) &sockaddr));
  g_assert_true (gcoap_address_equal (&address, &again));
}

static void
test_own_family (gconstpointer data)
{
  const AddressRow *row = data;

  g_test_summary ("An address becomes a socket address of its own family");
  check_round_trip (row, FALSE, row->is_ipv4 ? AF_INET : AF_INET6);
}

static void
test_as_ipv6 (gconstpointer data)
{
  const AddressRow *row = data;

  g_test_summary ("Any address can be used on an IPv6 socket, RFC 4291 section 2.5.5.2");
  check_round_trip (row, TRUE, AF_INET6);
}

static void
test_mapped_is_folded (void)
{
  GCoapAddress plain = make_address ("192.0.2.1", 5683, 0);
  GCoapAddress mapped = make_address ("::ffff:192.0.2.1", 5683, 0);

  g_test_summary ("A peer is the same through an IPv4 and an IPv6 socket");
  g_assert_true (gcoap_address_equal (&plain, &mapped));
}

static void
test_mapped_bytes (void)
{
  GCoapAddress address = make_address ("192.0.2.1", 5683, 0);
  struct sockaddr_storage sockaddr;
  const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *) &sockaddr;

  g_test_summary ("For an IPv6 socket an IPv4 address is mapped, RFC 4291 section 2.5.5.2");
  gcoap_address_to_sockaddr (&address, TRUE, &sockaddr);
  g_assert_true (IN6_IS_ADDR_V4MAPPED (&ipv6->sin6_addr));
  g_assert_cmpuint (ipv6->sin6_scope_id, ==, 0);
  g_assert_cmpuint (ipv6->sin6_flowinfo, ==, 0);
}

static void
test_equal_minds_port (void)
{
  GCoapAddress one = make_address ("192.0.2.1", 5683, 0);
  GCoapAddress other = make_address ("192.0.2.1", 5684, 0);

  g_test_summary ("An endpoint is an address and a port, RFC 7252 section 4.1");
  g_assert_false (gcoap_address_equal (&one, &other));
}

static void
test_equal_minds_scope (void)
{
  GCoapAddress one = make_address ("fe80::1", 5683, 2);
  GCoapAddress other = make_address ("fe80::1", 5683, 3);

  g_test_summary ("Equal link-local addresses of two links are two peers, RFC 4007 section 6");
  g_assert_false (gcoap_address_equal (&one, &other));
}

static void
test_equal_ignores_scope_of_global (void)
{
  GCoapAddress one = make_address ("2001:db8::1", 5683, 2);
  GCoapAddress other = make_address ("2001:db8::1", 5683, 0);

  g_test_summary ("A global address is the same on every interface, RFC 4007 section 6");
  g_assert_true (gcoap_address_equal (&one, &other));
}

static void
test_compatible_is_ipv6 (void)
{
  GCoapAddress address = make_address ("::192.0.2.1", 5683, 0);

  g_test_summary ("An IPv4-compatible IPv6 address is not folded, RFC 4291 section 2.5.5.1");
  g_assert_false (gcoap_address_is_ipv4 (&address));
}

static void
test_other_family (void)
{
  struct sockaddr_storage sockaddr = { .ss_family = AF_UNIX };
  GCoapAddress address = make_address ("192.0.2.1", 5683, 0);
  GCoapAddress before = address;

  g_test_summary ("A socket address of another family is refused");
  g_assert_false (gcoap_address_from_sockaddr (&address, (struct sockaddr *) &sockaddr));
  g_assert_true (gcoap_address_equal (&address, &before));
}

static void
add_row (const char       *case_name,
         const AddressRow *row,
         GTestDataFunc     func)
{
  g_autofree char *path = g_strdup_printf ("/codec/address/%s/%s", case_name, row->name);

  g_test_add_data_func (path, row, func);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (address_rows); i++)
    {
      add_row ("host", &address_rows[i], test_host);
      add_row ("kind", &address_rows[i], test_kind);
      add_row ("own-family", &address_rows[i], test_own_family);
      add_row ("as-ipv6", &address_rows[i], test_as_ipv6);
    }
  g_test_add_func ("/codec/address/mapped-is-folded", test_mapped_is_folded);
  g_test_add_func ("/codec/address/mapped-bytes", test_mapped_bytes);
  g_test_add_func ("/codec/address/equal-minds-port", test_equal_minds_port);
  g_test_add_func ("/codec/address/equal-minds-scope", test_equal_minds_scope);
  g_test_add_func ("/codec/address/equal-ignores-scope-of-global",
                   test_equal_ignores_scope_of_global);
  g_test_add_func ("/codec/address/compatible-is-ipv6", test_compatible_is_ipv6);
  g_test_add_func ("/codec/address/other-family", test_other_family);
  g_test_add_func ("/codec/address/group", test_group);

  return g_test_run ();
}
