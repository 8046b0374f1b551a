#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Serves /temperature for GET, PUT and observers: server.py [PORT], 0 has the system choose one."""

import sys

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, GLib

temperature = "21.5"
server = GCoap.Endpoint(local_port=int(sys.argv[1]) if sys.argv[1:] else GCoap.DEFAULT_PORT)


@server.route("/temperature", observable=True)
def get_temperature(request):
    return temperature


@server.route("/temperature", methods=["PUT"])
def put_temperature(request):
    global temperature
    if request.text is None:
        return "4.00", "Not UTF-8"
    temperature = request.text
    server.notify_observers("/temperature")


try:
    server.start_listening()
    print("Listening on port", server.local_port, flush=True)
    GLib.MainLoop().run()
except GLib.Error as error:
    sys.exit(error.message)
