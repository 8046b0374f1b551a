#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Requests per second of GCoap servers in Python and gjs beside node-coap's; see README.md."""

import operator
import shutil
import sys
from collections import namedtuple
from pathlib import Path

import harness
from harness import Bar, column, format_spread, format_verdict, print_table

SOURCE_DIR = Path(__file__).resolve().parent
ROOT_DIR = SOURCE_DIR.parents[1]
sys.path.append(str(SOURCE_DIR.parent / "interop"))

from peers import PeerError, foreign_environment, install_node_modules

Load = namedtuple("Load", "peers outstanding")
Setup = namedtuple("Setup", "name interpreter program arguments")

NODE_COAP = "node-coap"
PYTHON = [sys.executable]
GJS = ["gjs", "-m"]
SETUPS = [
    Setup("C, signal", [], "server-gcoap", []),
    Setup("Python, signal", PYTHON, "server-python.py", ["signal"]),
    Setup("Python, route", PYTHON, "server-python.py", ["route"]),
    Setup("gjs, signal", GJS, "server-gjs.js", ["signal"]),
    Setup("gjs, route", GJS, "server-gjs.js", ["route"]),
    Setup(NODE_COAP, ["node"], "server-node-coap.js", []),
]

THROUGHPUT = Load(16, 8)
ONE_BY_ONE = Load(1, 1)
# Nothing is asserted.
TO_NODE_COAP = Bar(operator.ge, 1)
# The engines for JavaScript compile what runs often; that is over by then.
WARM_UP_SECONDS = 1
LATENCY_SECONDS = 0.5


def make_environment(builddir):
    """What finds the library and node-coap in the build folder, and the overrides at home."""
    try:
        modules = str(install_node_modules(builddir))
    except PeerError as error:
        print(f"{NODE_COAP} cannot be installed: {error}")
        modules = ""
    return foreign_environment(
        GI_TYPELIB_PATH=str(builddir / "introspection"),
        LD_LIBRARY_PATH=str(builddir / "src"),
        GJS_PATH=str(ROOT_DIR / "introspection/gjs"),
        PYTHONPATH=str(ROOT_DIR / "introspection"),
        NODE_PATH=modules,
    )


def is_there(setup, environment):
    if setup.name == NODE_COAP and not environment["NODE_PATH"]:
        return False
    return not setup.interpreter or shutil.which(setup.interpreter[0]) is not None


class Bench:
    """One build folder, with what all measurements have in common."""

    def __init__(self, args, folder):
        self.folder = folder
        self.rounds = args.rounds
        self.seconds = args.seconds
        self.server_cpu, self.load_cpu = harness.choose_cpus()
        self.environment = make_environment(args.builddir.resolve())
        self.setups = [each for each in SETUPS if is_there(each, self.environment)]

    def _make_server(self, setup):
        folder = SOURCE_DIR if setup.interpreter else self.folder
        return harness.Server(
            folder / setup.program,
            self.server_cpu,
            setup.arguments,
            setup.interpreter,
            self.environment,
        )

    def _measure(self, server, load, seconds):
        command = [self.folder / "load", f"--port={server.port}", f"--seconds={seconds}"]
        command += [f"--peers={load.peers}", f"--outstanding={load.outstanding}"]
        return server.measure(command, self.load_cpu, seconds)

    def _measure_setup(self, setup):
        with self._make_server(setup) as server:
            self._measure(server, THROUGHPUT, WARM_UP_SECONDS)
            figures = self._measure(server, THROUGHPUT, self.seconds)
            one_by_one = self._measure(server, ONE_BY_ONE, LATENCY_SECONDS)
        work = 1e6 * figures["cpu"] / figures["rate"]
        return {**figures, "work": work, "latency": 1e6 / one_by_one["rate"]}

    def measure(self):
        """All servers once in each round, so that what else the machine does meets them alike."""
        figures = {setup.name: [] for setup in self.setups}
        for _ in range(self.rounds):
            for setup in self.setups:
                figures[setup.name].append(self._measure_setup(setup))
        return figures


def compare(figures, name):
    """The ratio to node-coap with its verdict, and that of the CPU time, in which less is more."""
    if name == NODE_COAP or NODE_COAP not in figures:
        return ["-", "", "-"]
    own, other = figures[name], figures[NODE_COAP]
    rates = harness.divide(column(own, "rate"), column(other, "rate"))
    work = harness.divide(column(other, "work"), column(own, "work"))
    verdict = format_verdict(TO_NODE_COAP, harness.spread(rates).median)
    return [format_spread(rates, 2), verdict, format_spread(work, 2)]


def format_row(figures, name):
    rounds = figures[name]
    return [
        name,
        format_spread(column(rounds, "rate")),
        *compare(figures, name),
        format_spread(column(rounds, "work"), 1),
        format_spread(column(rounds, "latency")),
        f"{harness.spread(column(rounds, 'cpu')).median:.0%}",
        f"{harness.spread(column(rounds, 'busy')).median:.0%}",
        f"{sum(column(rounds, 'lost')):.0f}",
    ]


def print_figures(figures):
    title = ["server", "requests/s", "to node-coap", "bar", "by CPU time", "us of CPU each",
             "us one by one", "server CPU", "load CPU", "lost"]
    print(f"\n{THROUGHPUT.peers} peers, {THROUGHPUT.outstanding} outstanding each; one by one: a"
          f" peer that waits for each answer")
    print_table([title] + [format_row(figures, name) for name in figures])
    for name, rounds in figures.items():
        harness.print_warnings(name, rounds)


def main(args, folder):
    bench = Bench(args, folder)
    for setup in SETUPS:
        if setup not in bench.setups:
            print(f"Not there, so left out: {setup.name}")
    print(f"Server on CPU {bench.server_cpu}, load on CPU {bench.load_cpu}; median (min-max) of"
          f" {args.rounds} rounds of {args.seconds:g} s")
    print_figures(bench.measure())


if __name__ == "__main__":
    harness.run(main, harness.make_parser(__doc__, seconds=2))
