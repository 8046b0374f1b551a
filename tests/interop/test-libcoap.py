# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""GCoap and the programs of libcoap ask each other."""

from gcoapcase import (
    BINARY, LOCATION_PATH, PAYLOADS, URI_HOST, URI_PATH, URI_QUERY,
    GCoapCase, bytes_of, echo, main, put_off,
)
from gi.repository import GCoap, Gio, GLib
from peers import LibcoapRun, LibcoapServer, find_free_port, find_free_ports
from relay import drop_first, drop_first_of, repeat_all

FAST = {"AckTimeout": 0.2}
METHODS = ("get", "post", "put", "delete", "fetch", "patch", "ipatch")


class ServerOfLibcoap(GCoapCase):
    """GCoap asks coap-server-notls."""

    HOST = "127.0.0.1"

    @classmethod
    def setUpClass(cls):
        cls.server = LibcoapServer(cls.HOST)
        cls.addClassCleanup(cls.server.close)

    def uri(self, path="/", port=None, host=None):
        return f"coap://{host or self.HOST}:{port or self.server.port}{path}"

    def test_get(self):
        client = self.client()
        client.get(self.uri())
        self.assertEqual(client.get_response_code(), "2.05")
        self.assertIn("libcoap", client.dup_response_text())
        # Its Max-Age is 0x2ffff.
        self.assertEqual(
            [(o.get_number(), o.get_value()) for o in client.get_response_options()],
            [(GCoap.OptionNumber.MAX_AGE, "196607")],
        )

    def test_get_not_confirmable(self):
        relay = self.relay(self.HOST, self.server.port)
        client = self.client(use_confirmable_messages=False)
        client.get(self.uri(port=relay.port))
        self.assertEqual(client.get_response_code(), "2.05")
        self.assertEqual([d.type for d in relay.sent + relay.answered], ["NON", "NON"])

    def test_life_of_a_resource(self):
        client = self.client()
        for confirmable in True, False:
            with self.subTest(confirmable=confirmable):
                client.set_use_confirmable_messages(confirmable)
                client.set_request_text("1")
                client.set_request_content_format(50)
                client.put(self.uri("/life"))
                self.assertEqual(client.get_response_code(), "2.01")
                client.put(self.uri("/life"))
                self.assertEqual(client.get_response_code(), "2.04")
                client.get(self.uri("/life"))
                self.assertEqual(client.get_response_code(), "2.05")
                self.assertEqual(client.dup_response_text(), "1")
                self.assertEqual(client.get_response_content_format(), 50)
                client.delete(self.uri("/life"))
                self.assertEqual(client.get_response_code(), "2.02")
                self.assert_gcoap_error(
                    GCoap.Error.ERROR_RESPONSE, client.get, self.uri("/life")
                )

    def test_payloads(self):
        client = self.client()
        for name, payload in PAYLOADS.items():
            with self.subTest(name):
                client.set_request_data(GLib.Bytes.new(payload))
                client.put(self.uri("/payload"))
                client.get(self.uri("/payload"))
                self.assertEqual(bytes_of(client.get_response_data()), payload)

    def test_post_tells_location(self):
        outcome = self.ask(self.client(), self.uri("/made"), GCoap.Method.POST, payload=b"x")
        self.assertEqual(outcome.code, "2.01")
        self.assertIn((LOCATION_PATH, b"made"), outcome.options)

    def test_methods_that_are_not_allowed(self):
        client = self.client()
        for method in GCoap.Method.FETCH, GCoap.Method.PATCH, GCoap.Method.IPATCH:
            with self.subTest(method=method):
                error = self.assert_gcoap_error(
                    GCoap.Error.ERROR_RESPONSE, client.send_custom_request, self.uri(), method
                )
                self.assertEqual(error.message, "4.05 Method Not Allowed")
                self.assertEqual(client.dup_response_text(), "Method Not Allowed")

    def test_not_found(self):
        client = self.client()
        error = self.assert_gcoap_error(
            GCoap.Error.ERROR_RESPONSE, client.get, self.uri("/none")
        )
        self.assertEqual(error.message, "4.04 Not Found")
        self.assertEqual(client.dup_response_text(), "Not Found")

    def test_paths(self):
        """What goes there percent-encoded is the same path in its list of resources."""
        server = LibcoapServer(self.HOST)
        self.addCleanup(server.close)
        client = self.client()
        paths = ("/a//b", "/trailing/", "/%C3%A9/x", "/%2F", "/a%3Fb", "/" + "l" * 255)
        for path in paths:
            with self.subTest(path):
                client.set_request_text(path)
                client.put(self.uri(path, server.port))
                client.get(self.uri(path, server.port))
                self.assertEqual(client.dup_response_text(), path)
        client.get(self.uri("/.well-known/core", server.port))
        for path in paths:
            with self.subTest(path):
                self.assertIn(f"<{path}>", client.dup_response_text())

    def test_path_in_clear(self):
        client = self.client()
        client.set_request_text("é")
        client.put(self.uri("/é"))
        client.get(self.uri("/%c3%a9"))
        self.assertEqual(client.dup_response_text(), "é")

    def test_query(self):
        client = self.client()
        client.get(self.uri("/time"))
        text = client.dup_response_text()
        client.get(self.uri("/time?ticks"))
        self.assertRegex(text, r"\D")
        self.assertRegex(client.dup_response_text(), r"^\d+$")

    def test_link_format(self):
        client = self.client()
        client.get(self.uri("/.well-known/core?rt=ticks"))
        self.assertEqual(client.get_response_content_format(), 40)
        self.assertIn("</time>", client.dup_response_text())

    def test_ping(self):
        relay = self.relay(self.HOST, self.server.port)
        client = self.client()
        client.send_custom_request(self.uri(port=relay.port), 0)
        self.assertEqual([d.data[:2] for d in relay.sent], [b"\x40\0"])
        self.assertEqual([d.kind for d in relay.answered], [("RST", "0.00")])

    def test_token_lengths(self):
        client = self.client()
        for length in range(9):
            with self.subTest(length=length):
                token = BINARY[1:1 + length]
                relay = self.relay(self.HOST, self.server.port)
                outcome = self.ask(client, self.uri("/time", relay.port), token=token)
                self.assertEqual(outcome.code, "2.05")
                self.assertEqual(relay.sent[0].message.token, token)
                self.assertEqual(relay.answered[0].message.token, token)

    def test_host_name(self):
        relay = self.relay(self.HOST, self.server.port)
        self.client().get(self.uri(port=relay.port, host="localhost"))
        self.assertEqual(relay.sent[0].message.values(URI_HOST), [b"localhost"])

    def test_literal_needs_no_host_option(self):
        relay = self.relay(self.HOST, self.server.port)
        self.client().get(self.uri(port=relay.port))
        self.assertEqual(relay.sent[0].message.options, [])

    def test_elective_option_is_let_be(self):
        outcome = self.ask(self.client(), self.uri("/time"), options=[(65000, BINARY[:300])])
        self.assertEqual(outcome.code, "2.05")

    def test_critical_option_is_refused(self):
        """Its 4.02 repeats the option that is not known, so that it cannot be accepted either
        (RFC 7252 section 5.4.1)."""
        relay = self.relay(self.HOST, self.server.port)
        outcome = self.ask(
            self.client(), self.uri("/time", relay.port), options=[(65001, b"x")]
        )
        self.assertEqual(relay.answered[0].kind, ("ACK", "4.02"))
        self.assertEqual(relay.answered[0].message.values(65001), [b"x"])
        self.assertTrue(outcome.failed_with(GCoap.Error.INVALID_OPTION), outcome.error)

    def test_separate_response(self):
        relay = self.relay(self.HOST, self.server.port)
        client = self.client()
        client.get(self.uri("/async?1", relay.port))
        self.assertEqual(client.dup_response_text(), "done")
        self.assertEqual([d.kind for d in relay.answered], [("ACK", "0.00"), ("CON", "2.05")])
        self.wait_until(lambda: len(relay.sent) == 2, "the acknowledgement")
        self.assertEqual(relay.sent[1].kind, ("ACK", "0.00"))
        self.assertEqual(relay.sent[1].message.mid, relay.answered[1].message.mid)

    def test_separate_response_through_loss(self):
        """The separate response, or our acknowledgement of it, is lost once."""
        cases = {
            "empty ACK": {"to_client": drop_first_of(("ACK", "0.00"))},
            "response": {"to_client": drop_first_of(("CON", "2.05"))},
            "our ACK": {"to_server": drop_first_of(("ACK", "0.00"))},
        }
        client = self.client()
        relays = [self.relay(self.HOST, self.server.port, **lost) for lost in cases.values()]
        outcomes = [self.send(client, self.uri("/async?1", relay.port)) for relay in relays]
        self.wait_for(*outcomes)
        self.assertEqual([outcome.payload for outcome in outcomes], [b"done"] * 3)
        # The server repeats its response until it gets the acknowledgement that is sent again.
        self.wait_until(
            lambda: [d.kind for d in relays[2].sent].count(("ACK", "0.00")) == 2,
            "the second acknowledgement",
        )

    def test_lost_requests(self):
        relay = self.relay(self.HOST, self.server.port, to_server=drop_first(2))
        self.client(FAST).get(self.uri(port=relay.port))
        self.assertEqual(len({d.data for d in relay.sent}), 1)
        self.assertGreaterEqual(len(relay.sent), 3)

    def test_lost_response(self):
        relay = self.relay(self.HOST, self.server.port, to_client=drop_first(1))
        client = self.client(FAST)
        client.set_request_text("x")
        client.put(self.uri("/lost", relay.port))
        self.assertEqual(len({d.data for d in relay.sent}), 1)
        self.assertGreaterEqual(len(relay.sent), 2)

    def test_duplicates(self):
        """Each datagram twice, in both directions: each request ends once."""
        relay = self.relay(
            self.HOST, self.server.port, to_server=repeat_all, to_client=repeat_all
        )
        client = self.client()
        ends = []
        client.connect("request-complete", lambda _c, request, *rest: ends.append(rest))
        for number in range(5):
            client.set_request_text(str(number))
            client.put(self.uri("/twice", relay.port))
            client.get(self.uri("/twice", relay.port))
            self.assertEqual(client.dup_response_text(), str(number))
        self.assertEqual(ends, [(0, "")] * 10)

    def test_many_at_once(self):
        for settings in {}, {"NStart": 50}:
            with self.subTest(settings):
                client = self.client(settings)
                outcomes = [
                    self.send(client, self.uri(f"/many{number}"), GCoap.Method.PUT, payload=b"x")
                    for number in range(50)
                ]
                self.wait_for(*outcomes)
                self.assertEqual({outcome.code[0] for outcome in outcomes}, {"2"})

    def test_reset_of_an_unknown_response(self):
        """The response to a request that has been given up meanwhile is rejected."""
        relay = self.relay(self.HOST, self.server.port)
        cancellable = Gio.Cancellable()
        client = self.client()
        outcome = self.send(client, self.uri("/async?1", relay.port), cancellable=cancellable)
        self.wait_until(lambda: relay.answered, "the empty acknowledgement")
        cancellable.cancel()
        self.wait_for(outcome)
        self.assertTrue(outcome.error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))
        # Another request keeps the socket open, as otherwise ICMP would tell.
        other = self.send(client, self.uri("/async?2", relay.port))
        self.wait_for(other)
        self.assertEqual(other.payload, b"done")
        late = next(d for d in relay.answered if d.message.token == relay.sent[0].message.token)
        self.assertIn(
            (("RST", "0.00"), late.message.mid), [(d.kind, d.message.mid) for d in relay.sent]
        )

    def test_large_response(self):
        client = self.client()
        client.get(self.uri("/example_data"))
        self.assertEqual(len(bytes_of(client.get_response_data())), 1500)

    def test_port_without_server(self):
        client = self.client()
        port = find_free_port(self.HOST)
        self.assert_gcoap_error(GCoap.Error.REJECTED, client.get, self.uri(port=port))


class ServerOfLibcoapThatEnds(GCoapCase):
    def test_end_while_waiting(self):
        """A retransmission finds nobody there any more."""
        server = LibcoapServer()
        self.addCleanup(server.close)
        uri = f"coap://127.0.0.1:{server.port}/"
        client = self.client(FAST)
        client.get(uri)
        server.close()
        self.assert_gcoap_error(GCoap.Error.REJECTED, client.get, uri)


class ServerOfLibcoapOnIPv6(GCoapCase):
    def test_get(self):
        server = LibcoapServer("::1")
        self.addCleanup(server.close)
        client = self.client()
        client.get(f"coap://[::1]:{server.port}/")
        self.assertEqual(client.get_response_code(), "2.05")
        client.send_custom_request(f"coap://[::1]:{server.port}/", 0)


class ClientOfLibcoap(GCoapCase):
    """coap-client-notls asks GCoap."""

    def run_client(self, port, path, *args, host="127.0.0.1", **kwargs):
        return LibcoapRun(self.folder, f"coap://{host}:{port}{path}", *args, **kwargs)

    def fetch(self, *args, **kwargs):
        run = self.run_client(*args, **kwargs)
        self.wait_for(run)
        return run

    def test_methods(self):
        server = self.serve({"/echo": echo})
        codes = ("2.05", "2.01", "2.04", "2.02", "2.05", "2.04", "2.04")
        for confirmable in [], ["-N"]:
            runs = [
                self.run_client(server.get_local_port(), "/echo", "-m", method, *confirmable)
                for method in METHODS
            ]
            self.wait_for(*runs)
            for method, code, run in zip(METHODS, codes, runs):
                with self.subTest(method=method, confirmable=confirmable):
                    self.assertEqual(run.code, code)
                    self.assertEqual(run.response.type, "NON" if confirmable else "ACK")
        self.assertEqual(
            sorted(seen.method for seen in server.seen), sorted(2 * list(range(1, 8)))
        )

    def test_payloads(self):
        server = self.serve({"/echo": echo})
        for name, payload in PAYLOADS.items():
            with self.subTest(name):
                run = self.fetch(
                    server.get_local_port(), "/echo", "-m", "put", "-t", "42", payload=payload
                )
                self.assertEqual(run.payload, payload)
                self.assertEqual(server.seen[-1].payload, payload)
                self.assertEqual(server.seen[-1].content_format, 42)
                self.assertIn("Content-Format:application/octet-stream", run.response.options)

    def test_options(self):
        server = self.serve({"/echo": echo})
        query = "q" * 255
        run = self.fetch(
            server.get_local_port(), "/echo?a=%26&&b",
            "-O", "15," + query, "-O", "4,0x0102030405060708", "-O", "65000," + "e" * 300,
            "-A", "50", "-H", "7",
        )
        self.assertEqual(run.code, "2.05")
        self.assertIn("ETag:0x0102030405060708", run.response.options)
        seen = server.seen[0]
        self.assertEqual(seen.etag, BINARY[1:9])
        self.assertEqual(seen.values(65000), [b"e" * 300])
        self.assertEqual(seen.values(GCoap.OptionNumber.ACCEPT), [b"\x32"])
        self.assertEqual(seen.values(GCoap.OptionNumber.HOP_LIMIT), [b"\x07"])
        self.assertEqual(seen.values(URI_QUERY), [query.encode(), b"a=&", b"", b"b"])
        self.assertEqual(seen.query, f"{query}&a=%26&&b")

    def test_options_of_the_response(self):
        def answer(server, _request):
            options = server.get_response_options()
            for number, value in (8, "p" * 255), (8, ""), (8, "é"), (20, "q=1"), (14, "60"):
                options.append(GCoap.Option.new(number, value))
            server.set_response_code("2.01")

        server = self.serve({"/make": answer})
        run = self.fetch(server.get_local_port(), "/make", "-m", "post")
        self.assertEqual(run.code, "2.01")
        self.assertEqual(
            run.response.options,
            ["Location-Path:" + "p" * 255, "Location-Path:", r"Location-Path:\xC3\xA9",
             "Max-Age:60", "Location-Query:q=1"],
        )

    def test_conditions(self):
        etag = GLib.Bytes.new(BINARY[1:3])

        def answer(server, request):
            server.set_response_etag(etag)
            server.set_response_code(request.validate(etag) or "2.04")

        server = self.serve({"/a": answer})
        known = ("-O", "4,0x09", "-O", "4,0x0102")
        cases = (
            ("2.03", *known),
            ("2.03", "-m", "fetch", *known),
            ("2.04", "-O", "4,0x010200"),
            ("2.04", "-m", "put", "-O", "1,0x09", "-O", "1,0x0102"),
            ("2.04", "-m", "patch", "-O", "1,"),
            ("4.12", "-m", "ipatch", "-O", "1,0x09"),
            ("4.12", "-m", "put", "-O", "5,"),
        )
        runs = [self.run_client(server.get_local_port(), "/a", *case[1:]) for case in cases]
        self.wait_for(*runs)
        for case, run in zip(cases, runs):
            with self.subTest(case=case):
                self.assertEqual(run.code, case[0])
                self.assertEqual(run.response.options, ["ETag:0x0102"])

    def test_paths(self):
        """The detail of the signal, and the path of the request, is the path of the URI."""
        paths = ("/", "/a//b", "/trailing/", "/%C3%A9/x", "/%2F", "/a%3Fb")
        server = self.serve({path: echo for path in paths})
        for path in paths:
            with self.subTest(path):
                run = self.fetch(server.get_local_port(), path)
                self.assertEqual(run.code, "2.05")
                self.assertEqual(server.seen[-1].path, path)

    def test_long_path(self):
        """Its client has no room for a long part of a URI, but takes it as an option."""
        path = "l" * 255
        server = self.serve({f"/{path}/a": echo})
        run = self.fetch(server.get_local_port(), "/a", "-O", f"11,{path}")
        self.assertEqual(run.code, "2.05")
        self.assertEqual(server.seen[0].values(URI_PATH), [path.encode(), b"a"])

    def test_token_lengths(self):
        server = self.serve({"/": echo})
        runs = [
            self.run_client(server.get_local_port(), "/", "-T", "tokentok"[:length])
            for length in range(1, 9)
        ]
        self.wait_for(*runs)
        self.assertEqual([run.code for run in runs], ["2.05"] * 8)
        self.assertEqual(
            sorted(len(seen.token) for seen in server.seen), sorted(map(len, self.tokens(runs)))
        )
        self.assertEqual({seen.token for seen in server.seen}, set(self.tokens(runs)))

    @staticmethod
    def tokens(runs):
        return [run.response.token for run in runs]

    def test_errors(self):
        def forbid(server, _request):
            server.set_response_code("4.05")
            server.set_response_text("only POST, é")

        server = self.serve({"/forbidden": forbid, "/nothing": lambda *_: None})
        cases = {"/none": "4.04", "/forbidden": "4.05", "/nothing": "5.01"}
        runs = [self.run_client(server.get_local_port(), path) for path in cases]
        self.wait_for(*runs)
        self.assertEqual([run.code for run in runs], list(cases.values()))
        self.assertIn("4.05 only POST", runs[1].log)

    def test_critical_option_is_refused(self):
        server = self.serve({"": echo})
        runs = [
            self.run_client(server.get_local_port(), "/", "-O", "65001,x", *confirmable)
            for confirmable in ([], ["-N"])
        ]
        self.wait_for(*runs)
        self.assertEqual([run.code for run in runs], ["4.02", "4.02"])
        self.assertEqual(server.seen, [])

    def test_proxying_is_refused(self):
        server = self.serve({"": echo})
        run = self.fetch(1, "/", "-P", f"coap://127.0.0.1:{server.get_local_port()}")
        self.assertEqual(run.code, "5.05")
        self.assertEqual(server.seen, [])

    def test_blocks(self):
        server = self.serve({"/echo": echo})
        runs = [
            self.run_client(server.get_local_port(), "/echo", "-m", "put", payload=2 * BINARY),
            self.run_client(server.get_local_port(), "/echo", "-b", "64"),
        ]
        self.wait_for(*runs)
        self.assertEqual([run.code for run in runs], ["2.04", "2.05"])
        self.assertEqual(runs[0].payload, 2 * BINARY)
        self.assertEqual(sorted(seen.payload for seen in server.seen), [b"", 2 * BINARY])

    def test_hosts(self):
        for name, host in ("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("[::1]", "::1"):
            with self.subTest(name):
                server = self.serve({"/echo": echo}, host=host)
                run = self.fetch(server.get_local_port(), "/echo", host=name)
                self.assertEqual(run.code, "2.05")
                self.assertEqual(
                    server.seen[0].uri, f"coap://{name}:{server.get_local_port()}/echo"
                )

    def test_any_address(self):
        """A server of all addresses, asked over both families."""
        server = self.serve({"/echo": echo}, host="", settings={"UseIPv6": True})
        for host in "127.0.0.1", "127.0.0.2", "[::1]":
            with self.subTest(host):
                run = self.fetch(server.get_local_port(), "/echo", host=host)
                self.assertEqual(run.code, "2.05")

    def answer_when(self, server, condition):
        """Answers the one pending request once the condition holds."""
        self.wait_until(lambda: len(server.get_pending_requests()) == 1, "the request")
        self.wait_until(condition, "the time to answer")
        server.set_response_text("late")
        server.send_response(server.get_pending_requests()[0].get_request_id())

    def test_slow_handler(self):
        server = self.serve({"/slow": put_off}, timeout=0)
        ends = []
        server.connect("response-complete", lambda _s, _r, *rest: ends.append(rest))
        relay = self.relay("127.0.0.1", server.get_local_port())
        run = self.run_client(relay.port, "/slow")
        self.answer_when(server, lambda: relay.answered)
        self.wait_for(run)
        self.wait_until(lambda: ends, "the acknowledgement of the client")
        self.assertEqual(ends, [(0, "")])
        self.assertEqual(run.payload, b"late")
        self.assertEqual([d.kind for d in relay.answered], [("ACK", "0.00"), ("CON", "2.05")])
        self.assertEqual(relay.answered[0].message.mid, relay.sent[0].message.mid)
        self.assertEqual([d.kind for d in relay.sent], [("CON", "0.01"), ("ACK", "0.00")])

    def test_slow_handler_not_confirmable(self):
        """Neither an empty acknowledgement nor an acknowledgement of the response."""
        server = self.serve({"/slow": put_off}, timeout=0)
        relay = self.relay("127.0.0.1", server.get_local_port())
        run = self.run_client(relay.port, "/slow", "-N")
        self.answer_when(server, lambda: True)
        self.wait_for(run)
        self.assertEqual(run.payload, b"late")
        self.assertEqual([d.type for d in relay.sent + relay.answered], ["NON", "NON"])

    def test_separate_response_not_confirmable(self):
        server = self.serve({"/slow": put_off}, timeout=0, use_confirmable_messages=False)
        relay = self.relay("127.0.0.1", server.get_local_port())
        run = self.run_client(relay.port, "/slow")
        self.answer_when(server, lambda: relay.answered)
        self.wait_for(run)
        self.assertEqual(run.payload, b"late")
        self.assertEqual([d.kind for d in relay.answered], [("ACK", "0.00"), ("NON", "2.05")])

    def test_separate_response_through_loss(self):
        server = self.serve({"/slow": put_off}, settings=FAST, timeout=0)
        ends = []
        server.connect("response-complete", lambda _s, _r, *rest: ends.append(rest))
        relay = self.relay(
            "127.0.0.1", server.get_local_port(), to_client=drop_first_of(("CON", "2.05"), 2)
        )
        run = self.run_client(relay.port, "/slow")
        self.answer_when(server, lambda: relay.answered)
        self.wait_for(run)
        self.wait_until(lambda: ends, "the acknowledgement of the client")
        self.assertEqual(ends, [(0, "")])
        self.assertEqual(run.payload, b"late")

    def test_answer_after_stop(self):
        server = self.serve({"/slow": put_off}, timeout=0)
        relay = self.relay("127.0.0.1", server.get_local_port())
        first = self.run_client(relay.port, "/slow")
        self.wait_until(lambda: len(server.get_pending_requests()) == 1, "the request")
        server.stop_listening()
        second = self.fetch(server.get_local_port(), "/slow")
        self.assertIsNone(second.code)
        self.assertEqual([m.type for m in second.received], ["RST"])
        self.answer_when(server, lambda: True)
        self.wait_for(first)
        self.assertEqual(first.payload, b"late")

    def test_retransmissions_of_the_client(self):
        """The handler runs once, whichever side's first datagram is lost."""
        cases = {
            "request": {"to_server": drop_first(1)},
            "response": {"to_client": drop_first(1)},
        }
        servers = [self.serve({"/echo": echo}) for _ in cases]
        relays = [
            self.relay("127.0.0.1", server.get_local_port(), **policies)
            for server, policies in zip(servers, cases.values())
        ]
        runs = [self.run_client(r.port, "/echo", "-m", "put", payload=b"x") for r in relays]
        self.wait_for(*runs)
        for name, server, relay, run in zip(cases, servers, relays, runs):
            with self.subTest(name):
                self.assertEqual((run.code, run.payload), ("2.04", b"x"))
                self.assertEqual(len(server.seen), 1)
                self.assertEqual(len({d.data for d in relay.answered}), 1)
        self.assertEqual([len(relay.answered) for relay in relays], [1, 2])

    def test_duplicates(self):
        """Each datagram twice, in both directions."""
        for confirmable in [], ["-N"]:
            with self.subTest(confirmable=confirmable):
                server = self.serve({"/echo": echo})
                relay = self.relay(
                    "127.0.0.1", server.get_local_port(),
                    to_server=repeat_all, to_client=repeat_all,
                )
                run = self.fetch(relay.port, "/echo", "-m", "post", *confirmable, payload=b"x")
                self.assertEqual((run.code, run.payload), ("2.01", b"x"))
                relay.repeat(0)
                self.wait_until(lambda: len(relay.answered) >= 2, "the reply to the duplicate")
                self.assertEqual(len({d.data for d in relay.answered}), 1)
                self.assertEqual(len(server.seen), 1)

    def test_repeated_while_waiting(self):
        """A repetition while the handler has not answered is acknowledged, and no more."""
        server = self.serve({"/slow": put_off}, timeout=0)
        relay = self.relay(
            "127.0.0.1", server.get_local_port(), to_client=drop_first_of(("ACK", "0.00"))
        )
        run = self.run_client(relay.port, "/slow")
        self.answer_when(server, lambda: len(relay.answered) == 2)
        self.wait_for(run)
        self.assertEqual(run.payload, b"late")
        self.assertEqual(len(server.seen), 1)
        self.assertEqual(
            [d.kind for d in relay.answered], 2 * [("ACK", "0.00")] + [("CON", "2.05")]
        )

    def test_ping(self):
        """It pings while it waits."""
        server = self.serve({"/slow": put_off}, timeout=0)
        relay = self.relay("127.0.0.1", server.get_local_port())
        run = self.run_client(relay.port, "/slow", "-K", "1")
        self.answer_when(server, lambda: ("RST", "0.00") in [d.kind for d in relay.answered])
        self.wait_for(run)
        self.assertEqual(run.payload, b"late")
        self.assertIn(("CON", "0.00"), [d.kind for d in relay.sent])

    def test_many_at_once(self):
        """Each client has a port of its own choice: left to themselves two of them may share one,
        for libcoap sets SO_REUSEADDR, and then one gets what is meant for the other."""
        server = self.serve({"": echo})
        runs = [
            self.run_client(
                server.get_local_port(),
                f"/{number}",
                *("-m", "put", "-p", str(port)),
                payload=str(number).encode(),
            )
            for number, port in enumerate(find_free_ports("127.0.0.1", 50))
        ]
        self.wait_for(*runs)
        self.assertEqual([run.payload for run in runs], [b"%d" % n for n in range(50)])
        self.assertEqual(len(server.seen), 50)


if __name__ == "__main__":
    main()
