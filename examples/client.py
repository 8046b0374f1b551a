#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Sends one request and prints the response: client.py METHOD URI [TEXT]"""

import sys

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, GLib

METHODS = ("get", "post", "put", "delete")

if len(sys.argv) not in (3, 4) or sys.argv[1] not in METHODS:
    print(f"Usage: {sys.argv[0]} {'|'.join(METHODS)} URI [TEXT]", file=sys.stderr)
    sys.exit(2)

method, uri, *text = sys.argv[1:]


async def main():
    client = GCoap.Endpoint()
    if text:
        return await client.request(method, uri, text[0], content_format="text/plain", check=True)
    return await client.request(method, uri, check=True)


try:
    response = GCoap.run(main())
except GLib.Error as error:
    sys.exit(error.message)

print(response.code, response.text)
