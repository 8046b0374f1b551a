# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""GCoap and node-coap ask each other, and libcoap's client joins in."""

from gcoapcase import (
    BINARY, ETAG, LOCATION_PATH, LOCATION_QUERY, PAYLOADS, URI_QUERY,
    bytes_of, echo, main, put_off,
)
from gi.repository import GCoap, Gio, GLib
from nodecase import NodeCase
from peers import LibcoapRun
from relay import drop_first, drop_first_of, repeat_all

FAST = {"AckTimeout": 0.2}
METHODS = ("GET", "POST", "PUT", "DELETE", "FETCH", "PATCH", "iPATCH")
CODES = ("2.05", "2.01", "2.04", "2.02", "2.05", "2.04", "2.04")
CONTENT_FORMAT = [("Content-Format", b"\x32")]


class ServerOfNode(NodeCase):
    """GCoap asks a server of node-coap."""

    def setUp(self):
        super().setUp()
        self.server = self.start_server()

    def uri(self, path="/echo", port=None, host="127.0.0.1"):
        return f"coap://{host}:{port or self.server.port}{path}"

    def next_seen(self):
        """What the server tells of the request it got, which comes on another way."""
        self.wait_until(lambda: self.server.seen, "a line of the server")
        return self.server.seen.pop(0)

    def test_methods(self):
        client = self.client()
        client.set_request_content_format(50)
        for confirmable in True, False:
            client.set_use_confirmable_messages(confirmable)
            for method, (name, code) in enumerate(zip(METHODS, CODES), 1):
                with self.subTest(method=name, confirmable=confirmable):
                    client.send_custom_request(self.uri(), method)
                    self.assertEqual(client.get_response_code(), code)
                    seen = self.next_seen()
                    self.assertEqual(seen["method"], name)
                    self.assertEqual(seen["confirmable"], confirmable)

    def test_payloads(self):
        client = self.client()
        for name, payload in PAYLOADS.items():
            with self.subTest(name):
                client.set_request_data(GLib.Bytes.new(payload))
                client.set_request_content_format(42)
                client.put(self.uri())
                self.assertEqual(self.next_seen()["payload"], payload.hex())
                self.assertEqual(bytes_of(client.get_response_data()), payload)
                self.assertEqual(client.get_response_content_format(), 42)

    def test_content_formats(self):
        """Those that take no byte, one and two."""
        client = self.client()
        for content_format in 0, 40, 255, 256, 11542, 65535:
            with self.subTest(content_format):
                client.set_request_content_format(content_format)
                client.post(self.uri())
                value = content_format.to_bytes(2, "big").lstrip(b"\0")
                self.assertIn(["Content-Format", value.hex()], self.next_seen()["options"])

    def test_options(self):
        options = [
            (ETAG, BINARY[1:9]), (ETAG, b"\0"), (1, b""), (1, BINARY[:8]),
            (17, b""), (258, b"\x1a"), (65000, BINARY[:300]),
        ]
        query = "q" * 255
        outcome = self.ask(self.client(), self.uri(f"/echo?a=%26&&{query}"), options=options)
        self.assertEqual(outcome.code, "2.05")
        self.assertEqual(
            [tuple(pair) for pair in self.next_seen()["options"] if pair[0] != "Uri-Port"],
            [("If-Match", ""), ("If-Match", BINARY[:8].hex()),
             ("ETag", BINARY[1:9].hex()), ("ETag", "00"),
             ("Uri-Path", b"echo".hex()),
             ("Uri-Query", b"a=&".hex()), ("Uri-Query", ""), ("Uri-Query", query.encode().hex()),
             ("Accept", ""), ("No-Response", "1a"), ("65000", BINARY[:300].hex())],
        )

    def test_paths(self):
        cases = {
            "": [],
            "/": [],
            "/a//b": [b"a", b"", b"b"],
            "/trailing/": [b"trailing", b""],
            "/%C3%A9/é": ["é".encode(), "é".encode()],
            "/%2F%00": [b"/\0"],
            "/" + "l" * 255: [b"l" * 255],
        }
        client = self.client()
        for path, segments in cases.items():
            with self.subTest(path):
                self.assert_gcoap_error(GCoap.Error.ERROR_RESPONSE, client.get, self.uri(path))
                options = self.next_seen()["options"]
                self.assertEqual(
                    [bytes.fromhex(value) for name, value in options if name == "Uri-Path"],
                    segments,
                )

    def test_options_of_the_response(self):
        client = self.client()
        client.get(self.uri("/options"))
        self.assertEqual(client.get_response_content_format(), 50)
        self.assertEqual(bytes_of(client.get_response_etag()), BINARY[1:9])
        outcome = self.ask(client, self.uri("/options"))
        self.assertEqual(
            outcome.options,
            [(ETAG, BINARY[1:9]), (LOCATION_PATH, b"p" * 255), (LOCATION_PATH, b""),
             (LOCATION_PATH, "é".encode()), (12, b"\x32"), (14, b"\xff" * 4),
             (LOCATION_QUERY, b"q" * 255), (65000, b"e" * 300)],
        )

    def test_critical_option_of_the_response(self):
        relay = self.relay("127.0.0.1", self.server.port)
        client = self.client()
        self.assert_gcoap_error(
            GCoap.Error.INVALID_OPTION, client.get, self.uri("/critical", relay.port)
        )

    def test_token_lengths(self):
        client = self.client()
        for length in range(9):
            with self.subTest(length=length):
                token = BINARY[1:1 + length]
                outcome = self.ask(client, self.uri(), token=token)
                self.assertEqual(outcome.code, "2.05")
                self.assertEqual(self.next_seen()["token"], token.hex())

    def test_errors(self):
        client = self.client()
        for path, message, text in (
            ("/none", "4.04 Not Found", "no /none"),
            ("/forbidden", "4.03 Forbidden", "not for you"),
        ):
            with self.subTest(path):
                error = self.assert_gcoap_error(
                    GCoap.Error.ERROR_RESPONSE, client.get, self.uri(path)
                )
                self.assertEqual(error.message, message)
                self.assertEqual(client.dup_response_text(), text)

    def test_reset(self):
        self.assert_gcoap_error(GCoap.Error.RESET, self.client().get, self.uri("/reset"))

    def test_ping(self):
        """It takes the ping for a request and answers that, which shows as well that it lives."""
        relay = self.relay("127.0.0.1", self.server.port)
        self.client().send_custom_request(self.uri("/", relay.port), 0)
        self.assertEqual([d.data[:2] for d in relay.sent], [b"\x40\0"])
        self.assertEqual([d.kind for d in relay.answered], [("ACK", "4.04")])
        self.assertEqual(self.next_seen()["method"], "0.00")

    def test_separate_response(self):
        relay = self.relay("127.0.0.1", self.server.port)
        client = self.client()
        client.set_request_data(GLib.Bytes.new(BINARY[:1000]))
        client.post(self.uri("/slow", relay.port))
        self.assertEqual(bytes_of(client.get_response_data()), BINARY[:1000])
        self.assertEqual([d.kind for d in relay.answered], [("ACK", "0.00"), ("CON", "2.01")])
        self.wait_until(lambda: len(relay.sent) == 2, "the acknowledgement")
        self.assertEqual(
            (relay.sent[1].kind, relay.sent[1].message.mid),
            (("ACK", "0.00"), relay.answered[1].message.mid),
        )

    def test_separate_response_not_confirmable(self):
        relay = self.relay("127.0.0.1", self.server.port)
        client = self.client(use_confirmable_messages=False)
        client.get(self.uri("/slow", relay.port))
        self.assertEqual([d.type for d in relay.sent + relay.answered], ["NON", "NON"])

    def test_acknowledged_and_never_answered(self):
        """The timeout of the client ends it."""
        client = self.endpoint(timeout=1)
        self.assert_gcoap_error(GCoap.Error.TIMED_OUT, client.get, self.uri("/never"))

    def test_loss(self):
        cases = {
            "requests": {"to_server": drop_first(2)},
            "responses": {"to_client": drop_first(2)},
        }
        for name, policies in cases.items():
            with self.subTest(name):
                relay = self.relay("127.0.0.1", self.server.port, **policies)
                client = self.client(FAST)
                client.post(self.uri("/echo", relay.port))
                self.assertEqual(client.get_response_code(), "2.01")
                self.assertEqual(len({d.data for d in relay.sent}), 1)
                self.assertGreaterEqual(len(relay.sent), 3)
                self.assertEqual(self.next_seen()["method"], "POST")
        self.assertEqual(self.server.seen, [])

    def test_separate_response_through_loss(self):
        """Its acknowledgement is lost; the separate response ends the request all the same."""
        relay = self.relay(
            "127.0.0.1", self.server.port, to_client=drop_first_of(("ACK", "0.00"))
        )
        client = self.client()
        client.get(self.uri("/slow", relay.port))
        self.assertEqual(client.get_response_code(), "2.05")

    def test_duplicates(self):
        """Each datagram twice, in both directions: each request ends once."""
        relay = self.relay(
            "127.0.0.1", self.server.port, to_server=repeat_all, to_client=repeat_all
        )
        client = self.client()
        ends = []
        client.connect("request-complete", lambda _c, request, *rest: ends.append(rest))
        for path in "/echo", "/slow", "/echo":
            client.set_request_text(path)
            client.put(self.uri(path, relay.port))
            self.assertEqual(client.dup_response_text(), path)
        self.assertEqual(ends, [(0, "")] * 3)

    def test_many_at_once(self):
        client = self.client({"NStart": 50})
        outcomes = [
            self.send(
                client, self.uri("/slow" if number % 2 else "/echo"), GCoap.Method.PUT,
                confirmable=number % 3 != 0, payload=b"%d" % number,
            )
            for number in range(50)
        ]
        self.wait_for(*outcomes)
        self.assertEqual(
            [(outcome.code, outcome.payload) for outcome in outcomes],
            [("2.04", b"%d" % number) for number in range(50)],
        )

    def test_reset_of_an_unknown_response(self):
        """The response to a request that has been given up meanwhile is rejected."""
        relay = self.relay("127.0.0.1", self.server.port)
        cancellable = Gio.Cancellable()
        client = self.client()
        outcome = self.send(client, self.uri("/slow", relay.port), cancellable=cancellable)
        other = self.send(client, self.uri("/never"))
        self.wait_until(lambda: relay.answered, "the empty acknowledgement")
        cancellable.cancel()
        self.wait_for(outcome)
        self.wait_until(lambda: len(relay.sent) == 2, "the Reset")
        self.assertFalse(other.is_done)
        self.assertEqual(relay.sent[1].kind, ("RST", "0.00"))
        self.assertEqual(relay.sent[1].message.mid, relay.answered[1].message.mid)

    def test_large_response(self):
        client = self.client()
        client.get(self.uri("/large"))
        self.assertEqual(bytes_of(client.get_response_data()), b"x" * 3000)

    def test_host_name(self):
        client = self.client()
        client.get(self.uri(host="localhost"))
        self.assertIn(["Uri-Host", b"localhost".hex()], self.next_seen()["options"])

    def test_ipv6(self):
        server = self.start_server("::1")
        client = self.client()
        client.get(f"coap://[::1]:{server.port}/echo")
        self.assertEqual(client.get_response_code(), "2.05")


class ClientOfNode(NodeCase):
    """A client of node-coap asks GCoap."""

    def setUp(self):
        super().setUp()
        self.peer = self.start_client()

    def request(self, port, path="echo", **what):
        return self.peer.request("127.0.0.1", port, path=path, **what)

    def fetch(self, *args, **what):
        reply = self.request(*args, **what)
        self.wait_for(reply)
        self.assertIsNone(reply.error)
        return reply

    def test_methods(self):
        server = self.serve({"/echo": echo})
        for confirmable in True, False:
            for number, (method, code) in enumerate(zip(METHODS, CODES), 1):
                with self.subTest(method=method, confirmable=confirmable):
                    reply = self.fetch(
                        server.get_local_port(), method=method, confirmable=confirmable,
                        options=CONTENT_FORMAT,
                    )
                    self.assertEqual(reply.code, code)
                    self.assertEqual(server.seen[-1].method, number)

    def test_payloads(self):
        server = self.serve({"/echo": echo})
        for name, payload in PAYLOADS.items():
            with self.subTest(name):
                reply = self.fetch(
                    server.get_local_port(), method="PUT", payload=payload, options=CONTENT_FORMAT
                )
                self.assertEqual(reply.payload, payload)
                self.assertEqual(server.seen[-1].payload, payload)
                self.assertEqual(server.seen[-1].content_format, 50)
                self.assertEqual(reply.values("Content-Format"), [b"application/json"])

    def test_options(self):
        server = self.serve({"/": echo})
        query = b"q" * 255
        reply = self.fetch(
            server.get_local_port(), path="/",
            options=[("ETag", b"12345678"), ("Uri-Query", b"a=&"), ("Uri-Query", b""),
                     ("Uri-Query", query), ("Accept", b"\x32"), ("65000", BINARY[:300])],
        )
        seen = server.seen[0]
        self.assertEqual(reply.values("ETag"), [b"12345678"])
        self.assertEqual(seen.etag, b"12345678")
        self.assertEqual(seen.values(URI_QUERY), [b"a=&", b"", query])
        self.assertEqual(seen.query, "a=%26&&" + query.decode())
        self.assertEqual(seen.values(GCoap.OptionNumber.ACCEPT), [b"\x32"])
        self.assertEqual(seen.values(65000), [BINARY[:300]])

    def test_options_of_the_response(self):
        def answer(server, _request):
            options = server.get_response_options()
            for number, value in (8, "p" * 255), (8, ""), (8, "é"), (14, "4294967295"):
                options.append(GCoap.Option.new(number, value))
            server.set_response_code("2.01")

        server = self.serve({"/make": answer})
        reply = self.fetch(server.get_local_port(), "make", method="POST")
        self.assertEqual(
            reply.options,
            [("Location-Path", b"p" * 255), ("Location-Path", b""),
             ("Location-Path", "é".encode()), ("Max-Age", b"4294967295")],
        )

    def test_paths(self):
        cases = {
            "/": [],
            "/a//b": [b"a", b"", b"b"],
            "/trailing/": [b"trailing", b""],
            "/%C3%A9": ["é".encode()],
            "/%2F%00": [b"/\0"],
            "/" + "l" * 255: [b"l" * 255],
        }
        server = self.serve({path: echo for path in cases})
        for path, segments in cases.items():
            with self.subTest(path):
                reply = self.fetch(
                    server.get_local_port(), "", options=[("Uri-Path", s) for s in segments]
                )
                self.assertEqual(reply.code, "2.05")
                self.assertEqual(server.seen[-1].path, path)

    def test_token_lengths(self):
        server = self.serve({"/echo": echo})
        for length in range(1, 9):
            with self.subTest(length=length):
                token = BINARY[1:1 + length]
                reply = self.fetch(server.get_local_port(), token=token.hex())
                self.assertEqual(reply.code, "2.05")
                self.assertEqual(server.seen[-1].token, token)

    def test_errors(self):
        def forbid(server, _request):
            server.set_response_code("4.05")
            server.set_response_text("only POST, é")

        server = self.serve({"/forbidden": forbid, "/nothing": lambda *_: None})
        self.assertEqual(self.fetch(server.get_local_port(), "none").code, "4.04")
        self.assertEqual(self.fetch(server.get_local_port(), "nothing").code, "5.01")
        reply = self.fetch(server.get_local_port(), "forbidden")
        self.assertEqual((reply.code, reply.payload.decode()), ("4.05", "only POST, é"))

    def test_refused_options(self):
        """Critical ones that are not known, and a proxy's."""
        server = self.serve({"": echo})
        for code, options in (
            ("4.02", [("65001", b"x")]),
            ("5.05", [("Proxy-Uri", b"coap://127.0.0.1/")]),
        ):
            for confirmable in True, False:
                with self.subTest(options=options, confirmable=confirmable):
                    reply = self.fetch(
                        server.get_local_port(), confirmable=confirmable, options=options
                    )
                    self.assertEqual(reply.code, code)
        self.assertEqual(server.seen, [])

    def test_ping(self):
        server = self.serve({"": echo})
        self.assertEqual(self.fetch(server.get_local_port(), method="PING").code, "0.00")
        self.assertEqual(server.seen, [])

    def test_slow_handler(self):
        server = self.serve({"/slow": put_off}, timeout=0)
        ends = []
        server.connect("response-complete", lambda _s, _r, *rest: ends.append(rest))
        relay = self.relay("127.0.0.1", server.get_local_port())
        reply = self.request(relay.port, "slow")
        self.wait_until(lambda: relay.answered, "the empty acknowledgement")
        self.answer(server)
        self.wait_for(reply)
        self.wait_until(lambda: ends, "the acknowledgement of the client")
        self.assertEqual(ends, [(0, "")])
        self.assertEqual(reply.payload, b"late")
        self.assertEqual([d.kind for d in relay.answered], [("ACK", "0.00"), ("CON", "2.05")])

    @staticmethod
    def answer(server, token=None):
        """Answers the pending requests, or the one of a token."""
        for request in list(server.get_pending_requests()):
            if token in (None, bytes_of(request.get_token_bytes())):
                server.set_response_text("late")
                server.send_response(request.get_request_id())

    def test_piggybacked_after_the_handler(self):
        """An answer before the acknowledgement goes out still rides on it."""
        server = self.serve({"/slow": put_off}, settings={"PiggybackDelay": 60}, timeout=0)
        relay = self.relay("127.0.0.1", server.get_local_port())
        reply = self.request(relay.port, "slow")
        self.wait_until(lambda: len(server.get_pending_requests()) == 1, "the request")
        self.answer(server)
        self.wait_for(reply)
        self.assertEqual(reply.payload, b"late")
        self.assertEqual([d.kind for d in relay.answered], [("ACK", "2.05")])

    def test_request_that_is_dropped(self):
        """A server that cancels leaves its client without an answer, but not others."""
        server = self.serve({"/slow": put_off, "/echo": echo}, timeout=0)
        reply = self.request(server.get_local_port(), "slow")
        self.wait_until(lambda: len(server.get_pending_requests()) == 1, "the request")
        server.cancel_request(server.get_pending_requests()[0].get_request_id())
        self.fetch(server.get_local_port())
        self.assertFalse(reply.is_done)

    def test_reset_of_the_response(self):
        """A client that has forgotten its request resets the separate response."""
        server = self.serve({"/slow": put_off}, timeout=0)
        ends = []
        server.connect("response-complete", lambda _s, _r, *rest: ends.append(rest))
        relay = self.relay("127.0.0.1", server.get_local_port())
        # Another request keeps the socket of the client open.
        self.request(server.get_local_port(), "slow")
        request = self.request(relay.port, "slow")
        self.wait_until(lambda: relay.answered, "the empty acknowledgement")
        self.peer.abort(request)
        self.wait_for(request)
        self.answer(server, relay.sent[0].message.token)
        self.wait_until(lambda: ends, "the end of the response")
        self.assertEqual([code for code, _ in ends], [GCoap.Error.RESET])

    def test_loss(self):
        cases = {
            "requests": {"to_server": drop_first(2)},
            "responses": {"to_client": drop_first(2)},
        }
        for name, policies in cases.items():
            with self.subTest(name):
                server = self.serve({"/echo": echo})
                relay = self.relay("127.0.0.1", server.get_local_port(), **policies)
                reply = self.fetch(relay.port, method="POST", ackTimeout=0.2)
                self.assertEqual(reply.code, "2.01")
                self.assertEqual(len(server.seen), 1)
                self.assertEqual(len({d.data for d in relay.answered}), 1)

    def test_duplicates(self):
        """Each datagram twice, in both directions: the handler runs once."""
        for confirmable in True, False:
            with self.subTest(confirmable=confirmable):
                server = self.serve({"/echo": echo})
                relay = self.relay(
                    "127.0.0.1", server.get_local_port(),
                    to_server=repeat_all, to_client=repeat_all,
                )
                reply = self.fetch(relay.port, method="POST", confirmable=confirmable)
                self.assertEqual(reply.code, "2.01")
                relay.repeat(0)
                self.wait_until(lambda: len(relay.answered) >= 2, "the reply to the duplicate")
                self.assertEqual(len(server.seen), 1)
                self.assertEqual(len({d.data for d in relay.answered}), 1)

    def test_many_at_once(self):
        server = self.serve({"/echo": echo})
        replies = [
            self.request(
                server.get_local_port(), method="PUT", confirmable=number % 2 == 0,
                payload=b"%d" % number,
            )
            for number in range(50)
        ]
        self.wait_for(*replies)
        self.assertEqual([r.payload for r in replies], [b"%d" % n for n in range(50)])
        self.assertEqual(len(server.seen), 50)

    def test_libcoap_joins_in(self):
        """Three clients at once: two programs and an endpoint."""
        server = self.serve({"/echo": echo})
        port = server.get_local_port()
        replies = [self.request(port, method="PUT", payload=b"n%d" % n) for n in range(20)]
        runs = [
            LibcoapRun(
                self.folder, f"coap://127.0.0.1:{port}/echo", "-m", "put", payload=b"l%d" % n
            )
            for n in range(20)
        ]
        client = self.client({"NStart": 20})
        outcomes = [
            self.send(client, f"coap://127.0.0.1:{port}/echo", GCoap.Method.PUT, payload=b"g%d" % n)
            for n in range(20)
        ]
        self.wait_for(*replies, *runs, *outcomes)
        for letter, all_of_one in zip("nlg", (replies, runs, outcomes)):
            self.assertEqual(
                [each.payload for each in all_of_one], [f"{letter}{n}".encode() for n in range(20)]
            )
        self.assertEqual(len(server.seen), 60)

    def test_one_socket_serves_and_asks(self):
        """DualRole: the endpoint asks the server of node-coap from the port it serves on."""
        peer = self.start_server()
        server = self.serve({"/echo": echo}, settings={"DualRole": True})
        relay = self.relay("127.0.0.1", peer.port)
        outcome = self.send(server, f"coap://127.0.0.1:{relay.port}/slow")
        reply = self.fetch(server.get_local_port())
        self.wait_for(outcome)
        self.assertEqual((reply.code, outcome.code), ("2.05", "2.05"))
        self.assertEqual({address[1] for address in relay.senders}, {server.get_local_port()})

    def test_host_name(self):
        server = self.serve({"/echo": echo})
        reply = self.peer.request("localhost", server.get_local_port(), path="echo")
        self.wait_for(reply)
        self.assertEqual(reply.code, "2.05")

    def test_ipv6(self):
        peer = self.start_client("udp6")
        server = self.serve({"/echo": echo}, host="::1")
        reply = peer.request("::1", server.get_local_port(), path="echo")
        self.wait_for(reply)
        self.assertEqual(reply.code, "2.05")
        self.assertEqual(server.seen[0].uri, f"coap://[::1]:{server.get_local_port()}/echo")


if __name__ == "__main__":
    main()
