# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""GCoap and node-coap exchange bodies in blocks (RFC 7959).

node-coap has limits of its own. A Block option of block 0, of 16 bytes, with no more to come has no
bytes on the wire (RFC 7252 section 3.2): its client dies of such a one, and its server answers it
with an empty block. The server answers 4.02 where an empty body is asked for with a Block2 option,
and sends all blocks but the first with 2.05, whatever the code of the first.
"""

from blockcase import (
    BLOCK1, BLOCK2, BLOCK_SIZES, CONTENT_FORMAT, LARGE, MEDIUM, Block, BlockCase, blocks_of,
    make_block, make_body, sizes_around,
)
from gcoapcase import ETAG, OBSERVE, bytes_of, main, put_off
from gi.repository import GCoap, GLib
from nodecase import NodeCase
from relay import drop_each

FETCH, GET, POST, PUT = (getattr(GCoap.Method, name) for name in ("FETCH", "GET", "POST", "PUT"))
ACTIVE = GCoap.ObservationState.ACTIVE
CONTINUED = "ACK", "2.31"
CONTENT = "ACK", "2.05"


class ServerOfNode(BlockCase, NodeCase):
    """GCoap asks a server of node-coap."""

    def setUp(self):
        super().setUp()
        self.server = self.start_server()

    def uri(self, path="/store", port=None):
        return f"coap://127.0.0.1:{port or self.server.port}{path}"

    def fetch(self, client, path, body, port=None):
        """Has a body sent back."""
        client.set_request_content_format(42)
        return self.exchange(client, FETCH, self.uri(path, port), body)

    def test_uploads(self):
        for block_size in BLOCK_SIZES:
            client = self.client({"BlockSize": block_size})
            for size in sizes_around(block_size):
                with self.subTest(block_size=block_size, size=size):
                    body = make_body(size)
                    self.exchange(client, PUT, self.uri(), body)
                    self.wait_until(lambda: self.server.seen, "a line of the server")
                    self.assertTrue(self.server.seen.pop(0)["payload"] == body.hex())

    def test_downloads(self):
        for block_size in 64, 1024:
            client = self.client({"BlockSize": block_size})
            for size in sizes_around(block_size)[block_size < 1024:]:
                with self.subTest(block_size=block_size, size=size):
                    body = make_body(size)
                    self.exchange(client, PUT, self.uri(), body)
                    self.assertTrue(self.exchange(client, GET, self.uri()) == body, "GET")
                    self.assertTrue(self.fetch(client, "/echo", body) == body, "FETCH")

    def test_large_bodies(self):
        """It goes through the whole body for each block that it sends, so that is not so large."""
        client = self.client()
        body = make_body(LARGE)
        self.exchange(client, PUT, self.uri(), body)
        self.wait_until(lambda: self.server.seen, "a line of the server")
        self.assertTrue(self.server.seen[-1]["payload"] == body.hex())
        body = body[:LARGE // 8]
        self.exchange(client, PUT, self.uri(), body)
        self.assertTrue(self.exchange(client, GET, self.uri()) == body)

    def test_answer_that_takes_time(self):
        relay = self.relay("127.0.0.1", self.server.port)
        body = make_body(3000)
        self.assertTrue(self.fetch(self.client(), "/slow", body, relay.port) == body)
        self.assertEqual(
            [each.kind for each in relay.answered],
            [CONTINUED, CONTINUED, ("ACK", "0.00"), ("CON", "2.05"), CONTENT, CONTENT],
        )

    def test_preferred_size(self):
        relay = self.relay("127.0.0.1", self.server.port)
        client = self.client({"BlockSize": 64})
        body = make_body(200)
        uri = self.uri("/store", relay.port)
        self.exchange(client, PUT, uri, body)
        self.assertTrue(self.exchange(client, GET, uri) == body)
        for number in BLOCK1, BLOCK2:
            for side in relay.sent, relay.answered:
                self.assertEqual({block.size for block in blocks_of(side, number)}, {64})

    def test_loss(self):
        relay = self.relay(
            "127.0.0.1", self.server.port,
            to_server=drop_each(10, ("CON", "0.05")), to_client=drop_each(10, ("ACK", "2.31")),
        )
        client = self.client({"AckTimeout": 0.1})
        body = make_body(MEDIUM)
        self.assertTrue(self.fetch(client, "/echo", body, relay.port) == body)

    def test_observed(self):
        """RFC 7959 section 2.6, with what node-server.js adds to node-coap for it."""
        server = self.start_server()
        relay = self.relay("127.0.0.1", server.port)
        observation, states = self.observe(
            self.client(), self.uri("/observed-large", relay.port)
        )
        self.wait_for_state(observation, ACTIVE)
        for letter in "bc":
            server.notify(letter)
            self.wait_until(lambda: observation.get_text() == letter * 3000, "the state")
        self.assertEqual([text for _, text in states], ["first" * 600, "b" * 3000, "c" * 3000])
        asked = [each for each in relay.sent if each.message.values(BLOCK2)]
        self.assertEqual([each.message.values(OBSERVE) for each in asked], 6 * [[]])


class ClientOfNode(BlockCase, NodeCase):
    """A client of node-coap asks GCoap, with a block size of its own."""

    def setUp(self):
        super().setUp()
        self.peer = self.start_client()

    def request(self, port, method="GET", size=None, path="body", **what):
        if size is not None:
            name = "Block2" if method == "GET" else "Block1"
            value = make_block(0, False, size) or b"\0"
            what["options"] = [(name, value), *what.get("options", [])]
        return self.peer.request("127.0.0.1", port, path=path, method=method, **what)

    def fetch(self, *args, **what):
        reply = self.request(*args, **what)
        self.wait_for(reply)
        self.assertIsNone(reply.error)
        return reply

    def assert_whole(self, server, body, block_size):
        """Sends and gets a body, and has it sent back. Each is one request for the server."""
        port = server.get_local_port()
        self.assertEqual(self.fetch(port, "PUT", block_size, payload=body).code, "2.04")
        self.assertTrue(server.body == body, "PUT")
        reply = self.fetch(port, "GET", block_size)
        self.assertEqual((reply.code, reply.payload == body), ("2.05", True))
        reply = self.fetch(port, "POST", block_size, payload=body)
        self.assertEqual((reply.code, reply.payload == body), ("2.04", True))
        self.assertEqual([seen.method for seen in server.seen], [PUT, GET, POST])

    def test_bodies(self):
        for block_size in BLOCK_SIZES:
            for size in sizes_around(block_size)[3 if block_size == 16 else 0:]:
                with self.subTest(block_size=block_size, size=size):
                    self.assert_whole(self.serve_body(), make_body(size), block_size)

    def test_large_bodies(self):
        self.assert_whole(self.serve_body(), make_body(LARGE), 1024)

    def test_without_its_own_block_option(self):
        server = self.serve_body(make_body(5000))
        reply = self.fetch(server.get_local_port())
        self.assertTrue(reply.payload == server.body)

    def test_server_prefers_smaller(self):
        server = self.serve_body(settings={"BlockSize": 64})
        relay = self.relay("127.0.0.1", server.get_local_port())
        body = make_body(2000)
        self.fetch(relay.port, "PUT", 1024, payload=body)
        self.assertTrue(server.body == body)
        self.assertEqual(
            blocks_of(relay.sent, BLOCK1)[:2], [Block(0, True, 1024), Block(16, True, 64)]
        )
        self.assertTrue(self.fetch(relay.port, "GET", 1024).payload == body)
        self.assertEqual({block.size for block in blocks_of(relay.answered, BLOCK2)}, {64})

    def test_what_blocks_of_a_response_have_in_common(self):
        def answer(server, _request):
            server.set_response_code("2.05")
            server.set_response_data(GLib.Bytes.new(make_body(3000)))
            server.set_response_content_format(50)
            server.set_response_etag(GLib.Bytes.new(b"\0\1"))

        server = self.serve({"/body": answer})
        relay = self.relay("127.0.0.1", server.get_local_port())
        reply = self.fetch(relay.port)
        self.assertTrue(reply.payload == make_body(3000))
        self.assertEqual(reply.values("Content-Format"), [b"application/json"])
        for number, value in (CONTENT_FORMAT, b"\x32"), (ETAG, b"\0\1"):
            values = [each.message.values(number) for each in relay.answered]
            self.assertEqual(values, 3 * [[value]])

    def test_answer_that_takes_time(self):
        server = self.serve({"/slow": put_off}, timeout=0)
        relay = self.relay("127.0.0.1", server.get_local_port())
        body = make_body(3000)
        reply = self.request(relay.port, "POST", 1024, path="slow", payload=body)
        self.wait_until(lambda: ("ACK", "0.00") in [d.kind for d in relay.answered], "the ACK")
        (request,) = server.get_pending_requests()
        self.assertTrue(bytes_of(request.get_payload()) == body)
        server.set_response_code("2.04")
        server.set_response_text("stored")
        server.send_response(request.get_request_id())
        self.wait_for(reply)
        self.assertEqual((reply.code, reply.payload), ("2.04", b"stored"))

    def test_many_at_once(self):
        """It tells them apart by nothing but their tokens: each has a path of its own."""
        server = self.serve({"": lambda server, request: (
            server.set_response_code("2.04"), server.set_response_data(request.get_payload())
        )})
        bodies = [make_body(20000, number) for number in range(10)]
        replies = [
            self.request(server.get_local_port(), "POST", 1024, path=str(number), payload=body)
            for number, body in enumerate(bodies)
        ]
        self.wait_for(*replies)
        self.assertTrue(all(reply.payload == body for reply, body in zip(replies, bodies)))

    def test_loss(self):
        """Of two datagrams: its delays double for as long as the transfer lasts."""
        server = self.serve_body()
        relay = self.relay(
            "127.0.0.1", server.get_local_port(),
            to_server=drop_each(12, ("CON", "0.02")), to_client=drop_each(8, ("ACK", "2.31")),
        )
        body = make_body(12000)
        reply = self.fetch(relay.port, "POST", 1024, payload=body, ackTimeout=0.1)
        self.assertTrue(reply.payload == body)
        self.assertEqual(len(server.seen), 1)

    def test_observed(self):
        """It gets all blocks of each state. That it keeps the Observe option when it asks for the
        later ones (against RFC 7959 section 2.6) must not register it anew. Whether its user gets
        to know a state is chance: it looks for the sequence number in the last block."""
        server = self.serve_observable("/body")
        relay = self.relay("127.0.0.1", server.get_local_port())
        reply = self.request(relay.port, observe=True)
        self.wait_for(reply)
        for letter in "xy":
            self.notify(server, letter * 3000)
            self.wait_until(
                lambda: blocks_of(relay.answered[-1:], BLOCK2) == [Block(2, False, 1024)] and
                relay.answered[-1].message.payload == letter.encode() * 952,
                "the last block",
            )
        self.assertEqual(reply.states[0], b"first")
        self.assertEqual(len(server.registered), 1)


if __name__ == "__main__":
    main()
