# SPDX-License-Identifier: Apache-2.0
"""When an analysis is ready, asked of a server: the measure of script/ready.

    ready.py PLUMB [--speed N] [--k N] [--minutes N] [--page FILE --commit TEXT --command TEXT]

One live session of every-query-is-slow and one played in turns, both of thirty simulated minutes
with the same commands; the time counts from the answer to `close` until the analysis is answered.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "http"))
import served  # noqa: E402  (a module of the tests over HTTP)

SEED = 7
LIVE_S, TURN_S = 10, 60  # targets
PAUSE_S = 0.1
PATIENCE_S = 1800


def panel(service, name):
    return {"do": "look", "what": "panel", "service": service, "panel": name}


def look(what, **more):
    return {"do": "look", "what": what, **more}


# (simulated second, command): somebody who looks around, acts, sees it heal, and closes.
COMMANDS = [
    (10, look("alerts")), (40, panel("checkout-api", "latency")), (90, look("changes")),
    (150, panel("checkout-api", "pool")), (240, panel("storefront-api", "errors")),
    (300, look("db", db="orders-db", view="activity")),
    (390, look("logs", service="checkout-api", level="error", limit=50)),
    (480, {"do": "say", "what": "believe",
           "claims": [{"component": "checkout-api", "mechanism": "connections are held",
                       "p": 0.7}]}),
    (510, look("traces", service="checkout-api", limit=20)),
    (585, {"do": "say", "what": "update", "status": "investigating",
           "text": "Some checkouts are slow or fail."}),
    (600, panel("checkout-api", "saturation")), (690, look("pods", service="checkout-api")),
    (780, {"do": "act", "action": "flag", "args": ["fraud-inline-v2", "0%"], "confirm": True}),
    (900, panel("checkout-api", "latency")), (1020, panel("checkout-api", "pool")),
    (1140, panel("checkout-api", "errors")), (1260, look("alerts")),
    (1500, panel("checkout-api", "latency")),
    (1700, {"do": "say", "what": "update", "status": "resolved",
            "text": "Checkout is normal again for all customers."}),
]


def put(server, session, command):
    answer = server.command(session, command)
    if answer.status != 200:
        raise RuntimeError(f"{command}: {answer.status} {answer.body[:300]}")
    return answer.json()["answer"]


def play_live(server, minutes, speed):
    session = server.begin(clock="live", speed=speed, seed=SEED)
    began = time.monotonic()
    for at_s, command in [*COMMANDS, (60 * minutes, None)]:
        at_s = min(at_s, 60 * minutes)
        while (left_s := began + at_s / speed - time.monotonic()) > 0:
            time.sleep(min(left_s, 30))
            server.ask("GET", f"/api/sessions/{session}")  # as an open page does
        if command is not None:
            put(server, session, command)
    put(server, session, {"do": "close"})
    return session, time.monotonic() - began


def play_in_turns(server, minutes):
    session = server.begin(clock="turn", seed=SEED)
    began = time.monotonic()
    now_s = 0.0
    for at_s, command in [*COMMANDS, (60 * minutes, None)]:
        left_s = min(at_s, 60 * minutes) - now_s
        if left_s >= 1:
            now_s = put(server, session, {"do": "wait", "for": f"{int(left_s)}s"})["t_s"]
        if command is not None:
            now_s = put(server, session, command)["t_s"]
    put(server, session, {"do": "close"})
    return session, time.monotonic() - began


def await_analysis(server, session):
    """Seconds until it is there, and how many of them each phase had."""
    began = last = time.monotonic()
    phases = {}
    while last - began < PATIENCE_S:
        answer = server.ask("GET", f"/api/sessions/{session}/analysis")
        if answer.status == 200:
            return time.monotonic() - began, phases, answer.json()
        if answer.status != 202:
            raise RuntimeError(f"{answer.status} {answer.body[:300]}")
        time.sleep(PAUSE_S)
        phase = answer.json()["phase"]
        phases[phase] = phases.get(phase, 0.0) + time.monotonic() - last
        last = time.monotonic()
    raise RuntimeError("the analysis does not come")


def measure(plumb, options, kind):
    server = served.Server(plumb, more=["--k", str(options.k)])
    try:
        if kind == "live":
            session, played_s = play_live(server, options.minutes, options.speed)
        else:
            session, played_s = play_in_turns(server, options.minutes)
        ready_s, phases, analysis = await_analysis(server, session)
        entries = len(server.entries(session))
    finally:
        server.close()
    return {"kind": kind, "played_s": played_s, "ready_s": ready_s, "phases": phases,
            "entries": entries, "size": len(json.dumps(analysis))}


def row(name, result, target_s):
    met = "met" if result["ready_s"] <= target_s else "**missed**"
    phases = ", ".join(f"{phase} {seconds:.1f} s" for phase, seconds in result["phases"].items())
    return (f"| {name} | {result['entries']} | {result['played_s']:.0f} s | "
            f"{result['ready_s']:.1f} s | {target_s} s | {met} | {phases or '-'} |")


def write_page(options, live, turns):
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    lines = ["# When an analysis is ready", "", "Written by `script/ready`; do not edit.", "",
             f"{today}, commit `{options.commit}`, `{options.command}`. {os.cpu_count()} "
             f"processors, Linux {platform.release()}, load average "
             f"{os.getloadavg()[1]:.1f} over the last five minutes, {options.k} worlds per cause.",
             "",
             f"Two sessions of every-query-is-slow through `plumb demo`, {options.minutes} "
             f"simulated minutes each, the same {len(COMMANDS)} commands. The live one ran at "
             f"{options.speed} times real time, while the judge followed it; at 1 it has "
             f"{options.speed} times as long to keep up. The one in turns was played as fast as "
             "the server answers, so nearly all of its judging is left at its end. The time counts "
             "from the answer to `close`.", "",
             "| session | entries | played in | ready after | at most | | of it |",
             "|---|---|---|---|---|---|---|",
             row("live", live, LIVE_S), row("in turns", turns, TURN_S)]
    pathlib.Path(options.page).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("plumb")
    parser.add_argument("--speed", type=float, default=3)
    parser.add_argument("--k", type=int, default=16)
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--page")
    parser.add_argument("--commit", default="unknown")
    parser.add_argument("--command", default="tests/load/ready.py")
    options = parser.parse_args()
    live = measure(options.plumb, options, "live")
    print(f"live: ready after {live['ready_s']:.1f} s (at most {LIVE_S}); {live['phases']}")
    turns = measure(options.plumb, options, "turn")
    print(f"in turns: ready after {turns['ready_s']:.1f} s (at most {TURN_S}); {turns['phases']}")
    if options.page:
        write_page(options, live, turns)
    return 0 if live["ready_s"] <= LIVE_S and turns["ready_s"] <= TURN_S else 1


if __name__ == "__main__":
    sys.exit(main())
