// SPDX-License-Identifier: Apache-2.0
import { Problem } from "../api/problem.ts";

/** A short message to the reader; a problem stays until it is closed. */
export interface Notice {
    key: number;
    kind: "done" | "problem";
    text: string;
    hint: string;
    requestId: string;
}

const DONE_MS = 4000;

/** Messages in the corner of the page, and sentences for screen readers only. */
class Notices {
    list: Notice[] = $state([]);
    /** the last sentence for the polite live region */
    spoken = $state("");
    private last = 0;

    /** Tell that something was done; it goes away by itself. */
    done(text: string): void {
        const key = this.add({ kind: "done", text, hint: "", requestId: "" });
        setTimeout(() => this.close(key), DONE_MS);
    }

    /** Tell what went wrong, in the words of the server when it has some. */
    problem(error: unknown): void {
        const known = error instanceof Problem;
        this.add({
            kind: "problem",
            text: known ? error.message : `Something in this page failed: ${String(error)}`,
            hint: known ? error.hint : "Load the page again. Nothing that was acknowledged is lost.",
            requestId: known ? error.requestId : "",
        });
    }

    /** Take a message away. */
    close(key: number): void {
        this.list = this.list.filter((notice) => notice.key !== key);
    }

    /** Say a sentence to screen readers only. */
    say(sentence: string): void {
        this.spoken = sentence;
    }

    private add(notice: Omit<Notice, "key">): number {
        const key = ++this.last;
        this.list = [...this.list.filter((each) => each.text !== notice.text), { ...notice, key }].slice(-4);
        return key;
    }
}

export const notices = new Notices();
