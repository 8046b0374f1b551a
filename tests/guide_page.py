# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What a page of the guide tells its reader to do, step by step.

It says so in the sentence before a block, and this understands as much of that as a reader has to:

- a block `sh` is commands, for the terminal that the sentence names ("In a second terminal:"), else
  for the one that was used last;
- after "Save this as `FILE`:" a block of any language is a file, and after "Add this to `FILE`:"
  the end of one;
- a block `text` is what the last command prints, or what the terminal that is named shows;
- a sentence with "Ctrl-C" has it pressed in the terminals that it names, or in "both".

A block that is none of these is an error.
"""

import re
from collections import namedtuple

# Each with the line of the page. A terminal is 1, 2, 3, or None for the one that was used last.
Run = namedtuple("Run", "line terminal commands")
Save = namedtuple("Save", "line path text is_added")
Expect = namedtuple("Expect", "line terminal text")
Interrupt = namedtuple("Interrupt", "line terminals")

TERMINALS = {"first": [1], "second": [2], "third": [3], "both": [1, 2]}

Chunk = namedtuple("Chunk", "line kind head text")


class PageError(Exception):
    def __init__(self, line, message):
        super().__init__(message)
        self.line = line


def split_chunks(text):
    """Headings, paragraphs, blocks, and blocks that are only indented."""
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        begin = number
        line = lines[number]
        number += 1
        if line.startswith(("```", "~~~")):
            if line[:3] not in lines[number:]:
                raise PageError(begin + 1, "the block has no end")
            end = lines.index(line[:3], number)
            yield Chunk(begin + 1, "block", line, "\n".join([*lines[number:end], ""]))
            number = end + 1
        elif re.match("#+ ", line):
            marks, _, title = line.partition(" ")
            yield Chunk(begin + 1, "heading", marks, title)
        elif re.match(r"    \s*\S", line):
            while number < len(lines) and lines[number].startswith("    "):
                number += 1
            yield Chunk(begin + 1, "indented", "", "\n".join([*lines[begin:number], ""]))
        elif line.strip():
            while number < len(lines) and re.match(r"(?!```|~~~|#+ ).*\S", lines[number]):
                number += 1
            yield Chunk(begin + 1, "paragraph", "", " ".join(lines[begin:number]))


def skip_sections(chunks, titles):
    """Leaves out the sections with these titles, each of which must be there."""
    missing = set(titles)
    level = None
    for chunk in chunks:
        if chunk.kind == "heading":
            if level is not None and len(chunk.head) <= level:
                level = None
            if chunk.text in missing:
                missing.remove(chunk.text)
                level = len(chunk.head)
        if level is None:
            yield chunk
    if missing:
        raise PageError(1, f"there is no section {', '.join(missing)}")


def find_terminals(sentence):
    names = re.findall(r"\b(first|second|third|both)\b(?=.*\bterminal)", sentence)
    return [number for name in names for number in TERMINALS[name]]


def find_interrupts(chunk):
    for sentence in re.split(r"(?<=[.:])\s+", chunk.text):
        if "Ctrl-C" in sentence:
            yield Interrupt(chunk.line, find_terminals(sentence) or [None])


def join_commands(text):
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [line for line in lines if line]


def make_step(block, lead):
    language = block.head.lstrip("`")
    sentence = re.split(r"(?<=[.])\s+", lead)[-1]
    save = re.search(r"\b(Save this as|Add this to) `([^`]+)`:$", sentence)
    terminals = find_terminals(sentence)
    if len(terminals) > 1:
        raise PageError(block.line, "a block is for one terminal")
    terminal = terminals[0] if terminals else None
    if not sentence.endswith(":"):
        raise PageError(block.line, "no sentence says what to do with the block")
    if save:
        return Save(block.line, save[2], block.text, save[1].startswith("Add"))
    if language == "sh":
        return Run(block.line, terminal, join_commands(block.text))
    if language == "text":
        return Expect(block.line, terminal, block.text)
    raise PageError(block.line, f"nothing is said of what to do with {block.head}")


def read_steps(text, skipped=()):
    lead = ""
    for chunk in skip_sections(split_chunks(text), skipped):
        if chunk.kind == "block":
            yield make_step(chunk, lead)
        elif chunk.kind == "paragraph":
            yield from find_interrupts(chunk)
        elif chunk.kind == "indented":
            raise PageError(chunk.line, "indented code does not say what it is")
        lead = chunk.text if chunk.kind == "paragraph" else ""
