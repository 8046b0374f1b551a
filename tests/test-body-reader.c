/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gcoap-body-reader-private.h"
#include "stream-fixture.h"

/* How a body is read in parts, from streams of all manners. */

#define PART_SIZE 100

/* One who reads, and what it has been told. */
typedef struct
{
  TestInput       *stream; /* (owned) (nullable) */
  GMainContext    *context;
  GCoapBodyReader *reader; /* (owned) (nullable) */
  guint            n_told;
  GBytes          *part;
  gsize            offset;
  gboolean         is_last;
  GError          *error;
  gboolean         is_freed_when_told;
} Fixture;

static void
told_cb (gpointer      owner,
         GBytes       *part,
         gsize         offset,
         gboolean      is_last,
         const GError *error)
{
  Fixture *self = owner;

  self->n_told++;
  g_clear_pointer (&self->part, g_bytes_unref);
  g_clear_error (&self->error);
  self->part = part != NULL ? g_bytes_ref (part) : NULL;
  self->offset = offset;
  self->is_last = is_last;
  self->error = error != NULL ? g_error_copy (error) : NULL;
  if (self->is_freed_when_told)
    gcoap_body_reader_free (g_steal_pointer (&self->reader), TRUE);
}

static Fixture *
fixture_new (gsize size)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->stream = test_input_new (size);
  self->context = g_main_context_new ();

  return self;
}

/* Once it is known how the stream behaves. */
static void
open_reader (Fixture *self)
{
  self->reader = gcoap_body_reader_new (G_INPUT_STREAM (self->stream), self->context, PART_SIZE,
                                        told_cb, self);
}

static void
fixture_free (Fixture *self)
{
  gcoap_body_reader_free (self->reader, FALSE);
  settle_in (self->context);
  g_assert_finalize_object (self->stream);
  g_main_context_unref (self->context);
  g_clear_pointer (&self->part, g_bytes_unref);
  g_clear_error (&self->error);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
read_from (Fixture *self,
           gsize    offset)
{
  guint n_told = self->n_told;

  gcoap_body_reader_read (self->reader, offset);
  wait_in (self->context, self->n_told > n_told);
}

/* What was told is the body from there on, as much as a part is at least or to the end. */
static void
check_part (Fixture  *self,
            gsize     offset,
            gboolean  is_last)
{
  gsize size = g_bytes_get_size (self->stream->data);
  const guint8 *body = g_bytes_get_data (self->stream->data, NULL);
  gsize length;
  const guint8 *part;

  g_assert_no_error (self->error);
  g_assert_nonnull (self->part);
  part = g_bytes_get_data (self->part, &length);
  g_assert_cmpuint (self->offset, ==, offset);
  g_assert_cmpint (self->is_last, ==, is_last);
  if (is_last)
    g_assert_cmpuint (offset + length, ==, size);
  else
    g_assert_cmpuint (length, >=, PART_SIZE);
  g_assert_cmpmem (part, length, body + offset, length);
}

/* A way that a stream may be. */
typedef struct
{
  const char *name;
  gsize       size;
  gboolean    is_seekable;
  gsize       max_read;
} Manner;

static const Manner manners[] = {
  { "plain", 1000, FALSE, G_MAXSIZE },
  { "seekable", 1000, TRUE, G_MAXSIZE },
  { "short-reads", 1000, FALSE, 7 },
  { "single-bytes", 250, TRUE, 1 },
  { "ragged-end", 1042, FALSE, G_MAXSIZE },
  { "one-part", PART_SIZE, FALSE, G_MAXSIZE },
  { "less-than-a-part", 1, TRUE, G_MAXSIZE },
  { "empty", 0, FALSE, G_MAXSIZE },
  { "empty-and-seekable", 0, TRUE, G_MAXSIZE },
};

static void
test_in_order (gconstpointer data)
{
  const Manner *manner = data;
  g_autoptr (Fixture) fixture = fixture_new (manner->size);
  gsize end = 0;

  fixture->stream->is_seekable = manner->is_seekable;
  fixture->stream->max_read = manner->max_read;
  open_reader (fixture);
  g_assert_cmpint (gcoap_body_reader_get_size (fixture->reader), ==,
                   manner->is_seekable ? (gint64) manner->size : -1);
  while (!fixture->is_last)
    {
      gsize offset = end - end / 3 % 5;

      read_from (fixture, offset);
      check_part (fixture, offset, fixture->is_last);
      end = offset + g_bytes_get_size (fixture->part);
    }
  g_assert_cmpuint (end, ==, manner->size);
}

static void
test_same_again (void)
{
  g_autoptr (Fixture) fixture = fixture_new (150);

  g_test_summary ("What is held needs no seeking");
  open_reader (fixture);
  for (guint i = 0; i < 3; i++)
    {
      read_from (fixture, 0);
      check_part (fixture, 0, fixture->is_last);
    }
  read_from (fixture, 130);
  check_part (fixture, 130, TRUE);
  read_from (fixture, 150);
  check_part (fixture, 150, TRUE);
  g_assert_cmpuint (g_bytes_get_size (fixture->part), ==, 0);
}

static void
test_go_back (void)
{
  g_autoptr (Fixture) fixture = fixture_new (1000);

  fixture->stream->is_seekable = TRUE;
  open_reader (fixture);
  read_from (fixture, 900);
  check_part (fixture, 900, FALSE);
  read_from (fixture, 1000);
  check_part (fixture, 1000, TRUE);
  read_from (fixture, 20);
  check_part (fixture, 20, FALSE);
}

static void
test_start (void)
{
  g_autoptr (Fixture) fixture = fixture_new (1000);
  gsize length;
  const guint8 *part;

  g_test_summary ("The body is what comes from where the stream is");
  fixture->stream->is_seekable = TRUE;
  fixture->stream->offset = 300;
  open_reader (fixture);
  g_assert_cmpint (gcoap_body_reader_get_size (fixture->reader), ==, 700);
  read_from (fixture, 500);
  read_from (fixture, 10);
  part = g_bytes_get_data (fixture->part, &length);
  g_assert_cmpuint (length, >=, PART_SIZE);
  g_assert_cmpuint (part[0], ==, 310 % 251);
}

static void
test_seek_fails (void)
{
  g_autoptr (Fixture) fixture = fixture_new (1000);

  g_test_summary ("What is read at another place is not taken for it");
  fixture->stream->is_seekable = TRUE;
  open_reader (fixture);
  read_from (fixture, 0);
  read_from (fixture, 100);
  fixture->stream->max_seeks = 0;
  read_from (fixture, 0);
  g_assert_null (fixture->part);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

/* To its end, to see how long it is, and not back. */
static void
test_seek_back_fails (void)
{
  g_autoptr (Fixture) fixture = fixture_new (1000);

  g_test_summary ("A stream that is lost at its end is not an empty body");
  fixture->stream->is_seekable = TRUE;
  fixture->stream->max_seeks = 1;
  open_reader (fixture);
  g_assert_cmpint (gcoap_body_reader_get_size (fixture->reader), ==, -1);
  read_from (fixture, 0);
  g_assert_null (fixture->part);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static void
test_cannot_go_back (gconstpointer data)
{
  gsize offset = GPOINTER_TO_SIZE (data);
  g_autoptr (Fixture) fixture = fixture_new (1000);

  open_reader (fixture);
  read_from (fixture, 0);
  read_from (fixture, 100);
  read_from (fixture, offset);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_cmpuint (fixture->offset, ==, offset);
  g_assert_null (fixture->part);
}

static void
test_fails (gconstpointer data)
{
  gsize where = GPOINTER_TO_SIZE (data);
  g_autoptr (Fixture) fixture = fixture_new (1000);

  fixture->stream->fails_at = where;
  open_reader (fixture);
  for (gsize offset = 0; fixture->error == NULL; offset += PART_SIZE)
    {
      g_assert_cmpuint (offset, <=, where);
      read_from (fixture, offset);
      g_assert_cmpuint (fixture->offset, ==, offset);
    }
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_null (fixture->part);
}

static void
test_other_wanted (gconstpointer data)
{
  g_autoptr (Fixture) fixture = fixture_new (1000);

  g_test_summary ("The peer has changed its mind while the stream is being read");
  fixture->stream->is_seekable = TRUE;
  fixture->stream->pace = GPOINTER_TO_INT (data);
  open_reader (fixture);
  gcoap_body_reader_read (fixture->reader, 0);
  gcoap_body_reader_read (fixture->reader, 600);
  gcoap_body_reader_read (fixture->reader, 500);
  test_input_release (fixture->stream);
  wait_in (fixture->context, fixture->stream->n_reads == 1 && test_input_is_busy (fixture->stream));
  g_assert_cmpuint (fixture->n_told, ==, 0);
  test_input_release (fixture->stream);
  wait_in (fixture->context, fixture->n_told == 1);
  check_part (fixture, 500, FALSE);
}

static void
test_other_wanted_fails (void)
{
  g_autoptr (Fixture) fixture = fixture_new (1000);

  g_test_summary ("The error is an answer to what was asked for last");
  fixture->stream->pace = STREAM_HELD;
  fixture->stream->fails_at = 0;
  open_reader (fixture);
  gcoap_body_reader_read (fixture->reader, 0);
  gcoap_body_reader_read (fixture->reader, 500);
  test_input_release (fixture->stream);
  wait_in (fixture->context, fixture->n_told == 1);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_cmpuint (fixture->offset, ==, 500);
}

static void
test_cancel (void)
{
  g_autoptr (Fixture) fixture = fixture_new (1000);

  fixture->stream->pace = STREAM_HELD;
  open_reader (fixture);
  g_assert_false (gcoap_body_reader_cancel (fixture->reader));
  gcoap_body_reader_read (fixture->reader, 0);
  g_assert_true (gcoap_body_reader_cancel (fixture->reader));
  wait_in (fixture->context, fixture->n_told == 1);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (gcoap_body_reader_cancel (fixture->reader));
}

static void
test_free_idle (gconstpointer data)
{
  gboolean closes = GPOINTER_TO_INT (data);
  g_autoptr (Fixture) fixture = fixture_new (1000);

  open_reader (fixture);
  read_from (fixture, 0);
  gcoap_body_reader_free (g_steal_pointer (&fixture->reader), closes);
  g_assert_cmpint (fixture->stream->is_closed, ==, closes);
}

/* Whether the read is cancelled, or cannot be. */
typedef struct
{
  const char *name;
  StreamPace  pace;
  gboolean    closes;
} Ending;

static const Ending endings[] = {
  { "cancelled/and-closed", STREAM_HELD, TRUE },
  { "cancelled/and-left-open", STREAM_HELD, FALSE },
  { "blocked/and-closed", STREAM_BLOCKED, TRUE },
  { "blocked/and-left-open", STREAM_BLOCKED, FALSE },
};

static void
test_free_busy (gconstpointer data)
{
  const Ending *ending = data;
  g_autoptr (Fixture) fixture = fixture_new (1000);

  g_test_summary ("The stream is closed when that which is under way is over");
  fixture->stream->pace = ending->pace;
  open_reader (fixture);
  gcoap_body_reader_read (fixture->reader, 0);
  gcoap_body_reader_free (g_steal_pointer (&fixture->reader), ending->closes);
  g_assert_false (fixture->stream->is_closed);
  if (ending->pace == STREAM_BLOCKED)
    test_input_release (fixture->stream);
  wait_in (fixture->context, !g_input_stream_has_pending (G_INPUT_STREAM (fixture->stream)));
  settle_in (fixture->context);
  g_assert_cmpint (fixture->stream->is_closed, ==, ending->closes);
  g_assert_cmpuint (fixture->n_told, ==, 0);
}

static void
test_free_when_told (gconstpointer data)
{
  gboolean is_at_once = GPOINTER_TO_INT (data);
  g_autoptr (Fixture) fixture = fixture_new (10);

  open_reader (fixture);
  if (is_at_once)
    read_from (fixture, 0);
  fixture->is_freed_when_told = TRUE;
  read_from (fixture, 5);
  g_assert_true (fixture->stream->is_closed);
  g_assert_null (fixture->reader);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add_func ("/body-reader/" path, func)
#define ADD_DATA(path, data, func) g_test_add_data_func ("/body-reader/" path, data, func)
  for (guint i = 0; i < G_N_ELEMENTS (manners); i++)
    {
      g_autofree char *path = g_strdup_printf ("/body-reader/in-order/%s", manners[i].name);

      g_test_add_data_func (path, &manners[i], test_in_order);
    }
  ADD ("seek/same-again", test_same_again);
  ADD ("seek/go-back", test_go_back);
  ADD ("seek/start", test_start);
  ADD ("seek/fails", test_seek_fails);
  ADD ("seek/back-fails", test_seek_back_fails);
  ADD_DATA ("seek/cannot-go-back", GSIZE_TO_POINTER (99), test_cannot_go_back);
  ADD_DATA ("seek/cannot-go-forth", GSIZE_TO_POINTER (500), test_cannot_go_back);
  ADD_DATA ("fails/at-once", GSIZE_TO_POINTER (0), test_fails);
  ADD_DATA ("fails/in-a-part", GSIZE_TO_POINTER (350), test_fails);
  ADD_DATA ("fails/between-parts", GSIZE_TO_POINTER (400), test_fails);
  ADD_DATA ("other-wanted/held", GINT_TO_POINTER (STREAM_HELD), test_other_wanted);
  ADD_DATA ("other-wanted/blocked", GINT_TO_POINTER (STREAM_BLOCKED), test_other_wanted);
  ADD ("other-wanted/fails", test_other_wanted_fails);
  ADD ("cancel", test_cancel);
  ADD_DATA ("free/idle/closes", GINT_TO_POINTER (TRUE), test_free_idle);
  ADD_DATA ("free/idle/leaves-open", GINT_TO_POINTER (FALSE), test_free_idle);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/body-reader/free/%s", endings[i].name);

      g_test_add_data_func (path, &endings[i], test_free_busy);
    }
  ADD_DATA ("free/when-told/later", GINT_TO_POINTER (FALSE), test_free_when_told);
  ADD_DATA ("free/when-told/at-once", GINT_TO_POINTER (TRUE), test_free_when_told);
#undef ADD_DATA
#undef ADD

  return g_test_run ();
}
