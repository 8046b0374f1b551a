/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/gcoap-udp-socket-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/gcoap-address-private.h"
#include "transport/gcoap-udp-options-private.h"

static gboolean
read_bound_address (GCoapUdpSocket *self)
{
  struct sockaddr_storage bound;
  socklen_t length = sizeof bound;

  return getsockname (self->fd, (struct sockaddr *) &bound, &length) == 0 &&
         gcoap_address_from_sockaddr (&self->local, (const struct sockaddr *) &bound);
}

/* An address decides for its own family; only the wildcard address stands for both. */
static void
choose_family (GCoapUdpSocket *self,
               GCoapUdpFamily  family)
{
  self->is_wildcard = gcoap_address_is_unspecified (&self->local);
  self->carries_ipv4 = family != GCOAP_UDP_FAMILY_IPV6;
  self->carries_ipv6 = family != GCOAP_UDP_FAMILY_IPV4;

  if (!self->is_wildcard && gcoap_address_is_ipv4 (&self->local))
    self->carries_ipv6 = FALSE;
  else if (!self->is_wildcard)
    self->carries_ipv4 = FALSE;
}

/* The wildcard address has to be that of the socket's own family: a dual-stack socket bound to the
 * IPv4-mapped one would carry IPv4 alone. */
static void
set_wildcard (GCoapUdpSocket *self)
{
  const struct sockaddr_in ipv4 = {
    .sin_family = AF_INET,
    .sin_port = g_htons (self->local.port),
  };
  const struct sockaddr_in6 ipv6 = {
    .sin6_family = AF_INET6,
    .sin6_port = g_htons (self->local.port),
  };

  if (self->carries_ipv6)
    gcoap_address_from_sockaddr (&self->local, (const struct sockaddr *) &ipv6);
  else
    gcoap_address_from_sockaddr (&self->local, (const struct sockaddr *) &ipv4);
}

/* Leaves the reason in errno. */
static gboolean
create_fd (GCoapUdpSocket *self)
{
  int domain = self->carries_ipv6 ? AF_INET6 : AF_INET;

  if (!self->carries_ipv4 && !self->carries_ipv6)
    {
      errno = EAFNOSUPPORT;
      return FALSE;
    }

  self->fd = socket (domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->fd < 0 && errno == EAFNOSUPPORT && self->carries_ipv4 && self->carries_ipv6)
    {
      self->carries_ipv6 = FALSE;
      return create_fd (self);
    }

  return self->fd >= 0;
}

/* Leaves the reason in errno. */
static gboolean
bind_fd (GCoapUdpSocket        *self,
         const GCoapUdpOptions *options)
{
  struct sockaddr_storage sockaddr;
  socklen_t length;

  if (self->is_wildcard)
    set_wildcard (self);

  length = gcoap_address_to_sockaddr (&self->local, self->carries_ipv6, &sockaddr);
  return gcoap_udp_options_prepare (options, self) &&
         gcoap_udp_options_apply (options, self) &&
         bind (self->fd, (const struct sockaddr *) &sockaddr, length) == 0 &&
         read_bound_address (self);
}

static void
set_open_error (GError             **error,
                const GCoapAddress  *local,
                int                  error_number)
{
  g_autofree char *host = gcoap_address_get_host (local);
  GIOErrorEnum code = g_io_error_from_errno (error_number);

  if (local->port == 0)
    g_set_error (error, G_IO_ERROR, code, _("Cannot open a socket on %s: %s"),
                 host, g_strerror (error_number));
  else
    g_set_error (error, G_IO_ERROR, code, _("Cannot listen on %s port %u: %s"),
                 host, local->port, g_strerror (error_number));
}

/**
 * gcoap_udp_socket_open:
 * @local: the address and port to bind to
 * @family: what the socket has to carry
 * @options: how it is to treat datagrams
 * @error: return location for a #GError
 *
 * Opens a socket. Without IPv6 in the kernel, one for both families carries IPv4 alone.
 *
 * Returns: (transfer full) (nullable): the socket, or %NULL with a `G_IO_ERROR`
 */
GCoapUdpSocket *
gcoap_udp_socket_open (const GCoapAddress     *local,
                       GCoapUdpFamily          family,
                       const GCoapUdpOptions  *options,
                       GError                **error)
{
  g_autoptr (GCoapUdpSocket) self = g_new0 (GCoapUdpSocket, 1);

  self->fd = -1;
  self->local = *local;
  choose_family (self, family);

  if (!create_fd (self) || !bind_fd (self, options))
    {
      set_open_error (error, &self->local, errno);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * gcoap_udp_socket_connect:
 * @self: a socket that is not connected
 * @remote: an address of a family that the socket carries
 * @options: the options it was opened with
 * @error: return location for a #GError
 *
 * Has the socket receive from @remote only. Its local address is then the one that leads there.
 *
 * Returns: %TRUE on success
 */
gboolean
gcoap_udp_socket_connect (GCoapUdpSocket         *self,
                          const GCoapAddress     *remote,
                          const GCoapUdpOptions  *options,
                          GError                **error)
{
  struct sockaddr_storage sockaddr;
  socklen_t length = gcoap_address_to_sockaddr (remote, self->carries_ipv6, &sockaddr);
  g_autofree char *host = NULL;
  int error_number;

  if (connect (self->fd, (const struct sockaddr *) &sockaddr, length) == 0 &&
      read_bound_address (self))
    {
      self->is_wildcard = FALSE;
      self->is_connected = TRUE;
      self->peer = *remote;
      if (gcoap_udp_options_apply (options, self))
        return TRUE;
    }

  error_number = errno;
  host = gcoap_address_get_host (remote);
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (error_number),
               _("Cannot connect to %s port %u: %s"),
               host, remote->port, g_strerror (error_number));

  return FALSE;
}

/**
 * gcoap_udp_socket_close:
 * @self: (transfer full) (nullable): a socket
 *
 * Closes the socket, which must not be polled any more.
 */
void
gcoap_udp_socket_close (GCoapUdpSocket *self)
{
  if (self == NULL)
    return;

  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}
