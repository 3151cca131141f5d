# SPDX-License-Identifier: Apache-2.0
"""Test of tools/keys.py. Usage: python3 tools/keys_test.py"""

import pathlib
import tempfile
import unittest

import keys


def entry(context, names, does):
    return {"id": "x", "context": context, "keys": names, "does": does}


class Keys(unittest.TestCase):
    def test_keys_are_written_as_people_do(self):
        self.assertEqual(keys.shown("Ctrl+r"), "Ctrl-R")
        self.assertEqual(keys.shown("ArrowUp"), "Up")
        self.assertEqual(keys.shown("Tab"), "Tab")

    def test_only_the_prompt_is_taken_the_shared_part_first(self):
        table = {
            "keys": [
                entry("terminal", ["Ctrl+r"], 'Search "earlier" lines'),
                entry("console", ["a"], "Choose an action"),
                entry("line", ["Tab"], "Complete"),
            ]
        }
        text = keys.source(table)
        self.assertNotIn("Choose an action", text)
        self.assertIn('{"Ctrl-R", "Search \\"earlier\\" lines"},', text)
        self.assertLess(text.index("Complete"), text.index("Search"))

    def test_a_table_without_the_prompt_is_refused(self):
        with self.assertRaises(ValueError):
            keys.source({"keys": [entry("board", ["j"], "Next")]})

    def test_an_unchanged_output_is_not_touched(self):
        table = pathlib.Path(__file__).parent.parent / "web" / "keys.json"
        with tempfile.TemporaryDirectory() as folder:
            output = pathlib.Path(folder) / "keys.c"
            self.assertEqual(keys.main([str(table), str(output)]), 0)
            before = output.stat().st_mtime_ns
            self.assertEqual(keys.main([str(table), str(output)]), 0)
            self.assertEqual(output.stat().st_mtime_ns, before)


if __name__ == "__main__":
    unittest.main()
