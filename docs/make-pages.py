#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Makes of pages in Markdown what gi-docgen takes: make-pages.py FOLDER PAGE...

The pages are such as can be read where their sources are. The reference has all of them, and their
pictures, in one folder, where those about the internals need names of their own.
"""

import html
import re
import sys
from pathlib import Path

folder, *pages = map(Path, sys.argv[1:])

# What is code in a table is broken between words only, where there is room for it.
STYLE = """
<style media="(min-width: 1300px)">td code { word-break: normal; }</style>
"""

LINK = re.compile(r"\]\(((?!\w+:)[^)#]+\.(?:md|svg))(#[^)]*)?\)")

# gi-docgen has marks of gtk-doc in the text made into code, also within code.
MARK = re.compile(r"(?<!\w)[@%#](?=\w)")


def name_page(path):
    if path.parent.name != "internals":
        return path.stem
    return "internals" if path.stem == "README" else f"internals-{path.stem}"


def convert_link(page, match):
    target, anchor = match[1], match[2] or ""
    path = (page.parent / target).resolve()
    return f"]({path.name if path.suffix == '.svg' else f'{name_page(path)}.html'}{anchor})"


def convert_code(match):
    if not MARK.search(match[1]):
        return match[0]
    code = MARK.sub(lambda mark: f"&#{ord(mark[0])};", html.escape(match[1], quote=False))
    return f"<code>{code}</code>"


def convert_line(page, line):
    line = LINK.sub(lambda match: convert_link(page, match), line)
    return re.sub(r"`([^`]+)`", convert_code, line)


def convert(page, text):
    is_sample = False
    for line in text.splitlines(keepends=True):
        is_sample ^= line.startswith("```")
        yield line if is_sample else convert_line(page, line)


for page in pages:
    text = page.read_text()
    if page.parent.name == "internals":
        prefix = "" if page.stem == "README" else "Internals: "
        text = f"Title: {prefix}{re.match('# (.*)', text)[1]}\n\n{text}"
    (folder / f"{name_page(page)}.md").write_text("".join(convert(page, text)) + STYLE)
