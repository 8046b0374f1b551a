#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The overrides: attributes and the types they take, options, exceptions, texts for people."""

import unittest

from bindings_fixture import Peer, echo
from bindings_python import PythonTest
from gi.repository import GCoap, Gio, GLib


class Attributes(PythonTest):
    def test_each_property_has_one(self):
        for name in ("Endpoint", "Notification", "Observation", "Observer", "Option", "Request",
                     "Statistics"):
            cls = getattr(GCoap, name)
            for spec in cls.list_properties():
                with self.subTest(cls=name, property=spec.name):
                    self.assertIsInstance(getattr(cls, spec.name.replace("-", "_")), property)

    def test_data(self):
        endpoint = GCoap.Endpoint()
        self.assertEqual(endpoint.response_data, b"")
        for value, data in (
            ("°C", b"\xc2\xb0C"),
            (b"\0\xff", b"\0\xff"),
            (bytearray(b"ab"), b"ab"),
            (memoryview(b"abc")[1:], b"bc"),
            (GLib.Bytes.new(b"x"), b"x"),
            ("", b""),
            (None, b""),
        ):
            with self.subTest(value=value):
                endpoint.response_data = value
                self.assertEqual(endpoint.response_data, data)
                endpoint.set_request_data(value)
                self.assertEqual(endpoint.request_data, data)

    def test_etag(self):
        endpoint = GCoap.Endpoint(request_etag=b"\1")
        self.assertEqual(endpoint.request_etag, b"\1")
        self.assertIsNone(endpoint.response_etag)
        endpoint.request_etag = None
        self.assertIsNone(endpoint.request_etag)

    def test_content_format(self):
        endpoint = GCoap.Endpoint()
        self.assertIsNone(endpoint.request_content_format)
        for value, number in ((50, 50), ("application/json", 50), (0, 0), (None, None), (-1, None)):
            endpoint.request_content_format = value
            self.assertEqual(endpoint.request_content_format, number)
        for value in ("no/such", 65536, -2):
            with self.subTest(value), self.assertRaises(ValueError):
                endpoint.request_content_format = value

    def test_code(self):
        endpoint = GCoap.Endpoint()
        for value, text in (("2.05", "2.05"), (GCoap.Code.NOT_FOUND, "4.04"), (None, "")):
            endpoint.response_code = value
            self.assertEqual(endpoint.response_code, text)

    def test_text(self):
        endpoint = GCoap.Endpoint()
        endpoint.request_text = "°C"
        self.assertEqual((endpoint.request_text, endpoint.request_data), ("°C", "°C".encode()))
        endpoint.response_data = b"\xff"
        self.assertIsNone(endpoint.response_text)

    def test_constructor(self):
        endpoint = GCoap.Endpoint(
            local_port=40000,
            request_data="text",
            request_content_format="text/plain",
            request_options={"Accept": 50},
            response_code=GCoap.Code.CONTENT,
        )
        self.assertEqual(endpoint.local_port, 40000)
        self.assertEqual(endpoint.request_data, b"text")
        self.assertEqual(endpoint.response_code, "2.05")
        self.assertEqual([o.name for o in endpoint.request_options], ["Accept"])

    def test_props_are_raw(self):
        endpoint = GCoap.Endpoint(request_data=b"x")
        self.assertIsInstance(endpoint.props.request_data, GLib.Bytes)
        self.assertEqual(endpoint.props.request_content_format, -1)

    def test_wrong_types(self):
        for name, value in (
            ("local_host", 5),
            ("local_port", "5683"),
            ("request_content_format", 1.5),
            ("request_data", 5),
            ("request_etag", ["x"]),
            ("request_options", 5),
            ("request_options", {"Accept": 1.5}),
            ("response_code", 2.05),
            ("response_stream", "text"),
            ("timeout", None),
        ):
            with self.subTest(name):
                with self.assertRaises(TypeError):
                    setattr(GCoap.Endpoint(), name, value)
                with self.assertRaises(TypeError):
                    GCoap.Endpoint(**{name: value})
        with self.assertRaises(TypeError):
            GCoap.Endpoint(no_such=1)

    def test_read_only(self):
        for name in ("listening", "observers", "pending_requests", "statistics"):
            with self.subTest(name), self.assertRaises(AttributeError):
                setattr(GCoap.Endpoint(), name, None)

    def test_signal_handlers(self):
        """As the reference has it: a handler reads and writes the event's attributes."""
        seen = []

        def handler(server, request):
            seen.append((request.uri_path, request.payload, request.text, request.token_bytes))
            self.assertIsNone(request.content_format)
            request.send_response = False
            self.assertFalse(request.send_response)
            server.response_data = b"later"
            server.send_response(request.request_id)

        server = self.make_server(a=handler)
        client = self.make_endpoint()
        client.request_data = "x"
        client.post(self.uri(server, "a"))
        self.assertEqual(client.response_data, b"later")
        self.assertEqual(seen[0][:3], ("/a", b"x", "x"))
        self.assertIsInstance(seen[0][3], bytes)

    def test_validate(self):
        codes = []

        def handler(server, request):
            codes.append(request.validate(b"tag"))
            server.response_code = "2.03"

        server = self.make_server(a=handler)
        client = self.make_endpoint(request_options={"ETag": b"tag"})
        client.get(self.uri(server, "a"))
        self.assertEqual(codes, ["2.03"])


class Options(PythonTest):
    def list(self, options):
        endpoint = GCoap.Endpoint(request_options=options)
        return [(each.number, each.bytes) for each in endpoint.request_options]

    def test_forms(self):
        for options, expected in (
            (None, []),
            ({}, []),
            ({"Accept": 50, 65000: b"x"}, [(17, b"2"), (65000, b"x")]),
            ({"Uri-Query": ["a=1", "b=2"]}, [(15, b"a=1"), (15, b"b=2")]),
            ([("Uri-Query", "a"), ("uri-query", "b")], [(15, b"a"), (15, b"b")]),
            ({GCoap.OptionNumber.ETAG: "0a0B"}, [(4, b"\n\x0b")]),
            ({"Max-Age": "300"}, [(14, b"\1\x2c")]),
            ({"Max-Age": 0}, [(14, b"")]),
            ({"If-None-Match": True}, [(5, b"")]),
            ({"If-Match": None}, [(1, b"")]),
            ({65000: "text"}, [(65000, b"text")]),
            ([GCoap.Option.new(17, "50")], [(17, b"2")]),
        ):
            with self.subTest(options=options):
                self.assertEqual(self.list(options), expected)

    def test_their_own(self):
        endpoint = GCoap.Endpoint(request_options={"Accept": 50})
        endpoint.request_options = endpoint.request_options
        self.assertEqual([each.bytes for each in endpoint.request_options], [b"2"])

    def test_wrong(self):
        for options, exception in (
            ({"No-Such": 1}, ValueError),
            ({"Max-Age": "x"}, ValueError),
            ({"ETag": "0"}, ValueError),
            ({65536: b""}, TypeError),
            ({"Accept": -1}, TypeError),
            ({"Accept": False}, TypeError),
            ({None: 1}, TypeError),
            ({"Accept": [[1]]}, TypeError),
            ([5], TypeError),
        ):
            with self.subTest(options=options), self.assertRaises(exception):
                self.list(options)

    def test_nothing_changes_if_one_is_wrong(self):
        endpoint = GCoap.Endpoint(request_options={"Accept": 50})
        with self.assertRaises(ValueError):
            endpoint.request_options = {"Accept": 60, "No-Such": 1}
        self.assertEqual([each.value for each in endpoint.request_options], ["50"])

    def test_option(self):
        option = GCoap.Option(number=4, bytes=b"\1")
        self.assertEqual((option.name, option.value, option.bytes), ("ETag", "01", b"\1"))
        option.set_bytes(b"\2")
        self.assertEqual(option.value, "02")
        self.assertEqual(GCoap.Option.new_from_bytes(12, b"\0").value, "0")


class Messages(PythonTest):
    def test_attributes(self):
        message = GCoap.Message.new_request(GCoap.Method.POST, "coap://[::1]/a?b")
        message.payload = "text"
        message.content_format = "text/plain"
        message.confirmable = False
        message.add_option(GCoap.OptionNumber.ETAG, b"\1")
        self.assertEqual(message.code, "0.02")
        self.assertEqual((message.payload, message.text), (b"text", "text"))
        self.assertEqual(message.content_format, 0)
        self.assertFalse(message.confirmable)
        self.assertEqual(message.etag, b"\1")
        self.assertEqual(message.uri, "coap://[::1]/a?b")
        self.assertIn("ETag", [option.name for option in message.options])
        self.assertFalse(message.is_success)
        message.text = "other"
        self.assertEqual(message.payload, b"other")

    def test_empty(self):
        message = GCoap.Message.new(GCoap.Code.CONTENT)
        self.assertEqual((message.payload, message.text), (b"", ""))
        self.assertEqual((message.content_format, message.etag, message.uri), (None, None, None))
        self.assertEqual((message.location, message.options, message.max_age), (None, [], 60))
        self.assertTrue(message.is_success)
        self.assertIs(message.raise_for_code(), message)

    def test_token(self):
        message = GCoap.Message.new(GCoap.Code.CONTENT)
        message.set_token(b"12345678")
        self.assertEqual(message.token, b"12345678")
        with self.assertRaises(GLib.Error):
            message.set_token(b"123456789")

    def test_raise_for_code(self):
        message = GCoap.Message.new(GCoap.Code.NOT_FOUND)
        with self.assertRaises(GCoap.ResponseError) as caught:
            message.raise_for_code()
        self.assertIs(caught.exception.response, message)
        self.assertEqual(caught.exception.message, "4.04 Not Found")

    def test_counting_is_pythons(self):
        message = GCoap.Message.new(GCoap.Code.CONTENT)
        for _ in range(3):
            message.unref()
        self.assertIs(message.ref(), message)
        self.assertEqual(message.code, "2.05")


class Exceptions(PythonTest):
    def test_a_class_each(self):
        numbers = {value for value in vars(GCoap.Error).values() if isinstance(value, GCoap.Error)}
        self.assertEqual({each.number for each in GCoap.CoapError.__subclasses__()}, numbers)

    def test_they_are_both(self):
        with self.assertRaises(GCoap.InvalidUriError) as caught:
            GCoap.Endpoint().get("http://localhost/")
        error = caught.exception
        self.assertIsInstance(error, GCoap.CoapError)
        self.assertIsInstance(error, GLib.Error)
        self.assertTrue(error.matches(GCoap.Error.quark(), GCoap.Error.INVALID_URI))
        self.assertEqual(error.code, GCoap.Error.INVALID_URI)
        self.assertEqual(error.code, 700)
        self.assertIn("http", error.message)

    def test_by_class(self):
        server = self.make_server()
        peer = Peer(self)
        client = self.make_impatient_client()
        client.timeout = 5
        for exception, function in (
            (GCoap.ResponseError, lambda: client.get(self.uri(server, "none"))),
            (GCoap.TimedOutError, lambda: client.get(peer.uri)),
            (GCoap.WrongModeError, lambda: server.get(peer.uri)),
            (GCoap.NotObservableError, lambda: client.stop_observing(peer.uri)),
            (GCoap.InvalidRequestIdError, lambda: client.cancel_request("5")),
            (GCoap.InvalidUriError, lambda: GCoap.Message.new_request(1, "x")),
        ):
            with self.subTest(exception.__name__), self.assertRaises(exception):
                function()

    def test_others_stay(self):
        with self.assertRaises(GLib.Error) as caught:
            GCoap.Endpoint().config("NoSuch=1")
        self.assertNotIsInstance(caught.exception, GCoap.CoapError)
        self.assertTrue(
            caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT)
        )

    def test_of_an_observation(self):
        client = self.make_impatient_client()
        observation = client.observe(Peer(self).uri)
        self.iterate_until(lambda: observation.error is not None)
        self.assertIsInstance(observation.error, GCoap.TimedOutError)


class Texts(PythonTest):
    def test_endpoint(self):
        server = self.make_server()
        self.assertEqual(repr(GCoap.Endpoint()), "<GCoap.Endpoint not listening>")
        self.assertEqual(
            repr(server), f"<GCoap.Endpoint listening on 127.0.0.1:{server.local_port}>"
        )

    def test_others(self):
        seen = []

        def handler(server, request):
            request.accept = True
            seen.append(repr(request))
            echo(server, request)

        server = self.make_server(a=handler)
        server.connect("register::/a", handler)
        client = self.make_endpoint()
        uri = self.uri(server, "a")
        client.connect("notification", lambda _, notification: seen.append(repr(notification)))
        client.start_observing(uri)
        observation = client.observe(uri)
        self.assertEqual(repr(observation), f"<GCoap.Observation {uri} pending>")
        self.assertEqual(seen, [f"<GCoap.Request GET {uri}>", f"<GCoap.Notification {uri} latest>"])
        self.iterate_until(lambda: observation.code)
        self.assertEqual(repr(observation), f"<GCoap.Observation {uri} active 2.05>")
        self.assertRegex(repr(server.observers[0]), f"<GCoap.Observer 127.0.0.1:[0-9]+ {uri}>")
        self.assertIn("observers=2", repr(server.statistics))
        self.assertEqual(repr(GCoap.Option.new(17, "50")), "<GCoap.Option Accept: '50'>")
        self.assertEqual(repr(GCoap.Option.new(65000, "x")), "<GCoap.Option 65000: 'x'>")
        self.assertEqual(repr(GCoap.Message.new(69)), "<GCoap.Message 2.05, 0 bytes>")
        self.assertEqual(repr(GCoap.TimedOutError("x")), "GCoap.TimedOutError('x')")


if __name__ == "__main__":
    unittest.main(verbosity=2)
