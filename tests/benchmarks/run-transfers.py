#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Block-wise transfers of GCoap beside libcoap, and what memory they take; see README.md."""

import operator
from collections import namedtuple

import harness
from harness import Bar, column, divide, format_spread, format_verdict, print_table

MEBIBYTE = 1024 * 1024

Pair = namedtuple("Pair", "client server")
Stall = namedtuple("Stall", "cap group")

OWN = Pair("gcoap", "gcoap")
OTHER = Pair("libcoap", "libcoap")
PAIRS = [OWN, OTHER, Pair("gcoap", "libcoap"), Pair("libcoap", "gcoap")]
METHODS = {"get": "GET", "put": "PUT"}
AT_ONCE = 8

STALLED = 1000
STALLED_KIBIBYTES = 200
STALLED_TIMEOUT = 4  # seconds; a client comes again long before that
STALLS = [Stall(cap, group) for cap in (16, 64) for group in (STALLED, 50)]
# MiB: what the server keeps of each peer, and the heap beside what is counted.
STALLED_OVERHEAD = 2
# Replies for duplicates have a cap of their own.
STALLED_SETTINGS = ["CacheSize=0", f"TransferTimeout={STALLED_TIMEOUT}"]

# A Message ID is not used again within EXCHANGE_LIFETIME, which is 247 s by default: 65,536 blocks
# in that time, to one server. With these it is 1.5 s.
STREAM_SETTINGS = ["AckTimeout=0.2", "MaxRetransmit=2", "MaxLatency=0.2"]

# The bars that were set; nothing is asserted.
TO_LIBCOAP = Bar(operator.le, 1)
TO_ONE_BY_ONE = Bar(operator.le, 1)
STREAM_GROWTH = Bar(operator.le, 2)

# Seconds that a load may take at most.
LOAD_SECONDS = 60


def measure(folder, server, arguments, command, cpus):
    server_cpu, load_cpu = cpus
    with harness.Server(folder / server, server_cpu, arguments) as process:
        target = [f"--port={process.port}", f"--pid={process.process.pid}"]
        return process.measure([folder / command[0], *target, *command[1:]], load_cpu,
                               LOAD_SECONDS)


def measure_pair(folder, pair, clients, args, cpus):
    command = [f"transfer-{pair.client}", f"--clients={clients}", f"--transfers={args.transfers}"]
    return measure(folder, f"transfer-server-{pair.server}", [], command, cpus)


def measure_speed(folder, pairs, args, cpus):
    """All pairs once in each round, so that what else the machine does meets them alike."""
    figures = {pair: [] for pair in pairs}
    at_once = []
    for _ in range(args.rounds):
        for pair in pairs:
            figures[pair].append(measure_pair(folder, pair, 1, args, cpus))
        at_once.append(measure_pair(folder, OWN, AT_ONCE, args, cpus))
    return figures, at_once


def measure_stalled(folder, stall, cpus):
    settings = STALLED_SETTINGS + [f"TransferCacheSize={stall.cap * MEBIBYTE}"]
    command = ["stalled-uploads", f"--clients={STALLED}", f"--group={stall.group}",
               f"--kibibytes={STALLED_KIBIBYTES}", f"--timeout={STALLED_TIMEOUT}"]
    return measure(folder, "transfer-server-gcoap", settings, command, cpus)


def measure_streams(folder, args, cpus):
    command = ["stream-gcoap", f"--mebibytes={args.mebibytes}"]
    command += [f"--setting={setting}" for setting in STREAM_SETTINGS]
    return measure(folder, "transfer-server-gcoap", STREAM_SETTINGS, command, cpus)


def milliseconds(rounds, key):
    return [seconds * 1000 for seconds in column(rounds, key)]


def ratio_cells(ratios, to, bar):
    return [f"{format_spread(ratios, 2)} to {to}",
            format_verdict(bar, harness.spread(ratios).median)]


def speed_row(title, figures, key):
    return [title] + [format_spread(milliseconds(rounds, key), 1) for rounds in figures.values()]


def method_rows(figures, method):
    to_libcoap = ["-", ""]
    if OTHER in figures:
        ratios = divide(column(figures[OWN], method), column(figures[OTHER], method))
        to_libcoap = ratio_cells(ratios, "libcoap", TO_LIBCOAP)
    return [
        speed_row(METHODS[method], figures, method) + to_libcoap,
        speed_row("  CPU of the client", figures, f"{method}_client") + ["", ""],
        speed_row("  CPU of the server", figures, f"{method}_server") + ["", ""],
    ]


def at_once_row(figures, at_once, method):
    one_by_one = [AT_ONCE * seconds for seconds in column(figures[OWN], method)]
    ratios = divide(column(at_once, method), one_by_one)
    cells = [f"{AT_ONCE} {METHODS[method]}s at once"]
    cells.append(format_spread(milliseconds(at_once, method), 1))
    cells += ["-"] * (len(figures) - 1)
    return cells + ratio_cells(ratios, f"{AT_ONCE} times one", TO_ONE_BY_ONE)


def pair_title(pair):
    return pair.client if pair.client == pair.server else f"{pair.client} client of {pair.server}"


def print_speed(figures, at_once):
    rows = [["ms", *map(pair_title, figures), "ratio", "bar"]]
    for method in METHODS:
        rows += method_rows(figures, method)
    rows += [at_once_row(figures, at_once, method) for method in METHODS]
    print_table(rows)


def stalled_row(stall, figures):
    bar = Bar(operator.le, stall.cap + STALLED_OVERHEAD)
    how = "all together" if stall.group == STALLED else f"{stall.group} at a time"
    mebibytes = {key: value / MEBIBYTE for key, value in figures.items()}
    return [
        f"cap {stall.cap}, {how}",
        f"{mebibytes['sent']:.0f}",
        f"{mebibytes['allocated']:.1f}",
        f"{mebibytes['resident']:.1f}",
        format_verdict(bar, mebibytes["resident"]),
        f"{mebibytes['allocated_after']:.1f}",
        f"{mebibytes['resident_after']:.1f}",
    ]


def print_stalled(figures):
    print(f"\n{STALLED} stalled uploads of {STALLED_KIBIBYTES} KiB each to GCoap, MiB that its"
          f" server grew by\n(TransferCacheSize={'/'.join(str(s.cap) for s in STALLS[::2])} MiB,"
          f" {', '.join(STALLED_SETTINGS)})")
    print_table([["", "sent", "allocated", "resident at most", "bar", "allocated after",
                  "resident after"]] + [stalled_row(*item) for item in figures.items()])


def stream_row(name, figures, mebibytes):
    growth = [figures[f"{name}_{side}"] / MEBIBYTE for side in ("client", "server")]
    return [
        name,
        f"{figures[name]:.1f}",
        f"{mebibytes / figures[name]:.1f}",
        *(f"{grown:.2f}" for grown in growth),
        format_verdict(STREAM_GROWTH, max(growth)),
    ]


def print_streams(figures, mebibytes):
    print(f"\n{mebibytes} MiB as streams, GCoap on both sides, resident memory in MiB\n"
          f"({', '.join(STREAM_SETTINGS)} on both: Message IDs come again sooner)")
    print_table([["", "s", "MiB/s", "client grew by", "server grew by", "bar"]] +
                [stream_row(name, figures, mebibytes) for name in ("upload", "download")])


def main(args, folder):
    cpus = harness.choose_cpus()
    pairs = PAIRS if (folder / "transfer-libcoap").exists() else [OWN]
    if len(pairs) < len(PAIRS):
        print("Not built, so left out: libcoap")
    print(f"Median (min-max) of {args.rounds} rounds, each the middle one of {args.transfers}"
          " transfers of 1 MiB in blocks of 1024")
    for server_cpu, client_cpu in [(cpus[0], cpus[0]), cpus]:
        print(f"\nServer on CPU {server_cpu}, client on CPU {client_cpu}")
        print_speed(*measure_speed(folder, pairs, args, (server_cpu, client_cpu)))
    print_stalled({stall: measure_stalled(folder, stall, cpus) for stall in STALLS})
    print_streams(measure_streams(folder, args, cpus), args.mebibytes)


if __name__ == "__main__":
    parser = harness.make_parser(__doc__)
    parser.add_argument("--transfers", type=int, default=3, help="for one figure (default: 3)")
    parser.add_argument("--mebibytes", type=int, default=100, help="of a stream (default: 100)")
    harness.run(main, parser)
