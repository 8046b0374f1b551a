# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Who takes part in a plugtest: the server, a client made of bare sockets, and a lossy network."""

import ctypes
import itertools
import os
import re
import select
import signal
import socket
import subprocess
from enum import Enum, auto

from gi.repository import GLib

from coap_wire import Message

PATIENCE = 60  # seconds before what should have come is given up
MAX_DATAGRAM = 65535


PR_SET_PDEATHSIG = 1  # linux/prctl.h

libc = ctypes.CDLL(None)


def end_with_parent():
    """In the child: a test that crashes must not leave its server behind."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def child_environment():
    """What this interpreter needs to load a library with sanitizers would harm other programs."""
    preloaded = ("LD_PRELOAD", "ASAN_OPTIONS")
    return {name: value for name, value in os.environ.items() if name not in preloaded}


class Server:
    """The plugtest server, a process of its own."""

    def __init__(self, program, *options):
        command = [program, "--address=127.0.0.1", "--port=0", *options]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env=child_environment(),
            preexec_fn=end_with_parent,
        )
        line = self.read_line()
        match = re.fullmatch(r"Listening on (\S+) port (\d+)", line)
        if match is None:
            self.end()
            raise RuntimeError(f"{program} did not start: {line!r}")
        self.address = match[1], int(match[2])

    def read_line(self):
        return self.process.stdout.readline().rstrip("\n")

    def end(self, number=signal.SIGTERM):
        """The exit status."""
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        self.process.stdout.close()
        return status


class RawClient:
    """A client that knows nothing but datagrams."""

    def __init__(self, address):
        self.socket = None
        self.connect(address)
        self.mids = itertools.count(0x1001)

    def connect(self, address):
        """What another server has sent is lost."""
        self.close()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(address)
        self.socket.settimeout(PATIENCE)

    def next_mid(self):
        return next(self.mids)

    def send(self, message):
        self.socket.send(message.encode())

    def receive(self):
        return Message.decode(self.socket.recv(MAX_DATAGRAM))

    def receive_waiting(self):
        """What has come already."""
        messages = []
        while select.select([self.socket], [], [], 0)[0]:
            messages.append(self.receive())
        return messages

    def receive_until(self, is_enough):
        messages = []
        while not is_enough(messages):
            messages.append(self.receive())
        return messages

    def close(self):
        if self.socket is not None:
            self.socket.close()


class Fate(Enum):
    PASS = auto()
    LOSE = auto()
    HOLD = auto()  # until the relay is told to release it


CLIENT, SERVER = "client", "server"


class Relay:
    """A network between a client and a server: it writes down what is sent, and may lose it.

    It runs in the default main context, as the client does, so that what it does to one datagram is
    done before the client sees the next.
    """

    def __init__(self, server_address):
        self.front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.front.bind(("127.0.0.1", 0))
        self.address = self.front.getsockname()
        self.client_address = None
        self.back = None
        self.sources = [self._watch(self.front, CLIENT)]
        self.connect(server_address)
        self.begin()

    def begin(self, judge=None):
        """Begins a new page, with a function that says the fate of each datagram."""
        self.judge = judge or (lambda origin, message: Fate.PASS)
        self.log = []
        self.held = []

    def connect(self, address):
        """What another server has sent is lost."""
        if self.back is not None:
            GLib.source_remove(self.sources.pop())
            self.back.close()
        self.back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.back.connect(address)
        self.sources.append(self._watch(self.back, SERVER))

    def sent_by(self, origin):
        return [message for other, message in self.log if other == origin]

    def release(self):
        for origin, datagram in self.held:
            self._forward(origin, datagram)
        self.held = []

    def close(self):
        for source in self.sources:
            GLib.source_remove(source)
        self.front.close()
        self.back.close()

    def _watch(self, endpoint, origin):
        return GLib.unix_fd_add_full(
            GLib.PRIORITY_DEFAULT, endpoint.fileno(), GLib.IOCondition.IN, self._receive, origin
        )

    def _receive(self, fd, condition, origin):
        endpoint = self.front if origin == CLIENT else self.back
        datagram, sender = endpoint.recvfrom(MAX_DATAGRAM)
        if origin == CLIENT:
            self.client_address = sender
        message = Message.decode(datagram)
        self.log.append((origin, message))

        fate = self.judge(origin, message)
        if fate is Fate.PASS:
            self._forward(origin, datagram)
        elif fate is Fate.HOLD:
            self.held.append((origin, datagram))
        return GLib.SOURCE_CONTINUE

    def _forward(self, origin, datagram):
        if origin == CLIENT:
            self.back.send(datagram)
        else:
            self.front.sendto(datagram, self.client_address)
