#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The smallest servers in Python: server-python.py PORT signal|route.

It prints the port that it got, and ends with its standard input.
"""

import os
import sys
import threading

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, GLib

TEXT = "21.5"


def on_request(server, request):
    server.set_response_text(TEXT)


def handle(request):
    return TEXT


def end_with_stdin():
    while os.read(sys.stdin.fileno(), 64):
        pass
    os._exit(0)


def main():
    port, manner = sys.argv[1:]
    server = GCoap.Endpoint(local_host="127.0.0.1", local_port=int(port))
    if manner == "signal":
        server.connect("request", on_request)
    else:
        server.route("/bench")(handle)
    server.start_listening()
    print(server.local_port, flush=True)
    threading.Thread(target=end_with_stdin, daemon=True).start()
    GLib.MainLoop().run()


main()
