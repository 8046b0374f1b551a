/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-notifier-private.h"

#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-option-number.h"

/* How many observers get a new state before other work has its turn. */
#define SLICE 256

/* RFC 7641 section 4.5: a confirmable notification at least every 24 hours. */
#define CONFIRMABLE_EVERY (24 * 60 * 60 * G_GINT64_CONSTANT (1000000))

static gboolean
is_last (const GCoapObserved *observed)
{
  return observed->content->code >> 5 != 2;
}

static gboolean
is_behind (const GCoapObserverEntry *observer)
{
  return observer->observed != NULL && observer->sequence != observer->observed->sequence;
}

/* A client that is gone is noticed only by what it does not acknowledge. */
static gboolean
must_confirm (GCoapNotifier            *self,
              const GCoapObserverEntry *observer,
              gint64                    now)
{
  return observer->observed->is_confirmable ||
         observer->n_unconfirmed + 1u >= self->parameters->confirmable_interval ||
         now - MAX (observer->registered, observer->acknowledged) >= CONFIRMABLE_EVERY;
}

/* Only a notification of success has an Observe option (RFC 7641 section 4.2). A state that is
 * large goes as its first block, and the observer asks for the others (RFC 7959 section 2.6). */
static GCoapEncodedState *
encode (const GCoapObserved *observed,
        guint8               szx)
{
  GCoapContent *content = observed->content;
  GCoapEncodedState *self = g_slice_new (GCoapEncodedState);
  GCoapFrame frame = { .code = content->code };
  GCoapSlice slice = { .szx = szx };
  GCoapWindow window;
  GCoapOptions options;

  gcoap_window_init_whole (&window, content->body);
  gcoap_slice_find (&slice, &window);
  if (slice.more)
    gcoap_content_tag (content);

  gcoap_options_init (&options);
  gcoap_options_set_wire (&options, content->options.data, content->options.length);
  if (content->code >> 5 == 2)
    gcoap_options_add_uint (&options, GCOAP_OPTION_NUMBER_OBSERVE, observed->sequence);
  gcoap_slice_add_options (&slice, &window, &options);

  frame.options = options.data;
  frame.options_length = options.length;
  frame.payload = slice.data;
  frame.payload_length = slice.length;
  self->packet = gcoap_packet_new (&frame);
  self->more = slice.more;
  gcoap_frame_parse (&self->frame, self->packet->data, self->packet->length);
  gcoap_options_clear (&options);
  gcoap_window_clear (&window);

  return self;
}

static gsize
get_body_size (const GCoapObserved *observed)
{
  return observed->content->body != NULL ? g_bytes_get_size (observed->content->body) : 0;
}

/* It is encoded once for all who get it in the same size. */
static const GCoapEncodedState *
get_encoded (GCoapNotifier       *self,
             const GCoapObserverEntry *observer)
{
  GCoapObserved *observed = observer->observed;
  guint8 szx = MIN (observer->szx, gcoap_block_get_szx (self->parameters->block_size));
  gboolean is_whole = get_body_size (observed) <= gcoap_block_size (szx);
  guint place = is_whole ? G_N_ELEMENTS (observed->encoded) - 1 : szx;

  if (observed->encoded[place] == NULL)
    observed->encoded[place] = encode (observed, is_whole ? GCOAP_BLOCK_SZX_MAX : szx);

  return observed->encoded[place];
}

static GCoapFrame
make_frame (GCoapNotifier            *self,
            const GCoapObserverEntry *observer,
            GCoapMessageType          type)
{
  GCoapFrame frame = get_encoded (self, observer)->frame;

  frame.type = type;
  frame.token = observer->token;
  frame.token_length = observer->token_length;

  return frame;
}

/* FALSE: a stream that the application answers with has the key, and stays. */
static gboolean
clear_key (GCoapNotifier      *self,
           const GCoapBodyKey *key)
{
  GCoapBody *body;

  while ((body = gcoap_bodies_lookup (self->bodies, key)) != NULL)
    {
      if (body->is_stream)
        return FALSE;
      gcoap_bodies_remove (self->bodies, body);
    }

  return TRUE;
}

/* Keeps a state for the requests for its later blocks. It takes no other's place: without it, the
 * application will answer them. */
static void
keep_state (GCoapNotifier       *self,
            const GCoapObserverEntry *observer,
            gint64               now)
{
  GCoapContent *content = observer->observed->content;
  GCoapFrame registration = {
    .code = observer->code,
    .options = observer->registration,
    .options_length = observer->options_length,
    .payload = observer->registration + observer->options_length,
    .payload_length = observer->payload_length,
  };
  GCoapBodyKey key;

  if (!get_encoded (self, observer)->more)
    return;

  gcoap_body_key_init (&key, self->bodies, FALSE, &observer->peer->address, &registration);
  if (clear_key (self, &key) && gcoap_bodies_has_room (self->bodies, content))
    {
      GCoapBody *body = gcoap_bodies_add (self->bodies, &key, content, now);

      gcoap_window_init_whole (&body->window, content->body);
    }
  gcoap_body_key_clear (&key);
}

static void
send_confirmable (GCoapNotifier      *self,
                  GCoapObserverEntry *observer,
                  gint64              now)
{
  GCoapFrame frame = make_frame (self, observer, GCOAP_MESSAGE_TYPE_CON);

  observer->transmission = gcoap_message_layer_send (self->messages, &observer->peer->address,
                                                     &observer->local, &frame,
                                                     observer->base.id, now);
}

/* FALSE: there is no Message ID for it now. */
static gboolean
send_non (GCoapNotifier      *self,
          GCoapObserverEntry *observer,
          gint64              now)
{
  GCoapFrame frame = make_frame (self, observer, GCOAP_MESSAGE_TYPE_NON);
  const GCoapAddress *remote = &observer->peer->address;
  g_autoptr (GCoapPacket) packet =
    gcoap_message_layer_make_non (self->messages, remote, &frame, now);

  if (packet == NULL)
    return FALSE;

  observer->n_unconfirmed++;
  gcoap_observers_set_message_id (self->observers, observer,
                                  gcoap_packet_get_message_id (packet));
  gcoap_outbox_add_packet (self->outbox, remote, &observer->local, packet);

  return TRUE;
}

static void
report (GCoapNotifier      *self,
        GCoapObserverEntry *observer,
        GCoapEvent          event)
{
  event.id = observer->base.id;
  event.remote = observer->peer->address;
  event.local = observer->local;
  event.token_length = observer->token_length;
  memcpy (event.token, observer->token, sizeof event.token);
  gcoap_events_push (self->events, event);
}

static void
report_unregistered (GCoapNotifier      *self,
                     GCoapObserverEntry *observer)
{
  report (self, observer, (GCoapEvent) {
    .kind = GCOAP_EVENT_UNREGISTERED,
    .message = gcoap_observer_entry_make_registration (observer),
  });
}

/* After its last notification an observer has ended, but that is still repeated. */
static void
end (GCoapNotifier      *self,
     GCoapObserverEntry *observer,
     gint64              now)
{
  report_unregistered (self, observer);
  gcoap_observers_detach (self->observers, observer);
  if (observer->transmission == NULL)
    gcoap_observers_free (self->observers, observer, now);
}

static void
send_state (GCoapNotifier      *self,
            GCoapObserverEntry *observer,
            gint64              now)
{
  gboolean was_last = is_last (observer->observed);

  observer->sequence = observer->observed->sequence;
  /* A Confirmable one can wait for a Message ID, and what is newer then goes out in its place. */
  if (must_confirm (self, observer, now) || !send_non (self, observer, now))
    send_confirmable (self, observer, now);
  keep_state (self, observer, now);

  if (was_last)
    end (self, observer, now);
}

/* Puts the latest state in place of one that was not acknowledged. RFC 7641 section 4.5.2: the
 * count and the time-out of its transmissions go on. */
static void
replace_state (GCoapNotifier      *self,
               GCoapObserverEntry *observer,
               gint64              now)
{
  GCoapFrame frame = make_frame (self, observer, GCOAP_MESSAGE_TYPE_CON);
  gboolean was_last = is_last (observer->observed);

  if (!gcoap_message_layer_replace (self->messages, observer->transmission, &frame, now))
    return;

  observer->sequence = observer->observed->sequence;
  keep_state (self, observer, now);
  if (was_last)
    end (self, observer, now);
}

/* Brings an observer up to date, unless something of its own holds it up; then that does it. */
static void
visit (GCoapNotifier      *self,
       GCoapObserverEntry *observer,
       gint64              now)
{
  GCoapTransmission *transmission = observer->transmission;

  if (observer->is_pending)
    return;

  if (transmission == NULL)
    send_state (self, observer, now);
  else if (transmission->state == GCOAP_TRANSMISSION_WAITING)
    replace_state (self, observer, now);
}

/* Those that this state has not come by yet are at the head, and who was visited goes to the tail.
 * So a newer state that comes meanwhile is brought on from where this one is, and with states in
 * any number everybody has his turn. */
static GCoapObserverEntry *
next_observer (GCoapObserved *observed)
{
  GCoapObserverEntry *observer = g_queue_peek_head (&observed->observers);

  if (observer == NULL || observer->visited == observed->sequence)
    return NULL;

  observer->visited = observed->sequence;
  g_queue_unlink (&observed->observers, &observer->link);
  g_queue_push_tail_link (&observed->observers, &observer->link);

  return observer;
}

static void
queue_work (GCoapNotifier *self,
            GCoapObserved *observed,
            gint64         now)
{
  if (observed->work_link.data == NULL)
    {
      observed->work_link.data = observed;
      g_queue_push_tail_link (&self->work, &observed->work_link);
    }
  if (self->timer.position == 0)
    gcoap_deadlines_arm (self->deadlines, &self->timer, now);
}

static void
finish_work (GCoapNotifier *self,
             GCoapObserved *observed)
{
  g_queue_unlink (&self->work, &observed->work_link);
  observed->work_link.data = NULL;
  gcoap_observers_drop_if_unused (self->observers, observed);
}

void
gcoap_notifier_init (GCoapNotifier         *self,
                     const GCoapParameters *parameters,
                     GCoapDeadlines        *deadlines,
                     GCoapOutbox           *outbox,
                     GCoapEvents           *events,
                     GCoapMessageLayer     *messages,
                     GCoapObservers        *observers,
                     GCoapBodies           *bodies)
{
  *self = (GCoapNotifier) {
    .parameters = parameters,
    .deadlines = deadlines,
    .outbox = outbox,
    .events = events,
    .messages = messages,
    .observers = observers,
    .bodies = bodies,
    .work = G_QUEUE_INIT,
    .timer = { .kind = GCOAP_TIMER_NOTIFIER },
  };
}

void
gcoap_notifier_clear (GCoapNotifier *self)
{
  GCoapObserved *observed;

  while ((observed = g_queue_peek_head (&self->work)) != NULL)
    finish_work (self, observed);
  gcoap_deadlines_disarm (self->deadlines, &self->timer);
}

static void
set_state (GCoapObserved    *observed,
           const GCoapFrame *state,
           GBytes           *body)
{
  g_autoptr (GBytes) payload = body != NULL || state->payload_length == 0
                               ? NULL : g_bytes_new (state->payload, state->payload_length);
  g_autoptr (GCoapContent) content = gcoap_content_new (state, body != NULL ? body : payload);

  gcoap_observed_set_content (observed, content);
}

gboolean
gcoap_notifier_notify (GCoapNotifier    *self,
                       const char       *uri,
                       const GCoapFrame *state,
                       GBytes           *body,
                       gboolean          is_confirmable,
                       gint64            now)
{
  GCoapObserved *observed = gcoap_observers_lookup (self->observers, uri);

  if (observed == NULL)
    return FALSE;

  observed->sequence = gcoap_observers_next_sequence (self->observers);
  observed->is_confirmable = is_confirmable;
  set_state (observed, state, body);
  if (is_last (observed))
    gcoap_observers_close (self->observers, observed);
  queue_work (self, observed, now);

  return TRUE;
}

/* What is left after a slice goes behind the others: however fast the states of one URI come, each
 * has its turn. */
static void
rotate_work (GCoapNotifier *self)
{
  g_queue_push_tail_link (&self->work, g_queue_pop_head_link (&self->work));
}

void
gcoap_notifier_work (GCoapNotifier *self,
                     gint64         now)
{
  GCoapObserved *observed;

  for (guint i = 0; i < SLICE && (observed = g_queue_peek_head (&self->work)) != NULL; i++)
    {
      GCoapObserverEntry *observer = next_observer (observed);

      if (observer != NULL)
        visit (self, observer, now);
      else
        finish_work (self, observed);
    }

  if (g_queue_is_empty (&self->work))
    return;

  /* Later than now, or the one who asks what is due would never come to an end. */
  rotate_work (self);
  gcoap_deadlines_arm (self->deadlines, &self->timer, now + 1);
}

static void
finish_transmission (GCoapNotifier      *self,
                     GCoapObserverEntry *observer,
                     gint64              now)
{
  GCoapTransmission *transmission = g_steal_pointer (&observer->transmission);

  if (transmission != NULL)
    gcoap_message_layer_finish (self->messages, transmission, now);
}

GCoapObserverEntry *
gcoap_notifier_add (GCoapNotifier      *self,
                    const GCoapAddress *remote,
                    const GCoapAddress *local,
                    const GCoapFrame   *registration,
                    const char         *uri,
                    gint64              now)
{
  GCoapObserverEntry *observer =
    gcoap_observers_add (self->observers, remote, local, registration, uri, now);

  if (observer != NULL)
    report (self, observer, (GCoapEvent) { .kind = GCOAP_EVENT_REGISTERED });

  return observer;
}

void
gcoap_notifier_renew (GCoapNotifier      *self,
                      GCoapObserverEntry *observer,
                      gint64              now)
{
  finish_transmission (self, observer, now);
  gcoap_observers_renew (self->observers, observer);
}

void
gcoap_notifier_activate (GCoapNotifier      *self,
                         GCoapObserverEntry *observer,
                         gint64              now)
{
  gboolean was_pending = observer->is_pending;

  observer->is_pending = FALSE;
  if (was_pending && is_behind (observer))
    visit (self, observer, now);
}

void
gcoap_notifier_acknowledged (GCoapNotifier      *self,
                             GCoapObserverEntry *observer,
                             gint64              now)
{
  finish_transmission (self, observer, now);
  observer->acknowledged = now;
  observer->n_unconfirmed = 0;

  if (observer->observed == NULL)
    gcoap_observers_free (self->observers, observer, now);
  else if (is_behind (observer))
    send_state (self, observer, now);
}

void
gcoap_notifier_repeat (GCoapNotifier      *self,
                       GCoapObserverEntry *observer,
                       gint64              now)
{
  if (is_behind (observer))
    replace_state (self, observer, now);
  if (!gcoap_message_layer_repeat (self->messages, observer->transmission, now))
    gcoap_notifier_remove (self, observer, now);
}

void
gcoap_notifier_remove (GCoapNotifier      *self,
                       GCoapObserverEntry *observer,
                       gint64              now)
{
  if (observer->observed != NULL)
    report_unregistered (self, observer);
  gcoap_notifier_discard (self, observer, now);
}

void
gcoap_notifier_discard (GCoapNotifier      *self,
                        GCoapObserverEntry *observer,
                        gint64              now)
{
  finish_transmission (self, observer, now);
  gcoap_observers_free (self->observers, observer, now);
}

void
gcoap_notifier_remove_all (GCoapNotifier *self,
                           gint64         now)
{
  GHashTableIter iter;
  gpointer observer;

  for (;;)
    {
      g_hash_table_iter_init (&iter, self->observers->by_token);
      if (!g_hash_table_iter_next (&iter, &observer, NULL))
        break;
      gcoap_notifier_remove (self, observer, now);
    }
}
