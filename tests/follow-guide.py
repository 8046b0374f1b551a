#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Does what pages of the guide say, as a reader would: follow-guide.py [OPTION...] PAGE...

Each page begins with a fresh terminal in the current folder. A command that fails, output that is
not what the page shows, and whatever the page does not tell of end it with status 1.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from guide_page import Expect, Interrupt, PageError, Run, Save, read_steps
from guide_terminal import Terminal, TerminalError

BUILD_TIMEOUT = 900  # seconds

# What they print is left out on the pages, and it may take some time.
BUILDERS = ("apt", "meson")
INSTALL = "sudo apt install "

MISSING_PACKAGES = 77  # the status of a test that is skipped

# What a shell says of a program that Ctrl-C has ended, and of one that has ended by itself then.
INTERRUPTED = (130, 0)


def find_packages(commands):
    for command in commands:
        if command.startswith(INSTALL):
            yield from command[len(INSTALL):].split()


def is_installed(package):
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    result = subprocess.run(query, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return result.stdout == "installed"


def is_builder(command):
    words = command.split()
    return words[words[0] == "sudo"] in BUILDERS


class Follower:
    def __init__(self, installs, timeout):
        self.installs = installs
        self.timeout = timeout
        self.terminals = {}
        self.last = 1

    def close(self):
        for terminal in self.terminals.values():
            terminal.close()

    def follow(self, steps):
        for step, next_step in zip(steps, [*steps[1:], None]):
            try:
                self.take(step, next_step)
            except (OSError, TerminalError) as error:
                raise PageError(step.line, str(error)) from None
        try:
            for number in self.terminals:
                self.settle(number)
        except TerminalError as error:
            raise PageError(steps[-1].line, f"at the end of the page, {error}") from None

    def take(self, step, next_step):
        if isinstance(step, Save):
            self.save(step)
        elif isinstance(step, Interrupt):
            self.interrupt(step.terminals)
        elif isinstance(step, Expect):
            self.expect(step)
        else:
            self.run(step.terminal or self.last, step.commands)
            shows_output = isinstance(next_step, Expect) and next_step.terminal in (None, self.last)
            if not shows_output:
                self.settle(self.last)

    def get_terminal(self, number):
        if number not in self.terminals:
            self.terminals[number] = Terminal()
        return self.terminals[number]

    def run(self, number, commands):
        self.last = number
        for command in commands:
            if command.startswith(INSTALL) and not self.installs:
                continue
            self.settle(number)
            print(f"[{number}] $ {command}", flush=True)
            self.get_terminal(number).start(command)

    def settle(self, number):
        """Waits for the end of the command in a terminal, of which there may be no more to say."""
        terminal = self.get_terminal(number)
        command = terminal.command
        if command is None:
            return
        is_quiet = is_builder(command)
        output, status = terminal.wait(BUILD_TIMEOUT if is_quiet else self.timeout)
        if status != 0:
            raise TerminalError(f"{command} has ended with status {status}:\n{output}")
        if output and not is_quiet:
            raise TerminalError(f"{command} prints what the page does not show:\n{output}")

    def expect(self, step):
        number = step.terminal or self.last
        print(f"[{number}] {step.text}", end="", flush=True)
        if number not in self.terminals:
            raise TerminalError("there is no such terminal yet")
        terminal = self.terminals[number]
        if not terminal.expect(step.text, self.timeout):
            raise TerminalError(f"the page shows:\n{step.text}and the terminal:\n{terminal.unread}")

    def interrupt(self, numbers):
        for number in numbers:
            number = number or self.last
            print(f"[{number}] Ctrl-C", flush=True)
            terminal = self.get_terminal(number)
            command = terminal.command
            if command is None:
                raise TerminalError("nothing runs that Ctrl-C could end")
            terminal.interrupt()
            output, status = terminal.wait(self.timeout)
            if output.strip() or status not in INTERRUPTED:
                raise TerminalError(f"{command} ends with status {status} and:\n{output}")

    def save(self, step):
        folder = self.get_terminal(self.last).get_folder()
        path = Path(folder, Path(step.path).expanduser())
        print(f"[{self.last}] {'adds to' if step.is_added else 'writes'} {path}", flush=True)
        if path.exists() and not step.is_added:
            raise TerminalError(f"{path} is there already")
        with path.open("a") as file:
            file.write(step.text)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", metavar="PAGE", nargs="+", type=Path)
    parser.add_argument("--skip", metavar="HEADING", action="append", default=[],
                        help="leave out this section, which is for somebody else")
    parser.add_argument("--no-install", action="store_true",
                        help=f"expect what is to be installed, else exit with {MISSING_PACKAGES}")
    parser.add_argument("--list-packages", action="store_true",
                        help="print what is to be installed, and do nothing")
    parser.add_argument("--timeout", metavar="SECONDS", type=int, default=60,
                        help="how long to wait for what a program prints, and for its end")
    return parser.parse_args()


def list_packages(steps):
    return [
        package
        for step in steps if isinstance(step, Run)
        for package in find_packages(step.commands)
    ]


def follow_page(page, arguments):
    """The status to exit with."""
    steps = list(read_steps(page.read_text(), arguments.skip))
    packages = list_packages(steps)
    if arguments.list_packages:
        print(*packages)
        return 0
    missing = [package for package in packages if not is_installed(package)]
    if missing and arguments.no_install:
        print("These packages are not installed:", *missing)
        return MISSING_PACKAGES

    print(f"== {page.name}", flush=True)
    follower = Follower(not arguments.no_install, arguments.timeout)
    try:
        follower.follow(steps)
    finally:
        follower.close()
    return 0


def main():
    arguments = parse_arguments()
    status = 0
    for page in arguments.pages:
        try:
            status = status or follow_page(page, arguments)
        except PageError as error:
            print(f"{page}:{error.line}: {error}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
