# SPDX-License-Identifier: Apache-2.0
"""Check what the built libraries of the pure layers need, export and keep.

Usage: symbols.py LIBRARY.a...

1. A pure library needs only our own symbols and those of a short allow-list of the C library: this
   catches what a search of the source cannot see, such as a call through a macro. Whose `pl_` names
   a layer may use is the business of the include check and of the linker.
2. It exports only names that start with `pl_`.
3. It has no writable variable: read-only tables alone may live outside a function's frame.
"""

import pathlib
import re
import subprocess
import sys

ALLOWED = {
    # memory and text that the caller owns
    "memchr", "memcmp", "memcpy", "memmove", "memset", "strchr", "strcmp", "strcspn", "strlen",
    "strncmp", "strncpy", "strnlen", "strpbrk", "strrchr", "strspn", "strstr", "bsearch",
    "snprintf", "vsnprintf",
    # exact arithmetic: the same bits from every C library
    "ceil", "copysign", "fabs", "floor", "fma", "fmax", "fmin", "fmod", "frexp", "ldexp", "llround",
    "lround", "nearbyint", "nextafter", "rint", "round", "sqrt", "trunc",
    # a failed check
    "__assert_fail", "abort", "fprintf", "fputs", "fwrite", "stderr",
    # position independent code and the compiler's own calls
    "_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail", "__popcountdi2", "__udivti3", "__umodti3",
}
# Reading numbers and the two parsers belong to text. Layers above it may walk the JSON trees that
# text hands out.
JSON_ACCESS = re.compile(
    r"json_(object|array|string|integer|real|number)_\w+|json_(object|array)|json_delete"
)
ALLOWED_IN_LAYER = {
    "text": re.compile(r"yaml_\w+|json_\w+|strto(d|l|ul|ll|ull)|__errno_location|free|localeconv"),
    "scenario": JSON_ACCESS,
    "session": JSON_ACCESS,
    "judge": JSON_ACCESS,
    "bots": JSON_ACCESS,
}
ONLY_IN_CHECK = {"abort", "fprintf", "fputs", "fwrite", "stderr"}
WRITABLE_SECTIONS = (".data", ".bss", ".tdata", ".tbss", "*COM*")
READ_ONLY_SECTION = ".data.rel.ro"  # constant after the program is loaded


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def symbols(library):
    """Yield (object, kind, name) of each symbol of an archive."""
    member = ""
    for line in run("nm", library).splitlines():
        if line.endswith(":"):
            member = line[:-1]
        elif line.strip():
            kind, name = line[17:].split(maxsplit=1)
            yield member, kind, name


def writable(library):
    """Yield (object, name) of each variable that the program could change."""
    member = ""
    for line in run("objdump", "-t", library).splitlines():
        match = re.match(r"(\S+):\s+file format", line)
        if match:
            member = match.group(1)
        # Flags of objects end in `O`, those of thread-local variables in a space.
        match = re.match(r"[0-9a-f]+ .{6}[O ] (\S+)\s+[0-9a-f]+\s+(?:\.hidden )?(\S+)$", line)
        section = match.group(1) if match else ""
        if not section.startswith(WRITABLE_SECTIONS) or section.startswith(READ_ONLY_SECTION):
            continue
        if match.group(2) != section:
            yield member, match.group(2)


def check(libraries):
    """Return one sentence for each violation."""
    found = []
    for library in libraries:
        layer = pathlib.Path(library).stem.removeprefix("libpl_")
        own = ALLOWED_IN_LAYER.get(layer)
        for member, kind, name in symbols(library):
            if kind == "U":
                allowed = name.startswith("pl_") or name in ALLOWED
                allowed = allowed or (own and own.fullmatch(name))
                if name in ONLY_IN_CHECK and "check.c" not in member:
                    allowed = False
                if not allowed:
                    found.append(f"{layer}: {member} needs {name}, which a pure layer may not use")
            elif kind in "TDBRC" and not name.startswith("pl_"):
                found.append(f"{layer}: {member} exports {name} without the prefix pl_")
        for member, name in writable(library):
            found.append(f"{layer}: {member} has the writable variable {name}")
    return found


def main():
    found = check(sys.argv[1:])
    for sentence in found:
        print(sentence)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
