# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Observations that can be iterated."""

import collections
import weakref

from ...module import get_introspection_module
from ._errors import translate
from ._loop import get_running_loop
from ._message import Message

GCoap = get_introspection_module("GCoap")

State = GCoap.ObservationState

# Who does not keep up loses the oldest: to observe is to know the latest state (RFC 7641
# section 1.3).
MAX_UNREAD = 64


def get_values(observation):
    names = ("sequence", "code", "content-format", "data", "etag")
    return tuple(observation.get_property(name) for name in names)


def make_message(observation):
    code = GCoap.code_from_string(observation.get_code())[1]
    message = Message.new(code)
    message.set_payload(observation.get_data())
    message.set_content_format(observation.get_content_format())
    if observation.get_etag() is not None:
        message.add_option(GCoap.OptionNumber.ETAG, observation.get_etag())
    return message


class States:
    """The states of an observation that have not been read yet."""

    def __init__(self, observation):
        self._observation = observation
        self._latest = None
        self._unread = collections.deque(maxlen=MAX_UNREAD)
        self._waiting = None
        self._handler = observation.connect("notify", on_notify, weakref.ref(self))
        self.update()

    def update(self):
        """The values change together, so the first notify of a state finds all of them."""
        observation = self._observation
        values = get_values(observation)
        if observation.get_code() and values != self._latest:
            self._latest = values
            self._unread.append(make_message(observation))
        if self._waiting is not None and not self._waiting.done():
            if self._unread or self.is_over():
                self._waiting.set_result(None)

    def is_over(self):
        return self._observation.get_state() in (State.ENDED, State.FAILED)

    def __aiter__(self):
        return self

    async def __anext__(self):
        while not self._unread and not self.is_over():
            self._waiting = get_running_loop().create_future()
            await self._waiting
        if self._unread:
            return self._unread.popleft().raise_for_code()
        error = self._observation.get_error()
        if error is not None:
            raise translate(error)
        raise StopAsyncIteration

    def __del__(self):
        """Whoever leaves an async for drops this, and means to observe no longer."""
        if self._observation.handler_is_connected(self._handler):
            self._observation.disconnect(self._handler)
        self._observation.cancel()


def on_notify(observation, _, reference):
    states = reference()
    if states is not None:
        states.update()


class Iterable:
    """What Observation has for async for."""

    def __aiter__(self):
        get_running_loop()
        return States(self)
