#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Gets a resource of any size into a file, which changes only when all is there: get.py URI FILE"""

import signal
import sys

import gi
import progress

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, Gio, GLib

if len(sys.argv) != 3:
    print(f"Usage: {sys.argv[0]} URI FILE", file=sys.stderr)
    sys.exit(2)

uri, path = sys.argv[1:]
loop = GLib.MainLoop()
cancellable = Gio.Cancellable()
GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGINT, cancellable.cancel)
complaint = None


def on_end(client, result):
    global complaint
    try:
        code = client.download_finish(result).get_code()
        if code >> 5 != 2:
            complaint = f"{GCoap.code_to_string(code)} {GCoap.code_get_name(code) or ''}"
    except GLib.Error as error:
        complaint = error.message
    loop.quit()


part = Gio.File.new_for_path(path + ".part")
try:
    stream = part.replace(None, False, Gio.FileCreateFlags.NONE, None)
    client = GCoap.Endpoint()
    client.download_async(uri, stream, cancellable, progress.show, (), on_end)
    loop.run()
    progress.end()
    stream.close()
    if complaint:
        part.delete()
    else:
        part.move(Gio.File.new_for_path(path), Gio.FileCopyFlags.OVERWRITE)
except GLib.Error as error:
    complaint = error.message

sys.exit(complaint)
