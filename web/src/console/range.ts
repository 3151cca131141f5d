// SPDX-License-Identifier: Apache-2.0
//
// Time ranges in the address.

/** Windows that looks offer, shortest first. */
export const WINDOWS = ["5m", "15m", "30m", "1h", "2h"];

/** The window `step` places further in the list, or the same at its end. */
export function nextWindow(window: string, step: number): string {
    const at = WINDOWS.indexOf(window);
    const from = at < 0 ? 2 : at;
    return WINDOWS[Math.min(WINDOWS.length - 1, Math.max(0, from + step))] ?? "30m";
}

/** A zoom such as `41000-41600`, seconds of the day; null when there is none. */
export function readZoom(text: string): [number, number] | null {
    const match = /^(\d+)-(\d+)$/.exec(text);
    const from = Number(match?.[1]);
    const to = Number(match?.[2]);
    return match && to > from ? [from, to] : null;
}
