/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcoap-body-reader-private.h"
#include "gcoap-body-writer-private.h"
#include "gcoap-call-private.h"

G_BEGIN_DECLS

/* The streams that the bodies of a call go through, and who is told how far they are. */
struct _GCoapCallStreams
{
  GCoapBodyReader       *reader; /* (owned) (nullable) of the request */
  GCoapBodyWriter       *writer; /* (owned) (nullable) of the response */
  gint64                 size;   /* of the request's body; -1: unknown */
  gsize                  end;    /* of the request's body, once that was read */
  gboolean               has_moved; /* some of a body has reached its other end */
  GFileProgressCallback  progress;
  gpointer               progress_data;
  GDestroyNotify         progress_destroy;
};

GCoapCallStreams *gcoap_call_streams_new    (GCoapCall             *call,
                                             GInputStream          *input,
                                             GOutputStream         *output,
                                             GFileProgressCallback  progress,
                                             gpointer               progress_data,
                                             GDestroyNotify         progress_destroy);
void              gcoap_call_streams_free   (GCoapCallStreams      *self);
/* Ends what is under way early. FALSE: nothing is, and the streams are the caller's again. */
gboolean          gcoap_call_streams_cancel (GCoapCallStreams      *self);

/* The server has accepted all of the request's body, if the response says so. */
void              gcoap_call_streams_finish (GCoapCall             *call,
                                             GCoapMessage          *response);

/* What the engine says of the bodies of a call that has streams. */
void              gcoap_call_streams_take   (GCoapCall             *call,
                                             GCoapEvent            *event);
void              gcoap_call_streams_give   (GCoapCall             *call,
                                             GCoapEvent            *event);

G_END_DECLS
