/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

/* config() itself: names, values, and when they can be changed. */

#define N_RANDOM 10000

typedef enum
{
  BOOLEAN,
  WHOLE,
  POWER,
  NUMBER,
  TEXT,
  CHOICE,
  ACTION, /* is always as it was */
  READ_ONLY,
} Kind;

/* A setting: what it is at first, another value, and those next to what is allowed. */
typedef struct
{
  const char *name;
  Kind        kind;
  const char *initial; /* (nullable) not fixed */
  const char *other;
  const char *too_low;
  const char *too_high;
} SettingRow;

static const SettingRow setting_rows[] = {
  { "AbsoluteTimeout", BOOLEAN, "False", "True" },
  { "AckRandomFactor", NUMBER, "1.5", "1", "0.99", "10.01" },
  { "AckTimeout", NUMBER, "2", "0.25", "0.0009", "3600.1" },
  { "BlockSize", POWER, "1024", "16", "15", "2048" },
  { "BuildInfo", READ_ONLY },
  { "CacheSize", WHOLE, "33554432", "0", "-1", "2147483648" },
  { "CaptureIPPacketInfo", BOOLEAN, "False", "True" },
  { "CodePage", TEXT, "65001", "1252" },
  { "ConfirmableInterval", WHOLE, "20", "1", "0", "65536" },
  { "DefaultLeisure", NUMBER, "5", "0.5", "-0.1", "3600.1" },
  { "DelayHostResolution", BOOLEAN, "False", "True" },
  { "DestinationAddress", READ_ONLY, "" },
  { "DontFragment", BOOLEAN, "False", "True" },
  { "DualRole", BOOLEAN, "False", "True" },
  { "ExchangeLifetime", READ_ONLY, "247" },
  { "ExplicitCancel", BOOLEAN, "True", "False" },
  { "FirewallData", TEXT, "", "Proxy-Authorization: Basic eA==, and spaces" },
  { "InBufferSize", WHOLE, "0", "65536", "-1", "1073741824" },
  { "LicenseInfo", READ_ONLY },
  { "LocalHost", TEXT, "", "127.0.0.1" },
  { "LocalPort", WHOLE, "0", "5683", "-1", "65536" },
  { "LogLevel", WHOLE, "1", "3", "-1", "4" },
  { "MaskSensitive", BOOLEAN, "True", "False" },
  { "MaxBodySize", WHOLE, "16777216", "0", "-1", "2147483648" },
  { "MaxLatency", NUMBER, "100", "0", "-0.1", "3600.1" },
  { "MaxObservers", WHOLE, "32768", "0", "-1", "2147483648" },
  { "MaxObserversPerPeer", WHOLE, "256", "0", "-1", "2147483648" },
  { "MaxPacketSize", WHOLE, "65535", "64", "63", "65536" },
  { "MaxPeers", WHOLE, "65536", "1", "0", "2147483648" },
  { "MaxPendingRequests", WHOLE, "65536", "1", "0", "2147483648" },
  { "MaxRetransmit", WHOLE, "4", "0", "-1", "21" },
  { "MaxRtt", READ_ONLY, "202" },
  { "MaxTransfers", WHOLE, "4096", "1", "0", "2147483648" },
  { "MaxTransmitSpan", READ_ONLY, "45" },
  { "MaxTransmitWait", READ_ONLY, "93" },
  { "NonLifetime", READ_ONLY, "145" },
  { "NStart", WHOLE, "1", "65535", "0", "65536" },
  { "OutBufferSize", WHOLE, "0", "65536", "-1", "1073741824" },
  { "PiggybackDelay", NUMBER, "0.05", "0", "-0.1", "3600.1" },
  { "ProbingRate", WHOLE, "1", "0", "-1", "2147483648" },
  { "QOSDSCPValue", WHOLE, "0", "63", "-1", "64" },
  { "QOSTrafficType", CHOICE, "BestEffort", "AudioVideo" },
  { "Reregister", BOOLEAN, "True", "False" },
  { "ReregisterDelay", NUMBER, "5", "0", "-0.1", "3600.1" },
  { "ProcessingDelay", READ_ONLY, "2" },
  { "ResetTiming", ACTION, "False" },
  { "ResponseTimeout", NUMBER, "120", "86400", "0.0009", "86400.1" },
  { "ShareLocalPort", BOOLEAN, "False", "True" },
  { "TransferCacheSize", WHOLE, "67108864", "0", "-1", "2147483648" },
  { "TransferTimeout", NUMBER, "247", "0.5", "0.0009", "86400.1" },
  { "UseConnection", BOOLEAN, "False", "True" },
  { "UseInternalSecurityAPI", BOOLEAN, "False", "True" },
  { "UseIPv6", BOOLEAN, "False", "True" },
};

static const char *const fixed_settings[] = {
  "LocalHost", "LocalPort", "ShareLocalPort", "UseConnection", "UseIPv6",
};

static const SettingRow *
get_row (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (setting_rows); i++)
    if (g_str_equal (setting_rows[i].name, name))
      return &setting_rows[i];

  g_assert_not_reached ();
}

static void
assert_setting (GCoapEndpoint *endpoint,
                const char    *name,
                const char    *value,
                const char    *expected)
{
  g_autofree char *configuration = g_strdup_printf ("%s=%s", name, value);

  assert_config (endpoint, configuration, expected);
}

/* Tries to set a setting, which must fail and leave it as it was. */
static void
assert_refused (GCoapEndpoint *endpoint,
                const char    *name,
                const char    *value,
                GQuark         domain,
                int            code,
                const char    *hint)
{
  g_autofree char *configuration = g_strdup_printf ("%s=%s", name, value);
  g_autofree char *before = gcoap_endpoint_config (endpoint, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (gcoap_endpoint_config (endpoint, configuration, &error));
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, hint));
  assert_config (endpoint, name, before);
}

static void
test_default (gconstpointer data)
{
  const SettingRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autofree char *value = gcoap_endpoint_config (endpoint, row->name, NULL);

  g_assert_nonnull (value);
  if (row->initial != NULL)
    g_assert_cmpstr (value, ==, row->initial);
}

static void
test_set (gconstpointer data)
{
  const SettingRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();

  g_test_summary ("The new value is what is returned, and what is read");
  assert_setting (endpoint, row->name, row->other, row->other);
  assert_config (endpoint, row->name, row->other);
}

static void
test_set_to_default (gconstpointer data)
{
  const SettingRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();

  g_test_summary ("NAME= sets the default");
  assert_setting (endpoint, row->name, row->other, row->other);
  assert_setting (endpoint, row->name, "", row->initial);
  assert_setting (endpoint, row->name, "  ", row->initial);
}

static void
test_reset (gconstpointer data)
{
  const SettingRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();

  g_test_summary ("reset() sets the default");
  assert_setting (endpoint, row->name, row->other, row->other);
  g_assert_true (gcoap_endpoint_reset (endpoint, NULL));
  assert_config (endpoint, row->name, row->initial);
}

static void
test_spelling (gconstpointer data)
{
  const SettingRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autofree char *lower = g_ascii_strdown (row->name, -1);
  g_autofree char *upper = g_ascii_strup (row->name, -1);
  g_autofree char *spaced = g_strdup_printf (" \t%s\n = %s \t", row->name, row->other);

  g_test_summary ("Names may be in any letter case, and have spaces around them");
  assert_setting (endpoint, lower, row->other, row->other);
  assert_config (endpoint, upper, row->other);
  assert_setting (endpoint, upper, "", row->initial);
  assert_config (endpoint, spaced, row->other);
}

static void
test_bad_value (gconstpointer data)
{
  const SettingRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  const char *const bad_numbers[] = {
    "x", "1x", "1,5", "nan", "inf", "-inf", "1e999", "True", "=",
  };
  const char *hint = row->kind == WHOLE   ? "a whole number from"
                     : row->kind == POWER ? "a power of two from"
                                          : "a number from";

  for (gsize i = 0; i < G_N_ELEMENTS (bad_numbers); i++)
    assert_refused (endpoint, row->name, bad_numbers[i],
                    G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, hint);
  assert_refused (endpoint, row->name, row->too_low, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, hint);
  assert_refused (endpoint, row->name, row->too_high, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                  hint);
  if (row->kind == WHOLE || row->kind == POWER)
    assert_refused (endpoint, row->name, "100.5", G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, hint);
  if (row->kind == POWER)
    assert_refused (endpoint, row->name, "100", G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, hint);
}

static void
test_boolean (gconstpointer data)
{
  const SettingRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  const char *const words[2][6] = {
    { "False", "false", "FALSE", "0", "no", "NO" },
    { "True", "true", "TRUE", "1", "yes", "YES" },
  };
  const char *const bad_words[] = { "2", "-1", "on", "off", "maybe", "truetrue", "t" };

  for (guint i = 0; i < 6; i++)
    {
      assert_setting (endpoint, row->name, words[1][i], "True");
      assert_setting (endpoint, row->name, words[0][i], "False");
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad_words); i++)
    assert_refused (endpoint, row->name, bad_words[i],
                    G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "True or False");
}

static void
test_traffic_type (void)
{
  const char *const words[] = {
    "BestEffort", "Background", "ExcellentEffort", "AudioVideo", "Voice", "Control",
  };
  const char *const bad_words[] = { "6", "-1", "1.5", "Best", "BestEffort1", "Best Effort", "=" };
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();

  g_test_summary ("As a word in any letter case, or as its number");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);
      g_autofree char *lower = g_ascii_strdown (words[i], -1);

      assert_setting (endpoint, "QOSTrafficType", number, words[i]);
      assert_setting (endpoint, "QOSTrafficType", "", "BestEffort");
      assert_setting (endpoint, "QOSTrafficType", lower, words[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad_words); i++)
    assert_refused (endpoint, "QOSTrafficType", bad_words[i],
                    G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "BestEffort, Background, ExcellentEffort, AudioVideo, Voice, Control");
}

static void
test_firewall_data (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();

  assert_setting (endpoint, "FirewallData", "a=b = c", "a=b = c");
  assert_setting (endpoint, "FirewallData", "  \303\244 x  ", "\303\244 x");
  assert_refused (endpoint, "FirewallData", "\344",
                  G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "UTF-8");
}

static void
test_not_utf8 (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();

  g_test_summary ("A host is text too, and so is a wrong number");
  assert_refused (endpoint, "LocalHost", "\344",
                  G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "UTF-8");
  assert_refused (endpoint, "NStart", "\344", G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "UTF-8");
}

static const char *const timing_settings[][3] = {
  { "AckRandomFactor", "3", "1.5" },
  { "AckTimeout", "7", "2" },
  { "DefaultLeisure", "7", "5" },
  { "MaxLatency", "7", "100" },
  { "MaxRetransmit", "7", "4" },
  { "NStart", "7", "1" },
  { "PiggybackDelay", "7", "0.05" },
  { "ProbingRate", "7", "1" },
};

static void
test_reset_timing (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  gsize n = G_N_ELEMENTS (timing_settings);

  g_test_summary ("It sets the defaults of the timing, and of nothing else");
  for (gsize i = 0; i < n; i++)
    assert_setting (endpoint, timing_settings[i][0], timing_settings[i][1], timing_settings[i][1]);
  configure (endpoint, "MaxObservers=7");
  assert_setting (endpoint, "ResetTiming", "no", "False");
  assert_setting (endpoint, "ResetTiming", "", "False");
  assert_config (endpoint, "AckTimeout", "7");
  assert_setting (endpoint, "RESETTIMING", "yes", "False");
  for (gsize i = 0; i < n; i++)
    assert_config (endpoint, timing_settings[i][0], timing_settings[i][2]);
  assert_config (endpoint, "ExchangeLifetime", "247");
  assert_config (endpoint, "MaxObservers", "7");
  assert_refused (endpoint, "ResetTiming", "maybe",
                  G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "True or False");
}

static void
test_license_info (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autofree char *value = gcoap_endpoint_config (endpoint, "LicenseInfo", NULL);

  g_assert_nonnull (strstr (value, "Product: GCoap "));
  g_assert_nonnull (strstr (value, "LGPL-2.1-or-later"));
}

static void
test_read_only (gconstpointer data)
{
  const SettingRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();

  assert_refused (endpoint, row->name, "1", G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, row->name);
  assert_refused (endpoint, row->name, "", G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, row->name);
}

static const char *const unknown_names[] = {
  "", "=", "=1", "Unknown", "AckTimeoutX", "Ack Timeout",
};

static void
test_unknown (gconstpointer data)
{
  const char *const *name = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("The error names the settings that there are");
  g_assert_null (gcoap_endpoint_config (endpoint, *name, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  for (gsize i = 0; i < G_N_ELEMENTS (setting_rows); i++)
    g_assert_nonnull (strstr (error->message, setting_rows[i].name));
}

static void
test_complete (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;

  g_test_summary ("There is no setting that is not in the table of this test");
  g_assert_null (gcoap_endpoint_config (endpoint, "Unknown", &error));
  names = g_strsplit (strstr (error->message, "There are: ") + strlen ("There are: "), ", ", -1);
  g_assert_cmpuint (g_strv_length (names), ==, G_N_ELEMENTS (setting_rows));
}

static void
test_build_info (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autofree char *value = gcoap_endpoint_config (endpoint, "BuildInfo", NULL);

  g_assert_nonnull (strstr (value, "GCoap "));
  g_assert_nonnull (strstr (value, "GLib "));
}

static void
test_derived (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();

  g_test_summary ("RFC 7252 section 4.8.2: they follow from the others");
  configure (endpoint, "AckTimeout=1");
  configure (endpoint, "AckRandomFactor=2");
  configure (endpoint, "MaxRetransmit=2");
  configure (endpoint, "MaxLatency=10");
  assert_config (endpoint, "MaxTransmitSpan", "6");
  assert_config (endpoint, "MaxTransmitWait", "14");
  assert_config (endpoint, "ProcessingDelay", "1");
  assert_config (endpoint, "MaxRtt", "21");
  assert_config (endpoint, "ExchangeLifetime", "27");
  assert_config (endpoint, "NonLifetime", "16");
}

static void
test_derived_extreme (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();

  configure (endpoint, "AckTimeout=3600");
  configure (endpoint, "AckRandomFactor=10");
  configure (endpoint, "MaxRetransmit=20");
  assert_config (endpoint, "MaxTransmitWait", "7.5497436e+10");
}

static void
test_fixed (gconstpointer data)
{
  const char *const *name = data;
  g_autoptr (Fixture) fixture = fixture_new ();

  assert_refused (fixture->server, *name, "1", GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                  "cannot be changed while listening");
  gcoap_endpoint_stop_listening (fixture->server, NULL);
  assert_setting (fixture->server, *name, "", get_row (*name)->initial);
  assert_setting (fixture->server, *name, get_row (*name)->other, get_row (*name)->other);
}

static void
test_fixed_while_pending (gconstpointer data)
{
  const char *const *name = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *id = ask (fixture->client, uri);

  assert_refused (fixture->client, *name, "1", GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                  "cannot be changed while requests are pending");
  gcoap_endpoint_cancel_request (fixture->client, id, NULL);
  assert_setting (fixture->client, *name, get_row (*name)->other, get_row (*name)->other);
}

static void
test_fixed_while_draining (gconstpointer data)
{
  const char *const *name = data;
  g_autoptr (Fixture) fixture = fixture_new ();

  g_test_summary ("Requests that were received are pending too");
  g_free (defer_acknowledged (fixture));
  gcoap_endpoint_stop_listening (fixture->server, NULL);
  assert_refused (fixture->server, *name, "1", GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE,
                  "cannot be changed while requests are pending");
}

static void
test_properties (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  guint n = 0;

  g_test_summary ("LocalHost and LocalPort are the properties");
  g_signal_connect_swapped (endpoint, "notify", G_CALLBACK (count_cb), &n);
  configure (endpoint, "LocalHost=127.0.0.3");
  configure (endpoint, "LocalPort=4711");
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (gcoap_endpoint_get_local_host (endpoint), ==, "127.0.0.3");
  g_assert_cmpuint (gcoap_endpoint_get_local_port (endpoint), ==, 4711);
  gcoap_endpoint_set_local_port (endpoint, 4712);
  assert_config (endpoint, "localport", "4712");
}

static void
test_properties_bound (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *port =
    g_strdup_printf ("%u", gcoap_endpoint_get_local_port (fixture->server));

  assert_config (fixture->server, "LocalHost", "127.0.0.1");
  assert_config (fixture->server, "LocalPort", port);
}

/* A name with an error in it, or none, and bytes that are mostly no value. */
static char *
make_random (GRand *random)
{
  const char *digits = "0123456789.-+eExXnf =";
  gsize which = g_rand_int_range (random, 0, G_N_ELEMENTS (setting_rows));
  GString *text = g_string_new (setting_rows[which].name);
  guint length = g_rand_int_range (random, 0, 24);

  if (g_rand_boolean (random))
    g_string_append_c (text, '=');
  for (guint i = 0; i < length; i++)
    if (g_rand_boolean (random))
      g_string_append_c (text, digits[g_rand_int_range (random, 0, strlen (digits))]);
    else
      g_string_append_c (text, g_rand_int_range (random, 1, 256));
  if (g_rand_int_range (random, 0, 4) == 0 && text->len > 0)
    text->str[g_rand_int_range (random, 0, text->len)] = g_rand_int_range (random, 1, 256);

  return g_string_free (text, FALSE);
}

static void
test_random (gconstpointer data)
{
  gboolean is_listening = GPOINTER_TO_INT (data);
  g_autoptr (GCoapEndpoint) endpoint = is_listening ? listener_new () : gcoap_endpoint_new ();
  GRand *random = g_rand_new_with_seed (1);

  g_test_summary ("Whatever comes, there is a value or an error, in UTF-8");
  for (guint i = 0; i < N_RANDOM; i++)
    {
      g_autofree char *configuration = make_random (random);
      g_autoptr (GError) error = NULL;
      g_autofree char *value = gcoap_endpoint_config (endpoint, configuration, &error);

      g_assert_true ((value == NULL) == (error != NULL));
      g_assert_true (g_utf8_validate (value != NULL ? value : error->message, -1, NULL));
    }
  g_rand_free (random);
}

#define ADD(path, function) g_test_add_func ("/facade/endpoint-config/" path, function)

static void
add_row (const char        *test,
         const SettingRow  *row,
         GTestDataFunc      function)
{
  g_autofree char *path = g_strdup_printf ("/facade/endpoint-config/%s/%s", test, row->name);

  g_test_add_data_func (path, row, function);
}

static void
add_setting (const SettingRow *row)
{
  add_row ("default", row, test_default);
  if (row->kind == READ_ONLY)
    add_row ("read-only", row, test_read_only);
  if (row->kind == READ_ONLY || row->kind == ACTION)
    return;

  add_row ("set", row, test_set);
  add_row ("set-to-default", row, test_set_to_default);
  add_row ("reset", row, test_reset);
  add_row ("spelling", row, test_spelling);
  if (row->kind == BOOLEAN)
    add_row ("boolean", row, test_boolean);
  else if (row->kind != TEXT && row->kind != CHOICE)
    add_row ("bad-value", row, test_bad_value);
}

static void
add_texts (const char        *test,
           const char *const *texts,
           gsize              n_texts,
           GTestDataFunc      function)
{
  for (gsize i = 0; i < n_texts; i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/facade/endpoint-config/%s/%" G_GSIZE_FORMAT, test, i);

      g_test_add_data_func (path, &texts[i], function);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (setting_rows); i++)
    add_setting (&setting_rows[i]);
  add_texts ("unknown", unknown_names, G_N_ELEMENTS (unknown_names), test_unknown);
  add_texts ("fixed", fixed_settings, G_N_ELEMENTS (fixed_settings), test_fixed);
  add_texts ("fixed-while-pending", fixed_settings, G_N_ELEMENTS (fixed_settings),
             test_fixed_while_pending);
  add_texts ("fixed-while-draining", fixed_settings, G_N_ELEMENTS (fixed_settings),
             test_fixed_while_draining);
  ADD ("complete", test_complete);
  ADD ("build-info", test_build_info);
  ADD ("license-info", test_license_info);
  ADD ("traffic-type", test_traffic_type);
  ADD ("firewall-data", test_firewall_data);
  ADD ("not-utf-8", test_not_utf8);
  ADD ("reset-timing", test_reset_timing);
  ADD ("derived", test_derived);
  ADD ("derived/extreme", test_derived_extreme);
  ADD ("properties", test_properties);
  ADD ("properties/bound", test_properties_bound);
  g_test_add_data_func ("/facade/endpoint-config/random/idle", GINT_TO_POINTER (FALSE),
                        test_random);
  g_test_add_data_func ("/facade/endpoint-config/random/listening", GINT_TO_POINTER (TRUE),
                        test_random);

  return g_test_run ();
}
