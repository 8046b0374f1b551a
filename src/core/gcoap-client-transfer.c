/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-client-transfer-private.h"

#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-option-number.h"

static gboolean
can_ask_again (GCoapMessage *request)
{
  guint method = gcoap_message_get_code (request);

  return method == GCOAP_METHOD_GET || method == GCOAP_METHOD_FETCH;
}

/* What has gone in blocks would have to go so again before the answer could be asked for anew. */
static GCoapDownload *
make_download (GCoapClient         *client,
               GCoapClientExchange *exchange)
{
  gboolean is_stream = exchange->streaming.receives;

  return gcoap_download_new (is_stream ? G_MAXSIZE : client->parameters->max_body_size,
                             client->parameters->block_size,
                             can_ask_again (exchange->request) && exchange->upload == NULL,
                             is_stream);
}

static GCoapUpload *
make_upload (GCoapClient *client,
             GCoapWindow *window,
             gsize        block_size)
{
  GCoapUpload *upload = gcoap_upload_new (window, block_size);

  gcoap_random_get_bytes (client->random, upload->tag, sizeof upload->tag);

  return upload;
}

/* RFC 7959 section 2.4: a client that wants small blocks says so at once, where there may be a
 * large answer. */
static void
add_preference (GCoapClient         *client,
                GCoapClientExchange *exchange,
                GCoapOptions        *options)
{
  GCoapBlock block = { .szx = gcoap_block_get_szx (client->parameters->block_size) };
  guint method = gcoap_message_get_code (exchange->request);

  if (block.szx < GCOAP_BLOCK_SZX_MAX &&
      (can_ask_again (exchange->request) || method == GCOAP_METHOD_POST) &&
      !gcoap_message_has_option (exchange->request, GCOAP_OPTION_NUMBER_BLOCK2))
    gcoap_block_add (&block, GCOAP_OPTION_NUMBER_BLOCK2, options);
}

/* RFC 7959 section 2.7: as the request was, without its body. A FETCH is nothing without, unless
 * that has gone in blocks. */
static gboolean
make_ask (GCoapClientExchange *exchange,
          GCoapFrame          *frame,
          GCoapOptions        *options)
{
  GCoapUpload *upload = exchange->upload;
  gboolean is_split = upload != NULL && gcoap_upload_mark_ask (upload, options);

  if (is_split || frame->code != GCOAP_METHOD_FETCH)
    frame->payload_length = 0;
  else if (upload != NULL)
    gcoap_upload_make_block (upload, options, &frame->payload, &frame->payload_length);

  return gcoap_download_ask (exchange->download, options);
}

/* RFC 7959 section 2.6: what fetches a body, or the rest of it, does not observe. */
static gboolean
is_for_body (GCoapClientExchange *exchange)
{
  return exchange->is_downloading || exchange->parent != 0;
}

/* FALSE: the number of the block is too large. */
static gboolean
make_message (GCoapClient         *client,
              GCoapClientExchange *exchange,
              GCoapFrame          *frame,
              GCoapOptions        *options)
{
  gboolean is_made = TRUE;

  gcoap_options_set_wire (options, frame->options, frame->options_length);
  if (is_for_body (exchange))
    gcoap_options_remove (options, GCOAP_OPTION_NUMBER_OBSERVE);
  if (exchange->is_downloading)
    is_made = make_ask (exchange, frame, options);
  else
    {
      if (exchange->upload != NULL)
        is_made = gcoap_upload_make_block (exchange->upload, options,
                                           &frame->payload, &frame->payload_length);
      /* What is said of the answer belongs to the last block, which gets one. */
      if (exchange->upload == NULL || !exchange->upload->more)
        add_preference (client, exchange, options);
      else
        gcoap_options_remove (options, GCOAP_OPTION_NUMBER_BLOCK2);
    }
  frame->options = options->data;
  frame->options_length = options->length;

  return is_made;
}

static gboolean
is_plain (GCoapClient         *client,
          GCoapClientExchange *exchange)
{
  return exchange->is_ping || (exchange->upload == NULL && !exchange->is_downloading &&
                               client->parameters->block_size == GCOAP_BLOCK_SIZE_MAX);
}

/* Sends the request, or what is next of it. */
static gboolean
send_message (GCoapClient         *client,
              GCoapClientExchange *exchange,
              const GCoapAddress  *remote,
              gint64               now)
{
  GCoapFrame frame;
  GCoapOptions options;
  gboolean is_sent;

  gcoap_options_init (&options);
  gcoap_message_get_frame (exchange->request, &frame);
  is_sent = (is_plain (client, exchange) || make_message (client, exchange, &frame, &options)) &&
            gcoap_client_exchange_transmit (exchange, client, remote, &frame, now);
  gcoap_options_clear (&options);
  if (is_sent)
    gcoap_client_exchange_note_progress (exchange, client, now);

  return is_sent;
}

/* Leaves the exchange to the application, until it has taken or given a part. */
static void
hold (GCoapClient         *client,
      GCoapClientExchange *exchange,
      GCoapEvent           event,
      gint64               now)
{
  gcoap_client_exchange_set_state (exchange, GCOAP_CLIENT_HOLDING);
  gcoap_client_exchange_note_progress (exchange, client, now);
  event.id = exchange->base.id;
  gcoap_events_push (client->events, event);
}

static gboolean
wants_part (GCoapClientExchange *exchange)
{
  return exchange->upload != NULL && !exchange->is_downloading &&
         !gcoap_upload_is_ready (exchange->upload);
}

static void
ask_for_part (GCoapClient         *client,
              GCoapClientExchange *exchange,
              gint64               now)
{
  GCoapEvent event = {
    .kind = GCOAP_EVENT_PART_WANTED,
    .offset = exchange->upload->offset,
    .size = gcoap_block_size (exchange->upload->szx) + 1,
  };

  hold (client, exchange, event, now);
}

/* One token serves all blocks, for there are servers that know a transfer by it. What comes late,
 * and is about another block than the one that was asked for, shows by its number; where the
 * numbers begin anew, or notifications come too, it would not. */
static gboolean
needs_token (GCoapClientExchange *exchange)
{
  if (gcoap_client_exchange_is_multicast (exchange))
    return TRUE;
  if (exchange->is_downloading)
    return exchange->observe != GCOAP_OBSERVE_NOT || !gcoap_download_has_part (exchange->download);

  return exchange->upload->offset == 0 && exchange->transmitted;
}

/* The next message of a transfer that is under way. */
static void
go_on (GCoapClient         *client,
       GCoapClientExchange *exchange,
       const GCoapAddress  *remote,
       gint64               now)
{
  if (wants_part (exchange))
    {
      ask_for_part (client, exchange, now);
      return;
    }

  if (needs_token (exchange))
    gcoap_client_change_token (client, exchange, remote);
  gcoap_client_exchange_set_state (exchange, GCOAP_CLIENT_SENDING);
  if (!send_message (client, exchange, remote, now))
    gcoap_client_fail (client, &exchange->base, GCOAP_ERROR_INVALID_BLOCK, 0, now);
}

/* Who sends a block by an option of its own sends no other. */
static gboolean
has_large_body (GCoapClient         *client,
                GCoapClientExchange *exchange)
{
  GBytes *body = gcoap_message_get_payload (exchange->request);

  return body != NULL && g_bytes_get_size (body) > client->parameters->block_size &&
         !gcoap_message_has_option (exchange->request, GCOAP_OPTION_NUMBER_BLOCK1);
}

gboolean
gcoap_client_transfer_can_stream (GCoapClientExchange *exchange)
{
  const GCoapStreaming *streaming = &exchange->streaming;

  if (streaming->sends &&
      (gcoap_client_exchange_is_multicast (exchange) ||
       gcoap_message_has_option (exchange->request, GCOAP_OPTION_NUMBER_BLOCK1)))
    return FALSE;

  return !streaming->receives ||
         !gcoap_message_has_option (exchange->request, GCOAP_OPTION_NUMBER_BLOCK2);
}

gboolean
gcoap_client_transfer_begin (GCoapClient         *client,
                             GCoapClientExchange *exchange,
                             const GCoapAddress  *remote,
                             gint64               now)
{
  gsize block_size = client->parameters->block_size;
  GCoapWindow window;

  g_clear_pointer (&exchange->upload, gcoap_upload_free);
  g_clear_pointer (&exchange->download, gcoap_download_free);
  exchange->is_downloading = FALSE;
  if (exchange->streaming.receives)
    exchange->download = make_download (client, exchange);

  if (exchange->streaming.sends)
    {
      gcoap_window_init_empty (&window, exchange->streaming.size);
      exchange->upload = make_upload (client, &window, block_size);
      ask_for_part (client, exchange, now);
      return TRUE;
    }

  if (has_large_body (client, exchange))
    {
      gcoap_window_init_whole (&window, gcoap_message_get_payload (exchange->request));
      exchange->upload = make_upload (client, &window, block_size);
    }

  return send_message (client, exchange, remote, now);
}

/* RFC 7959 section 2.9.3: a whole request may be answered with a hint to send blocks. */
static gboolean
asks_for_blocks (GCoapClientExchange *exchange,
                 const GCoapFrame    *response)
{
  GCoapBlock block;

  return response->code == GCOAP_CODE_REQUEST_ENTITY_TOO_LARGE && exchange->upload == NULL &&
         gcoap_message_get_payload (exchange->request) != NULL &&
         !gcoap_message_has_option (exchange->request, GCOAP_OPTION_NUMBER_BLOCK1) &&
         gcoap_block_find (response, GCOAP_OPTION_NUMBER_BLOCK1, &block) == GCOAP_BLOCK_VALID;
}

static GCoapTransferVerdict
take_for_upload (GCoapClient         *client,
                 GCoapClientExchange *exchange,
                 const GCoapFrame    *response)
{
  GCoapWindow window;

  if (exchange->is_downloading)
    return GCOAP_TRANSFER_DONE;
  if (asks_for_blocks (exchange, response))
    {
      gcoap_window_init_whole (&window, gcoap_message_get_payload (exchange->request));
      exchange->upload = make_upload (client, &window, GCOAP_BLOCK_SIZE_MAX);
      exchange->upload->length = window.size;
    }

  return exchange->upload != NULL ? gcoap_upload_take (exchange->upload, response)
                                  : GCOAP_TRANSFER_DONE;
}

static gboolean
is_partial (const GCoapFrame *response)
{
  GCoapBlock block;
  GCoapBlockVerdict verdict = gcoap_block_find (response, GCOAP_OPTION_NUMBER_BLOCK2, &block);

  return verdict == GCOAP_BLOCK_INVALID ||
         (verdict == GCOAP_BLOCK_VALID && (block.more || block.number > 0));
}

/* Who asks for a block by an option of its own gets that block and no other. */
static gboolean
wants_rest (GCoapClientExchange *exchange,
            const GCoapFrame    *response)
{
  return is_partial (response) &&
         !gcoap_message_has_option (exchange->request, GCOAP_OPTION_NUMBER_BLOCK2);
}

gboolean
gcoap_client_transfer_is_partial (GCoapClientExchange *exchange,
                                  GCoapMessage        *response)
{
  GCoapFrame frame;

  gcoap_message_get_frame (response, &frame);

  return wants_rest (exchange, &frame);
}

static GCoapTransferVerdict
take_for_download (GCoapClient         *client,
                   GCoapClientExchange *exchange,
                   const GCoapFrame    *frame,
                   GCoapMessage        *response)
{
  GCoapTransferVerdict verdict;

  if (exchange->download == NULL)
    {
      if (!wants_rest (exchange, frame))
        return GCOAP_TRANSFER_DONE;
      exchange->download = make_download (client, exchange);
    }

  verdict = gcoap_download_take (exchange->download, response);
  exchange->is_downloading |= verdict == GCOAP_TRANSFER_GOES_ON;

  return verdict;
}

static GCoapMessage *
finish (GCoapClientExchange *exchange,
        GCoapMessage        *response)
{
  return exchange->download != NULL ? gcoap_download_finish (exchange->download, response)
                                    : gcoap_message_ref (response);
}

/* As the server has announced it; the last part tells. */
static gint64
get_body_size (const GCoapDownload *download,
               gboolean             is_complete)
{
  guint size;

  if (is_complete)
    return download->received;

  return gcoap_message_get_uint_option (download->head, GCOAP_OPTION_NUMBER_SIZE2, &size)
         ? (gint64) size
         : -1;
}

static void
tell_part (GCoapClient         *client,
           GCoapClientExchange *exchange,
           const GCoapAddress  *remote,
           const GCoapFrame    *frame,
           GCoapMessage        *response,
           gboolean             is_last,
           gint64               now)
{
  GCoapEvent event = {
    .kind = GCOAP_EVENT_PART,
    .message = gcoap_message_ref (response),
    .remote = *remote,
    .offset = exchange->download->received - frame->payload_length,
    .size = get_body_size (exchange->download, is_last),
    .is_last = is_last,
  };

  if (is_last)
    exchange->response = finish (exchange, response);
  if (gcoap_client_exchange_is_multicast (exchange))
    gcoap_client_change_token (client, exchange, remote);
  hold (client, exchange, event, now);
}

/* What answers a message of ours, on its acknowledgement, cannot be late. */
static gboolean
is_past (GCoapClientExchange *exchange,
         const GCoapArrival  *arrival,
         const GCoapFrame    *response)
{
  if (arrival->transmission != NULL)
    return FALSE;

  return (exchange->upload != NULL && gcoap_upload_is_past (exchange->upload, response)) ||
         (exchange->is_downloading && gcoap_download_is_past (exchange->download, response));
}

GCoapMessage *
gcoap_client_transfer_take (GCoapClient         *client,
                            GCoapClientExchange *exchange,
                            const GCoapArrival  *arrival,
                            GCoapMessage        *message,
                            gint64               now)
{
  const GCoapAddress *remote = &arrival->datagram->remote;
  g_autoptr (GCoapMessage) response = message;
  GCoapTransferVerdict verdict;
  gboolean is_part = FALSE;
  GCoapFrame frame;

  gcoap_message_get_frame (response, &frame);
  if (is_past (exchange, arrival, &frame))
    return NULL;

  verdict = take_for_upload (client, exchange, &frame);
  if (verdict == GCOAP_TRANSFER_DONE)
    {
      verdict = take_for_download (client, exchange, &frame, response);
      is_part = exchange->streaming.receives && gcoap_download_has_part (exchange->download);
    }
  if (verdict == GCOAP_TRANSFER_DONE && !is_part)
    return finish (exchange, response);
  /* What one of a group sends is not the end of what all may answer. */
  if (verdict == GCOAP_TRANSFER_BROKEN && gcoap_client_exchange_is_multicast (exchange))
    return NULL;

  gcoap_client_exchange_finish_transmission (exchange, client, now);
  if (verdict == GCOAP_TRANSFER_BROKEN)
    gcoap_client_fail (client, &exchange->base, GCOAP_ERROR_INVALID_BLOCK, 0, now);
  else if (is_part)
    tell_part (client, exchange, remote, &frame, response, verdict == GCOAP_TRANSFER_DONE, now);
  else
    go_on (client, exchange, remote, now);

  return NULL;
}

/* Of a request that does not go in one message, the whole answer is fetched. */
static gboolean
begin_fetching (GCoapClient         *client,
                GCoapClientExchange *child,
                GCoapMessage        *notification,
                gint64               now)
{
  if (has_large_body (client, child))
    return gcoap_client_transfer_begin (client, child, &child->remote, now);

  child->download = make_download (client, child);
  child->is_downloading = TRUE;

  return gcoap_download_take (child->download, notification) == GCOAP_TRANSFER_GOES_ON &&
         send_message (client, child, &child->remote, now);
}

gboolean
gcoap_client_transfer_fetch (GCoapClient         *client,
                             GCoapClientExchange *observing,
                             GCoapMessage        *notification,
                             gint64               now)
{
  GCoapClientExchange *child = gcoap_client_add_child (client, observing);

  if (begin_fetching (client, child, notification, now))
    return TRUE;

  gcoap_client_exchange_remove (child, client, now);

  return FALSE;
}

void
gcoap_client_transfer_supply (GCoapClient         *client,
                              GCoapClientExchange *exchange,
                              GBytes              *part,
                              gsize                offset,
                              gboolean             is_last,
                              gint64               now)
{
  if (exchange->state != GCOAP_CLIENT_HOLDING || !wants_part (exchange))
    return;

  if (!is_last && (part == NULL || g_bytes_get_size (part) == 0))
    {
      gcoap_client_fail (client, &exchange->base, GCOAP_ERROR_INVALID_BLOCK, 0, now);
      return;
    }

  gcoap_window_move (&exchange->upload->window, part, offset, is_last);
  go_on (client, exchange, &exchange->remote, now);
}

void
gcoap_client_transfer_continue (GCoapClient         *client,
                                GCoapClientExchange *exchange,
                                gint64               now)
{
  GCoapEvent event = {
    .kind = GCOAP_EVENT_RESPONSE,
    .remote = exchange->remote,
  };

  if (exchange->state != GCOAP_CLIENT_HOLDING || wants_part (exchange))
    return;

  if (exchange->response == NULL)
    {
      go_on (client, exchange, &exchange->remote, now);
      return;
    }

  event.message = g_steal_pointer (&exchange->response);
  gcoap_client_exchange_end (exchange, client, event, now);
}
