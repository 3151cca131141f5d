# SPDX-License-Identifier: Apache-2.0
"""Check, or with --fix establish, the layout of clang-format 14 in all C files.

Usage: format.py [--fix] ROOT
"""

import argparse
import pathlib
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fix", action="store_true", help="change the files")
    parser.add_argument("root", type=pathlib.Path)
    options = parser.parse_args()

    files = []
    for folder in ("src", "tests", "fuzz", "bench"):
        files += sorted(p for p in (options.root / folder).rglob("*.[ch]"))
    if not files:
        print(f"format: there are no C files below {options.root}")
        return 1
    mode = ["-i"] if options.fix else ["--dry-run", "-Werror", "-ferror-limit=3"]
    command = ["clang-format", "--style=file", *mode, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)
    sys.stdout.write(done.stderr)
    if done.returncode:
        print("format: run `tools/format.py --fix .` with python3 to repair this")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
