/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-observation-private.h"

#include "gcoap-endpoint-private.h"
#include "gcoap/gcoap-content-format.h"
#include "gcoap/gcoap-enum-types.h"
#include "gcoap/gcoap-option-number.h"

#define SEQUENCE_MAX 0xffffff

/**
 * GCoapObservation:
 *
 * A resource that is being observed (RFC 7641), from [method@Endpoint.observe].
 *
 * Its properties hold the latest state and notify when a new one comes, so that a widget can be
 * bound to a sensor with [method@GObject.Object.bind_property]. States that were overtaken by a
 * newer one are left out.
 *
 * When the last reference is dropped the observation is cancelled.
 *
 * Since: 1.0
 */
struct _GCoapObservation
{
  GObject                parent_instance;
  GCoapEndpoint         *endpoint; /* (owned) (nullable) while there is a call */
  GCoapCall             *call;     /* (not owned) (nullable) it says when it is over */
  GCoapObservationState  state;
  GCoapFields            fields;
  GError                *error;    /* (owned) (nullable) */
  char                  *text;     /* (owned) (nullable) */
  char                  *uri;      /* (owned) */
  guint                  sequence;
};

typedef enum
{
  PROP_CODE = 1,
  PROP_CONTENT_FORMAT,
  PROP_DATA,
  PROP_ERROR,
  PROP_ETAG,
  PROP_SEQUENCE,
  PROP_STATE,
  PROP_TEXT,
  PROP_URI,
} GCoapObservationProperty;

static GParamSpec *properties[PROP_URI + 1];

G_DEFINE_FINAL_TYPE (GCoapObservation, gcoap_observation, G_TYPE_OBJECT)

static void
notify (GCoapObservation         *self,
        GCoapObservationProperty  property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_state (GCoapObservation      *self,
           GCoapObservationState  state)
{
  if (self->state == state)
    return;

  self->state = state;
  notify (self, PROP_STATE);
}

/* The call is over, or nobody wants it any more. */
void
gcoap_observation_let_go (GCoapObservation *self)
{
  self->call = NULL;
  g_clear_object (&self->endpoint);
}

static void
set_text (GCoapObservation *self,
          GCoapMessage     *message)
{
  g_autofree char *old = g_steal_pointer (&self->text);

  self->text = gcoap_message_dup_text (message);
  if (g_strcmp0 (old, self->text) != 0)
    notify (self, PROP_TEXT);
}

static void
set_sequence (GCoapObservation *self,
              GCoapMessage     *message)
{
  guint sequence;

  if (!gcoap_message_get_uint_option (message, GCOAP_OPTION_NUMBER_OBSERVE, &sequence) ||
      self->sequence == sequence)
    return;

  self->sequence = sequence;
  notify (self, PROP_SEQUENCE);
}

static void
take_values (GCoapObservation *self,
             GCoapMessage     *message)
{
  GCoapFields next;

  gcoap_fields_init (&next);
  gcoap_fields_set_message (&next, message);

  if (gcoap_fields_set_code (&self->fields, gcoap_fields_get_code (&next)))
    notify (self, PROP_CODE);
  if (gcoap_fields_set_content_format (&self->fields, gcoap_fields_get_content_format (&next)))
    notify (self, PROP_CONTENT_FORMAT);
  if (gcoap_fields_set_data (&self->fields, gcoap_fields_get_data (&next)))
    notify (self, PROP_DATA);
  if (gcoap_fields_set_etag (&self->fields, gcoap_fields_get_etag (&next)))
    notify (self, PROP_ETAG);
  set_text (self, message);
  set_sequence (self, message);

  gcoap_fields_clear (&next);
}

static void
gcoap_observation_dispose (GObject *object)
{
  gcoap_observation_cancel (GCOAP_OBSERVATION (object));

  G_OBJECT_CLASS (gcoap_observation_parent_class)->dispose (object);
}

static void
gcoap_observation_finalize (GObject *object)
{
  GCoapObservation *self = GCOAP_OBSERVATION (object);

  gcoap_fields_clear (&self->fields);
  g_clear_error (&self->error);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->uri, g_free);

  G_OBJECT_CLASS (gcoap_observation_parent_class)->finalize (object);
}

static void
gcoap_observation_get_property (GObject    *object,
                                guint       property_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  GCoapObservation *self = GCOAP_OBSERVATION (object);

  switch ((GCoapObservationProperty) property_id)
    {
    case PROP_CODE:
      g_value_set_string (value, gcoap_observation_get_code (self));
      break;

    case PROP_CONTENT_FORMAT:
      g_value_set_int (value, gcoap_observation_get_content_format (self));
      break;

    case PROP_DATA:
      g_value_set_boxed (value, gcoap_observation_get_data (self));
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, gcoap_observation_get_error (self));
      break;

    case PROP_ETAG:
      g_value_set_boxed (value, gcoap_observation_get_etag (self));
      break;

    case PROP_SEQUENCE:
      g_value_set_uint (value, gcoap_observation_get_sequence (self));
      break;

    case PROP_STATE:
      g_value_set_enum (value, gcoap_observation_get_state (self));
      break;

    case PROP_TEXT:
      g_value_set_string (value, gcoap_observation_get_text (self));
      break;

    case PROP_URI:
      g_value_set_string (value, gcoap_observation_get_uri (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
gcoap_observation_class_init (GCoapObservationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = gcoap_observation_dispose;
  object_class->finalize = gcoap_observation_finalize;
  object_class->get_property = gcoap_observation_get_property;

  /**
   * GCoapObservation:code: (getter get_code)
   *
   * The code of the latest state, such as "2.05"; "" while there is none.
   *
   * Since: 1.0
   */
  properties[PROP_CODE] =
    g_param_spec_string ("code", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapObservation:content-format: (getter get_content_format)
   *
   * The Content-Format of the latest state, -1 to 65535.
   *
   * Since: 1.0
   */
  properties[PROP_CONTENT_FORMAT] =
    g_param_spec_int ("content-format", NULL, NULL, -1, G_MAXUINT16, -1,
                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapObservation:data: (getter get_data)
   *
   * The payload of the latest state.
   *
   * Since: 1.0
   */
  properties[PROP_DATA] =
    g_param_spec_boxed ("data", NULL, NULL, G_TYPE_BYTES,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapObservation:error: (getter get_error)
   *
   * Why the observation has failed; %NULL unless it has.
   *
   * Since: 1.0
   */
  properties[PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapObservation:etag: (getter get_etag)
   *
   * The ETag of the latest state, 1 to 8 bytes.
   *
   * Since: 1.0
   */
  properties[PROP_ETAG] =
    g_param_spec_boxed ("etag", NULL, NULL, G_TYPE_BYTES,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapObservation:sequence: (getter get_sequence)
   *
   * The number of the latest notification, 0 to 16777215 (RFC 7641 section 3.4).
   *
   * Since: 1.0
   */
  properties[PROP_SEQUENCE] =
    g_param_spec_uint ("sequence", NULL, NULL, 0, SEQUENCE_MAX, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapObservation:state: (getter get_state)
   *
   * Where the observation stands.
   *
   * Since: 1.0
   */
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL,
                       GCOAP_TYPE_OBSERVATION_STATE, GCOAP_OBSERVATION_STATE_PENDING,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapObservation:text: (getter get_text)
   *
   * The payload of the latest state as text; "" where there is none, %NULL where it is not UTF-8.
   *
   * Since: 1.0
   */
  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapObservation:uri: (getter get_uri)
   *
   * The URI that is observed.
   *
   * Since: 1.0
   */
  properties[PROP_URI] =
    g_param_spec_string ("uri", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
gcoap_observation_init (GCoapObservation *self)
{
  gcoap_fields_init (&self->fields);
  self->text = g_strdup ("");
}

GCoapObservation *
gcoap_observation_new (const char *uri)
{
  GCoapObservation *self = g_object_new (GCOAP_TYPE_OBSERVATION, NULL);

  self->uri = g_strdup (uri);

  return self;
}

void
gcoap_observation_begin (GCoapObservation *self,
                         GCoapEndpoint    *endpoint,
                         GCoapCall        *call)
{
  self->endpoint = g_object_ref (endpoint);
  self->call = call;
}

/* Whoever hears of it finds everything settled, and may cancel. */
void
gcoap_observation_take_state (GCoapObservation *self,
                              GCoapMessage     *message,
                              gboolean          is_last)
{
  if (is_last)
    gcoap_observation_let_go (self);

  g_object_freeze_notify (G_OBJECT (self));
  take_values (self, message);
  set_state (self, is_last ? GCOAP_OBSERVATION_STATE_ENDED : GCOAP_OBSERVATION_STATE_ACTIVE);
  g_object_thaw_notify (G_OBJECT (self));
}

void
gcoap_observation_set_stale (GCoapObservation *self)
{
  set_state (self, GCOAP_OBSERVATION_STATE_STALE);
}

void
gcoap_observation_fail (GCoapObservation *self,
                        const GError     *error)
{
  gcoap_observation_let_go (self);

  g_object_freeze_notify (G_OBJECT (self));
  self->error = g_error_copy (error);
  notify (self, PROP_ERROR);
  set_state (self, GCOAP_OBSERVATION_STATE_FAILED);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * gcoap_observation_get_code: (get-property code)
 * @self: the observation
 *
 * The code of the latest state, such as "2.05"; "" while there is none.
 *
 * Returns: the code
 *
 * Since: 1.0
 */
const char *
gcoap_observation_get_code (GCoapObservation *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVATION (self), NULL);

  return gcoap_fields_get_code (&self->fields);
}

/**
 * gcoap_observation_get_content_format: (get-property content-format)
 * @self: the observation
 *
 * The Content-Format of the latest state, -1 to 65535.
 *
 * Returns: the number, or %GCOAP_CONTENT_FORMAT_NONE
 *
 * Since: 1.0
 */
int
gcoap_observation_get_content_format (GCoapObservation *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVATION (self), GCOAP_CONTENT_FORMAT_NONE);

  return gcoap_fields_get_content_format (&self->fields);
}

/**
 * gcoap_observation_get_data: (get-property data)
 * @self: the observation
 *
 * The payload of the latest state.
 *
 * Returns: (transfer none) (nullable): the bytes; %NULL if there are none
 *
 * Since: 1.0
 */
GBytes *
gcoap_observation_get_data (GCoapObservation *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVATION (self), NULL);

  return gcoap_fields_get_data (&self->fields);
}

/**
 * gcoap_observation_get_error: (get-property error)
 * @self: the observation
 *
 * Why the observation has failed; %NULL unless it has.
 *
 * Returns: (transfer none) (nullable): the error, of [error@Error], [error@Gio.IOErrorEnum] or
 *   [error@Gio.ResolverError]
 *
 * Since: 1.0
 */
const GError *
gcoap_observation_get_error (GCoapObservation *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVATION (self), NULL);

  return self->error;
}

/**
 * gcoap_observation_get_etag: (get-property etag)
 * @self: the observation
 *
 * The ETag of the latest state, 1 to 8 bytes.
 *
 * Returns: (transfer none) (nullable): the bytes; %NULL if there is none
 *
 * Since: 1.0
 */
GBytes *
gcoap_observation_get_etag (GCoapObservation *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVATION (self), NULL);

  return gcoap_fields_get_etag (&self->fields);
}

/**
 * gcoap_observation_get_sequence: (get-property sequence)
 * @self: the observation
 *
 * The number of the latest notification, 0 to 16777215 (RFC 7641 section 3.4).
 *
 * Returns: the number
 *
 * Since: 1.0
 */
guint
gcoap_observation_get_sequence (GCoapObservation *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVATION (self), 0);

  return self->sequence;
}

/**
 * gcoap_observation_get_state: (get-property state)
 * @self: the observation
 *
 * Where the observation stands.
 *
 * Returns: the state
 *
 * Since: 1.0
 */
GCoapObservationState
gcoap_observation_get_state (GCoapObservation *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVATION (self), GCOAP_OBSERVATION_STATE_FAILED);

  return self->state;
}

/**
 * gcoap_observation_get_text: (get-property text)
 * @self: the observation
 *
 * The payload of the latest state as text; "" where there is none, %NULL where it is not UTF-8.
 *
 * Returns: (nullable): the text
 *
 * Since: 1.0
 */
const char *
gcoap_observation_get_text (GCoapObservation *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVATION (self), NULL);

  return self->text;
}

/**
 * gcoap_observation_get_uri: (get-property uri)
 * @self: the observation
 *
 * The URI that is observed.
 *
 * Returns: the URI
 *
 * Since: 1.0
 */
const char *
gcoap_observation_get_uri (GCoapObservation *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVATION (self), NULL);

  return self->uri;
}

/**
 * gcoap_observation_cancel:
 * @self: the observation
 *
 * Stops observing. The server is told, or with the setting `ExplicitCancel` off, learns of it when
 * its next notification is reset. The values stay as they are.
 *
 * Since: 1.0
 */
void
gcoap_observation_cancel (GCoapObservation *self)
{
  g_autoptr (GCoapEndpoint) endpoint = NULL;
  GCoapCall *call;

  g_return_if_fail (GCOAP_IS_OBSERVATION (self));

  call = g_steal_pointer (&self->call);
  endpoint = g_steal_pointer (&self->endpoint);
  if (call == NULL)
    return;

  gcoap_endpoint_observe_stop (endpoint, call);
  set_state (self, GCOAP_OBSERVATION_STATE_ENDED);
}
