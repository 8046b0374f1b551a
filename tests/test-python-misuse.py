#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What a program does wrong raises or warns, and never ends it: the endpoint goes on."""

import asyncio
import contextlib
import itertools
import os
import subprocess
import sys
import unittest
from pathlib import Path

from bindings_fixture import echo
from bindings_python import PythonTest
from gi.repository import GCoap, GLib

METHODS_WITH_URI = ("delete", "fetch", "get", "ipatch", "patch", "post", "put", "observe",
                    "start_observing", "stop_observing", "send_notification")
OTHER_METHODS = ("cancel_request", "config", "send_response", "send_notification_for",
                 "observe_message", "set_response_file")
ACTIONS = ("do_events", "reset", "shutdown", "start_listening", "stop_listening")


class Arguments(PythonTest):
    def run_abuse(self, name):
        """Runs a program with and without the overrides."""
        environment = {key: value for key, value in os.environ.items() if key != "G_DEBUG"}
        for options in ([], ["-E", "-B"]):
            with self.subTest(options=options):
                result = subprocess.run(
                    [sys.executable, *options, str(Path(__file__).with_name(name))],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env=environment,
                )
                self.assertEqual(result.stdout, b"It goes on\n", result.stderr[-2000:])
                self.assertEqual(result.returncode, 0)

    def test_everything_at_once(self):
        """Each method with all kinds of arguments."""
        self.run_abuse("abuse_bindings.py")

    def test_streams(self):
        self.run_abuse("abuse_streams.py")

    def test_wrong_types(self):
        endpoint = self.make_endpoint()
        for name in (*METHODS_WITH_URI, *OTHER_METHODS):
            for argument in (None, 5, b"coap://localhost/", object()):
                with self.subTest(name, argument=argument), self.assertRaises(TypeError):
                    getattr(endpoint, name)(argument)
        self.assert_usable(endpoint)

    def test_wrong_counts(self):
        endpoint = self.make_endpoint()
        for name in (*METHODS_WITH_URI, *OTHER_METHODS):
            with self.subTest(name), self.assertRaises(TypeError):
                getattr(endpoint, name)()
        for name in ACTIONS:
            with self.subTest(name), self.assertRaises(TypeError):
                getattr(endpoint, name)(5)
        self.assert_usable(endpoint)

    def test_coroutines(self):
        async def main():
            endpoint = self.make_endpoint()
            uri = "coap://127.0.0.1/"
            for call in (
                lambda: endpoint.request("GET", None),
                lambda: endpoint.request(None, uri),
                lambda: endpoint.request("NONE", uri),
                lambda: endpoint.request(32, uri),
                lambda: endpoint.request("GET", uri, 5),
                lambda: endpoint.request("GET", uri, content_format={}),
                lambda: endpoint.request("GET", uri, options={"No-Such": 1}),
                lambda: endpoint.request("GET", uri, timeout="x"),
                lambda: endpoint.request("GET", uri, timeout=float("nan")),
                lambda: endpoint.send(None),
                lambda: endpoint.send("x"),
            ):
                with self.assertRaises((TypeError, ValueError)):
                    await call()
            self.assert_usable(endpoint)

        self.run_async(main)

    def test_subclass(self):
        """The class is final: GLib says so, and nothing crashes."""
        environment = {key: value for key, value in os.environ.items() if key != "G_DEBUG"}
        result = subprocess.run(
            [sys.executable, "-c", SUBCLASS], stderr=subprocess.PIPE, env=environment
        )
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"final", result.stderr)

    def test_loop(self):
        for context in (5, "x", object()):
            with self.assertRaises(TypeError):
                GCoap.EventLoop(context)
        for main in (None, 5, print):
            with self.assertRaises((TypeError, ValueError)):
                GCoap.run(main)


SUBCLASS = """
import gi
gi.require_version("GCoap", "1.0")
from gi.repository import GCoap

class Mine(GCoap.Endpoint):
    pass
"""


class Disposed(PythonTest):
    def make_disposed(self):
        endpoint = GCoap.Endpoint(local_host="127.0.0.1")
        endpoint.start_listening()
        endpoint.run_dispose()
        return endpoint

    def test_methods(self):
        endpoint = self.make_disposed()
        self.assertFalse(endpoint.listening)
        for name in METHODS_WITH_URI:
            with self.subTest(name), contextlib.suppress(GLib.Error):
                getattr(endpoint, name)("coap://127.0.0.1:9/")
        for name in ACTIONS:
            getattr(endpoint, name)()
        self.assert_usable(self.make_endpoint())

    def test_coroutines(self):
        endpoint = self.make_disposed()

        async def main():
            with self.assertRaises(GLib.Error):
                await endpoint.request("GET", "coap://127.0.0.1:9/")

        self.run_async(main)

    def test_in_a_handler(self):
        def handler(server, request):
            server.run_dispose()
            server.set_response_text("x")

        server = self.make_server(a=handler)
        client = self.make_impatient_client()
        client.get(self.uri(server, "a"))
        self.iterate_until(lambda: not server.listening)
        self.assert_usable(client)

    def make_ending_route(self, name, is_slow):
        """A server whose route ends it before there is an answer."""
        server = self.make_routed()

        @server.route("/a", observable=True)
        def handle(request):
            getattr(server, name)()
            return "x"

        @server.route("/slow", observable=True)
        async def handle_slowly(request):
            await asyncio.sleep(0)
            return handle(request)

        return server, self.uri(server, "slow" if is_slow else "a")

    def test_in_a_route(self):
        async def main(name, is_slow, is_observing):
            server, uri = self.make_ending_route(name, is_slow)
            client = self.make_impatient_client()
            if is_observing:
                client.observe(uri)
            else:
                with contextlib.suppress(GCoap.CoapError):
                    await client.request("GET", uri)
            while server.listening:
                await asyncio.sleep(0)
            self.assert_usable(client)

        cases = itertools.product(
            ("reset", "run_dispose", "shutdown", "stop_listening"), (False, True), (False, True)
        )
        for case in cases:
            with self.subTest(case=case), self.catch_prints():
                self.run_async(main, *case)

    def test_while_waiting(self):
        async def main():
            client = GCoap.Endpoint()
            task = asyncio.ensure_future(client.request("GET", "coap://127.0.0.1:9/"))
            await asyncio.sleep(0)
            client.run_dispose()
            with self.assertRaises(GCoap.CoapError):
                await task

        self.run_async(main)

    def test_observed(self):
        server = self.make_routed()
        server.route("/a", observable=True)(lambda request: "x")

        async def main():
            observation = self.make_endpoint().observe(self.uri(server, "a"))
            async for _ in observation:
                observation.run_dispose()

        self.run_async(main)

    def test_observations_endpoint(self):
        server = self.make_routed()
        server.route("/a", observable=True)(lambda request: "x")

        async def main():
            client = self.make_endpoint()
            async for _ in client.observe(self.uri(server, "a")):
                client.run_dispose()

        with self.assertRaises(GCoap.CanceledError):
            self.run_async(main)


class Handlers(PythonTest):
    def ask_both(self, server, code="5.01"):
        """The path whose handler misbehaves, and one that must be served all the same."""
        self.assertEqual(self.ask(server, "GET", "a").code, code)
        self.assertEqual(self.ask(server, "GET", "b").code, "2.05")

    def test_exception(self):
        def handler(server, request):
            raise KeyError("x")

        server = self.make_server(a=handler, b=echo)
        with self.assert_prints(KeyError):
            self.ask_both(server)

    def test_exception_in_every_signal(self):
        def handler(*_):
            raise KeyError("x")

        server = self.make_server(b=echo)
        client = self.make_endpoint()
        server.config("LogLevel=3")
        for signal in ("error", "log", "response-complete", "unregistered", "upload", "notify"):
            server.connect(signal, handler)
        client.connect("request-complete", handler)
        client.connect("notification", handler)
        with self.catch_prints() as printed:
            client.get(self.uri(server, "b"))
            client.start_observing(self.uri(server, "b"))
            self.assert_usable(client)
            client.shutdown()
            server.shutdown()
        self.assertGreater(len(printed), 3)
        self.assertEqual(set(printed), {KeyError})

    def test_wrong_parameters(self):
        server = self.make_server(a=lambda: None, b=echo)
        with self.assert_prints(TypeError):
            self.ask_both(server)

    def test_wrong_types_set(self):
        def handler(server, request):
            server.props.response_data = "text"

        server = self.make_server(a=handler, b=echo)
        with self.assert_prints(TypeError):
            self.ask_both(server)

    def test_removed_during_emission(self):
        """Whether by itself, by one that runs before it, or by one that runs after it."""
        calls = []

        def handler(server, request, name):
            calls.append(name)
            for each in handlers:
                if server.handler_is_connected(each):
                    server.disconnect(each)
            server.set_response_text("x")

        server = self.make_server(b=echo)
        handlers = [server.connect("request::/a", handler, name) for name in "123"]
        self.assertEqual(self.ask(server, "GET", "a").code, "2.05")
        self.assertEqual(calls, ["1"])
        self.ask_both(server, "4.04")

    def test_added_during_emission(self):
        def handler(server, request):
            server.connect("request::/a", echo)
            server.set_response_text("x")

        server = self.make_server(a=handler, b=echo)
        self.ask_both(server, "2.05")

    def test_kept_request(self):
        """An event object outlives its event, and is of no more use."""
        kept = []
        server = self.make_server(a=lambda server, request: kept.append(request))
        self.assertEqual(self.ask(server, "GET", "a").code, "5.01")
        request = kept[0]
        self.assertEqual(request.uri_path, "/a")
        request.send_response = False
        request.accept = True
        with self.assertRaises(GCoap.InvalidRequestIdError):
            server.send_response(request.request_id)
        server.response_data = b"x"
        server.send_notification_for(request)
        self.assertEqual(self.ask(server, "GET", "none").code, "4.04")

    def test_callback_that_fails(self):
        server = self.make_server(b=echo)
        client = self.make_endpoint()
        done = []

        def callback(response, error):
            done.append(response)
            raise KeyError("x")

        with self.assert_prints(KeyError):
            client.request_with_callback("GET", self.uri(server, "b"), callback)
            self.iterate_until(lambda: done)
        self.assert_usable(client)


if __name__ == "__main__":
    unittest.main(verbosity=2)
