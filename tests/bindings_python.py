# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the Python tests of the overrides share."""

import contextlib
import sys

from bindings_fixture import BindingsTest
from gi.repository import GCoap


class PythonTest(BindingsTest):
    def run_async(self, function, *arguments):
        return GCoap.run(function(*arguments))

    def make_routed(self, **properties):
        """A server that listens, for routes to be added."""
        server = self.make_endpoint(**properties)
        server.start_listening()
        return server

    @contextlib.contextmanager
    def catch_prints(self):
        """The classes of exceptions that nobody catches: they go to sys.excepthook()."""
        classes = []
        previous, sys.excepthook = sys.excepthook, lambda cls, *_: classes.append(cls)
        try:
            yield classes
        finally:
            sys.excepthook = previous

    @contextlib.contextmanager
    def assert_prints(self, exception_class):
        with self.catch_prints() as printed:
            yield
        self.assertEqual(len(printed), 1)
        self.assertTrue(issubclass(printed[0], exception_class), printed)

    def ask(self, server, method, path, *arguments, **fields):
        """The response, without asyncio."""
        outcome = []
        client = self.make_endpoint()
        client.request_with_callback(
            method,
            self.uri(server, path),
            lambda *arguments: outcome.extend(arguments),
            *arguments,
            **fields,
        )
        self.iterate_until(lambda: outcome)
        self.assertIsNone(outcome[1])
        return outcome[0]
