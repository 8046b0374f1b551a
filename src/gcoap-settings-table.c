/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-settings-private.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "transport/gcoap-udp-transport-private.h"

/* The table that drives everything about a setting: its name, what it may be, the page of the
 * documentation, and the tests. */

#define PROTOCOL(field) G_STRUCT_OFFSET (GCoapSettings, protocol.field)
#define OWN(field)      G_STRUCT_OFFSET (GCoapSettings, field)
#define BUILD_INFO      "GCoap " PACKAGE_VERSION ", GLib " GLIB_VERSION_TEXT
#define MAX_BUFFER_SIZE (G_MAXINT32 / 2) /* as the kernel doubles it */

#define LICENSE_INFO                                                                            \
  "Product: GCoap " PACKAGE_VERSION "; Product Key: none is needed; "                           \
  "License Source: LICENSES/LGPL-2.1-or-later.txt; "                                            \
  "License Type: LGPL-2.1-or-later, the GNU Lesser General Public License, version 2.1 or any " \
  "later version; Last Valid Build: all are"

/* In the order of enum GCoapQosTrafficType. */
static const char *const traffic_types[] = {
  "BestEffort", "Background", "ExcellentEffort", "AudioVideo", "Voice", "Control", NULL,
};

static const GCoapSetting table[] = {
  { "AbsoluteTimeout", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (absolute_timeout),
    .description = "Whether the timeout property is a deadline, and not a limit to inactivity." },
  { "AckRandomFactor", GCOAP_SETTING_FACTOR, 1, 10, PROTOCOL (ack_random_factor),
    .is_timing = TRUE,
    .description = "ACK_RANDOM_FACTOR of RFC 7252 section 4.8." },
  { "AckTimeout", GCOAP_SETTING_DURATION, 0.001, 3600, PROTOCOL (ack_timeout),
    .is_timing = TRUE,
    .description = "ACK_TIMEOUT of RFC 7252 section 4.8: the least time before a Confirmable "
                   "message is repeated." },
  { "BlockSize", GCOAP_SETTING_POWER, 16, 1024, PROTOCOL (block_size),
    .description = "The size of the blocks that larger bodies go in, a power of two; less where "
                   "the peer prefers that (RFC 7959 section 2.2). A client with less than 1024 "
                   "asks for it in each GET, FETCH and POST." },
  { "BuildInfo", GCOAP_SETTING_TEXT, .text = BUILD_INFO,
    .description = "The versions of GCoap and of the GLib it was built with." },
  { "CacheSize", GCOAP_SETTING_SIZE, 0, G_MAXINT32, PROTOCOL (cache_size),
    .description = "How much memory the replies take that are kept for duplicates of a "
                   "request. When it is full the oldest go." },
  { "CaptureIPPacketInfo", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (capture_ip_packet_info),
    .description = "Whether DestinationAddress tells where the datagrams go that come. The "
                   "destination-address property of a request tells it in any case." },
  { "CodePage", GCOAP_SETTING_CODE_PAGE, .offset = OWN (code_page),
    .description = "How the text of set_request_text(), set_response_text() and their dup_ "
                   "counterparts is converted: the number of a Windows code page that the system's "
                   "iconv knows, such as 1252 or 932. An error lists those. 65001, the default, is "
                   "UTF-8, and what RFC 7252 asks for." },
  { "ConfirmableInterval", GCOAP_SETTING_COUNT, 1, G_MAXUINT16, PROTOCOL (confirmable_interval),
    .description = "Of how many notifications to an observer one is Confirmable at least, so "
                   "that a client that is gone is noticed. One a day is in any case "
                   "(RFC 7641 section 4.5)." },
  { "DefaultLeisure", GCOAP_SETTING_DURATION, 0, 3600, PROTOCOL (default_leisure),
    .is_timing = TRUE,
    .description = "DEFAULT_LEISURE of RFC 7252 section 4.8: the time over which answers to a "
                   "multicast request are spread." },
  { "DelayHostResolution", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (delay_host_resolution),
    .description = "If True, a method that returns an id looks the host's name up first, while "
                   "the main context is iterated, and raises an error where that fails; the "
                   "remote-host of the request is its address then. If False it returns at once. "
                   "The name, which says the opposite, is kept for those who know it." },
  { "DestinationAddress", GCOAP_SETTING_DESTINATION,
    .description = "The address that the latest datagram was sent to, while CaptureIPPacketInfo "
                   "is True. A broadcast shows as 255.255.255.255." },
  { "DontFragment", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (dont_fragment),
    .description = "Whether datagrams have the Don't Fragment flag; with IPv6, whether this host "
                   "does not fragment them. One that is too large for its path is an error then, "
                   "which says its size." },
  { "DualRole", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (dual_role),
    .description = "Whether one endpoint may serve and ask at once." },
  { "ExchangeLifetime", GCOAP_SETTING_DERIVED,
    .derive = gcoap_parameters_get_exchange_lifetime,
    .description = "EXCHANGE_LIFETIME of RFC 7252 section 4.8.2." },
  { "ExplicitCancel", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (explicit_cancel),
    .description = "Whether a client that stops observing tells the server; if not, it rejects "
                   "the next notification (RFC 7641 section 3.6)." },
  { "FirewallData", GCOAP_SETTING_STRING, .offset = OWN (firewall_data),
    .description = "Has no effect, as it is about proxies that tunnel TCP, and CoAP's UDP does not "
                   "go through those." },
  { "InBufferSize", GCOAP_SETTING_BUFFER, 0, MAX_BUFFER_SIZE, OWN (in_buffer_size),
    .description = "The bytes of the kernel's queue of datagrams that have come; 0 for as many as "
                   "the system gives. While a socket is open it reads back what the kernel has "
                   "granted, which is limited by the sysctl net.core.rmem_max." },
  { "LicenseInfo", GCOAP_SETTING_TEXT, .text = LICENSE_INFO,
    .description = "The licence of the library." },
  { "LocalHost", GCOAP_SETTING_PROPERTY, .text = "local-host", .is_fixed_while_open = TRUE,
    .description = "The local-host property." },
  { "LocalPort", GCOAP_SETTING_PROPERTY, 0, G_MAXUINT16, .text = "local-port",
    .is_fixed_while_open = TRUE, .description = "The local-port property." },
  { "LogLevel", GCOAP_SETTING_COUNT, 0, 3, OWN (log_level),
    .description = "How much the log signal tells: 0 nothing, 1 what happens to the endpoint, "
                   "2 each message too, 3 their payloads too, if MaskSensitive is False. Without a "
                   "handler of the signal G_MESSAGES_DEBUG=GCoap in the environment shows the same "
                   "as debug messages, and from 1 on each message too." },
  { "MaskSensitive", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (mask_sensitive),
    .description = "Whether the log shows **** in the place of payloads, of tokens, and of what "
                   "queries say." },
  { "MaxBodySize", GCOAP_SETTING_SIZE, 0, G_MAXINT32, PROTOCOL (max_body_size),
    .description = "How large a body may be that is received in blocks, other than as a stream. A "
                   "larger one is refused with 4.13, or ends a request of the client's with "
                   "error 702." },
  { "MaxLatency", GCOAP_SETTING_DURATION, 0, 3600, PROTOCOL (max_latency),
    .is_timing = TRUE,
    .description = "MAX_LATENCY of RFC 7252 section 4.8.2: the longest time a datagram is "
                   "assumed to take." },
  { "MaxObservers", GCOAP_SETTING_COUNT, 0, G_MAXINT32, PROTOCOL (max_observers),
    .description = "How many observers there may be. A registration above that is answered as a "
                   "plain request." },
  { "MaxObserversPerPeer", GCOAP_SETTING_COUNT, 0, G_MAXINT32, PROTOCOL (max_observers_per_peer),
    .description = "How many of them one peer may be." },
  { "MaxPacketSize", GCOAP_SETTING_COUNT, GCOAP_UDP_REFUSED_SIZE, GCOAP_UDP_MAX_PACKET_SIZE,
    OWN (max_packet_size),
    .description = "The size of the largest datagram that is received. A larger one is dropped, "
                   "and the error signal tells its size." },
  { "MaxPeers", GCOAP_SETTING_COUNT, 1, G_MAXINT32, PROTOCOL (max_peers),
    .description = "How many peers the Message IDs are remembered of. Those that have been idle "
                   "longest go." },
  { "MaxPendingRequests", GCOAP_SETTING_COUNT, 1, G_MAXINT32, PROTOCOL (max_pending_requests),
    .description = "How many requests may wait for the application. Those above are answered "
                   "5.03." },
  { "MaxRetransmit", GCOAP_SETTING_COUNT, 0, 20, PROTOCOL (max_retransmit),
    .is_timing = TRUE,
    .description = "MAX_RETRANSMIT of RFC 7252 section 4.8: how often a Confirmable message is "
                   "repeated." },
  { "MaxRtt", GCOAP_SETTING_DERIVED, .derive = gcoap_parameters_get_max_rtt,
    .description = "MAX_RTT of RFC 7252 section 4.8.2." },
  { "MaxTransfers", GCOAP_SETTING_COUNT, 1, G_MAXINT32, PROTOCOL (max_transfers),
    .description = "How many block-wise transfers of clients a server follows. When there are "
                   "more, those that have been idle longest are given up." },
  { "MaxTransmitSpan", GCOAP_SETTING_DERIVED, .derive = gcoap_parameters_get_max_transmit_span,
    .description = "MAX_TRANSMIT_SPAN of RFC 7252 section 4.8.2." },
  { "MaxTransmitWait", GCOAP_SETTING_DERIVED, .derive = gcoap_parameters_get_max_transmit_wait,
    .description = "MAX_TRANSMIT_WAIT of RFC 7252 section 4.8.2." },
  { "NonLifetime", GCOAP_SETTING_DERIVED, .derive = gcoap_parameters_get_non_lifetime,
    .description = "NON_LIFETIME of RFC 7252 section 4.8.2." },
  { "NStart", GCOAP_SETTING_COUNT, 1, G_MAXUINT16, PROTOCOL (nstart),
    .is_timing = TRUE,
    .description = "NSTART of RFC 7252 section 4.7: how many Confirmable messages to one peer may "
                   "wait for their acknowledgement. More wait in line." },
  { "OutBufferSize", GCOAP_SETTING_BUFFER, 0, MAX_BUFFER_SIZE, OWN (out_buffer_size),
    .description = "The bytes of the kernel's queue of datagrams to be sent; 0 for as many as the "
                   "system gives. While a socket is open it reads back what the kernel has "
                   "granted, which is limited by the sysctl net.core.wmem_max." },
  { "PiggybackDelay", GCOAP_SETTING_DURATION, 0, 3600, PROTOCOL (piggyback_delay),
    .is_timing = TRUE,
    .description = "How long a server waits for the response before it acknowledges a "
                   "Confirmable request without it." },
  { "ProbingRate", GCOAP_SETTING_COUNT, 0, G_MAXINT32, PROTOCOL (probing_rate),
    .is_timing = TRUE,
    .description = "PROBING_RATE of RFC 7252 section 4.7, in bytes a second; 0 for no limit. When "
                   "nothing has come from a peer for MaxTransmitWait since the first "
                   "Non-confirmable request to it, those that follow wait in line: each for as "
                   "long as the one before it takes at this rate. Whatever comes from the peer "
                   "lets them go at once." },
  { "ProcessingDelay", GCOAP_SETTING_DERIVED, .derive = gcoap_parameters_get_processing_delay,
    .description = "PROCESSING_DELAY of RFC 7252 section 4.8.2." },
  { "QOSDSCPValue", GCOAP_SETTING_COUNT, 0, GCOAP_UDP_MAX_DSCP, OWN (qos_dscp_value),
    .description = "The DSCP of the datagrams (RFC 2474), with IPv4 and IPv6; 0 leaves it to "
                   "QOSTrafficType. UseConnection need not be True." },
  { "QOSTrafficType", GCOAP_SETTING_CHOICE, .offset = OWN (qos_traffic_type),
    .words = traffic_types,
    .description = "What the datagrams are to the network: their DSCP is 0, 8, 40, 40, 56 or 56, "
                   "and their priority in the queues of this machine 0, 1, 3, 5, 6 or 6. "
                   "UseConnection need not be True." },
  { "Reregister", GCOAP_SETTING_BOOLEAN, 0, 1, PROTOCOL (reregisters),
    .description = "Whether a client that observes registers again when the latest state is no "
                   "longer fresh (RFC 7641 section 3.3.1)." },
  { "ReregisterDelay", GCOAP_SETTING_DURATION, 0, 3600, PROTOCOL (reregister_delay),
    .description = "How long it waits for news after that, at least; at most three times as "
                   "long." },
  { "ResetTiming", GCOAP_SETTING_RESET,
    .description = "Always reads False. Setting it to True sets the protocol's timing to its "
                   "defaults: AckRandomFactor, AckTimeout, DefaultLeisure, MaxLatency, "
                   "MaxRetransmit, NStart, PiggybackDelay and ProbingRate." },
  { "ResponseTimeout", GCOAP_SETTING_DURATION, 0.001, 86400, PROTOCOL (response_timeout),
    .description = "How long the application may take to answer a request whose response it "
                   "has put off. After that the peer gets 5.03." },
  { "ShareLocalPort", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (share_local_port),
    .is_fixed_while_open = TRUE,
    .description = "Whether several endpoints, of several threads or programs of one user, may "
                   "listen on one port. Each of them must say so. The kernel has each client stay "
                   "with one of them while their number does not change (SO_REUSEPORT). Clients "
                   "that share one need UseConnection too, or each would get what is for the "
                   "others." },
  { "TransferCacheSize", GCOAP_SETTING_SIZE, 0, G_MAXINT32, PROTOCOL (transfer_cache_size),
    .description = "How much memory the bodies of those transfers may take. When they take more, "
                   "those that have been idle longest are given up." },
  { "TransferTimeout", GCOAP_SETTING_DURATION, 0.001, 86400, PROTOCOL (transfer_timeout),
    .description = "How long after the latest block a server gives up a transfer. The default is "
                   "EXCHANGE_LIFETIME, which RFC 7959 section 2.5 lets clients expect at most." },
  { "UseConnection", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (use_connection),
    .is_fixed_while_open = TRUE,
    .description = "Whether a client's socket is connected to the host that a request goes to, and "
                   "receives from it only. A request to another host connects it anew, and is an "
                   "error while others are pending. An endpoint that listens is not connected." },
  { "UseInternalSecurityAPI", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (use_internal_security_api),
    .description = "Has no effect, as there is no cryptography here that could be that of the "
                   "system or another." },
  { "UseIPv6", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (use_ipv6), .is_fixed_while_open = TRUE,
    .description = "Whether to listen on IPv6 and IPv4 where local-host is not set, and to "
                   "prefer IPv6 addresses of host names; if not, IPv4." },
};

const GCoapSetting *
gcoap_setting_get_all (gsize *out_n_settings)
{
  *out_n_settings = G_N_ELEMENTS (table);

  return table;
}

static char *
list_names (void)
{
  GString *names = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", table[i].name);

  return g_string_free (names, FALSE);
}

const GCoapSetting *
gcoap_setting_lookup (const char  *name,
                      GError     **error)
{
  g_autofree char *names = NULL;
  g_autofree char *given = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_ascii_strcasecmp (table[i].name, name) == 0)
      return &table[i];

  names = list_names ();
  given = g_utf8_make_valid (name, -1);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("There is no setting \"%s\". There are: %s"), given, names);

  return NULL;
}

gboolean
gcoap_setting_is_read_only (const GCoapSetting *setting)
{
  return setting->type == GCOAP_SETTING_DERIVED || setting->type == GCOAP_SETTING_TEXT ||
         setting->type == GCOAP_SETTING_DESTINATION;
}

