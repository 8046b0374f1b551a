/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli-target.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdlib.h>

/* A file that a response goes to, which changes when all of it is there. */

static gboolean
is_in_proc (const char *name)
{
  g_autofree char *folder = g_path_get_dirname (name);
  g_autofree char *path = realpath (folder, NULL);

  return path != NULL && g_str_has_prefix (path, "/proc/");
}

/* A name of what the program has open, such as /dev/stdout or /dev/fd/3. */
static gboolean
is_descriptor (const char *name)
{
  g_autofree char *link = g_file_read_link (name, NULL);

  return is_in_proc (name) || (link != NULL && is_in_proc (link));
}

/* A device, a pipe and a descriptor are written to, and must not be replaced. */
static gboolean
is_special (GFile      *file,
            const char *name)
{
  return is_descriptor (name) ||
         g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_SPECIAL;
}

/* A link stays, and what it leads to is what changes. */
static GFile *
make_file (const char *name)
{
  g_autofree char *path = realpath (name, NULL);

  return g_file_new_for_path (path != NULL ? path : name);
}

/* What there is of the file that is replaced. */
static GFileInfo *
query_old (GFile *file)
{
  return g_file_query_info (file,
                            G_FILE_ATTRIBUTE_UNIX_UID "," G_FILE_ATTRIBUTE_UNIX_GID ","
                            G_FILE_ATTRIBUTE_UNIX_MODE,
                            G_FILE_QUERY_INFO_NONE, NULL, NULL);
}

static void
keep_attribute (GFile      *part,
                GFileInfo  *old,
                const char *attribute,
                guint32     mask)
{
  g_file_set_attribute_uint32 (part, attribute,
                               g_file_info_get_attribute_uint32 (old, attribute) & mask,
                               G_FILE_QUERY_INFO_NONE, NULL, NULL);
}

/* What only some may read stays so, and stays theirs where the user may give it away. */
static void
keep_access (GFile     *part,
             GFileInfo *old)
{
  keep_attribute (part, old, G_FILE_ATTRIBUTE_UNIX_UID, G_MAXUINT32);
  keep_attribute (part, old, G_FILE_ATTRIBUTE_UNIX_GID, G_MAXUINT32);
  keep_attribute (part, old, G_FILE_ATTRIBUTE_UNIX_MODE, 0777);
}

/* Beside the file, so that moving it is a matter of its name, which no other run has. */
static GFile *
choose_part (GFile *file)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *name = g_strdup_printf (".%s.part", id);

  return g_file_get_child (folder, name);
}

static gboolean
can_replace (GFile       *file,
             const char  *name,
             GError     **error)
{
  switch (g_file_query_file_type (file, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL))
    {
    case G_FILE_TYPE_DIRECTORY:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, _("\"%s\" is a folder"), name);
      return FALSE;

    case G_FILE_TYPE_SYMBOLIC_LINK:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _("\"%s\" is a link that leads nowhere"), name);
      return FALSE;

    default:
      return TRUE;
    }
}

static gboolean
open_part (CliTarget  *self,
           GError    **error)
{
  g_autoptr (GFileInfo) old = query_old (self->file);
  g_autoptr (GFile) part = choose_part (self->file);

  self->stream = G_OUTPUT_STREAM (g_file_create (part, old != NULL ? G_FILE_CREATE_PRIVATE
                                                                   : G_FILE_CREATE_NONE,
                                                 NULL, error));
  if (self->stream == NULL)
    return FALSE;

  self->part = g_steal_pointer (&part);
  if (old != NULL)
    keep_access (self->part, old);

  return TRUE;
}

/* What blocks is polled, so that writing can be cancelled. */
static GOutputStream *
open_special (const char  *name,
              GError     **error)
{
  int fd = g_open (name, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
  int errno_value = errno;

  if (fd >= 0)
    return g_unix_output_stream_new (fd, TRUE);

  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno_value),
                       g_strerror (errno_value));

  return NULL;
}

gboolean
cli_target_open (CliTarget   *self,
                 const char  *name,
                 GError     **error)
{
  *self = (CliTarget) { .file = make_file (name) };

  if (!is_special (self->file, name))
    return can_replace (self->file, name, error) && open_part (self, error);

  self->stream = open_special (name, error);

  return self->stream != NULL;
}

gboolean
cli_target_commit (CliTarget  *self,
                   GError    **error)
{
  if (!g_output_stream_close (self->stream, NULL, error))
    return FALSE;

  if (self->part != NULL &&
      !g_file_move (self->part, self->file,
                    G_FILE_COPY_OVERWRITE | G_FILE_COPY_NO_FALLBACK_FOR_MOVE, NULL, NULL, NULL,
                    error))
    return FALSE;

  g_clear_object (&self->part);

  return TRUE;
}

/* What was not committed goes. */
void
cli_target_clear (CliTarget *self)
{
  if (self->stream != NULL)
    g_output_stream_close (self->stream, NULL, NULL);
  if (self->part != NULL)
    g_file_delete (self->part, NULL, NULL);
  g_clear_object (&self->stream);
  g_clear_object (&self->part);
  g_clear_object (&self->file);
}
