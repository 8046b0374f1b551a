# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What GCoap has in Python beyond what introspection gives: see docs/python.md."""

from ...module import get_introspection_module
from ...overrides import override
from . import _loop
from ._client import Client
from ._errors import CoapError, translating
from ._loop import EventLoop, run
from ._message import Message
from ._observation import Iterable
from ._properties import Initialized, with_attributes
from ._server import Response, Server
from ._values import to_bytes

GCoap = get_introspection_module("GCoap")

EXCEPTIONS = {each.__name__: each for each in (CoapError, *CoapError.__subclasses__())}
globals().update(EXCEPTIONS)

__all__ = ["EventLoop", "Response", "run", *EXCEPTIONS]
for each in (Response, EventLoop, *EXCEPTIONS.values()):
    each.__module__ = "gi.repository.GCoap"
if hasattr(_loop, "EventLoopPolicy"):
    EventLoopPolicy = _loop.EventLoopPolicy
    EventLoopPolicy.__module__ = "gi.repository.GCoap"
    __all__.append("EventLoopPolicy")


def with_errors(cls):
    """Decorates a class so that its methods raise the classes of _errors."""
    base = next(base for base in cls.__mro__ if base.__module__ == "gi.repository.GCoap")
    for name, method in vars(base).items():
        can_throw = getattr(method, "can_throw_gerror", None)
        is_own = next(each for each in cls.__mro__ if name in vars(each)) is base
        if is_own and can_throw is not None and can_throw():
            setattr(cls, name, translating(method))
    return cls


def export(cls):
    __all__.append(cls.__name__)
    return override(cls)


def describe(self, *words):
    return f"<GCoap.{type(self).__name__} {' '.join(str(word) for word in words if word != '')}>"


export(Message)


@export
@with_errors
@with_attributes
class Endpoint(Client, Server, Initialized, GCoap.Endpoint):
    @property
    def request_text(self):
        return self.dup_request_text()

    @request_text.setter
    def request_text(self, text):
        self.set_request_text(text)

    @property
    def response_text(self):
        return self.dup_response_text()

    @response_text.setter
    def response_text(self, text):
        self.set_response_text(text)

    def set_request_data(self, data):
        super().set_request_data(to_bytes(data))

    def set_request_etag(self, etag):
        super().set_request_etag(to_bytes(etag))

    def set_response_data(self, data):
        super().set_response_data(to_bytes(data))

    def set_response_etag(self, etag):
        super().set_response_etag(to_bytes(etag))

    def __repr__(self):
        where = f"{self.local_host or '*'}:{self.local_port}"
        return describe(self, f"listening on {where}" if self.listening else "not listening")


@export
@with_attributes
class Request(GCoap.Request):
    @property
    def text(self):
        return self.dup_text()

    def validate(self, etag):
        return super().validate(to_bytes(etag))

    def __repr__(self):
        code = GCoap.code_get_name(self.method)
        method = code or GCoap.code_to_string(self.method)
        return describe(self, method, self.uri)


@export
@with_attributes
class Observation(Iterable, GCoap.Observation):
    def __repr__(self):
        return describe(self, self.uri, self.state.value_nick, self.code)


@export
@with_attributes
class Option(Initialized, GCoap.Option):
    @staticmethod
    def new_from_bytes(number, value):
        return GCoap.Option.new_from_bytes(number, to_bytes(value))

    def set_bytes(self, value):
        super().set_bytes(to_bytes(value))

    def __repr__(self):
        return describe(self, f"{self.name or self.number}:", repr(self.value))


@export
@with_attributes
class ConfigSetting(GCoap.ConfigSetting):
    def __repr__(self):
        return describe(self, f"{self.name}={self.value}")


@export
@with_attributes
class Notification(GCoap.Notification):
    def __repr__(self):
        return describe(self, self.uri, "latest" if self.is_latest else "overtaken")


@export
@with_attributes
class Observer(GCoap.Observer):
    def __repr__(self):
        return describe(self, f"{self.remote_host}:{self.remote_port}", self.uri)


@export
@with_attributes
class Statistics(GCoap.Statistics):
    def __repr__(self):
        values = {spec.name: self.get_property(spec.name) for spec in self.list_properties()}
        return describe(self, *(f"{name}={value}" for name, value in values.items() if value))
