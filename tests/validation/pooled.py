#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Acceptance figures over all scenarios of a run, from the sessions in their report.json.

Few forms of several scenarios say more about people who meet different incidents than many forms
of one. An incident is one form of one scenario; a family of faults is a scenario here. Intervals
take incidents as the sample (scenarios, for what is asked over families): they are drawn again with
replacement, 2000 times, always the same draws. Controls are left out.
"""

import math
import random

DRAWS = 2000
LEVEL = 0.95


def mean(values):
    """Mean of a list that is not empty."""
    return sum(values) / len(values)


def correlation(a, b):
    """Pearson's correlation, 0 when one of them does not vary."""
    ma, mb = mean(a), mean(b)
    saa = sum((x - ma) ** 2 for x in a)
    sbb = sum((y - mb) ** 2 for y in b)
    sab = sum((x - ma) * (y - mb) for x, y in zip(a, b))
    return sab / math.sqrt(saa * sbb) if saa > 0 and sbb > 0 else 0.0


def ranks(values):
    """Ranks from 1; ties share their mean rank."""
    return [sum(1 for w in values if w < v) + (sum(1 for w in values if w == v) + 1) / 2
            for v in values]


def spearman(a, b):
    """Correlation of ranks."""
    return correlation(ranks(a), ranks(b))


def auc(above, below):
    """Chance that one of `above` is higher than one of `below`; ties count half."""
    wins = sum(1.0 if x > y else 0.5 if x == y else 0.0 for x in above for y in below)
    return wins / (len(above) * len(below))


def components(table):
    """Variance of persons and of what is left, of a complete table[person][incident]."""
    persons, incidents = len(table), len(table[0])
    grand = mean([mean(row) for row in table])
    by_person = [mean(row) for row in table]
    by_incident = [mean([row[i] for row in table]) for i in range(incidents)]
    ms_person = incidents * sum((p - grand) ** 2 for p in by_person) / (persons - 1)
    ms_rest = sum((table[p][i] - by_person[p] - by_incident[i] + grand) ** 2
                  for p in range(persons) for i in range(incidents))
    ms_rest /= (persons - 1) * (incidents - 1)
    return max(0.0, (ms_person - ms_rest) / incidents), ms_rest


def reliability(table, count):
    """Share of the variance of means over `count` incidents that is the persons' own."""
    own, rest = components(table)
    return own / (own + rest / count) if own + rest > 0 else 0.0


class Sessions:
    """All sessions of shipped scenarios: value(bot, incident, key)."""

    def __init__(self, scenarios):
        self.bots, self.cells, self.fresh = {}, {}, {}
        self.scenarios = [s["scenario"] for s in scenarios if not s["control"]]
        for scenario in (s for s in scenarios if not s["control"]):
            for bot in scenario["bots"]:
                self.bots[bot["bot"]] = bot
                self.fresh[scenario["scenario"], bot["bot"]] = bot["fresh_budget_share"]
            for row in scenario["rows"]:
                self.cells[row["bot"], (scenario["scenario"], row["form"])] = row
        self.incidents = sorted({incident for _, incident in self.cells})

    def of_tier(self, tier):
        """Names of the bots of a tier."""
        return sorted(name for name, bot in self.bots.items() if bot["tier"] == tier)

    def honest(self):
        """Names of the bots that are not told the cause."""
        return sorted(name for name, bot in self.bots.items() if not bot["informed"])

    def ladder(self):
        """Names of the rungs, most skilled first."""
        return sorted(self.of_tier("ladder"), key=lambda name: self.bots[name]["noise"])

    def whole(self, bots, key):
        """Incidents of which all these bots have a number."""
        return [i for i in self.incidents
                if all(key in self.cells.get((bot, i), {}) for bot in bots)]

    def table(self, bots, incidents, key):
        """table[bot][incident]."""
        return [[self.cells[bot, i][key] for i in incidents] for bot in bots]


def interval(units, figure):
    """95 % of a figure over draws of its units; None when hardly a draw gives a number."""
    generator = random.Random(20261122)
    values = []
    for _ in range(DRAWS if len(units) > 1 else 0):
        value = figure([generator.choice(units) for _ in units])
        if value is not None:
            values.append(value)
    if len(values) < DRAWS // 2:
        return None
    values.sort()
    edge = (1.0 - LEVEL) / 2.0
    return values[int(edge * len(values))], values[int((1.0 - edge) * len(values)) - 1]


class Page:
    """Rows of the table."""

    def __init__(self):
        self.rows = []

    def absent(self, name, what, why):
        """A figure that cannot be computed."""
        self.rows.append({"id": name, "what": what, "target": "", "verdict": "absent", "n": 0,
                          "note": why})

    def add(self, name, what, target, least, value, bounds, count, note=""):
        """A figure; least(low, high) says met (True), missed (False) or open (None)."""
        holds = least(*bounds) if bounds is not None else None  # one sample decides nothing
        verdict = {True: "met", False: "missed", None: "open"}[holds]
        row = {"id": name, "what": what, "target": target, "verdict": verdict, "n": count,
               "note": note, "value": value}
        if bounds is not None:
            row["low"], row["high"] = bounds
        self.rows.append(row)


def at_least(target):
    """Met when all of the interval is at the target or above."""
    return lambda low, high: True if low >= target else None if high >= target else False


def at_most(target):
    """Met when all of the interval is at the target or below."""
    return lambda low, high: True if high <= target else None if low <= target else False


def around_zero(low, high):
    """Met when the interval holds 0."""
    return low <= 0.0 <= high


def tiers(data, page):
    """A1: neighbours among the tiers; means of three are of three different incidents."""
    names = ["T0", "T1", "T2", "T3", "T4"]
    pairs = [*zip(names, names[1:]), ("T1", "T4")]
    for low, high in pairs:
        below, above = data.of_tier(low), data.of_tier(high)
        incidents = data.whole(below + above, "decision")
        for group, target in ((1, 0.75), (3, 0.97 if (low, high) == ("T1", "T4") else 0.90)):
            if group == 1 and (low, high) == ("T1", "T4"):
                continue
            what = f"AUC of S_dec, {high} above {low}, " + (
                "one incident" if group == 1 else "mean of three")
            if not below or not above or len(incidents) < max(2, group):
                page.absent("A1", what, "too few incidents that all of them played")
                continue

            def figure(drawn, group=group, below=below, above=above):
                drawn = drawn[:len(drawn) // group * group]
                sums = []
                for bots in (above, below):
                    table = data.table(bots, drawn, "decision")
                    sums.append([mean(row[i:i + group]) for row in table
                                 for i in range(0, len(drawn), group)])
                return auc(*sums)
            value = figure(incidents)
            means = [mean([mean(row) for row in data.table(bots, incidents, "decision")])
                     for bots in (above, below)]
            page.add("A1", what, f">= {target:.2f}", at_least(target), value,
                     interval(incidents, figure), len(incidents),
                     f"means {means[0]:.0f} and {means[1]:.0f}")


def ladder(data, page):
    """A2 and A3: rungs of known skill over incidents and over families."""
    rungs = data.ladder()
    incidents = data.whole(rungs, "decision")
    if len(rungs) < 4 or len(incidents) < 2:
        page.absent("A2", "ladder", "fewer than four rungs or two incidents that all played")
        page.absent("A3", "reliability of S_dec", "likewise")
        return
    skill = [-data.bots[name]["noise"] for name in rungs]

    def order(drawn):
        return spearman(skill, [mean(row) for row in data.table(rungs, drawn, "decision")])
    table = data.table(rungs, incidents, "decision")
    page.add("A2", "Spearman of skill (1/s) and mean S_dec", ">= .95 on 40 forms", at_least(0.95),
             order(incidents), interval(incidents, order), len(incidents),
             f"{len(rungs)} rungs; means {mean(table[0]):.0f} to {mean(table[-1]):.0f}")
    families = sorted({scenario for scenario, _ in incidents})

    def across(drawn):
        rows = [[mean([data.cells[rung, i]["decision"] for i in incidents if i[0] == family])
                 for family in drawn] for rung in rungs]
        return reliability(rows, 3) if len(set(drawn)) > 1 else None
    what = "reliability of three incidents, wide ladder, over families of faults"
    if len(families) < 2:
        page.absent("A3", what, "one scenario only")
        return
    enough = at_least(0.80) if len(families) >= 6 else lambda low, high: None
    page.add("A3", what, ">= .80, six families", enough, across(families),
             interval(families, across), len(families),
             "" if len(families) >= 6 else f"{len(families)} families, six are needed")


def luck(data, page):
    """A4: luck is nobody's own, and its mean is 0."""
    bots = [bot for bot in data.honest() if bot not in data.of_tier("ladder")] or data.honest()
    incidents = data.whole(bots, "luck")
    if len(bots) < 2 or len(incidents) < 2:
        page.absent("A4", "reliability of luck", "too few incidents that all bots played")
        return

    def own(drawn):
        if len(set(drawn)) < 2:
            return None
        return reliability(data.table(bots, drawn, "luck"), 1)
    page.add("A4", "reliability of luck, one incident", "<= .05", at_most(0.05), own(incidents),
             interval(incidents, own), len(incidents), f"{len(bots)} bots")

    def level(drawn):
        return mean([mean(row) for row in data.table(bots, drawn, "luck")])
    page.add("A4", "mean luck over incidents, share of D_noop", "0 in the interval", around_zero,
             level(incidents), interval(incidents, level), len(incidents))


def criterion(data, page):
    """A6: the score of a policy beside what it is worth on fresh forms, scenario by scenario."""
    pairs = []
    for scenario in data.scenarios:
        least = data.fresh.get((scenario, "noop"), 0.0)
        for bot in data.honest():
            own = [data.cells[bot, i]["decision"] for i in data.incidents
                   if i[0] == scenario and "decision" in data.cells.get((bot, i), {})]
            if own and least > 0:
                pairs.append((scenario, bot, mean(own), -data.fresh[scenario, bot] / least))
    bots = sorted({bot for _, bot, _, _ in pairs})

    def agree(drawn):
        kept = [[p for name in drawn for p in pairs if p[0] == name and p[1] == bot]
                for bot in bots]
        kept = [rows for rows in kept if len(rows) >= 1]
        if len(kept) < 3:
            return None
        return correlation([mean([p[2] for p in rows]) for rows in kept],
                           [mean([p[3] for p in rows]) for rows in kept])
    scenarios = sorted({p[0] for p in pairs})
    value = agree(scenarios) if scenarios else None
    if value is None:
        page.absent("A6", "criterion", "fewer than three bots, or no fresh forms with noop")
        return
    page.add("A6", "correlation over bots of mean S_dec and worth on fresh forms", ">= .95",
             at_least(0.95), value, interval(scenarios, agree), len(bots),
             "damage of fresh forms as a share of doing nothing there")


def gaming(data, page):
    """A7: gamers and their honest twins; a guess that is called unsupported."""
    sd = [mean([(x - mean(row)) ** 2 for x in row]) * len(row) / (len(row) - 1)
          for bot in data.honest()
          for row in [[data.cells[bot, i]["score"] for i in data.incidents
                       if "score" in data.cells.get((bot, i), {})]] if len(row) > 1]
    margin = 0.2 * math.sqrt(mean(sd) / 3.0) if sd else 0.0
    pairs = [(name, bot["twin"], margin) for name, bot in sorted(data.bots.items()) if bot["twin"]]
    for one, other, limit in [*pairs, ("metric-tourist", "greedy-info", 0.0)]:
        incidents = data.whole([one, other], "score")
        what = f"score of {one} above that of {other}"
        if not incidents:
            page.absent("A7", what, "no incident that both played")
            continue

        def gap(drawn, one=one, other=other):
            return mean([data.cells[one, i]["score"] - data.cells[other, i]["score"]
                         for i in drawn])
        page.add("A7", what, f"<= {limit:.1f} points", at_most(limit), gap(incidents),
                 interval(incidents, gap), len(incidents))
    acts = [row["unsupported"] > 0 for (bot, _), row in sorted(data.cells.items())
            if bot == "lucky-prior" and row["acts"] > 0]
    what = "sessions of lucky-prior with an act that is called unsupported"
    if not acts:
        page.absent("A7", what, "it did not act")
        return

    def share(drawn):
        return mean([1.0 if bare else 0.0 for bare in drawn])
    page.add("A7", what, ">= .80", at_least(0.80), share(acts), interval(acts, share), len(acts))


def figures(scenarios):
    """All figures over the scenarios of reports."""
    data, page = Sessions(scenarios), Page()
    for part in (tiers, ladder, luck, criterion, gaming):
        part(data, page)
    return page.rows


WORDS = {"met": "met", "missed": "**missed**", "open": "open", "absent": "not measured"}


def section(scenarios):
    """The part of the page; with fewer than two scenarios it says what is missing."""
    shipped = [s for s in scenarios if not s["control"]]
    if len(shipped) < 2:
        page = Page()
        page.absent("A3", "reliability over families of faults", "needs six scenarios")
        return (f"## Over all scenarios\n\nNot measured: this page has {len(shipped)} of at least "
                "two scenarios, and reliability over families\nof faults (A3) needs six.\n\n",
                page.rows)
    rows = figures(scenarios)
    count = sum(len(s["rows"]) for s in shipped)
    text = (f"## Over all scenarios\n\n{len(shipped)} scenarios, {count} sessions. An incident is "
            "one form of one scenario, a family is a scenario; intervals\ntake incidents (for A3 "
            "and A6: scenarios) as the sample. Forms that only some bots played count for these.\n"
            "\n"
            "| | figure | value | 95 % interval | target | n | verdict | |\n"
            "|---|---|---|---|---|---|---|---|\n")
    for row in rows:
        value = f"{row['value']:.3g}" if "value" in row else ""
        bounds = f"{row['low']:.3g} to {row['high']:.3g}" if "low" in row else ""
        text += (f"| {row['id']} | {row['what']} | {value} | {bounds} | {row['target']} | "
                 f"{row['n']} | {WORDS[row['verdict']]} | {row['note']} |\n")
    return text + "\n", rows
