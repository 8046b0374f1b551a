/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-driver-private.h"

/* How many batches may be handled before other sources of the context get their turn. */
#define BATCHES_PER_DISPATCH 4

/* FALSE in a benchmark only, which shows what the calls below cost while nothing is logged. */
#ifndef GCOAP_DRIVER_LOGS
#define GCOAP_DRIVER_LOGS TRUE
#endif

struct _GCoapDriver
{
  GObject              *owner; /* (not owned) that this is a part of */
  GMainContext         *context;
  GCoapEngine          *engine;
  GCoapUdpTransport    *transport; /* (nullable) */
  GSource              *timer;
  GCoapDriverEventFunc  event_func;
  GCoapDriverLogFunc    log_func; /* (nullable) */
  GCoapDriverWatchFunc  watch_func; /* (nullable) */
  GCoapLogDetail        log_detail;
  GCoapUdpOptions       udp_options;
  GCoapAddress          destination; /* of the latest datagram, if has_destination */
  gboolean              has_destination;
  gint64                armed_for;
  gboolean              is_pumping;
  const GCoapDatagram  *batch; /* what is left of the batch that was received */
  guint                 n_left;
};

static gint64
get_now (void)
{
  return g_get_monotonic_time ();
}

/* Lines are made while the datagrams are there, and shown when nothing depends on them any more. */
static char **
describe (GCoapDriver         *self,
          const GCoapDatagram *datagrams,
          guint                n_datagrams,
          gboolean             is_outgoing)
{
  if (!GCOAP_DRIVER_LOGS || self->log_func == NULL)
    return NULL;

  return gcoap_log_describe (datagrams, n_datagrams, is_outgoing, self->log_detail);
}

static void
log_lines (GCoapDriver  *self,
           char        **lines)
{
  if (lines == NULL)
    return;

  for (guint i = 0; lines[i] != NULL; i++)
    if (self->log_func != NULL)
      self->log_func (self->owner, lines[i]);
  g_strfreev (lines);
}

static void
hand_out_events (GCoapDriver *self)
{
  GCoapEvent event;

  while (gcoap_engine_pop_event (self->engine, &event))
    {
      self->event_func (self->owner, &event);
      g_clear_pointer (&event.message, gcoap_message_unref);
    }
}

/* FALSE if there was nothing to send, or no room. */
static gboolean
send_datagrams (GCoapDriver *self)
{
  const GCoapDatagram *datagrams;
  guint n_datagrams = gcoap_engine_peek_datagrams (self->engine, &datagrams);
  char **lines;
  guint n_sent;

  if (n_datagrams == 0)
    return FALSE;

  /* Without a socket they are lost, as on any network. */
  n_sent = self->transport != NULL
           ? gcoap_udp_transport_send (self->transport, datagrams, n_datagrams)
           : n_datagrams;
  lines = describe (self, datagrams, n_sent, TRUE);
  gcoap_engine_drop_datagrams (self->engine, n_sent);
  log_lines (self, lines);

  return n_sent > 0;
}

/* The timer is moved only when it would ring too late: one that rings for nothing finds that out
 * and is set anew, which is rarer than requests are. */
static void
arm_timer (GCoapDriver *self)
{
  gint64 deadline = gcoap_engine_get_next_deadline (self->engine);

  if (deadline >= self->armed_for)
    return;

  self->armed_for = deadline;
  g_source_set_ready_time (self->timer, deadline);
}

void
gcoap_driver_pump (GCoapDriver *self)
{
  GObject *owner;

  if (self->is_pumping)
    return;

  owner = g_object_ref (self->owner);
  self->is_pumping = TRUE;
  do
    hand_out_events (self);
  while (send_datagrams (self));
  arm_timer (self);
  self->is_pumping = FALSE;
  if (self->watch_func != NULL)
    self->watch_func (owner);
  g_object_unref (owner);
}

static void
capture_destination (GCoapDriver *self)
{
  if (self->batch->error != 0)
    return;

  self->destination = self->batch->local;
  self->has_destination = TRUE;
}

static void
take_datagram (GCoapDriver *self)
{
  self->n_left--;
  if (self->udp_options.captures_destination)
    capture_destination (self);
  gcoap_engine_receive (self->engine, self->batch++, get_now ());
}

/* A handler that iterates the context comes here in the midst of a batch, and the next one takes
 * its place in memory. */
static void
take_rest (GCoapDriver *self)
{
  while (self->n_left > 0)
    take_datagram (self);
}

/* Whoever is told may receive the next batch, and its notes would take the place of these. */
static void
report_oversized (GCoapDriver *self)
{
  const GCoapUdpOversized *oversized;
  guint n = gcoap_udp_transport_take_oversized (self->transport, &oversized);
  g_autofree GCoapUdpOversized *copies = n > 0 ? g_memdup2 (oversized, n * sizeof *copies) : NULL;

  for (guint i = 0; i < n; i++)
    {
      GCoapEvent event = {
        .kind = GCOAP_EVENT_MALFORMED,
        .error = GCOAP_ERROR_MALFORMED_MESSAGE,
        .remote = copies[i].remote,
        .size = copies[i].size,
      };

      self->event_func (self->owner, &event);
    }
}

/* Each datagram is handled while it is fresh in the caches. FALSE if no more are waiting. */
static gboolean
handle_batch (GCoapDriver *self)
{
  gboolean is_full;

  take_rest (self);
  if (self->transport == NULL)
    return FALSE;

  self->n_left = gcoap_udp_transport_receive (self->transport, &self->batch);
  is_full = self->n_left == GCOAP_UDP_BATCH;
  log_lines (self, describe (self, self->batch, self->n_left, FALSE));
  if (self->transport != NULL)
    report_oversized (self);
  while (self->n_left > 0)
    {
      take_datagram (self);
      hand_out_events (self);
    }

  return is_full;
}

static void
transport_ready_cb (gpointer user_data)
{
  GCoapDriver *self = user_data;
  GObject *owner = g_object_ref (self->owner);
  gboolean was_pumping = self->is_pumping;
  gboolean is_full = TRUE;

  for (guint i = 0; i < BATCHES_PER_DISPATCH && is_full; i++)
    {
      self->is_pumping = TRUE;
      is_full = handle_batch (self);
      self->is_pumping = FALSE;
      gcoap_driver_pump (self);
    }

  self->is_pumping = was_pumping;
  g_object_unref (owner);
}

static gboolean
timer_cb (gpointer user_data)
{
  GCoapDriver *self = user_data;
  GObject *owner = g_object_ref (self->owner);
  gboolean was_pumping = self->is_pumping;

  self->armed_for = GCOAP_NO_DEADLINE;
  g_source_set_ready_time (self->timer, -1);
  gcoap_engine_expire (self->engine, get_now ());
  self->is_pumping = FALSE;
  gcoap_driver_pump (self);

  self->is_pumping = was_pumping;
  g_object_unref (owner);

  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_timer (GSource     *source,
                GSourceFunc  callback,
                gpointer     user_data)
{
  return callback (user_data);
}

static GSource *
timer_source_new (GCoapDriver *self)
{
  static GSourceFuncs funcs = { .dispatch = dispatch_timer };
  GSource *source = g_source_new (&funcs, sizeof (GSource));

  g_source_set_static_name (source, "GCoap timer");
  g_source_set_can_recurse (source, TRUE);
  g_source_set_callback (source, timer_cb, self, NULL);
  g_source_attach (source, self->context);

  return source;
}

static GCoapEngine *
engine_new (const GCoapParameters *parameters)
{
  GRand *random = g_rand_new ();
  GCoapEngine *engine = gcoap_engine_new (parameters, random);

  g_rand_free (random);

  return engine;
}

GCoapDriver *
gcoap_driver_new (GObject               *owner,
                  const GCoapParameters *parameters,
                  GCoapDriverEventFunc   event_func)
{
  GCoapDriver *self = g_new0 (GCoapDriver, 1);

  self->owner = owner;
  self->context = g_main_context_ref_thread_default ();
  self->engine = engine_new (parameters);
  self->event_func = event_func;
  self->udp_options.max_packet_size = GCOAP_UDP_MAX_PACKET_SIZE;
  self->armed_for = GCOAP_NO_DEADLINE;
  self->timer = timer_source_new (self);

  return self;
}

void
gcoap_driver_free (GCoapDriver *self)
{
  gcoap_driver_close (self);
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  gcoap_engine_free (self->engine);
  g_main_context_unref (self->context);
  g_free (self);
}

GMainContext *
gcoap_driver_get_context (GCoapDriver *self)
{
  return self->context;
}

/* The transport, made when it is first needed. */
GCoapUdpTransport *
gcoap_driver_get_transport (GCoapDriver *self)
{
  if (self->transport == NULL)
    {
      self->transport = gcoap_udp_transport_new (self->context, transport_ready_cb, self);
      gcoap_udp_transport_set_options (self->transport, &self->udp_options);
    }

  return self->transport;
}

gboolean
gcoap_driver_get_local (GCoapDriver  *self,
                        GCoapAddress *out_local)
{
  return self->transport != NULL && gcoap_udp_transport_get_local (self->transport, out_local);
}

void
gcoap_driver_set_parameters (GCoapDriver           *self,
                             const GCoapParameters *parameters)
{
  *gcoap_engine_get_parameters (self->engine) = *parameters;
  gcoap_engine_apply_parameters (self->engine, get_now ());
}

void
gcoap_driver_set_options (GCoapDriver           *self,
                          const GCoapUdpOptions *options)
{
  self->udp_options = *options;
  if (!options->captures_destination)
    self->has_destination = FALSE;
  if (self->transport != NULL)
    gcoap_udp_transport_set_options (self->transport, options);
}

gboolean
gcoap_driver_get_buffers (GCoapDriver *self,
                          guint       *out_receive,
                          guint       *out_send)
{
  return self->transport != NULL &&
         gcoap_udp_transport_get_buffers (self->transport, out_receive, out_send);
}

gboolean
gcoap_driver_get_destination (GCoapDriver  *self,
                              GCoapAddress *out_destination)
{
  if (!self->has_destination)
    return FALSE;

  *out_destination = self->destination;

  return TRUE;
}

void
gcoap_driver_set_log (GCoapDriver        *self,
                      GCoapDriverLogFunc  log_func,
                      GCoapLogDetail      detail)
{
  self->log_func = log_func;
  self->log_detail = detail;
}

void
gcoap_driver_close (GCoapDriver *self)
{
  if (self->transport == NULL)
    return;

  send_datagrams (self);
  self->n_left = 0;
  g_clear_pointer (&self->transport, gcoap_udp_transport_free);
}

guint64
gcoap_driver_submit (GCoapDriver          *self,
                     const GCoapAddress   *remote,
                     GCoapMessage         *message,
                     const GCoapPatience  *patience,
                     const GCoapStreaming *streaming,
                     int                  *out_errno)
{
  return gcoap_engine_submit (self->engine, remote, message, patience, streaming, get_now (),
                              out_errno);
}

void
gcoap_driver_supply (GCoapDriver *self,
                     guint64      id,
                     GBytes      *part,
                     gsize        offset,
                     gboolean     is_last)
{
  gcoap_engine_supply (self->engine, id, part, offset, is_last, get_now ());
}

void
gcoap_driver_continue (GCoapDriver *self,
                       guint64      id)
{
  gcoap_engine_continue (self->engine, id, get_now ());
}

gboolean
gcoap_driver_respond (GCoapDriver      *self,
                      guint64           id,
                      const GCoapFrame *response,
                      GBytes           *body,
                      gboolean          is_confirmable)
{
  return gcoap_engine_respond (self->engine, id, response, body, is_confirmable, get_now ());
}

void
gcoap_driver_collect (GCoapDriver *self,
                      guint64      id)
{
  gcoap_engine_collect (self->engine, id, get_now ());
}

guint64
gcoap_driver_respond_with_stream (GCoapDriver      *self,
                                  guint64           id,
                                  const GCoapFrame *response,
                                  gint64            size,
                                  gboolean          is_confirmable)
{
  return gcoap_engine_respond_with_stream (self->engine, id, response, size, is_confirmable,
                                           get_now ());
}

void
gcoap_driver_refuse (GCoapDriver *self,
                     guint64      id,
                     guint8       code)
{
  gcoap_engine_refuse (self->engine, id, code, get_now ());
}

gboolean
gcoap_driver_observe (GCoapDriver  *self,
                      guint64       id,
                      GCoapMessage *request,
                      const char   *uri)
{
  return gcoap_engine_observe (self->engine, id, request, uri, get_now ());
}

gboolean
gcoap_driver_notify (GCoapDriver      *self,
                     const char       *uri,
                     const GCoapFrame *state,
                     GBytes           *body,
                     gboolean          is_confirmable)
{
  return gcoap_engine_notify (self->engine, uri, state, body, is_confirmable, get_now ());
}

gboolean
gcoap_driver_get_observer (GCoapDriver            *self,
                           const GCoapObserverKey *key,
                           GCoapObserverInfo      *out_info)
{
  return gcoap_engine_get_observer (self->engine, key, out_info);
}

GArray *
gcoap_driver_list_observers (GCoapDriver *self)
{
  return gcoap_engine_list_observers (self->engine);
}

GPtrArray *
gcoap_driver_list_observed_uris (GCoapDriver *self)
{
  return gcoap_engine_list_observed_uris (self->engine);
}

void
gcoap_driver_unregister (GCoapDriver            *self,
                         const GCoapObserverKey *key)
{
  gcoap_engine_unregister (self->engine, key, get_now ());
}

void
gcoap_driver_unregister_all (GCoapDriver *self)
{
  gcoap_engine_unregister_all (self->engine, get_now ());
}

void
gcoap_driver_cancel (GCoapDriver *self,
                     guint64      id)
{
  gcoap_engine_cancel (self->engine, id, get_now ());
}

void
gcoap_driver_set_watch (GCoapDriver          *self,
                        GCoapDriverWatchFunc  func)
{
  self->watch_func = func;
}

void
gcoap_driver_count (GCoapDriver   *self,
                    GCoapCounters *out_counters)
{
  gcoap_engine_count (self->engine, out_counters);
}

void
gcoap_driver_run_until (GCoapDriver    *self,
                        const gboolean *is_done)
{
  gboolean was_pumping = self->is_pumping;

  self->is_pumping = FALSE;
  take_rest (self);
  gcoap_driver_pump (self);
  while (!*is_done)
    g_main_context_iteration (self->context, TRUE);
  self->is_pumping = was_pumping;
}

static gboolean
wake_up_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

void
gcoap_driver_run_once (GCoapDriver *self,
                       guint        max_wait)
{
  g_autoptr (GSource) limit = g_timeout_source_new (max_wait);
  gboolean was_pumping = self->is_pumping;

  g_source_set_static_name (limit, "GCoap wait");
  g_source_set_callback (limit, wake_up_cb, NULL, NULL);
  g_source_attach (limit, self->context);

  self->is_pumping = FALSE;
  take_rest (self);
  gcoap_driver_pump (self);
  g_main_context_iteration (self->context, TRUE);
  self->is_pumping = was_pumping;

  g_source_destroy (limit);
}
