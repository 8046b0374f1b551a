# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What Python has, as the library takes it, and back."""

import os
from collections.abc import Mapping

from gi.repository import Gio, GLib

from ...module import get_introspection_module

GCoap = get_introspection_module("GCoap")

# To look a name up in GLib takes longer than to make the bytes.
Bytes = GLib.Bytes


def to_bytes(value):
    if value is None or isinstance(value, Bytes):
        return value
    if isinstance(value, str):
        return Bytes.new(value.encode())
    if isinstance(value, (bytes, bytearray, memoryview)):
        return Bytes.new(bytes(value))
    raise TypeError(f"str, bytes, GLib.Bytes or None is needed, not {type(value).__name__}")


def from_bytes(value):
    return (value.get_data() or b"") if value is not None else None


def to_method(method):
    if isinstance(method, str):
        number = getattr(GCoap.Method, method.upper(), None)
        if not isinstance(number, GCoap.Method):
            raise ValueError(f"{method!r} is no method that has a name")
        return int(number)
    if isinstance(method, int) and 0 <= method <= 31:
        return int(method)
    raise TypeError(f"A method is a name or a number from 0 to 31, not {method!r}")


def to_code_text(code):
    """The code as text; whether that is a code is for the library to say."""
    if code is None:
        return ""
    if isinstance(code, int) and 0 <= code <= 255:
        return GCoap.code_to_string(code)
    if isinstance(code, str):
        return code
    raise TypeError(f"A code is text such as '2.05', or one of GCoap.Code, not {code!r}")


def to_content_format(content_format):
    if content_format is None:
        return GCoap.CONTENT_FORMAT_NONE
    if isinstance(content_format, str):
        number = GCoap.content_format_from_media_type(content_format)
        if number < 0:
            raise ValueError(f"{content_format!r} is no media type that has a number")
        return number
    if isinstance(content_format, int):
        if not GCoap.CONTENT_FORMAT_NONE <= content_format <= 65535:
            raise ValueError(f"{content_format} is no Content-Format")
        return content_format
    raise TypeError(f"A Content-Format is a number or a media type, not {content_format!r}")


def from_content_format(content_format):
    return None if content_format == GCoap.CONTENT_FORMAT_NONE else content_format


def to_file(path):
    return path if isinstance(path, Gio.File) else Gio.File.new_for_path(os.fspath(path))


def to_option_number(name):
    if isinstance(name, str):
        number = GCoap.option_number_from_name(name)
        if number < 0:
            raise ValueError(f"{name!r} is no option that has a name; a number would do")
        return number
    if isinstance(name, int) and 0 <= name <= 65535:
        return int(name)
    raise TypeError(f"An option is named by a name or a number from 0 to 65535, not {name!r}")


def to_option_value(number, value):
    if value is None or value is True:
        return Bytes.new(b"")
    if isinstance(value, int) and 0 <= value <= 0xFFFFFFFF and value is not False:
        return Bytes.new(value.to_bytes((value.bit_length() + 7) // 8, "big"))
    if isinstance(value, str):
        data = GCoap.Option.new(number, value).dup_bytes()
        if data is None:
            raise ValueError(f"{value!r} is no value of option {number}")
        return data
    if isinstance(value, (bytes, bytearray, memoryview, Bytes)):
        return to_bytes(value)
    raise TypeError(f"Option {number} cannot have {value!r} as its value")


def list_options(options):
    """The (number, GLib.Bytes) of a dict, of pairs, or of GCoap.Option."""
    pairs = options.items() if isinstance(options, Mapping) else options or ()
    listed = []
    for pair in pairs:
        if isinstance(pair, GCoap.Option):
            listed.append((pair.get_number(), pair.dup_bytes() or Bytes.new(b"")))
            continue
        name, values = pair
        number = to_option_number(name)
        if not isinstance(values, (list, tuple)):
            values = (values,)
        listed.extend((number, to_option_value(number, value)) for value in values)
    return listed


def fill_options(store, options):
    """Puts the options into a Gio.ListStore of GCoap.Option, in place of what it has."""
    made = [GCoap.Option.new_from_bytes(*option) for option in list_options(options)]
    store.remove_all()
    for option in made:
        store.append(option)
