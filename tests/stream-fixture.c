/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stream-fixture.h"

#include <string.h>

static void test_input_seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestInput, test_input, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, test_input_seekable_init))
G_DEFINE_FINAL_TYPE (TestOutput, test_output, G_TYPE_OUTPUT_STREAM)

static gssize
fail (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The disk is full");

  return -1;
}

static void
return_size (GTask  *task,
             gssize  size,
             GError *error)
{
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, size);
}

/* Calls that wait */

static void
gate_init (StreamGate *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
}

static void
gate_clear (StreamGate *self)
{
  g_assert_null (self->held);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
}

static void
gate_pass (StreamGate *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->held);
  GError *error = NULL;
  gssize n_bytes = self->move (g_task_get_source_object (task), &error);

  return_size (task, n_bytes, error);
}

static gpointer
pass_in_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  StreamGate *self = g_task_get_task_data (task);
  GError *error = NULL;
  gssize n_bytes;

  g_mutex_lock (&self->mutex);
  while (!self->may_go)
    g_cond_wait (&self->cond, &self->mutex);
  self->may_go = FALSE;
  n_bytes = self->move (g_task_get_source_object (task), &error);
  g_mutex_unlock (&self->mutex);
  return_size (task, n_bytes, error);

  return NULL;
}

static void
gate_cancelled_cb (GCancellable *cancellable,
                   GTask        *task)
{
  StreamGate *self = g_task_get_task_data (task);
  g_autoptr (GTask) held = self->held == task ? g_steal_pointer (&self->held) : NULL;

  if (held != NULL)
    g_task_return_error_if_cancelled (held);
}

/* Takes the task. */
static void
gate_enter (StreamGate     *self,
            StreamPace      pace,
            StreamMoveFunc  move,
            GTask          *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_assert_null (self->held);
  self->held = task;
  self->pace = pace;
  self->move = move;
  g_task_set_task_data (task, self, NULL);
  if (pace == STREAM_READY)
    gate_pass (self);
  else if (pace == STREAM_BLOCKED)
    self->thread = g_thread_new ("stream", pass_in_thread, g_object_ref (task));
  else if (cancellable != NULL)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (gate_cancelled_cb), task, 0);
}

static void
gate_release (StreamGate *self)
{
  g_assert_nonnull (self->held);
  if (self->pace != STREAM_BLOCKED)
    {
      gate_pass (self);
      return;
    }

  g_clear_object (&self->held);
  g_mutex_lock (&self->mutex);
  self->may_go = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_thread_join (g_steal_pointer (&self->thread));
}

/* Input */

static gssize
take_input (gpointer   stream,
            GError   **error)
{
  TestInput *self = stream;
  gsize length;
  const char *data = g_bytes_get_data (self->data, &length);
  gsize n_bytes;

  self->n_reads++;
  if (self->offset >= self->fails_at)
    return fail (error);

  n_bytes = MIN (MIN (self->count, self->max_read), length - MIN (self->offset, length));
  n_bytes = MIN (n_bytes, self->fails_at - self->offset);
  if (n_bytes > 0)
    memcpy (self->buffer, data + self->offset, n_bytes);
  self->offset += n_bytes;

  return n_bytes;
}

static void
test_input_read_async (GInputStream        *stream,
                       void                *buffer,
                       gsize                count,
                       int                  priority,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  TestInput *self = TEST_INPUT (stream);

  self->buffer = buffer;
  self->count = count;
  gate_enter (&self->gate, self->pace, take_input,
              g_task_new (stream, cancellable, callback, user_data));
}

static gssize
test_input_read_finish (GInputStream  *stream,
                        GAsyncResult  *result,
                        GError       **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static void
test_input_close_async (GInputStream        *stream,
                        int                  priority,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (stream, NULL, callback, user_data);

  TEST_INPUT (stream)->is_closed = TRUE;
  g_task_return_boolean (task, TRUE);
}

static gboolean
test_input_close_finish (GInputStream  *stream,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
test_input_finalize (GObject *object)
{
  TestInput *self = TEST_INPUT (object);

  gate_clear (&self->gate);
  g_bytes_unref (self->data);

  G_OBJECT_CLASS (test_input_parent_class)->finalize (object);
}

static void
test_input_class_init (TestInputClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = test_input_finalize;
  stream_class->read_async = test_input_read_async;
  stream_class->read_finish = test_input_read_finish;
  stream_class->close_async = test_input_close_async;
  stream_class->close_finish = test_input_close_finish;
}

static void
test_input_init (TestInput *self)
{
  self->max_seeks = G_MAXUINT;
  self->max_read = G_MAXSIZE;
  self->fails_at = G_MAXSIZE;
  gate_init (&self->gate);
}

static gboolean
can_seek (GSeekable *seekable)
{
  return TEST_INPUT (seekable)->is_seekable;
}

static goffset
tell (GSeekable *seekable)
{
  return TEST_INPUT (seekable)->offset;
}

static gboolean
seek (GSeekable     *seekable,
      goffset        offset,
      GSeekType      type,
      GCancellable  *cancellable,
      GError       **error)
{
  TestInput *self = TEST_INPUT (seekable);

  g_assert_true (self->is_seekable);
  g_assert_false (g_input_stream_has_pending (G_INPUT_STREAM (seekable)));
  g_assert_true (type != G_SEEK_CUR);
  if (self->max_seeks == 0)
    return FALSE;

  self->max_seeks--;
  self->offset = offset + (type == G_SEEK_END ? (goffset) g_bytes_get_size (self->data) : 0);

  return TRUE;
}

static gboolean
can_truncate (GSeekable *seekable)
{
  return FALSE;
}

static void
test_input_seekable_init (GSeekableIface *iface)
{
  iface->can_seek = can_seek;
  iface->tell = tell;
  iface->seek = seek;
  iface->can_truncate = can_truncate;
}

TestInput *
test_input_new (gsize size)
{
  TestInput *self = g_object_new (TEST_TYPE_INPUT, NULL);

  self->data = make_body (size);

  return self;
}

gboolean
test_input_is_busy (TestInput *self)
{
  return self->gate.held != NULL;
}

void
test_input_release (TestInput *self)
{
  gate_release (&self->gate);
}

/* Output */

static gssize
take_output (gpointer   stream,
             GError   **error)
{
  TestOutput *self = stream;
  gsize n_bytes = MIN (self->count, self->max_write);

  self->n_writes++;
  if (self->data->len >= self->fails_at)
    return fail (error);

  n_bytes = MIN (n_bytes, self->fails_at - self->data->len);
  g_byte_array_append (self->data, self->buffer, n_bytes);

  return n_bytes;
}

static void
test_output_write_async (GOutputStream       *stream,
                         const void          *buffer,
                         gsize                count,
                         int                  priority,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  TestOutput *self = TEST_OUTPUT (stream);

  self->buffer = buffer;
  self->count = count;
  gate_enter (&self->gate, self->pace, take_output,
              g_task_new (stream, cancellable, callback, user_data));
}

static gssize
test_output_write_finish (GOutputStream  *stream,
                          GAsyncResult   *result,
                          GError        **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static void
return_outcome (GTask    *task,
                gboolean  fails)
{
  GError *error = NULL;

  if (fails)
    {
      fail (&error);
      g_task_return_error (task, error);
    }
  else
    g_task_return_boolean (task, TRUE);
}

static void
test_output_flush_async (GOutputStream       *stream,
                         int                  priority,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  TestOutput *self = TEST_OUTPUT (stream);
  g_autoptr (GTask) task = g_task_new (stream, NULL, callback, user_data);

  self->n_flushes++;
  return_outcome (task, self->fails_to_flush);
}

static void
test_output_close_async (GOutputStream       *stream,
                         int                  priority,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  TestOutput *self = TEST_OUTPUT (stream);
  g_autoptr (GTask) task = g_task_new (stream, NULL, callback, user_data);

  g_assert_false (self->is_closed);
  self->is_closed = TRUE;
  self->is_discarded = g_cancellable_is_cancelled (cancellable);
  return_outcome (task, self->fails_to_close);
}

static gboolean
test_output_finish (GOutputStream  *stream,
                    GAsyncResult   *result,
                    GError        **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
test_output_finalize (GObject *object)
{
  TestOutput *self = TEST_OUTPUT (object);

  gate_clear (&self->gate);
  g_byte_array_unref (self->data);

  G_OBJECT_CLASS (test_output_parent_class)->finalize (object);
}

static void
test_output_class_init (TestOutputClass *klass)
{
  GOutputStreamClass *stream_class = G_OUTPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = test_output_finalize;
  stream_class->write_async = test_output_write_async;
  stream_class->write_finish = test_output_write_finish;
  stream_class->flush_async = test_output_flush_async;
  stream_class->flush_finish = test_output_finish;
  stream_class->close_async = test_output_close_async;
  stream_class->close_finish = test_output_finish;
}

static void
test_output_init (TestOutput *self)
{
  self->max_write = G_MAXSIZE;
  self->fails_at = G_MAXSIZE;
  self->data = g_byte_array_new ();
  gate_init (&self->gate);
}

TestOutput *
test_output_new (void)
{
  return g_object_new (TEST_TYPE_OUTPUT, NULL);
}

gboolean
test_output_is_busy (TestOutput *self)
{
  return self->gate.held != NULL;
}

void
test_output_release (TestOutput *self)
{
  gate_release (&self->gate);
}

void
test_output_check (TestOutput *self,
                   gsize       size)
{
  g_autoptr (GBytes) body = make_body (size);

  g_assert_cmpmem (self->data->data, self->data->len, g_bytes_get_data (body, NULL), size);
}

GBytes *
make_body (gsize size)
{
  guint8 *data = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    data[i] = i % 251;

  return g_bytes_new_take (data, size);
}

GInputStream *
make_seekable (gsize size)
{
  g_autoptr (GBytes) body = make_body (size);

  return g_memory_input_stream_new_from_bytes (body);
}

void
settle_in (GMainContext *context)
{
  while (g_main_context_iteration (context, FALSE))
    continue;
}
