// SPDX-License-Identifier: Apache-2.0
//
// The command line: what an engineer types becomes a command of the session protocol, with the words
// of the terminal (`plumb play`, `help`). Names are completed; a word that fits nothing is refused
// with the nearest one.
import type { Action, Command, Lexicon } from "../api/types.ts";
import { nearest } from "../lib/nearest.ts";

/** What a line means. */
export type Parsed =
    | { kind: "empty" }
    | { kind: "command"; command: Command; words: string }
    | { kind: "act"; action: string; args: string[] }
    | { kind: "error"; message: string };

export const VERBS = [
    "panel",
    "query",
    "metrics",
    "logs",
    "traces",
    "trace",
    "changes",
    "db",
    "alerts",
    "topology",
    "pods",
    "edges",
    "flags",
    "runbook",
    "people",
    "ask",
    "believe",
    "update",
    "message",
    "status",
    "wait",
    "close",
];

const VIEWS = ["activity", "sessions", "locks", "statements", "plan", "replication", "connections"];
const STATES = ["investigating", "identified", "monitoring", "resolved"];
const SPLITS = ["route", "pod", "code", "dependency", "outcome", "partition"];
const LEVELS: Record<string, string> = { error: "error", errors: "error", warn: "warn", warning: "warn", info: "info" };

class Refused extends Error {}

/** Words of a line; quotes hold together. */
export function splitLine(line: string): string[] {
    const words: string[] = [];
    for (const match of line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)) {
        words.push(match[1] ?? match[2] ?? match[3] ?? "");
    }
    return words;
}

function isSpan(word: string | undefined): boolean {
    return word !== undefined && /^\d+(\.\d+)?(ms|s|m|h)$/.test(word);
}

/** The whole name of a word that may be shortened. */
function name(kind: string, typed: string | undefined, names: string[]): string {
    if (typed === undefined || typed === "") {
        throw new Refused(`Which ${kind}? There are ${names.slice(0, 12).join(", ")}.`);
    }
    const exact = names.find((each) => each.toLowerCase() === typed.toLowerCase());
    const starts = names.filter((each) => each.toLowerCase().startsWith(typed.toLowerCase()));
    if (exact !== undefined || starts.length === 1) {
        return exact ?? starts[0] ?? "";
    }
    if (starts.length > 1) {
        throw new Refused(`\`${typed}\` could be ${starts.slice(0, 8).join(", ")}.`);
    }
    const near = nearest(typed, names);
    throw new Refused(near === "" ? `There is no ${kind} \`${typed}\`.` : `There is no ${kind} \`${typed}\`; did you mean \`${near}\`?`);
}

const fits = (typed: string | undefined, names: string[]): boolean =>
    typed !== undefined && names.some((each) => each.toLowerCase().startsWith(typed.toLowerCase()));

const unique = (names: string[]): string[] => [...new Set(names)];

/** Names that stand for a part of the system. */
export function targets(lexicon: Lexicon): string[] {
    return unique([...lexicon.services, ...Object.keys(lexicon.panels)]);
}

type Reader = (words: string[], rest: string, lexicon: Lexicon) => Record<string, unknown>;

/** A word that no reader knows would be left out in silence, and the look would show something else. */
function noMore(words: string[]): void {
    if (words.length > 0) {
        throw new Refused(`\`${words[0]}\` is one word too many.`);
    }
}

function plainLook(words: string[]): Record<string, unknown> {
    noMore(words);
    return {};
}

function readPanel(words: string[], _: string, lexicon: Lexicon): Record<string, unknown> {
    const members: Record<string, unknown> = {};
    const left: string[] = [];
    for (let at = 0; at < words.length; at += 1) {
        const word = words[at];
        if (word === "by") {
            at += 1;
            members.by = name("split", words[at], SPLITS);
        } else if (isSpan(word)) {
            members.window = word;
        } else if (word !== undefined) {
            left.push(word);
        }
    }
    const all = unique(Object.values(lexicon.panels).flat());
    if (fits(left[0], targets(lexicon))) {
        members.service = name("service", left.shift(), targets(lexicon));
    }
    const known = lexicon.panels[String(members.service ?? "")] ?? all;
    members.panel = name("panel", left.shift() ?? "latency", known);
    members.service ??= lexicon.services[0];
    if (members.by === undefined && fits(left[0], SPLITS)) {
        members.by = name("split", left.shift(), SPLITS); // `by` itself may be left out
    }
    noMore(left);
    return members;
}

function readLogs(words: string[], _: string, lexicon: Lexicon): Record<string, unknown> {
    const members: Record<string, unknown> = {};
    const sources = unique([...targets(lexicon), "edge", "events"]);
    members.service = name("source of logs", words[0], sources);
    const filter: string[] = [];
    for (let at = 1; at < words.length; at += 1) {
        const word = words[at] ?? "";
        if (LEVELS[word] !== undefined && members.level === undefined && filter.length === 0) {
            members.level = LEVELS[word];
        } else if (isSpan(word)) {
            members.window = word;
        } else if (word === "limit") {
            at += 1;
            members.limit = Number(words[at]) || 50;
        } else {
            filter.push(word);
        }
    }
    if (filter.length > 0) {
        members.filter = filter.join(" ");
    }
    return members;
}

function readTraces(words: string[], _: string, lexicon: Lexicon): Record<string, unknown> {
    const members: Record<string, unknown> = {};
    for (let at = 0; at < words.length; at += 1) {
        const word = words[at] ?? "";
        if (word === "errors") {
            members.errors = true;
        } else if (word === "over") {
            at += 1;
            members.min_ms = milliseconds(words[at]);
        } else if (isSpan(word)) {
            members.window = word;
        } else if (word.startsWith("/") || members.service !== undefined) {
            members.route = word;
        } else {
            members.service = name("service", word, lexicon.services);
        }
    }
    return members;
}

function milliseconds(span: string | undefined): number {
    const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(span ?? "");
    if (!match) {
        throw new Refused("`over` is followed by a duration such as 1s or 500ms.");
    }
    const scale = { ms: 1, s: 1000, m: 60_000 }[match[2] ?? "s"] ?? 1000;
    return Number(match[1]) * scale;
}

function readDb(words: string[], _: string, lexicon: Lexicon): Record<string, unknown> {
    const left = [...words];
    const members: Record<string, unknown> = {};
    const known = lexicon.databases;
    members.db = left.length > 1 && fits(left[0], known) ? name("database", left.shift(), known) : known[0];
    members.view = name("view", left.shift(), VIEWS);
    for (const word of left) {
        members[isSpan(word) ? "window" : "name"] = word;
    }
    return members;
}

const peopleOf = (lexicon: Lexicon): string[] => lexicon.people.map((person) => person.id);

/** The rest of a line after `count` words, as it was typed, without quotes around all of it. */
function after(line: string, count: number): string {
    const rest = line.trim().replace(new RegExp(`^(\\S+\\s*){0,${count}}`), "");
    return rest.replace(/^"([^"]*)"$/, "$1").trim();
}

function needed(text: string, message: string): string {
    if (text === "") {
        throw new Refused(message);
    }
    return text;
}

const LOOKS: Record<string, Reader> = {
    panel: readPanel,
    logs: readLogs,
    traces: readTraces,
    db: readDb,
    query: (_, rest) => {
        const over = /^(.*\S)\s+over\s+(\d+[smh])$/.exec(rest);
        const expr = needed(over?.[1] ?? rest, "A query follows, such as `sum(rate(x_count[5m]))`.");
        return over ? { expr, window: over[2] } : { expr };
    },
    metrics: (words) => (words[0] === undefined ? {} : { filter: words[0] }),
    trace: (words) => ({ id: needed(words[0] ?? "", "Which trace? `traces` lists them with their ids.") }),
    changes: (words) => {
        noMore(isSpan(words[0]) ? words.slice(1) : words);
        return words[0] === undefined ? {} : { window: words[0] };
    },
    alerts: plainLook,
    topology: plainLook,
    flags: plainLook,
    people: plainLook,
    status: plainLook,
    pods: (words, _, lexicon) => (words[0] ? { service: name("service", words[0], lexicon.services) } : {}),
    edges: (words, _, lexicon) => (words[0] ? { service: name("service", words[0], lexicon.services) } : {}),
    runbook: (words) => (words[0] ? { page: words[0] } : {}),
    ask: (words, rest, lexicon) => ({
        person: name("person", words[0], peopleOf(lexicon)),
        question: needed(after(rest, 1), `What do you ask? \`ask ${peopleOf(lexicon)[0] ?? "name"} what changed today?\``),
    }),
};

/** Claims such as `checkout-api pool "held too long" because flag x 60 ; orders-db plan 30`. */
function readClaims(rest: string): Record<string, unknown> {
    if (rest === "") {
        return {};
    }
    const claims = rest.split(/\s;\s/).map((text) => {
        const words = splitLine(text);
        const percent = Number((words.pop() ?? "").replace(/%$/, ""));
        if (!Number.isFinite(percent) || percent < 0 || percent > 100 || words.length === 0) {
            throw new Refused(`A claim ends with its percent, such as \`checkout-api pool 60\`; found \`${text}\`.`);
        }
        const because = words.indexOf("because");
        const trigger = because < 0 ? "" : words.slice(because + 1).join(" ");
        const [component = "", mechanism = "", ...detail] = because < 0 ? words : words.slice(0, because);
        return { component, mechanism, detail: detail.join(" "), trigger, p: percent / 100 };
    });
    return { claims };
}

const SAYS: Record<string, Reader> = {
    believe: (_, rest) => readClaims(rest),
    update: (words, rest) => ({
        status: name("status", words[0], STATES),
        text: needed(after(rest, 1), "What do you tell? `update investigating \"Checkout is slow.\"`"),
    }),
    message: (words, rest) => ({
        to: needed(words[0] ?? "", "To whom? `people` lists the names."),
        text: needed(after(rest, 1), "What do you write? `message ines I turn the flag back`"),
    }),
};

function readVerb(verb: string, words: string[], rest: string, lexicon: Lexicon): Command {
    const look = LOOKS[verb];
    const say = SAYS[verb];
    if (look) {
        return { do: "look", what: verb, ...look(words, rest, lexicon) };
    }
    if (say) {
        return { do: "say", what: verb, ...say(words, rest, lexicon) };
    }
    if (verb === "wait") {
        return words[0] === undefined ? { do: "wait", for: "5m", wake: true } : { do: "wait", for: words[0] };
    }
    return { do: "close" };
}

/** Read a line. */
export function parseLine(line: string, lexicon: Lexicon, actions: Action[]): Parsed {
    const words = splitLine(line);
    if (words.length === 0) {
        return { kind: "empty" };
    }
    try {
        const known = [...VERBS, ...actions.map((action) => action.name)];
        const verb = name("command", words[0], known);
        if (!VERBS.includes(verb)) {
            return { kind: "act", action: verb, args: words.slice(1).filter((word) => word !== "to") };
        }
        const command = readVerb(verb, words.slice(1), after(line, 1), lexicon);
        return { kind: "command", command, words: words.join(" ") };
    } catch (error) {
        if (error instanceof Refused) {
            return { kind: "error", message: error.message };
        }
        throw error;
    }
}

/** Whole words that may stand at the end of the line, for Tab. */
export function lineProposals(line: string, lexicon: Lexicon, actions: Action[]): string[] {
    const words = splitLine(line);
    const typed = line.endsWith(" ") || line === "" ? "" : (words.pop() ?? "");
    const verb = words[0];
    const all = (): string[] => {
        if (verb === undefined) {
            return [...VERBS, ...actions.map((action) => action.name)];
        }
        const action = actions.find((each) => each.name === verb);
        if (action) {
            return action.args[words.length - 1]?.options ?? [];
        }
        if (verb === "panel") {
            const service = words.find((word) => lexicon.panels[word]);
            return words.at(-1) === "by" ? SPLITS : service ? [...(lexicon.panels[service] ?? []), "by"] : targets(lexicon);
        }
        if (verb === "logs") {
            return words.length === 1 ? [...targets(lexicon), "edge", "events"] : ["error", "warn", "limit"];
        }
        if (verb === "db") {
            return [...lexicon.databases, ...VIEWS];
        }
        if (verb === "ask" || verb === "message") {
            return words.length === 1 ? peopleOf(lexicon) : [];
        }
        if (verb === "update") {
            return words.length === 1 ? STATES : [];
        }
        return ["pods", "edges", "traces"].includes(verb) ? lexicon.services : verb === "believe" ? targets(lexicon) : [];
    };
    return all().filter((word) => word.startsWith(typed) && word !== typed);
}
