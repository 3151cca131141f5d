// SPDX-License-Identifier: Apache-2.0

/** What the reader chose; `system` follows the settings of the machine. */
export type ThemeChoice = "system" | "dark" | "light" | "contrast";

const KEY = "plumb-theme";
const CHOICES: ThemeChoice[] = ["system", "dark", "light", "contrast"];

/** The colours of the page. */
class Theme {
    choice: ThemeChoice = $state("system");
    /** Counts changes, so that canvases know when to draw again. */
    version = $state(0);

    constructor() {
        const stored = localStorage.getItem(KEY) as ThemeChoice | null;
        this.choice = stored !== null && CHOICES.includes(stored) ? stored : "system";
        for (const query of ["(prefers-color-scheme: light)", "(prefers-contrast: more)"]) {
            matchMedia(query).addEventListener("change", () => this.apply());
        }
        this.apply();
    }

    /** Choose and remember it in this browser. */
    choose(choice: ThemeChoice): void {
        this.choice = choice;
        localStorage.setItem(KEY, choice);
        this.apply();
    }

    /** The next of the choices. */
    next(): void {
        const index = CHOICES.indexOf(this.choice);
        this.choose(CHOICES[(index + 1) % CHOICES.length] ?? "system");
    }

    /** Value of a token of tokens.css, for canvases. */
    token(name: string): string {
        return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    }

    private apply(): void {
        const light = matchMedia("(prefers-color-scheme: light)").matches;
        const contrast = matchMedia("(prefers-contrast: more)").matches;
        const system = contrast ? "contrast" : light ? "light" : "dark";
        document.documentElement.dataset.theme = this.choice === "system" ? system : this.choice;
        this.version += 1;
    }
}

export const theme = new Theme();
