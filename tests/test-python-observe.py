#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The overrides: observations that are iterated, and what servers tell observers."""

import asyncio
import gc
import unittest
import weakref

from bindings_fixture import Peer
from bindings_python import PythonTest
from gi.repository import GCoap


class Observe(PythonTest):
    def setUp(self):
        super().setUp()
        self.server = self.make_routed()
        self.value = "0"
        self.server.route("/a", observable=True)(lambda request: self.value)
        self.address = self.uri(self.server, "a")

    def set(self, value):
        self.value = value
        self.server.notify_observers("/a")

    async def until(self, condition):
        while not condition():
            await asyncio.sleep(0)

    async def until_unobserved(self):
        await self.until(lambda: not self.server.statistics.observers)

    def test_each_state(self):
        async def main():
            seen = []
            async for state in self.make_endpoint().observe(self.address):
                self.assertEqual(state.code, "2.05")
                seen.append(state.text)
                if len(seen) == 4:
                    break
                self.set(str(len(seen)))
            self.assertEqual(seen, ["0", "1", "2", "3"])
            await self.until_unobserved()

        self.run_async(main)

    def test_break_cancels(self):
        async def main():
            observation = self.make_endpoint().observe(self.address)
            async for _ in observation:
                self.assertEqual(observation.state, GCoap.ObservationState.ACTIVE)
                break
            self.assertEqual(observation.state, GCoap.ObservationState.ENDED)

        self.run_async(main)

    def test_cancel_ends(self):
        async def main():
            observation = self.make_endpoint().observe(self.address)
            async for _ in observation:
                observation.cancel()
            async for _ in observation:
                pass

        self.run_async(main)

    def test_task_is_cancelled(self):
        async def main():
            observation = self.make_endpoint().observe(self.address)
            seen = []

            async def follow():
                async for state in observation:
                    seen.append(state.text)

            task = asyncio.ensure_future(follow())
            await self.until(lambda: seen)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            del task
            gc.collect()
            self.assertEqual(observation.state, GCoap.ObservationState.ENDED)
            await self.until_unobserved()

        self.run_async(main)

    def test_states_wait_for_a_slow_reader(self):
        async def main():
            observation = self.make_endpoint().observe(self.address)
            states = observation.__aiter__()
            self.assertEqual((await states.__anext__()).text, "0")
            for number in range(1, 4):
                self.set(str(number))
                await self.until(lambda: observation.text == str(number))
            seen = [(await states.__anext__()).text for _ in range(3)]
            self.assertEqual(seen, ["1", "2", "3"])

        self.run_async(main)

    def test_same_value_again(self):
        async def main():
            seen = []
            async for state in self.make_endpoint().observe(self.address):
                seen.append(state.text)
                if len(seen) == 3:
                    break
                self.set("same")
            self.assertEqual(seen, ["0", "same", "same"])

        self.run_async(main)

    def test_server_ends_it(self):
        async def main():
            seen = []
            with self.assertRaises(GCoap.ResponseError) as caught:
                async for state in self.make_endpoint().observe(self.address):
                    seen.append(state.text)
                    self.server.remove_route("/a")
            self.assertEqual(caught.exception.response.code, "4.04")
            self.assertEqual(seen, ["0"])

        self.run_async(main)

    def test_not_observable(self):
        """One state and no more."""
        self.server.route("/once")(lambda request: "x")

        async def main():
            observation = self.make_endpoint().observe(self.uri(self.server, "once"))
            return [state.text async for state in observation]

        self.assertEqual(self.run_async(main), ["x"])

    def test_not_there(self):
        async def main():
            async for _ in self.make_endpoint().observe(self.uri(self.server, "none")):
                self.fail("There is nothing")

        with self.assertRaises(GCoap.ResponseError):
            self.run_async(main)

    def test_failure(self):
        async def main():
            async for _ in self.make_impatient_client().observe(Peer(self).uri):
                self.fail("There is nobody")

        with self.assertRaises(GCoap.TimedOutError):
            self.run_async(main)

    def test_invalid(self):
        with self.assertRaises(GCoap.InvalidUriError):
            self.make_endpoint().observe("http://localhost/")

    def test_bytes_and_fields(self):
        @self.server.route("/fields", observable=True)
        def fields(request):
            return GCoap.Response(b"\xff", content_format=42, etag=b"tag")

        async def main():
            async for state in self.make_endpoint().observe(self.uri(self.server, "fields")):
                self.assertEqual((state.payload, state.text), (b"\xff", None))
                self.assertEqual((state.content_format, state.etag), (42, b"tag"))
                break

        self.run_async(main)

    def test_query(self):
        """FETCH: each is told of the result of his own query."""
        data = {"a": "1", "b": "2"}
        self.server.route("/q", "FETCH", observable=True)(lambda request: data[request.text])

        async def follow(query, count):
            uri = self.uri(self.server, "q")
            seen = []
            async for state in self.make_endpoint().observe(uri, query, method="FETCH"):
                seen.append(state.text)
                if len(seen) == count:
                    return seen

        async def main():
            tasks = [asyncio.ensure_future(follow(query, 2)) for query in data]
            await self.until(lambda: self.server.statistics.observers == 2)
            data.update(a="3", b="4")
            self.server.notify_observers("/q")
            return await asyncio.gather(*tasks)

        self.assertEqual(self.run_async(main), [["1", "3"], ["2", "4"]])

    def test_options(self):
        async def main():
            client = self.make_endpoint()
            async for state in client.observe(self.address, options={"Accept": 0}):
                return state.text

        self.assertEqual(self.run_async(main), "0")

    def test_nothing_is_left(self):
        async def main():
            observation = self.make_endpoint().observe(self.address)
            states = observation.__aiter__()
            await states.__anext__()
            reference = weakref.ref(observation)
            del observation, states
            self.assertIsNone(reference())
            await self.until_unobserved()

        self.run_async(main)

    def test_without_asyncio(self):
        """The object is what it was."""
        observation = self.make_endpoint().observe(self.address)
        self.iterate_until(lambda: observation.text == "0")
        self.set("1")
        self.iterate_until(lambda: observation.text == "1")


class Notify(PythonTest):
    def observe(self, server, path="a"):
        observation = self.make_endpoint().observe(self.uri(server, path))
        self.iterate_until(lambda: observation.code)
        return observation

    def test_value(self):
        server = self.make_routed()
        server.route("/a", observable=True)(lambda request: "first")
        observation = self.observe(server)
        for value, text in (("x", "x"), (b"y", "y"), (("2.05", "z"), "z"),
                            (GCoap.Response("r", content_format=0), "r")):
            server.notify_observers("/a", value)
            self.iterate_until(lambda text=text: observation.text == text)
        self.assertEqual(observation.content_format, 0)

    def test_each_query_string(self):
        server = self.make_routed()
        server.route("/a", observable=True)(lambda request: f"{request.uri_query} {len(calls)}")
        calls = []
        observations = [self.observe(server, f"a?{number}") for number in range(3)]
        calls.append(1)
        server.notify_observers("/a")
        self.iterate_until(lambda: [each.text for each in observations] == ["0 1", "1 1", "2 1"])

    def test_inside_a_handler(self):
        """What the observers are told does not become the answer."""
        server = self.make_routed()
        state = ["old"]
        server.route("/a", observable=True)(lambda request: state[0])

        @server.route("/a", "PUT")
        def put(request):
            state[0] = request.text
            server.notify_observers("/a")

        observation = self.observe(server)
        response = self.ask(server, "PUT", "a", "new")
        self.assertEqual((response.code, response.payload), ("2.04", b""))
        self.iterate_until(lambda: observation.text == "new")

    def test_coroutine(self):
        server = self.make_routed()
        state = ["old"]

        @server.route("/a", observable=True)
        async def get(request):
            await asyncio.sleep(0)
            return state[0]

        async def main():
            seen = []
            async for each in self.make_endpoint().observe(self.uri(server, "a")):
                seen.append(each.text)
                if len(seen) == 2:
                    return seen
                state[0] = "new"
                server.notify_observers("/a")

        self.assertEqual(self.run_async(main), ["old", "new"])

    def test_nobody_there(self):
        server = self.make_routed()
        server.route("/a", observable=True)(lambda request: "x")
        server.notify_observers("/a")
        server.notify_observers("/a", "y")

    def test_gone_observers_are_forgotten(self):
        server = self.make_routed()
        server.route("/a", observable=True)(lambda request: calls.append(1) or "x")
        calls = []
        observation = self.observe(server)
        observation.cancel()
        self.iterate_until(lambda: not server.statistics.observers)
        del calls[:]
        server.notify_observers("/a")
        self.assertEqual(calls, [])

    def test_refused_observers_are_forgotten(self):
        server = self.make_routed()
        server.config("MaxObservers=1")
        server.route("/a", observable=True)(lambda request: calls.append(1) or "x")
        calls = []
        observations = [self.observe(server, f"a?{number}") for number in range(3)]
        self.assertEqual(server.statistics.observers, 1)
        del calls[:]
        server.notify_observers("/a")
        self.assertEqual(calls, [1])
        self.assertEqual(len(observations), 3)

    def test_failed_registration(self):
        server = self.make_routed()
        server.route("/a", observable=True)(lambda request: ("4.03", None))
        observation = self.observe(server)
        self.assertEqual(observation.state, GCoap.ObservationState.ENDED)
        self.assertEqual(server.statistics.observers, 0)

    def test_unknown_path(self):
        server = self.make_routed()
        with self.assertRaises(ValueError):
            server.notify_observers("/a")
        server.route("/a")(lambda request: "x")
        with self.assertRaises(TypeError):
            server.notify_observers("/a", 1, 2)

    def test_not_listening(self):
        server = self.make_endpoint()
        server.route("/a", observable=True)(lambda request: "x")
        server.notify_observers("/a")
        server.remove_route("/a")


if __name__ == "__main__":
    unittest.main(verbosity=2)
