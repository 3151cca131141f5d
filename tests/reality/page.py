# SPDX-License-Identifier: Apache-2.0
"""docs/validation/REALITY.md with its plots, from the numbers of a run. The section between the
`notes` marks is written by hand and kept."""

import json
import pathlib
import platform
import re
import subprocess

from fit import costs
from plot import Plot
from stack import ROUTES, nginx_path

MEAN_LIMIT, P99_LIMIT, KNEE_LIMIT, KNEE_FACTOR, BELOW = 0.10, 0.20, 0.10, 3.0, 0.8
NOTES = ("<!-- begin notes: written by hand, kept by script/reality -->",
         "<!-- end notes -->")


def knee(rows, kind):
    """Rate at which the mean reaches three times that of the lowest rate, between two rates of the
    sweep by straight lines on the logarithm; None when it never does."""
    import math
    level = math.log(KNEE_FACTOR * rows[0][kind]["mean"][0])
    for before, after in zip(rows, rows[1:]):
        low, high = (math.log(row[kind]["mean"][0]) for row in (before, after))
        if low <= level < high:
            return before["rate"] + (after["rate"] - before["rate"]) * (level - low) / (high - low)
    return None


def off(predicted, measured):
    """Relative error of a prediction."""
    return predicted / measured - 1.0


def mark(error, limit):
    """An error with its verdict."""
    return f"{error:+.1%} {'ok' if abs(error) <= limit else '**miss**'}"


def spread(value, digits=2):
    """A number with its interval."""
    return f"{value[0]:.{digits}f} ({value[1]:.{digits}f} .. {value[2]:.{digits}f})"


def machine():
    """Processor, number and kernel."""
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*: (.*)", text)
    count = text.count("processor\t")
    nginx = subprocess.run([nginx_path(), "-v"], capture_output=True, text=True, check=False)
    return (f"{count} processors {model.group(1) if model else platform.machine()}, "
            f"Linux {platform.release()}", nginx.stderr.strip().split("/")[-1])


def sweep_plots(result, folder):
    """Mean and p99 against the rate."""
    for name, title in (("mean", "Mean latency"), ("p99", "99th percentile of latency")):
        plot = Plot(f"{title}, predicted and measured", "requests per second", "milliseconds", True)
        rows = result["sweep"]
        plot.band(0, [(row["rate"], *row["predicted"][name][1:]) for row in rows])
        plot.line(0, [(row["rate"], row["predicted"][name][0]) for row in rows],
                  "predicted, with the band for as many runs")
        plot.dots(1, [(row["rate"], *row["measured"][name]) for row in rows],
                  "measured, with interval of 95 %")
        (folder / f"reality-{name}.svg").write_text(plot.text(), encoding="utf-8")


def trial_plot(result, folder):
    """Measured against predicted mean of every experiment."""
    plot = Plot("Experiments: mean latency against the same load without the change",
                "experiment, in the order of the table", "mean, times the base", False)
    rows = [row for row in result["trials"] if not row.get("users")]
    for series, kind, name, shift in ((0, "predicted", "predicted", -0.06),
                                      (1, "measured", "measured", 0.06)):
        plot.dots(series, [(i + 1 + shift, *(value / base_of(result, row)[kind]["mean"][0]
                                             for value in row[kind]["mean"]))
                           for i, row in enumerate(rows)], name)
    (folder / "reality-changes.svg").write_text(plot.text(), encoding="utf-8")


def base_of(result, trial):
    """The row of the sweep at the same rate."""
    return next(row for row in result["sweep"] if row["share"] == trial["share"])


def fit_section(result):
    """What was measured at low load."""
    fitted = result["fit"]
    lines = ["## What was measured at low load", "",
             "Times in milliseconds per request; database, proxy and service are processor time.",
             "", "| route | database | at 100/s | proxy | service | of it, render | wait outside | "
             "way |",
             "|---|---|---|---|---|---|---|---|"]
    for route in ROUTES:
        entry = fitted["routes"][route]
        lines.append("| " + " | ".join(
            [route] + [f"{value * 1e3:.3f}" for value in
                       (entry["database"], entry["profiled"], entry["proxy"],
                        entry["serve"] + entry["render"], entry["render"], entry["wait"]["mean"],
                        entry["way"])]) + " |")
    lines += ["", f"The sender takes {fitted['sender'] * 1e3:.3f} ms of the second processor per "
              "request. *At 100/s* is what the database needs per request when it is nearly idle: "
              "caches are cold then. *Way* is what no part explains: the kernel's network and "
              "waking up.", "",
              "| statement | work, ms | squared variation | wait, ms |", "|---|---|---|---|"]
    for name, one in fitted["statements"].items():
        lines.append(f"| {name} | {one['work']['mean'] * 1e3:.4f} | {one['work']['scv']:.3f} | "
                     f"{one['wait'] * 1e3:.4f} |")
    for name, text in (("slow", "list, twice the work"), ("scan", "list, without its index")):
        one = result["laws"][name]
        lines.append(f"| {text} | {one['mean'] * 1e3:.4f} | {one['scv']:.3f} | as list |")
    mixed = result["mixed"]
    lines += ["", f"Each route was measured alone. In the mix a request costs "
              f"{mixed['database']:.3f} times as much in the database and {mixed['rest']:.3f} "
              "times as much on the second processor, read at "
              f"{result['probe_rate']:.0f} per second: routes take each other's caches. "
              "The tables above have this in them.", "",
              f"The slow pod needs {result['laws']['render']['mean'] * 1e3:.3f} ms for a page "
              f"(squared variation {result['laws']['render']['scv']:.3f}), read from its own "
              "book under the mix at about half of what the second processor can do with it."]
    return lines + ["", "The world made of it: [reality-world.yaml](reality-world.yaml). "
                    f"The busier processor is full at {result['capacity']:.0f} requests per "
                    "second.", ""]


def sweep_section(result):
    """Load sweep and knee; returns lines and the verdicts."""
    rows = result["sweep"]
    knees = {kind: knee(rows, kind) for kind in ("predicted", "measured")}
    lines = ["## Load sweep", "", "![mean](reality-mean.svg)", "", "![p99](reality-p99.svg)", "",
             "| rate /s | mean predicted, ms | mean measured, ms | error | p99 predicted, ms | "
             "p99 measured, ms | error | answered in time | database, by the world's | "
             "other programs | longest stall, ms |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    graded, missed = 0, []
    database = costs(result["fit"], result["mix"])["database"]
    limit = BELOW * (knees["measured"] or rows[-1]["rate"])
    for row in rows:
        cells = [f"{row['rate']:.0f}"]
        inside = row["rate"] <= limit
        for name, bound in (("mean", MEAN_LIMIT), ("p99", P99_LIMIT)):
            error = off(row["predicted"][name][0], row["measured"][name][0])
            cells += [spread(row["predicted"][name]), spread(row["measured"][name]),
                      mark(error, bound) if inside else f"{error:+.0%}"]
            graded += inside
            if inside and abs(error) > bound:
                missed.append(f"{name} at {row['rate']:.0f}/s {error:+.1%}")
        cells += [f"{row['measured']['good'][0]:.1%} (predicted {row['predicted']['good'][0]:.1%})",
                  f"{row['measured']['database_s'] / database:.2f}",
                  f"{row['measured']['foreign']:.0%}",
                  f"{row['measured']['stall_s'] * 1e3:.1f}"]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "Errors are graded up to 80 % of the measured knee, which is where the mean "
              f"reaches {KNEE_FACTOR:.0f} times that of the lowest rate. *Database, by the "
              "world's*: processor time of the database per request in these runs, over what it "
              "has in the world; the world does not know it. *Other programs* is the "
              "processor time of everything else during the runs, of two processors: the worst "
              "run. *Longest stall*: how long a processor stood still for everybody, in the worst "
              "run.", ""]
    verdicts = [(f"mean within {MEAN_LIMIT:.0%}, p99 within {P99_LIMIT:.0%} below 80 % of the knee",
                 not missed, f"{graded - len(missed)} of {graded} hold" +
                 ("; missed: " + ", ".join(missed) if missed else ""))]
    if knees["predicted"] and knees["measured"]:
        error = off(knees["predicted"], knees["measured"])
        verdicts.append((f"knee within {KNEE_LIMIT:.0%}", abs(error) <= KNEE_LIMIT,
                         f"predicted {knees['predicted']:.0f}/s, measured "
                         f"{knees['measured']:.0f}/s, {error:+.1%}"))
    else:
        verdicts.append((f"knee within {KNEE_LIMIT:.0%}", False, "not reached in the sweep"))
    return lines, verdicts


def sign_of(row, base, name):
    """How the direction of a change was predicted: right, wrong, or open when measuring cannot
    tell and the prediction sees less than a tenth."""
    after, before = row["measured"][name], base["measured"][name]
    change = row["predicted"][name][0] / base["predicted"][name][0] - 1.0
    if after[1] > before[2]:
        return "right" if change > 0 else "wrong"
    if after[2] < before[1]:
        return "right" if change < 0 else "wrong"
    return "open" if abs(change) < 0.1 else "wrong"


def rank_of(result):
    """Pairs of experiments whose measured factors differ beyond their intervals, and those of them
    that are predicted the other way round."""
    rows = [row for row in result["trials"] if not row.get("users")]
    factors = [{kind: [value / base_of(result, row)[kind]["mean"][0] for value in row[kind]["mean"]]
                for kind in ("predicted", "measured")} for row in rows]
    count, turned = 0, []
    for i, one in enumerate(factors):
        for j, other in enumerate(factors):
            if one["measured"][1] > other["measured"][2]:
                count += 1
                if one["predicted"][0] <= other["predicted"][0]:
                    turned.append(f"{rows[i]['name']} above {rows[j]['name']}")
    return count, turned


def trial_section(result):
    """Experiments; returns lines and the verdicts."""
    lines = ["## Experiments", "", "The same world with one change each, against the same load "
             "without it.", "", "![changes](reality-changes.svg)", "",
             "| experiment | change | rate /s | mean predicted, ms | mean measured, ms | error | "
             "p99 predicted, ms | p99 measured, ms | error | times base, predicted | measured |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    signs = {"right": [], "open": [], "wrong": []}
    for row in (row for row in result["trials"] if not row.get("users")):
        base = base_of(result, row)
        cells = [row["name"], row["what"], f"{row['rate']:.0f}"]
        for name in ("mean", "p99"):
            cells += [spread(row["predicted"][name]), spread(row["measured"][name]),
                      f"{off(row['predicted'][name][0], row['measured'][name][0]):+.1%}"]
        for kind in ("predicted", "measured"):
            cells.append(f"{row[kind]['mean'][0] / base[kind]['mean'][0]:.2f}")
        signs[sign_of(row, base, "mean")].append(row["name"])
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "Users who leave: the share that had an answer within "
              f"{result['objective_s'] * 1e3:.0f} ms of their first wish, and attempts per wish.",
              "", "| experiment | change | rate /s | in time, predicted | measured | "
              "attempts, predicted | measured |", "|---|---|---|---|---|---|---|"]
    for row in (row for row in result["trials"] if row.get("users")):
        cells = [row["name"], row["what"], f"{row['rate']:.0f}"]
        for name, factor, digits in (("good", 100.0, 1), ("attempts", 1.0, 3)):
            for kind in ("predicted", "measured"):
                cells.append(spread([value * factor for value in row[kind][name]], digits) +
                             (" %" if name == "good" else ""))
        lines.append("| " + " | ".join(cells) + " |")
        base = base_of(result, row)
        signs[sign_of(row, base, "good")].append(row["name"])
    pairs, turned = rank_of(result)
    figures = f"{len(signs['right'])} of {len(result['trials'])} right"
    for word in ("open", "wrong"):
        figures += f"; {word}: " + ", ".join(signs[word]) if signs[word] else ""
    verdicts = [("sign of every change", not signs["wrong"], figures),
                ("rank of every two changes that measuring can tell apart, by factor on the mean",
                 not turned, f"{pairs - len(turned)} of {pairs} right" +
                 ("; turned: " + ", ".join(turned) if turned else ""))]
    return lines + [""], verdicts


def how_section(result):
    """How it was done."""
    setup = result["setup"]
    scheduling = ("under SCHED_RR, so that other programs of the machine do not get in between; a "
                  "processor is then a queue that serves in the order of waking up, and so it is "
                  "in the world" if result["realtime"] else
                  "under the ordinary scheduler, as first come, first served in the world")
    memory = " in memory, so the disk is no part of this" if result["memory"] else ""
    return ["## How", "",
            "nginx passes requests in turn to two pods of a small C service "
            f"({setup['workers']} workers, a queue of {setup['queue']}, {setup['pool']} "
            "connections each), which use PostgreSQL over a Unix socket. Everything is on "
            f"loopback, in one temporary directory{memory}. PostgreSQL has one processor, nginx, "
            "the service and the sender of the load share the other. All of it runs "
            f"{scheduling}. Up to {result['awake_below']:.0%} of the capacity a program of the "
            "lowest priority keeps both processors from going to sleep: waking one costs tens of "
            "microseconds, which requests would pay at low load only.", "",
            "The mix is 60 % `item` (a statement by key, then a wait of about 4 ms for something "
            "outside with the connection in hand), 25 % `list` (a statement over an index whose "
            "size depends on the customer) and 15 % `buy` (a transaction: row lock, wait of about "
            "8 ms for a payment, insert, commit).", "",
            f"Requests are due at Poisson moments that are fixed before a run. A run lasts "
            f"{result['seconds']} s after {result['warmup_s']} s that are left out. Latency counts "
            "from the moment due, and includes the wait for a connection; nothing is omitted. A "
            "run whose sender was late by more than 1 ms at the 99th percentile is not graded; the "
            f"worst graded one was late by {worst_lateness(result) * 1e6:.0f} us. "
            f"{repeated(result)} runs were done again, because a watch at the highest priority saw "
            f"a processor stand still for more than {result['stall_max_s'] * 1e3:.0f} ms, or other "
            f"programs took more than {result['foreign_max']:.0%} of the processors. "
            "Measured intervals come from resampling seconds of the runs, or from the runs where "
            "that is wider; predicted ones "
            f"from {result['seeds']} seeds. A sign is *open* when the measured intervals of change "
            "and base overlap and the prediction is less than a tenth.", ""]


def worst_lateness(result):
    """Largest p99 of the sender's lateness in seconds."""
    return max(row["measured"]["lateness_p99"] for row in result["sweep"] + result["trials"])


def repeated(result):
    """Number of runs done again."""
    return sum(row["measured"]["repeated"] for row in result["sweep"] + result["trials"])


def notes_of(path):
    """The hand-written section of the page that is there, or an empty one."""
    if path.exists():
        text = path.read_text(encoding="utf-8")
        if NOTES[0] in text and NOTES[1] in text:
            return text[text.index(NOTES[0]):text.index(NOTES[1]) + len(NOTES[1])].splitlines()
    return [*NOTES]


def write(result, folder):
    """Write the page, its plots, the world and the numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reality.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    (folder / "reality-world.yaml").write_text(result["world"], encoding="utf-8")
    sweep_plots(result, folder)
    trial_plot(result, folder)
    sweep, verdicts = sweep_section(result)
    trials, more = trial_section(result)
    name, nginx = machine()
    path = folder / "REALITY.md"
    lines = ["# The model against a real system", "",
             "Written by `script/reality`; do not edit outside of the notes.", "",
             f"{result['date']}, commit `{result['commit']}`, `{result['command']}`, "
             f"{result['spent_s']:.0f} s. {name}. nginx {nginx}, PostgreSQL "
             f"{result['versions'][0]}." + (f" Predicted again from the same measurements by "
                                            f"{result['predicted_by']}."
                                            if "predicted_by" in result else ""), "",
             "| target | verdict | figures |", "|---|---|---|"]
    lines += [f"| {what} | {'holds' if good else '**missed**'} | {figures} |"
              for what, good, figures in verdicts + more]
    lines += ["", *notes_of(path), "", *how_section(result), *fit_section(result), *sweep, *trials]
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    for what, good, figures in verdicts + more:
        print(f"{'holds ' if good else 'MISSED'} {what}: {figures}")
