/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core-fixture.h"

#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-option-number.h"

G_BEGIN_DECLS

/* The value of a Block option; with a bit that tells block 0 of 16 bytes from no option. */
#define BLOCK(number, more, szx) (1u << 31 | (guint) (number) << 4 | (more) << 3 | (szx))

/* A request of a peer that knows blocks. 0 is absent, and what counts from 0 is one more. */
typedef struct
{
  GCoapMessageType type;
  guint8           code;            /* 0: PUT where there is Block1, else GET */
  guint            block1;
  guint            block2;
  GBytes          *payload;         /* (nullable) */
  const char      *tag;             /* (nullable) the Request-Tag */
  guint            content_format;  /* and 1 */
  guint            observe;         /* and 1 */
  guint            size1;           /* and 1 */
  gboolean         wants_size2;
  gboolean         if_none_match;
  gboolean         goes_to_group;
  guint16          message_id;      /* 0: the next */
} BlockRequest;

/* Bytes that differ from place to place. */
GBytes      *block_peer_make_body   (gsize               size);
/* The block of a body that Block1 says. */
GBytes      *block_peer_cut         (GBytes             *body,
                                     guint               block);

/* Plays the request, of which the token is the Message ID. */
void         block_peer_send        (CoreFixture        *fixture,
                                     guint               host,
                                     const BlockRequest *request);
/* The same for a block of a body that is put. */
void         block_peer_put         (CoreFixture        *fixture,
                                     guint               host,
                                     GBytes             *body,
                                     guint               block);
void         block_peer_get         (CoreFixture        *fixture,
                                     guint               host,
                                     guint               block2);

/* An answer of this code with a block option of this value; 0: without. */
SentMessage *block_peer_expect      (CoreFixture        *fixture,
                                     guint8              code,
                                     guint               option_number,
                                     guint               block);
void         block_peer_expect_code (CoreFixture        *fixture,
                                     guint8              code);
void         block_peer_expect_continue (CoreFixture    *fixture,
                                     guint               block);
gboolean     block_peer_find_uint   (const SentMessage  *sent,
                                     guint               number,
                                     guint32            *out_value);
/* The ETag as hexadecimal digits; NULL if there is none. */
char        *block_peer_dup_etag    (const SentMessage  *sent);
void         block_peer_assert_slice (const SentMessage *sent,
                                     GBytes             *body,
                                     gsize               offset);

/* The server's answer, with a body. */
void         block_peer_respond     (CoreFixture        *fixture,
                                     guint64             id,
                                     guint8              code,
                                     GBytes             *body);

G_END_DECLS
