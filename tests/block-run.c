/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "block-run.h"

#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-option-number.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

/* When servers are started anew and clients crash. */
#define TROUBLE (60 * SECOND)

/* Those around the sizes of blocks, and those of many. */
static const gsize sizes[] = { 0, 1, 15, 16, 17, 1023, 1024, 1025, 5000, 70000 };

/* What sets the bodies of one number apart. */
typedef enum
{
  BODY_REQUEST,
  BODY_ANSWER,
  BODY_VERSION,
} BodyKind;

static guint64 *
make_key (guint   node,
          guint64 id)
{
  guint64 key = (guint64) node << 56 | id;

  return g_memdup2 (&key, sizeof key);
}

Transfer *
block_run_get_transfer (BlockRun *self,
                        guint     number)
{
  return &g_array_index (self->transfers, Transfer, number);
}

double
block_run_draw (BlockRun *self)
{
  return g_rand_double (simulator_get_random (self->simulator));
}

gboolean
block_run_chooses (BlockRun        *self,
                   BlockRunStreams  stream)
{
  return (self->scenario->streams & stream) != 0 && block_run_draw (self) < 0.7;
}

static gsize
choose_size (BlockRun *self,
             guint     number)
{
  gsize chosen[G_N_ELEMENTS (sizes)];
  guint n_chosen = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    if (sizes[i] >= self->scenario->min_size && sizes[i] <= self->scenario->max_size)
      chosen[n_chosen++] = sizes[i];

  return chosen[number % n_chosen];
}

/* A linear congruence from a seed of its own, so that no piece of it is found in another. */
static GBytes *
make_body (BodyKind kind,
           guint    number,
           guint    version,
           gsize    size)
{
  guint8 *data = g_malloc (size);
  guint64 word = ((guint64) kind << 60 | (guint64) number << 24 | version) + 1;

  for (gsize i = 0; i < size; i++)
    {
      word = word * G_GUINT64_CONSTANT (6364136223846793005) + 1442695041;
      data[i] = word >> 56;
    }

  return g_bytes_new_take (data, size);
}

GBytes *
block_run_make_body (BlockRun *self,
                     guint     number)
{
  gboolean has_body = self->scenario->method != GCOAP_METHOD_GET;

  return make_body (BODY_REQUEST, number, 0, has_body ? choose_size (self, number) : 0);
}

/* Each size of a request with each of an answer, in the end. */
GBytes *
block_run_make_answer (BlockRun *self,
                       guint     number)
{
  gboolean has_body = self->scenario->method != GCOAP_METHOD_PUT;

  return make_body (BODY_ANSWER, number, 0,
                    has_body ? choose_size (self, number + number / G_N_ELEMENTS (sizes)) : 0);
}

GBytes *
block_run_make_version (BlockRun *self,
                        guint     number,
                        guint     version)
{
  return make_body (BODY_VERSION, number, version, choose_size (self, number + version));
}

gboolean
block_run_is_body (BlockRun *self,
                   GBytes   *body,
                   GBytes   *expected)
{
  gsize length = body != NULL ? g_bytes_get_size (body) : 0;
  gsize expected_length = g_bytes_get_size (expected);

  if (length != expected_length &&
      (self->scenario->link.truncation == 0 || length > expected_length))
    return FALSE;

  return length == 0 ||
         memcmp (g_bytes_get_data (body, NULL), g_bytes_get_data (expected, NULL), length) == 0;
}

GBytes *
block_run_make_part (BlockRun *self,
                     GBytes   *body,
                     gsize     offset,
                     gsize     size,
                     gboolean *out_is_last)
{
  gsize start = MIN (offset, g_bytes_get_size (body));
  gsize left = g_bytes_get_size (body) - start;
  gsize length = size + 3 * size * block_run_draw (self);

  *out_is_last = FALSE;
  if (self->scenario->breakage > 0 && block_run_draw (self) < self->scenario->breakage)
    return NULL;

  /* The end may be known with the last byte, or only after it. */
  if (length > left || (length == left && block_run_draw (self) < 0.5))
    {
      length = left;
      *out_is_last = TRUE;
    }

  return g_bytes_new_from_bytes (body, start, length);
}

void
block_run_call_later (BlockRun          *self,
                      SimulatorCallFunc  func,
                      guint              node,
                      guint64            id)
{
  simulator_call_later (self->simulator, self->scenario->max_part_delay * block_run_draw (self),
                        func, node, id);
}

static void
check_may (BlockRun    *self,
           BlockRunMay  what)
{
  g_assert_cmphex (self->scenario->may & what, ==, what);
}

static Transfer *
find_transfer (BlockRun *self,
               guint     node,
               guint64   id)
{
  g_autofree guint64 *key = make_key (node, id);
  gpointer number;

  if (!g_hash_table_lookup_extended (self->numbers, key, NULL, &number))
    return NULL;

  return block_run_get_transfer (self, GPOINTER_TO_UINT (number));
}

static GCoapMessage *
make_request (BlockRun *self,
              Transfer *transfer)
{
  const BlockScenario *scenario = self->scenario;
  GCoapMessage *message = gcoap_message_new (scenario->method);
  g_autofree char *name = g_strdup_printf ("%u", scenario->has_one_uri ? 0 : transfer->number);

  gcoap_message_set_confirmable (message, !scenario->is_non);
  gcoap_message_add_string_option (message, GCOAP_OPTION_NUMBER_URI_PATH, name, NULL);
  if (!transfer->sends && g_bytes_get_size (transfer->body) > 0)
    gcoap_message_set_payload (message, transfer->body);

  return message;
}

static void
submit_next (BlockRun *self,
             guint     node)
{
  guint number = self->n_submitted++;
  Transfer *transfer = block_run_get_transfer (self, number);
  g_autoptr (GCoapMessage) message = NULL;
  GCoapPatience patience = { 0 };
  GCoapStreaming streaming;
  int error;

  *transfer = (Transfer) {
    .number = number,
    .node = node,
    .body = block_run_make_body (self, number),
    .sends = self->scenario->method != GCOAP_METHOD_GET &&
             block_run_chooses (self, CLIENT_SENDS),
    .receives = block_run_chooses (self, CLIENT_RECEIVES),
    .received = g_byte_array_new (),
  };
  if (self->scenario->has_one_uri)
    g_hash_table_insert (self->bodies, transfer->body, GUINT_TO_POINTER (number));

  streaming = (GCoapStreaming) {
    .sends = transfer->sends,
    .size = block_run_draw (self) < 0.5 ? (gint64) g_bytes_get_size (transfer->body) : -1,
    .receives = transfer->receives,
  };
  message = make_request (self, transfer);
  transfer->id = gcoap_engine_submit (simulator_get_engine (self->simulator, node),
                                      simulator_get_address (self->simulator, BLOCK_RUN_SERVER),
                                      message, &patience, &streaming,
                                      simulator_get_now (self->simulator), &error);
  g_assert_cmpint (error, ==, 0);
  g_hash_table_insert (self->numbers, make_key (node, transfer->id), GUINT_TO_POINTER (number));
}

static void
submit (Simulator *simulator,
        guint      node,
        guint64    id,
        gpointer   user_data)
{
  BlockRun *self = user_data;

  if (self->n_submitted < self->scenario->n_transfers)
    submit_next (self, node);
}

static void
note_end (BlockRun *self,
          Transfer *transfer)
{
  g_autofree guint64 *key = make_key (transfer->node, transfer->id);

  g_assert_true (g_hash_table_remove (self->numbers, key));
  g_assert_cmpuint (++transfer->n_ended, ==, 1);
}

static void
end (BlockRun *self,
     Transfer *transfer)
{
  note_end (self, transfer);
  submit (self->simulator, transfer->node, 0, self);
}

static void
supply (Simulator *simulator,
        guint      node,
        guint64    id,
        gpointer   user_data)
{
  BlockRun *self = user_data;
  Transfer *transfer = find_transfer (self, node, id);
  GCoapEngine *engine = simulator_get_engine (simulator, node);
  g_autoptr (GBytes) part = NULL;
  gboolean is_last;

  if (transfer == NULL)
    return;

  part = block_run_make_part (self, transfer->body, transfer->wanted,
                              gcoap_engine_get_parameters (engine)->block_size + 1, &is_last);
  gcoap_engine_supply (engine, id, part, transfer->wanted, is_last,
                       simulator_get_now (simulator));
}

/* Who has a part of a body may want no more of it. */
static void
go_on (Simulator *simulator,
       guint      node,
       guint64    id,
       gpointer   user_data)
{
  BlockRun *self = user_data;
  Transfer *transfer = find_transfer (self, node, id);
  GCoapEngine *engine = simulator_get_engine (simulator, node);
  gint64 now = simulator_get_now (simulator);

  if (transfer == NULL)
    return;

  if (self->scenario->breakage > 0 && block_run_draw (self) < self->scenario->breakage)
    {
      g_assert_true (gcoap_engine_cancel (engine, id, now));
      self->n_failed++;
      end (self, transfer);
    }
  else
    gcoap_engine_continue (engine, id, now);
}

static void
take_part (BlockRun         *self,
           Transfer         *transfer,
           const GCoapEvent *event)
{
  GBytes *payload = gcoap_message_get_payload (event->message);
  gsize length;
  gconstpointer data = payload != NULL ? g_bytes_get_data (payload, &length) : NULL;

  g_assert_true (transfer->receives);
  g_assert_false (transfer->has_last);
  g_assert_cmpuint (event->offset, ==, transfer->received->len);
  if (data != NULL)
    g_byte_array_append (transfer->received, data, length);
  transfer->has_last = event->is_last;
  if (event->is_last)
    g_assert_cmpint (event->size, ==, transfer->received->len);
  self->n_parts++;
  block_run_call_later (self, go_on, transfer->node, event->id);
}

static gboolean
is_some_version (BlockRun *self,
                 Transfer *transfer,
                 GBytes   *body)
{
  guint resource = self->scenario->has_one_uri ? 0 : transfer->number;

  for (guint version = 0; version <= self->version; version++)
    {
      g_autoptr (GBytes) expected = block_run_make_version (self, resource, version);

      if (block_run_is_body (self, body, expected))
        return TRUE;
    }

  return FALSE;
}

static GBytes *
take_body (Transfer     *transfer,
           GCoapMessage *response)
{
  GBytes *payload = gcoap_message_get_payload (response);

  if (!transfer->receives)
    return payload != NULL ? g_bytes_ref (payload) : g_bytes_new (NULL, 0);

  g_assert_null (payload);
  g_assert_true (transfer->has_last);

  return g_bytes_new (transfer->received->data, transfer->received->len);
}

static void
check_success (BlockRun     *self,
               Transfer     *transfer,
               GCoapMessage *response)
{
  g_autoptr (GBytes) expected = block_run_make_answer (self, transfer->number);
  g_autoptr (GBytes) body = take_body (transfer, response);

  if (self->scenario->method == GCOAP_METHOD_GET)
    g_assert_true (is_some_version (self, transfer, body));
  else
    g_assert_true (block_run_is_body (self, body, expected));
  if (self->scenario->method != GCOAP_METHOD_GET && self->scenario->link.truncation == 0)
    g_assert_cmpuint (transfer->n_handled, >, 0);
  self->n_succeeded++;
}

static void
check_refusal (BlockRun *self,
               guint8    code)
{
  static const struct { guint8 code; BlockRunMay may; } refusals[] = {
    { GCOAP_CODE_BAD_REQUEST, MAY_GET_4_00 },
    { GCOAP_CODE_NOT_FOUND, MAY_GET_4_04 },
    { GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE, MAY_GET_4_08 },
    { GCOAP_CODE_REQUEST_ENTITY_TOO_LARGE, MAY_GET_4_13 },
    { GCOAP_CODE_INTERNAL_SERVER_ERROR, MAY_GET_5_00 },
    { GCOAP_CODE_SERVICE_UNAVAILABLE, MAY_GET_5_03 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (refusals[i].code == code)
      {
        check_may (self, refusals[i].may);
        self->n_refused++;
        return;
      }

  g_assert_cmphex (code, ==, GCOAP_CODE_CONTENT);
}

static void
check_failure (BlockRun   *self,
               GCoapError  error)
{
  if (error == GCOAP_ERROR_INVALID_BLOCK)
    check_may (self, MAY_BREAK);
  else if (error == GCOAP_ERROR_RESET)
    check_may (self, MAY_BE_RESET);
  else
    {
      g_assert_cmpint (error, ==, GCOAP_ERROR_TIMED_OUT);
      check_may (self, MAY_TIME_OUT);
    }
  self->n_failed++;
}

static void
handle_client (BlockRun         *self,
               guint             node,
               const GCoapEvent *event)
{
  Transfer *transfer = find_transfer (self, node, event->id);

  g_assert_nonnull (transfer);
  switch (event->kind)
    {
    case GCOAP_EVENT_PART_WANTED:
      g_assert_true (transfer->sends);
      g_assert_cmpuint (event->offset, <=, g_bytes_get_size (transfer->body));
      transfer->wanted = event->offset;
      block_run_call_later (self, supply, node, event->id);
      break;

    case GCOAP_EVENT_PART:
      take_part (self, transfer, event);
      break;

    case GCOAP_EVENT_RESPONSE:
      if (gcoap_message_get_code (event->message) >> 5 == 2)
        check_success (self, transfer, event->message);
      else
        check_refusal (self, gcoap_message_get_code (event->message));
      end (self, transfer);
      break;

    case GCOAP_EVENT_FAILED:
      check_failure (self, event->error);
      end (self, transfer);
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
handle_event (Simulator        *simulator,
              guint             node,
              const GCoapEvent *event,
              gpointer          user_data)
{
  BlockRun *self = user_data;

  if (event->kind == GCOAP_EVENT_MALFORMED)
    g_assert_cmpfloat (self->scenario->link.truncation, >, 0);
  else if (node == BLOCK_RUN_SERVER)
    block_run_handle_server (self, event);
  else
    handle_client (self, node, event);
}

static void
restart_server (Simulator *simulator,
                guint      node,
                guint64    id,
                gpointer   user_data)
{
  block_run_restart_server (user_data);
}

static GCoapParameters
make_client_parameters (BlockRun *self)
{
  GCoapParameters parameters = self->parameters;
  guint block_size = self->scenario->client_block;

  parameters.block_size = block_size > 0 ? block_size : 16u << (guint) (7 * block_run_draw (self));

  return parameters;
}

static void
crash_client (Simulator *simulator,
              guint      node,
              guint64    id,
              gpointer   user_data)
{
  BlockRun *self = user_data;
  GCoapParameters parameters = make_client_parameters (self);
  guint n_crashed = 0;

  simulator_restart_node (simulator, node, &parameters);
  for (guint i = 0; i < self->n_submitted; i++)
    {
      Transfer *transfer = block_run_get_transfer (self, i);

      if (transfer->node == node && transfer->n_ended == 0)
        {
          note_end (self, transfer);
          n_crashed++;
        }
    }

  self->n_crashed += n_crashed;
  for (guint i = 0; i < n_crashed; i++)
    submit (simulator, node, 0, self);
}

static void
set_up (BlockRun            *self,
        const BlockScenario *scenario,
        guint32              seed)
{
  *self = (BlockRun) {
    .scenario = scenario,
    .simulator = simulator_new (seed, handle_event, self),
    .transfers = g_array_new (FALSE, TRUE, sizeof (Transfer)),
    .numbers = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
    .bodies = g_hash_table_new (g_bytes_hash, g_bytes_equal),
  };
  g_array_set_size (self->transfers, scenario->n_transfers);
  block_run_set_up_server (self);
  for (guint node = 1; node <= scenario->n_clients; node++)
    {
      GCoapParameters parameters = make_client_parameters (self);

      simulator_add_node (self->simulator, &parameters);
    }
  for (guint node = 0; node <= scenario->n_clients; node++)
    simulator_set_link (self->simulator, node, scenario->link);
}

static void
begin (BlockRun *self)
{
  const BlockScenario *scenario = self->scenario;

  for (guint node = 1; node <= scenario->n_clients; node++)
    for (guint i = 0; i < scenario->n_at_once; i++)
      simulator_call_later (self->simulator, 0, submit, node, 0);
  for (guint i = 0; i < scenario->n_restarts; i++)
    simulator_call_later (self->simulator, TROUBLE * block_run_draw (self), restart_server,
                          BLOCK_RUN_SERVER, 0);
  for (guint i = 0; i < scenario->n_crashes; i++)
    simulator_call_later (self->simulator, TROUBLE * block_run_draw (self), crash_client,
                          1 + i % scenario->n_clients, 0);
}

/* That the run has come to its end at all means that no queue and no timer is left. */
static void
check_invariants (BlockRun *self)
{
  const BlockScenario *scenario = self->scenario;

  g_assert_cmpuint (self->n_submitted, ==, scenario->n_transfers);
  for (guint i = 0; i < scenario->n_transfers; i++)
    g_assert_cmpuint (block_run_get_transfer (self, i)->n_ended, ==, 1);
  g_assert_cmpuint (self->n_succeeded + self->n_refused + self->n_failed + self->n_crashed, ==,
                    scenario->n_transfers);
  g_assert_cmpuint (self->n_told, ==, self->n_over + self->n_lost);
  g_assert_cmpuint (g_hash_table_size (self->numbers), ==, 0);
  g_assert_cmpuint (g_hash_table_size (self->requests), ==, 0);
  g_assert_cmpuint (g_hash_table_size (self->uploads), ==, 0);
  g_assert_cmpuint (g_hash_table_size (self->answers), ==, 0);
}

void
block_run_scenario (BlockRun            *self,
                    const BlockScenario *scenario,
                    guint32              seed)
{
  set_up (self, scenario, seed);
  begin (self);
  simulator_run (self->simulator, GCOAP_NO_DEADLINE);
  check_invariants (self);
  self->trace = simulator_get_trace (self->simulator);
}

void
block_run_report (BlockRun *self)
{
  g_test_message ("%u transfers: %u succeeded, %u refused, %u failed, %u crashed; %u told, %u "
                  "parts; %" G_GUINT64_FORMAT " datagrams, %" G_GINT64_FORMAT " s",
                  self->scenario->n_transfers, self->n_succeeded, self->n_refused,
                  self->n_failed, self->n_crashed, self->n_told, self->n_parts,
                  simulator_get_n_carried (self->simulator),
                  simulator_get_now (self->simulator) / SECOND);
}

void
block_run_tear_down (BlockRun *self)
{
  for (guint i = 0; i < self->n_submitted; i++)
    {
      Transfer *transfer = block_run_get_transfer (self, i);

      g_bytes_unref (transfer->body);
      g_byte_array_unref (transfer->received);
    }
  block_run_tear_down_server (self);
  g_array_unref (self->transfers);
  g_hash_table_unref (self->numbers);
  g_hash_table_unref (self->bodies);
  simulator_free (self->simulator);
}
