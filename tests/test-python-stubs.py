#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The type stubs have what there is, and type checkers can read them.

test-python-stubs.py STUBS PYTHON-FOLDER [MYPY], where the folder has programs that use GCoap
"""

import ast
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap

stubs, folder, *mypy = sys.argv[1:]

# Stands for the stubs of PyGObject, which are not at hand.
ANYTHING = "from typing import Any\n\ndef __getattr__(name: str) -> Any: ...\n"
OTHERS = {
    "Gio": ANYTHING,
    "GLib": f"{ANYTHING}\nclass Bytes: ...\n\nclass Error(RuntimeError):\n    message: str\n",
    "GObject": """
from typing import Any

class Object:
    def connect(self, signal: str, handler: object) -> int: ...
    @property
    def props(self) -> Any: ...
class GEnum(int): ...
class GBoxed: ...
""",
}

MISTAKES = {
    "client.request_with_callback('GET')": "Missing positional argument",
    "client.request_with_callback(1.5, 'coap://x', print)": "Argument 1 to",
    "client.no_such()": "has no attribute",
    "client.response_data = 5": "Incompatible types in assignment",
    "client.listening = True": "read-only",
    "len(client.local_port)": 'Argument 1 to "len"',
    "GCoap.Endpoint(no_such=1)": "Unexpected keyword argument",
    "GCoap.Error.NO_SUCH": "has no attribute",
}

RIGHTS = (
    "client.response_data = 'text'",
    "client.response_data = b'bytes'",
    "client.response_data.decode()",
    "client.request_options = {'Accept': 50, 'Uri-Query': ['a', 'b'], 65000: b'x'}",
    "client.response_content_format = 'text/plain'",
    "client.route('/a', methods=['GET'])(lambda request: ('2.05', request.payload))",
    "client.observe('coap://x').cancel()",
    "GCoap.Response('x', code=GCoap.Code.CONTENT)",
)


def list_names(body):
    """What the statements of a module or class define."""
    for node in body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name
        elif isinstance(node, ast.AnnAssign):
            yield node.target.id
        elif isinstance(node, ast.If):
            yield from list_names(node.body)


def list_public(cls):
    """The members that a class does not have from GObject or Python."""
    for base in cls.__mro__:
        if "GCoap" in base.__module__:
            yield from (name for name in vars(base) if not name.startswith(("_", "do_")))


class Stubs(unittest.TestCase):
    def setUp(self):
        self.tree = ast.parse(Path(stubs).read_text())
        self.classes = {
            node.name: set(list_names(node.body))
            for node in self.tree.body
            if isinstance(node, ast.ClassDef)
        }

    def test_module(self):
        names = {name for name in dir(GCoap) if not name.startswith("_")}
        structures = {name for name in names if name.endswith("Class")}
        self.assertEqual(names - structures - set(list_names(self.tree.body)), set())

    def test_classes(self):
        counting = {"Message": {"ref", "unref"}}
        for name, members in self.classes.items():
            cls = getattr(GCoap, name, None)
            if cls is None or not cls.__module__.startswith(("gi.overrides", "gi.repository")):
                continue
            if issubclass(cls, (Exception, GCoap.EventLoop)):
                continue
            with self.subTest(name):
                missing = set(list_public(cls)) - members - counting.get(name, set())
                self.assertEqual({each for each in missing if not each.isupper()}, set())

    def test_nothing_else(self):
        for name, members in self.classes.items():
            if name.startswith("_"):
                continue
            cls = getattr(GCoap, name)
            for member in members:
                with self.subTest(f"{name}.{member}"):
                    is_field = name == "Response" or member in ("response", "code", "message")
                    self.assertTrue(is_field or hasattr(cls, member) or member == "domain")

    def check(self, *lines):
        """What mypy says of the lines, in which client is an endpoint."""
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)
            repository = root / "gi/repository"
            repository.mkdir(parents=True)
            (root / "gi/__init__.pyi").write_text(ANYTHING)
            (repository / "__init__.pyi").write_text("")
            (repository / "GCoap.pyi").write_text(Path(stubs).read_text())
            for other, text in OTHERS.items():
                (repository / f"{other}.pyi").write_text(text)
            program = root / "program.py"
            program.write_text(
                "from gi.repository import GCoap\n\nclient = GCoap.Endpoint()\n"
                + "\n".join(lines)
                + "\n"
            )
            arguments = ["--strict", "--allow-subclassing-any", "--cache-dir", f"{root}/cache"]
            programs = [program, repository / "GCoap.pyi", *Path(folder).resolve().glob("*.py")]
            return subprocess.run(
                [*mypy, *arguments, "--allow-untyped-defs", "--allow-untyped-calls", *programs],
                stdout=subprocess.PIPE,
                text=True,
                cwd=root,
            ).stdout

    @unittest.skipUnless(mypy, "there is no mypy")
    def test_mypy(self):
        lines = [*RIGHTS, *MISTAKES]
        output = [line for line in self.check(*lines).splitlines() if "error:" in line]
        for number, (line, complaint) in enumerate(MISTAKES.items(), 4 + len(RIGHTS)):
            with self.subTest(line):
                found = [each for each in output if each.startswith(f"program.py:{number}:")]
                self.assertEqual(len(found), 1, output)
                self.assertIn(complaint, found[0])
        self.assertEqual(len(output), len(MISTAKES), "\n".join(output))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
