#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Put the pages of several runs of `validate` together.

Usage: join.py --out FOLDER [--notes FILE] [--mutants FILE] [--left-out NAMES] RUN...

A RUN is a folder with REPORT.md and report.json of one scenario or more. Counts are added up, each
run is named with its date, commit and command, and the sections follow in the order of the runs.
"""

import argparse
import json
import pathlib
import re

import pooled

COUNTS = re.compile(r"\*\*\d+ figures met.*?\*\*", re.DOTALL)


def brief(value):
    """The same with six digits of every number: a thousand sessions stand in it."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: brief(one) for key, one in value.items()}
    return [brief(one) for one in value] if isinstance(value, list) else value


def split(page):
    """Head and sections of a page."""
    at = page.index("\n## ") + 1
    return page[:at], page[at:]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--notes", type=pathlib.Path)
    parser.add_argument("--mutants", type=pathlib.Path)
    parser.add_argument("--left-out", default="")
    parser.add_argument("runs", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    reports = [json.loads((run / "report.json").read_text(encoding="utf-8")) for run in args.runs]
    pages = [split((run / "REPORT.md").read_text(encoding="utf-8")) for run in args.runs]
    scenarios = [scenario for report in reports for scenario in report["scenarios"]]
    over_all, rows = pooled.section(scenarios)
    verdicts = [row["verdict"] for row in rows]
    verdicts += [figure["verdict"] for scenario in scenarios for figure in scenario["figures"]]
    counts = (f"**{verdicts.count('met')} figures met, {verdicts.count('missed')} missed, "
              f"{verdicts.count('open')} open, {verdicts.count('absent')} not measured.**")
    origin = "".join(f"- {r['date']}, commit `{r['commit']}`, `{r['command']}`\n" for r in reports)
    head = COUNTS.sub(lambda _: counts, pages[0][0])
    first = reports[0]
    line = f"{first['date']}, commit `{first['commit']}`, `{first['command']}`.\n"
    page = head.replace(line, origin)
    if args.left_out:
        page += ("Left out, because bots or constants are missing or of other content: "
                 f"{args.left_out}.\n\n")
    if args.notes is not None and args.notes.exists():
        page += args.notes.read_text(encoding="utf-8") + "\n"
    page += over_all + "".join(sections for _, sections in pages)
    if args.mutants is not None and args.mutants.exists():
        page += args.mutants.read_text(encoding="utf-8")
    runs = [{key: report[key] for key in ("date", "commit", "command")} for report in reports]
    (args.out / "REPORT.md").write_text(page, encoding="utf-8")
    (args.out / "report.json").write_text(
        json.dumps(brief({"runs": runs, "all": rows, "scenarios": scenarios}),
                   separators=(",", ":")) + "\n",
        encoding="utf-8")


if __name__ == "__main__":
    main()
