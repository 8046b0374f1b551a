#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Calls every method with arguments that are wrong, on objects that may be disposed.

abuse_bindings.py [SEED]: each call raises or warns, and the endpoint goes on. test-python-misuse.py
runs it.
"""

import contextlib
import faulthandler
import inspect
import itertools
import random
import sys

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, Gio, GLib

SEED = 7252
TRIES = 40
COUNTING = {"ref", "unref"}  # whoever counts references himself is on his own, in any binding


def make_endpoint():
    return GCoap.Endpoint(local_host="127.0.0.1", timeout=0)


def make_disposed():
    endpoint = make_endpoint()
    endpoint.run_dispose()
    return endpoint


def make_observation():
    return make_endpoint().observe("coap://127.0.0.1:9/")


def make_request():
    endpoint = make_endpoint()
    endpoint.get("coap://127.0.0.1:9/")
    return endpoint.props.pending_requests.get_item(0)


def make_subjects():
    """Objects of each class, some of which are past their time."""
    yield from (make_endpoint(), make_disposed(), make_observation(), make_request())
    yield from (GCoap.Option(), GCoap.Option.new(17, "50"), make_endpoint().props.statistics)
    yield GCoap.Message.new(GCoap.Code.CONTENT)
    yield GCoap.Message.new_request(GCoap.Method.GET, "coap://127.0.0.1:9/")
    for make in (make_observation, make_request, GCoap.Option, GCoap.Observer, GCoap.Notification,
                 GCoap.Request, GCoap.Observation, GCoap.Statistics):
        subject = make()
        yield subject
        subject.run_dispose()
        yield subject


JUNK = (
    None, True, -1, 0, 5, 2**31, 2**64, 1.5, "", "x", "coap://127.0.0.1:9/", "coap://[", "\ud800",
    "\0", "/", b"", b"\xff" * 70000, [], [None], {}, {"Accept": 1}, (), object(), print, int,
    GLib.Bytes.new(b"x"), Gio.Cancellable(), Gio.ListStore(), Gio.MemoryOutputStream(),
    Gio.MemoryInputStream(), GCoap.Endpoint, GCoap.Error.RESET, lambda *_: 1 / 0,
)


def list_functions(subject):
    for cls in type(subject).__mro__:
        if "GCoap" not in cls.__module__:
            continue
        for name in vars(cls):
            if name not in COUNTING and not name.startswith("_"):
                yield name


def attempt(function, *arguments):
    with contextlib.suppress(Exception):
        result = function(*arguments)
        if inspect.iscoroutine(result):
            result.close()


def abuse(subject, junk, chance):
    for name in sorted(set(list_functions(subject))):
        for count in range(7):
            for _ in range(TRIES if count else 1):
                value = getattr(subject, name, None)
                if callable(value):
                    attempt(value, *chance.choices(junk, k=count))
                elif count == 1:
                    attempt(setattr, subject, name, chance.choice(junk))
    repr(subject)


def abuse_module(junk, chance):
    for name in sorted(dir(GCoap)):
        if name.startswith("_"):
            continue
        for count, _ in itertools.product(range(4), range(TRIES)):
            value = getattr(GCoap, name)
            if callable(value):
                attempt(value, *chance.choices(junk, k=count))


def check_that_it_goes_on():
    server = make_endpoint()
    server.connect("request::/a", lambda server, _: server.set_response_text("yes"))
    server.start_listening()
    client = make_endpoint()
    client.set_timeout(5)
    client.get(f"coap://127.0.0.1:{server.props.local_port}/a")
    assert client.dup_response_text() == "yes"


def main():
    faulthandler.enable()
    sys.excepthook = lambda *_: None
    chance = random.Random(int(sys.argv[1]) if sys.argv[1:] else SEED)
    subjects = list(make_subjects())
    junk = (*JUNK, *subjects)
    for subject in subjects:
        abuse(subject, junk, chance)
    abuse_module(junk, chance)
    check_that_it_goes_on()
    print("It goes on")


main()
