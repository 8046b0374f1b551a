/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Many CoAP clients of one server on 127.0.0.1, each on a socket of its own. */

typedef enum
{
  TYPE_CON,
  TYPE_NON,
  TYPE_ACK,
  TYPE_RST,
} MessageType;

#define CODE_EMPTY   0x00
#define CODE_GET     0x01
#define CODE_POST    0x02
#define CODE_CHANGED 0x44
#define CODE_CONTENT 0x45

typedef struct
{
  MessageType type;
  guint8      code;
  guint16     id;
  gboolean    has_observe;
  guint32     observe;
} Message;

typedef struct _Swarm Swarm;

/* A message for a client; with a token, if it has one, that is that client's. */
typedef void (*SwarmFunc) (Swarm         *self,
                           guint          client,
                           const Message *message,
                           gpointer       user_data);

struct _Swarm
{
  int        epoll_fd;
  int       *fds;
  guint16   *next_ids; /* Message IDs */
  guint      n_clients;
  gboolean   sleeps;
  SwarmFunc  func;
  gpointer   user_data;
  guint64    n_bad;    /* datagrams that are no message for their client */
  gint64     rested;   /* microseconds without work */
};

/* @sleeps: to wait in the sockets, so that a server on the same CPU can work; else on the clock. */
Swarm   *swarm_new         (guint16      port,
                            guint        n_clients,
                            gboolean     sleeps,
                            SwarmFunc    func,
                            gpointer     user_data);
/* A Confirmable request, with an Observe option of 0 if it is to @observe. Returns its ID. */
guint16  swarm_request     (Swarm       *self,
                            guint        client,
                            guint8       code,
                            const char  *path,
                            gboolean     observe);
void     swarm_acknowledge (Swarm       *self,
                            guint        client,
                            guint16      id);
/* Takes what has come, and waits a moment if that was little. */
void     swarm_turn        (Swarm       *self);
