#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Play and gym in trouble: hostile lines, a full disk, a data directory that cannot be.

Usage: trouble.py PLUMB CONTENT
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile

SCENARIO = "slow-till"
LOOK = b'{"do":"look","what":"panel","service":"till-api","panel":"latency"}\n'


def gym(plumb, content, data, lines, **options):
    return subprocess.run([plumb, "gym", SCENARIO, "--seed", "3", "--content", content,
                           "--data", data],
                          input=lines, capture_output=True, timeout=300, check=False, **options)


def expect(condition, what, result=None):
    if not condition:
        detail = "" if result is None else f"\n{result.stdout[-600:]}\n{result.stderr[-600:]}"
        sys.exit(f"failed: {what}{detail}")


def hostile_lines(plumb, content, data):
    """Whatever comes is answered with one object per line, and the session goes on unharmed."""
    hostile = [
        b"x" * (1 << 20),
        b"[" * 60000,
        b'{"a":' * 10000,
        b"\x00\x00\x00",
        b'{"do":"look\x00"}',
        b"\xff\xfe\xfd",
        b'{"do":"look","what":"\xc3\x28"}',
        b'{"do":"look","do":"act"}',
        b'{"do":1e999}',
        b'{"do":"wait","for":1e308}',
        b'{"do":"wait","for":-0.0}',
        b'{"do":"say","what":"believe","claims":[' + b'{"component":"a","p":0},' * 500 + b"{}]}",
        b'{"do":"look","what":"query","expr":"' + b"(" * 30000 + b'"}',
        b'{"do":"look","what":"logs","service":"' + b"%s%n" * 100 + b'"}',
        b'{"do":"fork","fork":18446744073709551616}',
        b'{"do":"drop","fork":-1}',
        b'{"do":"tick","what":[]}',
        b"null", b"true", b'"x"', b"7", b"{}", b"[]",
    ]
    result = gym(plumb, content, data, b"\n".join(hostile) + b"\n" + LOOK)
    expect(result.returncode == 0, "gym survives hostile lines", result)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    expect(len(answers) == len(hostile) + 2, "one answer per line", result)
    for line, answer in zip(hostile, answers[1:-1]):
        expect("error" in answer or answer["kind"] == "tick", f"refused: {line[:40]!r}")
    plain = gym(plumb, content, data, LOOK)
    expect(answers[-1] == json.loads(plain.stdout.splitlines()[-1]), "nothing was shifted")


def full_disk(plumb, content, data):
    """When the log cannot grow the answer is not shown, and what was shown is kept."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (160 * 1024, 160 * 1024))

    lines = LOOK + b'{"do":"say","what":"update","status":"investigating","text":"' + \
        b"a" * 1100 + b'"}\n'
    result = gym(plumb, content, data, lines * 100, preexec_fn=limit)
    expect(result.returncode == 3, "a full disk ends with exit code 3", result)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    expect("error" in answers[-1], "the last line says why", result)
    shown = sum(1 for a in answers[1:] if "error" not in a)
    expect(shown > 0, "something was shown before the disk was full", result)
    listed = subprocess.run([plumb, "sessions", "--json", "--data", data], capture_output=True,
                            check=True)
    session = json.loads(listed.stdout)[0]
    expect(session["entries"] >= shown, "everything shown is kept")
    script = os.path.join(data, "script")
    with open(script, "w", encoding="utf-8") as file:
        file.write(("update investigating " + "a" * 1100 + "\n") * 200)
    other = os.path.join(data, "other")
    played = subprocess.run([plumb, "play", SCENARIO, "--script", script, "--content", content,
                             "--data", other], capture_output=True, check=False, timeout=300,
                            preexec_fn=limit)
    expect(played.returncode == 3, "play ends with exit code 3 too", played)
    expect(b"plumb play --resume" in played.stderr, "play says how to go on", played)
    replay = subprocess.run([plumb, "replay", session["session"], "--content", content,
                             "--data", data], capture_output=True, check=False)
    expect(replay.returncode == 0, "what is kept replays", replay)


def no_directory(plumb, content, data):
    """A data directory that cannot be created is one sentence and exit code 3."""
    blocked = os.path.join(data, "file")
    with open(blocked, "w", encoding="utf-8") as file:
        file.write("x")
    for command in ("gym", "play"):
        result = subprocess.run([plumb, command, SCENARIO, "--content", content,
                                 "--data", os.path.join(blocked, "sub")],
                                input=b"", capture_output=True, check=False)
        expect(result.returncode == 3, f"{command} ends with exit code 3", result)
        expect(result.stderr.startswith(b"plumb: "), "an error is one line of plumb", result)
        expect(result.stderr.count(b"\n") == 1, "an error is one line", result)


def truncated_export(plumb, content, data):
    """A session that was exported and cut is refused at every length."""
    gym(plumb, content, data, LOOK * 3)
    listed = subprocess.run([plumb, "sessions", "--json", "--data", data], capture_output=True,
                            check=True)
    session = json.loads(listed.stdout)[0]["session"]
    whole = os.path.join(data, "whole.ndjson")
    subprocess.run([plumb, "export", session, whole, "--data", data], check=True)
    with open(whole, "rb") as file:
        text = file.read()
    other = os.path.join(data, "other")
    for size in list(range(0, len(text), 97)) + [len(text) - 1]:
        cut = os.path.join(data, "cut.ndjson")
        with open(cut, "wb") as file:
            file.write(text[:size])
        result = subprocess.run([plumb, "import", cut, "--data", other], capture_output=True,
                                check=False)
        expect(result.returncode in (2, 3), f"an export cut at {size} is refused", result)
    subprocess.run([plumb, "import", whole, "--data", other], check=True, capture_output=True)
    again = subprocess.run([plumb, "export", session, "--data", other], check=True,
                           capture_output=True)
    expect(again.stdout == text, "export, import and export give the same bytes")


def main():
    plumb, content = sys.argv[1:3]
    for check in (hostile_lines, full_disk, no_directory, truncated_export):
        with tempfile.TemporaryDirectory(prefix="plumb-trouble-") as data:
            check(plumb, content, data)
            print(f"ok {check.__name__}")


if __name__ == "__main__":
    main()
