# SPDX-License-Identifier: Apache-2.0
"""The load of script/load: start a server, load it, write the page.

    run.py CROWD PLUMB [--check] [--sessions N] [--forms N] [--viewers N] [--seconds N]
           [--page FILE --commit TEXT --command TEXT]

With --check only correctness is judged: nothing refused, missed or lost. The exit code is 1 when
that fails, in both ways; a target of time that is missed is told on the page.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import resource
import subprocess
import sys
import tempfile
import time

import flush

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "http"))
import served  # noqa: E402  (a module of the tests over HTTP)

MIB = 1024 * 1024
STREAMS = 20000
QUIET_S = 5  # for which the disk is measured alone
PAUSE_S = 0.1  # between two flushes of the disk beside the load


def run(crowd, plumb, kind, wishes):
    """Result of one load on a fresh server, and whether nothing was lost."""
    with tempfile.TemporaryDirectory() as folder:
        alone = flush.measure(folder, QUIET_S, 0.02)
        beside = flush.Flusher(folder, PAUSE_S)
        server = served.Server(plumb, more=["--streams", str(STREAMS), "--sessions", str(STREAMS)])
        try:
            command = [crowd, kind, "--port", server.host.rsplit(":", 1)[1],
                       "--process", str(server.process.pid)]
            for name, value in wishes.items():
                command += [f"--{name}", str(value)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
            if done.returncode not in (0, 1):
                raise RuntimeError(f"the client ended with {done.returncode}")
            result = json.loads(done.stdout)
        finally:
            flushes = beside.end()
            began = time.monotonic()
            code = server.end()
            end_s = time.monotonic() - began
            server.close()
        if code != 0:
            raise RuntimeError(f"the server ended with {code}")
        result.update(end_s=end_s, flush_alone=alone, flush_beside=flushes)
        return result, done.returncode == 0


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def verdict(met):
    return "met" if met else "**missed**"


def targets(incidents, viewers):
    """Rows of the table of targets."""
    each = (incidents["after"]["held"] / incidents["sessions"]) / 1024
    stream = (viewers["after"]["held"] - viewers["empty_held"]) / viewers["viewers"] / 1024
    omitted = max(0.0, 1 - incidents["clocks"] / (incidents["sessions"] * incidents["span_s"]))
    wrong = sum(result[name] for result in (incidents, viewers)
                for name in ("refused", "missed", "lost", "resyncs"))
    wrong += incidents["unanswered"]
    return [
        ("answer of an action, p99", "100 ms", f"{incidents['action']['p99_ms']:.1f} ms",
         incidents["action"]["p99_ms"] <= 100),
        ("lag of a stream, p99", "250 ms", f"{incidents['clock_lag']['p99_ms']:.1f} ms",
         incidents["clock_lag"]["p99_ms"] <= 250),
        ("seconds of clocks that were left out", "1 %", f"{100 * omitted:.1f} %", omitted <= 0.01),
        ("answers refused or missing, entries missed, connections lost, in both loads", "0",
         str(wrong), wrong == 0),
        ("processor time of the server", "70 % of 2 cores",
         f"{incidents['server_cores'] * 50:.0f} %", incidents["server_cores"] <= 1.4),
        ("memory per session", "256 KiB and 64 MiB for all", f"{each:.0f} KiB",
         incidents["after"]["held"] <= 64 * MIB + incidents["sessions"] * 256 * 1024),
        (f"entries missed by {viewers['viewers']:,} viewers", "0", str(viewers["missed"]),
         viewers["missed"] == 0),
        ("processor time of the server for the viewers", "15 % of a core",
         f"{viewers['server_cores'] * 100:.0f} %", viewers["server_cores"] <= 0.15),
        ("memory per viewer", "4 KiB", f"{stream:.1f} KiB", stream <= 4),
    ]


def quantiles(name, row):
    return (f"| {name} | {row['count']:,} | {row['p50_ms']:.1f} | {row['p90_ms']:.1f} | "
            f"{row['p99_ms']:.1f} | {row['max_ms']:.1f} |")


def delays(rows):
    head = ["| what | number | p50, ms | p90, ms | p99, ms | max, ms |",
            "|---|---|---|---|---|---|"]
    return head + [quantiles(name, row) for name, row in rows]


def memory(usage):
    return (f"{usage['held'] / MIB:,.0f} MiB held (PSS), {usage['resident'] / MIB:,.0f} MiB "
            f"mapped (RSS), {usage['tables'] / MIB:.0f} MiB of page tables, "
            f"{usage['files']:,} descriptors")


def told(incidents):
    """What was done to the incidents, in words."""
    due = incidents["sessions"] * incidents["span_s"]
    return [
        f"{incidents['sessions']:,} live sessions of `{incidents['scenario']}` at speed 1, "
        f"{incidents['forms']} seeds, a stream of each, an entry each 30 s and what happens. Every "
        f"session has an action each 5 s: 2 per second of ten sessions, "
        f"{incidents['actions_sent']:,} in {incidents['span_s']:.0f} s, at moments fixed before "
        "(an open loop; one that has to wait for the one before it counts from when it was due). "
        "An action is answered when its entry is on disk. The lag of a stream counts from the "
        "moment at which a clock's second was due on the server. Clocks begin 15 ms apart, so that "
        "scrapes, each 15 s, are spread as they are when people come when they like.",
        "",
        f"Beginning them took {incidents['begin_s']:.1f} s (4 at a time; p50 "
        f"{incidents['begin']['p50_ms']:.0f} ms, p99 {incidents['begin']['p99_ms']:.0f} ms). The "
        f"server used {incidents['server_cores']:.2f} cores, the client "
        f"{incidents['client_cores']:.2f} beside it; the process that judges, at the lowest "
        f"priority, had some of the rest. Memory at the beginning: "
        f"{memory(incidents['before'])}; at the end: {memory(incidents['after'])}. "
        f"{incidents['entries']:,} entries were heard, {incidents['missed']} were missed, and "
        f"{incidents['clocks']:,} seconds of {due:,.0f} that were due: a clock that is late by "
        "more than a second leaves seconds out. "
        f"Ending the server took {incidents['end_s']:.1f} s.",
        "",
        "Rows *the disk* are no part of the server: a file of its own on the same disk, one block "
        "of 4 KiB that was written before, then `fdatasync`; each 20 ms before the load, each "
        "100 ms beside it. No action can be answered faster than that, and what it takes at 99 % "
        "is the machine's.",
        ""]


def write_page(options, incidents, viewers):
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    wrong = [text for text in (incidents["complaint"], viewers["complaint"]) if text]
    lines = ["# The server under load", "", "Written by `script/load`; do not edit.", "",
             f"{today}, commit `{options.commit}`, `{options.command}`. {os.cpu_count()} "
             f"processors {processor()}, Linux {platform.release()}. **The client runs on the same "
             "processors**, so all delays contain its own.", "",
             "| target | at most | measured | |", "|---|---|---|---|"]
    lines += [f"| {name} | {limit} | {figure} | {verdict(met)} |"
              for name, limit, figure, met in targets(incidents, viewers)]
    lines += ["", "## Incidents", ""] + told(incidents)
    lines += delays([("action, until answered", incidents["action"]),
                     ("action, until its entry is on the stream", incidents["shown"]),
                     ("second of a clock, until heard", incidents["clock_lag"]),
                     ("**the disk**: 4 KiB and fdatasync, before", incidents["flush_alone"]),
                     ("**the disk**: the same beside the load", incidents["flush_beside"])]
                    + [(f"action `{name}`", row) for name, row in incidents["kinds"].items()])
    lines += ["", "## Viewers", "",
              f"{viewers['viewers']:,} streams of one live session, with a command and a second of "
              f"the clock each second, for {viewers['span_s']:.0f} s: "
              f"{viewers['entries']:,} entries heard, {viewers['missed']} missed, "
              f"{viewers['resyncs']} streams told to resync, {viewers['lost']} connections lost. "
              f"The server used {viewers['server_cores']:.2f} cores, the client "
              f"{viewers['client_cores']:.2f}. Opening all streams took "
              f"{viewers['follow_s']:.1f} s. Memory: {memory(viewers['after'])}.", ""]
    lines += delays([("command, until answered", viewers["action"]),
                     ("command, until its entry is on a stream", viewers["shown"]),
                     ("second of the clock, until heard", viewers["clock_lag"]),
                     ("**the disk**: 4 KiB and fdatasync, before", viewers["flush_alone"]),
                     ("**the disk**: the same beside the load", viewers["flush_beside"])])
    if wrong:
        lines += ["", "## What was refused", ""] + [f"- `{text}`" for text in wrong]
    pathlib.Path(options.page).write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("crowd")
    parser.add_argument("plumb")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--scenario", default="every-query-is-slow")
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--forms", type=int, default=20)
    parser.add_argument("--viewers", type=int, default=10000)
    parser.add_argument("--seconds", type=int, default=90)
    parser.add_argument("--page")
    parser.add_argument("--commit", default="unknown")
    parser.add_argument("--command", default="tests/load/run.py")
    options = parser.parse_args()
    needed = max(5 * options.sessions, options.viewers) + 100
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if allowed < needed:
        print(f"load: {needed} open files are needed and {allowed} are allowed; raise `ulimit -Hn` "
              "or lower --sessions and --viewers.", file=sys.stderr)
        return 2
    wishes = {"scenario": options.scenario, "seconds": options.seconds}
    incidents, good = run(options.crowd, options.plumb, "incidents",
                          {**wishes, "sessions": options.sessions, "forms": options.forms})
    incidents["scenario"] = options.scenario
    viewers, well = run(options.crowd, options.plumb, "viewers",
                        {**wishes, "viewers": options.viewers})
    for name, limit, figure, met in targets(incidents, viewers):
        print(f"{name}: {figure} (at most {limit})" + ("" if options.check else
                                                      ", met" if met else ", MISSED"))
    if options.page:
        write_page(options, incidents, viewers)
    if not (good and well):
        for result in (incidents, viewers):
            print({name: result[name] for name in ("refused", "missed", "lost", "resyncs",
                                                   "complaint")}, file=sys.stderr)
    return 0 if good and well else 1


if __name__ == "__main__":
    sys.exit(main())
