/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-body-reader-private.h"

#include <glib/gi18n-lib.h>

#include "gcoap-stream-failure-private.h"

struct _GCoapBodyReader
{
  GInputStream      *stream;      /* (owned) */
  GMainContext      *context;     /* (owned) */
  gsize              part_size;
  GCancellable      *cancellable; /* (owned) */
  GCoapBodyReadFunc  func;        /* (nullable) NULL: nobody wants to know any more */
  gpointer           owner;
  goffset            start;       /* of the body in the stream */
  guint8            *buffer;      /* (owned) (nullable) of the part that is being read */
  gsize              n_kept;      /* what it begins with: the end of the part before */
  GBytes            *part;        /* (owned) (nullable) the latest */
  gsize              offset;      /* of the latest part in the body */
  gsize              wanted;      /* where the latest part that was asked for begins */
  gboolean           is_at_end;
  gboolean           is_reading;
  gboolean           closes;
};

static GSeekable *
get_seekable (GCoapBodyReader *self)
{
  return G_IS_SEEKABLE (self->stream) && g_seekable_can_seek (G_SEEKABLE (self->stream))
         ? G_SEEKABLE (self->stream)
         : NULL;
}

GCoapBodyReader *
gcoap_body_reader_new (GInputStream      *stream,
                       GMainContext      *context,
                       gsize              part_size,
                       GCoapBodyReadFunc  func,
                       gpointer           owner)
{
  GCoapBodyReader *self = g_rc_box_new0 (GCoapBodyReader);

  self->stream = g_object_ref (stream);
  self->context = g_main_context_ref (context);
  self->part_size = part_size;
  self->cancellable = g_cancellable_new ();
  self->func = func;
  self->owner = owner;
  if (get_seekable (self) != NULL)
    self->start = g_seekable_tell (get_seekable (self));

  return self;
}

static void
reader_clear (gpointer data)
{
  GCoapBodyReader *self = data;

  g_clear_object (&self->stream);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->buffer, g_free);
  g_clear_pointer (&self->part, g_bytes_unref);
}

static void
reader_unref (GCoapBodyReader *self)
{
  g_rc_box_release_full (self, reader_clear);
}

/* Nobody waits for that, and nothing can be done if it fails. */
static void
close_stream (GCoapBodyReader *self)
{
  g_main_context_push_thread_default (self->context);
  g_input_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_main_context_pop_thread_default (self->context);
}

void
gcoap_body_reader_free (GCoapBodyReader *self,
                        gboolean         closes)
{
  if (self == NULL)
    return;

  self->func = NULL;
  self->closes = closes;
  if (!gcoap_body_reader_cancel (self) && closes)
    close_stream (self);
  reader_unref (self);
}

gint64
gcoap_body_reader_get_size (GCoapBodyReader *self)
{
  GSeekable *seekable = get_seekable (self);
  gint64 size;

  if (seekable == NULL || !g_seekable_seek (seekable, 0, G_SEEK_END, NULL, NULL))
    return -1;

  size = g_seekable_tell (seekable) - self->start;

  if (g_seekable_seek (seekable, self->start, G_SEEK_SET, NULL, NULL))
    return size;

  /* It stands at its end, and must not be read before it has been moved. */
  self->offset = G_MAXSIZE;

  return -1;
}

static void
tell (GCoapBodyReader *self,
      const GError    *error)
{
  if (self->func != NULL)
    self->func (self->owner, error == NULL ? self->part : NULL, self->offset, self->is_at_end,
                error);
}

static void
take (GCoapBodyReader *self,
      gsize            n_read)
{
  gsize length = self->n_kept + n_read;

  g_clear_pointer (&self->part, g_bytes_unref);
  self->part = g_bytes_new_take (g_steal_pointer (&self->buffer), length);
  self->is_at_end = n_read < self->part_size;
}

/* What was asked for meanwhile is wanted in place of what has been read. */
static void
answer (GCoapBodyReader *self,
        const GError    *error)
{
  if (error == NULL && self->wanted != self->offset)
    {
      gcoap_body_reader_read (self, self->wanted);
      return;
    }

  self->offset = self->wanted;
  tell (self, error);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GCoapBodyReader *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean was_freed = self->func == NULL;
  gsize n_read;

  if (g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n_read, &error) &&
      n_read <= self->part_size)
    take (self, n_read);
  else
    gcoap_stream_failure_explain (&error);
  g_clear_pointer (&self->buffer, g_free);
  self->is_reading = FALSE;
  if (was_freed && self->closes)
    close_stream (self);
  else if (!was_freed)
    answer (self, error);
  reader_unref (self);
}

/* What is known already of the part from there on; FALSE: the stream cannot go there. */
static gboolean
go_to (GCoapBodyReader  *self,
       gsize             offset,
       GBytes          **out_kept,
       GError          **error)
{
  gsize length = self->part != NULL ? g_bytes_get_size (self->part) : 0;
  GSeekable *seekable;

  *out_kept = NULL;
  if (offset >= self->offset && offset <= self->offset + length)
    {
      if (self->part != NULL)
        *out_kept = g_bytes_new_from_bytes (self->part, offset - self->offset,
                                            self->offset + length - offset);
      return TRUE;
    }

  seekable = get_seekable (self);
  if (seekable == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _("The peer wants to begin anew, and the stream cannot go back"));
      return FALSE;
    }

  self->is_at_end = FALSE;

  return g_seekable_seek (seekable, self->start + offset, G_SEEK_SET, self->cancellable, error);
}

static void
begin (GCoapBodyReader *self,
       GBytes          *kept)
{
  self->n_kept = kept != NULL ? g_bytes_get_size (kept) : 0;
  self->buffer = g_malloc (self->n_kept + self->part_size);
  if (self->n_kept > 0)
    memcpy (self->buffer, g_bytes_get_data (kept, NULL), self->n_kept);
  self->is_reading = TRUE;
  g_main_context_push_thread_default (self->context);
  g_input_stream_read_all_async (self->stream, self->buffer + self->n_kept,
                                 self->part_size, G_PRIORITY_DEFAULT, self->cancellable, read_cb,
                                 g_rc_box_acquire (self));
  g_main_context_pop_thread_default (self->context);
}

void
gcoap_body_reader_read (GCoapBodyReader *self,
                        gsize            offset)
{
  g_autoptr (GBytes) kept = NULL;
  g_autoptr (GError) error = NULL;

  /* A stream does one thing at a time. */
  self->wanted = offset;
  if (self->is_reading)
    return;

  if (!go_to (self, offset, &kept, &error))
    gcoap_stream_failure_explain (&error);
  g_clear_pointer (&self->part, g_bytes_unref);
  self->offset = offset;
  if (error == NULL && !self->is_at_end)
    {
      begin (self, kept);
      return;
    }

  self->part = g_steal_pointer (&kept);
  tell (self, error);
}

gboolean
gcoap_body_reader_is_reading (GCoapBodyReader *self)
{
  return self->is_reading;
}

gboolean
gcoap_body_reader_cancel (GCoapBodyReader *self)
{
  if (self->is_reading)
    g_cancellable_cancel (self->cancellable);

  return self->is_reading;
}
