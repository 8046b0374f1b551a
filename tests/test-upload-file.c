/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "gcoap-upload-file-private.h"

/* A file that is there as a whole, or as it was before. */

typedef struct
{
  char          *folder;
  char          *path;
  GFile         *file;
  GOutputStream *stream; /* (owned) (nullable) */
} Fixture;

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("gcoap-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "file", NULL);
  self->file = g_file_new_for_path (self->path);

  return self;
}

static guint
count_files (Fixture *self)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  guint n = 0;

  g_assert_nonnull (folder);
  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

static void
fixture_free (Fixture *self)
{
  g_clear_object (&self->stream);
  g_unlink (self->path);
  g_assert_cmpuint (count_files (self), ==, 0);
  g_assert_no_errno (g_rmdir (self->folder));
  g_object_unref (self->file);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
put_before (Fixture    *self,
            const char *text)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (self->path, text, -1, &error);
  g_assert_no_error (error);
}

static void
begin (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  self->stream = gcoap_upload_file_new (self->file, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (self->stream, "new", strlen ("new"), NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
expect_text (Fixture    *self,
             const char *expected)
{
  g_autofree char *text = NULL;

  g_file_get_contents (self->path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, expected);
}

static void
expect_done (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_close (self->stream, NULL, &error);
  g_assert_no_error (error);
  expect_text (self, "new");
  g_assert_cmpuint (count_files (self), ==, 1);
}

static void
test_new (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  begin (fixture);
  expect_text (fixture, NULL);
  g_assert_cmpuint (count_files (fixture), ==, 1);
  expect_done (fixture);
}

static void
test_replace (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  put_before (fixture, "what was there");
  begin (fixture);
  expect_text (fixture, "what was there");
  expect_done (fixture);
}

static void
discard (Fixture *self)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_output_stream_close (self->stream, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
drop (Fixture *self)
{
  g_clear_object (&self->stream);
}

static void
test_given_up (gconstpointer data)
{
  void (*give_up) (Fixture *) = data;
  g_autoptr (Fixture) fixture = fixture_new ();

  begin (fixture);
  give_up (fixture);
  g_assert_cmpuint (count_files (fixture), ==, 0);
  g_clear_object (&fixture->stream);

  put_before (fixture, "what was there");
  begin (fixture);
  give_up (fixture);
  expect_text (fixture, "what was there");
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
test_at_once (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GOutputStream) other = NULL;

  g_test_summary ("Each is whole, and the one that is done last stays");
  begin (fixture);
  other = g_steal_pointer (&fixture->stream);
  begin (fixture);
  g_assert_cmpuint (count_files (fixture), ==, 2);
  g_assert_true (g_output_stream_close (other, NULL, NULL));
  expect_done (fixture);
}

static guint
get_mode (Fixture *self)
{
  GStatBuf info;

  g_assert_no_errno (g_stat (self->path, &info));

  return info.st_mode & 07777;
}

static void
test_mode (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  g_test_summary ("Those who may read it may read what replaces it");
  put_before (fixture, "what was there");
  g_assert_no_errno (g_chmod (fixture->path, 04640));
  begin (fixture);
  expect_done (fixture);
  g_assert_cmpuint (get_mode (fixture), ==, 0640);
}

static void
test_link (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *target = g_strconcat (fixture->path, "-target", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A link is replaced, so that nothing is written to where it leads");
  g_file_set_contents (target, "secret", -1, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_make_symbolic_link (fixture->file, target, NULL, NULL));
  begin (fixture);
  g_assert_true (g_output_stream_close (fixture->stream, NULL, NULL));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
  expect_text (fixture, "new");
  g_assert_no_errno (g_unlink (target));
}

static void
test_cannot_be_renamed (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  begin (fixture);
  g_assert_no_errno (g_mkdir (fixture->path, 0700));
  g_output_stream_close (fixture->stream, NULL, &error);
  g_assert_nonnull (error);
  g_assert_cmpuint (count_files (fixture), ==, 1);
  g_assert_no_errno (g_rmdir (fixture->path));
}

static void
test_refused (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->folder);
  g_autoptr (GFile) root = g_file_new_for_path ("/");
  g_autoptr (GFile) lost = g_file_get_child (fixture->file, "x");
  g_autoptr (GError) error = NULL;

  g_assert_null (gcoap_upload_file_new (folder, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_clear_error (&error);
  g_assert_null (gcoap_upload_file_new (root, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_clear_error (&error);
  g_assert_null (gcoap_upload_file_new (lost, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/facade/upload-file/new", test_new);
  g_test_add_func ("/facade/upload-file/replace", test_replace);
  g_test_add_data_func ("/facade/upload-file/discarded", discard, test_given_up);
  g_test_add_data_func ("/facade/upload-file/dropped", drop, test_given_up);
  g_test_add_func ("/facade/upload-file/at-once", test_at_once);
  g_test_add_func ("/facade/upload-file/mode", test_mode);
  g_test_add_func ("/facade/upload-file/link", test_link);
  g_test_add_func ("/facade/upload-file/cannot-be-renamed", test_cannot_be_renamed);
  g_test_add_func ("/facade/upload-file/refused", test_refused);

  return g_test_run ();
}
