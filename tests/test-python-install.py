#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What is installed is found by Python: test-python-install.py FINDER MESON BUILD-FOLDER FOLDER"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import gi

finder, meson, build_folder, python_folder = sys.argv[1:]

PROGRAM = """
import gi
gi.require_version("GCoap", "1.0")
from gi.repository import GCoap
from gi.overrides import GCoap as overrides
print(overrides.__file__)
print(GCoap.run.__name__, GCoap.Endpoint())
"""


def run(*command, **environment):
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, **environment},
    ).stdout


class Install(unittest.TestCase):
    def test_installed(self):
        with tempfile.TemporaryDirectory() as root:
            run(meson, "install", "--no-rebuild", "-C", build_folder, DESTDIR=root, LD_PRELOAD="")
            folder = Path(root) / python_folder.lstrip("/")
            self.assertTrue((folder / "gi-stubs/repository/GCoap.pyi").is_file())
            self.assertFalse((folder / "gi/__init__.py").exists())
            output = run(sys.executable, "-c", PROGRAM, PYTHONPATH=str(folder)).splitlines()
        self.assertEqual(output[0], str(folder / "gi/overrides/GCoap/__init__.py"))
        self.assertEqual(output[1], "run <GCoap.Endpoint not listening>")

    def test_folders(self):
        beside = str(Path(gi._overridesdir).parents[1])
        self.assertEqual(run(sys.executable, finder, "/usr").strip(), beside)
        self.assertIn("/nonexistent/", run(sys.executable, finder, "/nonexistent"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
