# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""GCoap and the programs of libcoap exchange bodies in blocks (RFC 7959)."""

from blockcase import (
    BLOCK1, BLOCK2, BLOCK_SIZES, CONTENT_FORMAT, FEW_MESSAGE_IDS, LARGE, MEDIUM, N_MESSAGE_IDS,
    REQUEST_TAG, SIZE1, SIZE2, Block, BlockCase, blocks_of, make_body, sizes_around,
)
from gcoapcase import ETAG, OBSERVE, URI_PATH, URI_QUERY, bytes_of, main, put_off
from gi.repository import GCoap, Gio, GLib
from peers import LibcoapRun, LibcoapServer, find_free_ports
from relay import drop_each

GET, POST, PUT = GCoap.Method.GET, GCoap.Method.POST, GCoap.Method.PUT
ACTIVE = GCoap.ObservationState.ACTIVE
CONTINUED = "ACK", "2.31"
CHANGED = "ACK", "2.04"
QUIET = "-v", "0"


class ServerOfLibcoap(BlockCase):
    """GCoap asks coap-server-notls, which has been told to answer a PUT with what came."""

    HOST = "127.0.0.1"

    def setUp(self):
        super().setUp()
        self.server = LibcoapServer(self.HOST, "-e", *QUIET)
        self.addCleanup(self.server.close)

    def uri(self, path="/body", port=None):
        return f"coap://{self.HOST}:{port or self.server.port}{path}"

    def begin(self, **policies):
        """A relay, and the URI of the body behind it."""
        relay = self.relay(self.HOST, self.server.port, **policies)
        return relay, self.uri(port=relay.port)

    def assert_whole(self, client, size, uri=None):
        """Sends and gets a body."""
        body, uri = make_body(size), uri or self.uri()
        self.assertTrue(self.exchange(client, PUT, uri, body) == body, "PUT")
        self.assertTrue(self.exchange(client, GET, uri) == body, "GET")

    def test_bodies(self):
        for block_size in BLOCK_SIZES:
            client = self.client({"BlockSize": block_size})
            for size in sizes_around(block_size):
                with self.subTest(block_size=block_size, size=size):
                    body = make_body(size)
                    self.assert_whole(client, size)
                    self.assertTrue(self.exchange(client, POST, self.uri(), body) == body, "POST")

    def test_large_bodies(self):
        self.assert_whole(self.client(), LARGE)

    def test_more_blocks_than_message_ids(self):
        server = LibcoapServer(self.HOST, *QUIET)
        self.addCleanup(server.close)
        uri = self.uri(port=server.port)
        for block_size in 16, 64:
            with self.subTest(block_size=block_size):
                body = make_body((N_MESSAGE_IDS + 1) * block_size)
                client = self.client({"BlockSize": block_size, **FEW_MESSAGE_IDS})
                self.exchange(client, PUT, uri, body)
                self.assertTrue(self.exchange(client, GET, uri) == body)

    def test_preferred_size(self):
        """Ours, from the first request on, though theirs would be larger."""
        relay, uri = self.begin()
        self.assert_whole(self.client({"BlockSize": 64}), 200, uri)
        self.assertEqual({block.size for block in blocks_of(relay.sent, BLOCK1)}, {64})
        get = next(each for each in relay.sent if each.kind == ("CON", "0.01"))
        self.assertEqual(blocks_of([get], BLOCK2), [Block(0, False, 64)])
        self.assertEqual({block.size for block in blocks_of(relay.answered, BLOCK2)}, {64})

    def test_what_blocks_of_a_request_have_in_common(self):
        relay, uri = self.begin()
        client = self.client({"BlockSize": 64})
        client.set_request_content_format(42)
        self.exchange(client, PUT, uri + "?q=1", make_body(300))
        blocks = [each.message for each in relay.sent if each.message.values(BLOCK1)]
        self.assertEqual(
            blocks_of(relay.sent, BLOCK1), [Block(n, n < 4, 64) for n in range(5)]
        )
        for number in URI_PATH, URI_QUERY, CONTENT_FORMAT, REQUEST_TAG:
            with self.subTest(number=number):
                values = {tuple(each.values(number)) for each in blocks}
                self.assertEqual((len(values), len(values.pop())), (1, 1))
        self.assertEqual([each.values(SIZE1) for each in blocks], [[b"\x01\x2c"]] + 4 * [[]])
        self.assertEqual(len({each.message.token for each in relay.sent}), 1)

    def test_loss(self):
        """Each lost datagram is made good by one retransmission, from the first delay on."""
        policies = {"to_server": drop_each(20, ("CON", "0.03")),
                    "to_client": drop_each(20, ("ACK", "2.31"))}
        relay, uri = self.begin(**policies)
        client = self.client({"AckTimeout": 0.05})
        self.assert_whole(client, MEDIUM, uri)
        self.assertGreater(len(relay.sent), len({each.message.mid for each in relay.sent}))
        policies = {"to_server": drop_each(20, ("CON", "0.01")),
                    "to_client": drop_each(20, ("ACK", "2.05"))}
        relay, uri = self.begin(**policies)
        self.assertTrue(self.exchange(client, GET, uri) == make_body(MEDIUM))
        self.assertGreater(len(relay.sent), len({each.message.mid for each in relay.sent}))

    def test_other_requests_meanwhile(self):
        body = make_body(MEDIUM)
        for settings in {}, {"NStart": 8}:
            with self.subTest(settings):
                client = self.client({"BlockSize": 64, **settings})
                transfers = [
                    self.send(client, self.uri(f"/body{number}"), PUT, payload=body)
                    for number in range(3)
                ]
                self.wait_for(self.send(client, self.uri("/time")))
                self.assertFalse(any(each.is_done for each in transfers))
                others = [self.send(client, self.uri("/time")) for _ in range(20)]
                self.wait_for(*transfers, *others)
                self.assertEqual({each.code for each in others}, {"2.05"})
                self.assertTrue(all(each.payload == body for each in transfers))

    def test_abandoned(self):
        """A transfer that is given up leaves nothing behind that harms the next one."""
        body = make_body(MEDIUM, "next")
        for method in PUT, GET:
            with self.subTest(method=method):
                self.exchange(self.client(), PUT, self.uri(), make_body(MEDIUM, "first"))
                relay, uri = self.begin()
                client, cancellable = self.client(), Gio.Cancellable()
                payload = make_body(MEDIUM) if method == PUT else b""
                outcome = self.send(client, uri, method, payload=payload, cancellable=cancellable)
                self.wait_until(lambda: len(relay.answered) >= 10, "some blocks")
                cancellable.cancel()
                self.wait_for(outcome)
                self.assertTrue(
                    outcome.error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED)
                )
                self.assertTrue(self.exchange(client, PUT, uri, body) == body)
                self.assertTrue(self.exchange(client, GET, uri) == body)

    def test_observed(self):
        """RFC 7959 section 2.6: of each state the first block comes by itself."""
        self.exchange(self.client(), PUT, self.uri(), b"a" * 3000)
        relay, uri = self.begin()
        observation, states = self.observe(self.client(), uri)
        self.wait_for_state(observation, ACTIVE)
        texts = ["a" * 3000, "b" * MEDIUM, "small", "c" * 2048]
        for text in texts[1:]:
            self.exchange(self.client(), PUT, self.uri(), text.encode())
            self.wait_until(lambda: observation.get_text() == text, "the state")
        self.assertEqual([text for _, text in states], texts)
        self.assert_increasing([sequence for sequence, _ in states])
        for each in relay.sent:
            if blocks_of([each], BLOCK2):
                self.assertEqual(each.message.values(OBSERVE), [])

    def test_streams(self):
        body = make_body(2**20)
        source = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(body))
        code, steps = self.run_stream("upload", source, 42)
        self.assertEqual(code, "2.01")
        self.assert_progress(steps, len(body))
        sink = Gio.MemoryOutputStream.new_resizable()
        code, steps = self.run_stream("download", sink)
        self.assertEqual(code, "2.05")
        self.assert_progress(steps, len(body))
        sink.close(None)
        self.assertTrue(bytes_of(sink.steal_as_bytes()) == body)

    def run_stream(self, kind, *args):
        """The code of the response, and what the progress callback was told."""
        client, steps, ends = self.client(), [], []
        begin, finish = (getattr(client, f"{kind}_{part}") for part in ("async", "finish"))
        begin(
            self.uri(), *args, None, lambda *step: steps.append(step), (),
            lambda _, result: ends.append(finish(result)),
        )
        self.wait_until(lambda: ends, "the end of the stream")
        return GCoap.code_to_string(ends[0].get_code()), steps

    def assert_progress(self, steps, size):
        sizes = [so_far for so_far, _ in steps]
        self.assertEqual(sizes, sorted(sizes))
        self.assertEqual(sizes[-1], size)
        self.assertEqual({total for _, total in steps}, {size})
        self.assertGreater(len(steps), size // 8192)


class ClientOfLibcoap(BlockCase):
    """coap-client-notls asks GCoap."""

    def run_client(self, port, *args, path="/body", **kwargs):
        return LibcoapRun(self.folder, f"coap://127.0.0.1:{port}{path}", *args, **kwargs)

    def fetch(self, *args, **kwargs):
        run = self.run_client(*args, **kwargs)
        self.wait_for(run)
        return run

    def begin(self, server, **policies):
        return self.relay("127.0.0.1", server.get_local_port(), **policies)

    def assert_whole(self, server, body, *args):
        """Sends and gets a body, and has it sent back. Each is one request for the server."""
        port, args = server.get_local_port(), (*args, "-B", str(self.PATIENCE))
        self.fetch(port, "-m", "put", *args, payload=body)
        self.assertTrue(server.body == body, "PUT")
        self.assertTrue(self.fetch(port, *args).payload == body, "GET")
        self.assertTrue(self.fetch(port, "-m", "post", *args, payload=body).payload == body, "POST")
        self.assertEqual([seen.method for seen in server.seen], [PUT, GET, POST])
        self.assertTrue(all(seen.payload in (body, b"") for seen in server.seen))

    def test_bodies(self):
        for block_size in BLOCK_SIZES:
            for size in sizes_around(block_size):
                with self.subTest(block_size=block_size, size=size):
                    self.assert_whole(
                        self.serve_body(), make_body(size), *QUIET, "-b", str(block_size)
                    )

    def test_large_bodies(self):
        for block_size in 1024, 64:
            with self.subTest(block_size=block_size):
                body = make_body(LARGE)
                self.assert_whole(self.serve_body(), body, *QUIET, "-b", str(block_size))

    def test_more_blocks_than_message_ids(self):
        """Its Message IDs come again at once, which a server tells from duplicates."""
        body = make_body((N_MESSAGE_IDS + 1) * 16)
        self.assert_whole(self.serve_body(), body, *QUIET, "-b", "16")

    def test_codes(self):
        server = self.serve_body()
        body = make_body(3000)
        for method, code in ("put", "2.04"), ("get", "2.05"), ("post", "2.04"):
            with self.subTest(method):
                payload = body if method != "get" else None
                run = self.fetch(server.get_local_port(), "-m", method, payload=payload)
                self.assertEqual(run.code, code)
                self.assertEqual({each.type for each in run.received}, {"ACK"})

    def test_not_confirmable(self):
        server = self.serve_body()
        relay = self.begin(server)
        body = make_body(3000)
        self.fetch(relay.port, "-N", "-m", "put", payload=body)
        self.assertTrue(server.body == body)
        self.assertTrue(self.fetch(relay.port, "-N").payload == body)
        self.assertEqual({each.type for each in relay.sent + relay.answered}, {"NON"})

    def test_server_prefers_smaller(self):
        server = self.serve_body(settings={"BlockSize": 64})
        body = make_body(2000)
        relay = self.begin(server)
        self.fetch(relay.port, "-m", "put", payload=body)
        self.assertTrue(server.body == body)
        first, *others = blocks_of(relay.sent, BLOCK1)
        self.assertEqual(first, Block(0, True, 1024))
        self.assertEqual((others[0], others[0].size), (Block(16, True, 64), 64))
        self.assertEqual({block.size for block in blocks_of(relay.answered, BLOCK1)}, {64})
        relay = self.begin(server)
        self.assertTrue(self.fetch(relay.port).payload == body)
        self.assertEqual({block.size for block in blocks_of(relay.answered, BLOCK2)}, {64})

    def test_client_prefers_smaller(self):
        server = self.serve_body(make_body(300))
        relay = self.begin(server)
        self.assertTrue(self.fetch(relay.port, "-b", "16").payload == server.body)
        self.assertEqual(
            blocks_of(relay.answered, BLOCK2), [Block(n, n < 18, 16) for n in range(19)]
        )

    def test_client_prefers_larger(self):
        server = self.serve_body(make_body(300), settings={"BlockSize": 64})
        relay = self.begin(server)
        self.assertTrue(self.fetch(relay.port, "-b", "1024").payload == server.body)
        self.assertEqual(blocks_of(relay.sent, BLOCK2)[0], Block(0, False, 1024))
        self.assertEqual(
            blocks_of(relay.answered, BLOCK2), [Block(n, n < 4, 64) for n in range(5)]
        )

    def test_one_block_on_its_own(self):
        """Of a body that has not been asked for before."""
        server = self.serve_body(make_body(300))
        relay = self.begin(server)
        self.fetch(relay.port, "-b", "4,64")
        self.assertEqual(relay.answered[0].message.payload, server.body[256:])
        self.assertEqual(blocks_of(relay.answered, BLOCK2), [Block(4, False, 64)])

    def test_what_blocks_of_a_response_have_in_common(self):
        """Also where the later ones are not asked of the application."""
        def answer(server, _request):
            server.set_response_code("2.05")
            server.set_response_data(GLib.Bytes.new(make_body(3000)))
            server.set_response_content_format(42)
            server.set_response_etag(GLib.Bytes.new(b"\0\1"))

        server = self.serve({"/body": answer})
        relay = self.begin(server)
        self.assertTrue(self.fetch(relay.port).payload == make_body(3000))
        self.assertEqual([each.kind for each in relay.answered], 3 * [("ACK", "2.05")])
        for number, value in (CONTENT_FORMAT, b"\x2a"), (ETAG, b"\0\1"):
            values = [each.message.values(number) for each in relay.answered]
            self.assertEqual(values, 3 * [[value]])
        self.assertEqual(relay.answered[0].message.values(SIZE2), [b"\x0b\xb8"])
        for request, response in zip(relay.sent, relay.answered):
            self.assertEqual(request.message.mid, response.message.mid)
            self.assertEqual(request.message.token, response.message.token)

    def test_large_error(self):
        def answer(server, _request):
            server.set_response_code("4.04")
            server.set_response_text("n" * 3000)

        server = self.serve({"/body": answer})
        run = self.fetch(server.get_local_port())
        self.assertEqual(run.code, "4.04")

    def test_too_large(self):
        server = self.serve_body(settings={"MaxBodySize": 2000})
        run = self.fetch(server.get_local_port(), "-m", "put", payload=make_body(2001))
        self.assertEqual((run.code, server.seen), ("4.13", []))
        body = make_body(2000)
        self.fetch(server.get_local_port(), "-m", "put", payload=body)
        self.assertTrue(server.body == body)

    def test_answer_that_takes_time(self):
        """The last block is acknowledged, and answered by a message of its own, which is the first
        of several."""
        server = self.serve({"/slow": put_off}, timeout=0)
        relay = self.begin(server)
        body = make_body(3000)
        run = self.run_client(relay.port, "-m", "post", path="/slow", payload=body)
        self.wait_until(lambda: ("ACK", "0.00") in [d.kind for d in relay.answered], "the ACK")
        (request,) = server.get_pending_requests()
        self.assertTrue(bytes_of(request.get_payload()) == body)
        server.set_response_code("2.04")
        server.set_response_data(request.get_payload())
        server.send_response(request.get_request_id())
        self.wait_for(run)
        self.assertTrue(run.payload == body)
        self.assertEqual(
            [each.kind for each in relay.answered],
            [CONTINUED, CONTINUED, ("ACK", "0.00"), ("CON", "2.04"), CHANGED, CHANGED],
        )

    def test_loss(self):
        """Both at once: they wait two seconds and more before they repeat what is lost."""
        body = make_body(MEDIUM)
        servers = [self.serve_body(body) for _ in range(2)]
        kinds = [(("CON", "0.03"), CONTINUED), (("CON", "0.01"), ("ACK", "2.05"))]
        relays = [
            self.begin(server, to_server=drop_each(25, asking), to_client=drop_each(45, answering))
            for server, (asking, answering) in zip(servers, kinds)
        ]
        servers[0].body = b""
        put = self.run_client(
            relays[0].port, *QUIET, "-B", str(self.PATIENCE), "-m", "put", payload=body
        )
        get = self.run_client(relays[1].port, *QUIET, "-B", str(self.PATIENCE))
        self.wait_for(put, get)
        self.assertTrue(servers[0].body == body, "PUT")
        self.assertTrue(get.payload == body, "GET")
        self.assertEqual([len(server.seen) for server in servers], [1, 1])
        for relay in relays:
            self.assertGreater(len(relay.sent), len({each.message.mid for each in relay.sent}))

    def test_many_at_once(self):
        """Uploads to one resource do not mix."""
        server = self.serve_body()
        bodies = [make_body(20000, number) for number in range(10)]
        ports = find_free_ports("127.0.0.1", len(bodies))
        runs = [
            self.run_client(
                server.get_local_port(), *QUIET, "-m", "post", "-p", str(port), payload=body
            )
            for body, port in zip(bodies, ports)
        ]
        self.wait_for(*runs)
        self.assertTrue(all(run.payload == body for run, body in zip(runs, bodies)))
        self.assertEqual(len(server.seen), len(bodies))

    def test_observed(self):
        """It gets the rest of each state itself, and ends with an Observe option of 1."""
        for block_size in 1024, 64:
            with self.subTest(block_size=block_size):
                server = self.serve_observable("/body", settings={"BlockSize": block_size})
                relay = self.begin(server)
                run = self.run_client(relay.port, "-s", "1")
                self.wait_until(lambda: relay.answered, "the response")
                for letter in "xyz":
                    self.notify(server, letter * 2000)
                    self.wait_until(
                        lambda: blocks_of(relay.answered[-1:], BLOCK2) ==
                        [Block(1999 // block_size, False, block_size)] and
                        relay.answered[-1].message.payload[:1] == letter.encode(),
                        "the last block",
                    )
                self.wait_for(run)
                states = b"first" + b"x" * 2000 + b"y" * 2000 + b"z" * 2000
                self.assertTrue(run.payload.startswith(states))
                self.wait_until(lambda: server.unregistered, "the end")
                with_observe = [each for each in relay.sent if each.message.values(OBSERVE)]
                self.assertEqual(len(server.registered), 1)
                self.assertEqual(
                    [each.message.values(OBSERVE) for each in with_observe], [[b""], [b"\1"]]
                )


if __name__ == "__main__":
    main()
