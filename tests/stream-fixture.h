/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Streams that do what streams can do to one who uses them. */

typedef enum
{
  STREAM_READY,   /* each call is over in the next iteration */
  STREAM_HELD,    /* each call waits until it is released, or cancelled */
  STREAM_BLOCKED, /* the same in a thread, and nothing cancels it */
} StreamPace;

typedef gssize (*StreamMoveFunc) (gpointer   stream,
                                  GError   **error);

/* Where the one call waits that a stream may have on its way. */
typedef struct
{
  StreamPace      pace;
  StreamMoveFunc  move;
  GTask          *held; /* (owned) (nullable) */
  GThread        *thread;
  gboolean        may_go;
  GMutex          mutex;
  GCond           cond;
} StreamGate;

#define TEST_TYPE_INPUT (test_input_get_type ())
G_DECLARE_FINAL_TYPE (TestInput, test_input, TEST, INPUT, GInputStream)

struct _TestInput
{
  GInputStream parent_instance;
  gboolean     is_seekable;
  guint        max_seeks; /* more fail, and do not say why */
  gsize        max_read; /* at a time */
  gsize        fails_at; /* this offset; G_MAXSIZE: nowhere */
  StreamPace   pace;
  gsize        offset;
  guint        n_reads;
  gboolean     is_closed;

  GBytes      *data;
  StreamGate   gate;
  void        *buffer;
  gsize        count;
};

/* Of @size bytes, which tell where they are. */
TestInput  *test_input_new      (gsize       size);
/* Whether a call waits for its release. */
gboolean    test_input_is_busy  (TestInput  *self);
void        test_input_release  (TestInput  *self);

#define TEST_TYPE_OUTPUT (test_output_get_type ())
G_DECLARE_FINAL_TYPE (TestOutput, test_output, TEST, OUTPUT, GOutputStream)

struct _TestOutput
{
  GOutputStream parent_instance;
  gsize         max_write; /* at a time */
  gsize         fails_at;
  gboolean      fails_to_flush;
  gboolean      fails_to_close;
  StreamPace    pace;
  guint         n_writes;
  guint         n_flushes;
  gboolean      is_closed;
  gboolean      is_discarded; /* closed as one that was cancelled */
  GByteArray   *data;

  StreamGate    gate;
  const void   *buffer;
  gsize         count;
};

TestOutput *test_output_new     (void);
gboolean    test_output_is_busy (TestOutput *self);
void        test_output_release (TestOutput *self);
/* What has been written is what test_input_new() makes. */
void        test_output_check   (TestOutput *self,
                                 gsize       size);

/* Iterates a context until the condition holds. */
#define wait_in(context, condition)                   \
  G_STMT_START {                                      \
    while (!(condition))                              \
      g_main_context_iteration ((context), TRUE);     \
  } G_STMT_END

/* Has everything happen that is ready to. */
void        settle_in           (GMainContext *context);

/* The bytes of test_input_new(). */
GBytes     *make_body           (gsize       size);
/* A stream of gio that can seek over them. */
GInputStream *make_seekable     (gsize       size);

G_END_DECLS
