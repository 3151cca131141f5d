# SPDX-License-Identifier: Apache-2.0
"""Keep the session that README.md shows equal to what the program prints.

Usage: readme_session.py PLUMB [--update]

Plays script/demo-commands.txt, checks that the demo still tells a true story (every command was
understood, the incident was resolved), and compares the excerpt between the marks in README.md.
With --update it writes the excerpt instead.
"""

import argparse
import difflib
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- session -->\n```text\n", "```\n<!-- end of session -->\n"

# What the README shows: commands by their beginning, and how many lines of each answer.
EXCERPT = [
    ("", 99),  # the opening
    ("panel checkout-api latency by route", 99),
    ("changes", 6),
    ("db orders-db activity", 6),
    ("flag", 99),
    ("wait 4m", 99),
    ("panel checkout-api latency", 99),
]
# What must stand in the debrief, and what must not.
TOLD = ["What was wrong", "resolved    11:", "mechanism fits"]
NEVER = ["Unknown", "Did you mean", "did not happen", "still in force"]


def play(plumb):
    """Transcript of the demo: [(command, lines of the prompt and its answer)]."""
    with tempfile.TemporaryDirectory() as data:
        command = [str(plumb), "play", "every-query-is-slow", "--seed", "7", "--data", data]
        command += ["--script", str(ROOT / "script/demo-commands.txt")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True,
                              env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": data})
    if done.returncode:
        sys.exit(f"the demo ends with {done.returncode}:\n{done.stdout}{done.stderr}")
    problems = [f"the demo does not say `{words}`" for words in TOLD if words not in done.stdout]
    problems += [f"the demo says `{words}`" for words in NEVER if words in done.stdout]
    if problems:
        sys.exit("\n".join(problems) + "\nadapt script/demo-commands.txt")
    steps = [("", [])]
    for line in done.stdout.splitlines():
        prompt, found, rest = line.partition("> ")
        if found and prompt.startswith("larkspur ") and len(prompt) == len("larkspur 11:42"):
            steps.append((rest, []))
        steps[-1][1].append(line.rstrip())
    return steps


def excerpt(steps):
    """Text of the parts that EXCERPT names, in order."""
    lines, position = [], 0
    for beginning, count in EXCERPT:
        while position < len(steps) and not steps[position][0].startswith(beginning):
            position += 1
        if position == len(steps):
            sys.exit(f"the demo has no command `{beginning}` at its place")
        shown = steps[position][1]
        while shown and not shown[-1]:
            shown = shown[:-1]
        lines += shown[:count] + (["  ..."] if len(shown) > count else []) + [""]
        position += 1
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--update", action="store_true", help="write README.md")
    parser.add_argument("plumb", help="the built program")
    options = parser.parse_args()

    text = README.read_text(encoding="utf-8")
    head, begin, rest = text.partition(BEGIN)
    old, end, tail = rest.partition(END)
    if not begin or not end:
        sys.exit("README.md lacks the marks of the session")
    new = excerpt(play(pathlib.Path(options.plumb).resolve()))
    if options.update:
        README.write_text(head + begin + new + end + tail, encoding="utf-8")
    elif old != new:
        sys.stdout.writelines(difflib.unified_diff(
            old.splitlines(True), new.splitlines(True), "README.md", "the program"))
        print("readme_session: python3 tools/readme_session.py --update build/plumb")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
