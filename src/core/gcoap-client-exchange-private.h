/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-client-private.h"
#include "core/gcoap-download-private.h"
#include "core/gcoap-freshness-private.h"
#include "core/gcoap-observe-private.h"
#include "core/gcoap-upload-private.h"

G_BEGIN_DECLS

typedef enum
{
  GCOAP_CLIENT_SENDING,   /* the message layer has it */
  GCOAP_CLIENT_WAITING,   /* acknowledged; the response comes separately */
  GCOAP_CLIENT_OBSERVING, /* registered as an observer; notifications come */
  GCOAP_CLIENT_HOLDING,   /* the application has a part of a body, or is to give one */
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
  GCoapMessage      *request;      /* (owned) */
  GCoapStreaming     streaming;

  GCoapObserve       observe;
  GCoapFreshness     freshness;    /* known once a notification has come */
  gboolean           is_told;      /* and once it has come whole */
  guint64            child;        /* the exchange that fetches the rest of it; or 0 */
  guint64            parent;       /* the exchange that this is the child of; or 0 */

  gboolean           transmitted;    /* something of it, at least once */
  GCoapUpload       *upload;         /* (owned) (nullable) */
  GCoapDownload     *download;       /* (owned) (nullable) */
  gboolean           is_downloading; /* it asks for blocks now */
  GCoapMessage      *response;       /* (owned) (nullable) to be told when its last part is taken */

  guint8             token_length;
  guint8             token[GCOAP_TOKEN_LENGTH_MAX];
  guint              hash;
};

void     gcoap_client_exchange_set_state     (GCoapClientExchange       *self,
                                              GCoapClientState           state);
gboolean gcoap_client_exchange_is_multicast  (const GCoapClientExchange *self);
/* Sends a message with the token of the exchange. FALSE: there are too many peers. */
gboolean gcoap_client_exchange_transmit      (GCoapClientExchange       *self,
                                              GCoapClient               *client,
                                              const GCoapAddress        *remote,
                                              const GCoapFrame          *message,
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

/* gcoap-client.c: another exchange with the same request; it ends with its parent, and its end is
 * told to that. */
GCoapClientExchange *gcoap_client_add_child  (GCoapClient               *self,
                                              GCoapClientExchange       *parent);
/* Lets an exchange go on with another token, and with that peer alone. */
void     gcoap_client_change_token           (GCoapClient               *self,
                                              GCoapClientExchange       *exchange,
                                              const GCoapAddress        *remote);

G_END_DECLS
