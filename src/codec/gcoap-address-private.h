/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <netinet/in.h>

G_BEGIN_DECLS

/* An IP address and UDP port as one flat value: the key that peers are known by and the place
 * a datagram goes to. IPv4 addresses are kept as IPv4-mapped IPv6, so that one peer has one
 * key whatever socket it came through. All fields are set and there is no padding. */
typedef struct
{
  guint8  ip[16];
  guint32 scope_id; /* interface index of a link-local or multicast address, else 0 */
  guint16 port;     /* host byte order */
  guint16 reserved; /* always 0 */
} GCoapAddress;

gboolean  gcoap_address_from_sockaddr  (GCoapAddress          *self,
                                        const struct sockaddr *sockaddr);
socklen_t gcoap_address_to_sockaddr    (const GCoapAddress      *self,
                                        gboolean                 as_ipv6,
                                        struct sockaddr_storage *out_sockaddr);
gboolean  gcoap_address_equal          (const GCoapAddress *self,
                                        const GCoapAddress *other);
gboolean  gcoap_address_is_ipv4        (const GCoapAddress *self);
gboolean  gcoap_address_is_multicast   (const GCoapAddress *self);
gboolean  gcoap_address_is_group       (const GCoapAddress *self);
gboolean  gcoap_address_is_unspecified (const GCoapAddress *self);
char     *gcoap_address_get_host       (const GCoapAddress *self);

G_END_DECLS
