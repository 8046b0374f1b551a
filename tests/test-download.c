/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "block-text.h"

#include "codec/gcoap-block-private.h"
#include "core/gcoap-download-private.h"

/* Responses, and what they come to: "> 2:1/0/16" is the block that is asked for next, "= " the
 * whole message, "!" the end of it. */
typedef struct
{
  const char *path;
  gsize       max_size;
  gsize       block_size;
  gboolean    can_restart;
  const char *responses;
  const char *outcome;
} Row;

#define BEGUN "2.05 etag:a cf:50 2:0/1/16 +16\n"

static const Row rows[] = {
  { "/core/download/whole", 100, 1024, TRUE, "2.05 cf:50 +90", "= 2.05 cf:50 +90" },
  { "/core/download/empty", 100, 1024, TRUE, "2.05", "= 2.05" },
  { "/core/download/first", 100, 1024, TRUE, BEGUN, "> GET 2:1/0/16" },
  { "/core/download/last", 100, 1024, TRUE, BEGUN "2.05 etag:a cf:50 2:1/0/16 +3",
    "= 2.05 etag:a cf:50 +19" },
  { "/core/download/last-is-empty", 100, 1024, TRUE, BEGUN "2.05 etag:a 2:1/0/16",
    "= 2.05 etag:a cf:50 +16" },
  { "/core/download/last-is-larger", 100, 1024, TRUE, BEGUN "2.05 etag:a 2:1/0/16 +30",
    "= 2.05 etag:a cf:50 +46" },
  { "/core/download/format-is-said-once", 100, 1024, TRUE, BEGUN "2.05 etag:a 2:1/0/16 +3",
    "= 2.05 etag:a cf:50 +19" },

  /* section 2.4: sizes only ever fall, and places are counted in bytes */
  { "/core/download/size/preferred", 2000, 64, TRUE, "2.05 2:0/1/256 +256", "> GET 2:4/0/64" },
  { "/core/download/size/of-the-server", 2000, 64, TRUE, "2.05 2:0/1/32 +32", "> GET 2:1/0/32" },
  { "/core/download/size/falls", 2000, 1024, TRUE,
    "2.05 2:0/1/64 +64\n2.05 2:2/1/32 +32\n2.05 2:6/1/16 +16", "> GET 2:7/0/16" },
  { "/core/download/size/same-number-of-smaller", 2000, 1024, TRUE,
    "2.05 2:0/1/64 +64\n2.05 2:1/1/32 +32", "!" },
  { "/core/download/size/rises", 2000, 16, TRUE,
    "2.05 2:0/1/16 +16\n2.05 2:1/1/16 +16\n2.05 2:1/1/32 +32", "> GET 2:4/0/16" },
  { "/core/download/size/rises-wrongly", 2000, 16, TRUE,
    "2.05 2:0/1/16 +16\n2.05 2:1/1/32 +32", "!" },

  { "/core/download/hostile/begins-late", 100, 1024, TRUE, "2.05 2:1/1/16 +16", "!" },
  { "/core/download/hostile/ends-at-once", 100, 1024, TRUE, "2.05 2:1/0/16 +16", "!" },
  { "/core/download/hostile/last-number", 100, 1024, TRUE, "2.05 2:1048575/0/1024 +16", "!" },
  { "/core/download/hostile/reserved", 100, 1024, TRUE, "2.05 2:0/0/2048 +16", "!" },
  { "/core/download/hostile/four-bytes", 100, 1024, TRUE, "2.05 2:1048576/0/16 +16", "!" },
  { "/core/download/hostile/empty", 100, 1024, TRUE, "2.05 2:0/1/16", "!" },
  { "/core/download/hostile/short", 100, 1024, TRUE, "2.05 2:0/1/16 +15", "!" },
  { "/core/download/hostile/long", 100, 1024, TRUE, "2.05 2:0/1/16 +17", "!" },
  { "/core/download/hostile/of-another-size", 100, 1024, TRUE, "2.05 2:0/1/16 +32", "!" },
  { "/core/download/hostile/again", 100, 1024, TRUE, BEGUN BEGUN, "!" },
  { "/core/download/hostile/gap", 100, 1024, TRUE, BEGUN "2.05 etag:a 2:2/1/16 +16", "!" },
  { "/core/download/hostile/no-option", 100, 1024, TRUE, BEGUN "2.05 etag:a +16", "!" },
  { "/core/download/hostile/next-reserved", 100, 1024, TRUE, BEGUN "2.05 etag:a 2:1/0/2048", "!" },
  { "/core/download/hostile/next-empty", 100, 1024, TRUE, BEGUN "2.05 etag:a 2:1/1/16", "!" },

  { "/core/download/cap/reached", 20, 1024, TRUE, BEGUN "2.05 etag:a 2:1/0/16 +4",
    "= 2.05 etag:a cf:50 +20" },
  { "/core/download/cap/passed", 20, 1024, TRUE, BEGUN "2.05 etag:a 2:1/0/16 +5", "!" },
  { "/core/download/cap/passed-at-once", 15, 1024, TRUE, BEGUN, "!" },
  { "/core/download/cap/announced", 20, 1024, TRUE, "2.05 2:0/1/16 size2:21 +16", "!" },
  { "/core/download/cap/announced-later", 20, 1024, TRUE,
    BEGUN "2.05 etag:a 2:1/0/16 size2:21 +1", "!" },
  { "/core/download/cap/announced-most", 100, 1024, TRUE, "2.05 2:0/1/16 size2:4294967295 +16",
    "!" },
  { "/core/download/cap/announced-wrongly", 100, 1024, TRUE,
    "2.05 2:0/1/16 size2:3 +16\n2.05 2:1/0/16 +1", "= 2.05 size2:3 +17" },

  { "/core/download/changed/etag", 100, 1024, TRUE, BEGUN "2.05 etag:b 2:1/1/16 +16",
    "> GET 2:0/0/16" },
  { "/core/download/changed/etag-is-new", 100, 1024, TRUE,
    "2.05 2:0/1/16 +16\n2.05 etag:b 2:1/1/16 +16", "> GET 2:0/0/16" },
  { "/core/download/changed/etag-is-longer", 100, 1024, TRUE, BEGUN "2.05 etag:aa 2:1/1/16 +16",
    "> GET 2:0/0/16" },
  { "/core/download/changed/code", 100, 1024, TRUE, BEGUN "2.03 etag:a", "> GET 2:0/0/16" },
  { "/core/download/changed/format", 100, 1024, TRUE, BEGUN "2.05 etag:a cf:60 2:1/1/16 +16",
    "> GET 2:0/0/16" },
  { "/core/download/changed/what-was-there-is-forgotten", 100, 1024, TRUE,
    BEGUN "2.05 etag:b 2:1/1/16 +16\n2.05 etag:b +4", "= 2.05 etag:b +4" },
  { "/core/download/changed/too-late-for-it", 20, 1024, TRUE,
    BEGUN "2.05 etag:b 2:1/1/16 +16\n2.05 etag:b 2:0/1/16 +16\n2.05 etag:b 2:1/0/16 +4",
    "= 2.05 etag:b +20" },
  { "/core/download/changed/cannot-be-asked-again", 100, 1024, FALSE,
    BEGUN "2.05 etag:b 2:1/1/16 +16", "!" },
  { "/core/download/changed/code-cannot-be-asked-again", 100, 1024, FALSE,
    "2.01 2:0/1/16 +16\n2.05 2:1/1/16 +16", "!" },
  { "/core/download/changed/code-of-one-representation", 100, 1024, FALSE,
    "2.01 etag:a 2:0/1/16 +16\n2.05 etag:a 2:1/0/16 +4", "= 2.01 etag:a +20" },

  { "/core/download/error/at-once", 100, 1024, TRUE, "4.04 +20", "= 4.04 +20" },
  { "/core/download/error/large", 100, 1024, TRUE, "4.04 2:0/1/16 +16\n4.04 2:1/0/16 +4",
    "= 4.04 +20" },
  { "/core/download/error/in-the-midst", 100, 1024, TRUE, BEGUN "5.00 +9", "= 5.00 +9" },
  { "/core/download/error/in-the-midst-with-an-option", 100, 1024, TRUE,
    BEGUN "5.00 2:0/0/16 +9", "= 5.00 2:0/0/16 +9" },
  { "/core/download/error/of-an-error", 100, 1024, TRUE, "4.04 2:0/1/16 +16\n5.00 +9",
    "= 5.00 +9" },
};

static GCoapMessage *
make_response (const char *line)
{
  g_auto (BlockText) text = { 0 };
  GCoapFrame frame;

  block_text_init (&text, line);
  block_text_get_frame (&text, &frame);

  return gcoap_message_new_from_frame (&frame);
}

static char *
describe_ask (GCoapDownload *download)
{
  GCoapFrame frame = { .code = 1 };
  GCoapOptions options;
  g_autofree char *text = NULL;

  gcoap_options_init (&options);
  if (gcoap_download_ask (download, &options))
    {
      frame.options = options.data;
      frame.options_length = options.length;
      text = block_text_describe (&frame);
    }
  gcoap_options_clear (&options);

  return text != NULL ? g_strconcat ("> ", text, NULL) : g_strdup ("!");
}

static char *
describe_end (GCoapDownload *download,
              GCoapMessage  *last)
{
  g_autoptr (GCoapMessage) whole = gcoap_download_finish (download, last);
  g_autofree char *text = NULL;
  GCoapFrame frame;

  gcoap_message_get_frame (whole, &frame);
  text = block_text_describe (&frame);

  return g_strconcat ("= ", text, NULL);
}

static char *
take (GCoapDownload *download,
      const char    *line)
{
  g_autoptr (GCoapMessage) response = make_response (line);

  switch (gcoap_download_take (download, response))
    {
    case GCOAP_TRANSFER_GOES_ON:
      return describe_ask (download);

    case GCOAP_TRANSFER_DONE:
      return describe_end (download, response);

    case GCOAP_TRANSFER_BROKEN:
    default:
      return g_strdup ("!");
    }
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GCoapDownload) download =
    gcoap_download_new (row->max_size, row->block_size, row->can_restart, FALSE);
  g_auto (GStrv) lines = g_strsplit (row->responses, "\n", -1);
  g_autofree char *outcome = NULL;

  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      if (outcome != NULL)
        g_assert_cmpint (outcome[0], ==, '>');
      g_free (outcome);
      outcome = take (download, lines[i]);
    }
  g_assert_cmpstr (outcome, ==, row->outcome);
}

static void
test_restarts_are_bounded (void)
{
  g_autoptr (GCoapDownload) download = gcoap_download_new (100, 1024, TRUE, FALSE);
  guint n_asked = 0;
  gboolean goes_on = TRUE;

  g_test_summary ("What always changes is given up, RFC 7959 section 2.4");
  while (goes_on)
    {
      g_autofree char *first = take (download, "2.05 etag:a 2:0/1/16 +16");
      g_autofree char *next = take (download, "2.05 etag:b 2:1/1/16 +16");

      g_assert_cmpstr (first, ==, "> GET 2:1/0/16");
      g_assert_cmpuint (++n_asked, <, 100);
      goes_on = next[0] == '>';
    }
  g_assert_cmpuint (n_asked, ==, 5);
}

static void
test_number_too_large (void)
{
  g_autoptr (GCoapDownload) download = gcoap_download_new (G_MAXSIZE, 16, TRUE, TRUE);
  g_autofree char *last = NULL;
  g_autofree char *none = NULL;

  g_test_summary ("A number has 20 bits, RFC 7959 section 2.2");
  g_free (take (download, "2.05 2:0/1/16 +16"));
  download->received = (gsize) 16 * GCOAP_BLOCK_NUMBER_MAX;
  last = describe_ask (download);
  g_assert_cmpstr (last, ==, "> GET 2:1048575/0/16");
  none = take (download, "2.05 2:1048575/1/16 +16");
  g_assert_cmpstr (none, ==, "!");
}

static void
test_stream (void)
{
  g_autoptr (GCoapDownload) download = gcoap_download_new (G_MAXSIZE, 1024, TRUE, TRUE);
  g_autofree char *first = take (download, "2.05 etag:a 2:0/1/16 size2:4294967295 +16");
  g_autofree char *next = NULL;
  g_autofree char *changed = NULL;

  g_test_summary ("Of a stream nothing is kept, and what the application has is not taken back");
  g_assert_cmpstr (first, ==, "> GET 2:1/0/16");
  g_assert_true (gcoap_download_has_part (download));
  next = take (download, "2.05 etag:a 2:1/1/16 +16");
  g_assert_cmpstr (next, ==, "> GET 2:2/0/16");
  changed = take (download, "2.05 etag:b 2:2/0/16 +16");
  g_assert_cmpstr (changed, ==, "!");
}

static void
test_stream_error (void)
{
  g_autoptr (GCoapDownload) download = gcoap_download_new (G_MAXSIZE, 1024, TRUE, TRUE);
  g_autofree char *outcome = take (download, "4.04 2:0/1/16 +16");

  g_test_summary ("The text of an error is not what a stream is for");
  g_assert_cmpstr (outcome, ==, "= 4.04 2:0/1/16 +16");
  g_assert_false (gcoap_download_has_part (download));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_test_add_data_func (rows[i].path, &rows[i], test_row);
  g_test_add_func ("/core/download/restarts-are-bounded", test_restarts_are_bounded);
  g_test_add_func ("/core/download/number-too-large", test_number_too_large);
  g_test_add_func ("/core/download/stream", test_stream);
  g_test_add_func ("/core/download/stream-error", test_stream_error);

  return g_test_run ();
}
