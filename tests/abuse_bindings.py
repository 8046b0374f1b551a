#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Calls every method with arguments that are wrong, on objects that may be disposed.

abuse_bindings.py [SEED]: each call raises or warns, and the endpoint goes on. test-python-misuse.py
runs it. Properties and signals are treated likewise, and methods also get arguments whose types
are right, so that they begin to do something.
"""

import contextlib
import faulthandler
import inspect
import itertools
import os
import random
import sys
import tempfile

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, Gio, GLib, GObject

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


def fail(*_):
    raise ZeroDivisionError


JUNK = (
    None, True, -1, 0, 5, 2**31, 2**64, 1.5, "", "x", "coap://127.0.0.1:9/", "coap://[", "\ud800",
    "\0", "/", b"", b"\xff" * 70000, [], [None], {}, {"Accept": 1}, (), object(), int,
    GLib.Bytes.new(b"x"), Gio.Cancellable(), Gio.ListStore(), Gio.MemoryOutputStream(),
    Gio.MemoryInputStream(), GCoap.Endpoint, GCoap.Error.RESET, fail,
)


TEXTS = (
    None, "", "/", "/a", "coap://127.0.0.1:9/", "coap://[::1]:9/a?b", "coap://[", "coaps://x",
    "%zz", "2.05", "4.04", "9.99", "5", "text/plain", "ETag", "NStart=2", "NStart=x",
    "AckTimeout=-1", "MaxBodySize=1", "DualRole=True", "Timeout", "No-Such", "21.5 °C", "x" * 70000,
)
NUMBERS = (-(2**31), -1, 0, 1, 2, 5, 31, 69, 255, 256, 65535, 65536, 2**31 - 1, 2**32 - 1)
FUNCTIONS = (None, fail, lambda *_: None, lambda *_: 5)
JUNK_SHARE = 0.2


def list_functions(subject):
    for cls in type(subject).__mro__:
        if "GCoap" not in cls.__module__:
            continue
        for name in vars(cls):
            if name not in COUNTING and not name.startswith("_"):
                yield name


def find_info(subject, name):
    """What the typelib says of a function, if it is one of the library's."""
    for cls in type(subject).__mro__:
        function = vars(cls).get(name)
        if isinstance(function, type(GCoap.code_to_string)):
            return function
    return None


def list_fitting(kind, junk):
    """What is of a type, be it not what is meant."""
    tag, interface = kind.get_tag_as_string(), kind.get_interface()
    if tag in ("utf8", "filename"):
        return TEXTS
    if tag == "gboolean":
        return (True, False)
    if tag.startswith(("gint", "guint")) or type(interface).__name__ == "EnumInfo":
        return NUMBERS
    if type(interface).__name__ == "CallbackInfo":
        return FUNCTIONS
    if tag != "interface":
        return ((), None)
    fitting = interface.get_g_type()
    return [each for each in junk if is_a(each, fitting)] or [None]


def is_a(value, cls):
    own = None if isinstance(value, type) else getattr(value, "__gtype__", None)
    return own is not None and own.is_a(cls)


def choose_arguments(info, junk, chance):
    for argument in info.get_arguments():
        interface = argument.get_type().get_interface()
        if argument.get_direction() != 0 or "DestroyNotify" in str(interface):
            continue
        is_junk = chance.random() < JUNK_SHARE
        yield chance.choice(junk if is_junk else list_fitting(argument.get_type(), junk))


def attempt(function, *arguments, **fields):
    with contextlib.suppress(Exception):
        result = function(*arguments, **fields)
        if inspect.iscoroutine(result):
            result.close()


def keep_from_waiting(subject):
    """Nor is it to ask for the addresses of names, which would leave the machine."""
    if isinstance(subject, GCoap.Endpoint):
        subject.set_timeout(0)
        if not subject.get_listening():
            subject.set_local_host("127.0.0.1")


def abuse_function(subject, name, junk, chance):
    info = find_info(subject, name)
    for count in range(7):
        for _ in range(TRIES if count else 1):
            keep_from_waiting(subject)
            value = getattr(subject, name, None)
            if callable(value):
                attempt(value, *chance.choices(junk, k=count))
            elif count == 1:
                attempt(setattr, subject, name, chance.choice(junk))
    for _ in range(TRIES if info is not None and info.get_arguments() else 0):
        keep_from_waiting(subject)
        attempt(getattr(subject, name), *choose_arguments(info, junk, chance))
    GLib.MainContext.default().iteration(False)


def abuse_properties(subject, junk, chance):
    for spec, _ in itertools.product(subject.list_properties(), range(TRIES)):
        value = chance.choice((*junk, *TEXTS, *NUMBERS))
        attempt(subject.set_property, spec.name, value)
        attempt(subject.get_property, spec.name)
        attempt(type(subject), **{spec.name.replace("-", "_"): value})


def abuse_signals(subject, junk, chance):
    for name, count in itertools.product(GObject.signal_list_names(subject), range(TRIES)):
        attempt(subject.connect, f"{name}::{count}" if count % 2 else name, chance.choice(junk))
        attempt(subject.emit, name, *chance.choices((*junk, *TEXTS, *NUMBERS), k=count % 4))


def abuse(subject, junk, chance):
    for name in sorted(set(list_functions(subject))):
        abuse_function(subject, name, junk, chance)
    if isinstance(subject, GObject.Object):
        abuse_properties(subject, junk, chance)
        abuse_signals(subject, junk, chance)
    repr(subject)


def abuse_module(junk, chance):
    for name in sorted(dir(GCoap)):
        if name.startswith("_"):
            continue
        for count, _ in itertools.product(range(4), range(TRIES)):
            value = getattr(GCoap, name)
            if callable(value):
                attempt(value, *chance.choices((*junk, *TEXTS, *NUMBERS), k=count))


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
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        subjects = list(make_subjects())
        junk = (*JUNK, *subjects)
        for subject in subjects:
            abuse(subject, junk, chance)
        abuse_module(junk, chance)
        os.chdir("/")
    check_that_it_goes_on()
    print("It goes on")


main()
