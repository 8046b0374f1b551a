/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "transfer-script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "block-text.h"

#include "gcoap/gcoap-option-number.h"

#define HOST 2

TransferScript *
transfer_script_new (void)
{
  TransferScript *self = g_new0 (TransferScript, 1);

  self->core = core_fixture_new ();
  self->remote = core_address (HOST);
  self->streaming.size = -1;
  self->sent = g_ptr_array_new_with_free_func ((GDestroyNotify) sent_message_free);
  self->message_id = 0x7000;

  return self;
}

void
transfer_script_free (TransferScript *self)
{
  core_fixture_free (self->core);
  g_ptr_array_unref (self->sent);
  g_clear_pointer (&self->tag, g_bytes_unref);
  g_clear_pointer (&self->received, g_bytes_unref);
  g_free (self);
}

static void
submit (TransferScript *self,
        const char     *text)
{
  g_auto (BlockText) request = { 0 };
  g_autoptr (GCoapMessage) message = NULL;
  int error = 0;

  block_text_init (&request, text);
  message = gcoap_message_new (request.code);
  gcoap_message_set_confirmable (message, !request.is_non);
  gcoap_message_set_payload (message, request.payload);
  gcoap_options_set_wire (gcoap_message_get_options (message), request.options.data,
                          request.options.length);
  self->id = gcoap_engine_submit (self->core->engine, &self->remote, message, &self->patience,
                                  self->streaming.sends || self->streaming.receives
                                  ? &self->streaming : NULL,
                                  self->core->now, &error);
  g_assert_cmpint (error, ==, 0);
}

/* All blocks of a transfer have the same one (RFC 9175 section 3.3). */
static void
check_tag (TransferScript    *self,
           const SentMessage *sent)
{
  GCoapOptionIter option;

  gcoap_option_iter_init (&option, sent->frame.options, sent->frame.options_length);
  if (!gcoap_option_iter_find (&option, GCOAP_OPTION_NUMBER_REQUEST_TAG))
    return;

  if (self->tag == NULL)
    self->tag = g_bytes_new (option.value, option.length);
  g_assert_cmpmem (option.value, option.length, g_bytes_get_data (self->tag, NULL),
                   g_bytes_get_size (self->tag));
}

static gboolean
has_same_token (const SentMessage *a,
                const SentMessage *b)
{
  return a->frame.token_length == b->frame.token_length &&
         memcmp (a->frame.token, b->frame.token, a->frame.token_length) == 0;
}

static gboolean
is_later_block (const SentMessage *sent)
{
  GCoapBlock block;

  return (gcoap_block_find (&sent->frame, GCOAP_OPTION_NUMBER_BLOCK1, &block) ==
          GCOAP_BLOCK_VALID && block.number > 0) ||
         (gcoap_block_find (&sent->frame, GCOAP_OPTION_NUMBER_BLOCK2, &block) ==
          GCOAP_BLOCK_VALID && block.number > 0);
}

/* A registration that is repeated has the token of the one before (RFC 7641 section 3.3.1), and the
 * later blocks of a transfer have that of the first. What fetches a notification has its own. */
static void
check_token (TransferScript    *self,
             const SentMessage *sent)
{
  guint32 observe;
  gboolean is_after_observe =
    self->latest != NULL && sent_message_get_observe (self->latest, &observe);
  gboolean is_continued = self->latest != NULL && is_later_block (sent) &&
                          !gcoap_address_is_group (&self->latest->remote);

  if (is_continued && !is_after_observe)
    g_assert_true (has_same_token (sent, self->latest));
  for (guint i = 0; i < self->sent->len && !sent_message_get_observe (sent, &observe); i++)
    {
      const SentMessage *other = self->sent->pdata[i];

      g_assert_true (is_continued || !has_same_token (sent, other));
      g_assert_cmpuint (sent->frame.message_id, !=, other->frame.message_id);
    }
}

static void
expect_sent (TransferScript *self,
             const char     *text)
{
  SentMessage *sent = core_fixture_pop_sent (self->core);
  g_autofree char *found = NULL;

  g_assert_nonnull (sent);
  found = block_text_describe (&sent->frame);
  g_assert_cmpstr (found, ==, text);
  check_tag (self, sent);
  check_token (self, sent);
  core_fixture_expect_silence (self->core);
  g_ptr_array_add (self->sent, sent);
  self->latest = sent;
}

static void
expect_repeat (TransferScript *self,
               const char     *text)
{
  g_autoptr (SentMessage) sent = core_fixture_pop_sent (self->core);

  g_assert_nonnull (sent);
  g_assert_cmpmem (sent->data, sent->length, self->latest->data, self->latest->length);
}

static void
choose_latest (TransferScript *self,
               const char     *text)
{
  self->latest = self->sent->pdata[atoi (text)];
}

static void
receive (TransferScript *self,
         GBytes         *bytes)
{
  GCoapFrame frame;
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  g_assert_cmpint (gcoap_frame_parse (&frame, data, length), ==, GCOAP_FRAME_VALID);
  core_fixture_receive_frame (self->core, HOST, &frame);
}

static void
respond (TransferScript   *self,
         GCoapMessageType  type,
         guint16           message_id,
         const char       *text)
{
  g_auto (BlockText) response = { 0 };
  GCoapFrame frame;
  gsize size;
  guint8 *data;

  block_text_init (&response, text);
  block_text_get_frame (&response, &frame);
  frame.type = type;
  frame.message_id = message_id;
  frame.token = self->latest->frame.token;
  frame.token_length = self->latest->frame.token_length;
  size = gcoap_frame_get_size (&frame);
  data = g_malloc (size);
  gcoap_frame_write (&frame, data, size);
  g_clear_pointer (&self->received, g_bytes_unref);
  self->received = g_bytes_new_take (data, size);
  receive (self, self->received);
}

static void
respond_piggybacked (TransferScript *self,
                     const char     *text)
{
  respond (self, GCOAP_MESSAGE_TYPE_ACK, self->latest->frame.message_id, text);
}

static void
respond_non (TransferScript *self,
             const char     *text)
{
  respond (self, GCOAP_MESSAGE_TYPE_NON, ++self->message_id, text);
}

static void
expect_empty (TransferScript   *self,
              GCoapMessageType  type)
{
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (self->core, type, 0);

  g_assert_cmpuint (sent->frame.message_id, ==, self->message_id);
}

static void
respond_con (TransferScript *self,
             const char     *text)
{
  respond (self, GCOAP_MESSAGE_TYPE_CON, ++self->message_id, text);
  expect_empty (self, GCOAP_MESSAGE_TYPE_ACK);
}

static void
respond_stray (TransferScript *self,
               const char     *text)
{
  respond (self, GCOAP_MESSAGE_TYPE_CON, ++self->message_id, text);
  expect_empty (self, GCOAP_MESSAGE_TYPE_RST);
}

static void
receive_again (TransferScript *self,
               const char     *text)
{
  receive (self, self->received);
  if ((*(const guint8 *) g_bytes_get_data (self->received, NULL) >> 4 & 3) ==
      GCOAP_MESSAGE_TYPE_CON)
    expect_empty (self, GCOAP_MESSAGE_TYPE_ACK);
}

static void
acknowledge (TransferScript *self,
             const char     *text)
{
  core_fixture_reply (self->core, self->latest, GCOAP_MESSAGE_TYPE_ACK, 0,
                      self->latest->frame.message_id);
}

static void
reset (TransferScript *self,
       const char     *text)
{
  core_fixture_reply (self->core, self->latest, GCOAP_MESSAGE_TYPE_RST, 0,
                      self->latest->frame.message_id);
}

static void
bounce (TransferScript *self,
        const char     *text)
{
  core_fixture_return (self->core, self->latest, ECONNREFUSED);
}

static GCoapEvent
expect_message (TransferScript *self,
                GCoapEventKind  kind,
                const char     *text)
{
  GCoapEvent event = core_fixture_expect_event (self->core, kind);
  GCoapAddress remote = core_address (HOST);
  g_autofree char *found = NULL;
  GCoapFrame frame;

  g_assert_cmpuint (event.id, ==, self->id);
  g_assert_true (gcoap_address_equal (&event.remote, &remote));
  gcoap_message_get_frame (event.message, &frame);
  found = block_text_describe (&frame);
  g_assert_cmpstr (found, ==, text);

  return event;
}

static void
expect_response (TransferScript *self,
                 const char     *text)
{
  expect_message (self, GCOAP_EVENT_RESPONSE, text);
}

static void
expect_notification (TransferScript *self,
                     const char     *text)
{
  g_assert_false (expect_message (self, GCOAP_EVENT_NOTIFICATION, text).is_last);
}

static void
expect_last (TransferScript *self,
             const char     *text)
{
  g_assert_true (expect_message (self, GCOAP_EVENT_NOTIFICATION, text).is_last);
}

/* Lets the time go by until there is something to tell. */
static void
expect_stale (TransferScript *self,
              const char     *text)
{
  CoreFixture *core = self->core;
  GCoapEvent event;

  while (!gcoap_engine_pop_event (core->engine, &event))
    {
      gint64 deadline = gcoap_engine_get_next_deadline (core->engine);

      g_assert_cmpint (deadline, <, GCOAP_NO_DEADLINE);
      core_fixture_advance (core, MAX (deadline - core->now, 0));
    }
  g_assert_cmpint (event.kind, ==, GCOAP_EVENT_STALE);
  g_assert_cmpuint (event.id, ==, self->id);
}

static void
expect_failure (TransferScript *self,
                const char     *text)
{
  core_fixture_expect_failure (self->core, self->id, atoi (text));
}

static void
expect_part (TransferScript *self,
             const char     *text)
{
  GCoapEvent event = core_fixture_expect_event (self->core, GCOAP_EVENT_PART);
  GCoapAddress remote = core_address (HOST);
  g_autofree char *found = NULL;
  GBytes *part = gcoap_message_get_payload (event.message);
  gsize length = part != NULL ? g_bytes_get_size (part) : 0;

  found = g_strdup_printf ("%" G_GSIZE_FORMAT "+%" G_GSIZE_FORMAT " %" G_GINT64_FORMAT "%s",
                           event.offset, length, event.size, event.is_last ? " last" : "");
  g_assert_cmpstr (found, ==, text);
  g_assert_cmpuint (event.id, ==, self->id);
  g_assert_true (gcoap_address_equal (&event.remote, &remote));
}

static void
expect_wanted (TransferScript *self,
               const char     *text)
{
  GCoapEvent event = core_fixture_expect_event (self->core, GCOAP_EVENT_PART_WANTED);
  g_autofree char *found = g_strdup_printf ("%" G_GSIZE_FORMAT " %" G_GINT64_FORMAT,
                                            event.offset, event.size);

  g_assert_cmpstr (found, ==, text);
  g_assert_cmpuint (event.id, ==, self->id);
}

static void
supply (TransferScript *self,
        const char     *text)
{
  gboolean is_last = g_str_has_suffix (text, " last");
  g_autoptr (GBytes) part = NULL;
  guint offset;
  guint length;

  g_assert_cmpint (sscanf (text, "%u+%u", &offset, &length), ==, 2);
  part = block_text_body (offset, length);
  gcoap_engine_supply (self->core->engine, self->id, part, offset, is_last, self->core->now);
}

static void
proceed (TransferScript *self,
         const char     *text)
{
  gcoap_engine_continue (self->core->engine, self->id, self->core->now);
}

static void
cancel (TransferScript *self,
        const char     *text)
{
  g_assert_true (core_fixture_cancel (self->core, self->id));
}

static void
wait (TransferScript *self,
      const char     *text)
{
  core_fixture_advance (self->core, atoi (text) * SECOND);
}

static void
expect_quiet (TransferScript *self,
              const char     *text)
{
  core_fixture_expect_silence (self->core);
  core_fixture_expect_no_event (self->core);
}

static void
expect_over (TransferScript *self,
             const char     *text)
{
  expect_quiet (self, "");
  g_assert_false (core_fixture_cancel (self->core, self->id));
  core_fixture_advance (self->core, 1000 * SECOND);
  expect_quiet (self, "");
  g_assert_cmpint (gcoap_engine_get_next_deadline (self->core->engine), ==, GCOAP_NO_DEADLINE);
}

static void
set_block_size (TransferScript *self,
                const char     *text)
{
  gcoap_engine_get_parameters (self->core->engine)->block_size = atoi (text);
}

static void
set_max_body (TransferScript *self,
              const char     *text)
{
  gcoap_engine_get_parameters (self->core->engine)->max_body_size = atoi (text);
}

static void
set_timeout (TransferScript *self,
             const char     *text)
{
  self->patience.timeout = atoi (text) * SECOND;
}

static void
set_deadline (TransferScript *self,
              const char     *text)
{
  set_timeout (self, text);
  self->patience.is_deadline = TRUE;
}

static void
set_group (TransferScript *self,
           const char     *text)
{
  self->remote = core_group_address ();
}

static void
set_faithful (TransferScript *self,
              const char     *text)
{
  gcoap_engine_get_parameters (self->core->engine)->reregisters = FALSE;
}

static void
set_sends (TransferScript *self,
           const char     *text)
{
  self->streaming.sends = TRUE;
  self->streaming.size = atoi (text);
}

static void
set_receives (TransferScript *self,
              const char     *text)
{
  self->streaming.receives = TRUE;
}

typedef struct
{
  const char *name;
  void      (*run) (TransferScript *self,
                    const char     *text);
} Command;

static const Command commands[] = {
  { "submit", submit },
  { ">", expect_sent },
  { "repeat", expect_repeat },
  { "=", expect_response },
  { "!", expect_failure },
  { "note", expect_notification },
  { "last", expect_last },
  { "stale", expect_stale },
  { "part", expect_part },
  { "wanted", expect_wanted },
  { "quiet", expect_quiet },
  { "over", expect_over },
  { "<", respond_piggybacked },
  { "con", respond_con },
  { "non", respond_non },
  { "stray", respond_stray },
  { "ack", acknowledge },
  { "reset", reset },
  { "icmp", bounce },
  { "again", receive_again },
  { "to", choose_latest },
  { "supply", supply },
  { "continue", proceed },
  { "cancel", cancel },
  { "wait", wait },
  { "block-size", set_block_size },
  { "max-body", set_max_body },
  { "timeout", set_timeout },
  { "deadline", set_deadline },
  { "group", set_group },
  { "no-reregistering", set_faithful },
  { "sends", set_sends },
  { "receives", set_receives },
};

static void
run_line (TransferScript *self,
          const char     *line)
{
  g_auto (GStrv) halves = g_strsplit (line, " ", 2);

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (g_str_equal (commands[i].name, halves[0]))
        {
          commands[i].run (self, halves[1] != NULL ? halves[1] : "");
          return;
        }
    }
  g_error ("No such command: %s", line);
}

void
transfer_script_run (TransferScript *self,
                     const char     *lines)
{
  g_auto (GStrv) all = g_strsplit (lines, "\n", -1);

  for (guint i = 0; all[i] != NULL; i++)
    {
      g_test_message ("%s", all[i]);
      if (all[i][0] != '\0')
        run_line (self, all[i]);
    }
}

static void
test_row (gconstpointer data)
{
  const ScriptRow *row = data;
  g_autoptr (TransferScript) script = transfer_script_new ();

  transfer_script_run (script, row->lines);
}

void
transfer_script_add_rows (const ScriptRow *rows,
                          gsize            n_rows)
{
  for (gsize i = 0; i < n_rows; i++)
    g_test_add_data_func (rows[i].path, &rows[i], test_row);
}
