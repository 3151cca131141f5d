# SPDX-License-Identifier: Apache-2.0
"""Check that each header compiles alone, and twice in a row.

Usage: headers.py COMPILER ROOT

This catches a header that lives from the includes of its neighbours and an include guard that is
closed too early.
"""

import concurrent.futures
import pathlib
import subprocess
import sys

FLAGS = [
    "-std=c17", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wshadow",
    "-Wconversion", "-Wundef", "-Wstrict-prototypes", "-Wno-unused-function",
    "-D_POSIX_C_SOURCE=200809L", "-x", "c",
]
CLANG_FLAGS = [
    "-Wdocumentation", "-Wdocumentation-pedantic", "-fcomment-block-commands=errors,source",
]


def compile_alone(compiler, root, header):
    """Return the compiler's messages, empty when the header is fine."""
    include = f'#include "{header.relative_to(root / "src").as_posix()}"\n'
    flags = FLAGS + (CLANG_FLAGS if "clang" in compiler else [])
    command = [compiler, *flags, "-I", str(root / "src"), "-"]
    done = subprocess.run(command, input=include * 2, capture_output=True, text=True)
    return done.stderr if done.returncode else ""


def main():
    compiler, root = sys.argv[1], pathlib.Path(sys.argv[2])
    headers = sorted((root / "src").rglob("*.h"))
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        texts = list(pool.map(lambda header: compile_alone(compiler, root, header), headers))
    for header, text in zip(headers, texts):
        if text:
            print(f"{header.relative_to(root)} does not compile alone with {compiler}:\n{text}")
    return 1 if any(texts) or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
