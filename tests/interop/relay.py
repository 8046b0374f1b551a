# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A relay between two peers that loses or repeats what it is told to, and remembers the rest."""

import socket
import sys
from pathlib import Path

from gi.repository import GLib

sys.path.append(str(Path(__file__).resolve().parent.parent))
from coap_wire import Message, code_text  # noqa: E402

RECEIVE_MAX = 65536


class Datagram:
    """A CoAP message and the bytes it was."""

    def __init__(self, data):
        self.data = data
        self.message = Message.decode(data)

    def __repr__(self):
        return repr(self.message)

    @property
    def type(self):
        return self.message.type.name

    @property
    def kind(self):
        return self.type, code_text(self.message.code)


def pass_all(_index, _datagram):
    return 1


def drop_first(count):
    """Loses the first `count` datagrams."""
    return lambda index, _datagram: 0 if index < count else 1


def drop_first_of(kind, count=1):
    """Loses the first `count` datagrams of one type and code."""
    left = [count]

    def decide(_index, datagram):
        if datagram.kind != kind or left[0] == 0:
            return 1
        left[0] -= 1
        return 0

    return decide


def repeat_all(_index, _datagram):
    return 2


def drop_each(nth, kind):
    """Loses each nth datagram of one type and code."""
    count = [0]

    def decide(_index, datagram):
        if datagram.kind == kind:
            count[0] += 1
        return 0 if datagram.kind == kind and count[0] % nth == 0 else 1

    return decide


class Relay:
    """Listens on a loopback port of its own, and forwards to `target` and back.

    It runs on the default main context. `to_server` and `to_client` say how many copies of a
    datagram go on, given its place in the sequence of that direction and the datagram. `sent` and
    `answered` are what came in from either side, the lost ones included.
    """

    def __init__(self, host, port, to_server=pass_all, to_client=pass_all):
        self.sent, self.answered, self.senders = [], [], []
        self.target = (host, port)
        self.policies = (to_server, to_client)
        self.family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.backs, self.sockets, self.sources = {}, [], []
        self.front = self._open()
        self.front.bind((host, 0))
        self.port = self.front.getsockname()[1]
        self._watch(self.front, self._from_client)

    def close(self):
        for source in self.sources:
            GLib.source_remove(source)
        for each in self.sockets:
            each.close()

    def repeat(self, index):
        """Sends a datagram of `sent` to the server again."""
        address, data = self.senders[index], self.sent[index].data
        self.backs[address].send(data)

    def repeat_answer(self, index):
        """Sends a datagram of `answered` to the latest client again."""
        self.front.sendto(self.answered[index].data, self.senders[-1])

    def _open(self):
        new = socket.socket(self.family, socket.SOCK_DGRAM)
        new.setblocking(False)
        self.sockets.append(new)
        return new

    def _watch(self, watched, callback, *args):
        source = GLib.io_add_watch(
            watched.fileno(), GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN, callback, *args
        )
        self.sources.append(source)

    def _from_client(self, _fd, _condition):
        data, address = self.front.recvfrom(RECEIVE_MAX)
        back = self.backs.get(address)
        if back is None:
            back = self.backs[address] = self._open()
            back.connect(self.target)
            self._watch(back, self._from_server, back, address)
        self.senders.append(address)
        self._forward(self.sent, self.policies[0], data, back.send)
        return GLib.SOURCE_CONTINUE

    def _from_server(self, _fd, _condition, back, address):
        try:
            data = back.recv(RECEIVE_MAX)
        except ConnectionRefusedError:
            return GLib.SOURCE_CONTINUE
        self._forward(
            self.answered, self.policies[1], data, lambda data: self.front.sendto(data, address)
        )
        return GLib.SOURCE_CONTINUE

    @staticmethod
    def _forward(log, policy, data, send):
        datagram = Datagram(data)
        log.append(datagram)
        for _ in range(policy(len(log) - 1, datagram)):
            try:
                send(data)
            except ConnectionRefusedError:
                pass
