/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcoap-address-private.h"

G_BEGIN_DECLS

/* The most bytes that a UDP datagram over IPv4 can carry. */
#define GCOAP_DATAGRAM_MAX 65507

/* A datagram on its way in or out: what core and transport both speak. */
typedef struct
{
  GCoapAddress  remote;
  GCoapAddress  local; /* the address that was asked and must answer; unspecified: any will do */
  const guint8 *data;
  gsize         length;
  int           error; /* errno if this one of ours could not be delivered, else 0 */
  guint         original_length; /* of one that was refused here, before it was cut short */
} GCoapDatagram;

G_END_DECLS
