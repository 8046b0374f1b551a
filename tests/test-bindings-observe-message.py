#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Observing with a FETCH (RFC 8132 section 2.4) from Python, and what goes over the wire."""

import unittest

from bindings_fixture import ACK, Peer
from gi.repository import GCoap, GLib
from observe_fixture import ObserveTest, observe_option

ACTIVE = GCoap.ObservationState.ACTIVE
STALE = GCoap.ObservationState.STALE
FETCH = GCoap.Method.FETCH

# Observe, Uri-Path, Content-Format 50, Accept 60, and the payload.
REGISTRATION = b"\x60\x51a\x11\x32\x51\x3c\xff[1]"
DEREGISTRATION = b"\x61\x01" + REGISTRATION[1:]
MAX_AGE_0 = b"\x80"


class Wire(ObserveTest):
    def setUp(self):
        super().setUp()
        self.peer = Peer(self)
        self.client = self.make_endpoint()

    def begin(self):
        message = GCoap.Message.new_request(FETCH, self.peer.uri + "a")
        message.set_content_format(50)
        message.add_uint_option(GCoap.OptionNumber.ACCEPT, 60)
        message.set_text("[1]")
        return self.client.observe_message(message)

    def assert_same(self, datagram, first, rest=REGISTRATION):
        self.assertEqual((datagram.code, datagram.token), (FETCH, first.token))
        self.assertEqual(datagram.rest, rest)
        self.assertNotEqual(datagram.mid, first.mid)

    def test_registration(self):
        self.begin()
        request = self.receive(self.peer)
        self.assertEqual((request.code, request.rest), (FETCH, REGISTRATION))

    def test_again(self):
        self.client.config("ReregisterDelay=0.01")
        observation = self.begin()
        first = self.receive(self.peer)
        rest = observe_option(7) + MAX_AGE_0 + b"\xff" + b"1"
        self.peer.answer(first, ACK, 69, first.mid, first.token, rest=rest)
        self.iterate_until(lambda: observation.props.state == STALE)
        self.assert_same(self.receive(self.peer), first)

    def test_cancel(self):
        observation = self.begin()
        first = self.receive(self.peer)
        rest = observe_option(7) + b"\xff" + b"1"
        self.peer.answer(first, ACK, 69, first.mid, first.token, rest=rest)
        self.iterate_until(lambda: observation.props.state == ACTIVE)
        observation.cancel()
        self.assert_same(self.receive(self.peer), first, DEREGISTRATION)

    def test_other_method(self):
        message = GCoap.Message.new_request(GCoap.Method.PUT, self.peer.uri)
        with self.assert_fails(GCoap.Error.WRONG_MODE):
            self.client.observe_message(message)


class Queries(ObserveTest):
    """A server that answers queries: the sum of the numbers that are named."""

    def setUp(self):
        super().setUp()
        self.numbers = {"a": 1, "b": 2, "c": 3}
        self.queries = {}
        self.server = self.make_endpoint()
        self.server.connect("register::/sum", self.on_register)
        self.server.connect("request::/sum", lambda _, request: self.respond(request))
        self.server.connect("unregistered", self.on_unregistered)
        self.server.start_listening()
        self.client = self.make_endpoint()

    def respond(self, request):
        total = sum(self.numbers[name] for name in request.dup_text())
        self.server.set_response_text(str(total))

    def on_register(self, _, registration):
        registration.props.accept = True
        self.queries[registration.dup_text()] = registration
        self.respond(registration)

    def on_unregistered(self, _, registration):
        del self.queries[registration.dup_text()]

    def change(self, **numbers):
        self.numbers |= numbers
        for registration in self.queries.values():
            self.respond(registration)
            self.server.send_notification_for(registration)

    def observe(self, names):
        message = GCoap.Message.new_request(FETCH, self.uri(self.server, "sum"))
        message.set_payload(GLib.Bytes.new(names.encode()))
        observation = self.client.observe_message(message)
        self.iterate_until(lambda: observation.props.state == ACTIVE)
        return observation

    def test_results(self):
        observations = [self.observe(names) for names in ("a", "ab", "abc")]
        self.assertEqual([each.props.text for each in observations], ["1", "3", "6"])
        self.change(a=10, c=30)
        self.iterate_until(
            lambda: [each.props.text for each in observations] == ["10", "12", "42"]
        )
        observations[1].cancel()
        self.iterate_until(lambda: "ab" not in self.queries)
        self.assertEqual(set(self.queries), {"a", "abc"})


if __name__ == "__main__":
    unittest.main()
