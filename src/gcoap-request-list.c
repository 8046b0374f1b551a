/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-request-list-private.h"

struct _GCoapRequestList
{
  GObject    parent_instance;
  GSequence  *requests;  /* (element-type GCoapRequest) in the order they came */
  GHashTable *by_serial; /* (element-type guint64 GSequenceIter) */
};

static GType
get_item_type (GListModel *model)
{
  return GCOAP_TYPE_REQUEST;
}

static guint
get_n_items (GListModel *model)
{
  return g_sequence_get_length (GCOAP_REQUEST_LIST (model)->requests);
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GCoapRequestList *self = GCOAP_REQUEST_LIST (model);
  GSequenceIter *iter = g_sequence_get_iter_at_pos (self->requests, position);

  return g_sequence_iter_is_end (iter) ? NULL : g_object_ref (g_sequence_get (iter));
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (GCoapRequestList, gcoap_request_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GSequenceIter *
find (GCoapRequestList *self,
      guint64           serial)
{
  return g_hash_table_lookup (self->by_serial, &serial);
}

static void
gcoap_request_list_finalize (GObject *object)
{
  GCoapRequestList *self = GCOAP_REQUEST_LIST (object);

  g_clear_pointer (&self->by_serial, g_hash_table_unref);
  g_clear_pointer (&self->requests, g_sequence_free);

  G_OBJECT_CLASS (gcoap_request_list_parent_class)->finalize (object);
}

static void
gcoap_request_list_class_init (GCoapRequestListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gcoap_request_list_finalize;
}

static void
gcoap_request_list_init (GCoapRequestList *self)
{
  self->requests = g_sequence_new (g_object_unref);
  self->by_serial = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

GCoapRequestList *
gcoap_request_list_new (void)
{
  return g_object_new (GCOAP_TYPE_REQUEST_LIST, NULL);
}

void
gcoap_request_list_add (GCoapRequestList *self,
                        GCoapRequest     *request)
{
  guint64 serial = gcoap_request_get_serial (request);
  GSequenceIter *iter = g_sequence_append (self->requests, g_object_ref (request));

  g_hash_table_insert (self->by_serial, g_memdup2 (&serial, sizeof serial), iter);
  g_list_model_items_changed (G_LIST_MODEL (self), g_sequence_iter_get_position (iter), 0, 1);
}

gboolean
gcoap_request_list_remove (GCoapRequestList *self,
                           GCoapRequest     *request)
{
  guint64 serial = gcoap_request_get_serial (request);
  GSequenceIter *iter = find (self, serial);
  guint position;

  if (iter == NULL)
    return FALSE;

  position = g_sequence_iter_get_position (iter);
  g_hash_table_remove (self->by_serial, &serial);
  g_sequence_remove (iter);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);

  return TRUE;
}

GCoapRequest *
gcoap_request_list_lookup (GCoapRequestList *self,
                           guint64           serial)
{
  GSequenceIter *iter = find (self, serial);

  return iter != NULL ? g_sequence_get (iter) : NULL;
}
