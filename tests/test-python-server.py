#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The overrides: routes, what handlers may return, coroutines as handlers."""

import asyncio
import tempfile
import unittest
import weakref

from bindings_fixture import CON, Peer
from bindings_python import PythonTest
from gi.repository import GCoap, Gio, GLib


def call_when_idle(context, function):
    source = GLib.Idle()
    source.set_callback(lambda *_: function() and False)
    source.attach(context)


class Routes(PythonTest):
    def setUp(self):
        super().setUp()
        self.server = self.make_routed()

    def answer(self, result, method="GET"):
        """The response to a request whose handler returns the result."""
        self.server.route("/x", method)(lambda request: result)
        try:
            return self.ask(self.server, method, "x")
        finally:
            self.server.remove_route("/x")

    def test_results(self):
        for result, code, payload in (
            ("21.5 °C", "2.05", "21.5 °C".encode()),
            (b"\0\xff", "2.05", b"\0\xff"),
            (bytearray(b"x"), "2.05", b"x"),
            (GLib.Bytes.new(b"x"), "2.05", b"x"),
            ("", "2.05", b""),
            (("2.03", None), "2.03", b""),
            (("4.03", "no"), "4.03", b"no"),
            ((GCoap.Code.FORBIDDEN, b"no"), "4.03", b"no"),
            (GCoap.Response("x"), "2.05", b"x"),
            (GCoap.Response(), "2.05", b""),
        ):
            with self.subTest(result=result):
                response = self.answer(result)
                self.assertEqual((response.code, response.payload), (code, payload))

    def test_usual_codes(self):
        for method, code in (("POST", "2.04"), ("PUT", "2.04"), ("DELETE", "2.02"),
                             ("PATCH", "2.04"), ("IPATCH", "2.04")):
            with self.subTest(method):
                self.assertEqual(self.answer(None, method).code, code)
                self.assertEqual(self.answer("x", method).code, code)
        self.assertEqual(self.answer("x", "FETCH").code, "2.05")

    def test_response(self):
        response = self.answer(
            GCoap.Response(
                "x",
                "2.01",
                content_format="application/json",
                etag=b"tag",
                options={"Max-Age": 5},
                location="/new/1?a",
            ),
            "POST",
        )
        self.assertEqual((response.code, response.text), ("2.01", "x"))
        self.assertEqual((response.content_format, response.etag), (50, b"tag"))
        self.assertEqual((response.max_age, response.location), (5, "/new/1?a"))

    def test_file(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"content" * 1000)
            file.flush()
            for path in (file.name, Gio.File.new_for_path(file.name)):
                response = self.answer(GCoap.Response(file=path))
                self.assertEqual(response.payload, b"content" * 1000)
                self.assertIsNotNone(response.etag)

    def test_methods(self):
        @self.server.route("/a")
        def get(request):
            return "got"

        @self.server.route("/a", methods=["PUT", GCoap.Method.POST])
        def put(request):
            return f"{request.method} {request.text}"

        self.assertEqual(self.ask(self.server, "GET", "a").text, "got")
        self.assertEqual(self.ask(self.server, "PUT", "a", "x").text, "3 x")
        self.assertEqual(self.ask(self.server, "POST", "a", "x").text, "2 x")
        self.assertEqual(self.ask(self.server, "DELETE", "a").code, "4.05")
        self.assertEqual(self.ask(self.server, "GET", "b").code, "4.04")

    def test_function_is_returned(self):
        def get(request):
            return "x"

        self.assertIs(self.server.route("/a")(get), get)
        self.assertEqual(get(None), "x")

    def test_beside_signals(self):
        self.server.route("/a")(lambda request: "route")
        self.server.connect("request::/b", lambda server, _: server.set_response_text("signal"))
        self.assertEqual(self.ask(self.server, "GET", "a").text, "route")
        self.assertEqual(self.ask(self.server, "GET", "b").text, "signal")

    def test_answer_takes_the_place(self):
        """Nothing that was set before is left in what a handler returns."""

        @self.server.route("/a")
        def get(request):
            self.server.response_etag = b"1"
            self.server.response_content_format = "application/json"
            self.server.response_options = {"Max-Age": 5}
            self.server.response_stream = Gio.MemoryInputStream()
            return "x"

        response = self.ask(self.server, "GET", "a")
        self.assertEqual((response.code, response.text), ("2.05", "x"))
        self.assertEqual((response.etag, response.content_format), (None, None))
        self.assertEqual(response.max_age, 60)

    def test_answered_by_hand(self):
        def by_properties(request):
            self.server.response_code = "2.03"

        def by_id(request):
            request.send_response = False
            call_when_idle(self.context, lambda: self.later(request))

        self.server.route("/a")(by_properties)
        self.server.route("/b")(by_id)
        self.assertEqual(self.ask(self.server, "GET", "a").code, "2.03")
        self.assertEqual(self.ask(self.server, "GET", "b").text, "later")

    def later(self, request):
        self.server.response_text = "later"
        self.server.send_response(request.request_id)

    def test_exception(self):
        @self.server.route("/a", methods=["GET", "PUT"])
        def fail(request):
            self.server.response_data = b"half an answer"
            request.send_response = False
            raise KeyError("x")

        for method in ("GET", "PUT"):
            with self.assert_prints(KeyError):
                response = self.ask(self.server, method, "a")
            self.assertEqual((response.code, response.payload), ("5.00", b""))
        self.server.route("/b")(lambda request: "still here")
        self.assertEqual(self.ask(self.server, "GET", "b").text, "still here")

    def test_wrong_results(self):
        for result, exception in (
            (None, TypeError),
            (5, TypeError),
            ({}, TypeError),
            (("2.05", 5), TypeError),
            (("2.05",), ValueError),
            ((2.05, "x"), TypeError),
            (GCoap.Response(content_format="no/such"), ValueError),
            (GCoap.Response(options={"No-Such": 1}), ValueError),
            (GCoap.Response(file="/nonexistent/file"), GLib.Error),
            (GCoap.Response(location=5), TypeError),
        ):
            with self.subTest(result=result), self.assert_prints(exception):
                self.assertEqual(self.answer(result).code, "5.00")

    def test_what_cannot_be_sent(self):
        """The endpoint says so."""
        errors = []
        self.server.connect("error", lambda _, code, text: errors.append(code))
        self.assertEqual(self.answer(("9.99", None)).code, "5.00")
        self.assertEqual(self.answer(GCoap.Response("x", etag=b"123456789")).code, "5.00")
        self.assertEqual(
            errors, [GCoap.Error.INVALID_RESPONSE_CODE, GCoap.Error.INVALID_OPTION]
        )

    def test_wrong_routes(self):
        for path, methods, exception in (
            ("a", "GET", ValueError),
            (None, "GET", ValueError),
            ("/a", "NO", ValueError),
            ("/a", [32], TypeError),
            ("/a", [None], TypeError),
            ("/a", 1.5, TypeError),
        ):
            with self.subTest(path=path, methods=methods), self.assertRaises(exception):
                self.server.route(path, methods)
        with self.assertRaises(TypeError):
            self.server.route("/a")(None)
        with self.assertRaises(ValueError):
            self.server.remove_route("/a")
        self.server.route("/a")(print)
        with self.assertRaises(ValueError):
            self.server.route("/a")(print)

    def test_remove(self):
        self.server.route("/a")(lambda request: "x")
        self.server.remove_route("/a")
        self.assertEqual(self.ask(self.server, "GET", "a").code, "4.04")
        self.server.route("/a")(lambda request: "y")
        self.assertEqual(self.ask(self.server, "GET", "a").text, "y")

    def test_removed_by_its_handler(self):
        def once(request):
            self.server.remove_route("/a")
            return "once"

        self.server.route("/a", observable=True)(once)
        self.assertEqual(self.ask(self.server, "GET", "a").text, "once")
        self.assertEqual(self.ask(self.server, "GET", "a").code, "4.04")

    def test_nothing_holds_the_endpoint(self):
        server = GCoap.Endpoint(local_host="127.0.0.1")
        server.route("/a", observable=True)(lambda request: "x")
        server.start_listening()
        self.ask(server, "GET", "a")
        self.make_endpoint().observe(self.uri(server, "a")).cancel()
        server.notify_observers("/a")
        server.shutdown()
        reference = weakref.ref(server)
        del server
        self.assertIsNone(reference())

    def test_shut_down_by_its_handler(self):
        self.server.route("/a")(lambda request: self.server.shutdown() and "x")
        peer = Peer(self)
        peer.send(self.server.local_port, CON, 1, b"\0\1", b"", b"\xb1a")
        self.iterate_until(lambda: not self.server.listening)
        self.server.start_listening()
        self.server.route("/b")(lambda request: "again")
        self.assertEqual(self.ask(self.server, "GET", "b").text, "again")


class Coroutines(PythonTest):
    def setUp(self):
        super().setUp()
        self.server = self.make_routed()

    async def ask_async(self, path, method="GET", *arguments, **fields):
        client = self.make_endpoint()
        return await client.request(method, self.uri(self.server, path), *arguments, **fields)

    def test_results(self):
        results = {}

        @self.server.route("/a", ["GET", "PUT"])
        async def handle(request):
            await asyncio.sleep(0.001)
            return results[request.method]

        async def main():
            for method, result, code, payload in (
                ("GET", "x", "2.05", b"x"),
                ("GET", ("4.03", b"\0"), "4.03", b"\0"),
                ("GET", GCoap.Response("y", etag=b"1"), "2.05", b"y"),
                ("PUT", None, "2.04", b""),
            ):
                results[getattr(GCoap.Method, method)] = result
                response = await self.ask_async("a", method)
                self.assertEqual((response.code, response.payload), (code, payload))

        self.run_async(main)

    def test_side_by_side(self):
        """Answers do not get mixed up."""

        @self.server.route("/a", "POST")
        async def handle(request):
            await asyncio.sleep(0.001 * (5 - int(request.text)))
            return request.text

        async def main():
            return await asyncio.gather(
                *(self.ask_async("a", "POST", str(number)) for number in range(5))
            )

        self.assertEqual([each.text for each in self.run_async(main)], list("01234"))

    def test_handler_that_asks(self):
        """A proxy in three lines; one endpoint in both roles."""
        other = self.make_routed()
        other.route("/temp")(lambda request: "21.5")
        self.server.config("DualRole=True")

        @self.server.route("/proxy")
        async def proxy(request):
            response = await self.server.request("GET", self.uri(other, "temp"))
            return response.code, response.payload

        response = self.run_async(self.ask_async, "proxy")
        self.assertEqual((response.code, response.text), ("2.05", "21.5"))

    def test_exception(self):
        @self.server.route("/a")
        async def fail(request):
            await asyncio.sleep(0)
            raise KeyError("x")

        async def main():
            with self.assert_prints(KeyError):
                self.assertEqual((await self.ask_async("a")).code, "5.00")
            self.server.route("/b")(lambda request: "still here")
            self.assertEqual((await self.ask_async("b")).text, "still here")

        self.run_async(main)

    def test_wrong_results(self):
        results = []

        @self.server.route("/a")
        async def handle(request):
            return results[-1]

        async def main():
            for result, exception in (
                (None, TypeError),
                (5, TypeError),
                (("9.99", None), GLib.Error),
                (GCoap.Response("x", etag=b"123456789"), GLib.Error),
            ):
                results.append(result)
                with self.subTest(result=result):
                    with self.assert_prints(exception):
                        self.assertEqual((await self.ask_async("a")).code, "5.00")

        self.run_async(main)

    def test_cancelled(self):
        @self.server.route("/a")
        async def handle(request):
            asyncio.current_task().cancel()
            await asyncio.sleep(0)

        self.assertEqual(self.run_async(self.ask_async, "a").code, "5.03")

    def test_too_late(self):
        """The endpoint has given up the request by the time there is an answer."""
        done = []

        @self.server.route("/a")
        async def handle(request):
            self.server.cancel_request(request.request_id)
            done.append(1)
            return "x"

        async def main():
            task = asyncio.ensure_future(self.ask_async("a"))
            while not done:
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait({task})
            self.server.route("/b")(lambda request: "still here")
            self.assertEqual((await self.ask_async("b")).text, "still here")

        self.run_async(main)

    def test_acknowledgement_is_not_waited_for(self):
        """Who acknowledges no response holds up nobody else."""
        self.server.config("PiggybackDelay=0")
        peer = Peer(self)

        @self.server.route("/a")
        async def handle(request):
            return "x"

        async def main():
            for mid in (b"\0\1", b"\0\2"):
                peer.send(self.server.local_port, CON, 1, mid, mid, b"\xb1a")
            self.assertEqual((await self.ask_async("a")).text, "x")
            self.assertEqual(self.server.timeout, 60)

        self.run_async(main)

    def test_rejected_answer(self):
        """Nobody is there any more when the answer comes."""
        self.server.config("PiggybackDelay=0")
        ends = []
        self.server.connect("response-complete", lambda *arguments: ends.append(arguments[2]))

        @self.server.route("/a")
        async def handle(request):
            peer.socket.close()
            return "x"

        peer = Peer(self)
        peer.send(self.server.local_port, CON, 1, b"\0\1", b"", b"\xb1a")

        async def main():
            while not ends:
                await asyncio.sleep(0)
            self.assertEqual(ends, [GCoap.Error.REJECTED])

        with self.catch_prints() as printed:
            self.run_async(main)
        self.assertEqual(printed, [])

    def test_without_a_loop(self):
        @self.server.route("/a")
        async def handle(request):
            return "x"

        with self.assert_prints(RuntimeError):
            self.assertEqual(self.ask(self.server, "GET", "a").code, "5.00")

    def test_properties_of_a_client_stay(self):
        self.server.config("DualRole=True")

        @self.server.route("/a")
        async def handle(request):
            self.server.get(self.uri(other, "b"))
            return "x"

        other = self.make_routed()
        other.route("/b")(lambda request: "other")
        self.assertEqual(self.run_async(self.ask_async, "a").text, "x")
        self.assertEqual(self.server.response_text, "other")


if __name__ == "__main__":
    unittest.main(verbosity=2)
