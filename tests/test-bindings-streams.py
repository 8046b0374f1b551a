#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Streams from Python: downloads and uploads, what serves them, files, progress."""

import os
import sys
import tempfile
import unittest
from pathlib import Path

from bindings_fixture import BindingsTest, Peer
from gi.repository import GCoap, Gio, GLib

LARGE = 50000
OCTET_STREAM = 42


class StreamsTest(BindingsTest):
    def setUp(self):
        super().setUp()
        self.body = os.urandom(LARGE)
        self.progress = []
        self.errors = []

    def make_server(self, **handlers):
        server = super().make_server(**handlers)
        server.connect("error", lambda _, *arguments: self.errors.append(arguments))
        return server

    def run_transfer(self, begin, finish, *arguments, cancellable=None):
        """Waits for the end of an asynchronous call, and gives its result or raises its error."""
        ends = []
        begin(
            *arguments,
            cancellable,
            lambda so_far, total, *_: self.progress.append((so_far, total)),
            (),
            lambda _, result: ends.append(result),
        )
        self.iterate_until(lambda: ends)
        return finish(ends[0])

    def download(self, uri, stream=None, **options):
        """The code of the response, and what the stream has got."""
        client = self.make_endpoint()
        stream = stream or Gio.MemoryOutputStream.new_resizable()
        response = self.run_transfer(
            client.download_async, client.download_finish, uri, stream, **options
        )
        if not isinstance(stream, Gio.MemoryOutputStream):
            return response.get_code()
        stream.close()
        return response.get_code(), stream.steal_as_bytes().get_data() or b""

    def upload(self, uri, body, **options):
        client = self.make_endpoint()
        stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes(body))
        response = self.run_transfer(
            client.upload_async, client.upload_finish, uri, stream, OCTET_STREAM, **options
        )
        return response.get_code()

    def check_progress(self, size):
        self.assertEqual(self.progress, sorted(self.progress))
        self.assertEqual(self.progress[-1], (size, size))


class Client(StreamsTest):
    def test_download(self):
        def serve(server, _):
            server.props.response_data = GLib.Bytes(self.body)

        server = self.make_server(a=serve)
        self.assertEqual(self.download(self.uri(server, "a")), (GCoap.Code.CONTENT, self.body))
        self.check_progress(LARGE)

    def test_error_response(self):
        server = self.make_server()
        self.assertEqual(self.download(self.uri(server, "a")), (GCoap.Code.NOT_FOUND, b""))
        self.assertEqual(self.progress, [])

    def test_upload(self):
        received = []

        def take(server, request):
            received.append((request.props.content_format, request.props.payload.get_data()))
            server.props.response_code = "2.04"

        server = self.make_server(a=take)
        self.assertEqual(self.upload(self.uri(server, "a"), self.body), GCoap.Code.CHANGED)
        self.assertEqual(received, [(OCTET_STREAM, self.body)])
        self.check_progress(LARGE)

    def test_cancelled(self):
        peer = Peer(self)
        cancellable = Gio.Cancellable()
        source = GLib.Idle()
        source.set_callback(lambda *_: cancellable.cancel())
        source.attach(self.context)
        with self.assert_fails(Gio.IOErrorEnum.CANCELLED, Gio.io_error_quark()):
            self.download(peer.uri, cancellable=cancellable)

    def test_stream_error(self):
        def serve(server, _):
            server.props.response_data = GLib.Bytes(self.body)

        server = self.make_server(a=serve)
        stream = Gio.MemoryOutputStream.new_resizable()
        stream.close()
        with self.assert_fails(Gio.IOErrorEnum.CLOSED, Gio.io_error_quark()):
            self.download(self.uri(server, "a"), stream)

    def test_without_progress(self):
        server = self.make_server(a=lambda server, _: server.set_response_text("21.5"))
        client = self.make_endpoint()
        stream = Gio.MemoryOutputStream.new_resizable()
        ends = []
        client.download_async(
            self.uri(server, "a"), stream, None, None, None, lambda _, result: ends.append(result)
        )
        self.iterate_until(lambda: ends)
        self.assertEqual(client.download_finish(ends[0]).get_code(), GCoap.Code.CONTENT)


class Server(StreamsTest):
    def test_upload_stream(self):
        stream = Gio.MemoryOutputStream.new_resizable()
        sizes = []
        seen = []

        def offer(server, request):
            sizes.append(request.props.upload_size)
            request.props.upload_stream = stream

        def take(server, request):
            seen.append((request.props.upload_stream, request.props.payload))
            server.props.response_code = "2.04"

        server = self.make_server(a=take)
        server.connect("upload::/a", offer)
        self.assertEqual(self.upload(self.uri(server, "a"), self.body), GCoap.Code.CHANGED)
        self.assertEqual(sizes, [LARGE])
        self.assertEqual(seen, [(stream, None)])
        self.assertEqual(stream.steal_as_bytes().get_data(), self.body)
        self.assertEqual(self.errors, [])

    def test_upload_file(self):
        def offer(server, request):
            try:
                request.set_upload_file(target)
            except GLib.Error:
                server.props.response_code = "4.03"

        def take(server, request):
            seen.append(request.props.upload_stream is not None)
            server.props.response_code = "2.04"

        seen = []
        server = self.make_server(a=take)
        server.connect("upload::/a", offer)
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "file"
            target = Gio.File.new_for_path(str(path))
            for body in (self.body, self.body[::-1]):
                self.assertEqual(self.upload(self.uri(server, "a"), body), GCoap.Code.CHANGED)
                self.assertEqual(path.read_bytes(), body)
                self.assertEqual(list(path.parent.iterdir()), [path])

            target = target.get_parent()
            self.assertEqual(self.upload(self.uri(server, "a"), self.body), GCoap.Code.FORBIDDEN)
            self.assertEqual(list(path.parent.iterdir()), [path])
        self.assertEqual(seen, [True, True])

    def test_upload_refused(self):
        def refuse(server, request):
            server.props.response_code = "4.03"

        server = self.make_server(a=lambda *_: self.fail("It was refused"))
        server.connect("upload", refuse)
        self.assertEqual(self.upload(self.uri(server, "a"), self.body), GCoap.Code.FORBIDDEN)

    def test_response_stream(self):
        def serve(server, _):
            server.set_response_stream(
                Gio.MemoryInputStream.new_from_bytes(GLib.Bytes(self.body))
            )

        server = self.make_server(a=serve)
        for _ in range(2):
            self.assertEqual(self.download(self.uri(server, "a")), (GCoap.Code.CONTENT, self.body))
            self.assertIsNone(server.props.response_stream)

    def test_no_notification(self):
        server = self.make_server()
        server.set_response_stream(Gio.MemoryInputStream.new_from_bytes(GLib.Bytes(b"x")))
        with self.assert_fails(Gio.IOErrorEnum.NOT_SUPPORTED, Gio.io_error_quark()):
            server.send_notification(self.uri(server, "a"))

    def test_files(self):
        def serve(server, request):
            try:
                server.set_response_file(Gio.File.new_for_path(str(folder / "served")))
                server.props.response_code = (
                    request.validate(server.props.response_etag) or "2.05"
                )
            except GLib.Error:
                server.props.response_code = "4.04"

        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            server = self.make_server(a=serve)
            uri = self.uri(server, "a")
            self.assertEqual(self.download(uri), (GCoap.Code.NOT_FOUND, b""))

            (folder / "served").write_bytes(self.body)
            target = Gio.File.new_for_path(str(folder / "copy"))
            stream = target.replace(None, False, Gio.FileCreateFlags.NONE, None)
            self.assertEqual(self.download(uri, stream), GCoap.Code.CONTENT)
            stream.close()
            self.assertEqual((folder / "copy").read_bytes(), self.body)

            client = self.make_endpoint(timeout=5)
            client.get(uri)
            client.props.request_etag = client.props.response_etag
            client.get(uri)
            self.assertEqual(client.props.response_code, "2.03")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
