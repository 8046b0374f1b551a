#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Writes the type stubs that editors and type checkers read: make-stubs.py GIR OVERRIDES OUTPUT

OVERRIDES is a stub file of what Python has beyond introspection. Its members take the place of
those of the same class and name in the GIR.
"""

import ast
import keyword
import sys
import xml.etree.ElementTree as ElementTree

CORE = "{http://www.gtk.org/introspection/core/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"

TYPES = {
    "none": "None",
    "utf8": "str",
    "filename": "str",
    "gboolean": "bool",
    "gpointer": "Any",
    "gdouble": "float",
    "Gio.AsyncReadyCallback": "Callable[..., object]",
    "Gio.FileProgressCallback": "Callable[..., object]",
    "GLib.Quark": "int",
}
INTEGERS = {f"g{sign}int{size}" for sign in ("", "u") for size in ("", "8", "16", "32", "64")}


def get_type(element):
    name = element.find(f"{CORE}type").get("name")
    return "int" if name in INTEGERS else TYPES.get(name, name)


def is_nullable(element):
    return element is not None and element.get("nullable") == "1"


def get_optional_type(element):
    name = get_type(element)
    return f"Optional[{name}]" if is_nullable(element) and name != "Any" else name


def list_parameters(function):
    """Those that Python has: no results, and nothing that frees a callback's data."""
    parameters = function.findall(f"{CORE}parameters/{CORE}parameter")
    freeing = {parameters[int(each.get("destroy"))] for each in parameters if each.get("destroy")}
    outward = [each for each in parameters if each.get("direction") == "out"]
    inward = [each for each in parameters if each not in freeing and each not in outward]
    return inward, outward


def format_parameters(inward):
    """Those at the end that may be None may be left out."""
    formatted = []
    is_end = True
    for parameter in reversed(inward):
        is_end = is_end and is_nullable(parameter)
        name = parameter.get("name")
        name += "_" if keyword.iskeyword(name) else ""
        formatted.append(f"{name}: {get_optional_type(parameter)}{' = ...' if is_end else ''}")
    return formatted[::-1]


def format_result(function, outward):
    result = function.find(f"{CORE}return-value")
    if not outward:
        return get_optional_type(result)
    types = [get_optional_type(each) for each in (result, *outward)]
    types = [each for each in types if each != "None"]
    return types[0] if len(types) == 1 else f"Tuple[{', '.join(types)}]"


def format_function(function, indent, is_method):
    inward, outward = list_parameters(function)
    parameters = (["self"] if is_method else []) + format_parameters(inward)
    start = f"{indent}def {function.get('name')}("
    result = f") -> {format_result(function, outward)}: ..."
    lines = [] if is_method or not indent else [f"{indent}@staticmethod"]
    line = f"{start}{', '.join(parameters)}{result}"
    if len(line) <= 100:
        return [*lines, line]
    listed = [f"{indent}    {parameter}," for parameter in parameters]
    return [*lines, start, *listed, f"{indent}{result}"]


def format_property(cls, element):
    name = element.get("name").replace("-", "_")
    getter = element.get("getter") or f"get_{name}"
    method = cls.find(f"{CORE}method[@name='{getter}']")
    type_name = get_type(element)
    if method is not None and is_nullable(method.find(f"{CORE}return-value")):
        type_name = f"Optional[{type_name}]"
    if name.endswith("content_format"):
        type_name = "_ContentFormatAttribute"
    elif type_name.endswith("GLib.Bytes]") or type_name == "GLib.Bytes":
        type_name = "_EtagAttribute" if name.endswith("etag") else "_DataAttribute"
    if element.get("writable") == "1" or type_name.endswith("Attribute"):
        return name, [f"    {name}: {type_name}"]
    return name, ["    @property", f"    def {name}(self) -> {type_name}: ..."]


def list_members(cls):
    """The name and the lines of each."""
    for element in cls.findall(f"{CORE}property"):
        yield format_property(cls, element)
    for kind in ("constructor", "function", "method"):
        for function in cls.findall(f"{CORE}{kind}"):
            if function.get("introspectable") != "0" and "shadowed-by" not in function.attrib:
                yield function.get("name"), format_function(function, "    ", kind == "method")


def format_enumeration(element):
    name = element.get("name")
    yield f"class {name}(GObject.GEnum):"
    for member in element.findall(f"{CORE}member"):
        yield f"    {member.get('name').upper()}: {name}"
    for function in element.findall(f"{CORE}function"):
        yield from format_function(function, "    ", False)


class Overrides:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.text = file.read()
        self.lines = self.text.splitlines()
        self.tree = ast.parse(self.text)

    def get_names(self, node):
        """What a statement defines."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return {node.name}
        if isinstance(node, ast.AnnAssign):
            return {node.target.id}
        return set()

    def take_class(self, name):
        """The lines of a class, and the names of its members."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef) and node.name == name:
                names = set().union(*map(self.get_names, node.body))
                lines = self.lines[node.lineno - 1 : node.end_lineno]
                self.lines[node.lineno - 1 : node.end_lineno] = [None] * len(lines)
                return lines, names
        return None, set()


def format_class(cls, overrides):
    name = cls.get("name")
    lines, names = overrides.take_class(name)
    base = "GObject.Object" if cls.tag == f"{CORE}class" else "GObject.GBoxed"
    yield from lines or [f"class {name}({base}):"]
    for member, member_lines in list_members(cls):
        if member not in names:
            yield from member_lines


def list_statements(namespace, overrides):
    for kind in ("enumeration", "bitfield"):
        for element in namespace.findall(f"{CORE}{kind}"):
            yield from ("", "", *format_enumeration(element))
    for cls in (*namespace.findall(f"{CORE}class"), *namespace.findall(f"{CORE}record")):
        if cls.get(f"{GLIB}is-gtype-struct-for") is None:
            yield from ("", "", *format_class(cls, overrides))
    yield from ("", "")
    for constant in namespace.findall(f"{CORE}constant"):
        yield f"{constant.get('name')}: {get_type(constant)}"
    for function in namespace.findall(f"{CORE}function"):
        yield from format_function(function, "", False)


def main():
    gir, overrides_path, output = sys.argv[1:]
    namespace = ElementTree.parse(gir).getroot().find(f"{CORE}namespace")
    overrides = Overrides(overrides_path)
    generated = list(list_statements(namespace, overrides))
    by_hand = "\n".join(line for line in overrides.lines if line is not None).rstrip()
    with open(output, "w", encoding="utf-8") as file:
        file.write("\n".join([by_hand, *generated]) + "\n")


main()
