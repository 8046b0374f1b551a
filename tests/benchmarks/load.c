/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Asks a server on 127.0.0.1 as fast as it answers, for a while, and prints how fast that was.
 *
 * The load must cost less than the server it measures, or it measures itself. So the peers share
 * one socket: the system accepts every address of 127.0.0.0/8 as its own, each peer sends from
 * one of them, and a system call carries a batch whoever it is from; what one peer sends at once
 * crosses the network stack in one piece (UDP_SEGMENT). A peer whose Message IDs are used up
 * goes on from a fresh address, because repeating one towards the same server within
 * EXCHANGE_LIFETIME would ask for a stored reply instead of an answer (RFC 7252, 4.4). */

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH           64
#define MAX_PEERS       10000
#define MAX_OUTSTANDING 16
#define MAX_REQUESTS    G_GUINT64_CONSTANT (200000000)

#define WARM_UP_USEC       (200 * 1000)
#define LOST_AFTER_USEC    (200 * 1000)
#define CHECK_LOST_USEC    (20 * 1000)
/* Long enough for a batch to gather, short enough that the server never waits for it. */
#define REST_USEC          20
/* What fits a receive buffer of the usual default size (212992), whose space the kernel gives back
 * a quarter late: peers above it take turns, and no datagram is dropped for want of room. */
#define DEFAULT_WINDOW     192

#define FIRST_ADDRESS      0x7f010001u /* 127.1.0.1 */

/* Header (RFC 7252, 3), token and Uri-Path "bench". */
#define REQUEST_SIZE       14
#define REPLY_SIZE_MAX     128
#define HEADER_SIZE        4
#define TOKEN_SIZE         4
#define VERSION_CON_TOKEN4 0x44
#define VERSION_ACK_TOKEN4 0x64
#define CODE_GET           0x01
#define CODE_CONTENT       0x45

typedef struct
{
  guint32 address; /* network order */
  guint16 next_mid;
  guint   n_mids_left;
} Peer;

/* Room for one outstanding request. Its index and generation make the token, so that a reply names
 * its slot, and the reply to a request given up is told from the one that is waited for. */
typedef struct
{
  gint64   sent_at;
  guint16  generation;
  guint16  mid; /* network order */
  gboolean waiting;
} Slot;

typedef struct
{
  guint64 answered;
  guint64 lost;
  guint64 late;
  guint64 bad;
} Counts;

typedef union
{
  struct cmsghdr header;
  gchar          bytes[CMSG_SPACE (sizeof (struct in_pktinfo))];
} PacketInfo;

typedef struct
{
  int                fd;
  struct sockaddr_in server;
  guint8             reply_type_and_token_length;
  guint8             reply_code;

  Peer              *peers;
  guint              n_peers;
  guint32            next_address; /* host order */

  Slot              *slots;
  guint              n_slots;
  guint             *idle; /* a ring of slot indices, the one idle for longest first */
  guint              idle_head;
  guint              n_idle;
  guint              window;

  Counts             counts;
  guint64            n_sent;
  gint64             rested;

  struct mmsghdr     out[BATCH];
  struct iovec       out_vectors[BATCH];
  PacketInfo         out_infos[BATCH];
  guint8             out_bytes[BATCH][REQUEST_SIZE];
  struct mmsghdr     in[BATCH];
  struct iovec       in_vectors[BATCH];
  guint8             in_bytes[BATCH][REPLY_SIZE_MAX];
} Load;

static gint opt_port;
static gint opt_peers = 16;
static gint opt_outstanding = 8;
static gint opt_window = DEFAULT_WINDOW;
static gdouble opt_seconds = 1;
static gboolean opt_expect_echo;

static GOptionEntry entries[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &opt_port, "Port of the server on 127.0.0.1", "N" },
  { "peers", 0, 0, G_OPTION_ARG_INT, &opt_peers, "Number of client addresses", "N" },
  { "outstanding", 0, 0, G_OPTION_ARG_INT, &opt_outstanding, "Requests open per peer", "N" },
  { "window", 0, 0, G_OPTION_ARG_INT, &opt_window, "Requests open in all", "N" },
  { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &opt_seconds, "How long to count", "S" },
  { "expect-echo", 0, 0, G_OPTION_ARG_NONE, &opt_expect_echo, "Replies repeat the request", NULL },
  { NULL }
};

static void
peer_move (Load *self,
           Peer *peer)
{
  peer->address = htonl (self->next_address++);
  peer->next_mid = (guint16) g_random_int ();
  peer->n_mids_left = G_MAXUINT16 + 1;
}

static void
push_idle (Load  *self,
           guint  index)
{
  self->slots[index].waiting = FALSE;
  self->slots[index].generation++;
  self->idle[(self->idle_head + self->n_idle) % self->n_slots] = index;
  self->n_idle++;
}

static guint
pop_idle (Load *self)
{
  guint index = self->idle[self->idle_head];

  self->idle_head = (self->idle_head + 1) % self->n_slots;
  self->n_idle--;
  return index;
}

static void
link_buffers (Load *self)
{
  for (guint i = 0; i < BATCH; i++)
    {
      self->out_vectors[i] = (struct iovec) { self->out_bytes[i], REQUEST_SIZE };
      self->out_infos[i].header = (struct cmsghdr) {
        .cmsg_level = IPPROTO_IP,
        .cmsg_type = IP_PKTINFO,
        .cmsg_len = CMSG_LEN (sizeof (struct in_pktinfo)),
      };
      self->out[i].msg_hdr = (struct msghdr) {
        .msg_name = &self->server,
        .msg_namelen = sizeof self->server,
        .msg_control = &self->out_infos[i],
        .msg_controllen = sizeof self->out_infos[i],
      };

      self->in_vectors[i] = (struct iovec) { self->in_bytes[i], REPLY_SIZE_MAX };
      self->in[i].msg_hdr = (struct msghdr) {
        .msg_iov = &self->in_vectors[i],
        .msg_iovlen = 1,
      };
    }
}

static int
open_socket (void)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in any = { .sin_family = AF_INET };
  int datagram_size = REQUEST_SIZE;

  if (fd < 0 || bind (fd, (struct sockaddr *) &any, sizeof any) != 0)
    g_error ("Cannot open a socket: %s", g_strerror (errno));
  /* The wildcard address takes in all of 127.0.0.0/8, and must not take in more. */
  if (setsockopt (fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", sizeof "lo") != 0)
    g_error ("Cannot keep the socket to the loopback interface: %s", g_strerror (errno));
  if (setsockopt (fd, IPPROTO_UDP, UDP_SEGMENT, &datagram_size, sizeof datagram_size) != 0)
    g_error ("Cannot have the kernel split what is sent: %s", g_strerror (errno));
  return fd;
}

static Load *
load_new (void)
{
  Load *self = g_new0 (Load, 1);

  self->fd = open_socket ();
  self->server.sin_family = AF_INET;
  self->server.sin_port = htons (opt_port);
  self->server.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  self->reply_type_and_token_length = opt_expect_echo ? VERSION_CON_TOKEN4 : VERSION_ACK_TOKEN4;
  self->reply_code = opt_expect_echo ? CODE_GET : CODE_CONTENT;
  link_buffers (self);

  self->next_address = FIRST_ADDRESS;
  self->n_peers = opt_peers;
  self->peers = g_new0 (Peer, self->n_peers);
  for (guint i = 0; i < self->n_peers; i++)
    peer_move (self, &self->peers[i]);

  self->n_slots = self->n_peers * opt_outstanding;
  self->slots = g_new0 (Slot, self->n_slots);
  self->idle = g_new0 (guint, self->n_slots);
  self->window = MIN ((guint) opt_window, self->n_slots);
  for (guint i = 0; i < self->n_slots; i++)
    push_idle (self, i);
  return self;
}

static void
write_token (guint8 *bytes,
             guint   index,
             guint16 generation)
{
  guint32 token = htonl (index << 16 | generation);

  /* At most G_MAXUINT16 slots, checked with the options. */
  memcpy (bytes, &token, sizeof token);
}

/* Returns the address that the request is to come from. */
static guint32
prepare_request (Load   *self,
                 guint8 *bytes,
                 gint64  now)
{
  static const guint8 uri_path[] = { 0xb5, 'b', 'e', 'n', 'c', 'h' };
  guint index = pop_idle (self);
  Slot *slot = &self->slots[index];
  Peer *peer = &self->peers[index / opt_outstanding];

  if (peer->n_mids_left == 0)
    peer_move (self, peer);
  peer->n_mids_left--;
  slot->mid = htons (peer->next_mid++);
  slot->sent_at = now;
  slot->waiting = TRUE;

  bytes[0] = VERSION_CON_TOKEN4;
  bytes[1] = CODE_GET;
  memcpy (bytes + 2, &slot->mid, sizeof slot->mid);
  write_token (bytes + HEADER_SIZE, index, slot->generation);
  memcpy (bytes + HEADER_SIZE + TOKEN_SIZE, uri_path, sizeof uri_path);
  return peer->address;
}

/* Returns the number of messages: neighbours from one address make one message, which the kernel
 * splits into their datagrams. */
static guint
prepare_batch (Load   *self,
               guint   n_requests,
               gint64  now)
{
  struct in_pktinfo source = { 0 };
  guint n_messages = 0;

  for (guint i = 0; i < n_requests; i++)
    {
      guint32 address = prepare_request (self, self->out_bytes[i], now);

      if (n_messages == 0 || address != source.ipi_spec_dst.s_addr)
        {
          source.ipi_spec_dst.s_addr = address;
          memcpy (CMSG_DATA (&self->out_infos[n_messages].header), &source, sizeof source);
          self->out[n_messages].msg_hdr.msg_iov = &self->out_vectors[i];
          self->out[n_messages].msg_hdr.msg_iovlen = 0;
          n_messages++;
        }
      self->out[n_messages - 1].msg_hdr.msg_iovlen++;
    }
  return n_messages;
}

static void
send_messages (Load  *self,
               guint  n)
{
  guint n_sent = 0;

  while (n_sent < n)
    {
      int taken = sendmmsg (self->fd, self->out + n_sent, n - n_sent, 0);

      if (taken < 0 && errno != EINTR)
        g_error ("Cannot send: %s", g_strerror (errno));
      n_sent += MAX (taken, 0);
    }
}

static void
send_requests (Load   *self,
               gint64  now)
{
  guint n_waiting = self->n_slots - self->n_idle;

  while (n_waiting < self->window && self->n_idle > 0)
    {
      guint n = MIN (MIN (self->window - n_waiting, self->n_idle), BATCH);

      send_messages (self, prepare_batch (self, n, now));
      n_waiting += n;
      self->n_sent += n;
    }
}

static void
take_reply (Load         *self,
            const guint8 *bytes,
            gsize         length)
{
  guint32 token;
  guint16 mid;
  Slot *slot;

  if (length < HEADER_SIZE + TOKEN_SIZE || bytes[0] != self->reply_type_and_token_length ||
      bytes[1] != self->reply_code)
    {
      self->counts.bad++;
      return;
    }
  memcpy (&mid, bytes + 2, sizeof mid);
  memcpy (&token, bytes + HEADER_SIZE, sizeof token);
  token = ntohl (token);
  if (token >> 16 >= self->n_slots)
    {
      self->counts.bad++;
      return;
    }

  slot = &self->slots[token >> 16];
  if (!slot->waiting || slot->generation != (token & G_MAXUINT16))
    self->counts.late++;
  else if (slot->mid != mid)
    self->counts.bad++;
  else
    {
      self->counts.answered++;
      push_idle (self, token >> 16);
    }
}

static guint
receive_replies (Load *self)
{
  int n = recvmmsg (self->fd, self->in, BATCH, MSG_DONTWAIT, NULL);

  if (n < 0 && errno != EAGAIN && errno != EINTR)
    g_error ("Cannot receive: %s", g_strerror (errno));
  for (int i = 0; i < n; i++)
    take_reply (self, self->in_bytes[i], self->in[i].msg_len);
  return MAX (n, 0);
}

static void
give_up_lost (Load   *self,
              gint64  now)
{
  for (guint i = 0; i < self->n_slots; i++)
    if (self->slots[i].waiting && now - self->slots[i].sent_at > LOST_AFTER_USEC)
      {
        self->counts.lost++;
        push_idle (self, i);
      }
}

/* Waits on the clock alone: to sleep in the socket would have the server pay for waking us, which
 * a client on another machine does not cost it. A rest that was made longer from outside counts
 * as rest for its own length only. */
static void
rest (Load   *self,
      gint64  since)
{
  while (g_get_monotonic_time () - since < REST_USEC)
    ;
  self->rested += REST_USEC;
}

static void
run_until (Load   *self,
           gint64  end)
{
  gint64 now = g_get_monotonic_time ();
  gint64 next_check = now + CHECK_LOST_USEC;

  while (now < end && self->n_sent < MAX_REQUESTS)
    {
      guint n;

      send_requests (self, now);
      n = receive_replies (self);
      now = g_get_monotonic_time ();
      if (now >= next_check)
        {
          give_up_lost (self, now);
          next_check = now + CHECK_LOST_USEC;
        }
      if (n < BATCH)
        rest (self, now);
    }
}

static gboolean
check_options (void)
{
  return opt_port > 0 && opt_port <= G_MAXUINT16 && opt_peers > 0 && opt_peers <= MAX_PEERS &&
         opt_outstanding > 0 && opt_outstanding <= MAX_OUTSTANDING &&
         opt_peers * opt_outstanding <= G_MAXUINT16 && opt_window > 0 && opt_seconds > 0 &&
         opt_seconds <= 60;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- load a CoAP server");
  g_autoptr (GError) error = NULL;
  gint64 start, elapsed;
  Load *load;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (!check_options ())
    {
      g_printerr ("An option is missing or out of range; see --help\n");
      return 2;
    }

  load = load_new ();
  start = g_get_monotonic_time ();
  run_until (load, start + WARM_UP_USEC);
  load->counts = (Counts) { 0 };
  load->rested = 0;
  start = g_get_monotonic_time ();
  run_until (load, start + (gint64) (opt_seconds * G_USEC_PER_SEC));
  elapsed = g_get_monotonic_time () - start;

  g_print ("rate=%.0f lost=%" G_GUINT64_FORMAT " late=%" G_GUINT64_FORMAT
           " bad=%" G_GUINT64_FORMAT " busy=%.3f\n",
           load->counts.answered * (gdouble) G_USEC_PER_SEC / elapsed,
           load->counts.lost, load->counts.late, load->counts.bad,
           1 - load->rested / (gdouble) elapsed);
  return load->counts.answered > 0 && load->counts.bad == 0 ? 0 : 1;
}
