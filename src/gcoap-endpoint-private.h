/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcoap/gcoap-endpoint.h"
#include "gcoap/gcoap-notification.h"

#include "gcoap-driver-private.h"
#include "gcoap-fields-private.h"
#include "gcoap-observer-list-private.h"
#include "gcoap-request-list-private.h"
#include "gcoap-settings-private.h"
#include "gcoap-statistics-private.h"

G_BEGIN_DECLS

#define GCOAP_ENDPOINT_DEFAULT_TIMEOUT 60

typedef enum
{
  GCOAP_ENDPOINT_PROP_LISTENING = 1,
  GCOAP_ENDPOINT_PROP_LOCAL_HOST,
  GCOAP_ENDPOINT_PROP_LOCAL_PORT,
  GCOAP_ENDPOINT_PROP_OBSERVERS,
  GCOAP_ENDPOINT_PROP_PENDING_REQUESTS,
  GCOAP_ENDPOINT_PROP_REQUEST_CONTENT_FORMAT,
  GCOAP_ENDPOINT_PROP_REQUEST_DATA,
  GCOAP_ENDPOINT_PROP_REQUEST_ETAG,
  GCOAP_ENDPOINT_PROP_REQUEST_OPTIONS,
  GCOAP_ENDPOINT_PROP_RESPONSE_CODE,
  GCOAP_ENDPOINT_PROP_RESPONSE_CONTENT_FORMAT,
  GCOAP_ENDPOINT_PROP_RESPONSE_DATA,
  GCOAP_ENDPOINT_PROP_RESPONSE_ETAG,
  GCOAP_ENDPOINT_PROP_RESPONSE_OPTIONS,
  GCOAP_ENDPOINT_PROP_RESPONSE_STREAM,
  GCOAP_ENDPOINT_PROP_STATISTICS,
  GCOAP_ENDPOINT_PROP_TIMEOUT,
  GCOAP_ENDPOINT_PROP_USE_CONFIRMABLE_MESSAGES,
} GCoapEndpointProperty;

typedef enum
{
  GCOAP_ENDPOINT_SIGNAL_ERROR,
  GCOAP_ENDPOINT_SIGNAL_LOG,
  GCOAP_ENDPOINT_SIGNAL_NOTIFICATION,
  GCOAP_ENDPOINT_SIGNAL_REGISTER,
  GCOAP_ENDPOINT_SIGNAL_REQUEST,
  GCOAP_ENDPOINT_SIGNAL_REQUEST_COMPLETE,
  GCOAP_ENDPOINT_SIGNAL_RESPONSE_COMPLETE,
  GCOAP_ENDPOINT_SIGNAL_UNREGISTERED,
  GCOAP_ENDPOINT_SIGNAL_UPLOAD,
} GCoapEndpointSignal;

/* A request in the hands of its handlers. They may nest, when one of them waits for something. */
typedef struct _GCoapHandling GCoapHandling;

/* Somebody who waits for a response to arrive; this nests too. */
typedef struct _GCoapWait GCoapWait;

/* A request that this endpoint has made, until it is over. */
typedef struct _GCoapCall GCoapCall;

struct _GCoapEndpoint
{
  GObject           parent_instance;
  GCoapDriver      *driver;           /* (owned) */
  GCoapSettings     settings;
  char             *local_host;       /* (owned) as set */
  char             *bound_host;       /* (owned) (nullable) while a socket is open */
  guint             local_port;       /* as set */
  guint             bound_port;       /* 0: no socket is open */
  guint             timeout;
  gboolean          use_confirmable_messages;
  gboolean          listening;
  gboolean          is_draining;      /* stopped, but some requests are not over */
  gboolean          is_ending;        /* all that is going on, so nothing new may begin */
  GCoapFields       request_fields;
  GCoapFields       response_fields;
  GCoapObserverList *observers;       /* (owned) (nullable) until it is asked for */
  GCoapRequestList *pending_requests; /* (owned) */
  GCoapStatistics  *statistics;       /* (owned) (nullable) made when asked for */
  GListStore       *config_settings;  /* (owned) (nullable) made when asked for */
  guint64           last_serial;
  GCoapRequest     *blank_request;    /* (owned) (nullable) to be used again */
  GHashTable       *calls;            /* (element-type GCoapCall) a set */
  GHashTable       *calls_by_id;      /* exchange id -> GCoapCall, of those that were sent */
  GHashTable       *served;           /* exchange id -> GCoapRequest, deferred or being answered */
  GHashTable       *incoming;         /* upload id -> GCoapIncoming: bodies that go to a stream */
  GHashTable       *outgoing;         /* body id -> GCoapOutgoing: bodies that come from one */
  GCoapHandling    *handling;         /* (nullable) the innermost */
  GCoapWait        *waits;            /* (nullable) the innermost */
};

/* gcoap-endpoint.c: what all parts need. */
/* Whether the thread may iterate the endpoint's context; GCOAP_ERROR_WRONG_MODE. */
gboolean  gcoap_endpoint_check_thread        (GCoapEndpoint         *self,
                                              GError               **error);
/* Keeps what local-host and local-port read back in step with the sockets. */
void      gcoap_endpoint_update_bound        (GCoapEndpoint         *self);
void      gcoap_endpoint_close_if_unused     (GCoapEndpoint         *self);
/* Closes the socket of a client that is to have another one, if nothing goes on by it. */
void      gcoap_endpoint_leave_socket        (GCoapEndpoint         *self);
/* FALSE with an error while everything is being ended. */
gboolean  gcoap_endpoint_check_not_ending    (GCoapEndpoint         *self,
                                              GError               **error);

/* gcoap-endpoint-properties.c */
void      gcoap_endpoint_install_properties  (GObjectClass          *object_class);
/* Whether anybody wants to know of changes, which with each request are many. */
gboolean  gcoap_endpoint_is_watched          (GCoapEndpoint         *self);
void      gcoap_endpoint_notify              (GCoapEndpoint         *self,
                                              GCoapEndpointProperty  property);

/* gcoap-endpoint-signals.c */
void      gcoap_endpoint_install_signals     (GObjectClass          *object_class);
gboolean  gcoap_endpoint_has_handler         (GCoapEndpoint         *self,
                                              GCoapEndpointSignal    signal,
                                              GQuark                 detail);
void      gcoap_endpoint_emit_error          (GCoapEndpoint         *self,
                                              const GError          *error);
void      gcoap_endpoint_emit_notification   (GCoapEndpoint         *self,
                                              GCoapNotification     *notification);
void      gcoap_endpoint_emit_request        (GCoapEndpoint         *self,
                                              GCoapEndpointSignal    signal,
                                              GQuark                 path,
                                              GCoapRequest          *request);
/* @error is NULL where all went well. */
void      gcoap_endpoint_emit_complete       (GCoapEndpoint         *self,
                                              GCoapEndpointSignal    signal,
                                              GCoapRequest          *request,
                                              const GError          *error);
gboolean  gcoap_endpoint_logs_messages       (GCoapEndpoint         *self);
void      gcoap_endpoint_log                 (GCoapEndpoint         *self,
                                              GCoapLogLevel          level,
                                              const char            *format,
                                              ...) G_GNUC_PRINTF (3, 4);

/* gcoap-endpoint-fields.c: has the properties of a group show a message, or with NULL nothing. */
void      gcoap_endpoint_fill_fields         (GCoapEndpoint         *self,
                                              GCoapFields           *fields,
                                              GCoapMessage          *message);
void      gcoap_endpoint_fill_for_request    (GCoapEndpoint         *self,
                                              GCoapMessage          *message);
void      gcoap_endpoint_restore_fields      (GCoapEndpoint         *self,
                                              GCoapFields           *fields,
                                              GCoapFields           *saved);
/* The fields of both groups as they are, and as they were then. */
void      gcoap_endpoint_save_all_fields     (GCoapEndpoint         *self,
                                              GCoapFields            out_saved[2]);
void      gcoap_endpoint_restore_all_fields  (GCoapEndpoint         *self,
                                              GCoapFields            saved[2]);

/* gcoap-endpoint-errors.c: the error that an event of a failure stands for; @what says whom it
 * befell. */
GError   *gcoap_endpoint_make_error          (const GCoapEvent      *event,
                                              const char            *what);
GError   *gcoap_endpoint_make_canceled       (const char            *what);

/* gcoap-endpoint-client.c */
GHashTable *gcoap_endpoint_client_make_calls (void);
gboolean  gcoap_endpoint_client_check_mode   (GCoapEndpoint         *self,
                                              GError               **error);
/* Whether the message is a request that can be sent now. */
gboolean  gcoap_endpoint_client_check_message (GCoapEndpoint        *self,
                                              GCoapMessage          *message,
                                              GError               **error);
/* With a reference, because whoever is told of the call may end it. */
GCoapCall *gcoap_endpoint_client_find_call   (GCoapEndpoint         *self,
                                              guint64                exchange_id);
/* A request with what the Request* properties hold. */
GCoapMessage *gcoap_endpoint_client_make_message (GCoapEndpoint     *self,
                                              const char            *uri,
                                              guint                  method,
                                              GError               **error);
/* Sends it as the methods of the reference do; @observed_uri is NULL for one that does not
 * observe. */
char     *gcoap_endpoint_client_send         (GCoapEndpoint         *self,
                                              GCoapMessage          *message,
                                              const char            *observed_uri,
                                              GError               **error);
/* Starts a call whose end is the task's. */
void      gcoap_endpoint_client_run          (GCoapEndpoint         *self,
                                              GCoapCall             *call,
                                              GTask                 *task);
void      gcoap_endpoint_client_response     (GCoapEndpoint         *self,
                                              GCoapEvent            *event);
gboolean  gcoap_endpoint_client_failed       (GCoapEndpoint         *self,
                                              GCoapEvent            *event);
gboolean  gcoap_endpoint_client_cancel       (GCoapEndpoint         *self,
                                              guint64                serial);
void      gcoap_endpoint_client_cancel_all   (GCoapEndpoint         *self);

/* gcoap-endpoint-server.c */
/* The quark of the path, if a handler was ever connected for it: peers must not make quarks. */
GQuark    gcoap_endpoint_find_path           (GCoapMessage          *message);
gboolean  gcoap_endpoint_listens_to          (GCoapEndpoint         *self,
                                              GCoapEndpointSignal    signal,
                                              GQuark                 path);
void      gcoap_endpoint_server_request      (GCoapEndpoint         *self,
                                              GCoapEvent            *event);
void      gcoap_endpoint_server_sent         (GCoapEndpoint         *self,
                                              GCoapEvent            *event);
void      gcoap_endpoint_server_failed       (GCoapEndpoint         *self,
                                              GCoapEvent            *event);
gboolean  gcoap_endpoint_server_cancel       (GCoapEndpoint         *self,
                                              guint64                serial);
void      gcoap_endpoint_server_cancel_all   (GCoapEndpoint         *self);
/* GCOAP_ERROR_INVALID_RESPONSE_CODE */
gboolean  gcoap_endpoint_parse_response_code (const char            *text,
                                              guint                 *out_code,
                                              GError               **error);
/* Whether a body can be sent in blocks; -1 is of unknown size. G_IO_ERROR_MESSAGE_TOO_LARGE. */
gboolean  gcoap_endpoint_check_size          (GCoapEndpoint         *self,
                                              gint64                 size,
                                              GError               **error);
/* The response that the Response* properties stand for, as a view of them and of @options. */
gboolean  gcoap_endpoint_make_response       (GCoapEndpoint         *self,
                                              GCoapOptions          *options,
                                              GCoapFrame            *out_response,
                                              GBytes               **out_body,
                                              GError               **error);

/* gcoap-endpoint-socket.c */
/* Opens the socket that requests come by. */
gboolean  gcoap_endpoint_open_to_listen      (GCoapEndpoint         *self,
                                              GError               **error);
/* Makes sure that there is a socket to send to @remote with. */
gboolean  gcoap_endpoint_open_to_send        (GCoapEndpoint         *self,
                                              const GCoapAddress    *remote,
                                              GError               **error);
/* What the settings make of the sockets. */
void      gcoap_endpoint_apply_socket_settings (GCoapEndpoint       *self);

/* gcoap-endpoint-listening.c */
void      gcoap_endpoint_set_listening       (GCoapEndpoint         *self,
                                              gboolean               listening);

/* gcoap-endpoint-notify.c */
char     *gcoap_endpoint_notify_make_topic   (GCoapRequest          *registration);
void      gcoap_endpoint_notify_registered   (GCoapEndpoint         *self,
                                              GCoapEvent            *event);
void      gcoap_endpoint_notify_unregistered (GCoapEndpoint         *self,
                                              GCoapEvent            *event);

/* gcoap-endpoint-observe.c */
void      gcoap_endpoint_observe_stop        (GCoapEndpoint         *self,
                                              GCoapCall             *call);
void      gcoap_endpoint_observe_notified    (GCoapEndpoint         *self,
                                              GCoapEvent            *event);
void      gcoap_endpoint_observe_stale       (GCoapEndpoint         *self,
                                              GCoapEvent            *event);

/* gcoap-endpoint-transfer.c: what the engine says of a body that is a stream. FALSE: it is of no
 * call. */
gboolean  gcoap_endpoint_transfer_part       (GCoapEndpoint         *self,
                                              GCoapEvent            *event);
gboolean  gcoap_endpoint_transfer_wanted     (GCoapEndpoint         *self,
                                              GCoapEvent            *event);

/* gcoap-endpoint-streams.c */
GHashTable *gcoap_endpoint_streams_make_incoming (void);
GHashTable *gcoap_endpoint_streams_make_outgoing (void);
void      gcoap_endpoint_streams_upload      (GCoapEndpoint         *self,
                                              GCoapEvent            *event);
void      gcoap_endpoint_streams_part        (GCoapEndpoint         *self,
                                              GCoapEvent            *event);
void      gcoap_endpoint_streams_wanted      (GCoapEndpoint         *self,
                                              GCoapEvent            *event);
void      gcoap_endpoint_streams_over        (GCoapEndpoint         *self,
                                              GCoapEvent            *event);
/* Gives the request the stream that its body has gone to. */
void      gcoap_endpoint_streams_claim       (GCoapEndpoint         *self,
                                              guint64                upload,
                                              GCoapRequest          *request);
/* Nobody wants to know of the request. */
void      gcoap_endpoint_streams_forget      (GCoapEndpoint         *self,
                                              guint64                upload);
/* Answers with a body from response-stream, which is taken away; G_IO_ERROR_MESSAGE_TOO_LARGE. */
gboolean  gcoap_endpoint_streams_respond     (GCoapEndpoint         *self,
                                              guint64                exchange_id,
                                              const GCoapFrame      *response,
                                              GError               **error);
/* The endpoint has stopped listening: no more blocks will come, or be asked for. */
void      gcoap_endpoint_streams_stop        (GCoapEndpoint         *self);
/* Lets go of every stream. */
void      gcoap_endpoint_streams_end_all     (GCoapEndpoint         *self);

/* gcoap-endpoint-config.c */
char     *gcoap_endpoint_read_setting        (GCoapEndpoint         *self,
                                              const GCoapSetting    *setting);
/* Whether it may be changed now; GCOAP_ERROR_WRONG_MODE, or G_IO_ERROR_PERMISSION_DENIED. */
gboolean  gcoap_endpoint_check_setting       (GCoapEndpoint         *self,
                                              const GCoapSetting    *setting,
                                              GError               **error);
/* Whether the property of a setting may have that value. */
gboolean  gcoap_endpoint_check_property      (GCoapEndpoint         *self,
                                              const GCoapSetting    *setting,
                                              const char            *value,
                                              GError               **error);
gboolean  gcoap_endpoint_write_setting       (GCoapEndpoint         *self,
                                              const GCoapSetting    *setting,
                                              const char            *value,
                                              GError               **error);
void      gcoap_endpoint_apply_settings      (GCoapEndpoint         *self);
/* Tells those who watch the list of settings what has changed. */
void      gcoap_endpoint_update_config_settings (GCoapEndpoint      *self);

G_END_DECLS
