/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "core/gcoap-deadlines-private.h"

static GCoapTimer *
get_timer (const GCoapDeadlines *self,
           guint                 position)
{
  return g_ptr_array_index (self->heap, position - 1);
}

static void
put_timer (GCoapDeadlines *self,
           guint           position,
           GCoapTimer     *timer)
{
  g_ptr_array_index (self->heap, position - 1) = timer;
  timer->position = position;
}

static void
sift_up (GCoapDeadlines *self,
         GCoapTimer     *timer,
         guint           position)
{
  while (position > 1 && get_timer (self, position / 2)->deadline > timer->deadline)
    {
      put_timer (self, position, get_timer (self, position / 2));
      position /= 2;
    }
  put_timer (self, position, timer);
}

static void
sift_down (GCoapDeadlines *self,
           GCoapTimer     *timer,
           guint           position)
{
  guint child;

  while ((child = 2 * position) <= self->heap->len)
    {
      if (child < self->heap->len &&
          get_timer (self, child + 1)->deadline < get_timer (self, child)->deadline)
        child++;
      if (get_timer (self, child)->deadline >= timer->deadline)
        break;
      put_timer (self, position, get_timer (self, child));
      position = child;
    }
  put_timer (self, position, timer);
}

static void
place (GCoapDeadlines *self,
       GCoapTimer     *timer,
       guint           position)
{
  if (position > 1 && get_timer (self, position / 2)->deadline > timer->deadline)
    sift_up (self, timer, position);
  else
    sift_down (self, timer, position);
}

void
gcoap_deadlines_init (GCoapDeadlines *self)
{
  self->heap = g_ptr_array_new ();
}

void
gcoap_deadlines_clear (GCoapDeadlines *self)
{
  g_clear_pointer (&self->heap, g_ptr_array_unref);
}

/* Arms the timer, or moves it if it is armed already. */
void
gcoap_deadlines_arm (GCoapDeadlines *self,
                     GCoapTimer     *timer,
                     gint64          deadline)
{
  timer->deadline = deadline;
  if (timer->position == 0)
    {
      g_ptr_array_add (self->heap, timer);
      timer->position = self->heap->len;
    }
  place (self, timer, timer->position);
}

void
gcoap_deadlines_disarm (GCoapDeadlines *self,
                        GCoapTimer     *timer)
{
  guint position = timer->position;
  GCoapTimer *last;

  if (position == 0)
    return;

  timer->position = 0;
  last = g_ptr_array_steal_index_fast (self->heap, self->heap->len - 1);
  if (last != timer)
    place (self, last, position);
}

/* The earliest deadline, or GCOAP_NO_DEADLINE. */
gint64
gcoap_deadlines_get_next (const GCoapDeadlines *self)
{
  return self->heap->len > 0 ? get_timer (self, 1)->deadline : GCOAP_NO_DEADLINE;
}

/* Takes out the earliest timer if its deadline has come. */
GCoapTimer *
gcoap_deadlines_pop_due (GCoapDeadlines *self,
                         gint64          now)
{
  GCoapTimer *timer;

  if (gcoap_deadlines_get_next (self) > now)
    return NULL;

  timer = get_timer (self, 1);
  gcoap_deadlines_disarm (self, timer);

  return timer;
}
