#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The endpoint from Python as a client: waiting or not, its errors, send_async()."""

import gc
import unittest

from bindings_fixture import ACK, CON, NON, RST, BindingsTest, Completions, Peer, echo
from gi.repository import GCoap, Gio, GLib


class Blocking(BindingsTest):
    def test_methods(self):
        server = self.make_server(a=echo)
        client = self.make_endpoint()
        client.set_request_text("body")
        uri = self.uri(server, "a")
        for send, answer in (
            (client.get, "1 "),
            (client.post, "2 body"),
            (client.put, "3 body"),
            (client.delete, "4 "),
            (client.fetch, "5 body"),
            (client.patch, "6 body"),
            (client.ipatch, "7 body"),
            (lambda uri: client.send_custom_request(uri, 31), "31 body"),
        ):
            self.assertEqual(send(uri), "")
            self.assertEqual(client.dup_response_text(), answer)
            self.assertEqual(client.props.response_code, "2.05")
        self.assertEqual(client.props.pending_requests.get_n_items(), 0)

    def test_non_confirmable(self):
        server = self.make_server(a=echo)
        client = self.make_endpoint(use_confirmable_messages=False)
        client.get(self.uri(server, "a"))
        self.assertEqual(client.dup_response_text(), "1 ")

    def test_fields(self):
        def handler(server, request):
            self.assertEqual(request.props.content_format, 50)
            self.assertEqual(request.props.etag.get_data(), b"tag")
            server.props.response_code = "2.04"
            server.props.response_content_format = 0
            server.props.response_etag = GLib.Bytes.new(b"\x01\x02")
            server.set_response_text("done")

        client = self.make_endpoint(request_content_format=50)
        client.props.request_etag = GLib.Bytes.new(b"tag")
        client.put(self.uri(self.make_server(a=handler), "a"))
        self.assertEqual(client.props.response_code, "2.04")
        self.assertEqual(client.props.response_content_format, 0)
        self.assertEqual(client.props.response_etag.get_data(), b"\x01\x02")

    def test_host_name_and_ipv6(self):
        server = GCoap.Endpoint()
        self.addCleanup(server.shutdown)
        server.connect("request::/a", echo)
        server.config("UseIPv6=True")
        server.start_listening()
        client = GCoap.Endpoint()
        self.addCleanup(client.shutdown)
        for host in ("localhost", "[::1]", "127.0.0.1"):
            with self.subTest(host):
                client.get(f"coap://{host}:{server.props.local_port}/a")
                self.assertEqual(client.dup_response_text(), "1 ")

    def test_ping(self):
        server = self.make_server()
        client = self.make_endpoint()
        self.assertEqual(client.send_custom_request(self.uri(server, ""), 0), "")

    def test_complete_comes_too(self):
        server = self.make_server(a=echo)
        client = self.make_endpoint()
        completions = Completions(client, "request-complete")
        client.get(self.uri(server, "a"))
        with self.assert_fails(GCoap.Error.ERROR_RESPONSE):
            client.get(self.uri(server, "b"))
        self.assertEqual([(c, d) for _, c, d in completions], [(0, ""), (709, "4.04 Not Found")])

    def test_other_sources_go_on(self):
        ticks = []

        def defer(server, request):
            request.props.send_response = False
            source = GLib.idle_source_new()
            source.set_callback(answer, request.props.request_id)
            source.attach(self.context)

        def answer(request_id):
            ticks.append("idle")
            server.props.timeout = 0
            server.set_response_text("late")
            server.send_response(request_id)
            return GLib.SOURCE_REMOVE

        server = self.make_server(a=defer)
        client = self.make_endpoint()
        client.get(self.uri(server, "a"))
        self.assertEqual(client.dup_response_text(), "late")
        self.assertEqual(ticks, ["idle"])

    def test_do_events(self):
        server = self.make_server(a=echo)
        client = self.make_endpoint(timeout=0)
        completions = Completions(client, "request-complete")
        client.get(self.uri(server, "a"))
        while not completions:
            self.assertTrue(client.do_events())
        self.assertEqual(completions.codes, [0])


class Asynchronous(BindingsTest):
    def test_ids_and_records(self):
        server = self.make_server(a=echo)
        client = self.make_endpoint(timeout=0)
        client.config("NStart=4")
        completions = Completions(client, "request-complete")
        pending = client.props.pending_requests
        self.assertIsInstance(pending, Gio.ListModel)
        ids = [client.get(self.uri(server, "a")) for _ in range(4)]
        self.assertEqual(len(set(ids)), 4)
        self.assertNotIn("", ids)
        self.assertEqual([r.props.request_id for r in pending], ids)
        self.iterate_until(lambda: len(completions) == 4)
        self.assertEqual(pending.get_n_items(), 0)
        self.assertCountEqual([r.props.request_id for r, *_ in completions], ids)
        self.assertEqual(completions[0][0].props.response.dup_text(), "1 ")

    def test_order_of_events(self):
        server = self.make_server(a=echo)
        client = self.make_endpoint(timeout=0)
        events = []
        client.connect("notify::response-code", lambda *_: events.append("code"))
        client.props.pending_requests.connect(
            "items-changed", lambda _, *change: events.append(change)
        )
        client.connect("request-complete", lambda *_: events.append("complete"))
        client.get(self.uri(server, "a"))
        self.iterate_until(lambda: "complete" in events)
        self.assertEqual(events, [(0, 0, 1), "code", (0, 1, 0), "complete"])

    def test_request_object(self):
        server = self.make_server(a=echo)
        client = self.make_endpoint(timeout=0)
        uri = self.uri(server, "a")
        client.set_request_text("x")
        request_id = client.post(uri)
        request = client.props.pending_requests[0]
        completions = Completions(client, "request-complete")
        self.iterate_until(lambda: completions)
        self.assertIs(completions[0][0], request)
        self.assertEqual(request.props.request_id, request_id)
        self.assertEqual(request.props.uri, uri)
        self.assertEqual(request.props.method, GCoap.Method.POST)
        self.assertEqual(request.props.remote_host, "127.0.0.1")
        self.assertEqual(request.props.remote_port, server.props.local_port)

    def test_cancel(self):
        peer = Peer(self)
        client = self.make_endpoint(timeout=0)
        completions = Completions(client, "request-complete")
        request_id = client.get(peer.uri)
        self.assertTrue(client.cancel_request(request_id))
        self.assertEqual(completions.codes, [711])
        self.assertEqual(client.props.pending_requests.get_n_items(), 0)
        with self.assert_fails(GCoap.Error.INVALID_REQUEST_ID):
            client.cancel_request(request_id)
        self.assert_usable(client)

    def test_cancel_of_blocking_call(self):
        client = self.make_endpoint()
        peer = Peer(self)
        source = GLib.idle_source_new()
        source.set_callback(lambda _: client.shutdown() and GLib.SOURCE_REMOVE)
        source.attach(self.context)
        with self.assert_fails(GCoap.Error.CANCELED):
            client.get(peer.uri)
        self.assert_usable(client)

    def test_new_request_inside_complete(self):
        server = self.make_server(a=echo)
        client = self.make_endpoint(timeout=0)
        completions = Completions(client, "request-complete")
        client.connect(
            "request-complete",
            lambda *_: len(completions) < 5 and client.get(self.uri(server, "a")),
        )
        client.get(self.uri(server, "a"))
        self.iterate_until(lambda: len(completions) == 5)
        self.assertEqual(completions.codes, [0] * 5)

    def test_dispose_with_pending_requests(self):
        client = self.make_endpoint(timeout=0)
        completions = Completions(client, "request-complete")
        for _ in range(3):
            client.get(Peer(self).uri)
        client.run_dispose()
        self.assertEqual(completions.codes, [711] * 3)
        self.assertEqual(client.props.pending_requests.get_n_items(), 0)

    def test_dispose_inside_complete(self):
        server = self.make_server(a=echo)
        client = self.make_endpoint(timeout=0)
        completions = Completions(client, "request-complete")
        client.connect("request-complete", lambda client, *_: client.run_dispose())
        client.get(self.uri(server, "a"))
        client.get(self.uri(server, "a"))
        self.iterate_until(lambda: len(completions) == 2)
        self.assertEqual(completions.codes, [0, 711])

    def test_freed_endpoint_sends_no_more(self):
        client = GCoap.Endpoint(timeout=0)
        freed = []
        client.weak_ref(freed.append, True)
        client.get(Peer(self).uri)
        del client
        gc.collect()
        self.assertEqual(freed, [True])


class Errors(BindingsTest):
    def answered_with(self, type, code, rest=b""):
        """How a request ends that a peer answers so."""
        peer = Peer(self)
        client = self.make_endpoint(timeout=0)
        completions = Completions(client, "request-complete")
        client.get(peer.uri)
        request = peer.receive()
        peer.answer(request, type, code, request.mid, request.token if code else b"", rest)
        self.iterate_until(lambda: completions)
        (result,) = completions.codes
        self.assert_usable(client)
        return result

    def test_invalid_uri(self):
        client = self.make_endpoint()
        for uri in ("", "a", "http://host/", "coap:///a", "coap://host:99999/", "coap://h/#f"):
            with self.subTest(uri), self.assert_fails(GCoap.Error.INVALID_URI):
                client.get(uri)
        self.assert_usable(client)

    def test_invalid_option(self):
        client = self.make_endpoint()
        client.props.request_options.append(GCoap.Option.new(17, "no number"))
        with self.assert_fails(GCoap.Error.INVALID_OPTION):
            client.get("coap://127.0.0.1/")
        client.props.request_options.remove_all()
        self.assert_usable(client)

    def test_invalid_etag(self):
        client = self.make_endpoint(request_etag=GLib.Bytes.new(b"123456789"))
        with self.assert_fails(GCoap.Error.INVALID_OPTION):
            client.get("coap://127.0.0.1/")
        client.props.request_etag = None
        self.assert_usable(client)

    def test_timed_out(self):
        client = self.make_impatient_client()
        completions = Completions(client, "request-complete")
        client.get(Peer(self).uri)
        self.iterate_until(lambda: completions)
        ((_, code, description),) = completions
        self.assertEqual(code, GCoap.Error.TIMED_OUT)
        self.assertNotEqual(description, "")
        self.assert_usable(client)

    def test_timed_out_while_waiting(self):
        client = self.make_impatient_client()
        client.props.timeout = 5
        with self.assert_fails(GCoap.Error.TIMED_OUT):
            client.get(Peer(self).uri)
        self.assert_usable(client)

    def test_timed_out_after_empty_acknowledgement(self):
        peer = Peer(self)
        client = self.make_endpoint(timeout=0)
        client.config("AckTimeout=0.01")
        client.config("MaxRetransmit=0")
        client.config("MaxLatency=0")
        completions = Completions(client, "request-complete")
        client.get(peer.uri)
        request = peer.receive()
        peer.answer(request, ACK, 0, request.mid)
        self.iterate_until(lambda: completions)
        self.assertEqual(completions.codes, [704])
        self.assert_usable(client)

    def test_rejected(self):
        peer = Peer(self)
        client = self.make_endpoint()
        peer.socket.close()
        with self.assert_fails(GCoap.Error.REJECTED):
            client.get(peer.uri)
        self.assert_usable(client)

    def test_invalid_request_id(self):
        client = self.make_endpoint()
        for request_id in ("", "0", "1", "-1", "x", "99999999999999999999"):
            with self.subTest(request_id), self.assert_fails(GCoap.Error.INVALID_REQUEST_ID):
                client.cancel_request(request_id)
        server = self.make_server()
        with self.assert_fails(GCoap.Error.INVALID_REQUEST_ID):
            server.send_response("1")
        self.assert_usable(client)

    def test_reset(self):
        self.assertEqual(self.answered_with(RST, 0), GCoap.Error.RESET)

    def test_invalid_block(self):
        block_1_of_more = b"\xd1\x0a\x18\xff0123456789abcdef"
        self.assertEqual(self.answered_with(ACK, 69, block_1_of_more), GCoap.Error.INVALID_BLOCK)

    def test_unknown_critical_option(self):
        option_65001 = b"\xe0\xfc\xdc"
        self.assertEqual(self.answered_with(CON, 69, option_65001), GCoap.Error.INVALID_OPTION)

    def test_error_responses(self):
        for code in (128, 132, 160, 4 << 5 | 31, 5 << 5 | 31):
            with self.subTest(code):
                self.assertEqual(self.answered_with(ACK, code), GCoap.Error.ERROR_RESPONSE)

    def test_error_response(self):
        server = self.make_server()
        client = self.make_endpoint()
        with self.assert_fails(GCoap.Error.ERROR_RESPONSE) as caught:
            client.get(self.uri(server, "nowhere"))
        self.assertEqual(caught.exception.message, "4.04 Not Found")
        self.assertEqual(client.props.response_code, "4.04")
        self.assert_usable(client)

    def test_wrong_mode(self):
        server = self.make_server()
        with self.assert_fails(GCoap.Error.WRONG_MODE):
            server.get("coap://127.0.0.1/")
        client = self.make_endpoint()
        with self.assert_fails(GCoap.Error.WRONG_MODE):
            client.send_response("1")
        with self.assert_fails(GCoap.Error.WRONG_MODE):
            client.stop_listening()
        with self.assert_fails(GCoap.Error.WRONG_MODE):
            client.send_custom_request("coap://127.0.0.1/", 32)
        self.assert_usable(client)

    def test_unknown_host(self):
        client = self.make_endpoint()
        completions = Completions(client, "request-complete")
        with self.assertRaises(GLib.Error) as caught:
            client.get("coap://nowhere.invalid/")
        self.assertEqual(caught.exception.domain, "g-resolver-error-quark")
        self.assertEqual(completions.codes, [GCoap.Error.REJECTED])
        self.assert_usable(client)

    def test_none_and_wrong_types(self):
        client = self.make_endpoint()
        for call in (
            lambda: client.get(None),
            lambda: client.get(5),
            lambda: client.get(),
            lambda: client.config(None),
            lambda: client.cancel_request(None),
            lambda: client.send_response(1),
            lambda: client.send_custom_request("coap://h/", "GET"),
            lambda: client.send_async(None, None, None),
            lambda: client.set_request_text(5),
            lambda: client.props.request_options.append("Accept"),
            lambda: GCoap.Message.new_request(1, None),
        ):
            with self.assertRaises(TypeError):
                call()
        with self.assertRaises(OverflowError):
            client.send_custom_request("coap://h/", -1)
        self.assert_usable(client)

    def test_bad_local_host(self):
        client = GCoap.Endpoint(local_host="not an address")
        with self.assert_fails(Gio.IOErrorEnum.INVALID_ARGUMENT, Gio.io_error_quark()):
            client.get("coap://127.0.0.1/")
        client.props.local_host = ""
        self.assert_usable(client)

    def test_stray_datagrams(self):
        peer = Peer(self)
        client = self.make_endpoint(timeout=0)
        completions = Completions(client, "request-complete")
        client.get(peer.uri)
        request = peer.receive()
        peer.socket.sendto(b"", request.address)
        peer.socket.sendto(b"\xff" * 20, request.address)
        peer.answer(request, NON, 69, b"\x00\x01", b"other", b"\xffnot yours")
        peer.answer(request, CON, 69, b"\x00\x02", b"other", b"\xffnot yours")
        self.iterate_until(lambda: peer.has_datagram() and peer.receive().type == RST)
        self.assertEqual(completions, [])
        peer.answer(request, ACK, 69, request.mid, request.token, b"\xffyours")
        self.iterate_until(lambda: completions)
        self.assertEqual(client.dup_response_text(), "yours")


class SendAsync(BindingsTest):
    def send(self, client, message, cancellable=None):
        """The list into which the result is put, once it is there."""
        results = []

        def done(client, result):
            try:
                results.append(client.send_finish(result))
            except GLib.Error as error:
                results.append(error)

        client.send_async(message, cancellable, done)
        return results

    def request(self, uri, method=GCoap.Method.GET):
        return GCoap.Message.new_request(method, uri)

    def test_response(self):
        server = self.make_server(a=echo)
        client = self.make_endpoint()
        message = self.request(self.uri(server, "a"), GCoap.Method.PUT)
        message.set_text("body")
        message.set_content_format(0)
        message.add_uint_option(GCoap.OptionNumber.MAX_AGE, 5)
        results = self.send(client, message)
        self.assertTrue(message.is_sealed())
        self.iterate_until(lambda: results)
        self.assertEqual(results[0].get_code(), GCoap.Code.CONTENT)
        self.assertEqual(results[0].dup_text(), "3 body")
        self.assertEqual(client.props.response_code, "")
        self.assertIsNone(client.props.response_data)

    def test_error_response_is_a_result(self):
        server = self.make_server()
        results = self.send(self.make_endpoint(), self.request(self.uri(server, "a")))
        self.iterate_until(lambda: results)
        self.assertEqual(results[0].get_code(), GCoap.Code.NOT_FOUND)

    def test_many_at_once(self):
        servers = [self.make_server(a=echo) for _ in range(5)]
        client = self.make_endpoint()
        results = [
            self.send(client, self.request(self.uri(servers[i % 5], "a"))) for i in range(50)
        ]
        self.iterate_until(lambda: all(results))
        self.assertEqual({r.dup_text() for r, in results}, {"1 "})

    def test_cancel(self):
        client = self.make_endpoint()
        cancellable = Gio.Cancellable()
        results = self.send(client, self.request(Peer(self).uri), cancellable)
        self.assertEqual(results, [])
        cancellable.cancel()
        self.iterate_until(lambda: results)
        again = self.send(client, self.request(Peer(self).uri), cancellable)
        self.iterate_until(lambda: again)
        for (error,) in (results, again):
            self.assertTrue(error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))
        self.assert_usable(client)

    def test_shutdown(self):
        client = self.make_endpoint()
        results = self.send(client, self.request(Peer(self).uri))
        client.shutdown()
        self.iterate_until(lambda: results)
        self.assertTrue(results[0].matches(GCoap.error_quark(), GCoap.Error.CANCELED))
        self.assert_usable(client)

    def test_timed_out(self):
        results = self.send(self.make_impatient_client(), self.request(Peer(self).uri))
        self.iterate_until(lambda: results)
        self.assertTrue(results[0].matches(GCoap.error_quark(), GCoap.Error.TIMED_OUT))

    def test_message_that_cannot_be_sent(self):
        server = self.make_server(a=echo)
        client = self.make_endpoint()
        used = self.request(self.uri(server, "a"))
        first = self.send(client, used)
        self.iterate_until(lambda: first)
        for message in (used, first[0], GCoap.Message.new(GCoap.Method.GET)):
            results = self.send(client, message)
            self.iterate_until(lambda: results)
            self.assertTrue(results[0].matches(GCoap.error_quark(), GCoap.Error.WRONG_MODE))

    def test_bad_uri(self):
        with self.assert_fails(GCoap.Error.INVALID_URI):
            self.request("coap:nothing")


if __name__ == "__main__":
    unittest.main(verbosity=2)
