/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-client-private.h"

#include <errno.h>

#include "core/gcoap-client-transfer-private.h"
#include "core/gcoap-hash-private.h"
#include "core/gcoap-observing-private.h"
#include "core/gcoap-option-policy-private.h"

/* RFC 7252 section 5.3.1: at least 32 bits of randomness. Small devices have no more to spare. */
#define TOKEN_LENGTH 4

static guint
exchange_hash (gconstpointer key)
{
  return ((const GCoapClientExchange *) key)->hash;
}

static gboolean
exchange_equal (gconstpointer a,
                gconstpointer b)
{
  const GCoapClientExchange *one = a;
  const GCoapClientExchange *other = b;

  return one->token_length == other->token_length &&
         memcmp (one->token, other->token, sizeof one->token) == 0 &&
         gcoap_address_equal (&one->remote, &other->remote);
}

static void
set_token (GCoapClient         *self,
           GCoapClientExchange *exchange,
           const guint8        *token,
           gsize                length)
{
  guint64 word;

  memset (exchange->token, 0, sizeof exchange->token);
  if (length > 0)
    memcpy (exchange->token, token, length);
  exchange->token_length = length;

  memcpy (&word, exchange->token, sizeof word);
  exchange->hash = gcoap_hash_finish (
    gcoap_hash_word (gcoap_hash_address (self->seed, &exchange->remote), word + length));
}

static GCoapClientExchange *
find_by_token (GCoapClient        *self,
               const GCoapAddress *remote,
               const GCoapFrame   *frame)
{
  GCoapClientExchange key = { .remote = *remote };

  set_token (self, &key, frame->token, frame->token_length);

  return g_hash_table_lookup (self->by_token, &key);
}

static GCoapClientExchange *
find_exchange (GCoapClient        *self,
               const GCoapArrival *arrival)
{
  static const GCoapAddress anybody;
  GCoapClientExchange *exchange =
    find_by_token (self, &arrival->datagram->remote, &arrival->frame);

  if (exchange == NULL && self->n_multicast > 0)
    exchange = find_by_token (self, &anybody, &arrival->frame);

  return exchange;
}

static void
choose_token (GCoapClient         *self,
              GCoapClientExchange *exchange)
{
  guint8 token[TOKEN_LENGTH];

  do
    {
      gcoap_random_get_bytes (self->random, token, sizeof token);
      set_token (self, exchange, token, sizeof token);
    }
  while (g_hash_table_contains (self->by_token, exchange));
}

/* RFC 7252 section 5.4.1: a response that is not understood is rejected. */
static void
reject_response (GCoapClient         *self,
                 GCoapClientExchange *exchange,
                 const GCoapArrival  *arrival,
                 GCoapError           error,
                 gint64               now)
{
  gcoap_message_layer_reset (self->messages, arrival);
  if (!gcoap_client_exchange_is_multicast (exchange))
    gcoap_client_fail (self, &exchange->base, error, 0, now);
}

static void
reject_unknown (GCoapClient        *self,
                const GCoapArrival *arrival)
{
  self->messages->counters->unexpected++;
  if (gcoap_observe_is_notification (&arrival->frame))
    gcoap_message_layer_reset_notification (self->messages, arrival);
  else
    gcoap_message_layer_reset (self->messages, arrival);
}

void
gcoap_client_init (GCoapClient           *self,
                   const GCoapParameters *parameters,
                   GCoapDeadlines        *deadlines,
                   GCoapRandom           *random,
                   GCoapEvents           *events,
                   GCoapExchanges        *exchanges,
                   GCoapMessageLayer     *messages)
{
  *self = (GCoapClient) {
    .parameters = parameters,
    .deadlines = deadlines,
    .random = random,
    .events = events,
    .exchanges = exchanges,
    .messages = messages,
    .by_token = g_hash_table_new (exchange_hash, exchange_equal),
    .seed = gcoap_random_get_uint64 (random),
  };
}

/* Every exchange has been cancelled by then. */
void
gcoap_client_clear (GCoapClient *self)
{
  g_clear_pointer (&self->by_token, g_hash_table_unref);
}

/* RFC 7641 section 6: a group cannot be observed. Nor does a stream begin anew with each state. */
static gboolean
can_observe (const GCoapClientExchange *exchange)
{
  return !gcoap_client_exchange_is_multicast (exchange) &&
         !exchange->streaming.sends && !exchange->streaming.receives;
}

static GCoapClientExchange *
exchange_new (GCoapClient          *self,
              const GCoapAddress   *remote,
              GCoapMessage         *message,
              const GCoapPatience  *patience,
              const GCoapStreaming *streaming)
{
  GCoapClientExchange *exchange = g_slice_new0 (GCoapClientExchange);
  GCoapFrame frame;

  exchange->base.role = GCOAP_ROLE_CLIENT;
  exchange->timer.kind = GCOAP_TIMER_CLIENT;
  exchange->patience = *patience;
  exchange->is_ping = gcoap_message_get_code (message) == 0;
  if (!gcoap_address_is_group (remote))
    exchange->remote = *remote;
  if (streaming != NULL)
    exchange->streaming = *streaming;
  if (can_observe (exchange))
    exchange->observe = gcoap_observe_of_request (message);
  exchange->request = gcoap_message_ref (message);

  gcoap_message_get_frame (message, &frame);
  if (exchange->is_ping)
    set_token (self, exchange, NULL, 0);
  else if (gcoap_message_has_token (message))
    set_token (self, exchange, frame.token, frame.token_length);
  else
    {
      choose_token (self, exchange);
      gcoap_message_assign_token (message, exchange->token, exchange->token_length);
    }

  return exchange;
}

static gboolean
has_too_large_body (GCoapClient         *self,
                    GCoapClientExchange *exchange)
{
  GBytes *body = gcoap_message_get_payload (exchange->request);
  gint64 size = body != NULL ? (gint64) g_bytes_get_size (body) : 0;
  gint64 n_blocks = GCOAP_BLOCK_NUMBER_MAX + 1;

  if (exchange->streaming.sends)
    size = exchange->streaming.size;

  return size > n_blocks * self->parameters->block_size;
}

static int
check_submission (GCoapClient         *self,
                  GCoapClientExchange *exchange)
{
  if (exchange->is_ping)
    return gcoap_client_exchange_is_multicast (exchange) ? EINVAL : 0;
  if (has_too_large_body (self, exchange))
    return EMSGSIZE;
  if (!gcoap_client_transfer_can_stream (exchange))
    return EINVAL;

  return g_hash_table_contains (self->by_token, exchange) ? EEXIST : 0;
}

static void
add_exchange (GCoapClient         *self,
              GCoapClientExchange *exchange)
{
  gcoap_exchanges_add (self->exchanges, &exchange->base);
  if (exchange->is_ping)
    return;

  g_hash_table_add (self->by_token, exchange);
  self->n_multicast += gcoap_client_exchange_is_multicast (exchange);
}

guint64
gcoap_client_submit (GCoapClient          *self,
                     const GCoapAddress   *remote,
                     GCoapMessage         *message,
                     const GCoapPatience  *patience,
                     const GCoapStreaming *streaming,
                     gint64                now,
                     int                  *out_errno)
{
  GCoapClientExchange *exchange = exchange_new (self, remote, message, patience, streaming);

  *out_errno = check_submission (self, exchange);
  if (*out_errno != 0)
    {
      gcoap_client_exchange_free (exchange);
      return 0;
    }

  add_exchange (self, exchange);
  if (!gcoap_client_transfer_begin (self, exchange, remote, now))
    {
      gcoap_client_exchange_remove (exchange, self, now);
      *out_errno = ENOBUFS;
      return 0;
    }

  return exchange->base.id;
}

GCoapClientExchange *
gcoap_client_add_child (GCoapClient         *self,
                        GCoapClientExchange *parent)
{
  GCoapClientExchange *child = g_slice_new0 (GCoapClientExchange);

  child->base.role = GCOAP_ROLE_CLIENT;
  child->timer.kind = GCOAP_TIMER_CLIENT;
  child->patience = parent->patience;
  child->remote = parent->remote;
  child->request = gcoap_message_ref (parent->request);
  child->parent = parent->base.id;
  choose_token (self, child);
  add_exchange (self, child);
  parent->child = child->base.id;

  return child;
}

void
gcoap_client_change_token (GCoapClient         *self,
                           GCoapClientExchange *exchange,
                           const GCoapAddress  *remote)
{
  g_hash_table_remove (self->by_token, exchange);
  self->n_multicast -= gcoap_client_exchange_is_multicast (exchange);
  exchange->remote = *remote;
  choose_token (self, exchange);
  g_hash_table_add (self->by_token, exchange);
}

static void
take_response (GCoapClient         *self,
               GCoapClientExchange *exchange,
               const GCoapArrival  *arrival,
               GCoapMessage        *response,
               gint64               now)
{
  GCoapEvent event = {
    .kind = GCOAP_EVENT_RESPONSE,
    .message = gcoap_client_transfer_take (self, exchange, arrival, response, now),
    .remote = arrival->datagram->remote,
  };

  if (event.message != NULL)
    gcoap_client_exchange_end (exchange, self, event, now);
}

/* A response that the message layer has found new. */
void
gcoap_client_receive (GCoapClient        *self,
                      const GCoapArrival *arrival,
                      gint64              now)
{
  const GCoapFrame *frame = &arrival->frame;
  GCoapClientExchange *exchange = find_exchange (self, arrival);
  GCoapOptionsVerdict verdict;
  guint number;

  if (exchange == NULL)
    {
      reject_unknown (self, arrival);
      return;
    }

  /* RFC 7252 section 5.3.2: a piggybacked response must fit by Message ID and by token. */
  if (frame->type == GCOAP_MESSAGE_TYPE_ACK && arrival->transmission != exchange->transmission)
    return;

  verdict = gcoap_option_policy_check (frame, &number);
  if (verdict > GCOAP_OPTIONS_UNTIDY)
    {
      reject_response (self, exchange, arrival, GCOAP_ERROR_INVALID_OPTION, now);
      return;
    }

  /* With other requests, a duplicate that is not confirmable finds the token gone. */
  if (frame->type == GCOAP_MESSAGE_TYPE_CON || exchange->observe != GCOAP_OBSERVE_NOT)
    gcoap_message_layer_accept (self->messages, arrival, now);
  if (exchange->state == GCOAP_CLIENT_HOLDING)
    return;
  if (exchange->observe != GCOAP_OBSERVE_NOT)
    gcoap_observing_receive (self, exchange, arrival, gcoap_option_policy_tidy (frame), now);
  else
    take_response (self, exchange, arrival, gcoap_option_policy_tidy (frame), now);
}

void
gcoap_client_acknowledged (GCoapClient   *self,
                           GCoapExchange *base,
                           gint64         now)
{
  GCoapClientExchange *exchange = (GCoapClientExchange *) base;

  /* A ping asks for a Reset, but an acknowledgement shows the same: the peer is alive. */
  if (exchange->is_ping)
    {
      gcoap_client_reset (self, base, now);
      return;
    }

  gcoap_client_exchange_set_state (exchange, GCOAP_CLIENT_WAITING);
  gcoap_client_exchange_finish_transmission (exchange, self, now);
  gcoap_client_exchange_note_progress (exchange, self, now);
}

void
gcoap_client_reset (GCoapClient   *self,
                    GCoapExchange *base,
                    gint64         now)
{
  GCoapClientExchange *exchange = (GCoapClientExchange *) base;

  if (exchange->is_ping)
    {
      GCoapEvent event = {
        .kind = GCOAP_EVENT_RESPONSE,
        .message = gcoap_message_new (0),
        .remote = exchange->remote,
      };

      gcoap_message_seal (event.message);
      gcoap_client_exchange_end (exchange, self, event, now);
    }
  else
    gcoap_client_fail (self, base, GCOAP_ERROR_RESET, 0, now);
}

void
gcoap_client_expire (GCoapClient   *self,
                     GCoapExchange *base,
                     gint64         now)
{
  GCoapClientExchange *exchange = (GCoapClientExchange *) base;

  if (exchange->state == GCOAP_CLIENT_OBSERVING)
    gcoap_observing_register_again (self, exchange, now);
  else
    gcoap_client_fail (self, base, GCOAP_ERROR_TIMED_OUT, 0, now);
}

void
gcoap_client_fail (GCoapClient   *self,
                   GCoapExchange *base,
                   GCoapError     error,
                   int            errno_value,
                   gint64         now)
{
  GCoapClientExchange *exchange = (GCoapClientExchange *) base;
  GCoapEvent event = {
    .kind = GCOAP_EVENT_FAILED,
    .error = error,
    .errno_value = errno_value,
  };

  if (!gcoap_observing_try_later (self, exchange, error, now))
    gcoap_client_exchange_end (exchange, self, event, now);
}

void
gcoap_client_cancel (GCoapClient   *self,
                     GCoapExchange *base,
                     gint64         now)
{
  gcoap_client_exchange_remove ((GCoapClientExchange *) base, self, now);
}

void
gcoap_client_supply (GCoapClient   *self,
                     GCoapExchange *exchange,
                     GBytes        *part,
                     gsize          offset,
                     gboolean       is_last,
                     gint64         now)
{
  gcoap_client_transfer_supply (self, (GCoapClientExchange *) exchange, part, offset, is_last, now);
}

void
gcoap_client_continue (GCoapClient   *self,
                       GCoapExchange *exchange,
                       gint64         now)
{
  gcoap_client_transfer_continue (self, (GCoapClientExchange *) exchange, now);
}

gboolean
gcoap_client_is_ping (const GCoapExchange *base)
{
  return ((const GCoapClientExchange *) base)->is_ping;
}

GCoapExchange *
gcoap_client_get_timer_owner (GCoapTimer *timer)
{
  return (GCoapExchange *) ((guint8 *) timer - G_STRUCT_OFFSET (GCoapClientExchange, timer));
}
