# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A terminal with a shell in it, as its user sees it."""

import codecs
import os
import pty
import re
import select
import signal
import termios
import time

# No program prints this. The shell does, with the status of the last command.
PROMPT = re.compile("\x1e(\\d+)\x1e")
SET_PROMPT = r"PS1=$'\x1e$?\x1e' PS2= PROMPT_COMMAND= HISTFILE="

START_TIMEOUT = 60  # seconds
BUFFER_SIZE = 65536

ENVIRONMENT = ("HOME", "LANG", "PATH", "TERM", "USER")


class TerminalError(Exception):
    pass


def make_quiet(fd):
    """Neither are keys echoed nor is output changed on its way."""
    mode = termios.tcgetattr(fd)
    mode[1] &= ~termios.OPOST
    mode[3] &= ~termios.ECHO
    termios.tcsetattr(fd, termios.TCSANOW, mode)


def become_shell():
    try:
        make_quiet(0)
        # Whoever has started this in the background ignores it, and so would all that run here.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        os.execve("/bin/bash", ["bash", "--noediting", "-i"], environment)
    finally:
        os._exit(127)


class Terminal:
    """Output is read once: by expect(), or by wait() at the end of a command."""

    def __init__(self):
        self.unread = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            become_shell()
        # A shell that had this of another terminal would keep it from closing.
        os.set_inheritable(self.fd, False)
        self.start(SET_PROMPT)
        self.wait(START_TIMEOUT)

    def close(self):
        """The shell and what it runs get a SIGHUP."""
        os.close(self.fd)
        os.waitpid(self.pid, 0)

    def get_folder(self):
        return os.readlink(f"/proc/{self.pid}/cwd")

    def start(self, command):
        self.command = command
        os.write(self.fd, f"{command}\n".encode())

    def interrupt(self):
        """Presses Ctrl-C, unless the shell has the terminal again."""
        if os.tcgetpgrp(self.fd) == self.pid:
            raise TerminalError(f"{self.command} has ended before Ctrl-C")
        os.write(self.fd, b"\x03")

    def read_until(self, condition, timeout):
        """Whether the condition comes true in that time, in seconds."""
        end = time.monotonic() + timeout
        while not condition():
            if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                return False
            self.read_more()
        return True

    def read_more(self):
        try:
            data = os.read(self.fd, BUFFER_SIZE)
        except OSError:
            raise TerminalError(f"the shell has ended with {self.command}") from None
        self.unread += self.decoder.decode(data)

    def expect(self, text, timeout):
        """Takes this text from the output. Whether it came at all."""

        def is_decided():
            output, *prompt = PROMPT.split(self.unread)
            return prompt or output.startswith(text) or not text.startswith(output)

        self.read_until(is_decided, timeout)
        if not PROMPT.split(self.unread)[0].startswith(text):
            return False
        self.unread = self.unread[len(text):]
        return True

    def wait(self, timeout):
        """The rest of the output and the status of a command, when it has ended."""
        if not self.read_until(lambda: PROMPT.search(self.unread), timeout):
            raise TerminalError(f"{self.command} goes on, and nothing says that it is to be ended")
        output, status, self.unread = PROMPT.split(self.unread, 1)
        self.command = None
        return output, int(status)
