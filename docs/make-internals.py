#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Makes pages of the reference of those about the internals: make-internals.py FOLDER PAGE...

The reference has all its pages and pictures in one folder, where some of the names are taken.
"""

import re
import sys
from pathlib import Path

folder, *pages = map(Path, sys.argv[1:])


def name_page(stem):
    return "internals" if stem == "README" else f"internals-{stem}"


for page in pages:
    text = page.read_text()
    title = re.match(r"# (.*)\n", text)[1]
    text = re.sub(r"\]\((\w[\w-]*)\.md", lambda link: f"]({name_page(link[1])}.html", text)
    text = text.replace("](../", "](")
    prefix = "" if page.stem == "README" else "Internals: "
    (folder / f"{name_page(page.stem)}.md").write_text(f"Title: {prefix}{title}\n\n{text}")
