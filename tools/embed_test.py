# SPDX-License-Identifier: Apache-2.0
"""tools/embed.py: what is taken, what is left out, and that nothing is written without need."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import embed


class Embedding(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.dist = pathlib.Path(self.folder.name) / "dist"
        (self.dist / "assets").mkdir(parents=True)

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, data):
        (self.dist / name).write_bytes(data)

    def test_files_are_taken_with_type_and_brotli_form(self):
        self.write("index.html", b"<p>" + b"a" * 50)
        self.write("index.html.br", b"abc")
        self.write("assets/main-ABCD1234.js", b"x()")
        self.write("assets/main-ABCD1234.js.map", b"{}")
        self.write("inputs.sha256", b"0")
        self.write("manifest.json", b"{}")
        assets = embed.read_assets(self.dist)
        self.assertEqual([each[0] for each in assets], ["/assets/main-ABCD1234.js", "/index.html"])
        self.assertEqual(assets[1][3], b"abc")
        text = embed.source(assets)
        self.assertIn('{"/assets/main-ABCD1234.js", "text/javascript; charset=utf-8", ', text)
        self.assertRegex(text, r'"/assets/main-ABCD1234.js".*NULL, 0, true\}')
        self.assertRegex(text, r'"/index.html".*brotli_1, 3, false\}')
        self.assertIn("= {items, 2};", text)

    def test_a_brotli_form_that_saves_nothing_is_left_out(self):
        self.write("index.html", b"ab")
        self.write("index.html.br", b"abc")
        self.assertIsNone(embed.read_assets(self.dist)[0][3])

    def test_without_a_client_the_table_is_empty(self):
        self.assertEqual(embed.read_assets(self.dist / "missing"), [])
        self.assertIn("= {items, 0};", embed.source([]))

    def test_an_unknown_type_is_refused_by_name(self):
        self.write("index.html", b"")
        self.write("assets/x.exe", b"")
        output = self.dist / "out.c"
        done = subprocess.run(
            [sys.executable, embed.__file__, str(self.dist), str(output)],
            capture_output=True,
            text=True,
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn("assets/x.exe", done.stderr)

    def test_the_output_is_written_only_when_it_changes(self):
        self.write("index.html", b"1")
        output = self.dist.parent / "out.c"
        self.assertEqual(embed.main([str(self.dist), str(output)]), 0)
        os.utime(output, (1, 1))
        self.assertEqual(embed.main([str(self.dist), str(output)]), 0)
        self.assertEqual(output.stat().st_mtime, 1)
        self.write("index.html", b"2")
        self.assertEqual(embed.main([str(self.dist), str(output)]), 0)
        self.assertNotEqual(output.stat().st_mtime, 1)


if __name__ == "__main__":
    unittest.main()
