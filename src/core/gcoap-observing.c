/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-observing-private.h"

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
      gcoap_client_exchange_finish_transmission (exchange, client, now);
      gcoap_client_exchange_set_state (exchange, GCOAP_CLIENT_OBSERVING);
      exchange->patience.timeout = 0;
      gcoap_freshness_set (&exchange->freshness, sequence, now);
      watch_freshness (client, exchange, notification, now);
    }

  gcoap_events_push (client->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_NOTIFICATION,
    .id = exchange->base.id,
    .message = notification,
    .remote = arrival->datagram->remote,
    .is_latest = is_latest,
  });
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
    .message = response,
    .remote = arrival->datagram->remote,
    .is_latest = TRUE,
    .is_last = TRUE,
  };

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
    arrival->frame.code >> 5 == 2 &&
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
  if (gcoap_client_exchange_transmit (exchange, client, &exchange->remote,
                                      exchange->registration, now))
    gcoap_client_exchange_note_progress (exchange, client, now);
  else
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
