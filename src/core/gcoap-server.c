/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-server-private.h"

#include <errno.h>

#include "codec/gcoap-option-def-private.h"
#include "core/gcoap-observe-private.h"
#include "core/gcoap-option-policy-private.h"
#include "gcoap/gcoap-code.h"

/* Room for "Option 65535 is not supported", translated by nobody: it is for the peer's log. */
#define DIAGNOSTIC_MAX 64

typedef enum
{
  STATE_RECEIVED,     /* the application has it, and an answer can ride on the acknowledgement */
  STATE_ACKNOWLEDGED, /* the application still has it */
  STATE_DELAYED,      /* the answer waits for the leisure of a multicast */
  STATE_SENDING,      /* the message layer has the answer */
} State;

typedef struct
{
  GCoapExchange      base;
  GCoapTimer         timer;
  State              state;
  GCoapAddress       remote;
  GCoapAddress       local;
  GCoapMessageType   type;
  gboolean           is_multicast;
  gboolean           is_reported;  /* how it ended has been told already */
  GCoapDedupEntry   *entry;        /* (nullable) until it is settled */
  GCoapTransmission *transmission; /* (nullable) */
  GCoapPacket       *packet;       /* (owned) (nullable) the delayed answer */
  gboolean           is_registration;
  guint64            observer;     /* the id of the observer that the request has made; or 0 */
  guint32            sequence;     /* of the state that the response to a registration tells */
  guint16            message_id;
  guint8             token_length;
  guint8             token[GCOAP_TOKEN_LENGTH_MAX];
} ServerExchange;

static const gboolean legal_edges[4][4] = {
  [STATE_RECEIVED] = { [STATE_ACKNOWLEDGED] = TRUE, [STATE_DELAYED] = TRUE },
  [STATE_ACKNOWLEDGED] = { [STATE_SENDING] = TRUE },
};

static void
set_state (ServerExchange *exchange,
           State           state)
{
  g_assert (legal_edges[exchange->state][state]);

  exchange->state = state;
}

static gboolean
awaits_answer (const ServerExchange *exchange)
{
  return exchange->state == STATE_RECEIVED || exchange->state == STATE_ACKNOWLEDGED;
}

static void
settle (GCoapServer    *self,
        ServerExchange *exchange,
        GCoapReply      reply,
        GCoapPacket    *packet)
{
  GCoapDedupEntry *entry = g_steal_pointer (&exchange->entry);

  if (entry != NULL)
    gcoap_message_layer_settle (self->messages, entry, reply, packet);
}

static void
remove_exchange (GCoapServer    *self,
                 ServerExchange *exchange,
                 gint64          now)
{
  if (exchange->transmission != NULL)
    gcoap_message_layer_finish (self->messages, exchange->transmission, now);
  settle (self, exchange, GCOAP_REPLY_SILENCE, NULL);
  gcoap_deadlines_disarm (self->deadlines, &exchange->timer);
  gcoap_exchanges_remove (self->exchanges, &exchange->base);
  g_clear_pointer (&exchange->packet, gcoap_packet_unref);
  self->n_exchanges--;
  g_slice_free (ServerExchange, exchange);
}

static void
finish (GCoapServer    *self,
        ServerExchange *exchange,
        GCoapEvent      event,
        gint64          now)
{
  event.id = exchange->base.id;
  if (!exchange->is_reported)
    gcoap_events_push (self->events, event);
  remove_exchange (self, exchange, now);
}

static void
finish_sent (GCoapServer    *self,
             ServerExchange *exchange,
             gint64          now)
{
  finish (self, exchange, (GCoapEvent) { .kind = GCOAP_EVENT_SENT }, now);
}

static void
finish_failed (GCoapServer    *self,
               ServerExchange *exchange,
               GCoapError      error,
               int             errno_value,
               gint64          now)
{
  finish (self, exchange,
          (GCoapEvent) { .kind = GCOAP_EVENT_FAILED, .error = error, .errno_value = errno_value },
          now);
}

static ServerExchange *
exchange_new (GCoapServer        *self,
              const GCoapArrival *arrival)
{
  const GCoapFrame *frame = &arrival->frame;
  ServerExchange *exchange = g_slice_new (ServerExchange);

  *exchange = (ServerExchange) {
    .base.role = GCOAP_ROLE_SERVER,
    .timer.kind = GCOAP_TIMER_SERVER,
    .remote = arrival->datagram->remote,
    .local = arrival->datagram->local,
    .type = frame->type,
    .is_multicast = arrival->is_multicast,
    .entry = arrival->entry,
    .message_id = frame->message_id,
    .token_length = frame->token_length,
  };
  memcpy (exchange->token, frame->token, frame->token_length);
  gcoap_exchanges_add (self->exchanges, &exchange->base);
  self->n_exchanges++;

  return exchange;
}

void
gcoap_server_init (GCoapServer           *self,
                   const GCoapParameters *parameters,
                   GCoapDeadlines        *deadlines,
                   GCoapRandom           *random,
                   GCoapEvents           *events,
                   GCoapExchanges        *exchanges,
                   GCoapMessageLayer     *messages,
                   GCoapObservers        *observers,
                   GCoapNotifier         *notifier)
{
  *self = (GCoapServer) {
    .parameters = parameters,
    .deadlines = deadlines,
    .random = random,
    .events = events,
    .exchanges = exchanges,
    .messages = messages,
    .observers = observers,
    .notifier = notifier,
  };
}

/* The observer that the request has made, unless another has made it its own since. */
static GCoapObserverEntry *
get_observer (GCoapServer    *self,
              ServerExchange *exchange)
{
  return (GCoapObserverEntry *) gcoap_exchanges_lookup (self->exchanges, exchange->observer);
}

/* The observer that the endpoint and the token of a request already stand for. */
static GCoapObserverEntry *
find_observer (GCoapServer    *self,
               ServerExchange *exchange)
{
  GCoapFrame frame = { .token = exchange->token, .token_length = exchange->token_length };

  return gcoap_observers_find (self->observers, &exchange->remote, &frame);
}

static void
remove_observer (GCoapServer        *self,
                 GCoapObserverEntry *observer,
                 gint64              now)
{
  if (observer != NULL)
    gcoap_notifier_remove (self->notifier, observer, now);
}

/* Answers without the application. RFC 7252 section 5.5.2: the payload says why, shortly. */
static void
refuse (GCoapServer    *self,
        ServerExchange *exchange,
        GCoapCode       code,
        const char     *diagnostic,
        gint64          now)
{
  GCoapFrame response = {
    .code = code,
    .payload = (const guint8 *) diagnostic,
    .payload_length = strlen (diagnostic),
  };

  exchange->is_reported = TRUE;
  gcoap_server_respond (self, &exchange->base, &response, FALSE, now);
}

static gboolean
refuse_by_options (GCoapServer         *self,
                   ServerExchange      *exchange,
                   GCoapOptionsVerdict  verdict,
                   guint                number,
                   gint64               now)
{
  char diagnostic[DIAGNOSTIC_MAX];
  const char *name;

  if (verdict <= GCOAP_OPTIONS_UNTIDY)
    return FALSE;

  if (verdict == GCOAP_OPTIONS_PROXY)
    {
      refuse (self, exchange, GCOAP_CODE_PROXYING_NOT_SUPPORTED, "This is no proxy", now);
      return TRUE;
    }

  name = gcoap_option_number_get_name (number);
  if (name != NULL)
    g_snprintf (diagnostic, sizeof diagnostic, "Option %s is not supported or not valid", name);
  else
    g_snprintf (diagnostic, sizeof diagnostic, "Option %u is not supported", number);
  refuse (self, exchange, GCOAP_CODE_BAD_OPTION, diagnostic, now);

  return TRUE;
}

/* RFC 7641 section 6: of a group nobody can be an observer. */
static void
note_observe (GCoapServer    *self,
              ServerExchange *exchange,
              GCoapMessage   *request,
              gint64          now)
{
  GCoapObserve observe = gcoap_observe_of_request (request);

  if (exchange->is_multicast)
    return;

  exchange->is_registration = observe == GCOAP_OBSERVE_REGISTER;
  if (observe == GCOAP_OBSERVE_DEREGISTER)
    remove_observer (self, find_observer (self, exchange), now);
}

static void
reject (GCoapServer        *self,
        const GCoapArrival *arrival)
{
  gboolean is_reset = arrival->frame.type == GCOAP_MESSAGE_TYPE_CON;

  gcoap_message_layer_reset (self->messages, arrival);
  gcoap_message_layer_settle (self->messages, arrival->entry,
                              is_reset ? GCOAP_REPLY_RST : GCOAP_REPLY_SILENCE, NULL);
}

/* A request that the message layer has found new. */
void
gcoap_server_receive (GCoapServer        *self,
                      const GCoapArrival *arrival,
                      gint64              now)
{
  ServerExchange *exchange;
  GCoapOptionsVerdict verdict;
  g_autoptr (GCoapMessage) request = NULL;
  gboolean is_confirmable = arrival->frame.type == GCOAP_MESSAGE_TYPE_CON;
  guint number;

  if (!self->parameters->serves_requests)
    {
      reject (self, arrival);
      return;
    }

  exchange = exchange_new (self, arrival);
  verdict = gcoap_option_policy_check (&arrival->frame, &number);
  if (refuse_by_options (self, exchange, verdict, number, now))
    return;

  request = verdict == GCOAP_OPTIONS_FINE ? gcoap_message_new_from_frame (&arrival->frame)
                                          : gcoap_option_policy_tidy (&arrival->frame);
  note_observe (self, exchange, request, now);
  if (self->n_exchanges > self->parameters->max_pending_requests)
    {
      refuse (self, exchange, GCOAP_CODE_SERVICE_UNAVAILABLE, "Too many requests", now);
      return;
    }

  gcoap_deadlines_arm (self->deadlines, &exchange->timer,
                       now + (is_confirmable ? self->parameters->piggyback_delay
                                             : self->parameters->response_timeout));
  gcoap_events_push (self->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_REQUEST,
    .id = exchange->base.id,
    .message = g_steal_pointer (&request),
    .remote = exchange->remote,
    .local = exchange->local,
    .is_registration = exchange->is_registration,
  });
}

static void
respond_piggybacked (GCoapServer    *self,
                     ServerExchange *exchange,
                     GCoapFrame     *frame,
                     gint64          now)
{
  g_autoptr (GCoapPacket) packet = NULL;

  frame->type = GCOAP_MESSAGE_TYPE_ACK;
  frame->message_id = exchange->message_id;
  packet = gcoap_packet_new (frame);
  settle (self, exchange, GCOAP_REPLY_PACKET, packet);
  finish_sent (self, exchange, now);
}

/* RFC 7252 section 8.2: what is no use to the asker stays unsaid, and the rest comes after a
 * random while, so that a network full of servers does not answer at once. */
static void
respond_to_multicast (GCoapServer    *self,
                      ServerExchange *exchange,
                      GCoapPacket    *packet,
                      guint8          code,
                      gint64          now)
{
  settle (self, exchange, GCOAP_REPLY_SILENCE, NULL);
  if (code >> 5 != 2)
    {
      finish_sent (self, exchange, now);
      return;
    }

  set_state (exchange, STATE_DELAYED);
  exchange->packet = gcoap_packet_ref (packet);
  gcoap_deadlines_arm (self->deadlines, &exchange->timer,
                       now + gcoap_random_get_range (self->random, 0,
                                                     self->parameters->default_leisure));
}

static void
respond_non (GCoapServer    *self,
             ServerExchange *exchange,
             GCoapFrame     *frame,
             gint64          now)
{
  g_autoptr (GCoapPacket) packet = NULL;

  frame->type = GCOAP_MESSAGE_TYPE_NON;
  packet = gcoap_message_layer_make_non (self->messages, &exchange->remote, frame, now);
  if (packet == NULL)
    {
      gcoap_server_fail (self, &exchange->base, GCOAP_ERROR_REJECTED, ENOBUFS, now);
      return;
    }
  if (exchange->is_multicast)
    {
      respond_to_multicast (self, exchange, packet, frame->code, now);
      return;
    }

  if (exchange->entry != NULL)
    settle (self, exchange, GCOAP_REPLY_PACKET, packet);
  else
    gcoap_outbox_add_packet (self->messages->outbox, &exchange->remote, &exchange->local, packet);
  finish_sent (self, exchange, now);
}

static void
respond_confirmable (GCoapServer    *self,
                     ServerExchange *exchange,
                     GCoapFrame     *frame,
                     gint64          now)
{
  frame->type = GCOAP_MESSAGE_TYPE_CON;
  set_state (exchange, STATE_SENDING);
  gcoap_deadlines_disarm (self->deadlines, &exchange->timer);
  exchange->transmission = gcoap_message_layer_send (self->messages, &exchange->remote,
                                                     &exchange->local, frame,
                                                     exchange->base.id, now);
  if (exchange->transmission == NULL)
    gcoap_server_fail (self, &exchange->base, GCOAP_ERROR_REJECTED, ENOBUFS, now);
}

gboolean
gcoap_server_observe (GCoapServer      *self,
                      GCoapExchange    *base,
                      const GCoapFrame *registration,
                      const char       *uri,
                      gint64            now)
{
  ServerExchange *exchange = (ServerExchange *) base;
  GCoapObserverEntry *observer;

  if (!exchange->is_registration || !awaits_answer (exchange))
    return FALSE;

  /* RFC 7641 section 4.1: the same token again takes the place of what it was. */
  observer = find_observer (self, exchange);
  if (observer != NULL &&
      observer->observed != gcoap_observers_lookup (self->observers, uri))
    remove_observer (self, g_steal_pointer (&observer), now);
  if (observer != NULL)
    gcoap_notifier_renew (self->notifier, observer, now);
  else
    observer = gcoap_notifier_add (self->notifier, &exchange->remote, &exchange->local,
                                   registration, uri, now);
  if (observer == NULL)
    return FALSE;

  observer->local = exchange->local;
  exchange->observer = observer->base.id;
  exchange->sequence = observer->observed->sequence;

  return TRUE;
}

/* An observer is who gets a response of success to a registration that was accepted, and that says
 * so by its Observe option (RFC 7641 section 4.1). What the application tells the others until it
 * answers is newer than this answer. */
static void
settle_observer (GCoapServer    *self,
                 ServerExchange *exchange,
                 GCoapFrame     *frame,
                 GCoapOptions   *options,
                 gint64          now)
{
  GCoapObserverEntry *observer = find_observer (self, exchange);
  gboolean is_accepted = exchange->observer != 0;
  gboolean is_observer = is_accepted && observer != NULL && frame->code >> 5 == 2;

  gcoap_options_set_wire (options, frame->options, frame->options_length);
  gcoap_options_remove (options, GCOAP_OPTION_NUMBER_OBSERVE);
  if (is_observer)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_OBSERVE, exchange->sequence);
  else
    remove_observer (self, is_accepted ? get_observer (self, exchange) : observer, now);
  frame->options = options->data;
  frame->options_length = options->length;
}

static void
activate_observer (GCoapServer *self,
                   guint64      id,
                   gint64       now)
{
  GCoapExchange *exchange = gcoap_exchanges_lookup (self->exchanges, id);

  if (exchange != NULL)
    gcoap_notifier_activate (self->notifier, (GCoapObserverEntry *) exchange, now);
}

/* RFC 7252 section 5.2: on the acknowledgement while that has not gone out, else in a message of
 * its own; Non-confirmable for a request that was. */
gboolean
gcoap_server_respond (GCoapServer      *self,
                      GCoapExchange    *base,
                      const GCoapFrame *response,
                      gboolean          is_confirmable,
                      gint64            now)
{
  ServerExchange *exchange = (ServerExchange *) base;
  guint64 observer = exchange->observer;
  GCoapFrame frame = *response;
  GCoapOptions options;

  if (!awaits_answer (exchange))
    return FALSE;

  gcoap_options_init (&options);
  if (exchange->is_registration)
    settle_observer (self, exchange, &frame, &options, now);
  frame.token = exchange->token;
  frame.token_length = exchange->token_length;
  if (exchange->type == GCOAP_MESSAGE_TYPE_CON && exchange->state == STATE_RECEIVED)
    respond_piggybacked (self, exchange, &frame, now);
  else if (exchange->type == GCOAP_MESSAGE_TYPE_CON && is_confirmable)
    respond_confirmable (self, exchange, &frame, now);
  else
    respond_non (self, exchange, &frame, now);
  activate_observer (self, observer, now);
  gcoap_options_clear (&options);

  return TRUE;
}

void
gcoap_server_acknowledged (GCoapServer   *self,
                           GCoapExchange *base,
                           gint64         now)
{
  finish_sent (self, (ServerExchange *) base, now);
}

void
gcoap_server_fail (GCoapServer   *self,
                   GCoapExchange *base,
                   GCoapError     error,
                   int            errno_value,
                   gint64         now)
{
  ServerExchange *exchange = (ServerExchange *) base;

  remove_observer (self, get_observer (self, exchange), now);
  finish_failed (self, exchange, error, errno_value, now);
}

void
gcoap_server_cancel (GCoapServer   *self,
                     GCoapExchange *base,
                     gint64         now)
{
  ServerExchange *exchange = (ServerExchange *) base;

  remove_observer (self, get_observer (self, exchange), now);
  remove_exchange (self, exchange, now);
}

/* The application has had its time. */
static void
give_up (GCoapServer    *self,
         ServerExchange *exchange,
         gint64          now)
{
  gcoap_events_push (self->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_FAILED,
    .id = exchange->base.id,
    .error = GCOAP_ERROR_TIMED_OUT,
  });
  refuse (self, exchange, GCOAP_CODE_SERVICE_UNAVAILABLE, "The server did not answer", now);
}

void
gcoap_server_expire (GCoapServer   *self,
                     GCoapExchange *base,
                     gint64         now)
{
  ServerExchange *exchange = (ServerExchange *) base;

  if (exchange->state == STATE_DELAYED)
    {
      gcoap_outbox_add_packet (self->messages->outbox, &exchange->remote, &exchange->local,
                               exchange->packet);
      finish_sent (self, exchange, now);
    }
  else if (exchange->state == STATE_RECEIVED && exchange->type == GCOAP_MESSAGE_TYPE_CON)
    {
      set_state (exchange, STATE_ACKNOWLEDGED);
      settle (self, exchange, GCOAP_REPLY_ACK, NULL);
      gcoap_deadlines_arm (self->deadlines, &exchange->timer,
                           now + self->parameters->response_timeout);
    }
  else
    give_up (self, exchange, now);
}

GCoapExchange *
gcoap_server_get_timer_owner (GCoapTimer *timer)
{
  return (GCoapExchange *) ((guint8 *) timer - G_STRUCT_OFFSET (ServerExchange, timer));
}
