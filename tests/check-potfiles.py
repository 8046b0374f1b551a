#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Compares po/POTFILES.in with the files that have texts to translate: check-potfiles.py ROOT"""

import pathlib
import re
import sys

TRANSLATED = re.compile(r"(?<!\w)(?:N?_\(|g_dngettext \()")

root = pathlib.Path(sys.argv[1])
lines = (root / "po/POTFILES.in").read_text().splitlines()
listed = [line for line in lines if line and not line.startswith("#")]
needed = sorted(
    str(path.relative_to(root))
    for path in (root / "src").rglob("*.c")
    if TRANSLATED.search(path.read_text())
)

for name in sorted(set(needed) - set(listed)):
    print(f"{name} has texts to translate, and is not in po/POTFILES.in")
for name in sorted(set(listed) - set(needed)):
    print(f"{name} is in po/POTFILES.in, and has no texts to translate")

sys.exit(needed != listed)
