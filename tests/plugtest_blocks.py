# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Who takes the steps of a block-wise transfer (RFC 7959): bare sockets, or the client of GCoap."""

import socket
from dataclasses import dataclass

from gi.repository import GLib

from coap_wire import CHANGED, GET, TEXT_PLAIN, Message, Option, Type
from plugtest_peers import CLIENT, MAX_DATAGRAM, SERVER, Fate
from plugtest_steps import ClientSteps, RawSteps, make_request

PLAIN = (Option.CONTENT_FORMAT, TEXT_PLAIN)
REGISTER = (Option.OBSERVE, b"")  # the number 0 in its shortest form
LARGEST = 6  # SZX of 1024 bytes


@dataclass(frozen=True)
class Block:
    """The value of a Block1 or Block2 option (RFC 7959 section 2.2)."""

    number: int
    more: bool
    szx: int

    @classmethod
    def decode(cls, value):
        number = int.from_bytes(value, "big")
        return cls(number >> 4, bool(number & 8), number & 7)

    def encode(self):
        number = self.number << 4 | self.more << 3 | self.szx
        return number.to_bytes((number.bit_length() + 7) // 8, "big")

    @property
    def size(self):
        return 16 << self.szx

    @property
    def offset(self):
        return self.number * self.size


def find_block(message, number):
    """None if the message has no such option; there is never more than one."""
    values = message.values(number)
    if not values:
        return None
    (value,) = values
    return Block.decode(value)


def find_block1(message):
    return find_block(message, Option.BLOCK1)


def find_block2(message):
    return find_block(message, Option.BLOCK2)


class StatelessServer:
    """Does with each block of a request what it is for, and keeps none (RFC 7959 section 2.3)."""

    def __init__(self, szx):
        self.szx = szx
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = self.socket.getsockname()
        self.source = GLib.unix_fd_add_full(
            GLib.PRIORITY_DEFAULT, self.socket.fileno(), GLib.IOCondition.IN, self._receive
        )

    def close(self):
        GLib.source_remove(self.source)
        self.socket.close()

    def _receive(self, fd, condition):
        datagram, sender = self.socket.recvfrom(MAX_DATAGRAM)
        request = Message.decode(datagram)
        block = find_block1(request)
        answer = Block(block.number, False, min(block.szx, self.szx))
        options = [(Option.BLOCK1, answer.encode())]
        response = Message(Type.ACK, CHANGED, request.mid, request.token, options)
        self.socket.sendto(response.encode(), sender)
        return GLib.SOURCE_CONTINUE


def has_more(response):
    block = find_block2(response)
    return block is not None and block.more


def is_notification(message, request):
    """Whether it is one for that request, and not what acknowledges it."""
    return message.token == request.token and message.type == Type.CON


class RawTransfers(RawSteps):
    """Blocks made by hand. An exchange is a pair: the request and the response to it."""

    sizes = range(LARGEST + 1)  # that may be asked for at once

    def exchange(self, method, path, *options, payload=b""):
        return tuple(self.ask(make_request(Type.CON, method, path, *options, payload=payload)))

    def fetch_rest(self, first, method, path, *options, szx=LARGEST):
        """All blocks after the first response, in that size or the smaller one that this has."""
        pairs = []
        response = first
        received = len(first.payload)
        szx = min(szx, find_block2(first).szx)
        while has_more(response):
            wanted = Block(received // (16 << szx), False, szx)
            pair = self.exchange(method, path, *options, (Option.BLOCK2, wanted.encode()))
            response = pair[1]
            received += len(response.payload)
            pairs.append(pair)
        return pairs

    def download_early(self, path, szx):
        first = self.exchange(GET, path, (Option.BLOCK2, Block(0, False, szx).encode()))
        return [first, *self.fetch_rest(first[1], GET, path)]

    def download_late(self, path, szx):
        first = self.exchange(GET, path)
        return [first, *self.fetch_rest(first[1], GET, path, szx=szx)]

    def upload(self, method, path, body, szx):
        """All blocks of the body, and then those of the answer in the same size."""
        pairs = []
        sent = 0
        while sent < len(body):
            size = 16 << szx
            block = Block(sent // size, sent + size < len(body), szx)
            part = body[sent : sent + size]
            option = (Option.BLOCK1, block.encode())
            pairs.append(self.exchange(method, path, PLAIN, option, payload=part))
            sent += size
            szx = min(szx, find_block1(pairs[-1][1]).szx)
        last = pairs[-1][1]
        if has_more(last):
            pairs += self.fetch_rest(last, method, path, PLAIN, szx=szx)
        return pairs

    def check_client_displayed(self, code, body):
        """Nobody is there to display anything."""


class ClientTransfers(ClientSteps):
    """The client of GCoap, which is asked for whole bodies."""

    sizes = range(LARGEST)  # it says nothing where it would take the largest

    def set_size(self, szx):
        self.endpoint.config(f"BlockSize={16 << szx}")

    def exchanges(self):
        """What the relay saw."""
        responses = {m.mid: m for m in self.relay.sent_by(SERVER) if m.type == Type.ACK}
        requests = [m for m in self.relay.sent_by(CLIENT) if m.code != 0 and m.mid in responses]
        return [(request, responses[request.mid]) for request in requests]

    def transfer(self, method, path, *options, payload=b"", judge=None):
        """The pairs, of which the client displays the answer as a whole."""
        self.relay.begin(judge)
        request = make_request(Type.CON, method, path, *options, payload=payload)
        self.displayed = self.ask_by_properties(request)
        self.settle()
        return self.exchanges()

    def download_early(self, path, szx):
        self.set_size(szx)
        return self.transfer(GET, path)

    def download_late(self, path, szx):
        """The client makes up its mind when the first block comes."""

        def judge(origin, message):
            if origin == SERVER:
                self.set_size(szx)
            return Fate.PASS

        self.set_size(LARGEST)
        return self.transfer(GET, path, judge=judge)

    def upload(self, method, path, body, szx):
        self.set_size(szx)
        return self.transfer(method, path, PLAIN, payload=body)

    def check_client_displayed(self, code, body):
        displayed_code, data = self.displayed
        self.assertEqual((displayed_code, data.get_data() if data else b""), (code, body))


class RawObserver(RawTransfers):
    """Acknowledges each notification, and fetches the rest of what it is told."""

    def setUp(self):
        super().setUp()
        self.states = []

    def begin_log(self):
        self.messages = []

    def log(self):
        return self.messages

    def take(self):
        message = self.client.receive()
        self.messages.append((SERVER, message))
        if message.type == Type.CON:
            self.messages.append((CLIENT, self.acknowledge(message)))
        return message

    def ask(self, request):
        """Notifications may come before the response."""
        request = self.send(request)
        self.messages.append((CLIENT, request))
        message = self.take()
        while message.mid != request.mid or message.type != Type.ACK:
            message = self.take()
        return request, message

    def exchanges(self):
        responses = {m.mid: m for origin, m in self.messages if origin == SERVER}
        requests = [m for origin, m in self.messages if origin == CLIENT and m.code == GET]
        return [(request, responses[request.mid]) for request in requests]

    def display(self, path, first):
        """All of a state, unless another one has come before all of it was there."""
        body = first.payload
        if has_more(first):
            for _, response in self.fetch_rest(first, GET, path):
                if response.values(Option.ETAG) != first.values(Option.ETAG):
                    return
                body += response.payload
        self.states.append(body)

    def start(self, path, szx):
        """Registers, and displays the first state."""
        self.begin_log()
        self.states = []
        options = [REGISTER]
        if szx < LARGEST:
            options.append((Option.BLOCK2, Block(0, False, szx).encode()))
        token = self.client.next_mid().to_bytes(2, "big")
        wanted = make_request(Type.CON, GET, path, *options, token=token)
        self.request, self.response = self.ask(wanted)
        self.path = path
        self.display(path, self.response)

    def wait_until(self, is_done):
        while not is_done():
            message = self.take()
            if is_notification(message, self.request):
                self.display(self.path, message)

    def stop(self):
        request = make_request(
            Type.CON, GET, self.path, (Option.OBSERVE, b"\x01"), token=self.request.token
        )
        self.ask(request)


class ClientObserver(ClientTransfers):
    """The client of GCoap, which displays whole states."""

    def setUp(self):
        super().setUp()
        self.states = []
        self.codes = set()
        self.endpoint.config("ReregisterDelay=60")
        self.endpoint.connect("notification", self.show)

    def show(self, endpoint, notification):
        if notification.props.is_latest:
            self.codes.add(endpoint.props.response_code)
            self.states.append(endpoint.props.response_data.get_data())

    def log(self):
        return self.relay.log

    def start(self, path, szx):
        self.states = []
        self.set_size(szx)
        self.relay.begin()
        self.uri = self.make_uri(make_request(Type.CON, GET, path))
        self.endpoint.start_observing(self.uri)
        self.request, self.response = self.exchanges()[0]

    def wait_until(self, is_done):
        self.run_until(is_done)
        self.settle()
        self.assertEqual(self.codes, {"2.05"})

    def stop(self):
        self.endpoint.stop_observing(self.uri)
        self.settle()
