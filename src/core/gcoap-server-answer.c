/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-server-answer-private.h"

#include <errno.h>

#include "codec/gcoap-option-def-private.h"
#include "core/gcoap-observe-private.h"

GCoapObserverEntry *
gcoap_server_get_observer (GCoapServer         *self,
                           GCoapServerExchange *exchange)
{
  return (GCoapObserverEntry *) gcoap_exchanges_lookup (self->exchanges, exchange->observer);
}

GCoapObserverEntry *
gcoap_server_find_observer (GCoapServer         *self,
                            GCoapServerExchange *exchange)
{
  GCoapFrame frame = { .token = exchange->token, .token_length = exchange->token_length };

  return gcoap_observers_find (self->observers, &exchange->remote, &frame);
}

void
gcoap_server_remove_observer (GCoapServer   *self,
                              GCoapObserverEntry *observer,
                              gint64         now)
{
  if (observer != NULL)
    gcoap_notifier_remove (self->notifier, observer, now);
}

/* An observer is who gets a response of success to a registration that was accepted, and that says
 * so by its Observe option (RFC 7641 section 4.1). What the application tells the others until it
 * answers is newer than this answer. */
static void
settle_observer (GCoapServer         *self,
                 GCoapServerExchange *exchange,
                 guint8               code,
                 GCoapOptions        *options,
                 gint64               now)
{
  GCoapObserverEntry *observer = gcoap_server_find_observer (self, exchange);
  gboolean is_accepted = exchange->observer != 0;
  gboolean is_observer = is_accepted && observer != NULL && code >> 5 == 2;

  gcoap_options_remove (options, GCOAP_OPTION_NUMBER_OBSERVE);
  if (is_observer)
    gcoap_options_add_uint (options, GCOAP_OPTION_NUMBER_OBSERVE, exchange->sequence);
  else
    gcoap_server_remove_observer (self, is_accepted ? gcoap_server_get_observer (self, exchange)
                                                    : observer, now);
}

/* RFC 7959 section 2.3: which block this answers, in the size that is wanted of others. */
static void
add_block1 (GCoapServer         *self,
            GCoapServerExchange *exchange,
            guint8               code,
            GCoapOptions        *options)
{
  GCoapBlock block = {
    .number = exchange->block1.number,
    .szx = MIN (exchange->block1.szx, gcoap_block_get_szx (self->parameters->block_size)),
    .more = code == GCOAP_CODE_CONTINUE,
  };

  gcoap_options_remove (options, GCOAP_OPTION_NUMBER_BLOCK1);
  gcoap_block_add (&block, GCOAP_OPTION_NUMBER_BLOCK1, options);
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

void
gcoap_server_answer (GCoapServer         *self,
                     GCoapServerExchange *exchange,
                     const GCoapFrame    *response,
                     gboolean             is_confirmable,
                     gint64               now)
{
  guint64 observer = exchange->observer;
  GCoapFrame frame = *response;
  GCoapOptions options;

  gcoap_options_init (&options);
  if (exchange->is_registration || exchange->has_block1)
    {
      gcoap_options_set_wire (&options, frame.options, frame.options_length);
      if (exchange->is_registration)
        settle_observer (self, exchange, frame.code, &options, now);
      if (exchange->has_block1)
        add_block1 (self, exchange, frame.code, &options);
      frame.options = options.data;
      frame.options_length = options.length;
    }

  if (!gcoap_server_exchange_send (exchange, self, &frame, is_confirmable, now))
    gcoap_server_fail (self, &exchange->base, GCOAP_ERROR_REJECTED, ENOBUFS, now);
  activate_observer (self, observer, now);
  gcoap_options_clear (&options);
}

/* RFC 7252 section 5.5.2: the payload says why, shortly. */
void
gcoap_server_refuse (GCoapServer         *self,
                     GCoapServerExchange *exchange,
                     GCoapCode            code,
                     const char          *diagnostic,
                     gint64               now)
{
  GCoapFrame response = {
    .code = code,
    .payload = (const guint8 *) diagnostic,
    .payload_length = strlen (diagnostic),
  };

  exchange->is_reported = TRUE;
  gcoap_server_answer (self, exchange, &response, FALSE, now);
}

/* RFC 7641 section 6: of a group nobody can be an observer. RFC 7959 section 2.6: who asks for a
 * later block of a state does not register. */
static void
note_observe (GCoapServer         *self,
              GCoapServerExchange *exchange,
              GCoapMessage        *request,
              gint64               now)
{
  GCoapObserve observe = gcoap_observe_of_request (request);

  if (exchange->is_multicast || (exchange->has_block2 && exchange->block2.number > 0))
    return;

  exchange->is_registration = observe == GCOAP_OBSERVE_REGISTER;
  if (observe == GCOAP_OBSERVE_DEREGISTER)
    gcoap_server_remove_observer (self, gcoap_server_find_observer (self, exchange), now);
}

gboolean
gcoap_server_is_busy (const GCoapServer *self)
{
  return self->n_told >= self->parameters->max_pending_requests;
}

void
gcoap_server_refuse_for_now (GCoapServer         *self,
                             GCoapServerExchange *exchange,
                             gint64               now)
{
  self->messages->counters->refused++;
  gcoap_server_refuse (self, exchange, GCOAP_CODE_SERVICE_UNAVAILABLE, "Too many requests", now);
}

void
gcoap_server_pass_on (GCoapServer         *self,
                      GCoapServerExchange *exchange,
                      GCoapMessage        *request,
                      guint64              upload,
                      gint64               now)
{
  note_observe (self, exchange, request, now);
  if (gcoap_server_is_busy (self))
    {
      gcoap_message_unref (request);
      gcoap_server_refuse_for_now (self, exchange, now);
      return;
    }

  exchange->is_told = TRUE;
  exchange->is_reported = FALSE;
  exchange->request = gcoap_message_ref (request);
  self->n_told++;
  gcoap_server_exchange_start_timer (exchange, self, now);
  gcoap_events_push (self->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_REQUEST,
    .id = exchange->base.id,
    .message = request,
    .remote = exchange->remote,
    .local = exchange->local,
    .upload = upload,
    .is_registration = exchange->is_registration,
  });
}

void
gcoap_server_park (GCoapServer         *self,
                   GCoapServerExchange *exchange,
                   GCoapBody           *body,
                   gint64               now)
{
  exchange->body = body->base.id;
  body->parked = exchange->base.id;
  if (exchange->timer.position == 0)
    gcoap_server_exchange_start_timer (exchange, self, now);
}

GCoapServerExchange *
gcoap_server_unpark (GCoapServer *self,
                     GCoapBody   *body)
{
  GCoapServerExchange *exchange =
    (GCoapServerExchange *) gcoap_exchanges_lookup (self->exchanges, body->parked);

  body->parked = 0;
  if (exchange != NULL)
    exchange->body = 0;

  return exchange;
}

/* Whoever feeds a stream, or is fed by one, is told that it has ended. */
static gboolean
has_listener (const GCoapBody *body)
{
  return body->state == GCOAP_BODY_OFFERED || body->state == GCOAP_BODY_STREAMING ||
         body->is_stream;
}

static void
report_over (GCoapServer     *self,
             const GCoapBody *body)
{
  gcoap_events_push (self->events, (GCoapEvent) {
    .kind = GCOAP_EVENT_BODY_OVER,
    .id = body->base.id,
    .remote = body->key.remote,
  });
}

void
gcoap_server_drop_body (GCoapServer *self,
                        GCoapBody   *body,
                        gint64       now)
{
  GCoapServerExchange *exchange = gcoap_server_unpark (self, body);
  GCoapFrame failure = { .code = GCOAP_CODE_INTERNAL_SERVER_ERROR };

  if (has_listener (body))
    report_over (self, body);
  gcoap_bodies_remove (self->bodies, body);
  if (exchange == NULL)
    return;

  if (exchange->is_told)
    gcoap_server_answer (self, exchange, &failure, exchange->is_confirmable, now);
  else
    gcoap_server_refuse (self, exchange, GCOAP_CODE_REQUEST_ENTITY_INCOMPLETE,
                         "The transfer has ended", now);
}

void
gcoap_server_finish_body (GCoapServer *self,
                          GCoapBody   *body,
                          gint64       now)
{
  if (body->is_stream)
    report_over (self, body);
  gcoap_bodies_remove (self->bodies, body);
}

/* A key without a Request-Tag may belong to several. */
void
gcoap_server_drop_key (GCoapServer        *self,
                       const GCoapBodyKey *key,
                       gint64              now)
{
  GCoapBody *body;

  while ((body = gcoap_bodies_lookup (self->bodies, key)) != NULL)
    gcoap_server_drop_body (self, body, now);
}

void
gcoap_server_make_room (GCoapServer     *self,
                        const GCoapBody *kept,
                        gint64           now)
{
  GCoapBody *body;

  while ((body = gcoap_bodies_get_excess (self->bodies, kept)) != NULL)
    gcoap_server_drop_body (self, body, now);
}
