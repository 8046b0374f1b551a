# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the Python tests of the bindings share: a main context a test, endpoints, a raw peer."""

import contextlib
import faulthandler
import select
import socket
import unittest
from collections import namedtuple

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, GLib

CON, NON, ACK, RST = range(4)

HANG_TIMEOUT = 60  # seconds; a test that hangs then shows where

Datagram = namedtuple("Datagram", "type code mid token rest address")


def decode(data, address=None):
    token_length = data[0] & 15
    return Datagram(
        type=data[0] >> 4 & 3,
        code=data[1],
        mid=data[2:4],
        token=data[4 : 4 + token_length],
        rest=data[4 + token_length :],
        address=address,
    )


def encode(type, code, mid, token=b"", rest=b""):
    return bytes([0x40 | type << 4 | len(token), code]) + mid + token + rest


class Peer:
    """A bare UDP socket that answers as it is told to, or not at all."""

    def __init__(self, test):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(HANG_TIMEOUT)
        self.port = self.socket.getsockname()[1]
        self.uri = f"coap://127.0.0.1:{self.port}/"
        test.addCleanup(self.socket.close)

    def receive(self):
        return decode(*self.socket.recvfrom(2048))

    def has_datagram(self):
        return bool(select.select([self.socket], [], [], 0)[0])

    def send(self, port, *message, **fields):
        self.socket.sendto(encode(*message, **fields), ("127.0.0.1", port))

    def answer(self, request, *message, **fields):
        self.send(request.address[1], *message, **fields)


class Completions(list):
    """Collects (request, error code, description) of request-complete or response-complete."""

    def __init__(self, endpoint, signal):
        super().__init__()
        endpoint.connect(signal, lambda _, *arguments: self.append(arguments))

    @property
    def codes(self):
        return [code for _, code, _ in self]


def echo(server, request):
    """Answers with the method and the payload that came."""
    server.set_response_text(f"{request.props.method} {request.dup_text()}")


class BindingsTest(unittest.TestCase):
    def setUp(self):
        faulthandler.dump_traceback_later(HANG_TIMEOUT, exit=True)
        self.addCleanup(faulthandler.cancel_dump_traceback_later)
        self.context = GLib.MainContext.new()
        self.context.push_thread_default()
        self.addCleanup(self.context.pop_thread_default)

    def make_endpoint(self, **properties):
        endpoint = GCoap.Endpoint(local_host="127.0.0.1", **properties)
        self.addCleanup(endpoint.shutdown)
        return endpoint

    def make_impatient_client(self):
        """An endpoint that gives up after some milliseconds, and never waits."""
        client = self.make_endpoint(timeout=0)
        client.config("AckTimeout=0.01")
        client.config("MaxRetransmit=1")
        return client

    def make_server(self, **handlers):
        """A listening endpoint with a handler for each of the paths."""
        server = self.make_endpoint()
        for path, handler in handlers.items():
            server.connect(f"request::/{path}", handler)
        server.start_listening()
        return server

    def uri(self, server, path):
        return f"coap://127.0.0.1:{server.props.local_port}/{path}"

    def iterate_until(self, condition):
        while not condition():
            self.context.iteration(True)

    @contextlib.contextmanager
    def assert_fails(self, code, domain=None):
        with self.assertRaises(GLib.Error) as caught:
            yield caught
        domain = domain or GCoap.error_quark()
        self.assertTrue(caught.exception.matches(domain, code), str(caught.exception))

    def assert_usable(self, client):
        """The endpoint does what it is for, whatever has happened to it."""
        server = self.make_server(usable=lambda server, _: server.set_response_text("yes"))
        client.props.timeout = 5
        self.assertEqual(client.get(self.uri(server, "usable")), "")
        self.assertEqual(client.props.response_code, "2.05")
        self.assertEqual(client.dup_response_text(), "yes")
