#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the calls that log messages cost while nothing is logged; see README.md."""

import argparse
import sys
from collections import namedtuple
from pathlib import Path

import harness
from harness import column, divide, format_spread, print_table

Server = namedtuple("Server", "name program")

SETTING = "LogLevel=0"
WITHOUT = Server("without the calls", "server-unlogged")
LOGGED = Server(SETTING, "server-gcoap")
AGAIN = Server(f"{SETTING} again", "server-gcoap")
SERVERS = [WITHOUT, LOGGED, AGAIN]
PEERS, OUTSTANDING = 16, 8


def measure(folder, server, seconds, cpus):
    server_cpu, load_cpu = cpus
    with harness.Server(folder / server.program, server_cpu, [SETTING]) as process:
        command = [folder / "load", f"--port={process.port}", f"--seconds={seconds}"]
        command += [f"--peers={PEERS}", f"--outstanding={OUTSTANDING}"]
        return process.measure(command, load_cpu, seconds)


def measure_rounds(folder, args, cpus):
    """Each round begins with another server, so that none has the better place every time."""
    figures = {server: [] for server in SERVERS}
    for turn in range(args.rounds):
        first = turn % len(SERVERS)
        for server in SERVERS[first:] + SERVERS[:first]:
            figures[server].append(measure(folder, server, args.seconds, cpus))
    return figures


def print_figures(figures):
    rates = {server: column(rounds, "rate") for server, rounds in figures.items()}
    cost = divide(rates[LOGGED], rates[WITHOUT])
    noise = divide(rates[AGAIN], rates[LOGGED])
    print_table([["server", "requests/s", "server CPU", "lost"]] + [
        [
            server.name,
            format_spread(rates[server]),
            f"{harness.spread(column(rounds, 'cpu')).median:.0%}",
            f"{sum(column(rounds, 'lost')):.0f}",
        ]
        for server, rounds in figures.items()
    ])
    print()
    print_table([
        ["ratio", "median (min-max)"],
        [f"{LOGGED.name} to {WITHOUT.name}", format_spread(cost, 3)],
        [f"{AGAIN.name} to {LOGGED.name}: the noise", format_spread(noise, 3)],
    ])
    typical = harness.spread(cost).median
    is_noise = min(noise) <= typical <= max(noise)
    print(f"The median of the first is {'within' if is_noise else 'OUTSIDE'} the noise.")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--builddir", type=Path, required=True, help="a release build of GCoap")
    parser.add_argument("--seconds", type=float, default=2, help="for one figure (default: 2)")
    parser.add_argument("--rounds", type=int, default=9, help="figures per median (default: 9)")
    return parser.parse_args()


def main():
    args = parse_arguments()
    cpus = harness.choose_cpus()
    harness.end_on_sigterm()
    harness.warn_unless_release(args.builddir)
    print(f"Server on CPU {cpus[0]}, load on CPU {cpus[1]}; {args.rounds} rounds of"
          f" {args.seconds:g} s; {PEERS} peers, {OUTSTANDING} outstanding each")
    print_figures(measure_rounds(args.builddir.resolve() / "tests/benchmarks", args, cpus))


if __name__ == "__main__":
    try:
        main()
    except harness.BenchmarkError as error:
        sys.exit(f"run-logging: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
