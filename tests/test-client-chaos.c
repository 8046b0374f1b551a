/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "block-text.h"
#include "core-fixture.h"

#include "gcoap/gcoap-option-number.h"

#define N_STEPS 4000

/* A client whose peer answers anything to anything. It must not fall over, every request must end
 * once, and nothing may be left when all have ended. */
typedef struct
{
  CoreFixture *core;   /* (owned) */
  GRand       *random; /* (owned) */
  GHashTable  *open;   /* (element-type guint64) the requests that have not ended */
  GPtrArray   *sent;   /* (element-type SentMessage) the latest of the client's */
  guint16      message_id;
} Chaos;

static guint
choose (Chaos *self,
        guint  n)
{
  return g_rand_int_range (self->random, 0, n);
}

static void
submit (Chaos *self)
{
  static const guint8 methods[] = { 1, 2, 3, 5 };
  g_autoptr (GCoapMessage) message = gcoap_message_new (methods[choose (self, 4)]);
  g_autoptr (GBytes) body = block_text_body (0, choose (self, 80));
  GCoapAddress remote = choose (self, 8) == 0 ? core_group_address () : core_address (2);
  GCoapPatience patience = {
    .timeout = choose (self, 2) * 30 * SECOND,
    .is_deadline = choose (self, 2),
  };
  GCoapStreaming streaming = {
    .sends = choose (self, 4) == 0,
    .size = -1,
    .receives = choose (self, 4) == 0,
  };
  guint64 id;
  int error;

  gcoap_message_set_confirmable (message, choose (self, 3) > 0);
  if (choose (self, 2) == 0)
    gcoap_message_set_payload (message, body);
  if (choose (self, 3) == 0)
    gcoap_options_add_uint (gcoap_message_get_options (message), GCOAP_OPTION_NUMBER_OBSERVE,
                            choose (self, 2));
  id = gcoap_engine_submit (self->core->engine, &remote, message, &patience, &streaming,
                            self->core->now, &error);
  if (id != 0)
    g_hash_table_add (self->open, g_memdup2 (&id, sizeof id));
}

static void
end (Chaos   *self,
     guint64  id)
{
  g_assert_true (g_hash_table_remove (self->open, &id));
}

static void
meet_event (Chaos      *self,
            GCoapEvent *event)
{
  g_autoptr (GBytes) part = NULL;

  g_clear_pointer (&event->message, gcoap_message_unref);
  if (event->kind == GCOAP_EVENT_MALFORMED)
    return;

  g_assert_true (g_hash_table_contains (self->open, &event->id));
  switch (event->kind)
    {
    case GCOAP_EVENT_RESPONSE:
    case GCOAP_EVENT_FAILED:
      end (self, event->id);
      break;

    case GCOAP_EVENT_NOTIFICATION:
      if (event->is_last)
        end (self, event->id);
      break;

    case GCOAP_EVENT_PART:
      gcoap_engine_continue (self->core->engine, event->id, self->core->now);
      break;

    case GCOAP_EVENT_PART_WANTED:
      part = block_text_body (event->offset, 1 + choose (self, 60));
      gcoap_engine_supply (self->core->engine, event->id, part, event->offset,
                           choose (self, 4) == 0, self->core->now);
      break;

    default:
      g_assert_cmpint (event->kind, ==, GCOAP_EVENT_STALE);
    }
}

static void
settle (Chaos *self)
{
  SentMessage *sent;
  GCoapEvent event;

  while (gcoap_engine_pop_event (self->core->engine, &event))
    meet_event (self, &event);
  while ((sent = core_fixture_pop_sent (self->core)) != NULL)
    g_ptr_array_add (self->sent, sent);
  if (self->sent->len > 16)
    g_ptr_array_remove_range (self->sent, 0, self->sent->len - 16);
}

/* Most of the time what a good server would send, so that transfers get far. */
static guint32
choose_block (Chaos      *self,
              GCoapFrame *request,
              guint       number)
{
  GCoapOptionIter option;
  guint32 value = 0;

  gcoap_option_iter_init (&option, request->options, request->options_length);
  if (gcoap_option_iter_find (&option, number))
    gcoap_option_decode_uint (option.value, option.length, &value);
  if (choose (self, 10) == 0)
    value = choose (self, 64);
  if (number == GCOAP_OPTION_NUMBER_BLOCK2 && choose (self, 4) > 0)
    value |= 8;

  return value;
}

static void
add_options (Chaos        *self,
             GCoapFrame   *request,
             GCoapOptions *options)
{
  if (choose (self, 4) == 0)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_OBSERVE, choose (self, 10));
  if (choose (self, 8) == 0)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_ETAG, choose (self, 2));
  if (choose (self, 5) > 0)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_BLOCK2,
                            choose_block (self, request, GCOAP_OPTION_NUMBER_BLOCK2));
  if (choose (self, 3) > 0)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_BLOCK1,
                            choose_block (self, request, GCOAP_OPTION_NUMBER_BLOCK1));
}

static void
respond (Chaos       *self,
         SentMessage *sent)
{
  static const guint8 codes[] = { 69, 69, 69, 68, 95, 95, 141, 132, 0 };
  static const gsize sizes[] = { 16, 16, 16, 32, 64, 0, 7 };
  gsize length = sizes[choose (self, G_N_ELEMENTS (sizes))];
  g_autoptr (GBytes) body = block_text_body (0, length);
  GCoapFrame response = {
    .type = choose (self, 4),
    .code = codes[choose (self, G_N_ELEMENTS (codes))],
    .token = sent->frame.token,
    .token_length = sent->frame.token_length,
    .message_id = sent->frame.message_id,
  };
  GCoapOptions options;

  gcoap_options_init (&options);
  add_options (self, &sent->frame, &options);
  if (response.type == GCOAP_MESSAGE_TYPE_CON || response.type == GCOAP_MESSAGE_TYPE_NON)
    response.message_id = ++self->message_id;
  if (response.code == 0)
    response.token_length = 0;
  else
    {
      response.options = options.data;
      response.options_length = options.length;
      response.payload = g_bytes_get_data (body, &response.payload_length);
    }
  core_fixture_receive_frame (self->core, 2, &response);
  gcoap_options_clear (&options);
}

static void
cancel (Chaos *self)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->open);
  if (!g_hash_table_iter_next (&iter, &id, NULL))
    return;

  g_assert_true (core_fixture_cancel (self->core, *(guint64 *) id));
  g_hash_table_iter_remove (&iter);
}

/* One of the latest messages. */
static void
answer (Chaos *self)
{
  guint n_back = choose (self, MIN (self->sent->len, 3));

  respond (self, self->sent->pdata[self->sent->len - 1 - n_back]);
}

static void
step (Chaos *self)
{
  guint what = choose (self, 40);

  if (what < 3 && g_hash_table_size (self->open) < 8)
    submit (self);
  else if (what == 3)
    cancel (self);
  else if (what < 8)
    core_fixture_advance (self->core, choose (self, 30) * SECOND);
  else if (self->sent->len > 0)
    answer (self);
  settle (self);
}

static void
test_seed (gconstpointer data)
{
  guint seed = GPOINTER_TO_UINT (data);
  Chaos self = {
    .core = core_fixture_new (),
    .random = g_rand_new_with_seed (seed),
    .open = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
    .sent = g_ptr_array_new_with_free_func ((GDestroyNotify) sent_message_free),
  };

  gcoap_engine_get_parameters (self.core->engine)->block_size = 16 << seed % 2;
  gcoap_engine_get_parameters (self.core->engine)->max_body_size = 200;
  gcoap_engine_get_parameters (self.core->engine)->reregisters = seed % 3 > 0;
  for (guint i = 0; i < N_STEPS; i++)
    step (&self);

  while (g_hash_table_size (self.open) > 0)
    cancel (&self);
  settle (&self);
  core_fixture_advance (self.core, 1000 * SECOND);
  core_fixture_expect_silence (self.core);
  core_fixture_expect_no_event (self.core);
  g_assert_cmpint (gcoap_engine_get_next_deadline (self.core->engine), ==, GCOAP_NO_DEADLINE);

  g_ptr_array_unref (self.sent);
  g_hash_table_unref (self.open);
  g_rand_free (self.random);
  core_fixture_free (self.core);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint seed = 1; seed <= 12; seed++)
    {
      g_autofree char *path = g_strdup_printf ("/core/client-chaos/%u", seed);

      g_test_add_data_func (path, GUINT_TO_POINTER (seed), test_seed);
    }

  return g_test_run ();
}
