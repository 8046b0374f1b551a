/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Uploads from many ports that never come to their end. Tells how far the server's memory grew, and
 * what of it is left when it has given them up.
 *
 * The clients of a group send a block each in turn. A group of all has all uploads grow together;
 * in small groups one upload after another grows large. A client whose upload the server has
 * dropped begins anew, so that the pressure does not end where the cap is reached. */

#include "client-socket.h"
#include "process.h"
#include "transfer-body.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define BLOCK_SIZE     1024
#define SZX            6
#define DATAGRAM_SIZE  (BLOCK_SIZE + 64)
#define TIMEOUT_SEC    5 /* for a reply */
/* What fits a receive buffer of the usual default size (212992) in any case. */
#define WINDOW         48
#define SAMPLE_EVERY   1000 /* blocks */
#define WARM_UP_GETS   1000
#define MAX_CLIENTS    60000

#define FIRST_ADDRESS  0x7f030001u /* 127.3.0.1 */

#define FIRST_BYTE_CON  0x40
#define FIRST_BYTE_ACK  0x60
#define CODE_GET        0x01
#define CODE_PUT        0x03
#define CODE_CONTENT    0x45
#define CODE_CONTINUE   0x5f
#define CODE_INCOMPLETE 0x88

typedef struct
{
  int     fd;
  guint16 id;       /* of the latest message */
  guint   n_blocks; /* that the server has */
} Client;

typedef struct
{
  Client *clients;
  guint   n_clients;
  guint   n_sent;     /* blocks */
  guint   n_dropped;  /* uploads that the server gave up for others */
  gint64  before;
  gint64  most;
} Load;

static gint opt_port;
static gint opt_pid;
static gint opt_clients = 1000;
static gint opt_group = 1000;
static gint opt_kibibytes = 200;
static gdouble opt_timeout = 1;

static GOptionEntry entries[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &opt_port, "Port of the server on 127.0.0.1", "N" },
  { "pid", 0, 0, G_OPTION_ARG_INT, &opt_pid, "Process of the server", "N" },
  { "clients", 0, 0, G_OPTION_ARG_INT, &opt_clients, "Uploads in all", "N" },
  { "group", 0, 0, G_OPTION_ARG_INT, &opt_group, "Uploads that grow together", "N" },
  { "kibibytes", 0, 0, G_OPTION_ARG_INT, &opt_kibibytes, "What each has sent in the end", "N" },
  { "timeout", 0, 0, G_OPTION_ARG_DOUBLE, &opt_timeout, "TransferTimeout of the server", "S" },
  { NULL }
};

static int
open_client (guint client)
{
  struct timeval timeout = { .tv_sec = TIMEOUT_SEC };
  int fd = client_socket_open (FIRST_ADDRESS, client, opt_port, 0);

  if (setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) != 0)
    g_error ("Cannot limit the wait for replies: %s", g_strerror (errno));
  return fd;
}

static guint8 *
write_header (guint8     *bytes,
              Client     *client,
              guint8      code,
              const char *path)
{
  gsize length = strlen (path);

  client->id++;
  bytes[0] = FIRST_BYTE_CON;
  bytes[1] = code;
  bytes[2] = client->id >> 8;
  bytes[3] = client->id & 0xff;
  bytes[4] = 11 << 4 | length; /* Uri-Path; its length fits */
  memcpy (bytes + 5, path, length);
  return bytes + 5 + length;
}

/* Block1 is 16 above Uri-Path, which takes an extended delta. There always is more to come. */
static guint8 *
write_block_option (guint8 *bytes,
                    guint   number)
{
  guint32 value = number << 4 | 1 << 3 | SZX;
  guint length = value > 0xffff ? 3 : value > 0xff ? 2 : 1;

  *bytes++ = 13 << 4 | length;
  *bytes++ = 16 - 13;
  for (guint i = length; i > 0; i--)
    *bytes++ = value >> 8 * (i - 1);
  return bytes;
}

static void
send_bytes (Client       *client,
            const guint8 *bytes,
            gsize         length)
{
  while (send (client->fd, bytes, length, 0) < 0)
    if (errno != EINTR)
      g_error ("Cannot send: %s", g_strerror (errno));
}

/* Returns the code of the reply. */
static guint
receive_reply (Client *client,
               guint8 *bytes,
               gsize  *out_length)
{
  gssize n = recv (client->fd, bytes, DATAGRAM_SIZE, 0);

  if (n < 0)
    g_error ("There is no reply: %s", g_strerror (errno));
  if (n < 4 || bytes[0] != FIRST_BYTE_ACK || (bytes[2] << 8 | bytes[3]) != client->id)
    g_error ("The reply is wrong");
  *out_length = n;
  return bytes[1];
}

static void
send_block (Load   *self,
            Client *client)
{
  static const guint8 block[BLOCK_SIZE];
  guint8 bytes[DATAGRAM_SIZE];
  guint8 *end = write_header (bytes, client, CODE_PUT, TRANSFER_PATH);

  end = write_block_option (end, client->n_blocks);
  *end++ = 0xff;
  memcpy (end, block, BLOCK_SIZE);
  send_bytes (client, bytes, end + BLOCK_SIZE - bytes);
  if (++self->n_sent % SAMPLE_EVERY == 0)
    self->most = MAX (self->most, process_get_memory (opt_pid));
}

static void
receive_verdict (Load   *self,
                 Client *client)
{
  guint8 bytes[DATAGRAM_SIZE];
  gsize length;
  guint code = receive_reply (client, bytes, &length);

  if (code == CODE_CONTINUE)
    client->n_blocks++;
  else if (code == CODE_INCOMPLETE)
    {
      client->n_blocks = 0;
      self->n_dropped++;
    }
  else
    g_error ("The server does not take a block: %u.%02u", code >> 5, code & 0x1f);
}

/* As many blocks from each as --kibibytes says. Who had to begin anew has got less far. */
static void
upload_group (Load   *self,
              Client *clients,
              guint   n_clients)
{
  for (int turn = 0; turn < opt_kibibytes; turn++)
    for (guint i = 0; i < n_clients; i += WINDOW)
      {
        guint n = MIN (WINDOW, n_clients - i);

        for (guint k = 0; k < n; k++)
          send_block (self, &clients[i + k]);
        for (guint k = 0; k < n; k++)
          receive_verdict (self, &clients[i + k]);
      }
}

/* What the server has allocated. */
static gint64
ask_allocated (Client *client)
{
  guint8 bytes[DATAGRAM_SIZE + 1];
  guint8 *end = write_header (bytes, client, CODE_GET, MEMORY_PATH);
  const guint8 *payload;
  gsize length;

  send_bytes (client, bytes, end - bytes);
  if (receive_reply (client, bytes, &length) != CODE_CONTENT)
    g_error ("The server does not tell its memory");
  bytes[length] = '\0';
  payload = memchr (bytes + 4, 0xff, length - 4);
  if (payload == NULL)
    g_error ("The server tells nothing of its memory");
  return g_ascii_strtoll ((const char *) payload + 1, NULL, 10);
}

static Load *
load_new (void)
{
  Load *self = g_new0 (Load, 1);

  client_socket_allow (opt_clients + 1);
  self->n_clients = opt_clients;
  self->clients = g_new0 (Client, self->n_clients);
  for (guint i = 0; i < self->n_clients; i++)
    self->clients[i] = (Client) { .fd = open_client (i), .id = (guint16) g_random_int () };
  return self;
}

static void
measure (Load *self)
{
  Client control = { .fd = open_client (self->n_clients) };
  gint64 allocated = 0;

  for (guint i = 0; i < WARM_UP_GETS; i++)
    allocated = ask_allocated (&control);
  self->before = process_get_memory (opt_pid);
  self->most = self->before;

  for (guint i = 0; i < self->n_clients; i += opt_group)
    upload_group (self, self->clients + i, MIN ((guint) opt_group, self->n_clients - i));
  self->most = MAX (self->most, process_get_memory (opt_pid));
  g_print ("sent=%.0f dropped=%u ", self->n_sent * (gdouble) BLOCK_SIZE, self->n_dropped);
  g_print ("resident=%.0f allocated=%.0f ", (gdouble) (self->most - self->before),
           (gdouble) (ask_allocated (&control) - allocated));

  /* The half second is the server's, for giving them up. */
  g_usleep ((gulong) ((opt_timeout + 0.5) * G_USEC_PER_SEC));
  g_print ("allocated_after=%.0f ", (gdouble) (ask_allocated (&control) - allocated));
  g_print ("resident_after=%.0f\n", (gdouble) (process_get_memory (opt_pid) - self->before));
}

static gboolean
check_options (void)
{
  return opt_port > 0 && opt_port <= G_MAXUINT16 && opt_pid > 0 && opt_clients > 0 &&
         opt_clients <= MAX_CLIENTS && opt_group > 0 && opt_kibibytes > 0 &&
         opt_kibibytes <= G_MAXUINT16 && opt_timeout > 0 && opt_timeout <= 60;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- stall uploads to a CoAP server");
  g_autoptr (GError) error = NULL;

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

  measure (load_new ());
  return 0;
}
