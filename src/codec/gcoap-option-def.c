/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/gcoap-option-def-private.h"

#include <stdlib.h>

#define LENGTH_ANY G_MAXUINT16

#define EMPTY  GCOAP_OPTION_FORMAT_EMPTY
#define OPAQUE GCOAP_OPTION_FORMAT_OPAQUE
#define STRING GCOAP_OPTION_FORMAT_STRING
#define UINT   GCOAP_OPTION_FORMAT_UINT

/* The IANA "CoAP Option Numbers" registry as of July 2026, by number. Being here says what an
 * option looks like, and not that anybody acts on it. The numbers 128, 132, 136 and 140 are
 * kept by RFC 7252 section 5.10.7 for Location-* options to come; the registry calls each of
 * them "Reserved", and the number tells them apart. For 2055 and 2056 it names no limits. */
static const GCoapOptionDef option_defs[] = {
  { 1, 0, 8, OPAQUE, TRUE, "If-Match" },
  { 3, 1, 255, STRING, FALSE, "Uri-Host" },
  { 4, 1, 8, OPAQUE, TRUE, "ETag" }, /* repeatable in requests only (section 5.10.6) */
  { 5, 0, 0, EMPTY, FALSE, "If-None-Match" },
  { 6, 0, 3, UINT, FALSE, "Observe" },
  { 7, 0, 2, UINT, FALSE, "Uri-Port" },
  { 8, 0, 255, STRING, TRUE, "Location-Path" },
  { 9, 0, 255, OPAQUE, FALSE, "OSCORE" },
  { 11, 0, 255, STRING, TRUE, "Uri-Path" },
  { 12, 0, 2, UINT, FALSE, "Content-Format" },
  { 14, 0, 4, UINT, FALSE, "Max-Age" },
  { 15, 0, 255, STRING, TRUE, "Uri-Query" },
  { 16, 1, 1, UINT, FALSE, "Hop-Limit" },
  { 17, 0, 2, UINT, FALSE, "Accept" },
  { 19, 0, 3, UINT, FALSE, "Q-Block1" },
  { 20, 0, 255, STRING, TRUE, "Location-Query" },
  { 21, 0, 0, EMPTY, FALSE, "EDHOC" },
  { 23, 0, 3, UINT, FALSE, "Block2" },
  { 27, 0, 3, UINT, FALSE, "Block1" },
  { 28, 0, 4, UINT, FALSE, "Size2" },
  { 31, 0, 3, UINT, TRUE, "Q-Block2" }, /* repeatable in requests only (RFC 9177 section 4.1) */
  { 35, 1, 1034, STRING, FALSE, "Proxy-Uri" },
  { 39, 1, 255, STRING, FALSE, "Proxy-Scheme" },
  { 60, 0, 4, UINT, FALSE, "Size1" },
  { 128, 0, LENGTH_ANY, OPAQUE, TRUE, "Reserved-128" },
  { 132, 0, LENGTH_ANY, OPAQUE, TRUE, "Reserved-132" },
  { 136, 0, LENGTH_ANY, OPAQUE, TRUE, "Reserved-136" },
  { 140, 0, LENGTH_ANY, OPAQUE, TRUE, "Reserved-140" },
  { 235, 1, 1023, OPAQUE, FALSE, "Proxy-Cri" },
  { 239, 0, 3, UINT, FALSE, "Proxy-Scheme-Number" },
  { 252, 1, 40, OPAQUE, FALSE, "Echo" },
  { 258, 0, 1, UINT, FALSE, "No-Response" },
  { 292, 0, 8, OPAQUE, TRUE, "Request-Tag" },
  { 2049, 2, 2, UINT, FALSE, "OCF-Accept-Content-Format-Version" },
  { 2053, 2, 2, UINT, FALSE, "OCF-Content-Format-Version" },
  { 2055, 0, LENGTH_ANY, OPAQUE, FALSE, "SCP82-Params" },
  { 2056, 0, LENGTH_ANY, STRING, FALSE, "X-Admin-Protocol" },
};

/* Where an option of a small number is in the table above, counted from 1. Nearly all options
 * that are sent are found here. */
static const guint8 small_number_rows[] = {
  [GCOAP_OPTION_NUMBER_IF_MATCH] = 1,
  [GCOAP_OPTION_NUMBER_URI_HOST] = 2,
  [GCOAP_OPTION_NUMBER_ETAG] = 3,
  [GCOAP_OPTION_NUMBER_IF_NONE_MATCH] = 4,
  [GCOAP_OPTION_NUMBER_OBSERVE] = 5,
  [GCOAP_OPTION_NUMBER_URI_PORT] = 6,
  [GCOAP_OPTION_NUMBER_LOCATION_PATH] = 7,
  [GCOAP_OPTION_NUMBER_OSCORE] = 8,
  [GCOAP_OPTION_NUMBER_URI_PATH] = 9,
  [GCOAP_OPTION_NUMBER_CONTENT_FORMAT] = 10,
  [GCOAP_OPTION_NUMBER_MAX_AGE] = 11,
  [GCOAP_OPTION_NUMBER_URI_QUERY] = 12,
  [GCOAP_OPTION_NUMBER_HOP_LIMIT] = 13,
  [GCOAP_OPTION_NUMBER_ACCEPT] = 14,
  [GCOAP_OPTION_NUMBER_Q_BLOCK1] = 15,
  [GCOAP_OPTION_NUMBER_LOCATION_QUERY] = 16,
  [GCOAP_OPTION_NUMBER_EDHOC] = 17,
  [GCOAP_OPTION_NUMBER_BLOCK2] = 18,
  [GCOAP_OPTION_NUMBER_BLOCK1] = 19,
  [GCOAP_OPTION_NUMBER_SIZE2] = 20,
  [GCOAP_OPTION_NUMBER_Q_BLOCK2] = 21,
  [GCOAP_OPTION_NUMBER_PROXY_URI] = 22,
  [GCOAP_OPTION_NUMBER_PROXY_SCHEME] = 23,
  [GCOAP_OPTION_NUMBER_SIZE1] = 24,
};

static int
compare_number (gconstpointer key,
                gconstpointer row)
{
  const guint *number = key;
  const GCoapOptionDef *def = row;

  return (*number > def->number) - (*number < def->number);
}

/* Gets the definition of an option number, or NULL where there is none. */
const GCoapOptionDef *
gcoap_option_def_lookup (guint number)
{
  if (number < G_N_ELEMENTS (small_number_rows))
    {
      guint row = small_number_rows[number];

      return row > 0 ? &option_defs[row - 1] : NULL;
    }

  return bsearch (&number, option_defs, G_N_ELEMENTS (option_defs), sizeof option_defs[0],
                  compare_number);
}

/* Gets the definition of an option name in any case, or NULL where there is none. */
const GCoapOptionDef *
gcoap_option_def_lookup_by_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (option_defs); i++)
    {
      if (g_ascii_strcasecmp (option_defs[i].name, name) == 0)
        return &option_defs[i];
    }

  return NULL;
}

/* Gets all definitions, sorted by number. */
const GCoapOptionDef *
gcoap_option_def_get_all (guint *out_n_defs)
{
  *out_n_defs = G_N_ELEMENTS (option_defs);

  return option_defs;
}

/**
 * gcoap_option_number_get_name:
 * @number: an option number, from 0 to 65535
 *
 * Gets the name of an option in the IANA registry "CoAP Option Numbers", such as "Uri-Path" for 11.
 *
 * The numbers that RFC 7252 section 5.10.7 reserves are called "Reserved-128" and so on.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if @number is not registered
 *
 * Since: 1.0
 */
const char *
gcoap_option_number_get_name (guint number)
{
  const GCoapOptionDef *def = gcoap_option_def_lookup (number);

  return def != NULL ? def->name : NULL;
}

/**
 * gcoap_option_number_from_name:
 * @name: the name of an option, in upper or lower case
 *
 * Gets the number that has a name in the IANA registry "CoAP Option Numbers", such as 11 for
 * "Uri-Path".
 *
 * Returns: the number, from 1 to 65535, or -1 if no option is called @name
 *
 * Since: 1.0
 */
int
gcoap_option_number_from_name (const char *name)
{
  const GCoapOptionDef *def;

  g_return_val_if_fail (name != NULL, -1);

  def = gcoap_option_def_lookup_by_name (name);

  return def != NULL ? def->number : -1;
}
