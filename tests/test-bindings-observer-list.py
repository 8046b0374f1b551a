#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The list of observers (RFC 7641) from Python."""

import gc
import unittest
import weakref

from bindings_fixture import ACK, CON, Peer
from gi.repository import GCoap, Gio, GLib
from observe_fixture import DEREGISTER, PATH_A, Observable, ObserveTest


class ObserverList(ObserveTest):
    def setUp(self):
        super().setUp()
        self.site = Observable(self)
        self.server = self.site.server
        self.peer = Peer(self)
        self.mid = 0

    def next_mid(self):
        self.mid += 1
        return self.mid.to_bytes(2, "big")

    def add(self, token, path=PATH_A):
        self.register(self.peer, self.server, token, self.next_mid(), path)
        self.iterate_until(lambda: not self.context.pending())

    def drop(self, token):
        rest = DEREGISTER + PATH_A
        self.ask(self.peer, self.server, CON, 1, self.next_mid(), token, rest=rest)

    def watch(self):
        changes = []
        self.server.props.observers.connect(
            "items-changed", lambda model, *change: changes.append((*change, len(model)))
        )
        return changes

    def tokens(self):
        return [observer.props.token for observer in self.server.props.observers]

    def test_empty(self):
        model = self.server.props.observers
        self.assertIsInstance(model, Gio.ListModel)
        self.assertEqual(model.get_item_type(), GCoap.Observer.__gtype__)
        self.assertEqual(len(model), 0)
        self.assertIs(model, self.server.get_observers())

    def test_positions(self):
        changes = self.watch()
        for token in b"1", b"2", b"3":
            self.add(token)
        self.assertEqual(self.tokens(), ["31", "32", "33"])
        self.drop(b"2")
        self.assertEqual(self.tokens(), ["31", "33"])
        self.site.end("4.04")
        self.iterate_until(lambda: not len(self.server.props.observers))
        added = [(0, 0, 1, 1), (1, 0, 1, 2), (2, 0, 1, 3)]
        self.assertEqual(changes, [*added, (1, 1, 0, 2), (0, 1, 0, 1), (0, 1, 0, 0)])

    def test_shutdown(self):
        for token in b"1", b"2", b"3":
            self.add(token)
        changes = self.watch()
        self.server.shutdown()
        self.assertEqual(sorted(n_items for *_, n_items in changes), [0, 1, 2])
        self.assertEqual(self.tokens(), [])

    def test_properties(self):
        self.add(b"\x0a\x0b")
        (observer,) = self.server.props.observers
        self.assertEqual(observer.props.remote_host, "127.0.0.1")
        self.assertEqual(observer.props.remote_port, self.peer.port)
        self.assertEqual(observer.props.uri, self.site.uri)
        self.assertEqual(observer.props.token, "0a0b")
        self.assertIsInstance(observer.props.since, GLib.DateTime)
        self.assertIsNone(observer.props.last_acknowledged)

    def test_last_acknowledged(self):
        self.add(b"1")
        (observer,) = self.server.props.observers
        self.site.change("2")
        notification = self.receive(self.peer)
        self.assertIsNone(observer.props.last_acknowledged)
        self.peer.answer(notification, ACK, 0, notification.mid)
        self.iterate_until(lambda: observer.props.last_acknowledged)
        self.assertGreaterEqual(observer.props.last_acknowledged.compare(observer.props.since), 0)

    def test_cancel(self):
        self.add(b"1")
        self.add(b"2")
        changes = self.watch()
        self.server.props.observers[0].cancel()
        self.assertEqual(changes, [(0, 1, 0, 1)])
        self.assertEqual([each.props.token for each in self.site.unregistered], ["31"])
        self.assertEqual(self.tokens(), ["32"])

    def test_held(self):
        self.add(b"1")
        first, again = self.server.props.observers[0], self.server.props.observers[0]
        self.assertIs(first, again)
        reference = weakref.ref(first)
        del first, again
        gc.collect()
        self.assertIsNone(reference())

    def test_held_longer(self):
        self.add(b"1")
        (observer,) = self.server.props.observers
        model = self.server.props.observers
        self.drop(b"1")
        self.server.shutdown()
        observer.cancel()
        self.assertEqual(observer.props.token, "31")
        self.assertEqual(len(model), 0)


if __name__ == "__main__":
    unittest.main()
