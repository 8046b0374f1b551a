#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs the samples of a page: test-guides.py LANGUAGE PAGE FOLDER COMMAND...

Those in one language are one program. FOLDER is the build folder, and COMMAND the interpreter or
the compiler.
"""

import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

language, page, build_folder, *command = sys.argv[1:]

COAP_URI = r"coap://localhost/(.*?)"
CONTENT = b"\x45"
PAYLOAD_MARKER = b"\xff"


def read_samples():
    text = Path(page).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def run(*words, **options):
    return subprocess.run(
        [str(word) for word in words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PKG_CONFIG_PATH": f"{build_folder}/meson-uninstalled"},
        **options,
    )


class Guide(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, *replacements):
        """The program, in which each of the replacements must find its place."""
        text = "\n".join(read_samples())
        for pattern, new in replacements:
            text, count = re.subn(pattern, new, text)
            self.assertGreater(count, 0, pattern)
        path = self.folder / name
        path.write_text(text)
        return path

    def check(self, result, output):
        self.assertEqual((result.returncode, result.stdout), (0, output))


class JavaScript(Guide):
    def test(self):
        path = self.write(
            "program.js",
            ("local_port: 5683", "local_port: 0"),
            (f"'{COAP_URI}'", r"`coap://localhost:${server.local_port}/\1`"),
        )
        self.check(run(*command, "-m", path), "2.05 21.5\n21.5\n22.0\n")


class Python(Guide):
    def test(self):
        path = self.write(
            "program.py",
            ("local_port=5683", "local_port=0"),
            (f'"{COAP_URI}"', r'f"coap://localhost:{server.local_port}/\1"'),
        )
        self.check(run(*command, path), "/temperature 0\n21.5\n/temperature 711\n")


class C(Guide):
    """A client, which this answers itself."""

    def answer(self, server):
        request, client = server.recvfrom(1280)
        length = request[0] & 0x0F
        header = bytes([0x60 | length]) + CONTENT + request[2 : 4 + length]
        server.sendto(header + PAYLOAD_MARKER + b"21.5", client)

    def compile(self, source):
        program = self.folder / "program"
        flags = run("pkg-config", "--cflags", "--libs", "gcoap-1.0").stdout
        compiled = run(
            *command, "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-o", program, source,
            *shlex.split(flags),
        )
        self.assertEqual(compiled.returncode, 0, compiled.stdout)
        return program

    def test(self):
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(server.close)
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        program = self.compile(self.write("program.c", (COAP_URI, rf"coap://127.0.0.1:{port}/\1")))
        thread = threading.Thread(target=self.answer, args=[server], daemon=True)
        thread.start()
        self.check(run(program), "/temperature 0\n2.05 21.5\n")
        thread.join()


class Vala(Guide):
    def test(self):
        program = self.folder / "program"
        path = self.write(
            "program.vala",
            ("local_port = 5683", "local_port = 0"),
            ('"coap://localhost/', '@"coap://localhost:$(server.local_port)/'),
        )
        compiled = run(
            *command, "--fatal-warnings", f"--vapidir={build_folder}/introspection",
            "--pkg=gio-2.0", "--pkg=gcoap-1.0", "--Xcc=-w", f"--output={program}", path,
        )
        self.assertEqual(compiled.returncode, 0, compiled.stdout)
        self.check(run(program), "2.05 21.5\n4.04 Not Found\n22.0\n")


if __name__ == "__main__":
    case = {"c": C, "js": JavaScript, "python": Python, "vala": Vala}[language]
    unittest.main(argv=[*sys.argv[:1], case.__name__], verbosity=2)
