# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The command gcoap asks libcoap's server: test-libcoap-command.py PROGRAM"""

import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from peers import LibcoapServer, foreign_environment

ERROR_RESPONSE = 3
LARGE = os.urandom(100_000)
PATIENCE = 30  # seconds

program = sys.argv[1]


class WithLibcoap(unittest.TestCase):
    HOST = "127.0.0.1"

    def setUp(self):
        self.server = LibcoapServer(self.HOST)
        self.addCleanup(self.server.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name, "file")

    def uri(self, path):
        return f"{self.HOST}:{self.server.port}/{path}"

    def options(self):
        return {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": foreign_environment()}

    def run_command(self, *arguments, **options):
        run = subprocess.run(
            [program, *map(str, arguments)], **self.options(), timeout=PATIENCE, **options
        )
        return run.returncode, run.stdout, run.stderr.decode().strip()

    def test_get(self):
        status, output, complaint = self.run_command("get", self.uri(""))
        self.assertEqual((status, complaint), (0, ""))
        self.assertIn(b"libcoap", output)
        status, output, _ = self.run_command("get", "-i", self.uri(".well-known/core"))
        self.assertEqual(status, 0)
        self.assertTrue(output.startswith(b"2.05 Content\n"))
        self.assertIn(b"\nContent-Format: 40 (application/link-format)\n", output)
        self.assertIn(b"</time>", output.partition(b"\n\n")[2])

    def test_put_and_delete(self):
        uri = self.uri("state")
        self.assertEqual(self.run_command("put", "-t", "json", uri, "[1]"), (0, b"", ""))
        self.assertEqual(self.run_command("get", "-a", "json", uri), (0, b"[1]", ""))
        self.assertEqual(self.run_command("delete", uri), (0, b"", ""))
        self.assertEqual(self.run_command("get", uri)[0], ERROR_RESPONSE)

    def test_not_there(self):
        status, output, complaint = self.run_command("get", self.uri("none"))
        self.assertEqual((status, output), (ERROR_RESPONSE, b""))
        self.assertTrue(complaint.startswith("gcoap: 4.04 Not Found"), complaint)

    def test_large(self):
        uri = self.uri("large")
        self.file.write_bytes(LARGE)
        self.assertEqual(self.run_command("put", "-f", self.file, uri), (0, b"", ""))
        self.assertEqual(self.run_command("get", uri), (0, LARGE, ""))
        self.file.write_text("old")
        self.assertEqual(self.run_command("get", "-o", self.file, uri), (0, b"", ""))
        self.assertEqual(self.file.read_bytes(), LARGE)
        self.assertEqual(self.run_command("put", "-f", "-", uri, input=LARGE[:5000]), (0, b"", ""))
        self.assertEqual(self.run_command("get", "-n", uri), (0, LARGE[:5000], ""))

    def test_ping(self):
        status, output, complaint = self.run_command("ping", self.uri(""))
        self.assertEqual((status, complaint), (0, ""))
        self.assertIn(b" answered after ", output)

    def test_observe(self):
        uri = self.uri("state")
        self.run_command("put", uri, "first")
        with subprocess.Popen(
            [program, "observe", "-v", uri], **self.options(), text=True
        ) as observer:
            try:
                self.assertEqual(observer.stdout.readline(), "first\n")
                for text in ("second", "third"):
                    self.run_command("put", uri, text)
                    self.assertEqual(observer.stdout.readline(), text + "\n")
                observer.send_signal(signal.SIGINT)
                output, log = observer.communicate(timeout=PATIENCE)
            finally:
                observer.kill()
        self.assertEqual((observer.returncode, output), (0, ""))
        # It has said goodbye, and been answered as by one that knew it.
        goodbye, answer = log.splitlines()[-2:]
        self.assertIn("Observe: 1", goodbye)
        self.assertRegex(answer, r"^<- .* ACK 2\.05 Content")

    def test_not_observable(self):
        status, output, complaint = self.run_command("observe", self.uri(""))
        self.assertEqual(status, 1)
        self.assertIn(b"libcoap", output)
        self.assertIn("does not let", complaint)


class WithLibcoapOnIPv6(WithLibcoap):
    HOST = "::1"

    def uri(self, path):
        return f"[::1]:{self.server.port}/{path}"


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
