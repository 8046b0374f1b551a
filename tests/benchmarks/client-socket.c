/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client-socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define CLIENTS_PER_ADDRESS 4096

/* Beside the clients' sockets: the standard ones, that of epoll, and what a debugger may want. */
#define SPARE_FDS 16

void
client_socket_allow (guint n_clients)
{
  guint n = n_clients + SPARE_FDS;
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    g_error ("Cannot read the limit of open files: %s", g_strerror (errno));
  if (limit.rlim_max < n)
    g_error ("The hard limit of open files is %" G_GUINT64_FORMAT ", and %u are needed: raise it "
             "(ulimit -Hn), or ask for fewer clients", (guint64) limit.rlim_max, n);
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
    g_error ("Cannot raise the limit of open files: %s", g_strerror (errno));
}

static struct sockaddr_in
make_address (guint32 ip,
              guint16 port)
{
  return (struct sockaddr_in) {
    .sin_family = AF_INET,
    .sin_port = htons (port),
    .sin_addr.s_addr = htonl (ip),
  };
}

/* All of 127.0.0.0/8 is this host, so that the ports of one address need not do for all. */
int
client_socket_open (guint32 first_address,
                    guint   client,
                    guint16 port,
                    int     flags)
{
  struct sockaddr_in local = make_address (first_address + client / CLIENTS_PER_ADDRESS, 0);
  struct sockaddr_in server = make_address (INADDR_LOOPBACK, port);
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | flags, 0);

  if (fd < 0 || bind (fd, (struct sockaddr *) &local, sizeof local) != 0 ||
      connect (fd, (struct sockaddr *) &server, sizeof server) != 0)
    g_error ("Cannot open a socket: %s", g_strerror (errno));
  return fd;
}
