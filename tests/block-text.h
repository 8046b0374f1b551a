/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/gcoap-message-private.h"

G_BEGIN_DECLS

/* Messages as RFC 7959 section 3 writes them: "2.05 2:1/1/128 +128" is a response with a Block2
 * option of number 1 and size 128, of which more follow, and a payload of 128 bytes. The words are:
 * the code; "non"; "1:" and "2:" for the blocks; "etag:", "tag:", "obs:", "cf:", "age:", "size1:",
 * "size2:"; "inm" for If-None-Match; and last the payload. */
typedef struct
{
  guint8           code;
  gboolean         is_non;
  GCoapOptions     options; /* (owned) */
  gsize            offset;  /* of the payload in the body */
  GBytes          *payload; /* (owned) */
} BlockText;

void      block_text_init     (BlockText        *self,
                               const char       *text);
void      block_text_clear    (BlockText        *self);
/* A view. */
void      block_text_get_frame (const BlockText *self,
                               GCoapFrame       *out_frame);

/* The text of a message. Asserts that the payload is what belongs to its place in the body. */
char     *block_text_describe (const GCoapFrame *frame);

/* A part of the body that all tests send: no two blocks of it are the same. */
GBytes   *block_text_body     (gsize             offset,
                               gsize             length);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BlockText, block_text_clear)

G_END_DECLS
