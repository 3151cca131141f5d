# SPDX-License-Identifier: Apache-2.0
"""`plumb bench` prints what programs read. Usage: bench_json.py PLUMB"""

import json
import subprocess
import sys
import unittest

PLUMB = sys.argv.pop(1)

FIXED = ["name", "ns_per_request", "events_per_request", "state_bytes", "limit_ratio", "runs",
         "machine", "compiler", "commit"]


def bench(*words):
    return subprocess.run([PLUMB, "bench", *words], capture_output=True, text=True, check=False)


class Bench(unittest.TestCase):
    def test_json_has_the_fixed_fields(self):
        done = bench("--json", "mm1", "--runs", "1", "--quick")
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        results = json.loads(done.stdout)
        self.assertEqual(len(results), 1)
        for field in FIXED:
            self.assertIn(field, results[0])
        self.assertEqual(results[0]["name"], "mm1")
        self.assertEqual(results[0]["runs"], 1)
        self.assertIs(results[0]["right"], True)
        self.assertGreater(results[0]["ns_per_request"], 1.0)
        self.assertAlmostEqual(results[0]["events_per_request"], 2.0, places=1)
        self.assertGreater(results[0]["limit_ratio"], 0.1)
        self.assertIsNone(results[0]["fork_us"])

    def test_the_table_has_a_row_per_benchmark(self):
        done = bench("mm1", "tandem", "--runs", "1", "--quick")
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        starts = [line.split(" ")[0] for line in done.stdout.splitlines()]
        self.assertEqual([start for start in starts if start in ("mm1", "tandem")],
                         ["mm1", "tandem"])

    def test_an_unknown_name_is_named_with_its_neighbour(self):
        done = bench("tandm")
        self.assertEqual(done.returncode, 2)
        self.assertIn("There is no benchmark `tandm` (did you mean `tandem`?)", done.stderr)

    def test_two_lengths_are_refused(self):
        done = bench("mm1", "--runs", "2", "--seconds", "3")
        self.assertEqual(done.returncode, 2)
        self.assertIn("give one of them", done.stderr)

    def test_no_content_is_named(self):
        done = bench("fork", "--content", "/nonexistent", "--quick")
        self.assertEqual(done.returncode, 2)
        self.assertIn("`/nonexistent` holds no content", done.stderr)

    def test_list_runs_nothing(self):
        done = bench("--list")
        self.assertEqual(done.returncode, 0)
        names = [line.split()[0] for line in done.stdout.splitlines()]
        self.assertEqual(names, ["mm1", "tandem", "tandem-timeout", "larkspur", "larkspur-fault",
                                 "fork", "rollouts-1000", "rollouts-10000", "rollouts-larkspur"])


if __name__ == "__main__":
    unittest.main()
