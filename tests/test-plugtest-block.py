#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The test descriptions TD_COAP_BLOCK_01 to 06, TD_COAP_OBS_13 and 14 of the plugtest "CoAP#4".

Each runs against the server with datagrams made by hand, and with the client of GCoap whose
datagrams are looked at on their way. Transfers run once more with a server of small blocks.
Usage: test-plugtest-block.py SERVER [option of unittest]...
"""

import sys
import unittest

import gi

gi.require_version("GCoap", "1.0")

from coap_wire import GET, POST, PUT, TEXT_PLAIN, Option, Type, code_text
from plugtest_blocks import (
    LARGEST,
    REGISTER,
    Block,
    ClientObserver,
    ClientTransfers,
    RawObserver,
    RawTransfers,
    StatelessServer,
    find_block1,
    find_block2,
    has_more,
    is_notification,
)
from plugtest_peers import CLIENT, SERVER
from plugtest_steps import PATIENT, RawSteps, is_empty_ack, make_request

# What the resources of the server have: of the largest blocks a first one, one in the midst, and a
# last one.
LARGE_SIZE = 2500
SMALL_SIZE = 30
SMALL = 2  # SZX of 64 bytes
ENOUGH = 3  # states

# Of no meaning for what the transfer is about, but only for the way.
BLOCK_OPTIONS = {Option.BLOCK1, Option.BLOCK2, Option.SIZE1, Option.SIZE2, Option.OBSERVE}


def make_state(path, number=0, size=LARGE_SIZE):
    """What the server says there."""
    lines = (f"{path} {number}: line {line}\n" for line in range(1, size))
    return "".join(lines)[:size].encode()


def make_body(name):
    """That is as long, and says its place everywhere."""
    return "".join(f"{name} {number}, " for number in range(LARGE_SIZE))[:LARGE_SIZE].encode()


def other_options(message):
    return [option for option in message.options if option[0] not in BLOCK_OPTIONS]


class Checks:
    """What the descriptions look at in a transfer, which is a list of pairs of messages."""

    def check_slice(self, payload, block, is_last):
        """Steps "Payload size is 2**(SZX+4) bytes" and, of the last, "less than or equal"."""
        self.assertEqual(block.more, not is_last)
        if is_last:
            self.assertIn(len(payload), range(1, block.size + 1))
        else:
            self.assertEqual(len(payload), block.size)

    def check_asks(self, pairs, szx):
        """Steps "Client sends GET requests for further blocks" (RFC 7959 section 2.4)."""
        for request, response in pairs:
            block = find_block2(response)
            self.assertEqual(find_block2(request), Block(block.number, False, szx))
            self.assertEqual(block.szx, szx)
            self.assertIsNone(find_block1(request))
            self.assertEqual(request.values(Option.OBSERVE), [])
            self.assertEqual(request.payload, b"")

    def check_body(self, pairs, code):
        """The responses, first and last as well as those of the loop; gives the whole."""
        body = b""
        for request, response in pairs:
            block = find_block2(response)
            self.check_piggybacked(request, response, code)
            self.assertEqual(response.values(Option.CONTENT_FORMAT), [TEXT_PLAIN])
            self.assertEqual(block.offset, len(body))
            self.check_slice(response.payload, block, response is pairs[-1][1])
            body += response.payload
        tags = {tuple(response.values(Option.ETAG)) for _, response in pairs}
        self.assertEqual(len(tags), 1)  # all are of one representation
        return body

    def check_same_request(self, pairs):
        """Each block's message is the same request, with a Message ID of its own."""
        first = pairs[0][0]
        for request, _ in pairs:
            self.assertEqual((request.type, request.code), (Type.CON, first.code))
            self.assertEqual(other_options(request), other_options(first))
        self.assertEqual(len({request.mid for request, _ in pairs}), len(pairs))

    def check_download(self, pairs, szx):
        """A transfer of blocks of that size, whatever the first one was."""
        self.check_same_request(pairs)
        self.check_asks(pairs[1:], szx)
        body = self.check_body(pairs, "2.05")
        self.check_client_displayed("2.05", body)
        return body

    def check_preference(self, request, desired, is_last):
        """RFC 7959 section 3.3, figure 11: the last block may say what is wanted of the answer."""
        block = find_block2(request)
        if block is not None:
            self.assertTrue(is_last)
            self.assertEqual(block, Block(0, False, desired))

    def check_upload(self, pairs, desired, actual, body, code, code_of_others="2.31"):
        """Steps from the first request to the last response (RFC 7959 section 2.5)."""
        is_atomic = code_of_others == "2.31"
        sent = b""
        for request, response in pairs:
            block = find_block1(request)
            is_last = request is pairs[-1][0]
            self.assertEqual(block.szx, actual if sent else desired)
            self.assertEqual(block.offset, len(sent))
            self.check_slice(request.payload, block, is_last)
            self.check_preference(request, desired, is_last)
            self.check_piggybacked(request, response, code if is_last else code_of_others)
            answer = Block(block.number, block.more and is_atomic, actual)
            self.assertEqual(find_block1(response), answer)
            sent += request.payload
        self.assertEqual(sent, body)


class Descriptions(Checks):
    """The test descriptions of block-wise transfer, for whoever can download and upload."""

    szx = LARGEST  # that of the server

    def check_early(self, desired):
        actual = min(desired, self.szx)
        pairs = self.download_early("/large", desired)
        request, response = pairs[0]
        self.assertEqual(request.code, GET)
        self.assertEqual(find_block2(request), Block(0, False, desired))
        self.assertEqual(find_block2(response), Block(0, True, actual))
        self.assertEqual(self.check_download(pairs, actual), make_state("/large"))

    def test_TD_COAP_BLOCK_01(self):
        """RFC 7959 sections 2.4 and 3.1, figure 3."""
        for desired in self.sizes:
            with self.subTest(desired=desired):
                self.check_early(desired)

    def test_TD_COAP_BLOCK_02(self):
        """RFC 7959 sections 2.4 and 3.1, figures 2 and 4."""
        for actual in range(self.szx + 1):
            with self.subTest(actual=actual):
                pairs = self.download_late("/large", actual)
                request, response = pairs[0]
                self.assertIsNone(find_block2(request))
                self.assertEqual(find_block2(response), Block(0, True, self.szx))
                self.assertEqual(find_block2(pairs[1][0]).number, 2 ** (self.szx - actual))
                self.assertEqual(self.check_download(pairs, actual), make_state("/large"))

    def test_TD_COAP_BLOCK_03(self):
        """RFC 7959 sections 2.5 and 3.2, figure 7, and with a smaller size figure 9."""
        for desired in range(LARGEST + 1):
            with self.subTest(desired=desired):
                body = make_body(f"put by 03, {desired}")
                actual = min(desired, self.szx)
                pairs = self.upload(PUT, "/large-update", body, desired)
                self.check_same_request(pairs)
                self.check_upload(pairs, desired, actual, body, "2.04")
                self.check_client_displayed("2.04", b"")
                self.check_displayed(body.decode())
                pairs = self.download_late("/large-update", actual)
                self.assertEqual(self.check_download(pairs, actual), body)

    def test_TD_COAP_BLOCK_04(self):
        """RFC 7959 sections 2.5 and 3.2, as in figure 7."""
        locations = set()
        for desired in range(LARGEST + 1):
            with self.subTest(desired=desired):
                body = make_body(f"posted by 04, {desired}")
                actual = min(desired, self.szx)
                pairs = self.upload(POST, "/large-create", body, desired)
                self.check_same_request(pairs)
                self.check_upload(pairs, desired, actual, body, "2.01")
                self.check_client_displayed("2.01", b"")
                self.check_displayed(body.decode())

                first, second = pairs[-1][1].values(Option.LOCATION_PATH)
                self.assertEqual(first, b"large-create")
                self.assertNotIn(b"/", second)
                location = f"/large-create/{second.decode()}"
                pairs = self.download_late(location, actual)
                self.assertEqual(self.check_download(pairs, actual), body)
                locations.add(location)
        self.assertGreater(len(locations), 1)

    def test_TD_COAP_BLOCK_05(self):
        """RFC 7959 sections 2.7 and 3.3, figures 10 and 11."""
        for desired in range(LARGEST + 1):
            with self.subTest(desired=desired):
                body = make_body(f"posted by 05, {desired}")
                actual = min(desired, self.szx)
                pairs = self.upload(POST, "/large-post", body, desired)
                self.check_same_request(pairs)
                n_up = sum(find_block1(request) is not None for request, _ in pairs)
                self.check_upload(pairs[:n_up], desired, actual, body, "2.04")
                self.check_displayed(body.decode())

                answer_szx = find_block2(pairs[n_up - 1][1]).szx
                self.assertIn(answer_szx, range(actual, self.szx + 1))
                self.assertEqual(find_block2(pairs[n_up][0]).number, 2 ** (answer_szx - actual))
                self.check_asks(pairs[n_up:], actual)
                answer = self.check_body(pairs[n_up - 1 :], "2.04")
                self.assertEqual(answer, body.upper())
                self.check_client_displayed("2.04", answer)

    def test_TD_COAP_BLOCK_06(self):
        """RFC 7959 sections 2.4 and 3.1, figure 3, with blocks of 16 bytes."""
        self.check_early(0)


class ServerSide(Descriptions, RawTransfers):
    """The server is tested."""


class ClientSide(Descriptions, ClientTransfers):
    """The client is tested, and the server once more."""


class SmallBlocks:
    """The server takes and sends smaller blocks than most of what a client may wish."""

    settings = [*PATIENT, f"BlockSize={16 << SMALL}"]
    szx = SMALL


class ServerSideSmall(SmallBlocks, ServerSide):
    pass


class ClientSideSmall(SmallBlocks, ClientSide):
    pass


class ClientOfStatelessServer(Checks, ClientTransfers):
    """The other server that a description has in mind, which ours is not."""

    def check_put(self, szx):
        server = StatelessServer(szx)
        self.addCleanup(server.close)
        self.relay.connect(server.address)
        for desired in range(LARGEST + 1):
            with self.subTest(desired=desired):
                body = make_body(f"put by 03, {desired}")
                pairs = self.upload(PUT, "/large-update", body, desired)
                self.check_same_request(pairs)
                self.check_upload(pairs, desired, min(desired, szx), body, "2.04", "2.04")
                self.check_client_displayed("2.04", b"")

    def test_TD_COAP_BLOCK_03(self):
        """RFC 7959 sections 2.3 and 3.2, figure 8."""
        self.check_put(LARGEST)

    def test_TD_COAP_BLOCK_03_small(self):
        """RFC 7959 sections 2.3 and 3.2, figure 8, with a smaller size."""
        self.check_put(SMALL)


class ObserveDescriptions(Checks):
    """The test descriptions of large states, for whoever can start(), wait_until() and stop()."""

    observe_interval = 100

    def sequence(self, message):
        (value,) = message.values(Option.OBSERVE)
        return int.from_bytes(value, "big")

    def notifications(self):
        return [
            message
            for origin, message in self.log()
            if origin == SERVER and is_notification(message, self.request)
        ]

    def observe(self, path, szx, is_enough):
        """Registers, and gets states until there are enough; the whole ones are given."""
        self.start(path, szx)
        self.wait_until(is_enough)
        self.check_registration(path, szx)
        self.check_notifications(szx)
        self.check_states(szx)
        self.stop()

    def check_registration(self, path, szx):
        """RFC 7641 sections 3.1 and 4.1."""
        request = self.request
        self.assertEqual((request.type, request.code), (Type.CON, GET))
        self.assertEqual(other_options(request), make_request(Type.CON, GET, path).options)
        self.assertEqual(request.values(Option.OBSERVE), [REGISTER[1]])
        self.assertIn(len(request.token), range(1, 9))
        self.check_piggybacked(request, self.response, "2.05")
        self.check_state(self.response, szx)

    def check_state(self, message, szx):
        self.assertEqual(code_text(message.code), "2.05")
        self.assertEqual(message.token, self.request.token)
        self.assertEqual(message.values(Option.CONTENT_FORMAT), [TEXT_PLAIN])
        if has_more(message):
            self.assertEqual(find_block2(message), Block(0, True, szx))
            self.assertEqual(len(message.payload), 16 << szx)
        else:
            self.assertEqual(len(message.payload), SMALL_SIZE)

    def check_notifications(self, szx):
        """Steps "Server sends a notification" and "Client sends an ACK"."""
        notifications = self.notifications()
        acknowledged = {m.mid for origin, m in self.log() if origin == CLIENT and is_empty_ack(m)}
        for message in notifications:
            self.check_state(message, szx)
        self.assertLessEqual({message.mid for message in notifications}, acknowledged)
        numbers = list(map(self.sequence, [self.response, *notifications]))
        for older, newer in zip(numbers, numbers[1:]):
            self.assertIn((newer - older) % 2**24, range(1, 2**23))

    def check_states(self, szx):
        """Steps "Client obtains the rest" and "displays" (RFC 7959 section 2.6)."""
        asks = [pair for pair in self.exchanges() if pair[0].token != self.request.token]
        for ask in asks:
            self.check_piggybacked(*ask, "2.05")
        self.check_asks(asks, szx)
        wholes = [self.join(first, asks) for first in [self.response, *self.notifications()]]
        positions = [wholes.index(state) for state in self.states]
        self.assertEqual(positions, sorted(set(positions)))

    def join(self, first, asks):
        """The state that a response begins to tell, as far as it was asked for."""
        body = first.payload
        for _, response in asks:
            is_next = find_block2(response).offset == len(body)
            if has_more(first) and is_next and self.are_of_one_state(first, response):
                body += response.payload
        return body

    def are_of_one_state(self, a, b):
        return a.values(Option.ETAG) == b.values(Option.ETAG)

    def test_TD_COAP_OBS_13(self):
        """RFC 7641 sections 3 and 4, RFC 7959 sections 2.6 and 3.4, figures 12 and 13."""
        for szx in (LARGEST, 4):
            with self.subTest(szx=szx):
                self.observe("/obs-large", szx, lambda: len(self.states) > ENOUGH)
                for state in self.states:
                    number = int(state.split()[1].rstrip(b":"))
                    self.assertEqual(state, make_state("/obs-large", number))

    def test_TD_COAP_OBS_14(self):
        """RFC 7641 sections 3 and 4, RFC 7959 sections 2.6 and 3.4, figures 12 and 13."""

        def is_enough():
            sizes = [len(state) for state in self.states]
            return min(map(sizes.count, (SMALL_SIZE, LARGE_SIZE))) >= ENOUGH

        for szx in (LARGEST, 4):
            with self.subTest(szx=szx):
                begun_in_blocks = set()
                while len(begun_in_blocks) < 2:
                    self.observe("/obs-pumping", szx, is_enough)
                    begun_in_blocks.add(has_more(self.response))


class ObserveServerSide(ObserveDescriptions, RawObserver):
    """The server is tested."""


class ObserveClientSide(ObserveDescriptions, ClientObserver):
    """The client is tested, and the server once more."""


class BesideThePlan(RawSteps):
    """What the descriptions take for granted."""

    def answer(self, method, path, *options, payload=b""):
        request, response = self.ask(
            make_request(Type.CON, method, path, *options, payload=payload)
        )
        self.assertEqual(response.type, Type.ACK)
        return code_text(response.code)

    def test_unsupported_method(self):
        self.assertEqual(self.answer(PUT, "/large", payload=b"put"), "4.05")
        self.assertEqual(self.answer(GET, "/large-post"), "4.05")

    def test_unsupported_format(self):
        self.assertEqual(self.answer(GET, "/large", (Option.ACCEPT, bytes([50]))), "4.06")

    def test_unsupported_condition(self):
        self.assertEqual(self.answer(GET, "/large", (Option.IF_MATCH, b"tag")), "4.02")

    def test_oldest_place_is_taken(self):
        self.assertEqual(self.answer(GET, "/large-create/1"), "4.04")
        for number in range(5):
            self.assertEqual(self.answer(POST, "/large-create", payload=b"body"), "2.01")
        self.assertEqual(self.answer(GET, "/large-create/1"), "2.05")

    def test_discovery(self):
        wanted = make_request(Type.CON, GET, "/.well-known/core")
        links = self.ask(wanted)[1].payload.decode().split(",")
        for path in ("/large", "/large-update", "/large-post", "/obs-large", "/obs-pumping"):
            self.assertTrue([link for link in links if link.startswith(f"<{path}>;")])


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
