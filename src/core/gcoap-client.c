/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-client-private.h"

#include <errno.h>

#include "core/gcoap-hash-private.h"
#include "core/gcoap-option-policy-private.h"

/* RFC 7252 section 5.3.1: at least 32 bits of randomness. Small devices have no more to spare. */
#define TOKEN_LENGTH 4

typedef enum
{
  STATE_SENDING, /* the message layer has it */
  STATE_WAITING, /* acknowledged; the response comes separately */
} State;

struct _GCoapClientExchange
{
  GCoapExchange      base;
  GCoapTimer         timer;
  State              state;
  GCoapAddress       remote; /* all zero for a multicast: anybody may answer */
  GCoapPatience      patience;
  GCoapTransmission *transmission; /* (nullable) */
  gboolean           is_ping;
  guint8             token_length;
  guint8             token[GCOAP_TOKEN_LENGTH_MAX];
  guint              hash;
};

static const gboolean legal_edges[2][2] = {
  [STATE_SENDING] = { FALSE, TRUE },
};

static void
set_state (GCoapClientExchange *exchange,
           State                state)
{
  g_assert (legal_edges[exchange->state][state]);

  exchange->state = state;
}

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

static gboolean
is_multicast (const GCoapClientExchange *exchange)
{
  return exchange->remote.port == 0;
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

static void
finish_transmission (GCoapClient         *self,
                     GCoapClientExchange *exchange,
                     gint64               now)
{
  GCoapTransmission *transmission = g_steal_pointer (&exchange->transmission);

  if (transmission != NULL)
    gcoap_message_layer_finish (self->messages, transmission, now);
}

static void
remove_exchange (GCoapClient         *self,
                 GCoapClientExchange *exchange,
                 gint64               now)
{
  finish_transmission (self, exchange, now);
  gcoap_deadlines_disarm (self->deadlines, &exchange->timer);
  gcoap_exchanges_remove (self->exchanges, &exchange->base);
  if (!exchange->is_ping)
    {
      g_hash_table_remove (self->by_token, exchange);
      self->n_multicast -= is_multicast (exchange);
    }
  g_slice_free (GCoapClientExchange, exchange);
}

/* Something of the exchange was sent or has come. */
static void
note_progress (GCoapClient         *self,
               GCoapClientExchange *exchange,
               gint64               now)
{
  const GCoapPatience *patience = &exchange->patience;

  if (patience->timeout > 0 && patience->is_deadline && exchange->timer.position != 0)
    return;

  if (patience->timeout > 0)
    gcoap_deadlines_arm (self->deadlines, &exchange->timer, now + patience->timeout);
  else if (exchange->state == STATE_WAITING)
    gcoap_deadlines_arm (self->deadlines, &exchange->timer,
                         now + gcoap_parameters_get_exchange_lifetime (self->parameters));
  else if (exchange->transmission->type == GCOAP_MESSAGE_TYPE_NON)
    gcoap_deadlines_arm (self->deadlines, &exchange->timer,
                         now + gcoap_parameters_get_max_rtt (self->parameters));
}

static void
finish_with_response (GCoapClient         *self,
                      GCoapClientExchange *exchange,
                      const GCoapAddress  *remote,
                      GCoapMessage        *response,
                      gint64               now)
{
  gcoap_events_push (self->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_RESPONSE,
    .id = exchange->base.id,
    .message = response,
    .remote = *remote,
  });
  remove_exchange (self, exchange, now);
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
  if (!is_multicast (exchange))
    gcoap_client_fail (self, &exchange->base, error, 0, now);
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

static GCoapClientExchange *
exchange_new (GCoapClient         *self,
              const GCoapAddress  *remote,
              GCoapMessage        *message,
              const GCoapPatience *patience)
{
  GCoapClientExchange *exchange = g_slice_new0 (GCoapClientExchange);
  GCoapFrame frame;

  exchange->base.role = GCOAP_ROLE_CLIENT;
  exchange->timer.kind = GCOAP_TIMER_CLIENT;
  exchange->patience = *patience;
  exchange->is_ping = gcoap_message_get_code (message) == 0;
  if (!gcoap_address_is_group (remote))
    exchange->remote = *remote;

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

static GCoapTransmission *
transmit (GCoapClient         *self,
          GCoapClientExchange *exchange,
          const GCoapAddress  *remote,
          GCoapMessage        *message,
          gint64               now)
{
  static const GCoapAddress any_local;
  GCoapFrame frame;

  gcoap_message_get_frame (message, &frame);
  frame.token = exchange->token;
  frame.token_length = exchange->token_length;
  if (exchange->is_ping)
    frame = (GCoapFrame) { .type = GCOAP_MESSAGE_TYPE_CON };
  else if (is_multicast (exchange))
    frame.type = GCOAP_MESSAGE_TYPE_NON;

  return gcoap_message_layer_send (self->messages, remote, &any_local, &frame,
                                   exchange->base.id, now);
}

static int
check_submission (GCoapClient         *self,
                  GCoapClientExchange *exchange)
{
  if (exchange->is_ping)
    return is_multicast (exchange) ? EINVAL : 0;

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
  self->n_multicast += is_multicast (exchange);
}

guint64
gcoap_client_submit (GCoapClient         *self,
                     const GCoapAddress  *remote,
                     GCoapMessage        *message,
                     const GCoapPatience *patience,
                     gint64               now,
                     int                 *out_errno)
{
  GCoapClientExchange *exchange = exchange_new (self, remote, message, patience);

  *out_errno = check_submission (self, exchange);
  if (*out_errno != 0)
    {
      g_slice_free (GCoapClientExchange, exchange);
      return 0;
    }

  add_exchange (self, exchange);
  exchange->transmission = transmit (self, exchange, remote, message, now);
  if (exchange->transmission == NULL)
    {
      remove_exchange (self, exchange, now);
      *out_errno = ENOBUFS;
      return 0;
    }
  note_progress (self, exchange, now);

  return exchange->base.id;
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
      gcoap_message_layer_reset (self->messages, arrival);
      return;
    }

  /* RFC 7252 section 5.3.2: a piggybacked response must fit by Message ID and by token. */
  if (frame->type == GCOAP_MESSAGE_TYPE_ACK && arrival->transmission != exchange->transmission)
    return;

  verdict = gcoap_option_policy_check (frame, &number);
  if (verdict > GCOAP_OPTIONS_UNTIDY)
    {
      reject_response (self, exchange, arrival,
                       verdict == GCOAP_OPTIONS_PARTIAL ? GCOAP_ERROR_INVALID_BLOCK
                                                        : GCOAP_ERROR_INVALID_OPTION, now);
      return;
    }

  if (frame->type == GCOAP_MESSAGE_TYPE_CON)
    gcoap_message_layer_acknowledge (self->messages, arrival, now);
  finish_with_response (self, exchange, &arrival->datagram->remote,
                        gcoap_option_policy_tidy (frame), now);
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

  set_state (exchange, STATE_WAITING);
  finish_transmission (self, exchange, now);
  note_progress (self, exchange, now);
}

void
gcoap_client_reset (GCoapClient   *self,
                    GCoapExchange *base,
                    gint64         now)
{
  GCoapClientExchange *exchange = (GCoapClientExchange *) base;

  if (exchange->is_ping)
    {
      GCoapAddress remote = exchange->remote;
      GCoapMessage *response = gcoap_message_new (0);

      gcoap_message_seal (response);
      finish_with_response (self, exchange, &remote, response, now);
    }
  else
    gcoap_client_fail (self, base, GCOAP_ERROR_RESET, 0, now);
}

void
gcoap_client_fail (GCoapClient   *self,
                   GCoapExchange *base,
                   GCoapError     error,
                   int            errno_value,
                   gint64         now)
{
  gcoap_events_push (self->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_FAILED,
    .id = base->id,
    .error = error,
    .errno_value = errno_value,
  });
  remove_exchange (self, (GCoapClientExchange *) base, now);
}

void
gcoap_client_cancel (GCoapClient   *self,
                     GCoapExchange *base,
                     gint64         now)
{
  remove_exchange (self, (GCoapClientExchange *) base, now);
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
