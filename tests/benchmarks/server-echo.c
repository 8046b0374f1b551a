/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sends every datagram back: the cost of the sockets alone, which no server can go below. */

#include "server-common.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#define BATCH         64
#define DATAGRAM_SIZE 2048

typedef struct
{
  struct mmsghdr     messages[BATCH];
  struct iovec       vectors[BATCH];
  struct sockaddr_in addresses[BATCH];
  guint8             bytes[BATCH][DATAGRAM_SIZE];
} Batch;

static int
open_socket (guint16 port)
{
  struct sockaddr_in local = { .sin_family = AF_INET, .sin_port = htons (port) };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  local.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (fd < 0 || bind (fd, (struct sockaddr *) &local, sizeof local) != 0)
    g_error ("Cannot listen on port %u: %s", port, g_strerror (errno));
  return fd;
}

static guint
get_port (int fd)
{
  struct sockaddr_in local;
  socklen_t length = sizeof local;

  if (getsockname (fd, (struct sockaddr *) &local, &length) != 0)
    g_error ("Cannot read the local address: %s", g_strerror (errno));
  return ntohs (local.sin_port);
}

static int
receive (int    fd,
         Batch *batch)
{
  for (guint i = 0; i < BATCH; i++)
    {
      batch->vectors[i] = (struct iovec) { batch->bytes[i], DATAGRAM_SIZE };
      batch->messages[i].msg_hdr = (struct msghdr) {
        .msg_name = &batch->addresses[i],
        .msg_namelen = sizeof batch->addresses[i],
        .msg_iov = &batch->vectors[i],
        .msg_iovlen = 1,
      };
    }
  return recvmmsg (fd, batch->messages, BATCH, 0, NULL);
}

static void
send_back (int    fd,
           Batch *batch,
           int    n)
{
  for (int i = 0; i < n; i++)
    batch->vectors[i].iov_len = batch->messages[i].msg_len;
  /* What the kernel has no room for is lost, as on a wire. */
  (void) sendmmsg (fd, batch->messages, n, 0);
}

int
main (int    argc,
      char **argv)
{
  static Batch batch;
  int fd = open_socket (server_parse_port (argc, argv));
  struct pollfd ready = { .fd = fd, .events = POLLIN };

  server_announce (get_port (fd));
  while (poll (&ready, 1, -1) >= 0 || errno == EINTR)
    {
      int n = receive (fd, &batch);

      if (n > 0)
        send_back (fd, &batch, n);
    }
  return 1;
}
