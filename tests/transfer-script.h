/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core-fixture.h"

G_BEGIN_DECLS

/* A client and what comes to it, as lines of text. A message is written as in block-text.h.
 *
 * Before the request:
 *   block-size N, max-body N, no-reregistering, timeout N, deadline N, group, sends N, receives
 *   submit MESSAGE
 * What the engine must do:
 *   > MESSAGE             sends it, with a Message ID that is new, and nothing else; the token too unless it is a later block
 *   repeat                sends the latest message once more
 *   = MESSAGE             tells the response
 *   ! CODE                tells the failure
 *   note MESSAGE          tells a notification; "last" the last one
 *   stale                 tells, when it is time, that there is none
 *   part O+N SIZE [last]  tells a part; "wanted O SIZE" wants one
 *   quiet                 does nothing
 *   over                  has nothing left to do, however long one waits
 * What happens:
 *   < MESSAGE             the response to the latest message comes on its acknowledgement
 *   con MESSAGE, non MESSAGE  it comes on its own; the acknowledgement, if due, is asked for
 *   stray MESSAGE         it comes in a Confirmable message, and must be reset
 *   ack, reset, icmp      the latest message is answered so
 *   again                 what came latest comes once more
 *   to N                  the lines that follow answer the Nth message, until the next ">"
 *   supply O+N [last], continue, cancel, wait SECONDS */
typedef struct
{
  CoreFixture   *core;          /* (owned) */
  guint64        id;
  GCoapAddress   remote;        /* of the next request */
  GCoapPatience  patience;
  GCoapStreaming streaming;
  GPtrArray     *sent;          /* (element-type SentMessage) */
  SentMessage   *latest;        /* that is answered next */
  GBytes        *tag;           /* (owned) (nullable) the Request-Tag of the transfer */
  GBytes        *received;      /* (owned) (nullable) what came latest */
  guint16        message_id;    /* the latest of the server's */
} TransferScript;

TransferScript *transfer_script_new  (void);
void            transfer_script_free (TransferScript *self);
/* Lines that are separated by line feeds. */
void            transfer_script_run  (TransferScript *self,
                                      const char     *lines);

typedef struct
{
  const char *path;
  const char *lines;
} ScriptRow;

/* Each row is a test of its own. */
void            transfer_script_add_rows (const ScriptRow *rows,
                                          gsize            n_rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TransferScript, transfer_script_free)

G_END_DECLS
