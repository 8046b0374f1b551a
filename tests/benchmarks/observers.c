/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Observes a resource of a server on 127.0.0.1 from very many sockets, has the server notify them
 * all, and prints how fast that was, or what memory it took.
 *
 * No datagram is to be lost for want of room in the server's receive buffer, of whatever size that
 * is: never more are on their way than a window. For requests their answers tell; of
 * acknowledgements nothing tells, so a GET follows them now and then, and the answer to it says
 * that all before it have been taken. */

#include "process.h"
#include "server-common.h"
#include "swarm.h"

#include <errno.h>
#include <string.h>
#include <time.h>

/* What fits a receive buffer of the usual default size (212992). */
#define WINDOW           192
#define PROBE_EVERY      32

/* At most so many GETs from each socket, and for at most --seconds. */
#define GET_PASSES       4
#define N_SLICES         5 /* of the registrations */
#define MAX_OBSERVERS    60000
#define WARM_UP_GETS     1000
#define STALL_USEC       G_USEC_PER_SEC
/* An acknowledgement within this is far within ACK_TIMEOUT. */
#define IN_TIME_USEC     G_USEC_PER_SEC
/* The longest first time-out, ACK_TIMEOUT * ACK_RANDOM_FACTOR, and some more. */
#define LINGER_USEC      (G_GINT64_CONSTANT (3300000))

typedef struct
{
  guint16  request_id;
  guint16  confirmable_id;   /* of the latest Confirmable notification */
  guint    is_waiting : 1;   /* for an answer */
  guint    has_state : 1;
  guint    has_confirmable : 1;
  guint    is_unacknowledged : 1;
  guint    was_in_time : 1;  /* the acknowledgement */
  guint32  state;            /* the latest Observe number */
  gint64   received_at;      /* the Confirmable notification */
} Observer;

typedef struct
{
  Swarm     *swarm;
  Observer  *observers;
  guint      n_observers;
  guint      control;       /* the client that is no observer */
  clockid_t  server_clock;  /* of its CPU time */
  gint64     last_progress;

  guint      n_answered;
  gint64     slices[N_SLICES + 1]; /* when each began, and the last ended */
  guint      slice_size;           /* 0: not needed */

  gboolean   control_is_waiting;
  guint16    control_id;
  guint8     control_code;

  guint      n_notified;
  guint64    n_duplicates;
  guint64    n_late;        /* repeated before they were acknowledged in time */
  GQueue     unacknowledged;
  guint64    n_acknowledged;
  guint64    n_proved;      /* of those, known to have been taken */
  guint64    n_when_probed;
} Load;

/* What went by while something was measured. */
typedef struct
{
  gint64 elapsed;
  gint64 rested;
  gint64 server_nsec;
} Span;

static gint opt_port;
static gint opt_pid;
static gint opt_observers = 15000;
static gdouble opt_seconds = 1;
static gdouble opt_patience = 5;
static gboolean opt_memory;
static gboolean opt_skip_con;
static gboolean opt_sleep;

static GOptionEntry entries[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &opt_port, "Port of the server on 127.0.0.1", "N" },
  { "pid", 0, 0, G_OPTION_ARG_INT, &opt_pid, "Process of the server", "N" },
  { "observers", 0, 0, G_OPTION_ARG_INT, &opt_observers, "Number of observers", "N" },
  { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &opt_seconds, "How long to fan out", "S" },
  { "patience", 0, 0, G_OPTION_ARG_DOUBLE, &opt_patience, "When to cut off a fan-out", "S" },
  { "skip-con", 0, 0, G_OPTION_ARG_NONE, &opt_skip_con, "No Confirmable fan-outs", NULL },
  { "memory", 0, 0, G_OPTION_ARG_NONE, &opt_memory, "Measure memory, and a single fan-out", NULL },
  { "sleep", 0, 0, G_OPTION_ARG_NONE, &opt_sleep, "Leave the CPU to the server meanwhile", NULL },
  { NULL }
};

static gint64
read_server_clock (Load *self)
{
  struct timespec now;

  if (clock_gettime (self->server_clock, &now) != 0)
    g_error ("Cannot read the server's clock: %s", g_strerror (errno));
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static Span
span_begin (Load *self)
{
  return (Span) { g_get_monotonic_time (), self->swarm->rested, read_server_clock (self) };
}

static void
span_end (Span *self,
          Load *load)
{
  self->elapsed = g_get_monotonic_time () - self->elapsed;
  self->rested = load->swarm->rested - self->rested;
  self->server_nsec = read_server_clock (load) - self->server_nsec;
}

static void
span_add (Span       *self,
          const Span *other)
{
  self->elapsed += other->elapsed;
  self->rested += other->rested;
  self->server_nsec += other->server_nsec;
}

static void
span_print (const Span *self,
            const char *name,
            guint64     n)
{
  g_print ("%s_rate=%.0f %s_cpu=%.3f %s_busy=%.3f ",
           name, n * (gdouble) G_USEC_PER_SEC / self->elapsed,
           name, self->server_nsec / 1000.0 / self->elapsed,
           name, MAX (1 - self->rested / (gdouble) self->elapsed, 0));
}

static void
note_progress (Load *self)
{
  self->last_progress = g_get_monotonic_time ();
}

static gboolean
has_stalled (Load *self)
{
  return g_get_monotonic_time () - self->last_progress > STALL_USEC;
}

static void
take_control (Load          *self,
              const Message *message)
{
  if (!self->control_is_waiting || message->id != self->control_id ||
      message->code != self->control_code)
    {
      self->swarm->n_bad++;
      return;
    }

  self->control_is_waiting = FALSE;
  if (message->code == CODE_CONTENT)
    self->n_proved = self->n_when_probed;
}

static void
note_slice (Load *self)
{
  if (self->slice_size > 0 && self->n_answered % self->slice_size == 0 &&
      self->n_answered / self->slice_size <= N_SLICES)
    self->slices[self->n_answered / self->slice_size] = self->last_progress;
}

static void
take_answer (Load          *self,
             Observer      *observer,
             const Message *message)
{
  if (!observer->is_waiting || message->id != observer->request_id ||
      message->code != CODE_CONTENT)
    {
      self->swarm->n_bad++;
      return;
    }

  observer->is_waiting = FALSE;
  observer->has_state = message->has_observe;
  observer->state = message->observe;
  self->n_answered++;
  note_slice (self);
}

static void
count_repeat (Load           *self,
              const Observer *observer)
{
  if (observer->has_confirmable && (observer->is_unacknowledged || !observer->was_in_time))
    self->n_late++;
  else
    self->n_duplicates++;
}

static void
queue_acknowledgement (Load     *self,
                       Observer *observer,
                       guint16   id)
{
  observer->has_confirmable = TRUE;
  observer->confirmable_id = id;
  if (observer->is_unacknowledged)
    return;

  observer->is_unacknowledged = TRUE;
  observer->received_at = self->last_progress;
  g_queue_push_tail (&self->unacknowledged, observer);
}

static void
take_notification (Load          *self,
                   Observer      *observer,
                   const Message *message)
{
  gboolean is_repeated = message->observe == observer->state ||
                         (message->type == TYPE_CON && observer->has_confirmable &&
                          message->id == observer->confirmable_id);

  if (!observer->has_state || !message->has_observe || message->code != CODE_CONTENT)
    {
      self->swarm->n_bad++;
      return;
    }

  if (is_repeated)
    count_repeat (self, observer);
  else
    self->n_notified++;
  observer->state = message->observe;
  if (message->type == TYPE_CON)
    queue_acknowledgement (self, observer, message->id);
  else
    observer->has_confirmable = FALSE;
}

static void
message_cb (Swarm         *swarm,
            guint          client,
            const Message *message,
            gpointer       user_data)
{
  Load *self = user_data;

  note_progress (self);
  if (client == self->control)
    take_control (self, message);
  else if (message->type == TYPE_ACK)
    take_answer (self, &self->observers[client], message);
  else if (message->type == TYPE_RST)
    swarm->n_bad++;
  else
    take_notification (self, &self->observers[client], message);
}

static Load *
load_new (void)
{
  Load *self = g_new0 (Load, 1);

  if (clock_getcpuclockid (opt_pid, &self->server_clock) != 0)
    g_error ("There is no process %d", opt_pid);
  self->n_observers = opt_observers;
  self->control = opt_observers;
  self->observers = g_new0 (Observer, self->n_observers);
  self->swarm = swarm_new (opt_port, self->n_observers + 1, opt_sleep, message_cb, self);
  g_queue_init (&self->unacknowledged);
  return self;
}

/* One request from each socket, as often as there are passes and time. Returns how many had no
 * answer. */
static guint
run_requests (Load     *self,
              guint     n_passes,
              gdouble   seconds,
              gboolean  observe)
{
  gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  guint window = MIN (WINDOW, self->n_observers);
  guint n = n_passes * self->n_observers;
  guint n_sent = 0;

  self->n_answered = 0;
  note_progress (self);
  while (self->n_answered < n && !has_stalled (self))
    {
      if (self->last_progress >= end)
        n = n_sent;
      for (; n_sent < n && n_sent - self->n_answered < window; n_sent++)
        {
          Observer *observer = &self->observers[n_sent % self->n_observers];

          observer->is_waiting = TRUE;
          observer->request_id = swarm_request (self->swarm, n_sent % self->n_observers,
                                                CODE_GET, SERVER_PATH, observe);
        }
      swarm_turn (self->swarm);
    }
  return n_sent - self->n_answered;
}

static void
measure_gets (Load *self)
{
  Span span = span_begin (self);
  guint n_lost = run_requests (self, GET_PASSES, opt_seconds, FALSE);

  span_end (&span, self);
  span_print (&span, "get", self->n_answered);
  g_print ("get_lost=%u ", n_lost);
}

static gdouble
get_slice_rate (Load *self,
                guint index)
{
  gint64 elapsed = self->slices[index + 1] - self->slices[index];

  return self->slice_size * (gdouble) G_USEC_PER_SEC / MAX (elapsed, 1);
}

/* However long that takes: all are needed afterwards. */
static guint
register_all (Load *self)
{
  return run_requests (self, 1, G_MAXINT32, TRUE);
}

static void
measure_registrations (Load *self)
{
  Span span = span_begin (self);
  guint n_lost;

  self->slice_size = self->n_observers / N_SLICES;
  self->slices[0] = span.elapsed;
  n_lost = register_all (self);

  span_end (&span, self);
  span_print (&span, "register", self->n_answered);
  g_print ("register_first=%.0f register_last=%.0f register_lost=%u ",
           get_slice_rate (self, 0), get_slice_rate (self, N_SLICES - 1), n_lost);
}

static void
ask_control (Load       *self,
             guint8      code,
             const char *path,
             guint8      expected_code)
{
  self->control_is_waiting = TRUE;
  self->control_id = swarm_request (self->swarm, self->control, code, path, FALSE);
  self->control_code = expected_code;
}

static void
await_control (Load *self)
{
  note_progress (self);
  while (self->control_is_waiting && !has_stalled (self))
    swarm_turn (self->swarm);
  if (self->control_is_waiting)
    g_error ("The server does not answer");
}

static void
send_acknowledgements (Load *self)
{
  while (!g_queue_is_empty (&self->unacknowledged) &&
         self->n_acknowledged - self->n_proved < WINDOW)
    {
      Observer *observer = g_queue_pop_head (&self->unacknowledged);

      observer->is_unacknowledged = FALSE;
      observer->was_in_time = self->last_progress - observer->received_at < IN_TIME_USEC;
      swarm_acknowledge (self->swarm, observer - self->observers, observer->confirmable_id);
      self->n_acknowledged++;
    }
}

static void
prove_acknowledgements (Load *self)
{
  guint64 n_unproved = self->n_acknowledged - self->n_proved;

  if (self->control_is_waiting || n_unproved == 0 ||
      (n_unproved < PROBE_EVERY && !g_queue_is_empty (&self->unacknowledged)))
    return;

  self->n_when_probed = self->n_acknowledged;
  ask_control (self, CODE_GET, SERVER_PATH, CODE_CONTENT);
}

static gboolean
is_settled (Load *self)
{
  return g_queue_is_empty (&self->unacknowledged) && self->n_acknowledged == self->n_proved;
}

static void
acknowledge (Load *self)
{
  send_acknowledgements (self);
  prove_acknowledgements (self);
}

/* From the request for it until everybody has been notified, and the server has taken each
 * acknowledgement. FALSE: it was given up. */
static gboolean
run_fan_out (Load       *self,
             const char *path,
             Span       *out_span)
{
  gint64 end = g_get_monotonic_time () + (gint64) (opt_patience * G_USEC_PER_SEC);

  *out_span = span_begin (self);
  self->n_notified = 0;
  ask_control (self, CODE_POST, path, CODE_CHANGED);
  note_progress (self);
  while ((self->n_notified < self->n_observers || !is_settled (self)) && !has_stalled (self) &&
         self->last_progress < end)
    {
      swarm_turn (self->swarm);
      acknowledge (self);
    }
  span_end (out_span, self);
  /* The wait for what did not come is not part of it. */
  if (has_stalled (self))
    out_span->elapsed -= STALL_USEC;

  return self->n_notified == self->n_observers && is_settled (self);
}

static void
linger (Load *self)
{
  gint64 end = g_get_monotonic_time () + LINGER_USEC;

  while (g_get_monotonic_time () < end)
    {
      swarm_turn (self->swarm);
      acknowledge (self);
    }
}

static void
print_fan_outs (Load       *self,
                const char *path,
                const Span *total,
                guint64     n_arrived,
                guint64     n_expected)
{
  span_print (total, path, n_arrived);
  g_print ("%s_missing=%" G_GUINT64_FORMAT " %s_duplicates=%" G_GUINT64_FORMAT
           " %s_late=%" G_GUINT64_FORMAT " ",
           path, n_expected - n_arrived, path, self->n_duplicates, path, self->n_late);
}

/* Those that are not confirmable have arrived when they are here, the others when the server has
 * the acknowledgement. A repetition would come some seconds after, and is waited for. */
static void
measure_fan_outs (Load       *self,
                  const char *path,
                  gboolean    is_confirmable)
{
  Span total = { 0 };
  guint64 n_notified = 0;
  guint64 n_proved = self->n_proved;
  guint64 n_expected = 0;
  gboolean is_complete = TRUE;

  self->n_duplicates = 0;
  self->n_late = 0;
  while (is_complete && total.elapsed < opt_seconds * G_USEC_PER_SEC)
    {
      Span span;

      is_complete = run_fan_out (self, path, &span);
      span_add (&total, &span);
      n_notified += self->n_notified;
      n_expected += self->n_observers;
    }
  n_proved = self->n_proved - n_proved;
  if (is_complete && is_confirmable)
    linger (self);

  g_print ("%s_cut=%d ", path, !is_complete);
  print_fan_outs (self, path, &total, is_confirmable ? n_proved : n_notified, n_expected);
}

static void
measure_speed (Load *self)
{
  run_requests (self, 1, opt_seconds / 2, FALSE);
  measure_gets (self);
  measure_registrations (self);
  measure_fan_outs (self, SERVER_PATH_NON, FALSE);
  if (!opt_skip_con)
    measure_fan_outs (self, SERVER_PATH_CON, TRUE);
}

static void
print_memory (Load       *self,
              const char *name,
              gint64      before)
{
  g_print ("%s=%.1f ", name, (process_get_memory (opt_pid) - before) / (gdouble) self->n_observers);
}

/* What any request touches is there before the first observer. */
static void
measure_memory (Load *self)
{
  gint64 before;
  gboolean is_complete;
  Span span;

  for (guint i = 0; i < WARM_UP_GETS; i++)
    {
      ask_control (self, CODE_GET, SERVER_PATH, CODE_CONTENT);
      await_control (self);
    }
  before = process_get_memory (opt_pid);
  if (register_all (self) > 0)
    g_error ("Not everybody could register");
  print_memory (self, "registered", before);
  is_complete = run_fan_out (self, SERVER_PATH_NON, &span);
  print_memory (self, "notified", before);
  is_complete = run_fan_out (self, SERVER_PATH_CON, &span) && is_complete;
  print_memory (self, "acknowledged", before);
  span_print (&span, SERVER_PATH_CON, self->n_proved);
  g_print ("con_cut=%d ", !is_complete);
}

static gboolean
check_options (void)
{
  return opt_port > 0 && opt_port <= G_MAXUINT16 && opt_pid > 0 && opt_observers >= N_SLICES &&
         opt_observers <= MAX_OBSERVERS && opt_seconds > 0 && opt_seconds <= 60 &&
         opt_patience > 0 && opt_patience <= 60;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- observe a CoAP server");
  g_autoptr (GError) error = NULL;
  Load *load;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (!check_options ())
    {
      g_printerr ("An option is missing or out of range; see --help\n");
      return 2;
    }

  load = load_new ();
  if (opt_memory)
    measure_memory (load);
  else
    measure_speed (load);
  g_print ("bad=%" G_GUINT64_FORMAT "\n", load->swarm->n_bad);
  return load->swarm->n_bad == 0 ? 0 : 1;
}
