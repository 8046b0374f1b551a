# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""GCoap and the programs of libcoap observe each other's resources (RFC 7641)."""

import re

from gcoapcase import OBSERVE, GCoapCase, echo, main
from gi.repository import GCoap
from peers import LibcoapRun, LibcoapServer
from relay import drop_each, repeat_all

ACTIVE = GCoap.ObservationState.ACTIVE
ENDED = GCoap.ObservationState.ENDED
FETCH = GCoap.Method.FETCH
ACKNOWLEDGEMENT = ("ACK", "0.00")
CON_STATE, NON_STATE = ("CON", "2.05"), ("NON", "2.05")


class ServerOfLibcoap(GCoapCase):
    """GCoap observes a resource of coap-server-notls, which each PUT changes."""

    HOST = "127.0.0.1"
    ARGS = ()
    KIND = CON_STATE

    def setUp(self):
        super().setUp()
        self.server = LibcoapServer(self.HOST, *self.ARGS)
        self.addCleanup(self.server.close)
        self.other = self.client()
        self.change("first")

    def uri(self, path="/state", port=None):
        return f"coap://{self.HOST}:{port or self.server.port}{path}"

    def change(self, text):
        self.other.set_request_text(text)
        self.other.put(self.uri())

    def begin(self, **policies):
        relay = self.relay(self.HOST, self.server.port, **policies)
        observation, states = self.observe(self.client(), self.uri(port=relay.port))
        self.wait_for_state(observation, ACTIVE)
        return relay, observation, states

    def wait_for_text(self, observation, text):
        self.wait_until(lambda: observation.get_text() == text, f"the state {text}")

    def assert_over(self, relay):
        """Others get what is new, and nothing passes the relay any more."""
        witness, _ = self.observe(self.client(), self.uri())
        self.wait_for_state(witness, ACTIVE)
        n_before = len(relay.answered)
        for text in "once more", "and again":
            self.change(text)
            self.wait_for_text(witness, text)
        self.assertEqual(len(relay.answered), n_before)

    def test_notifications(self):
        relay, observation, states = self.begin()
        self.assertEqual(observation.get_text(), "first")
        for text in "second", "third":
            self.change(text)
            self.wait_for_text(observation, text)
        kinds = [datagram.kind for datagram in relay.answered]
        self.assertEqual((kinds[0], set(kinds[1:])), (("ACK", "2.05"), {self.KIND}))
        self.assert_increasing([sequence for sequence, _ in states])
        if self.KIND == CON_STATE:
            self.wait_until(lambda: len(relay.sent) == len(kinds), "the acknowledgements")
            self.assertEqual({datagram.kind for datagram in relay.sent[1:]}, {ACKNOWLEDGEMENT})

    def test_signals(self):
        client = self.client()
        seen = []
        client.connect("notification", lambda client, _: seen.append(client.dup_response_text()))
        client.start_observing(self.uri())
        self.assertEqual(seen, ["first"])
        self.change("second")
        self.wait_until(lambda: seen[-1] == "second", "the notification")
        client.stop_observing(self.uri())
        self.assertEqual(client.dup_response_text(), "second")
        self.assertEqual(seen, ["first", "second"])
        self.assert_gcoap_error(GCoap.Error.NOT_OBSERVABLE, client.stop_observing, self.uri())

    def test_cancel(self):
        relay, observation, _ = self.begin()
        observation.cancel()
        self.wait_until(lambda: len(relay.answered) == 2, "the answer")
        self.assertEqual(relay.sent[-1].message.values(OBSERVE), [b"\1"])
        self.assertEqual(relay.sent[-1].message.token, relay.sent[0].message.token)
        self.assertEqual(relay.answered[-1].message.values(OBSERVE), [])
        self.assert_over(relay)

    def test_cancel_by_reset(self):
        relay = self.relay(self.HOST, self.server.port)
        client = self.client({"ExplicitCancel": False})
        observation, _ = self.observe(client, self.uri(port=relay.port))
        self.wait_for_state(observation, ACTIVE)
        # Another observation keeps the socket of the client open.
        keeper, _ = self.observe(client, self.uri())
        self.wait_for_state(keeper, ACTIVE)
        observation.cancel()
        self.change("unwanted")
        self.wait_until(lambda: relay.sent[-1].kind == ("RST", "0.00"), "the Reset")
        self.assertEqual(relay.sent[-1].message.mid, relay.answered[-1].message.mid)
        self.assert_over(relay)

    def test_not_observable(self):
        observation, _ = self.observe(self.client(), self.uri("/"))
        self.wait_for_state(observation, ENDED)
        self.assertEqual(observation.get_code(), "2.05")
        self.assertIn("libcoap", observation.get_text())

    def test_resource_that_is_deleted(self):
        _, observation, _ = self.begin()
        self.other.delete(self.uri())
        self.wait_for_state(observation, ENDED)
        self.assertEqual(observation.get_code(), "4.04")

    def test_duplicates(self):
        _, observation, states = self.begin(to_client=repeat_all)
        for text in "second", "third":
            self.change(text)
            self.wait_for_text(observation, text)
        self.assert_increasing([sequence for sequence, _ in states])


class QueryToLibcoap(GCoapCase):
    """GCoap observes by FETCH (RFC 8132 section 2.4) the clock of coap-server-notls."""

    def test_fetch(self):
        server = LibcoapServer("127.0.0.1")
        self.addCleanup(server.close)
        relay = self.relay("127.0.0.1", server.port)
        message = GCoap.Message.new_request(FETCH, f"coap://127.0.0.1:{relay.port}/time")
        message.set_text("now")
        observation = self.client().observe_message(message)
        self.wait_until(lambda: len(relay.answered) == 3, "two notifications")
        self.assertEqual(observation.get_state(), ACTIVE)
        states = [datagram.message.payload.decode() for datagram in relay.answered]
        self.assertEqual(len(set(states)), 3)
        self.wait_until(lambda: observation.get_text() == states[-1], "the latest")

        observation.cancel()
        self.wait_until(
            lambda: relay.answered[-1].message.values(OBSERVE) == [], "the answer to the end"
        )
        first, last = relay.sent[0].message, relay.sent[-1].message
        self.assertEqual((last.code, last.token, last.payload), (FETCH, first.token, b"now"))
        self.assertEqual((first.values(OBSERVE), last.values(OBSERVE)), ([b""], [b"\1"]))


class ServerOfLibcoapNotConfirmable(ServerOfLibcoap):
    """The same, with notifications that are not confirmable and may be lost for good."""

    ARGS = ("-N",)
    KIND = NON_STATE

    def test_lost_notifications(self):
        relay, observation, states = self.begin(to_client=drop_each(2, self.KIND))
        number = 0
        while len(states) < 5:
            number += 1
            self.change(f"state {number}")
            self.wait_until(
                lambda: relay.answered[-1].message.payload == b"state %d" % number, "the state"
            )
        self.assertLess(len(states), len(relay.answered))
        self.assert_increasing([sequence for sequence, _ in states])

    def test_late_notification(self):
        """What was overtaken by a newer one is no news."""
        late = []

        def hold(index, datagram):
            if datagram.message.payload != b"overtaken":
                return 1
            late.append(index)
            return 0

        relay, observation, states = self.begin(to_client=hold)
        self.change("overtaken")
        self.wait_until(lambda: late, "the notification")
        for text in "latest", "after that":
            self.change(text)
            self.wait_for_text(observation, text)
            relay.repeat_answer(late[0])
        self.assertNotIn("overtaken", [text for _, text in states])


class ClientOfLibcoap(GCoapCase):
    """coap-client-notls observes a resource of GCoap for a second, and then tells it so."""

    def begin(self, *args, path="/state", settings=None, code=None, policies=None, **properties):
        server = self.serve_observable(path, code, settings=settings, **properties)
        relay = self.relay("127.0.0.1", server.get_local_port(), **(policies or {}))
        uri = f"coap://127.0.0.1:{relay.port}{path}"
        run = LibcoapRun(self.folder, uri, "-s", "1", *args)
        self.wait_until(lambda: relay.answered, "the response")
        return server, relay, run

    def tell(self, server, relay, text):
        """Has the server tell the client, and waits until that has passed the relay."""
        self.notify(server, text)
        self.wait_until(
            lambda: relay.answered[-1].message.payload == text.encode(), "the notification"
        )

    @staticmethod
    def sequences(run):
        options = [option for message in run.received for option in message.options]
        return [int(re.sub("Observe:", "", each)) for each in options if "Observe" in each]

    def test_notifications(self):
        for confirmable in True, False:
            with self.subTest(confirmable=confirmable):
                server, relay, run = self.begin(use_confirmable_messages=confirmable)
                for text in "second", "third":
                    self.tell(server, relay, text)
                    if confirmable:
                        self.wait_until(
                            lambda: relay.sent[-1].message.mid == relay.answered[-1].message.mid,
                            "the acknowledgement",
                        )
                self.wait_for(run)
                kinds = [datagram.kind for datagram in relay.answered]
                expected = CON_STATE if confirmable else NON_STATE
                self.assertEqual(kinds[:3], [("ACK", "2.05"), expected, expected])
                self.assertEqual(len(self.sequences(run)), 3)
                self.assert_increasing(self.sequences(run))
                self.assertEqual(run.payload[:16], b"firstsecondthird")
                # By the GET with an Observe option of 1 that the client ends with.
                self.wait_until(lambda: server.unregistered, "the end")
                self.assertEqual(server.unregistered, [relay.sent[0].message.token])

    def test_query(self):
        """A FETCH is told of the states of what it asks for, and of no others."""
        registrations, ended = [], []

        def accept(server, request):
            registrations.append(request)
            request.set_accept(True)
            server.set_response_text("first")

        server = self.serve({"/query": echo})
        server.connect("register::/query", self._handle, accept)
        server.connect("unregistered", lambda _, request: ended.append(request.dup_text()))
        relay = self.relay("127.0.0.1", server.get_local_port())
        uri = f"coap://127.0.0.1:{relay.port}/query"
        run = LibcoapRun(self.folder, uri, "-s", "1", "-m", "fetch", "-t", "50", "-e", "[1]")
        self.wait_until(lambda: relay.answered, "the response")
        (registration,) = registrations
        self.assertEqual((registration.dup_text(), registration.get_content_format()), ("[1]", 50))
        server.set_response_text("of the whole")
        server.send_notification(registration.get_uri())
        for text in "second", "third":
            server.set_response_text(text)
            server.send_notification_for(registration)
            self.wait_until(
                lambda: relay.answered[-1].message.payload == text.encode(), "the notification"
            )
        self.wait_for(run)
        self.assertEqual(run.payload[:16], b"firstsecondthird")
        self.wait_until(lambda: ended, "the end")
        self.assertEqual(ended, ["[1]"])

    def test_declined(self):
        """Where nobody listens to register, and where nobody accepts."""
        server = self.serve({"/echo": echo})
        server.connect("register::/declined", lambda s, _: s.set_response_text("no"))
        for path in "/echo", "/declined":
            with self.subTest(path):
                uri = f"coap://127.0.0.1:{server.get_local_port()}{path}"
                run = LibcoapRun(self.folder, uri, "-s", "1")
                self.wait_for(run)
                self.assertEqual((run.code, self.sequences(run)), ("2.05", []))

    def test_refused(self):
        server, _, run = self.begin(code="4.03")
        self.wait_for(run)
        self.assertEqual((run.code, self.sequences(run)), ("4.03", []))

    def test_last_notification(self):
        server, relay, run = self.begin()
        self.notify(server, "gone", "4.04")
        self.wait_until(lambda: server.unregistered, "the end")
        self.notify(server, "nobody hears this")
        self.wait_for(run)
        received = [(each.type, each.code) for each in run.received if each.code != "0.00"]
        self.assertIn(("CON", "4.04"), received)
        self.assertEqual(len(self.sequences(run)), 1)
        self.assertNotIn(b"nobody", run.payload)

    def test_client_that_is_gone(self):
        """Its port is closed, or it does not acknowledge."""
        server, relay, run = self.begin(settings={"AckTimeout": 0.05, "MaxRetransmit": 1})
        run.process.force_exit()
        self.wait_for(run)
        self.notify(server, "is anybody there")
        self.wait_until(lambda: server.unregistered, "the end")
        self.assertEqual(server.unregistered, [relay.sent[0].message.token])

    def test_loss_and_duplicates(self):
        cases = {
            "lost notifications": {"to_client": drop_each(2, CON_STATE)},
            "lost acknowledgements": {"to_server": drop_each(2, ACKNOWLEDGEMENT)},
            "duplicates": {"to_client": repeat_all, "to_server": repeat_all},
        }
        for name, policies in cases.items():
            with self.subTest(name):
                server, relay, run = self.begin(
                    settings={"AckTimeout": 0.02, "MaxRetransmit": 10}, policies=policies
                )
                for text in "second", "third", "fourth":
                    self.tell(server, relay, text)
                self.wait_for(run)
                self.assertIn(b"fourth", run.payload)
                mids = [each.message.mid for each in relay.answered]
                latest = [mid for mid, before in zip(mids, [None, *mids]) if mid != before]
                self.assertEqual(len(latest), len(set(latest)), "two at a time")


if __name__ == "__main__":
    main()
