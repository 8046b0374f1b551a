#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Observers of a GCoap server beside those of libcoap: rates and memory; see README.md."""

import operator
import os
from collections import namedtuple

import harness
from harness import Bar, column, divide, format_spread, format_verdict, print_table

# A server as it is started for a measurement, what that is, and what else the load is told.
Setup = namedtuple("Setup", "name kind program arguments options")

# libcoap takes so long for a Confirmable fan-out that it does one only, with the memory.
SPEED = [
    Setup("gcoap", "speed", "observe-gcoap", ["ConfirmableInterval=65535"], []),
    Setup("libcoap", "speed", "observe-libcoap", [], ["--skip-con"]),
]
MEMORY = [
    Setup("gcoap", "own", "observe-gcoap", ["CacheSize=0"], ["--memory"]),
    Setup("gcoap", "default", "observe-gcoap", [], ["--memory"]),
    Setup("libcoap", "default", "observe-libcoap", [], ["--memory", "--patience=30"]),
]

# The bars that were set; nothing is asserted.
REGISTER_TO_GET = Bar(operator.ge, 0.5)
LAST_TO_FIRST = Bar(operator.ge, 0.8)
NON_TO_LIBCOAP = Bar(operator.ge, 1)
CON_PER_SECOND = 60000
CON_TO_TARGET = Bar(operator.ge, 1)
MEMORY_BYTES = 400
MEMORY_TO_TARGET = Bar(operator.le, 1)
NONE_AT_ALL = Bar(operator.eq, 0)

PHASES = {"get": "GETs", "register": "registrations", "non": "Non-confirmable",
          "con": "Confirmable"}
# Above this share of its CPU the load, and not the server, may have set the rate.
LOAD_LIMIT = 0.97
# Below this share of its CPU a server was kept from working. Acknowledgements go out in steps.
SERVER_LIMITS = {"get": 0.9, "register": 0.9, "non": 0.9, "con": 0.7}
# Seconds that a load may take at most; libcoap is slow with so many.
LOAD_SECONDS = 90


def measure(folder, setup, args, cpus):
    server_cpu, load_cpu = cpus
    with harness.Server(folder / setup.program, server_cpu, setup.arguments) as server:
        command = [folder / "observers", f"--port={server.port}", f"--pid={server.process.pid}"]
        command += [f"--observers={args.observers}", f"--seconds={args.seconds}"]
        command += setup.options
        if server_cpu == load_cpu:
            command.append("--sleep")
        return server.measure(command, load_cpu, LOAD_SECONDS)


def measure_speed(folder, setups, args, cpus):
    """All servers once in each round, so that what else the machine does meets them alike."""
    figures = {setup.name: [] for setup in setups}
    for _ in range(args.rounds):
        for setup in setups:
            figures[setup.name].append(measure(folder, setup, args, cpus))
    return figures


def measure_memory(folder, setups, args, cpus):
    return {(setup.name, setup.kind): measure(folder, setup, args, cpus) for setup in setups}


def rate_row(title, figures, key, ratios=None, to="", bar=None):
    cells = [title]
    for name in ["gcoap", "libcoap"]:
        cells.append(format_spread(column(figures[name], key)) if name in figures else "-")
    if ratios is None:
        return cells + ["", ""]
    verdict = format_verdict(bar, harness.spread(ratios).median) if bar is not None else ""
    return cells + [f"{format_spread(ratios, 2)} {to}", verdict]


def to_libcoap(figures, key):
    if "libcoap" not in figures:
        return None
    return divide(column(figures["gcoap"], key), column(figures["libcoap"], key))


def rate_rows(figures, confirmable):
    own = figures["gcoap"]
    gets, registrations = column(own, "get_rate"), column(own, "register_rate")
    first, last = column(own, "register_first"), column(own, "register_last")
    targets = [CON_PER_SECOND] * len(own)
    return [
        rate_row("plain GETs/s", figures, "get_rate", to_libcoap(figures, "get_rate"),
                 "to libcoap"),
        rate_row("registrations/s", figures, "register_rate", divide(registrations, gets),
                 "to GETs", REGISTER_TO_GET),
        rate_row("  of the first fifth", figures, "register_first"),
        rate_row("  of the last fifth", figures, "register_last", divide(last, first),
                 "to the first", LAST_TO_FIRST),
        rate_row("Non-confirmable/s", figures, "non_rate", to_libcoap(figures, "non_rate"),
                 "to libcoap", NON_TO_LIBCOAP),
        rate_row("Confirmable/s, acknowledged", confirmable, "con_rate",
                 divide(column(own, "con_rate"), targets), f"to {CON_PER_SECOND}", CON_TO_TARGET),
    ]


def confirmable_figures(speed, memory):
    figures = {"gcoap": speed["gcoap"]}
    if "libcoap" in speed:
        figures["libcoap"] = [memory["libcoap", "default"]]
    return figures


def count_row(title, figures, keys, bar=None):
    """Sums over all rounds."""
    cells = [title]
    totals = {name: sum(figure.get(key, 0) for figure in rounds for key in keys)
              for name, rounds in figures.items()}
    for name in ["gcoap", "libcoap"]:
        cells.append(f"{totals[name]:.0f}" if name in totals else "-")
    return cells + ["", format_verdict(bar, totals["gcoap"]) if bar is not None else ""]


def memory_row(title, figures, kind, key, bar=None):
    gcoap = figures["gcoap", kind][key]
    libcoap = figures.get(("libcoap", "default"))
    row = [title, f"{gcoap:.0f}", f"{libcoap[key]:.0f}" if libcoap is not None else "-"]
    if bar is None:
        return row + ["", ""]
    ratio = gcoap / MEMORY_BYTES
    return row + [f"{ratio:.2f} to {MEMORY_BYTES}", format_verdict(bar, ratio)]


def memory_rows(figures):
    after = {"registered": "registered", "notified": "  and notified once",
             "acknowledged": "  and notified Confirmable"}
    rows = []
    for kind, what in [("own", "CacheSize=0"), ("default", "default cache")]:
        for key, title in after.items():
            bar = MEMORY_TO_TARGET if key == "registered" and kind == "own" else None
            rows.append(memory_row(f"{title}, {what}", figures, kind, key, bar))
    return rows


def print_figures(speed, memory):
    title = ["", "gcoap", "libcoap", "ratio", "bar"]
    lost = [f"{phase}_{what}" for phase, what in
            [("get", "lost"), ("register", "lost"), ("non", "missing"), ("con", "missing")]]
    counts = [
        count_row("without an answer or missing", speed, lost, NONE_AT_ALL),
        count_row("repeated though acknowledged", speed, ["non_duplicates", "con_duplicates"],
                  NONE_AT_ALL),
        count_row("repeated, acknowledged late", speed, ["con_late"]),
    ]
    print_table([title] + rate_rows(speed, confirmable_figures(speed, memory)) + counts)
    print("\nResident memory of the server, bytes an observer")
    print_table([title] + memory_rows(memory))


def median_share(rounds, phase, what):
    return harness.spread(column(rounds, f"{phase}_{what}")).median


def phases(rounds):
    return [phase for phase in PHASES if f"{phase}_rate" in rounds[0]]


def print_shares(figures):
    print("\nShare of its CPU: server, load")
    rows = [[""] + list(PHASES.values())]
    for name, rounds in figures.items():
        cells = {phase: f"{median_share(rounds, phase, 'cpu'):.0%}, "
                        f"{median_share(rounds, phase, 'busy'):.0%}" for phase in phases(rounds)}
        rows.append([name] + [cells.get(phase, "-") for phase in PHASES])
    print_table(rows)


def print_cuts(figures):
    for name, rounds in figures.items():
        n_cut = sum(figure.get(f"{phase}_cut", 0) for figure in rounds for phase in phases(rounds))
        if n_cut > 0:
            print(f"Note: {n_cut:.0f} fan-outs of {name} took too long and were cut off; rates and"
                  " memory are those of the time until then.")


def print_warnings(name, rounds):
    for phase in phases(rounds):
        if median_share(rounds, phase, "busy") > LOAD_LIMIT:
            print(f"Warning: {PHASES[phase]}: the load was the limit for {name}, which may be"
                  " faster.")
        if median_share(rounds, phase, "cpu") < SERVER_LIMITS[phase]:
            print(f"Warning: {PHASES[phase]}: {name} did not have its CPU to itself, or had to"
                  " wait.")


def choose_cpus(one_cpu):
    if not one_cpu:
        return harness.choose_cpus()
    cpu = min(os.sched_getaffinity(0))
    return cpu, cpu


def main(args, folder):
    cpus = choose_cpus(args.one_cpu)
    speed, memory = ([setup for setup in setups if (folder / setup.program).exists()]
                     for setups in (SPEED, MEMORY))
    if len(speed) < len(SPEED):
        print("Not built, so left out: libcoap")
    print(f"{args.observers} observers on {args.observers} sockets. Server on CPU {cpus[0]}, load"
          f" on CPU {cpus[1]}; median (min-max) of {args.rounds} rounds\n")
    speed = measure_speed(folder, speed, args, cpus)
    memory = measure_memory(folder, memory, args, cpus)
    print_figures(speed, memory)
    print_shares(speed)
    print_cuts(speed)
    print_cuts({name: [figures] for (name, _), figures in memory.items()})
    if args.one_cpu:
        return
    for name, rounds in speed.items():
        print_warnings(name, rounds)


if __name__ == "__main__":
    parser = harness.make_parser(__doc__, seconds=1)
    parser.add_argument("--observers", type=int, default=15000, help="default: 15000")
    parser.add_argument("--one-cpu", action="store_true", help="the load on the server's CPU too")
    harness.run(main, parser)
