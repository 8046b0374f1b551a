# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""CoAP datagrams (RFC 7252 section 3), coded by hand: a second opinion on those of GCoap."""

from dataclasses import dataclass, field
from enum import IntEnum


class Type(IntEnum):
    CON = 0
    NON = 1
    ACK = 2
    RST = 3


class Option(IntEnum):
    IF_MATCH = 1
    ETAG = 4
    IF_NONE_MATCH = 5
    OBSERVE = 6
    LOCATION_PATH = 8
    URI_PATH = 11
    CONTENT_FORMAT = 12
    URI_QUERY = 15
    ACCEPT = 17
    LOCATION_QUERY = 20
    BLOCK2 = 23
    BLOCK1 = 27
    SIZE2 = 28
    SIZE1 = 60
    REQUEST_TAG = 292


EMPTY, GET, POST, PUT, DELETE, FETCH, PATCH, IPATCH = range(8)

CHANGED = 2 << 5 | 4

TEXT_PLAIN = b""  # the number 0 in its shortest form
LINK_FORMAT = b"\x28"
XML = b"\x29"

MARKER = b"\xff"


class WireError(ValueError):
    """Bytes that are no CoAP message."""


def code_text(code):
    return f"{code >> 5}.{code & 31:02}"


@dataclass
class Message:
    type: Type
    code: int
    mid: int
    token: bytes = b""
    options: list = field(default_factory=list)  # of (number, value), sorted by number
    payload: bytes = b""

    def values(self, number):
        return [value for other, value in self.options if other == number]

    def encode(self):
        return b"".join(
            [
                bytes([1 << 6 | self.type << 4 | len(self.token), self.code]),
                self.mid.to_bytes(2, "big"),
                self.token,
                encode_options(self.options),
                MARKER + self.payload if self.payload else b"",
            ]
        )

    @classmethod
    def decode(cls, datagram):
        if len(datagram) < 4:
            raise WireError("shorter than a header")
        if datagram[0] >> 6 != 1:
            raise WireError("unknown version")
        message_type = Type(datagram[0] >> 4 & 3)
        token_end = 4 + (datagram[0] & 15)
        if token_end > 12 or token_end > len(datagram):
            raise WireError("token length")
        if datagram[1] == EMPTY and len(datagram) > 4:
            raise WireError("empty message with something in it")
        options, payload = decode_options(datagram[token_end:])
        mid = int.from_bytes(datagram[2:4], "big")
        return cls(message_type, datagram[1], mid, datagram[4:token_end], options, payload)


def encode_extended(number):
    """The nibble of an option delta or length, and the bytes that extend it."""
    if number < 13:
        return number, b""
    if number < 269:
        return 13, bytes([number - 13])
    return 14, (number - 269).to_bytes(2, "big")


def encode_options(options):
    result = b""
    previous = 0
    for number, value in options:
        delta, delta_extension = encode_extended(number - previous)
        length, length_extension = encode_extended(len(value))
        result += bytes([delta << 4 | length]) + delta_extension + length_extension + value
        previous = number
    return result


def take(data, length):
    if length > len(data):
        raise WireError("cut off")
    return data[:length], data[length:]


def decode_extended(nibble, data):
    if nibble < 13:
        return nibble, data
    if nibble == 15:
        raise WireError("reserved nibble")
    extension, rest = take(data, nibble - 12)
    return int.from_bytes(extension, "big") + (13 if nibble == 13 else 269), rest


def decode_options(data):
    """The options, and the payload behind them."""
    options = []
    number = 0
    while data and data[:1] != MARKER:
        head = data[0]
        delta, data = decode_extended(head >> 4, data[1:])
        length, data = decode_extended(head & 15, data)
        value, data = take(data, length)
        number += delta
        options.append((number, value))
    if data == MARKER:
        raise WireError("marker without a payload")
    return options, data[1:]
