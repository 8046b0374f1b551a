/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/gcoap-message-private.h"
#include "gcoap-option-private.h"

/* What a message needs of GObject, which the codec does without. */

G_DEFINE_BOXED_TYPE (GCoapMessage, gcoap_message, gcoap_message_ref, gcoap_message_unref)

/**
 * gcoap_message_list_options:
 * @self: the message
 *
 * The options of the message, in the order they have on the wire, as a list that does not change.
 *
 * Returns: (transfer full): a list of [class@Option]
 *
 * Since: 1.0
 */
GListModel *
gcoap_message_list_options (GCoapMessage *self)
{
  GListStore *list;
  GCoapOptions *options;

  g_return_val_if_fail (self != NULL, NULL);

  list = g_list_store_new (GCOAP_TYPE_OPTION);
  options = gcoap_message_get_options (self);
  gcoap_option_list_decode (list, options->data, options->length);

  return G_LIST_MODEL (list);
}
