// SPDX-License-Identifier: Apache-2.0
//
// The shapes of the HTTP interface. Commands, answers and observations are those of
// docs/reference/gym.md, unchanged.

import type { WireTopology } from "./wire.ts";

/** A cell of a table: text, number, yes or no, or nothing. */
export type Cell = string | number | boolean | null;

/** Columns and rows as they were read, without layout. */
export interface TableView {
    type: "table";
    title: string;
    columns: { name: string; unit: string }[];
    rows: Cell[][];
    notes?: string[];
}

/** One line of a panel. A point is null where nothing was scraped. */
export interface PanelSeries {
    name: string;
    labels: Record<string, string>;
    points: (number | null)[];
}

/** A panel or the result of a query; times count from the start of the simulation. */
export interface PanelView {
    type: "panel";
    title: string;
    unit: string;
    start_s: number;
    start_clock?: string;
    step_s: number;
    objective?: number | null;
    series: PanelSeries[];
    notes?: string[];
}

/** Lines of a log, newest first unless asked otherwise, and what they say by frequency. */
export interface LogsView {
    type: "logs";
    title: string;
    lines: { t: string; text: string }[];
    matched: number;
    shown: number;
    written?: number;
    patterns: { count: number; text: string }[];
    notes?: string[];
}

/** One span of a trace. */
export interface Span {
    id: string;
    parent: string | null;
    name: string;
    service: string;
    kind: string;
    start_ms: number;
    duration_ms: number;
    status: string;
    attrs: Record<string, Cell>;
}

/** One request as it was traced. */
export interface TraceView {
    type: "trace";
    trace_id: string;
    title?: string;
    spans: Span[];
    notes?: string[];
}

/** Prose, such as a page of the runbook. */
export interface TextView {
    type: "text";
    title: string;
    text: string;
    notes?: string[];
}

/** Several observations shown together. */
export interface PartsView {
    type: "parts";
    title: string;
    parts: Observation[];
    notes?: string[];
}

/** What an action would change, before it is done; also the answer when it is done. */
export interface ActView {
    type: "preview" | "act";
    title: string;
    takes: string;
    lead_s: number;
    touches: string;
    risk: string;
    connections?: string;
    reversible: boolean;
    effective?: string;
    effects: { what: string; unit: string; before: Cell; after: Cell; after_s?: number }[];
    notes?: string[];
}

/** A free claim about the cause with its probability, 0..1. */
export interface Claim {
    p: number;
    component: string;
    mechanism: string;
    detail: string;
    trigger: string;
}

/** The claims as they were said; the rest of the probability is something else. */
export interface BeliefView {
    type: "belief";
    claims: Claim[];
    something_else: number;
}

/** A status update as it was posted. */
export interface PostedView {
    type: "posted";
    status: UpdateStatus;
    text: string;
    posted: string;
    next_due?: string | null;
}

/** The postmortem as it was said so far, by field; empty texts where nothing was said. */
export interface PostmortemView {
    type: "postmortem";
    fields: Record<string, string>;
}

/** One argument of an action. */
export interface ActionArgument {
    name: string;
    kind: "choice" | "share" | "count" | "seconds" | string;
    doc: string;
    options?: string[];
    low?: number;
    high?: number;
}

/** An action of the catalogue. */
export interface Action {
    name: string;
    title: string;
    lead_s: number;
    reversible: boolean;
    args: ActionArgument[];
}

/** The catalogue of actions. */
export interface ActionsView {
    type: "actions";
    actions: Action[];
}

/** What is known when the pager rings. */
export interface OpeningView {
    type: "opening";
    scenario: string;
    world: string;
    title: string;
    severity: string;
    text: string;
    clock: "turn" | "live";
    ends_s: number;
    opens_s: number;
    costs_s: Record<string, number>;
}

/** The debrief; the board reads it, here it only ends the session. */
export interface DebriefView {
    type: "debrief";
    [member: string]: unknown;
}

/** Any observation. */
export type Observation =
    | TableView
    | PanelView
    | LogsView
    | TraceView
    | TextView
    | PartsView
    | ActView
    | BeliefView
    | PostedView
    | PostmortemView
    | ActionsView
    | OpeningView
    | DebriefView
    | { type: "wait" };

/** Something that happened while time passed. */
export interface SessionEvent {
    t_s: number;
    clock: string;
    kind: "page" | "resolved" | "answer" | "message" | "effect" | "stakeholder";
    from: string;
    title: string;
    text: string;
    severity?: string;
    runbook?: string;
}

/** The answer to a command. */
export interface Answer {
    t_s: number;
    clock: string;
    cost_s: number;
    done: boolean;
    kind: string;
    observation?: Observation;
    error?: { code: string; message: string };
    events: SessionEvent[];
}

export type UpdateStatus = "investigating" | "identified" | "monitoring" | "resolved";

/** A command of the session protocol. */
export interface Command {
    do: "look" | "act" | "say" | "wait" | "close" | "actions" | "debrief";
    [member: string]: unknown;
}

/** A scenario on offer; never with its cause. */
export interface Scenario {
    name: string;
    title: string;
    summary: string;
    minutes: number;
    difficulty: number | string;
    trains: string[];
    world: string;
    plays: number;
    best: number | null;
}

/** A session in the own history. */
export interface SessionRow {
    id: string;
    scenario: string;
    title: string;
    clock: "turn" | "live";
    state: "live" | "paused" | "closed";
    /** a live incident that nobody has taken yet: its clock runs once its page is open */
    waiting: boolean;
    t_s: number;
    created_at: string;
    damage?: number | null;
    score?: number | null;
    sample: boolean;
}

/** The parts of the system and what uses what, as far as the topology look lists them anyway. */
export interface Topology {
    nodes: { name: string; kind: string; team?: string }[];
    edges: { from: string; to: string; kind: string }[];
}

/** A session with what a console needs to begin. */
export interface Session {
    id: string;
    scenario: string;
    title: string;
    clock: "turn" | "live";
    speed: number;
    running: boolean;
    state: "live" | "paused" | "closed";
    t_s: number;
    clock_text: string;
    created_at?: string;
    ends_s: number;
    opening: Answer;
    seq: number;
    actions: Action[] | ActionsView;
    topology: WireTopology;
    /** share of the month's error budget used since the page, as the instruments show it */
    budget?: number | null;
    /** burn of the last five minutes; 1 would use the budget in exactly a month */
    burn_rate?: number;
    /** simulated second at which the next status update is due */
    update_due_s?: number | null;
    sample?: boolean;
}

/** One committed entry: what was asked and what was shown. */
export interface Entry {
    seq: number;
    t_s: number;
    kind: string;
    command: Command | null;
    answer: Answer;
}

/** The clock of a live session, once a second. */
export interface ClockTick {
    t_s: number;
    clock: string;
    running: boolean;
    speed: number;
    ends_s: number;
    budget?: number | null;
    burn_rate?: number;
    /** simulated second at which the next status update is due */
    update_due_s?: number | null;
}

/** How far an analysis is. */
export interface Progress {
    done: number;
    total: number;
    phase: string;
}

/** What there is to look at, for panels, completion and the palette. */
export interface Lexicon {
    services: string[];
    databases: string[];
    /** kind of each part: service, database, cache, topic or users */
    kinds: Record<string, string>;
    /** names of panels by part */
    panels: Record<string, string[]>;
    /** what a panel can be split by, by `part/panel` */
    splits: Record<string, string[]>;
    people: { id: string; name: string }[];
    /** pages of the runbook */
    pages: { name: string; title: string }[];
}
