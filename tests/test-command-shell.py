# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What bash offers behind the command: test-command-shell.py PROGRAM COMPLETION BASH"""

import re
import shlex
import subprocess
import sys
import unittest

from command_fixture import ENVIRONMENT, FAILURE, CommandTest, program

completion, bash = sys.argv[2:]

# Bash divides words at these too.
BREAKS = "=:"

SCRIPT = """
set -u
source {completion}
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_gcoap {program}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def divide(line):
    """The words as bash gives them, the last of which is being written."""
    for sign in BREAKS:
        line = line.replace(sign, f" {sign} ")
    return line.split() + ([""] if line.endswith(" ") and line.split()[-1] not in BREAKS else [])


class Completion(CommandTest):
    def offer(self, line):
        script = SCRIPT.format(
            completion=shlex.quote(completion), program=shlex.quote(program),
            words=" ".join(map(shlex.quote, divide(line))),
        )
        run = subprocess.run([bash, "--norc", "-c", script], cwd=self.folder, env=ENVIRONMENT,
                             capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return run.stdout.split()

    def test_commands(self):
        offered = self.run_command("help").stdout.decode()
        for command in self.offer("gcoap "):
            self.assertIn(f"  {command} ", offered + "  --help ")
        self.assertEqual(self.offer("gcoap p"), ["put", "post", "patch", "ping"])
        self.assertEqual(self.offer("gcoap --v"), ["--version"])
        self.assertEqual(self.offer("gcoap help ob"), ["observe"])

    def test_options(self):
        """All of those that the help has, with a = where a value follows."""
        for command in self.offer("gcoap help "):
            if command == "help":
                continue
            text = self.run_command("help", command).stdout.decode().partition("Examples")[0]
            words = re.findall(r"^  (?:-\w, )?(--[\w-]+=?)", text, re.M)
            with self.subTest(command):
                self.assertEqual(sorted(self.offer(f"gcoap {command} --")), sorted(words))
        self.assertEqual(self.offer("gcoap get --inc"), ["--include"])
        self.assertEqual(self.offer("gcoap ping --count"), [])

    def test_settings(self):
        self.assertEqual(self.offer("gcoap config AckT"), ["AckTimeout"])
        self.assertEqual(self.offer("gcoap get -c AckT"), ["AckTimeout="])
        self.assertEqual(self.offer("gcoap get --config=AckT"), ["AckTimeout="])
        self.assertEqual(self.offer("gcoap get --config="), self.offer("gcoap get -c "))
        self.assertEqual(len(self.offer("gcoap config ")),
                         len(self.run_command("config").lines))
        self.assertEqual(self.offer("gcoap get -c AckTimeout="), [])

    def test_values(self):
        for option in ("-t ", "-a ", "--format=", "--accept "):
            self.assertEqual(self.offer(f"gcoap put {option}js"), ["json", "json-patch+json"])
        self.assertEqual(self.offer("gcoap get -O Uri-"), ["Uri-Host=", "Uri-Path=", "Uri-Query="])
        self.assertEqual(self.offer("gcoap get -O If-N"), ["If-None-Match"])
        self.assertEqual(self.offer("gcoap get -T "), [])
        for name in self.offer("gcoap put -t "):
            run = self.run_command("put", "-t", name, "-T", "0.001", "127.0.0.1:9")
            self.assertEqual(run.status, FAILURE)

    def test_files(self):
        for name in ("fa", "fb", "g"):
            (self.folder / name).touch()
        for option in ("-f ", "--file=", "-o ", "--output=", "--config-file "):
            self.assertEqual(sorted(self.offer(f"gcoap put {option}f")), ["fa", "fb"])

    def test_hosts(self):
        self.assertIn("localhost", self.offer("gcoap get localh"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
