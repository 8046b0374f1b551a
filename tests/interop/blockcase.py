# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the tests of block-wise transfer (RFC 7959) share."""

import random
from collections import namedtuple

from gcoapcase import GCoapCase, bytes_of
from gi.repository import GCoap, GLib

BLOCK_SIZES = 16, 64, 1024
MEDIUM = 65536
LARGE = 4 * 2**20
N_MESSAGE_IDS = 65536

BLOCK1 = GCoap.OptionNumber.BLOCK1
BLOCK2 = GCoap.OptionNumber.BLOCK2
SIZE1 = GCoap.OptionNumber.SIZE1
SIZE2 = GCoap.OptionNumber.SIZE2
CONTENT_FORMAT = GCoap.OptionNumber.CONTENT_FORMAT
REQUEST_TAG = 292

# RFC 7252 section 4.4: no Message ID is used again within EXCHANGE_LIFETIME, which by default lets
# 65536 messages pass in 247 s. A client of more blocks says that the network is faster.
FEW_MESSAGE_IDS = {"AckTimeout": 0.5, "MaxRetransmit": 2, "MaxLatency": 0.5}

Block = namedtuple("Block", "number more size")


def read_block(value):
    number = int.from_bytes(value, "big")
    return Block(number >> 4, bool(number & 8), 16 << (number & 7))


def make_block(number, more, size):
    """The value of a Block option, in its shortest form."""
    value = number << 4 | more << 3 | size.bit_length() - 5
    return value.to_bytes(3, "big").lstrip(b"\0")


def blocks_of(datagrams, number):
    """What their Block options of a number say, in their order."""
    return [read_block(value) for each in datagrams for value in each.message.values(number)]


def make_body(size, seed=0):
    """Bytes that do not repeat."""
    return random.Random(f"{seed}/{size}").randbytes(size)


def sizes_around(block_size):
    """Sizes of bodies that differ in how they fill blocks."""
    return 0, 1, block_size, block_size + 1, MEDIUM


class BlockCase(GCoapCase):
    """Bodies that are larger than a block."""

    PATIENCE = 120  # seconds: there are tens of thousands of messages

    def exchange(self, client, method, uri, body=b""):
        """Sends a request with one of the blocking functions, and returns the body it got."""
        client.set_request_data(GLib.Bytes.new(body))
        client.send_custom_request(uri, method)
        return bytes_of(client.get_response_data())

    def serve_body(self, body=b"", settings=None, **properties):
        """A server of /body. PUT replaces the body and GET gets it; POST gets back what came."""
        def answer(server, request):
            is_get = request.get_method() == GCoap.Method.GET
            if not is_get:
                server.body = bytes_of(request.get_payload())
            server.set_response_code("2.05" if is_get else "2.04")
            if request.get_method() != GCoap.Method.PUT:
                server.set_response_data(GLib.Bytes.new(server.body))

        server = self.serve({"/body": answer}, settings=settings, **properties)
        server.body = body
        return server
