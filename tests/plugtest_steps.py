# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the test descriptions of the plugtest have in common: their steps, and who takes them."""

import sys
import unittest
from dataclasses import replace

from gi.repository import GCoap, GLib

from coap_wire import (
    DELETE,
    EMPTY,
    GET,
    POST,
    PUT,
    TEXT_PLAIN,
    Message,
    Option,
    Type,
    code_text,
)
from plugtest_peers import PATIENCE, RawClient, Relay, Server

# Nothing is sent twice, however slow the machine.
PATIENT = ["AckTimeout=60"]
# Repeats come after 20, 40, 80, … milliseconds; 20 seconds pass until anybody gives up.
HASTY = ["AckTimeout=0.02", "AckRandomFactor=1", "MaxRetransmit=10"]


def uri_options(path, query=""):
    """RFC 7252 section 6.4."""
    options = [(Option.URI_PATH, segment.encode()) for segment in path.split("/")[1:]]
    return options + [(Option.URI_QUERY, part.encode()) for part in query.split("&") if part]


def make_request(message_type, method, path, *options, query="", payload=b"", token=None):
    """A request without a Message ID, and without a token unless it is given."""
    options = sorted([*uri_options(path, query), *options], key=lambda option: option[0])
    return Message(message_type, method, None, token, options, payload)


def is_empty_ack(message):
    return message.type == Type.ACK and message.code == EMPTY


class Steps(unittest.TestCase):
    """A server of its own for each test, and what the descriptions look at."""

    settings = PATIENT
    observe_interval = 10  # milliseconds

    def setUp(self):
        self.mids = set()
        self.server = self.start_server()
        self.addCleanup(lambda: self.assertEqual(self.server.end(), 0))

    def start_server(self):
        settings = ["PiggybackDelay=0", "ConfirmableInterval=65535", *self.settings]
        options = [f"--config={setting}" for setting in settings]
        options.append(f"--observe-interval={self.observe_interval}")
        return Server(sys.argv[1], "--separate-delay=1", *options)

    def check_format(self, response):
        """Step "Content-format option if payload non-empty"."""
        self.assertEqual(len(response.values(Option.CONTENT_FORMAT)), 1 if response.payload else 0)

    def check_piggybacked(self, request, response, *codes):
        self.assertEqual(response.type, Type.ACK)
        self.assertEqual((response.mid, response.token), (request.mid, request.token))
        self.assertIn(code_text(response.code), codes)
        self.check_format(response)

    def check_content(self, request, response):
        self.check_piggybacked(request, response, "2.05")
        self.assertNotEqual(response.payload, b"")

    def check_non(self, request, response, *codes):
        self.assertEqual((response.type, response.token), (Type.NON, request.token))
        self.assertIn(code_text(response.code), codes)
        self.check_format(response)

    def check_empty(self, message, message_type, mid):
        self.assertEqual(message, Message(message_type, EMPTY, mid))

    def check_separate(self, request, acknowledgement, response, last):
        self.check_empty(acknowledgement, Type.ACK, request.mid)
        self.assertEqual((response.type, code_text(response.code)), (Type.CON, "2.05"))
        self.assertEqual(response.token, request.token)
        self.assertEqual(response.values(Option.CONTENT_FORMAT), [TEXT_PLAIN])
        self.assertNotEqual(response.payload, b"")
        self.check_empty(last, Type.ACK, response.mid)

    def check_displayed(self, text):
        """Step "Server displays received information"."""
        self.assertIn(f'"{text}"', self.server.read_line())

    def check_location(self, response, path, query):
        self.assertEqual(response.values(Option.LOCATION_PATH), path)
        self.assertEqual(response.values(Option.LOCATION_QUERY), query)

    def check_copies(self, messages, at_least):
        """That they are one message, sent as often as that or more."""
        self.assertGreaterEqual(len(messages), at_least)
        self.assertEqual(messages, [messages[0]] * len(messages))


class RawSteps(Steps):
    """Datagrams made by hand go to the server."""

    def setUp(self):
        super().setUp()
        self.client = RawClient(self.server.address)
        self.addCleanup(self.client.close)

    def send(self, request):
        """The request that was sent, with a Message ID and a token."""
        token = b"token" if request.token is None else request.token
        request = replace(request, mid=self.client.next_mid(), token=token)
        self.client.send(request)
        return request

    def acknowledge(self, response):
        acknowledgement = Message(Type.ACK, EMPTY, response.mid)
        self.client.send(acknowledgement)
        return acknowledgement

    def ask(self, request):
        """An exchange, all messages of it."""
        messages = [self.send(request), self.client.receive()]
        if is_empty_ack(messages[1]):
            response = self.client.receive()
            messages += [response, self.acknowledge(response)]
        return messages

    def ping(self):
        return self.ask(Message(Type.CON, EMPTY, None))


class ClientSteps(Steps):
    """The client of GCoap asks the server, through a relay that looks at the datagrams."""

    def setUp(self):
        super().setUp()
        self.relay = Relay(self.server.address)
        self.addCleanup(self.relay.close)
        self.endpoint = GCoap.Endpoint(timeout=PATIENCE)
        self.addCleanup(self.endpoint.shutdown)
        for setting in self.settings:
            self.endpoint.config(setting)

    def run_until(self, is_done):
        """Runs the main loop, which client and relay share."""
        expired = []
        guard = GLib.timeout_add_seconds(PATIENCE, expired.append, True)
        while not is_done() and not expired:
            GLib.MainContext.default().iteration(True)
        self.assertFalse(expired)
        GLib.source_remove(guard)

    def settle(self):
        """Has the relay see all that was sent so far."""
        while GLib.MainContext.default().iteration(False):
            pass

    def make_uri(self, request):
        host, port = self.relay.address
        path = b"/".join(request.values(Option.URI_PATH)).decode()
        query = b"&".join(request.values(Option.URI_QUERY)).decode()
        return f"coap://{host}:{port}/{path}?{query}" if query else f"coap://{host}:{port}/{path}"

    def make_option(self, number, value):
        return GCoap.Option.new_from_bytes(number, GLib.Bytes.new(value))

    def fill_properties(self, request):
        """Makes the Request* properties what the request is to be."""
        format_option = request.values(Option.CONTENT_FORMAT)
        etag = request.values(Option.ETAG)
        elsewhere = {Option.URI_PATH, Option.URI_QUERY, Option.CONTENT_FORMAT, Option.ETAG}

        self.endpoint.props.use_confirmable_messages = request.type == Type.CON
        self.endpoint.set_request_data(GLib.Bytes.new(request.payload))
        self.endpoint.set_request_content_format(
            int.from_bytes(format_option[0], "big") if format_option else -1
        )
        self.endpoint.set_request_etag(GLib.Bytes.new(etag[0]) if etag else None)
        self.endpoint.props.request_options.remove_all()
        for number, value in request.options:
            if number not in elsewhere:
                self.endpoint.props.request_options.append(self.make_option(number, value))

    def ask_by_properties(self, request):
        """The code and the payload of the response, as the client displays them."""
        calls = {
            GET: self.endpoint.get,
            POST: self.endpoint.post,
            PUT: self.endpoint.put,
            DELETE: self.endpoint.delete,
        }
        self.fill_properties(request)
        try:
            calls[request.code](self.make_uri(request))
        except GLib.Error as error:
            if not error.matches(GCoap.error_quark(), GCoap.Error.ERROR_RESPONSE):
                raise
        return self.endpoint.props.response_code, self.endpoint.props.response_data

    def ask_by_message(self, request):
        """The same for a request that needs more than the properties can say."""
        results = []
        message = GCoap.Message.new_request(request.code, self.make_uri(request))
        message.set_token(GLib.Bytes.new(request.token))
        self.endpoint.send_async(message, None, lambda _, result: results.append(result))
        self.run_until(lambda: results)
        response = self.endpoint.send_finish(results[0])
        return GCoap.code_to_string(response.get_code()), response.get_payload()

    def ask(self, request):
        """An exchange, all messages of it as the relay saw them."""
        ask = self.ask_by_properties if request.token is None else self.ask_by_message
        self.relay.begin()
        code, data = ask(request)
        self.settle()
        messages = [message for _, message in self.relay.log]
        response = messages[2] if is_empty_ack(messages[1]) else messages[1]
        self.assertEqual(code, code_text(response.code))
        self.assertEqual(data.get_data() if data else b"", response.payload)
        return messages

    def ping(self):
        host, port = self.relay.address
        self.relay.begin()
        self.endpoint.send_custom_request(f"coap://{host}:{port}", EMPTY)
        self.settle()
        return [message for _, message in self.relay.log]
