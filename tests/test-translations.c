/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "endpoint-fixture.h"

#include <libintl.h>
#include <locale.h>

/* Errors in the languages that there are, out of the catalogues of the build. */

#define DOMAIN    "gcoap-1.0"
#define LOCALE    "C.UTF-8"
#define N_WAITING 2 /* that make a plural */

/* Makes something fail. */
typedef GError *(*FailFunc) (void);

typedef struct
{
  const char *name;
  FailFunc    func;
  const char *english;
  const char *german;
  const char *french;
} ErrorRow;

static GError *
fail_in_uri (void)
{
  GError *error = NULL;
  g_autoptr (GCoapMessage) message =
    gcoap_message_new_request (GCOAP_METHOD_GET, "http://host/", &error);

  g_assert_null (message);

  return error;
}

static GError *
fail_in_option (void)
{
  GError *error = NULL;
  g_autoptr (GCoapMessage) message =
    gcoap_message_new_request (GCOAP_METHOD_GET, "coap://host/", NULL);

  g_assert_false (gcoap_message_add_uint_option (message, GCOAP_OPTION_NUMBER_IF_NONE_MATCH, 1,
                                                 &error));

  return error;
}

static GError *
fail_in_setting (const char *configuration)
{
  GError *error = NULL;
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autofree char *value = gcoap_endpoint_config (endpoint, configuration, &error);

  g_assert_null (value);

  return error;
}

static GError *
fail_in_count (void)
{
  return fail_in_setting ("MaxRetransmit=many");
}

static GError *
fail_in_power (void)
{
  return fail_in_setting ("BlockSize=100");
}

static GError *
fail_in_factor (void)
{
  return fail_in_setting ("AckRandomFactor=0.5");
}

static GError *
fail_in_property (void)
{
  return fail_in_setting ("LocalPort=65536");
}

static GError *
fail_to_listen (guint n_requests)
{
  GError *error = NULL;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");

  for (guint i = 0; i < n_requests; i++)
    begin_get (fixture->client, uri);
  g_assert_false (gcoap_endpoint_start_listening (fixture->client, &error));

  return error;
}

static GError *
fail_to_listen_by_one (void)
{
  return fail_to_listen (1);
}

static GError *
fail_to_listen_by_some (void)
{
  return fail_to_listen (N_WAITING);
}

/* Asks the peer, which does not answer but by what its function does. Its port is made PORT. */
static GError *
fail_at_peer (PeerFunc func)
{
  GError *error = NULL;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = fixture_peer_uri (fixture, "/");
  g_autofree char *port = g_strdup_printf (":%u/", fixture->peer->port);
  g_autofree char *id = NULL;
  g_auto (GStrv) parts = NULL;

  fixture->peer->func = func;
  gcoap_endpoint_set_timeout (fixture->client, 60);
  configure (fixture->client, "MaxRetransmit=0");
  if (func == NULL)
    configure (fixture->client, "AckTimeout=0.001");
  id = gcoap_endpoint_get (fixture->client, uri, &error);
  g_assert_null (id);

  parts = g_strsplit (error->message, port, -1);
  g_free (error->message);
  error->message = g_strjoinv (":PORT/", parts);

  return error;
}

static GError *
fail_in_time (void)
{
  return fail_at_peer (NULL);
}

static void
reset_cb (Peer           *peer,
          const Datagram *datagram,
          gpointer        user_data)
{
  peer_answer_empty (peer, datagram, GCOAP_MESSAGE_TYPE_RST);
}

static GError *
fail_by_reset (void)
{
  return fail_at_peer (reset_cb);
}

static void
refuse_cb (Peer           *peer,
           const Datagram *datagram,
           gpointer        user_data)
{
  peer_answer (peer, datagram, GCOAP_MESSAGE_TYPE_ACK, GCOAP_CODE_NOT_FOUND, "");
}

/* The name of a code is a term of the RFC. */
static GError *
fail_by_response (void)
{
  return fail_at_peer (refuse_cb);
}

static const ErrorRow error_rows[] = {
  { "uri", fail_in_uri,
    "URI \"http://host/\" is not valid: its scheme is \"http\", and only \"coap\" is supported",
    "Die URI „http://host/“ ist ungültig: ihr Schema ist „http“, unterstützt wird nur „coap“",
    "L’URI « http://host/ » n’est pas valide : son schéma est « http », et seul « coap » est pris "
    "en charge" },
  { "option", fail_in_option,
    "The value of option If-None-Match has 1 byte: it must have 0 to 0",
    "Der Wert der Option If-None-Match ist 1 Byte lang: erlaubt sind 0 bis 0",
    "La valeur de l’option If-None-Match fait 1 octet : il en faut de 0 à 0" },
  { "setting/count", fail_in_count,
    "\"many\" is no value of the setting MaxRetransmit: it must be a whole number from 0 to 20",
    "„many“ ist kein gültiger Wert der Einstellung MaxRetransmit: nötig ist eine ganze Zahl von 0 "
    "bis 20",
    "« many » n’est pas une valeur valide du paramètre MaxRetransmit : il faut un nombre entier de "
    "0 à 20" },
  { "setting/power", fail_in_power,
    "\"100\" is no value of the setting BlockSize: it must be a power of two from 16 to 1024",
    "„100“ ist kein gültiger Wert der Einstellung BlockSize: nötig ist eine Zweierpotenz von 16 "
    "bis 1024",
    "« 100 » n’est pas une valeur valide du paramètre BlockSize : il faut une puissance de deux de "
    "16 à 1024" },
  { "setting/factor", fail_in_factor,
    "\"0.5\" is no value of the setting AckRandomFactor: it must be a number from 1 to 10",
    "„0.5“ ist kein gültiger Wert der Einstellung AckRandomFactor: nötig ist eine Zahl von 1 bis "
    "10",
    "« 0.5 » n’est pas une valeur valide du paramètre AckRandomFactor : il faut un nombre de 1 à "
    "10" },
  { "setting/property", fail_in_property,
    "\"65536\" is no value of the setting LocalPort: it must be a whole number from 0 to 65535",
    "„65536“ ist kein gültiger Wert der Einstellung LocalPort: nötig ist eine ganze Zahl von 0 bis "
    "65535",
    "« 65536 » n’est pas une valeur valide du paramètre LocalPort : il faut un nombre entier de 0 "
    "à 65535" },
  { "listening/one", fail_to_listen_by_one,
    "The endpoint cannot begin to listen while 1 request is pending",
    "Der Endpunkt kann nicht anfangen zu lauschen, solange 1 Anfrage aussteht",
    "Le point de terminaison ne peut pas se mettre à l’écoute tant que 1 requête est en attente" },
  { "listening/some", fail_to_listen_by_some,
    "The endpoint cannot begin to listen while 2 requests are pending",
    "Der Endpunkt kann nicht anfangen zu lauschen, solange 2 Anfragen ausstehen",
    "Le point de terminaison ne peut pas se mettre à l’écoute tant que 2 requêtes sont en "
    "attente" },
  { "timed-out", fail_in_time,
    "coap://127.0.0.1:PORT/ did not answer in time",
    "coap://127.0.0.1:PORT/ hat nicht rechtzeitig geantwortet",
    "coap://127.0.0.1:PORT/ n’a pas répondu à temps" },
  { "reset", fail_by_reset,
    "coap://127.0.0.1:PORT/ answered with a Reset message",
    "coap://127.0.0.1:PORT/ hat mit einer Reset-Nachricht geantwortet",
    "coap://127.0.0.1:PORT/ a répondu par un message Reset" },
  { "error-response", fail_by_response, "4.04 Not Found", "4.04 Not Found", "4.04 Not Found" },
};

/* Only setlocale() tells gettext that LANGUAGE is another. */
static gboolean
use_language (const char *language)
{
  g_setenv ("LANGUAGE", language, TRUE);
  setlocale (LC_ALL, "C");
  if (setlocale (LC_ALL, LOCALE) != NULL)
    return TRUE;

  g_test_skip ("There is no " LOCALE);

  return FALSE;
}

static void
check_error (FailFunc    func,
             const char *language,
             const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;
  g_auto (GStrv) parts = NULL;

  if (!use_language (language))
    return;

  error = func ();
  /* French has a no-break space where these texts have a space that can be read. */
  parts = g_strsplit (error->message, "\u00a0", -1);
  message = g_strjoinv (" ", parts);
  g_assert_cmpstr (message, ==, expected);
}

static void
test_english (gconstpointer data)
{
  const ErrorRow *row = data;

  check_error (row->func, "C", row->english);
}

static void
test_german (gconstpointer data)
{
  const ErrorRow *row = data;

  check_error (row->func, "de", row->german);
}

static void
test_french (gconstpointer data)
{
  const ErrorRow *row = data;

  check_error (row->func, "fr", row->french);
}

static void
add (const char     *language,
     const ErrorRow *row,
     GTestDataFunc   func)
{
  g_autofree char *path = g_strdup_printf ("/facade/translations/%s/%s", language, row->name);

  g_test_add_data_func (path, row, func);
}

/* Before any function of the library was called. */
static void
check_is_bound (void)
{
  g_assert_cmpstr (bindtextdomain (DOMAIN, NULL), ==, g_getenv ("GCOAP_TEST_LOCALEDIR"));
  g_assert_cmpstr (bind_textdomain_codeset (DOMAIN, NULL), ==, "UTF-8");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  check_is_bound ();
  bindtextdomain (DOMAIN, g_getenv ("GCOAP_TEST_CATALOGUES"));

  for (gsize i = 0; i < G_N_ELEMENTS (error_rows); i++)
    {
      add ("english", &error_rows[i], test_english);
      add ("german", &error_rows[i], test_german);
      add ("french", &error_rows[i], test_french);
    }

  return g_test_run ();
}
