#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The event loop of the overrides: asyncio and GLib get on side by side."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import unittest

from bindings_fixture import Peer
from bindings_python import PythonTest
from gi.repository import GCoap, GLib


def call_later(context, function, milliseconds=0):
    source = GLib.Timeout(milliseconds)
    source.set_callback(lambda *_: function() and False)
    source.attach(context)
    return source


def next_descriptor():
    """The lowest that is free, which rises with each that is left open."""
    descriptor = os.dup(0)
    os.close(descriptor)
    return descriptor


class Loop(PythonTest):
    def test_result(self):
        async def main():
            return 5

        self.assertEqual(self.run_async(main), 5)

    def test_exception(self):
        async def main():
            raise KeyError("x")

        with self.assertRaises(KeyError):
            self.run_async(main)

    def test_timers_of_both(self):
        seen = []

        async def main():
            end = asyncio.get_running_loop().create_future()
            call_later(self.context, lambda: seen.append("GLib"))
            call_later(self.context, lambda: end.set_result(None), 5)
            await asyncio.sleep(0.001)
            seen.append("asyncio")
            await end

        self.run_async(main)
        self.assertCountEqual(seen, ["GLib", "asyncio"])

    def test_busy_tasks_leave_time_for_glib(self):
        async def main():
            end = []
            call_later(self.context, lambda: end.append(1))
            while not end:
                await asyncio.sleep(0)

        self.run_async(main)

    def test_callbacks_run_inside_the_loop(self):
        async def main():
            loop = asyncio.get_running_loop()
            end = loop.create_future()

            def callback():
                self.assertIs(asyncio.get_running_loop(), loop)
                asyncio.ensure_future(asyncio.sleep(0, 5)).add_done_callback(end.set_result)

            call_later(self.context, callback)
            self.assertEqual((await end).result(), 5)

        self.run_async(main)

    def test_deadline_passes_without_sources(self):
        async def main():
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.get_running_loop().create_future(), 0.01)

        self.run_async(main)

    def test_streams(self):
        async def echo(reader, writer):
            writer.write((await reader.readline()).upper())
            writer.close()

        async def main():
            server = await asyncio.start_server(echo, "127.0.0.1", 0)
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"text\n")
            self.assertEqual(await reader.read(), b"TEXT\n")
            writer.close()
            server.close()
            await server.wait_closed()

        self.run_async(main)

    def test_threads(self):
        async def main():
            return await asyncio.get_running_loop().run_in_executor(None, threading.get_ident)

        self.assertNotEqual(self.run_async(main), threading.get_ident())

    def test_subprocesses(self):
        async def main():
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", "print(5)", stdout=asyncio.subprocess.PIPE
            )
            return (await process.communicate())[0]

        self.assertEqual(self.run_async(main), b"5\n")

    def test_nested_main_loop(self):
        """A callback may run a loop of GLib's; asyncio waits until that is done."""

        async def main():
            end = asyncio.get_running_loop().create_future()
            readable, writable = os.pipe()
            asyncio.get_running_loop().add_reader(readable, end.set_result, "read")
            inner = GLib.MainLoop.new(self.context, False)

            def nest():
                os.write(writable, b"x")
                call_later(self.context, inner.quit, 5)
                inner.run()
                self.assertFalse(end.done())

            call_later(self.context, nest)
            self.assertEqual(await end, "read")
            asyncio.get_running_loop().remove_reader(readable)
            os.close(readable)
            os.close(writable)

        self.run_async(main)

    def test_inside_a_main_loop(self):
        """GLib's loop may be the outer one."""
        results = []
        outer = GLib.MainLoop.new(self.context, False)

        def callback():
            results.append(self.run_async(asyncio.sleep, 0.001, 5))
            outer.quit()

        call_later(self.context, callback)
        outer.run()
        self.assertEqual(results, [5])

    def test_blocking_call_in_a_task(self):
        server = self.make_server(a=lambda server, _: server.set_response_text("yes"))

        async def main():
            client = self.make_endpoint()
            client.get(self.uri(server, "a"))
            return client.response_text

        self.assertEqual(self.run_async(main), "yes")

    def test_again_and_again(self):
        for number in range(20):
            self.assertEqual(self.run_async(asyncio.sleep, 0, number), number)

    def test_nothing_is_left(self):
        self.run_async(asyncio.sleep, 0.001)
        self.assertFalse(self.context.pending())
        descriptor = next_descriptor()
        self.run_async(asyncio.sleep, 0.001)
        self.assertEqual(next_descriptor(), descriptor)

    def test_idle_loop_sleeps(self):
        calls = []

        async def main():
            selector = asyncio.get_running_loop()._selector
            select = selector.select
            selector.select = lambda timeout: calls.append(timeout) or select(timeout)
            await asyncio.sleep(0.05)

        self.run_async(main)
        self.assertLess(len(calls), 20)

    def test_context_of_another_thread(self):
        started, over = threading.Event(), threading.Event()
        other = GLib.MainContext.new()

        def hold():
            other.acquire()
            started.set()
            over.wait()
            other.release()

        thread = threading.Thread(target=hold)
        thread.start()
        started.wait()
        loop = GCoap.EventLoop(other)
        with self.assertRaises(RuntimeError):
            loop.run_forever()
        loop.close()
        over.set()
        thread.join()

    def test_own_context_in_a_thread(self):
        results = []

        async def main():
            server = GCoap.Endpoint(local_host="127.0.0.1")
            server.route("/a")(lambda request: "from the thread")
            server.start_listening()
            uri = f"coap://127.0.0.1:{server.local_port}/a"
            results.append((await GCoap.Endpoint().request("GET", uri)).text)
            server.shutdown()

        thread = threading.Thread(target=lambda: GCoap.run(main()))
        thread.start()
        thread.join()
        self.assertEqual(results, ["from the thread"])

    @unittest.skipUnless(hasattr(GCoap, "EventLoopPolicy"), "there are no policies")
    def test_policy(self):
        previous = asyncio.get_event_loop_policy()
        asyncio.set_event_loop_policy(GCoap.EventLoopPolicy())
        self.addCleanup(asyncio.set_event_loop_policy, previous)

        async def main():
            return type(asyncio.get_running_loop())

        self.assertIs(asyncio.run(main()), GCoap.EventLoop)

    def test_default_loop_is_refused(self):
        """It would wait for ever."""
        client = self.make_endpoint()
        for function in (
            lambda: client.request("GET", "coap://127.0.0.1/"),
            lambda: client.download("coap://127.0.0.1/", "/nonexistent/file"),
            lambda: client.observe("coap://127.0.0.1/").__aiter__().__anext__(),
        ):

            async def main():
                await function()

            with self.assertRaisesRegex(RuntimeError, "GCoap.run"):
                asyncio.run(main())


SIGNAL_PROGRAM = """
import asyncio, os, signal, sys
import gi
gi.require_version("GCoap", "1.0")
from gi.repository import GCoap

async def main():
    try:
        print("waiting", flush=True)
        await GCoap.Endpoint().request("GET", sys.argv[1])
    finally:
        print("cleaned up", flush=True)

GCoap.run(main())
"""

HANDLER_PROGRAM = """
import asyncio, signal
import gi
gi.require_version("GCoap", "1.0")
from gi.repository import GCoap

async def main():
    loop = asyncio.get_running_loop()
    end = loop.create_future()
    loop.add_signal_handler(signal.SIGTERM, end.set_result, "asked to")
    print("waiting", flush=True)
    print(await end, flush=True)

GCoap.run(main())
"""


class Signals(PythonTest):
    def interrupt(self, program, number, *arguments):
        """The exit status and what a program prints after the signal."""
        with subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            self.assertEqual(process.stdout.readline(), "waiting\n")
            process.send_signal(number)
            output = process.stdout.read()
        return process.returncode, output

    @unittest.skipIf(sys.version_info < (3, 11), "asyncio.run() leaves Ctrl-C to Python")
    def test_keyboard_interrupt(self):
        status, output = self.interrupt(SIGNAL_PROGRAM, signal.SIGINT, Peer(self).uri)
        self.assertEqual(output, "cleaned up\n")
        self.assertNotEqual(status, 0)

    def test_signal_handler(self):
        self.assertEqual(self.interrupt(HANDLER_PROGRAM, signal.SIGTERM), (0, "asked to\n"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
