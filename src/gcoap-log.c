/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-log-private.h"

#include "codec/gcoap-frame-private.h"
#include "gcoap-option-private.h"
#include "gcoap/gcoap-code.h"
#include "gcoap/gcoap-option-number.h"

#define MASK "****"

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

/* What a query is about may be shown, but not what it says: "key=****". */
static char *
mask_query (const char *value)
{
  const char *equals = strchr (value, '=');

  return equals != NULL ? g_strdup_printf ("%.*s" MASK, (int) (equals - value) + 1, value)
                        : g_strdup (MASK);
}

static char *
mask_option (guint       number,
             const char *value)
{
  switch (number)
    {
    case GCOAP_OPTION_NUMBER_URI_QUERY:
    case GCOAP_OPTION_NUMBER_LOCATION_QUERY:
      return mask_query (value);

    case GCOAP_OPTION_NUMBER_PROXY_URI:
      return gcoap_log_mask_uris (value);

    default:
      return g_strdup (value);
    }
}

static char *
dup_option_value (GCoapOption *option,
                  gboolean     is_masked)
{
  const char *value = gcoap_option_get_value (option);

  return is_masked ? mask_option (gcoap_option_get_number (option), value) : g_strdup (value);
}

static void
append_options (GString          *line,
                const GCoapFrame *frame,
                gboolean          is_masked)
{
  GCoapOptionIter iter;

  gcoap_option_iter_init (&iter, frame->options, frame->options_length);
  while (gcoap_option_iter_next (&iter))
    {
      g_autoptr (GCoapOption) option =
        gcoap_option_new_from_wire (iter.number, iter.value, iter.length);
      const char *name = gcoap_option_get_name (option);
      g_autofree char *shown = dup_option_value (option, is_masked);
      g_autofree char *value = g_strescape (shown, NULL);

      if (name != NULL)
        g_string_append_printf (line, ", %s: %s", name, value);
      else
        g_string_append_printf (line, ", %u: %s", iter.number, value);
    }
}

static void
append_payload (GString          *line,
                const GCoapFrame *frame,
                GCoapLogDetail    detail)
{
  const char *payload = (const char *) frame->payload;

  if (frame->payload_length == 0)
    return;

  g_string_append_printf (line, ", %" G_GSIZE_FORMAT " bytes", frame->payload_length);
  if (!detail.with_payload)
    return;

  g_string_append (line, ": ");
  if (detail.is_masked)
    g_string_append (line, MASK);
  else if (g_utf8_validate_len (payload, frame->payload_length, NULL))
    {
      g_autofree char *text = g_strndup (payload, frame->payload_length);
      g_autofree char *escaped = g_strescape (text, NULL);

      g_string_append (line, escaped);
    }
  else
    append_hex (line, frame->payload, frame->payload_length);
}

static void
append_token (GString          *line,
              const GCoapFrame *frame,
              gboolean          is_masked)
{
  if (frame->token_length == 0)
    return;

  g_string_append (line, ", token ");
  if (is_masked)
    g_string_append (line, MASK);
  else
    append_hex (line, frame->token, frame->token_length);
}

static void
append_message (GString             *line,
                const GCoapDatagram *datagram,
                GCoapLogDetail       detail)
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
  append_token (line, &frame, detail.is_masked);
  append_options (line, &frame, detail.is_masked);
  append_payload (line, &frame, detail);
}

static char *
describe (const GCoapDatagram *datagram,
          gboolean             is_outgoing,
          GCoapLogDetail       detail)
{
  g_autofree char *host = gcoap_address_get_host (&datagram->remote);
  GString *line = g_string_new (is_outgoing ? "-> " : "<- ");

  g_string_append_printf (line, strchr (host, ':') != NULL ? "[%s]:%u" : "%s:%u",
                          host, datagram->remote.port);
  if (datagram->error != 0)
    g_string_append_printf (line, " undeliverable: %s", g_strerror (datagram->error));
  else
    append_message (line, datagram, detail);

  return g_string_free (line, FALSE);
}

char **
gcoap_log_describe (const GCoapDatagram *datagrams,
                    guint                n_datagrams,
                    gboolean             is_outgoing,
                    GCoapLogDetail       detail)
{
  char **lines = g_new0 (char *, n_datagrams + 1);

  for (guint i = 0; i < n_datagrams; i++)
    lines[i] = describe (&datagrams[i], is_outgoing, detail);

  return lines;
}

/* In a sentence a URI may be followed by a colon, which is the sentence's. */
static const char *
find_uri_end (const char *uri)
{
  const char *end = uri + strcspn (uri, " \t\n\"");

  while (end > uri && strchr (":,.", end[-1]) != NULL)
    end--;

  return end;
}

char *
gcoap_log_mask_uris (const char *text)
{
  GString *masked = g_string_new (NULL);
  const char *rest = text;
  const char *scheme_end;

  while ((scheme_end = strstr (rest, "://")) != NULL)
    {
      const char *end = find_uri_end (scheme_end + 3);
      const char *query = memchr (scheme_end, '?', end - scheme_end);

      g_string_append_len (masked, rest, (query != NULL ? query + 1 : end) - rest);
      if (query != NULL)
        g_string_append (masked, MASK);
      rest = end;
    }
  g_string_append (masked, rest);

  return g_string_free (masked, FALSE);
}
