/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "swarm.h"

#include "client-socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define EVENTS         256
#define BATCH          4
#define DATAGRAM_SIZE  128
#define HEADER_SIZE    4
#define TOKEN_SIZE     4
#define OPTION_OBSERVE 6

/* A turn that has more than this to do is followed by another at once. */
#define MANY_EVENTS    64
/* Long enough for some to gather, short enough that the server never waits for it. */
#define REST_USEC      20
#define SLEEP_MSEC     10

#define FIRST_ADDRESS 0x7f020001u /* 127.2.0.1 */

/* Edge-triggered, so that a socket that was read is not looked at again. */
static void
watch (Swarm *self,
       guint  client)
{
  struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.u32 = client };

  if (epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, self->fds[client], &event) != 0)
    g_error ("Cannot watch a socket: %s", g_strerror (errno));
}

Swarm *
swarm_new (guint16    port,
           guint      n_clients,
           gboolean   sleeps,
           SwarmFunc  func,
           gpointer   user_data)
{
  Swarm *self = g_new0 (Swarm, 1);

  client_socket_allow (n_clients);
  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll_fd < 0)
    g_error ("Cannot wait for sockets: %s", g_strerror (errno));
  self->fds = g_new0 (int, n_clients);
  self->next_ids = g_new0 (guint16, n_clients);
  self->n_clients = n_clients;
  self->sleeps = sleeps;
  self->func = func;
  self->user_data = user_data;

  for (guint i = 0; i < n_clients; i++)
    {
      self->fds[i] = client_socket_open (FIRST_ADDRESS, i, port, SOCK_NONBLOCK);
      self->next_ids[i] = (guint16) g_random_int ();
      watch (self, i);
    }
  return self;
}

static void
send_bytes (Swarm        *self,
            guint         client,
            const guint8 *bytes,
            gsize         length)
{
  while (send (self->fds[client], bytes, length, 0) < 0)
    if (errno != EINTR)
      g_error ("Cannot send: %s", g_strerror (errno));
}

static guint8 *
write_header (guint8      *bytes,
              MessageType  type,
              guint8       token_length,
              guint8       code,
              guint16      id)
{
  bytes[0] = 1 << 6 | type << 4 | token_length;
  bytes[1] = code;
  bytes[2] = id >> 8;
  bytes[3] = id & 0xff;
  return bytes + HEADER_SIZE;
}

static guint8 *
write_token (guint8  *bytes,
             guint32  client)
{
  guint32 token = htonl (client);

  memcpy (bytes, &token, TOKEN_SIZE);
  return bytes + TOKEN_SIZE;
}

guint16
swarm_request (Swarm      *self,
               guint       client,
               guint8      code,
               const char *path,
               gboolean    observe)
{
  guint8 bytes[DATAGRAM_SIZE];
  guint16 id = self->next_ids[client]++;
  gsize path_length = strlen (path);
  guint8 *end = write_token (write_header (bytes, TYPE_CON, TOKEN_SIZE, code, id), client);

  /* Uri-Path is option 11; both lengths fit into the first byte. */
  if (observe)
    *end++ = OPTION_OBSERVE << 4;
  *end++ = (observe ? 11 - OPTION_OBSERVE : 11) << 4 | path_length;
  memcpy (end, path, path_length);
  send_bytes (self, client, bytes, end + path_length - bytes);
  return id;
}

void
swarm_acknowledge (Swarm   *self,
                   guint    client,
                   guint16  id)
{
  guint8 bytes[HEADER_SIZE];

  write_header (bytes, TYPE_ACK, 0, CODE_EMPTY, id);
  send_bytes (self, client, bytes, sizeof bytes);
}

/* Observe has the lowest number of all options that the servers send, so it comes first. */
static gboolean
parse_observe (Message      *message,
               const guint8 *bytes,
               gsize         length)
{
  guint8 option_length = length > 0 ? bytes[0] & 0xf : 0;

  message->has_observe = length > 0 && bytes[0] >> 4 == OPTION_OBSERVE;
  message->observe = 0;
  if (!message->has_observe)
    return TRUE;
  if (option_length > 3 || length < 1u + option_length)
    return FALSE;

  for (guint i = 1; i <= option_length; i++)
    message->observe = message->observe << 8 | bytes[i];
  return TRUE;
}

static gboolean
parse (Message      *message,
       guint         client,
       const guint8 *bytes,
       gsize         length)
{
  guint8 token[TOKEN_SIZE];
  guint8 token_length = length > 0 ? bytes[0] & 0xf : 0;

  if (length < HEADER_SIZE || bytes[0] >> 6 != 1)
    return FALSE;

  *message = (Message) {
    .type = bytes[0] >> 4 & 3,
    .code = bytes[1],
    .id = bytes[2] << 8 | bytes[3],
  };
  if (message->code == CODE_EMPTY)
    return length == HEADER_SIZE && token_length == 0;

  write_token (token, client);
  return token_length == TOKEN_SIZE && length >= HEADER_SIZE + TOKEN_SIZE &&
         memcmp (bytes + HEADER_SIZE, token, TOKEN_SIZE) == 0 &&
         parse_observe (message, bytes + HEADER_SIZE + TOKEN_SIZE,
                        length - HEADER_SIZE - TOKEN_SIZE);
}

static void
take (Swarm        *self,
      guint         client,
      const guint8 *bytes,
      gsize         length)
{
  Message message;

  if (parse (&message, client, bytes, length))
    self->func (self, client, &message, self->user_data);
  else
    self->n_bad++;
}

/* To its end: an edge is told once. */
static void
read_client (Swarm *self,
             guint  client)
{
  guint8 bytes[BATCH][DATAGRAM_SIZE];
  struct iovec vectors[BATCH];
  struct mmsghdr messages[BATCH] = { 0 };
  int n;

  for (guint i = 0; i < BATCH; i++)
    {
      vectors[i] = (struct iovec) { bytes[i], DATAGRAM_SIZE };
      messages[i].msg_hdr.msg_iov = &vectors[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }

  do
    {
      n = recvmmsg (self->fds[client], messages, BATCH, 0, NULL);
      if (n < 0 && errno != EAGAIN && errno != EINTR)
        g_error ("Cannot receive: %s", g_strerror (errno));
      for (int i = 0; i < n; i++)
        take (self, client, bytes[i], messages[i].msg_len);
    }
  while (n == BATCH || (n < 0 && errno == EINTR));
}

/* A rest that was made longer from outside counts as rest for its own length only. */
static void
rest (Swarm *self)
{
  gint64 since = g_get_monotonic_time ();

  while (g_get_monotonic_time () - since < REST_USEC)
    ;
  self->rested += REST_USEC;
}

static int
wait_for_events (Swarm              *self,
                 struct epoll_event *events)
{
  gint64 since = g_get_monotonic_time ();
  int n = epoll_wait (self->epoll_fd, events, EVENTS, self->sleeps ? SLEEP_MSEC : 0);

  if (n < 0 && errno != EINTR)
    g_error ("Cannot wait for sockets: %s", g_strerror (errno));
  if (self->sleeps)
    self->rested += g_get_monotonic_time () - since;
  return n;
}

void
swarm_turn (Swarm *self)
{
  struct epoll_event events[EVENTS];
  int n = wait_for_events (self, events);

  for (int i = 0; i < n; i++)
    read_client (self, events[i].data.u32);
  if (!self->sleeps && n < MANY_EVENTS)
    rest (self);
}
