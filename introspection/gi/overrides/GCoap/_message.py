# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Messages with attributes: what a request is made of, and what comes back."""

from ...module import get_introspection_module
from ._errors import ResponseError, translating
from ._values import (
    from_bytes,
    from_content_format,
    list_options,
    to_bytes,
    to_content_format,
    to_method,
)

GCoap = get_introspection_module("GCoap")


class Message(GCoap.Message):
    __module__ = "gi.overrides.GCoap"

    new_request = staticmethod(translating(GCoap.Message.new_request))
    set_location = translating(GCoap.Message.set_location)
    add_string_option = translating(GCoap.Message.add_string_option)
    add_uint_option = translating(GCoap.Message.add_uint_option)

    @translating
    def add_option(self, number, value):
        return super().add_option(number, to_bytes(value))

    def set_payload(self, payload):
        super().set_payload(to_bytes(payload))

    @translating
    def set_token(self, token):
        return super().set_token(to_bytes(token))

    def ref(self):
        """Python counts the references itself."""
        return self

    def unref(self):
        """Python counts the references itself."""

    @property
    def code(self):
        """The code as text: "2.05" of a response, "0.01" of a GET."""
        return GCoap.code_to_string(self.get_code())

    @property
    def is_success(self):
        return self.get_code() >> 5 == 2

    def raise_for_code(self):
        """Raises a ResponseError if the code is of class 4 or 5; else gives the message itself."""
        code = self.get_code()
        if code >> 5 in (4, 5):
            name = GCoap.code_get_name(code)
            raise ResponseError(f"{self.code} {name}" if name else self.code, self)
        return self

    @property
    def payload(self):
        return from_bytes(self.get_payload()) or b""

    @payload.setter
    def payload(self, payload):
        self.set_payload(payload)

    @property
    def text(self):
        """The payload as text; None where it is not UTF-8."""
        return self.dup_text()

    @text.setter
    def text(self, text):
        self.set_text(text)

    @property
    def content_format(self):
        return from_content_format(self.get_content_format())

    @content_format.setter
    def content_format(self, content_format):
        self.set_content_format(to_content_format(content_format))

    @property
    def confirmable(self):
        return self.get_confirmable()

    @confirmable.setter
    def confirmable(self, confirmable):
        self.set_confirmable(confirmable)

    @property
    def token(self):
        return from_bytes(self.dup_token())

    @property
    def etag(self):
        return from_bytes(self.dup_option(GCoap.OptionNumber.ETAG))

    @property
    def max_age(self):
        """For how many seconds a response is valid: 60 where it does not say."""
        is_there, value = self.get_uint_option(GCoap.OptionNumber.MAX_AGE)
        return value if is_there else 60

    @property
    def location(self):
        """Where a resource was made, relative to the server; None where that is not told."""
        return self.dup_location(None)

    @property
    def options(self):
        """All options, each a GCoap.Option."""
        return list(self.list_options())

    @property
    def uri(self):
        """Where a request goes to; None of a response."""
        return self.dup_uri()

    def __repr__(self):
        words = [self.code, f"{len(self.payload)} bytes", *([self.uri] if self.uri else [])]
        return f"<GCoap.Message {', '.join(words)}>"


def make_request(
    method, uri, payload=None, *, content_format=None, options=None, confirmable=True
):
    message = Message.new_request(to_method(method), uri)
    message.confirmable = confirmable
    if payload is not None:
        message.payload = payload
    if content_format is not None:
        message.content_format = content_format
    for number, value in list_options(options):
        message.add_option(number, value)
    return message
