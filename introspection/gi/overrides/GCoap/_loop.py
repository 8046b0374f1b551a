# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""An asyncio event loop that runs GLib's main context too.

Where asyncio would wait for its sockets and timers, the context is iterated, with asyncio's epoll
instance and deadline among its sources. So callbacks of GLib run inside the running loop, and both
get on. PyGObject 3.50 has a loop of its own in gi.events; either does.
"""

import asyncio
import contextlib
import selectors
import signal
import sys
import threading

from gi.repository import GLib


class Selector(selectors.EpollSelector):
    """Waits by an iteration of a main context."""

    def __init__(self, context):
        super().__init__()
        self._context = context

    def select(self, timeout=None):
        if timeout is not None and timeout <= 0:
            self._context.iteration(False)
        else:
            self._wait(timeout)
        return super().select(0)

    def _wait(self, timeout):
        """Iterates until something was dispatched: that may have left the loop something to do.

        The source serves once, so that loops which a callback runs do not find it ready for ever.
        To attach one with a descriptor wakes the context up, so that the first iteration may end
        for no other reason.
        """
        source = GLib.Timeout(0)
        ready_time = -1 if timeout is None else GLib.get_monotonic_time() + int(timeout * 1e6)
        source.set_ready_time(ready_time)
        source.add_unix_fd(self.fileno(), GLib.IOCondition.IN)
        source.set_callback(lambda *_: GLib.SOURCE_REMOVE)
        source.attach(self._context)
        try:
            while not self._context.iteration(True):
                pass
        finally:
            source.destroy()


class EventLoop(asyncio.SelectorEventLoop):
    """Runs a main context: the thread's default one, or in a thread without one, its own."""

    def __new__(cls, context=None):
        """Refuses here what is none, as asyncio cannot finalize a loop that was not initialized."""
        if context is not None and not isinstance(context, GLib.MainContext):
            raise TypeError(f"A GLib.MainContext or None is needed, not {type(context).__name__}")
        return super().__new__(cls)

    def __init__(self, context=None):
        if context is None:
            context = GLib.MainContext.get_thread_default()
        if context is None and threading.current_thread() is threading.main_thread():
            context = GLib.MainContext.default()
        self._context = context or GLib.MainContext.new()
        super().__init__(Selector(self._context))

    def run_forever(self):
        if not self._context.acquire():
            raise RuntimeError("The main context is being iterated by another thread")
        self._context.push_thread_default()
        try:
            with self._woken_by_signals():
                super().run_forever()
        finally:
            self._context.pop_thread_default()
            self._context.release()

    @contextlib.contextmanager
    def _woken_by_signals(self):
        """Has handlers of signal.signal() run at once, even if GLib is just about to wait."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        previous = signal.set_wakeup_fd(self._csock.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(previous)


# Python 3.14 deprecates policies: there, asyncio.run() takes loop_factory=GCoap.EventLoop.
if sys.version_info < (3, 14):

    class EventLoopPolicy(asyncio.DefaultEventLoopPolicy):
        """Has asyncio.run() and its kin make a GCoap.EventLoop."""

        def new_event_loop(self):
            return EventLoop()


def run(main, *, debug=None):
    """Runs a coroutine as asyncio.run() does, together with GLib's main context."""
    if sys.version_info >= (3, 11):
        with asyncio.Runner(debug=debug, loop_factory=EventLoop) as runner:
            return runner.run(main)

    previous = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(EventLoopPolicy())
    try:
        return asyncio.run(main, debug=debug)
    finally:
        asyncio.set_event_loop_policy(previous)


def get_running_loop():
    """The running loop, which must be one that GLib's callbacks come in."""
    loop = asyncio.get_running_loop()
    if type(loop).__module__.startswith("asyncio."):
        raise RuntimeError(
            "This event loop does not run GLib's main context: "
            "call GCoap.run() in place of asyncio.run()"
        )
    return loop
