/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "socket-inspector.h"

/* What the settings make of the packets, in a network of this program's own: it can look at all
 * that is sent there, and say how large a packet may be. */

#define USUAL_MTU 65536
#define SMALL_MTU 1300 /* and IPv6 needs 1280 */

typedef struct
{
  const char *name;
  const char *host;
  gboolean    is_ipv6;
} Family;

static const Family ipv4 = { "ipv4", "127.0.0.1", FALSE };
static const Family ipv6 = { "ipv6", "::1", TRUE };

/* A packet that came by, from its IP header on. */
typedef struct
{
  guint8 bytes[70000];
  gssize length;
} Packet;

/* A network namespace, with just the loopback interface, is for everybody where user namespaces
 * are, and else for root. */
static gboolean
enter_network (void)
{
  return unshare (CLONE_NEWNET) == 0 || unshare (CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

static void
set_mtu (int mtu)
{
  struct ifreq request = { .ifr_name = "lo", .ifr_mtu = mtu };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (ioctl (fd, SIOCSIFMTU, &request), ==, 0);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  g_assert_cmpint (ioctl (fd, SIOCSIFFLAGS, &request), ==, 0);
  close (fd);
}

/* Each test has a network of its own, because a network learns what fits through it. */
typedef struct
{
  guint watchdog;
} Network;

typedef void (*NetworkFunc) (Network       *network,
                             gconstpointer  data);

static gboolean
watchdog_cb (gpointer user_data)
{
  g_error ("%s does not come to an end", g_test_get_path ());

  return G_SOURCE_REMOVE;
}

static void
network_set_up (Network       *network,
                gconstpointer  data)
{
  network->watchdog = g_timeout_add_seconds (60, watchdog_cb, NULL);
  g_assert_cmpint (unshare (CLONE_NEWNET), ==, 0);
  set_mtu (USUAL_MTU);
}

static void
network_tear_down (Network       *network,
                   gconstpointer  data)
{
  g_source_remove (network->watchdog);
}

static int
open_capture (const Family *family)
{
  int protocol = g_htons (family->is_ipv6 ? ETH_P_IPV6 : ETH_P_IP);
  int fd = socket (AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);

  g_assert_cmpint (fd, >=, 0);

  return fd;
}

static gboolean
is_udp (const Family *family,
        const Packet *packet)
{
  guint8 protocol = family->is_ipv6 ? packet->bytes[6] : packet->bytes[9];

  return protocol == IPPROTO_UDP || protocol == IPPROTO_FRAGMENT;
}

/* The next UDP packet that is received; what loops back is seen as it leaves, too. */
static void
take_packet (int           fd,
             const Family *family,
             Packet       *out_packet)
{
  struct sockaddr_ll from = { 0 };

  do
    {
      socklen_t length = sizeof from;

      out_packet->length = recvfrom (fd, out_packet->bytes, sizeof out_packet->bytes, 0,
                                     (struct sockaddr *) &from, &length);
      g_assert_cmpint (out_packet->length, >, 0);
    }
  while (from.sll_pkttype == PACKET_OUTGOING || !is_udp (family, out_packet));
}

static gboolean
has_dont_fragment_flag (const Packet *packet)
{
  return (packet->bytes[6] & 0x40) != 0;
}

static gboolean
is_fragment (const Family *family,
             const Packet *packet)
{
  return family->is_ipv6 ? packet->bytes[6] == IPPROTO_FRAGMENT
                         : (packet->bytes[6] & 0x20) != 0;
}

static guint
get_dscp (const Family *family,
          const Packet *packet)
{
  guint traffic_class = family->is_ipv6
                        ? (packet->bytes[0] & 0x0f) << 4 | packet->bytes[1] >> 4
                        : packet->bytes[1];

  return traffic_class >> 2;
}

static char *
make_uri (const Family *family,
          guint16       port,
          const char   *path)
{
  return g_strdup_printf (family->is_ipv6 ? "coap://[%s]:%u%s" : "coap://%s:%u%s",
                          family->host, port, path);
}

/* Paths are not sent in blocks, so that these make a datagram of about that many bytes. */
static char *
make_path (guint length)
{
  GString *path = g_string_new (NULL);

  while (path->len < length)
    g_string_append_printf (path, "/%0*d", 200, 0);

  return g_string_free (path, FALSE);
}

static GCoapEndpoint *
make_client (const char *configuration)
{
  GCoapEndpoint *client = gcoap_endpoint_new ();

  gcoap_endpoint_set_timeout (client, 0);
  configure (client, configuration);

  return client;
}

/* A setting, whether a small packet may not be fragmented then, and what becomes of a large one. */
typedef struct
{
  const char   *name;
  const Family *family;
  const char   *configuration;
  gboolean      has_flag;
  gboolean      is_fragmented;
} FragmentRow;

static const FragmentRow fragment_rows[] = {
  { "ipv4/false", &ipv4, "DontFragment=False", FALSE, TRUE },
  { "ipv4/true", &ipv4, "DontFragment=True", TRUE, FALSE },
  { "ipv6/false", &ipv6, "DontFragment=False", FALSE, TRUE },
  { "ipv6/true", &ipv6, "DontFragment=True", FALSE, FALSE },
};

static void
test_small (Network       *network,
            gconstpointer  data)
{
  const FragmentRow *row = data;
  g_autoptr (GCoapEndpoint) client = make_client (row->configuration);
  g_autofree Packet *packet = g_new0 (Packet, 1);
  g_autofree char *uri = NULL;
  int capture = open_capture (row->family);
  int fd = open_udp (row->family->host, 0);

  uri = make_uri (row->family, get_port (fd), "/");
  begin_get (client, uri);
  take_packet (capture, row->family, packet);
  g_assert_false (is_fragment (row->family, packet));
  if (!row->family->is_ipv6)
    g_assert_cmpint (has_dont_fragment_flag (packet), ==, row->has_flag);
  close (fd);
  close (capture);
}

static void
assert_fails_by_size (Completions *completions,
                      const char  *what)
{
  g_autofree char *pattern =
    g_strdup_printf ("^%s: a datagram of [0-9]{4} bytes is too large to go there in one piece$",
                     what);

  g_assert_cmpint (completions->code, ==, GCOAP_ERROR_REJECTED);
  if (!g_regex_match_simple (pattern, completions->description, 0, 0))
    g_error ("\"%s\" does not match %s", completions->description, pattern);
}

static void
test_large (Network       *network,
            gconstpointer  data)
{
  const FragmentRow *row = data;
  g_autoptr (GCoapEndpoint) client = make_client (row->configuration);
  g_autofree Packet *packet = g_new0 (Packet, 1);
  g_autofree char *path = make_path (SMALL_MTU);
  g_autofree char *uri = NULL;
  Completions completions = { 0 };
  int capture = open_capture (row->family);
  int fd = open_udp (row->family->host, 0);

  set_mtu (SMALL_MTU);
  completions_watch (&completions, client, "request-complete");
  uri = make_uri (row->family, get_port (fd), path);
  begin_get (client, uri);
  if (row->is_fragmented)
    {
      take_packet (capture, row->family, packet);
      g_assert_true (is_fragment (row->family, packet));
      g_assert_cmpuint (completions.n, ==, 0);
    }
  else
    {
      wait_until (completions.n == 1);
      assert_fails_by_size (&completions, "coap://.*");
    }
  drop_endpoint (&client);
  completions_clear (&completions);
  close (fd);
  close (capture);
}

/* A listener that answers with more than fits. */
static GCoapEndpoint *
make_large_listener (const Family *family)
{
  GCoapEndpoint *server = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_timeout (server, 0);
  configure (server, "DontFragment=True");
  gcoap_endpoint_set_local_host (server, family->host);
  gcoap_endpoint_start_listening (server, &error);
  g_assert_no_error (error);

  return server;
}

static void
answer_largely_cb (GCoapEndpoint *server)
{
  g_autofree char *path = make_path (SMALL_MTU);
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_response_code (server, "2.01");
  gcoap_endpoint_set_response_location (server, path, &error);
  g_assert_no_error (error);
}

static void
test_large_acknowledgement (Network       *network,
                            gconstpointer  data)
{
  const Family *family = data;
  g_autoptr (GCoapEndpoint) server = make_large_listener (family);
  Completions errors = { 0 };
  g_autofree char *host = NULL;
  int fd = open_udp (family->host, 0);

  g_test_summary ("A response that nobody waits for is told as an error");
  set_mtu (SMALL_MTU);
  completions_watch (&errors, server, "error");
  g_signal_connect (server, "request", G_CALLBACK (answer_largely_cb), NULL);
  send_udp (fd, family->host, gcoap_endpoint_get_local_port (server), "40 01 1234");
  wait_until (errors.n == 1);
  host = g_regex_escape_string (family->host, -1);
  assert_fails_by_size (&errors, host);
  completions_clear (&errors);
  close (fd);
}

static void
defer_and_keep_cb (GCoapEndpoint  *server,
                   GCoapRequest   *request,
                   GCoapRequest  **out_request)
{
  gcoap_request_set_send_response (request, FALSE);
  g_set_object (out_request, request);
}

static void
test_large_separate (Network       *network,
                     gconstpointer  data)
{
  const Family *family = data;
  g_autoptr (GCoapEndpoint) server = make_large_listener (family);
  g_autoptr (GCoapRequest) request = NULL;
  Completions completions = { 0 };
  int fd = open_udp (family->host, 0);

  g_test_summary ("One that is confirmable fails");
  set_mtu (SMALL_MTU);
  configure (server, "PiggybackDelay=0");
  completions_watch (&completions, server, "response-complete");
  g_signal_connect (server, "request", G_CALLBACK (defer_and_keep_cb), &request);
  send_udp (fd, family->host, gcoap_endpoint_get_local_port (server), "40 01 1234");
  wait_until (request != NULL);
  settle ();
  answer_largely_cb (server);
  assert_responds (server, gcoap_request_get_request_id (request));
  wait_until (completions.n == 1);
  assert_fails_by_size (&completions, ".*");
  completions_clear (&completions);
  close (fd);
}

static guint16
sum_up (const guint8 *bytes,
        gsize         length)
{
  guint32 sum = 0;

  for (gsize i = 0; i + 1 < length; i += 2)
    sum += bytes[i] << 8 | bytes[i + 1];
  while (sum > 0xffff)
    sum = (sum & 0xffff) + (sum >> 16);

  return ~sum;
}

/* What a router says that cannot pass the packet on. */
static void
send_too_big (const Family *family,
              const Packet *packet)
{
  gsize quoted = (family->is_ipv6 ? 40 : 20) + 8;
  guint8 message[8 + 48] = { 0 };
  int fd = family->is_ipv6 ? socket (AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6)
                           : socket (AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
  struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };

  g_assert_cmpint (fd, >=, 0);
  message[0] = family->is_ipv6 ? ICMP6_PACKET_TOO_BIG : ICMP_DEST_UNREACH;
  message[1] = family->is_ipv6 ? 0 : ICMP_FRAG_NEEDED;
  message[6] = SMALL_MTU >> 8;
  message[7] = SMALL_MTU & 0xff;
  memcpy (message + 8, packet->bytes, quoted);
  if (!family->is_ipv6)
    {
      guint16 sum = sum_up (message, 8 + quoted);

      message[2] = sum >> 8;
      message[3] = sum & 0xff;
    }
  g_assert_cmpint (sendto (fd, message, 8 + quoted, 0,
                           family->is_ipv6 ? (struct sockaddr *) &to6 : (struct sockaddr *) &to,
                           family->is_ipv6 ? sizeof to6 : sizeof to), >, 0);
  close (fd);
}

static void
test_path (Network       *network,
           gconstpointer  data)
{
  const Family *family = data;
  g_autoptr (GCoapEndpoint) client = make_client ("DontFragment=True");
  g_autofree Packet *packet = g_new0 (Packet, 1);
  g_autofree char *path = make_path (SMALL_MTU);
  g_autofree char *uri = NULL;
  Completions completions = { 0 };
  int capture = open_capture (family);
  int fd = open_udp (family->host, 0);

  g_test_summary ("A router on the way says that it is too large, and the message fails when it "
                  "is to be sent again");
  configure (client, "AckTimeout=0.01");
  completions_watch (&completions, client, "request-complete");
  uri = make_uri (family, get_port (fd), path);
  begin_get (client, uri);
  take_packet (capture, family, packet);
  send_too_big (family, packet);
  wait_until (completions.n == 1);
  assert_fails_by_size (&completions, "coap://.*");
  completions_clear (&completions);
  close (fd);
  close (capture);
}

static void
test_path_any (Network       *network,
               gconstpointer  data)
{
  const Family *family = data;
  g_autoptr (GCoapEndpoint) client = make_client ("DontFragment=False");
  g_autofree Packet *packet = g_new0 (Packet, 1);
  g_autofree char *path = make_path (SMALL_MTU);
  g_autofree char *uri = NULL;
  Completions completions = { 0 };
  int capture = open_capture (family);
  int fd = open_udp (family->host, 0);

  g_test_summary ("With DontFragment=False that is no reason to fail");
  configure (client, "AckTimeout=0.01");
  configure (client, "MaxRetransmit=1");
  completions_watch (&completions, client, "request-complete");
  uri = make_uri (family, get_port (fd), path);
  begin_get (client, uri);
  take_packet (capture, family, packet);
  send_too_big (family, packet);
  wait_until (completions.n == 1);
  g_assert_cmpint (completions.code, ==, GCOAP_ERROR_TIMED_OUT);
  completions_clear (&completions);
  close (fd);
  close (capture);
}

/* Settings, and what is in the header. */
typedef struct
{
  const char *configuration;
  guint       dscp;
} DscpRow;

static const DscpRow dscp_rows[] = {
  { "QOSDSCPValue=46", 46 },
  { "QOSDSCPValue=0", 0 },
  { "QOSTrafficType=Background", 8 },
  { "QOSTrafficType=ExcellentEffort", 40 },
  { "QOSTrafficType=AudioVideo", 40 },
  { "QOSTrafficType=Voice", 56 },
  { "QOSTrafficType=Control", 56 },
  { "QOSTrafficType=BestEffort", 0 },
};

static void
test_dscp (Network       *network,
           gconstpointer  data)
{
  const Family *family = data;
  g_autoptr (GCoapEndpoint) client = make_client ("NStart=100");
  g_autofree Packet *packet = g_new0 (Packet, 1);
  g_autofree char *uri = NULL;
  int capture = open_capture (family);
  int fd = open_udp (family->host, 0);

  uri = make_uri (family, get_port (fd), "/");
  for (guint i = 0; i < G_N_ELEMENTS (dscp_rows); i++)
    {
      configure (client, dscp_rows[i].configuration);
      begin_get (client, uri);
      take_packet (capture, family, packet);
      g_assert_cmpuint (get_dscp (family, packet), ==, dscp_rows[i].dscp);
    }
  close (fd);
  close (capture);
}

/* As skip_without_ipv6() has it, which is for tests that run already. */
static gboolean
has_ipv6 (void)
{
  const struct sockaddr_in6 loopback = {
    .sin6_family = AF_INET6,
    .sin6_addr = IN6ADDR_LOOPBACK_INIT,
  };
  int fd = socket (AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean is_bound =
    fd >= 0 && bind (fd, (const struct sockaddr *) &loopback, sizeof loopback) == 0;

  if (fd >= 0)
    close (fd);

  return is_bound;
}

static void
test_no_ipv6 (void)
{
  g_test_skip ("There is no IPv6 here");
}

static void
test_nothing (void)
{
  g_test_skip ("This system lets nobody but root have a network of their own");
}

static void
add (const char    *test,
     const char    *name,
     const Family  *family,
     gconstpointer  data,
     NetworkFunc    function)
{
  g_autofree char *path = g_strdup_printf ("/facade/network/%s/%s", test, name);

  if (family->is_ipv6 && !has_ipv6 ())
    g_test_add_func (path, test_no_ipv6);
  else
    g_test_add (path, Network, data, network_set_up, function, network_tear_down);
}

static void
add_for_families (const char  *test,
                  NetworkFunc  function)
{
  add (test, ipv4.name, &ipv4, &ipv4, function);
  add (test, ipv6.name, &ipv6, &ipv6, function);
}

static void
add_for_rows (const char  *test,
              NetworkFunc  function)
{
  for (guint i = 0; i < G_N_ELEMENTS (fragment_rows); i++)
    add (test, fragment_rows[i].name, fragment_rows[i].family, &fragment_rows[i], function);
}

int
main (int   argc,
      char *argv[])
{
  gboolean has_network = enter_network (); /* before there are threads */

  g_test_init (&argc, &argv, NULL);

  if (!has_network)
    {
      g_test_add_func ("/facade/network", test_nothing);
      return g_test_run ();
    }

  set_mtu (USUAL_MTU);
  add_for_rows ("small", test_small);
  add_for_rows ("large", test_large);
  add_for_families ("large-acknowledgement", test_large_acknowledgement);
  add_for_families ("large-separate", test_large_separate);
  add_for_families ("path", test_path);
  add_for_families ("path-any", test_path_any);
  add_for_families ("dscp", test_dscp);

  return g_test_run ();
}
