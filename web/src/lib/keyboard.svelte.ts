// SPDX-License-Identifier: Apache-2.0
import { lookUp, pressText } from "./keytable.ts";

type Handlers = Record<string, () => void>;

const PREFIX_MS = 1500;

/** Hears keys and calls what the mounted views registered. Typing into a field is left alone. */
class Keyboard {
    /** the first of two presses, such as `g`, while the second is awaited */
    prefix = $state("");
    /** contexts that are on the page now, innermost first */
    contexts: string[] = $state([]);
    private readonly handlers = new Map<string, Handlers[]>();
    private timer: ReturnType<typeof setTimeout> | undefined;

    constructor() {
        addEventListener("keydown", (event) => this.press(event));
    }

    /** Offer handlers by id of the key table; returns the function that takes them back. */
    register(context: string, handlers: Handlers): () => void {
        const list = this.handlers.get(context) ?? [];
        this.handlers.set(context, [handlers, ...list]);
        this.refresh();
        return () => {
            const left = (this.handlers.get(context) ?? []).filter((each) => each !== handlers);
            if (left.length > 0) {
                this.handlers.set(context, left);
            } else {
                this.handlers.delete(context);
            }
            this.refresh();
        };
    }

    /** Do what the table calls `id` in `context`; false when nobody offers it now. */
    perform(context: string, id: string): boolean {
        for (const handlers of this.handlers.get(context) ?? []) {
            const handler = handlers[id];
            if (handler) {
                handler();
                return true;
            }
        }
        return false;
    }

    private refresh(): void {
        const inner = [...this.handlers.keys()].filter((context) => context !== "anywhere");
        this.contexts = [...inner, "anywhere"];
    }

    private press(event: KeyboardEvent): void {
        if (event.defaultPrevented || event.isComposing) {
            return;
        }
        const target = event.target as HTMLElement;
        const typing = target.matches("input:not([type=range]):not([type=checkbox]), textarea, select");
        const chord = event.ctrlKey || event.metaKey;
        if (typing && !chord) {
            if (event.key === "Escape") {
                target.blur();
            }
            return;
        }
        if (document.querySelector("dialog[open]") !== null && !chord) {
            return;
        }
        const found = lookUp(this.prefix, pressText(event), this.contexts);
        clearTimeout(this.timer);
        if (found === "prefix") {
            this.prefix = pressText(event);
            this.timer = setTimeout(() => (this.prefix = ""), PREFIX_MS);
            event.preventDefault();
            return;
        }
        this.prefix = "";
        if (found !== null && !this.taken(event, target) && this.perform(found.context, found.id)) {
            event.preventDefault();
        }
    }

    /** Buttons and links keep Enter and Space for themselves. */
    private taken(event: KeyboardEvent, target: HTMLElement): boolean {
        return (event.key === "Enter" || event.key === " ") && target.closest("button, a, summary") !== null;
    }
}

export const keyboard = new Keyboard();
