# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A line on the terminal that shows how far a transfer is, for get.py and put.py."""

import sys

from gi.repository import GLib

WIDTH = 30

shown = ""


def show(so_far, total, *_):
    global shown
    line = GLib.format_size(so_far)
    if total > 0:
        share = so_far / total
        bar = "#" * int(WIDTH * share)
        line = f"[{bar:{WIDTH}}] {int(100 * share):3} %  {line} of {GLib.format_size(total)}"
    if sys.stderr.isatty() and line != shown:
        print(f"\r\33[K{line}", end="", file=sys.stderr, flush=True)
        shown = line


def end():
    if shown:
        print(file=sys.stderr)
