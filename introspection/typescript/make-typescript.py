# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Writes the TypeScript declarations of a GIR: make-typescript.py GIR ADDITIONS OUTPUT

They are those of the module `gi://NAME` as gjs gives it, with the additions that an override makes,
and refer to the modules of other namespaces, which the packages of `@girs` declare.
"""

import re
import sys
import textwrap
import xml.etree.ElementTree as ElementTree
from pathlib import Path

CORE = "{http://www.gtk.org/introspection/core/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"

NUMBERS = """
    gint8 guint8 gint16 guint16 gint gint32 guint guint32 gint64 guint64
    glong gulong gshort gushort gsize gssize gfloat gdouble gunichar
""".split()
BASIC_TYPES = {
    "none": "void",
    "gboolean": "boolean",
    "utf8": "string",
    "filename": "string",
    "gpointer": "any",
    "GType": "GObject.GType",
    **dict.fromkeys(NUMBERS, "number"),
}
# What gjs takes where the library wants something else.
ALSO_TAKEN = {"GLib.Bytes": "GLib.Bytes | Uint8Array"}

# Methods of GObject.Object, which one of the same name and another signature has to stay fit for.
INHERITED = {"get_data", "get_property", "notify", "set_data", "set_property", "steal_data"}

HEADER = """\
// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// Made from {gir}; changes to it are lost.

declare module '{module}' {{
{body}
    export default {name};
}}

declare module 'gi://{name}' {{
    import {name} from '{module}';
    export default {name};
}}
"""


def indent(text, levels=1):
    return textwrap.indent(text, "    " * levels)


def list_names(each):
    """A property has two names in JavaScript: local_port and localPort."""
    name = each.get("name")
    camel = re.sub(r"-(\w)", lambda match: match[1].upper(), name)
    return dict.fromkeys([name.replace("-", "_"), camel])


def is_true(element, key):
    return element.get(key) == "1"


def is_nullable(element):
    # To "allow none" means of what comes out that one need not ask for it.
    is_out = element.get("direction") == "out"
    return is_true(element, "nullable") or (is_true(element, "allow-none") and not is_out)


class Writer:
    def __init__(self, gir):
        self.root = ElementTree.parse(gir).getroot()
        self.namespace = self.root.find(CORE + "namespace")
        self.name = self.namespace.get("name")

    # Types

    def name_type(self, holder):
        """The type of a parameter, a property or what is returned, but for null."""
        array = holder.find(CORE + "array")
        if array is not None:
            item = self.name_type(array)
            is_bytes = array.find(CORE + "type").get("name") == "guint8"
            return "Uint8Array" if is_bytes else f"{item}[]"
        name = holder.find(CORE + "type").get("name")
        if name in BASIC_TYPES:
            return BASIC_TYPES[name]
        # The declarations are within the namespace, whose own names need no prefix, but for one
        # that JavaScript has too.
        return name if "." in name else f"{self.name}.{name}"

    def name_value(self, holder):
        return self.name_type(holder) + (" | null" if is_nullable(holder) else "")

    def name_argument(self, holder):
        name = self.name_type(holder)
        return ALSO_TAKEN.get(name, name) + (" | null" if is_nullable(holder) else "")

    # Functions

    def split_parameters(self, function):
        """Those that go in, and those that come out; gjs makes the data of callbacks itself."""
        parameters = function.findall(f"{CORE}parameters/{CORE}parameter")
        hidden = set()
        for parameter in parameters:
            for key in ("closure", "destroy"):
                if parameter.get(key) is not None:
                    hidden.add(int(parameter.get(key)))
        shown = [each for index, each in enumerate(parameters) if index not in hidden]
        taken = [each for each in shown if each.get("direction", "in") != "out"]
        given = [each for each in shown if each.get("direction", "in") != "in"]
        return taken, given

    def write_parameters(self, parameters):
        return ", ".join(f"{each.get('name')}: {self.name_argument(each)}" for each in parameters)

    def name_result(self, function):
        returned = function.find(CORE + "return-value")
        values = [self.name_value(each) for each in self.split_parameters(function)[1]]
        if returned.find(f"{CORE}type[@name='none']") is None:
            values.insert(0, self.name_value(returned))
        if len(values) > 1:
            return f"[{', '.join(values)}]"
        return values[0] if values else "void"

    def write_function(self, function, prefix=""):
        taken, _ = self.split_parameters(function)
        name = function.get("name")
        return (
            f"{self.write_doc(function)}"
            f"{prefix}{name}({self.write_parameters(taken)}): {self.name_result(function)};\n"
        )

    def write_async(self, function, finish):
        """With a callback it is as in C, without one it gives a promise."""
        taken, _ = self.split_parameters(function)
        arguments = self.write_parameters(taken[:-1])
        name = function.get("name")
        return (
            f"{self.write_doc(function)}"
            f"{name}({arguments}): Promise<{self.name_result(finish)}>;\n"
            f"{name}({arguments}, callback: Gio.AsyncReadyCallback<this> | null): void;\n"
        )

    def write_methods(self, element):
        methods = {each.get("name"): each for each in element.findall(CORE + "method")}
        for name, method in methods.items():
            finish = methods.get(name.replace("_async", "_finish"))
            if name.endswith("_async") and finish is not None:
                yield self.write_async(method, finish)
            elif name not in ("ref", "unref"):
                inherited = f"{name}(...args: any[]): any;\n" if name in INHERITED else ""
                yield self.write_function(method) + inherited

    def write_constructors(self, element):
        for each in element.findall(CORE + "constructor"):
            yield self.write_function(each, "static ")

    # Documentation

    def write_doc(self, element):
        doc = element.find(CORE + "doc")
        if doc is None:
            return ""
        text = doc.text.replace("*/", "* /").replace("%NULL", "`null`")
        text = re.sub(r"%(TRUE|FALSE)", lambda match: f"`{match[1].lower()}`", text)
        text = re.sub(r"\[\w+@([\w.:-]+)\]", r"{@link \1}", text)
        lines = [f" * {line}".rstrip() for line in text.splitlines()]
        return "\n".join(["/**", *lines, " */", ""])

    # Types of the namespace

    def write_constant(self, constant):
        text = f"const {constant.get('name')}: {self.name_type(constant)};\n"
        return self.write_doc(constant) + text

    def write_enumeration(self, enumeration):
        if enumeration.get(GLIB + "error-domain"):
            return self.write_error(enumeration)
        name = enumeration.get("name")
        members = "".join(
            f"{self.write_doc(each)}{each.get('name').upper()} = {each.get('value')},\n"
            for each in enumeration.findall(CORE + "member")
        )
        functions = "".join(
            self.write_function(each, "function ")
            for each in enumeration.findall(CORE + "function")
        )
        text = f"{self.write_doc(enumeration)}enum {name} {{\n{indent(members)}}}\n"
        functions = f"const $gtype: GObject.GType<{name}>;\n{functions}"
        return f"{text}\nnamespace {name} {{\n{indent(functions)}}}\n"

    def write_error(self, enumeration):
        members = "".join(
            f"{self.write_doc(each)}static {each.get('name').upper()}: number;\n"
            for each in enumeration.findall(CORE + "member")
        )
        body = f"{members}\nconstructor(options: {{message: string, code: number}});\n"
        name = enumeration.get("name")
        text = f"class {name} extends GLib.Error {{\n{indent(body)}}}\n"
        return self.write_doc(enumeration) + text

    def write_record(self, record):
        name = record.get("name")
        parts = [
            f"static $gtype: GObject.GType<{name}>;\n",
            *self.write_constructors(record),
            *self.write_methods(record),
        ]
        return f"{self.write_doc(record)}class {name} {{\n{indent(chr(10).join(parts))}}}\n"

    def find_accessor(self, element, name):
        return element.find(f"{CORE}method[@name='{name}']") if name else None

    def write_property(self, element, each):
        """Its type is that of the accessors, which know about null."""
        getter = self.find_accessor(element, each.get("getter"))
        setter = self.find_accessor(element, each.get("setter"))
        value = self.name_type(each)
        got = value if getter is None else self.name_value(getter.find(CORE + "return-value"))
        taken = got
        if setter is not None:
            taken = self.name_value(setter.find(f"{CORE}parameters/{CORE}parameter"))
        text = ""
        for name in list_names(each):
            text += f"{self.write_doc(each)}get {name}(): {got};\n"
            if is_true(each, "writable") and not is_true(each, "construct-only"):
                text += f"set {name}(value: {taken});\n"
        return text

    def write_construct_properties(self, class_name, properties):
        body = "".join(
            f"{name}: {class_name}['{name}'];\n"
            for each in properties
            if is_true(each, "writable")
            for name in list_names(each)
        )
        text = "interface ConstructorProps extends GObject.Object.ConstructorProps {\n"
        return f"{text}{indent(body)}}}\n"

    def write_signals(self, signals, properties):
        body = ""
        for each in signals:
            name = each.get("name")
            taken, _ = self.split_parameters(each)
            arguments = ", ".join(f"{one.get('name')}: {self.name_value(one)}" for one in taken)
            handler = f"({arguments}) => {self.name_result(each)}"
            body += f"{self.write_doc(each)}'{name}': {handler};\n"
            if is_true(each, "detailed"):
                body += f"[path: `{name}::${{string}}`]: {handler};\n"
        for each in properties:
            body += f"'notify::{each.get('name')}': (pspec: GObject.ParamSpec) => void;\n"
        text = "interface SignalSignatures extends GObject.Object.SignalSignatures {\n"
        return f"{text}{indent(body)}}}\n"

    def write_connect(self, name):
        signatures = f"{name}.SignalSignatures"
        text = f"$signals: {signatures};\n\n"
        for method in ("connect", "connect_after"):
            text += (
                f"{method}<K extends keyof {signatures}>(\n"
                f"    signal: K,\n"
                f"    callback: GObject.SignalCallback<this, {signatures}[K]>): number;\n"
                f"{method}(signal: string, callback: (...args: any[]) => any): number;\n\n"
            )
        return text

    def write_class(self, element):
        name = element.get("name")
        properties = element.findall(CORE + "property")
        signals = element.findall(GLIB + "signal")
        constructors = list(self.write_constructors(element))
        # What only the library makes has no constructor in C, and a protected one here.
        access = "" if constructors else "protected "
        parts = [
            f"static $gtype: GObject.GType<{name}>;\n\n"
            f"{access}constructor(properties?: Partial<{name}.ConstructorProps>);\n",
            *constructors,
            *(self.write_property(element, each) for each in properties),
            *self.write_methods(element),
            self.write_connect(name),
        ]
        namespace = (
            f"{self.write_signals(signals, properties)}\n"
            f"{self.write_construct_properties(name, properties)}"
        )
        return (
            f"namespace {name} {{\n{indent(namespace)}}}\n\n"
            f"{self.write_doc(element)}class {name} extends GObject.Object {{\n"
            f"{indent(chr(10).join(parts).rstrip() + chr(10))}}}\n"
        )

    def write_namespace(self):
        # A record that is the structure of a class is of no use in JavaScript.
        records = [
            each
            for each in self.namespace.findall(CORE + "record")
            if each.get(GLIB + "is-gtype-struct-for") is None
        ]
        functions = self.namespace.findall(CORE + "function")
        parts = [
            *map(self.write_constant, self.namespace.findall(CORE + "constant")),
            *map(self.write_enumeration, self.namespace.findall(CORE + "enumeration")),
            *map(self.write_enumeration, self.namespace.findall(CORE + "bitfield")),
            *map(self.write_record, records),
            *map(self.write_class, self.namespace.findall(CORE + "class")),
            *(self.write_function(each, "function ") for each in functions),
        ]
        return "\n".join(parts)


def read_additions(path):
    return re.sub(r"^// .*\n+", "", path.read_text(), flags=re.M)


def main():
    gir, additions, output = map(Path, sys.argv[1:])
    writer = Writer(gir)
    body = f"{writer.write_namespace()}\n{read_additions(additions)}"
    # The scanner leaves out what another one includes.
    includes = {"GLib": "2.0"} | {
        each.get("name"): each.get("version") for each in writer.root.findall(CORE + "include")
    }
    imports = "".join(
        f"import {name} from 'gi://{name}?version={version}';\n"
        for name, version in includes.items()
    )
    body = f"{imports}\nnamespace {writer.name} {{\n{indent(body)}}}\n"
    text = HEADER.format(
        gir=gir.name,
        module=f"gi://{writer.name}?version={writer.namespace.get('version')}",
        name=writer.name,
        body=indent(body),
    )
    output.write_text(re.sub(r"[ \t]+$", "", text, flags=re.M))


if __name__ == "__main__":
    main()
