/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "socket-inspector.h"

#include <gio/gio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hex.h"

static gboolean
is_udp_on_port (int     fd,
                guint16 port)
{
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  int type = 0;
  socklen_t type_length = sizeof type;
  g_autoptr (GSocketAddress) address = NULL;

  if (getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &type_length) != 0 || type != SOCK_DGRAM ||
      getsockname (fd, (struct sockaddr *) &storage, &length) != 0)
    return FALSE;

  address = g_socket_address_new_from_native (&storage, length);

  return G_IS_INET_SOCKET_ADDRESS (address) &&
         g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) == port;
}

int
find_socket (guint16 port)
{
  int end = getdtablesize ();

  for (int fd = 0; fd < end; fd++)
    {
      if (is_udp_on_port (fd, port))
        return fd;
    }

  g_assert_not_reached ();
}

int
get_option (int fd,
            int level,
            int name)
{
  int value = -1;
  socklen_t length = sizeof value;

  g_assert_cmpint (getsockopt (fd, level, name, &value, &length), ==, 0);

  return value;
}

char *
dup_peer_host (int fd)
{
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  g_autoptr (GSocketAddress) address = NULL;

  if (getpeername (fd, (struct sockaddr *) &storage, &length) != 0)
    return NULL;

  address = g_socket_address_new_from_native (&storage, length);

  return g_inet_address_to_string (
    g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static socklen_t
make_sockaddr (const char              *host,
               guint16                  port,
               struct sockaddr_storage *out_sockaddr)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host, port);

  g_assert_true (g_socket_address_to_native (address, out_sockaddr, sizeof *out_sockaddr, NULL));

  return g_socket_address_get_native_size (address);
}

int
open_udp (const char *host,
          guint16     port)
{
  struct sockaddr_storage storage;
  socklen_t length = make_sockaddr (host, port, &storage);
  int fd = socket (storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &storage, length), ==, 0);

  return fd;
}

guint16
get_port (int fd)
{
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  g_autoptr (GSocketAddress) address = NULL;

  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &storage, &length), ==, 0);
  address = g_socket_address_new_from_native (&storage, length);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

void
send_udp (int         fd,
          const char *host,
          guint16     port,
          const char *hex)
{
  g_autoptr (GBytes) bytes = hex_to_bytes (hex);
  struct sockaddr_storage storage;
  socklen_t sockaddr_length = make_sockaddr (host, port, &storage);
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  g_assert_cmpint (sendto (fd, data, length, 0, (struct sockaddr *) &storage, sockaddr_length), ==,
                   length);
}
