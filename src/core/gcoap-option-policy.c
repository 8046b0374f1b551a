/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-option-policy-private.h"

#include "codec/gcoap-option-def-private.h"

static gboolean
is_response (const GCoapFrame *frame)
{
  return frame->code >> 5 != 0;
}

/* The critical options that the engine or the application acts on. Most of them make sense in a
 * request only, and section 5.4 wants them taken for unrecognized in a response. */
static gboolean
is_understood_in_request (guint number)
{
  switch (number)
    {
    case GCOAP_OPTION_NUMBER_IF_MATCH:
    case GCOAP_OPTION_NUMBER_URI_HOST:
    case GCOAP_OPTION_NUMBER_IF_NONE_MATCH:
    case GCOAP_OPTION_NUMBER_URI_PORT:
    case GCOAP_OPTION_NUMBER_URI_PATH:
    case GCOAP_OPTION_NUMBER_URI_QUERY:
    case GCOAP_OPTION_NUMBER_ACCEPT:
    case GCOAP_OPTION_NUMBER_BLOCK1:
    case GCOAP_OPTION_NUMBER_BLOCK2:
      return TRUE;

    default:
      return FALSE;
    }
}

/* Sections 5.4.3 and 5.4.5: a value of a wrong length, and a repetition of what must not be
 * repeated, count as an option that is not recognized. */
static gboolean
fits (const GCoapFrame      *frame,
      const GCoapOptionIter *option,
      guint                  previous_number)
{
  const GCoapOptionDef *def = gcoap_option_def_lookup (option->number);
  gboolean repeatable;

  if (def == NULL)
    return TRUE;

  /* Section 5.10.6: several ETags make sense in a request only. */
  repeatable = def->repeatable &&
               !(option->number == GCOAP_OPTION_NUMBER_ETAG && is_response (frame));

  return option->length >= def->min_length && option->length <= def->max_length &&
         (repeatable || option->number != previous_number);
}

static gboolean
is_understood_in_response (guint number)
{
  return number == GCOAP_OPTION_NUMBER_BLOCK1 || number == GCOAP_OPTION_NUMBER_BLOCK2;
}

static GCoapOptionsVerdict
check_critical (const GCoapFrame      *frame,
                const GCoapOptionIter *option)
{
  if (option->number == GCOAP_OPTION_NUMBER_PROXY_URI ||
      option->number == GCOAP_OPTION_NUMBER_PROXY_SCHEME)
    return is_response (frame) ? GCOAP_OPTIONS_BAD : GCOAP_OPTIONS_PROXY;

  return (is_response (frame) ? is_understood_in_response (option->number)
                              : is_understood_in_request (option->number)) ? GCOAP_OPTIONS_FINE
                                                                           : GCOAP_OPTIONS_BAD;
}

GCoapOptionsVerdict
gcoap_option_policy_check (const GCoapFrame *frame,
                           guint            *out_number)
{
  GCoapOptionsVerdict result = GCOAP_OPTIONS_FINE;
  GCoapOptionIter option;
  guint previous_number = 0;

  gcoap_option_iter_init (&option, frame->options, frame->options_length);
  while (gcoap_option_iter_next (&option))
    {
      gboolean is_critical = gcoap_option_number_is_critical (option.number);
      GCoapOptionsVerdict verdict = GCOAP_OPTIONS_FINE;

      if (!fits (frame, &option, previous_number))
        verdict = is_critical ? GCOAP_OPTIONS_BAD : GCOAP_OPTIONS_UNTIDY;
      else if (is_critical)
        verdict = check_critical (frame, &option);

      *out_number = option.number;
      if (verdict > GCOAP_OPTIONS_UNTIDY)
        return verdict;

      result = MAX (result, verdict);
      previous_number = option.number;
    }

  return result;
}

GCoapMessage *
gcoap_option_policy_tidy (const GCoapFrame *frame)
{
  GCoapFrame tidy = *frame;
  GCoapMessage *message;
  GCoapOptions *options;
  GCoapOptionIter option;
  guint previous_number = 0;

  tidy.options_length = 0;
  message = gcoap_message_new_from_frame (&tidy);
  options = gcoap_message_get_options (message);

  gcoap_option_iter_init (&option, frame->options, frame->options_length);
  while (gcoap_option_iter_next (&option))
    {
      if (fits (frame, &option, previous_number))
        gcoap_options_add (options, option.number, option.value, option.length);
      previous_number = option.number;
    }

  return message;
}
