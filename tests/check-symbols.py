# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Compares the symbols that the library exports with the list of its ABI, and with Debian's.

Arguments: nm, the library, the list. With --update in front the lists are written anew; only what
was never released may be taken out of them.
"""

import re
import subprocess
import sys
from pathlib import Path

DEBIAN = Path(__file__).resolve().parents[1] / "debian"

# What the linker and sanitizers add to any library.
FOREIGN = re.compile(r"^(_init|_fini|_edata|_end|__bss_start|__(odr_)?asan\w*|__ubsan\w*)(\..*)?$")


def read_exports(nm, library):
    output = subprocess.run(
        [nm, "--dynamic", "--defined-only", "--format=posix", library],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    names = {line.split()[0].split("@")[0] for line in output.splitlines() if line.strip()}
    return {name for name in names if not FOREIGN.match(name)}


class DebianSymbols:
    """The symbols file of Debian, which tells in addition which version a name came with."""

    def __init__(self):
        [self.path] = DEBIAN.glob("lib*.symbols")
        self.lines = self.path.read_text().splitlines()
        self.versions = dict(re.findall(r"^ (\S+)@Base (\S+)$", "\n".join(self.lines), re.M))

    def update(self, names):
        version = re.search(r"\((.*?)\)", (DEBIAN / "changelog").read_text()).group(1)
        head = [line for line in self.lines if not line.startswith(" ")]
        body = [f" {name}@Base {self.versions.get(name, version)}" for name in sorted(names)]
        self.path.write_text("".join(f"{line}\n" for line in head + body))


def main():
    arguments = sys.argv[1:]
    is_update = arguments[0] == "--update"
    nm, library, list_path = arguments[is_update:]
    exports = read_exports(nm, library)
    path = Path(list_path)
    if is_update:
        path.write_text("".join(f"{name}\n" for name in sorted(exports)))
        DebianSymbols().update(exports)
        return 0

    lines = path.read_text().splitlines()
    expected = set(lines)
    for name in sorted(expected - exports):
        print(f"is exported no more: {name}")
    for name in sorted(exports - expected):
        print(f"is exported and not in the list: {name}")
    if lines != sorted(expected):
        print("the list is not sorted, or has a name twice")
        return 1
    debian_names = DebianSymbols().versions.keys()
    for name in sorted(exports ^ debian_names):
        print(f"the list in debian/ differs: {name}")
    print(f"{len(exports)} symbols are exported")
    return 0 if exports == expected == debian_names else 1


if __name__ == "__main__":
    sys.exit(main())
