// SPDX-License-Identifier: Apache-2.0
//
// Where in the console the answer to a command is seen, as parameters of the address.
import type { Command } from "../api/types.ts";

/** Parameters that bring the answer into view; empty when it is in view anyway. */
export function revealOf(command: Command): Record<string, string> {
    if (command.do !== "look") {
        return {};
    }
    const part = (name: string): string => (command[name] === undefined ? "" : String(command[name]));
    switch (command.what) {
        case "panel":
            return { tab: "", at: part("service") };
        case "query":
            return { tab: "", q: part("expr") };
        case "logs":
            return { tab: "logs", source: part("service"), level: part("level"), find: part("filter") };
        case "traces":
            return { tab: "traces", service: part("service"), trace: "" };
        case "trace":
            return { tab: "traces", trace: part("id") };
        case "db":
            return { tab: "databases", db: part("db"), view: part("view"), statement: part("name") };
        case "runbook":
            return { tab: "runbook", page: part("page") };
        case "alerts":
        case "flags":
        case "pods":
        case "edges":
        case "people":
        case "status":
        case "metrics":
            return { tab: "inventory", list: part("what"), service: part("service") };
        default:
            return {};
    }
}
