#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Sends one request and prints the response: client.py METHOD URI [TEXT]"""

import sys

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, GLib

client = GCoap.Endpoint()
methods = {
    "get": client.get,
    "post": client.post,
    "put": client.put,
    "delete": client.delete,
}

if len(sys.argv) not in (3, 4) or sys.argv[1] not in methods:
    print(f"Usage: {sys.argv[0]} get|post|put|delete URI [TEXT]", file=sys.stderr)
    sys.exit(2)

method, uri, *text = sys.argv[1:]
if text:
    client.props.request_content_format = 0  # text/plain
    client.set_request_text(text[0])

try:
    methods[method](uri)
except GLib.Error as error:
    sys.exit(error.message)

print(client.props.response_code, client.dup_response_text())
