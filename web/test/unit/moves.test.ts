// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { betterOf, evidenceOf, grades, moveAt, nextOf, reasonOf, shown, wordsOf } from "../../src/board/moves.ts";
import { beliefAt, beyondText, budgetText, figureText } from "../../src/board/report.ts";
import type { Move, Report } from "../../src/board/report.ts";

const move = (change: Partial<Move>): Move => ({
    seq: 1,
    t_s: 0,
    kind: "look",
    text: "alerts",
    bits: null,
    bits_expected: null,
    bits_best: null,
    value: 0.8,
    regret: 0,
    regret_true: 0,
    label: "sound",
    se: null,
    errors: {},
    rate_share: 0,
    better_look: "",
    better: "",
    saving: 0,
    ...change,
});

const report = (moves: Move[]): Report => ({
    scenario: "s",
    seed: 1,
    cause: "lock",
    clock: "turn",
    particles: 4,
    moves,
    belief: [
        { t_s: 0, entropy_bits: 2, classes: { lock: 0.5, pool: 0.5 } },
        { t_s: 30, entropy_bits: 0.1, classes: { lock: 0.9, pool: 0.1 } },
    ],
    damage: 1,
    damage_noop: 2,
    damage_adjusted: { value: 1, se: 0.1 },
    luck: { value: 0, se: 0.1 },
    profile: {},
    score: { value: 60, se: 15 },
    notes: [],
    cpu_s: 1,
});

const four = report([
    move({ seq: 1, bits_expected: 1.2, rate_share: 0.95 }),
    move({ seq: 2, t_s: 30, kind: "act", label: "error", regret: 0.4, errors: { regret: 0.02 }, better: "shed 95%", saving: 0.48 }),
    move({ seq: 3, t_s: 60, kind: "act", value: 0.2 }),
    move({ seq: 4, t_s: 90, kind: "wait", label: "unlucky", value: 0.1 }),
]);

test("one grade serves list and trainer", () => {
    assert.deepEqual(grades(four).map((grade) => grade.glyph), ["!", "??", "!", "~"]);
    assert.deepEqual(shown(four, "mistakes"), [1]);
    assert.deepEqual(shown(four, "judged"), [0, 1, 2, 3]);
    const faults = grades(four).flatMap((grade, index) => (grade.fault ? [index] : []));
    assert.deepEqual(shown(four, "mistakes"), faults);
});

test("a small fault is no grave one, and a lucky move is a fault", () => {
    const small = report([move({ label: "error", regret: 0.1 }), move({ label: "lucky", regret: 0.5 })]);
    assert.deepEqual(grades(small).map((grade) => grade.glyph), ["?", "?!"]);
    assert.deepEqual(shown(small, "mistakes"), [0, 1]);
});

test("a second finds its move and its belief", () => {
    assert.equal(moveAt(four, 59), 1);
    assert.equal(moveAt(four, -1), -1);
    assert.equal(beliefAt(four, 29)?.entropy_bits, 2);
    assert.equal(beliefAt(four, 30)?.entropy_bits, 0.1);
});

test("the next move of a kind begins again at the first", () => {
    assert.equal(nextOf(4, 1, (index) => index === 0), 0);
    assert.equal(nextOf(4, 1, () => false), -1);
});

test("moves are told in words", () => {
    const panel = { do: "look", what: "panel", service: "checkout-api", panel: "pool", by: "route" } as const;
    assert.equal(wordsOf(four.moves[0]!, panel, 30), "Opened checkout-api pool by route");
    assert.equal(wordsOf(four.moves[3]!, null, 270), "Waited 3 min");
    assert.equal(wordsOf(move({ kind: "act", text: "flag x 0%" }), null, 0), "Flag x 0%");
    assert.match(reasonOf(four.moves[1]!), /^Cost 40 ± 2 % of the month's budget/);
    assert.equal(betterOf(four.moves[1]!), "shed 95%, saves 48 % of what was still at stake");
});

test("figures carry their error and no false digits", () => {
    assert.equal(figureText(64.3, 11.2), "64 ± 11");
    assert.equal(budgetText(0.4098, 0), "41 ± <1 %");
    assert.equal(figureText(-0.0001, 0.05), "0.00 ± 0.05");
    assert.equal(figureText(null, null), "none");
});

test("the evidence of an act is what told most since the act before", () => {
    const moves = [
        move({ seq: 1, t_s: 0, bits: 3 }),
        move({ seq: 2, t_s: 10, kind: "act" }),
        move({ seq: 3, t_s: 20, bits: 0.05 }),
        move({ seq: 4, t_s: 30, bits: 0.4 }),
        move({ seq: 5, t_s: 40, bits: 1.2 }),
        move({ seq: 6, t_s: 50, bits: 0.2 }),
        move({ seq: 7, t_s: 80, kind: "act" }),
    ];
    assert.deepEqual(evidenceOf(moves, 6), [
        { index: 4, before_s: 40, bits: 1.2 },
        { index: 3, before_s: 50, bits: 0.4 },
    ]);
    assert.deepEqual(evidenceOf(moves, 4), []);
    assert.deepEqual(evidenceOf(moves, 1).map((each) => each.index), [0]);
});

test("a figure outside of its scale says why, one inside says nothing", () => {
    assert.equal(beyondText({ value: 99, se: 3 }, 0, 100), "");
    assert.equal(beyondText({ value: null, se: null }, 0, 100), "");
    assert.match(beyondText({ value: 133, se: 17 }, 0, 100), /above 100: an estimate/);
    assert.match(beyondText({ value: 133, se: 4 }, 0, 100), /above 100, and more than its error/);
    assert.match(beyondText({ value: -0.04, se: 0.27 }, 0, Infinity), /below 0: an estimate/);
});
