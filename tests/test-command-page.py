# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Types what the page about the command shows: test-command-page.py PROGRAM PAGE BASH"""

import os
import re
import sys
import unittest
from pathlib import Path

from bindings_fixture import GCoap, GLib
from command_fixture import CommandTest, program

page, bash = sys.argv[2:]

LINKS = "</temperature>;obs,</state>,</firmware>,</log>"
N_STATES = 3

# What a command prints ends with a zero, and its exit status is there for the next one.
SHOWN = """{line}
status=$?
printf '\\0'
(exit $status)
"""


def read_sessions():
    """The commands of each sample, with what they print."""
    for sample in re.findall(r"^```console\n(.*?)^```$", Path(page).read_text(), re.M | re.S):
        parts = re.split(r"^\$ (.*)\n", sample, flags=re.M)[1:]
        yield list(zip(parts[::2], parts[1::2]))


class PageTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.content = {".well-known/core": LINKS.encode(), "temperature": b"21.5"}
        self.server = self.make_server()
        self.server.connect("request", self.request_cb)
        self.server.connect("upload", lambda *_: None)
        self.server.connect("register::/temperature", self.register_cb)
        (self.folder / "firmware.bin").write_bytes(os.urandom(100_000))

    def request_cb(self, server, request):
        path = request.get_uri_path()[1:]
        payload = request.get_payload()
        if path == "slow":
            request.set_send_response(False)
        elif request.get_method() == GCoap.Method.GET:
            self.answer(path)
        elif any(each.get_name() == "If-None-Match" for each in request.get_options()):
            server.set_response_code("4.12")
        else:
            self.content[path] = payload.get_data()
            server.set_response_code("2.04")

    def answer(self, path):
        if path not in self.content:
            self.server.set_response_code("4.04")
            return
        self.server.set_response_data(GLib.Bytes(self.content[path]))
        self.server.set_response_content_format(0)

    def register_cb(self, _server, request):
        """A state more for each that is to be seen."""
        request.props.accept = True
        self.answer("temperature")
        self.n_states = 1
        self.run_later(self.change)

    def run_later(self, function):
        source = GLib.idle_source_new()
        source.set_callback(lambda _: function())
        source.attach(self.context)

    def change(self):
        self.content["temperature"] = b"%.1f" % (float(self.content["temperature"]) + 0.5)
        self.answer("temperature")
        self.server.send_notification(self.uri(self.server, "temperature"))
        self.n_states += 1
        return self.n_states < N_STATES

    def test(self):
        authority = f"127.0.0.1:{self.server.props.local_port}"
        for session in read_sessions():
            script = "".join(SHOWN.format(line=line) for line, _ in session)
            script = script.replace("localhost", authority).replace("-T 2", "-T 0.1")
            run = self.run_command(
                "-c", f"exec 2>&1\n{script}", command=bash, cwd=self.folder,
                PATH=f"{os.path.dirname(program)}:{os.environ['PATH']}",
            )
            printed = run.stdout.decode().replace(authority, "localhost").split("\0")
            for (line, expected), output in zip(session, printed, strict=False):
                with self.subTest(line):
                    self.assertEqual(output.rstrip("\n"), expected.rstrip("\n"))
            self.assertEqual(len(printed), len(session) + 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
