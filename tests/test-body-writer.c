/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gcoap-body-writer-private.h"
#include "stream-fixture.h"

/* How a body is written as it comes, to streams of all manners. */

#define BLOCK_SIZE 1024
#define BODY_SIZE  (50 * BLOCK_SIZE)

/* One who writes, and what it has been told. */
typedef struct
{
  TestOutput      *stream;
  GMainContext    *context;
  GCoapBodyWriter *writer; /* (owned) (nullable) */
  GBytes          *body;
  gsize            n_given;
  guint            n_told;
  GError          *error;
  gboolean         is_freed_when_told;
} Fixture;

static void
told_cb (gpointer      owner,
         const GError *error)
{
  Fixture *self = owner;

  self->n_told++;
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  if (self->is_freed_when_told)
    gcoap_body_writer_free (g_steal_pointer (&self->writer), TRUE);
}

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->stream = test_output_new ();
  self->context = g_main_context_new ();
  self->body = make_body (BODY_SIZE);
  self->writer = gcoap_body_writer_new (G_OUTPUT_STREAM (self->stream), self->context, told_cb,
                                        self);

  return self;
}

static void
fixture_free (Fixture *self)
{
  gcoap_body_writer_free (self->writer, FALSE);
  settle_in (self->context);
  g_assert_finalize_object (self->stream);
  g_main_context_unref (self->context);
  g_bytes_unref (self->body);
  g_clear_error (&self->error);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
give_block (Fixture  *self,
            gboolean  is_last,
            gboolean  closes)
{
  const guint8 *body = g_bytes_get_data (self->body, NULL);

  gcoap_body_writer_write (self->writer, body + self->n_given, BLOCK_SIZE, is_last, closes);
  self->n_given += BLOCK_SIZE;
}

/* Gives blocks until one of them has to wait. */
static void
give_until_busy (Fixture *self)
{
  guint n_given = 0;

  while (self->n_told == n_given++)
    give_block (self, FALSE, FALSE);
}

/* Gives all, each block when there is room for it. */
static void
give_all (Fixture  *self,
          gboolean  closes)
{
  while (self->n_given < BODY_SIZE && self->error == NULL)
    {
      guint n_told = self->n_told;

      give_block (self, self->n_given + BLOCK_SIZE == BODY_SIZE, closes);
      wait_in (self->context, self->n_told == n_told + 1);
    }
}

static void
test_all (gconstpointer data)
{
  gsize max_write = GPOINTER_TO_SIZE (data);
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture->stream->max_write = max_write;
  give_all (fixture, FALSE);
  g_assert_no_error (fixture->error);
  test_output_check (fixture->stream, BODY_SIZE);
  g_assert_cmpuint (fixture->stream->n_flushes, ==, 1);
  g_assert_false (fixture->stream->is_closed);
}

static void
test_closes (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  give_all (fixture, TRUE);
  g_assert_no_error (fixture->error);
  test_output_check (fixture->stream, BODY_SIZE);
  g_assert_true (fixture->stream->is_closed);
  g_assert_false (fixture->stream->is_discarded);
}

static void
test_nothing (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  gcoap_body_writer_write (fixture->writer, NULL, 0, TRUE, TRUE);
  wait_in (fixture->context, fixture->n_told == 1);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->stream->data->len, ==, 0);
  g_assert_true (fixture->stream->is_closed);
}

static void
test_gathers (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  g_test_summary ("The stream is not asked for each block");
  give_all (fixture, FALSE);
  g_assert_cmpuint (fixture->stream->n_writes, <, BODY_SIZE / BLOCK_SIZE / 4);
}

static void
test_slow (gconstpointer data)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  guint n_told;

  g_test_summary ("There is no room while something is being written");
  fixture->stream->pace = GPOINTER_TO_INT (data);
  give_until_busy (fixture);
  n_told = fixture->n_told;
  settle_in (fixture->context);
  g_assert_cmpuint (fixture->n_told, ==, n_told);
  test_output_release (fixture->stream);
  wait_in (fixture->context, fixture->n_told == n_told + 1);
  test_output_check (fixture->stream, fixture->n_given);
}

static void
test_write_fails (gconstpointer data)
{
  gsize where = GPOINTER_TO_SIZE (data);
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture->stream->fails_at = where;
  give_all (fixture, TRUE);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  test_output_check (fixture->stream, where);
  g_assert_false (fixture->stream->is_closed);
  gcoap_body_writer_free (g_steal_pointer (&fixture->writer), TRUE);
  settle_in (fixture->context);
  g_assert_true (fixture->stream->is_discarded);
}

static void
test_flush_fails (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture->stream->fails_to_flush = TRUE;
  give_all (fixture, TRUE);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_false (fixture->stream->is_closed);
}

static void
test_close_fails (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture->stream->fails_to_close = TRUE;
  give_all (fixture, TRUE);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  gcoap_body_writer_free (g_steal_pointer (&fixture->writer), TRUE);
}

static void
test_cancel (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  guint n_told;

  g_assert_false (gcoap_body_writer_cancel (fixture->writer));
  fixture->stream->pace = STREAM_HELD;
  give_until_busy (fixture);
  n_told = fixture->n_told;
  g_assert_true (gcoap_body_writer_cancel (fixture->writer));
  wait_in (fixture->context, fixture->n_told == n_told + 1);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_free_idle (gconstpointer data)
{
  gboolean discards = GPOINTER_TO_INT (data);
  g_autoptr (Fixture) fixture = fixture_new ();

  give_block (fixture, FALSE, FALSE);
  gcoap_body_writer_free (g_steal_pointer (&fixture->writer), discards);
  settle_in (fixture->context);
  g_assert_cmpint (fixture->stream->is_closed, ==, discards);
  g_assert_cmpint (fixture->stream->is_discarded, ==, discards);
}

/* Whether the write is cancelled, or cannot be. */
typedef struct
{
  const char *name;
  StreamPace  pace;
  gboolean    discards;
} Ending;

static const Ending endings[] = {
  { "cancelled/and-discarded", STREAM_HELD, TRUE },
  { "cancelled/and-left-open", STREAM_HELD, FALSE },
  { "blocked/and-discarded", STREAM_BLOCKED, TRUE },
  { "blocked/and-left-open", STREAM_BLOCKED, FALSE },
};

static void
test_free_busy (gconstpointer data)
{
  const Ending *ending = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  guint n_told;

  g_test_summary ("The stream is closed when that which is under way is over");
  fixture->stream->pace = ending->pace;
  give_until_busy (fixture);
  n_told = fixture->n_told;
  gcoap_body_writer_free (g_steal_pointer (&fixture->writer), ending->discards);
  g_assert_false (fixture->stream->is_closed);
  if (ending->pace == STREAM_BLOCKED)
    test_output_release (fixture->stream);
  wait_in (fixture->context, !g_output_stream_has_pending (G_OUTPUT_STREAM (fixture->stream)));
  settle_in (fixture->context);
  g_assert_cmpint (fixture->stream->is_closed, ==, ending->discards);
  g_assert_cmpint (fixture->stream->is_discarded, ==, ending->discards);
  g_assert_cmpuint (fixture->n_told, ==, n_told);
}

static void
test_free_when_told (gconstpointer data)
{
  gboolean is_at_once = GPOINTER_TO_INT (data);
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture->is_freed_when_told = TRUE;
  give_block (fixture, !is_at_once, FALSE);
  wait_in (fixture->context, fixture->n_told == 1);
  settle_in (fixture->context);
  g_assert_true (fixture->stream->is_discarded);
  g_assert_null (fixture->writer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add_func ("/body-writer/" path, func)
#define ADD_DATA(path, data, func) g_test_add_data_func ("/body-writer/" path, data, func)
  ADD_DATA ("all/at-once", GSIZE_TO_POINTER (G_MAXSIZE), test_all);
  ADD_DATA ("all/short-writes", GSIZE_TO_POINTER (7), test_all);
  ADD ("all/closes", test_closes);
  ADD ("all/nothing", test_nothing);
  ADD ("pace/gathers", test_gathers);
  ADD_DATA ("pace/held", GINT_TO_POINTER (STREAM_HELD), test_slow);
  ADD_DATA ("pace/blocked", GINT_TO_POINTER (STREAM_BLOCKED), test_slow);
  ADD_DATA ("fails/at-once", GSIZE_TO_POINTER (0), test_write_fails);
  ADD_DATA ("fails/midway", GSIZE_TO_POINTER (20000), test_write_fails);
  ADD_DATA ("fails/at-the-end", GSIZE_TO_POINTER (BODY_SIZE - 1), test_write_fails);
  ADD ("fails/to-flush", test_flush_fails);
  ADD ("fails/to-close", test_close_fails);
  ADD ("cancel", test_cancel);
  ADD_DATA ("free/idle/discards", GINT_TO_POINTER (TRUE), test_free_idle);
  ADD_DATA ("free/idle/leaves-open", GINT_TO_POINTER (FALSE), test_free_idle);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/body-writer/free/%s", endings[i].name);

      g_test_add_data_func (path, &endings[i], test_free_busy);
    }
  ADD_DATA ("free/when-told/later", GINT_TO_POINTER (FALSE), test_free_when_told);
  ADD_DATA ("free/when-told/at-once", GINT_TO_POINTER (TRUE), test_free_when_told);
#undef ADD_DATA
#undef ADD

  return g_test_run ();
}
