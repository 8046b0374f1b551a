/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/gcoap-engine-private.h"

#include "core/gcoap-packet-private.h"
#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-option-number.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

#define N_DATAGRAMS   100000
#define N_PEERS       4
#define N_RESOURCES   3
#define BODY_SIZE     5000
#define PAYLOAD_MAX   1200
#define MAX_TRANSFERS 16
#define CACHE_SIZE    (64 * 1024)
#define MAX_BODY_SIZE 8192

/* Of the transfers that are begun and left. */
#define N_TRANSFERS   300
#define N_BLOCKS      5

/* The most that one datagram may set off: an answer, and what makes room for it. */
#define MAX_ANSWERS   (2 + MAX_TRANSFERS)

/* What a peer sends next when it behaves well for once. */
typedef struct
{
  guint8     code;
  char       path;
  guint8     tag;
  GCoapBlock block;
} Upload;

/* A server, whose application does what comes to its mind, and peers that send it anything that has
 * block options. */
typedef struct
{
  GCoapParameters  parameters;
  GCoapEngine     *engine;
  GRand           *random;
  gint64           now;
  guint16          message_id;
  Upload           uploads[N_PEERS];
  GBytes          *body;    /* (owned) that the application answers with */
  GHashTable      *bodies;  /* (element-type guint64) whose end the engine has to tell */
  GHashTable      *offered; /* (element-type guint64) and those that may be collected */
  GArray          *ids;     /* (element-type guint64) that were told, of whatever */
  guint            n_requests;
  guint            n_over;
  guint            n_answers;
  guint            n_uploads;
  guint            n_parts;
} Hostile;

static guint
choose (Hostile *self,
        guint    n)
{
  return g_rand_int_range (self->random, 0, n);
}

static void
note (GHashTable *table,
      guint64     id)
{
  g_hash_table_add (table, g_memdup2 (&id, sizeof id));
}

static guint64
choose_id (Hostile *self)
{
  return g_array_index (self->ids, guint64, choose (self, self->ids->len));
}

static void
note_id (Hostile *self,
         guint64  id)
{
  if (self->ids->len < 256)
    g_array_append_val (self->ids, id);
  else
    g_array_index (self->ids, guint64, choose (self, self->ids->len)) = id;
}

static void
respond (Hostile *self,
         guint64  id)
{
  static const guint8 codes[] = {
    GCOAP_CODE_CONTENT, GCOAP_CODE_CONTENT, GCOAP_CODE_CHANGED, GCOAP_CODE_NOT_FOUND,
  };
  GCoapFrame frame = { .code = codes[choose (self, G_N_ELEMENTS (codes))] };
  g_autoptr (GBytes) body = g_bytes_new_from_bytes (self->body, choose (self, 10),
                                                    choose (self, BODY_SIZE - 10));
  guint64 stream;

  if (choose (self, 3) > 0)
    {
      gcoap_engine_respond (self->engine, id, &frame, body, choose (self, 2), self->now);
      return;
    }

  stream = gcoap_engine_respond_with_stream (self->engine, id, &frame,
                                             choose (self, 2) ? -1 : BODY_SIZE,
                                             choose (self, 2), self->now);
  if (stream != 0)
    {
      note (self->bodies, stream);
      note_id (self, stream);
    }
}

static void
supply (Hostile *self,
        guint64  id,
        gsize    offset)
{
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (self->body, 0, choose (self, 3000));

  gcoap_engine_supply (self->engine, id, choose (self, 20) > 0 ? part : NULL, offset,
                       choose (self, 4) == 0, self->now);
}

static void
collect (Hostile *self,
         guint64  id)
{
  if (g_hash_table_remove (self->offered, &id))
    g_hash_table_remove (self->bodies, &id);
  gcoap_engine_collect (self->engine, id, self->now);
}

static void
refuse (Hostile *self,
        guint64  id)
{
  gcoap_engine_refuse (self->engine, id, GCOAP_CODE_FORBIDDEN, self->now);
}

static void
go_on (Hostile *self,
       guint64  id)
{
  g_hash_table_remove (self->offered, &id);
  gcoap_engine_continue (self->engine, id, self->now);
}

static void
notify (Hostile *self)
{
  GCoapFrame frame = { .code = GCOAP_CODE_CONTENT };

  gcoap_engine_notify (self->engine, "coap://server/0", &frame, self->body, choose (self, 2),
                       self->now);
}

/* Also what makes no sense: to the wrong thing, at the wrong time, or once more. */
static void
do_anything (Hostile *self)
{
  if (self->ids->len == 0)
    return;

  switch (choose (self, 8))
    {
    case 0:
      respond (self, choose_id (self));
      break;

    case 1:
      supply (self, choose_id (self), 16 * choose (self, 300));
      break;

    case 2:
      go_on (self, choose_id (self));
      break;

    case 3:
      collect (self, choose_id (self));
      break;

    case 4:
      notify (self);
      break;

    default:
      break;
    }
}

static void
take_request (Hostile          *self,
              const GCoapEvent *event)
{
  GBytes *payload = gcoap_message_get_payload (event->message);

  self->n_requests++;
  g_assert_cmpuint (payload != NULL ? g_bytes_get_size (payload) : 0, <=, MAX_BODY_SIZE);
  if (event->upload != 0)
    g_assert_true (g_hash_table_remove (self->bodies, &event->upload));
  if (event->is_registration && choose (self, 2))
    gcoap_engine_observe (self->engine, event->id, event->message, "coap://server/0", self->now);
  if (choose (self, 4) > 0)
    respond (self, event->id);
}

static void
take_upload (Hostile          *self,
             const GCoapEvent *event)
{
  self->n_uploads++;
  note (self->bodies, event->id);
  note (self->offered, event->id);
  switch (choose (self, 8))
    {
    case 0:
      g_hash_table_remove (self->bodies, &event->id);
      refuse (self, event->id);
      break;

    case 1:
      break;

    case 2:
    case 3:
    case 4:
      go_on (self, event->id);
      break;

    default:
      collect (self, event->id);
    }
}

static void
take_event (Hostile          *self,
            const GCoapEvent *event)
{
  switch (event->kind)
    {
    case GCOAP_EVENT_REQUEST:
      take_request (self, event);
      break;

    case GCOAP_EVENT_UPLOAD:
      take_upload (self, event);
      break;

    case GCOAP_EVENT_PART:
      self->n_parts++;
      if (choose (self, 6) > 0)
        go_on (self, event->id);
      break;

    case GCOAP_EVENT_PART_WANTED:
      if (choose (self, 6) > 0)
        supply (self, event->id, event->offset);
      break;

    case GCOAP_EVENT_BODY_OVER:
      self->n_over++;
      g_hash_table_remove (self->bodies, &event->id);
      break;

    default:
      break;
    }
}

static void
settle (Hostile *self)
{
  const GCoapDatagram *datagrams;
  GCoapEvent event;
  guint n_events = 0;
  guint n_datagrams;

  while (gcoap_engine_pop_event (self->engine, &event))
    {
      if (event.id != 0)
        note_id (self, event.id);
      take_event (self, &event);
      g_clear_pointer (&event.message, gcoap_message_unref);
      g_assert_cmpuint (++n_events, <, 10000);
    }
  g_assert_cmpuint (g_hash_table_size (self->bodies), <=, MAX_TRANSFERS);

  n_datagrams = gcoap_engine_peek_datagrams (self->engine, &datagrams);
  self->n_answers += n_datagrams;
  gcoap_engine_drop_datagrams (self->engine, n_datagrams);
}

/* A number that begins, goes on, jumps, or is out of all bounds; any size, also the reserved. */
static void
add_block (Hostile      *self,
           GCoapOptions *options,
           guint         number)
{
  static const guint32 limits[] = { 4, 4, 16, 300, 1 << 20 };
  guint32 block = choose (self, limits[choose (self, G_N_ELEMENTS (limits))]);
  guint8 value[5];

  if (choose (self, 20) == 0)
    {
      for (guint i = 0; i < sizeof value; i++)
        value[i] = choose (self, 256);
      gcoap_options_add (options, number, value, choose (self, sizeof value + 1));
    }
  else
    gcoap_options_add_uint (options, number,
                            block << 4 | choose (self, 2) << 3 | choose (self, 20) % 8);
}

static void
add_uint (Hostile      *self,
          GCoapOptions *options,
          guint         number,
          guint         one_in)
{
  static const guint32 values[] = { 0, 1, 5000, 100000, G_MAXUINT32 };

  if (choose (self, one_in) == 0)
    gcoap_options_add_uint (options, number, values[choose (self, G_N_ELEMENTS (values))]);
}

static void
add_options (Hostile      *self,
             GCoapOptions *options)
{
  char path = '0' + choose (self, N_RESOURCES);
  guint8 tag[8] = { choose (self, 3) };

  if (choose (self, 8) == 0)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_OBSERVE, choose (self, 2));
  gcoap_options_add (options, GCOAP_OPTION_NUMBER_URI_PATH, &path, 1);
  if (choose (self, 8) == 0)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_CONTENT_FORMAT, choose (self, 3));
  if (choose (self, 2) == 0)
    add_block (self, options, GCOAP_OPTION_NUMBER_BLOCK2);
  if (choose (self, 3) > 0)
    add_block (self, options, GCOAP_OPTION_NUMBER_BLOCK1);
  add_uint (self, options, GCOAP_OPTION_NUMBER_SIZE2, 8);
  add_uint (self, options, GCOAP_OPTION_NUMBER_SIZE1, 4);
  if (choose (self, 2) == 0)
    gcoap_options_add (options, GCOAP_OPTION_NUMBER_REQUEST_TAG, tag, choose (self, 9));
}

/* Mostly as much as fills a block, or it would be refused at once. */
static gsize
choose_length (Hostile            *self,
               const GCoapOptions *options)
{
  GCoapFrame frame = { .options = options->data, .options_length = options->length };
  GCoapBlock block;

  if (choose (self, 8) > 0 &&
      gcoap_block_find (&frame, GCOAP_OPTION_NUMBER_BLOCK1, &block) == GCOAP_BLOCK_VALID)
    return block.more || choose (self, 2) ? gcoap_block_size (block.szx)
                                          : choose (self, gcoap_block_size (block.szx));

  return choose (self, 2) * choose (self, PAYLOAD_MAX);
}

static GCoapPacket *
encode (Hostile            *self,
        GCoapFrame         *frame,
        const GCoapOptions *options,
        gsize               length)
{
  static const guint8 payload[PAYLOAD_MAX] = { 1 };

  frame->message_id = self->message_id++;
  frame->options = options->data;
  frame->options_length = options->length;
  frame->payload = payload;
  frame->payload_length = length;

  return gcoap_packet_new (frame);
}

/* The next block of an upload; now and then another begins. */
static GCoapPacket *
make_next (Hostile *self,
           Upload  *upload)
{
  GCoapFrame frame = { .type = choose (self, 2) };
  GCoapOptions options;
  GCoapPacket *packet;

  if (!upload->block.more)
    *upload = (Upload) {
      .code = choose (self, 2) ? GCOAP_METHOD_PUT : GCOAP_METHOD_POST,
      .path = '0' + choose (self, N_RESOURCES),
      .tag = choose (self, 256),
      .block = { .szx = choose (self, 7) },
    };
  upload->block.more = choose (self, 12) > 0;

  frame.code = upload->code;
  gcoap_options_init (&options);
  gcoap_options_add (&options, GCOAP_OPTION_NUMBER_URI_PATH, &upload->path, 1);
  gcoap_block_add (&upload->block, GCOAP_OPTION_NUMBER_BLOCK1, &options);
  gcoap_options_add (&options, GCOAP_OPTION_NUMBER_REQUEST_TAG, &upload->tag, 1);
  packet = encode (self, &frame, &options, gcoap_block_size (upload->block.szx));
  gcoap_options_clear (&options);
  upload->block.number++;

  return packet;
}

static GCoapPacket *
make_anything (Hostile *self)
{
  static const guint8 codes[] = {
    GCOAP_METHOD_GET, GCOAP_METHOD_POST, GCOAP_METHOD_PUT, GCOAP_METHOD_PUT, GCOAP_METHOD_FETCH,
    GCOAP_METHOD_DELETE, GCOAP_CODE_CONTENT, GCOAP_CODE_CONTINUE, 0,
  };
  guint8 token[8] = { choose (self, 4) };
  GCoapOptions options;
  GCoapPacket *packet;
  GCoapFrame frame = {
    .type = choose (self, 8) == 0 ? choose (self, 4) : choose (self, 2),
    .code = codes[choose (self, G_N_ELEMENTS (codes))],
    .token = token,
    .token_length = choose (self, sizeof token + 1),
  };

  gcoap_options_init (&options);
  add_options (self, &options);
  packet = encode (self, &frame, &options, choose_length (self, &options));
  gcoap_options_clear (&options);

  return packet;
}

static void
expire (Hostile *self)
{
  guint n_due = 0;

  while (gcoap_engine_get_next_deadline (self->engine) <= self->now)
    {
      gcoap_engine_expire (self->engine, self->now);
      settle (self);
      g_assert_cmpuint (++n_due, <, 10000);
    }
}

static void
attack (Hostile *self)
{
  guint peer = choose (self, N_PEERS);
  g_autoptr (GCoapPacket) packet = choose (self, 3) == 0 ? make_next (self, &self->uploads[peer])
                                                         : make_anything (self);
  GCoapDatagram datagram = {
    .remote = { .ip = { 0x20, 0x01, [15] = peer }, .port = 5683 },
    .local = { .ip = { 0x20, 0x01, [15] = 99 }, .port = 5683 },
    .data = packet->data,
    .length = choose (self, 50) > 0 ? packet->length : choose (self, packet->length),
  };

  gcoap_engine_receive (self->engine, &datagram, self->now);
  settle (self);
  if (choose (self, 10) == 0)
    gcoap_engine_receive (self->engine, &datagram, self->now);
  settle (self);
}

static void
set_up (Hostile *self,
        guint32  seed)
{
  guint8 *data = g_malloc (BODY_SIZE);

  *self = (Hostile) {
    .random = g_rand_new_with_seed (seed),
    .bodies = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
    .offered = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
    .ids = g_array_new (FALSE, FALSE, sizeof (guint64)),
    .body = g_bytes_new_take (memset (data, 'b', BODY_SIZE), BODY_SIZE),
  };
  gcoap_parameters_init (&self->parameters);
  self->parameters.max_transfers = MAX_TRANSFERS;
  self->parameters.transfer_cache_size = CACHE_SIZE;
  self->parameters.max_body_size = MAX_BODY_SIZE;
  self->parameters.max_pending_requests = 64;
  self->engine = gcoap_engine_new (&self->parameters, self->random);
}

static void
tear_down (Hostile *self)
{
  gcoap_engine_free (self->engine);
  g_rand_free (self->random);
  g_bytes_unref (self->body);
  g_hash_table_unref (self->bodies);
  g_hash_table_unref (self->offered);
  g_array_unref (self->ids);
}

/* Nothing of the application's is answered any more, and all runs out. */
static void
run_out (Hostile *self)
{
  gint64 deadline;

  gcoap_engine_unregister_all (self->engine, self->now);
  settle (self);
  while ((deadline = gcoap_engine_get_next_deadline (self->engine)) != GCOAP_NO_DEADLINE)
    {
      self->now = MAX (self->now, deadline);
      expire (self);
    }
}

static void
test_anything (void)
{
  Hostile self;

  g_test_summary ("Whatever options peers send, the server keeps going and keeps to its caps, "
                  "RFC 7959 section 7.2");
  set_up (&self, 1);
  for (guint i = 0; i < N_DATAGRAMS; i++)
    {
      self.now += choose (&self, (choose (&self, 100) == 0 ? 100 : 1) * SECOND / 10);
      expire (&self);
      attack (&self);
      do_anything (&self);
      settle (&self);
    }
  run_out (&self);

  g_test_message ("%u requests, %u uploads, %u parts, %u over; %u datagrams", self.n_requests,
                  self.n_uploads, self.n_parts, self.n_over, self.n_answers);
  g_assert_cmpuint (g_hash_table_size (self.bodies), ==, 0);
  g_assert_cmpuint (self.n_answers, <, MAX_ANSWERS * N_DATAGRAMS);
  g_assert_cmpuint (self.n_requests, >, N_DATAGRAMS / 20);
  g_assert_cmpuint (self.n_uploads, >, N_DATAGRAMS / 100);
  g_assert_cmpuint (self.n_parts, >, 100);
  tear_down (&self);
}

/* An application that takes whole bodies and answers with large ones. */
static void
serve (Hostile *self)
{
  GCoapFrame response = { .code = GCOAP_CODE_CONTENT };
  GCoapEvent event;

  while (gcoap_engine_pop_event (self->engine, &event))
    {
      g_autoptr (GBytes) body = g_bytes_new (g_bytes_get_data (self->body, NULL), BODY_SIZE);

      self->n_requests += event.kind == GCOAP_EVENT_REQUEST;
      if (event.kind == GCOAP_EVENT_UPLOAD)
        gcoap_engine_collect (self->engine, event.id, self->now);
      else if (event.kind == GCOAP_EVENT_REQUEST)
        gcoap_engine_respond (self->engine, event.id, &response, body, FALSE, self->now);
      g_clear_pointer (&event.message, gcoap_message_unref);
    }
}

/* Sends, or asks for, one block of the transfer of this number. Returns the code of the answer. */
static guint8
exchange (Hostile *self,
          guint8   code,
          guint    transfer,
          guint    number)
{
  GCoapBlock block = { .number = number, .szx = 6, .more = code == GCOAP_METHOD_PUT };
  GCoapFrame frame = { .code = code };
  GCoapDatagram datagram = { .remote = { .ip = { [15] = 1 }, .port = 5683 } };
  const GCoapDatagram *answers;
  g_autoptr (GCoapPacket) packet = NULL;
  GCoapOptions options;

  gcoap_options_init (&options);
  gcoap_options_add_uint (&options, GCOAP_OPTION_NUMBER_URI_PATH, transfer);
  gcoap_block_add (&block, block.more ? GCOAP_OPTION_NUMBER_BLOCK1 : GCOAP_OPTION_NUMBER_BLOCK2,
                   &options);
  packet = encode (self, &frame, &options, block.more ? 1024 : 0);
  gcoap_options_clear (&options);
  datagram.data = packet->data;
  datagram.length = packet->length;
  gcoap_engine_receive (self->engine, &datagram, self->now);
  serve (self);

  g_assert_cmpuint (gcoap_engine_peek_datagrams (self->engine, &answers), ==, 1);
  gcoap_frame_parse (&frame, answers[0].data, answers[0].length);
  gcoap_engine_drop_datagrams (self->engine, 1);

  return frame.code;
}

static void
test_uploads (void)
{
  guint n_kept = 0;
  Hostile self;

  g_test_summary ("Uploads that are begun and left take up no more than the caps allow");
  set_up (&self, 2);
  for (guint i = 0; i < N_TRANSFERS; i++)
    for (guint number = 0; number < N_BLOCKS; number++)
      g_assert_cmphex (exchange (&self, GCOAP_METHOD_PUT, i, number), ==, GCOAP_CODE_CONTINUE);
  for (guint i = 0; i < N_TRANSFERS; i++)
    n_kept += exchange (&self, GCOAP_METHOD_PUT, i, N_BLOCKS - 1) == GCOAP_CODE_CONTINUE;

  g_assert_cmpuint (n_kept, >, 1);
  g_assert_cmpuint (n_kept, <=, MAX_TRANSFERS);
  g_assert_cmpuint (n_kept * N_BLOCKS * 1024, <=, CACHE_SIZE);
  tear_down (&self);
}

static void
test_downloads (void)
{
  guint n_made;
  Hostile self;

  g_test_summary ("Responses that are not fetched take up no more than the caps allow");
  set_up (&self, 3);
  for (guint i = 0; i < N_TRANSFERS; i++)
    g_assert_cmphex (exchange (&self, GCOAP_METHOD_GET, i, 0), ==, GCOAP_CODE_CONTENT);
  g_assert_cmpuint (self.n_requests, ==, N_TRANSFERS);

  /* From the latest, so that what is asked for anew does not take the place of what is kept. */
  for (n_made = 0; n_made < N_TRANSFERS && self.n_requests == N_TRANSFERS; n_made++)
    exchange (&self, GCOAP_METHOD_GET, N_TRANSFERS - 1 - n_made, 1);
  g_assert_cmpuint (n_made, >, 2);
  g_assert_cmpuint (n_made - 1, <=, MAX_TRANSFERS);
  g_assert_cmpuint ((n_made - 1) * BODY_SIZE, <=, CACHE_SIZE);
  tear_down (&self);
}

static void
test_fetch_without_payload (void)
{
  Hostile self;

  g_test_summary ("What is left of a FETCH whose body went in blocks does not say what to answer: "
                  "once the response is gone, 4.08");
  set_up (&self, 4);
  g_assert_cmphex (exchange (&self, GCOAP_METHOD_FETCH, 1, 1), ==,
                   GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE);
  g_assert_cmpuint (self.n_requests, ==, 0);
  tear_down (&self);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/block-hostile/anything", test_anything);
  g_test_add_func ("/core/block-hostile/uploads", test_uploads);
  g_test_add_func ("/core/block-hostile/downloads", test_downloads);
  g_test_add_func ("/core/block-hostile/fetch-without-payload", test_fetch_without_payload);

  return g_test_run ();
}
