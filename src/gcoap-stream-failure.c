/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-stream-failure-private.h"

#include <glib/gi18n-lib.h>

/* Gives a failure an error where the stream has set none. That is wrong of it, but it is what
 * becomes of an exception in a stream that is written in another language. */
void
gcoap_stream_failure_explain (GError **error)
{
  if (*error == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         _("The stream has failed, and does not say why"));
}
