#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The overrides: downloads and uploads of any size."""

import asyncio
import os
import tempfile
import unittest
from pathlib import Path

from bindings_fixture import Peer
from bindings_python import PythonTest
from gi.repository import GCoap, Gio, GLib

BODY = os.urandom(100) * 100


class Transfer(PythonTest):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "file"
        self.received = []
        self.server = self.make_routed()
        self.server.route("/body")(lambda request: BODY)
        self.server.route("/body", "PUT")(self.take)

    def take(self, request):
        self.received.append((request.payload, request.content_format))

    def run_transfer(self, name, target, path="body", **fields):
        """The response to a download or upload."""

        async def main():
            return await getattr(self.make_endpoint(), name)(
                self.uri(self.server, path), target, **fields
            )

        return self.run_async(main)

    def test_download_to_path(self):
        for target in (self.path, str(self.path), Gio.File.new_for_path(str(self.path))):
            self.path.write_bytes(b"old")
            self.assertEqual(self.run_transfer("download", target).code, "2.05")
            self.assertEqual(self.path.read_bytes(), BODY)
        self.assertEqual(os.listdir(self.path.parent), ["file"])

    def test_download_to_stream(self):
        stream = Gio.MemoryOutputStream.new_resizable()
        self.run_transfer("download", stream)
        self.assertFalse(stream.is_closed())
        stream.close()
        self.assertEqual(stream.steal_as_bytes().get_data(), BODY)

    def test_download_progress(self):
        steps = []
        self.run_transfer("download", self.path, progress=lambda *step: steps.append(step))
        self.assertEqual(steps[-1], (len(BODY), len(BODY)))
        self.assertEqual(steps, sorted(steps))

    def test_download_of_nothing(self):
        """The file stays as it was."""
        self.path.write_bytes(b"old")
        self.assertEqual(self.run_transfer("download", self.path, "none").code, "4.04")
        with self.assertRaises(GCoap.ResponseError):
            self.run_transfer("download", self.path, "none", check=True)
        self.assertEqual(self.path.read_bytes(), b"old")
        self.assertEqual(os.listdir(self.path.parent), ["file"])

    def test_download_of_nothing_to_a_new_file(self):
        self.assertEqual(self.run_transfer("download", self.path, "none").code, "4.04")
        self.assertEqual(os.listdir(self.path.parent), [])

    def test_download_cancelled(self):
        self.path.write_bytes(b"old")
        steps = []

        async def main():
            client = self.make_endpoint()
            task = asyncio.ensure_future(
                client.download(
                    self.uri(self.server, "body"),
                    self.path,
                    progress=lambda done, total: steps.append(done) or task.cancel(),
                )
            )
            with self.assertRaises(asyncio.CancelledError):
                await task

        self.run_async(main)
        self.assertLess(steps[-1], len(BODY))
        self.assertEqual(self.path.read_bytes(), b"old")
        self.assertEqual(os.listdir(self.path.parent), ["file"])

    def test_download_fails(self):
        self.path.write_bytes(b"old")

        async def main():
            with self.assertRaises(GCoap.TimedOutError):
                await self.make_endpoint().download(Peer(self).uri, self.path, timeout=0.01)
            with self.assertRaises(GCoap.InvalidUriError):
                await self.make_endpoint().download("http://localhost/", self.path)
            with self.assertRaises(GLib.Error):
                await self.make_endpoint().download(Peer(self).uri, "/nonexistent/file")

        self.run_async(main)
        self.assertEqual(self.path.read_bytes(), b"old")

    def test_upload(self):
        self.path.write_bytes(BODY)
        for source in (
            self.path,
            str(self.path),
            Gio.File.new_for_path(str(self.path)),
            BODY,
            GLib.Bytes.new(BODY),
            Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(BODY)),
        ):
            response = self.run_transfer("upload", source, content_format=42)
            self.assertEqual(response.code, "2.04")
            self.assertEqual(self.received.pop(), (BODY, 42))

    def test_upload_progress(self):
        steps = []
        self.run_transfer("upload", BODY, progress=lambda *step: steps.append(step))
        self.assertEqual(steps[-1], (len(BODY), len(BODY)))

    def test_upload_refused(self):
        self.assertEqual(self.run_transfer("upload", BODY, "none").code, "4.04")
        with self.assertRaises(GCoap.ResponseError):
            self.run_transfer("upload", BODY, "none", check=True)

    def test_progress_that_fails(self):
        with self.catch_prints() as printed:
            self.run_transfer("download", self.path, progress=lambda *_: 1 / 0)
        self.assertEqual(set(printed), {ZeroDivisionError})
        self.assertEqual(self.path.read_bytes(), BODY)

    def test_wrong_arguments(self):
        async def main():
            client = self.make_endpoint()
            for call in (
                lambda: client.download("coap://localhost/", None),
                lambda: client.download("coap://localhost/", 5.5),
                lambda: client.download(None, self.path),
                lambda: client.upload("coap://localhost/", None),
                lambda: client.upload("coap://localhost/", b"x", content_format=1.5),
                lambda: client.upload("coap://localhost/", b"x", content_format=65536),
            ):
                with self.assertRaises((TypeError, ValueError)):
                    await call()
            self.assert_usable(client)

        self.run_async(main)
        self.assertFalse(self.path.exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
