# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The server half of an endpoint: routes, and what their handlers return."""

import asyncio
import collections
import contextlib
import functools
import inspect
import sys
from dataclasses import dataclass
from typing import Any

from ...module import get_introspection_module
from ._errors import CoapError, translating
from ._loop import get_running_loop
from ._values import to_bytes, to_code_text, to_content_format, to_file, to_method

GCoap = get_introspection_module("GCoap")

Method = GCoap.Method

# What a handler has done by returning; RFC 7252 section 5.8 and RFC 8132.
USUAL_CODES = {
    Method.GET: "2.05",
    Method.POST: "2.04",
    Method.PUT: "2.04",
    Method.DELETE: "2.02",
    Method.FETCH: "2.05",
    Method.PATCH: "2.04",
    Method.IPATCH: "2.04",
}
METHODS_THAT_READ = (Method.GET, Method.FETCH)

RESPONSE_PROPERTIES = (
    "response_code",
    "response_content_format",
    "response_data",
    "response_etag",
    "response_stream",
)
NO_RESPONSE = ("", GCoap.CONTENT_FORMAT_NONE, None, None, None)


@dataclass
class Response:
    """What a handler may return where a payload, or a code and a payload, is not enough."""

    payload: Any = None
    code: Any = None
    content_format: Any = None
    etag: Any = None
    options: Any = None
    location: Any = None
    file: Any = None


def to_response(result):
    if isinstance(result, Response):
        return result
    if isinstance(result, tuple):
        code, payload = result
        return Response(payload, code)
    return Response(result)


def write_response(endpoint, response, usual_code=""):
    """Sets the Response* properties, all of them; none if the type of one is wrong.

    There is no call for what the response does not have, as each one takes time.
    """
    code = to_code_text(usual_code if response.code is None else response.code)
    payload = to_bytes(response.payload)
    etag = to_bytes(response.etag)
    content_format = to_content_format(response.content_format)

    endpoint.clear_response()
    if response.options is not None:
        endpoint.response_options = response.options
    if response.location is not None:
        endpoint.set_response_location(response.location)
    if payload is not None:
        endpoint.set_response_data(payload)
    if response.file is not None:
        endpoint.set_response_file(to_file(response.file))
    if etag is not None:
        endpoint.set_response_etag(etag)
    if content_format != GCoap.CONTENT_FORMAT_NONE:
        endpoint.set_response_content_format(content_format)
    if code != "":
        endpoint.set_response_code(code)


class Preserved:
    """Puts the Response* properties back: a notification is none of a handler's business."""

    def __init__(self, endpoint):
        self._endpoint = endpoint

    def __enter__(self):
        endpoint = self._endpoint
        self._values = [getattr(endpoint, f"get_{name}")() for name in RESPONSE_PROPERTIES]
        self._options = list(endpoint.get_response_options())

    def __exit__(self, *_):
        endpoint = self._endpoint
        endpoint.clear_response()
        for name, empty, value in zip(RESPONSE_PROPERTIES, NO_RESPONSE, self._values):
            if value != empty:
                getattr(endpoint, f"set_{name}")(value)
        if self._options:
            endpoint.response_options = self._options


Route = collections.namedtuple("Route", "handlers connections")
Observed = collections.namedtuple("Observed", "registration observers")


def print_exception(error):
    sys.excepthook(type(error), error, error.__traceback__)


def is_answered_by_hand(endpoint, request):
    return (
        not request.send_response
        or endpoint.get_response_code() != ""
        or endpoint.get_response_data() is not None
        or endpoint.get_response_stream() is not None
    )


def write_answer(endpoint, request, result):
    """Sets the Response* properties to what a handler has returned."""
    if result is None and request.method in METHODS_THAT_READ:
        raise TypeError(f"The handler of {request.uri_path} has returned nothing to read")
    write_response(endpoint, to_response(result), USUAL_CODES.get(request.method, "2.04"))


def write_failure(endpoint, error):
    print_exception(error)
    write_response(endpoint, Response(code="5.00"))


def call(endpoint, handler, request):
    """Has the handler answer, now or when its coroutine is done."""
    try:
        result = handler(request)
        if inspect.isawaitable(result):
            begin(endpoint, request, result)
        elif result is not None or not is_answered_by_hand(endpoint, request):
            write_answer(endpoint, request, result)
    except Exception as error:
        request.send_response = True
        write_failure(endpoint, error)


def begin(endpoint, request, awaitable):
    try:
        loop = get_running_loop()
    except RuntimeError:
        if inspect.iscoroutine(awaitable):
            awaitable.close()
        raise
    request.send_response = False
    task = asyncio.ensure_future(awaitable, loop=loop)
    endpoint._tasks.add(task)
    task.add_done_callback(functools.partial(finish, endpoint, request))


def finish(endpoint, request, task):
    endpoint._tasks.discard(task)
    with Preserved(endpoint):
        if task.cancelled():
            write_response(endpoint, Response(code="5.03"))
        else:
            write_outcome(endpoint, request, task)
        send(endpoint, request)


def write_outcome(endpoint, request, task):
    try:
        write_answer(endpoint, request, task.result())
    except Exception as error:
        write_failure(endpoint, error)


@contextlib.contextmanager
def without_waiting(endpoint):
    """Has send_response() not wait for the acknowledgement, which would hold up the event loop."""
    timeout = endpoint.get_timeout()
    endpoint.set_timeout(0)
    try:
        yield
    finally:
        endpoint.set_timeout(timeout)


def send(endpoint, request):
    """What cannot be sent is answered all the same; nobody waits for what is over already."""
    try:
        with without_waiting(endpoint):
            endpoint.send_response(request.request_id)
    except CoapError as error:
        if error.code in (GCoap.Error.INVALID_REQUEST_ID, GCoap.Error.WRONG_MODE):
            return
        write_failure(endpoint, error)
        with without_waiting(endpoint):
            endpoint.send_response(request.request_id)


def find_handler(endpoint, path, request):
    route = endpoint._routes.get(path)
    return route.handlers.get(request.method) if route is not None else None


def on_request(endpoint, request, path):
    handler = find_handler(endpoint, path, request)
    if handler is None:
        endpoint.set_response_code("4.05")
    else:
        call(endpoint, handler, request)


def will_succeed(endpoint, request):
    """Whether the answer will be of class 2, or is still being made."""
    code = endpoint.get_response_code()
    return not request.send_response or code.startswith("2") or code == ""


def on_register(endpoint, request, path):
    on_request(endpoint, request, path)
    if will_succeed(endpoint, request):
        request.accept = True
        remember(endpoint, path, request)


def get_observer(request):
    return request.remote_host, request.remote_port, request.token


def get_topic(request):
    """What those who observe have in common that get the same states."""
    if request.method == Method.FETCH:
        return request.uri, request.payload, request.content_format
    return request.uri, None, None


def remember(endpoint, path, request):
    topics = endpoint._observed.setdefault(path, {})
    topics.setdefault(get_topic(request), Observed(request, set())).observers.add(
        get_observer(request)
    )


def on_unregistered(endpoint, request):
    topics = endpoint._observed.get(request.uri_path, {})
    observed = topics.get(get_topic(request))
    if observed is not None:
        observed.observers.discard(get_observer(request))
        if not observed.observers:
            del topics[get_topic(request)]


class Server:
    """What Endpoint has to serve requests with."""

    @functools.cached_property
    def _routes(self):
        """By path."""
        return {}

    @functools.cached_property
    def _observed(self):
        """By path, and by what the observers of a path have in common."""
        self.connect("unregistered", on_unregistered)
        return {}

    @functools.cached_property
    def _tasks(self):
        return set()

    def route(self, path, methods=("GET",), *, observable=False):
        """Decorates a function or coroutine function that answers requests for a path.

        It gets the GCoap.Request, and returns a payload, a code and a payload, a GCoap.Response,
        or of a method that changes something, None. Other methods are answered 4.05.
        """
        if not isinstance(path, str) or not path.startswith("/"):
            raise ValueError(f"A path begins with a slash, as {path!r} does not")
        if isinstance(methods, (str, int)):
            methods = (methods,)
        numbers = [to_method(method) for method in methods]

        def decorate(handler):
            if not callable(handler):
                raise TypeError(f"{handler!r} cannot be called")
            self._add_route(path, numbers, handler, observable)
            return handler

        return decorate

    def _add_route(self, path, numbers, handler, observable):
        route = self._routes.setdefault(path, Route({}, {}))
        for number in numbers:
            if number in route.handlers:
                raise ValueError(f"{path} has a handler for method {number} already")
        route.handlers.update(dict.fromkeys(numbers, handler))
        self._listen(route, "request", on_request, path)
        if observable:
            self._listen(route, "register", on_register, path)

    def _listen(self, route, signal, callback, path):
        if signal not in route.connections:
            route.connections[signal] = self.connect(f"{signal}::{path}", callback, path)

    def remove_route(self, path):
        """Requests for the path are answered 4.04 again, and who observes it is told so."""
        if path not in self._routes:
            raise ValueError(f"There is no route {path!r}")
        if self.listening:
            self.notify_observers(path, ("4.04", None))
        for connection in self._routes.pop(path).connections.values():
            self.disconnect(connection)

    def notify_observers(self, path, *value):
        """Tells all who observe a path of its state.

        That is the value, in any form that a handler may return; without one, the handler is asked
        for each of the queries that are observed.
        """
        if path not in self._routes:
            raise ValueError(f"There is no route {path!r}")
        if len(value) > 1:
            raise TypeError("notify_observers() takes a path and one value at most")
        self._forget_refused()
        for observed in list(self._observed.get(path, {}).values()):
            if value:
                self._notify(observed.registration, value[0])
            else:
                self._ask(find_handler(self, path, observed.registration), observed.registration)

    def _forget_refused(self):
        """A registration may have been answered without being kept: the endpoint has its limits."""
        topics = [topics for by_path in self._observed.values() for topics in by_path.values()]
        if sum(len(topic.observers) for topic in topics) <= self.statistics.props.observers:
            return
        kept = {(each.remote_host, each.remote_port, each.token) for each in self.observers}
        for by_path in self._observed.values():
            for key, topic in list(by_path.items()):
                topic.observers.intersection_update(kept)
                if not topic.observers:
                    del by_path[key]

    def _ask(self, handler, registration):
        if handler is None:
            return
        result = handler(registration)
        if not inspect.isawaitable(result):
            self._notify(registration, result)
            return
        task = asyncio.ensure_future(result, loop=get_running_loop())
        self._tasks.add(task)
        task.add_done_callback(functools.partial(self._notify_later, registration))

    def _notify_later(self, registration, task):
        self._tasks.discard(task)
        if task.cancelled() or not self.listening:
            return
        try:
            self._notify(registration, task.result())
        except Exception as error:
            print_exception(error)

    @translating
    def _notify(self, registration, result):
        with Preserved(self):
            write_response(self, to_response(result), "2.05")
            self.send_notification_for(registration)
