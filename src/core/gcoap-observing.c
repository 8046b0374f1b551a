/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-observing-private.h"

#include "core/gcoap-client-transfer-private.h"
#include "gcoap/gcoap-option-number.h"

/* RFC 7252 section 5.10.5: the seconds that a response without Max-Age is fresh for. */
#define DEFAULT_MAX_AGE 60

static gint64
choose_delay (GCoapClient *client)
{
  gint64 delay = client->parameters->reregister_delay;

  return gcoap_random_get_range (client->random, delay, 3 * delay);
}

/* RFC 7641 section 3.3.1: when the latest state is no longer fresh, and no news has come for a
 * random while more, the client registers again. */
static void
watch_freshness (GCoapClient         *client,
                 GCoapClientExchange *exchange,
                 GCoapMessage        *notification,
                 gint64               now)
{
  guint max_age = DEFAULT_MAX_AGE;

  gcoap_message_get_uint_option (notification, GCOAP_OPTION_NUMBER_MAX_AGE, &max_age);
  if (client->parameters->reregisters)
    gcoap_deadlines_arm (client->deadlines, &exchange->timer,
                         now + max_age * G_GINT64_CONSTANT (1000000) + choose_delay (client));
  else
    gcoap_deadlines_disarm (client->deadlines, &exchange->timer);
}

/* The answer to a registration is the latest state whatever its number: a server that has nothing
 * newer repeats the number, and one that was started anew may count from elsewhere. What does not
 * come on the acknowledgement can also be a notification that was on its way before. */
static gboolean
is_answer (const GCoapClientExchange *exchange,
           const GCoapArrival        *arrival,
           guint                      sequence)
{
  if (exchange->state == GCOAP_CLIENT_OBSERVING)
    return FALSE;

  return arrival->transmission != NULL || sequence == exchange->freshness.sequence ||
         (exchange->state == GCOAP_CLIENT_WAITING &&
          arrival->frame.type == GCOAP_MESSAGE_TYPE_CON);
}

/* From the first state on, an observation may take any time. */
static void
tell (GCoapClient         *client,
      GCoapClientExchange *exchange,
      const GCoapAddress  *remote,
      GCoapMessage        *notification,
      gboolean             is_latest)
{
  exchange->is_told = TRUE;
  exchange->patience.timeout = 0;
  gcoap_events_push (client->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_NOTIFICATION,
    .id = exchange->base.id,
    .message = notification,
    .remote = *remote,
    .is_latest = is_latest,
  });
}

/* The server is asked again for what has come in part, as for what has not come at all. */
static void
ask_later (GCoapClient         *client,
           GCoapClientExchange *exchange,
           gint64               now)
{
  if (client->parameters->reregisters)
    gcoap_deadlines_arm (client->deadlines, &exchange->timer, now + choose_delay (client));
}

static GCoapClientExchange *
find_child (GCoapClient         *client,
            GCoapClientExchange *exchange)
{
  return (GCoapClientExchange *) gcoap_exchanges_lookup (client->exchanges, exchange->child);
}

static void
drop_child (GCoapClient         *client,
            GCoapClientExchange *exchange,
            gint64               now)
{
  GCoapClientExchange *child = find_child (client, exchange);

  if (child != NULL)
    gcoap_client_exchange_remove (child, client, now);
}

/* RFC 7959 section 2.6: a notification brings the first block, and the rest is to be fetched. One
 * that has been overtaken is not worth that. */
static void
fetch_rest (GCoapClient         *client,
            GCoapClientExchange *exchange,
            GCoapMessage        *first,
            gboolean             is_latest,
            gint64               now)
{
  g_autoptr (GCoapMessage) notification = first;

  if (!is_latest)
    return;

  if (gcoap_client_transfer_fetch (client, exchange, notification, now))
    gcoap_deadlines_disarm (client->deadlines, &exchange->timer);
  else if (exchange->is_told)
    ask_later (client, exchange, now);
  else
    gcoap_client_fail (client, &exchange->base, GCOAP_ERROR_INVALID_BLOCK, 0, now);
}

/* A deadline is for the first state, however many notifications begin to tell it. */
static void
spend_patience (GCoapClient         *client,
                GCoapClientExchange *exchange,
                gint64               now)
{
  GCoapPatience *patience = &exchange->patience;
  GCoapClientExchange *child = find_child (client, exchange);
  const GCoapTimer *timer = child != NULL ? &child->timer : &exchange->timer;

  if (patience->timeout > 0 && patience->is_deadline && timer->position != 0)
    patience->timeout = MAX (timer->deadline - now, 1);
}

static void
take_notification (GCoapClient         *client,
                   GCoapClientExchange *exchange,
                   const GCoapArrival  *arrival,
                   GCoapMessage        *notification,
                   guint                sequence,
                   gint64               now)
{
  gboolean is_latest = is_answer (exchange, arrival, sequence) ||
                       gcoap_freshness_is_newer (&exchange->freshness, sequence, now);

  if (is_latest)
    {
      spend_patience (client, exchange, now);
      gcoap_client_exchange_finish_transmission (exchange, client, now);
      gcoap_client_exchange_set_state (exchange, GCOAP_CLIENT_OBSERVING);
      gcoap_freshness_set (&exchange->freshness, sequence, now);
      watch_freshness (client, exchange, notification, now);
      drop_child (client, exchange, now);
    }

  if (gcoap_client_transfer_is_partial (exchange, notification))
    fetch_rest (client, exchange, notification, is_latest, now);
  else
    tell (client, exchange, &arrival->datagram->remote, notification, is_latest);
}

/* What was fetched anew, after a change, does not say which notification it stands for. */
static GCoapMessage *
make_notification (GCoapClientExchange *exchange,
                   GCoapMessage        *whole)
{
  GCoapOptions *options = gcoap_message_get_options (whole);

  gcoap_options_remove (options, GCOAP_OPTION_NUMBER_OBSERVE);
  gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_OBSERVE, exchange->freshness.sequence);

  return whole;
}

void
gcoap_observing_take_rest (GCoapClient         *client,
                           GCoapClientExchange *exchange,
                           GCoapEvent          *event,
                           gint64               now)
{
  if (event->kind == GCOAP_EVENT_RESPONSE && gcoap_message_get_code (event->message) >> 5 == 2)
    {
      watch_freshness (client, exchange, event->message, now);
      tell (client, exchange, &event->remote, make_notification (exchange, event->message), TRUE);
      return;
    }

  if (!exchange->is_told)
    {
      gcoap_client_exchange_end (exchange, client, *event, now);
      return;
    }

  g_clear_pointer (&event->message, gcoap_message_unref);
  ask_later (client, exchange, now);
}

/* The server is willing no longer, or never was. */
static void
take_last (GCoapClient         *client,
           GCoapClientExchange *exchange,
           const GCoapArrival  *arrival,
           GCoapMessage        *response,
           gint64               now)
{
  GCoapEvent event = {
    .kind = exchange->freshness.is_known ? GCOAP_EVENT_NOTIFICATION : GCOAP_EVENT_RESPONSE,
    .remote = arrival->datagram->remote,
    .is_latest = TRUE,
    .is_last = TRUE,
  };

  drop_child (client, exchange, now);
  event.message = gcoap_client_transfer_take (client, exchange, arrival, response, now);
  if (event.message != NULL)
    gcoap_client_exchange_end (exchange, client, event, now);
}

void
gcoap_observing_receive (GCoapClient         *client,
                         GCoapClientExchange *exchange,
                         const GCoapArrival  *arrival,
                         GCoapMessage        *response,
                         gint64               now)
{
  guint sequence;
  gboolean is_notification =
    arrival->frame.code >> 5 == 2 && !exchange->is_downloading &&
    gcoap_message_get_uint_option (response, GCOAP_OPTION_NUMBER_OBSERVE, &sequence);

  if (is_notification && exchange->observe == GCOAP_OBSERVE_REGISTER)
    take_notification (client, exchange, arrival, response, sequence, now);
  else if (is_notification && arrival->transmission == NULL)
    gcoap_message_unref (response); /* it was on its way before the deregistration came */
  else
    take_last (client, exchange, arrival, response, now);
}

/* With the same token, so that the server knows the observer (RFC 7641 section 3.3.1). */
void
gcoap_observing_register_again (GCoapClient         *client,
                                GCoapClientExchange *exchange,
                                gint64               now)
{
  if (!client->parameters->reregisters)
    return;

  gcoap_events_push (client->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_STALE,
    .id = exchange->base.id,
  });
  gcoap_client_exchange_set_state (exchange, GCOAP_CLIENT_SENDING);
  if (!gcoap_client_transfer_begin (client, exchange, &exchange->remote, now))
    gcoap_observing_try_later (client, exchange, GCOAP_ERROR_REJECTED, now);
}

gboolean
gcoap_observing_try_later (GCoapClient         *client,
                           GCoapClientExchange *exchange,
                           GCoapError           error,
                           gint64               now)
{
  if (!exchange->freshness.is_known || !client->parameters->reregisters ||
      (error != GCOAP_ERROR_TIMED_OUT && error != GCOAP_ERROR_REJECTED))
    return FALSE;

  gcoap_client_exchange_finish_transmission (exchange, client, now);
  gcoap_client_exchange_set_state (exchange, GCOAP_CLIENT_OBSERVING);
  gcoap_deadlines_arm (client->deadlines, &exchange->timer, now + choose_delay (client));

  return TRUE;
}
