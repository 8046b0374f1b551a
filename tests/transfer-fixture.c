/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "transfer-fixture.h"

#define CONTENT_FORMAT 42

Transfer *
transfer_new (void)
{
  Transfer *self = g_new0 (Transfer, 1);

  self->cancellable = g_cancellable_new ();

  return self;
}

void
transfer_free (Transfer *self)
{
  g_clear_pointer (&self->response, gcoap_message_unref);
  g_clear_error (&self->error);
  g_object_unref (self->cancellable);
  g_free (self);
}

static void
progress_cb (goffset  so_far,
             goffset  total,
             gpointer user_data)
{
  Transfer *self = user_data;

  g_assert_cmpuint (self->n_freed, ==, 0);
  self->n_progress++;
  self->goes_back |= so_far < self->so_far;
  self->so_far = so_far;
  self->total = total;
  if (self->nests)
    settle ();
  if (self->to_shut_down != NULL)
    gcoap_endpoint_shutdown (self->to_shut_down, NULL);
}

static void
freed_cb (gpointer user_data)
{
  Transfer *self = user_data;

  self->n_freed++;
}

static void
downloaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Transfer *self = user_data;

  self->n_ends++;
  self->response = gcoap_endpoint_download_finish (GCOAP_ENDPOINT (source), result, &self->error);
}

static void
uploaded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Transfer *self = user_data;

  self->n_ends++;
  self->response = gcoap_endpoint_upload_finish (GCOAP_ENDPOINT (source), result, &self->error);
}

void
download (Transfer      *self,
          GCoapEndpoint *client,
          const char    *uri,
          gpointer       stream)
{
  gcoap_endpoint_download_async (client, uri, G_OUTPUT_STREAM (stream), self->cancellable,
                                 progress_cb, self, freed_cb, downloaded_cb, self);
}

void
upload (Transfer      *self,
        GCoapEndpoint *client,
        const char    *uri,
        gpointer       stream)
{
  gcoap_endpoint_upload_async (client, uri, G_INPUT_STREAM (stream), CONTENT_FORMAT,
                               self->cancellable, progress_cb, self, freed_cb, uploaded_cb, self);
}

void
transfer_finish (Transfer *self)
{
  wait_until (self->n_ends > 0);
  settle ();
  g_assert_cmpuint (self->n_ends, ==, 1);
  g_assert_cmpuint (self->n_freed, ==, 1);
  g_assert_true ((self->response != NULL) == (self->error == NULL));
}

void
transfer_expect (Transfer *self,
                 guint     code)
{
  transfer_finish (self);
  g_assert_no_error (self->error);
  g_assert_cmpuint (gcoap_message_get_code (self->response), ==, code);
}
