#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The endpoint from Python: properties, options and settings."""

import unittest

from bindings_fixture import BindingsTest, echo
from gi.repository import GCoap, Gio, GLib, GObject

DEFAULTS = {
    "listening": False,
    "local_host": "",
    "local_port": 0,
    "request_content_format": -1,
    "request_data": None,
    "request_etag": None,
    "response_code": "",
    "response_content_format": -1,
    "response_data": None,
    "response_etag": None,
    "response_stream": None,
    "timeout": 60,
    "use_confirmable_messages": True,
}

CHANGES = {
    "local_host": "127.0.0.1",
    "local_port": 40000,
    "request_content_format": 50,
    "request_data": GLib.Bytes.new(b"data"),
    "request_etag": GLib.Bytes.new(b"etag"),
    "response_code": "2.05",
    "response_content_format": 0,
    "response_data": GLib.Bytes.new(b"\x00\xff"),
    "response_etag": GLib.Bytes.new(b"\x01"),
    "timeout": 0,
    "use_confirmable_messages": False,
}

OBJECTS = ("statistics",)
LISTS = ("observers", "pending_requests", "request_options", "response_options")


class Properties(BindingsTest):
    def test_defaults(self):
        endpoint = GCoap.Endpoint()
        for name, value in DEFAULTS.items():
            self.assertEqual(endpoint.get_property(name), value, name)
        for name in LISTS:
            self.assertEqual(endpoint.get_property(name).get_n_items(), 0, name)
            self.assertIs(endpoint.get_property(name), endpoint.get_property(name), name)

    def test_all_are_tested(self):
        names = {spec.name.replace("-", "_") for spec in GCoap.Endpoint.list_properties()}
        self.assertEqual(names, {*DEFAULTS, *LISTS, *OBJECTS})

    def test_notify_on_change_only(self):
        for name, value in CHANGES.items():
            with self.subTest(name):
                endpoint = GCoap.Endpoint()
                seen = []
                endpoint.connect("notify", lambda _, spec: seen.append(spec.name))
                endpoint.set_property(name, DEFAULTS[name])
                endpoint.set_property(name, value)
                endpoint.set_property(name, value)
                self.assertEqual(endpoint.get_property(name), value)
                self.assertEqual(seen, [name.replace("_", "-")])

    def test_read_only(self):
        for name in ("listening", *LISTS):
            with self.subTest(name), self.assertRaises(TypeError):
                GCoap.Endpoint().set_property(name, GCoap.Endpoint().get_property(name))

    def test_wrong_types(self):
        for name, value in (
            ("local_host", 5),
            ("local_port", "5683"),
            ("request_data", "text"),
            ("response_code", 205),
            ("timeout", "60"),
            ("timeout", None),
        ):
            with self.subTest(name), self.assertRaises(TypeError):
                GCoap.Endpoint().set_property(name, value)

    def test_none_empties(self):
        endpoint = GCoap.Endpoint()
        for name in ("local_host", "request_data", "response_code", "response_etag"):
            endpoint.set_property(name, CHANGES[name])
            endpoint.set_property(name, None)
            self.assertEqual(endpoint.get_property(name), DEFAULTS[name], name)

    def test_text(self):
        endpoint = GCoap.Endpoint()
        endpoint.set_request_text("21.5 °C")
        self.assertEqual(endpoint.props.request_data.get_data(), "21.5 °C".encode())
        self.assertEqual(endpoint.dup_request_text(), "21.5 °C")
        endpoint.props.request_data = GLib.Bytes.new(b"\xff")
        self.assertIsNone(endpoint.dup_request_text())
        endpoint.set_request_text(None)
        self.assertEqual(endpoint.dup_request_text(), "")

    def test_binding(self):
        first, second = GCoap.Endpoint(), GCoap.Endpoint()
        flags = GObject.BindingFlags.BIDIRECTIONAL | GObject.BindingFlags.SYNC_CREATE
        for name in CHANGES:
            first.bind_property(name, second, name, flags)
        for name, value in CHANGES.items():
            second.set_property(name, value)
            self.assertEqual(first.get_property(name), value, name)

    def test_binding_to_response(self):
        server = self.make_server(a=echo)
        client, display = self.make_endpoint(), GCoap.Endpoint()
        client.bind_property("response-data", display, "request-data")
        client.get(self.uri(server, "a"))
        self.assertEqual(display.dup_request_text(), "1 ")

    def test_same_response_again_does_not_notify(self):
        server = self.make_server(a=lambda server, _: server.set_response_text("same"))
        client = self.make_endpoint()
        seen = []
        client.connect("notify::response-data", lambda *_: seen.append("data"))
        client.connect("notify::response-code", lambda *_: seen.append("code"))
        client.get(self.uri(server, "a"))
        client.get(self.uri(server, "a"))
        self.assertCountEqual(seen, ["code", "data"])

    def test_reset(self):
        endpoint = GCoap.Endpoint(**CHANGES)
        endpoint.props.request_options.append(GCoap.Option.new(17, "0"))
        endpoint.config("AckTimeout=3")
        endpoint.reset()
        for name, value in DEFAULTS.items():
            self.assertEqual(endpoint.get_property(name), value, name)
        self.assertEqual(endpoint.props.request_options.get_n_items(), 0)
        self.assertEqual(endpoint.config("AckTimeout"), "2")


class Options(BindingsTest):
    def test_number_sets_type(self):
        option = GCoap.Option()
        seen = []
        option.connect("notify", lambda _, spec: seen.append(spec.name))
        option.props.number = GCoap.OptionNumber.ACCEPT
        self.assertEqual(option.props.value_type, GCoap.OptionValueType.UINT)
        self.assertEqual(option.props.name, "Accept")
        self.assertTrue(option.props.critical)
        self.assertEqual(seen.count("value-type"), 1)
        option.props.number = GCoap.OptionNumber.ACCEPT
        self.assertEqual(seen.count("number"), 1)

    def test_forms(self):
        for number, value, data in (
            (GCoap.OptionNumber.URI_QUERY, "é", "é".encode()),
            (GCoap.OptionNumber.MAX_AGE, "0", b""),
            (GCoap.OptionNumber.MAX_AGE, "4294967295", b"\xff\xff\xff\xff"),
            (GCoap.OptionNumber.ETAG, "00FF", b"\x00\xff"),
            (65000, "text", b"text"),
        ):
            with self.subTest(value):
                option = GCoap.Option.new(number, value)
                self.assertEqual(option.props.bytes.get_data() or b"", data)
                option = GCoap.Option.new_from_bytes(number, GLib.Bytes.new(data))
                self.assertEqual(option.props.bytes.get_data() or b"", data)

    def test_bad_values_have_no_bytes(self):
        for number, value in (
            (GCoap.OptionNumber.MAX_AGE, "-1"),
            (GCoap.OptionNumber.MAX_AGE, "4294967296"),
            (GCoap.OptionNumber.ETAG, "0"),
            (GCoap.OptionNumber.ETAG, "xx"),
        ):
            self.assertIsNone(GCoap.Option.new(number, value).props.bytes, value)

    def test_sent_and_received(self):
        seen = []

        def handler(server, request):
            seen.extend((o.props.number, o.props.value) for o in request.props.options)
            seen.append(server.props.request_options.get_n_items())
            server.props.response_options.append(GCoap.Option.new(14, "30"))
            server.set_response_text("x")

        server = self.make_server(a=handler)
        client = self.make_endpoint()
        client.props.request_options.append(GCoap.Option.new(65000, "custom"))
        client.get(self.uri(server, "a?b=c"))
        self.assertIn((65000, "637573746f6d"), seen)
        self.assertIn((GCoap.OptionNumber.URI_QUERY, "b=c"), seen)
        self.assertEqual(seen[-1], len(seen) - 1)
        answers = {o.props.name: o.props.value for o in client.props.response_options}
        self.assertEqual(answers, {"Max-Age": "30"})
        self.assertEqual(client.props.request_options.get_n_items(), 1)


class Config(BindingsTest):
    def test_read_and_write(self):
        endpoint = GCoap.Endpoint()
        self.assertEqual(endpoint.config("AckTimeout"), "2")
        self.assertEqual(endpoint.config("acktimeout = 0.5"), "0.5")
        self.assertEqual(endpoint.config("ACKTIMEOUT"), "0.5")
        self.assertEqual(endpoint.config("AckTimeout="), "2")
        for value in ("True", "yes", "1"):
            self.assertEqual(endpoint.config(f"DualRole={value}"), "True")
        self.assertEqual(endpoint.config("DualRole=no"), "False")
        self.assertEqual(endpoint.config("MaxTransmitWait"), "93")
        self.assertIn("GCoap", endpoint.config("BuildInfo"))

    def test_properties(self):
        endpoint = GCoap.Endpoint()
        self.assertEqual(endpoint.config("LocalPort=40000"), "40000")
        self.assertEqual(endpoint.props.local_port, 40000)
        endpoint.props.local_host = "127.0.0.1"
        self.assertEqual(endpoint.config("LocalHost"), "127.0.0.1")

    def test_refused(self):
        endpoint = GCoap.Endpoint()
        for text in ("", "=", "NoSuch", "NoSuch=1", "AckTimeout=x", "NStart=0", "NStart=1.5",
                     "DualRole=maybe", "LocalPort=65536", "LocalPort=-1", "LogLevel=4"):
            with (
                self.subTest(text),
                self.assert_fails(Gio.IOErrorEnum.INVALID_ARGUMENT, Gio.io_error_quark()),
            ):
                endpoint.config(text)
        with self.assert_fails(Gio.IOErrorEnum.PERMISSION_DENIED, Gio.io_error_quark()):
            endpoint.config("BuildInfo=mine")
        self.assertEqual(endpoint.config("NStart"), "1")

    def test_refused_while_listening(self):
        server = self.make_server()
        with self.assert_fails(GCoap.Error.WRONG_MODE):
            server.config("LocalPort=1")

    def test_log(self):
        lines = []
        server = self.make_server(a=echo)
        client = self.make_endpoint()
        client.connect("log", lambda _, level, line: lines.append((level, line)))
        client.get(self.uri(server, "a"))
        self.assertEqual(lines, [])
        client.config("LogLevel=2")
        client.get(self.uri(server, "a"))
        self.assertEqual({level for level, _ in lines}, {GCoap.LogLevel.VERBOSE})
        self.assertEqual(len(lines), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
