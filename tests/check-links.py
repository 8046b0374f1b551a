#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Checks that what pages link to and show is there: check-links.py FOLDER...

The pages of a folder are those of HTML, where links may name anchors too, or else those of
Markdown. Pictures have to be well-formed.
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

# Made at build time, for the reference alone.
MADE = {"settings.html"}


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.path = path
        self.anchors = set()
        self.targets = []
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            elif name in ("href", "src") and value:
                self.targets.append((self.getpos()[0], value))


def read_markdown(path):
    """The targets of a page, with their lines, but for what is code."""
    is_code = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        is_code ^= line.startswith("```")
        if not is_code:
            text = re.sub(r"`[^`]*`", "", line)
            yield from ((number, target) for target in re.findall(r"\]\(([^)\s]+)\)", text))


def is_there(path):
    return path.exists() or path.name in MADE


def check_picture(path):
    try:
        ElementTree.parse(path)
    except ElementTree.ParseError as error:
        return f"is not well-formed: {error}"
    return None


def check(page, target, pages):
    link = urlsplit(target)
    if link.scheme or link.netloc:
        return None
    path = page.parent / unquote(link.path) if link.path else page
    if not (path.exists() if pages else is_there(path)):
        return "is not there"
    if path.suffix == ".svg":
        return check_picture(path)
    linked = pages.get(path.resolve())
    if link.fragment and linked and unquote(link.fragment) not in linked.anchors:
        return "has no such anchor"
    return None


def main():
    targets, pages = [], {}
    for folder in map(Path, sys.argv[1:]):
        pages.update((each.resolve(), Page(each)) for each in folder.glob("*.html"))
        if not pages:
            for page in folder.glob("*.md"):
                targets += [(page, *target) for target in read_markdown(page)]
    targets += [(page.path, *target) for page in pages.values() for target in page.targets]

    complaints = 0
    for page, number, target in targets:
        complaint = check(page, target, pages)
        if complaint:
            print(f"{page}:{number}: {target} {complaint}")
            complaints += 1
    print(f"{len(targets)} links were looked at")
    return 1 if complaints or not targets else 0


if __name__ == "__main__":
    sys.exit(main())
