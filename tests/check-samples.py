#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Checks that a test takes each sample of the pages for users: check-samples.py ROOT

Whoever adds a block of another kind has a test take it, and adds it to the tables here. The pages
on getting started are for follow-guide.py, which leaves nothing out.
"""

import sys
from collections import Counter
from pathlib import Path

from guide_page import split_chunks

EVERY = None

# Of the pages that are not followed: how many blocks in a language a test takes, and which it is.
SAMPLES = {
    "README.md": {
        "c": (1, "test-readme.py"),
        "js": (1, "test-readme.py"),
        "python": (1, "test-readme.py"),
    },
    "docs/blocks.md": {"c": (EVERY, "test-pages.py"), "python": (EVERY, "test-pages.py")},
    "docs/c.md": {
        "c": (1, "test-subproject.py"),
        "cpp": (1, "test-subproject.py"),
        "ini": (1, "test-subproject.py"),
        "meson": (1, "test-subproject.py"),
    },
    "docs/command.md": {"console": (EVERY, "test-command-page.py")},
    "docs/component.md": {"python": (EVERY, "test-pages.py")},
    "docs/from-coap-class.md": {
        "c": (EVERY, "test-guides.py"),
        "python": (EVERY, "test-guides.py"),
    },
    "docs/from-node-coap.md": {"js": (EVERY, "test-guides.py")},
    "docs/javascript.md": {
        "js": (EVERY, "test-guides.py"),
        "json": (1, "test-typescript.py"),
        "ts": (1, "test-typescript.py"),
    },
    "docs/observing.md": {"c": (EVERY, "test-pages.py"), "python": (EVERY, "test-pages.py")},
    "docs/python.md": {"python": (EVERY, "test-python-docs.py")},
    "docs/security.md": {"python": (EVERY, "test-pages.py")},
    "docs/threads.md": {"c": (EVERY, "test-pages.py"), "python": (EVERY, "test-pages.py")},
    "docs/tuning.md": {"c": (EVERY, "test-pages.py"), "python": (EVERY, "test-pages.py")},
    "docs/vala.md": {"vala": (EVERY, "test-guides.py")},
}

# Indented blocks are commands and the like, each by its first words. Here a test does the same with
# folders, files and ports of its own.
COMMANDS = {
    "README.md": {
        "gcoap get": "test-command-request.py",
        "sh examples/demo.sh": "run.sh",
        "meson setup": "test-examples.py",
        "/usr/bin/python3 ../examples/file-server.py": "test-examples.py",
        "gcoap_dep = dependency(": "test-subproject.py",
    },
    "docs/c.md": {"cc program.c": "getting-started-c.md"},
    "docs/command.md": {"gcoap observe": "test-command-observe.py"},
    "docs/vala.md": {"valac": "getting-started-vala.md"},
}

FOLLOWED = "getting-started*.md"

root = Path(sys.argv[1])


def check_samples(page, chunks):
    """What is wrong with the blocks that have a language."""
    expected = SAMPLES.get(page, {})
    counts = Counter(chunk.head.lstrip("`~") for chunk in chunks if chunk.kind == "block")
    for language, number in counts.items():
        count, test = expected.get(language, (0, "a test"))
        if count is not EVERY and number != count:
            name = language or "no language"
            yield f"{page}: {test} takes {count} of the {number} samples in {name}"
    for language in expected.keys() - counts.keys():
        yield f"{page}: there is no sample in {language}, as the table says"


def check_commands(page, chunks):
    expected = dict(COMMANDS.get(page, {}))
    for chunk in chunks:
        if chunk.kind == "indented":
            words = [each for each in expected if chunk.text.strip().startswith(each)]
            if not words:
                yield f"{page}:{chunk.line}: no test does what this block says"
            for each in words:
                del expected[each]
    for each in expected:
        yield f"{page}: there is no block with {each}, as the table says"


def check_pages():
    folder = root / "docs"
    paths = set(folder.glob("*.md")) - set(folder.glob(FOLLOWED)) | {root / "README.md"}
    pages = {path.relative_to(root).as_posix(): path for path in paths}
    for page in sorted({*pages, *SAMPLES, *COMMANDS}):
        if page not in pages:
            yield f"{page}: there is no such page"
            continue
        chunks = list(split_chunks(pages[page].read_text()))
        yield from check_samples(page, chunks)
        yield from check_commands(page, chunks)


def main():
    faults = list(check_pages())
    print("".join(f"{fault}\n" for fault in faults), end="")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
