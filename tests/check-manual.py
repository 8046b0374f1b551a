#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Compares a page of the manual with the help of the command: check-manual.py PROGRAM PAGE GROFF

It has each command and each option, and groff has nothing to say about it.
"""

import re
import subprocess
import sys

program, page, groff = sys.argv[1:]

complaints = []


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True)


def get_options(text):
    return set(re.findall(r"(?<![\w-])--?\w[\w-]*", text))


formatted = run(groff, "-man", "-ww", "-b", "-Kutf8", "-Tascii", "-P-cbou", page)
complaints += formatted.stderr.splitlines()
manual = formatted.stdout
marked = manual[manual.index("OPTIONS") : manual.index("EXIT STATUS")]
described = get_options("\n".join(re.findall(r"^ {7}(-.*)$", marked, re.M)))

commands = re.findall(r"^  (\w+)  ", run(program, "help").stdout, re.M)
helped = set()
for command in commands:
    if not re.search(rf"^ {{7}}{command}\b", manual, re.M):
        complaints.append(f"{page} does not have the command {command}")
    if command != "help":
        text = run(program, "help", command).stdout.partition("Application Options:")[2]
        helped |= get_options("\n".join(line[:30] for line in text.partition("Examples:")[0]
                                        .splitlines() if line.startswith("  -")))

complaints += [f"{page} does not have the option {name}" for name in sorted(helped - described)]
complaints += [f"There is no option {name} of {page}" for name in sorted(described - helped)]
print("\n".join(complaints) or f"{len(commands)} commands, {len(helped)} options")
sys.exit(bool(complaints))
