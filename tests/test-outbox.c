/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/gcoap-outbox-private.h"

#include "core-fixture.h"

static const GCoapAddress any_local;

static void
add_empty (GCoapOutbox *outbox,
           guint16      message_id)
{
  GCoapAddress remote = core_address (2);

  gcoap_outbox_add_empty (outbox, &remote, &any_local, GCOAP_MESSAGE_TYPE_ACK, message_id);
}

static void
add_packet (GCoapOutbox *outbox,
            GCoapPacket *packet)
{
  GCoapAddress remote = core_address (2);

  gcoap_outbox_add_packet (outbox, &remote, &any_local, packet);
}

static guint16
get_message_id (const GCoapDatagram *datagram)
{
  return datagram->data[2] << 8 | datagram->data[3];
}

static void
test_order (void)
{
  GCoapFrame frame = { .code = CONTENT, .message_id = 2 };
  g_autoptr (GCoapPacket) packet = gcoap_packet_new (&frame);
  const GCoapDatagram *datagrams;
  GCoapOutbox outbox;

  g_test_summary ("Datagrams leave in order, packets and empty messages alike");
  gcoap_outbox_init (&outbox);
  add_empty (&outbox, 1);
  add_packet (&outbox, packet);
  add_empty (&outbox, 3);
  g_assert_cmpuint (packet->ref_count, ==, 2);

  g_assert_cmpuint (gcoap_outbox_peek (&outbox, &datagrams), ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (get_message_id (&datagrams[i]), ==, i + 1);
  g_assert_cmpmem (datagrams[0].data, datagrams[0].length, "\x60\x00\x00\x01", 4);
  gcoap_outbox_drop (&outbox, 2);
  g_assert_cmpuint (packet->ref_count, ==, 1);
  g_assert_cmpuint (gcoap_outbox_peek (&outbox, &datagrams), ==, 1);
  g_assert_cmpuint (get_message_id (&datagrams[0]), ==, 3);
  gcoap_outbox_clear (&outbox);
}

static void
test_clear (void)
{
  GCoapFrame frame = { .code = CONTENT };
  g_autoptr (GCoapPacket) packet = gcoap_packet_new (&frame);
  GCoapOutbox outbox;

  g_test_summary ("What has not left is given back");
  gcoap_outbox_init (&outbox);
  add_packet (&outbox, packet);
  add_packet (&outbox, packet);
  gcoap_outbox_clear (&outbox);
  g_assert_cmpuint (packet->ref_count, ==, 1);
}

static void
test_cap (void)
{
  GCoapFrame frame = { .code = CONTENT };
  g_autoptr (GCoapPacket) packet = gcoap_packet_new (&frame);
  const GCoapDatagram *datagrams;
  GCoapOutbox outbox;

  g_test_summary ("What does not fit is lost, as a network may lose it");
  gcoap_outbox_init (&outbox);
  for (guint i = 0; i < GCOAP_OUTBOX_MAX; i++)
    add_empty (&outbox, i);
  add_empty (&outbox, 1);
  add_packet (&outbox, packet);
  g_assert_cmpuint (packet->ref_count, ==, 1);
  g_assert_cmpuint (gcoap_outbox_peek (&outbox, &datagrams), ==, GCOAP_OUTBOX_MAX);
  gcoap_outbox_drop (&outbox, 1);
  add_packet (&outbox, packet);
  g_assert_cmpuint (gcoap_outbox_peek (&outbox, &datagrams), ==, GCOAP_OUTBOX_MAX);
  g_assert_cmpuint (packet->ref_count, ==, 2);
  gcoap_outbox_clear (&outbox);
}

static void
test_random_operations (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (10);
  GCoapOutbox outbox;
  guint16 n_added = 0, n_dropped = 0;

  g_test_summary ("Whatever is added and sent when, the order stays");
  gcoap_outbox_init (&outbox);
  for (guint i = 0; i < 5000; i++)
    {
      const GCoapDatagram *datagrams;
      guint n_waiting, n_sent;

      for (guint n = g_rand_int_range (random, 0, 20); n > 0; n--)
        add_empty (&outbox, n_added++);
      n_waiting = gcoap_outbox_peek (&outbox, &datagrams);
      g_assert_cmpuint (n_waiting, ==, (guint16) (n_added - n_dropped));
      n_sent = g_rand_int_range (random, 0, n_waiting + 1);
      for (guint j = 0; j < n_sent; j++)
        g_assert_cmpuint (get_message_id (&datagrams[j]), ==, n_dropped++);
      gcoap_outbox_drop (&outbox, n_sent);
    }
  gcoap_outbox_clear (&outbox);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/outbox/order", test_order);
  g_test_add_func ("/core/outbox/clear", test_clear);
  g_test_add_func ("/core/outbox/cap", test_cap);
  g_test_add_func ("/core/outbox/random-operations", test_random_operations);

  return g_test_run ();
}
