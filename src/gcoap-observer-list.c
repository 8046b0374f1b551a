/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-observer-list-private.h"

#include "core/gcoap-hash-private.h"
#include "gcoap-observer-private.h"

/* What there is to know of an observer for as long as it is in the list, which can be a while
 * longer than the engine knows it. */
typedef struct
{
  GCoapObserverKey  key;
  guint             hash;
  gint64            registered;
  char             *uri;    /* (owned) a GRefString, for many observe the same */
  GCoapObserver    *object; /* (not owned) (nullable) cleared when nobody holds it */
  GSequenceIter    *iter;
} Row;

struct _GCoapObserverList
{
  GObject      parent_instance;
  GCoapDriver *driver; /* (not owned) (nullable) NULL when it is closed */
  GSequence   *rows;   /* (element-type Row) */
  GHashTable  *by_key; /* (element-type Row) a set */
  guint64      seed;
};

static guint
row_hash (gconstpointer key)
{
  return ((const Row *) key)->hash;
}

static gboolean
row_equal (gconstpointer a,
           gconstpointer b)
{
  const GCoapObserverKey *one = &((const Row *) a)->key;
  const GCoapObserverKey *other = &((const Row *) b)->key;

  return one->token_length == other->token_length &&
         memcmp (one->token, other->token, one->token_length) == 0 &&
         gcoap_address_equal (&one->remote, &other->remote);
}

static guint
hash_key (GCoapObserverList      *self,
          const GCoapObserverKey *key)
{
  guint64 hash = gcoap_hash_address (self->seed, &key->remote);
  guint64 word = 0;

  memcpy (&word, key->token, key->token_length);

  return gcoap_hash_finish (gcoap_hash_word (hash, word + key->token_length));
}

static Row *
lookup (GCoapObserverList      *self,
        const GCoapObserverKey *key)
{
  Row row = { .key = *key, .hash = hash_key (self, key) };

  return g_hash_table_lookup (self->by_key, &row);
}

static void
row_free (gpointer data)
{
  Row *row = data;

  if (row->object != NULL)
    gcoap_observer_let_go (row->object);
  g_clear_weak_pointer (&row->object);
  g_ref_string_release (row->uri);
  g_free (row);
}

/* What is observed may be a query, which the fragment stands for. */
static char *
intern_uri (const char *topic)
{
  g_autofree char *uri = g_strndup (topic, strcspn (topic, "#"));

  return g_ref_string_new_intern (uri);
}

static Row *
append (GCoapObserverList       *self,
        const GCoapObserverInfo *info)
{
  Row *row = g_new0 (Row, 1);

  row->key = info->key;
  row->hash = hash_key (self, &info->key);
  row->registered = info->registered;
  row->uri = intern_uri (info->uri);
  row->iter = g_sequence_append (self->rows, row);
  g_hash_table_add (self->by_key, row);

  return row;
}

static GType
get_item_type (GListModel *model)
{
  return GCOAP_TYPE_OBSERVER;
}

static guint
get_n_items (GListModel *model)
{
  return g_sequence_get_length (GCOAP_OBSERVER_LIST (model)->rows);
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GCoapObserverList *self = GCOAP_OBSERVER_LIST (model);
  GSequenceIter *iter;
  GCoapObserver *object;
  Row *row;

  if (position >= get_n_items (model))
    return NULL;

  iter = g_sequence_get_iter_at_pos (self->rows, position);
  row = g_sequence_get (iter);
  if (row->object != NULL)
    return g_object_ref (row->object);

  object = gcoap_observer_new (self->driver, &row->key, row->registered, row->uri);
  g_set_weak_pointer (&row->object, object);

  return object;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (GCoapObserverList, gcoap_observer_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
gcoap_observer_list_finalize (GObject *object)
{
  GCoapObserverList *self = GCOAP_OBSERVER_LIST (object);

  g_clear_pointer (&self->by_key, g_hash_table_unref);
  g_clear_pointer (&self->rows, g_sequence_free);

  G_OBJECT_CLASS (gcoap_observer_list_parent_class)->finalize (object);
}

static void
gcoap_observer_list_class_init (GCoapObserverListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gcoap_observer_list_finalize;
}

static void
gcoap_observer_list_init (GCoapObserverList *self)
{
  self->rows = g_sequence_new (row_free);
  self->by_key = g_hash_table_new (row_hash, row_equal);
  self->seed = (guint64) g_random_int () << 32 | g_random_int ();
}

GCoapObserverList *
gcoap_observer_list_new (GCoapDriver *driver)
{
  GCoapObserverList *self = g_object_new (GCOAP_TYPE_OBSERVER_LIST, NULL);
  g_autoptr (GArray) observers = gcoap_driver_list_observers (driver);

  self->driver = driver;
  for (guint i = 0; i < observers->len; i++)
    append (self, &g_array_index (observers, GCoapObserverInfo, i));

  return self;
}

void
gcoap_observer_list_add (GCoapObserverList      *self,
                         const GCoapObserverKey *key)
{
  GCoapObserverInfo info;
  Row *row;

  if (lookup (self, key) != NULL || !gcoap_driver_get_observer (self->driver, key, &info))
    return;

  row = append (self, &info);
  g_list_model_items_changed (G_LIST_MODEL (self), g_sequence_iter_get_position (row->iter), 0, 1);
}

void
gcoap_observer_list_remove (GCoapObserverList      *self,
                            const GCoapObserverKey *key)
{
  Row *row = lookup (self, key);
  guint position;

  if (row == NULL)
    return;

  position = g_sequence_iter_get_position (row->iter);
  g_hash_table_remove (self->by_key, row);
  g_sequence_remove (row->iter);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

void
gcoap_observer_list_close (GCoapObserverList *self)
{
  guint n_rows = g_sequence_get_length (self->rows);

  self->driver = NULL;
  g_hash_table_remove_all (self->by_key);
  g_sequence_remove_range (g_sequence_get_begin_iter (self->rows),
                           g_sequence_get_end_iter (self->rows));
  if (n_rows > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_rows, 0);
}
