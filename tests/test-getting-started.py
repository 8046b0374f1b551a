#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Follows the guide to getting started, from the installation to the last page of a language.

test-getting-started.py SOURCE home     in a home folder of its own, on this machine
test-getting-started.py SOURCE root FOLDER
                                        as root, on a Debian system of its own in the folder
"""

import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from clean_root import CLEAN_ROOT, copy_source, exit_on_signals, run

LANGUAGES = ("c", "python", "javascript", "vala")
FOR_EVERYBODY = "For everybody"
FOR_YOURSELF = "For yourself"

# A loopback of its own, on which nobody has port 5683. Where that may not be, it is the machine's.
OWN_NETWORK = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && "$@"', "-"]

source = Path(sys.argv[1])


def make_script(python, *options):
    """What the shell of a reader does who has the sources in ~/gcoap."""
    follow = f"{shlex.quote(python)} -B ~/gcoap/tests/follow-guide.py"
    pages = " ".join(f"~/gcoap/docs/getting-started-{name}.md" for name in LANGUAGES)
    return f"""
        cd ~/gcoap && {follow} {shlex.join(options)} docs/getting-started.md &&
        cd ~ && {follow} {pages}"""


def find_network():
    try:
        result = subprocess.run([*OWN_NETWORK, "true"], stderr=subprocess.DEVNULL)
    except FileNotFoundError:
        return []
    return OWN_NETWORK if result.returncode == 0 else []


def follow_at_home():
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        shutil.copytree("/etc/skel", home) if Path("/etc/skel").exists() else home.mkdir()
        copy_source(source, home / "gcoap")
        script = make_script(sys.executable, "--no-install", "--skip", FOR_EVERYBODY)
        environment = {
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "TERM": "dumb",
        }
        return subprocess.run([*find_network(), "sh", "-c", script], env=environment).returncode


def list_packages():
    command = [sys.executable, "-B", "tests/follow-guide.py", "--list-packages"]
    return subprocess.run(
        [*command, "docs/getting-started.md"], cwd=source, stdout=subprocess.PIPE, text=True,
        check=True,
    ).stdout.split()


def fail_without_mount():
    """A terminal needs a /dev/pts there. Better to know before all the work."""
    try_it = "mount -t devpts devpts /dev/pts"
    if run("unshare", "--mount", "sh", "-c", try_it, output=subprocess.DEVNULL) != 0:
        sys.exit("Only a root who may mount can follow the guide in a system of its own.")


def follow_in_root(root):
    """The packages of the page are there already, so that its command for them needs no network."""
    fail_without_mount()
    status = run(*CLEAN_ROOT, "remove", root)
    if status != 0:
        return status
    try:
        status = run(*CLEAN_ROOT, "create", root, "sudo", *list_packages())
        if status != 0:
            return status
        copy_source(source, root / "root/gcoap")
        script = make_script("python3", "--skip", FOR_YOURSELF)
        return run(
            *CLEAN_ROOT, "run", root, "sh", "-c", f"mount -t devpts devpts /dev/pts && {script}"
        )
    finally:
        run(*CLEAN_ROOT, "remove", root)


def main():
    exit_on_signals()
    if sys.argv[2] == "root":
        return follow_in_root(Path(sys.argv[3]).resolve())
    return follow_at_home()


if __name__ == "__main__":
    sys.exit(main())
