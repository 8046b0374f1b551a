#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Prints a value now and whenever it changes: observe.py URI"""

import sys

import gi

gi.require_version("GCoap", "1.0")
from gi.repository import GCoap, GLib

if len(sys.argv) != 2:
    print(f"Usage: {sys.argv[0]} URI", file=sys.stderr)
    sys.exit(2)


async def main():
    async for state in GCoap.Endpoint().observe(sys.argv[1]):
        print(state.text, flush=True)


try:
    GCoap.run(main())
except GLib.Error as error:
    sys.exit(error.message)
sys.exit("It cannot be observed any longer")
