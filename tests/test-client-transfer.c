/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "block-text.h"
#include "transfer-script.h"

#define PUT 3

/* The requests that the rows begin with. */
#define UPLOAD_40 "block-size 16\nsubmit PUT +40\n> PUT 1:0/1/16 size1:40 tag +16\n"
#define UPLOAD_20 "block-size 16\nsubmit PUT +20\n> PUT 1:0/1/16 size1:20 tag +16\n"
#define UPLOAD_64 "block-size 64\nsubmit PUT +150\n> PUT 1:0/1/64 size1:150 tag +64\n"
#define DOWNLOAD  "submit GET\n> GET\n"
#define BEGUN     DOWNLOAD "< 2.05 etag:a 2:0/1/16 +16\n> GET 2:1/0/16\n"

static const ScriptRow rows[] = {
  /* RFC 7959 sections 3.1 to 3.3 */
  { "/core/client-transfer/rfc7959/figure-2",
    DOWNLOAD
    "< 2.05 2:0/1/128 +128\n> GET 2:1/0/128\n"
    "< 2.05 2:1/1/128 +128\n> GET 2:2/0/128\n"
    "< 2.05 2:2/0/128 +100\n= 2.05 +356\nover" },
  { "/core/client-transfer/rfc7959/figure-3-early-negotiation",
    "block-size 64\nsubmit GET\n> GET 2:0/0/64\n"
    "< 2.05 2:0/1/64 +64\n> GET 2:1/0/64\n"
    "< 2.05 2:1/0/64 +64\n= 2.05 +128\nover" },
  { "/core/client-transfer/rfc7959/figure-4-late-negotiation",
    "block-size 64\nsubmit PUT\n> PUT\n"
    "< 2.04 2:0/1/128 +128\n> PUT 2:2/0/64\n"
    "< 2.04 2:2/1/64 +64\n> PUT 2:3/0/64\n"
    "< 2.04 2:3/0/64 +1\n= 2.04 +193\nover" },
  { "/core/client-transfer/rfc7959/figure-5-lost-request",
    BEGUN "wait 4\nrepeat\n< 2.05 etag:a 2:1/0/16 +4\n= 2.05 etag:a +20\nover" },
  { "/core/client-transfer/rfc7959/figure-7",
    UPLOAD_40
    "< 2.31 1:0/1/16\n> PUT 1:1/1/16 tag +16\n"
    "< 2.31 1:1/1/16\n> PUT 1:2/0/16 tag +8\n"
    "< 2.04 1:2/0/16\n= 2.04 1:2/0/16\nover" },
  { "/core/client-transfer/rfc7959/figure-8-stateless",
    UPLOAD_40
    "< 2.04 1:0/0/16\n> PUT 1:1/1/16 tag +16\n"
    "< 2.04 1:1/0/16\n> PUT 1:2/0/16 tag +8\n"
    "< 2.04 1:2/0/16\n= 2.04 1:2/0/16\nover" },
  { "/core/client-transfer/rfc7959/figure-9-negotiation",
    UPLOAD_64
    "< 2.31 1:0/1/32\n> PUT 1:2/1/32 tag +32\n"
    "< 2.31 1:2/1/32\n> PUT 1:3/1/32 tag +32\n"
    "< 2.31 1:3/1/32\n> PUT 1:4/0/32 tag +22\n"
    "< 2.04 1:4/0/32\n= 2.04 1:4/0/32\nover" },
  { "/core/client-transfer/rfc7959/figure-10-two-way",
    "submit POST +1100\n> POST 1:0/1/1024 size1:1100 tag +1024\n"
    "< 2.31 1:0/1/1024\n> POST 1:1/0/1024 tag +76\n"
    "< 2.04 2:0/1/128 1:1/0/1024 +128\n> POST 2:1/0/128 tag\n"
    "< 2.04 2:1/0/128 +1\n= 2.04 1:1/0/1024 +129\nover" },
  { "/core/client-transfer/rfc7959/figure-11-two-way-early-negotiation",
    "block-size 64\nsubmit POST +100\n> POST 1:0/1/64 size1:100 tag +64\n"
    "< 2.31 1:0/1/64\n> POST 2:0/0/64 1:1/0/64 tag +36\n"
    "< 2.04 2:0/1/64 1:1/0/64 +64\n> POST 2:1/0/64 tag\n"
    "< 2.04 2:1/0/64 +1\n= 2.04 1:1/0/64 +65\nover" },

  { "/core/client-transfer/size/reduced-on-the-way",
    DOWNLOAD "< 2.05 2:0/1/64 +64\n> GET 2:1/0/64\n< 2.05 2:2/1/32 +32\n> GET 2:3/0/32\n"
    "< 2.05 2:3/0/32 +2\n= 2.05 +98\nover" },
  { "/core/client-transfer/size/of-the-last-is-free",
    BEGUN "< 2.05 etag:a 2:1/0/16 +40\n= 2.05 etag:a +56\nover" },
  { "/core/client-transfer/size/one-block-is-whole",
    DOWNLOAD "< 2.05 2:0/0/64 +64\n= 2.05 2:0/0/64 +64\nover" },
  { "/core/client-transfer/size/one-block-goes-as-it-is",
    "block-size 64\nsubmit PUT +64\n> PUT +64\n< 2.04\n= 2.04\nover" },

  /* What an application says of blocks itself is about one block. */
  { "/core/client-transfer/own-option/block2",
    "submit GET 2:3/0/16\n> GET 2:3/0/16\n< 2.05 2:3/1/16 +16\n= 2.05 2:3/1/16 +16\nover" },
  { "/core/client-transfer/own-option/block2-with-a-small-preference",
    "block-size 16\nsubmit GET 2:0/0/64\n> GET 2:0/0/64\n< 2.05 2:0/1/64 +64\n"
    "= 2.05 2:0/1/64 +64\nover" },
  { "/core/client-transfer/own-option/block2-with-an-upload",
    "block-size 16\nsubmit POST 2:0/0/64 +20\n> POST 1:0/1/16 size1:20 tag +16\n"
    "< 2.31 1:0/1/16\n> POST 2:0/0/64 1:1/0/16 tag +4\n< 2.04 1:1/0/16\n= 2.04 1:1/0/16\nover" },
  { "/core/client-transfer/own-option/block1",
    "block-size 16\nsubmit PUT 1:1/1/32 +32\n> PUT 1:1/1/32 +32\n< 2.31 1:1/1/32\n"
    "= 2.31 1:1/1/32\nover" },
  { "/core/client-transfer/own-option/block1-too-large",
    "submit PUT 1:1/1/32 +32\n> PUT 1:1/1/32 +32\n< 4.13 1:1/1/16\n= 4.13 1:1/1/16\nover" },
  { "/core/client-transfer/own-option/size1",
    "block-size 16\nsubmit PUT size1:7 +20\n> PUT 1:0/1/16 size1:20 tag +16\ncancel\nover" },

  { "/core/client-transfer/options/if-none-match-on-the-first-only",
    "block-size 16\nsubmit PUT inm cf:50 +20\n> PUT inm cf:50 1:0/1/16 size1:20 tag +16\n"
    "< 2.31 1:0/1/16\n> PUT cf:50 1:1/0/16 tag +4\n"
    "< 2.01 2:0/1/16 1:1/0/16 +16\n> PUT cf:50 2:1/0/16 tag\n"
    "< 2.01 2:1/0/16 +1\n= 2.01 1:1/0/16 +17\nover" },
  { "/core/client-transfer/options/no-observe-on-the-later",
    "submit GET obs:1\n> GET obs:1\n< 2.05 2:0/1/16 +16\n> GET 2:1/0/16\n"
    "< 2.05 2:1/0/16 +1\n= 2.05 +17\nover" },
  { "/core/client-transfer/options/fetch-repeats-its-body",
    "submit FETCH +10\n> FETCH +10\n< 2.05 2:0/1/16 +16\n> FETCH 2:1/0/16 +10\n"
    "< 2.05 2:1/0/16 +1\n= 2.05 +17\nover" },
  { "/core/client-transfer/options/post-does-not",
    "submit POST +10\n> POST +10\n< 2.04 2:0/1/16 +16\n> POST 2:1/0/16\n"
    "< 2.04 2:1/0/16 +1\n= 2.04 +17\nover" },
  { "/core/client-transfer/options/large-fetch",
    "submit FETCH +1100\n> FETCH 1:0/1/1024 size1:1100 tag +1024\n"
    "< 2.31 1:0/1/1024\n> FETCH 1:1/0/1024 tag +76\n"
    "< 2.05 2:0/1/16 1:1/0/1024 +16\n> FETCH 2:1/0/16 tag\n"
    "< 2.05 2:1/0/16 +1\n= 2.05 1:1/0/1024 +17\nover" },
  { "/core/client-transfer/options/of-the-first-are-those-of-the-whole",
    DOWNLOAD "< 2.05 etag:a cf:50 age:9 2:0/1/16 size2:20 +16\n> GET 2:1/0/16\n"
    "< 2.05 etag:a age:5 2:1/0/16 +4\n= 2.05 etag:a cf:50 age:9 size2:20 +20\nover" },

  /* RFC 7959 section 2.9.3 */
  { "/core/client-transfer/too-large/smaller",
    UPLOAD_64 "< 4.13 1:0/1/32\n> PUT 1:0/1/32 size1:150 tag +32\n< 4.13 1:0/1/16\n"
    "> PUT 1:0/1/16 size1:150 tag +16\n< 4.13 1:0/1/16\n= 4.13 1:0/1/16\nover" },
  { "/core/client-transfer/too-large/same",
    UPLOAD_64 "< 4.13 1:0/1/64 size1:100\n= 4.13 1:0/1/64 size1:100\nover" },
  { "/core/client-transfer/too-large/larger",
    UPLOAD_64 "< 4.13 1:0/1/128\n= 4.13 1:0/1/128\nover" },
  { "/core/client-transfer/too-large/no-option", UPLOAD_64 "< 4.13\n= 4.13\nover" },
  { "/core/client-transfer/too-large/reserved",
    UPLOAD_64 "< 4.13 1:0/1/2048\n= 4.13 1:0/1/2048\nover" },
  { "/core/client-transfer/too-large/in-the-midst",
    UPLOAD_64 "< 2.31 1:0/1/64\n> PUT 1:1/1/64 tag +64\n< 4.13 1:1/1/32\n"
    "> PUT 1:0/1/32 size1:150 tag +32\ncancel\nover" },
  { "/core/client-transfer/too-large/last-block",
    "block-size 64\nsubmit PUT +70\n> PUT 1:0/1/64 size1:70 tag +64\n< 2.31 1:0/1/64\n"
    "> PUT 1:1/0/64 tag +6\n< 4.13 1:1/0/32\n> PUT 1:0/1/32 size1:70 tag +32\ncancel\nover" },
  { "/core/client-transfer/too-large/hint-to-plain",
    "submit PUT +100\n> PUT +100\n< 4.13 1:0/0/64\n> PUT 1:0/1/64 size1:100 tag +64\n"
    "< 2.31 1:0/1/64\n> PUT 1:1/0/64 tag +36\n< 2.04 1:1/0/64\n= 2.04 1:1/0/64\nover" },
  { "/core/client-transfer/too-large/hint-of-no-use",
    "submit PUT +64\n> PUT +64\n< 4.13 1:0/0/64\n= 4.13 1:0/0/64\nover" },
  { "/core/client-transfer/too-large/hint-to-none",
    "submit GET\n> GET\n< 4.13 1:0/0/64\n= 4.13 1:0/0/64\nover" },

  { "/core/client-transfer/upload/continue-on-the-last",
    UPLOAD_20 "< 2.31 1:0/1/16\n> PUT 1:1/0/16 tag +4\n< 2.31 1:1/0/16\n! 702\nover" },
  { "/core/client-transfer/upload/success-before-the-end", UPLOAD_20 "< 2.04\n! 702\nover" },
  { "/core/client-transfer/upload/wrong-number", UPLOAD_20 "< 2.31 1:1/1/16\n! 702\nover" },
  { "/core/client-transfer/upload/reserved-size", UPLOAD_20 "< 2.31 1:0/1/2048\n! 702\nover" },
  { "/core/client-transfer/upload/error-in-the-midst",
    UPLOAD_20 "< 2.31 1:0/1/16\n> PUT 1:1/0/16 tag +4\n< 4.08 +10\n= 4.08 +10\nover" },
  { "/core/client-transfer/upload/large-error-in-the-midst",
    UPLOAD_20 "< 5.00 2:0/1/16 +16\n> PUT 2:1/0/16 tag\n< 5.00 2:1/0/16 +1\n= 5.00 +17\nover" },

  { "/core/client-transfer/download/too-short", BEGUN "< 2.05 etag:a 2:1/1/16 +15\n! 702\nover" },
  { "/core/client-transfer/download/too-long", BEGUN "< 2.05 etag:a 2:1/1/16 +17\n! 702\nover" },
  { "/core/client-transfer/download/empty", BEGUN "< 2.05 etag:a 2:1/1/16\n! 702\nover" },
  { "/core/client-transfer/download/first-empty", DOWNLOAD "< 2.05 2:0/1/16\n! 702\nover" },
  { "/core/client-transfer/download/wrong-number",
    BEGUN "< 2.05 etag:a 2:2/1/16 +16\n! 702\nover" },
  { "/core/client-transfer/download/same-number", BEGUN "< 2.05 etag:a 2:0/1/16 +16\n! 702\nover" },
  { "/core/client-transfer/download/begins-late", DOWNLOAD "< 2.05 2:1/1/16 +16\n! 702\nover" },
  { "/core/client-transfer/download/begins-at-the-end",
    DOWNLOAD "< 2.05 2:1/0/16 +16\n! 702\nover" },
  { "/core/client-transfer/download/reserved-size", DOWNLOAD "< 2.05 2:0/1/2048 +16\n! 702\nover" },
  { "/core/client-transfer/download/reserved-size-later",
    BEGUN "< 2.05 etag:a 2:1/0/2048 +16\n! 702\nover" },
  { "/core/client-transfer/download/no-option", BEGUN "< 2.05 etag:a +16\n! 702\nover" },
  { "/core/client-transfer/download/option-of-four-bytes",
    DOWNLOAD "< 2.05 2:1048576/0/16 +16\n! 701\nover" },
  { "/core/client-transfer/download/option-twice",
    DOWNLOAD "< 2.05 2:0/1/16 2:0/1/16 +16\n! 701\nover" },
  { "/core/client-transfer/download/error-in-the-midst",
    BEGUN "< 4.04 +9\n= 4.04 +9\nover" },
  { "/core/client-transfer/download/large-error",
    DOWNLOAD "< 5.03 2:0/1/16 +16\n> GET 2:1/0/16\n< 5.03 2:1/0/16 +1\n= 5.03 +17\nover" },
  { "/core/client-transfer/download/above-the-cap",
    "max-body 39\n" BEGUN "< 2.05 etag:a 2:1/1/16 +16\n> GET 2:2/0/16\n"
    "< 2.05 etag:a 2:2/0/16 +8\n! 702\nover" },
  { "/core/client-transfer/download/at-the-cap",
    "max-body 20\n" BEGUN "< 2.05 etag:a 2:1/0/16 +4\n= 2.05 etag:a +20\nover" },
  { "/core/client-transfer/download/announced-above-the-cap",
    "max-body 39\n" DOWNLOAD "< 2.05 2:0/1/16 size2:40 +16\n! 702\nover" },
  { "/core/client-transfer/download/announced-at-the-cap",
    "max-body 40\n" DOWNLOAD "< 2.05 2:0/1/16 size2:40 +16\n> GET 2:1/0/16\ncancel\nover" },

  { "/core/client-transfer/changed/begins-anew",
    BEGUN "< 2.05 etag:b 2:1/1/16 +16\n> GET 2:0/0/16\n< 2.05 etag:b 2:0/1/16 +16\n"
    "> GET 2:1/0/16\n< 2.05 etag:b 2:1/0/16 +2\n= 2.05 etag:b +18\nover" },
  { "/core/client-transfer/changed/begins-anew-and-is-small",
    BEGUN "< 2.05 etag:b 2:1/1/16 +16\n> GET 2:0/0/16\n< 2.05 etag:b +5\n= 2.05 etag:b +5\nover" },
  { "/core/client-transfer/changed/begins-anew-and-is-empty",
    BEGUN "< 2.05 etag:b 2:1/1/16 +16\n> GET 2:0/0/16\n< 2.05 etag:b\n= 2.05 etag:b\nover" },
  { "/core/client-transfer/changed/begins-anew-and-is-gone",
    BEGUN "< 2.05 etag:b 2:1/1/16 +16\n> GET 2:0/0/16\n< 4.04 +5\n= 4.04 +5\nover" },
  { "/core/client-transfer/changed/etag-is-gone",
    BEGUN "< 2.05 2:1/1/16 +16\n> GET 2:0/0/16\ncancel\nover" },
  { "/core/client-transfer/changed/other-format",
    DOWNLOAD "< 2.05 cf:50 2:0/1/16 +16\n> GET 2:1/0/16\n< 2.05 cf:60 2:1/0/16 +1\n"
    "> GET 2:0/0/16\ncancel\nover" },
  { "/core/client-transfer/changed/other-success",
    BEGUN "< 2.03 etag:a\n> GET 2:0/0/16\n< 2.03 etag:a\n= 2.03 etag:a\nover" },
  { "/core/client-transfer/changed/always",
    BEGUN
    "< 2.05 etag:b 2:1/1/16 +16\n> GET 2:0/0/16\n< 2.05 etag:b 2:0/1/16 +16\n> GET 2:1/0/16\n"
    "< 2.05 etag:c 2:1/1/16 +16\n> GET 2:0/0/16\n< 2.05 etag:c 2:0/1/16 +16\n> GET 2:1/0/16\n"
    "< 2.05 etag:d 2:1/1/16 +16\n> GET 2:0/0/16\n< 2.05 etag:d 2:0/1/16 +16\n> GET 2:1/0/16\n"
    "< 2.05 etag:e 2:1/1/16 +16\n> GET 2:0/0/16\n< 2.05 etag:e 2:0/1/16 +16\n> GET 2:1/0/16\n"
    "< 2.05 etag:f 2:1/1/16 +16\n! 702\nover" },
  { "/core/client-transfer/changed/fetch",
    "submit FETCH +9\n> FETCH +9\n< 2.05 etag:a 2:0/1/16 +16\n> FETCH 2:1/0/16 +9\n"
    "< 2.05 etag:b 2:1/1/16 +16\n> FETCH 2:0/0/16 +9\ncancel\nover" },
  { "/core/client-transfer/changed/large-fetch",
    "block-size 16\nsubmit FETCH +20\n> FETCH 1:0/1/16 size1:20 tag +16\n< 2.31 1:0/1/16\n"
    "> FETCH 2:0/0/16 1:1/0/16 tag +4\n< 2.05 etag:a 2:0/1/16 1:1/0/16 +16\n"
    "> FETCH 2:1/0/16 tag\n< 2.05 etag:b 2:1/0/16 +16\n! 702\nover" },
  { "/core/client-transfer/changed/post",
    "submit POST\n> POST\n< 2.04 etag:a 2:0/1/16 +16\n> POST 2:1/0/16\n"
    "< 2.04 etag:b 2:1/1/16 +16\n! 702\nover" },
};

/* RFC 7252 on the way: section 5.2 and the timers. */
static const ScriptRow message_rows[] = {
  { "/core/client-transfer/message/separate",
    DOWNLOAD "ack\nquiet\ncon 2.05 2:0/1/16 +16\n> GET 2:1/0/16\nack\n"
    "con 2.05 2:1/1/16 +16\n> GET 2:2/0/16\nack\nnon 2.05 2:2/0/16 +1\n= 2.05 +33\nover" },
  { "/core/client-transfer/message/separate-upload",
    UPLOAD_20 "ack\ncon 2.31 1:0/1/16\n> PUT 1:1/0/16 tag +4\nack\ncon 2.04 1:1/0/16\n"
    "= 2.04 1:1/0/16\nover" },
  { "/core/client-transfer/message/overtakes-the-acknowledgement",
    DOWNLOAD "con 2.05 2:0/1/16 +16\n> GET 2:1/0/16\nto 0\nack\nquiet\nto 1\n"
    "< 2.05 2:1/0/16 +1\n= 2.05 +17\nover" },
  { "/core/client-transfer/message/duplicate-piggybacked",
    DOWNLOAD "< 2.05 2:0/1/16 +16\n> GET 2:1/0/16\nagain\nquiet\n"
    "< 2.05 2:1/1/16 +16\n> GET 2:2/0/16\nagain\nquiet\n< 2.05 2:2/0/16 +1\nagain\n"
    "= 2.05 +33\nover" },
  { "/core/client-transfer/message/duplicate-confirmable",
    DOWNLOAD "con 2.05 2:0/1/16 +16\n> GET 2:1/0/16\nagain\nquiet\nack\n"
    "con 2.05 2:1/1/16 +16\n> GET 2:2/0/16\nagain\nquiet\nack\n"
    "con 2.05 2:2/0/16 +1\n= 2.05 +33\nagain\nover" },
  { "/core/client-transfer/message/duplicate-non",
    "submit GET non\n> GET non\nnon 2.05 2:0/1/16 +16\n> GET non 2:1/0/16\nagain\nquiet\n"
    "non 2.05 2:1/0/16 +1\n= 2.05 +17\nagain\nover" },
  { "/core/client-transfer/message/late",
    BEGUN "to 0\nnon 2.05 etag:z 2:0/0/16 +3\nquiet\n"
    "< 2.05 etag:z\nquiet\nto 1\n< 2.05 etag:a 2:1/0/16 +1\n= 2.05 etag:a +17\nover" },
  { "/core/client-transfer/message/late-upload",
    UPLOAD_40 "< 2.31 1:0/1/16\n> PUT 1:1/1/16 tag +16\nto 0\nnon 2.31 1:0/1/16\nquiet\n"
    "reset\nicmp\nquiet\ncancel\nover" },
  { "/core/client-transfer/message/reset-in-the-midst", BEGUN "reset\n! 708\nover" },
  { "/core/client-transfer/message/undeliverable-in-the-midst", BEGUN "icmp\n! 705\nover" },
  { "/core/client-transfer/message/cancelled-in-the-midst",
    BEGUN "cancel\n< 2.05 etag:a 2:1/0/16 +1\nnon 2.05 etag:a 2:1/0/16 +1\nover" },
  { "/core/client-transfer/message/cancelled-while-it-waits",
    BEGUN "ack\ncancel\nstray 2.05 etag:a 2:1/0/16 +1\nover" },
  { "/core/client-transfer/message/cancelled-upload",
    UPLOAD_20 "< 2.31 1:0/1/16\n> PUT 1:1/0/16 tag +4\ncancel\nover" },
  { "/core/client-transfer/message/given-up",
    BEGUN "wait 3\nrepeat\nwait 6\nrepeat\nwait 12\nrepeat\nwait 24\nrepeat\nquiet\n"
    "wait 48\n! 704\nover" },
  { "/core/client-transfer/message/silence-after-the-acknowledgement",
    BEGUN "ack\nwait 246\nquiet\nwait 1\n! 704\nover" },
  { "/core/client-transfer/message/silence-after-non",
    "submit GET non\n> GET non\nwait 201\nnon 2.05 2:0/1/16 +16\n> GET non 2:1/0/16\nwait 201\n"
    "quiet\nwait 1\n! 704\nover" },
  { "/core/client-transfer/message/timer-of-the-one-before",
    DOWNLOAD "ack\nwait 240\ncon 2.05 2:0/1/16 +16\n> GET 2:1/0/16\n< 2.05 2:1/1/16 +16\n"
    "> GET 2:2/0/16\nack\nwait 240\nquiet\ncon 2.05 2:2/0/16 +1\n= 2.05 +33\nover" },
  { "/core/client-transfer/message/inactivity",
    "timeout 10\nsubmit GET non\n> GET non\nwait 9\nnon 2.05 2:0/1/16 +16\n> GET non 2:1/0/16\n"
    "wait 9\nquiet\nnon 2.05 2:1/1/16 +16\n> GET non 2:2/0/16\nwait 9\nquiet\nwait 1\n! 704\n"
    "over" },
  { "/core/client-transfer/message/deadline",
    "deadline 20\nsubmit GET non\n> GET non\nwait 9\nnon 2.05 2:0/1/16 +16\n> GET non 2:1/0/16\n"
    "wait 9\nnon 2.05 2:1/1/16 +16\n> GET non 2:2/0/16\nwait 1\nquiet\nwait 1\n! 704\nover" },
  { "/core/client-transfer/message/multicast",
    "group\nsubmit GET non\n> GET non\nnon 2.05 2:0/1/16 +16\n> GET non 2:1/0/16\n"
    "to 0\nnon 2.05 +3\nquiet\nto 1\nnon 2.05 2:1/0/16 +1\n= 2.05 +17\nover" },
  { "/core/client-transfer/message/multicast-then-confirmable",
    "group\nsubmit GET\n> GET non\nnon 2.05 2:0/1/16 +16\n> GET 2:1/0/16\n"
    "< 2.05 2:1/0/16 +1\n= 2.05 +17\nover" },
  { "/core/client-transfer/message/multicast-broken",
    "group\nsubmit GET non\n> GET non\nnon 2.05 2:1/1/16 +16\nquiet\nnon 2.05 2:0/1/16\nquiet\n"
    "non 2.05 2:0/1/16 +16\n> GET non 2:1/0/16\nnon 2.05 2:1/0/16 +1\n= 2.05 +17\nover" },
};

static void
test_tags_differ (void)
{
  g_autoptr (TransferScript) script = transfer_script_new ();
  g_autoptr (GBytes) tag = NULL;

  g_test_summary ("Each transfer has a Request-Tag of its own, RFC 9175 section 3.3");
  transfer_script_run (script, UPLOAD_20);
  tag = g_steal_pointer (&script->tag);
  transfer_script_run (script, "cancel\n" UPLOAD_20);
  g_assert_false (g_bytes_equal (tag, script->tag));
}

/* The block of this number, on the acknowledgement. */
static void
answer_block (TransferScript *script,
              SentMessage    *sent,
              guint           number,
              gboolean        more)
{
  g_autofree char *text = g_strdup_printf ("2.05 2:%u/%d/16 +16", number, more);
  g_auto (BlockText) response = { 0 };
  GCoapFrame frame;

  block_text_init (&response, text);
  block_text_get_frame (&response, &frame);
  frame.type = GCOAP_MESSAGE_TYPE_ACK;
  frame.message_id = sent->frame.message_id;
  frame.token = sent->frame.token;
  frame.token_length = sent->frame.token_length;
  core_fixture_receive_frame (script->core, 2, &frame);
}

static void
test_many_blocks (void)
{
  const guint n_blocks = 70000;
  g_autoptr (TransferScript) script = transfer_script_new ();
  g_autoptr (GBytes) body = block_text_body (0, n_blocks * 16);
  GCoapEvent event;

  g_test_summary ("A transfer may have more blocks than there are Message IDs");
  transfer_script_run (script, "submit GET");
  for (guint i = 0; i < n_blocks; i++)
    {
      g_autoptr (SentMessage) sent = NULL;

      core_fixture_advance (script->core, SECOND / 100);
      sent = core_fixture_expect_sent (script->core, GCOAP_MESSAGE_TYPE_CON, GET);
      answer_block (script, sent, i, i < n_blocks - 1);
    }
  event = core_fixture_expect_event (script->core, GCOAP_EVENT_RESPONSE);
  g_assert_true (g_bytes_equal (gcoap_message_get_payload (event.message), body));
}

static int
submit_body (guint method,
             guint block_size,
             gsize length)
{
  g_autoptr (TransferScript) script = transfer_script_new ();
  g_autoptr (GCoapMessage) message = gcoap_message_new (method);
  g_autoptr (GBytes) body = block_text_body (0, length);
  int error;

  gcoap_engine_get_parameters (script->core->engine)->block_size = block_size;
  gcoap_message_set_payload (message, body);
  gcoap_engine_submit (script->core->engine, &script->remote, message, &script->patience, NULL,
                       script->core->now, &error);

  return error;
}

static void
test_body_too_large (void)
{
  g_test_summary ("A body that has more blocks than there are numbers is refused at once");
  g_assert_cmpint (submit_body (PUT, 16, (16 << 20) + 1), ==, EMSGSIZE);
  g_assert_cmpint (submit_body (PUT, 16, 16 << 20), ==, 0);
}

#define ADD(path, test) g_test_add_func ("/core/client-transfer/" path, test)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  transfer_script_add_rows (rows, G_N_ELEMENTS (rows));
  transfer_script_add_rows (message_rows, G_N_ELEMENTS (message_rows));
  ADD ("tags-differ", test_tags_differ);
  ADD ("many-blocks", test_many_blocks);
  ADD ("body-too-large", test_body_too_large);

  return g_test_run ();
}
