/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-log-private.h"

#include "codec/gcoap-frame-private.h"
#include "gcoap-option-private.h"
#include "gcoap/gcoap-code.h"

static const char *const type_names[] = { "CON", "NON", "ACK", "RST" };

static void
append_hex (GString      *line,
            const guint8 *bytes,
            gsize         length)
{
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (line, "%02x", bytes[i]);
}

static void
append_code (GString *line,
             guint8   code)
{
  const char *name = gcoap_code_get_name (code);
  g_autofree char *number = gcoap_code_to_string (code);

  g_string_append_printf (line, " %s", number);
  if (name != NULL)
    g_string_append_printf (line, " %s", name);
}

static void
append_options (GString          *line,
                const GCoapFrame *frame)
{
  GCoapOptionIter iter;

  gcoap_option_iter_init (&iter, frame->options, frame->options_length);
  while (gcoap_option_iter_next (&iter))
    {
      g_autoptr (GCoapOption) option =
        gcoap_option_new_from_wire (iter.number, iter.value, iter.length);
      const char *name = gcoap_option_get_name (option);
      g_autofree char *value = g_strescape (gcoap_option_get_value (option), NULL);

      if (name != NULL)
        g_string_append_printf (line, ", %s: %s", name, value);
      else
        g_string_append_printf (line, ", %u: %s", iter.number, value);
    }
}

static void
append_payload (GString          *line,
                const GCoapFrame *frame,
                gboolean          with_payload)
{
  const char *payload = (const char *) frame->payload;

  if (frame->payload_length == 0)
    return;

  g_string_append_printf (line, ", %" G_GSIZE_FORMAT " bytes", frame->payload_length);
  if (!with_payload)
    return;

  g_string_append (line, ": ");
  if (g_utf8_validate_len (payload, frame->payload_length, NULL))
    {
      g_autofree char *text = g_strndup (payload, frame->payload_length);
      g_autofree char *escaped = g_strescape (text, NULL);

      g_string_append (line, escaped);
    }
  else
    append_hex (line, frame->payload, frame->payload_length);
}

static void
append_message (GString             *line,
                const GCoapDatagram *datagram,
                gboolean             with_payload)
{
  GCoapFrame frame;
  GCoapFrameVerdict verdict = gcoap_frame_parse (&frame, datagram->data, datagram->length);

  if (verdict != GCOAP_FRAME_VALID)
    {
      g_string_append_printf (line, " %" G_GSIZE_FORMAT " bytes that are no CoAP message",
                              datagram->length);
      return;
    }

  g_string_append_printf (line, " %s", type_names[frame.type]);
  append_code (line, frame.code);
  g_string_append_printf (line, ", MID %u", frame.message_id);
  if (frame.token_length > 0)
    {
      g_string_append (line, ", token ");
      append_hex (line, frame.token, frame.token_length);
    }
  append_options (line, &frame);
  append_payload (line, &frame, with_payload);
}

static char *
describe (const GCoapDatagram *datagram,
          gboolean             is_outgoing,
          gboolean             with_payload)
{
  g_autofree char *host = gcoap_address_get_host (&datagram->remote);
  GString *line = g_string_new (is_outgoing ? "-> " : "<- ");

  g_string_append_printf (line, strchr (host, ':') != NULL ? "[%s]:%u" : "%s:%u",
                          host, datagram->remote.port);
  if (datagram->error != 0)
    g_string_append_printf (line, " undeliverable: %s", g_strerror (datagram->error));
  else
    append_message (line, datagram, with_payload);

  return g_string_free (line, FALSE);
}

char **
gcoap_log_describe (const GCoapDatagram *datagrams,
                    guint                n_datagrams,
                    gboolean             is_outgoing,
                    gboolean             with_payload)
{
  char **lines = g_new0 (char *, n_datagrams + 1);

  for (guint i = 0; i < n_datagrams; i++)
    lines[i] = describe (&datagrams[i], is_outgoing, with_payload);

  return lines;
}
