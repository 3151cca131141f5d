// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { keep, numbersOf, recall } from "../../src/lib/kept.ts";

/** Storage as browsers have it. */
class Shelf {
    private readonly texts = new Map<string, string>();
    getItem = (name: string): string | null => this.texts.get(name) ?? null;
    setItem = (name: string, text: string): void => void this.texts.set(name, text);
    removeItem = (name: string): void => void this.texts.delete(name);
}

test("a text is kept by name and place, and an empty one is forgotten", () => {
    Object.assign(globalThis, { sessionStorage: new Shelf(), localStorage: new Shelf() });
    keep("update-1", "Checkout is slow");
    assert.equal(recall("update-1"), "Checkout is slow");
    assert.equal(recall("update-1", "browser"), "");
    keep("update-1", "");
    assert.equal(recall("update-1"), "");
});

test("a browser that stores nothing only forgets", () => {
    const refuse = (): never => {
        throw new Error("not allowed");
    };
    Object.assign(globalThis, { sessionStorage: { getItem: refuse, setItem: refuse, removeItem: refuse } });
    keep("x", "y");
    assert.equal(recall("x"), "");
});

test("a kept list holds numbers only", () => {
    assert.deepEqual(numbersOf("[1,2]"), [1, 2]);
    assert.deepEqual(numbersOf('[1,"x"]'), [1]);
    assert.deepEqual(numbersOf("{"), []);
    assert.deepEqual(numbersOf(""), []);
});
