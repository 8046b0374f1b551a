# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Compiles programs with the library as it is installed, as C and as C++, every warning an error.

Arguments: meson, the build folder, the C compiler, the C++ compiler.
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

WARNINGS = ["-Wall", "-Wextra", "-pedantic", "-Werror"]
C_STANDARDS = ["-std=c99", "-std=c11", "-std=gnu17"]
CXX_STANDARDS = ["-std=c++11", "-std=c++17", "-std=c++20"]

PROGRAM = """
#include <gcoap/gcoap.h>

int
main (void)
{
  g_autoptr (GCoapEndpoint) endpoint = gcoap_endpoint_new ();
  g_autoptr (GCoapMessage) message = gcoap_message_new (GCOAP_CODE_CONTENT);
  g_autoptr (GCoapOption) option = gcoap_option_new (GCOAP_OPTION_NUMBER_ACCEPT, "0");
  GType types[] = { GCOAP_TYPE_REQUEST, GCOAP_TYPE_ERROR, GCOAP_TYPE_LOG_LEVEL };

  return GCOAP_IS_ENDPOINT (endpoint) && GCOAP_IS_OPTION (option) && message != NULL &&
         types[0] != 0 && GCOAP_MAJOR_VERSION >= 0 && GCOAP_ERROR != 0 ? 0 : 1;
}
"""

AUTOPTR_PROGRAM = """
#include <gcoap/gcoap.h>

int
main (void)
{{
{}
  return 0;
}}
"""

ALONE = "#include <gcoap/{}>\n"


def run(*command, **options):
    return subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def ask_package(package_file, question):
    environment = dict(os.environ, PKG_CONFIG_PATH=str(package_file.parent))
    result = run("pkg-config", question, package_file.stem, env=environment)
    if result.returncode != 0:
        raise RuntimeError(result.stdout)
    return result.stdout.split()


def read_flags(root, package_file):
    """The compiler flags of a program that uses the package installed under a root."""
    text = package_file.read_text()
    package_file.write_text(text.replace("prefix=/", f"prefix={root}/", 1))
    # The headers of others may warn as they like.
    return [
        word if word.startswith(f"-I{root}") else word.replace("-I", "-isystem", 1)
        for word in ask_package(package_file, "--cflags")
    ]


class HeadersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.root = Path(directory.name)
        installed = run(
            MESON, "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", cls.root
        )
        if installed.returncode != 0:
            raise RuntimeError(installed.stdout)
        [package_file] = cls.root.rglob("gcoap-1.0.pc")
        [main_header] = cls.root.rglob("gcoap.h")
        cls.flags = read_flags(cls.root, package_file)
        cls.libraries = ask_package(package_file, "--libs")
        cls.library_folder = package_file.parent.parent
        cls.folder = main_header.parent

    def compile(self, compiler, language, text, *flags):
        source = self.root / "program.source"
        source.write_text(text)
        return run(
            compiler, "-x", language, "-fsyntax-only", *WARNINGS, *flags, *self.flags, source
        )

    def check_all(self, text):
        for compiler, language, standard in CASES:
            with self.subTest(standard=standard):
                result = self.compile(compiler, language, text, standard)
                self.assertEqual(result.returncode, 0, result.stdout)

    def list_types(self):
        """Those of which a program can have a pointer."""
        text = "\n".join(path.read_text() for path in sorted(self.folder.glob("*.h")))
        objects = re.findall(r"^G_DECLARE_\w+_TYPE \((\w+)", text, re.M)
        others = re.findall(r"^typedef struct _(\w+) ", text, re.M)
        return objects + others

    def test_programs(self):
        self.check_all(PROGRAM)

    def test_autoptr_of_every_type(self):
        types = self.list_types()
        self.assertIn("GCoapEndpoint", types)
        self.assertIn("GCoapMessage", types)
        lines = "".join(
            f"  {kind} ({name}) {kind}_{name} = NULL;\n  (void) {kind}_{name};\n"
            for name in types
            for kind in ("g_autoptr", "g_autolist", "g_autoslist", "g_autoqueue")
        )
        self.check_all(AUTOPTR_PROGRAM.format(lines))

    def test_linked(self):
        """A program that is built and run with nothing but what pkg-config says."""
        environment = dict(os.environ, LD_LIBRARY_PATH=str(self.library_folder))
        source = self.root / "program.source"
        source.write_text(PROGRAM)
        for compiler, language in ((CC, "c"), (CXX, "c++")):
            with self.subTest(language):
                program = self.root / "program"
                compiled = run(
                    compiler, "-x", language, *WARNINGS, *self.flags, source, "-x", "none",
                    *self.libraries, "-o", program,
                )
                self.assertEqual(compiled.returncode, 0, compiled.stdout)
                result = run(program, env=environment)
                self.assertEqual(result.returncode, 0, result.stdout)

    def test_one_header_to_include(self):
        """The others say which one it is, but for those that the main one needs to say that."""
        for path in sorted(self.folder.glob("*.h")):
            if path.name in ("gcoap.h", "gcoap-version.h", "gcoap-enum-types.h"):
                continue
            with self.subTest(header=path.name):
                result = self.compile(CC, "c", ALONE.format(path.name))
                self.assertNotEqual(result.returncode, 0)
                self.assertIn("Only <gcoap/gcoap.h>", result.stdout)

    def test_no_private_header(self):
        names = [path.name for path in self.folder.iterdir()]
        self.assertEqual([name for name in names if "private" in name], [])
        self.assertEqual(len(list(self.root.rglob("*.h"))), len(names))

    def test_main_header_has_all(self):
        text = (self.folder / "gcoap.h").read_text()
        for path in self.folder.iterdir():
            if path.name != "gcoap.h":
                self.assertIn(f"#include <gcoap/{path.name}>", text)


if __name__ == "__main__":
    MESON, BUILD, CC, CXX = sys.argv[1:5]
    CASES = [(CC, "c", standard) for standard in C_STANDARDS]
    CASES += [(CXX, "c++", standard) for standard in CXX_STANDARDS]
    unittest.main(argv=sys.argv[:1], verbosity=2)
