/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/gcoap-engine-private.h"

G_BEGIN_DECLS

#define SECOND ((gint64) G_USEC_PER_SEC)

/* The codes that the tests speak of by number. */
#define GET     1
#define CONTENT 69

/* One engine under a clock that only the test moves. Its peers are played by the test: bytes in
 * hexadecimal are what they send and what they must get. */
typedef struct
{
  GCoapEngine *engine; /* (owned) */
  gint64       now;
  GPtrArray   *kept;   /* (element-type GCoapMessage) those of the events that were popped */
  guint16      n_received; /* the Message IDs of what core_fixture_receive_observe() plays */
} CoreFixture;

/* A datagram that the engine has sent. */
typedef struct
{
  GCoapAddress  remote;
  GCoapAddress  local;
  GCoapFrame    frame; /* a view of the bytes */
  guint8       *data;  /* (owned) */
  gsize         length;
} SentMessage;

/* The addresses of the tests: hosts from 1, and a group that all belong to. */
GCoapAddress  core_address                 (guint                  host);
GCoapAddress  core_group_address           (void);

CoreFixture  *core_fixture_new             (void);
CoreFixture  *core_fixture_new_with        (const GCoapParameters *parameters);
CoreFixture  *core_fixture_new_with_block_size (guint              block_size);
void          core_fixture_free            (CoreFixture           *self);

/* Lets the time go by, with every deadline on the way met when it is due. */
void          core_fixture_advance         (CoreFixture           *self,
                                            gint64                 interval);

void          core_fixture_receive         (CoreFixture           *self,
                                            guint                  host,
                                            const char            *hex);
void          core_fixture_receive_group   (CoreFixture           *self,
                                            guint                  host,
                                            const char            *hex);
/* A request that the application must get; its id. */
guint64       core_fixture_receive_request (CoreFixture           *self,
                                            guint                  host,
                                            const char            *hex);
/* The same of a Confirmable one, Message ID 1234 and token aabb, that has had its early
 * acknowledgement. */
guint64       core_fixture_receive_slowly  (CoreFixture           *self);
void          core_fixture_receive_frame   (CoreFixture           *self,
                                            guint                  host,
                                            const GCoapFrame      *frame);
void          core_fixture_receive_frame_of_group (CoreFixture    *self,
                                            guint                  host,
                                            const GCoapFrame      *frame);
/* Answers a message of the engine's: type, code, Message ID and the token of @sent. */
void          core_fixture_reply           (CoreFixture           *self,
                                            const SentMessage     *sent,
                                            GCoapMessageType       type,
                                            guint8                 code,
                                            guint16                message_id);
/* An ICMP error for a datagram of the engine's. */
void          core_fixture_return          (CoreFixture           *self,
                                            const SentMessage     *sent,
                                            int                    error);

guint64       core_fixture_submit          (CoreFixture           *self,
                                            guint                  host,
                                            gboolean               is_confirmable);
guint64       core_fixture_submit_to       (CoreFixture           *self,
                                            const GCoapAddress    *remote,
                                            GCoapMessage          *message,
                                            gint64                 timeout,
                                            gboolean               is_deadline);
gboolean      core_fixture_respond         (CoreFixture           *self,
                                            guint64                id,
                                            guint8                 code,
                                            gboolean               is_confirmable);
gboolean      core_fixture_cancel          (CoreFixture           *self,
                                            guint64                id);

/* Submits a GET with the Observe option, 0 to register and 1 to deregister. */
guint64       core_fixture_submit_observe  (CoreFixture           *self,
                                            guint                  host,
                                            gboolean               is_confirmable,
                                            guint                  observe);
/* A GET with the Observe option and a token of a byte, which the application must get. */
GCoapEvent    core_fixture_receive_observe (CoreFixture           *self,
                                            guint                  host,
                                            GCoapMessageType       type,
                                            guint8                 token,
                                            guint                  observe);
gboolean      core_fixture_observe         (CoreFixture           *self,
                                            const GCoapEvent      *request,
                                            const char            *uri);
/* Registers an observer, with all that belongs to it. */
void          core_fixture_add_observer    (CoreFixture           *self,
                                            guint                  host,
                                            guint8                 token,
                                            const char            *uri);
/* Tells a state, and lets the first slice of the fan-out go out. FALSE: nobody observes. */
gboolean      core_fixture_notify          (CoreFixture           *self,
                                            const char            *uri,
                                            guint8                 code,
                                            gboolean               is_confirmable);
/* An event that says that an observer has gone. */
void          core_fixture_expect_unregistered (CoreFixture       *self,
                                            guint                  host,
                                            guint8                 token);

/* What the engine has done, in order; each one must be asked for. */
SentMessage  *core_fixture_pop_sent        (CoreFixture           *self);
SentMessage  *core_fixture_expect_sent     (CoreFixture           *self,
                                            GCoapMessageType       type,
                                            guint8                 code);
/* A message to @host with @token and an Observe option. */
SentMessage  *core_fixture_expect_notification (CoreFixture       *self,
                                            GCoapMessageType       type,
                                            guint                  host,
                                            guint8                 token);
void          core_fixture_expect_bytes    (CoreFixture           *self,
                                            guint                  host,
                                            const char            *hex);
void          core_fixture_expect_silence  (CoreFixture           *self);
GCoapEvent    core_fixture_expect_event    (CoreFixture           *self,
                                            GCoapEventKind         kind);
/* The event that tells the end of a request with @id, and no other. */
void          core_fixture_expect_told     (CoreFixture           *self,
                                            guint64                id);
void          core_fixture_expect_failure  (CoreFixture           *self,
                                            guint64                id,
                                            GCoapError             error);
void          core_fixture_expect_no_event (CoreFixture           *self);
guint         core_fixture_drop_sent       (CoreFixture           *self);

/* FALSE: it has no Observe option. */
gboolean      sent_message_get_observe     (const SentMessage     *self,
                                            guint32               *out_observe);
void          sent_message_free            (SentMessage           *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CoreFixture, core_fixture_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SentMessage, sent_message_free)

G_END_DECLS
