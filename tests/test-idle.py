# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""An endpoint that has nothing to do makes no system call: arguments are strace and the server."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

# How long the server is watched, and how often it may be found at something that it was still
# busy with: after a request it finds once that there was no need for an early acknowledgement.
WATCH_SECONDS = 2
MAX_WATCHES = 4

PATIENCE = 60
REQUEST = bytes.fromhex("42011234aabb")
RESPONSE = bytes.fromhex("62451234aabbff") + b"hi"


class IdleTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.trace = Path(self.directory.name) / "trace"
        # The leak check of a sanitized build cannot be traced.
        environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")
        self.tracer = subprocess.Popen(
            [STRACE, "-f", "-o", self.trace, SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.addCleanup(self.stop)
        line = self.tracer.stdout.readline()
        self.assertTrue(line, "the server does not start, or may not be traced")
        self.port = int(line)

    def stop(self):
        # The server ends with its input, and strace with the server.
        self.tracer.communicate(timeout=PATIENCE)

    def watch(self):
        """The system calls that come while the server is watched."""
        before = self.trace.stat().st_size
        time.sleep(WATCH_SECONDS)
        self.assertIsNone(self.tracer.poll(), "the server has ended")
        with self.trace.open() as trace:
            trace.seek(before)
            return trace.read()

    def assert_falls_asleep(self):
        for _ in range(MAX_WATCHES):
            calls = self.watch()
            if not calls:
                break
        self.assertEqual(calls, "")
        # What it does is traced indeed, and the last of it is to wait.
        self.assertIn("poll", self.trace.read_text().splitlines()[-1])

    def ask(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.settimeout(PATIENCE)
            peer.sendto(REQUEST, ("127.0.0.1", self.port))
            self.assertEqual(peer.recv(2048), RESPONSE)

    def test_listening(self):
        self.assert_falls_asleep()

    def test_after_request(self):
        self.ask()
        self.assert_falls_asleep()


if __name__ == "__main__":
    STRACE, SERVER = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1], verbosity=2)
