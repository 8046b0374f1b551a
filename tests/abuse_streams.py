#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Has bodies go through streams that are written in Python and go wrong.

Each transfer comes to an end, whatever it is, and the endpoints go on. test-python-misuse.py runs
it: gio warns of what these streams do.
"""

import faulthandler
import itertools
import sys

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, Gio, GLib

HANG_TIMEOUT = 60  # seconds
BODY = GLib.Bytes.new(b"x" * 5000)


def fail(*_):
    raise KeyError


def fail_as_gio_does(*_):
    raise GLib.Error("on purpose", "g-io-error-quark", Gio.IOErrorEnum.FAILED)


WRONGS = {
    "exception": fail,
    "error": fail_as_gio_does,
    "nothing": lambda *_: None,
    "text": lambda *_: "text",
    "no error": lambda *_: -1,
    "more than asked for": lambda *_: 10**6,
}
PLACES = ("source", "target", "response", "upload")


def make_input(wrong):
    class Input(Gio.InputStream):
        do_read_fn = wrong

    return Input()


def make_output(wrong):
    class Output(Gio.OutputStream):
        do_write_fn = wrong

    return Output()


def make_server(place, wrong):
    def answer(server, request):
        if place == "response":
            server.set_response_stream(make_input(wrong))
        else:
            server.set_response_data(BODY)

    def take(server, request):
        if place == "upload":
            request.set_upload_stream(make_output(wrong))

    server = GCoap.Endpoint(local_host="127.0.0.1")
    server.connect("request::/a", answer)
    server.connect("upload::/a", take)
    server.connect("request::/b", lambda server, _: server.set_response_text("yes"))
    server.start_listening()
    return server


def transfer(client, uri, place, wrong):
    """To an end of whatever kind."""
    ends = []
    finish = client.upload_finish if place in ("source", "upload") else client.download_finish

    def ready(_, result):
        try:
            finish(result)
        except GLib.Error as error:
            ends.append(error)
        else:
            ends.append(None)

    if place == "source":
        client.upload_async(uri, make_input(wrong), 0, None, None, (), ready)
    elif place == "upload":
        stream = Gio.MemoryInputStream.new_from_bytes(BODY)
        client.upload_async(uri, stream, 0, None, None, (), ready)
    else:
        stream = make_output(wrong) if place == "target" else Gio.MemoryOutputStream()
        client.download_async(uri, stream, None, None, (), ready)
    while not ends:
        GLib.MainContext.default().iteration(True)


def main():
    faulthandler.dump_traceback_later(HANG_TIMEOUT, exit=True)
    sys.excepthook = lambda *_: None
    for place, wrong in itertools.product(PLACES, WRONGS.values()):
        server = make_server(place, wrong)
        uri = f"coap://127.0.0.1:{server.get_local_port()}"
        client = GCoap.Endpoint(local_host="127.0.0.1")
        transfer(client, f"{uri}/a", place, wrong)
        client.get(f"{uri}/b")
        assert client.dup_response_text() == "yes"
    print("It goes on")


main()
