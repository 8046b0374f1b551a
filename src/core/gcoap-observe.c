/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-observe-private.h"

#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-option-number.h"

/* RFC 7641 section 2, and RFC 8132 section 2.4 for FETCH. Of another method or another value the
 * option is as if absent. */
GCoapObserve
gcoap_observe_of_request (GCoapMessage *request)
{
  guint code = gcoap_message_get_code (request);
  guint value;

  if ((code != GCOAP_METHOD_GET && code != GCOAP_METHOD_FETCH) ||
      !gcoap_message_get_uint_option (request, GCOAP_OPTION_NUMBER_OBSERVE, &value))
    return GCOAP_OBSERVE_NOT;

  return value == GCOAP_OBSERVE_VALUE_REGISTER     ? GCOAP_OBSERVE_REGISTER
         : value == GCOAP_OBSERVE_VALUE_DEREGISTER ? GCOAP_OBSERVE_DEREGISTER
                                                   : GCOAP_OBSERVE_NOT;
}

gboolean
gcoap_observe_is_notification (const GCoapFrame *frame)
{
  GCoapOptionIter option;

  gcoap_option_iter_init (&option, frame->options, frame->options_length);

  return frame->code >> 5 == 2 && gcoap_option_iter_find (&option, GCOAP_OPTION_NUMBER_OBSERVE);
}
