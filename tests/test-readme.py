#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Builds and runs the samples of the README.

test-readme.py README BUILD-FOLDER SERVER [GJS], where SERVER is the example server in C. The
compiler is that of $CC, cc by default.
"""

import contextlib
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

readme, build_folder, example_server, *gjs = sys.argv[1:]

samples = dict(re.findall(r"^```(\w+)\n(.*?)^```$", Path(readme).read_text(), re.M | re.S))


@contextlib.contextmanager
def running(command, **options):
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        finally:
            process.terminate()


class Readme(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, language, name, replacements):
        """A sample as a file, in which each of the replacements must find its place."""
        text = samples[language]
        for old, new in replacements.items():
            self.assertIn(old, text)
            text = text.replace(old, new)
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def check_client(self, language, name, make_command):
        with running([example_server, "0"], stdout=subprocess.PIPE, text=True) as server:
            port = server.stdout.readline().split()[-1]
            path = self.write(language, name, {"localhost": f"localhost:{port}"})
            output = subprocess.run(
                make_command(path), stdout=subprocess.PIPE, text=True, check=True
            ).stdout
        self.assertEqual(output, "2.05 21.5\n")

    def compile(self, source):
        """What Meson writes for pkg-config is tested along."""
        environment = {**os.environ, "PKG_CONFIG_PATH": f"{build_folder}/meson-uninstalled"}
        flags = subprocess.run(
            ["pkg-config", "--cflags", "--libs", "gcoap-1.0"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            env=environment,
        ).stdout
        program = self.folder / "client"
        compiler = shlex.split(os.environ.get("CC", "cc"))
        subprocess.run(
            [*compiler, "-Wall", "-Werror", "-o", program, source, *shlex.split(flags)], check=True
        )
        return [program]

    def test_c(self):
        self.check_client("c", "client.c", self.compile)

    @unittest.skipUnless(gjs, "there is no gjs")
    def test_js(self):
        self.check_client("js", "client.js", lambda path: [*gjs, "-m", path])

    def test_python(self):
        start = "server.start_listening()"
        path = self.write(
            "python",
            "server.py",
            {"port=5683": "port=0", start: f"{start}; print(server.props.local_port)"},
        )
        with running([sys.executable, "-u", path], stdout=subprocess.PIPE, text=True) as server:
            port = server.stdout.readline().strip()
            self.assertEqual(self.ask_with_sample(port), "2.05 21.5\n")

    def ask_with_sample(self, port):
        source = self.write("c", "client.c", {"localhost": f"localhost:{port}"})
        return subprocess.run(
            self.compile(source), stdout=subprocess.PIPE, text=True, check=True
        ).stdout


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
