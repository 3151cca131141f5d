// SPDX-License-Identifier: Apache-2.0
//
// Claims with whole percents that, together with "something else", always sum to 100.
import type { Claim } from "../api/types.ts";

export const CLAIMS_MAX = 6;

/** A claim while it is being weighed; `percent` is whole, 0..100. */
export interface Draft {
    component: string;
    mechanism: string;
    detail: string;
    trigger: string;
    percent: number;
}

/** What is left for something else, 0..100. */
export function restPercent(drafts: Draft[]): number {
    return 100 - drafts.reduce((sum, draft) => sum + draft.percent, 0);
}

/**
 * Give one claim a new weight. What it needs comes from "something else" first and then from the
 * other claims in proportion to their weights; what it gives up goes to "something else".
 */
export function setPercent(drafts: Draft[], index: number, percent: number): Draft[] {
    const wanted = Math.min(100, Math.max(0, Math.round(percent)));
    const others = drafts.filter((_, at) => at !== index);
    const othersSum = others.reduce((sum, draft) => sum + draft.percent, 0);
    let surplus = wanted + othersSum - 100;
    if (surplus <= 0) {
        return drafts.map((draft, at) => (at === index ? { ...draft, percent: wanted } : draft));
    }
    const room = 100 - wanted;
    const scaled = drafts.map((draft, at) => {
        const share = at === index ? wanted : Math.floor((draft.percent * room) / othersSum);
        return { ...draft, percent: share };
    });
    // Rounding down leaves a few percents: the largest of the others get them back.
    surplus = room - scaled.reduce((sum, draft, at) => sum + (at === index ? 0 : draft.percent), 0);
    const order = scaled.map((_, at) => at).filter((at) => at !== index);
    order.sort((a, b) => (drafts[b]?.percent ?? 0) - (drafts[a]?.percent ?? 0) || a - b);
    for (const at of order.slice(0, surplus)) {
        const draft = scaled[at];
        if (draft) {
            draft.percent += 1;
        }
    }
    return scaled;
}

/** Claims as the session protocol takes them. */
export function claimsOf(drafts: Draft[]): Claim[] {
    return drafts.map(({ component, mechanism, detail, trigger, percent }) => ({
        component,
        mechanism,
        detail,
        trigger,
        p: percent / 100,
    }));
}

/** Drafts of claims that were said. */
export function draftsOf(claims: Claim[]): Draft[] {
    let left = 100;
    return claims.map(({ component, mechanism, detail, trigger, p }) => {
        const percent = Math.min(left, Math.round(p * 100));
        left -= percent;
        return { component, mechanism, detail, trigger, percent };
    });
}
