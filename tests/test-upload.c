/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "block-text.h"

#include "core/gcoap-upload-private.h"

/* A block of an upload, and what a response makes of it. */
typedef struct
{
  const char           *path;
  gsize                 body_size;
  gsize                 block_size;
  gsize                 offset; /* of the block that is answered */
  const char           *response;
  GCoapTransferVerdict  verdict;
  gsize                 next_offset;
  gsize                 next_size;
} TakeRow;

#define GOES_ON GCOAP_TRANSFER_GOES_ON
#define DONE    GCOAP_TRANSFER_DONE
#define BROKEN  GCOAP_TRANSFER_BROKEN

static const TakeRow take_rows[] = {
  /* section 2.3: what is acknowledged, and the size from then on */
  { "/core/upload/continue", 100, 16, 32, "2.31 1:2/1/16", GOES_ON, 48, 16 },
  { "/core/upload/continue/smaller", 300, 128, 128, "2.31 1:1/1/32", GOES_ON, 256, 32 },
  { "/core/upload/continue/smaller-number-too", 300, 128, 128, "2.31 1:4/1/32",
    GOES_ON, 256, 32 },
  { "/core/upload/continue/larger", 300, 16, 16, "2.31 1:1/1/128", GOES_ON, 32, 16 },
  { "/core/upload/continue/not-more", 100, 16, 32, "2.31 1:2/0/16", GOES_ON, 48, 16 },
  { "/core/upload/continue/stateless", 100, 16, 32, "2.04 1:2/0/16", GOES_ON, 48, 16 },
  { "/core/upload/continue/before", 100, 16, 32, "2.31 1:1/1/16", BROKEN, 32, 16 },
  { "/core/upload/continue/after", 100, 16, 32, "2.31 1:3/1/16", BROKEN, 32, 16 },
  { "/core/upload/continue/far-after", 100, 16, 32, "2.31 1:1048575/1/1024", BROKEN, 32, 16 },
  { "/core/upload/continue/no-option", 100, 16, 32, "2.31", BROKEN, 32, 16 },
  { "/core/upload/continue/reserved", 100, 16, 0, "2.31 1:0/1/2048", BROKEN, 0, 16 },
  { "/core/upload/continue/too-long", 100, 16, 0, "2.31 1:1048576/1/16", BROKEN, 0, 16 },
  { "/core/upload/continue/block2-only", 100, 16, 0, "2.31 2:0/1/16", BROKEN, 0, 16 },
  { "/core/upload/continue/last", 100, 16, 96, "2.31 1:6/0/16", BROKEN, 96, 16 },
  { "/core/upload/continue/last-wants-more", 100, 16, 96, "2.31 1:6/1/16", BROKEN, 96, 16 },
  { "/core/upload/continue/last-no-option", 100, 16, 96, "2.31", BROKEN, 96, 16 },
  { "/core/upload/continue/whole", 10, 16, 0, "2.31", BROKEN, 0, 16 },

  { "/core/upload/success/last", 100, 16, 96, "2.04 1:6/0/16", DONE, 96, 16 },
  { "/core/upload/success/last-no-option", 100, 16, 96, "2.04", DONE, 96, 16 },
  { "/core/upload/success/last-not-final", 100, 16, 96, "2.04 1:6/1/16", BROKEN, 96, 16 },
  { "/core/upload/success/last-reserved", 100, 16, 96, "2.04 1:6/0/2048", BROKEN, 96, 16 },
  { "/core/upload/success/early", 100, 16, 32, "2.04", BROKEN, 32, 16 },
  { "/core/upload/success/early-wrong", 100, 16, 32, "2.04 1:1/0/16", BROKEN, 32, 16 },
  { "/core/upload/success/whole", 10, 16, 0, "2.04", DONE, 0, 16 },

  { "/core/upload/error/midst", 100, 16, 32, "4.08", DONE, 32, 16 },
  { "/core/upload/error/with-option", 100, 16, 32, "4.08 1:2/1/16", DONE, 32, 16 },
  { "/core/upload/error/reserved", 100, 16, 32, "5.00 1:2/1/2048", DONE, 32, 16 },

  /* section 2.9.3 */
  { "/core/upload/too-large/smaller", 100, 64, 0, "4.13 1:0/1/32", GOES_ON, 0, 32 },
  { "/core/upload/too-large/smaller-midst", 300, 64, 128, "4.13 1:2/1/16", GOES_ON, 0, 16 },
  { "/core/upload/too-large/smaller-last", 130, 64, 128, "4.13 1:2/0/32", GOES_ON, 0, 32 },
  { "/core/upload/too-large/same", 100, 64, 0, "4.13 1:0/1/64", DONE, 0, 64 },
  { "/core/upload/too-large/larger", 100, 64, 0, "4.13 1:0/1/128", DONE, 0, 64 },
  { "/core/upload/too-large/no-option", 100, 64, 0, "4.13", DONE, 0, 64 },
  { "/core/upload/too-large/reserved", 100, 64, 0, "4.13 1:0/1/2048", DONE, 0, 64 },
  { "/core/upload/too-large/whole", 60, 64, 0, "4.13 1:0/0/32", GOES_ON, 0, 32 },
  { "/core/upload/too-large/whole-fits-still", 32, 64, 0, "4.13 1:0/0/32", DONE, 0, 64 },
};

static GCoapUpload *
make_upload (gsize body_size,
             gsize block_size)
{
  g_autoptr (GBytes) body = block_text_body (0, body_size);
  GCoapWindow window;

  gcoap_window_init_whole (&window, body);

  return gcoap_upload_new (&window, block_size);
}

/* The block as a request; "" if there is none of that number. */
static char *
describe_block (GCoapUpload *upload)
{
  GCoapFrame frame = { .code = 3 };
  GCoapOptions options;
  char *text = NULL;

  gcoap_options_init (&options);
  if (gcoap_upload_make_block (upload, &options, &frame.payload, &frame.payload_length))
    {
      frame.options = options.data;
      frame.options_length = options.length;
      text = block_text_describe (&frame);
    }
  gcoap_options_clear (&options);

  return text != NULL ? text : g_strdup ("");
}

static GCoapTransferVerdict
take (GCoapUpload *upload,
      const char  *text)
{
  g_auto (BlockText) response = { 0 };
  GCoapFrame frame;

  block_text_init (&response, text);
  block_text_get_frame (&response, &frame);

  return gcoap_upload_take (upload, &frame);
}

static void
test_take (gconstpointer data)
{
  const TakeRow *row = data;
  g_autoptr (GCoapUpload) upload = make_upload (row->body_size, row->block_size);
  g_autofree char *block = NULL;

  upload->offset = row->offset;
  block = describe_block (upload);
  g_assert_cmpstr (block, !=, "");
  g_assert_cmpint (take (upload, row->response), ==, row->verdict);
  g_assert_cmpuint (upload->offset, ==, row->next_offset);
  g_assert_cmpuint (gcoap_block_size (upload->szx), ==, row->next_size);
}

typedef struct
{
  const char *path;
  gsize       body_size;
  gsize       block_size;
  gsize       offset;
  const char *block;
} BlockRow;

static const BlockRow block_rows[] = {
  { "/core/upload/block/first", 40, 16, 0, "PUT 1:0/1/16 size1:40 tag +16" },
  { "/core/upload/block/next", 40, 16, 16, "PUT 1:1/1/16 tag +16" },
  { "/core/upload/block/last", 40, 16, 32, "PUT 1:2/0/16 tag +8" },
  { "/core/upload/block/last-is-full", 48, 16, 32, "PUT 1:2/0/16 tag +16" },
  { "/core/upload/block/whole", 16, 16, 0, "PUT +16" },
  { "/core/upload/block/empty", 0, 16, 0, "PUT" },
  { "/core/upload/block/after-the-end", 48, 16, 48, "" },
  { "/core/upload/block/far-after-the-end", 48, 16, 64, "" },
  { "/core/upload/block/of-1024", 2048, 1024, 1024, "PUT 1:1/0/1024 tag +1024" },
};

static void
test_block (gconstpointer data)
{
  const BlockRow *row = data;
  g_autoptr (GCoapUpload) upload = make_upload (row->body_size, row->block_size);
  g_autofree char *block = NULL;

  upload->offset = row->offset;
  g_assert_true (gcoap_upload_is_ready (upload));
  block = describe_block (upload);
  g_assert_cmpstr (block, ==, row->block);
}

/* A part of a stream, and the block that is to be made of it. */
typedef struct
{
  const char *path;
  gsize       offset; /* of the part */
  gsize       length;
  gboolean    is_last;
  gsize       wanted;
  gboolean    is_ready;
  const char *block;
} WindowRow;

static const WindowRow window_rows[] = {
  { "/core/upload/window/covers", 0, 17, FALSE, 0, TRUE, "PUT 1:0/1/16 tag +16" },
  { "/core/upload/window/end-is-not-known", 0, 16, FALSE, 0, FALSE, NULL },
  { "/core/upload/window/end-is-known", 16, 16, TRUE, 16, TRUE, "PUT 1:1/0/16 tag +16" },
  { "/core/upload/window/begins-before", 16, 40, FALSE, 32, TRUE, "PUT 1:2/1/16 tag +16" },
  { "/core/upload/window/begins-after", 48, 40, FALSE, 32, FALSE, NULL },
  { "/core/upload/window/last-begins-after", 48, 40, TRUE, 32, FALSE, NULL },
  { "/core/upload/window/ends-before", 0, 16, FALSE, 32, FALSE, NULL },
  { "/core/upload/window/last-ends-before", 0, 16, TRUE, 32, TRUE, "" },
  { "/core/upload/window/last-ends-at-it", 0, 32, TRUE, 32, TRUE, "" },
  { "/core/upload/window/number-at-the-limit", GCOAP_BLOCK_NUMBER_MAX * 16, 17, FALSE,
    GCOAP_BLOCK_NUMBER_MAX * 16, TRUE, "PUT 1:1048575/1/16 tag +16" },
  { "/core/upload/window/number-above-the-limit", (GCOAP_BLOCK_NUMBER_MAX + 1) * 16, 17, FALSE,
    (GCOAP_BLOCK_NUMBER_MAX + 1) * 16, TRUE, "" },
};

static void
test_window (gconstpointer data)
{
  const WindowRow *row = data;
  g_autoptr (GBytes) part = block_text_body (row->offset, row->length);
  g_autoptr (GCoapUpload) upload = NULL;
  g_autofree char *block = NULL;
  GCoapWindow window;

  gcoap_window_init_empty (&window, -1);
  upload = gcoap_upload_new (&window, 16);
  g_assert_false (gcoap_upload_is_ready (upload));
  upload->offset = row->wanted;
  gcoap_window_move (&upload->window, part, row->offset, row->is_last);
  g_assert_cmpint (gcoap_upload_is_ready (upload), ==, row->is_ready);
  if (!row->is_ready)
    return;

  block = describe_block (upload);
  g_assert_cmpstr (block, ==, row->block);
}

static void
test_size_of_stream (void)
{
  g_autoptr (GBytes) part = block_text_body (0, 20);
  g_autoptr (GCoapUpload) upload = NULL;
  g_autofree char *block = NULL;
  GCoapWindow window;

  g_test_summary ("The size that was announced is corrected once the end is known");
  gcoap_window_init_empty (&window, 1000);
  upload = gcoap_upload_new (&window, 16);
  gcoap_window_move (&upload->window, part, 0, TRUE);
  block = describe_block (upload);
  g_assert_cmpstr (block, ==, "PUT 1:0/1/16 size1:20 tag +16");
}

static void
test_smaller_number_above_limit (void)
{
  g_autoptr (GCoapUpload) upload = make_upload (100, 1024);
  g_autofree char *block = NULL;

  g_test_summary ("A size that has become smaller may leave too many blocks");
  upload->offset = (gsize) 16 << 20;
  upload->length = 1024;
  upload->more = TRUE;
  g_assert_cmpint (take (upload, "2.31 1:16384/1/16"), ==, GOES_ON);
  block = describe_block (upload);
  g_assert_cmpstr (block, ==, "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (take_rows); i++)
    g_test_add_data_func (take_rows[i].path, &take_rows[i], test_take);
  for (gsize i = 0; i < G_N_ELEMENTS (block_rows); i++)
    g_test_add_data_func (block_rows[i].path, &block_rows[i], test_block);
  for (gsize i = 0; i < G_N_ELEMENTS (window_rows); i++)
    g_test_add_data_func (window_rows[i].path, &window_rows[i], test_window);
  g_test_add_func ("/core/upload/size-of-stream", test_size_of_stream);
  g_test_add_func ("/core/upload/smaller-number-above-limit", test_smaller_number_above_limit);

  return g_test_run ();
}
