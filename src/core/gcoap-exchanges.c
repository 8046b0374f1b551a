/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-exchanges-private.h"

typedef struct
{
  GCoapExchange *exchange; /* NULL while it is free */
  guint32        generation;
  guint          next_free;
} Slot;

static Slot *
get_slot (GCoapExchanges *self,
          guint           number)
{
  return &g_array_index (self->slots, Slot, number - 1);
}

static guint
get_slot_number (guint64 id)
{
  return id & G_MAXUINT32;
}

static guint
take_slot (GCoapExchanges *self)
{
  guint number = self->first_free;

  if (number == 0)
    {
      g_array_set_size (self->slots, self->slots->len + 1);
      return self->slots->len;
    }

  self->first_free = get_slot (self, number)->next_free;

  return number;
}

void
gcoap_exchanges_init (GCoapExchanges *self)
{
  self->slots = g_array_new (FALSE, TRUE, sizeof (Slot));
  self->first_free = 0;
}

void
gcoap_exchanges_clear (GCoapExchanges *self)
{
  g_clear_pointer (&self->slots, g_array_unref);
}

/* Adds the exchange and gives it its id. */
void
gcoap_exchanges_add (GCoapExchanges *self,
                     GCoapExchange  *exchange)
{
  guint number = take_slot (self);
  Slot *slot = get_slot (self, number);

  slot->exchange = exchange;
  slot->generation++;
  exchange->id = (guint64) slot->generation << 32 | number;
}

void
gcoap_exchanges_remove (GCoapExchanges *self,
                        GCoapExchange  *exchange)
{
  guint number = get_slot_number (exchange->id);
  Slot *slot = get_slot (self, number);

  slot->exchange = NULL;
  slot->next_free = self->first_free;
  self->first_free = number;
}

GCoapExchange *
gcoap_exchanges_lookup (GCoapExchanges *self,
                        guint64         id)
{
  guint number = get_slot_number (id);
  GCoapExchange *exchange;

  if (number == 0 || number > self->slots->len)
    return NULL;

  exchange = get_slot (self, number)->exchange;

  return exchange != NULL && exchange->id == id ? exchange : NULL;
}

GCoapExchange *
gcoap_exchanges_get_any (GCoapExchanges *self)
{
  for (guint number = self->slots->len; number > 0; number--)
    {
      if (get_slot (self, number)->exchange != NULL)
        return get_slot (self, number)->exchange;
      g_array_set_size (self->slots, number - 1);
    }
  self->first_free = 0;

  return NULL;
}
