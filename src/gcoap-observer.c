/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-observer-private.h"

#include "gcoap-option-private.h"

/**
 * GCoapObserver:
 *
 * A client that observes a resource of this endpoint (RFC 7641), from
 * [property@Endpoint:observers].
 *
 * An object is the same for as long as somebody holds it. When the observer has gone it is in the
 * list no more, and its values stay as they were.
 *
 * Since: 1.0
 */
struct _GCoapObserver
{
  GObject           parent_instance;
  GCoapDriver      *driver;            /* (not owned) (nullable) NULL when it has ended */
  GCoapObserverKey  key;
  char             *uri;               /* (owned) a GRefString */
  gint64            registered;        /* monotonic, as what follows */
  gint64            acknowledged;      /* 0: not yet */
  GDateTime        *since;             /* (owned) (nullable) made when asked for, as what follows */
  GDateTime        *last_acknowledged; /* (owned) (nullable) */
  char             *remote_host;       /* (owned) (nullable) */
  char             *token;             /* (owned) (nullable) */
};

typedef enum
{
  PROP_LAST_ACKNOWLEDGED = 1,
  PROP_REMOTE_HOST,
  PROP_REMOTE_PORT,
  PROP_SINCE,
  PROP_TOKEN,
  PROP_URI,
} GCoapObserverProperty;

static GParamSpec *properties[PROP_URI + 1];

G_DEFINE_FINAL_TYPE (GCoapObserver, gcoap_observer, G_TYPE_OBJECT)

/* The engine's clock knows no date. */
static GDateTime *
make_time (gint64 monotonic)
{
  gint64 real = g_get_real_time () - (g_get_monotonic_time () - monotonic);
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc (real / G_USEC_PER_SEC);

  return g_date_time_add (seconds, real % G_USEC_PER_SEC);
}

/* FALSE: it has gone, and perhaps another has taken its place, but this has not been told yet. */
static gboolean
get_info (GCoapObserver     *self,
          GCoapObserverInfo *out_info)
{
  return self->driver != NULL &&
         gcoap_driver_get_observer (self->driver, &self->key, out_info) &&
         out_info->registered == self->registered;
}

static void
gcoap_observer_finalize (GObject *object)
{
  GCoapObserver *self = GCOAP_OBSERVER (object);

  g_clear_pointer (&self->uri, g_ref_string_release);
  g_clear_pointer (&self->since, g_date_time_unref);
  g_clear_pointer (&self->last_acknowledged, g_date_time_unref);
  g_clear_pointer (&self->remote_host, g_free);
  g_clear_pointer (&self->token, g_free);

  G_OBJECT_CLASS (gcoap_observer_parent_class)->finalize (object);
}

static void
gcoap_observer_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  GCoapObserver *self = GCOAP_OBSERVER (object);

  switch ((GCoapObserverProperty) property_id)
    {
    case PROP_LAST_ACKNOWLEDGED:
      g_value_set_boxed (value, gcoap_observer_get_last_acknowledged (self));
      break;

    case PROP_REMOTE_HOST:
      g_value_set_string (value, gcoap_observer_get_remote_host (self));
      break;

    case PROP_REMOTE_PORT:
      g_value_set_uint (value, gcoap_observer_get_remote_port (self));
      break;

    case PROP_SINCE:
      g_value_set_boxed (value, gcoap_observer_get_since (self));
      break;

    case PROP_TOKEN:
      g_value_set_string (value, gcoap_observer_get_token (self));
      break;

    case PROP_URI:
      g_value_set_string (value, gcoap_observer_get_uri (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
gcoap_observer_class_init (GCoapObserverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = gcoap_observer_finalize;
  object_class->get_property = gcoap_observer_get_property;

  /**
   * GCoapObserver:last-acknowledged: (getter get_last_acknowledged)
   *
   * When the observer has last acknowledged a notification, in UTC; %NULL if it has not yet.
   *
   * It changes without being notified: ask when it is to be shown. That a Confirmable notification
   * is sent at times is a matter of the setting `ConfirmableInterval`.
   *
   * Since: 1.0
   */
  properties[PROP_LAST_ACKNOWLEDGED] =
    g_param_spec_boxed ("last-acknowledged", NULL, NULL, G_TYPE_DATE_TIME,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapObserver:remote-host: (getter get_remote_host)
   *
   * The IP address of the client.
   *
   * Since: 1.0
   */
  properties[PROP_REMOTE_HOST] =
    g_param_spec_string ("remote-host", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapObserver:remote-port: (getter get_remote_port)
   *
   * The UDP port of the client.
   *
   * Since: 1.0
   */
  properties[PROP_REMOTE_PORT] =
    g_param_spec_uint ("remote-port", NULL, NULL, 0, G_MAXUINT16, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapObserver:since: (getter get_since)
   *
   * When the client has registered, in UTC.
   *
   * Since: 1.0
   */
  properties[PROP_SINCE] =
    g_param_spec_boxed ("since", NULL, NULL, G_TYPE_DATE_TIME,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapObserver:token: (getter get_token)
   *
   * The token of the registration as hexadecimal digits, which is that of
   * [property@Request:token].
   *
   * Since: 1.0
   */
  properties[PROP_TOKEN] =
    g_param_spec_string ("token", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * GCoapObserver:uri: (getter get_uri)
   *
   * The URI that is observed: [property@Request:uri] of the registration.
   *
   * Since: 1.0
   */
  properties[PROP_URI] =
    g_param_spec_string ("uri", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
gcoap_observer_init (GCoapObserver *self)
{
}

GCoapObserver *
gcoap_observer_new (GCoapDriver            *driver,
                    const GCoapObserverKey *key,
                    gint64                  registered,
                    char                   *uri)
{
  GCoapObserver *self = g_object_new (GCOAP_TYPE_OBSERVER, NULL);

  self->driver = driver;
  self->key = *key;
  self->registered = registered;
  self->uri = g_ref_string_acquire (uri);

  return self;
}

void
gcoap_observer_let_go (GCoapObserver *self)
{
  self->driver = NULL;
}

/**
 * gcoap_observer_get_last_acknowledged: (get-property last-acknowledged)
 * @self: the observer
 *
 * When the observer has last acknowledged a notification, in UTC. Of one that has gone it is what
 * was last asked for.
 *
 * Returns: (transfer none) (nullable): the time; %NULL if it has not yet
 *
 * Since: 1.0
 */
GDateTime *
gcoap_observer_get_last_acknowledged (GCoapObserver *self)
{
  GCoapObserverInfo info;

  g_return_val_if_fail (GCOAP_IS_OBSERVER (self), NULL);

  if (get_info (self, &info) && info.acknowledged != self->acknowledged)
    {
      self->acknowledged = info.acknowledged;
      g_clear_pointer (&self->last_acknowledged, g_date_time_unref);
      self->last_acknowledged = make_time (info.acknowledged);
    }

  return self->last_acknowledged;
}

/**
 * gcoap_observer_get_remote_host: (get-property remote-host)
 * @self: the observer
 *
 * The IP address of the client.
 *
 * Returns: the address
 *
 * Since: 1.0
 */
const char *
gcoap_observer_get_remote_host (GCoapObserver *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVER (self), NULL);

  if (self->remote_host == NULL)
    self->remote_host = gcoap_address_get_host (&self->key.remote);

  return self->remote_host;
}

/**
 * gcoap_observer_get_remote_port: (get-property remote-port)
 * @self: the observer
 *
 * The UDP port of the client.
 *
 * Returns: the port
 *
 * Since: 1.0
 */
guint
gcoap_observer_get_remote_port (GCoapObserver *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVER (self), 0);

  return self->key.remote.port;
}

/**
 * gcoap_observer_get_since: (get-property since)
 * @self: the observer
 *
 * When the client has registered, in UTC. One that registers again is still the same observer.
 *
 * Returns: (transfer none): the time
 *
 * Since: 1.0
 */
GDateTime *
gcoap_observer_get_since (GCoapObserver *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVER (self), NULL);

  if (self->since == NULL)
    self->since = make_time (self->registered);

  return self->since;
}

/**
 * gcoap_observer_get_token: (get-property token)
 * @self: the observer
 *
 * The token of the registration as hexadecimal digits.
 *
 * Returns: the text, "" for an empty token
 *
 * Since: 1.0
 */
const char *
gcoap_observer_get_token (GCoapObserver *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVER (self), NULL);

  if (self->token == NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (self->key.token, self->key.token_length);
      g_autoptr (GCoapOption) hex = gcoap_option_new_from_bytes (0, bytes);

      self->token = g_strdup (gcoap_option_get_value (hex));
    }

  return self->token;
}

/**
 * gcoap_observer_get_uri: (get-property uri)
 * @self: the observer
 *
 * The URI that is observed.
 *
 * Returns: the URI
 *
 * Since: 1.0
 */
const char *
gcoap_observer_get_uri (GCoapObserver *self)
{
  g_return_val_if_fail (GCOAP_IS_OBSERVER (self), NULL);

  return self->uri;
}

/**
 * gcoap_observer_cancel:
 * @self: the observer
 *
 * Ends what the client observes, as if it had asked for that: it leaves the list, and
 * [signal@Endpoint::unregistered] is emitted.
 *
 * Nothing is sent to the client, which may register again when it has had no news for a while. To
 * tell all who observe a URI that there will be none, send a notification with an error code.
 *
 * Since: 1.0
 */
void
gcoap_observer_cancel (GCoapObserver *self)
{
  GCoapObserverInfo info;
  GCoapDriver *driver;

  g_return_if_fail (GCOAP_IS_OBSERVER (self));

  driver = self->driver;
  if (!get_info (self, &info))
    return;

  gcoap_driver_unregister (driver, &self->key);
  gcoap_driver_pump (driver);
}
