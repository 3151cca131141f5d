# SPDX-License-Identifier: Apache-2.0
"""Sum the results of Meson test logs and end with the line `N passed, N failed`.

Usage: count_tests.py [--broken N] TESTLOG.json...

A log that does not exist or holds no test counts as one failure: silence must not look like
success. `--broken N` adds N failures for steps that broke before a test could run.
"""

import argparse
import json
import pathlib
import sys

PASSED = {"OK", "EXPECTEDFAIL"}
SKIPPED = {"SKIP"}


def read_log(path):
    """Return (passed, skipped, names of failed tests) of one log of JSON lines."""
    passed, skipped, failed = 0, 0, []
    try:
        lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0, 0, ["(no test log)"]
    for line in filter(str.strip, lines):
        entry = json.loads(line)
        if entry["result"] in PASSED:
            passed += 1
        elif entry["result"] in SKIPPED:
            skipped += 1
        else:
            failed.append(f"{entry['name']} ({entry['result'].lower()})")
    if passed + skipped + len(failed) == 0:
        failed.append("(no test ran)")
    return passed, skipped, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broken", type=int, default=0)
    parser.add_argument("logs", nargs="+")
    options = parser.parse_args()

    passed_sum, failed_sum = 0, options.broken
    for path in options.logs:
        passed, skipped, failed = read_log(path)
        passed_sum += passed
        failed_sum += len(failed)
        note = f", {skipped} skipped" if skipped else ""
        print(f"{path}: {passed} passed, {len(failed)} failed{note}")
        for name in failed:
            print(f"  FAILED {name}")
    print(f"{passed_sum} passed, {failed_sum} failed")
    return 1 if failed_sum or passed_sum == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
