# SPDX-License-Identifier: Apache-2.0
"""Tests of tools/tidy: each check must catch a bad sample and leave a good one alone."""

import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "tidy"))

import checks  # noqa: E402
import rules  # noqa: E402
import source  # noqa: E402
from tree import Tree  # noqa: E402

TAG = "// SPDX-License-Identifier: Apache-2.0\n"
TABLE = """# SPDX-License-Identifier: Apache-2.0
pure_layers = [
  'base',
  'sim',
]
layers = [
  ['base', []],
  ['sim', ['base']],
  [
    'cli',
    ['base', 'sim'],
  ],
]
"""
GOOD = {
    "src/meson.build": TABLE,
    "src/base/meson.build": "# SPDX-License-Identifier: Apache-2.0\nfiles('a.c')\n['a']\n",
    "src/base/a.h": TAG + "/** Do it. */\nint pl_a_do(int x);\n",
    "src/base/a.c": TAG + '#include "base/a.h"\nint pl_a_do(int x)\n{\n    return x;\n}\n',
    "src/base/a_test.c": TAG + '#include "base/a.h"\nint main(void)\n{\n    return 0;\n}\n',
}


class Sample(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        for name in list(vars(rules)):
            if name.endswith("_EXCEPTIONS"):
                saved = getattr(rules, name)
                setattr(rules, name, {})
                self.addCleanup(setattr, rules, name, saved)

    def findings(self, check, changes=None):
        """Run one check over the good tree with some files replaced or added."""
        for path, text in (GOOD | (changes or {})).items():
            target = pathlib.Path(self.folder.name) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(text, bytes):
                target.write_bytes(text)
            else:
                target.write_text(text, encoding="utf-8")
        return list(checks.ALL[check](Tree(self.folder.name)))

    def assert_caught(self, check, changes, path, words, line=None):
        found = self.findings(check, changes)
        self.assertEqual([f[0] for f in found], [path], found)
        self.assertIn(words, found[0][2])
        if line is not None:
            self.assertEqual(found[0][1], line)


class Checks(Sample):
    def test_good_tree_passes_every_check(self):
        for name in checks.ALL:
            self.assertEqual(self.findings(name), [], name)

    def test_include_upwards_is_caught(self):
        changes = {"src/sim/b.h": TAG, "src/base/a.c": TAG + '\n#include "sim/b.h"\n'}
        self.assert_caught("layers", changes, "src/base/a.c", "base includes sim", 3)

    def test_include_in_a_comment_is_no_include(self):
        changes = {"src/sim/b.h": TAG, "src/base/a.c": TAG + '// #include "sim/b.h"\n'}
        self.assertEqual(self.findings("layers", changes), [])

    def test_include_without_layer_is_caught(self):
        changes = {"src/base/a.c": TAG + '#include "a.h"\n'}
        self.assert_caught("layers", changes, "src/base/a.c", "no header under src/", 2)

    def test_folder_outside_the_table_is_caught(self):
        self.assert_caught("layers", {"src/new/n.h": TAG}, "src/new/n.h", "not in the table")

    def test_table_with_a_cycle_is_caught(self):
        table = TABLE.replace("['base', []]", "['base', ['sim']]")
        found = self.findings("layers", {"src/meson.build": table})
        self.assertIn("base uses sim, which is not below it", " ".join(f[2] for f in found))

    def test_table_that_is_not_closed_is_caught(self):
        table = TABLE.replace("['base', 'sim']", "['sim']")
        self.assert_caught("layers", {"src/meson.build": table}, "src/meson.build", "lacks base")

    def test_bots_that_use_judge_are_caught(self):
        table = "layers = [\n  ['judge', []],\n  ['bots', ['judge']],\n]\n"
        found = self.findings("layers", {"src/meson.build": table})
        self.assertIn("bots must never", " ".join(f[2] for f in found))

    def test_library_in_the_wrong_layer_is_caught(self):
        changes = {"src/base/a.c": TAG + "#include <sqlite3.h>\n"}
        self.assert_caught("libraries", changes, "src/base/a.c", "belongs to store", 2)

    def test_clock_header_in_a_pure_layer_is_caught(self):
        changes = {"src/base/a.c": TAG + "#include <sys/stat.h>\n"}
        self.assert_caught("libraries", changes, "src/base/a.c", "pure layer base", 2)

    def test_long_function_is_caught_at_the_limit(self):
        for extra, caught in ((0, False), (1, True)):
            body = "    x++;\n" * (rules.FUNCTION_LINES_MAX - 3 + extra)
            text = TAG + "static void f(int x)\n{\n" + body + "}\n"
            found = self.findings("sizes", {"src/base/a.c": text})
            self.assertEqual(len(found), 1 if caught else 0, found)

    def test_long_file_and_large_blob_are_caught(self):
        text = TAG + "\n" * rules.FILE_LINES_MAX
        self.assert_caught("sizes", {"src/base/a.c": text}, "src/base/a.c", "lines; at most")
        blob = {"src/base/a.c": TAG, "picture.bin": b"\xff" * (rules.BLOB_BYTES_MAX + 1)}
        self.assert_caught("sizes", blob, "picture.bin", "KiB")

    def test_dangerous_call_is_caught_everywhere(self):
        changes = {"src/base/a_test.c": TAG + "int f(char *a)\n{\n    strcpy(a, a);\n}\n"}
        self.assert_caught("calls", changes, "src/base/a_test.c", "strcpy()", 4)

    def test_impure_call_is_caught_in_pure_layers_only(self):
        body = TAG + "int f(void)\n{\n    return pthread_create(time (0));\n}\n"
        found = self.findings("calls", {"src/base/a.c": body})
        self.assertEqual({f[2] for f in found},
                         {"pthread_create() is not allowed here", "time() is not allowed here"})
        self.assertEqual(self.findings("calls", {"src/base/a.c": TAG, "src/cli/c.c": body}), [])

    def test_words_that_only_look_like_calls_pass(self):
        line = '    return p->free(x.time(pl_log("exp(1)"))); // malloc(1)\n'
        body = TAG + "int f(void)\n{\n" + line + "}\n"
        self.assertEqual(self.findings("calls", {"src/base/a.c": body}), [])

    def test_stale_exception_is_caught(self):
        rules.CALL_EXCEPTIONS = {("src/base/a.c", "free"): "gone"}
        self.assert_caught("calls", {}, "tools/tidy/rules.py", "not needed")

    def test_missing_docstring_is_caught(self):
        for text in ("int pl_a_do(int x);\n", "/** One. */\nint a(int x);\n\nint pl_a_do(int y);\n",
                     "/* Plain. */\nstruct pl_a {\n    int x;\n};\n",
                     "extern const int pl_a_n[3];\n",
                     "typedef struct {\n    int x;\n} pl_a;\n", "enum pl_e {\n    PL_A,\n};\n",
                     "static inline int pl_a_do(int x)\n{\n    return x;\n}\n"):
            found = self.findings("docstrings", {"src/base/a.h": TAG + text})
            self.assertEqual(len(found), 1, (text, found))

    def test_docstring_above_a_block_or_a_directive_counts(self):
        for text in ("/** Both. */\nint a(int x);\nint b(int x);\n", "struct pl_b;\n",
                     "/** All. */\n#define PL_X(c) c,\nenum pl_a { PL_LIST(PL_X) };\n",
                     "/** P. */\nint a(int x, ...)\n    __attribute__((format(printf, 1, 2)));\n"):
            self.assertEqual(self.findings("docstrings", {"src/base/a.h": TAG + text}), [], text)

    def test_missing_licence_tag_is_caught(self):
        self.assert_caught("spdx", {"src/base/a.c": "\n" + TAG}, "src/base/a.c", "first line", 1)
        self.assert_caught("spdx", {"src/base/a.c": TAG, "script/x": "#!/bin/sh\nls\n"},
                           "script/x", "first line", 1)

    def test_header_without_test_is_caught(self):
        changes = {"src/base/lone.h": TAG}
        self.assert_caught("modules", changes, "src/base/lone.h", "no test src/base/lone_test.c")

    def test_types_header_needs_no_test(self):
        self.assertEqual(self.findings("modules", {"src/base/lone_types.h": TAG}), [])

    def test_source_that_is_not_built_is_caught(self):
        changes = {"src/base/meson.build": "files()\n['a']\n"}
        self.assert_caught("modules", changes, "src/base/a.c", "no meson.build names 'a.c'")

    def test_module_name_used_twice_is_caught(self):
        changes = {"src/sim/a_types.h": TAG, "src/base/a_types.h": TAG}
        self.assert_caught("modules", changes, "src/sim/a_types.h", "is taken by")

    def test_marks_and_machine_paths_are_caught(self):
        self.assert_caught("marks", {"README.md": "a TO" + "DO b\n"}, "README.md", "work left")
        readme = {"README.md": "see /wo" + "rk/main\n"}
        self.assert_caught("places", readme, "README.md", "one machine")
        readme = {"README.md": "http://npm-mir" + "ror.example:8081/x\n"}
        self.assert_caught("places", readme, "README.md", "package host")
        self.assertEqual(self.findings("places", {"README.md": "a/wo" + "rk/b\n"}), [])

    def test_dead_link_is_caught(self):
        good = "[a](docs/x.md#top) [b](https://example.org) [c](docs) [d](#here)\n"
        tree = {"docs/x.md": "[up](../README.md)\n", "README.md": good}
        self.assertEqual(self.findings("links", tree), [])
        self.assert_caught("links", tree | {"README.md": "\n[a](docs/y.md)\n"}, "README.md",
                           "docs/y.md leads nowhere", 2)

    def test_long_line_is_caught_by_characters_not_bytes(self):
        self.assertEqual(self.findings("columns", {"src/base/a.c": "é" * 100 + "\n"}), [])
        self.assert_caught("columns", {"src/base/a.c": "é" * 101 + "\n"}, "src/base/a.c", "101")


class Scanner(unittest.TestCase):
    def test_functions_are_found_in_awkward_places(self):
        text = (
            "static const int t[] = {1, 2};\n#define F(x) {\nstruct s { int (*f)(void); };\n"
            "int (*table[2])(int) = {0, 0};\n"
            "static struct s *make(int (*callback)(int, char),\n    int n)\n{\n"
            "    char c = '{';\n    const char *q = \"}\";\n    if (c) { /* } */ n++; }\n}\n"
            "void g(void) __attribute__((noreturn));\nint h(void)\n{\n    return 0;\n}\n"
        )
        self.assertEqual([(f.name, f.lines) for f in source.functions(text)],
                         [("make", 7), ("h", 4)])


if __name__ == "__main__":
    unittest.main()
