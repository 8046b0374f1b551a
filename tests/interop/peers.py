# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Foreign CoAP programs: libcoap's tools and node-coap, as processes that end with the tests."""

import fcntl
import hashlib
import json
import os
import random
import re
import select
import shutil
import socket
import subprocess
import tempfile
from collections import namedtuple
from pathlib import Path

from gi.repository import Gio, GLib

SOURCE_DIR = Path(__file__).resolve().parent
START_TIMEOUT = 20  # seconds
END_TIMEOUT = 5
INSTALL_TIMEOUT = 100
START_ATTEMPTS = 3

PORTS = range(10000, 32768)  # below those that Linux gives out by itself

# What is for GCoap alone: a sanitizer's runtime would find fault with foreign programs.
OWN_VARIABLES = ("LD_PRELOAD", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "G_DEBUG")


class PeerError(Exception):
    """A peer that is missing, or that does not do what it is asked."""


def foreign_environment(**more):
    return {k: v for k, v in os.environ.items() if k not in OWN_VARIABLES} | more


def find_tool(name):
    path = shutil.which(name)
    if path is None:
        raise PeerError(f"{name} is not installed")
    return path


def is_free(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def find_free_ports(host, count):
    """So many different ports that nobody uses, of those that nobody is given unasked: tests that
    run at the same time would take some of the others before they are used."""
    ports = []
    while len(ports) < count:
        port = random.choice(PORTS)
        if port not in ports and is_free(host, port):
            ports.append(port)
    return ports


def find_free_port(host):
    return find_free_ports(host, 1)[0]


def answers_ping(host, port, seconds):
    """Whether the peer answers a CoAP ping (RFC 7252 section 4.3) within a short time."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as pinger:
        pinger.connect((host, port))
        pinger.send(b"\x40\x00\x00\x01")
        if not select.select([pinger], [], [], seconds)[0]:
            return False
        try:
            return len(pinger.recv(16)) >= 4
        except ConnectionRefusedError:
            # Nobody there yet: what is left of the time is for the process to come up.
            select.select([], [], [], seconds)
            return False


def end_process(process):
    process.terminate()
    try:
        process.wait(END_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class LibcoapServer:
    """libcoap's example server, on a port of its own."""

    def __init__(self, host="127.0.0.1", *args):
        self.host = host
        for _ in range(START_ATTEMPTS):
            self.port = find_free_port(host)
            if self._start(args):
                return
        raise PeerError("coap-server-notls did not start: " + self.failure)

    def _start(self, args):
        self.log = tempfile.TemporaryFile()
        # Should this process be killed, the server gets a signal, as it has no other way to know.
        command = [find_tool("setpriv"), "--pdeathsig", "TERM", find_tool("coap-server-notls")]
        self.process = subprocess.Popen(
            [*command, "-A", self.host, "-p", str(self.port), "-d", "100", *args],
            env=foreign_environment(),
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )
        pause = 0.02
        for _ in range(int(START_TIMEOUT / pause)):
            if self.process.poll() is not None:
                break
            if answers_ping(self.host, self.port, pause):
                return True
        self.log.seek(0)
        self.failure = self.log.read().decode(errors="replace")
        self.close()
        return False

    def close(self):
        if self.process.poll() is None:
            end_process(self.process)
        self.log.close()


class LibcoapRun:
    """One run of libcoap's example client. `is_done` turns true on the default main context."""

    Message = namedtuple("Message", "type code token options")
    _RECEIVED = re.compile(
        r"received \d+ bytes\n(?:.* ALRT .*\n)?"
        r"v:1 t:(\w+) c:(\S+) i:\w{4} \{(\w*)\} \[ ?(.*?) ?\]"
    )

    def __init__(self, folder, uri, *args, payload=None):
        handle, self.output = tempfile.mkstemp(dir=folder)
        os.close(handle)
        command = [find_tool("coap-client-notls"), "-v", "7", "-B", "20", "-o", self.output]
        if payload is not None:
            source = self.output + ".in"
            Path(source).write_bytes(payload)
            command += ["-f", source]
        launcher = Gio.SubprocessLauncher.new(
            Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_MERGE
        )
        launcher.set_environ([f"{k}={v}" for k, v in foreign_environment().items()])
        self.is_done = False
        self.process = launcher.spawnv([*command, *args, uri])
        self.process.communicate_async(None, None, self._done_cb)

    def _done_cb(self, process, result):
        _, stdout, _ = process.communicate_finish(result)
        self.log = stdout.get_data().decode(errors="replace")
        self.payload = Path(self.output).read_bytes()
        # Options are told as "Name:value", separated by ", ".
        self.received = [
            self.Message(type, code, bytes.fromhex(token), options.split(", ") if options else [])
            for type, code, token, options in self._RECEIVED.findall(self.log)
        ]
        self.is_done = True

    @property
    def response(self):
        """The last message that came with a code, or None."""
        return next((each for each in reversed(self.received) if each.code != "0.00"), None)

    @property
    def code(self):
        return self.response.code if self.response else None


def install_node_modules(builddir, source=SOURCE_DIR):
    """Installs what the lock file names into the build folder, once. Returns its node_modules."""
    lock = (source / "package-lock.json").read_bytes()
    folder = Path(builddir) / "tests/interop" / ("node-" + hashlib.sha256(lock).hexdigest()[:16])
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.parent / "node.lock", "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _install(source, folder)
    return folder / "node_modules"


def _install(source, folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(source / name, folder)
    done = subprocess.run(
        [find_tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
        cwd=folder,
        env=foreign_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=INSTALL_TIMEOUT,
    )
    if done.returncode != 0:
        raise PeerError("npm ci failed: " + done.stdout)
    (folder / "complete").touch()


class NodeProcess:
    """A script of node-coap that talks JSON, a line each, on its standard input and output.

    Lines are read on the default main context and given to `line_cb`. The script ends with its
    standard input.
    """

    def __init__(self, modules, script, *args, line_cb):
        launcher = Gio.SubprocessLauncher.new(
            Gio.SubprocessFlags.STDIN_PIPE | Gio.SubprocessFlags.STDOUT_PIPE
        )
        environment = foreign_environment(NODE_PATH=str(modules))
        launcher.set_environ([f"{k}={v}" for k, v in environment.items()])
        self.line_cb = line_cb
        self.is_over = False
        self.process = launcher.spawnv([find_tool("node"), str(SOURCE_DIR / script), *args])
        self.lines = Gio.DataInputStream.new(self.process.get_stdout_pipe())
        self._read()

    def _read(self):
        self.lines.read_line_async(GLib.PRIORITY_DEFAULT, None, self._read_cb)

    def _read_cb(self, lines, result):
        line, _ = lines.read_line_finish_utf8(result)
        if line is None:
            self.is_over = True
            return
        self.line_cb(json.loads(line))
        self._read()

    def write(self, value):
        pipe = self.process.get_stdin_pipe()
        pipe.write_all(json.dumps(value).encode() + b"\n", None)

    def close(self):
        """Asks the script to end, which `is_over` tells."""
        self.process.get_stdin_pipe().close(None)

    def kill(self):
        self.process.force_exit()


class NodeServer(NodeProcess):
    """node-coap's server with the resources of node-server.js. `seen` are the requests it got,
    `ended` the tokens of those who observed."""

    def __init__(self, modules, host="127.0.0.1"):
        self.host = host
        self.port = None
        self.seen = []
        self.ended = []
        super().__init__(modules, "node-server.js", host, line_cb=self._line_cb)

    def _line_cb(self, line):
        if "port" in line:
            self.port = line["port"]
        elif "ended" in line:
            self.ended.append(bytes.fromhex(line["ended"]))
        else:
            self.seen.append(line)

    def notify(self, text, code="2.05"):
        """Tells all who observe of a new state."""
        self.write({"code": code, "payload": text.encode().hex()})


class NodeReply:
    """What became of one request of a NodeClient: `code` and the rest, or an `error`. If it
    observes, `states` are the payloads that have come."""

    is_done = False
    error = code = None

    def __init__(self):
        self.states = []

    def settle(self, line):
        if "state" in line:
            self.states.append(bytes.fromhex(line["state"]))
            return
        self.error = line.get("error")
        self.code = line.get("code")
        self.payload = bytes.fromhex(line.get("payload", ""))
        self.options = [(name, bytes.fromhex(value)) for name, value in line.get("options", [])]
        self.is_done = True

    def values(self, name):
        return [value for each, value in self.options if each == name]


class NodeClient(NodeProcess):
    """node-coap's client. One socket for all requests, which may run at once."""

    def __init__(self, modules, family="udp4"):
        self.replies = []
        super().__init__(modules, "node-client.js", family, line_cb=self._line_cb)

    def _line_cb(self, line):
        self.replies[line["id"]].settle(line)

    def request(self, host, port, **what):
        """Starts a request; `what` is as node-client.js tells, payload and options in bytes."""
        payload = what.pop("payload", b"").hex()
        options = [(name, value.hex()) for name, value in what.pop("options", [])]
        reply = NodeReply()
        self.write(
            {"id": len(self.replies), "host": host, "port": port, "payload": payload,
             "options": options, **what}
        )
        self.replies.append(reply)
        return reply

    def stop(self, reply, tells_server):
        """Has the client observe no longer."""
        self.write({"id": self.replies.index(reply), "stop": True, "tellsServer": tells_server})

    def abort(self, reply):
        """Has the client forget a request, which then ends with an error."""
        self.write({"id": self.replies.index(reply), "abort": True})
