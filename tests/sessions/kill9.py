#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kill `plumb` with SIGKILL at random moments and check that nothing acknowledged is lost.

Usage: kill9.py PLUMB CONTENT [--kills N] [--seed N]

Each round starts `plumb gym`, sends commands, and kills the process at a random moment: while it
computes, while it writes, between two answers. After that the evidence log must hold an entry for
each command whose answer was seen, its chain must be whole, a replay must give identical bytes,
and `plumb play --resume` must go on. Every round uses the same data directory, so that a killed
process also has to leave the store usable for the next one.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

SCENARIO = "slow-till"
COMMANDS = [
    {"do": "look", "what": "panel", "service": "till-api", "panel": "latency"},
    {"do": "look", "what": "db", "db": "books-db", "view": "activity"},
    {"do": "say", "what": "believe",
     "claims": [{"component": "till-api", "mechanism": "pool", "p": 0.4}]},
    {"do": "wait", "for": "10s"},
    {"do": "act", "action": "flag", "args": ["inline-check", "50%"], "confirm": True},
    {"do": "look", "what": "logs", "service": "till-api", "limit": 5},
    {"do": "say", "what": "update", "status": "investigating", "text": "Selling is slow."},
    {"do": "wait", "for": "5s"},
]


def run(plumb, *arguments, **options):
    return subprocess.run([plumb, *arguments], capture_output=True, text=True, timeout=120,
                          check=False, **options)


def sessions(plumb, data):
    result = run(plumb, "sessions", "--json", "--data", data)
    if result.returncode != 0:
        sys.exit(f"sessions failed: {result.stderr}")
    return json.loads(result.stdout)


def play_until_killed(plumb, content, data, draw):
    """Return the number of kept commands whose answers were seen before the kill."""
    child = subprocess.Popen(
        [plumb, "gym", SCENARIO, "--seed", str(draw.randrange(1000)), "--content", content,
         "--data", data],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    # The moment is drawn in time, not in commands, so that it falls anywhere.
    timer = threading.Timer(draw.uniform(0.0, 0.25), lambda: os.kill(child.pid, signal.SIGKILL))
    answers = 0
    try:
        opening = child.stdout.readline()
        timer.start()
        while opening:
            command = COMMANDS[draw.randrange(len(COMMANDS))]
            child.stdin.write(json.dumps(command) + "\n")
            child.stdin.flush()
            line = child.stdout.readline()
            if not line.endswith("\n"):
                break
            if "error" not in json.loads(line):
                answers += 1
    except (BrokenPipeError, ValueError):
        pass
    timer.join()
    child.wait()
    for stream in (child.stdin, child.stdout):
        try:
            stream.close()
        except BrokenPipeError:
            pass
    return answers


def check_session(plumb, content, data, session, answers):
    name = session["session"]
    if session["entries"] < answers:
        return f"session {name}: {answers} answers were seen, {session['entries']} entries are kept"
    if session["entries"] > answers + 1:
        return f"session {name}: {session['entries']} entries for {answers} answers"
    replay = run(plumb, "replay", name, "--json", "--content", content, "--data", data)
    if replay.returncode != 0 or not json.loads(replay.stdout)["identical"]:
        return f"session {name}: replay differs: {replay.stderr}"
    script = os.path.join(data, "script")
    with open(script, "w", encoding="utf-8") as file:
        file.write("status\nquit\n")
    resumed = run(plumb, "play", "--resume", name, "--script", script, "--content", content,
                  "--data", data)
    told = f"{session['entries']} entries were replayed"
    if resumed.returncode != 0 or told not in resumed.stdout:
        return f"session {name}: resume failed: {resumed.stderr}{resumed.stdout[-400:]}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("plumb")
    parser.add_argument("content")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    draw = random.Random(options.seed)
    seen = 0
    with tempfile.TemporaryDirectory(prefix="plumb-kill9-") as data:
        known = set()
        for kill in range(options.kills):
            answers = play_until_killed(options.plumb, options.content, data, draw)
            new = [s for s in sessions(options.plumb, data) if s["session"] not in known]
            known.update(s["session"] for s in new)
            if answers > 0 and len(new) != 1:
                sys.exit(f"kill {kill}: {len(new)} sessions appeared")
            for session in new:
                problem = check_session(options.plumb, options.content, data, session, answers)
                if problem is not None:
                    sys.exit(f"kill {kill}: {problem}")
            seen += answers
    print(f"{options.kills} kills, {seen} acknowledged entries, 0 lost, all replays identical")


if __name__ == "__main__":
    main()
