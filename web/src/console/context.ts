// SPDX-License-Identifier: Apache-2.0
import { getContext, setContext } from "svelte";
import type { Incident } from "./incident.svelte.ts";

const KEY = Symbol("incident");

/** What parts of the console ask each other to do. */
export interface Desk {
    incident: Incident;
    /** open the form of an action, with arguments to begin with */
    act: (action?: string, args?: string[]) => void;
    /** write a status update */
    update: () => void;
    /** put text into the command line */
    type: (line: string) => void;
    /** show an observation as it was seen */
    show: (seq: number) => void;
    /** write to a person */
    write: (person: string) => void;
    /** ask before closing */
    close: () => void;
}

/** Give the desk to all parts below. */
export function provideDesk(desk: Desk): void {
    setContext(KEY, desk);
}

/** The desk of the console around. */
export function useDesk(): Desk {
    return getContext<Desk>(KEY);
}
