# SPDX-License-Identifier: Apache-2.0
"""The checks. Each takes a Tree and yields (path, line, sentence); line 0 means the whole file."""

import pathlib
import posixpath
import re

import rules
import source

_SCRIPTS = {".py", ".sh"}


def _suffix(path):
    return pathlib.PurePosixPath(path).suffix


def _is_test(path):
    return path.endswith("_test.c")


def _is_code(tree, path):
    """C, Python, Meson and shell: what we write by hand as code."""
    name = path.rsplit("/", 1)[-1]
    if _suffix(path) in {".c", ".h"} | _SCRIPTS or name == "meson.build":
        return True
    return (tree.text(path) or "").startswith("#!")


def _stale(exceptions, used, where):
    for key in exceptions:
        if key not in used:
            yield "tools/tidy/rules.py", 0, f"{where} has {key!r}, which is not needed; remove it"


def layers(tree):
    """Includes go only to layers that the table in src/meson.build allows."""
    table = tree.layers()
    yield from _table_is_sound(table)
    for path, layer in tree.sources():
        if layer not in table:
            yield path, 0, f"layer {layer} is not in the table of src/meson.build"
            continue
        for line, quoted, _ in source.includes(tree.text(path)):
            if quoted is None:
                continue
            target = quoted.split("/")[0]
            if _is_test(path) and f"tests/{quoted}" in tree.paths:
                continue  # worlds and helpers that tests share
            if "/" not in quoted or f"src/{quoted}" not in tree.paths:
                yield path, line, f'"{quoted}" is no header under src/; write "layer/module.h"'
            elif target != layer and target not in table[layer]:
                allowed = ", ".join(table[layer]) or "nothing"
                yield path, line, f"{layer} includes {target}; it may include only {allowed}"


def _table_is_sound(table):
    seen = set()
    for layer, lower_layers in table.items():
        for lower in lower_layers:
            if lower not in seen:
                yield "src/meson.build", 0, f"layer {layer} uses {lower}, which is not below it"
            for deeper in table.get(lower, []):
                if deeper not in lower_layers:
                    message = f"layer {layer} uses {lower} but lacks {deeper}, which {lower} uses"
                    yield "src/meson.build", 0, message
        seen.add(layer)
    if "judge" in table.get("bots", []):
        yield "src/meson.build", 0, "bots must never share code with judge"


def libraries(tree):
    """A library is included by one layer only, pure layers include no system interfaces."""
    banned, pure = re.compile("|".join(rules.BANNED_HEADERS_IN_PURE)), tree.pure_layers()
    for path, layer in tree.sources():
        for line, _, system in source.includes(tree.text(path)):
            owner = rules.LIBRARY_LAYERS.get(system)
            if owner is not None and owner != layer:
                yield path, line, f"<{system}> belongs to {owner}; use its wrapper there"
            if layer not in pure or _is_test(path) or system is None:
                continue
            if banned.fullmatch(system):
                yield path, line, f"<{system}> is not for the pure layer {layer}"


def sizes(tree):
    """Functions and files stay short, blobs stay out."""
    used_files, used_functions = set(), set()
    for path in tree.paths:
        if tree.size(path) > rules.BLOB_BYTES_MAX:
            limit = rules.BLOB_BYTES_MAX // 1024
            yield path, 0, f"{tree.size(path)} bytes; at most {limit} KiB belong in the tree"
            continue
        if not _is_code(tree, path):
            continue
        count = tree.text(path).count("\n")
        if count > rules.FILE_LINES_MAX:
            used_files.add(path)
            if path not in rules.FILE_SIZE_EXCEPTIONS:
                yield path, 0, f"{count} lines; at most {rules.FILE_LINES_MAX} are allowed"
    for path in tree.code():
        for function in source.functions(tree.text(path)):
            if function.lines <= rules.FUNCTION_LINES_MAX:
                continue
            used_functions.add((path, function.name))
            if (path, function.name) not in rules.FUNCTION_SIZE_EXCEPTIONS:
                limit = rules.FUNCTION_LINES_MAX
                message = f"{function.name} has {function.lines} lines; at most {limit} are allowed"
                yield path, function.line, message
    yield from _stale(rules.FILE_SIZE_EXCEPTIONS, used_files, "FILE_SIZE_EXCEPTIONS")
    yield from _stale(rules.FUNCTION_SIZE_EXCEPTIONS, used_functions, "FUNCTION_SIZE_EXCEPTIONS")


def calls(tree):
    """Dangerous calls nowhere, impure calls not in pure layers."""
    used, pure = set(), tree.pure_layers()
    for path in tree.code():
        banned = list(rules.BANNED_ANYWHERE)
        parts = path.split("/")
        if parts[0] == "src" and parts[1] in pure and not _is_test(path):
            banned += rules.BANNED_IN_PURE
        for line, name in source.calls(tree.text(path), banned):
            used.add((path, name))
            if (path, name) not in rules.CALL_EXCEPTIONS:
                yield path, line, f"{name}() is not allowed here"
    yield from _stale(rules.CALL_EXCEPTIONS, used, "CALL_EXCEPTIONS")


def docstrings(tree):
    """Each declaration of a header has a docstring directly above."""
    for path, _ in tree.sources():
        if path.endswith(".h"):
            for line, what in source.undocumented(tree.text(path)):
                yield path, line, f"{what} has no docstring (/** ... */ directly above)"


def spdx(tree):
    """Code names its licence in the first line (the second after `#!`)."""
    for path in tree.paths:
        if not _is_code(tree, path):
            continue
        lines = tree.text(path).split("\n")
        first = lines[1] if lines[0].startswith("#!") and len(lines) > 1 else lines[0]
        if first not in {f"{mark} SPDX-License-Identifier: Apache-2.0" for mark in ("//", "#")}:
            yield path, 1, "the first line is not `SPDX-License-Identifier: Apache-2.0`"


def modules(tree):
    """x.h, x.c and x_test.c stand together, names are unique, meson.build knows each file."""
    used_headers, used_sources, stems = set(), set(), {}
    present = set(tree.paths)
    for path, _ in tree.sources():
        stem = path[: -len("_test.c")] if _is_test(path) else path[:-2]
        name = stem.rsplit("/", 1)[-1]
        if stems.setdefault(name, stem) != stem:
            yield path, 0, f"the module name {name} is taken by {stems[name]}"
        if path.endswith(".h"):
            if f"{stem}_test.c" in present or name.endswith("_types"):
                continue
            used_headers.add(path)
            if path not in rules.HEADER_TEST_EXCEPTIONS:
                yield path, 0, f"there is no test {stem}_test.c"
        elif f"{stem}.h" not in present and not rules.ENTRY_POINTS.fullmatch(path):
            used_sources.add(path)
            if path not in rules.SOURCE_HEADER_EXCEPTIONS:
                yield path, 0, f"there is no header {stem}.h"
    yield from _listed(tree)
    yield from _stale(rules.HEADER_TEST_EXCEPTIONS, used_headers, "HEADER_TEST_EXCEPTIONS")
    yield from _stale(rules.SOURCE_HEADER_EXCEPTIONS, used_sources, "SOURCE_HEADER_EXCEPTIONS")


def _listed(tree):
    """Each source stands in a meson.build of its folder or above it."""
    for path in tree.code():
        if not path.endswith(".c"):
            continue
        folder, _, file_name = path.rpartition("/")
        wanted = file_name[: -len("_test.c")] if _is_test(path) else file_name
        if not any(_names(tree, parent, wanted, path) for parent in _parents(folder)):
            yield path, 0, f"no meson.build names '{wanted}'"


def _parents(folder):
    while folder:
        yield folder + "/"
        folder = folder.rpartition("/")[0]
    yield ""


def _names(tree, parent, wanted, path):
    build = f"{parent}meson.build"
    if build not in tree.paths:
        return False
    text = tree.text(build)
    below = path[len(parent) :]
    if _is_test(path):
        below = below[: -len("_test.c")]
    return f"'{wanted}'" in text or f"'{below}'" in text


# The words are put together here so that this file does not contain them.
_MARKS = re.compile(r"\b(?:FIX" + "ME|TO" + "DO|X" + r"XX)\b")
_MACHINE = re.compile(r"(?<![\w./-])/(?:wo" + "rk|ro" + r"ot)/")
_HOST_WORDS = ("regis" + "try", "artifac" + "tory", "nex" + "us", "mir" + "ror", "pro" + "xy")
_HOSTS = re.compile(r"https?://[\w.@:-]*(?:" + "|".join(_HOST_WORDS) + r")[\w.:-]*")


def marks(tree):
    """No notes about work left to do."""
    yield from _search(tree, _MARKS, "a note about work left to do; do it or drop it")


def places(tree):
    """No path of one machine, no package host."""
    yield from _search(tree, _MACHINE, "a path of one machine")
    yield from _search(tree, _HOSTS, "the address of a package host")


def _search(tree, pattern, message):
    for path in tree.paths:
        text = tree.text(path)
        for match in pattern.finditer(text or ""):
            yield path, source.line_of(text, match.start()), f"{message}: {match.group(0)}"


_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")


def links(tree):
    """Relative links of Markdown files lead to a file or folder of the tree."""
    folders = {parent.rstrip("/") for path in tree.paths for parent in _parents(path)}
    known = set(tree.paths) | folders
    for path in tree.paths:
        if _suffix(path) != ".md":
            continue
        text = tree.text(path)
        for match in _LINK.finditer(text):
            target = match.group(1).split("#")[0]
            if not target or "://" in target or target.startswith("mailto:"):
                continue
            base = path.rpartition("/")[0]
            if posixpath.normpath(posixpath.join(base, target)) not in known:
                yield path, source.line_of(text, match.start()), f"the link {target} leads nowhere"


def columns(tree):
    """Lines of code have at most 100 columns and no trailing space."""
    for path in tree.paths:
        if not _is_code(tree, path):
            continue
        for number, line in enumerate(tree.text(path).split("\n"), start=1):
            if len(line) > rules.LINE_COLUMNS_MAX:
                limit = rules.LINE_COLUMNS_MAX
                yield path, number, f"{len(line)} columns; at most {limit} are allowed"
            if line != line.rstrip():
                yield path, number, "space at the end of the line"


ALL = {
    check.__name__: check
    for check in (
        layers, libraries, sizes, calls, docstrings, spdx, modules, marks, places, links, columns,
    )
}
