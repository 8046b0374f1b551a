/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-client-exchange-private.h"

static const gboolean legal_edges[3][3] = {
  [GCOAP_CLIENT_SENDING] = { FALSE, TRUE, TRUE },
  [GCOAP_CLIENT_WAITING] = { FALSE, FALSE, TRUE },
  [GCOAP_CLIENT_OBSERVING] = { TRUE, FALSE, TRUE },
};

void
gcoap_client_exchange_set_state (GCoapClientExchange *self,
                                 GCoapClientState     state)
{
  g_assert (legal_edges[self->state][state]);

  self->state = state;
}

gboolean
gcoap_client_exchange_is_multicast (const GCoapClientExchange *self)
{
  return self->remote.port == 0;
}

gboolean
gcoap_client_exchange_transmit (GCoapClientExchange *self,
                                GCoapClient         *client,
                                const GCoapAddress  *remote,
                                GCoapMessage        *message,
                                gint64               now)
{
  static const GCoapAddress any_local;
  GCoapFrame frame;

  gcoap_message_get_frame (message, &frame);
  frame.token = self->token;
  frame.token_length = self->token_length;
  if (self->is_ping)
    frame = (GCoapFrame) { .type = GCOAP_MESSAGE_TYPE_CON };
  else if (gcoap_client_exchange_is_multicast (self))
    frame.type = GCOAP_MESSAGE_TYPE_NON;

  self->transmission = gcoap_message_layer_send (client->messages, remote, &any_local, &frame,
                                                 self->base.id, now);

  return self->transmission != NULL;
}

void
gcoap_client_exchange_finish_transmission (GCoapClientExchange *self,
                                           GCoapClient         *client,
                                           gint64               now)
{
  GCoapTransmission *transmission = g_steal_pointer (&self->transmission);

  if (transmission != NULL)
    gcoap_message_layer_finish (client->messages, transmission, now);
}

void
gcoap_client_exchange_note_progress (GCoapClientExchange *self,
                                     GCoapClient         *client,
                                     gint64               now)
{
  const GCoapPatience *patience = &self->patience;

  if (patience->timeout > 0 && patience->is_deadline && self->timer.position != 0)
    return;

  if (patience->timeout > 0)
    gcoap_deadlines_arm (client->deadlines, &self->timer, now + patience->timeout);
  else if (self->state == GCOAP_CLIENT_WAITING)
    gcoap_deadlines_arm (client->deadlines, &self->timer,
                         now + gcoap_parameters_get_exchange_lifetime (client->parameters));
  else if (self->transmission->type == GCOAP_MESSAGE_TYPE_NON)
    gcoap_deadlines_arm (client->deadlines, &self->timer,
                         now + gcoap_parameters_get_max_rtt (client->parameters));
}

void
gcoap_client_exchange_end (GCoapClientExchange *self,
                           GCoapClient         *client,
                           GCoapEvent           event,
                           gint64               now)
{
  event.id = self->base.id;
  gcoap_events_push (client->events, event);
  gcoap_client_exchange_remove (self, client, now);
}

void
gcoap_client_exchange_remove (GCoapClientExchange *self,
                              GCoapClient         *client,
                              gint64               now)
{
  gcoap_client_exchange_finish_transmission (self, client, now);
  gcoap_deadlines_disarm (client->deadlines, &self->timer);
  gcoap_exchanges_remove (client->exchanges, &self->base);
  if (!self->is_ping)
    {
      g_hash_table_remove (client->by_token, self);
      client->n_multicast -= gcoap_client_exchange_is_multicast (self);
    }
  gcoap_client_exchange_free (self);
}

void
gcoap_client_exchange_free (GCoapClientExchange *self)
{
  g_clear_pointer (&self->registration, gcoap_message_unref);
  g_slice_free (GCoapClientExchange, self);
}
