/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-notification-private.h"

/**
 * GCoapNotification:
 *
 * A new state of a resource that is observed (RFC 7641 section 3.2).
 *
 * It comes with [signal@Endpoint::notification]; the state itself is in the `Response*` properties
 * of the endpoint.
 *
 * Since: 1.0
 */
struct _GCoapNotification
{
  GObject   parent_instance;
  char     *uri; /* (owned) */
  gboolean  is_latest;
  gboolean  is_last;
  gboolean  stop_observing;
};

typedef enum
{
  PROP_IS_LATEST = 1,
  PROP_STOP_OBSERVING,
  PROP_URI,
} GCoapNotificationProperty;

static GParamSpec *properties[PROP_URI + 1];

G_DEFINE_FINAL_TYPE (GCoapNotification, gcoap_notification, G_TYPE_OBJECT)

static void
gcoap_notification_finalize (GObject *object)
{
  GCoapNotification *self = GCOAP_NOTIFICATION (object);

  g_clear_pointer (&self->uri, g_free);

  G_OBJECT_CLASS (gcoap_notification_parent_class)->finalize (object);
}

static void
gcoap_notification_get_property (GObject    *object,
                                 guint       property_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  GCoapNotification *self = GCOAP_NOTIFICATION (object);

  switch ((GCoapNotificationProperty) property_id)
    {
    case PROP_IS_LATEST:
      g_value_set_boolean (value, gcoap_notification_get_is_latest (self));
      break;

    case PROP_STOP_OBSERVING:
      g_value_set_boolean (value, gcoap_notification_get_stop_observing (self));
      break;

    case PROP_URI:
      g_value_set_string (value, gcoap_notification_get_uri (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
gcoap_notification_set_property (GObject      *object,
                                 guint         property_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  GCoapNotification *self = GCOAP_NOTIFICATION (object);

  if (property_id == PROP_STOP_OBSERVING)
    gcoap_notification_set_stop_observing (self, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
}

static void
gcoap_notification_class_init (GCoapNotificationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = gcoap_notification_finalize;
  object_class->get_property = gcoap_notification_get_property;
  object_class->set_property = gcoap_notification_set_property;

  /**
   * GCoapNotification:is-latest: (getter get_is_latest)
   *
   * Whether no newer state has come before. Notifications may overtake each other
   * (RFC 7641 section 3.4).
   *
   * Since: 1.0
   */
  properties[PROP_IS_LATEST] =
    g_param_spec_boolean ("is-latest", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapNotification:stop-observing: (getter get_stop_observing) (setter set_stop_observing)
   *
   * Whether to stop observing the resource. A handler may set it to %TRUE.
   *
   * It is %TRUE from the start, and stays so, if the server has ended the observation.
   *
   * Since: 1.0
   */
  properties[PROP_STOP_OBSERVING] =
    g_param_spec_boolean ("stop-observing", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapNotification:uri: (getter get_uri)
   *
   * The URI of the resource, as it was given to [method@Endpoint.start_observing].
   *
   * Since: 1.0
   */
  properties[PROP_URI] =
    g_param_spec_string ("uri", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
gcoap_notification_init (GCoapNotification *self)
{
}

GCoapNotification *
gcoap_notification_new (const char *uri,
                        gboolean    is_latest,
                        gboolean    is_last)
{
  GCoapNotification *self = g_object_new (GCOAP_TYPE_NOTIFICATION, NULL);

  self->uri = g_strdup (uri);
  self->is_latest = is_latest;
  self->is_last = is_last;
  self->stop_observing = is_last;

  return self;
}

/**
 * gcoap_notification_get_is_latest: (get-property is-latest)
 * @self: the notification
 *
 * Whether no newer state has come before.
 *
 * Returns: %TRUE if it is the latest
 *
 * Since: 1.0
 */
gboolean
gcoap_notification_get_is_latest (GCoapNotification *self)
{
  g_return_val_if_fail (GCOAP_IS_NOTIFICATION (self), FALSE);

  return self->is_latest;
}

/**
 * gcoap_notification_get_stop_observing: (get-property stop-observing)
 * @self: the notification
 *
 * Whether the observing stops with this notification.
 *
 * Returns: %TRUE if it does
 *
 * Since: 1.0
 */
gboolean
gcoap_notification_get_stop_observing (GCoapNotification *self)
{
  g_return_val_if_fail (GCOAP_IS_NOTIFICATION (self), FALSE);

  return self->stop_observing;
}

/**
 * gcoap_notification_set_stop_observing: (set-property stop-observing)
 * @self: the notification
 * @stop_observing: whether to stop
 *
 * Lets a handler of [signal@Endpoint::notification] stop the observing. It has no effect on one
 * that the server has ended.
 *
 * Since: 1.0
 */
void
gcoap_notification_set_stop_observing (GCoapNotification *self,
                                       gboolean           stop_observing)
{
  g_return_if_fail (GCOAP_IS_NOTIFICATION (self));

  stop_observing = !!stop_observing;
  if (self->is_last || self->stop_observing == stop_observing)
    return;

  self->stop_observing = stop_observing;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STOP_OBSERVING]);
}

/**
 * gcoap_notification_get_uri: (get-property uri)
 * @self: the notification
 *
 * The URI of the resource.
 *
 * Returns: the URI
 *
 * Since: 1.0
 */
const char *
gcoap_notification_get_uri (GCoapNotification *self)
{
  g_return_val_if_fail (GCOAP_IS_NOTIFICATION (self), NULL);

  return self->uri;
}
