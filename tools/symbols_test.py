# SPDX-License-Identifier: Apache-2.0
"""Tests of tools/symbols.py: archives with one fault each must be caught.

Usage: symbols_test.py COMPILER
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import symbols

COMPILER = "cc"


def archive(folder, layer, module, text):
    """Compile one source into libpl_<layer>.a and return its path."""
    base = pathlib.Path(folder)
    source, library = base / f"{module}.c", base / f"libpl_{layer}.a"
    source.write_text(text, encoding="utf-8")
    flags = ["-O1", "-fvisibility=hidden", "-c", str(source), "-o", f"{source}.o"]
    subprocess.run([COMPILER, *flags], check=True)
    subprocess.run(["ar", "rcs", str(library), f"{source}.o"], check=True)
    return str(library)


class Symbols(unittest.TestCase):
    def findings(self, text, layer="sim", module="a"):
        with tempfile.TemporaryDirectory() as folder:
            return symbols.check([archive(folder, layer, module, text)])

    def test_pure_code_passes(self):
        text = """#include <math.h>
        static const char *const names[] = {"a", "b"};
        static const int table[3] = {1, 2, 3};
        const char *pl_a(int i, double x) { return x > sqrt(table[i]) ? names[i] : 0; }"""
        self.assertEqual(self.findings(text), [])

    def test_call_through_a_macro_is_caught(self):
        text = "#include <stdlib.h>\n#define GET(n) malloc(n)\nvoid *pl_a(void){return GET(9);}"
        self.assertIn("needs malloc", self.findings(text)[0])

    def test_writable_variable_is_caught(self):
        for text in ("static int n; int pl_a(void) { return n++; }",
                     "static int n = 3; int pl_a(void) { return n++; }",
                     "static _Thread_local int n; int pl_a(void) { return n++; }",
                     "int pl_a(void) { static int count; return count++; }"):
            found = self.findings(text)
            self.assertEqual(len(found), 1, (text, found))
            self.assertIn("writable variable", found[0])

    def test_name_without_prefix_is_caught(self):
        self.assertIn("without the prefix", self.findings("int a(void) { return 1; }")[0])

    def test_abort_belongs_to_checks(self):
        text = "#include <stdlib.h>\nvoid pl_a(void) { abort(); }"
        self.assertIn("needs abort", self.findings(text)[0])
        self.assertEqual(self.findings(text, layer="base", module="check"), [])

    def test_parsers_belong_to_text(self):
        text = "void yaml_parser_delete(void *);\nvoid pl_a(void *p) { yaml_parser_delete(p); }"
        self.assertEqual(len(self.findings(text)), 1)
        self.assertEqual(self.findings(text, layer="text"), [])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        COMPILER = sys.argv.pop(1)
    unittest.main()
