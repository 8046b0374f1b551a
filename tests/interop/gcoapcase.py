# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The GCoap side of the tests: endpoints in this process, on the default main context."""

import argparse
import shutil
import sys
import tempfile
import traceback
import unittest
from collections import namedtuple

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, GLib  # noqa: E402

from relay import Relay  # noqa: E402

WAIT_TIMEOUT = 30  # seconds until a test that waits in vain fails
BINARY = bytes(range(256)) * 4
PAYLOADS = {"empty": b"", "one byte": b"\0", "1000 bytes": BINARY[:1000]}

ETAG = GCoap.OptionNumber.ETAG
OBSERVE = GCoap.OptionNumber.OBSERVE
LOCATION_PATH = GCoap.OptionNumber.LOCATION_PATH
LOCATION_QUERY = GCoap.OptionNumber.LOCATION_QUERY
URI_HOST = GCoap.OptionNumber.URI_HOST
URI_PATH = GCoap.OptionNumber.URI_PATH
URI_QUERY = GCoap.OptionNumber.URI_QUERY

builddir = None


def option_pairs(options):
    """(number, bytes) of each GCoapOption of a list model."""
    return [(each.get_number(), each.dup_bytes().get_data() or b"") for each in options]


class Outcome:
    """What became of a request that was sent with send_async()."""

    is_done = False
    response = error = code = None
    payload = b""

    def settle(self, endpoint, result):
        try:
            self.response = endpoint.send_finish(result)
            self.code = GCoap.code_to_string(self.response.get_code())
            self.payload = bytes_of(self.response.get_payload())
            self.options = option_pairs(self.response.list_options())
        except GLib.Error as error:
            self.error = error
        self.is_done = True

    def failed_with(self, code):
        return self.error is not None and self.error.matches(GCoap.error_quark(), code)


def bytes_of(value):
    """The bytes of a GBytes, which PyGObject gives as None where there are none."""
    return (value.get_data() or b"") if value is not None else b""


class Seen(namedtuple("Seen", "method uri path query token options payload content_format etag")):
    """What a handler was told of a request, all of it copied."""

    @classmethod
    def of(cls, request):
        return cls(
            method=request.get_method(),
            uri=request.get_uri(),
            path=request.get_uri_path(),
            query=request.get_uri_query(),
            token=bytes_of(request.get_token_bytes()),
            options=option_pairs(request.get_options()),
            payload=bytes_of(request.get_payload()),
            content_format=request.get_content_format(),
            etag=bytes_of(request.get_etag()),
        )

    def values(self, number):
        return [value for each, value in self.options if each == number]


class GCoapCase(unittest.TestCase):
    """Endpoints, relays and waits that end with the test."""

    PATIENCE = WAIT_TIMEOUT

    def setUp(self):
        self.handler_errors = []
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def tearDown(self):
        self.assertEqual(self.handler_errors, [], "a handler failed")

    def wait_until(self, condition, what):
        """Runs the main context until `condition` holds; a test that waits in vain fails."""
        context = GLib.MainContext.default()
        is_late = []
        alarm = GLib.timeout_add_seconds(self.PATIENCE, lambda: is_late.append(True) or True)
        try:
            while not condition() and not is_late:
                context.iteration(True)
        finally:
            GLib.source_remove(alarm)
        self.assertTrue(condition(), f"waited {self.PATIENCE} s in vain for {what}")

    def wait_for(self, *runs):
        self.wait_until(lambda: all(run.is_done for run in runs), "the end of the requests")

    def relay(self, host, port, **policies):
        relay = Relay(host, port, **policies)
        self.addCleanup(relay.close)
        return relay

    def endpoint(self, settings=None, **properties):
        endpoint = GCoap.Endpoint(**properties)
        for name, value in (settings or {}).items():
            endpoint.config(f"{name}={value}")
        self.addCleanup(endpoint.shutdown)
        return endpoint

    def client(self, settings=None, **properties):
        return self.endpoint(settings, timeout=WAIT_TIMEOUT, **properties)

    def serve(self, handlers, host="127.0.0.1", settings=None, **properties):
        """A listening endpoint. `handlers` are by path, and take the endpoint and the request;
        the requests they got are its `seen`."""
        server = self.endpoint(settings, local_host=host, **properties)
        server.seen = []
        for path, handler in handlers.items():
            server.connect(f"request::{path}" if path else "request", self._handle, handler)
        server.start_listening()
        return server

    def serve_observable(self, path="/obs", code=None, **kwargs):
        """A server of one resource that accepts observers; `registered` are their URIs, and
        `unregistered` the tokens of those who ceased to be."""
        def accept(server, request):
            server.registered.append(request.get_uri())
            request.set_accept(True)
            server.set_response_code(code)
            server.set_response_text("first")

        server = self.serve({path: echo}, **kwargs)
        server.registered, server.unregistered = [], []
        server.connect(f"register::{path}", self._handle, accept)
        server.connect(
            "unregistered",
            lambda _, request: server.unregistered.append(bytes_of(request.get_token_bytes())),
        )
        return server

    def notify(self, server, text, code="2.05"):
        """Tells all who have registered of a new state."""
        server.set_response_code(code)
        server.set_response_text(text)
        for uri in set(server.registered):
            server.send_notification(uri)

    def observe(self, client, uri):
        """An observation, whose `states` are (sequence, text) of each state it had."""
        observation = client.observe(uri)
        states = []
        observation.connect(
            "notify::sequence",
            lambda _, _pspec: states.append((observation.get_sequence(), observation.get_text())),
        )
        return observation, states

    def wait_for_state(self, observation, state):
        self.wait_until(lambda: observation.get_state() == state, f"the state {state}")

    def assert_increasing(self, numbers):
        """RFC 7641 section 3.4."""
        for older, newer in zip(numbers, numbers[1:]):
            self.assertIn((newer - older) % 2**24, range(1, 2**23))

    def _handle(self, server, request, handler):
        try:
            server.seen.append(Seen.of(request))
            handler(server, request)
        except Exception:
            self.handler_errors.append(traceback.format_exc())

    def send(self, endpoint, uri, method=GCoap.Method.GET, confirmable=True, payload=b"",
             content_format=-1, options=(), token=None, cancellable=None):
        """Starts a request with the GIO-style interface."""
        message = GCoap.Message.new_request(method, uri)
        message.set_confirmable(confirmable)
        message.set_payload(GLib.Bytes.new(payload))
        message.set_content_format(content_format)
        for number, value in options:
            message.add_option(number, GLib.Bytes.new(value))
        if token is not None:
            message.set_token(GLib.Bytes.new(token))
        outcome = Outcome()
        endpoint.send_async(message, cancellable, outcome.settle)
        return outcome

    def ask(self, endpoint, uri, *args, **kwargs):
        """Sends a request, and waits for its end."""
        outcome = self.send(endpoint, uri, *args, **kwargs)
        self.wait_for(outcome)
        return outcome

    def assert_gcoap_error(self, code, call, *args):
        with self.assertRaises(GLib.Error) as caught:
            call(*args)
        self.assertTrue(caught.exception.matches(GCoap.error_quark(), code), caught.exception)
        return caught.exception


def echo(server, request):
    """A handler that gives back what came."""
    codes = {
        GCoap.Method.GET: "2.05",
        GCoap.Method.FETCH: "2.05",
        GCoap.Method.POST: "2.01",
        GCoap.Method.DELETE: "2.02",
    }
    server.set_response_code(codes.get(request.get_method(), "2.04"))
    server.set_response_data(request.get_payload())
    server.set_response_content_format(request.get_content_format())
    server.set_response_etag(request.get_etag())


def put_off(_server, request):
    """A handler that answers later, or never."""
    request.set_send_response(False)


def main():
    """unittest's own, with the build folder taken off the arguments."""
    global builddir
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--builddir", default="_build")
    options, rest = parser.parse_known_args()
    builddir = options.builddir
    unittest.main(module="__main__", argv=[sys.argv[0], *rest])
