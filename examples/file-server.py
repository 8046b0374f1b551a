#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Serves the files of a folder, and takes new ones from whoever can reach it.

file-server.py FOLDER [PORT], where 0 has the system choose one.
"""

import sys
from pathlib import Path

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, Gio, GLib

if len(sys.argv) not in (2, 3) or not Path(sys.argv[1]).is_dir():
    print(f"Usage: {sys.argv[0]} FOLDER [PORT]", file=sys.stderr)
    sys.exit(2)

folder = Path(sys.argv[1]).resolve()


def find_file(request):
    """The file that the path names; None if it would be hidden, or outside of the folder."""
    name = GLib.uri_unescape_string(request.props.uri_path[1:], None)
    if not name or any(part.startswith(".") for part in name.split("/")):
        return None
    path = (folder / name).resolve()
    return Gio.File.new_for_path(str(path)) if folder in path.parents else None


def on_upload(server, request):
    file = find_file(request)
    if request.props.method != GCoap.Method.PUT:
        server.props.response_code = "4.05"
    elif file is None:
        server.props.response_code = "4.03"
    else:
        try:
            request.set_upload_file(file)
        except GLib.Error as error:
            print(error.message, file=sys.stderr)
            server.props.response_code = "4.03"


def get(server, request, file):
    server.set_response_file(file)
    server.props.response_code = request.validate(server.props.response_etag) or "2.05"


def put(server, request, file):
    if request.props.upload_stream is None:  # so small that it has come with the request
        payload = request.props.payload
        Path(file.get_path()).write_bytes(payload.get_data() if payload else b"")
    server.props.response_code = "2.04"


def on_request(server, request):
    methods = {GCoap.Method.GET: (get, "4.04"), GCoap.Method.PUT: (put, "4.03")}
    method, failure = methods.get(request.props.method, (None, "4.05"))
    file = find_file(request)
    server.props.response_code = failure
    if method is None or file is None:
        return
    try:
        method(server, request, file)
    except (GLib.Error, OSError) as error:
        print(getattr(error, "message", error), file=sys.stderr)


server = GCoap.Endpoint(local_port=int(sys.argv[2]) if sys.argv[2:] else GCoap.DEFAULT_PORT)
server.connect("upload", on_upload)
server.connect("request", on_request)
server.connect("error", lambda _, code, text: print(text, file=sys.stderr))
try:
    server.start_listening()
    print("Listening on port", server.props.local_port, flush=True)
    GLib.MainLoop().run()
except GLib.Error as error:
    sys.exit(error.message)
