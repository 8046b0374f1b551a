/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-server-exchange-private.h"

static const gboolean legal_edges[4][4] = {
  [GCOAP_SERVER_RECEIVED] = { [GCOAP_SERVER_ACKNOWLEDGED] = TRUE, [GCOAP_SERVER_DELAYED] = TRUE },
  [GCOAP_SERVER_ACKNOWLEDGED] = { [GCOAP_SERVER_SENDING] = TRUE },
};

static void
set_state (GCoapServerExchange *self,
           GCoapServerState     state)
{
  g_assert (legal_edges[self->state][state]);

  self->state = state;
}

gboolean
gcoap_server_exchange_awaits_answer (const GCoapServerExchange *self)
{
  return self->state == GCOAP_SERVER_RECEIVED || self->state == GCOAP_SERVER_ACKNOWLEDGED;
}

static void
settle (GCoapServerExchange *self,
        GCoapServer         *server,
        GCoapReply           reply,
        GCoapPacket         *packet)
{
  GCoapDedupEntry *entry = g_steal_pointer (&self->entry);

  if (entry == NULL)
    return;

  if (self->is_transient)
    gcoap_message_layer_reply_once (server->messages, entry, packet);
  else
    gcoap_message_layer_settle (server->messages, entry, reply, packet);
}

GCoapServerExchange *
gcoap_server_exchange_new (GCoapServer        *server,
                           const GCoapArrival *arrival)
{
  const GCoapFrame *frame = &arrival->frame;
  GCoapServerExchange *self = g_slice_new (GCoapServerExchange);

  *self = (GCoapServerExchange) {
    .base.role = GCOAP_ROLE_SERVER,
    .timer.kind = GCOAP_TIMER_SERVER,
    .remote = arrival->datagram->remote,
    .local = arrival->datagram->local,
    .type = frame->type,
    .is_multicast = arrival->is_multicast,
    .is_reported = TRUE,
    .entry = arrival->entry,
    .message_id = frame->message_id,
    .token_length = frame->token_length,
  };
  memcpy (self->token, frame->token, frame->token_length);
  gcoap_exchanges_add (server->exchanges, &self->base);

  return self;
}

void
gcoap_server_exchange_remove (GCoapServerExchange *self,
                              GCoapServer         *server,
                              gint64               now)
{
  if (self->transmission != NULL)
    gcoap_message_layer_finish (server->messages, self->transmission, now);
  settle (self, server, GCOAP_REPLY_SILENCE, NULL);
  gcoap_deadlines_disarm (server->deadlines, &self->timer);
  gcoap_exchanges_remove (server->exchanges, &self->base);
  g_clear_pointer (&self->packet, gcoap_packet_unref);
  g_clear_pointer (&self->request, gcoap_message_unref);
  server->n_told -= self->is_told;
  g_slice_free (GCoapServerExchange, self);
}

void
gcoap_server_exchange_forget (GCoapServerExchange *self,
                              GCoapServer         *server,
                              gint64               now)
{
  self->is_transient = TRUE;
  gcoap_server_exchange_remove (self, server, now);
}

static void
finish (GCoapServerExchange *self,
        GCoapServer         *server,
        GCoapEvent           event,
        gint64               now)
{
  event.id = self->base.id;
  if (!self->is_reported)
    gcoap_events_push (server->events, event);
  gcoap_server_exchange_remove (self, server, now);
}

void
gcoap_server_exchange_finish_sent (GCoapServerExchange *self,
                                   GCoapServer         *server,
                                   gint64               now)
{
  finish (self, server, (GCoapEvent) { .kind = GCOAP_EVENT_SENT }, now);
}

void
gcoap_server_exchange_finish_failed (GCoapServerExchange *self,
                                     GCoapServer         *server,
                                     GCoapError           error,
                                     int                  errno_value,
                                     gint64               now)
{
  finish (self, server,
          (GCoapEvent) { .kind = GCOAP_EVENT_FAILED, .error = error, .errno_value = errno_value },
          now);
}

void
gcoap_server_exchange_start_timer (GCoapServerExchange *self,
                                   GCoapServer         *server,
                                   gint64               now)
{
  gboolean is_unacknowledged = self->type == GCOAP_MESSAGE_TYPE_CON &&
                               self->state == GCOAP_SERVER_RECEIVED;

  gcoap_deadlines_arm (server->deadlines, &self->timer,
                       now + (is_unacknowledged ? server->parameters->piggyback_delay
                                                : server->parameters->response_timeout));
}

void
gcoap_server_exchange_acknowledge (GCoapServerExchange *self,
                                   GCoapServer         *server,
                                   gint64               now)
{
  set_state (self, GCOAP_SERVER_ACKNOWLEDGED);
  self->is_transient = FALSE;
  settle (self, server, GCOAP_REPLY_ACK, NULL);
  gcoap_server_exchange_start_timer (self, server, now);
}

void
gcoap_server_exchange_send_delayed (GCoapServerExchange *self,
                                    GCoapServer         *server,
                                    gint64               now)
{
  gcoap_outbox_add_packet (server->messages->outbox, &self->remote, &self->local, self->packet);
  gcoap_server_exchange_finish_sent (self, server, now);
}

static gboolean
send_piggybacked (GCoapServerExchange *self,
                  GCoapServer         *server,
                  GCoapFrame          *frame,
                  gint64               now)
{
  g_autoptr (GCoapPacket) packet = NULL;

  frame->type = GCOAP_MESSAGE_TYPE_ACK;
  frame->message_id = self->message_id;
  packet = gcoap_packet_new (frame);
  settle (self, server, GCOAP_REPLY_PACKET, packet);
  gcoap_server_exchange_finish_sent (self, server, now);

  return TRUE;
}

/* RFC 7252 section 8.2: what is no use to the asker stays unsaid, and the rest comes after a
 * random while, so that a network full of servers does not answer at once. */
static void
send_to_multicast (GCoapServerExchange *self,
                   GCoapServer         *server,
                   GCoapPacket         *packet,
                   guint8               code,
                   gint64               now)
{
  settle (self, server, GCOAP_REPLY_SILENCE, NULL);
  if (code >> 5 != 2)
    {
      gcoap_server_exchange_finish_sent (self, server, now);
      return;
    }

  set_state (self, GCOAP_SERVER_DELAYED);
  self->packet = gcoap_packet_ref (packet);
  gcoap_deadlines_arm (server->deadlines, &self->timer,
                       now + gcoap_random_get_range (server->random, 0,
                                                     server->parameters->default_leisure));
}

static gboolean
send_non (GCoapServerExchange *self,
          GCoapServer         *server,
          GCoapFrame          *frame,
          gint64               now)
{
  g_autoptr (GCoapPacket) packet = NULL;

  frame->type = GCOAP_MESSAGE_TYPE_NON;
  packet = gcoap_message_layer_make_non (server->messages, &self->remote, frame, now);
  if (packet == NULL)
    return FALSE;

  if (self->is_multicast)
    {
      send_to_multicast (self, server, packet, frame->code, now);
      return TRUE;
    }

  if (self->entry != NULL)
    settle (self, server, GCOAP_REPLY_PACKET, packet);
  else
    gcoap_outbox_add_packet (server->messages->outbox, &self->remote, &self->local, packet);
  gcoap_server_exchange_finish_sent (self, server, now);

  return TRUE;
}

static gboolean
send_confirmable (GCoapServerExchange *self,
                  GCoapServer         *server,
                  GCoapFrame          *frame,
                  gint64               now)
{
  frame->type = GCOAP_MESSAGE_TYPE_CON;
  set_state (self, GCOAP_SERVER_SENDING);
  gcoap_deadlines_disarm (server->deadlines, &self->timer);
  self->transmission = gcoap_message_layer_send (server->messages, &self->remote, &self->local,
                                                 frame, self->base.id, now);

  return self->transmission != NULL;
}

/* RFC 7252 section 5.2: on the acknowledgement while that has not gone out, else in a message of
 * its own; Non-confirmable for a request that was. */
gboolean
gcoap_server_exchange_send (GCoapServerExchange *self,
                            GCoapServer         *server,
                            GCoapFrame          *frame,
                            gboolean             is_confirmable,
                            gint64               now)
{
  frame->token = self->token;
  frame->token_length = self->token_length;

  if (self->type == GCOAP_MESSAGE_TYPE_CON && self->state == GCOAP_SERVER_RECEIVED)
    return send_piggybacked (self, server, frame, now);
  if (self->type == GCOAP_MESSAGE_TYPE_CON && is_confirmable)
    return send_confirmable (self, server, frame, now);

  return send_non (self, server, frame, now);
}
