// SPDX-License-Identifier: Apache-2.0
//
// Acts as text and as commands, and whether a try is near enough to the best.
import type { Action, Command } from "../api/types.ts";
import { SMALL_SHARE } from "./moves.ts";

/** An act as the judge writes it (`flag fraud-inline-v2 40%`) as commands; none when it is no act. */
export function commandsOf(line: string, actions: Action[]): Command[] {
    const [name = "", ...args] = line.trim().split(/\s+/);
    return actions.some((action) => action.name === name)
        ? [{ do: "act", action: name, args, confirm: true }]
        : [];
}

/** Commands as one line; nothing done is `no act`. */
export function lineOf(commands: Command[]): string {
    const lines = commands.map((command) => {
        const args = Array.isArray(command.args) ? command.args : Object.values((command.args as object) ?? {});
        return [String(command.action), ...args.map(String)].join(" ");
    });
    return lines.length === 0 ? "no act" : lines.join(", then ");
}

/** Lines of the address (`do=...`, several) as commands; what is no act is left out. */
export function commandsFrom(lines: string[], actions: Action[]): Command[] {
    return lines.flatMap((line) => commandsOf(line, actions));
}

/**
 * Whether a try is as good as the best, but for what the judge calls no regret.
 *
 * @param tried damage of the try
 * @param best damage of the judge's better line, by the same chance
 * @param noop damage of doing nothing
 */
export function nearBest(tried: number, best: number, noop: number): boolean {
    return tried - best <= SMALL_SHARE * noop;
}
