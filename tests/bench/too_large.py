# SPDX-License-Identifier: Apache-2.0
"""A world that is too large is told so, with the parts that cause it.

Usage: too_large.py PLUMB FOLDER [--update]

Numbers of bytes are replaced by # in the golden, because they move with every change of the
state's layout; the order of the parts and the limits that they name stay.
"""

import difflib
import pathlib
import re
import subprocess
import sys


def main():
    plumb, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    world = folder / "too-large.yaml"
    golden = folder / "too-large.lint"
    done = subprocess.run([plumb, "pack", "lint", world], capture_output=True, text=True,
                          check=False)
    if done.returncode != 1 or done.stderr:
        sys.exit(f"exit code {done.returncode}, 1 is expected: {done.stderr}")
    seen = re.sub(r"\d+ params", "# params", done.stdout)
    seen = re.sub(r"takes \d+ KiB", "takes # KiB", seen)
    seen = re.sub(r" *\d+ bytes +\d+ %", " # bytes # %", seen)
    if "--update" in sys.argv[3:]:
        golden.write_text(seen, encoding="utf-8")
        return
    wanted = golden.read_text(encoding="utf-8")
    if seen != wanted:
        sys.stdout.writelines(difflib.unified_diff(
            wanted.splitlines(True), seen.splitlines(True), str(golden), "now"))
        sys.exit("the lint differs; if that is meant: "
                 "python3 tests/bench/too_large.py build/plumb tests/bench --update")


if __name__ == "__main__":
    main()
