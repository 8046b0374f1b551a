/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-settings-private.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#define PROTOCOL(field) G_STRUCT_OFFSET (GCoapSettings, protocol.field)
#define OWN(field)      G_STRUCT_OFFSET (GCoapSettings, field)
#define BUILD_INFO      "GCoap " PACKAGE_VERSION ", GLib " GLIB_VERSION_TEXT

static const GCoapSetting table[] = {
  { "AbsoluteTimeout", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (absolute_timeout),
    .description = "Whether the timeout property is a deadline, and not a limit to inactivity." },
  { "AckRandomFactor", GCOAP_SETTING_FACTOR, 1, 10, PROTOCOL (ack_random_factor),
    .description = "ACK_RANDOM_FACTOR of RFC 7252 section 4.8." },
  { "AckTimeout", GCOAP_SETTING_DURATION, 0.001, 3600, PROTOCOL (ack_timeout),
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
  { "ConfirmableInterval", GCOAP_SETTING_COUNT, 1, G_MAXUINT16, PROTOCOL (confirmable_interval),
    .description = "Of how many notifications to an observer one is Confirmable at least, so "
                   "that a client that is gone is noticed. One a day is in any case "
                   "(RFC 7641 section 4.5)." },
  { "DefaultLeisure", GCOAP_SETTING_DURATION, 0, 3600, PROTOCOL (default_leisure),
    .description = "DEFAULT_LEISURE of RFC 7252 section 4.8: the time over which answers to a "
                   "multicast request are spread." },
  { "DualRole", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (dual_role),
    .description = "Whether one endpoint may serve and ask at once." },
  { "ExchangeLifetime", GCOAP_SETTING_DERIVED,
    .derive = gcoap_parameters_get_exchange_lifetime,
    .description = "EXCHANGE_LIFETIME of RFC 7252 section 4.8.2." },
  { "ExplicitCancel", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (explicit_cancel),
    .description = "Whether a client that stops observing tells the server; if not, it rejects "
                   "the next notification (RFC 7641 section 3.6)." },
  { "LocalHost", GCOAP_SETTING_PROPERTY, .text = "local-host", .is_fixed_while_open = TRUE,
    .description = "The local-host property." },
  { "LocalPort", GCOAP_SETTING_PROPERTY, 0, G_MAXUINT16, .text = "local-port",
    .is_fixed_while_open = TRUE, .description = "The local-port property." },
  { "LogLevel", GCOAP_SETTING_COUNT, 0, 3, OWN (log_level),
    .description = "How much the log signal tells: 0 nothing, 1 what happens to the endpoint, "
                   "2 each message too, 3 their payloads too." },
  { "MaxBodySize", GCOAP_SETTING_SIZE, 0, G_MAXINT32, PROTOCOL (max_body_size),
    .description = "How large a body may be that is received in blocks, other than as a stream. A "
                   "larger one is refused with 4.13, or ends a request of the client's with "
                   "error 702." },
  { "MaxLatency", GCOAP_SETTING_DURATION, 0, 3600, PROTOCOL (max_latency),
    .description = "MAX_LATENCY of RFC 7252 section 4.8.2: the longest time a datagram is "
                   "assumed to take." },
  { "MaxObservers", GCOAP_SETTING_COUNT, 0, G_MAXINT32, PROTOCOL (max_observers),
    .description = "How many observers there may be. A registration above that is answered as a "
                   "plain request." },
  { "MaxObserversPerPeer", GCOAP_SETTING_COUNT, 0, G_MAXINT32, PROTOCOL (max_observers_per_peer),
    .description = "How many of them one peer may be." },
  { "MaxPeers", GCOAP_SETTING_COUNT, 1, G_MAXINT32, PROTOCOL (max_peers),
    .description = "How many peers the Message IDs are remembered of. Those that have been idle "
                   "longest go." },
  { "MaxPendingRequests", GCOAP_SETTING_COUNT, 1, G_MAXINT32, PROTOCOL (max_pending_requests),
    .description = "How many requests may wait for the application. Those above are answered "
                   "5.03." },
  { "MaxRetransmit", GCOAP_SETTING_COUNT, 0, 20, PROTOCOL (max_retransmit),
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
    .description = "NSTART of RFC 7252 section 4.7: how many Confirmable messages to one peer may "
                   "wait for their acknowledgement. More wait in line." },
  { "PiggybackDelay", GCOAP_SETTING_DURATION, 0, 3600, PROTOCOL (piggyback_delay),
    .description = "How long a server waits for the response before it acknowledges a "
                   "Confirmable request without it." },
  { "ProcessingDelay", GCOAP_SETTING_DERIVED, .derive = gcoap_parameters_get_processing_delay,
    .description = "PROCESSING_DELAY of RFC 7252 section 4.8.2." },
  { "Reregister", GCOAP_SETTING_BOOLEAN, 0, 1, PROTOCOL (reregisters),
    .description = "Whether a client that observes registers again when the latest state is no "
                   "longer fresh (RFC 7641 section 3.3.1)." },
  { "ReregisterDelay", GCOAP_SETTING_DURATION, 0, 3600, PROTOCOL (reregister_delay),
    .description = "How long it waits for news after that, at least; at most three times as "
                   "long." },
  { "ResponseTimeout", GCOAP_SETTING_DURATION, 0.001, 86400, PROTOCOL (response_timeout),
    .description = "How long the application may take to answer a request whose response it "
                   "has put off. After that the peer gets 5.03." },
  { "TransferCacheSize", GCOAP_SETTING_SIZE, 0, G_MAXINT32, PROTOCOL (transfer_cache_size),
    .description = "How much memory the bodies of those transfers may take. When they take more, "
                   "those that have been idle longest are given up." },
  { "TransferTimeout", GCOAP_SETTING_DURATION, 0.001, 86400, PROTOCOL (transfer_timeout),
    .description = "How long after the latest block a server gives up a transfer. The default is "
                   "EXCHANGE_LIFETIME, which RFC 7959 section 2.5 lets clients expect at most." },
  { "UseIPv6", GCOAP_SETTING_BOOLEAN, 0, 1, OWN (use_ipv6), .is_fixed_while_open = TRUE,
    .description = "Whether to listen on IPv6 and IPv4 where local-host is not set, and to "
                   "prefer IPv6 addresses of host names; if not, IPv4." },
};

static gpointer
get_field (const GCoapSettings *self,
           const GCoapSetting  *setting)
{
  return (guint8 *) self + setting->offset;
}

void
gcoap_settings_init (GCoapSettings *self)
{
  *self = (GCoapSettings) { .explicit_cancel = TRUE, .log_level = GCOAP_LOG_LEVEL_INFO };
  gcoap_parameters_init (&self->protocol);
}

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

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_ascii_strcasecmp (table[i].name, name) == 0)
      return &table[i];

  names = list_names ();
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("There is no setting \"%s\". There are: %s"), name, names);

  return NULL;
}

gboolean
gcoap_setting_is_read_only (const GCoapSetting *setting)
{
  return setting->type == GCOAP_SETTING_DERIVED || setting->type == GCOAP_SETTING_TEXT;
}

static char *
format_number (double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.10g", number));
}

static char *
format_duration (gint64 microseconds)
{
  return format_number ((double) microseconds / G_USEC_PER_SEC);
}

char *
gcoap_settings_read (const GCoapSettings *self,
                     const GCoapSetting  *setting)
{
  gpointer field = get_field (self, setting);

  switch (setting->type)
    {
    case GCOAP_SETTING_BOOLEAN:
      return g_strdup (*(gboolean *) field ? "True" : "False");

    case GCOAP_SETTING_COUNT:
    case GCOAP_SETTING_POWER:
      return g_strdup_printf ("%u", *(guint *) field);

    case GCOAP_SETTING_SIZE:
      return g_strdup_printf ("%" G_GSIZE_FORMAT, *(gsize *) field);

    case GCOAP_SETTING_FACTOR:
      return format_number (*(double *) field);

    case GCOAP_SETTING_DURATION:
      return format_duration (*(gint64 *) field);

    case GCOAP_SETTING_DERIVED:
      return format_duration (setting->derive (&self->protocol));

    case GCOAP_SETTING_TEXT:
      return g_strdup (setting->text);

    case GCOAP_SETTING_PROPERTY:
    default:
      g_return_val_if_reached (NULL);
    }
}

static gboolean
parse_boolean (const char *value,
               gboolean   *out_boolean)
{
  static const char *const words[2][3] = { { "False", "0", "No" }, { "True", "1", "Yes" } };

  for (guint truth = 0; truth < 2; truth++)
    for (guint i = 0; i < 3; i++)
      if (g_ascii_strcasecmp (value, words[truth][i]) == 0)
        {
          *out_boolean = truth;
          return TRUE;
        }

  return FALSE;
}

static gboolean
parse_number (const GCoapSetting *setting,
              const char         *value,
              double             *out_number)
{
  char *end;
  double number = g_ascii_strtod (value, &end);

  if (end == value || *end != '\0' || !isfinite (number) ||
      number < setting->minimum || number > setting->maximum)
    return FALSE;

  *out_number = number;

  return TRUE;
}

static gboolean
write_boolean (GCoapSettings       *self,
               const GCoapSetting  *setting,
               const char          *value,
               GError             **error)
{
  if (parse_boolean (value, get_field (self, setting)))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("\"%s\" is no value of the setting %s: it must be True or False, 1 or 0, "
                 "Yes or No"), value, setting->name);

  return FALSE;
}

static gboolean
fits (const GCoapSetting *setting,
      double              number)
{
  switch (setting->type)
    {
    case GCOAP_SETTING_COUNT:
    case GCOAP_SETTING_SIZE:
      return number == (gint64) number;

    case GCOAP_SETTING_POWER:
      return number == (guint) number && ((guint) number & ((guint) number - 1)) == 0;

    default:
      return TRUE;
    }
}

static void
set_number_error (const GCoapSetting  *setting,
                  const char          *value,
                  GError             **error)
{
  g_autofree char *minimum = format_number (setting->minimum);
  g_autofree char *maximum = format_number (setting->maximum);
  const char *demand;

  switch (setting->type)
    {
    case GCOAP_SETTING_COUNT:
    case GCOAP_SETTING_SIZE:
      demand = _("a whole number");
      break;

    case GCOAP_SETTING_POWER:
      demand = _("a power of two");
      break;

    default:
      demand = _("a number");
    }

  /* Translators: the third is "a number", "a whole number" or "a power of two". */
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("\"%s\" is no value of the setting %s: it must be %s from %s to %s"),
               value, setting->name, demand, minimum, maximum);
}

static gboolean
write_number (GCoapSettings       *self,
              const GCoapSetting  *setting,
              const char          *value,
              GError             **error)
{
  gpointer field = get_field (self, setting);
  double number;

  if (!parse_number (setting, value, &number) || !fits (setting, number))
    {
      set_number_error (setting, value, error);
      return FALSE;
    }

  if (setting->type == GCOAP_SETTING_COUNT || setting->type == GCOAP_SETTING_POWER)
    *(guint *) field = number;
  else if (setting->type == GCOAP_SETTING_SIZE)
    *(gsize *) field = number;
  else if (setting->type == GCOAP_SETTING_DURATION)
    *(gint64 *) field = number * G_USEC_PER_SEC + 0.5;
  else
    *(double *) field = number;

  return TRUE;
}

static void
write_default (GCoapSettings      *self,
               const GCoapSetting *setting)
{
  GCoapSettings defaults;
  g_autofree char *value = NULL;

  gcoap_settings_init (&defaults);
  value = gcoap_settings_read (&defaults, setting);
  gcoap_settings_write (self, setting, value, NULL);
}

gboolean
gcoap_settings_write (GCoapSettings       *self,
                      const GCoapSetting  *setting,
                      const char          *value,
                      GError             **error)
{
  if (*value == '\0')
    {
      write_default (self, setting);
      return TRUE;
    }

  return setting->type == GCOAP_SETTING_BOOLEAN ? write_boolean (self, setting, value, error)
                                                : write_number (self, setting, value, error);
}
