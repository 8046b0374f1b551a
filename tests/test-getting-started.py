#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Follows the guide to getting started, from the installation to the last page of a language.

test-getting-started.py SOURCE home     in a home folder of its own, on this machine
test-getting-started.py SOURCE root     as root, on a Debian system of its own
"""

import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LANGUAGES = ("c", "python", "javascript", "vala")
FOR_EVERYBODY = "For everybody"
FOR_YOURSELF = "For yourself"

# A loopback of its own, on which nobody has port 5683. Where that may not be, it is the machine's.
OWN_NETWORK = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && "$@"', "-"]

source = Path(sys.argv[1])


def leave_out(folder, names):
    """What no clone has: build folders and the like."""

    def is_left_out(name):
        return name == ".git" or Path(folder, name, "meson-private").exists()

    return list(filter(is_left_out, names))


def clone_into(home):
    shutil.copytree(source, home / "gcoap", ignore=leave_out, symlinks=True)


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
        clone_into(home)
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


def clean_root(action, root, *arguments):
    command = ["sh", source / "tests/clean-root.sh", action, root, *arguments]
    return subprocess.run(command).returncode


def follow_in_root():
    """The packages of the page are there already, so that its command for them needs no network."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "root")
        status = clean_root("create", root, "sudo", *list_packages())
        if status != 0:
            return status
        try:
            clone_into(root / "root")
            script = make_script("python3", "--skip", FOR_YOURSELF)
            return clean_root(
                "run", root, "sh", "-c", f"mount -t devpts devpts /dev/pts && {script}"
            )
        finally:
            clean_root("remove", root)


sys.exit({"home": follow_at_home, "root": follow_in_root}[sys.argv[2]]())
