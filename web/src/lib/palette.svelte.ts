// SPDX-License-Identifier: Apache-2.0

/** Something that the palette can do. */
export interface PaletteItem {
    title: string;
    /** heading under which it stands */
    group: string;
    /** key or cost, shown at the right */
    note?: string;
    /** other words under which it is found */
    words?: string;
    run: () => void;
}

type Source = () => PaletteItem[];

/** What Ctrl-K offers: each mounted view adds its part. */
class Palette {
    open = $state(false);
    /** text that the palette opens with */
    seed = $state("");
    // Not state: views offer their items in effects, which must not depend on each other.
    private sources: Source[] = [];

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
