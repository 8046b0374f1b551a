# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The properties of a class as attributes, in the types that Python has for them."""

from gi.repository import Gio, GLib, GObject

from ._errors import translate
from ._values import (
    fill_options,
    from_bytes,
    from_content_format,
    to_bytes,
    to_code_text,
    to_content_format,
)


def same(value):
    return value


def from_data(value):
    """No payload is an empty one; no ETag is None."""
    return from_bytes(value) or b""


def get_conversions(spec):
    """What to do with a value that was got, and with one to be set."""
    if spec.value_type == GLib.Bytes.__gtype__:
        return from_bytes if spec.name.endswith("etag") else from_data, to_bytes
    if spec.name.endswith("content-format"):
        return from_content_format, to_content_format
    if spec.name == "response-code":
        return same, to_code_text
    if spec.value_type == GLib.Error.__gtype__:
        return translate, same
    return same, same


def make_attribute(spec):
    name = spec.name
    from_value, to_value = get_conversions(spec)

    def get(self):
        return from_value(self.get_property(name))

    def set(self, value):
        self.set_property(name, to_value(value))

    def fill(self, value):
        fill_options(self.get_property(name), value)

    if spec.value_type == Gio.ListStore.__gtype__:
        return property(get, fill)
    return property(get, set if spec.flags & GObject.ParamFlags.WRITABLE else None)


def with_attributes(cls):
    """Decorates a class with what it does not have already."""
    for spec in cls.list_properties():
        name = spec.name.replace("-", "_")
        if name not in cls.__dict__:
            setattr(cls, name, make_attribute(spec))
    return cls


class Initialized:
    """Takes for each property what its attribute takes."""

    def __init__(self, **properties):
        names = {spec.name.replace("-", "_") for spec in type(self).list_properties()}
        unknown = [name for name in properties if name not in names]
        if unknown:
            raise TypeError(f"{type(self).__name__} has no property {unknown[0]!r}")
        super().__init__()
        for name, value in properties.items():
            setattr(self, name, value)
