/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-statistics-private.h"

/**
 * GCoapStatistics:
 *
 * What an endpoint has sent, received and dropped, and how much its tables hold: for monitoring,
 * and for finding out why a network does not do what it should.
 *
 * It comes from [property@Endpoint:statistics]. Each property tells the value of the moment. While
 * somebody is connected to [signal@GObject.Object::notify], changes are told when the endpoint has
 * done what there was to do, and not for each datagram. After the endpoint is gone, the properties
 * keep their last values.
 *
 * Since: 1.0
 */
struct _GCoapStatistics
{
  GObject        parent_instance;
  GCoapDriver   *driver;   /* (not owned) (nullable) NULL: the endpoint is gone */
  GCoapCounters  counters; /* as last told, or at the end */
};

enum
{
  PROP_BYTES_RECEIVED = 1,
  PROP_BYTES_SENT,
  PROP_CACHED_BYTES,
  PROP_CACHED_REPLIES,
  PROP_DATAGRAMS_RECEIVED,
  PROP_DATAGRAMS_SENT,
  PROP_DUPLICATES,
  PROP_GIVEN_UP,
  PROP_MALFORMED,
  PROP_OBSERVERS,
  PROP_OVERFLOWED,
  PROP_PEERS,
  PROP_REFUSED,
  PROP_REQUESTS_MADE,
  PROP_REQUESTS_SERVED,
  PROP_RESETS_RECEIVED,
  PROP_RESETS_SENT,
  PROP_RETRANSMISSIONS,
  PROP_TRANSFER_BYTES,
  PROP_TRANSFERS,
  PROP_TRANSMISSIONS,
  PROP_UNDELIVERABLE,
  PROP_UNEXPECTED,
  N_PROPS
};

/* Where a property's value is. */
typedef struct
{
  const char *name;
  gsize       offset;
} Counter;

static const Counter counters[N_PROPS] = {
  [PROP_BYTES_RECEIVED] = { "bytes-received", G_STRUCT_OFFSET (GCoapCounters, bytes_received) },
  [PROP_BYTES_SENT] = { "bytes-sent", G_STRUCT_OFFSET (GCoapCounters, bytes_sent) },
  [PROP_CACHED_BYTES] = { "cached-bytes", G_STRUCT_OFFSET (GCoapCounters, cached_bytes) },
  [PROP_CACHED_REPLIES] = { "cached-replies", G_STRUCT_OFFSET (GCoapCounters, cached_replies) },
  [PROP_DATAGRAMS_RECEIVED] = { "datagrams-received", G_STRUCT_OFFSET (GCoapCounters, datagrams_received) },
  [PROP_DATAGRAMS_SENT] = { "datagrams-sent", G_STRUCT_OFFSET (GCoapCounters, datagrams_sent) },
  [PROP_DUPLICATES] = { "duplicates", G_STRUCT_OFFSET (GCoapCounters, duplicates) },
  [PROP_GIVEN_UP] = { "given-up", G_STRUCT_OFFSET (GCoapCounters, given_up) },
  [PROP_MALFORMED] = { "malformed", G_STRUCT_OFFSET (GCoapCounters, malformed) },
  [PROP_OBSERVERS] = { "observers", G_STRUCT_OFFSET (GCoapCounters, observers) },
  [PROP_OVERFLOWED] = { "overflowed", G_STRUCT_OFFSET (GCoapCounters, overflowed) },
  [PROP_PEERS] = { "peers", G_STRUCT_OFFSET (GCoapCounters, peers) },
  [PROP_REFUSED] = { "refused", G_STRUCT_OFFSET (GCoapCounters, refused) },
  [PROP_REQUESTS_MADE] = { "requests-made", G_STRUCT_OFFSET (GCoapCounters, requests_made) },
  [PROP_REQUESTS_SERVED] = { "requests-served", G_STRUCT_OFFSET (GCoapCounters, requests_served) },
  [PROP_RESETS_RECEIVED] = { "resets-received", G_STRUCT_OFFSET (GCoapCounters, resets_received) },
  [PROP_RESETS_SENT] = { "resets-sent", G_STRUCT_OFFSET (GCoapCounters, resets_sent) },
  [PROP_RETRANSMISSIONS] = { "retransmissions", G_STRUCT_OFFSET (GCoapCounters, retransmissions) },
  [PROP_TRANSFER_BYTES] = { "transfer-bytes", G_STRUCT_OFFSET (GCoapCounters, transfer_bytes) },
  [PROP_TRANSFERS] = { "transfers", G_STRUCT_OFFSET (GCoapCounters, transfers) },
  [PROP_TRANSMISSIONS] = { "transmissions", G_STRUCT_OFFSET (GCoapCounters, transmissions) },
  [PROP_UNDELIVERABLE] = { "undeliverable", G_STRUCT_OFFSET (GCoapCounters, undeliverable) },
  [PROP_UNEXPECTED] = { "unexpected", G_STRUCT_OFFSET (GCoapCounters, unexpected) },
};

static GParamSpec *properties[N_PROPS];
static guint notify_signal;

G_DEFINE_FINAL_TYPE (GCoapStatistics, gcoap_statistics, G_TYPE_OBJECT)

static guint64
read_counter (const GCoapCounters *values,
              guint                property_id)
{
  return G_STRUCT_MEMBER (guint64, values, counters[property_id].offset);
}

static void
gcoap_statistics_get_property (GObject    *object,
                               guint       property_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  GCoapStatistics *self = GCOAP_STATISTICS (object);
  GCoapCounters now = self->counters;

  if (self->driver != NULL)
    gcoap_driver_count (self->driver, &now);
  g_value_set_uint64 (value, read_counter (&now, property_id));
}

/* The properties are all alike, so a table makes them; what each is stands here. */

/**
 * GCoapStatistics:bytes-received:
 *
 * How many bytes the datagrams had that were received.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:bytes-sent:
 *
 * How many bytes the datagrams had that were sent.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:cached-bytes:
 *
 * How many bytes the replies take that are kept for duplicates of a
 * request; the setting `CacheSize` limits them.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:cached-replies:
 *
 * Of how many messages it is remembered what they were answered.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:datagrams-received:
 *
 * How many datagrams were received.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:datagrams-sent:
 *
 * How many datagrams were sent.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:duplicates:
 *
 * How many messages were received again, and were not handled again
 * (RFC 7252 section 4.5).
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:given-up:
 *
 * How many Confirmable messages were repeated as often as may be, and never
 * acknowledged (RFC 7252 section 4.2).
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:malformed:
 *
 * How many datagrams were dropped because they were no CoAP messages, or were
 * malformed (RFC 7252 section 3).
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:observers:
 *
 * How many observers there are now.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:overflowed:
 *
 * How many datagrams were dropped because too many were waiting to be sent.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:peers:
 *
 * Of how many peers the Message IDs are remembered now.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:refused:
 *
 * How many requests were answered 5.03 because too many were waiting for the
 * application; the setting `MaxPendingRequests` says how many may.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:requests-made:
 *
 * How many requests are on their way now, with the resources that are
 * observed.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:requests-served:
 *
 * How many requests of peers wait now for the application, or their responses
 * for an acknowledgement.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:resets-received:
 *
 * How many Resets were received (RFC 7252 section 4.2).
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:resets-sent:
 *
 * How many messages were rejected with a Reset.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:retransmissions:
 *
 * How often a message was sent again because it was not acknowledged.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:transfer-bytes:
 *
 * How many bytes the block-wise transfers of peers take now; the setting
 * `TransferCacheSize` limits them.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:transfers:
 *
 * How many block-wise transfers of peers are under way now (RFC 7959).
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:transmissions:
 *
 * How many messages of this endpoint wait now to be sent or acknowledged.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:undeliverable:
 *
 * How many datagrams came back with an error, such as that nobody listens
 * there.
 *
 * Since: 1.0
 */

/**
 * GCoapStatistics:unexpected:
 *
 * How many responses and acknowledgements were dropped because they fit
 * nothing that is going on.
 *
 * Since: 1.0
 */

static void
gcoap_statistics_class_init (GCoapStatisticsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = gcoap_statistics_get_property;
  for (guint i = 1; i < N_PROPS; i++)
    properties[i] = g_param_spec_uint64 (counters[i].name, NULL, NULL, 0, G_MAXUINT64, 0,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  notify_signal = g_signal_lookup ("notify", G_TYPE_OBJECT);
}

static void
gcoap_statistics_init (GCoapStatistics *self)
{
}

GCoapStatistics *
gcoap_statistics_new (GCoapDriver *driver)
{
  GCoapStatistics *self = g_object_new (GCOAP_TYPE_STATISTICS, NULL);

  self->driver = driver;
  gcoap_driver_count (driver, &self->counters);

  return self;
}

static gboolean
is_watched (GCoapStatistics *self)
{
  return g_signal_handler_find (self, G_SIGNAL_MATCH_ID, notify_signal, 0, NULL, NULL, NULL) != 0;
}

void
gcoap_statistics_update (GCoapStatistics *self)
{
  GCoapCounters before = self->counters;

  if (!is_watched (self))
    return;

  gcoap_driver_count (self->driver, &self->counters);
  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 1; i < N_PROPS; i++)
    if (read_counter (&self->counters, i) != read_counter (&before, i))
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

void
gcoap_statistics_end (GCoapStatistics *self)
{
  gcoap_driver_count (self->driver, &self->counters);
  self->driver = NULL;
}
