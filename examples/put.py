#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Puts a file of any size: put.py FILE URI"""

import signal
import sys

import gi
import progress

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, Gio, GLib

OCTET_STREAM = 42

if len(sys.argv) != 3:
    print(f"Usage: {sys.argv[0]} FILE URI", file=sys.stderr)
    sys.exit(2)

path, uri = sys.argv[1:]
loop = GLib.MainLoop()
cancellable = Gio.Cancellable()
GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGINT, cancellable.cancel)
complaint = None


def on_end(client, result):
    global complaint
    try:
        code = client.upload_finish(result).get_code()
        if code >> 5 != 2:
            complaint = f"{GCoap.code_to_string(code)} {GCoap.code_get_name(code) or ''}"
    except GLib.Error as error:
        complaint = error.message
    loop.quit()


try:
    stream = Gio.File.new_for_path(path).read(None)
except GLib.Error as error:
    sys.exit(error.message)

client = GCoap.Endpoint()
client.upload_async(uri, stream, OCTET_STREAM, cancellable, progress.show, (), on_end)
loop.run()
progress.end()
sys.exit(complaint)
