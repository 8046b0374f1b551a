# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Observing by the command: test-command-observe.py PROGRAM"""

import os
import signal
import sys
import unittest

from bindings_fixture import GCoap, GLib, Peer
from command_fixture import ERROR_RESPONSE, FAILURE, SUCCESS, CommandTest

ACK, NON = GCoap.MessageType.ACK, GCoap.MessageType.NON
CONTENT = GCoap.Code.CONTENT
REGISTER, DEREGISTER = b"\x60", b"\x61\x01"  # as the first option


class ObserveTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.registered, self.unregistered = [], []
        self.state = {"code": "2.05", "text": "first"}
        self.server = self.make_server(plain=lambda server, _: server.set_response_text("plain"))
        self.server.connect("register::/state", self.register_cb)
        self.server.connect("request::/state", lambda server, _: self.answer(server))
        self.server.connect("unregistered", lambda _, request: self.unregistered.append(request))
        self.path = self.uri(self.server, "state")

    def answer(self, server):
        for name, value in self.state.items():
            getattr(server, f"set_response_{name}")(value)

    def register_cb(self, server, request):
        request.props.accept = True
        self.registered.append(request)
        self.answer(server)

    def notify(self, **state):
        self.state.update(state)
        self.answer(self.server)
        self.server.send_notification(self.path)

    def begin(self, *arguments, n_lines=1):
        run = self.start("observe", *arguments, self.path)
        self.iterate_until(lambda: len(run.lines) == n_lines)
        return run

    def end(self, run, number=signal.SIGINT):
        run.process.send_signal(number)
        run.wait()
        self.assertEqual((run.status, run.complaint), (SUCCESS, ""))


class WithServer(ObserveTest):
    def test_until_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.state["text"] = "first"
            run = self.begin()
            for text in ("second", "third"):
                self.notify(text=text)
                self.iterate_until(lambda: run.lines[-1] == text)
            self.end(run, number)
            self.assertEqual(run.stdout, b"first\nsecond\nthird\n")
            self.iterate_until(lambda: self.unregistered)
            self.assertEqual(self.server.props.observers.get_n_items(), 0)
            self.unregistered.clear()

    def test_same_state_again(self):
        run = self.begin()
        self.notify()
        self.iterate_until(lambda: len(run.lines) == 2)
        self.end(run)
        self.assertEqual(run.lines, ["first", "first"])

    def test_count(self):
        run = self.begin("--count", 2)
        self.notify(text="second\n")
        self.assertEqual((run.wait().status, run.stdout), (SUCCESS, b"first\nsecond\n"))
        self.assertEqual(len(self.unregistered), 1)
        self.state["text"] = "only"
        self.check(("observe", "--count=1", self.path), stdout=b"only\n")
        self.assertEqual(len(self.unregistered), 2)

    def test_each_state_is_a_line(self):
        run = self.begin()
        for number, data in enumerate((b"", b"\0\xff", b"line\n"), start=2):
            self.notify(data=GLib.Bytes(data))
            self.iterate_until(lambda: run.stdout.count(b"\n") == number)
        self.end(run)
        self.assertEqual(run.stdout, b"first\n\n\0\xff\nline\n")

    def test_include(self):
        self.state.update(content_format=0, etag=GLib.Bytes(b"\x12"))
        run = self.begin("-i", n_lines=7)
        self.end(run)
        self.assertRegex(
            run.stdout.decode(),
            r"^2\.05 Content\nETag: 0x12\nObserve: \d+\n"
            r"Content-Format: 0 \(text/plain; charset=utf-8\)\n\nfirst\n\n$",
        )

    def test_options(self):
        run = self.begin("-a", "json", "-O", "Uri-Query=a=1", "-n")
        options = {each.get_name(): each.get_value() for each in self.registered[0].get_options()}
        self.assertEqual((options["Accept"], options["Uri-Query"]), ("50", "a=1"))
        self.end(run)

    def begin_in_time(self):
        """An observation whose timeout is over with, and that. A slow machine needs more."""
        for seconds in (0.2, 2, 20):
            run = self.start("observe", "-T", seconds, self.path)
            self.iterate_until(lambda: run.lines or run.process.poll() is not None)
            if run.lines:
                return run, seconds
        self.fail("There was no first state")

    def test_timeout_is_for_the_first_state(self):
        run, seconds = self.begin_in_time()
        self.check(("get", "-T", seconds, uri := Peer(self).uri), FAILURE,
                   complaint=f"gcoap: {uri}: not finished within the time of --timeout")
        self.notify(text="second")
        self.iterate_until(lambda: len(run.lines) == 2)
        self.end(run)

    def test_large(self):
        body = os.urandom(5000).replace(b"\n", b"")
        self.state["data"] = GLib.Bytes(body)
        run = self.start("observe", "--count=2", self.path)
        self.iterate_until(lambda: len(run.stdout) == len(body) + 1)
        self.notify()
        self.assertEqual((run.wait().status, run.stdout), (SUCCESS, (body + b"\n") * 2))

    def test_not_observable(self):
        uri = self.uri(self.server, "plain")
        for options in ((), ("--count=1",), ("--count=2",)):
            self.check(("observe", *options, uri), FAILURE, b"plain\n",
                       f"gcoap: The server does not let {uri} be observed")

    def test_end_that_is_counted(self):
        """The last state of an observation that the server ends may be the one that is wanted."""
        peer = Peer(self)
        run = self.start("observe", "--count=2", peer.uri)
        request = peer.receive()
        peer.answer(request, ACK, CONTENT, request.mid, request.token, REGISTER + b"\xfffirst")
        self.iterate_until(lambda: run.lines)
        peer.answer(request, NON, CONTENT, b"\1\1", request.token, b"\xfflast")
        self.assertEqual((run.wait().status, run.lines, run.complaint),
                         (SUCCESS, ["first", "last"], ""))

    def test_not_there(self):
        self.check(("observe", self.uri(self.server, "none")), ERROR_RESPONSE,
                   complaint="gcoap: 4.04 Not Found")

    def test_ended_by_an_error(self):
        run = self.begin()
        self.notify(code="4.04", text="gone")
        self.assertEqual((run.wait().status, run.stdout), (ERROR_RESPONSE, b"first\n"))
        self.assertEqual(run.complaint, "gcoap: 4.04 Not Found: gone")

    def test_reader_that_goes(self):
        ends = os.pipe()
        run = self.start("observe", self.path, stdout=ends[1])
        os.close(ends[1])
        self.iterate_until(lambda: self.registered)
        self.assertEqual(os.read(ends[0], 100), b"first\n")
        os.close(ends[0])
        self.notify(text="second")
        self.assertEqual((run.wait().status, run.complaint), (128 + signal.SIGPIPE, ""))
        self.assertEqual(len(self.unregistered), 1)


class WithPeer(CommandTest):
    def setUp(self):
        super().setUp()
        self.peer = Peer(self)
        self.run_ = self.start("observe", self.peer.uri)
        self.registration = self.peer.receive()
        self.assertEqual(self.registration.rest[:1], REGISTER)

    def answer(self, observe, text):
        request = self.registration
        self.peer.answer(request, ACK, CONTENT, request.mid, request.token,
                         observe + b"\xff" + text)

    def notify(self, number, text):
        request = self.registration
        self.peer.answer(request, NON, CONTENT, bytes([1, number]), request.token,
                         b"\x61" + bytes([number]) + b"\xff" + text)

    def wait_for(self, *lines):
        self.iterate_until(lambda: self.run_.lines == list(lines))

    def test_sequence_that_begins_at_zero(self):
        self.answer(REGISTER, b"first")
        self.wait_for("first")

    def test_many_at_once(self):
        self.run_.process.send_signal(signal.SIGSTOP)
        self.answer(b"\x61\x01", b"1")
        for number in range(2, 40):
            self.notify(number, b"%d" % number)
        self.run_.process.send_signal(signal.SIGCONT)
        self.wait_for(*map(str, range(1, 40)))

    def test_state_that_was_overtaken(self):
        self.answer(b"\x61\x01", b"1")
        self.notify(3, b"3")
        self.notify(2, b"2")
        self.notify(4, b"4")
        self.wait_for("1", "3", "4")

    def test_ended_by_the_server(self):
        self.answer(REGISTER, b"first")
        self.wait_for("first")
        self.peer.answer(self.registration, NON, CONTENT, b"\1\1", self.registration.token,
                         b"\xfflast")
        self.assertEqual((self.run_.wait().status, self.run_.lines), (FAILURE, ["first", "last"]))
        self.assertEqual(self.run_.complaint,
                         f"gcoap: The server has ended the observation of {self.peer.uri}")

    def test_goodbye(self):
        self.answer(REGISTER, b"first")
        self.wait_for("first")
        self.run_.process.send_signal(signal.SIGINT)
        goodbye = self.peer.receive()
        self.assertEqual((goodbye.rest[:2], goodbye.token), (DEREGISTER, self.registration.token))
        self.peer.answer(goodbye, ACK, CONTENT, goodbye.mid, goodbye.token)
        self.assertEqual((self.run_.wait().status, self.run_.complaint), (SUCCESS, ""))

    def test_server_that_does_not_hear_goodbye(self):
        self.answer(REGISTER, b"first")
        self.wait_for("first")
        self.run_.process.send_signal(signal.SIGINT)
        self.peer.receive()
        self.assertEqual((self.run_.wait().status, self.run_.complaint), (SUCCESS, ""))

    def test_second_signal(self):
        self.answer(REGISTER, b"first")
        self.wait_for("first")
        self.run_.process.send_signal(signal.SIGINT)
        self.peer.receive()
        self.run_.process.send_signal(signal.SIGINT)
        self.assertEqual(self.run_.wait().status, -signal.SIGINT)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
