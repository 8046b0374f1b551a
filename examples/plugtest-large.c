/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugtest-large.h"

#include <stdlib.h>

#include "plugtest-observed.h"

/* The resources of the test plan whose bodies go in blocks (RFC 7959). Nothing here knows of them:
 * a handler gets a whole body, and answers with one. */

#define TEXT_PLAIN 0

/* Of the largest blocks there are these: a first one, one in the midst, and a last one. */
#define LARGE_SIZE 2500
#define SMALL_SIZE 30

/* For what POST requests create. */
#define N_PLACES 4

typedef struct _Resource Resource;

typedef void (*Handler) (GCoapEndpoint *endpoint,
                         GCoapRequest  *request,
                         Resource      *resource);

typedef struct
{
  const char *path;
  const char *attributes; /* (nullable) in the list of links (RFC 6690); NULL: not in it */
  gsize       sizes[2];   /* of the states in turn; 0 where nothing exists at the start */
  gboolean    is_observable;
  Handler     handlers[GCOAP_METHOD_DELETE + 1];
} Definition;

struct _Resource
{
  const Definition *definition;
  PlugtestLarge    *site;
  GBytes           *content; /* (owned) (nullable) NULL while the resource does not exist */
  int               content_format;
  PlugtestObserved *observed; /* (owned) */
};

struct _PlugtestLarge
{
  Resource      *resources;        /* (owned) */
  guint          observe_interval; /* milliseconds; 0 where nothing changes by itself */
  GCoapEndpoint *endpoint;         /* (owned) (nullable) */
  guint          change_source;
  guint          n_changes;
  guint          n_created;
};

static void
store (Resource *resource,
       GBytes   *content,
       int       content_format)
{
  g_clear_pointer (&resource->content, g_bytes_unref);
  resource->content = content != NULL ? g_bytes_ref (content) : g_bytes_new (NULL, 0);
  resource->content_format = content_format;
}

/* Each line has a number, so that a gap or a wrong order is seen. */
static GBytes *
make_text (const char *path,
           guint       state,
           gsize       size)
{
  GString *text = g_string_sized_new (size);

  for (guint line = 1; text->len < size; line++)
    g_string_append_printf (text, "%s %u: line %u\n", path, state, line);
  g_string_truncate (text, size);

  return g_string_free_to_bytes (text);
}

static void
enter_state (Resource *resource,
             guint     state)
{
  const Definition *definition = resource->definition;
  gsize size = definition->sizes[state % G_N_ELEMENTS (definition->sizes)];
  g_autoptr (GBytes) text = NULL;

  if (size == 0)
    return;

  text = make_text (definition->path, state, size);
  store (resource, text, TEXT_PLAIN);
}

/* How long a state is the latest one, in whole seconds. */
static void
add_max_age (GCoapEndpoint *endpoint,
             Resource      *resource)
{
  g_autofree char *seconds = g_strdup_printf ("%u", resource->site->observe_interval / 1000);
  g_autoptr (GCoapOption) option = gcoap_option_new (GCOAP_OPTION_NUMBER_MAX_AGE, seconds);

  if (resource->definition->is_observable && resource->site->observe_interval > 0)
    g_list_store_append (gcoap_endpoint_get_response_options (endpoint), option);
}

static void
set_response (GCoapEndpoint *endpoint,
              Resource      *resource)
{
  gcoap_endpoint_set_response_code (endpoint, "2.05");
  gcoap_endpoint_set_response_content_format (endpoint, resource->content_format);
  gcoap_endpoint_set_response_data (endpoint, resource->content);
  add_max_age (endpoint, resource);
}

/* The test plan has the server show what it receives. */
static void
show (GCoapRequest *request)
{
  GBytes *payload = gcoap_request_get_payload (request);
  g_autofree char *text = gcoap_request_dup_text (request);
  g_autofree char *escaped = g_strescape (text != NULL ? text : "(no text)", NULL);

  g_print ("%s: %" G_GSIZE_FORMAT " bytes \"%s\"\n", gcoap_request_get_uri_path (request),
           payload != NULL ? g_bytes_get_size (payload) : 0, escaped);
}

/* The code of the error where one of the options asks for what is not there. */
static const char *
find_objection (GCoapRequest *request,
                Resource     *resource)
{
  GListModel *options = gcoap_request_get_options (request);

  for (guint i = 0; i < g_list_model_get_n_items (options); i++)
    {
      g_autoptr (GCoapOption) option = g_list_model_get_item (options, i);

      switch (gcoap_option_get_number (option))
        {
        case GCOAP_OPTION_NUMBER_ACCEPT:
          if (atoi (gcoap_option_get_value (option)) != resource->content_format)
            return "4.06";
          break;

        /* Critical, and not known here (RFC 7252 section 5.4.1). */
        case GCOAP_OPTION_NUMBER_IF_MATCH:
        case GCOAP_OPTION_NUMBER_IF_NONE_MATCH:
          return "4.02";

        default:
          break;
        }
    }

  return NULL;
}

static void
get_content (GCoapEndpoint *endpoint,
             GCoapRequest  *request,
             Resource      *resource)
{
  if (resource->content != NULL)
    set_response (endpoint, resource);
  else
    gcoap_endpoint_set_response_code (endpoint, "4.04");
}

static void
put_content (GCoapEndpoint *endpoint,
             GCoapRequest  *request,
             Resource      *resource)
{
  show (request);
  store (resource, gcoap_request_get_payload (request),
         gcoap_request_get_content_format (request));
  gcoap_endpoint_set_response_code (endpoint, "2.04");
}

static void
delete_content (GCoapEndpoint *endpoint,
                GCoapRequest  *request,
                Resource      *resource)
{
  g_clear_pointer (&resource->content, g_bytes_unref);
  gcoap_endpoint_set_response_code (endpoint, "2.02");
}

static void
append_upper_case (GString *text,
                   GBytes  *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++)
    g_string_append_c (text, g_ascii_toupper (data[i]));
}

/* The answer is as long as the request, and says that all of it has been read. */
static void
post_for_answer (GCoapEndpoint *endpoint,
                 GCoapRequest  *request,
                 Resource      *resource)
{
  GBytes *payload = gcoap_request_get_payload (request);
  GString *text = g_string_new (NULL);
  g_autoptr (GBytes) answer = NULL;

  show (request);
  if (payload != NULL)
    append_upper_case (text, payload);
  answer = g_string_free_to_bytes (text);
  gcoap_endpoint_set_response_code (endpoint, "2.04");
  gcoap_endpoint_set_response_content_format (endpoint, TEXT_PLAIN);
  gcoap_endpoint_set_response_data (endpoint, answer);
}

/* What is created takes the next of a few places, and in the end that of the oldest. */
static void
post_for_creation (GCoapEndpoint *endpoint,
                   GCoapRequest  *request,
                   Resource      *resource)
{
  PlugtestLarge *self = resource->site;
  Resource *place = &self->resources[self->n_created++ % N_PLACES];

  show (request);
  store (place, gcoap_request_get_payload (request), gcoap_request_get_content_format (request));
  gcoap_endpoint_set_response_code (endpoint, "2.01");
  gcoap_endpoint_set_response_location (endpoint, place->definition->path, NULL);
}

#define CREATED(segment)                                    \
  { "/large-create/" segment,                               \
    .handlers = { [GCOAP_METHOD_GET] = get_content,         \
                  [GCOAP_METHOD_DELETE] = delete_content } }

/* The places come first. */
static const Definition definitions[] = {
  CREATED ("1"),
  CREATED ("2"),
  CREATED ("3"),
  CREATED ("4"),
  { "/large", ";ct=0", { LARGE_SIZE, LARGE_SIZE },
    .handlers = { [GCOAP_METHOD_GET] = get_content } },
  { "/large-update", ";ct=0", { LARGE_SIZE, LARGE_SIZE },
    .handlers = { [GCOAP_METHOD_GET] = get_content,
                  [GCOAP_METHOD_PUT] = put_content } },
  { "/large-create", "",
    .handlers = { [GCOAP_METHOD_POST] = post_for_creation } },
  { "/large-post", ";ct=0",
    .handlers = { [GCOAP_METHOD_POST] = post_for_answer } },
  { "/obs-large", ";ct=0;obs", { LARGE_SIZE, LARGE_SIZE },
    .is_observable = TRUE,
    .handlers = { [GCOAP_METHOD_GET] = get_content } },
  { "/obs-pumping", ";ct=0;obs", { LARGE_SIZE, SMALL_SIZE },
    .is_observable = TRUE,
    .handlers = { [GCOAP_METHOD_GET] = get_content } },
};

static void
notify_state (Resource *resource)
{
  GCoapEndpoint *endpoint = resource->site->endpoint;

  plugtest_clear_response (endpoint);
  set_response (endpoint, resource);
  plugtest_observed_notify (resource->observed, endpoint);
}

static gboolean
change_cb (gpointer user_data)
{
  PlugtestLarge *self = user_data;

  self->n_changes++;
  for (guint i = 0; i < G_N_ELEMENTS (definitions); i++)
    if (definitions[i].is_observable)
      {
        enter_state (&self->resources[i], self->n_changes);
        notify_state (&self->resources[i]);
      }

  return G_SOURCE_CONTINUE;
}

static void
handle (GCoapEndpoint *endpoint,
        GCoapRequest  *request,
        gpointer       data)
{
  Resource *resource = data;
  guint method = gcoap_request_get_method (request);
  Handler handler = method <= GCOAP_METHOD_DELETE ? resource->definition->handlers[method] : NULL;
  const char *objection = handler != NULL ? find_objection (request, resource) : "4.05";

  if (objection == NULL)
    handler (endpoint, request, resource);
  else
    gcoap_endpoint_set_response_code (endpoint, objection);
}

PlugtestLarge *
plugtest_large_new (guint observe_interval)
{
  PlugtestLarge *self = g_new0 (PlugtestLarge, 1);

  self->observe_interval = observe_interval;
  self->resources = g_new0 (Resource, G_N_ELEMENTS (definitions));
  for (guint i = 0; i < G_N_ELEMENTS (definitions); i++)
    {
      self->resources[i].definition = &definitions[i];
      self->resources[i].site = self;
      self->resources[i].observed = plugtest_observed_new ();
      enter_state (&self->resources[i], 0);
    }

  return self;
}

void
plugtest_large_free (PlugtestLarge *self)
{
  g_clear_handle_id (&self->change_source, g_source_remove);
  g_clear_object (&self->endpoint);
  for (guint i = 0; i < G_N_ELEMENTS (definitions); i++)
    {
      g_clear_pointer (&self->resources[i].content, g_bytes_unref);
      plugtest_observed_free (self->resources[i].observed);
    }
  g_free (self->resources);
  g_free (self);
}

/* The endpoint must be shut down when the resources are freed. */
void
plugtest_large_serve (PlugtestLarge *self,
                      GCoapEndpoint *endpoint)
{
  self->endpoint = g_object_ref (endpoint);
  for (guint i = 0; i < G_N_ELEMENTS (definitions); i++)
    plugtest_observed_serve (self->resources[i].observed, endpoint, definitions[i].path,
                             definitions[i].is_observable, handle, &self->resources[i]);
  if (self->observe_interval > 0)
    self->change_source = g_timeout_add (self->observe_interval, change_cb, self);
}

void
plugtest_large_append_links (GString *links)
{
  for (guint i = 0; i < G_N_ELEMENTS (definitions); i++)
    if (definitions[i].attributes != NULL)
      g_string_append_printf (links, ",<%s>%s", definitions[i].path, definitions[i].attributes);
}
