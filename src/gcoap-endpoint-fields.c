/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-endpoint-private.h"

#include <glib/gi18n-lib.h>

#include "gcoap-code-page-private.h"
#include "gcoap/gcoap-content-format.h"

/* The Request* and Response* properties: what goes into the next request or response, or has come
 * with the latest. */

#define MAXIMUM_CONTENT_FORMAT G_MAXUINT16

/* The properties of one of the two groups. */
typedef struct
{
  GCoapEndpointProperty content_format;
  GCoapEndpointProperty data;
  GCoapEndpointProperty etag;
} Group;

static const Group request_group = {
  .content_format = GCOAP_ENDPOINT_PROP_REQUEST_CONTENT_FORMAT,
  .data = GCOAP_ENDPOINT_PROP_REQUEST_DATA,
  .etag = GCOAP_ENDPOINT_PROP_REQUEST_ETAG,
};

static const Group response_group = {
  .content_format = GCOAP_ENDPOINT_PROP_RESPONSE_CONTENT_FORMAT,
  .data = GCOAP_ENDPOINT_PROP_RESPONSE_DATA,
  .etag = GCOAP_ENDPOINT_PROP_RESPONSE_ETAG,
};

static const Group *
get_group (GCoapEndpoint *self,
           GCoapFields   *fields)
{
  return fields == &self->request_fields ? &request_group : &response_group;
}

static void
set_content_format (GCoapEndpoint *self,
                    GCoapFields   *fields,
                    int            content_format)
{
  if (gcoap_fields_set_content_format (fields, content_format))
    gcoap_endpoint_notify (self, get_group (self, fields)->content_format);
}

static void
set_data (GCoapEndpoint *self,
          GCoapFields   *fields,
          GBytes        *data)
{
  if (gcoap_fields_set_data (fields, data))
    gcoap_endpoint_notify (self, get_group (self, fields)->data);
}

static void
set_etag (GCoapEndpoint *self,
          GCoapFields   *fields,
          GBytes        *etag)
{
  if (gcoap_fields_set_etag (fields, etag))
    gcoap_endpoint_notify (self, get_group (self, fields)->etag);
}

/* No data at all is what nobody takes for the text. */
static void
set_text (GCoapEndpoint *self,
          GCoapFields   *fields,
          const char    *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) data = text != NULL
                            ? gcoap_code_page_encode (self->settings.code_page, text, &error)
                            : NULL;

  set_data (self, fields, data);
  if (error == NULL)
    return;

  g_prefix_error (&error, _("The text cannot be converted to the CodePage: "));
  gcoap_endpoint_emit_error (self, error);
}

static char *
dup_text (GCoapEndpoint *self,
          GCoapFields   *fields)
{
  GBytes *data = gcoap_fields_get_data (fields);
  gsize length = 0;
  const char *bytes = data != NULL ? g_bytes_get_data (data, &length) : NULL;

  return length > 0 ? gcoap_code_page_decode (self->settings.code_page, bytes, length)
                    : g_strdup ("");
}

static void
copy_values (GCoapFields *to,
             GCoapFields *from)
{
  gcoap_fields_set_code (to, gcoap_fields_get_code (from));
  gcoap_fields_set_content_format (to, gcoap_fields_get_content_format (from));
  gcoap_fields_set_data (to, gcoap_fields_get_data (from));
  gcoap_fields_set_etag (to, gcoap_fields_get_etag (from));
  gcoap_fields_set_stream (to, from->stream);
}

/* Tells of each property whose value is no longer what it was. */
static void
notify_changes (GCoapEndpoint *self,
                GCoapFields   *fields,
                GCoapFields   *before)
{
  const Group *group = get_group (self, fields);

  g_object_freeze_notify (G_OBJECT (self));
  if (gcoap_fields_set_code (before, gcoap_fields_get_code (fields)) && group == &response_group)
    gcoap_endpoint_notify (self, GCOAP_ENDPOINT_PROP_RESPONSE_CODE);
  if (gcoap_fields_set_content_format (before, gcoap_fields_get_content_format (fields)))
    gcoap_endpoint_notify (self, group->content_format);
  if (gcoap_fields_set_data (before, gcoap_fields_get_data (fields)))
    gcoap_endpoint_notify (self, group->data);
  if (gcoap_fields_set_etag (before, gcoap_fields_get_etag (fields)))
    gcoap_endpoint_notify (self, group->etag);
  if (gcoap_fields_set_stream (before, fields->stream))
    gcoap_endpoint_notify (self, GCOAP_ENDPOINT_PROP_RESPONSE_STREAM);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
fill (GCoapFields  *fields,
      GCoapMessage *message)
{
  if (message != NULL)
    gcoap_fields_set_message (fields, message);
  else
    gcoap_fields_reset (fields);
}

static void
fill_watched (GCoapEndpoint *self,
              GCoapFields   *fields,
              GCoapMessage  *message)
{
  GCoapFields before;

  gcoap_fields_init (&before);
  copy_values (&before, fields);
  fill (fields, message);
  notify_changes (self, fields, &before);
  gcoap_fields_clear (&before);
}

/* Has the properties of a group show a message, or nothing where it is NULL. */
void
gcoap_endpoint_fill_fields (GCoapEndpoint *self,
                            GCoapFields   *fields,
                            GCoapMessage  *message)
{
  if (gcoap_endpoint_is_watched (self))
    fill_watched (self, fields, message);
  else
    fill (fields, message);
}

/* Has the Request* properties show a message, and the Response* properties nothing. */
void
gcoap_endpoint_fill_for_request (GCoapEndpoint *self,
                                 GCoapMessage  *message)
{
  if (gcoap_endpoint_is_watched (self))
    {
      fill_watched (self, &self->request_fields, message);
      fill_watched (self, &self->response_fields, NULL);
      return;
    }

  fill (&self->request_fields, message);
  fill (&self->response_fields, NULL);
}

/* Has the properties of a group hold again what they held before. */
void
gcoap_endpoint_restore_fields (GCoapEndpoint *self,
                               GCoapFields   *fields,
                               GCoapFields   *saved)
{
  gboolean is_watched = gcoap_endpoint_is_watched (self);
  GCoapFields before;

  gcoap_fields_init (&before);
  if (is_watched)
    copy_values (&before, fields);
  gcoap_fields_copy (fields, saved);
  if (is_watched)
    notify_changes (self, fields, &before);
  gcoap_fields_clear (&before);
}

void
gcoap_endpoint_save_all_fields (GCoapEndpoint *self,
                                GCoapFields    out_saved[2])
{
  gcoap_fields_init (&out_saved[0]);
  gcoap_fields_init (&out_saved[1]);
  gcoap_fields_copy (&out_saved[0], &self->request_fields);
  gcoap_fields_copy (&out_saved[1], &self->response_fields);
}

void
gcoap_endpoint_restore_all_fields (GCoapEndpoint *self,
                                   GCoapFields    saved[2])
{
  gcoap_endpoint_restore_fields (self, &self->request_fields, &saved[0]);
  gcoap_endpoint_restore_fields (self, &self->response_fields, &saved[1]);
  gcoap_fields_clear (&saved[0]);
  gcoap_fields_clear (&saved[1]);
}

/**
 * gcoap_endpoint_get_request_content_format: (get-property request-content-format)
 * @self: the endpoint
 *
 * The Content-Format of the requests to send, -1 to 65535, where -1 sends none; in server mode
 * that of the latest request.
 *
 * Returns: the number, or %GCOAP_CONTENT_FORMAT_NONE
 *
 * Since: 1.0
 */
int
gcoap_endpoint_get_request_content_format (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), GCOAP_CONTENT_FORMAT_NONE);

  return gcoap_fields_get_content_format (&self->request_fields);
}

/**
 * gcoap_endpoint_set_request_content_format: (set-property request-content-format)
 * @self: the endpoint
 * @content_format: -1 to 65535, where -1 is none
 *
 * Sets [property@Endpoint:request-content-format].
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_request_content_format (GCoapEndpoint *self,
                                           int            content_format)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));
  g_return_if_fail (content_format >= GCOAP_CONTENT_FORMAT_NONE &&
                    content_format <= MAXIMUM_CONTENT_FORMAT);

  set_content_format (self, &self->request_fields, content_format);
}

/**
 * gcoap_endpoint_get_request_data: (get-property request-data)
 * @self: the endpoint
 *
 * The payload of the requests to send with POST, PUT and other methods that have one; in server
 * mode that of the latest request.
 *
 * Returns: (transfer none) (nullable): the bytes; %NULL if there are none
 *
 * Since: 1.0
 */
GBytes *
gcoap_endpoint_get_request_data (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  return gcoap_fields_get_data (&self->request_fields);
}

/**
 * gcoap_endpoint_set_request_data: (set-property request-data)
 * @self: the endpoint
 * @data: (nullable): the bytes; %NULL for none
 *
 * Sets [property@Endpoint:request-data].
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_request_data (GCoapEndpoint *self,
                                 GBytes        *data)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));

  set_data (self, &self->request_fields, data);
}

/**
 * gcoap_endpoint_get_request_etag: (get-property request-etag)
 * @self: the endpoint
 *
 * The ETag of the requests to send, 1 to 8 bytes; in server mode that of the latest request.
 *
 * Returns: (transfer none) (nullable): the bytes; %NULL if there is none
 *
 * Since: 1.0
 */
GBytes *
gcoap_endpoint_get_request_etag (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  return gcoap_fields_get_etag (&self->request_fields);
}

/**
 * gcoap_endpoint_set_request_etag: (set-property request-etag)
 * @self: the endpoint
 * @etag: (nullable): 1 to 8 bytes; %NULL for none
 *
 * Sets [property@Endpoint:request-etag].
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_request_etag (GCoapEndpoint *self,
                                 GBytes        *etag)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));

  set_etag (self, &self->request_fields, etag);
}

/**
 * gcoap_endpoint_get_request_options: (get-property request-options)
 * @self: the endpoint
 *
 * More options of the requests to send, a list of [class@Option] to be changed in place; in
 * server mode all options of the latest request.
 *
 * Returns: (transfer none): the list, always the same
 *
 * Since: 1.0
 */
GListStore *
gcoap_endpoint_get_request_options (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  return gcoap_fields_get_options (&self->request_fields);
}

/**
 * gcoap_endpoint_dup_request_text:
 * @self: the endpoint
 *
 * [property@Endpoint:request-data] as text. It is taken for UTF-8, or for what the setting
 * `CodePage` says.
 *
 * Returns: (transfer full) (nullable): the text, "" where there is no data; %NULL if the data is
 *   no such text
 *
 * Since: 1.0
 */
char *
gcoap_endpoint_dup_request_text (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  return dup_text (self, &self->request_fields);
}

/**
 * gcoap_endpoint_set_request_text:
 * @self: the endpoint
 * @text: (nullable): UTF-8 text; %NULL for no data
 *
 * Sets [property@Endpoint:request-data] to the bytes of a text. The Content-Format is left as it
 * is.
 *
 * If the setting `CodePage` asks for something else than UTF-8 that lacks a character of the text,
 * there is no data then, and [signal@Endpoint::error] tells it.
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_request_text (GCoapEndpoint *self,
                                 const char    *text)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));

  set_text (self, &self->request_fields, text);
}

/**
 * gcoap_endpoint_get_response_code: (get-property response-code)
 * @self: the endpoint
 *
 * The code of the response, such as "2.05": c.dd with c from 2 to 7 and dd from 00 to 31.
 *
 * In client mode that of the latest response, in server mode that of the responses to send. It is
 * "" while there is none.
 *
 * Returns: the code
 *
 * Since: 1.0
 */
const char *
gcoap_endpoint_get_response_code (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  return gcoap_fields_get_code (&self->response_fields);
}

/**
 * gcoap_endpoint_set_response_code: (set-property response-code)
 * @self: the endpoint
 * @code: (nullable): the code, such as "2.05"; %NULL or "" for none. What is no response code is
 *   noticed when it is sent, with %GCOAP_ERROR_INVALID_RESPONSE_CODE
 *
 * Sets [property@Endpoint:response-code].
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_response_code (GCoapEndpoint *self,
                                  const char    *code)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));

  if (gcoap_fields_set_code (&self->response_fields, code != NULL ? code : ""))
    gcoap_endpoint_notify (self, GCOAP_ENDPOINT_PROP_RESPONSE_CODE);
}

/**
 * gcoap_endpoint_get_response_content_format: (get-property response-content-format)
 * @self: the endpoint
 *
 * The Content-Format of the latest response, -1 to 65535; in server mode that of the responses to
 * send, where -1 sends none.
 *
 * Returns: the number, or %GCOAP_CONTENT_FORMAT_NONE
 *
 * Since: 1.0
 */
int
gcoap_endpoint_get_response_content_format (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), GCOAP_CONTENT_FORMAT_NONE);

  return gcoap_fields_get_content_format (&self->response_fields);
}

/**
 * gcoap_endpoint_set_response_content_format: (set-property response-content-format)
 * @self: the endpoint
 * @content_format: -1 to 65535, where -1 is none
 *
 * Sets [property@Endpoint:response-content-format].
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_response_content_format (GCoapEndpoint *self,
                                            int            content_format)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));
  g_return_if_fail (content_format >= GCOAP_CONTENT_FORMAT_NONE &&
                    content_format <= MAXIMUM_CONTENT_FORMAT);

  set_content_format (self, &self->response_fields, content_format);
}

/**
 * gcoap_endpoint_get_response_data: (get-property response-data)
 * @self: the endpoint
 *
 * The payload of the latest response; in server mode that of the responses to send.
 *
 * Returns: (transfer none) (nullable): the bytes; %NULL if there are none
 *
 * Since: 1.0
 */
GBytes *
gcoap_endpoint_get_response_data (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  return gcoap_fields_get_data (&self->response_fields);
}

/**
 * gcoap_endpoint_set_response_data: (set-property response-data)
 * @self: the endpoint
 * @data: (nullable): the bytes; %NULL for none
 *
 * Sets [property@Endpoint:response-data].
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_response_data (GCoapEndpoint *self,
                                  GBytes        *data)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));

  set_data (self, &self->response_fields, data);
}

/**
 * gcoap_endpoint_get_response_etag: (get-property response-etag)
 * @self: the endpoint
 *
 * The ETag of the latest response, 1 to 8 bytes; in server mode that of the responses to send.
 *
 * Returns: (transfer none) (nullable): the bytes; %NULL if there is none
 *
 * Since: 1.0
 */
GBytes *
gcoap_endpoint_get_response_etag (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  return gcoap_fields_get_etag (&self->response_fields);
}

/**
 * gcoap_endpoint_set_response_etag: (set-property response-etag)
 * @self: the endpoint
 * @etag: (nullable): 1 to 8 bytes; %NULL for none
 *
 * Sets [property@Endpoint:response-etag].
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_response_etag (GCoapEndpoint *self,
                                  GBytes        *etag)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));

  set_etag (self, &self->response_fields, etag);
}

/**
 * gcoap_endpoint_get_response_options: (get-property response-options)
 * @self: the endpoint
 *
 * All options of the latest response, a list of [class@Option]; in server mode more options of
 * the responses to send, to be changed in place.
 *
 * Returns: (transfer none): the list, always the same
 *
 * Since: 1.0
 */
GListStore *
gcoap_endpoint_get_response_options (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  return gcoap_fields_get_options (&self->response_fields);
}

/**
 * gcoap_endpoint_dup_response_text:
 * @self: the endpoint
 *
 * [property@Endpoint:response-data] as text. It is taken for UTF-8, or for what the setting
 * `CodePage` says.
 *
 * Returns: (transfer full) (nullable): the text, "" where there is no data; %NULL if the data is
 *   no such text
 *
 * Since: 1.0
 */
char *
gcoap_endpoint_dup_response_text (GCoapEndpoint *self)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);

  return dup_text (self, &self->response_fields);
}

/**
 * gcoap_endpoint_set_response_text:
 * @self: the endpoint
 * @text: (nullable): UTF-8 text; %NULL for no data
 *
 * Sets [property@Endpoint:response-data] to the bytes of a text. The Content-Format is left as it
 * is.
 *
 * If the setting `CodePage` asks for something else than UTF-8 that lacks a character of the text,
 * there is no data then, and [signal@Endpoint::error] tells it.
 *
 * Since: 1.0
 */
void
gcoap_endpoint_set_response_text (GCoapEndpoint *self,
                                  const char    *text)
{
  g_return_if_fail (GCOAP_IS_ENDPOINT (self));

  set_text (self, &self->response_fields, text);
}

/**
 * gcoap_endpoint_dup_response_location:
 * @self: the endpoint
 * @base_uri: (nullable): the URI of the request, to have an absolute URI; %NULL to have one that is
 *   relative to it
 *
 * Where the resource is that the latest response tells of, such as one that a POST has created:
 * the Location-Path and Location-Query options of [property@Endpoint:response-options] as a URI, as
 * [method@Message.dup_location] makes it.
 *
 * Returns: (transfer full) (nullable): the URI; %NULL if there is none
 *
 * Since: 1.0
 */
char *
gcoap_endpoint_dup_response_location (GCoapEndpoint *self,
                                      const char    *base_uri)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (base_uri == NULL || strstr (base_uri, "://") != NULL, NULL);

  return gcoap_fields_dup_location (&self->response_fields, base_uri);
}

/**
 * gcoap_endpoint_set_response_location:
 * @self: the endpoint
 * @location: (nullable): an absolute path, a query or both, percent-encoded as in a URI, such as
 *   `/sensors/7?x=1`; %NULL for none
 * @error: return location for an error
 *
 * Tells the client where the resource is that its request has created: puts Location-Path and
 * Location-Query options into [property@Endpoint:response-options], in the place of those that are
 * there (RFC 7252 section 5.10.7). The response code that goes with it is 2.01.
 *
 * Fails with %GCOAP_ERROR_INVALID_URI.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
gcoap_endpoint_set_response_location (GCoapEndpoint  *self,
                                      const char     *location,
                                      GError        **error)
{
  g_return_val_if_fail (GCOAP_IS_ENDPOINT (self), FALSE);

  return gcoap_fields_set_location (&self->response_fields, location, error);
}

/**
 * gcoap_endpoint_clear_response:
 * @self: the endpoint
 *
 * Empties all `Response*` properties at once, as they are when [signal@Endpoint::request] begins.
 *
 * That is for a handler that answers otherwise than was begun, such as with an error, and for who
 * sets up a notification of which nothing earlier is to be a part.
 *
 * Since: 1.0
 */
void
gcoap_endpoint_clear_response (GCoapEndpoint *self)
{
  g_autoptr (GCoapEndpoint) endpoint = NULL;

  g_return_if_fail (GCOAP_IS_ENDPOINT (self));

  endpoint = g_object_ref (self);
  gcoap_endpoint_fill_fields (self, &self->response_fields, NULL);
}
