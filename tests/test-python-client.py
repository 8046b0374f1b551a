#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The overrides: requests by coroutines and by callbacks."""

import asyncio
import gc
import unittest
import weakref

from bindings_fixture import ACK, RST, Peer, echo
from bindings_python import PythonTest
from gi.repository import GCoap, Gio, GLib


class Coroutines(PythonTest):
    def test_methods(self):
        server = self.make_server(a=echo)
        uri = self.uri(server, "a")

        async def main():
            client = self.make_endpoint()
            for method, payload, text in (
                ("GET", None, "1 "),
                ("post", "body", "2 body"),
                (GCoap.Method.PUT, b"body", "3 body"),
                ("DELETE", None, "4 "),
                ("FETCH", GLib.Bytes.new(b"q"), "5 q"),
                ("ipatch", "x", "7 x"),
                (31, "x", "31 x"),
            ):
                response = await client.request(method, uri, payload)
                self.assertEqual((response.code, response.text), ("2.05", text))

        self.run_async(main)

    def test_fields(self):
        seen = []

        def handler(server, request):
            seen.append((request.content_format, request.text))
            seen.extend((each.name, each.value) for each in request.options)
            server.response_code = "2.01"
            server.response_etag = b"tag"
            server.response_content_format = "application/cbor"
            server.set_response_location("/new?x")
            server.response_data = b"\xff"

        server = self.make_server(a=handler)

        async def main():
            return await self.make_endpoint().request(
                "POST",
                self.uri(server, "a"),
                "21.5",
                content_format="text/plain",
                options={"Accept": 60, "Uri-Query": ["a=1", "b=2"]},
            )

        response = self.run_async(main)
        self.assertEqual(seen[0], (0, "21.5"))
        for option in (("Accept", "60"), ("Uri-Query", "a=1"), ("Uri-Query", "b=2")):
            self.assertIn(option, seen)
        self.assertEqual((response.code, response.payload), ("2.01", b"\xff"))
        self.assertEqual((response.etag, response.content_format), (b"tag", 60))
        self.assertEqual(response.location, "/new?x")
        self.assertIsNone(response.text)

    def test_many_at_once(self):
        server = self.make_server(a=echo)

        async def main():
            client = self.make_endpoint()
            client.config("NStart=100")
            uri = self.uri(server, "a")
            return await asyncio.gather(
                *(client.request("POST", uri, str(number)) for number in range(100))
            )

        texts = [response.text for response in self.run_async(main)]
        self.assertEqual(texts, [f"2 {number}" for number in range(100)])

    def test_check(self):
        server = self.make_server()

        async def main():
            client = self.make_endpoint()
            uri = self.uri(server, "none")
            self.assertEqual((await client.request("GET", uri)).code, "4.04")
            with self.assertRaises(GCoap.ResponseError) as caught:
                await client.request("GET", uri, check=True)
            self.assertEqual(caught.exception.response.code, "4.04")

        self.run_async(main)

    def test_confirmable(self):
        types = []

        async def ask(client, peer, **fields):
            task = asyncio.ensure_future(client.request("GET", peer.uri, **fields))
            await asyncio.sleep(0)
            request = peer.receive()
            types.append(request.type)
            peer.answer(request, ACK if request.type == 0 else 1, 69, request.mid, request.token)
            await task

        async def main():
            peer = Peer(self)
            client = self.make_endpoint()
            await ask(client, peer)
            await ask(client, peer, confirmable=False)
            client.use_confirmable_messages = False
            await ask(client, peer)
            await ask(client, peer, confirmable=True)

        self.run_async(main)
        self.assertEqual(types, [0, 1, 1, 0])

    def test_errors(self):
        async def main():
            peer = Peer(self)
            client = self.make_impatient_client()
            with self.assertRaises(GCoap.TimedOutError):
                await client.request("GET", peer.uri)
            with self.assertRaises(GCoap.TimedOutError) as caught:
                await self.make_endpoint().request("GET", peer.uri, timeout=0.01)
            self.assertIn("0.01", caught.exception.message)
            with self.assertRaises(GCoap.InvalidUriError):
                await client.request("GET", "http://localhost/")
            with self.assertRaises(GCoap.InvalidOptionError):
                await client.request("GET", peer.uri, options={"Accept": b"123"})
            self.assert_usable(client)

        self.run_async(main)

    def test_reset(self):
        async def main():
            peer = Peer(self)
            task = asyncio.ensure_future(self.make_endpoint().request("GET", peer.uri))
            await asyncio.sleep(0)
            request = peer.receive()
            peer.answer(request, RST, 0, request.mid)
            with self.assertRaises(GCoap.ResetError):
                await task

        self.run_async(main)

    def test_shutdown(self):
        async def main():
            client = self.make_endpoint()
            task = asyncio.ensure_future(client.request("GET", Peer(self).uri))
            await asyncio.sleep(0)
            client.shutdown()
            with self.assertRaises(GCoap.CanceledError):
                await task

        self.run_async(main)

    def test_cancel(self):
        async def main():
            peer = Peer(self)
            client = self.make_endpoint()
            task = asyncio.ensure_future(client.request("GET", peer.uri))
            await asyncio.sleep(0)
            request = peer.receive()
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            peer.answer(request, ACK, 69, request.mid, request.token)
            self.assert_usable(client)

        self.run_async(main)

    def test_cancel_twice(self):
        async def main():
            client = self.make_endpoint()
            task = asyncio.ensure_future(client.request("GET", Peer(self).uri))
            await asyncio.sleep(0)
            for _ in range(2):
                task.cancel()
                await asyncio.sleep(0)
            with self.assertRaises(asyncio.CancelledError):
                await task
            self.assert_usable(client)

        self.run_async(main)

    def test_cancel_with_the_response(self):
        """The task is cancelled before it has seen that the request is over."""
        async def main():
            server = self.make_server(a=echo)
            client = self.make_endpoint()
            task = asyncio.ensure_future(client.request("GET", self.uri(server, "a")))

            def finish(result):
                task.cancel()
                return GCoap.Endpoint.send_finish(client, result)

            client.send_finish = finish
            with self.assertRaises(asyncio.CancelledError):
                await task
            self.assert_usable(client)

        self.run_async(main)

    def test_wait_for(self):
        async def main():
            client = self.make_endpoint()
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(client.request("GET", Peer(self).uri), 0.01)
            self.assert_usable(client)

        self.run_async(main)

    def test_cancelled_with_the_program(self):
        clients = []

        async def main():
            clients.append(self.make_endpoint())
            asyncio.ensure_future(clients[0].request("GET", Peer(self).uri))
            await asyncio.sleep(0)

        self.run_async(main)
        self.assert_usable(clients[0])

    def test_send(self):
        server = self.make_server(a=echo)

        async def main():
            message = GCoap.Message.new_request(GCoap.Method.PUT, self.uri(server, "a"))
            message.payload = "x"
            client = self.make_endpoint()
            self.assertEqual((await client.send(message)).text, "3 x")
            with self.assertRaises(GCoap.WrongModeError):
                await client.send(message)

        self.run_async(main)

    def test_nothing_holds_the_endpoint(self):
        server = self.make_server(a=echo)

        async def main():
            client = GCoap.Endpoint()
            await client.request("GET", self.uri(server, "a"), timeout=60)
            reference = weakref.ref(client)
            del client
            await asyncio.sleep(0)
            gc.collect()
            self.assertIsNone(reference())

        self.run_async(main)


class Callbacks(PythonTest):
    def test_response(self):
        server = self.make_server(a=echo)
        response = self.ask(server, "PUT", "a", "x", content_format=0, options={"Accept": 0})
        self.assertEqual((response.code, response.text), ("2.05", "3 x"))

    def wait(self, client, uri, act=lambda cancellable: None, **fields):
        outcome = []
        act(client.request_with_callback("GET", uri, lambda *each: outcome.append(each), **fields))
        self.iterate_until(lambda: outcome)
        self.assertEqual(len(outcome), 1)
        return outcome[0]

    def test_error(self):
        response, error = self.wait(self.make_impatient_client(), Peer(self).uri)
        self.assertIsNone(response)
        self.assertIsInstance(error, GCoap.TimedOutError)

    def test_timeout(self):
        response, error = self.wait(self.make_endpoint(), Peer(self).uri, timeout=0.01)
        self.assertIsNone(response)
        self.assertIsInstance(error, GCoap.TimedOutError)

    def test_cancel(self):
        response, error = self.wait(self.make_endpoint(), Peer(self).uri, Gio.Cancellable.cancel)
        self.assertIsNone(response)
        self.assertTrue(error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))

    def test_wrong_arguments_are_raised(self):
        client = self.make_endpoint()
        with self.assertRaises(GCoap.InvalidUriError):
            client.request_with_callback("GET", "x", print)
        with self.assertRaises(TypeError):
            client.request_with_callback("GET", "coap://localhost/", None)
        with self.assertRaises(ValueError):
            client.request_with_callback("NO", "coap://localhost/", print)


if __name__ == "__main__":
    unittest.main(verbosity=2)
