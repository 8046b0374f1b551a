#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Builds the Debian packages, and runs debian/tests/ where they are installed: in a fresh system.

test-packages.py FOLDER, which is made anew; the packages are there afterwards. Only root can.
"""

import email
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from clean_root import CLEAN_ROOT, copy_source, exit_on_signals, run

SOURCE = Path(__file__).resolve().parents[1]

# The folder of the source in the fresh system.
THERE = "root/gcoap"


def say(text):
    print(f"-- {text}", flush=True)


def run_or_fail(*command, log=None, **options):
    """What it writes to the log is shown if it fails."""
    with open(log or os.devnull, "w+") as file:
        status = run(*command, output=file if log else None, **options)
        if status == 0:
            return
        file.seek(0)
        print(*file.read().splitlines()[-60:], sep="\n")
    sys.exit(f"Failed with status {status}: {' '.join(map(str, command))}")


def read_stanzas(text):
    return [email.message_from_string(part) for part in re.split(r"\n{2,}", text.strip())]


def package_names(field):
    """Those of a Depends field: without versions, and of alternatives the first."""
    names = [each.split("|")[0].split("(")[0].strip() for each in field.split(",")]
    return {name.split(":")[0] for name in names if name}


def check_version():
    """The changelog is a list of its own of what was released."""
    version = re.search(r"\((.*?)\)", (SOURCE / "debian/changelog").read_text()).group(1)
    if f"version: '{version}'" not in (SOURCE / "meson.build").read_text():
        sys.exit(f"debian/changelog is at {version}, and meson.build is not")


def build(folder):
    """Makes the packages in the folder, from a copy of the source, and gives their paths."""
    copy = folder / "gcoap"
    copy_source(SOURCE, copy)
    # Nothing of the caller's, be it a compiler or a Python of its own, as on a build machine.
    environment = {
        "DEB_BUILD_OPTIONS": f"parallel={os.cpu_count()} noautodbgsym",
        "LANG": "C.UTF-8",
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    }
    run_or_fail(
        "dpkg-buildpackage", "--build=binary", "--no-sign",
        cwd=copy, env=environment, log=folder / "build.log",
    )
    shutil.rmtree(copy)
    return sorted(folder.glob("*.deb"))


def check_with_lintian(folder):
    [changes] = folder.glob("*.changes")
    run_or_fail("lintian", "--allow-root", "--fail-on", "error,warning", "--info", changes)


def read_control(deb):
    return email.message_from_bytes(subprocess.check_output(["dpkg-deb", "-f", deb]))


class Packages:
    """What was built, by name."""

    def __init__(self, debs):
        controls = {deb: read_control(deb) for deb in debs}
        self.files = {control["Package"]: deb for deb, control in controls.items()}
        self.depends = {
            control["Package"]: package_names(control.get("Depends", ""))
            for control in controls.values()
        }

    def foreign(self, names):
        """What these depend on from elsewhere."""
        return {name for name in self.closure(names) if name not in self.files}

    def own(self, names):
        return {name for name in self.closure(names) if name in self.files}

    def closure(self, names):
        result = set()
        queue = set(names)
        while queue:
            result |= queue
            queue = set().union(*(self.depends.get(name, ()) for name in queue)) - result
        return result


class FreshSystem:
    def __init__(self, folder, packages, tests):
        self.folder = folder
        self.packages = packages
        self.installed = set()
        needed = packages.foreign(packages.files)
        for test in tests:
            needed |= packages.foreign(package_names(test["Depends"]))
        run_or_fail(*CLEAN_ROOT, "create", folder, *sorted(needed))
        for name in ("debian", "examples"):
            shutil.copytree(SOURCE / name, folder / THERE / name)

    def install(self, names):
        """Nothing but these and what they say that they need."""
        new = self.packages.own(names) - self.installed
        if not new:
            return
        files = [self.packages.files[name] for name in sorted(new)]
        for file in files:
            shutil.copy(file, self.folder / "root")
        print("Installing", *sorted(new), flush=True)
        run_or_fail(
            *CLEAN_ROOT, "run", self.folder, "dpkg", "--install", *(file.name for file in files),
            log=self.folder / "var/log/install.log",
        )
        self.installed |= new

    def run_test(self, name):
        script = f'cd /{THERE} && export AUTOPKGTEST_TMP=$(mktemp -d) && exec sh "$0"'
        log = self.folder / "var/log/test.log"
        with open(log, "w") as file:
            status = run(
                *CLEAN_ROOT, "run", self.folder, "sh", "-c", script, f"debian/tests/{name}",
                output=file,
            )
        lines = log.read_text(errors="replace").splitlines()
        print(*(lines if status != 0 else lines[-1:]), sep="\n")
        return status == 0


def main():
    folder = Path(sys.argv[1]).resolve()
    root = folder / "root"
    exit_on_signals()
    if os.geteuid() != 0:
        sys.exit("Only root can make a fresh system.")
    run_or_fail(*CLEAN_ROOT, "remove", root)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)

    check_version()
    say("Building")
    debs = build(folder)
    say("Lintian")
    check_with_lintian(folder)
    packages = Packages(debs)
    tests = read_stanzas((SOURCE / "debian/tests/control").read_text())
    failed = []
    try:
        say("Making a fresh system")
        system = FreshSystem(root, packages, tests)
        for test in tests:
            say(f"Test: {test['Tests']}")
            system.install(package_names(test["Depends"]))
            if not system.run_test(test["Tests"]):
                failed.append(test["Tests"])
        say("All packages together")
        system.install(packages.files)
    finally:
        run_or_fail(*CLEAN_ROOT, "remove", root)
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
