/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>

#include "endpoint-fixture.h"

/* The settings as a list, and in a file. */

static void
test_all (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  GListModel *settings = gcoap_endpoint_get_config_settings (endpoint);
  const char *previous = "";

  g_test_summary ("Every setting is there once, in order, and says what config() says");
  g_assert_true (gcoap_endpoint_get_config_settings (endpoint) == settings);
  g_assert_cmpuint (g_list_model_get_n_items (settings), >, 40);
  for (guint i = 0; i < g_list_model_get_n_items (settings); i++)
    {
      g_autoptr (GCoapConfigSetting) setting = g_list_model_get_item (settings, i);
      const char *name = gcoap_config_setting_get_name (setting);

      g_assert_cmpint (g_ascii_strcasecmp (previous, name), <, 0);
      assert_config (endpoint, name, gcoap_config_setting_get_value (setting));
      g_assert_cmpstr (gcoap_config_setting_get_description (setting), !=, "");
      g_assert_cmpstr (gcoap_config_setting_get_value_type (setting), !=, "");
      previous = name;
    }
}

static void
test_one (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GCoapConfigSetting) setting = find_config_setting (endpoint, "BlockSize");
  g_autofree char *range = NULL;

  g_test_summary ("A setting tells what it may be");
  configure (endpoint, "BlockSize=64");
  g_object_get (setting, "range", &range, NULL);
  g_assert_cmpstr (range, ==, "16 to 1024");
  g_assert_cmpstr (gcoap_config_setting_get_value_type (setting), ==, "power of two");
  g_assert_cmpstr (gcoap_config_setting_get_default_value (setting), ==, "1024");
  g_assert_cmpstr (gcoap_config_setting_get_value (setting), ==, "64");
  g_assert_false (gcoap_config_setting_get_read_only (setting));
}

static void
test_read_only (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GCoapConfigSetting) setting = find_config_setting (endpoint, "ExchangeLifetime");
  g_autoptr (GError) error = NULL;

  g_test_summary ("What can only be read says so");
  g_assert_true (gcoap_config_setting_get_read_only (setting));
  g_assert_false (gcoap_config_setting_change (setting, "1", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

static void
test_set (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GCoapConfigSetting) setting = find_config_setting (endpoint, "NStart");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A setting can be changed by its object");
  g_assert_true (gcoap_config_setting_change (setting, "4", &error));
  g_assert_no_error (error);
  assert_config (endpoint, "NStart", "4");
  g_assert_false (gcoap_config_setting_change (setting, "0", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  assert_config (endpoint, "NStart", "4");
  g_assert_true (gcoap_config_setting_change (setting, "", NULL));
  assert_config (endpoint, "NStart", "1");
}

static void
test_notify (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GCoapConfigSetting) timeout = find_config_setting (endpoint, "AckTimeout");
  g_autoptr (GCoapConfigSetting) lifetime = find_config_setting (endpoint, "ExchangeLifetime");
  guint n_timeout = 0;
  guint n_lifetime = 0;

  g_test_summary ("A change is told once, also of what follows from it");
  g_signal_connect_swapped (timeout, "notify::value", G_CALLBACK (count_cb), &n_timeout);
  g_signal_connect_swapped (lifetime, "notify::value", G_CALLBACK (count_cb), &n_lifetime);
  configure (endpoint, "AckTimeout=3");
  g_assert_cmpuint (n_timeout, ==, 1);
  g_assert_cmpuint (n_lifetime, ==, 1);
  configure (endpoint, "AckTimeout=3");
  configure (endpoint, "NStart=2");
  g_assert_cmpuint (n_timeout, ==, 1);
  g_assert_cmpuint (n_lifetime, ==, 1);
}

static void
watch (GCoapEndpoint *endpoint,
       const char    *name,
       guint         *n)
{
  g_autoptr (GCoapConfigSetting) setting = find_config_setting (endpoint, name);

  g_signal_connect_swapped (setting, "notify::value", G_CALLBACK (count_cb), n);
}

static void
test_notify_reset (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  guint n_timeout = 0;
  guint n_port = 0;
  guint n_other = 0;

  g_test_summary ("So is that reset() sets the defaults");
  configure (endpoint, "AckTimeout=3");
  gcoap_endpoint_set_local_port (endpoint, 7);
  watch (endpoint, "AckTimeout", &n_timeout);
  watch (endpoint, "LocalPort", &n_port);
  watch (endpoint, "NStart", &n_other);
  g_assert_true (gcoap_endpoint_reset (endpoint, NULL));
  g_assert_cmpuint (n_timeout, ==, 1);
  g_assert_cmpuint (n_port, ==, 1);
  g_assert_cmpuint (n_other, ==, 0);
}

static void
test_notify_socket (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  guint n_host = 0;
  guint n_port = 0;
  guint n_buffer = 0;

  g_test_summary ("So is what the kernel says when there is a socket, and when there is none");
  watch (endpoint, "LocalHost", &n_host);
  watch (endpoint, "LocalPort", &n_port);
  watch (endpoint, "InBufferSize", &n_buffer);
  gcoap_endpoint_set_local_host (endpoint, "127.0.0.1");
  g_assert_cmpuint (n_host, ==, 1);
  g_assert_true (gcoap_endpoint_start_listening (endpoint, NULL));
  g_assert_cmpuint (n_port, ==, 1);
  g_assert_cmpuint (n_buffer, ==, 1);
  g_assert_true (gcoap_endpoint_stop_listening (endpoint, NULL));
  g_assert_cmpuint (n_port, ==, 2);
  g_assert_cmpuint (n_buffer, ==, 2);
  gcoap_endpoint_set_local_port (endpoint, 7);
  g_assert_cmpuint (n_port, ==, 3);
  g_assert_cmpuint (n_host, ==, 1);
}

static void
test_outlives (void)
{
  GCoapEndpoint *endpoint = gcoap_endpoint_new ();
  g_autoptr (GCoapConfigSetting) setting = find_config_setting (endpoint, "NStart");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A setting whose endpoint is gone stays as it was");
  configure (endpoint, "NStart=5");
  drop_endpoint (&endpoint);
  g_assert_cmpstr (gcoap_config_setting_get_value (setting), ==, "5");
  g_assert_false (gcoap_config_setting_change (setting, "1", &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
}

static void
test_load (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;
  char *name = make_file ("# Tuning\n[Program]\ncolour=red\n\n[GCoap]\n# slow radio\n"
                          "AckTimeout = 3.5\nblocksize=64\nDualRole=yes\nLocalPort=40000\n"
                          "NStart=\nMaxLatency = 7 \n");

  g_test_summary ("A key file changes what it names, in any letter case");
  configure (endpoint, "NStart=9");
  g_assert_true (gcoap_endpoint_load_config_file (endpoint, name, &error));
  g_assert_no_error (error);
  assert_config (endpoint, "AckTimeout", "3.5");
  assert_config (endpoint, "BlockSize", "64");
  assert_config (endpoint, "DualRole", "True");
  assert_config (endpoint, "LocalPort", "40000");
  assert_config (endpoint, "MaxLatency", "7");
  assert_config (endpoint, "NStart", "1");
  remove_file (name);
}

typedef struct
{
  const char *name;
  const char *content;
  GQuark    (*domain) (void);
  int         code;
  const char *hint;
} BadFileRow;

static const BadFileRow bad_file_rows[] = {
  { "unknown", "[GCoap]\nNStart=2\n\n# why\nNoSuch=1\n", g_io_error_quark,
    G_IO_ERROR_INVALID_ARGUMENT, ":5: " },
  { "value", "[Other]\nBlockSize=1\n[GCoap]\nNStart=2\n  BlockSize = 100\n", g_io_error_quark,
    G_IO_ERROR_INVALID_ARGUMENT, ":5: " },
  { "port", "[GCoap]\nNStart=2\nLocalPort=65536\n", g_io_error_quark,
    G_IO_ERROR_INVALID_ARGUMENT, ":3: " },
  { "read-only", "[GCoap]\nNStart=2\nMaxRtt=1\n", g_io_error_quark,
    G_IO_ERROR_PERMISSION_DENIED, ":3: " },
  { "second", "[GCoap]\nNStart=2\nBlockSize=64\n[Other]\nBlockSize=1\n[GCoap]\nBlockSize=1\n",
    g_io_error_quark, G_IO_ERROR_INVALID_ARGUMENT, ":7: " },
  { "escape", "[GCoap]\nNStart=2\nFirewallData=a\\qb\n", g_key_file_error_quark,
    G_KEY_FILE_ERROR_INVALID_VALUE, ":3: " },
  { "locale", "[GCoap]\nNStart=2\nBlockSize[xx]=64\n", g_io_error_quark,
    G_IO_ERROR_INVALID_ARGUMENT, ":3: " },
  { "name", "[GCoap]\nNStart=2\nN\344art=64\n", g_io_error_quark,
    G_IO_ERROR_INVALID_ARGUMENT, ":3: " },
  { "name-and-escape", "[GCoap]\nNStart=2\nN\344art=a\\qb\n", g_key_file_error_quark,
    G_KEY_FILE_ERROR_INVALID_VALUE, ":3: " },
  { "not-utf-8", "[GCoap]\nNStart=2\nNStart[\344=1\n", g_key_file_error_quark,
    G_KEY_FILE_ERROR_PARSE, "NStart" },
  { "no-group", "[Other]\nNStart=2\n", g_key_file_error_quark,
    G_KEY_FILE_ERROR_GROUP_NOT_FOUND, "GCoap" },
  { "no-key-file", "[GCoap]\nNStart=2\nrubbish\n", g_key_file_error_quark,
    G_KEY_FILE_ERROR_PARSE, "rubbish" },
};

static void
test_bad_file (gconstpointer data)
{
  const BadFileRow *row = data;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;
  char *name = make_file (row->content);

  g_test_summary ("A file that is wrong changes nothing, and the error says where");
  g_assert_false (gcoap_endpoint_load_config_file (endpoint, name, &error));
  g_assert_error (error, row->domain (), row->code);
  g_assert_nonnull (strstr (error->message, name));
  g_assert_nonnull (strstr (error->message, row->hint));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  assert_config (endpoint, "NStart", "1");
  remove_file (name);
}

static void
test_no_file (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("A file that is not there is an error");
  g_assert_false (gcoap_endpoint_load_config_file (endpoint, "/nonexistent/x", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_false (gcoap_endpoint_save_config (endpoint, "/nonexistent/x", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_fixed_while_listening (void)
{
  g_autoptr (GCoapEndpoint) endpoint = listener_new ();
  g_autoptr (GError) error = NULL;
  char *name = make_file ("[GCoap]\nNStart=2\nUseIPv6=True\n");

  g_test_summary ("What cannot be changed now stops all of the file");
  g_assert_false (gcoap_endpoint_load_config_file (endpoint, name, &error));
  g_assert_error (error, GCOAP_ERROR, GCOAP_ERROR_WRONG_MODE);
  assert_config (endpoint, "NStart", "1");
  gcoap_endpoint_stop_listening (endpoint, NULL);
  remove_file (name);
}

static void
test_save (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GCoapEndpoint) other = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  char *name = make_file ("# Mine\n[Program]\ncolour=red\ncolour[xx]=rosso\n"
                          "[GCoap]\nMaxLatency=7\n");

  g_test_summary ("What was changed is saved, can be loaded again, and leaves other things alone");
  configure (endpoint, "AckTimeout=0.25");
  configure (endpoint, "LocalHost=127.0.0.1");
  configure (endpoint, "DualRole=True");
  g_assert_true (gcoap_endpoint_save_config (endpoint, name, &error));
  g_assert_no_error (error);

  g_assert_true (g_file_get_contents (name, &content, NULL, NULL));
  g_assert_nonnull (strstr (content, "# Mine"));
  g_assert_nonnull (strstr (content, "colour=red"));
  g_assert_nonnull (strstr (content, "colour[xx]=rosso"));
  g_assert_null (strstr (content, "MaxLatency"));
  g_assert_null (strstr (content, "NStart"));

  g_assert_true (gcoap_endpoint_load_config_file (other, name, &error));
  g_assert_no_error (error);
  assert_config (other, "AckTimeout", "0.25");
  assert_config (other, "LocalHost", "127.0.0.1");
  assert_config (other, "DualRole", "True");
  remove_file (name);
}

static void
test_save_over (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GCoapEndpoint) other = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  char *name = make_file ("[GCoap]\n# slow\nmaxlatency=7\nNStart[xx]=2\nNoSuch=1\n"
                          "ACKTIMEOUT=9\n");

  g_test_summary ("Nothing that stood in the group comes back, or keeps it from being loaded");
  configure (endpoint, "AckTimeout=0.25");
  g_assert_true (gcoap_endpoint_save_config (endpoint, name, &error));
  g_assert_no_error (error);
  g_assert_true (gcoap_endpoint_load_config_file (other, name, &error));
  g_assert_no_error (error);
  assert_config (other, "AckTimeout", "0.25");
  assert_config (other, "MaxLatency", "100");
  g_assert_true (g_file_get_contents (name, &content, NULL, NULL));
  g_assert_nonnull (strstr (content, "# slow"));
  remove_file (name);
}

static void
test_save_defaults (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GError) error = NULL;
  char *name = make_file ("");

  g_test_summary ("Defaults alone make a file that can be loaded too");
  g_unlink (name);
  g_assert_true (gcoap_endpoint_save_config (endpoint, name, &error));
  g_assert_no_error (error);
  g_assert_true (gcoap_endpoint_load_config_file (endpoint, name, &error));
  g_assert_no_error (error);
  remove_file (name);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/facade/config-setting/all", test_all);
  g_test_add_func ("/facade/config-setting/one", test_one);
  g_test_add_func ("/facade/config-setting/read-only", test_read_only);
  g_test_add_func ("/facade/config-setting/set", test_set);
  g_test_add_func ("/facade/config-setting/notify", test_notify);
  g_test_add_func ("/facade/config-setting/notify-reset", test_notify_reset);
  g_test_add_func ("/facade/config-setting/notify-socket", test_notify_socket);
  g_test_add_func ("/facade/config-setting/outlives", test_outlives);
  g_test_add_func ("/facade/config-file/load", test_load);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_file_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/facade/config-file/bad/", bad_file_rows[i].name, NULL);

      g_test_add_data_func (path, &bad_file_rows[i], test_bad_file);
    }
  g_test_add_func ("/facade/config-file/no-file", test_no_file);
  g_test_add_func ("/facade/config-file/fixed-while-listening", test_fixed_while_listening);
  g_test_add_func ("/facade/config-file/save", test_save);
  g_test_add_func ("/facade/config-file/save-defaults", test_save_defaults);
  g_test_add_func ("/facade/config-file/save-over", test_save_over);

  return g_test_run ();
}
