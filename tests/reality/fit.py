# SPDX-License-Identifier: Apache-2.0
"""From measurements at low load to a world: what each part of a request costs, and the YAML of it.

Processor time is what the kernel booked for each part; waiting in queues does not change it. It is
taken at about half of the capacity, because at a hundred requests per second each one pays for
cold caches and for waking up: first of each route alone, then of the mix, in which the routes take
each other's caches. Everything else comes from a run at a hundred per second.

A processor of the stack is a queue with one worker: its processes run under SCHED_RR, whose time
slice of 100 ms is longer than any piece of work here, so they are served in the order of waking up.
"""

import statistics

from stack import ROUTES

STATEMENTS = {"item": ("item",), "list": ("list",), "buy": ("begin", "lock", "sale", "commit")}
LOW_RATE = 100
HALF_RATES = {"item": 700, "list": 240, "buy": 1000}
TEXTS = {
    "item": ("SELECT details", "SELECT count(*), max(md5(body)) FROM details WHERE item = $1"),
    "list": ("SELECT orders", "SELECT count(*), max(md5(note || amount)) FROM orders "
                              "WHERE customer = $1"),
    "begin": ("BEGIN", "BEGIN"),
    "lock": ("UPDATE stock", "UPDATE stock SET n = n - 1 WHERE id = $1"),
    "sale": ("INSERT sales", "INSERT INTO sales VALUES ($1, now())"),
    "commit": ("COMMIT", "COMMIT"),
}


def law(values):
    """Mean and squared coefficient of variation of measured seconds."""
    mean = statistics.fmean(values)
    spread = statistics.pvariance(values) / mean**2 if mean > 0 else 0.0
    return {"mean": mean, "scv": spread}


def scaled(one, mean):
    """The same shape around another mean."""
    return {"mean": mean, "scv": one["scv"]}


def law_text(one):
    """A law as the world file writes it."""
    mean = f"{max(one['mean'], 1e-6) * 1e3:.5f}ms"
    if one["scv"] < 0.003:
        return mean
    return f"lognormal mean {mean} scv {min(one['scv'], 20.0):.4f}"


def traces_of(rows, route):
    """Traces of the good requests of a route, in seconds: when it was read, queue, stay, pool,
    processor time, of it render, wait outside, then wall and database time per statement."""
    return [[int(word) * 1e-9 for word in row[2:]] for row in rows
            if row[0] == route and row[1] == "200"]


def database_laws(traces, route):
    """Laws of the processor time of the statements of a route, from a profile."""
    return {name: law([max(trace[8 + 2 * i], 0.0) for trace in traces])
            for i, name in enumerate(STATEMENTS[route])}


def only(route):
    """The mix of one route alone."""
    return {"list": float(route == "list"), "buy": float(route == "buy")}


def loaded(stack, setup, rate, seconds, seed, mix, profile=False):
    """One load on fresh pods: the run and the traces of the pods."""
    stack.start_service(setup, profile)
    run = stack.load(rate, seconds, seed, mix)
    return run, stack.stop_service()


def measure(stack, setup, mix, seconds):
    """All laws of the healthy system. `seconds` is the length of the two runs at the low rate."""
    _, profile = loaded(stack, setup, LOW_RATE, seconds, 11, mix, True)
    low, traces = loaded(stack, setup, LOW_RATE, seconds, 12, mix)
    result = {"routes": {}, "statements": {}, "low_rate": LOW_RATE,
              "low_mean": statistics.fmean(low.latencies(0.5, seconds))}
    sender = []
    for route in ROUTES:
        half, _ = loaded(stack, setup, HALF_RATES[route], seconds * 0.5, 13, only(route))
        count = half.report["attempts"]
        used = {name: value / count for name, value in half.report["processor_s"].items()}
        sender.append(half.report["cpu_s"] / count)
        own = traces_of(traces, route)
        render = statistics.fmean(trace[5] for trace in own)
        result["routes"][route] = {
            "proxy": used["nginx"], "render": render, "serve": max(used["service"] - render, 1e-6),
            "half_rate": HALF_RATES[route], "database": used["postgres"],
            "wait": law([trace[6] for trace in own]),
            "seen": statistics.fmean(low.latencies(0.5, seconds, route)),
            "inside": statistics.fmean(trace[1] + trace[2] for trace in own)}
        fit_statements(result, route, traces_of(profile, route))
    result["sender"] = statistics.fmean(sender)
    for entry in result["routes"].values():
        # What the client saw and no part explains: the kernel's network, wake-ups.
        explained = entry["inside"] + entry["proxy"] + result["sender"]
        entry["way"] = max(entry["seen"] - explained, 1e-6)
    return result


def fit_statements(result, route, profile):
    """Laws of the statements of a route: shape and wait from the profile, the mean from the run at
    half of the capacity. Wait is what is left of the wall time, in the same profile."""
    entry = result["routes"][route]
    visit = entry["serve"] / visits(route, entry)
    laws = database_laws(profile, route)
    entry["profiled"] = sum(one["mean"] for one in laws.values())
    for i, name in enumerate(STATEMENTS[route]):
        wall = statistics.fmean(trace[7 + 2 * i] for trace in profile)
        wait = wall - laws[name]["mean"] - visit
        mean = laws[name]["mean"] * entry["database"] / entry["profiled"]
        result["statements"][name] = {"work": scaled(laws[name], mean), "wall": wall,
                                      "wait": max(wait, 1e-6)}


def visits(route, entry):
    """How often a request of a route comes to the service's processor before it renders."""
    return 2 + len(STATEMENTS[route]) + (1 if entry["wait"]["mean"] > 0 else 0)


def statement_law(stack, setup, route, rates, seconds):
    """Law of the only statement of a route as it is now (another plan, more work): the shape at the
    first rate, the mean at the second one, as for all others."""
    _, rows = loaded(stack, setup, rates[0], seconds, 14, only(route), True)
    shape = database_laws(traces_of(rows, route), route)[STATEMENTS[route][0]]
    half, _ = loaded(stack, setup, rates[1], seconds, 15, only(route))
    return scaled(shape, half.report["processor_s"]["postgres"] / half.report["attempts"])


def render_law(stack, setup, mix, rate, seconds, pod):
    """Law of what rendering a page costs a pod that was changed, from its own book under the mix. A
    piece of milliseconds costs more than as many times a short one: it is interrupted."""
    stack.start_service(setup)
    stack.load(rate, seconds, 16, mix)
    rows = stack.stop_service(pod)
    return law([trace[5] for route in ROUTES for trace in traces_of(rows, route)])


def costs(result, mix):
    """Seconds of each processor that a request of the mix takes in the world."""
    shares = {"list": mix["list"], "buy": mix["buy"], "item": 1.0 - mix["list"] - mix["buy"]}
    database = rest = 0.0
    for route, share in shares.items():
        entry = result["routes"][route]
        database += share * sum(result["statements"][name]["work"]["mean"]
                                for name in STATEMENTS[route])
        rest += share * (entry["proxy"] + entry["serve"] + entry["render"] + result["sender"])
    return {"database": database, "rest": rest}


def capacity(result, mix):
    """Requests per second at which the busier processor is full."""
    return 1.0 / max(costs(result, mix).values())


def probe(stack, setup, mix, rate, seconds, seed):
    """Seconds of each processor that a request of the mix takes in the system at this moment."""
    run, _ = loaded(stack, setup, rate, seconds, seed, mix)
    used, count = run.report["processor_s"], run.report["attempts"]
    return {"database": used["postgres"] / count,
            "rest": (used["nginx"] + used["service"] + run.report["cpu_s"]) / count}


def factors(now, before):
    """How many times as much each processor is needed."""
    return {name: now[name] / before[name] for name in before}


def at_cost(one, factor):
    """A law of a statement with its processor time multiplied."""
    return scaled(one, one["mean"] * factor["database"])


def at_costs(result, factor):
    """The same measurements with all processor time multiplied. Waits stay as they are."""
    routes = {route: entry | {"database": entry["database"] * factor["database"]} |
              {name: entry[name] * factor["rest"] for name in ("proxy", "serve", "render")}
              for route, entry in result["routes"].items()}
    statements = {name: one | {"work": at_cost(one["work"], factor)}
                  for name, one in result["statements"].items()}
    return result | {"routes": routes, "statements": statements,
                     "sender": result["sender"] * factor["rest"]}


# ---- The world -----------------------------------------------------------------------------------

def ms(seconds):
    """A constant duration."""
    return f"{max(seconds, 1e-6) * 1e3:.5f}ms"


def shop_route(result, route):
    """Steps of a route of the service."""
    entry = result["routes"][route]
    visit = f"rest-core/visit-{route}"
    waits = entry["wait"]["mean"] > 0
    lines = [f"        - call: {visit}", f"        - call: {visit}", "        - hold: main",
             "          steps:"]
    inside = []
    for name in STATEMENTS[route]:
        if name == "lock":
            inside += ["lock: rows", "{lock: hot-row, share: 0%, label: hot}"]
        inside += [f"call: main-core/{name}", f"query: {name}", f"call: {visit}"]
        if name == STATEMENTS[route][-1] and route == "item" and waits or name == "lock" and waits:
            inside += [f"sleep: {law_text(entry['wait'])}", f"call: {visit}"]
    lines += [f"            - {step}" for step in inside]
    lines += ["        - {call: rest-core/render, label: render}",
              "        - {call: rest-core/slow-render, share: 0%, label: slow-render}"]
    return [f"      {route}:"] + lines


def proxy_route(result, route):
    """Steps of a route of the proxy: in, the service, out."""
    entry = result["routes"][route]
    return [f"      {route}:", "        - call: rest-core/users",
            f"        - call: rest-core/proxy-{route}", f"        - call: shop/{route}",
            f"        - call: rest-core/proxy-{route}", f"        - sleep: {ms(entry['way'])}"]


def core(name, routes):
    """A processor: one worker, first come, first served."""
    lines = [f"  {name}:", "    pods: 1", "    workers: 1", "    cpu: {cores: 1}", "    routes:"]
    for route, text in routes.items():
        lines += [f"      {route}:", f"        - cpu: {text}"]
    return lines


def world_text(result, setup, mix, rate, objective_s, laws=None):
    """The whole world. `laws` replaces processor laws of statements, or of `slow-render`, which
    nothing but the experiment of the slow replica uses."""
    laws = laws or {}
    works = {name: one["work"] for name, one in result["statements"].items()} | laws
    lines = ["# SPDX-License-Identifier: Apache-2.0",
             "# Written by script/reality from measurements; do not edit.",
             "#",
             "# main-core and rest-core are the two processors of the machine, each a queue with",
             "# one worker: PostgreSQL has the first, nginx, the service and the users the second.",
             "world: reality", "title: nginx, two pods of a service and PostgreSQL on this machine",
             "frames: 3000", f"slo: {{p99: {ms(objective_s)}}}", "databases:",
             "  main:", "    cores: 64", "    max_connections: 200", "    statements:"]
    for name, (summary, text) in TEXTS.items():
        wait = result["statements"][name]["wait"]
        writes = ", writes: yes" if name in ("lock", "sale") else ""
        lines.append(f"      {name}: {{summary: '{summary}', text: '{text}', cpu: 0.001ms, "
                     f"wait: {ms(wait)}{writes}}}")
    lines += ["    locks:", "      rows: {keys: 1, population: 9999, zipf: 0}",
              "      hot-row: {keys: 1, population: 1, zipf: 0}", "services:"]
    lines += core("main-core", {name: law_text(works[name]) for name in TEXTS})
    rest = {"users": ms(result["sender"])}
    for route, entry in result["routes"].items():
        rest[f"visit-{route}"] = ms(entry["serve"] / visits(route, entry))
        rest[f"proxy-{route}"] = ms(entry["proxy"] / 2)
    render = statistics.fmean(one["render"] for one in result["routes"].values())
    slow = laws.get("slow-render", {"mean": render, "scv": 0.0})
    rest |= {"render": ms(render), "slow-render": law_text(slow)}
    lines += core("rest-core", rest)
    lines += ["  shop:", "    pods: 2", "    pods_max: 3", f"    workers: {setup['workers']}",
              f"    queue: {{limit: {setup['queue']}}}", "    balance: round-robin",
              "    cpu: {cores: 64}", "    boot: {time: 100ms, warmup: 0s}",
              "    rollout_step: 1h", "    pools:",
              f"      main: {{size: {setup['pool']}, size_max: 32, connect: 1ms, "
              f"acquire_timeout: {setup['acquire_ms']}ms}}", "    routes:"]
    for route in ROUTES:
        lines += shop_route(result, route)
    lines += ["  proxy:", "    pods: 1", "    cpu: {cores: 64}", "    routes:"]
    for route in ROUTES:
        lines += proxy_route(result, route)
    item = 1.0 - mix["list"] - mix["buy"]
    lines += ["traffic:", "  users:", f"    arrivals: poisson {rate:.3f}/s",
              f"    mix: {{proxy/item: {item:.2%}, proxy/list: {mix['list']:.2%}, "
              f"proxy/buy: {mix['buy']:.2%}}}"]
    if mix.get("patience_ms"):
        lines.append(f"    patience: {mix['patience_ms']}ms")
    if mix.get("retries"):
        lines.append(f"    retry: {{times: {mix['retries']}, after: {mix['after_ms']}ms}}")
    return "\n".join(lines) + "\n"
