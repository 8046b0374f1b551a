/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli-target.h"

#include <glib/gi18n.h>
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

/* What only some may read stays so. */
static void
keep_mode (CliTarget *self)
{
  g_autoptr (GFileInfo) info = g_file_query_info (self->file, G_FILE_ATTRIBUTE_UNIX_MODE,
                                                  G_FILE_QUERY_INFO_NONE, NULL, NULL);

  if (info != NULL)
    g_file_set_attributes_from_info (self->part, info, G_FILE_QUERY_INFO_NONE, NULL, NULL);
}

gboolean
cli_target_open (CliTarget   *self,
                 const char  *name,
                 GError     **error)
{
  g_autofree char *part_name = NULL;

  *self = (CliTarget) { .file = make_file (name) };

  if (is_special (self->file, name))
    {
      self->stream = G_OUTPUT_STREAM (g_file_append_to (self->file, G_FILE_CREATE_NONE, NULL,
                                                        error));
      return self->stream != NULL;
    }

  if (g_file_query_file_type (self->file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, _("\"%s\" is a folder"), name);
      return FALSE;
    }

  part_name = g_strconcat (g_file_peek_path (self->file), ".part", NULL);
  self->part = g_file_new_for_path (part_name);
  g_file_delete (self->part, NULL, NULL); /* of one that was killed, perhaps */
  self->stream = G_OUTPUT_STREAM (g_file_replace (self->part, NULL, FALSE, G_FILE_CREATE_NONE,
                                                  NULL, error));
  if (self->stream == NULL)
    g_clear_object (&self->part);
  else
    keep_mode (self);

  return self->stream != NULL;
}

gboolean
cli_target_commit (CliTarget  *self,
                   GError    **error)
{
  if (!g_output_stream_close (self->stream, NULL, error))
    return FALSE;

  if (self->part != NULL &&
      !g_file_move (self->part, self->file, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error))
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
