# SPDX-License-Identifier: Apache-2.0
"""Turn the built client (web/dist) into one C source for the server.

Usage: python3 tools/embed.py DIST OUTPUT

A file F is taken as it stands, and F.br beside it as its Brotli form. Without DIST, or without an
index.html in it, the table is empty and the server says how to build the client. OUTPUT is written
only when it changes, so that nothing is compiled again without need.
"""

import hashlib
import pathlib
import re
import sys

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
LEFT_OUT = {".map", ".sha256", ".br"}
NOT_SERVED = {"manifest.json"}
HASHED = re.compile(r"-[0-9A-Za-z_]{8,}\.[a-z0-9]+$")
SIZE_MAX = 4 << 20

HEAD = """// SPDX-License-Identifier: Apache-2.0
//
// Written by tools/embed.py.
#include "server/asset.h"

#include <stddef.h>
"""


def read_assets(dist):
    """[(path, type, identity bytes, Brotli bytes or None)], sorted by path."""
    dist = pathlib.Path(dist)
    if not (dist / "index.html").is_file():
        return []
    found = []
    for file in sorted(dist.rglob("*")):
        name = file.relative_to(dist).as_posix()
        if not file.is_file() or file.suffix in LEFT_OUT or name in NOT_SERVED:
            continue
        if file.suffix not in TYPES:
            known = ", ".join(sorted(TYPES))
            raise ValueError(f"{name}: the type of this file is not known; known are {known}")
        if not re.fullmatch(r"[\w./-]+", name):
            raise ValueError(f"{name}: only letters, digits, dot, minus and _ may stand in a name")
        plain = file.read_bytes()
        if len(plain) > SIZE_MAX:
            raise ValueError(f"{name}: {len(plain)} bytes; at most {SIZE_MAX} are embedded")
        packed = file.with_name(file.name + ".br")
        brotli = packed.read_bytes() if packed.is_file() else None
        if brotli is not None and len(brotli) >= len(plain):
            brotli = None
        found.append((f"/{name}", TYPES[file.suffix], plain, brotli))
    return found


def bytes_as_c(name, data):
    """Definition of an array with these bytes."""
    lines = [f"static const unsigned char {name}[] = {{"]
    for at in range(0, len(data), 20):
        lines.append("    " + ",".join(str(byte) for byte in data[at : at + 20]) + ",")
    lines.append("};" if data else "    0};")
    return "\n".join(lines) + "\n"


def source(assets):
    """Text of the C source."""
    parts, rows = [HEAD], []
    for number, (path, kind, plain, brotli) in enumerate(assets):
        parts.append(bytes_as_c(f"plain_{number}", plain))
        packed = "NULL, 0"
        if brotli is not None:
            parts.append(bytes_as_c(f"brotli_{number}", brotli))
            packed = f"brotli_{number}, {len(brotli)}"
        tag = hashlib.sha256(plain).hexdigest()[:16]
        fixed = "true" if HASHED.search(path) else "false"
        rows.append(
            f'    {{"{path}", "{kind}", "{tag}", plain_{number}, {len(plain)}, {packed}, {fixed}}},'
        )
    rows = rows or ["    {NULL, NULL, NULL, NULL, 0, NULL, 0, false},"]
    table = "\n".join(rows)
    parts.append(f"static const struct pl_asset items[] = {{\n{table}\n}};\n")
    parts.append(f"const struct pl_assets pl_assets_embedded = {{items, {len(assets)}}};\n")
    return "\n".join(parts)


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        text = source(read_assets(arguments[0]))
    except ValueError as error:
        print(f"embed: {error}", file=sys.stderr)
        return 1
    output = pathlib.Path(arguments[1])
    if not output.is_file() or output.read_text() != text:
        output.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
