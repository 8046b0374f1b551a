/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-upload-file-private.h"

#include <errno.h>

/* g_file_replace() is for files that are there: it writes one that is not, and some that are, in
 * place. This one always writes beside it. */
struct _GCoapUploadFile
{
  GFilterOutputStream  parent_instance;
  GFile               *file; /* (owned) */
  GFile               *part; /* (owned) what has come of it */
};

G_DEFINE_FINAL_TYPE (GCoapUploadFile, gcoap_upload_file, G_TYPE_FILTER_OUTPUT_STREAM)

static gboolean
gcoap_upload_file_close (GOutputStream  *stream,
                         GCancellable   *cancellable,
                         GError        **error)
{
  GCoapUploadFile *self = GCOAP_UPLOAD_FILE (stream);
  GOutputStream *part = g_filter_output_stream_get_base_stream (G_FILTER_OUTPUT_STREAM (self));

  if (g_output_stream_close (part, cancellable, error) &&
      !g_cancellable_set_error_if_cancelled (cancellable, error) &&
      g_file_move (self->part, self->file,
                   G_FILE_COPY_OVERWRITE | G_FILE_COPY_NO_FALLBACK_FOR_MOVE, cancellable, NULL,
                   NULL, error))
    return TRUE;

  g_file_delete (self->part, NULL, NULL);

  return FALSE;
}

static void
gcoap_upload_file_dispose (GObject *object)
{
  GOutputStream *stream = G_OUTPUT_STREAM (object);

  /* A stream that goes is closed, and nobody has said that all is there. */
  if (!g_output_stream_is_closed (stream))
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();

      g_cancellable_cancel (cancellable);
      g_output_stream_close (stream, cancellable, NULL);
    }

  G_OBJECT_CLASS (gcoap_upload_file_parent_class)->dispose (object);
}

static void
gcoap_upload_file_finalize (GObject *object)
{
  GCoapUploadFile *self = GCOAP_UPLOAD_FILE (object);

  g_clear_object (&self->file);
  g_clear_object (&self->part);

  G_OBJECT_CLASS (gcoap_upload_file_parent_class)->finalize (object);
}

static void
gcoap_upload_file_class_init (GCoapUploadFileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = gcoap_upload_file_dispose;
  object_class->finalize = gcoap_upload_file_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->close_fn = gcoap_upload_file_close;
}

static void
gcoap_upload_file_init (GCoapUploadFile *self)
{
}

/* A file beside it, so that moving it is a matter of its name. Who lists the folder need not see
 * it. */
static GFile *
choose_part (GFile   *file,
             GError **error)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *name = g_strdup_printf (".%s.part", id);

  if (folder != NULL &&
      g_file_query_file_type (file, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL) !=
        G_FILE_TYPE_DIRECTORY)
    return g_file_get_child (folder, name);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, g_strerror (EISDIR));

  return NULL;
}

/* With the type of the file in it; 0 if there is none. */
static guint32
get_mode (GFile *file)
{
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_UNIX_MODE,
                                                  G_FILE_QUERY_INFO_NONE, NULL, NULL);

  return info != NULL ? g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_UNIX_MODE) : 0;
}

/* Who may read a file that is replaced may read the new one, and nobody else at any time. What is
 * run as somebody else is not for uploads. */
static GFileOutputStream *
create_part (GFile   *part,
             guint32  mode,
             GError **error)
{
  GFileOutputStream *stream =
    g_file_create (part, mode != 0 ? G_FILE_CREATE_PRIVATE : G_FILE_CREATE_NONE, NULL, error);

  if (stream != NULL && mode != 0)
    g_file_set_attribute_uint32 (part, G_FILE_ATTRIBUTE_UNIX_MODE, mode & 0777,
                                 G_FILE_QUERY_INFO_NONE, NULL, NULL);

  return stream;
}

GOutputStream *
gcoap_upload_file_new (GFile   *file,
                       GError **error)
{
  g_autoptr (GFile) part = choose_part (file, error);
  g_autoptr (GFileOutputStream) stream = NULL;
  GCoapUploadFile *self;

  if (part == NULL)
    return NULL;
  stream = create_part (part, get_mode (file), error);
  if (stream == NULL)
    return NULL;

  self = g_object_new (GCOAP_TYPE_UPLOAD_FILE, "base-stream", stream, NULL);
  self->file = g_object_ref (file);
  self->part = g_steal_pointer (&part);

  return G_OUTPUT_STREAM (self);
}
