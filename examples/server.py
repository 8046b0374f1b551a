#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Serves /temperature for GET, PUT and observers: server.py [PORT], 0 has the system choose one."""

import sys

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, GLib

temperature = "21.5"


def on_request(server, request):
    global temperature
    text = request.dup_text()
    if request.props.method == GCoap.Method.GET:
        request.props.accept = True  # if it wants to observe
        server.set_response_text(temperature)
    elif request.props.method == GCoap.Method.PUT and text is not None:
        temperature = text
        server.set_response_text(temperature)
        server.send_notification(request.props.uri)
        server.props.response_code, server.props.response_data = "2.04", None
    else:
        server.props.response_code = "4.05"


server = GCoap.Endpoint(local_port=int(sys.argv[1]) if sys.argv[1:] else GCoap.DEFAULT_PORT)
for signal in ("request::/temperature", "register::/temperature"):
    server.connect(signal, on_request)
try:
    server.start_listening()
    print("Listening on port", server.props.local_port, flush=True)
    GLib.MainLoop().run()
except GLib.Error as error:
    sys.exit(error.message)
