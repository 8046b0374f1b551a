/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcoap-endpoint-private.h"
#include "gcoap/gcoap-observation.h"

G_BEGIN_DECLS

/* Where a call is on its way. */
typedef enum
{
  GCOAP_CALL_NEW,
  GCOAP_CALL_RESOLVING,
  GCOAP_CALL_SENT,
  GCOAP_CALL_DONE,
} GCoapCallState;

/* For bodies that are streams. */
typedef struct _GCoapCallStreams GCoapCallStreams;

struct _GCoapCall
{
  GCoapEndpoint  *endpoint;     /* (not owned) alive until the call is done */
  GCoapCallState  state;
  GCoapMessage   *message;      /* (owned) */
  GCoapPatience   patience;
  gint64          started;      /* monotonic, when a deadline begins to count */
  GCancellable   *resolving;    /* (owned) (nullable) */
  GSource        *resolve_timer; /* (owned) (nullable) */
  gboolean        is_resolved;  /* or will never be */
  GArray         *addresses;    /* (owned) (nullable) (element-type GCoapAddress) */
  guint           next_address;
  guint64         exchange_id;

  /* One of these wants to know the end, or none. */
  GCoapRequest     *request;     /* (owned) (nullable) of the reference's methods */
  GCoapObservation *observation; /* (not owned) (nullable) of observe() */
  GTask          *task;         /* (owned) (nullable) of send_async() */
  GSource        *cancel_source; /* (owned) (nullable) */

  /* Of one whose bodies are streams. */
  GCoapCallStreams *streams;       /* (owned) (nullable) */
  GCoapMessage     *late_response; /* (owned) (nullable) to be told when they are free, */
  GError           *late_error;    /* (owned) (nullable) or this */

  /* Of one that observes. */
  char           *observed_uri;   /* (owned) (nullable) */
  gboolean        is_established; /* a notification has come */

  /* For a caller that waits. */
  gboolean        is_done;
  GError         *error;        /* (owned) (nullable) */
};

GCoapCall *gcoap_call_new      (GCoapEndpoint  *endpoint,
                                GCoapMessage   *message);
GCoapCall *gcoap_call_ref      (GCoapCall      *self);
void       gcoap_call_unref    (GCoapCall      *self);
/* FALSE with an error if it cannot be sent; then it is over, and nobody is told. */
gboolean   gcoap_call_start    (GCoapCall      *self,
                                GError        **error);
/* Tries the host's next address; FALSE if there is none. */
gboolean   gcoap_call_try_next (GCoapCall      *self);
/* Ends the call, in any state, and tells the one who waits for it. */
void       gcoap_call_succeed  (GCoapCall      *self,
                                GCoapMessage   *response);
void       gcoap_call_fail     (GCoapCall      *self,
                                GError         *error);
/* The streams of a call that is over are free now, and its end is told. */
void       gcoap_call_streams_freed (GCoapCall *self);
/* Ends the call and tells nobody. */
void       gcoap_call_end      (GCoapCall      *self);
/* The request's URI, for messages. */
char      *gcoap_call_dup_name (GCoapCall      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GCoapCall, gcoap_call_unref)

G_END_DECLS
