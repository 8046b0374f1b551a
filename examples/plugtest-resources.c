/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugtest-resources.h"

#include "plugtest-large.h"
#include "plugtest-observed.h"

#include <stdlib.h>

/* The resources of the test plan. The table of definitions says which there are, and what answers
 * each method; the functions before it are the answers. */

#define TEXT_PLAIN      0
#define LINK_FORMAT     40
#define APPLICATION_XML 41

#define ETAG_LENGTH 8

typedef struct _Resource Resource;

typedef void (*Handler) (GCoapEndpoint *endpoint,
                         GCoapRequest  *request,
                         Resource      *resource);

typedef enum
{
  NOT_OBSERVABLE,
  OBSERVABLE,     /* by confirmable notifications */
  OBSERVABLE_NON, /* by non-confirmable ones */
} Observability;

typedef struct
{
  const char    *path;
  const char    *attributes; /* in the list of links (RFC 6690) */
  const char    *text;       /* (nullable) NULL where nothing exists at the start */
  const char    *location;   /* (nullable) of what a POST creates */
  Observability  observability;
  Handler        handlers[GCOAP_METHOD_DELETE + 1];
} Definition;

struct _Resource
{
  const Definition  *definition;
  PlugtestResources *site;
  GBytes            *content; /* (owned) (nullable) NULL while the resource does not exist */
  int                content_format;
  gboolean           is_stored; /* what it is now came from a client */
  PlugtestObserved  *observed;  /* (owned) */
};

struct _PlugtestResources
{
  Resource      *resources; /* (owned) */
  guint          n_resources;
  guint          separate_delay;   /* milliseconds */
  guint          observe_interval; /* milliseconds; 0 where nothing changes by itself */
  GCoapEndpoint *endpoint;         /* (owned) (nullable) */
  guint          change_source;
  guint          n_changes;
};

/* A response that is put off. */
typedef struct
{
  GCoapEndpoint *endpoint; /* (owned) */
  GCoapRequest  *request;  /* (owned) */
  Resource      *resource;
} Deferred;

static Resource *
find_resource (PlugtestResources *self,
               const char        *path)
{
  for (guint i = 0; i < self->n_resources; i++)
    if (g_str_equal (self->resources[i].definition->path, path))
      return &self->resources[i];

  g_assert_not_reached ();
}

static void
reset (Resource *resource)
{
  const char *text = resource->definition->text;

  g_clear_pointer (&resource->content, g_bytes_unref);
  if (text != NULL)
    resource->content = g_bytes_new_static (text, strlen (text));
  resource->content_format = TEXT_PLAIN;
  resource->is_stored = FALSE;
}

static void
store (Resource     *resource,
       GCoapRequest *request)
{
  GBytes *payload = gcoap_request_get_payload (request);

  g_clear_pointer (&resource->content, g_bytes_unref);
  resource->content = payload != NULL ? g_bytes_ref (payload) : g_bytes_new (NULL, 0);
  resource->content_format = gcoap_request_get_content_format (request);
  resource->is_stored = TRUE;
}

/* Made of what it stands for, so that it is another for another content even after a restart. */
static GBytes *
make_etag (GBytes *content,
           int     content_format)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length;
  gconstpointer bytes = g_bytes_get_data (content, &length);

  g_checksum_update (checksum, (const guchar *) &content_format, sizeof content_format);
  g_checksum_update (checksum, bytes, length);

  return g_bytes_new (g_checksum_get_string (checksum), ETAG_LENGTH);
}

/* What the client asks for, or the given format where it leaves the choice to the server. */
static int
get_accept (GCoapRequest *request,
            int           otherwise)
{
  GListModel *options = gcoap_request_get_options (request);

  for (guint i = 0; i < g_list_model_get_n_items (options); i++)
    {
      g_autoptr (GCoapOption) option = g_list_model_get_item (options, i);

      if (gcoap_option_get_number (option) == GCOAP_OPTION_NUMBER_ACCEPT)
        return atoi (gcoap_option_get_value (option));
    }

  return otherwise;
}

static void
set_response (GCoapEndpoint *endpoint,
              GBytes        *content,
              int            content_format,
              GBytes        *etag)
{
  gcoap_endpoint_set_response_code (endpoint, "2.05");
  gcoap_endpoint_set_response_content_format (endpoint, content_format);
  gcoap_endpoint_set_response_data (endpoint, content);
  gcoap_endpoint_set_response_etag (endpoint, etag);
}

static void
respond (GCoapEndpoint *endpoint,
         GCoapRequest  *request,
         GBytes        *content,
         int            content_format)
{
  g_autoptr (GBytes) etag = make_etag (content, content_format);
  const char *code = gcoap_request_validate (request, etag);

  if (get_accept (request, content_format) != content_format)
    gcoap_endpoint_set_response_code (endpoint, "4.06");
  else if (code == NULL)
    set_response (endpoint, content, content_format, etag);
  else
    {
      gcoap_endpoint_set_response_code (endpoint, code);
      gcoap_endpoint_set_response_etag (endpoint, etag);
    }
}

static void
respond_with_text (GCoapEndpoint *endpoint,
                   GCoapRequest  *request,
                   const char    *text,
                   int            content_format)
{
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));

  respond (endpoint, request, content, content_format);
}

static void
get_content (GCoapEndpoint *endpoint,
             GCoapRequest  *request,
             Resource      *resource)
{
  if (resource->content != NULL)
    respond (endpoint, request, resource->content, resource->content_format);
  else
    gcoap_endpoint_set_response_code (endpoint, "4.04");
}

static void
put_content (GCoapEndpoint *endpoint,
             GCoapRequest  *request,
             Resource      *resource)
{
  gcoap_endpoint_set_response_code (endpoint, resource->content != NULL ? "2.04" : "2.01");
  store (resource, request);
}

/* Most tests need a resource that is there, some need one that is not yet. A resource that is
 * deleted is therefore again what it was at the start. */
static void
delete_content (GCoapEndpoint *endpoint,
                GCoapRequest  *request,
                Resource      *resource)
{
  reset (resource);
  gcoap_endpoint_set_response_code (endpoint, "2.02");
}

/* Each POST creates a resource in the place of the one before. So TD_COAP_CORE_04 and 08, which
 * allow for any success, do not use up the creation that TD_COAP_CORE_18 asks for. */
static void
post_content (GCoapEndpoint *endpoint,
              GCoapRequest  *request,
              Resource      *resource)
{
  const char *location = resource->definition->location;
  g_auto (GStrv) path_and_query = g_strsplit (location, "?", 2);

  store (find_resource (resource->site, path_and_query[0]), request);
  gcoap_endpoint_set_response_code (endpoint, "2.01");
  gcoap_endpoint_set_response_location (endpoint, location, NULL);
}

static void
get_query (GCoapEndpoint *endpoint,
           GCoapRequest  *request,
           Resource      *resource)
{
  g_autofree char *text = g_strconcat (resource->definition->text,
                                       gcoap_request_get_uri_query (request), NULL);

  respond_with_text (endpoint, request, text, TEXT_PLAIN);
}

static void
get_text_or_xml (GCoapEndpoint *endpoint,
                 GCoapRequest  *request,
                 Resource      *resource)
{
  g_autofree char *xml = g_strdup_printf ("<text>%s</text>", resource->definition->text);

  if (get_accept (request, TEXT_PLAIN) == APPLICATION_XML)
    respond_with_text (endpoint, request, xml, APPLICATION_XML);
  else
    get_content (endpoint, request, resource);
}

static void
get_links (GCoapEndpoint *endpoint,
           GCoapRequest  *request,
           Resource      *resource)
{
  PlugtestResources *site = resource->site;
  g_autoptr (GString) links = g_string_new (NULL);

  for (guint i = 0; i < site->n_resources; i++)
    if (site->resources[i].content != NULL)
      g_string_append_printf (links, "%s<%s>%s", links->len > 0 ? "," : "",
                              site->resources[i].definition->path,
                              site->resources[i].definition->attributes);
  plugtest_large_append_links (links);

  respond_with_text (endpoint, request, links->str, LINK_FORMAT);
}

static void
deferred_free (gpointer data)
{
  Deferred *deferred = data;

  g_object_unref (deferred->endpoint);
  g_object_unref (deferred->request);
  g_free (deferred);
}

static gboolean
deferred_cb (gpointer user_data)
{
  Deferred *deferred = user_data;
  const char *request_id = gcoap_request_get_request_id (deferred->request);
  g_autoptr (GError) error = NULL;

  plugtest_clear_response (deferred->endpoint);
  get_content (deferred->endpoint, deferred->request, deferred->resource);
  if (!gcoap_endpoint_send_response (deferred->endpoint, request_id, &error))
    g_printerr ("%s\n", error->message);

  return G_SOURCE_REMOVE;
}

static void
get_content_later (GCoapEndpoint *endpoint,
                   GCoapRequest  *request,
                   Resource      *resource)
{
  Deferred *deferred = g_new (Deferred, 1);

  deferred->endpoint = g_object_ref (endpoint);
  deferred->request = g_object_ref (request);
  deferred->resource = resource;

  gcoap_request_set_send_response (request, FALSE);
  g_timeout_add_full (G_PRIORITY_DEFAULT, resource->site->separate_delay,
                      deferred_cb, deferred, deferred_free);
}

/* How long a state is the latest one, in whole seconds. */
static void
add_max_age (GCoapEndpoint *endpoint,
             Resource      *resource)
{
  guint interval = resource->site->observe_interval;
  g_autofree char *seconds = g_strdup_printf ("%u", interval / 1000);
  g_autoptr (GCoapOption) option = gcoap_option_new (GCOAP_OPTION_NUMBER_MAX_AGE, seconds);

  if (interval > 0)
    g_list_store_append (gcoap_endpoint_get_response_options (endpoint), option);
}

static void
get_state (GCoapEndpoint *endpoint,
           GCoapRequest  *request,
           Resource      *resource)
{
  get_content (endpoint, request, resource);
  add_max_age (endpoint, resource);
}

/* Sends the Response* properties to all who observe the resource, and clears them. */
static void
notify_observers (GCoapEndpoint *endpoint,
                  Resource      *resource)
{
  gcoap_endpoint_set_use_confirmable_messages (
    endpoint, resource->definition->observability == OBSERVABLE);
  plugtest_observed_notify (resource->observed, endpoint);
  gcoap_endpoint_set_use_confirmable_messages (endpoint, TRUE);
}

static void
notify_state (GCoapEndpoint *endpoint,
              Resource      *resource)
{
  g_autoptr (GBytes) etag = make_etag (resource->content, resource->content_format);

  plugtest_clear_response (endpoint);
  set_response (endpoint, resource->content, resource->content_format, etag);
  add_max_age (endpoint, resource);
  notify_observers (endpoint, resource);
}

static void
notify_end (GCoapEndpoint *endpoint,
            Resource      *resource,
            const char    *code)
{
  plugtest_clear_response (endpoint);
  gcoap_endpoint_set_response_code (endpoint, code);
  notify_observers (endpoint, resource);
}

/* All notifications have the Content-Format of the first response (RFC 7641 section 4.2). */
static void
put_state (GCoapEndpoint *endpoint,
           GCoapRequest  *request,
           Resource      *resource)
{
  int content_format = resource->content_format;

  store (resource, request);
  if (resource->content_format == content_format)
    notify_state (endpoint, resource);
  else
    notify_end (endpoint, resource, "4.06");
  gcoap_endpoint_set_response_code (endpoint, "2.04");
}

static void
delete_state (GCoapEndpoint *endpoint,
              GCoapRequest  *request,
              Resource      *resource)
{
  notify_end (endpoint, resource, "4.04");
  delete_content (endpoint, request, resource);
}

/* What a client has put stays, and its observers are told of it again and again. */
static void
change (Resource *resource,
        guint     number)
{
  g_autofree char *text = g_strdup_printf ("%s %u", resource->definition->text, number);

  if (resource->is_stored)
    return;

  g_bytes_unref (resource->content);
  resource->content = g_bytes_new (text, strlen (text));
}

static gboolean
change_cb (gpointer user_data)
{
  PlugtestResources *self = user_data;

  self->n_changes++;
  for (guint i = 0; i < self->n_resources; i++)
    if (self->resources[i].definition->observability != NOT_OBSERVABLE)
      {
        change (&self->resources[i], self->n_changes);
        notify_state (self->endpoint, &self->resources[i]);
      }

  return G_SOURCE_CONTINUE;
}

static const Definition definitions[] = {
  { "/.well-known/core", ";ct=40", "",
    .handlers = { [GCOAP_METHOD_GET] = get_links } },
  { "/test", ";ct=0", "This is a test",
    .location = "/location1/location2/location3",
    .handlers = { [GCOAP_METHOD_GET] = get_content,
                  [GCOAP_METHOD_POST] = post_content,
                  [GCOAP_METHOD_PUT] = put_content,
                  [GCOAP_METHOD_DELETE] = delete_content } },
  { "/location1/location2/location3", "", NULL,
    .handlers = { [GCOAP_METHOD_GET] = get_content,
                  [GCOAP_METHOD_DELETE] = delete_content } },
  { "/separate", ";ct=0", "This took a while",
    .handlers = { [GCOAP_METHOD_GET] = get_content_later } },
  { "/seg1/seg2/seg3", ";ct=0", "Three segments",
    .handlers = { [GCOAP_METHOD_GET] = get_content } },
  { "/query", ";ct=0", "The query: ",
    .handlers = { [GCOAP_METHOD_GET] = get_query } },
  { "/location-query", ";ct=0", "Nothing has been posted yet",
    .location = "/location-query?first=1&second=2",
    .handlers = { [GCOAP_METHOD_GET] = get_content,
                  [GCOAP_METHOD_POST] = post_content } },
  { "/multi-format", ";ct=\"0 41\"", "Text or XML",
    .handlers = { [GCOAP_METHOD_GET] = get_text_or_xml } },
  { "/validate", ";ct=0", "This may change",
    .handlers = { [GCOAP_METHOD_GET] = get_content,
                  [GCOAP_METHOD_PUT] = put_content,
                  [GCOAP_METHOD_DELETE] = delete_content } },
  { "/create1", "", NULL,
    .handlers = { [GCOAP_METHOD_GET] = get_content,
                  [GCOAP_METHOD_PUT] = put_content,
                  [GCOAP_METHOD_DELETE] = delete_content } },
  { "/obs", ";ct=0;obs", "Change",
    .observability = OBSERVABLE,
    .handlers = { [GCOAP_METHOD_GET] = get_state,
                  [GCOAP_METHOD_PUT] = put_state,
                  [GCOAP_METHOD_DELETE] = delete_state } },
  { "/obs-non", ";ct=0;obs", "Change",
    .observability = OBSERVABLE_NON,
    .handlers = { [GCOAP_METHOD_GET] = get_state,
                  [GCOAP_METHOD_PUT] = put_state,
                  [GCOAP_METHOD_DELETE] = delete_state } },
};

/* The test plan has the server show what it receives. */
static void
show (GCoapRequest *request)
{
  static const char *const names[] = { NULL, "GET", "POST", "PUT", "DELETE" };
  g_autofree char *text = gcoap_request_dup_text (request);
  g_autofree char *escaped = g_strescape (text != NULL ? text : "(no text)", NULL);

  g_print ("%s %s \"%s\"\n", names[gcoap_request_get_method (request)],
           gcoap_request_get_uri_path (request), escaped);
}

/* A GET asks for one of the representations, and so its answer finds out. */
static gboolean
meets_conditions (GCoapRequest *request,
                  Resource     *resource)
{
  g_autoptr (GBytes) etag = NULL;

  if (resource->content != NULL)
    etag = make_etag (resource->content, resource->content_format);

  return gcoap_request_validate (request, etag) == NULL;
}

static void
handle (GCoapEndpoint *endpoint,
        GCoapRequest  *request,
        gpointer       data)
{
  Resource *resource = data;
  guint method = gcoap_request_get_method (request);
  Handler handler = method <= GCOAP_METHOD_DELETE ? resource->definition->handlers[method] : NULL;

  if (handler == NULL)
    {
      gcoap_endpoint_set_response_code (endpoint, "4.05");
      return;
    }

  show (request);
  if (method == GCOAP_METHOD_GET || meets_conditions (request, resource))
    handler (endpoint, request, resource);
  else
    gcoap_endpoint_set_response_code (endpoint, "4.12");
}

static void
unregistered_cb (GCoapEndpoint *endpoint,
                 GCoapRequest  *registration)
{
  g_print ("Unregistered %s\n", gcoap_request_get_uri_path (registration));
}

PlugtestResources *
plugtest_resources_new (guint separate_delay,
                        guint observe_interval)
{
  PlugtestResources *self = g_new0 (PlugtestResources, 1);

  self->separate_delay = separate_delay;
  self->observe_interval = observe_interval;
  self->n_resources = G_N_ELEMENTS (definitions);
  self->resources = g_new0 (Resource, self->n_resources);
  for (guint i = 0; i < self->n_resources; i++)
    {
      self->resources[i].definition = &definitions[i];
      self->resources[i].site = self;
      self->resources[i].observed = plugtest_observed_new ();
      reset (&self->resources[i]);
    }

  return self;
}

void
plugtest_resources_free (PlugtestResources *self)
{
  g_clear_handle_id (&self->change_source, g_source_remove);
  g_clear_object (&self->endpoint);
  for (guint i = 0; i < self->n_resources; i++)
    {
      g_clear_pointer (&self->resources[i].content, g_bytes_unref);
      plugtest_observed_free (self->resources[i].observed);
    }
  g_free (self->resources);
  g_free (self);
}

/* The endpoint must be shut down when the resources are freed. */
void
plugtest_resources_serve (PlugtestResources *self,
                          GCoapEndpoint     *endpoint)
{
  self->endpoint = g_object_ref (endpoint);
  for (guint i = 0; i < self->n_resources; i++)
    plugtest_observed_serve (self->resources[i].observed, endpoint, definitions[i].path,
                             definitions[i].observability != NOT_OBSERVABLE, handle,
                             &self->resources[i]);
  g_signal_connect (endpoint, "unregistered", G_CALLBACK (unregistered_cb), NULL);
  if (self->observe_interval > 0)
    self->change_source = g_timeout_add (self->observe_interval, change_cb, self);
}
