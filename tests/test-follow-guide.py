#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The follower of the guide finds fault where there is any: test-follow-guide.py"""

import os
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

FOLLOWER = Path(__file__).with_name("follow-guide.py")

# For what never comes; all else has its time.
SOON = "--timeout=5"

# The program waits for a line, as a server does for a request, and then for a key.
GOOD = """\
    # Title

    Make a folder:

    ```sh
    mkdir folder
    cd folder
    ```

    Save this as `server.sh`:

    ```c
    echo ready
    read line <fifo
    echo "got $line"
    read key
    ```

    Start it:

    ```sh
    mkfifo fifo
    sh server.sh
    ```

    It prints:

    ```text
    ready
    ```

    In a second terminal:

    ```sh
    cd folder
    echo one \\
        two >fifo
    ```

    The first terminal shows:

    ```text
    got one two
    ```

    ## For others

    Do not do this:

    ```sh
    false
    ```

    ## The end

    Press Ctrl-C in the first terminal.
    """

# The lines that faults are told of.
MAKE, SAVE, START, READY, SEND, GOT, FAIL, CTRL_C = (
    GOOD[: GOOD.index(text)].count("\n") + 1 - offset
    for text, offset in (
        ("mkdir", 1), ("echo ready", 1), ("mkfifo", 1), ("    ready\n", 1),
        ("cd folder\n    echo", 1), ("got one", 1), ("false", 1), ("Press", 0),
    )
)

SECOND_READ = "    read key\n    ```"

# A program that tells which shell runs it, and a command that ends when the shell has its terminal
# again.
SHOW_SHELL = "echo $PPID >shell; echo ready"
AWAIT_SHELL = """two >fifo
    until [ $(ps -o tpgid= -p $(cat shell)) = $(cat shell) ]; do :; done"""


class Follower(unittest.TestCase):
    def follow(self, text, *options):
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder, "page.md")
            page.write_text(textwrap.dedent(text))
            result = subprocess.run(
                [sys.executable, "-B", FOLLOWER, *options, page],
                cwd=folder, env={**os.environ, "HOME": folder},
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )
        return result.returncode, result.stdout

    def follow_good(self, old="", new="", *options):
        self.assertIn(old, GOOD)
        return self.follow(GOOD.replace(old, new, 1), "--skip=For others", *options)

    def check_fault(self, result, line, message):
        status, output = result
        self.assertIn(f"page.md:{line}: ", output)
        self.assertIn(message, output)
        self.assertEqual(status, 1)

    def test_good(self):
        status, output = self.follow_good()
        self.assertEqual(status, 0, output)

    def test_failing_command(self):
        self.check_fault(self.follow_good("mkfifo fifo", "false"), START, "status 1")
        self.check_fault(self.follow_good("cd folder", "cd nowhere"), MAKE, "status 1")

    def test_missing_command(self):
        self.check_fault(self.follow_good("mkfifo", "no-such-command"), START, "status 127")

    def test_wrong_output(self):
        result = self.follow_good("got one two", "got two")
        self.check_fault(result, GOT, "got one two")

    def test_output_in_another_terminal(self):
        result = self.follow_good("The first terminal shows", "The second terminal shows")
        self.check_fault(result, GOT, "the page shows")

    def test_output_that_does_not_come(self):
        result = self.follow_good("    ready\n    ```", "    ready\n    steady\n    ```", SOON)
        self.check_fault(result, READY, "steady")

    def test_output_that_is_not_shown(self):
        result = self.follow_good('echo "got $line"', "echo more")
        self.check_fault(result, GOT, "more")
        result = self.follow_good('echo "got $line"', 'printf "got %s\\nmore\\n" "$line"')
        self.check_fault(result, CTRL_C, "more")
        result = self.follow_good("mkfifo fifo", "mkfifo fifo; echo more")
        self.check_fault(result, START, "more")

    def test_program_that_ends(self):
        text = GOOD.replace(SECOND_READ, "    ```").replace("echo ready", SHOW_SHELL)
        result = self.follow(text.replace("two >fifo", AWAIT_SHELL), "--skip=For others")
        self.check_fault(result, CTRL_C, "before Ctrl-C")

    def test_program_that_goes_on(self):
        result = self.follow_good("Press Ctrl-C in the first terminal.", "That is all.", SOON)
        self.check_fault(result, GOT, "goes on")

    def test_terminal_that_is_busy(self):
        result = self.follow_good("In a second terminal:", "Then:", SOON)
        self.check_fault(result, SEND, "goes on")

    def test_ctrl_c_without_a_program(self):
        result = self.follow_good("Press Ctrl-C in the first", "Press Ctrl-C in the second")
        self.check_fault(result, CTRL_C, "nothing runs")

    def test_ctrl_c_that_is_ignored(self):
        result = self.follow_good("echo ready", "trap '' INT; echo ready", SOON)
        self.check_fault(result, CTRL_C, "goes on")

    def test_block_without_a_purpose(self):
        for old, new in (
            ("Save this as `server.sh`:", "Look at this:"),
            ("It prints:", "It prints much."),
            ("```text", "```"),
            ("```text", "``` text"),
            ("Make a folder:", "Make a folder:\n\n        mkdir folder"),
            ("Make a folder:", "Make a folder:\n\n    ~~~sh\n    true\n    ~~~"),
            ("    It prints:", ""),
            ("false\n    ```", "false"),
        ):
            with self.subTest(old=old, new=new):
                status, output = self.follow_good(old, new)
                self.assertEqual(status, 1, output)
                self.assertNotIn("$", output)

    def test_section_that_is_not_there(self):
        self.check_fault(self.follow(GOOD, "--skip=For nobody"), 1, "For nobody")

    def test_section_that_is_not_skipped(self):
        self.check_fault(self.follow(GOOD), FAIL, "status 1")

    def test_file_that_is_there(self):
        result = self.follow_good("mkdir folder", "mkdir folder; touch folder/server.sh")
        self.check_fault(result, SAVE, "is there already")

    def test_packages(self):
        page = "Install:\n\n```sh\nsudo apt install bash no-such-package\n```\n"
        self.assertEqual(self.follow(page, "--list-packages"), (0, "bash no-such-package\n"))
        status, output = self.follow(page, "--no-install")
        self.assertEqual(status, 77)
        self.assertIn("not installed: no-such-package", output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
