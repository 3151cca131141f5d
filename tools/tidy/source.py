# SPDX-License-Identifier: Apache-2.0
"""A small scanner for C: enough to find comments, functions, calls and declarations.

It works on text with comments, literals and preprocessor lines blanked out, so that every offset
and line number stays the same as in the file. It is no parser: code that clang-format has laid out
is what it understands.
"""

import re
from dataclasses import dataclass

_TOKENS = re.compile(
    r"""
    (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<string>"(?:\\.|[^"\\\n])*")
  | (?P<char>'(?:\\.|[^'\\\n])*')
    """,
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)
_NAME_BEFORE_PARENTHESIS = re.compile(r"([A-Za-z_]\w*)\s*\(")
_ATTRIBUTE = re.compile(r"__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)")


def _blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def strip_comments(text):
    """Blank comments, keep literals and directives."""

    def keep_literals(match):
        return _blank(match) if match.lastgroup == "comment" else match.group(0)

    return _TOKENS.sub(keep_literals, text)


def strip_all(text):
    """Blank comments, literals and preprocessor lines."""
    text = strip_comments(text)
    text = _DIRECTIVE.sub(_blank, text)
    return _TOKENS.sub(_blank, text)


def line_of(text, offset):
    """Line number, from 1, of an offset."""
    return text.count("\n", 0, offset) + 1


@dataclass
class Chunk:
    """One piece at file scope: it ends at `;` or at the brace that closes its body."""

    start: int
    end: int
    head: str  # what stands before the body, or everything when there is none
    has_body: bool


def chunks(code):
    """Split stripped code into pieces at file scope."""
    found = []
    depth, start, body = 0, None, None
    for offset, character in enumerate(code):
        if start is None:
            if character.isspace() or character in ";}":
                continue
            start, body = offset, None
        if character == "{":
            if depth == 0 and body is None:
                body = offset
            depth += 1
        elif character == "}":
            depth -= 1
        if depth == 0 and start is not None:
            function_ends = character == "}" and _is_function_head(code[start:body])
            if character == ";" or function_ends:
                head = code[start : body if body is not None else offset]
                found.append(Chunk(start, offset, head.strip(), body is not None))
                start = None
    return found


def _is_function_head(head):
    head = _ATTRIBUTE.sub("", head).rstrip()
    return head.endswith(")") and "=" not in head.split("(")[0]


def function_name(head):
    """Name of the function that a head declares, or None when it declares something else."""
    head = _ATTRIBUTE.sub("", head).strip()
    if not head.endswith(")") or head.startswith("typedef") or "=" in head.split("(")[0]:
        return None
    match = _NAME_BEFORE_PARENTHESIS.search(head)
    if match is None or match.group(1) in {"_Static_assert", "_Alignas"}:
        return None
    return match.group(1)


@dataclass
class Function:
    name: str
    line: int
    lines: int


def functions(text):
    """Functions with a body in a source text."""
    code = strip_all(text)
    found = []
    for chunk in chunks(code):
        name = function_name(chunk.head) if chunk.has_body else None
        if name is not None:
            first, last = line_of(code, chunk.start), line_of(code, chunk.end)
            found.append(Function(name, first, last - first + 1))
    return found


def calls(text, names):
    """(line, name) of each call of one of `names`; members such as `x->free(` do not count."""
    code = strip_all(text)
    pattern = re.compile(r"(?<![\w.>])(" + "|".join(names) + r")\s*\(")
    return [(line_of(code, match.start()), match.group(1)) for match in pattern.finditer(code)]


_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


def includes(text):
    """(line, quoted name or None, system name or None) of each include."""
    code = strip_comments(text)
    return [(line_of(code, m.start(1 if m.group(1) else 2)), m.group(1), m.group(2))
            for m in _INCLUDE.finditer(code)]


# A docstring, then at most directives before the declaration.
_DOCSTRING_ABOVE = re.compile(r"/\*\*(?:[^*]|\*(?!/))*\*/\s*(?:\n[ \t]*#[^\n]*)*\s*$")


def undocumented(text):
    """(line, what) of each declaration of a header without a docstring directly above it.

    One docstring may serve a block of one-line declarations without an empty line between them.
    """
    code = strip_all(text)
    found, block_line = [], None
    for chunk in chunks(code):
        first, last = line_of(code, chunk.start), line_of(code, chunk.end)
        documented = _DOCSTRING_ABOVE.search(text[: chunk.start]) is not None
        documented = documented or (first == last and first == block_line)
        block_line = last + 1 if documented else None
        what = _declares(chunk)
        if what is not None and not documented:
            found.append((first, what))
    return found


def _declares(chunk):
    """What a chunk of a header declares for others, or None when it needs no docstring."""
    head = chunk.head
    name = function_name(head)
    if name is not None:
        return f"function {name}"
    if head.startswith("typedef"):
        return "typedef " + head.split()[-1].rstrip(";") if not chunk.has_body else "typedef"
    tag = re.match(r"(struct|union|enum)\s+(\w+)$", head)
    if tag and chunk.has_body:
        return f"{tag.group(1)} {tag.group(2)}"
    if head.startswith("extern"):
        return "variable " + re.sub(r"\[.*", "", head).split()[-1]
    return None
