// SPDX-License-Identifier: Apache-2.0
//
// Arguments of actions from what was typed.
import type { Action, ActionArgument } from "../api/types.ts";
import { numberText, spanWords } from "../lib/format.ts";

/** The value of one argument, or null while it is empty or no value of its kind. */
function valueOf(argument: ActionArgument, typed: string): string | number | null {
    const text = typed.trim();
    if (text === "") {
        return null;
    }
    if (argument.options && argument.options.length > 0) {
        return argument.options.includes(text) ? text : null;
    }
    if (argument.kind === "share") {
        const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
        const share = percent ? Number(percent[1]) / 100 : Number(text);
        return Number.isFinite(share) ? share : null;
    }
    if (argument.kind === "seconds") {
        return /^\d+(\.\d+)?\s*(ms|s|m|h)$/.test(text) ? text.replace(/\s+/g, "") : Number.isFinite(Number(text)) ? Number(text) : null;
    }
    return Number.isFinite(Number(text)) ? Number(text) : null;
}

/** All arguments by name, or null while one is missing. */
export function argumentsOf(action: Action, values: Record<string, string>): Record<string, unknown> | null {
    const read: Record<string, unknown> = {};
    for (const argument of action.args) {
        const value = valueOf(argument, values[argument.name] ?? "");
        if (value === null) {
            return null;
        }
        read[argument.name] = value;
    }
    return read;
}

/** What an argument takes, in a few words. */
export function argumentText(argument: ActionArgument): string {
    const parts = [argument.doc];
    const { kind, low, high } = argument;
    if (low !== undefined && high !== undefined) {
        const text = (value: number): string =>
            kind === "share" ? `${value * 100} %` : kind === "seconds" ? spanWords(value) : numberText(value);
        parts.push(`${text(low)} to ${text(high)}`);
    }
    return parts.filter((part) => part !== "").join(", ");
}
