/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-client-exchange-private.h"

#include "core/gcoap-observing-private.h"

static const gboolean legal_edges[4][4] = {
  [GCOAP_CLIENT_SENDING] = { TRUE, TRUE, TRUE, TRUE },
  [GCOAP_CLIENT_WAITING] = { TRUE, FALSE, TRUE, TRUE },
  [GCOAP_CLIENT_OBSERVING] = { TRUE, FALSE, TRUE, FALSE },
  [GCOAP_CLIENT_HOLDING] = { TRUE, FALSE, FALSE, TRUE },
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
                                const GCoapFrame    *message,
                                gint64               now)
{
  static const GCoapAddress any_local;
  GCoapFrame frame = *message;

  frame.token = self->token;
  frame.token_length = self->token_length;
  if (self->is_ping)
    frame = (GCoapFrame) { .type = GCOAP_MESSAGE_TYPE_CON };
  else if (gcoap_client_exchange_is_multicast (self))
    frame.type = GCOAP_MESSAGE_TYPE_NON;

  self->transmission = gcoap_message_layer_send (client->messages, remote, &any_local, &frame,
                                                 self->base.id, now);
  self->transmitted = TRUE;

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

/* How long the next step of the peer may take; 0: the message layer knows, or it is not the peer's
 * turn. */
static gint64
get_limit (const GCoapClientExchange *self,
           GCoapClient               *client)
{
  if (self->state == GCOAP_CLIENT_HOLDING && !self->patience.is_deadline)
    return 0;
  if (self->patience.timeout > 0 || self->state == GCOAP_CLIENT_HOLDING)
    return self->patience.timeout;
  if (self->state == GCOAP_CLIENT_WAITING)
    return gcoap_parameters_get_exchange_lifetime (client->parameters);

  return self->transmission->type == GCOAP_MESSAGE_TYPE_NON
         ? gcoap_parameters_get_max_rtt (client->parameters)
         : 0;
}

void
gcoap_client_exchange_note_progress (GCoapClientExchange *self,
                                     GCoapClient         *client,
                                     gint64               now)
{
  const GCoapPatience *patience = &self->patience;
  gint64 limit = get_limit (self, client);

  if (patience->timeout > 0 && patience->is_deadline && self->timer.position != 0)
    return;

  if (limit > 0)
    gcoap_deadlines_arm (client->deadlines, &self->timer, now + limit);
  else
    gcoap_deadlines_disarm (client->deadlines, &self->timer);
}

static GCoapClientExchange *
find_relative (GCoapClient *client,
               guint64      id)
{
  return (GCoapClientExchange *) gcoap_exchanges_lookup (client->exchanges, id);
}

void
gcoap_client_exchange_end (GCoapClientExchange *self,
                           GCoapClient         *client,
                           GCoapEvent           event,
                           gint64               now)
{
  GCoapClientExchange *parent = find_relative (client, self->parent);

  event.id = self->base.id;
  gcoap_client_exchange_remove (self, client, now);
  if (parent != NULL)
    gcoap_observing_take_rest (client, parent, &event, now);
  else
    gcoap_events_push (client->events, event);
}

static void
leave_relatives (GCoapClientExchange *self,
                 GCoapClient         *client,
                 gint64               now)
{
  GCoapClientExchange *parent = find_relative (client, self->parent);
  GCoapClientExchange *child = find_relative (client, self->child);

  if (parent != NULL)
    parent->child = 0;
  if (child != NULL)
    gcoap_client_exchange_remove (child, client, now);
}

void
gcoap_client_exchange_remove (GCoapClientExchange *self,
                              GCoapClient         *client,
                              gint64               now)
{
  leave_relatives (self, client, now);
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
  g_clear_pointer (&self->request, gcoap_message_unref);
  g_clear_pointer (&self->response, gcoap_message_unref);
  g_clear_pointer (&self->upload, gcoap_upload_free);
  g_clear_pointer (&self->download, gcoap_download_free);
  g_slice_free (GCoapClientExchange, self);
}
