#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Compares the catalogues with the texts of the sources: check-translations.py ROOT ARGUMENT...

The arguments are xgettext's. Each language of po/LINGUAS has to have every text, and no other, with
the same conversions and the same names of settings.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

root = Path(sys.argv[1])
xgettext_arguments = sys.argv[2:]

# Names of settings, which are not translated: CodePage, UseIPv6.
NAME = re.compile(r"\b[A-Z][a-z]+[A-Z]\w+")
# What stands for a person or a machine has no place in what is published.
PRIVATE = re.compile(r"@|/home/|/tmp/|FULL NAME|LANGUAGE")

complaints = []


def run(*words):
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if result.returncode != 0:
        complaints.append(f"{words[0]}: {result.stderr.strip()}")
    return result.stdout


def split_entries(text):
    """The entries after the header, each with its strings on one line."""
    return text.split("\n\n")[1:]


def get_strings(entry, keyword):
    return re.findall(rf'^{keyword}(?:\[\d\])? "(.*)"$', entry, re.MULTILINE)


def check_entry(name, entry):
    sources = get_strings(entry, "msgid") + get_strings(entry, "msgid_plural")
    translations = get_strings(entry, "msgstr")
    if "#~ msgid" in entry:
        complaints.append(f"{name} has a text that the sources do not have:\n{entry}")
        return
    if not translations or "" in translations:
        complaints.append(f"{name} lacks a translation of {sources}")
    for translation in translations:
        if set(NAME.findall(sources[0])) - set(NAME.findall(translation)):
            complaints.append(f"{name} does not keep the names of settings: {translation}")
        if (sources[0][-1] == " ") != (translation[-1:] == " "):
            complaints.append(f"{name} does not end as the text does: {translation}")


def check_language(name, template, folder):
    catalogue = root / "po" / f"{name}.po"
    text = catalogue.read_text(encoding="utf-8")
    if re.search(r"^#~", text, re.MULTILINE):
        complaints.append(f"{name} has obsolete texts")
    if re.search(r"^#,.*\bfuzzy\b", text, re.MULTILINE):
        complaints.append(f"{name} has fuzzy texts")
    header = text.split("\n\n")[0]
    if PRIVATE.search(header) or f'"Language: {name}\\n"' not in header:
        complaints.append(f"{name} has a header that is not right")

    # The template says which texts there are now, and which of them are formats.
    merged = folder / f"{name}.po"
    run("msgmerge", "--quiet", "--no-fuzzy-matching", "--no-wrap", "-o", merged, catalogue,
        template)
    run("msgfmt", "--check", "-o", folder / f"{name}.mo", merged)
    run("msgfmt", "--check", "-o", folder / f"{name}.mo", catalogue)
    entries = split_entries(merged.read_text(encoding="utf-8"))
    for entry in entries:
        check_entry(name, entry)
    return len(entries)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = folder / "texts.pot"
        run("xgettext", *xgettext_arguments, "-D", root, "-f", root / "po/POTFILES.in",
            "-o", template)
        languages = re.findall(r"^\w+$", (root / "po/LINGUAS").read_text(), re.MULTILINE)
        if complaints or not languages:
            complaints.append("There are no texts, or no languages")
        else:
            for language in languages:
                n_texts = check_language(language, template, folder)
                print(f"{language}: {n_texts} texts")
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
