/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "core-fixture.h"

#include "gcoap/gcoap-option-number.h"

#define CON GCOAP_MESSAGE_TYPE_CON
#define NON GCOAP_MESSAGE_TYPE_NON
#define ACK GCOAP_MESSAGE_TYPE_ACK
#define RST GCOAP_MESSAGE_TYPE_RST

#define EXCHANGE_LIFETIME (247 * SECOND)
#define MAX_RTT           (202 * SECOND)
#define MAX_TRANSMIT_WAIT (93 * SECOND)

#define FETCH     5
#define NOT_FOUND 132

#define REGISTER   0
#define DEREGISTER 1

/* For answer(): what has no Observe or Max-Age option. */
#define NONE -1

/* How long after the end of the freshness a client registers again. */
#define MIN_DELAY (5 * SECOND)
#define MAX_DELAY (15 * SECOND)

typedef struct
{
  CoreFixture *fixture; /* (owned) */
  guint64      id;
  SentMessage *request; /* (owned) the latest registration */
  guint16      message_id; /* the latest of the server's */
} Observation;

static void
observation_clear (Observation *self)
{
  g_clear_pointer (&self->request, sent_message_free);
  g_clear_pointer (&self->fixture, core_fixture_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Observation, observation_clear)

/* A message from the server with the token of the observation. */
static void
send_full (Observation      *self,
           GCoapMessageType  type,
           guint8            code,
           guint16           message_id,
           gint              observe,
           gint64            max_age)
{
  GCoapOptions options;
  GCoapFrame frame = {
    .type = type,
    .code = code,
    .message_id = message_id,
    .token = self->request->frame.token,
    .token_length = self->request->frame.token_length,
  };

  gcoap_options_init (&options);
  if (observe != NONE)
    gcoap_options_add_uint (&options, GCOAP_OPTION_NUMBER_OBSERVE, observe);
  if (max_age != NONE)
    gcoap_options_add_uint (&options, GCOAP_OPTION_NUMBER_MAX_AGE, max_age);
  frame.options = options.data;
  frame.options_length = options.length;
  core_fixture_receive_frame (self->fixture, 2, &frame);
  gcoap_options_clear (&options);
}

/* The answer on the acknowledgement. */
static void
answer (Observation *self,
        guint8       code,
        gint         observe,
        gint64       max_age)
{
  send_full (self, ACK, code, self->request->frame.message_id, observe, max_age);
}

static void
notify (Observation      *self,
        GCoapMessageType  type,
        gint              observe)
{
  send_full (self, type, CONTENT, ++self->message_id, observe, NONE);
}

static void
expect_acknowledgement (Observation *self)
{
  g_autoptr (SentMessage) sent = core_fixture_expect_sent (self->fixture, ACK, 0);

  g_assert_cmpuint (sent->frame.message_id, ==, self->message_id);
}

static GCoapEvent
expect_notification (Observation *self,
                     gboolean     is_latest)
{
  GCoapEvent event = core_fixture_expect_event (self->fixture, GCOAP_EVENT_NOTIFICATION);
  GCoapAddress remote = core_address (2);

  g_assert_cmpuint (event.id, ==, self->id);
  g_assert_nonnull (event.message);
  g_assert_true (gcoap_address_equal (&event.remote, &remote));
  g_assert_cmpint (event.is_latest, ==, is_latest);
  g_assert_false (event.is_last);

  return event;
}

static void
expect_quiet (Observation *self)
{
  core_fixture_expect_silence (self->fixture);
  core_fixture_expect_no_event (self->fixture);
}

static void
expect_over (Observation *self)
{
  core_fixture_advance (self->fixture, 1000 * SECOND);
  expect_quiet (self);
  g_assert_cmpint (gcoap_engine_get_next_deadline (self->fixture->engine), ==,
                   GCOAP_NO_DEADLINE);
  g_assert_false (core_fixture_cancel (self->fixture, self->id));
}

static Observation
submit (gboolean is_confirmable,
        guint    observe)
{
  Observation self = { .fixture = core_fixture_new (), .message_id = 0x7000 };

  self.id = core_fixture_submit_observe (self.fixture, 2, is_confirmable, observe);
  self.request = core_fixture_expect_sent (self.fixture, is_confirmable ? CON : NON, GET);

  return self;
}

/* An observation that has its first notification, of number 10. */
static Observation
start_observing (void)
{
  Observation self = submit (TRUE, REGISTER);

  answer (&self, CONTENT, 10, NONE);
  expect_notification (&self, TRUE);

  return self;
}

/* Lets the time go by until it registers again; says how much that was. */
static gint64
become_stale (Observation *self)
{
  CoreFixture *fixture = self->fixture;
  gint64 begin = fixture->now;
  GCoapEvent event;

  do
    {
      core_fixture_drop_sent (fixture);
      fixture->now = gcoap_engine_get_next_deadline (fixture->engine);
      g_assert_cmpint (fixture->now, <, GCOAP_NO_DEADLINE);
      gcoap_engine_expire (fixture->engine, fixture->now);
    }
  while (!gcoap_engine_pop_event (fixture->engine, &event));

  g_assert_cmpint (event.kind, ==, GCOAP_EVENT_STALE);
  g_assert_cmpuint (event.id, ==, self->id);
  sent_message_free (g_steal_pointer (&self->request));
  self->request = core_fixture_expect_sent (fixture, CON, GET);
  expect_quiet (self);

  return fixture->now - begin;
}

static void
test_registered (void)
{
  g_auto (Observation) observation = submit (TRUE, REGISTER);
  GCoapEvent event;
  guint32 observe;

  g_test_summary ("The first representation is a notification, RFC 7641 section 3.2");
  g_assert_true (sent_message_get_observe (observation.request, &observe));
  g_assert_cmpuint (observe, ==, REGISTER);
  answer (&observation, CONTENT, 0, NONE);
  event = expect_notification (&observation, TRUE);
  g_assert_cmpuint (gcoap_message_get_code (event.message), ==, CONTENT);
  expect_quiet (&observation);
}

static void
test_registered_separate (void)
{
  g_auto (Observation) observation = submit (TRUE, REGISTER);

  g_test_summary ("So is a separate one, RFC 7252 section 5.2.2");
  core_fixture_reply (observation.fixture, observation.request, ACK, 0,
                      observation.request->frame.message_id);
  core_fixture_advance (observation.fixture, 100 * SECOND);
  notify (&observation, CON, 5);
  expect_acknowledgement (&observation);
  expect_notification (&observation, TRUE);
  core_fixture_advance (observation.fixture, 60 * SECOND);
  expect_quiet (&observation);
}

static void
test_registered_non (void)
{
  g_auto (Observation) observation = submit (FALSE, REGISTER);

  g_test_summary ("A registration may be Non-confirmable, RFC 7641 section 3.1");
  notify (&observation, NON, 5);
  expect_notification (&observation, TRUE);
  notify (&observation, NON, 6);
  expect_notification (&observation, TRUE);
  expect_quiet (&observation);
}

static void
test_notification_before_answer (void)
{
  g_auto (Observation) observation = submit (TRUE, REGISTER);

  g_test_summary ("A notification that overtakes the answer is as good, RFC 7641 section 3.4");
  notify (&observation, NON, 6);
  expect_notification (&observation, TRUE);
  answer (&observation, CONTENT, 5, NONE);
  expect_quiet (&observation);
  notify (&observation, NON, 7);
  expect_notification (&observation, TRUE);
}

typedef struct
{
  const char *name;
  guint8      code;
  gint        observe;
} DeclineRow;

static const DeclineRow decline_rows[] = {
  { "no-option", CONTENT, NONE },
  { "error", NOT_FOUND, NONE },
  { "error-with-option", NOT_FOUND, 5 },
};

static void
test_declined (gconstpointer data)
{
  const DeclineRow *row = data;
  g_auto (Observation) observation = submit (TRUE, REGISTER);
  GCoapEvent event;

  g_test_summary ("When the server declines, the answer is that of a plain GET, "
                  "RFC 7641 section 3.1");
  answer (&observation, row->code, row->observe, NONE);
  event = core_fixture_expect_event (observation.fixture, GCOAP_EVENT_RESPONSE);
  g_assert_cmpuint (event.id, ==, observation.id);
  g_assert_cmpuint (gcoap_message_get_code (event.message), ==, row->code);
  expect_over (&observation);
}

static void
test_no_answer (void)
{
  g_auto (Observation) observation = submit (TRUE, REGISTER);

  g_test_summary ("A registration that was never answered fails, RFC 7252 section 4.2");
  core_fixture_advance (observation.fixture, MAX_TRANSMIT_WAIT);
  g_assert_cmpuint (core_fixture_drop_sent (observation.fixture), ==, 4);
  core_fixture_expect_failure (observation.fixture, observation.id, GCOAP_ERROR_TIMED_OUT);
  expect_over (&observation);
}

static void
test_patience (void)
{
  g_auto (Observation) observation = { .fixture = core_fixture_new () };
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  GCoapAddress remote = core_address (2);

  g_test_summary ("The caller's timeout is for the answer, not for the notifications");
  gcoap_message_add_uint_option (message, GCOAP_OPTION_NUMBER_OBSERVE, REGISTER, NULL);
  observation.id = core_fixture_submit_to (observation.fixture, &remote, message, 10 * SECOND,
                                           TRUE);
  observation.request = core_fixture_expect_sent (observation.fixture, CON, GET);
  answer (&observation, CONTENT, 5, NONE);
  expect_notification (&observation, TRUE);
  core_fixture_advance (observation.fixture, 60 * SECOND);
  expect_quiet (&observation);
  become_stale (&observation);
  core_fixture_advance (observation.fixture, 30 * SECOND);
  core_fixture_expect_no_event (observation.fixture);
}

static void
test_notifications (void)
{
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("A confirmable notification is acknowledged, others not, in any order of both, "
                  "RFC 7641 section 3.2");
  for (guint i = 11; i < 20; i++)
    {
      GCoapMessageType type = i % 3 == 0 ? CON : NON;

      notify (&observation, type, i);
      if (type == CON)
        expect_acknowledgement (&observation);
      expect_notification (&observation, TRUE);
      expect_quiet (&observation);
    }
}

static void
test_duplicate (gconstpointer data)
{
  const GCoapMessageType *type = data;
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("A notification that comes again is acknowledged again and told once, "
                  "RFC 7252 section 4.5");
  notify (&observation, *type, 11);
  expect_notification (&observation, TRUE);
  core_fixture_drop_sent (observation.fixture);
  for (guint i = 0; i < 3; i++)
    {
      observation.message_id--;
      notify (&observation, *type, 11);
      if (*type == CON)
        expect_acknowledgement (&observation);
      expect_quiet (&observation);
    }
}

static void
test_own_message_id (void)
{
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("The Message IDs of the two directions have nothing to do with one another, "
                  "RFC 7252 section 4.4");
  observation.message_id = observation.request->frame.message_id - 1;
  notify (&observation, CON, 11);
  expect_acknowledgement (&observation);
  expect_notification (&observation, TRUE);
}

static void
test_reordered (void)
{
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("A notification that was overtaken is told as such, RFC 7641 section 3.4");
  notify (&observation, NON, 12);
  expect_notification (&observation, TRUE);
  notify (&observation, NON, 11);
  expect_notification (&observation, FALSE);
  notify (&observation, CON, 12);
  expect_acknowledgement (&observation);
  expect_notification (&observation, FALSE);
  notify (&observation, NON, 13);
  expect_notification (&observation, TRUE);
}

static void
test_wrap (void)
{
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("The numbers wrap at 2^24, RFC 7641 section 3.4");
  notify (&observation, NON, 0xffffff);
  expect_notification (&observation, FALSE);
  notify (&observation, NON, 0x7fffff);
  expect_notification (&observation, TRUE);
  notify (&observation, NON, 0xfffffe);
  expect_notification (&observation, TRUE);
  notify (&observation, NON, 0);
  expect_notification (&observation, TRUE);
  notify (&observation, NON, 0xffffff);
  expect_notification (&observation, FALSE);
}

static void
test_long_ago (void)
{
  g_auto (Observation) observation = submit (TRUE, REGISTER);

  g_test_summary ("After 128 seconds any number is news, RFC 7641 section 3.4");
  answer (&observation, CONTENT, 10, 1000);
  expect_notification (&observation, TRUE);
  core_fixture_advance (observation.fixture, 128 * SECOND);
  notify (&observation, NON, 9);
  expect_notification (&observation, FALSE);
  core_fixture_advance (observation.fixture, 1);
  notify (&observation, NON, 8);
  expect_notification (&observation, TRUE);
}

typedef struct
{
  const char *name;
  gint64      max_age; /* as sent */
  gint64      freshness;
} MaxAgeRow;

static const MaxAgeRow max_age_rows[] = {
  { "default", NONE, 60 * SECOND },
  { "zero", 0, 0 },
  { "short", 10, 10 * SECOND },
  { "day", 86400, 86400 * SECOND },
  { "longest", G_MAXUINT32, G_MAXUINT32 * SECOND },
};

static void
test_freshness (gconstpointer data)
{
  const MaxAgeRow *row = data;
  g_auto (Observation) observation = submit (TRUE, REGISTER);
  g_autoptr (SentMessage) again = NULL;

  g_test_summary ("When Max-Age and a while have passed without news, the client registers again "
                  "with the same token, RFC 7641 section 3.3.1");
  answer (&observation, CONTENT, 10, row->max_age);
  expect_notification (&observation, TRUE);
  core_fixture_advance (observation.fixture, row->freshness + MIN_DELAY - 1);
  expect_quiet (&observation);
  core_fixture_advance (observation.fixture, MAX_DELAY - MIN_DELAY + 1);
  core_fixture_expect_event (observation.fixture, GCOAP_EVENT_STALE);
  core_fixture_expect_no_event (observation.fixture);
  again = core_fixture_expect_sent (observation.fixture, CON, GET);
  g_assert_cmpuint (again->frame.message_id, !=, observation.request->frame.message_id);
  g_assert_cmpmem (again->data + 4, again->length - 4, observation.request->data + 4,
                   observation.request->length - 4);
}

static void
test_fetch_again (void)
{
  g_auto (Observation) observation = { .fixture = core_fixture_new () };
  g_autoptr (GCoapMessage) message = gcoap_message_new (FETCH);
  g_autoptr (SentMessage) again = NULL;
  GCoapAddress remote = core_address (2);

  g_test_summary ("A FETCH is registered again with its payload and options, RFC 8132 section 2.4");
  gcoap_message_add_uint_option (message, GCOAP_OPTION_NUMBER_OBSERVE, REGISTER, NULL);
  gcoap_message_set_content_format (message, 50);
  gcoap_message_set_text (message, "query");
  observation.id = core_fixture_submit_to (observation.fixture, &remote, message, 0, FALSE);
  observation.request = core_fixture_expect_sent (observation.fixture, CON, FETCH);
  answer (&observation, CONTENT, 10, 10);
  expect_notification (&observation, TRUE);

  core_fixture_advance (observation.fixture, 10 * SECOND + MAX_DELAY);
  core_fixture_expect_event (observation.fixture, GCOAP_EVENT_STALE);
  again = core_fixture_expect_sent (observation.fixture, CON, FETCH);
  g_assert_cmpuint (again->frame.payload_length, ==, 5);
  g_assert_cmpmem (again->data + 4, again->length - 4, observation.request->data + 4,
                   observation.request->length - 4);
}

static void
test_delays_differ (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();
  gint64 begin;
  guint n_early = 0, n_late = 0;

  g_test_summary ("Clients do not all register again at once, RFC 7641 section 3.3.1");
  for (guint i = 0; i < 100; i++)
    {
      Observation observation = { .fixture = fixture };

      observation.id = core_fixture_submit_observe (fixture, 2, FALSE, REGISTER);
      observation.request = core_fixture_expect_sent (fixture, NON, GET);
      send_full (&observation, NON, CONTENT, i, 1, NONE);
      sent_message_free (observation.request);
    }
  begin = fixture->now;
  core_fixture_advance (fixture, 60 * SECOND + MIN_DELAY);
  n_early = core_fixture_drop_sent (fixture);
  g_assert_cmpuint (n_early, <=, 1);
  core_fixture_advance (fixture, (MAX_DELAY - MIN_DELAY) / 2);
  n_early += core_fixture_drop_sent (fixture);
  core_fixture_advance (fixture, begin + 60 * SECOND + MAX_DELAY - fixture->now);
  n_late = core_fixture_drop_sent (fixture);
  g_assert_cmpuint (n_early + n_late, ==, 100);
  g_assert_cmpuint (n_early, >, 25);
  g_assert_cmpuint (n_late, >, 25);
}

static void
test_news_renew (void)
{
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("Each notification is fresh for its own Max-Age, RFC 7641 section 3.3.1");
  for (guint i = 11; i < 15; i++)
    {
      core_fixture_advance (observation.fixture, 60 * SECOND);
      notify (&observation, NON, i);
      expect_notification (&observation, TRUE);
    }
  expect_quiet (&observation);
  become_stale (&observation);
}

static void
test_old_news (void)
{
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("A notification that was overtaken does not count as news, "
                  "RFC 7641 section 3.3.1");
  core_fixture_advance (observation.fixture, 60 * SECOND);
  notify (&observation, NON, 9);
  expect_notification (&observation, FALSE);
  core_fixture_advance (observation.fixture, MAX_DELAY);
  core_fixture_expect_event (observation.fixture, GCOAP_EVENT_STALE);
}

static void
test_setting (void)
{
  GCoapParameters parameters;
  g_auto (Observation) observation = { .message_id = 0x7000 };

  g_test_summary ("A setting turns the watch off");
  gcoap_parameters_init (&parameters);
  parameters.reregisters = FALSE;
  observation.fixture = core_fixture_new_with (&parameters);
  observation.id = core_fixture_submit_observe (observation.fixture, 2, TRUE, REGISTER);
  observation.request = core_fixture_expect_sent (observation.fixture, CON, GET);
  answer (&observation, CONTENT, 10, NONE);
  expect_notification (&observation, TRUE);
  g_assert_cmpint (gcoap_engine_get_next_deadline (observation.fixture->engine), ==,
                   GCOAP_NO_DEADLINE);
  core_fixture_advance (observation.fixture, 10000 * SECOND);
  expect_quiet (&observation);
  notify (&observation, NON, 11);
  expect_notification (&observation, TRUE);
}

static void
set_off (Observation *self)
{
  gcoap_engine_get_parameters (self->fixture->engine)->reregisters = FALSE;
}

static void
test_set_off_meanwhile (void)
{
  g_auto (Observation) fresh = start_observing ();
  g_auto (Observation) registering = start_observing ();

  g_test_summary ("It may be turned off at any time");
  set_off (&fresh);
  core_fixture_advance (fresh.fixture, 1000 * SECOND);
  expect_quiet (&fresh);

  become_stale (&registering);
  set_off (&registering);
  core_fixture_advance (registering.fixture, MAX_TRANSMIT_WAIT);
  core_fixture_drop_sent (registering.fixture);
  core_fixture_expect_failure (registering.fixture, registering.id, GCOAP_ERROR_TIMED_OUT);
  expect_over (&registering);
}

static void
test_again_answered (gconstpointer data)
{
  const GCoapMessageType *type = data;
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("The answer to a new registration is the latest whatever its number, for a "
                  "server that was started anew counts from elsewhere");
  become_stale (&observation);
  if (*type == ACK)
    answer (&observation, CONTENT, 3, NONE);
  else
    {
      core_fixture_reply (observation.fixture, observation.request, ACK, 0,
                          observation.request->frame.message_id);
      notify (&observation, CON, 3);
      expect_acknowledgement (&observation);
    }
  expect_notification (&observation, TRUE);
  notify (&observation, NON, 4);
  expect_notification (&observation, TRUE);
  expect_quiet (&observation);
  core_fixture_advance (observation.fixture, 60 * SECOND);
  expect_quiet (&observation);
}

static void
test_again_overtaken (gconstpointer data)
{
  const gboolean *is_acknowledged = data;
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("An old notification is not taken for that answer, RFC 7641 section 3.4");
  become_stale (&observation);
  if (*is_acknowledged)
    core_fixture_reply (observation.fixture, observation.request, ACK, 0,
                        observation.request->frame.message_id);
  notify (&observation, NON, 9);
  expect_notification (&observation, FALSE);
  core_fixture_advance (observation.fixture, 3 * SECOND);
  g_assert_cmpuint (core_fixture_drop_sent (observation.fixture), ==, *is_acknowledged ? 0 : 1);
  if (*is_acknowledged)
    notify (&observation, CON, 10);
  else
    answer (&observation, CONTENT, 10, NONE);
  expect_notification (&observation, TRUE);
}

static void
test_again_and_news (void)
{
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("News in place of the answer will do, RFC 7641 section 3.3.1");
  become_stale (&observation);
  notify (&observation, NON, 11);
  expect_notification (&observation, TRUE);
  core_fixture_advance (observation.fixture, 60 * SECOND);
  expect_quiet (&observation);
}

static void
test_again_same_number (void)
{
  g_auto (Observation) observation = submit (FALSE, REGISTER);

  g_test_summary ("Nor does an answer that has nothing newer leave the client waiting, "
                  "RFC 7641 section 3.3.1");
  notify (&observation, NON, 10);
  expect_notification (&observation, TRUE);
  core_fixture_advance (observation.fixture, 60 * SECOND + MAX_DELAY);
  g_assert_cmpuint (core_fixture_drop_sent (observation.fixture), ==, 1);
  core_fixture_expect_event (observation.fixture, GCOAP_EVENT_STALE);
  notify (&observation, NON, 10);
  expect_notification (&observation, TRUE);
  core_fixture_advance (observation.fixture, 60 * SECOND + MAX_DELAY);
  core_fixture_expect_event (observation.fixture, GCOAP_EVENT_STALE);
}

static void
test_again_declined (gconstpointer data)
{
  const DeclineRow *row = data;
  g_auto (Observation) observation = start_observing ();
  GCoapEvent event;

  g_test_summary ("When the server declines then, the answer is the last notification, "
                  "RFC 7641 section 3.2");
  become_stale (&observation);
  answer (&observation, row->code, row->observe, NONE);
  event = core_fixture_expect_event (observation.fixture, GCOAP_EVENT_NOTIFICATION);
  g_assert_cmpuint (event.id, ==, observation.id);
  g_assert_cmpuint (gcoap_message_get_code (event.message), ==, row->code);
  g_assert_true (event.is_latest);
  g_assert_true (event.is_last);
  expect_over (&observation);
}

/* What keeps a new registration from being answered. */
typedef enum
{
  LOST,
  UNDELIVERABLE,
  ACKNOWLEDGED_ONLY,
} Trouble;

static gint64
make_trouble (Observation *observation,
              Trouble      trouble)
{
  switch (trouble)
    {
    case UNDELIVERABLE:
      core_fixture_return (observation->fixture, observation->request, ECONNREFUSED);
      return 0;

    case ACKNOWLEDGED_ONLY:
      core_fixture_reply (observation->fixture, observation->request, ACK, 0,
                          observation->request->frame.message_id);
      return EXCHANGE_LIFETIME;

    case LOST:
    default:
      return MAX_TRANSMIT_WAIT;
    }
}

static void
test_again_later (gconstpointer data)
{
  const Trouble *trouble = data;
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("A server that does not answer is asked again, until it does");
  become_stale (&observation);
  for (guint i = 0; i < 5; i++)
    {
      gint64 longest = make_trouble (&observation, *trouble) + MAX_DELAY;
      gint64 interval = become_stale (&observation);

      g_assert_cmpint (interval, >=, MIN_DELAY);
      g_assert_cmpint (interval, <=, longest);
    }
  answer (&observation, CONTENT, 1, NONE);
  expect_notification (&observation, TRUE);
}

static void
test_again_non (void)
{
  g_auto (Observation) observation = submit (FALSE, REGISTER);

  g_test_summary ("A registration that is not confirmable is repeated after MAX_RTT, "
                  "RFC 7252 section 4.8.2");
  notify (&observation, NON, 10);
  expect_notification (&observation, TRUE);
  core_fixture_advance (observation.fixture, 60 * SECOND + MAX_DELAY);
  g_assert_cmpuint (core_fixture_drop_sent (observation.fixture), ==, 1);
  core_fixture_expect_event (observation.fixture, GCOAP_EVENT_STALE);
  core_fixture_advance (observation.fixture, MAX_RTT + MAX_DELAY);
  g_assert_cmpuint (core_fixture_drop_sent (observation.fixture), ==, 1);
  core_fixture_expect_event (observation.fixture, GCOAP_EVENT_STALE);
  notify (&observation, NON, 3);
  expect_notification (&observation, TRUE);
}

static void
test_again_reset (void)
{
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("A server that rejects the new registration will have no more of it, "
                  "RFC 7252 section 4.2");
  become_stale (&observation);
  core_fixture_reply (observation.fixture, observation.request, RST, 0,
                      observation.request->frame.message_id);
  core_fixture_expect_failure (observation.fixture, observation.id, GCOAP_ERROR_RESET);
  expect_over (&observation);
}

typedef struct
{
  const char       *name;
  GCoapMessageType  type;
  guint8            code;
  gint              observe;
} LastRow;

static const LastRow last_rows[] = {
  { "error/con", CON, NOT_FOUND, NONE },
  { "error/non", NON, NOT_FOUND, NONE },
  { "error/with-option", NON, NOT_FOUND, 11 },
  { "no-option/con", CON, CONTENT, NONE },
  { "no-option/non", NON, CONTENT, NONE },
};

static void
test_last (gconstpointer data)
{
  const LastRow *row = data;
  g_auto (Observation) observation = start_observing ();
  GCoapEvent event;

  g_test_summary ("A notification of an error, or without the option, is the last, "
                  "RFC 7641 section 3.2");
  send_full (&observation, row->type, row->code, ++observation.message_id, row->observe, NONE);
  if (row->type == CON)
    expect_acknowledgement (&observation);
  event = core_fixture_expect_event (observation.fixture, GCOAP_EVENT_NOTIFICATION);
  g_assert_cmpuint (gcoap_message_get_code (event.message), ==, row->code);
  g_assert_true (event.is_last);
  expect_over (&observation);
}

static void
test_forgotten (gconstpointer data)
{
  const GCoapMessageType *type = data;
  g_auto (Observation) observation = start_observing ();
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("Who forgets an observation rejects the next notification, "
                  "RFC 7641 section 3.6");
  g_assert_true (core_fixture_cancel (observation.fixture, observation.id));
  notify (&observation, *type, 11);
  sent = core_fixture_expect_sent (observation.fixture, RST, 0);
  g_assert_cmpuint (sent->frame.message_id, ==, observation.message_id);
  expect_over (&observation);
}

static void
test_forgotten_response (void)
{
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("An unknown response that is no notification is not worth a Reset if it is not "
                  "confirmable, RFC 7252 section 4.3");
  g_assert_true (core_fixture_cancel (observation.fixture, observation.id));
  notify (&observation, NON, NONE);
  send_full (&observation, NON, NOT_FOUND, ++observation.message_id, 11, NONE);
  expect_over (&observation);
}

static void
test_forgotten_group (void)
{
  g_autoptr (CoreFixture) fixture = core_fixture_new ();

  g_test_summary ("To a group there is no Reset, RFC 7252 section 8.1");
  core_fixture_receive_group (fixture, 2, "51 45 0001 aa 6105");
  core_fixture_expect_silence (fixture);
}

static void
test_cancel_while_registering (void)
{
  g_auto (Observation) observation = start_observing ();

  g_test_summary ("An observation can be forgotten in any state");
  become_stale (&observation);
  g_assert_true (core_fixture_cancel (observation.fixture, observation.id));
  answer (&observation, CONTENT, 11, NONE);
  expect_over (&observation);
}

static void
test_not_understood (void)
{
  const guint8 options[] = { 0x61, 0x0b, 0x31, 0x00 }; /* Observe 11, and the unknown 9 */
  g_auto (Observation) observation = start_observing ();
  g_autoptr (SentMessage) sent = NULL;
  GCoapFrame frame = {
    .type = CON,
    .code = CONTENT,
    .message_id = 0x7001,
    .token = observation.request->frame.token,
    .token_length = observation.request->frame.token_length,
    .options = options,
    .options_length = sizeof options,
  };

  g_test_summary ("A notification that is not understood is rejected, which ends the observation, "
                  "RFC 7252 section 5.4.1");
  core_fixture_receive_frame (observation.fixture, 2, &frame);
  sent = core_fixture_expect_sent (observation.fixture, RST, 0);
  core_fixture_expect_failure (observation.fixture, observation.id, GCOAP_ERROR_INVALID_OPTION);
  expect_over (&observation);
}

static void
test_other_endpoint (void)
{
  g_auto (Observation) observation = start_observing ();
  g_autoptr (SentMessage) sent = NULL;

  g_test_summary ("A notification of another endpoint is none of ours, RFC 7252 section 5.3.2");
  observation.request->remote = core_address (3);
  core_fixture_reply (observation.fixture, observation.request, CON, CONTENT, 1);
  sent = core_fixture_expect_sent (observation.fixture, RST, 0);
  expect_quiet (&observation);
}

static void
test_same_token (void)
{
  g_auto (Observation) observation = start_observing ();
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  GCoapAddress remote = core_address (2);

  g_test_summary ("The token of an observation is in use as long as that lives, "
                  "RFC 7641 section 3.1");
  gcoap_message_assign_token (message, observation.request->frame.token,
                              observation.request->frame.token_length);
  g_assert_cmpuint (core_fixture_submit_to (observation.fixture, &remote, message, 0, FALSE), ==,
                    0);
  core_fixture_cancel (observation.fixture, observation.id);
  g_assert_cmpuint (core_fixture_submit_to (observation.fixture, &remote, message, 0, FALSE), !=,
                    0);
}

static void
test_group (void)
{
  g_auto (Observation) observation = { .fixture = core_fixture_new () };
  g_autoptr (GCoapMessage) message = gcoap_message_new (GET);
  GCoapAddress group = core_group_address ();
  GCoapEvent event;

  g_test_summary ("A group cannot be observed, RFC 7641 section 6");
  gcoap_message_add_uint_option (message, GCOAP_OPTION_NUMBER_OBSERVE, REGISTER, NULL);
  observation.id = core_fixture_submit_to (observation.fixture, &group, message, 10 * SECOND,
                                           TRUE);
  observation.request = core_fixture_expect_sent (observation.fixture, NON, GET);
  notify (&observation, NON, 5);
  event = core_fixture_expect_event (observation.fixture, GCOAP_EVENT_RESPONSE);
  g_assert_cmpuint (event.id, ==, observation.id);
}

static void
test_other_method (void)
{
  g_auto (Observation) observation = { .fixture = core_fixture_new () };
  g_autoptr (GCoapMessage) message = gcoap_message_new (2);
  GCoapAddress remote = core_address (2);
  GCoapEvent event;

  g_test_summary ("Only GET and FETCH observe, RFC 7641 section 2");
  gcoap_message_add_uint_option (message, GCOAP_OPTION_NUMBER_OBSERVE, REGISTER, NULL);
  observation.id = core_fixture_submit_to (observation.fixture, &remote, message, 0, FALSE);
  observation.request = core_fixture_expect_sent (observation.fixture, CON, 2);
  answer (&observation, CONTENT, 5, NONE);
  event = core_fixture_expect_event (observation.fixture, GCOAP_EVENT_RESPONSE);
  g_assert_cmpuint (event.id, ==, observation.id);
  expect_over (&observation);
}

static void
test_deregister (void)
{
  g_auto (Observation) observation = submit (TRUE, DEREGISTER);

  g_test_summary ("The answer to a deregistration is a plain response, RFC 7641 section 3.6");
  answer (&observation, CONTENT, NONE, NONE);
  core_fixture_expect_event (observation.fixture, GCOAP_EVENT_RESPONSE);
  expect_over (&observation);
}

static void
test_deregister_and_notification (gconstpointer data)
{
  const GCoapMessageType *type = data;
  g_auto (Observation) observation = submit (TRUE, DEREGISTER);

  g_test_summary ("A notification that was on its way then is not taken for the answer, "
                  "RFC 7641 section 3.6");
  for (guint i = 0; i < 2; i++)
    {
      notify (&observation, *type, 11 + i);
      if (*type == CON)
        expect_acknowledgement (&observation);
      expect_quiet (&observation);
    }
  answer (&observation, CONTENT, NONE, NONE);
  core_fixture_expect_event (observation.fixture, GCOAP_EVENT_RESPONSE);
  expect_over (&observation);
}

static void
test_free (void)
{
  g_auto (Observation) observing = start_observing ();
  g_auto (Observation) registering = submit (TRUE, REGISTER);
  g_auto (Observation) again = start_observing ();

  g_test_summary ("An engine that is freed leaves nothing of its observations behind");
  notify (&observing, CON, 11);
  notify (&registering, NON, 11);
  become_stale (&again);
}

static void
add_rows (void)
{
  static const GCoapMessageType con = CON, non = NON, ack = ACK;
  static const gboolean yes = TRUE, no = FALSE;
  static const Trouble troubles[] = { LOST, UNDELIVERABLE, ACKNOWLEDGED_ONLY };
  static const char *const trouble_names[] = { "lost", "undeliverable", "acknowledged-only" };

  for (gsize i = 0; i < G_N_ELEMENTS (decline_rows); i++)
    {
      const char *name = decline_rows[i].name;
      g_autofree char *first = g_strconcat ("/core/observing/declined/", name, NULL);
      g_autofree char *again = g_strconcat ("/core/observing/again/declined/", name, NULL);

      g_test_add_data_func (first, &decline_rows[i], test_declined);
      g_test_add_data_func (again, &decline_rows[i], test_again_declined);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (max_age_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/core/observing/max-age/", max_age_rows[i].name, NULL);

      g_test_add_data_func (path, &max_age_rows[i], test_freshness);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (last_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/core/observing/last/", last_rows[i].name, NULL);

      g_test_add_data_func (path, &last_rows[i], test_last);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      g_autofree char *path = g_strconcat ("/core/observing/again/later/", trouble_names[i], NULL);

      g_test_add_data_func (path, &troubles[i], test_again_later);
    }
  g_test_add_data_func ("/core/observing/duplicate/con", &con, test_duplicate);
  g_test_add_data_func ("/core/observing/duplicate/non", &non, test_duplicate);
  g_test_add_data_func ("/core/observing/again/answered/piggybacked", &ack, test_again_answered);
  g_test_add_data_func ("/core/observing/again/answered/separate", &con, test_again_answered);
  g_test_add_data_func ("/core/observing/again/overtaken/sending", &no, test_again_overtaken);
  g_test_add_data_func ("/core/observing/again/overtaken/waiting", &yes, test_again_overtaken);
  g_test_add_data_func ("/core/observing/forgotten/con", &con, test_forgotten);
  g_test_add_data_func ("/core/observing/forgotten/non", &non, test_forgotten);
  g_test_add_data_func ("/core/observing/deregister/con", &con,
                        test_deregister_and_notification);
  g_test_add_data_func ("/core/observing/deregister/non", &non,
                        test_deregister_and_notification);
}

#define ADD(path, test) g_test_add_func ("/core/observing/" path, test)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("registered/piggybacked", test_registered);
  ADD ("registered/separate", test_registered_separate);
  ADD ("registered/non", test_registered_non);
  ADD ("registered/notification-first", test_notification_before_answer);
  ADD ("no-answer", test_no_answer);
  ADD ("patience", test_patience);
  ADD ("notifications", test_notifications);
  ADD ("own-message-id", test_own_message_id);
  ADD ("reordered", test_reordered);
  ADD ("wrap", test_wrap);
  ADD ("long-ago", test_long_ago);
  ADD ("stale/delays-differ", test_delays_differ);
  ADD ("stale/fetch", test_fetch_again);
  ADD ("stale/news", test_news_renew);
  ADD ("stale/old-news", test_old_news);
  ADD ("stale/setting", test_setting);
  ADD ("stale/set-off-meanwhile", test_set_off_meanwhile);
  ADD ("again/and-news", test_again_and_news);
  ADD ("again/same-number", test_again_same_number);
  ADD ("again/non", test_again_non);
  ADD ("again/reset", test_again_reset);
  ADD ("forgotten/response", test_forgotten_response);
  ADD ("forgotten/group", test_forgotten_group);
  ADD ("forgotten/while-registering", test_cancel_while_registering);
  ADD ("not-understood", test_not_understood);
  ADD ("other-endpoint", test_other_endpoint);
  ADD ("same-token", test_same_token);
  ADD ("group", test_group);
  ADD ("other-method", test_other_method);
  ADD ("deregister/answered", test_deregister);
  ADD ("free", test_free);
  add_rows ();

  return g_test_run ();
}
