// SPDX-License-Identifier: Apache-2.0

/** Something that the palette can do. */
export interface PaletteItem {
    title: string;
    /** heading under which it stands */
    group: string;
    /** key or cost, shown at the right */
    note?: string;
    run: () => void;
}

type Source = () => PaletteItem[];

/** What Ctrl-K offers: each mounted view adds its part. */
class Palette {
    open = $state(false);
    /** text that the palette opens with */
    seed = $state("");
    private sources: Source[] = $state.raw([]);

    /** Offer items; they are asked for when the palette opens. Returns the function to take back. */
    register(source: Source): () => void {
        this.sources = [source, ...this.sources];
        return () => {
            this.sources = this.sources.filter((each) => each !== source);
        };
    }

    /** All items that are offered now. */
    items(): PaletteItem[] {
        return this.sources.flatMap((source) => source());
    }

    /** Open it with a text to begin with. */
    show(seed = ""): void {
        this.seed = seed;
        this.open = true;
    }
}

export const palette = new Palette();

/** How well a text fits what was typed: every word must occur; 0 is no fit, more is better. */
export function fit(text: string, typed: string): number {
    const low = text.toLowerCase();
    let sum = 1;
    for (const word of typed.toLowerCase().split(/\s+/).filter((each) => each !== "")) {
        const at = low.indexOf(word);
        if (at < 0) {
            return 0;
        }
        sum += at === 0 ? 3 : /[^a-z0-9]/.test(low[at - 1] ?? "") ? 2 : 1;
    }
    return sum;
}
