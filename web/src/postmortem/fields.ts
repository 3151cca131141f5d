// SPDX-License-Identifier: Apache-2.0
//
// The fields of a postmortem in the order of the template of Google's SRE book, what is drafted from
// the log, and the whole as Markdown.
import type { Entry, PostmortemView } from "../api/types.ts";
import { foldAll } from "../console/fold.ts";
import type { Answer } from "../api/types.ts";

/** A field of the form. */
export interface Field {
    name: string;
    title: string;
    /** what stands there in a good one */
    hint: string;
    rows: number;
}

/** Longest text of a field, as the session protocol has it. */
export const FIELD_MAX = 3999;

export const FIELDS: Field[] = [
    { name: "title", title: "Title", hint: "What users felt, in one line.", rows: 1 },
    { name: "summary", title: "Summary", hint: "What happened, to whom, how long, and what ended it: three sentences that anybody understands.", rows: 3 },
    { name: "impact", title: "Impact", hint: "Who was affected and how much: minutes, share of requests, orders, money, data.", rows: 3 },
    { name: "root_causes", title: "Root causes", hint: "The condition that made it possible. It was there before the trigger.", rows: 3 },
    { name: "trigger", title: "Trigger", hint: "The event that set it off. Not the same as the root cause.", rows: 2 },
    { name: "resolution", title: "Resolution", hint: "What stopped the harm, and what made it stay stopped.", rows: 2 },
    { name: "detection", title: "Detection", hint: "How it was noticed, how long that took, and what would have noticed it sooner.", rows: 2 },
    { name: "action_items", title: "Action items", hint: "One a line: what; prevent, mitigate, detect or process; who. At least one about detection.", rows: 4 },
    { name: "went_well", title: "What went well", hint: "", rows: 2 },
    { name: "went_wrong", title: "What went wrong", hint: "", rows: 2 },
    { name: "got_lucky", title: "Where we got lucky", hint: "What made it less bad by chance: next time it may not.", rows: 2 },
    { name: "timeline", title: "Timeline", hint: "With times; it begins with what the log knows.", rows: 8 },
    { name: "supporting_information", title: "Supporting information", hint: "Panels, log lines, traces: what others need to check it.", rows: 2 },
];

/** What was said last, by field; empty when nothing was. */
export function saidFields(entries: Entry[]): Record<string, string> {
    const last = entries.filter((entry) => entry.answer.observation?.type === "postmortem").at(-1);
    return last === undefined ? {} : (last.answer.observation as PostmortemView).fields;
}

const KINDS: Record<string, string> = { page: "Page", act: "Did", effect: "In effect", update: "Status page", close: "Closed" };

/** The moments that belong into a timeline, a line each; looks are left out. */
export function timelineOf(opening: Answer, entries: Entry[]): string {
    const fold = foldAll(opening, entries);
    return fold.moments
        .filter((moment) => KINDS[moment.kind] !== undefined || (moment.kind === "say" && moment.title === "what you believe"))
        .map((moment) => {
            const claims = moment.kind === "say" ? claimWords(entries.find((entry) => entry.seq === moment.seq)) : "";
            const what = moment.kind === "say" ? `Suspected${claims}` : moment.kind === "close" ? "Closed" : `${KINDS[moment.kind]}: ${moment.title}`;
            return `${moment.clock.slice(0, 5)} ${what}`;
        })
        .join("\n");
}

function claimWords(entry: Entry | undefined): string {
    const claims = (entry?.command?.claims as { component: string; mechanism: string; p: number }[] | undefined) ?? [];
    const words = claims.map((claim) => `${claim.component} ${claim.mechanism} ${Math.round(claim.p * 100)} %`);
    return words.length === 0 ? "" : `: ${words.join("; ")}`;
}

/** Only what differs from what was said. */
export function changedFields(drafts: Record<string, string>, said: Record<string, string>): Record<string, string> {
    return Object.fromEntries(
        FIELDS.map(({ name }) => [name, drafts[name] ?? ""] as const).filter(([name, text]) => text !== (said[name] ?? "")),
    );
}

/** What the page says about an incident besides its fields. */
export interface About {
    /** number of the incident: the id of the session */
    id: string;
    /** day, ISO 8601 */
    date: string;
    status: string;
}

/** A line that begins like a heading or a fence must not become one. */
const plain = (text: string): string => text.replace(/^(\s*)(#|```|~~~|---|===)/gm, "$1\\$2");

/** All fields as Markdown, in their order; empty ones say so. */
export function markdownOf(fields: Record<string, string>, about: About): string {
    const title = (fields.title ?? "").trim() || "Untitled incident";
    const head = [`# ${title.replace(/\s+/g, " ")}`, "", `- Incident: ${about.id}`, `- Date: ${about.date}`, `- Status: ${about.status}`, ""];
    const lessons = ["went_well", "went_wrong", "got_lucky"];
    const body = FIELDS.filter(({ name }) => name !== "title").flatMap(({ name, title: heading }) => {
        const text = (fields[name] ?? "").trim();
        const listed = name === "timeline" || name === "action_items";
        const lines = listed ? text.split("\n").map((line) => line.trim().replace(/^[-*]\s+/, "")).filter((line) => line !== "").map((line) => `- ${line}`).join("\n") : plain(text);
        const level = lessons.includes(name) ? "###" : "##";
        const above = name === lessons[0] ? ["## Lessons learned", ""] : [];
        return [...above, `${level} ${heading}`, "", lines === "" ? "*Nothing was written.*" : lines, ""];
    });
    return [...head, ...body].join("\n");
}
