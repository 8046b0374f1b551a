# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""GCoap and node-coap observe each other's resources (RFC 7641).

Confirmably alone: after a registration that is not confirmable, node-coap notifies by ACK messages.
"""

from gcoapcase import OBSERVE, echo, main
from gi.repository import GCoap
from nodecase import NodeCase
from relay import drop_each, repeat_all

ACTIVE = GCoap.ObservationState.ACTIVE
ENDED = GCoap.ObservationState.ENDED
ACKNOWLEDGEMENT = ("ACK", "0.00")
STATE = ("CON", "2.05")


class ServerOfNode(NodeCase):
    """GCoap observes /observed of a server of node-coap."""

    def setUp(self):
        super().setUp()
        self.server = self.start_server()

    def begin(self, settings=None, client=None, path="/observed", **policies):
        relay = self.relay("127.0.0.1", self.server.port, **policies)
        uri = f"coap://127.0.0.1:{relay.port}{path}"
        return relay, *self.observe(client or self.client(settings), uri)

    def tell(self, observation, text):
        self.server.notify(text)
        self.wait_until(lambda: observation.get_text() == text, f"the state {text}")

    def test_notifications(self):
        relay, observation, states = self.begin()
        self.wait_for_state(observation, ACTIVE)
        for text in "second", "third":
            self.tell(observation, text)
        self.assertEqual(states, [(1, "first"), (2, "second"), (3, "third")])
        self.wait_until(lambda: len(relay.sent) == 3, "the acknowledgements")
        self.assertEqual([d.kind for d in relay.answered], [("ACK", "2.05"), STATE, STATE])
        self.assertEqual([d.kind for d in relay.sent[1:]], 2 * [ACKNOWLEDGEMENT])

    def test_cancel(self):
        relay, observation, _ = self.begin()
        self.wait_for_state(observation, ACTIVE)
        observation.cancel()
        self.wait_until(lambda: self.server.ended, "the end")
        self.assertEqual(self.server.ended, [relay.sent[0].message.token])
        self.assertEqual(relay.sent[1].message.values(OBSERVE), [b"\1"])

    def test_cancel_by_reset(self):
        client = self.client({"ExplicitCancel": False})
        relay, observation, _ = self.begin(client=client)
        # Another observation keeps the socket of the client open.
        _, other, _ = self.begin(client=client)
        self.wait_for_state(observation, ACTIVE)
        self.wait_for_state(other, ACTIVE)
        observation.cancel()
        self.tell(other, "second")
        self.wait_until(lambda: self.server.ended, "the end")
        self.assertEqual(self.server.ended, [relay.sent[0].message.token])
        self.assertEqual(relay.sent[-1].kind, ("RST", "0.00"))
        self.assertEqual(relay.sent[-1].message.mid, relay.answered[-1].message.mid)

    def test_not_observable(self):
        _, observation, _ = self.begin(path="/never-heard-of")
        self.wait_for_state(observation, ENDED)
        self.assertEqual(observation.get_code(), "4.04")

    def test_last_notification(self):
        _, observation, _ = self.begin()
        self.wait_for_state(observation, ACTIVE)
        self.server.notify("gone", "4.04")
        self.wait_for_state(observation, ENDED)
        self.assertEqual((observation.get_code(), observation.get_text()), ("4.04", "gone"))

    def test_duplicates(self):
        _, observation, states = self.begin(to_client=repeat_all, to_server=repeat_all)
        self.wait_for_state(observation, ACTIVE)
        for text in "second", "third":
            self.tell(observation, text)
        self.assertEqual([text for _, text in states], ["first", "second", "third"])

    def test_late_notification(self):
        """What was overtaken by a newer one is no news, but is acknowledged."""
        late = []

        def hold(index, datagram):
            if datagram.message.payload != b"overtaken" or late:
                return 1
            late.append(index)
            return 0

        relay, observation, states = self.begin(to_client=hold)
        self.wait_for_state(observation, ACTIVE)
        self.server.notify("overtaken")
        self.wait_until(lambda: late, "the notification")
        self.tell(observation, "latest")
        relay.repeat_answer(late[0])
        mid = relay.answered[late[0]].message.mid
        self.wait_until(lambda: mid in [d.message.mid for d in relay.sent], "the acknowledgement")
        self.assertEqual([text for _, text in states], ["first", "latest"])


class ClientOfNode(NodeCase):
    """A client of node-coap observes a resource of GCoap."""

    def setUp(self):
        super().setUp()
        self.peer = self.start_client()

    def begin(self, code=None, settings=None, policies=None):
        server = self.serve_observable("/state", code, settings=settings)
        relay = self.relay("127.0.0.1", server.get_local_port(), **(policies or {}))
        reply = self.peer.request("127.0.0.1", relay.port, path="state", observe=True)
        self.wait_for(reply)
        return server, relay, reply

    def tell(self, server, reply, text):
        self.notify(server, text)
        self.wait_until(lambda: text.encode() in reply.states, f"the state {text}")

    def sequences(self, relay):
        values = [datagram.message.values(OBSERVE) for datagram in relay.answered]
        return [int.from_bytes(value[0], "big") for value in values if value]

    def test_notifications(self):
        server, relay, reply = self.begin()
        for text in "second", "third":
            self.tell(server, reply, text)
        self.assertEqual(reply.states, [b"first", b"second", b"third"])
        self.assertEqual([d.kind for d in relay.answered], [("ACK", "2.05"), STATE, STATE])
        self.assert_increasing(self.sequences(relay))

    def test_not_confirmable(self):
        server, relay, reply = self.begin()
        server.set_use_confirmable_messages(False)
        self.tell(server, reply, "second")
        self.assertEqual(relay.answered[-1].kind, ("NON", "2.05"))

    def test_cancel(self):
        # Another observation keeps the socket of the client open.
        self.begin()
        server, relay, reply = self.begin()
        self.peer.stop(reply, True)
        self.wait_until(lambda: server.unregistered, "the end")
        self.assertEqual(server.unregistered, [relay.sent[0].message.token])
        self.assertEqual(relay.sent[-1].message.values(OBSERVE), [b"\1"])

    def test_declined(self):
        """Where nobody listens to register, and where nobody accepts."""
        server = self.serve({"/echo": echo})
        server.connect("register::/declined", lambda s, _: s.set_response_text("no"))
        for path in "echo", "declined":
            with self.subTest(path):
                relay = self.relay("127.0.0.1", server.get_local_port())
                reply = self.peer.request("127.0.0.1", relay.port, path=path, observe=True)
                self.wait_for(reply)
                self.assertEqual((reply.code, self.sequences(relay)), ("2.05", []))

    def test_refused(self):
        _, relay, reply = self.begin("4.04")
        self.assertEqual((reply.code, self.sequences(relay)), ("4.04", []))

    def test_last_notification(self):
        """It takes an absent number for 0, so whether its user hears of this hangs on the clock
        that the numbers begin from; it acknowledges in any case."""
        server, relay, _ = self.begin()
        self.notify(server, "gone", "4.04")
        self.wait_until(lambda: server.unregistered and relay.sent[-1].kind == ("ACK", "0.00"),
                        "the end")
        self.assertEqual(server.unregistered, [relay.sent[0].message.token])
        self.assertEqual(relay.answered[-1].kind, ("CON", "4.04"))
        self.assertEqual(relay.answered[-1].message.values(OBSERVE), [])

    def test_loss_and_duplicates(self):
        cases = {
            "lost notifications": {"to_client": drop_each(2, STATE)},
            "lost acknowledgements": {"to_server": drop_each(2, ACKNOWLEDGEMENT)},
            "duplicates": {"to_client": repeat_all, "to_server": repeat_all},
        }
        for name, policies in cases.items():
            with self.subTest(name):
                server, relay, reply = self.begin(
                    settings={"AckTimeout": 0.02, "MaxRetransmit": 10}, policies=policies
                )
                for text in "second", "third", "fourth":
                    self.tell(server, reply, text)
                self.assertEqual(reply.states, [b"first", b"second", b"third", b"fourth"])


if __name__ == "__main__":
    main()
