/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "simulator.h"

#include "gcoap/gcoap-code.h"

/* FNV-1a. */
#define TRACE_START G_GUINT64_CONSTANT (0xcbf29ce484222325)
#define TRACE_PRIME G_GUINT64_CONSTANT (0x100000001b3)

typedef struct
{
  GCoapEngine   *engine; /* (owned) (nullable) NULL once it is killed */
  GCoapAddress   address;
  SimulatorLink  link;   /* of what comes in */
} Node;

/* What the future holds, apart from the deadlines of the engines: a datagram that arrives, or a
 * call of the test's. */
typedef struct
{
  gint64             time;
  guint64            serial; /* of two at the same time the older one is first */
  guint              node;
  SimulatorCallFunc  func;   /* (nullable) NULL: a datagram */
  guint64            id;
  GCoapAddress       remote;
  guint8            *data;   /* (owned) (nullable) */
  gsize              length;
} Happening;

struct _Simulator
{
  gint64              now;
  guint64             n_happenings;
  guint64             n_carried;
  guint64             trace;
  GRand              *random;     /* (owned) */
  GArray             *nodes;      /* (element-type Node) */
  GSequence          *happenings; /* (element-type Happening) */
  SimulatorEventFunc  event_func;
  gpointer            user_data;
};

static Node *
get_node (Simulator *self,
          guint      node)
{
  return &g_array_index (self->nodes, Node, node);
}

static void
trace_bytes (Simulator    *self,
             gconstpointer bytes,
             gsize         length)
{
  const guint8 *next = bytes;

  for (gsize i = 0; i < length; i++)
    self->trace = (self->trace ^ next[i]) * TRACE_PRIME;
}

static void
trace (Simulator *self,
       guint      node,
       guint64    what)
{
  guint64 words[3] = { self->now, node, what };

  trace_bytes (self, words, sizeof words);
}

static void
happening_free (Happening *self)
{
  g_free (self->data);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Happening, happening_free)

static int
compare_happenings (gconstpointer a,
                    gconstpointer b,
                    gpointer      user_data)
{
  const Happening *one = a;
  const Happening *other = b;

  if (one->time != other->time)
    return one->time < other->time ? -1 : 1;

  return one->serial < other->serial ? -1 : 1;
}

static void
add_happening (Simulator *self,
               Happening  happening)
{
  happening.serial = self->n_happenings++;
  g_sequence_insert_sorted (self->happenings, g_memdup2 (&happening, sizeof happening),
                            compare_happenings, NULL);
}

static gint64
get_next_happening_time (Simulator *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->happenings);

  if (g_sequence_iter_is_end (first))
    return GCOAP_NO_DEADLINE;

  return ((Happening *) g_sequence_get (first))->time;
}

static Happening *
take_next_happening (Simulator *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->happenings);
  Happening *happening = g_sequence_get (first);

  g_sequence_remove (first);

  return happening;
}

Simulator *
simulator_new (guint32            seed,
               SimulatorEventFunc event_func,
               gpointer           user_data)
{
  Simulator *self = g_new0 (Simulator, 1);

  self->random = g_rand_new_with_seed (seed);
  self->nodes = g_array_new (FALSE, TRUE, sizeof (Node));
  self->happenings = g_sequence_new (NULL);
  self->trace = TRACE_START;
  self->event_func = event_func;
  self->user_data = user_data;

  return self;
}

void
simulator_free (Simulator *self)
{
  for (guint i = 0; i < self->nodes->len; i++)
    gcoap_engine_free (get_node (self, i)->engine);
  while (get_next_happening_time (self) != GCOAP_NO_DEADLINE)
    happening_free (take_next_happening (self));
  g_array_unref (self->nodes);
  g_sequence_free (self->happenings);
  g_rand_free (self->random);
  g_free (self);
}

guint
simulator_add_node (Simulator             *self,
                    const GCoapParameters *parameters)
{
  guint number = self->nodes->len;
  Node node = {
    .engine = gcoap_engine_new (parameters, self->random),
    .address = {
      .ip = { 0x20, 0x01, 0x0d, 0xb8, [14] = number >> 8, [15] = number },
      .port = GCOAP_DEFAULT_PORT,
    },
  };

  g_array_append_val (self->nodes, node);

  return number;
}

void
simulator_kill_node (Simulator *self,
                     guint      node)
{
  g_clear_pointer (&get_node (self, node)->engine, gcoap_engine_free);
}

void
simulator_restart_node (Simulator             *self,
                        guint                  node,
                        const GCoapParameters *parameters)
{
  simulator_kill_node (self, node);
  get_node (self, node)->engine = gcoap_engine_new (parameters, self->random);
}

void
simulator_set_link (Simulator     *self,
                    guint          node,
                    SimulatorLink  link)
{
  get_node (self, node)->link = link;
}

gint64
simulator_get_now (Simulator *self)
{
  return self->now;
}

GCoapEngine *
simulator_get_engine (Simulator *self,
                      guint      node)
{
  return get_node (self, node)->engine;
}

const GCoapAddress *
simulator_get_address (Simulator *self,
                       guint      node)
{
  return &get_node (self, node)->address;
}

guint64
simulator_get_trace (Simulator *self)
{
  return self->trace;
}

guint64
simulator_get_n_carried (Simulator *self)
{
  return self->n_carried;
}

GRand *
simulator_get_random (Simulator *self)
{
  return self->random;
}

static gboolean
happens (Simulator *self,
         double     probability)
{
  return probability > 0 && g_rand_double (self->random) < probability;
}

static void
send_copy (Simulator           *self,
           guint                node,
           const GCoapAddress  *remote,
           const GCoapDatagram *datagram)
{
  const SimulatorLink *link = &get_node (self, node)->link;
  gsize length = datagram->length;
  gint64 delay = link->min_delay;

  if (link->max_delay > link->min_delay)
    delay += (link->max_delay - link->min_delay) * g_rand_double (self->random);
  if (happens (self, link->truncation))
    length = g_rand_int_range (self->random, 0, length);

  /* Of the exact size, so that a sanitizer sees a read beyond the end. */
  add_happening (self, (Happening) {
    .time = self->now + delay,
    .node = node,
    .remote = *remote,
    .data = g_memdup2 (datagram->data, length),
    .length = length,
  });
}

/* By the number in its address. */
static gboolean
find_node (Simulator          *self,
           const GCoapAddress *address,
           guint              *out_node)
{
  guint node = address->ip[14] << 8 | address->ip[15];

  if (node >= self->nodes->len || !gcoap_address_equal (&get_node (self, node)->address, address))
    return FALSE;

  *out_node = node;

  return TRUE;
}

static void
carry (Simulator           *self,
       const GCoapAddress  *remote,
       const GCoapDatagram *datagram)
{
  guint node;

  self->n_carried++;
  trace_bytes (self, datagram->data, datagram->length);
  if (!find_node (self, &datagram->remote, &node))
    return;

  if (!happens (self, get_node (self, node)->link.loss))
    send_copy (self, node, remote, datagram);
  if (happens (self, get_node (self, node)->link.duplication))
    send_copy (self, node, remote, datagram);
}

static void
take_datagrams (Simulator *self,
                guint      number)
{
  Node *node = get_node (self, number);
  const GCoapDatagram *datagrams;
  guint n_datagrams = gcoap_engine_peek_datagrams (node->engine, &datagrams);

  for (guint i = 0; i < n_datagrams; i++)
    {
      trace (self, number, i);
      carry (self, &node->address, &datagrams[i]);
    }
  gcoap_engine_drop_datagrams (node->engine, n_datagrams);
}

/* Hands out what a node's engine has brought forth. A callback may add nodes and kill them. */
static void
pump (Simulator *self,
      guint      number)
{
  GCoapEvent event;

  while (get_node (self, number)->engine != NULL &&
         gcoap_engine_pop_event (get_node (self, number)->engine, &event))
    {
      trace (self, number, event.kind);
      self->event_func (self, number, &event, self->user_data);
      g_clear_pointer (&event.message, gcoap_message_unref);
    }

  if (get_node (self, number)->engine != NULL)
    take_datagrams (self, number);
}

guint64
simulator_submit (Simulator    *self,
                  guint         node,
                  guint         server,
                  GCoapMessage *message)
{
  GCoapPatience patience = { 0 };
  int error;
  guint64 id = gcoap_engine_submit (get_node (self, node)->engine,
                                    &get_node (self, server)->address, message, &patience,
                                    NULL, self->now, &error);

  g_assert_cmpint (error, ==, 0);
  take_datagrams (self, node);

  return id;
}

gboolean
simulator_respond (Simulator *self,
                   guint      node,
                   guint64    id,
                   GBytes    *payload,
                   gboolean   is_confirmable)
{
  GCoapFrame response = { .code = GCOAP_CODE_CONTENT };
  gboolean is_done;

  is_done = gcoap_engine_respond (get_node (self, node)->engine, id, &response, payload,
                                  is_confirmable, self->now);
  take_datagrams (self, node);

  return is_done;
}

gboolean
simulator_observe (Simulator    *self,
                   guint         node,
                   guint64       id,
                   GCoapMessage *request,
                   const char   *uri)
{
  return gcoap_engine_observe (get_node (self, node)->engine, id, request, uri, self->now);
}

gboolean
simulator_notify (Simulator  *self,
                  guint       node,
                  const char *uri,
                  guint8      code,
                  GBytes     *payload,
                  gboolean    is_confirmable)
{
  GCoapFrame state = { .code = code };

  return gcoap_engine_notify (get_node (self, node)->engine, uri, &state, payload, is_confirmable,
                              self->now);
}

gboolean
simulator_cancel (Simulator *self,
                  guint      node,
                  guint64    id)
{
  gboolean is_done = gcoap_engine_cancel (get_node (self, node)->engine, id, self->now);

  take_datagrams (self, node);

  return is_done;
}

void
simulator_call_later (Simulator         *self,
                      gint64             delay,
                      SimulatorCallFunc  func,
                      guint              node,
                      guint64            id)
{
  add_happening (self, (Happening) {
    .time = self->now + delay,
    .node = node,
    .func = func,
    .id = id,
  });
}

static void
happen (Simulator *self,
        Happening *happening)
{
  const Node *node = get_node (self, happening->node);

  if (happening->func != NULL)
    happening->func (self, happening->node, happening->id, self->user_data);
  else if (node->engine != NULL)
    {
      GCoapDatagram datagram = {
        .remote = happening->remote,
        .local = node->address,
        .data = happening->data,
        .length = happening->length,
      };

      gcoap_engine_receive (node->engine, &datagram, self->now);
    }
  pump (self, happening->node);
}

static gint64
get_next_deadline (Simulator *self,
                   guint     *out_node)
{
  gint64 earliest = GCOAP_NO_DEADLINE;

  for (guint i = 0; i < self->nodes->len; i++)
    {
      const Node *node = get_node (self, i);
      gint64 deadline = node->engine != NULL ? gcoap_engine_get_next_deadline (node->engine)
                                             : GCOAP_NO_DEADLINE;

      if (deadline < earliest)
        {
          earliest = deadline;
          *out_node = i;
        }
    }

  return earliest;
}

/* At equal times what arrives comes before what is due, as in an event loop that reads its socket
 * first. */
static gboolean
step (Simulator *self,
      gint64     end)
{
  guint node = 0;
  gint64 deadline = get_next_deadline (self, &node);
  gint64 happening_time = get_next_happening_time (self);
  gint64 next = MIN (deadline, happening_time);

  if (next == GCOAP_NO_DEADLINE || next > end)
    return FALSE;

  self->now = MAX (self->now, next);
  if (happening_time <= deadline)
    {
      g_autoptr (Happening) happening = take_next_happening (self);

      happen (self, happening);
    }
  else
    {
      gcoap_engine_expire (get_node (self, node)->engine, self->now);
      pump (self, node);
    }

  return TRUE;
}

void
simulator_run (Simulator *self,
               gint64     end)
{
  while (step (self, end))
    ;
  if (end != GCOAP_NO_DEADLINE)
    self->now = MAX (self->now, end);
}
