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

loop = GLib.MainLoop()


def on_state(observation, _):
    if observation.props.state in (GCoap.ObservationState.ENDED, GCoap.ObservationState.FAILED):
        loop.quit()


try:
    observation = GCoap.Endpoint().observe(sys.argv[1])
except GLib.Error as error:
    sys.exit(error.message)

observation.connect("notify::text", lambda *_: print(observation.props.text, flush=True))
observation.connect("notify::state", on_state)
loop.run()
error = observation.props.error
sys.exit(error.message if error else f"It cannot be observed: {observation.props.code}")
