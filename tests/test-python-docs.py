#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs the samples of docs/python.md one after the other: test-python-docs.py PAGE"""

import ast
import asyncio
import contextlib
import inspect
import io
import re
import sys
import tempfile
import unittest
import warnings
from pathlib import Path

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap

page = Path(sys.argv[1]).read_text()

OUTPUT = """\
2.05 21.5
4.04 Not Found b''
22.0
2.05 22.0
22.0
2.05 22.0
"""


class Page(unittest.TestCase):
    def setUp(self):
        self.addCleanup(asyncio.set_event_loop_policy, asyncio.get_event_loop_policy())
        self.server = GCoap.Endpoint(local_host="127.0.0.1")
        self.addCleanup(self.server.shutdown)
        values = {"/temperature": "21.5", "/humidity": "40", "/firmware": "x" * 3000}
        for path in values:
            self.server.route(path, observable=True)(lambda request: values[request.uri_path])
            self.server.route(path, "PUT")(
                lambda request: values.update({request.uri_path: request.text})
            )
        self.server.start_listening()

    def run_sample(self, sample, names):
        address = f"127.0.0.1:{self.server.local_port}"
        text = sample.replace("localhost", address).replace("local_port=5683", "local_port=0")
        code = compile(text, "<sample>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        if code.co_flags & inspect.CO_COROUTINE:
            GCoap.run(eval(code, names))
        else:
            exec(code, names)

    def test_samples(self):
        samples = re.findall(r"^```python\n(.*?)^```$", page, re.M | re.S)
        self.assertGreater(len(samples), 10)
        with tempfile.TemporaryDirectory() as folder:
            names = {"client": GCoap.Endpoint(timeout=5), "path": f"{folder}/file"}
            output = io.StringIO()
            with contextlib.redirect_stdout(output), warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                for sample in samples:
                    with self.subTest(sample=sample):
                        self.run_sample(sample, names)
        seen = [line for line in output.getvalue().splitlines(True) if " of " not in line]
        self.assertEqual("".join(seen), OUTPUT)
        self.check_server(names["server"])

    def check_server(self, server):
        """The server of the last samples does what the page says."""
        self.addCleanup(server.shutdown)
        client = GCoap.Endpoint()
        address = f"coap://127.0.0.1:{server.local_port}"

        async def main():
            for method, path, text, fields in (
                ("GET", "/temperature", "2.05 21.5", {}),
                ("PUT", "/temperature", "2.04 ", {"payload": "22"}),
                ("PUT", "/temperature", "4.15 text/plain only", {"content_format": 50}),
                ("GET", "/temperature", "2.05 22", {}),
                ("GET", "/slow", "2.05 done", {}),
            ):
                response = await client.request(method, address + path, **fields)
                self.assertEqual(f"{response.code} {response.text}", text)

        GCoap.run(main())

    def test_every_exception_is_listed(self):
        for cls in GCoap.CoapError.__subclasses__():
            self.assertIn(f"| {int(cls.number)} | `{cls.__name__}` |", page)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
