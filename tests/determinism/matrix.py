# SPDX-License-Identifier: Apache-2.0
"""The same world, changes and seed give the same bits from every build.

Usage: matrix.py BUILD_DIR [--update]

Builds the program with {gcc, clang} x {-O0, -O2} and with ASan and UBSan (through script/build, in
folders that are kept, so that a second run compiles only what changed), runs the probe and
simulates each world of content/, and compares every hash with the golden ones, so that the bits
are also the same from one day to the next. A change of the engine, of a world or of the layout of
the state is allowed to move a golden of hashes.txt; `--update` writes what the release build gives,
for the diff to be read. The goldens of histories.txt tell what happened, whatever the layout: only
a change of the model itself or of a world may move them.
"""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
VARIANTS = ["release", "gcc-O0", "clang-O0", "clang-O2", "sanitize"]
GOLDEN = ROOT / "tests/golden/hashes.txt"
HISTORIES = ROOT / "tests/golden/histories.txt"
HISTORY_SCENARIO = "every-query-is-slow"
SIMULATED = "2m"
SEED = "3"


def run(command):
    """Standard output of a command; its complaints end the test."""
    done = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        print(f"{' '.join(map(str, command))} failed with {done.returncode}")
        print(done.stdout + done.stderr)
        sys.exit(1)
    return done.stdout


def worlds():
    """World files of content/: those with a top-level key `world` and services."""
    found = []
    for path in sorted((ROOT / "content").rglob("*.yaml")):
        lines = path.read_text(encoding="utf-8").split("\n")
        keys = {line.split(":")[0] for line in lines if line[:1].isalpha()}
        if {"world", "services"} <= keys:
            found.append(path.relative_to(ROOT))
    return found


def hashes(folder, with_plumb):
    """{subject: hash} of one build."""
    found = {}
    for line in run([folder / "tests/determinism/determinism_probe"]).splitlines():
        subject, value = line.split()
        found[f"probe {subject}"] = value
    for world in worlds() if with_plumb else []:
        command = [folder / "plumb", "simulate", world, "--for", SIMULATED, "--seed", SEED]
        result = json.loads(run([*command, "--json"]))
        if result["events"] < 1000:
            print(f"{world}: only {result['events']} events; the comparison would say little")
            sys.exit(1)
        found[f"{world} state"] = result["state_hash"]
        found[f"{world} events"] = str(result["events"])
    return found


def histories(folder, with_plumb):
    """{subject: hash of what happened} of one build."""
    if not with_plumb:
        return {}
    probe = folder / "tests/determinism/history_probe"
    lines = run([probe, "--shop", "--scenario", HISTORY_SCENARIO, *worlds()]).splitlines()
    return {f"{line.split()[0]} history": line.split()[1] for line in lines}


def goldens():
    """{subject: hash} as committed."""
    lines = GOLDEN.read_text(encoding="utf-8") + HISTORIES.read_text(encoding="utf-8")
    return dict(line.rsplit(": ", 1) for line in lines.splitlines())


def write(path, found):
    text = "".join(f"{subject}: {value}\n" for subject, value in found.items())
    path.write_text(text, encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {len(found)} values written")


def update(release):
    write(GOLDEN, hashes(release, True))
    write(HISTORIES, histories(release, True))
    return 0


def main():
    release = pathlib.Path(sys.argv[1]).resolve()
    if sys.argv[2:] == ["--update"]:
        return update(release)
    with_plumb = (ROOT / "src/cli/main.c").is_file()
    targets = ["tests/determinism/determinism_probe"] + (
        ["plumb", "tests/determinism/history_probe"] if with_plumb else []
    )

    expected, failures = goldens(), 0
    for variant in VARIANTS:
        folder = release
        if variant != "release":
            run(["script/build", variant, *targets])
            folder = ROOT / ("build-" + variant)
        found = hashes(folder, with_plumb) | histories(folder, with_plumb)
        for subject in sorted(found.keys() | expected.keys()):
            value, golden = found.get(subject, "nothing"), expected.get(subject, "nothing")
            if value != golden:
                print(f"{subject}: {variant} gives {value}, golden is {golden}")
                failures += 1
    for subject, value in expected.items():
        print(f"{subject}: {value}")
    print(f"{len(VARIANTS)} builds, {len(expected)} values, {failures} differences")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
