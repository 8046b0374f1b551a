#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Conditional requests, ETags and locations from Python, as a program uses them."""

import hashlib
import unittest

from bindings_fixture import BindingsTest, Completions, Peer
from coap_wire import (
    FETCH, GET, IPATCH, PATCH, POST, PUT, Message, Option, Type, code_text,
)
from gi.repository import GCoap, GLib


class Store:
    """A server of texts by path: POST makes one, PUT and PATCH change one, GET and FETCH read."""

    def __init__(self, server):
        self.texts = {"/there": "old"}
        self.handled = []
        server.connect("request", self.request_cb)

    def get_etag(self, path):
        if path not in self.texts:
            return None
        return GLib.Bytes(hashlib.sha256(self.texts[path].encode()).digest()[:4])

    def request_cb(self, endpoint, request):
        path = request.props.uri_path
        etag = self.get_etag(path)
        code = request.validate(etag)
        if code:
            endpoint.props.response_code = code
            endpoint.props.response_etag = etag
            return
        self.handled.append(request.props.method)
        self.handle(endpoint, request, path)

    def handle(self, endpoint, request, path):
        method = request.props.method
        if method == GCoap.Method.POST:
            path = f"{path}/{len(self.texts)}"
            endpoint.set_response_location(f"{path}?new")
        elif path not in self.texts and method != GCoap.Method.PUT:
            endpoint.props.response_code = "4.04"
            return
        elif method in (GCoap.Method.GET, GCoap.Method.FETCH):
            endpoint.props.response_code = "2.05"
            endpoint.set_response_text(self.texts[path])
            endpoint.props.response_etag = self.get_etag(path)
            return
        endpoint.props.response_code = "2.04" if path in self.texts else "2.01"
        self.texts[path] = request.dup_text()
        endpoint.props.response_etag = self.get_etag(path)


class ValidateTest(BindingsTest):
    def setUp(self):
        super().setUp()
        self.server = self.make_server()
        self.store = Store(self.server)


class Client(ValidateTest):
    """What an endpoint asks."""

    def setUp(self):
        super().setUp()
        self.client = self.make_endpoint(timeout=30)

    def set_options(self, *options):
        self.client.props.request_options.remove_all()
        for number, value in options:
            option = GCoap.Option.new_from_bytes(number, GLib.Bytes(value))
            self.client.props.request_options.append(option)

    def test_revalidation(self):
        uri = self.uri(self.server, "there")
        self.client.get(uri)
        self.assertEqual(self.client.dup_response_text(), "old")
        etag = self.client.props.response_etag
        self.client.props.request_etag = etag
        for ask in self.client.get, self.client.fetch:
            ask(uri)
            self.assertEqual(self.client.props.response_code, "2.03")
            self.assertEqual(self.client.props.response_etag.get_data(), etag.get_data())
            self.assertIsNone(self.client.props.response_data)
        self.store.texts["/there"] = "new"
        self.client.get(uri)
        self.assertEqual(self.client.props.response_code, "2.05")
        self.assertEqual(self.client.dup_response_text(), "new")

    def test_lost_update(self):
        uri = self.uri(self.server, "there")
        self.client.get(uri)
        etag = self.client.props.response_etag.get_data()
        self.set_options((GCoap.OptionNumber.IF_MATCH, etag))
        self.client.set_request_text("mine")
        for ask in self.client.put, self.client.patch, self.client.ipatch:
            self.store.texts["/there"] = "of another"
            with self.assert_fails(GCoap.Error.ERROR_RESPONSE) as caught:
                ask(uri)
            self.assertEqual(caught.exception.message, "4.12 Precondition Failed")
            self.assertEqual(self.store.texts["/there"], "of another")
            self.store.texts["/there"] = "old"
            ask(uri)
            self.assertEqual(self.store.texts["/there"], "mine")

    def test_create_only(self):
        self.set_options((GCoap.OptionNumber.IF_NONE_MATCH, b""))
        self.client.set_request_text("first")
        self.client.put(self.uri(self.server, "absent"))
        self.assertEqual(self.client.props.response_code, "2.01")
        self.client.set_request_text("second")
        with self.assert_fails(GCoap.Error.ERROR_RESPONSE):
            self.client.put(self.uri(self.server, "absent"))
        self.assertEqual(self.store.texts["/absent"], "first")

    def test_location(self):
        uri = self.uri(self.server, "list?x=1")
        self.client.set_request_text("made")
        self.client.post(uri)
        self.assertEqual(self.client.props.response_code, "2.01")
        self.assertEqual(self.client.dup_response_location(), "/list/1?new")
        self.client.get(self.client.dup_response_location(uri))
        self.assertEqual(self.client.dup_response_text(), "made")
        self.assertIsNone(self.client.dup_response_location(uri))

    def test_location_of_a_record(self):
        endings = Completions(self.client, "request-complete")
        self.client.props.timeout = 0
        self.client.post(self.uri(self.server, "list"))
        self.iterate_until(lambda: endings)
        request = endings[0][0]
        response = request.props.response
        self.assertEqual(response.dup_location(), "/list/1?new")
        self.assertEqual(
            response.dup_location(request.props.uri), self.uri(self.server, "list/1?new")
        )

    def test_bad_location(self):
        for location in "", "a", "//a", "coap://h/a", "/a b":
            with self.assert_fails(GCoap.Error.INVALID_URI):
                self.server.set_response_location(location)

    def test_empty_etag_is_one_that_exists(self):
        answers = []

        def handler(server, request):
            answers.append(request.validate(GLib.Bytes(b"")))
            answers.append(request.validate(None))
            server.props.response_code = "2.04"

        server = self.make_server(a=handler)
        self.set_options((GCoap.OptionNumber.IF_MATCH, b""))
        self.client.put(self.uri(server, "a"))
        self.assertEqual(answers, [None, "4.12"])


class Wire(ValidateTest):
    """What comes in bytes that are not GCoap's own."""

    def ask(self, code, path, *options, payload=b""):
        peer = Peer(self)
        options = sorted([*options, (Option.URI_PATH, path)])
        message = Message(Type.CON, code, 1, b"tok", options, payload)
        peer.socket.sendto(message.encode(), ("127.0.0.1", self.server.props.local_port))
        self.iterate_until(peer.has_datagram)
        answer = Message.decode(peer.socket.recv(2048))
        self.assertEqual((answer.type, answer.mid, answer.token), (Type.ACK, 1, b"tok"))
        return answer

    def test_methods(self):
        for code, answer in (FETCH, "2.05"), (PATCH, "2.04"), (IPATCH, "2.04"):
            with self.subTest(code=code):
                self.assertEqual(code_text(self.ask(code, b"there", payload=b"x").code), answer)
                self.assertEqual(code_text(self.ask(code, b"absent", payload=b"x").code), "4.04")
        self.assertEqual(self.store.texts["/there"], "x")

    def test_valid(self):
        etag = self.store.get_etag("/there").get_data()
        options = [(Option.ETAG, b"\0"), (Option.ETAG, etag), (Option.ETAG, etag + b"\0")]
        for code in GET, FETCH:
            answer = self.ask(code, b"there", *options)
            self.assertEqual(code_text(answer.code), "2.03")
            self.assertEqual(answer.options, [(Option.ETAG, etag)])
            self.assertEqual(answer.payload, b"")
        self.assertEqual(self.store.handled, [])

    def test_failed_conditions(self):
        etag = self.store.get_etag("/there").get_data()
        for path, *options in (
            (b"absent", (Option.IF_MATCH, b"")),
            (b"there", (Option.IF_MATCH, b"\0" + etag)),
            (b"there", (Option.IF_MATCH, etag[:-1]), (Option.IF_MATCH, etag + b"\0")),
            (b"there", (Option.IF_NONE_MATCH, b"")),
            (b"there", (Option.IF_MATCH, etag), (Option.IF_NONE_MATCH, b"")),
        ):
            with self.subTest(options=options):
                answer = self.ask(PUT, path, *options, payload=b"x")
                self.assertEqual(code_text(answer.code), "4.12")
                self.assertEqual(answer.payload, b"")
        self.assertEqual(self.store.handled, [])

    def test_location(self):
        answer = self.ask(POST, b"list", payload=b"x")
        self.assertEqual(answer.values(Option.LOCATION_PATH), [b"list", b"1"])
        self.assertEqual(answer.values(Option.LOCATION_QUERY), [b"new"])

    def test_hostile_locations(self):
        """A server cannot lead its client to another host, or upwards."""
        peer = Peer(self)
        client = self.make_endpoint(timeout=0)
        for options, relative, absolute in (
            ([(8, b".."), (8, b"a")], None, None),
            ([(8, b""), (8, b"evil")], "/.//evil", f"{peer.uri}/evil"),
            ([(8, b"/evil")], "/%2Fevil", f"{peer.uri}%2Fevil"),
            ([(20, b"a&b\xff")], "/?a%26b%FF", f"{peer.uri}?a%26b%FF"),
        ):
            with self.subTest(options=options):
                client.post(peer.uri)
                request = peer.receive()
                answer = Message(
                    Type.ACK, 65, int.from_bytes(request.mid, "big"), request.token, options
                )
                peer.socket.sendto(answer.encode(), request.address)
                self.iterate_until(lambda: not client.props.pending_requests.get_n_items())
                self.assertEqual(client.dup_response_location(), relative)
                self.assertEqual(client.dup_response_location(peer.uri), absolute)


if __name__ == "__main__":
    unittest.main()
