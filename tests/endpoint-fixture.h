/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gcoap/gcoap.h>

G_BEGIN_DECLS

/* What the tests of the endpoint share: endpoints and a peer that are on the default main context,
 * so that whatever happens does so while the test iterates it. None sleeps: datagrams on loopback
 * are there when they have been sent. */

/* A datagram that the peer has got. */
typedef struct
{
  char             *host; /* of the sender */
  guint16           port;
  GCoapMessageType  type;
  guint             code;
  guint16           message_id;
  guint8            token[8];
  guint             token_length;
  char             *options; /* in hexadecimal digits */
  char             *payload; /* "" if there is none */
} Datagram;

typedef struct _Peer Peer;

typedef void (*PeerFunc) (Peer           *peer,
                          const Datagram *datagram,
                          gpointer        user_data);

/* Somebody who speaks in bytes, and keeps what he is told until the test takes it. */
struct _Peer
{
  GSocket  *socket;
  GSource  *source;
  guint16   port;
  guint16   next_message_id;
  GQueue    received;   /* (element-type Datagram) */
  guint     n_received; /* those that were taken too */
  PeerFunc  func;       /* (nullable) which gets them in place of the queue */
  gpointer  user_data;
  char     *payload;    /* (nullable) of peer_answer_with() */
};

/* How often, and how, something has ended. */
typedef struct
{
  guint         n;
  int           code;        /* of the last one */
  char         *description;
  GCoapRequest *request;
} Completions;

typedef struct
{
  GCoapEndpoint *server;   /* (nullable) listens on 127.0.0.1 */
  GCoapEndpoint *client;   /* (nullable) returns at once */
  Peer          *peer;     /* on 127.0.0.1 */
  Completions    requests; /* of the client */
  Completions    responses; /* of the server */
  Completions    errors;   /* of the server */
  guint          watchdog;
} Fixture;

/* Iterates the main context until the condition holds; a watchdog ends what never comes. */
#define wait_until(condition)                         \
  G_STMT_START {                                      \
    while (!(condition))                              \
      g_main_context_iteration (NULL, TRUE);          \
  } G_STMT_END

/* Has everything happen that is ready to. */
void           settle             (void);

Fixture       *fixture_new        (void);
/* Checks that the endpoints that are left go with their last reference. */
void           fixture_free       (Fixture           *self);
/* The URI of a path (and query) of the server, and of the peer. */
char          *fixture_server_uri (Fixture           *self,
                                   const char        *path);
char          *fixture_peer_uri   (Fixture           *self,
                                   const char        *path);

GCoapEndpoint *listener_new       (void);
void           drop_endpoint      (GCoapEndpoint    **endpoint);
void           configure          (GCoapEndpoint     *endpoint,
                                   const char        *configuration);
/* What config() returns. */
char          *read_config        (GCoapEndpoint     *endpoint,
                                   const char        *configuration);
void           assert_config      (GCoapEndpoint     *endpoint,
                                   const char        *configuration,
                                   const char        *expected);
GCoapConfigSetting *
               find_config_setting (GCoapEndpoint    *endpoint,
                                   const char        *name);
/* A temporary file with this content; gives its name. */
char          *make_file          (const char        *content);
/* Takes over the name. */
void           remove_file        (char              *name);
/* Asks without waiting, and gives the id. */
char          *ask                (GCoapEndpoint     *endpoint,
                                   const char        *uri);
void           begin_get          (GCoapEndpoint     *endpoint,
                                   const char        *uri);
guint          count_pending      (GCoapEndpoint     *endpoint);
GCoapRequest  *get_pending        (GCoapEndpoint     *endpoint,
                                   guint              position);
/* Has requests answered with a text; the signal is request, with or without a path. */
void           answer_with        (GCoapEndpoint     *endpoint,
                                   const char        *signal,
                                   const char        *text);
/* A handler of the request signal that puts the answer off. */
void           defer_cb           (GCoapEndpoint     *endpoint,
                                   GCoapRequest      *request,
                                   gpointer           user_data);
void           count_cb           (guint             *n);
/* Has the answer to the peer's /a (Message ID 1234, token aabb) wait, with its acknowledgement gone
 * out, and gives the request's id. */
char          *defer_acknowledged (Fixture           *fixture);
void           assert_responds    (GCoapEndpoint     *endpoint,
                                   const char        *id);
/* Containers often have no IPv6, not even for loopback. */
gboolean       skip_without_ipv6  (void);

/* Of request-complete, response-complete or error. */
void           completions_watch  (Completions       *self,
                                   GCoapEndpoint     *endpoint,
                                   const char        *signal);
void           completions_clear  (Completions       *self);

Peer          *peer_new           (const char        *host);
void           peer_free          (Peer              *self);
void           peer_send          (Peer              *self,
                                   const char        *host,
                                   guint              port,
                                   const char        *hex);
/* Sends to the fixture's server. */
void           peer_ask           (Fixture           *fixture,
                                   const char        *hex);
/* Answers a datagram with its token: an ACK with its Message ID, others with one of the peer's. */
void           peer_answer        (Peer              *self,
                                   const Datagram    *datagram,
                                   GCoapMessageType   type,
                                   guint              code,
                                   const char        *payload);
/* An empty ACK or RST. */
void           peer_answer_empty  (Peer              *self,
                                   const Datagram    *datagram,
                                   GCoapMessageType   type);
/* Has the peer give a piggybacked 2.05 to whatever comes from now on. */
void           peer_answer_with   (Peer              *self,
                                   const char        *payload);
Datagram      *peer_take          (Peer              *self);
Datagram      *peer_expect        (Peer              *self,
                                   GCoapMessageType   type,
                                   guint              code,
                                   const char        *payload);
void           expect_silence     (Peer              *self);

void           datagram_free      (Datagram          *self);
gboolean       datagram_token_is  (const Datagram    *self,
                                   const char        *hex);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Peer, peer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Datagram, datagram_free)

G_END_DECLS
