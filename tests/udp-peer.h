/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "transport/gcoap-udp-transport-private.h"

G_BEGIN_DECLS

/* What the tests of the UDP transport talk with: a transport that notes down what it receives, and
 * a kernel that can be told to fail. For the latter the program's own socket(), sendmmsg() and
 * recvmmsg() come before those of the C library, so this has to be linked as an object. */
typedef struct
{
  int   error;
  guint count; /* calls to fail */
} Fault;

extern Fault send_fault;
extern Fault receive_fault;
extern gboolean has_no_ipv6;

/* One transport and what it has received. */
typedef struct
{
  GMainContext      *context;
  GCoapUdpTransport *transport;
  GArray            *received;
  guint              n_wakeups;
  gboolean           is_echo;
} Peer;

typedef struct
{
  GCoapAddress  remote;
  GCoapAddress  local;
  GBytes       *data;
  int           error;
} Received;

Peer          *peer_new             (GMainContext   *context);
Peer          *peer_new_bound       (GMainContext   *context,
                                     const char     *host,
                                     GCoapUdpFamily  family);
void           peer_free            (Peer           *self);
guint16        peer_get_port        (Peer           *self);
void           peer_ready_cb        (gpointer        user_data);
void           peer_send            (Peer           *self,
                                     const char     *host,
                                     guint16         port,
                                     const char     *text);
void           peer_wait            (Peer           *self,
                                     guint           n_received);
void           peer_assert_received (Peer           *self,
                                     guint           index,
                                     const char     *host,
                                     guint16         port,
                                     const char     *text,
                                     int             error);

GCoapAddress   make_address         (const char     *host,
                                     guint16         port);
GCoapDatagram  make_datagram        (const char     *host,
                                     guint16         port,
                                     const char     *text);
void           assert_address       (const GCoapAddress *address,
                                     const char         *host,
                                     guint16             port);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Peer, peer_free)

G_END_DECLS
