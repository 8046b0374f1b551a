#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The test descriptions TD_COAP_CORE_01 to 23 and 31 of the ETSI plugtest "CoAP#4".

Each runs twice: against the server with datagrams made by hand, and with the client of GCoap whose
datagrams are looked at on their way. Usage: test-plugtest.py SERVER [option of unittest]...
"""

import itertools
import signal
import sys
import unittest
from dataclasses import replace

import gi

gi.require_version("GCoap", "1.0")

from coap_wire import (
    DELETE,
    EMPTY,
    GET,
    LINK_FORMAT,
    POST,
    PUT,
    TEXT_PLAIN,
    XML,
    Message,
    Option,
    Type,
    code_text,
)
from plugtest_peers import CLIENT, SERVER, Fate, Server
from plugtest_steps import HASTY, ClientSteps, RawSteps, is_empty_ack, make_request

PLAIN = (Option.CONTENT_FORMAT, TEXT_PLAIN)
# So many of one message outlast the timeout that an earlier message had reached.
MANY_COPIES = 4


class Descriptions:
    """The test descriptions without losses, for whoever can ask() and ping()."""

    def do(self, *args, **kwargs):
        """An exchange: the request, which is what was wanted, and what follows it."""
        wanted = make_request(*args, **kwargs)
        messages = self.ask(wanted)
        request = messages[0]
        token = None if wanted.token is None else request.token
        self.assertEqual(replace(request, mid=None, token=token), wanted)
        self.assertNotIn(request.mid, self.mids)
        self.mids.add(request.mid)
        return messages

    def test_TD_COAP_CORE_01(self):
        self.check_content(*self.do(Type.CON, GET, "/test"))

    def test_TD_COAP_CORE_02(self):
        self.check_piggybacked(*self.do(Type.CON, DELETE, "/test"), "2.02")

    def test_TD_COAP_CORE_03(self):
        messages = self.do(Type.CON, PUT, "/test", PLAIN, payload=b"put by 03")
        self.check_displayed("put by 03")
        self.check_piggybacked(*messages, "2.04", "2.01")

    def test_TD_COAP_CORE_04(self):
        messages = self.do(Type.CON, POST, "/test", PLAIN, payload=b"posted by 04")
        self.check_displayed("posted by 04")
        self.check_piggybacked(*messages, "2.01", "2.04")

    def test_TD_COAP_CORE_05(self):
        request, response = self.do(Type.NON, GET, "/test")
        self.check_non(request, response, "2.05")
        self.assertEqual(response.values(Option.CONTENT_FORMAT), [TEXT_PLAIN])

    def test_TD_COAP_CORE_06(self):
        self.check_non(*self.do(Type.NON, DELETE, "/test"), "2.02")

    def test_TD_COAP_CORE_07(self):
        messages = self.do(Type.NON, PUT, "/test", PLAIN, payload=b"put by 07")
        self.check_displayed("put by 07")
        self.check_non(*messages, "2.04", "2.01")

    def test_TD_COAP_CORE_08(self):
        messages = self.do(Type.NON, POST, "/test", PLAIN, payload=b"posted by 08")
        self.check_displayed("posted by 08")
        self.check_non(*messages, "2.01", "2.04")

    def test_TD_COAP_CORE_09(self):
        self.check_separate(*self.do(Type.CON, GET, "/separate"))

    def test_TD_COAP_CORE_10(self):
        request, response = self.do(Type.CON, GET, "/test")
        self.assertIn(len(request.token), range(1, 9))
        self.check_content(request, response)

    def test_TD_COAP_CORE_11(self):
        messages = self.do(Type.CON, GET, "/separate")
        self.assertIn(len(messages[0].token), range(1, 9))
        self.check_separate(*messages)

    def test_TD_COAP_CORE_12(self):
        request, response = self.do(Type.CON, GET, "/test", token=b"")
        self.assertEqual(request.token, b"")
        self.check_content(request, response)

    def test_TD_COAP_CORE_13(self):
        request, response = self.do(Type.CON, GET, "/seg1/seg2/seg3")
        self.assertEqual(request.values(Option.URI_PATH), [b"seg1", b"seg2", b"seg3"])
        self.check_content(request, response)

    def test_TD_COAP_CORE_14(self):
        query = "first=1&second=2&third=3"
        request, response = self.do(Type.CON, GET, "/query", query=query)
        self.assertEqual(request.values(Option.URI_QUERY), [b"first=1", b"second=2", b"third=3"])
        self.check_content(request, response)
        self.assertIn(query.encode(), response.payload)

    def test_TD_COAP_CORE_17(self):
        request, response = self.do(Type.NON, GET, "/separate")
        self.check_non(request, response, "2.05")
        self.assertEqual(response.values(Option.CONTENT_FORMAT), [TEXT_PLAIN])
        self.assertNotEqual(response.payload, b"")

    def test_TD_COAP_CORE_18(self):
        messages = self.do(Type.CON, POST, "/test", PLAIN, payload=b"posted by 18")
        self.check_piggybacked(*messages, "2.01")
        self.check_location(messages[1], [b"location1", b"location2", b"location3"], [])

    def test_TD_COAP_CORE_19(self):
        messages = self.do(Type.CON, POST, "/location-query", PLAIN, payload=b"posted by 19")
        self.check_piggybacked(*messages, "2.01")
        self.check_location(messages[1], [b"location-query"], [b"first=1", b"second=2"])

    def test_TD_COAP_CORE_20(self):
        payloads = set()
        for number in (TEXT_PLAIN, XML):
            messages = self.do(Type.CON, GET, "/multi-format", (Option.ACCEPT, number))
            self.check_content(*messages)
            self.assertEqual(messages[1].values(Option.CONTENT_FORMAT), [number])
            payloads.add(messages[1].payload)
        self.assertEqual(len(payloads), 2)

    def read_validate(self):
        """The ETag and the payload of /validate."""
        messages = self.do(Type.CON, GET, "/validate")
        self.check_content(*messages)
        (etag,) = messages[1].values(Option.ETAG)
        return etag, messages[1].payload

    def put_validate(self, payload, *options):
        return self.do(Type.CON, PUT, "/validate", PLAIN, *options, payload=payload)

    def test_TD_COAP_CORE_21(self):
        etag, payload = self.read_validate()

        messages = self.do(Type.CON, GET, "/validate", (Option.ETAG, etag))
        self.check_piggybacked(*messages, "2.03")
        self.assertEqual(messages[1].values(Option.ETAG), [etag])
        self.assertEqual(messages[1].payload, b"")

        self.put_validate(b"put by 21")
        messages = self.do(Type.CON, GET, "/validate", (Option.ETAG, etag))
        self.check_content(*messages)
        (new_etag,) = messages[1].values(Option.ETAG)
        self.assertNotEqual(new_etag, etag)
        self.assertNotEqual(messages[1].payload, payload)

    def test_TD_COAP_CORE_22(self):
        etag, _ = self.read_validate()

        messages = self.put_validate(b"first put by 22", (Option.IF_MATCH, etag))
        self.check_piggybacked(*messages, "2.04")

        new_etag, payload = self.read_validate()
        self.assertNotEqual(new_etag, etag)
        self.assertEqual(payload, b"first put by 22")

        self.check_piggybacked(*self.put_validate(b"second put by 22"), "2.04")
        messages = self.put_validate(b"third put by 22", (Option.IF_MATCH, new_etag))
        self.check_piggybacked(*messages, "4.12")
        self.assertEqual(self.read_validate()[1], b"second put by 22")

    def test_TD_COAP_CORE_23(self):
        for payload, expected in ((b"first put by 23", "2.01"), (b"second put by 23", "4.12")):
            messages = self.do(
                Type.CON, PUT, "/create1", (Option.IF_NONE_MATCH, b""), PLAIN, payload=payload
            )
            self.check_piggybacked(*messages, expected)
        response = self.do(Type.CON, GET, "/create1")[1]
        self.assertEqual(response.payload, b"first put by 23")

    def test_TD_COAP_CORE_31(self):
        request, response = self.ping()
        self.check_empty(request, Type.CON, request.mid)
        self.check_empty(response, Type.RST, request.mid)


class ServerSide(Descriptions, RawSteps):
    """The server is tested."""


class ClientSide(Descriptions, ClientSteps):
    """The client is tested, and the server once more."""


def is_response(message):
    return message.code >> 5 != 0


def is_from_client(origin, message):
    return origin == CLIENT


def is_from_server(origin, message):
    return origin == SERVER


def is_last_acknowledgement(origin, message):
    return origin == CLIENT and is_empty_ack(message)


class LossyServerSide(RawSteps):
    """A server sees of losses only that a message comes again, or does not come."""

    settings = HASTY

    def receive_copies(self, request, count):
        """What comes until the response to a request has come that often."""

        def is_enough(messages):
            return sum(m.token == request.token for m in messages) == count

        return self.client.receive_until(is_enough)

    def test_TD_COAP_CORE_15(self):
        request, response = self.ask(make_request(Type.CON, GET, "/test"))
        self.check_content(request, response)
        self.client.send(request)
        self.assertEqual(self.client.receive(), response)

    def test_TD_COAP_CORE_16_dropped_acknowledgement(self):
        request = self.send(make_request(Type.CON, GET, "/separate"))
        acknowledgement = self.client.receive()
        self.client.send(request)
        messages = self.client.receive_until(
            lambda messages: acknowledgement in messages and any(map(is_response, messages))
        )
        responses = list(filter(is_response, messages))
        self.check_copies(responses, 1)
        last = self.acknowledge(responses[0])
        self.check_separate(request, acknowledgement, responses[0], last)

    def test_TD_COAP_CORE_16_dropped_response(self):
        request = self.send(make_request(Type.CON, GET, "/separate", token=b"first"))
        responses = list(filter(is_response, self.receive_copies(request, 2)))
        self.check_copies(responses, 2)
        self.acknowledge(responses[0])

        # When the ping is answered, the acknowledgement before it has been handled.
        ping = self.send(Message(Type.CON, EMPTY, None, b""))
        self.client.receive_until(lambda messages: ping.mid in [m.mid for m in messages])
        request = self.send(make_request(Type.CON, GET, "/separate", token=b"second"))
        later = self.receive_copies(request, MANY_COPIES)
        self.assertNotIn(responses[0].mid, [message.mid for message in later])


class LossyClientSide(ClientSteps):
    settings = HASTY

    def lose(self, is_lost, count=1):
        """A judge for the relay, which has it lose that many messages of some kind."""
        lost = itertools.count()

        def judge(origin, message):
            return Fate.LOSE if is_lost(origin, message) and next(lost) < count else Fate.PASS

        return judge

    def get(self, path, judge):
        self.relay.begin(judge)
        self.endpoint.get(self.make_uri(make_request(Type.CON, GET, path)))
        self.assertEqual(self.endpoint.props.response_code, "2.05")
        self.settle()

    def sent(self, origin, is_wanted):
        return list(filter(is_wanted, self.relay.sent_by(origin)))

    def requests(self):
        return self.sent(CLIENT, lambda message: message.code == GET)

    def responses(self):
        return self.sent(SERVER, is_response)

    def last_acknowledgements(self):
        return self.sent(CLIENT, is_empty_ack)

    def check_separate_copies(self, requests=1, acknowledgements=1, responses=1, last=1):
        """The exchange, each message of which was sent as often as that or more."""
        counts = [requests, acknowledgements, responses, last]
        copies = [
            self.requests(),
            self.sent(SERVER, is_empty_ack),
            self.responses(),
            self.last_acknowledgements(),
        ]
        for messages, count in zip(copies, counts):
            self.check_copies(messages, count)
        self.check_separate(*(messages[0] for messages in copies))

    def check_stopped(self, request):
        """That it is not repeated while a later one outlasts the timeout it had reached."""
        self.get("/test", self.lose(is_from_client, MANY_COPIES - 1))
        self.assertNotIn(request.mid, [message.mid for message in self.requests()])

    def test_TD_COAP_CORE_15_dropped_request(self):
        self.get("/test", self.lose(is_from_client))
        self.check_copies(self.requests(), 2)
        self.check_copies(self.responses(), 1)
        self.check_content(self.requests()[0], self.responses()[0])

    def test_TD_COAP_CORE_15_dropped_response(self):
        self.get("/test", self.lose(is_from_server))
        self.check_copies(self.requests(), 2)
        self.check_copies(self.responses(), 2)
        self.check_content(self.requests()[0], self.responses()[0])

    def test_TD_COAP_CORE_16_dropped_request(self):
        self.get("/separate", self.lose(is_from_client))
        self.check_separate_copies(requests=2)

    def test_TD_COAP_CORE_16_dropped_acknowledgement(self):
        """All of them, and the response is kept back until the request has come again."""

        def judge(origin, message):
            if origin == SERVER and is_empty_ack(message):
                return Fate.LOSE
            is_repeated = len(self.requests()) > 1
            if is_repeated:
                self.relay.release()
            return Fate.PASS if origin == CLIENT or is_repeated else Fate.HOLD

        self.get("/separate", judge)
        self.check_separate_copies(requests=2)
        self.check_stopped(self.requests()[0])

    def test_TD_COAP_CORE_16_dropped_response(self):
        self.get("/separate", self.lose(lambda _, message: is_response(message)))
        self.check_separate_copies(responses=2)

    def test_TD_COAP_CORE_16_dropped_response_acknowledgement(self):
        self.get("/separate", self.lose(is_last_acknowledgement))
        self.run_until(lambda: len(self.last_acknowledgements()) > 1)
        self.check_separate_copies(responses=2, last=2)


class BesideThePlan(RawSteps):
    """What the descriptions take for granted."""

    def answer(self, method, path, *options, payload=b""):
        """The code and the payload of the response."""
        request, response = self.ask(
            make_request(Type.CON, method, path, *options, payload=payload)
        )
        text = code_text(response.code)
        self.check_piggybacked(request, response, text)
        return text, response.payload

    def test_unknown_path(self):
        self.assertEqual(self.answer(GET, "/nothing")[0], "4.04")
        self.assertEqual(self.answer(GET, "/create1")[0], "4.04")

    def test_unsupported_method(self):
        self.assertEqual(self.answer(DELETE, "/query")[0], "4.05")
        self.assertEqual(self.answer(5, "/test")[0], "4.05")

    def test_unsupported_format(self):
        json = (Option.ACCEPT, bytes([50]))
        for path in ("/test", "/query", "/multi-format", "/.well-known/core"):
            self.assertEqual(self.answer(GET, path, json)[0], "4.06")

    def test_discovery(self):
        request, response = self.ask(make_request(Type.CON, GET, "/.well-known/core"))
        self.check_content(request, response)
        self.assertEqual(response.values(Option.CONTENT_FORMAT), [LINK_FORMAT])
        links = response.payload.decode().split(",")
        self.assertIn("</test>;ct=0", links)
        self.assertIn('</multi-format>;ct="0 41"', links)
        self.assertFalse([link for link in links if "create1" in link])
        self.answer(PUT, "/create1", PLAIN, payload=b"here")
        self.assertIn(b"</create1>", self.answer(GET, "/.well-known/core")[1])

    def test_created_resource(self):
        path = "/location1/location2/location3"
        self.assertEqual(self.answer(GET, path)[0], "4.04")
        for payload in (b"first", b"second"):
            self.assertEqual(self.answer(POST, "/test", PLAIN, payload=payload), ("2.01", b""))
            self.assertEqual(self.answer(GET, path), ("2.05", payload))
        self.assertEqual(self.answer(DELETE, path), ("2.02", b""))
        self.assertEqual(self.answer(GET, path)[0], "4.04")

    def test_deleted_resource(self):
        before = self.answer(GET, "/test")
        self.answer(PUT, "/test", PLAIN, payload=b"something else")
        self.assertNotEqual(self.answer(GET, "/test"), before)
        self.answer(DELETE, "/test")
        self.assertEqual(self.answer(GET, "/test"), before)

    def test_if_match_of_any(self):
        any_content = (Option.IF_MATCH, b"")
        self.assertEqual(self.answer(PUT, "/create1", any_content, PLAIN)[0], "4.12")
        self.assertEqual(self.answer(PUT, "/validate", any_content, PLAIN)[0], "2.04")

    def test_separate_response_is_its_own(self):
        """Of the response that was given meanwhile, nothing goes into it."""
        separate = self.send(make_request(Type.CON, GET, "/separate", token=b"separate"))
        self.send(make_request(Type.CON, POST, "/test", PLAIN, payload=b"x", token=b"post"))
        messages = self.client.receive_until(
            lambda messages: {b"separate", b"post"} <= {message.token for message in messages}
        )
        (response,) = [message for message in messages if message.token == separate.token]
        self.assertEqual(response.values(Option.LOCATION_PATH), [])
        self.acknowledge(response)

    def test_ends_on_interrupt(self):
        self.assertEqual(Server(sys.argv[1]).end(signal.SIGINT), 0)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
