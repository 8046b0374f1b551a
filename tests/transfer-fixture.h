/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "endpoint-fixture.h"
#include "stream-fixture.h"

G_BEGIN_DECLS

/* A download or an upload, and what has been told of it. */
typedef struct
{
  guint         n_ends;
  GCoapMessage *response;
  GError       *error;
  guint         n_progress;
  goffset       so_far;
  goffset       total;
  gboolean      goes_back; /* less was there than before */
  gboolean      nests;     /* progress iterates the context */
  GCoapEndpoint *to_shut_down; /* (nullable) by progress */
  GCancellable *cancellable;
  guint         n_freed;   /* of the data of progress */
} Transfer;

Transfer *transfer_new    (void);
void      transfer_free   (Transfer      *self);
void      download        (Transfer      *self,
                           GCoapEndpoint *client,
                           const char    *uri,
                           gpointer       stream);
void      upload          (Transfer      *self,
                           GCoapEndpoint *client,
                           const char    *uri,
                           gpointer       stream);
/* Waits for the end, and checks that there is no other. */
void      transfer_finish (Transfer      *self);
/* The same, and it is a response with the code. */
void      transfer_expect (Transfer      *self,
                           guint          code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Transfer, transfer_free)

G_END_DECLS
