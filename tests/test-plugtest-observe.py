#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The test descriptions TD_COAP_OBS_01, 02 and 04 to 12 of the ETSI plugtest "CoAP#4".

Each runs twice: against the server with datagrams made by hand, and with the client of GCoap whose
datagrams are looked at on their way. Usage: test-plugtest-observe.py SERVER [unittest option]...
"""

import sys
import unittest
from dataclasses import replace

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap

from coap_wire import (
    DELETE,
    EMPTY,
    GET,
    PUT,
    TEXT_PLAIN,
    XML,
    Message,
    Option,
    Type,
    code_text,
)
from plugtest_peers import CLIENT, SERVER, Fate, RawClient
from plugtest_steps import HASTY, ClientSteps, RawSteps, is_empty_ack, make_request

REGISTER = (Option.OBSERVE, b"")  # the number 0 in its shortest form
DEREGISTER = (Option.OBSERVE, b"\x01")
# The server gives a client up after this many transmissions, which take 1.5 seconds.
N_TRANSMISSIONS = 4
SOON_GIVES_UP = ["AckTimeout=0.1", "AckRandomFactor=1", "MaxRetransmit=3"]
ENOUGH = 3  # notifications


class Observing:
    """What the descriptions look at. Those who take the steps have a log of (origin, message)."""

    def setUp(self):
        super().setUp()
        self.helper = RawClient(self.server.address)
        self.addCleanup(self.helper.close)

    def sent_by(self, origin):
        return [message for other, message in self.log() if other == origin]

    def begin(self, message_type=Type.CON, path="/obs"):
        """Registers, and gets that many notifications."""
        self.request, self.response = self.register(message_type, path)
        wanted = make_request(message_type, GET, path, REGISTER)
        self.assertEqual(replace(self.request, mid=None, token=None), wanted)
        self.check_latest(self.response)
        self.wait_for_notifications(ENOUGH)

    def notifications(self):
        """Each as often as it was sent."""
        return [
            message
            for message in self.sent_by(SERVER)
            if message.token == self.request.token
            and message.type in (Type.CON, Type.NON)
            and message is not self.response
        ]

    def wait_for_notifications(self, count):
        """That many more than there have been."""
        enough = len(self.notifications()) + count
        self.wait_until(lambda: len(self.notifications()) >= enough)

    def catch_up(self):
        """Has the log hold all that was sent so far."""
        self.wait_until(lambda: True)

    def check_latest(self, message):
        self.assertEqual(code_text(message.code), "2.05")
        self.assertEqual(message.token, self.request.token)
        self.assertEqual(message.values(Option.CONTENT_FORMAT), [TEXT_PLAIN])
        self.assertEqual(len(message.values(Option.OBSERVE)), 1)

    def sequence(self, message):
        return int.from_bytes(message.values(Option.OBSERVE)[0], "big")

    def check_increasing(self, messages):
        """RFC 7641 section 3.4."""
        numbers = list(map(self.sequence, messages))
        for older, newer in zip(numbers, numbers[1:]):
            self.assertIn((newer - older) % 2**24, range(1, 2**23))

    def check_notifications(self, message_type=Type.CON):
        """Steps "Server sends a notification" and "Client sends an ACK"."""
        notifications = self.notifications()
        self.assertEqual({message.type for message in notifications}, {message_type})
        for message in notifications:
            self.check_latest(message)
        self.check_increasing([self.response, *notifications])
        self.check_shown([self.response, *notifications])
        if message_type == Type.CON:
            acknowledged = {m.mid for m in self.sent_by(CLIENT) if is_empty_ack(m)}
            self.assertLessEqual({m.mid for m in notifications}, acknowledged)

    def check_last(self, message, code):
        """Step "No Observe option any more"."""
        self.assertEqual((message.type, code_text(message.code)), (Type.CON, code))
        self.assertEqual(message.values(Option.OBSERVE), [])

    def help(self, method, *options, payload=b""):
        """What another client gets to a request for /obs."""
        mid = self.helper.next_mid()
        token = mid.to_bytes(2, "big")
        request = make_request(Type.CON, method, "/obs", *options, token=token, payload=payload)
        self.helper.send(replace(request, mid=mid))
        messages = self.helper.receive_until(lambda ms: ms and ms[-1].token == token)
        return code_text(messages[-1].code)

    def check_no_more(self):
        """That a client that registers now is the only one to be told of what follows."""
        self.catch_up()
        n_before = len(self.notifications())
        self.assertEqual(self.help(GET, REGISTER), "2.05")
        for _ in range(ENOUGH):
            notification = self.helper.receive()
            self.assertEqual(notification.type, Type.CON)
            self.helper.send(Message(Type.ACK, EMPTY, notification.mid))
        self.catch_up()
        self.assertEqual(len(self.notifications()), n_before)

    def wait_for_unregistration(self):
        """Until the server says that it has one observer less."""
        while self.server.read_line() != "Unregistered /obs":
            pass


class Descriptions(Observing):
    """The test descriptions without losses."""

    def test_TD_COAP_OBS_01(self):
        self.begin()
        self.check_piggybacked(self.request, self.response, "2.05")
        self.check_notifications()

    def test_TD_COAP_OBS_02(self):
        self.begin(Type.NON, "/obs-non")
        self.assertEqual(self.response.type, Type.NON)
        self.check_notifications(Type.NON)

    def test_TD_COAP_OBS_04(self):
        self.begin()
        self.check_notifications()
        self.restart_server()

        token = self.request.token
        self.request, self.response = self.register_again()
        self.assertEqual(self.request.token, token)
        self.assertEqual(self.request.values(Option.OBSERVE), [b""])
        self.check_piggybacked(self.request, self.response, "2.05")
        self.check_latest(self.response)
        self.wait_for_notifications(ENOUGH)
        self.check_notifications()

    def test_TD_COAP_OBS_06(self):
        self.begin()
        self.check_notifications()
        notification = self.forget()
        self.check_empty(self.sent_by(CLIENT)[-1], Type.RST, notification.mid)
        self.wait_for_unregistration()
        self.check_no_more()

    def test_TD_COAP_OBS_07(self):
        self.begin()
        self.check_notifications()
        self.assertEqual(self.help(DELETE), "2.02")
        self.wait_for_end("4.04")
        self.check_no_more()

    def test_TD_COAP_OBS_08(self):
        self.begin()
        self.check_notifications()
        new_format = (Option.CONTENT_FORMAT, XML)
        self.assertEqual(self.help(PUT, new_format, payload=b"<put-by-08/>"), "2.04")
        self.wait_for_end("4.06")
        self.check_no_more()

    def test_TD_COAP_OBS_09(self):
        self.begin()
        self.check_notifications()
        same_format = (Option.CONTENT_FORMAT, TEXT_PLAIN)
        self.assertEqual(self.help(PUT, same_format, payload=b"put by 09"), "2.04")
        self.wait_until(lambda: self.notifications()[-1].payload == b"put by 09")
        n_before = len(self.notifications())
        self.wait_for_notifications(ENOUGH)
        self.check_notifications()
        payloads = {message.payload for message in self.notifications()[n_before:]}
        self.assertEqual(payloads, {b"put by 09"})

    def test_TD_COAP_OBS_10(self):
        self.begin()
        request, response = self.get()
        self.assertEqual(request.values(Option.OBSERVE), [])
        self.assertNotEqual(request.token, self.request.token)
        self.check_piggybacked(request, response, "2.05")
        self.assertEqual(response.values(Option.CONTENT_FORMAT), [TEXT_PLAIN])
        self.assertEqual(response.values(Option.OBSERVE), [])
        self.wait_for_notifications(ENOUGH)
        self.check_notifications()

    def test_TD_COAP_OBS_12(self):
        self.begin()
        self.check_notifications()
        request, response = self.deregister()
        wanted = make_request(Type.CON, GET, "/obs", DEREGISTER, token=self.request.token)
        self.assertEqual(replace(request, mid=None), wanted)
        self.check_piggybacked(request, response, "2.05")
        self.assertEqual(response.values(Option.CONTENT_FORMAT), [TEXT_PLAIN])
        self.assertEqual(response.values(Option.OBSERVE), [])
        self.check_no_more()


class RawObserving(RawSteps):
    """A client that acknowledges each notification, unless it is told not to."""

    def setUp(self):
        super().setUp()
        self.is_silent = False
        self.messages = []

    def log(self):
        return self.messages

    def take(self, message):
        self.messages.append((SERVER, message))
        if message.type == Type.CON and not self.is_silent:
            self.messages.append((CLIENT, self.acknowledge(message)))

    def wait_until(self, is_done):
        for message in self.client.receive_waiting():
            self.take(message)
        while not is_done():
            self.take(self.client.receive())

    def do(self, wanted):
        request = self.send(wanted)
        self.messages.append((CLIENT, request))

        def responses():
            last = self.messages.index((CLIENT, request))
            return [
                message
                for origin, message in self.messages[last:]
                if origin == SERVER and message.token == request.token and message.type != Type.CON
            ]

        self.wait_until(responses)
        return request, responses()[0]

    def register(self, message_type, path):
        self.request = make_request(message_type, GET, path, REGISTER, token=b"obs")
        return self.do(self.request)

    def register_again(self):
        return self.register(Type.CON, "/obs")

    def get(self):
        return self.do(make_request(Type.CON, GET, "/obs", token=b"get"))

    def deregister(self):
        return self.do(make_request(Type.CON, GET, "/obs", DEREGISTER, token=b"obs"))

    def restart_server(self):
        self.assertEqual(self.server.end(), 0)
        self.server = self.start_server()
        self.client.connect(self.server.address)
        self.messages.clear()

    def forget(self):
        """Rejects the next notification."""
        self.is_silent = True
        self.wait_for_notifications(1)
        notification = self.notifications()[-1]
        reset = Message(Type.RST, EMPTY, notification.mid)
        self.client.send(reset)
        self.messages.append((CLIENT, reset))
        return notification

    def wait_for_end(self, code):
        self.wait_until(lambda: code_text(self.notifications()[-1].code) == code)
        self.check_last(self.notifications()[-1], code)

    def check_shown(self, messages):
        """Nobody is there to show anything."""


class ServerSide(Descriptions, RawObserving):
    """The server is tested."""


class ClientObserving(ClientSteps):
    """The client of GCoap, which shows what it is told."""

    def setUp(self):
        super().setUp()
        self.shown = []
        self.endpoint.config("ReregisterDelay=60")
        self.endpoint.connect("notification", self.show)

    def show(self, endpoint, notification):
        if notification.props.is_latest:
            data = endpoint.props.response_data
            self.shown.append((endpoint.props.response_code, data.get_data() if data else b""))

    def check_shown(self, messages):
        expected = [(code_text(message.code), message.payload) for message in messages]
        self.assertEqual(self.shown, expected)

    def log(self):
        return self.relay.log

    def wait_until(self, is_done):
        self.settle()
        self.run_until(is_done)
        self.settle()

    def uri(self, path="/obs"):
        return self.make_uri(make_request(Type.CON, GET, path))

    def exchange(self, first):
        """The request that was sent as the log was that long, and its response."""
        requests = [m for origin, m in self.log()[first:] if origin == CLIENT and m.code == GET]
        responses = [
            message
            for origin, message in self.log()[first:]
            if origin == SERVER
            and message.token == requests[0].token
            and (requests[0].type == Type.NON or message.mid == requests[0].mid)
        ]
        return requests[0], responses[0]

    def register(self, message_type, path):
        self.endpoint.props.use_confirmable_messages = message_type == Type.CON
        self.endpoint.start_observing(self.uri(path))
        self.request, response = self.exchange(0)
        return self.request, response

    def register_again(self):
        """Which the client does by itself."""
        self.run_until(lambda: self.sent_by(CLIENT))
        self.endpoint.config("ReregisterDelay=60")
        self.run_until(lambda: self.shown)
        return self.exchange(0)

    def get(self):
        first = len(self.log())
        self.endpoint.get(self.uri())
        return self.exchange(first)

    def deregister(self):
        first = len(self.log())
        self.endpoint.stop_observing(self.uri())
        self.settle()
        return self.exchange(first)

    def restart_server(self):
        self.endpoint.config("ReregisterDelay=0.05")
        self.wait_for_notifications(1)
        self.assertEqual(self.server.end(), 0)
        self.server = self.start_server()
        self.relay.connect(self.server.address)
        self.relay.begin()
        self.shown.clear()

    def hold_notifications(self):
        self.relay.judge = lambda origin, _: Fate.HOLD if origin == SERVER else Fate.PASS
        self.run_until(lambda: self.relay.held)

    def forget(self):
        """The client is started anew, and gets a notification for the old one."""
        self.hold_notifications()
        notification = self.notifications()[-1]
        n_shown = len(self.shown)
        self.endpoint.shutdown()
        self.endpoint = GCoap.Endpoint(timeout=0)
        self.addCleanup(self.endpoint.shutdown)
        self.endpoint.connect("notification", self.show)
        self.endpoint.get(self.uri())
        self.run_until(lambda: self.sent_by(CLIENT)[-1].code == GET)
        self.relay.judge = lambda origin, _: Fate.PASS
        self.relay.release()
        self.run_until(lambda: self.sent_by(CLIENT)[-1].type == Type.RST)
        self.assertEqual(len(self.shown), n_shown)
        return notification

    def wait_for_end(self, code):
        self.run_until(lambda: self.shown[-1][0] == code)
        self.settle()
        self.check_last(self.notifications()[-1], code)


class ClientSide(Descriptions, ClientObserving):
    """The client is tested, and the server once more."""


class GivingUp:
    settings = SOON_GIVES_UP

    def check_given_up(self):
        """That a notification was repeated as often as it may be, each time with what is new."""
        self.wait_for_unregistration()
        self.catch_up()
        repeats = self.notifications()[-N_TRANSMISSIONS:]
        acknowledged = {m.mid for m in self.sent_by(CLIENT) if is_empty_ack(m)}
        unacknowledged = [m for m in self.notifications() if m.mid not in acknowledged]
        self.assertEqual(repeats, unacknowledged)
        self.check_increasing(repeats)
        self.check_no_more()


class ServerSideGivingUp(GivingUp, Observing, RawObserving):
    def test_TD_COAP_OBS_05(self):
        self.begin()
        self.check_notifications()
        self.is_silent = True
        self.check_given_up()


class ClientSideGivingUp(GivingUp, Observing, ClientObserving):
    def test_TD_COAP_OBS_05(self):
        self.begin()
        self.check_notifications()
        self.relay.judge = lambda origin, _: Fate.LOSE
        self.endpoint.shutdown()
        self.check_given_up()


class OneAtATime:
    settings = HASTY

    def check_one_at_a_time(self):
        """That none is sent again once a newer one has been sent."""
        mids = [message.mid for message in self.notifications()]
        latest = [mid for mid, before in zip(mids, [None, *mids]) if mid != before]
        self.assertEqual(len(latest), len(set(latest)))


class LossyServerSide(OneAtATime, Observing, RawObserving):
    def test_TD_COAP_OBS_11(self):
        self.begin()
        for _ in range(ENOUGH):
            self.is_silent = True
            self.wait_for_notifications(ENOUGH)
            self.is_silent = False
            self.wait_for_notifications(ENOUGH)
        self.check_one_at_a_time()
        for message in self.notifications():
            self.check_latest(message)


class LossyClientSide(OneAtATime, Observing, ClientObserving):
    def lose_each(self, nth):
        """A judge for the relay, which has it lose each nth datagram of either side."""
        counts = {CLIENT: 0, SERVER: 0}

        def judge(origin, _):
            counts[origin] += 1
            return Fate.PASS if counts[origin] % nth else Fate.LOSE

        return judge

    def check_lossy(self, judge):
        self.begin()
        self.relay.judge = judge
        n_shown = len(self.shown)
        self.run_until(lambda: len(self.shown) >= n_shown + 3 * ENOUGH)
        self.settle()
        self.check_one_at_a_time()
        sent = [message.payload for message in [self.response, *self.notifications()]]
        positions = [sent.index(payload) for _, payload in self.shown]
        self.assertEqual(positions, sorted(set(positions)))

    def test_TD_COAP_OBS_11(self):
        self.check_lossy(self.lose_each(2))

    def test_TD_COAP_OBS_11_dropped_notifications(self):
        is_lost = self.lose_each(2)
        self.check_lossy(lambda *what: is_lost(*what) if what[0] == SERVER else Fate.PASS)

    def test_TD_COAP_OBS_11_dropped_acknowledgements(self):
        is_lost = self.lose_each(2)
        self.check_lossy(lambda *what: is_lost(*what) if what[0] == CLIENT else Fate.PASS)


class BesideThePlan(Observing, RawObserving):
    """What the descriptions take for granted."""

    def test_refused_registration(self):
        json = (Option.ACCEPT, bytes([50]))
        wanted = make_request(Type.CON, GET, "/obs", REGISTER, json, token=b"json")
        self.request, self.response = self.do(wanted)
        self.check_piggybacked(self.request, self.response, "4.06")
        self.assertEqual(self.response.values(Option.OBSERVE), [])
        self.check_no_more()

    def test_resource_that_is_not_observable(self):
        wanted = make_request(Type.CON, GET, "/test", REGISTER, token=b"test")
        self.request, self.response = self.do(wanted)
        self.check_content(self.request, self.response)
        self.assertEqual(self.response.values(Option.OBSERVE), [])

    def test_registration_with_another_token(self):
        """It is another one, and each gets what is new (RFC 7641 section 4.1)."""
        self.begin()
        first = self.request
        self.request = make_request(Type.CON, GET, "/obs", REGISTER, token=b"other")
        self.request, self.response = self.do(self.request)
        self.wait_for_notifications(ENOUGH)
        self.request = first
        self.wait_for_notifications(ENOUGH)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
