#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Prints where a prefix has its Python modules: find-python-folder.py PREFIX

That is the folder of PyGObject if it is installed there, else one that this Python looks into, else
the usual one below the prefix, which PYTHONPATH has to name.
"""

import site
import sys
import sysconfig
from pathlib import Path

import gi

prefix = Path(sys.argv[1])
candidates = [Path(gi._overridesdir).parents[1], *map(Path, site.getsitepackages())]
if prefix == Path("/usr"):
    candidates = candidates[:1]  # /usr/local is below it, and somebody else's

usual = sysconfig.get_path("purelib", "posix_prefix", {"base": str(prefix)})
print(next((each for each in candidates if prefix in each.parents), usual))
