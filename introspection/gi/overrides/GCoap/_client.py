# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The client half of an endpoint: requests by callbacks and by coroutines."""

import asyncio
import contextlib
import functools

from gi.repository import Gio, GLib

from ._errors import TimedOutError, translate, translating
from ._loop import get_running_loop
from ._message import make_request
from ._values import to_bytes, to_content_format, to_file


class Operation:
    """An asynchronous call of the library, which ends within a time if it is told to."""

    def __init__(self, callback, timeout):
        self.cancellable = Gio.Cancellable()
        self._callback = callback
        self._timeout = timeout
        self._timer = None if timeout is None else GLib.Timeout(max(0, int(timeout * 1000)))
        self._is_late = False

    def begin(self, start, *arguments):
        """Starts it; what is wrong with the arguments is raised before the clock runs."""
        start(*arguments)
        if self._timer is not None:
            self._timer.set_callback(self._give_up)
            self._timer.attach(GLib.MainContext.ref_thread_default())
        return self.cancellable

    def _give_up(self, *_):
        self._is_late = True
        self.cancellable.cancel()
        return GLib.SOURCE_REMOVE

    def end(self, finish, result):
        if self._timer is not None:
            self._timer.destroy()
        try:
            response = finish(result)
        except GLib.Error as error:
            self._callback(None, self._explain(error))
        else:
            self._callback(response, None)

    def _explain(self, error):
        if self._is_late and error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED):
            return TimedOutError(f"No response within {self._timeout:g} s")
        return translate(error)


async def wait_for(start):
    """What start(callback) leads to; it gives a Gio.Cancellable.

    It is over when this returns, also where the task is cancelled: its streams may be closed.
    """
    loop = get_running_loop()
    end = loop.create_future()
    outcome = None

    def finish(*result):
        nonlocal outcome
        outcome = result
        if not end.done():
            end.set_result(None)

    cancellable = start(finish)
    try:
        await end
    except asyncio.CancelledError:
        cancellable.cancel()
        if outcome is None:
            end = loop.create_future()  # the task has cancelled the other
            await end
        raise
    response, error = outcome
    if error is not None:
        raise error
    return response


def get_checked(response, check):
    return response.raise_for_code() if check else response


class Target:
    """What a download is written to; a file is as it was before until all is there."""

    def __init__(self, target):
        self._file = None
        self.stream = target
        if isinstance(target, Gio.OutputStream):
            return
        self._file = to_file(target)
        self._is_new = not self._file.query_exists()
        self.stream = self._file.replace(None, False, Gio.FileCreateFlags.REPLACE_DESTINATION)

    def close(self, is_good):
        if self._file is None:
            return
        if is_good:
            self.stream.close()
        else:
            self._discard()

    def _discard(self):
        """A file that is closed by somebody who has cancelled is not put in its place."""
        cancellable = Gio.Cancellable()
        cancellable.cancel()
        with contextlib.suppress(GLib.Error):
            self.stream.close(cancellable)
        if self._is_new:
            with contextlib.suppress(GLib.Error):
                self._file.delete()


def open_source(source):
    """A stream to read from, and whether it is ours to close."""
    if isinstance(source, Gio.InputStream):
        return source, False
    if isinstance(source, (bytes, bytearray, memoryview, GLib.Bytes)):
        return Gio.MemoryInputStream.new_from_bytes(to_bytes(source)), True
    return to_file(source).read(), True


def make_progress(progress):
    if progress is None:
        return None
    return lambda done, total, *_: progress(done, None if total < 0 else total)


class Client:
    """What Endpoint has to send requests with."""

    def _send(self, message, callback, timeout=None):
        operation = Operation(callback, timeout)

        def ready(_, result):
            operation.end(self.send_finish, result)

        return operation.begin(self.send_async, message, operation.cancellable, ready)

    def _make_request(self, method, uri, payload, confirmable=None, **fields):
        if confirmable is None:
            confirmable = self.use_confirmable_messages
        return make_request(method, uri, payload, confirmable=confirmable, **fields)

    async def request(
        self,
        method,
        uri,
        payload=None,
        *,
        content_format=None,
        options=None,
        confirmable=None,
        timeout=None,
        check=False,
    ):
        """Sends a request and gives the response, a GCoap.Message.

        With check, a response of class 4 or 5 is raised as a ResponseError.
        """
        message = self._make_request(
            method,
            uri,
            payload,
            confirmable,
            content_format=content_format,
            options=options,
        )
        return await self.send(message, timeout=timeout, check=check)

    async def send(self, message, *, timeout=None, check=False):
        """As request(), with a message from GCoap.Message.new_request()."""
        start = functools.partial(self._send, message, timeout=timeout)
        return get_checked(await wait_for(start), check)

    def request_with_callback(
        self,
        method,
        uri,
        callback,
        payload=None,
        *,
        content_format=None,
        options=None,
        confirmable=None,
        timeout=None,
    ):
        """Sends a request, and calls callback(response, error) at its end: one of them is None.

        Gives a Gio.Cancellable, which ends it.
        """
        if not callable(callback):
            raise TypeError(f"{callback!r} cannot be called")
        message = self._make_request(
            method,
            uri,
            payload,
            confirmable,
            content_format=content_format,
            options=options,
        )
        return self._send(message, callback, timeout)

    async def download(self, uri, target, *, progress=None, timeout=None, check=False):
        """Gets a resource of any size into a path, a Gio.File or a Gio.OutputStream.

        progress(done, total) is called for each block; total is None where it is not known. A file
        is left as it was unless all of the resource came.
        """
        get_running_loop()
        target = Target(target)

        def start(callback):
            operation = Operation(callback, timeout)
            return operation.begin(
                self.download_async,
                uri,
                target.stream,
                operation.cancellable,
                make_progress(progress),
                (),
                lambda _, result: operation.end(self.download_finish, result),
            )

        is_good = False
        try:
            response = await wait_for(start)
            is_good = response.is_success
        finally:
            target.close(is_good)
        return get_checked(response, check)

    async def upload(
        self, uri, source, *, content_format=None, progress=None, timeout=None, check=False
    ):
        """Puts what a path, a Gio.File, a Gio.InputStream or bytes hold, of any size."""
        get_running_loop()
        number = to_content_format(content_format)
        stream, is_ours = open_source(source)

        def start(callback):
            operation = Operation(callback, timeout)
            return operation.begin(
                self.upload_async,
                uri,
                stream,
                number,
                operation.cancellable,
                make_progress(progress),
                (),
                lambda _, result: operation.end(self.upload_finish, result),
            )

        try:
            return get_checked(await wait_for(start), check)
        finally:
            if is_ours:
                stream.close(None)

    @translating
    def observe(self, uri, payload=None, *, method="GET", content_format=None, options=None):
        """Observes a resource, or with FETCH the result of a query: a GCoap.Observation.

        async for gives its states, each a GCoap.Message; to leave the loop ends it.
        """
        message = self._make_request(
            method, uri, payload, content_format=content_format, options=options
        )
        return self.observe_message(message)
