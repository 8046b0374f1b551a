/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-call-streams-private.h"

static gboolean
is_over (GCoapCall *call)
{
  return call->state == GCOAP_CALL_DONE;
}

/* The end of a call waits until its streams are free. */
static gboolean
end_if_over (GCoapCall *call)
{
  if (!is_over (call))
    return FALSE;

  gcoap_call_streams_freed (call);

  return TRUE;
}

static void
read_cb (gpointer      owner,
         GBytes       *part,
         gsize         offset,
         gboolean      is_last,
         const GError *error)
{
  GCoapCall *call = owner;
  g_autoptr (GCoapEndpoint) endpoint = NULL;

  if (end_if_over (call))
    return;

  endpoint = g_object_ref (call->endpoint);
  if (part != NULL && is_last)
    call->streams->end = offset + g_bytes_get_size (part);
  if (part != NULL)
    gcoap_driver_supply (endpoint->driver, call->exchange_id, part, offset, is_last);
  else
    gcoap_call_fail (call, g_error_copy (error));
  gcoap_driver_pump (endpoint->driver);
}

static void
written_cb (gpointer      owner,
            const GError *error)
{
  GCoapCall *call = owner;
  g_autoptr (GCoapEndpoint) endpoint = NULL;

  if (end_if_over (call))
    return;

  endpoint = g_object_ref (call->endpoint);
  if (error == NULL)
    gcoap_driver_continue (endpoint->driver, call->exchange_id);
  else
    gcoap_call_fail (call, g_error_copy (error));
  gcoap_driver_pump (endpoint->driver);
}

GCoapCallStreams *
gcoap_call_streams_new (GCoapCall             *call,
                        GInputStream          *input,
                        GOutputStream         *output,
                        GFileProgressCallback  progress,
                        gpointer               progress_data,
                        GDestroyNotify         progress_destroy)
{
  GCoapCallStreams *self = g_new0 (GCoapCallStreams, 1);
  GMainContext *context = gcoap_driver_get_context (call->endpoint->driver);

  if (input != NULL)
    {
      self->reader = gcoap_body_reader_new (input, context,
                                            4 * call->endpoint->settings.protocol.block_size,
                                            read_cb, call);
      self->size = gcoap_body_reader_get_size (self->reader);
    }
  if (output != NULL)
    self->writer = gcoap_body_writer_new (output, context, written_cb, call);
  self->progress = progress;
  self->progress_data = progress_data;
  self->progress_destroy = progress_destroy;

  return self;
}

void
gcoap_call_streams_free (GCoapCallStreams *self)
{
  if (self == NULL)
    return;

  gcoap_body_reader_free (self->reader, FALSE);
  gcoap_body_writer_free (self->writer, FALSE);
  if (self->progress_destroy != NULL)
    self->progress_destroy (self->progress_data);
  g_free (self);
}

gboolean
gcoap_call_streams_cancel (GCoapCallStreams *self)
{
  return (self->reader != NULL && gcoap_body_reader_cancel (self->reader)) ||
         (self->writer != NULL && gcoap_body_writer_cancel (self->writer));
}

static void
tell_progress (GCoapCall *call,
               goffset    so_far,
               goffset    total)
{
  GCoapCallStreams *self = call->streams;

  if (self->progress != NULL)
    self->progress (so_far, total, self->progress_data);
}

void
gcoap_call_streams_finish (GCoapCall    *call,
                           GCoapMessage *response)
{
  GCoapCallStreams *self = call->streams;

  if (self->reader != NULL && gcoap_message_get_code (response) >> 5 == 2)
    tell_progress (call, self->end, self->end);
}

void
gcoap_call_streams_take (GCoapCall  *call,
                         GCoapEvent *event)
{
  gsize length = 0;
  GBytes *payload = gcoap_message_get_payload (event->message);
  gconstpointer data = payload != NULL ? g_bytes_get_data (payload, &length) : NULL;

  call->streams->has_moved = TRUE;
  tell_progress (call, event->offset + length, event->size);
  if (!is_over (call))
    gcoap_body_writer_write (call->streams->writer, data, length, event->is_last, FALSE);
}

void
gcoap_call_streams_give (GCoapCall  *call,
                         GCoapEvent *event)
{
  call->streams->has_moved |= event->offset > 0;
  tell_progress (call, event->offset, call->streams->size);
  if (!is_over (call))
    gcoap_body_reader_read (call->streams->reader, event->offset);
}
