#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command line from outside: help with examples, exit codes, what was probably meant.

Usage: command_line.py PLUMB CONTENT
"""

import json
import os
import re
import subprocess
import sys
import tempfile


def run(plumb, *arguments, text=""):
    return subprocess.run([plumb, *arguments], input=text, capture_output=True, text=True,
                          timeout=120, check=False)


def expect(condition, what, result):
    if not condition:
        sys.exit(f"failed: {what}\n{result.args}\n{result.stdout[-600:]}\n{result.stderr[-600:]}")


def help_has_examples(plumb, _content, _data):
    bare = run(plumb)
    expect(bare.returncode == 0, "bare plumb is help", bare)
    commands = re.findall(r"^  (\w+) +\S", bare.stdout.split("Commands:")[1].split("\n\n")[0], re.M)
    expect({"play", "gym", "replay", "sessions", "simulate", "pack"} <= set(commands), "all", bare)
    expect(bare.stdout.count("  plumb ") >= 5, "five examples", bare)
    for command in commands:
        for arguments in ((command, "--help"), ("help", command)):
            result = run(plumb, *arguments)
            expect(result.returncode == 0, "help of a command", result)
            expect(f"Usage: plumb {command}" in result.stdout, "usage", result)
            expect(f"\n  plumb {command}" in result.stdout, "an example", result)
            expect(max(map(len, result.stdout.splitlines())) <= 80, "80 columns", result)
    version = run(plumb, "--version")
    expect(re.fullmatch(r"plumb \d+\.\d+\.\d+\n", version.stdout), "version", version)


def a_shell_completes(plumb, content, _data):
    script = run(plumb, "help", "--completion", "bash")
    expect(script.returncode == 0, "a script for bash", script)
    tries = [
        (("pl",), {"play"}),
        (("play", "--cl"), {"--clock"}),
        (("play", "--clock", ""), {"turn", "live"}),
        (("play", ""), {"slow-till"}),
        (("play", "--seed", "3", ""), {"slow-till"}),
        (("pack", "lint", os.path.join(content, "worl")), {os.path.join(content, "worlds")}),
        (("play", "--seed", ""), set()),
    ]
    for words, some in tries:
        line = " ".join(f"'{word}'" for word in ("plumb", *words))
        asked = (f"PATH={os.path.dirname(os.path.abspath(plumb))}:$PATH\n"
                 f"PLUMB_CONTENT={content}; export PLUMB_CONTENT\n{script.stdout}\n"
                 f"COMP_WORDS=({line}); COMP_CWORD={len(words)}; _plumb\n"
                 "echo \"${COMPREPLY[*]}\"")
        result = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, timeout=60,
                                check=False)
        offered = set(result.stdout.split())
        expect(some <= offered and (some or not offered), f"completion of {words}", result)
    wrong = run(plumb, "help", "--completion", "csh")
    expect(wrong.returncode == 2 and "bash, zsh or fish" in wrong.stderr, "another shell", wrong)


def mistakes_end_with_two(plumb, content, data):
    for arguments, meant in [
            (("paly",), "`play`"),
            (("play", "--sede", "1"), "`--seed`"),
            (("play", "--seed", "x"), "whole number"),
            (("play", "--speed", "11", "--clock", "live"), "from 1 to 10"),
            (("play", "--clock", "fast"), "turn or live"),
            (("play", "--seed"), "needs a value"),
            (("gym",), "needs a scenario"),
            (("gym", "slow-tll", "--content", content, "--data", data), "`slow-till`"),
            (("play", "--content", "/nowhere"), "/nowhere"),
            (("replay",), "needs a session"),
            (("replay", "ffffffff", "--data", data), "ffffffff"),
            (("export", "ffffffff", "--data", data), "ffffffff"),
            (("import", "/nowhere", "--data", data), "/nowhere"),
            (("play", "--resume", "--data", data), "no open session"),
            (("pack", "test", "slow-till", "--looks", "--causes-only", "--content", content),
             "`--causes-only`"),
            (("pack", "test", "slow-till", "--gates", "--cause", "check-inside",
              "--content", content), "`--cause`"),
    ]:
        result = run(plumb, *arguments)
        expect(result.returncode == 2, "wrong input is exit code 2", result)
        expect(meant in result.stderr, f"the error says {meant}", result)
        expect(result.stdout == "", "errors are not on standard output", result)


def a_session_goes_round(plumb, content, data):
    empty = run(plumb, "sessions", "--data", data)
    expect("no sessions yet" in empty.stdout, "an empty list says what to do", empty)
    expect(run(plumb, "sessions", "--json", "--data", data).stdout == "[]\n", "no list", empty)
    lines = "\n".join(['{"do":"look","what":"alerts"}', '{"do":"fork"}',
                       '{"do":"close","fork":1}', '{"do":"close"}', ""])
    played = run(plumb, "gym", "slow-till", "--content", content, "--data", data, text=lines)
    expect(played.returncode == 0, "gym ends well", played)
    sessions = json.loads(run(plumb, "sessions", "--json", "--data", data).stdout)
    session = sessions[0]["session"]
    expect(sessions[0]["state"] == "closed" and sessions[0]["entries"] == 4, "four entries", played)
    replay = run(plumb, "replay", session[:6], "--json", "--content", content, "--data", data)
    expect(json.loads(replay.stdout)["identical"] is True, "the replay is identical", replay)
    exported = run(plumb, "export", session, "--data", data)
    path = os.path.join(data, "session.ndjson")
    with open(path, "w", encoding="utf-8") as file:
        file.write(exported.stdout)
    again = run(plumb, "import", path, "--data", data)
    expect(again.returncode == 2, "the same session is not taken twice", again)
    other = os.path.join(data, "other")
    expect(run(plumb, "import", path, "--data", other).returncode == 0, "import", again)
    replay = run(plumb, "replay", session, "--content", content, "--data", other)
    expect(replay.returncode == 0, "an imported session replays", replay)


def changed_content_is_noticed(plumb, content, data):
    """A session replays only with the content that it was played with."""
    copy = os.path.join(data, "content")
    subprocess.run(["cp", "-r", content, copy], check=True)
    run(plumb, "gym", "slow-till", "--content", copy, "--data", data,
        text='{"do":"look","what":"alerts"}\n')
    session = json.loads(run(plumb, "sessions", "--json", "--data", data).stdout)[0]["session"]
    page = os.path.join(copy, "scenarios", "slow-till", "runbook", "latency.md")
    with open(page, "a", encoding="utf-8") as file:
        file.write("One more line.\n")
    replay = run(plumb, "replay", session, "--content", copy, "--data", data)
    expect(replay.returncode == 1, "other content is exit code 1", replay)
    expect("other content" in replay.stderr, "and is said", replay)


def main():
    plumb, content = sys.argv[1:3]
    for check in (help_has_examples, a_shell_completes, mistakes_end_with_two, a_session_goes_round,
                  changed_content_is_noticed):
        with tempfile.TemporaryDirectory(prefix="plumb-command-line-") as data:
            check(plumb, content, data)
            print(f"ok {check.__name__}")


if __name__ == "__main__":
    main()
