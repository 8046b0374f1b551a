#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Observing (RFC 7641) from Python with start_observing() and the notification signal."""

import gc
import unittest

from bindings_fixture import ACK, CON, NON, RST, Completions, Peer
from gi.repository import GCoap
from observe_fixture import (
    DEREGISTER,
    REGISTER,
    Notifications,
    Observable,
    ObserveTest,
    read_text,
    state,
)

FAILED = GCoap.ObservationState.FAILED


class Client(ObserveTest):
    def setUp(self):
        super().setUp()
        self.site = Observable(self)
        self.client = self.make_endpoint(timeout=5)
        self.notifications = Notifications(self.client)
        self.completions = Completions(self.client, "request-complete")

    def observe_raw(self, number=10, text=b"first"):
        """Observes a raw peer, and gives it and the registration."""
        peer = Peer(self)
        self.client.props.timeout = 0
        self.client.start_observing(peer.uri)
        registration = peer.receive()
        self.answer_raw(peer, registration, number, text)
        return peer, registration

    def answer_raw(self, peer, registration, number, text):
        n_before = len(self.notifications)
        peer.answer(
            registration, ACK, 69, registration.mid, registration.token, rest=state(number, text)
        )
        self.iterate_until(lambda: len(self.notifications) > n_before)

    def test_blocking(self):
        self.assertEqual(self.client.start_observing(self.site.uri), "")
        self.assertEqual(self.notifications, [("1", True, False)])
        self.site.change("2")
        self.iterate_until(lambda: len(self.notifications) == 2)
        self.assertEqual(self.notifications[1], ("2", True, False))
        self.assertEqual(self.notifications.uris, 2 * [self.site.uri])
        self.assertEqual(self.completions, [])
        self.assertTrue(self.client.stop_observing(self.site.uri))
        self.assertEqual(self.completions.codes, [0])
        self.assertEqual(len(self.site.unregistered), 1)
        self.site.change("3")
        self.client.get(self.site.uri)
        self.assertEqual(len(self.notifications), 2)

    def test_asynchronous(self):
        self.client.props.timeout = 0
        request_id = self.client.start_observing(self.site.uri)
        self.assertNotEqual(request_id, "")
        self.assertEqual(
            [r.props.request_id for r in self.client.props.pending_requests], [request_id]
        )
        self.iterate_until(lambda: self.notifications)
        self.assertEqual(self.client.props.pending_requests.get_n_items(), 0)
        self.assertEqual(self.completions, [])
        self.assertTrue(self.client.stop_observing(self.site.uri))
        self.assertEqual(self.client.props.pending_requests.get_n_items(), 1)
        self.iterate_until(lambda: self.completions)
        self.assertEqual(self.completions.codes, [0])
        self.assertEqual(self.client.props.pending_requests.get_n_items(), 0)

    def test_order_of_events(self):
        events = []
        self.client.props.timeout = 0
        self.client.connect("notify::response-code", lambda *_: events.append("code"))
        self.client.props.pending_requests.connect(
            "items-changed", lambda _, *change: events.append(change)
        )
        self.client.connect("notification", lambda *_: events.append("notification"))
        self.client.start_observing(self.site.uri)
        self.iterate_until(lambda: self.notifications)
        self.assertEqual(events, [(0, 0, 1), "code", (0, 1, 0), "notification"])

    def test_declined(self):
        self.site.accepts = False
        self.client.start_observing(self.site.uri)
        self.assertEqual(self.completions.codes, [0])
        self.assertEqual(self.client.dup_response_text(), "1")
        self.assertEqual(self.notifications, [])
        with self.assert_fails(GCoap.Error.NOT_OBSERVABLE):
            self.client.stop_observing(self.site.uri)

    def test_declined_asynchronously(self):
        self.site.accepts = False
        self.client.props.timeout = 0
        self.client.start_observing(self.site.uri)
        self.iterate_until(lambda: self.completions)
        self.assertEqual(self.client.props.pending_requests.get_n_items(), 0)
        self.assertEqual(self.notifications, [])

    def test_error_response(self):
        with self.assert_fails(GCoap.Error.ERROR_RESPONSE):
            self.client.start_observing(self.uri(self.site.server, "none"))
        self.assertEqual(self.completions.codes, [GCoap.Error.ERROR_RESPONSE])
        self.assertEqual(self.client.props.response_code, "4.04")
        self.assertEqual(self.notifications, [])

    def test_errors(self):
        for uri in ("http://127.0.0.1/", "coap://", "a"):
            with self.subTest(uri), self.assert_fails(GCoap.Error.INVALID_URI):
                self.client.start_observing(uri)
        self.client.props.request_options.append(GCoap.Option.new(17, "x"))
        with self.assert_fails(GCoap.Error.INVALID_OPTION):
            self.client.start_observing(self.site.uri)
        self.client.props.request_options.remove_all()
        with self.assert_fails(GCoap.Error.NOT_OBSERVABLE):
            self.client.stop_observing(self.site.uri)
        for method in ("start_observing", "stop_observing", "observe"):
            with self.subTest(method), self.assert_fails(GCoap.Error.WRONG_MODE):
                getattr(self.site.server, method)(self.site.uri)
        self.assertEqual(self.completions, [])
        self.assert_usable(self.client)

    def test_silent_server(self):
        self.client.config("AckTimeout=0.01")
        self.client.config("MaxRetransmit=1")
        with self.assert_fails(GCoap.Error.TIMED_OUT):
            self.client.start_observing(Peer(self).uri)
        self.assertEqual(self.completions.codes, [GCoap.Error.TIMED_OUT])

    def test_server_that_resets(self):
        self.client.props.timeout = 0
        peer = Peer(self)
        self.client.start_observing(peer.uri)
        registration = peer.receive()
        peer.answer(registration, RST, 0, registration.mid)
        self.iterate_until(lambda: self.completions)
        self.assertEqual(self.completions.codes, [GCoap.Error.RESET])

    def test_cancel_request(self):
        self.client.props.timeout = 0
        uri = Peer(self).uri
        self.client.cancel_request(self.client.start_observing(uri))
        self.assertEqual(self.completions.codes, [GCoap.Error.CANCELED])
        with self.assert_fails(GCoap.Error.NOT_OBSERVABLE):
            self.client.stop_observing(uri)

    def test_request_is_over_once_it_observes(self):
        self.client.props.timeout = 0
        request_id = self.client.start_observing(self.site.uri)
        self.iterate_until(lambda: self.notifications)
        with self.assert_fails(GCoap.Error.INVALID_REQUEST_ID):
            self.client.cancel_request(request_id)
        self.site.change("2")
        self.iterate_until(lambda: len(self.notifications) == 2)

    def test_stop_before_the_first_notification(self):
        self.client.props.timeout = 0
        peer = Peer(self)
        self.client.start_observing(peer.uri)
        registration = peer.receive()
        self.client.stop_observing(peer.uri)
        self.assertEqual(self.completions.codes, [GCoap.Error.CANCELED])
        deregistration = self.receive(peer)
        self.assertEqual(deregistration.token, registration.token)
        self.assertEqual(deregistration.rest[:2], DEREGISTER)

    def test_deregistration(self):
        peer, registration = self.observe_raw()
        self.assertEqual(registration.rest[:1], REGISTER)
        self.client.stop_observing(peer.uri)
        deregistration = self.receive(peer)
        self.assertEqual((deregistration.type, deregistration.code), (CON, 1))
        self.assertEqual(deregistration.token, registration.token)
        self.assertNotEqual(deregistration.mid, registration.mid)
        self.assertEqual(deregistration.rest, DEREGISTER + registration.rest[1:])

    def test_explicit_cancel_off(self):
        self.client.config("ExplicitCancel=False")
        peer, registration = self.observe_raw()
        self.assertTrue(self.client.stop_observing(peer.uri))
        self.assertEqual(self.completions, [])
        self.assertEqual(self.client.props.pending_requests.get_n_items(), 0)
        answer = self.ask(
            peer, self.client, CON, 69, b"\x00\x05", registration.token, rest=state(11, b"x")
        )
        self.assertEqual((answer.type, answer.mid), (RST, b"\x00\x05"))
        self.assertEqual(len(self.notifications), 1)

    def test_unknown_token(self):
        peer, _ = self.observe_raw()
        for type, mid in ((CON, b"\x00\x05"), (NON, b"\x00\x06")):
            with self.subTest(type=type):
                answer = self.ask(peer, self.client, type, 69, mid, b"no", rest=state(11, b"x"))
                self.assertEqual((answer.type, answer.code, answer.mid), (RST, 0, mid))
        self.assertEqual(len(self.notifications), 1)

    def test_notifications_are_acknowledged(self):
        peer, registration = self.observe_raw()
        message = (CON, 69, b"\x00\x05", registration.token, state(11, b"x"))
        for _ in range(2):
            answer = self.ask(peer, self.client, *message)
            self.assertEqual((answer.type, answer.code, answer.mid), (ACK, 0, b"\x00\x05"))
        self.assertEqual(self.notifications.texts, ["first", "x"])

    def test_reordered(self):
        peer, registration = self.observe_raw(10)
        for mid, number, text in ((1, 12, b"third"), (2, 11, b"second"), (3, 13, b"fourth")):
            rest = state(number, text)
            peer.answer(registration, NON, 69, bytes([0, mid]), registration.token, rest)
        self.iterate_until(lambda: len(self.notifications) == 4)
        self.assertEqual(
            self.notifications,
            [
                ("first", True, False),
                ("third", True, False),
                ("second", False, False),
                ("fourth", True, False),
            ],
        )

    def test_numbers_that_begin_anew(self):
        peer, registration = self.observe_raw(0xFFFFFF)
        rest = state(1, b"next")
        peer.answer(registration, NON, 69, b"\x00\x01", registration.token, rest)
        self.iterate_until(lambda: len(self.notifications) == 2)
        self.assertEqual(self.notifications[1], ("next", True, False))

    def test_ended_by_the_server(self):
        self.client.start_observing(self.site.uri)
        codes = []
        self.client.connect("notification", lambda c, _: codes.append(c.props.response_code))
        self.site.end("4.04")
        self.iterate_until(lambda: len(self.notifications) == 2)
        self.assertEqual(codes, ["4.04"])
        self.assertEqual(self.notifications[1], ("", True, True))
        self.assertEqual(self.completions, [])
        with self.assert_fails(GCoap.Error.NOT_OBSERVABLE):
            self.client.stop_observing(self.site.uri)

    def test_ended_without_observe(self):
        peer, registration = self.observe_raw()
        peer.answer(registration, CON, 69, b"\x00\x01", registration.token, b"\xfflast")
        self.iterate_until(lambda: len(self.notifications) == 2)
        self.assertEqual(self.notifications[1], ("last", True, True))

    def test_stop_by_the_notification(self):
        notifications = []

        def on_notification(_, notification):
            notification.props.stop_observing = True
            notifications.append(notification)

        self.client.connect("notification", on_notification)
        self.client.start_observing(self.site.uri)
        self.iterate_until(lambda: self.site.unregistered)
        self.assertEqual(len(notifications), 1)
        self.assertEqual(self.completions, [])
        with self.assert_fails(GCoap.Error.NOT_OBSERVABLE):
            self.client.stop_observing(self.site.uri)

    def test_stop_cannot_be_taken_back(self):
        def on_notification(_, notification):
            if notification.props.stop_observing:
                notification.props.stop_observing = False
                self.assertTrue(notification.props.stop_observing)
                ends.append(notification)

        ends = []
        self.client.start_observing(self.site.uri)
        self.client.connect("notification", on_notification)
        self.site.end("5.00")
        self.iterate_until(lambda: ends)

    def test_stop_inside_the_handler(self):
        for name, stop in (
            ("stop_observing", lambda client, _: client.stop_observing(self.site.uri)),
            ("shutdown", lambda client, _: client.shutdown()),
            ("dispose", lambda client, _: client.run_dispose()),
        ):
            for timeout in (0, 5):
                with self.subTest(name, timeout=timeout):
                    client = self.make_endpoint(timeout=timeout)
                    notifications = Notifications(client)
                    client.connect("notification", stop)
                    client.start_observing(self.site.uri)
                    self.iterate_until(lambda: notifications)
                    with self.assert_fails(GCoap.Error.NOT_OBSERVABLE):
                        client.stop_observing(self.site.uri)

    def test_start_inside_the_handler(self):
        other = Observable(self)

        def on_notification(client, _):
            if len(self.notifications) == 1:
                client.start_observing(other.uri)

        self.client.connect("notification", on_notification)
        self.client.start_observing(self.site.uri)
        self.assertEqual(self.notifications.uris, [self.site.uri, other.uri])

    def test_several(self):
        sites = [Observable(self) for _ in range(3)]
        for site in sites:
            self.client.start_observing(site.uri)
        self.client.stop_observing(sites[1].uri)
        for site in sites:
            site.change("of " + site.uri)
        self.iterate_until(lambda: len(self.notifications) == 5)
        expected = [sites[0].uri, sites[2].uri]
        self.assertCountEqual(self.notifications.uris[3:], expected)
        self.assertCountEqual(self.notifications.texts[3:], ["of " + uri for uri in expected])

    def test_requests_between(self):
        self.client.start_observing(self.site.uri)
        self.client.get(self.site.uri)
        self.assertEqual(self.completions.codes, [0])
        self.site.change("2")
        self.iterate_until(lambda: len(self.notifications) == 2)

    def test_non_confirmable(self):
        self.client.props.use_confirmable_messages = False
        self.client.start_observing(self.site.uri)
        self.site.change("2")
        self.iterate_until(lambda: len(self.notifications) == 2)
        self.client.stop_observing(self.site.uri)
        self.assertEqual(len(self.site.unregistered), 1)

    def test_options_are_sent(self):
        peer = Peer(self)
        self.client.props.timeout = 0
        self.client.props.request_options.append(GCoap.Option.new(GCoap.OptionNumber.ACCEPT, "50"))
        self.client.start_observing(peer.uri)
        self.assertTrue(peer.receive().rest.endswith(b"\x32"))

    def test_end_of_the_client(self):
        for name in ("shutdown", "reset", "run_dispose"):
            with self.subTest(name):
                client = self.make_endpoint(timeout=5)
                completions = Completions(client, "request-complete")
                client.start_observing(self.site.uri)
                observation = client.observe(self.site.uri)
                client.props.timeout = 0
                client.start_observing(Peer(self).uri)
                getattr(client, name)()
                self.assertEqual(completions.codes, [GCoap.Error.CANCELED])
                self.assertEqual(client.props.pending_requests.get_n_items(), 0)
                self.assertEqual(observation.props.state, FAILED)
                with self.assert_fails(GCoap.Error.NOT_OBSERVABLE):
                    client.stop_observing(self.site.uri)

    def test_last_reference(self):
        client = self.make_endpoint(timeout=5)
        client.start_observing(self.site.uri)
        self.doCleanups()
        del client
        gc.collect()

    def test_registers_again(self):
        self.client.config("ReregisterDelay=0.01")
        self.site.max_age = "0"
        self.client.start_observing(self.site.uri)
        self.iterate_until(lambda: len(self.site.registrations) == 3)
        self.assertEqual(len({r.props.token for r in self.site.registrations}), 1)
        self.client.stop_observing(self.site.uri)
        self.assertEqual(len(self.site.unregistered), 1)

    def test_dual_role(self):
        """A gateway observes a backend and is observed, from one socket."""
        self.client.config("DualRole=True")
        self.client.start_listening()
        self.client.connect(
            "register::/front",
            lambda server, request: (
                request.set_accept(True),
                server.set_response_text("front"),
            ),
        )
        uri = self.uri(self.client, "front")
        peer = Peer(self)
        self.register(peer, self.client, path=b"\x55front")
        self.client.start_observing(self.site.uri)

        def pass_on(client, _):
            client.props.response_code = "2.05"
            client.set_response_text("passed on")
            client.send_notification(uri)

        self.client.connect("notification", pass_on)
        self.site.change("2")
        self.assertEqual(read_text(self.receive(peer)), "passed on")


if __name__ == "__main__":
    unittest.main(verbosity=2)
