/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-server-private.h"

#include "codec/gcoap-option-def-private.h"
#include "core/gcoap-option-policy-private.h"
#include "core/gcoap-server-answer-private.h"
#include "core/gcoap-server-blocks-private.h"
#include "core/gcoap-server-upload-private.h"

/* Room for "Option 65535 is not supported", translated by nobody: it is for the peer's log. */
#define DIAGNOSTIC_MAX 64

void
gcoap_server_init (GCoapServer           *self,
                   const GCoapParameters *parameters,
                   GCoapDeadlines        *deadlines,
                   GCoapRandom           *random,
                   GCoapEvents           *events,
                   GCoapExchanges        *exchanges,
                   GCoapMessageLayer     *messages,
                   GCoapObservers        *observers,
                   GCoapNotifier         *notifier,
                   GCoapBodies           *bodies)
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
    .bodies = bodies,
  };
}

static gboolean
refuse_by_options (GCoapServer         *self,
                   GCoapServerExchange *exchange,
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
      gcoap_server_refuse (self, exchange, GCOAP_CODE_PROXYING_NOT_SUPPORTED, "This is no proxy",
                           now);
      return TRUE;
    }

  name = gcoap_option_number_get_name (number);
  if (name != NULL)
    g_snprintf (diagnostic, sizeof diagnostic, "Option %s is not supported or not valid", name);
  else
    g_snprintf (diagnostic, sizeof diagnostic, "Option %u is not supported", number);
  gcoap_server_refuse (self, exchange, GCOAP_CODE_BAD_OPTION, diagnostic, now);

  return TRUE;
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

/* RFC 7959 section 2.2: whether the request has a block of this number, which is in order. */
static gboolean
find_block (const GCoapFrame *request,
            guint             number,
            GCoapBlock       *out_block,
            gboolean         *out_has_block)
{
  GCoapBlockVerdict verdict = gcoap_block_find (request, number, out_block);

  *out_has_block = verdict == GCOAP_BLOCK_VALID;

  return verdict != GCOAP_BLOCK_INVALID;
}

static gboolean
note_blocks (GCoapServer         *self,
             GCoapServerExchange *exchange,
             const GCoapFrame    *request,
             gint64               now)
{
  guint32 value;

  if (!find_block (request, GCOAP_OPTION_NUMBER_BLOCK1, &exchange->block1,
                   &exchange->has_block1) ||
      !find_block (request, GCOAP_OPTION_NUMBER_BLOCK2, &exchange->block2,
                   &exchange->has_block2))
    {
      gcoap_server_refuse (self, exchange, GCOAP_CODE_BAD_REQUEST, "The block has no valid size",
                           now);
      return FALSE;
    }

  exchange->wants_size = gcoap_frame_find_uint (request, GCOAP_OPTION_NUMBER_SIZE2, &value);

  return TRUE;
}

/* A request that the message layer has found new. */
void
gcoap_server_receive (GCoapServer        *self,
                      const GCoapArrival *arrival,
                      gint64              now)
{
  GCoapFrame frame = arrival->frame;
  GCoapServerExchange *exchange;
  GCoapOptionsVerdict verdict;
  g_autoptr (GCoapMessage) tidy = NULL;
  guint number;

  if (!self->parameters->serves_requests)
    {
      reject (self, arrival);
      return;
    }

  exchange = gcoap_server_exchange_new (self, arrival);
  verdict = gcoap_option_policy_check (&frame, &number);
  if (refuse_by_options (self, exchange, verdict, number, now))
    return;

  if (verdict == GCOAP_OPTIONS_UNTIDY)
    {
      tidy = gcoap_option_policy_tidy (&frame);
      gcoap_message_get_frame (tidy, &frame);
    }
  if (!note_blocks (self, exchange, &frame, now))
    return;

  if (exchange->has_block1)
    gcoap_server_receive_block1 (self, exchange, &frame, now);
  else if (!exchange->has_block2 || !gcoap_server_serve_block (self, exchange, &frame, now))
    gcoap_server_pass_on (self, exchange,
                          tidy != NULL ? g_steal_pointer (&tidy)
                                       : gcoap_message_new_from_frame (&frame), 0, now);
}

gboolean
gcoap_server_observe (GCoapServer      *self,
                      GCoapExchange    *base,
                      const GCoapFrame *registration,
                      const char       *uri,
                      gint64            now)
{
  GCoapServerExchange *exchange = (GCoapServerExchange *) base;
  GCoapObserverEntry *observer;

  if (!exchange->is_registration || !gcoap_server_exchange_awaits_answer (exchange))
    return FALSE;

  /* RFC 7641 section 4.1: the same token again takes the place of what it was. */
  observer = gcoap_server_find_observer (self, exchange);
  if (observer != NULL &&
      observer->observed != gcoap_observers_lookup (self->observers, uri))
    gcoap_server_remove_observer (self, g_steal_pointer (&observer), now);
  if (observer != NULL)
    gcoap_notifier_renew (self->notifier, observer, now);
  else
    observer = gcoap_notifier_add (self->notifier, &exchange->remote, &exchange->local,
                                   registration, uri, now);
  if (observer == NULL)
    return FALSE;

  observer->local = exchange->local;
  observer->szx = exchange->has_block2 ? exchange->block2.szx : GCOAP_BLOCK_SZX_MAX;
  exchange->observer = observer->base.id;
  exchange->sequence = observer->observed->sequence;

  return TRUE;
}

gboolean
gcoap_server_respond (GCoapServer      *self,
                      GCoapExchange    *base,
                      const GCoapFrame *response,
                      GBytes           *body,
                      gboolean          is_confirmable,
                      gint64            now)
{
  GCoapServerExchange *exchange = (GCoapServerExchange *) base;

  if (!exchange->is_told || exchange->body != 0 ||
      !gcoap_server_exchange_awaits_answer (exchange))
    return FALSE;

  gcoap_server_answer_with_body (self, exchange, response, body, is_confirmable, now);

  return TRUE;
}

void
gcoap_server_acknowledged (GCoapServer   *self,
                           GCoapExchange *base,
                           gint64         now)
{
  gcoap_server_exchange_finish_sent ((GCoapServerExchange *) base, self, now);
}

/* What it waits for is not wanted any more. */
static void
drop_awaited (GCoapServer         *self,
              GCoapServerExchange *exchange,
              gint64               now)
{
  GCoapBody *body = (GCoapBody *) gcoap_exchanges_lookup (self->exchanges, exchange->body);

  if (body == NULL)
    return;

  gcoap_server_unpark (self, body);
  gcoap_server_drop_body (self, body, now);
}

void
gcoap_server_fail (GCoapServer   *self,
                   GCoapExchange *base,
                   GCoapError     error,
                   int            errno_value,
                   gint64         now)
{
  GCoapServerExchange *exchange = (GCoapServerExchange *) base;

  drop_awaited (self, exchange, now);
  gcoap_server_remove_observer (self, gcoap_server_get_observer (self, exchange), now);
  gcoap_server_exchange_finish_failed (exchange, self, error, errno_value, now);
}

void
gcoap_server_cancel (GCoapServer   *self,
                     GCoapExchange *base,
                     gint64         now)
{
  GCoapServerExchange *exchange = (GCoapServerExchange *) base;

  drop_awaited (self, exchange, now);
  gcoap_server_remove_observer (self, gcoap_server_get_observer (self, exchange), now);
  gcoap_server_exchange_remove (exchange, self, now);
}

void
gcoap_server_cancel_body (GCoapServer   *self,
                          GCoapExchange *base,
                          gint64         now)
{
  GCoapBody *body = (GCoapBody *) base;
  GCoapServerExchange *exchange = gcoap_server_unpark (self, body);

  gcoap_bodies_remove (self->bodies, body);
  if (exchange != NULL)
    gcoap_server_cancel (self, &exchange->base, now);
}

/* The application has had its time. */
static void
give_up (GCoapServer         *self,
         GCoapServerExchange *exchange,
         gint64               now)
{
  if (!exchange->is_reported)
    gcoap_events_push (self->events, (GCoapEvent) {
      .kind = GCOAP_EVENT_FAILED,
      .id = exchange->base.id,
      .error = GCOAP_ERROR_TIMED_OUT,
    });
  drop_awaited (self, exchange, now);
  gcoap_server_refuse (self, exchange, GCOAP_CODE_SERVICE_UNAVAILABLE,
                       "The server did not answer", now);
}

void
gcoap_server_expire (GCoapServer   *self,
                     GCoapExchange *base,
                     gint64         now)
{
  GCoapServerExchange *exchange = (GCoapServerExchange *) base;

  if (exchange->state == GCOAP_SERVER_DELAYED)
    gcoap_server_exchange_send_delayed (exchange, self, now);
  else if (exchange->state == GCOAP_SERVER_RECEIVED && exchange->type == GCOAP_MESSAGE_TYPE_CON)
    gcoap_server_exchange_acknowledge (exchange, self, now);
  else
    give_up (self, exchange, now);
}

void
gcoap_server_expire_bodies (GCoapServer *self,
                            gint64       now)
{
  GCoapBody *body;

  while ((body = gcoap_bodies_get_expired (self->bodies, now)) != NULL)
    gcoap_server_drop_body (self, body, now);
}

/* One that is above the cap by itself may be there alone, as when it has grown so large. */
void
gcoap_server_apply_parameters (GCoapServer *self,
                               gint64       now)
{
  gcoap_bodies_apply_timeout (self->bodies);
  gcoap_server_make_room (self, g_queue_peek_tail (&self->bodies->by_use), now);
}

GCoapExchange *
gcoap_server_get_timer_owner (GCoapTimer *timer)
{
  return (GCoapExchange *) ((guint8 *) timer - G_STRUCT_OFFSET (GCoapServerExchange, timer));
}
