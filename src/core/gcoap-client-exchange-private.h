/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-client-private.h"
#include "core/gcoap-freshness-private.h"
#include "core/gcoap-observe-private.h"

G_BEGIN_DECLS

typedef enum
{
  GCOAP_CLIENT_SENDING,   /* the message layer has it */
  GCOAP_CLIENT_WAITING,   /* acknowledged; the response comes separately */
  GCOAP_CLIENT_OBSERVING, /* registered as an observer; notifications come */
} GCoapClientState;

/* A request that waits for its response, or for its next notification. */
struct _GCoapClientExchange
{
  GCoapExchange      base;
  GCoapTimer         timer;
  GCoapClientState   state;
  GCoapAddress       remote; /* all zero for a multicast: anybody may answer */
  GCoapPatience      patience;
  GCoapTransmission *transmission; /* (nullable) */
  gboolean           is_ping;
  GCoapObserve       observe;
  GCoapMessage      *registration; /* (owned) (nullable) to be sent again */
  GCoapFreshness     freshness;    /* known once a notification has come */
  guint8             token_length;
  guint8             token[GCOAP_TOKEN_LENGTH_MAX];
  guint              hash;
};

void     gcoap_client_exchange_set_state     (GCoapClientExchange       *self,
                                              GCoapClientState           state);
gboolean gcoap_client_exchange_is_multicast  (const GCoapClientExchange *self);
/* Sends the message, with the token of the exchange. FALSE: there are too many peers. */
gboolean gcoap_client_exchange_transmit      (GCoapClientExchange       *self,
                                              GCoapClient               *client,
                                              const GCoapAddress        *remote,
                                              GCoapMessage              *message,
                                              gint64                     now);
void     gcoap_client_exchange_finish_transmission (GCoapClientExchange *self,
                                              GCoapClient               *client,
                                              gint64                     now);
/* Something of the exchange was sent or has come: it may take longer. */
void     gcoap_client_exchange_note_progress (GCoapClientExchange       *self,
                                              GCoapClient               *client,
                                              gint64                     now);
/* Says how it has ended, and takes it away. */
void     gcoap_client_exchange_end           (GCoapClientExchange       *self,
                                              GCoapClient               *client,
                                              GCoapEvent                 event,
                                              gint64                     now);
void     gcoap_client_exchange_remove        (GCoapClientExchange       *self,
                                              GCoapClient               *client,
                                              gint64                     now);
void     gcoap_client_exchange_free          (GCoapClientExchange       *self);

G_END_DECLS
