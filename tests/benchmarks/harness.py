# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What every benchmark needs: pinned processes that end, interleaved rounds, medians."""

import argparse
import json
import operator
import os
import select
import signal
import statistics
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

START_TIMEOUT = 10  # seconds
END_TIMEOUT = 5
LOAD_SPARE_TIME = 15  # seconds above what a load was told to take

# Above this share of its CPU the load, and not the server, may have set the rate.
LOAD_LIMIT = 0.97
# Below this share of its CPU a server was kept from working.
SERVER_LIMIT = 0.9

Spread = namedtuple("Spread", "median low high")
# What a value is to reach; nothing is asserted.
Bar = namedtuple("Bar", "reached limit")


class BenchmarkError(Exception):
    """A benchmark that gives no figure; its text goes to the user."""


def spread(values):
    return Spread(statistics.median(values), min(values), max(values))


def divide(values, bases):
    """The ratios round by round, which cancels what slows a whole round down."""
    return [value / base for value, base in zip(values, bases)]


def ratios(values, bases):
    return spread(divide(values, bases))


def column(rounds, key):
    """One figure of each round."""
    return [figures[key] for figures in rounds]


def format_spread(values, digits=0):
    values = spread(values)
    return f"{values.median:.{digits}f} ({values.low:.{digits}f}-{values.high:.{digits}f})"


def format_verdict(bar, value):
    """The bar, and whether the value that counts reaches it."""
    sign = {operator.ge: ">=", operator.le: "<=", operator.eq: "="}[bar.reached]
    return f"{sign} {bar.limit:g}: {'reached' if bar.reached(value, bar.limit) else 'MISSED'}"


def print_warnings(name, rounds):
    """What speaks against the rates of a server."""
    if spread(column(rounds, "busy")).median > LOAD_LIMIT:
        print(f"Warning: the load was the limit for {name}, which may be faster than this.")
    if spread(column(rounds, "cpu")).median < SERVER_LIMIT:
        print(f"Warning: {name} did not have its CPU to itself, or had to wait for requests.")


def print_table(rows):
    widths = [max(map(len, cells)) for cells in zip(*rows)]
    for first, *rest in rows:
        cells = [first.ljust(widths[0])] + [c.rjust(w) for c, w in zip(rest, widths[1:])]
        print("  ".join(cells))


def choose_cpus():
    """One CPU for the server and one for the load."""
    cpus = sorted(os.sched_getaffinity(0))
    if len(cpus) < 2:
        raise BenchmarkError("needs two CPUs, one for the server and one for the load")
    return cpus[0], cpus[-1]


def warn_unless_release(builddir):
    options = json.loads((builddir / "meson-info/intro-buildoptions.json").read_text())
    build_type = next(o["value"] for o in options if o["name"] == "buildtype")
    if build_type != "release":
        print(f"Warning: this is a {build_type} build; the figures mean little.")


def make_parser(description, rounds=5, seconds=None):
    """The options of all benchmarks; each may add its own."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--builddir", type=Path, required=True, help="a release build of GCoap")
    parser.add_argument("--rounds", type=int, default=rounds,
                        help=f"figures per median (default: {rounds})")
    if seconds is not None:
        parser.add_argument("--seconds", type=float, default=seconds,
                            help=f"for one figure (default: {seconds})")
    return parser


def run(main, parser):
    """Calls main() with the options and the folder of the programs."""
    args = parser.parse_args()
    # As an exception it unwinds as Ctrl-C does, and ends the servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    try:
        warn_unless_release(args.builddir)
        main(args, args.builddir.resolve() / "tests/benchmarks")
    except BenchmarkError as error:
        sys.exit(f"{parser.prog}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Server:
    """A server process, pinned to one CPU, that lives as long as the `with` block.

    The program takes a port (0 here) and what arguments are its own, prints the port it got, and
    ends with its standard input, so that it ends even if this process is killed. A script needs an
    interpreter, the beginning of a command.
    """

    def __init__(self, program, cpu, arguments=(), interpreter=(), environment=None):
        self.program = program
        self.cpu = cpu
        self.command = [*interpreter, program, "0", *arguments]
        self.environment = environment

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=lambda: os.sched_setaffinity(0, {self.cpu}),
        )
        try:
            self.port = self._read_port()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_):
        self._end()

    def _read_port(self):
        if not select.select([self.process.stdout], [], [], START_TIMEOUT)[0]:
            raise BenchmarkError(f"{self.program} did not start")
        line = self.process.stdout.readline()
        if not line.strip().isdigit():
            raise BenchmarkError(f"{self.program} ended at once")
        return int(line)

    def _end(self):
        self.process.terminate()
        try:
            self.process.wait(END_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def measure(self, command, cpu, seconds):
        """Runs a load on its CPU. Returns its key=value figures, with `cpu`: our CPU share."""
        start, start_cpu = time.monotonic(), cpu_seconds(self.process.pid)
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                text=True,
                timeout=seconds + LOAD_SPARE_TIME,
                preexec_fn=lambda: os.sched_setaffinity(0, {cpu}),
            )
        except subprocess.TimeoutExpired:
            raise BenchmarkError(f"{Path(self.program).name}: the load came to no end") from None
        if done.returncode != 0:
            raise BenchmarkError(f"{Path(self.program).name}: the load failed: {done.stdout}")
        figures = {key: float(value) for key, value in (f.split("=") for f in done.stdout.split())}
        used = cpu_seconds(self.process.pid) - start_cpu
        figures["cpu"] = used / (time.monotonic() - start)
        return figures
