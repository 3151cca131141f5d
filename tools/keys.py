# SPDX-License-Identifier: Apache-2.0
"""Turn the keys of the prompt in web/keys.json into one C source for the terminal.

Usage: python3 tools/keys.py KEYS.json OUTPUT

The contexts `line` (the command line, in the browser and in the terminal) and `terminal` are taken,
in their order. OUTPUT is written only when it changes.
"""

import json
import pathlib
import sys

CONTEXTS = ("line", "terminal")
HEAD = """// SPDX-License-Identifier: Apache-2.0
//
// Written by tools/keys.py.
#include "cli/guide.h"

#include <stddef.h>

"""


def shown(key):
    """A key as people write it: `Ctrl+r` is Ctrl-R, `ArrowUp` is Up."""
    *marks, last = key.split("+")
    name = last.removeprefix("Arrow")
    return "-".join([*marks, name.upper() if len(name) == 1 else name])


def source(table):
    """Text of the C source from the table as it was read."""
    entries = [entry for entry in table["keys"] if entry["context"] in CONTEXTS]
    entries.sort(key=lambda entry: CONTEXTS.index(entry["context"]))
    rows = []
    for entry in entries:
        keys = ", ".join(shown(key) for key in entry["keys"])
        rows.append("    {%s, %s}," % (json.dumps(keys), json.dumps(entry["does"])))
    if not rows:
        raise ValueError("the table has no key of the prompt")
    body = "\n".join([*rows, "    {NULL, NULL},"])
    return f"{HEAD}const struct pl_key pl_keys_embedded[] = {{\n{body}\n}};\n"


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    text = source(json.loads(pathlib.Path(arguments[0]).read_text(encoding="utf-8")))
    output = pathlib.Path(arguments[1])
    if not output.is_file() or output.read_text(encoding="utf-8") != text:
        output.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
