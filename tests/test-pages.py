#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs the Python samples of the pages about subjects, and compiles those in C.

test-pages.py DOCS-FOLDER BUILD-FOLDER COMPILER...
"""

import contextlib
import io
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, Gio, GLib, GObject

docs_folder, build_folder, *compiler = sys.argv[1:]

# A page has several samples, so what one of them only defines is of use to another, or to none.
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-Wno-unused-parameter"]

LARGE_BODY = bytes(range(256)) * 20


def read_samples(page, language):
    text = (Path(docs_folder) / page).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def iterate_until(condition):
    while not condition():
        GLib.MainContext.default().iteration(True)


class Label(GObject.Object):
    label = GObject.Property(type=str)


class Page(unittest.TestCase):
    def setUp(self):
        self.server = self.make_endpoint()
        self.client = self.make_endpoint(timeout=5)
        self.names = {
            "GCoap": GCoap, "Gio": Gio, "GLib": GLib, "GObject": GObject,
            "client": self.client, "server": self.server,
        }
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()

    def make_endpoint(self, **properties):
        endpoint = GCoap.Endpoint(local_host="127.0.0.1", **properties)
        self.addCleanup(endpoint.shutdown)
        return endpoint

    def uri(self, path, server=None):
        return f"coap://127.0.0.1:{(server or self.server).props.local_port}{path}"

    def run_samples(self, page, begin, end=None, **replacements):
        """Runs some samples of a page, and gives what they print."""
        output = io.StringIO()
        for sample in read_samples(page, "python")[begin:end]:
            text = sample.replace("coap://localhost", self.uri("") if "localhost" in sample else "")
            for old, new in replacements.items():
                text = text.replace(f"{old}=5683", f"{old}={new}")
            with self.subTest(sample=sample), contextlib.redirect_stdout(output):
                exec(compile(text, "<sample>", "exec"), self.names)
        return output.getvalue()

    def get(self, path, server=None):
        self.client.get(self.uri(path, server))
        return self.client.dup_response_text()


class Component(Page):
    page = "component.md"

    def setUp(self):
        super().setUp()
        self.server.start_listening()
        self.names.update(endpoint=self.client, uri=self.uri("/sensors"))

    def sensors_cb(self, server, request):
        if request.props.method == GCoap.Method.POST:
            server.props.response_code = "2.01"
            server.set_response_location("/sensors/7?unit=C")
        else:
            server.set_response_text(f"{request.props.uri_path} {request.props.uri_query}")

    def test_location(self):
        self.server.connect("request", self.sensors_cb)
        self.run_samples(self.page, 0, 1)
        self.assertEqual(self.client.dup_response_text(), "/sensors/7 unit=C")

    def test_validation(self):
        self.names.update(state="on", make_etag=lambda state: GLib.Bytes(state.encode()))
        self.run_samples(self.page, 1, 2)
        self.server.connect("request", self.names["request_cb"])
        self.client.props.request_etag = GLib.Bytes(b"on")
        self.client.get(self.uri("/state"))
        self.assertEqual(self.client.props.response_code, "2.03")
        self.assertEqual(self.client.props.response_etag.get_data(), b"on")

        self.names["state"] = None
        self.client.request_options = {"If-Match": b"on"}
        with self.assertRaises(GLib.Error):
            self.client.put(self.uri("/state"))
        self.assertEqual(self.client.props.response_code, "4.12")

    def test_settings(self):
        before = self.client.config("AckTimeout")
        self.run_samples(self.page, 2, 3)
        self.assertEqual(self.client.config("AckTimeout"), before)

    def test_statistics(self):
        self.assertEqual(self.run_samples(self.page, 3), "0\n")


class Observing(Page):
    page = "observing.md"

    def setUp(self):
        super().setUp()
        self.names.update(label=Label(), temperature="21.5", find=lambda text: f"found {text}")
        self.registered = []

    def register_cb(self, server, registration):
        self.registered.append(registration)
        registration.props.accept = True
        server.set_response_text(registration.dup_text() or "21.5")

    def test_client(self):
        self.server.connect("register", self.register_cb)
        self.server.connect("request", lambda server, _: server.set_response_text("over"))
        self.server.start_listening()
        self.assertEqual(self.run_samples(self.page, 0, 2), "21.5\n")
        iterate_until(lambda: self.names["label"].label == "21.5")
        observers = self.server.props.observers
        self.assertEqual(len(observers), 2)
        self.run_samples(self.page, 2, 3)
        iterate_until(lambda: len(observers) == 1)
        self.run_samples(self.page, 3, 4)
        iterate_until(lambda: self.names["query"].props.text == '["temperature"]')
        self.assertEqual(self.registered[-1].props.method, GCoap.Method.FETCH)

    def test_server(self):
        self.run_samples(self.page, 4, 6)
        state = self.client.observe(self.uri("/temperature"))
        message = GCoap.Message.new_request(GCoap.Method.FETCH, self.uri("/sensors"))
        message.set_text("all")
        result = self.client.observe_message(message)
        iterate_until(lambda: state.props.text == "21.5" and result.props.text == "found all")
        self.assertIn(f"{self.uri('/temperature')} 127.0.0.1 ", self.run_samples(self.page, 6))

        self.names.update(temperature="22.0", find=lambda text: f"more of {text}")
        self.names["temperature_has_changed"]()
        self.names["data_has_changed"]()
        iterate_until(lambda: state.props.text == "22.0" and result.props.text == "more of all")


class Blocks(Page):
    page = "blocks.md"

    def setUp(self):
        super().setUp()
        self.path = self.folder / "firmware"
        self.incoming = self.folder / "incoming"
        self.body = b""
        self.names.update(
            large_body=LARGE_BODY,
            file=Gio.File.new_for_path(str(self.path)),
            incoming=Gio.File.new_for_path(str(self.incoming)),
        )
        self.server.start_listening()

    def document_cb(self, server, request):
        if request.props.method == GCoap.Method.PUT:
            self.body = request.props.payload.get_data()
            server.props.response_code = "2.04"
        else:
            server.props.response_data = GLib.Bytes(self.body)

    def test_whole(self):
        self.server.connect("request", self.document_cb)
        self.run_samples(self.page, 0, 1)
        self.assertEqual(self.body, LARGE_BODY)

    def run_transfer(self, begin, ends):
        printed = self.run_samples(self.page, begin, begin + 1)
        output = io.StringIO(printed)
        with contextlib.redirect_stdout(output):
            iterate_until(ends)
        return output.getvalue()

    def test_streams(self):
        self.body = LARGE_BODY
        self.server.connect("request", self.document_cb)
        text = self.run_transfer(1, self.path.exists)
        self.assertIn(f"{len(LARGE_BODY)} of ", text)
        self.assertEqual(self.path.read_bytes(), LARGE_BODY)
        self.assertEqual(list(self.folder.iterdir()), [self.path])

        self.body = b""
        statistics = self.client.props.statistics.props
        text = self.run_transfer(2, lambda: self.body and statistics.requests_made == 0)
        self.assertEqual(self.body, LARGE_BODY)
        self.assertIn(f"of {len(LARGE_BODY)}", text)

    def test_download_fails(self):
        text = self.run_transfer(1, lambda: self.names["stream"].is_closed())
        self.assertEqual(text, "")
        self.assertFalse(self.path.exists())

    def test_server(self):
        self.run_samples(self.page, 3)
        with self.assertRaises(GLib.Error):
            self.get("/firmware")
        self.assertEqual(self.client.props.response_code, "4.04")
        self.path.write_bytes(LARGE_BODY)
        self.get("/firmware")
        self.assertEqual(self.client.props.response_data.get_data(), LARGE_BODY)

        for body in (LARGE_BODY, b"small", b""):
            self.client.props.request_data = GLib.Bytes(body)
            self.client.put(self.uri("/image"))
            self.assertEqual(self.incoming.read_bytes(), body)


class Threads(Page):
    page = "threads.md"

    def find_port(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def test_workers(self):
        port = self.find_port()
        self.run_samples(self.page, 0, 1, local_port=f"{port}, local_host='127.0.0.1'")
        for _ in self.names["workers"]:
            self.names["is_ready"].acquire()
        for worker in self.names["workers"]:
            self.assertTrue(worker.loop.is_running())
        for _ in self.names["workers"]:
            self.names["is_ready"].release()
        self.client.get(f"coap://127.0.0.1:{port}/temperature")
        names = {worker.name for worker in self.names["workers"]}
        self.assertIn(self.client.dup_response_text(), names)
        self.run_samples(self.page, 1, 2)

    def test_handler(self):
        self.server.start_listening()
        self.run_samples(self.page, 2)
        self.client.set_request_text("report")
        self.client.post(self.uri("/report"))
        self.assertEqual(self.client.dup_response_text(), "REPORT")
        self.names["pool"].shutdown()


class Tuning(Page):
    def test(self):
        self.names.update(
            device=self.make_endpoint(),
            endpoint=self.client,
            other_endpoint=self.make_endpoint(),
            filename=str(self.folder / "settings"),
        )
        text = self.run_samples("tuning.md", 0)
        self.assertEqual(text, "0 of 0 datagrams were repeated\n")


class Security(Page):
    def test(self):
        served = self.folder / "served"
        served.mkdir()
        for name in ("secret", "served/file", "served/.hidden"):
            (self.folder / name).write_text(name)
        (served / "link").symlink_to(self.folder / "secret")
        self.names["folder"] = served
        self.run_samples("security.md", 0, local_port=0)
        server = self.names["server"]
        self.addCleanup(server.shutdown)
        server.connect("request", self.names["request_cb"])
        self.assertEqual(self.get("/file", server), "served/file")
        for path in ("/", "/.hidden", "/%2E%2E/secret", "/..%2Fsecret", "/link", "/none"):
            with self.assertRaises(GLib.Error):
                self.get(path, server)
            self.assertEqual(self.client.props.response_code, "4.04", path)


class C(unittest.TestCase):
    def setUp(self):
        environment = {**os.environ, "PKG_CONFIG_PATH": f"{build_folder}/meson-uninstalled"}
        environment.pop("LD_PRELOAD", None)
        self.run_options = {
            "env": environment, "text": True,
            "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT,
        }
        flags = subprocess.run(["pkg-config", "--cflags", "gcoap-1.0"], **self.run_options)
        self.assertEqual(flags.returncode, 0, flags.stdout)
        self.flags = shlex.split(flags.stdout)

    def test(self):
        for page in ("observing.md", "blocks.md", "threads.md", "tuning.md"):
            samples = read_samples(page, "c")
            self.assertTrue(samples, page)
            # Each alone: two of them may have a function of the same name.
            for sample in samples:
                with self.subTest(page=page, sample=sample):
                    self.compile(f"#include <gcoap/gcoap.h>\n\n{sample}")

    def compile(self, text):
        result = subprocess.run(
            [*compiler, "-O1", *WARNINGS, *self.flags, "-x", "c", "-c", "-o", os.devnull, "-"],
            input=text, **self.run_options,
        )
        self.assertEqual((result.returncode, result.stdout), (0, ""))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
