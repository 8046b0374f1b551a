/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-body-writer-private.h"

#include "gcoap-stream-failure-private.h"

/* How much is gathered before it is written, so that GIO's threads are not asked for each block. */
#define BUFFER_SIZE (16 * 1024)

struct _GCoapBodyWriter
{
  GOutputStream      *stream;      /* (owned) */
  GMainContext       *context;     /* (owned) */
  GCancellable       *cancellable; /* (owned) */
  GCoapBodyWriteFunc  func;        /* (nullable) NULL: nobody wants to know any more */
  gpointer            owner;
  GByteArray         *buffer;      /* (owned) */
  gboolean            is_last;
  gboolean            closes;
  gboolean            is_writing;
  gboolean            discards;
};

GCoapBodyWriter *
gcoap_body_writer_new (GOutputStream      *stream,
                       GMainContext       *context,
                       GCoapBodyWriteFunc  func,
                       gpointer            owner)
{
  GCoapBodyWriter *self = g_rc_box_new0 (GCoapBodyWriter);

  self->stream = g_object_ref (stream);
  self->context = g_main_context_ref (context);
  self->cancellable = g_cancellable_new ();
  self->func = func;
  self->owner = owner;
  self->buffer = g_byte_array_sized_new (BUFFER_SIZE);

  return self;
}

static void
writer_clear (gpointer data)
{
  GCoapBodyWriter *self = data;

  g_clear_object (&self->stream);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->buffer, g_byte_array_unref);
}

static void
writer_unref (GCoapBodyWriter *self)
{
  g_rc_box_release_full (self, writer_clear);
}

/* A file that was to be replaced stays as it was. */
static void
discard_stream (GCoapBodyWriter *self)
{
  g_cancellable_cancel (self->cancellable);
  g_main_context_push_thread_default (self->context);
  g_output_stream_close_async (self->stream, G_PRIORITY_DEFAULT, self->cancellable, NULL, NULL);
  g_main_context_pop_thread_default (self->context);
}

void
gcoap_body_writer_free (GCoapBodyWriter *self,
                        gboolean         discards)
{
  if (self == NULL)
    return;

  self->func = NULL;
  self->discards = discards;
  if (!gcoap_body_writer_cancel (self) && discards)
    discard_stream (self);
  writer_unref (self);
}

GOutputStream *
gcoap_body_writer_get_stream (GCoapBodyWriter *self)
{
  return self->stream;
}

static void
tell (GCoapBodyWriter *self,
      const GError    *error)
{
  if (self->func != NULL)
    self->func (self->owner, error);
}

static void
finish (GCoapBodyWriter *self,
        const GError    *error)
{
  gboolean was_freed = self->func == NULL;

  self->is_writing = FALSE;
  tell (self, error);
  if (was_freed && self->discards)
    discard_stream (self);
  writer_unref (self);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, &error))
    gcoap_stream_failure_explain (&error);
  finish (user_data, error);
}

static void
flushed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GCoapBodyWriter *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_flush_finish (G_OUTPUT_STREAM (source), result, &error))
    gcoap_stream_failure_explain (&error);
  if (error != NULL || !self->closes)
    {
      finish (self, error);
      return;
    }

  g_main_context_push_thread_default (self->context);
  g_output_stream_close_async (self->stream, G_PRIORITY_DEFAULT, self->cancellable, closed_cb,
                               self);
  g_main_context_pop_thread_default (self->context);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GCoapBodyWriter *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    gcoap_stream_failure_explain (&error);
  g_byte_array_set_size (self->buffer, 0);
  if (error != NULL || !self->is_last)
    {
      finish (self, error);
      return;
    }

  g_main_context_push_thread_default (self->context);
  g_output_stream_flush_async (self->stream, G_PRIORITY_DEFAULT, self->cancellable, flushed_cb,
                               self);
  g_main_context_pop_thread_default (self->context);
}

void
gcoap_body_writer_write (GCoapBodyWriter *self,
                         gconstpointer    data,
                         gsize            length,
                         gboolean         is_last,
                         gboolean         closes)
{
  if (length > 0)
    g_byte_array_append (self->buffer, data, length);
  if (!is_last && self->buffer->len < BUFFER_SIZE)
    {
      tell (self, NULL);
      return;
    }

  self->is_last = is_last;
  self->closes = closes;
  self->is_writing = TRUE;
  g_main_context_push_thread_default (self->context);
  g_output_stream_write_all_async (self->stream, self->buffer->data, self->buffer->len,
                                   G_PRIORITY_DEFAULT, self->cancellable, written_cb,
                                   g_rc_box_acquire (self));
  g_main_context_pop_thread_default (self->context);
}

gboolean
gcoap_body_writer_cancel (GCoapBodyWriter *self)
{
  if (self->is_writing)
    g_cancellable_cancel (self->cancellable);

  return self->is_writing;
}
