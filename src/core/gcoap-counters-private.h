/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What an engine has done, and how much it holds. */
typedef struct
{
  /* Since it was made. */
  guint64 datagrams_received;
  guint64 datagrams_sent;
  guint64 bytes_received;
  guint64 bytes_sent;
  guint64 retransmissions;  /* of messages that were not acknowledged */
  guint64 duplicates;       /* of messages that were received before */
  guint64 resets_received;
  guint64 resets_sent;
  guint64 given_up;         /* messages that were never acknowledged */
  guint64 undeliverable;    /* datagrams that came back with an error */
  guint64 malformed;        /* datagrams that were no CoAP message */
  guint64 unexpected;       /* messages that fit nothing that is going on */
  guint64 refused;          /* requests above the cap, answered 5.03 */
  guint64 overflowed;       /* datagrams that there was no room for */

  /* Now. */
  guint64 peers;
  guint64 transmissions;
  guint64 requests_made;
  guint64 requests_served;
  guint64 observers;
  guint64 cached_replies;
  guint64 cached_bytes;
  guint64 transfers;
  guint64 transfer_bytes;
} GCoapCounters;

G_END_DECLS
