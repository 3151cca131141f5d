// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { isPage, parseRoute, sessionPath } from "../../src/lib/route.ts";

test("every page has its address", () => {
    const cases: [string, string, string][] = [
        ["/", "practice", ""],
        ["/s/abc", "console", "abc"],
        ["/s/abc/", "console", "abc"],
        ["/s/abc/analysis", "analysis", "abc"],
        ["/s/abc/learn", "learn", "abc"],
        ["/s/abc/whatif", "whatif", "abc"],
        ["/keys", "keys", ""],
        ["/settings", "settings", ""],
        ["/s/", "missing", ""],
        ["/s/abc/other", "missing", ""],
        ["/s/abc/learn/more", "missing", ""],
        ["/nothing", "missing", ""],
    ];
    for (const [path, name, id] of cases) {
        const route = parseRoute(path, "");
        assert.deepEqual([route.name, route.id], [name, id], path);
    }
});

test("a broken escape in an address is kept as it is", () => {
    assert.equal(parseRoute("/s/%zz", "").id, "%zz");
});

test("an address that was made is read back", () => {
    const path = sessionPath("a b/c", "analysis", { t: 120, panel: "" });
    const url = new URL(path, "http://here");
    const route = parseRoute(url.pathname, url.search);
    assert.equal(route.id, "a b/c");
    assert.equal(route.name, "analysis");
    assert.deepEqual([...route.params], [["t", "120"]]);
});

test("what the client has no page for is left to the server", () => {
    for (const path of ["/", "/keys", "/settings", "/s/5b1d", "/s/5b1d/analysis"]) {
        assert.equal(isPage(path), true, path);
    }
    for (const path of ["/account", "/docs/api", "/openapi.json", "/metrics", "/kpi", "/signin"]) {
        assert.equal(isPage(path), false, path);
    }
});
