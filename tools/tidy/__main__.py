# SPDX-License-Identifier: Apache-2.0
"""Check the rules of the source tree that a compiler does not know.

Usage: python3 tools/tidy [--root FOLDER] [CHECK...]

Prints `path:line: [check] sentence` for each violation. Exit code 1 when there is one.
"""

import argparse
import pathlib
import sys

import checks
from tree import Tree


def main():
    here = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(prog="tidy", description=__doc__.split("\n")[0])
    parser.add_argument("--root", default=here, help="folder of the tree")
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=", ".join(checks.ALL))
    options = parser.parse_args()
    for name in options.checks:
        if name not in checks.ALL:
            parser.error(f"there is no check '{name}'; the checks are {', '.join(checks.ALL)}")

    tree = Tree(options.root)
    count = 0
    for name in options.checks or checks.ALL:
        for path, line, sentence in checks.ALL[name](tree):
            place = f"{path}:{line}" if line else path
            print(f"{place}: [{name}] {sentence}")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
