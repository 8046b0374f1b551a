#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs the example servers and clients of every language against each other.

test-examples.py EXAMPLES-FOLDER SERVER CLIENT GET PUT GJS [CLIENT OBSERVER SERVER]

GJS may be empty. The last three are those in Vala.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

MAXIMUM_LINES = {
    "client": 40,
    "observe": 40,
    "server": 40,
    "get": 85,
    "put": 75,
    "file-server": 95,
}
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}

folder, c_server, c_client, c_get, c_put, gjs, *vala = sys.argv[1:]

servers = {"C": [c_server], "Python": [sys.executable, f"{folder}/server.py"]}
file_server = [sys.executable, f"{folder}/file-server.py"]
getters = {"C": [c_get], "Python": [sys.executable, f"{folder}/get.py"]}
putters = {"C": [c_put], "Python": [sys.executable, f"{folder}/put.py"]}
clients = {"C": [c_client], "Python": [sys.executable, f"{folder}/client.py"]}
if gjs:
    servers["JavaScript"] = [gjs, "-m", f"{folder}/server.js"]
    clients["JavaScript"] = [gjs, "-m", f"{folder}/client.js"]
observers = {
    language: [*command[:-1], f"{folder}/observe{Path(command[-1]).suffix}"]
    for language, command in clients.items()
    if language != "C"
}
if vala:
    clients["Vala"], observers["Vala"], servers["Vala"] = ([program] for program in vala)


@contextlib.contextmanager
def running(command, port="0"):
    """The URI of a server that runs meanwhile; its first line tells the port."""
    with subprocess.Popen(
        [*command, port], stdout=subprocess.PIPE, encoding="utf-8", env=ENVIRONMENT
    ) as server:
        try:
            yield "coap://127.0.0.1:" + server.stdout.readline().split()[-1]
        finally:
            server.terminate()


def run(command, *arguments):
    """The exit status and both outputs."""
    result = subprocess.run(
        [*command, *arguments], capture_output=True, encoding="utf-8", env=ENVIRONMENT
    )
    return result.returncode, result.stdout.strip(), result.stderr.strip()


class Examples(unittest.TestCase):
    def check_conversation(self, client, uri):
        self.assertEqual(run(client, "put", uri, "21.5"), (0, "2.04", ""))
        self.assertEqual(run(client, "get", uri), (0, "2.05 21.5", ""))
        self.assertEqual(run(client, "put", uri, "22 °C"), (0, "2.04", ""))
        self.assertEqual(run(client, "get", uri), (0, "2.05 22 °C", ""))
        for method in ("post", "delete"):
            self.assertEqual(run(client, method, uri), (1, "", "4.05 Method Not Allowed"))
        self.assertEqual(run(client, "get", uri + "/x"), (1, "", "4.04 Not Found"))

    def test_each_with_each(self):
        for server_language, server in servers.items():
            with running(server) as uri:
                for client_language, client in clients.items():
                    with self.subTest(f"{client_language} asks {server_language}"):
                        self.check_conversation(client, uri + "/temperature")

    def test_first_answer(self):
        for language, server in servers.items():
            with self.subTest(language), running(server) as uri:
                self.assertEqual(run([c_client], "get", uri + "/temperature")[1], "2.05 21.5")

    def test_port_taken(self):
        with running([c_server]) as uri:
            for language, server in servers.items():
                with self.subTest(language):
                    status, output, complaint = run(server, uri.rpartition(":")[2])
                    self.assertEqual((status, output), (1, ""))
                    self.assertIn("in use", complaint)

    def check_observer(self, observer, uri):
        self.assertEqual(run([c_client], "put", uri, "21.5")[1], "2.04")
        with subprocess.Popen(
            [*observer, uri], stdout=subprocess.PIPE, encoding="utf-8", env=ENVIRONMENT
        ) as process:
            try:
                self.assertEqual(process.stdout.readline(), "21.5\n")
                for text in ("22 °C", "23"):
                    self.assertEqual(run([c_client], "put", uri, text)[1], "2.04")
                    self.assertEqual(process.stdout.readline(), text + "\n")
            finally:
                process.terminate()

    def test_observe(self):
        for server_language in observers:
            with running(servers[server_language]) as uri:
                for language, observer in observers.items():
                    with self.subTest(f"{language} observes {server_language}"):
                        self.check_observer(observer, uri + "/temperature")

    def test_observe_what_is_not_there(self):
        with running([c_server]) as uri:
            for language, observer in observers.items():
                with self.subTest(language):
                    status, output, complaint = run(observer, uri + "/x")
                    self.assertEqual((status, output), (1, ""))
                    self.assertIn("4.04", complaint)

    def test_observe_usage(self):
        for language, observer in observers.items():
            with self.subTest(language):
                status, output, complaint = run(observer)
                self.assertEqual((status, output), (2, ""))
                self.assertIn("Usage:", complaint)
                status, output, complaint = run(observer, "http://127.0.0.1/")
                self.assertEqual((status, output), (1, ""))
                self.assertIn("http", complaint)

    def test_usage(self):
        for language, client in clients.items():
            for arguments in ((), ("get",), ("fetch", "coap://127.0.0.1/")):
                with self.subTest(language, arguments=arguments):
                    status, output, complaint = run(client, *arguments)
                    self.assertEqual((status, output), (2, ""))
                    self.assertIn("Usage:", complaint)

    def test_bad_uri(self):
        for language, client in clients.items():
            with self.subTest(language):
                status, output, complaint = run(client, "get", "http://127.0.0.1/")
                self.assertEqual((status, output), (1, ""))
                self.assertIn("http", complaint)

    def test_size(self):
        for name, maximum in MAXIMUM_LINES.items():
            for path in Path(folder).glob(name + ".*"):
                with self.subTest(path.name):
                    self.assertLessEqual(len(path.read_text().splitlines()), maximum)


class Files(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.mine, self.served = (Path(scratch.name, name) for name in ("mine", "served"))
        self.mine.mkdir()
        self.served.mkdir()
        Path(scratch.name, "secret").write_text("secret")
        self.served.joinpath("link").symlink_to("../secret")
        self.served.joinpath(".hidden").write_text("hidden")
        self.uri = self.enterContext(running([*file_server, str(self.served)]))

    def names(self, folder):
        return sorted(path.name for path in folder.iterdir())

    def test_get(self):
        for size in (0, 100, 300000):
            body = os.urandom(size)
            self.served.joinpath("file").write_bytes(body)
            for language, getter in getters.items():
                with self.subTest(language, size=size):
                    target = self.mine / "copy"
                    target.write_text("old")
                    self.assertEqual(run(getter, self.uri + "/file", target), (0, "", ""))
                    self.assertEqual(target.read_bytes(), body)
                    self.assertEqual(self.names(self.mine), ["copy"])

    def test_put(self):
        source = self.mine / "file"
        for size in (0, 100, 300000):
            source.write_bytes(os.urandom(size))
            for language, putter in putters.items():
                with self.subTest(language, size=size):
                    self.assertEqual(run(putter, source, self.uri + "/new"), (0, "", ""))
                    self.assertEqual(self.served.joinpath("new").read_bytes(), source.read_bytes())
                    self.assertEqual(self.names(self.served), [".hidden", "link", "new"])

    def test_get_what_is_not_there(self):
        for name in ("none", "link", ".hidden", "..%2Fsecret", "%2Fetc%2Fpasswd", "%00", ""):
            for language, getter in getters.items():
                with self.subTest(language, name=name):
                    target = self.mine / "copy"
                    target.write_text("old")
                    status, output, complaint = run(getter, f"{self.uri}/{name}", target)
                    self.assertEqual((status, output, complaint), (1, "", "4.04 Not Found"))
                    self.assertEqual(target.read_text(), "old")
                    self.assertEqual(self.names(self.mine), ["copy"])

    def test_put_where_it_may_not(self):
        source = self.mine / "file"
        for size in (100, 300000):
            source.write_bytes(os.urandom(size))
            for name in ("link", ".hidden", "..%2Fsecret", "none/file", "%00", ""):
                for language, putter in putters.items():
                    with self.subTest(language, size=size, name=name):
                        status, output, complaint = run(putter, source, f"{self.uri}/{name}")
                        self.assertEqual((status, output, complaint), (1, "", "4.03 Forbidden"))
        self.assertEqual(self.names(self.served), [".hidden", "link"])
        self.assertEqual(self.served.parent.joinpath("secret").read_text(), "secret")

    def test_complaints(self):
        missing = str(self.mine / "none" / "file")
        for language in getters:
            with self.subTest(language):
                for command, arguments in (
                    (getters[language], (self.uri + "/file", missing)),
                    (putters[language], (missing, self.uri + "/file")),
                ):
                    status, output, complaint = run(command, *arguments)
                    self.assertEqual((status, output), (1, ""))
                    self.assertIn("No such file", complaint)
                    status, output, complaint = run(command, "one")
                    self.assertEqual((status, output), (2, ""))
                    self.assertIn("Usage:", complaint)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
