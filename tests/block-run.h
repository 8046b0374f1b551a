/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "simulator.h"

G_BEGIN_DECLS

#define BLOCK_RUN_SERVER 0

/* How a transfer may end apart from its success; 4.04 is what the application answers to a request
 * that it cannot make out. */
typedef enum
{
  MAY_BREAK       = 1 << 0, /* 702 */
  MAY_TIME_OUT    = 1 << 1, /* 704 */
  MAY_BE_RESET    = 1 << 2, /* 708 */
  MAY_GET_4_00    = 1 << 3,
  MAY_GET_4_04    = 1 << 4,
  MAY_GET_4_08    = 1 << 5,
  MAY_GET_4_13    = 1 << 6,
  MAY_GET_5_00    = 1 << 7,
  MAY_GET_5_03    = 1 << 8,
} BlockRunMay;

/* Which of the bodies are streams. */
typedef enum
{
  CLIENT_SENDS    = 1 << 0,
  CLIENT_RECEIVES = 1 << 1,
  SERVER_SENDS    = 1 << 2,
  SERVER_RECEIVES = 1 << 3,
  ALL_STREAMS     = 0xf,
} BlockRunStreams;

/* Clients that move bodies to and from one server. What is 0 is as the parameters have it. */
typedef struct
{
  const char      *name;
  guint8           method;
  guint            n_transfers;
  guint            n_clients;
  guint            n_at_once;      /* of one client */
  gsize            min_size;       /* of the bodies; those of a POST and their answers */
  gsize            max_size;
  guint            client_block;   /* a power of two; 0: each client another */
  guint            server_block;
  gboolean         is_non;         /* the requests */
  gboolean         answers_non;    /* what is answered late */
  gboolean         has_one_uri;    /* for all transfers; else one each */
  gboolean         changes;        /* each answer to a GET is another version */
  guint            streams;        /* BlockRunStreams: may be streams, by chance */
  double           breakage;       /* the probability of a part that cannot be read or taken */
  gint64           max_slowness;   /* of the server's answers */
  gint64           max_part_delay; /* before a part is supplied, or the next is asked for */
  guint            n_restarts;     /* of the server, in the first minute */
  guint            n_crashes;      /* of clients */
  guint            max_transfers;
  gsize            transfer_cache_size;
  gsize            max_body_size;
  guint            may;            /* BlockRunMay */
  SimulatorLink    link;
} BlockScenario;

typedef struct
{
  const BlockScenario *scenario;
  GCoapParameters      parameters;  /* the server's */
  Simulator           *simulator;
  GArray              *transfers;   /* (element-type Transfer) by number */
  GHashTable          *numbers;     /* of the transfers under way, by node and id */
  GHashTable          *bodies;      /* their numbers by what they have sent */
  GHashTable          *requests;    /* that the server has not answered, by id */
  GHashTable          *uploads;     /* to the server that are offered or streams, by id */
  GHashTable          *answers;     /* of the server that are streams, by id */
  guint                n_submitted;
  guint                n_crashed;
  guint                n_told;      /* to the server's application */
  guint                n_over;      /* and how many of them have ended there */
  guint                n_lost;      /* by restarts */
  guint                n_restarted;
  guint                n_succeeded;
  guint                n_failed;    /* without a response */
  guint                n_refused;   /* with another one than of success */
  guint                n_parts;
  guint                version;     /* of what changes */
  guint64              trace;
} BlockRun;

/* What a client does: one request, and what has become of it. */
typedef struct
{
  guint       number;
  guint       node;
  guint64     id;
  GBytes     *body;        /* (owned) that it sends */
  gboolean    sends;       /* as a stream */
  gboolean    receives;    /* as a stream */
  GByteArray *received;    /* (owned) what has come of a stream */
  gboolean    has_last;    /* and whether that is all */
  gsize       wanted;      /* the offset of the part to supply */
  guint       n_handled;   /* by the server's application */
  guint       n_ended;
} Transfer;

Transfer *block_run_get_transfer (BlockRun            *self,
                                  guint                number);
double    block_run_draw         (BlockRun            *self);
gboolean  block_run_chooses      (BlockRun            *self,
                                  BlockRunStreams      stream);
/* The bodies, each of its own size and content. */
GBytes   *block_run_make_body    (BlockRun            *self,
                                  guint                number);
GBytes   *block_run_make_answer  (BlockRun            *self,
                                  guint                number);
GBytes   *block_run_make_version (BlockRun            *self,
                                  guint                number,
                                  guint                version);
/* Whether a body is what it should be. Where links cut datagrams the end of it may be missing. */
gboolean  block_run_is_body      (BlockRun            *self,
                                  GBytes              *body,
                                  GBytes              *expected);
/* As much of a body as is wanted, or more. NULL: it cannot be read. */
GBytes   *block_run_make_part    (BlockRun            *self,
                                  GBytes              *body,
                                  gsize                offset,
                                  gsize                size,
                                  gboolean            *out_is_last);
/* Calls within the delay of the scenario's parts. */
void      block_run_call_later   (BlockRun            *self,
                                  SimulatorCallFunc    func,
                                  guint                node,
                                  guint64              id);

/* block-run-server.c: the server's application. */
void      block_run_set_up_server     (BlockRun         *self);
void      block_run_handle_server     (BlockRun         *self,
                                       const GCoapEvent *event);
void      block_run_restart_server    (BlockRun         *self);
void      block_run_tear_down_server  (BlockRun         *self);

/* Runs to the end, and checks what holds of all runs. */
void block_run_scenario  (BlockRun            *self,
                          const BlockScenario *scenario,
                          guint32              seed);
void block_run_report    (BlockRun            *self);
void block_run_tear_down (BlockRun            *self);

G_END_DECLS
