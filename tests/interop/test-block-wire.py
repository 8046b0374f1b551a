# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Block-wise transfer (RFC 7959) with peers that do what no decent program does, datagram by
datagram."""

import itertools
import socket

from blockcase import (
    BLOCK1, BLOCK2, CONTENT_FORMAT, FEW_MESSAGE_IDS, LARGE, N_MESSAGE_IDS, REQUEST_TAG, Block,
    BlockCase, blocks_of, make_block, make_body, read_block,
)
from gcoapcase import ETAG, URI_PATH, main
from gi.repository import GCoap, GLib
from relay import RECEIVE_MAX, Datagram
from coap_wire import Message, Type, code_text

GET, POST, PUT = GCoap.Method.GET, GCoap.Method.POST, GCoap.Method.PUT
CHANGED, CONTENT, CONTINUE = 0x44, 0x45, 0x5f
SZX_7 = 7


class RawPeer:
    """A bare socket on the default main context, that remembers what comes."""

    def __init__(self, test, answer=None):
        """`answer` takes a message and gives those to be sent back."""
        self.answer = answer
        self.received = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        source = GLib.io_add_watch(
            self.socket.fileno(), GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN, self._receive
        )
        test.addCleanup(self.socket.close)
        test.addCleanup(GLib.source_remove, source)

    @property
    def uri(self):
        return f"coap://127.0.0.1:{self.port}/body"

    def send(self, message, port):
        self.socket.sendto(message.encode(), ("127.0.0.1", port))

    def _receive(self, _fd, _condition):
        data, (_, port) = self.socket.recvfrom(RECEIVE_MAX)
        self.received.append(Datagram(data))
        for message in self.answer(Message.decode(data)) if self.answer else ():
            self.send(message, port)
        return GLib.SOURCE_CONTINUE


def reply(request, code, *options, payload=b""):
    """A piggybacked response."""
    return Message(Type.ACK, code, request.mid, request.token, sorted(options), payload)


def block_of(message, number):
    return next((read_block(value) for value in message.values(number)), None)


class ServerOfGCoap(BlockCase):
    """A raw client asks GCoap."""

    def setUp(self):
        super().setUp()
        self.peer = RawPeer(self)
        self.mids = itertools.count(1)

    def ask_raw(self, server, code, *options, payload=b"", path=b"body", peer=None, **fields):
        """Sends a request and waits for its reply."""
        peer = peer or self.peer
        mid = next(self.mids)
        message = Message(
            fields.get("type", Type.CON), code, fields.get("mid", mid), b"%d" % mid,
            sorted([(URI_PATH, path), *options]), payload,
        )
        n_before = len(peer.received)
        peer.send(message, server.get_local_port())
        self.wait_until(lambda: len(peer.received) > n_before, "the reply")
        answer = peer.received[-1].message
        self.assertEqual(answer.token, message.token)
        if message.type == Type.CON:
            self.assertEqual((answer.type, answer.mid), (Type.ACK, message.mid))
        return answer

    def put_block(self, server, body, number, *options, size=64, **fields):
        """One block of a body. Returns the code of the reply and its Block1 option."""
        part = body[number * size:(number + 1) * size]
        more = (number + 1) * size < len(body)
        option = BLOCK1, make_block(number, more, size)
        answer = self.ask_raw(server, PUT, option, *options, payload=part, **fields)
        return code_text(answer.code), block_of(answer, BLOCK1)

    def put(self, server, body, numbers, *options, **fields):
        return [self.put_block(server, body, n, *options, **fields)[0] for n in numbers]

    def test_reserved_size(self):
        server = self.serve_body(make_body(300))
        for code, number in (PUT, BLOCK1), (GET, BLOCK2), (POST, BLOCK2):
            for value in SZX_7, SZX_7 | 8, SZX_7 | 16:
                with self.subTest(code=code, value=value):
                    answer = self.ask_raw(server, code, (number, bytes([value])), payload=b"x" * 64)
                    self.assertEqual(code_text(answer.code), "4.00")
        self.assertEqual(server.seen, [])

    def test_value_without_bytes(self):
        """It is block 0, of 16 bytes, with no more to come."""
        server = self.serve_body(make_body(300))
        answer = self.ask_raw(server, GET, (BLOCK2, b""))
        self.assertEqual(answer.payload, server.body[:16])
        self.assertEqual(block_of(answer, BLOCK2), Block(0, True, 16))
        answer = self.ask_raw(server, PUT, (BLOCK1, b""), payload=b"short")
        self.assertEqual((code_text(answer.code), server.body), ("2.04", b"short"))
        self.assertEqual(block_of(answer, BLOCK1), Block(0, False, 16))
        answer = self.ask_raw(server, PUT, (BLOCK1, b""), payload=b"x" * 17)
        self.assertEqual(code_text(answer.code), "4.00")

    def test_value_too_long(self):
        server = self.serve_body(make_body(300))
        for code, number in (PUT, BLOCK1), (GET, BLOCK2):
            with self.subTest(code=code):
                answer = self.ask_raw(server, code, (number, b"\0\0\0\x02"))
                self.assertIn(code_text(answer.code), ("4.00", "4.02"))
        self.assertEqual(server.seen, [])

    def test_upload_without_a_beginning(self):
        server = self.serve_body()
        body = make_body(200)
        for number in 1, 2, 3:
            self.assertEqual(self.put_block(server, body, number)[0], "4.08")
        self.assertEqual(server.seen, [])
        self.assertEqual(self.put(server, body, range(4)), ["2.31"] * 3 + ["2.04"])
        self.assertEqual(server.body, body)

    def test_upload_with_a_gap(self):
        server = self.serve_body()
        body = make_body(300)
        self.assertEqual(self.put(server, body, [0, 1, 3, 2, 4]), 2 * ["2.31"] + 3 * ["4.08"])
        self.assertEqual(server.seen, [])

    def test_blocks_that_are_not_full(self):
        server = self.serve_body()
        for length in 0, 1, 63, 65:
            with self.subTest(length=length):
                answer = self.ask_raw(
                    server, PUT, (BLOCK1, make_block(0, True, 64)), payload=b"x" * length
                )
                self.assertEqual(code_text(answer.code), "4.00")
        self.assertEqual(server.seen, [])

    def test_largest_number(self):
        server = self.serve_body(make_body(300))
        for size in 16, 1024:
            answer = self.ask_raw(server, GET, (BLOCK2, make_block(2**20 - 1, False, size)))
            self.assertEqual(code_text(answer.code), "4.00")
            answer = self.ask_raw(
                server, PUT, (BLOCK1, make_block(2**20 - 1, False, size)), payload=b"x"
            )
            self.assertEqual(code_text(answer.code), "4.08")

    def test_what_is_acknowledged(self):
        server = self.serve_body()
        body = make_body(200)
        for number in range(4):
            block = self.put_block(server, body, number)[1]
            self.assertEqual((block.number, block.size), (number, 64))

    def test_not_confirmable(self):
        server = self.serve_body()
        body = make_body(200)
        self.assertEqual(
            self.put(server, body, range(4), type=Type.NON), ["2.31"] * 3 + ["2.04"]
        )
        self.assertEqual(server.body, body)
        self.assertEqual({each.type for each in self.peer.received}, {"NON"})

    def test_repeated_blocks(self):
        """By the same message, whose answer was lost, and by another."""
        server = self.serve_body()
        body = make_body(200)
        for number in range(4):
            mid = 1000 + number
            first = self.ask_of(server, body, number, mid)
            again = self.ask_of(server, body, number, mid)
            self.assertEqual(first, again)
            if number < 3:
                self.assertEqual(self.put_block(server, body, number)[0], "2.31")
        self.assertEqual((server.body, len(server.seen)), (body, 1))

    def ask_of(self, server, body, number, mid):
        """The same bytes for the same Message ID."""
        self.mids = itertools.count(mid)
        return self.put_block(server, body, number, mid=mid)

    def test_restart_after_abandoned_upload(self):
        server = self.serve_body()
        old, new = make_body(300, "old"), make_body(300, "new")
        for n_sent in 1, 2, 4:
            with self.subTest(n_sent=n_sent):
                self.put(server, old, range(n_sent))
                self.assertEqual(self.put(server, new, range(5)), 4 * ["2.31"] + ["2.04"])
                self.assertEqual(server.body, new)

    def test_other_requests_meanwhile(self):
        server = self.serve_body(make_body(300, "there"))
        body = make_body(300)
        other = RawPeer(self)
        for number in range(5):
            self.put_block(server, body, number)
            if number < 4:
                for peer in self.peer, other:
                    answer = self.ask_raw(
                        server, GET, (BLOCK2, make_block(number, False, 64)), peer=peer
                    )
                    self.assertEqual(answer.payload, make_body(300, "there")[number * 64:][:64])
        self.assertEqual(server.body, body)

    def test_uploads_that_differ(self):
        """By who sends them, by where to, and by their tag (RFC 9175 section 3)."""
        bodies = []

        def keep(server, request):
            bodies.append(bytes(request.get_payload().get_data()))
            server.set_response_code("2.04")

        server = self.serve({"": keep})
        uploads = [
            ({}, ()), ({"path": b"other"}, ()), ({"peer": RawPeer(self)}, ()),
            *(({}, [(REQUEST_TAG, tag)]) for tag in (b"\1", b"\0\1", b"")),
        ]
        for number in range(5):
            for seed, (fields, options) in enumerate(uploads):
                code, _ = self.put_block(server, make_body(300, seed), number, *options, **fields)
                self.assertEqual(code, "2.31" if number < 4 else "2.04")
        self.assertEqual(bodies, [make_body(300, seed) for seed in range(len(uploads))])

    def test_smaller_blocks_from_the_second_on(self):
        """RFC 7959 section 2.4: then the number counts smaller blocks."""
        server = self.serve_body(make_body(300))
        first = self.ask_raw(server, GET)
        self.assertEqual(first.payload, server.body)
        first = self.ask_raw(server, GET, (BLOCK2, make_block(0, False, 128)))
        rest = [
            self.ask_raw(server, GET, (BLOCK2, make_block(number, False, 16)))
            for number in range(8, 19)
        ]
        self.assertEqual(b"".join(each.payload for each in [first, *rest]), server.body)
        self.assertEqual({tuple(each.values(ETAG)) for each in rest}, {tuple(first.values(ETAG))})
        self.assertEqual(len(server.seen), 2)

    def test_state_that_changes_meanwhile(self):
        """What has begun is of the old one, to its end; what begins then is of the new one."""
        old, new = make_body(300, "old"), make_body(300, "new")
        server = self.serve_body(old)
        blocks = []
        for number in range(5):
            blocks.append(self.ask_raw(server, GET, (BLOCK2, make_block(number, False, 64))))
            server.body = new
        self.assertEqual(b"".join(each.payload for each in blocks), old)
        self.assertEqual(len({tuple(each.values(ETAG)) for each in blocks}), 1)
        answer = self.ask_raw(server, GET, (BLOCK2, make_block(0, False, 64)))
        self.assertEqual(answer.payload, new[:64])
        self.assertNotEqual(answer.values(ETAG), blocks[0].values(ETAG))


class ClientOfGCoap(BlockCase):
    """GCoap asks a raw server."""

    def serve_raw(self, answer):
        """`answer` gives the reply to a request, or None."""
        def answer_one(message):
            if message.code == 0:
                return ()
            one = answer(message)
            return (one,) if isinstance(one, Message) else one or ()

        return RawPeer(self, answer_one)

    @staticmethod
    def asked(message, size=64):
        """Which block is wanted, and no larger than of a size."""
        block = block_of(message, BLOCK2) or Block(0, False, size)
        return block if block.size <= size else Block(0, False, size)

    def slice(self, request, body, size=64, *options, code=CONTENT):
        number, _, size = self.asked(request, size)
        more = (number + 1) * size < len(body)
        return reply(
            request, code, (BLOCK2, make_block(number, more, size)), *options,
            payload=body[number * size:(number + 1) * size],
        )

    def outcome(self, peer, method=GET, payload=b"", settings=None, **kwargs):
        return self.ask(self.client(settings), peer.uri, method, payload=payload, **kwargs)

    def test_download(self):
        body = make_body(300)
        peer = self.serve_raw(lambda request: self.slice(request, body))
        self.assertEqual(self.outcome(peer).payload, body)
        self.assertEqual(
            blocks_of(peer.received, BLOCK2), [Block(number, False, 64) for number in range(1, 5)]
        )

    def test_value_without_bytes(self):
        """It is the only block, of up to 16 bytes."""
        peer = self.serve_raw(lambda request: reply(request, CONTENT, (BLOCK2, b""), payload=b"x"))
        self.assertEqual(self.outcome(peer).payload, b"x")

    def test_reserved_size(self):
        for value in SZX_7, SZX_7 | 8:
            for number in BLOCK1, BLOCK2:
                with self.subTest(value=value, number=number):
                    peer = self.serve_raw(
                        lambda request: reply(request, CONTENT, (number, bytes([value])),
                                              payload=b"x" * 64)
                    )
                    outcome = self.outcome(peer, PUT, make_body(3000))
                    self.assertTrue(outcome.failed_with(GCoap.Error.INVALID_BLOCK), outcome.error)

    def test_blocks_that_do_not_follow(self):
        """They end the request, and nothing of them is shown."""
        cases = {
            "the same again": lambda block: (0, 64),
            "one further": lambda block: (block.number + 1, 64),
            "too large": lambda block: (block.number, 128),
        }
        for name, choose in cases.items():
            with self.subTest(name):
                def answer(request):
                    block = self.asked(request)
                    number, size = choose(block) if block.number else (0, 64)
                    return reply(request, CONTENT, (BLOCK2, make_block(number, True, size)),
                                 payload=b"x" * size)

                outcome = self.outcome(self.serve_raw(answer))
                self.assertTrue(outcome.failed_with(GCoap.Error.INVALID_BLOCK), outcome.error)

    def test_block_that_is_not_full(self):
        peer = self.serve_raw(
            lambda request: reply(request, CONTENT, (BLOCK2, make_block(0, True, 64)), payload=b"x")
        )
        self.assertTrue(self.outcome(peer).failed_with(GCoap.Error.INVALID_BLOCK))

    def test_server_of_smaller_blocks_late(self):
        """RFC 7959 section 2.4: it answers with less than it was asked for, in mid-transfer."""
        body = make_body(300)

        def answer(request):
            block = block_of(request, BLOCK2)
            if block is None:
                return self.slice(request, body, 64)
            number = block.number * block.size // 16
            more = (number + 1) * 16 < len(body)
            return reply(request, CONTENT, (BLOCK2, make_block(number, more, 16)),
                         payload=body[number * 16:][:16])

        peer = self.serve_raw(answer)
        self.assertEqual(self.outcome(peer).payload, body)
        self.assertEqual(
            blocks_of(peer.received, BLOCK2),
            [Block(1, False, 64)] + [Block(number, False, 16) for number in range(5, 19)],
        )

    def test_other_state(self):
        """Of another ETag: it begins anew. ETags are bytes, so that 1 is not 0 1."""
        for etags in (b"\1", b"\2"), (b"\1", b"\0\1"), (b"\1", None):
            with self.subTest(etags):
                bodies = [make_body(300, "old"), make_body(300, "new")]
                requests = []

                def answer(request):
                    requests.append(request)
                    is_new = len(requests) > 3
                    etag = etags[is_new]
                    options = [(ETAG, etag)] if etag is not None else []
                    return self.slice(request, bodies[is_new], 64, *options)

                peer = self.serve_raw(answer)
                self.assertEqual(self.outcome(peer).payload, bodies[1])

    def test_states_without_end(self):
        """Another one with each block: that is given up."""
        body = make_body(300)
        etags = itertools.count()
        peer = self.serve_raw(
            lambda request: self.slice(request, body, 64, (ETAG, bytes([next(etags) % 256])))
        )
        self.assertTrue(self.outcome(peer).failed_with(GCoap.Error.INVALID_BLOCK))

    def accept(self, parts, size=1024, code=CHANGED):
        """A server that keeps the parts of an upload by their offset."""
        def answer(request):
            block = block_of(request, BLOCK1)
            parts[block.number * block.size] = request.payload
            value = make_block(block.number, block.more, min(size, block.size))
            return reply(request, CONTINUE if block.more else code, (BLOCK1, value))

        return answer

    @staticmethod
    def join(parts):
        return b"".join(parts[offset] for offset in sorted(parts))

    def test_server_takes_smaller_blocks(self):
        """RFC 7959 section 2.3: after the first, or after some."""
        body = make_body(5000)
        for n_large in 1, 3:
            with self.subTest(n_large=n_large):
                parts = {}
                peer = self.serve_raw(lambda request: self.accept(
                    parts, 1024 if len(parts) < n_large - 1 else 256
                )(request))
                self.assertEqual(self.outcome(peer, PUT, body).code, "2.04")
                self.assertEqual(self.join(parts), body)
                sizes = [block.size for block in blocks_of(peer.received, BLOCK1)]
                self.assertEqual(sizes[:n_large], n_large * [1024])
                self.assertEqual(set(sizes[n_large:]), {256})

    def test_server_refuses_the_size(self):
        """RFC 7959 section 2.9.3: 4.13 with the size that it would take."""
        body = make_body(5000)
        parts = {}

        def answer(request):
            if block_of(request, BLOCK1).size > 256:
                return reply(request, 0x8d, (BLOCK1, make_block(0, True, 256)))
            return self.accept(parts)(request)

        peer = self.serve_raw(answer)
        self.assertEqual(self.outcome(peer, PUT, body).code, "2.04")
        self.assertEqual(self.join(parts), body)

    def test_server_refuses_the_body(self):
        """Its refusal is the response, and no more is sent."""
        for code, text in (0x8d, "4.13"), (0x88, "4.08"), (0x83, "4.03"):
            with self.subTest(text):
                peer = self.serve_raw(lambda request: reply(request, code, payload=b"no"))
                outcome = self.outcome(peer, PUT, make_body(5000))
                self.assertEqual((outcome.code, outcome.payload), (text, b"no"))
                self.assertEqual(len(peer.received), 1)

    def test_every_answer_is_separate(self):
        """An empty acknowledgement, and a message of its own that is acknowledged."""
        body = make_body(5000)
        parts, mids = {}, itertools.count(1)

        def answer(request):
            if request.code == GET:
                response = self.slice(request, body, 1024)
            else:
                response = self.accept(parts)(request)
            response.type, response.mid = Type.CON, next(mids)
            return [Message(Type.ACK, 0, request.mid), response]

        peer = self.serve_raw(answer)
        self.assertEqual(self.outcome(peer, PUT, body).code, "2.04")
        self.assertEqual(self.join(parts), body)
        self.assertEqual(self.outcome(peer).payload, body)
        n_answers = next(mids) - 1
        self.wait_until(
            lambda: [d.message.mid for d in peer.received if d.kind == ("ACK", "0.00")] ==
            list(range(1, n_answers + 1)),
            "the acknowledgements",
        )

    def test_answer_that_is_late(self):
        """That to the block before comes once more, under its token, and is not taken for this."""
        body = make_body(300)
        replies = []

        def answer(request):
            replies.append(self.slice(request, body))
            return replies[-2:]

        self.assertEqual(self.outcome(self.serve_raw(answer)).payload, body)

    def test_what_all_requests_say(self):
        """Each repeats where to, and for an upload of what format."""
        body = make_body(3000)
        parts = {}

        def answer(request):
            if request.values(BLOCK1):
                return self.accept(parts)(request)
            return self.slice(request, body, 64)

        for method, payload in (PUT, body), (GET, b""):
            with self.subTest(method=method):
                peer = self.serve_raw(answer)
                options = [(17, b"\x2a"), (65000, b"e")]
                self.outcome(peer, method, payload, content_format=50, options=options)
                said = {
                    tuple(option for option in each.message.options
                          if option[0] in (URI_PATH, CONTENT_FORMAT, 17, 65000))
                    for each in peer.received
                }
                self.assertEqual(len(said), 1)
                self.assertLessEqual({(URI_PATH, b"body"), *options}, set(said.pop()))

    def test_larger_than_allowed(self):
        """Which is known when it is announced, and otherwise once there is too much."""
        body = make_body(3000)
        for options, n_requests in ([(28, b"\x0b\xb8")], 1), ([], 33):
            with self.subTest(options):
                peer = self.serve_raw(lambda request: self.slice(request, body, 64, *options))
                outcome = self.outcome(peer, settings={"MaxBodySize": 2048})
                self.assertTrue(outcome.failed_with(GCoap.Error.INVALID_BLOCK), outcome.error)
                self.assertLessEqual(len(peer.received), n_requests)


class Both(BlockCase):
    """GCoap asks GCoap."""

    def assert_whole(self, body, settings):
        server = self.serve_body()
        client = self.client(settings)
        uri = f"coap://127.0.0.1:{server.get_local_port()}/body"
        self.exchange(client, PUT, uri, body)
        self.assertTrue(server.body == body, "PUT")
        self.assertTrue(self.exchange(client, GET, uri) == body, "GET")
        self.assertEqual(len(server.seen), 2)

    def test_large_bodies(self):
        self.assert_whole(make_body(LARGE), {})

    def test_more_blocks_than_message_ids(self):
        body = make_body((N_MESSAGE_IDS + 1) * 16)
        self.assert_whole(body, {"BlockSize": 16, **FEW_MESSAGE_IDS})


if __name__ == "__main__":
    main()
