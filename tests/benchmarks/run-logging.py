#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the calls that log messages cost while nothing is logged; see README.md."""

from collections import namedtuple

import harness
from harness import column, divide, format_spread, print_table

Server = namedtuple("Server", "name program")

SETTING = "LogLevel=0"
WITHOUT = Server("without the calls", "server-unlogged")
LOGGED = Server(SETTING, "server-gcoap")
AGAIN = Server(f"{SETTING} again", "server-gcoap")
SERVERS = [WITHOUT, LOGGED, AGAIN]
PEERS, OUTSTANDING = 16, 8
# Below this share of its CPU a server was kept from working.
SERVER_LIMIT = 0.9


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


def ratio_row(name, figures):
    """The cost of the calls beside the noise, and whether the one is within the other."""
    cost = divide(figures[LOGGED], figures[WITHOUT])
    noise = divide(figures[AGAIN], figures[LOGGED])
    is_noise = min(noise) <= harness.spread(cost).median <= max(noise)
    return [name, format_spread(cost, 3), format_spread(noise, 3), "yes" if is_noise else "NO"]


def print_figures(figures):
    rates = {server: column(rounds, "rate") for server, rounds in figures.items()}
    cpu = {server: column(rounds, "cpu") for server, rounds in figures.items()}
    by_cpu = {server: divide(rates[server], cpu[server]) for server in figures}
    print_table([["server", "requests/s", "by CPU second", "server CPU", "lost"]] + [
        [
            server.name,
            format_spread(rates[server]),
            format_spread(by_cpu[server]),
            f"{harness.spread(cpu[server]).median:.0%}",
            f"{sum(column(rounds, 'lost')):.0f}",
        ]
        for server, rounds in figures.items()
    ])
    print()
    print_table([
        ["ratio", f"{LOGGED.name} to {WITHOUT.name}", "again: the noise", "within it"],
        ratio_row("requests/s", rates),
        ratio_row("by CPU second", by_cpu),
    ])
    if any(harness.spread(shares).median < SERVER_LIMIT for shares in cpu.values()):
        print("Warning: a server did not have its CPU to itself, or had to wait for requests.")


def main(args, folder):
    cpus = harness.choose_cpus()
    print(f"Server on CPU {cpus[0]}, load on CPU {cpus[1]}; {args.rounds} rounds of"
          f" {args.seconds:g} s; {PEERS} peers, {OUTSTANDING} outstanding each")
    print_figures(measure_rounds(folder, args, cpus))


if __name__ == "__main__":
    harness.run(main, harness.make_parser(__doc__, rounds=9, seconds=2))
