/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugtest-observed.h"

/* Clients may give the server many names, each of which makes another URI. */
#define MAX_URIS 100

struct _PlugtestObserved
{
  GHashTable         *uris;     /* (owned) */
  PlugtestHandleFunc  handle;
  gpointer            resource; /* (not owned) */
};

PlugtestObserved *
plugtest_observed_new (void)
{
  PlugtestObserved *self = g_new0 (PlugtestObserved, 1);

  self->uris = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
plugtest_observed_free (PlugtestObserved *self)
{
  g_hash_table_unref (self->uris);
  g_free (self);
}

static gboolean
note_uri (PlugtestObserved *self,
          const char       *uri)
{
  if (g_hash_table_contains (self->uris, uri))
    return TRUE;
  if (g_hash_table_size (self->uris) == MAX_URIS)
    return FALSE;

  return g_hash_table_add (self->uris, g_strdup (uri));
}

static void
request_cb (GCoapEndpoint    *endpoint,
            GCoapRequest     *request,
            PlugtestObserved *self)
{
  self->handle (endpoint, request, self->resource);
}

static void
register_cb (GCoapEndpoint    *endpoint,
             GCoapRequest     *request,
             PlugtestObserved *self)
{
  self->handle (endpoint, request, self->resource);
  gcoap_request_set_accept (request, note_uri (self, gcoap_request_get_uri (request)));
}

void
plugtest_observed_serve (PlugtestObserved   *self,
                         GCoapEndpoint      *endpoint,
                         const char         *path,
                         gboolean            is_observable,
                         PlugtestHandleFunc  handle,
                         gpointer            resource)
{
  g_autofree char *request_signal = g_strconcat ("request::", path, NULL);
  g_autofree char *register_signal = g_strconcat ("register::", path, NULL);

  self->handle = handle;
  self->resource = resource;
  g_signal_connect (endpoint, request_signal, G_CALLBACK (request_cb), self);
  if (is_observable)
    g_signal_connect (endpoint, register_signal, G_CALLBACK (register_cb), self);
}

void
plugtest_observed_notify (PlugtestObserved *self,
                          GCoapEndpoint    *endpoint)
{
  g_autofree gpointer *uris = g_hash_table_get_keys_as_array (self->uris, NULL);

  for (guint i = 0; uris[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!gcoap_endpoint_send_notification (endpoint, uris[i], &error))
        g_printerr ("%s\n", error->message);
    }
  plugtest_clear_response (endpoint);
}

void
plugtest_clear_response (GCoapEndpoint *endpoint)
{
  gcoap_endpoint_set_response_code (endpoint, NULL);
  gcoap_endpoint_set_response_content_format (endpoint, GCOAP_CONTENT_FORMAT_NONE);
  gcoap_endpoint_set_response_data (endpoint, NULL);
  gcoap_endpoint_set_response_etag (endpoint, NULL);
  g_list_store_remove_all (gcoap_endpoint_get_response_options (endpoint));
}
