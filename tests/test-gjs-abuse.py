#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs abuse-bindings.js in a folder of its own: test-gjs-abuse.py GJS SCRIPT.

What it warns of is long, and shown in part only if it fails.
"""

import subprocess
import sys
import tempfile

TAIL_LENGTH = 4000


def main():
    gjs, script = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [gjs, "-m", script],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
    print(done.stdout)
    if done.returncode != 0:
        sys.exit(f"It ended with {done.returncode}:\n{done.stderr[-TAIL_LENGTH:]}")


main()
