/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-server-private.h"

G_BEGIN_DECLS

typedef enum
{
  GCOAP_SERVER_RECEIVED,     /* the answer is being made, and can ride on the acknowledgement */
  GCOAP_SERVER_ACKNOWLEDGED, /* the answer is still being made */
  GCOAP_SERVER_DELAYED,      /* the answer waits for the leisure of a multicast */
  GCOAP_SERVER_SENDING,      /* the message layer has the answer */
} GCoapServerState;

/* A request that waits for its response, and the response until it has arrived. */
typedef struct
{
  GCoapExchange      base;
  GCoapTimer         timer;
  GCoapServerState   state;
  GCoapAddress       remote;
  GCoapAddress       local;
  GCoapMessageType   type;
  gboolean           is_multicast;
  gboolean           is_told;      /* to the application, as a REQUEST */
  gboolean           is_reported;  /* how it ended need not be told, or has been told already */
  GCoapDedupEntry   *entry;        /* (nullable) until it is settled */
  gboolean           is_transient; /* the answer need not be remembered for duplicates */
  GCoapTransmission *transmission; /* (nullable) */
  GCoapPacket       *packet;       /* (owned) (nullable) the delayed answer */
  GCoapMessage      *request;      /* (owned) (nullable) that the application was told */
  gboolean           is_registration;
  guint64            observer;     /* the id of the observer that the request has made; or 0 */
  guint32            sequence;     /* of the state that the response to a registration tells */
  guint64            body;         /* the id of the body that it waits for a part of; or 0 */
  gboolean           is_confirmable; /* the answer that is a stream */
  gboolean           has_block1;
  gboolean           has_block2;
  gboolean           wants_size;
  GCoapBlock         block1;
  GCoapBlock         block2;
  guint16            message_id;
  guint8             token_length;
  guint8             token[GCOAP_TOKEN_LENGTH_MAX];
} GCoapServerExchange;

GCoapServerExchange *gcoap_server_exchange_new          (GCoapServer         *server,
                                                         const GCoapArrival  *arrival);
void                 gcoap_server_exchange_remove       (GCoapServerExchange *self,
                                                         GCoapServer         *server,
                                                         gint64               now);
/* As if the request had never come: a repetition will be handled anew. */
void                 gcoap_server_exchange_forget       (GCoapServerExchange *self,
                                                         GCoapServer         *server,
                                                         gint64               now);
/* Says how it has ended, unless that is known, and takes it away. */
void                 gcoap_server_exchange_finish_sent  (GCoapServerExchange *self,
                                                         GCoapServer         *server,
                                                         gint64               now);
void                 gcoap_server_exchange_finish_failed (GCoapServerExchange *self,
                                                         GCoapServer         *server,
                                                         GCoapError           error,
                                                         int                  errno_value,
                                                         gint64               now);
gboolean             gcoap_server_exchange_awaits_answer (const GCoapServerExchange *self);
/* Gives the application its time, from now or from when the acknowledgement went out. */
void                 gcoap_server_exchange_start_timer  (GCoapServerExchange *self,
                                                         GCoapServer         *server,
                                                         gint64               now);
void                 gcoap_server_exchange_acknowledge  (GCoapServerExchange *self,
                                                         GCoapServer         *server,
                                                         gint64               now);
void                 gcoap_server_exchange_send_delayed (GCoapServerExchange *self,
                                                         GCoapServer         *server,
                                                         gint64               now);
/* Sends the answer. FALSE: there are too many peers, and the exchange is left as it is. */
gboolean             gcoap_server_exchange_send         (GCoapServerExchange *self,
                                                         GCoapServer         *server,
                                                         GCoapFrame          *frame,
                                                         gboolean             is_confirmable,
                                                         gint64               now);

G_END_DECLS
