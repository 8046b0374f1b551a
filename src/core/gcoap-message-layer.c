/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-message-layer-private.h"

#include "core/gcoap-hash-private.h"

/* RFC 7252 section 4.2: a message is first held up or sent, and never again held up. */
static const gboolean legal_edges[3][3] = {
  [GCOAP_TRANSMISSION_WAITING] = { FALSE, TRUE, TRUE },
};

static void
set_state (GCoapTransmission      *transmission,
           GCoapTransmissionState  state)
{
  g_assert (legal_edges[transmission->state][state]);

  transmission->state = state;
}

static guint
transmission_hash (gconstpointer key)
{
  return ((const GCoapTransmission *) key)->hash;
}

static gboolean
transmission_equal (gconstpointer a,
                    gconstpointer b)
{
  const GCoapTransmission *one = a;
  const GCoapTransmission *other = b;

  return one->message_id == other->message_id &&
         gcoap_address_equal (&one->remote, &other->remote);
}

static guint
hash_message (GCoapMessageLayer  *self,
              const GCoapAddress *remote,
              guint16             message_id)
{
  guint64 hash = gcoap_hash_address (self->seed, remote);

  return gcoap_hash_finish (gcoap_hash_word (hash, message_id));
}

static GCoapTransmission *
find_transmission (GCoapMessageLayer  *self,
                   const GCoapAddress *remote,
                   guint16             message_id)
{
  GCoapTransmission key;

  if (g_hash_table_size (self->transmissions) == 0)
    return NULL;

  key.remote = *remote;
  key.message_id = message_id;
  key.hash = hash_message (self, remote, message_id);

  return g_hash_table_lookup (self->transmissions, &key);
}

static gboolean
is_request (guint8 code)
{
  return code >> 5 == 0 && code != 0;
}

/* RFC 7252 section 3: classes 1, 3, 6 and 7 are reserved. */
static gboolean
is_response (guint8 code)
{
  return code >> 5 == 2 || code >> 5 == 4 || code >> 5 == 5;
}

static gint64
get_lifetime (GCoapMessageLayer *self,
              GCoapMessageType   type)
{
  return type == GCOAP_MESSAGE_TYPE_CON
         ? gcoap_parameters_get_exchange_lifetime (self->parameters)
         : gcoap_parameters_get_non_lifetime (self->parameters);
}

void
gcoap_message_layer_init (GCoapMessageLayer     *self,
                          const GCoapParameters *parameters,
                          GCoapDeadlines        *deadlines,
                          GCoapOutbox           *outbox,
                          GCoapRandom           *random,
                          GCoapCounters         *counters)
{
  *self = (GCoapMessageLayer) {
    .parameters = parameters,
    .deadlines = deadlines,
    .outbox = outbox,
    .random = random,
    .counters = counters,
    .transmissions = g_hash_table_new (transmission_hash, transmission_equal),
    .seed = gcoap_random_get_uint64 (random),
  };
  gcoap_dedup_init (&self->dedup, parameters, deadlines, gcoap_random_get_uint64 (random));
  gcoap_peers_init (&self->peers, parameters, deadlines, random,
                    gcoap_random_get_uint64 (random));
}

/* Every transmission has been finished by its exchange by then. */
void
gcoap_message_layer_clear (GCoapMessageLayer *self)
{
  gcoap_dedup_clear (&self->dedup);
  gcoap_peers_clear (&self->peers);
  g_clear_pointer (&self->transmissions, g_hash_table_unref);
}

static void
send_empty (GCoapMessageLayer   *self,
            const GCoapDatagram *datagram,
            GCoapMessageType     type,
            guint16              message_id)
{
  self->counters->resets_sent += type == GCOAP_MESSAGE_TYPE_RST;
  gcoap_outbox_add_empty (self->outbox, &datagram->remote, &datagram->local, type, message_id);
}

static void
replay (GCoapMessageLayer     *self,
        const GCoapDedupEntry *entry,
        const GCoapArrival    *arrival)
{
  const GCoapDatagram *datagram = arrival->datagram;

  self->counters->duplicates++;
  if (entry->reply == GCOAP_REPLY_PACKET)
    gcoap_outbox_add_packet (self->outbox, &datagram->remote, &datagram->local, entry->packet);
  else if (entry->reply == GCOAP_REPLY_ACK)
    send_empty (self, datagram, GCOAP_MESSAGE_TYPE_ACK, entry->message_id);
  else if (entry->reply == GCOAP_REPLY_RST)
    send_empty (self, datagram, GCOAP_MESSAGE_TYPE_RST, entry->message_id);
}

/* RFC 7252 section 4.2 and 4.3: rejecting is a Reset for a Confirmable message and silence for a
 * Non-confirmable one; nothing to a multicast (section 8.1). */
void
gcoap_message_layer_reset (GCoapMessageLayer  *self,
                           const GCoapArrival *arrival)
{
  if (arrival->frame.type == GCOAP_MESSAGE_TYPE_CON && !arrival->is_multicast)
    send_empty (self, arrival->datagram, GCOAP_MESSAGE_TYPE_RST, arrival->frame.message_id);
}

void
gcoap_message_layer_reset_notification (GCoapMessageLayer  *self,
                                        const GCoapArrival *arrival)
{
  if (!arrival->is_multicast)
    send_empty (self, arrival->datagram, GCOAP_MESSAGE_TYPE_RST, arrival->frame.message_id);
}

static GCoapVerdict
receive_request (GCoapMessageLayer *self,
                 GCoapArrival      *arrival,
                 gint64             now)
{
  gboolean is_confirmable = arrival->frame.type == GCOAP_MESSAGE_TYPE_CON;
  guint16 message_id = arrival->frame.message_id;
  GCoapDedupEntry *entry;

  /* RFC 7252 section 8.1: a multicast request must not be Confirmable. */
  if (arrival->is_multicast && is_confirmable)
    return GCOAP_VERDICT_DONE;

  entry = gcoap_dedup_lookup (&self->dedup, arrival->datagram, message_id, now);
  if (entry != NULL)
    {
      replay (self, entry, arrival);
      return GCOAP_VERDICT_DONE;
    }

  arrival->entry = gcoap_dedup_add (&self->dedup, arrival->datagram, message_id,
                                    now + get_lifetime (self, arrival->frame.type));

  return GCOAP_VERDICT_REQUEST;
}

static GCoapVerdict
receive_response (GCoapMessageLayer *self,
                  GCoapArrival      *arrival,
                  gint64             now)
{
  GCoapDedupEntry *entry =
    gcoap_dedup_lookup (&self->dedup, arrival->datagram, arrival->frame.message_id, now);

  if (entry == NULL)
    return GCOAP_VERDICT_RESPONSE;

  replay (self, entry, arrival);

  return GCOAP_VERDICT_DONE;
}

/* Neither an acknowledgement nor a Reset is ever answered, whatever it holds. */
static GCoapVerdict
receive_answer (GCoapMessageLayer *self,
                GCoapArrival      *arrival)
{
  const GCoapFrame *frame = &arrival->frame;
  GCoapTransmission *transmission =
    find_transmission (self, &arrival->datagram->remote, frame->message_id);

  arrival->transmission = transmission;
  if (frame->type == GCOAP_MESSAGE_TYPE_RST)
    return frame->code == 0 ? GCOAP_VERDICT_RESET : GCOAP_VERDICT_MALFORMED;
  if (transmission == NULL || transmission->type != GCOAP_MESSAGE_TYPE_CON)
    {
      self->counters->unexpected++;
      return GCOAP_VERDICT_DONE;
    }
  if (frame->code == 0)
    return GCOAP_VERDICT_ACKNOWLEDGED;

  return is_response (frame->code) ? GCOAP_VERDICT_RESPONSE : GCOAP_VERDICT_MALFORMED;
}

static void
note_heard (GCoapMessageLayer  *self,
            const GCoapAddress *remote,
            gint64              now)
{
  GCoapPeer *peer = gcoap_peers_note_heard (&self->peers, remote);

  if (peer != NULL)
    gcoap_message_layer_send_waiting (self, peer, now);
}

GCoapVerdict
gcoap_message_layer_receive (GCoapMessageLayer   *self,
                             const GCoapDatagram *datagram,
                             gint64               now,
                             GCoapArrival        *out_arrival)
{
  GCoapFrame *frame = &out_arrival->frame;
  GCoapFrameVerdict verdict = gcoap_frame_parse (frame, datagram->data, datagram->length);

  out_arrival->datagram = datagram;
  out_arrival->is_multicast = gcoap_address_is_group (&datagram->local);
  out_arrival->entry = NULL;
  out_arrival->transmission = NULL;

  note_heard (self, &datagram->remote, now);
  if (verdict == GCOAP_FRAME_FOREIGN)
    return GCOAP_VERDICT_MALFORMED;
  if (verdict == GCOAP_FRAME_MALFORMED)
    {
      gcoap_message_layer_reset (self, out_arrival);
      return GCOAP_VERDICT_MALFORMED;
    }

  if (frame->type == GCOAP_MESSAGE_TYPE_ACK || frame->type == GCOAP_MESSAGE_TYPE_RST)
    return receive_answer (self, out_arrival);
  if (is_request (frame->code))
    return receive_request (self, out_arrival, now);
  if (is_response (frame->code))
    return receive_response (self, out_arrival, now);

  /* A ping (section 4.3), or a code of a reserved class. */
  gcoap_message_layer_reset (self, out_arrival);

  return frame->code == 0 ? GCOAP_VERDICT_DONE : GCOAP_VERDICT_MALFORMED;
}

/* RFC 7252 section 4.2: what an ICMP error quotes must be what was sent, as far as it goes. An
 * acknowledgement or a guess may have just the Message ID of a transmission. */
static gboolean
is_quoted (const GCoapTransmission *transmission,
           const GCoapDatagram     *datagram)
{
  const GCoapPacket *packet = transmission->packet;

  return memcmp (packet->data, datagram->data, MIN (packet->length, datagram->length)) == 0;
}

GCoapTransmission *
gcoap_message_layer_find_returned (GCoapMessageLayer   *self,
                                   const GCoapDatagram *datagram)
{
  GCoapTransmission *transmission;
  GCoapFrame frame;

  if (gcoap_frame_parse (&frame, datagram->data, datagram->length) == GCOAP_FRAME_FOREIGN)
    return NULL;

  transmission = find_transmission (self, &datagram->remote, frame.message_id);

  return transmission != NULL && is_quoted (transmission, datagram) ? transmission : NULL;
}

void
gcoap_message_layer_accept (GCoapMessageLayer  *self,
                            const GCoapArrival *arrival,
                            gint64              now)
{
  GCoapMessageType type = arrival->frame.type;
  GCoapDedupEntry *entry;

  /* Its Message ID is ours, and a duplicate finds no transmission. */
  if (type == GCOAP_MESSAGE_TYPE_ACK)
    return;

  entry = gcoap_dedup_add (&self->dedup, arrival->datagram, arrival->frame.message_id,
                           now + get_lifetime (self, type));
  gcoap_message_layer_settle (self, entry,
                              type == GCOAP_MESSAGE_TYPE_CON ? GCOAP_REPLY_ACK
                                                             : GCOAP_REPLY_SILENCE, NULL);
}

/* Fixes what duplicates of a message get from now on, and sends it the first time. */
void
gcoap_message_layer_settle (GCoapMessageLayer *self,
                            GCoapDedupEntry   *entry,
                            GCoapReply         reply,
                            GCoapPacket       *packet)
{
  if (reply == GCOAP_REPLY_PACKET)
    gcoap_outbox_add_packet (self->outbox, &entry->remote, &entry->local, packet);
  else if (reply == GCOAP_REPLY_ACK)
    gcoap_outbox_add_empty (self->outbox, &entry->remote, &entry->local,
                            GCOAP_MESSAGE_TYPE_ACK, entry->message_id);
  gcoap_dedup_settle (&self->dedup, entry, reply, packet);
}

void
gcoap_message_layer_reply_once (GCoapMessageLayer *self,
                                GCoapDedupEntry   *entry,
                                GCoapPacket       *packet)
{
  if (packet != NULL)
    gcoap_outbox_add_packet (self->outbox, &entry->remote, &entry->local, packet);
  gcoap_dedup_forget (&self->dedup, entry);
}

static gint64
choose_timeout (GCoapMessageLayer *self)
{
  gint64 ack_timeout = self->parameters->ack_timeout;

  return gcoap_random_get_range (self->random, ack_timeout,
                                 ack_timeout * self->parameters->ack_random_factor);
}

static void
put_on_the_wire (GCoapMessageLayer *self,
                 GCoapTransmission *transmission)
{
  gcoap_outbox_add_packet (self->outbox, &transmission->remote, &transmission->local,
                           transmission->packet);
}

static void
set_message_id (GCoapMessageLayer *self,
                GCoapTransmission *transmission,
                guint16            message_id)
{
  transmission->message_id = message_id;
  transmission->hash = hash_message (self, &transmission->remote, message_id);
  gcoap_packet_set_message_id (transmission->packet, message_id);
  g_hash_table_add (self->transmissions, transmission);
}

static void
start (GCoapMessageLayer *self,
       GCoapTransmission *transmission,
       guint16            message_id,
       gint64             now)
{
  set_message_id (self, transmission, message_id);

  if (transmission->type == GCOAP_MESSAGE_TYPE_CON)
    {
      set_state (transmission, GCOAP_TRANSMISSION_REPEATED);
      transmission->peer->n_outstanding++;
      transmission->timeout = choose_timeout (self);
      gcoap_deadlines_arm (self->deadlines, &transmission->timer, now + transmission->timeout);
    }
  else
    set_state (transmission, GCOAP_TRANSMISSION_SENT);
  if (transmission->is_probe)
    gcoap_peers_note_probe (&self->peers, transmission->peer, transmission->packet->length, now);

  put_on_the_wire (self, transmission);
}

static gboolean
may_probe (GCoapMessageLayer *self,
           GCoapTransmission *transmission,
           gint64             now)
{
  GCoapProbing *probing = transmission->peer->probing;
  gint64 due = gcoap_probing_get_due (probing, self->parameters, now);

  if (due <= now)
    return TRUE;

  gcoap_deadlines_arm (self->deadlines, &probing->timer, due);

  return FALSE;
}

/* RFC 7252 section 4.7: NSTART holds up Confirmable messages only; those that are not cannot be
 * known to be outstanding. For requests among these there is PROBING_RATE. */
static gboolean
try_start (GCoapMessageLayer *self,
           GCoapTransmission *transmission,
           gint64             now)
{
  GCoapPeer *peer = transmission->peer;
  guint16 message_id;

  if (transmission->type == GCOAP_MESSAGE_TYPE_CON &&
      peer->n_outstanding >= self->parameters->nstart)
    return FALSE;
  if (transmission->is_probe && !may_probe (self, transmission, now))
    return FALSE;

  if (!gcoap_peer_take_message_id (peer, get_lifetime (self, transmission->type), now,
                                   &message_id))
    {
      gcoap_deadlines_arm (self->deadlines, &peer->timer,
                           gcoap_peer_get_message_id_free_time (peer));
      return FALSE;
    }

  start (self, transmission, message_id, now);

  return TRUE;
}

static gboolean
is_probe (const GCoapAddress *remote,
          const GCoapFrame   *frame)
{
  return frame->type == GCOAP_MESSAGE_TYPE_NON && is_request (frame->code) &&
         !gcoap_address_is_group (remote);
}

static GQueue *
get_line (GCoapTransmission *transmission)
{
  GCoapPeer *peer = transmission->peer;

  return transmission->is_probe ? &peer->probing->waiting : &peer->waiting;
}

/* Confirmable messages go in order, and so do requests that are not, each kind for itself. */
static gboolean
must_wait (GCoapTransmission *transmission)
{
  return (transmission->type == GCOAP_MESSAGE_TYPE_CON || transmission->is_probe) &&
         !g_queue_is_empty (get_line (transmission));
}

GCoapTransmission *
gcoap_message_layer_send (GCoapMessageLayer  *self,
                          const GCoapAddress *remote,
                          const GCoapAddress *local,
                          const GCoapFrame   *frame,
                          guint64             owner,
                          gint64              now)
{
  GCoapPeer *peer = gcoap_peers_acquire (&self->peers, remote, now);
  GCoapTransmission *transmission;

  if (peer == NULL)
    return NULL;

  self->n_transmissions++;
  transmission = g_slice_new0 (GCoapTransmission);
  transmission->timer.kind = GCOAP_TIMER_TRANSMISSION;
  transmission->remote = *remote;
  transmission->local = *local;
  transmission->type = frame->type;
  transmission->owner = owner;
  transmission->packet = gcoap_packet_new (frame);
  transmission->peer = peer;
  transmission->link.data = transmission;
  transmission->is_probe = is_probe (remote, frame);
  if (transmission->is_probe && peer->probing == NULL)
    peer->probing = gcoap_probing_new (peer);

  if (must_wait (transmission) || !try_start (self, transmission, now))
    g_queue_push_tail_link (get_line (transmission), &transmission->link);

  return transmission;
}

GCoapPacket *
gcoap_message_layer_make_non (GCoapMessageLayer  *self,
                              const GCoapAddress *remote,
                              const GCoapFrame   *frame,
                              gint64              now)
{
  GCoapPeer *peer = gcoap_peers_acquire (&self->peers, remote, now);
  GCoapPacket *packet = NULL;
  guint16 message_id;

  if (peer == NULL)
    return NULL;

  if (gcoap_peer_take_message_id (peer, get_lifetime (self, GCOAP_MESSAGE_TYPE_NON), now,
                                  &message_id))
    {
      packet = gcoap_packet_new (frame);
      gcoap_packet_set_message_id (packet, message_id);
    }
  gcoap_peers_release (&self->peers, peer, now);

  return packet;
}

/* A message that is followed for longer than its Message ID lives may have a successor there. */
static void
forget_message_id (GCoapMessageLayer *self,
                   GCoapTransmission *transmission)
{
  if (g_hash_table_lookup (self->transmissions, transmission) == transmission)
    g_hash_table_remove (self->transmissions, transmission);
}

/* Ends a transmission, whatever became of it. */
void
gcoap_message_layer_finish (GCoapMessageLayer *self,
                            GCoapTransmission *transmission,
                            gint64             now)
{
  GCoapPeer *peer = transmission->peer;

  if (transmission->state == GCOAP_TRANSMISSION_WAITING)
    g_queue_unlink (get_line (transmission), &transmission->link);
  else
    forget_message_id (self, transmission);
  if (transmission->state == GCOAP_TRANSMISSION_REPEATED)
    peer->n_outstanding--;
  gcoap_deadlines_disarm (self->deadlines, &transmission->timer);
  gcoap_packet_unref (transmission->packet);
  g_slice_free (GCoapTransmission, transmission);
  self->n_transmissions--;

  gcoap_message_layer_send_waiting (self, peer, now);
  gcoap_peers_release (&self->peers, peer, now);
}

gboolean
gcoap_message_layer_replace (GCoapMessageLayer *self,
                             GCoapTransmission *transmission,
                             const GCoapFrame  *frame,
                             gint64             now)
{
  gboolean is_waiting = transmission->state == GCOAP_TRANSMISSION_WAITING;
  guint16 message_id = 0;

  if (!is_waiting &&
      !gcoap_peer_take_message_id (transmission->peer, get_lifetime (self, transmission->type),
                                   now, &message_id))
    return FALSE;

  gcoap_packet_unref (transmission->packet);
  transmission->packet = gcoap_packet_new (frame);
  if (is_waiting)
    return TRUE;

  forget_message_id (self, transmission);
  set_message_id (self, transmission, message_id);

  return TRUE;
}

gboolean
gcoap_message_layer_repeat (GCoapMessageLayer *self,
                            GCoapTransmission *transmission,
                            gint64             now)
{
  if (transmission->n_repeats >= self->parameters->max_retransmit)
    {
      self->counters->given_up++;
      return FALSE;
    }

  self->counters->retransmissions++;
  transmission->n_repeats++;
  transmission->timeout *= 2;
  gcoap_deadlines_arm (self->deadlines, &transmission->timer, now + transmission->timeout);
  put_on_the_wire (self, transmission);

  return TRUE;
}

void
gcoap_message_layer_apply_parameters (GCoapMessageLayer *self,
                                      gint64             now)
{
  GHashTableIter iter;
  GCoapPeer *peer;

  gcoap_dedup_evict (&self->dedup);
  gcoap_peers_evict (&self->peers);
  g_hash_table_iter_init (&iter, self->peers.by_address);
  while (g_hash_table_iter_next (&iter, (gpointer *) &peer, NULL))
    gcoap_message_layer_send_waiting (self, peer, now);
}

static void
send_line (GCoapMessageLayer *self,
           GQueue            *line,
           gint64             now)
{
  GCoapTransmission *transmission;

  while ((transmission = g_queue_peek_head (line)) != NULL &&
         try_start (self, transmission, now))
    g_queue_unlink (line, &transmission->link);
}

static void
send_probes (GCoapMessageLayer *self,
             GCoapProbing      *probing,
             gint64             now)
{
  send_line (self, &probing->waiting, now);
  if (g_queue_is_empty (&probing->waiting))
    gcoap_deadlines_disarm (self->deadlines, &probing->timer);
}

void
gcoap_message_layer_send_waiting (GCoapMessageLayer *self,
                                  GCoapPeer         *peer,
                                  gint64             now)
{
  if (peer->probing != NULL)
    send_probes (self, peer->probing, now);
  send_line (self, &peer->waiting, now);
}
