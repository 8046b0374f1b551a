/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-counters-private.h"
#include "core/gcoap-dedup-private.h"
#include "core/gcoap-outbox-private.h"
#include "core/gcoap-peers-private.h"

G_BEGIN_DECLS

typedef enum
{
  GCOAP_TRANSMISSION_WAITING, /* for NSTART, PROBING_RATE or a Message ID */
  GCOAP_TRANSMISSION_SENT,    /* once, and a Reset may come */
  GCOAP_TRANSMISSION_REPEATED /* until it is acknowledged or reset, or given up */
} GCoapTransmissionState;

/* A message of ours on its way (RFC 7252 sections 4.2 and 4.3). */
typedef struct
{
  GCoapTimer             timer;
  GCoapAddress           remote;
  GCoapAddress           local;
  guint16                message_id;
  GCoapMessageType       type;
  GCoapTransmissionState state;
  guint                  hash;
  guint                  n_repeats;
  gint64                 timeout;
  guint64                owner;  /* the exchange that it is sent for */
  GCoapPacket           *packet; /* (owned) */
  GCoapPeer             *peer;
  GList                  link;   /* in a queue of the peer */
  gboolean               is_probe; /* a Non-confirmable request: a silent peer gets few of them */
} GCoapTransmission;

/* What is left to do with a datagram after the message layer. */
typedef enum
{
  GCOAP_VERDICT_DONE,         /* nothing: it was a duplicate, ignored, or answered */
  GCOAP_VERDICT_MALFORMED,    /* nothing but to say so */
  GCOAP_VERDICT_REQUEST,      /* a new one: entry is set */
  GCOAP_VERDICT_RESPONSE,     /* to be matched; transmission is set if it came in an ACK */
  GCOAP_VERDICT_ACKNOWLEDGED, /* transmission */
  GCOAP_VERDICT_RESET,        /* transmission, or NULL for a message that nobody follows */
} GCoapVerdict;

typedef struct
{
  const GCoapDatagram *datagram;
  GCoapFrame           frame;
  gboolean             is_multicast;
  GCoapDedupEntry     *entry;
  GCoapTransmission   *transmission;
} GCoapArrival;

typedef struct
{
  const GCoapParameters *parameters;
  GCoapDeadlines        *deadlines;
  GCoapOutbox           *outbox;
  GCoapRandom           *random;
  GCoapDedup             dedup;
  GCoapPeers             peers;
  GHashTable            *transmissions; /* (element-type GCoapTransmission) by peer and MID */
  guint                  n_transmissions; /* with those that wait to be sent */
  GCoapCounters         *counters;
  guint64                seed;
} GCoapMessageLayer;

void               gcoap_message_layer_init             (GCoapMessageLayer     *self,
                                                         const GCoapParameters *parameters,
                                                         GCoapDeadlines        *deadlines,
                                                         GCoapOutbox           *outbox,
                                                         GCoapRandom           *random,
                                                         GCoapCounters         *counters);
void               gcoap_message_layer_clear            (GCoapMessageLayer     *self);

GCoapVerdict       gcoap_message_layer_receive          (GCoapMessageLayer     *self,
                                                         const GCoapDatagram   *datagram,
                                                         gint64                 now,
                                                         GCoapArrival          *out_arrival);
/* The transmission that a datagram of ours, which came back undeliverable, belongs to. */
GCoapTransmission *gcoap_message_layer_find_returned    (GCoapMessageLayer     *self,
                                                         const GCoapDatagram   *datagram);

/* Answers a message that receive() has handed out, and its duplicates. Only what is confirmable is
 * answered when it is accepted. */
void               gcoap_message_layer_accept           (GCoapMessageLayer     *self,
                                                         const GCoapArrival    *arrival,
                                                         gint64                 now);
void               gcoap_message_layer_reset            (GCoapMessageLayer     *self,
                                                         const GCoapArrival    *arrival);
/* RFC 7641 section 3.6: ends an observation that is unknown, even if the notification is not
 * confirmable. */
void               gcoap_message_layer_reset_notification (GCoapMessageLayer   *self,
                                                         const GCoapArrival    *arrival);
void               gcoap_message_layer_settle           (GCoapMessageLayer     *self,
                                                         GCoapDedupEntry       *entry,
                                                         GCoapReply             reply,
                                                         GCoapPacket           *packet);

/* Sends a reply, or none, and remembers nothing: a duplicate will be handled as this was. */
void               gcoap_message_layer_reply_once       (GCoapMessageLayer     *self,
                                                         GCoapDedupEntry       *entry,
                                                         GCoapPacket           *packet);

/* Sends a message with a Message ID of its own, and follows it until finish(). NULL: too many
 * peers. */
GCoapTransmission *gcoap_message_layer_send             (GCoapMessageLayer     *self,
                                                         const GCoapAddress    *remote,
                                                         const GCoapAddress    *local,
                                                         const GCoapFrame      *frame,
                                                         guint64                owner,
                                                         gint64                 now);
/* Makes a Non-confirmable message that nobody follows. NULL: too many peers, or no Message ID. */
GCoapPacket       *gcoap_message_layer_make_non         (GCoapMessageLayer     *self,
                                                         const GCoapAddress    *remote,
                                                         const GCoapFrame      *frame,
                                                         gint64                 now);
void               gcoap_message_layer_finish           (GCoapMessageLayer     *self,
                                                         GCoapTransmission     *transmission,
                                                         gint64                 now);

/* Puts another message in the place of one that is on its way, whose repetition goes on as it was.
 * FALSE: there is no Message ID for it now. */
gboolean           gcoap_message_layer_replace          (GCoapMessageLayer     *self,
                                                         GCoapTransmission     *transmission,
                                                         const GCoapFrame      *frame,
                                                         gint64                 now);
/* Repeats a message whose timer is due. FALSE: it has been repeated often enough. */
gboolean           gcoap_message_layer_repeat           (GCoapMessageLayer     *self,
                                                         GCoapTransmission     *transmission,
                                                         gint64                 now);
/* After a change of the parameters: meets the caps, and sends what waits as far as it may now. */
void               gcoap_message_layer_apply_parameters (GCoapMessageLayer     *self,
                                                         gint64                 now);
/* Sends what waits for the peer, as far as it may now. */
void               gcoap_message_layer_send_waiting     (GCoapMessageLayer     *self,
                                                         GCoapPeer             *peer,
                                                         gint64                 now);

G_END_DECLS
