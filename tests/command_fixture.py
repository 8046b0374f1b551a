# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the tests of the command share: its runs, beside servers that live in this process.

The first argument of such a test is the program.
"""

import contextlib
import os
import pty
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from bindings_fixture import BindingsTest

program = os.path.abspath(sys.argv[1])

# The runtime of a sanitizer, which interpreters need, is in the program itself.
OTHERS = ("LD_PRELOAD", "ASAN_OPTIONS")
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in OTHERS} | {"LC_ALL": "C.UTF-8"}

SUCCESS, FAILURE, USAGE, ERROR_RESPONSE = range(4)


def read_all(master, shown):
    """Reads what is shown on a terminal until nobody has it open any more."""
    with contextlib.suppress(OSError):
        while data := os.read(master, 65536):
            shown.append(data)


class Run:
    """A run of the command. Its outputs grow while the main context of the test is iterated.

    The standard input ends behind `stdin`, unless that is None.
    """

    def __init__(self, test, *arguments, stdin=b"", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                 command=program, cwd=None, **environment):
        self.test = test
        self.stdout = self.stderr = b""
        self.process = subprocess.Popen(
            [command, *map(str, arguments)], stdin=subprocess.PIPE, stdout=stdout, stderr=stderr,
            cwd=cwd, env=ENVIRONMENT | environment,
        )
        test.addCleanup(self._end)
        self.threads = [
            threading.Thread(target=self._write, args=(stdin,)),
            threading.Thread(target=self._read, args=("stdout",)),
            threading.Thread(target=self._read, args=("stderr",)),
        ]
        for thread in self.threads:
            thread.start()

    def _write(self, data):
        if data is None:
            return
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(data)
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()

    def _read(self, name):
        pipe = getattr(self.process, name)
        while data := os.read(pipe.fileno(), 65536) if pipe else b"":
            setattr(self, name, getattr(self, name) + data)
            self.test.context.wakeup()
        if name == "stdout":
            self.process.wait()
        self.test.context.wakeup()

    def _end(self):
        self.process.kill()
        for thread in self.threads:
            thread.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe and not pipe.closed:
                pipe.close()

    def wait(self):
        self.test.iterate_until(lambda: self.process.poll() is not None)
        for thread in self.threads:
            thread.join()
        return self

    @property
    def status(self):
        return self.process.returncode

    @property
    def lines(self):
        return self.stdout.decode().splitlines()

    @property
    def complaint(self):
        return self.stderr.decode(errors="surrogateescape").strip()


class CommandTest(BindingsTest):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()

    def start(self, *arguments, **options):
        return Run(self, *arguments, **options)

    def run_command(self, *arguments, **options):
        return self.start(*arguments, **options).wait()

    def read_terminal(self, *arguments, name="stdout"):
        """What a run that succeeds shows on a terminal."""
        master, slave = pty.openpty()
        shown = []
        reader = threading.Thread(target=read_all, args=(master, shown))
        reader.start()
        run = self.run_command(*arguments, **{name: slave})
        os.close(slave)
        reader.join()
        os.close(master)
        self.assertEqual(run.status, SUCCESS, run.complaint)
        return b"".join(shown).decode().replace("\r\n", "\n")

    def check(self, arguments, status=SUCCESS, stdout=b"", complaint="", **options):
        run = self.run_command(*arguments, **options)
        self.assertEqual((run.status, run.stdout, run.complaint), (status, stdout, complaint))
        return run

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())
