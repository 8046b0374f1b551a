# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Reads the #include lines of src/ (the argument) against the order of the layers.

codec <- core <- facade -> transport -> codec: a layer may include itself and those that it stands
on, core and transport never see each other, and the tools have the public API only. The core has
neither input and output nor a clock.
"""

import re
import sys
from pathlib import Path

ALLOWED = {
    "codec": {"codec"},
    "core": {"core", "codec"},
    "transport": {"transport", "codec"},
    "facade": {"facade", "core", "transport", "codec"},
    "cli": {"cli"},
}

# The public headers that are of objects; the others are of the codec's values.
FACADE_HEADERS = {
    "gcoap/gcoap.h",
    "gcoap/gcoap-endpoint.h",
    "gcoap/gcoap-enum-types.h",
    "gcoap/gcoap-option.h",
    "gcoap/gcoap-request.h",
}

# What of the system a layer must not include, and what the core must not call.
FOREIGN = {
    "codec": re.compile(r"(gio/|glib-object\.h|glib-unix\.h|sys/time\.h|time\.h|unistd\.h)"),
    "core": re.compile(r"(gio/|glib-object\.h|glib-unix\.h|sys/|netinet/|arpa/|time\.h|unistd\.h)"),
}
CORE_CALLS = re.compile(
    r"\b(g_get_\w+_time|g_source_\w+|g_timeout_\w+|g_idle_\w+|g_main_\w+|g_random_\w+|g_object_\w+"
    r"|clock_gettime|gettimeofday|time|socket|send|sendto|recv|recvfrom|getrandom) \("
)

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def layer_of(path):
    return path.parts[0] if len(path.parts) > 1 else "facade"


def find_layer(source, name, included_from):
    """The layer of an included header; None for one of the system."""
    if name.startswith("gcoap/"):
        return "facade" if name in FACADE_HEADERS else "codec"
    for path in (included_from.parent / name, Path(name)):
        if (source / path).is_file():
            return layer_of(path)
    return None


def check_include(source, path, quote, name):
    layer = layer_of(path)
    target = find_layer(source, name, path)
    if layer == "cli" and name.startswith("gcoap/"):
        return None if name == "gcoap/gcoap.h" else "is not the public header"
    if target is not None:
        return None if target in ALLOWED[layer] else f"is of the layer {target}"
    if quote == '"' and name != "config.h":
        return "is not there"
    foreign = FOREIGN.get(layer)
    return "is not for this layer" if foreign and foreign.match(name) else None


def check_line(source, path, line):
    match = INCLUDE.match(line)
    if match:
        complaint = check_include(source, path, *match.groups())
        return f"{match.group(2)} {complaint}" if complaint else None
    match = CORE_CALLS.search(line) if layer_of(path) == "core" else None
    return f"the core must not call {match.group(1)}()" if match else None


def main():
    source = Path(sys.argv[1])
    paths = sorted(path.relative_to(source) for path in source.rglob("*.[ch]"))
    seen = {layer_of(path) for path in paths}
    complaints = [f"there is no layer {layer}" for layer in set(ALLOWED) - {"cli"} - seen]
    for path in paths:
        lines = (source / path).read_text().splitlines()
        for number, line in enumerate(lines, start=1):
            complaint = check_line(source, path, line)
            if complaint:
                complaints.append(f"{path}:{number}: {complaint}")
    print("\n".join(complaints) or f"{len(paths)} files are in order")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
