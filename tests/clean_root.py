# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the tests share that use a copy of the source, in a system of clean-root.sh or elsewhere."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

CLEAN_ROOT = ["sh", str(Path(__file__).with_name("clean-root.sh"))]

# What no clone has; among it may be a fresh system, with devices that can be read for ever.
LEFT_OUT = shutil.ignore_patterns(".git", "_build*", "obj-*", "node_modules", "__pycache__")


def leave_out(folder, names):
    """A build folder may have any name."""
    builds = {name for name in names if Path(folder, name, "meson-private").exists()}
    return builds | LEFT_OUT(folder, names)


def copy_source(source, folder):
    shutil.copytree(source, folder, symlinks=True, ignore=leave_out)


def exit_on_signals():
    """So that what is to be done in the end is done then, too. nohup keeps its meaning."""
    for number in (signal.SIGHUP, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, _: sys.exit(128 + number))


def run(*command, output=None, **options):
    """Gives the exit status, and ends the command in its own way when this program is ended."""
    with subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output and subprocess.STDOUT,
        **options,
    ) as process:
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            raise
