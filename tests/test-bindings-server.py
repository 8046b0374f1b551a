#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The endpoint from Python as a server: handlers, responses now and later, both roles at once."""

import contextlib
import sys
import unittest

from bindings_fixture import ACK, CON, NON, RST, BindingsTest, Completions, Peer, echo
from gi.repository import GCoap, Gio, GLib


def make_text_handler(text):
    return lambda server, _: server.set_response_text(text)


class Errors(list):
    """Collects the codes of the error signal."""

    def __init__(self, endpoint):
        super().__init__()
        endpoint.connect("error", lambda _, code, description: self.append(code))


@contextlib.contextmanager
def uncaught():
    """The exceptions that nobody caught, as PyGObject reports those of handlers."""
    exceptions = []
    hook, sys.excepthook = sys.excepthook, lambda *exception: exceptions.append(exception[1])
    try:
        yield exceptions
    finally:
        sys.excepthook = hook


class ServerTest(BindingsTest):
    def get(self, server, path, **properties):
        """What a client of its own gets: the code and the text."""
        client = self.make_endpoint(timeout=5, **properties)
        with contextlib.suppress(GLib.Error):
            client.get(self.uri(server, path))
        return client.props.response_code, client.dup_response_text()


class Listening(ServerTest):
    def test_start_and_stop(self):
        server = self.make_endpoint()
        seen = []
        server.connect("notify", lambda _, spec: seen.append(spec.name))
        self.assertTrue(server.start_listening())
        self.assertTrue(server.props.listening)
        self.assertNotEqual(server.props.local_port, 0)
        self.assertCountEqual(seen, ["listening", "local-port"])
        self.assertTrue(server.start_listening())
        self.assertEqual(len(seen), 2)
        self.assertTrue(server.stop_listening())
        self.assertFalse(server.props.listening)
        self.assertEqual(server.props.local_port, 0)
        self.assertCountEqual(seen, 2 * ["listening", "local-port"])
        with self.assert_fails(GCoap.Error.WRONG_MODE):
            server.stop_listening()

    def test_again_on_the_same_port(self):
        server = self.make_server(a=echo)
        port = server.props.local_port
        server.stop_listening()
        server.props.local_port = port
        server.start_listening()
        self.assertEqual(server.props.local_port, port)
        self.assertEqual(self.get(server, "a"), ("2.05", "1 "))

    def test_port_taken(self):
        first = self.make_server()
        second = self.make_endpoint(local_port=first.props.local_port)
        with self.assert_fails(Gio.IOErrorEnum.ADDRESS_IN_USE, Gio.io_error_quark()):
            second.start_listening()
        self.assertFalse(second.props.listening)
        second.props.local_port = 0
        second.start_listening()
        self.assertEqual(self.get(second, "a")[0], "4.04")

    def test_bad_local_host(self):
        server = GCoap.Endpoint(local_host="localhost")
        with self.assert_fails(Gio.IOErrorEnum.INVALID_ARGUMENT, Gio.io_error_quark()):
            server.start_listening()
        server.props.local_host = "192.0.2.1"
        with self.assertRaises(GLib.Error):
            server.start_listening()
        server.props.local_host = "127.0.0.1"
        self.addCleanup(server.shutdown)
        self.assertTrue(server.start_listening())

    def test_requests_pending_before(self):
        endpoint = self.make_endpoint(timeout=0)
        endpoint.get(Peer(self).uri)
        with self.assert_fails(GCoap.Error.WRONG_MODE):
            endpoint.start_listening()

    def test_stop_inside_handler(self):
        def handler(server, _):
            server.stop_listening()
            server.set_response_text("the last")

        server = self.make_server(a=handler)
        self.assertEqual(self.get(server, "a"), ("2.05", "the last"))
        self.assertEqual(server.props.local_port, 0)

    def test_shutdown_inside_handler(self):
        server = self.make_server(a=lambda server, _: server.shutdown())
        completions = Completions(server, "response-complete")
        client = self.make_impatient_client()
        endings = Completions(client, "request-complete")
        client.get(self.uri(server, "a"))
        self.iterate_until(lambda: endings)
        self.assertEqual(completions.codes, [GCoap.Error.CANCELED])
        self.assertNotEqual(endings.codes, [0])
        self.assertTrue(server.start_listening())


class Requests(ServerTest):
    def test_fields(self):
        seen = []

        def handler(server, request):
            seen.append(request)
            server.set_response_text("x")

        server = self.make_server(a=handler)
        uri = self.uri(server, "a?b=1&c=%20")
        client = self.make_endpoint()
        client.set_request_text("body")
        client.props.request_content_format = 0
        client.post(uri)
        (request,) = seen
        self.assertEqual(request.props.method, GCoap.Method.POST)
        self.assertEqual(request.props.uri, uri)
        self.assertEqual(request.props.uri_host, "127.0.0.1")
        self.assertEqual(request.props.uri_port, server.props.local_port)
        self.assertEqual(request.props.uri_path, "/a")
        self.assertEqual(request.props.uri_query, "b=1&c=%20")
        self.assertEqual(request.props.remote_host, "127.0.0.1")
        self.assertEqual(request.props.remote_port, client.props.local_port)
        self.assertEqual(request.props.payload.get_data(), b"body")
        self.assertEqual(request.dup_text(), "body")
        self.assertEqual(request.props.content_format, 0)
        self.assertIsNone(request.props.etag)
        self.assertNotEqual(request.props.request_id, "")
        token = request.props.token_bytes.get_data()
        self.assertEqual(request.props.token, token.hex())
        self.assertTrue(1 <= len(token) <= 8)
        self.assertEqual(server.dup_request_text(), "body")
        self.assertEqual(server.props.request_content_format, 0)

    def test_uri_host_of_a_name(self):
        hosts = []
        server = self.make_server(a=lambda _, request: hosts.append(request.props.uri_host))
        client = self.make_endpoint()
        with self.assert_fails(GCoap.Error.ERROR_RESPONSE):
            client.get(f"coap://localhost:{server.props.local_port}/a")
        self.assertEqual(hosts, ["localhost"])

    def test_empty_token(self):
        peer = Peer(self)
        tokens = []

        def handler(server, request):
            tokens.append((request.props.token, request.props.token_bytes.get_size()))
            server.set_response_text("x")

        server = self.make_server(a=handler)
        peer.send(server.props.local_port, CON, 1, b"\x00\x07", rest=b"\xb1a")
        self.iterate_until(lambda: tokens)
        self.assertEqual(tokens, [("", 0)])
        answer = peer.receive()
        self.assertEqual((answer.type, answer.code, answer.mid), (ACK, 69, b"\x00\x07"))

    def test_catch_all_and_detail(self):
        calls = []
        server = self.make_server()
        server.connect("request", lambda s, r: calls.append(r.props.uri_path))
        server.connect("request::/a/b", lambda s, r: (calls.append("b"), s.set_response_text("b")))
        self.assertEqual(self.get(server, "a/b"), ("2.05", "b"))
        self.assertEqual(calls, ["/a/b", "b"])
        self.assertEqual(self.get(server, "other")[0], "5.01")

    def test_duplicate_is_handled_once(self):
        peer = Peer(self)
        calls = []

        def handler(server, _):
            calls.append(True)
            server.set_response_text(str(len(calls)))

        server = self.make_server(a=handler)
        message = (CON, 1, b"\x12\x34", b"tok", b"\xb1a")
        answers = []
        for _ in range(3):
            peer.send(server.props.local_port, *message)
            self.iterate_until(peer.has_datagram)
            answers.append(peer.receive())
        self.assertEqual(len(calls), 1)
        self.assertEqual(answers[0].rest, b"\xff1")
        self.assertEqual(answers, 3 * answers[:1])

    def test_malformed(self):
        peer = Peer(self)
        server = self.make_server(a=echo)
        errors = Errors(server)
        peer.send(server.props.local_port, CON, 1, b"\x00\x01", rest=b"\xff")
        self.iterate_until(peer.has_datagram)
        answer = peer.receive()
        self.assertEqual((answer.type, answer.code, answer.mid), (RST, 0, b"\x00\x01"))
        self.assertEqual(errors, [GCoap.Error.MALFORMED_MESSAGE])
        self.assertEqual(self.get(server, "a")[0], "2.05")


class Responses(ServerTest):
    def test_no_handler(self):
        server = self.make_server(a=echo)
        errors = Errors(server)
        self.assertEqual(self.get(server, "b")[0], "4.04")
        self.assertEqual(errors, [])

    def test_nothing_set(self):
        server = self.make_server(a=lambda *_: None)
        errors = Errors(server)
        self.assertEqual(self.get(server, "a")[0], "5.01")
        self.assertEqual(len(errors), 1)

    def test_default_code(self):
        server = self.make_server(a=make_text_handler("x"))
        self.assertEqual(self.get(server, "a"), ("2.05", "x"))
        self.assertEqual(self.get(server, "a", use_confirmable_messages=False), ("2.05", "x"))

    def test_bad_codes(self):
        for code in ("9.99", "2.5", "2.32", "0.01", "1.00", "abc", "2,05", "02.05", " 2.05"):
            with self.subTest(code):
                server = self.make_server(
                    a=lambda server, _: server.set_property("response-code", code)
                )
                errors = Errors(server)
                self.assertEqual(self.get(server, "a")[0], "5.00")
                self.assertEqual(errors, [GCoap.Error.INVALID_RESPONSE_CODE])
                server.connect("request::/b", make_text_handler("x"))
                self.assertEqual(self.get(server, "b"), ("2.05", "x"))

    def test_bad_option(self):
        def handler(server, _):
            server.props.response_options.append(GCoap.Option.new(14, "soon"))
            server.set_response_text("x")

        server = self.make_server(a=handler)
        errors = Errors(server)
        self.assertEqual(self.get(server, "a")[0], "5.00")
        self.assertEqual(errors, [GCoap.Error.INVALID_OPTION])

    def test_handler_raises(self):
        def handler(server, _):
            server.set_response_text("begun")
            raise ValueError("in a handler")

        def bare(server, _):
            raise ValueError("in a handler")

        server = self.make_server(a=handler, b=bare)
        with uncaught() as exceptions:
            self.assertEqual(self.get(server, "b")[0], "5.01")
            self.get(server, "a")
        self.assertEqual([str(e) for e in exceptions], 2 * ["in a handler"])

    def test_handler_disconnects_itself(self):
        def handler(server, _):
            server.disconnect(handler_id)
            server.set_response_text("once")

        server = self.make_server()
        handler_id = server.connect("request::/a", handler)
        self.assertEqual(self.get(server, "a"), ("2.05", "once"))
        self.assertEqual(self.get(server, "a")[0], "4.04")

    def test_nothing_leaks_to_the_next_client(self):
        def generous(server, _):
            server.props.response_code = "2.04"
            server.props.response_content_format = 50
            server.props.response_etag = GLib.Bytes.new(b"secret")
            server.props.response_options.append(GCoap.Option.new(14, "9"))
            server.set_response_text("secret")

        def bare(server, _):
            server.set_response_text("mine")

        server = self.make_server(a=generous, b=bare, c=lambda *_: None)
        self.assertEqual(self.get(server, "a"), ("2.04", "secret"))
        client = self.make_endpoint()
        client.get(self.uri(server, "b"))
        self.assertEqual(client.dup_response_text(), "mine")
        self.assertEqual(client.props.response_code, "2.05")
        self.assertEqual(client.props.response_content_format, -1)
        self.assertIsNone(client.props.response_etag)
        self.assertEqual(client.props.response_options.get_n_items(), 0)
        self.get(server, "a")
        self.assertEqual(self.get(server, "c")[0], "5.01")

    def test_complete(self):
        server = self.make_server(a=echo)
        completions = Completions(server, "response-complete")
        self.get(server, "a")
        self.iterate_until(lambda: completions)
        self.assertEqual(completions.codes, [0])

    def test_dispose_inside_handler(self):
        server = self.make_server(a=lambda server, _: server.run_dispose())
        client = self.make_impatient_client()
        completions = Completions(client, "request-complete")
        client.get(self.uri(server, "a"))
        self.iterate_until(lambda: completions)
        self.assertNotEqual(completions.codes, [0])
        self.assert_usable(client)


class Deferred(ServerTest):
    def defer(self, server, request):
        request.props.send_response = False
        self.deferred.append(request)

    def setUp(self):
        super().setUp()
        self.deferred = []
        self.server = self.make_server(a=self.defer, b=make_text_handler("b"))
        self.server.props.timeout = 0
        self.completions = Completions(self.server, "response-complete")
        self.client = self.make_endpoint(timeout=0)
        self.endings = Completions(self.client, "request-complete")

    def ask(self):
        """Has a request come in, and gives its id."""
        n_before = len(self.deferred)
        self.client.get(self.uri(self.server, "a"))
        self.iterate_until(lambda: len(self.deferred) > n_before)
        return self.deferred[-1].props.request_id

    def test_answered_later(self):
        request_id = self.ask()
        self.assertEqual(
            [r.props.request_id for r in self.server.props.pending_requests], [request_id]
        )
        self.assertEqual(self.get(self.server, "b"), ("2.05", "b"))
        self.server.props.response_code = "2.03"
        self.assertTrue(self.server.send_response(request_id))
        self.assertEqual(self.server.props.pending_requests.get_n_items(), 0)
        self.iterate_until(lambda: self.endings)
        self.assertEqual(self.client.props.response_code, "2.03")
        self.iterate_until(lambda: len(self.completions) == 2)
        self.assertEqual(self.completions.codes, [0, 0])
        with self.assert_fails(GCoap.Error.INVALID_REQUEST_ID):
            self.server.send_response(request_id)

    def test_answered_after_the_acknowledgement(self):
        peer = Peer(self)
        self.server.config("PiggybackDelay=0")
        peer.send(self.server.props.local_port, CON, 1, b"\x00\x01", b"tok", b"\xb1a")
        self.iterate_until(peer.has_datagram)
        early = peer.receive()
        self.assertEqual((early.type, early.code, early.mid), (ACK, 0, b"\x00\x01"))
        self.server.set_response_text("late")
        self.server.send_response(self.deferred[0].props.request_id)
        late = peer.receive()
        self.assertEqual((late.type, late.code, late.token), (CON, 69, b"tok"))
        self.assertEqual(late.rest, b"\xfflate")
        self.assertEqual(self.completions, [])
        peer.answer(late, ACK, 0, late.mid)
        self.iterate_until(lambda: self.completions)
        self.assertEqual(self.completions.codes, [0])

    def test_reset_by_the_peer(self):
        peer = Peer(self)
        self.server.config("PiggybackDelay=0")
        peer.send(self.server.props.local_port, CON, 1, b"\x00\x01", b"tok", b"\xb1a")
        self.iterate_until(peer.has_datagram)
        peer.receive()
        self.server.set_response_text("late")
        self.server.send_response(self.deferred[0].props.request_id)
        late = peer.receive()
        peer.answer(late, RST, 0, late.mid)
        self.iterate_until(lambda: self.completions)
        self.assertEqual(self.completions.codes, [GCoap.Error.RESET])

    def test_waits_for_the_acknowledgement(self):
        request_id = self.ask()
        self.server.props.timeout = 5
        self.server.set_response_text("x")
        self.assertTrue(self.server.send_response(request_id))
        self.assertEqual(self.completions.codes, [0])

    def test_non_confirmable(self):
        peer = Peer(self)
        peer.send(self.server.props.local_port, NON, 1, b"\x00\x01", b"tok", b"\xb1a")
        self.iterate_until(lambda: self.deferred)
        self.server.set_response_text("x")
        self.server.send_response(self.deferred[0].props.request_id)
        answer = peer.receive()
        self.assertEqual((answer.type, answer.code, answer.token), (NON, 69, b"tok"))
        self.iterate_until(lambda: self.completions)

    def test_bad_code_leaves_it_pending(self):
        request_id = self.ask()
        self.server.props.response_code = "9.99"
        with self.assert_fails(GCoap.Error.INVALID_RESPONSE_CODE):
            self.server.send_response(request_id)
        self.assertEqual(self.server.props.pending_requests.get_n_items(), 1)
        self.server.props.response_code = "2.05"
        self.server.send_response(request_id)
        self.iterate_until(lambda: self.endings)
        self.assertEqual(self.endings.codes, [0])

    def test_cancel(self):
        self.client.config("AckTimeout=0.01")
        self.client.config("MaxRetransmit=0")
        self.client.config("MaxLatency=0")
        request_id = self.ask()
        changes = []
        self.server.props.pending_requests.connect(
            "items-changed", lambda _, *change: changes.append(change)
        )
        self.assertTrue(self.server.cancel_request(request_id))
        self.assertEqual(changes, [(0, 1, 0)])
        self.assertEqual(self.completions.codes, [GCoap.Error.CANCELED])
        self.iterate_until(lambda: self.endings)
        self.assertEqual(self.endings.codes, [GCoap.Error.TIMED_OUT])
        with self.assert_fails(GCoap.Error.INVALID_REQUEST_ID):
            self.server.cancel_request(request_id)

    def test_never_answered(self):
        self.server.config("ResponseTimeout=0.01")
        self.ask()
        self.iterate_until(lambda: self.endings)
        self.assertEqual(self.client.props.response_code, "5.03")
        self.iterate_until(lambda: self.completions)
        self.assertEqual(self.completions.codes, [GCoap.Error.TIMED_OUT])
        self.assertEqual(self.server.props.pending_requests.get_n_items(), 0)

    def test_answered_after_stop_listening(self):
        request_id = self.ask()
        self.server.stop_listening()
        self.server.set_response_text("still")
        self.assertTrue(self.server.send_response(request_id))
        self.iterate_until(lambda: self.endings)
        self.assertEqual(self.client.dup_response_text(), "still")

    def test_answered_inside_the_handler(self):
        def handler(server, request):
            server.set_response_text("at once")
            server.send_response(request.props.request_id)

        self.server.connect("request::/c", handler)
        self.assertEqual(self.get(self.server, "c"), ("2.05", "at once"))

    def test_dispose(self):
        self.ask()
        self.server.run_dispose()
        self.assertEqual(self.completions.codes, [GCoap.Error.CANCELED])
        self.assertEqual(self.server.props.pending_requests.get_n_items(), 0)

    def test_wrong_mode(self):
        with self.assert_fails(GCoap.Error.WRONG_MODE):
            self.client.send_response("1")


class DualRole(ServerTest):
    def setUp(self):
        super().setUp()
        self.backend = self.make_server(data=make_text_handler("data"))
        self.gateway = self.make_endpoint()
        self.gateway.config("DualRole=True")
        self.gateway.start_listening()

    def test_asks_while_listening(self):
        self.gateway.connect("request::/own", make_text_handler("own"))
        self.gateway.get(self.uri(self.backend, "data"))
        self.assertEqual(self.gateway.dup_response_text(), "data")
        self.assertEqual(self.get(self.gateway, "own"), ("2.05", "own"))

    def test_same_port(self):
        ports = []
        self.backend.connect(
            "request::/who",
            lambda server, request: (
                ports.append(request.props.remote_port),
                server.set_response_text("x"),
            ),
        )
        self.gateway.get(self.uri(self.backend, "who"))
        self.assertEqual(ports, [self.gateway.props.local_port])

    def test_asks_inside_a_handler(self):
        def handler(gateway, _):
            gateway.get(self.uri(self.backend, "data"))
            gateway.set_response_text("got " + gateway.dup_response_text())

        self.gateway.connect("request::/front", handler)
        self.assertEqual(self.get(self.gateway, "front"), ("2.05", "got data"))
        self.assertEqual(self.get(self.gateway, "front"), ("2.05", "got data"))

    def test_what_was_fetched_is_no_answer(self):
        self.gateway.connect(
            "request::/front", lambda gateway, _: gateway.get(self.uri(self.backend, "data"))
        )
        self.assertEqual(self.get(self.gateway, "front")[0], "5.01")

    def test_nested_requests_do_not_mix(self):
        """A request that is handled while the handler of another one waits."""
        other = self.make_endpoint(timeout=0)
        others = Completions(other, "request-complete")

        def slow(backend, request):
            request.props.send_response = False
            other.get(self.uri(self.gateway, "inner"))
            other.get(self.uri(self.gateway, "silent"))
            others.request_id = request.props.request_id

        def answer_slow(*_):
            if len(others) == 2:
                self.backend.props.timeout = 0
                self.backend.set_response_text("slow")
                self.backend.send_response(others.request_id)

        def outer(gateway, _):
            gateway.props.response_etag = GLib.Bytes.new(b"outer")
            gateway.get(self.uri(self.backend, "slow"))
            gateway.set_response_text("outer " + gateway.dup_response_text())

        def inner(gateway, _):
            self.assertIsNone(gateway.props.response_etag)
            self.assertEqual(gateway.props.response_code, "")
            gateway.props.response_content_format = 50
            gateway.set_response_text("inner")

        other.config("NStart=2")
        other.connect("request-complete", answer_slow)
        self.backend.connect("request::/slow", slow)
        self.gateway.connect("request::/outer", outer)
        self.gateway.connect("request::/inner", inner)
        self.gateway.connect("request::/silent", lambda *_: None)

        client = self.make_endpoint()
        client.get(self.uri(self.gateway, "outer"))
        self.assertEqual(client.dup_response_text(), "outer slow")
        self.assertEqual(client.props.response_content_format, -1)
        answers = [r.props.response for r, *_ in others]
        self.assertEqual([a.dup_text() for a in answers], ["inner", ""])
        self.assertEqual(answers[0].get_content_format(), 50)
        self.assertEqual(answers[1].get_code(), GCoap.Code.NOT_IMPLEMENTED)

    def test_asks_itself(self):
        self.gateway.connect("request::/own", make_text_handler("own"))
        self.gateway.get(self.uri(self.gateway, "own"))
        self.assertEqual(self.gateway.dup_response_text(), "own")

    def test_wrong_mode_again_without_it(self):
        self.gateway.config("DualRole=False")
        with self.assert_fails(GCoap.Error.WRONG_MODE):
            self.gateway.get(self.uri(self.backend, "data"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
