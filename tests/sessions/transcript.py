#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Play each tests/golden/session/NAME.script and compare what the player sees with NAME.txt.

Usage: transcript.py PLUMB CONTENT DIRECTORY [--update]

The model, the instruments, the session and the drawing all show in it: read the diff of an update.
"""

import difflib
import os
import pathlib
import subprocess
import sys
import tempfile


def play(plumb, content, script):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "COLUMNS": "80"}
    environment.pop("PLUMB_CONTENT", None)
    with tempfile.TemporaryDirectory(prefix="plumb-transcript-") as data:
        result = subprocess.run(
            [plumb, "play", script.stem, "--seed", "3", "--script", script, "--content", content,
             "--data", data],
            capture_output=True, text=True, check=False, env=environment, timeout=120)
    if result.returncode != 0 or result.stderr:
        sys.exit(f"{script.name}: exit code {result.returncode}: {result.stderr}")
    return result.stdout


def main():
    plumb, content, directory = sys.argv[1:4]
    update = "--update" in sys.argv[4:]
    scripts = sorted(pathlib.Path(directory).glob("*.script"))
    if not scripts:
        sys.exit(f"there are no scripts in {directory}")
    failed = False
    for script in scripts:
        seen = play(plumb, content, script)
        golden = script.with_suffix(".txt")
        if update:
            golden.write_text(seen, encoding="utf-8")
            continue
        wanted = golden.read_text(encoding="utf-8")
        if seen != wanted:
            failed = True
            sys.stdout.writelines(difflib.unified_diff(
                wanted.splitlines(True), seen.splitlines(True), str(golden), "now"))
    if failed:
        sys.exit("a transcript differs; if that is meant: "
                 "tests/sessions/transcript.py PLUMB tests/content tests/golden/session --update")


if __name__ == "__main__":
    main()
