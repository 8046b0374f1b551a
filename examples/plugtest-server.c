/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugtest-large.h"
#include "plugtest-resources.h"

#include <glib-unix.h>
#include <locale.h>

/* The server of the ETSI CoAP plugtests: what the test descriptions TD_COAP_CORE_01 to 23 and 31,
 * TD_COAP_BLOCK_01 to 06, and TD_COAP_OBS_01 to 14 of "CoAP#4" ask a server for. */

typedef struct
{
  char  *address;
  int    port;
  int    separate_delay;   /* milliseconds */
  int    observe_interval; /* milliseconds */
  char **settings;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->address);
  g_strfreev (options->settings);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
check_range (const char  *name,
             int          value,
             int          maximum,
             GError     **error)
{
  if (value >= 0 && value <= maximum)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "%d is no value of %s: it must be 0 to %d", value, name, maximum);

  return FALSE;
}

static gboolean
parse_options (Options   *options,
               int       *argc,
               char    ***argv,
               GError   **error)
{
  const GOptionEntry entries[] = {
    { "address", 'a', 0, G_OPTION_ARG_STRING, &options->address,
      "The IP address to listen on; all of them if not given", "ADDRESS" },
    { "port", 'p', 0, G_OPTION_ARG_INT, &options->port,
      "The UDP port to listen on (5683); 0 has the system choose one", "PORT" },
    { "separate-delay", 0, 0, G_OPTION_ARG_INT, &options->separate_delay,
      "How long /separate takes (2000); more than the setting PiggybackDelay", "MILLISECONDS" },
    { "observe-interval", 0, 0, G_OPTION_ARG_INT, &options->observe_interval,
      "How often what is observable changes (5000); 0 if only by a PUT", "MILLISECONDS" },
    { "config", 'c', 0, G_OPTION_ARG_STRING_ARRAY, &options->settings,
      "Change a setting of the endpoint; may be repeated", "NAME=VALUE" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "A server for the ETSI CoAP plugtests.");
  g_option_context_add_main_entries (context, entries, NULL);

  return g_option_context_parse (context, argc, argv, error) &&
         check_range ("--port", options->port, G_MAXUINT16, error) &&
         check_range ("--separate-delay", options->separate_delay, G_MAXINT, error) &&
         check_range ("--observe-interval", options->observe_interval, G_MAXINT, error);
}

static gboolean
configure (GCoapEndpoint  *endpoint,
           char          **settings,
           GError        **error)
{
  for (guint i = 0; settings != NULL && settings[i] != NULL; i++)
    {
      g_autofree char *value = gcoap_endpoint_config (endpoint, settings[i], error);

      if (value == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_CONTINUE;
}

static gboolean
serve (PlugtestResources  *resources,
       PlugtestLarge      *large,
       Options            *options,
       GError            **error)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  /* With a timeout send_response() would wait for the client, and keep others waiting. */
  gcoap_endpoint_set_timeout (endpoint, 0);
  gcoap_endpoint_set_local_host (endpoint, options->address);
  gcoap_endpoint_set_local_port (endpoint, options->port);
  plugtest_resources_serve (resources, endpoint);
  plugtest_large_serve (large, endpoint);
  if (!configure (endpoint, options->settings, error) ||
      !gcoap_endpoint_start_listening (endpoint, error))
    return FALSE;

  g_unix_signal_add (SIGINT, quit_cb, loop);
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_print ("Listening on %s port %u\n", gcoap_endpoint_get_local_host (endpoint),
           gcoap_endpoint_get_local_port (endpoint));
  g_main_loop_run (loop);

  return gcoap_endpoint_shutdown (endpoint, error);
}

int
main (int    argc,
      char **argv)
{
  g_auto (Options) options = {
    .port = GCOAP_DEFAULT_PORT,
    .separate_delay = 2000,
    .observe_interval = 5000,
  };
  g_autoptr (PlugtestResources) resources = NULL;
  g_autoptr (PlugtestLarge) large = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (!parse_options (&options, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }

  resources = plugtest_resources_new (options.separate_delay, options.observe_interval);
  large = plugtest_large_new (options.observe_interval);
  if (serve (resources, large, &options, &error))
    return 0;

  g_printerr ("%s\n", error->message);

  return 1;
}
