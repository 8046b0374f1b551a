/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "socket-inspector.h"

/* The settings of sockets, as the kernel and the other side see them. */

/* Where an endpoint is, and how its socket's options are called. */
typedef struct
{
  const char *name;
  const char *host;
  const char *any;
  gboolean    is_ipv6;
  int         level;
  int         mtu_discover;
  int         traffic_class;
  int         receive_traffic_class;
  int         packet_info;
} Family;

static const Family ipv4 = {
  "ipv4", "127.0.0.1", "0.0.0.0", FALSE,
  IPPROTO_IP, IP_MTU_DISCOVER, IP_TOS, IP_RECVTOS, IP_PKTINFO,
};
static const Family ipv6 = {
  "ipv6", "::1", "::", TRUE,
  IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_TCLASS, IPV6_RECVTCLASS, IPV6_RECVPKTINFO,
};

static gboolean
skip (const Family *family)
{
  return family->is_ipv6 && skip_without_ipv6 ();
}

static char *
make_uri (const Family *family,
          guint16       port)
{
  return g_strdup_printf (family->is_ipv6 ? "coap://[%s]:%u/" : "coap://%s:%u/",
                          family->host, port);
}

static GCoapEndpoint *
make_endpoint (const char *configuration)
{
  GCoapEndpoint *endpoint = gcoap_endpoint_new ();

  gcoap_endpoint_set_timeout (endpoint, 0);
  if (configuration != NULL)
    configure (endpoint, configuration);

  return endpoint;
}

static void
listen_on (GCoapEndpoint *endpoint,
           const char    *host)
{
  g_autoptr (GError) error = NULL;

  gcoap_endpoint_set_local_host (endpoint, host);
  gcoap_endpoint_start_listening (endpoint, &error);
  g_assert_no_error (error);
}

static int
find_socket_of (GCoapEndpoint *endpoint)
{
  return find_socket (gcoap_endpoint_get_local_port (endpoint));
}

static void
test_dont_fragment (gconstpointer data)
{
  const Family *family = data;
  g_autoptr (GCoapEndpoint) endpoint = make_endpoint (NULL);
  int fd;

  if (skip (family))
    return;

  g_test_summary ("Linux would set the flag, so False must clear it");
  listen_on (endpoint, family->host);
  fd = find_socket_of (endpoint);
  g_assert_cmpint (get_option (fd, family->level, family->mtu_discover), ==, IP_PMTUDISC_DONT);
  configure (endpoint, "DontFragment=True");
  g_assert_cmpint (get_option (fd, family->level, family->mtu_discover), ==, IP_PMTUDISC_DO);
  gcoap_endpoint_stop_listening (endpoint, NULL);
  listen_on (endpoint, family->host);
  fd = find_socket_of (endpoint);
  g_assert_cmpint (get_option (fd, family->level, family->mtu_discover), ==, IP_PMTUDISC_DO);
  configure (endpoint, "DontFragment=");
  g_assert_cmpint (get_option (fd, family->level, family->mtu_discover), ==, IP_PMTUDISC_DONT);
}

static void
test_dont_fragment_dual (void)
{
  g_autoptr (GCoapEndpoint) endpoint = make_endpoint ("UseIPv6=True");
  int fd;

  if (skip_without_ipv6 ())
    return;

  listen_on (endpoint, "");
  configure (endpoint, "DontFragment=True");
  configure (endpoint, "QOSDSCPValue=46");
  fd = find_socket_of (endpoint);
  g_assert_cmpint (get_option (fd, IPPROTO_IP, IP_MTU_DISCOVER), ==, IP_PMTUDISC_DO);
  g_assert_cmpint (get_option (fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER), ==, IPV6_PMTUDISC_DO);
  g_assert_cmpint (get_option (fd, IPPROTO_IP, IP_TOS), ==, 46 << 2);
  g_assert_cmpint (get_option (fd, IPPROTO_IPV6, IPV6_TCLASS), ==, 46 << 2);
}

/* What goes into the datagrams, and what this machine's queues go by. */
typedef struct
{
  const char *first;
  const char *second;
  int         dscp;
  int         priority;
} QosRow;

static const QosRow qos_rows[] = {
  { "QOSTrafficType=BestEffort", "QOSDSCPValue=", 0, 0 },
  { "QOSTrafficType=Background", "QOSDSCPValue=", 8, 1 },
  { "QOSTrafficType=ExcellentEffort", "QOSDSCPValue=", 40, 3 },
  { "QOSTrafficType=3", "QOSDSCPValue=", 40, 5 },
  { "QOSTrafficType=voice", "QOSDSCPValue=", 56, 6 },
  { "QOSTrafficType=Control", "QOSDSCPValue=", 56, 6 },
  { "QOSTrafficType=", "QOSDSCPValue=46", 46, 5 },
  { "QOSTrafficType=", "QOSDSCPValue=63", 63, 6 },
  { "QOSTrafficType=", "QOSDSCPValue=1", 1, 0 },
  { "QOSTrafficType=AudioVideo", "QOSDSCPValue=10", 10, 5 },
  { "QOSTrafficType=", "QOSDSCPValue=", 0, 0 },
};

static void
test_qos (gconstpointer data)
{
  const Family *family = data;
  g_autoptr (GCoapEndpoint) endpoint = make_endpoint (NULL);
  int fd;

  if (skip (family))
    return;

  g_test_summary ("Also while listening; UseConnection is not needed");
  listen_on (endpoint, family->host);
  fd = find_socket_of (endpoint);
  for (guint i = 0; i < G_N_ELEMENTS (qos_rows); i++)
    {
      configure (endpoint, qos_rows[i].first);
      configure (endpoint, qos_rows[i].second);
      g_assert_cmpint (get_option (fd, family->level, family->traffic_class), ==,
                       qos_rows[i].dscp << 2);
      g_assert_cmpint (get_option (fd, SOL_SOCKET, SO_PRIORITY), ==, qos_rows[i].priority);
    }
}

/* The traffic class of the next datagram. */
static int
receive_traffic_class (int           fd,
                       const Family *family)
{
  guint8 bytes[2048];
  union { struct cmsghdr align; guint8 bytes[CMSG_SPACE (sizeof (int))]; } control;
  struct iovec vector = { bytes, sizeof bytes };
  struct msghdr message = {
    .msg_iov = &vector, .msg_iovlen = 1,
    .msg_control = &control, .msg_controllen = sizeof control,
  };
  struct cmsghdr *header;
  int value = 0;

  g_assert_cmpint (recvmsg (fd, &message, 0), >, 0);
  header = CMSG_FIRSTHDR (&message);
  g_assert_nonnull (header);
  g_assert_cmpint (header->cmsg_level, ==, family->level);
  memcpy (&value, CMSG_DATA (header), header->cmsg_len - CMSG_LEN (0));

  return value;
}

static void
test_qos_received (gconstpointer data)
{
  const Family *family = data;
  g_autoptr (GCoapEndpoint) client = make_endpoint ("QOSDSCPValue=46");
  g_autofree char *uri = NULL;
  int fd;

  if (skip (family))
    return;

  g_test_summary ("The other side gets it, in each datagram");
  fd = open_udp (family->host, 0);
  setsockopt (fd, family->level, family->receive_traffic_class, &(int) { TRUE }, sizeof (int));
  uri = make_uri (family, get_port (fd));
  begin_get (client, uri);
  g_assert_cmpint (receive_traffic_class (fd, family), ==, 46 << 2);
  configure (client, "QOSDSCPValue=0");
  configure (client, "QOSTrafficType=Background");
  configure (client, "NStart=2");
  begin_get (client, uri);
  g_assert_cmpint (receive_traffic_class (fd, family), ==, 8 << 2);
  close (fd);
}

/* A setting, and the kernel's name for it. */
typedef struct
{
  const Family *family;
  const char   *setting;
  int           name;
} BufferRow;

static const BufferRow buffer_rows[] = {
  { &ipv4, "InBufferSize", SO_RCVBUF },
  { &ipv4, "OutBufferSize", SO_SNDBUF },
  { &ipv6, "InBufferSize", SO_RCVBUF },
  { &ipv6, "OutBufferSize", SO_SNDBUF },
};

static void
set_buffer (GCoapEndpoint   *endpoint,
            const BufferRow *row,
            const char      *value)
{
  g_autofree char *configuration = g_strdup_printf ("%s=%s", row->setting, value);

  configure (endpoint, configuration);
}

/* The kernel doubles what it is asked for, and tells that. */
static void
assert_granted (GCoapEndpoint   *endpoint,
                const BufferRow *row)
{
  int size = get_option (find_socket_of (endpoint), SOL_SOCKET, row->name);
  g_autofree char *granted = g_strdup_printf ("%d", size / 2);

  assert_config (endpoint, row->setting, granted);
}

static void
test_buffer (gconstpointer data)
{
  const BufferRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = make_endpoint (NULL);
  g_autofree char *original = NULL;

  if (skip (row->family))
    return;

  g_test_summary ("It reads back what the kernel has granted, once there is a socket");
  set_buffer (endpoint, row, "16384");
  assert_config (endpoint, row->setting, "16384");
  listen_on (endpoint, row->family->host);
  assert_config (endpoint, row->setting, "16384");
  g_assert_cmpint (get_option (find_socket_of (endpoint), SOL_SOCKET, row->name), ==, 32768);
  set_buffer (endpoint, row, "32768");
  assert_granted (endpoint, row);
  assert_config (endpoint, row->setting, "32768");

  gcoap_endpoint_stop_listening (endpoint, NULL);
  set_buffer (endpoint, row, "");
  assert_config (endpoint, row->setting, "0");
  listen_on (endpoint, row->family->host);
  assert_granted (endpoint, row);
  original = read_config (endpoint, row->setting);
  set_buffer (endpoint, row, "20000");
  assert_config (endpoint, row->setting, "20000");
  set_buffer (endpoint, row, "");
  assert_config (endpoint, row->setting, original);
}

static void
test_buffer_limits (gconstpointer data)
{
  const BufferRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = make_endpoint (NULL);

  if (skip (row->family))
    return;

  g_test_summary ("Too large and too small are what the kernel makes of them");
  listen_on (endpoint, row->family->host);
  set_buffer (endpoint, row, "1073741823");
  assert_granted (endpoint, row);
  set_buffer (endpoint, row, "1");
  assert_granted (endpoint, row);
}

static void
test_capture (gconstpointer data)
{
  const Family *family = data;
  g_autoptr (GCoapEndpoint) endpoint = make_endpoint (NULL);
  int fd;

  if (skip (family))
    return;

  g_test_summary ("A socket of one address asks for it only if it is wanted");
  listen_on (endpoint, family->host);
  fd = find_socket_of (endpoint);
  g_assert_cmpint (get_option (fd, family->level, family->packet_info), ==, FALSE);
  configure (endpoint, "CaptureIPPacketInfo=True");
  g_assert_cmpint (get_option (fd, family->level, family->packet_info), ==, TRUE);
  configure (endpoint, "CaptureIPPacketInfo=False");
  g_assert_cmpint (get_option (fd, family->level, family->packet_info), ==, FALSE);
}

/* A listener, who it is asked by, and at which address. */
typedef struct
{
  const char *name;
  const char *local;
  const char *use_ipv6;
  const char *from;
  const char *to;
} DestinationRow;

static const DestinationRow destination_rows[] = {
  { "ipv4", "", "UseIPv6=False", "127.0.0.1", "127.0.0.2" },
  { "ipv4-bound", "127.0.0.3", "UseIPv6=False", "127.0.0.1", "127.0.0.3" },
  { "ipv6", "::", "UseIPv6=True", "::1", "::1" },
  { "ipv6-bound", "::1", "UseIPv6=True", "::1", "::1" },
  { "dual-ipv4", "", "UseIPv6=True", "127.0.0.1", "127.0.0.4" },
  { "dual-ipv6", "", "UseIPv6=True", "::1", "::1" },
};

static void
note_destination_cb (GCoapEndpoint *endpoint,
                     GCoapRequest  *request,
                     GPtrArray     *seen)
{
  g_ptr_array_add (seen, g_strdup (gcoap_request_get_destination_address (request)));
  g_ptr_array_add (seen, read_config (endpoint, "DestinationAddress"));
}

static void
test_destination (gconstpointer data)
{
  const DestinationRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = make_endpoint (row->use_ipv6);
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);
  int fd;

  if (strchr (row->to, ':') != NULL && skip_without_ipv6 ())
    return;

  g_test_summary ("The setting tells it if it is asked to, and the request in any case");
  g_signal_connect (endpoint, "request", G_CALLBACK (note_destination_cb), seen);
  listen_on (endpoint, row->local);
  fd = open_udp (row->from, 0);
  send_udp (fd, row->to, gcoap_endpoint_get_local_port (endpoint), "50 01 0001");
  wait_until (seen->len == 2);
  configure (endpoint, "CaptureIPPacketInfo=True");
  assert_config (endpoint, "DestinationAddress", "");
  send_udp (fd, row->to, gcoap_endpoint_get_local_port (endpoint), "50 01 0002");
  wait_until (seen->len == 4);
  g_assert_cmpstr (g_ptr_array_index (seen, 0), ==, row->to);
  g_assert_cmpstr (g_ptr_array_index (seen, 1), ==, "");
  g_assert_cmpstr (g_ptr_array_index (seen, 2), ==, row->to);
  g_assert_cmpstr (g_ptr_array_index (seen, 3), ==, row->to);
  configure (endpoint, "CaptureIPPacketInfo=False");
  assert_config (endpoint, "DestinationAddress", "");
  close (fd);
}

static void
test_destination_latest (void)
{
  g_autoptr (GCoapEndpoint) endpoint = make_endpoint ("CaptureIPPacketInfo=True");
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);
  int fd = open_udp ("127.0.0.1", 0);
  guint16 port;

  g_test_summary ("In the handler it is that of its request, however many came at once");
  g_signal_connect (endpoint, "request", G_CALLBACK (note_destination_cb), seen);
  listen_on (endpoint, "");
  port = gcoap_endpoint_get_local_port (endpoint);
  send_udp (fd, "127.0.0.5", port, "50 01 0001");
  send_udp (fd, "127.0.0.6", port, "50 01 0002");
  send_udp (fd, "127.255.255.254", port, "50 01 0003");
  wait_until (seen->len == 6);
  g_assert_cmpstr (g_ptr_array_index (seen, 1), ==, "127.0.0.5");
  g_assert_cmpstr (g_ptr_array_index (seen, 3), ==, "127.0.0.6");
  assert_config (endpoint, "DestinationAddress", "127.255.255.254");
  close (fd);
}

static void
test_destination_of_own (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autoptr (GCoapRequest) request = NULL;

  g_test_summary ("A request of one's own was not received");
  begin_get (fixture->client, uri);
  request = get_pending (fixture->client, 0);
  g_assert_cmpstr (gcoap_request_get_destination_address (request), ==, "");
}

/* A Non-confirmable POST whose datagram is so long. */
static char *
make_post (guint length)
{
  GString *hex = g_string_new ("50 02 0001 ff");

  for (guint i = 5; i < length; i++)
    g_string_append (hex, "61");

  return g_string_free (hex, FALSE);
}

static void
test_max_packet_size (gconstpointer data)
{
  const Family *family = data;
  g_autoptr (GCoapEndpoint) endpoint = make_endpoint ("MaxPacketSize=100");
  Completions errors = { 0 };
  g_autofree char *just = make_post (100);
  g_autofree char *longer = make_post (101);
  g_autofree char *expected = NULL;
  guint n_requests = 0;
  guint16 port;
  int fd;

  if (skip (family))
    return;

  g_test_summary ("A longer one is dropped, and its size is told");
  completions_watch (&errors, endpoint, "error");
  answer_with (endpoint, "request", "hi");
  g_signal_connect_swapped (endpoint, "request", G_CALLBACK (count_cb), &n_requests);
  listen_on (endpoint, family->host);
  port = gcoap_endpoint_get_local_port (endpoint);
  fd = open_udp (family->host, 0);
  send_udp (fd, family->host, port, longer);
  wait_until (errors.n == 1);
  g_assert_cmpint (errors.code, ==, GCOAP_ERROR_MALFORMED_MESSAGE);
  expected = g_strdup_printf ("%s sent a datagram of 101 bytes, which is more than MaxPacketSize "
                              "allows", family->host);
  g_assert_cmpstr (errors.description, ==, expected);
  g_assert_cmpuint (n_requests, ==, 0);
  send_udp (fd, family->host, port, just);
  wait_until (n_requests == 1);

  configure (endpoint, "MaxPacketSize=101");
  send_udp (fd, family->host, port, "50 02 0009");
  wait_until (n_requests == 2);
  longer[8] = '2';
  send_udp (fd, family->host, port, longer);
  wait_until (n_requests == 3);
  g_assert_cmpuint (errors.n, ==, 1);
  completions_clear (&errors);
  close (fd);
}

static void
test_max_packet_size_many (void)
{
  g_autoptr (GCoapEndpoint) endpoint = make_endpoint ("MaxPacketSize=64");
  Completions errors = { 0 };
  g_autofree char *longer = make_post (65);
  guint n_requests = 0;
  guint16 port;
  int fd = open_udp ("127.0.0.1", 0);

  g_test_summary ("A batch of them, and a good one behind");
  completions_watch (&errors, endpoint, "error");
  g_signal_connect_swapped (endpoint, "request", G_CALLBACK (count_cb), &n_requests);
  listen_on (endpoint, "127.0.0.1");
  port = gcoap_endpoint_get_local_port (endpoint);
  for (guint i = 0; i < 64; i++)
    send_udp (fd, "127.0.0.1", port, longer);
  send_udp (fd, "127.0.0.1", port, "50 01 0002");
  wait_until (n_requests == 1);
  g_assert_cmpuint (errors.n, ==, 64 + 1); /* and no response was set */
  completions_clear (&errors);
  close (fd);
}

static void
add_for_families (const char    *test,
                  GTestDataFunc  function)
{
  const Family *const families[] = { &ipv4, &ipv6 };

  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-socket/%s/%s", test, families[i]->name);

      g_test_add_data_func (path, families[i], function);
    }
}

static void
add_for_buffers (const char    *test,
                 GTestDataFunc  function)
{
  for (guint i = 0; i < G_N_ELEMENTS (buffer_rows); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-socket/%s/%s/%s", test, buffer_rows[i].setting,
                         buffer_rows[i].family->name);

      g_test_add_data_func (path, &buffer_rows[i], function);
    }
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-socket/" path, function)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_for_families ("dont-fragment", test_dont_fragment);
  ADD ("dont-fragment/dual", test_dont_fragment_dual);
  add_for_families ("qos", test_qos);
  add_for_families ("qos-received", test_qos_received);
  add_for_buffers ("buffer", test_buffer);
  add_for_buffers ("buffer-limits", test_buffer_limits);
  add_for_families ("capture", test_capture);
  for (guint i = 0; i < G_N_ELEMENTS (destination_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/facade/endpoint-socket/destination/%s",
                                               destination_rows[i].name);

      g_test_add_data_func (path, &destination_rows[i], test_destination);
    }
  ADD ("destination/latest", test_destination_latest);
  ADD ("destination/of-own", test_destination_of_own);
  add_for_families ("max-packet-size", test_max_packet_size);
  ADD ("max-packet-size/many", test_max_packet_size_many);

  return g_test_run ();
}
