// SPDX-License-Identifier: Apache-2.0
//
// The little of Markdown that runbooks use: headings, lists, code blocks, paragraphs, `code` and
// **strong**. It becomes data, never HTML text.

/** A piece of a line. */
export interface Piece {
    kind: "text" | "code" | "strong";
    text: string;
}

/** A block of a page. */
export type Block =
    | { kind: "heading"; level: number; pieces: Piece[] }
    | { kind: "paragraph"; pieces: Piece[] }
    | { kind: "code"; text: string }
    | { kind: "list"; ordered: boolean; items: Piece[][] };

/** Cut a line into text, `code` and **strong**. */
export function pieces(line: string): Piece[] {
    return line
        .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
        .filter((part) => part !== "")
        .map((part): Piece => {
            if (part.length > 2 && part.startsWith("`") && part.endsWith("`")) {
                return { kind: "code", text: part.slice(1, -1).replace(/\s+/g, " ") };
            }
            return part.startsWith("**") && part.endsWith("**") && part.length > 4
                ? { kind: "strong", text: part.slice(2, -2) }
                : { kind: "text", text: part };
        });
}

const ITEM = /^\s{0,3}(?:[-*]|(\d+)[.)])\s+(.*)$/;

/** Read a page. */
export function blocks(page: string): Block[] {
    const found: Block[] = [];
    let lines: string[] = [];
    let list: { ordered: boolean; items: string[] } | null = null;
    let code: string[] | null = null;

    const flush = (): void => {
        if (lines.length > 0) {
            found.push({ kind: "paragraph", pieces: pieces(lines.join(" ")) });
        }
        if (list !== null) {
            found.push({ kind: "list", ordered: list.ordered, items: list.items.map(pieces) });
        }
        lines = [];
        list = null;
    };

    for (const line of page.split("\n")) {
        if (line.startsWith("```")) {
            if (code === null) {
                flush();
                code = [];
            } else {
                found.push({ kind: "code", text: code.join("\n") });
                code = null;
            }
            continue;
        }
        if (code !== null) {
            code.push(line);
            continue;
        }
        const heading = /^(#{1,4})\s+(.*)$/.exec(line);
        const item = ITEM.exec(line);
        if (heading) {
            flush();
            found.push({ kind: "heading", level: heading[1]?.length ?? 1, pieces: pieces(heading[2] ?? "") });
        } else if (item) {
            const ordered = item[1] !== undefined;
            const open: { ordered: boolean; items: string[] } | null = list;
            if (open === null || (open as { ordered: boolean }).ordered !== ordered) {
                flush();
                list = { ordered, items: [] };
            }
            list?.items.push(item[2] ?? "");
        } else if (line.trim() === "") {
            flush();
        } else if (list !== null && /^\s+/.test(line)) {
            const items: string[] = (list as { items: string[] }).items;
            items[items.length - 1] += ` ${line.trim()}`;
        } else {
            if (list !== null) {
                flush();
            }
            lines.push(line.trim());
        }
    }
    flush();
    if (code !== null) {
        found.push({ kind: "code", text: code.join("\n") });
    }
    return found;
}
