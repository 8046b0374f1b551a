/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "transfer-script.h"

#define SUBMITTED  "submit GET obs:0\n> GET obs:0\n"
/* The first state has come. */
#define OBSERVING  SUBMITTED "< 2.05 obs:5 +3\nnote 2.05 obs:5 +3\n"
/* A notification has come in part, and the rest is asked for. */
#define FETCHING   OBSERVING "con 2.05 etag:a obs:6 2:0/1/16 +16\n> GET 2:1/0/16\n"
/* The same of the first state. */
#define BEGINNING  SUBMITTED "< 2.05 etag:a obs:5 2:0/1/16 +16\n> GET 2:1/0/16\n"

/* Between 5 and 15 s after a failure the client registers again; the token is the same. */
#define REGISTERS_AGAIN "wait 4\nquiet\nstale\n> GET obs:0\n"

static const ScriptRow rows[] = {
  { "/core/observing-blocks/first-state",
    BEGINNING "quiet\n< 2.05 etag:a 2:1/0/16 +2\nnote 2.05 etag:a obs:5 +18\nquiet\n"
    "to 0\ncon 2.05 obs:6 +1\nnote 2.05 obs:6 +1\ncancel\nover" },
  { "/core/observing-blocks/notification",
    FETCHING "< 2.05 etag:a 2:1/1/16 +16\n> GET 2:2/0/16\n< 2.05 etag:a 2:2/0/16 +2\n"
    "note 2.05 etag:a obs:6 +34\nquiet\ncancel\nover" },
  { "/core/observing-blocks/separate",
    FETCHING "ack\ncon 2.05 etag:a 2:1/0/16 +2\nnote 2.05 etag:a obs:6 +18\ncancel\nover" },
  { "/core/observing-blocks/early-negotiation",
    "block-size 16\nsubmit GET obs:0\n> GET obs:0 2:0/0/16\n< 2.05 obs:5 2:0/1/16 +16\n"
    "> GET 2:1/0/16\n< 2.05 2:1/0/16 +2\nnote 2.05 obs:5 +18\ncancel\nover" },
  { "/core/observing-blocks/non-confirmable",
    "submit GET non obs:0\n> GET non obs:0\nnon 2.05 obs:5 2:0/1/16 +16\n> GET non 2:1/0/16\n"
    "non 2.05 2:1/0/16 +2\nnote 2.05 obs:5 +18\nto 0\nnon 2.05 obs:6 2:0/1/16 +16\n"
    "> GET non 2:1/0/16\nagain\nquiet\nwait 202\ncancel\nover" },
  { "/core/observing-blocks/fetch",
    "submit FETCH obs:0 +9\n> FETCH obs:0 +9\n< 2.05 obs:5 2:0/1/16 +16\n> FETCH 2:1/0/16 +9\n"
    "< 2.05 2:1/0/16 +2\nnote 2.05 obs:5 +18\ncancel\nover" },
  { "/core/observing-blocks/large-fetch",
    "block-size 16\nsubmit FETCH obs:0 +20\n> FETCH obs:0 1:0/1/16 size1:20 tag +16\n"
    "< 2.31 1:0/1/16\n> FETCH obs:0 2:0/0/16 1:1/0/16 tag +4\n"
    "< 2.05 obs:5 1:1/0/16 +3\nnote 2.05 obs:5 1:1/0/16 +3\ncancel\nover" },
  { "/core/observing-blocks/own-block",
    "submit GET obs:0 2:0/0/16\n> GET obs:0 2:0/0/16\n< 2.05 obs:5 2:0/1/16 +16\n"
    "note 2.05 obs:5 2:0/1/16 +16\nquiet\ncancel\nover" },
  { "/core/observing-blocks/not-observed",
    SUBMITTED "< 2.05 2:0/1/16 +16\n> GET 2:1/0/16\n< 2.05 2:1/0/16 +2\n= 2.05 +18\nover" },
  { "/core/observing-blocks/not-observed-says-it-is",
    SUBMITTED "< 2.05 2:0/1/16 +16\n> GET 2:1/0/16\n< 2.05 obs:9 2:1/0/16 +2\n= 2.05 +18\n"
    "over" },

  /* A newer state comes while the rest of one is fetched. */
  { "/core/observing-blocks/newer/whole",
    FETCHING "to 0\ncon 2.05 obs:7 +1\nnote 2.05 obs:7 +1\nto 1\n< 2.05 etag:a 2:1/0/16 +2\n"
    "stray 2.05 etag:a 2:1/0/16 +2\nquiet\ncancel\nover" },
  { "/core/observing-blocks/newer/partial",
    FETCHING "to 0\ncon 2.05 etag:b obs:7 2:0/1/16 +16\n> GET 2:1/0/16\n"
    "to 1\n< 2.05 etag:a 2:1/0/16 +2\nquiet\nto 2\n< 2.05 etag:b 2:1/0/16 +3\n"
    "note 2.05 etag:b obs:7 +19\ncancel\nover" },
  { "/core/observing-blocks/newer/partial-of-the-first",
    BEGINNING "to 0\nnon 2.05 etag:b obs:6 2:0/1/16 +16\n> GET 2:1/0/16\n"
    "< 2.05 etag:b 2:1/0/16 +2\nnote 2.05 etag:b obs:6 +18\ncancel\nover" },
  { "/core/observing-blocks/newer/not",
    FETCHING "to 0\ncon 2.05 etag:z obs:4 2:0/1/16 +16\nquiet\nto 1\n"
    "< 2.05 etag:a 2:1/0/16 +2\nnote 2.05 etag:a obs:6 +18\ncancel\nover" },
  { "/core/observing-blocks/newer/error",
    FETCHING "to 0\ncon 4.04 +3\nlast 4.04 +3\nto 1\n< 2.05 etag:a 2:1/0/16 +2\nover" },
  { "/core/observing-blocks/newer/large-error",
    FETCHING "to 0\ncon 4.04 2:0/1/16 +16\n> GET 2:1/0/16\nto 1\n< 2.05 etag:a 2:1/0/16 +2\n"
    "quiet\nto 2\n< 4.04 2:1/0/16 +1\nlast 4.04 +17\nover" },

  { "/core/observing-blocks/last/large-error",
    OBSERVING "con 5.03 2:0/1/16 +16\n> GET 2:1/0/16\n< 5.03 2:1/0/16 +1\nlast 5.03 +17\nover" },
  { "/core/observing-blocks/last/large-success",
    OBSERVING "con 2.05 2:0/1/16 +16\n> GET 2:1/0/16\n< 2.05 2:1/0/16 +1\nlast 2.05 +17\nover" },
  { "/core/observing-blocks/last/broken",
    OBSERVING "con 5.03 2:0/1/16 +16\n> GET 2:1/0/16\n< 5.03 2:2/0/16 +1\n! 702\nover" },

  { "/core/observing-blocks/changed",
    FETCHING "< 2.05 etag:b 2:1/0/16 +2\n> GET 2:0/0/16\n< 2.05 etag:b 2:0/1/16 +16\n"
    "> GET 2:1/0/16\n< 2.05 etag:b 2:1/0/16 +2\nnote 2.05 etag:b obs:6 +18\ncancel\nover" },

  { "/core/observing-blocks/failure/reset",
    FETCHING "reset\nquiet\n" REGISTERS_AGAIN "< 2.05 obs:7 +1\nnote 2.05 obs:7 +1\ncancel\n"
    "over" },
  { "/core/observing-blocks/failure/undeliverable",
    FETCHING "icmp\nquiet\n" REGISTERS_AGAIN "cancel\nover" },
  { "/core/observing-blocks/failure/broken",
    FETCHING "< 2.05 etag:a 2:2/0/16 +2\nquiet\n" REGISTERS_AGAIN "cancel\nover" },
  { "/core/observing-blocks/failure/error",
    FETCHING "< 4.08\nquiet\n" REGISTERS_AGAIN "cancel\nover" },
  { "/core/observing-blocks/failure/first-block",
    OBSERVING "con 2.05 obs:6 2:1/1/16 +16\nquiet\n" REGISTERS_AGAIN "cancel\nover" },
  { "/core/observing-blocks/failure/before-a-newer",
    FETCHING "reset\nto 0\ncon 2.05 obs:7 +1\nnote 2.05 obs:7 +1\nwait 60\nquiet\ncancel\nover" },
  { "/core/observing-blocks/failure/not-registered-again",
    "no-reregistering\n" FETCHING "reset\nwait 1000\nquiet\nto 0\ncon 2.05 obs:7 +1\n"
    "note 2.05 obs:7 +1\ncancel\nover" },
  { "/core/observing-blocks/failure/of-the-first/reset", BEGINNING "reset\n! 708\nover" },
  { "/core/observing-blocks/failure/of-the-first/undeliverable", BEGINNING "icmp\n! 705\nover" },
  { "/core/observing-blocks/failure/of-the-first/broken",
    BEGINNING "< 2.05 etag:a 2:2/0/16 +2\n! 702\nover" },
  { "/core/observing-blocks/failure/of-the-first/error",
    BEGINNING "< 4.04 +3\n= 4.04 +3\nover" },
  { "/core/observing-blocks/failure/of-the-first/first-block",
    SUBMITTED "< 2.05 obs:5 2:1/1/16 +16\n! 702\nover" },
  { "/core/observing-blocks/failure/of-the-first/not-registered-again",
    "no-reregistering\n" BEGINNING "< 5.03\n= 5.03\nover" },

  { "/core/observing-blocks/cancelled",
    FETCHING "cancel\n< 2.05 etag:a 2:1/0/16 +2\nstray 2.05 etag:a 2:1/0/16 +2\nto 0\n"
    "stray 2.05 obs:7 +1\nover" },
  { "/core/observing-blocks/cancelled-first", BEGINNING "cancel\nover" },

  /* Max-Age and its 15 s do not count while the rest is on its way, but from then on. */
  { "/core/observing-blocks/timer/stale-while-it-is-fetched",
    OBSERVING "con 2.05 age:1 obs:6 2:0/1/16 +16\n> GET 2:1/0/16\nack\nwait 200\nquiet\n"
    "con 2.05 2:1/0/16 +2\nnote 2.05 obs:6 age:1 +18\nwait 5\nquiet\nstale\n"
    "> GET obs:0\ncancel\nover" },
  { "/core/observing-blocks/timer/timeout",
    "timeout 10\n" BEGINNING "ack\nwait 9\nquiet\nwait 1\n! 704\nover" },
  { "/core/observing-blocks/timer/inactivity",
    "timeout 10\n" BEGINNING "ack\nwait 9\ncon 2.05 etag:a 2:1/1/16 +16\n> GET 2:2/0/16\nack\n"
    "wait 9\nquiet\nwait 1\n! 704\nover" },
  { "/core/observing-blocks/timer/deadline",
    "deadline 20\n" SUBMITTED "ack\nwait 9\ncon 2.05 obs:5 2:0/1/16 +16\n> GET 2:1/0/16\nack\n"
    "wait 9\nto 0\nnon 2.05 obs:6 2:0/1/16 +16\n> GET 2:1/0/16\nack\nwait 1\nquiet\nwait 1\n"
    "! 704\nover" },
  { "/core/observing-blocks/timer/none-from-the-first-state-on",
    "deadline 20\n" BEGINNING "< 2.05 etag:a age:1000 2:1/0/16 +2\n"
    "note 2.05 etag:a obs:5 +18\nwait 60\nquiet\nto 0\ncon 2.05 obs:6 2:0/1/16 +16\n"
    "> GET 2:1/0/16\nack\nwait 240\nquiet\nwait 7\nquiet\ncancel\nover" },
};

static void
test_large_fetch_in_part (void)
{
  g_autoptr (TransferScript) script = transfer_script_new ();

  g_test_summary ("The rest of what a large FETCH observes is asked for by sending it again");
  transfer_script_run (script,
                       "block-size 16\nsubmit FETCH obs:0 +20\n"
                       "> FETCH obs:0 1:0/1/16 size1:20 tag +16\n< 2.31 1:0/1/16\n"
                       "> FETCH obs:0 2:0/0/16 1:1/0/16 tag +4\n"
                       "< 2.05 obs:5 2:0/1/16 1:1/0/16 +16");
  g_clear_pointer (&script->tag, g_bytes_unref);
  transfer_script_run (script,
                       "> FETCH 1:0/1/16 size1:20 tag +16\n< 2.31 1:0/1/16\n"
                       "> FETCH 2:0/0/16 1:1/0/16 tag +4\n< 2.05 2:0/1/16 1:1/0/16 +16\n"
                       "> FETCH 2:1/0/16 tag\n< 2.05 2:1/0/16 +1\n"
                       "note 2.05 obs:5 1:1/0/16 +17\ncancel\nover");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  transfer_script_add_rows (rows, G_N_ELEMENTS (rows));
  g_test_add_func ("/core/observing-blocks/large-fetch-in-part", test_large_fetch_in_part);

  return g_test_run ();
}
