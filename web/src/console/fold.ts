// SPDX-License-Identifier: Apache-2.0
//
// From the entries of a session to what the console shows: state = fold(entries). The same entries
// in any order of arrival give the same state.
import { clockSeconds } from "../lib/format.ts";
import type { Answer, Claim, Command, Entry, Observation, PostedView, SessionEvent } from "../api/types.ts";

/** A look as it was shown; `t_s` says how old it is. */
export interface Seen {
    seq: number;
    t_s: number;
    clock: string;
    command: Command;
    observation: Observation;
}

/** Something on the strip at the bottom. */
export interface Moment {
    t_s: number;
    clock: string;
    kind: "page" | "look" | "ask" | "say" | "act" | "effect" | "update" | "news" | "close";
    title: string;
    seq: number;
}

/** A line of the chat. */
export interface ChatLine {
    t_s: number;
    clock: string;
    from: string;
    kind: SessionEvent["kind"] | "you" | "update";
    title: string;
    text: string;
}

/** An act that was done. */
export interface Deed {
    t_s: number;
    clock: string;
    title: string;
    effective: string;
}

/** All that follows from the entries. */
export interface Fold {
    t_s: number;
    clock: string;
    done: boolean;
    seen: Record<string, Seen>;
    moments: Moment[];
    chat: ChatLine[];
    deeds: Deed[];
    claims: Claim[];
    posted: PostedView[];
    pages: SessionEvent[];
    /** simulated seconds at which the next update is due, or null when it is not known */
    due_s: number | null;
}

/** What is looked at, regardless of the time window: two looks with one key show the same thing. */
export function lookKey(command: Command): string {
    const part = (name: string): string => (command[name] === undefined ? "" : String(command[name]));
    const what = part("what");
    switch (what) {
        case "panel":
            return `panel|${part("service")}|${part("panel")}|${part("by")}`;
        case "query":
            return `query|${part("expr")}`;
        case "trace":
            return `trace|${part("id")}`;
        case "db":
            return `db|${part("db")}|${part("view")}|${part("name")}`;
        case "runbook":
            return `runbook|${part("page")}`;
        case "pods":
        case "edges":
            return `${what}|${part("service")}`;
        default:
            return what;
    }
}

/** Nothing has happened yet but the opening. */
export function openFold(opening: Answer): Fold {
    const fold: Fold = {
        t_s: opening.t_s,
        clock: opening.clock,
        done: false,
        seen: {},
        moments: [],
        chat: [],
        deeds: [],
        claims: [],
        posted: [],
        pages: [],
        due_s: null,
    };
    for (const event of opening.events) {
        addEvent(fold, event, 0);
    }
    return fold;
}

function addEvent(fold: Fold, event: SessionEvent, seq: number): void {
    const { t_s, clock, kind } = event;
    fold.chat.push({ t_s, clock, from: event.from, kind, title: event.title, text: event.text });
    if (kind === "page") {
        fold.pages.push(event);
    }
    const shown: Record<SessionEvent["kind"], Moment["kind"]> = {
        page: "page",
        resolved: "page",
        answer: "news",
        message: "news",
        stakeholder: "news",
        effect: "effect",
    };
    fold.moments.push({ t_s, clock, kind: shown[kind] ?? "news", title: event.title, seq });
}

/** Words for a look, such as `panel checkout-api latency by route`. */
export function lookWords(command: Command): string {
    const part = (name: string): string => (command[name] === undefined ? "" : ` ${String(command[name])}`);
    const by = command.by ? ` by ${String(command.by)}` : "";
    const rest = ["service", "db", "panel", "view", "name", "page", "expr", "person", "id"].map(part).join("");
    return `${String(command.what)}${rest}${by}`;
}

function addLook(fold: Fold, entry: Entry, command: Command): void {
    const { answer, seq } = entry;
    const observation = answer.observation;
    if (observation === undefined) {
        return;
    }
    const asked = command.what === "ask";
    fold.seen[lookKey(command)] = { seq, t_s: answer.t_s, clock: answer.clock, command, observation };
    if (asked) {
        addWords(fold, answer, String(command.person), String(command.question));
    }
    const kind = asked ? "ask" : "look";
    fold.moments.push({ t_s: answer.t_s, clock: answer.clock, kind, title: lookWords(command), seq });
}

function addWords(fold: Fold, answer: Answer, to: string, text: string): void {
    const { t_s, clock } = answer;
    fold.chat.push({ t_s, clock, from: "you", kind: "you", title: `to ${to}`, text });
}

function addSay(fold: Fold, entry: Entry, command: Command): void {
    const { answer, seq } = entry;
    const { observation, t_s, clock } = answer;
    const moment = (kind: Moment["kind"], title: string): void => {
        fold.moments.push({ t_s, clock, kind, title, seq });
    };
    if (observation?.type === "belief") {
        const view = observation as { claims: Claim[] };
        fold.claims = view.claims;
        if (command.claims !== undefined) {
            moment("say", "what you believe");
        }
    } else if (observation?.type === "posted") {
        const posted = observation as PostedView;
        fold.posted.push(posted);
        fold.due_s = posted.next_due ? t_s + ahead(clock, posted.next_due) : null;
        const text = posted.text;
        fold.chat.push({ t_s, clock, from: "status page", kind: "update", title: posted.status, text });
        moment("update", posted.status);
    } else if (command.what === "message") {
        addWords(fold, answer, String(command.to), String(command.text));
        moment("say", `message to ${String(command.to)}`);
    } else if (command.what === "postmortem") {
        moment("say", "postmortem");
    }
}

/** Seconds from one time of day to a later one, over midnight if need be. */
function ahead(from: string, to: string): number {
    return (clockSeconds(to) - clockSeconds(from) + 86_400) % 86_400;
}

function addAct(fold: Fold, entry: Entry): void {
    const { answer, seq } = entry;
    const view = answer.observation as { type?: string; title?: string; effective?: string } | undefined;
    if (view?.type !== "act") {
        return;
    }
    const { t_s, clock } = answer;
    fold.deeds.push({ t_s, clock, title: view.title ?? "", effective: view.effective ?? "" });
    fold.moments.push({ t_s, clock, kind: "act", title: view.title ?? "", seq });
}

/** Add the next entry to the state. */
export function addEntry(fold: Fold, entry: Entry): void {
    const { answer, command, seq } = entry;
    for (const event of answer.events) {
        addEvent(fold, event, seq);
    }
    fold.t_s = Math.max(fold.t_s, answer.t_s);
    fold.clock = answer.clock;
    fold.done = fold.done || answer.done;
    if (command?.do === "look") {
        addLook(fold, entry, command);
    } else if (command?.do === "say") {
        addSay(fold, entry, command);
    } else if (command?.do === "act") {
        addAct(fold, entry);
    } else if (command?.do === "close") {
        const { t_s, clock } = answer;
        fold.moments.push({ t_s, clock, kind: "close", title: "closed", seq });
    }
}

/** Put new entries where they belong; null when all of them are known already. */
export function mergeEntries(known: Entry[], news: Entry[]): Entry[] | null {
    const numbers = new Set(known.map((entry) => entry.seq));
    const fresh = news.filter((entry, index) => {
        const first = news.findIndex((each) => each.seq === entry.seq) === index;
        return first && !numbers.has(entry.seq);
    });
    if (fresh.length === 0) {
        return null;
    }
    return [...known, ...fresh].sort((a, b) => a.seq - b.seq);
}

/** The state after all entries. */
export function foldAll(opening: Answer, entries: Entry[]): Fold {
    const fold = openFold(opening);
    for (const entry of entries) {
        addEntry(fold, entry);
    }
    return fold;
}
