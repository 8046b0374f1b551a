/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-engine-private.h"

#include <errno.h>

struct _GCoapEngine
{
  GCoapParameters   parameters;
  gint64            now;
  GCoapRandom       random;
  GCoapCounters     counters;
  GCoapDeadlines    deadlines;
  GCoapOutbox       outbox;
  GCoapEvents       events;
  GCoapExchanges    exchanges;
  GCoapMessageLayer messages;
  GCoapObservers    observers;
  GCoapBodies       bodies;
  GCoapNotifier     notifier;
  GCoapClient       client;
  GCoapServer       server;
};

static void
advance (GCoapEngine *self,
         gint64       now)
{
  g_assert (now >= self->now);

  self->now = now;
}

GCoapEngine *
gcoap_engine_new (const GCoapParameters *parameters,
                  GRand                 *random)
{
  GCoapEngine *self = g_new0 (GCoapEngine, 1);

  self->parameters = *parameters;
  gcoap_random_init (&self->random, random);
  gcoap_deadlines_init (&self->deadlines);
  gcoap_outbox_init (&self->outbox);
  gcoap_events_init (&self->events);
  gcoap_exchanges_init (&self->exchanges);
  gcoap_message_layer_init (&self->messages, &self->parameters, &self->deadlines, &self->outbox,
                            &self->random, &self->counters);
  gcoap_client_init (&self->client, &self->parameters, &self->deadlines, &self->random,
                     &self->events, &self->exchanges, &self->messages);
  gcoap_observers_init (&self->observers, &self->parameters, &self->exchanges,
                        &self->messages.peers, &self->random);
  gcoap_bodies_init (&self->bodies, &self->parameters, &self->deadlines, &self->exchanges,
                     gcoap_random_get_uint64 (&self->random));
  gcoap_notifier_init (&self->notifier, &self->parameters, &self->deadlines, &self->outbox,
                       &self->events, &self->messages, &self->observers, &self->bodies);
  gcoap_server_init (&self->server, &self->parameters, &self->deadlines, &self->random,
                     &self->events, &self->exchanges, &self->messages, &self->observers,
                     &self->notifier, &self->bodies);

  return self;
}

static void
cancel_exchange (GCoapEngine   *self,
                 GCoapExchange *exchange)
{
  switch (exchange->role)
    {
    case GCOAP_ROLE_CLIENT:
      gcoap_client_cancel (&self->client, exchange, self->now);
      break;

    case GCOAP_ROLE_SERVER:
      gcoap_server_cancel (&self->server, exchange, self->now);
      break;

    case GCOAP_ROLE_BODY:
      gcoap_server_cancel_body (&self->server, exchange, self->now);
      break;

    case GCOAP_ROLE_OBSERVER:
    default:
      gcoap_notifier_discard (&self->notifier, (GCoapObserverEntry *) exchange, self->now);
    }
}

void
gcoap_engine_free (GCoapEngine *self)
{
  GCoapExchange *exchange;

  if (self == NULL)
    return;

  while ((exchange = gcoap_exchanges_get_any (&self->exchanges)) != NULL)
    cancel_exchange (self, exchange);
  gcoap_bodies_clear (&self->bodies);
  gcoap_notifier_clear (&self->notifier);
  gcoap_observers_clear (&self->observers);
  gcoap_client_clear (&self->client);
  gcoap_message_layer_clear (&self->messages);
  gcoap_exchanges_clear (&self->exchanges);
  gcoap_events_clear (&self->events);
  gcoap_outbox_clear (&self->outbox);
  gcoap_deadlines_clear (&self->deadlines);
  g_free (self);
}

GCoapParameters *
gcoap_engine_get_parameters (GCoapEngine *self)
{
  return &self->parameters;
}

void
gcoap_engine_apply_parameters (GCoapEngine *self,
                               gint64       now)
{
  advance (self, now);
  gcoap_server_apply_parameters (&self->server, now);
  gcoap_message_layer_apply_parameters (&self->messages, now);
}

static void
fail_exchange (GCoapEngine *self,
               guint64      id,
               GCoapError   error,
               int          errno_value)
{
  GCoapExchange *exchange = gcoap_exchanges_lookup (&self->exchanges, id);

  switch (exchange->role)
    {
    case GCOAP_ROLE_CLIENT:
      gcoap_client_fail (&self->client, exchange, error, errno_value, self->now);
      break;

    case GCOAP_ROLE_SERVER:
      gcoap_server_fail (&self->server, exchange, error, errno_value, self->now);
      break;

    case GCOAP_ROLE_OBSERVER:
    default:
      gcoap_notifier_remove (&self->notifier, (GCoapObserverEntry *) exchange, self->now);
    }
}

/* A notification that is not confirmable was reset, or has come back. */
static void
drop_observer (GCoapEngine        *self,
               const GCoapAddress *remote,
               guint16             message_id)
{
  GCoapObserverEntry *observer =
    gcoap_observers_find_message_id (&self->observers, remote, message_id);

  if (observer != NULL)
    gcoap_notifier_remove (&self->notifier, observer, self->now);
}

static void
fail_returned (GCoapEngine         *self,
               guint64              id,
               const GCoapDatagram *datagram)
{
  fail_exchange (self, id, GCOAP_ERROR_REJECTED, datagram->error);
  if (datagram->error == EMSGSIZE)
    gcoap_events_note_size (&self->events, id, datagram->original_length);
}

/* An acknowledgement that is too long, with a response in it, will be so the next time as well. */
static void
report_oversized (GCoapEngine         *self,
                  const GCoapDatagram *datagram)
{
  gcoap_events_push (&self->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_UNDELIVERABLE,
    .error = GCOAP_ERROR_REJECTED,
    .errno_value = datagram->error,
    .remote = datagram->remote,
    .size = datagram->original_length,
  });
}

static void
receive_returned (GCoapEngine         *self,
                  const GCoapDatagram *datagram)
{
  GCoapTransmission *transmission =
    gcoap_message_layer_find_returned (&self->messages, datagram);
  GCoapFrame frame;

  self->counters.undeliverable++;
  if (transmission != NULL)
    {
      fail_returned (self, transmission->owner, datagram);
      return;
    }

  if (datagram->error == EMSGSIZE)
    report_oversized (self, datagram);
  if (gcoap_frame_parse (&frame, datagram->data, datagram->length) != GCOAP_FRAME_FOREIGN &&
           frame.type == GCOAP_MESSAGE_TYPE_NON)
    drop_observer (self, &datagram->remote, frame.message_id);
}

static void
receive_acknowledgement (GCoapEngine       *self,
                         GCoapTransmission *transmission)
{
  GCoapExchange *exchange = gcoap_exchanges_lookup (&self->exchanges, transmission->owner);

  switch (exchange->role)
    {
    case GCOAP_ROLE_CLIENT:
      gcoap_client_acknowledged (&self->client, exchange, self->now);
      break;

    case GCOAP_ROLE_SERVER:
      gcoap_server_acknowledged (&self->server, exchange, self->now);
      break;

    case GCOAP_ROLE_OBSERVER:
    default:
      gcoap_notifier_acknowledged (&self->notifier, (GCoapObserverEntry *) exchange, self->now);
    }
}

static gboolean
takes_responses (GCoapEngine             *self,
                 const GCoapTransmission *transmission)
{
  GCoapExchange *exchange = gcoap_exchanges_lookup (&self->exchanges, transmission->owner);

  return exchange->role == GCOAP_ROLE_CLIENT && !gcoap_client_is_ping (exchange);
}

/* RFC 7252 section 5.2.2: the acknowledgement of a response is no more than that, whatever it
 * carries. Nor is that of a ping, which some peers take for a request and answer. */
static void
receive_response (GCoapEngine        *self,
                  const GCoapArrival *arrival)
{
  GCoapTransmission *transmission = arrival->transmission;

  if (transmission == NULL || takes_responses (self, transmission))
    gcoap_client_receive (&self->client, arrival, self->now);
  else
    receive_acknowledgement (self, transmission);
}

static void
receive_reset (GCoapEngine        *self,
               const GCoapArrival *arrival)
{
  GCoapExchange *exchange;

  self->counters.resets_received++;
  if (arrival->transmission == NULL)
    {
      drop_observer (self, &arrival->datagram->remote, arrival->frame.message_id);
      return;
    }

  exchange = gcoap_exchanges_lookup (&self->exchanges, arrival->transmission->owner);
  if (exchange->role == GCOAP_ROLE_CLIENT)
    gcoap_client_reset (&self->client, exchange, self->now);
  else
    fail_exchange (self, exchange->id, GCOAP_ERROR_RESET, 0);
}

static void
report_malformed (GCoapEngine         *self,
                  const GCoapDatagram *datagram)
{
  self->counters.malformed++;
  gcoap_events_push (&self->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_MALFORMED,
    .error = GCOAP_ERROR_MALFORMED_MESSAGE,
    .remote = datagram->remote,
  });
}

void
gcoap_engine_receive (GCoapEngine         *self,
                      const GCoapDatagram *datagram,
                      gint64               now)
{
  GCoapArrival arrival;

  advance (self, now);
  if (datagram->error != 0)
    {
      receive_returned (self, datagram);
      return;
    }

  self->counters.datagrams_received++;
  self->counters.bytes_received += datagram->length;

  switch (gcoap_message_layer_receive (&self->messages, datagram, now, &arrival))
    {
    case GCOAP_VERDICT_DONE:
      break;

    case GCOAP_VERDICT_MALFORMED:
      report_malformed (self, datagram);
      break;

    case GCOAP_VERDICT_REQUEST:
      gcoap_server_receive (&self->server, &arrival, now);
      break;

    case GCOAP_VERDICT_RESPONSE:
      receive_response (self, &arrival);
      break;

    case GCOAP_VERDICT_ACKNOWLEDGED:
      receive_acknowledgement (self, arrival.transmission);
      break;

    case GCOAP_VERDICT_RESET:
      receive_reset (self, &arrival);
      break;

    default:
      g_assert_not_reached ();
    }
}

guint64
gcoap_engine_submit (GCoapEngine          *self,
                     const GCoapAddress   *remote,
                     GCoapMessage         *message,
                     const GCoapPatience  *patience,
                     const GCoapStreaming *streaming,
                     gint64                now,
                     int                  *out_errno)
{
  advance (self, now);
  gcoap_message_seal (message);

  return gcoap_client_submit (&self->client, remote, message, patience, streaming, now, out_errno);
}

gboolean
gcoap_engine_observe (GCoapEngine  *self,
                      guint64       id,
                      GCoapMessage *request,
                      const char   *uri,
                      gint64        now)
{
  GCoapExchange *exchange = gcoap_exchanges_lookup (&self->exchanges, id);
  GCoapFrame frame;

  advance (self, now);
  if (exchange == NULL || exchange->role != GCOAP_ROLE_SERVER)
    return FALSE;

  gcoap_message_get_frame (request, &frame);

  return gcoap_server_observe (&self->server, exchange, &frame, uri, now);
}

gboolean
gcoap_engine_notify (GCoapEngine      *self,
                     const char       *uri,
                     const GCoapFrame *state,
                     GBytes           *body,
                     gboolean          is_confirmable,
                     gint64            now)
{
  advance (self, now);

  return gcoap_notifier_notify (&self->notifier, uri, state, body, is_confirmable, now);
}

void
gcoap_engine_unregister_all (GCoapEngine *self,
                             gint64       now)
{
  advance (self, now);
  gcoap_notifier_remove_all (&self->notifier, now);
}

static GCoapExchange *
lookup (GCoapEngine *self,
        guint64      id,
        GCoapRole    role)
{
  GCoapExchange *exchange = gcoap_exchanges_lookup (&self->exchanges, id);

  return exchange != NULL && exchange->role == role ? exchange : NULL;
}

static GCoapObserverEntry *
find_observer (GCoapEngine            *self,
               const GCoapObserverKey *key)
{
  GCoapFrame frame = { .token = key->token, .token_length = key->token_length };

  return gcoap_observers_find (&self->observers, &key->remote, &frame);
}

gboolean
gcoap_engine_unregister (GCoapEngine            *self,
                         const GCoapObserverKey *key,
                         gint64                  now)
{
  GCoapObserverEntry *observer = find_observer (self, key);

  advance (self, now);
  if (observer == NULL)
    return FALSE;

  gcoap_notifier_remove (&self->notifier, observer, now);

  return TRUE;
}

gboolean
gcoap_engine_get_observer (GCoapEngine            *self,
                           const GCoapObserverKey *key,
                           GCoapObserverInfo      *out_info)
{
  GCoapObserverEntry *observer = find_observer (self, key);

  if (observer == NULL)
    return FALSE;

  gcoap_observer_entry_get_info (observer, out_info);

  return TRUE;
}

GArray *
gcoap_engine_list_observers (GCoapEngine *self)
{
  return gcoap_observers_list (&self->observers);
}

GPtrArray *
gcoap_engine_list_observed_uris (GCoapEngine *self)
{
  return gcoap_observers_list_uris (&self->observers);
}

gboolean
gcoap_engine_respond (GCoapEngine      *self,
                      guint64           id,
                      const GCoapFrame *response,
                      GBytes           *body,
                      gboolean          is_confirmable,
                      gint64            now)
{
  GCoapExchange *exchange = lookup (self, id, GCOAP_ROLE_SERVER);

  advance (self, now);

  return exchange != NULL &&
         gcoap_server_respond (&self->server, exchange, response, body, is_confirmable, now);
}

guint64
gcoap_engine_respond_with_stream (GCoapEngine      *self,
                                  guint64           id,
                                  const GCoapFrame *response,
                                  gint64            size,
                                  gboolean          is_confirmable,
                                  gint64            now)
{
  GCoapExchange *exchange = lookup (self, id, GCOAP_ROLE_SERVER);

  advance (self, now);
  if (exchange == NULL)
    return 0;

  return gcoap_server_respond_with_stream (&self->server, exchange, response, size,
                                           is_confirmable, now);
}

void
gcoap_engine_supply (GCoapEngine *self,
                     guint64      id,
                     GBytes      *part,
                     gsize        offset,
                     gboolean     is_last,
                     gint64       now)
{
  GCoapExchange *exchange = gcoap_exchanges_lookup (&self->exchanges, id);

  advance (self, now);
  if (exchange == NULL)
    return;

  switch (exchange->role)
    {
    case GCOAP_ROLE_BODY:
      gcoap_server_supply (&self->server, exchange, part, offset, is_last, now);
      break;

    case GCOAP_ROLE_CLIENT:
      gcoap_client_supply (&self->client, exchange, part, offset, is_last, now);
      break;

    case GCOAP_ROLE_SERVER:
    case GCOAP_ROLE_OBSERVER:
    default:
      break;
    }
}

void
gcoap_engine_continue (GCoapEngine *self,
                       guint64      id,
                       gint64       now)
{
  GCoapExchange *exchange = gcoap_exchanges_lookup (&self->exchanges, id);

  advance (self, now);
  if (exchange == NULL)
    return;

  switch (exchange->role)
    {
    case GCOAP_ROLE_BODY:
      gcoap_server_continue (&self->server, exchange, now);
      break;

    case GCOAP_ROLE_CLIENT:
      gcoap_client_continue (&self->client, exchange, now);
      break;

    case GCOAP_ROLE_SERVER:
    case GCOAP_ROLE_OBSERVER:
    default:
      break;
    }
}

void
gcoap_engine_collect (GCoapEngine *self,
                      guint64      id,
                      gint64       now)
{
  GCoapExchange *exchange = lookup (self, id, GCOAP_ROLE_BODY);

  advance (self, now);
  if (exchange != NULL)
    gcoap_server_collect (&self->server, exchange, now);
}

void
gcoap_engine_refuse (GCoapEngine *self,
                     guint64      id,
                     guint8       code,
                     gint64       now)
{
  GCoapExchange *exchange = lookup (self, id, GCOAP_ROLE_BODY);

  advance (self, now);
  if (exchange != NULL)
    gcoap_server_refuse_upload (&self->server, exchange, code, now);
}

gboolean
gcoap_engine_cancel (GCoapEngine *self,
                     guint64      id,
                     gint64       now)
{
  GCoapExchange *exchange = gcoap_exchanges_lookup (&self->exchanges, id);

  advance (self, now);
  if (exchange == NULL)
    return FALSE;

  cancel_exchange (self, exchange);

  return TRUE;
}

static void
expire_transmission (GCoapEngine *self,
                     GCoapTimer  *timer)
{
  GCoapTransmission *transmission = (GCoapTransmission *) timer;
  GCoapExchange *exchange = gcoap_exchanges_lookup (&self->exchanges, transmission->owner);

  if (exchange->role == GCOAP_ROLE_OBSERVER)
    gcoap_notifier_repeat (&self->notifier, (GCoapObserverEntry *) exchange, self->now);
  else if (!gcoap_message_layer_repeat (&self->messages, transmission, self->now))
    fail_exchange (self, transmission->owner, GCOAP_ERROR_TIMED_OUT, 0);
}

static void
expire_peer (GCoapEngine *self,
             GCoapTimer  *timer)
{
  GCoapPeer *peer = (GCoapPeer *) ((guint8 *) timer - G_STRUCT_OFFSET (GCoapPeer, timer));

  gcoap_message_layer_send_waiting (&self->messages, peer, self->now);
}

static void
expire_timer (GCoapEngine *self,
              GCoapTimer  *timer)
{
  switch (timer->kind)
    {
    case GCOAP_TIMER_TRANSMISSION:
      expire_transmission (self, timer);
      break;

    case GCOAP_TIMER_PEER:
      expire_peer (self, timer);
      break;

    case GCOAP_TIMER_PROBING:
      gcoap_message_layer_send_waiting (&self->messages, ((GCoapProbing *) timer)->peer,
                                        self->now);
      break;

    case GCOAP_TIMER_DEDUP:
      gcoap_dedup_expire (&self->messages.dedup, self->now);
      break;

    case GCOAP_TIMER_CLIENT:
      gcoap_client_expire (&self->client, gcoap_client_get_timer_owner (timer), self->now);
      break;

    case GCOAP_TIMER_SERVER:
      gcoap_server_expire (&self->server, gcoap_server_get_timer_owner (timer), self->now);
      break;

    case GCOAP_TIMER_NOTIFIER:
      gcoap_notifier_work (&self->notifier, self->now);
      break;

    case GCOAP_TIMER_BODIES:
      gcoap_server_expire_bodies (&self->server, self->now);
      break;

    default:
      g_assert_not_reached ();
    }
}

void
gcoap_engine_expire (GCoapEngine *self,
                     gint64       now)
{
  GCoapTimer *timer;

  advance (self, now);
  while ((timer = gcoap_deadlines_pop_due (&self->deadlines, now)) != NULL)
    expire_timer (self, timer);
}

gint64
gcoap_engine_get_next_deadline (GCoapEngine *self)
{
  return gcoap_deadlines_get_next (&self->deadlines);
}

gboolean
gcoap_engine_pop_event (GCoapEngine *self,
                        GCoapEvent  *out_event)
{
  return gcoap_events_pop (&self->events, out_event);
}

guint
gcoap_engine_peek_datagrams (GCoapEngine          *self,
                             const GCoapDatagram **out_datagrams)
{
  return gcoap_outbox_peek (&self->outbox, out_datagrams);
}

void
gcoap_engine_drop_datagrams (GCoapEngine *self,
                             guint        n_datagrams)
{
  self->counters.datagrams_sent += n_datagrams;
  self->counters.bytes_sent += gcoap_outbox_drop (&self->outbox, n_datagrams);
}

void
gcoap_engine_count (GCoapEngine   *self,
                    GCoapCounters *out_counters)
{
  *out_counters = self->counters;
  out_counters->overflowed = self->outbox.n_lost;
  out_counters->peers = g_hash_table_size (self->messages.peers.by_address);
  out_counters->transmissions = self->messages.n_transmissions;
  out_counters->requests_made = g_hash_table_size (self->client.by_token);
  out_counters->requests_served = self->server.n_told;
  out_counters->observers = g_hash_table_size (self->observers.by_token);
  out_counters->cached_replies = g_hash_table_size (self->messages.dedup.entries);
  out_counters->cached_bytes = self->messages.dedup.n_bytes;
  out_counters->transfers = g_hash_table_size (self->bodies.entries);
  out_counters->transfer_bytes = self->bodies.n_bytes;
}
