/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gcoap-resolver-private.h"

static gboolean
convert_address (GSocketAddress *socket_address,
                 GCoapAddress   *out_address)
{
  struct sockaddr_storage storage;

  return g_socket_address_to_native (socket_address, &storage, sizeof storage, NULL) &&
         gcoap_address_from_sockaddr (out_address, (struct sockaddr *) &storage);
}

gboolean
gcoap_resolver_parse_literal (const char   *host,
                              guint         port,
                              GCoapAddress *out_address)
{
  g_autoptr (GSocketAddress) socket_address = g_inet_socket_address_new_from_string (host, port);

  return socket_address != NULL && convert_address (socket_address, out_address);
}

static int
compare_family (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  GSocketFamily preferred = GPOINTER_TO_INT (user_data);
  gboolean one = g_inet_address_get_family (G_INET_ADDRESS ((gpointer) a)) == preferred;
  gboolean other = g_inet_address_get_family (G_INET_ADDRESS ((gpointer) b)) == preferred;

  return other - one;
}

void
gcoap_resolver_lookup_async (const char          *host,
                             GMainContext        *context,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  g_main_context_push_thread_default (context);
  g_resolver_lookup_by_name_async (resolver, host, cancellable, callback, user_data);
  g_main_context_pop_thread_default (context);
}

GArray *
gcoap_resolver_lookup_finish (GResolver     *resolver,
                              GAsyncResult  *result,
                              guint          port,
                              gboolean       prefer_ipv6,
                              GError       **error)
{
  GList *found = g_resolver_lookup_by_name_finish (resolver, result, error);
  GArray *addresses;

  if (found == NULL)
    return NULL;

  addresses = g_array_new (FALSE, FALSE, sizeof (GCoapAddress));
  found = g_list_sort_with_data (found, compare_family,
                                 GINT_TO_POINTER (prefer_ipv6 ? G_SOCKET_FAMILY_IPV6
                                                              : G_SOCKET_FAMILY_IPV4));
  for (GList *link = found; link != NULL; link = link->next)
    {
      g_autoptr (GSocketAddress) socket_address = g_inet_socket_address_new (link->data, port);
      GCoapAddress address;

      if (convert_address (socket_address, &address))
        g_array_append_val (addresses, address);
    }
  g_resolver_free_addresses (found);

  return addresses;
}
