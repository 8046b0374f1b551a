/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <string.h>

#include "codec/gcoap-address-private.h"

G_BEGIN_DECLS

/* A keyed hash for tables whose keys come from the network: without the seed nobody can choose
 * addresses, Message IDs or tokens that collide. Two halves of a 64x64 bit product folded, a word
 * at a time. */
static inline guint64
gcoap_hash_word (guint64 hash,
                 guint64 word)
{
  unsigned __int128 product = (unsigned __int128) (hash ^ word) *
                              G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return (guint64) product ^ (guint64) (product >> 64);
}

static inline guint64
gcoap_hash_address (guint64             hash,
                    const GCoapAddress *address)
{
  guint64 words[3];

  memcpy (words, address, sizeof words);
  hash = gcoap_hash_word (hash, words[0]);
  hash = gcoap_hash_word (hash, words[1]);

  return gcoap_hash_word (hash, words[2]);
}

/* Two words with one product. What is hashed already is a key of both, so that nobody can choose a
 * word that makes it zero. */
static inline guint64
gcoap_hash_pair (guint64       secret,
                 guint64       hash,
                 const guint64 words[2])
{
  unsigned __int128 product = (unsigned __int128) (secret ^ words[0]) * (hash ^ words[1]);

  return (guint64) product ^ (guint64) (product >> 64);
}

/* @hash must not be known to who chooses the bytes. */
static inline guint64
gcoap_hash_bytes (guint64       hash,
                  const guint8 *bytes,
                  gsize         length)
{
  guint64 secret = hash;
  guint64 words[2];

  hash = gcoap_hash_word (hash, length);
  for (; length >= sizeof words; bytes += sizeof words, length -= sizeof words)
    {
      memcpy (words, bytes, sizeof words);
      hash = gcoap_hash_pair (secret, hash, words);
    }
  if (length > 0)
    {
      words[0] = words[1] = 0;
      memcpy (words, bytes, length);
      hash = gcoap_hash_pair (secret, hash, words);
    }

  return gcoap_hash_word (hash, secret);
}

/* To the width of GHashTable. */
static inline guint
gcoap_hash_finish (guint64 hash)
{
  return hash ^ hash >> 32;
}

G_STATIC_ASSERT (sizeof (GCoapAddress) == 3 * sizeof (guint64));

G_END_DECLS
