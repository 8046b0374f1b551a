#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""GCoap.Observation from Python: its properties, its states, and every end of it."""

import contextlib
import gc
import subprocess
import sys
import unittest

from bindings_fixture import ACK, NON, Completions, Peer
from gi.repository import GCoap, Gio, GLib, GObject
from observe_fixture import Notifications, Observable, ObserveTest, observe_option, state

PENDING, ACTIVE, STALE, ENDED, FAILED = (
    getattr(GCoap.ObservationState, name)
    for name in ("PENDING", "ACTIVE", "STALE", "ENDED", "FAILED")
)


# A server of its own, which can be killed: PORT TEXT.
SERVER = """
import sys
import gi
gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, GLib

def on_register(server, registration):
    registration.props.accept = True
    server.props.response_options.append(GCoap.Option.new(GCoap.OptionNumber.MAX_AGE, "1"))
    server.set_response_text(sys.argv[2])

server = GCoap.Endpoint(local_host="127.0.0.1", local_port=int(sys.argv[1]))
server.connect("register", on_register)
server.start_listening()
print(server.props.local_port, flush=True)
GLib.MainLoop().run()
"""


class Label(GObject.Object):
    text = GObject.Property(type=str)


class Observation(ObserveTest):
    def setUp(self):
        super().setUp()
        self.site = Observable(self)
        self.client = self.make_endpoint()

    def observe(self, client=None, uri=None):
        return (client or self.client).observe(uri or self.site.uri)

    def wait_for(self, observation, **properties):
        self.iterate_until(
            lambda: all(observation.get_property(n) == v for n, v in properties.items())
        )

    def make_impatient(self):
        self.client.config("ReregisterDelay=0.01")

    def give_up_soon(self):
        """Not before an answer that is to come: that may take its time."""
        self.client.config("AckTimeout=0.01")
        self.client.config("MaxRetransmit=0")

    def answer_until_active(self, peer, observation, rest):
        """An answer that comes too late is none, and the next attempt gets another."""
        while observation.props.state != ACTIVE:
            self.iterate_until(
                lambda: peer.has_datagram() or observation.props.state == ACTIVE
            )
            if peer.has_datagram():
                last = peer.receive()
                peer.answer(last, ACK, 69, last.mid, last.token, rest)

    def test_before_the_first_state(self):
        observation = self.observe()
        self.assertEqual(observation.props.state, PENDING)
        self.assertEqual(observation.props.uri, self.site.uri)
        self.assertEqual(observation.props.code, "")
        self.assertEqual(observation.props.text, "")
        self.assertIsNone(observation.props.data)
        self.assertIsNone(observation.props.error)
        self.assertEqual(observation.props.content_format, -1)

    def test_properties_notify(self):
        observation = self.observe()
        seen = []
        observation.connect("notify", lambda _, spec: seen.append(spec.name))
        self.wait_for(observation, state=ACTIVE)
        self.assertCountEqual(seen, ["code", "data", "sequence", "text", "state"])
        self.assertEqual((observation.props.code, observation.props.text), ("2.05", "1"))
        seen.clear()
        self.site.server.props.response_content_format = 50
        self.site.server.props.response_etag = GLib.Bytes.new(b"tag")
        self.site.change("2")
        self.wait_for(observation, text="2")
        self.assertCountEqual(seen, ["data", "sequence", "text", "content-format", "etag"])
        self.assertEqual(observation.props.data.get_data(), b"2")
        self.assertEqual(observation.props.etag.get_data(), b"tag")
        self.assertEqual(observation.props.content_format, 50)

    def test_same_state_again(self):
        observation = self.observe()
        self.wait_for(observation, state=ACTIVE)
        seen = []
        observation.connect("notify", lambda _, spec: seen.append(spec.name))
        self.site.change("1")
        self.iterate_until(lambda: seen)
        self.assertEqual(seen, ["sequence"])

    def test_values_are_settled_when_told(self):
        observation = self.observe()
        seen = []
        observation.connect(
            "notify", lambda o, _: seen.append((o.props.code, o.props.text, o.props.state))
        )
        self.wait_for(observation, state=ACTIVE)
        self.assertEqual(set(seen), {("2.05", "1", ACTIVE)})

    def test_binding(self):
        observation = self.observe()
        label = Label()
        observation.bind_property("text", label, "text", GObject.BindingFlags.SYNC_CREATE)
        self.iterate_until(lambda: label.text == "1")
        self.site.change("21.5 °C")
        self.iterate_until(lambda: label.text == "21.5 °C")

    def test_endpoint_is_left_alone(self):
        completions = Completions(self.client, "request-complete")
        notifications = Notifications(self.client)
        observation = self.observe()
        self.wait_for(observation, state=ACTIVE)
        self.assertEqual(self.client.props.response_code, "")
        self.assertEqual((completions, notifications), ([], []))
        with self.assert_fails(GCoap.Error.NOT_OBSERVABLE):
            self.client.stop_observing(self.site.uri)

    def test_binary(self):
        self.site.server.connect(
            "register::/b",
            lambda server, request: (
                request.set_accept(True),
                server.set_property("response-data", GLib.Bytes.new(b"\xff\x00")),
            ),
        )
        observation = self.observe(uri=self.uri(self.site.server, "b"))
        self.wait_for(observation, state=ACTIVE)
        self.assertIsNone(observation.props.text)
        self.assertEqual(observation.props.data.get_data(), b"\xff\x00")

    def test_overtaken_states_are_left_out(self):
        peer = Peer(self)
        observation = self.observe(uri=peer.uri)
        registration = peer.receive()
        fields = (registration.mid, registration.token)
        peer.answer(registration, ACK, 69, *fields, rest=state(10, b"first"))
        self.wait_for(observation, text="first")
        texts = []
        observation.connect("notify::text", lambda o, _: texts.append(o.props.text))
        for mid, number, text in ((1, 12, b"third"), (2, 11, b"second"), (3, 13, b"fourth")):
            rest = state(number, text)
            peer.answer(registration, NON, 69, bytes([0, mid]), registration.token, rest)
        self.wait_for(observation, text="fourth")
        self.assertEqual(texts, ["third", "fourth"])
        self.assertEqual(observation.props.sequence, 13)

    def test_ended_by_the_server(self):
        observation = self.observe()
        self.wait_for(observation, state=ACTIVE)
        self.site.end("4.04")
        self.wait_for(observation, state=ENDED)
        self.assertEqual(observation.props.code, "4.04")
        self.assertIsNone(observation.props.error)

    def test_declined(self):
        self.site.accepts = False
        observation = self.observe()
        self.wait_for(observation, state=ENDED)
        self.assertEqual((observation.props.code, observation.props.text), ("2.05", "1"))

    def test_not_found(self):
        observation = self.observe(uri=self.uri(self.site.server, "none"))
        self.wait_for(observation, state=ENDED)
        self.assertEqual(observation.props.code, "4.04")

    def test_failed(self):
        self.give_up_soon()
        observation = self.observe(uri=Peer(self).uri)
        seen = []
        observation.connect("notify::error", lambda o, _: seen.append(o.props.state))
        self.wait_for(observation, state=FAILED)
        self.assertEqual(seen, [FAILED])
        self.assertTrue(
            observation.props.error.matches(GCoap.error_quark(), GCoap.Error.TIMED_OUT)
        )
        observation.cancel()
        self.assertEqual(observation.props.state, FAILED)

    def test_nobody_listens(self):
        peer = Peer(self)
        peer.socket.close()
        observation = self.observe(uri=peer.uri)
        self.wait_for(observation, state=FAILED)
        self.assertTrue(
            observation.props.error.matches(GCoap.error_quark(), GCoap.Error.REJECTED)
        )

    def test_stale_and_active_again(self):
        self.make_impatient()
        self.site.max_age = "0"
        observation = self.observe()
        states = []
        observation.connect("notify::state", lambda o, _: states.append(o.props.state))
        self.iterate_until(lambda: len(states) >= 5)
        self.assertEqual(states[:5], [ACTIVE, STALE, ACTIVE, STALE, ACTIVE])
        self.assertEqual(len({r.props.token for r in self.site.registrations}), 1)

    def test_stale_while_the_server_is_silent(self):
        self.make_impatient()
        peer = Peer(self)
        observation = self.observe(uri=peer.uri)
        first = peer.receive()
        rest = observe_option(5) + b"\x80\xffx"  # Max-Age 0
        peer.answer(first, ACK, 69, first.mid, first.token, rest)
        self.give_up_soon()
        self.wait_for(observation, state=STALE)
        attempts = [self.receive(peer) for _ in range(3)]
        self.assertEqual({a.token for a in attempts}, {first.token})
        self.assertEqual(observation.props.state, STALE)
        self.answer_until_active(peer, observation, state(1, b"back"))
        self.assertEqual(observation.props.text, "back")

    def test_reregister_off(self):
        self.make_impatient()
        self.client.config("Reregister=False")
        self.site.max_age = "0"
        observation = self.observe()
        self.wait_for(observation, state=ACTIVE)
        self.site.change("2")
        self.wait_for(observation, text="2")
        self.assertEqual(len(self.site.registrations), 1)

    def test_cancel(self):
        observation = self.observe()
        self.wait_for(observation, state=ACTIVE)
        states = []
        observation.connect("notify::state", lambda o, _: states.append(o.props.state))
        observation.cancel()
        observation.cancel()
        self.assertEqual(states, [ENDED])
        self.iterate_until(lambda: self.site.unregistered)
        self.site.change("2")
        self.assertEqual(observation.props.text, "1")

    def test_cancel_before_the_first_state(self):
        observation = self.observe()
        observation.cancel()
        self.assertEqual(observation.props.state, ENDED)
        self.assert_usable(self.client)
        self.assertEqual(observation.props.text, "")

    def test_cancel_while_resolving(self):
        observation = self.observe(uri=f"coap://localhost:{self.site.server.props.local_port}/a")
        observation.cancel()
        self.assertEqual(observation.props.state, ENDED)
        self.assert_usable(self.client)
        self.assertEqual(self.site.registrations, [])

    def test_cancel_inside_notify(self):
        for name in ("text", "state", "sequence"):
            with self.subTest(name):
                observation = self.observe()
                observation.connect("notify::" + name, lambda o, _: o.cancel())
                self.wait_for(observation, state=ENDED)
                n_before = len(self.site.unregistered)
                self.iterate_until(lambda: len(self.site.unregistered) > n_before)
                self.assertEqual(observation.props.state, ENDED)

    def test_cancel_inside_the_last_notify(self):
        for name in ("code", "state", "text"):
            with self.subTest(name):
                self.site.text = "1"
                observation = self.observe()
                self.wait_for(observation, state=ACTIVE)
                observation.connect("notify::" + name, lambda o, _: o.cancel())
                n_before = len(self.site.requests)
                self.site.end("4.04")
                self.wait_for(observation, state=ENDED)
                self.assert_usable(self.client)
                self.assertEqual(len(self.site.requests), n_before)

    def test_explicit_cancel_off(self):
        self.client.config("ExplicitCancel=False")
        observation = self.observe()
        self.wait_for(observation, state=ACTIVE)
        observation.cancel()
        self.site.change("2")
        self.iterate_until(lambda: self.site.unregistered)
        self.assertEqual(self.site.requests, [])

    def test_last_reference(self):
        observation = self.observe()
        self.wait_for(observation, state=ACTIVE)
        del observation
        gc.collect()
        self.iterate_until(lambda: self.site.unregistered)
        self.assertEqual(len(self.site.requests), 1)

    def test_last_reference_before_the_first_state(self):
        self.observe()
        gc.collect()
        self.iterate_until(lambda: self.site.unregistered)
        self.assert_usable(self.client)

    def test_keeps_the_endpoint(self):
        client = GCoap.Endpoint(local_host="127.0.0.1")
        observation = client.observe(self.site.uri)
        del client
        gc.collect()
        self.wait_for(observation, text="1")
        del observation
        gc.collect()
        self.iterate_until(lambda: self.site.unregistered)

    def test_end_of_the_endpoint(self):
        for name in ("shutdown", "reset", "run_dispose"):
            with self.subTest(name):
                client = self.make_endpoint()
                active, pending = client.observe(self.site.uri), client.observe(Peer(self).uri)
                self.wait_for(active, state=ACTIVE)
                getattr(client, name)()
                for observation in (active, pending):
                    self.assertEqual(observation.props.state, FAILED)
                    self.assertTrue(
                        observation.props.error.matches(
                            GCoap.error_quark(), GCoap.Error.CANCELED
                        )
                    )
                    observation.cancel()
                self.assertEqual(active.props.text, "1")

    def test_dispose_inside_notify(self):
        observation = self.observe()
        observation.connect("notify::text", lambda *_: self.client.run_dispose())
        self.wait_for(observation, state=FAILED)

    def test_invalid_uri(self):
        for uri in ("http://127.0.0.1/", "coap://", "a", "coap://127.0.0.1:99999/"):
            with self.subTest(uri), self.assert_fails(GCoap.Error.INVALID_URI):
                self.client.observe(uri)
        self.assert_usable(self.client)

    def test_cannot_send(self):
        client = GCoap.Endpoint(local_host="no address")
        with self.assert_fails(Gio.IOErrorEnum.INVALID_ARGUMENT, Gio.io_error_quark()):
            client.observe(self.site.uri)

    def test_several_of_one_resource(self):
        observations = [self.observe() for _ in range(3)]
        for observation in observations:
            self.wait_for(observation, state=ACTIVE)
        observations[0].cancel()
        self.site.change("2")
        for observation in observations[1:]:
            self.wait_for(observation, text="2")
        self.assertEqual(observations[0].props.text, "1")
        self.assertEqual(len({r.props.token for r in self.site.registrations}), 3)


class Restart(ObserveTest):
    @contextlib.contextmanager
    def running(self, port, text):
        """The port of a server process, which is killed at the end."""
        command = [sys.executable, "-c", SERVER, str(port), text]
        with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as server:
            try:
                yield int(server.stdout.readline())
            finally:
                server.kill()

    def follow(self, observe):
        """Whether what is observed is seen from a server and from the one that comes after it."""
        client = self.make_endpoint()
        client.config("ReregisterDelay=0.1")
        with self.running(0, "first") as port:
            get_text = observe(client, f"coap://127.0.0.1:{port}/a")
            self.iterate_until(lambda: get_text() == "first")
        with self.running(port, "second"):
            self.iterate_until(lambda: get_text() == "second")

    def test_observation(self):
        def observe(client, uri):
            observation = client.observe(uri)
            return lambda: observation.props.text

        self.follow(observe)

    def test_start_observing(self):
        def observe(client, uri):
            client.start_observing(uri)
            return client.dup_response_text

        self.follow(observe)


if __name__ == "__main__":
    unittest.main(verbosity=2)
