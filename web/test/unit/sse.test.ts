// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { EventParser } from "../../src/api/sse.ts";

const stream =
    "retry: 700\n: heartbeat\n\nevent: entry\nid: 4\ndata: {\"a\":1}\n\n" +
    "event: clock\r\ndata: one\r\ndata: two\r\n\r\nid: 5\nevent: entry\ndata:x\n\n";
const expected = [
    { event: "entry", data: '{"a":1}', id: "4" },
    { event: "clock", data: "one\ntwo", id: "" },
    { event: "entry", data: "x", id: "5" },
];

test("events are the same however the stream is cut", () => {
    for (let size = 1; size <= stream.length; size += 1) {
        const parser = new EventParser();
        const events = [];
        for (let at = 0; at < stream.length; at += size) {
            events.push(...parser.push(stream.slice(at, at + size)));
        }
        assert.deepEqual(events, expected, `pieces of ${size}`);
        assert.equal(parser.retryMs, 700);
    }
});

test("an event that was cut off is not told", () => {
    const parser = new EventParser();
    assert.deepEqual(parser.push("event: entry\nid: 9\ndata: half\n"), []);
});
