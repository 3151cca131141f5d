// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { clockSeconds, clockText, numberText, spanText, spanWords, valueText } from "../../src/lib/format.ts";

test("a time of day is read and written", () => {
    assert.equal(clockText(clockSeconds("11:42:07")), "11:42:07");
    assert.equal(clockText(clockSeconds("11:42:07"), false), "11:42");
    assert.equal(clockText(86_400 + 61), "00:01:01");
    assert.equal(clockText(-1), "23:59:59");
});

test("spans of time", () => {
    assert.deepEqual([0, 59, 61, 3600, -90].map(spanText), ["00:00", "00:59", "01:01", "1:00:00", "-01:30"]);
    assert.deepEqual([45, 120, 3600, 3900].map(spanWords), ["45 s", "2 min", "1 h", "1 h 5 min"]);
});

test("values keep three digits and carry their unit", () => {
    const cases: [number | null, string, string][] = [
        [2.4705, "s", "2.47 s"],
        [0.0063, "s", "6.3 ms"],
        [0.0000021, "s", "2.1 µs"],
        [0, "s", "0 s"],
        [0.026, "ratio", "2.6 %"],
        [1, "ratio", "100 %"],
        [490.13, "/s", "490 /s"],
        [956_610_000, "By", "912 MiB"],
        [64, "", "64"],
        [100, "", "100"],
        [20_000, "", "20 k"],
        [null, "s", "no data"],
    ];
    for (const [value, unit, text] of cases) {
        assert.equal(valueText(value, unit), text);
    }
    assert.equal(numberText(-1234567), "-1.23 M");
});
