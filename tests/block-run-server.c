/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "block-run.h"

#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-option-number.h"

#define NO_NUMBER G_MAXUINT

/* A request that the application has not answered yet. */
typedef struct
{
  guint8  code;
  GBytes *body; /* (owned) */
} Answer;

/* A body that comes, while the application is told of its parts. */
typedef struct
{
  gboolean    is_offered; /* what becomes of it is not decided */
  GByteArray *data;       /* (owned) */
  gint64      size;       /* as announced */
} Upload;

/* A body that goes as a stream. */
typedef struct
{
  GBytes *body;   /* (owned) */
  gsize   wanted; /* the offset of the part to supply */
  gsize   wanted_size;
} Stream;

static void
answer_free (Answer *self)
{
  g_bytes_unref (self->body);
  g_free (self);
}

static void
upload_free (Upload *self)
{
  g_byte_array_unref (self->data);
  g_free (self);
}

static void
stream_free (Stream *self)
{
  g_bytes_unref (self->body);
  g_free (self);
}

static GHashTable *
make_table (gpointer free_func)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_func);
}

static void
insert (GHashTable    *table,
        guint64        id,
        gpointer       value)
{
  g_assert_true (g_hash_table_insert (table, g_memdup2 (&id, sizeof id), value));
}

void
block_run_set_up_server (BlockRun *self)
{
  const BlockScenario *scenario = self->scenario;
  GCoapParameters *parameters = &self->parameters;

  gcoap_parameters_init (parameters);
  if (scenario->server_block > 0)
    parameters->block_size = scenario->server_block;
  if (scenario->max_transfers > 0)
    parameters->max_transfers = scenario->max_transfers;
  if (scenario->transfer_cache_size > 0)
    parameters->transfer_cache_size = scenario->transfer_cache_size;
  if (scenario->max_body_size > 0)
    parameters->max_body_size = scenario->max_body_size;
  simulator_add_node (self->simulator, parameters);
  self->requests = make_table (answer_free);
  self->uploads = make_table (upload_free);
  self->answers = make_table (stream_free);
}

void
block_run_tear_down_server (BlockRun *self)
{
  g_hash_table_unref (self->requests);
  g_hash_table_unref (self->uploads);
  g_hash_table_unref (self->answers);
}

void
block_run_restart_server (BlockRun *self)
{
  self->n_restarted++;
  self->n_lost = self->n_told - self->n_over;
  g_hash_table_remove_all (self->requests);
  g_hash_table_remove_all (self->uploads);
  g_hash_table_remove_all (self->answers);
  simulator_restart_node (self->simulator, BLOCK_RUN_SERVER, &self->parameters);
}

static GCoapEngine *
get_engine (BlockRun *self)
{
  return simulator_get_engine (self->simulator, BLOCK_RUN_SERVER);
}

static gboolean
breaks (BlockRun *self)
{
  return self->scenario->breakage > 0 && block_run_draw (self) < self->scenario->breakage;
}

/* Between the events, when all that was evicted has been told. */
static void
check_caps (BlockRun *self)
{
  g_assert_cmpuint (g_hash_table_size (self->uploads) + g_hash_table_size (self->answers), <=,
                    self->parameters.max_transfers);
}

static void
supply (Simulator *simulator,
        guint      node,
        guint64    id,
        gpointer   user_data)
{
  BlockRun *self = user_data;
  const Stream *stream = g_hash_table_lookup (self->answers, &id);
  g_autoptr (GBytes) part = NULL;
  gboolean is_last;

  if (stream == NULL || stream->wanted_size == 0)
    return;

  check_caps (self);
  part = block_run_make_part (self, stream->body, stream->wanted, stream->wanted_size, &is_last);
  gcoap_engine_supply (get_engine (self), id, part, stream->wanted, is_last,
                       simulator_get_now (simulator));
}

static void
want_part (BlockRun         *self,
           const GCoapEvent *event)
{
  Stream *stream = g_hash_table_lookup (self->answers, &event->id);

  g_assert_nonnull (stream);
  stream->wanted = event->offset;
  stream->wanted_size = event->size;
  block_run_call_later (self, supply, BLOCK_RUN_SERVER, event->id);
}

static void
answer (Simulator *simulator,
        guint      node,
        guint64    id,
        gpointer   user_data)
{
  BlockRun *self = user_data;
  gint64 now = simulator_get_now (simulator);
  const Answer *pending = g_hash_table_lookup (self->requests, &id);
  GCoapFrame frame = { 0 };
  gint64 size;
  guint64 stream_id;

  /* It may have been given up, or the server started anew. */
  if (pending == NULL)
    return;

  frame.code = pending->code;
  size = block_run_draw (self) < 0.5 ? (gint64) g_bytes_get_size (pending->body) : -1;
  if (pending->code >> 5 != 2 || !block_run_chooses (self, SERVER_SENDS))
    g_assert_true (gcoap_engine_respond (get_engine (self), id, &frame, pending->body,
                                         !self->scenario->answers_non, now));
  else
    {
      Stream *stream = g_new0 (Stream, 1);

      stream->body = g_bytes_ref (pending->body);
      stream_id = gcoap_engine_respond_with_stream (get_engine (self), id, &frame, size,
                                                    !self->scenario->answers_non, now);
      g_assert_cmpuint (stream_id, !=, 0);
      insert (self->answers, stream_id, stream);
    }
  g_hash_table_remove (self->requests, &id);
}

static GBytes *
take_body (BlockRun         *self,
           const GCoapEvent *event)
{
  GBytes *payload = gcoap_message_get_payload (event->message);
  Upload *upload = g_hash_table_lookup (self->uploads, &event->upload);
  GBytes *body;

  if (event->upload == 0)
    {
      body = payload != NULL ? g_bytes_ref (payload) : g_bytes_new (NULL, 0);
      g_assert_cmpuint (g_bytes_get_size (body), <=, self->parameters.max_body_size);
      return body;
    }

  g_assert_null (payload);
  g_assert_nonnull (upload);
  body = g_bytes_new (upload->data->data, upload->data->len);
  g_hash_table_remove (self->uploads, &event->upload);

  return body;
}

/* By the path or, where all have the same, by what was sent. */
static guint
find_number (BlockRun     *self,
             GCoapMessage *request,
             GBytes       *body)
{
  g_autofree char *path = gcoap_message_dup_string_option (request,
                                                           GCOAP_OPTION_NUMBER_URI_PATH);
  gpointer number;

  if (self->scenario->method == GCOAP_METHOD_GET || !self->scenario->has_one_uri)
    return path != NULL ? g_ascii_strtoull (path, NULL, 10) : NO_NUMBER;

  return g_hash_table_lookup_extended (self->bodies, body, NULL, &number)
         ? GPOINTER_TO_UINT (number) : NO_NUMBER;
}

/* Anything but a whole body of the transfer's is a mistake of the core's, unless the network has
 * cut it. */
static gboolean
check_request (BlockRun *self,
               guint     number,
               GBytes   *body)
{
  gboolean is_safe = self->scenario->method == GCOAP_METHOD_GET ||
                     self->scenario->method == GCOAP_METHOD_FETCH;
  Transfer *transfer;

  if (number >= self->n_submitted ||
      !block_run_is_body (self, body, block_run_get_transfer (self, number)->body))
    {
      g_assert_cmpfloat (self->scenario->link.truncation, >, 0);
      return FALSE;
    }

  transfer = block_run_get_transfer (self, number);
  transfer->n_handled++;
  if (!is_safe && self->scenario->link.truncation == 0)
    g_assert_cmpuint (transfer->n_handled, <=, 1 + self->n_restarted);

  return TRUE;
}

static GBytes *
make_answer_body (BlockRun *self,
                  guint     number)
{
  if (self->scenario->method != GCOAP_METHOD_GET)
    return block_run_make_answer (self, number);

  return block_run_make_version (self, number,
                                 self->scenario->changes ? ++self->version : 0);
}

static void
take_request (BlockRun         *self,
              const GCoapEvent *event)
{
  g_autoptr (GBytes) body = take_body (self, event);
  guint number = find_number (self, event->message, body);
  Answer *pending = g_new (Answer, 1);

  self->n_told++;
  if (check_request (self, number, body))
    *pending = (Answer) {
      .code = self->scenario->method == GCOAP_METHOD_GET ? GCOAP_CODE_CONTENT
                                                         : GCOAP_CODE_CHANGED,
      .body = make_answer_body (self, number),
    };
  else
    *pending = (Answer) { .code = GCOAP_CODE_NOT_FOUND, .body = g_bytes_new (NULL, 0) };

  insert (self->requests, event->id, pending);
  if (self->scenario->max_slowness > 0)
    simulator_call_later (self->simulator, self->scenario->max_slowness * block_run_draw (self),
                          answer, BLOCK_RUN_SERVER, event->id);
  else
    answer (self->simulator, BLOCK_RUN_SERVER, event->id, self);
}

static void
refuse (BlockRun *self,
        guint64   id)
{
  g_hash_table_remove (self->uploads, &id);
  gcoap_engine_refuse (get_engine (self), id, GCOAP_CODE_SERVICE_UNAVAILABLE,
                       simulator_get_now (self->simulator));
}

static void
decide (Simulator *simulator,
        guint      node,
        guint64    id,
        gpointer   user_data)
{
  BlockRun *self = user_data;
  Upload *upload = g_hash_table_lookup (self->uploads, &id);
  gint64 now = simulator_get_now (simulator);

  check_caps (self);
  if (upload == NULL || !upload->is_offered)
    return;

  upload->is_offered = FALSE;
  if (breaks (self))
    refuse (self, id);
  else if (block_run_chooses (self, SERVER_RECEIVES))
    gcoap_engine_continue (get_engine (self), id, now);
  else
    {
      g_hash_table_remove (self->uploads, &id);
      gcoap_engine_collect (get_engine (self), id, now);
    }
}

static void
append (Upload       *upload,
        GCoapMessage *message)
{
  GBytes *payload = gcoap_message_get_payload (message);
  gsize length;
  gconstpointer data = payload != NULL ? g_bytes_get_data (payload, &length) : NULL;

  if (data != NULL)
    g_byte_array_append (upload->data, data, length);
}

static void
take_upload (BlockRun         *self,
             const GCoapEvent *event)
{
  Upload *upload = g_new0 (Upload, 1);

  upload->is_offered = TRUE;
  upload->data = g_byte_array_new ();
  upload->size = event->size;
  append (upload, event->message);
  insert (self->uploads, event->id, upload);
  block_run_call_later (self, decide, BLOCK_RUN_SERVER, event->id);
}

static void
go_on (Simulator *simulator,
       guint      node,
       guint64    id,
       gpointer   user_data)
{
  BlockRun *self = user_data;
  const Upload *upload = g_hash_table_lookup (self->uploads, &id);

  /* A server that was started anew may have given the id to another. */
  check_caps (self);
  if (upload == NULL || upload->is_offered)
    return;

  if (breaks (self))
    refuse (self, id);
  else
    gcoap_engine_continue (get_engine (self), id, simulator_get_now (simulator));
}

static void
take_part (BlockRun         *self,
           const GCoapEvent *event)
{
  Upload *upload = g_hash_table_lookup (self->uploads, &event->id);

  g_assert_nonnull (upload);
  g_assert_false (upload->is_offered);
  g_assert_cmpuint (event->offset, ==, upload->data->len);
  append (upload, event->message);
  if (event->is_last && upload->size >= 0 && self->scenario->link.truncation == 0)
    g_assert_cmpint (upload->data->len, ==, upload->size);
  self->n_parts++;
  block_run_call_later (self, go_on, BLOCK_RUN_SERVER, event->id);
}

void
block_run_handle_server (BlockRun         *self,
                         const GCoapEvent *event)
{
  switch (event->kind)
    {
    case GCOAP_EVENT_REQUEST:
      take_request (self, event);
      break;

    case GCOAP_EVENT_SENT:
    case GCOAP_EVENT_FAILED:
      self->n_over++;
      g_hash_table_remove (self->requests, &event->id);
      break;

    case GCOAP_EVENT_UPLOAD:
      take_upload (self, event);
      break;

    case GCOAP_EVENT_PART:
      take_part (self, event);
      break;

    case GCOAP_EVENT_PART_WANTED:
      want_part (self, event);
      break;

    case GCOAP_EVENT_BODY_OVER:
      g_assert_true (g_hash_table_remove (self->uploads, &event->id) ||
                     g_hash_table_remove (self->answers, &event->id));
      break;

    default:
      g_assert_not_reached ();
    }
}
