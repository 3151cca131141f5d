#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Figures over several scenarios, of made-up sessions whose answer is known."""

import random
import unittest

import pooled

RUNGS = [("ladder-01", 0.25), ("ladder-04", 1.0), ("ladder-07", 2.0), ("ladder-10", 4.0)]
TIERS = [("noop", "T0"), ("premature-map", "T1"), ("tunnel-vision", "T2"), ("greedy-info", "T3"),
         ("planner", "T4")]


def bot(name, tier, noise=0.0, twin="", informed=False):
    """A bot as report.json has it."""
    return {"bot": name, "tier": tier, "noise": noise, "twin": twin, "informed": informed,
            "fresh_budget_share": 1.0}


def scenario(name, forms, skill, noise, seed):
    """A scenario in which S_dec is 20 per tier and -10 per unit of noise, plus chance."""
    chance = random.Random(seed)
    bots = [bot(n, t) for n, t in TIERS] + [bot(n, "ladder", s) for n, s in RUNGS]
    bots += [bot("hedger", "gamer", twin="greedy-info"), bot("lucky-prior", "ref", informed=True)]
    level = {n: skill * int(t[1]) for n, t in TIERS}
    level.update({n: 90.0 - 0.5 * skill * s for n, s in RUNGS})
    level.update({"hedger": level["greedy-info"] - 5.0, "lucky-prior": 50.0})
    rows = []
    for form in range(forms):
        for one in bots:
            value = level[one["bot"]] + chance.gauss(0.0, noise)
            rows.append({"bot": one["bot"], "form": form, "cause": "x", "decision": value,
                         "score": value, "damage": 1.0 - value / 100.0,
                         "luck": chance.gauss(0.0, 0.1), "luck_se": 0.1, "acts": 1,
                         "unsupported": 1 if one["bot"] == "lucky-prior" else 0, "cpu_s": 1.0})
    for one in bots:
        one["fresh_budget_share"] = 2.0 - level[one["bot"]] / 100.0
    return {"scenario": name, "control": False, "rows": rows, "bots": bots}


def run(skill, noise):
    """Figures of six scenarios of two forms, by name and words."""
    scenarios = [scenario(f"s{i}", 2, skill, noise, i) for i in range(6)]
    return {(row["id"], row["what"]): row for row in pooled.figures(scenarios)}


def find(rows, name, words):
    """The one figure whose name and words these are."""
    found = [row for (row_id, what), row in rows.items() if row_id == name and words in what]
    assert len(found) == 1, (name, words, len(found))
    return found[0]


class Pooled(unittest.TestCase):
    def test_skill_is_found(self):
        rows = run(20.0, 2.0)
        self.assertEqual(find(rows, "A1", "T4 above T3, one")["verdict"], "met")
        self.assertEqual(find(rows, "A1", "T4 above T1, mean of three")["verdict"], "met")
        self.assertGreater(find(rows, "A2", "Spearman")["value"], 0.99)
        self.assertEqual(find(rows, "A3", "over families")["verdict"], "met")
        self.assertGreater(find(rows, "A6", "worth")["value"], 0.99)
        self.assertEqual(find(rows, "A7", "hedger")["verdict"], "met")
        self.assertEqual(find(rows, "A7", "lucky-prior")["value"], 1.0)

    def test_chance_is_not_taken_for_skill(self):
        rows = run(0.0, 20.0)
        self.assertNotEqual(find(rows, "A1", "T4 above T3, one")["verdict"], "met")
        self.assertNotEqual(find(rows, "A3", "over families")["verdict"], "met")
        self.assertLess(abs(find(rows, "A4", "mean luck")["value"]), 0.05)

    def test_luck_that_is_somebodys_own_shows(self):
        scenarios = [scenario(f"s{i}", 2, 20.0, 2.0, i) for i in range(6)]
        for one in scenarios:
            for row in one["rows"]:
                row["luck"] += 1.0 if row["bot"] == "planner" else 0.0
        rows = {(row["id"], row["what"]): row for row in pooled.figures(scenarios)}
        self.assertEqual(find(rows, "A4", "reliability")["verdict"], "missed")
        self.assertEqual(find(rows, "A4", "mean luck")["verdict"], "missed")

    def test_what_few_played_is_not_measured(self):
        scenarios = [scenario("s0", 1, 20.0, 2.0, 0), scenario("s1", 1, 20.0, 2.0, 1)]
        for one in scenarios:
            one["rows"] = [row for row in one["rows"] if not row["bot"].startswith("ladder")]
        rows = {(row["id"], row["what"]): row for row in pooled.figures(scenarios)}
        self.assertEqual(find(rows, "A2", "ladder")["verdict"], "absent")
        self.assertEqual(find(rows, "A1", "T1 above T0, mean of three")["verdict"], "absent")
        text, _ = pooled.section(scenarios)
        self.assertIn("not measured", text)
        text, rows = pooled.section(scenarios[:1])
        self.assertIn("Not measured", text)
        self.assertEqual([row["verdict"] for row in rows], ["absent"])

    def test_a_control_is_left_out(self):
        scenarios = [scenario(f"s{i}", 2, 20.0, 2.0, i) for i in range(3)]
        scenarios[0]["control"] = True
        self.assertEqual({s for s, _ in pooled.Sessions(scenarios).incidents}, {"s1", "s2"})


if __name__ == "__main__":
    unittest.main()
