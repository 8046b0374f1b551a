# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the Python tests of observing (RFC 7641) share: messages, a server, what is told."""

from bindings_fixture import CON, BindingsTest
from gi.repository import GCoap

REGISTER = b"\x60"  # Observe 0; Uri-Path follows
DEREGISTER = b"\x61\x01"
PATH_A = b"\x51a"


def observe_option(number):
    value = number.to_bytes(3, "big").lstrip(b"\0")
    return bytes([0x60 | len(value)]) + value


def state(number, text):
    """Options and payload of a notification."""
    return observe_option(number) + b"\xff" + text


def read_observe(datagram):
    """The number in the Observe option, which is the first; None without one."""
    first = datagram.rest[0]
    return int.from_bytes(datagram.rest[1 : 1 + (first & 15)], "big") if first >> 4 == 6 else None


def read_text(datagram):
    """The payload; an option may have the byte of the marker in its value."""
    at = 0
    while at < len(datagram.rest) and datagram.rest[at] != 0xFF:
        delta, length = datagram.rest[at] >> 4, datagram.rest[at] & 15
        assert delta < 13 and length < 13, "an option that no server here sends"
        at += 1 + length
    return datagram.rest[at + 1 :].decode()


class Observable:
    """A server whose /a can be observed."""

    def __init__(self, test, **properties):
        self.accepts = True
        self.text = "1"
        self.max_age = None
        self.requests = []
        self.registrations = []
        self.unregistered = []
        self.server = test.make_endpoint(**properties)
        self.server.connect("register::/a", self.on_register)
        self.server.connect("request::/a", self.on_request)
        self.server.connect("unregistered", lambda _, request: self.unregistered.append(request))
        self.server.start_listening()
        self.uri = test.uri(self.server, "a")

    def set_response(self):
        if self.max_age is not None:
            option = GCoap.Option.new(GCoap.OptionNumber.MAX_AGE, self.max_age)
            self.server.props.response_options.append(option)
        self.server.set_response_text(self.text)

    def on_register(self, _, registration):
        self.registrations.append(registration)
        registration.props.accept = self.accepts
        self.set_response()

    def on_request(self, _, request):
        self.requests.append(request)
        self.set_response()

    def change(self, text, uri=None):
        self.text = text
        self.server.props.response_code = None
        self.server.set_response_text(text)
        return self.server.send_notification(uri or self.uri)

    def end(self, code):
        self.server.props.response_code = code
        self.server.set_response_text("")
        return self.server.send_notification(self.uri)


class Notifications(list):
    """Collects (text, is-latest, stop-observing) of the notifications that come."""

    def __init__(self, endpoint):
        super().__init__()
        self.uris = []
        endpoint.connect("notification", self.on_notification)

    def on_notification(self, endpoint, notification):
        self.uris.append(notification.props.uri)
        self.append(
            (
                endpoint.dup_response_text(),
                notification.props.is_latest,
                notification.props.stop_observing,
            )
        )

    @property
    def texts(self):
        return [text for text, *_ in self]


class ObserveTest(BindingsTest):
    def ask(self, peer, server, *message, **fields):
        """The answer to a datagram of a raw peer."""
        peer.send(server.props.local_port, *message, **fields)
        return self.receive(peer)

    def receive(self, peer):
        self.iterate_until(peer.has_datagram)
        return peer.receive()

    def register(self, peer, server, token=b"tok", mid=b"\x00\x01", path=PATH_A):
        return self.ask(peer, server, CON, 1, mid, token, rest=REGISTER + path)

    def send_raw(self, client, uri, observe=0):
        """The response to a message with an Observe option."""
        results = []
        message = GCoap.Message.new_request(GCoap.Method.GET, uri)
        message.add_uint_option(GCoap.OptionNumber.OBSERVE, observe)
        client.send_async(message, None, lambda c, result: results.append(c.send_finish(result)))
        self.iterate_until(lambda: results)
        return results[0]
