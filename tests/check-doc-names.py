#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Checks that what the tables of a page call GCoap's is there: check-doc-names.py GIR ROOT PAGE...

The first column has the names of another library. What is code in the others may be made of names
of the GIR and of the settings, and of what the overrides define. Links are gi-docgen's to check.
"""

import ast
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

# What belongs to Python, to JavaScript, to GLib, or to the sample that it stands in.
OTHERS = set(
    """
    GCoap GLib Bytes None True False true false const of for await break return new notify loop
    client server endpoint uri target cancellable handler path data stream state text observation
    """.split()
)

gir, root, *pages = map(Path, sys.argv[1:])


def read_gir():
    names = set()
    for element in ElementTree.parse(gir).iter():
        kind = element.tag.rpartition("}")[2]
        name = element.get("name", "").replace("-", "_")
        names |= {value for key, value in element.items() if key.endswith("}identifier")}
        if kind != "parameter":
            names |= {name, name.upper()} if kind == "member" else {name}
    # A parameter is a name only where handlers get it.
    for signal in ElementTree.parse(gir).iter("{http://www.gtk.org/introspection/glib/1.0}signal"):
        names |= {element.get("name", "") for element in signal.iter()}
    return names


def read_settings():
    table = (root / "src/gcoap-settings-table.c").read_text()
    return set(re.findall(r'^  \{ "(\w+)"', table, re.M))


def read_options():
    table = (root / "src/codec/gcoap-option-def.c").read_text()
    return set(re.findall(r'^  \{ \d.*"([\w-]+)" \}', table, re.M))


def read_python():
    for path in (root / "introspection/gi/overrides/GCoap").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node.name
                if not isinstance(node, ast.ClassDef):
                    yield from (each.arg for each in node.args.args + node.args.kwonlyargs)


def read_javascript():
    """Methods and getters, what is put into GCoap's classes, and what is taken apart."""
    text = (root / "introspection/gjs/overrides/GCoap.js").read_text()
    for pattern in (r"function\*? (\w+)", r"^    (?:get )?(\w+)\(", r"GCoap\.(\w+) ="):
        yield from re.findall(pattern, text, re.M)
    for fields in re.findall(r"\{([\w\s,=]+)\}", text):
        yield from re.findall(r"\w+", fields)


def read_code(page):
    """Each name in the code of the tables, with the line it is in."""
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if not line.startswith("| "):
            continue
        for code in re.findall(r"`([^`]*)`", line.split("|", 2)[2]):
            setting = re.sub(r"config\(['\"](\w+)(=\w*)?['\"]\)", r"config \1", code)
            text = re.sub(r"'[^']*'|\"[^\"]*\"|\b\d[\w.]*", "", setting)
            yield from ((number, name) for name in re.findall(r"[A-Za-z]\w*", text))


known = OTHERS | read_gir() | read_settings() | read_options()
known |= {*read_python(), *read_javascript()}
wrong = [
    f"{page}:{number}: there is no {name}"
    for page in pages
    for number, name in read_code(page)
    if name not in known
]
print("\n".join(wrong), end="\n" if wrong else "")
sys.exit(bool(wrong))
