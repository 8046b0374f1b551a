#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Requests per second of a GCoap server beside libcoap and a bare UDP echo; see README.md."""

from collections import namedtuple

import harness
from harness import column, print_table

Load = namedtuple("Load", "peers outstanding")

SERVERS = ["echo", "gcoap", "libcoap"]
LOADS = [Load(16, 8), Load(2000, 1)]


def measure(folder, name, load, seconds, cpus):
    server_cpu, load_cpu = cpus
    with harness.Server(folder / f"server-{name}", server_cpu) as server:
        command = [folder / "load", f"--port={server.port}", f"--seconds={seconds}"]
        command += [f"--peers={load.peers}", f"--outstanding={load.outstanding}"]
        if name == "echo":
            command.append("--expect-echo")
        return server.measure(command, load_cpu, seconds)


def measure_rounds(folder, servers, load, args, cpus):
    """All servers once in each round, so that what else the machine does meets them alike."""
    figures = {name: [] for name in servers}
    for _ in range(args.rounds):
        for name in servers:
            figures[name].append(measure(folder, name, load, args.seconds, cpus))
    return figures


def format_ratio(figures, name, base):
    if base not in figures or base == name:
        return "-"
    ratio = harness.ratios(column(figures[name], "rate"), column(figures[base], "rate"))
    return f"{ratio.median:.2f} ({ratio.low:.2f}-{ratio.high:.2f})"


def format_row(figures, name):
    rounds = figures[name]
    rate = harness.spread(column(rounds, "rate"))
    cpu = harness.spread(column(rounds, "cpu"))
    busy = harness.spread(column(rounds, "busy"))
    return [
        name,
        f"{rate.median:.0f} ({rate.low:.0f}-{rate.high:.0f})",
        format_ratio(figures, name, "echo"),
        format_ratio(figures, name, "libcoap"),
        f"{cpu.median:.0%}",
        f"{busy.median:.0%}",
        f"{sum(column(rounds, 'lost')):.0f}",
    ]


def print_figures(load, figures):
    title = ["server", "requests/s", "to echo", "to libcoap", "server CPU", "load CPU", "lost"]
    print(f"\n{load.peers} peers, {load.outstanding} outstanding each")
    print_table([title] + [format_row(figures, name) for name in figures])
    for name, rounds in figures.items():
        harness.print_warnings(name, rounds)


def main(args, folder):
    servers = [name for name in SERVERS if (folder / f"server-{name}").exists()]
    cpus = harness.choose_cpus()
    for name in SERVERS:
        if name not in servers:
            print(f"Not built, so left out: {name}")
    print(f"Server on CPU {cpus[0]}, load on CPU {cpus[1]}; median (min-max) of {args.rounds}"
          f" rounds of {args.seconds:g} s")
    for load in LOADS:
        print_figures(load, measure_rounds(folder, servers, load, args, cpus))


if __name__ == "__main__":
    harness.run(main, harness.make_parser(__doc__, seconds=2))
