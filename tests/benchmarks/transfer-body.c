/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "transfer-body.h"

#include <string.h>

/* The content repeats itself after so many bytes. This is a prime, so no two blocks of those that
 * might be mistaken for each other are alike. */
#define PERIOD 65521
#define SEED   1

/* Where we are in the content is all that either stream knows. */
typedef struct
{
  GInputStream parent_instance;
  goffset      position;
  goffset      size;
} TransferSource;

typedef GInputStreamClass TransferSourceClass;

typedef struct
{
  GOutputStream parent_instance;
  goffset       position;
} TransferSink;

typedef GOutputStreamClass TransferSinkClass;

GType transfer_source_get_type (void);
GType transfer_sink_get_type   (void);

G_DEFINE_TYPE (TransferSource, transfer_source, G_TYPE_INPUT_STREAM)
G_DEFINE_TYPE (TransferSink, transfer_sink, G_TYPE_OUTPUT_STREAM)

static gpointer
make_period (gpointer data)
{
  guint8 *period = g_malloc (PERIOD);
  GRand *random = g_rand_new_with_seed (SEED);

  for (guint i = 0; i < PERIOD; i++)
    period[i] = (guint8) g_rand_int (random);
  g_rand_free (random);
  return period;
}

/* The content from there on, and for how long it is in one piece. */
static const guint8 *
get_piece (goffset  position,
           gsize    wanted,
           gsize   *out_length)
{
  static GOnce once = G_ONCE_INIT;
  gsize start = position % PERIOD;

  *out_length = MIN (wanted, PERIOD - start);
  return (const guint8 *) g_once (&once, make_period, NULL) + start;
}

static void
fill (goffset  position,
      guint8  *data,
      gsize    length)
{
  gsize n = 0;

  for (gsize done = 0; done < length; done += n)
    {
      const guint8 *piece = get_piece (position + done, length - done, &n);

      memcpy (data + done, piece, n);
    }
}

static gboolean
matches (goffset       position,
         const guint8 *data,
         gsize         length)
{
  gsize n = 0;

  for (gsize done = 0; done < length; done += n)
    {
      const guint8 *piece = get_piece (position + done, length - done, &n);

      if (memcmp (data + done, piece, n) != 0)
        return FALSE;
    }
  return TRUE;
}

GBytes *
transfer_body_new (void)
{
  guint8 *data = g_malloc (TRANSFER_SIZE);

  fill (0, data, TRANSFER_SIZE);
  return g_bytes_new_take (data, TRANSFER_SIZE);
}

gboolean
transfer_body_is_right (const guint8 *data,
                        gsize         length)
{
  return length == TRANSFER_SIZE && matches (0, data, length);
}

static gssize
transfer_source_read (GInputStream  *stream,
                      void          *buffer,
                      gsize          count,
                      GCancellable  *cancellable,
                      GError       **error)
{
  TransferSource *self = (TransferSource *) stream;
  gsize length = (gsize) MIN ((goffset) count, self->size - self->position);

  fill (self->position, buffer, length);
  self->position += length;
  return length;
}

static void
transfer_source_class_init (TransferSourceClass *klass)
{
  klass->read_fn = transfer_source_read;
}

static void
transfer_source_init (TransferSource *self)
{
}

static gssize
transfer_sink_write (GOutputStream  *stream,
                     const void     *buffer,
                     gsize           count,
                     GCancellable   *cancellable,
                     GError        **error)
{
  TransferSink *self = (TransferSink *) stream;

  if (!matches (self->position, buffer, count))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "Wrong content after %" G_GOFFSET_FORMAT " bytes", self->position);
      return -1;
    }

  self->position += count;
  return count;
}

static void
transfer_sink_class_init (TransferSinkClass *klass)
{
  klass->write_fn = transfer_sink_write;
}

static void
transfer_sink_init (TransferSink *self)
{
}

GInputStream *
transfer_source_new (goffset size)
{
  TransferSource *self = g_object_new (transfer_source_get_type (), NULL);

  self->size = size;
  return G_INPUT_STREAM (self);
}

GOutputStream *
transfer_sink_new (void)
{
  return g_object_new (transfer_sink_get_type (), NULL);
}

goffset
transfer_sink_get_size (GOutputStream *sink)
{
  return ((TransferSink *) sink)->position;
}
