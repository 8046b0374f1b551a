/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "gcoap/gcoap-option-number.h"

#include "transfer-script.h"

#define RECEIVES "receives\nsubmit GET\n> GET\n"

/* A body that is read as it goes. */
#define UPLOAD "block-size 16\nsends -1\nsubmit PUT\nwanted 0 17\n"
/* A body that is written as it comes. */
#define DOWNLOAD "receives\nsubmit GET\n> GET\n< 2.05 etag:a 2:0/1/16 size2:20 +16\npart 0+16 20\n"

static const ScriptRow rows[] = {
  { "/core/client-streams/sends/several-parts",
    UPLOAD "supply 0+40\n> PUT 1:0/1/16 tag +16\n< 2.31 1:0/1/16\n> PUT 1:1/1/16 tag +16\n"
    "< 2.31 1:1/1/16\nwanted 32 17\nsupply 32+18 last\n> PUT 1:2/1/16 tag +16\n"
    "< 2.31 1:2/1/16\n> PUT 1:3/0/16 tag +2\n< 2.04 1:3/0/16\n= 2.04 1:3/0/16\nover" },
  { "/core/client-streams/sends/size-is-announced",
    "block-size 16\nsends 20\nsubmit PUT\nwanted 0 17\nsupply 0+20 last\n"
    "> PUT 1:0/1/16 size1:20 tag +16\n< 2.31 1:0/1/16\n> PUT 1:1/0/16 tag +4\n"
    "< 2.04 1:1/0/16\n= 2.04 1:1/0/16\nover" },
  { "/core/client-streams/sends/size-is-found-out",
    UPLOAD "supply 0+20 last\n> PUT 1:0/1/16 size1:20 tag +16\ncancel\nover" },
  { "/core/client-streams/sends/nothing",
    UPLOAD "supply 0+0 last\n> PUT\n< 2.04\n= 2.04\nover" },
  { "/core/client-streams/sends/less-than-a-block",
    UPLOAD "supply 0+15 last\n> PUT +15\n< 2.04\n= 2.04\nover" },
  { "/core/client-streams/sends/a-block",
    UPLOAD "supply 0+16 last\n> PUT +16\n< 2.04\n= 2.04\nover" },
  { "/core/client-streams/sends/a-block-and-more",
    UPLOAD "supply 0+17 last\n> PUT 1:0/1/16 size1:17 tag +16\n< 2.31 1:0/1/16\n"
    "> PUT 1:1/0/16 tag +1\n< 2.04 1:1/0/16\n= 2.04 1:1/0/16\nover" },
  { "/core/client-streams/sends/a-block-and-perhaps-more",
    UPLOAD "supply 0+16\nwanted 0 17\nsupply 0+16 last\n> PUT +16\n< 2.04\n= 2.04\nover" },
  { "/core/client-streams/sends/two-blocks-and-the-end",
    UPLOAD "supply 0+32\n> PUT 1:0/1/16 tag +16\n< 2.31 1:0/1/16\nwanted 16 17\n"
    "supply 16+16 last\n> PUT 1:1/0/16 tag +16\n< 2.04 1:1/0/16\n= 2.04 1:1/0/16\nover" },
  { "/core/client-streams/sends/parts-that-are-too-small",
    UPLOAD "supply 0+1\nwanted 0 17\nsupply 0+16\nwanted 0 17\nsupply 0+17\n"
    "> PUT 1:0/1/16 tag +16\ncancel\nover" },
  { "/core/client-streams/sends/part-from-before",
    UPLOAD "supply 0+40\n> PUT 1:0/1/16 tag +16\n< 2.31 1:0/1/16\n> PUT 1:1/1/16 tag +16\n"
    "< 2.31 1:1/1/16\nwanted 32 17\nsupply 16+20 last\n> PUT 1:2/0/16 tag +4\ncancel\nover" },
  { "/core/client-streams/sends/part-of-another-place",
    UPLOAD "supply 16+40\nwanted 0 17\nsupply 0+20\n> PUT 1:0/1/16 tag +16\ncancel\nover" },
  { "/core/client-streams/sends/end-before-the-place",
    UPLOAD "supply 0+32\n> PUT 1:0/1/16 tag +16\n< 2.31 1:0/1/16\nwanted 16 17\n"
    "supply 0+10 last\n! 702\nover" },
  { "/core/client-streams/sends/end-at-the-place",
    UPLOAD "supply 0+32\n> PUT 1:0/1/16 tag +16\n< 2.31 1:0/1/16\nwanted 16 17\n"
    "supply 16+0 last\n! 702\nover" },
  { "/core/client-streams/sends/cannot-be-read", UPLOAD "supply 0+0\n! 702\nover" },
  { "/core/client-streams/sends/unasked",
    UPLOAD "continue\nquiet\nsupply 0+20 last\n> PUT 1:0/1/16 size1:20 tag +16\n"
    "supply 0+5 last\ncontinue\nquiet\n< 2.31 1:0/1/16\n> PUT 1:1/0/16 tag +4\ncancel\nover" },
  { "/core/client-streams/sends/begins-anew",
    "block-size 64\nsends 100\nsubmit PUT\nwanted 0 65\nsupply 0+70\n"
    "> PUT 1:0/1/64 size1:100 tag +64\n< 2.31 1:0/1/64\nwanted 64 65\nsupply 64+36 last\n"
    "> PUT 1:1/0/64 tag +36\n< 4.13 1:1/0/32\nwanted 0 33\nsupply 0+100 last\n"
    "> PUT 1:0/1/32 size1:100 tag +32\ncancel\nover" },
  { "/core/client-streams/sends/begins-anew-from-what-is-there",
    "block-size 64\nsends 100\nsubmit PUT\nwanted 0 65\nsupply 0+70\n"
    "> PUT 1:0/1/64 size1:100 tag +64\n< 4.13 1:0/0/32\n> PUT 1:0/1/32 size1:100 tag +32\n"
    "cancel\nover" },
  { "/core/client-streams/sends/smaller-on-the-way",
    "block-size 64\nsends -1\nsubmit PUT\nwanted 0 65\nsupply 0+100\n> PUT 1:0/1/64 tag +64\n"
    "< 2.31 1:0/1/16\n> PUT 1:4/1/16 tag +16\n< 2.31 1:4/1/16\n> PUT 1:5/1/16 tag +16\n"
    "< 2.31 1:5/1/16\nwanted 96 17\ncancel\nover" },
  { "/core/client-streams/sends/error",
    UPLOAD "supply 0+20\n> PUT 1:0/1/16 tag +16\n< 4.03\n= 4.03\nover" },
  { "/core/client-streams/sends/cancelled", UPLOAD "cancel\nsupply 0+20 last\ncontinue\nover" },
  { "/core/client-streams/sends/cancelled-later",
    UPLOAD "supply 0+32\n> PUT 1:0/1/16 tag +16\n< 2.31 1:0/1/16\nwanted 16 17\ncancel\nover" },

  { "/core/client-streams/receives/parts",
    DOWNLOAD "quiet\ncontinue\n> GET 2:1/0/16\n< 2.05 etag:a 2:1/0/16 +4\n"
    "part 16+4 20 last\nquiet\ncontinue\n= 2.05 etag:a size2:20\nover" },
  { "/core/client-streams/receives/size-unknown",
    RECEIVES "< 2.05 2:0/1/16 +16\npart 0+16 -1\ncontinue\n> GET 2:1/0/16\n"
    "< 2.05 2:1/0/16 +16\npart 16+16 32 last\ncontinue\n= 2.05\nover" },
  { "/core/client-streams/receives/one-message",
    RECEIVES "< 2.05 +100\npart 0+100 100 last\ncontinue\n= 2.05\nover" },
  { "/core/client-streams/receives/nothing",
    RECEIVES "< 2.05\npart 0+0 0 last\ncontinue\n= 2.05\nover" },
  { "/core/client-streams/receives/one-block",
    RECEIVES "< 2.05 2:0/0/16 +16\npart 0+16 16 last\ncontinue\n= 2.05\nover" },
  { "/core/client-streams/receives/more-than-the-cap",
    "max-body 10\n" DOWNLOAD "continue\n> GET 2:1/0/16\ncancel\nover" },
  { "/core/client-streams/receives/error", RECEIVES "< 4.04 +10\n= 4.04 +10\nover" },
  { "/core/client-streams/receives/error-in-the-midst",
    DOWNLOAD "continue\n> GET 2:1/0/16\n< 5.00 +10\n= 5.00 +10\nover" },
  { "/core/client-streams/receives/changed",
    DOWNLOAD "continue\n> GET 2:1/0/16\n< 2.05 etag:b 2:1/0/16 +4\n! 702\nover" },
  { "/core/client-streams/receives/broken",
    DOWNLOAD "continue\n> GET 2:1/0/16\n< 2.05 etag:a 2:2/0/16 +4\n! 702\nover" },
  { "/core/client-streams/receives/late-while-held",
    DOWNLOAD "again\nquiet\nnon 2.05 etag:a 2:0/1/16 +16\nquiet\ncon 2.05 etag:a 2:1/0/16 +4\n"
    "quiet\ncontinue\n> GET 2:1/0/16\ncontinue\nsupply 0+5 last\nquiet\ncancel\nover" },
  { "/core/client-streams/receives/cancelled-while-held", DOWNLOAD "cancel\ncontinue\nover" },
  { "/core/client-streams/receives/cancelled-at-the-end",
    RECEIVES "< 2.05 +9\npart 0+9 9 last\ncancel\ncontinue\nover" },
  { "/core/client-streams/receives/separate",
    RECEIVES "ack\ncon 2.05 2:0/1/16 +16\npart 0+16 -1\ncontinue\n> GET 2:1/0/16\nack\n"
    "con 2.05 2:1/0/16 +4\npart 16+4 20 last\ncontinue\n= 2.05\nover" },
  { "/core/client-streams/receives/multicast",
    "group\nreceives\nsubmit GET non\n> GET non\nnon 2.05 2:0/1/16 +16\npart 0+16 -1\n"
    "non 2.05 +3\nquiet\ncontinue\n> GET non 2:1/0/16\nnon 2.05 2:1/0/16 +1\n"
    "part 16+1 17 last\ncontinue\n= 2.05\nover" },

  { "/core/client-streams/both",
    "block-size 16\nsends -1\nreceives\nsubmit POST\nwanted 0 17\nsupply 0+20 last\n"
    "> POST 1:0/1/16 size1:20 tag +16\n< 2.31 1:0/1/16\n> POST 2:0/0/16 1:1/0/16 tag +4\n"
    "< 2.04 2:0/1/16 1:1/0/16 +16\npart 0+16 -1\nsupply 0+5 last\nquiet\ncontinue\n"
    "> POST 2:1/0/16 tag\n< 2.04 2:1/0/16 +2\npart 16+2 18 last\ncontinue\n"
    "= 2.04 1:1/0/16\nover" },
  { "/core/client-streams/receives-of-an-upload",
    "block-size 16\nreceives\nsubmit PUT +20\n> PUT 1:0/1/16 size1:20 tag +16\n"
    "< 2.31 1:0/1/16\n> PUT 1:1/0/16 tag +4\n< 2.04 1:1/0/16 +3\npart 0+3 3 last\ncontinue\n"
    "= 2.04 1:1/0/16\nover" },

  { "/core/client-streams/does-not-observe",
    "receives\nsubmit GET obs:0\n> GET obs:0\n< 2.05 obs:5 2:0/1/16 +16\npart 0+16 -1\n"
    "con 4.04\nquiet\ncontinue\n> GET 2:1/0/16\n"
    "< 2.05 2:1/0/16 +1\npart 16+1 17 last\ncontinue\n= 2.05 obs:5\nover" },

  /* While the application is at it, the peer owes nothing. */
  { "/core/client-streams/timer/held",
    DOWNLOAD "wait 1000\nquiet\ncontinue\n> GET 2:1/0/16\ncancel\nover" },
  { "/core/client-streams/timer/inactivity",
    "timeout 10\n" DOWNLOAD "wait 1000\nquiet\ncontinue\n> GET 2:1/0/16\nack\nwait 9\nquiet\n"
    "wait 1\n! 704\nover" },
  { "/core/client-streams/timer/deadline",
    "deadline 20\n" DOWNLOAD "wait 19\nquiet\nwait 1\n! 704\ncontinue\nover" },
  { "/core/client-streams/timer/deadline-goes-on",
    "deadline 20\n" DOWNLOAD "wait 9\ncontinue\n> GET 2:1/0/16\nack\nwait 10\nquiet\nwait 1\n"
    "! 704\nover" },
  { "/core/client-streams/timer/deadline-of-what-is-sent",
    "deadline 20\n" UPLOAD "wait 19\nquiet\nwait 1\n! 704\nsupply 0+5 last\nover" },
  { "/core/client-streams/timer/sent",
    UPLOAD "wait 1000\nsupply 0+20\n> PUT 1:0/1/16 tag +16\ncancel\nover" },
};

/* What says of itself that it is one block, or goes to many, is no stream. */
typedef struct
{
  const char     *path;
  GCoapStreaming  streaming;
  guint           option;
  gboolean        is_multicast;
  int             error;
} RefusedRow;

static const RefusedRow refused_rows[] = {
  { "/core/client-streams/refused/block1", { TRUE, -1, FALSE },
    GCOAP_OPTION_NUMBER_BLOCK1, FALSE, EINVAL },
  { "/core/client-streams/refused/block2", { FALSE, 0, TRUE },
    GCOAP_OPTION_NUMBER_BLOCK2, FALSE, EINVAL },
  { "/core/client-streams/refused/multicast", { TRUE, -1, FALSE },
    GCOAP_OPTION_NUMBER_URI_PATH, TRUE, EINVAL },
  { "/core/client-streams/refused/not/block2-of-what-is-sent", { TRUE, -1, FALSE },
    GCOAP_OPTION_NUMBER_BLOCK2, FALSE, 0 },
  { "/core/client-streams/refused/not/block1-of-what-is-received", { FALSE, 0, TRUE },
    GCOAP_OPTION_NUMBER_BLOCK1, FALSE, 0 },
};

static void
test_refused (gconstpointer data)
{
  const RefusedRow *row = data;
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  GCoapAddress remote = row->is_multicast ? core_group_address () : core_address (2);
  GCoapPatience patience = { 0 };
  int error = -1;
  guint64 id;

  gcoap_options_add (gcoap_message_get_options (message), row->option, "", 0);
  id = gcoap_engine_submit (fixture->engine, &remote, message, &patience, &row->streaming,
                            fixture->now, &error);
  g_assert_cmpint (error, ==, row->error);
  g_assert_cmpint (id == 0, ==, error != 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  transfer_script_add_rows (rows, G_N_ELEMENTS (rows));
  for (gsize i = 0; i < G_N_ELEMENTS (refused_rows); i++)
    g_test_add_data_func (refused_rows[i].path, &refused_rows[i], test_refused);

  return g_test_run ();
}
