#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Checks the TypeScript declarations: test-typescript.py BUILD-FOLDER DECLARATIONS GUIDE

The compiler reads them together with sample.ts, and with the samples of the guide. It is fetched
into the build folder, the first time.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent / "interop"))

from peers import find_tool, foreign_environment, install_node_modules  # noqa: E402

build_folder, declarations, guide = map(Path, sys.argv[1:])


class TypeScript(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.modules = install_node_modules(build_folder, FOLDER)

    def compile(self, sources, config=None):
        """What tsc says of a project with these files."""
        with tempfile.TemporaryDirectory() as name:
            project = Path(name)
            (project / "node_modules").symlink_to(self.modules)
            (project / "tsconfig.json").write_text(
                config or (FOLDER / "tsconfig.json").read_text()
            )
            shutil.copy(declarations, project)
            for name, text in sources.items():
                (project / name).write_text(text)
            tsc = self.modules / "typescript/bin/tsc"
            result = subprocess.run(
                [find_tool("node"), tsc, "--project", project],
                cwd=project,
                env=foreign_environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return result.returncode, result.stdout

    def test_sample(self):
        self.assertEqual(self.compile({"sample.ts": (FOLDER / "sample.ts").read_text()}), (0, ""))

    def test_errors_are_found(self):
        """The expectations of the sample are for something."""
        text = "import GCoap from 'gi://GCoap';\n\nnew GCoap.Endpoint().get(5);\n"
        status, output = self.compile({"wrong.ts": text})
        self.assertNotEqual(status, 0)
        self.assertRegex(output, r"wrong\.ts\(3,\d+\): error")

    def test_guide(self):
        samples = dict(re.findall(r"^```(\w+)\n(.*?)^```$", guide.read_text(), re.M | re.S))
        # Where the guide names the file as it is installed, here it is in the folder.
        config, count = re.subn(r'"[^"]*/(gcoap-1\.0\.d\.ts)"', r'"\1"', samples["json"])
        self.assertEqual(count, 1)
        self.assertEqual(self.compile({"program.ts": samples["ts"]}, config), (0, ""))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
