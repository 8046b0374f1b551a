#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What is installed is what the list has, and is complete in itself.

test-install.py LIST MESON BUILD-FOLDER PREFIX LIB-FOLDER PYTHON-FOLDER FEATURE...

A line of the list has a path below the prefix, or below the folders that LIB and PYTHON stand for,
and the feature that installs it; of a folder, all that it holds.
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

list_path, meson, build_folder, prefix, lib_folder, python_folder, *features = sys.argv[1:]

FOLDERS = {"PYTHON": python_folder, "LIB": str(Path(prefix, lib_folder)), "": prefix}


def read_list():
    for line in Path(list_path).read_text().splitlines():
        path, *feature = line.split()
        if set(feature) <= set(features):
            yield path


def abbreviate(path):
    for name, folder in FOLDERS.items():
        if folder and path.is_relative_to(folder):
            return str(name / path.relative_to(folder))
    return str(path)


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        subprocess.run(
            [meson, "install", "--quiet", "--no-rebuild", "-C", build_folder],
            check=True,
            env={**os.environ, "DESTDIR": folder.name},
        )
        # Links may point to nothing.
        files = [path for path in cls.root.rglob("*") if path.is_symlink() or path.is_file()]
        cls.files = {abbreviate("/" / path.relative_to(cls.root)): path for path in files}

    def test_list(self):
        listed = list(read_list())
        folders = tuple(path for path in listed if path.endswith("/"))
        for path in listed:
            with self.subTest("is installed", path=path):
                self.assertTrue(any(each.startswith(path) for each in self.files))
        for path in self.files:
            with self.subTest("is in the list", path=path):
                self.assertTrue(path in listed or path.startswith(folders))

    def test_links(self):
        for path in self.files.values():
            with self.subTest(path=path):
                self.assertTrue(path.exists())

    def test_tests(self):
        """What descriptions of installed tests run is there, by its whole path."""
        for path, file in self.files.items():
            if not path.endswith(".test"):
                continue
            words = re.search("^Exec=(.*)", file.read_text(), re.M).group(1).split()
            programs = [word for word in words if "/installed-tests/" in word]
            with self.subTest(path=path):
                self.assertEqual(len(programs), 1)
                self.assertTrue((self.root / programs[0].lstrip("/")).is_file())

    def test_no_trace_of_the_build(self):
        for path, file in self.files.items():
            if file.suffix in (".pc", ".gir", ".vapi", ".h", ".html", ".js", ".test", ".ts"):
                with self.subTest(path=path):
                    self.assertNotIn(build_folder, file.read_text())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
