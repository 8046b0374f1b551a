/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-endpoint-private.h"

#include <glib/gi18n-lib.h>

#include "gcoap-resolver-private.h"
#include "gcoap/gcoap-error.h"

/* The sockets of the endpoint, as its settings and properties have them. */

/* What the network knows of each kind of traffic: the values of Windows, and on this machine the
 * classes of IEEE 802.1Q but for those that only an administrator may use. */
static const struct
{
  guint dscp;
  guint priority;
} traffic_types[] = {
  [GCOAP_QOS_BEST_EFFORT] = { 0, 0 },
  [GCOAP_QOS_BACKGROUND] = { 8, 1 },
  [GCOAP_QOS_EXCELLENT_EFFORT] = { 40, 3 },
  [GCOAP_QOS_AUDIO_VIDEO] = { 40, 5 },
  [GCOAP_QOS_VOICE] = { 56, 6 },
  [GCOAP_QOS_CONTROL] = { 56, 6 },
};

/* The address and port to bind to: the wildcard address of the family if local-host is not set. */
static gboolean
get_local (GCoapEndpoint  *self,
           gboolean        is_ipv6,
           GCoapAddress   *out_local,
           GError        **error)
{
  const char *host = self->local_host;

  if (*host == '\0')
    host = is_ipv6 ? "::" : "0.0.0.0";
  if (gcoap_resolver_parse_literal (host, self->local_port, out_local))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("\"%s\" is no local-host: it must be an IP address of this machine, or empty"),
               host);

  return FALSE;
}

gboolean
gcoap_endpoint_open_to_listen (GCoapEndpoint  *self,
                               GError        **error)
{
  GCoapUdpTransport *transport;
  GCoapUdpFamily family;
  GCoapAddress local;

  if (!get_local (self, self->settings.use_ipv6, &local, error))
    return FALSE;

  if (self->settings.use_ipv6 && gcoap_address_is_unspecified (&local))
    family = GCOAP_UDP_FAMILY_DUAL;
  else
    family = gcoap_address_is_ipv4 (&local) ? GCOAP_UDP_FAMILY_IPV4 : GCOAP_UDP_FAMILY_IPV6;

  gcoap_driver_close (self->driver);
  transport = gcoap_driver_get_transport (self->driver);
  if (gcoap_udp_transport_bind (transport, &local, family, error))
    return TRUE;

  gcoap_driver_close (self->driver);
  gcoap_endpoint_update_bound (self);

  return FALSE;
}

/* Requests that come keep the socket open to all. */
static gboolean
is_connecting (GCoapEndpoint *self)
{
  return self->settings.use_connection && !self->listening && !self->is_draining;
}

static gboolean
check_is_host (const GCoapAddress  *remote,
               GError             **error)
{
  g_autofree char *host = NULL;

  if (!gcoap_address_is_group (remote))
    return TRUE;

  host = gcoap_address_get_host (remote);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               _("The setting UseConnection is True, and no connection leads to the group %s"),
               host);

  return FALSE;
}

/* Leaves the host that was talked to before, if nothing of that goes on. */
static gboolean
leave_other_host (GCoapEndpoint       *self,
                  const GCoapAddress  *remote,
                  GError             **error)
{
  GCoapUdpTransport *transport = gcoap_driver_get_transport (self->driver);
  g_autofree char *host = NULL;
  GCoapAddress peer;

  if (!gcoap_udp_transport_get_peer (transport, &peer) || gcoap_address_equal (&peer, remote))
    return TRUE;

  if (g_hash_table_size (self->calls_by_id) == 0)
    {
      gcoap_driver_close (self->driver);
      return TRUE;
    }

  host = gcoap_address_get_host (&peer);
  g_set_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
               _("The setting UseConnection is True, and requests to %s port %u are pending"),
               host, peer.port);

  return FALSE;
}

static gboolean
has_local (GCoapEndpoint *self)
{
  return *self->local_host != '\0' || self->local_port != 0;
}

static gboolean
open_for (GCoapEndpoint       *self,
          const GCoapAddress  *remote,
          GError             **error)
{
  GCoapUdpTransport *transport = gcoap_driver_get_transport (self->driver);
  GCoapAddress local;

  return get_local (self, !gcoap_address_is_ipv4 (remote), &local, error) &&
         gcoap_udp_transport_ensure (transport, remote, has_local (self) ? &local : NULL, error);
}

gboolean
gcoap_endpoint_open_to_send (GCoapEndpoint       *self,
                             const GCoapAddress  *remote,
                             GError             **error)
{
  if (!is_connecting (self))
    return open_for (self, remote, error);

  return check_is_host (remote, error) &&
         leave_other_host (self, remote, error) &&
         open_for (self, remote, error) &&
         gcoap_udp_transport_connect (gcoap_driver_get_transport (self->driver), remote, error);
}

/* A DSCP of its own decides about the queues of this machine, too, where nothing else does: its
 * upper three bits are the class (RFC 2474 section 4.2.2). */
static guint
get_priority (GCoapEndpoint *self)
{
  const GCoapSettings *settings = &self->settings;

  if (settings->qos_traffic_type != GCOAP_QOS_BEST_EFFORT)
    return traffic_types[settings->qos_traffic_type].priority;

  return MIN (settings->qos_dscp_value / 8, GCOAP_UDP_MAX_PRIORITY);
}

void
gcoap_endpoint_apply_socket_settings (GCoapEndpoint *self)
{
  const GCoapSettings *settings = &self->settings;
  GCoapUdpOptions options = {
    .max_packet_size = settings->max_packet_size,
    .receive_buffer = settings->in_buffer_size,
    .send_buffer = settings->out_buffer_size,
    .dscp = settings->qos_dscp_value != 0 ? settings->qos_dscp_value
                                          : traffic_types[settings->qos_traffic_type].dscp,
    .priority = get_priority (self),
    .captures_destination = settings->capture_ip_packet_info,
    .dont_fragment = settings->dont_fragment,
    .shares_port = settings->share_local_port,
  };

  gcoap_driver_set_options (self->driver, &options);
}
