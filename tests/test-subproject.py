#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Builds the samples of the guide to C and C++ with GCoap as a subproject, and runs them.

test-subproject.py MESON GUIDE SOURCE-FOLDER SERVER
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

meson, guide, source_folder, example_server = sys.argv[1:]

# What is of the build that runs the test has no place in the other one.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in ("LD_LIBRARY_PATH", "LD_PRELOAD", "G_DEBUG")
}


def run(*words):
    return subprocess.run(
        [str(word) for word in words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=ENVIRONMENT,
    )


class Subproject(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.build = cls.folder / "build"
        cls.server = subprocess.Popen([example_server, "0"], stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.end_server)
        port = cls.server.stdout.readline().split()[-1]
        cls.write_project(port)
        # Nothing may be fetched; what is built is only what the programs need.
        cls.output = cls.run_all(
            (meson, "setup", "--wrap-mode=nodownload", "-Dgcoap:introspection=disabled",
             cls.build, cls.folder),
            ("ninja", "-C", cls.build),
        )

    @classmethod
    def end_server(cls):
        cls.server.terminate()
        cls.server.communicate()

    @classmethod
    def write_project(cls, port):
        samples = dict(re.findall(r"^```(\w+)\n(.*?)^```$", Path(guide).read_text(), re.M | re.S))
        subprojects = cls.folder / "subprojects"
        subprojects.mkdir()
        (subprojects / "gcoap").symlink_to(source_folder)
        (subprojects / "gcoap.wrap").write_text(samples["ini"])
        (cls.folder / "meson.build").write_text(samples["meson"])
        for name in ("c", "cpp"):
            text = samples[name].replace("//localhost/", f"//localhost:{port}/")
            (cls.folder / f"program.{name}").write_text(text)

    @classmethod
    def run_all(cls, *commands):
        output = ""
        for command in commands:
            result = run(*command)
            output += result.stdout
            if result.returncode != 0:
                raise RuntimeError(output)
        return output

    def test_programs(self):
        for name in ("program", "program-cpp"):
            with self.subTest(name):
                result = run(self.build / name)
                self.assertEqual((result.returncode, result.stdout), (0, "2.05 21.5\n"))

    def test_quiet(self):
        self.assertNotRegex(self.output, r"(?i)\bwarning:")

    def test_no_more_than_needed(self):
        """Neither tests nor examples, and the program is not given the library's config.h."""
        made = [path.name for path in self.build.rglob("*") if path.is_file()]
        self.assertEqual([name for name in made if name.startswith(("test-", "example-"))], [])
        commands = (self.build / "compile_commands.json").read_text()
        [program] = re.findall(r'"command": "(.*program\.c)"', commands)
        self.assertNotIn("subprojects/gcoap/src ", program)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
