#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Where a program is called back it does what it should not: nothing crashes, others go on."""

import contextlib
import gc
import socket
import sys
import unittest

from bindings_fixture import BindingsTest
from gi.repository import GCoap, Gio, GLib

LARGE = b"x" * 3000
# Signals of an endpoint, its list models, and what else it calls back.
MODELS = ("observers", "pending-requests", "request-options", "response-options")
HOOKS = ("observation", "progress", "ready")
PLACES = {
    "server": ("error", "log", "notify", "register", "request", "request::/a",
               "response-complete", "unregistered", "upload", "observers", "pending-requests",
               "response-options"),
    "client": ("log", "notification", "notify", "request-complete", "pending-requests",
               "request-options", *HOOKS),
}


class Traffic:
    """A server and a client of it, either of which may be gone at any time."""

    def __init__(self, test, patience):
        self.test = test
        self.patience = patience
        self.server = GCoap.Endpoint(local_host="127.0.0.1")
        self.server.config("LogLevel=3")
        self.server.connect("request", self._answer)
        self.server.connect("register", self._accept)
        self.server.connect("upload", lambda *_: None)
        self.server.start_listening()
        self.port = self.server.props.local_port
        self.client = GCoap.Endpoint(local_host="127.0.0.1")
        self.client.config("LogLevel=3")
        self.client.connect("notification", lambda *_: None)
        self.later = []
        self.hooks = dict.fromkeys(HOOKS, lambda: None)
        self.n_transfers = 0

    def _answer(self, server, request):
        if request.get_uri_path() == "/later":
            request.set_send_response(False)
            self.later.append(request.get_request_id())
        else:
            server.set_response_text("x")

    def _accept(self, server, request):
        request.set_accept(True)
        server.set_response_text("x")

    def uri(self, path):
        return f"coap://127.0.0.1:{self.port}/{path}"

    def run(self):
        for step in (self._ask, self._upload, self._disturb, self._ask_for_later, self._observe,
                     self._notify, self._end_observing, self._follow, self._notify,
                     self._download, self._send_stream):
            with contextlib.suppress(GLib.Error, AttributeError):
                self._make_impatient()
                step()
            self.test.settle(self)

    def is_busy(self):
        if self.client is None:
            return False
        return self.n_transfers > 0 or len(self.client.props.pending_requests) > 0

    def _make_impatient(self):
        """Anew each time, as a handler may have reset the settings."""
        self.client.set_timeout(0)
        self.client.config(f"AckTimeout={self.patience}")
        self.client.config("MaxRetransmit=0")

    def _ask(self):
        self.client.get(self.uri("a"))

    def _upload(self):
        self.client.set_request_data(GLib.Bytes.new(LARGE))
        self.client.props.request_options.append(GCoap.Option.new(65000, "x"))
        self.client.put(self.uri("a"))

    def _disturb(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.sendto(b"\x4f\x01\x00\x00", ("127.0.0.1", self.port))
        self.test.context.iteration(False)

    def _ask_for_later(self):
        self.client.get(self.uri("later"))
        while not self.later and len(self.client.props.pending_requests) > 0:
            self.test.context.iteration(True)
        for request_id in self.later:
            self.server.set_response_text("late")
            self.server.props.response_options.append(GCoap.Option.new(65000, "x"))
            self.server.send_response(request_id)

    def _observe(self):
        self.client.start_observing(self.uri("a"))

    def _notify(self):
        self.server.set_response_text("y")
        self.server.send_notification(self.uri("a"))

    def _end_observing(self):
        self.client.stop_observing(self.uri("a"))

    def _follow(self):
        observation = self.client.observe(self.uri("a"))
        observation.connect("notify", lambda *_: self.hooks["observation"]())
        for _ in range(10):
            self.test.context.iteration(False)
        observation.cancel()

    def _download(self):
        self.n_transfers += 1
        self.client.download_async(
            self.uri("a"), Gio.MemoryOutputStream.new_resizable(), None, self._tell_progress, (),
            lambda client, result: self._end_transfer(client.download_finish, result),
        )

    def _send_stream(self):
        stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(LARGE))
        self.n_transfers += 1
        self.client.upload_async(
            self.uri("a"), stream, 0, None, self._tell_progress, (),
            lambda client, result: self._end_transfer(client.upload_finish, result),
        )

    def _tell_progress(self, *_):
        self.hooks["progress"]()

    def _end_transfer(self, finish, result):
        self.n_transfers -= 1
        self.hooks["ready"]()
        with contextlib.suppress(GLib.Error):
            finish(result)


class Act:
    """A handler that misbehaves the first time."""

    def __init__(self, traffic, side, action):
        self.traffic = traffic
        self.side = side
        self.action = action
        self.n_calls = 0
        self.handlers = []

    def __call__(self, *arguments):
        self.n_calls += 1
        if self.n_calls == 1:
            self.action(self, *arguments)

    def act_on_its_own(self, *_):
        """As what has no endpoint as its argument, and must not keep one."""
        endpoint = getattr(self.traffic, self.side)
        if endpoint is not None:
            self(endpoint)

    def attach(self, place):
        endpoint = getattr(self.traffic, self.side)
        if place in HOOKS:
            self.traffic.hooks[place] = self.act_on_its_own
        elif place in MODELS:
            endpoint.get_property(place).connect("items-changed", self.act_on_its_own)
        else:
            self.handlers = [endpoint.connect(place, self) for _ in range(2)]


def fail(act, *_):
    raise KeyError("on purpose")


def drop(act, *_):
    setattr(act.traffic, act.side, None)


def remove(act, endpoint, *_):
    for handler in act.handlers:
        endpoint.disconnect(handler)


def add(act, endpoint, *_):
    endpoint.connect("request", lambda *_: None)
    endpoint.connect("request-complete", lambda *_: None)


def ask(act, endpoint, *_):
    """A request within an event, to itself or to the server, that is waited for."""
    endpoint.config("DualRole=True")
    endpoint.config("AckTimeout=0.01")
    endpoint.config("MaxRetransmit=0")
    endpoint.set_timeout(1)
    endpoint.get(act.traffic.uri("a"))


def iterate(act, endpoint, *_):
    endpoint.do_events()
    act.traffic.test.context.iteration(False)


def set_all(act, endpoint, *_):
    endpoint.set_response_text("z")
    endpoint.set_response_stream(Gio.MemoryInputStream())
    endpoint.clear_response()
    endpoint.set_request_text("z")
    endpoint.props.request_options.remove_all()


def cancel_all(act, endpoint, *_):
    for request in list(endpoint.get_pending_requests()):
        endpoint.cancel_request(request.get_request_id())


def call(name):
    def action(act, endpoint, *_):
        getattr(endpoint, name)()

    action.__name__ = name
    return action


def restart(act, endpoint, *_):
    endpoint.stop_listening()
    endpoint.start_listening()


def end_the_other(act, *_):
    other = "server" if act.side == "client" else "client"
    getattr(act.traffic, other).shutdown()
    setattr(act.traffic, other, None)


ACTIONS = (
    fail, drop, remove, add, ask, iterate, set_all, cancel_all, restart, end_the_other,
    *map(call, ("shutdown", "reset", "stop_listening", "start_listening", "run_dispose")),
)


class Reentrance(BindingsTest):
    def setUp(self):
        super().setUp()
        hook, sys.excepthook = sys.excepthook, lambda *_: None
        self.addCleanup(setattr, sys, "excepthook", hook)

    def settle(self, traffic):
        """Until nothing is under way: each request has an end, be it that there is no answer."""
        for _ in range(20):
            self.context.iteration(False)
        while traffic.is_busy():
            self.context.iteration(True)

    def act(self, side, place, action, patience=0.01):
        traffic = Traffic(self, patience)
        act = Act(traffic, side, action)
        act.attach(place)
        traffic.run()
        for end in (traffic.client, traffic.server):
            if end is not None:
                end.shutdown()
        return act.n_calls

    def test_each_is_called(self):
        for side, places in PLACES.items():
            for place in places:
                with self.subTest(side=side, place=place):
                    self.assertGreater(self.act(side, place, lambda *_: None, patience=5), 0)


def make_test(side, action):
    def test(self):
        for place in PLACES[side]:
            with self.subTest(place=place):
                self.act(side, place, action)
                gc.collect()
                self.assert_usable(self.make_endpoint())

    return test


for each in ACTIONS:
    for end in PLACES:
        setattr(Reentrance, f"test_{end}_{each.__name__}", make_test(end, each))

if __name__ == "__main__":
    unittest.main(verbosity=2)
