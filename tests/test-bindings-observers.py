#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Being observed (RFC 7641) from Python: registrations, notifications, their ends."""

import unittest

from bindings_fixture import ACK, CON, NON, RST, Peer
from gi.repository import GCoap
from observe_fixture import (
    DEREGISTER,
    PATH_A,
    Observable,
    ObserveTest,
    read_observe,
    read_text,
)


class Errors(list):
    """Collects the codes of the error signal."""

    def __init__(self, endpoint):
        super().__init__()
        endpoint.connect("error", lambda _, code, description: self.append(code))


class Server(ObserveTest):
    def setUp(self):
        super().setUp()
        self.site = Observable(self)
        self.server = self.site.server
        self.peer = Peer(self)

    def assert_unregistered(self, n_times=1):
        self.iterate_until(lambda: len(self.site.unregistered) >= n_times)
        self.assertEqual(len(self.site.unregistered), n_times)

    def assert_nobody_observes(self):
        """A notification reaches nobody; the answer to a ping is the next datagram."""
        self.assertTrue(self.site.change("nobody"))
        answer = self.ask(self.peer, self.server, CON, 0, b"\x77\x77")
        self.assertEqual((answer.type, answer.mid), (RST, b"\x77\x77"))

    def test_response_to_a_registration(self):
        answer = self.register(self.peer, self.server)
        self.assertEqual((answer.type, answer.code, answer.token), (ACK, 69, b"tok"))
        self.assertIsNotNone(read_observe(answer))
        self.assertEqual(read_text(answer), "1")
        (registration,) = self.site.registrations
        self.assertEqual(registration.props.uri, self.site.uri)
        self.assertEqual(registration.props.token_bytes.get_data(), b"tok")
        self.assertEqual(registration.props.remote_port, self.peer.port)

    def test_response_as_a_message(self):
        response = self.send_raw(self.make_endpoint(), self.site.uri)
        self.assertEqual(response.get_code(), GCoap.Code.CONTENT)
        self.assertTrue(response.get_uint_option(GCoap.OptionNumber.OBSERVE)[0])
        self.site.accepts = False
        response = self.send_raw(self.make_endpoint(), self.site.uri)
        self.assertEqual(response.dup_text(), "1")
        self.assertFalse(response.get_uint_option(GCoap.OptionNumber.OBSERVE)[0])

    def test_not_accepted(self):
        self.site.accepts = False
        answer = self.register(self.peer, self.server)
        self.assertEqual((answer.code, read_text(answer)), (69, "1"))
        self.assertIsNone(read_observe(answer))
        self.assert_nobody_observes()
        self.assertEqual(self.site.unregistered, [])

    def test_accepted_with_an_error(self):
        def handler(server, _):
            server.props.response_code = "4.03"

        self.server.connect("register::/a", handler)
        answer = self.register(self.peer, self.server)
        self.assertEqual(answer.code, 0x83)
        self.assert_nobody_observes()

    def test_is_a_request_where_nobody_listens(self):
        paths = []

        def handler(server, request):
            paths.append(request.props.uri_path)
            request.props.accept = True
            server.set_response_text("b")

        self.server.connect("request::/b", handler)
        answer = self.register(self.peer, self.server, path=b"\x51b")
        self.assertEqual((answer.code, read_text(answer)), (69, "b"))
        self.assertIsNone(read_observe(answer))
        self.assertEqual(paths, ["/b"])
        answer = self.register(self.peer, self.server, path=b"\x51c", mid=b"\x00\x02")
        self.assertEqual(answer.code, 0x84)

    def test_catch_all(self):
        paths = []
        self.server.connect(
            "register",
            lambda server, request: (
                paths.append(request.props.uri_path),
                request.set_accept(True),
                server.set_response_text("x"),
            ),
        )
        answer = self.register(self.peer, self.server, path=b"\x51c")
        self.assertEqual(paths, ["/c"])
        self.assertIsNotNone(read_observe(answer))

    def test_response_is_empty_before(self):
        seen = []

        def handler(server, registration):
            seen.append((server.props.response_code, server.props.response_data))
            server.set_response_text("c")

        self.server.connect("register::/c", handler)
        self.server.props.response_code = "2.03"
        self.server.set_response_text("of another")
        self.register(self.peer, self.server, path=b"\x51c")
        self.assertEqual(seen, [("", None)])

    def test_nothing_set(self):
        errors = Errors(self.server)
        self.server.connect("register::/c", lambda _, request: request.set_accept(True))
        answer = self.register(self.peer, self.server, path=b"\x51c")
        self.assertEqual(answer.code, 0xA1)
        self.assertEqual(errors, [GCoap.Error.INVALID_RESPONSE_CODE])

    def test_confirmable_notification(self):
        first = self.register(self.peer, self.server)
        self.site.change("2")
        notification = self.receive(self.peer)
        self.assertEqual(
            (notification.type, notification.code, notification.token), (CON, 69, b"tok")
        )
        self.assertEqual(read_text(notification), "2")
        self.assertGreater(read_observe(notification), read_observe(first))
        self.site.change("3")
        self.site.change("4")
        self.assertFalse(self.peer.has_datagram())
        self.peer.answer(notification, ACK, 0, notification.mid)
        self.assertEqual(read_text(self.receive(self.peer)), "4")

    def test_non_confirmable_notification(self):
        self.register(self.peer, self.server)
        self.server.props.use_confirmable_messages = False
        notifications = []
        for text in ("2", "3", "4"):
            self.site.change(text)
            notifications.append(self.receive(self.peer))
        self.assertEqual([n.type for n in notifications], [NON, NON, NON])
        self.assertEqual([read_text(n) for n in notifications], ["2", "3", "4"])
        self.assertEqual(len({n.mid for n in notifications}), 3)

    def test_confirmable_interval(self):
        self.server.config("ConfirmableInterval=2")
        self.register(self.peer, self.server)
        self.server.props.use_confirmable_messages = False
        types = []
        for text in ("2", "3"):
            self.site.change(text)
            types.append(self.receive(self.peer).type)
        self.assertEqual(types, [NON, CON])

    def test_exact_uri(self):
        self.register(self.peer, self.server, path=PATH_A + b"\x43x=1")
        self.assertEqual(self.site.registrations[0].props.uri, self.site.uri + "?x=1")
        self.site.change("none")
        self.site.change("none", self.site.uri + "?x=2")
        self.site.change("this", self.site.uri + "?x=1")
        self.assertEqual(read_text(self.receive(self.peer)), "this")

    def test_path(self):
        """Whatever name of the host was asked for, and with the query that belongs to it."""
        self.register(self.peer, self.server, token=b"address")
        self.ask(self.peer, self.server, CON, 1, b"\x00\x02", b"name",
                 rest=b"\x34host\x30" + PATH_A)
        self.register(self.peer, self.server, b"query", b"\x00\x03", PATH_A + b"\x43x=1")
        self.assertEqual(len({each.props.uri for each in self.site.registrations}), 3)
        self.server.props.use_confirmable_messages = False
        for path in ("/", "a", "/ab", "/a/", "/A", "/a?x=2"):
            self.site.change("none", path)
        self.site.change("both", "/a")
        told = [self.receive(self.peer) for _ in range(2)]
        self.assertEqual({each.token for each in told}, {b"address", b"name"})
        self.assertEqual({read_text(each) for each in told}, {"both"})
        self.site.change("the query", "/a?x=1")
        self.assertEqual(read_text(self.receive(self.peer)), "the query")

    def test_root_path(self):
        def handler(server, request):
            request.props.accept = True
            server.set_response_text("root")

        self.server.connect("register::/", handler)
        self.register(self.peer, self.server, path=b"")
        self.site.change("new", "/")
        self.assertEqual(read_text(self.receive(self.peer)), "new")

    def test_nobody(self):
        self.assertTrue(self.site.change("2"))
        self.server.set_response_text("2")
        self.assertTrue(self.server.send_notification("coap://nobody/"))
        self.assertTrue(self.server.send_notification("no URI at all"))

    def test_notification_that_cannot_be_made(self):
        self.register(self.peer, self.server)
        for code in ("9.99", "0.01", "abc"):
            with self.subTest(code), self.assert_fails(GCoap.Error.INVALID_RESPONSE_CODE):
                self.site.end(code)
        self.server.props.response_code = None
        self.server.props.response_data = None
        with self.assert_fails(GCoap.Error.INVALID_RESPONSE_CODE):
            self.server.send_notification(self.site.uri)
        self.server.props.response_options.append(GCoap.Option.new(14, "soon"))
        with self.assert_fails(GCoap.Error.INVALID_OPTION):
            self.site.change("2")
        self.server.props.response_options.remove_all()
        self.assertEqual(self.site.unregistered, [])
        self.site.change("3")
        self.assertEqual(read_text(self.receive(self.peer)), "3")

    def test_wrong_mode(self):
        endpoint = self.make_endpoint()
        endpoint.set_response_text("x")
        with self.assert_fails(GCoap.Error.WRONG_MODE):
            endpoint.send_notification(self.site.uri)

    def test_notifies_inside_a_handler(self):
        def handler(server, request):
            self.site.change(request.dup_text())
            server.props.response_data = None
            server.props.response_code = "2.04"

        self.server.connect("request::/set", handler)
        self.register(self.peer, self.server)
        client = self.make_endpoint()
        client.set_request_text("new")
        client.put(self.uri(self.server, "set"))
        self.assertEqual(client.props.response_code, "2.04")
        self.assertEqual(client.dup_response_text(), "")
        self.assertEqual(read_text(self.receive(self.peer)), "new")

    def test_notifies_inside_the_registration(self):
        def handler(server, registration):
            registration.props.accept = True
            server.set_response_text("in the midst")
            server.send_notification(registration.props.uri)
            server.set_response_text("first")

        self.server.connect("register::/c", handler)
        answer = self.register(self.peer, self.server, path=b"\x51c")
        self.assertEqual((answer.type, read_text(answer)), (ACK, "first"))
        self.assertIsNotNone(read_observe(answer))

    def test_unregistered_by_request(self):
        self.register(self.peer, self.server)
        answer = self.ask(
            self.peer, self.server, CON, 1, b"\x00\x02", b"tok", rest=DEREGISTER + PATH_A
        )
        self.assertEqual((answer.code, read_text(answer)), (69, "1"))
        self.assertIsNone(read_observe(answer))
        self.assertEqual(len(self.site.requests), 1)
        self.assert_unregistered()
        (registration,) = self.site.unregistered
        self.assertEqual(registration.props.uri, self.site.uri)
        self.assertEqual(registration.props.uri_path, "/a")
        self.assertEqual(registration.props.token_bytes.get_data(), b"tok")
        self.assertEqual(registration.props.remote_host, "127.0.0.1")
        self.assertEqual(registration.props.remote_port, self.peer.port)
        self.assertEqual(registration.props.method, GCoap.Method.GET)
        self.assert_nobody_observes()

    def test_unregistered_by_request_with_another_token(self):
        self.register(self.peer, self.server)
        self.ask(self.peer, self.server, CON, 1, b"\x00\x02", b"no", rest=DEREGISTER + PATH_A)
        self.assertEqual(self.site.unregistered, [])
        self.site.change("2")
        self.assertEqual(read_text(self.receive(self.peer)), "2")

    def test_unregistered_by_reset(self):
        for confirmable, type in ((True, CON), (False, NON)):
            with self.subTest(type=type):
                self.site.unregistered.clear()
                self.server.props.use_confirmable_messages = confirmable
                self.register(self.peer, self.server, mid=bytes([0, type]))
                self.site.change("2")
                notification = self.receive(self.peer)
                self.assertEqual(notification.type, type)
                self.peer.answer(notification, RST, 0, notification.mid)
                self.assert_unregistered()
                self.assert_nobody_observes()

    def test_unregistered_by_silence(self):
        self.server.config("AckTimeout=0.05")
        self.server.config("MaxRetransmit=1")
        errors = Errors(self.server)
        self.register(self.peer, self.server)
        self.site.change("2")
        self.assert_unregistered()
        notification, repetition = self.peer.receive(), self.peer.receive()
        self.assertEqual(notification, repetition)
        self.assertEqual(errors, [])
        self.assert_nobody_observes()

    def test_unregistered_by_an_error_notification(self):
        self.register(self.peer, self.server)
        self.assertTrue(self.site.end("4.04"))
        notification = self.receive(self.peer)
        self.assertEqual((notification.type, notification.code), (CON, 0x84))
        self.assertEqual(notification.rest, b"")
        self.peer.answer(notification, ACK, 0, notification.mid)
        self.assert_unregistered()
        self.assert_nobody_observes()

    def test_unregistered_by_an_error_response(self):
        self.register(self.peer, self.server)
        self.server.connect(
            "register::/a", lambda server, _: server.set_property("response-code", "4.03")
        )
        self.register(self.peer, self.server, mid=b"\x00\x02")
        self.assert_unregistered()

    def test_unregistered_by_declining_it_again(self):
        self.register(self.peer, self.server)
        self.site.accepts = False
        self.assertIsNone(read_observe(self.register(self.peer, self.server, mid=b"\x00\x02")))
        self.assert_unregistered()

    def test_unregistered_by_the_end_of_the_server(self):
        for name in ("shutdown", "stop_listening", "reset", "run_dispose"):
            with self.subTest(name):
                site = Observable(self)
                self.register(self.peer, site.server)
                getattr(site.server, name)()
                self.assertEqual([r.props.uri for r in site.unregistered], [site.uri])

    def test_stop_listening_with_a_request_pending(self):
        waiting = []
        self.server.connect(
            "request::/slow",
            lambda _, request: (request.set_send_response(False), waiting.append(request)),
        )
        self.register(self.peer, self.server)
        self.peer.send(self.server.props.local_port, CON, 1, b"\x00\x02", rest=b"\xb4slow")
        self.iterate_until(lambda: waiting)
        self.server.stop_listening()
        self.assert_unregistered()

    def test_end_inside_unregistered(self):
        """Handlers may do anything, which includes ending what ends."""
        for name, n_told in (("shutdown", 2), ("run_dispose", 1)):
            with self.subTest(name):
                site = Observable(self)
                site.server.connect("unregistered", lambda server, _: getattr(server, name)())
                self.register(self.peer, site.server, b"one")
                self.register(self.peer, site.server, b"two", b"\x00\x02")
                site.end("4.04")
                self.iterate_until(lambda: len(site.unregistered) == n_told)
                self.assertFalse(site.server.props.listening)

    def test_stop_inside_the_registration(self):
        def handler(server, registration):
            registration.props.accept = True
            server.set_response_text("the last")
            server.stop_listening()

        self.server.connect("register::/c", handler)
        answer = self.register(self.peer, self.server, path=b"\x51c")
        self.assertEqual(read_text(answer), "the last")
        self.assertIsNone(read_observe(answer))
        self.assertEqual(self.site.unregistered, [])

    def test_listens_again(self):
        self.register(self.peer, self.server)
        self.server.stop_listening()
        self.server.start_listening()
        self.assertEqual(len(self.site.unregistered), 1)
        self.site.uri = self.uri(self.server, "a")
        self.assert_nobody_observes()

    def test_two_tokens_are_two_observers(self):
        self.server.props.use_confirmable_messages = False
        self.register(self.peer, self.server, b"one", b"\x00\x01")
        self.register(self.peer, self.server, b"two", b"\x00\x02")
        self.site.change("2")
        tokens = [self.receive(self.peer).token for _ in range(2)]
        self.assertCountEqual(tokens, [b"one", b"two"])
        self.site.end("5.03")
        self.assert_unregistered(2)

    def test_same_token_is_the_same_observer(self):
        self.register(self.peer, self.server, mid=b"\x00\x01")
        self.register(self.peer, self.server, mid=b"\x00\x02")
        self.assertEqual(len(self.site.registrations), 2)
        self.assertEqual(self.site.unregistered, [])
        self.server.props.use_confirmable_messages = False
        self.site.change("2")
        self.assertEqual(self.receive(self.peer).token, b"tok")
        answer = self.ask(self.peer, self.server, CON, 0, b"\x77\x77")
        self.assertEqual((answer.type, answer.mid), (RST, b"\x77\x77"))

    def test_same_token_for_another_resource(self):
        self.server.connect("register::/b", self.site.on_register)
        self.register(self.peer, self.server, mid=b"\x00\x01")
        self.register(self.peer, self.server, mid=b"\x00\x02", path=b"\x51b")
        self.assert_unregistered()
        self.assertEqual(self.site.unregistered[0].props.uri_path, "/a")
        self.site.change("no")
        self.site.change("yes", self.uri(self.server, "b"))
        self.assertEqual(read_text(self.receive(self.peer)), "yes")

    def test_caps(self):
        for setting, second in (
            ("MaxObservers=1", Peer(self)),
            ("MaxObserversPerPeer=1", self.peer),
        ):
            with self.subTest(setting):
                site = Observable(self)
                site.server.config(setting)
                first = self.register(self.peer, site.server, b"one", b"\x00\x01")
                other = self.register(second, site.server, b"two", b"\x00\x02")
                self.assertIsNotNone(read_observe(first))
                self.assertIsNone(read_observe(other))
                self.assertEqual((other.code, read_text(other)), (69, "1"))
                self.assertEqual(site.unregistered, [])

    def test_many_observers(self):
        peers = [Peer(self) for _ in range(20)]
        for peer in peers:
            self.register(peer, self.server)
        self.site.change("2")
        for peer in peers:
            notification = self.receive(peer)
            self.assertEqual(read_text(notification), "2")
            peer.answer(notification, ACK, 0, notification.mid)
        self.server.shutdown()
        self.assertEqual(len(self.site.unregistered), len(peers))


if __name__ == "__main__":
    unittest.main(verbosity=2)
